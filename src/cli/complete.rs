//! Names of the data for whoever types: completion in a shell and at the prompt.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap_complete::engine::CompletionCandidate;

use super::cache::Cache;
use super::data::{Graph, is_snapshot, sources_of};
use crate::graph::{GraphView, KnowledgeGraph, Snapshot};
use crate::load::{LoadOptions, Sources, load};
use crate::model::{EntityIx, EntityKind};

/// Most names that are offered.
const MOST: usize = 40;

/// Ids of entities whose name or id begins with what is typed.
pub(crate) fn entities(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |kind| kind != EntityKind::Document)
}

/// Ids of items, likewise.
pub(crate) fn items(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, EntityKind::is_class)
}

/// Ids of anybody and anything, likewise.
pub(crate) fn anything(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, |_| true)
}

/// Ids of kinds of fact.
pub(crate) fn kinds(typed: &OsStr) -> Vec<CompletionCandidate> {
    fn of<G: GraphView>(graph: &G, typed: &str) -> Vec<CompletionCandidate> {
        let kinds = graph.vocabulary().kinds.iter().filter(|it| it.id.starts_with(typed));
        kinds.map(|it| CompletionCandidate::new(&*it.id).help(Some(it.plural.to_string().into()))).collect()
    }
    let typed = typed.to_string_lossy();
    match graph() {
        Some(Graph::Read(graph)) => of(graph.as_ref(), &typed),
        Some(Graph::Mapped(graph)) => of(graph.as_ref(), &typed),
        None => Vec::new(),
    }
}

fn candidates(typed: &OsStr, accept: impl Fn(EntityKind) -> bool) -> Vec<CompletionCandidate> {
    fn of<G: GraphView>(graph: &G, typed: &str, accept: impl Fn(EntityKind) -> bool) -> Vec<CompletionCandidate> {
        let found = graph.name_index().beginning_with(typed, MOST);
        let mut ids: Vec<EntityIx> = found.into_iter().map(|(node, _)| EntityIx(node)).collect();
        ids.retain(|it| accept(graph.entity(*it).kind));
        ids.sort_unstable();
        ids.dedup();
        // A shell replaces what was typed by what all offers have in common. So other names count only where no id begins so.
        let begun = typed.to_lowercase();
        let begins = |it: &EntityIx| graph.entity(*it).id.starts_with(&begun);
        if ids.iter().any(begins) {
            ids.retain(begins);
        }
        // Ids have no blanks, so that no shell needs quotation marks.
        let candidate = |it: EntityIx| {
            let view = graph.entity(it);
            CompletionCandidate::new(view.id).help(Some(view.name.to_owned().into()))
        };
        ids.into_iter().map(candidate).collect()
    }
    let typed = typed.to_string_lossy();
    match graph() {
        Some(Graph::Read(graph)) => of(graph.as_ref(), &typed, accept),
        Some(Graph::Mapped(graph)) => of(graph.as_ref(), &typed, accept),
        None => Vec::new(),
    }
}

/// The data that the words typed so far name, without a word about what is wrong with them.
fn graph() -> Option<Graph> {
    let words: Vec<_> = std::env::args_os().collect();
    let pairs = words.iter().zip(words.iter().skip(1));
    let paths: Vec<PathBuf> = pairs.filter(|(option, _)| *option == "--data").map(|(_, path)| path.into()).collect();
    if let [path] = paths.as_slice()
        && is_snapshot(path)
    {
        return Snapshot::map(path).ok().map(|it| Graph::Mapped(Box::new(it)));
    }
    let sources = sources_of(&paths);
    if let Sources::Paths(paths) = &sources
        && let Some(snapshot) = Cache::new(paths, false).as_ref().and_then(Cache::open)
    {
        return Some(Graph::Mapped(Box::new(snapshot)));
    }
    let dataset = load(&sources, LoadOptions::default()).dataset?;
    Some(Graph::Read(Box::new(KnowledgeGraph::new(&dataset))))
}
