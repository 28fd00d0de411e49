//! Opening what is imported: gzip by its first bytes, limits against bombs, and how much was read for whoever watches.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::network::NetworkOptions;
use crate::model::{TableMapping, Vocabulary};

/// The first bytes of a gzip file.
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How much may come out of a byte of gzip, once so much has come out that chance is no reason.
const RATIO: u64 = 400;
const RATIO_FROM: u64 = 256 << 20;

/// How an import is done, whatever the format.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// No more bytes than this come out of one file, decompressed.
    pub max_size: u64,
    /// No line, record or text is longer than this, in bytes.
    pub max_line: usize,
    /// Nothing nests deeper than this.
    pub max_depth: usize,
    /// Bytes of files read so far, as they lie on the disk.
    pub read: Arc<AtomicU64>,
    /// Kinds, roles and units; the built-in ones if there are no others.
    pub vocabulary: Option<Vocabulary>,
    /// The date of files that do not tell theirs, in EDTF.
    pub edition: Option<String>,
    /// What the columns of a table mean.
    pub mapping: Option<TableMapping>,
    /// Rows that went to `rejects` so far.
    pub rejected: Arc<AtomicU64>,
    /// Where rows go that could not be used.
    pub rejects: Option<PathBuf>,
    /// What a network does not say itself.
    pub network: NetworkOptions,
}

impl Default for ImportOptions {
    fn default() -> Self {
        ImportOptions {
            max_size: 64 << 30,
            max_line: 16 << 20,
            max_depth: 64,
            read: Arc::new(AtomicU64::new(0)),
            vocabulary: None,
            edition: None,
            mapping: None,
            rejected: Arc::new(AtomicU64::new(0)),
            rejects: None,
            network: NetworkOptions::default(),
        }
    }
}

/// A limit that input passed. It comes as the inside of an [`io::Error`], since any reader may meet it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// More bytes came out than are allowed.
    #[error("more than {max} bytes come out of this file; --max-size allows more")]
    Size {
        /// The limit.
        max: u64,
    },
    /// The file is packed as nothing real is.
    #[error("more than {RATIO} bytes come out of each byte of this file, as of a bomb; unpack it first if it is none")]
    Ratio,
    /// A line is too long.
    #[error("a line is longer than {max} bytes")]
    Line {
        /// The limit.
        max: usize,
    },
}

impl LimitError {
    /// The limit that an error of reading tells of, if it does.
    pub fn of(error: &io::Error) -> Option<&LimitError> {
        error.get_ref().and_then(|it| it.downcast_ref())
    }
}

impl From<LimitError> for io::Error {
    fn from(error: LimitError) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}

/// Opens a file for import: what gzip packed is unpacked, whatever the file is called, within the limits.
///
/// # Errors
///
/// The file cannot be read. While reading: gzip that is damaged or ends too early, or a [`LimitError`].
///
/// # Example
///
/// ```
/// use std::io::Read;
///
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), "plain text")?;
/// let mut text = String::new();
/// purvey::import::open(file.path(), &purvey::import::ImportOptions::default())?.read_to_string(&mut text)?;
/// assert_eq!(text, "plain text");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn open(path: &Path, options: &ImportOptions) -> io::Result<Box<dyn BufRead + Send>> {
    let own = Arc::new(AtomicU64::new(0));
    let counted = Counted { inner: File::open(path)?, all: Arc::clone(&options.read), own: Arc::clone(&own) };
    let mut packed = BufReader::with_capacity(1 << 17, counted);
    if packed.fill_buf()?.starts_with(&GZIP) {
        let unpacked = MultiGzDecoder::new(packed);
        let bounded = Bounded { inner: unpacked, out: 0, max: options.max_size, packed: Some(own) };
        return Ok(Box::new(BufReader::with_capacity(1 << 17, bounded)));
    }
    let bounded = Bounded { inner: packed, out: 0, max: options.max_size, packed: None };
    Ok(Box::new(BufReader::with_capacity(1 << 17, bounded)))
}

/// Reads a line without its end into `line`; false at the end of the input. A line that is too long is skipped to its end and
/// gives the error, so that reading can go on behind it.
///
/// # Errors
///
/// Those of the input, and [`LimitError::Line`].
pub fn read_line(input: &mut dyn BufRead, max: usize, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut too_long = false;
    let mut any = false;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        any = true;
        let at = memchr::memchr(b'\n', chunk);
        let part = chunk.get(..at.unwrap_or(chunk.len())).unwrap_or_default();
        let used = part.len() + usize::from(at.is_some());
        if line.len() + part.len() > max {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(part);
        }
        input.consume(used);
        if at.is_some() {
            break;
        }
    }
    if too_long {
        return Err(LimitError::Line { max }.into());
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(any)
}

struct Counted {
    inner: File,
    all: Arc<AtomicU64>,
    own: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.all.fetch_add(count as u64, Ordering::Relaxed);
        self.own.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

struct Bounded<R> {
    inner: R,
    out: u64,
    max: u64,
    /// Bytes that it was unpacked from.
    packed: Option<Arc<AtomicU64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.out += count as u64;
        if self.out > self.max {
            return Err(LimitError::Size { max: self.max }.into());
        }
        if let Some(packed) = &self.packed
            && self.out > RATIO_FROM
            && self.out / RATIO > packed.load(Ordering::Relaxed)
        {
            return Err(LimitError::Ratio.into());
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn read(bytes: &[u8], options: &ImportOptions) -> io::Result<Vec<u8>> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), bytes)?;
        let mut out = Vec::new();
        open(file.path(), options)?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn gzip_is_told_by_its_bytes_and_read_to_its_last_part() {
        let mut two = packed(b"one ");
        two.extend(packed(b"two"));
        assert_eq!(read(&two, &ImportOptions::default()).unwrap(), b"one two");
    }

    #[test]
    fn gzip_that_ends_too_early_is_an_error() {
        let whole = packed(&[b'x'; 10_000]);
        assert!(read(&whole[..whole.len() - 6], &ImportOptions::default()).is_err());
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        let options = ImportOptions { max_size: 1_000, ..ImportOptions::default() };
        let error = read(&packed(&[b'x'; 10_000]), &options).unwrap_err();
        assert_eq!(LimitError::of(&error), Some(&LimitError::Size { max: 1_000 }));
        assert!(error.to_string().contains("--max-size"), "{error}");
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped() {
        let mut input = io::Cursor::new(b"short\r\nmuch too long\nlast".to_vec());
        let mut line = Vec::new();
        assert!(read_line(&mut input, 6, &mut line).unwrap());
        assert_eq!(line, b"short");
        assert!(LimitError::of(&read_line(&mut input, 6, &mut line).unwrap_err()).is_some());
        assert!(read_line(&mut input, 6, &mut line).unwrap());
        assert_eq!(line, b"last");
        assert!(!read_line(&mut input, 6, &mut line).unwrap());
    }
}
