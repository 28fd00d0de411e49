//! The indexes of a graph, made from a data set: which steps, facts, claims and names belong to what.

use super::columns::Lists;
use super::names::{NameIndexBuf, NameRank};
use super::view::Step;
use crate::model::{ClaimIx, Dataset, FactIx, FlowEnd, NameKind, NodeIx, RecordIx, RelationTarget};

/// The record of each claim, also of the claims of relations.
pub(super) fn records_of_claims(dataset: &Dataset) -> Vec<RecordIx> {
    let mut found = vec![RecordIx(0); dataset.claims.len()];
    for (at, record) in dataset.records.iter().enumerate() {
        let ranges = record.relations.iter().map(|it| &it.claims).chain([&record.claims]);
        for range in ranges {
            for slot in found.get_mut(range.start as usize..range.end as usize).into_iter().flatten() {
                *slot = RecordIx::from_usize(at);
            }
        }
    }
    found
}

pub(super) fn name_index(dataset: &Dataset) -> NameIndexBuf {
    let entities = (0_u32..).zip(&dataset.entities);
    NameIndexBuf::new(entities.flat_map(|(node, entity)| {
        let own = [Some(&*entity.name), entity.plural.as_deref(), entity.short.as_deref(), Some(entity.id.as_str())];
        let own = own.into_iter().flatten().map(move |name| (node, NameRank::Primary, name));
        own.chain(entity.names.iter().map(move |name| {
            let rank = match name.kind {
                NameKind::Primary => NameRank::Primary,
                NameKind::Code => NameRank::Code,
                NameKind::Alias => NameRank::Alias,
                NameKind::Demonym => NameRank::Demonym,
                NameKind::Metonym => NameRank::Metonym,
            };
            (node, rank, &*name.text)
        }))
    }))
}

fn numbered<T>(items: &[T]) -> impl Iterator<Item = (u32, &T)> {
    (0_u32..).zip(items)
}

/// Steps from one end of each fact to the other; a symmetric fact gives one each way.
pub(super) fn steps(dataset: &Dataset, node_count: usize, from: FlowEnd, to: FlowEnd) -> Lists<Step> {
    let mut pairs = Vec::with_capacity(dataset.facts.len());
    for (at, fact) in numbered(&dataset.facts) {
        let (Some(a), Some(b)) = (fact.ends.get(from), fact.ends.get(to)) else { continue };
        pairs.push((a.node.0, Step { to: b.node, fact: FactIx(at) }));
        if dataset.vocabulary.kind(fact.kind).is_some_and(|it| it.symmetric) {
            pairs.push((b.node.0, Step { to: a.node, fact: FactIx(at) }));
        }
    }
    Lists::group(node_count, pairs)
}

pub(super) fn at_end(fact: &crate::model::Fact, end: FlowEnd) -> Vec<NodeIx> {
    fact.ends.get(end).iter().map(|it| it.node).collect()
}

pub(super) fn facts_by(
    dataset: &Dataset,
    count: usize,
    keys: impl Fn(&crate::model::Fact) -> Vec<NodeIx>,
) -> Lists<FactIx> {
    let mut pairs = Vec::new();
    for (at, fact) in numbered(&dataset.facts) {
        pairs.extend(keys(fact).into_iter().map(|node| (node.0, FactIx(at))));
    }
    Lists::group(count, pairs)
}

pub(super) fn claims_by(dataset: &Dataset, node_count: usize) -> Lists<ClaimIx> {
    Lists::group(node_count, numbered(&dataset.claims).map(|(at, claim)| (claim.by.0, ClaimIx(at))).collect())
}

pub(super) fn claims_in(dataset: &Dataset) -> Lists<ClaimIx> {
    let mut pairs = Vec::new();
    for (at, claim) in numbered(&dataset.claims) {
        pairs.extend(claim.via.iter().chain([&claim.document]).map(|document| (document.0, ClaimIx(at))));
    }
    Lists::group(dataset.entities.len(), pairs)
}

pub(super) fn related_from(dataset: &Dataset) -> Lists<RecordIx> {
    let mut pairs = Vec::new();
    for (at, record) in numbered(&dataset.records) {
        for relation in &record.relations {
            let target = match relation.target {
                RelationTarget::Record(record) => Some(record),
                RelationTarget::Fact(fact) => dataset.facts.get(fact.index()).map(|it| it.record),
                RelationTarget::Entity(_) => None,
            };
            pairs.extend(target.map(|it| (it.0, RecordIx(at))));
        }
    }
    Lists::group(dataset.records.len(), pairs)
}
