//! Which facts alone can matter for a question, where that can be told from the nodes: for whoever must fetch them.

use jiff::civil::Date;

use super::evidence::Evidence;
use super::filter::Filters;
use super::question::{PathQuestion, Question, Top, TopOf, Who};
use super::resolve;
use crate::graph::GraphView;
use crate::model::{KindIx, NodeIx, Outcome, Period, RoleIx};

/// Facts to be fetched for a question, its names resolved. With the whole graph at hand no other fact would be in the
/// answer, unless the answer is that there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Facts that have something in common.
    Facts(ReducedFacts),
    /// Facts that may stand in a chain of at most three steps.
    Chains(ReducedChains),
}

/// What facts have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReducedFacts {
    /// One of these is the source; of a kind without direction, source or target.
    pub from: Option<Vec<NodeIx>>,
    /// One of these is the object.
    pub what: Option<Vec<NodeIx>>,
    /// One of these is the target; of a kind without direction, target or source.
    pub to: Option<Vec<NodeIx>>,
    /// One of these takes part, in that role if one is given. All of them must hold.
    pub with: Vec<(Option<RoleIx>, Vec<NodeIx>)>,
    /// They are of one of these kinds.
    pub kinds: Vec<KindIx>,
    /// Those of the kinds that have no direction.
    pub symmetric: Vec<KindIx>,
    /// They may lie within these days, inclusive.
    pub days: Option<[Option<Date>; 2]>,
    /// They have one of these outcomes; none: any.
    pub outcomes: Vec<Outcome>,
}

/// Facts that lead out of one end, into another, or from a neighbour of the one to a neighbour of the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReducedChains {
    /// Where chains begin.
    pub from: Vec<NodeIx>,
    /// Where they end.
    pub to: Vec<NodeIx>,
    /// What each fact has in common with the others.
    pub facts: ReducedFacts,
}

/// The facts that can matter for a question; none where only answering it shows which those are.
///
/// A name that is unknown gives none: whoever answers the question is told why.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Evidence, Question, Reduction, Who, reduction};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let question = Question::Who(Who { to: vec!["Russia".to_owned()], ..Who::default() });
/// let Some(Reduction::Facts(facts)) = reduction(&graph, &question, &Evidence::default()) else { panic!("a question by its ends") };
/// assert_eq!(facts.to.map(|it| it.len()), Some(1));
/// assert_eq!(reduction(&graph, &Question::Stats, &Evidence::default()), None);
/// ```
pub fn reduction<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> Option<Reduction> {
    match question {
        Question::Who(who) => Some(Reduction::Facts(facts(graph, who)?)),
        Question::Top(top) if top.of != TopOf::Central => Some(Reduction::Facts(ranked(graph, top)?)),
        Question::Timeline(question) => reduction(graph, question, evidence),
        Question::Path(path) if is_local(path, evidence) => Some(Reduction::Chains(chains(graph, path)?)),
        _ => None,
    }
}

/// Whether only facts on the way count: not where one may go against their direction, where those that a node has are
/// counted, or where the support of a fact is judged, for which memberships of its claimants matter.
fn is_local(path: &PathQuestion, evidence: &Evidence) -> bool {
    path.count && !path.any_direction && path.max_degree.is_none() && evidence.statuses.is_empty()
}

fn days(period: Option<&Period>) -> Option<[Option<Date>; 2]> {
    period.map(|it| [it.earliest(), it.latest()])
}

fn facts<G: GraphView>(graph: &G, who: &Who) -> Option<ReducedFacts> {
    let filters = Filters::new(graph, who).ok()?;
    let kinds = graph.vocabulary().kinds.iter().zip(&filters.allowed).enumerate();
    // An outcome alone is looked for in every kind.
    let looked_at = kinds.filter(|(_, (_, allowed))| **allowed || !who.outcomes.is_empty());
    let kinds: Vec<(KindIx, bool)> =
        looked_at.map(|(at, (kind, _))| (KindIx::from_usize(at), kind.symmetric)).collect();
    Some(ReducedFacts {
        from: filters.from.wanted(),
        what: filters.what.wanted(),
        to: filters.to.wanted(),
        with: filters.taking_part(),
        symmetric: kinds.iter().filter(|(_, symmetric)| *symmetric).map(|(it, _)| *it).collect(),
        kinds: kinds.into_iter().map(|(it, _)| it).collect(),
        days: days(who.during.as_ref()),
        outcomes: who.outcomes.clone(),
    })
}

fn ranked<G: GraphView>(graph: &G, top: &Top) -> Option<ReducedFacts> {
    let who = Who {
        from: top.from.clone(),
        what: top.what.clone(),
        to: top.to.clone(),
        during: top.during,
        kinds: top.kinds.clone(),
        ..Who::default()
    };
    facts(graph, &who)
}

fn chains<G: GraphView>(graph: &G, path: &PathQuestion) -> Option<ReducedChains> {
    let end = |name: &str| resolve::end(graph, name, path.include_parts).ok().map(|it| it.nodes);
    let mut what: Option<Vec<NodeIx>> = None;
    for name in &path.what {
        what.get_or_insert_default().extend(resolve::item(graph, name).ok()?.nodes);
    }
    let chosen = path.kinds.iter().map(|it| resolve::kind(graph, it)).collect::<Result<Vec<_>, _>>().ok()?;
    let kinds = graph.vocabulary().kinds.iter().enumerate().map(|(at, it)| (KindIx::from_usize(at), it));
    let kinds: Vec<_> =
        kinds.filter(|(at, it)| if chosen.is_empty() { it.walk } else { chosen.contains(at) }).collect();
    let facts = ReducedFacts {
        what,
        kinds: kinds.iter().map(|(at, _)| *at).collect(),
        symmetric: kinds.iter().filter(|(_, it)| it.symmetric).map(|(at, _)| *at).collect(),
        days: days(path.during.as_ref()),
        outcomes: vec![Outcome::Happened],
        ..ReducedFacts::default()
    };
    Some(ReducedChains { from: end(&path.from)?, to: end(&path.to)?, facts })
}
