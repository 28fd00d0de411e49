//! Reading the fields of a draft record by name: each once, none overlooked.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::draft::{Field, Record, Shape, Value};
use super::findings::Findings;
use crate::diagnostic::{Code, Span};

/// A text and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spanned<'a> {
    pub(crate) text: &'a str,
    pub(crate) span: Span,
}

/// The fields of one record, of which some have been read.
pub(crate) struct Fields<'a, 's> {
    pub(crate) record: &'a Record<'s>,
    /// Names of fields that were asked for.
    asked: Vec<&'static str>,
}

impl<'a, 's> Fields<'a, 's> {
    /// Reports fields that stand twice.
    pub(crate) fn new(record: &'a Record<'s>, findings: &mut Findings) -> Self {
        // Looking back costs less than a set, as long as a record is no longer than people write it.
        let long = record.fields.len() > 64;
        let mut seen = BTreeSet::new();
        for (at, field) in record.fields.iter().enumerate() {
            let twice = match long {
                true => !seen.insert(field.name),
                false => record.fields.iter().take(at).any(|it| it.name == field.name),
            };
            if twice {
                findings.report(
                    field.name_span,
                    Code::DuplicateField,
                    format!("the field `{}` stands twice", field.name),
                    Some("keep one of them".to_owned()),
                );
            }
        }
        Fields { record, asked: Vec::with_capacity(24) }
    }

    pub(crate) fn take(&mut self, name: &'static str) -> Option<&'a Field<'s>> {
        self.asked.push(name);
        self.record.fields.iter().find(|it| it.name == name)
    }

    /// Fields that nobody asked for, in the order of the file, the first of each name.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &'a Field<'s>> {
        // What can be asked for is a fixed list, so this is linear in the fields.
        let mut seen = BTreeSet::new();
        self.record.fields.iter().filter(move |it| !self.asked.contains(&it.name) && seen.insert(it.name))
    }

    /// Reports what nobody asked for.
    pub(crate) fn finish(self, of: impl Display, findings: &mut Findings) {
        let rest: Vec<&Field<'_>> = self.rest().collect();
        for field in rest {
            let help = findings
                .nearest(field.name, self.asked.iter().copied())
                .unwrap_or_else(|| format!("{of} has the fields {}", self.asked.join(", ")));
            findings.report(field.name_span, Code::UnknownField, format!("unknown field `{}`", field.name), Some(help));
        }
    }

    pub(crate) fn text(&mut self, name: &'static str, findings: &mut Findings) -> Option<Spanned<'a>> {
        let field = self.take(name)?;
        findings.text(&field.value, field.name)
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, name: &'static str, of: &str, findings: &mut Findings) -> Option<Spanned<'a>> {
        if !self.record.fields.iter().any(|it| it.name == name) {
            self.asked.push(name);
            findings.report(
                self.record.span,
                Code::MissingField,
                format!("{of} lacks the field `{name}`"),
                Some(format!("add `{name}: …`")),
            );
            return None;
        }
        self.text(name, findings)
    }

    /// A word out of a list of words, bare or in quotes.
    pub(crate) fn word<T>(
        &mut self,
        name: &'static str,
        known: &[T],
        as_str: impl Fn(&T) -> &str,
        findings: &mut Findings,
    ) -> Option<T>
    where
        T: Copy,
    {
        let field = self.take(name)?;
        findings.word(&field.value, field.name, known, as_str)
    }

    pub(crate) fn boolean(&mut self, name: &'static str, findings: &mut Findings) -> Option<bool> {
        let field = self.take(name)?;
        match field.value.shape {
            Shape::Bool(value) => Some(value),
            _ => {
                findings.wrong_type(&field.value, name, "`true` or `false`");
                None
            }
        }
    }

    pub(crate) fn number(&mut self, name: &'static str, findings: &mut Findings) -> Option<u64> {
        let field = self.take(name)?;
        match field.value.shape {
            Shape::Number(number) => Some(number),
            _ => {
                findings.wrong_type(&field.value, name, "a whole number");
                None
            }
        }
    }

    /// A list; a single value stands for a list of one.
    pub(crate) fn list(&mut self, name: &'static str) -> &'a [Value<'s>] {
        self.take(name).map_or(&[], |field| as_list(&field.value))
    }

    /// A list of texts; a single text stands for a list of one.
    pub(crate) fn texts(&mut self, name: &'static str, findings: &mut Findings) -> Vec<Spanned<'a>> {
        self.list(name).iter().filter_map(|value| findings.text(value, name)).collect()
    }

    /// A struct without a name.
    pub(crate) fn record(&mut self, name: &'static str, findings: &mut Findings) -> Option<&'a Record<'s>> {
        let field = self.take(name)?;
        match &field.value.shape {
            Shape::Struct(record) if record.name.is_empty() => Some(record),
            _ => {
                findings.wrong_type(&field.value, name, "`(field: value, …)`");
                None
            }
        }
    }
}

/// The elements of a list, or the value itself as the only one.
pub(crate) fn as_list<'a, 's>(value: &'a Value<'s>) -> &'a [Value<'s>] {
    match &value.shape {
        Shape::List(list) => list,
        _ => std::slice::from_ref(value),
    }
}
