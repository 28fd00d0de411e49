//! The one interface to a graph: what every query and every output reads, whether the graph was made in memory
//! or lies in a mapped file.
//!
//! It hands out indices, small `Copy` values and borrowed strings or slices, never a reference to a struct of
//! the model, which a mapped file would not have.
//!
//! Order guarantees: entities, records and facts are in the order of their ids, so index order is id order; the
//! claims of a record stand together in the order written; adjacency is in the order of (counterpart, fact);
//! every other list of indices is ascending without repetition.

use std::borrow::Cow;
use std::ops::Range;

use super::glance::Glance;
use super::names::NameIndex;
use super::plain::{GroupKey, PlainCounts, PlainGroup};
use crate::model::{
    ClaimIx, Decision, DecisionKind, Ends, EntityIx, EntityKind, FactIx, FlowEnd, Interval, KindIx, Locator, Merged,
    NameKind, NodeIx, Outcome, Participant, Per, Period, RecordIx, RelationKind, RelationTarget, RoleIx, Stance,
    UnitIx, Vocabulary,
};

/// An entity's own fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntityView<'g> {
    /// Its slug.
    pub id: &'g str,
    /// Its kind.
    pub kind: EntityKind,
    /// The name that people read.
    pub name: &'g str,
    /// Whether prose puts "the" before the name.
    pub the: bool,
    /// The name for more than one.
    pub plural: Option<&'g str>,
    /// A shorter name, for tables and diagrams.
    pub short: Option<&'g str>,
    /// The whole that it is part of.
    pub part_of: Option<EntityIx>,
    /// The class above it.
    pub is_a: Option<EntityIx>,
    /// What an unnamed member of it is called.
    pub member: Option<&'g str>,
    /// The verb that reports what it states.
    pub says: Option<&'g str>,
}

/// A further name of an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameView<'g> {
    /// The name.
    pub text: &'g str,
    /// What kind of name.
    pub kind: NameKind,
    /// Its language, or of a code its scheme.
    pub lang: Option<&'g str>,
}

/// What a bibliography says of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DocumentView<'g> {
    /// The title.
    pub title: Option<&'g str>,
    /// Who published it.
    pub publisher: Option<EntityIx>,
    /// When.
    pub date: Option<Period>,
    /// A URL.
    pub address: Option<&'g str>,
    /// Number of pages.
    pub pages: Option<u64>,
    /// When it was retracted.
    pub withdrawn: Option<Period>,
}

/// A fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactView<'g> {
    /// Its id.
    pub id: &'g str,
    /// Its kind.
    pub kind: KindIx,
    /// The record that it was written in.
    pub record: RecordIx,
    /// Source, object and target.
    pub ends: Ends,
}

impl FactView<'_> {
    /// What an index that leads nowhere gives.
    pub(super) const NONE: FactView<'static> =
        FactView { id: "", kind: FactEnds::NONE.kind, record: FactEnds::NONE.record, ends: FactEnds::NONE.ends };
}

/// What a walk or a filter needs of a fact: no text of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactEnds {
    /// Its kind.
    pub kind: KindIx,
    /// The record that it was written in.
    pub record: RecordIx,
    /// Source, object and target.
    pub ends: Ends,
}

impl FactEnds {
    /// What an index that leads nowhere gives.
    pub(super) const NONE: FactEnds = FactEnds {
        kind: KindIx(u16::MAX),
        record: RecordIx(u32::MAX),
        ends: Ends { source: None, object: None, target: None },
    };
}

/// What tells whether a record counts, and when: no text of it is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordState {
    /// Its claims.
    pub claims: Range<u32>,
    /// What became of it.
    pub outcome: Outcome,
    /// When.
    pub period: Option<Period>,
}

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordView<'g> {
    /// Its id.
    pub id: &'g str,
    /// Its facts.
    pub facts: Range<u32>,
    /// Its claims.
    pub claims: Range<u32>,
    /// What became of it.
    pub outcome: Outcome,
    /// How long a cap counts.
    pub per: Option<Per>,
    /// When.
    pub period: Option<Period>,
    /// Whether it is only a draft.
    pub draft: bool,
}

/// A relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationView {
    /// What kind.
    pub kind: RelationKind,
    /// To what.
    pub target: RelationTarget,
    /// Claims of its own; empty: those of the record.
    pub claims: Range<u32>,
}

/// A place in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocatorView {
    /// Non-empty line from the headline, which is 1.
    pub paragraph: u32,
    /// Characters of the normalised passage.
    pub length: u32,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

impl From<&Locator> for LocatorView {
    fn from(it: &Locator) -> LocatorView {
        LocatorView { paragraph: it.paragraph, length: it.length, sha256: it.sha256 }
    }
}

/// A claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimView<'g> {
    /// The record that it belongs to.
    pub record: RecordIx,
    /// Who says it.
    pub by: NodeIx,
    /// How.
    pub stance: Stance,
    /// Documents that relayed it before `document`, origin first.
    pub via: &'g [EntityIx],
    /// The document in which it was read.
    pub document: EntityIx,
    /// When it was said.
    pub made: Option<Period>,
    /// Its own period.
    pub period: Option<Period>,
    /// What it covers.
    pub scope: Option<&'g str>,
    /// When the claimant took it back; from then on it no longer counts.
    pub withdrawn: Option<Period>,
    /// Where in the document.
    pub at: Option<LocatorView>,
}

impl ClaimView<'_> {
    /// What an index that leads nowhere gives.
    pub(super) const NONE: ClaimView<'static> = ClaimView {
        record: FactEnds::NONE.record,
        by: NodeIx(u32::MAX),
        stance: ClaimState::NONE.stance,
        via: ClaimState::NONE.via,
        document: ClaimState::NONE.document,
        made: None,
        period: None,
        scope: None,
        withdrawn: None,
        at: None,
    };
}

/// What tells whether a claim counts: no text of it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimState<'g> {
    /// How.
    pub stance: Stance,
    /// Documents that relayed it before `document`, origin first.
    pub via: &'g [EntityIx],
    /// The document in which it was read.
    pub document: EntityIx,
    /// Its own period.
    pub period: Option<Period>,
    /// When the claimant took it back; from then on it no longer counts.
    pub withdrawn: Option<Period>,
}

impl ClaimState<'_> {
    /// What an index that leads nowhere gives.
    pub(super) const NONE: ClaimState<'static> =
        ClaimState { stance: Stance::States, via: &[], document: EntityIx(u32::MAX), period: None, withdrawn: None };
}

/// A figure without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmountView {
    /// Its position in the kind's list.
    pub at: u8,
    /// The number, as an interval.
    pub interval: Interval,
    /// Its unit.
    pub unit: UnitIx,
}

/// A figure of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureView<'g> {
    /// Its position in the kind's list.
    pub at: u8,
    /// The number, as an interval.
    pub interval: Interval,
    /// Its unit.
    pub unit: UnitIx,
    /// Whether the words name the unit.
    pub unit_named: bool,
    /// As the source words it.
    pub text: &'g str,
}

/// A value that the model has no field for. Those of one name stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtraView<'g> {
    /// Its name.
    pub name: &'g str,
    /// The value.
    pub value: &'g str,
}

/// A decision on whether two entities are one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecisionView<'g> {
    /// What was decided.
    pub kind: DecisionKind,
    /// The id of one, as it was written.
    pub a: &'g str,
    /// That of the other.
    pub b: &'g str,
    /// Of two that are one: the id that stays.
    pub keep: &'g str,
    /// Why.
    pub reason: Option<&'g str>,
    /// Who decided.
    pub by: Option<&'g str>,
    /// When, in EDTF.
    pub made: Option<&'g str>,
}

impl<'g> From<&'g Decision> for DecisionView<'g> {
    fn from(it: &'g Decision) -> DecisionView<'g> {
        DecisionView {
            kind: it.kind,
            a: it.a.as_str(),
            b: it.b.as_str(),
            keep: it.keep.as_str(),
            reason: it.reason.as_deref(),
            by: it.by.as_deref(),
            made: it.made.as_deref(),
        }
    }
}

/// An entity that stands as one with another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergedView<'g> {
    /// Its own id, which no longer names it.
    pub id: &'g str,
    /// Its own name.
    pub name: &'g str,
    /// The entity that stands for it.
    pub into: EntityIx,
    /// The decision by which its id does not stay.
    pub decision: u32,
    /// Which of the further names of that entity came from it.
    pub names: Range<u32>,
    /// Which of the values that the model has no field for came from it.
    pub extra: Range<u32>,
    /// Records that name it by its own id, ascending.
    pub records: &'g [RecordIx],
}

impl<'g> From<&'g Merged> for MergedView<'g> {
    fn from(it: &'g Merged) -> MergedView<'g> {
        MergedView {
            id: it.id.as_str(),
            name: &it.name,
            into: it.into,
            decision: it.decision,
            names: it.names.clone(),
            extra: it.extra.clone(),
            records: &it.records,
        }
    }
}

/// A filled role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleFill {
    /// The role.
    pub role: RoleIx,
    /// Who or what fills it.
    pub participant: Participant,
}

/// A step along a fact: to whom, and by which fact. A symmetric fact is a step both ways.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    zerocopy::FromBytes,
    zerocopy::IntoBytes,
    zerocopy::Immutable,
    zerocopy::KnownLayout,
)]
#[repr(C)]
pub struct Step {
    /// The node at the other end.
    pub to: NodeIx,
    /// The fact.
    pub fact: FactIx,
}

/// An index of the graph leads nowhere: the file behind it is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the graph is damaged: {what}")]
pub struct Fault {
    /// What was met.
    pub what: String,
}

/// A graph of facts. See the module's page for the order of what it gives.
///
/// Indices that a caller got from the same graph are always valid. For any other index the methods give an
/// empty value; a graph that was read from a damaged file tells by [`fault`](GraphView::fault).
pub trait GraphView {
    /// Kinds, roles, units, hedges.
    fn vocabulary(&self) -> &Vocabulary;
    /// Finds nodes by what people call them.
    fn name_index(&self) -> NameIndex<'_>;
    /// What was found damaged so far; an answer is refused then.
    fn fault(&self) -> Option<Fault> {
        None
    }

    /// Number of entities; they are the first nodes.
    fn entity_count(&self) -> usize;
    /// Number of nodes: entities and unnamed participants.
    fn node_count(&self) -> usize;
    /// Number of records.
    fn record_count(&self) -> usize;
    /// Number of facts.
    fn fact_count(&self) -> usize;
    /// Number of claims, those of relations too.
    fn claim_count(&self) -> usize;

    /// An entity.
    fn entity(&self, entity: EntityIx) -> EntityView<'_>;
    /// Its kind, for those that need no text of it.
    fn entity_kind(&self, entity: EntityIx) -> EntityKind {
        self.entity(entity).kind
    }
    /// The whole that it is part of and the class above it, for those that climb very often.
    fn above(&self, entity: EntityIx) -> [Option<EntityIx>; 2] {
        let EntityView { part_of, is_a, .. } = self.entity(entity);
        [part_of, is_a]
    }
    /// Its further names, in the order written.
    fn names(&self, entity: EntityIx) -> impl Iterator<Item = NameView<'_>>;
    /// What the model has no field for, in the order written.
    fn extra(&self, entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>>;
    /// Its bibliography, if it is a document.
    fn document(&self, entity: EntityIx) -> DocumentView<'_>;
    /// Documents that a document corrects.
    fn corrects(&self, document: EntityIx) -> &[EntityIx];
    /// Number of decisions on whether two entities are one.
    fn decision_count(&self) -> usize {
        0
    }
    /// A decision, by its place in the order of the files.
    fn decision(&self, _at: u32) -> DecisionView<'_> {
        DecisionView::default()
    }
    /// Number of entities that stand as one with another.
    fn merged_count(&self) -> usize {
        0
    }
    /// One of them; they are in the order of the entities that stand for them, then of their own ids.
    fn merged(&self, _at: u32) -> MergedView<'_> {
        MergedView::default()
    }
    /// The group that an unnamed participant is one of; `None` for an entity.
    fn unnamed_of(&self, node: NodeIx) -> Option<EntityIx>;
    /// Whether an unnamed participant stands for several.
    fn is_several(&self, node: NodeIx) -> bool;
    /// Whether `entity` is `class` or below it in a tree of classes. Constant time.
    fn is_within(&self, entity: EntityIx, class: EntityIx) -> bool;
    /// Whether `entity` is `whole` or a part of it, at any depth. Constant time.
    fn is_part(&self, entity: EntityIx, whole: EntityIx) -> bool;
    /// `class` and every class below it.
    fn subtree(&self, class: EntityIx) -> &[EntityIx];
    /// `whole` and every part of it.
    fn parts(&self, whole: EntityIx) -> &[EntityIx];

    /// A fact.
    fn fact(&self, fact: FactIx) -> FactView<'_>;
    /// The same without its id, for those that look at very many.
    fn fact_ends(&self, fact: FactIx) -> FactEnds {
        let FactView { kind, record, ends, .. } = self.fact(fact);
        FactEnds { kind, record, ends }
    }
    /// Who stands at one of its ends, for those that need no other.
    fn end(&self, fact: FactIx, end: FlowEnd) -> Option<Participant> {
        self.fact_ends(fact).ends.get(end)
    }
    /// The same without whose people they are, for walks.
    fn end_node(&self, fact: FactIx, end: FlowEnd) -> Option<NodeIx> {
        self.end(fact, end).map(|it| it.node)
    }
    /// It at a glance.
    fn glance(&self, fact: FactIx) -> Glance {
        Glance::of(self, fact)
    }
    /// All facts at a glance, for those that look at nearly all; none where not all are at hand.
    fn glances(&self) -> Option<&[Glance]> {
        None
    }
    /// Its roles, in the order in which the kind declares them.
    fn roles(&self, fact: FactIx) -> impl Iterator<Item = RoleFill>;
    /// A record.
    fn record(&self, record: RecordIx) -> RecordView<'_>;
    /// What tells whether it counts, for those that look at very many.
    fn record_state(&self, record: RecordIx) -> RecordState {
        let RecordView { claims, outcome, period, .. } = self.record(record);
        RecordState { claims, outcome, period }
    }
    /// Whether any record has relations; if not, nobody need ask each.
    fn has_relations(&self) -> bool {
        true
    }
    /// Whether a fact's record has relations.
    fn is_related(&self, fact: FactIx) -> bool {
        self.has_relations() && self.relations(self.fact_ends(fact).record).next().is_some()
    }
    /// Its relations, in the order written.
    fn relations(&self, record: RecordIx) -> impl Iterator<Item = RelationView>;
    /// Records with a relation to this one.
    fn related_from(&self, record: RecordIx) -> &[RecordIx];
    /// Names of its fields that are worked out.
    fn inferred(&self, record: RecordIx) -> impl Iterator<Item = &str>;
    /// What the model has no field for, in the order written.
    fn extra_of_record(&self, record: RecordIx) -> impl Iterator<Item = ExtraView<'_>>;
    /// Names of a claim's own fields that are worked out.
    fn inferred_in_claim(&self, claim: ClaimIx) -> impl Iterator<Item = &str>;
    /// The record with that id. Logarithmic.
    fn record_by_id(&self, id: &str) -> Option<RecordIx>;
    /// The fact with that id. Logarithmic.
    fn fact_by_id(&self, id: &str) -> Option<FactIx>;
    /// The entity with that id. Logarithmic.
    fn entity_by_id(&self, id: &str) -> Option<EntityIx>;

    /// A claim.
    fn claim(&self, claim: ClaimIx) -> ClaimView<'_>;
    /// What tells whether it counts, for those that look at very many.
    fn claim_state(&self, claim: ClaimIx) -> ClaimState<'_> {
        let ClaimView { stance, via, document, period, withdrawn, .. } = self.claim(claim);
        ClaimState { stance, via, document, period, withdrawn }
    }
    /// Its figures, in the order of the kind's list.
    fn figures(&self, claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>>;
    /// The same without their words, for those that look at very many.
    fn amounts(&self, claim: ClaimIx) -> impl Iterator<Item = AmountView> {
        self.figures(claim).map(|it| AmountView { at: it.at, interval: it.interval, unit: it.unit })
    }

    /// Whether steps lie at hand; if not, a walk asks for those of no node that it will not pass.
    fn has_steps_at_hand(&self) -> bool {
        true
    }
    /// What plain facts that fit the question at hand add up to, if somebody has counted them; they need not be looked at
    /// then.
    fn plain_counts(&self) -> Option<&PlainCounts> {
        None
    }
    /// Where [`plain_counts`](Self::plain_counts) are there: the plain facts of one key.
    fn plain_group(&self, _key: GroupKey) -> Option<PlainGroup> {
        None
    }

    /// Steps out of a node, by (counterpart, fact).
    fn steps_out(&self, node: NodeIx) -> &[Step];
    /// Those of them that lead to another node. Logarithmic, then linear in them.
    fn steps_to(&self, node: NodeIx, to: NodeIx) -> &[Step] {
        let steps = self.steps_out(node);
        let first = steps.partition_point(|it| it.to < to);
        let end = steps.partition_point(|it| it.to <= to);
        steps.get(first..end).unwrap_or_default()
    }
    /// Steps into a node, by (counterpart, fact).
    fn steps_in(&self, node: NodeIx) -> &[Step];
    /// Facts in which the node fills any role.
    fn facts_of(&self, node: NodeIx) -> Cow<'_, [FactIx]>;
    /// Facts in which the node is the source.
    fn facts_from(&self, node: NodeIx) -> &[FactIx];
    /// Facts in which the node is the target.
    fn facts_to(&self, node: NodeIx) -> &[FactIx];
    /// Facts in which the node is the object.
    fn facts_with(&self, node: NodeIx) -> &[FactIx];
    /// Facts of a kind.
    fn facts_of_kind(&self, kind: KindIx) -> &[FactIx];
    /// Claims that the node makes.
    fn claims_by(&self, node: NodeIx) -> &[ClaimIx];
    /// Claims that a document carries, as the place where they were read or as a relay.
    fn claims_in(&self, document: EntityIx) -> &[ClaimIx];
}

/// The entity of a node, unless it is an unnamed participant.
pub fn entity_of(graph: &impl GraphView, node: NodeIx) -> Option<EntityIx> {
    (node.index() < graph.entity_count()).then_some(EntityIx(node.0))
}
