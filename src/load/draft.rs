//! What a file says, as read: names and values with the place where each stands, not yet checked.

use std::borrow::Cow;

use crate::diagnostic::Span;

/// A whole file: the fields of its outermost struct, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct DraftFile<'s> {
    pub(crate) fields: Vec<Field<'s>>,
    /// Strings of what could not be read: ids that it would define, or refer to.
    pub(crate) lost: Vec<&'s str>,
}

/// `name: value`.
#[derive(Clone, Debug)]
pub(crate) struct Field<'s> {
    pub(crate) name: &'s str,
    pub(crate) name_span: Span,
    pub(crate) value: Value<'s>,
}

/// A value and its place. Numbers, booleans and strings with escapes stand at their field's name,
/// because `ron` gives no place for them.
#[derive(Clone, Debug)]
pub(crate) struct Value<'s> {
    pub(crate) span: Span,
    pub(crate) shape: Shape<'s>,
}

/// What kind of value it is.
#[derive(Clone, Debug)]
pub(crate) enum Shape<'s> {
    /// A string; the span is that of its content, without quotes.
    Text(Cow<'s, str>),
    /// A bare word, as in `stance: admits`.
    Word(&'s str),
    /// A whole number that is not negative.
    Number(u64),
    Bool(bool),
    List(Vec<Value<'s>>),
    Struct(Box<Record<'s>>),
    /// Something that RON knows and this format has no use for: a fraction, a map, `()`.
    Other,
}

/// `Name(field: value, …)`; the name is empty for a plain `(…)`. The span is that of the name, or of
/// the first field's name.
#[derive(Clone, Debug)]
pub(crate) struct Record<'s> {
    pub(crate) name: &'s str,
    pub(crate) span: Span,
    pub(crate) fields: Vec<Field<'s>>,
}

impl Value<'_> {
    /// What stands here, for a message that expected something else.
    pub(crate) fn describe(&self) -> String {
        match &self.shape {
            Shape::Text(text) => format!("the text `{text}`"),
            Shape::Word(word) => format!("the word `{word}`"),
            Shape::Number(number) => format!("the number {number}"),
            Shape::Bool(value) => format!("`{value}`"),
            Shape::List(_) => "a list".to_owned(),
            Shape::Struct(record) if record.name.is_empty() => "a struct".to_owned(),
            Shape::Struct(record) => format!("`{}(…)`", record.name),
            Shape::Other => "a value of another type".to_owned(),
        }
    }
}
