//! The files of the data as texts that change in memory first.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::layout::laid_out;
use super::store::Change;
use super::tree::{Tree, tree};
use crate::load::{LoadOptions, Loaded, files, load_texts};

/// The byte order mark.
const MARK: char = '\u{feff}';

/// The files of data folders, as they are on the disk and as they are to be.
///
/// ```
/// use purvey::edit::Folder;
///
/// let text = "(entities: [Country(id: \"russia\", name: \"Russia\")])".to_owned();
/// let folder = Folder::of_texts([("x.ron".into(), text)]);
/// assert!(folder.load(Default::default()).dataset.is_some());
/// assert!(folder.changes().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Folder {
    roots: Vec<PathBuf>,
    files: Vec<DataFile>,
}

#[derive(Clone, Debug)]
struct DataFile {
    path: PathBuf,
    /// As on the disk; `None` for a new file.
    before: Option<Vec<u8>>,
    /// Without byte order mark; `None` of a file that is no UTF-8, or is to go.
    text: Option<String>,
    /// Whether it begins with a byte order mark.
    marked: bool,
}

impl DataFile {
    fn new(path: PathBuf, bytes: Vec<u8>) -> DataFile {
        let text = std::str::from_utf8(&bytes).ok();
        let marked = text.is_some_and(|it| it.starts_with(MARK));
        let text = text.map(|it| it.strip_prefix(MARK).unwrap_or(it).to_owned());
        DataFile { path, before: Some(bytes), text, marked }
    }

    fn after(&self) -> Option<Vec<u8>> {
        let text = self.text.as_ref()?;
        let mut bytes = Vec::with_capacity(text.len() + 3);
        if self.marked {
            bytes.extend(MARK.to_string().into_bytes());
        }
        bytes.extend(text.as_bytes());
        Some(bytes)
    }

    /// Whether it was no text from the first.
    fn is_foreign(&self) -> bool {
        self.before.as_ref().is_some_and(|it| std::str::from_utf8(it).is_err())
    }
}

impl Folder {
    /// Reads what is at these paths: folders, with all data files below them, and files.
    ///
    /// # Errors
    ///
    /// What cannot be read, with the system's reason.
    pub fn read(paths: &[PathBuf]) -> Result<Folder, String> {
        let mut folder = Folder { roots: paths.to_vec(), files: Vec::new() };
        for path in paths {
            for entry in files::walk(path) {
                let entry = entry.map_err(|error| error.to_string())?;
                let bytes = fs::read(entry.path()).map_err(|error| format!("{}: {error}", entry.path().display()))?;
                folder.files.push(DataFile::new(entry.path().to_owned(), bytes));
            }
        }
        Ok(folder)
    }

    /// Files that are on no disk, for trying things out.
    pub fn of_texts(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Folder {
        let files = texts.into_iter().map(|(path, text)| DataFile::new(path, text.into_bytes())).collect();
        Folder { roots: vec![PathBuf::new()], files }
    }

    /// The folder in which new files are made: the first that was named.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.roots.iter().find(|it| it.as_os_str().is_empty() || it.is_dir()).map(PathBuf::as_path)
    }

    /// The folders that hold the files, for a lock in each.
    pub fn lock_folders(&self) -> Vec<PathBuf> {
        let folder = |it: &PathBuf| match it.is_dir() {
            true => it.clone(),
            false => it.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned(),
        };
        let mut all: Vec<PathBuf> = self.roots.iter().map(folder).collect();
        all.sort();
        all.dedup();
        all
    }

    /// A file that would be read with these, there already or not: as it is named, else below the first folder.
    pub(super) fn file_inside(&self, path: &Path) -> Option<PathBuf> {
        if path.extension().is_none_or(|it| it != "ron") || path.components().any(|it| it == Component::ParentDir) {
            return None;
        }
        let is_inside = |root: &PathBuf| root == path || (root.is_dir() && path.starts_with(root) && path != *root);
        if self.roots.iter().any(is_inside) {
            return Some(path.to_owned());
        }
        let root = self.roots.iter().find(|it| it.is_dir()).filter(|_| path.is_relative())?;
        Some(root.join(path))
    }

    /// All texts with their files, in the order in which they are read; the text is without byte order mark.
    pub fn texts(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().filter_map(|it| Some((it.path.as_path(), it.text.as_deref()?)))
    }

    /// The text of a file.
    pub fn text(&self, path: &Path) -> Option<&str> {
        self.texts().find(|(it, _)| *it == path).map(|(_, text)| text)
    }

    /// The files that are no text.
    pub fn foreign(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter(|it| it.is_foreign()).map(|it| it.path.as_path())
    }

    /// Gives a file another text, or makes it.
    pub fn set(&mut self, path: &Path, text: String) {
        match self.files.iter_mut().find(|it| it.path == path) {
            Some(file) => file.text = Some(text),
            None => {
                self.files.push(DataFile { path: path.to_owned(), before: None, text: Some(text), marked: false });
            }
        }
    }

    /// Gives a file another text in the one layout, if it had the one layout before; else only the text.
    pub(crate) fn set_in_layout(&mut self, path: &Path, text: String) {
        let was = self.text(path).is_some_and(|it| laid_out(it).is_ok_and(|laid| laid == it));
        let text = match was.then(|| laid_out(&text)) {
            Some(Ok(laid)) => laid,
            _ => text,
        };
        self.set(path, text);
    }

    /// Takes the byte order mark of a file away.
    pub(crate) fn unmark(&mut self, path: &Path) {
        self.files.iter_mut().filter(|it| it.path == path).for_each(|it| it.marked = false);
    }

    /// Whether a file begins with a byte order mark.
    pub(crate) fn is_marked(&self, path: &Path) -> bool {
        self.files.iter().any(|it| it.path == path && it.marked)
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &Path) {
        self.files.retain(|it| it.path != path || it.before.is_some());
        self.files.iter_mut().filter(|it| it.path == path).for_each(|it| it.text = None);
    }

    /// What differs from the disk, in the order of the files.
    pub fn changes(&self) -> Vec<Change> {
        let changed = self.files.iter().filter(|it| !it.is_foreign() && it.before != it.after());
        changed.map(|it| Change { path: it.path.clone(), before: it.before.clone(), after: it.after() }).collect()
    }

    /// Checks what the files are to be.
    pub fn load(&self, options: LoadOptions) -> Loaded {
        let files = self.files.iter().filter_map(|it| {
            let bytes = if it.is_foreign() { it.before.clone() } else { it.after() };
            Some((it.path.display().to_string(), bytes?))
        });
        load_texts(files, options)
    }

    /// What would now be on the disk is what is: changes were written.
    pub fn settle(&mut self) {
        for file in &mut self.files {
            if !file.is_foreign() {
                file.before = file.after();
            }
        }
        self.files.retain(|it| it.before.is_some());
    }

    /// The trees of all files that have one.
    pub(crate) fn trees(&self) -> impl Iterator<Item = (&Path, &str, Tree)> {
        self.texts().filter_map(|(path, text)| Some((path, text, tree(text).ok()??)))
    }
}
