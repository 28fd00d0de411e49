//! Rows that could not be used, as they stand in the file, below what stands above its table: mended there, they can be imported
//! again with the same mapping. They are gathered in temporary files until the import is done.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use super::reader::without_line_ends;
use crate::import::input::ImportOptions;

/// Rows for a file of each mapping and header, which is made when the first of them comes.
pub(super) struct Rejects<'r> {
    options: &'r ImportOptions,
    /// The number of the mapping, and what stands above the rows.
    head: (usize, Vec<u8>),
    /// Whether the mapping says what encoding the table has.
    is_encoded: bool,
    parts: Vec<Part>,
    count: u64,
}

struct Part {
    head: (usize, Vec<u8>),
    out: BufWriter<NamedTempFile>,
}

impl Rejects<'_> {
    pub(super) fn new(options: &ImportOptions) -> Rejects<'_> {
        Rejects { options, head: (0, Vec::new()), is_encoded: false, parts: Vec::new(), count: 0 }
    }

    /// What stands above the rows that follow: lines before the header, and the header; and the number of their mapping.
    pub(super) fn begin(&mut self, mapping: usize, head: &[u8], is_encoded: bool) {
        self.head = (mapping, head.to_vec());
        self.is_encoded = is_encoded;
    }

    /// Puts a row aside.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn add(&mut self, row: &[u8]) -> io::Result<()> {
        match self.open(row)? {
            Some(_) if row.ends_with(b"\n") => Ok(()),
            Some(out) => out.write_all(b"\n"),
            None => Ok(()),
        }
    }

    /// Adds to the row that was put aside last.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn more(&mut self, bytes: &[u8]) -> io::Result<()> {
        let part = self.parts.iter_mut().find(|it| it.head == self.head);
        part.map_or(Ok(()), |it| it.out.write_all(bytes))
    }

    /// Puts the beginning of a row aside.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn open(&mut self, row: &[u8]) -> io::Result<Option<&mut BufWriter<NamedTempFile>>> {
        self.count += 1;
        let Some(path) = &self.options.rejects else { return Ok(None) };
        let at = match self.parts.iter().position(|it| it.head == self.head) {
            Some(at) => at,
            None => {
                let mut out = BufWriter::new(beside(path)?);
                // The rows are UTF-8 by now, whatever the mapping says of the file.
                if self.is_encoded {
                    out.write_all("\u{feff}".as_bytes())?;
                }
                out.write_all(&self.head.1)?;
                self.parts.push(Part { head: self.head.clone(), out });
                self.parts.len() - 1
            }
        };
        let Some(part) = self.parts.get_mut(at) else { return Ok(None) };
        part.out.write_all(without_line_ends(row))?;
        Ok(Some(&mut part.out))
    }

    /// Hands the files to the options, for whoever knows that the import came to its end.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
    pub(super) fn finish(self) -> io::Result<()> {
        let mut all = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            let file = part.out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            all.push(file);
        }
        self.options.rejected.add(self.count, all);
        Ok(())
    }
}

/// A temporary file beside a path.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    // As any new file, what the user's mask leaves of it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}
