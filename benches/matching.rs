//! Proposing entities that may be one, among made-up names: how the time and the pairs compared grow.
//!
//! ```text
//! cargo bench --bench matching
//! cargo bench --bench matching -- --entities 10000,100000,1000000 --rounds 3
//! ```
//!
//! What is measured and why is told in `docs/benchmarks.md`.

#[path = "support/dice.rs"]
#[expect(dead_code, reason = "made-up facts need more of it")]
mod dice;
#[path = "support/people.rs"]
#[expect(dead_code, reason = "questions need more of it")]
mod people;
#[path = "support/rounds.rs"]
mod rounds;

use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, load};
use purvey::query::{MatchOptions, matches};
use rounds::{Candidate, compare, timed};

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let sizes = value("--entities").map_or(if is_bench { "10000,100000" } else { "300" }, String::as_str);
    let sizes = sizes.split(',').map(str::parse).collect::<Result<Vec<usize>, _>>()?;
    let rounds = value("--rounds").map_or(Ok(if is_bench { 5 } else { 1 }), |it| it.parse())?;
    let graphs = sizes
        .iter()
        .map(|size| {
            let built_in = load(&Sources::BuiltIn, LoadOptions::default()).dataset.ok_or("the built-in data")?;
            Ok(KnowledgeGraph::new(&people::enlarged(built_in, *size)?))
        })
        .collect::<Result<Vec<_>, Box<dyn std::error::Error>>>()?;
    for (size, graph) in sizes.iter().zip(&graphs) {
        let found = matches(graph, &MatchOptions::default());
        println!(
            "{size}: {} pairs compared, {} proposed, {} keys of too many",
            found.compared,
            found.pairs.len(),
            found.crowded
        );
    }
    let options = MatchOptions::default();
    let mut candidates: Vec<Candidate<'_>> = sizes
        .iter()
        .zip(&graphs)
        .map(|(size, graph)| Candidate::new(format!("{size}: match"), || timed(|| matches(graph, &options))))
        .collect();
    compare(rounds, &mut candidates);
    Ok(())
}
