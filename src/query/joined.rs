//! Several answers as one, for a diagram of several questions.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, ClaimValue, Note, Row};
use super::build::small_graph;

/// A fact that two answers tell differently, since they stand on different evidence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{fact}` rests on other claims here than in a question before")]
pub struct DifferentEvidence {
    /// The id of the fact.
    pub fact: String,
    /// The position of the answer that tells it differently.
    pub answer: usize,
}

/// Several answers as one: each fact once, in the order in which they first name it, and the sources numbered anew.
///
/// What is no fact (sums, lists, paths as such) is left out; of a single answer all stays as it is.
///
/// # Errors
///
/// [`DifferentEvidence`]: the answers must be of one graph and stand on the same evidence, or the same fact would have two
/// statuses.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer, join_answers};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let show = |name: &str| answer(&graph, &Question::Show { name: name.to_owned() });
/// let joined = join_answers(vec![show("a11")?, show("b1")?, show("a11")?])?;
/// assert_eq!(joined.rows.iter().map(|row| row.fact.as_str()).collect::<Vec<_>>(), ["a11", "b1"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn join_answers(mut answers: Vec<Answer>) -> Result<Answer, DifferentEvidence> {
    if let [_] = answers.as_slice() {
        return Ok(answers.swap_remove(0));
    }
    let mut joined =
        Answer { timeline: !answers.is_empty() && answers.iter().all(|it| it.timeline), ..Answer::default() };
    let mut questions = Vec::new();
    let mut titles = Vec::new();
    let mut notes = Notes::default();
    for (at, mut answer) in answers.into_iter().enumerate() {
        let numbers = notes.add(answer.notes);
        for row in answer.rows.iter_mut().chain(&mut answer.claimed) {
            renumber(row, &numbers);
        }
        add_rows(&mut joined.rows, answer.rows, at)?;
        add_rows(&mut joined.claimed, answer.claimed, at)?;
        titles.push(if answer.title.is_empty() { answer.question.clone() } else { answer.title });
        questions.push(answer.question);
        joined.kinds.extend(answer.kinds);
        joined.units.extend(answer.units);
        joined.wholes.extend(answer.wholes);
        add_new(&mut joined.remarks, answer.remarks);
        add_new(&mut joined.findings, answer.findings);
    }
    let own: BTreeSet<&str> = joined.rows.iter().map(|it| it.fact.as_str()).collect();
    joined.claimed.retain(|it| !own.contains(it.fact.as_str()));
    joined.question = questions.join("; ");
    joined.title = titles.join("; ");
    joined.notes = notes.list;
    joined.graph = small_graph(&joined.rows);
    Ok(joined)
}

fn add_rows(joined: &mut Vec<Row>, rows: Vec<Row>, answer: usize) -> Result<(), DifferentEvidence> {
    let known: BTreeMap<String, usize> = joined.iter().enumerate().map(|(at, it)| (it.fact.clone(), at)).collect();
    for row in rows {
        match known.get(&row.fact).and_then(|at| joined.get(*at)) {
            // Whether it falls into a period depends on the question.
            Some(before) if before.claims != row.claims || before.status != row.status => {
                return Err(DifferentEvidence { fact: row.fact, answer });
            }
            Some(_) => {}
            None => joined.push(row),
        }
    }
    Ok(())
}

fn add_new<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for it in more {
        if !list.contains(&it) {
            list.push(it);
        }
    }
}

/// Sources that were numbered so far, each known by its document and those that relayed it.
#[derive(Default)]
struct Notes {
    list: Vec<Note>,
    numbers: BTreeMap<(Option<String>, Vec<Option<String>>), usize>,
}

impl Notes {
    /// Adds sources of an answer and tells their new numbers by the old ones.
    fn add(&mut self, notes: Vec<Note>) -> BTreeMap<usize, usize> {
        let mut renumbered = BTreeMap::new();
        for note in notes {
            let key = (note.document.id.clone(), note.citing.iter().map(|it| it.id.clone()).collect());
            let before = note.number;
            let number = *self.numbers.entry(key).or_insert_with(|| {
                let number = self.list.len() + 1;
                self.list.push(Note { number, ..note });
                number
            });
            renumbered.insert(before, number);
        }
        renumbered
    }
}

fn renumber(row: &mut Row, numbers: &BTreeMap<usize, usize>) {
    let of_relations = row.relations.iter_mut().flat_map(|it| &mut it.claims);
    let all: Vec<&mut ClaimValue> = row.claims.iter_mut().chain(of_relations).collect();
    for claim in all {
        claim.note = numbers.get(&claim.note).copied().unwrap_or(claim.note);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};
    use crate::query::{Evidence, Question, answer_on};

    fn show(name: &str, without: &[&str]) -> Answer {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let evidence = Evidence { without: without.iter().map(|it| (*it).to_owned()).collect(), ..Evidence::default() };
        answer_on(&KnowledgeGraph::new(&dataset), &Question::Show { name: name.to_owned() }, &evidence).unwrap()
    }

    /// The documents that each claim of each fact cites, by name rather than by number.
    fn cited(answer: &Answer) -> BTreeSet<(String, String, Vec<String>)> {
        let claims = answer.rows.iter().flat_map(|row| row.claims.iter().map(|it| (row.fact.clone(), it.note)));
        claims
            .map(|(fact, number)| {
                let note = answer.notes.iter().find(|it| it.number == number).unwrap();
                (fact, note.document.name.clone(), note.citing.iter().map(|it| it.name.clone()).collect())
            })
            .collect()
    }

    #[test]
    fn each_fact_stands_once_and_cites_what_it_cited_before() {
        let parts = [show("msmt", &[]), show("russia", &[]), show("north-korea", &[])];
        let expected: BTreeSet<_> = parts.iter().flat_map(cited).collect();
        let all: BTreeSet<&str> = parts.iter().flat_map(|it| &it.rows).map(|it| it.fact.as_str()).collect();
        let joined = join_answers(parts.to_vec()).unwrap();
        assert_eq!(joined.rows.len(), all.len());
        assert_eq!(joined.rows.iter().map(|it| it.fact.as_str()).collect::<BTreeSet<_>>(), all);
        assert_eq!(cited(&joined), expected);
        assert!(joined.notes.iter().zip(1..).all(|(note, number)| note.number == number));
        assert!(joined.graph.edge_weights().all(|it| joined.rows[*it].from.is_some() && joined.rows[*it].to.is_some()));
    }

    #[test]
    fn what_is_claimed_is_told_once_and_not_beside_what_is_shown() {
        let joined = join_answers(vec![show("msmt", &[]), show("north-korea", &[]), show("msmt", &[])]).unwrap();
        let facts: Vec<&str> = joined.rows.iter().chain(&joined.claimed).map(|it| it.fact.as_str()).collect();
        assert_eq!(facts.iter().collect::<BTreeSet<_>>().len(), facts.len());
    }

    #[test]
    fn a_fact_on_other_evidence_is_refused() {
        let error = join_answers(vec![show("russia", &[]), show("russia", &["msmt"])]).unwrap_err();
        assert_eq!(error.answer, 1);
        assert!(error.to_string().contains(&error.fact));
    }

    #[test]
    fn one_answer_stays_as_it_is() {
        let one = show("msmt", &[]);
        let joined = join_answers(vec![one.clone()]).unwrap();
        assert_eq!((joined.rows, joined.subject, joined.question), (one.rows, one.subject, one.question));
        assert!(join_answers(Vec::new()).unwrap().rows.is_empty());
    }
}
