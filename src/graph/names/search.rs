//! Names in which a text stands.

use std::collections::BTreeMap;

use memchr::memmem;

use super::columns::NameEntry;
use super::typos::{near, slips_allowed};
use super::{NameIndex, NameRank, characters};

/// Of more words none is taken for misspelt: each is looked for in all names.
const MOST_WORDS: usize = 8;

/// How a text that is searched for stands in a name; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Closeness {
    /// It is the name (or the code).
    Exact,
    /// The name begins with it.
    Prefix,
    /// A later word of the name begins with it.
    WordPrefix,
    /// It stands elsewhere in the name.
    Substring,
    /// It, or a word of it, differs from the name by a letter or two.
    Typo,
}

/// A node found by [`NameIndex::search`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// How well the name matches.
    pub closeness: Closeness,
    /// The node.
    pub node: u32,
    /// What kind of name it is.
    pub rank: NameRank,
    /// Which name: an index for [`NameIndex::name`].
    pub name: u32,
}

impl<'i> NameIndex<'i> {
    pub(super) fn search_form(&self, form: &str, code: &str) -> Vec<Found> {
        let mut best: BTreeMap<u32, Found> = BTreeMap::new();
        let mut add = |closeness, at: usize, it: &NameEntry| {
            let Ok(name) = u32::try_from(at) else { return };
            let found = Found { closeness, node: it.node, rank: it.rank(), name };
            best.entry(it.node).and_modify(|known| *known = (*known).min(found)).or_insert(found);
        };
        for (at, it) in self.codes_equal(code) {
            add(Closeness::Exact, at, it);
        }
        for (at, it) in self.holding(form) {
            if let Some(closeness) = closeness(self.form(it), form) {
                add(closeness, at, it);
            }
        }
        if let Some(slips) = slips_allowed(characters(form)) {
            for found in near(self, form, slips, false).near {
                let at = found.name as usize;
                if let Some(it) = self.names().get(at).filter(|it| !self.form(it).contains(form)) {
                    add(Closeness::Typo, at, it);
                }
            }
        }
        if best.is_empty() {
            self.with_all_words(form, &mut best);
        }
        if best.is_empty() {
            self.with_misspelt_words(form, &mut best);
        }
        let mut found: Vec<Found> = best.into_values().collect();
        found.sort_unstable();
        found
    }

    /// Names with a word that begins with each of several words, in any order: "Kadyrov Ramzan" is in "Ramzan Akhmatovich Kadyrov".
    fn with_all_words(&self, form: &str, best: &mut BTreeMap<u32, Found>) {
        let words: Vec<&str> = form.split(' ').filter(|it| !it.is_empty()).collect();
        // The longest is in the fewest names.
        let Some(rarest) = words.iter().max_by_key(|it| it.len()) else { return };
        // Single letters begin too many words.
        if words.len() < 2 || words.iter().any(|it| characters(it) < 2) {
            return;
        }
        for (at, it) in self.holding(rarest) {
            let name = self.form(it);
            if !words.iter().all(|word| from_each_word(name).any(|it| it.starts_with(word))) {
                continue;
            }
            let Ok(place) = u32::try_from(at) else { continue };
            let found = Found { closeness: Closeness::Substring, node: it.node, rank: it.rank(), name: place };
            best.entry(it.node).and_modify(|known| *known = (*known).min(found)).or_insert(found);
        }
    }

    /// The same where some of the words are misspelt: one at least must be spelt right, by which names are found.
    fn with_misspelt_words(&self, form: &str, best: &mut BTreeMap<u32, Found>) {
        let words: Vec<&str> = form.split(' ').filter(|it| !it.is_empty()).collect();
        if !(2..=MOST_WORDS).contains(&words.len()) {
            return;
        }
        let is_meant = |word: &str, name: &str| {
            let slips = slips_allowed(characters(word)).map_or(0, usize::from);
            name.starts_with(word) || slips > 0 && strsim::osa_distance(word, name) <= slips
        };
        for anchor in words.iter().filter(|it| characters(it) >= 3) {
            for (at, it) in self.holding(anchor) {
                let name = self.form(it);
                let is_found = words.iter().all(|word| name.split(' ').any(|it| is_meant(word, it)));
                if let (true, Ok(place)) = (is_found, u32::try_from(at)) {
                    let found = Found { closeness: Closeness::Typo, node: it.node, rank: it.rank(), name: place };
                    best.entry(it.node).and_modify(|known| *known = (*known).min(found)).or_insert(found);
                }
            }
        }
    }

    /// The names (no codes) whose forms hold a text, with their places, in their order. Reads all forms, which lie one behind the other.
    pub(super) fn holding(&self, text: &str) -> impl Iterator<Item = (usize, &'i NameEntry)> {
        let (index, forms, names) = (*self, self.all_forms(), self.names());
        let finder = memmem::Finder::new(text).into_owned();
        let mut at = 0;
        std::iter::from_fn(move || {
            let found = at + finder.find(forms.get(at..)?)?;
            // The last one that begins there or before.
            let place = names.partition_point(|it| index.place_of_form(it).start <= found).checked_sub(1)?;
            let it = names.get(place)?;
            // On behind the name; the forms of a damaged file may lie anywhere.
            at = index.place_of_form(it).end.max(found + 1);
            Some((place, it))
        })
    }
}

/// How `text` stands in `name`; both are normal forms.
pub(super) fn closeness(name: &str, text: &str) -> Option<Closeness> {
    if name == text {
        Some(Closeness::Exact)
    } else if name.starts_with(text) {
        Some(Closeness::Prefix)
    } else if !name.contains(text) {
        None
    } else if from_each_word(name).any(|it| it.starts_with(text)) {
        Some(Closeness::WordPrefix)
    } else {
        Some(Closeness::Substring)
    }
}

/// The name from its first word on, from its second word on, and so forth.
pub(super) fn from_each_word(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |rest| rest.split_once(' ').map(|(_, later)| later))
}
