//! Snapshots of growing size: how long opening takes, a process from start to answer, and writing.
//!
//! ```text
//! cargo bench --bench snapshot
//! cargo bench --bench snapshot -- --facts 1000,10000000 --rounds 5
//! ```

#[path = "support/dice.rs"]
mod dice;
#[path = "support/generate/mod.rs"]
mod generate;
#[path = "support/rounds.rs"]
mod rounds;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use purvey::graph::{GraphView, Snapshot};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{EntityIx, EntityKind};
use rounds::{Candidate, compare, timed};

fn run(arguments: &[&str], path: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
    command.arg("--data").arg(path).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().is_ok_and(|it| it.success()), "{arguments:?} answers");
}

/// An organization with so many facts, or a few more: what is found does not grow with the data.
fn of_degree<G: GraphView>(graph: &G, facts: usize) -> String {
    let entities = (0..u32::try_from(graph.entity_count()).unwrap_or(0)).map(EntityIx);
    let organizations = entities.filter(|it| graph.entity(*it).kind == EntityKind::Organization);
    let found = organizations.filter(|it| graph.facts_from((*it).into()).len() >= facts);
    let found = found.min_by_key(|it| graph.facts_from((*it).into()).len());
    found.map_or("organization-0".to_owned(), |it| graph.entity(it).id.to_owned())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Without `--bench` it is `cargo test --all-targets` that runs this.
    let is_bench = arguments.iter().any(|it| it == "--bench");
    let value = |name: &str| arguments.iter().position(|it| it == name).and_then(|at| arguments.get(at + 1));
    let sizes = value("--facts").map_or(if is_bench { "1000,100000,1000000" } else { "100,300" }, String::as_str);
    let rounds = value("--rounds").map_or(Ok(if is_bench { 30 } else { 1 }), |it| it.parse())?;

    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let empty = folder.join("no-facts.ron");
    std::fs::write(&empty, "()")?;
    let vocabulary =
        load(&Sources::Paths(vec![empty]), LoadOptions::default()).dataset.ok_or("no vocabulary")?.vocabulary;
    let mut files = Vec::new();
    for size in sizes.split(',') {
        let facts: usize = size.parse()?;
        let path = folder.join(format!("generated-{facts}.purvey"));
        let start = Instant::now();
        let mut out = BufWriter::new(File::create(&path)?);
        generate::snapshot(facts, 1, vocabulary.clone(), &mut out)?;
        out.flush()?;
        let made = start.elapsed().as_secs_f64();
        let snapshot = Snapshot::map(&path)?;
        let bytes = std::fs::metadata(&path)?.len();
        let count = snapshot.fact_count();
        println!(
            "{size} records: {count} facts, {} entities, {} claims, {} bytes a fact, made up and written in {made:.2} s",
            snapshot.entity_count(),
            snapshot.claim_count(),
            bytes / count as u64,
        );
        files.push((size, path, of_degree(&snapshot, 10)));
    }
    let mut candidates = Vec::new();
    for (size, path, name) in &files {
        candidates.push(Candidate::new(format!("{size}: open"), || timed(|| Snapshot::map(path))));
        let who = ["who", "--from", name.as_str(), "--format", "json"];
        candidates
            .push(Candidate::new(format!("{size}: process, who --from (10 facts)"), move || timed(|| run(&who, path))));
        let show = ["show", name.as_str(), "--format", "json"];
        candidates.push(Candidate::new(format!("{size}: process, show"), move || timed(|| run(&show, path))));
        let stats = ["stats"];
        candidates.push(Candidate::new(format!("{size}: process, stats"), move || timed(|| run(&stats, path))));
    }
    candidates.push(Candidate::new("the process alone (--version)", || {
        timed(|| {
            let status = Command::new(env!("CARGO_BIN_EXE_purvey")).arg("--version").stdout(Stdio::null()).status();
            assert!(status.is_ok_and(|it| it.success()));
        })
    }));
    compare(rounds, &mut candidates);
    Ok(())
}
