//! What the commands that write have in common: reading the folder, showing the diff, asking, and writing it whole.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;

use super::Outcome;
use super::args::Global;
use super::data::{is_snapshot, sources};
use super::output::complain;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::edit::{Change, Folder, LOCK, Lock, RealDisk, WriteError, write_all};
use crate::load::{LoadOptions, Loaded, Sources};
use crate::model::printable;

/// How far to go.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct WriteArgs {
    /// Show what would be written, and write nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    /// Write without asking; without a terminal nothing is written otherwise
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
}

/// The folders that a command may write to.
pub(crate) fn paths(global: &Global) -> Result<Vec<PathBuf>, String> {
    match sources(global) {
        Sources::BuiltIn => Err("the built-in example cannot be changed: name a folder with --data, or begin one \
                                 with `purvey init DIR`"
            .to_owned()),
        Sources::Paths(paths) => match paths.iter().find(|it| is_snapshot(it)) {
            Some(path) => {
                Err(format!("{}: a snapshot cannot be changed: name the folder that it was built of", path.display()))
            }
            None => match paths.iter().find(|it| !it.exists()) {
                Some(missing) => Err(format!("{}: there is no such file or folder", missing.display())),
                None => Ok(paths),
            },
        },
        Sources::Texts(_) => Err("files of another revision cannot be changed: name a folder with --data".to_owned()),
    }
}

/// The folder of a command, read once and checked.
pub(crate) struct Session {
    pub(crate) folder: Folder,
    pub(crate) loaded: Loaded,
    /// A warning that goes without saying.
    pub(crate) expected: Option<Code>,
    paths: Vec<PathBuf>,
    options: LoadOptions,
}

impl Session {
    /// Reads and checks. Data with errors are not written to: what a record would do to them cannot be told.
    pub(crate) fn open(global: &Global) -> Result<Session, String> {
        let paths = paths(global)?;
        let folder = read_folder(&paths)?;
        // Drafts are records too, and refer to others.
        let options = LoadOptions { drafts: true };
        let loaded = folder.load(options);
        if loaded.dataset.is_none() {
            let told = first_error(&loaded);
            return Err(format!(
                "the data have errors, so nothing is written: {told}; `purvey check` tells all of them"
            ));
        }
        Ok(Session { folder, loaded, expected: None, paths, options })
    }

    /// A folder that was read already, and may have errors.
    pub(crate) fn of(folder: Folder, paths: Vec<PathBuf>) -> Session {
        let options = LoadOptions { drafts: true };
        let loaded = folder.load(options);
        Session { folder, loaded, expected: None, paths, options }
    }

    /// Checks what the files are to be, and gives the findings that are new.
    pub(crate) fn check(&self, folder: &Folder) -> Result<Vec<Diagnostic>, String> {
        let then = folder.load(self.options);
        if then.dataset.is_none() {
            return Err(format!("that cannot be written, and nothing was: {}", first_error(&then)));
        }
        let is_new = |it: &Diagnostic| !self.loaded.findings.iter().any(|old| old.message == it.message);
        Ok(then.findings.into_iter().filter(is_new).collect())
    }

    /// Checks the changes, shows them, asks, and writes them. `shown` is said first.
    pub(crate) fn finish(&self, folder: &Folder, shown: &str, args: WriteArgs) -> Result<Outcome, String> {
        let warnings = self.check(folder)?;
        let changes = folder.changes();
        let mut text = shown.to_owned();
        text.push_str(&diff(&changes));
        for it in warnings.iter().filter(|it| Some(it.code) != self.expected) {
            let (severity, code) = (it.code.severity().as_str(), it.code.as_str());
            text.push_str(&format!("{severity} [{code}]: {}\n", printable(&it.message)));
        }
        print(&text)?;
        if changes.is_empty() {
            complain("nothing changes");
            return Ok(Outcome::Answered);
        }
        match consent(args)? {
            Consent::Yes => {}
            Consent::DryRun => return Ok(Outcome::Answered),
            Consent::No => {
                complain("nothing was written");
                return Ok(Outcome::Nothing);
            }
            Consent::Nobody => {
                complain("nothing was written: add --yes, since nobody can be asked here");
                return Ok(Outcome::Nothing);
            }
        }
        self.write(folder, &changes)?;
        let files: Vec<String> = changes.iter().map(|it| it.path.display().to_string()).collect();
        print(&format!("written: {}\n", files.join(", ")))?;
        Ok(Outcome::Answered)
    }

    /// Writes the changes under a lock. If other files were changed meanwhile, all is checked again with them.
    pub(crate) fn write(&self, folder: &Folder, changes: &[Change]) -> Result<(), String> {
        let told = |error: WriteError| error.to_string();
        let mut locks = Vec::new();
        for path in folder.lock_folders() {
            locks.push(take_lock(&path)?);
        }
        let mut now = Folder::read(&self.paths)?;
        let is_same = now.texts().eq(self.folder.texts());
        if !is_same {
            for change in changes {
                let untouched = change.before.as_deref() == std::fs::read(&change.path).ok().as_deref();
                if !untouched {
                    return Err(WriteError::Changed(change.path.clone()).to_string());
                }
                match folder.text(&change.path) {
                    Some(text) => now.set(&change.path, text.to_owned()),
                    None => now.remove(&change.path),
                }
            }
            let then = now.load(self.options);
            if then.dataset.is_none() && self.loaded.dataset.is_some() {
                return Err(format!(
                    "other files were changed meanwhile, and with them that cannot be written: {}",
                    first_error(&then)
                ));
            }
        }
        let lock = locks.first_mut().ok_or("there is no folder to write to")?;
        for change in changes {
            if let Some(parent) = change.path.parent().filter(|it| !it.as_os_str().is_empty() && !it.exists()) {
                std::fs::create_dir_all(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
            }
        }
        write_all(changes, lock, &mut RealDisk).map_err(told)
    }
}

/// Reads the files of a folder, after what a writer that died left half done was settled.
pub(crate) fn read_folder(paths: &[PathBuf]) -> Result<Folder, String> {
    let folder = Folder::read(paths)?;
    let left: Vec<PathBuf> = folder.lock_folders().into_iter().filter(|it| it.join(LOCK).exists()).collect();
    if left.is_empty() {
        return Ok(folder);
    }
    for it in &left {
        take_lock(it)?;
    }
    Folder::read(paths)
}

/// Takes the lock of a folder, and tells what an earlier writer left.
fn take_lock(folder: &Path) -> Result<Lock, String> {
    let lock = Lock::take(folder, &mut RealDisk).map_err(|error| error.to_string())?;
    for file in &lock.recovered {
        complain(&format!("{}: an earlier write had stopped in the middle, and is taken back", file.display()));
    }
    for (file, kept) in &lock.left {
        complain(&format!(
            "{}: an earlier write had stopped in the middle, and files were changed since: nothing is taken back; its bytes from before are in {}",
            file.display(),
            kept.display()
        ));
    }
    Ok(lock)
}

/// The first error of data, with its place and help.
pub(crate) fn first_error(loaded: &Loaded) -> String {
    let error = loaded.findings.iter().find(|it| it.code.severity() == Severity::Error);
    error.map_or(String::new(), |it| {
        let place = loaded.sources.file(it.span.file).map_or(String::new(), |file| {
            let (line, column) = file.line_column(it.span.start);
            format!("{}:{line}:{column}: ", file.name())
        });
        let help = it.help.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        format!("{place}[{}] {}{help}", it.code.as_str(), it.message)
    })
}

/// Whether to write.
pub(crate) enum Consent {
    Yes,
    No,
    DryRun,
    /// Nobody is there to ask.
    Nobody,
}

/// Whether somebody can be asked.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

fn consent(args: WriteArgs) -> Result<Consent, String> {
    if args.dry_run {
        return Ok(Consent::DryRun);
    }
    if args.yes {
        return Ok(Consent::Yes);
    }
    if !is_interactive() {
        return Ok(Consent::Nobody);
    }
    let mut editor = rustyline::DefaultEditor::new().map_err(|error| error.to_string())?;
    let answer = editor.readline("write this? [y/N] ").unwrap_or_default();
    Ok(if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") { Consent::Yes } else { Consent::No })
}

/// The changes as a unified diff, control characters made visible.
pub(crate) fn diff(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        let text = |it: &Option<Vec<u8>>| it.as_deref().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        let (before, after) = (text(&change.before), text(&change.after));
        let path = change.path.display().to_string();
        let name = |it: &Option<Vec<u8>>| if it.is_some() { path.clone() } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(&before, &after);
        let unified =
            diff.unified_diff().context_radius(2).header(&name(&change.before), &name(&change.after)).to_string();
        for line in unified.lines() {
            out.push_str(&printable(line.trim_end_matches('\r')));
            out.push('\n');
        }
    }
    out
}

/// Writes to standard output; whoever reads no more is no mistake.
pub(crate) fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(()),
    }
}

/// The outcome, or the complaint.
pub(crate) fn done(result: Result<Outcome, String>) -> Outcome {
    result.unwrap_or_else(|message| {
        complain(&message);
        Outcome::Unusable
    })
}
