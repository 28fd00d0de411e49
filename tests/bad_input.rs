//! Nothing that stands in a file or an argument makes the program panic, hang or answer wrongly.

use crate::support::{Run, command, folder_of, purvey, purvey_on};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const GOOD: &str = r#"(
    entities: [
        Country(id: "a", name: "A"),
        Country(id: "b", name: "B"),
        Materiel(id: "shell", name: "shell", plural: "shells", aliases: ["shelling"]),
        Document(id: "d", name: "D", date: "2024"),
    ],
    document: "d",
    defaults: (by: "a"),
    facts: [
        Supply(id: "x1", supplier: "a", item: "shell", recipient: "b", quantity: "at least 100", period: "2024"),
    ],
)"#;

fn is_sane(run: &Run) -> bool {
    matches!(run.code, Some(0..=2)) && !run.stderr.contains("panicked")
}

#[test]
fn a_question_put_to_broken_data_exits_2_and_points_to_check() {
    for broken in [
        GOOD.replace("\"b\", quantity", "\"bb\", quantity"),
        GOOD.replace("period: \"2024\"),", "period: \"2024\""),
        GOOD.replace("at least 100", "at least many"),
    ] {
        let run = purvey_on(&[("x.ron", &broken)], &["who"]);
        assert_eq!(run.code, Some(2), "{broken}");
        assert!(run.stdout.is_empty(), "{}", run.stdout);
        assert!(run.stderr.contains("purvey check"), "{}", run.stderr);
        assert!(run.stderr.contains("x.ron:"), "{}", run.stderr);
        let check = purvey_on(&[("x.ron", &broken)], &["check"]);
        assert_eq!(check.code, Some(1), "{}", check.stdout);
        assert!(check.stdout.contains("error[K"), "{}", check.stdout);
    }
    assert_eq!(purvey_on(&[("x.ron", GOOD)], &["who"]).code, Some(0));
}

#[test]
fn check_shows_the_line_with_the_place_marked_and_help() {
    let run = purvey_on(&[("x.ron", &GOOD.replace("recipient: \"b\"", "recipient: \"shel\""))], &["check"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "error[K0012]: unknown entity `shel`");
    assert!(lines[1].trim_start().starts_with("--> ") && lines[1].ends_with("graph-data/x.ron:11:68"), "{}", lines[1]);
    assert!(run.stdout.contains("^^^^ did you mean `shell`?"), "{}", run.stdout);
    let json = purvey_on(
        &[("x.ron", &GOOD.replace("recipient: \"b\"", "recipient: \"shel\""))],
        &["check", "--format", "json"],
    );
    let findings: serde_json::Value = serde_json::from_str(&json.stdout).expect("one document");
    assert_eq!(findings["findings"][0]["code"], "K0012");
    assert_eq!((&findings["findings"][0]["line"], &findings["findings"][0]["column"]), (&11.into(), &68.into()));
}

#[test]
fn strict_counts_warnings() {
    let unused = GOOD.replace("Country(id: \"b\"", "Country(id: \"c\", name: \"C\"),\n        Country(id: \"b\"");
    assert_eq!(purvey_on(&[("x.ron", &unused)], &["check"]).code, Some(0));
    assert_eq!(purvey_on(&[("x.ron", &unused)], &["check", "--strict"]).code, Some(1));
    assert_eq!(purvey_on(&[("x.ron", &unused)], &["who"]).code, Some(0));
}

#[test]
fn a_data_path_that_is_not_there_is_an_error_and_never_the_example() {
    let run = purvey(&["who", "--data", "nowhere"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("nowhere"), "{}", run.stderr);
}

#[test]
fn odd_folders_are_read_or_refused() {
    let folder = folder_of(&[("x.ron/y.ron", GOOD), ("z.txt", "not RON"), (".hidden.ron", "(((")]);
    let data = folder.path().join("graph-data");
    let run: Run = command(folder.path()).args(["who", "--data"]).arg(&data).output().expect("it runs").into();
    assert_eq!(run.code, Some(0), "{}", run.stderr);

    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&data, data.join("loop")).expect("a link");
        let run: Run = command(folder.path()).args(["check", "--data"]).arg(&data).output().expect("it runs").into();
        assert_eq!(run.code, Some(1));
        assert!(run.stdout.contains("leads back"), "{}", run.stdout);
    }
}

#[test]
fn bytes_of_any_kind_are_read_or_refused() {
    let cases: [&[u8]; 12] = [
        b"",
        b"\xef\xbb\xbf()",
        b"\xff\xfe(\x00)\x00",
        b"()\r\n",
        b"((((((((((",
        b"(facts: [Supply(id: \"\x80\")])",
        b"(facts: [Supply(quantity: 99999999999999999999999999999999999999999999999999)])",
        b"(facts: [Supply(id: \"a\", quantity: \"99999999999999999999999999999999999999999 rounds\")])",
        b"(facts: [Supply(id: \"a\", period: \"9999999-99\")])",
        b"(entities: [Country(id: \"\\u{0}\", name: \"\x1b[31m\")])",
        b"/* (",
        b"\x00",
    ];
    for bytes in cases {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("x.ron"), bytes).expect("a new file");
        for question in [&["check", "--data", "."][..], &["who", "--data", "."]] {
            let run: Run = command(folder.path()).args(question).output().expect("it runs").into();
            assert!(is_sane(&run), "{bytes:?} {question:?}\n{}", run.stderr);
            assert!(!run.stdout.contains('\u{1b}'), "{bytes:?}");
        }
    }
}

#[test]
fn any_argument_is_answered_or_refused() {
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    let word = prop_oneof![
        "[ -~]{0,12}",
        "\\PC{0,8}",
        "[\u{0}-\u{1f}&&[^\u{0}]]{1,4}",
        Just("2024-13".to_owned()),
        "-{1,3}[a-z]{0,6}"
    ];
    let command_word = prop_oneof![
        Just("who"),
        Just("path"),
        Just("show"),
        Just("find"),
        Just("list"),
        Just("ask"),
        Just("draw"),
        Just("stats")
    ];
    runner
        .run(&(command_word, proptest::collection::vec(word, 0..4)), |(first, words)| {
            let arguments: Vec<&str> = std::iter::once(first).chain(words.iter().map(String::as_str)).collect();
            let run = purvey(&arguments);
            prop_assert!(is_sane(&run), "{:?}\n{}", arguments, run.stderr);
            prop_assert!(!run.stdout.contains('\u{1b}'), "{:?}", arguments);
            Ok(())
        })
        .expect("no panic");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf8_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    for first in ["show", "who", "draw", "ask"] {
        let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
        let run: Run = command(folder.path()).arg(first).arg(odd).output().expect("it runs").into();
        assert!(is_sane(&run) && run.code != Some(0), "{first}: {:?} {}", run.code, run.stderr);
    }
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("answer.json");
    let run: Run = command(folder.path()).args(["who", "--out", "answer.json"]).output().expect("it runs").into();
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""));
    let before = std::fs::read_to_string(&out).expect("a file");
    assert!(before.ends_with("}\n"));
    // A folder that is not there: the old file stays, and nothing else is left behind.
    let run: Run = command(folder.path()).args(["who", "--out", "none/answer.json"]).output().expect("it runs").into();
    assert_eq!(run.code, Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    // An extension that tells no format.
    let run: Run = command(folder.path()).args(["who", "--out", "answer.xyz"]).output().expect("it runs").into();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--format"), "{}", run.stderr);
}

#[test]
fn a_draft_is_left_out_unless_asked_for_and_then_marked() {
    let draft = GOOD.replace("Supply(id: \"x1\",", "Supply(id: \"x1\", draft: true,");
    assert_eq!(purvey_on(&[("x.ron", &draft)], &["who"]).code, Some(1));
    for format in ["table", "json", "md", "dot"] {
        let run = purvey_on(&[("x.ron", &draft)], &["who", "--drafts", "--format", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stdout.to_lowercase().contains("draft"), "{format}\n{}", run.stdout);
    }
}

#[test]
fn a_fact_that_everybody_denies_carries_no_path() {
    let denied = GOOD.replace("quantity: \"at least 100\"", "stance: denies, quantity: \"at least 100\"");
    assert_eq!(purvey_on(&[("x.ron", GOOD)], &["path", "a", "b"]).code, Some(0));
    assert_eq!(purvey_on(&[("x.ron", &denied)], &["path", "a", "b"]).code, Some(1));
}

#[test]
fn a_date_after_its_document_is_a_warning() {
    let late = GOOD.replace("period: \"2024\")", "period: \"2052-11\")");
    let run = purvey_on(&[("x.ron", &late)], &["check"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    assert!(run.stdout.contains("warning[K0028]: `x1` happened in 2052-11, after the date of `d`"), "{}", run.stdout);
    // What is only planned lies ahead.
    let planned = late.replace("Supply(id: \"x1\",", "Supply(id: \"x1\", outcome: planned,");
    assert!(!purvey_on(&[("x.ron", &planned)], &["check"]).stdout.contains("K0028"));
}
