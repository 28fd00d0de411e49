//! Facts in the order in which they came, as numbers: those that do not fit into memory wait in a temporary file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use zerocopy::IntoBytes;

/// Numbers that are read from the file at once.
const BLOCK: usize = 1 << 11;
/// So many blocks stay in memory: ids that end with numbers of several lengths lie in as many places of a table.
const KEPT: usize = 128;

/// Facts of any length, one after the other.
pub(super) struct Spool {
    folder: PathBuf,
    /// Numbers that stand in memory before they go to the file.
    limit: usize,
    /// What was pushed last, behind what is in the file.
    memory: Vec<u32>,
    file: Option<File>,
    in_file: usize,
    /// Where each fact ends.
    ends: Vec<u64>,
}

impl Spool {
    /// `memory`: bytes that may stay in memory.
    pub(super) fn new(folder: PathBuf, memory: usize) -> Spool {
        let limit = (memory / size_of::<u32>()).max(1);
        Spool { folder, limit, memory: Vec::new(), file: None, in_file: 0, ends: Vec::new() }
    }

    /// How many facts there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Where the next fact is written to; [`Spool::end`] ends it.
    pub(super) fn open(&mut self) -> &mut Vec<u32> {
        &mut self.memory
    }

    /// Ends a fact.
    ///
    /// # Errors
    ///
    /// The temporary file cannot be written.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.ends.push((self.in_file + self.memory.len()) as u64);
        if self.memory.len() < self.limit { Ok(()) } else { self.spill() }
    }

    /// The last fact has come: if some wait in a file the others go there too, and their memory is free for what is made of them.
    ///
    /// # Errors
    ///
    /// The temporary file cannot be written.
    pub(super) fn close(&mut self) -> io::Result<()> {
        if self.file.is_some() {
            self.spill()?;
            self.memory.shrink_to_fit();
        }
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile_in(&self.folder)?),
        };
        file.write_all(self.memory.as_bytes())?;
        self.in_file += self.memory.len();
        self.memory.clear();
        Ok(())
    }

    fn place(&self, at: usize) -> Option<(usize, usize)> {
        let start = at.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
        let end = *self.ends.get(at)?;
        Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
    }

    /// To read facts of, in any order; fast where facts lie near those that were read before.
    pub(super) fn reader(&self) -> io::Result<Reader<'_>> {
        let file = self.file.as_ref().map(File::try_clone).transpose()?;
        let blocks = if file.is_some() { vec![Block::default(); KEPT] } else { Vec::new() };
        Ok(Reader { spool: self, file, blocks, fact: Vec::new() })
    }
}

/// A part of the file.
#[derive(Clone, Default)]
struct Block {
    /// From 1; 0 if nothing was read yet.
    number: usize,
    numbers: Vec<u32>,
}

/// Reads facts. Two readers of one spool must take turns: they share a place in the file.
pub(super) struct Reader<'s> {
    spool: &'s Spool,
    file: Option<File>,
    /// Each at the place of its number.
    blocks: Vec<Block>,
    /// A fact that lies in two blocks.
    fact: Vec<u32>,
}

impl Reader<'_> {
    /// The numbers of a fact; none beyond the last.
    ///
    /// # Errors
    ///
    /// The temporary file cannot be read.
    pub(super) fn get(&mut self, at: usize) -> io::Result<&[u32]> {
        let Some((start, end)) = self.spool.place(at) else { return Ok(&[]) };
        let in_file = self.spool.in_file;
        if start >= in_file {
            return Ok(self.spool.memory.get(start - in_file..end - in_file).unwrap_or_default());
        }
        if start / BLOCK == end.saturating_sub(1) / BLOCK {
            return Ok(self.block(start / BLOCK)?.get(start % BLOCK..end - start / BLOCK * BLOCK).unwrap_or_default());
        }
        let mut fact = std::mem::take(&mut self.fact);
        fact.clear();
        let mut at = start;
        while at < end {
            let rest = self.block(at / BLOCK)?.get(at % BLOCK..).unwrap_or_default();
            let part = rest.get(..rest.len().min(end - at)).unwrap_or_default();
            if part.is_empty() {
                break;
            }
            fact.extend_from_slice(part);
            at += part.len();
        }
        self.fact = fact;
        Ok(&self.fact)
    }

    fn block(&mut self, number: usize) -> io::Result<&[u32]> {
        let (Some(block), Some(file)) = (self.blocks.get_mut(number % KEPT), &mut self.file) else { return Ok(&[]) };
        if block.number != number + 1 {
            let start = number * BLOCK;
            // Whatever fails leaves nothing behind that looks read.
            block.number = 0;
            block.numbers.resize(BLOCK.min(self.spool.in_file.saturating_sub(start)), 0);
            file.seek(SeekFrom::Start((start * size_of::<u32>()) as u64))?;
            file.read_exact(block.numbers.as_mut_bytes())?;
            block.number = number + 1;
        }
        Ok(&block.numbers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn facts_come_back_from_memory_and_from_disk(
            facts in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..1500), 0..20),
            memory in 0_usize..20_000, close: bool, order in prop::collection::vec(any::<prop::sample::Index>(), 0..30)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut spool = Spool::new(folder.path().to_owned(), memory);
            for fact in &facts {
                spool.open().extend_from_slice(fact);
                spool.end().unwrap();
            }
            if close {
                spool.close().unwrap();
            }
            prop_assert_eq!(spool.len(), facts.len());
            let mut reader = spool.reader().unwrap();
            for (at, fact) in facts.iter().enumerate() {
                prop_assert_eq!(reader.get(at).unwrap(), fact.as_slice());
            }
            for it in order.iter().filter(|_| !facts.is_empty()) {
                let at = it.index(facts.len());
                prop_assert_eq!(reader.get(at).unwrap(), facts[at].as_slice());
            }
        }
    }
}
