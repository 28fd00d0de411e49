//! Which facts alone can matter for a question, where that can be told from the nodes: for whoever must fetch them.

use jiff::civil::Date;

use super::evidence::Evidence;
use super::filter::Filters;
use super::lens::Lens;
use super::path::step_facts;
use super::question::{PathQuestion, Question, Top, TopOf, Who};
use super::resolve;
use crate::graph::GraphView;
use crate::model::{Aspect, KindIx, NodeIx, Outcome, Period, RoleIx};

/// Facts to be fetched for a question, its names resolved. With the whole graph at hand no other fact would be in the
/// answer, unless the answer is that there are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Facts that have something in common.
    Facts(ReducedFacts),
    /// Facts that may stand in a chain of at most three steps.
    Chains(ReducedChains),
    /// How many plain facts there are of each that is ranked, and all other facts that fit.
    Counts(ReducedCounts),
    /// Steps of nodes, as a walk comes to them.
    Walk(ReducedWalk),
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
    /// Whether plain facts without relations count without a look at their records; with days, those whose days are stated.
    pub plain: Option<ReducedPlain>,
}

/// Which facts are plain enough to need no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReducedPlain {
    /// Only those whose days are stated: days are asked for.
    pub only_stated: bool,
    /// Only those whose records have no relations.
    pub only_unrelated: bool,
}

/// Facts that are counted by their ends where they are. Only plain ones can be: what is said of all others must be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReducedCounts {
    /// What facts have in common.
    pub facts: ReducedFacts,
    /// By what they are counted.
    pub by: TopOf,
    /// Of how many keys the numbers are asked for: those with most facts.
    pub limit: usize,
    /// Where days are asked for: what tells whether a fact whose days are stated certainly lies within them. Others are not
    /// counted then, but looked at.
    pub certain: Option<ReducedCertainty>,
}

impl ReducedCounts {
    /// Which facts are counted.
    pub fn plain(&self) -> ReducedPlain {
        ReducedPlain { only_stated: self.certain.is_some(), only_unrelated: false }
    }
}

/// Which facts certainly lie within the days that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReducedCertainty {
    /// Whether any does: not if the days themselves are uncertain.
    pub any: bool,
    /// Kinds of fact that hold throughout: they need only overlap.
    pub states: Vec<KindIx>,
    /// Whether all others are left out.
    pub only: bool,
}

/// A walk over what happened. Only plain facts are walked without their records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReducedWalk {
    /// What the facts that are walked have in common; none where all of a node are counted.
    pub facts: Option<ReducedFacts>,
    /// Kinds of fact without direction.
    pub symmetric: Vec<KindIx>,
    /// Which of them need no record.
    pub plain: ReducedPlain,
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
        Question::Top(top) if top.of != TopOf::Central => ranked(graph, top, evidence),
        Question::Timeline(question) => reduction(graph, question, evidence),
        Question::Path(path) if is_local(path, evidence) => Some(Reduction::Chains(chains(graph, path, evidence)?)),
        Question::Path(path) if is_walk(path) && sees_all(graph, evidence) => Some(Reduction::Walk(walk(graph, path)?)),
        _ => None,
    }
}

/// Whether a path that is asked for is there, before anything is said about it or about why there is none: what alone must
/// be known to go on with a [`Reduction::Walk`]. None where the question has another answer.
pub fn has_path<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> Option<bool> {
    match question {
        Question::Timeline(question) => has_path(graph, question, evidence),
        Question::Path(path) => {
            let lens = Lens::new(graph, evidence).ok()?;
            step_facts(&lens, path).ok().map(|it| it.is_some())
        }
        _ => None,
    }
}

/// Whether every claim is looked at and counts as far as it does by itself, so that a plain fact needs no look at its claim.
fn sees_all<G: GraphView>(graph: &G, evidence: &Evidence) -> bool {
    Lens::new(graph, evidence).is_ok_and(|it| it.sees_all() && it.keeps_what_happened())
}

/// Whether a walk only asks which facts lead where, and not when they were nor which item leads on.
fn is_walk(path: &PathQuestion) -> bool {
    !path.in_time && !path.count && !path.same_item
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

fn ranked<G: GraphView>(graph: &G, top: &Top, evidence: &Evidence) -> Option<Reduction> {
    let who = Who {
        from: top.from.clone(),
        what: top.what.clone(),
        to: top.to.clone(),
        during: top.during,
        kinds: top.kinds.clone(),
        ..Who::default()
    };
    let facts = facts(graph, &who)?;
    // A sum needs the figures of claims, and less evidence the claims themselves.
    if top.by_quantity || !sees_all(graph, evidence) || (top.certainly && top.during.is_none()) {
        return Some(Reduction::Facts(facts));
    }
    let kind = |it: &KindIx| graph.vocabulary().kind(*it).is_some_and(|it| it.aspect == Aspect::State);
    let certain = top.during.map(|window| ReducedCertainty {
        any: window.allows_certainty(),
        states: facts.kinds.iter().copied().filter(kind).collect(),
        only: top.certainly,
    });
    Some(Reduction::Counts(ReducedCounts { facts, by: top.of, limit: top.limit, certain }))
}

fn walk<G: GraphView>(graph: &G, path: &PathQuestion) -> Option<ReducedWalk> {
    let kinds = graph.vocabulary().kinds.iter().enumerate();
    let symmetric = kinds.filter(|(_, it)| it.symmetric).map(|(at, _)| KindIx::from_usize(at)).collect();
    let facts = walked(graph, path)?;
    // Where it matters how many facts somebody has, or how many were looked at, all of them are steps.
    let is_counted = path.max_degree.is_some() || path.all;
    let plain = ReducedPlain { only_stated: path.during.is_some(), only_unrelated: false };
    Some(ReducedWalk { facts: (!is_counted).then_some(facts), symmetric, plain })
}

fn chains<G: GraphView>(graph: &G, path: &PathQuestion, evidence: &Evidence) -> Option<ReducedChains> {
    let end = |name: &str| resolve::end(graph, name, path.include_parts).ok().map(|it| it.nodes);
    let plain = ReducedPlain { only_stated: path.during.is_some(), only_unrelated: true };
    Some(ReducedChains {
        from: end(&path.from)?,
        to: end(&path.to)?,
        facts: walked(graph, path)?,
        plain: sees_all(graph, evidence).then_some(plain),
    })
}

/// What the facts that a path may take have in common.
fn walked<G: GraphView>(graph: &G, path: &PathQuestion) -> Option<ReducedFacts> {
    let mut what: Option<Vec<NodeIx>> = None;
    for name in &path.what {
        what.get_or_insert_default().extend(resolve::item(graph, name).ok()?.nodes);
    }
    let chosen = path.kinds.iter().map(|it| resolve::kind(graph, it)).collect::<Result<Vec<_>, _>>().ok()?;
    let kinds = graph.vocabulary().kinds.iter().enumerate().map(|(at, it)| (KindIx::from_usize(at), it));
    let kinds: Vec<_> =
        kinds.filter(|(at, it)| if chosen.is_empty() { it.walk } else { chosen.contains(at) }).collect();
    Some(ReducedFacts {
        what,
        kinds: kinds.iter().map(|(at, _)| *at).collect(),
        symmetric: kinds.iter().filter(|(_, it)| it.symmetric).map(|(at, _)| *at).collect(),
        days: days(path.during.as_ref()),
        outcomes: vec![Outcome::Happened],
        ..ReducedFacts::default()
    })
}
