//! A bundle for Neo4j: CSV files without names of columns, a header file beside each as `neo4j-admin database import` has them, that
//! command, and Cypher with LOAD CSV for a database that is running.

use std::io::{self, Write};

use super::bundle::{self, TABLES, Table, Type};
use super::csv_files::CsvFiles;
use super::{ExportOptions, Folder, Report, write_whole};
use crate::graph::GraphView;
use crate::query::Selection;

/// The files beside those of the tables.
pub(super) const FILES: [&str; 4] = ["import.sh", "load.cypher", "constraints.cypher", "after-import.cypher"];

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    folder: &mut dyn Folder,
) -> io::Result<Report> {
    let mut files = CsvFiles::new(folder, false, options.exact)?;
    let mut report = bundle::write(selection, &mut files)?;
    files.finish(&mut report)?;
    for table in &TABLES {
        write_whole(folder, &format!("{}.header.csv", table.name), |out| writeln!(out, "{}", header(table)))?;
    }
    let [import, load_file, constraint_file, after] = FILES;
    write_whole(folder, import, |out| import_script(options.exact, out))?;
    write_whole(folder, load_file, |out| load(options.exact, out))?;
    write_whole(folder, constraint_file, constraints)?;
    if !options.exact {
        write_whole(folder, after, after_import)?;
    }
    report.never("digits of figures beyond those of a double: `quantity` has the words of the source");
    Ok(report)
}

/// `id:ID(Entity),name,several:boolean`; of edges `:START_ID(Claim),:END_ID(Entity)`.
fn header(table: &Table) -> String {
    let columns = table.columns.iter().enumerate().map(|(at, (name, kind))| match (table.ends, at) {
        (None, 0) => format!("{name}:ID({})", table.name),
        (Some((from, _)), 0) => format!(":START_ID({from})"),
        (Some((_, to)), 1) => format!(":END_ID({to})"),
        _ => match kind {
            Type::Text => (*name).to_owned(),
            Type::Decimal => format!("{name}:double"),
            Type::Integer => format!("{name}:long"),
            Type::Boolean => format!("{name}:boolean"),
            Type::Day => format!("{name}:date"),
        },
    });
    columns.collect::<Vec<_>>().join(",")
}

fn import_script(exact: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "#!/bin/sh")?;
    writeln!(
        out,
        "# Makes a new database of these files while it is stopped. Run it in this folder: sh import.sh [DATABASE]"
    )?;
    if !exact {
        writeln!(out, "# Then start the database and run after-import.cypher, which takes guards off texts.")?;
    }
    writeln!(out, "exec neo4j-admin database import full \\")?;
    for table in &TABLES {
        let (name, option) = (table.name, if table.ends.is_some() { "relationships" } else { "nodes" });
        writeln!(out, "  --{option}={name}={name}.header.csv,{name}.csv \\")?;
    }
    writeln!(out, "  --id-type=string --multiline-fields=true --legacy-style-quoting=false -- \"${{1:-neo4j}}\"")
}

fn constraints(out: &mut dyn Write) -> io::Result<()> {
    for table in TABLES.iter().filter(|it| it.ends.is_none()) {
        let name = table.name;
        writeln!(
            out,
            "CREATE CONSTRAINT {}_id IF NOT EXISTS FOR (n:{name}) REQUIRE n.id IS UNIQUE;",
            name.to_lowercase()
        )?;
    }
    Ok(())
}

fn load(exact: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "// Loads these files into a running database, out of its import folder. Run constraints.cypher first."
    )?;
    writeln!(out, "// Texts may hold backslashes: set server.config `db.import.csv.legacy_quote_escaping=false`.")?;
    for table in &TABLES {
        let name = table.name;
        let file = format!("LOAD CSV FROM 'file:///{name}.csv' AS row");
        let first = usize::from(table.ends.is_some()) + 1;
        let properties: Vec<String> = table
            .columns
            .iter()
            .enumerate()
            .skip(if table.ends.is_some() { first } else { 0 })
            .map(|(at, (column, kind))| format!("{column}: {}", value(at, *kind, exact)))
            .collect();
        let properties = match properties.len() {
            0 => String::new(),
            _ => format!(" {{{}}}", properties.join(", ")),
        };
        match table.ends {
            None => {
                writeln!(out, "{file} CALL (row) {{ CREATE (:{name}{properties}) }} IN TRANSACTIONS OF 10000 ROWS;")?
            }
            Some((from, to)) => writeln!(
                out,
                "{file} CALL (row) {{ MATCH (a:{from} {{id: row[0]}}), (b:{to} {{id: row[1]}}) CREATE (a)-[:{name}{properties}]->(b) }} IN TRANSACTIONS OF 10000 ROWS;"
            )?,
        }
    }
    Ok(())
}

/// A cell as a value of Cypher; an empty one is null.
fn value(at: usize, kind: Type, exact: bool) -> String {
    match kind {
        Type::Text if exact || at == 0 => format!("row[{at}]"),
        Type::Text => format!("CASE WHEN row[{at}] STARTS WITH \"'\" THEN substring(row[{at}], 1) ELSE row[{at}] END"),
        Type::Decimal => format!("toFloat(row[{at}])"),
        Type::Integer => format!("toInteger(row[{at}])"),
        Type::Boolean => format!("toBoolean(row[{at}])"),
        Type::Day => format!("date(row[{at}])"),
    }
}

/// What neo4j-admin cannot do by itself: it takes the guards for a part of the text.
fn after_import(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "// Takes the guard off texts, once, after import.sh. Not after load.cypher, which has done it.")?;
    for table in &TABLES {
        let skip = if table.ends.is_some() { 2 } else { 1 };
        for (column, _) in table.columns.iter().skip(skip).filter(|(_, kind)| *kind == Type::Text) {
            let name = table.name;
            let pattern = if table.ends.is_some() { format!("()-[n:{name}]->()") } else { format!("(n:{name})") };
            writeln!(
                out,
                "MATCH {pattern} WHERE n.{column} STARTS WITH \"'\" SET n.{column} = substring(n.{column}, 1);"
            )?;
        }
    }
    Ok(())
}
