//! Rows in their order, however many: what does not fit into memory waits in temporary files.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use zerocopy::{FromBytes, Immutable, IntoBytes};

/// Bytes of rows that stand in memory.
const MEMORY: usize = 32 << 20;

/// Takes rows and gives them back sorted. Rows are plain bytes of one size; equal ones stay.
pub(super) struct Sorter<T> {
    rows: Vec<T>,
    limit: usize,
    folder: PathBuf,
    runs: Vec<File>,
}

impl<T: Ord + Copy + FromBytes + IntoBytes + Immutable> Sorter<T> {
    /// Temporary files go into a folder; they have no names and are gone with the program.
    pub(super) fn new(folder: &Path) -> Sorter<T> {
        Sorter::holding(MEMORY / size_of::<T>().max(1), folder)
    }

    fn holding(limit: usize, folder: &Path) -> Sorter<T> {
        Sorter { rows: Vec::new(), limit: limit.max(1), folder: folder.to_owned(), runs: Vec::new() }
    }

    /// Takes a row.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be written.
    pub(super) fn push(&mut self, row: T) -> io::Result<()> {
        if self.rows.len() >= self.limit {
            self.rows.sort_unstable();
            let mut out = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
            out.write_all(self.rows.as_bytes())?;
            let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            self.runs.push(file);
            self.rows.clear();
        }
        self.rows.push(row);
        Ok(())
    }

    /// All rows in their order.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be read; later ones come out of the rows.
    pub(super) fn finish(mut self) -> io::Result<Sorted<T>> {
        self.rows.sort_unstable();
        let mut runs: Vec<Run<T>> =
            self.runs.into_iter().map(|it| Run::Disk(BufReader::new(it), PhantomData)).collect();
        runs.push(Run::Memory(self.rows.into_iter()));
        let mut next = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            if let Some(row) = run.next()? {
                next.push(Reverse((row, at)));
            }
        }
        Ok(Sorted { runs, next })
    }
}

enum Run<T> {
    Memory(std::vec::IntoIter<T>),
    Disk(BufReader<File>, PhantomData<T>),
}

impl<T: Copy + FromBytes + IntoBytes> Run<T> {
    fn next(&mut self) -> io::Result<Option<T>> {
        match self {
            Run::Memory(rows) => Ok(rows.next()),
            Run::Disk(file, _) => {
                let mut row = T::new_zeroed();
                match file.read_exact(row.as_mut_bytes()) {
                    Ok(()) => Ok(Some(row)),
                    // Runs hold whole rows.
                    Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

/// Rows in their order.
pub(super) struct Sorted<T> {
    runs: Vec<Run<T>>,
    next: BinaryHeap<Reverse<(T, usize)>>,
}

impl<T: Ord + Copy + FromBytes + IntoBytes> Iterator for Sorted<T> {
    type Item = io::Result<T>;

    fn next(&mut self) -> Option<io::Result<T>> {
        let Reverse((row, at)) = self.next.pop()?;
        match self.runs.get_mut(at).map_or(Ok(None), Run::next) {
            Ok(Some(after)) => self.next.push(Reverse((after, at))),
            Ok(None) => {}
            Err(error) => return Some(Err(error)),
        }
        Some(Ok(row))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_come_back_in_order_from_memory_and_from_disk(mut rows: Vec<u32>, limit in 1_usize..8) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::holding(limit, folder.path());
            for row in &rows {
                sorter.push(*row).unwrap();
            }
            let sorted: Vec<u32> = sorter.finish().unwrap().collect::<io::Result<_>>().unwrap();
            rows.sort_unstable();
            prop_assert_eq!(sorted, rows);
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let mut sorter = Sorter::holding(1, Path::new("/nonexistent/folder"));
        sorter.push(1_u8).unwrap();
        assert!(sorter.push(2).is_err());
    }
}
