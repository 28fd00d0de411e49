//! Facts that may be one: the same kind with the same ends at the same time, in several records.

use std::collections::BTreeMap;

use crate::graph::GraphView;
use crate::model::{FactIx, RelationTarget};
use crate::query::answer::Ref;
use crate::query::build::node_ref;

/// Facts that say the same of the same, in different records that no relation ties together.
#[derive(Clone, Debug, PartialEq)]
pub struct SameFacts {
    /// Their kind.
    pub kind: String,
    /// Source, object and target.
    pub ends: [Option<Ref>; 3],
    /// Their period as written in EDTF, if they have one.
    pub period: Option<String>,
    /// Their ids.
    pub facts: Vec<String>,
}

/// Groups of facts that may be one, in the order of the first of each. They are never made one: which record says what stays.
///
/// Facts whose records are related (`same_as`, `part_of`, `in_addition_to` …) are told apart or together already. Time n log n.
pub fn same_facts<G: GraphView>(graph: &G) -> Vec<SameFacts> {
    let count = u32::try_from(graph.fact_count()).unwrap_or(u32::MAX);
    let mut groups: BTreeMap<_, Vec<FactIx>> = BTreeMap::new();
    for fact in (0..count).map(FactIx) {
        let view = graph.fact(fact);
        let record = graph.record(view.record);
        let ends = [view.ends.source, view.ends.object, view.ends.target].map(|it| it.map(|it| (it.node, it.of)));
        // A fact of which an end is not known is like any other.
        if ends.iter().flatten().count() < 2 || ends.iter().flatten().any(|(node, _)| graph.unnamed_of(*node).is_some())
        {
            continue;
        }
        let period = record.period.map(|it| it.edtf());
        groups.entry((view.kind, ends, period, record.outcome.as_str())).or_default().push(fact);
    }
    let mut found = Vec::new();
    for ((kind, ends, period, _), mut facts) in groups {
        let records: Vec<_> = facts.iter().map(|it| graph.fact(*it).record).collect();
        let is_related = |it: &FactIx| {
            graph.relations(graph.fact(*it).record).any(|relation| match relation.target {
                RelationTarget::Record(record) => records.contains(&record),
                RelationTarget::Fact(fact) => records.contains(&graph.fact(fact).record),
                RelationTarget::Entity(_) => false,
            })
        };
        facts.retain(|it| !is_related(it));
        let mut of_records: Vec<_> = facts.iter().map(|it| graph.fact(*it).record).collect();
        of_records.dedup();
        if of_records.len() < 2 {
            continue;
        }
        found.push(SameFacts {
            kind: graph.vocabulary().kind(kind).map_or(String::new(), |it| it.id.to_string()),
            ends: ends.map(|it| it.map(|(node, _)| node_ref(graph, node))),
            period,
            facts: facts.iter().map(|it| graph.fact(*it).id.to_owned()).collect(),
        });
    }
    found.sort_by(|a, b| a.facts.cmp(&b.facts));
    found
}
