//! Text that the fonts at hand cannot draw, in Latin letters.

use super::{FontError, FontSet};
use crate::model::printable;

/// A text that can be drawn whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legible {
    /// The text.
    pub text: String,
    /// Words that were put into Latin letters, in the order of the text.
    pub replaced: Vec<Replaced>,
}

/// A word that stands in other letters than in the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// As the data write it.
    pub was: String,
    /// In Latin letters.
    pub now: String,
}

impl FontSet {
    /// The text with each word romanised of which some character has no glyph; a reader must be told of those.
    ///
    /// ```
    /// use purvey::draw::font::FontSet;
    ///
    /// let legible = FontSet::bundled().legible("북한, North Korea")?;
    /// assert_eq!(legible.text, "bughan, North Korea");
    /// assert_eq!(legible.replaced[0].was, "북한");
    /// # Ok::<(), purvey::draw::font::FontError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`FontError::NoGlyph`] if a character has neither a glyph nor a Latin transcription.
    pub fn legible(&self, text: &str) -> Result<Legible, FontError> {
        if self.missing(text).is_empty() {
            return Ok(Legible { text: text.to_owned(), replaced: Vec::new() });
        }
        let (mut out, mut replaced) = (String::with_capacity(text.len()), Vec::new());
        for word in words(text) {
            if self.missing(word).is_empty() {
                out.push_str(word);
                continue;
            }
            let now = self.romanised(word)?;
            out.push_str(&now);
            replaced.push(Replaced { was: word.to_owned(), now });
        }
        Ok(Legible { text: out, replaced })
    }

    fn romanised(&self, word: &str) -> Result<String, FontError> {
        let refused = |character| FontError::NoGlyph { character, text: printable(word).into_owned() };
        let mut out = String::new();
        for c in word.chars() {
            if self.missing(c.encode_utf8(&mut [0; 4])).is_empty() {
                out.push(c);
            } else {
                // Some marks stand for nothing in Latin letters; a word of nothing else is refused below.
                out.push_str(deunicode::deunicode_char(c).ok_or_else(|| refused(c))?);
            }
        }
        let out = out.trim();
        if out.is_empty() { Err(refused(word.chars().next().unwrap_or(' '))) } else { Ok(out.to_owned()) }
    }
}

/// The text in pieces: runs of letters and digits with their marks, and what is between them.
fn words(text: &str) -> Vec<&str> {
    // Only what stands between words in any script ends one; signs of unknown fonts stay with their word.
    let kind = |c: char| c.is_whitespace() || c.is_ascii_punctuation();
    let mut found = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|it| it != kind(c)) {
            found.extend(text.get(start..at));
            start = at;
        }
        last = Some(kind(c));
    }
    found.extend(text.get(start..).filter(|it| !it.is_empty()));
    found
}
