//! [`Whole`]: a graph at hand that gives what tables would give.

use std::collections::BTreeSet;
use std::convert::Infallible;

use super::rounds::{Need, Store};
use crate::graph::{GraphView, Step, Want, pack_record};
use crate::model::{ClaimIx, FactIx, FlowEnd, NodeIx, RecordIx};
use crate::query::{ReducedChains, ReducedFacts, Reduction};

/// Gives what is needed and nothing else, and keeps the statements that say the same: to show them, and to hold engines
/// against.
#[derive(Clone, Debug)]
pub struct Whole<'g, G> {
    graph: &'g G,
    tag: u64,
    /// The statements of each round, with a word on what they are for.
    pub rounds: Vec<(String, Vec<String>)>,
}

impl<'g, G: GraphView> Whole<'g, G> {
    /// A store over a graph; records get that tag.
    pub fn new(graph: &'g G, tag: u64) -> Self {
        Whole { graph, tag, rounds: Vec::new() }
    }

    fn records(&self, need: &Need<'_>) -> BTreeSet<RecordIx> {
        match need {
            Need::Reduction(Reduction::Facts(wanted)) => {
                self.all().filter(|it| self.fits(wanted, *it)).map(|it| self.record(it)).collect()
            }
            Need::Reduction(Reduction::Chains(chains)) => self.chains(chains),
            Need::Wants(wants) => wants.iter().flat_map(|it| self.wanted(it)).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = FactIx> + use<G> {
        (0..self.graph.fact_count()).map(FactIx::from_usize)
    }

    fn record(&self, fact: FactIx) -> RecordIx {
        self.graph.fact_ends(fact).record
    }

    fn wanted(&self, want: &Want) -> Vec<RecordIx> {
        let graph = self.graph;
        let facts = |list: &[FactIx]| list.iter().map(|it| self.record(*it)).collect::<Vec<_>>();
        let claims = |list: &[ClaimIx]| list.iter().map(|it| graph.claim(*it).record).collect::<Vec<_>>();
        let steps = |list: &[Step]| list.iter().map(|it| self.record(it.fact)).collect::<Vec<_>>();
        match want {
            Want::All => (0..graph.record_count()).map(RecordIx::from_usize).collect(),
            Want::Record(it) => vec![*it],
            Want::Fact(it) => vec![self.record(*it)],
            Want::Claim(it) => claims(&[*it]),
            Want::Id(it) => {
                let of_fact = graph.fact_by_id(it).map(|it| self.record(it));
                of_fact.into_iter().chain(graph.record_by_id(it)).collect()
            }
            Want::From(it) => facts(graph.facts_from(*it)),
            Want::To(it) => facts(graph.facts_to(*it)),
            Want::With(it) => facts(graph.facts_with(*it)),
            Want::Of(it) => facts(&graph.facts_of(*it)),
            Want::Out(it) => steps(graph.steps_out(*it)),
            Want::In(it) => steps(graph.steps_in(*it)),
            Want::Pair(a, b) => steps(graph.steps_to(*a, *b)),
            Want::Kind(it) => facts(graph.facts_of_kind(*it)),
            Want::By(it) => claims(graph.claims_by(*it)),
            Want::Carried(it) => claims(graph.claims_in(*it)),
        }
    }

    /// What the statement of a reduction selects, said once more without SQL.
    fn fits(&self, wanted: &ReducedFacts, fact: FactIx) -> bool {
        let graph = self.graph;
        let view = graph.fact_ends(fact);
        let end = |end: FlowEnd, nodes: &Option<Vec<NodeIx>>| {
            nodes.as_ref().is_none_or(|nodes| view.ends.get(end).is_some_and(|it| nodes.contains(&it.node)))
        };
        let along = end(FlowEnd::Source, &wanted.from) && end(FlowEnd::Target, &wanted.to);
        let against = wanted.symmetric.contains(&view.kind)
            && end(FlowEnd::Target, &wanted.from)
            && end(FlowEnd::Source, &wanted.to);
        let takes_part = |(role, nodes): &(_, Vec<NodeIx>)| {
            let fills = |it: crate::graph::RoleFill| {
                let role: &Option<crate::model::RoleIx> = role;
                role.is_none_or(|role| role == it.role) && nodes.contains(&it.participant.node)
            };
            graph.roles(fact).any(fills)
        };
        wanted.kinds.contains(&view.kind)
            && (along || against)
            && end(FlowEnd::Object, &wanted.what)
            && (wanted.outcomes.is_empty() || wanted.outcomes.contains(&graph.record_state(view.record).outcome))
            && wanted.with.iter().all(takes_part)
    }

    fn chains(&self, chains: &ReducedChains) -> BTreeSet<RecordIx> {
        let graph = self.graph;
        let mut steps: Vec<(FactIx, NodeIx, NodeIx)> = Vec::new();
        for fact in self.all().filter(|it| self.fits(&chains.facts, *it)) {
            let view = graph.fact_ends(fact);
            let Some((source, target)) = view.ends.source.zip(view.ends.target) else { continue };
            steps.push((fact, source.node, target.node));
            if chains.facts.symmetric.contains(&view.kind) {
                steps.push((fact, target.node, source.node));
            }
        }
        let first: BTreeSet<NodeIx> = steps.iter().filter(|it| chains.from.contains(&it.1)).map(|it| it.2).collect();
        let last: BTreeSet<NodeIx> = steps.iter().filter(|it| chains.to.contains(&it.2)).map(|it| it.1).collect();
        let on_the_way = steps.iter().filter(|(_, from, to)| {
            chains.from.contains(from) || chains.to.contains(to) || (first.contains(from) && last.contains(to))
        });
        on_the_way.map(|(fact, ..)| self.record(*fact)).collect()
    }
}

impl<G: GraphView> Store for Whole<'_, G> {
    type Error = Infallible;

    fn fetch(
        &mut self,
        need: &Need<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), Infallible> {
        self.rounds.push((need.to_string(), statements.to_vec()));
        for record in self.records(need) {
            if !take(&pack_record(self.graph, record, self.tag)) {
                break;
            }
        }
        Ok(())
    }
}
