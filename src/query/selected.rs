//! What goes out of a graph: all of it or the facts of an answer, one fact at a time, on the evidence of the question.

use std::collections::BTreeSet;

use super::answer::{Answer, Ref, Row};
use super::build::{Builder, kind_words, node_ref, participant};
use super::error::QueryError;
use super::evidence::Evidence;
use super::lens::{Lens, Standing};
use super::rules::origins::{count_independent, origins};
use super::wording;
use crate::graph::{GraphView, entity_of};
use crate::model::{ClaimIx, EntityIx, FactIx, KindIx, NodeIx, Participant, Period, RecordIx, RelationTarget, Stance};

/// Facts that leave the program, with whom and what they speak of.
///
/// No export says more than an answer: claims that the evidence leaves out are not in it, nor facts of which no claim
/// counts then. Of an answer, the entities are those that its facts and claims name, with the wholes and classes above them.
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph};
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Evidence, Question, Selection, Who, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let all = Selection::all(&graph, &Evidence::default())?;
/// assert_eq!(all.facts().count(), graph.fact_count());
///
/// let question = Question::Who(Who { what: vec!["ballistic missiles".to_owned()], ..Who::default() });
/// let some = Selection::of(&graph, &answer(&graph, &question)?, &Evidence::default())?;
/// assert_eq!(some.facts().map(|it| graph.fact(it).id).collect::<Vec<_>>(), ["a11"]);
/// # Ok::<(), purvey::query::QueryError>(())
/// ```
pub struct Selection<'g, G> {
    graph: &'g G,
    lens: Lens<'g, G>,
    /// Ascending; none: all that the evidence leaves.
    facts: Option<Vec<FactIx>>,
    /// Which nodes go out.
    nodes: Vec<bool>,
    people: BTreeSet<Participant>,
    /// Kinds and units in words.
    words: Answer,
}

/// A fact on its way out.
#[derive(Clone, Debug)]
pub struct OutFact {
    /// Which.
    pub fact: FactIx,
    /// Its record.
    pub record: RecordIx,
    /// Its kind.
    pub kind: KindIx,
    /// The fact as an answer shows it.
    pub row: Row,
    /// By the claims of the row: which they are.
    pub claims: Vec<ClaimIx>,
    /// Whether it is the first of its record that goes out: what belongs to the record is written once.
    pub first_of_record: bool,
    /// Origins that say so, without denials.
    pub origins: usize,
    /// How many of those are independent of one another; at least so many, if there are very many.
    pub independent: usize,
}

impl<'g, G: GraphView> Selection<'g, G> {
    /// Everything that the evidence leaves; without evidence also entities of which no fact speaks.
    ///
    /// # Errors
    ///
    /// A name of the evidence that is unknown or ambiguous.
    pub fn all(graph: &'g G, evidence: &Evidence) -> Result<Self, QueryError> {
        let mut selection = Selection::new(graph, evidence, None)?;
        if evidence.is_all() {
            selection.nodes.fill(true);
        }
        selection.close();
        Ok(selection)
    }

    /// The facts of an answer, the entities that it lists, and whom it is about.
    ///
    /// # Errors
    ///
    /// A name of the evidence that is unknown or ambiguous.
    pub fn of(graph: &'g G, answer: &Answer, evidence: &Evidence) -> Result<Self, QueryError> {
        let rows = answer.rows.iter().chain(&answer.claimed).map(|it| it.fact.as_str());
        // What a list names is an entity, a fact or a kind.
        let listed = answer.entries.iter().flatten().map(|it| it.id.as_str());
        let mut facts: Vec<FactIx> = rows.chain(listed.clone()).filter_map(|it| graph.fact_by_id(it)).collect();
        facts.sort_unstable();
        facts.dedup();
        let mut selection = Selection::new(graph, evidence, Some(facts))?;
        let subject = answer.subject.iter().filter_map(|it| it.entity.id.as_deref());
        let used = answer.sources.iter().flatten().filter_map(|it| it.document.id.as_deref());
        for entity in listed.chain(subject).chain(used).filter_map(|it| graph.entity_by_id(it)) {
            selection.mark(entity.into());
        }
        selection.close();
        Ok(selection)
    }

    fn new(graph: &'g G, evidence: &Evidence, facts: Option<Vec<FactIx>>) -> Result<Self, QueryError> {
        let mut words = Answer::default();
        for kind in &graph.vocabulary().kinds {
            words.kinds.insert(kind.id.to_string(), kind_words(graph, kind));
        }
        for unit in graph.vocabulary().terms.units() {
            words.units.insert(unit.id.to_string(), (unit.id.replace('-', " "), unit.plural.to_string()));
        }
        let lens = Lens::new(graph, evidence)?;
        let nodes = vec![false; graph.node_count()];
        Ok(Selection { graph, lens, facts, nodes, people: BTreeSet::new(), words })
    }

    /// Marks whom and what the facts speak of, and what stands above those.
    fn close(&mut self) {
        let graph = self.graph;
        let facts: Vec<FactIx> = self.facts().collect();
        let mut last = None;
        for fact in facts {
            for fill in graph.roles(fact) {
                self.mark(fill.participant.node);
                if let Some(of) = fill.participant.of {
                    self.mark(of.into());
                    self.people.insert(fill.participant);
                }
            }
            let record = graph.fact(fact).record;
            if last.replace(record) == Some(record) {
                continue;
            }
            let mut claims: Vec<ClaimIx> = self.lens.claims(record).into_iter().map(|(it, _)| it).collect();
            for relation in graph.relations(record) {
                let own = relation.claims.map(ClaimIx).filter(|it| self.lens.sees(*it));
                claims.extend(own);
                if let RelationTarget::Entity(entity) = relation.target {
                    self.mark(entity.into());
                }
            }
            for claim in claims {
                let view = graph.claim(claim);
                self.mark(view.by);
                for document in view.via.iter().chain([&view.document]) {
                    self.mark((*document).into());
                }
            }
        }
        // Above an entity stand its whole, its class and its publisher, whose index may be lower or higher.
        let mut open: Vec<NodeIx> = self.nodes().collect();
        while let Some(node) = open.pop() {
            let above = match entity_of(graph, node) {
                Some(entity) => {
                    let view = graph.entity(entity);
                    [view.part_of, view.is_a, graph.document(entity).publisher]
                }
                None => [graph.unnamed_of(node), None, None],
            };
            for entity in above.into_iter().flatten() {
                if self.mark(entity.into()) {
                    open.push(entity.into());
                }
            }
        }
    }

    /// Whether it was not marked yet.
    fn mark(&mut self, node: NodeIx) -> bool {
        self.nodes.get_mut(node.index()).is_some_and(|it| !std::mem::replace(it, true))
    }

    /// The graph.
    pub fn graph(&self) -> &'g G {
        self.graph
    }

    /// Whether it is an answer, not everything.
    pub fn is_part(&self) -> bool {
        self.facts.is_some()
    }

    /// The facts, ascending.
    pub fn facts(&self) -> impl Iterator<Item = FactIx> + '_ {
        let all = if self.facts.is_none() { self.graph.fact_count() } else { 0 };
        let all = (0..u32::try_from(all).unwrap_or(u32::MAX)).map(FactIx);
        self.facts.iter().flatten().copied().chain(all).filter(|it| self.lens.keeps(*it))
    }

    /// Facts that stay behind because no claim of them counts on this evidence.
    pub fn uncounted(&self) -> impl Iterator<Item = FactIx> + '_ {
        let all = if self.facts.is_none() { self.graph.fact_count() } else { 0 };
        (0..u32::try_from(all).unwrap_or(u32::MAX)).map(FactIx).filter(|it| !self.lens.keeps(*it))
    }

    /// Nodes that go out, entities first, ascending.
    pub fn nodes(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.nodes.iter().enumerate().filter(|(_, it)| **it).map(|(at, _)| NodeIx::from_usize(at))
    }

    /// Entities that go out, ascending.
    pub fn entities(&self) -> impl Iterator<Item = EntityIx> + '_ {
        self.nodes().map_while(|it| entity_of(self.graph, it))
    }

    /// Whether it goes out.
    pub fn has(&self, node: NodeIx) -> bool {
        self.nodes.get(node.index()).copied().unwrap_or(false)
    }

    /// The people of somebody who fill a role: "children of Ukraine", ascending.
    pub fn people(&self) -> impl Iterator<Item = Participant> + '_ {
        self.people.iter().copied()
    }

    /// Whether a record has a fact that goes out.
    pub fn has_record(&self, record: RecordIx) -> bool {
        let mut facts = self.graph.record(record).facts.map(FactIx);
        facts.any(|it| self.has_fact(it))
    }

    /// Whether a fact goes out.
    pub fn has_fact(&self, fact: FactIx) -> bool {
        self.facts.as_ref().is_none_or(|it| it.binary_search(&fact).is_ok()) && self.lens.keeps(fact)
    }

    /// Somebody or something as an answer shows it.
    pub fn reference(&self, node: NodeIx) -> Ref {
        node_ref(self.graph, node)
    }

    /// The same of people of somebody.
    pub fn participant(&self, it: Participant) -> Ref {
        participant(self.graph, it)
    }

    /// When the facts of a record happened, as far as claims say so that count.
    pub fn period(&self, record: RecordIx) -> Option<Period> {
        self.lens.period(record)
    }

    /// Each fact with all that an answer shows of it; one is in memory at a time.
    pub fn rows(&self) -> impl Iterator<Item = OutFact> + '_ {
        let mut builder = Builder::new(&self.lens);
        let mut last = None;
        self.facts().map(move |fact| {
            let view = self.graph.fact(fact);
            let claims = self.lens.claims(view.record);
            let saying = claims.iter().filter(|(claim, standing)| {
                *standing == Standing::Current && self.graph.claim(*claim).stance != Stance::Denies
            });
            let origins = origins(self.graph, saying.map(|(claim, _)| *claim));
            OutFact {
                fact,
                record: view.record,
                kind: view.kind,
                row: builder.row(fact, None),
                claims: claims.iter().map(|(claim, _)| *claim).collect(),
                first_of_record: last.replace(view.record) != Some(view.record),
                independent: count_independent(self.graph, &origins).0,
                origins: origins.len(),
            }
        })
    }

    /// What stands on the arrow of a fact: "ballistic missiles, at least 100".
    pub fn label(&self, row: &Row) -> String {
        wording::label(&self.words, row)
    }

    /// A claim of a fact as a sentence, never more certain than the claim.
    pub fn sentence(&self, row: &Row, claim: &super::ClaimValue) -> String {
        wording::sentence(&self.words, row, claim)
    }

    /// How names of the evidence were understood.
    pub fn remarks(&self) -> &[String] {
        &self.lens.remarks
    }
}
