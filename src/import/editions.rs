//! The editions of which a folder of records was made, kept in it as they were published: so a later edition can be put on top of
//! them, with the same result as if all had been given at once.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::input::{GZIP, ImportOptions};

/// The folder of editions, and the list of them in it.
const FOLDER: &str = "editions";
const LIST: &str = "editions.json";

/// Files of a register or list, and what was said of them when they were imported.
///
/// # Example
///
/// ```
/// use purvey::import::{Editions, ImportOptions};
///
/// let place = tempfile::tempdir()?;
/// let register = place.path().join("register.csv");
/// std::fs::write(&register, "a register")?;
/// let editions = Editions::new("sipri", &[register], Some("2024"), &ImportOptions::default());
/// editions.write(place.path())?;
/// let kept = Editions::read(place.path(), "sipri")?;
/// assert_eq!(kept.files()[0].edition.as_deref(), Some("2024"));
/// assert_eq!(kept.changed(place.path())?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Editions {
    format: String,
    files: Vec<EditionFile>,
    /// Records that were made of them: paths below the folder, with size and checksum.
    written: BTreeMap<String, String>,
}

/// A file of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionFile {
    /// As the user named it; of one that is kept, without the path to its folder.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// The date that was given for it, in EDTF.
    pub edition: Option<String>,
}

/// Why a folder has no editions that one could go on from.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditionsError {
    /// There are none.
    #[error(
        "`{}` holds no editions: import all of them at once, with --out",
        folder.display()
    )]
    None {
        /// The folder.
        folder: PathBuf,
    },
    /// They are those of another format.
    #[error("`{}` holds editions of `{found}`, not of `{wanted}`", folder.display())]
    Other {
        /// The folder.
        folder: PathBuf,
        /// The format of its editions.
        found: String,
        /// The one that was asked for.
        wanted: String,
    },
    /// The list of them is damaged.
    #[error("`{}` is no list of editions: import all of them at once, with --out", file.display())]
    Damaged {
        /// The list.
        file: PathBuf,
    },
    /// It cannot be read.
    #[error("`{}` cannot be read: {error}", file.display())]
    Unreadable {
        /// The list.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// Whether a path below a folder of records is one of those that this module writes.
pub(super) fn is_own(path: &Path) -> bool {
    let name = path.strip_prefix(FOLDER).ok().and_then(Path::to_str);
    name.is_some_and(|it| {
        it == LIST || it.strip_suffix(".gz").is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()))
    })
}

impl Editions {
    /// Files that are imported now.
    pub fn new(format: &str, files: &[PathBuf], edition: Option<&str>, options: &ImportOptions) -> Editions {
        let file = |path: &PathBuf| EditionFile {
            name: path.display().to_string(),
            path: options.on_disk(path).to_owned(),
            edition: edition.map(str::to_owned),
        };
        Editions { format: format.to_owned(), files: files.iter().map(file).collect(), written: BTreeMap::new() }
    }

    /// Those of a folder.
    ///
    /// # Errors
    ///
    /// There are none, or those of another format.
    pub fn read(folder: &Path, format: &str) -> Result<Editions, EditionsError> {
        let file = folder.join(FOLDER).join(LIST);
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(EditionsError::None { folder: folder.to_owned() });
            }
            Err(error) => return Err(EditionsError::Unreadable { file, error }),
        };
        let Some(editions) = serde_json::from_slice(&text).ok().and_then(|it| of_json(&it, folder)) else {
            return Err(EditionsError::Damaged { file });
        };
        if editions.format != format {
            let (folder, wanted) = (folder.to_owned(), format.to_owned());
            return Err(EditionsError::Other { folder, found: editions.format, wanted });
        }
        Ok(editions)
    }

    /// Their files, in the order in which they were imported.
    pub fn files(&self) -> &[EditionFile] {
        &self.files
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: Editions) -> Editions {
        self.files.extend(others.files);
        self.written.clear();
        self
    }

    /// The first file of records that is not as it was written, or was not written with them.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn changed(&self, folder: &Path) -> io::Result<Option<PathBuf>> {
        let there = records(folder)?;
        let differs = |path: &&String| there.get(*path) != self.written.get(*path);
        Ok(there.keys().chain(self.written.keys()).find(differs).map(|it| folder.join(it)))
    }

    /// Puts the files into a folder of records, which is whole but for them.
    ///
    /// # Errors
    ///
    /// A file cannot be read or written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let own = folder.join(FOLDER);
        fs::create_dir_all(&own)?;
        let mut files = Vec::new();
        for (number, file) in (1_u32..).zip(&self.files) {
            let name = format!("{number:03}.gz");
            pack(&file.path, &own.join(&name))?;
            files.push(json!({ "file": name, "name": short(&file.name), "edition": file.edition }));
        }
        let list = json!({ "format": self.format, "files": files, "written": records(folder)? });
        let mut text = serde_json::to_string_pretty(&list)?;
        text.push('\n');
        fs::write(own.join(LIST), text)
    }
}

fn of_json(list: &Value, folder: &Path) -> Option<Editions> {
    let text = |it: &Value, name: &str| it.get(name).and_then(Value::as_str).map(str::to_owned);
    let file = |it: &Value| {
        let path = Path::new(FOLDER).join(text(it, "file")?);
        let edition = text(it, "edition");
        is_own(&path).then_some(EditionFile { name: text(it, "name")?, path: folder.join(path), edition })
    };
    let files = list.get("files")?.as_array()?.iter().map(file).collect::<Option<_>>()?;
    let written =
        list.get("written")?.as_object()?.iter().map(|(path, it)| Some((path.clone(), it.as_str()?.to_owned())));
    Some(Editions { format: text(list, "format")?, files, written: written.collect::<Option<_>>()? })
}

/// The name of a file and of its folder, which may tell its date; where on a disk that lay is nobody's business.
fn short(name: &str) -> String {
    let parts: Vec<&str> = name.split(['/', '\\']).collect();
    parts.get(parts.len().saturating_sub(2)..).unwrap_or_default().join("/")
}

/// Copies a file, packed by gzip if it is not.
fn pack(from: &Path, to: &Path) -> io::Result<()> {
    let mut input = BufReader::new(File::open(from)?);
    let mut head = [0_u8; 2];
    let is_packed = input.read_exact(&mut head).is_ok() && head == GZIP;
    let mut input = File::open(from)?;
    let mut out = File::create_new(to)?;
    if is_packed {
        io::copy(&mut input, &mut out)?;
        return Ok(());
    }
    let mut packed = flate2::write::GzEncoder::new(out, flate2::Compression::default());
    io::copy(&mut input, &mut packed)?;
    packed.finish()?.flush()
}

/// The files of records below a folder, with their sizes and checksums.
fn records(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        let path = entry.path();
        if !entry.file_type().is_file() || path.extension().is_none_or(|it| it != "ron") {
            continue;
        }
        let bytes = fs::read(path)?;
        let within = path.strip_prefix(folder).unwrap_or(path);
        let parts: Vec<_> = within.iter().map(|it| it.to_string_lossy()).collect();
        found.insert(parts.join("/"), format!("{}-{:08x}", bytes.len(), crc32fast::hash(&bytes)));
    }
    Ok(found)
}
