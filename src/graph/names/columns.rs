//! The columns of the name index: how names lie in memory and in a snapshot, and how they are read.

use std::ops::Range;
use std::sync::OnceLock;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::{NameIndex, NameRank, code_form};
use crate::graph::snapshot::Guard;
use crate::graph::view::Fault;
use crate::model::normal_form;

/// What was found damaged first.
pub(crate) type FaultCell = OnceLock<Fault>;

/// Ends each form, so that none runs into the next; no form holds it.
const END_OF_FORM: u8 = b'\n';

/// The columns of a [`NameIndex`] in memory.
#[derive(Clone, Debug, Default)]
pub struct NameIndexBuf {
    forms: String,
    text: String,
    entries: Vec<NameEntry>,
    /// Where the codes begin.
    codes_from: usize,
    /// Made when a name that is none is looked up first: few questions need it.
    by_end: OnceLock<Vec<u32>>,
}

/// A name, as it lies in memory and in a snapshot.
#[derive(Clone, Copy, Debug, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub(crate) struct NameEntry {
    /// Where the form begins among the forms.
    form: u32,
    form_bytes: u32,
    /// Where the name as written begins in the text.
    name: u32,
    /// Zero if the name as written is the form.
    name_bytes: u32,
    pub(crate) node: u32,
    /// A [`NameRank`] by number.
    rank: u32,
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
        let NameIndexBuf { forms, text, entries, codes_from, by_end } = self;
        let form = |it: &NameEntry| forms.get(it.form()).unwrap_or("");
        let key = |it: &NameEntry| (it.rank() == NameRank::Code, form(it), it.rank, it.node);
        // Stable, so that the first of equal names stays the first.
        entries.sort_by(|a, b| key(a).cmp(&key(b)));
        entries.dedup_by(|later, first| key(later) == key(first));
        entries.shrink_to_fit();
        *codes_from = entries.partition_point(|it| it.rank() != NameRank::Code);
        // The texts in the same order: what is compared together lies together, and a search reads on.
        let mut sorted_forms = String::with_capacity(forms.len());
        let mut sorted_text = String::with_capacity(text.len());
        for it in entries.iter_mut() {
            let (form, name) = (forms.get(it.form()).unwrap_or(""), text.get(it.name()).unwrap_or(""));
            (it.form, it.name) = (offset(sorted_forms.len()), offset(sorted_text.len()));
            sorted_forms.push_str(form);
            sorted_forms.push(char::from(END_OF_FORM));
            sorted_text.push_str(name);
        }
        (*forms, *text, *by_end) = (sorted_forms, sorted_text, OnceLock::new());
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
        let (form_at, name_at) = (offset(self.forms.len()), offset(self.text.len()));
        self.forms.push_str(&form);
        if name_bytes > 0 {
            self.text.push_str(name);
        }
        self.entries.push(NameEntry { form: form_at, form_bytes, name: name_at, name_bytes, node, rank: rank as u32 });
    }

    /// The index, to be asked.
    pub fn view(&self) -> NameIndex<'_> {
        NameIndex {
            forms: self.forms.as_bytes(),
            text: self.text.as_bytes(),
            entries: &self.entries,
            codes_from: self.codes_from,
            by_end: ByEnd::Later(&self.by_end),
            guard: None,
        }
    }
}

/// The names, without the codes, in the order of their forms read from the end.
#[derive(Clone, Copy, Debug)]
pub(super) enum ByEnd<'i> {
    /// A column.
    Stored(&'i [u32]),
    /// Made when it is needed.
    Later(&'i OnceLock<Vec<u32>>),
}

/// The columns of an index, to be written down.
pub(crate) struct NameColumns<'i> {
    pub(crate) forms: &'i [u8],
    pub(crate) text: &'i [u8],
    pub(crate) entries: &'i [NameEntry],
    pub(crate) by_end: &'i [u32],
}

impl<'i> NameIndex<'i> {
    /// The index of columns that may be damaged, which is then written down.
    pub(crate) fn of_columns(columns: &NameColumns<'i>, guard: Guard<'i>) -> NameIndex<'i> {
        let NameColumns { forms, text, entries, by_end } = *columns;
        if by_end.len() > entries.len() {
            guard.damaged(|| "more names are in order of their ends than there are".to_owned());
        }
        let codes_from = by_end.len().min(entries.len());
        NameIndex { forms, text, entries, codes_from, by_end: ByEnd::Stored(by_end), guard: Some(guard) }
    }

    pub(crate) fn columns(&self) -> NameColumns<'i> {
        NameColumns { forms: self.forms, text: self.text, entries: self.entries, by_end: self.by_end() }
    }

    /// The names, without the codes.
    pub(super) fn names(&self) -> &'i [NameEntry] {
        self.entries.get(..self.codes_from).unwrap_or(&[])
    }

    pub(super) fn codes(&self) -> &'i [NameEntry] {
        self.entries.get(self.codes_from..).unwrap_or(&[])
    }

    /// Where the form of an entry lies among all forms.
    pub(super) fn place_of_form(&self, it: &NameEntry) -> Range<usize> {
        if let Some(guard) = &self.guard {
            guard.check(std::slice::from_ref(it));
        }
        it.form()
    }

    /// The form of an entry, by which it is compared.
    pub(super) fn form(&self, it: &NameEntry) -> &'i str {
        self.slice(self.forms, self.place_of_form(it))
    }

    /// The name of an entry as it was written.
    pub(super) fn written(&self, it: &NameEntry) -> &'i str {
        if it.name_bytes == 0 {
            return self.form(it);
        }
        if let Some(guard) = &self.guard {
            guard.check(std::slice::from_ref(it));
        }
        self.slice(self.text, it.name())
    }

    /// The name at a place in the order of the forms read from the end.
    pub(super) fn name_by_end(&self, place: usize) -> Option<u32> {
        let at = self.by_end().get(place)?;
        if let Some(guard) = &self.guard {
            guard.check(std::slice::from_ref(at));
            if *at as usize >= self.codes_from {
                guard.damaged(|| "a name that does not exist is referred to".to_owned());
                return None;
            }
        }
        Some(*at)
    }

    fn by_end(&self) -> &'i [u32] {
        match self.by_end {
            ByEnd::Stored(column) => column,
            ByEnd::Later(cell) => cell.get_or_init(|| {
                let forms = self.names().iter().map(|it| self.form(it));
                let mut order: Vec<(u128, u32)> =
                    forms.zip(0..).map(|(form, at)| (last_characters(form), at)).collect();
                let form = |at: u32| self.names().get(at as usize).map_or("", |it| self.form(it));
                order.sort_unstable_by(|(a_end, a), (b_end, b)| {
                    // Equal forms in their order.
                    let whole = || form(*a).chars().rev().cmp(form(*b).chars().rev()).then(a.cmp(b));
                    a_end.cmp(b_end).then_with(whole)
                });
                order.into_iter().map(|(_, at)| at).collect()
            }),
        }
    }

    /// The forms of all names, each with a byte after it, read as a whole.
    pub(super) fn all_forms(&self) -> &'i [u8] {
        let end = self.codes().first().map_or(self.forms.len(), |it| self.place_of_form(it).start);
        let forms = self.forms.get(..end);
        if let Some(guard) = &self.guard {
            guard.check(forms.unwrap_or_default());
            if forms.is_none() {
                guard.damaged(|| "a name lies outside the text of names".to_owned());
            }
        }
        forms.unwrap_or_default()
    }

    /// A part of a text. The ranges of entries always lie in it, unless the file is damaged.
    fn slice(&self, text: &'i [u8], range: Range<usize>) -> &'i str {
        let bytes = text.get(range);
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
    pub(super) fn rank(&self) -> NameRank {
        // A number that is none counts as the loosest, which no name has.
        NameRank::ALL.get(self.rank as usize).copied().unwrap_or(NameRank::Typo)
    }

    fn form(&self) -> Range<usize> {
        self.form as usize..(self.form as usize).saturating_add(self.form_bytes as usize)
    }

    fn name(&self) -> Range<usize> {
        self.name as usize..(self.name as usize).saturating_add(self.name_bytes as usize)
    }
}

/// The last six characters of a form, the last one first, in a number that is ordered as they are: most ends differ there, and comparing it reads no
/// text.
fn last_characters(form: &str) -> u128 {
    // A character has 21 bits; none is zero in a form.
    form.chars().rev().map(u128::from).chain(std::iter::repeat(0)).take(6).fold(0, |bits, it| bits << 21 | it)
}

/// A place in a column. One beyond 4 GiB is no place: a snapshot with such a column is refused when it is written.
fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
