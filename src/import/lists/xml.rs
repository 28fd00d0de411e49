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
    damage: Damage,
    told_of_dtd: bool,
    /// Why the input ended before its end.
    failed: Option<io::Error>,
}

/// How a token ended.
enum End {
    /// With the byte looked for.
    Found,
    /// With the input.
    Over,
    /// It is too long; the rest of it is skipped.
    TooLong,
}

impl<'r> Records<'r> {
    /// Records are the elements of these names, wherever they stand.
    pub(super) fn new(
        input: &'r mut dyn BufRead,
        names: &'static [&'static str],
        options: &ListOptions,
    ) -> Records<'r> {
        let (limit, depth) = (options.max_record, options.max_depth);
        Records { input, names, limit, depth, line: 1, damage: Damage::default(), told_of_dtd: false, failed: None }
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
        let mut token = Vec::new();
        let mut open: Vec<(String, u64)> = Vec::new();
        loop {
            token.clear();
            let line = self.line;
            let end = self.until_bracket(&mut token);
            let Some(at) = token.iter().rposition(|byte| *byte == b'<').filter(|_| !matches!(end, End::Over)) else {
                if matches!(end, End::TooLong) {
                    too_large(line, self.limit, findings);
                    continue;
                }
                if matches!(end, End::Found) {
                    continue;
                }
                break;
            };
            // A comment may hold anything, also what looks like records.
            if let Some(comment) = find(&token, b"<!--") {
                while !token.ends_with(b"-->") && matches!(self.until_bracket(&mut token), End::Found) {}
                token.truncate(comment);
                continue;
            }
            let tag = token.get(at..).unwrap_or_default().to_vec();
            let name = tag_name(&tag);
            if tag.starts_with(b"<!") {
                self.dtd(line, findings);
            } else if let Some(closed) = name.strip_prefix('/') {
                if open.last().is_some_and(|(it, _)| it == closed) {
                    open.pop();
                }
            } else if tag.starts_with(b"<?") || name.is_empty() {
            } else if self.names.contains(&local(&name)) {
                let begins = self.line;
                if let Some(node) = self.record(tag, &name, findings) {
                    take(Part::Record(node, begins), findings)?;
                }
            } else if !tag.ends_with(b"/>") {
                let begins = self.line;
                let mut node = self.frame(&tag, begins, findings);
                // A simple element of the frame has its text before the next tag.
                let mut text = Vec::new();
                self.peek_text(&mut text);
                node.text = squeezed(&decode(&text, begins, &mut self.damage));
                open.push((name.clone(), begins));
                take(Part::Frame(node, begins), findings)?;
            }
        }
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

    fn dtd(&mut self, line: u64, findings: &mut ImportFindings) {
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
        let line = self.line;
        let mut bytes = tag;
        if bytes.ends_with(b"/>") {
            return None;
        }
        let closing = format!("/{name}");
        let mut too_long = false;
        loop {
            let from = bytes.len();
            let end = self.until_bracket(&mut bytes);
            let tail = bytes.get(from..).unwrap_or_default();
            let last = tail.iter().rposition(|byte| *byte == b'<').and_then(|at| tail.get(at..)).unwrap_or_default();
            let last = tag_name(last);
            match end {
                End::Over if self.failed.is_some() => return None,
                End::Over => {
                    let message = format!("the file ends within the `{name}` that begins here");
                    let help = "the records before it are read; is the file cut short?".to_owned();
                    findings.at(Some(line)).report(ImportCode::Unreadable, message, Some(help));
                    return None;
                }
                End::TooLong => too_long = true,
                End::Found => {}
            }
            if last == closing {
                break;
            }
            if bytes.len() > self.limit {
                too_long = true;
            }
            if too_long {
                // Only the end of the record is looked for.
                bytes.clear();
            }
        }
        if too_long {
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

    /// Adds bytes up to and with the next `>`.
    fn until_bracket(&mut self, token: &mut Vec<u8>) -> End {
        let mut end = End::Found;
        let start = token.len();
        loop {
            let bytes = match self.input.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.failed.get_or_insert(error);
                    return End::Over;
                }
            };
            if bytes.is_empty() {
                return End::Over;
            }
            let at = bytes.iter().position(|byte| *byte == b'>');
            let used = at.map_or(bytes.len(), |at| at + 1);
            let taken = bytes.get(..used).unwrap_or_default();
            self.line = self.line.saturating_add(lines(taken));
            if token.len().saturating_sub(start).saturating_add(used) > self.limit {
                end = End::TooLong;
                token.truncate(start);
            }
            if !matches!(end, End::TooLong) || at.is_some() {
                token.extend_from_slice(taken.get(taken.len().saturating_sub(self.limit)..).unwrap_or_default());
            }
            self.input.consume(used);
            if at.is_some() {
                return end;
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

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, what)
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
