//! Two graphs side by side: which index of one stands for which of the other.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::graph::{GraphView, entity_of};
use crate::model::{EntityIx, NodeIx, Participant, RoleIx, UnitIx};

/// Two graphs. The names of the types tell the sides apart: `A` is the old graph, `B` the new one.
pub(super) struct Pair<'g, A, B> {
    pub(super) old: &'g A,
    pub(super) new: &'g B,
    /// The new index of each old entity, that of the one which stands for it now among them.
    forward: Vec<Option<EntityIx>>,
    /// The old index of new entities that stood as one with another before.
    backward: BTreeMap<EntityIx, EntityIx>,
    roles: Vec<Option<RoleIx>>,
    units: Vec<Option<UnitIx>>,
    /// Own ids of entities that stand as one with another, in the old and in the new graph.
    merged: [BTreeMap<String, EntityIx>; 2],
}

/// A step along two sorted lists.
pub(super) enum Along {
    Old(u32),
    Both(u32, u32),
    New(u32),
}

/// Goes along two lists that are sorted by their ids.
pub(super) fn along<'g>(
    counts: (usize, usize),
    old_id: impl Fn(u32) -> &'g str,
    new_id: impl Fn(u32) -> &'g str,
) -> impl Iterator<Item = Along> {
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let (old_count, new_count) = (count(counts.0), count(counts.1));
    let (mut old, mut new) = (0, 0);
    std::iter::from_fn(move || {
        let order = match (old < old_count, new < new_count) {
            (true, true) => old_id(old).cmp(new_id(new)),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => return None,
        };
        let step = match order {
            Ordering::Less => Along::Old(old),
            Ordering::Equal => Along::Both(old, new),
            Ordering::Greater => Along::New(new),
        };
        old += u32::from(order != Ordering::Greater);
        new += u32::from(order != Ordering::Less);
        Some(step)
    })
}

impl<'g, A: GraphView, B: GraphView> Pair<'g, A, B> {
    pub(super) fn new(old: &'g A, new: &'g B) -> Self {
        let merged = [merged(old), merged(new)];
        let mut forward = vec![None; old.entity_count()];
        let mut backward = BTreeMap::new();
        let counts = (old.entity_count(), new.entity_count());
        for step in along(counts, |it| old.entity(EntityIx(it)).id, |it| new.entity(EntityIx(it)).id) {
            let (at, to) = match step {
                Along::Both(at, to) => (at, Some(EntityIx(to))),
                Along::Old(at) => (at, merged[1].get(old.entity(EntityIx(at)).id).copied()),
                Along::New(at) => {
                    if let Some(before) = merged[0].get(new.entity(EntityIx(at)).id) {
                        backward.insert(EntityIx(at), *before);
                    }
                    continue;
                }
            };
            if let Some(place) = forward.get_mut(EntityIx(at).index()) {
                *place = to;
            }
        }
        let (from, to) = (old.vocabulary(), new.vocabulary());
        Pair {
            old,
            new,
            forward,
            backward,
            roles: from.roles.iter().map(|it| to.role_ix(it)).collect(),
            units: from.terms.units().iter().map(|it| to.terms.unit_ix(&it.id)).collect(),
            merged,
        }
    }

    pub(super) fn same_entity(&self, old: EntityIx, new: EntityIx) -> bool {
        self.forward.get(old.index()).copied().flatten() == Some(new) || self.backward.get(&new) == Some(&old)
    }

    pub(super) fn same_entities(&self, old: &[EntityIx], new: &[EntityIx]) -> bool {
        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.same_entity(*old, *new))
    }

    pub(super) fn same_optional(&self, old: Option<EntityIx>, new: Option<EntityIx>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => self.same_entity(old, new),
            (old, new) => old.is_none() && new.is_none(),
        }
    }

    pub(super) fn same_node(&self, old: NodeIx, new: NodeIx) -> bool {
        match (entity_of(self.old, old), entity_of(self.new, new)) {
            (Some(old), Some(new)) => self.same_entity(old, new),
            (None, None) => {
                self.same_optional(self.old.unnamed_of(old), self.new.unnamed_of(new))
                    && self.old.is_several(old) == self.new.is_several(new)
                    && first_place(self.old, old) == first_place(self.new, new)
            }
            _ => false,
        }
    }

    pub(super) fn same_participant(&self, old: Participant, new: Participant) -> bool {
        self.same_node(old.node, new.node) && self.same_optional(old.of, new.of)
    }

    pub(super) fn same_role(&self, old: RoleIx, new: RoleIx) -> bool {
        self.roles.get(old.index()).copied().flatten() == Some(new)
    }

    pub(super) fn same_unit(&self, old: UnitIx, new: UnitIx) -> bool {
        self.units.get(usize::from(old.0)).copied().flatten() == Some(new)
    }

    /// The name of the entity that stands now for one that is gone.
    pub(super) fn now_one_with(&self, id: &str) -> Option<String> {
        let into = self.merged[1].get(id)?;
        let view = self.new.entity(*into);
        Some(format!("{} ({})", view.name, view.id))
    }

    /// The id by which an entity is compared: that of the one which stands for it on the other side.
    pub(super) fn old_id(&self, entity: EntityIx) -> &'g str {
        let id = self.old.entity(entity).id;
        match self.forward.get(entity.index()).copied().flatten() {
            Some(now) => self.new.entity(now).id,
            None => id,
        }
    }

    /// The same for the new graph.
    pub(super) fn new_id(&self, entity: EntityIx) -> &'g str {
        match self.backward.get(&entity) {
            Some(before) => self.old_id(*before),
            None => self.new.entity(entity).id,
        }
    }
}

fn merged<G: GraphView>(graph: &G) -> BTreeMap<String, EntityIx> {
    let count = u32::try_from(graph.merged_count()).unwrap_or(u32::MAX);
    (0..count).map(|it| graph.merged(it)).map(|it| (it.id.to_owned(), it.into)).collect()
}

/// The first place where a node stands: an unnamed participant of a label stands in several.
pub(super) fn first_place<G: GraphView>(graph: &G, node: NodeIx) -> (Option<&str>, Option<&str>) {
    let fact = graph.facts_of(node).first().map(|it| graph.fact(*it).id);
    let claim = graph.claims_by(node).first().map(|it| graph.record(graph.claim(*it).record).id);
    (fact, claim)
}
