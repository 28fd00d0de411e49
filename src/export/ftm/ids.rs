//! Ids of FollowTheMoney for what takes part in facts, and what must be written because facts name it.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::{GraphView, entity_of};
use crate::model::ftm::{self, Made};
use crate::model::{EntityIx, EntityKind, FlowEnd, NodeIx, RecordIx};
use crate::query::{Ref, Selection};

/// What decides how an entity is written.
pub(super) struct Ids {
    /// Records that are facts made of properties, or further pairs of a fact: they go out with what they came from.
    further: Vec<bool>,
    /// Entities that facts of our own name, and the schema that those ask for.
    needed: BTreeMap<EntityIx, Option<&'static str>>,
    /// Unnamed participants and people of somebody in facts of our own.
    nameless: BTreeSet<NodeIx>,
}

impl Ids {
    pub(super) fn new<G: GraphView>(selection: &Selection<'_, G>) -> Ids {
        let graph = selection.graph();
        let mut ids =
            Ids { further: vec![false; graph.record_count()], needed: BTreeMap::new(), nameless: BTreeSet::new() };
        for fact in selection.facts() {
            let view = graph.fact(fact);
            let mut is_own = true;
            for it in graph.extra_of_record(view.record) {
                // A pair whose record is not in the answer speaks for itself.
                let has_record = || graph.record_by_id(it.value).is_some_and(|it| selection.has_record(it));
                if it.name == ftm::MADE || (it.name == ftm::PAIR_OF && has_record()) {
                    ids.further.get_mut(view.record.index()).into_iter().for_each(|it| *it = true);
                }
                is_own &= !it.name.starts_with(ftm::FIELD) || (it.name == ftm::PAIR_OF && !has_record());
            }
            if !is_own {
                continue;
            }
            let kind = graph.vocabulary().kind(view.kind).map_or("", |it| &it.id);
            for fill in graph.roles(fact) {
                let role = graph.vocabulary().role_name(fill.role);
                let flow = graph.vocabulary().kind(view.kind).and_then(|it| it.role(fill.role)).and_then(|it| it.flow);
                let is_end = matches!(flow, Some(FlowEnd::Source | FlowEnd::Target));
                let thing = |it: EntityIx| (is_end && is_single_thing(graph, it)).then(|| thing_schema(graph, it));
                match entity_of(graph, fill.participant.node) {
                    Some(entity) => {
                        let known = ids.needed.entry(entity).or_default();
                        *known = known.or(schema_for(kind, role)).or_else(|| thing(entity));
                    }
                    None => drop(ids.nameless.insert(fill.participant.node)),
                }
            }
        }
        ids
    }

    pub(super) fn is_further(&self, record: RecordIx) -> bool {
        self.further.get(record.index()).copied().unwrap_or(false)
    }

    /// Whether a fact of our own names it.
    pub(super) fn is_needed(&self, entity: EntityIx) -> bool {
        self.needed.contains_key(&entity)
    }

    /// The schema that facts of our own ask of an entity.
    pub(super) fn schema(&self, entity: EntityIx) -> Option<&'static str> {
        self.needed.get(&entity).copied().flatten()
    }

    pub(super) fn nameless(&self) -> impl Iterator<Item = NodeIx> {
        self.nameless.iter().copied()
    }

    /// The id of an entity.
    pub(super) fn entity<G: GraphView>(&self, graph: &G, entity: EntityIx) -> String {
        let view = graph.entity(entity);
        for it in graph.extra(entity) {
            if it.name == ftm::ID {
                return it.value.to_owned();
            }
            if it.name == ftm::MADE && it.value == Made::Missing.as_str() {
                return view.name.to_owned();
            }
        }
        view.id.to_owned()
    }

    /// The id of somebody or something in a row. A point stands in no id of ours, so none is met twice.
    pub(super) fn of<G: GraphView>(&self, selection: &Selection<'_, G>, it: &Ref) -> String {
        let graph = selection.graph();
        let known =
            it.id.as_deref().map(|id| graph.entity_by_id(id).map_or(id.to_owned(), |it| self.entity(graph, it)));
        match (known, &it.of) {
            (Some(id), Some(of)) => format!("{id}.of.{of}"),
            (Some(id), None) => id,
            (None, _) => {
                let number = NodeIx(it.key).index().saturating_sub(graph.entity_count()) + 1;
                format!("unnamed.{number}")
            }
        }
    }
}

/// Materiel that stands in no tree of classes, as an aircraft on a list: a thing that facts name by its id.
fn is_single_thing<G: GraphView>(graph: &G, entity: EntityIx) -> bool {
    let view = graph.entity(entity);
    view.kind == EntityKind::Materiel && view.is_a.is_none() && view.plural.is_none()
}

/// The schema of such a thing: lists say of aircraft that they are some.
fn thing_schema<G: GraphView>(graph: &G, entity: EntityIx) -> &'static str {
    let is_aircraft =
        |it: &str| matches!(it.to_lowercase().as_str(), "aircraft" | "airplane" | "aeroplane" | "helicopter");
    if graph.extra(entity).any(|it| it.name == "type" && is_aircraft(it.value)) { "Airplane" } else { "Asset" }
}

/// The schema that a role asks for, where the kind of entity does not say enough.
fn schema_for(kind: &str, role: &str) -> Option<&'static str> {
    match (kind, role) {
        ("ownership", "asset") => Some("Asset"),
        ("occupancy" | "office", "post") => Some("Position"),
        _ => None,
    }
}
