//! What a data set was read from, so that it need not be read again while nothing has changed.
//!
//! A file is known by path, size, times of its content and of its entry, and where it lies on the disk. A file that was
//! changed no earlier than shortly before it was read may be changed once more and look the same (git calls it racy), so its
//! content decides. Times may be wrong in any way: a clock that was set back makes files look new, which is the safe side.

use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use borsh::{BorshDeserialize, BorshSerialize};
use sha2::{Digest, Sha256};

use super::files::walk;

/// Times of files are this coarse at worst, in seconds.
const COARSEST: i64 = 2;

/// Changes with the code by which facts are read.
const READER: &str = env!("PURVEY_READER");

/// What a data set was read from.
#[derive(Clone, Debug, PartialEq, Eq, BorshDeserialize, BorshSerialize)]
pub struct Manifest {
    reader: String,
    /// The paths that were named, in full.
    roots: Vec<Vec<u8>>,
    /// When reading began, in seconds.
    begun: i64,
    files: Vec<(Stamp, [u8; 32])>,
}

/// What tells a file from a changed one without reading it. Times are seconds and nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq, BorshDeserialize, BorshSerialize)]
struct Stamp {
    /// Below which of the paths that were named, and where there.
    path: (u32, Vec<u8>),
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
    place: (u64, u64),
}

impl Stamp {
    #[cfg(unix)]
    fn new(path: (u32, &Path), of: &Metadata) -> Stamp {
        use std::os::unix::fs::MetadataExt;
        Stamp {
            path: (path.0, path.1.as_os_str().as_encoded_bytes().to_vec()),
            size: of.len(),
            modified: (of.mtime(), of.mtime_nsec()),
            changed: (of.ctime(), of.ctime_nsec()),
            place: (of.dev(), of.ino()),
        }
    }

    /// Without a time of the entry, the content always decides.
    #[cfg(not(unix))]
    fn new(path: (u32, &Path), of: &Metadata) -> Stamp {
        let path = (path.0, path.1.as_os_str().as_encoded_bytes().to_vec());
        Stamp { path, size: of.len(), modified: (i64::MAX, 0), changed: (i64::MAX, 0), place: (0, 0) }
    }

    /// Whether a change after reading could have left it as it is. Times without fractions come from a coarse clock.
    fn is_racy(&self, begun: i64) -> bool {
        let late = |(seconds, _): (i64, i64)| seconds >= begun.saturating_sub(COARSEST);
        late(self.modified) || late(self.changed) || self.changed.1 == 0
    }
}

/// The files to read, each with its stamp; none if one of them cannot be looked at.
fn stamps(paths: &[PathBuf]) -> Option<Vec<(PathBuf, Stamp)>> {
    let entries = (0_u32..).zip(paths).flat_map(|(number, root)| walk(root).map(move |it| (number, root, it)));
    entries
        .map(|(number, root, entry)| {
            let entry = entry.ok()?;
            let below = entry.path().strip_prefix(root).ok()?;
            let stamp = Stamp::new((number, below), &entry.metadata().ok()?);
            Some((entry.into_path(), stamp))
        })
        .collect()
}

fn hash_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path)?);
    let mut hasher = Sha256::new();
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(hasher.finalize().into());
        }
        hasher.update(bytes);
        let read = bytes.len();
        reader.consume(read);
    }
}

fn roots(paths: &[PathBuf]) -> Option<Vec<Vec<u8>>> {
    let whole = |it: &PathBuf| Some(it.canonicalize().ok()?.as_os_str().as_encoded_bytes().to_vec());
    paths.iter().map(whole).collect()
}

impl Manifest {
    /// Whether reading the paths again would give the same. Reads the names and times of all files, and the content of
    /// those whose times could not show a change.
    ///
    /// # Example
    ///
    /// See [`load_with_manifest`](super::load_with_manifest).
    pub fn holds(&self, paths: &[PathBuf]) -> bool {
        let Some(now) = stamps(paths).filter(|_| self.reader == READER && roots(paths).as_ref() == Some(&self.roots))
        else {
            return false;
        };
        now.len() == self.files.len()
            && now.iter().zip(&self.files).all(|((path, now), (then, hash))| {
                now == then && (!then.is_racy(self.begun) || hash_of(path).is_ok_and(|it| it == *hash))
            })
    }

    /// Whether every file is old enough for its times to show any change. If not, [`holds`](Manifest::holds) reads files.
    pub fn is_settled(&self) -> bool {
        !self.files.iter().any(|(it, _)| it.is_racy(self.begun))
    }

    /// The same as if read now, if it still holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::load::{LoadOptions, load_with_manifest};
    ///
    /// let (_, manifest) = load_with_manifest(&["no such folder".into()], LoadOptions::default());
    /// assert!(manifest.is_none());
    /// ```
    pub fn renewed(&self, paths: &[PathBuf]) -> Option<Manifest> {
        let begun = now();
        self.holds(paths).then(|| Manifest { begun, ..self.clone() })
    }

    /// Whether all paths that were named are still there.
    pub fn has_roots(&self) -> bool {
        // A name that is not UTF-8 cannot be made again of its bytes everywhere, so it counts as there.
        self.roots.iter().all(|it| std::str::from_utf8(it).map_or(true, |it| Path::new(it).exists()))
    }

    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing into memory does not fail.
        borsh::to_vec(self).unwrap_or_default()
    }

    /// From [`to_bytes`](Manifest::to_bytes); none for any other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Manifest> {
        borsh::from_slice(bytes).ok()
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    // Before 1970 every file is late, so its content decides.
    since.ok().and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or(i64::MIN)
}

/// A manifest while files are read.
pub(super) struct Making {
    begun: i64,
    before: Option<Vec<(PathBuf, Stamp)>>,
    hashes: Vec<(PathBuf, [u8; 32])>,
}

impl Making {
    pub(super) fn begin(paths: &[PathBuf]) -> Making {
        Making { begun: now(), before: stamps(paths), hashes: Vec::new() }
    }

    pub(super) fn read(&mut self, path: &Path, bytes: &[u8]) {
        self.hashes.push((path.to_owned(), Sha256::digest(bytes).into()));
    }

    /// None if a file cannot be read or changed since the beginning.
    pub(super) fn end(self, paths: &[PathBuf]) -> Option<Manifest> {
        let before = self.before?;
        if stamps(paths)? != before || before.len() != self.hashes.len() {
            return None;
        }
        let files = before
            .into_iter()
            .zip(self.hashes)
            .map(|((path, stamp), (read, hash))| (path == read).then_some((stamp, hash)));
        let files = files.collect::<Option<Vec<_>>>()?;
        Some(Manifest { reader: READER.to_owned(), roots: roots(paths)?, begun: self.begun, files })
    }
}

/// A short name for byte strings, the same only for the same ones in the same order.
///
/// # Example
///
/// ```
/// use purvey::load::fingerprint;
///
/// assert_ne!(fingerprint([&b"ab"[..], b"c"]), fingerprint([&b"a"[..], b"bc"]));
/// assert_eq!(fingerprint([&b"ab"[..]]).len(), 32);
/// ```
pub fn fingerprint<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(16).map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{LoadOptions, load_with_manifest};

    /// A folder with one file, and its manifest.
    fn folder(text: &str) -> (tempfile::TempDir, Vec<PathBuf>, Manifest) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.ron"), text).unwrap();
        let paths = vec![folder.path().to_owned()];
        let (_, manifest) = load_with_manifest(&paths, LoadOptions::default());
        (folder, paths, manifest.unwrap())
    }

    const ONE: &str = "(entities: [Country(id: \"a\", name: \"A\")])";
    const OTHER: &str = "(entities: [Country(id: \"b\", name: \"B\")])";

    #[test]
    #[cfg(unix)]
    fn an_edit_that_no_time_shows_is_seen_by_its_content_unless_the_file_was_old() {
        let (folder, paths, manifest) = folder(ONE);
        assert!(manifest.holds(&paths) && !manifest.is_settled());
        std::fs::write(folder.path().join("x.ron"), OTHER).unwrap();
        assert!(!manifest.holds(&paths));
        // As if both edits fell into one tick of the clock of files: the same stamp, the first content's hash.
        let mut same_tick = manifest;
        let now = stamps(&paths).unwrap();
        same_tick.files.iter_mut().zip(now).for_each(|((stamp, _), (_, now))| *stamp = now);
        assert!(!same_tick.holds(&paths), "the content is another");
        // Had reading begun much later, the stamp alone would have been trusted: a file so old is not edited unseen.
        same_tick.begun += 3_600;
        assert_eq!(same_tick.holds(&paths), same_tick.is_settled());
    }

    #[test]
    fn files_are_racy_if_they_are_young_or_from_the_future_or_of_a_coarse_clock() {
        let stamp = |modified: i64, changed: (i64, i64)| Stamp {
            path: (0, Vec::new()),
            size: 1,
            modified: (modified, 5),
            changed,
            place: (1, 1),
        };
        for (modified, changed, racy) in [
            (90, (90, 5), false),
            (97, (97, 5), false),
            (98, (90, 5), true),
            (90, (98, 5), true),
            (100, (100, 5), true),
            (5_000, (90, 5), true),
            (90, (5_000, 5), true),
            (90, (90, 0), true),
            (-90, (-90, 5), false),
        ] {
            assert_eq!(stamp(modified, changed).is_racy(100), racy, "{modified} {changed:?}");
        }
        // Before the epoch nothing is trusted.
        assert!(stamp(-90, (-90, 5)).is_racy(i64::MIN));
    }

    #[test]
    fn other_paths_other_code_and_other_bytes_are_another_manifest() {
        let (folder, paths, manifest) = folder(ONE);
        assert_eq!(Manifest::from_bytes(&manifest.to_bytes()), Some(manifest.clone()));
        assert_eq!(Manifest::from_bytes(b"no manifest"), None);
        assert!(manifest.renewed(&paths).is_some() && manifest.has_roots());
        let other = Manifest { reader: "other".to_owned(), ..manifest.clone() };
        assert!(!other.holds(&paths));
        assert!(!manifest.holds(&[folder.path().join("x.ron")]));
        drop(folder);
        assert!(!manifest.holds(&paths) && !manifest.has_roots());
    }
}
