//! `purvey diff`: what changed between two folders, snapshots or revisions of git.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use super::args::{Format, Global};
use super::asked::answer_text;
use super::data::{Data, FOLDER, Graph, is_snapshot};
use super::output::{complain, write_file};
use crate::exchange::{write_comparison_json, write_comparison_markdown, write_comparison_text};
use crate::graph::GraphView;
use crate::load::read_revision;
use crate::query::{Answer, AnswerFinding, Comparison, Evidence, QueryError, compare, compare_answers};

/// Options of `diff`.
#[derive(Args, Debug)]
#[command(
    about = "Compare two states of the data: what was added, changed and removed",
    after_help = "A revision is what git takes for one: HEAD~1, main, main:graph-data. Without a path it is the folder of \
                  --data, else that of the other side, else `graph-data`, as it stood then. What is here as a file or \
                  folder is never a revision.\n\
                  Formats: text, json, markdown. Exit codes: 0; with --exit-code 1 if something changed; 2 trouble.\n\
                  Examples: purvey diff HEAD~1\n          \
                  purvey diff main graph-data --format markdown\n          \
                  purvey diff old.purvey new.purvey --ask \"who --to Russia\""
)]
pub(crate) struct DiffArgs {
    /// A folder, a file, a snapshot or a revision
    #[arg(value_name = "OLD")]
    old: String,
    /// The same; without it, the data that other commands read
    #[arg(value_name = "NEW")]
    new: Option<String>,
    /// Also how the answer to a question changed, a command or plain English; may be repeated
    #[arg(long, value_name = "QUESTION")]
    ask: Vec<String>,
    /// End with 1 if something changed
    #[arg(long)]
    exit_code: bool,
}

/// Loads both sides, compares and writes.
pub(crate) fn run(args: &DiffArgs, evidence: &Evidence, global: &Global) -> Outcome {
    if args.ask.is_empty() && !evidence.is_all() {
        complain("facts are compared with all their claims: options of evidence go with --ask");
        return Outcome::Unusable;
    }
    let format = global.format_or(Format::Table);
    let Some(format) = format.filter(|it| matches!(it, Format::Table | Format::Json | Format::Md)) else {
        complain("`diff` writes text (txt), json or markdown (md)");
        return Outcome::Unusable;
    };
    let (Some(mut old), Some(mut new)) = (side(&args.old, args, global), new_side(args, global)) else {
        return Outcome::Unusable;
    };
    let mut compared = compare_data(&old.data, &new.data, args, evidence);
    // A damaged snapshot of the cache is no reason to fail.
    if compared.is_err() {
        let again = [old.renew(), new.renew()];
        if again.contains(&true) {
            compared = compare_data(&old.data, &new.data, args, evidence);
        }
    }
    let found = match compared {
        Ok(found) => found,
        Err(message) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    let mut bytes = Vec::new();
    let written = match format {
        Format::Json => write_comparison_json(&found, &mut bytes),
        Format::Md => write_comparison_markdown(&found, &mut bytes),
        _ => write_comparison_text(&found, &mut bytes),
    };
    let written = written.and_then(|()| match &global.out {
        Some(path) => write_file(path, |out| out.write_all(&bytes)),
        None => io::stdout().write_all(&bytes).and_then(|()| io::stdout().flush()),
    });
    let differs = !found.is_empty() || found.answers.iter().any(|it| !it.parts.is_empty());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let place = global.out.as_ref().map_or("standard output".to_owned(), |it| it.display().to_string());
            complain(&format!("{place} cannot be written: {error}"));
            Outcome::Unusable
        }
        _ if differs && args.exit_code => Outcome::Nothing,
        _ => Outcome::Answered,
    }
}

/// One side, with how it was loaded.
struct Side {
    data: Data,
    global: Global,
}

impl Side {
    fn load(global: Global) -> Option<Side> {
        Some(Side { data: Data::load(&global)?, global })
    }

    /// Reads the records again, if a snapshot of them in the cache turned out to be damaged.
    fn renew(&mut self) -> bool {
        match self.data.instead(&self.global) {
            Some(data) => {
                self.data = data;
                true
            }
            None => false,
        }
    }
}

fn new_side(args: &DiffArgs, global: &Global) -> Option<Side> {
    if let Some(new) = &args.new {
        return side(new, args, global);
    }
    if global.data.is_empty() && !Path::new(FOLDER).is_dir() {
        complain(&format!("there is no folder `{FOLDER}` here to compare with: name another, or give --data"));
        return None;
    }
    Side::load(global.clone())
}

fn side(text: &str, args: &DiffArgs, global: &Global) -> Option<Side> {
    let path = PathBuf::from(text);
    if is_here(text) {
        return Side::load(Global { data: vec![path], ..global.clone() });
    }
    let folder = revision_folder(args, global)?;
    match read_revision(text, &folder) {
        Ok(sources) => Some(Side { data: Data::of_sources(&sources, text, global)?, global: global.clone() }),
        Err(error) => {
            complain(&format!("`{text}` is no file or folder here, and as a revision: {error}"));
            None
        }
    }
}

/// Whether a side is a file or folder. A snapshot that is not there is told as one.
fn is_here(text: &str) -> bool {
    let path = Path::new(text);
    path.exists() || (is_snapshot(path) && !text.contains(':'))
}

/// The folder that a revision is asked for.
fn revision_folder(args: &DiffArgs, global: &Global) -> Option<PathBuf> {
    if let [first, rest @ ..] = global.data.as_slice() {
        if !rest.is_empty() {
            complain("a revision is asked for one folder: give one --data, or REVISION:PATH");
            return None;
        }
        return Some(first.clone());
    }
    let sides = [Some(args.old.as_str()), args.new.as_deref()];
    let other = sides.into_iter().flatten().find(|it| Path::new(it).exists() && !is_snapshot(Path::new(it)));
    Some(other.map_or_else(|| PathBuf::from(FOLDER), PathBuf::from))
}

fn compare_data(old: &Data, new: &Data, args: &DiffArgs, evidence: &Evidence) -> Result<Comparison, String> {
    match (&old.graph, &new.graph) {
        (Graph::Read(old), Graph::Read(new)) => compare_graphs(old.as_ref(), new.as_ref(), args, evidence),
        (Graph::Read(old), Graph::Mapped(new)) => compare_graphs(old.as_ref(), new.as_ref(), args, evidence),
        (Graph::Mapped(old), Graph::Read(new)) => compare_graphs(old.as_ref(), new.as_ref(), args, evidence),
        (Graph::Mapped(old), Graph::Mapped(new)) => compare_graphs(old.as_ref(), new.as_ref(), args, evidence),
    }
}

fn compare_graphs<A: GraphView, B: GraphView>(
    old: &A,
    new: &B,
    args: &DiffArgs,
    evidence: &Evidence,
) -> Result<Comparison, String> {
    let told = |error: QueryError| match error.help() {
        Some(help) => format!("{error}: {help}"),
        None => error.to_string(),
    };
    let mut found = compare(old, new).map_err(told)?;
    for text in &args.ask {
        let answers = (answer_text(old, text, evidence), answer_text(new, text, evidence));
        if let Some(fault) = old.fault().or_else(|| new.fault()) {
            return Err(told(fault.into()));
        }
        if let (Err(_), Err((message, help))) = &answers {
            let help = help.as_ref().map_or(String::new(), |it| format!(": {it}"));
            return Err(format!("“{text}” has no answer before or after: {message}{help}"));
        }
        let or_refused = |answer: Result<Answer, (String, Option<String>)>| {
            answer.unwrap_or_else(|(message, help)| {
                Answer::refused(text.clone(), AnswerFinding { code: "no-answer", message, help })
            })
        };
        found.answers.push(compare_answers(text, &or_refused(answers.0), &or_refused(answers.1)));
    }
    Ok(found)
}
