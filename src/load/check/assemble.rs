//! From records that were read one by one to a data set: order, relations, nodes, dates.

use std::collections::BTreeSet;

use super::EntityTable;
use super::entities::duplicate_id;
use super::nodes::Nodes;
use crate::diagnostic::{Code, Span};
use crate::load::articles::Passage;
use crate::load::fields::Spanned;
use crate::load::findings::Findings;
use crate::model::{
    Claim, Dataset, Fact, FactIx, FlowEnd, NodeIx, Period, Record, RecordIx, Relation, RelationKind, RelationTarget,
};

/// A record that was read, before records are put in order.
pub(in crate::load) struct Built<'a> {
    pub(in crate::load) id: Spanned<'a>,
    pub(in crate::load) facts: Vec<Fact>,
    pub(in crate::load) claims: Vec<Claim>,
    pub(in crate::load) relations: Vec<Pending<'a>>,
    /// Of all its claims, those of its relations among them.
    pub(in crate::load) passages: Vec<Passage>,
    pub(in crate::load) record: Record,
    /// Entities that it names and that do not stand for themselves.
    pub(in crate::load) named: BTreeSet<u32>,
}

/// A relation whose target is not looked up yet.
pub(in crate::load) struct Pending<'a> {
    pub(in crate::load) kind: RelationKind,
    pub(in crate::load) target: Spanned<'a>,
    pub(in crate::load) claims: Vec<Claim>,
}

/// Puts records, facts, claims and unnamed participants in their order and looks up relations. Gives the place of
/// each record, and all passages.
pub(super) fn assemble(
    mut built: Vec<Built<'_>>,
    known: Known,
    nodes: Nodes,
    table: &EntityTable<'_>,
    dataset: &mut Dataset,
    findings: &mut Findings,
) -> (Vec<Span>, Vec<Passage>) {
    built.sort_by_key(|it| (it.id.text, it.id.span));
    built.dedup_by(|later, first| {
        let twice = later.id.text == first.id.text;
        if twice {
            duplicate_id(later.id, findings);
        }
        twice
    });
    for record in &built {
        if table.by_id.contains_key(record.id.text) {
            duplicate_id(record.id, findings);
        }
    }
    let places = built.iter().map(|it| it.id.span).collect();
    let mut pending = Vec::new();
    let mut passages = Vec::new();
    dataset.records.reserve(built.len());
    dataset.facts.reserve(built.iter().map(|it| it.facts.len()).sum());
    dataset.claims.reserve(built.iter().map(|it| it.claims.len()).sum());
    for (at, mut it) in built.into_iter().enumerate() {
        for fact in &mut it.facts {
            fact.record = RecordIx::from_usize(at);
        }
        dataset.facts.append(&mut it.facts);
        passages.append(&mut it.passages);
        it.record.claims = push_claims(&mut dataset.claims, it.claims);
        dataset.records.push(it.record);
        for merged in it.named {
            let records = dataset.merged.get_mut(merged as usize).map(|it| &mut it.records);
            records.into_iter().for_each(|it| it.push(RecordIx::from_usize(at)));
        }
        if !it.relations.is_empty() {
            pending.push((at, it.id, it.relations));
        }
    }
    dataset.facts.sort_by(|a, b| a.id.cmp(&b.id));
    for (at, fact) in dataset.facts.iter().enumerate() {
        if let Some(record) = dataset.records.get_mut(fact.record.index()) {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let first = if record.facts.is_empty() { at } else { record.facts.start };
            record.facts = first..at.saturating_add(1);
        }
    }
    for (at, id, relations) in pending {
        let mut found = Vec::new();
        for relation in relations {
            let target = resolve_target(id.text, (relation.kind, relation.target), &known, table, &*dataset, findings);
            if let Some(target) = target {
                let claims = push_claims(&mut dataset.claims, relation.claims);
                found.push(Relation { kind: relation.kind, target, claims });
            }
        }
        if let Some(record) = dataset.records.get_mut(at) {
            record.relations = found;
        }
    }
    number_unnamed(nodes, dataset);
    let dates = dates_of_documents(dataset);
    dataset.claims.iter_mut().for_each(|it| date_claim(it, &dates));
    (places, passages)
}

fn push_claims(all: &mut Vec<Claim>, mut claims: Vec<Claim>) -> std::ops::Range<u32> {
    let at = |claims: &Vec<Claim>| u32::try_from(claims.len()).unwrap_or(u32::MAX);
    let first = at(all);
    all.append(&mut claims);
    first..at(all)
}

/// Ids of records that are not in the data set.
pub(in crate::load) struct Known {
    /// Left out as drafts.
    pub(in crate::load) drafts: BTreeSet<String>,
    /// Left out because something is wrong with them.
    pub(in crate::load) lost: BTreeSet<String>,
}

/// Finds records and facts by their ids.
pub(in crate::load) trait RecordIds {
    fn record(&self, id: &str) -> Option<RecordIx>;
    fn fact(&self, id: &str) -> Option<FactIx>;
    /// The id of the record that is least different, as help.
    fn nearest(&self, id: &str, findings: &mut Findings) -> Option<String>;
}

impl RecordIds for Dataset {
    fn record(&self, id: &str) -> Option<RecordIx> {
        self.record_ix(id)
    }

    fn fact(&self, id: &str) -> Option<FactIx> {
        self.facts.binary_search_by(|it| it.id.as_str().cmp(id)).ok().map(FactIx::from_usize)
    }

    fn nearest(&self, id: &str, findings: &mut Findings) -> Option<String> {
        findings.nearest(id, self.records.iter().map(|it| it.id.as_str()))
    }
}

/// What a relation of the record `id` leads to. A target that is not there is a finding.
pub(in crate::load) fn resolve_target(
    id: &str,
    (kind, target): (RelationKind, Spanned<'_>),
    known: &Known,
    table: &EntityTable<'_>,
    records: &dyn RecordIds,
    findings: &mut Findings,
) -> Option<RelationTarget> {
    if let Some(record) = records.record(target.text) {
        return Some(RelationTarget::Record(record));
    }
    if let Some(fact) = records.fact(target.text) {
        return Some(RelationTarget::Fact(fact));
    }
    let entity = table.by_id.get(target.text).map(|(entity, _)| *entity);
    if let Some(entity) = entity.filter(|_| kind.accepts_entities()) {
        return Some(RelationTarget::Entity(entity));
    }
    if known.lost.contains(target.text) || (entity.is_none() && table.lost.contains(target.text)) {
        return None;
    }
    let help = if known.drafts.contains(target.text) {
        Some("it is a draft: ask with `--drafts`, or take the relation out for now".to_owned())
    } else if entity.is_some() {
        Some(format!("it is an entity; `{}` takes records", kind.field()))
    } else {
        records.nearest(target.text, findings)
    };
    let message = format!("`{id}` refers to `{}`, which is no record", target.text);
    findings.report(target.span, Code::UnknownRecord, message, help);
    None
}

/// Gives unnamed participants their final nodes.
fn number_unnamed(nodes: Nodes, dataset: &mut Dataset) {
    let first = nodes.first;
    let (unnamed, position) = nodes.into_sorted();
    dataset.unnamed = unnamed;
    let renumber = |node: &mut NodeIx| {
        if let Some(new) = node.0.checked_sub(first).and_then(|it| position.get(it as usize)) {
            *node = NodeIx(first + new);
        }
    };
    for fact in &mut dataset.facts {
        for end in FlowEnd::ALL {
            fact.ends.get_mut(end).iter_mut().for_each(|it| renumber(&mut it.node));
        }
        fact.roles.iter_mut().for_each(|(_, it)| renumber(&mut it.node));
    }
    dataset.claims.iter_mut().for_each(|it| renumber(&mut it.by));
}

/// The date of each entity that is a document.
pub(in crate::load) fn dates_of_documents(dataset: &Dataset) -> Vec<Option<Period>> {
    dataset.entities.iter().map(|it| it.bibliography.as_ref().and_then(|it| it.date)).collect()
}

/// A claim that gives no date was made when the first document of its chain appeared.
pub(in crate::load) fn date_claim(claim: &mut Claim, dates: &[Option<Period>]) {
    let first = claim.via.first().copied().unwrap_or(claim.document);
    claim.made = claim.made.or_else(|| dates.get(first.index()).copied().flatten());
}
