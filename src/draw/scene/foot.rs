//! What stands below a picture: sources, what a mark means, what is not drawn.

use super::{Arrow, INFERRED, Line, Print, PrintKind, SceneNode, Text};
use crate::draw::DrawOptions;
use crate::draw::wrap::unbroken;
use crate::query::{Answer, ClaimValue, Note, Row, join};

/// Sources of what is drawn, what a mark means, what is not drawn, and until when sources were read.
pub(super) fn small_print(
    answer: &Answer,
    drawn: &[&Row],
    nodes: &[SceneNode],
    arrows: &[Arrow],
    options: &DrawOptions,
) -> Vec<Print> {
    let mut numbers: Vec<usize> = drawn.iter().flat_map(|it| it.note_numbers()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let cited: Vec<&Note> = answer.notes.iter().filter(|it| numbers.binary_search(&it.number).is_ok()).collect();
    let print = |kind, text| Print { kind, text };
    let mut found: Vec<Print> = cited.iter().map(|it| print(PrintKind::Source(it.number), source(it))).collect();
    let marks = |row: &&&Row| {
        let in_claim = |it: &ClaimValue| it.period.is_some_and(|it| it.inferred);
        row.period.is_some_and(|it| it.inferred) || row.claims.iter().any(in_claim)
    };
    if drawn.iter().any(|it| marks(&it)) {
        found.push(print(PrintKind::Inferred, format!("{INFERRED} inferred, not said by the source")));
    }
    if arrows.iter().any(|it| is_mixed(it, nodes)) {
        let text = "A line that stands for several facts looks like the least supported of them.";
        found.push(print(PrintKind::Remark, text.to_owned()));
    }
    let left_out: Vec<&Row> = answer.rows.iter().filter(|row| !drawn.iter().any(|it| it.fact == row.fact)).collect();
    found.extend(not_drawn(&left_out, "without a beginning or an end"));
    if let Some(subject) = &answer.subject {
        let is_drawn = |row: &&Row| drawn.iter().any(|it| it.fact == row.fact);
        let claimed: Vec<&Row> = answer.claimed.iter().filter(|it| !is_drawn(it)).collect();
        found.extend(not_drawn(&claimed, &format!("that {} only speaks about", subject.entity.prose)));
    }
    if let Some(text) = options.left_out.in_words() {
        found.push(print(PrintKind::LeftOut(options.left_out.facts.clone()), text));
    }
    found.extend(options.together.iter().map(|it| print(PrintKind::Remark, it.in_words())));
    found.extend(options.remarks.iter().map(|it| print(PrintKind::Remark, it.clone())));
    let read_until = cited.iter().filter_map(|it| it.date).max_by_key(|it| it.latest());
    found.extend(
        read_until
            .map(|it| print(PrintKind::DataDate, format!("Sources published until {}", unbroken(&it.to_words())))),
    );
    found.extend(options.credit.iter().map(|it| print(PrintKind::Credit, it.clone())));
    found
}

/// Whether a line stands for a list of facts whose support differs: its own, or that of the box at one of its ends.
fn is_mixed(arrow: &Arrow, nodes: &[SceneNode]) -> bool {
    let listed = |at: usize| match nodes.get(at).map(|it| &it.text) {
        Some(Text::Facts(lines)) => lines.as_slice(),
        _ => &[],
    };
    let differs = |lines: &[Line]| lines.iter().any(|it| it.status != arrow.status);
    [&arrow.lines, listed(arrow.from), listed(arrow.to)].into_iter().any(differs)
}

fn not_drawn(rows: &[&Row], which: &str) -> Option<Print> {
    let facts: Vec<String> = rows.iter().map(|it| it.fact.clone()).collect();
    let text = match rows.len() {
        0 => return None,
        1 => format!("1 fact {which} is not drawn"),
        several => format!("{several} facts {which} are not drawn"),
    };
    Some(Print { kind: PrintKind::LeftOut(facts), text })
}

/// "1 UPI, “…”, 29 May 2025", the number in brackets.
fn source(note: &Note) -> String {
    let mut parts: Vec<String> = note.publisher.iter().map(|it| it.name.clone()).collect();
    parts.push(format!("“{}”", note.title.as_deref().unwrap_or(&note.document.name)));
    parts.extend(note.date.map(|it| unbroken(&it.to_words())));
    if !note.citing.is_empty() {
        parts.push(format!("citing {}", join(note.citing.iter().map(|it| it.prose.clone()), "and")));
    }
    format!("[{}]\u{a0}{}", note.number, parts.join(", "))
}
