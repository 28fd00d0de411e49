//! When something happened or held, as precisely as the source says and no more.
//!
//! A [`Period`] is read from [EDTF] (ISO 8601-2) or from plain English, is written as either, and compares with others as
//! [`Certainty`]: certain, possible or impossible. Nothing here looks at a clock, so "last month" is an error.
//!
//! `mod.rs` and `date.rs` hold the values, `edtf.rs` and `english.rs` (with `said.rs`, `token.rs`) read them, `phrase.rs` writes English, `compare.rs` compares.
//!
//! [EDTF]: https://www.loc.gov/standards/datetime/

mod compare;
mod date;
mod edtf;
mod english;
mod error;
mod phrase;
mod said;
mod token;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

pub use compare::{Aspect, Certainty, SortKey, chain_order, during};
pub(crate) use compare::{ChainDays, Day};
pub use date::{ImpreciseDate, Precision};
pub use error::{PeriodError, PeriodErrorKind};
pub(crate) use phrase::MONTHS;

/// A stretch of time with imprecise ends; at least one end is a date.
///
/// An event happened at some moment within its period; a state held throughout it (see [`Aspect`]). A single date, such as
/// `2024`, is the period from and to itself, so `2024` and `2024/2024` are equal.
///
/// # Example
///
/// ```
/// use purvey::model::period::Period;
///
/// let period = Period::parse("March to October 2024")?;
/// assert_eq!(period.edtf(), "2024-03/2024-10");
/// assert_eq!(period.to_phrase(), "between March and October 2024");
/// assert_eq!(period.latest().map(|day| day.to_string()).as_deref(), Some("2024-10-31"));
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    start: End,
    end: End,
}

/// One end of a [`Period`].
///
/// # Example
///
/// ```
/// use purvey::model::period::{End, Period};
///
/// assert_eq!(Period::parse("2022/..")?.end(), End::Open);
/// assert_eq!(Period::parse("2022/")?.end(), End::Unknown);
/// # Ok::<(), purvey::model::period::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// There is none: it goes on, or always was (`..`).
    Open,
    /// There is one, and nobody says when (empty).
    Unknown,
    /// It lies within this year, month or day.
    Date(ImpreciseDate),
}

impl Period {
    /// Joins two ends to a period.
    ///
    /// # Errors
    ///
    /// [`PeriodErrorKind::MissingDate`] if neither end is a date, [`PeriodErrorKind::Reversed`] if the last day of the end is
    /// before the first day of the start (both as stated, without what `~` and `?` add).
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{End, ImpreciseDate, Period};
    ///
    /// let since = Period::new(End::Date(ImpreciseDate::year(2022)?), End::Open)?;
    /// assert_eq!(since.edtf(), "2022/..");
    /// assert!(Period::new(End::Open, End::Open).is_err());
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn new(start: End, end: End) -> Result<Period, PeriodErrorKind> {
        match (start, end) {
            (End::Date(start), End::Date(end)) if end.last_day() < start.first_day() => {
                Err(PeriodErrorKind::Reversed { start, end })
            }
            (End::Date(_), _) | (_, End::Date(_)) => Ok(Period { start, end }),
            (End::Open | End::Unknown, End::Open | End::Unknown) => Err(PeriodErrorKind::MissingDate),
        }
    }

    /// Reads a period: EDTF, or plain English in any case.
    ///
    /// | text | period |
    /// | --- | --- |
    /// | `2024`, `2024-10`, `2024-10-03` | a year, a month, a day |
    /// | `2024-03/2024-10`, `../2024`, `2022/..`, `2022/`, `/2022` | an interval; `..` is an open end, an empty end is unknown |
    /// | `2024-10~`, `2024?`, `2024-10-03%` | approximate, uncertain, both; each end of an interval may have its own |
    /// | `March 2024`, `28 June 2025`, `June 28, 2025` | month names may be cut (`Mar`, `Sept.`) |
    /// | `March to October 2024`, `27–28 June 2025` | year and month are taken over from the other side |
    /// | `between March and October 2024`, `from March to October 2024` | the same interval |
    /// | `since 2022`, `from 2022`, `2022 onwards` | `2022/..` |
    /// | `until August 2025`, `till`, `up to` | `../2025-08` |
    /// | `about October 2024`, `around`, `circa` | `2024-10~` |
    /// | `perhaps 2024`, `possibly`, `maybe` | `2024?` |
    /// | `early 2024`, `mid 2024`, `late 2024` | `2024-01/2024-04~`, `2024-05~/2024-08~`, `2024-09~/2024-12` |
    /// | `from 2022 (end unknown)`, `until 2022 (beginning unknown)` | `2022/`, `/2022` |
    ///
    /// `in`, `during` and `on` may stand before a date. `about` in front of an interval holds for both ends, after `from` or
    /// `between` for the end it stands before.
    ///
    /// # Errors
    ///
    /// [`PeriodError`], with the bytes at fault: text that is no period, a date that does not exist, an end before the
    /// beginning, a word such as "yesterday" that depends on the day of writing.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// assert_eq!(Period::parse("until August 2025")?.edtf(), "../2025-08");
    ///
    /// let error = Period::parse("31 February 2025").unwrap_err();
    /// assert_eq!(error.range, 0..16);
    /// assert_eq!(error.to_string(), "there is no 31 February 2025; that month has 28 days");
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Period, PeriodError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(PeriodErrorKind::Empty.at(0..text.len()));
        }
        // Trimming only cuts the front by this much, so the difference can't be negative.
        let offset = text.len().saturating_sub(text.trim_start().len());
        if edtf::looks_like(trimmed) { edtf::period(trimmed, offset) } else { english::period(trimmed, offset) }
    }

    /// Where it begins.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{End, Period};
    ///
    /// assert_eq!(Period::parse("../2024")?.start(), End::Open);
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn start(&self) -> End {
        self.start
    }

    /// Where it ends; equal to [`start`](Self::start) for a single date.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// let year = Period::parse("2024")?;
    /// assert_eq!(year.start(), year.end());
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn end(&self) -> End {
        self.end
    }

    /// The first day on which it may have begun, `~` and `?` included; none if that is unbounded or unknown.
    ///
    /// `~` and `?` widen a date by one unit of its precision, a year, a month or a day; both together widen it once. The
    /// years 0001 and 9999 are not left.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// let day = |text| Period::parse(text).ok()?.earliest().map(|day| day.to_string());
    /// assert_eq!(day("2024-10").as_deref(), Some("2024-10-01"));
    /// assert_eq!(day("2024-10~").as_deref(), Some("2024-09-01"));
    /// assert_eq!(day("../2024"), None);
    /// ```
    pub fn earliest(&self) -> Option<Date> {
        self.start.date().map(ImpreciseDate::earliest)
    }

    /// The last day on which it may have ended, inclusive, `~` and `?` included; none if that is unbounded or unknown.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// let day = |text| Period::parse(text).ok()?.latest().map(|day| day.to_string());
    /// assert_eq!(day("2024-10").as_deref(), Some("2024-10-31"));
    /// assert_eq!(day("2025-01/2025-04~").as_deref(), Some("2025-05-31"));
    /// assert_eq!(day("2022/.."), None);
    /// ```
    pub fn latest(&self) -> Option<Date> {
        self.end.date().map(ImpreciseDate::latest)
    }

    /// Whether "certain" can be said of it at all: no `~` or `?` stands at either end, and no end is unknown.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// assert!(Period::parse("2022/..")?.allows_certainty());
    /// assert!(!Period::parse("2022/")?.allows_certainty());
    /// assert!(!Period::parse("2025-01/2025-04~")?.allows_certainty());
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn allows_certainty(&self) -> bool {
        !self.is_qualified() && self.start != End::Unknown && self.end != End::Unknown
    }

    /// Whether `~` or `?` stands at either end.
    fn is_qualified(&self) -> bool {
        self.start.date().is_some_and(ImpreciseDate::is_qualified)
            || self.end.date().is_some_and(ImpreciseDate::is_qualified)
    }

    /// The date, if it is a single one.
    fn single(&self) -> Option<ImpreciseDate> {
        if self.start == self.end { self.start.date() } else { None }
    }

    /// Canonical EDTF: `Period::parse` reads it back as an equal period.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// assert_eq!(Period::parse("early 2025")?.edtf(), "2025-01/2025-04~");
    /// assert_eq!(Period::parse("2024/2024")?.edtf(), "2024");
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn edtf(&self) -> String {
        self.to_string()
    }
}

impl End {
    /// The date, if the end is one.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{End, ImpreciseDate};
    ///
    /// let year = ImpreciseDate::year(2024)?;
    /// assert_eq!(End::Date(year).date(), Some(year));
    /// assert_eq!(End::Open.date(), None);
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn date(self) -> Option<ImpreciseDate> {
        match self {
            End::Date(date) => Some(date),
            End::Open | End::Unknown => None,
        }
    }
}

impl From<ImpreciseDate> for Period {
    /// The period from and to this date.
    fn from(date: ImpreciseDate) -> Period {
        Period { start: End::Date(date), end: End::Date(date) }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    /// The same as [`Period::parse`].
    fn from_str(text: &str) -> Result<Period, PeriodError> {
        Period::parse(text)
    }
}

/// As EDTF.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.single() {
            Some(date) => date.fmt(f),
            None => write!(f, "{}/{}", self.start, self.end),
        }
    }
}

/// As in an EDTF interval: `..`, nothing, or the date.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            End::Open => f.write_str(".."),
            End::Unknown => Ok(()),
            End::Date(date) => date.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::date::tests::any_date;
    use super::*;

    pub(super) fn any_period() -> impl Strategy<Value = Period> {
        let end = || prop_oneof![1 => Just(End::Open), 1 => Just(End::Unknown), 4 => any_date().prop_map(End::Date)];
        prop_oneof![
            any_date().prop_map(Period::from),
            (end(), end()).prop_filter_map("no date", |(a, b)| Period::new(a, b).or_else(|_| Period::new(b, a)).ok()),
        ]
    }

    #[track_caller]
    pub(super) fn period(text: &str) -> Period {
        Period::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_period_knows_its_possible_days() {
        let days = |text: &str| {
            let period = period(text);
            let show = |day: Option<Date>| day.map_or("none".to_string(), |day| day.to_string());
            format!("{} {}", show(period.earliest()), show(period.latest()))
        };
        for (text, expected) in [
            ("2024", "2024-01-01 2024-12-31"),
            ("2024-02", "2024-02-01 2024-02-29"),
            ("2023-02", "2023-02-01 2023-02-28"),
            ("2024-10-03", "2024-10-03 2024-10-03"),
            ("2024~", "2023-01-01 2025-12-31"),
            ("2024?", "2023-01-01 2025-12-31"),
            ("2024%", "2023-01-01 2025-12-31"),
            ("2024-01~", "2023-12-01 2024-02-29"),
            ("2024-12?", "2024-11-01 2025-01-31"),
            ("2024-01-01~", "2023-12-31 2024-01-02"),
            ("2025-01/2025-04~", "2025-01-01 2025-05-31"),
            ("2025-01~/2025-04", "2024-12-01 2025-04-30"),
            ("2024-10-03/2024", "2024-10-03 2024-12-31"),
            ("../2024", "none 2024-12-31"),
            ("/2024", "none 2024-12-31"),
            ("2022/..", "2022-01-01 none"),
            ("2022/", "2022-01-01 none"),
            ("0001~", "0001-01-01 0002-12-31"),
            ("0001-01-01?", "0001-01-01 0001-01-02"),
            ("9999~", "9998-01-01 9999-12-31"),
            ("9999-12-31~", "9999-12-30 9999-12-31"),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    #[test]
    fn certainty_is_allowed_only_without_marks_and_unknown_ends() {
        for (text, expected) in [
            ("2024", true),
            ("2024-03/2024-10", true),
            ("2022/..", true),
            ("../2022", true),
            ("2022/", false),
            ("/2022", false),
            ("2024~", false),
            ("2024?", false),
            ("2024/2025%", false),
            ("2024~/..", false),
        ] {
            assert_eq!(period(text).allows_certainty(), expected, "{text}");
        }
    }

    #[test]
    fn a_period_is_small() {
        assert!(size_of::<Period>() <= 16);
    }

    #[test]
    fn an_error_has_a_place_where_nothing_could_be_read() {
        let error = Period::parse("since 000st").unwrap_err();
        assert_eq!("since 000st".get(error.range), Some(""));
    }

    proptest! {
        #[test]
        fn edtf_reads_back(period in any_period()) {
            prop_assert_eq!(Period::parse(&period.edtf()), Ok(period));
        }

        #[test]
        fn no_text_panics(text in "\\PC*") {
            let _ = Period::parse(&text);
        }

        #[test]
        fn no_text_like_a_period_panics(
            text in "((since|from|until|about|perhaps|march|to|and|between|early|in|[0-9]{1,5}|[-–/.~?%(),]|end|unknown|last|st) ?){0,9}",
        ) {
            if let Err(error) = Period::parse(&text) {
                prop_assert!(text.get(error.range.clone()).is_some(), "{:?} of {:?}", error, text);
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
