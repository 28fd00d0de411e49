//! The thread that reads a table: records with the numbers of their texts, in batches, in the order of the file.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender};

use super::batch::{Batch, Told};
use super::codes::Codes;
use super::reader::{Next, TableReader};
use crate::import::findings::ImportCode;
use crate::import::input::LimitError;

/// So many batches may wait for each side.
pub(super) const WAITING: usize = 4;

/// Reads a table and hands it on.
pub(super) struct Pump {
    pub(super) reader: TableReader,
    pub(super) codes: Codes,
    /// Fields of the header.
    pub(super) width: usize,
    /// Whether the reader holds a first row already, since there is no header.
    pub(super) has_first: bool,
    pub(super) max_line: usize,
}

/// The other side has ended.
pub(super) struct Ended;

/// Batches on their way.
pub(super) struct Outlet {
    pub(super) batch: Batch,
    full: SyncSender<Batch>,
    used: Receiver<Batch>,
}

impl Outlet {
    pub(super) fn new(full: SyncSender<Batch>, used: Receiver<Batch>) -> Outlet {
        Outlet { batch: Batch::default(), full, used }
    }

    pub(super) fn told(&mut self, told: Told) -> Result<(), Ended> {
        self.batch.told(told);
        self.flush(false)
    }

    /// Hands on what is full, or all there is.
    pub(super) fn flush(&mut self, all: bool) -> Result<(), Ended> {
        if self.batch.is_empty() || !(all || self.batch.is_full()) {
            return Ok(());
        }
        let mut next = self.used.try_recv().unwrap_or_default();
        next.clear();
        self.full.send(std::mem::replace(&mut self.batch, next)).map_err(|_| Ended)
    }
}

/// The rest of a line that is too long.
impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.batch.told(Told::More(bytes.to_vec()));
        // Of a line without end not all may stand in memory.
        self.flush(true).map_err(|Ended| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pump {
    /// Reads until the end, or until nobody takes what was read.
    pub(super) fn run(mut self, full: SyncSender<Batch>, used: Receiver<Batch>) {
        let mut out = Outlet::new(full, used);
        // Whoever takes the batches has ended: so does this.
        let _ = self.read(&mut out);
    }

    fn read(&mut self, out: &mut Outlet) -> Result<(), Ended> {
        let mut told = false;
        loop {
            // Without a header the first row was read to count the columns.
            let next = if std::mem::take(&mut self.has_first) { Ok(Next::Record) } else { self.reader.next() };
            match next {
                Ok(Next::End) => break,
                Ok(Next::Record) => self.record(out)?,
                Ok(Next::TooLong) => {
                    let message = LimitError::Line { max: self.max_line }.to_string();
                    let help =
                        Some("a quote in it is perhaps never closed; reading goes on with the next line".to_owned());
                    let raw = self.reader.raw().to_vec();
                    out.told(Told::Begun { line: self.reader.line(), message, help, raw })?;
                    if let Err(error) = self.reader.skip_line(out) {
                        out.told(Told::Failed { line: self.reader.line(), error })?;
                        break;
                    }
                }
                // What was read so far is good.
                Err(error) => {
                    out.told(Told::Failed { line: self.reader.line(), error })?;
                    break;
                }
            }
            if self.reader.is_exhausted() && !std::mem::replace(&mut told, true) {
                let message = "too many quotes in this file are never closed".to_owned();
                let help = Some("where a line below leaves one open, those after it are read line by line".to_owned());
                out.told(Told::Finding { line: self.reader.line(), code: ImportCode::BadRow, message, help })?;
            }
            out.flush(false)?;
        }
        out.flush(true)
    }

    fn record(&mut self, out: &mut Outlet) -> Result<(), Ended> {
        let (reader, width) = (&mut self.reader, self.width);
        if reader.len() == 1 && reader.field(0).trim_ascii().is_empty() && width > 1 {
            return Ok(());
        }
        if reader.len() == width && !reader.is_unclosed() {
            let fields = (0..width).map(|at| reader.field(at));
            out.batch.row(fields, reader.line(), reader.raw(), &mut self.codes);
            return Ok(());
        }
        let (line, fields) = (reader.line(), reader.len());
        let message = match reader.is_unclosed() {
            true => "a quote in this row is never closed".to_owned(),
            false => format!("this row has {fields} fields, and the header has {width}"),
        };
        let mut help = None;
        if let Some(last) = reader.last_line() {
            // A quote swallowed what follows it.
            reader.split();
            help = Some(format!("it goes on to line {last}; reading goes on with the line below its first"));
        }
        out.told(Told::Bad { line, column: None, code: ImportCode::BadRow, message, help, raw: reader.raw().to_vec() })
    }
}
