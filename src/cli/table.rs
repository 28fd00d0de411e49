//! An answer for people: a table with hedges in words, and the sources as numbered notes below.

mod ranking;
mod timeline;

use std::io::{self, Write};

use super::grid::{Grid, Page, heading, write_wrapped};
use super::judgements;
use crate::model::{Certainty, printable};
use crate::query::{
    Answer, AnswerFinding, Chain, ClaimValue, MergedValue, PeriodValue, Reading, Row, Standing, Subject, capital,
    label, note_line, stance_in_words, tells_figure,
};

/// What is said whenever the built-in example answers.
pub(crate) const BUILT_IN: &str = "the built-in example (four articles of 2025); name your own with --data";

/// Writes the answer.
pub(crate) fn write(answer: &Answer, is_built_in: bool, page: Page, out: &mut dyn Write) -> io::Result<()> {
    if let Some(reading) = &answer.reading {
        reading_lines(reading).iter().try_for_each(|it| write_wrapped(it, page, out))?;
        writeln!(out)?;
    }
    for finding in &answer.findings {
        writeln!(out, "{}", finding_line(finding))?;
    }
    if let Some(verdict) = &answer.verdict {
        write_wrapped(&printable(&verdict.text), page, out)?;
        writeln!(out)?;
    }
    if let Some(subject) = &answer.subject {
        write_subject(subject, page, out)?;
    }
    match (&answer.chains, &answer.support) {
        (_, Some(support)) => judgements::write_support(answer, support, page, out)?,
        (Some(chains), None) => write_chains(answer, chains, page, out)?,
        (None, None) if answer.timeline => timeline::write(answer, page, out)?,
        (None, None) if answer.ranking.is_some() => ranking::write(answer, page, out)?,
        (None, None) => write_rows(answer, page, out)?,
    }
    judgements::write(answer, page, out)?;
    if let Some(entries) = &answer.entries {
        let mut table = Grid::new(page, &["id", "name", "kind", "facts", "also"]);
        table.dense = true;
        for entry in entries {
            let facts = if entry.facts == 0 { String::new() } else { entry.facts.to_string() };
            table.add(&[&entry.id, &entry.name, &entry.sort, &facts, &entry.detail]);
        }
        table.write(out)?;
    }
    if let Some(counts) = &answer.counts {
        let mut table = Grid::new(page, &["what", "how many"]);
        table.dense = true;
        for (name, count) in counts {
            table.add(&[name, &count.to_string()]);
        }
        table.write(out)?;
    }
    if answer.is_empty() && answer.findings.is_empty() {
        writeln!(out, "nothing found")?;
    }
    write_feet(answer, is_built_in, page, out)
}

/// How a question was read: the equivalent command, and what a reader must know of it.
pub(crate) fn reading_lines(reading: &Reading) -> Vec<String> {
    let command = format!("read as: purvey {}", printable(&reading.command()));
    std::iter::once(command).chain(reading.remarks().into_iter().map(|it| format!("note: {it}"))).collect()
}

/// Why there is no answer, in a line.
pub(crate) fn finding_line(finding: &AnswerFinding) -> String {
    match &finding.help {
        Some(help) => format!("{}; {}", printable(&finding.message), printable(help)),
        None => printable(&finding.message).into_owned(),
    }
}

fn write_rows(answer: &Answer, page: Page, out: &mut dyn Write) -> io::Result<()> {
    if let [row] = answer.rows.as_slice()
        && answer.subject.is_none()
        && answer.question.starts_with("show ")
    {
        return write_fact(answer, row, page, out);
    }
    if !answer.rows.is_empty() {
        if let Some(subject) = &answer.subject {
            let title = if subject.note.is_some() { "Carries" } else { "Takes part in" };
            writeln!(out, "{}", heading(title, page))?;
        }
        rows_table(answer, answer.rows.iter(), page).write(out)?;
    }
    if !answer.claimed.is_empty() {
        writeln!(out, "{}", heading("Claims", page))?;
        rows_table(answer, answer.claimed.iter(), page).write(out)?;
    }
    Ok(())
}

pub(super) fn rows_table<'a>(answer: &Answer, rows: impl Iterator<Item = &'a Row>, page: Page) -> Grid {
    let mut table = Grid::new(page, &["id", "from", "what", "to", "when", "who says so", "support"]);
    table.widest = Some(2);
    for row in rows {
        let name = |it: &Option<crate::query::Ref>| it.as_ref().map_or(String::new(), |it| it.short_name().to_owned());
        table.add(&[
            &row.fact,
            &name(&row.from),
            &what(answer, row),
            &name(&row.to),
            &when(row),
            &says(answer, row),
            &row.support_in_words(),
        ]);
    }
    table
}

/// Item, hedged quantity, further roles and relations, one a line.
fn what(answer: &Answer, row: &Row) -> String {
    let mut lines = vec![label(answer, row)];
    let in_label = answer.kinds.get(&row.kind).map(|it| it.label.fields()).unwrap_or_default();
    for (name, refs) in row.roles.iter().filter(|(name, _)| !in_label.contains(&name.as_str())) {
        let names: Vec<&str> = refs.iter().map(|it| it.plural.as_deref().unwrap_or(&it.name)).collect();
        lines.push(format!("{}: {}", name.replace('_', " "), names.join(", ")));
    }
    for (name, quantity) in &row.quantities {
        if !tells_figure(&in_label, row, name) {
            lines.push(format!("{}: {}", name.replace('_', " "), crate::query::quantity_in_words(answer, quantity)));
        }
    }
    for relation in &row.relations {
        let id = if relation.is_record { format!(" ({})", relation.to) } else { String::new() };
        lines.push(format!("{} {}{id}", relation.kind.replace('-', " "), relation.name));
    }
    let worked_out: Vec<String> =
        row.inferred.iter().filter(|it| *it != "period").map(|it| it.replace('_', " ")).collect();
    if !worked_out.is_empty() {
        lines.push(format!("inferred: {}", worked_out.join(", ")));
    }
    lines.join("\n")
}

fn when(row: &Row) -> String {
    let mut lines: Vec<String> = row.period.iter().map(period).collect();
    if row.matched == Some(Certainty::Possible) {
        lines.push("possible".to_owned());
    }
    lines.join("\n")
}

fn period(value: &PeriodValue) -> String {
    let mark = if value.inferred { " *" } else { "" };
    format!("{}{mark}", value.period.to_words())
}

/// Each claimant with the number of its source; equal lines once.
fn says(answer: &Answer, row: &Row) -> String {
    let mut lines: Vec<String> = Vec::new();
    for claim in &row.claims {
        let line = claim_line(answer, row, claim);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

fn claim_line(answer: &Answer, row: &Row, claim: &ClaimValue) -> String {
    let mut line = claim.by.short_name().to_owned();
    if let Some(stance) = stance_in_words(claim.stance) {
        line.push_str(&format!(" ({stance})"));
    }
    if row.differs {
        let figures: Vec<String> =
            claim.quantities.iter().map(|(_, it)| crate::query::quantity_in_words(answer, it)).collect();
        if !figures.is_empty() {
            line.push_str(&format!(": {}", figures.join(", ")));
        }
    }
    if let Some(scope) = &claim.scope {
        line.push_str(&format!(", of {scope}"));
    }
    if claim.standing != Standing::Current {
        line.push_str(&format!(", {}", claim.standing.as_str()));
    }
    format!("{line} [{}]", claim.note)
}

/// The stance of a claim, and whether it still counts.
fn how(claim: &ClaimValue) -> String {
    match claim.standing {
        Standing::Current => claim.stance.as_str().to_owned(),
        gone => format!("{}\n{}", claim.stance.as_str(), gone.as_str()),
    }
}

/// One fact with everything that is known of it.
fn write_fact(answer: &Answer, row: &Row, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Grid::new(page, &[&row.fact, &row.kind]);
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            table.add(&[name, &value]);
        }
    };
    let name = |it: &Option<crate::query::Ref>| it.as_ref().map_or(String::new(), |it| it.name.clone());
    line("from", name(&row.from));
    line("what", what(answer, row));
    line("to", name(&row.to));
    line("when", when(row));
    line("outcome", row.outcome.as_str().replace('-', " "));
    let others = row.reasons.iter().skip(1).map(|it| it.in_words()).collect::<Vec<_>>().join(", ");
    let others = if others.is_empty() { String::new() } else { format!("\nalso: {others}") };
    line("support", format!("{}{others}", row.support_in_words()));
    for (name, values) in &row.extra {
        line(name, values.join("; "));
    }
    table.write(out)?;

    let mut table = Grid::new(page, &["who says so", "how", "figures", "when said", "where"]);
    for claim in &row.claims {
        let figures: Vec<String> = claim
            .quantities
            .iter()
            .map(|(name, it)| {
                let words = crate::query::quantity_in_words(answer, it);
                // Where things are counted, the name of the first figure says nothing more.
                if row.first_figure.as_ref() == Some(name) && row.what.is_some() && row.quantities.len() < 2 {
                    words
                } else {
                    format!("{}: {words}", name.replace('_', " "))
                }
            })
            .collect();
        let scope = claim.scope.as_ref().map_or(String::new(), |it| format!("\nof {it}"));
        let mut place = vec![format!("[{}]", claim.note)];
        place.extend(claim.locator.map(|it| format!("paragraph {}", it.paragraph)));
        let via: Vec<&str> = claim.via.iter().map(|it| it.short_name()).collect();
        if !via.is_empty() {
            place.push(format!("via {}", via.join(", ")));
        }
        table.add(&[
            claim.by.short_name(),
            &how(claim),
            &format!("{}{scope}", figures.join("\n")),
            &claim.made.map_or(String::new(), |it| it.to_words()),
            &place.join("\n"),
        ]);
    }
    table.write(out)
}

fn write_subject(subject: &Subject, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let entity = &subject.entity;
    let kind = entity.kind.map_or("", |it| it.as_str());
    let id = entity.id.as_deref().unwrap_or("");
    writeln!(out, "{} ({kind}, {id})", heading(&printable(&entity.name), page))?;
    let names: Vec<String> = subject
        .names
        .iter()
        .map(|(name, sort)| if *sort == "alias" { name.clone() } else { format!("{name} ({sort})") })
        .collect();
    let below: Vec<&str> = subject.below.iter().map(|it| it.name.as_str()).collect();
    let parts =
        if subject.is_a.is_some() || entity.kind.is_some_and(|it| it.is_class()) { "below it" } else { "parts" };
    for (title, text) in [
        ("also", names.join(", ")),
        ("part of", subject.part_of.as_ref().map_or(String::new(), |it| it.name.clone())),
        ("a kind of", subject.is_a.as_ref().map_or(String::new(), |it| it.name.clone())),
        (parts, below.join(", ")),
        ("source", subject.note.as_ref().map_or(String::new(), note_line)),
    ] {
        if !text.is_empty() {
            write_wrapped(&format!("{title}: {}", printable(&text)), page, out)?;
        }
    }
    write_extra(&subject.extra, page, out)?;
    subject.merged.iter().try_for_each(|it| write_merged(it, page, out))?;
    writeln!(out)
}

/// An entity that stands as one with the subject: why, what came from it, and which records name it.
fn write_merged(merged: &MergedValue, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let mut text = format!("one with: {} ({})", merged.name, merged.id);
    if !merged.names.is_empty() {
        let names: Vec<&str> = merged.names.iter().map(|(name, _)| name.as_str()).collect();
        text.push_str(&format!(", also {}", names.join(", ")));
    }
    if !merged.records.is_empty() {
        text.push_str(&format!("; so named in {}", merged.records.join(", ")));
    }
    let [a, b] = &merged.decided;
    let by = merged.by.as_ref().map_or(String::new(), |it| format!(" by {it}"));
    let made = merged.made.as_ref().map_or(String::new(), |it| format!(", {it}"));
    let reason = merged.reason.as_ref().map_or(String::new(), |it| format!(": {it}"));
    text.push_str(&format!("; decided{by} ({a} = {b}{made}){reason}"));
    write_wrapped(&printable(&text), page, out)
}

/// What the model has no field for, a line a name.
fn write_extra(extra: &[(String, Vec<String>)], page: Page, out: &mut dyn Write) -> io::Result<()> {
    for (name, values) in extra {
        write_wrapped(&format!("{}: {}", printable(name), printable(&values.join("; "))), page, out)?;
    }
    Ok(())
}

fn write_chains(answer: &Answer, chains: &[Chain], page: Page, out: &mut dyn Write) -> io::Result<()> {
    for (number, chain) in chains.iter().enumerate() {
        let steps = if chain.steps.len() == 1 { "1 step" } else { &format!("{} steps", chain.steps.len()) };
        let title = format!("Chain {}: {} ({steps})", number + 1, printable(&chain.in_words()));
        writeln!(out, "{}", heading(&title, page))?;
        if let Some(time) = &chain.time {
            write_wrapped(&capital(&printable(&time.why())), page, out)?;
            if let Some(window) = &time.window {
                writeln!(out, "Window: {}", period(window))?;
            }
        }
        for (number, step) in chain.steps.iter().enumerate() {
            let (from, to) = (printable(&step.from.name), printable(&step.to.name));
            writeln!(out, "\nStep {}: {from} {} {to}", number + 1, step.arrow())?;
            let rows = step.rows.iter().filter_map(|it| answer.rows.get(*it));
            rows_table(answer, rows, page).write(out)?;
        }
    }
    Ok(())
}

fn write_feet(answer: &Answer, is_built_in: bool, page: Page, out: &mut dyn Write) -> io::Result<()> {
    let rows = || answer.rows.iter().chain(&answer.claimed);
    if rows().any(|row| row.period.is_some_and(|it| it.inferred)) {
        writeln!(out, "* worked out, not said by the source")?;
    }
    for note in &answer.notes {
        write_wrapped(&format!("[{}] {}", note.number, printable(&note_line(note))), page, out)?;
    }
    for remark in &answer.remarks {
        write_wrapped(&format!("note: {}", printable(remark)), page, out)?;
    }
    if is_built_in {
        writeln!(out, "data: {BUILT_IN}")?;
    }
    Ok(())
}
