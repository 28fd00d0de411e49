//! Figures of rows: whole numbers and units by the meaning of each text, all others by that of the texts of all their columns.

use hashbrown::HashMap;

use super::super::batch::Row;
use super::super::codes::{FIGURE_PARTS, Groups};
use super::super::rows::{Failure, Mapper, cell, unit_words};
use super::{Meanings, Stop, usual};
use crate::import::snapshot::{FigureIx, SnapshotSink, UnitWords, whole};
use crate::model::UnitIx;

/// A figure and the unit that it names, unless its fields are blank.
pub(super) type ReadFigure = Option<(FigureIx, Option<UnitIx>)>;

/// So many figures that are no whole numbers are remembered.
const REMEMBERED: usize = 1 << 16;

/// What a field of a number says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    Blank,
    Whole(u32),
    /// What the usual way must read.
    Other,
}

/// What was learned of the columns of one figure.
#[derive(Default)]
struct Columns {
    numbers: [Meanings<Number>; 2],
    /// Nothing where the words do more than to name a unit.
    units: Meanings<Option<UnitWords>>,
    is_hedged: Meanings<bool>,
    /// By the numbers of the texts of all columns; nothing for what the usual way must tell.
    others: HashMap<[u32; FIGURE_PARTS], Option<ReadFigure>, foldhash::fast::RandomState>,
}

/// What was learned of all figures.
pub(super) struct Figures {
    groups: Groups,
    list: Vec<Columns>,
}

impl Figures {
    pub(super) fn new(count: usize, groups: Groups) -> Figures {
        Figures { groups, list: (0..count).map(|_| Columns::default()).collect() }
    }

    /// The texts of a group of columns are numbered anew.
    pub(super) fn forget(&mut self, group: usize) {
        let Some(from) = group.checked_sub(self.groups.figure(0, 0)) else { return };
        let Some(it) = self.list.get_mut(from / FIGURE_PARTS) else { return };
        it.others.clear();
        match from % FIGURE_PARTS {
            2 => it.units.forget(),
            3 => it.is_hedged.forget(),
            end => it.numbers.get_mut(end).into_iter().for_each(Meanings::forget),
        }
    }

    pub(super) fn read(
        &mut self,
        at: usize,
        row: &Row<'_>,
        mapper: &mut Mapper<'_>,
        sink: &mut SnapshotSink,
    ) -> Result<ReadFigure, Stop> {
        let groups = self.groups;
        let Some(columns) = self.list.get_mut(at) else { return Err(Stop::Odd) };
        let codes = [0, 1, 2, 3].map(|part| row.code(groups.figure(at, part)));
        if let Some(plain) = columns.plain(at, codes, row, mapper, sink)? {
            return Ok(plain);
        }
        let found = match columns.others.get(&codes) {
            Some(known) => *known,
            None => {
                mapper.not_utf8 = false;
                let figure = mapper.figure(at, row).map_err(Failure::Row);
                let found = match usual(figure, mapper.not_utf8)? {
                    Some(Some((_, text))) => sink.figure(&text).map(Some),
                    Some(None) => Some(None),
                    None => None,
                };
                if columns.others.len() >= REMEMBERED {
                    columns.others.clear();
                }
                columns.others.insert(codes, found);
                found
            }
        };
        found.ok_or(Stop::Odd)
    }
}

impl Columns {
    /// A figure of whole numbers; nothing if it is another.
    fn plain(
        &mut self,
        at: usize,
        [low, high, unit, hedge]: [u32; FIGURE_PARTS],
        row: &Row<'_>,
        mapper: &mut Mapper<'_>,
        sink: &mut SnapshotSink,
    ) -> Result<Option<ReadFigure>, Stop> {
        let (Some(plan), Some(mapped)) = (mapper.plan.figures.get(at), mapper.plan.mapping.figures.get(at)) else {
            return Err(Stop::Odd);
        };
        let layout = &mapper.plan.mapping.layout;
        let text = |column: Option<usize>| column.and_then(|it| cell(row, it, layout, &mut false));
        let [lows, highs] = &mut self.numbers;
        let number = |column: Option<usize>| {
            let Some(text) = text(column) else { return Ok(Some(Number::Blank)) };
            // Marks of hedges stand at an end of a number.
            let is_hedged = mapped.hedges.iter().any(|(it, _)| text.starts_with(&**it) || text.ends_with(&**it));
            let number = whole(&text).filter(|(_, rest)| rest.is_empty() && !is_hedged);
            Ok(Some(number.map_or(Number::Other, |(it, _)| Number::Whole(it))))
        };
        let low = *lows.of(low, || number(Some(plan.column)))?;
        let high = if plan.to.is_some() { *highs.of(high, || number(plan.to))? } else { low };
        let (low, high) = match (low, high) {
            (Number::Blank, Number::Blank) => return Ok(Some(None)),
            (Number::Whole(low), Number::Whole(high)) if low <= high => (low, high),
            _ => return Ok(None),
        };
        if plan.hedge_column.is_some() && *self.is_hedged.of(hedge, || Ok(Some(text(plan.hedge_column).is_some())))? {
            return Ok(None);
        }
        let words = self.units.of(unit, || {
            let mut not_utf8 = false;
            let text = plan.unit_column.and_then(|it| cell(row, it, layout, &mut not_utf8));
            let words = unit_words(plan, text.as_deref());
            let known = sink.unit_words(words.as_deref().unwrap_or_default());
            Ok(Some(known.filter(|_| !not_utf8)))
        })?;
        // Money without a currency is told.
        let words = words.filter(|it| it.unit.is_some() || !plan.is_money);
        Ok(words.map(|it| Some((FigureIx::Plain { low, high, words: it.words }, it.unit))))
    }
}
