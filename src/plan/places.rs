//! Where entities stand in their trees, so that SQL has all below a class as one range.

use crate::graph::GraphView;
use crate::model::{EntityIx, NodeIx};

/// The places of entities in pre-order, one root after the other; children are in the order of their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(Vec<(u32, u32)>);

/// Which tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tree {
    /// What is a kind of what.
    Classes,
    /// What is part of what.
    Wholes,
}

impl Places {
    /// The places of all entities of a graph. Linear.
    ///
    /// ```
    /// use purvey::graph::{GraphView, KnowledgeGraph};
    /// use purvey::load::{LoadOptions, Sources, load};
    /// use purvey::plan::{Places, Tree};
    ///
    /// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
    /// let graph = KnowledgeGraph::new(&dataset);
    /// let places = Places::new(&graph, Tree::Classes);
    /// let [arms, missile] = ["arms", "missile"].map(|it| places.range(graph.entity_by_id(it).unwrap_or_default()));
    /// assert!(arms.0 < missile.0 && missile.1 <= arms.1);
    /// ```
    pub fn new<G: GraphView>(graph: &G, tree: Tree) -> Places {
        let count = graph.entity_count();
        let above = |it: usize| {
            let [whole, class] = graph.above(EntityIx::from_usize(it));
            if tree == Tree::Classes { class } else { whole }
        };
        let mut below: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut roots = Vec::new();
        for it in 0..count {
            match above(it).and_then(|it| below.get_mut(it.index())) {
                Some(list) => list.push(EntityIx::from_usize(it).0),
                None => roots.push(EntityIx::from_usize(it).0),
            }
        }
        let mut places = Places(vec![(0, 0); count]);
        let mut next = 0;
        let mut open: Vec<(u32, bool)> = roots.into_iter().rev().map(|it| (it, false)).collect();
        while let Some((it, is_done)) = open.pop() {
            let Some(place) = places.0.get_mut(it as usize) else { continue };
            if is_done {
                // Inclusive, as BETWEEN is.
                place.1 = next - 1;
                continue;
            }
            place.0 = next;
            next += 1;
            open.push((it, true));
            open.extend(below.get(it as usize).into_iter().flatten().rev().map(|it| (*it, false)));
        }
        places
    }

    /// The place of an entity and the last place below it.
    pub fn range(&self, entity: EntityIx) -> (u32, u32) {
        self.0.get(entity.index()).copied().unwrap_or((u32::MAX, 0))
    }

    /// The place of a node; none of an unnamed one.
    pub fn at(&self, node: NodeIx) -> Option<u32> {
        self.0.get(node.index()).map(|it| it.0)
    }

    /// Ranges of places that hold these nodes and no other; none if one of them has no place.
    pub fn ranges(&self, nodes: &[NodeIx]) -> Option<Vec<(u32, u32)>> {
        let mut places = nodes.iter().map(|it| self.at(*it)).collect::<Option<Vec<u32>>>()?;
        places.sort_unstable();
        places.dedup();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for place in places {
            match ranges.last_mut().filter(|(_, last)| last.checked_add(1) == Some(place)) {
                Some((_, last)) => *last = place,
                None => ranges.push((place, place)),
            }
        }
        Some(ranges)
    }
}
