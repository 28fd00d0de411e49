//! Lines of text in pixels: measured with the font that is drawn, and broken where a reader would break them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::font::{Face, FontSet};
use super::picture::TextLine;

/// Measures text, and remembers how wide each character is.
pub(crate) struct Ruler<'a> {
    fonts: &'a FontSet,
    /// Widths in a size of one pixel.
    known: RefCell<BTreeMap<(Face, char), f64>>,
}

/// Size, face and distance of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Type {
    /// Size of letters in px.
    pub(crate) px: f64,
    /// The face.
    pub(crate) face: Face,
    /// From one baseline to the next in px.
    pub(crate) leading: f64,
}

impl<'a> Ruler<'a> {
    /// A ruler for these fonts.
    pub(crate) fn new(fonts: &'a FontSet) -> Self {
        Ruler { fonts, known: RefCell::default() }
    }

    /// The width of a line.
    pub(crate) fn width(&self, text: &str, kind: Type) -> f64 {
        let mut known = self.known.borrow_mut();
        let mut ems = 0.0;
        for c in text.chars() {
            ems += *known
                .entry((kind.face, c))
                .or_insert_with(|| self.fonts.measure(c.encode_utf8(&mut [0; 4]), kind.face, 1.0));
        }
        ems * kind.px
    }

    /// The width of the widest piece that must not be broken.
    pub(crate) fn widest_word(&self, text: &str, kind: Type) -> f64 {
        text.split(' ').flat_map(syllables).map(|it| self.width(it, kind)).fold(0.0, f64::max)
    }

    /// `text` in as few lines of at most `width` as there can be, and these about equally long, so that no word stands
    /// alone on a last line. What is wider than a line without a space is broken where it must be.
    pub(crate) fn wrap(&self, text: &str, width: f64, kind: Type) -> Vec<String> {
        let lines = self.greedy(text, width, kind);
        if lines.len() < 2 {
            return lines;
        }
        let (mut low, mut high) = (self.widest_word(text, kind).min(width), width);
        for _ in 0..7 {
            let middle = f64::midpoint(low, high);
            if self.greedy(text, middle, kind).len() == lines.len() { high = middle } else { low = middle }
        }
        self.greedy(text, high, kind)
    }

    fn greedy(&self, text: &str, width: f64, kind: Type) -> Vec<String> {
        let space = self.width(" ", kind);
        let mut lines: Vec<(String, f64)> = Vec::new();
        for word in text.split(' ').filter(|it| !it.is_empty()) {
            let syllables = syllables(word).into_iter().flat_map(|it| self.pieces(it, width, kind));
            for (at, piece) in syllables.enumerate() {
                let size = self.width(&piece, kind);
                let before = if at == 0 { space } else { 0.0 };
                match lines.last_mut() {
                    Some((line, used)) if *used + before + size <= width + 0.01 => {
                        if at == 0 {
                            line.push(' ');
                        }
                        line.push_str(&piece);
                        *used += before + size;
                    }
                    _ => lines.push((piece, size)),
                }
            }
        }
        lines.into_iter().map(|it| it.0).collect()
    }

    /// A word that is wider than a line, broken: at no-break spaces if that is enough, else anywhere.
    fn pieces(&self, word: &str, width: f64, kind: Type) -> Vec<String> {
        if self.width(word, kind) <= width + 0.01 {
            return vec![word.to_owned()];
        }
        let mut pieces: Vec<(String, f64)> = Vec::new();
        for part in word.split_inclusive('\u{a0}') {
            let size = self.width(part, kind);
            match pieces.last_mut() {
                Some((piece, used)) if *used + size <= width => {
                    piece.push_str(part);
                    *used += size;
                }
                _ if size <= width => pieces.push((part.to_owned(), size)),
                _ => {
                    for c in part.chars() {
                        let size = self.width(c.encode_utf8(&mut [0; 4]), kind);
                        match pieces.last_mut() {
                            Some((piece, used)) if *used + size <= width => {
                                piece.push(c);
                                *used += size;
                            }
                            _ => pieces.push((c.to_string(), size)),
                        }
                    }
                }
            }
        }
        pieces.into_iter().map(|it| it.0.trim_end_matches('\u{a0}').to_owned()).collect()
    }

    /// The same in at most `most` lines; the last one ends in an ellipsis if more would follow.
    pub(crate) fn wrap_at_most(&self, text: &str, width: f64, kind: Type, most: usize) -> Vec<String> {
        // Nobody reads a name of ten thousand characters, and trying to balance it takes time.
        let end = text.char_indices().nth(most * 120).map_or(text.len(), |it| it.0);
        let cut = text.get(..end).unwrap_or(text);
        let mut lines = self.wrap(cut, width, kind);
        if lines.len() > most || cut.len() < text.len() {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                while !last.is_empty() && self.width(last, kind) + self.width("…", kind) > width {
                    last.pop();
                }
                last.push('…');
            }
        }
        lines
    }

    /// Lines at a place: `x` is their left end, `top` the top of the first.
    pub(crate) fn set(&self, lines: &[String], x: f64, top: f64, kind: Type) -> Vec<TextLine> {
        // The middle of small letters stands in the middle of the line.
        let rise = (kind.leading - kind.px) / 2.0 + kind.px * 0.83;
        let lines = lines.iter().zip(0_u32..).map(|(text, at)| TextLine {
            x,
            y: top + rise + kind.leading * f64::from(at),
            width: self.width(text, kind),
            px: kind.px,
            face: kind.face,
            text: text.clone(),
        });
        lines.collect()
    }

    /// The same in the middle of `width`.
    pub(crate) fn set_centred(&self, lines: &[String], x: f64, width: f64, top: f64, kind: Type) -> Vec<TextLine> {
        let mut set = self.set(lines, x, top, kind);
        for line in &mut set {
            line.x = x + (width - line.width) / 2.0;
        }
        set
    }
}

/// A word in pieces that end in a hyphen: "multiple-", "rocket-", "launcher". Pieces of one or two letters stay with
/// their neighbours ("6-year", "al-Assad"), and figures stay whole.
fn syllables(word: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let letters = |it: &str| it.chars().count() > 2 && it.chars().all(|it| it.is_alphabetic() || it == '-');
    for (at, _) in word.match_indices('-') {
        let (before, after) = (word.get(start..at).unwrap_or(""), word.get(at + 1..).unwrap_or(""));
        let next = after.split(|it: char| !it.is_alphabetic()).next().unwrap_or("");
        if letters(before) && letters(next) {
            found.extend(word.get(start..=at));
            start = at + 1;
        }
    }
    found.extend(word.get(start..));
    found
}

/// How high so many lines are.
pub(crate) fn height(lines: usize, kind: Type) -> f64 {
    kind.leading * f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: Type = Type { px: 12.0, face: Face::Regular, leading: 15.0 };

    #[test]
    fn a_date_stays_in_one_line_and_no_word_stands_alone() {
        let fonts = FontSet::bundled();
        let ruler = Ruler::new(&fonts);
        let lines = ruler.wrap("at\u{a0}least\u{a0}100 ballistic missiles, 30\u{a0}April\u{a0}2025", 130.0, SMALL);
        assert_eq!(lines, ["at\u{a0}least\u{a0}100 ballistic", "missiles, 30\u{a0}April\u{a0}2025"]);
        assert_eq!(ruler.wrap("", 130.0, SMALL), Vec::<String>::new());
    }

    #[test]
    fn long_words_break_at_their_hyphens_and_figures_do_not() {
        assert_eq!(syllables("multiple-rocket-launcher"), ["multiple-", "rocket-", "launcher"]);
        assert_eq!(syllables("MSMT-listed,"), ["MSMT-", "listed,"]);
        for whole in ["al-Assad", "2024-25", "word", "", "-x-"] {
            assert_eq!(syllables(whole), [whole]);
        }
    }

    #[test]
    fn a_very_long_name_is_cut_with_an_ellipsis() {
        let fonts = FontSet::bundled();
        let ruler = Ruler::new(&fonts);
        for name in ["x".repeat(10_000), "long name ".repeat(1000)] {
            let lines = ruler.wrap_at_most(&name, 120.0, SMALL, 4);
            assert_eq!(lines.len(), 4);
            assert!(lines[3].ends_with('…') && lines.iter().all(|it| ruler.width(it, SMALL) <= 120.01), "{lines:?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_letter_is_lost(text in "[a-f \u{a0}]{0,60}", width in 20.0_f64..200.0) {
            let fonts = FontSet::bundled();
            let ruler = Ruler::new(&fonts);
            let lines = ruler.wrap(&text, width, SMALL);
            let letters = |it: &str| it.chars().filter(|it| !it.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in &lines {
                prop_assert!(ruler.width(line, SMALL) <= width + 0.02, "{}", line);
            }
        }
    }
}
