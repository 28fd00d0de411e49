//! A date as English says it: with parts missing, marked, or a third of a year.

use std::ops::Range;

use super::phrase::MONTHS;
use super::{ImpreciseDate, PeriodError, PeriodErrorKind, Precision};

/// A date as it was said: what is missing may stand on the other side of "to".
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
    pub(super) marks: Marks,
    pub(super) third: Option<Third>,
    pub(super) range: Range<usize>,
}

/// "About" and "perhaps".
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) approximate: bool,
    pub(super) uncertain: bool,
}

/// "Early", "mid" and "late", of a year: four months each, with the inner ends approximate.
#[derive(Clone, Copy, Debug)]
pub(super) enum Third {
    Early,
    Mid,
    Late,
}

impl Said {
    pub(super) fn marked(self, marks: Marks) -> Said {
        Said { marks: self.marks.and(marks), ..self }
    }

    pub(super) fn take_over_month(&mut self, other: &Said) {
        if self.day.is_some() && self.month.is_none() && other.day.is_some() {
            self.month = other.month;
        }
    }

    pub(super) fn take_over_year(&mut self, other: &Said) {
        if self.month.is_some() && self.year.is_none() && other.month.is_some() {
            self.year = other.year;
        }
    }

    /// The first and the last date: the same one, unless it is a third of a year.
    pub(super) fn ends(&self) -> Result<(ImpreciseDate, ImpreciseDate), PeriodError> {
        self.checked().map_err(|kind| kind.at(self.range.clone()))
    }

    fn checked(&self) -> Result<(ImpreciseDate, ImpreciseDate), PeriodErrorKind> {
        let found = || self.found();
        if self.day.is_some() && self.month.is_none() {
            return Err(PeriodErrorKind::MissingMonth { found: found() });
        }
        let Some(year) = self.year else {
            return Err(PeriodErrorKind::MissingYear { found: found() });
        };
        if let Some(third) = self.third {
            if self.month.is_some() || self.day.is_some() {
                // "Early October" could only be widened by a day, which would be too sure of itself.
                let instead = "the days or the whole month, such as `1 to 10 October 2024`";
                return Err(PeriodErrorKind::Unsupported { found: third.word().into(), instead });
            }
            let (first, last) = third.months(year)?;
            return Ok((self.marks.on(first), self.marks.on(last)));
        }
        let date = match (self.month, self.day) {
            (None, _) => ImpreciseDate::year(year)?,
            (Some(month), None) => ImpreciseDate::month(year, month)?,
            (Some(month), Some(day)) => ImpreciseDate::checked(year, month, day, Precision::Day)?,
        };
        Ok((self.marks.on(date), self.marks.on(date)))
    }

    /// For messages: the date without what is missing.
    fn found(&self) -> String {
        let month = self.month.and_then(|month| MONTHS.get(usize::try_from(month).ok()?.checked_sub(1)?));
        let day = self.day.map(|day| day.to_string());
        let year = self.year.map(|year| year.to_string());
        let parts = [day, month.map(|month| month.to_string()), year];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Marks {
    pub(super) fn and(self, other: Marks) -> Marks {
        Marks { approximate: self.approximate || other.approximate, uncertain: self.uncertain || other.uncertain }
    }

    fn on(self, date: ImpreciseDate) -> ImpreciseDate {
        let date = if self.approximate { date.approximate() } else { date };
        if self.uncertain { date.uncertain() } else { date }
    }
}

impl Third {
    fn word(self) -> &'static str {
        match self {
            Third::Early => "early",
            Third::Mid => "mid",
            Third::Late => "late",
        }
    }

    fn months(self, year: i16) -> Result<(ImpreciseDate, ImpreciseDate), PeriodErrorKind> {
        let month = |month| ImpreciseDate::month(year, month);
        Ok(match self {
            Third::Early => (month(1)?, month(4)?.approximate()),
            Third::Mid => (month(5)?.approximate(), month(8)?.approximate()),
            Third::Late => (month(9)?.approximate(), month(12)?),
        })
    }
}
