//! `check --article`: passages are verified against the text of their document, through the real binary.

use crate::support::{Run, command, folder_of};
use sha2::{Digest, Sha256};
use std::path::Path;

/// An article of our own. The third line is empty but for spaces, the second passage runs on over a line.
const TEXT: &str = "Ships leave the north\r\n\r\n \t \r\nBy a Reporter\r\n\
    Three \u{a0}ships were seen, the harbour master said.\r\nTwo came back. Three men stayed.\r\n";

/// A locator of a passage, which is given normalised.
fn locator(paragraph: u32, words: &str) -> String {
    let hash: String = Sha256::digest(words).iter().map(|it| format!("{it:02x}")).collect();
    format!("at: (paragraph: {paragraph}, length: {}, sha256: \"{hash}\")", words.chars().count())
}

/// Data with two documents: of `d` these locators, of `e` one.
fn data(locators: &[String]) -> String {
    let facts: Vec<String> = (1..)
        .zip(locators)
        .map(|(number, at)| format!("Supply(id: \"x{number}\", supplier: \"a\", item: \"shell\", {at}),"))
        .collect();
    let other = locator(1, "never read");
    format!(
        r#"(
    entities: [
        Country(id: "a", name: "A"),
        Materiel(id: "shell", name: "shell"),
        Document(id: "d", name: "D"),
        Document(id: "e", name: "E"),
    ],
    document: "d",
    defaults: (by: "a"),
    facts: [
{}
Supply(id: "y1", supplier: "a", item: "shell", document: "e", {other}, about: [(id: "a", document: "d", {})]),
    ],
)"#,
        facts.join("\n"),
        locator(1, "Ships leave"),
    )
}

fn check(data: &str, text: &[u8], arguments: &[&str]) -> Run {
    let folder = folder_of(&[("x.ron", data)]);
    std::fs::write(folder.path().join("d.txt"), text).expect("a new file");
    run(folder.path(), arguments)
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).arg("check").args(arguments).output().expect("the binary runs").into()
}

fn sound() -> String {
    data(&[
        locator(1, "Ships leave the north"),
        locator(3, "Three ships were seen"),
        // On into the next line.
        locator(3, "said. Two came back."),
        // Twice the same.
        locator(3, "Three ships were seen"),
    ])
}

#[test]
fn passages_are_found_whatever_the_white_space() {
    let run = check(&sound(), TEXT.as_bytes(), &["--article", "d=d.txt"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let lines: Vec<&str> = run.stdout.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "passages of d: 5 of 5 found in d.txt",
            "passages: 1 of 6 not verified, no text at hand for: e; give one with --article ID=FILE",
        ]
    );
    let marked = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
    assert!(check(&sound(), &marked, &["--article", "d=d.txt"]).stdout.contains("5 of 5"));
}

#[test]
fn without_a_text_check_says_that_nothing_was_verified() {
    let run = check(&sound(), b"", &[]);
    assert_eq!(run.code, Some(0));
    let line = "none of the 6 passages that claims name was verified: give a text with --article ID=FILE";
    assert_eq!(run.stdout.lines().last(), Some(line), "{}", run.stdout);
}

#[test]
fn another_paragraph_is_a_warning_and_an_absent_passage_an_error() {
    let moved = data(&[locator(2, "Three ships were seen")]);
    let run = check(&moved, TEXT.as_bytes(), &["--article", "d=d.txt"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.contains("warning[K0035]: this passage begins in paragraph 3, not 2"), "{}", run.stdout);
    assert!(run.stdout.contains("x.ron:11:53") && run.stdout.contains("passages of d: 2 of 2 found"), "{}", run.stdout);
    assert_eq!(check(&moved, TEXT.as_bytes(), &["--strict", "--article", "d=d.txt"]).code, Some(1));

    // Neither letters nor spaces may differ, and a passage is trimmed.
    for words in ["three ships were seen", "Three  ships", "Three ships ", &"x".repeat(5000)] {
        let run = check(&data(&[locator(3, words)]), TEXT.as_bytes(), &["--article", "d=d.txt"]);
        assert_eq!(run.code, Some(1));
        assert!(run.stdout.contains("error[K0034]: this passage is not in the text given for `d`"), "{}", run.stdout);
        assert!(run.stdout.contains("passages of d: 1 of 2 found in d.txt"), "{}", run.stdout);
    }
}

#[test]
fn a_passage_that_stands_twice_is_where_its_locator_says() {
    // "Three" stands in paragraphs 3 and 4; locators of one length look for each in its own.
    let both = data(&[locator(4, "Three"), locator(3, "Three"), locator(1, "Ships")]);
    let run = check(&both, TEXT.as_bytes(), &["--strict", "--article", "d=d.txt"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let elsewhere = check(&data(&[locator(2, "Three")]), TEXT.as_bytes(), &["--article", "d=d.txt"]);
    assert!(elsewhere.stdout.contains("begins in paragraph 3, not 2"), "{}", elsewhere.stdout);
}

#[test]
fn a_text_that_cannot_be_used_is_a_finding() {
    for (text, argument, expected) in [
        (TEXT.as_bytes(), "d=nowhere.txt", "error[K0001]: this cannot be read"),
        (TEXT.as_bytes(), "d=graph-data", "error[K0001]: this cannot be read"),
        (b" \r\n ", "d=d.txt", "error[K0001]: this article is empty"),
        (b"Ships\xff", "d=d.txt", "error[K0002]: this article is not UTF-8, from byte 5 on"),
        (TEXT.as_bytes(), "f=d.txt", "error[K0012]: no document has the id `f`"),
        (TEXT.as_bytes(), "a=d.txt", "error[K0014]: `a` is of the kind country: only a document has a text"),
        (TEXT.as_bytes(), "\u{1b}[31m=d.txt", "error[K0012]: no document has the id `\\u{1b}[31m`"),
    ] {
        let run = check(&sound(), text, &["--article", argument]);
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        assert!(run.stdout.contains(expected), "{expected}\n{}", run.stdout);
        assert!(!run.stdout.contains(['\u{1b}']) && !run.stdout.contains(" found in "), "{}", run.stdout);
    }
    for arguments in [&["--article", "d"][..], &["--article", "=d.txt"], &["--article", "d=1", "--article", "d=2"]] {
        let run = check(&sound(), TEXT.as_bytes(), arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    }
}

#[test]
fn no_output_shows_the_article() {
    let data = data(&[locator(2, "Three ships were seen"), locator(1, "absent")]);
    for format in ["table", "json", "jsonl"] {
        let run = check(&data, TEXT.as_bytes(), &["--article", "d=d.txt", "--format", format]);
        assert!(!run.stdout.contains("ships") && !run.stdout.contains("harbour"), "{}", run.stdout);
    }
}

#[test]
fn editors_get_the_counts() {
    let with = ["--article", "d=d.txt", "--format", "json"];
    let document: serde_json::Value =
        serde_json::from_str(&check(&sound(), TEXT.as_bytes(), &with).stdout).expect("one document");
    let articles = serde_json::json!([
        {"document": "d", "passages": 5, "found": 5, "verified": true},
        {"document": "e", "passages": 1, "found": null, "verified": false},
    ]);
    assert_eq!((&document["findings"], &document["articles"]), (&serde_json::json!([]), &articles));
    let lines = check(&sound(), TEXT.as_bytes(), &["--article", "d=d.txt", "--format", "jsonl"]).stdout;
    let first = r#"{"article":{"document":"d","passages":5,"found":5,"verified":true}}"#;
    assert_eq!(lines.lines().next(), Some(first));
    assert_eq!(check(&sound(), b"", &["--format", "jsonl"]).stdout, "", "one finding a line, and there is none");
}
