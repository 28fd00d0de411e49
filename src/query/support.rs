//! What an answer stands on: its origins, the fewest of them without which it falls, and what is left then.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answer;
use super::build::{Builder, node_ref, time_key};
use super::error::QueryError;
use super::evidence::Evidence;
use super::judged::{OriginSupport, Support, WeakestStep};
use super::lens::Lens;
use super::path::step_facts;
use super::question::{PathQuestion, Question};
use super::rules::Status;
use super::rules::origins::{count_independent, origins};
use super::rules::tally::saying;
use crate::graph::GraphView;
use crate::model::{ClaimIx, FactIx, FlowEnd, NodeIx, RecordIx, RelationKind, RelationTarget};

/// The support of the answer to a question. Claimants and documents that the evidence leaves out are left out of what
/// stands, not of what is asked about: then the answer says what falls without them.
pub(crate) fn support<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> Result<Answer, QueryError> {
    let whole = Lens::new(graph, &Evidence { without: Vec::new(), ..evidence.clone() })?;
    let lens = Lens::new(graph, evidence)?;
    let asked = super::answer_through(&whole, question)?;
    let about: Vec<FactIx> = asked.rows.iter().filter_map(|it| graph.fact_by_id(&it.fact)).collect();
    let standing: Vec<FactIx> = about.iter().copied().filter(|it| lens.keeps(*it)).collect();
    let supporting = Supporting::new(&lens, &standing);
    let (smallest, exact) = match question {
        Question::Path(path) => fewest_for_path(&lens, path)?,
        // Every fact must fall, each with all who say it.
        _ => (supporting.by_origin.keys().copied().collect(), true),
    };
    let without_them = lens.without(&smallest);
    let left = left(if evidence.without.is_empty() { &without_them } else { &lens }, &about);

    let mut builder = Builder::new(&whole);
    let all: Vec<_> = about.iter().chain(&left).map(|it| (*it, None)).collect();
    let rows = builder.rows(&all);
    let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id.to_owned()).collect::<Vec<_>>();
    let all_origins: Vec<NodeIx> = supporting.by_origin.keys().copied().collect();
    let (independent, independent_exact) = count_independent(graph, &all_origins);
    let support = Support {
        origins: supporting.list(graph, &mut builder),
        independent,
        independent_bound: !independent_exact,
        smallest: smallest.iter().map(|it| node_ref(graph, *it)).collect(),
        bound: !exact,
        falls: ids(&about.iter().copied().filter(|it| !lens.keeps(*it)).collect::<Vec<_>>()),
        left: ids(&left),
        weakest: weakest(&lens, &asked),
        about: ids(&about),
    };
    let mut answer = builder.finish(Question::Support(Box::new(question.clone())).to_string(), rows, Vec::new());
    answer.question = format!("{}{evidence}", Question::Support(Box::new(question.clone())));
    answer.title = asked.title;
    answer.chains = asked.chains;
    answer.remarks = asked.remarks.into_iter().chain(lens.remarks.iter().cloned()).collect();
    if let (Question::Path(path), false) = (question, evidence.without.is_empty()) {
        let is_left = step_facts(&lens, path)?.is_some();
        let told = if is_left {
            "a path is left on the evidence asked for"
        } else {
            "no path is left on the evidence asked for"
        };
        answer.remarks.push(told.to_owned());
    }
    answer.support = Some(support);
    Ok(answer)
}

/// Who says which facts.
struct Supporting {
    by_origin: BTreeMap<NodeIx, Vec<(FactIx, ClaimIx)>>,
    /// Number of origins of each fact.
    of_fact: BTreeMap<FactIx, usize>,
}

impl Supporting {
    fn new<G: GraphView>(lens: &Lens<'_, G>, facts: &[FactIx]) -> Self {
        let mut by_origin: BTreeMap<NodeIx, Vec<(FactIx, ClaimIx)>> = BTreeMap::new();
        let mut of_fact = BTreeMap::new();
        for fact in facts {
            let claims = saying(lens, *fact);
            of_fact.insert(*fact, origins(lens.graph, claims.iter().copied()).len());
            for claim in claims {
                let origin = super::rules::origins::origin(lens.graph, claim);
                by_origin.entry(origin).or_default().push((*fact, claim));
            }
        }
        Supporting { by_origin, of_fact }
    }

    fn list<G: GraphView>(&self, graph: &G, builder: &mut Builder<'_, '_, G>) -> Vec<OriginSupport> {
        let mut list: Vec<OriginSupport> = Vec::new();
        for (origin, claims) in &self.by_origin {
            let mut facts: Vec<FactIx> = claims.iter().map(|(fact, _)| *fact).collect();
            facts.dedup();
            let alone = facts.iter().filter(|it| self.of_fact.get(it) == Some(&1));
            let id = |it: &FactIx| graph.fact(*it).id.to_owned();
            let mut notes: Vec<usize> = claims.iter().map(|(_, claim)| builder.note_of(*claim)).collect();
            notes.sort_unstable();
            notes.dedup();
            let mut claims: Vec<ClaimIx> = claims.iter().map(|(_, claim)| *claim).collect();
            claims.sort_unstable();
            claims.dedup();
            list.push(OriginSupport {
                origin: node_ref(graph, *origin),
                alone: alone.map(id).collect(),
                facts: facts.iter().map(id).collect(),
                claims: claims.len(),
                notes,
            });
        }
        list.sort_by_key(|it| std::cmp::Reverse(it.facts.len()));
        list
    }
}

/// So many searches at most; an answer that would need more says that its set may not be the smallest.
const MOST_SEARCHES: usize = 2_000;

/// The fewest origins without which no path is left, and whether there can be no smaller set.
///
/// Of a path that is found, one step must fall, and with it all facts that carry it: so each step is tried in turn, on the
/// origins taken away so far, until no path is left. A set that is no smaller than the best one is not followed.
fn fewest_for_path<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &PathQuestion,
) -> Result<(Vec<NodeIx>, bool), QueryError> {
    let question = PathQuestion { all: false, ..question.clone() };
    let mut best: Option<BTreeSet<NodeIx>> = None;
    let mut tried: BTreeSet<Vec<NodeIx>> = BTreeSet::new();
    let mut open: Vec<BTreeSet<NodeIx>> = vec![BTreeSet::new()];
    let mut searches = 0;
    let mut exact = true;
    while let Some(taken) = open.pop() {
        if best.as_ref().is_some_and(|it| it.len() <= taken.len()) || !tried.insert(taken.iter().copied().collect()) {
            continue;
        }
        // Without a set yet, the search goes on until it has one: it is then a true one, if perhaps not the smallest.
        if searches >= MOST_SEARCHES && best.is_some() {
            exact = false;
            break;
        }
        searches += 1;
        let list: Vec<NodeIx> = taken.iter().copied().collect();
        let rest = lens.without(&list);
        let Some(steps) = step_facts(&rest, &question)? else {
            best = Some(taken);
            continue;
        };
        let mut next: Vec<BTreeSet<NodeIx>> = steps
            .iter()
            .map(|facts| {
                let claims = facts.iter().flat_map(|it| saying(&rest, *it));
                taken.iter().copied().chain(origins(lens.graph, claims)).collect()
            })
            .collect();
        // The smallest is tried first, which soon gives a good set to measure others by.
        next.sort_by_key(|it| std::cmp::Reverse(it.len()));
        open.extend(next);
    }
    Ok((best.unwrap_or_default().into_iter().collect(), exact))
}

/// Facts that say the same or nearly so and still stand: of the same ends, joined by overlaps, part-of or same-as, or with
/// an item equal to, above or below.
fn left<G: GraphView>(lens: &Lens<'_, G>, about: &[FactIx]) -> Vec<FactIx> {
    let graph = lens.graph;
    let mut found: BTreeSet<FactIx> = BTreeSet::new();
    for fact in about {
        let view = graph.fact(*fact);
        let end = |end: FlowEnd| view.ends.get(end).map(|it| it.node);
        let (Some(source), Some(target)) = (end(FlowEnd::Source), end(FlowEnd::Target)) else { continue };
        let joined = joined_records(graph, view.record);
        for step in graph.steps_to(source, target) {
            let other = graph.fact(step.fact);
            let akin =
                joined.contains(&other.record) || (other.kind == view.kind && items_akin(graph, *fact, step.fact));
            if akin && other.record != view.record && lens.happened(step.fact) && lens.keeps(step.fact) {
                found.insert(step.fact);
            }
        }
    }
    let mut list: Vec<FactIx> = found.into_iter().filter(|it| !about.contains(it)).collect();
    list.sort_by_cached_key(|it| time_key(lens, *it));
    list
}

/// Records joined to one by overlaps, part-of or same-as, in either direction.
fn joined_records<G: GraphView>(graph: &G, record: RecordIx) -> BTreeSet<RecordIx> {
    let joins = |kind| matches!(kind, RelationKind::Overlaps | RelationKind::PartOf | RelationKind::SameAs);
    let target = |target: RelationTarget| match target {
        RelationTarget::Record(record) => Some(record),
        RelationTarget::Fact(fact) => Some(graph.fact(fact).record),
        RelationTarget::Entity(_) => None,
    };
    let outward = graph.relations(record).filter(|it| joins(it.kind)).filter_map(|it| target(it.target));
    let inward = graph
        .related_from(record)
        .iter()
        .copied()
        .filter(|other| graph.relations(*other).any(|it| joins(it.kind) && target(it.target) == Some(record)));
    outward.chain(inward).collect()
}

/// Whether the items of two facts are equal, or one is above the other.
fn items_akin<G: GraphView>(graph: &G, a: FactIx, b: FactIx) -> bool {
    let item = |fact: FactIx| {
        graph.fact(fact).ends.get(FlowEnd::Object).and_then(|it| crate::graph::entity_of(graph, it.node))
    };
    match (item(a), item(b)) {
        (Some(a), Some(b)) => graph.is_within(a, b) || graph.is_within(b, a),
        _ => false,
    }
}

/// The step of a path that is supported least: disputed before unnamed before a single source, then by fewest independent
/// origins. Of several facts that carry a step the best supported counts.
fn weakest<G: GraphView>(lens: &Lens<'_, G>, asked: &Answer) -> Option<WeakestStep> {
    let graph = lens.graph;
    let strength = |status: Option<Status>| match status {
        None => 0,
        Some(Status::Disputed) => 1,
        Some(Status::Unnamed) => 2,
        Some(Status::SingleSource) => 3,
        Some(Status::Admitted) => 4,
        Some(Status::Corroborated) => 5,
    };
    let mut weakest: Option<((u8, usize), WeakestStep)> = None;
    for (chain, number) in asked.chains.iter().flatten().zip(1_usize..) {
        for (step, at) in chain.steps.iter().zip(1_usize..) {
            let facts =
                step.rows.iter().filter_map(|it| asked.rows.get(*it)).filter_map(|it| graph.fact_by_id(&it.fact));
            let best = facts
                .map(|fact| {
                    let status = lens.judge(fact).status;
                    let (independent, _) = count_independent(graph, &origins(graph, saying(lens, fact)));
                    (strength(status), independent, status, fact)
                })
                .max_by_key(|it| (it.0, it.1, std::cmp::Reverse(it.3)));
            let Some((strength, independent, status, fact)) = best else { continue };
            if weakest.as_ref().is_none_or(|(worst, _)| (strength, independent) < *worst) {
                let found = WeakestStep {
                    chain: number,
                    step: at,
                    from: step.from.clone(),
                    to: step.to.clone(),
                    fact: graph.fact(fact).id.to_owned(),
                    status,
                    independent,
                };
                weakest = Some(((strength, independent), found));
            }
        }
    }
    weakest.map(|(_, step)| step)
}
