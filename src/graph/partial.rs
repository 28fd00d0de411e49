//! [`Partial`]: the nodes of a graph, with as many of its records as are at hand.
//!
//! Records lie elsewhere, in tables too large to be here. A question runs over what is at hand; whatever it asks for that is
//! not, is written down as a [`Want`] and makes the answer be refused. Whoever has the tables fetches what is wanted and
//! asks again, until nothing is: then the same code has seen all that it would have seen in the whole graph, and the answer
//! is the same.

mod index;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeSet;

use index::{Index, Map, Named, numbered};

use super::names::NameIndex;
use super::snapshot::{HeldClaim, HeldFact, HeldRecord, HeldRelation, PackError, unpack_record};
use super::view::{
    ClaimView, DecisionView, DocumentView, EntityView, ExtraView, FactView, Fault, FigureView, GraphView, MergedView,
    NameView, RecordView, RelationView, RoleFill, Step,
};
use crate::model::{ClaimIx, EntityIx, FactIx, KindIx, NodeIx, RecordIx, Vocabulary};

/// Something that a question asked for and that is not at hand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// Everything.
    All,
    /// A record.
    Record(RecordIx),
    /// The record of a fact.
    Fact(FactIx),
    /// The record of a claim.
    Claim(ClaimIx),
    /// The record with that id, or with a fact of that id.
    Id(String),
    /// All facts of which a node is the source.
    From(NodeIx),
    /// All facts of which a node is the target.
    To(NodeIx),
    /// All facts of which a node is the object.
    With(NodeIx),
    /// All facts in which a node fills any role.
    Of(NodeIx),
    /// All steps out of a node.
    Out(NodeIx),
    /// All steps into a node.
    In(NodeIx),
    /// All steps from one node to another.
    Pair(NodeIx, NodeIx),
    /// All facts of a kind.
    Kind(KindIx),
    /// All claims of a node.
    By(NodeIx),
    /// All claims that a document carries.
    Carried(EntityIx),
}

/// Which lists hold all that a question can use of them, and not all that there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduced {
    /// None: each list must be whole.
    #[default]
    No,
    /// Facts by their ends, roles, kinds and days.
    Facts,
    /// Steps out of nodes and into them.
    Steps,
}

/// How much there is in the whole graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Number of records.
    pub records: usize,
    /// Number of facts.
    pub facts: usize,
    /// Number of claims, those of relations too.
    pub claims: usize,
}

impl Totals {
    /// Those of a graph.
    pub fn of<G: GraphView>(graph: &G) -> Totals {
        Totals { records: graph.record_count(), facts: graph.fact_count(), claims: graph.claim_count() }
    }
}

/// So many wants are written down for one round; what is beyond comes up again in the next.
const MOST_WANTED: usize = 100_000;

/// See the module's page.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph, Partial, Totals, Want, pack_record};
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let mut partial = Partial::new(&graph, Totals::of(&graph), 0);
/// let question = Question::Show { name: "a11".to_owned() };
/// assert!(answer(&partial, &question).is_err());
/// assert_eq!(partial.take_wanted().first(), Some(&Want::Id("a11".to_owned())));
///
/// partial.add(&pack_record(&graph, graph.record_by_id("a11").unwrap_or_default(), 0))?;
/// partial.cover([Want::Id("a11".to_owned())]);
/// // It speaks of other facts, which come in further rounds.
/// let mut rounds = 0;
/// while answer(&partial, &question).is_err() && rounds < 9 {
///     for want in partial.take_wanted() {
///         let record = match want {
///             Want::Record(record) => record,
///             Want::Fact(fact) => graph.fact(fact).record,
///             _ => continue,
///         };
///         partial.add(&pack_record(&graph, record, 0))?;
///     }
///     partial.cover([]);
///     rounds += 1;
/// }
/// assert_eq!(answer(&partial, &question)?.rows.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Partial<'n, N> {
    nodes: &'n N,
    totals: Totals,
    tag: u64,
    held: Held,
    index: Index,
    is_stale: bool,
    reduced: Reduced,
    covered: BTreeSet<Want>,
    wanted: RefCell<BTreeSet<Want>>,
}

#[derive(Default)]
struct Held {
    records: Vec<HeldRecord>,
    of_record: Map<u32, usize>,
}

impl<'n, N: GraphView> Partial<'n, N> {
    /// Nodes without records. `nodes` is a graph that has the nodes of the whole one under the same numbers; no fact of it
    /// is looked at. `tag` is that of the records' bytes.
    pub fn new(nodes: &'n N, totals: Totals, tag: u64) -> Self {
        Partial {
            nodes,
            totals,
            tag,
            held: Held::default(),
            index: Index::default(),
            is_stale: false,
            reduced: Reduced::No,
            covered: BTreeSet::new(),
            wanted: RefCell::default(),
        }
    }

    /// The graph that has the nodes.
    pub fn nodes(&self) -> &'n N {
        self.nodes
    }

    /// Number of records at hand.
    pub fn held_count(&self) -> usize {
        self.held.records.len()
    }

    /// Adds a record, if it is not there yet. What was added is seen after [`cover`](Self::cover).
    ///
    /// # Errors
    ///
    /// The bytes are damaged, or of another graph.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), PackError> {
        let record = unpack_record(bytes, self.tag)?;
        if record.at.index() >= self.totals.records {
            return Err(PackError::Damaged);
        }
        let at = self.held.records.len();
        if *self.held.of_record.entry(record.at.0).or_insert(at) == at {
            self.held.records.push(record);
            self.is_stale = true;
        }
        Ok(())
    }

    /// Says what is now wholly at hand.
    pub fn cover(&mut self, wants: impl IntoIterator<Item = Want>) {
        self.covered.extend(wants);
        self.sort();
    }

    /// Says which lists of facts need hold no more than they do, for the question that comes. All else is still wanted.
    pub fn set_reduced(&mut self, reduced: Reduced) {
        self.reduced = reduced;
        self.sort();
    }

    /// What was asked for and was not at hand, in order; none: what the last question gave is right.
    pub fn take_wanted(&mut self) -> Vec<Want> {
        std::mem::take(self.wanted.get_mut()).into_iter().collect()
    }

    fn sort(&mut self) {
        if std::mem::take(&mut self.is_stale) {
            self.index = Index::new(&self.held.records, self.nodes.vocabulary());
        }
    }

    fn is_covered(&self, want: &Want) -> bool {
        self.covered.contains(&Want::All) || self.covered.contains(want)
    }

    fn miss(&self, want: Want) {
        if !self.is_covered(&want) {
            self.lack(want);
        }
    }

    /// The same of what there must be: it is lacking also if it was fetched and did not come.
    fn lack(&self, want: Want) {
        let mut wanted = self.wanted.borrow_mut();
        if wanted.len() < MOST_WANTED {
            wanted.insert(want);
        }
    }

    /// A list, which must be whole unless `reduced` is what this question has at hand.
    fn list<'s, K: std::hash::Hash + Eq, T>(
        &'s self,
        lists: &'s Map<K, Vec<T>>,
        key: &K,
        want: Want,
        reduced: Reduced,
    ) -> &'s [T] {
        if self.reduced != reduced || reduced == Reduced::No {
            self.miss(want);
        }
        lists.get(key).map_or(&[], Vec::as_slice)
    }

    fn held(&self, record: RecordIx) -> Option<&HeldRecord> {
        let found = self.held.of_record.get(&record.0).and_then(|it| self.held.records.get(*it));
        if found.is_none() && record.index() < self.totals.records {
            self.lack(Want::Record(record));
        }
        found
    }

    fn held_fact(&self, fact: FactIx) -> Option<(&HeldRecord, &HeldFact)> {
        let found = self.index.facts.get(&fact.0).and_then(|(record, at)| {
            let record = self.held.records.get(*record)?;
            Some((record, record.facts.get(*at)?))
        });
        if found.is_none() && fact.index() < self.totals.facts {
            self.lack(Want::Fact(fact));
        }
        found
    }

    fn held_claim(&self, claim: ClaimIx) -> Option<(&HeldRecord, &HeldClaim)> {
        let found = self.index.claims.get(&claim.0).and_then(|(record, relation, at)| {
            let record = self.held.records.get(*record)?;
            let claims = match relation {
                None => &record.claims,
                Some(it) => &record.relations.get(*it)?.claims,
            };
            Some((record, claims.get(*at)?))
        });
        if found.is_none() && claim.index() < self.totals.claims {
            self.lack(Want::Claim(claim));
        }
        found
    }

    fn named(&self, id: &str) -> Named {
        let found = self.index.ids.get(id).copied();
        if found.is_none() {
            self.miss(Want::Id(id.to_owned()));
        }
        found.unwrap_or_default()
    }
}

impl<N: GraphView> GraphView for Partial<'_, N> {
    fn vocabulary(&self) -> &Vocabulary {
        self.nodes.vocabulary()
    }

    fn name_index(&self) -> NameIndex<'_> {
        self.nodes.name_index()
    }

    fn fault(&self) -> Option<Fault> {
        let missing = || Fault { what: "some of its records are not at hand".to_owned() };
        self.nodes.fault().or_else(|| (!self.wanted.borrow().is_empty()).then(missing))
    }

    fn entity_count(&self) -> usize {
        self.nodes.entity_count()
    }

    fn node_count(&self) -> usize {
        self.nodes.node_count()
    }

    fn record_count(&self) -> usize {
        self.totals.records
    }

    fn fact_count(&self) -> usize {
        self.totals.facts
    }

    fn claim_count(&self) -> usize {
        self.totals.claims
    }

    fn entity(&self, entity: EntityIx) -> EntityView<'_> {
        self.nodes.entity(entity)
    }

    fn above(&self, entity: EntityIx) -> [Option<EntityIx>; 2] {
        self.nodes.above(entity)
    }

    fn names(&self, entity: EntityIx) -> impl Iterator<Item = NameView<'_>> {
        self.nodes.names(entity)
    }

    fn extra(&self, entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.nodes.extra(entity)
    }

    fn document(&self, entity: EntityIx) -> DocumentView<'_> {
        self.nodes.document(entity)
    }

    fn corrects(&self, document: EntityIx) -> &[EntityIx] {
        self.nodes.corrects(document)
    }

    fn decision_count(&self) -> usize {
        self.nodes.decision_count()
    }

    fn decision(&self, at: u32) -> DecisionView<'_> {
        self.nodes.decision(at)
    }

    fn merged_count(&self) -> usize {
        self.nodes.merged_count()
    }

    fn merged(&self, at: u32) -> MergedView<'_> {
        self.nodes.merged(at)
    }

    fn unnamed_of(&self, node: NodeIx) -> Option<EntityIx> {
        self.nodes.unnamed_of(node)
    }

    fn is_several(&self, node: NodeIx) -> bool {
        self.nodes.is_several(node)
    }

    fn is_within(&self, entity: EntityIx, class: EntityIx) -> bool {
        self.nodes.is_within(entity, class)
    }

    fn is_part(&self, entity: EntityIx, whole: EntityIx) -> bool {
        self.nodes.is_part(entity, whole)
    }

    fn subtree(&self, class: EntityIx) -> &[EntityIx] {
        self.nodes.subtree(class)
    }

    fn parts(&self, whole: EntityIx) -> &[EntityIx] {
        self.nodes.parts(whole)
    }

    fn fact(&self, fact: FactIx) -> FactView<'_> {
        self.held_fact(fact).map_or(FactView::NONE, |(record, it)| FactView {
            id: it.id.as_deref().unwrap_or(&record.id),
            kind: it.kind,
            record: record.at,
            ends: it.ends,
        })
    }

    fn roles(&self, fact: FactIx) -> impl Iterator<Item = RoleFill> {
        self.held_fact(fact).into_iter().flat_map(|(_, it)| it.roles.iter().copied())
    }

    fn record(&self, record: RecordIx) -> RecordView<'_> {
        self.held(record).map_or_else(RecordView::default, |it| RecordView {
            id: &it.id,
            facts: numbered(it.first_fact, it.facts.len()),
            claims: numbered(it.first_claim, it.claims.len()),
            outcome: it.outcome,
            per: it.per,
            period: it.period,
            draft: it.draft,
        })
    }

    fn relations(&self, record: RecordIx) -> impl Iterator<Item = RelationView> {
        let view = |it: &HeldRelation| RelationView {
            kind: it.kind,
            target: it.target,
            claims: numbered(it.first_claim, it.claims.len()),
        };
        self.held(record).into_iter().flat_map(|it| &it.relations).map(view)
    }

    fn related_from(&self, record: RecordIx) -> &[RecordIx] {
        self.held(record).map_or(&[], |it| &it.related_from)
    }

    fn inferred(&self, record: RecordIx) -> impl Iterator<Item = &str> {
        self.held(record).into_iter().flat_map(|it| &it.inferred).map(String::as_str)
    }

    fn extra_of_record(&self, record: RecordIx) -> impl Iterator<Item = ExtraView<'_>> {
        let all = self.held(record).into_iter().flat_map(|it| &it.extra);
        all.map(|(name, value)| ExtraView { name, value })
    }

    fn inferred_in_claim(&self, claim: ClaimIx) -> impl Iterator<Item = &str> {
        self.held_claim(claim).into_iter().flat_map(|(_, it)| &it.inferred).map(String::as_str)
    }

    fn record_by_id(&self, id: &str) -> Option<RecordIx> {
        self.named(id).record
    }

    fn fact_by_id(&self, id: &str) -> Option<FactIx> {
        self.named(id).fact
    }

    fn entity_by_id(&self, id: &str) -> Option<EntityIx> {
        self.nodes.entity_by_id(id)
    }

    fn claim(&self, claim: ClaimIx) -> ClaimView<'_> {
        self.held_claim(claim).map_or(ClaimView::NONE, |(record, it)| ClaimView {
            record: record.at,
            by: it.by,
            stance: it.stance,
            via: &it.via,
            document: it.document,
            made: it.made,
            period: it.period,
            scope: it.scope.as_deref(),
            withdrawn: it.withdrawn,
            at: it.locator,
        })
    }

    fn figures(&self, claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>> {
        let figures = self.held_claim(claim).into_iter().flat_map(|(_, it)| &it.figures);
        figures.map(|it| FigureView {
            at: it.at,
            interval: it.interval,
            unit: it.unit,
            unit_named: it.unit_named,
            text: &it.text,
        })
    }

    fn steps_out(&self, node: NodeIx) -> &[Step] {
        self.list(&self.index.out, &node, Want::Out(node), Reduced::Steps)
    }

    fn steps_to(&self, node: NodeIx, to: NodeIx) -> &[Step] {
        if !self.is_covered(&Want::Out(node)) {
            self.miss(Want::Pair(node, to));
        }
        let steps = self.index.out.get(&node).map_or(&[][..], Vec::as_slice);
        let first = steps.partition_point(|it| it.to < to);
        let end = steps.partition_point(|it| it.to <= to);
        steps.get(first..end).unwrap_or_default()
    }

    fn steps_in(&self, node: NodeIx) -> &[Step] {
        self.list(&self.index.into, &node, Want::In(node), Reduced::Steps)
    }

    fn facts_of(&self, node: NodeIx) -> Cow<'_, [FactIx]> {
        Cow::Borrowed(self.list(&self.index.of, &node, Want::Of(node), Reduced::Facts))
    }

    fn facts_from(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.from, &node, Want::From(node), Reduced::Facts)
    }

    fn facts_to(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.to, &node, Want::To(node), Reduced::Facts)
    }

    fn facts_with(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.with, &node, Want::With(node), Reduced::Facts)
    }

    fn facts_of_kind(&self, kind: KindIx) -> &[FactIx] {
        self.list(&self.index.kinds, &kind, Want::Kind(kind), Reduced::Facts)
    }

    fn claims_by(&self, node: NodeIx) -> &[ClaimIx] {
        self.list(&self.index.by, &node, Want::By(node), Reduced::No)
    }

    fn claims_in(&self, document: EntityIx) -> &[ClaimIx] {
        self.list(&self.index.carried, &document, Want::Carried(document), Reduced::No)
    }
}
