//! The columns of a snapshot as they grow, and the file that they make.

use std::hash::{BuildHasher, RandomState};
use std::io::Write;

use hashbrown::HashTable;
use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::layout::{ALIGNMENT, BYTE_ORDER, Entry, Header, MAGIC, NONE, PAGE, Section, VERSION};
use super::write::WriteError;
use crate::graph::columns::Lists;

/// A number of a row. A column that would need a larger one is refused before anything is written.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

/// Columns as they grow.
#[derive(Default)]
pub(super) struct Columns {
    bytes: Vec<Vec<u8>>,
    text_ends: Vec<u32>,
    /// Numbers of the strings that are kept once.
    known: HashTable<u32>,
    hasher: RandomState,
    too_large: Option<Section>,
}

impl Columns {
    pub(super) fn bytes(&mut self, section: Section, bytes: &[u8]) {
        let at = section as usize;
        if self.bytes.len() <= at {
            self.bytes.resize_with(Section::ALL.len(), Vec::new);
        }
        let Some(column) = self.bytes.get_mut(at) else { return };
        column.extend_from_slice(bytes);
        if column.len() / section.row_size().max(1) >= NONE as usize {
            self.too_large = self.too_large.or(Some(section));
        }
    }

    /// What a column holds so far.
    pub(super) fn column(&self, section: Section) -> &[u8] {
        self.bytes.get(section as usize).map_or(&[], Vec::as_slice)
    }

    /// How many rows a column has so far.
    pub(super) fn count(&self, section: Section) -> usize {
        self.column(section).len() / section.row_size().max(1)
    }

    /// The rows of a column so far.
    pub(super) fn read<T: FromBytes>(&self, section: Section) -> impl Iterator<Item = T> {
        self.column(section).chunks(size_of::<T>()).filter_map(|it| T::read_from_bytes(it).ok())
    }

    /// A row of a column.
    pub(super) fn read_one<T: FromBytes>(&self, section: Section, at: usize) -> Option<T> {
        let start = at.checked_mul(size_of::<T>())?;
        T::read_from_bytes(self.column(section).get(start..start + size_of::<T>())?).ok()
    }

    pub(super) fn rows<T: IntoBytes + Immutable>(&mut self, section: Section, rows: &[T]) {
        debug_assert_eq!(size_of::<T>(), section.row_size(), "{}", section.name());
        self.bytes(section, rows.as_bytes());
    }

    pub(super) fn row<T: IntoBytes + Immutable>(&mut self, section: Section, row: &T) {
        self.rows(section, std::slice::from_ref(row));
    }

    /// A list, whose end stands in the column of the ends.
    pub(super) fn list<T: IntoBytes + Immutable>(
        &mut self,
        ends: Section,
        items: Section,
        list: impl IntoIterator<Item = T>,
    ) {
        for item in list {
            self.row(items, &item);
        }
        let end = number(self.count(items));
        self.row(ends, &end);
    }

    /// Ends lists where the items end now, until there are so many.
    pub(super) fn fill(&mut self, ends: Section, items: Section, lists: usize) {
        let end = number(self.count(items));
        for _ in self.count(ends)..lists {
            self.row(ends, &end);
        }
    }

    /// All lists of an index.
    pub(super) fn lists<T: IntoBytes + Immutable>(&mut self, ends: Section, items: Section, lists: &Lists<T>) {
        let (all_ends, all_items) = lists.columns();
        self.rows(items, all_items);
        self.rows(ends, all_ends);
    }

    /// The number of a string that may come again; equal ones are kept once.
    pub(super) fn string(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        let known = self.known.find(hash, |it| self.text(*it) == text.as_bytes()).copied();
        known.unwrap_or_else(|| {
            let next = self.own_string(text);
            let Columns { known, hasher, text_ends, bytes, .. } = self;
            let all = bytes.get(Section::Text as usize).map_or(&[][..], Vec::as_slice);
            // The strings were text when they were added, and hash as text does.
            let of = |it: &u32| std::str::from_utf8(text_of(all, text_ends, *it)).unwrap_or_default();
            known.insert_unique(hash, next, |it| hasher.hash_one(of(it)));
            next
        })
    }

    /// The number of a string that no other equals, such as an id.
    pub(super) fn own_string(&mut self, text: &str) -> u32 {
        let next = number(self.text_ends.len());
        self.bytes(Section::Text, text.as_bytes());
        self.text_ends.push(number(self.column(Section::Text).len()));
        next
    }

    pub(super) fn option(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |it| self.string(it))
    }

    /// The bytes of a string.
    pub(super) fn text(&self, string: u32) -> &[u8] {
        text_of(self.column(Section::Text), &self.text_ends, string)
    }

    /// Writes the file. The ends of the strings become a column here, and the checksums of the pages the last.
    pub(super) fn write(mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        let ends = std::mem::take(&mut self.text_ends);
        self.rows(Section::TextEnds, &ends);
        drop(ends);
        if let Some(section) = self.too_large {
            return Err(WriteError::TooLarge { section: section.name() });
        }
        let mut offset = size_of::<Header>() + Section::ALL.len() * size_of::<Entry>();
        let mut table = Vec::new();
        for section in Section::ALL {
            offset = offset.next_multiple_of(ALIGNMENT);
            let bytes = self.column(*section);
            let pages = offset.div_ceil(PAGE) * size_of::<u32>();
            let length = if *section == Section::Pages { pages } else { bytes.len() };
            table.push(Entry {
                section: *section as u32,
                row: number(section.row_size()),
                offset: offset as u64,
                length: length as u64,
                // The checksums of the pages are made while the pages are written. They vouch for themselves.
                checksum: if *section == Section::Pages { 0 } else { crc32fast::hash(bytes) },
                unused: 0,
            });
            offset += length;
        }
        let mut header = Header {
            magic: MAGIC,
            version: VERSION,
            byte_order: BYTE_ORDER,
            length: offset as u64,
            sections: number(table.len()),
            checksum: 0,
        };
        header.checksum = super::header_checksum(&header, &table);
        let mut pages = PageWriter { out, hasher: crc32fast::Hasher::new(), written: 0, checksums: Vec::new() };
        pages.write(header.as_bytes())?;
        pages.write(table.as_bytes())?;
        for (section, entry) in Section::ALL.iter().zip(&table) {
            let padding = usize::try_from(entry.offset).unwrap_or_default().saturating_sub(pages.written);
            pages.write([0; ALIGNMENT].get(..padding).unwrap_or_default())?;
            if *section == Section::Pages {
                let checksums = pages.finish();
                out.write_all(checksums.as_bytes())?;
                break;
            }
            pages.write(self.column(*section))?;
            // What is written need not stay in memory.
            self.bytes.get_mut(*section as usize).map(std::mem::take);
        }
        Ok(())
    }
}

fn text_of<'t>(text: &'t [u8], ends: &[u32], string: u32) -> &'t [u8] {
    let at = string as usize;
    let start = at.checked_sub(1).and_then(|it| ends.get(it)).copied().unwrap_or(0);
    let end = ends.get(at).copied().unwrap_or(start);
    text.get(start as usize..end as usize).unwrap_or_default()
}

/// Writes on and keeps a checksum of each page.
struct PageWriter<'o> {
    out: &'o mut dyn Write,
    hasher: crc32fast::Hasher,
    written: usize,
    checksums: Vec<u32>,
}

impl PageWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.out.write_all(bytes)?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = PAGE - self.written % PAGE;
            let (now, later) = rest.split_at(room.min(rest.len()));
            self.hasher.update(now);
            self.written += now.len();
            if self.written.is_multiple_of(PAGE) {
                self.close();
            }
            rest = later;
        }
        Ok(())
    }

    fn close(&mut self) {
        self.checksums.push(std::mem::take(&mut self.hasher).finalize());
    }

    fn finish(mut self) -> Vec<u32> {
        if !self.written.is_multiple_of(PAGE) {
            self.close();
        }
        self.checksums
    }
}
