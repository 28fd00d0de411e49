//! Drafts as records of RON: each commented out, to be gone through; or those that were accepted.

use std::fmt::Write as _;

use super::proposed::{Draft, Drafts, Participant, ProposedEntity, Speaker};
use crate::model::{Outcome, Stance, camel_case, printable};

/// A line is at most so long, if what stands in it can be broken.
const WIDTH: usize = 110;

/// Begins a line of a record that is commented out. Words to a reader begin with `//` and a space.
const MARK: &str = "//| ";

/// All drafts as a file in which every record is commented out, each below its passage and what was found of it.
///
/// With the mark `//| ` taken from the lines of some records, of the entities that they name and of the document, the file passes
/// `check` beside the data that the drafts were made over.
///
/// ```
/// use purvey::drafting::{Drafts, commented};
///
/// assert!(commented(&Drafts::default()).starts_with("// No record was found"));
/// ```
pub fn commented(drafts: &Drafts) -> String {
    let mut out = String::new();
    let title = printable(&drafts.document.title).into_owned();
    if drafts.drafts.is_empty() {
        let _ = writeln!(out, "// No record was found in: {title}");
    } else {
        let _ = writeln!(out, "// Drafts by rule, to be read against the article: {title}");
    }
    out.push_str(
        "// Take the mark `//| ` from the lines of a record to accept it, change what is wrong, delete the rest.\n\
         // The sentences are their publisher's: delete them before you pass this file on.\n(\n",
    );
    if !(drafts.document.known && drafts.entities.is_empty()) {
        let needed = if drafts.document.known {
            "What the data do not hold yet"
        } else {
            "The document, and what the data do not hold yet"
        };
        let _ = writeln!(out, "    // {needed}: accept what the records below need.");
        let _ = writeln!(out, "    {MARK}entities: [");
        for line in entities(drafts) {
            push(&mut out, &line);
        }
        let _ = writeln!(out, "    {MARK}],");
    }
    let _ = writeln!(out, "    {MARK}document: {:?},", drafts.document.id);
    let _ = writeln!(out, "    {MARK}facts: [");
    for draft in &drafts.drafts {
        out.push('\n');
        for line in notes(draft) {
            let _ = writeln!(out, "        // {line}");
        }
        push(&mut out, &draft_in_ron(draft));
    }
    let _ = writeln!(out, "\n    {MARK}],\n)");
    out
}

fn push(out: &mut String, record: &str) {
    for line in record.lines() {
        let _ = writeln!(out, "        {MARK}{line}");
    }
}

/// The file of records that somebody accepted, each given as its text, with the entities that they may need.
///
/// ```
/// use purvey::drafting::{Drafts, accepted};
///
/// assert!(accepted(&Drafts::default(), &[]).ends_with("    facts: [\n    ],\n)\n"));
/// ```
pub fn accepted(drafts: &Drafts, records: &[String]) -> String {
    let mut out = String::from("(\n");
    let names = |id: &str| records.iter().any(|it| it.contains(&format!("{id:?}")));
    let mut needed: Vec<String> = Vec::new();
    if !drafts.document.known && !records.is_empty() {
        needed.push(document(drafts));
    }
    let is_needed =
        |it: &&ProposedEntity| names(&it.id) || !drafts.document.known && it.id == drafts.document.publisher;
    needed.extend(drafts.entities.iter().filter(is_needed).map(entity));
    if !needed.is_empty() {
        out.push_str("    entities: [\n");
        for record in needed {
            let _ = writeln!(out, "        {record}");
        }
        out.push_str("    ],\n");
    }
    let _ = writeln!(out, "    document: {:?},\n    facts: [", drafts.document.id);
    for record in records {
        for line in record.lines() {
            let _ = writeln!(out, "        {line}");
        }
    }
    out.push_str("    ],\n)\n");
    out
}

/// What a reader is told of a draft: its passage, what was found, what to look at. Hidden characters are made visible.
pub fn notes(draft: &Draft) -> Vec<String> {
    let of = draft.found.len() + draft.missing.len();
    let mut lines = vec![format!("Paragraph {}: “{}”", draft.at.paragraph, printable(&draft.passage))];
    let mut told = format!("{} of {of} parts found: {}", draft.found.len(), draft.found.join(", "));
    if !draft.missing.is_empty() {
        let _ = write!(told, "; not found: {}", draft.missing.join(", "));
    }
    lines.push(told);
    lines.extend(draft.remarks.iter().cloned());
    if !draft.entities.is_empty() {
        let mut ids = draft.entities.clone();
        ids.sort();
        ids.dedup();
        lines.push(format!("new, see above: {}", ids.join(", ")));
    }
    lines
}

/// The entities of a file of drafts, the document first, with what is uncertain behind them.
fn entities(drafts: &Drafts) -> Vec<String> {
    let mut lines = Vec::new();
    if !drafts.document.known {
        lines.push(document(drafts));
    }
    lines.extend(drafts.entities.iter().map(|it| format!("{} // {}", entity(it), it.remark)));
    lines
}

fn document(drafts: &Drafts) -> String {
    let it = &drafts.document;
    let mut fields =
        vec![format!("id: {:?}", it.id), format!("name: {:?}", it.id), format!("title: {}", quoted(&it.title))];
    fields.push(format!("publisher: {:?}", it.publisher));
    fields.extend(drafts.date.map(|it| format!("date: \"{it}\"")));
    fields.extend(it.address.as_ref().map(|it| format!("address: {}", quoted(it))));
    format!("Document({}),", fields.join(", "))
}

fn entity(it: &ProposedEntity) -> String {
    let mut fields = vec![format!("id: {:?}", it.id), format!("name: {}", quoted(&it.name))];
    fields.extend(it.plural.as_ref().map(|it| format!("plural: {}", quoted(it))));
    format!("{}({}),", camel_case(it.kind.as_str()), fields.join(", "))
}

/// A draft as a record of RON, with a comma behind it.
pub fn draft_in_ron(draft: &Draft) -> String {
    let mut fields = vec![format!("id: {:?}", draft.id)];
    fields.extend(draft.roles.iter().map(|(role, it)| format!("{role}: {}", one_or_list(it))));
    fields.extend(draft.quantity.as_ref().map(|it| format!("quantity: {}", quoted(it))));
    fields.extend(draft.figures.iter().map(|(name, it)| format!("{name}: {}", quoted(it))));
    fields.extend(draft.period.as_ref().map(|it| format!("period: {it:?}")));
    if !draft.inferred.is_empty() {
        let all: Vec<String> = draft.inferred.iter().map(|it| format!("{it:?}")).collect();
        fields.push(format!("inferred: [{}]", all.join(", ")));
    }
    if draft.outcome != Outcome::Happened {
        fields.push(format!("outcome: {}", draft.outcome.as_str().replace('-', "_")));
    }
    fields.push(format!("by: {}", speaker(&draft.by)));
    if !draft.via.is_empty() {
        let all: Vec<String> = draft.via.iter().map(|it| format!("{it:?}")).collect();
        fields.push(format!("via: [{}]", all.join(", ")));
    }
    if draft.stance != Stance::States {
        fields.push(format!("stance: {}", draft.stance.as_str()));
    }
    let at = &draft.at;
    fields.push(format!("at: (paragraph: {}, length: {}, sha256: \"{}\")", at.paragraph, at.length, at.hex()));
    let mut out = format!("{}(", camel_case(&draft.kind));
    let mut length = out.len();
    let last = fields.len().saturating_sub(1);
    for (at, field) in fields.iter().enumerate() {
        let own = field.chars().count();
        if at > 0 {
            if length + own + 3 > WIDTH {
                out.push_str("\n    ");
                length = 4;
            } else {
                out.push(' ');
                length += 1;
            }
        }
        out.push_str(field);
        out.push_str(if at == last { ")," } else { "," });
        length += own + 1;
    }
    out
}

fn one_or_list(all: &[Participant]) -> String {
    let texts: Vec<String> = all
        .iter()
        .map(|it| match &it.of {
            Some(of) => format!("(id: {:?}, of: {of:?})", it.id),
            None => format!("{:?}", it.id),
        })
        .collect();
    match texts.as_slice() {
        [one] => one.clone(),
        _ => format!("[{}]", texts.join(", ")),
    }
}

fn speaker(by: &Speaker) -> String {
    match by {
        Speaker::Entity(id) => format!("{id:?}"),
        Speaker::Unnamed { of, several: false } => format!("Unnamed(of: {of:?})"),
        Speaker::Unnamed { of, several: true } => format!("Unnamed(of: {of:?}, several: true)"),
    }
}

/// A string of RON. Hidden characters are escaped: they would steer a terminal, or hide from whoever reviews the file.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if crate::model::is_hidden(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
