//! Items that are the same, and items that are parts of others: what is left to be added up.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use super::distinct::{Classes, Distinct};
use super::{Item, Low, Relations, Span, Why};
use crate::model::Interval;

/// Items that are one and the same.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// Positions of the items, ascending.
    pub(super) members: Vec<usize>,
    /// All that the figures of its members allow; none if none has a figure.
    pub(super) figure: Option<Interval>,
    pub(super) span: Span,
    /// Classes of its members, ascending.
    pub(super) classes: Vec<usize>,
    pub(super) certain: bool,
}

impl Group {
    /// The member that stands for all: the first that gives a figure.
    pub(super) fn shown(&self, items: &[Item]) -> usize {
        let figured = self.members.iter().find(|it| items.get(**it).is_some_and(|it| it.figure.is_some()));
        figured.or(self.members.first()).copied().unwrap_or_default()
    }
}

/// Groups, and which is part of which.
pub(super) struct Wholes {
    groups: Vec<Group>,
    /// The group of each item.
    group_of: Vec<usize>,
    /// The groups of which each is a part, ascending.
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

/// Lower bounds.
pub(super) struct Lows {
    pub(super) sum: Option<Low>,
    pub(super) bound: bool,
    pub(super) from: Vec<usize>,
    pub(super) left_out: Vec<(usize, Why)>,
}

/// What a group weighs, and whether by its own figure or by those of its parts.
#[derive(Clone, Debug)]
struct Weight {
    low: Low,
    parts: Option<Vec<usize>>,
}

/// The item that stands for all that are the same.
fn find(union: &UnionFind<usize>, item: usize) -> usize {
    union.try_find(item).unwrap_or(item)
}

impl Wholes {
    pub(super) fn new(items: &[Item], relations: &Relations) -> Wholes {
        let mut union = UnionFind::<usize>::new(items.len());
        for (a, b) in &relations.same_as {
            union.try_union(*a, *b).unwrap_or_default();
        }
        // A circle of parts, which the loader refuses, could only be one and the same.
        let edges = relations.part_of.iter().map(|(part, whole)| (find(&union, *part), find(&union, *whole)));
        let graph = petgraph::graph::DiGraph::<(), (), usize>::from_edges(edges.filter(|(a, b)| a != b));
        for circle in petgraph::algo::kosaraju_scc(&graph) {
            for pair in circle.windows(2) {
                if let [a, b] = pair {
                    union.try_union(a.index(), b.index()).unwrap_or_default();
                }
            }
        }
        let mut position: BTreeMap<usize, usize> = BTreeMap::new();
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let group = *position.entry(find(&union, at)).or_insert(groups.len());
            group_of.push(group);
            match groups.get_mut(group) {
                None => groups.push(Group {
                    members: vec![at],
                    figure: item.figure,
                    span: item.span,
                    classes: vec![item.class],
                    certain: item.certain,
                }),
                Some(group) => {
                    group.members.push(at);
                    group.figure = match (group.figure, item.figure) {
                        (Some(a), Some(b)) => Some(a.hull(&b)),
                        (a, b) => a.or(b),
                    };
                    group.span = group.span.hull(item.span);
                    group.classes.push(item.class);
                    group.certain &= item.certain;
                }
            }
        }
        for group in &mut groups {
            group.classes.sort_unstable();
            group.classes.dedup();
        }
        let mut above = vec![Vec::new(); groups.len()];
        let mut below = vec![Vec::new(); groups.len()];
        for (part, whole) in &relations.part_of {
            let (Some(part), Some(whole)) = (group_of.get(*part).copied(), group_of.get(*whole).copied()) else {
                continue;
            };
            if part != whole {
                above.get_mut(part).into_iter().for_each(|it| it.push(whole));
                below.get_mut(whole).into_iter().for_each(|it| it.push(part));
            }
        }
        for list in above.iter_mut().chain(&mut below) {
            list.sort_unstable();
            list.dedup();
        }
        Wholes { groups, group_of, above, below }
    }

    /// Groups that are part of no other.
    pub(super) fn outermost(&self) -> impl Iterator<Item = &Group> {
        self.groups.iter().zip(&self.above).filter(|(_, above)| above.is_empty()).map(|(group, _)| group)
    }

    /// A group with all of which it is a part, at any depth.
    fn with_wholes(&self, group: usize) -> Vec<usize> {
        let mut found = BTreeSet::from([group]);
        let mut open = vec![group];
        while let Some(at) = open.pop() {
            for whole in self.above.get(at).into_iter().flatten() {
                if found.insert(*whole) {
                    open.push(*whole);
                }
            }
        }
        found.into_iter().collect()
    }

    /// Pairs of groups that an `overlaps` joins, or a part that both contain. What contains something that overlaps
    /// overlaps itself.
    fn overlapping(&self, relations: &Relations) -> BTreeSet<(usize, usize)> {
        let mut found = BTreeSet::new();
        let mut join = |a: &[usize], b: &[usize]| {
            for x in a {
                found.extend(b.iter().filter(|y| x != *y).map(|y| (*x.min(y), *x.max(y))));
            }
        };
        for (a, b) in &relations.overlaps {
            if let (Some(a), Some(b)) = (self.group_of.get(*a), self.group_of.get(*b)) {
                join(&self.with_wholes(*a), &self.with_wholes(*b));
            }
        }
        for (group, wholes) in self.above.iter().enumerate() {
            if wholes.len() > 1 {
                let all = self.with_wholes(group);
                join(&all, &all);
            }
        }
        found
    }

    /// Lower bounds from the parts upwards: a whole weighs at least what its parts do.
    pub(super) fn lows(&self, items: &[Item], relations: &Relations, classes: &Classes<'_>) -> Lows {
        let pairs = |list: &[(usize, usize)]| -> BTreeSet<(usize, usize)> {
            let groups = list.iter().filter_map(|(a, b)| Some((*self.group_of.get(*a)?, *self.group_of.get(*b)?)));
            groups.map(|(a, b)| (a.min(b), a.max(b))).collect()
        };
        let distinct = Distinct {
            groups: &self.groups,
            added: pairs(&relations.in_addition_to),
            overlapping: self.overlapping(relations),
            classes,
        };
        let mut weights: Vec<Option<Weight>> = vec![None; self.groups.len()];
        let mut bound = false;
        for at in self.from_the_parts() {
            let own = self.groups.get(at).filter(|it| it.certain).and_then(|it| Low::of(&it.figure?));
            let parts = self.below.get(at).map_or(&[][..], Vec::as_slice);
            let chosen = distinct.heaviest(parts, &|it| weights.get(it)?.as_ref().map(|it| it.low));
            let weight = match (own, chosen.low) {
                // What its parts are known to be, the whole is too.
                (own, Some(low)) if own.is_none_or(|own| low > own) => {
                    bound |= chosen.bound;
                    Some(Weight { low, parts: Some(chosen.groups) })
                }
                (Some(low), _) => Some(Weight { low, parts: None }),
                (None, _) => None,
            };
            weights.get_mut(at).into_iter().for_each(|it| it.clone_from(&weight));
        }
        let outermost: Vec<usize> =
            (0..self.groups.len()).filter(|it| self.above.get(*it).is_some_and(Vec::is_empty)).collect();
        let chosen = distinct.heaviest(&outermost, &|it| weights.get(it)?.as_ref().map(|it| it.low));
        bound |= chosen.bound;
        if !relations.part_of.is_empty() && chosen.low.is_some() {
            // A part may be distinct from what its whole is not, which the weights alone do not show.
            let low = |at: usize| self.groups.get(at).filter(|it| it.certain).and_then(|it| Low::of(&it.figure?));
            let above = |at: usize| self.with_wholes(at);
            let least = distinct.cover_with_wholes(&self.from_the_parts(), &low, &above);
            bound = !least.is_some_and(|least| chosen.low.is_some_and(|it| least <= it.value));
        }
        let mut counted: BTreeSet<usize> = BTreeSet::new();
        let mut open = chosen.groups.clone();
        while let Some(group) = open.pop() {
            match weights.get(group).and_then(|it| it.as_ref()?.parts.as_ref()) {
                Some(parts) => open.extend(parts),
                None => {
                    counted.insert(group);
                }
            }
        }
        let shown: BTreeMap<usize, usize> =
            counted.iter().filter_map(|it| Some((*it, self.groups.get(*it)?.shown(items)))).collect();
        let left_out = self.left_out(items, &weights, &shown, &distinct);
        Lows {
            sum: chosen.low,
            bound,
            from: shown.into_values().collect::<BTreeSet<_>>().into_iter().collect(),
            left_out,
        }
    }

    /// Groups in an order in which parts come before their wholes.
    fn from_the_parts(&self) -> Vec<usize> {
        let mut waiting: Vec<usize> = self.below.iter().map(Vec::len).collect();
        let mut order: Vec<usize> = (0..self.groups.len()).filter(|it| waiting.get(*it) == Some(&0)).collect();
        let mut at = 0;
        while let Some(group) = order.get(at).copied() {
            at += 1;
            for whole in self.above.get(group).into_iter().flatten() {
                if let Some(left) = waiting.get_mut(*whole) {
                    *left -= 1;
                    if *left == 0 {
                        order.push(*whole);
                    }
                }
            }
        }
        order
    }

    /// Why each item that the lower bound does not add up is left out.
    fn left_out(
        &self,
        items: &[Item],
        weights: &[Option<Weight>],
        counted: &BTreeMap<usize, usize>,
        distinct: &Distinct<'_, '_>,
    ) -> Vec<(usize, Why)> {
        let mut found = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let Some(group) = self.group_of.get(at).copied() else { continue };
            let of_parts = || weights.get(group).is_some_and(|it| it.as_ref().is_some_and(|it| it.parts.is_some()));
            let whole = self.above.get(group).and_then(|it| it.first());
            let shown = |group: usize| self.groups.get(group).map_or(at, |it| it.shown(items));
            let why = match counted.get(&group) {
                Some(shown) if *shown == at => continue,
                Some(shown) => Why::SameAs(*shown),
                None if whole.is_some() => Why::PartOf(whole.map_or(at, |it| shown(*it))),
                None if item.figure.is_none() => Why::NoFigure,
                None if !item.certain => Why::OnlyPossible,
                None if of_parts() || item.figure.and_then(|it| Low::of(&it)).is_none() => Why::NoLow,
                None => Why::MayCoincide(distinct.one_that_may_coincide(group, counted.keys()).map(shown)),
            };
            found.push((at, why));
        }
        found
    }
}
