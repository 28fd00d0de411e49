//! Tables as CSV files, with cells that neither a spreadsheet runs nor a loader loses.
//!
//! Somebody will open a file of a bundle in a spreadsheet. A text that it would take for a formula therefore gets an
//! apostrophe in front, as in every CSV of this program, and so does a text that begins with one already. That can be undone without
//! doubt: one apostrophe at the beginning goes. The statements of a bundle do so while they load.

use std::borrow::Cow;
use std::io::{self, Write};

use super::bundle::{Cell, Sink, TABLES, position};
use super::{Folder, Report};
use crate::exchange::csv_cell;

/// The files of a bundle.
pub(super) struct CsvFiles {
    files: Vec<csv::Writer<Box<dyn Write + Send>>>,
    exact: bool,
    /// Texts that were guarded.
    guarded: u64,
}

impl CsvFiles {
    /// A file for each table, with the names of its columns if asked for.
    pub(super) fn new(folder: &mut dyn Folder, names: bool, exact: bool) -> io::Result<CsvFiles> {
        let mut files = Vec::new();
        for table in &TABLES {
            let mut file = csv::Writer::from_writer(folder.create(&format!("{}.csv", table.name))?);
            if names {
                file.write_record(table.columns.iter().map(|(name, _)| name))?;
            }
            files.push(file);
        }
        Ok(CsvFiles { files, exact, guarded: 0 })
    }

    /// Writes what is left, and tells what was changed.
    pub(super) fn finish(mut self, report: &mut Report) -> io::Result<()> {
        for file in &mut self.files {
            file.flush()?;
        }
        if self.guarded > 0 {
            report.wrote("texts with an apostrophe in front", self.guarded);
        }
        Ok(())
    }
}

impl Sink for CsvFiles {
    fn row(&mut self, table: &'static str, cells: &[Cell]) -> io::Result<()> {
        let Some(file) = position(table).and_then(|at| self.files.get_mut(at)) else { return Ok(()) };
        for cell in cells {
            let text: Cow<'_, str> = match cell {
                Cell::Nothing => Cow::Borrowed(""),
                Cell::Text(text) if self.exact => Cow::Borrowed(text),
                Cell::Text(text) => guard(text),
                Cell::Decimal(it) => Cow::Owned(it.to_string()),
                Cell::Integer(it) => Cow::Owned(it.to_string()),
                Cell::Boolean(it) => Cow::Borrowed(if *it { "true" } else { "false" }),
                Cell::Day(it) => Cow::Owned(it.to_string()),
            };
            if let (Cell::Text(plain), Cow::Owned(_)) = (cell, &text) {
                self.guarded += u64::from(plain.len() < text.len());
            }
            file.write_field(text.as_bytes())?;
        }
        file.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

/// A text with an apostrophe in front, if it begins with one or a spreadsheet would take it for a formula.
fn guard(text: &str) -> Cow<'_, str> {
    if text.starts_with('\'') { Cow::Owned(format!("'{text}")) } else { csv_cell(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Taking one apostrophe off gives every text back.
        #[test]
        fn guards_can_be_undone(text in "(?s).{0,20}|['=+@a-]{0,5}") {
            let guarded = guard(&text);
            prop_assert_eq!(guarded.strip_prefix('\'').unwrap_or(&guarded), text.as_str());
            prop_assert!(!guarded.starts_with(['=', '+', '@']) || guarded.parse::<f64>().is_ok());
        }
    }
}
