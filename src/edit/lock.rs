//! The right to write to a folder, and what a writer leaves to the next one if it dies.
//!
//! A lock file keeps other writers out while it is held. It says which files are to be replaced and where their old and new bytes are
//! kept, before there are such copies, and then that all of them are there. A writer that finds such a list takes the copies away
//! if nothing was replaced or all was, and puts the old bytes back if only some was; where somebody has written since, it leaves
//! everything as it is and says so.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::store::WriteError;

/// The file that keeps other writers out.
pub const LOCK: &str = ".purvey.lock";

/// The right to write to a folder; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    pub(super) path: PathBuf,
    /// Whether files are named in it whose old bytes are yet to be put back.
    pub(super) torn: bool,
    /// Files that an earlier writer left half done, and that are as before it again.
    pub recovered: Vec<PathBuf>,
    /// Files that it left half done and that somebody has changed since, each with where its bytes from before are kept.
    pub left: Vec<(PathBuf, PathBuf)>,
}

impl Lock {
    /// Takes the lock of a folder, and puts back what a writer before left half done.
    ///
    /// # Errors
    ///
    /// [`WriteError::Locked`] if somebody else has it; [`WriteError::Refused`] if the folder cannot be written.
    ///
    /// ```
    /// use purvey::edit::{Lock, RealDisk, WriteError};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let lock = Lock::take(folder.path(), &mut RealDisk)?;
    /// assert!(matches!(Lock::take(folder.path(), &mut RealDisk), Err(WriteError::Locked(_))));
    /// drop(lock);
    /// assert!(Lock::take(folder.path(), &mut RealDisk).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn take(folder: &Path, disk: &mut dyn Disk) -> Result<Lock, WriteError> {
        let path = folder.join(LOCK);
        let refused = |error| WriteError::Refused { path: folder.to_owned(), error };
        // Whoever held the lock takes the file away, perhaps between our opening and locking it.
        for _ in 0..100 {
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
            let file = file.map_err(refused)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(WriteError::Locked(folder.to_owned())),
                Err(TryLockError::Error(error)) => return Err(refused(error)),
            }
            if !is_at(&file, &path) {
                continue;
            }
            let mut lock = Lock { file, path, torn: false, recovered: Vec::new(), left: Vec::new() };
            lock.recover(folder, disk).map_err(refused)?;
            return Ok(lock);
        }
        Err(WriteError::Locked(folder.to_owned()))
    }

    /// Brings what the file names to one state: as before the earlier writer, or as after it if that had replaced all.
    fn recover(&mut self, folder: &Path, disk: &mut dyn Disk) -> io::Result<()> {
        let text = disk.read(&self.path)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let entries: Vec<Entry<'_>> = text.lines().filter_map(Entry::read).collect();
        // Without its last line no file was replaced: there are only copies.
        if !text.ends_with("end\n") {
            for it in &entries {
                it.clean(disk)?;
            }
            return Ok(());
        }
        self.torn = true;
        let mut states = Vec::with_capacity(entries.len());
        for it in &entries {
            let now = disk.read(it.target)?;
            let kept = it.old.map_or(Ok(None), |old| disk.read(old))?;
            let is_new = hash(now.as_deref()) == it.hash;
            // A copy that is gone was put back already.
            let is_old = if it.old.is_some() { kept.is_none() || now == kept } else { now.is_none() };
            states.push((is_new, is_old));
        }
        let all = |which: fn(&(bool, bool)) -> bool| states.iter().all(which);
        if all(|(is_new, _)| *is_new) || all(|(_, is_old)| *is_old) {
            for it in &entries {
                it.clean(disk)?;
            }
        } else if all(|(is_new, is_old)| *is_new || *is_old) {
            for (it, (is_new, is_old)) in entries.iter().zip(&states) {
                if *is_new && !*is_old {
                    match it.old {
                        Some(old) => disk.rename(old, it.target)?,
                        None => disk.remove(it.target)?,
                    }
                    self.recovered.push(it.target.to_owned());
                }
                it.clean(disk)?;
            }
        } else {
            // Somebody has written since: taking back the others would tear what was mended by hand.
            for it in &entries {
                it.new.map_or(Ok(()), |new| disk.remove(new))?;
                if let Some(old) = it.old {
                    self.left.push((it.target.to_owned(), old.to_owned()));
                }
            }
        }
        disk.sync_folder(folder)?;
        self.clear()
    }

    /// Says which files are about to be copied and replaced.
    pub(super) fn begin(&mut self, all: &[Noted]) -> io::Result<()> {
        let mut text = String::new();
        // Whoever reads it may stand elsewhere.
        let shown = |it: &Path| std::path::absolute(it).map(|it| it.display().to_string());
        for it in all {
            let old = it.old.as_deref().map_or(Ok(String::new()), shown)?;
            let new = it.new.as_deref().map_or(Ok(String::new()), shown)?;
            text.push_str(&format!("{}\t{old}\t{}\t{new}\n", shown(&it.target)?, it.hash));
        }
        self.file.set_len(0)?;
        io::Seek::rewind(&mut self.file)?;
        self.file.write_all(text.as_bytes())?;
        self.file.sync_all()
    }

    /// Says that all copies are there: from now on files are replaced.
    pub(super) fn commit(&mut self) -> io::Result<()> {
        self.torn = true;
        self.file.write_all(b"end\n")?;
        self.file.sync_all()
    }

    pub(super) fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.torn = false;
        self.file.sync_all()
    }
}

/// A file that is about to be replaced.
pub(super) struct Noted {
    pub(super) target: PathBuf,
    /// Where its old bytes are kept, if there is such a file.
    pub(super) old: Option<PathBuf>,
    /// The hash of its new bytes, and where they wait.
    pub(super) hash: String,
    pub(super) new: Option<PathBuf>,
}

/// The same as the lock file says it.
struct Entry<'t> {
    target: &'t Path,
    old: Option<&'t Path>,
    hash: &'t str,
    new: Option<&'t Path>,
}

impl Entry<'_> {
    fn read(line: &str) -> Option<Entry<'_>> {
        let mut parts = line.split('\t');
        let (target, old, hash, new) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let path = |it| Some(Path::new(it)).filter(|it| !it.as_os_str().is_empty());
        Some(Entry { target: Path::new(target), old: path(old), hash, new: path(new) })
    }

    /// Takes the copies away.
    fn clean(&self, disk: &mut dyn Disk) -> io::Result<()> {
        self.old.into_iter().chain(self.new).try_for_each(|it| disk.remove(it))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What is yet to be put back must be found by the next one.
        if !self.torn {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The hash of a file's bytes; a hyphen for no file.
pub(super) fn hash(bytes: Option<&[u8]>) -> String {
    bytes.map_or_else(|| "-".to_owned(), |it| crate::load::fingerprint([it]))
}

/// Whether the file that is open is the one at the path.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        match (file.metadata(), fs::metadata(path)) {
            (Ok(open), Ok(there)) => (open.dev(), open.ino()) == (there.dev(), there.ino()),
            _ => false,
        }
    }
    #[cfg(not(unix))]
    {
        // A file that is open cannot be taken away here.
        let _ = file;
        path.exists()
    }
}
