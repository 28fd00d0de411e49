//! Rows that could not be used, as they stand in the file, below its header: mended there, they can be imported again.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Rows for a file that is made when the first of them comes.
pub(super) struct Rejects {
    path: Option<PathBuf>,
    header: Vec<u8>,
    written_header: Vec<u8>,
    out: Option<BufWriter<File>>,
    count: u64,
}

impl Rejects {
    pub(super) fn new(path: Option<&Path>) -> Rejects {
        Rejects { path: path.map(Path::to_owned), header: Vec::new(), written_header: Vec::new(), out: None, count: 0 }
    }

    /// The header of the rows that follow.
    pub(super) fn begin(&mut self, header: &[u8]) {
        self.header = header.to_vec();
    }

    pub(super) fn add(&mut self, row: &[u8]) -> io::Result<()> {
        self.count += 1;
        let Some(path) = &self.path else { return Ok(()) };
        let out = match &mut self.out {
            Some(out) => out,
            None => self.out.insert(BufWriter::new(File::create(path)?)),
        };
        if self.written_header != self.header {
            write_line(out, &self.header)?;
            self.written_header.clone_from(&self.header);
        }
        write_line(out, row)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    pub(super) fn finish(self) -> io::Result<()> {
        self.out.map_or(Ok(()), |it| it.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all())
    }
}

fn write_line(out: &mut impl Write, line: &[u8]) -> io::Result<()> {
    out.write_all(line.trim_ascii_start())?;
    if line.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n") }
}
