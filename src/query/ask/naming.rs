//! From names in a question to entities, and to the words that name them in a command.

use super::link::Name;
use crate::graph::{GraphView, NameMatch, NameRank};
use crate::model::{EntityIx, EntityKind, printable};
use crate::query::resolve::prose;

/// A name of a question and what it was taken for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameRead {
    /// As typed.
    pub typed: String,
    /// The id of the entity.
    pub id: String,
    /// Its name, as it stands in a sentence.
    pub name: String,
    /// How the name matched.
    pub rank: NameRank,
}

impl NameRead {
    /// What a reader must be told: that it is not what was typed.
    pub(super) fn remark(&self) -> Option<String> {
        (self.rank == NameRank::Typo).then(|| format!("“{}” is read as {}", printable(&self.typed), self.name))
    }
}

/// Why a name cannot stand where it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It may be several.
    Ambiguous { typed: String, ids: Vec<String> },
    /// It does not go with the words around it.
    Unfit { typed: String },
}

/// What a name was taken for.
#[derive(Clone, Debug)]
pub(super) struct Picked {
    pub(super) kind: EntityKind,
    /// The words that name it in a command.
    pub(super) word: String,
    pub(super) read: NameRead,
}

/// The entity that a name stands for among the kinds accepted: the best rank decides, and a tie is told.
pub(super) fn pick<G: GraphView>(
    graph: &G,
    name: &Name,
    accept: impl Fn(EntityKind) -> bool,
) -> Result<Picked, Misfit> {
    let kind_of = |node: u32| graph.entity(EntityIx(node)).kind;
    let fitting: Vec<_> = name.nodes.iter().filter(|(node, _)| accept(kind_of(*node))).collect();
    let Some(best) = fitting.iter().map(|(_, rank)| *rank).min() else {
        return Err(Misfit::Unfit { typed: name.typed.clone() });
    };
    let mut leading = fitting.iter().filter(|(_, rank)| *rank == best).map(|(node, _)| EntityIx(*node));
    let (Some(entity), None) = (leading.next(), leading.next()) else {
        let ids = fitting
            .iter()
            .filter(|(_, rank)| *rank == best)
            .map(|(node, _)| graph.entity(EntityIx(*node)).id.to_owned());
        return Err(Misfit::Ambiguous { typed: name.typed.clone(), ids: ids.collect() });
    };
    let view = graph.entity(entity);
    let read = NameRead { typed: name.typed.clone(), id: view.id.to_owned(), name: prose(graph, entity), rank: best };
    Ok(Picked { kind: view.kind, word: word(graph, name, entity, best), read })
}

/// The words of a command for an entity: its name, if that means it and nothing else, or its id. The name of a place that
/// stands for a government stays as it is, since it means the country too.
fn word<G: GraphView>(graph: &G, name: &Name, entity: EntityIx, rank: NameRank) -> String {
    if rank == NameRank::Metonym {
        return name.typed.clone();
    }
    let view = graph.entity(entity);
    let same_sort = |node: u32| graph.entity(EntityIx(node)).kind.is_class() == view.kind.is_class();
    match graph.name_index().lookup(view.name, same_sort) {
        NameMatch::One { node, rank: NameRank::Primary, .. } if node == entity.0 => view.name.to_owned(),
        _ => view.id.to_owned(),
    }
}
