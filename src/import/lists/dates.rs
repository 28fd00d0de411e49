//! Dates as lists write them, to EDTF: `28 Jul 1963`, `circa 1960`, `1958 to 1960`, `10/29/2020`, `2012-12-31T00:00:00`.

use crate::model::Period;
use crate::model::period::MONTHS;

/// Words before a date that say that it is not sure to the day.
const ABOUT: [&str; 9] = ["circa", "c.", "ca.", "ca", "approximately", "approx.", "approx", "about", "around"];

/// Which number comes first in a date with slashes. Where the first one can be no month, it is the day in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slashes {
    /// As the US Treasury writes them.
    MonthFirst,
    /// As the rest of the world writes them.
    DayFirst,
}

/// A date or a range of dates in EDTF, if the text is one.
pub(super) fn edtf(text: &str, slashes: Slashes) -> Option<String> {
    let (about, rest) = marked(text);
    let mark = |date: String, about: bool| if about { format!("{date}~") } else { date };
    let rest = strip_word(rest, "between");
    for joint in [" to ", " and ", " - ", " – ", "–"] {
        if let Some((from, to)) = rest.split_once(joint) {
            // "between 1958 and circa 1960" marks one end of its own.
            let side = |text| {
                let (own, text) = marked(text);
                Some(mark(date(text, slashes)?, about || own))
            };
            return checked(format!("{}/{}", side(from)?, side(to)?));
        }
    }
    if let Some((from, to)) = rest.split_once('-').filter(|(from, to)| is_year(from) && is_year(to)) {
        return checked(format!("{}/{}", mark(from.to_owned(), about), mark(to.to_owned(), about)));
    }
    checked(mark(date(rest, slashes)?, about))
}

/// A date, and what is noted behind it: "1958 (as in his passport)", "approx. 1962; others say 1964". "Born" says nothing here.
pub(super) fn before_note(text: &str) -> (&str, &str) {
    let at = text.find(['(', '[', ';']).unwrap_or(text.len());
    let (date, note) = text.split_at_checked(at).unwrap_or((text, ""));
    let date = ["born", "date of birth", "dob"].iter().fold(date.trim(), |it, word| strip_word(it, word));
    (date.trim_start_matches(':').trim(), note.trim_start_matches(';').trim())
}

/// Whether a date in the text may be read two ways: `03/04/2017`, but neither `13/04/2017` nor `04/04/2017`.
pub(super) fn is_ambiguous(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let mut numbers = word.split('/').map(|it| it.parse::<u16>().ok());
        let first_two = (numbers.next().flatten(), numbers.next().flatten());
        let is_month = |it: u16| (1..=12).contains(&it);
        numbers.next().is_some()
            && matches!(first_two, (Some(first), Some(second)) if first != second && is_month(first) && is_month(second))
    })
}

/// Whether words say that a date is not sure, and the text without them and without a full stop.
fn marked(text: &str) -> (bool, &str) {
    let text = text.trim().trim_end_matches('.').trim();
    let lower = text.to_lowercase();
    let about = ABOUT.iter().find(|word| {
        lower.strip_prefix(**word).is_some_and(|rest| rest.starts_with(|c: char| c == ' ' || c.is_ascii_digit()))
    });
    let rest = about.map_or(text, |word| text.get(word.len()..).unwrap_or_default()).trim();
    (about.is_some(), rest)
}

fn strip_word<'t>(text: &'t str, word: &str) -> &'t str {
    match text.get(..word.len()) {
        Some(head) if head.eq_ignore_ascii_case(word) => text.get(word.len()..).unwrap_or_default().trim_start(),
        _ => text,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What the program reads as a period; a 31st of June is none.
fn checked(text: String) -> Option<String> {
    Period::parse(&text).ok().map(|period| period.edtf())
}

/// One date.
fn date(text: &str, slashes: Slashes) -> Option<String> {
    let text = text.trim();
    // A time of day, and the zone behind it, tells nothing about the day here.
    let day = text.split_once('T').map_or(text, |(day, _)| day);
    // "2015-04-07-04:00" is a day with a zone.
    let day = match day.get(..10) {
        Some(ten) if day.len() > 10 && ten.matches('-').count() == 2 && day.contains(':') => ten,
        _ => day,
    };
    if day.get(..4).is_some_and(is_year) && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        let day = day.trim_end_matches('-');
        return Some(day.strip_suffix("-00").map_or(day, |it| it.trim_end_matches("-00")).to_owned());
    }
    if text.contains('/') {
        let mut parts = text.split('/').map(|it| it.trim().parse::<u16>().ok());
        let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
        let month_first = slashes == Slashes::MonthFirst && first <= 12 || second > 12;
        let (month, day) = if month_first { (first, second) } else { (second, first) };
        return (year > 999 && parts.next().is_none()).then(|| format!("{year:04}-{month:02}-{day:02}"));
    }
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',' || c == '.').filter(|it| !it.is_empty()).collect();
    match words.as_slice() {
        [year] if is_year(year) => Some((*year).to_owned()),
        [month, year] if is_year(year) => Some(format!("{year}-{:02}", month_number(month)?)),
        [day, month, year] if is_year(year) => match (day.parse::<u8>(), month_number(month)) {
            (Ok(day), Some(month)) => Some(format!("{year}-{month:02}-{day:02}")),
            _ => Some(format!("{year}-{:02}-{:02}", month_number(day)?, month.parse::<u8>().ok()?)),
        },
        _ => None,
    }
}

/// A month by its name, or by what that begins with.
fn month_number(word: &str) -> Option<usize> {
    let word = word.to_lowercase();
    let means = |name: &str| {
        let name = name.to_lowercase();
        // "Marching" begins like a month too.
        name.get(..3).is_some_and(|it| word.starts_with(it)) && (word.len() <= 4 || word == name)
    };
    MONTHS.iter().position(|it| means(it)).map(|it| it + 1)
}

/// The first date within a sentence: "Data generated: 28 Apr 2025 8:41:00 PM". One that may be read two ways is none.
pub(super) fn within(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for at in 0..words.len() {
        for length in [3, 2, 1] {
            let Some(part) = words.get(at..at + length) else { continue };
            // A bare number is a date only if nothing else is.
            let worth = length > 1 || part.iter().any(|it| it.contains(['-', '/', 'T']));
            let text = part.join(" ");
            if is_ambiguous(&text) {
                continue;
            }
            let date = date(text.trim_end_matches([',', ';', '.']), Slashes::DayFirst).and_then(checked);
            if let Some(date) = date.filter(|_| worth) {
                return Some(date);
            }
        }
    }
    words.iter().map(|it| it.trim_matches(|c: char| !c.is_ascii_digit())).find(|it| is_year(it)).map(str::to_owned)
}

/// A day, month or year of EDTF as people write it: "28 April 2025".
pub(super) fn in_words(date: &str) -> String {
    let is_plain = date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let period = Period::parse(date).ok().filter(|_| is_plain);
    period.map_or_else(|| date.to_owned(), |it| it.to_words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_lists_become_edtf() {
        for (text, expected) in [
            ("28 Jul 1963", Some("1963-07-28")),
            ("Aug 1971", Some("1971-08")),
            ("1957", Some("1957")),
            ("circa 1960", Some("1960~")),
            ("circa 12 Jun 1960", Some("1960-06-12~")),
            ("circa 1979-1982", Some("1979~/1982~")),
            ("1958 to 1960", Some("1958/1960")),
            ("01 Jan 1960 to 31 Dec 1962", Some("1960-01-01/1962-12-31")),
            ("Between 1958 and 1960", Some("1958/1960")),
            ("10/29/2020", Some("2020-10-29")),
            ("29/10/2020", Some("2020-10-29")),
            ("2012-12-31T00:00:09.554Z", Some("2012-12-31")),
            ("2012-12-31", Some("2012-12-31")),
            ("2015-04-07-04:00", Some("2015-04-07")),
            ("2015-04-07+02:00", Some("2015-04-07")),
            ("1965-00-00", Some("1965")),
            ("March 4, 1970", Some("1970-03-04")),
            ("31 Jun 1970", None),
            ("1960 to 1958", None),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(edtf(text, Slashes::MonthFirst).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_note_behind_a_date_costs_no_date() {
        for (text, date, note) in [
            ("1958 (as in his passport)", Some("1958"), "(as in his passport)"),
            ("approx. 1962; others say 1964", Some("1962~"), "others say 1964"),
            ("Born 28 Jul 1963", Some("1963-07-28"), ""),
            ("in the 1960s", None, ""),
        ] {
            let (bare, rest) = before_note(text);
            assert_eq!((edtf(bare, Slashes::DayFirst).as_deref(), rest), (date, note), "{text}");
        }
    }

    #[test]
    fn a_range_has_two_sides_however_long_the_text() {
        let mut long = "1960".to_owned();
        for _ in 0..300_000 {
            long.push_str(" to 1960");
        }
        assert_eq!(edtf(&long, Slashes::MonthFirst), None);
        assert_eq!(edtf(&"circa ".repeat(300_000), Slashes::MonthFirst), None);
        assert_eq!(edtf("between 1958 and circa 1960.", Slashes::MonthFirst).as_deref(), Some("1958/1960~"));
    }

    #[test]
    fn who_writes_a_date_with_slashes_decides_what_comes_first() {
        for (text, month_first, day_first, ambiguous) in [
            ("03/04/2017", "2017-03-04", "2017-04-03", true),
            ("03/13/2017", "2017-03-13", "2017-03-13", false),
            ("13/03/2017", "2017-03-13", "2017-03-13", false),
            ("04/04/2017", "2017-04-04", "2017-04-04", false),
            ("01/02/2017 to 03/04/2018", "2017-01-02/2018-03-04", "2017-02-01/2018-04-03", true),
        ] {
            assert_eq!(edtf(text, Slashes::MonthFirst).as_deref(), Some(month_first), "{text}");
            assert_eq!(edtf(text, Slashes::DayFirst).as_deref(), Some(day_first), "{text}");
            assert_eq!(is_ambiguous(text), ambiguous, "{text}");
        }
        assert_eq!(within("Data generated: 03/04/2025"), None);
        assert_eq!(within("Data generated: 13/04/2025").as_deref(), Some("2025-04-13"));
    }

    #[test]
    fn a_date_within_a_sentence_is_found() {
        assert_eq!(within("Data generated: 28 Apr 2025 8:41:00 PM").as_deref(), Some("2025-04-28"));
        assert_eq!(within("Information generated: 12 March 2014").as_deref(), Some("2014-03-12"));
        assert_eq!(within("generated 2026-03-22 10:00").as_deref(), Some("2026-03-22"));
        assert_eq!(within("Generated in 2018.").as_deref(), Some("2018"));
        assert_eq!(within("no date"), None);
        assert_eq!(in_words("2025-04-28"), "28 April 2025");
        assert_eq!(in_words("2025-04"), "April 2025");
        assert_eq!(in_words("2025"), "2025");
    }
}
