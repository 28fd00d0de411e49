//! Writing several files as one: nothing is lost whatever fails, and two writers do not get in each other's way.
//!
//! What is done to the disk goes through [`Disk`] in numbered steps, so that a test can let each of them fail.
//!
//! A lock file in the folder keeps other writers out while it is held. It says which files are to be replaced and where their old
//! and new bytes are kept, before there are such copies, and then that all of them are there. A writer that finds such a list
//! takes the copies away if nothing was replaced or all was, and puts the old bytes back if only some was; where somebody has
//! written since, it leaves everything as it is and says so.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file that keeps other writers out.
pub const LOCK: &str = ".purvey.lock";

/// One file, before and after.
///
/// ```
/// use purvey::edit::Change;
///
/// let change = Change { path: "facts.ron".into(), before: None, after: Some(b"()".to_vec()) };
/// assert!(change.before.is_none(), "a new file");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// Its bytes as they were read; `None` if there was no such file.
    pub before: Option<Vec<u8>>,
    /// The bytes it is to have; `None` if it is to go.
    pub after: Option<Vec<u8>>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Somebody else is writing.
    #[error("another purvey is writing to {}: wait until it is done, then try again", .0.display())]
    Locked(PathBuf),
    /// A file is no longer what was read.
    #[error("{} was changed by somebody else meanwhile, so nothing was written: try again", .0.display())]
    Changed(PathBuf),
    /// The disk refuses.
    #[error("{} cannot be written, and every file is as it was: {error}", path.display())]
    Refused {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It failed in the middle, and so did taking it back.
    #[error(
        "{} cannot be written ({error}), and what was written before it could not be taken back: \
         the old bytes are kept, and the next purvey that writes to this folder puts them back",
        path.display()
    )]
    Torn {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// What is done to the disk.
pub trait Disk {
    /// The bytes of a file; `None` if there is none.
    ///
    /// # Errors
    ///
    /// As the system says; so for all others.
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>>;
    /// Writes a new file and waits until it is on the disk. The mode is that of `like`, if there is such a file.
    fn write_new(&mut self, path: &Path, bytes: &[u8], like: &Path) -> io::Result<()>;
    /// Puts a file into the place of another.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away; one that is not there is no error.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
    /// Waits until the entries of a folder are on the disk.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
}

/// The disk itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write_new(&mut self, path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        let written = file.write_all(bytes).and_then(|()| match fs::metadata(like) {
            Ok(old) => file.set_permissions(old.permissions()),
            Err(_) => Ok(()),
        });
        let written = written.and_then(|()| file.sync_all());
        if written.is_err() {
            drop(file);
            let _ = fs::remove_file(path);
        }
        written
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
        // A folder cannot be opened everywhere, and where it cannot, nothing more can be done.
        let _ = File::open(folder).and_then(|it| it.sync_all());
        Ok(())
    }
}

/// The right to write to a folder; given back when dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    path: PathBuf,
    /// Whether files are named in it whose old bytes are yet to be put back.
    torn: bool,
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
    fn begin(&mut self, all: &[Noted]) -> io::Result<()> {
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
    fn commit(&mut self) -> io::Result<()> {
        self.torn = true;
        self.file.write_all(b"end\n")?;
        self.file.sync_all()
    }

    fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.torn = false;
        self.file.sync_all()
    }
}

/// A file that is about to be replaced.
struct Noted {
    target: PathBuf,
    /// Where its old bytes are kept, if there is such a file.
    old: Option<PathBuf>,
    /// The hash of its new bytes, and where they wait.
    hash: String,
    new: Option<PathBuf>,
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
fn hash(bytes: Option<&[u8]>) -> String {
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

/// Writes all changes or none. The lock is that of the folder around the files.
///
/// First all new bytes are written beside their files, and the old ones kept; then each file is replaced by a rename. If a step
/// fails, what was replaced before it is put back.
///
/// # Errors
///
/// [`WriteError::Changed`] if a file is not what `before` says; [`WriteError::Refused`] if the disk refuses, with every file as it
/// was; [`WriteError::Torn`] if it refuses to put back as well.
pub fn write_all(changes: &[Change], lock: &mut Lock, disk: &mut dyn Disk) -> Result<(), WriteError> {
    let mut made: Vec<PathBuf> = Vec::new();
    let result = replace(changes, lock, disk, &mut made);
    if !matches!(result, Err(WriteError::Torn { .. })) {
        for path in &made {
            let _ = disk.remove(path);
        }
    }
    result
}

/// Takes copies away, as far as that can be done.
fn clean(all: &[Noted], disk: &mut dyn Disk) {
    for path in all.iter().flat_map(|it| it.old.iter().chain(&it.new)) {
        let _ = disk.remove(path);
    }
}

/// A file beside another that nobody reads.
fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.purvey-{what}-{}", std::process::id()))
}

fn replace(
    changes: &[Change],
    lock: &mut Lock,
    disk: &mut dyn Disk,
    made: &mut Vec<PathBuf>,
) -> Result<(), WriteError> {
    let refused = |path: &Path, error| WriteError::Refused { path: path.to_owned(), error };
    for change in changes {
        let now = disk.read(&change.path).map_err(|error| refused(&change.path, error))?;
        if now != change.before {
            return Err(WriteError::Changed(change.path.clone()));
        }
    }
    let noted: Vec<Noted> = changes
        .iter()
        .map(|it| Noted {
            target: it.path.clone(),
            old: it.before.as_ref().map(|_| beside(&it.path, "old")),
            hash: hash(it.after.as_deref()),
            new: it.after.as_ref().map(|_| beside(&it.path, "new")),
        })
        .collect();
    lock.begin(&noted).map_err(|error| refused(&lock.path.clone(), error))?;
    for (change, noted) in changes.iter().zip(&noted) {
        let path = &change.path;
        if let (Some(new), Some(bytes)) = (&noted.new, &change.after) {
            made.push(new.clone());
            disk.write_new(new, bytes, path).map_err(|error| refused(path, error))?;
        }
        if let (Some(old), Some(bytes)) = (&noted.old, &change.before) {
            made.push(old.clone());
            disk.write_new(old, bytes, path).map_err(|error| refused(path, error))?;
        }
    }
    lock.commit().map_err(|error| refused(&lock.path.clone(), error))?;
    for (at, change) in changes.iter().enumerate() {
        let done = match &change.after {
            Some(_) => disk.rename(&beside(&change.path, "new"), &change.path),
            None => disk.remove(&change.path),
        };
        if let Err(error) = done {
            for Noted { target, old, .. } in noted.iter().take(at) {
                let back = match old {
                    Some(old) => disk.rename(old, target),
                    None => disk.remove(target),
                };
                if back.is_err() {
                    return Err(WriteError::Torn { path: change.path.clone(), error });
                }
            }
            clean(&noted, disk);
            // A list that stays names bytes that are there already.
            return match lock.clear() {
                Ok(()) => Err(refused(&change.path, error)),
                Err(_) => Err(WriteError::Torn { path: change.path.clone(), error }),
            };
        }
    }
    let mut folders: Vec<&Path> = changes.iter().filter_map(|it| it.path.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let _ = disk.sync_folder(folder);
    }
    // Before the list that names them goes.
    clean(&noted, disk);
    lock.clear().map_err(|error| WriteError::Torn { path: lock.path.clone(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk on which one step fails, and perhaps all after it.
    struct Faulty {
        step: usize,
        fails_at: usize,
        stays_broken: bool,
    }

    impl Faulty {
        fn step(&mut self) -> io::Result<()> {
            self.step += 1;
            let fails = if self.stays_broken { self.step >= self.fails_at } else { self.step == self.fails_at };
            if fails { Err(io::Error::new(io::ErrorKind::StorageFull, "no space left on device")) } else { Ok(()) }
        }
    }

    impl Disk for Faulty {
        fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
            self.step()?;
            RealDisk.read(path)
        }
        fn write_new(&mut self, path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
            // Half of the bytes are there when it fails.
            if let Err(error) = self.step() {
                let _ = fs::write(path, &bytes[..bytes.len() / 2]);
                return Err(error);
            }
            RealDisk.write_new(path, bytes, like)
        }
        fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
            self.step()?;
            RealDisk.rename(from, to)
        }
        fn remove(&mut self, path: &Path) -> io::Result<()> {
            self.step()?;
            RealDisk.remove(path)
        }
        fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
            self.step()?;
            RealDisk.sync_folder(folder)
        }
    }

    fn contents(folder: &Path) -> Vec<(String, String)> {
        let mut all: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|it| it.unwrap())
            .filter(|it| !it.file_name().to_string_lossy().starts_with('.'))
            .map(|it| (it.file_name().into_string().unwrap(), fs::read_to_string(it.path()).unwrap()))
            .collect();
        all.sort();
        all
    }

    fn changes(folder: &Path) -> Vec<Change> {
        let change = |name: &str, before: Option<&str>, after: Option<&str>| Change {
            path: folder.join(name),
            before: before.map(|it| it.as_bytes().to_vec()),
            after: after.map(|it| it.as_bytes().to_vec()),
        };
        vec![
            change("a", Some("old a"), Some("new a")),
            change("b", Some("old b"), Some("new b")),
            change("c", None, Some("new c")),
            change("d", Some("old d"), None),
        ]
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "d"] {
            fs::write(folder.path().join(name), format!("old {name}")).unwrap();
        }
        folder
    }

    #[test]
    fn a_fault_at_any_step_loses_nothing() {
        for stays_broken in [false, true] {
            let mut succeeded = false;
            for fails_at in 1..100 {
                let folder = folder();
                let path = folder.path();
                let old = contents(path);
                let mut disk = Faulty { step: 0, fails_at, stays_broken };
                let result =
                    Lock::take(path, &mut disk).and_then(|mut lock| write_all(&changes(path), &mut lock, &mut disk));
                let reached = disk.step >= fails_at;
                let new = [("a", "new a"), ("b", "new b"), ("c", "new c")];
                let is_new = |all: &[(String, String)]| all.iter().map(|(a, b)| (a.as_str(), b.as_str())).eq(new);
                match result {
                    Ok(()) => assert!(is_new(&contents(path)), "{fails_at}"),
                    Err(WriteError::Torn { .. }) => {
                        // The next writer puts the old bytes back.
                        let lock = Lock::take(path, &mut RealDisk).unwrap();
                        assert!(!lock.recovered.is_empty());
                        drop(lock);
                        assert_eq!(contents(path), old, "{fails_at}");
                    }
                    Err(_) => assert_eq!(contents(path), old, "{fails_at}"),
                }
                if !reached {
                    assert!(fails_at > 15, "{fails_at} steps are too few");
                    succeeded = true;
                    assert_eq!(fs::read_dir(path).unwrap().count(), 3, "nothing is left behind");
                    break;
                }
            }
            assert!(succeeded);
        }
    }

    #[test]
    fn a_writer_that_died_between_two_files_is_undone() {
        let folder = folder();
        let path = folder.path();
        let old = contents(path);
        // Everything up to the second rename, and then nothing more: neither taking back nor cleaning up.
        let mut disk = Faulty { step: 0, fails_at: 14, stays_broken: true };
        let mut lock = Lock::take(path, &mut disk).unwrap();
        assert!(matches!(write_all(&changes(path), &mut lock, &mut disk), Err(WriteError::Torn { .. })));
        assert_ne!(contents(path), old);
        drop(lock);
        assert_eq!(Lock::take(path, &mut RealDisk).unwrap().recovered.len(), 2);
        assert_eq!(contents(path), old);
        assert_eq!(fs::read_dir(path).unwrap().filter(|it| it.as_ref().unwrap().file_name() == LOCK).count(), 0);
    }

    /// A writer that dies at a step: nothing after it is done, no cleaning up either.
    struct Dying {
        left: usize,
    }

    impl Disk for Dying {
        fn read(&mut self, path: &Path) -> io::Result<Option<Vec<u8>>> {
            RealDisk.read(path)
        }
        fn write_new(&mut self, path: &Path, bytes: &[u8], like: &Path) -> io::Result<()> {
            self.live().and_then(|()| RealDisk.write_new(path, bytes, like))
        }
        fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
            self.live().and_then(|()| RealDisk.rename(from, to))
        }
        fn remove(&mut self, path: &Path) -> io::Result<()> {
            self.live().and_then(|()| RealDisk.remove(path))
        }
        fn sync_folder(&mut self, folder: &Path) -> io::Result<()> {
            self.live().and_then(|()| RealDisk.sync_folder(folder))
        }
    }

    impl Dying {
        fn live(&mut self) -> io::Result<()> {
            match self.left.checked_sub(1) {
                Some(left) => self.left = left,
                None => std::panic::resume_unwind(Box::new("killed")),
            }
            Ok(())
        }
    }

    /// A folder whose writer died after so many steps; the lock file is as it was then.
    fn died_after(steps: usize) -> tempfile::TempDir {
        let folder = folder();
        let path = folder.path();
        let mut disk = Dying { left: 100 };
        let mut lock = Lock::take(path, &mut disk).unwrap();
        disk.left = steps;
        let written = || write_all(&changes(path), &mut lock, &mut disk);
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(written));
        // A program that is killed takes no lock away.
        lock.torn = true;
        drop(lock);
        folder
    }

    #[test]
    fn whenever_a_writer_dies_the_next_one_finds_all_or_nothing_and_no_copies() {
        let new = [("a", "new a"), ("b", "new b"), ("c", "new c")].map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        let mut seen = [0, 0];
        for steps in 0..20 {
            let folder = died_after(steps);
            let path = folder.path();
            let old = vec![
                ("a".to_owned(), "old a".to_owned()),
                ("b".to_owned(), "old b".to_owned()),
                ("d".to_owned(), "old d".to_owned()),
            ];
            drop(Lock::take(path, &mut RealDisk).unwrap());
            let now = contents(path);
            assert!(now == old || now == new, "{steps}: {now:?}");
            seen[usize::from(now == new)] += 1;
            assert_eq!(fs::read_dir(path).unwrap().count(), 3, "{steps}: nothing is left behind");
        }
        assert!(seen.iter().all(|it| *it > 0), "{seen:?}");
    }

    #[test]
    fn what_was_mended_by_hand_after_a_writer_died_is_not_torn_again() {
        let folder = died_after(9);
        let path = folder.path();
        assert_eq!(fs::read_to_string(path.join("a")).unwrap(), "new a", "two are replaced");
        fs::write(path.join("b"), "by hand").unwrap();
        let before = contents(path);
        let lock = Lock::take(path, &mut RealDisk).unwrap();
        assert!(lock.recovered.is_empty() && lock.left.iter().any(|(it, _)| it.ends_with("b")), "{:?}", lock.left);
        drop(lock);
        assert_eq!(contents(path), before);
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let folder = folder();
        let path = folder.path();
        fs::write(path.join("b"), "by another").unwrap();
        let mut lock = Lock::take(path, &mut RealDisk).unwrap();
        let error = write_all(&changes(path), &mut lock, &mut RealDisk).unwrap_err();
        assert!(matches!(&error, WriteError::Changed(it) if it.ends_with("b")), "{error}");
        assert_eq!(fs::read_to_string(path.join("a")).unwrap(), "old a");
        assert!(matches!(Lock::take(path, &mut RealDisk), Err(WriteError::Locked(_))));
    }
}
