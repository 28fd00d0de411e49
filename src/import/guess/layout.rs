//! Where a table begins in its file.

use std::io;
use std::path::Path;

use crate::import::input::{ImportOptions, open, read_line};
use crate::model::TableLayout;

/// How many lines are looked at.
const LINES: usize = 40;

/// The layout of a table below a line `sep=;` or below titles; nothing said where it begins with its header.
pub(super) fn layout(path: &Path, options: &ImportOptions) -> io::Result<TableLayout> {
    let mut input = open(path, options)?;
    let mut lines = Vec::new();
    let mut line = Vec::new();
    while lines.len() < LINES && read_line(&mut *input, options.max_line, &mut line)? {
        lines.push(String::from_utf8_lossy(&line).trim_start_matches('\u{feff}').to_owned());
    }
    Ok(of_lines(&lines))
}

fn of_lines(lines: &[String]) -> TableLayout {
    let said = lines.first().and_then(|it| it.trim().strip_prefix("sep="));
    if let Some([delimiter]) = said.map(str::as_bytes) {
        return TableLayout { delimiter: Some(*delimiter), skip: 1, ..TableLayout::default() };
    }
    // The delimiter of which most lines have the same number.
    let mut best: Option<(usize, usize, u8)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let counts: Vec<usize> = lines.iter().map(|it| count(it, delimiter)).collect();
        for fields in counts.iter().copied().filter(|it| *it > 0) {
            let same = counts.iter().filter(|it| **it == fields).count();
            if best.is_none_or(|(lines, most, _)| (same, fields) > (lines, most)) {
                best = Some((same, fields, delimiter));
            }
        }
    }
    let Some((same, fields, delimiter)) = best else { return TableLayout::default() };
    let first = lines.iter().position(|it| count(it, delimiter) == fields).unwrap_or_default();
    let before = lines.get(..first).unwrap_or_default();
    // A header with fewer fields than its rows is a mistake, and no title.
    let titles = before.iter().all(|it| count(it, delimiter) * 2 < fields || it.trim().is_empty());
    let titles = titles && before.iter().any(|it| !it.trim().is_empty()) && same > 1;
    match u64::try_from(first) {
        Ok(skip) if titles => TableLayout { delimiter: Some(delimiter), skip, ..TableLayout::default() },
        _ => TableLayout::default(),
    }
}

/// How often a delimiter stands outside quotes.
fn count(line: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    let outside = line.bytes().filter(|it| {
        quoted ^= *it == b'"';
        !quoted && *it == delimiter
    });
    outside.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skip(text: &str) -> (u64, Option<u8>) {
        let found = of_lines(&text.lines().map(str::to_owned).collect::<Vec<_>>());
        (found.skip, found.delimiter)
    }

    #[test]
    fn titles_and_the_line_of_a_separator_are_passed_over() {
        assert_eq!(skip("sep=;\na;b\n1;2\n"), (1, Some(b';')));
        assert_eq!(skip("Payments of 2024, all\n\na;b;c\n1;2;3\n4;5;6\n"), (2, Some(b';')));
        assert_eq!(skip("a;b;c\n1;2;3\n4;5;6\n"), (0, None));
        assert_eq!(skip("a,b,c\n1,2,\"3,4\"\n"), (0, None));
        assert_eq!(skip("one\ntwo\n"), (0, None));
        assert_eq!(skip("a,b\n1,2,3\n4,5,6\n"), (0, None));
    }
}
