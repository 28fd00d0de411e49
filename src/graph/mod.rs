//! The indexed graph: [`GraphView`] is what queries see, [`KnowledgeGraph`] holds it in memory, [`Snapshot`] maps it.

mod columns;
mod glance;
mod indexes;
mod knowledge;
mod names;
mod partial;
mod plain;
mod snapshot;
mod view;
mod visit;

pub use glance::Glance;
pub(crate) use glance::{Window, day_numbers, day_of};
pub use knowledge::KnowledgeGraph;
pub use names::*;
pub use partial::{Partial, Reduced, Totals, Want};
pub use plain::{GroupKey, PlainCounts, PlainFact, PlainGroup};
pub use snapshot::{
    AlignedBytes, MapError, Mapped, OpenError, PackError, SNAPSHOT_MAGIC, Snapshot, SnapshotBuilder, SnapshotMemory,
    WriteError, pack_record, reseal_snapshot, write_nodes, write_snapshot, write_snapshot_within,
};
pub use view::*;
pub(crate) use visit::Undirected;
pub use visit::{Everything, FactEdge, Facts, Keep, PairEdge, Pairs, Visited, facts, pairs, pairs_of};
