//! `purvey check`: every finding of the data, for people or for editors.

use std::io::{self, IsTerminal, Write};

use clap::Args;

use super::Outcome;
use super::args::{Format, Global};
use super::data::{is_snapshot, sources};
use super::output::{complain, wants_colour};
use super::table::BUILT_IN;
use crate::diagnostic::{PassageCount, RenderOptions, render};
use crate::exchange;
use crate::load::{Article, LoadOptions, Loaded, Sources, load_with_articles};
use crate::model::printable;

/// Options of `check`.
#[derive(Args, Debug)]
#[command(after_help = "Exit codes: 0 no error; 1 errors, with --strict also warnings.\n\
                        Formats: table, json (one document), jsonl (one finding a line).")]
pub(crate) struct CheckArgs {
    /// A folder or file to check, instead of --data
    #[arg(value_name = "PATH")]
    paths: Vec<std::path::PathBuf>,
    /// Look for the passages that claims name in a document's text, which stands in a file; may be repeated
    #[arg(long = "article", value_name = "ID=FILE", value_parser = article)]
    articles: Vec<Article>,
    /// Warnings count as errors
    #[arg(long)]
    strict: bool,
}

/// `ID=FILE`. An id holds no equals sign.
fn article(text: &str) -> Result<Article, String> {
    match text.split_once('=') {
        Some((id, file)) if !id.is_empty() && !file.is_empty() => {
            Ok(Article { document: id.to_owned(), file: file.into() })
        }
        _ => Err("give a document's id and a file, as in `report-2025=report.txt`".to_owned()),
    }
}

/// Loads the data and prints all findings.
pub(crate) fn run(check: &CheckArgs, global: &Global) -> Outcome {
    if global.out.is_some() {
        complain("`check` writes to standard output: redirect it instead of --out");
        return Outcome::Unusable;
    }
    let ids: Vec<&str> = check.articles.iter().map(|it| it.document.as_str()).collect();
    if let Some(twice) = ids.iter().enumerate().find(|(at, id)| ids.iter().take(*at).any(|it| it == *id)) {
        complain(&format!("two texts are given for `{}`: leave out one", twice.1));
        return Outcome::Unusable;
    }
    let sources = if check.paths.is_empty() {
        sources(global)
    } else {
        Sources::Paths(check.paths.iter().chain(&global.data).cloned().collect())
    };
    if let Sources::Paths(paths) = &sources
        && let Some(path) = paths.iter().find(|it| is_snapshot(it))
    {
        let path = path.display();
        complain(&format!(
            "{path}: a snapshot was checked before it was built: `purvey verify {path}` looks for damage"
        ));
        return Outcome::Unusable;
    }
    let loaded = load_with_articles(&sources, LoadOptions { drafts: global.drafts }, &check.articles);
    let (errors, warnings) = loaded.counts();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let written = match global.format {
        None | Some(Format::Table) => people(&loaded, sources == Sources::BuiltIn, &mut out),
        Some(Format::Json) => {
            exchange::write_findings_json(&loaded.findings, &loaded.passages, &loaded.sources, &mut out)
        }
        Some(Format::Jsonl) => {
            exchange::write_findings_jsonl(&loaded.findings, &loaded.passages, &loaded.sources, &mut out)
        }
        Some(_) => {
            complain("`check` prints as table, json or jsonl");
            return Outcome::Unusable;
        }
    };
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&error.to_string());
            Outcome::Unusable
        }
        _ if errors > 0 || (check.strict && warnings > 0) => Outcome::Nothing,
        _ => Outcome::Answered,
    }
}

/// All findings for people, and what there is.
pub(crate) fn people(loaded: &Loaded, is_built_in: bool, out: &mut dyn Write) -> io::Result<()> {
    let colour = wants_colour();
    let width = match terminal_size::terminal_size() {
        Some((width, _)) if io::stdout().is_terminal() => usize::from(width.0),
        _ => 100,
    };
    for finding in &loaded.findings {
        writeln!(out, "{}", render(finding, &loaded.sources, RenderOptions { width, colour }))?;
    }
    let number = |count: usize, one: &str| match count {
        0 => format!("no {one}s"),
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    };
    let (errors, warnings) = loaded.counts();
    let found = format!("{}, {}", number(errors, "error"), number(warnings, "warning"));
    match &loaded.dataset {
        Some(dataset) => writeln!(
            out,
            "{found} in {}, {}, {}, {}",
            if dataset.entities.len() == 1 {
                "1 entity".to_owned()
            } else {
                format!("{} entities", dataset.entities.len())
            },
            number(dataset.records.len(), "record"),
            number(dataset.facts.len(), "fact"),
            number(dataset.claims.len(), "claim")
        )?,
        None => writeln!(out, "{found}")?,
    }
    write_passages(&loaded.passages, out)?;
    if is_built_in {
        writeln!(out, "data: {BUILT_IN}")?;
    }
    Ok(())
}

/// What was found of the passages that claims name, and plainly what was not looked for.
fn write_passages(passages: &[PassageCount], out: &mut dyn Write) -> io::Result<()> {
    for count in passages {
        if let (Some(found), Some(file)) = (count.found, &count.file) {
            let (document, file) = (printable(&count.document), printable(file));
            writeln!(out, "passages of {document}: {found} of {} found in {file}", count.passages)?;
        }
    }
    let all: usize = passages.iter().map(|it| it.passages).sum();
    let open: Vec<&PassageCount> = passages.iter().filter(|it| it.found.is_none()).collect();
    let number: usize = open.iter().map(|it| it.passages).sum();
    if open.is_empty() {
        return Ok(());
    }
    if open.len() == passages.len() {
        let passages = if all == 1 { "the 1 passage" } else { &format!("the {all} passages") };
        return writeln!(out, "none of {passages} that claims name was verified: give a text with --article ID=FILE");
    }
    let documents: Vec<_> = open.iter().map(|it| printable(&it.document)).collect();
    let documents = documents.join(", ");
    writeln!(
        out,
        "passages: {number} of {all} not verified, no text at hand for: {documents}; give one with --article ID=FILE"
    )
}
