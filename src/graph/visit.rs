//! The graph as petgraph sees it, so that petgraph's algorithms run on it.
//!
//! Two views: [`facts`] is a multigraph with one edge a fact, [`pairs`] has one edge an ordered pair of nodes
//! whose weight is the facts between them. Walks that list paths use `pairs`: on `facts`, petgraph's
//! `all_simple_paths` gives one path a combination of parallel facts.

use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoEdgesDirected, IntoNeighbors,
    IntoNeighborsDirected, IntoNodeIdentifiers, NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, Direction};

use super::view::{GraphView, Step};
use crate::model::{FactIx, NodeIx};

/// Which facts and nodes a walk may use.
pub trait Keep {
    /// Whether the walk may use this fact.
    fn fact(&self, fact: FactIx) -> bool;
}

/// Keeps everything.
#[derive(Clone, Copy, Debug)]
pub struct Everything;

impl Keep for Everything {
    fn fact(&self, _: FactIx) -> bool {
        true
    }
}

impl<F: Fn(FactIx) -> bool> Keep for F {
    fn fact(&self, fact: FactIx) -> bool {
        self(fact)
    }
}

/// The graph with one edge a fact.
///
/// ```
/// use purvey::graph::{KnowledgeGraph, facts};
/// use purvey::model::Dataset;
/// use petgraph::visit::{IntoEdgeReferences, NodeCount};
///
/// let graph = KnowledgeGraph::new(&Dataset::default());
/// assert_eq!((facts(&graph).node_count(), facts(&graph).edge_references().count()), (0, 0));
/// ```
pub fn facts<G: GraphView>(graph: &G) -> Facts<'_, G> {
    Facts { graph }
}

/// The graph with one edge an ordered pair of nodes.
pub fn pairs<G: GraphView>(graph: &G) -> Pairs<'_, G, Everything> {
    Pairs { graph, keep: &Everything }
}

/// The same with only the facts that `keep` lets pass; a pair without any is no edge.
pub fn pairs_of<'g, G: GraphView, K: Keep>(graph: &'g G, keep: &'g K) -> Pairs<'g, G, K> {
    Pairs { graph, keep }
}

/// See [`facts`].
#[derive(Debug)]
pub struct Facts<'g, G> {
    graph: &'g G,
}

/// See [`pairs`].
#[derive(Debug)]
pub struct Pairs<'g, G, K> {
    graph: &'g G,
    keep: &'g K,
}

impl<G> Clone for Facts<'_, G> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<G> Copy for Facts<'_, G> {}
impl<G, K> Clone for Pairs<'_, G, K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<G, K> Copy for Pairs<'_, G, K> {}

/// Which nodes a walk has seen: one bit each.
#[derive(Clone, Debug, Default)]
pub struct Visited {
    bits: Vec<u64>,
}

impl Visited {
    fn with_capacity(nodes: usize) -> Self {
        Visited { bits: vec![0; nodes.div_ceil(64)] }
    }
}

impl VisitMap<NodeIx> for Visited {
    fn visit(&mut self, node: NodeIx) -> bool {
        let mask = 1_u64 << (node.index() % 64);
        match self.bits.get_mut(node.index() / 64) {
            Some(word) => {
                let new = *word & mask == 0;
                *word |= mask;
                new
            }
            None => false,
        }
    }

    fn is_visited(&self, node: &NodeIx) -> bool {
        self.bits.get(node.index() / 64).is_some_and(|word| word & (1_u64 << (node.index() % 64)) != 0)
    }

    fn unvisit(&mut self, node: NodeIx) -> bool {
        let was = self.is_visited(&node);
        if let Some(word) = self.bits.get_mut(node.index() / 64) {
            *word &= !(1_u64 << (node.index() % 64));
        }
        was
    }
}

/// One fact as an edge. A symmetric fact gives two, with the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactEdge {
    source: NodeIx,
    target: NodeIx,
    fact: FactIx,
}

impl EdgeRef for FactEdge {
    type NodeId = NodeIx;
    type EdgeId = FactIx;
    type Weight = FactIx;

    fn source(&self) -> NodeIx {
        self.source
    }

    fn target(&self) -> NodeIx {
        self.target
    }

    fn weight(&self) -> &FactIx {
        &self.fact
    }

    fn id(&self) -> FactIx {
        self.fact
    }
}

/// All steps from one node to another, as one edge; its weight is the steps, one a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairEdge<'g> {
    source: NodeIx,
    target: NodeIx,
    /// The facts between the two.
    pub steps: &'g [Step],
}

impl<'g> EdgeRef for PairEdge<'g> {
    type NodeId = NodeIx;
    type EdgeId = (NodeIx, NodeIx);
    type Weight = &'g [Step];

    fn source(&self) -> NodeIx {
        self.source
    }

    fn target(&self) -> NodeIx {
        self.target
    }

    fn weight(&self) -> &&'g [Step] {
        &self.steps
    }

    fn id(&self) -> (NodeIx, NodeIx) {
        (self.source, self.target)
    }
}

fn steps<G: GraphView>(graph: &G, node: NodeIx, direction: Direction) -> &[Step] {
    match direction {
        Direction::Outgoing => graph.steps_out(node),
        Direction::Incoming => graph.steps_in(node),
    }
}

fn nodes<G: GraphView>(graph: &G) -> impl Iterator<Item = NodeIx> + use<G> {
    (0..u32::try_from(graph.node_count()).unwrap_or(u32::MAX)).map(NodeIx)
}

impl<'g, G: GraphView> Facts<'g, G> {
    fn edges_of(self, node: NodeIx, direction: Direction) -> impl Iterator<Item = FactEdge> + 'g {
        steps(self.graph, node, direction).iter().map(move |step| {
            let (source, target) = match direction {
                Direction::Outgoing => (node, step.to),
                Direction::Incoming => (step.to, node),
            };
            FactEdge { source, target, fact: step.fact }
        })
    }
}

impl<'g, G: GraphView, K: Keep> Pairs<'g, G, K> {
    /// Edges of a node, by counterpart.
    fn edges_of(&self, node: NodeIx, direction: Direction) -> impl Iterator<Item = PairEdge<'g>> + use<'g, G, K> {
        let keep = self.keep;
        steps(self.graph, node, direction)
            .chunk_by(|a, b| a.to == b.to)
            .filter(move |chunk| chunk.iter().any(|it| keep.fact(it.fact)))
            .filter_map(move |chunk| {
                let other = chunk.first()?.to;
                let (source, target) = match direction {
                    Direction::Outgoing => (node, other),
                    Direction::Incoming => (other, node),
                };
                Some(PairEdge { source, target, steps: chunk })
            })
    }
}

macro_rules! visit_traits {
    ([$($generics:tt)*] $view:ty, $edge:ty, $edge_id:ty, $weight:ty) => {
        impl<$($generics)*> GraphBase for $view {
            type NodeId = NodeIx;
            type EdgeId = $edge_id;
        }

        impl<$($generics)*> Data for $view {
            type NodeWeight = ();
            type EdgeWeight = $weight;
        }

        impl<$($generics)*> GraphProp for $view {
            type EdgeType = Directed;
        }

        impl<$($generics)*> NodeCount for $view {
            fn node_count(&self) -> usize {
                self.graph.node_count()
            }
        }

        impl<$($generics)*> NodeIndexable for $view {
            fn node_bound(&self) -> usize {
                self.graph.node_count()
            }

            fn to_index(&self, node: NodeIx) -> usize {
                node.index()
            }

            fn from_index(&self, index: usize) -> NodeIx {
                NodeIx::from_usize(index)
            }
        }

        impl<$($generics)*> NodeCompactIndexable for $view {}

        impl<$($generics)*> Visitable for $view {
            type Map = Visited;

            fn visit_map(&self) -> Visited {
                Visited::with_capacity(self.graph.node_count())
            }

            fn reset_map(&self, map: &mut Visited) {
                *map = self.visit_map();
            }
        }
    };
}

visit_traits!(['g, G: GraphView] Facts<'g, G>, FactEdge, FactIx, FactIx);
visit_traits!(['g, G: GraphView, K: Keep] Pairs<'g, G, K>, PairEdge<'g>, (NodeIx, NodeIx), &'g [Step]);

/// Pairs walked both ways: for neighbours only, each once, in their order.
pub(crate) struct Undirected<'g, G, K>(pub(crate) Pairs<'g, G, K>);

impl<G, K> Clone for Undirected<'_, G, K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<G, K> Copy for Undirected<'_, G, K> {}

impl<G: GraphView, K: Keep> GraphBase for Undirected<'_, G, K> {
    type NodeId = NodeIx;
    type EdgeId = (NodeIx, NodeIx);
}

impl<G: GraphView, K: Keep> GraphRef for Undirected<'_, G, K> {}

impl<G: GraphView, K: Keep> NodeCount for Undirected<'_, G, K> {
    fn node_count(&self) -> usize {
        self.0.node_count()
    }
}

impl<G: GraphView, K: Keep> IntoNeighbors for Undirected<'_, G, K> {
    type Neighbors = std::vec::IntoIter<NodeIx>;

    fn neighbors(self, node: NodeIx) -> Self::Neighbors {
        let both = [Direction::Outgoing, Direction::Incoming];
        let mut nodes: Vec<NodeIx> = both.into_iter().flat_map(|it| self.0.neighbors_directed(node, it)).collect();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.into_iter()
    }
}

impl<G: GraphView, K: Keep> IntoNeighborsDirected for Undirected<'_, G, K> {
    type NeighborsDirected = std::vec::IntoIter<NodeIx>;

    fn neighbors_directed(self, node: NodeIx, _: Direction) -> Self::NeighborsDirected {
        self.neighbors(node)
    }
}

type Boxed<'g, T> = Box<dyn Iterator<Item = T> + 'g>;

macro_rules! walk_traits {
    ([$($generics:tt)*] $view:ty, $edge:ty) => {
        impl<$($generics)*> IntoNodeIdentifiers for $view {
            type NodeIdentifiers = Boxed<'g, NodeIx>;

            fn node_identifiers(self) -> Boxed<'g, NodeIx> {
                Box::new(nodes(self.graph))
            }
        }

        impl<$($generics)*> IntoNeighbors for $view {
            type Neighbors = Boxed<'g, NodeIx>;

            fn neighbors(self, node: NodeIx) -> Boxed<'g, NodeIx> {
                self.neighbors_directed(node, Direction::Outgoing)
            }
        }

        impl<$($generics)*> IntoNeighborsDirected for $view {
            type NeighborsDirected = Boxed<'g, NodeIx>;

            fn neighbors_directed(self, node: NodeIx, direction: Direction) -> Boxed<'g, NodeIx> {
                Box::new(self.edges_of(node, direction).map(move |edge| match direction {
                    Direction::Outgoing => edge.target(),
                    Direction::Incoming => edge.source(),
                }))
            }
        }

        impl<$($generics)*> IntoEdgeReferences for $view {
            type EdgeRef = $edge;
            type EdgeReferences = Boxed<'g, $edge>;

            fn edge_references(self) -> Boxed<'g, $edge> {
                Box::new(nodes(self.graph).flat_map(move |node| self.edges_of(node, Direction::Outgoing)))
            }
        }

        impl<$($generics)*> IntoEdges for $view {
            type Edges = Boxed<'g, $edge>;

            fn edges(self, node: NodeIx) -> Boxed<'g, $edge> {
                Box::new(self.edges_of(node, Direction::Outgoing))
            }
        }

        impl<$($generics)*> IntoEdgesDirected for $view {
            type EdgesDirected = Boxed<'g, $edge>;

            fn edges_directed(self, node: NodeIx, direction: Direction) -> Boxed<'g, $edge> {
                Box::new(self.edges_of(node, direction))
            }
        }
    };
}

impl<G: GraphView> GraphRef for Facts<'_, G> {}
impl<G: GraphView, K: Keep> GraphRef for Pairs<'_, G, K> {}
walk_traits!(['g, G: GraphView] Facts<'g, G>, FactEdge);
walk_traits!(['g, G: GraphView, K: Keep] Pairs<'g, G, K>, PairEdge<'g>);
