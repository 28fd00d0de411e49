//! Honest sums. Goods that two facts speak of may be the same in part, so a sum is an interval.
//!
//! *High* is the sum of all upper bounds, if all are known. *Low* is the least that there must have been, however the
//! facts coincide. Two facts are *distinct* if nothing that one speaks of can be what the other speaks of: their items or
//! ends cannot coincide, or their possible periods are disjoint, or one is said to come on top of the other. All others
//! may coincide. What distinct facts speak of adds up; so the heaviest set of pairwise distinct facts is a lower bound.
//!
//! It is the least possible one where time alone tells facts apart: facts that may coincide then form a graph of
//! intervals, which is perfect, and in a perfect graph the heaviest set of pairwise distinct facts weighs just what the
//! cheapest cover by sets of facts that may all coincide does. Finding it is weighted interval scheduling, n log n.
//! Relations and classes above one another can make graphs that are not perfect. Small ones are searched, and a cover by
//! coincidences tells whether the bound is the least possible one; for large ones a smaller sound bound is taken. The sum
//! says which.

mod distinct;
mod schedule;
mod whole;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::model::{Amount, Interval};

pub(crate) use distinct::Classes;

/// A fact that is to be added up; all of one call have the same unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// Its figure; none if it gives none.
    pub(crate) figure: Option<Interval>,
    /// Its possible days, inclusive; none is unbounded.
    pub(crate) span: Span,
    /// The class of its ends and item, by position.
    pub(crate) class: usize,
    /// Whether it counts for certain; else for the upper bound alone.
    pub(crate) certain: bool,
}

/// Possible days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first: Option<Date>,
    pub(crate) last: Option<Date>,
}

impl Span {
    pub(super) fn hull(self, other: Span) -> Span {
        let pick = |a: Option<Date>, b: Option<Date>, pick: fn(Date, Date) -> Date| Some(pick(a?, b?));
        Span { first: pick(self.first, other.first, Ord::min), last: pick(self.last, other.last, Ord::max) }
    }

    fn is_before(self, other: Span) -> bool {
        matches!((self.last, other.first), (Some(last), Some(first)) if last < first)
    }

    fn is_disjoint(self, other: Span) -> bool {
        self.is_before(other) || other.is_before(self)
    }
}

/// Pairs of items by position: the first is the one that refers to the second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relations {
    pub(crate) in_addition_to: Vec<(usize, usize)>,
    pub(crate) overlaps: Vec<(usize, usize)>,
    pub(crate) part_of: Vec<(usize, usize)>,
    pub(crate) same_as: Vec<(usize, usize)>,
}

/// Why a fact is not in a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is part of another, which is counted.
    PartOf(usize),
    /// It is the same as another, which is counted.
    SameAs(usize),
    /// It may coincide with what is counted, with that one for instance.
    MayCoincide(Option<usize>),
    /// It gives no lower bound.
    NoLow,
    /// It gives no figure.
    NoFigure,
    /// It only possibly belongs to what is asked for.
    OnlyPossible,
}

/// The sum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sum {
    pub(crate) interval: Interval,
    /// Whether the lower bound could be higher.
    pub(crate) bound: bool,
    /// Items that the lower bound adds up, ascending.
    pub(crate) low_from: Vec<usize>,
    /// Items that the upper bound adds up, ascending.
    pub(crate) high_from: Vec<usize>,
    /// Items that the lower bound leaves out.
    pub(crate) left_out: Vec<(usize, Why)>,
}

/// A lower bound with its hedges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Low {
    value: Amount,
    open: bool,
    approximate: bool,
    vague: bool,
}

impl Low {
    fn of(interval: &Interval) -> Option<Low> {
        let Interval { low, low_open: open, approximate, vague, .. } = *interval;
        low.filter(|it| *it > Amount::ZERO || open).map(|value| Low { value, open, approximate, vague })
    }

    fn plus(self, other: Low) -> Option<Low> {
        Some(Low {
            value: self.value.checked_add(other.value)?,
            open: self.open || other.open,
            approximate: self.approximate || other.approximate,
            vague: self.vague || other.vague,
        })
    }
}

/// Adds items up.
pub(crate) fn sum(items: &[Item], relations: &Relations, classes: &Classes<'_>) -> Sum {
    if let Some(sum) = sum_of_distinct(items, relations, classes) {
        return sum;
    }
    let wholes = whole::Wholes::new(items, relations);
    let lows = wholes.lows(items, relations, classes);
    let (high, high_from) = high(items, &wholes);
    let interval = interval(lows.sum, high);
    Sum { interval, bound: lows.bound, low_from: lows.from, high_from, left_out: lows.left_out }
}

/// So few items are looked at pair by pair first.
pub(crate) const FEW: usize = 16;

/// The sum of a few items that are all known and distinct, as most groups of a large sum are: each bound adds up all of them.
pub(crate) fn sum_of_distinct(items: &[Item], relations: &Relations, classes: &Classes<'_>) -> Option<Sum> {
    let Relations { in_addition_to, overlaps, part_of, same_as } = relations;
    let related = [in_addition_to, overlaps, part_of, same_as].into_iter().any(|it| !it.is_empty());
    if items.is_empty() || items.len() > FEW || related {
        return None;
    }
    let mut low: Option<Low> = None;
    let mut high: Option<High> = Some((Amount::ZERO, false, false, false));
    for (at, item) in items.iter().enumerate() {
        let figure = item.figure.filter(|_| item.certain)?;
        let own = Low::of(&figure)?;
        let may_coincide = |other: &Item| {
            (item.class == other.class || (classes.may_coincide)(item.class, other.class))
                && !item.span.is_disjoint(other.span)
        };
        if items.get(at + 1..).unwrap_or_default().iter().any(may_coincide) {
            return None;
        }
        low = Some(match low {
            Some(low) => low.plus(own)?,
            None => own,
        });
        high = high.and_then(|it| with_high(it, &figure));
    }
    let all: Vec<usize> = (0..items.len()).collect();
    let high_from = if high.is_some() { all.clone() } else { Vec::new() };
    Some(Sum { interval: interval(low, high), bound: false, low_from: all, high_from, left_out: Vec::new() })
}

fn interval(low: Option<Low>, high: Option<High>) -> Interval {
    Interval {
        low: low.map(|it| it.value),
        high: high.map(|it| it.0),
        low_open: low.is_some_and(|it| it.open),
        high_open: high.is_some_and(|it| it.1),
        approximate: low.is_some_and(|it| it.approximate) || high.is_some_and(|it| it.2),
        vague: low.is_some_and(|it| it.vague) || high.is_some_and(|it| it.3),
    }
}

/// An upper bound, and whether it is open, approximate, vague.
type High = (Amount, bool, bool, bool);

/// With the upper bound of one more figure; none if it is not known, or the sum is too large.
fn with_high(sum: High, figure: &Interval) -> Option<High> {
    let value = sum.0.checked_add(figure.high?)?;
    Some((value, sum.1 || figure.high_open, sum.2 || figure.approximate, sum.3 || figure.vague))
}

/// The sum of the upper bounds of what is no part of another; none if one is not known.
fn high(items: &[Item], wholes: &whole::Wholes) -> (Option<High>, Vec<usize>) {
    let mut sum: High = (Amount::ZERO, false, false, false);
    let mut from = Vec::new();
    for group in wholes.outermost() {
        let Some(more) = group.figure.and_then(|it| with_high(sum, &it)) else { return (None, Vec::new()) };
        sum = more;
        from.push(group.shown(items));
    }
    from.sort_unstable();
    ((!from.is_empty()).then_some(sum), from)
}
