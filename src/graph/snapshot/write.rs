//! A graph as a snapshot, through the interface that every query uses.

use std::collections::HashMap;
use std::io::{self, Write};

use zerocopy::{Immutable, IntoBytes};

use super::layout::{
    ALIGNMENT, BYTE_ORDER, ClaimRow, DocumentRow, EntityRow, Entry, FactRow, FigureRow, Header, MAGIC, NONE, NameRow,
    RangeRow, RecordRow, RelationRow, RoleRow, Section, UnnamedRow, VERSION,
};
use super::pack::{NAMES_UNIT, pack_interval, pack_period};
use super::words;
use crate::graph::view::GraphView;
use crate::model::{ClaimIx, EntityIx, EntityKind, FactIx, KindIx, NodeIx, Participant, RecordIx, RelationTarget};

/// Why a snapshot cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A column has more rows, or more text, than a number of 32 bits counts.
    #[error("the column {section} is too large for a snapshot")]
    TooLarge {
        /// The column.
        section: &'static str,
    },
    /// The graph itself is damaged.
    #[error(transparent)]
    Damaged(#[from] crate::graph::view::Fault),
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes a graph as a snapshot. The same graph gives the same bytes.
///
/// All columns are made in memory first, which takes about as much of it as the file has bytes.
///
/// # Errors
///
/// [`WriteError`]: more than 4 billion rows or 4 GiB of text in a column, a damaged graph, an output that fails.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph, Snapshot, write_snapshot};
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let mut bytes = Vec::new();
/// write_snapshot(&KnowledgeGraph::new(&dataset), &mut bytes)?;
/// let snapshot = Snapshot::new(bytes)?;
/// assert_eq!(snapshot.fact_count(), dataset.facts.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_snapshot<G: GraphView>(graph: &G, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut columns = Columns::default();
    columns.bytes(Section::Vocabulary, &words::encode(graph.vocabulary()));
    columns.add_entities(graph);
    columns.add_facts(graph);
    columns.add_records(graph);
    columns.add_claims(graph);
    columns.add_indexes(graph);
    let (text, entries) = graph.name_index().columns();
    columns.bytes(Section::NameText, text);
    columns.rows(Section::NameIndex, entries);
    columns.add_strings();
    if let Some(fault) = graph.fault() {
        return Err(fault.into());
    }
    columns.write(out)
}

/// Columns as they grow.
#[derive(Default)]
struct Columns<'g> {
    bytes: HashMap<u32, Vec<u8>>,
    strings: Vec<&'g str>,
    known: HashMap<&'g str, u32>,
    too_large: Option<Section>,
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(NONE)
}

fn node(it: Option<NodeIx>) -> u32 {
    it.map_or(NONE, |it| it.0)
}

fn entity(it: Option<EntityIx>) -> u32 {
    it.map_or(NONE, |it| it.0)
}

impl<'g> Columns<'g> {
    fn bytes(&mut self, section: Section, bytes: &[u8]) {
        let column = self.bytes.entry(section as u32).or_default();
        column.extend_from_slice(bytes);
        if column.len() / section.row_size().max(1) >= NONE as usize {
            self.too_large = self.too_large.or(Some(section));
        }
    }

    fn rows<T: IntoBytes + Immutable>(&mut self, section: Section, rows: &[T]) {
        debug_assert_eq!(size_of::<T>(), section.row_size(), "{}", section.name());
        self.bytes(section, rows.as_bytes());
    }

    fn row<T: IntoBytes + Immutable>(&mut self, section: Section, row: &T) {
        self.rows(section, std::slice::from_ref(row));
    }

    /// A list, whose end stands in the column of the ends.
    fn list<T: IntoBytes + Immutable>(&mut self, ends: Section, items: Section, list: impl IntoIterator<Item = T>) {
        for item in list {
            self.row(items, &item);
        }
        let end = self.bytes.get(&(items as u32)).map_or(0, Vec::len) / items.row_size().max(1);
        self.row(ends, &number(end));
    }

    /// The number of a string; equal strings are kept once.
    fn string(&mut self, text: &'g str) -> u32 {
        let next = number(self.strings.len());
        let number = *self.known.entry(text).or_insert(next);
        if number == next {
            self.strings.push(text);
        }
        number
    }

    fn option(&mut self, text: Option<&'g str>) -> u32 {
        text.map_or(NONE, |it| self.string(it))
    }

    fn add_strings(&mut self) {
        let mut end = 0_usize;
        for text in std::mem::take(&mut self.strings) {
            end = end.saturating_add(text.len());
            self.bytes(Section::Text, text.as_bytes());
            self.row(Section::TextEnds, &number(end));
        }
    }

    fn add_entities<G: GraphView>(&mut self, graph: &'g G) {
        let entities = || (0..number(graph.entity_count())).map(EntityIx);
        for at in entities() {
            let view = graph.entity(at);
            let row = EntityRow {
                id: self.string(view.id),
                name: self.string(view.name),
                plural: self.option(view.plural),
                short: self.option(view.short),
                part_of: entity(view.part_of),
                is_a: entity(view.is_a),
                member: self.option(view.member),
                says: self.option(view.says),
                kind: view.kind as u8,
                the: u8::from(view.the),
                unused: [0; 2],
            };
            self.row(Section::Entities, &row);
            let names: Vec<NameRow> = graph
                .names(at)
                .map(|it| NameRow {
                    text: self.string(it.text),
                    lang: self.option(it.lang),
                    kind: it.kind as u8,
                    unused: [0; 3],
                })
                .collect();
            self.list(Section::NameEnds, Section::Names, names);
            self.list(Section::CorrectsEnds, Section::Corrects, graph.corrects(at).iter().map(|it| it.0));
            if view.kind == EntityKind::Document {
                let document = graph.document(at);
                let pages = document.pages.unwrap_or(0);
                let row = DocumentRow {
                    entity: at.0,
                    title: self.option(document.title),
                    publisher: entity(document.publisher),
                    address: self.option(document.address),
                    date: pack_period(document.date),
                    withdrawn: pack_period(document.withdrawn),
                    // The two halves of a number of 64 bits.
                    pages: [(pages & 0xffff_ffff) as u32, (pages >> 32) as u32, u32::from(document.pages.is_some())],
                };
                self.row(Section::Documents, &row);
            }
        }
        let unnamed = graph.entity_count()..graph.node_count();
        for at in unnamed.map(|it| NodeIx(number(it))) {
            let row = UnnamedRow { of: entity(graph.unnamed_of(at)), several: u32::from(graph.is_several(at)) };
            self.row(Section::Unnamed, &row);
        }
        self.forest(
            graph,
            Section::ClassOrder,
            Section::ClassRanges,
            |it| graph.entity(it).is_a,
            |it| graph.subtree(it),
        );
        self.forest(
            graph,
            Section::WholeOrder,
            Section::WholeRanges,
            |it| graph.entity(it).part_of,
            |it| graph.parts(it),
        );
    }

    /// Trees in pre-order, one root after the other.
    fn forest<G: GraphView>(
        &mut self,
        graph: &'g G,
        order: Section,
        ranges: Section,
        above: impl Fn(EntityIx) -> Option<EntityIx>,
        below: impl Fn(EntityIx) -> &'g [EntityIx],
    ) {
        let entities = || (0..number(graph.entity_count())).map(EntityIx);
        let all: Vec<EntityIx> =
            entities().filter(|it| above(*it).is_none()).flat_map(|it| below(it).iter().copied()).collect();
        let mut place = vec![0_u32; graph.entity_count()];
        for (at, entity) in all.iter().enumerate() {
            place.get_mut(entity.index()).into_iter().for_each(|it| *it = number(at));
        }
        self.rows(order, &all);
        for entity in entities() {
            let start = place.get(entity.index()).copied().unwrap_or_default();
            let end = start.saturating_add(number(below(entity).len()));
            self.row(ranges, &RangeRow { start, end });
        }
    }

    fn add_facts<G: GraphView>(&mut self, graph: &'g G) {
        for at in (0..number(graph.fact_count())).map(FactIx) {
            let view = graph.fact(at);
            let end = |it: Option<Participant>| [node(it.map(|it| it.node)), entity(it.and_then(|it| it.of))];
            let ends = view.ends.all().map(end);
            let row = FactRow { id: self.string(view.id), record: view.record.0, kind: u32::from(view.kind.0), ends };
            self.row(Section::Facts, &row);
            let roles = graph.roles(at).map(|it| RoleRow {
                role: u32::from(it.role.0),
                node: it.participant.node.0,
                of: entity(it.participant.of),
            });
            self.list(Section::RoleEnds, Section::Roles, roles);
        }
    }

    fn add_records<G: GraphView>(&mut self, graph: &'g G) {
        let range = |it: std::ops::Range<u32>| RangeRow { start: it.start, end: it.end };
        for at in (0..number(graph.record_count())).map(RecordIx) {
            let view = graph.record(at);
            let row = RecordRow {
                id: self.string(view.id),
                facts: range(view.facts),
                claims: range(view.claims),
                period: pack_period(view.period),
                outcome: view.outcome as u8,
                per: view.per.map_or(u8::MAX, |it| it as u8),
                draft: u8::from(view.draft),
                unused: 0,
            };
            self.row(Section::Records, &row);
            let relations = graph.relations(at).map(|it| {
                let (target_kind, target) = match it.target {
                    RelationTarget::Record(it) => (0, it.0),
                    RelationTarget::Fact(it) => (1, it.0),
                    RelationTarget::Entity(it) => (2, it.0),
                };
                RelationRow { kind: it.kind as u8, target_kind, unused: [0; 2], target, claims: range(it.claims) }
            });
            self.list(Section::RelationEnds, Section::Relations, relations);
            let inferred: Vec<u32> = graph.inferred(at).map(|it| self.string(it)).collect();
            self.list(Section::InferredEnds, Section::Inferred, inferred);
            self.list(Section::RelatedEnds, Section::Related, graph.related_from(at).iter().map(|it| it.0));
        }
    }

    fn add_claims<G: GraphView>(&mut self, graph: &'g G) {
        for at in (0..number(graph.claim_count())).map(ClaimIx) {
            let view = graph.claim(at);
            let locator = view.at;
            let row = ClaimRow {
                record: view.record.0,
                by: view.by.0,
                document: view.document.0,
                scope: self.option(view.scope),
                made: pack_period(view.made),
                period: pack_period(view.period),
                withdrawn: pack_period(view.withdrawn),
                paragraph: locator.map_or(0, |it| it.paragraph),
                length: locator.map_or(0, |it| it.length),
                sha256: locator.map_or([0; 32], |it| it.sha256),
                stance: view.stance as u8,
                has_locator: u8::from(locator.is_some()),
                unused: [0; 2],
            };
            self.row(Section::Claims, &row);
            self.list(Section::ViaEnds, Section::Via, view.via.iter().map(|it| it.0));
            let inferred: Vec<u32> = graph.inferred_in_claim(at).map(|it| self.string(it)).collect();
            self.list(Section::ClaimInferredEnds, Section::ClaimInferred, inferred);
            let figures: Vec<FigureRow> = graph
                .figures(at)
                .map(|it| {
                    let (low, high, flags) = pack_interval(&it.interval);
                    let flags = flags | if it.unit_named { NAMES_UNIT } else { 0 };
                    let (unit, text) = (u32::from(it.unit.0), self.string(it.text));
                    FigureRow { low, high, unit, text, at: it.at, flags, unused: [0; 2] }
                })
                .collect();
            self.list(Section::FigureEnds, Section::Figures, figures);
        }
    }

    fn add_indexes<G: GraphView>(&mut self, graph: &'g G) {
        for at in (0..number(graph.node_count())).map(NodeIx) {
            self.list(Section::StepsOutEnds, Section::StepsOut, graph.steps_out(at).iter().copied());
            self.list(Section::StepsInEnds, Section::StepsIn, graph.steps_in(at).iter().copied());
            self.list(Section::FactsOfEnds, Section::FactsOf, graph.facts_of(at).iter().map(|it| it.0));
            self.list(Section::FactsFromEnds, Section::FactsFrom, graph.facts_from(at).iter().map(|it| it.0));
            self.list(Section::FactsWithEnds, Section::FactsWith, graph.facts_with(at).iter().map(|it| it.0));
            self.list(Section::FactsToEnds, Section::FactsTo, graph.facts_to(at).iter().map(|it| it.0));
            self.list(Section::ClaimsByEnds, Section::ClaimsBy, graph.claims_by(at).iter().map(|it| it.0));
        }
        for at in (0..graph.vocabulary().kinds.len()).map(KindIx::from_usize) {
            self.list(Section::ByKindEnds, Section::ByKind, graph.facts_of_kind(at).iter().map(|it| it.0));
        }
        for at in (0..number(graph.entity_count())).map(EntityIx) {
            self.list(Section::ClaimsInEnds, Section::ClaimsIn, graph.claims_in(at).iter().map(|it| it.0));
        }
    }

    fn write(&self, out: &mut dyn Write) -> Result<(), WriteError> {
        if let Some(section) = self.too_large {
            return Err(WriteError::TooLarge { section: section.name() });
        }
        let empty = Vec::new();
        let mut offset = size_of::<Header>() + Section::ALL.len() * size_of::<Entry>();
        let mut table = Vec::new();
        for section in Section::ALL {
            offset = offset.next_multiple_of(ALIGNMENT);
            let bytes = self.bytes.get(&(*section as u32)).unwrap_or(&empty);
            table.push(Entry {
                section: *section as u32,
                row: number(section.row_size()),
                offset: offset as u64,
                length: bytes.len() as u64,
                checksum: crc32fast::hash(bytes),
                unused: 0,
            });
            offset += bytes.len();
        }
        let mut header = Header {
            magic: MAGIC,
            version: VERSION,
            byte_order: BYTE_ORDER,
            length: offset as u64,
            sections: number(table.len()),
            checksum: 0,
        };
        header.checksum = super::header_checksum(&header, &table);
        out.write_all(header.as_bytes())?;
        out.write_all(table.as_bytes())?;
        let mut written = size_of::<Header>() + table.as_bytes().len();
        for (section, entry) in Section::ALL.iter().zip(&table) {
            let start = usize::try_from(entry.offset).unwrap_or(written);
            let padding = start.saturating_sub(written);
            out.write_all([0; ALIGNMENT].get(..padding).unwrap_or_default())?;
            let bytes = self.bytes.get(&(*section as u32)).unwrap_or(&empty);
            out.write_all(bytes)?;
            written = start + bytes.len();
        }
        Ok(())
    }
}
