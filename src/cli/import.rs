//! `purvey import`: what others have, as RON files or as a snapshot.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::Outcome;
use super::args::Global;
use super::build::is_something_else;
use super::data::is_snapshot;
use super::network::NetworkArgs;
use super::output::{complain, say, unwritten, wants_colour, write_file};
use super::progress::Progress;
use super::size::size;
use crate::diagnostic::{Diagnostic, RenderOptions, Severity, SourceMap, render};
use crate::graph::{SnapshotMemory, WriteError};
use crate::import::{
    Editions, FORMATS, FolderSink, ImportFindings, ImportFormat, ImportOptions, Sink, SnapshotSink, Summary,
    guess_mapping, may_write_folder, table_header, why_unfit,
};
use crate::load::{load_mapping, load_vocabulary};
use crate::model::{Period, TableMapping, Vocabulary, printable};

const TABLE: &str = "Tables (csv, parquet)";
const EDITION: &str = "Editions (sipri, un, ofac)";

/// How many findings of each code are printed.
const SHOWN: u64 = 20;

/// Options of `import`.
#[derive(Args, Debug)]
#[command(
    about = "Bring in what others have, as records or straight into a snapshot",
    after_help = format!(
        "Formats:\n{}\n\nExamples: purvey import csv payments.csv --guess > payments.ron\n          \
         purvey import csv payments.csv --mapping payments.ron --out payments\n          \
         purvey import csv payments.csv --mapping payments.ron --out payments.purvey\n          \
         purvey import csv firms.csv payments.csv --mapping firms.ron --mapping payments.ron --out payments\n\n\
         Exit codes: 0 all of it was read; 1 parts were left out, which are told; 2 nothing was written.",
        FORMATS.iter().map(|it| format!("  {:<14} {}", it.name, it.about)).collect::<Vec<_>>().join("\n")
    )
)]
pub(crate) struct ImportArgs {
    /// What the files are
    #[arg(value_name = "FORMAT", value_parser = PossibleValuesParser::new(FORMATS.iter().map(|it| it.name)))]
    kind: String,
    /// The files, also packed by gzip; - is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the columns of a table mean: a RON file (docs/import.md); one for all tables, or one for each
    #[arg(long, value_name = "FILE", conflicts_with = "guess", help_heading = TABLE)]
    mapping: Vec<PathBuf>,
    /// The date of files that do not tell theirs, as in 2024-03-11
    #[arg(long, value_name = "DATE", value_parser = edition, help_heading = EDITION)]
    edition: Option<String>,
    /// A folder with records of earlier editions: those given are put on top of them, as if all had come at once
    #[arg(long, value_name = "FOLDER", help_heading = EDITION)]
    onto: Option<PathBuf>,
    /// Propose a mapping for a table, from its header and its first rows
    #[arg(long, help_heading = TABLE)]
    guess: bool,
    /// Replace a folder of RON files, or a snapshot, that is there
    #[arg(long)]
    force: bool,
    /// RON files with kinds of fact and units of your own
    #[arg(long, value_name = "PATH")]
    vocabulary: Vec<PathBuf>,
    /// Where rows of a table go that could not be used; by default beside the output
    #[arg(long, value_name = "FILE", help_heading = TABLE)]
    rejects: Option<PathBuf>,
    /// The most that may come out of one file, as in 500M or 64G
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "64G")]
    max_size: u64,
    /// The longest line or record, as in 16M
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "16M")]
    max_line: u64,
    /// How much of a snapshot may stand in memory while it is made, as in 500M or 4G; entities, texts and indexes come on top
    #[arg(long, value_name = "SIZE", value_parser = size, default_value = "1G")]
    memory: u64,
    /// Show no progress
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    network: NetworkArgs,
}

/// A day, month or year.
fn edition(text: &str) -> Result<String, String> {
    match Period::parse(text) {
        Ok(period) if !period.edtf().contains('/') => Ok(period.edtf()),
        Ok(_) => Err("give a day, a month or a year, as in 2024-03-11".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Imports, and tells what came of it.
pub(crate) fn run(args: ImportArgs, global: &Global) -> Outcome {
    let Some(format) = FORMATS.iter().find(|it| it.name == args.kind) else { return Outcome::Unusable };
    if args.guess {
        if !format.needs_mapping {
            complain(&format!("{} says itself what its parts mean: leave out --guess", format.name));
            return Outcome::Unusable;
        }
        return guess(&args, global);
    }
    let out = match (&global.out, &args.onto) {
        (Some(out), None) | (None, Some(out)) => out,
        (None, None) => {
            complain("say where to: --out FOLDER for RON files, --out FILE.purvey for a snapshot");
            return Outcome::Unusable;
        }
        (Some(_), Some(_)) => {
            complain("--onto says where to as well: leave out --out");
            return Outcome::Unusable;
        }
    };
    if global.format.is_some() || !global.data.is_empty() {
        complain("`import` takes neither --format nor --data: the name of --out tells what is written");
        return Outcome::Unusable;
    }
    let (vocabulary, found, sources) = load_vocabulary(&args.vocabulary);
    if let Err(outcome) = told(&found, &sources) {
        return outcome;
    }
    let network = match args.network.read(format.name, &vocabulary) {
        Ok(network) => network,
        Err(message) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    let editions = [("--edition", args.edition.is_some()), ("--onto", args.onto.is_some())];
    if let Some((option, _)) = editions.iter().find(|it| it.1).filter(|_| !format.has_editions) {
        complain(&format!("{option} is for sipri, un and ofac: {} has no editions", format.name));
        return Outcome::Unusable;
    }
    let mut options = ImportOptions {
        max_size: args.max_size,
        max_line: usize::try_from(args.max_line).unwrap_or(usize::MAX),
        vocabulary: Some(vocabulary.clone()),
        edition: args.edition.clone(),
        network,
        // Where what comes out must have room too; a system's own folder may lie in memory.
        scratch: out.parent().map(|it| if it.as_os_str().is_empty() { PathBuf::from(".") } else { it.to_owned() }),
        rejects: args.rejects.clone().or_else(|| Some(beside(out, "rejects.csv"))),
        ..ImportOptions::default()
    };
    if let Err(error) = options.spool(&args.files) {
        complain(&error.to_string());
        return Outcome::Unusable;
    }
    if let Some(why) = args.files.iter().find_map(|it| why_unfit(it, format.name, &options)) {
        complain(&why);
        return Outcome::Unusable;
    }
    let mut editions =
        format.has_editions.then(|| Editions::new(format.name, &args.files, args.edition.as_deref(), &options));
    if let Some(folder) = &args.onto {
        match earlier_editions(folder, format.name, args.force) {
            Ok(earlier) => {
                options.earlier = earlier.files().to_vec();
                editions = editions.map(|it| earlier.and(it));
            }
            Err(message) => {
                complain(&message);
                return Outcome::Unusable;
            }
        }
    }
    match read_mappings(&args, format, &vocabulary, &options) {
        Ok(mappings) => options.mappings = mappings,
        Err(outcome) => return outcome,
    }
    if let Some(rejects) = options.rejects.as_deref().filter(|_| format.needs_mapping)
        && let Err(message) = may_write_rejects(rejects, &args)
    {
        complain(&message);
        return Outcome::Unusable;
    }
    let mut findings = ImportFindings::keeping(SHOWN);
    let written = import(&args, format, &options, vocabulary, out, editions, &mut findings);
    match written {
        Ok(summary) => {
            let rejects = match options.rejects.as_deref().filter(|_| format.needs_mapping) {
                Some(path) => options.rejected.persist(path, args.force),
                None => Ok(Vec::new()),
            };
            match rejects {
                Ok(rejects) => report(&args, out, &summary, &findings, &rejects),
                Err(error) => {
                    report(&args, out, &summary, &findings, &[]);
                    complain(&format!("the rows that were left out cannot be written: {error}"));
                    Outcome::Unusable
                }
            }
        }
        Err(error) => {
            print_findings(&findings);
            complain(&match &error {
                WriteError::Io(error) => unwritten(out, error, 0),
                _ => format!("{} cannot be written: {error}", out.display()),
            });
            Outcome::Unusable
        }
    }
}

/// The mappings of the tables, checked against them.
fn read_mappings(
    args: &ImportArgs,
    format: &ImportFormat,
    vocabulary: &Vocabulary,
    options: &ImportOptions,
) -> Result<Vec<TableMapping>, Outcome> {
    let refuse = |message: String| {
        complain(&message);
        Err(Outcome::Unusable)
    };
    match (args.mapping.len(), format.needs_mapping) {
        (0, false) => return Ok(Vec::new()),
        (0, true) => {
            let file = args.files.first().map_or(String::new(), |it| it.display().to_string());
            return refuse(format!(
                "say what the columns mean with --mapping FILE; `purvey import {} {file} --guess` proposes one",
                format.name
            ));
        }
        (_, false) => {
            return refuse(format!("{} says itself what its parts mean: leave out --mapping", format.name));
        }
        (count, true) if count > 1 && count != args.files.len() => {
            let files = args.files.len();
            let files = if files == 1 { "is 1 file".to_owned() } else { format!("are {files} files") };
            return refuse(format!(
                "there {files} and {count} mappings: give one --mapping for all files, or one for each, in their order"
            ));
        }
        _ => {}
    }
    let mut mappings = Vec::with_capacity(args.mapping.len());
    for (path, file) in args.mapping.iter().zip(&args.files) {
        let loaded = load_mapping(path, vocabulary);
        told(&loaded.findings, &loaded.sources)?;
        // What the first file lacks is told in the mapping, where it can be mended.
        let Some(mapping) = &loaded.mapping else { continue };
        if let Ok(header) = table_header(file, &mapping.layout, options) {
            told(&loaded.missing_columns(&header), &loaded.sources)?;
        }
        mappings.extend(loaded.mapping);
    }
    Ok(mappings)
}

/// Prints findings about files of our own; refuses if one is an error.
fn told(found: &[Diagnostic], sources: &SourceMap) -> Result<(), Outcome> {
    for finding in found {
        let colour = io::stderr().is_terminal() && wants_colour();
        say(&render(finding, sources, RenderOptions { width: 100, colour }));
    }
    let errors = found.iter().any(|it| it.code.severity() == Severity::Error);
    if errors { Err(Outcome::Unusable) } else { Ok(()) }
}

/// A file beside the output: `payments` or `payments.purvey` give `payments.rejects.csv`.
fn beside(out: &Path, ending: &str) -> PathBuf {
    let stem = if is_snapshot(out) { out.with_extension("") } else { out.to_owned() };
    let mut name = stem.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    stem.with_file_name(name)
}

/// Whether a file may be made there for rows that are left out: never in the place of an input.
fn may_write_rejects(path: &Path, args: &ImportArgs) -> Result<(), String> {
    let Ok(there) = path.canonicalize() else { return Ok(()) };
    let inputs = args.files.iter().chain(&args.mapping).chain(&args.vocabulary);
    if inputs.filter_map(|it| it.canonicalize().ok()).any(|it| it == there) {
        let shown = path.display();
        return Err(format!(
            "rows that are left out would go to `{shown}`, which is read: name another with --rejects"
        ));
    }
    if args.force && there.is_file() {
        return Ok(());
    }
    Err(format!(
        "`{}` is there, where rows that are left out would go: name another file with --rejects, or replace it with --force",
        path.display()
    ))
}

fn import(
    args: &ImportArgs,
    format: &ImportFormat,
    options: &ImportOptions,
    vocabulary: Vocabulary,
    out: &Path,
    editions: Option<Editions>,
    findings: &mut ImportFindings,
) -> Result<Summary, WriteError> {
    let progress = Progress::new(args.quiet);
    if is_snapshot(out) {
        if is_something_else(out) {
            let message = format!("`{}` is there and no snapshot: name another file, or remove it", out.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message).into());
        }
        if out.exists() && !args.force {
            let message = format!("`{}` is there: name another file, or replace it with --force", out.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message).into());
        }
        let bytes = usize::try_from(args.memory).unwrap_or(usize::MAX);
        let mut sink = SnapshotSink::within(vocabulary, SnapshotMemory { bytes, folder: options.scratch() });
        read(args, format, options, &mut sink, findings, &progress)?;
        let mut summary = Summary::default();
        if is_nothing(sink.so_far(), format, options) {
            return Ok(summary);
        }
        progress.doing("putting facts in order, making indexes");
        write_file(out, |file| -> Result<(), WriteError> {
            let mut file = BufWriter::new(progress.writing(file));
            summary = sink.finish(findings, &mut file)?;
            Ok(file.flush()?)
        })?;
        return Ok(summary);
    }
    let replace = args.force || args.onto.is_some();
    may_write_folder(out, replace)?;
    let mut sink = FolderSink::new(out, replace, vocabulary)?;
    editions.into_iter().for_each(|it| sink.keep(it));
    read(args, format, options, &mut sink, findings, &progress)?;
    progress.doing("writing the records");
    if is_nothing(sink.so_far(), format, options) { Ok(Summary::default()) } else { Ok(sink.finish(findings)?) }
}

/// The editions of a folder, if they may be imported again together with others.
fn earlier_editions(folder: &Path, format: &str, force: bool) -> Result<Editions, String> {
    let earlier = Editions::read(folder, format).map_err(|it| it.to_string())?;
    match earlier.changed(folder) {
        Ok(Some(file)) if !force => Err(format!(
            "`{}` is not as import wrote it, and that would be lost: put changes of your own into a folder beside it, or go on with --force",
            file.display()
        )),
        Ok(_) => Ok(earlier),
        Err(error) => Err(format!("`{}` cannot be read: {error}", folder.display())),
    }
}

/// Whether nothing came of the input: no facts of a format that has nothing else, of others no entities either.
fn is_nothing(so_far: Summary, format: &ImportFormat, options: &ImportOptions) -> bool {
    let facts = options.mappings.iter().any(|it| it.entities.is_none());
    let entities = options.mappings.iter().any(|it| it.entities.is_some());
    let only_facts = (format.needs_mapping && facts && !entities) || format.has_editions;
    so_far.facts == 0 && (only_facts || so_far.entities == 0)
}

/// Reads all files, and shows on a terminal how far it is.
fn read(
    args: &ImportArgs,
    format: &ImportFormat,
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
    progress: &Progress,
) -> io::Result<()> {
    if !progress.is_shown() {
        return (format.read)(&args.files, options, sink, findings);
    }
    let sizes = args.files.iter().filter_map(|it| std::fs::metadata(options.on_disk(it)).ok()).map(|it| it.len());
    let total = sizes.sum();
    let counter = Arc::clone(&options.read);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                progress.read(counter.load(Ordering::Relaxed), total);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let result = (format.read)(&args.files, options, sink, findings);
        done.store(true, Ordering::Relaxed);
        result
    })
}

fn print_findings(findings: &ImportFindings) {
    for finding in findings.kept() {
        complain(&finding.to_string());
    }
    for (code, count) in findings.counts().filter(|(_, count)| *count > SHOWN) {
        complain(&format!("… and {} more of {}: {}", count - SHOWN, code.as_str(), code.title()));
    }
}

/// What came of it: numbers on standard output, findings on standard error.
fn report(args: &ImportArgs, out: &Path, summary: &Summary, findings: &ImportFindings, rejects: &[PathBuf]) -> Outcome {
    print_findings(findings);
    if summary.entities == 0 && summary.facts == 0 {
        let files: Vec<String> = args.files.iter().map(|it| it.display().to_string()).collect();
        complain(&format!("nothing in {} could be used, and nothing is written", files.join(", ")));
        return Outcome::Unusable;
    }
    let mut text = format!(
        "{}: {} entities, {} facts, {} claims\n",
        printable(&out.display().to_string()),
        summary.entities,
        summary.facts,
        summary.claims
    );
    for (code, count) in findings.counts() {
        text.push_str(&format!("{} {}: {} ({count})\n", code.severity().as_str(), code.as_str(), code.title()));
    }
    for rejects in rejects {
        text.push_str(&format!("rows left out: {}\n", printable(&rejects.display().to_string())));
    }
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Outcome::Unusable,
        _ if findings.error_count() > 0 => Outcome::Nothing,
        _ => Outcome::Answered,
    }
}

/// Prints a proposal for a mapping.
fn guess(args: &ImportArgs, global: &Global) -> Outcome {
    let Some(file) = args.files.first() else { return Outcome::Unusable };
    let (vocabulary, found, sources) = load_vocabulary(&args.vocabulary);
    if let Err(outcome) = told(&found, &sources) {
        return outcome;
    }
    let mut options = ImportOptions {
        max_size: args.max_size,
        max_line: usize::try_from(args.max_line).unwrap_or(usize::MAX),
        ..ImportOptions::default()
    };
    if let Err(error) = options.spool(&args.files) {
        complain(&error.to_string());
        return Outcome::Unusable;
    }
    if let Some(why) = why_unfit(file, &args.kind, &options) {
        complain(&why);
        return Outcome::Unusable;
    }
    match guess_mapping(file, &options, &vocabulary) {
        Ok(text) => {
            let written = match &global.out {
                Some(path) => write_file(path, |out| out.write_all(text.as_bytes())),
                None => io::stdout().write_all(text.as_bytes()),
            };
            match written {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    complain(&error.to_string());
                    Outcome::Unusable
                }
                _ => Outcome::Answered,
            }
        }
        Err(error) => {
            complain(&format!("{}: {error}", file.display()));
            Outcome::Unusable
        }
    }
}
