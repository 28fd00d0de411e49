//! What is done to the disk, step by step, so that a test can let each step fail.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::Path;

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
    /// Makes a new file that is written bit by bit, and locks it for as long as it is open. The mode is that of a new file
    /// on Unix.
    fn create(&mut self, path: &Path, mode: u32) -> io::Result<Box<dyn NewFile>>;
    /// Puts a file into the place of another.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()>;
    /// Takes a file away; one that is not there is no error.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
    /// Waits until the entries of a folder are on the disk.
    fn sync_folder(&mut self, folder: &Path) -> io::Result<()>;
}

/// A file that is being written.
pub trait NewFile: Write {
    /// Waits until all that was written is on the disk.
    ///
    /// # Errors
    ///
    /// As the system says.
    fn sync(&mut self) -> io::Result<()>;
}

impl NewFile for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
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

    #[cfg_attr(not(unix), expect(unused_variables, reason = "modes are those of Unix"))]
    fn create(&mut self, path: &Path, mode: u32) -> io::Result<Box<dyn NewFile>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        let file = options.open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            // Not every file system locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Before it was locked, it may have been taken for one that was left behind.
        if path.exists() { Ok(Box::new(file)) } else { Err(io::ErrorKind::WouldBlock.into()) }
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
