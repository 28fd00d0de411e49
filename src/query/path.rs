//! How one is connected to another: paths over facts, shortest first, each step with the facts that carry it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::RandomState;

use petgraph::algo::all_simple_paths;

use super::answer::{Answer, Chain, ChainStep};
use super::build::{Builder, node_ref, time_key};
use super::chain_time::chain_time;
use super::count::counted;
use super::error::QueryError;
use super::in_time;
use super::lens::Lens;
use super::question::{PathQuestion, Question};
use super::resolve::{self, End, prose};
use super::who::possible_remark;
use crate::graph::{GraphView, Window, entity_of, pairs_of};
use crate::model::period::Day;
use crate::model::{Aspect, Certainty, EntityIx, EntityKind, FactIx, FlowEnd, KindIx, NodeIx, Period, during};

/// A path: its nodes, and for each step the facts that carry it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) nodes: Vec<NodeIx>,
    /// The earliest possible day of its last step, in the order of time; else before all days.
    pub(super) arrival: Day,
    pub(super) steps: Vec<Vec<FactIx>>,
}

/// Paths from one end to the other.
pub(crate) fn path<G: GraphView>(lens: &Lens<'_, G>, question: &PathQuestion) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let from = resolve::end(graph, &question.from, question.include_parts)?;
    let to = resolve::end(graph, &question.to, question.include_parts)?;
    if let (Some(a), Some(b)) = (from.named, to.named)
        && a == b
    {
        return Err(QueryError::SameEnds { name: prose(graph, a) });
    }
    let search = Search::new(lens, question, &from, &to)?;
    if question.count {
        let remarks = from.remark.iter().chain(&to.remark).cloned();
        return Ok(counted(lens, question, &search, remarks));
    }
    let (found, stopped) = search.run();
    if found.is_empty() {
        return Err(no_path(lens, question, &from, &to, stopped));
    }

    // Rows in the order of the steps; a fact that carries several steps is one row.
    let mut order: Vec<FactIx> = Vec::new();
    let mut position: BTreeMap<FactIx, usize> = BTreeMap::new();
    for path in &found {
        for fact in path.steps.iter().flatten() {
            position.entry(*fact).or_insert_with(|| {
                order.push(*fact);
                order.len() - 1
            });
        }
    }
    let chains = found
        .iter()
        .map(|path| Chain {
            steps: path
                .nodes
                .windows(2)
                .zip(&path.steps)
                .filter_map(|(ends, facts)| {
                    let [a, b] = ends else { return None };
                    let source = graph.end_node(*facts.first()?, FlowEnd::Source);
                    Some(ChainStep {
                        from: node_ref(graph, *a),
                        to: node_ref(graph, *b),
                        rows: facts.iter().filter_map(|it| position.get(it).copied()).collect(),
                        reversed: source != Some(*a),
                    })
                })
                .collect(),
            time: question.in_time.then(|| chain_time(lens, &path.steps)),
        })
        .collect();
    let mut builder = Builder::new(lens);
    let matched = |fact: FactIx| question.during.map(|window| search.certainty(fact, &window));
    let facts: Vec<_> = order.iter().map(|it| (*it, matched(*it))).collect();
    let rows = builder.rows(&facts);
    let mut answer = builder.finish(Question::Path(question.clone()).to_string(), rows, Vec::new());
    answer.chains = Some(chains);
    answer.remarks.extend(from.remark.into_iter().chain(to.remark));
    answer.remarks.extend(possible_remark(&facts));
    if stopped {
        answer.remarks.push(if question.all && found.len() < question.limit {
            format!("{} paths are shown: the search ended before the last; ask with a lower --max-hops, --avoid or --max-degree", found.len())
        } else if question.all {
            format!("the first {} paths are shown: --limit", found.len())
        } else {
            "there are other paths of the same length: --all".to_owned()
        });
    }
    Ok(answer)
}

/// The facts that carry each step of one shortest path; none if there is no path.
pub(crate) fn step_facts<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &PathQuestion,
) -> Result<Option<Vec<Vec<FactIx>>>, QueryError> {
    let from = resolve::end(lens.graph, &question.from, question.include_parts)?;
    let to = resolve::end(lens.graph, &question.to, question.include_parts)?;
    let (found, _) = Search::new(lens, question, &from, &to)?.run();
    Ok(found.into_iter().next().map(|it| it.steps))
}

/// One search: which facts and nodes it may use, and where it begins and ends.
pub(super) struct Search<'l, 'g, G> {
    pub(super) graph: &'g G,
    pub(super) lens: &'l Lens<'g, G>,
    pub(super) question: &'l PathQuestion,
    pub(super) sources: Vec<NodeIx>,
    pub(super) targets: BTreeSet<NodeIx>,
    avoid: BTreeSet<NodeIx>,
    /// The only items that are walked; none: all.
    items: Option<BTreeSet<NodeIx>>,
    kinds: Vec<bool>,
    /// Steps that walks looked at so far.
    pub(super) looked: Cell<u64>,
}

/// `all_simple_paths` may wander for ever in a dense graph: it is asked for so many paths at most, and the answer
/// says so.
const MOST_PATHS: usize = 100_000;

impl<'l, 'g, G: GraphView> Search<'l, 'g, G> {
    pub(super) fn new(
        lens: &'l Lens<'g, G>,
        question: &'l PathQuestion,
        from: &End,
        to: &End,
    ) -> Result<Self, QueryError> {
        let graph = lens.graph;
        let chosen = question.kinds.iter().map(|it| resolve::kind(graph, it)).collect::<Result<Vec<_>, _>>()?;
        let kinds = graph.vocabulary().kinds.iter().enumerate();
        let kinds =
            kinds.map(|(at, it)| if chosen.is_empty() { it.walk } else { chosen.contains(&KindIx::from_usize(at)) });
        let kinds = kinds.collect();
        let mut avoid = BTreeSet::new();
        for name in &question.avoid {
            avoid.extend(resolve::end(graph, name, question.include_parts)?.nodes);
        }
        let mut items: Option<BTreeSet<NodeIx>> = None;
        for name in &question.what {
            items.get_or_insert_default().extend(resolve::item(graph, name)?.nodes);
        }
        let targets: BTreeSet<NodeIx> = to.nodes.iter().copied().filter(|it| !from.nodes.contains(it)).collect();
        let looked = Cell::new(0);
        Ok(Search { graph, lens, question, sources: from.nodes.clone(), targets, avoid, items, kinds, looked })
    }

    /// Whether a fact falls into a period.
    fn certainty(&self, fact: FactIx, window: &Period) -> Certainty {
        let glance = self.graph.glance(fact);
        let aspect = self.graph.vocabulary().kind(glance.kind).map_or(Aspect::Event, |it| it.aspect);
        let slowly = || during(self.lens.period(self.graph.fact_ends(fact).record).as_ref(), window, aspect);
        Window::new(window).certainty(glance, aspect).unwrap_or_else(slowly)
    }

    /// Whether the walk may use a fact: a kind that is walked, and what happened.
    pub(super) fn keeps(&self, fact: FactIx, item: Option<NodeIx>) -> bool {
        let glance = self.graph.glance(fact);
        if self.kinds.get(glance.kind.index()) != Some(&true) {
            return false;
        }
        let object = || self.graph.end_node(fact, FlowEnd::Object);
        let in_time = |window: &Period| match self.certainty(fact, window) {
            Certainty::Certain => true,
            Certainty::Possible => !self.question.certainly,
            Certainty::Impossible => false,
        };
        self.lens.happened_at(fact, glance)
            && (self.lens.keeps_what_happened() || self.lens.keeps_at(fact, glance))
            && self.question.during.as_ref().is_none_or(in_time)
            && (item.is_none() || object() == item)
            && self.items.as_ref().is_none_or(|items| object().is_some_and(|it| items.contains(&it)))
    }

    /// Whether a path may lead through a node: no document, nobody unnamed, no end, nobody to be avoided, nobody who has
    /// facts with too many.
    pub(super) fn is_stepping_stone(&self, node: NodeIx) -> bool {
        entity_of(self.graph, node).is_some_and(|it| self.graph.entity_kind(it) != EntityKind::Document)
            && !self.avoid.contains(&node)
            && !self.targets.contains(&node)
            && !self.sources.contains(&node)
            && self.question.max_degree.is_none_or(|most| self.degree(node) <= most)
    }

    /// How many facts lead to a node and from it.
    fn degree(&self, node: NodeIx) -> usize {
        self.graph.steps_out(node).len() + self.graph.steps_in(node).len()
    }

    /// Paths, shortest first, in the order of time then the one that arrives earliest, then by the names on the way; and
    /// whether there are more.
    fn run(&self) -> (Vec<Found>, bool) {
        let items = self.items_to_walk();
        let mut found = Vec::new();
        let mut cut_short = false;
        for item in items {
            if self.question.in_time {
                cut_short |= in_time::paths(self, item, &mut found);
            } else if self.question.all {
                // One more than is shown tells that there are more.
                let (ways, gave_up) = self.all_ways(item, self.question.limit.saturating_add(1));
                found.extend(ways.into_iter().map(|it| self.with_facts(it, item)));
                cut_short |= gave_up;
            } else {
                let ways = self.shortest_ways(item, 2);
                found.extend(ways.into_iter().map(|it| self.with_facts(it, item)));
            }
        }
        found.sort_by(|a, b| (a.nodes.len(), a.arrival, a).cmp(&(b.nodes.len(), b.arrival, b)));
        let shortest = found.first().map_or(0, |it| it.nodes.len());
        let limit = if self.question.all { self.question.limit } else { 1 };
        let stopped = match self.question.all {
            true => cut_short || found.len() > limit,
            false if found.is_empty() => cut_short,
            false => found.iter().filter(|it| it.nodes.len() == shortest).count() > limit,
        };
        found.truncate(limit);
        (found, stopped)
    }

    /// What is walked by itself: each item, or all together.
    pub(super) fn items_to_walk(&self) -> Vec<Option<NodeIx>> {
        if self.question.same_item { self.items() } else { vec![None] }
    }

    /// Items of the facts that lead out of the first end.
    fn items(&self) -> Vec<Option<NodeIx>> {
        let facts = self.sources.iter().flat_map(|it| self.graph.facts_of(*it).into_owned());
        let objects = facts.filter_map(|it| self.graph.end_node(it, FlowEnd::Object));
        objects.collect::<BTreeSet<_>>().into_iter().map(Some).collect()
    }

    /// Neighbours of a node with the facts that lead there, in the order of the nodes.
    pub(super) fn neighbours(&self, node: NodeIx, item: Option<NodeIx>) -> BTreeMap<NodeIx, Vec<FactIx>> {
        let against = if self.question.any_direction { self.graph.steps_in(node) } else { &[] };
        let mut found: BTreeMap<NodeIx, Vec<FactIx>> = BTreeMap::new();
        for step in self.graph.steps_out(node).iter().chain(against) {
            if self.keeps(step.fact, item) && step.to != node {
                found.entry(step.to).or_default().push(step.fact);
            }
        }
        found
    }

    /// The facts that lead from one node to another, by bisection.
    fn facts_between(&self, from: NodeIx, to: NodeIx, item: Option<NodeIx>) -> Vec<FactIx> {
        let against = if self.question.any_direction { self.graph.steps_to(to, from) } else { &[] };
        let parallel = self.graph.steps_to(from, to).iter().chain(against);
        let mut found: Vec<FactIx> = parallel.map(|it| it.fact).collect();
        found.retain(|it| self.keeps(*it, item));
        found
    }

    /// The facts of each step of a path.
    pub(super) fn with_facts(&self, nodes: Vec<NodeIx>, item: Option<NodeIx>) -> Found {
        let steps = nodes
            .windows(2)
            .map(|ends| {
                let mut facts = match ends {
                    [a, b] => self.facts_between(*a, *b, item),
                    _ => Vec::new(),
                };
                facts.sort_by_cached_key(|it| time_key(self.lens, *it));
                facts.dedup();
                facts
            })
            .collect();
        Found { nodes, arrival: Day::Before, steps }
    }

    /// All paths without a circle of at most so many steps, by petgraph; tells whether it gave up before the last.
    pub(super) fn all(&self, item: Option<NodeIx>, hops: usize, found: &mut Vec<Found>) -> bool {
        let between = hops.saturating_sub(1);
        let mut cut_short = false;
        for (source, target) in self.sources.iter().flat_map(|from| self.targets.iter().map(move |to| (*from, *to))) {
            // What no path may pass is taken out before the walk: walked and thrown away, it could use up the bound.
            let may_touch = |node: NodeIx| node == source || node == target || self.is_stepping_stone(node);
            let keep = |fact: FactIx| {
                let ends = self.graph.fact_ends(fact).ends;
                [ends.source, ends.target].iter().flatten().all(|it| may_touch(it.node)) && self.keeps(fact, item)
            };
            let pairs = pairs_of(self.graph, &keep);
            let paths: Box<dyn Iterator<Item = Vec<NodeIx>>> = if self.question.any_direction {
                let undirected = crate::graph::Undirected(pairs);
                Box::new(all_simple_paths::<Vec<_>, _, RandomState>(undirected, source, target, 0, Some(between)))
            } else {
                Box::new(all_simple_paths::<Vec<_>, _, RandomState>(pairs, source, target, 0, Some(between)))
            };
            for (count, nodes) in paths.enumerate() {
                if count == MOST_PATHS {
                    cut_short = true;
                    break;
                }
                found.push(self.with_facts(nodes, item));
            }
        }
        cut_short
    }
}

/// What to say where no path is: what would find one.
fn no_path<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &PathQuestion,
    from: &End,
    to: &End,
    cut_short: bool,
) -> QueryError {
    let graph = lens.graph;
    let finds = |changed: PathQuestion| {
        let ends = resolve::end(graph, &changed.from, changed.include_parts)
            .and_then(|from| resolve::end(graph, &changed.to, changed.include_parts).map(|to| (from, to)));
        let found = ends.and_then(|(from, to)| Search::new(lens, &changed, &from, &to).map(|it| it.run().0));
        match found {
            Ok(found) => found.into_iter().next(),
            Err(_) => None,
        }
    };
    let shortest = PathQuestion { all: false, ..question.clone() };
    let steps = |count: usize| if count == 1 { "1 step".to_owned() } else { format!("{count} steps") };
    let mut instead = Vec::new();
    if cut_short {
        instead.push(
            "there are more paths than can be looked at: ask with a lower --max-hops, --avoid or --max-degree"
                .to_owned(),
        );
    }
    if question.in_time
        && let Some(other) = finds(PathQuestion { in_time: false, ..shortest.clone() })
    {
        let why = in_time::obstacle(lens, &other.steps).map_or(String::new(), |it| format!(": {it}"));
        instead.push(format!("without `--in-time` there is one of {}{why}", steps(other.steps.len())));
    }
    let mut hint = |flag: &str, changed: PathQuestion| {
        if let Some(other) = finds(changed) {
            instead.push(format!("`{flag}` finds one of {}", steps(other.steps.len())));
        }
    };
    if !question.include_parts {
        hint("--include-parts", PathQuestion { include_parts: true, ..shortest.clone() });
    }
    if !question.any_direction {
        hint("--any-direction", PathQuestion { any_direction: true, ..shortest.clone() });
    }
    if question.max_degree.is_some() {
        hint("no --max-degree", PathQuestion { max_degree: None, ..shortest.clone() });
    }
    if question.max_hops < PathQuestion::MAX_HOPS {
        hint("--max-hops 6", PathQuestion { max_hops: PathQuestion::MAX_HOPS, ..shortest });
    }
    instead.extend(from.otherwise.clone().into_iter().chain(to.otherwise.clone()));
    let name = |end: &End| end.named.map_or(String::new(), |it: EntityIx| prose(graph, it));
    let (from, to) = (name(from), name(to));
    QueryError::NoPath { from, to, max_hops: question.max_hops, in_time: question.in_time, instead }
}
