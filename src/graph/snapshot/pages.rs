//! What is read of a snapshot is compared with a checksum before it counts, a page at a time and each page once. So damage
//! is found by the question that meets it, and opening need not read the file.

use std::sync::atomic::{AtomicU64, Ordering};

use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::layout::PAGE;
use crate::graph::names::FaultCell;
use crate::graph::view::Fault;

/// Which pages have been compared.
#[derive(Debug)]
pub(crate) struct Pages {
    /// A bit a page.
    sound: Vec<AtomicU64>,
    /// Bytes before the checksums.
    covered: usize,
}

impl Pages {
    /// Over so many bytes, none compared yet.
    pub(super) fn new(covered: usize) -> Pages {
        let words = covered.div_ceil(PAGE).div_ceil(u64::BITS as usize);
        Pages { sound: std::iter::repeat_with(AtomicU64::default).take(words).collect(), covered }
    }
}

/// The bytes of a snapshot with their checksums.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guard<'s> {
    bytes: &'s [u8],
    pages: &'s Pages,
    fault: &'s FaultCell,
}

impl<'s> Guard<'s> {
    #[inline]
    pub(super) fn new(bytes: &'s [u8], pages: &'s Pages, fault: &'s FaultCell) -> Guard<'s> {
        Guard { bytes, pages, fault }
    }

    /// Compares the pages under rows that lie in the snapshot; damage is written down as a fault.
    #[inline]
    pub(crate) fn check<T: IntoBytes + Immutable>(&self, rows: &[T]) {
        let read = rows.as_bytes();
        // Rows are parts of the snapshot; of anything else nothing is known, and an empty part is sound.
        let Some(start) = read.as_ptr().addr().checked_sub(self.bytes.as_ptr().addr()) else { return };
        let end = start.saturating_add(read.len()).min(self.pages.covered);
        if start >= end {
            return;
        }
        for page in start / PAGE..=(end - 1) / PAGE {
            let word = self.pages.sound.get(page / u64::BITS as usize);
            let bit = 1_u64 << (page % u64::BITS as usize);
            if word.is_none_or(|it| it.load(Ordering::Relaxed) & bit == 0) {
                self.compare(page, word, bit);
            }
        }
    }

    /// Writes down what was found damaged; the first of all is kept.
    pub(crate) fn damaged(&self, what: impl FnOnce() -> String) {
        self.fault.get_or_init(|| Fault { what: what() });
    }

    #[cold]
    fn compare(&self, page: usize, word: Option<&AtomicU64>, bit: u64) {
        let covered = self.bytes.get(..self.pages.covered).unwrap_or_default();
        let bytes = covered.chunks(PAGE).nth(page).unwrap_or_default();
        // The checksums follow what they cover, one of 4 bytes a page.
        let stored = self.bytes.get(self.pages.covered + page * size_of::<u32>()..).unwrap_or_default();
        let stored = u32::read_from_prefix(stored).map(|(it, _)| it).ok();
        match word {
            Some(word) if stored == Some(crc32fast::hash(bytes)) => {
                word.fetch_or(bit, Ordering::Relaxed);
            }
            _ => {
                self.damaged(|| format!("the {PAGE} bytes from byte {} on are not as they were written", page * PAGE));
            }
        }
    }
}
