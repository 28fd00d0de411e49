//! A graph in a file that is mapped and never parsed: [`write_snapshot`] makes it, [`Snapshot`] reads it.
//!
//! Opening looks at the header, the table of sections and the vocabulary, so it takes the same time for ten facts and ten
//! million. Whatever a question reads is compared with its checksum and checked when it is read.

mod builder;
mod derive;
mod layout;
mod map;
mod pack;
mod packed;
mod pages;
mod read;
mod rows;
mod seal;
mod store;
mod words;
mod write;

use std::ops::Range;

use zerocopy::{FromBytes, IntoBytes};

use super::names::FaultCell;
use crate::model::Vocabulary;
use layout::{ALIGNMENT, BYTE_ORDER, Entry, Header, MAGIC, PAGE, Section, VERSION};

pub(crate) use pages::Guard;
use pages::Pages;

pub use builder::SnapshotBuilder;
pub use layout::MAGIC as SNAPSHOT_MAGIC;
pub use map::{MapError, Mapped};
pub(in crate::graph) use packed::{HeldClaim, HeldFact, HeldRecord, HeldRelation, unpack_record};
pub use packed::{PackError, pack_record};
pub use seal::reseal_snapshot;
pub use store::SnapshotMemory;
pub use write::{WriteError, write_nodes, write_snapshot, write_snapshot_within};

/// A graph over the bytes of a snapshot: a mapped file, a vector, a slice.
///
/// The bytes must begin at a multiple of 8, as those of a map and of [`AlignedBytes`] do.
///
/// # Example
///
/// See [`write_snapshot`].
#[derive(Debug)]
pub struct Snapshot<D> {
    data: D,
    sections: Vec<Range<usize>>,
    vocabulary: Vocabulary,
    pages: Pages,
    fault: FaultCell,
    counts: Counts,
}

/// Rows of the columns that references are held against most often.
#[derive(Clone, Copy, Debug)]
struct Counts {
    entities: usize,
    nodes: usize,
    claims: usize,
}

/// Why bytes are no snapshot that can be read here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// They begin otherwise.
    #[error("this is no snapshot of purvey")]
    NotASnapshot,
    /// It was written by another version of the program.
    #[error("the snapshot has version {found} of the format, and this program reads version {VERSION}: build it again")]
    Version {
        /// Its version.
        found: u32,
    },
    /// Its numbers stand in the other order of bytes, or this machine's do.
    #[error("the snapshot has the other order of bytes: build it again on this machine")]
    ByteOrder,
    /// It is shorter or longer than it says.
    #[error("the snapshot should have {expected} bytes and has {found}: it was cut short or overwritten")]
    Length {
        /// As it says.
        expected: u64,
        /// As it is.
        found: u64,
    },
    /// The header, the table or the vocabulary is damaged.
    #[error("the snapshot is damaged: {what}")]
    Damaged {
        /// What.
        what: String,
    },
    /// The bytes do not begin at a multiple of 8.
    #[error("the bytes of the snapshot do not begin at a multiple of {ALIGNMENT}")]
    Unaligned,
}

impl<D: AsRef<[u8]>> Snapshot<D> {
    /// Opens a snapshot. Constant time, whatever its size: the sections are read when a question needs them.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: no snapshot, another version or order of bytes, another length, a damaged header.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::graph::{OpenError, Snapshot};
    ///
    /// assert_eq!(Snapshot::new(b"plain text").err(), Some(OpenError::NotASnapshot));
    /// ```
    pub fn new(data: D) -> Result<Self, OpenError> {
        let bytes = data.as_ref();
        let damaged = |what: &str| OpenError::Damaged { what: what.to_owned() };
        if bytes.get(..MAGIC.len()) != Some(&MAGIC[..]) {
            return Err(OpenError::NotASnapshot);
        }
        let Ok((header, rest)) = Header::read_from_prefix(bytes) else {
            return Err(damaged("the header is cut short"));
        };
        if header.byte_order != BYTE_ORDER || cfg!(target_endian = "big") {
            return Err(if header.byte_order.swap_bytes() == BYTE_ORDER || cfg!(target_endian = "big") {
                OpenError::ByteOrder
            } else {
                damaged("the header makes no sense")
            });
        }
        if header.version != VERSION {
            return Err(OpenError::Version { found: header.version });
        }
        if header.length != bytes.len() as u64 {
            return Err(OpenError::Length { expected: header.length, found: bytes.len() as u64 });
        }
        if header.sections as usize != Section::ALL.len() {
            return Err(damaged("it has other sections than this version"));
        }
        let Ok((table, _)) = <[Entry]>::ref_from_prefix_with_elems(rest, Section::ALL.len()) else {
            return Err(if bytes.as_ptr().addr() % ALIGNMENT == 0 {
                damaged("the table is cut short")
            } else {
                OpenError::Unaligned
            });
        };
        if bytes.as_ptr().addr() % ALIGNMENT != 0 {
            return Err(OpenError::Unaligned);
        }
        if header_checksum(&Header { checksum: 0, ..header }, table) != header.checksum {
            return Err(damaged("the checksum of its header is wrong"));
        }
        let mut sections = Vec::with_capacity(table.len());
        for (section, entry) in Section::ALL.iter().zip(table) {
            let range = range_of(entry, bytes.len());
            let fits = entry.section == *section as u32
                && entry.row as usize == section.row_size()
                && entry.offset % ALIGNMENT as u64 == 0
                && entry.length % u64::from(entry.row.max(1)) == 0;
            match range.filter(|_| fits) {
                Some(range) => sections.push(range),
                None => return Err(damaged(&format!("the section {} lies outside the file", section.name()))),
            }
        }
        let Some(last) = sections.last().filter(|it| it.len() == it.start.div_ceil(PAGE) * size_of::<u32>()) else {
            return Err(damaged("it has too few checksums"));
        };
        let pages = Pages::new(last.start);
        let fault = FaultCell::new();
        let words = sections.first().cloned().and_then(|it| bytes.get(it)).unwrap_or_default();
        let guard = Guard::new(bytes, &pages, &fault);
        guard.check(bytes.get(..table.as_bytes().len() + size_of::<Header>()).unwrap_or_default());
        guard.check(words);
        if let Some(fault) = fault.get() {
            return Err(damaged(&fault.what));
        }
        let vocabulary = words::decode(words).ok_or_else(|| damaged("its vocabulary cannot be read"))?;
        let count = |it: Section| sections.get(it as usize).map_or(0, Range::len) / it.row_size().max(1);
        let entities = count(Section::Entities);
        let nodes = entities + count(Section::Unnamed);
        let counts = Counts { entities, nodes, claims: count(Section::Claims) };
        Ok(Snapshot { data, sections, vocabulary, pages, fault, counts })
    }

    /// What the writer kept for its own use.
    ///
    /// # Errors
    ///
    /// [`Fault`](crate::graph::Fault): the bytes are damaged.
    pub fn origin(&self) -> Result<&[u8], crate::graph::Fault> {
        let origin = self.sections.get(Section::Origin as usize).and_then(|it| self.data.as_ref().get(it.clone()));
        let origin = origin.unwrap_or_default();
        self.guard().check(origin);
        self.fault.get().map_or(Ok(origin), |it| Err(it.clone()))
    }

    #[inline]
    fn guard(&self) -> Guard<'_> {
        Guard::new(self.data.as_ref(), &self.pages, &self.fault)
    }

    /// Reads the whole file and compares each section with its checksum: the names of those that are damaged. Linear.
    pub fn verify(&self) -> Vec<&'static str> {
        let bytes = self.data.as_ref();
        let table = bytes.get(size_of::<Header>()..).unwrap_or_default();
        let Ok((table, _)) = <[Entry]>::ref_from_prefix_with_elems(table, Section::ALL.len()) else {
            return vec!["table"];
        };
        let sections = Section::ALL.iter().zip(table).zip(&self.sections);
        let damaged = sections.filter(|((section, entry), range)| {
            if **section == Section::Pages {
                let (covered, stored) = bytes.split_at(range.start.min(bytes.len()));
                let pages = covered.chunks(PAGE).map(crc32fast::hash);
                return !pages.flat_map(u32::to_le_bytes).eq(stored.iter().copied());
            }
            let bytes = bytes.get((*range).clone()).unwrap_or_default();
            crc32fast::hash(bytes) != entry.checksum
        });
        damaged.map(|((section, _), _)| section.name()).collect()
    }
}

/// Where a section lies, if it lies in the file.
fn range_of(entry: &Entry, length: usize) -> Option<Range<usize>> {
    let start = usize::try_from(entry.offset).ok()?;
    let end = start.checked_add(usize::try_from(entry.length).ok()?)?;
    (end <= length).then_some(start..end)
}

/// The checksum of a header whose own is zero, and of the table.
fn header_checksum(header: &Header, table: &[Entry]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(header.as_bytes());
    hasher.update(table.as_bytes());
    hasher.finalize()
}

/// Bytes that begin at a multiple of 8, for a snapshot that is no mapped file.
#[derive(Clone, Debug, Default)]
pub struct AlignedBytes {
    words: Vec<u64>,
    length: usize,
}

impl AlignedBytes {
    /// A copy of bytes.
    ///
    /// ```
    /// use purvey::graph::AlignedBytes;
    ///
    /// assert_eq!(AlignedBytes::copy(b"abc").as_ref(), b"abc");
    /// ```
    pub fn copy(bytes: &[u8]) -> AlignedBytes {
        let mut words = vec![0_u64; bytes.len().div_ceil(size_of::<u64>())];
        for (to, from) in words.as_mut_bytes().iter_mut().zip(bytes) {
            *to = *from;
        }
        AlignedBytes { words, length: bytes.len() }
    }
}

impl AsRef<[u8]> for AlignedBytes {
    fn as_ref(&self) -> &[u8] {
        self.words.as_bytes().get(..self.length).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
