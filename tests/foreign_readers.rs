//! Exports are read by programs that we did not write, which must find what purvey answers. They need a Python with the packages
//! of `tests/export/requirements.txt`, named by the environment variable PURVEY_PYTHON; `.ci/run` makes one.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::support::{Run, command};

/// Exports everything and asks what is compared, into one folder.
fn exports(data: Option<&Path>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| {
        let mut command = command(folder.path());
        if let Some(data) = data {
            command.arg("--data").arg(data);
        }
        let run: Run = command.args(arguments).output().expect("the binary runs").into();
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        run.stdout
    };
    let save = |name: &str, text: String| fs::write(folder.path().join(name), text).expect("a new file");
    for (format, file, more) in [
        ("graphml", "all.graphml", &[][..]),
        ("gexf", "all.gexf", &[]),
        ("graphml", "nodes.graphml", &["--shape", "nodes"]),
        ("gexf", "nodes.gexf", &["--shape", "nodes"]),
        ("rdf", "all.ttl", &[]),
        ("rdf", "all.nq", &[]),
        ("rdf", "star.ttl", &["--syntax", "turtle-star"]),
        ("neo4j", "neo4j", &[]),
        ("ladybug", "ladybug", &[]),
    ] {
        let arguments = [&["export", format, "--out", file, "--format", "json"], more].concat();
        save(&format!("{file}.json"), run(&arguments));
    }
    if cfg!(feature = "parquet") {
        run(&["export", "parquet", "--out", "parquet"]);
    }
    save("stats.json", run(&["stats", "--format", "json"]));
    save("who.json", run(&["who", "--kind", "any", "--format", "json"]));
    match data {
        Some(_) => {
            save("total.json", "{}".to_owned());
            save("names.json", run(&["show", "alpha", "--format", "json"]));
        }
        None => {
            save("total.json", run(&["who", "--kind", "dispatch", "--total", "--format", "json"]));
            save("russia.json", run(&["who", "--to", "Russia", "--kind", "supply", "--format", "json"]));
        }
    }
    folder
}

/// Puts a tool to the exports of the built-in example and of data with hostile names.
fn agrees(tool: &str) {
    let Some(python) = std::env::var_os("PURVEY_PYTHON") else {
        // Past the capture of a test that passes, so that it is seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED {tool} reads our exports: PURVEY_PYTHON names no Python");
        return;
    };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    for data in [None, Some(tests.as_path())] {
        let folder = exports(data);
        let output = Command::new(&python)
            .arg(tests.join("read_back.py"))
            .arg(tool)
            .arg(folder.path())
            .output()
            .expect("PURVEY_PYTHON runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{tool} over {data:?}: {told}");
    }
}

#[test]
fn networkx_reads_graphml_and_gexf() {
    agrees("networkx");
}

#[test]
fn igraph_reads_graphml() {
    agrees("igraph");
}

#[test]
fn neo4j_finds_its_headers_and_statements_in_order() {
    agrees("neo4j");
}

#[test]
fn oxigraph_answers_as_purvey_does() {
    agrees("pyoxigraph");
}

#[test]
fn duckdb_counts_the_bundles_alike() {
    agrees("duckdb");
}

#[test]
fn ladybug_loads_its_bundle() {
    agrees("ladybug");
}
