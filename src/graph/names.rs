//! Finding nodes by what a reader types.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::snapshot::Guard;
use super::view::Fault;
use crate::model::{normal_form, romanised};

/// Longest typed name, in characters, that is compared with names unlike it.
const LONGEST_TYPED: usize = 200;

/// Most suggestions for a name that matches nothing.
const MOST_NEAR: usize = 5;

/// How like a name must be to be suggested, from 0 to 1 (Jaro-Winkler).
const LEAST_LIKENESS: f64 = 0.78;

/// The likeness of a name that holds what was typed, or is held by it, as whole words ("korea" and "North Korea").
const LIKENESS_OF_PART: f64 = 0.9;

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
    /// It differs from the name by a letter or two.
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
    /// Of each entry the compared form and then, unless it is the same, the name as written.
    text: &'i [u8],
    /// Names by form, rank and node; then codes likewise.
    entries: &'i [NameEntry],
    /// Where the codes begin.
    codes_from: usize,
    /// Where damage is written down.
    /// Checks what is read of a snapshot.
    guard: Option<Guard<'i>>,
}

/// What was found damaged first.
pub(crate) type FaultCell = std::sync::OnceLock<Fault>;

/// The columns of a [`NameIndex`] in memory.
#[derive(Clone, Debug, Default)]
pub struct NameIndexBuf {
    text: String,
    entries: Vec<NameEntry>,
}

/// A name, as it lies in memory and in a snapshot.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameEntry {
    /// Where the form begins in the text.
    start: u64,
    /// Which characters the form holds, see [`letters`].
    letters: u64,
    form_bytes: u32,
    /// Zero if the name as written is the form.
    name_bytes: u32,
    form_chars: u32,
    node: u32,
    /// A [`NameRank`] by number.
    rank: u32,
    unused: u32,
}

impl NameRank {
    const ALL: [NameRank; 6] =
        [NameRank::Primary, NameRank::Code, NameRank::Alias, NameRank::Demonym, NameRank::Metonym, NameRank::Typo];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            NameRank::Primary => "primary",
            NameRank::Code => "code",
            NameRank::Alias => "alias",
            NameRank::Demonym => "demonym",
            NameRank::Metonym => "metonym",
            NameRank::Typo => "typo",
        }
    }
}

impl NameIndexBuf {
    /// Indexes names of nodes, each with its rank. Of equal names of a node with one rank the first is kept, as written.
    ///
    /// A name without a letter or a digit is left out: it could match nothing. O(n log n) comparisons.
    pub fn new<'n>(names: impl IntoIterator<Item = (u32, NameRank, &'n str)>) -> NameIndexBuf {
        let mut index = NameIndexBuf::default();
        for (node, rank, name) in names {
            index.push(node, rank, name);
        }
        index.sort();
        index
    }

    /// Puts the names in their order. Names are looked up only after it.
    pub(crate) fn sort(&mut self) {
        let NameIndexBuf { text, entries } = self;
        let form = |it: &NameEntry| text.get(it.form()).unwrap_or("");
        let key = |it: &NameEntry| (it.rank() == NameRank::Code, form(it), it.rank, it.node);
        // Stable, so that the first of equal names stays the first.
        entries.sort_by(|a, b| key(a).cmp(&key(b)));
        entries.dedup_by(|later, first| key(later) == key(first));
        entries.shrink_to_fit();
    }

    pub(crate) fn push(&mut self, node: u32, rank: NameRank, name: &str) {
        let normal = normal_form(name);
        if normal.is_empty() {
            return;
        }
        let rank = if rank == NameRank::Typo { NameRank::Alias } else { rank };
        let form = if rank == NameRank::Code { code_form(name) } else { normal };
        // A name of 4 GiB is left out.
        let (Ok(form_bytes), Ok(name_bytes)) = (u32::try_from(form.len()), u32::try_from(name.len())) else { return };
        let name_bytes = if form == name { 0 } else { name_bytes };
        let start = self.text.len() as u64;
        let (form_chars, letters) = (characters(&form), letters(&form));
        self.text.push_str(&form);
        if name_bytes > 0 {
            self.text.push_str(name);
        }
        let rank = rank as u32;
        self.entries.push(NameEntry { start, letters, form_bytes, name_bytes, form_chars, node, rank, unused: 0 });
    }

    /// The index, to be asked.
    pub fn view(&self) -> NameIndex<'_> {
        NameIndex::of_columns(self.text.as_bytes(), &self.entries, None)
    }
}

impl<'i> NameIndex<'i> {
    /// The index of columns that may be damaged, which is then written down.
    pub(crate) fn of_columns(text: &'i [u8], entries: &'i [NameEntry], guard: Option<Guard<'i>>) -> NameIndex<'i> {
        let codes_from = entries.partition_point(|it| {
            guard.iter().for_each(|guard| guard.check(std::slice::from_ref(it)));
            it.rank() != NameRank::Code
        });
        NameIndex { text, entries, codes_from, guard }
    }

    /// Text and entries, to be written down.
    pub(crate) fn columns(&self) -> (&'i [u8], &'i [NameEntry]) {
        (self.text, self.entries)
    }

    /// The node that a typed name stands for, among those that `accept` takes.
    ///
    /// The best rank with a match decides; the same node found twice counts once. Codes match exactly but for case, all other names by their
    /// normal form. If nothing matches and the text isn't ASCII, its romanised form is looked up, at the rank of an alias at best.
    ///
    /// Then come typos, for 4 to 200 typed characters: names (not codes) at the least edit distance (optimal string alignment), which may be 1,
    /// or 2 from 8 characters on. Digits must agree: resolution 2379 is not resolution 2397. Last come suggestions, which are looser.
    ///
    /// A match takes O(log n) comparisons. Typos and suggestions read all names, and measure those of about the same letters.
    pub fn lookup(&self, typed: &str, accept: impl Fn(u32) -> bool) -> NameMatch {
        let form = normal_form(typed);
        if form.is_empty() {
            return NameMatch::None { near: Vec::new() };
        }
        let names = self.names_equal(&form).iter().chain(self.codes_equal(&code_form(typed)));
        if let Some(found) = decide(names.map(|it| (it.node, it.rank())), &accept) {
            return found;
        }
        let roman = if typed.is_ascii() { None } else { romanised(typed) };
        let names = roman.iter().flat_map(|roman| self.names_equal(roman));
        if let Some(found) = decide(names.map(|it| (it.node, it.rank().max(NameRank::Alias))), &accept) {
            return found;
        }
        if typed.chars().nth(LONGEST_TYPED).is_some() {
            return NameMatch::None { near: Vec::new() };
        }
        let typos = self.typos(&form, |it| same_digits(&form, self.form(it)) && accept(it.node));
        if let Some(least) = typos.iter().map(|&(distance, _)| distance).min() {
            let closest = typos.into_iter().filter(|&(distance, _)| distance == least);
            let closest = closest.map(|(_, it)| (it.node, NameRank::Typo));
            if let Some(found) = decide(closest, &accept) {
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
        let names = self.names_equal(&form).iter().chain(self.codes_equal(&code_form(typed)));
        let mut found: Vec<(u32, NameRank)> = names.map(|it| (it.node, it.rank())).collect();
        if found.is_empty()
            && let Some(roman) = romanised(typed)
        {
            found.extend(self.names_equal(&roman).iter().map(|it| (it.node, it.rank().max(NameRank::Alias))));
        }
        ranked(found)
    }

    /// The nodes whose names are the least edit distance away, and that distance; the limits are those of
    /// [`lookup`](NameIndex::lookup). Reads all names.
    pub fn closest(&self, typed: &str) -> Option<(usize, Vec<(u32, NameRank)>)> {
        let form = normal_form(typed);
        let typos = self.typos(&form, |it| same_digits(&form, self.form(it)));
        let least = typos.iter().map(|&(distance, _)| distance).min()?;
        let closest = typos.into_iter().filter(|&(distance, _)| distance == least);
        Some((least, ranked(closest.map(|(_, it)| (it.node, NameRank::Typo)).collect())))
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
        later.take(most).map(|it| (it.node, self.slice(it.name()))).collect()
    }

    /// Nodes with names like one that matches nothing: the closest first, then in index order, at most five. Reads all names.
    pub fn suggestions(&self, typed: &str) -> Vec<u32> {
        if typed.chars().nth(LONGEST_TYPED).is_some() {
            return Vec::new();
        }
        self.near(&normal_form(typed), romanised(typed).as_deref(), |_| true)
    }

    /// All nodes with a name in which the text stands, the closest first, then in index order; each once, with its best name.
    ///
    /// Of codes only the whole one counts. What isn't ASCII is tried romanised if nothing holds it as it is.
    /// Reads all names: O(length of all names).
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

    /// A name as it was written, by its index.
    pub fn name(&self, name: u32) -> Option<&'i str> {
        self.entries.get(name as usize).map(|it| {
            if let Some(guard) = &self.guard {
                guard.check(std::slice::from_ref(it));
            }
            self.slice(it.name())
        })
    }

    fn search_form(&self, form: &str, code: &str) -> Vec<Found> {
        let mut best: BTreeMap<u32, Found> = BTreeMap::new();
        let mut add = |closeness, at: usize, it: &NameEntry| {
            let Ok(name) = u32::try_from(at) else { return };
            let found = Found { closeness, node: it.node, rank: it.rank(), name };
            best.entry(it.node).and_modify(|known| *known = (*known).min(found)).or_insert(found);
        };
        self.check_all();
        for (at, it) in self.entries.iter().enumerate() {
            if it.rank() == NameRank::Code {
                if self.form(it) == code {
                    add(Closeness::Exact, at, it);
                }
            } else if let Some(closeness) = closeness(self.form(it), form) {
                add(closeness, at, it);
            } else if distance(form, it, self.form(it)).is_some() {
                add(Closeness::Typo, at, it);
            }
        }
        let mut found: Vec<Found> = best.into_values().collect();
        found.sort_unstable();
        found
    }

    fn names(&self) -> &'i [NameEntry] {
        self.entries.get(..self.codes_from).unwrap_or(&[])
    }

    fn names_equal(&self, form: &str) -> &'i [NameEntry] {
        self.equal(self.names(), form)
    }

    fn codes_equal(&self, form: &str) -> &'i [NameEntry] {
        self.equal(self.entries.get(self.codes_from..).unwrap_or(&[]), form)
    }

    fn equal(&self, sorted: &'i [NameEntry], form: &str) -> &'i [NameEntry] {
        let from = sorted.partition_point(|it| self.form(it) < form);
        let to = sorted.partition_point(|it| self.form(it) <= form);
        sorted.get(from..to).unwrap_or(&[])
    }

    fn typos(&self, form: &str, accept: impl Fn(&NameEntry) -> bool) -> Vec<(usize, &NameEntry)> {
        self.check_all();
        let near = self.names().iter().filter(|it| matches!(it.rank(), NameRank::Primary | NameRank::Alias));
        near.filter_map(|it| Some((distance(form, it, self.form(it))?, it))).filter(|(_, it)| accept(it)).collect()
    }

    fn near(&self, form: &str, roman: Option<&str>, accept: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut likeness: BTreeMap<u32, f64> = BTreeMap::new();
        self.check_all();
        for it in self.names() {
            if it.form_chars as usize > LONGEST_TYPED {
                continue;
            }
            let name = self.form(it);
            let like = roman.into_iter().map(|roman| like(roman, name)).fold(like(form, name), f64::max);
            if like >= LEAST_LIKENESS && accept(it.node) {
                let known = likeness.entry(it.node).or_insert(like);
                *known = known.max(like);
            }
        }
        let mut near: Vec<(u32, f64)> = likeness.into_iter().collect();
        near.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        near.into_iter().take(MOST_NEAR).map(|(node, _)| node).collect()
    }

    fn form(&self, it: &NameEntry) -> &'i str {
        if let Some(guard) = &self.guard {
            guard.check(std::slice::from_ref(it));
        }
        self.slice(it.form())
    }

    /// Before all names are gone through.
    fn check_all(&self) {
        if let Some(guard) = &self.guard {
            guard.check(self.entries);
        }
    }

    /// A part of the text. Its own ranges always lie in it, unless the file is damaged.
    fn slice(&self, range: Range<usize>) -> &'i str {
        let bytes = self.text.get(range);
        if let Some((guard, bytes)) = self.guard.as_ref().zip(bytes) {
            guard.check(bytes);
        }
        bytes.and_then(|it| std::str::from_utf8(it).ok()).unwrap_or_else(|| {
            if let Some(guard) = &self.guard {
                guard.damaged(|| "a name lies outside the text of names".to_owned());
            }
            ""
        })
    }
}

impl NameEntry {
    fn rank(&self) -> NameRank {
        // A number that is none counts as the loosest, which no name has.
        NameRank::ALL.get(self.rank as usize).copied().unwrap_or(NameRank::Typo)
    }

    fn form(&self) -> Range<usize> {
        let start = usize::try_from(self.start).unwrap_or(usize::MAX);
        start..start.saturating_add(self.form_bytes as usize)
    }

    fn name(&self) -> Range<usize> {
        if self.name_bytes == 0 {
            return self.form();
        }
        let start = self.form().end;
        start..start.saturating_add(self.name_bytes as usize)
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

/// How `text` stands in `name`; both are normal forms.
fn closeness(name: &str, text: &str) -> Option<Closeness> {
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
fn from_each_word(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |rest| rest.split_once(' ').map(|(_, later)| later))
}

/// The edit distance from `form` to the name of `it`, if that is a typo's: from 4 characters on 1, from 8 on 2.
fn distance(form: &str, it: &NameEntry, name: &str) -> Option<usize> {
    let typed = characters(form);
    let allowed: u32 = match typed {
        0..=3 => return None,
        4..=7 => 1,
        8..=200 => 2,
        _ => return None,
    };
    // An edit adds at most one character to a text, takes at most one, and so changes at most two bits.
    if typed.abs_diff(it.form_chars) > allowed || (letters(form) ^ it.letters).count_ones() > 2 * allowed {
        return None;
    }
    Some(strsim::osa_distance(form, name)).filter(|&it| it <= allowed as usize)
}

/// How alike two normal forms are, from 0 to 1.
fn like(typed: &str, name: &str) -> f64 {
    // The measure favours short names: "Ru" would be nearer to "Ruzzia" than "Russia" is.
    let far_shorter = characters(name) < characters(typed).div_ceil(2);
    let likeness = if far_shorter { 0.0 } else { strsim::jaro_winkler(typed, name) };
    if holds_words(name, typed) || holds_words(typed, name) { likeness.max(LIKENESS_OF_PART) } else { likeness }
}

/// Whether `part`, of at least three characters, stands in `whole` as whole words.
fn holds_words(whole: &str, part: &str) -> bool {
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    whole.len() > part.len()
        && part.chars().nth(2).is_some()
        && from_each_word(whole).any(|it| it.strip_prefix(part).is_some_and(ends_word))
}

fn same_digits(a: &str, b: &str) -> bool {
    a.chars().filter(|c| c.is_numeric()).eq(b.chars().filter(|c| c.is_numeric()))
}

/// The form in which codes are compared.
fn code_form(code: &str) -> String {
    code.trim().to_lowercase()
}

fn characters(form: &str) -> u32 {
    u32::try_from(form.chars().count()).unwrap_or(u32::MAX)
}

/// A bit for each character that a form holds; other scripts share bits.
fn letters(form: &str) -> u64 {
    form.chars().fold(0, |bits, c| {
        let bit = match c {
            'a'..='z' => u32::from(c) - u32::from('a'),
            '0'..='9' => 26 + u32::from(c) - u32::from('0'),
            c => 36 + u32::from(c) % 28,
        };
        bits | 1 << bit
    })
}

#[cfg(test)]
mod tests;
