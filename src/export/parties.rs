//! What takes part in facts, with the ids that all formats give it.

use crate::graph::{GraphView, entity_of};
use crate::model::{EntityIx, FlowEnd, KindIx, NodeIx, Participant, RoleIx};
use crate::query::{Ref, Selection};

/// An id within the export. An entity has its own; nobody else's holds a `~`.
pub(super) fn party_id<G: GraphView>(selection: &Selection<'_, G>, it: &Ref) -> String {
    match (&it.id, &it.of) {
        (Some(id), Some(of)) => format!("{id}~{of}"),
        (Some(id), None) => id.clone(),
        (None, _) => unnamed_id(selection, NodeIx(it.key)),
    }
}

/// Unnamed participants are numbered, in the order of the graph.
fn unnamed_id<G: GraphView>(selection: &Selection<'_, G>, node: NodeIx) -> String {
    format!("unnamed~{}", node.index().saturating_sub(selection.graph().entity_count()) + 1)
}

/// A node of the graph that takes part in facts, or people of somebody.
pub(super) struct Party {
    /// Its id.
    pub(super) id: String,
    /// As answers show it.
    pub(super) shown: Ref,
    /// The entity, if it is one.
    pub(super) entity: Option<EntityIx>,
    /// `country`, `person` …, or `unnamed`.
    pub(super) kind: &'static str,
}

/// All that go out: entities in the order of their ids, unnamed participants, people of somebody.
pub(super) fn parties<'a, G: GraphView>(selection: &'a Selection<'_, G>) -> impl Iterator<Item = Party> + 'a {
    let nodes = selection.nodes().map(|node| {
        let shown = selection.reference(node);
        let kind = shown.kind.map_or("unnamed", |it| it.as_str());
        Party { id: party_id(selection, &shown), entity: entity_of(selection.graph(), node), kind, shown }
    });
    let people = selection.people().map(|it: Participant| {
        let shown = selection.participant(it);
        Party { id: party_id(selection, &shown), entity: None, kind: "population", shown }
    });
    nodes.chain(people)
}

/// The role that is an end of a kind's flow.
pub(super) fn role_of<G: GraphView>(graph: &G, kind: KindIx, end: FlowEnd) -> Option<&str> {
    let role: RoleIx = graph.vocabulary().kind(kind)?.roles.iter().find(|it| it.flow == Some(end))?.role;
    Some(graph.vocabulary().role_name(role))
}

/// What the model has no field for: names, each with its values.
pub(super) fn extra_of<G: GraphView>(graph: &G, entity: EntityIx) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for it in graph.extra(entity) {
        match found.last_mut().filter(|(name, _)| name == it.name) {
            Some((_, values)) => values.push(it.value.to_owned()),
            None => found.push((it.name.to_owned(), vec![it.value.to_owned()])),
        }
    }
    found
}
