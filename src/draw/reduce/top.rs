//! The boxes that are worth drawing if there is room for so many only.

use std::collections::{BTreeMap, BTreeSet};

use super::all_ends;
use super::together::{BoxKey, Members};
use crate::query::Answer;

/// At most `most` boxes: first those to keep, then again and again the one that adds most facts to what is drawn; of equals
/// the one with most facts at all, then the one that the answer names first.
pub(super) fn boxes(answer: &Answer, members: &Members, most: usize, keep: &BTreeSet<&str>) -> BTreeSet<BoxKey> {
    let mut order: Vec<BoxKey> = Vec::new();
    let mut position: BTreeMap<BoxKey, usize> = BTreeMap::new();
    let mut kept: Vec<usize> = Vec::new();
    let mut facts: Vec<(usize, usize)> = Vec::new();
    for row in &answer.rows {
        let both: Vec<usize> = all_ends(row)
            .map(|end| {
                let key = members.box_of(end);
                let at = *position.entry(key.clone()).or_insert_with(|| {
                    order.push(key);
                    order.len() - 1
                });
                if end.id.as_deref().is_some_and(|it| keep.contains(it)) && !kept.contains(&at) {
                    kept.push(at);
                }
                at
            })
            .collect();
        if let [from, to] = both.as_slice() {
            facts.push((*from, *to));
        }
    }
    let mut all = vec![0_usize; order.len()];
    let mut neighbours: Vec<Vec<usize>> = vec![Vec::new(); order.len()];
    for (from, to) in &facts {
        for (one, other) in [(from, to), (to, from)] {
            if let (Some(count), Some(list)) = (all.get_mut(*one), neighbours.get_mut(*one)) {
                *count += 1;
                list.push(*other);
            }
        }
    }
    let mut chosen = vec![false; order.len()];
    let mut added = vec![0_usize; order.len()];
    let mut count = 0;
    while count < most.min(order.len()) {
        // Whoever is to be kept comes before all others.
        let worth = |at: &usize| {
            let of = |list: &[usize]| list.get(*at).copied().unwrap_or(0);
            (kept.contains(at), of(&added), of(&all), std::cmp::Reverse(*at))
        };
        let open = (0..order.len()).filter(|at| !chosen.get(*at).copied().unwrap_or(true));
        let Some(best) = open.max_by_key(worth) else { break };
        if let Some(it) = chosen.get_mut(best) {
            *it = true;
        }
        for other in neighbours.get(best).into_iter().flatten() {
            if let Some(it) = added.get_mut(*other) {
                *it += 1;
            }
        }
        count += 1;
    }
    order.into_iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(key, _)| key).collect()
}
