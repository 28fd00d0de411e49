//! Writing an answer: which format, where to, and what goes to standard error.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::{Format, Global};
use super::grid::Page;
use super::table;
use crate::draw::{self, DrawOptions};
use crate::edit::{RealDisk, replace_file};
use crate::exchange;
use crate::model::printable;
use crate::query::Answer;

/// Width of a page that is no terminal.
const PAGE_WIDTH: usize = 100;

/// Where an answer goes.
pub(crate) struct Output {
    format: Format,
    file: Option<PathBuf>,
}

impl Output {
    /// The format of `--format`, else of the file's extension, else a table.
    ///
    /// # Errors
    ///
    /// What to tell a user whose choice does not fit.
    pub(crate) fn new(global: &Global) -> Result<Self, String> {
        let Some(format) = global.format_or(Format::Table) else {
            let path = global.out.as_deref().unwrap_or(Path::new("")).display();
            return Err(format!(
                "`{path}` does not tell a format: use one of txt, json, jsonl, csv, md, dot, or --format"
            ));
        };
        if format.is_picture() {
            return Err("a picture is drawn by `draw`: `purvey draw who --to Russia --out russia.svg`".to_owned());
        }
        if format == Format::Ron {
            return Err("only `match` writes RON: use one of txt, json, jsonl, csv, md, dot".to_owned());
        }
        Ok(Output { format, file: global.out.clone() })
    }

    /// Writes the answer and tells how the run ends.
    pub(crate) fn write(&self, answer: &Answer, is_built_in: bool) -> Outcome {
        let written = match &self.file {
            Some(path) => write_file(path, |out| {
                let mut out = BufWriter::new(out);
                self.render(answer, is_built_in, &mut out).and_then(|()| out.flush())
            }),
            None => {
                let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
                self.render(answer, is_built_in, &mut out).and_then(|()| out.flush())
            }
        };
        if self.format != Format::Table || self.file.is_some() {
            tell(answer, is_built_in, self.format == Format::Dot);
        }
        match written {
            Ok(()) if answer.is_empty() => Outcome::Nothing,
            Ok(()) => Outcome::Answered,
            // `purvey … | head` is no mistake.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Answered,
            Err(error) => {
                let place = self.file.as_ref().map_or("standard output".to_owned(), |it| it.display().to_string());
                complain(&format!("{place} cannot be written: {error}"));
                Outcome::Unusable
            }
        }
    }

    fn render(&self, answer: &Answer, is_built_in: bool, out: &mut dyn Write) -> io::Result<()> {
        let context = if is_built_in { exchange::Context::built_in() } else { exchange::Context::default() };
        match self.format {
            Format::Table => table::write(answer, is_built_in, page(self.file.is_none()), out),
            Format::Json => exchange::write_json(answer, &context, out),
            Format::Jsonl => exchange::write_jsonl(answer, &context, out),
            Format::Csv => exchange::write_csv(answer, out),
            Format::Md => exchange::write_markdown(answer, &context, out),
            Format::Csl => exchange::write_csl(answer, out),
            Format::Bib => exchange::write_bibliography(answer, out),
            Format::Dot => draw::dot(answer, &DrawOptions::default(), out),
            // `new` refuses these.
            Format::Svg | Format::Png | Format::Pdf | Format::Html | Format::Mmd | Format::Ron => Ok(()),
        }
    }
}

/// What a table would say below, for the formats that have no place for it.
pub(crate) fn tell(answer: &Answer, is_built_in: bool, is_drawn: bool) {
    for line in answer.reading.iter().flat_map(table::reading_lines) {
        complain(&line);
    }
    for finding in &answer.findings {
        complain(&table::finding_line(finding));
    }
    for remark in &answer.remarks {
        complain(remark);
    }
    if is_drawn && answer.rows.is_empty() && answer.findings.is_empty() {
        complain("nothing in this answer can be drawn: it has no facts");
    } else if answer.is_empty() && answer.findings.is_empty() {
        complain("nothing found");
    }
    if is_built_in {
        complain(&format!("data: {}", table::BUILT_IN));
    }
}

/// Why a file could not be written, and what may help. `written`: bytes that were, before it failed.
pub(crate) fn unwritten(path: &Path, error: &io::Error, written: u64) -> String {
    let shown = path.display();
    let as_it_was = if path.exists() { format!("; {shown} is as it was") } else { String::new() };
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|it| error.kind() == io::ErrorKind::NotFound && !it.exists()) {
        return format!("{shown} cannot be written: there is no folder {}: make it first", folder.display());
    }
    if !matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return format!("{shown} cannot be written: {error}{as_it_was}");
    }
    let so_far = if written > 0 { format!(" after {} MB", written.div_ceil(1_000_000)) } else { String::new() };
    format!(
        "{shown} cannot be written: no space is left on the disk{so_far}{as_it_was}. While a snapshot is made, its folder needs room for \
         two of it, each about as large as what it is made of: make room there, or name a place on another disk with --out"
    )
}

/// Writes the whole file or nothing.
pub(crate) fn write_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    // As for any new file, what the user's mask leaves of it.
    replace_file(path, 0o666, &mut RealDisk, write)
}

/// The same for a file that only the user may read.
pub(crate) fn write_private_file<E: From<io::Error>>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<(), E> {
    replace_file(path, 0o600, &mut RealDisk, write)
}

/// The page that a table is laid out for: the terminal, if it goes there.
pub(crate) fn page(to_stdout: bool) -> Page {
    let to_terminal = to_stdout && io::stdout().is_terminal();
    Page { width: if to_terminal { terminal_width() } else { PAGE_WIDTH }, colour: to_terminal && wants_colour() }
}

fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(PAGE_WIDTH, |(width, _)| usize::from(width.0)).clamp(40, 160)
}

/// Whether standard output is a terminal that may be coloured.
pub(crate) fn wants_colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}

/// A line on standard error.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "purvey: {}", printable(text));
}

/// A text of several lines on standard error, as it stands.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_nothing_was_written_has_a_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let (there, new) = (folder.path().join("a.purvey"), folder.path().join("b.purvey"));
        std::fs::write(&there, "old").unwrap();
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let told = |path: &Path, error: &io::Error, written| {
            unwritten(path, error, written).replace(&folder.path().display().to_string(), "F")
        };
        assert_eq!(
            told(&there, &full, 1_500_000),
            "F/a.purvey cannot be written: no space is left on the disk after 2 MB; F/a.purvey is as it was. While a snapshot is \
             made, its folder needs room for two of it, each about as large as what it is made of: make room there, or name a \
             place on another disk with --out"
        );
        assert!(told(&new, &full, 0).starts_with("F/b.purvey cannot be written: no space is left on the disk. While"));
        let missing = folder.path().join("none/c.purvey");
        assert_eq!(
            told(&missing, &io::ErrorKind::NotFound.into(), 0),
            "F/none/c.purvey cannot be written: there is no folder F/none: make it first"
        );
    }
}
