//! Chains in the order of time, counted without being listed: one fact a step, of at most three steps.
//!
//! What leads out of the first end and what leads into the other are grouped by whom they reach, each group sorted by its
//! days. Then every fact between two groups tells by bisection with how many of either it makes chains. So the cost is that
//! of the facts in the middle, from the side where there are fewer, and not that of the chains.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answer;
use super::build::Builder;
use super::chain_time::before;
use super::lens::Lens;
use super::path::Search;
use super::question::{PathQuestion, Question};
use super::ways::Way;
use crate::graph::GraphView;
use crate::model::{FactIx, NodeIx};

/// Longest chain that is counted, in steps. Of a longer one, whether it passes somebody twice depends on all of it.
const LONGEST: usize = 3;

/// The answer with the numbers of chains.
pub(super) fn counted<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &PathQuestion,
    search: &Search<'_, '_, G>,
    remarks: impl Iterator<Item = String>,
) -> Answer {
    let items = search.items_to_walk();
    let mut counts = [0_u64; LONGEST];
    for item in items {
        for (sum, count) in counts.iter_mut().zip(search.count_in_time(item)) {
            *sum = sum.saturating_add(count);
        }
    }
    let mut answer = Builder::new(lens).finish(Question::Path(question.clone()).to_string(), Vec::new(), Vec::new());
    let steps = |at: usize| if at == 0 { "chains of 1 step".to_owned() } else { format!("chains of {} steps", at + 1) };
    let mut told: Vec<(String, usize)> = Vec::new();
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    for (at, count) in counts.iter().enumerate().take(question.max_hops) {
        told.push((steps(at), number(*count)));
    }
    let all = counts.iter().take(question.max_hops).fold(0_u64, |sum, it| sum.saturating_add(*it));
    told.push(("chains".to_owned(), number(all)));
    answer.counts = Some(told);
    answer.remarks.extend(remarks);
    answer.remarks.push("a chain is one fact a step, possible in the order of time".to_owned());
    if question.max_hops > LONGEST {
        answer.remarks.push(format!("chains of more than {LONGEST} steps are not counted"));
    }
    answer
}

/// A fact with the days on which it may lie, as numbers that grow with the date.
#[derive(Clone, Copy, Debug)]
struct Dated {
    fact: FactIx,
    first: i32,
    last: i32,
}

/// Facts between the end of a path and one node, with their days sorted.
#[derive(Clone, Copy)]
struct Group<'g> {
    facts: &'g [Dated],
    firsts: &'g [i32],
    lasts: &'g [i32],
}

impl Group<'_> {
    /// How many begin by a day.
    fn begun_by(&self, day: i32) -> usize {
        self.firsts.partition_point(|it| *it <= day)
    }

    /// How many are not over before a day.
    fn not_over(&self, day: i32) -> u64 {
        (self.lasts.len() - self.lasts.partition_point(|it| *it < day)) as u64
    }
}

/// Facts that lead from the end of a path, by whom they reach.
struct Groups {
    /// Whom, in order, and where the facts of each end.
    nodes: Vec<(NodeIx, usize)>,
    /// By node: its place among them, from 1; 0 is nobody.
    places: Vec<u32>,
    facts: Vec<Dated>,
    firsts: Vec<i32>,
    lasts: Vec<i32>,
}

impl Groups {
    fn new(mut reached: Vec<(NodeIx, Dated)>, node_count: usize) -> Groups {
        // Of one end they come in order.
        reached.sort_by_key(|(node, _)| *node);
        let facts: Vec<Dated> = reached.iter().map(|it| it.1).collect();
        let mut firsts: Vec<i32> = facts.iter().map(|it| it.first).collect();
        let mut lasts: Vec<i32> = facts.iter().map(|it| it.last).collect();
        let mut places = vec![0; node_count];
        let mut nodes = Vec::new();
        let mut start = 0;
        for group in reached.chunk_by(|a, b| a.0 == b.0) {
            let Some((node, _)) = group.first() else { continue };
            let end = start + group.len();
            for days in [&mut firsts, &mut lasts] {
                days.get_mut(start..end).into_iter().for_each(|it| it.sort_unstable());
            }
            nodes.push((*node, end));
            let place = u32::try_from(nodes.len()).unwrap_or_default();
            places.get_mut(node.index()).into_iter().for_each(|it| *it = place);
            start = end;
        }
        Groups { nodes, places, facts, firsts, lasts }
    }

    fn at(&self, place: usize) -> Option<Group<'_>> {
        let end = self.nodes.get(place)?.1;
        let start = place.checked_sub(1).and_then(|it| self.nodes.get(it)).map_or(0, |it| it.1);
        Some(Group {
            facts: self.facts.get(start..end)?,
            firsts: self.firsts.get(start..end)?,
            lasts: self.lasts.get(start..end)?,
        })
    }

    #[inline]
    fn get(&self, node: NodeIx) -> Option<Group<'_>> {
        let place = *self.places.get(node.index())? as usize;
        self.at(place.checked_sub(1)?)
    }

    fn iter(&self) -> impl Iterator<Item = (NodeIx, Group<'_>)> {
        self.nodes.iter().enumerate().filter_map(|(at, (node, _))| Some((*node, self.at(at)?)))
    }
}

/// Facts that are said to come after others.
type Afters = BTreeMap<FactIx, Vec<FactIx>>;

impl<G: GraphView> Search<'_, '_, G> {
    /// How many chains there are of one, two and three steps.
    fn count_in_time(&self, item: Option<NodeIx>) -> [u64; LONGEST] {
        let from = self.groups(self.sources.iter().copied(), Way::Forward, item);
        let to = self.groups(self.targets.iter().copied(), Way::Backward, item);
        let one = from.iter().filter(|(node, _)| self.targets.contains(node)).map(|(_, it)| it.facts.len() as u64);
        let one = one.sum();
        let mut afters = Afters::new();
        for it in &from.facts {
            self.note_after(it.fact, &mut afters);
        }
        let mut two = 0_u64;
        for (node, second) in to.iter() {
            let Some(first) = from.get(node).filter(|_| self.is_stepping_stone(node)) else { continue };
            let chains: u64 = second.facts.iter().map(|it| first.begun_by(it.last) as u64).sum();
            two += chains - forbidden_pairs(&first, &second, &afters);
        }
        if self.question.max_hops < LONGEST {
            return [one, two, 0];
        }
        // The side with fewer facts that lead on is gone through.
        let passed = |groups: &Groups| -> Vec<NodeIx> {
            groups.nodes.iter().map(|it| it.0).filter(|it| self.is_stepping_stone(*it)).collect()
        };
        let (stones_from, stones_to) = (passed(&from), passed(&to));
        let weight = |stones: &[NodeIx], way: Way| -> usize {
            stones.iter().flat_map(|it| self.steps(*it, way)).map(<[_]>::len).sum()
        };
        let is_forward = weight(&stones_from, Way::Forward) <= weight(&stones_to, Way::Backward);
        let (stones, near, far, way) =
            if is_forward { (&stones_from, &from, &to, Way::Forward) } else { (&stones_to, &to, &from, Way::Backward) };
        let mut three = 0_u64;
        let mut looked = 0;
        for node in stones {
            let Some(here) = near.get(*node) else { continue };
            for steps in self.steps(*node, way) {
                looked += steps.len() as u64;
                for step in steps {
                    let Some(there) = far.get(step.to) else { continue };
                    if step.to == *node || !self.is_stepping_stone(step.to) || !self.keeps(step.fact, item) {
                        continue;
                    }
                    let middle = self.dated(step.fact);
                    let (first, third) = if is_forward { (&here, &there) } else { (&there, &here) };
                    three += chains(first, middle, third);
                    self.note_after(step.fact, &mut afters);
                    three -= forbidden_triples(first, middle, third, &afters);
                }
            }
        }
        self.looked.set(self.looked.get() + looked);
        [one, two, three]
    }

    fn dated(&self, fact: FactIx) -> Dated {
        let (first, last) = self.lens.days(fact);
        Dated { fact, first, last }
    }

    /// The facts that lead from these nodes, by whom they reach.
    fn groups(&self, nodes: impl Iterator<Item = NodeIx>, way: Way, item: Option<NodeIx>) -> Groups {
        let mut reached = Vec::new();
        for node in nodes {
            for steps in self.steps(node, way) {
                self.looked.set(self.looked.get() + steps.len() as u64);
                let kept = steps.iter().filter(|it| it.to != node && self.keeps(it.fact, item));
                reached.extend(kept.map(|it| (it.to, self.dated(it.fact))));
            }
        }
        Groups::new(reached, self.graph.node_count())
    }

    fn note_after(&self, fact: FactIx, afters: &mut Afters) {
        if !self.graph.is_related(fact) {
            return;
        }
        let earlier = before(self.lens, fact);
        if !earlier.is_empty() {
            afters.insert(fact, earlier);
        }
    }
}

/// Chains through one fact in the middle, as far as days go: the latest of the first days so far must not be behind the
/// last day of any step.
fn chains(first: &Group<'_>, middle: Dated, third: &Group<'_>) -> u64 {
    let early = first.begun_by(middle.first.min(middle.last));
    let late = first.begun_by(middle.last);
    // What begins before the middle does waits for it; what begins later makes the third wait.
    let waiting = first.firsts.get(early..late).unwrap_or_default();
    early as u64 * third.not_over(middle.first) + waiting.iter().map(|it| third.not_over(*it)).sum::<u64>()
}

fn follows(first: &Dated, middle: Dated, third: &Dated) -> bool {
    first.first <= middle.last && first.first.max(middle.first) <= third.last
}

fn is_after(fact: FactIx, other: FactIx, afters: &Afters) -> bool {
    afters.get(&fact).is_some_and(|it| it.contains(&other))
}

/// Pairs that the days allow and a relation `after` forbids.
fn forbidden_pairs(first: &Group<'_>, second: &Group<'_>, afters: &Afters) -> u64 {
    let said = first.facts.iter().filter(|it| afters.contains_key(&it.fact));
    let pairs = said.flat_map(|a| second.facts.iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| a.first <= b.last && is_after(a.fact, b.fact, afters)).count() as u64
}

/// Chains through one fact in the middle that the days allow and a relation `after` forbids, each once.
fn forbidden_triples(first: &Group<'_>, middle: Dated, third: &Group<'_>, afters: &Afters) -> u64 {
    if afters.is_empty() {
        return 0;
    }
    let mut found: BTreeSet<(FactIx, FactIx)> = BTreeSet::new();
    let mut put = |a: &Dated, c: &Dated| {
        if follows(a, middle, c) {
            found.insert((a.fact, c.fact));
        }
    };
    for a in first.facts.iter().filter(|it| afters.contains_key(&it.fact)) {
        let all = is_after(a.fact, middle.fact, afters);
        third.facts.iter().filter(|c| all || is_after(a.fact, c.fact, afters)).for_each(|c| put(a, c));
    }
    if afters.contains_key(&middle.fact) {
        for c in third.facts.iter().filter(|c| is_after(middle.fact, c.fact, afters)) {
            first.facts.iter().for_each(|a| put(a, c));
        }
    }
    found.len() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};
    use crate::model::FlowEnd;
    use crate::model::period::Day;
    use crate::query::in_time::timed;
    use crate::query::resolve::end;

    /// A supply: from, to, first and last year, the one that it is said to come after.
    type Made = (usize, usize, u16, u16, Option<usize>);

    fn graph(made: &[Made]) -> KnowledgeGraph {
        let mut text = String::from("(entities: [Document(id: \"d\", name: \"D\"), Materiel(id: \"m\", name: \"m\"),");
        (0..6).for_each(|it| text.push_str(&format!("Country(id: \"c{it}\", name: \"c{it}\"),")));
        text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
        for (at, (from, to, first, years, after)) in made.iter().enumerate() {
            // No circles: only to what stands before; and nothing that the days contradict.
            let after = after.map(|it| it % made.len()).filter(|it| *it < at && first + years >= made[*it].2);
            let after = after.map_or(String::new(), |it| format!(", after: \"f{it}\""));
            let (first, last) = (2000 + first, 2000 + first + years);
            text.push_str(&format!("Supply(id: \"f{at}\", supplier: \"c{from}\", recipient: \"c{to}\", item: \"m\", period: \"{first}/{last}\"{after}),"));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ron");
        std::fs::write(&path, text + "])").unwrap();
        KnowledgeGraph::new(&load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.unwrap())
    }

    /// Every sequence of facts, tried.
    fn plain(graph: &KnowledgeGraph) -> [u64; 3] {
        let lens = Lens::all(graph);
        let ends = |fact: FactIx| {
            let ends = graph.fact_ends(fact).ends;
            (ends.get(FlowEnd::Source).unwrap().node, ends.get(FlowEnd::Target).unwrap().node)
        };
        let (start, goal) = (graph.entity_by_id("c0").unwrap().into(), graph.entity_by_id("c1").unwrap().into());
        let all: Vec<FactIx> = (0..graph.fact_count() as u32).map(FactIx).collect();
        let mut open: Vec<Vec<FactIx>> = all.iter().filter(|it| ends(**it).0 == start).map(|it| vec![*it]).collect();
        let mut counts = [0; 3];
        while let Some(chain) = open.pop() {
            let nodes: Vec<NodeIx> = std::iter::once(start).chain(chain.iter().map(|it| ends(*it).1)).collect();
            let distinct: BTreeSet<&NodeIx> = nodes.iter().collect();
            let here = nodes[nodes.len() - 1];
            let mut latest = Day::Before;
            let in_order = chain.iter().all(|it| {
                let days = timed(&lens, *it).days;
                latest = latest.max(days.first);
                latest <= days.last
            });
            let agrees = chain
                .iter()
                .enumerate()
                .all(|(at, it)| before(&lens, *it).iter().all(|earlier| !chain[at + 1..].contains(earlier)));
            if distinct.len() < nodes.len() || !in_order || !agrees {
                continue;
            }
            if here == goal {
                counts[chain.len() - 1] += 1;
            } else if chain.len() < 3 {
                open.extend(
                    all.iter()
                        .filter(|it| ends(**it).0 == here)
                        .map(|it| chain.iter().copied().chain([*it]).collect::<Vec<_>>()),
                );
            }
        }
        counts
    }

    proptest! {
        #[test]
        fn chains_are_as_many_as_trying_all_of_them_finds(
            made in prop::collection::vec((0_usize..6, 0_usize..6, 0_u16..6, 0_u16..4, prop::option::weighted(0.3, 0_usize..30)), 1..30),
        ) {
            let made: Vec<Made> = made.into_iter().filter(|it| it.0 != it.1).collect();
            prop_assume!(!made.is_empty());
            let graph = graph(&made);
            let lens = Lens::all(&graph);
            let question = PathQuestion { in_time: true, ..PathQuestion::new("c0", "c1") };
            let (from, to) = (end(&graph, "c0", false).unwrap(), end(&graph, "c1", false).unwrap());
            let search = Search::new(&lens, &question, &from, &to).unwrap();
            prop_assert_eq!(search.count_in_time(None), plain(&graph));
        }
    }

    #[test]
    fn a_million_chains_are_counted_from_three_hundred_facts() {
        let made: Vec<Made> =
            (0..300).map(|it| [(0, 2, 1, 1, None), (2, 3, 2, 1, None), (3, 1, 2, 1, None)][it % 3]).collect();
        let graph = graph(&made);
        let lens = Lens::all(&graph);
        let question = PathQuestion { in_time: true, ..PathQuestion::new("c0", "c1") };
        let (from, to) = (end(&graph, "c0", false).unwrap(), end(&graph, "c1", false).unwrap());
        let search = Search::new(&lens, &question, &from, &to).unwrap();
        assert_eq!(search.count_in_time(None), [0, 0, 1_000_000]);
        assert!(search.looked.get() <= 300, "{}", search.looked.get());
    }
}
