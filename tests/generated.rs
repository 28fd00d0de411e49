//! Generated facts, on which the benchmarks run, are sound data.

#[path = "../benches/support/dice.rs"]
pub(crate) mod dice;
#[path = "../benches/support/generate/mod.rs"]
pub(crate) mod generate;
#[path = "../benches/support/people.rs"]
pub(crate) mod people;
#[path = "../benches/support/transfers.rs"]
pub(crate) mod transfers;

use purvey::graph::{GraphView, KnowledgeGraph, write_snapshot};
use purvey::load::{LoadOptions, Sources, count_records, load};

#[test]
fn generated_facts_load_without_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.ron");
    for (facts, seed) in [(300, 1), (700, 2)] {
        std::fs::write(&path, generate::ron(facts, seed)).unwrap();
        let loaded = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default());
        let messages: Vec<&str> = loaded.findings.iter().map(|it| it.message.as_str()).collect();
        assert_eq!(messages, [""; 0], "{facts} facts, seed {seed}");
        assert_eq!(loaded.dataset.unwrap().records.len(), facts);
    }
}

#[test]
fn a_generated_snapshot_is_that_of_the_same_facts_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.ron");
    for (facts, seed) in [(10, 1), (300, 2), (1500, 3)] {
        std::fs::write(&path, generate::ron(facts, seed)).unwrap();
        let dataset = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default()).dataset.unwrap();
        let (mut read, mut direct) = (Vec::new(), Vec::new());
        write_snapshot(&KnowledgeGraph::new(&dataset), b"", &mut read).unwrap();
        generate::snapshot(facts, seed, dataset.vocabulary, &mut direct).unwrap();
        assert!(read == direct, "{facts} facts, seed {seed}");
    }
}

#[test]
fn every_kind_of_fact_is_made_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.ron");
    std::fs::write(&path, generate::ron(8000, 4)).unwrap();
    let dataset = load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.unwrap();
    let kinds: std::collections::BTreeSet<_> = dataset.facts.iter().map(|it| it.kind).collect();
    assert_eq!(kinds.len(), dataset.vocabulary.kinds.len());
}

#[test]
fn generated_transfers_load_without_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("transfers.ron");
    std::fs::write(&path, transfers::ron(1500, 1)).unwrap();
    let loaded = load(&Sources::Paths(vec![path]), LoadOptions::default());
    // Warnings are to be expected: caps in units that do not convert, documents older than what they tell.
    assert_eq!(loaded.dataset.unwrap().records.len(), 1500);
}

#[test]
fn generated_facts_differ_by_seed_only() {
    assert_eq!(generate::ron(50, 7), generate::ron(50, 7));
    assert_ne!(generate::ron(50, 7), generate::ron(50, 8));
}

#[test]
fn generated_degrees_are_skewed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.ron");
    let text = generate::ron(2000, 1);
    assert!(count_records(&text).unwrap() > 2000, "entities are records too");
    std::fs::write(&path, text).unwrap();
    let dataset = load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.unwrap();
    let graph = KnowledgeGraph::new(&dataset);
    let mut degrees: Vec<usize> = dataset
        .entities
        .iter()
        .filter_map(|it| dataset.entity_ix(it.id.as_str()))
        .map(|it| graph.facts_of(it.into()).len())
        .collect();
    degrees.sort_unstable();
    let (median, most) = (degrees[degrees.len() / 2], degrees[degrees.len() - 1]);
    assert!(most > 30 * median.max(1), "median {median}, most {most}");
}

#[test]
fn a_long_chain_of_relations_is_no_circle_and_overflows_no_stack() {
    let mut text = String::from(
        r#"(entities: [Country(id: "a", name: "A"), Organization(id: "b", name: "B"), Document(id: "d", name: "D")],
            document: "d", defaults: (by: "a"), facts: [Membership(id: "f0", member: "a", group: "b"),"#,
    );
    let length = 20_000;
    for at in 1..length {
        text += &format!("Membership(id: \"f{at}\", member: \"a\", group: \"b\", after: \"f{}\"),\n", at - 1);
    }
    text += "])";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("facts.ron");
    let found = |text: &str| {
        std::fs::write(&path, text).unwrap();
        let findings = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default()).findings;
        findings.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(found(&text), [""; 0]);
    let closed = text.replacen("id: \"f0\",", &format!("id: \"f0\", after: \"f{}\",", length - 1), 1);
    assert_eq!(found(&closed), ["following `after` from `f0` leads back to it"]);
}
