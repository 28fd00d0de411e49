//! Writing several files as one: nothing is lost whatever fails, and two writers do not get in each other's way.

use std::io;
use std::path::{Path, PathBuf};

use super::disk::Disk;
use super::lock::{Lock, Noted, hash};

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
    let refused = |path: &Path, error| WriteError::Refused { path: path.to_owned(), error };
    for change in changes {
        let now = disk.read(&change.path).map_err(|error| refused(&change.path, error))?;
        if now != change.before {
            return Err(WriteError::Changed(change.path.clone()));
        }
    }
    let noted = |it: &Change| Noted {
        target: it.path.clone(),
        old: it.before.as_ref().map(|_| beside(&it.path, "old")),
        hash: hash(it.after.as_deref()),
        new: it.after.as_ref().map(|_| beside(&it.path, "new")),
    };
    let noted: Vec<Noted> = changes.iter().map(noted).collect();
    lock.begin(&noted).map_err(|error| refused(&lock.path, error))?;
    let copied = copy(changes, &noted, disk);
    if let Err(error) = copied.and_then(|()| lock.commit().map_err(|error| refused(&lock.path, error))) {
        clean(&noted, disk);
        return Err(error);
    }
    replace(&noted, lock, disk)
}

/// Writes the new bytes of each file beside it, and the old ones.
fn copy(changes: &[Change], noted: &[Noted], disk: &mut dyn Disk) -> Result<(), WriteError> {
    for (change, noted) in changes.iter().zip(noted) {
        for (copy, bytes) in [(&noted.new, &change.after), (&noted.old, &change.before)] {
            if let (Some(copy), Some(bytes)) = (copy, bytes) {
                let written = disk.write_new(copy, bytes, &change.path);
                written.map_err(|error| WriteError::Refused { path: change.path.clone(), error })?;
            }
        }
    }
    Ok(())
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

/// Puts the new bytes into the places of the old ones, all or none.
fn replace(noted: &[Noted], lock: &mut Lock, disk: &mut dyn Disk) -> Result<(), WriteError> {
    for (at, Noted { target, new, .. }) in noted.iter().enumerate() {
        let done = match new {
            Some(new) => disk.rename(new, target),
            None => disk.remove(target),
        };
        let Err(error) = done else { continue };
        let torn = |error| WriteError::Torn { path: target.clone(), error };
        for Noted { target, old, .. } in noted.iter().take(at) {
            let back = match old {
                Some(old) => disk.rename(old, target),
                None => disk.remove(target),
            };
            if back.is_err() {
                return Err(torn(error));
            }
        }
        clean(noted, disk);
        // A list that stays names bytes that are there already.
        return Err(match lock.clear() {
            Ok(()) => WriteError::Refused { path: target.clone(), error },
            Err(_) => torn(error),
        });
    }
    let mut folders: Vec<&Path> = noted.iter().filter_map(|it| it.target.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let _ = disk.sync_folder(folder);
    }
    // Before the list that names them goes.
    clean(noted, disk);
    lock.clear().map_err(|error| WriteError::Torn { path: lock.path.clone(), error })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::edit::{LOCK, NewFile, RealDisk};

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
        fn create(&mut self, path: &Path, mode: u32) -> io::Result<Box<dyn NewFile>> {
            self.step()?;
            RealDisk.create(path, mode)
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
        fn create(&mut self, path: &Path, mode: u32) -> io::Result<Box<dyn NewFile>> {
            self.live().and_then(|()| RealDisk.create(path, mode))
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
