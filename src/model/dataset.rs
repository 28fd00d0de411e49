//! A checked set of entities, records, facts and claims: what load makes and graph indexes.

use super::{Claim, Decision, Entity, EntityIx, Fact, Merged, NodeIx, Record, RecordIx, Unnamed, Vocabulary};

/// Everything that was read and found to hold together: every reference resolves, trees have no cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    /// The vocabulary, with what the data folders add.
    pub vocabulary: Vocabulary,
    /// Entities in the order of their ids.
    pub entities: Vec<Entity>,
    /// Unnamed participants, in the order of their keys; their nodes follow the entities.
    pub unnamed: Vec<Unnamed>,
    /// Records in the order of their ids.
    pub records: Vec<Record>,
    /// Facts in the order of their ids; those of one record stand together.
    pub facts: Vec<Fact>,
    /// Claims, by record.
    pub claims: Vec<Claim>,
    /// Decisions on which entities are one, in the order of the files.
    pub decisions: Vec<Decision>,
    /// Entities that stand as one with another, by that one, then by id.
    pub merged: Vec<Merged>,
}

impl Dataset {
    /// The position of the entity with that id. Logarithmic.
    pub fn entity_ix(&self, id: &str) -> Option<EntityIx> {
        self.entities.binary_search_by(|it| it.id.as_str().cmp(id)).ok().map(EntityIx::from_usize)
    }

    /// The position of the record with that id. Logarithmic.
    pub fn record_ix(&self, id: &str) -> Option<RecordIx> {
        self.records.binary_search_by(|it| it.id.as_str().cmp(id)).ok().map(RecordIx::from_usize)
    }

    /// The entity of a node, unless it is an unnamed participant.
    pub fn entity_of(&self, node: NodeIx) -> Option<&Entity> {
        self.entities.get(node.index())
    }

    /// The unnamed participant of a node, unless it is an entity.
    pub fn unnamed_of(&self, node: NodeIx) -> Option<&Unnamed> {
        self.unnamed.get(node.index().checked_sub(self.entities.len())?)
    }
}
