//! The tables of the SDN list: SDN.CSV with the entries, and ADD.CSV, ALT.CSV and SDN_COMMENTS.CSV with what belongs to them.

use std::collections::BTreeMap;

use super::super::super::findings::{ImportCode, ImportFindings};
use super::entry::{Aka, Entry, spoken};
use super::remarks;
use crate::model::normal_form;

/// Which of the tables a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    Entries,
    Addresses,
    Names,
    Comments,
}

/// A row, with the line in which it stands.
type Row = (u64, Vec<String>);

/// The rows of a table.
#[derive(Clone, Debug)]
pub(super) struct Read {
    pub(super) table: Table,
    pub(super) file: String,
    /// The date that was given for it.
    pub(super) edition: Option<String>,
    rows: Vec<Row>,
}

impl Table {
    /// How many columns it has.
    fn width(self) -> usize {
        match self {
            Table::Entries => 12,
            Table::Addresses => 6,
            Table::Names => 5,
            Table::Comments => 2,
        }
    }

    /// The table that has a row of these cells. Addresses and names are told by their third column, else by the name of the file.
    fn of(cells: &[String], file: &str) -> Option<Table> {
        let stem = file.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
        match cells.len() {
            10.. => Some(Table::Entries),
            2 => Some(Table::Comments),
            3.. if stem.contains("comment") => Some(Table::Comments),
            5 | 6 if stem.contains("alt") => Some(Table::Names),
            5 | 6 if stem.contains("add") => Some(Table::Addresses),
            6 => Some(Table::Addresses),
            5 => Some(Table::Names),
            _ => None,
        }
    }
}

/// Reads a table; `None` if it is none of the list's.
pub(super) fn read(text: &str, file: &str, findings: &mut ImportFindings) -> Option<Read> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut table = None;
    let mut header: Option<Vec<String>> = None;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                findings.at(None).report(ImportCode::Syntax, format!("this is no CSV: {error}"), None);
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().enumerate().map(|(at, text)| value(at, text, &record)).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if rows.is_empty() && header.is_none() && is_header(&cells) {
            table = table.or_else(|| Table::of(&cells, file));
            header = Some(cells);
            continue;
        }
        let of = *table.get_or_insert(Table::of(&cells, file)?);
        let number = cells.first().is_some_and(|it| !it.is_empty() && it.bytes().all(|byte| byte.is_ascii_digit()));
        let wrong = !number || cells.len() < of.width().min(if of == Table::Entries { 4 } else { 2 });
        if wrong {
            let message = format!(
                "a row of {} fields that begins with `{}`",
                cells.len(),
                cells.first().map_or("", String::as_str)
            );
            let help = "the row is left out; rows of the list begin with a number".to_owned();
            findings.at(Some(line)).report(ImportCode::BadRow, message, Some(help));
            continue;
        }
        if cells.len() > of.width() && cells.iter().skip(of.width()).any(|it| !it.is_empty()) {
            let message = format!("a row of {} fields, where the table has {}", cells.len(), of.width());
            let help = "what is too much is kept under the numbers of the columns".to_owned();
            findings.at(Some(line)).report(ImportCode::Kept, message, Some(help));
        }
        rows.push((line, in_order(cells, header.as_deref(), of)));
    }
    Some(Read { table: table?, file: file.to_owned(), edition: None, rows })
}

/// A cell; `-0-` says that there is nothing. Remarks keep the blanks at their ends, since they may be broken between two words.
fn value(at: usize, text: &str, record: &csv::StringRecord) -> String {
    let remarks = match record.len() {
        2 => at == 1,
        _ => at == 11,
    };
    let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match squeezed.as_str() {
        "-0-" => String::new(),
        _ if remarks => text.replace(['\n', '\r', '\t'], " "),
        _ => squeezed,
    }
}

fn is_header(cells: &[String]) -> bool {
    cells.first().is_some_and(|it| ["ent num", "uid", "id"].contains(&normal_form(it).as_str()))
}

/// The names of the columns, in the order of files without a header.
const ENTRY_COLUMNS: [&str; 12] = [
    "ent num",
    "sdn name",
    "sdn type",
    "program",
    "title",
    "call sign",
    "vess type",
    "tonnage",
    "grt",
    "vess flag",
    "vess owner",
    "remarks",
];

/// The cells of a row in the published order, where a header gives another.
fn in_order(cells: Vec<String>, header: Option<&[String]>, table: Table) -> Vec<String> {
    let Some(header) = header.filter(|_| table == Table::Entries) else { return cells };
    let forms: Vec<String> = header.iter().map(|it| normal_form(it)).collect();
    let position = |name: &str| {
        let plain = name.replace(' ', "");
        forms.iter().position(|it| it == name || it.replace(' ', "") == plain || it.replace("vessel", "vess") == name)
    };
    let found: Vec<Option<usize>> = ENTRY_COLUMNS.iter().map(|it| position(it)).collect();
    if found.iter().take(4).any(Option::is_none) {
        return cells;
    }
    let mut out: Vec<String> =
        found.iter().map(|at| at.and_then(|at| cells.get(at)).cloned().unwrap_or_default()).collect();
    out.extend(cells.iter().enumerate().filter(|(at, _)| !found.contains(&Some(*at))).map(|(_, cell)| cell.clone()));
    out
}

/// The entries of a table of them: the file, the date that was given for it, and they.
type Entries = (String, Option<String>, Vec<Entry>);

/// The entries of all tables. Those of one folder and edition belong together; if there is one table of entries only, all belong to
/// it.
pub(super) fn entries(tables: Vec<Read>, findings: &mut ImportFindings) -> Vec<Entries> {
    let several = tables.iter().filter(|it| it.table == Table::Entries).count() > 1;
    let mut by_folder: BTreeMap<(String, Option<String>), Vec<Read>> = BTreeMap::new();
    for read in tables {
        let folder = read.file.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder);
        let key = if several { (folder.to_owned(), read.edition.clone()) } else { (String::new(), None) };
        by_folder.entry(key).or_default().push(read);
    }
    by_folder.into_values().flat_map(|it| together(it, findings)).collect()
}

fn together(tables: Vec<Read>, findings: &mut ImportFindings) -> Vec<Entries> {
    let mut belonging: BTreeMap<(Table, String), Vec<Vec<String>>> = BTreeMap::new();
    let mut places: BTreeMap<(Table, String), (String, u64)> = BTreeMap::new();
    let mut main = Vec::new();
    for read in tables {
        if read.table == Table::Entries {
            main.push(read);
            continue;
        }
        for (line, cells) in read.rows {
            let key = (read.table, cells.first().cloned().unwrap_or_default());
            places.entry(key.clone()).or_insert_with(|| (read.file.clone(), line));
            belonging.entry(key).or_default().push(cells);
        }
    }
    let mut out = Vec::new();
    for read in main {
        let mut of_file = Vec::new();
        for (line, cells) in read.rows {
            let mut take = |table: Table| {
                belonging.remove(&(table, cells.first().cloned().unwrap_or_default())).unwrap_or_default()
            };
            let (addresses, names, comments) = (take(Table::Addresses), take(Table::Names), take(Table::Comments));
            of_file.push(entry(line, &cells, &addresses, &names, &comments));
        }
        out.push((read.file, read.edition, of_file));
    }
    for (key, rows) in belonging {
        let Some((file, line)) = places.get(&key) else { continue };
        findings.set_file(file);
        let message = format!("{} rows are about the entry {}, which the list does not have", rows.len(), key.1);
        let help = "give SDN.CSV together with the tables that belong to it".to_owned();
        findings.at(Some(*line)).report(ImportCode::UnknownReference, message, Some(help));
    }
    out
}

fn entry(
    line: u64,
    cells: &[String],
    addresses: &[Vec<String>],
    names: &[Vec<String>],
    comments: &[Vec<String>],
) -> Entry {
    let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
    let mut entry = Entry { uid: cell(0), kind: cell(2), written: cell(1), line, ..Entry::default() };
    let individual = entry.kind.eq_ignore_ascii_case("individual");
    let said = |name: &str| if individual { spoken(name) } else { name.to_owned() };
    entry.name = said(&entry.written);
    // "NPWMD] [IFSR] [IRAN-CON-ARMS-EO": programmes are separated so.
    let programs = cell(3);
    let list =
        programs.split("] [").flat_map(|it| it.split(';')).map(|it| it.trim_matches(|c| matches!(c, '[' | ']' | ' ')));
    entry.programs = list.filter(|it| !it.is_empty()).map(str::to_owned).collect();
    for (at, name) in [
        (4, "position"),
        (5, "callSign"),
        (6, "type"),
        (7, "tonnage"),
        (8, "grossRegisteredTonnage"),
        (9, "flag"),
        (10, "owner"),
    ] {
        if !cell(at).is_empty() {
            entry.values.push((name, cell(at)));
        }
    }
    for row in names {
        let cell = |at: usize| row.get(at).cloned().unwrap_or_default();
        let (name, remarks) = (cell(3), cell(4));
        entry.akas.push(Aka { kind: cell(2), name: said(&name), written: name, remarks, ..Aka::default() });
        entry.others.extend(beyond(row, Table::Names));
    }
    for row in addresses {
        let parts: Vec<&str> = row.iter().skip(2).take(3).map(String::as_str).filter(|it| !it.is_empty()).collect();
        let mut address = parts.join(", ");
        if let Some(remarks) = row.get(5).filter(|it| !it.is_empty()) {
            address = format!("{address} ({remarks})").trim().to_owned();
        }
        if !address.is_empty() {
            entry.values.push(("address", address));
        }
        entry.others.extend(beyond(row, Table::Addresses));
    }
    // Remarks of more than 1000 characters go on in a table of their own, in the middle of a word.
    let rest: String = comments.iter().filter_map(|row| row.get(1)).map(String::as_str).collect();
    let first = cell(11);
    let joint = if first.ends_with([';', ',']) { " " } else { "" };
    remarks::add(&format!("{first}{joint}{rest}"), &mut entry);
    entry.others.extend(beyond(cells, Table::Entries));
    entry
}

/// Cells beyond the published columns.
fn beyond(cells: &[String], table: Table) -> impl Iterator<Item = (String, String)> {
    cells
        .iter()
        .enumerate()
        .skip(table.width())
        .filter(|(_, it)| !it.is_empty())
        .map(|(at, it)| (format!("column {}", at + 1), it.clone()))
}
