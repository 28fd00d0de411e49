//! Where the facts come from, and what to say when they cannot be used.

use std::path::Path;

use super::args::Global;
use super::output::complain;
use crate::diagnostic::Severity;
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};

/// The folder that is read if none is named.
const FOLDER: &str = "graph-data";

/// A graph to ask.
pub(crate) struct Data {
    pub(crate) graph: KnowledgeGraph,
    /// Whether the built-in example answers.
    pub(crate) is_built_in: bool,
}

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
        Some(Data { graph: KnowledgeGraph::new(&dataset), is_built_in: sources == Sources::BuiltIn })
    }
}
