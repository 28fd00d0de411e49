//! What stands in the cells of the register: numbers and years with the marks of what SIPRI is not sure of.

/// How sure SIPRI is of a number or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// SIPRI is sure.
    None,
    /// In brackets, or with a question mark.
    Uncertain,
    /// Marked as an estimate.
    Estimate,
}

/// What a cell that should hold something says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell<T> {
    /// Nothing, in one of the ways to say so.
    Unknown,
    /// This.
    Is(T),
    /// Something that is not understood.
    Odd,
}

/// Whether a text says that nothing is known.
pub(super) fn is_unknown(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    bare.chars().all(|c| matches!(c, '.' | '…' | '-' | '–' | '—' | '?'))
        || ["unknown", "na", "n/a", "notavailable", "nodata"].contains(&bare.to_lowercase().as_str())
}

/// Reads a number, in words that keep the doubt: brackets and question marks say that it is uncertain, which is a hedge
/// ("about 100"); a column of its own says that it is an estimate. Blanks, dots and dashes are unknown, never 0. `0` is a number, the number of nothing delivered, which is not the same as a blank.
pub(super) fn number(text: &str, flag: Doubt) -> Cell<String> {
    if is_unknown(text) {
        return Cell::Unknown;
    }
    let marked = text.contains(['(', '[', '?', '~']);
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '[' | ']' | '?' | '~' | '\u{a0}' | '\''))
        .collect();
    let Some(plain) = grouped(&bare) else { return Cell::Odd };
    Cell::Is(match (flag, marked) {
        (Doubt::Estimate, _) => format!("an estimated {plain}"),
        (Doubt::Uncertain, _) | (Doubt::None, true) => format!("about {plain}"),
        (Doubt::None, false) => plain,
    })
}

/// Digits without signs between thousands and without the `.0` that spreadsheets add.
fn grouped(text: &str) -> Option<String> {
    let (whole, fraction) = match text.rsplit_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    if !digits(first) || !rest.iter().all(|it| it.len() == 3 && digits(it)) || (!rest.is_empty() && first.len() > 3) {
        return None;
    }
    let whole = format!("{first}{}", rest.concat());
    match fraction {
        None => Some(whole),
        Some(fraction) if !digits(fraction) => None,
        Some(fraction) if fraction.bytes().all(|byte| byte == b'0') => Some(whole),
        Some(fraction) => Some(format!("{whole}.{fraction}")),
    }
}

/// Years of an order or of deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Years {
    /// In EDTF, from the first to the last.
    pub(super) edtf: String,
    /// Whether the text names years between which others lie that it does not name.
    pub(super) gaps: bool,
}

/// Reads a year, a list of years (`2004; 2006`), a range (`2004-2006`) or several, each perhaps in brackets or with a question
/// mark.
pub(super) fn years(text: &str, flag: Doubt) -> Cell<Years> {
    if is_unknown(text) {
        return Cell::Unknown;
    }
    let mark = match flag {
        Doubt::None => "",
        Doubt::Uncertain => "?",
        Doubt::Estimate => "~",
    };
    let mut found: Vec<(u16, bool)> = Vec::new();
    let mut spans: Vec<(u16, u16)> = Vec::new();
    // A bracket may be around several years: "(2004-2006)".
    let mut depth = 0_i32;
    for part in text.split([';', ',', '&']).flat_map(|it| it.split(" and ")) {
        let part = part.trim();
        if part.is_empty() {
            continue;
        }
        let mut ends = Vec::new();
        for end in part.split(['-', '–', '—', '/']) {
            depth += count(end, &['(', '[']);
            let doubtful = depth > 0 || end.contains('?') || end.contains('~');
            depth -= count(end, &[')', ']']);
            let bare: String = end.chars().filter(|c| !matches!(c, '(' | ')' | '[' | ']' | '?' | '~' | ' ')).collect();
            let bare = bare.strip_suffix(".0").unwrap_or(&bare);
            // "1998-99" leaves out the century.
            let year = match (bare.len(), ends.first()) {
                (4, _) => bare.parse().ok(),
                (2, Some((first, _))) => {
                    bare.parse::<u16>().ok().map(|it| first / 100 * 100 + it).filter(|it| it > first)
                }
                _ => None,
            };
            let Some(year) = year.filter(|it| (1000..=9999).contains(it)) else { return Cell::Odd };
            ends.push((year, doubtful));
        }
        match ends.as_slice() {
            [one] => spans.push((one.0, one.0)),
            [from, to] if from.0 <= to.0 => spans.push((from.0, to.0)),
            _ => return Cell::Odd,
        }
        found.extend(ends);
    }
    let (Some(first), Some(last)) = (found.iter().min_by_key(|it| it.0), found.iter().max_by_key(|it| it.0)) else {
        return Cell::Odd;
    };
    let year = |of: &(u16, bool)| format!("{:04}{}", of.0, if of.1 && mark.is_empty() { "?" } else { mark });
    let edtf = if first.0 == last.0 { year(first) } else { format!("{}/{}", year(first), year(last)) };
    let gaps = (first.0..=last.0).any(|year| !spans.iter().any(|(from, to)| (*from..=*to).contains(&year)));
    Cell::Is(Years { edtf, gaps })
}

fn count(text: &str, of: &[char]) -> i32 {
    i32::try_from(text.matches(of).count()).unwrap_or(i32::MAX)
}

/// Whether a cell of a column of flags says yes. Blanks say nothing.
pub(super) fn yes(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "?" => Some(true),
        "no" | "n" | "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_doubt_and_blanks_stay_unknown() {
        let is = |it: &str| Cell::Is(it.to_owned());
        for (text, flag, expected) in [
            ("100", Doubt::None, is("100")),
            ("100", Doubt::Uncertain, is("about 100")),
            ("100", Doubt::Estimate, is("an estimated 100")),
            ("(100)", Doubt::None, is("about 100")),
            ("100?", Doubt::None, is("about 100")),
            ("[1,250]", Doubt::None, is("about 1250")),
            ("1 250", Doubt::None, is("1250")),
            ("1200.0", Doubt::None, is("1200")),
            ("0.5", Doubt::None, is("0.5")),
            ("0", Doubt::None, is("0")),
            ("", Doubt::Uncertain, Cell::Unknown),
            (" ", Doubt::None, Cell::Unknown),
            (". .", Doubt::None, Cell::Unknown),
            ("?", Doubt::None, Cell::Unknown),
            ("12,5", Doubt::None, Cell::Odd),
            ("some", Doubt::None, Cell::Odd),
            ("-5", Doubt::None, Cell::Odd),
        ] {
            assert_eq!(number(text, flag), expected, "{text}");
        }
    }

    #[test]
    fn years_keep_their_doubt_and_lists_their_gaps() {
        for (text, flag, edtf, gaps) in [
            ("2004", Doubt::None, "2004", false),
            ("2004", Doubt::Uncertain, "2004?", false),
            ("2004", Doubt::Estimate, "2004~", false),
            ("(2004)", Doubt::None, "2004?", false),
            ("2004; 2005", Doubt::None, "2004/2005", false),
            ("2000;2001; 2002", Doubt::None, "2000/2002", false),
            ("2004; 2006", Doubt::None, "2004/2006", true),
            ("2004-2006", Doubt::None, "2004/2006", false),
            ("(2004)-2006", Doubt::None, "2004?/2006", false),
            ("(2004-2006)", Doubt::None, "2004?/2006?", false),
            ("1998-99", Doubt::None, "1998/1999", false),
            ("1998-1999; (2003)", Doubt::None, "1998/2003?", true),
            ("2004.0", Doubt::None, "2004", false),
        ] {
            let expected = Cell::Is(Years { edtf: edtf.to_owned(), gaps });
            assert_eq!(years(text, flag), expected, "{text}");
        }
        for text in ["", " ", "..", "?"] {
            assert_eq!(years(text, Doubt::None), Cell::Unknown, "{text}");
        }
        for text in ["soon", "2006-2004", "20045", "2004-2005-2006", "2006-04"] {
            assert_eq!(years(text, Doubt::None), Cell::Odd, "{text}");
        }
    }
}
