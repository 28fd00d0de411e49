//! Measures `purvey draft`: precision and recall by field, against records written by hand.
//!
//! ```text
//! cargo run --example drafts -- tests/drafts/*.txt
//! cargo run --example drafts -- --differences ARTICLE.txt=upi-2025-05-30
//! ```
//!
//! A text stands beside its records, `NAME.txt` and `NAME.ron`, in a document of the id `NAME`; or it is named with a document of the
//! data, whose facts are then what is compared. `--data PATH` takes other data than `graph-data`; `--total` prints the sums alone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use purvey::drafting::{Article, Counts, DraftOptions, FIELDS, Measured, draft, measure};
use purvey::graph::{GraphView, KnowledgeGraph};
use purvey::load::{LoadOptions, Sources, load};

const USAGE: &str = "usage: drafts [--data PATH] [--differences] [--total] TEXT[=DOCUMENT]…";

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]
fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(lines) => {
            for line in lines {
                println!("{line}");
            }
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: impl Iterator<Item = String>) -> Result<Vec<String>, String> {
    let (mut data, mut texts) = (Vec::new(), Vec::new());
    let (mut with_differences, mut total_only) = (false, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--data" => data.push(PathBuf::from(arguments.next().ok_or(USAGE)?)),
            "--differences" => with_differences = true,
            "--total" => total_only = true,
            it if it.starts_with("--") => return Err(format!("unknown option `{it}`\n{USAGE}")),
            _ => texts.push(argument),
        }
    }
    if texts.is_empty() {
        return Err(USAGE.to_owned());
    }
    if data.is_empty() {
        data.push("graph-data".into());
    }
    let known = graph(&data)?;
    let mut lines = Vec::new();
    let mut sum = Measured::default();
    for text in &texts {
        let (file, document) = match text.split_once('=') {
            Some((file, document)) => (Path::new(file), Some(document)),
            None => (Path::new(text), None),
        };
        let stem = file.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let id = document.unwrap_or(&stem);
        let beside;
        let gold = match document {
            Some(_) => &known,
            None => {
                beside = graph(&data.iter().cloned().chain([file.with_extension("ron")]).collect::<Vec<_>>())?;
                &beside
            }
        };
        let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let article = Article::read(&bytes).map_err(|error| format!("{}: {error}", file.display()))?;
        let entity = gold.entity_by_id(id).ok_or_else(|| format!("no document has the id `{id}`"))?;
        let date = gold.document(entity).date.and_then(|it| it.latest().filter(|day| it.earliest() == Some(*day)));
        let options = DraftOptions {
            document: document.map(str::to_owned),
            date: article.date.or(date),
            name: stem.clone(),
            ..DraftOptions::default()
        };
        let drafts = draft(&known, &article, &options);
        let measured = measure(&drafts, gold, id);
        if !total_only {
            lines.extend(table(&stem, &measured, with_differences));
        }
        sum.add(measured);
    }
    if total_only || texts.len() > 1 {
        lines.extend(table(&format!("{} texts", texts.len()), &sum, false));
    }
    Ok(lines)
}

fn graph(paths: &[PathBuf]) -> Result<KnowledgeGraph, String> {
    let loaded = load(&Sources::Paths(paths.to_vec()), LoadOptions::default());
    let dataset = loaded.dataset.ok_or_else(|| format!("{paths:?} has errors: run `purvey check`"))?;
    Ok(KnowledgeGraph::new(&dataset))
}

fn table(name: &str, measured: &Measured, with_differences: bool) -> Vec<String> {
    let mut lines = vec![format!("{name:20}{:>34}{:>34}", "all kinds", "supplies")];
    lines.push(format!("{:20}{:>34}{:>34}", "", "precision         recall", "precision         recall"));
    for (at, field) in FIELDS.iter().enumerate() {
        let (all, supplies) = (measured.all.get(at).copied(), measured.supplies.get(at).copied());
        lines.push(format!(
            "{field:20}{:>34}{:>34}",
            cells(all.unwrap_or_default()),
            cells(supplies.unwrap_or_default())
        ));
    }
    if with_differences {
        lines.extend(measured.differences.iter().map(|it| format!("  {it}")));
    }
    lines.push(String::new());
    lines
}

fn cells(counts: Counts) -> String {
    let share = |share: Option<u32>, of: u32| share.map_or(String::from("-"), |it| format!("{it}% of {of}"));
    format!("{:>14} {:>14}", share(counts.precision(), counts.drafted), share(counts.recall(), counts.recorded))
}
