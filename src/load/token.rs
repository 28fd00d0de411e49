//! A lossless tokenizer for RON: enough to find brackets, strings and comments, and with them the
//! boundaries of records when a file does not parse.
//!
//! `ron` itself reads the values. What stands here serves what `ron` stops short of: going on after an
//! error, and knowing where a thing stands.

/// What a token is. White space and comments are tokens too: the tokens of a text, joined, are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// White space.
    Space,
    /// `// …` or `/* … */`; `closed` is false if the end of the text came first.
    Comment { closed: bool },
    /// A string, raw string, byte string or character with its quotes.
    Text { closed: bool },
    /// An identifier, a keyword or a number.
    Word,
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// Anything else, one character.
    Other,
}

/// One token: its kind and its bytes in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Token {
    /// Whether the token means something to the reader of values.
    pub(crate) fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment { .. })
    }
}

/// The tokens of `text` from byte `start` on, in order. `start` must be a character boundary;
/// past the end there are none.
///
/// Time is linear in the length of the text, and nothing is allocated.
pub(crate) fn tokens(text: &str, start: usize) -> Tokens<'_> {
    Tokens { text, at: start }
}

/// Iterator of [`tokens`].
#[derive(Clone, Debug)]
pub(crate) struct Tokens<'s> {
    text: &'s str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.text.get(self.at..)?;
        let first = rest.chars().next()?;
        let (kind, length) = measure(rest, first);
        let start = self.at;
        self.at += length;
        Some(Token { kind, start, end: self.at })
    }
}

/// The kind and the length in bytes of the token at the beginning of `rest`, whose first character is `first`.
fn measure(rest: &str, first: char) -> (TokenKind, usize) {
    match first {
        '(' | '[' | '{' => (TokenKind::Open(first as u8), 1),
        ')' | ']' | '}' => (TokenKind::Close(first as u8), 1),
        ',' => (TokenKind::Comma, 1),
        ':' => (TokenKind::Colon, 1),
        '"' => quoted(rest, 0, '"'),
        '\'' => character(rest),
        '/' if rest.starts_with("//") => {
            let end = rest.find('\n').unwrap_or(rest.len());
            (TokenKind::Comment { closed: true }, end)
        }
        '/' if rest.starts_with("/*") => block_comment(rest),
        'r' | 'b' => raw_or_bytes(rest).unwrap_or_else(|| word(rest)),
        _ if first.is_whitespace() => {
            let end = rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len());
            (TokenKind::Space, end)
        }
        _ if is_word(first) => word(rest),
        _ => (TokenKind::Other, first.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-')
}

fn word(rest: &str) -> (TokenKind, usize) {
    (TokenKind::Word, rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()))
}

/// A string with escapes, whose opening quote stands at byte `open`.
fn quoted(rest: &str, open: usize, quote: char) -> (TokenKind, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip_while(|(at, _)| *at <= open) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return (TokenKind::Text { closed: true }, at + 1);
        }
    }
    (TokenKind::Text { closed: false }, rest.len())
}

/// A character literal; a lone apostrophe is one token, so that a slip does not swallow the file.
fn character(rest: &str) -> (TokenKind, usize) {
    let line = rest.lines().next().unwrap_or(rest);
    match quoted(line, 0, '\'') {
        (TokenKind::Text { closed: true }, length) if length <= 14 => (TokenKind::Text { closed: true }, length),
        _ => (TokenKind::Other, 1),
    }
}

/// `r"…"`, `r#"…"#`, `b"…"`, `br"…"`, `b'…'`; `None` if the letter begins a word.
fn raw_or_bytes(rest: &str) -> Option<(TokenKind, usize)> {
    let after_b = rest.strip_prefix('b');
    let body = after_b.unwrap_or(rest);
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let content = raw.get(hashes..)?.strip_prefix('"')?;
        let before = rest.len() - content.len();
        let fence: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        return Some(match content.find(&fence) {
            Some(at) => (TokenKind::Text { closed: true }, before + at + fence.len()),
            None => (TokenKind::Text { closed: false }, rest.len()),
        });
    }
    after_b?;
    match body.chars().next()? {
        '"' => Some(quoted(rest, 1, '"')),
        _ => None,
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (0_usize, 0_usize);
    while let Some(pair) = bytes.get(at..at + 2) {
        match pair {
            b"/*" => {
                depth += 1;
                at += 2;
            }
            b"*/" => {
                depth -= 1; // `rest` begins with `/*`, so the depth is at least 1 here.
                at += 2;
                if depth == 0 {
                    return (TokenKind::Comment { closed: true }, at);
                }
            }
            _ => at += 1,
        }
    }
    (TokenKind::Comment { closed: false }, rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn significant(text: &str) -> Vec<&str> {
        tokens(text, 0).filter(Token::is_significant).map(|it| &text[it.start..it.end]).collect()
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        for (text, expected) in [
            ("A(b: \"(\")", vec!["A", "(", "b", ":", "\"(\"", ")"]),
            ("a // (\n]", vec!["a", "]"]),
            ("/* a /* ( */ [ */ x", vec!["x"]),
            (r##"r#"a")"# , r"\" y"##, vec![r##"r#"a")"#"##, ",", r#"r"\""#, "y"]),
            (r#""a\"(" b"x)" 'c' '"' z"#, vec![r#""a\"(""#, "b\"x)\"", "'c'", "'\"'", "z"]),
            ("it's (x)", vec!["it", "'", "s", "(", "x", ")"]),
        ] {
            assert_eq!(significant(text), expected, "{text}");
        }
    }

    #[test]
    fn an_unclosed_string_runs_to_the_end() {
        let last = tokens("a \"b", 0).last().unwrap();
        assert_eq!(last.kind, TokenKind::Text { closed: false });
    }

    proptest! {
        #[test]
        fn tokens_joined_are_the_text(text in "(?s).{0,60}|[r#b\"'/*()\\[\\],: a\\\\]{0,40}") {
            let joined: String = tokens(&text, 0).map(|it| &text[it.start..it.end]).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
