//! Terms of RDF and the two ways to write them down. Whatever comes from outside is escaped here and nowhere else.

use std::fmt::Write as _;
use std::io::{self, Write};

/// A term. IRIs are made of [`iri_part`]s, so that they need no escaping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// An address, in full.
    Iri(String),
    /// A node without a name; letters, digits.
    Blank(String),
    /// A text.
    Text(String),
    /// A text in a language.
    In(String, String),
    /// A value of a type, whose address is the second.
    Typed(String, &'static str),
    /// A statement that is not made, only spoken of.
    Triple(Box<[Term; 3]>),
}

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";

impl Term {
    pub(super) fn truth() -> Term {
        Term::Typed("true".to_owned(), "http://www.w3.org/2001/XMLSchema#boolean")
    }

    pub(super) fn integer(it: u64) -> Term {
        Term::Typed(it.to_string(), "http://www.w3.org/2001/XMLSchema#integer")
    }

    pub(super) fn decimal(it: impl ToString) -> Term {
        Term::Typed(it.to_string(), "http://www.w3.org/2001/XMLSchema#decimal")
    }

    pub(super) fn day(it: impl ToString) -> Term {
        Term::Typed(it.to_string(), "http://www.w3.org/2001/XMLSchema#date")
    }

    /// A date or period of ISO 8601-2.
    pub(super) fn edtf(it: String) -> Term {
        Term::Typed(it, "http://id.loc.gov/datatypes/edtf/EDTF")
    }
}

/// `text` as a part of an IRI: what is neither a letter nor a digit nor one of `-._~/` is percent-encoded.
pub(super) fn iri_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Where statements go.
pub(super) trait Statements {
    /// A statement, in a graph or in none.
    fn state(&mut self, subject: &Term, predicate: &str, object: &Term, graph: Option<&Term>) -> io::Result<()>;
    /// Ends the last line.
    fn end(&mut self) -> io::Result<()>;
}

/// Turtle: statements about one subject stand together. It has no graphs.
pub(super) struct Turtle<'a> {
    out: &'a mut dyn Write,
    prefixes: &'a [(&'a str, &'a str)],
    subject: Option<Term>,
}

impl<'a> Turtle<'a> {
    pub(super) fn new(prefixes: &'a [(&'a str, &'a str)], out: &'a mut dyn Write) -> io::Result<Turtle<'a>> {
        for (prefix, address) in prefixes {
            writeln!(out, "@prefix {prefix}: <{address}> .")?;
        }
        Ok(Turtle { out, prefixes, subject: None })
    }

    fn iri(&self, iri: &str) -> String {
        let short = self.prefixes.iter().find_map(|(prefix, address)| {
            let local = iri.strip_prefix(address)?;
            let plain = local.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_' || it == b'-');
            let begins = local.bytes().next().is_some_and(|it| it.is_ascii_alphabetic());
            (plain && begins && !local.ends_with('-')).then(|| format!("{prefix}:{local}"))
        });
        short.unwrap_or_else(|| format!("<{iri}>"))
    }

    fn term(&self, term: &Term) -> String {
        match term {
            Term::Iri(iri) => self.iri(iri),
            Term::Typed(text, kind) if matches!(kind.strip_prefix(XSD), Some("boolean" | "integer")) => text.clone(),
            Term::Typed(text, kind) => format!("{}^^{}", quoted(text), self.iri(kind)),
            Term::Triple(triple) => {
                let [subject, predicate, object] = triple.as_ref();
                format!("<<( {} {} {} )>>", self.term(subject), self.term(predicate), self.term(object))
            }
            other => plain(other),
        }
    }
}

impl Statements for Turtle<'_> {
    fn state(&mut self, subject: &Term, predicate: &str, object: &Term, _: Option<&Term>) -> io::Result<()> {
        let object = self.term(object);
        let predicate = if predicate == super::TYPE { "a".to_owned() } else { self.iri(predicate) };
        if self.subject.as_ref() == Some(subject) {
            return write!(self.out, " ;\n    {predicate} {object}");
        }
        self.end()?;
        self.subject = Some(subject.clone());
        let subject = self.term(subject);
        write!(self.out, "\n{subject} {predicate} {object}")
    }

    fn end(&mut self) -> io::Result<()> {
        if self.subject.take().is_some() { self.out.write_all(b" .\n") } else { Ok(()) }
    }
}

/// N-Quads: a line a statement.
pub(super) struct Nquads<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Nquads<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Nquads<'a> {
        Nquads { out }
    }
}

impl Statements for Nquads<'_> {
    fn state(&mut self, subject: &Term, predicate: &str, object: &Term, graph: Option<&Term>) -> io::Result<()> {
        write!(self.out, "{} <{predicate}> {}", plain(subject), plain(object))?;
        match graph {
            Some(graph) => writeln!(self.out, " {} .", plain(graph)),
            None => self.out.write_all(b" .\n"),
        }
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A term without prefixes.
fn plain(term: &Term) -> String {
    match term {
        Term::Iri(iri) => format!("<{iri}>"),
        Term::Blank(label) => format!("_:{label}"),
        Term::Text(text) => quoted(text),
        Term::In(text, language) if is_language(language) => format!("{}@{language}", quoted(text)),
        Term::In(text, _) => quoted(text),
        Term::Typed(text, kind) => format!("{}^^<{kind}>", quoted(text)),
        Term::Triple(triple) => {
            let [subject, predicate, object] = triple.as_ref();
            format!("<<( {} {} {} )>>", plain(subject), plain(predicate), plain(object))
        }
    }
}

/// A language tag as RDF has it; what else stands for one in the data is dropped.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let part = |it: &str| (1..=8).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_alphanumeric());
    parts.next().is_some_and(|it| part(it) && it.bytes().all(|b| b.is_ascii_alphabetic())) && parts.all(part)
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Characters that no reader should meet raw; the last two are no characters of XML, which triples may become.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted() {
        for (text, expected) in [
            ("North Korea", r#""North Korea""#),
            ("a\"b\\c\nd\te\r", r#""a\"b\\c\nd\te\r""#),
            ("\0 \u{1b} \u{7f} \u{85} \u{ffff}", "\"\\u0000 \\u001B \\u007F \\u0085 \\uFFFF\""),
            ("> . <x> <y> \"z\"@en", r#""> . <x> <y> \"z\"@en""#),
            ("북한 🚀 \u{200d}", "\"북한 🚀 \u{200d}\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn addresses_and_languages_hold_nothing_else() {
        assert_eq!(iri_part("a6/missile"), "a6/missile");
        assert_eq!(iri_part("x> <y \"{}|^`\\é"), "x%3E%20%3Cy%20%22%7B%7D%7C%5E%60%5C%C3%A9");
        for (tag, is) in [
            ("en", true),
            ("zh-Hant", true),
            ("", false),
            ("e n", false),
            ("en-", false),
            ("1", false),
            ("abcdefghi", false),
        ] {
            assert_eq!(is_language(tag), is, "{tag}");
        }
    }

    #[test]
    fn statements_about_one_subject_stand_together() {
        let mut out = Vec::new();
        let prefixes = [("p", "http://example.org/p#")];
        let mut turtle = Turtle::new(&prefixes, &mut out).unwrap();
        let subject = Term::Iri("http://example.org/p#s".to_owned());
        turtle.state(&subject, "http://example.org/p#x", &Term::integer(1), None).unwrap();
        turtle.state(&subject, "http://example.org/p#y-", &Term::In("a".to_owned(), "en".to_owned()), None).unwrap();
        turtle.end().unwrap();
        let expected =
            "@prefix p: <http://example.org/p#> .\n\np:s p:x 1 ;\n    <http://example.org/p#y-> \"a\"@en .\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
