//! Writers on a bad day: no terminal, no room on the disk, other writers, a file that changes under an open prompt. What was
//! there stays there, whole.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Run, command};

/// A folder that `init` began.
fn begun() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(run(folder.path(), &["init", "facts"]).code, Some(0));
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// The files of facts with their texts, and whatever else a writer left beside them.
fn texts(facts: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(facts.join("graph-data")).expect("a folder").map(|it| it.expect("an entry"));
    let mut all: Vec<_> = entries
        .map(|it| (it.file_name().to_string_lossy().into_owned(), fs::read_to_string(it.path()).expect("a file")))
        .collect();
    all.sort();
    all
}

/// Waits for the end, but not for ever: a prompt that nobody can answer would wait.
fn ended(mut child: Child, what: &str) -> Run {
    let start = Instant::now();
    while child.try_wait().expect("a process").is_none() {
        if start.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            panic!("{what} still waits after a minute");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().expect("its output").into()
}

const FACT: [&str; 2] = ["add", "Northland sent about 20 trucks to Southland in 2025, says the Harbour Office"];

#[test]
fn without_a_terminal_no_command_waits_or_writes_unasked() {
    let folder = begun();
    let facts = folder.path().join("facts");
    fs::write(facts.join("a.txt"), "A title\n\nNorthland sent 3 trucks to Southland.\n").expect("an article");
    let before = texts(&facts);
    let [add, statement] = FACT;
    for (words, code, told) in [
        (&["add"][..], 2, "without a terminal nothing is asked"),
        (&[add, statement, "--in", "harbour-report-2025"], 1, "add --yes"),
        (&["add", "supply", "--from", "Nowhere", "--to", "Southland", "--in", "harbour-report-2025"], 1, "--new"),
        (&["add", "country", "Eastland"], 1, "add --yes"),
        (&["add", "document", "Weekly report"], 1, "add --yes"),
        (&["remove", "trucks-2024"], 1, "add --yes"),
        (&["rename", "truck", "lorry"], 1, "add --yes"),
        (&["draft", "a.txt", "--interactive", "--out", "b.ron"], 2, "leave it out"),
        (&["draft", "a.txt"], 0, "to be held against the article"),
        (&["fmt", "--check"], 0, ""),
        (&["watch", "--once"], 0, ""),
    ] {
        for is_open in [false, true] {
            let stdin = if is_open { Stdio::piped() } else { Stdio::null() };
            let mut started = command(&facts);
            started.args(words).stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = started.spawn().expect("the binary runs");
            // An input that stays open and says nothing is what a job of a server often has.
            let input = child.stdin.take();
            let run = ended(child, &words.join(" "));
            drop(input);
            assert_eq!(run.code, Some(code), "{words:?}\n{}{}", run.stdout, run.stderr);
            assert!(run.stderr.contains(told), "{words:?}\n{}", run.stderr);
            assert_eq!(texts(&facts), before, "{words:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_disk_without_room_keeps_the_old_bytes() {
    let folder = begun();
    let facts = folder.path().join("facts");
    let before = texts(&facts);
    let [add, statement] = FACT;
    // No file may be longer than so many blocks of 512 bytes; the signal that says so is not heard.
    for words in [
        &[add, statement, "--in", "harbour-report-2025", "--yes"][..],
        &["add", "country", "Eastland", "--yes"],
        &["remove", "trucks-2024", "--yes"],
        &["rename", "truck", "lorry", "--yes"],
    ] {
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_purvey")]);
        limited.args(words).arg("--no-cache").current_dir(&facts).stdin(Stdio::null());
        let refused = Run::from(limited.output().expect("a shell runs"));
        assert_eq!(refused.code, Some(2), "{words:?}\n{}{}", refused.stdout, refused.stderr);
        assert!(refused.stderr.contains("cannot be written"), "{words:?}\n{}", refused.stderr);
        let now = texts(&facts);
        let files: Vec<_> = now.into_iter().filter(|(name, _)| !name.starts_with('.')).collect();
        assert_eq!(files, before, "{words:?}");
    }
    // And once there is room again, all is as ever.
    assert_eq!(run(&facts, &["rename", "truck", "lorry", "--yes"]).code, Some(0));
    assert_eq!(run(&facts, &["rename", "lorry", "truck", "--yes"]).code, Some(0));
    assert_eq!(texts(&facts), before);
}

#[test]
fn of_many_writers_at_once_each_writes_or_says_that_it_did_not() {
    let folder = begun();
    let facts = folder.path().join("facts");
    let names: Vec<String> = (0..8).map(|it| format!("Land {it}")).collect();
    let started: Vec<(&String, Child)> = names
        .iter()
        .map(|name| {
            let mut started = command(&facts);
            started.args(["add", "country", name, "--yes"]).stdin(Stdio::null());
            (name, started.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary runs"))
        })
        .collect();
    let mut written = 0;
    let ended: Vec<(&String, Run)> = started.into_iter().map(|(name, it)| (name, ended(it, name))).collect();
    let entities = fs::read_to_string(facts.join("graph-data/entities.ron")).expect("a file");
    for (name, run) in ended {
        let is_there = entities.contains(&format!("name: \"{name}\""));
        assert_eq!(run.code == Some(0), is_there, "{name}: {}{}", run.stdout, run.stderr);
        if is_there {
            written += 1;
        } else {
            let is_told = ["another purvey is writing", "was changed by somebody else meanwhile"];
            assert!(is_told.iter().any(|it| run.stderr.contains(it)), "{}", run.stderr);
        }
    }
    assert!(written > 0, "one of them is the first");
    assert_eq!(run(&facts, &["check"]).code, Some(0));
    assert!(texts(&facts).iter().all(|(name, _)| !name.starts_with('.')), "nothing is left behind");
}

#[test]
fn a_folder_with_other_line_breaks_gets_its_bytes_back() {
    let folder = begun();
    let facts = folder.path().join("facts");
    for (name, text) in texts(&facts) {
        fs::write(facts.join("graph-data").join(name), text.replace('\n', "\r\n")).expect("a file");
    }
    let before = texts(&facts);
    let [add, statement] = FACT;
    let words = [add, statement, "--in", "harbour-report-2025", "--id", "x", "--yes"];
    assert_eq!(run(&facts, &words).code, Some(0));
    let after = texts(&facts);
    assert_ne!(after, before);
    for (name, text) in after {
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{name}");
    }
    assert_eq!(run(&facts, &["remove", "x", "--yes"]).code, Some(0));
    assert_eq!(texts(&facts), before);
}

/// `script` makes the terminal, as Linux has it.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_changes_under_an_open_prompt_is_not_written_over() {
    let folder = begun();
    let facts = folder.path().join("facts");
    let entities = facts.join("graph-data/entities.ron");
    let ask = |meanwhile: &dyn Fn(), answer: &str| -> String {
        let line = format!("'{}' add country Eastland", env!("CARGO_BIN_EXE_purvey"));
        let mut script = Command::new("script");
        script.args(["-qec", &line, "/dev/null"]).current_dir(&facts).env("XDG_CACHE_HOME", folder.path());
        let mut child =
            script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("`script` of util-linux is here");
        let mut output = child.stdout.take().expect("its output");
        let mut told = String::new();
        let mut part = [0_u8; 4096];
        while !told.contains("[y/N]") {
            let count = output.read(&mut part).expect("it can be read");
            assert!(count > 0, "it ends without asking:\n{told}");
            told.push_str(&String::from_utf8_lossy(&part[..count]));
        }
        meanwhile();
        let mut input = child.stdin.take().expect("its input");
        input.write_all(answer.as_bytes()).expect("it can be written");
        output.read_to_string(&mut told).expect("it can be read");
        drop(input);
        child.wait().expect("it ends");
        told
    };
    let old = fs::read_to_string(&entities).expect("a file");
    let no = ask(&|| (), "n\r");
    assert!(no.contains("nothing was written"), "{no}");
    assert_eq!(fs::read_to_string(&entities).expect("a file"), old);
    let by_hand = format!("// by hand\n{old}");
    let changed = ask(&|| fs::write(&entities, &by_hand).expect("a file"), "y\r");
    assert!(changed.contains("was changed by somebody else meanwhile"), "{changed}");
    assert_eq!(fs::read_to_string(&entities).expect("a file"), by_hand);
    let yes = ask(&|| (), "y\r");
    assert!(yes.contains("written: graph-data/entities.ron"), "{yes}");
    assert!(fs::read_to_string(&entities).expect("a file").contains("Eastland"));
}
