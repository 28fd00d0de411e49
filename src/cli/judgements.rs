//! What the rules say, for people: totals, measures, support, disputes, exchanges, the use of sources.

use std::io::{self, Write};

use super::grid::{Grid, Page, heading, write_wrapped};
use super::table::rows_table;
use crate::model::printable;
use crate::query::{
    Answer, Called, Dispute, Exchange, MeasureResult, Ref, Row, SourceUse, Status, Support, Total, join,
    measure_in_words, quantity_in_words, total_in_words,
};

/// The parts of an answer that rules give, where it has them.
pub(super) fn write(answer: &Answer, page: Page, out: &mut dyn Write) -> io::Result<()> {
    if let Some(totals) = &answer.totals {
        write_totals(answer, totals, page, out)?;
    }
    if let Some(measures) = &answer.measures {
        write_measures(answer, measures, page, out)?;
    }
    if let Some(called) = &answer.called {
        write_called(called, page, out)?;
    }
    if let Some(disputes) = &answer.disputes {
        write_disputes(answer, disputes, page, out)?;
    }
    if let Some(exchanges) = &answer.exchanges {
        write_exchanges(answer, exchanges, page, out)?;
    }
    if let Some(sources) = &answer.sources {
        write_sources(sources, page, out)?;
    }
    Ok(())
}

/// Names as a sentence lists them.
fn names(refs: &[Ref]) -> String {
    join(refs.iter().map(|it| it.prose.clone()), "and")
}

fn notes(numbers: &[usize]) -> String {
    numbers.iter().map(|it| format!("[{it}]")).collect::<Vec<_>>().join(" ")
}

fn rows_of<'a>(answer: &'a Answer, ids: &'a [String]) -> impl Iterator<Item = &'a Row> {
    answer.rows.iter().filter(|it| ids.contains(&it.fact))
}

/// What an answer stands on: its facts, their origins, and what is left without them.
pub(super) fn write_support(answer: &Answer, support: &Support, page: Page, out: &mut dyn Write) -> io::Result<()> {
    if support.about.is_empty() {
        return Ok(());
    }
    for chain in answer.chains.iter().flatten() {
        write_wrapped(&printable(&chain.in_words()), page, out)?;
    }
    rows_table(answer, rows_of(answer, &support.about), page).write(out)?;
    if !support.origins.is_empty() {
        writeln!(out, "{}", heading("Rests on", page))?;
        let mut table = Grid::new(page, &["origin", "claims", "says", "alone", "where"]);
        table.dense = true;
        for it in &support.origins {
            let name = it.origin.short_name();
            let (claims, says, alone) = (it.claims.to_string(), it.facts.join(", "), it.alone.join(", "));
            table.add(&[name, &claims, &says, &alone, &notes(&it.notes)]);
        }
        table.write(out)?;
    }
    let at_least = if support.independent_bound { "at least " } else { "" };
    let origins = if support.independent == 1 { "independent origin" } else { "independent origins" };
    writeln!(out, "{at_least}{} {origins}", support.independent)?;
    if !support.falls.is_empty() {
        write_wrapped(&format!("falls on the evidence asked for: {}", support.falls.join(", ")), page, out)?;
    }
    if !support.smallest.is_empty() {
        let bound = if support.bound { " (or without fewer: the search was cut short)" } else { "" };
        write_wrapped(&format!("the answer falls without {}{bound}", printable(&names(&support.smallest))), page, out)?;
    }
    if let Some(step) = &support.weakest {
        let status = step.status.map_or("no claim counts", Status::in_words);
        let (from, to) = (&step.from.name, &step.to.name);
        let line =
            format!("weakest step: {} of chain {}, {from} to {to} ({}): {status}", step.step, step.chain, step.fact);
        write_wrapped(&printable(&line), page, out)?;
    }
    if support.left.is_empty() {
        writeln!(out, "nothing like it is left then")
    } else {
        writeln!(out, "{}", heading("Left then", page))?;
        rows_table(answer, rows_of(answer, &support.left), page).write(out)
    }
}

fn write_totals(answer: &Answer, totals: &[Total], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if totals.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", heading("Total", page))?;
    let grouped = totals.iter().any(|it| it.group_name.is_some());
    let mut header = vec!["sum", "low", "high"];
    if grouped {
        header.insert(0, "for");
    }
    let mut table = Grid::new(page, &header);
    for total in totals {
        let sum = total_in_words(answer, total);
        let (low, high) = (low_in_words(total), high_in_words(total));
        let name = total.group_name.as_deref().unwrap_or_default();
        let mut cells = vec![sum.as_str(), &low, &high];
        if grouped {
            cells.insert(0, name);
        }
        table.add(&cells);
    }
    table.write(out)
}

/// What the lower bound adds up, and why the rest is not in it.
fn low_in_words(total: &Total) -> String {
    let mut lines = vec![if total.counted_low.is_empty() { "none".to_owned() } else { total.counted_low.join(" + ") }];
    lines.extend(total.because.iter().cloned());
    if total.bound {
        lines.push("a bound: it may be higher".to_owned());
    }
    lines.extend(total.left_out.iter().map(|(fact, why)| format!("not {fact}: {why}")));
    lines.extend(total.differs.iter().map(|it| format!("{it}: claims differ, all that they allow")));
    lines.extend(total.conversions.iter().cloned());
    lines.join("\n")
}

fn high_in_words(total: &Total) -> String {
    if total.counted_high.is_empty() { "not known".to_owned() } else { total.counted_high.join(" + ") }
}

fn write_measures(answer: &Answer, measures: &[MeasureResult], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if measures.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", heading("Measures", page))?;
    let mut table = Grid::new(page, &["id", "measure", "period", "verdict", "transfers and arithmetic"]);
    table.widest = Some(4);
    for it in measures {
        let verdict = it.verdict.as_str().replace('-', " ");
        let period = it.period.map_or(String::new(), |it| it.to_words());
        let mut lines = vec![it.why.clone()];
        if it.bound {
            lines.push("a bound: the sum may be higher".to_owned());
        }
        if !it.counted.is_empty() && !it.may_count.is_empty() {
            lines.push(format!("may count too: {}", it.may_count.join(", ")));
        }
        table.add(&[&it.measure, &measure_in_words(answer, it), &period, &verdict, &lines.join("\n")]);
    }
    table.write(out)
}

fn write_called(called: &[Called], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if called.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", heading("Called violations", page))?;
    let mut table = Grid::new(page, &["id", "breaks", "who says so", "measure in the data"]);
    table.dense = true;
    for it in called {
        let by = format!("{} {}", join(it.by.iter().map(|it| it.short_name().to_owned()), "and"), notes(&it.notes));
        table.add(&[&it.fact, &it.rule_name, &by, &it.covered_by.join(", ")]);
    }
    table.write(out)
}

fn write_disputes(answer: &Answer, disputes: &[Dispute], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if disputes.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", heading("In dispute", page))?;
    let mut table = Grid::new(page, &["id", "why", "lower", "higher", "ratio"]);
    for dispute in disputes {
        if !dispute.denied_by.is_empty() {
            table.add(&[&dispute.fact, &format!("denied by {}", names(&dispute.denied_by)), "", "", ""]);
        }
        for pair in &dispute.figures {
            let why = match (pair.disjoint, pair.scopes_differ) {
                (true, false) => "cannot both hold",
                (true, true) => "cannot both hold, of different scope",
                (false, false) => "far apart",
                (false, true) => "far apart, of different scope",
            };
            let stated = |it: &crate::query::StatedFigure| {
                let scope = it.scope.as_ref().map_or(String::new(), |it| format!("\nof {it}"));
                format!("{}\n{}{scope}", quantity_in_words(answer, &it.quantity), it.by.short_name())
            };
            let ratio = match (pair.ratio, pair.ratio_exact) {
                (None, _) => String::new(),
                (Some(ratio), true) => format!("{} times", ratio.with_separators()),
                (Some(ratio), false) => format!("over {} times", ratio.with_separators()),
            };
            table.add(&[
                &dispute.fact,
                &format!("{}: {why}", pair.figure.replace('_', " ")),
                &stated(&pair.lower),
                &stated(&pair.higher),
                &ratio,
            ]);
        }
    }
    table.write(out)
}

fn write_exchanges(answer: &Answer, exchanges: &[Exchange], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if exchanges.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", heading("In return", page))?;
    let mut table = Grid::new(page, &["given", "in return", "who says so"]);
    for exchange in exchanges {
        let line = |id: &String| {
            let row = answer.rows.iter().find(|it| it.fact == *id);
            let words = row.map_or(String::new(), |it| crate::query::label(answer, it));
            let from = row.and_then(|it| it.from.as_ref()).map_or("", |it| it.short_name());
            format!("{from}: {words} ({id})")
        };
        let lines = |ids: &[String]| ids.iter().map(line).collect::<Vec<_>>().join("\n");
        let by = format!("{} {}", names(&exchange.by), notes(&exchange.notes));
        table.add(&[&lines(&exchange.given), &lines(&exchange.returned), &by]);
    }
    table.write(out)
}

fn write_sources(sources: &[SourceUse], page: Page, out: &mut dyn Write) -> io::Result<()> {
    if sources.is_empty() {
        return Ok(());
    }
    let mut table = Grid::new(page, &["id", "note", "carries", "relays", "alone", "who speaks in it"]);
    table.widest = Some(5);
    for it in sources {
        let count = |facts: &[String]| if facts.is_empty() { String::new() } else { facts.len().to_string() };
        let id = it.document.id.as_deref().unwrap_or_default();
        let origins = join(it.origins.iter().map(|it| it.short_name().to_owned()), "and");
        table.add(&[
            id,
            &format!("[{}]", it.note),
            &count(&it.carries),
            &count(&it.relays),
            &count(&it.alone),
            &origins,
        ]);
    }
    table.write(out)
}
