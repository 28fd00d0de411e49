//! From names as typed to nodes of the graph.

use super::error::{QueryError, Suggestion};
use crate::graph::{GraphView, NameMatch, NameRank};
use crate::model::{EntityIx, EntityKind, KindIx, NodeIx, nearest, printable, slug};

/// What a name stands for at an end of a fact.
#[derive(Clone, Debug, Default)]
pub(crate) struct End {
    /// Nodes that count, ascending.
    pub(crate) nodes: Vec<NodeIx>,
    /// The entity named.
    pub(crate) named: Option<EntityIx>,
    /// How the name was understood, if that is worth a word.
    pub(crate) remark: Option<String>,
    /// What else it could stand for: told if this reading gives nothing.
    pub(crate) otherwise: Option<String>,
}

/// An entity, how well its name fits, and readings of a lower rank.
pub(crate) type Named = (EntityIx, NameRank, Vec<(EntityIx, NameRank)>);

/// One entity by its name; `accept` says which kinds may be meant.
pub(crate) fn entity<G: GraphView>(
    graph: &G,
    name: &str,
    expected: &'static str,
    accept: impl Fn(EntityKind) -> bool,
) -> Result<Named, QueryError> {
    // An id is written as one, so it means that one thing, of whatever kind.
    if let Some(entity) = graph.entity_by_id(name)
        && accept(graph.entity(entity).kind)
    {
        return Ok((entity, NameRank::Primary, Vec::new()));
    }
    let accepted = |node: u32| accept(graph.entity(EntityIx(node)).kind);
    let id = |node: u32| suggestion(graph, EntityIx(node));
    match graph.name_index().lookup(name, accepted) {
        NameMatch::One { node, rank, others } => {
            Ok((EntityIx(node), rank, others.into_iter().map(|(node, rank)| (EntityIx(node), rank)).collect()))
        }
        NameMatch::Many { nodes, .. } => {
            Err(QueryError::AmbiguousName { name: name.to_owned(), candidates: nodes.into_iter().map(id).collect() })
        }
        NameMatch::None { near } => {
            Err(QueryError::UnknownName { name: name.to_owned(), expected, near: near.into_iter().map(id).collect() })
        }
    }
}

/// An id that may be meant, with the name where the id does not say it: "`msmt` (Multilateral Sanctions Monitoring Team)".
pub(crate) fn suggestion<G: GraphView>(graph: &G, entity: EntityIx) -> Suggestion {
    let view = graph.entity(entity);
    let name = (slug(view.name) != view.id).then(|| view.name.to_owned());
    Suggestion { id: view.id.to_owned(), name }
}

/// An end of a fact: documents cannot be one.
pub(crate) fn end<G: GraphView>(graph: &G, name: &str, include_parts: bool) -> Result<End, QueryError> {
    let (named, rank, others) = entity(graph, name, "entity", |kind| kind != EntityKind::Document)?;
    let mut end = End { nodes: vec![named.into()], named: Some(named), ..End::default() };
    let view = graph.entity(named);
    match rank {
        NameRank::Metonym => {
            if let Some(whole) = view.part_of {
                end.nodes.push(whole.into());
                end.remark = Some(format!("{}, and as {}", read_as(graph, name, named), prose(graph, whole)));
            }
        }
        NameRank::Typo => {
            end.remark = Some(read_as(graph, name, named));
        }
        _ => {}
    }
    end.otherwise = others.first().map(|(other, _)| {
        format!(
            "{} (`{}`); it may also mean {} (`{}`)",
            read_as(graph, name, named),
            view.id,
            prose(graph, *other),
            graph.entity(*other).id,
        )
    });
    if include_parts {
        let parts: Vec<NodeIx> =
            end.nodes.iter().flat_map(|it| graph.parts(EntityIx(it.0))).map(|it| NodeIx::from(*it)).collect();
        end.nodes.extend(parts);
    }
    end.nodes.sort_unstable();
    end.nodes.dedup();
    Ok(end)
}

/// An item with everything below it. Classes come first: "missiles" is no document.
pub(crate) fn item<G: GraphView>(graph: &G, name: &str) -> Result<End, QueryError> {
    let (named, rank, _) = match entity(graph, name, "item", EntityKind::is_class) {
        // What can be the object of a fact without being a class: a person who is sent, a document that is published.
        Err(unknown @ QueryError::UnknownName { .. }) => entity(graph, name, "item", |_| true).map_err(|_| unknown)?,
        found => found?,
    };
    let mut nodes: Vec<NodeIx> = graph.subtree(named).iter().map(|it| NodeIx::from(*it)).collect();
    nodes.sort_unstable();
    let remark = (rank == NameRank::Typo).then(|| read_as(graph, name, named));
    Ok(End { nodes, named: Some(named), remark, otherwise: None })
}

/// Whoever or whatever a name stands for, in any role: an end of a fact, a class with all below it, a document.
pub(crate) fn anything<G: GraphView>(graph: &G, name: &str, include_parts: bool) -> Result<End, QueryError> {
    let (named, ..) = entity(graph, name, "entity", |_| true)?;
    match graph.entity(named).kind {
        kind if kind.is_class() => item(graph, name),
        EntityKind::Document => Ok(End { nodes: vec![named.into()], named: Some(named), ..End::default() }),
        _ => end(graph, name, include_parts),
    }
}

/// A kind of fact by its id, noun or plural.
pub(crate) fn kind<G: GraphView>(graph: &G, name: &str) -> Result<KindIx, QueryError> {
    let vocabulary = graph.vocabulary();
    let wanted = name.to_lowercase().replace(['_', ' '], "-");
    let fits = |text: &str| text.replace(' ', "-") == wanted;
    let found = vocabulary.kinds.iter().position(|it| fits(&it.id) || fits(&it.noun) || fits(&it.plural));
    found
        .map(KindIx::from_usize)
        .ok_or_else(|| unknown_kind(name, vocabulary.kinds.iter().map(|it| it.id.to_string()).collect()))
}

/// No kind has that name.
pub(crate) fn unknown_kind(name: &str, known: Vec<String>) -> QueryError {
    let near = nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
    QueryError::UnknownKind { name: name.to_owned(), known, near }
}

/// How a name was understood.
pub(crate) fn read_as<G: GraphView>(graph: &G, name: &str, entity: EntityIx) -> String {
    format!("“{}” is read as {}", printable(name), prose(graph, entity))
}

/// The name of an entity in the middle of a sentence.
pub(crate) fn prose<G: GraphView>(graph: &G, entity: EntityIx) -> String {
    let view = graph.entity(entity);
    if view.the { format!("the {}", view.name) } else { view.name.to_owned() }
}
