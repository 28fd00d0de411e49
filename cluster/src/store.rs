//! What a question needs, from an engine.

use std::collections::BTreeMap;

use purvey::plan::{Need, Rows, Store, check_sql};

use crate::engine::{Deadline, Engine, EngineError};
use crate::manifest::{Manifest, TableSum};

/// See the module's page.
pub struct FromEngine<'e> {
    pub engine: &'e mut dyn Engine,
    pub deadline: Deadline,
    /// Says what is going on, if somebody watches.
    pub tell: Option<fn(&str)>,
}

impl Store for FromEngine<'_> {
    type Error = EngineError;

    fn fetch(
        &mut self,
        need: &Need<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), EngineError> {
        let (mut count, mut goes_on) = (0_u64, true);
        self.run(statements, |engine, sql, deadline| {
            let mut stopped = Ok(());
            engine.bytes(sql, deadline, &mut |bytes| {
                count += 1;
                stopped = deadline.check();
                goes_on = stopped.is_ok() && take(bytes);
                goes_on
            })?;
            stopped.map(|()| goes_on)
        })?;
        self.tell(|| format!("{need}: {count} records"));
        Ok(())
    }

    fn rows(
        &mut self,
        rows: &Rows<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), EngineError> {
        let (mut count, mut goes_on) = (0_u64, true);
        self.run(statements, |engine, sql, deadline| {
            let mut stopped = Ok(());
            engine.rows(sql, deadline, &mut |row| {
                count += 1;
                stopped = deadline.check();
                goes_on = stopped.is_ok() && take(row);
                goes_on
            })?;
            stopped.map(|()| goes_on)
        })?;
        self.tell(|| format!("{rows}: {count} rows of numbers"));
        Ok(())
    }
}

impl FromEngine<'_> {
    /// Asks one statement after the other; `ask` tells whether more is wanted.
    fn run(
        &mut self,
        statements: &[String],
        mut ask: impl FnMut(&mut dyn Engine, &str, Deadline) -> Result<bool, EngineError>,
    ) -> Result<(), EngineError> {
        for sql in statements {
            if !ask(self.engine, sql, self.deadline)? {
                self.engine.cancel();
                break;
            }
        }
        Ok(())
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if let Some(tell) = self.tell {
            tell(&what());
        }
    }
}

/// Compares how many rows each table has, as the engine sees it, with what the manifest says. That takes no more than a look at
/// the ends of the files.
pub fn count(manifest: &Manifest, engine: &mut dyn Engine, deadline: Deadline) -> Result<(), EngineError> {
    let counts: Vec<String> = manifest
        .tables
        .iter()
        .zip(0_i64..)
        .map(|(it, at)| format!("SELECT {at}, CAST(COUNT(*) AS BIGINT) FROM {}", it.table.name))
        .collect();
    let mut found: BTreeMap<i64, i64> = BTreeMap::new();
    engine.rows(&counts.join(" UNION ALL "), deadline, &mut |row| {
        if let [Some(at), Some(rows)] = row {
            found.insert(*at, *rows);
        }
        true
    })?;
    for (it, at) in manifest.tables.iter().zip(0_i64..) {
        right_rows(it, found.get(&at).copied().unwrap_or_default())?;
    }
    Ok(())
}

fn right_rows(TableSum { table, sums, .. }: &TableSum, rows: i64) -> Result<(), EngineError> {
    if rows == sums.rows {
        return Ok(());
    }
    let why = format!("it has {rows} rows and not {}: a file is missing, or one of another export is there", sums.rows);
    Err(EngineError::Table { table: table.name.to_owned(), why })
}

/// Compares each table, as the engine sees it, with what the manifest says: how many rows, and what their numbers add up to.
pub fn check(manifest: &Manifest, engine: &mut dyn Engine, deadline: Deadline) -> Result<(), EngineError> {
    for it in &manifest.tables {
        let TableSum { table, sums, .. } = it;
        let wrong = |why: String| EngineError::Table { table: table.name.to_owned(), why };
        let found = engine.numbers(&check_sql(table), deadline)?;
        match found.split_first() {
            Some((rows, _)) if *rows != sums.rows => return right_rows(it, *rows),
            // A table without rows was never added up.
            Some((0, _)) => {}
            Some((_, found)) if found == sums.sums => {}
            _ => return Err(wrong("it holds other values than were exported".to_owned())),
        }
    }
    Ok(())
}
