//! Diagram specs through the program: what they draw, and what is found in broken ones.

use std::path::Path;

use crate::support::{Run, command};
use insta::assert_snapshot;

/// Runs `draw` on a spec of that text in a folder of its own; the folder holds what was written.
fn draw(spec: &str, arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("x.ron"), spec).expect("a new file");
    let run = command(folder.path()).args(["draw", "x.ron"]).args(arguments).output().expect("the binary runs").into();
    (run, folder)
}

/// What is found in a spec, without what is told of the data.
fn findings(spec: &str) -> String {
    let (run, _folder) = draw(spec, &["--format", "svg"]);
    assert_ne!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.is_empty(), "{}", run.stdout);
    run.stderr.lines().filter(|it| !it.starts_with("purvey: data: ")).map(|it| format!("{}\n", it.trim_end())).collect()
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("a file that was written")
}

/// The data of `data-fact`, in the order of the file.
fn facts(svg: &str) -> Vec<&str> {
    let parts = svg.split("data-fact=\"").skip(1);
    parts.flat_map(|it| it.split('"').next().unwrap_or_default().split(' ')).collect()
}

#[test]
fn a_spec_draws_the_answers_to_its_questions_as_one() {
    let spec = r#"(
        questions: ["who --from \"North Korea\" --to Russia", "what did Russia supply to North Korea?", "show a11"],
        title: "Arms for oil",
        subtitle: "What the monitors say",
        credit: "Graphic: A. Name",
        size: wide,
        palette: print,
        highlight: ["DPRK"],
        order: ["north-korea", "russia"],
        wordings: [(fact: "a11", text: "ballistic missiles, at least 100, 1 January 2024 to 30 April 2025*")],
        notes: ["Figures are those of the sources."],
    )"#;
    let (run, folder) = draw(spec, &["--out", "x.svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let svg = read(folder.path(), "x.svg");
    for text in ["Arms for oil", "What the monitors say", "Graphic: A. Name", "Figures are those of the sources."] {
        assert!(svg.contains(text), "{text}");
    }
    assert!(svg.contains("width=\"1200\""));
    assert!(svg.contains("node focus\" id=\"entity-north-korea\""));
    let facts = facts(&svg);
    assert_eq!(facts.iter().filter(|it| **it == "a11").count(), 1);
    assert!(facts.contains(&"a14") || facts.len() > 5, "{facts:?}");
    assert!(svg.replace('\u{a0}', " ").contains("ballistic missiles, at least 100"));
    let (again, other) = draw(spec, &["--out", "x.svg"]);
    assert_eq!(again.code, Some(0));
    assert_eq!(read(other.path(), "x.svg"), svg);
}

#[test]
fn arguments_overrule_a_spec() {
    let spec = r#"(questions: ["who --to Russia"], title: "One", size: phone, palette: drak)"#;
    let (run, folder) = draw(spec, &["--title", "Two", "--size", "column", "--palette", "dark", "--out", "x.svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let svg = read(folder.path(), "x.svg");
    assert!(svg.contains("Two") && svg.contains("width=\"600\"") && !svg.contains(">One<"));
}

#[test]
fn questions_without_an_answer_are_told_where_they_stand() {
    assert_snapshot!(findings(r#"(questions: ["show Atlantis", "who --form Russia", "what is the weather?"])"#), @"");
}

#[test]
fn unknown_fields_words_and_names_are_told_with_the_nearest() {
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], tilte: "x", top: 0, collapse: groups)"#), @"");
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], size: phoen, palette: pink)"#), @"");
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], highlight: ["Rusia", "Atlantis"], wordings: [(fact: "a111", text: "x")])"#), @"");
    assert_snapshot!(findings("(title: \"x\")"), @"");
    assert_snapshot!(findings("(questions: [\"who --to Russia\"]"), @"");
}

#[test]
fn a_place_outside_the_drawing_is_told() {
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], pins: [(entity: "russia", x: 101, y: 0), (entity: "russia", x: 1, y: 1), (entity: "north-korea", x: -1, y: 1)])"#), @"");
}

#[test]
fn words_that_change_a_fact_are_told() {
    assert_snapshot!(findings(r#"(questions: ["show a11"], wordings: [(fact: "a11", text: "100 ballistic missiles")])"#), @"");
}

#[test]
fn what_is_not_drawn_is_warned_of_and_left_out() {
    let spec = r#"(questions: ["show a11"], highlight: ["Poland"], wordings: [(fact: "b1", text: "x")])"#;
    let (run, folder) = draw(spec, &["--out", "x.svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr.matches("warning[K0063]: ").count(), 2, "{}", run.stderr);
    assert!(read(folder.path(), "x.svg").contains("data-fact=\"a11\""));
}

#[test]
fn questions_on_other_evidence_do_not_join() {
    let told = findings(r#"(questions: ["who --to Russia", "who --to Russia --without MSMT"])"#);
    assert!(told.starts_with("error[K0060]: ") && told.contains("rests on other claims here"), "{told}");
}

#[test]
fn a_spec_that_is_not_there_is_unreadable() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run: Run = command(folder.path()).args(["draw", "no.ron"]).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.starts_with("error[K0001]: this cannot be read"), "{}", run.stderr);
}

#[test]
fn no_text_of_a_spec_makes_the_program_panic() {
    for spec in [
        "",
        "(",
        "()",
        "[]",
        "x",
        "(questions: 1)",
        "(questions: [])",
        "(questions: [\"\"])",
        "(questions: [\"who '\"])",
        "(questions: [\"draw x\"])",
        "(questions: [\"ask\"], pins: [1, ()], wordings: \"x\")",
        "(questions: [\"who\"], top: 99999999999999999999)",
        "\u{feff}(questions: [\"who --to Russia\"], size: \"1x1\")",
    ] {
        let (run, _folder) = draw(spec, &["--format", "svg"]);
        assert!(matches!(run.code, Some(1 | 2)), "{spec}: {:?} {}", run.code, run.stderr);
        assert!(!run.stderr.contains("panicked") && !run.stderr.is_empty(), "{spec}: {}", run.stderr);
    }
}
