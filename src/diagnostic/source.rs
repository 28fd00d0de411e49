//! Files that were read, and places in them.

use std::sync::OnceLock;

/// Number of a file in a [`SourceMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Bytes of a file, from `start` up to but not with `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// Byte after the last.
    pub end: u32,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    readable: bool,
    /// Made when the first place is asked for.
    places: OnceLock<Places>,
}

/// What makes line and column of a place quick to find, however many places are asked for.
#[derive(Clone, Debug, Default)]
struct Places {
    /// The byte at which each line begins.
    lines: Vec<usize>,
    /// The number of characters that begin before each whole multiple of [`BLOCK`] bytes.
    characters: Vec<usize>,
}

/// Bytes between two counts of characters: a place costs at most this much, in a line of any length.
const BLOCK: usize = 1024;

/// How many characters begin in these bytes of UTF-8.
fn beginnings(bytes: &[u8]) -> usize {
    bytes.iter().filter(|it| !matches!(it, 0x80..=0xbf)).count()
}

impl Places {
    fn of(text: &str) -> Places {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut before = 0;
        let mut characters = Vec::with_capacity(text.len() / BLOCK + 1);
        for block in text.as_bytes().chunks(BLOCK) {
            characters.push(before);
            before += beginnings(block);
        }
        characters.push(before);
        Places { lines, characters }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, text: &str, byte: usize) -> usize {
        let block = byte / BLOCK;
        let rest = text.as_bytes().get(block * BLOCK..byte).unwrap_or(&[]);
        self.characters.get(block).copied().unwrap_or(0) + beginnings(rest)
    }
}

impl SourceFile {
    /// A file with its name as printed.
    pub fn new(name: String, text: String) -> Self {
        SourceFile { name, text, readable: true, places: OnceLock::new() }
    }

    /// A file or folder that could not be read, or of which no line is to be shown.
    pub fn unreadable(name: String) -> Self {
        SourceFile { name, text: String::new(), readable: false, places: OnceLock::new() }
    }

    /// The name as printed.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text without byte order mark; empty if it could not be read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is a text.
    pub fn is_readable(&self) -> bool {
        self.readable
    }

    /// The byte, moved down to the nearest beginning of a character inside the text.
    pub(crate) fn clamp(&self, byte: u32) -> usize {
        let mut at = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1; // Byte 0 is a boundary, so this ends.
        }
        at
    }

    /// The byte at which the line of a byte begins. Logarithmic, once the lines were counted.
    pub(crate) fn line_start(&self, byte: usize) -> usize {
        self.line(byte).1
    }

    /// Number, from 1, and first byte of the line of a byte.
    fn line(&self, byte: usize) -> (usize, usize) {
        let lines = &self.places().lines;
        let number = lines.partition_point(|start| *start <= byte);
        (number, lines.get(number.saturating_sub(1)).copied().unwrap_or(0))
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(&self.text))
    }

    /// Line and column of a byte, both from 1, the column in characters. Logarithmic in the number of lines, after a
    /// first call that is linear in the length of the text.
    ///
    /// ```
    /// use purvey::diagnostic::SourceFile;
    ///
    /// let file = SourceFile::new("x.ron".to_owned(), "a\nöb".to_owned());
    /// assert_eq!(file.line_column(4), (2, 2));
    /// ```
    pub fn line_column(&self, byte: u32) -> (usize, usize) {
        let byte = self.clamp(byte);
        let (line, start) = self.line(byte);
        let characters = |byte| self.places().characters_before(&self.text, byte);
        let column = 1 + characters(byte) - characters(start);
        (line, column)
    }
}

/// The files of one run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and gives its number.
    pub fn push(&mut self, file: SourceFile) -> FileId {
        self.files.push(file);
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// Puts another file in the place of one.
    pub(crate) fn replace(&mut self, id: FileId, file: SourceFile) {
        if let Some(slot) = self.files.get_mut(id.0 as usize) {
            *slot = file;
        }
    }

    /// The file with that number.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0_u32..).map(FileId).zip(&self.files)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_is_what_counting_from_the_beginning_gives(
            text in "[a\nö북\r]{0,40}", times in 1_usize..200, byte in 0_u32..20_000
        ) {
            let file = SourceFile::new(String::new(), text.repeat(times));
            let before = &file.text[..file.clamp(byte)];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
            prop_assert_eq!(file.line_column(byte), (line, column));
        }
    }
}
