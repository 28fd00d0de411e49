//! purvey: who supplied what to whom.
//!
//! A knowledge graph of sourced facts, kept as RON text, that answers questions with citations and draws the
//! relationship diagrams that go into articles.
//!
//! Three nouns carry the library: a graph, a question, an answer. [`load`](mod@load) reads and checks text into a
//! [`model::Dataset`]; [`graph`] indexes it; [`query`] asks; [`exchange`] and [`draw`] write the answer out. [`import`] brings
//! in what others have in their formats, and [`edit`] changes the text itself; [`build`](mod@build) makes a snapshot of
//! folders that are too large for memory.
//! The layers and what each of them does without are described in `docs/architecture.md`.

pub mod model;
pub mod diagnostic;
pub mod load;
pub mod edit;
pub mod graph;
pub mod import;
pub mod build;
pub mod query;
pub mod plan;
pub mod drafting;
pub mod exchange;
pub mod export;
pub mod draw;
pub mod cli;
