//! Rows of a snapshot. Every number that is read is checked before it leads anywhere: what cannot be is written down as a
//! fault, and no answer is made of a graph that has one.

use std::ops::Range;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use super::Snapshot;
use super::layout::{AmountRow, ExtraRow, FigureRow, NONE, PEOPLE, PeopleRow, PeriodRow, RangeRow, Section};
use super::pack::{unpack_interval, unpack_period};
use crate::graph::view::{ExtraView, GraphView};
use crate::model::{EntityIx, Interval, NodeIx, Participant, Period};

impl<D: AsRef<[u8]>> Snapshot<D> {
    /// Writes down what was found damaged; the first of all is kept.
    pub(super) fn damaged(&self, section: Section, what: &str) {
        self.guard().damaged(|| format!("{}: {what}", section.name()));
    }

    /// A column. Opening has checked that it lies in the file and holds whole rows.
    #[inline]
    pub(super) fn rows<T: FromBytes + IntoBytes + Immutable + KnownLayout>(&self, section: Section) -> &[T] {
        let range = self.sections.get(section as usize).cloned().unwrap_or_default();
        let bytes = self.data.as_ref().get(range).unwrap_or_default();
        <[T]>::ref_from_bytes(bytes).unwrap_or_else(|_| {
            self.damaged(section, "not whole rows");
            &[]
        })
    }

    #[inline]
    pub(super) fn row<T: FromBytes + IntoBytes + Immutable + KnownLayout>(
        &self,
        section: Section,
        at: usize,
    ) -> Option<&T> {
        let row = self.rows::<T>(section).get(at);
        match row {
            Some(row) => self.guard().check(std::slice::from_ref(row)),
            None => self.damaged(section, "a row that does not exist is referred to"),
        }
        row
    }

    /// A list by the column of its ends.
    #[inline]
    pub(super) fn list<T: FromBytes + IntoBytes + Immutable + KnownLayout>(
        &self,
        ends: Section,
        items: Section,
        at: usize,
    ) -> &[T] {
        // While all lists are empty their ends are left out.
        if self.is_left_out(ends) && self.is_left_out(items) {
            return &[];
        }
        // The first list begins at 0, any other where the one before it ends.
        let bounds = self.rows::<u32>(ends).get(at.saturating_sub(1)..at.saturating_add(1)).unwrap_or_default();
        self.guard().check(bounds);
        let list = match (at, bounds) {
            (0, [end]) => self.rows::<T>(items).get(..*end as usize),
            (1.., [start, end]) => self.rows::<T>(items).get(*start as usize..*end as usize),
            _ => None,
        };
        let Some(list) = list else {
            self.damaged(ends, "a list that does not exist is referred to");
            return &[];
        };
        self.guard().check(list);
        list
    }

    #[inline]
    pub(super) fn is_left_out(&self, section: Section) -> bool {
        self.sections.get(section as usize).is_none_or(Range::is_empty)
    }

    pub(super) fn string(&self, number: u32) -> &str {
        let text: &[u8] = self.list(Section::TextEnds, Section::Text, number as usize);
        std::str::from_utf8(text).unwrap_or_else(|_| {
            self.damaged(Section::Text, "a string that is not UTF-8");
            ""
        })
    }

    pub(super) fn option(&self, number: u32) -> Option<&str> {
        (number != NONE).then(|| self.string(number))
    }

    pub(super) fn extras(&self, ends: Section, items: Section, at: usize) -> impl Iterator<Item = ExtraView<'_>> {
        let rows = self.list::<ExtraRow>(ends, items, at).iter();
        rows.map(|row| ExtraView { name: self.string(row.name), value: self.string(row.value) })
    }

    #[inline]
    pub(super) fn entity_ix(&self, section: Section, number: u32) -> Option<EntityIx> {
        if number == NONE {
            return None;
        }
        let exists = (number as usize) < self.entity_count();
        if !exists {
            self.damaged(section, "an entity that does not exist is referred to");
        }
        exists.then_some(EntityIx(number))
    }

    #[inline]
    pub(super) fn node_ix(&self, section: Section, number: u32) -> Option<NodeIx> {
        if number == NONE {
            return None;
        }
        let exists = (number as usize) < self.node_count();
        if !exists {
            self.damaged(section, "a node that does not exist is referred to");
        }
        exists.then_some(NodeIx(number))
    }

    pub(super) fn period(&self, section: Section, row: PeriodRow) -> Option<Period> {
        unpack_period(row).unwrap_or_else(|()| {
            self.damaged(section, "a period that cannot be");
            None
        })
    }

    /// One of a few values by its number.
    pub(super) fn one_of<T: Copy>(&self, section: Section, all: &[T], number: u8, otherwise: T) -> T {
        all.get(usize::from(number)).copied().unwrap_or_else(|| {
            self.damaged(section, "a value that does not exist");
            otherwise
        })
    }

    /// A range of rows of another column.
    pub(super) fn range(&self, section: Section, row: RangeRow, count: usize) -> Range<u32> {
        if row.start <= row.end && row.end as usize <= count {
            return row.start..row.end;
        }
        self.damaged(section, "a range of rows that do not exist");
        0..0
    }

    pub(super) fn interval(&self, row: &FigureRow) -> Interval {
        let amount = |at: u32| self.row::<AmountRow>(Section::Amounts, at as usize).map(|it| it.bytes);
        unpack_interval(row, amount).unwrap_or_else(|| {
            self.damaged(Section::Figures, "an amount that cannot be");
            Interval::default()
        })
    }

    #[inline]
    pub(super) fn participant(&self, section: Section, who: u32) -> Option<Participant> {
        if who == NONE || who & PEOPLE == 0 {
            return self.node_ix(section, who).map(|node| Participant { node, of: None });
        }
        let row = self.row::<PeopleRow>(Section::People, (who & !PEOPLE) as usize)?;
        let node = self.node_ix(Section::People, row.population)?;
        Some(Participant { node, of: self.entity_ix(Section::People, row.of) })
    }

    pub(super) fn by_id(&self, count: usize, id: impl Fn(usize) -> u32, wanted: &str) -> Option<usize> {
        let (mut low, mut high) = (0, count);
        while low < high && self.fault.get().is_none() {
            let middle = low + (high - low) / 2;
            match self.string(id(middle)).cmp(wanted) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    pub(super) fn is_below(&self, ranges: Section, node: usize, top: usize) -> bool {
        match (self.row::<RangeRow>(ranges, node), self.row::<RangeRow>(ranges, top)) {
            (Some(node), Some(top)) => top.start <= node.start && node.start < top.end,
            _ => false,
        }
    }

    pub(super) fn below(&self, order: Section, ranges: Section, top: usize) -> &[EntityIx] {
        let Some(row) = self.row::<RangeRow>(ranges, top) else { return &[] };
        let Some(list) = self.rows::<EntityIx>(order).get(row.start as usize..row.end as usize) else {
            self.damaged(ranges, "a range of rows that do not exist");
            return &[];
        };
        self.guard().check(list);
        list
    }
}
