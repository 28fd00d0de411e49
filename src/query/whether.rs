//! Whether something is so: never a bare yes, but who says so, who denies it, and what did not come about.

use std::collections::BTreeSet;

use super::answer::Row;
use super::judged::{Verdict, VerdictWord};
use super::wording::{capital, join, outcome_in_words};
use crate::model::{Certainty, Outcome, Stance};

/// So many claimants at most are told one by one.
const MOST_CLAIMANTS: usize = 8;

/// So many figures at most are told.
const MOST_FIGURES: usize = 3;

/// Who says what, and of which facts.
struct Saying<'r> {
    name: &'r str,
    stance: Stance,
    facts: Vec<&'r str>,
}

/// What the facts found say to a question of yes or no; `found` counts them all, also those that are not shown.
pub(crate) fn verdict(rows: &[Row], found: usize) -> Verdict {
    let happened = |row: &&Row| row.outcome == Outcome::Happened;
    let (real, unreal): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(happened);
    let affirmed = sayings(&real, |it| it != Stance::Denies);
    let denied = sayings(&real, |it| it == Stance::Denies);
    let surely: Vec<&Row> = real.iter().copied().filter(|it| it.matched != Some(Certainty::Possible)).collect();
    let maybe = if surely.is_empty() && !real.is_empty() { ", if it falls into that time" } else { "" };
    let (word, mut text) = match (affirmed.is_empty(), denied.is_empty()) {
        (false, true) => (VerdictWord::Said, format!("Yes{maybe}, by the word of {}.", list(&affirmed))),
        (false, false) => (
            VerdictWord::Disputed,
            format!("In dispute{maybe}: yes, by the word of {}; denied by {}.", list(&affirmed), list(&denied)),
        ),
        (true, false) => (VerdictWord::Denied, format!("Only denied, by {}.", list(&denied))),
        (true, true) if !unreal.is_empty() => {
            let planned = sayings(&unreal, |_| true);
            let outcomes: BTreeSet<&str> = unreal.iter().filter_map(|it| outcome_in_words(it.outcome)).collect();
            let outcomes = join(outcomes.into_iter().map(str::to_owned), "or");
            let text = format!("Not as something that happened: it was {outcomes}, by the word of {}.", list(&planned));
            (VerdictWord::NotHappened, text)
        }
        (true, true) => {
            let text = "Nothing in the data says so, which does not mean no.".to_owned();
            (VerdictWord::Nothing, text)
        }
    };
    // A yes must not turn "as many as" into "at least".
    let figures: Vec<String> = real
        .iter()
        .flat_map(|row| row.quantities.iter().map(|(_, it)| format!("{} says “{}”", row.fact, it.text)))
        .take(MOST_FIGURES)
        .collect();
    if word == VerdictWord::Said && !figures.is_empty() {
        text.push_str(&format!(" {}.", join(figures.into_iter(), "and")));
    }
    if word == VerdictWord::Said {
        text.push_str(" Nobody in the data denies it.");
    }
    if found > rows.len() {
        text.push_str(" More facts were found than are shown.");
    }
    Verdict { word, text: capital(&text) }
}

/// Claimants of facts with a stance that is wanted, in the order of the facts, each with what it says.
fn sayings<'r>(rows: &[&'r Row], wanted: impl Fn(Stance) -> bool) -> Vec<Saying<'r>> {
    let mut found: Vec<Saying<'r>> = Vec::new();
    for row in rows {
        for claim in row.current_claims().filter(|it| wanted(it.stance)) {
            match found.iter_mut().find(|it| it.name == claim.by.prose && it.stance == claim.stance) {
                Some(saying) if saying.facts.last() == Some(&row.fact.as_str()) => {}
                Some(saying) => saying.facts.push(&row.fact),
                None => {
                    found.push(Saying { name: &claim.by.prose, stance: claim.stance, facts: vec![&row.fact] });
                }
            }
        }
    }
    found
}

/// "the MSMT (states it: a7, a8) and the Government of Russia (admits it: a7)".
fn list(sayings: &[Saying<'_>]) -> String {
    let mut texts: Vec<String> = sayings
        .iter()
        .take(MOST_CLAIMANTS)
        .map(|it| format!("{} ({} it: {})", it.name, it.stance.as_str(), few(&it.facts)))
        .collect();
    if sayings.len() > MOST_CLAIMANTS {
        texts.push(format!("{} more", sayings.len() - MOST_CLAIMANTS));
    }
    join(texts.into_iter(), "and")
}

/// The first ids, and how many more there are.
fn few(ids: &[&str]) -> String {
    const MOST: usize = 6;
    match ids.get(..MOST) {
        Some(first) if ids.len() > MOST => format!("{} and {} more", first.join(", "), ids.len() - MOST),
        _ => ids.join(", "),
    }
}
