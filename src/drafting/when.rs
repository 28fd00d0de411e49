//! Times in an article, made absolute: "last October" of a piece of May 2025 is October 2024.

use jiff::civil::{Date, Weekday};

use super::sentence::{Gap, Sentence};
use crate::model::Period;
use crate::model::period::{End, ImpreciseDate, Precision};
use crate::query::{TimeUnit, units_before};

/// A time of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct When {
    pub(super) period: Period,
    /// Whether it was reckoned from the article's date.
    pub(super) inferred: bool,
}

/// Most words of a time.
const LONGEST: usize = 7;

/// Words with which a time may begin, besides numbers and months.
const OPENINGS: [&str; 19] = [
    "in",
    "on",
    "during",
    "between",
    "from",
    "since",
    "until",
    "till",
    "early",
    "mid",
    "late",
    "about",
    "around",
    "circa",
    "perhaps",
    "possibly",
    "approximately",
    "by",
    "through",
];

/// Words before a bare year. Elsewhere four digits may count something.
const BEFORE_YEAR: [&str; 19] = [
    "in",
    "since",
    "of",
    "by",
    "until",
    "during",
    "from",
    "and",
    "to",
    "between",
    "early",
    "late",
    "mid",
    "through",
    "for",
    "before",
    "after",
    "throughout",
    "till",
];

/// The time that begins with a word, and the word after it.
pub(super) fn time_at(sentence: &Sentence<'_>, first: usize, today: Option<Date>) -> Option<(When, usize)> {
    absolute(sentence, first).or_else(|| {
        let (period, after) = relative(sentence, first, today?)?;
        Some((When { period, inferred: true }, after))
    })
}

fn absolute(sentence: &Sentence<'_>, first: usize) -> Option<(When, usize)> {
    let most = (first + LONGEST).min(sentence.words.len());
    let before = first.checked_sub(1).map(|it| sentence.form(it));
    // Without a digit within reach, or with another first word, there is no absolute time.
    let has_digit = |at: usize| sentence.slice(at, at + 1).bytes().any(|it| it.is_ascii_digit());
    let opens = has_digit(first) || OPENINGS.contains(&sentence.form(first)) || month_of(sentence, first).is_some();
    if !opens || !(first..most).any(has_digit) {
        return None;
    }
    for after in (first + 1..=most).rev() {
        if !has_digit(after - 1) || sentence.form(first) == "up" {
            continue;
        }
        let text = sentence.slice(first, after);
        let Ok(period) = Period::parse(text) else { continue };
        let is_bare_year = after == first + 1 && text.len() == 4;
        if is_bare_year {
            let in_reach = text.parse::<u16>().is_ok_and(|it| (1900..2100).contains(&it));
            if !in_reach || !before.is_some_and(|it| BEFORE_YEAR.contains(&it)) {
                continue;
            }
        } else if after == first + 1 && !text.contains('-') {
            continue;
        }
        return Some((When { period, inferred: false }, after));
    }
    None
}

/// A time that is reckoned from a day.
fn relative(sentence: &Sentence<'_>, first: usize, today: Date) -> Option<(Period, usize)> {
    let form = |at: usize| sentence.form(at);
    let start = match form(first) {
        "in" | "on" | "during" | "over" | "since" | "until" | "by" | "earlier" | "late" | "early" | "from" => first + 1,
        _ => first,
    };
    let start = if form(start) == "the" || form(start) == "early" || form(start) == "late" { start + 1 } else { start };
    let (period, after) = moment(sentence, start, today)?;
    let period = match form(first) {
        "since" => Period::new(period.start(), End::Open).ok()?,
        "until" => Period::new(End::Open, period.end()).ok()?,
        _ => period,
    };
    Some((period, after))
}

fn moment(sentence: &Sentence<'_>, at: usize, today: Date) -> Option<(Period, usize)> {
    let form = |at: usize| sentence.form(at);
    let one = |date: Date| ImpreciseDate::day(date).ok().and_then(|it| Period::new(End::Date(it), End::Date(it)).ok());
    match form(at) {
        "yesterday" => return Some((one(today.yesterday().ok()?)?, at + 1)),
        "today" => return Some((one(today)?, at + 1)),
        _ => {}
    }
    let (which, next) = match form(at) {
        "last" | "past" | "previous" => (-1, at + 1),
        "this" | "current" => (0, at + 1),
        "next" => (1, at + 1),
        _ => (2, at),
    };
    if let Some(unit) = TimeUnit::of_word(form(next)).filter(|_| which != 2 && !form(next).ends_with('s')) {
        return Some((units_before(today, -which, unit)?, next + 1));
    }
    if let Some(day) = weekday(form(next)).filter(|_| sentence.words.get(next).is_some_and(|it| it.capital)) {
        let back = i64::from(today.weekday().since(day));
        let back = match which {
            -1 if back == 0 => 7,
            1 => back - 7,
            _ => back,
        };
        return Some((one(today.checked_sub(jiff::Span::new().try_days(back).ok()?).ok()?)?, next + 1));
    }
    if let Some(unit) = TimeUnit::of_word(form(at + 1)).filter(|_| form(at + 2) == "ago") {
        let count = sentence.slice(at, at + 1).parse::<i64>().ok().or_else(|| small_number(form(at)))?;
        return Some((units_before(today, count, unit)?, at + 3));
    }
    // A month, with its day before or after it or without one.
    let day_of = |at: usize| {
        let text = sentence.slice(at, at + 1).trim_end_matches(|it: char| it.is_ascii_alphabetic());
        text.parse::<i8>().ok().filter(|it| (1..=31).contains(it))
    };
    let (month, day, after) = if let Some(month) = month_of(sentence, next) {
        match day_of(next + 1).filter(|_| sentence.gap(next + 1) == Gap::None) {
            Some(day) => (month, Some(day), next + 2),
            None => (month, None, next + 1),
        }
    } else if let (Some(day), Some(month)) = (day_of(next), month_of(sentence, next + 1)) {
        (month, Some(day), next + 2)
    } else {
        return None;
    };
    let year = today.year();
    let is_later = match day {
        Some(day) => (month, day) > (today.month(), today.day()),
        None => month > today.month(),
    };
    let year = match which {
        -1 if month >= today.month() => year - 1,
        1 if month <= today.month() => year + 1,
        1 | 0 => year,
        _ if is_later => year - 1,
        _ => year,
    };
    let date = match day {
        Some(day) => ImpreciseDate::day(Date::new(year, month, day).ok()?).ok()?,
        None => ImpreciseDate::month(year, month).ok()?,
    };
    Some((Period::new(End::Date(date), End::Date(date)).ok()?, after))
}

fn small_number(word: &str) -> Option<i64> {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let at = if word == "a" || word == "an" { Some(0) } else { words.iter().position(|it| *it == word) };
    at.and_then(|it| i64::try_from(it + 1).ok())
}

fn weekday(word: &str) -> Option<Weekday> {
    Some(match word {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// The month that a word with a capital names.
fn month_of(sentence: &Sentence<'_>, at: usize) -> Option<i8> {
    let word = sentence.words.get(at).filter(|it| it.capital)?;
    let is_month = |it: &&str| {
        let month = it.to_lowercase();
        word.form == month
            || word.form.len() >= 3 && word.form.len() <= 4 && month.starts_with(&word.form) && word.form != "mar"
    };
    let at = crate::model::period::MONTHS.iter().position(is_month)?;
    i8::try_from(at + 1).ok()
}

/// The day, month or year that a short text is.
pub(super) fn date_in(text: &str) -> Option<Date> {
    let text = text.trim().trim_matches(|it: char| matches!(it, '(' | ')' | ',' | '.' | '|'));
    let has_digit = text.bytes().any(|it| it.is_ascii_digit());
    if !has_digit || text.len() > 40 {
        return None;
    }
    let period = Period::parse(text).ok().or_else(|| numeric(text))?;
    let date = period.start().date()?;
    (period.start() == period.end() && date.precision() == Precision::Day).then(|| date.first_day())
}

/// "30-05-2025", where it is plain which is the day.
fn numeric(text: &str) -> Option<Period> {
    let text = text.trim_start_matches(|it: char| !it.is_ascii_digit());
    let parts: Vec<i16> = text.split(['-', '.', '/']).map(str::parse).collect::<Result<_, _>>().ok()?;
    let [a, b, year] = parts.as_slice() else { return None };
    let (day, month) = match (*a > 12, *b > 12) {
        (true, false) => (*a, *b),
        (false, true) => (*b, *a),
        (false, false) if a == b => (*a, *b),
        _ => return None,
    };
    let date = Date::new(*year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let day = End::Date(ImpreciseDate::day(date).ok()?);
    (*year >= 1000).then(|| Period::new(day, day).ok()).flatten()
}

/// The first date of the first lines, or of a short line that says "published".
pub(super) fn find_date(paragraphs: &[String]) -> Option<Date> {
    let first = paragraphs.iter().take(8);
    let told = paragraphs.iter().skip(8).filter(|it| it.len() < 80 && it.to_lowercase().contains("published"));
    let last = paragraphs.iter().rev().take(2).filter(|it| it.len() < 80 && it.to_lowercase().contains("published"));
    first.chain(told).chain(last).find_map(|line| {
        let head: String = line.chars().take(140).collect();
        let words: Vec<&str> = head.split_whitespace().collect();
        (0..words.len()).find_map(|at| {
            (1..=3).rev().find_map(|count| words.get(at..at + count).and_then(|it| date_in(&it.join(" "))))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    #[test]
    fn times_are_made_absolute() {
        // A Friday.
        let today = Date::constant(2025, 5, 30);
        for (text, expected) in [
            ("last October", Some("2024-10")),
            ("in October", Some("2024-10")),
            ("in May", Some("2025-05")),
            ("this week", Some("2025-05-26/2025-06-01")),
            ("last month", Some("2025-04")),
            ("next month", Some("2025-06")),
            ("last year", Some("2024")),
            ("on Thursday", Some("2025-05-29")),
            ("on Friday", Some("2025-05-30")),
            ("last Friday", Some("2025-05-23")),
            ("yesterday", Some("2025-05-29")),
            ("two weeks ago", Some("2025-05-12/2025-05-18")),
            ("on June 3", Some("2024-06-03")),
            ("on 3 January", Some("2025-01-03")),
            ("since January", Some("2025-01/..")),
            ("between June and September 2024", Some("2024-06/2024-09")),
            ("since 2023", Some("2023/..")),
            ("May 12, 2024", Some("2024-05-12")),
            ("2024", None),
            ("2,024", None),
            ("14 days", None),
            ("may receive", None),
            ("last of them", None),
        ] {
            let sentence = sentences(1, text).remove(0);
            let found = time_at(&sentence, 0, Some(today)).map(|(it, _)| it.period.edtf());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        let sentence = sentences(1, "last October").remove(0);
        assert_eq!(time_at(&sentence, 0, None), None);
    }

    #[test]
    fn dates_of_articles_are_found() {
        let find = |lines: &[&str]| {
            find_date(&lines.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()).map(|it| it.to_string())
        };
        assert_eq!(find(&["Head", "UPI30-05-2025"]).as_deref(), Some("2025-05-30"));
        assert_eq!(find(&["Head", "SEOUL, March 4, 2025 (X) -- Words"]).as_deref(), Some("2025-03-04"));
        assert_eq!(find(&["Head", "WARSAW, June 28 (Reuters) - Words of 2024"]), None);
        assert_eq!(find(&["Head", "03-04-2025"]), None);
    }
}
