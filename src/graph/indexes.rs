//! The indexes of a graph: which steps, facts, claims and names belong to what. They are made from a few columns, so that a
//! graph in memory and a snapshot have them alike.

use super::columns::Lists;
use super::names::NameRank;
use super::view::Step;
use crate::model::{
    ClaimIx, Dataset, EntityIx, FactIx, KindIx, NameKind, NodeIx, RecordIx, RelationTarget, Vocabulary,
};

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

/// The names by which an entity is found: its own, and those that it also has.
pub(super) fn ranked<'n>(
    own: [Option<&'n str>; 4],
    names: impl Iterator<Item = (NameKind, &'n str)>,
) -> impl Iterator<Item = (NameRank, &'n str)> {
    let own = own.into_iter().flatten().map(|name| (NameRank::Primary, name));
    own.chain(names.map(|(kind, name)| {
        let rank = match kind {
            NameKind::Primary => NameRank::Primary,
            NameKind::Code => NameRank::Code,
            NameKind::Alias => NameRank::Alias,
            NameKind::Demonym => NameRank::Demonym,
            NameKind::Metonym => NameRank::Metonym,
            NameKind::Weak => NameRank::Weak,
        };
        (rank, name)
    }))
}

/// Steps from one end of each fact to the other, which are given; a symmetric fact gives one each way. What indexes are made of is
/// asked for twice.
pub(super) fn steps<I: Iterator<Item = (KindIx, Option<(NodeIx, NodeIx)>)>>(
    facts: impl Fn() -> I,
    vocabulary: &Vocabulary,
    node_count: usize,
) -> Lists<Step> {
    let symmetric: Vec<bool> = vocabulary.kinds.iter().map(|it| it.symmetric).collect();
    let symmetric = &symmetric;
    Lists::group(node_count, || {
        (0_u32..).zip(facts()).flat_map(move |(at, (kind, both))| {
            let back = both.filter(|_| symmetric.get(kind.index()).is_some_and(|it| *it)).map(|(a, b)| (b, a));
            both.into_iter().chain(back).map(move |(a, b)| (a.0, Step { to: b, fact: FactIx(at) }))
        })
    })
}

/// Facts by the node at one of their ends.
pub(super) fn facts_at<I: Iterator<Item = Option<NodeIx>>>(ends: impl Fn() -> I, node_count: usize) -> Lists<FactIx> {
    Lists::group(node_count, || (0_u32..).zip(ends()).filter_map(|(at, node)| Some((node?.0, FactIx(at)))))
}

/// Facts by their kind.
pub(super) fn facts_of_kind<I: Iterator<Item = KindIx>>(
    kinds: impl Fn() -> I,
    vocabulary: &Vocabulary,
) -> Lists<FactIx> {
    Lists::group(vocabulary.kinds.len(), || (0_u32..).zip(kinds()).map(|(at, kind)| (u32::from(kind.0), FactIx(at))))
}

/// Facts by all that take part in them, given as pairs of both.
pub(super) fn facts_with_role<I: Iterator<Item = (FactIx, NodeIx)>>(
    roles: impl Fn() -> I,
    node_count: usize,
) -> Lists<FactIx> {
    Lists::group(node_count, || roles().map(|(fact, node)| (node.0, fact)))
}

/// Claims by who makes them.
pub(super) fn claims_by<I: Iterator<Item = NodeIx>>(claimants: impl Fn() -> I, node_count: usize) -> Lists<ClaimIx> {
    Lists::group(node_count, || (0_u32..).zip(claimants()).map(|(at, by)| (by.0, ClaimIx(at))))
}

/// Claims by the documents that carry or relay them, given as pairs of both.
pub(super) fn claims_in<I: Iterator<Item = (ClaimIx, EntityIx)>>(
    carried: impl Fn() -> I,
    entity_count: usize,
) -> Lists<ClaimIx> {
    Lists::group(entity_count, || carried().map(|(claim, document)| (document.0, claim)))
}

/// Records by those that they relate to. A fact is looked up by `record_of`.
pub(super) fn related_from<I: Iterator<Item = (RecordIx, RelationTarget)>>(
    relations: impl Fn() -> I,
    record_of: impl Fn(FactIx) -> Option<RecordIx>,
    record_count: usize,
) -> Lists<RecordIx> {
    let pair = |(record, target): (RecordIx, RelationTarget)| {
        let target = match target {
            RelationTarget::Record(target) => Some(target),
            RelationTarget::Fact(fact) => record_of(fact),
            RelationTarget::Entity(_) => None,
        };
        target.map(|it| (it.0, record))
    };
    Lists::group(record_count, || relations().filter_map(&pair))
}
