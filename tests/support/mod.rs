//! Runs the real binary.

pub mod browser;
pub mod loading;
pub mod question_set;
pub mod tables;

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// What a run gave.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("the output is UTF-8"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The binary, in an empty folder of its own and without anything from outside that could matter.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_purvey"));
    // Nothing is left behind in the project's own folder.
    let is_own = folder.starts_with(env!("CARGO_MANIFEST_DIR"));
    let cache = if is_own { Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache") } else { folder.join(".cache") };
    command.current_dir(folder).env_clear().env("XDG_CACHE_HOME", cache);
    command
}

/// Runs with the built-in example.
pub fn purvey(arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a temporary folder");
    command(folder.path()).args(arguments).output().expect("the binary runs").into()
}

/// Runs over a folder of files, given as (name, text).
pub fn purvey_on(files: &[(&str, &str)], arguments: &[&str]) -> Run {
    let folder = folder_of(files);
    let data = folder.path().join("graph-data");
    command(folder.path()).arg("--data").arg(data).args(arguments).output().expect("the binary runs").into()
}

/// A temporary folder that holds `graph-data` with these files.
pub fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("graph-data");
    std::fs::create_dir(&data).expect("a new folder");
    for (name, text) in files {
        let path = data.join(name);
        std::fs::create_dir_all(path.parent().expect("it is below a folder")).expect("a new folder");
        std::fs::write(path, text).expect("a new file");
    }
    folder
}

/// The answer as JSON; the run must have ended with `code`.
pub fn json(arguments: &[&str], code: i32) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let run = purvey(&arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}\n{}{}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).expect("one JSON document")
}

/// The same over a folder of files.
pub fn json_on(files: &[(&str, &str)], arguments: &[&str], code: i32) -> Value {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let run = purvey_on(files, &arguments);
    assert_eq!(run.code, Some(code), "{arguments:?}\n{}{}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).expect("one JSON document")
}

/// Ids of the rows of an answer, in order.
pub fn ids(answer: &Value) -> Vec<&str> {
    answer["rows"].as_array().expect("rows").iter().map(|row| row["fact"].as_str().expect("an id")).collect()
}

/// The row of a fact.
pub fn row<'v>(answer: &'v Value, id: &str) -> &'v Value {
    let rows = answer["rows"].as_array().expect("rows");
    rows.iter().find(|row| row["fact"] == id).unwrap_or_else(|| panic!("no row {id}"))
}

/// Ids of the claimants of a row; an unnamed one as `unnamed of GROUP`.
pub fn claimants(row: &Value) -> Vec<String> {
    let claims = row["claims"].as_array().expect("claims");
    let name = |by: &Value| match by["id"].as_str() {
        Some(id) => id.to_owned(),
        None => format!("unnamed of {}", by["unnamed_of"].as_str().expect("a group")),
    };
    claims.iter().map(|claim| name(&claim["by"])).collect()
}
