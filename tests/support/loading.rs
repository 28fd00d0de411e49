//! What tests of loading share: folders of files made on the spot, and their findings as a reader sees them.
#![expect(clippy::unwrap_used, reason = "helpers of tests are no tests to clippy")]
#![allow(clippy::allow_attributes, dead_code, reason = "each test file uses some of this")]

use std::path::{Path, PathBuf};

use purvey::diagnostic::{RenderOptions, render};
use purvey::exchange::{Context, write_json};
use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, Snapshot, write_snapshot};
use purvey::load::{LoadOptions, Loaded, Sources, load};
use purvey::query::{Answer, Evidence, QueryError, Question, answer_on};

/// Entities that every table of cases may use, each used once, so that none is reported as unused.
pub(crate) const BASE: &str = r#"(
    entities: [
        Country(id: "north-korea", name: "North Korea", demonyms: ["North Korean"]),
        Country(id: "russia", name: "Russia"),
        Country(id: "ukraine", name: "Ukraine"),
        Organization(id: "msmt", name: "MSMT"),
        Materiel(id: "missile", name: "missile"),
        Materiel(id: "shell", name: "shell", unit: "round"),
        Population(id: "troops", name: "troops"),
        Place(id: "kyiv", name: "Kyiv", part_of: "ukraine"),
        Document(id: "report", name: "The report", date: "2025-05-30"),
        Document(id: "article", name: "The article", date: "2025-06-01"),
    ],
    document: "report",
    defaults: (by: "msmt", via: ["article"]),
    facts: [
        Supply(id: "base-1", supplier: "north-korea", item: ["missile", "shell"], recipient: "russia"),
        Dispatch(id: "base-2", sender: "north-korea", people: (id: "troops", of: "north-korea"), recipient: "russia"),
        Attack(id: "base-3", attacker: "russia", target: "kyiv"),
    ],
)
"#;

/// Files in a folder of their own.
pub(crate) fn folder<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    folder
}

/// Loads what is at `path`.
pub(crate) fn load_path(path: &Path) -> Loaded {
    load(&Sources::Paths(vec![path.to_owned()]), LoadOptions::default())
}

/// Loads files from a folder of their own.
pub(crate) fn load_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Loaded {
    load_path(folder(files).path())
}

/// Findings as text, with the names of files without their folder.
pub(crate) fn rendered(loaded: &Loaded, folder: &Path) -> String {
    let prefix = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
    let options = RenderOptions { width: 120, colour: false };
    loaded.findings.iter().map(|it| render(it, &loaded.sources, options).replace(&prefix, "")).collect()
}

/// The findings about `files`, as text.
pub(crate) fn findings_of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let folder = folder(files);
    rendered(&load_path(folder.path()), folder.path())
}

/// The findings about a file beside [`BASE`].
pub(crate) fn findings(text: &str) -> String {
    findings_of([("base.ron", BASE.as_bytes()), ("x.ron", text.trim_start_matches('\n').as_bytes())])
}

/// The findings about records of facts beside [`BASE`]; line 1 of the file is the first line of `records`.
pub(crate) fn of_facts(records: &str) -> String {
    let records = records.trim_matches('\n');
    findings(&format!("(document: \"report\", defaults: (by: \"msmt\"), facts: [\n{records}\n])\n"))
}

/// The findings about entities beside [`BASE`].
pub(crate) fn of_entities(records: &str) -> String {
    let records = records.trim_matches('\n');
    findings(&format!("(entities: [\n{records}\n])\n"))
}

/// The files of the built-in data.
pub(crate) fn built_in_files() -> Vec<(PathBuf, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data");
    let mut files: Vec<_> = walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|it| it.file_type().is_file() && it.path().extension().is_some_and(|it| it == "ron"))
        .map(|it| (it.path().strip_prefix(&root).unwrap().to_owned(), std::fs::read(it.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// The graph of one file, which must be sound.
pub(crate) fn graph_of(text: &str) -> KnowledgeGraph {
    let loaded = load_files([("x.ron", text.as_bytes())]);
    KnowledgeGraph::new(&loaded.dataset.unwrap_or_else(|| panic!("{:?}", loaded.findings)))
}

/// A graph as a snapshot.
pub(crate) fn mapped<G: GraphView>(graph: &G) -> Snapshot<AlignedBytes> {
    let mut bytes = Vec::new();
    write_snapshot(graph, b"", &mut bytes).expect("a snapshot");
    Snapshot::new(AlignedBytes::copy(&bytes)).expect("a snapshot")
}

/// The answer as JSON, or the error in words.
pub(crate) fn told<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> String {
    match answer_on(graph, question, evidence) {
        Ok(answer) => {
            let mut out = Vec::new();
            write_json(&answer, &Context::default(), &mut out).expect("JSON");
            String::from_utf8(out).expect("UTF-8")
        }
        Err(error) => format!("{error} {:?}", error.help()),
    }
}

/// The answer from memory, which must be that from a snapshot too.
pub(crate) fn answer_of_both(graph: &KnowledgeGraph, question: &Question) -> Result<Answer, QueryError> {
    let all = Evidence::default();
    assert_eq!(told(graph, question, &all), told(&mapped(graph), question, &all), "{question}");
    answer_on(graph, question, &all)
}

/// The built-in data.
pub(crate) fn built_in() -> purvey::model::Dataset {
    load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("sound data")
}
