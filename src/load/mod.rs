//! From RON files to a checked [`Dataset`].
//!
//! Reading goes in three steps: `files` finds and reads the text, `read` (with `outline` after an error)
//! turns it into drafts that know where each value stands, and `check` turns drafts into a [`Dataset`], or
//! into findings. Nothing stops at the first finding.

mod check;
mod draft;
mod fields;
pub(crate) mod files;
mod findings;
mod outline;
mod read;
mod recover;
pub(crate) mod token;

use crate::diagnostic::{Diagnostic, SourceMap};
use crate::model::Dataset;

pub use files::Sources;

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
    let mut findings = findings::Findings::default();
    let map = files::read(sources, &mut findings);
    let dataset = {
        let drafts: Vec<_> = map.iter().map(|(id, file)| recover::read(id, file.text(), &mut findings)).collect();
        check::check(&drafts, options, &mut findings)
    };
    let dataset = dataset.filter(|_| !findings.has_errors());
    Loaded { dataset, findings: findings.into_sorted(), sources: map }
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
