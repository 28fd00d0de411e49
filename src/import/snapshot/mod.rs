//! The sink that writes a snapshot: facts are kept as columns of small rows until all have come, then brought into the order of
//! their ids.

mod figures;
mod rows;
mod spool;
mod writer;

use std::io::{self, Write};

use super::compile::{Problem, compile};
use super::entities::{EntityTable, Place, tidy_extra};
use super::findings::ImportFindings;
use super::record::{Entity, Fact};
use super::sink::{Sink, Summary, Taken};
use crate::graph::{SnapshotBuilder, SnapshotMemory, WriteError};
use crate::model::{EntityKind, Quantity, UnitIx, Vocabulary};
use rows::{Rows, TextIx};
use writer::Writer;

pub(super) use figures::{FigureIx, UnitWords, whole};
pub(super) use rows::{Line, Who};

/// Gathers facts for a snapshot, which holds the same graph as the folder that [`FolderSink`](super::FolderSink) writes of them.
///
/// # Example
///
/// ```
/// use purvey::graph::{AlignedBytes, GraphView, Snapshot};
/// use purvey::import::{Entity, ImportFindings, Sink, SnapshotSink};
///
/// let mut sink = SnapshotSink::new(purvey::load::load_vocabulary(&[]).0);
/// sink.entity(Entity { id: "acme".to_owned(), name: "ACME".to_owned(), ..Entity::default() })?;
/// let mut bytes = Vec::new();
/// sink.finish(&mut ImportFindings::default(), &mut bytes)?;
/// assert!(Snapshot::new(AlignedBytes::copy(&bytes))?.entity_by_id("acme").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SnapshotSink {
    vocabulary: Vocabulary,
    entities: EntityTable,
    place: Place,
    findings: ImportFindings,
    rows: Rows,
    /// Where facts with relations stand, by their numbers, which rise: what their relations name is looked up at the end.
    related: Vec<(u32, Place)>,
    waiting: Vec<(Fact, Place)>,
    summary: Summary,
    memory: SnapshotMemory,
}

impl SnapshotSink {
    /// An empty one.
    pub fn new(vocabulary: Vocabulary) -> SnapshotSink {
        SnapshotSink::within(vocabulary, SnapshotMemory::default())
    }

    /// One that keeps no more in memory than is said, but for entities and texts; the rest waits in temporary files.
    pub fn within(vocabulary: Vocabulary, memory: SnapshotMemory) -> SnapshotSink {
        SnapshotSink {
            vocabulary,
            entities: EntityTable::default(),
            place: Place::default(),
            findings: ImportFindings::default(),
            rows: Rows::new(memory.folder.clone(), memory.bytes / 4),
            related: Vec::new(),
            waiting: Vec::new(),
            summary: Summary::default(),
            memory,
        }
    }

    /// What it holds so far, with the facts that wait for entities to come.
    pub fn so_far(&self) -> Summary {
        Summary {
            entities: self.entities.len() as u64,
            facts: self.summary.facts + self.waiting.len() as u64,
            ..self.summary
        }
    }

    fn take(&mut self, fact: &Fact, last: bool) -> io::Result<Taken> {
        let problem = match compile(fact, &self.vocabulary, &self.entities) {
            Ok(_) if self.entities.position(&fact.id).is_some() || !self.rows.ids.insert(&fact.id) => {
                Problem::taken(&fact.id)
            }
            Ok(compiled) => {
                if !fact.relations.is_empty() {
                    self.related.push((rows::end(self.rows.len()), self.place.clone()));
                }
                self.rows.push(fact, compiled, &self.vocabulary.terms)?;
                self.summary.facts += 1;
                self.summary.claims += fact.claims.len() as u64;
                return Ok(Taken::Kept);
            }
            Err(Problem::Unknown { .. }) if !last => return Ok(Taken::Waits),
            Err(problem) => problem,
        };
        self.summary.refused += 1;
        let (code, message, help) = problem.into_parts(&fact.id);
        self.findings.add(self.place.finding(code, message, help));
        Ok(Taken::Refused)
    }

    /// Writes the snapshot. Time n log n.
    ///
    /// # Errors
    ///
    /// [`WriteError`]: a column that is too large, an output that fails.
    pub fn finish(mut self, findings: &mut ImportFindings, out: &mut dyn Write) -> Result<Summary, WriteError> {
        for (fact, place) in std::mem::take(&mut self.waiting) {
            self.place = place;
            self.take(&fact, true)?;
        }
        self.entities.settle(&mut self.findings);
        self.summary.entities = self.entities.len() as u64;
        let SnapshotSink { vocabulary, entities, mut rows, findings: own, summary, related, memory, .. } = self;
        findings.append(own);
        rows.close()?;
        let mut writer = Writer::new(&vocabulary, &entities, &rows)?;
        let mut builder = SnapshotBuilder::within(vocabulary.clone(), memory);
        writer.entities(&mut builder);
        writer.records(&mut builder, &related, findings)?;
        drop(writer);
        drop(rows);
        drop(entities);
        builder.write(out)?;
        Ok(summary)
    }
}

impl Sink for SnapshotSink {
    fn entity(&mut self, entity: Entity) -> io::Result<()> {
        if self.rows.ids.contains(&entity.id) {
            let (code, message, help) = Problem::taken(&entity.id).into_parts(&entity.id);
            self.findings.add(self.place.finding(code, message, help));
        } else {
            self.entities.add(entity, &self.vocabulary.terms, &self.place, &mut self.findings);
        }
        Ok(())
    }

    fn fact(&mut self, mut fact: Fact) -> io::Result<Taken> {
        tidy_extra(&mut fact.extra);
        let taken = self.take(&fact, false)?;
        if taken == Taken::Waits {
            self.waiting.push((fact, self.place.clone()));
        }
        Ok(taken)
    }

    fn place(&mut self, file: &str, line: Option<u64>) {
        self.place.set(file, line);
    }

    fn has(&self, id: &str) -> bool {
        self.rows.ids.contains(id) || self.entities.position(id).is_some()
    }

    fn snapshot(&mut self) -> Option<&mut SnapshotSink> {
        Some(self)
    }
}

impl SnapshotSink {
    /// The position of an entity, and its kind.
    pub(super) fn entity_at(&self, id: &str) -> Option<(u32, EntityKind)> {
        let at = self.entities.position(id)?;
        Some((at, self.entities.get(at)?.kind))
    }

    /// The number of a text.
    pub(super) fn text(&mut self, text: &str) -> TextIx {
        self.rows.texts.intern(text)
    }

    /// A figure, and the unit that its words name; nothing if it cannot be read.
    pub(super) fn figure(&mut self, text: &str) -> Option<(FigureIx, Option<UnitIx>)> {
        let quantity = Quantity::parse(text, &self.vocabulary.terms, UnitIx::default()).ok()?;
        let unit = quantity.unit_named.then_some(quantity.unit);
        Some((self.rows.figures.add(quantity, &self.vocabulary.terms), unit))
    }

    /// Words behind a number that only name a unit, or nothing at all; nothing if they do more.
    pub(super) fn unit_words(&mut self, words: &str) -> Option<UnitWords> {
        self.rows.figures.words(words, &self.vocabulary.terms)
    }

    /// Takes a fact, unless its id is taken.
    pub(super) fn push_line(&mut self, line: &Line) -> io::Result<bool> {
        if self.entities.position(&line.id).is_some() || !self.rows.ids.insert(&line.id) {
            return Ok(false);
        }
        self.rows.push_line(line)?;
        self.summary.facts += 1;
        self.summary.claims += 1;
        Ok(true)
    }
}
