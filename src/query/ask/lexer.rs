//! From the text of a question to its words.

use std::ops::Range;

use crate::model::{is_hidden, normal_form};

/// Longest question, in bytes: what is longer is refused before it is looked at.
const LONGEST: usize = 2_000;

/// Most words of a question.
const MOST_WORDS: usize = 80;

/// A word of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the question, without a possessive ending.
    pub(super) at: Range<usize>,
    /// Its normal form.
    pub(super) form: String,
    /// Whether it ends with 's.
    pub(super) possessive: bool,
    /// Whether a comma, a bracket or a full stop stands before it.
    pub(super) after_break: bool,
    /// The number of the quotation that it stands in, from 1.
    pub(super) quotation: Option<u32>,
}

/// Why a text is no question.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LexError {
    #[error("the question is empty")]
    Empty,
    #[error("the question is too long: it has {0} bytes, and {LONGEST} are read at most")]
    TooLong(usize),
    #[error("the question has more than {MOST_WORDS} words")]
    TooManyWords,
    #[error("the question holds a character that cannot be seen, U+{:04X}", u32::from(*.0))]
    Hidden(char),
    #[error("“{0}” belongs into no question in plain English")]
    Strange(char),
    #[error("a quotation is not closed")]
    OpenQuotation,
}

/// The words of a question. Linear in its length, which is bounded.
pub(super) fn words(text: &str) -> Result<Vec<Word>, LexError> {
    if text.len() > LONGEST {
        return Err(LexError::TooLong(text.len()));
    }
    if let Some(hidden) = text.chars().find(|it| is_hidden(*it) && !it.is_whitespace()) {
        return Err(LexError::Hidden(hidden));
    }
    let mut words: Vec<Word> = Vec::new();
    let mut quotations = 0;
    let mut quotation = None;
    let mut after_break = false;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if is_of_word(c) {
            let mut end = start + c.len_utf8();
            let mut before = c;
            while let Some((at, c)) = chars.peek().copied() {
                let next = text.get(at + c.len_utf8()..).and_then(|it| it.chars().next());
                let joins = is_of_word(c) || next.is_some_and(|next| is_joiner(before, c, next));
                if !joins {
                    break;
                }
                before = c;
                end = at + c.len_utf8();
                chars.next();
            }
            push(text, start..end, after_break, quotation, &mut words);
            after_break = false;
        } else if matches!(c, '"' | '“' | '”' | '„' | '«' | '»') {
            quotation = match quotation {
                Some(_) => None,
                None => {
                    quotations += 1;
                    Some(quotations)
                }
            };
        } else if matches!(
            c,
            ',' | ';' | ':' | '(' | ')' | '.' | '!' | '?' | '–' | '—' | '…' | '¿' | '¡' | '？' | '。' | '、'
        ) {
            // The point of "U.N." ends no sentence.
            let ends_initials =
                c == '.' && words.last().is_some_and(|it| it.form.rsplit(' ').next().is_some_and(|it| it.len() == 1));
            after_break |= !ends_initials;
        } else if c == '-' && chars.peek().is_some_and(|(_, next)| *next == '-') {
            return Err(LexError::Strange('-'));
        } else if !(c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '/' | '’' | '‘' | '\'' | '`' | '&')) {
            return Err(LexError::Strange(c));
        }
        if words.len() > MOST_WORDS {
            return Err(LexError::TooManyWords);
        }
    }
    if quotation.is_some() {
        return Err(LexError::OpenQuotation);
    }
    // A question that stands in quotation marks as a whole is not a name.
    if words.iter().all(|it| it.quotation == Some(1)) {
        words.iter_mut().for_each(|it| it.quotation = None);
    }
    if words.is_empty() { Err(LexError::Empty) } else { Ok(words) }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || matches!(c, '$' | '€' | '£' | '%' | '+')
}

/// Whether a sign joins two characters to one word: an apostrophe, the point of "U.N.", the signs in numbers and dates.
fn is_joiner(before: char, c: char, next: char) -> bool {
    match c {
        '\'' | '’' => before.is_alphanumeric() && next.is_alphanumeric(),
        '.' => before.is_alphanumeric() && next.is_alphanumeric(),
        ',' | '-' | '/' | '–' => before.is_ascii_digit() && next.is_ascii_digit(),
        '~' => before.is_ascii_digit(),
        _ => false,
    }
}

/// Adds a word; contractions become two.
fn push(text: &str, at: Range<usize>, after_break: bool, quotation: Option<u32>, words: &mut Vec<Word>) {
    let raw = text.get(at.clone()).unwrap_or_default();
    let plain = raw.replace('’', "'").to_lowercase();
    // "DPRK 's": the ending alone.
    if plain == "s"
        && let Some(last) = words.last_mut()
    {
        last.possessive = true;
        return;
    }
    let mut add = |at: Range<usize>, form: String, possessive: bool, after_break: bool| {
        if !form.is_empty() {
            words.push(Word { at, form, possessive, after_break, quotation });
        }
    };
    if let Some(stem) = plain.strip_suffix("n't") {
        let stem = if stem == "ca" {
            "can"
        } else if stem == "wo" {
            "will"
        } else {
            stem
        };
        add(at.clone(), normal_form(stem), false, after_break);
        add(at, "not".to_owned(), false, false);
    } else if let Some(stem) = plain.strip_suffix("'s") {
        let length = raw.char_indices().rev().nth(1).map_or(raw.len(), |(at, _)| at);
        let shorter = at.start..at.start + length;
        if matches!(stem, "what" | "who" | "where" | "when" | "how" | "that" | "there" | "it") {
            add(shorter, stem.to_owned(), false, after_break);
            // "is" or "has".
            add(at, "s".to_owned(), false, false);
        } else {
            add(shorter, normal_form(stem), true, after_break);
        }
    } else {
        add(at, normal_form(raw), false, after_break);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        let mark = |it: Word| {
            format!("{}{}{}", if it.after_break { "," } else { "" }, it.form, if it.possessive { "'s" } else { "" })
        };
        words(text).unwrap_or_default().into_iter().map(mark).collect()
    }

    #[test]
    fn words_are_read_as_people_write_them() {
        for (text, expected) in [
            ("Who supplied what?", "who supplied what"),
            ("what's North Korea's aim", "what s north korea's aim"),
            ("didn't U.N. can't", "did not u n can not"),
            ("35,000 children, 2024-03/2024-10", "35 000 children ,2024 03 2024 10"),
            ("north-korean", "north korean"),
            ("Côte d’Ivoire", "cote divoire"),
            ("북한 Київ", "북한 київ"),
            ("$3 billion (18%)", "3 billion ,18"),
        ] {
            assert_eq!(forms(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_question_is_told() {
        for (text, expected) in [
            ("", LexError::Empty),
            (" ?! ", LexError::Empty),
            ("a\u{202e}b", LexError::Hidden('\u{202e}')),
            ("a\u{7}b", LexError::Hidden('\u{7}')),
            ("a { b", LexError::Strange('{')),
            ("a \u{378} b", LexError::Strange('\u{378}')),
            ("who is \"Putin", LexError::OpenQuotation),
        ] {
            assert_eq!(words(text), Err(expected), "{text:?}");
        }
        assert_eq!(words(&"a ".repeat(500_000)), Err(LexError::TooLong(1_000_000)));
        assert_eq!(words(&"a ".repeat(900)), Err(LexError::TooManyWords));
    }
}
