//! Nodes of unnamed participants while records are read.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{EntityIx, NodeIx, Unnamed};

/// Unnamed participants found so far. Their nodes follow the entities; the final order is that of their keys.
pub(crate) struct Nodes {
    pub(in crate::load) first: u32,
    pub(in crate::load) by_key: HashMap<String, NodeIx>,
    pub(in crate::load) list: Vec<(String, EntityIx, bool)>,
    /// Those whose nodes are final.
    known: Arc<HashMap<String, NodeIx>>,
}

/// `Unnamed(of: "msmt", label: "1", several: true)`, as written.
#[derive(Clone, Debug)]
pub(crate) struct Anonymous {
    /// The group.
    pub(super) of: EntityIx,
    /// What it is called within its document.
    pub(super) label: Option<String>,
    /// Whether the source speaks of several.
    pub(super) several: bool,
}

impl Nodes {
    /// None yet, behind so many entities.
    pub(in crate::load) fn behind(entities: usize) -> Nodes {
        Nodes::with(entities, Arc::default())
    }

    /// The same where all are known.
    pub(in crate::load) fn with(entities: usize, known: Arc<HashMap<String, NodeIx>>) -> Nodes {
        let first = u32::try_from(entities).unwrap_or(u32::MAX);
        Nodes { first, by_key: HashMap::new(), list: Vec::new(), known }
    }

    /// The node of an unnamed participant: its own, or that of the label in the document.
    pub(crate) fn unnamed(&mut self, who: &Anonymous, document: EntityIx, place: &str) -> NodeIx {
        let key = match &who.label {
            // A slash cannot stand in an id, so no label meets another's key.
            Some(label) => format!("{}/{}/label/{label}", document.0, who.of.0),
            None => place.to_owned(),
        };
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.add(key, who.of, who.several)
    }

    /// The node of a key.
    pub(in crate::load) fn add(&mut self, key: String, of: EntityIx, several: bool) -> NodeIx {
        let next = NodeIx(self.first.saturating_add(u32::try_from(self.list.len()).unwrap_or(u32::MAX)));
        *self.by_key.entry(key.clone()).or_insert_with(|| {
            self.list.push((key, of, several));
            next
        })
    }

    /// The participants in the order of their keys, and for each provisional position its final one.
    pub(in crate::load) fn into_sorted(self) -> (Vec<Unnamed>, Vec<u32>) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|at| self.list.get(*at).map(|(key, ..)| key));
        let mut position = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            if let Some(slot) = position.get_mut(*old) {
                *slot = u32::try_from(new).unwrap_or(u32::MAX);
            }
        }
        let sorted = order
            .into_iter()
            .filter_map(|at| self.list.get(at))
            .map(|(key, of, several)| Unnamed { of: *of, several: *several, key: key.as_str().into() })
            .collect();
        (sorted, position)
    }
}
