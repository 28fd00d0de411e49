//! Records put aside in a file that has no name, for reading them when all ids are known.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

use super::packed::{pack, unpack};
use super::record::Record;

/// So many bytes are read at once, and more if one record has more.
const BATCH: usize = 1 << 20;

/// Adds a record to a buffer as it stands in the file: its length, and itself packed.
pub(super) fn frame(record: &Record<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; 8]);
    pack(record, out);
    let length = (out.len() - start - 8) as u64;
    if let Some(place) = out.get_mut(start..start + 8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

/// Records, first in, first out.
pub(super) struct Spool {
    out: BufWriter<File>,
    frame: Vec<u8>,
}

impl Spool {
    pub(super) fn new() -> io::Result<Spool> {
        Ok(Spool { out: BufWriter::with_capacity(1 << 16, tempfile::tempfile()?), frame: Vec::new() })
    }

    pub(super) fn push(&mut self, record: &Record<'_>) -> io::Result<()> {
        self.frame.clear();
        frame(record, &mut self.frame);
        self.out.write_all(&self.frame)
    }

    /// Adds records that were framed already.
    pub(super) fn push_frames(&mut self, frames: &[u8]) -> io::Result<()> {
        self.out.write_all(frames)
    }

    /// Goes back to the first one.
    pub(super) fn rewind(self) -> io::Result<SpoolReader> {
        let mut file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        Ok(SpoolReader { input: BufReader::with_capacity(1 << 16, file) })
    }
}

/// Reads what was put aside, from the first record on.
pub(super) struct SpoolReader {
    input: BufReader<File>,
}

/// Some records that stand behind each other.
#[derive(Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl SpoolReader {
    /// The next records; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.bytes.len() < BATCH {
            let mut length = [0_u8; 8];
            match self.input.read_exact(&mut length) {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                other => other?,
            }
            let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
            let start = batch.bytes.len();
            batch.bytes.resize(start.saturating_add(length), 0);
            self.input.read_exact(batch.bytes.get_mut(start..).unwrap_or_default())?;
            batch.ends.push(batch.bytes.len());
        }
        Ok((!batch.ends.is_empty()).then_some(batch))
    }
}

impl Batch {
    /// Its records, in their order.
    pub(super) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| unpack(self.bytes.get(start..*end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Origin;
    use super::*;

    #[test]
    fn records_come_back_in_order_over_several_batches() {
        let mut spool = Spool::new().expect("a file");
        let record = |line: u64| {
            let mut record = Record::new(Origin { file: 1, line }, format!("id-{line}").into(), "Person".into());
            record.add("name".into(), ["x".repeat(100_000).into()]);
            record
        };
        for line in 0..25 {
            spool.push(&record(line)).expect("room");
        }
        let mut reader = spool.rewind().expect("it reads");
        let (mut all, mut batches) = (Vec::new(), 0);
        while let Some(batch) = reader.next().expect("it reads") {
            all.extend(batch.records().map(Record::into_owned));
            batches += 1;
        }
        assert_eq!((all, batches), ((0..25).map(record).collect(), 3));
    }
}
