//! [`Whole`]: a graph at hand that gives what tables would give.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use jiff::civil::Date;

use super::numbers::Rows;
use super::rounds::{Need, Store};
use super::sql::days;
use crate::graph::{GraphView, GroupKey, Step, Want, pack_record};
use crate::model::{ClaimIx, FactIx, FlowEnd, KindIx, NodeIx, RecordIx};
use crate::query::{ReducedChains, ReducedCounts, ReducedFacts, ReducedPlain, ReducedWalk, Reduction, TopOf};

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
            Need::Reduction(Reduction::Chains(chains)) => {
                let is_plain = |it: &FactIx| chains.plain.is_some_and(|which| self.is_plain(*it, which));
                self.chains(chains).into_iter().filter(|it| !is_plain(it)).map(|it| self.record(it)).collect()
            }
            Need::Reduction(Reduction::Counts(counts)) => {
                let others = self.all().filter(|it| self.fits(&counts.facts, *it) && !self.counts(counts, *it));
                others.map(|it| self.record(it)).collect()
            }
            Need::Reduction(Reduction::Walk(_)) => BTreeSet::new(),
            Need::Wants(wants, reduction) => wants.iter().flat_map(|it| self.wanted(it, *reduction)).collect(),
        }
    }

    fn all(&self) -> impl Iterator<Item = FactIx> + use<G> {
        (0..self.graph.fact_count()).map(FactIx::from_usize)
    }

    fn record(&self, fact: FactIx) -> RecordIx {
        self.graph.fact_ends(fact).record
    }

    fn wanted(&self, want: &Want, reduction: Option<&Reduction>) -> Vec<RecordIx> {
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
            Want::WalkOut(_) | Want::WalkIn(_) => {
                let Some(Reduction::Walk(walk)) = reduction else { return Vec::new() };
                let mut others = self.steps(walk, want);
                others.retain(|it| !self.is_plain(*it, walk.plain));
                facts(&others)
            }
            Want::Group(_) => Vec::new(),
        }
    }

    /// What the tables say of a fact's days.
    fn days(&self, fact: FactIx) -> [Option<Date>; 2] {
        let state = self.graph.record_state(self.record(fact));
        let mut claims = state.claims.map(ClaimIx);
        let period = state.period.filter(|_| claims.all(|it| self.graph.claim_state(it).period.is_none()));
        [period.and_then(|it| it.earliest()), period.and_then(|it| it.latest())]
    }

    /// Whether a fact counts without a look at its claim.
    fn is_plain(&self, fact: FactIx, which: ReducedPlain) -> bool {
        let glance = self.graph.glance(fact);
        glance.is_plain()
            && glance.days().is_some()
            && (glance.is_stated() || !which.only_stated)
            && !(self.graph.is_related(fact) && which.only_unrelated)
    }

    /// The steps that lead on from a node.
    fn steps(&self, walk: &ReducedWalk, want: &Want) -> Vec<FactIx> {
        let steps = match want {
            Want::WalkOut(it) => self.graph.steps_out(*it),
            Want::WalkIn(it) => self.graph.steps_in(*it),
            _ => &[],
        };
        let fits = |it: &FactIx| walk.facts.as_ref().is_none_or(|facts| self.fits(facts, *it));
        steps.iter().map(|it| it.fact).filter(fits).collect()
    }

    fn counts(&self, counts: &ReducedCounts, fact: FactIx) -> bool {
        self.is_plain(fact, counts.plain())
    }

    fn is_certain(&self, counts: &ReducedCounts, fact: FactIx) -> bool {
        let Some(certain) = &counts.certain else { return true };
        let ([first, last], [from, to]) = (self.days(fact), counts.facts.days.unwrap_or_default());
        let begins = from.is_none_or(|from| first.is_some_and(|it| from <= it));
        let ends = to.is_none_or(|to| last.is_some_and(|it| it <= to));
        certain.any && (certain.states.contains(&self.graph.fact_ends(fact).kind) || begins && ends)
    }

    fn key(&self, counts: &ReducedCounts, fact: FactIx) -> Option<GroupKey> {
        let view = self.graph.fact_ends(fact);
        let end = |end| {
            let node = view.ends.get(end).map(|it| it.node);
            node.filter(|it| it.index() < self.graph.entity_count())
        };
        match counts.by {
            TopOf::From => Some((end(FlowEnd::Source)?, None)),
            TopOf::What => Some((end(FlowEnd::Object)?, None)),
            TopOf::To => Some((end(FlowEnd::Target)?, None)),
            TopOf::Pairs | TopOf::Central => {
                let (a, b) = (end(FlowEnd::Source)?, end(FlowEnd::Target)?);
                let turned = b < a && counts.facts.symmetric.contains(&view.kind);
                Some(if turned { (b, Some(a)) } else { (a, Some(b)) })
            }
        }
    }

    /// What statements of numbers give, said once more without SQL.
    fn numbers(&self, rows: &Rows<'_>) -> Vec<Vec<Option<i64>>> {
        let (counts, wanted) = match rows {
            Rows::Steps(walk, wants) => {
                let facts = wants.iter().flat_map(|it| self.steps(walk, it));
                return facts.map(|it| self.plain_fact(it, Some(walk.plain))).collect();
            }
            Rows::Chains(chains) => {
                return self.chains(chains).into_iter().map(|it| self.plain_fact(it, chains.plain)).collect();
            }
            Rows::Counts(counts) => (counts, None),
            Rows::Groups(counts, wants) => (counts, Some(wants)),
        };
        let mut groups: BTreeMap<Option<GroupKey>, (i64, FactIx)> = BTreeMap::new();
        let (mut possible, mut others) = (0, 0);
        for fact in self.all().filter(|it| self.fits(&counts.facts, *it)) {
            if !self.counts(counts, fact) {
                others += 1;
                continue;
            }
            let certain = self.is_certain(counts, fact);
            if certain || !counts.certain.as_ref().is_some_and(|it| it.only) {
                possible += i64::from(!certain);
                groups.entry(self.key(counts, fact)).or_insert((0, fact)).0 += 1;
            }
        }
        let sum: i64 = groups.values().map(|it| it.0).sum();
        let left_out = groups.remove(&None).map_or(0, |it| it.0);
        let keys = i64::try_from(groups.len()).unwrap_or(i64::MAX);
        let found = groups.into_iter().filter_map(|(key, counted)| Some((key?, counted)));
        let mut found: Vec<(GroupKey, (i64, FactIx))> = found.collect();
        let mut given = Vec::new();
        match wanted {
            Some(wants) => found.retain(|it| wants.contains(&Want::Group(it.0))),
            None => {
                given.push([1, keys, sum, left_out, possible, others].map(Some).to_vec());
                found.sort_by_key(|(key, (facts, _))| (std::cmp::Reverse(*facts), *key));
                found.truncate(counts.limit);
            }
        }
        given.extend(found.into_iter().map(|((a, b), (facts, first))| {
            let [a, b] = [Some(a), b].map(|it| it.map(|it| i64::from(it.0)));
            vec![Some(0), a, b, Some(facts), Some(i64::from(first.0)), Some(0)]
        }));
        given
    }

    fn plain_fact(&self, fact: FactIx, which: Option<ReducedPlain>) -> Vec<Option<i64>> {
        let view = self.graph.fact_ends(fact);
        let end = |end| view.ends.get(end).map(|it| i64::from(it.node.0));
        let [first, last] = self.days(fact).map(|it| it.map(|it| i64::from(days(it))));
        let is_stated = i64::from(self.graph.glance(fact).is_stated());
        let relations = Some(i64::try_from(self.graph.relations(view.record).count()).unwrap_or(i64::MAX));
        let KindIx(kind) = view.kind;
        let (source, object, target) = (end(FlowEnd::Source), end(FlowEnd::Object), end(FlowEnd::Target));
        let is_plain = i64::from(which.is_some_and(|it| self.is_plain(fact, it)));
        let [number, record] = [fact.0, view.record.0].map(|it| Some(i64::from(it)));
        let kind = Some(i64::from(kind));
        let marks = [Some(is_plain), Some(is_stated), relations];
        [number, record, kind, source, object, target].into_iter().chain(marks).chain([first, last]).collect()
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
            && self.overlaps(wanted, fact)
            && (wanted.outcomes.is_empty() || wanted.outcomes.contains(&graph.record_state(view.record).outcome))
            && wanted.with.iter().all(takes_part)
    }

    fn overlaps(&self, wanted: &ReducedFacts, fact: FactIx) -> bool {
        let Some([from, to]) = wanted.days else { return true };
        let [first, last] = self.days(fact);
        let begins = to.zip(first).is_none_or(|(to, first)| first <= to);
        begins && from.zip(last).is_none_or(|(from, last)| from <= last)
    }

    /// Facts that may stand in a chain.
    fn chains(&self, chains: &ReducedChains) -> BTreeSet<FactIx> {
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
        on_the_way.map(|it| it.0).collect()
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

    fn rows(
        &mut self,
        rows: &Rows<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), Infallible> {
        self.rounds.push((rows.to_string(), statements.to_vec()));
        for row in self.numbers(rows) {
            if !take(&row) {
                break;
            }
        }
        Ok(())
    }
}
