//! Reading a folder of facts as it stood in a revision of git, without checking it out.
//!
//! The program `git` is asked, by fixed arguments and without a shell. It knows every way to name a revision and every
//! form of a repository, also those to come; a library that does would be larger than all the rest. Only object
//! names and contents are read (`rev-parse`, `cat-file`, `ls-tree`), which run no hook, no filter and no pager.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Sources;

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevisionError {
    /// The program is not there.
    #[error("git cannot be run: {0}")]
    NoGit(#[source] std::io::Error),
    /// It begins with a hyphen or has no name before the colon.
    #[error("`{0}` is no name of a revision")]
    BadName(String),
    /// Git knows no such revision, or the folder is not in it.
    #[error("git knows no `{name}` in {}", place.display())]
    Unknown {
        /// As it was given, with the path within it.
        name: String,
        /// Where git was asked.
        place: PathBuf,
    },
    /// A file that is not plain text there.
    #[error("`{file}` is {what}, which is not read out of a revision: compare with a checked-out folder")]
    NotPlain {
        /// Its path.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// Git gave something else than what was asked for.
    #[error("git failed: {0}")]
    Failed(String),
}

/// The files of facts in a revision, to be loaded.
///
/// `name` is whatever git takes for a revision ("HEAD~1", "main"), or such a name with a path from the top of the
/// repository ("main:graph-data"). Without a path, it is `folder` as it stood then.
///
/// # Errors
///
/// [`RevisionError`].
///
/// ```
/// use purvey::load::{RevisionError, read_revision};
///
/// let refused = read_revision("--output=x", ".".as_ref());
/// assert!(matches!(refused, Err(RevisionError::BadName(_))));
/// ```
pub fn read_revision(name: &str, folder: &Path) -> Result<Sources, RevisionError> {
    if name.starts_with('-') || name.starts_with(':') || name.is_empty() || name.contains(['\0', '\n']) {
        return Err(RevisionError::BadName(name.to_owned()));
    }
    // Where the folder is gone, its name is looked for in the one above it.
    let (place, inner) = if folder.is_dir() {
        (folder, String::new())
    } else {
        let above = folder.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        (above, folder.file_name().map_or(String::new(), |it| it.to_string_lossy().into_owned()))
    };
    let git = Git { place };
    let unknown = |name: String| RevisionError::Unknown { name, place: place.to_owned() };
    let (mut object, mut sort) = git.object(name)?.ok_or_else(|| unknown(name.to_owned()))?;
    let mut shown = name.to_owned();
    if matches!(sort.as_str(), "commit" | "tag") {
        let within = format!("{object}:./{inner}");
        shown = format!("{name}:./{inner}");
        (object, sort) = git.object(&within)?.ok_or_else(|| unknown(shown.clone()))?;
    }
    let files = match sort.as_str() {
        "tree" => git.files(&object)?,
        _ => vec![(shown.clone(), object)],
    };
    let mut texts = git.contents(&files)?;
    if sort == "tree" {
        for (file, _) in &mut texts {
            let slash = if shown.ends_with([':', '/']) { "" } else { "/" };
            *file = format!("{shown}{slash}{file}");
        }
    }
    Ok(Sources::Texts(texts))
}

struct Git<'p> {
    place: &'p Path,
}

impl Git<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager").arg("-C").arg(self.place).args(arguments);
        // Nothing is written, fetched or asked for.
        for (name, value) in [("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1"), ("GIT_TERMINAL_PROMPT", "0")] {
            command.env(name, value);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Option<Vec<u8>>, RevisionError> {
        let output = self.command(arguments).output().map_err(RevisionError::NoGit)?;
        let told = String::from_utf8_lossy(&output.stderr);
        match output.status.success() {
            true => Ok(Some(output.stdout)),
            // With `--quiet` it says nothing about a name that it does not know.
            false if told.trim().is_empty() => Ok(None),
            false => Err(RevisionError::Failed(told.lines().next().unwrap_or_default().to_owned())),
        }
    }

    /// An object and its type.
    fn object(&self, name: &str) -> Result<Option<(String, String)>, RevisionError> {
        let Some(out) = self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", name])? else {
            return Ok(None);
        };
        let object = String::from_utf8_lossy(&out).trim().to_owned();
        if object.is_empty() || !object.bytes().all(|it| it.is_ascii_hexdigit()) {
            return Err(RevisionError::Failed(format!("`{name}` is no single revision")));
        }
        let Some(out) = self.run(&["cat-file", "-t", &object])? else { return Ok(None) };
        Ok(Some((object, String::from_utf8_lossy(&out).trim().to_owned())))
    }

    /// The files of facts below a tree with their objects, in the order in which a folder is read.
    fn files(&self, tree: &str) -> Result<Vec<(String, String)>, RevisionError> {
        let failed = || RevisionError::Failed("its list of files cannot be read".to_owned());
        let out = self.run(&["ls-tree", "-r", "-z", "--full-tree", tree])?.ok_or_else(failed)?;
        let mut files = Vec::new();
        for entry in out.split(|it| *it == 0).filter(|it| !it.is_empty()) {
            let entry = std::str::from_utf8(entry).map_err(|_| failed())?;
            let (head, file) = entry.split_once('\t').ok_or_else(failed)?;
            let [mode, _, object] = head.split(' ').collect::<Vec<_>>()[..] else { return Err(failed()) };
            let own = file.rsplit('/').next().unwrap_or(file);
            if own.starts_with('.') || Path::new(own).extension().is_none_or(|it| it != "ron") {
                continue;
            }
            let what = match mode {
                "120000" => "a symbolic link",
                "160000" => "another repository",
                _ => {
                    files.push((file.to_owned(), object.to_owned()));
                    continue;
                }
            };
            return Err(RevisionError::NotPlain { file: file.to_owned(), what });
        }
        // Folder by folder, as a walk over folders goes.
        files.sort_by(|a, b| a.0.split('/').cmp(b.0.split('/')));
        Ok(files)
    }

    /// The contents of all, by one process.
    fn contents(&self, files: &[(String, String)]) -> Result<Vec<(String, Vec<u8>)>, RevisionError> {
        let failed = |error: std::io::Error| RevisionError::Failed(error.to_string());
        let mut command = self.command(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(RevisionError::NoGit)?;
        let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(RevisionError::Failed("it has no input and output".to_owned()));
        };
        let mut output = BufReader::new(output);
        let mut read = || {
            let mut texts = Vec::new();
            for (file, object) in files {
                // One at a time: asked for all at once, it could wait for us to read while we wait for it.
                writeln!(input, "{object}")?;
                input.flush()?;
                let mut head = String::new();
                output.read_line(&mut head)?;
                let size: Option<u64> = match head.trim().split(' ').collect::<Vec<_>>()[..] {
                    [_, "blob", size] => size.parse().ok(),
                    _ => None,
                };
                let size = size.ok_or_else(|| std::io::Error::other(format!("`{file}` is not there")))?;
                let mut bytes = Vec::new();
                (&mut output).take(size).read_to_end(&mut bytes)?;
                if bytes.len() as u64 != size {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
                let mut end = [0_u8; 1];
                output.read_exact(&mut end)?;
                texts.push((file.clone(), bytes));
            }
            Ok(texts)
        };
        let texts = read();
        drop(input);
        let _ = child.wait();
        texts.map_err(failed)
    }
}
