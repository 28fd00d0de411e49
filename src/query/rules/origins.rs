//! Who stands behind claims, and who of them speaks independently of whom.

use crate::graph::{GraphView, entity_of};
use crate::model::{ClaimIx, EntityIx, EntityKind, Meaning, NodeIx};

/// The origin of a claim: its claimant, or the publisher of the document that is named as one. However many documents
/// relay what one claimant says, it is one origin.
pub(crate) fn origin<G: GraphView>(graph: &G, claim: ClaimIx) -> NodeIx {
    let by = graph.claim(claim).by;
    let publisher = entity_of(graph, by)
        .filter(|it| graph.entity(*it).kind == EntityKind::Document)
        .and_then(|it| graph.document(it).publisher);
    publisher.map_or(by, NodeIx::from)
}

/// The origins of claims, each once, ascending.
pub(crate) fn origins<G: GraphView>(graph: &G, claims: impl IntoIterator<Item = ClaimIx>) -> Vec<NodeIx> {
    let mut found: Vec<NodeIx> = claims.into_iter().map(|it| origin(graph, it)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether neither of two origins may be speaking for the other.
///
/// Not independent are: one and the same; a whole and its part; a group and its member; and an unnamed member of a group
/// with the group, with each of its members and with every other unnamed member of it, for that may be the same one.
pub(crate) fn independent<G: GraphView>(graph: &G, a: NodeIx, b: NodeIx) -> bool {
    if a == b {
        return false;
    }
    match (entity_of(graph, a), entity_of(graph, b)) {
        (Some(a), Some(b)) => {
            !graph.is_part(a, b) && !graph.is_part(b, a) && !is_member(graph, a, b) && !is_member(graph, b, a)
        }
        (Some(named), None) => graph.unnamed_of(b).is_none_or(|group| !may_be(graph, named, group)),
        (None, Some(named)) => graph.unnamed_of(a).is_none_or(|group| !may_be(graph, named, group)),
        // Two of whom nothing is known may be one.
        (None, None) => match (graph.unnamed_of(a), graph.unnamed_of(b)) {
            (Some(a), Some(b)) => !may_be(graph, a, b) && !may_be(graph, b, a),
            _ => false,
        },
    }
}

/// Whether somebody named is the group, a part or a member of it, or what the group is a part of.
fn may_be<G: GraphView>(graph: &G, named: EntityIx, group: EntityIx) -> bool {
    graph.is_part(named, group) || graph.is_part(group, named) || is_member(graph, named, group)
}

/// Whether a fact says that one is a member of the other.
fn is_member<G: GraphView>(graph: &G, member: EntityIx, group: EntityIx) -> bool {
    let vocabulary = graph.vocabulary();
    let to_group = graph.steps_to(member.into(), group.into()).iter();
    to_group
        .filter_map(|it| vocabulary.kind(graph.fact(it.fact).kind))
        .any(|it| it.meaning == Some(Meaning::Membership))
}

/// Up to so many origins the largest independent set is looked for exactly.
const EXACT: usize = 24;

/// How many of the origins are independent of one another, and whether that is exact; else at least so many are.
pub(crate) fn count_independent<G: GraphView>(graph: &G, origins: &[NodeIx]) -> (usize, bool) {
    if origins.len() > EXACT {
        let mut chosen: Vec<NodeIx> = Vec::new();
        for one in origins {
            if chosen.iter().all(|it| independent(graph, *it, *one)) {
                chosen.push(*one);
            }
        }
        return (chosen.len(), chosen.len() == origins.len());
    }
    let allowed: Vec<u32> = origins
        .iter()
        .map(|a| {
            let bits = origins.iter().enumerate().filter(|(_, b)| independent(graph, *a, **b));
            bits.fold(0_u32, |mask, (at, _)| mask | 1 << at)
        })
        .collect();
    let all = (1_u32 << origins.len()) - 1;
    (largest(all, &allowed), true)
}

/// The largest set within `open` in which all allow each other. Those that all others allow are taken at once.
fn largest(open: u32, allowed: &[u32]) -> usize {
    if open == 0 {
        return 0;
    }
    let at = open.trailing_zeros();
    let of = allowed.get(at as usize).copied().unwrap_or(0);
    let rest = open & !(1 << at);
    let with = 1 + largest(rest & of, allowed);
    if rest & !of == 0 { with } else { with.max(largest(rest, allowed)) }
}
