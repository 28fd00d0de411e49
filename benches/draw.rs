//! Pictures: from the start of the process to the written file, the layout of larger graphs, and crossings beside those of
//! Graphviz on the same boxes: `cargo bench --bench draw`.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark that fails to set up says so, and prints its figures"
)]

#[path = "support/dice.rs"]
#[expect(dead_code, reason = "made-up facts need more of it")]
mod dice;
#[path = "support/rounds.rs"]
mod rounds;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use dice::Dice;
use purvey::draw::font::FontSet;
use purvey::draw::{DrawOptions, Engine, Size, lint, svg};
use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, load};
use purvey::query::{Answer, PathQuestion, Question, Who, answer};
use rounds::{Candidate, compare, timed};

/// A country each, a document, and a supply or two from each to one that stands behind it.
fn records(countries: usize) -> String {
    let mut dice = Dice(7);
    let mut text = String::from(
        "(entities: [Document(id: \"d\", name: \"Register\", publisher: \"c0\"), Materiel(id: \"goods-z\", name: \"Goods\"),\n",
    );
    for at in 0..countries {
        let _ = writeln!(text, "Country(id: \"c{at}\", name: \"Country {at}\"),");
    }
    text.push_str("], document: \"d\", facts: [\n");
    for at in 1..countries {
        let from = dice.below(at);
        let _ = writeln!(
            text,
            "Supply(id: \"s{at}\", supplier: \"c{from}\", recipient: \"c{at}\", item: \"goods-z\", quantity: \"at least {at}\", period: \"2024\", by: \"c0\"),"
        );
    }
    text.push_str("])\n");
    text
}

/// Runs the program to its end.
fn run(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
    let ended = command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ended.is_ok_and(|it| it.success())
}

fn built_in() -> Vec<(&'static str, Answer)> {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("the built-in data have no errors");
    let graph = KnowledgeGraph::new(&dataset);
    let who = |kinds: &[&str], to: &[&str]| {
        let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
        Question::Who(Who { kinds: owned(kinds), to: owned(to), ..Who::default() })
    };
    let questions = [
        ("what went to Russia", who(&[], &["Russia"])),
        ("what was given in return", Question::Returns { names: Vec::new() }),
        ("the MSMT and its members", Question::Show { name: "msmt".to_owned() }),
        ("sanctions on Russia", who(&["sanction"], &["Russia"])),
        ("the children", who(&["forced-transfer"], &[])),
        ("the Yale laboratory", Question::Show { name: "yale-hrl".to_owned() }),
        ("the path to Kyiv", Question::Path(PathQuestion::new("North Korea", "Kyiv"))),
        ("all transfers", who(&[], &[])),
        ("everything to Russia", who(&["any"], &["Russia"])),
    ];
    questions.into_iter().map(|(name, it)| (name, answer(&graph, &it).expect("it is answered"))).collect()
}

/// Crossings that are seen, counted in the written picture, and the size of the page.
fn drawn(answer: &Answer, engine: Engine, size: Size, fonts: &FontSet) -> Option<(f64, f64)> {
    let options = DrawOptions { size, engine, ..DrawOptions::default() };
    let mut out = Vec::new();
    svg(answer, &options, fonts, &mut out).ok()?;
    let report = lint(std::str::from_utf8(&out).ok()?, fonts, None).ok()?;
    let score = |name: &str| report.scores.iter().find(|(it, _)| *it == name).map_or(f64::NAN, |(_, it)| *it);
    Some((score("crossings"), score("height")))
}

fn beside_graphviz() {
    let fonts = FontSet::bundled();
    let words = |it: Option<(f64, f64)>| it.map_or("does not fit".to_owned(), |(crossings, _)| format!("{crossings}"));
    println!("\n{:<28} {:>6} {:>14} {:>14}", "crossings that are seen", "width", "layered", "dot");
    let (mut ours, mut theirs, mut both) = (0.0, 0.0, 0);
    for (name, answer) in built_in() {
        for size in [Size::Phone, Size::Column, Size::Wide] {
            let own = drawn(&answer, Engine::BuiltIn, size, &fonts);
            let dot = drawn(&answer, Engine::Dot, size, &fonts);
            println!("{name:<28} {:>6} {:>14} {:>14}", size.width(), words(own), words(dot));
            if let (Some((own, _)), Some((dot, _))) = (own, dot) {
                ours += own;
                theirs += dot;
                both += 1;
            }
        }
    }
    println!("where both fit ({both}): {ours} and {theirs}");
}

fn main() -> std::io::Result<()> {
    let is_measured = std::env::args().any(|it| it == "--bench");
    let rounds = if is_measured { 20 } else { 1 };
    let folder = tempfile::tempdir()?;
    let counts = if is_measured { &[25_usize, 100, 400][..] } else { &[25][..] };
    for count in counts {
        let data = folder.path().join(format!("d{count}"));
        std::fs::create_dir(&data)?;
        std::fs::write(data.join("all.ron"), records(*count))?;
        let name = format!("{count}.purvey");
        assert!(run(folder.path(), &["build", &format!("d{count}"), "--out", &name]), "a snapshot is made");
    }
    let mut candidates: Vec<Candidate<'_>> = vec![Candidate::new("purvey --version (the process alone)", || {
        timed(|| assert!(run(folder.path(), &["--version"])))
    })];
    let sizes = [
        ("25", "wide", "svg"),
        ("25", "wide", "png"),
        ("25", "wide", "pdf"),
        ("100", "6000x6000", "svg"),
        ("400", "10000x10000", "svg"),
    ];
    let folder = folder.path();
    for (count, size, format) in
        sizes.into_iter().filter(|(it, ..)| counts.iter().any(|count| count.to_string() == *it))
    {
        let (data, out) = (format!("{count}.purvey"), format!("out.{format}"));
        let name = format!("{count} countries, {size}, {format}");
        let arguments = [
            "--data".to_owned(),
            data,
            "draw".to_owned(),
            "who".to_owned(),
            "--size".to_owned(),
            size.to_owned(),
            "--out".to_owned(),
            out,
        ];
        let run_it = move || {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            timed(|| run(folder, &arguments))
        };
        candidates.push(Candidate::new(name, run_it));
    }
    compare(rounds, &mut candidates);
    beside_graphviz();
    Ok(())
}
