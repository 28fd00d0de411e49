//! Reading RON, against `ron::from_str` into typed structs of the same text: one thread, interleaved rounds.
//!
//! ```text
//! cargo bench --bench reading
//! cargo bench --bench reading -- --facts 10000 --rounds 5 --only load
//! ```
//!
//! What is measured and why is told in `docs/benchmarks.md`.

#[path = "support/dice.rs"]
mod dice;
#[path = "support/generate/mod.rs"]
mod generate;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/typed.rs"]
mod typed;

use std::path::PathBuf;

use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, count_records, load};
use rounds::{Candidate, compare, timed};

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let number = |name: &str, default: usize| {
        let value = arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
        value.map_or(Ok(default), |it| it.parse())
    };
    let facts = number("--facts", if is_bench { 100_000 } else { 300 })?;
    let rounds = number("--rounds", if is_bench { 15 } else { 1 })?;
    // Words of the names of the candidates to run, for a profiler.
    let only = arguments.iter().position(|it| it == "--only").and_then(|at| arguments.get(at + 1));

    let text = generate::ron(facts, 1);
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("generated-{facts}.ron"));
    std::fs::write(&path, &text)?;
    let sources = Sources::Paths(vec![path.clone()]);
    let whole = || load(&sources, LoadOptions::default());

    // All of them read all of it.
    let typed: typed::File<String> = ron::from_str(&text)?;
    let (entities, records) = (typed.entities.len(), typed.facts.len());
    drop(typed);
    let read = count_records(&text).map_err(|at| format!("the generated text breaks off at byte {at}"))?;
    let loaded = whole();
    let dataset = loaded.dataset.ok_or("the generated text has errors")?;
    if (records, read, dataset.records.len()) != (facts, entities + facts, facts) {
        return Err("the candidates do not read the same".into());
    }
    println!(
        "{facts} records, {} facts, {entities} entities, {} claims, {:.1} MB",
        dataset.facts.len(),
        dataset.claims.len(),
        text.len() as f64 / 1e6
    );

    let mut candidates = vec![
        Candidate::new("ron::from_str, typed, owned texts", || timed(|| ron::from_str::<typed::File<String>>(&text))),
        Candidate::new("the same, and dropped", || timed(|| ron::from_str::<typed::File<String>>(&text).is_ok())),
        Candidate::new("ron::from_str, typed, borrowed texts", || {
            timed(|| ron::from_str::<typed::File<typed::Borrowed<'_>>>(&text))
        }),
        Candidate::new("ron::Value, untyped", || timed(|| ron::from_str::<ron::Value>(&text))),
        Candidate::new("purvey: read to drafts, and dropped", || timed(|| count_records(&text))),
        Candidate::new("purvey: load (file, drafts, checks)", || timed(whole)),
        Candidate::new("purvey: KnowledgeGraph::new", || timed(|| KnowledgeGraph::new(&dataset))),
    ];
    candidates.retain(|it| only.is_none_or(|words| it.name.contains(words)));
    compare(rounds, &mut candidates);
    std::fs::remove_file(&path)?;
    Ok(())
}
