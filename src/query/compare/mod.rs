//! What changed between two graphs: facts, claims, entities, decisions and words that were added, changed or removed,
//! and how the answer to a question changed.
//!
//! Both graphs are seen through [`GraphView`] alone, so a folder and the snapshot of it are the same. Index order is id
//! order, so records and entities are compared as two sorted lists are merged, each once. What has no id is compared by
//! what it says: claims of a record, names of an entity. An unnamed participant is known by its group and by where else
//! it stands.

mod answers;
mod cells;
mod claims;
mod entities;
mod pair;
mod records;
mod words;

pub use answers::{AnswerChange, AnswerPart, compare_answers};

use pair::Pair;

use super::error::QueryError;
use crate::graph::GraphView;

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new graph has it.
    Added,
    /// Both have it, and it is not the same.
    Changed,
    /// Only the old graph has it.
    Removed,
}

impl Change {
    /// All, in their order.
    pub const ALL: [Change; 3] = [Change::Added, Change::Changed, Change::Removed];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        }
    }

    /// The sign before a line.
    pub fn sign(self) -> char {
        match self {
            Change::Added => '+',
            Change::Changed => '~',
            Change::Removed => '-',
        }
    }
}

/// One property of something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Its name: `period`, `amount`, `supplier`, [`FieldChange::CLAIM`].
    pub field: String,
    /// Whose it is, where there are several: a fact of a record, the claimant.
    pub of: Option<String>,
    /// What it was, in words; none: it was not there.
    pub old: Option<String>,
    /// What it is; none: it is no longer there.
    pub new: Option<String>,
}

impl FieldChange {
    /// The field of a whole claim.
    pub const CLAIM: &'static str = "claim";

    /// The change in a line: "amount: at least 100 ballistic missiles → 250", "now also says so: the MSMT".
    ///
    /// ```
    /// use purvey::query::FieldChange;
    ///
    /// let change = FieldChange {
    ///     field: "amount".to_owned(),
    ///     of: None,
    ///     old: Some("at least 100 ballistic missiles".to_owned()),
    ///     new: Some("250".to_owned()),
    /// };
    /// assert_eq!(change.in_words(), "amount: at least 100 ballistic missiles → 250");
    /// ```
    pub fn in_words(&self) -> String {
        let of = self.of.as_deref();
        if self.field == FieldChange::CLAIM {
            let by = of.map_or(String::new(), |it| format!(": {it}"));
            return match (&self.old, &self.new) {
                (None, Some(new)) => format!("now also says so{by}: {new}"),
                (Some(old), None) => format!("no longer says so{by}: {old}"),
                (old, new) => {
                    format!("says so{by}: {} → {}", old.as_deref().unwrap_or("–"), new.as_deref().unwrap_or("–"))
                }
            };
        }
        let name = match of {
            Some(of) => format!("{} ({of})", self.field),
            None => self.field.clone(),
        };
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => format!("{name}: {old} → {new}"),
            (None, Some(new)) => format!("now with {name}: {new}"),
            (Some(old), None) => format!("no longer with {name}: {old}"),
            (None, None) => name,
        }
    }
}

/// A record, an entity, a decision or a word that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What became of it.
    pub change: Change,
    /// Its id.
    pub id: String,
    /// Its kind: `supply`, `country`, `same`, `unit`.
    pub sort: String,
    /// What it is, in words.
    pub name: String,
    /// Of a record: the ids of its facts.
    pub facts: Vec<String>,
    /// What is not as it was. Of a record that was added or removed, its claims.
    pub changes: Vec<FieldChange>,
}

/// How many of a sort were added, changed and removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Only in the new graph.
    pub added: usize,
    /// In both, and not the same.
    pub changed: usize,
    /// Only in the old graph.
    pub removed: usize,
}

impl Counts {
    /// Counts one.
    pub fn count(&mut self, change: Change) {
        self.add(change, 1);
    }

    fn add(&mut self, change: Change, number: usize) {
        match change {
            Change::Added => self.added += number,
            Change::Changed => self.changed += number,
            Change::Removed => self.removed += number,
        }
    }

    /// How many.
    pub fn of(&self, change: Change) -> usize {
        match change {
            Change::Added => self.added,
            Change::Changed => self.changed,
            Change::Removed => self.removed,
        }
    }

    fn of_items(items: &[Item]) -> Counts {
        let mut counts = Counts::default();
        items.iter().for_each(|it| counts.count(it.change));
        counts
    }
}

/// What changed between two graphs, each list in the order of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Records with what they say.
    pub records: Vec<Item>,
    /// Entities, documents among them.
    pub entities: Vec<Item>,
    /// Decisions on who is the same.
    pub decisions: Vec<Item>,
    /// Kinds of fact, units and other words.
    pub vocabulary: Vec<Item>,
    /// Answers that were asked for and changed.
    pub answers: Vec<AnswerChange>,
    /// Number of facts.
    pub facts: Counts,
    /// Number of claims.
    pub claims: Counts,
}

impl Comparison {
    /// Whether nothing changed, answers apart.
    pub fn is_empty(&self) -> bool {
        [&self.records, &self.entities, &self.decisions, &self.vocabulary].iter().all(|it| it.is_empty())
    }

    /// How many entities.
    pub fn entity_counts(&self) -> Counts {
        Counts::of_items(&self.entities)
    }

    /// How many decisions.
    pub fn decision_counts(&self) -> Counts {
        Counts::of_items(&self.decisions)
    }

    /// How many kinds, units and other words.
    pub fn word_counts(&self) -> Counts {
        Counts::of_items(&self.vocabulary)
    }
}

/// Compares two graphs. Linear in what they hold; what changed is put into words.
///
/// A date of a document that claims take as their own is told as a change of the document alone. Labels of unnamed
/// participants and the order of claims, names and relations say nothing and are not compared.
///
/// # Errors
///
/// [`QueryError::Damaged`], if one of the graphs met a fault.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Change, compare};
///
/// let mut dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let old = KnowledgeGraph::new(&dataset);
/// assert!(compare(&old, &old)?.is_empty());
///
/// let at = dataset.entity_ix("north-korea").ok_or("no such entity")?;
/// dataset.entities[at.index()].short = Some("DPRK".into());
/// let changed = compare(&old, &KnowledgeGraph::new(&dataset))?;
/// assert_eq!(changed.entities[0].changes[0].in_words(), "now with short name: DPRK");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare<A: GraphView, B: GraphView>(old: &A, new: &B) -> Result<Comparison, QueryError> {
    let pair = Pair::new(old, new);
    let mut found = Comparison::default();
    entities::compare(&pair, &mut found);
    records::compare(&pair, &mut found);
    words::compare(&pair, &mut found);
    match old.fault().or_else(|| new.fault()) {
        Some(fault) => Err(fault.into()),
        None => Ok(found),
    }
}
