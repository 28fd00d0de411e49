//! From the start of the process to the printed answer, on the built-in data: `cargo bench --bench start`.

#[path = "support/rounds.rs"]
mod rounds;

use std::process::{Command, Stdio};

use rounds::{Candidate, compare, timed};

/// Runs the program to its end and drops what it prints.
fn run(folder: &std::path::Path, arguments: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
    let ended = command.args(arguments).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(ended.is_ok_and(|it| it.success()), "{arguments:?} answers");
}

fn main() -> std::io::Result<()> {
    // An empty folder: no `graph-data` in it, so the built-in example answers.
    let folder = tempfile::tempdir()?;
    let rounds = if std::env::args().any(|it| it == "--bench") { 100 } else { 1 };
    let mut candidates: Vec<Candidate<'_>> = [
        ("purvey --version (the process alone)", &["--version"][..]),
        ("purvey who", &["who"]),
        ("purvey who --format json", &["who", "--format", "json"]),
        ("purvey path \"North Korea\" Kyiv", &["path", "North Korea", "Kyiv"]),
        ("purvey ask \"who supplied what to whom?\"", &["ask", "who supplied what to whom?"]),
        ("purvey check", &["check"]),
    ]
    .into_iter()
    .map(|(name, arguments)| Candidate::new(name, || timed(|| run(folder.path(), arguments))))
    .collect();
    compare(rounds, &mut candidates);
    Ok(())
}
