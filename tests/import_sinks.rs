//! Import records as a folder and as a snapshot: the same graph, which `check` lets pass.

use purvey::diagnostic::Severity;
use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, Snapshot, write_snapshot};
use purvey::import::{
    Bibliography, Claim, End, Entity, Fact, FolderSink, ImportCode, ImportFindings, Name, Sink, SnapshotSink, Taken,
};
use purvey::load::{LoadOptions, Sources, load, load_vocabulary};
use purvey::model::{EntityKind, NameKind, Outcome, RelationKind, Stance};

fn entity(id: &str, kind: EntityKind, name: &str) -> Entity {
    Entity { id: id.to_owned(), kind, name: name.to_owned(), ..Entity::default() }
}

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|it| (*it).to_owned()).collect()
}

fn role(name: &str, end: End) -> (String, Vec<End>) {
    (name.to_owned(), vec![end])
}

fn claim() -> Claim {
    Claim::new(End::entity("register"), "register-2025")
}

/// Facts come before the entities that they name; ids are not in order.
fn fill(sink: &mut dyn Sink) -> std::io::Result<Vec<Taken>> {
    let mut taken = Vec::new();
    let fact = |id: &str, kind: &str, roles, claims| Fact {
        id: id.to_owned(),
        kind: kind.to_owned(),
        roles,
        claims,
        ..Fact::default()
    };
    sink.place("test.csv", Some(2));
    taken.push(sink.fact(Fact {
        period: Some("2024-03~".to_owned()),
        extra: vec![("comment".to_owned(), words(&["as \"seen\"", " ", "b"])), ("empty".to_owned(), vec![])],
        ..fact(
            "z-9",
            "supply",
            vec![
                role("recipient", End::entity("russia")),
                role("item", End::entity("missile")),
                role("supplier", End::Unnamed { of: "group".to_owned(), label: Some("1".to_owned()) }),
            ],
            vec![Claim { figures: vec![("quantity".to_owned(), "at least 100".to_owned())], ..claim() }],
        )
    })?);
    for it in [
        Entity { unit: Some("round".to_owned()), ..entity("missile", EntityKind::Materiel, "missile") },
        Entity {
            names: vec![
                Name::code("iso3166", "RU"),
                Name { lang: Some("ru".to_owned()), script: Some("Cyrl".to_owned()), ..Name::alias("Россия") },
                Name { kind: NameKind::Demonym, ..Name::alias("Russian") },
                Name::code("wikidata", "Q159"),
                Name::code("iso3166", "RUS"),
            ],
            extra: vec![("topics".to_owned(), words(&["sanction", "export"]))],
            ..entity("russia", EntityKind::Country, "Russia")
        },
        Entity { part_of: Some("russia".to_owned()), ..entity("group", EntityKind::Organization, "Group") },
        entity("register", EntityKind::Organization, "The Register"),
        Entity {
            document: Some(Bibliography {
                title: Some("A title".to_owned()),
                publisher: Some("register".to_owned()),
                date: Some("2025-03".to_owned()),
                address: Some("https://example.org/a".to_owned()),
            }),
            ..entity("register-2025", EntityKind::Document, "Register, 2025")
        },
        entity("register-2024", EntityKind::Document, "Register, 2024"),
        entity("children", EntityKind::Population, "children"),
        entity("lost", EntityKind::Place, "Lost"),
    ] {
        sink.entity(it)?;
    }
    let people = |of: &str| End::PeopleOf { id: "children".to_owned(), of: of.to_owned() };
    taken.push(sink.fact(Fact {
        outcome: Outcome::Planned,
        relations: vec![
            (RelationKind::InReturnFor, words(&["z-9", "not-there"])),
            (RelationKind::PartOf, words(&["z-10"])),
        ],
        ..fact(
            "b-2",
            "forced-transfer",
            vec![role("people", people("group")), role("taker", End::entity("russia"))],
            vec![
                Claim { period: Some("2022".to_owned()), inferred: words(&["period"]), ..claim() },
                Claim {
                    document: "register-2024".to_owned(),
                    via: words(&["register-2025"]),
                    stance: Stance::Alleges,
                    by: End::Unnamed { of: "group".to_owned(), label: None },
                    figures: vec![("quantity".to_owned(), "35,000".to_owned())],
                    scope: Some("the north".to_owned()),
                    ..claim()
                },
            ],
        )
    })?);
    let supply = |id: &str| {
        let unnamed = End::Unnamed { of: "group".to_owned(), label: Some("1".to_owned()) };
        fact(id, "supply", vec![role("item", End::entity("missile")), role("supplier", unnamed)], vec![claim()])
    };
    taken.push(sink.fact(supply("z-10"))?);
    taken.push(sink.fact(supply("z-10"))?);
    let wrong = |id: &str, item: &str| fact(id, "supply", vec![role("item", End::entity(item))], vec![claim()]);
    taken.push(sink.fact(wrong("w-1", "russia"))?);
    taken.push(sink.fact(wrong("w-2", "never-comes"))?);
    Ok(taken)
}

#[test]
fn both_sinks_give_the_same_graph_and_the_same_findings() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let vocabulary = load_vocabulary(&[]).0;
    let mut findings = [ImportFindings::default(), ImportFindings::default()];

    let mut sink = FolderSink::new(&folder, false, vocabulary.clone()).unwrap();
    let taken = fill(&mut sink).unwrap();
    use Taken::{Kept, Refused, Waits};
    assert_eq!(taken, [Waits, Kept, Kept, Refused, Refused, Waits]);
    let summary = sink.finish(&mut findings[0]).unwrap();
    assert_eq!((summary.entities, summary.facts, summary.claims, summary.refused), (8, 3, 4, 3));

    let mut sink = SnapshotSink::new(vocabulary);
    fill(&mut sink).unwrap();
    let mut direct = Vec::new();
    let other = sink.finish(&mut findings[1], &mut direct).unwrap();
    assert_eq!(summary, other);

    let loaded = load(&Sources::Paths(vec![folder]), LoadOptions::default());
    let errors: Vec<_> = loaded.findings.iter().filter(|it| it.code.severity() == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let graph = KnowledgeGraph::new(&loaded.dataset.unwrap());
    let mut read = Vec::new();
    write_snapshot(&graph, b"", &mut read).unwrap();
    assert!(read == direct, "the snapshots differ");

    let counts = findings.each_ref().map(|it| it.counts().collect::<Vec<_>>());
    let expected = [(ImportCode::UnknownReference, 2), (ImportCode::DuplicateId, 1), (ImportCode::BadRole, 1)].to_vec();
    assert_eq!(counts, [expected.clone(), expected]);
    assert!(findings[0].kept().iter().all(|it| it.line == Some(2) && &*it.file == "test.csv"));

    let missile = graph.record_by_id("z-9").unwrap();
    let extra: Vec<_> = graph.extra_of_record(missile).map(|it| (it.name, it.value)).collect();
    assert_eq!(extra, [("comment", "as \"seen\""), ("comment", "b")]);
}

/// Of two facts with one id the first goes in, whether or not it has relations; what relations lack is told where they stand.
#[test]
fn both_sinks_keep_the_same_of_two_facts_and_tell_the_same_places() {
    fn fill(sink: &mut dyn Sink) -> Vec<Taken> {
        for it in [
            entity("a", EntityKind::Country, "A"),
            entity("missile", EntityKind::Materiel, "missile"),
            entity("register", EntityKind::Organization, "The Register"),
            entity("register-2025", EntityKind::Document, "Register, 2025"),
        ] {
            sink.entity(it).unwrap();
        }
        let fact = |id: &str, outcome, relations| Fact {
            id: id.to_owned(),
            kind: "supply".to_owned(),
            roles: vec![role("item", End::entity("missile")), role("supplier", End::entity("a"))],
            claims: vec![claim()],
            outcome,
            relations,
            ..Fact::default()
        };
        let lost = |id: &str| vec![(RelationKind::PartOf, words(&[id]))];
        let facts = [
            fact("z", Outcome::Planned, lost("nothing-1")),
            fact("z", Outcome::Happened, Vec::new()),
            fact("b", Outcome::Happened, lost("nothing-2")),
            fact("c", Outcome::Happened, Vec::new()),
        ];
        (10..)
            .zip(facts)
            .map(|(line, it)| {
                sink.place("test.csv", Some(line));
                sink.fact(it).unwrap()
            })
            .collect()
    }
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("data");
    let mut findings = [ImportFindings::default(), ImportFindings::default()];
    let mut sink = FolderSink::new(&folder, false, load_vocabulary(&[]).0).unwrap();
    let expected = [Taken::Kept, Taken::Refused, Taken::Kept, Taken::Kept];
    assert_eq!(fill(&mut sink), expected);
    sink.finish(&mut findings[0]).unwrap();
    let mut sink = SnapshotSink::new(load_vocabulary(&[]).0);
    assert_eq!(fill(&mut sink), expected);
    let mut direct = Vec::new();
    sink.finish(&mut findings[1], &mut direct).unwrap();

    let graph = KnowledgeGraph::new(&load(&Sources::Paths(vec![folder]), LoadOptions::default()).dataset.unwrap());
    assert_eq!(graph.record(graph.record_by_id("z").unwrap()).outcome, Outcome::Planned);
    let mut read = Vec::new();
    write_snapshot(&graph, b"", &mut read).unwrap();
    assert!(read == direct, "the snapshots differ");
    let told = findings.each_ref().map(|it| it.kept().iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(told[0], told[1]);
    let lines: Vec<_> = findings[1].kept().iter().map(|it| (it.code, it.line)).collect();
    let unknown = ImportCode::UnknownReference;
    assert_eq!(lines, [(ImportCode::DuplicateId, Some(11)), (unknown, Some(10)), (unknown, Some(12))]);
}

#[test]
fn what_entities_say_of_each_other_is_looked_up_and_circles_are_cut() {
    let mut sink = SnapshotSink::new(load_vocabulary(&[]).0);
    let part = |id: &str, of: &str| Entity { part_of: Some(of.to_owned()), ..entity(id, EntityKind::Place, id) };
    for it in [part("a", "b"), part("b", "c"), part("c", "a"), part("d", "nowhere"), part("e", "a")] {
        sink.entity(it).unwrap();
    }
    let mut findings = ImportFindings::default();
    sink.finish(&mut findings, &mut Vec::new()).unwrap();
    let told: Vec<&str> = findings.kept().iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        told,
        ["`part_of` of `d`: `nowhere` is not in the input", "following `part_of` from `a` leads back to it"]
    );
}

#[test]
fn an_entity_that_comes_again_is_completed_and_contradictions_are_told() {
    let mut sink = SnapshotSink::new(load_vocabulary(&[]).0);
    let mut other = entity("acme", EntityKind::Organization, "ACME");
    other.names = vec![Name::alias("Acme Ltd")];
    for it in
        [entity("acme", EntityKind::Organization, "ACME"), other, entity("acme", EntityKind::Organization, "Acme")]
    {
        sink.entity(it).unwrap();
    }
    let (mut findings, mut bytes) = (ImportFindings::default(), Vec::new());
    let summary = sink.finish(&mut findings, &mut bytes).unwrap();
    assert_eq!(summary.entities, 1);
    assert_eq!(findings.kept()[0].message, "the entity `acme` comes again with another name");
    // The other name is told and not lost.
    let graph = Snapshot::new(AlignedBytes::copy(&bytes)).unwrap();
    let acme = graph.entity_by_id("acme").unwrap();
    assert_eq!(graph.entity(acme).name, "ACME");
    let names: Vec<_> = graph.names(acme).map(|it| (it.kind, it.text)).collect();
    assert!(names.ends_with(&[(NameKind::Alias, "Acme Ltd"), (NameKind::Alias, "Acme")]), "{names:?}");
}

#[test]
fn every_code_has_a_line_in_the_documentation() {
    let documented = include_str!("../docs/import.md");
    for code in ImportCode::ALL {
        let line = format!("| `{}` | {} | {} |", code.as_str(), code.severity().as_str(), code.title());
        assert!(documented.contains(&line), "docs/import.md lacks the line\n{line}");
    }
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let vocabulary = load_vocabulary(&[]).0;
    let full = place.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("a.ron"), "()").unwrap();
    assert!(FolderSink::new(&full, false, vocabulary.clone()).is_err());
    let sink = FolderSink::new(&full, true, vocabulary.clone()).unwrap();
    // Given up half way, nothing is changed and nothing left behind.
    drop(sink);
    assert!(full.join("a.ron").exists());
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
    let mut sink = FolderSink::new(&full, true, vocabulary.clone()).unwrap();
    sink.entity(entity("a", EntityKind::Place, "A")).unwrap();
    sink.finish(&mut ImportFindings::default()).unwrap();
    assert!(!full.join("a.ron").exists() && full.join("entities/places-001.ron").exists());
    // What is no RON is nobody's to remove.
    std::fs::write(full.join("notes.txt"), "mine").unwrap();
    assert!(FolderSink::new(&full, true, vocabulary).is_err());
}
