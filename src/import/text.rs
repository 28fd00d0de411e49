//! Import records as text of the data format, laid out as people write them.

use std::fmt::Write as _;

use super::record::{Claim, End, Entity, Extra, Fact, Name};
pub(super) use crate::model::quoted;
use crate::model::{EntityKind, NameKind, Outcome, Stance, camel_case, is_slug};

/// A line is at most so long, if what stands in it can be broken.
const WIDTH: usize = 120;
/// Before a record, and before what goes on in the next line.
const INDENT: &str = "        ";
const HANGING: &str = "            ";

/// One text as it is, several as a list.
fn one_or_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut all: Vec<String> = texts.into_iter().map(quoted).collect();
    match all.len() {
        1 => all.pop().unwrap_or_default(),
        _ => format!("[{}]", all.join(", ")),
    }
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let all: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", all.join(", "))
}

/// `Name(field: value, …),` in lines of a bearable length.
fn record(name: &str, fields: &[String]) -> String {
    let mut out = format!("{INDENT}{name}(");
    let mut length = out.chars().count();
    for (at, field) in fields.iter().enumerate() {
        let last = at + 1 == fields.len();
        let own = field.chars().count();
        if at > 0 {
            out.push(',');
            length += 1;
            // Room for the bracket and the comma after the last one.
            if length + 1 + own + if last { 2 } else { 1 } > WIDTH {
                out.push('\n');
                out.push_str(HANGING);
                length = HANGING.len();
            } else {
                out.push(' ');
                length += 1;
            }
        }
        out.push_str(field);
        length += own;
    }
    out.push_str("),\n");
    out
}

/// An entity as a line of a list of entities.
pub(super) fn entity(it: &Entity) -> String {
    let mut fields = vec![format!("id: {}", quoted(&it.id)), format!("name: {}", quoted(&it.name))];
    let mut optional = |name: &str, value: &Option<String>| {
        fields.extend(value.as_ref().map(|value| format!("{name}: {}", quoted(value))));
    };
    optional("plural", &it.plural);
    optional("part_of", &it.part_of);
    optional("is_a", &it.is_a);
    optional("unit", &it.unit);
    if let Some(document) = &it.document {
        optional("title", &document.title);
        optional("publisher", &document.publisher);
        optional("date", &document.date);
        optional("address", &document.address);
    }
    let of = |kind: NameKind| it.names.iter().filter(move |it| it.kind == kind);
    let aliases: Vec<String> = of(NameKind::Alias).chain(of(NameKind::Weak)).map(alias).collect();
    if !aliases.is_empty() {
        fields.push(format!("aliases: [{}]", aliases.join(", ")));
    }
    for (kind, field) in [(NameKind::Demonym, "demonyms"), (NameKind::Metonym, "metonyms")] {
        if of(kind).next().is_some() {
            fields.push(format!("{field}: {}", list(of(kind).map(|it| it.text.as_str()))));
        }
    }
    let codes: Vec<&Name> = of(NameKind::Code).collect();
    if !codes.is_empty() {
        let groups = codes.chunk_by(|a, b| a.lang == b.lang).map(|group| {
            let scheme = group.first().and_then(|it| it.lang.as_deref()).unwrap_or("id");
            format!("{scheme}: {}", one_or_list(group.iter().map(|it| it.text.as_str())))
        });
        fields.push(format!("codes: ({})", groups.collect::<Vec<_>>().join(", ")));
    }
    fields.extend(extra(&it.extra));
    record(&camel_case(it.kind.as_str()), &fields)
}

fn alias(it: &Name) -> String {
    let is_weak = it.kind == NameKind::Weak;
    if it.lang.is_none() && it.script.is_none() && !is_weak {
        return quoted(&it.text);
    }
    let mut out = format!("(name: {}", quoted(&it.text));
    for (name, value) in [("lang", &it.lang), ("script", &it.script)] {
        if let Some(value) = value {
            let _ = write!(out, ", {name}: {}", quoted(value));
        }
    }
    if is_weak {
        out.push_str(", weak: true");
    }
    out.push(')');
    out
}

fn extra(extra: &Extra) -> Option<String> {
    let all: Vec<String> = extra
        .iter()
        .map(|(name, values)| format!("(name: {}, values: {})", quoted(name), list(values.iter().map(String::as_str))))
        .collect();
    (!all.is_empty()).then(|| format!("extra: [{}]", all.join(", ")))
}

fn end(it: &End) -> String {
    match it {
        End::Entity(id) => quoted(id),
        End::PeopleOf { id, of } => format!("(id: {}, of: {})", quoted(id), quoted(of)),
        End::Unnamed { of, label: None } => format!("Unnamed(of: {})", quoted(of)),
        End::Unnamed { of, label: Some(label) } => format!("Unnamed(of: {}, label: {})", quoted(of), quoted(label)),
    }
}

/// What the facts of a file share, so that it need not stand in each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shared {
    pub(super) document: String,
    pub(super) by: End,
}

impl Shared {
    /// What a file begins with.
    pub(super) fn head(&self) -> String {
        format!("(\n    document: {},\n    defaults: (by: {}),\n", quoted(&self.document), end(&self.by))
    }
}

/// A fact as a line of a list of facts.
pub(super) fn fact(it: &Fact, shared: &Shared) -> String {
    let mut fields = vec![format!("id: {}", quoted(&it.id))];
    for (role, ends) in &it.roles {
        let mut all: Vec<String> = ends.iter().map(end).collect();
        let value = if all.len() == 1 { all.pop().unwrap_or_default() } else { format!("[{}]", all.join(", ")) };
        fields.push(format!("{role}: {value}"));
    }
    let period = it.period.as_ref().map(|it| format!("period: {}", quoted(it)));
    let inferred = (!it.inferred.is_empty()).then(|| inferred(&it.inferred));
    let outcome = match it.outcome {
        Outcome::Happened => None,
        other => Some(format!("outcome: {}", other.as_str().replace('-', "_"))),
    };
    let relations = it
        .relations
        .iter()
        .map(|(kind, ids)| format!("{}: {}", kind.field(), one_or_list(ids.iter().map(String::as_str))));
    match it.claims.as_slice() {
        // A period or inferred fields of the one claim's own need a claim of its own.
        [only] if only.period.is_none() && only.inferred.is_empty() => {
            fields.extend(figures(only));
            fields.extend(period);
            fields.extend(inferred);
            fields.extend(outcome);
            fields.extend(relations);
            fields.extend(said(only, shared));
            fields.extend(only.scope.as_ref().map(|it| format!("scope: {}", quoted(it))));
        }
        several => {
            fields.extend(period);
            fields.extend(inferred);
            fields.extend(outcome);
            fields.extend(relations);
            // Labels of unnamed participants are those of the first document, whatever the file begins with.
            let document = several.first().map_or(String::new(), |it| it.document.clone());
            if document != shared.document {
                fields.push(format!("document: {}", quoted(&document)));
            }
            let shared = Shared { document, by: shared.by.clone() };
            let all: Vec<String> = several.iter().map(|it| claim(it, &shared)).collect();
            fields.push(format!("claims: [\n{HANGING}    {},\n{HANGING}]", all.join(&format!(",\n{HANGING}    "))));
        }
    }
    fields.extend(extra(&it.extra));
    record(&camel_case(&it.kind), &fields)
}

fn claim(it: &Claim, shared: &Shared) -> String {
    let mut fields = said(it, shared);
    fields.extend(figures(it));
    fields.extend(it.period.as_ref().map(|it| format!("period: {}", quoted(it))));
    fields.extend(it.scope.as_ref().map(|it| format!("scope: {}", quoted(it))));
    if !it.inferred.is_empty() {
        fields.push(inferred(&it.inferred));
    }
    format!("({})", fields.join(", "))
}

/// Who says so, where, how and when.
fn said(it: &Claim, shared: &Shared) -> Vec<String> {
    let mut fields = Vec::new();
    if it.by != shared.by {
        fields.push(format!("by: {}", end(&it.by)));
    }
    if it.document != shared.document {
        fields.push(format!("document: {}", quoted(&it.document)));
    }
    if !it.via.is_empty() {
        fields.push(format!("via: {}", list(it.via.iter().map(String::as_str))));
    }
    if it.stance != Stance::States {
        fields.push(format!("stance: {}", it.stance.as_str()));
    }
    fields.extend(it.made.as_ref().map(|it| format!("made: {}", quoted(it))));
    fields.extend(it.withdrawn.as_ref().map(|it| format!("withdrawn: {}", quoted(it))));
    fields
}

fn figures(it: &Claim) -> Vec<String> {
    it.figures.iter().map(|(name, text)| format!("{name}: {}", quoted(text))).collect()
}

fn inferred(names: &[String]) -> String {
    format!("inferred: {}", list(names.iter().map(String::as_str)))
}

/// Whether a text can be the scheme of a code: a name of a field in RON.
pub(super) fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|it| it.is_ascii_alphabetic() || it == '_')
        && chars.all(|it| it.is_ascii_alphanumeric() || it == '_')
}

/// The name of the file of entities or facts: `organization`, `forced-transfer`.
pub(super) fn file_stem(kind: &str) -> &str {
    if is_slug(kind) { kind } else { "others" }
}

/// The word of a kind of entity for the name of its file.
pub(super) fn entity_stem(kind: EntityKind) -> String {
    kind.plural().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_hide_nothing_and_end_where_they_should() {
        assert_eq!(quoted("a \"b\" \\ c"), r#""a \"b\" \\ c""#);
        assert_eq!(quoted("line\nnext\u{202e}\u{0}"), "\"line\\nnext\\u{202e}\\u{0}\"");
        assert_eq!(quoted("북한"), "\"북한\"");
    }

    #[test]
    fn long_records_are_broken_between_fields() {
        let names = (0..8).map(|it| Name::alias(format!("The name number {it}"))).collect();
        let entity = Entity { id: "x".to_owned(), name: "X".to_owned(), names, ..Entity::default() };
        let text = super::entity(&entity);
        assert!(
            text.starts_with(
                "        Organization(id: \"x\", name: \"X\",\n            aliases: [\"The name number 0\""
            ),
            "{text}"
        );
    }

    #[test]
    fn a_scheme_is_a_name_of_a_field() {
        assert!(is_scheme("iso3166") && is_scheme("reg_no"));
        assert!(!is_scheme("3g") && !is_scheme("reg-no") && !is_scheme(""));
    }
}
