//! One record with its facts and claims as bytes of their own, for a table that holds a record a row.
//!
//! The bytes are [borsh](https://borsh.io), the same everywhere. They name everything by its number in the graph they were
//! taken from, so they mean something only beside the nodes of that graph. A checksum (CRC-32) comes last.

use borsh::{BorshDeserialize, BorshSerialize};

use super::layout::PeriodRow;
use super::pack::{pack_amount, pack_period, unpack_amount, unpack_period};
use crate::graph::view::{
    ClaimView, ExtraView, FactView, FigureView, GraphView, LocatorView, RecordView, RelationView, RoleFill,
};
use crate::model::{
    ClaimIx, Ends, EntityIx, FactIx, Interval, KindIx, NodeIx, Outcome, Participant, Per, Period, RecordIx,
    RelationKind, RelationTarget, RoleIx, Stance, UnitIx,
};

/// A record that was taken out of a graph. Only its bytes leave the program.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) struct HeldRecord {
    pub(in crate::graph) at: RecordIx,
    pub(in crate::graph) id: String,
    pub(in crate::graph) outcome: Outcome,
    pub(in crate::graph) per: Option<Per>,
    pub(in crate::graph) draft: bool,
    pub(in crate::graph) period: Option<Period>,
    pub(in crate::graph) first_fact: u32,
    pub(in crate::graph) facts: Vec<HeldFact>,
    pub(in crate::graph) first_claim: u32,
    pub(in crate::graph) claims: Vec<HeldClaim>,
    pub(in crate::graph) relations: Vec<HeldRelation>,
    pub(in crate::graph) related_from: Vec<RecordIx>,
    pub(in crate::graph) inferred: Vec<String>,
    pub(in crate::graph) extra: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) struct HeldFact {
    /// None: that of the record.
    pub(in crate::graph) id: Option<String>,
    pub(in crate::graph) kind: KindIx,
    pub(in crate::graph) ends: Ends,
    pub(in crate::graph) roles: Vec<RoleFill>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) struct HeldRelation {
    pub(in crate::graph) kind: RelationKind,
    pub(in crate::graph) target: RelationTarget,
    pub(in crate::graph) first_claim: u32,
    pub(in crate::graph) claims: Vec<HeldClaim>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) struct HeldClaim {
    pub(in crate::graph) by: NodeIx,
    pub(in crate::graph) stance: Stance,
    pub(in crate::graph) via: Vec<EntityIx>,
    pub(in crate::graph) document: EntityIx,
    pub(in crate::graph) made: Option<Period>,
    pub(in crate::graph) period: Option<Period>,
    pub(in crate::graph) withdrawn: Option<Period>,
    pub(in crate::graph) scope: Option<String>,
    pub(in crate::graph) locator: Option<LocatorView>,
    pub(in crate::graph) inferred: Vec<String>,
    pub(in crate::graph) figures: Vec<HeldFigure>,
}

#[derive(Clone, Debug, PartialEq)]
pub(in crate::graph) struct HeldFigure {
    pub(in crate::graph) at: u8,
    pub(in crate::graph) unit: UnitIx,
    pub(in crate::graph) unit_named: bool,
    pub(in crate::graph) interval: Interval,
    pub(in crate::graph) text: String,
}

/// A record of a graph as bytes. `tag` tells one set of tables from another; whoever reads the bytes must know it.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph, pack_record};
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::model::RecordIx;
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// assert_eq!(pack_record(&graph, RecordIx(0), 7), pack_record(&graph, RecordIx(0), 7));
/// ```
pub fn pack_record<G: GraphView>(graph: &G, record: RecordIx, tag: u64) -> Vec<u8> {
    let RecordView { id, facts, claims, outcome, per, period, draft } = graph.record(record);
    let raw = Raw {
        tag,
        record: record.0,
        id: id.to_owned(),
        outcome: outcome as u8,
        per: per.map(|it| it as u8),
        draft,
        period: pair(period),
        first_fact: facts.start,
        facts: facts.map(|it| raw_fact(graph, FactIx(it), id)).collect(),
        first_claim: claims.start,
        claims: claims.map(|it| raw_claim(graph, ClaimIx(it))).collect(),
        relations: graph.relations(record).map(|it| raw_relation(graph, it)).collect(),
        related_from: graph.related_from(record).iter().map(|it| it.0).collect(),
        inferred: graph.inferred(record).map(str::to_owned).collect(),
        extra: graph
            .extra_of_record(record)
            .map(|ExtraView { name, value }| (name.to_owned(), value.to_owned()))
            .collect(),
    };
    let mut bytes = borsh::to_vec(&raw).unwrap_or_default();
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// Why the bytes are no record of these tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// They are no record at all, or a value in them cannot be.
    #[error("its bytes are damaged")]
    Damaged,
    /// They were taken from another graph.
    #[error("it belongs to another export")]
    Foreign,
}

/// The record of these bytes.
pub(in crate::graph) fn unpack_record(bytes: &[u8], tag: u64) -> Result<HeldRecord, PackError> {
    let (bytes, sum) = bytes.split_last_chunk::<4>().ok_or(PackError::Damaged)?;
    if crc32fast::hash(bytes) != u32::from_le_bytes(*sum) {
        return Err(PackError::Damaged);
    }
    let own = bytes.first_chunk::<8>().ok_or(PackError::Damaged)?;
    if u64::from_le_bytes(*own) != tag {
        return Err(PackError::Foreign);
    }
    let raw: Raw = borsh::from_slice(bytes).map_err(|_| PackError::Damaged)?;
    raw.held().ok_or(PackError::Damaged)
}

/// The two halves of a period, as in a snapshot.
type Pair = [u32; 2];

#[derive(BorshSerialize, BorshDeserialize)]
struct Raw {
    tag: u64,
    record: u32,
    id: String,
    outcome: u8,
    per: Option<u8>,
    draft: bool,
    period: Pair,
    first_fact: u32,
    facts: Vec<RawFact>,
    first_claim: u32,
    claims: Vec<RawClaim>,
    relations: Vec<RawRelation>,
    related_from: Vec<u32>,
    inferred: Vec<String>,
    extra: Vec<(String, String)>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RawFact {
    id: Option<String>,
    kind: u16,
    ends: [Option<RawParticipant>; 3],
    roles: Vec<(u16, RawParticipant)>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RawParticipant {
    node: u32,
    of: Option<u32>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RawRelation {
    kind: u8,
    target_kind: u8,
    target: u32,
    first_claim: u32,
    claims: Vec<RawClaim>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RawClaim {
    by: u32,
    stance: u8,
    via: Vec<u32>,
    document: u32,
    made: Pair,
    period: Pair,
    withdrawn: Pair,
    scope: Option<String>,
    locator: Option<(u32, u32, [u8; 32])>,
    inferred: Vec<String>,
    figures: Vec<RawFigure>,
}

#[derive(BorshSerialize, BorshDeserialize)]
struct RawFigure {
    at: u8,
    unit: u16,
    unit_named: bool,
    low: Option<[u8; 16]>,
    high: Option<[u8; 16]>,
    low_open: bool,
    high_open: bool,
    approximate: bool,
    vague: bool,
    text: String,
}

fn pair(period: Option<Period>) -> Pair {
    let PeriodRow { start, end } = pack_period(period);
    [start, end]
}

fn raw_fact<G: GraphView>(graph: &G, fact: FactIx, id_of_record: &str) -> RawFact {
    let FactView { id, kind, ends, .. } = graph.fact(fact);
    RawFact {
        id: (id != id_of_record).then(|| id.to_owned()),
        kind: kind.0,
        ends: ends.all().map(|it| it.map(raw_participant)),
        roles: graph.roles(fact).map(|it| (it.role.0, raw_participant(it.participant))).collect(),
    }
}

fn raw_participant(it: Participant) -> RawParticipant {
    RawParticipant { node: it.node.0, of: it.of.map(|it| it.0) }
}

fn raw_relation<G: GraphView>(graph: &G, RelationView { kind, target, claims }: RelationView) -> RawRelation {
    let (target_kind, target) = match target {
        RelationTarget::Record(it) => (0, it.0),
        RelationTarget::Fact(it) => (1, it.0),
        RelationTarget::Entity(it) => (2, it.0),
    };
    let first_claim = claims.start;
    let claims = claims.map(|it| raw_claim(graph, ClaimIx(it))).collect();
    RawRelation { kind: kind as u8, target_kind, target, first_claim, claims }
}

fn raw_claim<G: GraphView>(graph: &G, claim: ClaimIx) -> RawClaim {
    let ClaimView { by, stance, via, document, made, period, scope, withdrawn, at, .. } = graph.claim(claim);
    let figure = |FigureView { at, interval, unit, unit_named, text }: FigureView<'_>| {
        let Interval { low, high, low_open, high_open, approximate, vague } = interval;
        let (low, high) = (low.map(pack_amount), high.map(pack_amount));
        let text = text.to_owned();
        RawFigure { at, unit: unit.0, unit_named, low, high, low_open, high_open, approximate, vague, text }
    };
    RawClaim {
        by: by.0,
        stance: stance as u8,
        via: via.iter().map(|it| it.0).collect(),
        document: document.0,
        made: pair(made),
        period: pair(period),
        withdrawn: pair(withdrawn),
        scope: scope.map(str::to_owned),
        locator: at.map(|it| (it.paragraph, it.length, it.sha256)),
        inferred: graph.inferred_in_claim(claim).map(str::to_owned).collect(),
        figures: graph.figures(claim).map(figure).collect(),
    }
}

fn period([start, end]: Pair) -> Option<Option<Period>> {
    unpack_period(PeriodRow { start, end }).ok()
}

/// One of the values of an enumeration, by its place among all.
fn one_of<T: Copy>(all: &[T], at: u8) -> Option<T> {
    all.get(usize::from(at)).copied()
}

impl Raw {
    fn held(self) -> Option<HeldRecord> {
        Some(HeldRecord {
            at: RecordIx(self.record),
            id: self.id,
            outcome: one_of(&Outcome::ALL, self.outcome)?,
            per: match self.per {
                Some(it) => Some(one_of(&Per::ALL, it)?),
                None => None,
            },
            draft: self.draft,
            period: period(self.period)?,
            first_fact: self.first_fact,
            facts: self.facts.into_iter().map(RawFact::held).collect(),
            first_claim: self.first_claim,
            claims: self.claims.into_iter().map(RawClaim::held).collect::<Option<_>>()?,
            relations: self.relations.into_iter().map(RawRelation::held).collect::<Option<_>>()?,
            related_from: self.related_from.into_iter().map(RecordIx).collect(),
            inferred: self.inferred,
            extra: self.extra,
        })
    }
}

impl RawParticipant {
    fn held(self) -> Participant {
        Participant { node: NodeIx(self.node), of: self.of.map(EntityIx) }
    }
}

impl RawFact {
    fn held(self) -> HeldFact {
        let [source, object, target] = self.ends.map(|it| it.map(RawParticipant::held));
        let role = |(role, who): (u16, RawParticipant)| RoleFill { role: RoleIx(role), participant: who.held() };
        HeldFact {
            id: self.id,
            kind: KindIx(self.kind),
            ends: Ends { source, object, target },
            roles: self.roles.into_iter().map(role).collect(),
        }
    }
}

impl RawRelation {
    fn held(self) -> Option<HeldRelation> {
        let target = match self.target_kind {
            0 => RelationTarget::Record(RecordIx(self.target)),
            1 => RelationTarget::Fact(FactIx(self.target)),
            2 => RelationTarget::Entity(EntityIx(self.target)),
            _ => return None,
        };
        Some(HeldRelation {
            kind: one_of(&RelationKind::ALL, self.kind)?,
            target,
            first_claim: self.first_claim,
            claims: self.claims.into_iter().map(RawClaim::held).collect::<Option<_>>()?,
        })
    }
}

impl RawClaim {
    fn held(self) -> Option<HeldClaim> {
        let locator = |(paragraph, length, sha256)| LocatorView { paragraph, length, sha256 };
        Some(HeldClaim {
            by: NodeIx(self.by),
            stance: one_of(&Stance::ALL, self.stance)?,
            via: self.via.into_iter().map(EntityIx).collect(),
            document: EntityIx(self.document),
            made: period(self.made)?,
            period: period(self.period)?,
            withdrawn: period(self.withdrawn)?,
            scope: self.scope,
            locator: self.locator.map(locator),
            inferred: self.inferred,
            figures: self.figures.into_iter().map(RawFigure::held).collect::<Option<_>>()?,
        })
    }
}

impl RawFigure {
    fn held(self) -> Option<HeldFigure> {
        let RawFigure { at, unit, unit_named, low, high, low_open, high_open, approximate, vague, text } = self;
        let amount = |bytes: Option<[u8; 16]>| match bytes {
            Some(it) => unpack_amount(it).map(Some),
            None => Some(None),
        };
        let interval = Interval { low: amount(low)?, high: amount(high)?, low_open, high_open, approximate, vague };
        Some(HeldFigure { at, unit: UnitIx(unit), unit_named, interval, text })
    }
}
