//! Cutting a file so that its facts can be read part by part: nothing else of it need stand in memory.

use std::fs::File;
use std::io::{self, Read};

use crate::load::files::{LARGEST, MARK};
use crate::load::token::{TokenKind, tokens};

/// A file without its facts, and where they stand.
pub(super) struct Split {
    /// The text without what stands in its lists of facts.
    pub(super) skeleton: String,
    /// Where stretches of the skeleton begin, there and in the file.
    pub(super) seams: Vec<(u32, u32)>,
    /// Records of its lists of facts, with the commas between them.
    pub(super) chunks: Vec<Chunk>,
    /// Bytes of the file before its text: those of a byte order mark.
    pub(super) before: u32,
}

/// Whole records that stand behind each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) start: u32,
    pub(super) length: u32,
    /// By which it is known again.
    pub(super) checksum: u32,
}

/// So much of a file is looked at once, and more if one token is longer.
const WINDOW: usize = 1 << 20;

/// A token this near to the end of a window may go on behind it: a character in quotes looks ahead.
const AHEAD: usize = 32;

/// Cuts a file into parts of about `size` bytes. None if it is no text, or so long that no place in it has a number; what is
/// wrong with it is found by reading it whole.
///
/// Brackets decide alone. Where they mislead, a part or the skeleton cannot be read, and the file is read whole as well.
///
/// # Errors
///
/// The file cannot be read.
pub(super) fn split(file: &mut File, size: usize) -> io::Result<Option<Split>> {
    let mut cutter = Cutter::new(size);
    let mut wanted = WINDOW;
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        file.by_ref().take(wanted as u64).read_to_end(&mut bytes)?;
        let is_end = bytes.len() - before < wanted;
        let valid = match std::str::from_utf8(&bytes) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() && !is_end => error.valid_up_to(),
            Err(_) => return Ok(None),
        };
        let rest = bytes.split_off(valid);
        let Ok(text) = String::from_utf8(std::mem::replace(&mut bytes, rest)) else { return Ok(None) };
        cutter.text.push_str(&text);
        if cutter.text.len() + cutter.base > LARGEST as usize {
            return Ok(None);
        }
        // Of a token without end nothing is looked at twice too often.
        wanted = if cutter.go_on(is_end) { WINDOW } else { wanted.saturating_mul(2) };
        if is_end {
            return Ok(Some(cutter.split));
        }
    }
}

struct Cutter {
    size: usize,
    split: Split,
    /// What was read and is not done with, and where it begins in the file's text.
    text: String,
    base: usize,
    depth: usize,
    /// How far the name of a list of facts was read: `facts`, then the colon.
    name: usize,
    /// Where the part begins that is being cut, within a list of facts.
    chunk: Option<usize>,
    hasher: crc32fast::Hasher,
    is_first: bool,
}

impl Cutter {
    fn new(size: usize) -> Cutter {
        let split = Split { skeleton: String::new(), seams: vec![(0, 0)], chunks: Vec::new(), before: 0 };
        Cutter {
            size,
            split,
            text: String::new(),
            base: 0,
            depth: 0,
            name: 0,
            chunk: None,
            hasher: crc32fast::Hasher::new(),
            is_first: true,
        }
    }

    /// Looks at what was read. Gives whether it came any further.
    fn go_on(&mut self, is_end: bool) -> bool {
        let text = std::mem::take(&mut self.text);
        let mut rest = text.as_str();
        if std::mem::take(&mut self.is_first)
            && let Some(after) = rest.strip_prefix(MARK)
        {
            self.split.before = number(MARK.len_utf8());
            rest = after;
        }
        let trusted = if is_end { usize::MAX } else { rest.len().saturating_sub(AHEAD) };
        let (mut done, mut taken) = (0, 0);
        for token in tokens(rest, 0).take_while(|it| it.end <= trusted) {
            taken = token.end;
            if !token.is_significant() {
                continue;
            }
            match (token.kind, self.chunk) {
                (TokenKind::Open(b'['), None) if self.depth == 1 && self.name == 2 => {
                    self.take(rest.get(done..token.end).unwrap_or_default());
                    done = token.end;
                    self.chunk = Some(self.base + done);
                    self.depth += 1;
                }
                (TokenKind::Open(_), _) => self.depth += 1,
                (TokenKind::Close(_), Some(start)) if self.depth == 2 => {
                    self.take(rest.get(done..token.start).unwrap_or_default());
                    done = token.start;
                    self.cut(start, self.base + done);
                    self.chunk = None;
                    self.split.seams.push((number(self.split.skeleton.len()), number(self.base + done)));
                    self.depth = 1;
                }
                (TokenKind::Close(_), _) => self.depth = self.depth.saturating_sub(1),
                (TokenKind::Comma, Some(start)) if self.depth == 2 && self.base + token.end - start >= self.size => {
                    self.take(rest.get(done..token.end).unwrap_or_default());
                    done = token.end;
                    self.cut(start, self.base + done);
                    self.chunk = Some(self.base + done);
                }
                _ => {}
            }
            self.name = match (token.kind, self.name) {
                (TokenKind::Word, _) if self.depth == 1 && rest.get(token.start..token.end) == Some("facts") => 1,
                (TokenKind::Colon, 1) => 2,
                _ => 0,
            };
        }
        let end = if is_end { rest.len() } else { taken };
        self.take(rest.get(done..end).unwrap_or_default());
        self.base += end;
        rest.get(end..).unwrap_or_default().clone_into(&mut self.text);
        end > 0
    }

    /// What was passed over goes where it belongs.
    fn take(&mut self, text: &str) {
        match self.chunk {
            Some(_) => self.hasher.update(text.as_bytes()),
            None => self.split.skeleton.push_str(text),
        }
    }

    fn cut(&mut self, start: usize, end: usize) {
        let checksum = std::mem::take(&mut self.hasher).finalize();
        if end > start {
            self.split.chunks.push(Chunk { start: number(start), length: number(end - start), checksum });
        }
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use proptest::prelude::*;

    use super::*;

    fn split_text(text: &str, size: usize) -> Option<Split> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.rewind().unwrap();
        split(&mut file, size).unwrap()
    }

    #[test]
    fn facts_are_cut_out_at_commas_between_records() {
        let text = "(facts: [A(b: \"],\"), /* ], */ C(d: [1, 2]),], entities: [], facts: [E()])";
        let cut = split_text(text, 1).unwrap();
        assert_eq!(cut.skeleton, "(facts: [], entities: [], facts: [])");
        let parts: Vec<&str> =
            cut.chunks.iter().map(|it| &text[it.start as usize..(it.start + it.length) as usize]).collect();
        assert_eq!(parts, ["A(b: \"],\"),", " /* ], */ C(d: [1, 2]),", "E()"]);
        for (there, here) in &cut.seams {
            let (there, here) = (*there as usize, *here as usize);
            assert_eq!(cut.skeleton[there..there + 1], text[here..=here]);
        }
    }

    proptest! {
        /// Whatever is cut out, and what is left, are the text.
        #[test]
        fn nothing_is_lost(text in r#"\(?(facts: ?\[|[A-Z]\(|[a-z]: |"[^"]{0,3}"|\)|\]|,|//x\n|/\*|\*/|'.'|ö){0,30}"#, size in 1_usize..40) {
            let cut = split_text(&text, size).unwrap();
            let mut whole: Vec<(u32, &str)> = cut
                .chunks
                .iter()
                .map(|it| (it.start, &text[it.start as usize..(it.start + it.length) as usize]))
                .collect();
            for (at, (there, here)) in cut.seams.iter().enumerate() {
                let end = cut.seams.get(at + 1).map_or(cut.skeleton.len(), |it| it.0 as usize);
                whole.push((*here, &cut.skeleton[*there as usize..end]));
            }
            whole.retain(|it| !it.1.is_empty());
            whole.sort_unstable();
            // A list of facts that is never closed stays out: the skeleton lacks its end, and cannot be read.
            let joined: String = whole.iter().map(|it| it.1).collect();
            prop_assert!(text.starts_with(&joined), "{joined}");
            prop_assert!(joined == text || !cut.skeleton.trim_end().ends_with(')'));
        }
    }
}
