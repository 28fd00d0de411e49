//! Rows of one source that contradict each other: the same pair and time both ways round, or with two figures.

use std::hash::{BuildHasher, Hash, Hasher};
use std::io;
use std::path::Path;
use std::sync::Arc;

use foldhash::quality::RandomState;
use zerocopy::{FromBytes, Immutable, IntoBytes};

use super::plan::Plan;
use crate::import::findings::{ImportCode, ImportFinding, ImportFindings};
use crate::import::record::{End, Fact};
use crate::import::snapshot::{Line, Who};
use crate::import::sorter::Sorter;
use crate::model::EntityKind;

/// Rows so far, by a hash of who, what, to whom and when.
pub(super) struct Contradictions {
    /// Whether the source tells rows apart by ids of its own, so that equal ones are no repetition.
    has_ids: bool,
    hasher: RandomState,
    seen: Sorter<Seen>,
    found: Sorter<Found>,
    files: Vec<Arc<str>>,
}

/// By what a row is known: hashes of the claimant, the pair and the time, the same the other way round, and the figures.
#[derive(Clone, Copy)]
pub(super) struct Key {
    way: u64,
    turned: u64,
    figures: u64,
}

/// A row, by the lesser of its two hashes: those that may contradict each other stand together, in the order of the input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Seen {
    key: u64,
    file: u32,
    unused: u32,
    /// Twice the line, and one more if the row stands the other way round.
    line: u64,
    figures: u64,
}

/// What is odd about a row beside an earlier one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
struct Found {
    file: u32,
    unused: u32,
    line: u64,
    other_line: u64,
    other_file: u32,
    what: u32,
}

const TURNED: u32 = 0;
const OTHER_FIGURE: u32 = 1;
const SAME: u32 = 2;

impl Contradictions {
    /// What does not fit into memory waits in files of a folder.
    pub(super) fn new(has_ids: bool, folder: &Path) -> Contradictions {
        let (seen, found) = (Sorter::new(folder), Sorter::new(folder));
        Contradictions { has_ids, hasher: RandomState::default(), seen, found, files: Vec::new() }
    }

    /// The file whose rows come next.
    pub(super) fn begin(&mut self, file: &str) {
        self.files.push(file.into());
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

    /// Takes a row that went in.
    pub(super) fn note(&mut self, Key { way, turned, figures }: Key, line: u64) -> io::Result<()> {
        let file = u32::try_from(self.files.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let line = line << 1 | u64::from(turned < way);
        self.seen.push(Seen { key: way.min(turned), file, unused: 0, line, figures })
    }

    /// Tells what is odd about the rows beside each other, in their order.
    pub(super) fn finish(self, findings: &mut ImportFindings) -> io::Result<()> {
        let Contradictions { has_ids, seen, mut found, files, .. } = self;
        let mut key = None;
        // The first row of each way round.
        let mut first: [Option<Seen>; 2] = [None; 2];
        for row in seen.finish()? {
            let row = row?;
            if key.replace(row.key) != Some(row.key) {
                first = [None; 2];
            }
            let is_turned = row.line & 1 == 1;
            let [forward, backward] = first;
            let (same, other) = if is_turned { (backward, forward) } else { (forward, backward) };
            let odd = match (same, other) {
                (_, Some(other)) => Some((TURNED, other)),
                (Some(same), None) if same.figures != row.figures => Some((OTHER_FIGURE, same)),
                (Some(same), None) if !has_ids => Some((SAME, same)),
                _ => None,
            };
            if let Some((what, other)) = odd {
                let (file, line, other_file, other_line) = (row.file, row.line >> 1, other.file, other.line >> 1);
                found.push(Found { file, unused: 0, line, other_line, other_file, what })?;
            }
            first = if is_turned { [forward, backward.or(Some(row))] } else { [forward.or(Some(row)), backward] };
        }
        for row in found.finish()? {
            let row = row?;
            let name = |it: u32| files.get(it as usize).cloned().unwrap_or_else(|| "".into());
            let place = match row.other_file == row.file {
                true => format!("line {}", row.other_line),
                false => format!("line {} of {}", row.other_line, name(row.other_file)),
            };
            let (code, message) = match row.what {
                TURNED => {
                    (ImportCode::Contradiction, format!("{place} has the same pair and time the other way round"))
                }
                OTHER_FIGURE => {
                    (ImportCode::Contradiction, format!("{place} has the same pair and time with another figure"))
                }
                _ => (ImportCode::Repeated, format!("{place} says the same")),
            };
            let (file, line) = (name(row.file), Some(row.line));
            findings.add(ImportFinding { file, line, column: None, code, message, help: None });
        }
        Ok(())
    }

    fn figures(&self, fact: &Fact) -> u64 {
        let mut state = self.hasher.build_hasher();
        for claim in &fact.claims {
            claim.figures.hash(&mut state);
        }
        state.finish()
    }
}
