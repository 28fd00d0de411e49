//! `purvey build` and `purvey verify`: snapshots.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use super::args::Global;
use super::cache::Cache;
use super::data::{Data, Graph, SNAPSHOT, is_snapshot, sources, tell_refused};
use super::output::{complain, unwritten, write_file};
use super::progress::Progress;
use super::size::size;
use crate::build::{Built, build};
use crate::graph::{GraphView, SNAPSHOT_MAGIC, Snapshot, SnapshotMemory, WriteError, write_snapshot_within};
use crate::load::{LoadOptions, Sources};

/// Options of `build`.
#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    /// Folders and files of facts, as after --data
    paths: Vec<PathBuf>,
    /// How much of the facts may stand in memory, as in 500M or 4G; entities, texts and indexes come on top
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1G")]
    memory: u64,
    /// Show no progress
    #[arg(long)]
    quiet: bool,
}

/// Writes the data as a snapshot: the paths, and what `--data` names.
pub(crate) fn run(args: BuildArgs, mut global: Global) -> Outcome {
    global.data.splice(0..0, args.paths);
    let global = &global;
    let Some(path) = &global.out else {
        complain("say where to: purvey build --data FOLDER --out FILE.purvey");
        return Outcome::Unusable;
    };
    if !is_snapshot(path) {
        complain(&format!("`{}` is no name of a snapshot: end it with .{SNAPSHOT}", path.display()));
        return Outcome::Unusable;
    }
    if is_something_else(path) {
        complain(&format!("`{}` is there and no snapshot: name another file, or remove it", path.display()));
        return Outcome::Unusable;
    }
    if global.format.is_some() {
        complain("a snapshot has a format of its own: leave out --format");
        return Outcome::Unusable;
    }
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let bytes = usize::try_from(args.memory).unwrap_or(usize::MAX);
    // What waits on disk waits where the snapshot must have room too; a system's own folder may lie in memory.
    let memory = SnapshotMemory { bytes, folder: folder.to_owned() };
    let progress = Progress::new(args.quiet);
    let named_snapshot = global.data.iter().any(|it| is_snapshot(it));
    match sources(global) {
        Sources::Paths(paths) if !named_snapshot => {
            let kept = if global.no_cache { None } else { Cache::new(&paths, global.drafts).and_then(|it| it.open()) };
            match kept {
                Some(graph) => of_graph(&graph, memory, path, &progress),
                None => of_folders(&paths, memory, path, &progress, global),
            }
        }
        _ => {
            let Some(data) = Data::load(global) else { return Outcome::Unusable };
            match &data.graph {
                Graph::Read(graph) => of_graph(graph.as_ref(), memory, path, &progress),
                Graph::Mapped(graph) => of_graph(graph.as_ref(), memory, path, &progress),
            }
        }
    }
}

/// Whether a file is there that no `build` has written; what cannot be read is told when it is to be replaced.
pub(super) fn is_something_else(path: &Path) -> bool {
    let mut start = [0; SNAPSHOT_MAGIC.len()];
    let read = File::open(path).and_then(|mut it| it.read_exact(&mut start));
    match read {
        Ok(()) => start != SNAPSHOT_MAGIC,
        // An empty one, as `mktemp` makes it, holds nothing.
        Err(error) => error.kind() == io::ErrorKind::UnexpectedEof && path.metadata().is_ok_and(|it| it.len() > 0),
    }
}

fn of_folders(paths: &[PathBuf], memory: SnapshotMemory, path: &Path, progress: &Progress, global: &Global) -> Outcome {
    let options = LoadOptions { drafts: global.drafts };
    let built = build(paths, options, memory, &mut |done, total| progress.read(done, total));
    match built {
        Ok(Built::Snapshot(ready)) => {
            let counts = (ready.facts, ready.claims);
            written(path, progress, counts, |out| ready.write(out))
        }
        Ok(Built::Refused(loaded)) => {
            progress.clear();
            tell_refused(&loaded.errors, &loaded.sources, &global.data, "nothing is written");
            Outcome::Unusable
        }
        Err(error) => {
            progress.clear();
            complain(&unwritten(path, &error, 0));
            Outcome::Unusable
        }
    }
}

fn of_graph<G: GraphView>(graph: &G, memory: SnapshotMemory, path: &Path, progress: &Progress) -> Outcome {
    let counts = (graph.fact_count(), graph.claim_count());
    written(path, progress, counts, |out| write_snapshot_within(graph, b"", memory, out))
}

fn written(
    path: &Path,
    progress: &Progress,
    (facts, claims): (usize, usize),
    write: impl FnOnce(&mut dyn Write) -> Result<(), WriteError>,
) -> Outcome {
    progress.doing("making indexes");
    let mut bytes = 0;
    let result = write_file(path, |out| -> Result<(), WriteError> {
        let mut out = progress.writing(out);
        let result = {
            let mut buffered = BufWriter::new(&mut out);
            write(&mut buffered).and_then(|()| Ok(buffered.flush()?))
        };
        bytes = out.bytes;
        result
    });
    progress.clear();
    match result {
        Ok(()) => tell(&format!("{}: {facts} facts, {claims} claims, {bytes} bytes", path.display())),
        Err(WriteError::Io(error)) => {
            complain(&unwritten(path, &error, bytes));
            Outcome::Unusable
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
