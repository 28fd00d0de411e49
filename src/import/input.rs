//! Opening what is imported: gzip by its first bytes, limits against bombs, and how much was read for whoever watches.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use tempfile::NamedTempFile;

use super::editions::EditionFile;
use super::network::NetworkOptions;
use crate::model::{TableMapping, Vocabulary};

/// The first bytes of a gzip file.
pub(super) const GZIP: [u8; 2] = [0x1f, 0x8b];
/// How much may come out of a byte of gzip, once so much has come out that chance is no reason.
pub(super) const RATIO: u64 = 400;
pub(super) const RATIO_FROM: u64 = 256 << 20;

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
    /// Files of earlier editions, which are read before those that are given.
    pub earlier: Vec<EditionFile>,
    /// What the columns of tables mean: one mapping for all files, or one for each.
    pub mappings: Vec<TableMapping>,
    /// Copies of inputs that can be read only once, by the names that the user gave them.
    pub spooled: BTreeMap<PathBuf, Arc<NamedTempFile>>,
    /// Rows that were put aside for `rejects`.
    pub rejected: Rejected,
    /// Where rows go that could not be used.
    pub rejects: Option<PathBuf>,
    /// What a network does not say itself.
    pub network: NetworkOptions,
    /// The folder for temporary files; without it that of the system.
    pub scratch: Option<PathBuf>,
}

impl ImportOptions {
    /// The folder for temporary files.
    pub fn scratch(&self) -> PathBuf {
        self.scratch.clone().unwrap_or_else(std::env::temp_dir)
    }
}

/// Rows of tables that could not be used, in temporary files until the import is done: one for each header.
#[derive(Clone, Debug, Default)]
pub struct Rejected {
    inner: Arc<Mutex<(u64, Vec<NamedTempFile>)>>,
}

impl Rejected {
    /// Adds files, and how many rows are in them.
    pub(super) fn add(&self, count: u64, files: Vec<NamedTempFile>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0 += count;
        inner.1.extend(files);
    }

    /// How many rows there are.
    pub fn count(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Puts the rows at a path, those of a second header beside it as `NAME-2.csv`, and tells where they are. Without `replace` no
    /// file is overwritten; with it one of an earlier import goes, also if there is nothing to put in its place.
    ///
    /// # Errors
    ///
    /// A file cannot be written, or is there.
    pub fn persist(&self, path: &Path, replace: bool) -> io::Result<Vec<PathBuf>> {
        let files = std::mem::take(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner).1);
        if files.is_empty() && replace {
            return match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(Vec::new()),
            };
        }
        let mut paths = Vec::with_capacity(files.len());
        for (number, file) in (1_u32..).zip(files) {
            let path = if number == 1 { path.to_owned() } else { numbered(path, number) };
            let written = if replace { file.persist(&path) } else { file.persist_noclobber(&path) };
            written.map_err(|it| it.error)?;
            paths.push(path);
        }
        Ok(paths)
    }
}

/// `rejects.csv` as `rejects-2.csv`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
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
            earlier: Vec::new(),
            mappings: Vec::new(),
            spooled: BTreeMap::new(),
            rejected: Rejected::default(),
            rejects: None,
            network: NetworkOptions::default(),
            scratch: None,
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

impl ImportOptions {
    /// Copies pipes and the like, which can be read only once, into temporary files; `-` is standard input. Folders and what is
    /// not there stay as they are, for the importer to tell.
    ///
    /// # Errors
    ///
    /// An input cannot be read or copied, or holds more than the limit on sizes.
    pub fn spool(&mut self, files: &[PathBuf]) -> io::Result<()> {
        for path in files {
            if self.spooled.contains_key(path) {
                continue;
            }
            let is_pipe = std::fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir());
            let mut input: Box<dyn Read> = match path.to_str() {
                Some("-") => Box::new(io::stdin().lock()),
                _ if is_pipe => Box::new(File::open(path)?),
                _ => continue,
            };
            let told = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
            let mut copy = NamedTempFile::new().map_err(told)?;
            let count = io::copy(&mut input.by_ref().take(self.max_size.saturating_add(1)), &mut copy).map_err(told)?;
            if count > self.max_size {
                return Err(told(LimitError::Size { max: self.max_size }.into()));
            }
            self.spooled.insert(path.clone(), Arc::new(copy));
        }
        Ok(())
    }

    /// Where a file that the user named is to be read.
    pub fn on_disk<'p>(&'p self, path: &'p Path) -> &'p Path {
        self.spooled.get(path).map_or(path, |it| it.path())
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
    let counted =
        Counted { inner: File::open(options.on_disk(path))?, all: Arc::clone(&options.read), own: Arc::clone(&own) };
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
        let file = NamedTempFile::new()?;
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
