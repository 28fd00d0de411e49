//! Compares imprecise periods: within a window, one before another, a chain in time, and the order of rows.
//!
//! Moments are days, the finest that a period can say. Two rules hold throughout: possible days include what `~` and `?` add,
//! and nothing that has `~` or `?` is ever certain. Impossible stays impossible.

use jiff::civil::Date;

use super::{End, Period};

/// How a period is meant.
///
/// # Example
///
/// ```
/// use purvey::model::period::{Aspect, Certainty, Period};
///
/// let (year, month) = (Period::parse("2024")?, Period::parse("June 2024")?);
/// assert_eq!(year.during(&month, Aspect::Event), Certainty::Possible);
/// assert_eq!(year.during(&month, Aspect::State), Certainty::Certain);
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// It happened at some moment within the period.
    Event,
    /// It held throughout the period; an open end goes on for ever.
    State,
}

/// An answer about imprecise periods; in order, the surest yes first.
///
/// # Example
///
/// ```
/// use purvey::model::period::Certainty;
///
/// assert!(Certainty::Certain < Certainty::Possible && Certainty::Possible < Certainty::Impossible);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Whatever the moments were.
    Certain,
    /// For some moments.
    Possible,
    /// For none.
    Impossible,
}

/// The order of rows: earliest possible day (none last), then latest possible day (none last).
///
/// # Example
///
/// ```
/// use purvey::model::period::{Period, SortKey};
///
/// let (open, year) = (Period::parse("../2020")?, Period::parse("2024")?);
/// assert!(year.sort_key() < open.sort_key());
/// assert!(open.sort_key() < SortKey::NO_PERIOD);
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortKey {
    earliest: OrLast,
    latest: OrLast,
}

/// A day, or after all days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum OrLast {
    Day(Date),
    Last,
}

impl SortKey {
    /// The key of what has no period: after everything that has one.
    pub const NO_PERIOD: SortKey = SortKey { earliest: OrLast::Last, latest: OrLast::Last };
}

impl Period {
    /// Whether what happened or held in this period did so within `window`, both ends inclusive.
    ///
    /// - An event is certain if all its possible days lie in the window, and impossible if none does.
    /// - A state is certain if it surely held on a day of the window: if the stated period and the window overlap. With an
    ///   unknown end only its known end is sure, so that date, as precise as it is, must lie in the window. It is impossible
    ///   if its possible days and the window's don't overlap.
    /// - Certain needs a window without `~`, `?` and unknown ends, and a period without `~` and `?` (an event's also without
    ///   unknown ends).
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{Aspect, Certainty, Period};
    ///
    /// let shipments = Period::parse("March to October 2024")?;
    /// let year = Period::parse("2024")?;
    /// assert_eq!(shipments.during(&year, Aspect::Event), Certainty::Certain);
    ///
    /// let office = Period::parse("2022/")?;
    /// assert_eq!(office.during(&Period::parse("2022")?, Aspect::State), Certainty::Certain);
    /// assert_eq!(office.during(&year, Aspect::State), Certainty::Possible);
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn during(&self, window: &Period, aspect: Aspect) -> Certainty {
        let (possible, window_days) = (Days::of(self), Days::of(window));
        if !possible.overlap(window_days) {
            return Certainty::Impossible;
        }
        let sure = window.allows_certainty()
            && !self.is_qualified()
            && match (aspect, self.known_end()) {
                (Aspect::Event, None) => possible.lie_in(window_days),
                (Aspect::Event, Some(_)) => false,
                // Unqualified, so the possible days are the stated ones, and these overlap.
                (Aspect::State, None) => true,
                (Aspect::State, Some(known)) => known.lie_in(window_days),
            };
        if sure { Certainty::Certain } else { Certainty::Possible }
    }

    /// Whether the event of this period happened on an earlier day than that of the other.
    ///
    /// Certain if its latest possible day is before the other's earliest and no `~` or `?` stands in either; impossible if its
    /// earliest is after the other's latest; on the same day it is possible.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{Certainty, Period};
    ///
    /// let (veto, report) = (Period::parse("March 2024")?, Period::parse("29 May 2025")?);
    /// assert_eq!(veto.before(&report), Certainty::Certain);
    /// assert_eq!(report.before(&veto), Certainty::Impossible);
    /// assert_eq!(veto.before(&Period::parse("2024")?), Certainty::Possible);
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn before(&self, other: &Period) -> Certainty {
        let (this, that) = (Days::of(self), Days::of(other));
        if this.first > that.last {
            Certainty::Impossible
        } else if this.last < that.first && !self.is_qualified() && !other.is_qualified() {
            Certainty::Certain
        } else {
            Certainty::Possible
        }
    }

    /// What rows are ordered by; [`SortKey::NO_PERIOD`] is the key of a row without a period.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// assert!(Period::parse("2023/2024")?.sort_key() < Period::parse("2024")?.sort_key());
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn sort_key(&self) -> SortKey {
        let or_last = |day: Option<Date>| day.map_or(OrLast::Last, OrLast::Day);
        SortKey { earliest: or_last(self.earliest()), latest: or_last(self.latest()) }
    }

    /// The days of the one known end, if the other is unknown.
    fn known_end(&self) -> Option<Days> {
        let date = match (self.start, self.end) {
            (End::Date(date), End::Unknown) | (End::Unknown, End::Date(date)) => date,
            _ => return None,
        };
        Some(Days { first: Day::On(date.first_day()), last: Day::On(date.last_day()) })
    }
}

/// [`Period::during`], where there may be no period: that is possible at any time, and certain at none.
///
/// # Example
///
/// ```
/// use purvey::model::period::{Aspect, Certainty, Period, during};
///
/// let window = Period::parse("2024")?;
/// assert_eq!(during(None, &window, Aspect::Event), Certainty::Possible);
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
pub fn during(period: Option<&Period>, window: &Period, aspect: Aspect) -> Certainty {
    period.map_or(Certainty::Possible, |period| period.during(window, aspect))
}

/// Whether the steps can have happened, or surely happened, in the order given.
///
/// *Possible* if moments t1 <= t2 <= … exist, each a possible day of its step: the running maximum of the earliest days never
/// passes a latest day. A step without a period may have happened at any time.
///
/// *Certain* if the order holds whatever the events' moments were. The moment of an event is given, anywhere in its period,
/// while of a state, which holds throughout, any moment may be chosen. Fixed moments and free ones can be ordered just if
/// no lower bound passes a later step's upper bound, and each bound is at its worst independently of the others. So for
/// all steps i before j, bound(i) <= bound(j) must hold, where
///
/// | | as an earlier step | as a later step |
/// | --- | --- | --- |
/// | event | its latest day | its earliest day |
/// | state | its first day | its last day |
///
/// which a running maximum decides in linear time. A state with an unknown end surely held only at its known end, and counts as an
/// event there. With `~` or `?` in any step, or a step without a period, nothing is certain; a chain of fewer than two steps
/// always is, for there is nothing to order.
///
/// A day is the finest moment: two events known to be of one day are in order either way.
///
/// # Example
///
/// ```
/// use purvey::model::period::{Aspect, Certainty, Period, chain_order};
///
/// let step = |text| Period::parse(text).map(|period| (Some(period), Aspect::Event));
/// assert_eq!(chain_order(&[step("2024")?, step("January 2025")?]), Certainty::Certain);
/// assert_eq!(chain_order(&[step("2024")?, step("March 2024")?]), Certainty::Possible);
/// assert_eq!(chain_order(&[step("2025")?, step("2024")?]), Certainty::Impossible);
/// assert_eq!(chain_order(&[step("2024")?, (None, Aspect::Event)]), Certainty::Possible);
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
pub fn chain_order(steps: &[(Option<Period>, Aspect)]) -> Certainty {
    if steps.len() < 2 {
        return Certainty::Certain;
    }
    let mut certain = true;
    let (mut possible_from, mut certain_from) = (Day::Before, Day::Before);
    for (period, aspect) in steps {
        let days = ChainDays::of(period.as_ref(), *aspect);
        possible_from = possible_from.max(days.first);
        if possible_from > days.last {
            return Certainty::Impossible;
        }
        let Some(sure) = days.sure else {
            certain = false;
            continue;
        };
        certain &= certain_from <= sure.as_later;
        certain_from = certain_from.max(sure.as_earlier);
    }
    if certain { Certainty::Certain } else { Certainty::Possible }
}

/// What a step of a chain says of its days; see [`chain_order`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChainDays {
    /// Its first possible day.
    pub(crate) first: Day,
    /// Its last possible day.
    pub(crate) last: Day,
    /// What its order can be judged by, unless nothing about it is certain.
    pub(crate) sure: Option<SureDays>,
}

/// The bounds of the table of [`chain_order`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SureDays {
    /// No later step may have to come before this day.
    pub(crate) as_earlier: Day,
    /// No earlier step may have to come after this day.
    pub(crate) as_later: Day,
}

impl ChainDays {
    /// The days of a step; without a period it may be any, and none is sure.
    pub(crate) fn of(period: Option<&Period>, aspect: Aspect) -> ChainDays {
        let Some(period) = period else { return ChainDays { first: Day::Before, last: Day::After, sure: None } };
        let possible = Days::of(period);
        let (as_earlier, as_later) = match (aspect, period.known_end()) {
            (Aspect::Event, _) => (possible.last, possible.first),
            (Aspect::State, None) => (possible.first, possible.last),
            (Aspect::State, Some(known)) => (known.last, known.first),
        };
        let sure = (!period.is_qualified()).then_some(SureDays { as_earlier, as_later });
        ChainDays { first: possible.first, last: possible.last, sure }
    }
}

/// A day, or before or after all days. An end that is unknown bounds nothing, so it counts as one that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Day {
    Before,
    On(Date),
    After,
}

/// Days from first to last, inclusive.
#[derive(Clone, Copy, Debug)]
struct Days {
    first: Day,
    last: Day,
}

impl Days {
    /// All possible days of a period.
    fn of(period: &Period) -> Days {
        Days {
            first: period.earliest().map_or(Day::Before, Day::On),
            last: period.latest().map_or(Day::After, Day::On),
        }
    }

    fn overlap(self, other: Days) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn lie_in(self, other: Days) -> bool {
        other.first <= self.first && self.last <= other.last
    }
}

#[cfg(test)]
mod tests {
    use Aspect::{Event, State};
    use Certainty::{Certain, Impossible, Possible};
    use proptest::prelude::*;

    use super::super::ImpreciseDate;
    use super::super::tests::{any_period, period};
    use super::*;

    #[test]
    fn a_period_is_compared_with_a_window() {
        for (text, window, event, state) in [
            ("2024", "2024", Certain, Certain),
            ("2024-03/2024-10", "2024", Certain, Certain),
            ("2024", "2024-06", Possible, Certain),
            ("2024", "2025", Impossible, Impossible),
            ("2024", "2024-12-31/2025", Possible, Certain),
            ("2024-06", "2024/..", Certain, Certain),
            ("2024-06", "../2024-06-15", Possible, Certain),
            ("2024~", "2020/2030", Possible, Possible),
            ("2024?", "2024", Possible, Possible),
            ("2024~", "2025", Possible, Possible),
            ("2024~", "2026", Impossible, Impossible),
            ("2024", "2024~", Possible, Possible),
            ("2024", "2025~", Possible, Possible),
            ("2024", "2026?", Impossible, Impossible),
            ("2025-01/2025-04~", "2025-01", Possible, Possible),
            ("2025-01/2025-04~", "2025-05", Possible, Possible),
            ("2025-01/2025-04~", "2025-06", Impossible, Impossible),
            ("2025-01/2025-04~", "2024-12", Impossible, Impossible),
            ("2022/..", "2022", Possible, Certain),
            ("2022/..", "2030", Possible, Certain),
            ("2022/..", "2022/..", Certain, Certain),
            ("2022/..", "2021", Impossible, Impossible),
            ("../2022", "1950", Possible, Certain),
            ("../2022", "2023", Impossible, Impossible),
            ("2022/", "2022", Possible, Certain),
            ("2022/", "2022-03", Possible, Possible),
            ("2022/", "2022/2023", Possible, Certain),
            ("2022/", "2023", Possible, Possible),
            ("2022/", "2021", Impossible, Impossible),
            ("2022/", "2020/..", Possible, Certain),
            ("2022~/", "2020/..", Possible, Possible),
            ("/2022", "2022", Possible, Certain),
            ("/2022", "2021", Possible, Possible),
            ("/2022", "2023", Impossible, Impossible),
            ("2024", "2022/", Possible, Possible),
            ("2021", "2022/", Impossible, Impossible),
        ] {
            assert_eq!(period(text).during(&period(window), Event), event, "event {text} in {window}");
            assert_eq!(period(text).during(&period(window), State), state, "state {text} in {window}");
        }
    }

    #[test]
    fn one_event_is_before_another() {
        for (this, that, expected) in [
            ("2023", "2024", Certain),
            ("2024-03", "2025-05-29", Certain),
            ("2024", "2024", Possible),
            ("2024-10-03", "2024-10-03", Possible),
            ("2024-10-03", "2024-10-04", Certain),
            ("2024-10-04", "2024-10-03", Impossible),
            ("2023~", "2025", Possible),
            ("2020~", "2025", Possible),
            ("2025", "2024?", Possible),
            ("2025", "2023?", Impossible),
            ("../2022", "2023/..", Certain),
            ("/2022", "2023", Certain),
            ("2022/", "2023", Possible),
            ("2024", "../2023", Impossible),
        ] {
            assert_eq!(period(this).before(&period(that)), expected, "{this} before {that}");
        }
    }

    #[test]
    fn a_chain_is_ordered_by_its_aspects() {
        for (steps, expected) in [
            ("", Certain),
            ("E2024~", Certain),
            ("E2023 E2024", Certain),
            ("E2024 E2023", Impossible),
            ("E2024 E2024-06", Possible),
            ("E2024-10-03 E2024-10-03", Certain),
            // Any moment of a state may be chosen.
            ("S2024 E2024-06", Certain),
            ("E2024-06 S2024", Certain),
            ("S2024 S2024", Certain),
            ("E2024-06 S2024-06-15", Possible),
            ("E2024 S2022/.. E2025", Certain),
            ("E2024 S2022/.. E2024", Possible),
            // A middle step that fits both neighbours doesn't put them in order.
            ("E2025 S2020/.. E2024", Impossible),
            ("S2022/.. S../2020", Impossible),
            ("S2020/.. S../2022", Certain),
            // An unknown end: only the known one is sure.
            ("S2022/ E2022-06", Possible),
            ("S2022/ E2023", Certain),
            ("E2023 S2022/", Possible),
            ("E2021 S2022/", Certain),
            ("S/2022 E2021", Possible),
            ("E2022-01-01 S/2022", Certain),
            ("E2022-06 S/2022", Possible),
            ("E2023~ E2030", Possible),
            ("E2024 - E2025", Possible),
            ("E2025 - E2024", Impossible),
            ("E2025~ E2024", Possible),
            ("E2026~ E2024", Impossible),
        ] {
            let steps: Vec<_> = steps
                .split_whitespace()
                .map(|step| match step.split_at(1) {
                    ("E", text) => (Some(period(text)), Event),
                    ("S", text) => (Some(period(text)), State),
                    _ => (None, Event),
                })
                .collect();
            assert_eq!(chain_order(&steps), expected, "{steps:?}");
        }
    }

    #[test]
    fn rows_are_ordered_by_their_days() {
        let texts = ["2023", "2024-01-01", "2024-01", "2024", "2024/..", "../2020", "../2021"];
        let keys: Vec<_> = texts.iter().map(|text| period(text).sort_key()).chain([SortKey::NO_PERIOD]).collect();
        assert!(keys.is_sorted() && keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
    }

    /// The days of the brute force: so few that every choice can be tried, with `Open` as a day beyond either end.
    const LAST: i8 = 6;

    fn day(day: i8) -> End {
        match day {
            1..LAST => End::Date(ImpreciseDate::day(jiff::civil::date(2024, 1, day)).unwrap()),
            _ => End::Open,
        }
    }

    fn small_step() -> impl Strategy<Value = (i8, i8, Aspect)> {
        let ends = (0..=LAST, 0..=LAST).prop_filter_map("reversed or without a date", |(a, b)| {
            let (first, last) = (a.min(b), a.max(b));
            let dated = |day| (1..LAST).contains(&day);
            ((dated(first) || dated(last)) && first < LAST && last > 0).then_some((first, last))
        });
        (ends, any::<bool>()).prop_map(|((first, last), event)| (first, last, if event { Event } else { State }))
    }

    /// All ways to choose a moment for each of these steps.
    fn choices(steps: &[(i8, i8, Aspect)], of: fn(Aspect) -> bool) -> Vec<Vec<Option<i8>>> {
        steps.iter().fold(vec![vec![]], |choices, (first, last, aspect)| {
            let moments: Vec<_> = if of(*aspect) { (*first..=*last).map(Some).collect() } else { vec![None] };
            choices.iter().flat_map(|choice| moments.iter().map(|m| [choice.as_slice(), &[*m]].concat())).collect()
        })
    }

    proptest! {
        #[test]
        fn a_chain_equals_its_brute_force(steps in prop::collection::vec(small_step(), 2..5)) {
            let in_order = |events: &[Option<i8>], states: &[Option<i8>]| {
                events.iter().zip(states).map(|(event, state)| event.or(*state)).is_sorted()
            };
            let events = choices(&steps, |aspect| aspect == Event);
            let states = choices(&steps, |aspect| aspect == State);
            let holds = |events: &Vec<Option<i8>>| states.iter().any(|states| in_order(events, states));
            let expected = if events.iter().all(holds) {
                Certain
            } else if events.iter().any(holds) {
                Possible
            } else {
                Impossible
            };
            let periods: Vec<_> = steps.iter().map(|(a, b, aspect)| (Period::new(day(*a), day(*b)).ok(), *aspect)).collect();
            prop_assert_eq!(chain_order(&periods), expected);
        }

        #[test]
        fn a_window_equals_its_brute_force(step in small_step(), window in small_step()) {
            let (first, last, aspect) = step;
            let inside: Vec<_> = (first..=last).map(|day| (window.0..=window.1).contains(&day)).collect();
            let expected = match aspect {
                _ if inside.iter().all(|inside| !inside) => Impossible,
                Event if inside.iter().any(|inside| !inside) => Possible,
                _ => Certain,
            };
            let of = |(first, last, _): (i8, i8, Aspect)| Period::new(day(first), day(last)).unwrap();
            prop_assert_eq!(of(step).during(&of(window), aspect), expected);
        }

        #[test]
        fn marks_only_take_certainty_away(this in any_period(), that in any_period()) {
            for aspect in [Event, State] {
                let answer = this.during(&that, aspect);
                prop_assert!(answer != Certain || (!this.is_qualified() && that.allows_certainty()));
                // A window that surely holds the event holds the state, which lasts at least as long.
                prop_assert!(this.during(&that, State) <= this.during(&that, Event));
            }
            prop_assert!(this.before(&that) != Certain || that.before(&this) == Impossible);
            prop_assert!(this.before(&that) != Certain || chain_order(&[(Some(this), Event), (Some(that), Event)]) == Certain);
        }
    }
}
