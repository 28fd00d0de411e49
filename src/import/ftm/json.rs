//! One line of JSON, borrowed from the line wherever it has no escapes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The name under which serde_json hands over a number with all its digits.
const NUMBER: &str = "$serde_json::private::Number";

/// A value of JSON. Numbers keep the digits that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json<'l> {
    Null,
    Bool(bool),
    Number(String),
    Text(Cow<'l, str>),
    List(Vec<Json<'l>>),
    Object(Vec<(Cow<'l, str>, Json<'l>)>),
}

impl<'l> Json<'l> {
    /// Reads a line.
    pub(super) fn read(line: &'l [u8]) -> serde_json::Result<Json<'l>> {
        let mut reader = serde_json::Deserializer::from_slice(line);
        let value = Seed.deserialize(&mut reader)?;
        reader.end()?;
        Ok(value)
    }
}

impl fmt::Display for Json<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |it: &str| serde_json::Value::from(it).to_string();
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(it) => write!(out, "{it}"),
            Json::Number(it) => out.write_str(it),
            Json::Text(it) => out.write_str(&text(it)),
            Json::List(list) => {
                out.write_str("[")?;
                for (at, it) in list.iter().enumerate() {
                    write!(out, "{}{it}", if at > 0 { "," } else { "" })?;
                }
                out.write_str("]")
            }
            Json::Object(fields) => {
                out.write_str("{")?;
                for (at, (name, it)) in fields.iter().enumerate() {
                    write!(out, "{}{}:{it}", if at > 0 { "," } else { "" }, text(name))?;
                }
                out.write_str("}")
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Seed;

impl<'l> DeserializeSeed<'l> for Seed {
    type Value = Json<'l>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Json<'l>, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'l> Visitor<'l> for Seed {
    type Value = Json<'l>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'l>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'l>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'l>, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'l>, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_borrowed_str<E>(self, value: &'l str) -> Result<Json<'l>, E> {
        Ok(Json::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json<'l>, E> {
        Ok(Json::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'l>>(self, mut items: A) -> Result<Json<'l>, A::Error> {
        let mut list = Vec::new();
        while let Some(it) = items.next_element_seed(Seed)? {
            list.push(it);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'l>>(self, mut items: A) -> Result<Json<'l>, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = items.next_key_seed(Key)? {
            fields.push((name, items.next_value_seed(Seed)?));
        }
        // Somebody may write an object with this name, so only what is a number is taken for one.
        if let [(name, Json::Text(number))] = &mut fields[..]
            && name == NUMBER
            && is_number(number)
        {
            return Ok(Json::Number(std::mem::take(number).into_owned()));
        }
        Ok(Json::Object(fields))
    }
}

/// Whether a text is a number as JSON writes it.
fn is_number(text: &str) -> bool {
    text.bytes().next().is_some_and(|it| it == b'-' || it.is_ascii_digit())
        && text.bytes().next_back().is_some_and(|it| it.is_ascii_digit())
        && serde_json::from_str::<serde_json::Number>(text).is_ok()
}

struct Key;

impl<'l> DeserializeSeed<'l> for Key {
    type Value = Cow<'l, str>;

    fn deserialize<D: Deserializer<'l>>(self, reader: D) -> Result<Cow<'l, str>, D::Error> {
        reader.deserialize_str(self)
    }
}

impl<'l> Visitor<'l> for Key {
    type Value = Cow<'l, str>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'l str) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Cow<'l, str>, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

/// The text of a value, as FollowTheMoney takes it: numbers and truth values are text too.
pub(super) fn text(value: Json<'_>) -> Option<Cow<'_, str>> {
    match value {
        Json::Text(it) => Some(it),
        Json::Number(it) => Some(Cow::Owned(it)),
        Json::Bool(it) => Some(Cow::Borrowed(if it { "true" } else { "false" })),
        Json::Null | Json::List(_) | Json::Object(_) => None,
    }
}

/// An error of reading without the place within the line's own numbering of lines, which is always 1.
pub(super) fn problem(error: &serde_json::Error) -> (String, usize) {
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default().to_owned();
    (words, error.column())
}

impl Json<'_> {
    /// An error that says what was expected, for a line that is JSON and no entity.
    pub(super) fn expected(what: &str) -> serde_json::Error {
        serde_json::Error::custom(format!("expected {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        let line = r#"{"a":[1.50,true,null,"x\"y"],"b":{"c":12345678901234567890123}}"#;
        assert_eq!(Json::read(line.as_bytes()).expect("JSON").to_string(), line);
        assert!(Json::read(b"{} {}").is_err() && Json::read(b"{\"a\":").is_err());
    }

    #[test]
    fn nobody_slips_json_in_by_the_name_that_numbers_have_inside() {
        for line in [
            r#"{"a":{"$serde_json::private::Number":"1}, \"b\": {\"c\":1"}}"#,
            r#"{"a":{"$serde_json::private::Number":" 1 "}}"#,
            r#"{"a":{"$serde_json::private::Number":["1"],"b":null}}"#,
            r#"{"a":{"b":null,"$serde_json::private::Number":"1"}}"#,
            r#"{"a":{"$serde_json::private::Number":"1","b":null}}"#,
        ] {
            assert_eq!(Json::read(line.as_bytes()).expect("JSON").to_string(), line);
        }
    }

    #[test]
    fn a_depth_that_would_end_the_stack_is_an_error() {
        let line = "[".repeat(100_000);
        assert!(Json::read(line.as_bytes()).is_err());
    }
}
