//! XML of networks, element by element: nothing outside the file is read, and a broken place ends the reading there.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::input::ImportOptions;

/// The attributes of a tag, by their names without a prefix.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute, unless it is blank.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == name).map(|(_, value)| value.trim()).filter(|it| !it.is_empty())
    }
}

/// What is told of the elements of a file, in their order.
pub(super) trait Elements {
    /// An element begins.
    fn open(
        &mut self,
        name: &str,
        attributes: Attributes,
        line: u64,
        findings: &mut ImportFindings,
    ) -> std::io::Result<()>;
    /// It ends; the text is what stands directly in it.
    fn close(&mut self, name: &str, text: &str, line: u64, findings: &mut ImportFindings) -> std::io::Result<()>;
}

/// The text of a file: UTF-8 and UTF-16 by their marks, else what the declaration names, else UTF-8. A line of what should be
/// UTF-8 and is not is read as windows-1252, and reported.
pub(super) fn decode(bytes: Vec<u8>, findings: &mut ImportFindings) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return if encoding == encoding_rs::UTF_8 { utf8(rest, findings) } else { by(encoding, rest, findings) };
    }
    let head = String::from_utf8_lossy(bytes.get(..200.min(bytes.len())).unwrap_or_default()).into_owned();
    let declared = head.strip_prefix("<?xml").and_then(|it| it.split_once("?>")).and_then(|(it, _)| {
        let (_, value) = it.split_once("encoding")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next()?;
        value.get(1..)?.split(quote).next().map(str::to_owned)
    });
    let Some(label) = declared else { return utf8(&bytes, findings) };
    match encoding_rs::Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == encoding_rs::UTF_8 => utf8(&bytes, findings),
        // Without a mark it cannot be UTF-16: the declaration was legible.
        Some(encoding) if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE => {
            utf8(&bytes, findings)
        }
        Some(encoding) => by(encoding, &bytes, findings),
        None => {
            let message = format!("the encoding `{label}` is not known: the file is read as UTF-8");
            findings.at(Some(1)).report(ImportCode::Encoding, message, None);
            utf8(&bytes, findings)
        }
    }
}

fn by(encoding: &'static encoding_rs::Encoding, bytes: &[u8], findings: &mut ImportFindings) -> String {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        let message = format!("bytes that are no {}: U+FFFD stands for them", encoding.name());
        findings.at(None).report(ImportCode::Encoding, message, None);
    }
    text.into_owned()
}

fn utf8(bytes: &[u8], findings: &mut ImportFindings) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(bytes.len());
    for (line, number) in bytes.split_inclusive(|it| *it == b'\n').zip(1_u64..) {
        match std::str::from_utf8(line) {
            Ok(line) => out.push_str(line),
            Err(_) => {
                let message = "a line that is no UTF-8 is read as windows-1252";
                findings.at(Some(number)).report(ImportCode::Encoding, message, None);
                out.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(line).0);
            }
        }
    }
    out
}

/// Tells all elements. Entities that a document type declares are never resolved, nor is anything fetched.
pub(super) fn walk(
    text: &str,
    options: &ImportOptions,
    findings: &mut ImportFindings,
    elements: &mut dyn Elements,
) -> std::io::Result<()> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut open: Vec<(String, String)> = Vec::new();
    let mut too_long = false;
    loop {
        let event = reader.read_event();
        let line = lines.of(reader.buffer_position());
        match event {
            Ok(Event::Start(tag)) => {
                if open.len() >= options.max_depth {
                    let message = format!(
                        "elements stand more than {} deep in each other: what follows is not read",
                        options.max_depth
                    );
                    findings.at(Some(line)).report(ImportCode::TooLarge, message, None);
                    return Ok(());
                }
                let name = local(&tag);
                elements.open(&name, attributes(&tag, options, line, findings), line, findings)?;
                open.push((name, String::new()));
            }
            Ok(Event::Empty(tag)) => {
                let name = local(&tag);
                elements.open(&name, attributes(&tag, options, line, findings), line, findings)?;
                elements.close(&name, "", line, findings)?;
            }
            Ok(Event::End(_)) => {
                if let Some((name, text)) = open.pop() {
                    if std::mem::take(&mut too_long) {
                        let message = format!("a text is longer than {} bytes and is left out", options.max_line);
                        findings.at(Some(line)).report(ImportCode::TooLarge, message, None);
                        elements.close(&name, "", line, findings)?;
                    } else {
                        elements.close(&name, text.trim(), line, findings)?;
                    }
                }
            }
            Ok(Event::Text(it)) => push(&mut open, &it.xml_content(XmlVersion::Explicit1_0), options, &mut too_long),
            Ok(Event::CData(it)) => push(&mut open, &it.xml_content(XmlVersion::Explicit1_0), options, &mut too_long),
            Ok(Event::GeneralRef(it)) => {
                let resolved = match it.resolve_char_ref() {
                    Ok(Some(c)) => Some(c.to_string()),
                    _ => quick_xml::escape::resolve_predefined_entity(&it).map(str::to_owned),
                };
                let text = resolved.unwrap_or_else(|| {
                    let message = format!("`&{};` is not resolved and stands as it is", &*it);
                    findings.at(Some(line)).report(ImportCode::Kept, message, None);
                    format!("&{};", &*it)
                });
                push(&mut open, &text, options, &mut too_long);
            }
            Ok(Event::DocType(_)) => {
                let message = "a document type definition is not read, and what it declares is never resolved";
                findings.at(Some(line)).report(ImportCode::Kept, message, None);
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_)) => {}
            Ok(Event::Eof) => {
                if let Some((name, _)) = open.last() {
                    let message = format!("the file ends before the end of `{name}`");
                    let help = "what stands before is read; is the file cut short?".to_owned();
                    findings.at(Some(line)).report(ImportCode::Unreadable, message, Some(help));
                }
                return Ok(());
            }
            Err(error) => {
                let message = format!("this is no XML: {error}");
                let help = "what stands before is read, what follows is not".to_owned();
                findings.at(Some(line)).report(ImportCode::Syntax, message, Some(help));
                return Ok(());
            }
        }
    }
}

/// Counts lines as reading goes on.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: u64) -> u64 {
        let to = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..to).unwrap_or_default();
        self.line += passed.iter().filter(|it| **it == b'\n').count() as u64;
        self.at = self.at.max(to);
        self.line
    }
}

fn push(open: &mut [(String, String)], text: &str, options: &ImportOptions, too_long: &mut bool) {
    if let Some((_, all)) = open.last_mut() {
        if all.len() + text.len() > options.max_line {
            *too_long = true;
        } else {
            all.push_str(text);
        }
    }
}

fn local(tag: &BytesStart<'_>) -> String {
    without_prefix(tag.name().as_ref())
}

fn without_prefix(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_owned()
}

fn attributes(tag: &BytesStart<'_>, options: &ImportOptions, line: u64, findings: &mut ImportFindings) -> Attributes {
    let mut found = Vec::new();
    for it in tag.attributes() {
        let Ok(it) = it else {
            findings.at(Some(line)).report(ImportCode::Syntax, "an attribute that cannot be read is left out", None);
            continue;
        };
        let value = it.normalized_value(XmlVersion::Explicit1_0);
        let value = value.map_or_else(
            |_| {
                let message = format!("`{}` holds a reference that is not resolved and stands as it is", it.value);
                findings.at(Some(line)).report(ImportCode::Kept, message, None);
                it.value.to_string()
            },
            |value| value.into_owned(),
        );
        if value.len() > options.max_line {
            let message = format!("an attribute is longer than {} bytes and is left out", options.max_line);
            findings.at(Some(line)).report(ImportCode::TooLarge, message, None);
            continue;
        }
        found.push((without_prefix(it.key.as_ref()), value));
    }
    Attributes(found)
}
