//! Parquet files by the same mappings: values become the texts that a table would have.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::civil::date;
use jiff::{SignedDuration, ToSpan};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::reader::TableReader;
use super::{Header, Import, code_of};
use crate::import::findings::ImportFindings;
use crate::import::input::ImportOptions;
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

fn open(path: &Path) -> io::Result<SerializedFileReader<File>> {
    SerializedFileReader::new(File::open(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn names(reader: &SerializedFileReader<File>) -> Vec<String> {
    let schema = reader.metadata().file_metadata().schema();
    schema.get_fields().iter().map(|it| it.name().to_owned()).collect()
}

impl Import<'_> {
    fn parquet_file(
        &mut self,
        path: &Path,
        by: Option<&str>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) => {
                findings.at(None).report(code_of(&error), error.to_string(), None);
                return Ok(());
            }
        };
        let names = names(&file);
        let header = Header { line: 0, raw: line(names.iter().map(String::as_str)), names };
        let Some((mut mapper, mut fast)) = self.bind(header, by, sink, findings) else { return Ok(()) };
        let rows = match file.get_row_iter(None) {
            Ok(rows) => rows,
            Err(error) => {
                findings.at(None).report(super::ImportCode::Unreadable, error.to_string(), None);
                return Ok(());
            }
        };
        let name = findings.file().to_owned();
        let mut reader = TableReader::of_fields();
        for (row, number) in rows.zip(1..) {
            let row = match row {
                Ok(row) => row,
                // What was read so far is good.
                Err(error) => {
                    findings.at(Some(number)).report(super::ImportCode::Unreadable, error.to_string(), None);
                    break;
                }
            };
            let texts: Vec<String> = row.get_column_iter().map(|(_, it)| text(it)).collect();
            reader.put(texts.iter().map(String::as_bytes), number, line(texts.iter().map(String::as_str)));
            self.row(&mut reader, &name, (&mut mapper, &mut fast), sink, findings)?;
        }
        let bytes = File::open(path).and_then(|mut it| it.seek(SeekFrom::End(0)))?;
        self.options.read.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    }
}

/// Fields as a line of CSV, for rejects.
fn line<'t>(fields: impl Iterator<Item = &'t str>) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(BufWriter::new(Vec::new()));
    // Memory takes whatever is written.
    let _ = out.write_record(fields);
    out.into_inner().ok().and_then(|it| it.into_inner().ok()).unwrap_or_default()
}

/// A value as text: nothing for what is missing, days as EDTF, numbers with all their digits.
fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Date(days) => epoch().checked_add(days.days()).map_or(String::new(), |it| it.to_string()),
        Field::TimestampMillis(it) => moment(SignedDuration::from_millis(*it)),
        Field::TimestampMicros(it) => moment(SignedDuration::from_micros(*it)),
        Field::Float(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::ListInternal(list) => list.elements().iter().map(text).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn epoch() -> jiff::civil::Date {
    date(1970, 1, 1)
}

/// The day, if the moment is its first; else with the time, for the mapping to say what is meant.
fn moment(since: SignedDuration) -> String {
    match epoch().at(0, 0, 0, 0).checked_add(since) {
        Ok(it) if it.time() == jiff::civil::Time::midnight() => it.date().to_string(),
        Ok(it) => it.to_string(),
        Err(_) => String::new(),
    }
}
