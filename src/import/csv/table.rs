//! A table as it is opened: its encoding, its delimiter, its header and its first rows.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::Path;

#[cfg(feature = "parquet")]
use super::parquet;
use super::plan;
use super::reader::{self, Next, TableReader};
use crate::import::input::{ImportOptions, LimitError, open, read_line};
use crate::model::TableLayout;

/// The names of the columns of a table: their numbers, if it has no header.
///
/// # Errors
///
/// The file cannot be read, or holds no table.
pub fn table_header(path: &Path, layout: &TableLayout, options: &ImportOptions) -> io::Result<Vec<String>> {
    #[cfg(feature = "parquet")]
    if parquet::is_parquet(options.on_disk(path)) {
        return parquet::header(options.on_disk(path));
    }
    table(path, layout, options).map(|(_, header)| header.names)
}

/// How many rows are looked at before a table is read.
pub(super) const SAMPLE: usize = 500;

/// The beginning of a table.
pub(in crate::import) struct Sample {
    pub(in crate::import) header: Vec<String>,
    pub(in crate::import) rows: Vec<Vec<Vec<u8>>>,
    pub(in crate::import) delimiter: u8,
    pub(in crate::import) not_utf8: bool,
}

/// Reads the header and the first rows; what has another number of fields is passed over.
pub(in crate::import) fn sample(
    path: &Path,
    layout: &TableLayout,
    options: &ImportOptions,
    rows: usize,
) -> io::Result<Sample> {
    #[cfg(feature = "parquet")]
    if parquet::is_parquet(options.on_disk(path)) {
        return parquet::sample(options.on_disk(path), options, rows);
    }
    let (mut reader, header) = table(path, layout, options)?;
    let mut sample = Sample { header: header.names, rows: Vec::new(), delimiter: reader.delimiter(), not_utf8: false };
    while sample.rows.len() < rows {
        match reader.next()? {
            Next::End => break,
            Next::Record if reader.len() == sample.header.len() => {
                let row: Vec<Vec<u8>> = (0..reader.len()).map(|at| reader.field(at).to_vec()).collect();
                sample.not_utf8 |= row.iter().any(|it| std::str::from_utf8(it).is_err());
                sample.rows.push(row);
            }
            Next::Record if reader.last_line().is_some() => reader.split(),
            Next::Record | Next::TooLong => {}
        }
    }
    Ok(sample)
}

/// The first record of a table.
pub(super) struct Header {
    /// Names of the columns; numbers from 1 where the table has none.
    pub(super) names: Vec<String>,
    pub(super) line: u64,
    /// As it stands in the file, with the lines before it; no more than these where the table has none.
    pub(super) raw: Vec<u8>,
}

/// Opens a table and reads its header, or its first row where it has none.
pub(super) fn table(path: &Path, layout: &TableLayout, options: &ImportOptions) -> io::Result<(TableReader, Header)> {
    let mut input = decoded(open(path, options)?, layout.encoding.as_deref())?;
    let (mut line, mut raw) = (Vec::new(), Vec::new());
    for _ in 0..layout.skip {
        if !read_line(&mut *input, options.max_line, &mut line)? {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends before its table begins"));
        }
        raw.extend_from_slice(&line);
        raw.push(b'\n');
        if raw.len() > options.max_line {
            return Err(LimitError::Line { max: options.max_line }.into());
        }
    }
    let delimiter = match layout.delimiter {
        Some(it) => it,
        None => delimiter_of(input.fill_buf()?),
    };
    let mut reader = TableReader::new(input, delimiter, layout.skip, options.max_line);
    match reader.next()? {
        Next::Record => {}
        Next::TooLong => return Err(LimitError::Line { max: options.max_line }.into()),
        Next::End => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file holds no table")),
    }
    let names = if layout.header {
        plan::distinct((0..reader.len()).map(|at| lossless(reader.field(at))))
    } else {
        (1..=reader.len()).map(|it| it.to_string()).collect()
    };
    if layout.header {
        raw.extend_from_slice(reader::without_line_ends(reader.raw()));
        if !raw.ends_with(b"\n") {
            raw.push(b'\n');
        }
    }
    let line = reader.line();
    Ok((reader, Header { names, line, raw }))
}

/// Bytes as text: UTF-8, as it stands; else windows-1252, in which every byte is a character.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim()),
        Err(_) => Cow::Owned(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.trim().to_owned()),
    }
}

/// The same for keeping.
pub(in crate::import) fn lossless(bytes: &[u8]) -> String {
    text_of(bytes).into_owned()
}

/// Which of the usual characters stands most often in the first line.
fn delimiter_of(start: &[u8]) -> u8 {
    let line = start.split(|it| *it == b'\n').find(|it| !it.trim_ascii().is_empty()).unwrap_or_default();
    let count = |it: &u8| line.iter().filter(|byte| *byte == it).count();
    // The first of those that are equally frequent.
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// Input as UTF-8, if its first bytes or the mapping tell another encoding.
fn decoded(mut input: Box<dyn BufRead + Send>, label: Option<&str>) -> io::Result<Box<dyn BufRead + Send>> {
    let named = match label {
        None => None,
        Some(label) => Some(encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("`{label}` is no encoding that is known"))
        })?),
    };
    let start = input.fill_buf()?;
    let marked = encoding_rs::Encoding::for_bom(start);
    if let Some((encoding, length)) = marked {
        input.consume(length);
        return Ok(transcoded(input, encoding));
    }
    Ok(match named {
        Some(encoding) => transcoded(input, encoding),
        None => input,
    })
}

fn transcoded(input: Box<dyn BufRead + Send>, encoding: &'static encoding_rs::Encoding) -> Box<dyn BufRead + Send> {
    if encoding == encoding_rs::UTF_8 {
        return input;
    }
    let decoder = encoding.new_decoder_without_bom_handling();
    Box::new(io::BufReader::with_capacity(1 << 16, Transcoded { input, decoder, done: false }))
}

struct Transcoded {
    input: Box<dyn BufRead + Send>,
    decoder: encoding_rs::Decoder,
    done: bool,
}

impl Read for Transcoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.done {
            let chunk = self.input.fill_buf()?;
            let last = chunk.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(chunk, buffer, last);
            self.input.consume(read);
            self.done = last && result == encoding_rs::CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}
