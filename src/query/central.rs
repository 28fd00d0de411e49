//! How central entities are, over pairs of them that facts connect: whom they deal with, on how many shortest ways they
//! lie, how much flows to them.
//!
//! Parallel facts are one connection. The algorithms are our own, on adjacency in one column: petgraph has no betweenness,
//! and its page rank looks at every pair of nodes and jumps only to where no edge leads; rustworkx-core adds up across
//! threads, so that the last digits depend on their number, and brings some thirty crates. Tests hold both against plain
//! counting and the whole matrix.

use crate::model::NodeIx;

/// What makes somebody central.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Centrality {
    /// How many others there are facts with, either way.
    #[default]
    Degree,
    /// Of the shortest ways between any two others, the share that leads through it, added up (Brandes 2001).
    Betweenness,
    /// Where one is most often who goes on from one to another at random (Brin and Page 1998), with a damping of 0.85.
    PageRank,
}

impl Centrality {
    /// All, in their order.
    pub const ALL: [Centrality; 3] = [Centrality::Degree, Centrality::Betweenness, Centrality::PageRank];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Centrality::Degree => "degree",
            Centrality::Betweenness => "betweenness",
            Centrality::PageRank => "pagerank",
        }
    }
}

/// Directed connections between nodes, without loops, each once.
pub(crate) struct Network {
    /// The nodes, in order.
    pub(crate) nodes: Vec<NodeIx>,
    /// By node, where its connections begin in `to`; one more at the end.
    begins: Vec<usize>,
    /// Positions of nodes.
    to: Vec<usize>,
}

impl Network {
    /// Of pairs of nodes, in any order and as often as they come.
    pub(crate) fn new(mut pairs: Vec<(NodeIx, NodeIx)>, any_direction: bool) -> Network {
        if any_direction {
            let back: Vec<_> = pairs.iter().map(|(from, to)| (*to, *from)).collect();
            pairs.extend(back);
        }
        pairs.retain(|(from, to)| from != to);
        pairs.sort_unstable();
        pairs.dedup();
        let mut nodes: Vec<NodeIx> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let at = |node: &NodeIx| nodes.binary_search(node).unwrap_or_default();
        let mut begins = vec![0; nodes.len() + 1];
        for (from, _) in &pairs {
            if let Some(count) = begins.get_mut(at(from) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for begin in &mut begins {
            sum += *begin;
            *begin = sum;
        }
        let to = pairs.iter().map(|(_, to)| at(to)).collect();
        Network { nodes, begins, to }
    }

    fn next(&self, node: usize) -> &[usize] {
        match (self.begins.get(node), self.begins.get(node + 1)) {
            (Some(begin), Some(end)) => self.to.get(*begin..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Number of connections.
    pub(crate) fn connections(&self) -> usize {
        self.to.len()
    }

    /// With how many others each is connected, either way.
    pub(crate) fn degrees(&self) -> Vec<f64> {
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for node in 0..self.nodes.len() {
            for to in self.next(node) {
                back.get_mut(*to).into_iter().for_each(|it| it.push(node));
            }
        }
        let count = |(node, back): (usize, Vec<usize>)| {
            let both = back.iter().filter(|it| self.next(node).binary_search(it).is_ok()).count();
            (self.next(node).len() + back.len() - both) as f64
        };
        back.into_iter().enumerate().map(count).collect()
    }

    /// Betweenness, from at most so many starts, evenly spread; the result is scaled up then. Starts times connections.
    pub(crate) fn betweenness(&self, starts: usize) -> Vec<f64> {
        let count = self.nodes.len();
        let used = starts.clamp(1, count.max(1));
        let mut sums = vec![0.0; count];
        let mut one = Brandes::new(count);
        for start in 0..used.min(count) {
            one.add(self, start * count / used, &mut sums);
        }
        let scale = count as f64 / used as f64;
        sums.iter_mut().for_each(|it| *it *= scale);
        sums
    }

    /// Page rank, repeated until it moves no more, 100 times at most. Where nothing leads on, one goes on anywhere.
    pub(crate) fn page_rank(&self) -> Vec<f64> {
        const DAMPING: f64 = 0.85;
        const STILL: f64 = 1e-10;
        let count = self.nodes.len();
        let share = 1.0 / count.max(1) as f64;
        let mut ranks = vec![share; count];
        for _ in 0..100 {
            let lost: f64 =
                ranks.iter().enumerate().filter(|(node, _)| self.next(*node).is_empty()).map(|it| it.1).sum();
            let base = (1.0 - DAMPING + DAMPING * lost) * share;
            let mut next = vec![base; count];
            for (node, rank) in ranks.iter().enumerate() {
                let to = self.next(node);
                let given = DAMPING * rank / to.len().max(1) as f64;
                for it in to {
                    next.get_mut(*it).into_iter().for_each(|sum| *sum += given);
                }
            }
            let moved: f64 = ranks.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
            ranks = next;
            if moved < STILL {
                break;
            }
        }
        ranks
    }
}

/// What one start needs, kept for the next one.
struct Brandes {
    far: Vec<usize>,
    ways: Vec<f64>,
    carried: Vec<f64>,
    order: Vec<usize>,
}

const UNSEEN: usize = usize::MAX;

impl Brandes {
    fn new(count: usize) -> Brandes {
        Brandes { far: vec![UNSEEN; count], ways: vec![0.0; count], carried: vec![0.0; count], order: Vec::new() }
    }

    /// Adds what the shortest ways from one start give to each node that they pass.
    fn add(&mut self, network: &Network, start: usize, sums: &mut [f64]) {
        for node in self.order.drain(..) {
            self.far.get_mut(node).into_iter().for_each(|it| *it = UNSEEN);
            self.ways.get_mut(node).into_iter().for_each(|it| *it = 0.0);
            self.carried.get_mut(node).into_iter().for_each(|it| *it = 0.0);
        }
        let (Some(far), Some(ways)) = (self.far.get_mut(start), self.ways.get_mut(start)) else { return };
        (*far, *ways) = (0, 1.0);
        self.order.push(start);
        let mut at = 0;
        while let Some(node) = self.order.get(at).copied() {
            at += 1;
            let (depth, count) = (self.far(node) + 1, self.ways(node));
            for to in network.next(node) {
                if self.far(*to) == UNSEEN {
                    self.far.get_mut(*to).into_iter().for_each(|it| *it = depth);
                    self.order.push(*to);
                }
                if self.far(*to) == depth {
                    self.ways.get_mut(*to).into_iter().for_each(|it| *it += count);
                }
            }
        }
        // From the farthest back: each passes on what it carries, by the share of the ways that come from there.
        for node in self.order.iter().rev().copied() {
            let depth = self.far(node) + 1;
            let own = self.ways(node);
            let onward = network.next(node).iter().filter(|to| self.far(**to) == depth);
            let carried: f64 = onward.map(|to| own / self.ways(*to) * (1.0 + self.carried(*to))).sum();
            self.carried.get_mut(node).into_iter().for_each(|it| *it = carried);
            if node != start {
                sums.get_mut(node).into_iter().for_each(|it| *it += carried);
            }
        }
    }

    fn far(&self, node: usize) -> usize {
        self.far.get(node).copied().unwrap_or(UNSEEN)
    }

    fn ways(&self, node: usize) -> f64 {
        self.ways.get(node).copied().unwrap_or(1.0)
    }

    fn carried(&self, node: usize) -> f64 {
        self.carried.get(node).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(pairs: &[(u32, u32)]) -> Network {
        Network::new(pairs.iter().map(|(a, b)| (NodeIx(*a), NodeIx(*b))).collect(), false)
    }

    fn near(a: f64, b: f64, within: f64) -> bool {
        (a - b).abs() < within
    }

    /// All shortest ways between two nodes, by trying every way.
    fn shortest(network: &Network, from: usize, to: usize) -> Vec<Vec<usize>> {
        let mut layer = vec![vec![from]];
        for _ in 0..network.nodes.len() {
            let there: Vec<Vec<usize>> = layer.iter().filter(|it| it.last() == Some(&to)).cloned().collect();
            if !there.is_empty() {
                return there;
            }
            let more = layer.iter().flat_map(|way| {
                let next = network.next(way[way.len() - 1]).iter().filter(|it| !way.contains(it));
                next.map(|it| way.iter().copied().chain([*it]).collect::<Vec<_>>()).collect::<Vec<_>>()
            });
            layer = more.collect();
        }
        Vec::new()
    }

    #[test]
    fn who_stands_between_is_counted() {
        // 1 → 2 → 3 and 1 → 4 → 3: each of the two carries half of one way.
        let square = network(&[(1, 2), (2, 3), (1, 4), (4, 3), (3, 5)]);
        assert_eq!(square.betweenness(usize::MAX), [0.0, 1.0, 3.0, 1.0, 0.0]);
        assert_eq!(square.degrees(), [2.0, 2.0, 3.0, 2.0, 1.0]);
        assert_eq!(network(&[]).betweenness(5), [0.0; 0]);
        assert_eq!(network(&[(1, 1)]).page_rank(), [0.0; 0]);
    }

    proptest! {
        #[test]
        fn betweenness_is_that_of_plain_counting(pairs in prop::collection::vec((0_u32..7, 0_u32..7), 1..20)) {
            let network = network(&pairs);
            let count = network.nodes.len();
            let mut plain = vec![0.0; count];
            for (from, to) in (0..count).flat_map(|from| (0..count).map(move |to| (from, to))).filter(|(a, b)| a != b) {
                let ways = shortest(&network, from, to);
                for way in &ways {
                    way[1..way.len() - 1].iter().for_each(|it| plain[*it] += 1.0 / ways.len() as f64);
                }
            }
            for (ours, plain) in network.betweenness(usize::MAX).iter().zip(&plain) {
                prop_assert!(near(*ours, *plain, 1e-9), "{ours} {plain}");
            }
        }

        #[test]
        fn page_rank_is_that_of_the_whole_matrix(pairs in prop::collection::vec((0_u32..8, 0_u32..8), 1..24)) {
            let network = network(&pairs);
            let count = network.nodes.len();
            let mut ranks = vec![1.0 / count as f64; count];
            for _ in 0..200 {
                // Where one comes from, and with what probability from there to here.
                let chance = |from: usize, to: usize| {
                    let next = network.next(from);
                    let along = match next.len() {
                        0 => 1.0 / count as f64,
                        several => f64::from(u8::from(next.contains(&to))) / several as f64,
                    };
                    0.85 * along + 0.15 / count as f64
                };
                ranks = (0..count).map(|to| (0..count).map(|from| ranks[from] * chance(from, to)).sum()).collect();
            }
            for (ours, plain) in network.page_rank().iter().zip(&ranks) {
                prop_assert!(near(*ours, *plain, 1e-6), "{ours} {plain}");
            }
        }

        #[test]
        fn ranks_add_up_to_one(pairs in prop::collection::vec((0_u32..30, 0_u32..30), 1..60)) {
            let network = network(&pairs);
            let sum: f64 = network.page_rank().iter().sum();
            prop_assert!(network.nodes.is_empty() || near(sum, 1.0, 1e-9));
        }
    }
}
