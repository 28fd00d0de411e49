//! All tests through the library's and the program's surface, as one program: linking once is faster than a dozen times.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    unreachable_pub,
    reason = "a test fails by panicking, and its modules are seen by no other crate"
)]

mod support;

mod answers;
mod articles;
mod ask_bad_input;
mod bad_input;
mod bibliography;
mod build_faults;
mod bulk;
mod cache;
mod claims;
mod diff;
mod differential;
mod docs;
mod edits;
mod drawn_answers;
mod drafting;
mod draw_command;
mod draw_specs;
mod exchange;
mod export;
mod export_ftm;
mod export_schemas;
mod filters;
mod findings;
mod findings_claims;
mod findings_facts;
mod findings_reading;
mod findings_for_rules;
mod finished_pictures;
mod foreign_readers;
mod ftm_round_trip;
mod generated;
mod hostile;
mod import_csv;
mod import_entities;
mod import_guess;
mod import_lists;
#[cfg(feature = "parquet")]
mod import_parquet;
mod import_refused;
mod import_sinks;
mod import_ftm;
mod import_network;
mod in_time;
mod layers;
mod matching;
mod measures;
mod names;
mod oracle;
mod nothing_found;
mod own_kind;
mod pages;
mod petgraph_views;
mod prompt_and_completion;
mod questions;
mod records;
mod recovery;
mod same_bytes;
mod snapshot;
mod support_of_answers;
mod tables;
mod timeline;
mod top;
mod totals;
#[cfg(unix)]
mod tutorial;
mod writing;
mod writing_faults;
mod watch;
