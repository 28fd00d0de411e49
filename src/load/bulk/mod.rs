//! Data folders of any size, without their facts in memory: looked through once, checked, and told in the order of the ids.
//!
//! Facts are read three times. `split` finds them, while everything else is kept; then `part` checks them part by part, on
//! several threads, and keeps of each record its id, its place and what its relations name (`index`); at last records are read
//! again where they stand, in the order of their ids, and handed on. The checks are those of [`load`](super::load), and so are
//! the errors; what is only a warning is not looked for. A file in which brackets mislead, as where one is missing, is read
//! whole.

mod hand_on;
mod index;
mod part;
mod split;
mod texts;
mod whole;

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::check::assemble::Known;
use super::check::facts::{FileContext, Head, kinds_by_name};
use super::check::nodes::Nodes;
use super::check::{self, EntityTable};
use super::draft::DraftFile;
use super::files::{self, Sources};
use super::findings::{Findings, SKELETON, Seams};
use super::read::read_to_last;
use super::{LoadOptions, recover, side_by_side, thread_count};
use crate::diagnostic::{Diagnostic, FileId, Severity, SourceFile, SourceMap};
use crate::model::{Claim, Dataset, Fact, KindIx, NodeIx, Record, RecordIx, Unnamed};
use hand_on::Ordered;
use part::{Base, Found, Setting};
use split::{Chunk, Split, split};
use texts::Texts;

/// How to load in bulk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkOptions {
    /// What to load.
    pub load: LoadOptions,
    /// Bytes that may stand in memory. Entities, and some fifty bytes a record, are beyond it.
    pub memory: usize,
}

/// What loading in bulk gives.
#[derive(Debug)]
pub struct BulkLoaded {
    /// All errors, in the order of the files. If there is none, everything was handed on.
    pub errors: Vec<Diagnostic>,
    /// The files; those that the first errors stand in with their texts.
    pub sources: SourceMap,
}

/// Takes data as they come.
pub trait BulkSink {
    /// Vocabulary, entities, unnamed participants and decisions: everything but facts.
    fn begin(&mut self, dataset: &Dataset);
    /// A fact. They come in the order of their ids, all of a record before it.
    fn fact(&mut self, fact: &Fact);
    /// A record. They come in the order of their ids.
    fn record(&mut self, record: &Record);
    /// A claim of a record. Those of a record come behind it, those of its relations behind all others.
    fn claim(&mut self, record: RecordIx, claim: &Claim);
}

/// Of so many errors the places are shown.
const SHOWN: usize = 3;

/// So many bytes of facts are read at once by each thread, if memory allows it.
const PART: usize = 1 << 20;
/// So many, however little memory is allowed.
const LEAST: usize = 1 << 6;
/// What a part takes in memory while it is read, in times of its length.
const TIMES: usize = 16;

/// Reads and checks everything, and hands it on if nothing is wrong with it. Memory does not grow with what records say.
///
/// `step` hears how many bytes of how many are done with.
///
/// # Errors
///
/// A file that was read once cannot be read again, or is not what it was. What is wrong with data is no such error but a finding.
///
/// # Example
///
/// ```
/// use purvey::load::{BulkOptions, BulkSink, load_in_bulk};
/// use purvey::model::{Claim, Dataset, Fact, Record, RecordIx};
///
/// struct Names(Vec<String>);
///
/// impl BulkSink for Names {
///     fn begin(&mut self, dataset: &Dataset) {
///         self.0.extend(dataset.entities.iter().map(|it| it.id.as_str().to_owned()));
///     }
///     fn fact(&mut self, _: &Fact) {}
///     fn record(&mut self, _: &Record) {}
///     fn claim(&mut self, _: RecordIx, _: &Claim) {}
/// }
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("x.ron"), r#"(entities: [Country(id: "russia", name: "Russia")])"#)?;
/// let mut names = Names(Vec::new());
/// let loaded = load_in_bulk(&[folder.path().to_owned()], BulkOptions::default(), &mut names, &mut |_, _| {})?;
/// assert!(loaded.errors.is_empty());
/// assert_eq!(names.0, ["russia"]);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn load_in_bulk(
    paths: &[PathBuf],
    options: BulkOptions,
    sink: &mut dyn BulkSink,
    step: &mut dyn FnMut(u64, u64),
) -> io::Result<BulkLoaded> {
    let mut input = Input::read(paths, options);
    loop {
        let whole = match input.load(options, sink, step)? {
            Attempt::Done(findings) => return Ok(input.loaded(findings)),
            Attempt::Misled(files) => files,
        };
        whole.into_iter().for_each(|it| input.read_whole(it));
    }
}

/// Files as far as they were read.
struct Input {
    /// Texts of what was read whole.
    map: SourceMap,
    /// By file; none for what was read whole.
    splits: Vec<Option<Split>>,
    paths: Vec<PathBuf>,
    texts: Texts,
    /// What is wrong with files as such.
    findings: Findings,
}

enum Attempt {
    Done(Findings),
    /// Files in which brackets mislead.
    Misled(BTreeSet<u32>),
}

/// Bytes of facts that are read at once.
fn size(options: BulkOptions) -> usize {
    let each = options.memory / thread_count().saturating_mul(TIMES).max(1);
    each.clamp(LEAST, PART)
}

impl Input {
    fn read(paths: &[PathBuf], options: BulkOptions) -> Input {
        let mut findings = Findings::default();
        let mut map = files::read(&Sources::Texts(Vec::new()), &mut findings, &mut |_, _| {});
        let mut found: Vec<(FileId, PathBuf)> = Vec::new();
        for path in paths {
            files::visit(path, &mut map, &mut findings, &mut |path: &Path, map: &mut SourceMap, _: &mut Findings| {
                // The text is that of a file that is read whole.
                let file = map.push(SourceFile::unreadable(path.display().to_string()));
                found.push((file, path.to_owned()));
            });
        }
        let mut splits: Vec<Option<Split>> = (0..map.len()).map(|_| None).collect();
        let mut all_paths = vec![PathBuf::new(); map.len()];
        let size = size(options);
        let cut = |it: &(FileId, PathBuf)| {
            // What is wrong with a file is told when it is read whole.
            File::open(&it.1).and_then(|mut file| split(&mut file, size)).ok().flatten()
        };
        let mut misled = Vec::new();
        for round in found.chunks(thread_count()) {
            for ((file, path), split) in round.iter().zip(side_by_side(round, cut)) {
                let at = file.0 as usize;
                if split.is_none() {
                    misled.push(file.0);
                }
                if let (Some(slot), Some(known)) = (splits.get_mut(at), all_paths.get_mut(at)) {
                    *slot = split;
                    known.clone_from(path);
                }
            }
        }
        let mut texts = Texts::default();
        for (path, split) in all_paths.iter().zip(&splits) {
            texts.push(path.clone(), split.as_ref().map_or(0, |it| it.before));
        }
        let mut input = Input { map, splits, paths: all_paths, texts, findings };
        misled.into_iter().for_each(|it| input.read_whole(it));
        input
    }

    fn read_whole(&mut self, file: u32) {
        let Some(path) = self.paths.get(file as usize) else { return };
        let (text, problem) = files::of_path(path, &mut |_, _| {});
        self.map.replace(FileId(file), text);
        files::add(FileId(file), problem, &mut self.findings);
        self.splits.get_mut(file as usize).into_iter().for_each(|it| *it = None);
    }

    fn chunks(&self) -> Vec<(u32, Chunk)> {
        let of_files = (0..).zip(&self.splits).filter_map(|(file, it)| Some((file, it.as_ref()?)));
        of_files.flat_map(|(file, it)| it.chunks.iter().map(move |chunk| (file, *chunk))).collect()
    }

    fn load(
        &self,
        options: BulkOptions,
        sink: &mut dyn BulkSink,
        step: &mut dyn FnMut(u64, u64),
    ) -> io::Result<Attempt> {
        let seams: Seams =
            (0..).zip(&self.splits).filter_map(|(file, it)| Some((file, it.as_ref()?.seams.clone()))).collect();
        let mut findings = self.findings.with_seams(Arc::new(seams));
        let mut misled = BTreeSet::new();
        let mut drafts: Vec<DraftFile<'_>> = Vec::with_capacity(self.splits.len());
        for ((id, file), split) in self.map.iter().zip(&self.splits) {
            drafts.push(match split {
                None => recover::read(id, file.text(), &mut findings),
                Some(split) if recover::is_blank(&split.skeleton) => DraftFile::default(),
                Some(split) => read_to_last(&split.skeleton, FileId(id.0 | SKELETON)).unwrap_or_else(|_| {
                    misled.insert(id.0);
                    DraftFile::default()
                }),
            });
        }
        if !misled.is_empty() {
            return Ok(Attempt::Misled(misled));
        }
        let (mut dataset, table) = check::begin(&drafts, &mut findings);
        let kinds = kinds_by_name(&dataset.vocabulary);
        let heads = heads(&drafts, &table, &dataset, &kinds);
        let base = Base {
            known: table.known(),
            kinds: &kinds,
            drafts: &drafts,
            heads: &heads,
            options: options.load,
            texts: &self.texts,
        };
        let chunks = self.chunks();
        let bytes: u64 = chunks.iter().map(|(_, it)| u64::from(it.length)).sum();
        let mut done = |part: u64| step(part, bytes.saturating_mul(2));
        let looked = look(&base.over(&dataset), &drafts, &chunks, &table, &mut findings, &mut done)?;
        let Looked { mut found, nodes, known } = match looked {
            Ok(looked) => looked,
            Err(misled) => return Ok(Attempt::Misled(misled)),
        };
        let targets = whole::check(&mut found, &known, &base.over(&dataset), &table, &mut findings)?;
        if findings.has_errors() {
            return Ok(Attempt::Done(findings));
        }
        let (unnamed, nodes) = numbered(nodes);
        dataset.unnamed = unnamed;
        whole::name_merged(&found, &mut dataset);
        let told = Ordered { found: &found, targets: &targets, nodes: &nodes };
        told.hand_on(&base.over(&dataset), size(options), sink, &mut |part| done(bytes + part))?;
        // What stands between records, and drafts, are nobody's.
        done(bytes.saturating_mul(2));
        Ok(Attempt::Done(findings))
    }

    fn loaded(mut self, findings: Findings) -> BulkLoaded {
        let mut errors = findings.into_sorted();
        errors.retain(|it| it.code.severity() == Severity::Error);
        for error in errors.iter().take(SHOWN) {
            let file = error.span.file.0 as usize;
            if self.splits.get_mut(file).is_some_and(|it| it.take().is_some())
                && let Some(path) = self.paths.get(file)
            {
                self.map.replace(error.span.file, files::of_path(path, &mut |_, _| {}).0);
            }
        }
        BulkLoaded { errors, sources: self.map }
    }
}

/// What files say for all their records. What is wrong with that is told when their records are looked at.
fn heads(
    drafts: &[DraftFile<'_>],
    table: &EntityTable<'_>,
    dataset: &Dataset,
    kinds: &HashMap<String, KindIx>,
) -> Vec<Head> {
    let mut untold = Findings::default();
    drafts.iter().map(|it| FileContext::new(table, dataset, kinds).read_head(it, &mut untold)).collect()
}

/// What was found in all files.
struct Looked {
    found: Found,
    nodes: Nodes,
    known: Known,
}

impl Looked {
    fn take(&mut self, mut part: Found) {
        for (key, of, several) in std::mem::take(&mut part.nodes) {
            self.nodes.add(key, of, several);
        }
        self.known.drafts.append(&mut part.drafts);
        self.known.lost.append(&mut part.lost);
        self.found.append(part);
    }
}

/// Looks through all records; if brackets misled somewhere, gives the files.
fn look(
    setting: &Setting<'_, '_>,
    drafts: &[DraftFile<'_>],
    chunks: &[(u32, Chunk)],
    table: &EntityTable<'_>,
    findings: &mut Findings,
    done: &mut dyn FnMut(u64),
) -> io::Result<Result<Looked, BTreeSet<u32>>> {
    let mut looked = Looked {
        found: Found::default(),
        nodes: Nodes::behind(setting.dataset.entities.len()),
        known: Known { drafts: BTreeSet::new(), lost: BTreeSet::new() },
    };
    let mut misled = BTreeSet::new();
    let mut files = (0_u32..).zip(drafts).peekable();
    // What files say for all their records, and all records of those that were read whole.
    let mut up_to = |file: u32, looked: &mut Looked, findings: &mut Findings| {
        while let Some((at, draft)) = files.next_if(|it| it.0 <= file) {
            FileContext::new(table, setting.dataset, setting.kinds).read_head(draft, findings);
            looked.take(setting.look_at_whole(at, draft, findings));
        }
    };
    let mut bytes = 0;
    for round in chunks.chunks(thread_count()) {
        let parts = side_by_side(round, |(file, chunk)| {
            let mut own = Findings::default();
            (setting.look(*file, *chunk, &mut own), own)
        });
        for ((file, chunk), (found, own)) in round.iter().zip(parts) {
            up_to(*file, &mut looked, findings);
            let found = if own.has_suggested() {
                // What is suggested depends on how much was before.
                setting.look(*file, *chunk, findings)?
            } else {
                findings.append(own);
                found?
            };
            match found {
                Some(found) => looked.take(found),
                None => misled.extend([*file]),
            }
            bytes += u64::from(chunk.length);
        }
        done(bytes);
    }
    up_to(u32::MAX, &mut looked, findings);
    Ok(if misled.is_empty() { Ok(looked) } else { Err(misled) })
}

/// Unnamed participants in their order, and the node of each key.
fn numbered(nodes: Nodes) -> (Vec<Unnamed>, Arc<HashMap<String, NodeIx>>) {
    let first = nodes.first;
    let (unnamed, _) = nodes.into_sorted();
    let of_keys = (first..).map(NodeIx).zip(&unnamed).map(|(node, it)| (it.key.to_string(), node)).collect();
    (unnamed, Arc::new(of_keys))
}
