//! Numbers as a table writes them, in the terms of the data format.

use crate::model::TableLayout;

/// A number without grouping and with a point, or the text as it is if it is written in words. `None`: it is written with
/// marks that the mapping does not allow for, so that any reading would be a guess.
pub(super) fn plain(text: &str, layout: &TableLayout) -> Option<String> {
    let decimal = layout.decimal.unwrap_or('.');
    if decimal == '.' && layout.thousands.is_none() {
        return Some(text.to_owned());
    }
    let is_group = |c: char| Some(c) == layout.thousands || (layout.thousands == Some(' ') && c.is_whitespace());
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'') || c == decimal || is_group(c);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !first.is_ascii_digit() {
            out.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && !is_mark(c)).unwrap_or(rest.len());
        // A mark behind the last digit is the sentence's.
        let number = rest.get(..end).unwrap_or_default().trim_end_matches(is_mark);
        out.push_str(&one(number, decimal, is_group)?);
        rest = rest.get(number.len()..).unwrap_or_default();
    }
    Some(out)
}

/// One number: groups of three digits, at most one decimal mark, nothing else.
fn one(number: &str, decimal: char, is_group: impl Fn(char) -> bool) -> Option<String> {
    let (whole, fraction) = match number.split_once(decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let groups: Vec<&str> = whole.split(is_group).collect();
    let digits = |it: &&str| it.bytes().all(|it| it.is_ascii_digit());
    let grouped = groups.iter().skip(1).all(|it| it.len() == 3)
        && (groups.len() == 1 || groups.first().is_some_and(|it| it.len() <= 3));
    let fits = grouped && groups.iter().all(digits) && fraction.iter().all(digits);
    fits.then(|| fraction.map_or_else(|| groups.concat(), |it| format!("{}.{it}", groups.concat())))
}

/// Whether a number in a text could be a thousand times as much: one mark, and three digits behind it. `1.500`, `10,000`.
pub(crate) fn is_ambiguous(text: &str) -> bool {
    numbers(text).any(|it| {
        let Some((whole, group)) = it.split_once(['.', ',']) else { return false };
        let digits = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
        // Nobody writes a group behind a nought.
        (1..=3).contains(&whole.len()) && !whole.starts_with('0') && digits(whole) && group.len() == 3 && digits(group)
    })
}

/// Whether a number in a text tells what its marks are: more of them than one, or another count of digits behind it.
pub(crate) fn decides(text: &str) -> bool {
    numbers(text).any(|it| it.contains(['.', ',']) && !is_ambiguous(it))
}

/// The numbers in a text, with the marks in them.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    parts.map(|it| it.trim_matches(['.', ','])).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mark_before_three_digits_decides_nothing() {
        for text in ["1.500", "10.000", "1,500", "about 1.500 euros"] {
            assert!(is_ambiguous(text) && !decides(text), "{text}");
        }
        for text in ["1.500,00", "1.5", "1.500.000", "0.125", "1234.500", "12,50"] {
            assert!(decides(text) && !is_ambiguous(text), "{text}");
        }
        assert!(!decides("1500.") && !is_ambiguous("1500"));
    }

    #[test]
    fn marks_are_read_as_the_mapping_says_and_never_guessed() {
        let german = TableLayout { decimal: Some(','), thousands: Some('.'), ..TableLayout::default() };
        assert_eq!(plain("1.234.567,89", &german).as_deref(), Some("1234567.89"));
        let french = TableLayout { decimal: Some(','), thousands: Some(' '), ..TableLayout::default() };
        assert_eq!(plain("1\u{202f}234,5", &french).as_deref(), Some("1234.5"));
        let comma = TableLayout { decimal: Some(','), ..TableLayout::default() };
        assert_eq!(plain("1.234", &comma), None);
        for odd in ["1,234.5", "1.23", "12.3456,7", "1,2,3", "1'000"] {
            assert_eq!(plain(odd, &german), None, "{odd}");
        }
        assert_eq!(plain("1.234.", &german).as_deref(), Some("1234."));
        assert_eq!(plain("1,234", &TableLayout::default()).as_deref(), Some("1,234"));
        assert_eq!(plain("at least 12,5 million", &comma).as_deref(), Some("at least 12.5 million"));
    }
}
