//! What changed between two graphs: for programs, and as Markdown for a pull request.

use std::io;

use serde::Serialize;

use super::escape_markdown;
use crate::model::printable;
use crate::query::{AnswerChange, AnswerPart, Change, Comparison, Counts, FieldChange, Item};

/// The version of the JSON document.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct ComparisonOut<'a> {
    version: u32,
    same: bool,
    counts: CountsOut,
    records: Vec<ItemOut<'a>>,
    entities: Vec<ItemOut<'a>>,
    decisions: Vec<ItemOut<'a>>,
    vocabulary: Vec<ItemOut<'a>>,
    answers: Vec<AnswerOut<'a>>,
}

#[derive(Serialize)]
struct CountsOut {
    facts: NumbersOut,
    claims: NumbersOut,
    entities: NumbersOut,
    decisions: NumbersOut,
    vocabulary: NumbersOut,
}

#[derive(Serialize)]
struct NumbersOut {
    added: usize,
    changed: usize,
    removed: usize,
}

#[derive(Serialize)]
struct ItemOut<'a> {
    change: &'a str,
    id: &'a str,
    kind: &'a str,
    name: &'a str,
    facts: &'a [String],
    changes: Vec<FieldOut<'a>>,
}

#[derive(Serialize)]
struct FieldOut<'a> {
    field: &'a str,
    of: Option<&'a str>,
    old: Option<&'a str>,
    new: Option<&'a str>,
}

#[derive(Serialize)]
struct AnswerOut<'a> {
    question: &'a str,
    same: bool,
    parts: Vec<PartOut<'a>>,
}

#[derive(Serialize)]
struct PartOut<'a> {
    change: &'a str,
    part: &'a str,
    name: &'a str,
    old: &'a [String],
    new: &'a [String],
}

fn numbers(counts: Counts) -> NumbersOut {
    NumbersOut { added: counts.added, changed: counts.changed, removed: counts.removed }
}

fn item(it: &Item) -> ItemOut<'_> {
    let Item { change, id, sort, name, facts, changes } = it;
    ItemOut { change: change.as_str(), id, kind: sort, name, facts, changes: changes.iter().map(field).collect() }
}

fn field(it: &FieldChange) -> FieldOut<'_> {
    let FieldChange { field, of, old, new } = it;
    FieldOut { field, of: of.as_deref(), old: old.as_deref(), new: new.as_deref() }
}

fn items(items: &[Item]) -> Vec<ItemOut<'_>> {
    items.iter().map(item).collect()
}

fn part(it: &AnswerPart) -> PartOut<'_> {
    let AnswerPart { change, sort, name, old, new } = it;
    PartOut { change: change.as_str(), part: sort, name, old, new }
}

fn answer(it: &AnswerChange) -> AnswerOut<'_> {
    AnswerOut { question: &it.asked, same: it.parts.is_empty(), parts: it.parts.iter().map(part).collect() }
}

/// Writes one JSON document; docs/diff.md describes it.
///
/// # Errors
///
/// Those of `out`.
pub fn write_comparison_json(found: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    let document = ComparisonOut {
        version: VERSION,
        same: found.is_empty(),
        counts: CountsOut {
            facts: numbers(found.facts),
            claims: numbers(found.claims),
            entities: numbers(found.entity_counts()),
            decisions: numbers(found.decision_counts()),
            vocabulary: numbers(found.word_counts()),
        },
        records: items(&found.records),
        entities: items(&found.entities),
        decisions: items(&found.decisions),
        vocabulary: items(&found.vocabulary),
        answers: found.answers.iter().map(answer).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// How a comparison is laid out as text.
trait Layout {
    fn heading(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()>;
    fn item(&self, change: Change, id: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()>;
    fn line(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()>;
    fn plain(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()>;
}

struct Plain;

impl Layout for Plain {
    fn heading(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "\n{}", printable(text))
    }

    fn item(&self, change: Change, id: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let space = if id.is_empty() || text.is_empty() { "" } else { "  " };
        writeln!(out, "{} {}{space}{}", change.sign(), printable(id), printable(text))
    }

    fn line(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "    {}", printable(text))
    }

    fn plain(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{}", printable(text))
    }
}

struct Markdown;

impl Layout for Markdown {
    fn heading(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "\n### {}\n", escape_markdown(text))
    }

    fn item(&self, change: Change, id: &str, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        let id = if id.is_empty() { String::new() } else { format!(" {}", escape_markdown(id)) };
        let text = if text.is_empty() { String::new() } else { format!(": {}", escape_markdown(text)) };
        writeln!(out, "- **{}**{id}{text}", change.as_str())
    }

    fn line(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "  - {}", escape_markdown(text))
    }

    fn plain(&self, text: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{}", escape_markdown(text))
    }
}

/// Writes text for people, a line a change.
///
/// # Errors
///
/// Those of `out`.
pub fn write_comparison_text(found: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    write(found, &Plain, out)
}

/// Writes Markdown, as a comment of a pull request takes it.
///
/// # Errors
///
/// Those of `out`.
pub fn write_comparison_markdown(found: &Comparison, out: &mut dyn io::Write) -> io::Result<()> {
    write(found, &Markdown, out)
}

fn write(found: &Comparison, layout: &dyn Layout, out: &mut dyn io::Write) -> io::Result<()> {
    layout.plain(&summary(found), out)?;
    let lists = [
        ("Facts", &found.records),
        ("Entities", &found.entities),
        ("Decisions on who is the same", &found.decisions),
        ("Vocabulary", &found.vocabulary),
    ];
    for (heading, items) in lists {
        if !items.is_empty() {
            layout.heading(heading, out)?;
        }
        for item in items {
            // A kind says what an id stands for, but of a fact its words do.
            let name = if item.facts.is_empty() && item.name != item.id {
                format!("{} ({})", item.name, item.sort)
            } else if item.facts.is_empty() {
                item.sort.clone()
            } else {
                item.name.clone()
            };
            layout.item(item.change, &item.id, &name, out)?;
            for change in &item.changes {
                match (item.change, change.field.as_str(), &change.old, &change.new) {
                    (Change::Added | Change::Removed, FieldChange::CLAIM, Some(words), None)
                    | (Change::Added | Change::Removed, FieldChange::CLAIM, None, Some(words)) => {
                        layout.line(words, out)?;
                    }
                    _ => layout.line(&change.in_words(), out)?,
                }
            }
        }
    }
    for answer in &found.answers {
        layout.heading(&format!("Answer to “{}”", answer.asked), out)?;
        if answer.parts.is_empty() {
            layout.plain("as it was", out)?;
        }
        for part in &answer.parts {
            let name = if part.name.is_empty() { part.sort } else { &part.name };
            let sort = if part.name.is_empty() || part.sort == "fact" { "" } else { part.sort };
            layout.item(part.change, name, sort, out)?;
            let both = part.change == Change::Changed;
            for line in &part.old {
                layout.line(&if both { format!("before: {line}") } else { line.clone() }, out)?;
            }
            for line in &part.new {
                layout.line(&if both { format!("now: {line}") } else { line.clone() }, out)?;
            }
        }
    }
    Ok(())
}

/// "1 fact added, 2 facts changed, 1 entity removed".
fn summary(found: &Comparison) -> String {
    let sorts = [
        ("fact", "facts", found.facts),
        ("claim", "claims", found.claims),
        ("entity", "entities", found.entity_counts()),
        ("decision", "decisions", found.decision_counts()),
        ("word of the vocabulary", "words of the vocabulary", found.word_counts()),
    ];
    let mut words = Vec::new();
    for (one, several, counts) in sorts {
        for change in Change::ALL {
            let count = counts.of(change);
            let noun = if count == 1 { one } else { several };
            if count > 0 {
                words.push(format!("{count} {noun} {}", change.as_str()));
            }
        }
    }
    if words.is_empty() { "nothing changed".to_owned() } else { words.join(", ") }
}
