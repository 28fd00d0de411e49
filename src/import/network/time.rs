//! Times of networks as periods.

use crate::import::findings::{ImportCode, ImportFindings};
use crate::model::Period;

/// How a file writes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// As dates, with or without a time of day.
    Date,
    /// As numbers, or nobody says how.
    Other,
}

impl TimeFormat {
    pub(super) fn of(word: &str) -> TimeFormat {
        match word.to_ascii_lowercase().as_str() {
            "date" | "datetime" | "xsd:date" | "xsd:datetime" => TimeFormat::Date,
            _ => TimeFormat::Other,
        }
    }
}

/// The bounds of a spell, each with whether it is left out of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) start: Option<(String, bool)>,
    pub(super) end: Option<(String, bool)>,
}

/// A spell as a period in EDTF; nothing if it has no bounds, or none that is a date, which is reported.
pub(super) fn spell(bounds: &Bounds, format: TimeFormat, line: u64, findings: &mut ImportFindings) -> Option<String> {
    let mut ends = Vec::new();
    for (bound, is_start) in [(&bounds.start, true), (&bounds.end, false)] {
        let Some((text, open)) = bound else {
            ends.push("..".to_owned());
            continue;
        };
        // The way of old files to say "without end".
        if matches!(text.to_ascii_lowercase().as_str(), "-infinity" | "infinity" | "-inf" | "inf" | "+infinity") {
            ends.push("..".to_owned());
            continue;
        }
        match date(text, *open, is_start, format) {
            Ok(date) => ends.push(date),
            Err(why) => {
                findings.at(Some(line)).report(
                    ImportCode::BadPeriod,
                    format!("the time `{text}` {why}; it is kept as text"),
                    None,
                );
                return None;
            }
        }
    }
    let text = match ends.as_slice() {
        [start, end] if start == ".." && end == ".." => return None,
        [start, end] if start == end => start.clone(),
        [start, end] => format!("{start}/{end}"),
        _ => return None,
    };
    match Period::parse(&text) {
        Ok(period) => Some(period.edtf()),
        Err(error) => {
            findings.at(Some(line)).report(
                ImportCode::BadPeriod,
                format!("the time `{text}` is kept as text: {error}"),
                None,
            );
            None
        }
    }
}

/// `<[2009-03-01, 2009-03-10]; [2009-03-15, 2009-03-20)>`, as version 1.3 has it; or a list of moments.
pub(super) fn spells_of_text(text: &str, format: TimeFormat, line: u64, findings: &mut ImportFindings) -> Vec<String> {
    let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
    let mut found = Vec::new();
    for part in inner.split(';').map(str::trim).filter(|it| !it.is_empty()) {
        let is_interval = part.starts_with(['[', '(', ']']);
        let bare = part.trim_matches(['[', ']', '(', ')']);
        if !is_interval {
            for moment in bare.split(',').map(str::trim).filter(|it| !it.is_empty()) {
                let bound = Some((moment.to_owned(), false));
                found.extend(spell(&Bounds { start: bound.clone(), end: bound }, format, line, findings));
            }
            continue;
        }
        let (start, end) = bare.split_once(',').unwrap_or((bare, bare));
        let start = Some((start.trim().to_owned(), part.starts_with('(') || part.starts_with(']')));
        let end = Some((end.trim().to_owned(), part.ends_with(')') || part.ends_with('[')));
        found.extend(spell(&Bounds { start, end }, format, line, findings));
    }
    found
}

/// A date in EDTF. An open bound is left out itself: of a day, the day beside it is meant.
fn date(text: &str, open: bool, is_start: bool, format: TimeFormat) -> Result<String, String> {
    // A time of day is more than the model keeps.
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let is_date = day.len() == 10 && day.bytes().filter(|it| *it == b'-').count() == 2;
    let is_coarse = format == TimeFormat::Date && day.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    if !is_date && !is_coarse {
        return Err("is no date".to_owned());
    }
    let period = Period::parse(day).map_err(|error| format!("is no date: {error}"))?;
    if !open {
        return Ok(period.edtf());
    }
    let (Some(first), Some(last)) = (period.earliest(), period.latest()) else { return Err("is no date".to_owned()) };
    // Of a month that is left out, the days beside it are meant as well. A time of day cuts the day short, and leaves some of it.
    if text.len() > day.len() {
        return Ok(period.edtf());
    }
    let beside = if is_start { last.tomorrow() } else { first.yesterday() };
    beside.map(|it| it.to_string()).map_err(|_| "is out of range".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(start: Option<(&str, bool)>, end: Option<(&str, bool)>, format: TimeFormat) -> (Option<String>, u64) {
        let mut findings = ImportFindings::default();
        let bound = |it: Option<(&str, bool)>| it.map(|(text, open)| (text.to_owned(), open));
        let found = spell(&Bounds { start: bound(start), end: bound(end) }, format, 1, &mut findings);
        (found, findings.count())
    }

    #[test]
    fn spells_are_periods() {
        use TimeFormat::{Date, Other};
        for (start, end, format, expected) in [
            (Some(("2024-01-01", false)), Some(("2024-12-31", false)), Date, Some("2024-01-01/2024-12-31")),
            (Some(("2024-01-01", false)), None, Date, Some("2024-01-01/..")),
            (None, Some(("2024-03-01", true)), Date, Some("../2024-02-29")),
            (Some(("2024-12-31", true)), None, Date, Some("2025-01-01/..")),
            (Some(("2024", false)), Some(("2025", false)), Date, Some("2024/2025")),
            (Some(("2024", true)), Some(("2026-03", true)), Date, Some("2025-01-01/2026-02-28")),
            (Some(("2024-01-01T10:00:00", false)), Some(("2024-01-01T12:00:00", true)), Date, Some("2024-01-01")),
            (Some(("2024-01-01", false)), Some(("2024-01-02", false)), Other, Some("2024-01-01/2024-01-02")),
            (Some(("-Infinity", false)), Some(("2024-01-02", false)), Date, Some("../2024-01-02")),
            (None, None, Date, None),
        ] {
            assert_eq!(read(start, end, format), (expected.map(str::to_owned), 0), "{start:?} {end:?}");
        }
    }

    #[test]
    fn numbers_and_reversed_times_are_findings() {
        for (start, end) in
            [("0.5", "2.0"), ("2009", "2010"), ("2024-02-30", "2024-03-01"), ("2025-01-01", "2024-01-01"), ("soon", "")]
        {
            assert_eq!(read(Some((start, false)), Some((end, false)), TimeFormat::Other), (None, 1), "{start} {end}");
        }
    }

    #[test]
    fn lists_of_intervals_and_moments_are_read() {
        let mut findings = ImportFindings::default();
        let mut read = |text: &str| spells_of_text(text, TimeFormat::Date, 1, &mut findings);
        assert_eq!(
            read("<[2009-03-01, 2009-03-10]; [2009-03-15, 2009-03-20)>"),
            ["2009-03-01/2009-03-10", "2009-03-15/2009-03-19"]
        );
        assert_eq!(read("<2009-03-01, 2009-03-03>"), ["2009-03-01", "2009-03-03"]);
        assert_eq!(read("<>"), [""; 0]);
        assert_eq!(findings.count(), 0);
    }
}
