//! One answer in several figures.

use std::collections::{BTreeMap, BTreeSet};

use super::together::{BoxKey, Members};
use super::{Reduced, all_ends};
use crate::query::{Answer, Row};

/// An answer as several figures, each with at most `most` boxes (never fewer than two); every fact stands in just one of them,
/// with the number that its source has in the whole.
///
/// What hangs together stays together where it fits. What is too large is cut up around whoever has most facts, again and
/// again. Small figures that fit together share one, and facts that lack both ends go with the first.
pub fn split(reduced: &Reduced, most: usize) -> Vec<Answer> {
    let members = Members::of(&reduced.together);
    let rows = &reduced.answer.rows;
    let facts: Vec<(usize, BoxKey, BoxKey)> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| {
            // What has one end only hangs on that one.
            let mut both = all_ends(row).map(|it| members.box_of(it));
            let first = both.next()?;
            let second = both.next().unwrap_or_else(|| first.clone());
            Some((at, first, second))
        })
        .collect();
    let mut figures: Vec<Figure> = Vec::new();
    for part in components(&facts) {
        let boxes: BTreeSet<&BoxKey> = part.iter().flat_map(|(_, from, to)| [from, to]).collect();
        if boxes.len() <= most.max(2) {
            figures.push(Figure::of(&part));
        } else {
            figures.extend(around_hubs(&part, most.max(2)));
        }
    }
    let figures = packed(figures, most);
    let mut parts: Vec<Vec<usize>> = figures.into_iter().map(|it| it.rows.into_iter().collect()).collect();
    let loose = (0..rows.len()).filter(|at| rows.get(*at).is_some_and(|it| all_ends(it).next().is_none()));
    match parts.first_mut() {
        Some(first) => first.extend(loose),
        None => parts.push(loose.collect()),
    }
    parts
        .into_iter()
        .zip(0..)
        .map(|(mut part, number)| {
            part.sort_unstable();
            let rows: Vec<Row> = part.iter().filter_map(|at| rows.get(*at)).cloned().collect();
            // What somebody only speaks about is told once.
            let claimed = if number == 0 { reduced.answer.claimed.clone() } else { Vec::new() };
            Answer { rows, claimed, ..reduced.answer.clone() }
        })
        .collect()
}

type Fact = (usize, BoxKey, BoxKey);

/// Rows and boxes of one figure.
#[derive(Clone, Default)]
struct Figure {
    rows: BTreeSet<usize>,
    boxes: BTreeSet<BoxKey>,
}

impl Figure {
    fn of(facts: &[&Fact]) -> Figure {
        let mut figure = Figure::default();
        for (at, from, to) in facts.iter().copied() {
            figure.rows.insert(*at);
            figure.boxes.extend([from.clone(), to.clone()]);
        }
        figure
    }
}

/// Facts that hang together, in the order of their first rows.
fn components(facts: &[Fact]) -> Vec<Vec<&Fact>> {
    let mut part_of: BTreeMap<&BoxKey, usize> = BTreeMap::new();
    let mut parts: Vec<Vec<&Fact>> = Vec::new();
    for fact in facts {
        let (_, from, to) = fact;
        let mut known: Vec<usize> = [from, to].iter().filter_map(|it| part_of.get(*it).copied()).collect();
        known.sort_unstable();
        known.dedup();
        let part = known.first().copied().unwrap_or_else(|| {
            parts.push(Vec::new());
            parts.len() - 1
        });
        if let [_, other] = known.as_slice() {
            let moved = parts.get_mut(*other).map(std::mem::take).unwrap_or_default();
            for it in part_of.values_mut().filter(|it| **it == *other) {
                *it = part;
            }
            if let Some(it) = parts.get_mut(part) {
                it.extend(moved);
            }
        }
        part_of.insert(from, part);
        part_of.insert(to, part);
        if let Some(it) = parts.get_mut(part) {
            it.push(fact);
        }
    }
    parts.retain(|it| !it.is_empty());
    parts
}

/// Figures around whoever has most facts that are not drawn yet; a hub with too many others takes several.
fn around_hubs(facts: &[&Fact], most: usize) -> Vec<Figure> {
    let mut open: Vec<&Fact> = facts.to_vec();
    open.sort_by_key(|(at, ..)| *at);
    let mut figures = Vec::new();
    while !open.is_empty() {
        let mut degree: BTreeMap<&BoxKey, (usize, usize)> = BTreeMap::new();
        for (at, from, to) in &open {
            for it in BTreeSet::from([from, to]) {
                degree.entry(it).or_insert((0, *at)).0 += 1;
            }
        }
        let hub = degree.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)));
        let Some((hub, _)) = hub else { break };
        let hub = hub.clone();
        let mut boxes = BTreeSet::from([hub.clone()]);
        for (_, from, to) in open.iter().filter(|(_, from, to)| *from == hub || *to == hub) {
            let other = if *from == hub { to } else { from };
            if boxes.len() < most {
                boxes.insert(other.clone());
            }
        }
        // Facts among those who are there anyway come along.
        let (drawn, rest): (Vec<&Fact>, Vec<&Fact>) =
            open.into_iter().partition(|(_, from, to)| boxes.contains(from) && boxes.contains(to));
        figures.push(Figure::of(&drawn));
        open = rest;
    }
    figures
}

/// Small figures put together where they fit, in their order.
fn packed(figures: Vec<Figure>, most: usize) -> Vec<Figure> {
    let mut packed: Vec<Figure> = Vec::new();
    for figure in figures {
        let fits = packed.iter_mut().find(|it| it.boxes.union(&figure.boxes).count() <= most.max(2));
        match fits {
            Some(it) => {
                it.rows.extend(figure.rows);
                it.boxes.extend(figure.boxes);
            }
            None => packed.push(figure),
        }
    }
    packed
}
