//! A fact in words, as a label says it.

use super::{INFERRED, Line};
use crate::draw::wrap::unbroken;
use crate::model::{Outcome, Per, RelationKind, Stance};
use crate::query::{
    Answer, ClaimValue, PeriodValue, Row, Status, doubts, join, label, outcome_in_words, quantity_in_words,
    tells_figure,
};

/// A fact in words: its label with every figure, when, what became of it, who denies it, and the numbers of its
/// sources. Nothing is added up.
pub(crate) fn line(answer: &Answer, row: &Row, wording: Option<&String>) -> Line {
    let whole = |it: &Row| label(answer, it);
    // Figures that differ and the outcome are written here, with more about each than a label has.
    let mut text = whole(&Row { differs: false, outcome: Outcome::Happened, ..row.clone() });
    let mut says: Vec<String> = Vec::new();
    let worked_out = inferred_ends(row);
    if !worked_out.is_empty() {
        let words = format!("{} inferred", worked_out.join(", "));
        text = format!("{text} ({words})");
        says.push(words);
    }
    let in_label = answer.kinds.get(&row.kind).map_or(Vec::new(), |it| it.label.fields());
    for (name, quantity) in &row.quantities {
        let words = quantity_in_words(answer, quantity);
        let speaks_of_it = tells_figure(&in_label, row, name);
        match find_words(&text, &words).filter(|_| speaks_of_it) {
            Some(at) => text.replace_range(at..at + words.len(), &unbroken(&words)),
            None => text = format!("{text}, {}", named(name, &words)),
        }
    }
    if let Some(per) = row.per {
        text.push_str(match per {
            Per::Year => " a\u{a0}year",
            Per::Month => " a\u{a0}month",
            Per::Total => " in\u{a0}total",
        });
    }
    let own_figures: Vec<String> = row.current_claims().filter_map(|it| own_figures(answer, row, it)).collect();
    if !own_figures.is_empty() {
        text = format!("{text}: {}", own_figures.join("; "));
    }
    for period in periods(row) {
        text = format!("{text}, {period}");
    }
    if let Some(outcome) = outcome_in_words(row.outcome) {
        text = format!("{text} ({})", unbroken(outcome));
    }
    let denied = row.current_claims().filter(|it| it.stance == Stance::Denies).map(|it| it.by.name.clone());
    let denied: Vec<String> = denied.collect();
    if !denied.is_empty() {
        text = format!("{text} (denied by {})", join(denied.into_iter(), "and"));
    }
    if let Some(doubt) = doubt_in_words(row) {
        text = format!("{text} ({doubt})");
        says.push(doubt);
    }
    if let Some(part) = part_of(answer, row) {
        text = format!("{text} ({part})");
    }
    if row.diverging {
        text = format!("{text} ({})", unbroken("figures far apart"));
    }
    // What only unnamed sources say must not look like what the others found.
    if row.status == Some(Status::Unnamed) {
        let mut names: Vec<&str> = row.current_claims().map(|it| it.by.short_name()).collect();
        names.dedup();
        let words = format!("says {}", names.join(", "));
        text = format!("{text}, {words}");
        says.push(words);
    }
    let text = wording.map_or(text, |it| it.clone());
    // A wording may say it in its own way.
    says.retain(|it| text.contains(it.as_str()));
    Line {
        fact: row.fact.clone(),
        also: Vec::new(),
        text,
        says,
        support: row.status.filter(|it| !matches!(it, Status::SingleSource | Status::Unnamed)),
        status: row.status,
        outcome: row.outcome,
        quantities: figures(answer, row),
        periods: periods(row).into_iter().collect(),
        notes: row.note_numbers(),
    }
}

/// The fact of this answer that takes this one in, so that nobody adds their figures up: "part of “attack, Ukraine”".
fn part_of(answer: &Answer, row: &Row) -> Option<String> {
    let wholes = row.relations.iter().filter(|it| it.kind == RelationKind::PartOf.as_str());
    let whole = wholes
        .filter_map(|relation| answer.rows.iter().find(|it| it.record == relation.to || it.fact == relation.to))
        .next()?;
    let plain = Row { differs: false, outcome: Outcome::Happened, ..whole.clone() };
    let other_end = [(&whole.to, &row.to), (&whole.from, &row.from)]
        .into_iter()
        .find_map(|(whole, own)| whole.as_ref().filter(|it| own.as_ref().is_none_or(|own| own.key != it.key)));
    let end = other_end.map_or(String::new(), |it| format!(", {}", it.name));
    // The figure of which this one is a part.
    let shared = row.quantities.iter().find_map(|(name, _)| Some((name, whole.figure(name)?)));
    let shared = shared.map(|(name, quantity)| named(name, &quantity_in_words(answer, quantity)));
    let label = label(answer, &plain);
    let figure = shared.filter(|it| find_words(&label, it).is_none()).map_or(String::new(), |it| format!(", {it}"));
    Some(format!("part of “{label}{end}{figure}”"))
}

/// "alleged or believed", of a fact that nobody states.
fn doubt_in_words(row: &Row) -> Option<String> {
    let words: Vec<&str> = doubts(row).into_iter().filter_map(participle).collect();
    (!words.is_empty()).then(|| words.join(" or "))
}

/// What a stance that leaves room makes of a fact.
fn participle(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::Alleges => Some("alleged"),
        Stance::Believes => Some("believed"),
        Stance::Estimates => Some("estimated"),
        Stance::States | Stance::Admits | Stance::Denies => None,
    }
}

/// Every figure in words, those on which claims differ one by one.
fn figures(answer: &Answer, row: &Row) -> Vec<String> {
    let agreed = row.quantities.iter().map(|(_, it)| quantity_in_words(answer, it));
    let own = row.current_claims().flat_map(|claim| {
        let differing = claim.quantities.iter().filter(|(name, _)| row.figure(name).is_none());
        differing.map(|(_, it)| quantity_in_words(answer, it))
    });
    agreed.chain(own).collect()
}

/// Where `words` stand in `text` as words: "1" is not in "100".
fn find_words(text: &str, words: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).map(|(at, _)| at).find(|at| {
        let (before, after) = (text.get(..*at).unwrap_or(""), text.get(at + words.len()..).unwrap_or(""));
        !words.is_empty() && !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

/// The figures of a claim on which claims differ, with who gives them, for what and when: "at least 35,000 (New York
/// Post, since 2022)".
fn own_figures(answer: &Answer, row: &Row, claim: &ClaimValue) -> Option<String> {
    let figures = claim
        .quantities
        .iter()
        .filter(|(name, _)| row.figure(name).is_none())
        .map(|(name, quantity)| named(name, &quantity_in_words(answer, quantity)));
    let figures: Vec<String> = figures.collect();
    if figures.is_empty() {
        return None;
    }
    let mut about = vec![match participle(claim.stance) {
        Some(word) => format!("{word} by {}", claim.by.name),
        None => claim.by.name.clone(),
    }];
    about.extend(claim.scope.clone());
    about.extend(own_period(row, claim).map(period_in_words));
    Some(format!("{} ({})", figures.join(", "), about.join(", ")))
}

/// When: the period of the row, then periods of claims that are others and do not stand beside a figure already.
fn periods(row: &Row) -> Vec<String> {
    let mut found: Vec<String> = row.period.map(period_in_words).into_iter().collect();
    for claim in row.current_claims() {
        let beside_figure = claim.quantities.iter().any(|(name, _)| row.figure(name).is_none());
        if let Some(period) = own_period(row, claim).filter(|_| !beside_figure) {
            let words = period_in_words(period);
            found.push(match row.claims.len() {
                1 => words,
                _ => format!("{words} ({})", claim.by.name),
            });
        }
    }
    found
}

fn own_period(row: &Row, claim: &ClaimValue) -> Option<PeriodValue> {
    claim.period.filter(|it| row.period.map(|it| it.period) != Some(it.period))
}

fn period_in_words(it: PeriodValue) -> String {
    format!("{}{}", unbroken(&it.period.to_words()), if it.inferred { INFERRED } else { "" })
}

/// Names of ends and of the object that are worked out. The row knows these by place, all other roles by name.
fn inferred_ends(row: &Row) -> Vec<String> {
    let elsewhere = |field: &String| {
        matches!(field.as_str(), "period" | "made" | "quantity")
            || row.roles.iter().any(|(name, _)| name == field)
            || row.quantities.iter().any(|(name, _)| name == field)
    };
    row.inferred.iter().filter(|it| !elsewhere(it)).map(|it| it.replace('_', " ")).collect()
}

/// A figure with its name, in one piece: "wounded: 50". An amount needs no name, it is that of the thing.
fn named(name: &str, words: &str) -> String {
    match name {
        "amount" => unbroken(words),
        _ => unbroken(&format!("{}: {words}", name.replace('_', " "))),
    }
}
