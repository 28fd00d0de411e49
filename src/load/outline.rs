//! Where the records of a broken file begin and end.
//!
//! `ron` stops at the first error. To report the rest of a file too, its records are found by their
//! brackets and each is read by itself. A bracket or quote that is missing must not swallow its
//! neighbours: a line that begins a record (`Name(`, no deeper than the record before it) ends what is open.

use super::token::{Token, TokenKind, tokens};

/// A field of the outermost struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutlineField {
    /// The name: bytes of the text.
    pub(crate) name: (usize, usize),
    pub(crate) value: OutlineValue,
}

/// The value of such a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OutlineValue {
    /// Elements of a list: bytes of each.
    List(Vec<(usize, usize)>),
    /// Anything else.
    Other(usize, usize),
}

/// A bracket, quote or comma that is missing or too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

/// The fields and list elements of a file that do not suffer from a break, and the breaks.
///
/// Time is linear in the length of the text.
pub(crate) fn outline(text: &str) -> (Vec<OutlineField>, Vec<Break>) {
    let mut walker = Walker::new(text);
    let fields = walker.file();
    (fields, walker.breaks)
}

struct Walker<'s> {
    text: &'s str,
    /// Significant tokens of the text.
    tokens: Vec<Token>,
    /// The byte at which each line begins.
    lines: Vec<usize>,
    /// Positions in `tokens` of strings and comments that were cut short.
    cut: Vec<usize>,
    at: usize,
    /// Where the last list that was closed ends.
    list_end: Option<usize>,
    /// Whether something was reported that is open when the text ends.
    ended: bool,
    breaks: Vec<Break>,
}

/// What is wrong with a value is reported already.
struct Broken;

/// How often the length of the text is read again at most, because strings and comments ran on to its end.
const REREAD: usize = 30;

impl<'s> Walker<'s> {
    fn new(text: &'s str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut walker = Walker {
            text,
            tokens: Vec::new(),
            lines,
            cut: Vec::new(),
            at: 0,
            list_end: None,
            ended: false,
            breaks: Vec::new(),
        };
        walker.tokenize();
        walker
    }

    /// Collects significant tokens. A string or comment that contains the beginning of a record ends before it.
    fn tokenize(&mut self) {
        let mut from = 0;
        // Each cut is followed by reading on from it; of many that ran to the end of the text, the last ones are not
        // cut, so that the time stays linear.
        let mut budget = self.text.len().saturating_mul(REREAD);
        'again: loop {
            for token in tokens(self.text, from) {
                if matches!(token.kind, TokenKind::Text { .. } | TokenKind::Comment { .. })
                    && budget > 0
                    && let Some(end) = self.swallowed_record(token)
                {
                    budget = budget.saturating_sub(token.end - end);
                    self.breaks.push(Break {
                        at: self.first_of_odd_quotes(token),
                        message: if matches!(token.kind, TokenKind::Text { .. }) {
                            "this string is not closed".to_owned()
                        } else {
                            "this comment is not closed".to_owned()
                        },
                        help: None,
                    });
                    self.cut.push(self.tokens.len());
                    self.tokens.push(Token { kind: TokenKind::Text { closed: false }, end, ..token });
                    from = end;
                    continue 'again;
                }
                if token.is_significant() {
                    self.tokens.push(token);
                }
            }
            return;
        }
    }

    /// Where the first line that begins a record stands in a token of several lines. A comment that is
    /// closed is believed: records are commented out on purpose.
    fn swallowed_record(&self, token: Token) -> Option<usize> {
        if token.kind == (TokenKind::Comment { closed: true }) {
            return None;
        }
        let inside = self.text.get(token.start..token.end)?;
        inside
            .match_indices('\n')
            .map(|(at, _)| token.start + at + 1)
            .find(|line| self.text.get(*line..token.end).is_some_and(begins_record))
    }

    /// Where the string began that lacks its quote: if strings and words alternate before this one, quotes that end
    /// strings were read as quotes that begin them, from the first of the row on.
    fn first_of_odd_quotes(&self, token: Token) -> usize {
        let mut first = token;
        let mut read = self.tokens.iter().rev();
        while let (Some(word), Some(text)) = (read.next(), read.next()) {
            let row = word.kind == TokenKind::Word
                && text.kind == (TokenKind::Text { closed: true })
                && word.end == first.start
                && text.end == word.start;
            if !row {
                break;
            }
            first = *text;
        }
        first.start
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.peek().is_some_and(|it| it.kind == kind);
        self.at += usize::from(found);
        found
    }

    fn end(&self) -> usize {
        self.text.len()
    }

    fn report(&mut self, at: usize, message: &str, help: Option<&str>) {
        self.breaks.push(Break { at, message: message.to_owned(), help: help.map(str::to_owned) });
    }

    fn file(&mut self) -> Vec<OutlineField> {
        let mut fields: Vec<OutlineField> = Vec::new();
        self.opening();
        loop {
            let Some(token) = self.next() else {
                self.ends_early("the file's last `)` is missing");
                return fields;
            };
            match token.kind {
                TokenKind::Comma => {}
                TokenKind::Close(b')') => {
                    let comma = usize::from(self.peek().is_some_and(|it| it.kind == TokenKind::Comma));
                    if !self.is_field(self.at + comma) && !self.is_record(self.at + comma) {
                        break;
                    }
                    self.report(token.start, "this bracket closes the file too early", Some("take it out"));
                }
                TokenKind::Word if self.eat(TokenKind::Colon) => {
                    let value = if self.eat(TokenKind::Open(b'[')) {
                        OutlineValue::List(self.elements())
                    } else {
                        match self.value(self.indent(token.start)) {
                            Ok((start, end)) => OutlineValue::Other(start, end),
                            // The break is reported; what is left of the value says nothing.
                            Err(Broken) => {
                                self.skip_to_field();
                                continue;
                            }
                        }
                    };
                    fields.push(OutlineField { name: (token.start, token.end), value });
                }
                TokenKind::Word if self.is_record(self.at - 1) && self.list_end.is_some() => {
                    self.at -= 1; // `next` has just counted it up.
                    let end = self.list_end.take().unwrap_or(token.start);
                    self.report(end, "this bracket closes the list before its last record", Some("take it out"));
                    self.resume_list(&mut fields);
                }
                _ => {
                    self.report(token.start, "expected a field, as in `facts: [ … ]`", None);
                    self.skip_to_field();
                    if self.list_end.is_some() && self.is_record(self.at) {
                        self.resume_list(&mut fields);
                    }
                }
            }
        }
        if let Some(token) = self.peek() {
            self.report(token.start, "something stands after the file's last `)`", None);
        }
        fields
    }

    /// Reads on in the last list, which a bracket too many had closed.
    fn resume_list(&mut self, fields: &mut [OutlineField]) {
        let more = self.elements();
        let list = fields.iter_mut().rev().find_map(|it| match &mut it.value {
            OutlineValue::List(list) if self.text.get(it.name.0..it.name.1).is_some_and(is_field) => Some(list),
            _ => None,
        });
        list.into_iter().for_each(|it| it.extend_from_slice(&more));
    }

    /// Up to and with the `(` of the file; before it attributes (`#![enable(…)]`) and a name may stand.
    fn opening(&mut self) {
        while let Some(token) = self.peek() {
            if self.eat(TokenKind::Open(b'(')) {
                return;
            }
            if self.is_field(self.at) {
                break;
            }
            self.at += 1;
            if token.kind == TokenKind::Open(b'[') {
                self.at -= 1;
                let _ = self.value(0);
            }
        }
        let at = self.peek().map_or(0, |it| it.start);
        self.report(at, "a file begins with `(`", Some("write `(` before the first field and `)` after the last"));
    }

    /// What is still open when the text ends is one slip.
    fn ends_early(&mut self, message: &str) {
        if !self.ended {
            self.ended = true;
            self.report(self.end(), message, None);
        }
    }

    /// After a thing that is no field: to the next `name: ` that stands where a field can.
    fn skip_to_field(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.peek() {
            match token.kind {
                _ if depth == 0 && self.is_field(self.at) => return,
                _ if self.begins_line_of_its_own(token, usize::MAX) => return,
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(b')') if depth == 0 => return,
                TokenKind::Close(_) => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Elements of a list whose `[` is behind us, up to and with its `]`.
    fn elements(&mut self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let usual = self.usual_indent();
        loop {
            let Some(token) = self.peek() else {
                self.ends_early("the file ends within a list: `]` and `)` are missing");
                return found;
            };
            match token.kind {
                TokenKind::Close(b']') => {
                    self.at += 1;
                    self.list_end = Some(token.start);
                    return found;
                }
                // Left to the struct around the list: its end, or its next field.
                TokenKind::Close(b')') if self.is_last(self.at) => {
                    self.report(token.start, "a list is not closed: `]` is missing before this", None);
                    return found;
                }
                TokenKind::Word if self.is_field(self.at) => {
                    self.report(token.start, "a list is not closed: `]` is missing before this field", None);
                    return found;
                }
                TokenKind::Close(_) => {
                    self.report(token.start, "a closing bracket too many", Some("take it out"));
                    self.at += 1;
                }
                TokenKind::Comma => {
                    if matches!(self.before(), Some(TokenKind::Comma | TokenKind::Open(_))) {
                        self.report(token.start, "a comma too many", Some("take it out"));
                    }
                    self.at += 1;
                }
                // A string or comment that was cut short is reported.
                _ if self.is_cut(self.at) => self.at += 1,
                _ => found.extend(self.element(token, usual)),
            }
        }
    }

    /// How far the first record line of a list is indented; 0 if none is near.
    fn usual_indent(&self) -> usize {
        let near = self.tokens.iter().enumerate().skip(self.at).take(256);
        near.filter(|(at, token)| self.is_record(*at) && self.is_first_of_line(**token))
            .map(|(_, token)| self.indent(token.start))
            .next()
            .unwrap_or(0)
    }

    /// One element and what is wrong behind it. If it is broken, the tokens up to the next one are passed over.
    fn element(&mut self, first: Token, usual: usize) -> Option<(usize, usize)> {
        // A stray sign before a record stands further to the left than the records.
        let indent = self.indent(first.start).max(usual);
        let by_line = self.is_first_of_line(first);
        let Ok((start, end)) = self.value(indent) else {
            self.skip_to_element(indent, by_line);
            return None;
        };
        let whole = matches!(self.before(), Some(TokenKind::Close(_)));
        let next = self.peek()?;
        match next.kind {
            TokenKind::Comma | TokenKind::Close(_) => return Some((start, end)),
            _ if self.is_field(self.at) => return Some((start, end)),
            _ if self.is_cut(self.at) => {}
            _ if whole && self.is_record(self.at) => self.report(end, "`,` is missing after this", None),
            _ if self.is_record(self.at) => {
                self.report(start, "this does not belong between two records", Some("take it out"));
            }
            _ => {
                let message =
                    if self.is_named(self.at) { "`(` is missing before this" } else { "this does not belong here" };
                self.report(next.start, message, None);
                self.skip_to_element(indent, by_line);
            }
        }
        whole.then_some((start, end))
    }

    /// One value: up to a comma or a closing bracket that is not its own. A line that begins a record or a field of
    /// the file, with at most `indent` characters before it, ends a value that is still open.
    fn value(&mut self, indent: usize) -> Result<(usize, usize), Broken> {
        let start = self.peek().map_or(self.end(), |it| it.start);
        let mut open: Vec<Token> = Vec::new();
        let mut end = start;
        while let Some(token) = self.peek() {
            if self.is_cut(self.at) {
                self.at += 1;
                return Err(Broken);
            }
            if token.start > start && self.begins_line_of_its_own(token, indent) {
                let Some(first) = open.first() else { break };
                let at = first.start;
                self.report(at, "this bracket is not closed", Some("its `)` is missing before the next record"));
                return Err(Broken);
            }
            match token.kind {
                TokenKind::Comma if open.is_empty() => break,
                // Two words in a row are no value.
                TokenKind::Word | TokenKind::Text { .. }
                    if open.is_empty() && token.start > start && !matches!(self.before(), Some(TokenKind::Other)) =>
                {
                    break;
                }
                TokenKind::Open(_) => open.push(token),
                TokenKind::Close(close) => {
                    let Some(last) = open.last().copied() else { break };
                    if pairs(last.kind, close) {
                        open.pop();
                        if open.is_empty() {
                            self.at += 1;
                            return Ok((start, token.end));
                        }
                    } else {
                        let outermost = open.first().map_or(start, |it| it.start);
                        if self.closes_list(token, indent) {
                            self.report(outermost, "this bracket is not closed", None);
                        } else if open.iter().any(|it| pairs(it.kind, close)) {
                            // An outer bracket of this kind is open: the inner one lacks its end.
                            self.report(last.start, "this bracket is not closed", None);
                        } else {
                            self.report(token.start, "this bracket closes nothing", Some("take it out"));
                        }
                        return Err(Broken);
                    }
                }
                _ => {}
            }
            end = token.end;
            self.at += 1;
        }
        if let Some(first) = open.first() {
            // All other brackets that are open at the end of the text lack their ends for the same reason.
            let at = first.start;
            self.report(at, "this bracket is not closed", None);
            self.ended = true;
            return Err(Broken);
        }
        Ok((start, end))
    }

    /// After a broken element: to what can begin the next one, or end the list. Where each record has lines of its own
    /// these tell; in a list written in one line, a name with a bracket after a comma.
    fn skip_to_element(&mut self, indent: usize, by_line: bool) {
        while let Some(token) = self.peek() {
            let found = match token.kind {
                TokenKind::Close(_) => self.closes_list(token, indent) || (!by_line && self.ends_list(true)),
                _ if by_line => self.begins_line_of_its_own(token, indent),
                TokenKind::Word => {
                    self.is_record(self.at) && self.before() == Some(TokenKind::Comma)
                        || self.begins_line_of_its_own(token, usize::MAX)
                }
                _ => false,
            };
            if found {
                return;
            }
            self.at += 1;
        }
    }

    /// Whether a closing bracket, by where it stands, ends the list around the element that is indented by `indent`.
    fn closes_list(&self, token: Token, indent: usize) -> bool {
        let left = || self.indent(token.start) < indent;
        self.is_last(self.at)
            || self.is_first_of_line(token) && (self.ends_list(true) || left() && self.ends_list(false))
    }

    /// Whether the end of the file, or a field of it, follows the `]` at hand, or perhaps another bracket.
    fn ends_list(&self, certainly: bool) -> bool {
        let comma = usize::from(self.kind(self.at + 1) == Some(TokenKind::Comma));
        let next = self.at + 1 + comma;
        self.kind(self.at) == Some(TokenKind::Close(b']'))
            && match self.kind(next) {
                None => true,
                Some(TokenKind::Close(close)) => !certainly || close == b')' && self.is_last(next),
                Some(_) => self.is_field(next),
            }
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|it| it.kind)
    }

    /// The kind of the token before the one at hand.
    fn before(&self) -> Option<TokenKind> {
        self.kind(self.at.checked_sub(1)?)
    }

    /// Whether the token is a string or comment that was cut short.
    fn is_cut(&self, at: usize) -> bool {
        self.cut.binary_search(&at).is_ok()
    }

    /// Whether nothing follows the token.
    fn is_last(&self, at: usize) -> bool {
        at + 1 >= self.tokens.len()
    }

    /// Whether `name:` stands there.
    fn is_named(&self, at: usize) -> bool {
        self.kind(at) == Some(TokenKind::Word) && self.kind(at + 1) == Some(TokenKind::Colon)
    }

    /// Whether a field of a file stands there.
    fn is_field(&self, at: usize) -> bool {
        self.is_named(at) && self.tokens.get(at).is_some_and(|it| self.text.get(it.start..it.end).is_some_and(is_field))
    }

    /// Whether a record begins there.
    fn is_record(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|it| it.kind == TokenKind::Word && self.text.get(it.start..).is_some_and(begins_record))
    }

    /// Characters between the beginning of the line and `at`.
    fn indent(&self, at: usize) -> usize {
        let line = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        at - self.lines.get(line).copied().unwrap_or(0)
    }

    fn is_first_of_line(&self, token: Token) -> bool {
        let line = token.start - self.indent(token.start);
        let before = self.text.as_bytes().get(line..token.start).unwrap_or(&[]);
        // From the end: a line may be as long as the file, and be asked about for each of its tokens.
        before.iter().rev().all(u8::is_ascii_whitespace)
    }

    /// Whether the token at hand is the first of its line, with at most `indent` characters before it, and begins a
    /// record or a field of the file.
    fn begins_line_of_its_own(&self, token: Token, indent: usize) -> bool {
        // The cheap questions first.
        token.kind == TokenKind::Word
            && (self.is_record(self.at) || self.is_field(self.at))
            && self.indent(token.start) <= indent
            && self.is_first_of_line(token)
    }
}

/// Whether a file may have that field.
fn is_field(name: &str) -> bool {
    super::read::holds_records(name) && name != "accepts" || matches!(name, "document" | "defaults" | "margin")
}

fn pairs(open: TokenKind, close: u8) -> bool {
    matches!(
        (open, close),
        (TokenKind::Open(b'('), b')') | (TokenKind::Open(b'['), b']') | (TokenKind::Open(b'{'), b'}')
    )
}

/// Whether a line begins with `Name(`, as a record does. `Unnamed(` stands inside records.
fn begins_record(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t']);
    let length = line.bytes().take_while(u8::is_ascii_alphanumeric).count();
    line.starts_with(|c: char| c.is_ascii_uppercase())
        && line.as_bytes().get(length) == Some(&b'(')
        && line.get(..length) != Some("Unnamed")
}
