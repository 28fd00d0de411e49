//! FollowTheMoney out of data that did not come from there: every id that is named is there, and things have their schema.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use purvey::model::ftm::model;
use serde_json::Value;

use crate::support::{Run, command};

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// Fixtures of an import format, as `data` in a folder of its own.
fn imported(format: &str, files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let files: Vec<String> = files.iter().map(|it| tests.join(it).display().to_string()).collect();
    let files = files.iter().map(String::as_str);
    let arguments: Vec<&str> =
        ["import", format].into_iter().chain(files).chain(["--out", "data", "--quiet"]).collect();
    let run = run(folder.path(), &arguments);
    assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
    folder
}

/// An export by ids; no id stands twice.
fn exported(folder: &Path, arguments: &[&str]) -> BTreeMap<String, Value> {
    let run = run(folder, &[&["export", "ftm"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lines: Vec<Value> = run.stdout.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let all: BTreeMap<String, Value> =
        lines.iter().map(|it| (it["id"].as_str().expect("an id").to_owned(), it.clone())).collect();
    assert_eq!(all.len(), lines.len(), "an id stands twice");
    all
}

/// What properties name that is not there, by the model of FollowTheMoney; schemata and properties that it lacks too.
fn dangling(all: &BTreeMap<String, Value>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (id, line) in all {
        let Some(schema) = model().schema(line["schema"].as_str().unwrap_or_default()) else {
            found.insert(format!("{id} has no schema"));
            continue;
        };
        for (name, values) in line["properties"].as_object().expect("properties") {
            let Some(property) = schema.property(name) else {
                found.insert(format!("{id} has no {name}"));
                continue;
            };
            for value in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
                if property.value == "entity" && !all.contains_key(value) {
                    found.insert(format!("{id} {name} {value}"));
                }
            }
        }
    }
    found
}

/// Data and what is exported of it.
fn cases() -> Vec<(tempfile::TempDir, &'static str, Vec<Vec<&'static str>>)> {
    let whole = vec![vec!["--data", "data"]];
    vec![
        (
            tempfile::tempdir().expect("a folder"),
            "the built-in example",
            vec![
                vec![],
                vec!["who", "--to", "Russia"],
                vec!["a11"],
                vec!["path", "north-korea", "kyiv"],
                vec!["--without", "unnamed"],
            ],
        ),
        (imported("ofac", &["lists/sdn.xml"]), "OFAC's XML", whole.clone()),
        (
            imported("ofac", &["lists/sdn.csv", "lists/add.csv", "lists/alt.csv", "lists/sdn_comments.csv"]),
            "OFAC's tables",
            whole.clone(),
        ),
        (imported("un", &["lists/un-2024.xml", "lists/un-2025.xml"]), "the list of the UN", whole.clone()),
        (imported("sipri", &["lists/sipri-2024.csv", "lists/sipri-2025.csv"]), "SIPRI's register", whole.clone()),
        (imported("gexf", &["network.gexf"]), "a network", whole),
    ]
}

#[test]
fn no_id_dangles() {
    for (folder, name, exports) in cases() {
        for arguments in exports {
            let all = exported(folder.path(), &arguments);
            assert!(!all.is_empty(), "{name} {arguments:?}");
            assert_eq!(dangling(&all), BTreeSet::new(), "{name} {arguments:?}");
        }
    }
}

#[test]
fn an_id_that_dangles_would_be_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut all = exported(folder.path(), &["a11"]);
    all.remove("russia").expect("Russia");
    assert_eq!(dangling(&all), BTreeSet::from(["a11 receiver russia".to_owned()]));
}

#[test]
fn an_aircraft_is_an_airplane_and_other_things_are_assets() {
    let folder = imported("ofac", &["lists/sdn.csv"]);
    let all = exported(folder.path(), &["--data", "data"]);
    let of = |name: &str| {
        let it = all.values().find(|it| it["properties"]["name"][0] == name).unwrap_or_else(|| panic!("no {name}"));
        (it["schema"].as_str().unwrap_or_default(), it["properties"].clone())
    };
    let (schema, properties) = of("EP-EXA");
    assert_eq!(
        (schema, &properties["type"][0], &properties["model"][0]),
        ("Airplane", &"aircraft".into(), &"Example-76".into())
    );
    // What FollowTheMoney itself tells apart stays apart, in and out.
    let folder = tempfile::tempdir().expect("a folder");
    let lines = [
        r#"{"id":"own-1","schema":"Company","properties":{"name":["Volna"]}}"#,
        r#"{"id":"plane-1","schema":"Airplane","properties":{"name":["EP-EXA"],"icaoCode":["73012A"]}}"#,
        r#"{"id":"thing-1","schema":"Asset","properties":{"name":["A well"]}}"#,
        r#"{"id":"car-1","schema":"Vehicle","properties":{"name":["A car"],"model":["Niva"]}}"#,
        r#"{"id":"o-1","schema":"Ownership","properties":{"owner":["own-1"],"asset":["plane-1","thing-1","car-1"]}}"#,
    ];
    std::fs::write(folder.path().join("things.jsonl"), lines.join("\n")).expect("a new file");
    let imported = run(folder.path(), &["import", "ftm", "things.jsonl", "--out", "data", "--quiet"]);
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    let all = exported(folder.path(), &["--data", "data"]);
    for (id, schema) in [("plane-1", "Airplane"), ("thing-1", "Asset"), ("car-1", "Vehicle")] {
        assert_eq!(all[id]["schema"], schema);
    }
    assert_eq!(dangling(&all), BTreeSet::new());
    let shown = run(folder.path(), &["show", "plane-1", "--data", "data"]);
    assert!(shown.stdout.contains("Airplane"), "{}", shown.stdout);
}

#[test]
fn followthemoney_takes_lists_that_were_imported() {
    let Some(python) = std::env::var_os("PURVEY_PYTHON") else {
        let _ = writeln!(std::io::stderr(), "SKIPPED followthemoney validates lists: PURVEY_PYTHON names no Python");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/ftm_validates.py");
    for (folder, name, exports) in cases() {
        for arguments in exports {
            let run = run(folder.path(), &[&["export", "ftm", "--out", "out.json"], &arguments[..]].concat());
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            let output = Command::new(&python).arg(&script).arg(folder.path().join("out.json")).output();
            let output = output.expect("PURVEY_PYTHON runs");
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
