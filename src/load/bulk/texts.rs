//! Parts of files, read again where they stand.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// So many files stay open.
const OPEN: usize = 32;

/// What stands before and behind a part, so that it is a file by itself.
const BEFORE: &str = "(facts:[";
const BEHIND: &str = "\n])";

/// The files.
#[derive(Default)]
pub(super) struct Texts {
    files: Vec<(PathBuf, u32)>,
    open: Mutex<Vec<(u32, File)>>,
}

/// A part of a file of facts, as a file by itself.
pub(super) struct Part {
    /// With what was put around it.
    pub(super) text: String,
    /// Where byte 0 of it would stand in the file.
    pub(super) base: u32,
}

impl Part {
    /// The text of the part from a place of the file up to another.
    pub(super) fn between(&self, start: u32, end: u32) -> &str {
        let at = |it: u32| it.wrapping_sub(self.base) as usize;
        self.text.get(at(start)..at(end)).unwrap_or_default()
    }
}

impl Texts {
    /// Adds a file whose text begins after so many bytes, and gives its number.
    pub(super) fn push(&mut self, path: PathBuf, before: u32) {
        self.files.push((path, before));
    }

    /// The text of a file from `start` on, in bytes.
    ///
    /// # Errors
    ///
    /// It cannot be read, or is shorter, or no text: then it is not what it was.
    pub(super) fn part(&self, file: u32, start: u32, length: u32) -> io::Result<Part> {
        let Some((path, before)) = self.files.get(file as usize) else { return Err(io::ErrorKind::NotFound.into()) };
        let mut bytes = Vec::with_capacity(BEFORE.len() + length as usize + BEHIND.len());
        bytes.extend_from_slice(BEFORE.as_bytes());
        {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let at = match open.iter().position(|it| it.0 == file) {
                Some(at) => at,
                None => {
                    if open.len() >= OPEN {
                        open.remove(0);
                    }
                    open.push((file, File::open(path)?));
                    open.len() - 1
                }
            };
            let (_, opened) = open.get_mut(at).ok_or(io::ErrorKind::NotFound)?;
            opened.seek(SeekFrom::Start(u64::from(start) + u64::from(*before)))?;
            opened.take(u64::from(length)).read_to_end(&mut bytes)?;
        }
        if bytes.len() != BEFORE.len() + length as usize {
            return Err(self.changed(file));
        }
        bytes.extend_from_slice(BEHIND.as_bytes());
        let text = String::from_utf8(bytes).map_err(|_| self.changed(file))?;
        Ok(Part { text, base: start.wrapping_sub(u32::try_from(BEFORE.len()).unwrap_or_default()) })
    }

    /// That a file is not what it was a moment ago.
    pub(super) fn changed(&self, file: u32) -> io::Error {
        let path = self.files.get(file as usize).map_or(String::new(), |it| it.0.display().to_string());
        io::Error::other(format!("{path} was changed while it was read: try again when nobody writes to it"))
    }
}
