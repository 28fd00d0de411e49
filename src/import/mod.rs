//! From foreign formats to records: each importer reads one format and gives what it finds to a [`Sink`], in the terms of
//! the data format, and what it cannot use to [`ImportFindings`]. Nothing stops at the first finding.
//!
//! Blanks are unknown and never 0; nothing is rounded or invented; what the model has no field for is kept as `extra`.
//! What comes out of a sink is what `purvey check` lets pass: it is checked on its way in.

use std::io;
use std::path::PathBuf;

mod record;
mod sink;
mod findings;
mod entities;
mod compile;
mod text;
mod folder;
mod snapshot;
mod input;
mod network;

pub use findings::{ImportCode, ImportFinding, ImportFindings, ImportPlace};
pub use folder::{FolderSink, may_write_folder};
pub use input::{ImportOptions, LimitError, open, read_line};
pub use network::{NetworkOptions, read_gexf, read_graphml};
pub use record::{Bibliography, Claim, End, Entity, Extra, Fact, Name};
pub use sink::{Kept, Sink, Summary, Taken};
pub use snapshot::SnapshotSink;

/// Reads files of a format: what it finds goes to the sink, what it cannot use to the findings. A file that cannot be read, or
/// ends too early, is a finding too; only an output that fails is an error.
pub type Importer = fn(&[PathBuf], &ImportOptions, &mut dyn Sink, &mut ImportFindings) -> io::Result<()>;
