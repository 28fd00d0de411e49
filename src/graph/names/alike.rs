//! What to suggest for a name that nothing is called.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::search::from_each_word;
use super::typos::near;
use super::{LONGEST_TYPED, NameIndex, characters};

/// Most suggestions for a name that matches nothing.
const MOST_NEAR: usize = 5;

/// How like a name must be to be suggested, from 0 to 1 (Jaro-Winkler).
const LEAST_LIKENESS: f64 = 0.78;

/// The likeness of a name that holds what was typed, or is held by it, as whole words ("korea" and "North Korea").
const LIKENESS_OF_PART: f64 = 0.9;

/// How many names are compared in each of the two orders of all names, around the place where the typed one would stand.
const AROUND: usize = 1_000;

/// Most names of each other sort that are compared.
const MOST_COMPARED: usize = 500;

/// Most words of a name that a typed text may hold.
const LONGEST_HELD: usize = 10;

impl NameIndex<'_> {
    /// Nodes with names like a form, the closest first, then in index order.
    pub(super) fn near(&self, form: &str, roman: Option<&str>, accept: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut names = BTreeSet::new();
        for form in roman.into_iter().chain([form]).filter(|it| !it.is_empty()) {
            self.add_comparable(form, &mut names);
        }
        let typed: Vec<Typed<'_>> = roman.into_iter().chain([form]).map(Typed::new).collect();
        let mut likeness: BTreeMap<u32, f64> = BTreeMap::new();
        for it in names.into_iter().filter_map(|it| self.names().get(it)) {
            let name = self.form(it);
            if characters(name) > LONGEST_TYPED {
                continue;
            }
            let like = typed.iter().map(|it| it.like(name)).fold(0.0, f64::max);
            if like >= LEAST_LIKENESS && accept(it.node) {
                let known = likeness.entry(it.node).or_insert(like);
                *known = known.max(like);
            }
        }
        let mut near: Vec<(u32, f64)> = likeness.into_iter().collect();
        near.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        near.into_iter().take(MOST_NEAR).map(|(node, _)| node).collect()
    }

    /// Names that may be like a form: all of a few; of many those that begin or end like it, differ by two letters or less, hold it as
    /// whole words or are held by it.
    fn add_comparable(&self, form: &str, names: &mut BTreeSet<usize>) {
        let all = self.names();
        names.extend(around(all.partition_point(|it| self.form(it) < form), all.len()));
        if all.len() <= AROUND {
            return;
        }
        let end_of = |place: usize| {
            let name = self.name_by_end(place).and_then(|it| all.get(it as usize));
            name.map_or("", |it| self.form(it)).chars().rev()
        };
        let place = first_place(all.len(), |it| end_of(it).ge(form.chars().rev()));
        names.extend(around(place, all.len()).filter_map(|it| self.name_by_end(it)).map(|it| it as usize));
        let slips = if characters(form) < 5 { 1 } else { 2 };
        let close = near(self, form, slips, false).near;
        names.extend(close.into_iter().take(MOST_COMPARED).map(|it| it.name as usize));
        let words: Vec<&str> = form.split(' ').collect();
        for from in 0..words.len() {
            for stretch in (1..=LONGEST_HELD).map_while(|it| words.get(from..from + it)) {
                let part = stretch.join(" ");
                if characters(&part) > 2 {
                    names.extend(self.names_equal(&part).map(|(at, _)| at));
                }
            }
        }
        if characters(form) > 2 {
            let inner = format!(" {form}");
            let holders = self.holding(&inner).filter(|(_, it)| holds_words(self.form(it), form));
            names.extend(holders.take(MOST_COMPARED).map(|(at, _)| at));
        }
    }
}

/// Places around one, [`AROUND`] in all or as many as there are.
fn around(place: usize, count: usize) -> Range<usize> {
    let from = place.saturating_sub(AROUND / 2).min(count.saturating_sub(AROUND));
    from..(from + AROUND).min(count)
}

/// The first of so many places that fits, where all behind it fit too.
fn first_place(count: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
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

/// The likeness (Jaro) above which strsim adds what a common beginning is worth; [`LEAST_LIKENESS`] is not reached without.
const LEAST_WITHOUT_BEGINNING: f64 = 0.7;

/// A typed form that is compared with many names.
struct Typed<'t> {
    form: &'t str,
    characters: usize,
    /// How often it has each character, by their numbers modulo 64.
    counts: [u16; 64],
}

fn count(counts: &mut [u16; 64], c: char) -> Option<&mut u16> {
    counts.get_mut(u32::from(c) as usize % 64)
}

impl<'t> Typed<'t> {
    fn new(form: &'t str) -> Typed<'t> {
        let mut counts = [0_u16; 64];
        for c in form.chars() {
            count(&mut counts, c).into_iter().for_each(|it| *it = it.saturating_add(1));
        }
        Typed { form, characters: characters(form), counts }
    }

    /// How alike a name is, from 0 to 1; less than [`LEAST_LIKENESS`] may also be 0.
    fn like(&self, name: &str) -> f64 {
        let likeness = if self.may_be_like(name) { strsim::jaro_winkler(self.form, name) } else { 0.0 };
        let is_part = holds_words(name, self.form) || holds_words(self.form, name);
        if is_part { likeness.max(LIKENESS_OF_PART) } else { likeness }
    }

    /// Whether the name has enough characters in common, in whatever order: that is told faster than the likeness itself.
    fn may_be_like(&self, name: &str) -> bool {
        let mut left = self.counts;
        let (mut length, mut common) = (0_u32, 0_u32);
        for c in name.chars() {
            length += 1;
            if let Some(it) = count(&mut left, c).filter(|it| **it > 0) {
                *it -= 1;
                common += 1;
            }
        }
        let typed = u32::try_from(self.characters).unwrap_or(u32::MAX);
        // The measure favours short names: "Ru" would be nearer to "Ruzzia" than "Russia" is.
        if length < typed.div_ceil(2) {
            return false;
        }
        let share = |of: u32| f64::from(common) / f64::from(of.max(1));
        (share(typed) + share(length) + 1.0) / 3.0 > LEAST_WITHOUT_BEGINNING
    }
}

/// Whether `part`, of at least three characters, stands in `whole` as whole words.
fn holds_words(whole: &str, part: &str) -> bool {
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    whole.len() > part.len()
        && part.chars().nth(2).is_some()
        && from_each_word(whole).any(|it| it.strip_prefix(part).is_some_and(ends_word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_not_measured_would_not_be_suggested(typed in "[abcдé ]{1,12}", name in "[abcдé ]{1,12}") {
            let far_shorter = characters(&name) < characters(&typed).div_ceil(2);
            let measured = if far_shorter { 0.0 } else { strsim::jaro_winkler(&typed, &name) };
            let quick = Typed::new(&typed);
            prop_assert!(quick.may_be_like(&name) || measured < LEAST_LIKENESS, "{}", measured);
        }
    }
}
