//! Plain facts without their records: what a walk looks at, and counts that were made where the facts are.
//!
//! A plain fact happened, has one claim, which counts and gives no period of its own. So what a walk and a count ask of it
//! is told by its kind, its ends and its days.

use jiff::civil::Date;

use super::glance::Glance;
use crate::model::{FactIx, FlowEnd, KindIx, NodeIx};

/// A plain fact, as far as a walk looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainFact {
    /// Which one.
    pub fact: FactIx,
    /// Its kind.
    pub kind: KindIx,
    /// Who stands at its ends.
    pub source: Option<NodeIx>,
    /// What it is about.
    pub object: Option<NodeIx>,
    /// To whom it leads.
    pub target: Option<NodeIx>,
    /// Whether its days and no others are stated: [`Glance::is_stated`].
    pub is_stated: bool,
    /// The first and the last day on which it may lie; none where that is open or unknown.
    pub days: [Option<Date>; 2],
    /// Whether its record has relations.
    pub is_related: bool,
}

impl PlainFact {
    /// Who stands at one of its ends.
    pub fn end(&self, end: FlowEnd) -> Option<NodeIx> {
        match end {
            FlowEnd::Source => self.source,
            FlowEnd::Object => self.object,
            FlowEnd::Target => self.target,
        }
    }

    /// It at a glance.
    pub(super) fn glance(&self) -> Glance {
        Glance::plain(self.kind, self.source, self.days, self.is_stated)
    }
}

/// By what facts are counted: one node, or two of a pair.
pub type GroupKey = (NodeIx, Option<NodeIx>);

/// How many plain facts a key has, and the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlainGroup {
    /// What they have in common.
    pub key: GroupKey,
    /// How many there are.
    pub facts: usize,
    /// The one with the least number.
    pub first: FactIx,
}

/// What plain facts that fit a question add up to, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainCounts {
    /// The keys with most facts, of equals the first: as many as are asked for, or all.
    pub largest: Vec<PlainGroup>,
    /// How many keys there are.
    pub groups: usize,
    /// How many facts fit, those without a key too.
    pub facts: usize,
    /// How many of them have no key.
    pub left_out: usize,
    /// How many of them may lie outside the days that are asked for.
    pub possible: usize,
    /// Whether only facts were counted whose days are stated.
    pub only_stated: bool,
}

impl PlainCounts {
    /// Whether a fact is among those that were counted, if it fits.
    pub fn include(&self, glance: Glance) -> bool {
        glance.is_plain() && glance.days().is_some() && (glance.is_stated() || !self.only_stated)
    }
}
