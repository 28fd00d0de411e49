//! A row of the register, understood.

use super::super::super::findings::{ImportCode, ImportFindings};
use super::super::super::record::Extra;
use super::cells::{Cell, Doubt, Years, is_unknown, number, years, yes};
use super::columns::Column;
use super::table::{Line, Table};

/// A row, in SIPRI's own words where they are words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) line: u64,
    /// The id that SIPRI gives to the deal.
    pub(super) deal: Option<String>,
    /// Who supplies, or who licenses. Blank if the register does not name it.
    pub(super) supplier: String,
    pub(super) recipient: String,
    pub(super) designation: String,
    pub(super) description: String,
    pub(super) category: Option<String>,
    pub(super) order: Option<Years>,
    pub(super) ordered: Option<String>,
    pub(super) delivered: Option<String>,
    pub(super) deliveries: Option<Years>,
    /// Everything else, under its name.
    pub(super) extra: Extra,
}

/// Understands the rows of a table. What cannot be understood is reported and kept as it is.
pub(super) fn rows(table: &Table, findings: &mut ImportFindings) -> Vec<Row> {
    let mut out = Vec::new();
    let mut heading: Option<String> = None;
    let mut counterpart: Option<(String, bool)> = None;
    let by_supplier = headed_by_supplier(table);
    for column in &table.columns {
        if let Column::Other(name) = column
            && !name.is_empty()
            && !name.starts_with("tiv")
            && name != "sipriEstimate"
        {
            let message = format!("the column `{name}` has no field of its own and is kept as it is");
            findings.at(None).report(ImportCode::Kept, message, None);
        }
    }
    for line in &table.rows {
        let (line, cells) = match line {
            Line::Heading { name, .. } => {
                let name =
                    name.split_once(':').filter(|(it, _)| is_side(it)).map_or(name.as_str(), |(_, name)| name.trim());
                heading = Some(name.to_owned());
                counterpart = None;
                continue;
            }
            Line::Row { line, cells } => (*line, cells),
        };
        let mut row = Row { line, ..Row::default() };
        let mut reader = Reader { table, cells, line, findings };
        reader.fill(&mut row);
        if let Some(text) = reader.text(&Column::Counterpart) {
            let (name, licensed) = prefixed(&text);
            if licensed {
                row.extra.push(("licensedProduction".to_owned(), vec!["yes".to_owned()]));
            }
            counterpart = Some((name.to_owned(), licensed));
        }
        // In tables below headings a blank stands for the name above.
        if let (Some(heading), Some((other, _))) = (&heading, &counterpart) {
            let (supplier, recipient) = if by_supplier { (heading, other) } else { (other, heading) };
            row.supplier.clone_from(supplier);
            row.recipient.clone_from(recipient);
        } else if let Some(heading) = &heading {
            for (column, side) in [(Column::Supplier, &mut row.supplier), (Column::Recipient, &mut row.recipient)] {
                if !table.columns.contains(&column) {
                    side.clone_from(heading);
                }
            }
        }
        if row.designation.is_empty() && row.description.is_empty() {
            let message = "a row that names no weapon".to_owned();
            findings.at(Some(line)).report(ImportCode::MissingValue, message, Some("the row is left out".to_owned()));
            continue;
        }
        if row.supplier.is_empty() && row.recipient.is_empty() {
            let message = "a row that names neither supplier nor recipient".to_owned();
            findings.at(Some(line)).report(ImportCode::MissingValue, message, Some("the row is left out".to_owned()));
            continue;
        }
        out.push(row);
    }
    out
}

fn is_side(text: &str) -> bool {
    ["supplier", "recipient"].contains(&text.trim().to_lowercase().as_str())
}

/// Whether headings name suppliers: the table has a column of recipients alone, or says `R:` before its names.
fn headed_by_supplier(table: &Table) -> bool {
    let Some(at) = table.columns.iter().position(|it| *it == Column::Counterpart) else {
        return table.columns.contains(&Column::Recipient);
    };
    table.rows.iter().any(|it| match it {
        Line::Row { cells, .. } => cells.get(at).is_some_and(|it| it.starts_with("R:")),
        Line::Heading { .. } => false,
    })
}

/// `S: Lemuria` and `R: Lemuria` are names, `L: Lemuria` the name of who licenses production.
fn prefixed(text: &str) -> (&str, bool) {
    match text.split_once(':') {
        Some(("S" | "R", name)) => (name.trim(), false),
        Some(("L", name)) => (name.trim(), true),
        _ => (text, false),
    }
}

struct Reader<'r> {
    table: &'r Table,
    cells: &'r [String],
    line: u64,
    findings: &'r mut ImportFindings,
}

impl Reader<'_> {
    fn text(&self, column: &Column) -> Option<String> {
        let at = self.table.columns.iter().position(|it| it == column)?;
        self.cells.get(at).filter(|it| !it.is_empty()).cloned()
    }

    /// What a column of flags says of a column: a question mark or that it is an estimate.
    fn doubt(&mut self, column: &Column) -> Doubt {
        let flag = Column::FlagOf(Box::new(column.clone()));
        match self.text(&flag) {
            None => Doubt::None,
            Some(text) if text.contains('?') => Doubt::Uncertain,
            Some(text) => match yes(&text) {
                Some(true) => Doubt::Estimate,
                Some(false) => Doubt::None,
                None => {
                    let message = format!("`{text}` beside the {} is neither yes nor no", name_of(column));
                    self.findings.at(Some(self.line)).report(ImportCode::Kept, message, None);
                    Doubt::Uncertain
                }
            },
        }
    }

    fn fill(&mut self, row: &mut Row) {
        let text = |it: &Self, column: &Column| it.text(column).unwrap_or_default();
        row.deal = self.text(&Column::Deal).map(|it| it.strip_suffix(".0").map(str::to_owned).unwrap_or(it));
        row.supplier = text(self, &Column::Supplier);
        row.recipient = text(self, &Column::Recipient);
        row.designation = text(self, &Column::Designation);
        row.description = text(self, &Column::Description);
        row.category = self.text(&Column::Category);
        row.ordered = self.number(&Column::Ordered, &mut row.extra);
        row.delivered = self.number(&Column::Delivered, &mut row.extra);
        row.order = self.years(&Column::OrderYear, &mut row.extra);
        row.deliveries = self.years(&Column::DeliveryYears, &mut row.extra);
        let named =
            [(Column::Status, "status"), (Column::LocalProduction, "localProduction"), (Column::Comments, "comments")];
        for (column, name) in named {
            row.extra.extend(self.text(&column).map(|it| (name.to_owned(), vec![it])));
        }
        let mut number = 0_u32;
        for (column, cell) in self.table.columns.iter().zip(self.cells) {
            number += 1;
            match column {
                Column::Other(name) if !cell.is_empty() => row.extra.push((name.clone(), vec![cell.clone()])),
                Column::Blank if !cell.is_empty() => row.extra.push((format!("column {number}"), vec![cell.clone()])),
                _ => {}
            }
        }
    }

    fn number(&mut self, column: &Column, extra: &mut Extra) -> Option<String> {
        let text = self.text(column)?;
        match number(&text, self.doubt(column)) {
            Cell::Is(number) => Some(number),
            Cell::Unknown => None,
            Cell::Odd => self.odd(column, ImportCode::BadQuantity, text, "number", extra),
        }
    }

    fn years(&mut self, column: &Column, extra: &mut Extra) -> Option<Years> {
        let text = self.text(column)?;
        match years(&text, self.doubt(column)) {
            Cell::Is(years) => {
                if years.gaps {
                    // The period says from when to when; which years it names stays to be read.
                    extra.push((name_of(column).to_owned(), vec![text]));
                }
                Some(years)
            }
            Cell::Unknown => None,
            Cell::Odd => self.odd(column, ImportCode::BadPeriod, text, "year", extra),
        }
    }

    fn odd<T>(&mut self, column: &Column, code: ImportCode, text: String, what: &str, extra: &mut Extra) -> Option<T> {
        let message = format!("`{text}` is no {what}");
        let help = "it is taken as unknown, and kept as it is".to_owned();
        self.findings.at(Some(self.line)).column(name_of(column)).report(code, message, Some(help));
        extra.push((name_of(column).to_owned(), vec![text]));
        None
    }
}

/// The name under which what cannot be read is kept.
fn name_of(column: &Column) -> &'static str {
    match column {
        Column::OrderYear => "orderYear",
        Column::Ordered => "numberOrdered",
        Column::Delivered => "numberDelivered",
        Column::DeliveryYears => "deliveryYears",
        _ => "value",
    }
}

/// Whether SIPRI knows who it is.
pub(super) fn is_unnamed(name: &str) -> bool {
    is_unknown(name) || name.to_lowercase().starts_with("unknown")
}
