//! Where the facts come from, and what to say when they cannot be used.

use std::path::Path;

use super::args::Global;
use super::output::complain;
use crate::diagnostic::Severity;
use crate::graph::{KnowledgeGraph, Mapped, Snapshot};
use crate::load::{LoadOptions, Sources, load};

/// The folder that is read if none is named.
const FOLDER: &str = "graph-data";

/// A graph to ask.
pub(crate) struct Data {
    pub(crate) graph: Graph,
    /// Whether the built-in example answers.
    pub(crate) is_built_in: bool,
}

/// Where a graph lies.
pub(crate) enum Graph {
    /// In memory, read from records.
    Read(Box<KnowledgeGraph>),
    /// In a snapshot.
    Mapped(Box<Snapshot<Mapped>>),
}

/// The extension of a snapshot.
pub(crate) const SNAPSHOT: &str = "purvey";

/// What to read: the folders named, else the folder here, else the built-in example.
pub(crate) fn sources(global: &Global) -> Sources {
    if !global.data.is_empty() {
        Sources::Paths(global.data.clone())
    } else if Path::new(FOLDER).is_dir() {
        Sources::Paths(vec![FOLDER.into()])
    } else {
        Sources::BuiltIn
    }
}

impl Data {
    /// Loads and indexes. Data with errors answer no question: the first errors are named, and the way to all of them.
    pub(crate) fn load(global: &Global) -> Option<Data> {
        let is_snapshot = |it: &&std::path::PathBuf| it.extension().is_some_and(|it| it == SNAPSHOT);
        if let Some(path) = global.data.iter().find(is_snapshot) {
            return Data::map(path, global);
        }
        let sources = sources(global);
        let loaded = load(&sources, LoadOptions { drafts: global.drafts });
        let Some(dataset) = loaded.dataset else {
            let errors: Vec<_> = loaded.findings.iter().filter(|it| it.code.severity() == Severity::Error).collect();
            for error in errors.iter().take(3) {
                let place = loaded.sources.file(error.span.file).map_or(String::new(), |file| {
                    let (line, column) = file.line_column(error.span.start);
                    if file.is_readable() { format!("{}:{line}:{column}", file.name()) } else { file.name().to_owned() }
                });
                complain(&format!("{place}: [{}] {}", error.code.as_str(), error.message));
            }
            let count = match errors.len() {
                1 => "1 error".to_owned(),
                several => format!("{several} errors"),
            };
            let paths: Vec<String> = global.data.iter().map(|it| format!(" --data {}", it.display())).collect();
            complain(&format!(
                "the data have {count}, so no question is answered: run `purvey check{}`",
                paths.concat()
            ));
            return None;
        };
        let graph = Graph::Read(Box::new(KnowledgeGraph::new(&dataset)));
        Some(Data { graph, is_built_in: sources == Sources::BuiltIn })
    }

    fn map(path: &Path, global: &Global) -> Option<Data> {
        if global.data.len() > 1 {
            complain("a snapshot stands for itself: give one --data, or build one snapshot of all the folders");
            return None;
        }
        if global.drafts {
            complain("a snapshot holds the drafts only if it was built with --drafts: leave out --drafts here");
            return None;
        }
        match Snapshot::map(path) {
            Ok(snapshot) => Some(Data { graph: Graph::Mapped(Box::new(snapshot)), is_built_in: false }),
            Err(error) => {
                complain(&format!("{}: {error}", path.display()));
                None
            }
        }
    }
}
