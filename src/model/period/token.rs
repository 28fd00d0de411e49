//! Cuts plain English about time into words, numbers and dates.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// Digits, with an ordinal ending or without.
    Number,
    /// `2024-10` or `2024-10-03`.
    Iso,
    Dash,
    /// `~`, `?` or `%`.
    Mark,
    /// Any other character.
    Sign,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    pub(super) text: &'t str,
    /// The byte where it begins.
    pub(super) start: usize,
    pub(super) kind: Kind,
}

impl<'t> Token<'t> {
    /// A number without its ordinal ending.
    pub(super) fn digits(self) -> &'t str {
        self.text.trim_end_matches(|c: char| c.is_ascii_alphabetic())
    }
}

/// All tokens of a text; white space is between them.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0usize;
    while let Some(rest) = text.get(start..)
        && let Some(c) = rest.chars().next()
    {
        let run = |rest: &str, of: fn(char) -> bool| rest.find(|c| !of(c)).unwrap_or(rest.len());
        let digits = |c: char| c.is_ascii_digit();
        let (len, kind) = match c {
            '0'..='9' => match iso_len(rest) {
                Some(len) => (len, Kind::Iso),
                None => {
                    let number = run(rest, digits);
                    let ending = rest.get(number..).map_or(0, |rest| run(rest, char::is_alphabetic));
                    let end = number.saturating_add(ending);
                    match rest.get(number..end) {
                        Some("st" | "nd" | "rd" | "th") => (end, Kind::Number),
                        _ => (number, Kind::Number),
                    }
                }
            },
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => (c.len_utf8(), Kind::Dash),
            '~' | '?' | '%' => (1, Kind::Mark),
            _ if c.is_alphabetic() => (run(rest, char::is_alphabetic), Kind::Word),
            _ => (c.len_utf8(), Kind::Sign),
        };
        let end = start.saturating_add(len);
        if !c.is_whitespace() {
            tokens.push(Token { text: text.get(start..end).unwrap_or_default(), start, kind });
        }
        start = end;
        // The full stop of "Sept." and "ca." belongs to the word.
        if kind == Kind::Word && text.get(start..).is_some_and(|rest| rest.starts_with('.')) {
            start = start.saturating_add(1);
        }
    }
    tokens
}

/// The length of an ISO date of month or day precision that the text begins with.
fn iso_len(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let fits = |pattern: &str| {
        let alike = pattern.bytes().zip(bytes).all(|(p, b)| if p == b'-' { *b == b'-' } else { b.is_ascii_digit() });
        alike && bytes.len() >= pattern.len() && !bytes.get(pattern.len()).is_some_and(u8::is_ascii_digit)
    };
    ["0000-00-00", "0000-00"].into_iter().find(|pattern| fits(pattern)).map(str::len)
}
