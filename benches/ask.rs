//! Names and questions in plain English, among a hundred names and among a million.
//!
//! ```text
//! cargo bench --bench ask
//! cargo bench --bench ask -- --entities 100,500000 --rounds 5
//! ```

#[path = "support/dice.rs"]
#[expect(dead_code, reason = "made-up facts need more of it")]
mod dice;
#[path = "support/people.rs"]
mod people;
#[path = "support/rounds.rs"]
mod rounds;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dice::Dice;
use purvey::graph::{GraphView, KnowledgeGraph, NameIndex, NameMatch, Snapshot, write_snapshot};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::normal_form;
use purvey::query::{AskOptions, read_question};
use rounds::{Candidate, compare, timed};

/// Questions as people ask them: exact names, misspelt ones, what is unknown.
const QUESTIONS: [(&str, &str); 6] = [
    ("who supplied what to whom", "who supplied what to whom?"),
    ("exact names", "What did North Korea supply to Russia in 2024?"),
    (
        "the longest",
        "which weapons did the North Koreans ship to the Russian Federation between 2023 and March 2025 according to the MSMT",
    ),
    ("two names misspelt", "did nort korea send troops to rusia"),
    ("words in another order", "what did Korea North send to Russia"),
    ("an unknown name", "what did Zyxwvutsia Holdings supply to Russia?"),
];

/// The mean time of a look-up of each text.
fn mean(texts: &[String], mut look_up: impl FnMut(&str)) -> Duration {
    let start = Instant::now();
    texts.iter().for_each(|it| look_up(it));
    start.elapsed() / u32::try_from(texts.len().max(1)).unwrap_or(1)
}

/// Names that are there, misspelt ones, and such as nothing is called.
struct Typed {
    /// Of the made-up names.
    forms: Vec<String>,
    exact: Vec<String>,
    misspelt: Vec<String>,
    unknown: Vec<String>,
}

/// Names at most two slips away, as one would look for them without an index: of every name of about the length the distance.
fn measured(forms: &[String], typed: &str) -> Vec<usize> {
    let form = normal_form(typed);
    let near = |it: &String| it.len().abs_diff(form.len()) <= 2 && strsim::osa_distance(it, &form) <= 2;
    forms.iter().enumerate().filter(|(_, it)| near(it)).map(|(at, _)| at).collect()
}

fn index_candidates<'a>(
    label: &str,
    index: impl Fn() -> NameIndex<'a> + Copy + 'a,
    typed: &'a Typed,
    candidates: &mut Vec<Candidate<'a>>,
) {
    let look_up = move |it: &str| drop(std::hint::black_box(index().lookup(it, |_| true)));
    candidates.push(Candidate::new(format!("{label}: exact"), move || mean(&typed.exact, look_up)));
    candidates.push(Candidate::new(format!("{label}: misspelt"), move || mean(&typed.misspelt, look_up)));
    candidates.push(Candidate::new(format!("{label}: unknown"), move || mean(&typed.unknown, look_up)));
    let search = move |it: &str| drop(std::hint::black_box(index().search(it)));
    candidates.push(Candidate::new(format!("{label}: search"), move || mean(&typed.misspelt, search)));
}

fn run(question: &str, path: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
    command.arg("--data").arg(path).args(["ask", question]).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().is_ok_and(|it| matches!(it.code(), Some(0 | 1))), "{question} is answered or refused");
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let sizes = value("--entities").map_or(if is_bench { "0,100,450000" } else { "0,100" }, String::as_str);
    let rounds = value("--rounds").map_or(Ok(if is_bench { 10 } else { 1 }), |it| it.parse())?;

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let built_in = load(&Sources::BuiltIn, LoadOptions::default()).dataset.ok_or("the built-in data")?;
    let mut graphs = Vec::new();
    for size in sizes.split(',') {
        let more = size.parse()?;
        let dataset = people::enlarged(built_in.clone(), more)?;
        let some: Vec<String> = people::names(more).step_by((more / 100).max(1)).collect();
        let start = Instant::now();
        let graph = KnowledgeGraph::new(&dataset);
        let made = start.elapsed().as_secs_f64();
        drop(dataset);
        let path = folder.join(format!("names-{size}.purvey"));
        let start = Instant::now();
        let mut out = BufWriter::new(File::create(&path)?);
        write_snapshot(&graph, b"", &mut out)?;
        out.flush()?;
        let written = start.elapsed().as_secs_f64();
        let names = graph.name_index().count();
        println!(
            "{size} entities more: {names} names, {} bytes of file for each; graph made in {made:.2} s, written in {written:.2} s",
            std::fs::metadata(&path)?.len() / names.max(1) as u64,
        );
        let mut dice = Dice(2);
        let exact = if some.is_empty() { vec!["North Korea".to_owned()] } else { some };
        let misspelt: Vec<String> = exact.iter().map(|it| people::misspelt(it, &mut dice)).collect();
        let unknown = exact.iter().map(|it| format!("{} {}", it.chars().rev().collect::<String>(), "Qxz")).collect();
        // In memory the order of ends is made when it is first needed.
        let start = Instant::now();
        graph.name_index().closest("Nroth Kroea");
        let first = start.elapsed().as_secs_f64() * 1e3;
        let slowest = misspelt.iter().map(|it| timed(|| graph.name_index().closest(it))).max().unwrap_or_default();
        let found =
            misspelt.iter().filter(|it| !matches!(graph.name_index().lookup(it, |_| true), NameMatch::None { .. }));
        println!(
            "  {} of {} misspelt names are found, the slowest in {:.2} ms; the very first look-up took {first:.2} ms",
            found.count(),
            misspelt.len(),
            slowest.as_secs_f64() * 1e3
        );
        let forms: Vec<String> = people::names(more).map(|it| normal_form(&it)).collect();
        let typed = Typed { exact, misspelt, unknown, forms };
        graphs.push((format!("{names} names"), graph, Snapshot::map(&path)?, path, typed));
    }
    let mut candidates = Vec::new();
    for (size, _, _, _, typed) in &graphs {
        let look = move |it: &str| drop(std::hint::black_box(measured(&typed.forms, it)));
        // A few are enough.
        let some = typed.misspelt.get(..5).unwrap_or(&typed.misspelt);
        candidates.push(Candidate::new(format!("{size}: every name measured"), move || mean(some, look)));
    }
    for (size, graph, snapshot, path, typed) in &graphs {
        index_candidates(&format!("{size}, in memory"), || graph.name_index(), typed, &mut candidates);
        index_candidates(&format!("{size}, mapped"), || snapshot.name_index(), typed, &mut candidates);
        for (what, question) in QUESTIONS {
            let ask = move || timed(|| read_question(snapshot, question, AskOptions::default()).is_ok());
            candidates.push(Candidate::new(format!("{size}: read, {what}"), ask));
        }
        for (what, question) in QUESTIONS {
            candidates.push(Candidate::new(format!("{size}: process, {what}"), move || timed(|| run(question, path))));
        }
    }
    compare(rounds, &mut candidates);
    Ok(())
}
