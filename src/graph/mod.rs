//! The indexed graph: [`GraphView`] is what queries see, [`KnowledgeGraph`] holds it in memory, [`Snapshot`] maps it.

mod columns;
mod glance;
mod indexes;
mod knowledge;
mod names;
mod snapshot;
mod view;
mod visit;

pub use glance::Glance;
pub(crate) use glance::{Window, day_numbers, day_of};
pub use knowledge::KnowledgeGraph;
pub use names::*;
pub use snapshot::{
    AlignedBytes, MapError, Mapped, OpenError, Snapshot, SnapshotBuilder, SnapshotMemory, WriteError, reseal_snapshot,
    write_snapshot, write_snapshot_within,
};
pub use view::*;
pub(crate) use visit::Undirected;
pub use visit::{Everything, FactEdge, Facts, Keep, PairEdge, Pairs, Visited, facts, pairs, pairs_of};
