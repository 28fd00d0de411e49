//! Tables: rows of CSV as facts, by a mapping that says what the columns mean.

mod batch;
mod codes;
mod contradictions;
mod date;
mod entity_rows;
mod fast;
mod names;
mod number;
#[cfg(feature = "parquet")]
pub(super) mod parquet;
mod plan;
mod pump;
mod reader;
mod rejects;
mod rows;
mod table;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::findings::{ImportCode, ImportFindings};
use super::input::{ImportOptions, LimitError};
use super::record::{Bibliography, Entity};
use super::sink::{Sink, Taken};
use crate::model::{EntityKind, TableMapping, Vocabulary};
use batch::{Batch, Item, Row, Told};
use codes::{Codes, Groups};
use contradictions::Contradictions;
pub(super) use date::guess_date_formats;
use entity_rows::{EntityMapper, Parent};
use fast::{Fast, With};
use names::Names;
pub(super) use number::{decides, is_ambiguous};
use plan::Plan;
use pump::Pump;
use rejects::Rejects;
use rows::{Failure, Mapper, RowProblem};
pub use table::table_header;
use table::{Header, SAMPLE, table, text_of};
pub(super) use table::{lossless, sample};

/// Reads tables of one layout.
///
/// # Errors
///
/// The output fails, or that of the rejects.
pub(super) fn read(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    read_by(files, options, sink, findings, |import, path, by, sink, findings| import.file(path, by, sink, findings))
}

/// Reads files, each by `read_file`, which is given the claimant of all rows, if there is one.
fn read_by(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
    read_file: impl Fn(&mut Import<'_>, &Path, Option<&str>, &mut dyn Sink, &mut ImportFindings) -> io::Result<()>,
) -> io::Result<()> {
    let (Some(mapping), true) = (options.mappings.first(), [1, files.len()].contains(&options.mappings.len())) else {
        let message = "tables need one mapping for all of them, or one for each, to say what their columns mean";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    };
    let vocabulary = crate::load::load_vocabulary(&[]).0;
    let vocabulary = options.vocabulary.as_ref().unwrap_or(&vocabulary);
    let mut import = Import {
        mapping,
        number: 0,
        options,
        vocabulary,
        names: Names::default(),
        contradictions: Contradictions::new(false, &options.scratch()),
        rejects: Rejects::new(options),
        files: 0,
        parents: Vec::new(),
    };
    let pairs: Vec<(usize, &PathBuf, &TableMapping)> =
        files.iter().enumerate().map(|(at, file)| (at, file, options.mappings.get(at).unwrap_or(mapping))).collect();
    // Whoever facts are about comes first, wherever the tables stand on the command line.
    for (number, file, mapping) in pairs.iter().filter(|(_, _, it)| it.entities.is_some()) {
        (import.mapping, import.number) = (mapping, *number);
        findings.set_file(&file.display().to_string());
        read_file(&mut import, file, None, sink, findings)?;
    }
    import.settle_parents(sink, findings)?;
    let mut by = None;
    let mut begun = None;
    for (number, file, mapping) in pairs.iter().filter(|(_, _, it)| it.entities.is_none()) {
        let number = if options.mappings.len() == 1 { 0 } else { *number };
        if begun.replace(number) != Some(number) {
            import.begin(mapping, number, findings)?;
            by = import.source(sink)?;
        }
        findings.set_file(&file.display().to_string());
        read_file(&mut import, file, by.as_deref(), sink, findings)?;
    }
    import.contradictions.finish(findings)?;
    import.rejects.finish()
}

struct Import<'i> {
    mapping: &'i TableMapping,
    /// Its number, from 0.
    number: usize,
    options: &'i ImportOptions,
    vocabulary: &'i Vocabulary,
    names: Names,
    contradictions: Contradictions,
    rejects: Rejects<'i>,
    /// Files of facts of this mapping so far.
    files: usize,
    /// What rows of entities say that stands above them, which may come in a later row.
    parents: Vec<Parent>,
}

/// A mapping bound to the columns of a file, with what was learned of them.
enum Bound<'m> {
    Facts(Box<Mapper<'m>>, Option<Box<Fast>>),
    Entities(EntityMapper<'m>),
}

impl Bound<'_> {
    fn codes(&self) -> Codes {
        match self {
            Bound::Facts(mapper, Some(_)) => Codes::new(&Groups::of(&mapper.plan).1),
            // Without columns of a snapshot nobody asks for numbers.
            _ => Codes::new(&[]),
        }
    }

    fn width(&self) -> usize {
        match self {
            Bound::Facts(mapper, _) => mapper.plan.header.len(),
            Bound::Entities(mapper) => mapper.width(),
        }
    }
}

impl<'i> Import<'i> {
    /// Goes on with the mapping of the next files.
    fn begin(&mut self, mapping: &'i TableMapping, number: usize, findings: &mut ImportFindings) -> io::Result<()> {
        self.mapping = mapping;
        self.number = number;
        self.files = 0;
        let next = Contradictions::new(!mapping.id.columns.is_empty(), &self.options.scratch());
        std::mem::replace(&mut self.contradictions, next).finish(findings)
    }

    /// The document and who speaks in it: the id of the claimant, if there is one for all.
    fn source(&mut self, sink: &mut dyn Sink) -> io::Result<Option<String>> {
        let source = &self.mapping.source;
        let mut speaker = |it, sink: &mut dyn Sink| self.names.defined(it, EntityKind::Organization, None, sink);
        let publisher = source.publisher.as_ref().map(|it| speaker(it, sink)).transpose()?;
        let by = source.by.as_ref().map(|it| speaker(it, sink)).transpose()?;
        let document = &source.document;
        self.names.take(&document.id);
        sink.entity(Entity {
            id: document.id.clone(),
            kind: EntityKind::Document,
            name: document.name.clone().or_else(|| source.title.clone()).unwrap_or_else(|| document.id.clone()),
            document: Some(Bibliography {
                title: source.title.clone(),
                publisher: publisher.clone(),
                date: source.date.clone(),
                address: source.address.clone(),
            }),
            ..Entity::default()
        })?;
        Ok(by.or(publisher))
    }

    fn file(
        &mut self,
        path: &Path,
        by: Option<&str>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let (reader, header) = match table(path, &self.mapping.layout, self.options) {
            Ok(it) => it,
            Err(error) => {
                findings.at(None).report(code_of(&error), error.to_string(), None);
                return Ok(());
            }
        };
        let file = findings.file().to_owned();
        let Some(mut bound) = self.bind(header, by, sink, findings) else { return Ok(()) };
        let uncounted = ImportOptions { read: Arc::default(), ..self.options.clone() };
        if let Bound::Facts(mapper, _) = &mut bound
            && !self.mapping.figures.is_empty()
            && let Ok(sample) = sample(path, &self.mapping.layout, &uncounted, SAMPLE)
        {
            mapper.plan.look(&sample.rows);
        }
        let pump = Pump {
            reader,
            codes: bound.codes(),
            width: bound.width(),
            has_first: !self.mapping.layout.header,
            max_line: self.options.max_line,
        };
        self.pumped(move |full, used| pump.run(full, used), &file, &mut bound, sink, findings)
    }

    /// Makes facts of what a thread of its own reads: the order is that of the file.
    fn pumped(
        &mut self,
        run: impl FnOnce(SyncSender<Batch>, Receiver<Batch>) + Send,
        file: &str,
        bound: &mut Bound<'_>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        std::thread::scope(|scope| {
            let (full, batches) = sync_channel(pump::WAITING);
            let (give_back, used) = sync_channel(pump::WAITING);
            scope.spawn(move || run(full, used));
            for batch in batches {
                self.batch(&batch, file, bound, sink, findings)?;
                // The other side may have ended, or has enough of them.
                let _ = give_back.try_send(batch);
            }
            Ok(())
        })
    }

    /// The mapping bound to the columns of a file; nothing if it has not all of them, which is told.
    fn bind(
        &mut self,
        header: Header,
        by: Option<&str>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> Option<Bound<'i>> {
        let line = header.line;
        let bound = match &self.mapping.entities {
            Some(mapped) => EntityMapper::new(mapped, self.mapping, header.names).map(Bound::Entities),
            None => Plan::new(self.mapping, header.names, self.vocabulary).map(|plan| {
                self.contradictions.begin(findings.file());
                self.files += 1;
                let document = self.mapping.source.document.id.clone();
                let mapper = Mapper::new(plan, document, by.map(str::to_owned), self.files);
                let fast = sink.snapshot().and_then(|it| Fast::new(&mapper, self.vocabulary, it));
                Bound::Facts(Box::new(mapper), fast.map(Box::new))
            }),
        };
        match bound {
            Ok(bound) => {
                self.rejects.begin(self.number, &header.raw, self.mapping.layout.encoding.is_some());
                Some(bound)
            }
            Err(missing) => {
                for name in missing {
                    let help = Some("the file is left out".to_owned());
                    let message = format!("the table has no column `{name}`");
                    findings.at(Some(line)).report(ImportCode::UnknownColumn, message, help);
                }
                None
            }
        }
    }

    fn batch(
        &mut self,
        batch: &Batch,
        file: &str,
        bound: &mut Bound<'_>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        for item in batch.items() {
            match item {
                Item::Row(row) => self.row(&row, file, bound, sink, findings)?,
                Item::Told(Told::Forget(group)) => {
                    if let Bound::Facts(_, Some(fast)) = bound {
                        fast.forget(*group);
                    }
                }
                Item::Told(Told::Bad { line, column, code, message, help, raw }) => {
                    let mut place = findings.at(Some(*line));
                    if let Some(column) = column {
                        place = place.column(column);
                    }
                    place.report(*code, message.clone(), help.clone());
                    self.rejects.add(raw)?;
                }
                Item::Told(Told::Begun { line, message, help, raw }) => {
                    findings.at(Some(*line)).report(ImportCode::TooLarge, message.clone(), help.clone());
                    self.rejects.open(raw)?;
                }
                Item::Told(Told::More(bytes)) => self.rejects.more(bytes)?,
                Item::Told(Told::Finding { line, code, message, help }) => {
                    findings.at(Some(*line)).report(*code, message.clone(), help.clone());
                }
                Item::Told(Told::Failed { line, error }) => {
                    findings.at(Some(*line)).report(code_of(error), error.to_string(), None);
                }
            }
        }
        Ok(())
    }

    fn row(
        &mut self,
        row: &Row<'_>,
        file: &str,
        bound: &mut Bound<'_>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let line = row.line();
        sink.place(file, Some(line));
        let (mapper, fast) = match bound {
            Bound::Facts(mapper, fast) => (mapper, fast),
            Bound::Entities(mapper) => return self.entity_row(row, mapper, sink, findings),
        };
        if let (Some(fast), Some(sink)) = (fast.as_mut(), sink.snapshot()) {
            let with = With { mapper, names: &mut self.names, sink, vocabulary: self.vocabulary };
            if fast.row(row, with, &mut self.contradictions)? {
                return Ok(());
            }
        }
        let fact = match mapper.fact(row, &mut self.names, sink) {
            Ok(fact) => fact,
            Err(Failure::Output(error)) => return Err(error),
            Err(Failure::Row(problem)) => {
                tell(problem, line, &mapper.plan.header, findings);
                return self.rejects.add(row.raw());
            }
        };
        if mapper.not_utf8 {
            tell_encoding(line, findings);
        }
        if let Some(problem) = mapper.ambiguous.take() {
            tell(problem, line, &mapper.plan.header, findings);
        }
        let key = match (fast, sink.snapshot()) {
            (Some(fast), Some(sink)) => fast.key_of(&fact, mapper, sink, &self.contradictions),
            _ => self.contradictions.key_of(&fact, &mapper.plan),
        };
        match sink.fact(fact)? {
            Taken::Refused => self.rejects.add(row.raw()),
            Taken::Kept | Taken::Waits => match key {
                Some(key) => self.contradictions.note(key, line),
                None => Ok(()),
            },
        }
    }
}

/// Tells what is the matter with a row.
fn tell(problem: RowProblem, line: u64, header: &[String], findings: &mut ImportFindings) {
    let mut place = findings.at(Some(line));
    if let Some(column) = problem.column {
        place = place.column(header.get(column).map_or("", |it| it));
    }
    place.report(problem.code, problem.message, problem.help);
}

fn tell_encoding(line: u64, findings: &mut ImportFindings) {
    let message = "this row is not UTF-8; it is read as windows-1252";
    let help = Some("say `encoding` in the mapping if it is another".to_owned());
    findings.at(Some(line)).report(ImportCode::Encoding, message, help);
}

fn code_of(error: &io::Error) -> ImportCode {
    if LimitError::of(error).is_some() { ImportCode::TooLarge } else { ImportCode::Unreadable }
}
