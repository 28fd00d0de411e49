//! A fact at a glance: what a filter and a walk ask of nearly every fact before they look at it more closely.

use jiff::civil::Date;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::view::{FactEnds, GraphView, RecordState};
use crate::model::{Aspect, Certainty, ClaimIx, FactIx, KindIx, NodeIx, Outcome, Period, Stance};

/// What is to be seen of a fact without its record and its claims.
///
/// A day is a number that grows with the date: 512 times the year, 32 times the month and the day added up. A side that
/// is open or unknown is the least or the largest number.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph};
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let graph = KnowledgeGraph::new(&load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default());
/// let fact = graph.fact_by_id("a11").unwrap_or_default();
/// assert_eq!(graph.glance(fact).kind, graph.fact(fact).kind);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Glance {
    /// The first day on which the fact may lie.
    first: i32,
    /// The last one.
    last: i32,
    /// Its kind.
    pub kind: KindIx,
    marks: u16,
    /// The node at its source.
    source: NodeIx,
}

/// Stands for nobody.
const NOBODY: NodeIx = NodeIx(u32::MAX);

/// It happened, says its one claim, which counts as long as all evidence does.
const PLAIN: u16 = 1;
/// No claim says of itself when it was: the days are those of the record.
const DATED: u16 = 1 << 1;
/// No `~`, `?` or unknown end is in the period: these days and no others are stated.
const STATED: u16 = 1 << 2;

/// What the claims of a record leave to its facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks(u16);

impl Marks {
    /// Of a record with so many claims.
    pub(crate) fn new(outcome: Outcome, claims: usize) -> Marks {
        Marks(if outcome == Outcome::Happened && claims == 1 { PLAIN | DATED } else { DATED })
    }

    /// One of its claims: how it says it, when that was, and whether it or a document that carries it was withdrawn.
    pub(crate) fn add(&mut self, stance: Stance, has_period: bool, is_withdrawn: bool) {
        if has_period {
            self.0 &= !DATED;
        }
        if stance == Stance::Denies || is_withdrawn {
            self.0 &= !PLAIN;
        }
    }
}

fn number(day: Date) -> i32 {
    i32::from(day.year()) * 512 + i32::from(day.month()) * 32 + i32::from(day.day())
}

/// The day of a number; none of a side that is open or unknown.
pub(crate) fn day_of(number: i32) -> Option<Date> {
    let (year, month, day) = (i16::try_from(number >> 9).ok()?, number >> 5 & 0b1111, number & 0b1_1111);
    // Both have few bits.
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// The first and the last possible day of a period, as numbers; see [`Glance`].
pub(crate) fn day_numbers(period: Option<&Period>) -> (i32, i32) {
    sides([period.and_then(|it| it.earliest()), period.and_then(|it| it.latest())])
}

/// The first and the last day as numbers, where a side that is open or unknown has none.
fn sides([first, last]: [Option<Date>; 2]) -> (i32, i32) {
    (first.map_or(i32::MIN, number), last.map_or(i32::MAX, number))
}

impl Glance {
    /// Nothing is known of it.
    pub(crate) const NONE: Glance =
        Glance { first: i32::MIN, last: i32::MAX, kind: FactEnds::NONE.kind, marks: 0, source: NOBODY };

    /// Of a fact whose record has that period. What a claim says of the time may count or not, so such a fact may lie
    /// anywhere.
    pub(crate) fn new(kind: KindIx, source: Option<NodeIx>, period: Option<Period>, Marks(marks): Marks) -> Glance {
        let period = period.filter(|_| marks & DATED != 0);
        let (first, last) = day_numbers(period.as_ref());
        let stated = if period.is_some_and(|it| it.allows_certainty()) { STATED } else { 0 };
        Glance { first, last, kind, marks: marks | stated, source: source.unwrap_or(NOBODY) }
    }

    /// Of a plain fact with these days, of which a side that is open or unknown is none.
    pub(super) fn plain(kind: KindIx, source: Option<NodeIx>, days: [Option<Date>; 2], is_stated: bool) -> Glance {
        let (first, last) = sides(days);
        let marks = PLAIN | DATED | if is_stated { STATED } else { 0 };
        Glance { first, last, kind, marks, source: source.unwrap_or(NOBODY) }
    }

    /// As the record and all of its claims say it, those of relations too.
    pub(super) fn of<G: GraphView + ?Sized>(graph: &G, fact: FactIx) -> Glance {
        let FactEnds { kind, record, ends } = graph.fact_ends(fact);
        if record == FactEnds::NONE.record {
            return Glance::NONE;
        }
        let RecordState { claims, outcome, period } = graph.record_state(record);
        let mut marks = Marks::new(outcome, claims.len());
        for claim in claims.chain(graph.relations(record).flat_map(|it| it.claims)).map(ClaimIx) {
            let it = graph.claim_state(claim);
            let mut documents = it.via.iter().chain([&it.document]);
            let is_withdrawn = it.withdrawn.is_some() || documents.any(|it| graph.document(*it).withdrawn.is_some());
            marks.add(it.stance, it.period.is_some(), is_withdrawn);
        }
        Glance::new(kind, ends.source.map(|it| it.node), period, marks)
    }

    /// The node at its source, if somebody stands there.
    #[inline]
    pub fn source(self) -> Option<NodeIx> {
        (self.source != NOBODY).then_some(self.source)
    }

    /// Whether it happened and counts, as far as all evidence does. If not, its claims have to be asked.
    #[inline]
    pub fn is_plain(self) -> bool {
        self.marks & PLAIN != 0
    }

    /// Whether its [`days`](Self::days) are stated without `~`, `?` or an unknown end.
    #[inline]
    pub fn is_stated(self) -> bool {
        self.marks & STATED != 0
    }

    /// The first and the last day on which it may lie, unless its claims have to be asked.
    #[inline]
    pub fn days(self) -> Option<(i32, i32)> {
        (self.marks & DATED != 0).then_some((self.first, self.last))
    }
}

/// A window of time, to be compared with very many facts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    first: i32,
    last: i32,
    allows_certainty: bool,
}

impl Window {
    pub(crate) fn new(window: &Period) -> Window {
        let (first, last) = day_numbers(Some(window));
        Window { first, last, allows_certainty: window.allows_certainty() }
    }

    /// Whether a fact may lie within. All others surely lie outside.
    #[inline]
    pub(crate) fn allows(self, it: Glance) -> bool {
        // Not `&&`: a scan of very many has no branch then.
        (it.first <= self.last) & (self.first <= it.last)
    }

    /// Whether a fact lies within, unless its period has to be asked: the same as [`Period::during`].
    #[inline]
    pub(crate) fn certainty(self, it: Glance, aspect: Aspect) -> Option<Certainty> {
        if !self.allows(it) {
            return Some(Certainty::Impossible);
        }
        if it.marks & STATED == 0 {
            return None;
        }
        let lies_within = self.first <= it.first && it.last <= self.last;
        let sure = self.allows_certainty && (aspect == Aspect::State || lies_within);
        Some(if sure { Certainty::Certain } else { Certainty::Possible })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::{AlignedBytes, KnowledgeGraph, Snapshot, write_snapshot};
    use crate::load::{LoadOptions, Sources, load};
    use crate::model::during;

    const PERIODS: [Option<&str>; 12] = [
        None,
        Some("2024"),
        Some("2024-02-29"),
        Some("2024-03~"),
        Some("2024-03?"),
        Some("2023-12-31/2024-01-01"),
        Some("../2020"),
        Some("2022/.."),
        Some("2022/"),
        Some("/2023-06"),
        Some("0001"),
        Some("2022-01/2023-05"),
    ];

    fn period() -> impl Strategy<Value = Option<Period>> {
        prop::sample::select(PERIODS.to_vec()).prop_map(|it| it.map(|it| Period::parse(it).unwrap()))
    }

    proptest! {
        #[test]
        fn what_is_seen_at_a_glance_is_what_the_period_says(
            periods in prop::collection::vec(period(), 0..12), window in period(), state: bool
        ) {
            let Some(window) = window else { return Ok(()) };
            let aspect = if state { Aspect::State } else { Aspect::Event };
            let marks = Marks::new(Outcome::Happened, 1);
            let glances: Vec<Glance> = periods.iter().map(|it| Glance::new(KindIx(0), None, *it, marks)).collect();
            let certainty = |it: &Option<Period>| during(it.as_ref(), &window, aspect);
            for (period, glance) in periods.iter().zip(glances) {
                prop_assert_eq!(Window::new(&window).allows(glance), certainty(period) != Certainty::Impossible);
                if let Some(found) = Window::new(&window).certainty(glance, aspect) {
                    prop_assert_eq!(found, certainty(period));
                }
            }
        }
    }

    #[test]
    fn what_a_snapshot_works_out_of_its_columns_is_what_its_records_and_claims_say() {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let graph = KnowledgeGraph::new(&dataset);
        let mut bytes = Vec::new();
        write_snapshot(&graph, b"", &mut bytes).unwrap();
        let snapshot = Snapshot::new(AlignedBytes::copy(&bytes)).unwrap();
        let said: Vec<Glance> =
            (0..graph.fact_count()).map(|it| Glance::of(&snapshot, FactIx::from_usize(it))).collect();
        assert_eq!(snapshot.glances(), Some(&said[..]));
        assert_eq!(graph.glances(), Some(&said[..]));
    }

    #[test]
    fn only_one_claim_that_counts_makes_a_plain_fact() {
        let plain = |outcome, claims: &[(Stance, bool, bool)]| {
            let mut marks = Marks::new(outcome, claims.len());
            claims.iter().for_each(|(stance, period, withdrawn)| marks.add(*stance, *period, *withdrawn));
            let it = Glance::new(KindIx(0), None, None, marks);
            (it.is_plain(), it.days().is_some())
        };
        let states = (Stance::States, false, false);
        assert_eq!(plain(Outcome::Happened, &[states]), (true, true));
        assert_eq!(plain(Outcome::Happened, &[states, states]), (false, true));
        assert_eq!(plain(Outcome::Happened, &[(Stance::Denies, false, false)]), (false, true));
        assert_eq!(plain(Outcome::Happened, &[(Stance::States, true, true)]), (false, false));
        assert_eq!(plain(Outcome::Planned, &[states]), (false, true));
    }
}
