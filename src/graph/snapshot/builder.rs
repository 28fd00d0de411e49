//! A snapshot from its parts, one after the other: for data that never stand in memory as a graph.

use std::io::Write;

use super::layout::{
    AmountRow, ClaimPartRow, ClaimRow, DecisionRow, DocumentRow, EntityRow, ExtraRow, FactRow, FigureRow, LocatorRow,
    MergedRow, NONE, NameRow, PEOPLE, PeopleRow, RangeRow, RecordPartRow, RecordRow, RelationRow, RoleRow, Section,
    UnnamedRow,
};
use super::pack::{pack_figure, pack_period};
use super::store::{Columns, SnapshotMemory, number};
use super::words;
use super::write::WriteError;
use crate::graph::indexes::ranked;
use crate::graph::names::{NameColumns, NameIndexBuf, NameRank};
use crate::graph::view::{
    ClaimView, DecisionView, DocumentView, EntityView, ExtraView, FactView, FigureView, MergedView, NameView,
    RecordView, RelationView, RoleFill,
};
use crate::model::{EntityIx, FlowEnd, Kind, KindIx, Participant, RelationTarget, Vocabulary};

/// Makes a snapshot from its parts. The indexes are made at the end.
///
/// Entities, facts and records are given in the order of their ids and numbered from 0 as they come; a record may come after
/// its facts only, and its relations right after it. Unnamed participants are the nodes after the last entity. What one part
/// says of others by number is not looked up here: a number that leads nowhere is found when the snapshot is read.
///
/// # Example
///
/// ```
/// use purvey::graph::{AlignedBytes, EntityView, GraphView, Snapshot, SnapshotBuilder};
/// use purvey::model::Vocabulary;
///
/// let mut builder = SnapshotBuilder::new(Vocabulary::default());
/// builder.add_entity(&EntityView { id: "russia", name: "Russia", ..EntityView::default() }, [], None, &[]);
/// let mut bytes = Vec::new();
/// builder.write(&mut bytes)?;
/// let snapshot = Snapshot::new(AlignedBytes::copy(&bytes))?;
/// assert!(snapshot.entity_by_id("russia").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SnapshotBuilder {
    pub(super) columns: Columns,
    pub(super) vocabulary: Vocabulary,
    pub(super) names: NameIndexBuf,
    /// The numbers of the last ids of entities, facts and records.
    last: [Option<u32>; 3],
    out_of_order: Option<String>,
    /// The kind of each fact.
    kinds: Vec<KindIx>,
}

fn entity(it: Option<EntityIx>) -> u32 {
    it.map_or(NONE, |it| it.0)
}

fn range(it: &std::ops::Range<u32>) -> RangeRow {
    RangeRow { start: it.start, end: it.end }
}

/// Whether it is told by the ends of a fact that somebody fills a role.
fn is_end(kind: Option<&Kind>, view: &FactView<'_>, fill: &RoleFill) -> bool {
    let of_role = |end| kind.and_then(|it| it.role_of(end)).is_some_and(|it| it.role == fill.role);
    FlowEnd::ALL.into_iter().any(|end| view.ends.get(end) == Some(fill.participant) && of_role(end))
}

impl SnapshotBuilder {
    /// An empty one.
    pub fn new(vocabulary: Vocabulary) -> SnapshotBuilder {
        SnapshotBuilder::within(vocabulary, SnapshotMemory::default())
    }

    /// An empty one that keeps its columns in memory only as far as is said.
    pub fn within(vocabulary: Vocabulary, memory: SnapshotMemory) -> SnapshotBuilder {
        let columns = Columns::within(memory);
        SnapshotBuilder {
            columns,
            vocabulary,
            names: NameIndexBuf::default(),
            last: [None; 3],
            out_of_order: None,
            kinds: Vec::new(),
        }
    }

    /// Keeps bytes for the writer's own use; they are no part of the graph.
    pub fn set_origin(&mut self, origin: &[u8]) {
        self.columns.bytes(Section::Origin, origin);
    }

    /// An id, which must be greater than the last one of its column.
    fn id(&mut self, column: usize, known: Option<u32>, id: &str) -> u32 {
        let last = self.last.get(column).copied().flatten();
        if last.is_some_and(|it| self.columns.text(it) >= id.as_bytes()) {
            self.out_of_order.get_or_insert_with(|| id.to_owned());
        }
        let number = known.unwrap_or_else(|| self.columns.own_string(id));
        self.last.get_mut(column).into_iter().for_each(|it| *it = Some(number));
        number
    }

    /// Adds an entity with its further names and, for a document, its bibliography and the documents that it corrects.
    pub fn add_entity<'v>(
        &mut self,
        view: &EntityView<'v>,
        names: impl IntoIterator<Item = NameView<'v>>,
        document: Option<&DocumentView<'_>>,
        corrects: &[EntityIx],
    ) {
        let at = self.columns.count(Section::Entities);
        self.columns.fill(Section::ExtraEnds, Section::Extra, at);
        let at = number(at);
        let row = EntityRow {
            id: self.id(0, None, view.id),
            name: self.columns.string(view.name),
            plural: self.columns.option(view.plural),
            short: self.columns.option(view.short),
            part_of: entity(view.part_of),
            is_a: entity(view.is_a),
            member: self.columns.option(view.member),
            says: self.columns.option(view.says),
            kind: view.kind as u8,
            the: u8::from(view.the),
            unused: [0; 2],
        };
        self.columns.row(Section::Entities, &row);
        let names: Vec<NameView<'_>> = names.into_iter().collect();
        let own = [Some(view.name), view.plural, view.short, Some(view.id)];
        for (rank, name) in ranked(own, names.iter().map(|it| (it.kind, it.text))) {
            self.names.push(at, rank, name);
        }
        let rows: Vec<NameRow> = names
            .iter()
            .map(|it| NameRow {
                text: self.columns.string(it.text),
                lang: self.columns.option(it.lang),
                kind: it.kind as u8,
                unused: [0; 3],
            })
            .collect();
        self.columns.list(Section::NameEnds, Section::Names, rows);
        self.columns.list(Section::CorrectsEnds, Section::Corrects, corrects.iter().map(|it| it.0));
        if let Some(document) = document {
            let pages = document.pages.unwrap_or(0);
            let row = DocumentRow {
                entity: at,
                title: self.columns.option(document.title),
                publisher: entity(document.publisher),
                address: self.columns.option(document.address),
                date: pack_period(document.date),
                withdrawn: pack_period(document.withdrawn),
                // The two halves of a number of 64 bits.
                pages: [(pages & 0xffff_ffff) as u32, (pages >> 32) as u32, u32::from(document.pages.is_some())],
            };
            self.columns.row(Section::Documents, &row);
        }
    }

    /// Adds what the model has no field for to the entity that was added last: at most once an entity.
    pub fn add_extra<'v>(&mut self, extra: impl IntoIterator<Item = ExtraView<'v>>) {
        let before = self.columns.count(Section::Entities).saturating_sub(1);
        self.extra(Section::ExtraEnds, Section::Extra, before, extra);
    }

    /// The same for the record that was added last.
    pub fn add_record_extra<'v>(&mut self, extra: impl IntoIterator<Item = ExtraView<'v>>) {
        let before = self.columns.count(Section::Records).saturating_sub(1);
        self.extra(Section::RecordExtraEnds, Section::RecordExtra, before, extra);
    }

    /// The number of a text, for those that come again very often.
    pub(crate) fn text(&mut self, text: &str) -> u32 {
        self.columns.string(text)
    }

    /// [`SnapshotBuilder::add_record_extra`] by the numbers of the names and the values.
    pub(crate) fn add_record_extra_by_number(&mut self, extra: impl IntoIterator<Item = [u32; 2]>) {
        let before = self.columns.count(Section::Records).saturating_sub(1);
        self.columns.fill(Section::RecordExtraEnds, Section::RecordExtra, before);
        let rows = extra.into_iter().map(|[name, value]| ExtraRow { name, value });
        self.columns.list(Section::RecordExtraEnds, Section::RecordExtra, rows);
    }

    fn extra<'v>(
        &mut self,
        ends: Section,
        items: Section,
        before: usize,
        extra: impl IntoIterator<Item = ExtraView<'v>>,
    ) {
        self.columns.fill(ends, items, before);
        for it in extra {
            let row = ExtraRow { name: self.columns.string(it.name), value: self.columns.string(it.value) };
            self.columns.row(items, &row);
        }
        self.columns.fill(ends, items, before + 1);
    }

    /// Adds a decision on whether two entities are one.
    pub fn add_decision(&mut self, view: &DecisionView<'_>) {
        let row = DecisionRow {
            a: self.columns.string(view.a),
            b: self.columns.string(view.b),
            keep: self.columns.string(view.keep),
            reason: self.columns.option(view.reason),
            by: self.columns.option(view.by),
            made: self.columns.option(view.made),
            kind: view.kind as u8,
            unused: [0; 3],
        };
        self.columns.row(Section::Decisions, &row);
    }

    /// Adds an entity that stands as one with another, after all entities.
    pub fn add_merged(&mut self, view: &MergedView<'_>) {
        let range = |it: &std::ops::Range<u32>| RangeRow { start: it.start, end: it.end };
        let row = MergedRow {
            id: self.columns.string(view.id),
            name: self.columns.string(view.name),
            into: view.into.0,
            decision: view.decision,
            names: range(&view.names),
            extra: range(&view.extra),
        };
        self.columns.row(Section::Merged, &row);
        self.columns.list(Section::MergedRecordEnds, Section::MergedRecords, view.records.iter().map(|it| it.0));
        self.names.push(view.into.0, NameRank::Primary, view.id);
    }

    /// Adds an unnamed participant of a group.
    pub fn add_unnamed(&mut self, of: EntityIx, several: bool) {
        self.columns.row(Section::Unnamed, &UnnamedRow { of: of.0, several: u32::from(several) });
    }

    /// Adds a fact with all that take part in it.
    pub fn add_fact(&mut self, view: &FactView<'_>, roles: impl IntoIterator<Item = RoleFill>) {
        let ends = view.ends.all().map(|it| it.map_or(NONE, |it| self.participant(it)));
        let id = self.id(1, None, view.id);
        self.columns.row(Section::Facts, &FactRow { id, record: view.record.0, ends });
        self.kinds.push(view.kind);
        for it in roles {
            if is_end(self.vocabulary.kind(view.kind), view, &it) {
                continue;
            }
            let row = RoleRow { who: self.participant(it.participant), role: it.role.0, unused: 0 };
            self.columns.row(Section::Roles, &row);
        }
        self.columns.list::<RoleRow>(Section::RoleEnds, Section::Roles, []);
    }

    fn participant(&mut self, Participant { node, of }: Participant) -> u32 {
        match of {
            None => node.0,
            Some(of) => {
                let row = PeopleRow { population: node.0, of: of.0 };
                self.columns.distinct(Section::People, &row) | PEOPLE
            }
        }
    }

    /// Adds a record with the names of its fields that were worked out.
    pub fn add_record<'v>(&mut self, view: &RecordView<'_>, inferred: impl IntoIterator<Item = &'v str>) {
        // The one fact of a record mostly has its id.
        let fact: Option<FactRow> = self.columns.read_one(Section::Facts, view.facts.start as usize);
        let known = fact.map(|it| it.id).filter(|it| self.columns.text(*it) == view.id.as_bytes());
        let part = RecordPartRow {
            facts: number(view.facts.len()),
            claims: number(view.claims.len()),
            outcome: view.outcome as u8,
            per: view.per.map_or(u8::MAX, |it| it as u8),
            draft: u8::from(view.draft),
            unused: 0,
        };
        let row = RecordRow {
            id: self.id(2, known, view.id),
            facts: view.facts.start,
            claims: view.claims.start,
            part: self.columns.distinct(Section::RecordParts, &part),
            period: pack_period(view.period),
        };
        self.columns.row(Section::Records, &row);
        let inferred: Vec<u32> = inferred.into_iter().map(|it| self.columns.string(it)).collect();
        self.columns.list(Section::InferredEnds, Section::Inferred, inferred);
    }

    /// Adds the relations of the next record that has not got any: once a record, also if it has none.
    pub fn add_relations(&mut self, relations: impl IntoIterator<Item = RelationView>) {
        let rows = relations.into_iter().map(|it| {
            let (target_kind, target) = match it.target {
                RelationTarget::Record(it) => (0, it.0),
                RelationTarget::Fact(it) => (1, it.0),
                RelationTarget::Entity(it) => (2, it.0),
            };
            RelationRow { kind: it.kind as u8, target_kind, unused: [0; 2], target, claims: range(&it.claims) }
        });
        self.columns.list(Section::RelationEnds, Section::Relations, rows);
    }

    /// Adds a claim with its figures and the names of its fields that were worked out. The claims of a record stand
    /// together; those of its relations may stand anywhere.
    pub fn add_claim<'v>(
        &mut self,
        view: &ClaimView<'_>,
        figures: impl IntoIterator<Item = FigureView<'v>>,
        inferred: impl IntoIterator<Item = &'v str>,
    ) {
        let locator = view.at.map_or(NONE, |it| {
            let row = LocatorRow { paragraph: it.paragraph, length: it.length, sha256: it.sha256 };
            self.columns.distinct(Section::Locators, &row)
        });
        let part = ClaimPartRow {
            by: view.by.0,
            document: view.document.0,
            scope: self.columns.option(view.scope),
            locator,
            made: pack_period(view.made),
            period: pack_period(view.period),
            withdrawn: pack_period(view.withdrawn),
            stance: view.stance as u8,
            unused: [0; 3],
        };
        let part = self.columns.distinct(Section::ClaimParts, &part);
        self.columns.row(Section::Claims, &ClaimRow { record: view.record.0, part });
        self.columns.list(Section::ViaEnds, Section::Via, view.via.iter().map(|it| it.0));
        let inferred: Vec<u32> = inferred.into_iter().map(|it| self.columns.string(it)).collect();
        self.columns.list(Section::ClaimInferredEnds, Section::ClaimInferred, inferred);
        for it in figures {
            let text = self.columns.string(it.text);
            let large = |bytes| self.columns.distinct(Section::Amounts, &AmountRow { bytes });
            let row = pack_figure(&it, text, large);
            self.columns.row(Section::Figures, &row);
        }
        self.columns.list::<FigureRow>(Section::FigureEnds, Section::Figures, []);
    }

    /// Makes the indexes and writes the snapshot. Time n log n.
    ///
    /// # Errors
    ///
    /// [`WriteError`]: ids out of order, a column that is too large, an output that fails.
    pub fn write(mut self, out: &mut dyn Write) -> Result<(), WriteError> {
        if let Some(id) = self.out_of_order {
            return Err(WriteError::Order { id });
        }
        let (entities, records) = (self.columns.count(Section::Entities), self.columns.count(Section::Records));
        self.columns.fill(Section::ExtraEnds, Section::Extra, entities);
        self.columns.fill(Section::RecordExtraEnds, Section::RecordExtra, records);
        self.columns.bytes(Section::Vocabulary, &words::encode(&self.vocabulary));
        self.names.sort();
        let NameColumns { forms, text, entries, by_end } = self.names.view().columns();
        self.columns.bytes(Section::NameForms, forms);
        self.columns.bytes(Section::NameText, text);
        self.columns.rows(Section::NameIndex, entries);
        self.columns.rows(Section::NamesByEnd, by_end);
        super::derive::indexes(&mut self.columns, &self.vocabulary, &self.kinds);
        drop(self.kinds);
        self.columns.write(out)
    }
}
