//! The trade register of the SIPRI Arms Transfers Database, as CSV.
//!
//! A row is what SIPRI says in one edition: an order, and what was delivered of it. So it becomes two records at most, an
//! `order` and a `supply` that came of it, each with a claim of every edition that has the row.

mod cells;
mod columns;
mod facts;
mod items;
mod lanes;
mod row;
mod table;

use std::collections::HashMap;
use std::io;

use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Entity, Name};
use super::super::sink::Sink;
use super::decode::{Damage, decode};
use super::{Desk, Edition, ListInput, ListOptions, dates, whole};
use crate::model::{EntityKind, Period};
use facts::Register;
use row::Row;

/// What an edition's file holds.
struct Read {
    edition: Edition,
    rows: Vec<Row>,
    /// What was asked of the database, in the words of the file's first lines.
    selection: Option<String>,
    /// The file, for findings.
    file: String,
}

/// Reads editions of the SIPRI trade register, in any order, and gives one set of records of all of them.
///
/// The layouts of all years are read: one row a deal, or one row a deal and year of delivery; with and without the lines before
/// the header; UTF-8 or windows-1252; tables below headings. What SIPRI marks as uncertain becomes a hedge ("about 8") or an
/// uncertain year (`2004?`), what it marks as an estimate "an estimated 8" or `2004~`. Blanks are unknown.
///
/// # Errors
///
/// The sink fails, or an input does before its first byte.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, Kept, ListInput, ListOptions, read_sipri};
///
/// let text = "Data generated: 11 Mar 2024\n\
///     Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,\
///     Year(s) of delivery,status,Comments\n\
///     Atlantis,unknown supplier(s),2019,?,8,,X-1,anti-ship missile,5,?,2021; 2022,New,\n";
/// let input = ListInput { name: "register.csv".to_owned(), bytes: Box::new(text.as_bytes()), edition: None };
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// read_sipri(vec![input], &ListOptions::default(), &mut kept, &mut findings)?;
/// let supply = kept.facts.iter().find(|it| it.kind == "supply").ok_or("no supply")?;
/// assert_eq!(supply.claims[0].figures, [("quantity".to_owned(), "about 5".to_owned())]);
/// assert_eq!(supply.period.as_deref(), Some("2021/2022"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_sipri(
    inputs: Vec<ListInput<'_>>,
    options: &ListOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut read = Vec::new();
    for input in inputs {
        findings.set_file(&input.name);
        read.extend(read_one(input, options, findings)?);
    }
    let editions = together(read);
    let mut desk = Desk::new(sink, findings);
    let publisher = Entity {
        id: "sipri".to_owned(),
        name: "SIPRI".to_owned(),
        names: vec![Name::alias("Stockholm International Peace Research Institute")],
        kind: EntityKind::Organization,
        ..Entity::default()
    };
    desk.once(publisher)?;
    for it in &editions {
        let address = "https://www.sipri.org/databases/armstransfers";
        let name = "SIPRI Arms Transfers Database";
        desk.once(it.edition.entity(name, &format!("{name}: trade register"), "sipri", address))?;
    }
    Register::new(editions).send(&mut desk)
}

fn read_one(
    mut input: ListInput<'_>,
    options: &ListOptions,
    findings: &mut ImportFindings,
) -> io::Result<Option<Read>> {
    let Some(bytes) = whole(&mut *input.bytes, options, findings)? else { return Ok(None) };
    let mut damage = Damage::default();
    let text = decode(&bytes, 1, &mut damage);
    damage.report(findings);
    let Some(table) = table::read(&text, findings) else {
        let message = "no line names the columns of a trade register".to_owned();
        let help = "export the register as CSV; a table of TIV values has no deals".to_owned();
        findings.at(None).report(ImportCode::Syntax, message, Some(help));
        return Ok(None);
    };
    let told =
        table.preamble.iter().find(|it| it.to_lowercase().contains("generated")).and_then(|it| dates::within(it));
    let selection = table.preamble.iter().find(|it| {
        let it = it.to_lowercase();
        it.contains(" from ") && it.contains(" to ") && (it.contains("transfer") || it.contains("deals"))
    });
    let edition = Edition::of("sipri-arms-transfers", told, input.edition.as_deref(), findings);
    let rows = row::rows(&table, findings);
    let selection = selection.map(|it| without_all_years(it, edition.date.as_deref()));
    Ok(Some(Read { edition, rows, selection, file: input.name }))
}

/// The register has deliveries from this year on.
const FIRST_YEAR: i32 = 1950;

/// The years that were asked for.
fn years_of(selection: &str) -> Option<(i32, i32)> {
    let (_, range) = selection.split_once("year range")?;
    let years = range.split(|c: char| !c.is_ascii_digit()).filter(|it| it.len() == 4);
    let years: Vec<i32> = years.filter_map(|it| it.parse().ok()).collect();
    match years.as_slice() {
        [from, to] => Some((*from, *to)),
        _ => None,
    }
}

/// What was asked for, as if nobody had named the years where they leave nothing out: most people name all of them.
fn without_all_years(selection: &str, edition: Option<&str>) -> String {
    let published: Option<i32> = edition.and_then(|it| it.get(..4)?.parse().ok());
    match (years_of(selection), published) {
        // What is published in a year goes to the end of the one before.
        (Some((from, to)), Some(published)) if from <= FIRST_YEAR && published - 1 <= to => {
            let unnamed = |text: String, year: i32| text.replacen(&year.to_string(), "Not specified", 1);
            unnamed(unnamed(selection.to_owned(), from), to)
        }
        _ => selection.to_owned(),
    }
}

/// Editions in the order of their dates; files of one edition as one, without rows that stand in several of them.
fn together(mut read: Vec<Read>) -> Vec<Read> {
    let day = |it: &Read| it.edition.date.as_deref().and_then(|date| Period::parse(date).ok()?.latest());
    read.sort_by_key(day);
    let mut editions: Vec<Read> = Vec::new();
    for next in read {
        match editions.iter_mut().find(|it| it.edition.document == next.edition.document) {
            Some(known) => {
                // Two rows of one file are two deals, however alike; one row in two files is one.
                let mut left: HashMap<Row, u32> = HashMap::new();
                for row in &known.rows {
                    *left.entry(Row { line: 0, ..row.clone() }).or_default() += 1;
                }
                for row in next.rows {
                    match left.get_mut(&Row { line: 0, ..row.clone() }).filter(|it| **it > 0) {
                        Some(count) => *count -= 1,
                        None => known.rows.push(row),
                    }
                }
                // Of two selections neither tells what the edition lacks.
                if known.selection != next.selection {
                    known.selection = None;
                }
            }
            None => editions.push(next),
        }
    }
    editions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_years_until_the_edition_are_no_selection() {
        let line = "Transfers from All countries to All countries. Deals with deliveries made for the year range";
        let asked = |years: &str, edition| without_all_years(&format!("{line} {years}"), edition);
        let everything = format!("{line} 'Not specified' to 'Not specified'");
        assert_eq!(asked("'1950' to '2024'", Some("2025-03-10")), everything);
        assert_eq!(asked("'1950' to '2024'", Some("2024-10-13")), everything);
        // Years that leave something out, or an edition that does not tell when it is from.
        for (years, edition) in
            [("'1950' to '2010'", Some("2025")), ("'2019' to '2024'", Some("2025")), ("'1950' to '2024'", None)]
        {
            assert_eq!(asked(years, edition), format!("{line} {years}"));
        }
    }
}
