//! Reads EDTF: the dates and intervals of ISO 8601-2, with a qualification of the whole date.

use super::error::quoted;
use super::{End, ImpreciseDate, Period, PeriodError, PeriodErrorKind};

/// Whether the text is meant as EDTF: nothing but digits and its signs, with white space only beside the slash.
pub(super) fn looks_like(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '~' | '?' | '%');
    text.split('/').all(|part| part.trim().chars().all(sign))
}

/// Reads a date or an interval. `offset` is where `text` begins in what the caller was given.
pub(super) fn period(text: &str, offset: usize) -> Result<Period, PeriodError> {
    // An empty or out-of-order range would only blur an error, so all offsets saturate.
    let whole = offset..offset.saturating_add(text.len());
    let Some((start, end)) = text.split_once('/') else {
        return match end_of(text, offset)? {
            End::Date(date) => Ok(Period::from(date)),
            End::Open | End::Unknown => Err(PeriodErrorKind::MissingDate.at(whole)),
        };
    };
    if end.contains('/') {
        let instead = "`28 June 2025` or `2025-06-28`, and an interval as `2024/2025`";
        return Err(PeriodErrorKind::Unsupported { found: quoted(text), instead }.at(whole));
    }
    let end_offset = offset.saturating_add(start.len()).saturating_add(1);
    Period::new(end_of(start, offset)?, end_of(end, end_offset)?).map_err(|kind| kind.at(whole))
}

fn end_of(text: &str, offset: usize) -> Result<End, PeriodError> {
    let offset = offset.saturating_add(text.len().saturating_sub(text.trim_start().len()));
    match text.trim() {
        "" => Ok(End::Unknown),
        ".." => Ok(End::Open),
        date_text => date(date_text, offset).map(End::Date),
    }
}

/// Reads `2024`, `2024-10` or `2024-10-03`, with `~`, `?` or `%` behind it.
pub(super) fn date(text: &str, offset: usize) -> Result<ImpreciseDate, PeriodError> {
    let bare = text.strip_suffix(['~', '?', '%']).unwrap_or(text);
    let whole = offset..offset.saturating_add(text.len());
    let not_understood = || PeriodErrorKind::NotUnderstood { found: quoted(text) }.at(whole.clone());

    let mut parts = bare.splitn(4, '-');
    let year = parts.next().unwrap_or_default();
    let (month, day) = (parts.next(), parts.next());
    if parts.next().is_some() || !bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Err(not_understood());
    }
    let (year_end, month_start) =
        (offset.saturating_add(year.len()), offset.saturating_add(year.len()).saturating_add(1));
    if year.is_empty() {
        // A minus sign: a year before 0001.
        return Err(PeriodErrorKind::NoSuchYear { found: quoted(bare) }.at(whole));
    }
    let year_number = four_digit_year(year).map_err(|kind| kind.at(offset..year_end))?;
    let Some(month) = month else {
        return ImpreciseDate::year(year_number).map_err(|kind| kind.at(whole)).map(|date| marked(date, text));
    };
    let month_end = month_start.saturating_add(month.len());
    let month_number = two_digits(month).map_err(|kind| kind.at(month_start..month_end))?;
    // The month is checked first, so that `2024-13-03` is about the month.
    let month_date = ImpreciseDate::month(year_number, month_number).map_err(|kind| kind.at(month_start..month_end))?;
    let Some(day) = day else {
        return Ok(marked(month_date, text));
    };
    let day_start = month_end.saturating_add(1);
    let day_number = two_digits(day).map_err(|kind| kind.at(day_start..day_start.saturating_add(day.len())))?;
    day_of(year_number, month_number, day_number).map_err(|kind| kind.at(whole)).map(|date| marked(date, text))
}

/// A day by its numbers.
pub(super) fn day_of(year: i16, month: i8, day: i8) -> Result<ImpreciseDate, PeriodErrorKind> {
    ImpreciseDate::checked(year, month, day, super::Precision::Day)
}

/// A year of exactly four digits; whether it lies in range is checked where the date is made.
pub(super) fn four_digit_year(text: &str) -> Result<i16, PeriodErrorKind> {
    match text.parse() {
        Ok(year @ 1..) if text.len() == 4 => Ok(year),
        _ => Err(PeriodErrorKind::NoSuchYear { found: quoted(text) }),
    }
}

fn two_digits(text: &str) -> Result<i8, PeriodErrorKind> {
    match text.parse() {
        Ok(number) if text.len() == 2 => Ok(number),
        _ => Err(PeriodErrorKind::Digits { found: quoted(text) }),
    }
}

fn marked(date: ImpreciseDate, text: &str) -> ImpreciseDate {
    match text.as_bytes().last() {
        Some(b'~') => date.approximate(),
        Some(b'?') => date.uncertain(),
        Some(b'%') => date.approximate().uncertain(),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::period;
    use super::*;

    #[test]
    fn edtf_is_read_and_written_alike() {
        for text in [
            "2024",
            "2024-10",
            "2024-10-03",
            "2024-02-29",
            "2024-03/2024-10",
            "2024-10~",
            "2024?",
            "2024-10-03%",
            "../2024",
            "2022/..",
            "2022/",
            "/2022",
            "2024~/2025?",
            "2024/2024-03",
            "2024-10-03/2024",
            "2024~/2024",
            "0001",
            "9999-12-31",
        ] {
            assert_eq!(period(text).edtf(), text);
        }
    }

    #[test]
    fn one_period_has_one_text() {
        for (text, edtf) in [
            ("2024/2024", "2024"),
            ("2024-10-03~/2024-10-03~", "2024-10-03~"),
            (" 2024 ", "2024"),
            ("2024 / 2025", "2024/2025"),
            ("2022 / ..", "2022/.."),
        ] {
            assert_eq!(period(text).edtf(), edtf, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_shown() {
        // The second column marks the bytes at fault.
        for (text, marks, message) in [
            ("", "", "the period is empty; write a date, or leave the field out if nothing is known"),
            ("..", "^^", "a date is missing here; write one, such as `2024` or `March 2024`"),
            ("/", "^", "a date is missing here; write one, such as `2024` or `March 2024`"),
            ("../..", "^^^^^", "a date is missing here; write one, such as `2024` or `March 2024`"),
            ("2024-13", "     ^^", "there is no month 13; months run from 01 to 12"),
            ("2024-00-10", "     ^^", "there is no month 0; months run from 01 to 12"),
            ("2023-02-29", "^^^^^^^^^^", "there is no 29 February 2023; that month has 28 days"),
            ("2024-04-31", "^^^^^^^^^^", "there is no 31 April 2024; that month has 30 days"),
            ("  2024/2025-06-31", "       ^^^^^^^^^^", "there is no 31 June 2025; that month has 30 days"),
            ("0000", "^^^^", "`0000` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`"),
            ("12024", "^^^^^", "`12024` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`"),
            ("-0044", "^^^^^", "`-0044` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`"),
            ("24", "^^", "`24` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`"),
            (
                "99999999999999999999",
                "^^^^^^^^^^^^^^^^^^^^",
                "`99999999999999999999` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`",
            ),
            (
                "2024-2025",
                "     ^^^^",
                "`2025` is not a month or day of two digits; write `2024-03`, or an interval as `2024/2025`",
            ),
            (
                "2024-1",
                "     ^",
                "`1` is not a month or day of two digits; write `2024-03`, or an interval as `2024/2025`",
            ),
            (
                "2024-10-99999",
                "        ^^^^^",
                "`99999` is not a month or day of two digits; write `2024-03`, or an interval as `2024/2025`",
            ),
            (
                "2025/2024",
                "^^^^^^^^^",
                "the period ends (2024) before it begins (2025); swap the two, or name the year of both",
            ),
            (
                "28/06/2025",
                "^^^^^^^^^^",
                "`28/06/2025` is not understood here; write `28 June 2025` or `2025-06-28`, and an interval as `2024/2025`",
            ),
        ] {
            let error = Period::parse(text).unwrap_err();
            assert_eq!(error.to_string(), message, "{text}");
            let start = marks.len() - marks.trim_start().len();
            assert_eq!(error.range, start..marks.len(), "{text}");
        }
    }

    #[test]
    fn other_signs_are_not_understood() {
        for text in ["2024~-10", "~2024", "2024~?", "2024-10-03-04", "2024.", "...", "2024-", "2024--10", "2024/2025/"]
        {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
