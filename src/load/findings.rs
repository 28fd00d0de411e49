//! Collecting findings, and the few checks that every reader of fields needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Shape, Value};
use super::fields::Spanned;
use crate::diagnostic::{Code, Diagnostic, FileId, Severity, Span};
use crate::model::nearest;

/// How many suggestions are looked for, and how many names may be compared for them: a file of another format would
/// otherwise take for ever.
const MOST_SUGGESTIONS: usize = 50;
const MOST_COMPARED: usize = 500_000;

/// Marks the number of a file of which only a skeleton was read.
pub(crate) const SKELETON: u32 = 1 << 31;

/// Where stretches of skeletons begin, there and in their files, by the numbers of the files.
pub(crate) type Seams = BTreeMap<u32, Vec<(u32, u32)>>;

/// Findings so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Diagnostic>,
    suggested: usize,
    compared: usize,
    seams: Arc<Seams>,
}

/// The place in a file of a place in its skeleton.
fn in_file(span: Span, seams: &Seams) -> Span {
    let file = span.file.0 & !SKELETON;
    let at = |it: u32| {
        let of_file = seams.get(&file).map_or(&[][..], Vec::as_slice);
        let last = of_file.get(of_file.partition_point(|seam| seam.0 <= it).saturating_sub(1));
        last.map_or(it, |(there, here)| it - there + here)
    };
    // An end is that of the last byte: what follows may stand elsewhere.
    let end = if span.end > span.start { at(span.end - 1) + 1 } else { at(span.start) };
    Span { file: FileId(file), start: at(span.start), end }
}

impl Findings {
    /// For places in skeletons.
    pub(crate) fn with_seams(&self, seams: Arc<Seams>) -> Findings {
        Findings { seams, ..self.clone() }
    }

    /// Whether a name was looked for that is like another: what comes of that depends on what was looked for before.
    pub(crate) fn has_suggested(&self) -> bool {
        self.suggested > 0
    }

    /// Takes those of others.
    pub(crate) fn append(&mut self, mut others: Findings) {
        self.list.append(&mut others.list);
    }

    pub(crate) fn report(&mut self, span: Span, code: Code, message: String, help: Option<String>) {
        let span = if span.file.0 & SKELETON == 0 { span } else { in_file(span, &self.seams) };
        self.list.push(Diagnostic { span, code, message, help });
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.list.iter().any(|it| it.code.severity() == Severity::Error)
    }

    /// All findings in the order of the files.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort();
        self.list.dedup();
        self.list
    }

    /// "did you mean `…`?", with the known name that is least different.
    pub(crate) fn nearest<'n>(&mut self, name: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
        if self.suggested >= MOST_SUGGESTIONS || self.compared >= MOST_COMPARED || name.len() > 100 {
            return None;
        }
        self.suggested += 1;
        let compared = &mut self.compared;
        let near = nearest(name, known.inspect(|_| *compared += 1))?;
        Some(format!("did you mean `{near}`?"))
    }

    pub(crate) fn wrong_type(&mut self, value: &Value<'_>, field: &str, expected: &str) {
        let found = value.describe();
        self.report(value.span, Code::WrongType, format!("`{field}` takes {expected}, not {found}"), None);
    }

    /// A text that is not empty.
    pub(crate) fn text<'a>(&mut self, value: &'a Value<'_>, field: &str) -> Option<Spanned<'a>> {
        match &value.shape {
            Shape::Text(text) if text.chars().all(char::is_whitespace) => {
                self.report(
                    value.span,
                    Code::WrongType,
                    format!("`{field}` is empty"),
                    Some("leave it out, or fill it in".to_owned()),
                );
                None
            }
            Shape::Text(text) => Some(Spanned { text, span: value.span }),
            Shape::Word(word) => {
                let help = Some(format!("put it in quotes: \"{word}\""));
                self.report(
                    value.span,
                    Code::WrongType,
                    format!("`{field}` takes a text, not the word `{word}`"),
                    help,
                );
                None
            }
            Shape::Number(number) => {
                let help = Some(format!("put it in quotes: \"{number}\""));
                self.report(
                    value.span,
                    Code::WrongType,
                    format!("`{field}` takes a text, not the number {number}"),
                    help,
                );
                None
            }
            _ => {
                self.wrong_type(value, field, "a text in double quotes");
                None
            }
        }
    }

    /// One of the words in `known`.
    pub(crate) fn word<T: Copy>(
        &mut self,
        value: &Value<'_>,
        field: &str,
        known: &[T],
        as_str: impl Fn(&T) -> &str,
    ) -> Option<T> {
        let word = match &value.shape {
            Shape::Word(word) => word,
            Shape::Text(text) => text.as_ref(),
            // What a bare word in a list looks like.
            Shape::Struct(record) if record.fields.is_empty() => {
                let message = format!("`{field}` takes words in quotes in a list");
                let names: Vec<String> = known.iter().map(|it| format!("\"{}\"", as_str(it))).collect();
                self.report(value.span, Code::WrongType, message, Some(format!("some of [{}]", names.join(", "))));
                return None;
            }
            _ => {
                self.wrong_type(value, field, "a word");
                return None;
            }
        };
        let found = known.iter().find(|it| as_str(it) == word || as_str(it) == word.replace('_', "-"));
        if found.is_none() {
            let names: Vec<String> = known.iter().map(|it| as_str(it).replace('-', "_")).collect();
            let help = format!("one of {}", names.join(", "));
            self.report(value.span, Code::UnknownWord, format!("`{field}` has no value `{word}`"), Some(help));
        }
        found.copied()
    }
}
