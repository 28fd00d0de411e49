//! Noun phrases that "and" joins to one: "artillery, missiles and combat vehicles".

use super::phrases::{Item, Part, Phrase, Thing};

/// Joins noun phrases of one sort that "and" joins.
pub(super) fn joined(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::with_capacity(items.len());
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let mut item = item.clone();
        let after_before = matches!(out.last().map(|it| &it.part), Some(Part::Before(_)));
        if let Part::Noun(phrase) = &mut item.part
            && let Some((others, end, after)) = list_from(&items, at, phrase, after_before)
        {
            phrase.things.extend(others);
            item.after = after;
            at = end;
        }
        at += 1;
        out.push(item);
    }
    out
}

/// What is joined to the phrase at a place, the place of the last part of it, and the word after it.
fn list_from(items: &[Item], from: usize, phrase: &Phrase, after_before: bool) -> Option<(Vec<Thing>, usize, usize)> {
    let sort = phrase.things.first()?.sort();
    if !(1..=3).contains(&sort) {
        return None;
    }
    let mut things = Vec::new();
    let mut at = from + 1;
    loop {
        let mut joint = false;
        if matches!(items.get(at).map(|it| &it.part), Some(Part::Comma)) {
            at += 1;
        }
        if matches!(items.get(at).map(|it| &it.part), Some(Part::And)) {
            at += 1;
            joint = true;
        }
        let Some(Item { part: Part::Noun(next), after, .. }) = items.get(at) else { return None };
        // A list begins with a comma or ends with "and"; two phrases side by side are two.
        if at == from + 1 || next.things.iter().any(|it| it.sort() != sort) || next.negated {
            return None;
        }
        things.extend(next.things.iter().cloned());
        if joint {
            // "to Russia, and Ukraine received": the next clause begins.
            let next_is_verb = matches!(
                items.get(at + 1).map(|it| &it.part),
                Some(Part::Verb(_) | Part::Have | Part::Be | Part::Say(_) | Part::Modal)
            );
            if next_is_verb && after_before {
                return None;
            }
            return Some((things, at, *after));
        }
        at += 1;
        if things.len() > 40 {
            return None;
        }
    }
}
