//! A bundle for Ladybug, and for Kuzu from which it comes: CSV files with names of columns, a schema, and COPY statements.

use std::io::{self, Write};

use super::bundle::{self, TABLES, Type};
use super::csv_files::CsvFiles;
use super::{ExportOptions, Folder, Report, write_whole};
use crate::graph::GraphView;
use crate::query::Selection;

/// The files beside those of the tables.
pub(super) const FILES: [&str; 2] = ["schema.cypher", "copy.cypher"];

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    folder: &mut dyn Folder,
) -> io::Result<Report> {
    let mut files = CsvFiles::new(folder, true, options.exact)?;
    let mut report = bundle::write(selection, &mut files)?;
    files.finish(&mut report)?;
    let [schema_file, copy_file] = FILES;
    write_whole(folder, schema_file, schema)?;
    write_whole(folder, copy_file, |out| copy(options.exact, out))?;
    report.never("digits of figures beyond those of a double: `quantity` has the words of the source");
    Ok(report)
}

fn sql_type(kind: Type) -> &'static str {
    match kind {
        Type::Text => "STRING",
        Type::Decimal => "DOUBLE",
        Type::Integer => "INT64",
        Type::Boolean => "BOOL",
        Type::Day => "DATE",
    }
}

fn schema(out: &mut dyn Write) -> io::Result<()> {
    for table in &TABLES {
        let name = table.name;
        let skip = if table.ends.is_some() { 2 } else { 0 };
        let mut columns: Vec<String> = Vec::new();
        columns.extend(table.ends.map(|(from, to)| format!("FROM {from} TO {to}")));
        columns.extend(table.columns.iter().skip(skip).map(|(name, kind)| format!("`{name}` {}", sql_type(*kind))));
        match table.ends {
            None => writeln!(out, "CREATE NODE TABLE {name}({}, PRIMARY KEY (id));", columns.join(", "))?,
            Some(_) => writeln!(out, "CREATE REL TABLE {name}({});", columns.join(", "))?,
        }
    }
    Ok(())
}

fn copy(exact: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "// Run schema.cypher first, and both in this folder.")?;
    for table in &TABLES {
        let name = table.name;
        let typed = table.columns.iter().map(|(name, kind)| format!("`{name}` {}", sql_type(*kind)));
        // Texts of several lines are read by one thread.
        let file = format!(
            "LOAD WITH HEADERS ({}) FROM \"{name}.csv\" (header=true, parallel=false, quote='\"', escape='\"')",
            typed.collect::<Vec<_>>().join(", ")
        );
        let ends = if table.ends.is_some() { 2 } else { 1 };
        let cells = table.columns.iter().enumerate().map(|(at, (column, kind))| {
            let cell = format!("`{column}`");
            if exact || at < ends || *kind != Type::Text {
                cell
            } else {
                format!("CASE WHEN starts_with({cell}, \"'\") THEN substring({cell}, 2, size({cell})) ELSE {cell} END")
            }
        });
        writeln!(out, "COPY {name} FROM ({file} RETURN {});", cells.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}
