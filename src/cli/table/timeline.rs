//! A timeline for people: when, what happened, who says so.

use std::io::{self, Write};

use super::{Grid, Page, heading, period, says, when};
use crate::query::{Answer, NO_DATE, Row, label};

/// Writes the facts in their order; those without a date stand last, under a heading of their own.
pub(super) fn write(answer: &Answer, page: Page, out: &mut dyn Write) -> io::Result<()> {
    write_part(answer, &answer.rows, page, out)?;
    if !answer.claimed.is_empty() {
        writeln!(out, "{}", heading("Claims", page))?;
        write_part(answer, &answer.claimed, page, out)?;
    }
    Ok(())
}

fn write_part(answer: &Answer, rows: &[Row], page: Page, out: &mut dyn Write) -> io::Result<()> {
    let (dated, undated): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.period.is_some());
    if !dated.is_empty() {
        let mut table = Grid::new(page, &["when", "what happened", "who says so", "support", "id"]);
        (table.widest, table.whole) = (Some(1), 4);
        for row in dated {
            table.add(&[&when(row), &happened(answer, row), &says(answer, row), &row.support_in_words(), &row.fact]);
        }
        table.write(out)?;
    }
    if !undated.is_empty() {
        writeln!(out, "{}", heading(NO_DATE, page))?;
        let mut table = Grid::new(page, &["what happened", "who says so", "support", "id"]);
        (table.widest, table.whole) = (Some(0), 3);
        for row in undated {
            let told = [happened(answer, row)].into_iter().chain(differing_dates(row)).collect::<Vec<_>>().join("\n");
            table.add(&[&told, &says(answer, row), &row.support_in_words(), &row.fact]);
        }
        table.write(out)?;
    }
    Ok(())
}

/// "North Korea → Russia: at least 100 ballistic missiles", with the outcome of what didn't simply happen.
fn happened(answer: &Answer, row: &Row) -> String {
    let symmetric = answer.kinds.get(&row.kind).is_some_and(|it| it.symmetric);
    let told = label(answer, row);
    match (&row.from, &row.to) {
        (Some(from), Some(to)) => {
            let arrow = if symmetric { "–" } else { "→" };
            format!("{} {arrow} {}: {told}", from.short_name(), to.short_name())
        }
        (Some(one), None) | (None, Some(one)) => format!("{}: {told}", one.short_name()),
        (None, None) => told,
    }
}

/// "dates differ: 2024 (UPI), 2025 (Reuters)".
fn differing_dates(row: &Row) -> Option<String> {
    let dates = row.claims.iter().filter_map(|it| Some(format!("{} ({})", period(&it.period?), it.by.short_name())));
    let dates: Vec<String> = dates.collect();
    (!dates.is_empty()).then(|| format!("dates differ: {}", dates.join(", ")))
}
