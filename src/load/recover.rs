//! Reading a file whole, or after an error record by record.

use super::draft::{DraftFile, Field, Shape, Value};
use super::findings::Findings;
use super::outline::{OutlineValue, outline};
use super::read::{self, SyntaxError};
use super::token::{TokenKind, tokens};
use crate::diagnostic::{Code, FileId, Span};
use crate::model::is_slug;

/// Reads a file; whatever of it cannot be read is reported, and the rest is kept.
pub(crate) fn read<'s>(file: FileId, text: &'s str, findings: &mut Findings) -> DraftFile<'s> {
    if is_blank(text) {
        return DraftFile::default();
    }
    match read::read_file(text, file) {
        Ok(draft) => draft,
        Err(error) => by_record(file, text, &error, findings),
    }
}

/// Whether it is a file of which everything is commented out, or which is yet to be written.
pub(crate) fn is_blank(text: &str) -> bool {
    tokens(text, 0).all(|it| matches!(it.kind, TokenKind::Space | TokenKind::Comment { closed: true }))
}

fn by_record<'s>(file: FileId, text: &'s str, whole: &SyntaxError, findings: &mut Findings) -> DraftFile<'s> {
    let (outline, breaks) = outline(text);
    let mut errors = Vec::new();
    let broken = !breaks.is_empty();
    for found in breaks {
        findings.report(span(file, found.at), Code::Bracket, found.message, found.help);
    }
    let mut fields = Vec::new();
    let mut kept = Vec::new();
    for field in outline {
        let name = text.get(field.name.0..field.name.1).unwrap_or("");
        let name_span = Span { end: offset(field.name.1), ..span(file, field.name.0) };
        let value = match field.value {
            OutlineValue::List(elements) => {
                let mut list = Vec::new();
                for (start, end) in elements {
                    match read::read_element(text, file, name, start, end) {
                        Ok(value) => {
                            kept.push((start, end));
                            list.push(value);
                        }
                        Err(error) => errors.push(error),
                    }
                }
                Ok(Value { span: name_span, shape: Shape::List(list) })
            }
            OutlineValue::Other(start, end) => {
                kept.push((start, end));
                read::read_value(text, file, name, start, end)
            }
        };
        match value {
            Ok(value) => fields.push(Field { name, name_span, value }),
            Err(error) => errors.push(error),
        }
    }
    if !broken && errors.is_empty() {
        // Every part is sound by itself, so what is wrong stands between them.
        errors.push(whole.clone());
    }
    for error in errors {
        findings.report(span(file, error.at), Code::Syntax, error.message, None);
    }
    DraftFile { fields, lost: strings_outside(&kept, text) }
}

/// What stands in quotes outside the parts that were read, which are in the order of the file.
fn strings_outside<'s>(kept: &[(usize, usize)], text: &'s str) -> Vec<&'s str> {
    let mut found = Vec::new();
    let mut from = 0;
    for (start, end) in kept.iter().copied().chain([(text.len(), text.len())]) {
        // Not by tokens: where quotes are missing they are the wrong ones.
        found.extend(text.get(from..start).unwrap_or("").split('"'));
        from = end;
    }
    found.retain(|it| is_slug(it));
    found
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn span(file: FileId, at: usize) -> Span {
    Span { file, start: offset(at), end: offset(at) }
}
