//! Reads the set of questions in `tests/questions` and prints how many readings are right.
//!
//! `cargo run --release --example questions` tells of each question that is not read as it should be. Files of further
//! questions, in the same form, may be named.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a report for developers")]

#[path = "../tests/support/question_set.rs"]
mod question_set;

use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, load};
use question_set::{Verdict, cases, judge, read_cases};

fn main() {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("the built-in data have no errors");
    let graph = KnowledgeGraph::new(&dataset);
    let mut cases = cases();
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if !files.is_empty() {
        let text = |it: &_| std::fs::read_to_string(it).expect("a file that can be read");
        cases = files.iter().flat_map(|it| read_cases(&text(it))).collect();
    }
    let judged: Vec<_> = cases.iter().map(|it| judge(&graph, it)).collect();
    for it in judged.iter().filter(|it| matches!(it.verdict, Verdict::Wrong | Verdict::WronglyRefused)) {
        println!("{it}");
    }
    let count = |verdict: Verdict| judged.iter().filter(|it| it.verdict == verdict).count();
    println!(
        "{} questions: {} right, {} rightly refused, {} wrongly refused, {} wrong",
        cases.len(),
        count(Verdict::Right),
        count(Verdict::RightlyRefused),
        count(Verdict::WronglyRefused),
        count(Verdict::Wrong),
    );
}
