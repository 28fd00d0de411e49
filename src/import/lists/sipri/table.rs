//! The text of an edition as a table: what stands before it, its header, and its rows, put together again where an exporter
//! broke them.

use super::super::super::findings::{ImportCode, ImportFindings};
use super::columns::{Column, header};

/// The header stands within so many lines.
const PREAMBLE: usize = 200;
/// A field in quotes may run over so many lines; one that runs further has lost its closing quote.
const QUOTED_LINES: u64 = 25;

/// An edition as a table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The lines before the header.
    pub(super) preamble: Vec<String>,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Line>,
}

/// A row, with a cell for every column, or a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Row {
        line: u64,
        cells: Vec<String>,
    },
    /// A name that stands alone: rows below it are those of this supplier or recipient.
    Heading {
        line: u64,
        name: String,
    },
}

/// A record of the file, of whatever width.
struct Record {
    line: u64,
    cells: Vec<String>,
}

/// Reads the table; `None` if the text has no header of the register.
pub(super) fn read(text: &str, findings: &mut ImportFindings) -> Option<Table> {
    let mut preamble = Vec::new();
    let mut rest = text;
    for number in 1..=PREAMBLE {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        for delimiter in [b',', b';', b'\t', b'|'] {
            let cells = split(line, delimiter, true);
            let trimmed = trimmed(cells, delimiter);
            let cells: Vec<&str> = trimmed.iter().map(String::as_str).collect();
            if let Some(columns) = header(&cells) {
                let first = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(1);
                let records = records(after, delimiter, first, findings);
                let rows = Rows { columns: &columns, delimiter, rows: Vec::new(), findings }.assemble(records);
                return Some(Table { preamble, columns, rows });
            }
        }
        let bare = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"'));
        if !bare.is_empty() {
            preamble.push(bare.to_owned());
        }
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    None
}

/// One line as cells.
fn split(line: &str, delimiter: u8, quoting: bool) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(cell).collect(),
        _ => Vec::new(),
    }
}

fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without the separators that a spreadsheet adds at the end of a line, of its own kind and of another.
fn trimmed(mut cells: Vec<String>, delimiter: u8) -> Vec<String> {
    if delimiter != b';'
        && let Some(last) = cells.last_mut()
    {
        last.truncate(last.trim_end_matches(';').trim_end().len());
    }
    while cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

/// All records of a text whose first line has that number.
fn records(text: &str, delimiter: u8, first: u64, findings: &mut ImportFindings) -> Vec<Record> {
    let mut out = Vec::new();
    let (mut rest, mut line) = (text, first);
    while !rest.is_empty() {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(rest.as_bytes());
        let mut record = csv::StringRecord::new();
        let mut resume = None;
        while let Ok(true) = reader.read_record(&mut record) {
            let Some(position) = record.position() else { break };
            let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
            // The position of a record counts the blank lines before it as its own.
            let blank = rest.get(start..).map_or(0, |it| it.len() - it.trim_start_matches(['\n', '\r']).len());
            let begins = line
                .saturating_add(position.line().saturating_sub(1))
                .saturating_add(u64::try_from(blank).unwrap_or(0));
            let height = reader.position().line().saturating_sub(position.line());
            if height > QUOTED_LINES {
                findings.at(Some(begins)).report(
                    ImportCode::Mended,
                    "a quote that is never closed is read as a plain character",
                    Some("look whether the row is as it should be".to_owned()),
                );
                resume = Some((start + blank, begins));
                break;
            }
            let cells: Vec<String> = record.iter().map(cell).collect();
            if cells.iter().any(|it| !it.is_empty()) {
                out.push(Record { line: begins, cells: unwrapped(trimmed(cells, delimiter), delimiter) });
            }
        }
        match resume {
            Some((start, begins)) => {
                let broken = rest.get(start..).unwrap_or_default();
                let (row, after) = broken.split_once('\n').unwrap_or((broken, ""));
                let cells = split(row, delimiter, false);
                out.push(Record { line: begins, cells: trimmed(cells, delimiter) });
                (rest, line) = (after, begins.saturating_add(1));
            }
            None => break,
        }
    }
    out
}

/// A row that a spreadsheet took for one text and put into quotes as a whole.
fn unwrapped(cells: Vec<String>, delimiter: u8) -> Vec<String> {
    match cells.as_slice() {
        [only] if only.matches(char::from(delimiter)).count() >= 4 => trimmed(split(only, delimiter, true), delimiter),
        _ => cells,
    }
}

/// Makes rows of records.
struct Rows<'r> {
    columns: &'r [Column],
    delimiter: u8,
    rows: Vec<Line>,
    findings: &'r mut ImportFindings,
}

impl Rows<'_> {
    fn assemble(mut self, records: Vec<Record>) -> Vec<Line> {
        let width = self.columns.len();
        let mut records = records.into_iter().peekable();
        while let Some(mut record) = records.next() {
            if record.cells.len() == 1 {
                self.single(record);
                continue;
            }
            let mut parts = 1_u32;
            // A row that is too short goes on in the next line, if the two together have the width of the table.
            while self.is_broken(&record)
                && let Some(next) = records.peek()
                && let Some(joined) = self.joined(&record, next)
            {
                record.cells = joined;
                parts += 1;
                records.next();
            }
            if parts > 1 {
                let message = format!("a row that stands in {parts} lines without quotes is put together again");
                self.mended(record.line, message);
            }
            if record.cells.len() > width && !self.fold(&mut record) {
                let message = format!("a row of {} fields, where the header has {width}", record.cells.len());
                let help = "the row is left out; put texts that hold separators into quotes".to_owned();
                self.findings.at(Some(record.line)).report(ImportCode::BadRow, message, Some(help));
                continue;
            }
            // What a row lacks at its end is blank, as long as it has what makes it a row.
            let needed = self.position(|it| matches!(it, Column::Designation | Column::Description));
            if record.cells.len() <= needed.unwrap_or(0) {
                let message = format!("a row of {} fields, where the header has {width}", record.cells.len());
                let help = "the row is left out".to_owned();
                self.findings.at(Some(record.line)).report(ImportCode::BadRow, message, Some(help));
                continue;
            }
            record.cells.resize(width, String::new());
            self.rows.push(Line::Row { line: record.line, cells: record.cells });
        }
        self.rows
    }

    fn mended(&mut self, line: u64, message: String) {
        let help = "look whether the row is as it should be".to_owned();
        self.findings.at(Some(line)).report(ImportCode::Mended, message, Some(help));
    }

    fn position(&self, is: impl Fn(&Column) -> bool) -> Option<usize> {
        self.columns.iter().position(is)
    }

    /// Whether a record ends before its comments do, or before anything else that every row has. Trailing blanks are not
    /// written by all exporters, so that a row without the values behind the comments may still be whole.
    fn is_broken(&self, record: &Record) -> bool {
        record.cells.len() < self.columns.len()
    }

    /// Two parts of a row, if they are: together they have the width of the table or less, and the second part alone is
    /// no row.
    fn joined(&self, first: &Record, second: &Record) -> Option<Vec<String>> {
        if self.is_row(&second.cells) {
            return None;
        }
        let mut cells = first.cells.clone();
        let mut rest = second.cells.iter();
        let (last, next) = (cells.last_mut()?, rest.next()?);
        if !last.is_empty() && !next.is_empty() {
            last.push(' ');
        }
        last.push_str(next);
        cells.extend(rest.cloned());
        let comments = self.position(|it| *it == Column::Comments)?;
        // The break is in the comments: only there is running text.
        let broken_there = first.cells.len() == comments + 1;
        (broken_there && (cells.len() <= self.columns.len() || self.folds(&cells))).then_some(cells)
    }

    /// Whether cells look like a row of their own: a year where years belong.
    fn is_row(&self, cells: &[String]) -> bool {
        let years = self
            .columns
            .iter()
            .zip(cells)
            .filter(|(column, _)| matches!(column, Column::OrderYear | Column::DeliveryYears));
        cells.len() > 4
            && years.clone().any(|(_, cell)| {
                matches!(super::cells::years(cell, super::cells::Doubt::None), super::cells::Cell::Is(_))
            })
    }

    /// Whether the excess of a row belongs to its comments: what stands behind them is values then.
    fn folds(&self, cells: &[String]) -> bool {
        let Some(comments) = self.position(|it| *it == Column::Comments) else { return false };
        let excess = cells.len().saturating_sub(self.columns.len());
        let behind = cells.get(comments + excess + 1..).unwrap_or_default();
        excess > 0 && behind.iter().all(|it| it.is_empty() || it.parse::<f64>().is_ok())
    }

    /// Puts the excess of a row into its comments, if it belongs there.
    fn fold(&mut self, record: &mut Record) -> bool {
        let Some(comments) = self.position(|it| *it == Column::Comments).filter(|_| self.folds(&record.cells)) else {
            return false;
        };
        let excess = record.cells.len().saturating_sub(self.columns.len());
        let separator = format!("{} ", char::from(self.delimiter));
        let text = record.cells.get(comments..=comments + excess).unwrap_or_default().join(&separator);
        record.cells.splice(comments..=comments + excess, [text]);
        self.mended(
            record.line,
            "separators in the comments are not in quotes; the comments are put together again".to_owned(),
        );
        true
    }

    /// A record of one cell: the rest of comments that were broken, or a heading.
    fn single(&mut self, record: Record) {
        let Record { line, cells } = record;
        let Some(text) = cells.into_iter().next() else { return };
        let headed = self.position(|it| *it == Column::Counterpart).is_some()
            || self.position(|it| *it == Column::Supplier).is_none()
            || self.position(|it| *it == Column::Recipient).is_none();
        let comments = self.position(|it| *it == Column::Comments).filter(|it| it + 1 == self.columns.len());
        let goes_on = text.starts_with(|c: char| c.is_lowercase() || c == '(');
        match (comments, self.rows.last_mut()) {
            (Some(comments), Some(Line::Row { cells, line: row })) if goes_on || !headed => {
                let row = *row;
                if let Some(cell) = cells.get_mut(comments) {
                    cell.push(' ');
                    cell.push_str(&text);
                    self.mended(row, "comments that go on in the next line are put together again".to_owned());
                }
            }
            _ if headed => self.rows.push(Line::Heading { line, name: text }),
            _ => {
                let message = format!("`{text}` is no row of the table");
                self.findings.at(Some(line)).report(
                    ImportCode::BadRow,
                    message,
                    Some("the line is left out".to_owned()),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,\
                        Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit";

    fn table(body: &str) -> (Table, Vec<String>) {
        let mut findings = ImportFindings::default();
        let table = read(&format!("Title\n\n{HEAD}\n{body}"), &mut findings).unwrap();
        (table, findings.kept().iter().map(ToString::to_string).collect())
    }

    fn comments(table: &Table) -> Vec<(u64, &str)> {
        let rows = table.rows.iter().filter_map(|it| match it {
            Line::Row { line, cells } => Some((*line, cells[12].as_str())),
            Line::Heading { .. } => None,
        });
        rows.collect()
    }

    const ROW: &str = "Atlantis,Lemuria,2004,?,8,?,X-1,missile,8,?,2005,New";

    #[test]
    fn rows_in_one_piece_and_comments_in_quotes() {
        let (table, found) = table(&format!("{ROW},plain,1\n\n{ROW},\"a, b\nc\",1;;;;\n{ROW},last"));
        assert_eq!(comments(&table), [(4, "plain"), (6, "a, b c"), (8, "last")]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn a_row_broken_in_its_comments_is_put_together() {
        let (table, found) = table(&format!("{ROW},first part\nsecond part\nthird,1.5\n{ROW},next,1"));
        assert_eq!(comments(&table), [(4, "first part second part third"), (7, "next")]);
        assert_eq!(
            found,
            [
                ":4: warning[I0040]: a row that stands in 3 lines without quotes is put together again; look whether the row is as it should be"
            ]
        );
    }

    #[test]
    fn separators_in_comments_belong_to_them() {
        let (table, found) = table(&format!("{ROW},one, two, three,1.5\n{ROW},next,1"));
        assert_eq!(comments(&table), [(4, "one, two, three"), (5, "next")]);
        assert!(found[0].contains("I0040") && found.len() == 1, "{found:?}");
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_file() {
        let rows: Vec<String> = (0..40).map(|at| format!("{ROW},row {at},1")).collect();
        let (table, found) = table(&format!("{ROW},\"open,1\n{}", rows.join("\n")));
        assert_eq!(table.rows.len(), 41);
        assert_eq!(comments(&table)[40], (44, "row 39"));
        assert!(found[0].starts_with(":4: warning[I0040]: a quote"), "{found:?}");
    }

    #[test]
    fn what_is_no_row_is_told() {
        let (table, found) = table(&format!("a,b,c\n{ROW},next,1\nSource: somebody"));
        assert_eq!(table.rows.len(), 1);
        assert!(found[0].starts_with(":4: error[I0020]: a row of 3 fields"), "{found:?}");
        assert!(found[1].starts_with(":6: error[I0020]: `Source: somebody` is no row"), "{found:?}");
        assert!(read("a,b\n1,2", &mut ImportFindings::default()).is_none());
    }

    #[test]
    fn other_separators_and_rows_in_quotes_as_a_whole() {
        let mut findings = ImportFindings::default();
        let head = HEAD.replace(',', ";");
        let table = read(&format!("{head}\n{};a, b;1", ROW.replace(',', ";")), &mut findings).unwrap();
        assert_eq!(comments(&table), [(2, "a, b")]);
        let table = read(&format!("{HEAD};;;\n\"{ROW},\"\"a, b\"\",1\";;;"), &mut findings).unwrap();
        assert_eq!(comments(&table), [(2, "a, b")]);
    }
}
