//! Numbers for the texts of columns: tables repeat themselves, so what a text means is found out once, and kept by its number.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::plan::Plan;
use crate::import::short::Short;

/// At most so many texts of a group of columns are remembered, so that memory does not grow with the rows.
const REMEMBERED: usize = 1 << 18;
/// Of columns that name entities, which stand in memory themselves, so many.
const ENTITIES: usize = 1 << 22;
/// At most so many bytes of text of a group are remembered.
const REMEMBERED_BYTES: usize = 1 << 26;

/// Columns that are read together: a name and an id.
pub(super) type Columns = [Option<usize>; 2];

/// Columns that a figure may have.
pub(super) const FIGURE_PARTS: usize = 4;

/// Where the numbers of a row stand among the groups of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Groups {
    roles: usize,
}

impl Groups {
    pub(super) const KIND: usize = 0;
    pub(super) const DIRECTION: usize = 1;
    pub(super) const OUTCOME: usize = 2;
    pub(super) const STANCE: usize = 3;
    pub(super) const CLAIMANT: usize = 4;
    /// Beginning and end of the period of the fact, then of that of the claim.
    const PERIODS: usize = 5;
    const ROLES: usize = Groups::PERIODS + 4;

    /// A side of a period, the first or the second.
    pub(super) fn side(which: usize, side: usize) -> usize {
        Groups::PERIODS + 2 * which + side
    }

    /// The groups of a plan, with their columns and whether these name entities.
    pub(super) fn of(plan: &Plan<'_>) -> (Groups, Vec<(Columns, bool)>) {
        let one = |it: Option<usize>| [it, None];
        let mut columns = vec![one(plan.kind), one(plan.direction), one(plan.outcome), one(plan.stance), one(plan.by)];
        for period in [&plan.period, &plan.made] {
            columns.push(one(period.as_ref().map(|it| it.column)));
            columns.push(one(period.as_ref().and_then(|it| it.to)));
        }
        columns.extend(plan.roles.iter().map(|it| [it.column, it.id_column]));
        for it in &plan.figures {
            columns.extend([Some(it.column), it.to, it.unit_column, it.hedge_column].map(one));
        }
        let groups = Groups { roles: plan.roles.len() };
        let roles = groups.role(0)..groups.role(plan.roles.len());
        (groups, columns.into_iter().enumerate().map(|(at, it)| (it, roles.contains(&at))).collect())
    }

    pub(super) fn role(self, at: usize) -> usize {
        Groups::ROLES + at
    }

    /// A part of a figure: its number, the upper end of its range, its unit, its hedge.
    pub(super) fn figure(self, at: usize, part: usize) -> usize {
        Groups::ROLES + self.roles + FIGURE_PARTS * at + part
    }
}

/// The texts of one group so far.
#[derive(Default)]
struct Known {
    columns: Columns,
    /// So many texts at most.
    most: usize,
    /// An earlier group of the same columns, whose numbers it has.
    same_as: Option<usize>,
    count: u32,
    short: HashTable<(Short, u32)>,
    /// The short text that came last, which the next row often has again.
    last: Option<(Short, u32)>,
    long: HashTable<Long>,
    text: Vec<u8>,
    ends: Vec<usize>,
}

/// A text that is not short.
#[derive(Clone, Copy)]
struct Long {
    /// A part of the hash, which spares most looks at the texts.
    tag: u32,
    /// Its place among the long texts.
    place: u32,
    number: u32,
}

impl Known {
    /// The number of a text, if it is known.
    fn find(&mut self, text: &[u8], hasher: &RandomState) -> Option<u32> {
        let Some(short) = Short::of(text) else {
            let hash = hasher.hash_one(text);
            let is_it = |it: &Long| it.tag == tag(hash) && text_of(&self.text, &self.ends, it.place) == text;
            return self.long.find(hash, is_it).map(|it| it.number);
        };
        if let Some((last, number)) = self.last
            && last == short
        {
            return Some(number);
        }
        self.last = self.short.find(hasher.hash_one(short), |(it, _)| *it == short).copied();
        self.last.map(|(_, number)| number)
    }

    fn is_full(&self) -> bool {
        self.count as usize >= self.most || self.text.len() >= REMEMBERED_BYTES
    }

    fn clear(&mut self) {
        self.count = 0;
        self.last = None;
        self.short.clear();
        self.long.clear();
        self.text.clear();
        self.ends.clear();
    }

    /// Gives a new text the next number.
    fn add(&mut self, text: &[u8], hasher: &RandomState) -> u32 {
        let number = self.count;
        self.count += 1;
        if let Some(short) = Short::of(text) {
            self.short.insert_unique(hasher.hash_one(short), (short, number), |(it, _)| hasher.hash_one(it));
            self.last = Some((short, number));
            return number;
        }
        let hash = hasher.hash_one(text);
        let place = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.text.extend_from_slice(text);
        self.ends.push(self.text.len());
        let Known { long, text, ends, .. } = self;
        let new = Long { tag: tag(hash), place, number };
        long.insert_unique(hash, new, |it| hasher.hash_one(text_of(text, ends, it.place)));
        number
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 16) as u32
}

/// Gives out the numbers: from 0 in the order in which texts come, for each group.
pub(super) struct Codes {
    groups: Vec<Known>,
    hasher: RandomState,
    key: Vec<u8>,
    /// Groups that began again before this row.
    began: Vec<usize>,
}

impl Codes {
    /// Of groups of columns, and whether these name entities.
    pub(super) fn new(columns: &[(Columns, bool)]) -> Codes {
        let groups = columns.iter().enumerate().map(|(at, (it, names_entities))| {
            let first = columns.iter().position(|(other, _)| other == it);
            let most = if *names_entities { ENTITIES } else { REMEMBERED };
            Known { columns: *it, most, same_as: first.filter(|first| *first < at), ..Known::default() }
        });
        let groups = groups.collect();
        Codes { groups, hasher: RandomState::default(), key: Vec::new(), began: Vec::new() }
    }

    /// Adds the numbers of a row, a group after the other. `forgotten` is told of each group that began again before this row.
    pub(super) fn number<'r>(
        &mut self,
        field: impl Fn(usize) -> &'r [u8],
        numbers: &mut Vec<u32>,
        mut forgotten: impl FnMut(usize),
    ) {
        let start = numbers.len();
        self.began.clear();
        for (at, group) in self.groups.iter_mut().enumerate() {
            if let Some(first) = group.same_as {
                if self.began.contains(&first) {
                    forgotten(at);
                }
                numbers.push(numbers.get(start + first).copied().unwrap_or_default());
                continue;
            }
            let text = match group.columns {
                [None, None] => {
                    numbers.push(0);
                    continue;
                }
                [Some(only), None] | [None, Some(only)] => field(only),
                columns => {
                    // A byte that stands in no field parts them.
                    self.key.clear();
                    for column in columns {
                        self.key.extend_from_slice(column.map_or(&[][..], &field));
                        self.key.push(0xff);
                    }
                    &self.key
                }
            };
            let number = group.find(text, &self.hasher).unwrap_or_else(|| {
                if group.is_full() {
                    group.clear();
                    self.began.push(at);
                    forgotten(at);
                }
                group.add(text, &self.hasher)
            });
            numbers.push(number);
        }
    }
}

fn text_of<'t>(text: &'t [u8], ends: &[usize], at: u32) -> &'t [u8] {
    let at = at as usize;
    let start = at.checked_sub(1).and_then(|it| ends.get(it)).copied().unwrap_or(0);
    ends.get(at).and_then(|end| text.get(start..*end)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_one_number_and_columns_do_not_run_into_each_other() {
        let mut codes = Codes::new(&[([Some(0), None], true), ([Some(0), Some(1)], false), ([None; 2], false)]);
        let mut numbers = Vec::new();
        let rows: [[&[u8]; 2]; 4] = [[b"a", b"b"], [b"ab", b""], [b"a", b"b"], [b"", b"ab"]];
        for row in rows {
            codes.number(|at| row.get(at).copied().unwrap_or_default(), &mut numbers, |_| {});
        }
        assert_eq!(numbers, [0, 0, 0, 1, 1, 0, 0, 0, 0, 2, 2, 0]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let one = ([Some(0), None], false);
        let mut codes = Codes::new(&[one, one]);
        let (mut numbers, mut forgotten) = (Vec::new(), 0);
        for row in 0..2 * REMEMBERED {
            let text = row.to_string();
            let text = text.as_bytes();
            codes.number(|_| text, &mut numbers, |it| forgotten += 1 + 10 * it);
        }
        // Each group was told, the first and the one that has its numbers.
        assert_eq!((forgotten, numbers.len()), (12, 4 * REMEMBERED));
        let last = REMEMBERED as u32 - 1;
        assert_eq!(numbers[2 * REMEMBERED - 2..2 * REMEMBERED + 2], [last, last, 0, 0]);
    }
}
