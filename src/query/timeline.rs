//! The facts of a question in the order of their time.

use super::answer::{Answer, Row};
use super::build::time_key;
use super::error::QueryError;
use super::lens::Lens;
use super::question::Question;
use crate::graph::GraphView;

/// The rows of another question: earliest possible day first, then latest possible day; what has no date comes last.
///
/// What is no fact has no time: chains, entries and numbers are left out.
pub(crate) fn timeline<G: GraphView>(lens: &Lens<'_, G>, question: &Question) -> Result<Answer, QueryError> {
    let mut answer = super::answer_through(lens, question)?;
    let moved = in_order(lens, &mut answer.rows);
    in_order(lens, &mut answer.claimed);
    for row in answer.graph.edge_weights_mut() {
        *row = moved.get(*row).copied().unwrap_or(*row);
    }
    if answer.entries.is_some() || answer.counts.is_some() {
        answer.remarks.push("a timeline has only facts, and this question gives none".to_owned());
    }
    let question = format!("{}{}", Question::Timeline(Box::new(question.clone())), lens.words());
    Ok(Answer { question, timeline: true, chains: None, entries: None, counts: None, ..answer })
}

/// Sorts rows by time and tells where each one has gone.
fn in_order<G: GraphView>(lens: &Lens<'_, G>, rows: &mut Vec<Row>) -> Vec<usize> {
    let mut order: Vec<(usize, Row)> = std::mem::take(rows).into_iter().enumerate().collect();
    order.sort_by_cached_key(|(_, row)| lens.graph.fact_by_id(&row.fact).map(|it| time_key(lens, it)));
    let mut moved = vec![0; order.len()];
    for (now, (before, row)) in order.into_iter().enumerate() {
        if let Some(place) = moved.get_mut(before) {
            *place = now;
        }
        rows.push(row);
    }
    moved
}
