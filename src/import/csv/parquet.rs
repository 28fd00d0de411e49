//! Parquet files by the same mappings: values become the texts that a table would have.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender};

use jiff::civil::date;
use jiff::{SignedDuration, ToSpan};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::batch::{Batch, Told};
use super::codes::Codes;
use super::pump::{Ended, Outlet};
use super::table::{Header, Sample};
use super::{Bound, Import, code_of, lossless, plan};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::input::{ImportOptions, LimitError, RATIO, RATIO_FROM};
use crate::import::sink::Sink;

/// The first bytes of every Parquet file.
const MAGIC: [u8; 4] = *b"PAR1";

/// Whether a file is one, by its first bytes.
pub(super) fn is_parquet(path: &Path) -> bool {
    let mut start = [0; 4];
    File::open(path).and_then(|mut it| it.read_exact(&mut start)).is_ok() && start == MAGIC
}

/// Reads Parquet files of one layout.
///
/// # Errors
///
/// The output fails, or that of the rejects.
pub(in crate::import) fn read(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    super::read_by(files, options, sink, findings, |import, path, by, sink, findings| {
        import.parquet_file(path, by, sink, findings)
    })
}

/// The names of the columns.
pub(super) fn header(path: &Path) -> io::Result<Vec<String>> {
    Ok(names(&open(path)?))
}

/// Whether a file says that more comes out of it than is allowed, before any of it is unpacked.
fn within_limits(reader: &SerializedFileReader<File>, packed: u64, max: u64) -> Result<(), LimitError> {
    let sizes = reader.metadata().row_groups().iter().map(|it| u64::try_from(it.total_byte_size()).unwrap_or(u64::MAX));
    let size = sizes.fold(0, u64::saturating_add);
    if size > max {
        return Err(LimitError::Size { max });
    }
    if size > RATIO_FROM && size / RATIO > packed { Err(LimitError::Ratio) } else { Ok(()) }
}

fn open(path: &Path) -> io::Result<SerializedFileReader<File>> {
    SerializedFileReader::new(File::open(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn names(reader: &SerializedFileReader<File>) -> Vec<String> {
    let schema = reader.metadata().file_metadata().schema();
    plan::distinct(schema.get_fields().iter().map(|it| it.name().trim().to_owned()))
}

/// The header and the first rows, for a guess.
pub(super) fn sample(path: &Path, options: &ImportOptions, count: usize) -> io::Result<Sample> {
    let file = open(path)?;
    let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
    within_limits(&file, std::fs::metadata(path)?.len(), options.max_size)?;
    let mut rows = Vec::new();
    for row in file.get_row_iter(None).map_err(invalid)?.take(count) {
        let row = row.map_err(invalid)?;
        rows.push(row.get_column_iter().map(|(_, it)| value(it).unwrap_or_default().into_owned()).collect());
    }
    Ok(Sample { header: names(&file), rows, delimiter: b',', not_utf8: false })
}

impl Import<'_> {
    fn parquet_file(
        &mut self,
        path: &Path,
        by: Option<&str>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let path = self.options.on_disk(path);
        let file = match open(path) {
            Ok(file) => file,
            Err(error) => {
                findings.at(None).report(code_of(&error), error.to_string(), None);
                return Ok(());
            }
        };
        let packed = File::open(path).and_then(|mut it| it.seek(SeekFrom::End(0)))?;
        self.options.read.fetch_add(packed, std::sync::atomic::Ordering::Relaxed);
        if let Err(error) = within_limits(&file, packed, self.options.max_size) {
            findings.at(None).report(ImportCode::TooLarge, error.to_string(), None);
            return Ok(());
        }
        let names = names(&file);
        let delimiter = self.mapping.layout.delimiter.unwrap_or(b',');
        let header = Header { line: 0, raw: line(names.iter().map(String::as_bytes), delimiter), names: names.clone() };
        let Some(mut bound) = self.bind(header, by, sink, findings) else { return Ok(()) };
        if let Bound::Facts(mapper, _) = &mut bound {
            mapper.plan.look(&first_rows(&file));
        }
        if let Err(error) = file.get_row_iter(None) {
            findings.at(None).report(ImportCode::Unreadable, error.to_string(), None);
            return Ok(());
        }
        let name = findings.file().to_owned();
        let ImportOptions { max_size, max_line, .. } = *self.options;
        let pump = ParquetPump { file, names, codes: bound.codes(), delimiter, max_size, max_line };
        self.pumped(move |full, used| pump.run(full, used), &name, &mut bound, sink, findings)
    }
}

/// Reads a file on a thread of its own and hands its rows on.
struct ParquetPump {
    file: SerializedFileReader<File>,
    names: Vec<String>,
    codes: Codes,
    delimiter: u8,
    max_size: u64,
    max_line: usize,
}

impl ParquetPump {
    /// Reads until the end, or until nobody takes what was read.
    fn run(mut self, full: SyncSender<Batch>, used: Receiver<Batch>) {
        let mut out = Outlet::new(full, used);
        // Whoever takes the batches has ended: so does this.
        let _ = self.read(&mut out).and_then(|()| out.flush(true));
    }

    fn read(&mut self, out: &mut Outlet) -> Result<(), Ended> {
        let failed = |line, message| Told::Finding { line, code: ImportCode::Unreadable, message, help: None };
        let rows = match self.file.get_row_iter(None) {
            Ok(rows) => rows,
            Err(error) => return out.told(failed(0, error.to_string())),
        };
        // What the file says of its size need not be true.
        let mut size = 0_u64;
        for (row, number) in rows.zip(1..) {
            let row = match row {
                Ok(row) => row,
                // What was read so far is good.
                Err(error) => return out.told(failed(number, error.to_string())),
            };
            let values: Vec<Result<Cow<'_, [u8]>, String>> = row.get_column_iter().map(|(_, it)| value(it)).collect();
            let fields = || values.iter().map(|it| it.as_ref().map_or(&[][..], |it| it));
            let length = fields().map(<[u8]>::len).sum::<usize>();
            size = size.saturating_add(length as u64);
            if size > self.max_size {
                let message = LimitError::Size { max: self.max_size }.to_string();
                return out.told(Told::Finding { line: number, code: ImportCode::TooLarge, message, help: None });
            }
            let raw = line(fields(), self.delimiter);
            if length > self.max_line {
                let message = LimitError::Line { max: self.max_line }.to_string();
                let code = ImportCode::TooLarge;
                out.told(Told::Bad { line: number, column: None, code, message, help: None, raw })?;
                continue;
            }
            let bad = values.iter().zip(&self.names).find_map(|(it, name)| Some((name, it.as_ref().err()?)));
            if let Some((name, problem)) = bad {
                let (column, message) = (Some(name.clone()), problem.clone());
                let code = ImportCode::BadPeriod;
                out.told(Told::Bad { line: number, column, code, message, help: None, raw })?;
                continue;
            }
            out.batch.row(fields(), number, &raw, &mut self.codes);
            out.flush(false)?;
        }
        Ok(())
    }
}

/// The first rows, for what their numbers tell of marks: texts as they are; a number that is one leaves nothing open.
fn first_rows(file: &SerializedFileReader<File>) -> Vec<Vec<Vec<u8>>> {
    let Ok(rows) = file.get_row_iter(None) else { return Vec::new() };
    let text = |field: &Field| match field {
        Field::Str(_) | Field::Bytes(_) => value(field).unwrap_or_default().into_owned(),
        Field::Null => Vec::new(),
        _ => b"0.5".to_vec(),
    };
    let rows = rows.take(super::SAMPLE).map_while(Result::ok);
    rows.map(|row| row.get_column_iter().map(|(_, it)| text(it)).collect()).collect()
}

/// Fields as a line of CSV, for rejects.
fn line<'t>(fields: impl Iterator<Item = &'t [u8]>, delimiter: u8) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(BufWriter::new(Vec::new()));
    // Memory takes whatever is written.
    let _ = out.write_record(fields);
    out.into_inner().ok().and_then(|it| it.into_inner().ok()).unwrap_or_default()
}

/// A value as text: nothing for what is missing, days as EDTF, numbers with all their digits. Bytes stay as they are, for what
/// reads them to find out the encoding.
fn value(field: &Field) -> Result<Cow<'_, [u8]>, String> {
    let owned = |it: String| Ok(Cow::Owned(it.into_bytes()));
    match field {
        Field::Null => Ok(Cow::Borrowed(&[])),
        Field::Str(text) => Ok(Cow::Borrowed(text.as_bytes())),
        Field::Bytes(bytes) => Ok(Cow::Borrowed(bytes.data())),
        Field::Date(days) => match epoch().checked_add(days.days()) {
            Ok(it) => owned(it.to_string()),
            Err(_) => Err(format!("day {days} since 1970 is no date")),
        },
        Field::TimestampMillis(it) => owned(moment(SignedDuration::from_millis(*it))?),
        Field::TimestampMicros(it) => owned(moment(SignedDuration::from_micros(*it))?),
        Field::Float(number) => owned(number.to_string()),
        Field::Double(number) => owned(number.to_string()),
        Field::ListInternal(list) => {
            let values = list.elements().iter().map(|it| value(it).map(|it| lossless(&it)));
            owned(values.collect::<Result<Vec<_>, _>>()?.join("; "))
        }
        other => owned(other.to_string()),
    }
}

fn epoch() -> jiff::civil::Date {
    date(1970, 1, 1)
}

/// The day, if the moment is its first; else with the time, for the mapping to say what is meant.
fn moment(since: SignedDuration) -> Result<String, String> {
    match epoch().at(0, 0, 0, 0).checked_add(since) {
        Ok(it) if it.time() == jiff::civil::Time::midnight() => Ok(it.date().to_string()),
        Ok(it) => Ok(it.to_string()),
        Err(_) => Err(format!("{} seconds since 1970 are no date", since.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_told_and_bytes_stay_as_they_are() {
        assert_eq!(value(&Field::Date(19_723)).unwrap().as_ref(), b"2024-01-01");
        assert_eq!(value(&Field::TimestampMillis(1_704_067_200_000)).unwrap().as_ref(), b"2024-01-01");
        assert!(value(&Field::Date(i32::MAX)).is_err() && value(&Field::TimestampMillis(i64::MAX)).is_err());
        assert_eq!(value(&Field::Bytes(b"M\xfcller".to_vec().into())).unwrap().as_ref(), b"M\xfcller");
    }
}
