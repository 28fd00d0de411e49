//! Facts, and the records they are written in.

use std::ops::Range;

use super::{ClaimIx, EntityIx, Extra, FactId, FactIx, KindIx, NodeIx, Period, Quantity, RecordIx, RoleIx};

/// Who or what fills a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Participant {
    /// An entity or an unnamed participant.
    pub node: NodeIx,
    /// Of a population: whose people they are.
    pub of: Option<EntityIx>,
}

/// A participant that the source does not name. Equal to no other, unless one document labels it the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unnamed {
    /// The group that it is one of.
    pub of: EntityIx,
    /// Whether the source speaks of several.
    pub several: bool,
    /// Its key in the graph; not a name, never shown.
    pub key: Box<str>,
}

/// An end of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FlowEnd {
    /// Where it comes from.
    Source,
    /// What flows.
    Object,
    /// Where it goes to.
    Target,
}

impl FlowEnd {
    /// All ends, in their order.
    pub const ALL: [FlowEnd; 3] = [FlowEnd::Source, FlowEnd::Object, FlowEnd::Target];

    /// The word in a vocabulary.
    pub fn as_str(self) -> &'static str {
        match self {
            FlowEnd::Source => "source",
            FlowEnd::Object => "object",
            FlowEnd::Target => "target",
        }
    }
}

/// The participants at the ends of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Where it comes from.
    pub source: Option<Participant>,
    /// What flows.
    pub object: Option<Participant>,
    /// Where it goes to.
    pub target: Option<Participant>,
}

impl Ends {
    /// Who or what is at an end.
    pub fn get(&self, end: FlowEnd) -> Option<Participant> {
        match end {
            FlowEnd::Source => self.source,
            FlowEnd::Object => self.object,
            FlowEnd::Target => self.target,
        }
    }

    /// The place of an end.
    pub fn get_mut(&mut self, end: FlowEnd) -> &mut Option<Participant> {
        match end {
            FlowEnd::Source => &mut self.source,
            FlowEnd::Object => &mut self.object,
            FlowEnd::Target => &mut self.target,
        }
    }

    /// Source, object and target, in this order.
    pub fn all(&self) -> [Option<Participant>; 3] {
        [self.source, self.object, self.target]
    }
}

/// Whether the thing happened, or what else became of it. Apart from how well it is supported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Outcome {
    /// It happened, says the claim.
    #[default]
    Happened,
    /// It is planned.
    Planned,
    /// It was put forward and did not pass.
    NotAdopted,
    /// Somebody means to do it.
    Intended,
    /// Somebody asked for it.
    CalledFor,
    /// It is expected.
    Expected,
}

impl Outcome {
    /// All outcomes, in their order.
    pub const ALL: [Outcome; 6] = [
        Outcome::Happened,
        Outcome::Planned,
        Outcome::NotAdopted,
        Outcome::Intended,
        Outcome::CalledFor,
        Outcome::Expected,
    ];

    /// The word on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Happened => "happened",
            Outcome::Planned => "planned",
            Outcome::NotAdopted => "not-adopted",
            Outcome::Intended => "intended",
            Outcome::CalledFor => "called-for",
            Outcome::Expected => "expected",
        }
    }

    /// The outcome of that word; hyphen or underscore.
    pub fn from_word(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|it| it.as_str() == word.replace('_', "-"))
    }
}

/// How long a cap counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Per {
    /// By calendar year.
    Year,
    /// By calendar month.
    Month,
    /// Over the whole period of the measure.
    Total,
}

impl Per {
    /// All, in their order.
    pub const ALL: [Per; 3] = [Per::Year, Per::Month, Per::Total];

    /// The word in records and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Per::Year => "year",
            Per::Month => "month",
            Per::Total => "total",
        }
    }
}

/// How one record refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum RelationKind {
    /// It is contained in the other.
    PartOf,
    /// It is the same event or transfer.
    SameAs,
    /// It comes on top of the other.
    InAdditionTo,
    /// The two coincide in part.
    Overlaps,
    /// It happened after the other.
    After,
    /// It was given in return for the other.
    InReturnFor,
    /// It helped to bring the other about.
    ContributesTo,
    /// It breaks the other, a measure or an instrument.
    Violates,
    /// It speaks of the other.
    About,
}

impl RelationKind {
    /// All, in their order.
    pub const ALL: [RelationKind; 9] = [
        RelationKind::PartOf,
        RelationKind::SameAs,
        RelationKind::InAdditionTo,
        RelationKind::Overlaps,
        RelationKind::After,
        RelationKind::InReturnFor,
        RelationKind::ContributesTo,
        RelationKind::Violates,
        RelationKind::About,
    ];

    /// The field's name in a record.
    pub fn field(self) -> &'static str {
        match self {
            RelationKind::PartOf => "part_of",
            RelationKind::SameAs => "same_as",
            RelationKind::InAdditionTo => "in_addition_to",
            RelationKind::Overlaps => "overlaps",
            RelationKind::After => "after",
            RelationKind::InReturnFor => "in_return_for",
            RelationKind::ContributesTo => "contributes_to",
            RelationKind::Violates => "violates",
            RelationKind::About => "about",
        }
    }

    /// The word on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RelationKind::PartOf => "part-of",
            RelationKind::SameAs => "same-as",
            RelationKind::InAdditionTo => "in-addition-to",
            RelationKind::Overlaps => "overlaps",
            RelationKind::After => "after",
            RelationKind::InReturnFor => "in-return-for",
            RelationKind::ContributesTo => "contributes-to",
            RelationKind::Violates => "violates",
            RelationKind::About => "about",
        }
    }

    /// The relation of that field.
    pub fn from_field(field: &str) -> Option<RelationKind> {
        RelationKind::ALL.into_iter().find(|it| it.field() == field)
    }

    /// Whether the other may be an entity (an instrument, an organisation) instead of a record.
    pub fn accepts_entities(self) -> bool {
        matches!(self, RelationKind::Violates | RelationKind::ContributesTo | RelationKind::About)
    }

    /// Whether going along it round in a circle is a mistake.
    pub fn is_acyclic(self) -> bool {
        !matches!(self, RelationKind::SameAs | RelationKind::Overlaps)
    }
}

/// What a relation points to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationTarget {
    /// A record: all its facts.
    Record(RecordIx),
    /// One fact of a record with several.
    Fact(FactIx),
    /// An entity.
    Entity(EntityIx),
}

/// A relation from a record to something earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What kind.
    pub kind: RelationKind,
    /// To what.
    pub target: RelationTarget,
    /// Claims of its own; empty: those of the record.
    pub claims: Range<u32>,
}

/// One fact: an edge from its source to its target, if it has both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its id.
    pub id: FactId,
    /// Its kind.
    pub kind: KindIx,
    /// The record in which it is written.
    pub record: RecordIx,
    /// Source, object and target of the flow.
    pub ends: Ends,
    /// All roles, the ends too, in the order in which the kind declares them, then as written.
    pub roles: Vec<(RoleIx, Participant)>,
}

/// What one writes: one fact, or several where a role of the flow holds a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id, which names all its facts.
    pub id: FactId,
    /// Its facts: a range of positions.
    pub facts: Range<u32>,
    /// Its claims: a range of positions.
    pub claims: Range<u32>,
    /// Its relations, in the order written.
    pub relations: Vec<Relation>,
    /// What became of it.
    pub outcome: Outcome,
    /// Of a measure: how long the cap counts.
    pub per: Option<Per>,
    /// When, as the record says.
    pub period: Option<Period>,
    /// Whether it is only a draft; drafts are read when asked for.
    pub draft: bool,
    /// Fields that are worked out, not said, in the order written.
    pub inferred: Vec<Box<str>>,
    /// What the model has no field for, in the order written.
    pub extra: Vec<Extra>,
}

impl Record {
    /// The claims of the record.
    pub fn claim_ixs(&self) -> impl Iterator<Item = ClaimIx> + use<> {
        self.claims.clone().map(ClaimIx)
    }
}

/// A figure by its position in the kind's list.
pub type Figure = (u8, Quantity);
