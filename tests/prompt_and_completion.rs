//! Names of the data for whoever types: at the prompt of `ask`, and in completions of a shell.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Run, command, folder_of};

/// The words that a shell is offered behind these.
fn offered(words: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut asked = command(folder.path());
    asked.env("COMPLETE", "bash").env("_CLAP_IFS", "\n").env("_CLAP_COMPLETE_SPACE", "true");
    asked.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    let run: Run = asked.args(["--", "purvey"]).args(words).output().expect("the binary runs").into();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    run.stdout.lines().map(str::to_owned).collect()
}

/// What comes of lines typed at the prompt, from a pipe.
fn typed(lines: &[u8], arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut child = command(folder.path())
        .arg("ask")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // Whoever refuses at once reads nothing.
    let _ = stdin.write_all(lines);
    drop(stdin);
    child.wait_with_output().expect("it ends").into()
}

#[test]
fn a_shell_is_offered_the_ids_of_the_data() {
    assert_eq!(offered(&["who", "--from", "north-k"]), ["north-korea"]);
    assert_eq!(offered(&["who", "--what", "ballistic"]), ["ballistic-missile", "ballistic-missile-programme"]);
    assert_eq!(offered(&["show", "msmt-r"]), ["msmt-report-2025"]);
    assert_eq!(offered(&["who", "--kind", "memb"]), ["membership"]);
    assert_eq!(offered(&["who", "--from", "dprk"]), ["north-korea"], "no id begins with it, so another name does");
    assert!(offered(&["path", "yale"]).contains(&"yale-hrl".to_owned()));
}

#[test]
fn people_and_things_are_offered_where_they_fit() {
    let items = offered(&["who", "--what", "tro"]);
    assert!(items.contains(&"troops".to_owned()), "{items:?}");
    assert_eq!(offered(&["who", "--what", "north-korea"]), Vec::<String>::new());
}

#[test]
fn completions_are_of_the_folder_named_on_the_line() {
    let entities = "(entities: [Country(id: \"ruritania\", name: \"Ruritania\")])";
    let folder = folder_of(&[("e.ron", entities)]);
    let data = folder.path().join("graph-data");
    let data = data.to_str().expect("a plain path");
    assert_eq!(offered(&["--data", data, "who", "--from", "ru"]), ["ruritania"]);
}

#[test]
fn a_broken_folder_offers_nothing_and_says_nothing() {
    let folder = folder_of(&[("e.ron", "(entities: [Country(")]);
    let data = folder.path().join("graph-data");
    assert_eq!(offered(&["--data", data.to_str().expect("a plain path"), "who", "--from", "ru"]), Vec::<String>::new());
}

#[test]
fn each_line_at_the_prompt_is_a_question() {
    let run = typed(b"who sent troops to Russia?\n\nshow a10\nquit\nwho supplied what to whom?\n", &[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("read as: purvey who --what troops --to Russia"), "{}", run.stdout);
    assert!(run.stdout.contains("read as: purvey show a10"), "{}", run.stdout);
    assert!(!run.stdout.contains("read as: purvey who\n"), "what follows `quit` is asked no more");
}

#[test]
fn a_line_that_is_no_question_does_not_end_the_prompt() {
    let run = typed(b"who tickled Russia?\nwho supplied ballistic missiles to Russia?\n", &[]);
    assert!(run.stdout.contains("tickled"), "{}", run.stdout);
    assert!(run.stdout.contains(" a11 "), "{}", run.stdout);
    assert_eq!(run.code, Some(0), "the last line was answered");
    assert_eq!(typed(b"who tickled Russia?\n", &[]).code, Some(1));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let run = typed(b"who supplied \xff\xfe?\n", &[]);
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(!run.stderr.is_empty());
}

#[test]
fn a_very_long_line_is_refused_and_the_next_is_read() {
    let mut lines = vec![b'a'; 1_000_000];
    lines.extend(b"\nwho supplied ballistic missiles to Russia?\n");
    let run = typed(&lines, &[]);
    assert!(run.stdout.contains("too long"), "{}", run.stdout);
    assert!(run.stdout.contains(" a11 "), "{}", run.stdout);
}

#[test]
fn several_answers_go_into_no_one_file() {
    let run = typed(b"who supplied what?\n", &["--out", "answer.json"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("leave out --out"), "{}", run.stderr);
}
