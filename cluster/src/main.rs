//! purvey's questions over tables of SQL: embedded by DataFusion, or on a cluster by Spark Connect.

mod embedded;
mod engine;
mod interrupt;
mod manifest;
#[cfg(feature = "spark")]
mod spark;
mod storage;
mod store;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use purvey::cli::answer_from_tables;
use purvey::graph::{Mapped, Snapshot};
use purvey::plan::{Cost, Limits, Tables};

use engine::{Deadline, Engine, EngineError};
use manifest::{Manifest, TablesError, check_file};
use storage::Storage;
use store::FromEngine;

/// Asks purvey's questions of tables that `purvey export parquet --partition` wrote.
#[derive(Debug, Parser)]
#[command(
    name = "purvey-cluster",
    version,
    after_help = "Example: purvey-cluster --tables tables who --to Russia --during 2024 --format json\n         \
                  purvey-cluster --tables tables --at s3://bucket/tables top from\n         \
                  purvey-cluster --tables tables --remote sc://spark:15002 --at s3a://bucket/tables top from\n\
                  Options of purvey-cluster stand before the question, those of the question behind it.\n\
                  Exit codes: 0 answered; 1 nothing found or not understood; 2 wrong usage, unusable tables, no answer."
)]
struct Arguments {
    /// The folder of the tables; on a cluster, its manifest and its nodes are read here
    #[arg(long, value_name = "FOLDER")]
    tables: PathBuf,
    /// Ask Spark there: sc://HOST:PORT, with ;use_ssl=true for TLS
    #[arg(long, value_name = "ADDRESS")]
    remote: Option<String>,
    /// Where the Parquet files are, if not in the same folder: object storage, or a folder as the cluster sees it
    #[arg(long, value_name = "ADDRESS")]
    at: Option<String>,
    /// A file with the token of the cluster; else the environment variable PURVEY_SPARK_TOKEN
    #[arg(long, value_name = "FILE", requires = "remote")]
    token_file: Option<PathBuf>,
    /// So many seconds at most for an answer, of many questions for each
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=31_536_000))]
    time_limit: u64,
    /// So many records at most in memory
    #[arg(long, value_name = "N", default_value_t = Limits::default().records)]
    most_records: usize,
    /// So many MiB at most for what DataFusion sorts and joins
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(16..), conflicts_with = "remote")]
    memory: u64,
    /// Only count the rows of the tables, instead of adding them up first
    #[arg(long)]
    checked: bool,
    /// Compare every byte of the files with the manifest first
    #[arg(long, conflicts_with = "checked")]
    verify: bool,
    /// Tell what is fetched, and what it took
    #[arg(long)]
    progress: bool,
    /// Answer many questions: each line of this file is a JSON list of words; answers go to --answers
    #[arg(long, value_name = "FILE", requires = "answers", conflicts_with = "question")]
    questions: Option<PathBuf>,
    /// The folder for the answers to --questions: 0001.json, or 0001.error with why there is none
    #[arg(long, value_name = "FOLDER", requires = "questions")]
    answers: Option<PathBuf>,
    /// A question, as after `purvey`; without one, the tables are only checked
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "QUESTION")]
    question: Vec<OsString>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Tables(#[from] TablesError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("{0}")]
    Other(String),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    interrupt::listen();
    match run(&arguments) {
        Ok(code) => code,
        Err(failure) => {
            tell(&failure.to_string());
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let deadline = Deadline::new(Duration::from_secs(arguments.time_limit));
    let begun = Instant::now();
    let manifest = Manifest::read(&arguments.tables)?;
    let path = manifest.path(&manifest.nodes);
    check_file(&path, &manifest.nodes, true)?;
    let nodes = nodes(&path)?;
    let mut engine = engine(arguments, &manifest, deadline)?;
    for it in &manifest.tables {
        engine.register(it.table, &it.files, deadline)?;
    }
    if arguments.checked {
        store::count(&manifest, engine.as_mut(), deadline)?;
    } else {
        store::check(&manifest, engine.as_mut(), deadline)?;
    }
    if arguments.progress {
        tell(&format!("{}: tables ready after {:.2} s", engine.name(), begun.elapsed().as_secs_f64()));
    }
    let limits = Limits { records: arguments.most_records, ..Limits::default() };
    let watched: Option<fn(&str)> = if arguments.progress { Some(tell) } else { None };
    let mut ask = |words: &[OsString], deadline: Deadline| -> Result<ExitCode, Failure> {
        let begun = Instant::now();
        let words: Vec<OsString> =
            std::iter::once(OsString::from("purvey-cluster")).chain(words.iter().cloned()).collect();
        let mut tables = Tables::new(&nodes, manifest.totals, manifest.tag, limits);
        let mut store = FromEngine { engine: engine.as_mut(), deadline, tell: watched };
        let code = answer_from_tables(&words, &mut tables, &mut store).map_err(|it| Failure::Other(it.to_string()))?;
        if arguments.progress {
            let Cost { rounds, records, rows } = tables.cost();
            let took = begun.elapsed().as_secs_f64();
            tell(&format!("{rounds} rounds, {records} records, {rows} rows of numbers, {took:.2} s"));
        }
        Ok(code)
    };
    if let (Some(questions), Some(answers)) = (&arguments.questions, &arguments.answers) {
        return many(questions, answers, Duration::from_secs(arguments.time_limit), &mut ask);
    }
    if arguments.question.is_empty() {
        tell(&format!("the tables are what was exported: {} facts, by {}", manifest.totals.facts, engine.name()));
        return Ok(ExitCode::SUCCESS);
    }
    interrupt::end_after(deadline);
    ask(&arguments.question, deadline)
}

/// Answers one question within a time.
type Ask<'a> = dyn FnMut(&[OsString], Deadline) -> Result<ExitCode, Failure> + 'a;

/// Answers the questions of a file, one after the other, each within the time. The code is 2 if one has no answer.
fn many(questions: &Path, answers: &Path, limit: Duration, ask: &mut Ask<'_>) -> Result<ExitCode, Failure> {
    let unreadable = |error| TablesError::Unreadable { path: questions.display().to_string(), error };
    let text = std::fs::read_to_string(questions).map_err(unreadable)?;
    let mut all = Vec::new();
    for (line, number) in text.lines().zip(1_usize..).filter(|(it, _)| !it.trim().is_empty()) {
        let words: Vec<String> = serde_json::from_str(line)
            .map_err(|it| Failure::Other(format!("{}:{number}: no JSON list of words: {it}", questions.display())))?;
        // How an answer is written is settled here, and what is no question writes nothing.
        let of_output = ["--format", "--out", "--data", "--help", "-h", "--version", "-V", "help"];
        let is_other =
            |it: &&String| of_output.iter().any(|other| *it == other || it.starts_with(&format!("{other}=")));
        if let Some(word) = words.iter().find(is_other) {
            return Err(Failure::Other(format!(
                "{}:{number}: `{word}` has no place in a question of many",
                questions.display()
            )));
        }
        all.push((words, number));
    }
    let failed = |error: std::io::Error| Failure::Other(format!("`{}` cannot be written: {error}", answers.display()));
    std::fs::create_dir_all(answers).map_err(failed)?;
    let mut code = ExitCode::SUCCESS;
    for (words, number) in &all {
        let [out, error] = ["json", "error"].map(|it| answers.join(format!("{number:04}.{it}")));
        for before in [&out, &error] {
            match std::fs::remove_file(before) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
                _ => {}
            }
        }
        let settled = ["--format".into(), "json".into(), "--out".into(), out.clone().into_os_string()];
        let words: Vec<OsString> = words.iter().map(OsString::from).chain(settled).collect();
        let why = match ask(&words, Deadline::new(limit)) {
            Ok(_) if out.exists() => continue,
            Ok(_) => "it is not understood; standard error has said why".to_owned(),
            Err(failure) => failure.to_string(),
        };
        tell(&format!("{}:{number}: no answer: {}", questions.display(), why.lines().next().unwrap_or_default()));
        std::fs::write(error, format!("{why}\n")).map_err(failed)?;
        code = ExitCode::from(2);
        if interrupt::pressed() {
            return Err(EngineError::Interrupted.into());
        }
    }
    Ok(code)
}

fn tell(message: &str) {
    // Whoever closed it does not want to know.
    let _ = writeln!(std::io::stderr(), "purvey-cluster: {message}");
}

/// The snapshot without facts beside the tables.
fn nodes(path: &Path) -> Result<Snapshot<Mapped>, TablesError> {
    let wrong = |why: String| TablesError::Nodes { path: path.display().to_string(), why };
    Snapshot::map(path).map_err(|it| wrong(it.to_string()))
}

fn engine(arguments: &Arguments, manifest: &Manifest, deadline: Deadline) -> Result<Box<dyn Engine>, Failure> {
    if let Some(remote) = &arguments.remote {
        // What the cluster reads elsewhere is not at hand.
        if arguments.verify && arguments.at.is_some() {
            let why = "--verify reads every byte on this machine: it goes with files beside the manifest, or with object storage without --remote";
            return Err(Failure::Other(why.to_owned()));
        }
        if arguments.verify {
            for file in manifest.tables.iter().flat_map(|it| &it.files) {
                check_file(&manifest.path(file), file, true)?;
            }
        }
        return spark(arguments, remote, deadline);
    }
    let storage = match &arguments.at {
        Some(address) => Storage::at(address)?,
        None => Storage::Folder(arguments.tables.clone()),
    };
    let memory = usize::try_from(arguments.memory.saturating_mul(1 << 20)).unwrap_or(usize::MAX);
    Ok(Box::new(embedded::Embedded::new(memory, storage, arguments.verify)?))
}

#[cfg(feature = "spark")]
fn spark(arguments: &Arguments, remote: &str, deadline: Deadline) -> Result<Box<dyn Engine>, Failure> {
    let token = match &arguments.token_file {
        None => std::env::var("PURVEY_SPARK_TOKEN").ok(),
        Some(path) => {
            let text = std::fs::read_to_string(path);
            Some(text.map_err(|error| TablesError::Unreadable { path: path.display().to_string(), error })?)
        }
    };
    let root = match &arguments.at {
        Some(at) => at.clone(),
        None => file_address(&arguments.tables)?,
    };
    let token = token.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    Ok(Box::new(spark::Spark::connect(remote, token.as_deref(), &root, deadline)?))
}

#[cfg(feature = "spark")]
fn file_address(folder: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(folder).map_err(|it| Failure::Other(it.to_string()))?;
    Ok(format!("file://{}", path.display()))
}

#[cfg(not(feature = "spark"))]
fn spark(_: &Arguments, _: &str, _: Deadline) -> Result<Box<dyn Engine>, Failure> {
    let why = "this build has no client of Spark: build it with `cargo build --features spark`, which needs protoc";
    Err(Failure::Other(why.to_owned()))
}
