//! Rows of one source that contradict each other: the same pair and time both ways round, or with two figures.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use super::plan::Plan;
use crate::import::findings::ImportCode;
use crate::import::record::{End, Fact};
use crate::import::snapshot::{Line, Who};
use crate::model::EntityKind;

/// Rows so far, by a hash of who, what, to whom and when.
pub(super) struct Contradictions {
    /// Whether the source tells rows apart by ids of its own, so that equal ones are no repetition.
    has_ids: bool,
    hasher: RandomState,
    seen: HashMap<u64, Seen>,
    files: Vec<String>,
}

/// What is to be told, if anything.
pub(super) type Told = Option<(ImportCode, String)>;

/// By what a row is known: hashes of the claimant, the pair and the time, the same the other way round, and the figures.
#[derive(Clone, Copy)]
pub(super) struct Key {
    way: u64,
    turned: u64,
    figures: u64,
}

struct Seen {
    file: u32,
    line: u64,
    figures: u64,
}

impl Contradictions {
    pub(super) fn new(has_ids: bool) -> Contradictions {
        Contradictions { has_ids, hasher: RandomState::new(), seen: HashMap::new(), files: Vec::new() }
    }

    /// The file whose rows come next.
    pub(super) fn begin(&mut self, file: &str) {
        self.files.push(file.to_owned());
    }

    /// By what a fact is known, if it has two ends and a time.
    pub(super) fn key_of(&self, fact: &Fact, plan: &Plan<'_>) -> Option<Key> {
        let period = fact.period.as_deref()?;
        let (source, target) = plan.ends.get(&fact.kind).copied()?;
        let role = |at: Option<usize>| plan.mapping.roles.get(at?).map(|it| it.role.as_str());
        let (source, target) = (role(source)?, role(target)?);
        let end = |name: &str| fact.roles.iter().find(|(it, _)| it == name).map(|(_, ends)| ends.as_slice());
        let (from, to) = (end(source)?, end(target)?);
        // Who is unnamed may be anybody.
        if from.iter().chain(to).any(|it| matches!(it, End::Unnamed { .. })) {
            return None;
        }
        let hash = |from: &[End], to: &[End]| {
            let others: Vec<&(String, Vec<End>)> =
                fact.roles.iter().filter(|(name, _)| name != source && name != target).collect();
            let said = fact.claims.first().map(|it| (&it.by, &it.scope));
            self.hasher.hash_one((&fact.kind, from, to, others, period, said))
        };
        Some(Key { way: hash(from, to), turned: hash(to, from), figures: self.figures(fact) })
    }

    /// The same of a row that goes straight into columns. `filled` are the mapped roles, and two of them the ends.
    pub(super) fn key_of_line(
        &self,
        it: &Line,
        filled: &[Vec<(Who, EntityKind)>],
        [source, target]: [usize; 2],
    ) -> Option<Key> {
        let period = it.period?;
        let (from, to) = (filled.get(source)?, filled.get(target)?);
        if from.is_empty() || to.is_empty() || from.iter().chain(to).any(|(it, _)| matches!(it, Who::Unnamed(..))) {
            return None;
        }
        let hash = |from: &[(Who, EntityKind)], to: &[(Who, EntityKind)]| {
            let mut state = self.hasher.build_hasher();
            (it.kind, from, to, period, it.by, it.scope).hash(&mut state);
            for (at, ends) in filled.iter().enumerate().filter(|(at, _)| *at != source && *at != target) {
                (at, ends).hash(&mut state);
            }
            state.finish()
        };
        Some(Key { way: hash(from, to), turned: hash(to, from), figures: self.hasher.hash_one(&it.figures) })
    }

    /// What is odd about a row that went in, beside those before it.
    pub(super) fn note(&mut self, Key { way: key, turned, figures }: Key, line: u64) -> Told {
        let here = u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let place = |it: &Seen| match self.files.get(it.file as usize) {
            Some(file) if it.file != here => format!("line {} of {file}", it.line),
            _ => format!("line {}", it.line),
        };
        let found = match (self.seen.get(&key), self.seen.get(&turned).filter(|_| key != turned)) {
            (_, Some(other)) => {
                let place = place(other);
                Some((ImportCode::Contradiction, format!("{place} has the same pair and time the other way round")))
            }
            (Some(other), None) if other.figures != figures => {
                let place = place(other);
                Some((ImportCode::Contradiction, format!("{place} has the same pair and time with another figure")))
            }
            (Some(other), None) if !self.has_ids => {
                Some((ImportCode::Repeated, format!("{} says the same", place(other))))
            }
            _ => None,
        };
        self.seen.entry(key).or_insert(Seen { file: here, line, figures });
        found
    }

    fn figures(&self, fact: &Fact) -> u64 {
        let mut state = self.hasher.build_hasher();
        for claim in &fact.claims {
            claim.figures.hash(&mut state);
        }
        state.finish()
    }
}
