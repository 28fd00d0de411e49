//! How the answer to a question changed: an answer as lines with keys, and two such lists compared.

use std::collections::BTreeMap;

use super::Change;
use super::records::headline;
use crate::query::answer::{Answer, Row};
use crate::query::judged::MeasureResult;
use crate::query::wording::{interval_in_words, join, measure_in_words, sentence, total_in_words};

/// How the answer to a question changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerChange {
    /// The question as it was asked.
    pub asked: String,
    /// What changed, in order of the new answer, then what is gone. Empty: the answer is the same.
    pub parts: Vec<AnswerPart>,
}

/// A part of an answer that is not as it was: a fact, a path, a sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerPart {
    /// What became of it.
    pub change: Change,
    /// What sort of part: `fact`, `path`, `sum`, `measure`.
    pub sort: &'static str,
    /// What it is: the id of a fact, the nodes of a path.
    pub name: String,
    /// What the old answer says of it and the new one does not.
    pub old: Vec<String>,
    /// What the new answer says of it and the old one did not.
    pub new: Vec<String>,
}

/// What an answer says of one part.
struct Part {
    sort: &'static str,
    name: String,
    lines: Vec<String>,
}

/// Compares two answers to one question, asked of an old and of a new graph.
pub fn compare_answers(asked: &str, old: &Answer, new: &Answer) -> AnswerChange {
    let (before, now) = (parts(old), parts(new));
    let mut waiting: BTreeMap<(&str, &str), Vec<&Part>> = BTreeMap::new();
    for part in before.iter().rev() {
        waiting.entry((part.sort, &part.name)).or_default().push(part);
    }
    let mut found = Vec::new();
    for part in &now {
        let same = waiting.get_mut(&(part.sort, part.name.as_str())).and_then(Vec::pop);
        let (sort, name) = (part.sort, part.name.clone());
        match same {
            None => {
                found.push(AnswerPart { change: Change::Added, sort, name, old: Vec::new(), new: part.lines.clone() })
            }
            Some(same) => {
                let (old, new) = (missing(&same.lines, &part.lines), missing(&part.lines, &same.lines));
                if !old.is_empty() || !new.is_empty() {
                    found.push(AnswerPart { change: Change::Changed, sort, name, old, new });
                }
            }
        }
    }
    for part in &before {
        let left = waiting.get_mut(&(part.sort, part.name.as_str())).and_then(Vec::pop);
        if let Some(left) = left {
            let (sort, name) = (left.sort, left.name.clone());
            found.push(AnswerPart { change: Change::Removed, sort, name, old: left.lines.clone(), new: Vec::new() });
        }
    }
    AnswerChange { asked: asked.to_owned(), parts: found }
}

/// Lines of one list that do not stand in the other.
fn missing(lines: &[String], other: &[String]) -> Vec<String> {
    let other: std::collections::BTreeSet<&String> = other.iter().collect();
    lines.iter().filter(|it| !other.contains(it)).cloned().collect()
}

fn parts(answer: &Answer) -> Vec<Part> {
    let mut found = Vec::new();
    let mut put = |sort, name: String, lines: Vec<String>| found.push(Part { sort, name, lines });
    for finding in &answer.findings {
        put("no answer", finding.code.to_owned(), vec![finding.message.clone()]);
    }
    if let Some(verdict) = &answer.verdict {
        put("verdict", String::new(), vec![verdict.text.clone()]);
    }
    for chain in answer.chains.iter().flatten() {
        let steps = chain.steps.iter().map(|step| {
            let ids: Vec<&str> =
                step.rows.iter().filter_map(|it| answer.rows.get(*it)).map(|it| it.fact.as_str()).collect();
            format!("{} {} {}: {}", step.from.name, step.arrow(), step.to.name, ids.join(", "))
        });
        let time = chain.time.as_ref().map(|it| it.why());
        put("path", chain.in_words(), steps.chain(time).collect());
    }
    for total in answer.totals.iter().flatten() {
        let group = total.group_name.as_ref().map_or(String::new(), |it| format!("{it}, "));
        let name = format!("{group}{} in {}", total.figure.replace('_', " "), total.unit.replace('-', " "));
        put("sum", name, vec![total_in_words(answer, total)]);
    }
    for it in answer.ranking.iter().flat_map(|it| &it.ranked) {
        let names: Vec<&str> =
            [&it.from, &it.what, &it.to, &it.entity].into_iter().flatten().map(|it| it.name.as_str()).collect();
        let mut lines = vec![format!("rank {}, facts: {}", it.rank, it.facts)];
        lines.extend(it.score.map(|it| it.to_string()));
        lines.extend(it.total.as_ref().map(|it| total_in_words(answer, it)));
        put("place", names.join(" → "), lines);
    }
    for measure in answer.measures.iter().flatten() {
        let when = measure.period.map_or(String::new(), |it| format!(" {}", it.edtf()));
        put("measure", format!("{}{when}", measure.measure), measure_lines(answer, measure));
    }
    for called in answer.called.iter().flatten() {
        let by = join(called.by.iter().map(|it| it.name.clone()), "and");
        put("violation", format!("{} of {}", called.fact, called.rule_name), vec![format!("so called by {by}")]);
    }
    if let Some(support) = &answer.support {
        for origin in &support.origins {
            let name = origin.origin.name.clone();
            let mut lines = vec![format!("says {}", origin.facts.join(", "))];
            if !origin.alone.is_empty() {
                lines.push(format!("alone says {}", origin.alone.join(", ")));
            }
            put("origin", name, lines);
        }
        let least = join(support.smallest.iter().map(|it| it.name.clone()), "and");
        let more = if support.independent_bound { "at least " } else { "" };
        put(
            "support",
            String::new(),
            vec![format!("{more}{} independent", support.independent), format!("it falls without {least}")],
        );
    }
    for dispute in answer.disputes.iter().flatten() {
        let denied = dispute.denied_by.iter().map(|it| format!("denied by {}", it.name));
        let figures = dispute.figures.iter().map(|it| {
            format!(
                "{}: {} ({}), {} ({})",
                it.figure, it.lower.quantity.text, it.lower.by.name, it.higher.quantity.text, it.higher.by.name
            )
        });
        put("dispute", dispute.fact.clone(), denied.chain(figures).collect());
    }
    for exchange in answer.exchanges.iter().flatten() {
        let by = join(exchange.by.iter().map(|it| it.name.clone()), "and");
        put(
            "exchange",
            format!("{} for {}", exchange.returned.join(", "), exchange.given.join(", ")),
            vec![format!("says {by}")],
        );
    }
    for source in answer.sources.iter().flatten() {
        put(
            "source",
            source.document.name.clone(),
            vec![
                format!("carries {}", source.carries.join(", ")),
                format!("relays {}", source.relays.join(", ")),
                format!("alone supports {}", source.alone.join(", ")),
            ],
        );
    }
    if let Some(subject) = &answer.subject {
        let names = subject.names.iter().map(|(name, sort)| format!("{sort}: {name}"));
        let part_of = subject.part_of.iter().map(|it| format!("part of {}", it.name));
        let class = subject.is_a.iter().map(|it| format!("is a {}", it.name));
        let below = subject.below.iter().map(|it| format!("below it: {}", it.name));
        put("subject", subject.entity.name.clone(), names.chain(part_of).chain(class).chain(below).collect());
    }
    for (name, count) in answer.counts.iter().flatten() {
        put("count", name.clone(), vec![count.to_string()]);
    }
    for entry in answer.entries.iter().flatten() {
        put(
            "entry",
            entry.id.clone(),
            vec![entry.name.clone(), entry.detail.clone(), format!("{} facts", entry.facts)],
        );
    }
    for (sort, rows) in [("fact", &answer.rows), ("claimed", &answer.claimed)] {
        for row in rows {
            put(sort, row.fact.clone(), row_lines(answer, row));
        }
    }
    found
}

fn row_lines(answer: &Answer, row: &Row) -> Vec<String> {
    let mut lines = vec![headline(answer, row)];
    lines.extend(row.claims.iter().map(|it| format!("{} [{}]", sentence(answer, row, it), it.document.name)));
    if let Some(matched) = row.matched {
        lines.push(format!("{} in the period asked for", format!("{matched:?}").to_lowercase()));
    }
    let support = row.support_in_words();
    if !support.is_empty() {
        lines.push(format!("support: {support}"));
    }
    lines
}

fn measure_lines(answer: &Answer, measure: &MeasureResult) -> Vec<String> {
    let mut lines = vec![measure_in_words(answer, measure), measure.verdict.as_str().to_owned()];
    lines.extend(measure.sum.map(|it| format!("{} counted", interval_in_words(&it))));
    lines.push(format!("transfers: {}", measure.counted.join(", ")));
    lines
}
