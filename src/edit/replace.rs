//! Writing one file in the place of another: all of it or nothing.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::disk::{Disk, NewFile};

/// Writes a file whole or not at all: beside its place, until it is on the disk, and then into it by a rename. Whoever reads
/// meanwhile has the old one. If anything fails, the old file is as it was and nothing is left beside it; what a writer left
/// that was killed is removed by the next one. Of two writers at once each has its own file, and the last rename stays.
///
/// What a link names is written in the place of that, and the link stays. A device, a pipe or a terminal is written to as it is,
/// since nothing can take its place.
///
/// `mode` is that of a new file on Unix, before the user's mask.
///
/// # Errors
///
/// What `write` says, or the disk.
///
/// # Example
///
/// ```
/// use purvey::edit::{RealDisk, replace_file};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("x");
/// replace_file::<std::io::Error>(&path, 0o666, &mut RealDisk, |out| out.write_all(b"old"))?;
/// let failed = replace_file(&path, 0o666, &mut RealDisk, |out| {
///     out.write_all(b"new")?;
///     Err(std::io::Error::other("no more"))
/// });
/// assert!(failed.is_err());
/// assert_eq!(std::fs::read(&path)?, b"old");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace_file<E: From<io::Error>>(
    path: &Path,
    mode: u32,
    disk: &mut dyn Disk,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    let found = fs::metadata(path);
    if found.is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        let mut file = File::options().write(true).open(path)?;
        return write(&mut file).and_then(|()| file.flush().map_err(E::from));
    }
    let is_link = fs::symlink_metadata(path).is_ok_and(|it| it.is_symlink());
    let linked = if is_link { fs::canonicalize(path).ok() } else { None };
    let path = linked.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let begin = beginning(path);
    sweep(folder, &begin, disk);
    let (new, mut file) = create(folder, &begin, mode, disk)?;
    let written = write(&mut file).and_then(|()| file.sync().map_err(E::from));
    // The file stays open, and locked, until it has its name.
    let placed = written.and_then(|()| disk.rename(&new, path).map_err(E::from));
    drop(file);
    if placed.is_err() {
        let _ = disk.remove(&new);
        return placed;
    }
    // The rename is on the disk once the folder is. If that cannot be had, the file is there all the same.
    let _ = disk.sync_folder(folder);
    Ok(())
}

/// How many names are tried.
const TRIES: u32 = 64;

fn create(folder: &Path, begin: &str, mode: u32, disk: &mut dyn Disk) -> io::Result<(PathBuf, Box<dyn NewFile>)> {
    let process = std::process::id();
    for number in 0..TRIES {
        let path = folder.join(format!("{begin}{process}-{number}"));
        match disk.create(&path, mode) {
            Ok(file) => return Ok((path, file)),
            // Another thread has it, or somebody sweeps and took it for left behind.
            Err(error) if matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::WouldBlock) => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// How files are called that are to take the place of one.
fn beginning(path: &Path) -> String {
    let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    // A name may be as long as a system allows, and this one must be longer.
    let short: String = name.chars().take(40).collect();
    format!(".{short}.purvey-out-")
}

/// Removes what writers left that were killed: files that nobody holds locked.
fn sweep(folder: &Path, begin: &str, disk: &mut dyn Disk) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        // Opening what is no file could wait for ever.
        let is_file = entry.file_type().is_ok_and(|it| it.is_file());
        if !is_file || !entry.file_name().to_string_lossy().starts_with(begin) {
            continue;
        }
        let Ok(file) = File::options().write(true).open(entry.path()) else { continue };
        // Where files cannot be locked nobody can tell, and nothing is removed.
        match file.try_lock() {
            Ok(()) => {
                let _ = disk.remove(&entry.path());
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::edit::RealDisk;

    fn write(path: &Path, text: &str) -> io::Result<()> {
        replace_file(path, 0o666, &mut RealDisk, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn a_link_stays_and_what_it_names_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink("file", &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        // One that names nothing is a name that is taken.
        let broken = folder.path().join("broken");
        symlink("nowhere", &broken).unwrap();
        write(&broken, "new").unwrap();
        assert_eq!(fs::read_to_string(&broken).unwrap(), "new");
    }

    #[test]
    fn what_is_no_file_is_written_to_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || {
                let mut text = String::new();
                File::open(pipe).and_then(|mut it| it.read_to_string(&mut text)).map(|_| text)
            }
        });
        write(&pipe, "through").unwrap();
        assert_eq!(reader.join().unwrap().unwrap(), "through");
        assert!(!fs::symlink_metadata(&pipe).unwrap().is_file());
    }
}
