//! Names that differ from a typed one by a letter or two, without reading all names.
//!
//! Two walks share the work. Names in the order of their forms are a tree, whose branches share a beginning; a branch is left as soon as too much
//! differs. That alone would enter every branch at the top, where two slips are always possible. So the typed text is cut in half: either at most
//! all slips but one lie in its first half, and the walk from the beginning allows no more there; or all lie in the first half, the second one is
//! spelt right, and the walk from the end (over names in the order of their ends) begins with a long piece that must fit exactly.

use std::ops::Range;

use super::{LONGEST_TYPED, NameIndex};

/// Where no more than so many names share a beginning, they are compared one by one.
const FEW: usize = 12;

/// Places of the typed text beside the one that a letter of the name stands at that count: two to either side.
const BAND: usize = 5;
const MIDDLE: usize = BAND / 2;

/// Stands for a distance that is too large.
const FAR: u8 = u8::MAX;

/// A name that is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Near {
    /// Its place among the names.
    pub(super) name: u32,
    /// Its distance (optimal string alignment).
    pub(super) distance: u8,
}

/// How many slips a typed text of so many characters may have: from 4 characters on 1, from 8 on 2.
pub(super) fn slips_allowed(characters: usize) -> Option<u8> {
    match characters {
        4..=7 => Some(1),
        8..=LONGEST_TYPED => Some(2),
        _ => None,
    }
}

/// What is near, and how many steps it took to find it.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// In the order of the names, each once.
    pub(super) near: Vec<Near>,
    /// Letters of names that were compared, a letter that names share once.
    pub(super) steps: usize,
}

/// All names (no codes) at most so many slips, one or two, away from a form. With `same_digits` only those with the same digits in the same order.
///
/// The work grows with the number of names that share half of the form, or so, and not with that of all names.
pub(super) fn near(index: &NameIndex<'_>, form: &str, slips: u8, same_digits: bool) -> Walked {
    let typed: Vec<char> = form.chars().collect();
    let half = typed.len() / 2;
    let digits = same_digits.then(|| typed.iter().copied().filter(|it| it.is_numeric()).collect());
    let mut walk =
        Walk { index, from_end: false, typed, exact: half, early: slips - 1, slips, digits, found: Walked::default() };
    walk.start();
    walk.typed.reverse();
    walk.digits.iter_mut().for_each(|it: &mut Vec<char>| it.reverse());
    (walk.from_end, walk.exact, walk.early) = (true, walk.typed.len() - half, 0);
    walk.start();
    let mut found = walk.found;
    found.near.sort_unstable();
    found.near.dedup_by_key(|it| it.name);
    found
}

struct Walk<'w, 'i> {
    index: &'w NameIndex<'i>,
    /// Whether texts are read from their ends.
    from_end: bool,
    typed: Vec<char>,
    /// Before so many typed characters at most `early` slips are allowed, behind them `slips`.
    exact: usize,
    early: u8,
    slips: u8,
    /// Digits that the name must have.
    digits: Option<Vec<char>>,
    found: Walked,
}

/// How far beginnings of the typed text are from the beginning of a name.
#[derive(Clone, Copy)]
struct Row {
    /// Characters of the name.
    letters: usize,
    /// By typed characters, from `letters - MIDDLE` on.
    costs: [u8; BAND],
    /// The same for one letter less.
    before: [u8; BAND],
    /// The last letter.
    last: Option<char>,
    /// Digits among the letters.
    digits: usize,
}

impl Row {
    fn typed(&self, at: usize) -> Option<usize> {
        (self.letters + at).checked_sub(MIDDLE)
    }
}

impl<'i> Walk<'_, 'i> {
    fn allowed(&self, typed: usize) -> u8 {
        if typed < self.exact { self.early } else { self.slips }
    }

    fn start(&mut self) {
        let mut row = Row { letters: 0, costs: [FAR; BAND], before: [FAR; BAND], last: None, digits: 0 };
        let costs = row.costs.iter_mut().skip(MIDDLE);
        for ((typed, cost), to) in (0_u8..).enumerate().zip(costs) {
            if typed <= self.typed.len() && cost <= self.allowed(typed) {
                *to = cost;
            }
        }
        self.branch(0..self.index.names().len(), 0, &row);
    }

    /// Goes on with names that share so many bytes.
    fn branch(&mut self, names: Range<usize>, bytes: usize, row: &Row) {
        if names.len() <= FEW {
            names.for_each(|it| self.follow(it, bytes, row));
            return;
        }
        let rest = |it: usize| self.rest(it, bytes);
        // Those that end here come first.
        let longer = first(names.clone(), |it| !rest(it).is_empty());
        for it in names.start..longer {
            self.arrive(it, row);
        }
        let mut from = longer;
        if self.has_slack(row) {
            while from < names.end {
                let Some(letter) = self.first_letter(self.rest(from, bytes)) else { break };
                let next =
                    first(from..names.end, |it| self.first_letter(self.rest(it, bytes)).is_none_or(|it| it > letter));
                // Names of a damaged file stand in any order.
                let next = next.max(from + 1);
                self.step_into(from..next, bytes, row, letter);
                from = next;
            }
        } else {
            // Only what was typed there leads on.
            let around = self.typed.iter().skip(row.letters.saturating_sub(MIDDLE + 1)).take(BAND + 2);
            let mut wanted: Vec<char> = around.copied().collect();
            wanted.sort_unstable();
            wanted.dedup();
            for letter in wanted {
                if self.next(row, letter).is_none() {
                    self.found.steps += 1;
                    continue;
                }
                from = self.first_with(from..names.end, bytes, |it| it >= letter);
                let next = self.first_with(from..names.end, bytes, |it| it > letter);
                if from < next {
                    self.step_into(from..next, bytes, row, letter);
                }
                from = next;
            }
        }
    }

    fn step_into(&mut self, names: Range<usize>, bytes: usize, row: &Row, letter: char) {
        self.found.steps += 1;
        if let Some(next) = self.next(row, letter) {
            self.branch(names, bytes + letter.len_utf8(), &next);
        }
    }

    /// Goes on with one name to its end, or until it is too far.
    fn follow(&mut self, name: usize, bytes: usize, row: &Row) {
        let mut rest = self.rest(name, bytes);
        let mut row = *row;
        while let Some(letter) = self.first_letter(rest) {
            self.found.steps += 1;
            let Some(next) = self.next(&row, letter) else { return };
            row = next;
            let left = rest.len() - letter.len_utf8();
            rest = if self.from_end { rest.get(..left) } else { rest.get(letter.len_utf8()..) }.unwrap_or_default();
        }
        self.arrive(name, &row);
    }

    /// Takes down a name that was read whole, if it is near.
    fn arrive(&mut self, name: usize, row: &Row) {
        let at = (self.typed.len() + MIDDLE).checked_sub(row.letters);
        let Some(distance) = at.and_then(|it| row.costs.get(it)).copied().filter(|it| *it <= self.slips) else {
            return;
        };
        if self.digits.as_ref().is_some_and(|it| it.len() != row.digits) {
            return;
        }
        let name = if self.from_end { self.index.name_by_end(name) } else { u32::try_from(name).ok() };
        self.found.near.extend(name.map(|name| Near { name, distance }));
    }

    /// The distances with one letter more, if any beginning of the typed text may still come near.
    fn next(&self, row: &Row, letter: char) -> Option<Row> {
        let mut digits = row.digits;
        if let Some(wanted) = &self.digits
            && letter.is_numeric()
        {
            if wanted.get(digits) != Some(&letter) {
                return None;
            }
            digits += 1;
        }
        let mut next =
            Row { letters: row.letters + 1, costs: [FAR; BAND], before: row.costs, last: Some(letter), digits };
        let mut is_near = false;
        let mut left = FAR;
        for at in 0..BAND {
            let Some(typed) = next.typed(at).filter(|it| *it <= self.typed.len()) else { continue };
            let of = |costs: &[u8; BAND], at: usize| costs.get(at).copied().unwrap_or(FAR);
            let here = typed.checked_sub(1).and_then(|it| self.typed.get(it)).copied();
            // A letter of the name too many; a typed one too many; another letter, or the same.
            let mut cost = of(&row.costs, at + 1).saturating_add(1).min(left.saturating_add(1));
            if let Some(here) = here {
                cost = cost.min(of(&row.costs, at).saturating_add(u8::from(here != letter)));
                // Two letters swapped.
                let one_before = typed.checked_sub(2).and_then(|it| self.typed.get(it)).copied();
                if row.last == Some(here) && one_before == Some(letter) {
                    cost = cost.min(of(&row.before, at).saturating_add(1));
                }
            }
            let cost = if cost <= self.allowed(typed) { cost } else { FAR };
            if let Some(to) = next.costs.get_mut(at) {
                *to = cost;
            }
            left = cost;
            is_near |= cost != FAR;
        }
        is_near.then_some(next)
    }

    /// Whether a letter that was not typed may stand next.
    fn has_slack(&self, row: &Row) -> bool {
        let costs = row.costs.iter().enumerate().filter(|(_, cost)| **cost != FAR);
        costs.filter_map(|(at, cost)| Some((row.typed(at)?, *cost))).any(|(typed, cost)| {
            cost < self.allowed(typed) || (typed < self.typed.len() && cost < self.allowed(typed + 1))
        })
    }

    /// What is left of a name, in its order, behind (or before) so many bytes.
    fn rest(&self, name: usize, bytes: usize) -> &'i str {
        let at = if self.from_end { self.index.name_by_end(name).map(|it| it as usize) } else { Some(name) };
        let form = at.and_then(|it| self.index.names().get(it)).map_or("", |it| self.index.form(it));
        let rest = if self.from_end { form.get(..form.len().saturating_sub(bytes)) } else { form.get(bytes..) };
        rest.unwrap_or_default()
    }

    fn first_letter(&self, rest: &str) -> Option<char> {
        if self.from_end { rest.chars().next_back() } else { rest.chars().next() }
    }

    fn first_with(&self, names: Range<usize>, bytes: usize, fits: impl Fn(char) -> bool) -> usize {
        first(names, |it| self.first_letter(self.rest(it, bytes)).is_some_and(&fits))
    }
}

/// The first of a range that fits, where all behind it fit too; the end if none does. Doubles its steps from the beginning, for what is sought
/// mostly stands there.
fn first(range: Range<usize>, fits: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut step) = (range.start, 1);
    let mut high = loop {
        let probe = low + step - 1;
        if probe >= range.end {
            break range.end;
        }
        if fits(probe) {
            break probe;
        }
        low = probe + 1;
        step *= 2;
    };
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::{NameIndexBuf, NameRank};

    /// What [`near`] finds, by looking at every name.
    fn scanned(index: &NameIndex<'_>, form: &str, slips: u8, same_digits: bool) -> Vec<Near> {
        let digits = |it: &str| it.chars().filter(|it| it.is_numeric()).collect::<String>();
        let forms = (0_u32..).zip(index.names()).map(|(name, it)| (name, index.form(it)));
        let forms = forms.filter(|(_, it)| !same_digits || digits(it) == digits(form));
        let near = forms.filter_map(|(name, it)| Some((name, u8::try_from(strsim::osa_distance(form, it)).ok()?)));
        near.filter(|(_, it)| *it <= slips).map(|(name, distance)| Near { name, distance }).collect()
    }

    fn index_of(names: &[String]) -> NameIndexBuf {
        NameIndexBuf::new((0..).zip(names).map(|(node, it)| (node, NameRank::Primary, it.as_str())))
    }

    /// Crowded enough that names share beginnings and ends, with digits, blanks and letters of one to four bytes.
    fn names(pattern: &'static str) -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(pattern, 0..250)
    }

    fn agree(names: &[String], typed: &str) -> Result<(), TestCaseError> {
        let index = index_of(names);
        let index = index.view();
        let form = crate::model::normal_form(typed);
        for slips in 1..=2 {
            for same_digits in [false, true] {
                let found = near(&index, &form, slips, same_digits).near;
                prop_assert_eq!(
                    found,
                    scanned(&index, &form, slips, same_digits),
                    "{:?} {} {}",
                    form,
                    slips,
                    same_digits
                );
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_walk_finds_what_a_look_at_every_name_finds(
            (names, typed) in (names("[ab1]{1,9}"), "[ab1]{1,9}"),
        ) {
            agree(&names, &typed)?;
        }

        #[test]
        fn in_any_script(
            (names, typed) in (names("[aéя한𐐨 2]{1,7}"), "[aéя한𐐨 2]{1,7}"),
        ) {
            agree(&names, &typed)?;
        }

        #[test]
        fn near_names_that_are_there(
            names in names("[abc]{2,4} ?[abcд0-1]{2,6}"),
            (which, edits) in (any::<prop::sample::Index>(), prop::collection::vec((any::<prop::sample::Index>(), 0..4, "[abcд]"), 1..3)),
        ) {
            prop_assume!(!names.is_empty());
            let mut typed: Vec<char> = which.get(&names).chars().collect();
            for (at, edit, letter) in edits {
                let at = at.index(typed.len());
                let letter = letter.chars().next().unwrap_or('x');
                match edit {
                    0 => typed[at] = letter,
                    1 => typed.insert(at, letter),
                    2 if typed.len() > 1 => drop(typed.remove(at)),
                    _ if at > 0 => typed.swap(at - 1, at),
                    _ => {}
                }
            }
            agree(&names, &typed.into_iter().collect::<String>())?;
        }
    }

    /// Steps grow far more slowly than the names do.
    #[test]
    fn few_names_are_looked_at() {
        let names: Vec<String> = (0..60_u64)
            .flat_map(|a| (0..500_u64).map(move |b| (a, b)))
            .map(|(a, b)| {
                let letter = |it: u64| char::from(b'a' + u8::try_from(it % 26).unwrap_or(0));
                let word = |mut it: u64| {
                    let mut word = String::new();
                    for _ in 0..6 {
                        word.push(letter(it));
                        it /= 7;
                    }
                    word
                };
                format!("{} {} trading ltd", word(a * 7_919 + b), word(b * 104_729 + a))
            })
            .collect();
        let steps = |count: usize| {
            let index = index_of(&names[..count]);
            let typed: Vec<String> = names.iter().step_by(count / 10).map(|it| it.replacen(' ', "q", 1)).collect();
            typed.iter().map(|it| near(&index.view(), it, 2, true).steps).max().unwrap_or(0)
        };
        let (few, many) = (steps(300), steps(30_000));
        assert!(many < few * 20, "{few} {many}");
        assert!(many < 30_000, "{many}");
    }
}
