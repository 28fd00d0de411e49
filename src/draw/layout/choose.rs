//! Many attempts, of which the best is kept.
//!
//! A layered layout depends much on the order in which it is given its boxes: in a trial, 13 of 150 orders were free of
//! faults. So orders are tried, and sides and rows for boxes that hang on one other box only, which is what makes a
//! star fit a narrow page. The attempts are always the same; how many there are is limited by counted work.

use super::route::{Routed, route};
use super::rows::{Attempt, Ranking};
use super::{Boxes, Flow, Layout, Misfit, Placed};

/// A way to set the texts of a picture: narrower or wider labels, rows from top to bottom or from left to right.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// Which way rows follow each other.
    pub(crate) flow: Flow,
    /// The sizes of all boxes.
    pub(crate) boxes: Boxes,
}

/// What is asked of a layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Wishes {
    /// The width of the page without its margins.
    pub(crate) width: f64,
    /// The height that there is.
    pub(crate) height: f64,
    /// Nodes that should stand in this order, from left to right and from top to bottom.
    pub(crate) order: Vec<usize>,
    /// Nodes in the order of a path that is shown: no line between them may run back.
    pub(crate) path: Vec<usize>,
}

/// Work that may be spent, in the units in which the layout counts: about ten milliseconds.
const WORK: usize = 3_000_000;
/// Attempts at most, all candidates together: fewer where there is less to put in another order.
fn most_attempts(candidates: &[Candidate]) -> usize {
    let edges = candidates.iter().map(|it| it.boxes.edges.len()).max().unwrap_or(0);
    (FIXED * candidates.len() + 6 * edges).min(160)
}

/// How many candidates are pursued after each was tried in three ways.
const PURSUED: usize = 3;
/// After how many attempts without a better one a layout without fault is good enough: in trials on the built-in data
/// later ones made it lower by a line of text at most.
const PATIENCE: usize = 12;

/// The layout of the program: many attempts with one way to give rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempts<R>(pub(crate) R);

impl<R: Ranking> Layout for Attempts<R> {
    fn place(&self, candidates: &[Candidate], wishes: &Wishes) -> Result<(usize, Placed), Misfit> {
        let mut search = Search {
            candidates,
            wishes,
            ranking: &self.0,
            work_left: WORK,
            best: None,
            needed: f64::INFINITY,
            marks: vec![f64::INFINITY; candidates.len()],
            in_vain: 0,
        };
        // Where no label is long, several widths for labels come to the same.
        let earlier = |at: usize| candidates.iter().take(at);
        let is_new = |at: &usize| candidates.get(*at).is_some_and(|it| earlier(*at).all(|other| other != it));
        let mut pursued: Vec<usize> = (0..candidates.len()).filter(is_new).collect();
        let most = most_attempts(candidates);
        let mut attempts = 0;
        for turn in 0..most {
            if turn == FIXED {
                pursued.sort_by(|a, b| search.mark(*a).total_cmp(&search.mark(*b)).then(a.cmp(b)));
                pursued.truncate(PURSUED);
            }
            for at in &pursued {
                // Each is tried at least once, whatever it costs; the layout of one attempt is bounded by itself.
                if turn > 0 && (search.work_left == 0 || attempts >= most || search.is_good_enough()) {
                    return search.result();
                }
                attempts += 1;
                search.attempt(*at, turn);
            }
        }
        search.result()
    }
}

/// The attempts before the random ones.
const FIXED: usize = 4;
/// What the first attempt of a candidate may cost: more boxes than that belong in no picture.
const FIRST: usize = 60_000_000;

struct Search<'a> {
    candidates: &'a [Candidate],
    wishes: &'a Wishes,
    ranking: &'a dyn Ranking,
    work_left: usize,
    best: Option<(f64, usize, Placed)>,
    needed: f64,
    /// The least cost of each candidate, or how far it was from fitting.
    marks: Vec<f64>,
    /// Attempts since the best one.
    in_vain: usize,
}

impl Search<'_> {
    fn mark(&self, candidate: usize) -> f64 {
        self.marks.get(candidate).copied().unwrap_or(f64::INFINITY)
    }

    /// Whether the best has no fault that another order could mend, and others were tried.
    fn is_good_enough(&self) -> bool {
        self.in_vain >= PATIENCE
            && self.best.as_ref().is_some_and(|(_, _, placed)| {
                placed.crossings == 0
                    && placed.height <= self.wishes.height
                    && out_of_order(placed, &self.wishes.order) == 0
            })
    }

    fn attempt(&mut self, at: usize, turn: usize) {
        self.in_vain += 1;
        let Some(candidate) = self.candidates.get(at) else { return };
        let attempt = attempt(&candidate.boxes, turn, self.wishes);
        let mut first = FIRST;
        let rows = if turn == 0 {
            let rows = self.ranking.rows(&candidate.boxes, &attempt, &mut first);
            self.work_left = self.work_left.saturating_sub(FIRST - first);
            rows
        } else {
            self.ranking.rows(&candidate.boxes, &attempt, &mut self.work_left)
        };
        let Some(rows) = rows else { return };
        let cost = match route(&candidate.boxes, &rows, candidate.flow, self.wishes.width) {
            Ok(routed) => {
                let cost = self.cost(&routed, &attempt);
                if self.best.as_ref().is_none_or(|it| cost < it.0) {
                    self.best = Some((cost, at, routed.placed));
                    self.in_vain = 0;
                }
                cost
            }
            Err(needed) => {
                self.needed = self.needed.min(needed);
                TOO_WIDE + needed
            }
        };
        if let Some(mark) = self.marks.get_mut(at) {
            *mark = mark.min(cost);
        }
    }

    /// What speaks against an attempt, in pixels of height: a crossing is worth a line and a half of text.
    fn cost(&self, routed: &Routed, attempt: &Attempt) -> f64 {
        let placed = &routed.placed;
        let count = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
        let is_path = !self.wishes.path.is_empty();
        let against = attempt.against.iter().filter(|it| **it && !is_path).count();
        let too_high = (placed.height - self.wishes.height).max(0.0);
        let mut cost = placed.height + 90.0 * count(placed.crossings) + 0.06 * routed.aside + 14.0 * count(against);
        cost += 1000.0 * too_high + 200.0 * count(out_of_order(placed, &self.wishes.order));
        cost
    }

    fn result(self) -> Result<(usize, Placed), Misfit> {
        self.best.map(|(_, at, placed)| (at, placed)).ok_or(Misfit::TooWide(self.needed))
    }
}

/// More than any cost.
const TOO_WIDE: f64 = 1e9;

/// How many neighbours of a wished order stand the other way round.
fn out_of_order(placed: &Placed, order: &[usize]) -> usize {
    let middle = |at: &usize| placed.nodes.get(*at).map(|it| it.middle());
    let wrong = order.windows(2).filter(|pair| {
        let [a, b] = pair else { return false };
        match (middle(a), middle(b)) {
            (Some(a), Some(b)) => (a.y - b.y > 1.0) || ((a.y - b.y).abs() <= 1.0 && a.x > b.x),
            _ => false,
        }
    });
    wrong.count()
}

/// The attempt of that number.
fn attempt(boxes: &Boxes, turn: usize, wishes: &Wishes) -> Attempt {
    let wished = if wishes.order.is_empty() { &wishes.path } else { &wishes.order };
    let mut random = Random::new(turn);
    let mut order: Vec<usize> = wished.clone();
    order.extend((0..boxes.nodes.len()).filter(|it| !wished.contains(it)));
    if turn >= FIXED {
        random.shuffle(&mut order);
    }
    let mut attempt = Attempt { order, against: vec![false; boxes.edges.len()], length: vec![1; boxes.edges.len()] };
    if !wishes.path.is_empty() {
        let place = |node: usize| wishes.path.iter().position(|it| *it == node).unwrap_or(usize::MAX);
        for (edge, against) in boxes.edges.iter().zip(attempt.against.iter_mut()) {
            *against = place(edge.from) > place(edge.to);
        }
    }
    if turn == 0 || (turn >= FIXED && turn.is_multiple_of(3)) {
        return attempt;
    }
    if !wishes.path.is_empty() {
        lengthen(boxes, turn, &mut random, &mut attempt);
        return attempt;
    }
    // Of a box that hangs on one other alone nobody cares on which side it stands.
    for (number, (leaf, hub)) in leaves(boxes).into_iter().enumerate() {
        let (above, length) = match turn {
            1 => (number % 2 == 0, 1),
            2 => (number % 2 == 0, 1 + number / 4),
            3 => (number % 2 == 0, 1 + number / 2),
            _ => (random.below(2) == 0, 1 + if turn % 3 == 1 { random.below(4) } else { 0 }),
        };
        for (edge, (against, passes)) in
            boxes.edges.iter().zip(attempt.against.iter_mut().zip(attempt.length.iter_mut()))
        {
            if (edge.from == leaf && edge.to == hub) || (edge.to == leaf && edge.from == hub) {
                *against = (edge.from == leaf) != above;
                *passes = length;
            }
        }
    }
    if turn % 2 == 1 {
        lengthen(boxes, turn, &mut random, &mut attempt);
    }
    attempt
}

/// Gives lines between the same two as many rows as they are, so that their labels need not stand beside each other,
/// and now and then a row more to any line.
fn lengthen(boxes: &Boxes, turn: usize, random: &mut Random, attempt: &mut Attempt) {
    let pair = |it: &super::Edge| (it.from.min(it.to), it.from.max(it.to));
    for (edge, length) in boxes.edges.iter().zip(attempt.length.iter_mut()) {
        let parallel = boxes.edges.iter().filter(|it| pair(it) == pair(edge)).count();
        *length = (*length).max(parallel.min(6));
        if turn >= FIXED && random.below(4) == 0 {
            *length += 1;
        }
    }
}

/// Nodes that are connected with one other node only, and that one.
fn leaves(boxes: &Boxes) -> Vec<(usize, usize)> {
    let mut neighbour: Vec<Option<Option<usize>>> = vec![None; boxes.nodes.len()];
    for edge in &boxes.edges {
        for (node, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
            if let Some(known) = neighbour.get_mut(node) {
                *known = match known {
                    None => Some(Some(other)),
                    Some(Some(it)) if *it == other => Some(Some(other)),
                    _ => Some(None),
                };
            }
        }
    }
    neighbour.iter().enumerate().filter_map(|(at, it)| Some((at, (*it)??))).collect()
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Random(u64);

impl Random {
    fn new(seed: usize) -> Random {
        Random(u64::try_from(seed).unwrap_or_default())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below `limit`, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(1).max(1);
        usize::try_from(self.next() % limit).unwrap_or_default()
    }

    fn shuffle(&mut self, list: &mut [usize]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Edge;
    use super::super::rows::Dugong;
    use super::*;

    fn star(rays: usize) -> Boxes {
        let edges = (1..=rays).map(|it| Edge { from: it, to: 0, label: Some((120.0, 30.0)) });
        Boxes { nodes: vec![(90.0, 34.0); rays + 1], edges: edges.collect() }
    }

    fn wishes(width: f64) -> Wishes {
        Wishes { width, height: 5000.0, ..Wishes::default() }
    }

    #[test]
    fn a_star_is_laid_around_its_hub_where_the_page_is_narrow() {
        let candidates = [Candidate { flow: Flow::Down, boxes: star(6) }];
        for width in [300.0, 560.0, 1200.0] {
            let (_, placed) = Attempts(Dugong).place(&candidates, &wishes(width)).unwrap();
            assert!(placed.width <= width, "{} in {width}", placed.width);
            assert_eq!(placed.crossings, 0);
        }
    }

    #[test]
    fn what_does_not_fit_says_how_much_it_needs() {
        let candidates = [Candidate { flow: Flow::Down, boxes: star(2) }];
        let Err(Misfit::TooWide(needed)) = Attempts(Dugong).place(&candidates, &wishes(80.0)) else { panic!() };
        assert!((90.0..=300.0).contains(&needed), "{needed}");
    }

    #[test]
    fn boxes_never_overlap_and_lines_keep_clear_of_them() {
        for seed in 0..12 {
            let mut random = Random::new(1000 + seed);
            let nodes = 3 + random.below(12);
            let edges = (0..nodes + random.below(nodes)).map(|_| {
                let from = random.below(nodes);
                let to = (from + 1 + random.below(nodes - 1)) % nodes;
                let label =
                    (random.below(3) > 0).then(|| (40.0 + random.below(120) as f64, 20.0 + random.below(90) as f64));
                Edge { from, to, label }
            });
            let edges = edges.collect();
            let boxes = Boxes { nodes: vec![(90.0, 34.0); nodes], edges };
            for flow in [Flow::Down, Flow::Right] {
                let candidates = [Candidate { flow, boxes: boxes.clone() }];
                let (_, placed) = Attempts(Dugong).place(&candidates, &wishes(9000.0)).unwrap();
                let rects: Vec<_> = placed.nodes.iter().chain(placed.labels.iter().flatten()).collect();
                for (at, a) in rects.iter().enumerate() {
                    assert!(rects.iter().skip(at + 1).all(|b| !a.overlaps(b)), "seed {seed}");
                }
                for (at, (edge, path)) in boxes.edges.iter().zip(&placed.paths).enumerate() {
                    let own = [Some(placed.nodes[edge.from]), Some(placed.nodes[edge.to]), placed.labels[at]];
                    for point in path.flattened(4) {
                        let hit = rects.iter().find(|it| {
                            !own.contains(&Some(***it))
                                && (it.x..it.right()).contains(&point.x)
                                && (it.y..it.bottom()).contains(&point.y)
                        });
                        assert_eq!(hit, None, "seed {seed}: line {at}");
                    }
                }
            }
        }
    }
}
