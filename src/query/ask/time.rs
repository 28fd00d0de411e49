//! Times relative to others: before, after, since; and relative to a day of reference.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use crate::model::Period;
use crate::model::period::{End, ImpreciseDate};

fn day(day: Date) -> Option<End> {
    ImpreciseDate::day(day).ok().map(End::Date)
}

/// Until the day before a period begins.
pub(super) fn before(period: &Period) -> Option<Period> {
    let last = period.earliest()?.yesterday().ok()?;
    Period::new(End::Open, whole_unit(last, true).unwrap_or(day(last)?)).ok()
}

/// From the day after a period ends.
pub(super) fn after(period: &Period) -> Option<Period> {
    let first = period.latest()?.tomorrow().ok()?;
    Period::new(whole_unit(first, false).unwrap_or(day(first)?), End::Open).ok()
}

/// From the beginning of a period on.
pub(super) fn since(period: &Period) -> Option<Period> {
    Period::new(period.start(), End::Open).ok()
}

/// Until a period ends.
pub(super) fn until(period: &Period) -> Option<Period> {
    Period::new(End::Open, period.end()).ok()
}

/// The time in which two periods both hold: "since 2022" and "until 2024".
pub(super) fn both(a: &Period, b: &Period) -> Option<Period> {
    let later = |a: &Period, b: &Period| if a.earliest() >= b.earliest() { a.start() } else { b.start() };
    let end = match (a.latest(), b.latest()) {
        (None, None) => a.end(),
        (Some(_), None) => a.end(),
        (None, Some(_)) => b.end(),
        (Some(x), Some(y)) => {
            if x <= y {
                a.end()
            } else {
                b.end()
            }
        }
    };
    Period::new(later(a, b), end).ok()
}

/// The year or month of which a day is the last, or the first: "2024" reads better than "2024-12-31".
fn whole_unit(day: Date, last: bool) -> Option<End> {
    let is_edge = |first: Date, end: Date| if last { day == end } else { day == first };
    let date = if is_edge(day.first_of_year(), day.last_of_year()) {
        ImpreciseDate::year(day.year())
    } else if is_edge(day.first_of_month(), day.last_of_month()) {
        ImpreciseDate::month(day.year(), day.month())
    } else {
        return None;
    };
    date.ok().map(End::Date)
}

/// A unit of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// The unit of a word: "weeks".
    pub(crate) fn of_word(word: &str) -> Option<Unit> {
        match word {
            "day" | "days" => Some(Unit::Day),
            "week" | "weeks" => Some(Unit::Week),
            "month" | "months" => Some(Unit::Month),
            "year" | "years" => Some(Unit::Year),
            _ => None,
        }
    }

    fn span(self, count: i64) -> Option<Span> {
        let span = Span::new();
        match self {
            Unit::Day => span.try_days(count).ok(),
            Unit::Week => span.try_weeks(count).ok(),
            Unit::Month => span.try_months(count).ok(),
            Unit::Year => span.try_years(count).ok(),
        }
    }
}

/// The unit of the calendar that lies so many units before that of a day: the year before 2025-06-28 is 2024.
pub(crate) fn units_before(today: Date, count: i64, unit: Unit) -> Option<Period> {
    let then = today.checked_sub(unit.span(count)?).ok()?;
    match unit {
        Unit::Year => Period::new(
            End::Date(ImpreciseDate::year(then.year()).ok()?),
            End::Date(ImpreciseDate::year(then.year()).ok()?),
        )
        .ok(),
        Unit::Month => {
            let month = End::Date(ImpreciseDate::month(then.year(), then.month()).ok()?);
            Period::new(month, month).ok()
        }
        Unit::Day => Period::new(day(then)?, day(then)?).ok(),
        Unit::Week => {
            // Weeks begin on Monday (ISO 8601).
            let since_monday = i64::from(then.weekday().to_monday_zero_offset());
            let monday = then.checked_sub(since_monday.days()).ok()?;
            Period::new(day(monday)?, day(monday.checked_add(6.days()).ok()?)?).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_relative_to_others() {
        let edtf = |it: Option<Period>| it.map(|it| it.edtf()).unwrap_or_default();
        let period = |text: &str| Period::parse(text).unwrap_or_else(|error| unreachable!("{text}: {error}"));
        assert_eq!(edtf(before(&period("2025"))), "../2024");
        assert_eq!(edtf(before(&period("2024-03"))), "../2024-02");
        assert_eq!(edtf(before(&period("2024-03-15"))), "../2024-03-14");
        assert_eq!(edtf(after(&period("2024-10"))), "2024-11/..");
        assert_eq!(edtf(after(&period("2024"))), "2025/..");
        assert_eq!(edtf(since(&period("2024-05/2024-06"))), "2024-05/..");
        assert_eq!(edtf(until(&period("2024"))), "../2024");
    }

    #[test]
    fn times_relative_to_a_day() {
        let today = Date::constant(2025, 3, 31);
        for (count, unit, expected) in [
            (1, Unit::Year, "2024"),
            (1, Unit::Month, "2025-02"),
            (0, Unit::Month, "2025-03"),
            (1, Unit::Day, "2025-03-30"),
            (1, Unit::Week, "2025-03-24/2025-03-30"),
        ] {
            let period = units_before(today, count, unit).map(|it| it.edtf());
            assert_eq!(period.as_deref(), Some(expected), "{count} {unit:?}");
        }
        assert_eq!(units_before(today, i64::MAX, Unit::Year), None);
    }
}
