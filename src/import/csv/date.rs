//! Dates as a table writes them, in EDTF.

use crate::model::period::MONTHS;
use crate::model::{MappedPeriod, Period, PeriodErrorKind};

/// A date as EDTF. Without formats, what the data format itself understands, a moment (its day), and a quarter of a year.
///
/// # Errors
///
/// What is wrong, for people.
pub(super) fn read(text: &str, mapping: &MappedPeriod) -> Result<String, String> {
    let (mut text, mut uncertain, mut approximate) = (text.trim(), false, false);
    loop {
        let before = text;
        text = without(text, &mapping.uncertain, &mut uncertain);
        text = without(text, &mapping.approximate, &mut approximate);
        if text == before {
            break;
        }
    }
    let edtf = if mapping.formats.is_empty() {
        let usual = moment(text).map(str::to_owned).or_else(|| quarter(text)).or_else(|| decade(text));
        let text = usual.as_deref().unwrap_or(text);
        let help = |error: &PeriodErrorKind| format!("{}: {}", error.problem(), error.help());
        Period::parse(text).map(|it| it.edtf()).map_err(|error| help(&error.kind))?
    } else {
        let found = mapping.formats.iter().find_map(|it| by_format(text, it));
        found.ok_or_else(|| format!("`{text}` is not written as {}", mapping.formats.join(" or ")))?
    };
    let mark = match (uncertain, approximate) {
        (false, false) => return Ok(edtf),
        (true, true) => "%",
        (true, false) => "?",
        (false, true) => "~",
    };
    let marked = format!("{edtf}{mark}");
    Period::parse(&marked).map(|it| it.edtf()).map_err(|error| error.kind.problem())
}

/// What another of the formats makes of a date than the first that reads it.
pub(super) fn other_reading(text: &str, mapping: &MappedPeriod) -> Option<String> {
    let mut found = mapping.formats.iter().filter_map(|it| by_format(text.trim(), it));
    let first = found.next()?;
    found.find(|it| *it != first)
}

/// The day of `2021-05-06 00:00:00` or `2021-05-06T10:00:00Z`.
fn moment(text: &str) -> Option<&str> {
    let (day, time) = text.split_once(['T', ' '])?;
    let is_day = day.len() == 10 && day.bytes().all(|it| it.is_ascii_digit() || it == b'-');
    let is_time = time.contains(':') && time.bytes().all(|it| it.is_ascii_digit() || b":.+-Z".contains(&it));
    (is_day && is_time).then_some(day)
}

/// The months of `Q3 2021`, `2021-Q3` or `2021 Q3`.
fn quarter(text: &str) -> Option<String> {
    let (first, second) = text.split_once([' ', '-', '/'])?;
    let (year, quarter) = if first.len() == 4 { (first, second) } else { (second, first) };
    let number: u32 = quarter.strip_prefix(['Q', 'q'])?.parse().ok().filter(|it| (1..=4).contains(it))?;
    let is_year = year.len() == 4 && year.bytes().all(|it| it.is_ascii_digit());
    is_year.then(|| format!("{year}-{:02}/{year}-{:02}", number * 3 - 2, number * 3))
}

/// The years of `1990s`. `2000s` may mean a century as well.
fn decade(text: &str) -> Option<String> {
    let years = text.strip_suffix('s')?;
    let is_decade = years.len() == 4 && years.bytes().all(|it| it.is_ascii_digit());
    let start = years.strip_suffix('0').filter(|it| is_decade && !it.ends_with('0'))?;
    Some(format!("{start}0/{start}9"))
}

/// Without the first mark that stands at an end of it.
fn without<'t>(text: &'t str, marks: &[String], found: &mut bool) -> &'t str {
    for mark in marks {
        if let Some(rest) = text.strip_prefix(mark.as_str()).or_else(|| text.strip_suffix(mark.as_str())) {
            *found = true;
            return rest.trim();
        }
    }
    text
}

fn by_format(text: &str, format: &str) -> Option<String> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut rest = text;
    let mut parts = format.chars();
    while let Some(c) = parts.next() {
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        match parts.next()? {
            'Y' => year = Some(digits(&mut rest, 4, 4)?),
            'y' => {
                let short = digits(&mut rest, 2, 2)?;
                // As POSIX has it.
                year = Some(if short < 69 { 2000 + short } else { 1900 + short });
            }
            'm' => month = Some(digits(&mut rest, 1, 2)?),
            'd' => day = Some(digits(&mut rest, 1, 2)?),
            'B' | 'b' => month = Some(month_of(&mut rest)?),
            _ => return None,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    let edtf = match (year?, month, day) {
        (year, None, None) => format!("{year:04}"),
        (year, Some(month), None) => format!("{year:04}-{month:02}"),
        (year, Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (_, None, Some(_)) => return None,
    };
    // There is no 31 April.
    Period::parse(&edtf).is_ok().then_some(edtf)
}

fn digits(rest: &mut &str, least: usize, most: usize) -> Option<u32> {
    let count = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (number, after) = rest.split_at_checked(count)?;
    *rest = after;
    number.parse().ok()
}

fn month_of(rest: &mut &str) -> Option<u32> {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, after) = rest.split_at_checked(letters)?;
    let word = word.to_ascii_lowercase();
    let names = |it: &str| {
        let name = it.to_ascii_lowercase();
        name == word || (word.len() >= 3 && name.starts_with(&word))
    };
    let at = MONTHS.iter().position(|it| names(it))?;
    *rest = after.strip_prefix('.').unwrap_or(after);
    u32::try_from(at + 1).ok()
}

/// The formats in which most of some dates are written, of those that are usual, and how many are written otherwise; no format:
/// EDTF, or what is read without one. `None`: they are no dates.
pub(in crate::import) fn guess_date_formats(dates: &[String]) -> Option<(Vec<&'static str>, usize)> {
    let formats = date_formats(dates)?;
    let mapping = MappedPeriod { formats: formats.iter().map(|it| (*it).to_owned()).collect(), ..Default::default() };
    let unread = dates.iter().filter(|it| read(it, &mapping).is_err()).count();
    (unread * 2 <= dates.len()).then_some((formats, unread))
}

fn date_formats(dates: &[String]) -> Option<Vec<&'static str>> {
    const USUAL: [&str; 12] = [
        "%Y-%m-%d",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%d.%m.%Y",
        "%Y/%m/%d",
        "%d-%m-%Y",
        "%d-%b-%Y",
        "%d %B %Y",
        "%B %d, %Y",
        "%B %Y",
        "%m/%Y",
        "%Y",
    ];
    let mapping = |format: &str| MappedPeriod { formats: vec![format.to_owned()], ..MappedPeriod::default() };
    let fits = |date: &String, format: &str| read(date, &mapping(format)).is_ok();
    if dates.is_empty() {
        return None;
    }
    let plain = dates.iter().filter(|it| read(it, &MappedPeriod::default()).is_ok()).count();
    if plain == dates.len() {
        return Some(Vec::new());
    }
    // Those that read nearly all of them, for a bad one must not hide what a column is.
    let most = |format: &&str| dates.iter().filter(|it| fits(it, format)).count() * 5 >= dates.len() * 4;
    let mut whole: Vec<&str> = USUAL.into_iter().filter(most).collect();
    // One that some dates contradict comes behind one that reads them; of the two orders it is dropped.
    let count = |format: &str| dates.iter().filter(|it| fits(it, format)).count();
    whole.sort_by_key(|it| std::cmp::Reverse(count(it)));
    let (days, months) = (count("%d/%m/%Y"), count("%m/%d/%Y"));
    whole.retain(|it| !(*it == "%d/%m/%Y" && days < months || *it == "%m/%d/%Y" && months < days));
    if !whole.is_empty() {
        return Some(whole);
    }
    // Else the fewest that read most of them together.
    let (mut needed, mut unread): (Vec<&str>, usize) = (Vec::new(), 0);
    for date in dates {
        if needed.iter().any(|it| fits(date, it)) {
            continue;
        }
        // The one of two orders that reads more of the others.
        let fitting = USUAL.into_iter().filter(|it| fits(date, it));
        match fitting.max_by_key(|it| dates.iter().filter(|date| fits(date, it)).count()) {
            Some(best) => needed.push(best),
            None => unread += 1,
        }
    }
    if plain * 2 >= dates.len() && plain + unread >= dates.len() {
        return Some(Vec::new());
    }
    (unread * 2 <= dates.len() && !needed.is_empty()).then_some(needed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_formats_of_the_mapping_and_no_other() {
        let mapping = |formats: &[&str]| MappedPeriod {
            formats: formats.iter().map(|it| (*it).to_owned()).collect(),
            uncertain: vec!["?".to_owned()],
            approximate: vec!["c.".to_owned()],
            ..MappedPeriod::default()
        };
        let day_first = mapping(&["%d/%m/%Y", "%B %Y", "%Y"]);
        for (text, edtf) in [
            ("03/04/2024", "2024-04-03"),
            ("3/4/2024", "2024-04-03"),
            ("March 2024", "2024-03"),
            ("Sept. 2024", "2024-09"),
            ("2024", "2024"),
            ("2024?", "2024?"),
            ("c. 2024", "2024~"),
        ] {
            assert_eq!(read(text, &day_first).as_deref(), Ok(edtf), "{text}");
        }
        for text in ["2024-04-03", "31/04/2024", "03/04/24", "soon", "03/04/2024 10:00"] {
            assert!(read(text, &day_first).is_err(), "{text}");
        }
        assert_eq!(read("7.2.71", &mapping(&["%d.%m.%y"])).as_deref(), Ok("1971-02-07"));
        for (text, edtf) in [
            ("2021-05-06 00:00:00", "2021-05-06"),
            ("2021-05-06T23:10:00.5Z", "2021-05-06"),
            ("2021-05-06T23:10:00+02:00", "2021-05-06"),
            ("Q3 2021", "2021-07/2021-09"),
            ("2021-Q1", "2021-01/2021-03"),
            ("1990s", "1990/1999"),
        ] {
            assert_eq!(read(text, &mapping(&[])).as_deref(), Ok(edtf), "{text}");
        }
        for text in ["Q5 2021", "2000s", "2021-05-06 soon", "May-21"] {
            assert!(read(text, &mapping(&[])).is_err(), "{text}");
        }
        let both = mapping(&["%d/%m/%Y", "%m/%d/%Y"]);
        assert_eq!(other_reading("03/04/2024", &both).as_deref(), Some("2024-03-04"));
        assert!(other_reading("03/03/2024", &both).or(other_reading("13/04/2024", &both)).is_none());
        assert_eq!(read("2024-03/2024-05", &mapping(&[])).as_deref(), Ok("2024-03/2024-05"));
    }
}
