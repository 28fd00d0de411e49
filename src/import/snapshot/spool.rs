//! Facts in the order in which they came, as numbers: those that do not fit into memory wait in a temporary file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use zerocopy::IntoBytes;

/// Numbers that are read at once while one fact after the other is read.
const AHEAD: usize = 1 << 16;

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
        if self.memory.len() < self.limit {
            return Ok(());
        }
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

    /// To read facts of, in any order; fast in their own.
    pub(super) fn reader(&self) -> io::Result<Reader<'_>> {
        let file = self.file.as_ref().map(File::try_clone).transpose()?;
        Ok(Reader { spool: self, file, ahead: Vec::new(), start: 0 })
    }
}

/// Reads facts. Two readers of one spool must take turns: they share a place in the file.
pub(super) struct Reader<'s> {
    spool: &'s Spool,
    file: Option<File>,
    ahead: Vec<u32>,
    /// Where what was read ahead begins.
    start: usize,
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
        let known = self.start..self.start + self.ahead.len();
        if !(known.start <= start && end <= known.end) {
            let Some(file) = &mut self.file else { return Ok(&[]) };
            // Far from what was read before nobody reads in order.
            let is_next = known.start <= start && start <= known.end;
            let length = (end - start).max(if is_next { AHEAD } else { 0 }).min(in_file - start);
            self.ahead.resize(length, 0);
            file.seek(SeekFrom::Start((start * size_of::<u32>()) as u64))?;
            file.read_exact(self.ahead.as_mut_bytes())?;
            self.start = start;
        }
        Ok(self.ahead.get(start - self.start..end - self.start).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn facts_come_back_from_memory_and_from_disk(
            facts in prop::collection::vec(prop::collection::vec(any::<u32>(), 0..9), 0..20),
            memory in 0_usize..100, order in prop::collection::vec(any::<prop::sample::Index>(), 0..30)
        ) {
            let folder = tempfile::tempdir().unwrap();
            let mut spool = Spool::new(folder.path().to_owned(), memory);
            for fact in &facts {
                spool.open().extend_from_slice(fact);
                spool.end().unwrap();
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
