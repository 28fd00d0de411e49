//! `purvey watch`: findings, answers and diagrams again on every save.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::support::{Run, command, folder_of};

const FACTS: &str = r#"(
    entities: [
        Country(id: "north-korea", name: "North Korea"), Country(id: "russia", name: "Russia"),
        Materiel(id: "missile", name: "missile", plural: "missiles"), Document(id: "report", name: "Report"),
    ],
    document: "report", defaults: (by: "report"),
    facts: [
        Supply(id: "a1", supplier: "north-korea", recipient: "russia", item: "missile", quantity: "at least 100"),
    ],
)"#;

const SPEC: &str = r#"(questions: ["who --to Russia"], title: "To Russia")"#;

/// A program that watches, and the lines that it prints.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Path, arguments: &[&str]) -> Watching {
        let mut command = command(folder);
        let mut child = command
            .arg("watch")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a step of the test works");
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().expect("a step of the test works"));
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|it| sender.send(it)));
        Watching { child, lines }
    }

    /// Lines up to one that contains a text.
    fn until(&self, text: &str) -> Vec<String> {
        let mut all = Vec::new();
        let end = Instant::now() + Duration::from_secs(30);
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            let found = line.contains(text);
            all.push(line);
            if found {
                return all;
            }
        }
        panic!("no line with `{text}` after {all:#?}");
    }

    /// Lines that come within some time.
    fn within(&self, time: Duration) -> Vec<String> {
        let end = Instant::now() + time;
        let mut all = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            all.push(line);
        }
        all
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn once_checks_answers_and_draws() {
    let folder = folder_of(&[("facts.ron", FACTS)]);
    std::fs::write(folder.path().join("x.ron"), SPEC).expect("a step of the test works");
    let arguments = [
        "watch",
        "--once",
        "who --to Russia",
        "what did North Korea supply?",
        "--draw",
        "x.ron",
        "--draw",
        "x.ron=y.png",
    ];
    let run: Run = command(folder.path()).args(arguments).output().expect("a step of the test works").into();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
    assert!(
        std::fs::read_to_string(folder.path().join("x.svg")).expect("a step of the test works").contains("To Russia")
    );
    assert!(std::fs::read(folder.path().join("y.png")).expect("a step of the test works").starts_with(b"\x89PNG"));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let empty = tempfile::tempdir().expect("a step of the test works");
    let refused = |arguments: &[&str], says: &str| {
        let run: Run =
            command(empty.path()).arg("watch").args(arguments).output().expect("a step of the test works").into();
        assert!(run.code == Some(2) && run.stderr.contains(says), "{arguments:?} {:?} {}", run.code, run.stderr);
    };
    refused(&[], "no folder `graph-data`");
    refused(&["--data", "nowhere"], "it is not there");
    std::fs::write(empty.path().join("x.purvey"), "").expect("a step of the test works");
    refused(&["--data", "x.purvey"], "a snapshot never changes");
    refused(&["--format", "json"], "leave out --out and --format");
    let broken = folder_of(&[("facts.ron", "(facts: [Supply(")]);
    let run: Run = command(broken.path()).args(["watch", "--once"]).output().expect("a step of the test works").into();
    assert_eq!(run.code, Some(1), "{}", run.stdout);
}

#[test]
fn a_save_is_answered_and_what_stays_is_not_told_again() {
    let folder = folder_of(&[("facts.ron", FACTS)]);
    let file = folder.path().join("graph-data/facts.ron");
    let watching = Watching::start(folder.path(), &["who --to Russia", "list countries"]);
    watching.until("» list countries");
    watching.until("russia");

    std::fs::write(&file, FACTS.replace("at least 100", "250")).expect("a step of the test works");
    let told = watching.until("» list countries").join("\n");
    assert!(told.contains("changed:") && told.contains("facts.ron") && told.contains("250 missiles"), "{told}");
    assert!(told.ends_with("» list countries: as before"), "{told}");

    // As many editors save: written beside, then renamed; and an error with its place.
    let beside = folder.path().join("graph-data/facts.ron.tmp");
    std::fs::write(&beside, FACTS.replace("supplier: \"north-korea\"", "supplier: \"nkorea\""))
        .expect("a step of the test works");
    std::fs::rename(&beside, &file).expect("a step of the test works");
    let told = watching.until("stay as they are").join("\n");
    assert!(told.contains("unknown entity `nkorea`") && told.contains("1 error"), "{told}");

    std::fs::write(&file, FACTS).expect("a step of the test works");
    let told = watching.until("list countries").join("\n");
    assert!(told.contains("no errors") && told.contains("at least 100 missiles"), "{told}");
}

#[test]
fn a_file_half_written_is_not_told_of() {
    let folder = folder_of(&[("facts.ron", FACTS)]);
    let path = folder.path().join("graph-data/facts.ron");
    let watching = Watching::start(folder.path(), &["who --to Russia"]);
    watching.until("[1]");
    watching.within(Duration::from_millis(200));

    // In pieces, with pauses in which it is no RON.
    let text = FACTS.replace("at least 100", "300");
    let mut file = std::fs::File::create(&path).expect("a step of the test works");
    for piece in text.as_bytes().chunks(text.len() / 5) {
        file.write_all(piece).expect("a step of the test works");
        file.flush().expect("a step of the test works");
        std::thread::sleep(Duration::from_millis(60));
    }
    drop(file);
    let told = watching.until("300 missiles").join("\n");
    assert!(!told.contains("error["), "{told}");
    assert_eq!(told.matches("changed:").count(), 1, "{told}");

    // Taken away and put back: no answer without it in between.
    std::fs::rename(&path, folder.path().join("aside")).expect("a step of the test works");
    std::thread::sleep(Duration::from_millis(80));
    std::fs::write(&path, FACTS).expect("a step of the test works");
    let told = watching.until("at least 100 missiles").join("\n");
    assert!(!told.contains("error[") && !told.contains("1 error"), "{told}");
}

#[test]
#[cfg(unix)]
fn an_interrupt_ends_it() {
    let folder = folder_of(&[("facts.ron", FACTS)]);
    let mut watching = Watching::start(folder.path(), &[]);
    watching.until("no errors");
    let id = watching.child.id().to_string();
    // Whoever started the tests in the background of a script made them, and their children, deaf to it.
    let signals = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let ignored = signals.lines().find_map(|it| u64::from_str_radix(it.strip_prefix("SigIgn:")?.trim(), 16).ok());
    if ignored.is_some_and(|it| it & 0b10 != 0) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: interrupts are ignored here");
        return;
    }
    assert!(
        std::process::Command::new("kill").args(["-INT", &id]).status().expect("a step of the test works").success()
    );
    let status = watching.child.wait().expect("a step of the test works");
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2));
}

#[test]
fn a_spec_is_watched_too() {
    let folder = folder_of(&[("facts.ron", FACTS)]);
    let spec = folder.path().join("x.ron");
    std::fs::write(&spec, SPEC).expect("a step of the test works");
    let watching = Watching::start(folder.path(), &["--draw", "x.ron"]);
    watching.until("drawn: x.svg");
    std::fs::write(&spec, SPEC.replace("To Russia\"", "Missiles\"")).expect("a step of the test works");
    watching.until("drawn: x.svg");
    assert!(
        std::fs::read_to_string(folder.path().join("x.svg")).expect("a step of the test works").contains("Missiles")
    );
}
