//! `purvey diff`: what changed between two states of the data.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use purvey::graph::{KnowledgeGraph, Snapshot, write_snapshot};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{Dataset, Outcome, Period, Quantity, Stance};
use purvey::query::{Change, Comparison, compare};
use serde_json::Value;

use crate::generated::generate;
use crate::support::{Run, command, folder_of};

const OLD: &str = r#"(
    entities: [
        Country(id: "north-korea", name: "North Korea"), Country(id: "russia", name: "Russia"),
        Materiel(id: "ballistic-missile", name: "ballistic missile", plural: "ballistic missiles"),
        Organization(id: "msmt", name: "MSMT"), Organization(id: "upi", name: "UPI"),
        Document(id: "report", name: "Report", date: "2025-05-29"),
    ],
    document: "report", defaults: (by: "upi"),
    facts: [
        Supply(id: "a1", supplier: "north-korea", recipient: "russia", item: "ballistic-missile", quantity: "at least 100", period: "2024"),
        Supply(id: "a2", supplier: "russia", recipient: "north-korea", item: "ballistic-missile"),
    ],
)"#;

fn data(old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a step of the test works");
    for (name, text) in [("old", old), ("new", new)] {
        std::fs::create_dir(folder.path().join(name)).expect("a step of the test works");
        std::fs::write(folder.path().join(name).join("facts.ron"), text).expect("a step of the test works");
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder)
        .args(arguments)
        .env("PATH", std::env::var_os("PATH").expect("a step of the test works"))
        .output()
        .expect("a step of the test works")
        .into()
}

/// The text of a difference between two texts of records.
fn told(old: &str, new: &str, arguments: &[&str]) -> String {
    let folder = data(old, new);
    let all: Vec<&str> = ["diff", "old", "new"].iter().chain(arguments).copied().collect();
    let run = run(folder.path(), &all);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(OLD.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

#[test]
fn a_change_says_what_went_from_what_to_what() {
    let new = edited(&[
        (
            "quantity: \"at least 100\", period: \"2024\"",
            "claims: [(quantity: \"250\"), (by: \"msmt\")], period: \"2024-03\"",
        ),
        ("recipient: \"north-korea\"", "recipient: \"msmt\""),
        ("name: \"UPI\"", "name: \"United Press International\", short: \"UPI\""),
    ]);
    insta::assert_snapshot!(told(OLD, &new, &[]));
}

#[test]
fn what_comes_and_goes_is_told_with_its_claims() {
    let new = edited(&[("id: \"a2\"", "id: \"a3\""), ("Organization(id: \"msmt\", name: \"MSMT\"), ", "")]);
    insta::assert_snapshot!(told(OLD, &new, &[]));
    assert_eq!(told(OLD, OLD, &[]), "nothing changed\n");
}

#[test]
fn another_claimant_of_the_same_is_a_change_of_the_claim() {
    let told = told(OLD, &edited(&[("defaults: (by: \"upi\")", "defaults: (by: \"msmt\")")]), &[]);
    assert!(told.starts_with("2 facts changed, 2 claims changed\n"), "{told}");
    assert!(told.contains("    claimant: UPI → MSMT\n"), "{told}");
}

#[test]
fn a_date_of_a_document_is_one_change() {
    let new = edited(&[("date: \"2025-05-29\"", "date: \"2025-05-30\"")]);
    let told = told(OLD, &new, &[]);
    assert_eq!(
        told,
        "1 entity changed\n\nEntities\n~ report  Report (document)\n    date: on 29 May 2025 → on 30 May 2025\n"
    );
}

#[test]
fn answers_are_compared_when_asked_for() {
    let new = edited(&[("quantity: \"at least 100\"", "quantity: \"250\"")]);
    let ask = ["--ask", "who --to Russia", "--ask", "what did Russia supply?", "--ask", "path \"North Korea\" Russia"];
    insta::assert_snapshot!(told(OLD, &new, &ask));
    let folder = data(OLD, &new);
    let refused = run(folder.path(), &["diff", "old", "new", "--ask", "who --to Atlantis"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("no answer before or after"), "{}", refused.stderr);
    // A name that only one side knows has an answer there.
    let new = edited(&[("name: \"MSMT\"", "name: \"Atlantis\"")]);
    assert!(told(OLD, &new, &["--ask", "show Atlantis"]).contains("no answer"));
    let misplaced = run(folder.path(), &["diff", "old", "new", "--without", "unnamed"]);
    assert_eq!(misplaced.code, Some(2));
}

#[test]
fn exit_codes_are_those_of_a_difference() {
    let folder = data(OLD, &edited(&[("\"2024\"", "\"2023\"")]));
    let code = |arguments: &[&str]| run(folder.path(), arguments).code;
    assert_eq!(code(&["diff", "old", "new"]), Some(0));
    assert_eq!(code(&["diff", "old", "new", "--exit-code"]), Some(1));
    assert_eq!(code(&["diff", "old", "old", "--exit-code"]), Some(0));
    assert_eq!(code(&["diff", "old", "not-there", "--exit-code"]), Some(2));
    assert_eq!(code(&["diff", "old", "missing.purvey"]), Some(2));
    assert_eq!(code(&["diff", "old", "new", "--format", "csv"]), Some(2));
    std::fs::write(folder.path().join("new/facts.ron"), "(facts: [Supply(").expect("a step of the test works");
    assert_eq!(code(&["diff", "old", "new"]), Some(2));
}

#[test]
fn names_are_escaped_for_each_output() {
    let name = "<b>x</b> | *y*\\u{202e}\\u{1b}[31m\\n# z";
    let new = edited(&[("name: \"MSMT\"", &format!("name: \"{name}\""))]);
    let text = told(OLD, &new, &[]);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("\n# z"), "{text}");
    let markdown = told(OLD, &new, &["--format", "markdown"]);
    assert!(!markdown.contains("<b>") && !markdown.contains(" *y*") && !markdown.contains("\n# z"), "{markdown}");
    let json: Value = serde_json::from_str(&told(OLD, &new, &["--format", "json"])).expect("a step of the test works");
    assert_eq!(json["entities"][0]["changes"][0]["new"], "<b>x</b> | *y*\u{202e}\u{1b}[31m\n# z");
}

#[test]
fn json_and_markdown_tell_the_same() {
    let new = edited(&[("quantity: \"at least 100\"", "quantity: \"250\""), ("id: \"a2\"", "id: \"a3\"")]);
    insta::assert_snapshot!("diff_json", told(OLD, &new, &["--format", "json"]));
    insta::assert_snapshot!("diff_markdown", told(OLD, &new, &["--format", "markdown"]));
}

#[test]
fn an_unnamed_participant_is_known_by_where_else_it_stands() {
    let label = |label: &str| format!("Unnamed(of: \"msmt\", label: \"{label}\")");
    let with = |one: &str, other: &str| {
        edited(&[
            ("supplier: \"north-korea\"", &format!("supplier: {one}")),
            ("supplier: \"russia\"", &format!("supplier: {other}")),
        ])
    };
    let same = with(&label("1"), &label("1"));
    // Another label for the same one says nothing.
    assert_eq!(told(&same, &with(&label("x"), &label("x")), &[]), "nothing changed\n");
    let apart = told(&same, &with(&label("1"), &label("2")), &[]);
    assert!(
        apart.contains("supplier: an unnamed member of MSMT, the same as in a1 → an unnamed member of MSMT"),
        "{apart}"
    );
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command.current_dir(folder).args([
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "-c",
        "init.defaultBranch=main",
    ]);
    let output = command
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("a step of the test works");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn revisions_of_git_are_compared() {
    let folder = folder_of(&[("facts.ron", OLD), ("deep/er/more.ron", "()"), (".hidden.ron", "(facts: [")]);
    let (at, file) = (folder.path(), folder.path().join("graph-data/facts.ron"));
    let told = |arguments: &[&str]| {
        let run = run(at, arguments);
        assert_eq!(run.code, Some(0), "{arguments:?} {}", run.stderr);
        run.stdout
    };
    git(at, &["init", "--quiet"]);
    git(at, &["add", "."]);
    git(at, &["commit", "--quiet", "-m", "one"]);
    std::fs::write(&file, edited(&[("\"2024\"", "\"2023\"")])).expect("a step of the test works");
    git(at, &["commit", "--quiet", "-am", "two"]);
    git(at, &["tag", "-a", "second", "-m", "a tag"]);
    let one = "1 fact changed\n\nFacts\n~ a1  North Korea → Russia: at least 100 ballistic missiles\n    period: in 2024 → in 2023\n";
    for arguments in [
        &["diff", "HEAD~1", "HEAD"][..],
        &["diff", "HEAD~1", "second"],
        &["diff", "HEAD~1:graph-data", "main:graph-data"],
        &["diff", "HEAD~1:graph-data/facts.ron", "main:graph-data"],
        &["diff", "HEAD~1"],
        &["diff", "HEAD~1", "graph-data"],
        &["diff", "HEAD~1", "--data", "graph-data"],
    ] {
        assert_eq!(told(arguments), one, "{arguments:?}");
    }
    assert_eq!(told(&["diff", "main", "graph-data"]), "nothing changed\n");
    // From within the folder, and where it is gone.
    let inside = run(&at.join("graph-data"), &["diff", "HEAD~1", "."]);
    assert_eq!(inside.stdout, one, "{}", inside.stderr);
    std::fs::rename(at.join("graph-data"), at.join("elsewhere")).expect("a step of the test works");
    assert_eq!(told(&["diff", "HEAD~1", "HEAD"]), one);

    for (name, says) in [
        ("nothing-like-it", "git knows no `nothing-like-it`"),
        ("HEAD:nowhere", "git knows no"),
        (":graph-data", "is no name of a revision"),
        ("HEAD..main", "no"),
    ] {
        let refused = run(at, &["diff", name, "elsewhere"]);
        assert_eq!(refused.code, Some(2), "{name}");
        assert!(refused.stderr.contains(says), "{name}: {}", refused.stderr);
    }
    let refused = run(at, &["diff", "--", "--output=stolen", "elsewhere"]);
    assert!(refused.code == Some(2) && refused.stderr.contains("is no name of a revision"), "{}", refused.stderr);
    assert!(!at.join("stolen").exists());
}

#[test]
fn without_git_a_revision_is_refused_in_words() {
    let folder = data(OLD, OLD);
    let refused: Run = command(folder.path())
        .args(["diff", "HEAD", "new"])
        .env("PATH", "")
        .output()
        .expect("a step of the test works")
        .into();
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("git cannot be run"), "{}", refused.stderr);
    let outside = run(folder.path(), &["diff", "HEAD", "new"]);
    assert_eq!(outside.code, Some(2));
}

fn generated_data(facts: usize, seed: u64) -> Dataset {
    let folder = tempfile::tempdir().expect("a step of the test works");
    let path = folder.path().join("facts.ron");
    std::fs::write(&path, generate::ron(facts, seed)).expect("a step of the test works");
    load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.expect("a step of the test works")
}

fn compared(old: &Dataset, new: &Dataset) -> Comparison {
    compare(&KnowledgeGraph::new(old), &KnowledgeGraph::new(new)).expect("a step of the test works")
}

#[test]
fn a_folder_and_its_snapshot_are_the_same() {
    for (facts, seed) in [(50, 1), (700, 2), (2500, 3)] {
        let dataset = generated_data(facts, seed);
        let graph = KnowledgeGraph::new(&dataset);
        let mut bytes = Vec::new();
        write_snapshot(&graph, b"", &mut bytes).expect("a step of the test works");
        let snapshot = Snapshot::new(bytes).expect("a step of the test works");
        assert_eq!(compare(&graph, &snapshot).expect("a step of the test works"), Comparison::default());
        assert_eq!(compare(&snapshot, &graph).expect("a step of the test works"), Comparison::default());
        assert_eq!(compare(&snapshot, &snapshot).expect("a step of the test works"), Comparison::default());
    }
}

#[test]
fn everything_is_added_to_nothing_and_the_other_way_round() {
    let dataset = generated_data(300, 5);
    let empty = Dataset { vocabulary: dataset.vocabulary.clone(), ..Dataset::default() };
    let (added, removed) = (compared(&empty, &dataset), compared(&dataset, &empty));
    assert_eq!((added.facts.added, removed.facts.removed), (dataset.facts.len(), dataset.facts.len()));
    assert_eq!(added.entities.len(), dataset.entities.len());
    assert!(removed.records.iter().all(|it| it.change == Change::Removed));
}

/// Makes one edit, and tells of which record or entity.
fn edit(dataset: &mut Dataset, sort: u8, at: usize, other: usize) -> Option<String> {
    let record_at = at % dataset.records.len();
    let record = dataset.records[record_at].clone();
    let id = record.id.to_string();
    let claim = record.claims.start as usize + other % record.claims.len().max(1);
    match sort {
        0 => {
            let count = dataset.entities.len();
            let entity = &mut dataset.entities[at % count];
            entity.name = format!("{}-{other}", entity.name).into();
            Some(entity.id.to_string())
        }
        1 => {
            let period = Period::parse(&format!("{}", 1900 + other % 100)).expect("a step of the test works");
            dataset.records[record_at].period = Some(period);
            (record.period != Some(period)).then_some(id)
        }
        2 => {
            let outcome = Outcome::ALL[other % Outcome::ALL.len()];
            dataset.records[record_at].outcome = outcome;
            (record.outcome != outcome).then_some(id)
        }
        3 => {
            let stance = Stance::ALL[other % Stance::ALL.len()];
            let same = dataset.claims[claim].stance == stance;
            dataset.claims[claim].stance = stance;
            (!same).then_some(id)
        }
        4 => {
            let terms = dataset.vocabulary.terms.clone();
            let (_, quantity) = dataset.claims[claim].figures.first_mut()?;
            let new = Quantity::parse(&format!("at least {}", 7_000_000 + other), &terms, quantity.unit)
                .expect("a step of the test works");
            *quantity = new;
            Some(id)
        }
        5 => {
            dataset.claims[claim].scope = Some(format!("scope {other}").into());
            Some(id)
        }
        6 => {
            let at = dataset.claims[claim].at.as_mut()?;
            at.paragraph += 1;
            Some(id)
        }
        7 => {
            dataset.records[record_at].relations.pop()?;
            Some(id)
        }
        8 => {
            let fact = &mut dataset.facts[record.facts.start as usize];
            let (_, participant) = fact.roles.first_mut()?;
            let before = participant.node;
            let entity = (other % dataset.entities.len()) as u32;
            // From an entity to another, so that nobody unnamed moves.
            if before.index() >= dataset.entities.len() || before.0 == entity {
                return None;
            }
            participant.node.0 = entity;
            Some(id)
        }
        _ => {
            let by = &mut dataset.claims[claim].by;
            let entity = (other % dataset.entities.len()) as u32;
            if by.index() >= dataset.entities.len() || by.0 == entity {
                return None;
            }
            by.0 = entity;
            Some(id)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is edited is found, and nothing else is.
    #[test]
    fn random_edits_are_all_found(seed in 0_u64..6, edits in prop::collection::vec((0_u8..10, any::<u16>(), any::<u16>()), 1..12)) {
        let old = generated_data(250, seed);
        let mut new = old.clone();
        let mut edited = BTreeSet::new();
        let mut touched = BTreeSet::new();
        for (sort, at, other) in edits {
            // A second edit of one thing could undo the first.
            let place = if sort == 0 { usize::from(at) % old.entities.len() + 1_000_000 } else { usize::from(at) % old.records.len() };
            if touched.insert(place) {
                edited.extend(edit(&mut new, sort, at.into(), other.into()));
            }
        }
        let found = compared(&old, &new);
        let told: BTreeSet<String> = found.records.iter().chain(&found.entities).map(|it| it.id.clone()).collect();
        prop_assert_eq!(&told, &edited);
        prop_assert!(found.records.iter().all(|it| it.change == Change::Changed && !it.changes.is_empty()));
        let back = compared(&new, &old);
        let told: BTreeSet<String> = back.records.iter().chain(&back.entities).map(|it| it.id.clone()).collect();
        prop_assert_eq!(&told, &edited);
    }

    /// Records that are taken away and come again are found as such.
    #[test]
    fn records_that_go_are_found(seed in 0_u64..6, gone in prop::collection::btree_set(0_usize..120, 1..6)) {
        let text = generate::ron(120, seed);
        let folder = tempfile::tempdir().expect("a step of the test works");
        let path = folder.path().join("facts.ron");
        std::fs::write(&path, &text).expect("a step of the test works");
        let read = || load(&Sources::Paths(vec![path.clone()]), LoadOptions { drafts: true }).dataset.expect("a step of the test works");
        let old = read();
        let ids: Vec<String> = gone.iter().map(|at| old.records[*at].id.to_string()).collect();
        // A draft is left out.
        let mut new_text = text;
        for id in &ids {
            new_text = new_text.replacen(&format!("(id: \"{id}\","), &format!("(id: \"{id}\", draft: true,"), 1);
        }
        std::fs::write(&path, &new_text).expect("a step of the test works");
        let marked = compared(&old, &read());
        let told: BTreeSet<&str> = marked.records.iter().filter(|it| it.changes.iter().any(|it| it.field == "draft")).map(|it| it.id.as_str()).collect();
        prop_assert_eq!(told, ids.iter().map(String::as_str).collect::<BTreeSet<_>>());
    }
}
