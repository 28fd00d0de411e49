//! Paths in the order of time: the walk that arrives earliest, and which facts of a path can take part in a chain.
//!
//! A chain is possible if moments t1 <= t2 <= … exist, each a possible day of a fact of its step. Of a fact that comes
//! late only the first possible day matters, and of one that comes early only the last: going on from the earliest
//! possible arrival loses nothing, since whatever can follow a later moment can follow an earlier one too. A fact without
//! a period may have been at any time, and a state held throughout, so that any moment of it may be chosen.

use std::collections::{BTreeMap, BTreeSet};

use super::chain_time::said_after;
use super::lens::Lens;
use super::path::{Found, Search};
use crate::graph::GraphView;
use crate::model::period::{ChainDays, Day};
use crate::model::{Aspect, FactIx, NodeIx, Period};

/// A fact as a step of a chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timed {
    pub(super) fact: FactIx,
    pub(super) period: Option<Period>,
    pub(super) aspect: Aspect,
    pub(super) days: ChainDays,
}

/// A fact with its days.
pub(super) fn timed<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> Timed {
    let graph = lens.graph;
    let view = graph.fact_ends(fact);
    let aspect = graph.vocabulary().kind(view.kind).map_or(Aspect::Event, |it| it.aspect);
    let period = lens.period(view.record);
    Timed { fact, period, aspect, days: ChainDays::of(period.as_ref(), aspect) }
}

/// Paths in the order of time, added to `found`: without `--all` one with the fewest steps that arrives earliest, and
/// another of the same length if there is one. Tells whether the search gave up before the last.
pub(super) fn paths<G: GraphView>(search: &Search<'_, '_, G>, item: Option<NodeIx>, found: &mut Vec<Found>) -> bool {
    let earliest = Layers::new(search, item).map_or(Vec::new(), |layers| layers.paths());
    let Some(least) = earliest.first().map(|it| it.len().saturating_sub(1)) else { return false };
    let narrowed = |nodes: Vec<NodeIx>| narrow(search.lens, search.with_facts(nodes, item));
    let mut chains: Vec<Found> = earliest.into_iter().filter_map(narrowed).collect();
    let mut cut_short = false;
    if search.question.all {
        cut_short = walk(search, item, search.question.max_hops, &mut chains);
    } else if chains.is_empty() {
        // The days allow a chain, and a relation `after` forbids it. Which facts may stand together is then a matter of
        // the whole path and not of the arrival alone, so that only trying all paths is sure.
        for hops in least..=search.question.max_hops {
            cut_short |= walk(search, item, hops, &mut chains);
            if !chains.is_empty() {
                break;
            }
        }
    }
    found.extend(chains);
    cut_short
}

/// All paths of at most so many steps that are possible, each once; tells whether the walk gave up before the last.
fn walk<G: GraphView>(search: &Search<'_, '_, G>, item: Option<NodeIx>, hops: usize, chains: &mut Vec<Found>) -> bool {
    let known: BTreeSet<Vec<NodeIx>> = chains.iter().map(|it| it.nodes.clone()).collect();
    let mut all = Vec::new();
    let cut_short = search.all(item, hops, &mut all);
    let others = all.into_iter().filter(|it| !known.contains(&it.nodes));
    chains.extend(others.filter_map(|it| narrow(search.lens, it)));
    cut_short
}

/// The earliest arrival at each node, by number of steps.
struct Layers<'s, 'l, 'g, G> {
    search: &'s Search<'l, 'g, G>,
    item: Option<NodeIx>,
    /// Of each layer the nodes that are reached earlier than in any layer before; the last one holds a target.
    arrivals: Vec<BTreeMap<NodeIx, Day>>,
}

impl<'s, 'l, 'g, G: GraphView> Layers<'s, 'l, 'g, G> {
    /// Goes on layer by layer until a target is reached; none if no chain of at most the longest length leads there. In the
    /// order of steps times edges.
    ///
    /// A node stays in a layer only if it is reached earlier than in every layer before. That finds a chain wherever there
    /// is one, and one with the fewest steps: let v0, v1, …, vk be a possible chain that arrives at a0 <= a1 <= …. By
    /// induction some layer h <= i holds vi with an arrival <= ai: v0 stands in layer 0, before all days. If layer h holds
    /// vi with an arrival <= ai, then the fact that led on at a(i+1) can be used from there too, so vi+1 is reached in
    /// layer h + 1 by a(i+1) at the latest; and if it isn't kept there, an earlier layer holds it with an arrival that is as
    /// early. So the target stands in layer k or before. The other way round each arrival is that of a walk in the order of
    /// time, which passes no node twice: coming back it would arrive no earlier than it did before.
    fn new(search: &'s Search<'l, 'g, G>, item: Option<NodeIx>) -> Option<Self> {
        let start: BTreeMap<NodeIx, Day> = search.sources.iter().map(|it| (*it, Day::Before)).collect();
        let mut best = start.clone();
        let mut layers = Layers { search, item, arrivals: vec![start] };
        for _ in 0..search.question.max_hops {
            let mut next: BTreeMap<NodeIx, Day> = BTreeMap::new();
            for (node, arrival) in layers.arrivals.last()? {
                for (to, facts) in search.neighbours(*node, item) {
                    if !search.targets.contains(&to) && !search.is_stepping_stone(to) {
                        continue;
                    }
                    let Some(there) = layers.arrival(&facts, *arrival) else { continue };
                    if best.get(&to).is_none_or(|before| there < *before) {
                        let earliest = next.entry(to).or_insert(there);
                        *earliest = there.min(*earliest);
                    }
                }
            }
            if next.is_empty() {
                return None;
            }
            best.extend(&next);
            let arrived = next.keys().any(|it| search.targets.contains(it));
            layers.arrivals.push(next);
            if arrived {
                return Some(layers);
            }
        }
        None
    }

    /// The earliest possible moment of a step by one of the facts, not before `from`.
    fn arrival(&self, facts: &[FactIx], from: Day) -> Option<Day> {
        let days = facts.iter().map(|it| timed(self.search.lens, *it).days);
        days.filter(|it| from <= it.last).map(|it| it.first.max(from)).min()
    }

    /// First the path that arrives earliest, of several the first by its nodes; then another of the same length, if there
    /// is one.
    ///
    /// No path of this length passes a node that its layer doesn't keep: from the earlier layer that has it as early there
    /// would be a shorter one.
    fn paths(&self) -> Vec<Vec<NodeIx>> {
        let targets = self.arrivals.last().into_iter().flatten();
        let earliest = targets.filter(|(node, _)| self.search.targets.contains(node)).map(|(_, day)| *day).min();
        let mut found = self.arriving_by(earliest.unwrap_or(Day::After), 1);
        let others = self.arriving_by(Day::After, 2);
        let other = others.into_iter().find(|it| found.first() != Some(it));
        found.extend(other);
        found
    }

    /// So many paths that arrive by a day, in the order of their nodes.
    fn arriving_by(&self, day: Day, count: usize) -> Vec<Vec<NodeIx>> {
        // Backward: by when one must be at a node of a layer to arrive in time.
        let mut limits: Vec<BTreeMap<NodeIx, Day>> = Vec::new();
        let goal = self.arrivals.last().into_iter().flat_map(BTreeMap::keys);
        let mut after: BTreeMap<NodeIx, Day> =
            goal.filter(|it| self.search.targets.contains(it)).map(|it| (*it, day)).collect();
        for layer in self.arrivals.iter().rev().skip(1) {
            let mut here: BTreeMap<NodeIx, Day> = BTreeMap::new();
            for (node, arrival) in layer {
                for (to, facts) in self.search.neighbours(*node, self.item) {
                    let Some(limit) = after.get(&to) else { continue };
                    let days = facts.iter().map(|it| timed(self.search.lens, *it).days);
                    let latest = days.filter(|it| it.first <= *limit).map(|it| it.last.min(*limit)).max();
                    if let Some(latest) = latest.filter(|it| arrival <= it) {
                        let known = here.entry(*node).or_insert(latest);
                        *known = latest.max(*known);
                    }
                }
            }
            limits.push(std::mem::replace(&mut after, here));
        }
        limits.reverse();
        // Forward: no beginning that keeps to the limits leads nowhere, so this takes no detours.
        let mut found = Vec::new();
        let mut open: Vec<(Vec<NodeIx>, Day)> = after.keys().rev().map(|it| (vec![*it], Day::Before)).collect();
        while let Some((way, arrival)) = open.pop().filter(|_| found.len() < count) {
            let Some(limit) = way.len().checked_sub(1).and_then(|at| limits.get(at)) else {
                found.push(way);
                continue;
            };
            let Some(here) = way.last() else { continue };
            let steps = self.search.neighbours(*here, self.item);
            for (to, facts) in steps.into_iter().rev() {
                let there = self.arrival(&facts, arrival);
                if let Some(there) = there.filter(|there| limit.get(&to).is_some_and(|it| there <= it)) {
                    open.push((way.iter().copied().chain([to]).collect(), there));
                }
            }
        }
        found
    }
}

/// A path with only those facts that can take part in a possible chain along its nodes, and with its earliest possible
/// arrival; none if no chain is possible.
pub(super) fn narrow<G: GraphView>(lens: &Lens<'_, G>, found: Found) -> Option<Found> {
    let steps: Vec<Vec<Timed>> =
        found.steps.iter().map(|facts| facts.iter().map(|it| timed(lens, *it)).collect()).collect();
    let chain = Possible::new(steps);
    let steps = chain.able(&said_after(lens, &chain.steps));
    if steps.is_empty() {
        return None;
    }
    let arrival = Possible::new(steps.clone()).arrivals.last().copied()?;
    let steps: Vec<Vec<FactIx>> = steps.iter().map(|facts| facts.iter().map(|it| it.fact).collect()).collect();
    steps.iter().all(|it| !it.is_empty()).then_some(Found { steps, arrival, ..found })
}

/// Pairs of facts that cannot stand in a chain in this order: the second is said to be before the first.
pub(super) type Contradictions = BTreeSet<(FactIx, FactIx)>;

/// The facts of a path's steps, with when they can be used.
pub(super) struct Possible {
    pub(super) steps: Vec<Vec<Timed>>,
    /// Before each step the earliest possible arrival, and at the end that of the chain.
    arrivals: Vec<Day>,
    /// Before each step the latest arrival from which the chain can be ended; none if it cannot.
    limits: Vec<Option<Day>>,
}

/// What a search through the facts gave.
pub(super) enum Choice {
    /// A fact a step, in the order of time.
    Found(Vec<Timed>),
    /// There is none.
    None,
    /// There are too many to try.
    Unknown,
}

/// So many beginnings of chains are tried at most where relations contradict each other.
const MOST_TRIES: usize = 5_000;

/// For so many facts each is tried by itself where relations contradict each other.
const MOST_SINGLE: usize = 200;

impl Possible {
    /// A running maximum of the earliest days forward, and a running minimum of the latest backward.
    pub(super) fn new(steps: Vec<Vec<Timed>>) -> Self {
        let mut arrivals = vec![Day::Before];
        let mut arrival = Day::Before;
        for facts in &steps {
            let usable = facts.iter().filter(|it| arrival <= it.days.last);
            // Without one the chain is impossible, which the limits tell.
            arrival = usable.map(|it| it.days.first.max(arrival)).min().unwrap_or(Day::After);
            arrivals.push(arrival);
        }
        let mut limits = vec![Some(Day::After)];
        let mut limit = Some(Day::After);
        for facts in steps.iter().rev() {
            let on_time = |latest: Day| {
                let usable = facts.iter().filter(move |it| it.days.first <= latest);
                usable.map(move |it| it.days.last.min(latest)).max()
            };
            limit = limit.and_then(on_time);
            limits.push(limit);
        }
        limits.reverse();
        Possible { steps, arrivals, limits }
    }

    /// Whether a fact can be the one of a step, coming from `arrival`, as far as days go.
    fn fits(&self, step: usize, fact: &Timed, arrival: Day) -> bool {
        let limit = self.limits.get(step + 1).copied().flatten();
        arrival <= fact.days.last && limit.is_some_and(|it| fact.days.first.max(arrival) <= it)
    }

    /// Of each step the facts that can take part in a chain; no steps if there is none. Among very many facts of which some
    /// contradict each other, those that can take part as far as days go.
    fn able(&self, contradictions: &Contradictions) -> Vec<Vec<Timed>> {
        let steps = self.steps.iter().zip(&self.arrivals).enumerate();
        let by_days = steps.map(|(at, (facts, arrival))| {
            facts.iter().copied().filter(|it| self.fits(at, it, *arrival)).collect::<Vec<_>>()
        });
        let by_days: Vec<Vec<Timed>> = by_days.collect();
        if contradictions.is_empty() {
            return by_days;
        }
        if matches!(self.choose(contradictions), Choice::None) {
            return Vec::new();
        }
        if by_days.iter().map(Vec::len).sum::<usize>() > MOST_SINGLE {
            return by_days;
        }
        let able = |at: usize, fact: &Timed| {
            let only = by_days.iter().enumerate().map(|(step, it)| if step == at { vec![*fact] } else { it.clone() });
            !matches!(Possible::new(only.collect()).choose(contradictions), Choice::None)
        };
        by_days
            .iter()
            .enumerate()
            .map(|(at, facts)| facts.iter().filter(|it| able(at, it)).copied().collect())
            .collect()
    }

    /// A possible chain: of each step the fact that tells most of its time. Without contradictions the first try succeeds.
    pub(super) fn choose(&self, contradictions: &Contradictions) -> Choice {
        let bound: BTreeSet<FactIx> = contradictions.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let mut tries = 0_usize;
        let mut open: Vec<(Vec<Timed>, Day)> = vec![(Vec::new(), Day::Before)];
        while let Some((begun, arrival)) = open.pop() {
            let Some(facts) = self.steps.get(begun.len()) else { return Choice::Found(begun) };
            tries += 1;
            if tries > MOST_TRIES {
                return Choice::Unknown;
            }
            let reached = |it: &Timed| it.days.first.max(arrival);
            let fits = facts.iter().filter(|it| self.fits(begun.len(), it, arrival));
            let (mut next, free): (Vec<&Timed>, Vec<&Timed>) = fits.partition(|it| bound.contains(&it.fact));
            if contradictions.is_empty() {
                next = free;
                next.sort_by_key(|it| (it.period.is_none(), it.days.sure.is_none(), reached(it)));
                next.truncate(1);
            } else {
                // Of the facts that contradict none the one with the earliest arrival can stand for all.
                next.extend(free.into_iter().min_by_key(|it| reached(it)));
                let agrees = |it: &Timed| begun.iter().all(|before| !contradictions.contains(&(before.fact, it.fact)));
                next.retain(|it| agrees(it));
            }
            for fact in next.into_iter().rev() {
                open.push((begun.iter().copied().chain([*fact]).collect(), reached(fact)));
            }
        }
        Choice::None
    }
}

/// Why the facts of a path are in no order of time: "a5 (2024) is over before a4 (2025) begins".
pub(super) fn obstacle<G: GraphView>(lens: &Lens<'_, G>, steps: &[Vec<FactIx>]) -> Option<String> {
    let graph = lens.graph;
    let told = |it: &Timed| {
        let period = it.period.map_or(String::new(), |it| format!(" ({})", it.to_words()));
        format!("{}{period}", graph.fact(it.fact).id)
    };
    let steps: Vec<Vec<Timed>> = steps.iter().map(|facts| facts.iter().map(|it| timed(lens, *it)).collect()).collect();
    // Which fact of a step before makes the arrival as late as it is.
    let mut binding: Option<Timed> = None;
    let mut arrival = Day::Before;
    for facts in &steps {
        let usable = facts.iter().filter(|it| arrival <= it.days.last);
        match (usable.min_by_key(|it| it.days.first.max(arrival)), &binding) {
            (Some(fact), _) => {
                if fact.days.first > arrival {
                    arrival = fact.days.first;
                    binding = Some(*fact);
                }
            }
            (None, Some(before)) => {
                let latest = facts.iter().max_by_key(|it| it.days.last)?;
                return Some(format!("{} is over before {} begins", told(latest), told(before)));
            }
            (None, None) => return None,
        }
    }
    let contradictions = said_after(lens, &steps);
    let id = |it: FactIx| graph.fact(it).id;
    contradictions.first().map(|(it, before)| format!("{} is said to come after {}", id(*it), id(*before)))
}
