//! Numbers as a table writes them, in the terms of the data format.

use crate::model::TableLayout;

/// A number without grouping and with a point, or the text as it is if it is written in words. `None`: it is written with
/// marks that the mapping does not allow for, so that any reading would be a guess.
pub(super) fn plain(text: &str, layout: &TableLayout) -> Option<String> {
    if layout.decimal == '.' && layout.thousands.is_none() {
        return Some(text.to_owned());
    }
    let is_group = |c: char| Some(c) == layout.thousands || (layout.thousands == Some(' ') && c.is_whitespace());
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'') || c == layout.decimal || is_group(c);
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
        out.push_str(&one(number, layout.decimal, is_group)?);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_as_the_mapping_says_and_never_guessed() {
        let german = TableLayout { decimal: ',', thousands: Some('.'), ..TableLayout::default() };
        assert_eq!(plain("1.234.567,89", &german).as_deref(), Some("1234567.89"));
        let french = TableLayout { decimal: ',', thousands: Some(' '), ..TableLayout::default() };
        assert_eq!(plain("1\u{202f}234,5", &french).as_deref(), Some("1234.5"));
        let comma = TableLayout { decimal: ',', ..TableLayout::default() };
        assert_eq!(plain("1.234", &comma), None);
        for odd in ["1,234.5", "1.23", "12.3456,7", "1,2,3", "1'000"] {
            assert_eq!(plain(odd, &german), None, "{odd}");
        }
        assert_eq!(plain("1.234.", &german).as_deref(), Some("1234."));
        assert_eq!(plain("1,234", &TableLayout::default()).as_deref(), Some("1,234"));
        assert_eq!(plain("at least 12,5 million", &comma).as_deref(), Some("at least 12.5 million"));
    }
}
