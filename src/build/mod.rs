//! From data folders to a snapshot, with no more than a bounded part of the facts in memory.
//!
//! [`load`](crate::load) hands records on in the order of their ids, and [`graph`](crate::graph) takes them as parts of a
//! snapshot; the two do not know each other, and meet here.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::graph::{
    ClaimView, DocumentView, EntityView, ExtraView, FactView, FigureView, LocatorView, NameView, RecordView,
    RelationView, RoleFill, SnapshotBuilder, SnapshotMemory, WriteError,
};
use crate::load::{BulkLoaded, BulkOptions, BulkSink, LoadOptions, load_in_bulk};
use crate::model::{Claim, Dataset, Entity, Extra, Fact, Record, RecordIx};

/// What became of data folders.
pub enum Built {
    /// They are a snapshot, ready to be written.
    Snapshot(Box<ReadySnapshot>),
    /// They have errors.
    Refused(BulkLoaded),
}

/// A snapshot of which everything is known but the indexes.
pub struct ReadySnapshot {
    builder: SnapshotBuilder,
    /// How many facts it holds.
    pub facts: usize,
    /// How many claims.
    pub claims: usize,
}

impl ReadySnapshot {
    /// Makes the indexes and writes the snapshot. Time n log n.
    ///
    /// # Errors
    ///
    /// [`WriteError`]: a column that is too large, an output or a temporary file that fails.
    pub fn write(self, out: &mut dyn Write) -> Result<(), WriteError> {
        self.builder.write(out)
    }
}

/// Reads data folders and makes a snapshot of them: the bytes that [`write_snapshot`](crate::graph::write_snapshot) gives of the
/// graph in memory. Beyond `memory` stand entities, texts and indexes, and some fifty bytes a record. `step` hears how many
/// bytes of how many are done with.
///
/// # Errors
///
/// A file changed while it was read. Errors in the data are no such error: see [`Built::Refused`].
///
/// # Example
///
/// ```
/// use purvey::build::{Built, build};
/// use purvey::graph::SnapshotMemory;
/// use purvey::load::LoadOptions;
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("x.ron"), r#"(entities: [Country(id: "russia", name: "Russia")])"#)?;
/// let paths = [folder.path().to_owned()];
/// let memory = SnapshotMemory { bytes: 1 << 20, folder: folder.path().to_owned() };
/// let Built::Snapshot(ready) = build(&paths, LoadOptions::default(), memory, &mut |_, _| {})? else {
///     return Err("errors".into());
/// };
/// let mut bytes = Vec::new();
/// ready.write(&mut bytes)?;
/// assert!(bytes.starts_with(b"purvey"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn build(
    paths: &[PathBuf],
    options: LoadOptions,
    memory: SnapshotMemory,
    step: &mut dyn FnMut(u64, u64),
) -> io::Result<Built> {
    // Half of it for what is read, half for the columns.
    let bytes = memory.bytes / 2;
    let mut sink = ToSnapshot { memory: SnapshotMemory { bytes, ..memory }, ready: None };
    let loaded = load_in_bulk(paths, BulkOptions { load: options, memory: bytes }, &mut sink, step)?;
    Ok(match sink.ready.filter(|_| loaded.errors.is_empty()) {
        Some(ready) => Built::Snapshot(Box::new(ready)),
        None => Built::Refused(loaded),
    })
}

/// Makes parts of a snapshot of what comes.
struct ToSnapshot {
    memory: SnapshotMemory,
    ready: Option<ReadySnapshot>,
}

fn extra(all: &[Extra]) -> impl Iterator<Item = ExtraView<'_>> {
    all.iter().flat_map(|it| it.values.iter().map(|value| ExtraView { name: &it.name, value }))
}

fn add_entity(builder: &mut SnapshotBuilder, entity: &Entity) {
    let view = EntityView {
        id: entity.id.as_str(),
        kind: entity.kind,
        name: &entity.name,
        the: entity.the,
        plural: entity.plural.as_deref(),
        short: entity.short.as_deref(),
        part_of: entity.part_of,
        is_a: entity.is_a,
        member: entity.member.as_deref(),
        says: entity.says.as_deref(),
    };
    let names = entity.names.iter().map(|it| NameView { text: &it.text, kind: it.kind, lang: it.lang.as_deref() });
    let document = entity.bibliography.as_ref().map(|it| DocumentView {
        title: it.title.as_deref(),
        publisher: it.publisher,
        date: it.date,
        address: it.address.as_deref(),
        pages: it.pages,
        withdrawn: it.withdrawn,
    });
    let corrects = entity.bibliography.as_ref().map_or(&[][..], |it| &it.corrects);
    builder.add_entity(&view, names, document.as_ref(), corrects);
    builder.add_extra(extra(&entity.extra));
}

impl BulkSink for ToSnapshot {
    fn begin(&mut self, dataset: &Dataset) {
        let mut builder = SnapshotBuilder::within(dataset.vocabulary.clone(), self.memory.clone());
        for entity in &dataset.entities {
            add_entity(&mut builder, entity);
        }
        dataset.decisions.iter().for_each(|it| builder.add_decision(&it.into()));
        dataset.merged.iter().for_each(|it| builder.add_merged(&it.into()));
        dataset.unnamed.iter().for_each(|it| builder.add_unnamed(it.of, it.several));
        self.ready = Some(ReadySnapshot { builder, facts: 0, claims: 0 });
    }

    fn fact(&mut self, fact: &Fact) {
        let Some(ready) = &mut self.ready else { return };
        let view = FactView { id: fact.id.as_str(), kind: fact.kind, record: fact.record, ends: fact.ends };
        let roles = fact.roles.iter().map(|(role, participant)| RoleFill { role: *role, participant: *participant });
        ready.builder.add_fact(&view, roles);
        ready.facts += 1;
    }

    fn record(&mut self, record: &Record) {
        let Some(ReadySnapshot { builder, .. }) = &mut self.ready else { return };
        let view = RecordView {
            id: record.id.as_str(),
            facts: record.facts.clone(),
            claims: record.claims.clone(),
            outcome: record.outcome,
            per: record.per,
            period: record.period,
            draft: record.draft,
        };
        builder.add_record(&view, record.inferred.iter().map(|it| &**it));
        builder.add_record_extra(extra(&record.extra));
        let relations = record.relations.iter();
        builder.add_relations(relations.map(|it| RelationView {
            kind: it.kind,
            target: it.target,
            claims: it.claims.clone(),
        }));
    }

    fn claim(&mut self, record: RecordIx, claim: &Claim) {
        let Some(ready) = &mut self.ready else { return };
        let view = ClaimView {
            record,
            by: claim.by,
            stance: claim.stance,
            via: &claim.via,
            document: claim.document,
            made: claim.made,
            period: claim.period,
            scope: claim.scope.as_deref(),
            withdrawn: claim.withdrawn,
            at: claim.at.as_ref().map(LocatorView::from),
        };
        let figures = claim.figures.iter().map(|(at, it)| FigureView {
            at: *at,
            interval: it.interval,
            unit: it.unit,
            unit_named: it.unit_named,
            text: &it.text,
        });
        ready.builder.add_claim(&view, figures, claim.inferred.iter().map(|it| &**it));
        ready.claims += 1;
    }
}
