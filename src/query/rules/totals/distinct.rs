//! Which facts are distinct, and the heaviest set of pairwise distinct ones.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use super::schedule::{Job, heaviest};
use super::whole::Group;
use super::{Low, Span};
use crate::model::Amount;

/// Classes of ends and item: what may coincide because of who and what it is about.
pub(crate) struct Classes<'c> {
    /// Whether what two classes speak of may be the same.
    pub(crate) may_coincide: &'c dyn Fn(usize, usize) -> bool,
    /// The family of each class: only classes of one family may coincide.
    pub(crate) families: &'c [usize],
}

/// Up to so many facts of one family are searched exactly where relations or classes make the schedule inexact.
const EXACT: usize = 20;
/// So many classes of one family at most are compared pair by pair.
const MOST_CLASSES: usize = 256;
/// So many groups that are on top of each other at most are merged into one.
const MOST_MERGED: usize = 256;

/// See the module's page.
pub(super) struct Distinct<'g, 'c> {
    pub(super) groups: &'g [Group],
    /// Pairs of groups, the smaller first, of which one is on top of the other.
    pub(super) added: BTreeSet<(usize, usize)>,
    /// Pairs that overlap, whatever else tells them apart.
    pub(super) overlapping: BTreeSet<(usize, usize)>,
    pub(super) classes: &'g Classes<'c>,
}

/// A set of pairwise distinct groups.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen {
    pub(super) low: Option<Low>,
    pub(super) groups: Vec<usize>,
    /// Whether a heavier one may exist, or the least possible sum lie higher.
    pub(super) bound: bool,
}

impl Chosen {
    fn add(&mut self, other: Chosen) {
        let sum = match (self.low, other.low) {
            (Some(a), Some(b)) => a.plus(b),
            (a, b) => a.or(b),
        };
        if sum.is_none() && other.low.is_some() {
            // Too large to be added: what is counted so far is a bound.
            self.bound = true;
            return;
        }
        self.low = sum;
        self.groups.extend(other.groups);
        self.bound |= other.bound;
    }

    /// The heavier of two; if they weigh the same, the first.
    fn max(self, other: Chosen) -> Chosen {
        if other.low > self.low { other } else { self }
    }
}

/// A group that has a lower bound.
#[derive(Clone, Copy, Debug)]
struct Weighed<'g> {
    at: usize,
    low: Low,
    group: &'g Group,
}

impl Distinct<'_, '_> {
    fn pair(a: usize, b: usize) -> (usize, usize) {
        (a.min(b), a.max(b))
    }

    fn classes_may_coincide(&self, a: &Group, b: &Group) -> bool {
        a.classes.iter().any(|x| b.classes.iter().any(|y| x == y || (self.classes.may_coincide)(*x, *y)))
    }

    /// Whether what two groups speak of may be the same in part.
    fn may_coincide(&self, a: usize, b: usize) -> bool {
        let (Some(x), Some(y)) = (self.groups.get(a), self.groups.get(b)) else { return true };
        let pair = Self::pair(a, b);
        self.overlapping.contains(&pair)
            || (self.classes_may_coincide(x, y) && !x.span.is_disjoint(y.span) && !self.added.contains(&pair))
    }

    /// One of the groups that may coincide with `group`; looked for among a few.
    pub(super) fn one_that_may_coincide<'k>(
        &self,
        group: usize,
        among: impl Iterator<Item = &'k usize>,
    ) -> Option<usize> {
        among.take(MOST_CLASSES).copied().find(|it| self.may_coincide(group, *it))
    }

    /// The heaviest set of pairwise distinct groups among these, or a lighter one that is marked as a bound.
    pub(super) fn heaviest(&self, among: &[usize], weight: &dyn Fn(usize) -> Option<Low>) -> Chosen {
        let weighed: Vec<Weighed<'_>> = among
            .iter()
            .filter_map(|at| Some(Weighed { at: *at, low: weight(*at)?, group: self.groups.get(*at)? }))
            .collect();
        let mut chosen = Chosen::default();
        for family in self.families(&weighed) {
            chosen.add(self.of_family(&family));
        }
        chosen.groups.sort_unstable();
        chosen
    }

    /// Groups that may have to do with each other, in the order of their first members.
    fn families<'g>(&self, weighed: &[Weighed<'g>]) -> Vec<Vec<Weighed<'g>>> {
        let mut union = UnionFind::<usize>::new(weighed.len());
        let position: BTreeMap<usize, usize> = weighed.iter().enumerate().map(|(at, it)| (it.at, at)).collect();
        let mut first: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, it) in weighed.iter().enumerate() {
            for class in &it.group.classes {
                let family = self.classes.families.get(*class).copied().unwrap_or_default();
                let other = *first.entry(family).or_insert(at);
                union.try_union(at, other).unwrap_or_default();
            }
        }
        for (a, b) in pairs_within(&self.overlapping, weighed) {
            if let (Some(a), Some(b)) = (position.get(&a), position.get(&b)) {
                union.try_union(*a, *b).unwrap_or_default();
            }
        }
        let mut families: Vec<Vec<Weighed<'g>>> = Vec::new();
        let mut of_root: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, it) in weighed.iter().enumerate() {
            let root = union.try_find(at).unwrap_or(at);
            let family = *of_root.entry(root).or_insert(families.len());
            if family == families.len() {
                families.push(Vec::new());
            }
            families.get_mut(family).into_iter().for_each(|list| list.push(*it));
        }
        families
    }

    fn of_family(&self, family: &[Weighed<'_>]) -> Chosen {
        let related = |pairs| family.len() > 1 && pairs_within(pairs, family).next().is_some();
        if !related(&self.added) && !related(&self.overlapping) && self.all_may_coincide(family) {
            return self.schedule(&family.iter().map(|it| self.job(&[*it])).collect::<Vec<_>>(), false);
        }
        if family.len() <= EXACT { self.search(family) } else { self.estimate(family) }
    }

    /// Whether time alone can tell the groups of a family apart.
    fn all_may_coincide(&self, family: &[Weighed<'_>]) -> bool {
        let mut classes: Vec<&[usize]> = family.iter().map(|it| it.group.classes.as_slice()).collect();
        classes.sort_unstable();
        classes.dedup();
        let coincide = |a: &[usize], b: &[usize]| {
            a.iter().any(|x| b.iter().any(|y| x == y || (self.classes.may_coincide)(*x, *y)))
        };
        classes.len() <= MOST_CLASSES
            && classes
                .iter()
                .enumerate()
                .all(|(at, a)| classes.get(at + 1..).unwrap_or_default().iter().all(|b| coincide(a, b)))
    }

    fn job(&self, groups: &[Weighed<'_>]) -> Job {
        let mut span: Option<Span> = None;
        let mut low: Option<Low> = None;
        for it in groups {
            span = Some(span.map_or(it.group.span, |span| span.hull(it.group.span)));
            low = Some(low.and_then(|low| low.plus(it.low)).unwrap_or(it.low));
        }
        let none = Low { value: Amount::ZERO, open: false, approximate: false, vague: false };
        Job {
            span: span.unwrap_or_default(),
            low: low.unwrap_or(none),
            groups: groups.iter().map(|it| it.at).collect(),
        }
    }

    fn schedule(&self, jobs: &[Job], bound: bool) -> Chosen {
        let (low, chosen, too_large) = heaviest(jobs);
        let groups = chosen.into_iter().filter_map(|it| jobs.get(it)).flat_map(|it| it.groups.iter().copied());
        Chosen { low, groups: groups.collect(), bound: bound || too_large }
    }

    /// All sets of a small family. A cover by sets that may all coincide, if it weighs no more, proves that the heaviest
    /// set is the least possible sum.
    fn search(&self, family: &[Weighed<'_>]) -> Chosen {
        let apart: Vec<u32> = family
            .iter()
            .map(|a| {
                let bits = family.iter().enumerate().filter(|(_, b)| a.at != b.at && !self.may_coincide(a.at, b.at));
                bits.fold(0, |mask, (at, _)| mask | 1_u32 << at)
            })
            .collect();
        let mut search = Search { family, apart: &apart, best: None, chosen: 0, too_large: false };
        search.go((1_u32 << family.len()) - 1, None, 0);
        let (best, chosen, too_large) = (search.best, search.chosen, search.too_large);
        let exact = best.is_some_and(|best| cover(family, &apart).is_some_and(|it| it <= best.value));
        let groups = family.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0).map(|(_, it)| it.at);
        Chosen { low: best, groups: groups.collect(), bound: too_large || !exact }
    }

    /// The weight of a cover of all groups of a small sum, in which what covers a part covers its wholes; none for a large
    /// one. It proves a lower bound that weighs as much.
    pub(super) fn cover_with_wholes(
        &self,
        order: &[usize],
        low: &dyn Fn(usize) -> Option<Low>,
        with_wholes: &dyn Fn(usize) -> Vec<usize>,
    ) -> Option<Amount> {
        if order.len() > EXACT {
            return None;
        }
        let last = |at: usize| self.groups.get(at).and_then(|it| it.span.last);
        let mut left: BTreeMap<usize, Amount> = order.iter().filter_map(|it| Some((*it, low(*it)?.value))).collect();
        let mut order: Vec<usize> = left.keys().copied().collect();
        // Parts before wholes: what is deepest has most above it.
        order.sort_by_key(|at| (std::cmp::Reverse(with_wholes(*at).len()), last(*at).is_none(), last(*at), *at));
        let mut sum = Amount::ZERO;
        for at in &order {
            let Some(layer) = left.get(at).copied().filter(|it| *it > Amount::ZERO) else { continue };
            sum = sum.checked_add(layer)?;
            let mut set: BTreeSet<usize> = with_wholes(*at).into_iter().collect();
            for other in &order {
                let added = with_wholes(*other);
                let contains = |a: usize, b: usize| with_wholes(a).contains(&b) || with_wholes(b).contains(&a);
                let fits = |a: &usize| set.iter().all(|b| a == b || contains(*a, *b) || self.may_coincide(*a, *b));
                if added.iter().all(fits) {
                    set.extend(added);
                }
            }
            for it in &set {
                if let Some(rest) = left.get_mut(it) {
                    *rest = rest.checked_sub(layer).unwrap_or(Amount::ZERO);
                }
            }
        }
        Some(sum)
    }

    /// A sound bound for a large family: the best of several schedules.
    fn estimate(&self, family: &[Weighed<'_>]) -> Chosen {
        // Of two that overlap, time tells nothing: the lighter one is left out.
        let mut out: BTreeSet<usize> = BTreeSet::new();
        let low = |at: usize| {
            family.binary_search_by_key(&at, |it| it.at).ok().and_then(|it| family.get(it)).map(|it| it.low)
        };
        for (a, b) in pairs_within(&self.overlapping, family) {
            if !out.contains(&a) && !out.contains(&b) {
                out.insert(if low(a) < low(b) { a } else { b });
            }
        }
        let kept: Vec<Weighed<'_>> = family.iter().copied().filter(|it| !out.contains(&it.at)).collect();
        let single = |it: &Weighed<'_>| self.job(&[*it]);
        let plain = self.schedule(&kept.iter().map(single).collect::<Vec<_>>(), true);
        let merged = self.schedule(&self.merged(&kept), true);
        plain.max(merged).max(self.by_class(&kept))
    }

    /// Jobs in which groups that are on top of each other are merged first, if all of such a set are distinct.
    fn merged(&self, family: &[Weighed<'_>]) -> Vec<Job> {
        let position: BTreeMap<usize, usize> = family.iter().enumerate().map(|(at, it)| (it.at, at)).collect();
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (a, b) in pairs_within(&self.added, family) {
            if let (Some(a), Some(b)) = (position.get(&a), position.get(&b)) {
                next.entry(*a).or_default().push(*b);
                next.entry(*b).or_default().push(*a);
            }
        }
        let mut done: BTreeSet<usize> = BTreeSet::new();
        let mut jobs = Vec::new();
        for (at, it) in family.iter().enumerate() {
            if !done.insert(at) {
                continue;
            }
            let mut set = vec![*it];
            for other in next.get(&at).into_iter().flatten() {
                let is_open = |_: &&Weighed<'_>| set.len() < MOST_MERGED && !done.contains(other);
                let Some(candidate) = family.get(*other).filter(is_open) else { continue };
                if set.iter().all(|it| !self.may_coincide(it.at, candidate.at)) {
                    set.push(*candidate);
                    done.insert(*other);
                }
            }
            jobs.push(self.job(&set));
        }
        jobs
    }

    /// A schedule for each set of classes, and of these the heaviest that cannot coincide with each other.
    fn by_class(&self, family: &[Weighed<'_>]) -> Chosen {
        let mut by_class: BTreeMap<&[usize], Vec<Job>> = BTreeMap::new();
        for it in family {
            by_class.entry(&it.group.classes).or_default().push(self.job(&[*it]));
        }
        let mut schedules: Vec<(&[usize], Chosen)> =
            by_class.into_iter().map(|(classes, jobs)| (classes, self.schedule(&jobs, true))).collect();
        schedules.sort_by(|a, b| b.1.low.cmp(&a.1.low).then(a.0.cmp(b.0)));
        let mut taken: Vec<&[usize]> = Vec::new();
        let mut all = Chosen { bound: true, ..Chosen::default() };
        for (classes, chosen) in schedules.into_iter().take(MOST_CLASSES) {
            let coincide = |other: &&[usize]| {
                other.iter().any(|x| classes.iter().any(|y| x == y || (self.classes.may_coincide)(*x, *y)))
            };
            if !taken.iter().any(coincide) {
                taken.push(classes);
                all.add(chosen);
            }
        }
        all
    }
}

/// Those of the pairs of which both are in a list that is in the order of positions, in the order of the pairs. Only pairs
/// of its members are looked at: a list is short and the pairs are many.
fn pairs_within<'p>(
    pairs: &'p BTreeSet<(usize, usize)>,
    list: &'p [Weighed<'_>],
) -> impl Iterator<Item = (usize, usize)> + 'p {
    let inside = |it: usize| list.binary_search_by_key(&it, |it| it.at).is_ok();
    let of_first = list.iter().flat_map(|it| pairs.range((it.at, 0)..=(it.at, usize::MAX)));
    of_first.copied().filter(move |(_, other)| inside(*other))
}

/// Branch and bound over sets of a small family.
struct Search<'s, 'g> {
    family: &'s [Weighed<'g>],
    /// For each, those that are distinct from it.
    apart: &'s [u32],
    best: Option<Low>,
    chosen: u32,
    too_large: bool,
}

impl Search<'_, '_> {
    fn go(&mut self, open: u32, low: Option<Low>, chosen: u32) {
        if low > self.best {
            (self.best, self.chosen) = (low, chosen);
        }
        if open == 0 {
            return;
        }
        let at = open.trailing_zeros();
        let rest = open & !(1 << at);
        let apart = self.apart.get(at as usize).copied().unwrap_or(0);
        if let Some(it) = self.family.get(at as usize) {
            match low.map_or(Some(it.low), |low| low.plus(it.low)) {
                Some(sum) => self.go(rest & apart, Some(sum), chosen | 1 << at),
                None => self.too_large = true,
            }
        }
        // What is distinct from all others is always taken.
        if rest & !apart != 0 {
            self.go(rest, low, chosen);
        }
    }
}

/// The weight of a cover by sets that may all coincide: by the last day, each time what is left of a fact is laid over as
/// many others as may coincide with it and with each other. None if it is too large.
fn cover(family: &[Weighed<'_>], apart: &[u32]) -> Option<Amount> {
    let mut order: Vec<usize> = (0..family.len()).collect();
    let last = |at: usize| family.get(at).and_then(|it| it.group.span.last);
    order.sort_by_key(|at| (last(*at).is_none(), last(*at), *at));
    let mut left: Vec<Amount> = family.iter().map(|it| it.low.value).collect();
    let mut sum = Amount::ZERO;
    for at in &order {
        let layer = left.get(*at).copied().filter(|it| *it > Amount::ZERO);
        let Some(layer) = layer else { continue };
        sum = sum.checked_add(layer)?;
        let mut set = 1_u32 << at;
        let mut barred = apart.get(*at).copied().unwrap_or(0);
        for other in &order {
            if set & (1 << other) == 0
                && barred & (1 << other) == 0
                && left.get(*other).is_some_and(|it| *it > Amount::ZERO)
            {
                set |= 1 << other;
                barred |= apart.get(*other).copied().unwrap_or(0);
            }
        }
        for (other, rest) in left.iter_mut().enumerate() {
            if set & (1 << other) != 0 {
                *rest = rest.checked_sub(layer).unwrap_or(Amount::ZERO);
            }
        }
    }
    Some(sum)
}
