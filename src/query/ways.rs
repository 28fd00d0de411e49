//! Walks of `path`: the shortest ways from both ends, and all ways one by one, shortest first.
//!
//! Both look at the slices of neighbours themselves, which are in order, and judge a fact only where it could lead to
//! somebody new. They count the steps that they look at: time is what they look at.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::path::Search;
use crate::graph::{GraphView, Step};
use crate::model::NodeIx;

/// The way in which facts are walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the first end on.
    Forward,
    /// From the other end back.
    Backward,
}

/// A search from one end, layer by layer.
struct Half {
    way: Way,
    /// How far each node is from the end.
    far: HashMap<NodeIx, usize, foldhash::fast::FixedState>,
    /// Nodes of each layer, in order.
    layers: Vec<Vec<NodeIx>>,
    /// From each layer to the next: the near node and the far one.
    links: Vec<Vec<(NodeIx, NodeIx)>>,
}

impl Half {
    fn new(way: Way, ends: impl Iterator<Item = NodeIx>) -> Half {
        let mut first: Vec<NodeIx> = ends.collect();
        first.sort_unstable();
        let far = first.iter().map(|it| (*it, 0)).collect();
        Half { way, far, layers: vec![first], links: Vec::new() }
    }

    fn depth(&self) -> usize {
        self.links.len()
    }

    fn frontier(&self) -> &[NodeIx] {
        self.layers.last().map_or(&[], Vec::as_slice)
    }
}

/// How many steps a walk may look at where there may be very many ways.
const MOST_STEPS: u64 = 5_000_000;

impl<G: GraphView> Search<'_, '_, G> {
    /// The steps that lead on from a node, and those against the direction where they may be walked.
    pub(super) fn steps(&self, node: NodeIx, way: Way) -> [&[Step]; 2] {
        // Those of the other direction are not asked for where nobody walks them.
        match (way, self.question.any_direction) {
            (Way::Forward, false) => [self.graph.steps_out(node), &[]],
            (Way::Backward, false) => [self.graph.steps_in(node), &[]],
            (_, true) => [self.graph.steps_out(node), self.graph.steps_in(node)],
        }
    }

    /// Calls for each neighbour that `wanted` lets through and a fact leads to; of two parallel lists each on its own.
    fn each_neighbour(
        &self,
        node: NodeIx,
        way: Way,
        item: Option<NodeIx>,
        mut wanted: impl FnMut(NodeIx) -> bool,
        mut found: impl FnMut(NodeIx),
    ) {
        for steps in self.steps(node, way) {
            for parallel in steps.chunk_by(|a, b| a.to == b.to) {
                self.looked.set(self.looked.get() + 1);
                let Some(to) = parallel.first().map(|it| it.to).filter(|it| *it != node) else { continue };
                if !wanted(to) {
                    continue;
                }
                let judged = parallel.iter().position(|it| self.keeps(it.fact, item));
                self.looked.set(self.looked.get() + judged.unwrap_or(parallel.len()) as u64);
                if judged.is_some() {
                    found(to);
                }
            }
        }
    }

    /// The first ways of the least length, at most so many, in the order of their nodes.
    ///
    /// From both ends, layer by layer, always where fewer steps lead on. When a layer first meets the other side, all
    /// shortest ways pass through what they have in common: a way passes exactly one node at each distance.
    pub(super) fn shortest_ways(&self, item: Option<NodeIx>, count: usize) -> Vec<Vec<NodeIx>> {
        let mut from = Half::new(Way::Forward, self.sources.iter().copied());
        let mut to = Half::new(Way::Backward, self.targets.iter().copied());
        let at_hand = self.graph.has_steps_at_hand();
        let weight = |half: &Half| -> usize {
            // Which side goes on changes nothing but the cost; to count steps that must be fetched would cost them.
            if !at_hand {
                return half.frontier().len();
            }
            half.frontier().iter().flat_map(|it| self.steps(*it, half.way)).map(<[Step]>::len).sum()
        };
        while from.depth() + to.depth() < self.question.max_hops {
            if from.frontier().is_empty() || to.frontier().is_empty() {
                return Vec::new();
            }
            let is_forward = weight(&from) <= weight(&to);
            let (near, other) = if is_forward { (&mut from, &to) } else { (&mut to, &from) };
            self.expand(near, other, item);
            let meeting: Vec<NodeIx> =
                near.frontier().iter().copied().filter(|it| other.far.contains_key(it)).collect();
            if !meeting.is_empty() {
                return ways(&from, &to, &meeting, count);
            }
        }
        Vec::new()
    }

    /// One layer more.
    fn expand(&self, half: &mut Half, other: &Half, item: Option<NodeIx>) {
        let depth = half.depth() + 1;
        let (mut next, mut links) = (Vec::new(), Vec::new());
        let goals = other.layers.first().map_or(&[][..], Vec::as_slice);
        let nodes = half.layers.last().cloned().unwrap_or_default();
        // Whoever is an end is passed by no way.
        let mut reached = Vec::new();
        for node in nodes.into_iter().filter(|it| goals.binary_search(it).is_err()) {
            let far = &mut half.far;
            let wanted = |to: NodeIx| match far.get(&to) {
                Some(known) => *known == depth,
                None => self.is_stepping_stone(to) || goals.binary_search(&to).is_ok(),
            };
            self.each_neighbour(node, half.way, item, wanted, |to| reached.push(to));
            // One list comes in order and has each once; two have not.
            if self.question.any_direction {
                reached.sort_unstable();
                reached.dedup();
            }
            for to in reached.drain(..) {
                links.push((node, to));
                if far.insert(to, depth).is_none() {
                    next.push(to);
                }
            }
        }
        next.sort_unstable();
        half.layers.push(next);
        half.links.push(links);
    }

    /// All ways of at most so many steps, shortest first, of one length in the order of their nodes; no more than `count`.
    /// Tells whether the search gave up before the last.
    ///
    /// For each length, only nodes from which the other end is near enough are entered. How near they are is found out
    /// layer by layer, no deeper than the length at hand asks for.
    pub(super) fn all_ways(&self, item: Option<NodeIx>, count: usize) -> (Vec<Vec<NodeIx>>, bool) {
        let mut to = Half::new(Way::Backward, self.targets.iter().copied());
        let from = Half::new(Way::Forward, self.sources.iter().copied());
        let mut found = Vec::new();
        let end = self.looked.get().saturating_add(MOST_STEPS);
        for length in 1..=self.question.max_hops {
            // Sources are met by the last layer, so that a length without a way costs no walk.
            self.expand(&mut to, &from, item);
            for source in &self.sources {
                if to.far.get(source).is_none_or(|it| *it > length) {
                    continue;
                }
                let mut way = vec![*source];
                if !self.go_on(&mut way, length, &to, item, end, &mut |it| {
                    found.push(it.to_vec());
                    found.len() < count
                }) {
                    return (found, self.looked.get() >= end);
                }
            }
        }
        (found, false)
    }

    /// Goes on from the end of a way that is to have `length` steps; false if it is to end.
    fn go_on(
        &self,
        way: &mut Vec<NodeIx>,
        length: usize,
        to: &Half,
        item: Option<NodeIx>,
        end: u64,
        found: &mut dyn FnMut(&[NodeIx]) -> bool,
    ) -> bool {
        let Some(here) = way.last().copied() else { return true };
        // Steps that are left after the next one.
        let left = length - way.len();
        let wanted = |it: NodeIx| {
            let near = to.far.get(&it).is_some_and(|it| if left == 0 { *it == 0 } else { *it > 0 && *it <= left });
            near && !way.contains(&it) && !self.sources.contains(&it)
        };
        let mut next = Vec::new();
        self.each_neighbour(here, Way::Forward, item, wanted, |it| next.push(it));
        next.sort_unstable();
        next.dedup();
        for it in next {
            if self.looked.get() >= end {
                return false;
            }
            way.push(it);
            let goes_on = if left == 0 { found(way) } else { self.go_on(way, length, to, item, end, found) };
            way.pop();
            if !goes_on {
                return false;
            }
        }
        true
    }
}

/// The first ways through the meeting nodes, in the order of their nodes.
fn ways(from: &Half, to: &Half, meeting: &[NodeIx], count: usize) -> Vec<Vec<NodeIx>> {
    // After so many steps, which nodes lead to which: only what lies on a shortest way.
    let mut onward: Vec<BTreeMap<NodeIx, Vec<NodeIx>>> = Vec::new();
    let mut kept: Vec<NodeIx> = meeting.to_vec();
    for links in from.links.iter().rev() {
        let mut layer: BTreeMap<NodeIx, Vec<NodeIx>> = BTreeMap::new();
        for (near, far) in links.iter().filter(|(_, far)| kept.binary_search(far).is_ok()) {
            layer.entry(*near).or_default().push(*far);
        }
        kept = layer.keys().copied().collect();
        onward.push(layer);
    }
    onward.reverse();
    let first = kept;
    let mut kept: Vec<NodeIx> = meeting.to_vec();
    for links in to.links.iter().rev() {
        let mut layer: BTreeMap<NodeIx, Vec<NodeIx>> = BTreeMap::new();
        for (near, far) in links.iter().filter(|(_, far)| kept.binary_search(far).is_ok()) {
            layer.entry(*far).or_default().push(*near);
        }
        kept = layer.values().flatten().copied().collect();
        kept.sort_unstable();
        kept.dedup();
        onward.push(layer);
    }
    let mut found = Vec::new();
    let mut open: Vec<Vec<NodeIx>> = first.into_iter().rev().map(|it| vec![it]).collect();
    while let Some(way) = open.pop().filter(|_| found.len() < count) {
        let Some(layer) = onward.get(way.len() - 1) else {
            found.push(way);
            continue;
        };
        let mut next = way.last().and_then(|it| layer.get(it)).cloned().unwrap_or_default();
        next.sort_unstable();
        open.extend(next.into_iter().rev().map(|it| way.iter().copied().chain([it]).collect()));
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::RandomState;

    use petgraph::algo::all_simple_paths;
    use proptest::prelude::*;

    use super::*;
    use crate::graph::{KnowledgeGraph, pairs};
    use crate::load::{LoadOptions, Sources, load};
    use crate::query::PathQuestion;
    use crate::query::lens::Lens;
    use crate::query::resolve::end;

    /// Countries `c0`, `c1` … and a supply for each pair.
    fn graph(countries: usize, supplies: impl IntoIterator<Item = (usize, usize)>) -> KnowledgeGraph {
        let mut text = String::from("(entities: [Document(id: \"d\", name: \"D\"), Materiel(id: \"m\", name: \"m\"),");
        (0..countries).for_each(|it| text.push_str(&format!("Country(id: \"c{it}\", name: \"c{it}\"),")));
        text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
        for (at, (from, to)) in supplies.into_iter().enumerate() {
            text.push_str(&format!("Supply(id: \"f{at}\", supplier: \"c{from}\", recipient: \"c{to}\", item: \"m\"),"));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ron");
        std::fs::write(&path, text + "])").unwrap();
        let dataset = load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.unwrap();
        KnowledgeGraph::new(&dataset)
    }

    /// Runs over a search, and tells what it gave and how many steps it looked at.
    fn searched<T>(
        graph: &KnowledgeGraph,
        question: &PathQuestion,
        run: impl Fn(&Search<'_, '_, KnowledgeGraph>) -> T,
    ) -> (T, u64) {
        let lens = Lens::all(graph);
        let (from, to) = (end(graph, &question.from, false).unwrap(), end(graph, &question.to, false).unwrap());
        let search = Search::new(&lens, question, &from, &to).unwrap();
        let given = run(&search);
        (given, search.looked.get())
    }

    #[test]
    fn the_smaller_side_is_searched() {
        // c0 supplies 3,000 countries, one of which supplies c1; looking from c1 back there is hardly anybody.
        let fan = (2..3002).map(|it| (0, it)).chain([(7, 1)]);
        let graph = graph(3002, fan);
        let question = PathQuestion::new("c0", "c1");
        let (ways, looked) = searched(&graph, &question, |it| it.shortest_ways(None, 2));
        assert_eq!(ways.len(), 1);
        assert!(looked <= 4, "{looked}");
        // All ways, too, enter only nodes from which the other end is near.
        let (ways, _) = searched(&graph, &PathQuestion { all: true, ..question }, |it| it.all_ways(None, 5));
        assert_eq!(ways.0.len(), 1);
    }

    #[test]
    fn a_wide_graph_is_listed_as_far_as_asked() {
        // Layers of 30, each to each: 30^4 ways of five steps.
        let layer = |at: usize| 2 + 30 * at..2 + 30 * (at + 1);
        let mut supplies: Vec<(usize, usize)> = layer(0).map(|it| (0, it)).chain(layer(3).map(|it| (it, 1))).collect();
        for at in 0..3 {
            supplies.extend(layer(at).flat_map(|from| layer(at + 1).map(move |to| (from, to))));
        }
        let graph = graph(122, supplies);
        let question = PathQuestion { all: true, ..PathQuestion::new("c0", "c1") };
        let ((ways, gave_up), looked) = searched(&graph, &question, |it| it.all_ways(None, 101));
        assert_eq!((ways.len(), gave_up), (101, false));
        assert!(looked < 20_000, "{looked}");
        let (shortest, looked) = searched(&graph, &question, |it| it.shortest_ways(None, 2));
        assert_eq!(shortest, ways[..2]);
        assert!(looked < 8_000, "{looked}");
    }

    proptest! {
        #[test]
        fn ways_are_those_of_petgraph(
            supplies in prop::collection::vec((0_usize..7, 0_usize..7), 0..24),
            hops in 1_usize..6,
            count in 1_usize..40,
            any_direction: bool,
        ) {
            let supplies: Vec<(usize, usize)> = supplies.into_iter().filter(|(a, b)| a != b).collect();
            let graph = graph(7, supplies);
            let question = PathQuestion { all: true, max_hops: hops, any_direction, ..PathQuestion::new("c0", "c1") };
            let node = |id| NodeIx::from(graph.entity_by_id(id).unwrap());
            let between = Some(hops - 1);
            let theirs: BTreeSet<Vec<NodeIx>> = if any_direction {
                let both = crate::graph::Undirected(pairs(&graph));
                all_simple_paths::<Vec<_>, _, RandomState>(both, node("c0"), node("c1"), 0, between).collect()
            } else {
                all_simple_paths::<Vec<_>, _, RandomState>(pairs(&graph), node("c0"), node("c1"), 0, between).collect()
            };
            let mut theirs: Vec<Vec<NodeIx>> = theirs.into_iter().collect();
            theirs.sort_by_key(|it| (it.len(), it.clone()));
            let ((ways, gave_up), _) = searched(&graph, &question, |it| it.all_ways(None, count));
            prop_assert!(!gave_up);
            prop_assert_eq!(&ways, &theirs.iter().take(count).cloned().collect::<Vec<_>>());
            let (shortest, _) = searched(&graph, &question, |it| it.shortest_ways(None, count));
            let least = theirs.first().map_or(0, Vec::len);
            let of_least: Vec<_> = theirs.into_iter().filter(|it| it.len() == least).take(count).collect();
            prop_assert_eq!(shortest, of_least);
        }
    }
}
