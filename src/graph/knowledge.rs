//! [`KnowledgeGraph`]: a checked data set as columns and indexes in memory.

mod read;

use std::ops::Range;

use super::columns::{Forest, Lists, StrIx, Strings};
use super::glance::Glance;
use super::indexes;
use super::names::{NameIndexBuf, NameRank};
use super::view::{ExtraView, LocatorView, RoleFill, Step};
use crate::model::{
    ClaimIx, Dataset, Decision, Ends, EntityIx, EntityKind, Extra, FactIx, FlowEnd, Interval, KindIx, Merged, NameKind,
    NodeIx, Outcome, Per, Period, RecordIx, RelationKind, RelationTarget, Stance, UnitIx, Vocabulary,
};

/// A graph of facts in memory.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph};
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let missiles = graph.fact_by_id("a11").map(|it| graph.fact(it).id);
/// assert_eq!(missiles, Some("a11"));
/// ```
#[derive(Clone, Debug)]
pub struct KnowledgeGraph {
    vocabulary: Vocabulary,
    strings: Strings,
    name_index: NameIndexBuf,
    entities: Vec<EntityRow>,
    names: Lists<NameRow>,
    extra: Lists<ExtraRow>,
    /// Bibliographies by entity; few entities have one.
    documents: Vec<(EntityIx, DocumentRow)>,
    corrects: Lists<EntityIx>,
    classes: Forest<EntityIx>,
    wholes: Forest<EntityIx>,
    /// Groups of unnamed participants; their nodes follow the entities.
    unnamed: Vec<(EntityIx, bool)>,
    facts: Vec<FactRow>,
    roles: Lists<RoleFill>,
    records: Vec<RecordRow>,
    relations: Lists<RelationRow>,
    inferred: Lists<StrIx>,
    extra_of_records: Lists<ExtraRow>,
    inferred_in_claims: Lists<StrIx>,
    related_from: Lists<RecordIx>,
    claims: Vec<ClaimRow>,
    via: Lists<EntityIx>,
    figures: Lists<FigureRow>,
    steps_out: Lists<Step>,
    steps_in: Lists<Step>,
    facts_of: Lists<FactIx>,
    facts_from: Lists<FactIx>,
    facts_with: Lists<FactIx>,
    facts_to: Lists<FactIx>,
    by_kind: Lists<FactIx>,
    claims_by: Lists<ClaimIx>,
    claims_in: Lists<ClaimIx>,
    /// Few enough to be kept as they are.
    decisions: Vec<Decision>,
    merged: Vec<Merged>,
    glances: Vec<Glance>,
}

#[derive(Clone, Copy, Debug)]
struct EntityRow {
    id: StrIx,
    kind: EntityKind,
    name: StrIx,
    the: bool,
    plural: StrIx,
    short: StrIx,
    part_of: Option<EntityIx>,
    is_a: Option<EntityIx>,
    member: StrIx,
    says: StrIx,
}

#[derive(Clone, Copy, Debug)]
struct NameRow {
    text: StrIx,
    kind: NameKind,
    lang: StrIx,
}

#[derive(Clone, Copy, Debug)]
struct ExtraRow {
    name: StrIx,
    value: StrIx,
}

#[derive(Clone, Copy, Debug)]
struct DocumentRow {
    title: StrIx,
    publisher: Option<EntityIx>,
    date: Option<Period>,
    address: StrIx,
    pages: Option<u64>,
    withdrawn: Option<Period>,
}

#[derive(Clone, Copy, Debug)]
struct FactRow {
    id: StrIx,
    kind: KindIx,
    record: RecordIx,
    ends: Ends,
}

#[derive(Clone, Debug)]
struct RecordRow {
    id: StrIx,
    facts: Range<u32>,
    claims: Range<u32>,
    outcome: Outcome,
    per: Option<Per>,
    period: Option<Period>,
    draft: bool,
}

#[derive(Clone, Debug)]
struct RelationRow {
    kind: RelationKind,
    target: RelationTarget,
    claims: Range<u32>,
}

#[derive(Clone, Copy, Debug)]
struct ClaimRow {
    record: RecordIx,
    by: NodeIx,
    stance: Stance,
    document: EntityIx,
    made: Option<Period>,
    period: Option<Period>,
    scope: StrIx,
    withdrawn: Option<Period>,
    at: Option<LocatorView>,
}

#[derive(Clone, Copy, Debug)]
struct FigureRow {
    at: u8,
    interval: Interval,
    unit: UnitIx,
    unit_named: bool,
    text: StrIx,
}

impl KnowledgeGraph {
    /// Indexes a data set. Time n log n in the number of facts and claims.
    pub fn new(dataset: &Dataset) -> Self {
        let mut strings = Strings::default();
        let node_count = dataset.entities.len() + dataset.unnamed.len();
        let parents = |above: fn(&crate::model::Entity) -> Option<EntityIx>| -> Vec<Option<usize>> {
            dataset.entities.iter().map(|it| above(it).map(EntityIx::index)).collect()
        };
        let roles = || {
            numbered(&dataset.facts).flat_map(|(at, fact)| fact.roles.iter().map(move |(_, it)| (FactIx(at), it.node)))
        };
        let carried = || {
            numbered(&dataset.claims)
                .flat_map(|(at, claim)| claim.via.iter().chain([&claim.document]).map(move |it| (ClaimIx(at), *it)))
        };
        let related = || {
            numbered(&dataset.records)
                .flat_map(|(at, record)| record.relations.iter().map(move |it| (RecordIx(at), it.target)))
        };
        let record_of = |fact: FactIx| dataset.facts.get(fact.index()).map(|it| it.record);
        let node = |fact: &crate::model::Fact, end| fact.ends.get(end).map(|it| it.node);
        let at = |end| indexes::facts_at(|| dataset.facts.iter().map(move |it| node(it, end)), node_count);
        let steps = |from, to| {
            let both = move |it: &crate::model::Fact| (it.kind, node(it, from).zip(node(it, to)));
            indexes::steps(|| dataset.facts.iter().map(both), &dataset.vocabulary, node_count)
        };
        let mut graph = KnowledgeGraph {
            vocabulary: dataset.vocabulary.clone(),
            name_index: name_index(dataset),
            entities: Vec::with_capacity(dataset.entities.len()),
            names: Lists::default(),
            extra: Lists::default(),
            documents: Vec::new(),
            corrects: Lists::default(),
            classes: Forest::new(&parents(|it| it.is_a), EntityIx::from_usize),
            wholes: Forest::new(&parents(|it| it.part_of), EntityIx::from_usize),
            unnamed: dataset.unnamed.iter().map(|it| (it.of, it.several)).collect(),
            facts: Vec::with_capacity(dataset.facts.len()),
            roles: Lists::default(),
            records: Vec::with_capacity(dataset.records.len()),
            relations: Lists::default(),
            inferred: Lists::default(),
            extra_of_records: Lists::default(),
            inferred_in_claims: Lists::default(),
            related_from: indexes::related_from(related, record_of, dataset.records.len()),
            claims: Vec::with_capacity(dataset.claims.len()),
            via: Lists::default(),
            figures: Lists::default(),
            steps_out: steps(FlowEnd::Source, FlowEnd::Target),
            steps_in: steps(FlowEnd::Target, FlowEnd::Source),
            facts_of: indexes::facts_with_role(roles, node_count),
            facts_from: at(FlowEnd::Source),
            facts_with: at(FlowEnd::Object),
            facts_to: at(FlowEnd::Target),
            by_kind: indexes::facts_of_kind(|| dataset.facts.iter().map(|it| it.kind), &dataset.vocabulary),
            claims_by: indexes::claims_by(|| dataset.claims.iter().map(|it| it.by), node_count),
            claims_in: indexes::claims_in(carried, dataset.entities.len()),
            decisions: dataset.decisions.clone(),
            merged: dataset.merged.clone(),
            glances: Vec::new(),
            strings: Strings::default(),
        };
        graph.add_entities(dataset, &mut strings);
        graph.add_records(dataset, &mut strings);
        graph.add_claims(dataset, &mut strings);
        graph.strings = strings;
        graph.glances = (0..graph.facts.len()).map(|it| Glance::of(&graph, FactIx::from_usize(it))).collect();
        graph
    }

    fn add_entities(&mut self, dataset: &Dataset, strings: &mut Strings) {
        for (at, entity) in dataset.entities.iter().enumerate() {
            self.entities.push(EntityRow {
                id: strings.push(entity.id.as_str()),
                kind: entity.kind,
                name: strings.push(&entity.name),
                the: entity.the,
                plural: strings.push_option(entity.plural.as_deref()),
                short: strings.push_option(entity.short.as_deref()),
                part_of: entity.part_of,
                is_a: entity.is_a,
                member: strings.push_option(entity.member.as_deref()),
                says: strings.push_option(entity.says.as_deref()),
            });
            self.names.push(entity.names.iter().map(|name| NameRow {
                text: strings.push(&name.text),
                kind: name.kind,
                lang: strings.push_option(name.lang.as_deref()),
            }));
            self.extra.push(extra_rows(&entity.extra, strings));
            self.corrects.push(entity.bibliography.iter().flat_map(|it| it.corrects.iter().copied()));
            if let Some(found) = &entity.bibliography {
                let row = DocumentRow {
                    title: strings.push_option(found.title.as_deref()),
                    publisher: found.publisher,
                    date: found.date,
                    address: strings.push_option(found.address.as_deref()),
                    pages: found.pages,
                    withdrawn: found.withdrawn,
                };
                self.documents.push((EntityIx::from_usize(at), row));
            }
        }
    }

    fn add_records(&mut self, dataset: &Dataset, strings: &mut Strings) {
        for fact in &dataset.facts {
            self.facts.push(FactRow {
                id: strings.push(fact.id.as_str()),
                kind: fact.kind,
                record: fact.record,
                ends: fact.ends,
            });
            self.roles
                .push(fact.roles.iter().map(|(role, participant)| RoleFill { role: *role, participant: *participant }));
        }
        for record in &dataset.records {
            self.records.push(RecordRow {
                id: strings.push(record.id.as_str()),
                facts: record.facts.clone(),
                claims: record.claims.clone(),
                outcome: record.outcome,
                per: record.per,
                period: record.period,
                draft: record.draft,
            });
            self.relations.push(record.relations.iter().map(|it| RelationRow {
                kind: it.kind,
                target: it.target,
                claims: it.claims.clone(),
            }));
            self.inferred.push(record.inferred.iter().map(|it| strings.push(it)));
            self.extra_of_records.push(extra_rows(&record.extra, strings));
        }
    }

    fn add_claims(&mut self, dataset: &Dataset, strings: &mut Strings) {
        let records = indexes::records_of_claims(dataset);
        for (claim, record) in dataset.claims.iter().zip(records) {
            self.claims.push(ClaimRow {
                record,
                by: claim.by,
                stance: claim.stance,
                document: claim.document,
                made: claim.made,
                period: claim.period,
                scope: strings.push_option(claim.scope.as_deref()),
                withdrawn: claim.withdrawn,
                at: claim.at.as_ref().map(LocatorView::from),
            });
            self.via.push(claim.via.iter().copied());
            self.inferred_in_claims.push(claim.inferred.iter().map(|it| strings.push(it)));
            self.figures.push(claim.figures.iter().map(|(at, quantity)| FigureRow {
                at: *at,
                interval: quantity.interval,
                unit: quantity.unit,
                unit_named: quantity.unit_named,
                text: strings.push(&quantity.text),
            }));
        }
    }

    fn extra_view(&self, row: &ExtraRow) -> ExtraView<'_> {
        ExtraView { name: self.strings.get(row.name), value: self.strings.get(row.value) }
    }
}

fn numbered<T>(items: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0_u32..).zip(items)
}

/// One row a value.
fn extra_rows(extra: &[Extra], strings: &mut Strings) -> Vec<ExtraRow> {
    let pairs = extra.iter().flat_map(|it| it.values.iter().map(|value| (&it.name, value)));
    pairs.map(|(name, value)| ExtraRow { name: strings.push(name), value: strings.push(value) }).collect()
}

fn name_index(dataset: &Dataset) -> NameIndexBuf {
    // What was an entity's id goes on naming it.
    let merged = dataset.merged.iter().map(|it| (it.into.0, NameRank::Primary, it.id.as_str()));
    let entities = numbered(&dataset.entities).flat_map(|(node, it)| {
        let own = [Some(&*it.name), it.plural.as_deref(), it.short.as_deref(), Some(it.id.as_str())];
        let names = it.names.iter().map(|it| (it.kind, &*it.text));
        indexes::ranked(own, names).map(move |(rank, name)| (node, rank, name))
    });
    NameIndexBuf::new(entities.chain(merged))
}
