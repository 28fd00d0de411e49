//! Rows of one source that contradict each other: the same pair and time both ways round, or with two figures.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};

use super::plan::Plan;
use crate::import::findings::ImportCode;
use crate::import::record::{End, Fact};

/// Rows so far, by a hash of who, what, to whom and when.
pub(super) struct Contradictions {
    /// Whether the source tells rows apart by ids of its own, so that equal ones are no repetition.
    has_ids: bool,
    hasher: RandomState,
    seen: HashMap<u64, Seen>,
}

struct Seen {
    line: u64,
    figures: u64,
}

impl Contradictions {
    pub(super) fn new(has_ids: bool) -> Contradictions {
        Contradictions { has_ids, hasher: RandomState::new(), seen: HashMap::new() }
    }

    /// What is odd about a fact beside those before it.
    pub(super) fn look(&mut self, fact: &Fact, line: u64, plan: &Plan<'_>) -> Option<(ImportCode, String)> {
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
        std::hash::Hasher::finish(&state)
    }
}
