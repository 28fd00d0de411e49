//! A period as a stretch of days, with what is certain about its ends and what is not.

use jiff::civil::Date;

use crate::draw::picture::TimeSign;
use crate::model::period::{End, ImpreciseDate, Precision};
use crate::model::{Aspect, Period};
use crate::query::Row;

/// Days, as numbers; the end of a stretch is the day after its last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    /// How it is drawn.
    pub(super) sign: TimeSign,
    /// Where it begins as stated; none: it always was, or nobody says when.
    pub(super) start: Option<f64>,
    /// Where it ends as stated.
    pub(super) end: Option<f64>,
    /// The earliest day on which it may have begun, if that is before `start`.
    pub(super) earliest: Option<f64>,
    /// The latest day on which it may have ended, if that is after `end`.
    pub(super) latest: Option<f64>,
    /// Whether it has no end, rather than one that nobody knows.
    pub(super) goes_on: bool,
    /// Whether it has no beginning, rather than one that nobody knows.
    pub(super) always_was: bool,
}

/// The stretches of a row: that of its period, or where claims give different ones, those of the claims, each once.
pub(super) fn spans(row: &Row, aspect: Aspect) -> Vec<Span> {
    let mut periods: Vec<Period> = row.period.iter().map(|it| it.period).collect();
    for claim in row.current_claims() {
        periods.extend(claim.period.map(|it| it.period).filter(|it| !periods.contains(it)).as_slice());
    }
    periods.into_iter().map(|it| span(it, aspect)).collect()
}

fn span(period: Period, aspect: Aspect) -> Span {
    let (start, end) = (period.start().date(), period.end().date());
    let single_day = period.start() == period.end() && start.is_some_and(|it| it.precision() == Precision::Day);
    let first = start.map(|it| day_number(it.first_day()));
    let last = end.map(|it| day_number(it.last_day()) + 1.0);
    let earliest = period.earliest().map(day_number).filter(|it| first.is_some_and(|first| *it < first));
    let latest = period.latest().map(|it| day_number(it) + 1.0).filter(|it| last.is_some_and(|last| *it > last));
    let sign = match aspect {
        Aspect::State => TimeSign::Lasted,
        Aspect::Event if single_day && earliest.is_none() && latest.is_none() => TimeSign::Moment,
        Aspect::Event => TimeSign::Within,
    };
    Span {
        sign,
        start: first,
        end: last,
        earliest,
        latest,
        goes_on: period.end() == End::Open,
        always_was: period.start() == End::Open,
    }
}

/// Days since the first of January 1970.
pub(super) fn day_number(date: Date) -> f64 {
    let hours = date.duration_since(Date::constant(1970, 1, 1)).as_hours();
    #[expect(clippy::cast_precision_loss, reason = "twenty thousand years are eight million days")]
    let days = (hours / 24) as f64;
    days
}

/// The first day of a year or month, as a number.
pub(super) fn first_of(year: i16, month: i8) -> Option<f64> {
    let date = ImpreciseDate::month(year, month).ok()?;
    Some(day_number(date.first_day()))
}
