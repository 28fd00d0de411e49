//! What rules say of an answer, in sentences for copy: totals, measures, support, disputes, exchanges, the use of sources.

use super::escape_markdown;
use crate::query::{
    Answer, Called, Dispute, Exchange, MeasureResult, Ref, SourceUse, StatedFigure, Status, Support, Total, capital,
    join, label, measure_in_words, quantity_in_words, total_in_words,
};

/// One block each, in the order in which tables show them.
pub(super) fn blocks(answer: &Answer) -> Vec<String> {
    let disputes = answer.disputes.iter().flatten().filter_map(|it| dispute(answer, it));
    let exchanges = answer.exchanges.iter().flatten().map(|it| exchange(answer, it));
    let sources = answer.sources.as_ref().filter(|it| !it.is_empty());
    let sources = sources.map(|it| it.iter().map(source).collect::<Vec<_>>().join("\n"));
    let totals = answer.totals.iter().flatten().map(|it| total(answer, it));
    let measures = answer.measures.iter().flatten().map(|it| measure(answer, it));
    let called = answer.called.iter().flatten().map(|it| violation(answer, it));
    totals.chain(measures).chain(called).chain(disputes).chain(exchanges).chain(sources).collect()
}

/// "Total: more than 14,000 people (a7 + a8)."
fn total(answer: &Answer, total: &Total) -> String {
    let group = total.group_name.as_ref().map_or(String::new(), |it| format!(", {it}"));
    let from = if total.counted_low.is_empty() { &total.counted_high } else { &total.counted_low };
    let bound = if total.bound { "; the lower bound may be higher" } else { "" };
    let mut text = format!("Total{group}: {} ({}{bound}).", total_in_words(answer, total), from.join(" + "));
    for reason in &total.because {
        text.push_str(&format!(" {}.", capital(reason)));
    }
    for (fact, why) in &total.left_out {
        text.push_str(&format!(" Not added: {fact}, {why}."));
    }
    for fact in &total.differs {
        text.push_str(&format!(" The claims of {fact} differ; it enters with all that they allow."));
    }
    escape_markdown(&text)
}

fn measure(answer: &Answer, measure: &MeasureResult) -> String {
    let period = measure.period.map_or(String::new(), |it| format!(", {}", it.to_words()));
    let text = format!(
        "Measure {}: {}{period}: {} ({}).",
        measure.measure,
        measure_in_words(answer, measure),
        measure.verdict.as_str().replace('-', " "),
        measure.why
    );
    escape_markdown(&text)
}

fn violation(answer: &Answer, called: &Called) -> String {
    let row = answer.rows.iter().find(|it| it.fact == called.fact);
    let what = row.map_or(called.fact.clone(), |it| format!("{} ({})", label(answer, it), called.fact));
    let text = format!("Called a violation of {} by {}: {what}", called.rule_name, names(&called.by));
    format!("{}.{}", escape_markdown(&text), marks(&called.notes))
}

fn names(refs: &[Ref]) -> String {
    join(refs.iter().map(|it| it.prose.clone()), "and")
}

fn marks(notes: &[usize]) -> String {
    notes.iter().map(|it| format!("[{it}]")).collect()
}

/// "This rests on one independent origin: …".
pub(super) fn support(support: &Support) -> String {
    let mut sentences = Vec::new();
    let origins: Vec<Ref> = support.origins.iter().map(|it| it.origin.clone()).collect();
    let at_least = if support.independent_bound { "at least " } else { "" };
    if origins.is_empty() {
        sentences.push("Nobody is left who says so".to_owned());
    } else {
        let plural = if support.independent == 1 { "origin" } else { "origins" };
        sentences.push(format!(
            "This rests on {at_least}{} independent {plural}: {}",
            support.independent,
            names(&origins)
        ));
    }
    if !support.smallest.is_empty() {
        let bound = if support.bound { ", or perhaps without fewer" } else { "" };
        sentences.push(format!("It falls without {}{bound}", names(&support.smallest)));
    }
    if let Some(step) = &support.weakest {
        let status = step.status.map_or("no claim counts", Status::in_words);
        sentences.push(format!("Its weakest step is from {} to {}: {status}", step.from.prose, step.to.prose));
    }
    sentences.iter().map(|it| format!("{}.", escape_markdown(it))).collect::<Vec<_>>().join(" ")
}

fn dispute(answer: &Answer, dispute: &Dispute) -> Option<String> {
    let mut lines = Vec::new();
    if !dispute.denied_by.is_empty() {
        lines.push(format!("- {}: denied by {}.", dispute.fact, escape_markdown(&names(&dispute.denied_by))));
    }
    for pair in &dispute.figures {
        let stated = |it: &StatedFigure| {
            let scope = it.scope.as_ref().map_or(String::new(), |it| format!(", of {it}"));
            format!("{} ({}{scope})", quantity_in_words(answer, &it.quantity), it.by.prose)
        };
        let ratio = match (pair.ratio, pair.ratio_exact) {
            (None, _) => "far more".to_owned(),
            (Some(ratio), true) => format!("{} times", ratio.with_separators()),
            (Some(ratio), false) => format!("over {} times", ratio.with_separators()),
        };
        let text = format!("{} is {ratio} {}", stated(&pair.higher), stated(&pair.lower));
        lines.push(format!("- {}: {}.", dispute.fact, escape_markdown(&text)));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn exchange(answer: &Answer, exchange: &Exchange) -> String {
    let words = |ids: &[String]| {
        let rows = ids.iter().filter_map(|id| answer.rows.iter().find(|it| it.fact == *id));
        join(rows.map(|row| label(answer, row)), "and")
    };
    let giver = |ids: &[String]| {
        let row = ids.first().and_then(|id| answer.rows.iter().find(|it| it.fact == *id));
        row.and_then(|it| it.from.as_ref()).map_or("somebody".to_owned(), |it| it.prose.clone())
    };
    let text = format!(
        "In return for {} from {}: {} from {}, by the account of {}",
        words(&exchange.given),
        giver(&exchange.given),
        words(&exchange.returned),
        giver(&exchange.returned),
        names(&exchange.by)
    );
    format!("{}.{}", escape_markdown(&text), marks(&exchange.notes))
}

fn source(source: &SourceUse) -> String {
    let count = |facts: &[String]| match facts.len() {
        1 => "1 fact".to_owned(),
        several => format!("{several} facts"),
    };
    let text = format!(
        "{} carries {}, relays {}; {} on it alone",
        source.document.name,
        count(&source.carries),
        count(&source.relays),
        match source.alone.len() {
            1 => "1 stands".to_owned(),
            several => format!("{several} stand"),
        }
    );
    format!("- {}.[{}]", escape_markdown(&text), source.note)
}
