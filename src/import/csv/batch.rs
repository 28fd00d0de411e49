//! Rows of a table as they go from the thread that reads the file to the one that makes facts of them.

use std::io;

use super::codes::Codes;
use crate::import::findings::ImportCode;

/// A batch is handed on once it has so many bytes.
const FULL: usize = 1 << 18;

/// A row.
#[derive(Clone, Copy)]
pub(super) struct Row<'b> {
    fields: &'b [u8],
    ends: &'b [usize],
    start: usize,
    codes: &'b [u32],
    raw: &'b [u8],
    line: u64,
}

impl<'b> Row<'b> {
    /// The line where it begins.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// A field; nothing beyond the last.
    pub(super) fn field(&self, at: usize) -> &'b [u8] {
        let Some(end) = self.ends.get(at) else { return &[] };
        let start = at.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(self.start);
        self.fields.get(start..*end).unwrap_or_default()
    }

    /// The number of the text that stands in a group of columns.
    pub(super) fn code(&self, group: usize) -> u32 {
        self.codes.get(group).copied().unwrap_or(0)
    }

    /// The row as it stands in the file.
    pub(super) fn raw(&self) -> &'b [u8] {
        self.raw
    }
}

/// What comes one after the other.
pub(super) enum Item<'b> {
    Row(Row<'b>),
    /// Rows that are no rows, and what else is to be told.
    Told(&'b Told),
}

/// What is found while rows are read.
pub(super) enum Told {
    /// A row that cannot be used, which goes to the rejects.
    Bad { line: u64, column: Option<String>, code: ImportCode, message: String, help: Option<String>, raw: Vec<u8> },
    /// A row of which only the beginning is there: more of it follows.
    Begun { line: u64, message: String, help: Option<String>, raw: Vec<u8> },
    /// More of the row that has begun.
    More(Vec<u8>),
    /// A finding without a row.
    Finding { line: u64, code: ImportCode, message: String, help: Option<String> },
    /// The numbers of a group begin again.
    Forget(usize),
    /// Reading ends here.
    Failed { line: u64, error: io::Error },
}

enum Place {
    /// Where the row's parts end, and its line.
    Row {
        line: u64,
        ends: usize,
        codes: usize,
        raw: usize,
    },
    Told(Told),
}

/// Some rows.
#[derive(Default)]
pub(super) struct Batch {
    fields: Vec<u8>,
    ends: Vec<usize>,
    codes: Vec<u32>,
    raw: Vec<u8>,
    places: Vec<Place>,
}

impl Batch {
    pub(super) fn clear(&mut self) {
        self.fields.clear();
        self.ends.clear();
        self.codes.clear();
        self.raw.clear();
        self.places.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether it should be handed on.
    pub(super) fn is_full(&self) -> bool {
        self.fields.len() + self.raw.len() >= FULL
    }

    /// Adds a row.
    pub(super) fn row<'r>(&mut self, fields: impl Iterator<Item = &'r [u8]>, line: u64, raw: &[u8], codes: &mut Codes) {
        let (first, start) = (self.ends.len(), self.fields.len());
        for field in fields {
            self.fields.extend_from_slice(field);
            self.ends.push(self.fields.len());
        }
        let Batch { fields, ends, codes: numbers, places, .. } = self;
        let row = Row { fields, ends: ends.get(first..).unwrap_or_default(), start, codes: &[], raw: &[], line };
        codes.number(|it| row.field(it), numbers, |group| places.push(Place::Told(Told::Forget(group))));
        self.raw.extend_from_slice(raw);
        let (ends, codes, raw) = (self.ends.len(), self.codes.len(), self.raw.len());
        self.places.push(Place::Row { line, ends, codes, raw });
    }

    pub(super) fn told(&mut self, told: Told) {
        // What comes of a line without end is a batch of its own.
        if let Told::More(bytes) = &told
            && let Some(Place::Told(Told::More(before))) = self.places.last_mut()
        {
            before.extend_from_slice(bytes);
            return;
        }
        self.places.push(Place::Told(told));
    }

    /// What is in it, in order.
    pub(super) fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let (mut first, mut first_code, mut first_raw) = (0_usize, 0, 0);
        self.places.iter().map(move |place| match place {
            Place::Told(told) => Item::Told(told),
            Place::Row { line, ends, codes, raw } => {
                let start = first.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
                let row = Row {
                    fields: &self.fields,
                    ends: self.ends.get(first..*ends).unwrap_or_default(),
                    start,
                    codes: self.codes.get(first_code..*codes).unwrap_or_default(),
                    raw: self.raw.get(first_raw..*raw).unwrap_or_default(),
                    line: *line,
                };
                (first, first_code, first_raw) = (*ends, *codes, *raw);
                Item::Row(row)
            }
        })
    }
}
