//! Seeing that files of facts change, by looking at them again and again.
//!
//! Looking is chosen over being told by the operating system: it sees every change on every disk, also over a network and
//! in a container, whatever way an editor saves, and whether the files have come to rest has to be looked at in any case.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::files::walk;

/// The files of data folders and how each looks from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileStamps(Vec<(PathBuf, Option<Look>)>);

/// A file from outside. Of an entry that cannot be looked at there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Look {
    size: u64,
    modified: Option<SystemTime>,
    /// When its entry changed, and its number: a file that was renamed into its place is another one.
    entry: (i64, i64, u64),
}

impl Look {
    fn of(metadata: &Metadata) -> Look {
        #[cfg(unix)]
        let entry = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ctime(), metadata.ctime_nsec(), metadata.ino())
        };
        #[cfg(not(unix))]
        let entry = (0, 0, 0);
        Look { size: metadata.len(), modified: metadata.modified().ok(), entry }
    }
}

impl FileStamps {
    /// Looks at the files of facts of all paths, without reading them.
    ///
    /// ```
    /// use purvey::load::FileStamps;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let paths = [folder.path().to_owned()];
    /// let before = FileStamps::of(&paths);
    /// std::fs::write(folder.path().join("x.ron"), "()")?;
    /// let after = FileStamps::of(&paths);
    /// assert_eq!(after.changed_since(&before), [folder.path().join("x.ron")]);
    /// assert!(!after.lost_since(&before) && before.lost_since(&after));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn of(paths: &[PathBuf]) -> FileStamps {
        let entries = paths.iter().flat_map(|it| walk(it).map(move |entry| (it, entry)));
        let looks = entries.map(|(root, entry)| match entry {
            Ok(entry) => {
                let look = entry.metadata().ok().map(|it| Look::of(&it));
                (entry.into_path(), look)
            }
            Err(error) => (error.path().unwrap_or(root).to_owned(), None),
        });
        FileStamps(looks.collect())
    }

    /// Files that are not as they were: new, other, gone. In the order of their names.
    pub fn changed_since(&self, before: &FileStamps) -> Vec<PathBuf> {
        let differs = |these: &FileStamps, those: &FileStamps| -> Vec<PathBuf> {
            let known: std::collections::BTreeMap<&Path, &Option<Look>> =
                those.0.iter().map(|(path, look)| (path.as_path(), look)).collect();
            let other = these.0.iter().filter(|(path, look)| known.get(path.as_path()) != Some(&look));
            other.map(|(path, _)| path.clone()).collect()
        };
        let mut found = differs(self, before);
        found.extend(differs(before, self));
        found.sort();
        found.dedup();
        found
    }

    /// Whether a file is gone or empty that was not: many editors take the old one away before the new one is there.
    pub fn lost_since(&self, before: &FileStamps) -> bool {
        let full = |it: &FileStamps| -> std::collections::BTreeSet<PathBuf> {
            let full = it.0.iter().filter(|(_, look)| look.as_ref().is_some_and(|it| it.size > 0));
            full.map(|(path, _)| path.clone()).collect()
        };
        !full(before).is_subset(&full(self))
    }
}
