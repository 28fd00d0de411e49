//! The ids of facts so far.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::quality::RandomState;

/// Ids that were given away. Those that end with a number and come in its order, as those made of lines do, stand as ranges; of
/// all others two hashes are kept: a false repetition among a billion ids would be a wonder.
pub(super) struct IdSet {
    /// What stands before the number, with ranges of numbers, which rise.
    ranges: Vec<(Box<str>, Vec<Range>)>,
    by_stem: HashMap<Box<str>, usize, RandomState>,
    /// That of the last id, which the next one mostly has again.
    last: usize,
    hashers: [RandomState; 2],
    others: HashSet<[u64; 2], RandomState>,
}

/// Numbers of so many digits, from the first to the last.
#[derive(Clone, Copy)]
struct Range {
    digits: u8,
    first: u64,
    last: u64,
}

impl IdSet {
    pub(super) fn new() -> IdSet {
        IdSet {
            ranges: Vec::new(),
            by_stem: HashMap::default(),
            last: 0,
            hashers: [RandomState::default(), RandomState::default()],
            others: HashSet::default(),
        }
    }

    fn hashes(&self, id: &str) -> [u64; 2] {
        self.hashers.each_ref().map(|it| it.hash_one(id))
    }

    fn at(&self, stem: &str) -> Option<usize> {
        let is_last = self.ranges.get(self.last).is_some_and(|(it, _)| **it == *stem);
        if is_last { Some(self.last) } else { self.by_stem.get(stem).copied() }
    }

    /// Takes an id; `false` if it was there.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        if let Some((stem, digits, number)) = numbered(id) {
            let next = Range { digits, first: number, last: number };
            let Some(at) = self.at(stem) else {
                self.last = self.ranges.len();
                self.by_stem.insert(stem.into(), self.last);
                self.ranges.push((stem.into(), vec![next]));
                return true;
            };
            self.last = at;
            let ranges = self.ranges.get_mut(at).map(|(_, it)| it);
            let last = ranges.as_ref().and_then(|it| it.last().copied());
            if let (Some(ranges), Some(last)) = (ranges, last)
                && (last.digits, last.last) < (digits, number)
            {
                // Whatever was beside the ranges is less than their last.
                match ranges.last_mut() {
                    Some(it) if it.digits == digits && it.last + 1 == number => it.last = number,
                    _ => ranges.push(next),
                }
                return true;
            }
        }
        if self.contains(id) {
            return false;
        }
        let hashes = self.hashes(id);
        self.others.insert(hashes)
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        let in_range = numbered(id).and_then(|(stem, digits, number)| {
            let (_, ranges) = self.ranges.get(self.at(stem)?)?;
            let at = ranges.partition_point(|it| (it.digits, it.last) < (digits, number));
            ranges.get(at).filter(|it| it.digits == digits && it.first <= number)
        });
        in_range.is_some() || (!self.others.is_empty() && self.others.contains(&self.hashes(id)))
    }
}

/// What stands before the number at the end of an id, how many digits that has, and the number.
fn numbered(id: &str) -> Option<(&str, u8, u64)> {
    let stem = id.trim_end_matches(|it: char| it.is_ascii_digit());
    let digits = id.get(stem.len()..)?;
    let count = u8::try_from(digits.len()).ok().filter(|it| (1..=18).contains(it))?;
    Some((stem, count, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_set(ids in prop::collection::vec("[ab]{0,1}-?[01]{0,3}", 0..40), others in prop::collection::vec("[ab]{0,1}-?[01]{0,3}", 0..20)) {
            let (mut set, mut expected) = (IdSet::new(), HashSet::new());
            for id in &ids {
                prop_assert_eq!(set.insert(id), expected.insert(id.clone()), "{}", id);
            }
            for id in ids.iter().chain(&others) {
                prop_assert_eq!(set.contains(id), expected.contains(id), "{}", id);
            }
        }
    }

    #[test]
    fn ids_of_lines_take_no_memory() {
        let mut set = IdSet::new();
        assert!((1..=100_000).all(|it| set.insert(&format!("ledger-{it:07}"))));
        assert!(!set.insert("ledger-0000500") && !set.contains("ledger-500") && !set.contains("ledger-0100001"));
        assert_eq!((set.ranges.len(), set.ranges[0].1.len(), set.others.len()), (1, 1, 0));
    }
}
