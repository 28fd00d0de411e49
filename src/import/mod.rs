//! From foreign formats to records: each importer reads one format and gives what it finds to a [`Sink`], in the terms of
//! the data format, and what it cannot use to [`ImportFindings`]. Nothing stops at the first finding.
//!
//! Blanks are unknown and never 0; nothing is rounded or invented; what the model has no field for is kept as `extra`.

mod record;
mod sink;
mod findings;

pub use findings::{ImportCode, ImportFinding, ImportFindings, ImportPlace};
pub use record::{Bibliography, Claim, End, Entity, Extra, Fact, Name};
pub use sink::{Kept, Sink};
