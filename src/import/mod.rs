//! From foreign formats to records: each importer reads one format and gives what it finds to a [`Sink`], in the terms of
//! the data format, and what it cannot use to [`ImportFindings`]. Nothing stops at the first finding.
//!
//! Blanks are unknown and never 0; nothing is rounded or invented; what the model has no field for is kept as `extra`.
//! What comes out of a sink is what `purvey check` lets pass: it is checked on its way in.

use std::io;
use std::path::PathBuf;

mod record;
mod short;
mod sink;
mod sorter;
mod findings;
mod ids;
mod entities;
mod compile;
mod text;
mod editions;
mod new_folder;
mod folder;
mod snapshot;
mod input;
mod sniff;
mod csv;
mod guess;
mod lists;
mod network;
mod ftm;

pub use csv::table_header;
pub use editions::{EditionFile, Editions, EditionsError};
pub use findings::{ImportCode, ImportFinding, ImportFindings, ImportPlace};
pub use folder::FolderSink;
pub use ftm::import_ftm;
pub use guess::guess_mapping;
pub use input::{ImportOptions, LimitError, Rejected, open, read_line};
pub use lists::{ListInput, ListOptions, read_ofac, read_sipri, read_un_list};
pub use network::{NetworkOptions, read_gexf, read_graphml};
pub use new_folder::{NewFolder, OwnFiles, may_write_folder};
pub use record::{Bibliography, Claim, End, Entity, Extra, Fact, Name};
pub use sink::{Kept, Sink, Summary, Taken};
pub use snapshot::SnapshotSink;
pub use sniff::why_unfit;

/// Reads files of a format: what it finds goes to the sink, what it cannot use to the findings. A file that cannot be read, or
/// ends too early, is a finding too; only an output that fails is an error.
pub type Importer = fn(&[PathBuf], &ImportOptions, &mut dyn Sink, &mut ImportFindings) -> io::Result<()>;

/// A format that can be imported.
#[derive(Clone, Copy)]
pub struct ImportFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// What reads it.
    pub read: Importer,
    /// Whether somebody must say what its columns mean.
    pub needs_mapping: bool,
    /// Whether its files are editions, of which a later one supersedes an earlier one.
    pub has_editions: bool,
}

/// All formats, in the order in which help lists them.
pub const FORMATS: &[ImportFormat] = &[
    ImportFormat {
        name: "csv",
        about: "a table, with a mapping that says what its columns mean",
        read: csv::read,
        needs_mapping: true,
        has_editions: false,
    },
    #[cfg(feature = "parquet")]
    ImportFormat {
        name: "parquet",
        about: "the same from Parquet files",
        read: csv::parquet::read,
        needs_mapping: true,
        has_editions: false,
    },
    ImportFormat {
        name: "sipri",
        about: "the SIPRI trade register as CSV, also several editions at once",
        read: lists::sipri_files,
        needs_mapping: false,
        has_editions: true,
    },
    ImportFormat {
        name: "un",
        about: "the UN Security Council's consolidated list as XML",
        read: lists::un_files,
        needs_mapping: false,
        has_editions: true,
    },
    ImportFormat {
        name: "ofac",
        about: "OFAC's SDN list, as XML or as its tables (sdn, add, alt, sdn_comments) together",
        read: lists::ofac_files,
        needs_mapping: false,
        has_editions: true,
    },
    ImportFormat {
        name: "ftm",
        about: "FollowTheMoney as JSON lines, OpenSanctions' nested JSON too",
        read: import_ftm,
        needs_mapping: false,
        has_editions: false,
    },
    ImportFormat {
        name: "graphml",
        about: "a network: nodes and edges with their attributes",
        read: read_graphml,
        needs_mapping: false,
        has_editions: false,
    },
    ImportFormat {
        name: "gexf",
        about: "a network, with times",
        read: read_gexf,
        needs_mapping: false,
        has_editions: false,
    },
];
