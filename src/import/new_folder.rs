//! A folder that is written beside its place and takes it when it is whole, also the place of an older one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::editions;

/// What a folder may hold that gives way to a new one: such things as the program writes itself.
#[derive(Clone, Copy)]
pub struct OwnFiles {
    /// Whether something is one of them: the path within the folder, and whether that is a folder.
    pub is_own: fn(&Path, bool) -> bool,
    /// What they are, for people: "RON files".
    pub name: &'static str,
}

impl OwnFiles {
    /// Files of records, also in folders, and the editions that they were made of.
    pub const RON: OwnFiles = OwnFiles {
        is_own: |path, is_folder| is_folder || path.extension().is_some_and(|it| it == "ron") || editions::is_own(path),
        name: "RON files",
    };
}

/// A folder that nobody sees before it is whole. What is half written goes when this is dropped.
///
/// # Example
///
/// ```
/// use purvey::import::{NewFolder, OwnFiles};
///
/// let place = tempfile::tempdir()?;
/// let target = place.path().join("data");
/// let new = NewFolder::new(&target, false, OwnFiles::RON)?;
/// std::fs::write(new.path().join("a.ron"), "()")?;
/// assert!(!target.exists());
/// new.publish()?;
/// assert!(target.join("a.ron").exists() && NewFolder::new(&target, false, OwnFiles::RON).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct NewFolder {
    folder: tempfile::TempDir,
    target: PathBuf,
    replace: bool,
    own: OwnFiles,
}

impl NewFolder {
    /// Begins a folder. With `replace`, one that holds nothing but such files gives way to it at the end.
    ///
    /// # Errors
    ///
    /// The folder exists and may not be replaced; its parent cannot be written.
    pub fn new(target: &Path, replace: bool, own: OwnFiles) -> io::Result<NewFolder> {
        may_replace(target, replace, own)?;
        let parent = parent(target);
        fs::create_dir_all(parent)?;
        let mut builder = tempfile::Builder::new();
        // A temporary folder is its owner's alone; this one will not stay temporary, and the user's mask decides.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder.prefix(".purvey-new-").tempdir_in(parent)?;
        Ok(NewFolder { folder, target: target.to_owned(), replace, own })
    }

    /// Where to write meanwhile.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its name. All that it holds is on the disk then.
    ///
    /// # Errors
    ///
    /// The folder may no longer be replaced, or the disk fails. What was there before is still there, or the error says where.
    pub fn publish(self) -> io::Result<()> {
        self.publish_with(&mut |from, to| fs::rename(from, to))
    }

    fn publish_with(self, rename: &mut dyn FnMut(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
        for entry in walkdir::WalkDir::new(self.path()) {
            let entry = entry?;
            // Only Unix opens folders.
            if entry.file_type().is_file() || cfg!(unix) {
                File::open(entry.path())?.sync_all()?;
            }
        }
        let NewFolder { folder, target, replace, own } = self;
        // It may have been filled meanwhile.
        may_replace(&target, replace, own)?;
        let parent = parent(&target);
        if fs::symlink_metadata(&target).is_ok() {
            // Put aside first, so that what was there is whole until the new one has its place.
            let old = tempfile::Builder::new().prefix(".purvey-replaced-").tempdir_in(parent)?;
            let aside = old.path().join("old");
            rename(&target, &aside)?;
            if let Err(error) = rename(folder.path(), &target) {
                if let Err(again) = rename(&aside, &target) {
                    // Now this is the only place where the data is.
                    let kept = old.keep().join("old");
                    let message = format!(
                        "{error}; what was there could not be put back ({again}) and is now in `{}`",
                        kept.display()
                    );
                    return Err(io::Error::new(error.kind(), message));
                }
                return Err(error);
            }
        } else {
            rename(folder.path(), &target)?;
        }
        // It has moved, so there is nothing to remove.
        let _ = folder.keep();
        let _ = File::open(parent).and_then(|it| it.sync_all());
        Ok(())
    }
}

fn parent(target: &Path) -> &Path {
    target.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a folder of RON files may be written: it does not exist or is empty; with `replace` also if it holds nothing but
/// folders and RON files.
///
/// # Errors
///
/// Why it may not, for people.
pub fn may_write_folder(target: &Path, replace: bool) -> io::Result<()> {
    may_replace(target, replace, OwnFiles::RON)
}

fn may_replace(target: &Path, replace: bool, own: OwnFiles) -> io::Result<()> {
    let refuse = |message: String| Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
    match fs::symlink_metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(it) if !it.is_dir() => return refuse(format!("`{}` is there and is no folder", target.display())),
        Ok(_) => {}
    }
    let mut entries = walkdir::WalkDir::new(target).min_depth(1).sort_by_file_name().into_iter();
    if !replace {
        return match entries.next() {
            None => Ok(()),
            Some(_) => {
                refuse(format!("`{}` is not empty: name another folder, or replace it with --force", target.display()))
            }
        };
    }
    let foreign = entries.find_map(|it| match it {
        Ok(it) => {
            let within = it.path().strip_prefix(target).unwrap_or(it.path());
            let (is_file, is_folder) = (it.file_type().is_file(), it.file_type().is_dir());
            let is_own = (is_file || is_folder) && (own.is_own)(within, is_folder);
            (!is_own).then(|| it.path().to_owned())
        }
        Err(_) => Some(target.to_owned()),
    });
    match foreign {
        None => Ok(()),
        Some(it) => {
            refuse(format!("`{}` would be lost: --force replaces folders that hold {} alone", it.display(), own.name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().expect("a folder");
        let target = place.path().join("data");
        fs::create_dir(&target).expect("a folder");
        fs::write(target.join("old.ron"), "old").expect("a file");
        (place, target)
    }

    #[test]
    fn what_cannot_be_put_back_is_kept_and_the_error_says_where() {
        let (_place, target) = full();
        let new = NewFolder::new(&target, true, OwnFiles::RON).expect("RON files give way");
        let mut count = 0;
        let error = new
            .publish_with(&mut |from, to| {
                count += 1;
                if count == 1 { fs::rename(from, to) } else { Err(io::Error::other(format!("failure {count}"))) }
            })
            .expect_err("the disk fails")
            .to_string();
        let kept = error.split('`').nth(1).expect("a place");
        assert_eq!(fs::read_to_string(Path::new(kept).join("old.ron")).expect("the old file"), "old");
        assert!(error.contains("failure 2") && error.contains("failure 3"), "{error}");
    }

    #[test]
    fn what_can_be_put_back_is() {
        let (place, target) = full();
        let new = NewFolder::new(&target, true, OwnFiles::RON).expect("RON files give way");
        let mut count = 0;
        let failed = new.publish_with(&mut |from, to| {
            count += 1;
            if count == 2 { Err(io::Error::other("a failure")) } else { fs::rename(from, to) }
        });
        assert!(failed.is_err() && target.join("old.ron").exists());
        assert_eq!(fs::read_dir(place.path()).expect("a folder").count(), 1, "nothing is left beside it");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_folder_has_the_permissions_of_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().expect("a folder");
        let plain = place.path().join("plain");
        fs::create_dir(&plain).expect("a folder");
        let target = place.path().join("data");
        NewFolder::new(&target, false, OwnFiles::RON).and_then(NewFolder::publish).expect("a folder");
        let mode = |it: &Path| fs::metadata(it).expect("a folder").permissions().mode();
        assert_eq!(mode(&target), mode(&plain));
    }
}
