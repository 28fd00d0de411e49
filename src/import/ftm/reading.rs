//! Lines to records, several files' worth at once: what a line says needs no other line, so batches of lines are read side by side.

use std::io;
use std::path::PathBuf;

use std::borrow::Cow;

use super::is_fact;
use super::json::{Json, problem};
use super::record::{Found, Origin, Record};
use super::spool::frame;
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::input::{ImportOptions, LimitError, open, read_line};
use crate::load::thread_count;
use crate::model::ftm::SchemaIx;

/// So many bytes of lines are read at once, and more if one line has more.
const BATCH: usize = 1 << 20;
/// Lines of a file that stand behind each other.
pub(super) struct LineBatch {
    file: u32,
    bytes: Vec<u8>,
    /// The number of each line, and where it ends among the bytes.
    lines: Vec<(u64, usize)>,
    /// What is wrong with the file behind them: the line, if it is one.
    problem: Option<(Option<u64>, io::Error)>,
}

/// What one must know of every record before anything is made of one.
pub(super) struct Head<'l> {
    pub(super) id: Cow<'l, str>,
    pub(super) schema: Option<SchemaIx>,
    /// Former ids of entities that were put together.
    pub(super) referents: Vec<Cow<'l, str>>,
}

/// What stands in some lines.
pub(super) struct Parsed<'l> {
    pub(super) heads: Vec<Head<'l>>,
    /// Records that are no facts, framed for a spool, and those that are.
    pub(super) things: Vec<u8>,
    pub(super) facts: Vec<u8>,
    pub(super) findings: ImportFindings,
}

/// The lines of all files, without those that are blank.
pub(super) struct Lines<'f> {
    files: std::iter::Zip<std::slice::Iter<'f, PathBuf>, std::ops::RangeFrom<u32>>,
    options: &'f ImportOptions,
    input: Option<Box<dyn io::BufRead + Send>>,
    origin: Origin,
    text: Vec<u8>,
}

impl<'f> Lines<'f> {
    pub(super) fn new(files: &'f [PathBuf], options: &'f ImportOptions) -> Lines<'f> {
        Lines { files: files.iter().zip(0..), options, input: None, origin: Origin::default(), text: Vec::new() }
    }

    /// As many batches as are read side by side; none at the end.
    pub(super) fn round(&mut self) -> Vec<LineBatch> {
        (0..thread_count()).map_while(|_| self.batch()).collect()
    }

    fn batch(&mut self) -> Option<LineBatch> {
        let (file, mut input) = match self.input.take() {
            Some(input) => (self.origin.file, input),
            None => {
                let (path, file) = self.files.next()?;
                self.origin = Origin { file, line: 0 };
                match open(path, self.options) {
                    Ok(input) => (file, input),
                    Err(error) => {
                        let problem = Some((None, error));
                        return Some(LineBatch { file, bytes: Vec::new(), lines: Vec::new(), problem });
                    }
                }
            }
        };
        let mut batch = LineBatch { file, bytes: Vec::new(), lines: Vec::new(), problem: None };
        while batch.bytes.len() < BATCH {
            self.origin.line += 1;
            let line = self.origin.line;
            match read_line(&mut input, self.options.max_line, &mut self.text) {
                Ok(true) => {}
                Ok(false) => return Some(batch),
                Err(error) => {
                    // What is only too long was passed over, and reading goes on behind it.
                    let is_long = matches!(LimitError::of(&error), Some(LimitError::Line { .. }));
                    batch.problem = Some((Some(line), error));
                    self.input = is_long.then_some(input);
                    return Some(batch);
                }
            }
            let text = self.text.as_slice();
            let text = text.strip_prefix(b"\xef\xbb\xbf").filter(|_| line == 1).unwrap_or(text);
            if !text.trim_ascii().is_empty() {
                batch.bytes.extend_from_slice(text);
                batch.lines.push((line, batch.bytes.len()));
            }
        }
        self.input = Some(input);
        Some(batch)
    }
}

impl LineBatch {
    /// Reads the records. What is wrong with a line is told in findings that begin as `none`, without any.
    pub(super) fn parse(&self, files: &[PathBuf], none: &ImportFindings) -> Parsed<'_> {
        let mut findings = none.clone();
        findings.set_file(&name_of(files, self.file));
        let mut parsed = Parsed { heads: Vec::new(), things: Vec::new(), facts: Vec::new(), findings };
        let mut start = 0;
        for (line, end) in &self.lines {
            let text = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            let origin = Origin { file: self.file, line: *line };
            for record in records(text, origin, &mut parsed.findings) {
                let is_fact = is_fact(record.schema_ix());
                frame(&record, if is_fact { &mut parsed.facts } else { &mut parsed.things });
                let referents = record.list("referents").to_vec();
                parsed.heads.push(Head { schema: record.schema_ix(), id: record.id, referents });
            }
        }
        parsed
    }

    /// Tells what is wrong with the file behind these lines.
    pub(super) fn report(&self, files: &[PathBuf], findings: &mut ImportFindings) {
        let Some((line, error)) = &self.problem else { return };
        findings.set_file(&name_of(files, self.file));
        let code = if LimitError::of(error).is_some() { ImportCode::TooLarge } else { ImportCode::Unreadable };
        let help = match code {
            ImportCode::Unreadable => "what came before is imported; get the file again",
            _ => "what came before is imported",
        };
        findings.at(*line).report(code, error.to_string(), Some(help.to_owned()));
    }
}

/// A file as the user named it.
pub(super) fn name_of(files: &[PathBuf], number: u32) -> String {
    files.get(number as usize).map_or(String::new(), |it| it.display().to_string())
}

/// The entities of a line; what is wrong with it is told.
fn records<'l>(line: &'l [u8], origin: Origin, findings: &mut ImportFindings) -> Vec<Record<'l>> {
    let found = match Json::read(line).and_then(|it| Found::read(it, origin)) {
        Ok(found) => found,
        Err(error) => {
            let (words, column) = problem(&error);
            let help = "each line is an entity as a JSON object; `jq -c '.[]'` makes such lines of a list".to_owned();
            let mut place = findings.at(Some(origin.line));
            if column > 0 {
                place = place.column(column.to_string());
            }
            place.report(ImportCode::Syntax, format!("this is no entity of FollowTheMoney: {words}"), Some(help));
            return Vec::new();
        }
    };
    if found.nameless > 0 {
        let help = Some("it is left out".to_owned());
        findings.at(Some(origin.line)).report(ImportCode::MissingValue, "an entity without an id", help);
    }
    for (property, json) in found.strange {
        let short: String = json.chars().take(60).collect();
        let message = format!("`{property}` holds neither text nor an entity: {short}");
        findings.at(Some(origin.line)).report(ImportCode::Kept, message, Some("it is kept as text".to_owned()));
    }
    found.records
}
