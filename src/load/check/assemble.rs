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
pub(super) struct Built<'a> {
    pub(super) id: Spanned<'a>,
    pub(super) facts: Vec<Fact>,
    pub(super) claims: Vec<Claim>,
    pub(super) relations: Vec<Pending<'a>>,
    /// Of all its claims, those of its relations among them.
    pub(super) passages: Vec<Passage>,
    pub(super) record: Record,
    /// Entities that it names and that do not stand for themselves.
    pub(super) named: BTreeSet<u32>,
}

/// A relation whose target is not looked up yet.
pub(super) struct Pending<'a> {
    pub(super) kind: RelationKind,
    pub(super) target: Spanned<'a>,
    pub(super) claims: Vec<Claim>,
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
            let target = resolve_target(id, &relation, &known, table, dataset, findings);
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
    date_claims(dataset);
    (places, passages)
}

fn push_claims(all: &mut Vec<Claim>, mut claims: Vec<Claim>) -> std::ops::Range<u32> {
    let at = |claims: &Vec<Claim>| u32::try_from(claims.len()).unwrap_or(u32::MAX);
    let first = at(all);
    all.append(&mut claims);
    first..at(all)
}

/// Ids of records that are not in the data set.
pub(super) struct Known {
    /// Left out as drafts.
    pub(super) drafts: BTreeSet<String>,
    /// Left out because something is wrong with them.
    pub(super) lost: BTreeSet<String>,
}

fn resolve_target(
    id: Spanned<'_>,
    relation: &Pending<'_>,
    known: &Known,
    table: &EntityTable<'_>,
    dataset: &Dataset,
    findings: &mut Findings,
) -> Option<RelationTarget> {
    let (kind, target) = (relation.kind, relation.target);
    if let Some(record) = dataset.record_ix(target.text) {
        return Some(RelationTarget::Record(record));
    }
    if let Ok(fact) = dataset.facts.binary_search_by(|it| it.id.as_str().cmp(target.text)) {
        return Some(RelationTarget::Fact(FactIx::from_usize(fact)));
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
        findings.nearest(target.text, dataset.records.iter().map(|it| it.id.as_str()))
    };
    let message = format!("`{}` refers to `{}`, which is no record", id.text, target.text);
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

/// A claim that gives no date was made when the first document of its chain appeared.
fn date_claims(dataset: &mut Dataset) {
    let dates: Vec<Option<Period>> =
        dataset.entities.iter().map(|it| it.bibliography.as_ref().and_then(|it| it.date)).collect();
    for claim in &mut dataset.claims {
        let first = claim.via.first().copied().unwrap_or(claim.document);
        claim.made = claim.made.or_else(|| dates.get(first.index()).copied().flatten());
    }
}
