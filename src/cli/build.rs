//! `purvey build` and `purvey verify`: snapshots.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::Outcome;
use super::args::Global;
use super::data::{Data, Graph, SNAPSHOT, is_snapshot};
use super::output::{complain, write_file};
use crate::graph::{GraphView, Snapshot, WriteError, write_snapshot};

/// Writes the data as a snapshot: the paths, and what `--data` names.
pub(crate) fn run(paths: Vec<PathBuf>, mut global: Global) -> Outcome {
    global.data.splice(0..0, paths);
    let global = &global;
    let Some(path) = &global.out else {
        complain("say where to: purvey build --data FOLDER --out FILE.purvey");
        return Outcome::Unusable;
    };
    if !is_snapshot(path) {
        complain(&format!("`{}` is no name of a snapshot: end it with .{SNAPSHOT}", path.display()));
        return Outcome::Unusable;
    }
    if global.format.is_some() {
        complain("a snapshot has a format of its own: leave out --format");
        return Outcome::Unusable;
    }
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    match &data.graph {
        Graph::Read(graph) => build(graph.as_ref(), path),
        Graph::Mapped(graph) => build(graph.as_ref(), path),
    }
}

fn build<G: GraphView>(graph: &G, path: &Path) -> Outcome {
    let written = write_file(path, |out| -> Result<(), WriteError> {
        let mut out = BufWriter::new(out);
        write_snapshot(graph, b"", &mut out)?;
        Ok(out.flush()?)
    });
    match written {
        Ok(()) => {
            let bytes = std::fs::metadata(path).map_or(0, |it| it.len());
            let (facts, claims) = (graph.fact_count(), graph.claim_count());
            tell(&format!("{}: {facts} facts, {claims} claims, {bytes} bytes", path.display()))
        }
        Err(error) => {
            complain(&format!("{} cannot be written: {error}", path.display()));
            Outcome::Unusable
        }
    }
}

/// Reads a whole snapshot and says whether it is sound.
pub(crate) fn verify(path: &Path) -> Outcome {
    let snapshot = match Snapshot::map(path) {
        Ok(snapshot) => snapshot,
        Err(error) => {
            complain(&format!("{}: {error}", path.display()));
            return Outcome::Unusable;
        }
    };
    let damaged = snapshot.verify();
    if damaged.is_empty() {
        let (facts, claims) = (snapshot.fact_count(), snapshot.claim_count());
        return tell(&format!("{}: sound, {facts} facts, {claims} claims", path.display()));
    }
    complain(&format!("{} is damaged in {}: build it again", path.display(), damaged.join(", ")));
    Outcome::Nothing
}

fn tell(text: &str) -> Outcome {
    match writeln!(io::stdout(), "{}", crate::model::printable(text)) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Outcome::Unusable,
        _ => Outcome::Answered,
    }
}
