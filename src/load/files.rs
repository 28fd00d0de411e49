//! Finding and reading the files of data folders.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::findings::Findings;
use crate::diagnostic::{Code, FileId, SourceFile, SourceMap, Span};

/// A file larger than this is refused: places in a file are kept as 32-bit numbers.
pub(crate) const LARGEST: u64 = u32::MAX as u64 - 1;

const TOO_LARGE: &str = "this file is larger than 4 GiB: split it";

/// The byte order mark.
pub(crate) const MARK: char = '\u{feff}';

/// The built-in example, compiled in from `graph-data/`: name and text of each file, in the order of the names.
pub(crate) mod built_in {
    include!(concat!(env!("OUT_DIR"), "/built_in.rs"));
}

/// The built-in vocabulary: name and text of each file. They are read before all others.
pub(crate) const VOCABULARY: [(&str, &str); 2] = [
    ("built-in vocabulary", include_str!("vocabulary.ron")),
    ("built-in words of questions", include_str!("questions.ron")),
];

/// Where facts come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sources {
    /// The example that is compiled into the program.
    BuiltIn,
    /// Folders (all `.ron` files below them) and files, joined.
    Paths(Vec<PathBuf>),
    /// Files that were read already, by name.
    Texts(Vec<(String, Vec<u8>)>),
}

/// Sees the bytes of every file as they are read.
pub(crate) type Watch<'w> = dyn FnMut(&Path, &[u8]) + 'w;

/// Reads every file, in an order that depends on names only. What cannot be read is a finding.
pub(crate) fn read(sources: &Sources, findings: &mut Findings, watch: &mut Watch<'_>) -> SourceMap {
    let mut map = SourceMap::default();
    for (name, text) in VOCABULARY {
        map.push(SourceFile::new(name.to_owned(), text.to_owned()));
    }
    match sources {
        Sources::BuiltIn => {
            for (name, text) in built_in::FILES {
                map.push(SourceFile::new(format!("built-in/{name}"), (*text).to_owned()));
            }
        }
        Sources::Paths(paths) => {
            for path in paths {
                visit(path, &mut map, findings, &mut |path, map, findings| read_file(path, map, findings, watch));
            }
        }
        Sources::Texts(texts) => {
            for (name, bytes) in texts {
                if bytes.len() as u64 > LARGEST {
                    unreadable(Path::new(name), TOO_LARGE.to_owned(), &mut map, findings);
                } else {
                    add_text(name.clone(), bytes.clone(), &mut map, findings);
                }
            }
        }
    }
    map
}

/// Texts that are at hand, behind the built-in vocabulary.
pub(crate) fn of_texts(files: impl IntoIterator<Item = (String, Vec<u8>)>, findings: &mut Findings) -> SourceMap {
    let mut map = SourceMap::default();
    for (name, text) in VOCABULARY {
        map.push(SourceFile::new(name.to_owned(), text.to_owned()));
    }
    for (name, bytes) in files {
        add_text(name, bytes, &mut map, findings);
    }
    map
}

/// The files to read at a path, in an order that depends on names only.
pub(crate) fn walk(path: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    // Symbolic links are followed; `walkdir` reports one that leads back to a folder above it.
    let entries = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    entries.filter(|entry| {
        entry.as_ref().map_or(true, |entry| {
            let named = entry.depth() == 0 || entry.path().extension().is_some_and(|it| it == "ron");
            let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
            entry.file_type().is_file() && named && !hidden
        })
    })
}

/// Takes each file at a path, which puts one into the map. What is no file, or none at all, is a finding.
pub(crate) fn visit(
    path: &Path,
    map: &mut SourceMap,
    findings: &mut Findings,
    take: &mut dyn FnMut(&Path, &mut SourceMap, &mut Findings),
) {
    let before = map.len();
    for entry in walk(path) {
        match entry {
            Ok(entry) => take(entry.path(), map, findings),
            Err(error) => {
                let at = error.path().unwrap_or(path).to_owned();
                let message = match (error.loop_ancestor(), error.io_error()) {
                    (Some(above), _) => format!("a symbolic link leads back to `{}`", above.display()),
                    (None, Some(io)) => format!("this cannot be read: {}", lower_first(&io.to_string())),
                    (None, None) => "this cannot be read".to_owned(),
                };
                unreadable(&at, message, map, findings);
            }
        }
    }
    if map.len() == before {
        unreadable(path, "no `.ron` file is in this folder".to_owned(), map, findings);
    }
}

/// Reads one file into the map.
pub(crate) fn read_file(path: &Path, map: &mut SourceMap, findings: &mut Findings, watch: &mut Watch<'_>) {
    let (file, problem) = of_path(path, watch);
    add(map.push(file), problem, findings);
}

/// What is wrong with a file as a whole.
pub(crate) struct Problem {
    at: usize,
    code: Code,
    message: String,
    help: Option<String>,
}

/// Reports what is wrong with a file, if anything is.
pub(crate) fn add(file: FileId, problem: Option<Problem>, findings: &mut Findings) {
    if let Some(Problem { at, code, message, help }) = problem {
        findings.report(span(file, at), code, message, help);
    }
}

/// Reads one file, which is there also if it cannot be read.
pub(crate) fn of_path(path: &Path, watch: &mut Watch<'_>) -> (SourceFile, Option<Problem>) {
    let bytes = match fs::metadata(path).map(|it| it.len()) {
        Ok(length) if length > LARGEST => Err(TOO_LARGE.to_owned()),
        _ => fs::read(path).map_err(|error| format!("this cannot be read: {}", lower_first(&error.to_string()))),
    };
    match bytes {
        Ok(bytes) => {
            watch(path, &bytes);
            of_bytes(path.display().to_string(), bytes)
        }
        Err(message) => {
            let problem = Problem { at: 0, code: Code::Unreadable, message, help: None };
            (SourceFile::unreadable(path.display().to_string()), Some(problem))
        }
    }
}

fn add_text(name: String, bytes: Vec<u8>, map: &mut SourceMap, findings: &mut Findings) {
    let (file, problem) = of_bytes(name, bytes);
    add(map.push(file), problem, findings);
}

/// Takes a file's bytes as text. What is not UTF-8 is a problem; the rest is read all the same.
fn of_bytes(name: String, bytes: Vec<u8>) -> (SourceFile, Option<Problem>) {
    let (mut text, mut bad) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(at))
        }
    };
    // An editor's byte order mark says nothing about UTF-8.
    if text.starts_with(MARK) {
        text.drain(..MARK.len_utf8());
        bad = bad.map(|at| at.saturating_sub(MARK.len_utf8()));
    }
    // A byte that is no UTF-8 is replaced by a character of three.
    if text.len() as u64 > LARGEST {
        text = String::new();
        bad = Some(0);
    }
    let problem = bad.map(|at| Problem {
        at,
        code: Code::NotUtf8,
        message: "this is not UTF-8".to_owned(),
        help: Some("save the file as UTF-8".to_owned()),
    });
    (SourceFile::new(name, text), problem)
}

fn unreadable(path: &Path, message: String, map: &mut SourceMap, findings: &mut Findings) {
    let file = map.push(SourceFile::unreadable(path.display().to_string()));
    findings.report(span(file, 0), Code::Unreadable, message, None);
}

/// An article of more bytes is none.
const LONGEST_ARTICLE: u64 = 16 << 20;

/// The text of an article. Only its name goes into `map`: no finding shows a line of it. What is not UTF-8 is not read at
/// all, since no hash would fit.
pub(crate) fn read_article(path: &Path, map: &mut SourceMap, findings: &mut Findings) -> (FileId, Option<String>) {
    let file = map.push(SourceFile::unreadable(path.display().to_string()));
    let mut refuse = |code, message: String, help: Option<&str>| {
        findings.report(span(file, 0), code, message, help.map(str::to_owned));
        (file, None)
    };
    // One byte more than allowed is read, so that a pipe without end is refused too.
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|it| it.take(LONGEST_ARTICLE + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return refuse(Code::Unreadable, format!("this cannot be read: {}", lower_first(&error.to_string())), None);
    }
    if bytes.len() as u64 > LONGEST_ARTICLE {
        return refuse(Code::Unreadable, "this is larger than 16 MiB, which no article is".to_owned(), None);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let text = text.strip_prefix(MARK).unwrap_or(&text);
            if text.trim().is_empty() {
                return refuse(Code::Unreadable, "this article is empty".to_owned(), None);
            }
            (file, Some(text.to_owned()))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("this article is not UTF-8, from byte {at} on");
            refuse(Code::NotUtf8, message, Some("save the file as UTF-8"))
        }
    }
}

fn span(file: FileId, at: usize) -> Span {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: at, end: at }
}

/// Messages of the operating system begin with a capital; ours do not.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}
