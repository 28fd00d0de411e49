//! Records as bytes, for a file without a name in which they wait: so no line is read as JSON twice.

use std::borrow::Cow;

use super::record::{Field, Origin, Record};

/// Adds a record: numbers as LEB128, texts behind their lengths.
pub(super) fn pack(record: &Record<'_>, out: &mut Vec<u8>) {
    number(record.origin.file.into(), out);
    number(record.origin.line, out);
    text(&record.id, out);
    text(record.schema(), out);
    number(record.properties.len() as u64, out);
    for (name, values) in &record.properties {
        text(name, out);
        list(values, out);
    }
    number(record.fields.len() as u64, out);
    for (name, field) in &record.fields {
        text(name, out);
        match field {
            Field::Text(it) => {
                out.push(0);
                text(it, out);
            }
            Field::List(it) => {
                out.push(1);
                list(it, out);
            }
            Field::Other(it) => {
                out.push(2);
                text(it, out);
            }
        }
    }
}

/// The record that was packed; `None` if the bytes are something else.
pub(super) fn unpack(bytes: &[u8]) -> Option<Record<'_>> {
    let mut rest = Rest(bytes);
    let origin = Origin { file: u32::try_from(rest.number()?).ok()?, line: rest.number()? };
    let mut record = Record::new(origin, rest.text()?, rest.text()?);
    let count = rest.count()?;
    record.properties.reserve(count);
    for _ in 0..count {
        record.properties.push((rest.text()?, rest.list()?));
    }
    let count = rest.count()?;
    record.fields.reserve(count);
    for _ in 0..count {
        let name = rest.text()?;
        let field = match rest.byte()? {
            0 => Field::Text(rest.text()?),
            1 => Field::List(rest.list()?),
            _ => Field::Other(rest.text()?.into_owned()),
        };
        record.fields.push((name, field));
    }
    rest.0.is_empty().then_some(record)
}

fn number(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(0x80 | u8::try_from(number & 0x7f).unwrap_or_default());
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

fn list(list: &[Cow<'_, str>], out: &mut Vec<u8>) {
    number(list.len() as u64, out);
    list.iter().for_each(|it| text(it, out));
}

struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number of things of which each takes a byte at least.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|it| *it <= self.0.len())
    }

    fn text(&mut self) -> Option<Cow<'b, str>> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok().map(Cow::Borrowed)
    }

    fn list(&mut self) -> Option<Vec<Cow<'b, str>>> {
        let count = self.count()?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(self.text()?);
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was() {
        let origin = Origin { file: 3, line: 1 << 40 };
        let mut record = Record::new(origin, "NK-1".into(), "Person".into());
        record.add("name".into(), ["Ännchen".into(), "x".repeat(300).into()]);
        record.fields.push(("datasets".into(), Field::List(vec!["a".into()])));
        record.fields.push(("caption".into(), Field::Text("".into())));
        record.fields.push(("target".into(), Field::Other("true".to_owned())));
        let mut bytes = Vec::new();
        pack(&record, &mut bytes);
        assert_eq!(unpack(&bytes), Some(record));
        assert!((0..bytes.len()).all(|it| unpack(&bytes[..it]).is_none()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_record_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = unpack(&bytes);
        }
    }
}
