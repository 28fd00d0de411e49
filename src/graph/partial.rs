//! [`Partial`]: the nodes of a graph, with as many of its records as are at hand.
//!
//! Records lie elsewhere, in tables too large to be here. A question runs over what is at hand; whatever it asks for that is
//! not, is written down as a [`Want`] and makes the answer be refused. Whoever has the tables fetches what is wanted and
//! asks again, until nothing is: then the same code has seen all that it would have seen in the whole graph, and the answer
//! is the same.

mod index;
mod view;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use index::{Index, Map, Named};

use super::plain::{GroupKey, PlainCounts, PlainFact, PlainGroup};
use super::snapshot::{HeldClaim, HeldFact, HeldRecord, PackError, unpack_record};
use super::view::{GraphView, Step};
use crate::model::{ClaimIx, EntityIx, FactIx, KindIx, NodeIx, RecordIx};

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
    /// Of the steps out of a node, all that the walk at hand may take: plain facts, and the records of all others.
    WalkOut(NodeIx),
    /// The same into a node.
    WalkIn(NodeIx),
    /// How many plain facts of those that are counted a key has.
    Group(GroupKey),
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
    /// None is; but of the steps out of nodes and into them only those that a walk may take must be there.
    Walk,
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
    counts: Option<PlainCounts>,
    groups: BTreeMap<GroupKey, PlainGroup>,
    covered: BTreeSet<Want>,
    wanted: RefCell<BTreeSet<Want>>,
}

#[derive(Default)]
struct Held {
    records: Vec<HeldRecord>,
    of_record: Map<u32, usize>,
    plain: Vec<PlainFact>,
    of_plain: Map<u32, usize>,
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
            counts: None,
            groups: BTreeMap::new(),
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

    /// Whether a record is at hand.
    pub fn has_record(&self, record: RecordIx) -> bool {
        self.held.of_record.contains_key(&record.0)
    }

    /// Number of plain facts that are there without their records.
    pub fn plain_count(&self) -> usize {
        self.held.plain.len()
    }

    /// Adds a plain fact, if it is not there yet. It is seen after [`cover`](Self::cover).
    ///
    /// # Errors
    ///
    /// There is no such fact, node or kind.
    pub fn add_plain(&mut self, it: PlainFact) -> Result<(), PackError> {
        let nodes = [it.source, it.object, it.target];
        if it.fact.index() >= self.totals.facts
            || nodes.into_iter().flatten().any(|it| it.index() >= self.nodes.node_count())
            || self.nodes.vocabulary().kind(it.kind).is_none()
        {
            return Err(PackError::Damaged);
        }
        let at = self.held.plain.len();
        if *self.held.of_plain.entry(it.fact.0).or_insert(at) == at {
            self.held.plain.push(it);
            self.is_stale = true;
        }
        Ok(())
    }

    /// Hands over what plain facts add up to for the question that comes, or takes that away again.
    pub fn set_counts(&mut self, counts: Option<PlainCounts>) {
        self.groups = counts.iter().flat_map(|it| &it.largest).map(|it| (it.key, *it)).collect();
        self.counts = counts;
        self.covered.retain(|it| !matches!(it, Want::Group(_)));
    }

    /// Adds the plain facts of a key to what they add up to.
    pub fn add_group(&mut self, group: PlainGroup) {
        self.groups.insert(group.key, group);
    }

    /// Says what is now wholly at hand.
    pub fn cover(&mut self, wants: impl IntoIterator<Item = Want>) {
        self.covered.extend(wants);
        self.sort();
    }

    /// Says which lists of facts need hold no more than they do, for the question that comes. All else is still wanted.
    pub fn set_reduced(&mut self, reduced: Reduced) {
        self.reduced = reduced;
        // What a walk may take is another matter for each question.
        self.covered.retain(|it| !matches!(it, Want::WalkOut(_) | Want::WalkIn(_)));
        self.sort();
    }

    /// What was asked for and was not at hand, in order; none: what the last question gave is right.
    pub fn take_wanted(&mut self) -> Vec<Want> {
        std::mem::take(self.wanted.get_mut()).into_iter().collect()
    }

    fn sort(&mut self) {
        if std::mem::take(&mut self.is_stale) {
            self.index = Index::new(&self.held.records, &self.held.plain, self.nodes.vocabulary());
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

    /// A fact that is there without its record.
    fn held_plain(&self, fact: FactIx) -> Option<&PlainFact> {
        if self.index.facts.contains_key(&fact.0) {
            return None;
        }
        self.held.of_plain.get(&fact.0).and_then(|it| self.held.plain.get(*it))
    }

    /// The steps of a node, which must be whole unless they are reduced.
    fn steps<'s>(&'s self, lists: &'s Map<NodeIx, Vec<Step>>, node: NodeIx, whole: Want, walk: Want) -> &'s [Step] {
        match self.reduced {
            Reduced::Steps => {}
            Reduced::Walk if self.is_covered(&whole) => {}
            Reduced::Walk => self.miss(walk),
            Reduced::No | Reduced::Facts => self.miss(whole),
        }
        lists.get(&node).map_or(&[], Vec::as_slice)
    }

    fn named(&self, id: &str) -> Named {
        let found = self.index.ids.get(id).copied();
        if found.is_none() {
            self.miss(Want::Id(id.to_owned()));
        }
        found.unwrap_or_default()
    }
}
