//! RON text to [`DraftFile`], by `ron` through visitors of our own.
//!
//! Kinds of fact are open, so nothing can be derived here. `ron` hands names and plain strings over as
//! borrowed slices of the text: their address is their place, and no second pass over the text is needed.
//! What the visitor cannot ask `ron` (is the next value a word, a string, a list?) it sees by looking at
//! the text after the field's name.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::draft::{DraftFile, Field, Record, Shape, Value};
use super::token::{Token, TokenKind, tokens};
use crate::diagnostic::{FileId, Span};

/// Fields that hold lists whose elements begin with a name: records, and words.
const NAMED_LISTS: [&str; 9] =
    ["facts", "entities", "decisions", "kinds", "units", "hedges", "question_words", "conversions", "accepts"];

/// Where `ron` stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Byte in the whole text.
    pub(crate) at: usize,
    pub(crate) message: String,
}

/// Reads a whole file. `text` has no byte order mark.
pub(crate) fn read_file(text: &str, file: FileId) -> Result<DraftFile<'_>, SyntaxError> {
    read_part(text, file, 0)
}

/// Reads a text whose byte 0 is the byte `base` of the file; places are those in the file. What was put around a part to
/// make it whole stands before it, so `base` may be less than nothing, and wraps.
pub(crate) fn read_part(text: &str, file: FileId, base: u32) -> Result<DraftFile<'_>, SyntaxError> {
    read_at(Place { text, file, base, lasts: false })
}

/// Reads a whole file whose draft stays for long, among many others: slower, and in a third of the memory.
pub(crate) fn read_to_last(text: &str, file: FileId) -> Result<DraftFile<'_>, SyntaxError> {
    read_at(Place { text, file, base: 0, lasts: true })
}

fn read_at(place: Place<'_>) -> Result<DraftFile<'_>, SyntaxError> {
    run(place.text, 0, StructSeed { place, name: "" })
        .map(|record| DraftFile { fields: record.fields, lost: Vec::new() })
}

/// Whether the elements of the field's list begin with a name.
pub(crate) fn holds_records(field: &str) -> bool {
    NAMED_LISTS.contains(&field)
}

/// Reads one element of the list `field` out of `text[start..end]`.
pub(crate) fn read_element<'s>(
    text: &'s str,
    file: FileId,
    field: &str,
    start: usize,
    end: usize,
) -> Result<Value<'s>, SyntaxError> {
    let place = Place { text, file, base: 0, lasts: false };
    let records = holds_records(field);
    let first = tokens(text, start).find(Token::is_significant);
    if records && first.is_none_or(|it| it.kind != TokenKind::Word) {
        let message = "a record begins with what it is, as in `Supply(id: \"…\", …)`".to_owned();
        return Err(SyntaxError { at: start, message });
    }
    let seed = ElementSeed { place, from: start, fallback: place.span(start, start), records };
    run(text.get(start..end).unwrap_or(""), start, seed)
}

/// Reads the value of the field `name`, which stands at `text[start..end]`.
pub(crate) fn read_value<'s>(
    text: &'s str,
    file: FileId,
    name: &'s str,
    start: usize,
    end: usize,
) -> Result<Value<'s>, SyntaxError> {
    let place = Place { text, file, base: 0, lasts: false };
    let seed = FieldSeed { place, name, name_span: place.span(start, start), from: start };
    run(text.get(start..end).unwrap_or(""), start, seed)
}

fn run<'s, S: DeserializeSeed<'s>>(slice: &'s str, base: usize, seed: S) -> Result<S::Value, SyntaxError> {
    let result = ron::Deserializer::from_str(slice).and_then(|mut de| {
        seed.deserialize(&mut de).and_then(|value| de.end().map(|()| value)).map_err(|error| de.span_error(error))
    });
    result.map_err(|error| SyntaxError {
        at: base + byte_of(slice, error.span.start),
        message: in_our_words(&error.code),
    })
}

/// The byte of a place that `ron` gives as line and character, both from 1.
fn byte_of(text: &str, position: ron::error::Position) -> usize {
    let line_start = match position.line.checked_sub(2) {
        Some(nth) => text.match_indices('\n').nth(nth).map_or(text.len(), |(at, _)| at + 1),
        None => 0,
    };
    let line = text.get(line_start..).unwrap_or("");
    let column = position.col.saturating_sub(1);
    line_start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

/// Messages of `ron`, as one reads them here: lower case, no full stop, no Rust types.
fn in_our_words(error: &ron::Error) -> String {
    use ron::Error as E;
    match error {
        E::Eof => "the file ends too early: a bracket or a quote is open".to_owned(),
        E::ExpectedComma | E::ExpectedArrayEnd | E::ExpectedStructLikeEnd | E::ExpectedMapEnd => {
            "expected `,` or a closing bracket".to_owned()
        }
        E::ExpectedMapColon => "expected `:` after the field's name".to_owned(),
        E::ExpectedIdentifier => "expected a field's name".to_owned(),
        E::ExpectedStructLike | E::ExpectedNamedStructLike(_) => "expected `(`".to_owned(),
        E::ExpectedStringEnd => "this string is not closed".to_owned(),
        E::ExpectedString => "expected a string in double quotes".to_owned(),
        E::ExpectedArray => "expected `[`".to_owned(),
        E::UnclosedBlockComment => "this comment is not closed: `*/` is missing".to_owned(),
        E::TrailingCharacters => "something stands after the end of the record or file".to_owned(),
        E::ExceededRecursionLimit => "brackets are nested too deeply".to_owned(),
        E::UnexpectedChar(c) => format!("`{}` does not belong here", c.escape_debug()),
        E::SuggestRawIdentifier(name) | E::InvalidIdentifier(name) => {
            format!("`{name}` is no name here: kinds are written like `PortCall`, fields like `made`")
        }
        E::InvalidEscape(_) => "unknown escape in a string: `\\` is written `\\\\`".to_owned(),
        other => {
            let text = other.to_string();
            let mut chars = text.trim_end_matches('.').chars();
            match chars.next() {
                Some(first) => first.to_lowercase().chain(chars).collect(),
                None => "this is not RON".to_owned(),
            }
        }
    }
}

/// The text that is read, to turn borrowed slices into places.
#[derive(Clone, Copy)]
struct Place<'s> {
    text: &'s str,
    file: FileId,
    /// The place of the text in the file.
    base: u32,
    /// Whether what is read stays for long.
    lasts: bool,
}

impl<'s> Place<'s> {
    fn span(&self, start: usize, end: usize) -> Span {
        // `Sources` refuses files of 4 GiB and more.
        let at = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).wrapping_add(self.base);
        Span { file: self.file, start: at(start), end: at(end) }
    }

    /// Where in the text a place of the file is.
    fn within(&self, at: u32) -> usize {
        at.wrapping_sub(self.base) as usize
    }

    /// The place of `part`, if it is a slice of the text.
    fn locate(&self, part: &str) -> Option<Span> {
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let end = start.checked_add(part.len())?;
        (end <= self.text.len()).then(|| self.span(start, end))
    }

    /// The first byte of the value that follows the field name ending at `from`.
    fn peek(&self, from: usize) -> (usize, u8) {
        let bytes = self.text.as_bytes();
        // The usual case, `name: value`.
        if let (Some(b':'), Some(b' '), Some(&next)) = (bytes.get(from), bytes.get(from + 1), bytes.get(from + 2))
            && !next.is_ascii_whitespace()
            && next != b'/'
        {
            return (from + 2, next);
        }
        let value = tokens(self.text, from).find(|it| it.is_significant() && it.kind != TokenKind::Colon);
        value.map_or((self.text.len(), 0), |it| (it.start, bytes.get(it.start).copied().unwrap_or(0)))
    }

    /// Whether a round bracket follows the name ending at `from`.
    fn opens(&self, from: usize) -> bool {
        match self.text.as_bytes().get(from) {
            // The usual cases, `Name(` and `name,`.
            Some(b'(') => true,
            Some(b',' | b')' | b']') => false,
            _ => tokens(self.text, from).find(Token::is_significant).is_some_and(|it| it.kind == TokenKind::Open(b'(')),
        }
    }

    /// The name before the bracket of the struct whose first field stands at `field`, and its place. No other field's
    /// name stands between `from` and `field`.
    fn struct_name(&self, from: usize, field: usize) -> (&'s str, Span) {
        let before = self.text.get(from..field).unwrap_or("").trim_end();
        let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("");
        let name = match before.strip_suffix('(') {
            // The usual case: nothing between the bracket and the field. In a comment the bracket would be another.
            Some(head) if !line.contains("//") => {
                let head = head.trim_end();
                let start = head.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
                head.get(start..).unwrap_or("")
            }
            _ => self.struct_name_before_comment(from, field),
        };
        (name, self.locate(name).filter(|_| !name.is_empty()).unwrap_or(self.span(field, field)))
    }

    /// The same where a comment stands after the bracket. No text is read twice, since each stretch between two names
    /// is asked for once.
    fn struct_name_before_comment(&self, from: usize, field: usize) -> &'s str {
        let mut before: [Option<Token>; 2] = [None, None];
        for token in tokens(self.text, from).take_while(|it| it.start < field).filter(Token::is_significant) {
            before = [before[1], Some(token)];
        }
        match before {
            [Some(name), Some(_)] if name.kind == TokenKind::Word => self.text.get(name.start..name.end).unwrap_or(""),
            _ => "",
        }
    }
}

/// A struct in brackets without a name.
struct StructSeed<'s> {
    place: Place<'s>,
    name: &'s str,
}

impl<'s> DeserializeSeed<'s> for StructSeed<'s> {
    type Value = Record<'s>;

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<Record<'s>, D::Error> {
        deserializer.deserialize_struct("", &[], self)
    }
}

impl<'s> Visitor<'s> for StructSeed<'s> {
    type Value = Record<'s>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("`(field: value, …)`")
    }

    fn visit_map<A: MapAccess<'s>>(self, mut map: A) -> Result<Record<'s>, A::Error> {
        // Most of the memory that reading takes is here, so these are close to what people write.
        let mut fields = Vec::with_capacity(if self.name.is_empty() { 4 } else { 12 });
        while let Some(name) = map.next_key_seed(NameSeed)? {
            let name_span = self.place.locate(name).unwrap_or_default();
            let value = map.next_value_seed(FieldSeed {
                place: self.place,
                name,
                name_span,
                from: self.place.within(name_span.end),
            })?;
            fields.push(Field { name, name_span, value });
        }
        if self.place.lasts {
            fields.shrink_to_fit();
        }
        let span = match (self.place.locate(self.name), fields.first()) {
            (Some(span), _) if !self.name.is_empty() => span,
            (_, Some(first)) => first.name_span,
            _ => Span { file: self.place.file, ..Span::default() },
        };
        Ok(Record { name: self.name, span, fields })
    }
}

/// An identifier, borrowed from the text.
struct NameSeed;

impl<'s> DeserializeSeed<'s> for NameSeed {
    type Value = &'s str;

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<&'s str, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'s> Visitor<'s> for NameSeed {
    type Value = &'s str;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a field's name")
    }

    fn visit_borrowed_str<E>(self, name: &'s str) -> Result<&'s str, E> {
        Ok(name)
    }
}

/// The value of a field.
struct FieldSeed<'s> {
    place: Place<'s>,
    name: &'s str,
    name_span: Span,
    /// Where the field's name ends.
    from: usize,
}

impl<'s> DeserializeSeed<'s> for FieldSeed<'s> {
    type Value = Value<'s>;

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<Value<'s>, D::Error> {
        let (at, next) = self.place.peek(self.from);
        let visitor = ValueVisitor {
            place: self.place,
            from: at,
            fallback: self.name_span,
            records: next == b'[' && holds_records(self.name),
        };
        match next {
            b'"' => deserializer.deserialize_str(visitor),
            b'[' => deserializer.deserialize_seq(visitor),
            b'(' => {
                let record = StructSeed { place: self.place, name: "" }.deserialize(deserializer)?;
                Ok(Value { span: self.place.span(at, at + 1), shape: Shape::Struct(Box::new(record)) })
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' if is_plain_word(self.place.text, at) => {
                deserializer.deserialize_enum("", &[], visitor)
            }
            b'0'..=b'9' if is_plain_number(self.place.text, at) => deserializer.deserialize_u64(visitor),
            _ => deserializer.deserialize_any(visitor),
        }
    }
}

/// Whether what stands at `at` is digits and nothing else, few enough for a `u64`. For anything else `ron` finds out
/// what it is, which takes it several times as long.
fn is_plain_number(text: &str, at: usize) -> bool {
    let rest = text.as_bytes().get(at..).unwrap_or(&[]);
    let digits = rest.iter().take_while(|it| it.is_ascii_digit()).count();
    digits < 19 && matches!(rest.get(digits), Some(b',' | b')' | b']' | b' ' | b'\r' | b'\n'))
}

/// Whether the letter at `at` begins a word other than `true`, `false`, a raw string or bytes.
fn is_plain_word(text: &str, at: usize) -> bool {
    tokens(text, at).next().is_some_and(|it| {
        it.kind == TokenKind::Word && !matches!(text.get(it.start..it.end), Some("true" | "false" | "inf" | "NaN"))
    })
}

/// An element of a list.
struct ElementSeed<'s> {
    place: Place<'s>,
    /// A place before the element, from which tokens can be read, and after which no other field's name stands.
    from: usize,
    fallback: Span,
    records: bool,
}

impl<'s> DeserializeSeed<'s> for ElementSeed<'s> {
    type Value = Value<'s>;

    fn deserialize<D: Deserializer<'s>>(self, deserializer: D) -> Result<Value<'s>, D::Error> {
        let visitor = ValueVisitor { place: self.place, from: self.from, fallback: self.fallback, records: false };
        if self.records {
            deserializer.deserialize_enum("", &[], visitor)
        } else {
            deserializer.deserialize_any(visitor)
        }
    }
}

/// Where the last field's name inside a value ends; 0 if there is none. Values are as deep as `ron` lets them be.
fn last_name_end(value: &Value<'_>, place: Place<'_>) -> usize {
    match &value.shape {
        Shape::Struct(record) => {
            record.fields.last().map_or(0, |it| place.within(it.name_span.end).max(last_name_end(&it.value, place)))
        }
        Shape::List(list) => list.last().map_or(0, |it| last_name_end(it, place)),
        _ => 0,
    }
}

struct ValueVisitor<'s> {
    place: Place<'s>,
    /// A place at or before the value, from which tokens can be read.
    from: usize,
    /// The place of a value that `ron` gives none for.
    fallback: Span,
    /// Whether a list here is one of records.
    records: bool,
}

impl<'s> ValueVisitor<'s> {
    fn here(&self, shape: Shape<'s>) -> Value<'s> {
        Value { span: self.fallback, shape }
    }
}

impl<'s> Visitor<'s> for ValueVisitor<'s> {
    type Value = Value<'s>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'s str) -> Result<Value<'s>, E> {
        let span = self.place.locate(text).unwrap_or(self.fallback);
        Ok(Value { span, shape: Shape::Text(Cow::Borrowed(text)) })
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_string<E>(self, text: String) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Text(Cow::Owned(text))))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Bool(value)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Number(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'s>, E> {
        Ok(self.here(u64::try_from(number).map_or(Shape::Other, Shape::Number)))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Other))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Other))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Other))
    }

    fn visit_unit<E>(self) -> Result<Value<'s>, E> {
        // `()` is a struct that says nothing: a claim that takes all from the defaults.
        Ok(self.here(Shape::Struct(Box::new(Record { name: "", span: self.fallback, fields: Vec::new() }))))
    }

    fn visit_none<E>(self) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Other))
    }

    fn visit_some<D: Deserializer<'s>>(self, deserializer: D) -> Result<Value<'s>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Other))
    }

    fn visit_char<E>(self, c: char) -> Result<Value<'s>, E> {
        Ok(self.here(Shape::Text(Cow::Owned(c.to_string()))))
    }

    fn visit_seq<A: SeqAccess<'s>>(self, mut seq: A) -> Result<Value<'s>, A::Error> {
        let mut list = Vec::new();
        let mut from = self.from;
        let element = |from| ElementSeed { place: self.place, from, fallback: self.fallback, records: self.records };
        while let Some(value) = seq.next_element_seed(element(from))? {
            from = from.max(last_name_end(&value, self.place));
            list.push(value);
        }
        Ok(Value { span: self.fallback, shape: Shape::List(list) })
    }

    fn visit_map<A: MapAccess<'s>>(self, map: A) -> Result<Value<'s>, A::Error> {
        let mut record = StructSeed { place: self.place, name: "" }.visit_map(map)?;
        // `ron` drops the name before the bracket here.
        if let Some(first) = record.fields.first() {
            (record.name, record.span) = self.place.struct_name(self.from, self.place.within(first.name_span.start));
        }
        Ok(Value { span: record.span, shape: Shape::Struct(Box::new(record)) })
    }

    fn visit_enum<A: EnumAccess<'s>>(self, data: A) -> Result<Value<'s>, A::Error> {
        let (name, variant) = data.variant_seed(NameSeed)?;
        let span = self.place.locate(name).unwrap_or(self.fallback);
        if self.place.opens(self.place.within(span.end)) {
            let record = variant.struct_variant(&[], StructSeed { place: self.place, name })?;
            Ok(Value { span, shape: Shape::Struct(Box::new(record)) })
        } else {
            variant.unit_variant()?;
            Ok(Value { span, shape: Shape::Word(name) })
        }
    }
}
