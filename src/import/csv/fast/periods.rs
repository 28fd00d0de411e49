//! Periods of rows, by the meaning of each date.

use super::super::batch::Row;
use super::super::codes::Groups;
use super::super::rows::{Failure, Mapper};
use super::{Meanings, Stop, usual};
use crate::model::Period;
use crate::model::period::End;

/// The dates of the period of the fact and of that of the claim: on each side, what a text means; nothing if it is blank.
#[derive(Default)]
pub(super) struct Periods([[Meanings<Option<Period>>; 2]; 2]);

impl Periods {
    /// The texts of a group of columns are numbered anew.
    pub(super) fn forget(&mut self, group: usize) {
        let sides = self.0.iter_mut().enumerate().flat_map(|(which, sides)| {
            sides.iter_mut().enumerate().map(move |(side, it)| (Groups::side(which, side), it))
        });
        sides.filter(|(of, _)| *of == group).for_each(|(_, it)| it.forget());
    }

    pub(super) fn read(
        &mut self,
        which: usize,
        row: &Row<'_>,
        mapper: &mut Mapper<'_>,
    ) -> Result<Option<Period>, Stop> {
        let plan = if which == 0 { &mapper.plan.period } else { &mapper.plan.made };
        let Some((column, to)) = plan.as_ref().map(|it| (it.column, it.to)) else { return Ok(None) };
        let start = self.side((which, 0), column, row, mapper)?;
        let Some(to) = to else { return Ok(start) };
        let end = self.side((which, 1), to, row, mapper)?;
        if start == end {
            return Ok(start);
        }
        // A quarter begins with its first month, and ends with its last. A blank is unknown, never open.
        let start = start.map_or(End::Unknown, |it| it.start());
        let end = end.map_or(End::Unknown, |it| it.end());
        Period::new(start, end).map(Some).map_err(|_| Stop::Odd)
    }

    fn side(
        &mut self,
        (which, side): (usize, usize),
        column: usize,
        row: &Row<'_>,
        mapper: &mut Mapper<'_>,
    ) -> Result<Option<Period>, Stop> {
        let known = self.0.get_mut(which).and_then(|it| it.get_mut(side)).ok_or(Stop::Odd)?;
        let found = known.of(row.code(Groups::side(which, side)), || {
            mapper.not_utf8 = false;
            let date = mapper.date(which, column, row).map_err(Failure::Row);
            Ok(match usual(date, mapper.not_utf8 || mapper.ambiguous.is_some())? {
                Some(Some(text)) => Period::parse(&text).ok().map(Some),
                Some(None) => Some(None),
                None => None,
            })
        });
        found.copied()
    }
}
