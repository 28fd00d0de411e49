//! The indexed graph: [`GraphView`] is what queries see, [`KnowledgeGraph`] holds it in memory.

mod columns;
mod indexes;
mod knowledge;
mod names;
mod view;
mod visit;

pub use knowledge::KnowledgeGraph;
pub use names::*;
pub use view::*;
pub(crate) use visit::Undirected;
pub use visit::{Everything, FactEdge, Facts, Keep, PairEdge, Pairs, Visited, facts, pairs, pairs_of};
