//! A graph as a snapshot, through the interface that every query uses.

use std::io::{self, Write};

use super::builder::SnapshotBuilder;
use super::store::SnapshotMemory;
use crate::graph::view::{Fault, GraphView};
use crate::model::{ClaimIx, EntityIx, EntityKind, FactIx, NodeIx, RecordIx};

/// Why a snapshot cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A column has more rows, or more text, than a number of 32 bits counts.
    #[error("the column {section} is too large for a snapshot")]
    TooLarge {
        /// The column.
        section: &'static str,
    },
    /// Entities, facts or records were not given in the order of their ids, each once.
    #[error("`{id}` does not come after the id before it")]
    Order {
        /// The first that is out of order.
        id: String,
    },
    /// The graph itself is damaged.
    #[error(transparent)]
    Damaged(#[from] Fault),
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes a graph as a snapshot. The same graph gives the same bytes. `origin` is kept as it is, for the writer's own use
/// ([`Snapshot::origin`](super::Snapshot::origin)); it is empty for most.
///
/// All columns are made in memory first, which takes about as much of it as the file has bytes.
///
/// # Errors
///
/// [`WriteError`]: more than 4 billion rows or 4 GiB of text in a column, a damaged graph, an output that fails.
///
/// # Example
///
/// ```
/// use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, Snapshot, write_snapshot};
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let mut bytes = Vec::new();
/// write_snapshot(&KnowledgeGraph::new(&dataset), b"", &mut bytes)?;
/// let snapshot = Snapshot::new(AlignedBytes::copy(&bytes))?;
/// assert_eq!(snapshot.fact_count(), dataset.facts.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_snapshot<G: GraphView>(graph: &G, origin: &[u8], out: &mut dyn Write) -> Result<(), WriteError> {
    write_snapshot_within(graph, origin, SnapshotMemory::default(), out)
}

/// The same with no more of the columns in memory than is said.
///
/// # Errors
///
/// Those of [`write_snapshot`], and a temporary file that fails.
pub fn write_snapshot_within<G: GraphView>(
    graph: &G,
    origin: &[u8],
    memory: SnapshotMemory,
    out: &mut dyn Write,
) -> Result<(), WriteError> {
    let mut builder = nodes_of(graph, origin, memory);
    // Record by record, as whoever has no whole graph at hand gives them too: so the same facts give the same bytes.
    let mut facts = (0..number(graph.fact_count())).peekable();
    let mut claims = (0..number(graph.claim_count())).peekable();
    let add_claim = |builder: &mut SnapshotBuilder, claim: u32| {
        let claim = ClaimIx(claim);
        builder.add_claim(&graph.claim(claim), graph.figures(claim), graph.inferred_in_claim(claim));
    };
    for record in (0..number(graph.record_count())).map(RecordIx) {
        let view = graph.record(record);
        while let Some(fact) = facts.next_if(|it| *it < view.facts.end).map(FactIx) {
            builder.add_fact(&graph.fact(fact), graph.roles(fact));
        }
        builder.add_record(&view, graph.inferred(record));
        builder.add_record_extra(graph.extra_of_record(record));
        builder.add_relations(graph.relations(record));
        while let Some(claim) = claims.next_if(|it| *it < view.claims.end) {
            add_claim(&mut builder, claim);
        }
    }
    // Those of relations.
    claims.for_each(|it| add_claim(&mut builder, it));
    if let Some(fault) = graph.fault() {
        return Err(fault.into());
    }
    builder.write(out)
}

/// Writes the nodes of a graph as a snapshot without facts: entities with their names, documents, decisions and unnamed
/// participants, under the numbers that they have in the graph. [`Partial`](crate::graph::Partial) puts facts to them.
///
/// # Errors
///
/// Those of [`write_snapshot`].
pub fn write_nodes<G: GraphView>(graph: &G, origin: &[u8], out: &mut dyn Write) -> Result<(), WriteError> {
    let builder = nodes_of(graph, origin, SnapshotMemory::default());
    if let Some(fault) = graph.fault() {
        return Err(fault.into());
    }
    builder.write(out)
}

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn nodes_of<G: GraphView>(graph: &G, origin: &[u8], memory: SnapshotMemory) -> SnapshotBuilder {
    let mut builder = SnapshotBuilder::within(graph.vocabulary().clone(), memory);
    builder.set_origin(origin);
    for entity in (0..number(graph.entity_count())).map(EntityIx) {
        let view = graph.entity(entity);
        let document = (view.kind == EntityKind::Document).then(|| graph.document(entity));
        builder.add_entity(&view, graph.names(entity), document.as_ref(), graph.corrects(entity));
        builder.add_extra(graph.extra(entity));
    }
    (0..number(graph.decision_count())).for_each(|it| builder.add_decision(&graph.decision(it)));
    (0..number(graph.merged_count())).for_each(|it| builder.add_merged(&graph.merged(it)));
    for node in (graph.entity_count()..graph.node_count()).map(|it| NodeIx(number(it))) {
        if let Some(of) = graph.unnamed_of(node) {
            builder.add_unnamed(of, graph.is_several(node));
        }
    }
    builder
}
