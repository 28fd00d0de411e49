//! The ids of facts so far.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use foldhash::quality::RandomState;

/// Ids that were given away. Those that end with a number and come in its order, as those made of lines do, stand as ranges; of
/// all others two hashes are kept: a false repetition among a billion ids would be a wonder.
pub(super) struct IdSet {
    /// By what stands before the number, and by its digits: ranges of numbers, first and last.
    ranges: HashMap<Box<str>, Vec<Range>, RandomState>,
    hashers: [RandomState; 2],
    others: HashSet<[u64; 2], RandomState>,
}

#[derive(Clone, Copy)]
struct Range {
    digits: u8,
    first: u64,
    last: u64,
}

impl IdSet {
    pub(super) fn new() -> IdSet {
        IdSet {
            ranges: HashMap::default(),
            hashers: [RandomState::default(), RandomState::default()],
            others: HashSet::default(),
        }
    }

    fn hashes(&self, id: &str) -> [u64; 2] {
        self.hashers.each_ref().map(|it| it.hash_one(id))
    }

    /// Takes an id; `false` if it was there.
    pub(super) fn insert(&mut self, id: &str) -> bool {
        if self.contains(id) {
            return false;
        }
        if let Some((stem, digits, number)) = numbered(id) {
            let next = Range { digits, first: number, last: number };
            match self.ranges.get_mut(stem).map(|it| (it.last().copied(), it)) {
                None => {
                    self.ranges.insert(stem.into(), vec![next]);
                    return true;
                }
                Some((Some(last), ranges)) if (last.digits, last.last) < (digits, number) => {
                    match ranges.last_mut() {
                        Some(it) if it.digits == digits && it.last + 1 == number => it.last = number,
                        _ => ranges.push(next),
                    }
                    return true;
                }
                Some(_) => {}
            }
        }
        let hashes = self.hashes(id);
        self.others.insert(hashes)
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        let in_range = numbered(id).and_then(|(stem, digits, number)| {
            let ranges = self.ranges.get(stem)?;
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
        assert_eq!((set.ranges.len(), set.ranges["ledger-"].len(), set.others.len()), (1, 1, 0));
    }
}
