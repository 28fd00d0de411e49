//! Totals, measures, disputes and paths in the order of time, on graphs of several sizes: how the time grows.
//!
//! ```text
//! cargo bench --bench rules
//! cargo bench --bench rules -- --facts 10000,100000,1000000 --rounds 3
//! cargo bench --bench rules -- --facts 100000 --rounds 5 --only measures
//! ```
//!
//! What is measured and why is told in `docs/benchmarks.md`.

#[path = "support/dice.rs"]
mod dice;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/transfers.rs"]
mod transfers;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use purvey::graph::{GraphView, KnowledgeGraph};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::FactIx;
use purvey::query::{PathQuestion, Question, TotalBy, Who, answer};
use rounds::{Candidate, compare, timed};

/// So many paths of a sort are looked for in one round; the time is that of one.
const PATHS: usize = 3;
/// So many pairs are tried to find them.
const TRIED: usize = 6;

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let sizes = value("--facts").map_or(if is_bench { "10000,100000" } else { "300" }, String::as_str);
    let sizes = sizes.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?;
    let rounds = value("--rounds").map_or(Ok(if is_bench { 5 } else { 1 }), |it| it.parse())?;
    // Words of the names of the candidates to run, for a profiler.
    let only = value("--only");

    let graphs = sizes.iter().map(|size| graph(*size)).collect::<Result<Vec<_>, _>>()?;
    let mut candidates = Vec::new();
    for (size, graph) in sizes.iter().zip(&graphs) {
        candidates.extend(of_size(*size, graph)?);
    }
    candidates.retain(|it| only.is_none_or(|words| it.name.contains(words)));
    let minima = compare(rounds, &mut candidates);

    let mut times: BTreeMap<&str, Vec<(usize, Duration)>> = BTreeMap::new();
    for (candidate, least) in candidates.iter().zip(minima) {
        if let Some((size, name)) = candidate.name.split_once(": ") {
            times.entry(name).or_default().push((size.parse()?, least));
        }
    }
    println!("\ntime / (n log n), as a multiple of that of the smallest graph");
    for (name, times) in times {
        let of_n_log_n = |(size, time): &(usize, Duration)| time.as_secs_f64() / (*size as f64 * (*size as f64).log2());
        let Some(base) = times.first().map(of_n_log_n) else { continue };
        let ratios = times.iter().map(|it| format!("{:>10}: {:>6.2}", it.0, of_n_log_n(it) / base));
        println!("{name:<36} {}", ratios.collect::<Vec<_>>().join("  "));
    }
    Ok(())
}

/// A graph of so many generated records.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn graph(size: usize) -> Result<KnowledgeGraph, Box<dyn std::error::Error>> {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("transfers-{size}.ron"));
    std::fs::write(&path, transfers::ron(size, 1))?;
    let loaded = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default());
    std::fs::remove_file(&path)?;
    let dataset = loaded.dataset.ok_or("the generated text has errors")?;
    println!(
        "{size} records, {} facts, {} entities, {} claims",
        dataset.facts.len(),
        dataset.entities.len(),
        dataset.claims.len()
    );
    Ok(KnowledgeGraph::new(&dataset))
}

/// What is timed on one graph.
fn of_size(size: usize, graph: &KnowledgeGraph) -> Result<Vec<Candidate<'_>>, Box<dyn std::error::Error>> {
    let who = |total, limit| Question::Who(Who { total, limit, ..Who::default() });
    let mut questions = vec![
        // The rows of a sum are not what is measured: all facts are found and added up, and few are shown.
        ("who", who(None, Some(20))),
        ("who, with all rows", who(None, None)),
        ("who --total", who(Some(TotalBy::Unit), Some(20))),
        ("who --total --by to", who(Some(TotalBy::To), Some(20))),
        ("who --total --by year", who(Some(TotalBy::Year), Some(20))),
        ("who --total, with all rows", who(Some(TotalBy::Unit), None)),
        ("measures", Question::Measures { name: None }),
        ("disputes", Question::Disputes { name: None }),
    ];
    // A plain n log n beside them. It is filled in order, so it does not show what scattered memory costs.
    let mut candidates = vec![Candidate::new(format!("{size}: a map of the facts' ids (n log n)"), move || {
        let ids = (0..graph.fact_count()).map(|it| (graph.fact(FactIx::from_usize(it)).id, it));
        timed(|| ids.collect::<BTreeMap<_, _>>())
    })];
    questions.retain(|(_, it)| answer(graph, it).is_ok());
    if questions.len() != 8 {
        return Err("a question finds nothing".into());
    }
    candidates.extend(
        questions.into_iter().map(|(name, question)| {
            Candidate::new(format!("{size}: {name}"), move || timed(|| answer(graph, &question)))
        }),
    );
    // Organizations that came early have many facts, late ones few; so early ones are mostly joined, late ones hardly.
    let early = |it: usize| path(it * 7 + 3, it * 5 + 4);
    let late = |it: usize| path(it * 7 + 3, size / 40 + it * 11);
    for (name, pairs, joined) in [
        ("path --in-time, found", (0..TRIED).map(early).collect::<Vec<_>>(), true),
        ("path --in-time, none", (0..TRIED).map(late).collect(), false),
    ] {
        let paths: Vec<Question> =
            pairs.into_iter().filter(|it| answer(graph, it).is_ok() == joined).take(PATHS).collect();
        let count = u32::try_from(paths.len()).unwrap_or(0);
        // Too small a graph may have none of a sort.
        if count > 0 {
            candidates.push(Candidate::new(format!("{size}: {name}"), move || {
                timed(|| paths.iter().filter(|it| answer(graph, it).is_ok()).count()) / count
            }));
        }
    }
    Ok(candidates)
}

fn path(from: usize, to: usize) -> Question {
    let (from, to) = (format!("organization-{from}"), format!("organization-{to}"));
    Question::Path(PathQuestion { in_time: true, ..PathQuestion::new(&from, &to) })
}
