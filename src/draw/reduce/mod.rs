//! Fewer boxes for the same answer: some drawn as one, the best connected alone, or several figures.
//!
//! Rows are never changed. What stands together is told beside them, so that each fact keeps its own ends for sentences and
//! sources; only its box is another one.

mod split;
mod together;
mod top;

pub use split::split;
pub use together::{Member, Together};

use std::collections::BTreeSet;

use together::collapse;
pub(crate) use together::{BoxKey, Members};

use crate::model::Collapse;
use crate::query::{Answer, Ref, Row};

/// How to draw less.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduction {
    /// Who is drawn as one, one way after the other; whoever stands in a box stays there.
    pub collapse: Vec<Collapse>,
    /// At most so many boxes: those whose facts are most.
    pub top: Option<usize>,
    /// Ids of entities that stay as they are, whatever happens to others.
    pub keep: Vec<String>,
}

/// An answer that takes fewer boxes.
#[derive(Clone, Debug, Default)]
pub struct Reduced {
    /// The answer with the facts that are drawn.
    pub answer: Answer,
    /// Who stands together in one box.
    pub together: Vec<Together>,
    /// What is left out.
    pub left_out: LeftOut,
}

/// Facts that a picture leaves out on purpose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Their ids, in the order of the rows.
    pub facts: Vec<String>,
    /// Who stands in them and not in the picture.
    pub names: Vec<String>,
}

/// Most names that a sentence lists.
const MOST_NAMES: usize = 20;

impl LeftOut {
    /// "12 facts are left out, with Iran and Belarus"; nothing if all is drawn.
    pub fn in_words(&self) -> Option<String> {
        let facts = match self.facts.len() {
            0 => return None,
            1 => "1 fact is left out".to_owned(),
            count => format!("{count} facts are left out"),
        };
        Some(match self.names.len() {
            0 => facts,
            _ => format!("{facts}, with {}", list(&self.names)),
        })
    }
}

/// Names as a sentence lists them, the first ones if they are many.
fn list(names: &[String]) -> String {
    match names.len() {
        0..=MOST_NAMES => crate::query::join(names.iter().cloned(), "and"),
        count => format!("{} and {} more", names.get(..MOST_NAMES).unwrap_or(names).join(", "), count - MOST_NAMES),
    }
}

/// Reduces an answer: first some are drawn as one, then the best connected boxes are kept.
///
/// Deterministic; with n boxes and m facts it takes about n squared plus m steps.
///
/// # Example
///
/// ```
/// use purvey::draw::{Reduction, reduce};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::model::Collapse;
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "msmt".to_owned() })?;
/// let reduced = reduce(&answer, &Reduction { collapse: vec![Collapse::Members], ..Reduction::default() });
/// assert_eq!(reduced.together[0].name, "11 members of the MSMT");
/// # Ok::<(), purvey::query::QueryError>(())
/// ```
pub fn reduce(answer: &Answer, reduction: &Reduction) -> Reduced {
    let mut together = Vec::new();
    for how in &reduction.collapse {
        let more = collapse(answer, *how, &kept(answer, reduction), &Members::of(&together));
        together.extend(more);
    }
    let mut reduced = Reduced { answer: answer.clone(), together, left_out: LeftOut::default() };
    if let Some(most) = reduction.top {
        let members = Members::of(&reduced.together);
        let boxes = top::boxes(answer, &members, most, &kept(answer, reduction));
        let (drawn, out): (Vec<Row>, Vec<Row>) =
            answer.rows.iter().cloned().partition(|row| all_ends(row).all(|it| boxes.contains(&members.box_of(it))));
        reduced.left_out = left_out(&out, |it| boxes.contains(&members.box_of(it)));
        reduced.answer.rows = drawn;
        let is_drawn = |it: &Together| it.members.iter().any(|it| boxes.contains(&members.box_of_key(&it.key)));
        let shown: Vec<bool> = reduced.together.iter().map(is_drawn).collect();
        let mut shown = shown.into_iter();
        reduced.together.retain(|_| shown.next().unwrap_or(true));
    }
    reduced
}

/// Whether one of several stands in a figure of a split answer.
pub fn stands_in(together: &Together, figure: &Answer) -> bool {
    let members: Vec<&NodeKey> = together.members.iter().map(|it| &it.key).collect();
    figure.rows.iter().flat_map(all_ends).any(|it| members.contains(&&node_key(it)))
}

/// The ids that stay: those named, and the one asked about.
fn kept<'a>(answer: &'a Answer, reduction: &'a Reduction) -> BTreeSet<&'a str> {
    let subject = answer.subject.iter().filter_map(|it| it.entity.id.as_deref());
    reduction.keep.iter().map(String::as_str).chain(subject).collect()
}

/// The ends that a fact has: both, one or none.
fn all_ends(row: &Row) -> impl Iterator<Item = &Ref> {
    row.from.iter().chain(&row.to)
}

/// Both ends of a fact that has two; of any other none, since it leads from nobody to nobody.
fn ends(row: &Row) -> impl Iterator<Item = &Ref> {
    row.from.as_ref().zip(row.to.as_ref()).into_iter().flat_map(|(from, to)| [from, to])
}

fn left_out(rows: &[Row], is_drawn: impl Fn(&Ref) -> bool) -> LeftOut {
    let mut names: Vec<String> = Vec::new();
    for end in rows.iter().flat_map(all_ends).filter(|it| !is_drawn(it)) {
        if !names.contains(&end.name) {
            names.push(end.name.clone());
        }
    }
    LeftOut { facts: rows.iter().map(|it| it.fact.clone()).collect(), names }
}

/// Who somebody is in an answer: the key, with whose people they are.
pub(crate) type NodeKey = (u32, Option<String>);

pub(crate) fn node_key(it: &Ref) -> NodeKey {
    (it.key, it.of.clone())
}

#[cfg(test)]
mod tests;
