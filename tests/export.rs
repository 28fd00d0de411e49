//! The command `export`: formats, answers and evidence, files and folders, hostile names, what is left out.

use std::fs;
use std::path::Path;

use crate::support::{Run, command, purvey, purvey_on};

/// Runs in a folder of its own, which then holds what was written.
fn export(arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = command(folder.path()).arg("export").args(arguments).output().expect("the binary runs").into();
    (run, folder)
}

/// The same over data with hostile names.
fn export_hostile(arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export");
    let mut command = command(folder.path());
    let run: Run =
        command.arg("--data").arg(data).arg("export").args(arguments).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
    (run, folder)
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file that was written")
}

/// Names of files and folders, without those of the cache.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|it| it.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|it| it != ".cache");
    names.sort_unstable();
    names
}

#[test]
fn small_answers_in_every_format() {
    for (name, arguments) in [
        ("turtle", &["rdf", "a13"][..]),
        ("turtle-star", &["rdf", "a11", "--syntax", "turtle-star"]),
        ("nquads", &["rdf", "a11", "--syntax", "nquads", "--base", "https://example.org/"]),
        ("graphml", &["graphml", "a11"]),
        ("gexf", &["gexf", "a11"]),
        ("gexf-nodes", &["gexf", "b1", "--shape", "nodes"]),
    ] {
        let (run, _folder) = export(arguments);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        insta::assert_snapshot!(format!("export-{name}"), run.stdout);
    }
    for format in ["neo4j", "ladybug"] {
        let (run, folder) = export(&[format, "a13", "--out", "bundle"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let files = names(&folder.path().join("bundle"));
        let parts =
            files.iter().map(|it| (it, read(&folder, &format!("bundle/{it}")))).filter(|(_, it)| !it.is_empty());
        let text: Vec<String> = parts.map(|(name, text)| format!("== {name}\n{text}")).collect();
        insta::assert_snapshot!(format!("export-{format}"), text.concat());
    }
}

#[test]
fn hostile_names_stay_names() {
    let formats = [
        ("turtle", &["rdf", "x1"][..]),
        ("nquads", &["rdf", "x1", "--syntax", "nquads"]),
        ("graphml", &["graphml", "x1"]),
        ("gexf", &["gexf", "x1"]),
    ];
    for (name, arguments) in formats {
        insta::assert_snapshot!(format!("export-hostile-{name}"), export_hostile(arguments).0.stdout);
    }
    for name in ["graphml", "gexf"] {
        let (run, _folder) = export_hostile(&[name]);
        let document = roxmltree::Document::parse(&run.stdout).expect("XML");
        assert!(document.descendants().any(|it| it.attribute("label") == Some("=HYPERLINK(\"http://x\")")
            || it.text() == Some("=HYPERLINK(\"http://x\")")));
        assert!(run.stderr.contains("with control characters, which XML cannot write"), "{}", run.stderr);
    }
}

#[test]
fn no_cell_of_a_bundle_begins_like_a_formula_unless_asked_for() {
    let (run, folder) = export_hostile(&["ladybug", "--out", "guarded"]);
    assert!(run.stderr.contains("texts with an apostrophe in front 7"), "{}", run.stderr);
    let starts =
        |text: &str| text.split([',', '\n']).any(|it| it.trim_start_matches('"').starts_with(['=', '+', '-', '@']));
    for name in names(&folder.path().join("guarded")) {
        assert!(!name.ends_with(".csv") || !starts(&read(&folder, &format!("guarded/{name}"))), "{name}");
    }
    assert!(read(&folder, "guarded/Name.csv").contains("alpha~1,''quoted,"));
    assert!(read(&folder, "guarded/copy.cypher").contains("CASE WHEN starts_with(`name`, \"'\")"));

    let (_, folder) = export_hostile(&["neo4j", "--exact", "--out", "exact"]);
    assert!(read(&folder, "exact/Name.csv").contains("alpha~1,'quoted,"));
    assert!(starts(&read(&folder, "exact/Entity.csv")));
    assert!(!read(&folder, "exact/load.cypher").contains("STARTS WITH"));
    assert!(!folder.path().join("exact/after-import.cypher").exists());
}

#[test]
fn what_is_left_out_is_told() {
    let (run, folder) = export(&["gexf", "who", "--kind", "any", "--out", "x.gexf"]);
    assert_eq!(run.code, Some(0));
    let stats = purvey(&["stats", "--format", "json"]).stdout;
    let stats: serde_json::Value = serde_json::from_str(&stats).expect("JSON");
    let edges = read(&folder, "x.gexf").matches("<edge ").count() as u64;
    let missing = stats["counts"]["facts"].as_u64().expect("a number") - edges;
    assert!(missing > 0);
    assert!(
        run.stderr.contains(&format!("left out: {missing}: facts that lack a source or a target")),
        "{}",
        run.stderr
    );

    let (run, _folder) = export(&["gexf", "who", "--kind", "any", "--out", "x.gexf", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(report["written"]["edges"], edges);
    assert_eq!(report["left_out"][0]["count"], missing);
    assert_eq!(report["left_out"][0]["examples"].as_array().map(Vec::len), Some(3));
}

#[test]
fn an_answer_takes_its_evidence_along() {
    // Only what the question leaves goes out: facts, claims, and who they name.
    let whole = export(&["rdf", "who", "--to", "Russia"]).0.stdout;
    let less = export(&["rdf", "who", "--to", "Russia", "--without", "unnamed"]).0.stdout;
    assert!(whole.contains("purvey:Unnamed") && !less.contains("purvey:Unnamed"));
    assert!(less.len() < whole.len());
    let asked = export(&["rdf", "ask", "what did North Korea supply to Russia according to the MSMT?"]).0.stdout;
    assert!(asked.contains("fact/a11>") && !asked.contains("entity/poland>"));
    let all = export(&["rdf", "--without", "unnamed"]).0.stdout;
    assert!(!all.contains("purvey:Unnamed") && all.contains("fact/a11>"));
    // A list gives entities without facts.
    let countries = export(&["gexf", "list", "countries", "--shape", "nodes"]).0;
    assert_eq!(countries.code, Some(0), "{}", countries.stderr);
    let turtle = export(&["rdf", "list", "countries"]).0.stdout;
    assert!(turtle.contains("entity/russia> a purvey:Country") && !turtle.contains("a purvey:Fact"));
}

#[test]
fn nothing_found_writes_nothing() {
    for (question, code) in [(&["who", "--to", "Atlantis"][..], 1), (&["who", "--from", "Kyiv", "--to", "Poland"], 1)] {
        let arguments = [&["rdf"], question, &["--out", "x.ttl"]].concat();
        let (run, folder) = export(&arguments);
        assert_eq!(run.code, Some(code), "{}", run.stderr);
        assert!(names(folder.path()).is_empty());
        assert!(!run.stderr.is_empty() && run.stdout.is_empty());
    }
}

#[test]
fn wrong_usage_is_told_with_a_way_out() {
    for (arguments, told) in [
        (&["neo4j"][..], "--out FOLDER"),
        (&["gexf", "--syntax", "nquads"], "--syntax is not for gexf"),
        (&["rdf", "--shape", "nodes"], "--shape is not for rdf"),
        (&["rdf", "--exact"], "--exact is not for rdf"),
        (&["rdf", "--base", "nowhere"], "https://example.org/id/"),
        (&["rdf", "--base", "https://example.org/<x>/"], "https://example.org/id/"),
        (&["rdf", "--format", "csv"], "--format json"),
        (&["rdf", "--format", "json"], "--out"),
        (&["xlsx"], "graphml"),
        (&[], "FORMAT"),
        (&["gexf", "--out", "nowhere/x.gexf"], "nowhere"),
    ] {
        let (run, folder) = export(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.stderr);
        assert!(run.stderr.contains(told), "{arguments:?}: {}", run.stderr);
        assert!(names(folder.path()).is_empty());
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_names_the_feature() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run: Run =
        command(folder.path()).args(["export", "parquet", "--out", "x"]).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--features parquet"), "{}", run.stderr);
    let help: Run = command(folder.path()).args(["export", "--help"]).output().expect("the binary runs").into();
    assert!(!help.stdout.contains("parquet") && help.stdout.contains("ladybug"), "{}", help.stdout);
}

#[test]
fn a_folder_is_replaced_only_when_told_so_and_then_whole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| -> Run {
        let arguments = [&["export", "ladybug", "--out", "x"], arguments].concat();
        command(folder.path()).args(arguments).output().expect("the binary runs").into()
    };
    fs::create_dir(folder.path().join("x")).expect("a new folder");
    assert_eq!(run(&["a11"]).code, Some(0), "an empty folder will do");
    let first = names(&folder.path().join("x"));
    fs::write(folder.path().join("x/mine.txt"), "mine").expect("a new file");
    let refused = run(&["a13"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("--force"), "{}", refused.stderr);
    // What no export writes is nobody's to remove, whatever its name ends with and wherever it stands.
    for mine in ["x/mine.txt", "x/mine.csv", "x/sub/Entity.csv"] {
        let mine = folder.path().join(mine);
        fs::create_dir_all(mine.parent().expect("a folder")).expect("a new folder");
        fs::write(&mine, "mine").expect("a new file");
        let refused = run(&["a13", "--force"]);
        assert_eq!(refused.code, Some(2), "{}", mine.display());
        assert!(refused.stderr.contains("would be lost"), "{}", refused.stderr);
        assert_eq!(fs::read_to_string(&mine).expect("the old file"), "mine");
        fs::remove_file(&mine).expect("a file");
    }
    assert_eq!(run(&["a13", "--force"]).code, Some(2), "a folder in it is somebody's own too");
    fs::remove_dir(folder.path().join("x/sub")).expect("an empty folder");
    assert_eq!(run(&["a13", "--force"]).code, Some(0));
    assert_eq!(names(&folder.path().join("x")), first);
    assert_eq!(names(folder.path()), ["x"], "nothing is left beside it");
    fs::write(folder.path().join("file"), "mine").expect("a new file");
    let run: Run =
        command(folder.path()).args(["export", "neo4j", "--out", "file"]).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(2));
    assert_eq!(fs::read_to_string(folder.path().join("file")).expect("the old file"), "mine");
}

#[test]
fn what_no_longer_counts_stays_behind() {
    let base = r#"(entities: [Country(id: "a", name: "A"), Country(id: "b", name: "B"), Materiel(id: "shell", name: "shell"),
        Organization(id: "press", name: "Press"), Document(id: "report", name: "Report", publisher: "press", date: "2024")])"#;
    let facts = r#"(document: "report", defaults: (by: "press"), facts: [
        Supply(id: "kept", supplier: "a", recipient: "b", item: "shell"),
        Supply(id: "gone", supplier: "b", recipient: "a", item: "shell", withdrawn: "2025"),
    ])"#;
    for format in ["rdf", "gexf", "graphml"] {
        let run = purvey_on(&[("base.ron", base), ("facts.ron", facts)], &["export", format]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(run.stdout.contains("kept") && !run.stdout.contains("gone"), "{format}");
        assert!(run.stderr.contains("left out: 1: facts of which no claim counts"), "{}", run.stderr);
    }
}

#[test]
fn a_snapshot_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data");
    let run = |arguments: &[&str]| -> Run {
        let run: Run = command(folder.path()).args(arguments).output().expect("the binary runs").into();
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run
    };
    let data = data.to_str().expect("a path of letters");
    run(&["build", data, "--out", "facts.purvey"]);
    for format in ["rdf", "gexf", "graphml"] {
        let read = run(&["--data", data, "--no-cache", "export", format]).stdout;
        assert_eq!(read, run(&["--data", "facts.purvey", "export", format]).stdout, "{format}");
    }
}
