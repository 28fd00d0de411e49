//! XML of lists, record by record: each record is cut out of the stream and read by itself, so that memory is bound by the
//! largest record, and a broken one costs no other.
//!
//! Nothing outside the file is ever read: a document type definition is skipped and reported, and a reference to an entity
//! that it declares stays as it is written, so there is nothing that could expand.

use std::io::{self, BufRead};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::super::findings::{ImportCode, ImportFindings};
use super::decode::{Damage, decode};
use super::{ListOptions, unreadable};

/// An element, read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Node {
    /// The name without a prefix.
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The text that stands in it directly, with runs of white space as one space.
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The children of a name.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |it| it.name == name)
    }

    /// The text of the first child of a name, unless it is blank.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.children.iter().filter(|it| it.name == name).map(|it| it.text.as_str()).find(|it| !it.is_empty())
    }

    /// An attribute, by its name without a prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(it, _)| it == name).map(|(_, value)| value.trim())
    }

    /// Whether neither it nor anything in it says anything.
    pub(super) fn is_blank(&self) -> bool {
        self.text.is_empty()
            && self.attributes.iter().all(|(_, it)| it.is_empty())
            && self.children.iter().all(Node::is_blank)
    }

    /// All that it says, each text with its path below this element: `city: Goma`.
    pub(super) fn texts(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        self.collect("", &mut out);
        out
    }

    fn collect(&self, path: &str, out: &mut Vec<(String, String)>) {
        if !self.text.is_empty() {
            out.push((path.to_owned(), self.text.clone()));
        }
        for (name, value) in self.attributes.iter().filter(|(_, value)| !value.is_empty()) {
            out.push((format!("{path}@{name}"), value.clone()));
        }
        for child in &self.children {
            let path = if path.is_empty() { child.name.clone() } else { format!("{path}/{}", child.name) };
            child.collect(&path, out);
        }
    }
}

/// What a stream of records consists of.
pub(super) enum Part {
    /// A record, and the line in which it begins.
    Record(Node, u64),
    /// An element before the first record or between records, without what stands in it: the root with its attributes,
    /// wrappers, and simple elements with their text.
    Frame(Node, u64),
}

/// Cuts a stream into records.
pub(super) struct Records<'r> {
    input: &'r mut dyn BufRead,
    names: &'static [&'static str],
    /// A record may be so many bytes long.
    limit: usize,
    /// Elements may stand so deep in each other.
    depth: usize,
    /// The line in which the next byte stands.
    line: u64,
    /// The tag that was read last, of one that is too long its beginning; and the line in which it begins.
    tag: Vec<u8>,
    tag_line: u64,
    damage: Damage,
    /// The line of a document type definition, and whether it was reported.
    dtd: Option<u64>,
    told_of_dtd: bool,
    /// Why the input ended before its end.
    failed: Option<io::Error>,
}

/// Where in its text the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Tag,
    Comment,
    /// CDATA.
    Section,
    Instruction,
}

impl<'r> Records<'r> {
    /// Records are the elements of these names, wherever they stand.
    pub(super) fn new(
        input: &'r mut dyn BufRead,
        names: &'static [&'static str],
        options: &ListOptions,
    ) -> Records<'r> {
        Records {
            input,
            names,
            limit: options.max_record,
            depth: options.max_depth,
            line: 1,
            tag: Vec::new(),
            tag_line: 1,
            damage: Damage::default(),
            dtd: None,
            told_of_dtd: false,
            failed: None,
        }
    }

    /// Gives all parts to `take`, and what is wrong to `findings`.
    ///
    /// # Errors
    ///
    /// The input or what takes the parts fails.
    pub(super) fn read(
        mut self,
        findings: &mut ImportFindings,
        take: &mut dyn FnMut(Part, &mut ImportFindings) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut open: Vec<(String, u64)> = Vec::new();
        while self.next_tag(None) {
            self.tell_of_dtd(findings);
            let tag = std::mem::take(&mut self.tag);
            if tag.len() > self.limit {
                too_large(self.tag_line, self.limit, findings);
                continue;
            }
            let name = tag_name(&tag);
            if let Some(closed) = name.strip_prefix('/') {
                if open.last().is_some_and(|(it, _)| it == closed) {
                    open.pop();
                }
            } else if name.is_empty() || tag.starts_with(b"<!") {
            } else if self.names.contains(&local(&name)) {
                let begins = self.line;
                if let Some(node) = self.record(tag, &name, findings) {
                    take(Part::Record(node, begins), findings)?;
                }
            } else if !tag.ends_with(b"/>") {
                let begins = self.line;
                if open.len() >= self.depth {
                    let message = format!("elements stand more than {} deep in each other", self.depth);
                    let help = "what follows is not read".to_owned();
                    findings.at(Some(begins)).report(ImportCode::TooLarge, message, Some(help));
                    self.damage.report(findings);
                    return Ok(());
                }
                let mut node = self.frame(&tag, begins, findings);
                // A simple element of the frame has its text before the next tag.
                let mut text = Vec::new();
                self.peek_text(&mut text);
                node.text = squeezed(&decode(&text, begins, &mut self.damage));
                open.push((name.clone(), begins));
                take(Part::Frame(node, begins), findings)?;
            }
        }
        self.tell_of_dtd(findings);
        if let Some(error) = &self.failed {
            unreadable(error, Some(self.line), findings);
        } else if let Some((name, line)) = open.first() {
            let message = format!("the file ends before the end of `{name}`, which begins in line {line}");
            findings.at(Some(self.line)).report(
                ImportCode::Unreadable,
                message,
                Some("the records before it are read; is the file cut short?".to_owned()),
            );
        }
        self.damage.report(findings);
        Ok(())
    }

    fn tell_of_dtd(&mut self, findings: &mut ImportFindings) {
        let Some(line) = self.dtd else { return };
        if !std::mem::replace(&mut self.told_of_dtd, true) {
            findings.at(Some(line)).report(
                ImportCode::Syntax,
                "a document type definition: it is not read, and entities that it declares are never resolved",
                Some("the published lists have none; where does this file come from?".to_owned()),
            );
        }
    }

    /// The rest of a record whose first tag was read.
    fn record(&mut self, tag: Vec<u8>, name: &str, findings: &mut ImportFindings) -> Option<Node> {
        let mut line = self.line;
        let mut bytes = tag;
        if bytes.ends_with(b"/>") {
            // All that it says stands in its attributes.
            let text = decode(&bytes, line, &mut self.damage);
            return parse(&text, line, self.depth, findings);
        }
        let closing = format!("/{name}");
        loop {
            if !self.next_tag(Some(&mut bytes)) {
                if self.failed.is_none() {
                    let message = format!("the file ends within the `{name}` that begins here");
                    let help = "the records before it are read; is the file cut short?".to_owned();
                    findings.at(Some(line)).report(ImportCode::Unreadable, message, Some(help));
                }
                return None;
            }
            let next = tag_name(&self.tag);
            if next == closing {
                break;
            }
            // No record stands within one of its kind: the end of this one is damaged, and the next must not go with it.
            if next == name {
                let message = format!("the `{name}` that begins here has no end before the next one");
                findings.at(Some(line)).report(ImportCode::Syntax, message, Some("the record is left out".to_owned()));
                bytes.clone_from(&self.tag);
                line = self.tag_line;
            }
        }
        if bytes.len() > self.limit {
            too_large(line, self.limit, findings);
            return None;
        }
        let text = decode(&bytes, line, &mut self.damage);
        parse(&text, line, self.depth, findings)
    }

    /// An element of the frame, of which only the tag is read.
    fn frame(&mut self, tag: &[u8], line: u64, findings: &mut ImportFindings) -> Node {
        let text = decode(tag, line, &mut self.damage);
        let closed = text.strip_suffix('>').map(|it| format!("{it}/>"));
        closed.and_then(|it| parse(&it, line, self.depth, findings)).unwrap_or_default()
    }

    /// Reads up to and with the end of the next tag, and adds all that is read to `all`, up to a byte more than the limit. What
    /// looks like a tag in a comment or in CDATA is none. False at the end of the input.
    fn next_tag(&mut self, mut all: Option<&mut Vec<u8>>) -> bool {
        self.tag.clear();
        let mut place = Place::Text;
        // How many of the signs that end a comment or CDATA stand before the next byte.
        let mut signs = 0_u8;
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.failed.get_or_insert(error);
                    return false;
                }
            };
            if bytes.is_empty() {
                return false;
            }
            let (mut used, mut done) = (0, false);
            while let Some(byte) = bytes.get(used).copied().filter(|_| !done) {
                if place == Place::Text && byte != b'<' {
                    let rest = bytes.get(used..).unwrap_or_default();
                    let length = memchr::memchr(b'<', rest).unwrap_or(rest.len());
                    self.line = self.line.saturating_add(lines(rest.get(..length).unwrap_or_default()));
                    used += length;
                    continue;
                }
                used += 1;
                self.line = self.line.saturating_add(u64::from(byte == b'\n'));
                let (sign, least) = match place {
                    Place::Text | Place::Tag => {
                        if byte == b'<' {
                            // Declarations stand within a document type definition.
                            if self.tag.starts_with(b"<!") {
                                self.dtd.get_or_insert(self.tag_line);
                            }
                            self.tag.clear();
                            self.tag_line = self.line;
                        }
                        if self.tag.len() <= self.limit {
                            self.tag.push(byte);
                        }
                        place = match self.tag.as_slice() {
                            b"<!--" => Place::Comment,
                            b"<![CDATA[" => Place::Section,
                            b"<?" => Place::Instruction,
                            _ => Place::Tag,
                        };
                        done = byte == b'>';
                        signs = 0;
                        continue;
                    }
                    Place::Comment => (b'-', 2),
                    Place::Section => (b']', 2),
                    Place::Instruction => (b'?', 1),
                };
                if byte == b'>' && signs >= least {
                    place = Place::Text;
                    self.tag.clear();
                }
                signs = if byte == sign { signs.saturating_add(1) } else { 0 };
            }
            if let Some(all) = &mut all {
                let room = self.limit.saturating_add(1).saturating_sub(all.len());
                all.extend_from_slice(bytes.get(..used.min(room)).unwrap_or_default());
            }
            self.input.consume(used);
            if done {
                if self.tag.starts_with(b"<!") {
                    self.dtd.get_or_insert(self.tag_line);
                }
                return true;
            }
        }
    }

    /// The text up to the next tag, as far as it is at hand, without taking it.
    fn peek_text(&mut self, text: &mut Vec<u8>) {
        // An error comes again with the next byte.
        let bytes = self.input.fill_buf().unwrap_or_default();
        if let Some(at) = bytes.iter().position(|byte| *byte == b'<') {
            text.extend_from_slice(bytes.get(..at).unwrap_or_default());
        }
    }
}

fn too_large(line: u64, limit: usize, findings: &mut ImportFindings) {
    let message = format!("what begins here is longer than {limit} bytes and is left out");
    findings.at(Some(line)).report(ImportCode::TooLarge, message, None);
}

fn lines(bytes: &[u8]) -> u64 {
    let count = bytes.iter().filter(|byte| **byte == b'\n').count();
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// `name` of `<name a="b">`, `/name` of `</name>`.
fn tag_name(tag: &[u8]) -> String {
    let name: Vec<u8> = tag
        .iter()
        .skip(1)
        .copied()
        .enumerate()
        .take_while(|(at, byte)| !byte.is_ascii_whitespace() && *byte != b'>' && (*at == 0 || *byte != b'/'))
        .map(|(_, byte)| byte)
        .collect();
    String::from_utf8_lossy(&name).into_owned()
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One element with all that stands in it.
fn parse(text: &str, first: u64, depth: usize, findings: &mut ImportFindings) -> Option<Node> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut stack: Vec<Node> = Vec::new();
    let broken = |reader: &Reader<&[u8]>, what: String, findings: &mut ImportFindings| {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).min(text.len());
        let line = first.saturating_add(lines(text.as_bytes().get(..at).unwrap_or_default()));
        findings.at(Some(line)).report(ImportCode::Syntax, what, Some("the record is left out".to_owned()));
    };
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                broken(&reader, format!("this is no XML: {error}"), findings);
                return None;
            }
        };
        match event {
            Event::Start(tag) => {
                if stack.len() >= depth {
                    let message = format!("elements stand more than {depth} deep in each other");
                    findings.at(Some(first)).report(
                        ImportCode::TooLarge,
                        message,
                        Some("the record is left out".to_owned()),
                    );
                    return None;
                }
                stack.push(node_of(&tag));
            }
            Event::Empty(tag) => {
                let node = node_of(&tag);
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some(node),
                }
            }
            Event::End(_) => {
                let mut node = stack.pop()?;
                node.text = squeezed(&node.text);
                match stack.last_mut() {
                    Some(parent) => parent.children.push(node),
                    None => return Some(node),
                }
            }
            Event::Text(it) => push(&mut stack, &it.xml_content(XmlVersion::Explicit1_0)),
            Event::CData(it) => push(&mut stack, &it.xml_content(XmlVersion::Explicit1_0)),
            Event::GeneralRef(it) => match it.resolve_char_ref() {
                Ok(Some(c)) if c.is_control() && !matches!(c, '\n' | '\t' | '\r') => {
                    let message =
                        format!("the character reference `&{};` names a control character and is left out", &*it);
                    findings.at(Some(first)).report(ImportCode::Encoding, message, None);
                }
                Ok(Some(c)) => push(&mut stack, c.encode_utf8(&mut [0; 4])),
                _ => match quick_xml::escape::resolve_predefined_entity(&it) {
                    Some(text) => push(&mut stack, text),
                    None => {
                        let message = format!("`&{};` is not resolved and stands as it is", &*it);
                        findings.at(Some(first)).report(ImportCode::Kept, message, None);
                        push(&mut stack, &format!("&{};", &*it));
                    }
                },
            },
            Event::Eof => {
                broken(&reader, "an element has no end".to_owned(), findings);
                return None;
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn push(stack: &mut [Node], text: &str) {
    if let Some(node) = stack.last_mut() {
        node.text.push_str(text);
    }
}

fn node_of(tag: &BytesStart<'_>) -> Node {
    let attributes = tag
        .attributes()
        .flatten()
        .map(|it| {
            let value = it.normalized_value(XmlVersion::Explicit1_0);
            let value = value.map_or_else(|_| it.value.to_string(), |value| value.into_owned());
            (local(it.key.as_ref()).to_owned(), value)
        })
        .collect();
    Node { name: local(tag.name().as_ref()).to_owned(), attributes, ..Node::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of records, how many elements stood around them, and the codes of findings.
    fn read(text: &str, options: &ListOptions) -> (Vec<String>, usize, Vec<String>) {
        let mut findings = ImportFindings::default();
        let (mut texts, mut frames) = (Vec::new(), 0);
        // Through a small buffer, so that everything is cut somewhere.
        let mut input = io::BufReader::with_capacity(7, text.as_bytes());
        let records = Records::new(&mut input, &["R"], options);
        let read = records.read(&mut findings, &mut |part, _| {
            match part {
                Part::Record(node, _) => texts.push(node.text),
                Part::Frame(..) => frames += 1,
            }
            Ok(())
        });
        read.unwrap();
        let codes = findings.kept().iter().map(|it| format!("{}:{}", it.line.unwrap_or(0), it.code.as_str()));
        (texts, frames, codes.collect())
    }

    #[test]
    fn comments_and_sections_may_hold_what_looks_like_tags() {
        let text = "<L>\n<!-- <R>no</R> > --><R>a<!-- </R> -- > --->b<![CDATA[</R> > ]]>c</R>\n<R>d</R>\
                    <![CDATA[<R>no</R>]]><?x <R>no</R>?></L>";
        assert_eq!(read(text, &ListOptions::default()), (vec!["ab</R> > c".to_owned(), "d".to_owned()], 1, Vec::new()));
    }

    #[test]
    fn a_record_without_content_is_one_too() {
        let read = read("<L><R a=\"1\"/><R/>\n<R>b</R><x/></L>", &ListOptions::default());
        assert_eq!(read, (vec![String::new(), String::new(), "b".to_owned()], 1, Vec::new()));
    }

    #[test]
    fn a_record_without_an_end_costs_no_other() {
        let (texts, _, codes) = read("<L><R>a</Rx>\n<R>b</R><R>c</R></L>", &ListOptions::default());
        assert_eq!((texts, codes), (vec!["b".to_owned(), "c".to_owned()], vec!["1:I0004".to_owned()]));
    }

    #[test]
    fn a_document_type_definition_is_told_with_whatever_stands_in_it() {
        for dtd in ["<!DOCTYPE L>", "<!DOCTYPE L [<!-- <R>no</R> -->]>", "<!DOCTYPE L [\n<!ENTITY a \"b\">]>"] {
            let (texts, _, codes) = read(&format!("\n{dtd}<L><R>a</R></L>"), &ListOptions::default());
            assert_eq!((texts, codes), (vec!["a".to_owned()], vec!["2:I0004".to_owned()]), "{dtd}");
        }
    }

    #[test]
    fn nothing_grows_past_its_limit() {
        let options = ListOptions { max_record: 40, max_depth: 5, ..ListOptions::default() };
        let many = "> ".repeat(1_000);
        let a = || vec!["a".to_owned()];
        // A comment between records is passed over, however long; one within a record counts with it.
        assert_eq!(read(&format!("<L><!--{many}--><R>a</R></L>"), &options), (a(), 1, Vec::new()));
        let within = format!("<L><R><!--{many}--></R><R>a</R></L>");
        assert_eq!(read(&within, &options), (a(), 1, vec!["1:I0002".to_owned()]));
        let tag = format!("<L><x y=\"{}\"><R>a</R></L>", "y".repeat(100));
        assert_eq!(read(&tag, &options), (a(), 1, vec!["1:I0002".to_owned()]));
        let deep = format!("<L>{}<R>a</R>", "<x>".repeat(1_000));
        assert_eq!(read(&deep, &options), (Vec::new(), 5, vec!["1:I0002".to_owned()]));
    }
}
