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
}

/// What is to be told, if anything.
pub(super) type Told = Option<(ImportCode, String)>;

struct Seen {
    line: u64,
    figures: u64,
}

impl Contradictions {
    pub(super) fn new(has_ids: bool) -> Contradictions {
        Contradictions { has_ids, hasher: RandomState::new(), seen: HashMap::new() }
    }

    /// What is odd about a fact beside those before it.
    pub(super) fn look(&mut self, fact: &Fact, line: u64, plan: &Plan<'_>) -> Told {
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
            self.hasher.hash_one((&fact.kind, from, to, others, period, fact.claims.first().map(|it| &it.scope)))
        };
        let (key, turned) = (hash(from, to), hash(to, from));
        let figures = self.figures(fact);
        self.note(key, turned, figures, line)
    }

    /// The same of a row that goes straight into columns. `filled` are the mapped roles, and two of them the ends.
    pub(super) fn look_at_line(
        &mut self,
        it: &Line,
        filled: &[Vec<(Who, EntityKind)>],
        [source, target]: [usize; 2],
        line: u64,
    ) -> Told {
        let period = it.period?;
        let (from, to) = (filled.get(source)?, filled.get(target)?);
        if from.is_empty() || to.is_empty() || from.iter().chain(to).any(|(it, _)| matches!(it, Who::Unnamed(..))) {
            return None;
        }
        let hash = |from: &[(Who, EntityKind)], to: &[(Who, EntityKind)]| {
            let mut state = self.hasher.build_hasher();
            (it.kind, from, to, period, it.scope).hash(&mut state);
            for (at, ends) in filled.iter().enumerate().filter(|(at, _)| *at != source && *at != target) {
                (at, ends).hash(&mut state);
            }
            state.finish()
        };
        let (key, turned) = (hash(from, to), hash(to, from));
        let figures = self.hasher.hash_one(&it.figures);
        self.note(key, turned, figures, line)
    }

    fn note(&mut self, key: u64, turned: u64, figures: u64, line: u64) -> Told {
        let found = match (self.seen.get(&key), self.seen.get(&turned).filter(|_| key != turned)) {
            (_, Some(other)) => {
                let line = other.line;
                Some((ImportCode::Contradiction, format!("line {line} has the same pair and time the other way round")))
            }
            (Some(other), None) if other.figures != figures => {
                let line = other.line;
                Some((ImportCode::Contradiction, format!("line {line} has the same pair and time with another figure")))
            }
            (Some(other), None) if !self.has_ids => {
                Some((ImportCode::Repeated, format!("line {} says the same", other.line)))
            }
            _ => None,
        };
        self.seen.entry(key).or_insert(Seen { line, figures });
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
