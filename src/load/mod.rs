//! From RON files to a checked [`Dataset`].
//!
//! Reading goes in three steps: `files` finds and reads the text, `read` (with `outline` after an error)
//! turns it into drafts that know where each value stands, and `check` turns drafts into a [`Dataset`], or
//! into findings. Nothing stops at the first finding.

mod articles;
mod beside;
mod bulk;
mod check;
mod decide;
pub(crate) mod draft;
mod fields;
pub(crate) mod files;
pub(crate) mod findings;
mod manifest;
mod mapping;
mod outline;
pub(crate) mod read;
pub(crate) mod recover;
mod revision;
mod spec;
mod stamps;
pub(crate) mod token;

use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, PassageCount, Severity, SourceMap};
use crate::model::{Dataset, Vocabulary};

pub(crate) use beside::{side_by_side, thread_count};

pub use articles::{Article, find_passage, locator};
pub use bulk::{BulkLoaded, BulkOptions, BulkSink, load_in_bulk};
pub use decide::{
    EMPTY_DECISIONS, decided_pairs, decision_in_ron, holds_decisions, load_instead, texts_of, with_decision,
    without_decision,
};
pub use files::Sources;
pub use manifest::{Manifest, fingerprint};
pub use mapping::{LoadedMapping, load_mapping};
pub use revision::{RevisionError, read_revision};
pub use spec::{LoadedSpec, load_spec};
pub use stamps::FileStamps;

/// How to load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadOptions {
    /// Keep records marked `draft: true`.
    pub drafts: bool,
}

/// What loading gives.
#[derive(Debug)]
pub struct Loaded {
    /// The checked data; `None` if a finding is an error.
    pub dataset: Option<Dataset>,
    /// All findings, in the order of the files.
    pub findings: Vec<Diagnostic>,
    /// The text of the files, to show where findings stand.
    pub sources: SourceMap,
    /// For each document of which a claim names a passage or a text was given, how many passages there are and how many
    /// were found, in the order of the ids.
    pub passages: Vec<PassageCount>,
}

impl Loaded {
    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let errors = self.findings.iter().filter(|it| it.code.severity() == Severity::Error).count();
        (errors, self.findings.len() - errors)
    }
}

/// Reads and checks every file; never stops at the first finding.
///
/// # Example
///
/// ```
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let loaded = load(&Sources::BuiltIn, LoadOptions::default());
/// assert!(loaded.findings.is_empty());
/// assert!(loaded.dataset.is_some_and(|it| it.entity_ix("north-korea").is_some()));
/// ```
pub fn load(sources: &Sources, options: LoadOptions) -> Loaded {
    load_with_articles(sources, options, &[])
}

/// The same, and looks for every passage that a claim names in the text of its document, where that is at hand.
///
/// A passage that is not there is an error, one that begins in another paragraph than its locator says a warning.
/// Hashing dominates: for each length of passages at most the characters of the text times that length.
///
/// # Example
///
/// ```
/// use purvey::load::{Article, LoadOptions, Sources, load_with_articles};
///
/// let article = Article { document: "upi-2025-05-30".to_owned(), file: "not-there.txt".into() };
/// let loaded = load_with_articles(&Sources::BuiltIn, LoadOptions::default(), &[article]);
/// assert_eq!(loaded.findings[0].code.as_str(), "K0001");
/// assert!(loaded.passages.iter().all(|it| it.found.is_none()));
/// ```
pub fn load_with_articles(sources: &Sources, options: LoadOptions, articles: &[Article]) -> Loaded {
    load_watched(sources, options, articles, &mut |_, _| {})
}

/// The same, and tells what was read, so that it need not be read again while nothing changes. Nothing is told if what was
/// read has findings that are errors, or changed meanwhile.
///
/// # Example
///
/// ```
/// use purvey::load::{LoadOptions, load_with_manifest};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("x.ron"), "(entities: [Country(id: \"russia\", name: \"Russia\")])")?;
/// let paths = [folder.path().to_owned()];
/// let (_, manifest) = load_with_manifest(&paths, LoadOptions::default());
/// let manifest = manifest.ok_or("unreadable")?;
/// assert!(manifest.holds(&paths));
/// std::fs::write(folder.path().join("y.ron"), "()")?;
/// assert!(!manifest.holds(&paths));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load_with_manifest(paths: &[PathBuf], options: LoadOptions) -> (Loaded, Option<Manifest>) {
    let mut making = manifest::Making::begin(paths);
    let sources = Sources::Paths(paths.to_vec());
    let loaded = load_watched(&sources, options, &[], &mut |path, bytes| making.read(path, bytes));
    let manifest = loaded.dataset.is_some().then(|| making.end(paths)).flatten();
    (loaded, manifest)
}

/// Loads texts that are at hand, each with the name of its file, as if a folder held them: whether they may be written.
///
/// # Example
///
/// ```
/// use purvey::load::{LoadOptions, load_texts};
///
/// let text = br#"(entities: [Country(id: "russia", name: "Russia")])"#.to_vec();
/// let loaded = load_texts([("x.ron".to_owned(), text)], LoadOptions::default());
/// assert!(loaded.dataset.is_some());
/// ```
pub fn load_texts(files: impl IntoIterator<Item = (String, Vec<u8>)>, options: LoadOptions) -> Loaded {
    let mut findings = findings::Findings::default();
    let map = files::of_texts(files, &mut findings);
    load_map(map, findings, options, &[])
}

/// The text of a string as it stands in a file, with its quotes; `None` if it is none.
pub(crate) fn string_of(atom: &str) -> Option<std::borrow::Cow<'_, str>> {
    // Nearly all strings have no escapes.
    if let Some(plain) = atom.strip_prefix('"').and_then(|it| it.strip_suffix('"')).filter(|it| !it.contains('\\')) {
        return Some(plain.into());
    }
    if !atom.ends_with(['"', '#']) {
        return None;
    }
    match read::read_value(atom, crate::diagnostic::FileId(0), "", 0, atom.len()).ok()?.shape {
        draft::Shape::Text(text) => Some(text),
        _ => None,
    }
}

/// The built-in vocabulary and what the files and folders add to it, with the findings about that alone and the texts of the
/// files. Without paths it is the built-in one.
///
/// # Example
///
/// ```
/// let (vocabulary, findings, _) = purvey::load::load_vocabulary(&[]);
/// assert!(vocabulary.kind_ix("supply").is_some() && findings.is_empty());
/// ```
pub fn load_vocabulary(paths: &[PathBuf]) -> (Vocabulary, Vec<Diagnostic>, SourceMap) {
    let mut findings = findings::Findings::default();
    let map = files::read(&Sources::Paths(paths.to_vec()), &mut findings, &mut |_, _| {});
    let vocabulary = {
        let drafts: Vec<_> = map.iter().map(|(id, file)| recover::read(id, file.text(), &mut findings)).collect();
        check::vocabulary(&drafts, &mut findings)
    };
    (vocabulary, findings.into_sorted(), map)
}

fn load_watched(sources: &Sources, options: LoadOptions, articles: &[Article], watch: &mut files::Watch<'_>) -> Loaded {
    let mut findings = findings::Findings::default();
    let map = files::read(sources, &mut findings, watch);
    load_map(map, findings, options, articles)
}

fn load_map(
    mut map: SourceMap,
    mut findings: findings::Findings,
    options: LoadOptions,
    articles: &[Article],
) -> Loaded {
    let (dataset, passages) = {
        let drafts: Vec<_> = map.iter().map(|(id, file)| recover::read(id, file.text(), &mut findings)).collect();
        check::check(&drafts, options, &mut findings)
    };
    let passages = articles::verify(articles, &passages, &dataset, &mut map, &mut findings);
    let dataset = (!findings.has_errors()).then_some(dataset);
    Loaded { dataset, findings: findings.into_sorted(), sources: map, passages }
}

/// Reads one file's text without checking it and tells how many records it holds, or where it is broken.
///
/// This is what a benchmark of reading measures.
///
/// # Errors
///
/// The byte at which the text stops being RON.
///
/// ```
/// let text = r#"(facts: [Supply(id: "x1", supplier: "a", item: "b")])"#;
/// assert_eq!(purvey::load::count_records(text), Ok(1));
/// ```
pub fn count_records(text: &str) -> Result<usize, usize> {
    let draft = read::read_file(text, crate::diagnostic::FileId(0)).map_err(|error| error.at)?;
    Ok(draft
        .fields
        .iter()
        .map(|field| if let draft::Shape::List(list) = &field.value.shape { list.len() } else { 0 })
        .sum())
}
