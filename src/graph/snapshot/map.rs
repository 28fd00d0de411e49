//! A snapshot file, mapped. The only unsafe code of the program stands here.

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

use super::{OpenError, Snapshot};

/// The bytes of a mapped file.
#[derive(Debug)]
pub struct Mapped {
    map: Mmap,
    /// Holds the shared lock while the map lives.
    _file: File,
}

impl AsRef<[u8]> for Mapped {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

/// Why a file cannot be opened as a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// The file cannot be read or mapped.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Its bytes are no snapshot.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Snapshot<Mapped> {
    /// Maps a snapshot file. Constant time; the system reads pages when a question needs them.
    ///
    /// The file is held under a shared lock, so that a program which asks for the lock before it writes leaves it alone.
    /// Replacing it by another file of its name is safe at any time: the map keeps the old one. Writing into it, or cutting
    /// it short in place, is outside what can be promised; the answer may then be wrong, or the system end the program.
    ///
    /// # Errors
    ///
    /// [`MapError`]: the file cannot be read, or is no snapshot that can be read here.
    #[expect(unsafe_code, reason = "a map is the one way to open a file in constant time")]
    pub fn map(path: &Path) -> Result<Self, MapError> {
        let file = File::open(path)?;
        // A folder or a device cannot be mapped, and would be told as some number of the system.
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("this is no file").into());
        }
        // Some file systems have no locks; the file is read then without one.
        let _ = file.try_lock_shared();
        // SAFETY: `Mmap::map` asks that nobody changes the file while it is mapped. The map is read-only and lives no
        // longer than `Mapped`, which keeps the file open. This program never writes into a snapshot in place: it writes
        // a new file and renames it over the old name, which leaves the mapped one as it is. What other programs do to
        // the file cannot be ruled out; that is said above, and the lock is there for those that ask. Reads hold no
        // assumption about the bytes that could break with them: every index and string is checked at each use, and rows
        // are types for which any bytes are a value (zerocopy's `FromBytes`).
        let map = unsafe { Mmap::map(&file)? };
        Ok(Snapshot::new(Mapped { map, _file: file })?)
    }
}
