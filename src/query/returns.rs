//! What was given in return for what, as the sources say it. Nothing is inferred from two transfers that go opposite ways.

use super::answer::Answer;
use super::build::{Builder, node_ref, time_key};
use super::error::QueryError;
use super::judged::Exchange;
use super::lens::Lens;
use super::question::Question;
use super::resolve::{self, End};
use crate::graph::GraphView;
use crate::model::{ClaimIx, FactIx, FlowEnd, NodeIx, RecordIx, RelationKind, RelationTarget};

/// Exchanges between two, both ways; of one with everybody; or all.
pub(crate) fn returns<G: GraphView>(lens: &Lens<'_, G>, names: &[String]) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let ends = names.iter().map(|it| resolve::end(graph, it, false)).collect::<Result<Vec<_>, _>>()?;
    if let [a, b] = ends.as_slice()
        && let (Some(a), Some(b)) = (a.named, b.named)
        && a == b
    {
        return Err(QueryError::SameEnds { name: resolve::prose(graph, a) });
    }
    let mut records: Vec<RecordIx> = match ends.first() {
        Some(end) => {
            let facts = end.nodes.iter().flat_map(|it| graph.facts_from(*it).iter().chain(graph.facts_to(*it)));
            facts.map(|it| graph.fact(*it).record).collect()
        }
        None => (0..u32::try_from(graph.record_count()).unwrap_or(u32::MAX)).map(RecordIx).collect(),
    };
    records.sort_unstable();
    records.dedup();

    let mut found: Vec<(Vec<FactIx>, Vec<FactIx>, Vec<ClaimIx>)> = Vec::new();
    for record in records {
        for relation in graph.relations(record).filter(|it| it.kind == RelationKind::InReturnFor) {
            let claims: Vec<ClaimIx> = if relation.claims.is_empty() {
                lens.current(record)
            } else {
                relation.claims.clone().map(ClaimIx).filter(|it| lens.sees(*it)).collect()
            };
            let given: Vec<FactIx> = match relation.target {
                RelationTarget::Record(target) => graph.record(target).facts.map(FactIx).collect(),
                RelationTarget::Fact(fact) => vec![fact],
                RelationTarget::Entity(_) => continue,
            };
            let returned: Vec<FactIx> = graph.record(record).facts.map(FactIx).collect();
            let between = |it: &FactIx| lens.keeps(*it) && is_between(graph, *it, &ends);
            let (returned, given): (Vec<_>, Vec<_>) =
                (returned.into_iter().filter(between).collect(), given.into_iter().filter(between).collect());
            if !claims.is_empty() && !returned.is_empty() && !given.is_empty() {
                found.push((given, returned, claims));
            }
        }
    }
    found.sort_by_cached_key(|(given, returned, _)| {
        let first = |facts: &[FactIx]| facts.iter().map(|it| time_key(lens, *it)).min();
        (first(given), first(returned))
    });

    let mut facts: Vec<FactIx> =
        found.iter().flat_map(|(given, returned, _)| given.iter().chain(returned)).copied().collect();
    facts.sort_by_cached_key(|it| time_key(lens, *it));
    facts.dedup();
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&facts.iter().map(|it| (*it, None)).collect::<Vec<_>>());
    let exchanges: Vec<Exchange> = found
        .iter()
        .map(|(given, returned, claims)| {
            let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id.to_owned()).collect();
            let mut by: Vec<NodeIx> = claims.iter().map(|it| graph.claim(*it).by).collect();
            by.sort_unstable();
            by.dedup();
            let mut notes: Vec<usize> = claims.iter().map(|it| builder.note_of(*it)).collect();
            notes.sort_unstable();
            notes.dedup();
            Exchange {
                given: ids(given),
                returned: ids(returned),
                by: by.iter().map(|it| node_ref(graph, *it)).collect(),
                notes,
            }
        })
        .collect();
    let question = Question::Returns { names: names.to_vec() };
    let mut answer = builder.finish(question.to_string(), rows, Vec::new());
    "What was given in return for what".clone_into(&mut answer.title);
    answer.remarks.extend(ends.iter().filter_map(|it| it.remark.clone()));
    if !exchanges.is_empty() {
        answer
            .remarks
            .push("that one was given in return for the other is what the sources say; nothing is inferred".to_owned());
    }
    answer.exchanges = Some(exchanges);
    Ok(answer)
}

/// Whether a fact goes from one of the ends to another; of one end, from it or to it.
fn is_between<G: GraphView>(graph: &G, fact: FactIx, ends: &[End]) -> bool {
    let view = graph.fact(fact);
    let node = |end: FlowEnd| view.ends.get(end).map(|it| it.node);
    let is = |end: &End, node: Option<NodeIx>| node.is_some_and(|it| end.nodes.binary_search(&it).is_ok());
    let (from, to) = (node(FlowEnd::Source), node(FlowEnd::Target));
    match ends {
        [] => true,
        [one] => is(one, from) || is(one, to),
        [a, b, ..] => (is(a, from) && is(b, to)) || (is(b, from) && is(a, to)),
    }
}
