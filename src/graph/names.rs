//! Finding nodes by what a reader types.

mod alike;
mod columns;
mod search;
mod typos;

use std::collections::{BTreeMap, BTreeSet};

use super::snapshot::Guard;
use crate::model::{normal_form, romanised};
use columns::ByEnd;
use typos::slips_allowed;

pub use columns::NameIndexBuf;
pub(crate) use columns::{FaultCell, NameColumns, NameEntry};
pub use search::{Closeness, Found};

/// Longest typed name, in characters, that is compared with names unlike it.
const LONGEST_TYPED: usize = 200;

/// Least letters of a misspelt demonym.
const LEAST_OF_DEMONYM: usize = 8;

/// How a name matches; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameRank {
    /// The id, the name or its plural.
    Primary,
    /// An identifier of some scheme: ISO 3166, Wikidata, IMO.
    Code,
    /// Another name, or a romanised reading of what was typed.
    Alias,
    /// "North Korean".
    Demonym,
    /// The name of a place that stands for a body: "Moscow".
    Metonym,
    /// A name by which others may be called as well, spelt exactly.
    Weak,
    /// A name that differs by a letter or two. Only a match has this rank; as the rank of a name it counts as [`NameRank::Alias`].
    Typo,
}

/// What a typed name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameMatch {
    /// Nothing is called that.
    None {
        /// Nodes with names like it: the closest first, then in index order, at most five.
        near: Vec<u32>,
    },
    /// One node has the best rank.
    One {
        /// The node.
        node: u32,
        /// How its name matches.
        rank: NameRank,
        /// Other nodes that the name may mean, each at its best (lower) rank, in the order of ranks, then of nodes.
        others: Vec<(u32, NameRank)>,
    },
    /// Several nodes share the best rank: ambiguous.
    Many {
        /// How their names match.
        rank: NameRank,
        /// The nodes, in index order.
        nodes: Vec<u32>,
    },
}

/// All names of all nodes, sorted by what readers may type for them.
///
/// Built once; it owns the names and their normal forms ([`normal_form`]) in one text. Every order in it and in its answers comes from the
/// names, the ranks and the nodes, never from hashing.
///
/// # Example
///
/// ```
/// use purvey::graph::{NameIndexBuf, NameMatch, NameRank};
///
/// let index = NameIndexBuf::new([
///     (0, NameRank::Primary, "North Korea"),
///     (0, NameRank::Code, "PRK"),
///     (1, NameRank::Primary, "Government of Russia"),
///     (1, NameRank::Metonym, "Moscow"),
///     (2, NameRank::Primary, "Moscow (Idaho)"),
///     (2, NameRank::Alias, "Moscow"),
/// ]);
/// let (index, all) = (index.view(), |_| true);
/// assert_eq!(index.lookup("prk", all), NameMatch::One { node: 0, rank: NameRank::Code, others: vec![] });
/// assert_eq!(index.lookup("Nroth Korea", all), NameMatch::One { node: 0, rank: NameRank::Typo, others: vec![] });
/// let moscow = NameMatch::One { node: 2, rank: NameRank::Alias, others: vec![(1, NameRank::Metonym)] };
/// assert_eq!(index.lookup("moscow", all), moscow);
/// assert_eq!(index.lookup("Korea", all), NameMatch::None { near: vec![0] });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NameIndex<'i> {
    /// The compared form of each entry, one after the other.
    forms: &'i [u8],
    /// The name of each entry as written, unless that is its form.
    text: &'i [u8],
    /// Names by form, rank and node; then codes likewise.
    entries: &'i [NameEntry],
    /// Where the codes begin.
    codes_from: usize,
    by_end: ByEnd<'i>,
    /// Checks what is read of a snapshot.
    guard: Option<Guard<'i>>,
}

impl NameRank {
    const ALL: [NameRank; 7] = [
        NameRank::Primary,
        NameRank::Code,
        NameRank::Alias,
        NameRank::Demonym,
        NameRank::Metonym,
        NameRank::Weak,
        NameRank::Typo,
    ];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            NameRank::Primary => "primary",
            NameRank::Code => "code",
            NameRank::Alias => "alias",
            NameRank::Demonym => "demonym",
            NameRank::Metonym => "metonym",
            NameRank::Weak => "weak",
            NameRank::Typo => "typo",
        }
    }
}

impl<'i> NameIndex<'i> {
    /// The node that a typed name stands for, among those that `accept` takes.
    ///
    /// The best rank with a match decides; the same node found twice counts once. Codes match exactly but for case, all other names by their
    /// normal form. If nothing matches and the text isn't ASCII, its romanised form is looked up, at the rank of an alias at best.
    ///
    /// Then come typos, for 4 to 200 typed characters: names (not codes) at the least edit distance (optimal string alignment), which may be 1,
    /// or 2 from 8 characters on. Digits must agree: resolution 2379 is not resolution 2397. What isn't ASCII is
    /// then tried romanised. Last come suggestions, which are looser.
    ///
    /// Suggestions are names that begin or end like the typed one, hold it or are held by it as whole words, or differ by two letters at most; of
    /// those, so far as they are alike (Jaro-Winkler), the five that are most so. Of a thousand names or less all are compared.
    ///
    /// A match takes O(log n) comparisons. Typos take few more than there are names that share half of the typed one. Suggestions compare some
    /// thousand names, and read on through the text of all for whole words.
    pub fn lookup(&self, typed: &str, accept: impl Fn(u32) -> bool) -> NameMatch {
        let form = normal_form(typed);
        if form.is_empty() {
            return NameMatch::None { near: Vec::new() };
        }
        if let Some(found) = decide(self.exactly(&form, &code_form(typed)), &accept) {
            return found;
        }
        let roman = if typed.is_ascii() { None } else { romanised(typed) };
        if let Some(found) = decide(roman.iter().flat_map(|it| self.romanised_as(it)), &accept) {
            return found;
        }
        if typed.chars().nth(LONGEST_TYPED).is_some() {
            return NameMatch::None { near: Vec::new() };
        }
        for form in std::iter::once(&form).chain(&roman) {
            let (_, closest) = self.closest_to(form, &accept);
            if let Some(found) = decide(closest.into_iter().map(|node| (node, NameRank::Typo)), &accept) {
                return found;
            }
        }
        NameMatch::None { near: self.near(&form, roman.as_deref(), accept) }
    }

    /// All nodes that a typed name stands for exactly, each once at its best rank, in the order of ranks, then of nodes; as in
    /// [`lookup`](NameIndex::lookup), but without typos. O(log n) comparisons.
    pub fn matches(&self, typed: &str) -> Vec<(u32, NameRank)> {
        let form = normal_form(typed);
        if form.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, NameRank)> = self.exactly(&form, &code_form(typed)).collect();
        if found.is_empty()
            && let Some(roman) = romanised(typed)
        {
            found.extend(self.romanised_as(&roman));
        }
        ranked(found)
    }

    /// The nodes whose names are the least edit distance away, romanised if none is as it is, and that distance; the limits are those of
    /// [`lookup`](NameIndex::lookup).
    pub fn closest(&self, typed: &str) -> Option<(usize, Vec<(u32, NameRank)>)> {
        let forms = std::iter::once(normal_form(typed)).chain(romanised(typed));
        let mut found = forms.map(|form| self.closest_to(&form, |_| true));
        found.find_map(|(distance, closest)| {
            let nodes = ranked(closest.into_iter().map(|node| (node, NameRank::Typo)).collect());
            (!nodes.is_empty()).then_some((distance, nodes))
        })
    }

    /// Names that begin with a text, as written, each with its node: in the order of their normal forms, at most so many. O(log n).
    ///
    /// ```
    /// use purvey::graph::{NameIndexBuf, NameRank};
    ///
    /// let index = NameIndexBuf::new([(0, NameRank::Primary, "North Korea"), (1, NameRank::Primary, "Norway")]);
    /// assert_eq!(index.view().beginning_with("north k", 5), [(0, "North Korea")]);
    /// ```
    pub fn beginning_with(&self, text: &str, most: usize) -> Vec<(u32, &'i str)> {
        let form = normal_form(text);
        if form.is_empty() {
            return Vec::new();
        }
        let names = self.names();
        let from = names.partition_point(|it| self.form(it) < form.as_str());
        let later = names.iter().skip(from).take_while(|it| self.form(it).starts_with(&form));
        later.take(most).map(|it| (it.node, self.written(it))).collect()
    }

    /// Nodes with names like one that matches nothing: the closest first, then in index order, at most five;
    /// as in [`lookup`](NameIndex::lookup).
    pub fn suggestions(&self, typed: &str) -> Vec<u32> {
        if typed.chars().nth(LONGEST_TYPED).is_some() {
            return Vec::new();
        }
        self.near(&normal_form(typed), romanised(typed).as_deref(), |_| true)
    }

    /// All nodes with a name in which the text stands, the closest first, then in index order; each once, with its best name.
    ///
    /// Of codes only the whole one counts. What isn't ASCII is tried romanised if nothing holds it as it is.
    /// Reads on through the text of all names: linear in its length, some gigabytes a second.
    ///
    /// ```
    /// use purvey::graph::{Closeness, NameIndexBuf, NameRank};
    ///
    /// let index = NameIndexBuf::new([(0, NameRank::Primary, "North Korea"), (1, NameRank::Primary, "Korean People's Army")]);
    /// let index = index.view();
    /// let found = index.search("korea");
    /// assert_eq!((found[0].node, found[0].closeness), (1, Closeness::Prefix));
    /// assert_eq!((found[1].node, found[1].closeness), (0, Closeness::WordPrefix));
    /// assert_eq!(index.name(found[1].name), Some("North Korea"));
    /// ```
    pub fn search(&self, text: &str) -> Vec<Found> {
        let form = normal_form(text);
        if form.is_empty() {
            return Vec::new();
        }
        let found = self.search_form(&form, &code_form(text));
        match romanised(text) {
            Some(roman) if found.is_empty() => self.search_form(&roman, &roman),
            _ => found,
        }
    }

    /// How many names there are; those that one entity has twice count once.
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// A name as it was written, by its index.
    pub fn name(&self, name: u32) -> Option<&'i str> {
        self.entries.get(name as usize).map(|it| self.written(it))
    }

    /// The names with that form, each with its place.
    fn names_equal(&self, form: &str) -> impl Iterator<Item = (usize, &'i NameEntry)> {
        self.equal(self.names(), form)
    }

    /// The codes with that form, each with its place.
    fn codes_equal(&self, form: &str) -> impl Iterator<Item = (usize, &'i NameEntry)> {
        self.equal(self.codes(), form).map(|(at, it)| (at + self.codes_from, it))
    }

    fn equal(&self, sorted: &'i [NameEntry], form: &str) -> impl Iterator<Item = (usize, &'i NameEntry)> {
        let from = sorted.partition_point(|it| self.form(it) < form);
        let to = sorted.partition_point(|it| self.form(it) <= form);
        sorted.iter().enumerate().take(to).skip(from)
    }

    /// The nodes and ranks that a typed form, and a code, mean exactly.
    fn exactly(&self, form: &str, code: &str) -> impl Iterator<Item = (u32, NameRank)> {
        self.names_equal(form).chain(self.codes_equal(code)).map(|(_, it)| (it.node, it.rank()))
    }

    /// The nodes whose names have a romanised form, at the rank of an alias at best.
    fn romanised_as(&self, roman: &str) -> impl Iterator<Item = (u32, NameRank)> {
        self.names_equal(roman).map(|(_, it)| (it.node, it.rank().max(NameRank::Alias)))
    }

    /// The accepted nodes with a name that differs from a form by the fewest slips, one or two, and how many these are. Digits agree.
    fn closest_to(&self, form: &str, accept: impl Fn(u32) -> bool) -> (usize, Vec<u32>) {
        let near = match slips_allowed(characters(form)) {
            Some(slips) => typos::near(self, form, slips, true).near,
            None => Vec::new(),
        };
        let names = near.into_iter().filter_map(|it| Some((it.distance, self.names().get(it.name as usize)?)));
        // Demonyms are alike ("Austrian", "Australian"), so one slip in a long one is all.
        let may_be_misspelt = |distance: u8, it: &NameEntry| match it.rank() {
            NameRank::Primary | NameRank::Alias => true,
            NameRank::Demonym => distance == 1 && characters(form) >= LEAST_OF_DEMONYM,
            _ => false,
        };
        let fitting: Vec<(u8, u32)> = names
            .filter(|(distance, it)| may_be_misspelt(*distance, it) && accept(it.node))
            .map(|(distance, it)| (distance, it.node))
            .collect();
        let least = fitting.iter().map(|(distance, _)| *distance).min().unwrap_or_default();
        let closest = fitting.into_iter().filter(|(distance, _)| *distance == least).map(|(_, node)| node);
        (least.into(), closest.collect())
    }
}

/// Each node once, at its best rank, in the order of ranks, then of nodes.
fn ranked(mut found: Vec<(u32, NameRank)>) -> Vec<(u32, NameRank)> {
    found.sort_unstable();
    found.dedup_by_key(|(node, _)| *node);
    found.sort_unstable_by_key(|(node, rank)| (*rank, *node));
    found
}

/// The best rank among the accepted matches, and who has it.
fn decide(matches: impl Iterator<Item = (u32, NameRank)>, accept: &impl Fn(u32) -> bool) -> Option<NameMatch> {
    let mut best: BTreeMap<u32, NameRank> = BTreeMap::new();
    for (node, rank) in matches.filter(|&(node, _)| accept(node)) {
        best.entry(node).and_modify(|known| *known = (*known).min(rank)).or_insert(rank);
    }
    let rank = best.values().copied().min()?;
    let (first, others): (Vec<_>, Vec<_>) = best.into_iter().partition(|&(_, it)| it == rank);
    if let [(node, _)] = first.as_slice() {
        let others: BTreeSet<(NameRank, u32)> = others.into_iter().map(|(node, rank)| (rank, node)).collect();
        let others = others.into_iter().map(|(rank, node)| (node, rank)).collect();
        return Some(NameMatch::One { node: *node, rank, others });
    }
    Some(NameMatch::Many { rank, nodes: first.into_iter().map(|(node, _)| node).collect() })
}

/// The form in which codes are compared.
fn code_form(code: &str) -> String {
    code.trim().to_lowercase()
}

fn characters(form: &str) -> usize {
    form.chars().count()
}

#[cfg(test)]
mod tests;
