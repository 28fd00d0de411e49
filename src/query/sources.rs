//! What each document carries, what it relays, and what stands on it alone.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::build::{Builder, node_ref, time_key};
use super::error::QueryError;
use super::judged::SourceUse;
use super::lens::Lens;
use super::question::Question;
use super::resolve;
use super::rules::origins::origins;
use crate::graph::GraphView;
use crate::model::{ClaimIx, EntityIx, EntityKind, FactIx};

/// All documents in the order of their ids, or those of a publisher, or one.
pub(crate) fn sources<G: GraphView>(lens: &Lens<'_, G>, name: Option<&str>) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let named = name.map(|it| resolve::entity(graph, it, "document or publisher", |_| true)).transpose()?;
    let wanted = |document: EntityIx| match &named {
        None => true,
        Some((entity, ..)) => *entity == document || graph.document(document).publisher == Some(*entity),
    };
    let entities = (0..u32::try_from(graph.entity_count()).unwrap_or(u32::MAX)).map(EntityIx);
    let documents: Vec<EntityIx> =
        entities.filter(|it| graph.entity(*it).kind == EntityKind::Document && wanted(*it)).collect();
    let mut builder = Builder::new(lens);
    let mut uses = Vec::new();
    for document in documents {
        let note = builder.note(document, &[]);
        let seen: Vec<ClaimIx> = graph.claims_in(document).iter().copied().filter(|it| lens.sees(*it)).collect();
        let (carried, relayed): (Vec<ClaimIx>, Vec<ClaimIx>) =
            seen.iter().partition(|it| graph.claim(**it).document == document);
        let facts = facts_of(lens, &seen);
        let carries = |claim: ClaimIx| {
            let view = graph.claim(claim);
            view.document == document || view.via.contains(&document)
        };
        let alone = |fact: &&FactIx| lens.current(graph.fact(**fact).record).into_iter().all(carries);
        let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id.to_owned()).collect::<Vec<_>>();
        uses.push(SourceUse {
            document: node_ref(graph, document.into()),
            note,
            carries: ids(&facts_of(lens, &carried)),
            relays: ids(&facts_of(lens, &relayed)),
            alone: ids(&facts.iter().filter(alone).copied().collect::<Vec<_>>()),
            origins: origins(graph, seen.iter().copied()).iter().map(|it| node_ref(graph, *it)).collect(),
        });
    }
    let question = Question::Sources { name: name.map(str::to_owned) };
    let mut answer = builder.finish(question.to_string(), Vec::new(), Vec::new());
    "Sources".clone_into(&mut answer.title);
    if let Some((entity, rank, _)) = named
        && let Some(name) = name
        && rank == crate::graph::NameRank::Typo
    {
        answer.remarks.push(resolve::read_as(graph, name, entity));
    }
    answer.sources = Some(uses);
    Ok(answer)
}

/// Facts of the records that claims belong to and that are to be shown, in the order of time.
fn facts_of<G: GraphView>(lens: &Lens<'_, G>, claims: &[ClaimIx]) -> Vec<FactIx> {
    let graph = lens.graph;
    let records: BTreeSet<_> = claims.iter().map(|it| graph.claim(*it).record).collect();
    let mut facts: Vec<FactIx> = records.into_iter().flat_map(|it| graph.record(it).facts).map(FactIx).collect();
    facts.retain(|it| lens.keeps(*it));
    facts.sort_by_cached_key(|it| time_key(lens, *it));
    facts
}
