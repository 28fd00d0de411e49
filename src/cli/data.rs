//! Where the facts come from, and what to say when they cannot be used.

use std::path::{Path, PathBuf};

use super::args::Global;
use super::cache::Cache;
use super::output::complain;
use crate::diagnostic::{Diagnostic, Severity, SourceMap};
use crate::graph::{GraphView, KnowledgeGraph, Mapped, Snapshot};
use crate::load::{LoadOptions, Sources, load, load_with_manifest};
use crate::plan::NODES_ORIGIN;

/// The folder that is read if none is named.
pub(crate) const FOLDER: &str = "graph-data";

/// A graph to ask.
pub(crate) struct Data {
    pub(crate) graph: Graph,
    /// Whether the built-in example answers.
    pub(crate) is_built_in: bool,
    /// Where the graph came from, if it came from the cache.
    cache: Option<Cache>,
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

/// Whether a path is that of a snapshot, by its extension. A folder is one of facts, whatever it is called.
pub(crate) fn is_snapshot(path: &Path) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case(SNAPSHOT)) && !path.is_dir()
}

/// What to read: the folders named, else the folder here, else the built-in example.
pub(crate) fn sources(global: &Global) -> Sources {
    sources_of(&global.data)
}

/// The same for paths.
pub(crate) fn sources_of(paths: &[PathBuf]) -> Sources {
    if !paths.is_empty() {
        Sources::Paths(paths.to_vec())
    } else if Path::new(FOLDER).is_dir() {
        Sources::Paths(vec![FOLDER.into()])
    } else {
        Sources::BuiltIn
    }
}

impl Data {
    /// Loads and indexes. Data with errors answer no question: the first errors are named, and the way to all of them.
    pub(crate) fn load(global: &Global) -> Option<Data> {
        if let Some(path) = global.data.iter().find(|it| is_snapshot(it)) {
            return Data::map(path, global);
        }
        let sources = sources(global);
        let cache = match &sources {
            Sources::Paths(paths) if !global.no_cache => Cache::new(paths, global.drafts),
            _ => None,
        };
        match cache.as_ref().and_then(Cache::open) {
            Some(snapshot) => Some(Data { graph: Graph::Mapped(Box::new(snapshot)), is_built_in: false, cache }),
            None => Data::read(&sources, global, cache.as_ref()),
        }
    }

    /// Whether a question met damage.
    pub(crate) fn is_damaged(&self) -> bool {
        matches!(&self.graph, Graph::Mapped(snapshot) if snapshot.fault().is_some())
    }

    /// The facts themselves, if the snapshot in the cache turned out to be damaged.
    pub(crate) fn instead(&self, global: &Global) -> Option<Data> {
        let cache = self.cache.as_ref()?;
        let Graph::Mapped(snapshot) = &self.graph else { return None };
        snapshot.fault()?;
        cache.forget();
        Data::read(&sources(global), global, Some(cache))
    }

    /// Reads the facts and leaves a snapshot of them in the cache.
    fn read(sources: &Sources, global: &Global, cache: Option<&Cache>) -> Option<Data> {
        let options = LoadOptions { drafts: global.drafts };
        let (loaded, manifest) = match sources {
            Sources::Paths(paths) if cache.is_some() => load_with_manifest(paths, options),
            _ => (load(sources, options), None),
        };
        let Some(dataset) = loaded.dataset else {
            tell_refused(&loaded.findings, &loaded.sources, &global.data, "no question is answered");
            return None;
        };
        let graph = KnowledgeGraph::new(&dataset);
        if let Some((cache, manifest)) = cache.zip(manifest) {
            cache.keep(&graph, &manifest);
        }
        Some(Data { graph: Graph::Read(Box::new(graph)), is_built_in: *sources == Sources::BuiltIn, cache: None })
    }

    /// Loads and indexes what stands neither in a folder here nor in the cache; `name` is what people call it.
    pub(crate) fn of_sources(sources: &Sources, name: &str, global: &Global) -> Option<Data> {
        let loaded = load(sources, LoadOptions { drafts: global.drafts });
        let Some(dataset) = &loaded.dataset else {
            let count = tell_errors(&loaded.findings, &loaded.sources);
            complain(&format!("the data of `{name}` have {count}"));
            return None;
        };
        let graph = Graph::Read(Box::new(KnowledgeGraph::new(dataset)));
        Some(Data { graph, is_built_in: false, cache: None })
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
            Ok(snapshot) if snapshot.origin() == Ok(NODES_ORIGIN) => {
                complain(&format!(
                    "{}: this is the part of exported tables that has no facts: ask the data themselves, or the tables by \
                     purvey-cluster",
                    path.display()
                ));
                None
            }
            Ok(snapshot) => Some(Data { graph: Graph::Mapped(Box::new(snapshot)), is_built_in: false, cache: None }),
            Err(error) => {
                complain(&format!("{}: {error}", path.display()));
                None
            }
        }
    }
}

/// Names the first errors of folders, and the way to all of them. `so` is what follows.
pub(crate) fn tell_refused(found: &[Diagnostic], sources: &SourceMap, paths: &[PathBuf], so: &str) {
    let count = tell_errors(found, sources);
    let paths: Vec<String> = paths.iter().map(|it| format!(" --data {}", it.display())).collect();
    complain(&format!("the data have {count}, so {so}: run `purvey check{}`", paths.concat()));
}

/// Names the first errors and tells how many there are.
fn tell_errors(found: &[Diagnostic], sources: &SourceMap) -> String {
    let errors: Vec<_> = found.iter().filter(|it| it.code.severity() == Severity::Error).collect();
    for error in errors.iter().take(3) {
        let place = sources.file(error.span.file).map_or(String::new(), |file| {
            let (line, column) = file.line_column(error.span.start);
            if file.is_readable() { format!("{}:{line}:{column}", file.name()) } else { file.name().to_owned() }
        });
        complain(&format!("{place}: [{}] {}", error.code.as_str(), error.message));
    }
    match errors.len() {
        1 => "1 error".to_owned(),
        several => format!("{several} errors"),
    }
}
