//! Tables for engines of SQL, and the statements that `purvey plan` prints for them.

#[cfg(feature = "parquet")]
use std::fs;
#[cfg(feature = "parquet")]
use std::io::Write;
use std::path::Path;
#[cfg(feature = "parquet")]
use std::process::Command;

use crate::support::{Run, command};

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

#[test]
fn a_plan_is_made_of_numbers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = |arguments: &[&str]| run(folder.path(), &[&["plan"], arguments].concat()).stdout;
    insta::assert_snapshot!("plan_who", plan(&["who", "--what", "missiles", "--to", "Russia", "--during", "2024"]));
    insta::assert_snapshot!(
        "plan_count",
        plan(&["path", "North Korea", "Kyiv", "--in-time", "--count", "--max-hops", "3"])
    );
    insta::assert_snapshot!("plan_show", plan(&["show", "a11"]));
    insta::assert_snapshot!(
        "plan_top",
        plan(&["top", "pairs", "--kind", "supply", "--during", "2024", "--limit", "1"])
    );
    insta::assert_snapshot!("plan_path", plan(&["path", "North Korea", "Kyiv", "--during", "2020/.."]));
    let asked = plan(&["ask", "what did North Korea supply to Russia in 2024?"]);
    assert!(asked.contains("-- Round 1: ") && asked.contains("SELECT r.body FROM records r"), "{asked}");
}

#[test]
fn what_cannot_be_planned_says_what_can() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let plan = |arguments: &[&str]| run(folder.path(), &[&["plan"], arguments].concat());
    let told = plan(&["what did North Korea supply?"]);
    assert!(told.code == Some(1) && told.stderr.contains("plain English goes behind `plan ask`"), "{}", told.stderr);
    let told = plan(&["who", "--to", "Rusia"]);
    assert!(told.stderr.contains("is read as Russia"), "{}", told.stderr);
    let told = plan(&["find", "Kim"]);
    assert!(told.code == Some(0) && told.stdout.contains("-- Nothing is fetched"), "{} {}", told.stdout, told.stderr);
}

#[test]
fn names_never_reach_a_statement() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["'; DROP TABLE facts; --", "\" OR 1=1", "zq\nqz", "\u{1}zqz", "*/ zqz", "\\'", "名前"] {
        for arguments in
            [vec!["plan", "who", "--to", name], vec!["plan", "show", name], vec!["plan", "path", name, "Russia"]]
        {
            let told = run(folder.path(), &arguments);
            assert_eq!((told.code, told.stdout.as_str()), (Some(1), ""), "{name:?}: {}", told.stderr);
        }
    }
    let refused = run(folder.path(), &["plan", "stats", "--format", "json"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
}

#[cfg(feature = "parquet")]
#[test]
fn tables_are_the_same_bytes_whatever_was_there_and_say_what_they_hold() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let export = |out: &str| run(folder.path(), &["export", "parquet", "--partition", "3", "--out", out, "--force"]);
    assert_eq!(export("a").code, Some(0));
    assert_eq!(export("b").code, Some(0));
    // What an export wrote, another may take the place of.
    assert_eq!(export("b").code, Some(0));
    // The part without facts is no data in which nothing is found.
    let refused = run(folder.path(), &["who", "--data", "a/nodes.purvey"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("no facts"), "{}", refused.stderr);
    let mut count = 0;
    for entry in fs::read_dir(folder.path().join("a")).expect("the folder") {
        let entry = entry.expect("an entry");
        let other = fs::read(folder.path().join("b").join(entry.file_name())).expect("the same file");
        assert!(fs::read(entry.path()).expect("the file") == other, "{:?}", entry.file_name());
        count += 1;
    }
    // Eight tables in three parts, three in one, the nodes, the manifest.
    assert_eq!(count, 8 * 3 + 3 + 2);
    for (arguments, word) in [
        (
            vec!["export", "parquet", "--partition", "2", "--out", "c", "who", "--to", "Russia"],
            "leave the question out",
        ),
        (vec!["export", "parquet", "--partition", "2", "--out", "c", "--without", "MSMT"], "leave evidence"),
        (vec!["export", "neo4j", "--partition", "2", "--out", "c"], "not for neo4j"),
        (vec!["export", "parquet", "--partition", "0", "--out", "c"], "--partition"),
    ] {
        let refused = run(folder.path(), &arguments);
        assert!(refused.code == Some(2) && refused.stderr.contains(word), "{arguments:?}: {}", refused.stderr);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn foreign_readers_run_the_plans() {
    let Some(python) = std::env::var_os("PURVEY_PYTHON") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED DuckDB runs our plans: PURVEY_PYTHON names no Python");
        return;
    };
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(run(folder.path(), &["export", "parquet", "--partition", "2", "--out", "tables"]).code, Some(0));
    let mut plans = Vec::new();
    for question in [
        &["who", "--to", "Russia"][..],
        &["who", "--what", "arms", "--during", "2024"],
        &["who", "--about", "MSMT"],
        &["who", "--role", "place=Kyiv", "--kind", "any"],
        &["who", "--from", "Russia", "--to", "North Korea", "--kind", "any", "--include-parts"],
        &["show", "North Korea"],
        &["show", "a11"],
        &["path", "North Korea", "Kyiv"],
        &["path", "Russia", "North Korea", "--during", "2023/2024", "--any-direction"],
        &["path", "North Korea", "Ukraine", "--all", "--max-hops", "2"],
        &["path", "North Korea", "Kyiv", "--in-time", "--count", "--max-hops", "3"],
        &["top", "from", "--to", "Russia"],
        &["top", "pairs", "--during", "2023/2024", "--kind", "supply", "--kind", "cooperation"],
        &["top", "what", "--during", "2024", "--certainly", "--limit", "1"],
        &["measures"],
        &["returns", "North Korea", "Russia"],
        &["ask", "what did North Korea supply to Russia in 2024?"],
    ] {
        let plan = run(folder.path(), &[&["plan"], question].concat());
        assert_eq!(plan.code, Some(0), "{question:?}: {}", plan.stderr);
        let answer = run(folder.path(), &[question, &["--format", "json"]].concat());
        let answer: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
        let rows = answer["rows"].as_array().expect("rows").iter().map(|it| it["fact"].clone());
        plans.push(serde_json::json!({"plan": plan.stdout, "facts": rows.collect::<Vec<_>>()}));
    }
    let documented = run(folder.path(), &["who", "--kind", "supply", "--during", "2024", "--format", "json"]);
    let documented: serde_json::Value = serde_json::from_str(&documented.stdout).expect("JSON");
    let documented: Vec<_> = documented["rows"].as_array().expect("rows").iter().map(|it| &it["fact"]).collect();
    fs::write(folder.path().join("documented.json"), serde_json::to_vec(&documented).expect("JSON"))
        .expect("a new file");
    fs::write(folder.path().join("plans.json"), serde_json::to_vec(&plans).expect("JSON")).expect("a new file");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/plans.py");
    let output = Command::new(&python).arg(script).arg(folder.path()).output().expect("Python runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("agrees"), "{told}");
}
