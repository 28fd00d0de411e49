//! The index of time: the days on which each fact may lie, in the order of the first of them.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::model::{FactIx, Period};

/// The days on which a fact may lie, as far as its record says.
///
/// A day is a number that grows with the date: 512 times the year, 32 times the month and the day added up. A side that
/// is open or unknown is the least or the largest number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct Span {
    first: i32,
    last: i32,
    fact: FactIx,
}

fn number(day: jiff::civil::Date) -> i32 {
    i32::from(day.year()) * 512 + i32::from(day.month()) * 32 + i32::from(day.day())
}

impl Span {
    /// Of a fact and its period. Without one it may lie on any day.
    pub(crate) fn new(fact: FactIx, period: Option<Period>) -> Span {
        Span {
            first: period.and_then(|it| it.earliest()).map_or(i32::MIN, number),
            last: period.and_then(|it| it.latest()).map_or(i32::MAX, number),
            fact,
        }
    }
}

/// In the order of the index.
pub(crate) fn spans(spans: impl Iterator<Item = Span>) -> Vec<Span> {
    let mut spans: Vec<Span> = spans.collect();
    spans.sort_unstable();
    spans
}

/// Facts that may lie within a window, in their order. `seen` is told of every span that is looked at.
pub(crate) fn between(spans: &[Span], window: &Period, seen: impl Fn(&Span)) -> Vec<FactIx> {
    let window = Span::new(FactIx(0), Some(*window));
    let begun = spans.partition_point(|it| {
        seen(it);
        it.first <= window.last
    });
    let spans = spans.get(..begun).unwrap_or_default().iter().inspect(|&it| seen(it));
    let mut facts: Vec<FactIx> = spans.filter(|it| window.first <= it.last).map(|it| it.fact).collect();
    facts.sort_unstable();
    facts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Aspect, Certainty, during};

    const PERIODS: [Option<&str>; 10] = [
        None,
        Some("2024"),
        Some("2024-02-29"),
        Some("2024-03~"),
        Some("2023-12-31/2024-01-01"),
        Some("../2020"),
        Some("2022/.."),
        Some("2022/"),
        Some("/2023-06"),
        Some("0001"),
    ];

    fn period() -> impl Strategy<Value = Option<Period>> {
        prop::sample::select(PERIODS.to_vec()).prop_map(|it| it.map(|it| Period::parse(it).unwrap()))
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_is_not_impossible(
            periods in prop::collection::vec(period(), 0..12), window in period(), state: bool
        ) {
            let Some(window) = window else { return Ok(()) };
            let facts = |at: usize| FactIx::from_usize(at);
            let index = spans(periods.iter().enumerate().map(|(at, it)| Span::new(facts(at), *it)));
            let aspect = if state { Aspect::State } else { Aspect::Event };
            let possible = |it: &Option<Period>| during(it.as_ref(), &window, aspect) != Certainty::Impossible;
            let expected: Vec<FactIx> =
                periods.iter().enumerate().filter(|(_, it)| possible(it)).map(|(at, _)| facts(at)).collect();
            prop_assert_eq!(between(&index, &window, |_| {}), expected);
        }
    }
}
