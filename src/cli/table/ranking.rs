//! Rankings, and a fact of each place with its sources.

use std::io::{self, Write};

use super::rows_table;
use crate::cli::grid::{Grid, Page, heading};
use crate::query::{Answer, Ranked, Ref, total_in_words};

pub(super) fn write(answer: &Answer, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let Some(ranking) = &answer.ranking else { return Ok(()) };
    let who: &[&str] = match ranking.of {
        "pairs" => &["from", "to"],
        "central" => &["who"],
        of => &[of],
    };
    let mut heads = vec!["rank"];
    heads.extend(who);
    heads.push("facts");
    if ranking.by != "facts" {
        heads.push(ranking.by);
    }
    heads.push("for instance");
    let mut table = Grid::new(page, &heads);
    table.dense = true;
    for it in &ranking.ranked {
        let mut cells = vec![it.rank.to_string()];
        cells.extend(names(it));
        cells.push(it.facts.to_string());
        if ranking.by != "facts" {
            let score = it.score.map(|it| format!("{it}"));
            cells.extend(it.total.as_ref().map(|it| total_in_words(answer, it)).or(score));
        }
        cells.push(it.example.clone().unwrap_or_default());
        table.add(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    table.write(out)?;
    if !answer.rows.is_empty() {
        writeln!(out, "{}", heading("For instance", page))?;
        rows_table(answer, answer.rows.iter(), page).write(out)?;
    }
    Ok(())
}

fn names(it: &Ranked) -> impl Iterator<Item = String> {
    let all: [&Option<Ref>; 4] = [&it.from, &it.what, &it.to, &it.entity];
    all.into_iter().flatten().map(|it| it.short_name().to_owned())
}
