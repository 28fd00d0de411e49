//! Tables for people: cells that are broken between words, and columns that fit the page.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, LineStyle, Table, presets};

use crate::model::{printable, width};

/// Where the table goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Columns.
    pub(crate) width: usize,
    /// Whether bold type may be used.
    pub(crate) colour: bool,
}

/// A heading above a table.
pub(crate) fn heading(text: &str, page: Page) -> String {
    if page.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// A table that is being filled. Its cells are broken between words before they are drawn, so that no name is cut.
pub(crate) struct Grid {
    page: Page,
    rows: Vec<Vec<String>>,
    /// The column that keeps twice the width of the others when room is scarce.
    pub(crate) widest: Option<usize>,
    /// Whether rows are short enough to stand without lines between them.
    pub(crate) dense: bool,
    /// The column that is not broken: it holds what is typed on the command line. Where it would take more than a third
    /// of the page, as long ids of registers do, it is broken after hyphens.
    pub(crate) whole: usize,
}

/// The drawn table puts a space on each side of a cell and one between two.
const PADDING: usize = 3;

impl Grid {
    /// A table with its header.
    pub(crate) fn new(page: Page, header: &[&str]) -> Grid {
        let mut grid = Grid { page, rows: Vec::new(), widest: None, dense: false, whole: 0 };
        grid.add(header);
        grid
    }

    /// Adds a row of cells; the line breaks are ours, all other control characters are made visible.
    pub(crate) fn add(&mut self, cells: &[&str]) {
        let visible =
            |cell: &&str| cell.split('\n').map(|it| printable(it).into_owned()).collect::<Vec<_>>().join("\n");
        self.rows.push(cells.iter().map(visible).collect());
    }

    /// Widths of the columns: as wide as they wish, then the widest gives way first, down to its longest word.
    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.first().map_or(0, Vec::len);
        let measure = |column: usize, split: fn(char) -> bool| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.flat_map(|cell| cell.split(split)).map(width).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(|it| measure(it, |c| c == '\n')).collect();
        let room = self.page.width.saturating_sub(PADDING * columns);
        let is_whole = |at: usize| at == self.whole && widths.get(at).is_none_or(|it| *it <= self.page.width / 3);
        let least: Vec<usize> =
            (0..columns)
                .map(|it| {
                    if is_whole(it) {
                        measure(it, |c| c == '\n')
                    } else {
                        measure(it, |c| c.is_whitespace() || c == '-')
                    }
                })
                .collect();
        let kept = (0..columns).find(|it| is_whole(*it));
        while widths.iter().sum::<usize>() > room {
            let shrinkable = widths.iter().zip(&least).enumerate().filter(|(_, (width, least))| width > least);
            let weighed = |at: usize, width: usize| if Some(at) == self.widest { width / 2 } else { width };
            let widest = shrinkable
                .max_by_key(|(at, (width, _))| (weighed(*at, **width), std::cmp::Reverse(*at)))
                .map(|(at, _)| at);
            // Where no column can give way, words are broken in the widest.
            let others = || widths.iter().enumerate().filter(|(at, _)| Some(*at) != kept);
            let broken = || others().max_by_key(|(_, width)| **width).map(|(at, _)| at);
            let Some(width) = widest.or_else(broken).and_then(|it| widths.get_mut(it)) else { break };
            if *width <= 4 {
                break;
            }
            *width -= 1;
        }
        widths
    }

    fn draw(&self) -> Table {
        let widths = self.widths();
        let mut table = Table::new();
        let style = presets::UTF8_HORIZONTAL_ONLY;
        table.load_style(if self.dense { style.row_separator(LineStyle::none()) } else { style });
        table.set_content_arrangement(ContentArrangement::Disabled);
        let broken = |row: &Vec<String>| -> Vec<String> {
            let wrap = |(cell, width): (&String, &usize)| {
                let options = textwrap::Options::new((*width).max(1))
                    .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
                    .word_separator(textwrap::WordSeparator::AsciiSpace);
                cell.split('\n').flat_map(|line| textwrap::wrap(line, &options)).collect::<Vec<_>>().join("\n")
            };
            row.iter().zip(&widths).map(wrap).collect()
        };
        let mut rows = self.rows.iter().map(broken);
        if let Some(header) = rows.next() {
            table.set_header(header);
        }
        table.add_rows(rows);
        table
    }

    /// Writes the table.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in self.draw().lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// A paragraph broken between words, its later lines indented.
pub(crate) fn write_wrapped(text: &str, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let options = textwrap::Options::new(page.width).subsequent_indent("    ").break_words(false);
    for line in textwrap::wrap(text, options) {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(id: &str) -> String {
        let mut grid = Grid::new(Page { width: 60, colour: false }, &["id", "from", "what", "to", "who says so"]);
        grid.add(&[id, "North Korea", "at least 100 ballistic missiles of several kinds", "Russia", "the MSMT"]);
        let mut out = Vec::new();
        grid.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_short_id_is_never_broken() {
        assert!(drawn("a6/combat-vehicle").contains("a6/combat-vehicle"));
    }

    #[test]
    fn a_long_id_leaves_room_and_is_broken_after_hyphens() {
        let table = drawn("register-north-korea-russia-ballistic-missile-2024-order");
        assert!(table.contains("ballistic"), "{table}");
        assert!(table.lines().any(|it| it.split_whitespace().next().is_some_and(|it| it.ends_with('-'))), "{table}");
        assert!(table.contains("missiles"), "words of other columns stay whole: {table}");
    }
}
