//! Snapshots of data folders, kept in the user's cache folder, so that facts are read once and not for every question.
//!
//! One file a set of paths. It says itself what it was made of; a stale one is never used, and the next one takes its
//! place. Whatever fails here fails silently: the facts are read then as if there were no cache.

use std::fs::{self, DirBuilder};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy;

use super::data::SNAPSHOT;
use super::output::write_private_file;
use crate::graph::{GraphView, Mapped, Snapshot, WriteError, write_snapshot};
use crate::load::{Manifest, fingerprint};

/// What a broken-off write left behind is removed after this.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// Where the snapshot of some paths is kept.
pub(crate) struct Cache {
    /// As they were named.
    paths: Vec<PathBuf>,
    folder: PathBuf,
    file: PathBuf,
}

impl Cache {
    /// For paths as they were named. None if there is no cache folder, or a path is not there.
    pub(crate) fn new(paths: &[PathBuf], drafts: bool) -> Option<Cache> {
        let folder = etcetera::choose_base_strategy().ok()?.cache_dir().join("purvey");
        let whole = paths.iter().map(|it| fs::canonicalize(it).ok()).collect::<Option<Vec<_>>>()?;
        let drafts = [u8::from(drafts)];
        let parts = whole.iter().map(|it| it.as_os_str().as_encoded_bytes()).chain([&drafts[..]]);
        let file = folder.join(format!("{}.{SNAPSHOT}", fingerprint(parts)));
        Some(Cache { paths: paths.to_vec(), folder, file })
    }

    /// The snapshot, if it is not stale.
    pub(crate) fn open(&self) -> Option<Snapshot<Mapped>> {
        let snapshot = Snapshot::map(&self.file).ok()?;
        let manifest = Manifest::from_bytes(snapshot.origin().ok()?)?;
        if manifest.is_settled() {
            return manifest.holds(&self.paths).then_some(snapshot);
        }
        // The content was compared: if time has passed since, it need not be the next time.
        let renewed = manifest.renewed(&self.paths)?;
        if renewed.is_settled() {
            self.keep(&snapshot, &renewed);
        }
        Some(snapshot)
    }

    /// Keeps a graph that was just read.
    pub(crate) fn keep<G: GraphView>(&self, graph: &G, manifest: &Manifest) {
        // Facts may be secret: the folder and its files are the user's alone.
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        if builder.create(&self.folder).is_err() {
            return;
        }
        let written = write_private_file(&self.file, |out| -> Result<(), WriteError> {
            let mut out = BufWriter::new(out);
            write_snapshot(graph, &manifest.to_bytes(), &mut out)?;
            Ok(out.flush()?)
        });
        if written.is_ok() {
            self.tidy();
        }
    }

    /// Takes a damaged snapshot away.
    pub(crate) fn forget(&self) {
        let _ = fs::remove_file(&self.file);
    }

    /// Removes snapshots of folders that are gone, and what broken-off writes left behind.
    fn tidy(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for path in entries.filter_map(|it| Some(it.ok()?.path())) {
            let is_snapshot = path.extension().is_some_and(|it| it == SNAPSHOT);
            let is_stale = if is_snapshot { path != self.file && is_orphan(&path) } else { is_left_behind(&path) };
            if is_stale {
                let _ = fs::remove_file(&path);
            }
        }
    }
}

fn is_orphan(path: &Path) -> bool {
    let snapshot = Snapshot::map(path).ok();
    let manifest = snapshot.and_then(|it| Manifest::from_bytes(it.origin().ok()?));
    manifest.is_some_and(|it| !it.has_roots())
}

fn is_left_behind(path: &Path) -> bool {
    let age = fs::metadata(path).and_then(|it| it.modified()).ok().and_then(|it| it.elapsed().ok());
    age.is_some_and(|it| it > LEFT_BEHIND)
}
