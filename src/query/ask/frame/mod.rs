//! From a clause to the question that it asks: which part fills which end or role of which kinds of fact.
//!
//! `shape` sorts the parts of a clause, `fill` puts them into one kind of fact; here kinds that read the same come together.

mod fill;
mod shape;

use super::grammar::{Core, Extras, Head, Part};
use super::naming::{Misfit, NameRead};
use crate::graph::GraphView;
use crate::model::{Aspect, EntityKinds, FlowEnd, KindIx, Vocabulary, WordMeaning};
use crate::query::question::{ANY_KIND, Who};
use fill::{Fill, Places};
use shape::shape;

/// A question about facts, with how it was understood.
#[derive(Clone, Debug)]
pub(super) struct Framed {
    pub(super) who: Who,
    /// Kinds that the words may mean.
    kinds: Vec<KindIx>,
    /// Figures that claims must give.
    pub(super) figures: Vec<String>,
    pub(super) names: Vec<NameRead>,
    pub(super) unused: Vec<String>,
    /// Whether it asks when.
    pub(super) when: bool,
    /// Whether things of somebody were taken for what comes from them.
    qualified: bool,
    /// How far it is from the likeliest: nouns that are not at the first of their places, words passed over.
    pub(super) looseness: u8,
}

impl Framed {
    /// Kinds that the words may mean, in their order.
    pub(super) fn kinds(&self) -> &[KindIx] {
        &self.kinds
    }

    /// Whether two kinds are asked for by one question: the same parts, and both transfers or both not.
    fn joins(&self, other: &Framed, vocabulary: &Vocabulary) -> bool {
        let is_flow = |it: &Framed| it.kinds.iter().any(|it| vocabulary.kind(*it).is_some_and(|it| it.flow));
        self.who == other.who
            && self.looseness == other.looseness
            && self.figures == other.figures
            && is_flow(self) == is_flow(other)
    }
}

/// Why a clause has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoFrame {
    Name(Misfit),
    /// It asks for what did not happen.
    Negation,
    /// Its words are in no order that means something.
    Order,
}

impl From<Misfit> for NoFrame {
    fn from(misfit: Misfit) -> Self {
        NoFrame::Name(misfit)
    }
}

/// The questions that a clause may ask: one for each way in which its parts fit, kinds with the same parts together.
pub(super) fn frames<G: GraphView>(graph: &G, parts: &[Part<'_>], extras: &Extras<'_>) -> Result<Vec<Framed>, NoFrame> {
    let shape = shape(parts)?;
    let vocabulary = graph.vocabulary();
    let flows = || {
        (0..vocabulary.kinds.len()).map(KindIx::from_usize).filter(|it| vocabulary.kind(*it).is_some_and(|it| it.flow))
    };
    let senses: Vec<(KindIx, FlowEnd)> = match shape.verb {
        Some((senses, _)) if !senses.is_empty() => senses.to_vec(),
        _ => {
            let nouns = shape.bare.iter().copied().chain(shape.subject).chain(shape.fronted);
            let mut kinds: Vec<KindIx> = nouns.flatten().flat_map(kinds_named).collect();
            kinds.sort_unstable();
            kinds.dedup();
            if kinds.is_empty() && shape.verb.is_some() {
                return Err(NoFrame::Order);
            }
            if kinds.is_empty() {
                flows().map(|it| (it, FlowEnd::Source)).collect()
            } else {
                kinds.into_iter().map(|it| (it, FlowEnd::Source)).collect()
            }
        }
    };
    let named_kinds =
        shape.verb.is_some() || shape.bare.iter().flat_map(|it| it.iter()).any(|it| !kinds_named(it).is_empty());
    let flow_objects =
        senses.iter().filter_map(|(ix, _)| vocabulary.kind(*ix)).filter(|it| it.flow).flat_map(|it| &it.roles);
    let flow_objects = flow_objects.filter(|it| it.flow == Some(FlowEnd::Object)).flat_map(|it| it.accepts.iter());
    let objects = flow_objects.fold(EntityKinds::default(), EntityKinds::with);
    let mut found: Vec<Framed> = Vec::new();
    let mut failure: Option<NoFrame> = None;
    for (ix, subject) in &senses {
        let Some(kind) = vocabulary.kind(*ix) else { continue };
        let fill = |passes_over: bool, places: Places| Fill {
            graph,
            ix: *ix,
            kind,
            who: Who::default(),
            figures: Vec::new(),
            names: Vec::new(),
            unused: Vec::new(),
            objects,
            passes_over,
            qualified: false,
            taken: [false; 3],
            places,
        };
        let mut take = |framed: Framed| match found.iter_mut().find(|it| it.joins(&framed, vocabulary)) {
            Some(same) => same.kinds.push(*ix),
            None => found.push(framed),
        };
        // The likeliest places first, then the others as long as there are any.
        let mut places = Some(Places::default());
        let mut is_first = true;
        while let Some(tried) = places {
            let (filled, tried) = fill(false, tried).fill(&shape, *subject, extras);
            places = tried.next();
            match filled {
                Ok(framed) => {
                    let qualified = framed.qualified;
                    take(framed);
                    // "North Korean missiles" that somebody else fired.
                    if qualified
                        && is_first
                        && let (Ok(framed), _) = fill(true, Places::default()).fill(&shape, *subject, extras)
                    {
                        take(framed);
                    }
                }
                // What is said of a tie, or of a name, is worth more than that words do not fit.
                Err(error) if is_first => {
                    let worth = |it: &NoFrame| match it {
                        NoFrame::Name(Misfit::Ambiguous { .. }) => 3,
                        NoFrame::Negation => 2,
                        NoFrame::Name(_) => 1,
                        NoFrame::Order => 0,
                    };
                    if failure.as_ref().is_none_or(|it| worth(it) < worth(&error)) {
                        failure = Some(error);
                    }
                }
                Err(_) => {}
            }
            is_first = false;
        }
    }
    if found.is_empty() {
        return Err(failure.unwrap_or(NoFrame::Order));
    }
    let flows_meant = senses
        .iter()
        .map(|it| it.0)
        .filter(|it| flows().any(|flow| flow == *it))
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let begins = shape.verb.is_some_and(|(_, form)| {
        let words = vocabulary.words.iter().filter(|it| it.means == WordMeaning::Begin);
        words.flat_map(|it| &it.words).any(|it| **it == *form)
    });
    for framed in &mut found {
        let is_state = |it: &KindIx| vocabulary.kind(*it).is_some_and(|it| it.aspect == Aspect::State);
        framed.who.began = begins && framed.kinds.iter().all(is_state);
        framed.kinds.sort_unstable();
        framed.kinds.dedup();
        let all_flows = framed.kinds.iter().all(|it| flows().any(|flow| flow == *it));
        // A verb that several flows share asks for all of them.
        let any_flow = all_flows && (flows_meant > 1 || !named_kinds);
        if !any_flow {
            framed.who.kinds =
                framed.kinds.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| it.id.to_string()).collect();
        }
    }
    Ok(found)
}

/// Kinds of fact that a noun names.
fn kinds_named(head: &Head<'_>) -> Vec<KindIx> {
    match head.core {
        Core::KindNoun(kinds) => kinds.to_vec(),
        Core::RoleNoun(roles) => roles.iter().map(|(kind, _)| *kind).collect(),
        _ => Vec::new(),
    }
}

/// All kinds of fact, with what was taken out of the question.
pub(super) fn any_kind() -> Who {
    Who { kinds: vec![ANY_KIND.to_owned()], ..Who::default() }
}
