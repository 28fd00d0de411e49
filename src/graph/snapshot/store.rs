//! The columns of a snapshot as they grow, and the file that they make.

use std::fs::File;
use std::hash::BuildHasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::layout::{ALIGNMENT, BYTE_ORDER, Entry, Header, MAGIC, NONE, PAGE, Section, VERSION};
use super::write::WriteError;
use crate::graph::columns::Lists;

/// A number of a row. A column that would need a larger one is refused before anything is written.
pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

/// How much of a snapshot that is being made may stand in memory, and where the rest waits.
#[derive(Clone, Debug)]
pub struct SnapshotMemory {
    /// Bytes. Strings, names and one index at a time are beyond it.
    pub bytes: usize,
    /// The folder for temporary files, which have no names and are gone with the program.
    pub folder: PathBuf,
}

impl Default for SnapshotMemory {
    /// All of it.
    fn default() -> Self {
        SnapshotMemory { bytes: usize::MAX, folder: std::env::temp_dir() }
    }
}

/// A column: what is in a file comes before what is in memory.
#[derive(Default)]
struct Column {
    memory: Vec<u8>,
    file: Option<File>,
    in_file: usize,
}

impl Column {
    fn len(&self) -> usize {
        self.in_file + self.memory.len()
    }

    /// Writes what is in memory into the file, and more bytes behind it, which need not stand in memory a second time.
    fn spill(&mut self, more: &[u8], folder: &Path) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(tempfile::tempfile_in(folder)?),
        };
        for part in [&self.memory, more] {
            file.write_all(part)?;
            self.in_file += part.len();
        }
        self.memory.clear();
        Ok(())
    }

    /// Bytes from a place on, as many as the buffer takes.
    fn read_at(&self, at: usize, buffer: &mut [u8]) -> io::Result<()> {
        let from_file = self.in_file.saturating_sub(at).min(buffer.len());
        let (first, rest) = buffer.split_at_mut(from_file);
        if let (Some(file), false) = (&self.file, first.is_empty()) {
            read_exact_at(file, at as u64, first)?;
        }
        let start = (at + from_file).saturating_sub(self.in_file);
        let memory = self.memory.get(start..start + rest.len());
        memory.ok_or(io::ErrorKind::UnexpectedEof)?.iter().zip(rest).for_each(|(from, to)| *to = *from);
        Ok(())
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(not(unix))]
fn read_exact_at(mut file: &File, at: u64, buffer: &mut [u8]) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(buffer)
}

/// Columns as they grow.
#[derive(Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
    /// Bytes of a column that stay in memory, if it may wait in a file.
    limit: usize,
    folder: PathBuf,
    /// What went wrong with temporary files.
    failed: OnceLock<io::Error>,
    text_ends: Vec<u32>,
    /// Numbers of the strings that are kept once.
    known: HashTable<u32>,
    /// By section: numbers of the rows that are kept once.
    known_rows: Vec<HashTable<u32>>,
    hasher: RandomState,
    too_large: Option<Section>,
}

impl Columns {
    pub(super) fn within(memory: SnapshotMemory) -> Columns {
        // Few columns are large, and each has its part.
        let limit = (memory.bytes / 64).max(PAGE);
        Columns { limit, folder: memory.folder, ..Columns::default() }
    }

    pub(super) fn bytes(&mut self, section: Section, bytes: &[u8]) {
        let at = section as usize;
        if self.columns.len() <= at {
            self.columns.resize_with(Section::ALL.len(), Column::default);
        }
        let Some(column) = self.columns.get_mut(at) else { return };
        if section.may_wait() && column.memory.len() + bytes.len() >= self.limit {
            if let Err(error) = column.spill(bytes, &self.folder) {
                self.failed.get_or_init(|| error);
            }
        } else {
            column.memory.extend_from_slice(bytes);
        }
        if column.len() / section.row_size().max(1) >= NONE as usize {
            self.too_large = self.too_large.or(Some(section));
        }
    }

    fn get(&self, section: Section) -> Option<&Column> {
        self.columns.get(section as usize)
    }

    /// What a column holds so far, if it never waits in a file.
    fn memory(&self, section: Section) -> &[u8] {
        self.get(section).map_or(&[], |it| it.memory.as_slice())
    }

    fn length(&self, section: Section) -> usize {
        self.get(section).map_or(0, Column::len)
    }

    /// How many rows a column has so far.
    pub(super) fn count(&self, section: Section) -> usize {
        self.length(section) / section.row_size().max(1)
    }

    /// The rows of a column so far. If a temporary file fails there are fewer, and nothing is written in the end.
    pub(super) fn read<T: FromBytes + IntoBytes + Copy>(&self, section: Section) -> impl Iterator<Item = T> {
        let (count, size) = (self.count(section), size_of::<T>().max(1));
        // Rows that are read at once.
        let ahead = (1 << 16) / size;
        let mut rows: Vec<T> = Vec::new();
        let (mut next, mut at) = (0, 0);
        std::iter::from_fn(move || {
            if at == rows.len() {
                let wanted = ahead.min(count - next);
                rows.clear();
                rows.resize_with(wanted, T::new_zeroed);
                (at, next) = (0, next + wanted);
                let read = self.get(section)?.read_at((next - wanted) * size, rows.as_mut_bytes());
                if let Err(error) = read {
                    self.failed.get_or_init(|| error);
                    rows.clear();
                }
            }
            at += 1;
            rows.get(at - 1).copied()
        })
    }

    /// A row of a column.
    pub(super) fn read_one<T: FromBytes + IntoBytes>(&self, section: Section, at: usize) -> Option<T> {
        let mut row = T::new_zeroed();
        let start = at.checked_mul(size_of::<T>())?;
        let column = self.get(section).filter(|it| start + size_of::<T>() <= it.len())?;
        match column.read_at(start, row.as_mut_bytes()) {
            Ok(()) => Some(row),
            Err(error) => {
                self.failed.get_or_init(|| error);
                None
            }
        }
    }

    pub(super) fn rows<T: IntoBytes + Immutable>(&mut self, section: Section, rows: &[T]) {
        debug_assert_eq!(size_of::<T>(), section.row_size(), "{}", section.name());
        self.bytes(section, rows.as_bytes());
    }

    pub(super) fn row<T: IntoBytes + Immutable>(&mut self, section: Section, row: &T) {
        self.rows(section, std::slice::from_ref(row));
    }

    /// The number of a row; equal ones are kept once.
    pub(super) fn distinct<T: IntoBytes + Immutable>(&mut self, section: Section, row: &T) -> u32 {
        let (at, size) = (section as usize, size_of::<T>());
        if self.known_rows.len() <= at {
            self.known_rows.resize_with(at + 1, HashTable::new);
        }
        let row_of = |all: &[u8], it: u32| -> u64 {
            let start = it as usize * size;
            self.hasher.hash_one(all.get(start..start + size).unwrap_or_default())
        };
        let hash = self.hasher.hash_one(row.as_bytes());
        let all = self.columns.get(at).map_or(&[][..], |it| it.memory.as_slice());
        let is_same = |it: &u32| all.get(*it as usize * size..(*it as usize + 1) * size) == Some(row.as_bytes());
        let Some(known) = self.known_rows.get_mut(at) else { return NONE };
        if let Some(known) = known.find(hash, is_same) {
            return *known;
        }
        let number = number(all.len() / size.max(1));
        known.insert_unique(hash, number, |it| row_of(all, *it));
        self.row(section, row);
        number
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
            let Columns { known, hasher, text_ends, columns, .. } = self;
            let all = columns.get(Section::Text as usize).map_or(&[][..], |it| it.memory.as_slice());
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
        self.text_ends.push(number(self.length(Section::Text)));
        next
    }

    pub(super) fn option(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |it| self.string(it))
    }

    /// The bytes of a string.
    pub(super) fn text(&self, string: u32) -> &[u8] {
        text_of(self.memory(Section::Text), &self.text_ends, string)
    }

    /// The bytes of a column, part after part.
    fn each_part(
        &self,
        section: Section,
        mut take: impl FnMut(&[u8]) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let Some(column) = self.get(section) else { return Ok(()) };
        let mut buffer = vec![0; column.in_file.min(1 << 18)];
        let mut at = 0;
        while at < column.in_file {
            let length = buffer.len().min(column.in_file - at);
            let part = buffer.get_mut(..length).unwrap_or_default();
            column.read_at(at, part)?;
            take(part)?;
            at += length;
        }
        take(&column.memory)
    }

    fn checksum(&self, section: Section) -> Result<u32, WriteError> {
        let mut hasher = crc32fast::Hasher::new();
        self.each_part(section, |it| {
            hasher.update(it);
            Ok(())
        })?;
        Ok(hasher.finalize())
    }

    /// Writes the file. The ends of the strings become a column here, and the checksums of the pages the last.
    pub(super) fn write(mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        let ends = std::mem::take(&mut self.text_ends);
        self.rows(Section::TextEnds, &ends);
        drop(ends);
        for [ends, items] in Section::SPARSE {
            if self.length(items) == 0 {
                self.columns.get_mut(ends as usize).into_iter().for_each(|it| *it = Column::default());
            }
        }
        if let Some(section) = self.too_large {
            return Err(WriteError::TooLarge { section: section.name() });
        }
        if let Some(error) = self.failed.take() {
            return Err(error.into());
        }
        let mut offset = size_of::<Header>() + Section::ALL.len() * size_of::<Entry>();
        let mut table = Vec::new();
        for section in Section::ALL {
            offset = offset.next_multiple_of(ALIGNMENT);
            let pages = offset.div_ceil(PAGE) * size_of::<u32>();
            let length = if *section == Section::Pages { pages } else { self.length(*section) };
            table.push(Entry {
                section: *section as u32,
                row: number(section.row_size()),
                offset: offset as u64,
                length: length as u64,
                // The checksums of the pages are made while the pages are written. They vouch for themselves.
                checksum: if *section == Section::Pages { 0 } else { self.checksum(*section)? },
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
            self.each_part(*section, |it| pages.write(it).map_err(Into::into))?;
            // What is written need not stay in memory.
            self.columns.get_mut(*section as usize).map(std::mem::take);
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
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
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
