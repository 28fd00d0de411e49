//! Cuts the text of a quantity into numbers, words and signs.

use std::ops::Range;

/// A text cut into tokens.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    /// The tokens in lower case with single spaces between, so that any run of them is one slice, to be looked up as a phrase.
    normal: String,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Where it stands in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it follows the token before it without white space.
    pub(super) attached: bool,
    normal_start: usize,
    normal_end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits with separators between thousands and one decimal point.
    Number,
    /// Digits with other signs between: `1,00`, `1.000.000`.
    BadNumber,
    /// A letter, then letters and digits.
    Word,
    /// Any other character.
    Sign,
}

impl Lexed {
    pub(super) fn new(text: &str) -> Lexed {
        let mut lexed =
            Lexed { tokens: Vec::with_capacity(8), normal: String::with_capacity(text.len().saturating_add(8)) };
        let mut start = 0usize;
        let mut attached = false;
        while let Some(rest) = text.get(start..)
            && let Some(c) = rest.chars().next()
        {
            let (kind, len) = match c {
                '0'..='9' => number(rest),
                _ if c.is_alphabetic() => (Kind::Word, rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())),
                _ => (Kind::Sign, c.len_utf8()),
            };
            let end = start.saturating_add(len);
            if c.is_whitespace() {
                attached = false;
            } else {
                lexed.push(kind, start..end, attached, rest.get(..len).unwrap_or_default());
                attached = true;
            }
            start = end;
        }
        lexed
    }

    fn push(&mut self, kind: Kind, range: Range<usize>, attached: bool, text: &str) {
        if !self.normal.is_empty() {
            self.normal.push(' ');
        }
        let normal_start = self.normal.len();
        if text.is_ascii() {
            self.normal.push_str(text);
            if let Some(copy) = self.normal.get_mut(normal_start..) {
                copy.make_ascii_lowercase();
            }
        } else {
            self.normal.extend(text.chars().flat_map(char::to_lowercase));
        }
        let normal_end = self.normal.len();
        self.tokens.push(Token { kind, start: range.start, end: range.end, attached, normal_start, normal_end });
    }

    /// `count` tokens from `at`, in lower case with single spaces between.
    pub(super) fn phrase(&self, at: usize, count: usize) -> Option<&str> {
        let last = at.checked_add(count)?.checked_sub(1)?;
        self.normal.get(self.tokens.get(at)?.normal_start..self.tokens.get(last)?.normal_end)
    }

    /// The whole text, in lower case with single spaces between tokens.
    pub(super) fn normal(&self) -> &str {
        &self.normal
    }
}

/// The number that the text begins with, and its length.
fn number(text: &str) -> (Kind, usize) {
    let digits = |from: usize| {
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut end = digits(0);
    if end <= 3
        && let Some(separator) = text.get(end..).and_then(|rest| rest.chars().next())
        && matches!(separator, ',' | ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
    {
        // The same separator throughout, and just three digits after each.
        while let Some(rest) = text.get(end..)
            && rest.starts_with(separator)
        {
            let group = end.saturating_add(separator.len_utf8());
            if digits(group) != 3 {
                break;
            }
            end = group.saturating_add(3);
        }
    }
    let sign_and_digit = |at: usize, signs: &[u8]| {
        let sign = text.as_bytes().get(at).is_some_and(|byte| signs.contains(byte));
        sign && digits(at.saturating_add(1)) > 0
    };
    if sign_and_digit(end, b".") {
        let decimals = end.saturating_add(1);
        end = decimals.saturating_add(digits(decimals));
    }
    if !sign_and_digit(end, b".,") {
        return (Kind::Number, end);
    }
    while sign_and_digit(end, b".,") {
        let more = end.saturating_add(1);
        end = more.saturating_add(digits(more));
    }
    (Kind::BadNumber, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_and_signs_are_cut_apart() {
        for (text, expected) in [
            ("9,000,000 rounds", "N9,000,000 Wrounds"),
            ("9 000 000 rounds", "N9 000 000 Wrounds"),
            ("9\u{202f}000\u{a0}000", "N9\u{202f}000 N000"),
            ("9\u{202f}000\u{202f}000", "N9\u{202f}000\u{202f}000"),
            ("1.5 million", "N1.5 Wmillion"),
            ("1,500.25", "N1,500.25"),
            ("$3bn", "S$ N3 Wbn"),
            ("18%", "N18 S%"),
            ("10-20", "N10 S- N20"),
            ("2024 100", "N2024 N100"),
            ("100 20", "N100 N20"),
            ("100 2000", "N100 N2000"),
            ("1,00", "B1,00"),
            ("1,0000", "B1,0000"),
            ("1000,000", "B1000,000"),
            ("1.000.000", "B1.000.000"),
            ("1.5,000", "B1.5,000"),
            ("100, 200", "N100 S, N200"),
            ("5.", "N5 S."),
            ("m3", "Wm3"),
            ("٣", "S٣"),
        ] {
            let lexed = Lexed::new(text);
            let shown: Vec<_> = lexed
                .tokens
                .iter()
                .map(|token| {
                    let kind = match token.kind {
                        Kind::Number => "N",
                        Kind::BadNumber => "B",
                        Kind::Word => "W",
                        Kind::Sign => "S",
                    };
                    format!("{kind}{}", &text[token.start..token.end])
                })
                .collect();
            assert_eq!(shown.join(" "), expected);
        }
    }

    #[test]
    fn a_run_of_tokens_is_a_phrase() {
        let lexed = Lexed::new("At  LEAST\u{a0}3 US-Dollars");
        assert_eq!(lexed.normal(), "at least 3 us - dollars");
        assert_eq!(lexed.phrase(0, 2), Some("at least"));
        assert_eq!(lexed.phrase(3, 3), Some("us - dollars"));
        assert_eq!(lexed.phrase(3, 4), None);
        assert_eq!(lexed.phrase(0, 0), None);
        assert_eq!(lexed.phrase(usize::MAX, usize::MAX), None);
    }
}
