//! What can be wrong with the text of a period.

use std::fmt;
use std::ops::Range;

use super::ImpreciseDate;
use super::phrase::MONTHS;

/// A period that can't be read, with the bytes at fault.
///
/// # Example
///
/// ```
/// use purvey::model::period::{Period, PeriodErrorKind};
///
/// let error = Period::parse("in March").unwrap_err();
/// assert_eq!(error.range, 3..8);
/// assert_eq!(error.kind, PeriodErrorKind::MissingYear { found: "March".into() });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct PeriodError {
    /// The bytes at fault, within the text that was parsed; empty where something is missing.
    pub range: Range<usize>,
    /// What is wrong with them.
    pub kind: PeriodErrorKind,
}

/// What is wrong with a period. It displays as the problem and the way out; [`problem`](Self::problem) and
/// [`help`](Self::help) give the two apart.
///
/// # Example
///
/// ```
/// use purvey::model::period::PeriodErrorKind;
///
/// let kind = PeriodErrorKind::NoSuchMonth { month: 13 };
/// assert_eq!(kind.to_string(), "there is no month 13; months run from 01 to 12");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeriodErrorKind {
    /// Nothing but white space.
    Empty,
    /// A date is missing: after "since", or at both ends.
    MissingDate,
    /// A month or a day without its year.
    MissingYear {
        /// As written.
        found: String,
    },
    /// A day without its month.
    MissingMonth {
        /// As written.
        found: String,
    },
    /// A year outside 0001 to 9999, or not written with four digits.
    NoSuchYear {
        /// As written.
        found: String,
    },
    /// A month outside 1 to 12.
    NoSuchMonth {
        /// Its number.
        month: i8,
    },
    /// A day that the month does not have.
    NoSuchDay {
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// The day asked for.
        day: i8,
    },
    /// A month or day that is not written with two digits in an ISO date.
    Digits {
        /// As written.
        found: String,
    },
    /// The end is before the beginning.
    Reversed {
        /// The beginning as read.
        start: ImpreciseDate,
        /// The end as read.
        end: ImpreciseDate,
    },
    /// Words that depend on the day of writing: "last year", "Thursday".
    Relative {
        /// As written.
        found: String,
    },
    /// Words that have a meaning, but none that a period can keep.
    Unsupported {
        /// As written.
        found: String,
        /// What to write for it.
        instead: &'static str,
    },
    /// Anything else.
    NotUnderstood {
        /// As written.
        found: String,
    },
}

impl PeriodErrorKind {
    pub(super) fn at(self, range: Range<usize>) -> PeriodError {
        PeriodError { range, kind: self }
    }

    /// What is wrong, without the way out.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::PeriodErrorKind;
    ///
    /// assert_eq!(PeriodErrorKind::Empty.problem(), "the period is empty");
    /// ```
    pub fn problem(&self) -> String {
        match self {
            Self::Empty => "the period is empty".into(),
            Self::MissingDate => "a date is missing here".into(),
            Self::MissingYear { found } => format!("`{found}` has no year"),
            Self::MissingMonth { found } => format!("`{found}` has no month"),
            Self::NoSuchYear { found } => format!("`{found}` is no year from 0001 to 9999"),
            Self::NoSuchMonth { month } => format!("there is no month {month}"),
            Self::NoSuchDay { year, month, day } => {
                format!("there is no {day} {} {year:04}", month_name(*month))
            }
            Self::Digits { found } => format!("`{found}` is not a month or day of two digits"),
            Self::Reversed { start, end } => {
                format!("the period ends ({}) before it begins ({})", end.words(), start.words())
            }
            Self::Relative { found } => format!("`{found}` depends on the day of writing"),
            Self::Unsupported { found, .. } | Self::NotUnderstood { found } => {
                format!("`{found}` is not understood here")
            }
        }
    }

    /// The next step.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::PeriodErrorKind;
    ///
    /// let kind = PeriodErrorKind::Relative { found: "last year".into() };
    /// assert!(kind.help().starts_with("a date is needed"));
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::Empty => "write a date, or leave the field out if nothing is known".into(),
            Self::MissingDate => "write one, such as `2024` or `March 2024`".into(),
            Self::MissingYear { found } => format!("write it, as in `{found} 2024`"),
            Self::MissingMonth { .. } => "write it, as in `28 June 2025`".into(),
            Self::NoSuchYear { .. } => "write four digits, as in `2024` or `0987`".into(),
            Self::NoSuchMonth { .. } => "months run from 01 to 12".into(),
            Self::NoSuchDay { year, month, .. } => match ImpreciseDate::month(*year, *month) {
                Ok(month) => format!("that month has {} days", month.last_day().day()),
                Err(error) => error.help(),
            },
            Self::Digits { .. } => "write `2024-03`, or an interval as `2024/2025`".into(),
            Self::Reversed { .. } => "swap the two, or name the year of both".into(),
            Self::Relative { .. } => "a date is needed, such as `2024` or `27 June 2025`, or `since 2022` for what goes on".into(),
            Self::Unsupported { instead, .. } => format!("write {instead}"),
            Self::NotUnderstood { .. } => {
                "write a date such as `2024-10` or `3 October 2024`, an interval such as `March to October 2024`, `since 2022` or \
                 `until August 2025`"
                    .into()
            }
        }
    }
}

impl fmt::Display for PeriodErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem(), self.help())
    }
}

/// The English name; anyone can make an error with a month that is none.
fn month_name(month: i8) -> &'static str {
    usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied().unwrap_or("?")
}

/// A piece of the text for a message: one that is long is cut, since the text may be a whole page.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut quoted: String = text.chars().take(LONGEST).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    quoted
}
