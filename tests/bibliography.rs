//! The sources of an answer as CSL-JSON and as text, through the real binary.

use crate::support::{purvey, purvey_on};
use serde_json::{Value, json};

fn items(stdout: &str) -> Value {
    serde_json::from_str(stdout).expect("one JSON document")
}

/// Three documents: one of which all is known, one of which nothing is, and one that means harm.
const DATA: &str = r#"(
    entities: [
        Country(id: "a", name: "A"),
        Organization(id: "paper", name: "The \"Paper\""),
        Materiel(id: "shell", name: "shell"),
        Document(id: "whole", name: "Whole", title: "All is known", publisher: "paper", date: "2024-03",
            address: "https://example.org/a?b=c"),
        Document(id: "bare", name: "Bare report", the: true),
        Document(id: "evil", name: "E", title: "</script>\",\n\"id\": \"x\u{1b}[31m\u{202e}", date: "2022/..",
            address: "javascript:alert(1)"),
    ],
    defaults: (by: "a"),
    facts: [
        Supply(id: "x1", supplier: "a", item: "shell", document: "whole"),
        Supply(id: "x2", supplier: "a", item: "shell", document: "whole", via: ["bare"]),
        Supply(id: "x3", supplier: "a", item: "shell", document: "bare"),
        Supply(id: "x4", supplier: "a", item: "shell", document: "evil"),
    ],
)"#;

#[test]
fn csl_has_an_item_a_document_and_nothing_that_is_not_known() {
    let run = purvey_on(&[("x.ron", DATA)], &["list", "facts", "--format", "csl"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let expected = json!([
        {
            "id": "whole", "type": "document", "title": "All is known", "publisher": "The \"Paper\"",
            "issued": {"date-parts": [[2024, 3]]}, "URL": "https://example.org/a?b=c",
            "note": "citing the Bare report",
        },
        {"id": "bare", "type": "document", "title": "[Bare report]"},
        {
            "id": "evil", "type": "document", "title": "</script>\",\n\"id\": \"x\u{1b}[31m\u{202e}",
            "issued": {"literal": "since 2022"}, "note": "javascript:alert(1)",
        },
    ]);
    assert_eq!(items(&run.stdout), expected);
    assert!(!run.stdout.contains('\u{1b}'));
    let same = purvey_on(&[("x.ron", DATA)], &["list", "facts", "--format", "csl-json"]);
    assert_eq!(same.stdout, run.stdout);
}

#[test]
fn the_text_has_the_numbered_sources_one_a_line() {
    let run = purvey_on(&[("x.ron", DATA)], &["list", "facts", "--format", "bib"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!(run.stdout, @r#"
    [1] The "Paper", “All is known”, March 2024, https://example.org/a?b=c
    [2] The "Paper", “All is known”, March 2024, citing the Bare report, https://example.org/a?b=c
    [3] Bare report
    [4] “</script>",\n"id": "x\u{1b}[31m\u{202e}”, since 2022, javascript:alert(1)
    "#);
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn the_lines_are_those_below_a_table() {
    let question = ["who", "--to", "russia"];
    let table = purvey(&question).stdout;
    // A table is wrapped.
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let run = purvey(&["who", "--to", "russia", "--format", "bib"]);
    assert!(!run.stdout.is_empty());
    assert!(flat(&table).contains(&flat(&run.stdout)), "{}\n{table}", run.stdout);
    assert!(run.stderr.contains("built-in example"), "{}", run.stderr);
}

#[test]
fn an_approximate_date_is_circa() {
    let run = purvey(&["show", "b1", "--format", "csl"]);
    let issued = json!({"date-parts": [[2025, 6, 28]], "circa": true});
    assert_eq!(items(&run.stdout)[0]["issued"], issued);
}

#[test]
fn a_document_asked_about_stands_in_its_own_bibliography() {
    let data = DATA.replace("document: \"bare\"", "document: \"whole\"").replace("\"evil\", name", "\"lone\", name");
    let data = data.replace("document: \"evil\"", "document: \"whole\"");
    let bib = purvey_on(&[("x.ron", &data)], &["show", "bare", "--format", "bib"]);
    assert!(bib.stdout.starts_with("Bare report\n"), "{}", bib.stdout);
    let csl = purvey_on(&[("x.ron", &data)], &["show", "bare", "--format", "csl"]);
    assert_eq!(items(&csl.stdout)[0]["id"], "bare");
}

#[test]
fn an_answer_without_sources_is_complete_too() {
    for question in [&["who", "--to", "nobody-at-all"][..], &["who", "--from", "poland", "--to", "russia"]] {
        let run = purvey(&[question, &["--format", "csl"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), "[]\n"));
        let run = purvey(&[question, &["--format", "bib"]].concat());
        assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    }
}

#[test]
fn a_bibliography_is_neither_drawn_nor_checked() {
    for format in ["csl", "bib"] {
        for command in ["draw", "check"] {
            let arguments = if command == "draw" { vec!["draw", "who"] } else { vec!["check"] };
            let run = purvey(&[&arguments[..], &["--format", format]].concat());
            assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{command} {format}");
        }
    }
}
