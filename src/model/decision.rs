//! Decisions on whether two entities are one.

use std::ops::Range;

use super::{EntityId, EntityIx, RecordIx};

/// What was decided about two entities.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DecisionKind {
    /// They are one, and stand as one in every answer.
    Same,
    /// They are two.
    NotSame,
    /// Somebody looked and could not tell.
    #[default]
    Undecided,
}

impl DecisionKind {
    /// All kinds, in their order.
    pub const ALL: [DecisionKind; 3] = [DecisionKind::Same, DecisionKind::NotSame, DecisionKind::Undecided];

    /// The name of its record in RON.
    pub fn as_str(self) -> &'static str {
        match self {
            DecisionKind::Same => "Same",
            DecisionKind::NotSame => "NotSame",
            DecisionKind::Undecided => "Undecided",
        }
    }

    /// The word in JSON: `not-same`.
    pub fn as_word(self) -> &'static str {
        match self {
            DecisionKind::Same => "same",
            DecisionKind::NotSame => "not-same",
            DecisionKind::Undecided => "undecided",
        }
    }
}

/// A decision about two entities, as a record says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub kind: DecisionKind,
    /// One of the two, by its own id.
    pub a: EntityId,
    /// The other.
    pub b: EntityId,
    /// Of two that are one: the id that stays.
    pub keep: EntityId,
    /// Why.
    pub reason: Option<Box<str>>,
    /// Who decided.
    pub by: Option<Box<str>>,
    /// When, in EDTF.
    pub made: Option<Box<str>>,
}

impl Decision {
    /// Whether it is about these two, in either order.
    pub fn is_about(&self, one: &str, other: &str) -> bool {
        let (a, b) = (self.a.as_str(), self.b.as_str());
        (a, b) == (one, other) || (b, a) == (one, other)
    }

    /// The id that does not stay, where they are one.
    pub fn other(&self) -> &EntityId {
        if self.keep == self.a { &self.b } else { &self.a }
    }
}

/// An entity that stands as one with another, whose id stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its own id.
    pub id: EntityId,
    /// Its own name.
    pub name: Box<str>,
    /// The entity that stands for it.
    pub into: EntityIx,
    /// Its place among the decisions: the one by which its id does not stay.
    pub decision: u32,
    /// Which of the further names of that entity came from it.
    pub names: Range<u32>,
    /// Which values that the model has no field for came from it.
    pub extra: Range<u32>,
    /// Records that name it by its own id, ascending.
    pub records: Vec<RecordIx>,
}
