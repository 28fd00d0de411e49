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
    assert_snapshot!(findings(r#"(questions: ["show Atlantis", "who --form Russia", "what is the weather?"])"#), @r##"
error[K0060]: nothing is called `Atlantis`
 --> x.ron:1:15
  |
1 | (questions: ["show Atlantis", "who --form Russia", "what is the weather?"])
  |               ^^^^^^^^^^^^^ did you mean `italy`?

error[K0060]: unexpected argument '--form' found
 --> x.ron:1:32
  |
1 | (questions: ["show Atlantis", "who --form Russia", "what is the weather?"])
  |                                ^^^^^^^^^^^^^^^^^

error[K0060]: “weather” is no name, verb or word that is known here
 --> x.ron:1:53
  |
1 | (questions: ["show Atlantis", "who --form Russia", "what is the weather?"])
  |                                                     ^^^^^^^^^^^^^^^^^^^^ `purvey list` shows what there is: entities, kinds of fact
"##);
}

#[test]
fn unknown_fields_words_and_names_are_told_with_the_nearest() {
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], tilte: "x", top: 0, collapse: groups)"#), @r##"
error[K0005]: unknown field `tilte`
 --> x.ron:1:34
  |
1 | (questions: ["who --to Russia"], tilte: "x", top: 0, collapse: groups)
  |                                  ^^^^^ did you mean `title`?

error[K0007]: `top` takes a number from 1 on
 --> x.ron:1:46
  |
1 | (questions: ["who --to Russia"], tilte: "x", top: 0, collapse: groups)
  |                                              ^^^ leave it out, or give the number of entities to keep

error[K0017]: `collapse` has no value `groups`
 --> x.ron:1:64
  |
1 | (questions: ["who --to Russia"], tilte: "x", top: 0, collapse: groups)
  |                                                                ^^^^^^ one of members, organisations, small
"##);
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], collapse: [members])"#), @r##"
error[K0007]: `collapse` takes words in quotes in a list
 --> x.ron:1:34
  |
1 | (questions: ["who --to Russia"], collapse: [members])
  |                                  ^^^^^^^^ some of ["members", "organisations", "small"]
"##);
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], size: phoen, palette: pink)"#), @r##"
error[K0017]: `size` has no value `phoen`
 --> x.ron:1:40
  |
1 | (questions: ["who --to Russia"], size: phoen, palette: pink)
  |                                        ^^^^^ did you mean `phone`?

error[K0017]: `palette` has no value `pink`
 --> x.ron:1:56
  |
1 | (questions: ["who --to Russia"], size: phoen, palette: pink)
  |                                                        ^^^^ one of light, dark, print
"##);
    assert_snapshot!(findings(r#"(questions: ["who --to Russia"], highlight: ["Rusia", "Atlantis"], wordings: [(fact: "a111", text: "x")])"#), @r##"
error[K0012]: nothing is called `Atlantis`
 --> x.ron:1:56
  |
1 | (questions: ["who --to Russia"], highlight: ["Rusia", "Atlantis"], wordings: [(fact: "a111", ...
  |                                                        ^^^^^^^^ did you mean `italy`?

error[K0016]: no fact has the id `a111`
 --> x.ron:1:87
  |
1 | ... "Atlantis"], wordings: [(fact: "a111", text: "x")])
  |                                     ^^^^ did you mean `a11`?
"##);
    assert_snapshot!(findings("(title: \"x\")"), @r##"
error[K0008]: a diagram lacks the field `questions`
 --> x.ron:1:2
  |
1 | (title: "x")
  |  ^^^^^ add `questions: ["who --to Russia"]`
"##);
    assert_snapshot!(findings("(questions: [\"who --to Russia\"]"), @r##"
error[K0004]: the file's last `)` is missing
 --> x.ron:1:32
  |
1 | (questions: ["who --to Russia"]
  |                                ^
"##);
}

#[test]
fn a_place_outside_the_drawing_is_told() {
    let pins = r#"[(entity: "russia", x: 101, y: 0), (entity: "russia", x: 1, y: 1), (entity: "Moscow", x: 1, y: 1)]"#;
    assert_snapshot!(findings(&format!("(questions: [\"who --to Russia\"], pins: {pins})")), @r##"
error[K0062]: 101, 0 lies outside the drawing
 --> x.ron:1:60
  |
1 | ...(entity: "russia", x: 101, y: 0), (entity: "russia", x: 1, y: 1), (entity: "Moscow", x: 1,...
  |                       ^ per cent from the left and from the top, 0 to 100

error[K0011]: `russia` is pinned twice
 --> x.ron:1:117
  |
1 | ...ty: "russia", x: 1, y: 1), (entity: "Moscow", x: 1, y: 1)])
  |                                         ^^^^^^ keep one
"##);
    let told = findings(r#"(questions: ["who --to Russia"], pins: [(entity: "russia", x: -1), (entitty: "russia")])"#);
    assert!(told.contains("`x` takes a whole number") && told.contains("did you mean `entity`?"), "{told}");
}

#[test]
fn words_that_change_a_fact_are_told() {
    assert_snapshot!(findings(r#"(questions: ["show a11"], wordings: [(fact: "a11", text: "100 ballistic missiles")])"#), @r##"
error[K0061]: these words drop a figure or its hedge
 --> x.ron:1:59
  |
1 | (questions: ["show a11"], wordings: [(fact: "a11", text: "100 ballistic missiles")])
  |                                                           ^^^^^^^^^^^^^^^^^^^^^^ “at least 100” must stand in them

error[K0061]: these words drop the period
 --> x.ron:1:59
  |
1 | (questions: ["show a11"], wordings: [(fact: "a11", text: "100 ballistic missiles")])
  |                                                           ^^^^^^^^^^^^^^^^^^^^^^ “1 January 2024 to 30 April 2025*” must stand in them

error[K0061]: `100` is no figure of this fact
 --> x.ron:1:59
  |
1 | (questions: ["show a11"], wordings: [(fact: "a11", text: "100 ballistic missiles")])
  |                                                           ^^^^^^^^^^^^^^^^^^^^^^ figures stand as the source words them, once
"##);
}

#[test]
fn what_is_not_drawn_is_warned_of_and_left_out() {
    let spec = r#"(questions: ["show a11"], highlight: ["Poland"], wordings: [(fact: "b1", text: "x")])"#;
    let (run, folder) = draw(spec, &["--out", "x.svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(read(folder.path(), "x.svg").contains("data-fact=\"a11\""));
    let told = run.stderr.lines().filter(|it| !it.starts_with("purvey: data: ")).map(str::trim_end).collect::<Vec<_>>();
    assert_snapshot!(told.join("\n"), @r##"
warning[K0063]: `poland` does not stand in this diagram
 --> x.ron:1:40
  |
1 | (questions: ["show a11"], highlight: ["Poland"], wordings: [(fact: "b1", text: "x")])
  |                                        ^^^^^^ leave it out, or ask for it

warning[K0063]: the fact `b1` does not stand in this diagram
 --> x.ron:1:69
  |
1 | (questions: ["show a11"], highlight: ["Poland"], wordings: [(fact: "b1", text: "x")])
  |                                                                     ^^ leave it out, or ask for it
"##);
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
