//! A date of a year's, a month's or a day's precision, with `~` and `?`.

use std::fmt;

use jiff::civil::Date;

use super::PeriodErrorKind;

/// The first day that a period can name or reach: years run from 0001 to 9999.
const FIRST_DAY: Date = Date::constant(1, 1, 1);
/// The last day that a period can name or reach.
const LAST_DAY: Date = Date::constant(9999, 12, 31);

/// A year, a month or a day, and whether the source is sure of it.
///
/// # Example
///
/// ```
/// use purvey::model::period::{ImpreciseDate, Precision};
///
/// let october = ImpreciseDate::month(2024, 10)?.approximate();
/// assert_eq!(october.to_string(), "2024-10~");
/// assert_eq!(october.precision(), Precision::Month);
/// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ImpreciseDate {
    /// The first day of the year or month, or the day itself, so that equal dates are equal field by field.
    pub(super) first: Date,
    pub(super) precision: Precision,
    approximate: bool,
    uncertain: bool,
}

/// How exactly a date is given; also the unit by which `~` and `?` widen it.
///
/// # Example
///
/// ```
/// use purvey::model::period::Precision;
///
/// assert!(Precision::Year < Precision::Day);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2024`
    Year,
    /// `2024-10`
    Month,
    /// `2024-10-03`
    Day,
}

impl ImpreciseDate {
    /// Some time in a year.
    ///
    /// # Errors
    ///
    /// [`PeriodErrorKind::NoSuchYear`] outside 0001 to 9999.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::year(2024)?.to_string(), "2024");
    /// assert!(ImpreciseDate::year(0).is_err());
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn year(year: i16) -> Result<ImpreciseDate, PeriodErrorKind> {
        Self::checked(year, 1, 1, Precision::Year)
    }

    /// Some time in a month, 1 to 12.
    ///
    /// # Errors
    ///
    /// [`PeriodErrorKind::NoSuchYear`], [`PeriodErrorKind::NoSuchMonth`].
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::month(2024, 10)?.to_string(), "2024-10");
    /// assert!(ImpreciseDate::month(2024, 13).is_err());
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn month(year: i16, month: i8) -> Result<ImpreciseDate, PeriodErrorKind> {
        Self::checked(year, month, 1, Precision::Month)
    }

    /// One day.
    ///
    /// # Errors
    ///
    /// [`PeriodErrorKind::NoSuchYear`] outside the years 0001 to 9999.
    ///
    /// # Example
    ///
    /// ```
    /// use jiff::civil::date;
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::day(date(2025, 6, 28))?.to_string(), "2025-06-28");
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn day(day: Date) -> Result<ImpreciseDate, PeriodErrorKind> {
        Self::checked(day.year(), day.month(), day.day(), Precision::Day)
    }

    /// The one place where a date is made, so that every date lies within the years 0001 to 9999.
    pub(super) fn checked(
        year: i16,
        month: i8,
        day: i8,
        precision: Precision,
    ) -> Result<ImpreciseDate, PeriodErrorKind> {
        if !(1..=9999).contains(&year) {
            return Err(PeriodErrorKind::NoSuchYear { found: year.to_string() });
        }
        if !(1..=12).contains(&month) {
            return Err(PeriodErrorKind::NoSuchMonth { month });
        }
        let Ok(first) = Date::new(year, month, day) else {
            return Err(PeriodErrorKind::NoSuchDay { year, month, day });
        };
        Ok(ImpreciseDate { first, precision, approximate: false, uncertain: false })
    }

    /// The same date, marked `~`: the source says "about".
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::year(2024)?.approximate().to_string(), "2024~");
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    #[must_use]
    pub fn approximate(self) -> ImpreciseDate {
        ImpreciseDate { approximate: true, ..self }
    }

    /// The same date, marked `?`: the source says "perhaps".
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// let both = ImpreciseDate::year(2024)?.uncertain().approximate();
    /// assert_eq!(both.to_string(), "2024%");
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    #[must_use]
    pub fn uncertain(self) -> ImpreciseDate {
        ImpreciseDate { uncertain: true, ..self }
    }

    /// Whether it is marked `~` or `%`.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert!(!ImpreciseDate::year(2024)?.is_approximate());
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn is_approximate(self) -> bool {
        self.approximate
    }

    /// Whether it is marked `?` or `%`.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert!(ImpreciseDate::year(2024)?.uncertain().is_uncertain());
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn is_uncertain(self) -> bool {
        self.uncertain
    }

    /// Whether it is a year, a month or a day.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::{ImpreciseDate, Precision};
    ///
    /// assert_eq!(ImpreciseDate::year(2024)?.precision(), Precision::Year);
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// The first day of the stated year or month, or the day itself; without what `~` and `?` add.
    ///
    /// # Example
    ///
    /// ```
    /// use jiff::civil::date;
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::month(2024, 2)?.approximate().first_day(), date(2024, 2, 1));
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn first_day(self) -> Date {
        self.first
    }

    /// The last day of the stated year or month, or the day itself; without what `~` and `?` add.
    ///
    /// # Example
    ///
    /// ```
    /// use jiff::civil::date;
    /// use purvey::model::period::ImpreciseDate;
    ///
    /// assert_eq!(ImpreciseDate::month(2024, 2)?.approximate().last_day(), date(2024, 2, 29));
    /// # Ok::<(), purvey::model::period::PeriodErrorKind>(())
    /// ```
    pub fn last_day(self) -> Date {
        last_of(self.first, self.precision)
    }

    pub(super) fn is_qualified(self) -> bool {
        self.approximate || self.uncertain
    }

    pub(super) fn earliest(self) -> Date {
        if !self.is_qualified() {
            return self.first;
        }
        // The day before belongs to the unit before, whatever the unit.
        let before = self.first.yesterday().unwrap_or(FIRST_DAY);
        first_of(before, self.precision).max(FIRST_DAY)
    }

    pub(super) fn latest(self) -> Date {
        if !self.is_qualified() {
            return self.last_day();
        }
        let after = self.last_day().tomorrow().unwrap_or(LAST_DAY);
        last_of(after, self.precision).min(LAST_DAY)
    }
}

/// As EDTF.
impl fmt::Display for ImpreciseDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.first.year())?;
        if self.precision >= Precision::Month {
            write!(f, "-{:02}", self.first.month())?;
        }
        if self.precision >= Precision::Day {
            write!(f, "-{:02}", self.first.day())?;
        }
        f.write_str(match (self.approximate, self.uncertain) {
            (false, false) => "",
            (true, false) => "~",
            (false, true) => "?",
            (true, true) => "%",
        })
    }
}

/// The first day of the year, month or day that `day` is in.
fn first_of(day: Date, precision: Precision) -> Date {
    match precision {
        Precision::Year => day.first_of_year(),
        Precision::Month => day.first_of_month(),
        Precision::Day => day,
    }
}

/// The last day of the year, month or day that `day` is in.
fn last_of(day: Date, precision: Precision) -> Date {
    match precision {
        Precision::Year => day.last_of_year(),
        Precision::Month => day.last_of_month(),
        Precision::Day => day,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any date, most of them in a few years so that periods meet.
    pub(in super::super) fn any_date() -> impl Strategy<Value = ImpreciseDate> {
        let year = prop_oneof![6 => 2022i16..=2025, 1 => 1i16..=9999, 1 => Just(1), 1 => Just(9999)];
        (year, 1i8..=12, 1i8..=31, 0..3, any::<bool>(), any::<bool>()).prop_map(
            |(year, month, day, precision, approximate, uncertain)| {
                let date = match precision {
                    0 => ImpreciseDate::year(year),
                    1 => ImpreciseDate::month(year, month),
                    _ => ImpreciseDate::day(Date::new(year, month, day.min(28)).unwrap()),
                };
                ImpreciseDate { approximate, uncertain, ..date.unwrap() }
            },
        )
    }

    #[test]
    fn a_date_outside_the_years_is_refused() {
        assert!(ImpreciseDate::year(0).is_err());
        assert!(ImpreciseDate::year(10_000).is_err());
        assert!(ImpreciseDate::year(i16::MIN).is_err());
        assert!(ImpreciseDate::month(2024, 0).is_err());
        assert!(ImpreciseDate::month(2024, i8::MIN).is_err());
        assert!(ImpreciseDate::day(Date::MIN).is_err());
        assert!(ImpreciseDate::day(Date::MAX).is_ok());
    }

    proptest! {
        #[test]
        fn the_possible_days_hold_the_stated_ones(date in any_date()) {
            prop_assert!(date.earliest() <= date.first_day());
            prop_assert!(date.first_day() <= date.last_day());
            prop_assert!(date.last_day() <= date.latest());
        }
    }
}
