//! From paragraphs to sentences and words.

use std::ops::Range;

use crate::model::normal_form;

/// Most words of a sentence. What goes on longer is read in pieces, so that work stays linear in the length of a text.
const MOST_WORDS: usize = 120;

/// Words after which a full stop ends no sentence.
const ABBREVIATED: [&str; 25] = [
    "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "sgt", "rep", "sen", "gov", "st", "vs", "jan", "feb", "mar",
    "apr", "aug", "sept", "sep", "oct", "nov", "dec", "approx",
];

/// A sentence, or a piece of a very long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'t> {
    /// The number of its paragraph.
    pub(super) paragraph: u32,
    /// Its text.
    pub(super) text: &'t str,
    pub(super) words: Vec<Word>,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its bytes in the sentence, without a possessive ending.
    pub(super) at: Range<usize>,
    /// Its normal form.
    pub(super) form: String,
    pub(super) possessive: bool,
    pub(super) capital: bool,
    /// What stands before it besides space.
    pub(super) gap: Gap,
    /// Whether it stands in quotation marks.
    pub(super) quoted: bool,
}

/// What parts a word from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Comma,
    /// A semicolon, a colon, a bracket or a dash.
    Strong,
}

impl<'t> Sentence<'t> {
    /// The text of some words, as written.
    pub(super) fn slice(&self, first: usize, after: usize) -> &'t str {
        let start = self.words.get(first).map_or(0, |it| it.at.start);
        let end = after.checked_sub(1).and_then(|it| self.words.get(it)).map_or(start, |it| it.at.end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The normal forms of some words, joined.
    pub(super) fn joined(&self, first: usize, after: usize) -> String {
        let words = self.words.get(first..after).unwrap_or_default();
        words.iter().map(|it| it.form.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn form(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |it| it.form.as_str())
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
        self.words.get(at).map_or(Gap::Strong, |it| it.gap)
    }
}

/// The sentences of a paragraph. Linear in its length.
pub(super) fn sentences(paragraph: u32, text: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    for range in ranges(text) {
        let Some(text) = text.get(range) else { continue };
        let trimmed = text.trim();
        let words = words(trimmed);
        if words.len() <= MOST_WORDS {
            if !words.is_empty() {
                found.push(Sentence { paragraph, text: trimmed, words });
            }
            continue;
        }
        for piece in words.chunks(MOST_WORDS) {
            let start = piece.first().map_or(0, |it| it.at.start);
            let end = piece.last().map_or(start, |it| it.at.end);
            let moved = |it: &Word| Word { at: it.at.start - start..it.at.end - start, ..it.clone() };
            let text = trimmed.get(start..end).unwrap_or_default();
            found.push(Sentence { paragraph, text, words: piece.iter().map(moved).collect() });
        }
    }
    found
}

fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    let mut word_start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == '•' {
            ranges.push(start..at);
            start = at + c.len_utf8();
        }
        if c.is_whitespace() || matches!(c, '(' | '"' | '“' | '‘') {
            word_start = at + c.len_utf8();
        }
        if !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, c)) = chars.peek().copied()
            && matches!(c, '"' | '”' | '’' | '\'' | ')' | '.' | '!' | '?')
        {
            end = at + c.len_utf8();
            chars.next();
        }
        let word = text.get(word_start..at).unwrap_or_default();
        let last = word.rsplit('.').next().unwrap_or_default();
        let is_short = c == '.'
            && (last.chars().count() == 1 && last.chars().all(char::is_uppercase)
                || ABBREVIATED.contains(&word.to_lowercase().as_str()));
        let rest = text.get(end..).unwrap_or_default();
        let next = rest.trim_start().chars().next();
        let begins = next.is_none_or(|it| {
            it.is_uppercase() || it.is_ascii_digit() || matches!(it, '"' | '“' | '‘' | '(' | '•' | '–' | '—')
        });
        if begins && !is_short && (rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            ranges.push(start..end);
            start = end;
        }
    }
    ranges.push(start..text.len());
    ranges
}

fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut gap, mut quoted) = (Gap::None, false);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if is_of_word(c) {
            let (mut end, mut before) = (start + c.len_utf8(), c);
            while let Some((at, c)) = chars.peek().copied() {
                let next = text.get(at + c.len_utf8()..).and_then(|it| it.chars().next());
                if !(is_of_word(c) || next.is_some_and(|next| joins(before, c, next))) {
                    break;
                }
                before = c;
                end = at + c.len_utf8();
                chars.next();
            }
            push(text, start..end, gap, quoted, &mut words);
            gap = Gap::None;
        } else {
            match c {
                '"' | '“' | '”' | '„' | '«' | '»' => quoted = !quoted,
                ',' => gap = gap.max(Gap::Comma),
                ';' | ':' | '(' | ')' | '–' | '—' | '[' | ']' | '|' => gap = Gap::Strong,
                '-' if chars.peek().is_some_and(|(_, it)| matches!(it, '-' | ' ')) => gap = Gap::Strong,
                _ => {}
            }
        }
    }
    words
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) || matches!(c, '$' | '€' | '£' | '%')
}

fn joins(before: char, c: char, next: char) -> bool {
    match c {
        '\'' | '’' | '.' => before.is_alphanumeric() && next.is_alphanumeric(),
        '-' | '‐' | '‑' => before.is_alphanumeric() && next.is_alphanumeric(),
        ',' | '/' | '–' => before.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}

fn push(text: &str, at: Range<usize>, gap: Gap, quoted: bool, words: &mut Vec<Word>) {
    let raw = text.get(at.clone()).unwrap_or_default();
    let capital = raw.starts_with(char::is_uppercase);
    let mut add = |at: Range<usize>, form: String, possessive: bool, gap: Gap| {
        if !form.is_empty() {
            words.push(Word { at, form, possessive, capital, gap, quoted });
        }
    };
    let stem = |endings: [&str; 2]| endings.into_iter().find_map(|it| raw.strip_suffix(it));
    if let Some(stem) = stem(["n't", "n’t"]) {
        add(at.start..at.start + stem.len(), normal_form(stem), false, gap);
        add(at, "not".to_owned(), false, Gap::None);
    } else if let Some(stem) = stem(["'s", "’s"]) {
        add(at.start..at.start + stem.len(), normal(stem), true, gap);
    } else {
        let ends_open = text.get(at.end..).is_some_and(|it| it.starts_with(['\'', '’'])) && raw.ends_with('s');
        add(at, normal(raw), ends_open, gap);
    }
}

/// The normal form; of "the" alone it is the word itself.
fn normal(raw: &str) -> String {
    normal_form(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_readers_end_them() {
        for (text, expected) in [
            ("One left. Two came.", vec!["One left.", "Two came."]),
            ("The U.N. Security Council met. It left.", vec!["The U.N. Security Council met.", "It left."]),
            ("\"Go,\" he said. \"Now.\" They went.", vec!["\"Go,\" he said.", "\"Now.\"", "They went."]),
            ("It cost 1.5 million. On Sept. 3 it sank.", vec!["It cost 1.5 million.", "On Sept. 3 it sank."]),
            ("• One. • Two", vec!["One.", "Two"]),
            ("...", vec![]),
        ] {
            let found: Vec<&str> = sentences(1, text).iter().map(|it| it.text).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn words_keep_their_signs() {
        let found = sentences(1, "Iran's re-education: $3 billion, 1,200 (18%) wasn't");
        let words: Vec<String> = found[0]
            .words
            .iter()
            .map(|it| format!("{}{}{:?}", it.form, if it.possessive { "'s" } else { "" }, it.gap))
            .collect();
        assert_eq!(
            words.join(" "),
            "iran'sNone re educationNone 3Strong billionNone 1 200Comma 18Strong wasStrong notNone"
        );
    }

    #[test]
    fn an_endless_sentence_is_read_in_pieces() {
        let text = "word ".repeat(10_000);
        let found = sentences(1, &text);
        assert!(found.iter().all(|it| it.words.len() <= MOST_WORDS));
        assert_eq!(found.iter().map(|it| it.words.len()).sum::<usize>(), 10_000);
    }
}
