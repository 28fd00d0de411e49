//! Rankings, and paths that avoid hubs or are listed as far as asked.

use std::collections::BTreeMap;

use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{FlowEnd, Outcome, Stance};
use serde_json::{Value, json};

use crate::generated::generate;
use crate::support::{command, json_on, purvey_on};

const FACTS: &str = r#"(
    entities: [
        Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"), Country(id: "c", name: "Cland"),
        Country(id: "e", name: "Eland"), Organization(id: "hub", name: "Hub"),
        Materiel(id: "gun", name: "gun", plural: "guns"), Materiel(id: "oil", name: "oil"),
        Document(id: "d", name: "Report"),
    ],
    document: "d", defaults: (by: "d"),
    facts: [
        Supply(id: "x1", supplier: "a", recipient: "b", item: "gun", quantity: "at least 10", period: "2023"),
        Supply(id: "x2", supplier: "a", recipient: "b", item: "gun", quantity: "20", period: "2024", in_addition_to: "x1"),
        Supply(id: "x3", supplier: "b", recipient: "c", item: "oil", quantity: "500 barrels", period: "2024"),
        Supply(id: "x4", supplier: "a", recipient: "hub", item: "gun", quantity: "100"),
        Supply(id: "x5", supplier: "hub", recipient: "c", item: "gun"),
        Supply(id: "x6", supplier: "e", recipient: "hub", item: "gun", quantity: "7"),
        Supply(id: "x7", supplier: "e", recipient: "a", item: "gun", outcome: planned),
        Supply(id: "x8", supplier: Unnamed(of: "a"), recipient: "c", item: "oil"),
        Supply(id: "x9", supplier: "e", recipient: "c", item: "gun", stance: denies),
    ],
)"#;

fn on(arguments: &[&str]) -> Value {
    json_on(&[("x.ron", FACTS)], arguments, 0)
}

fn shown(arguments: &[&str]) -> String {
    let run = purvey_on(&[("x.ron", FACTS)], arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

/// Rank, name and number of facts of each place.
fn places(answer: &Value) -> Vec<(u64, String, u64)> {
    let name = |it: &Value| {
        let names = ["from", "what", "to", "entity"].iter().filter_map(|key| it[key]["id"].as_str());
        names.collect::<Vec<_>>().join(">")
    };
    let ranked = answer["ranking"]["ranked"].as_array().expect("places");
    ranked
        .iter()
        .map(|it| (it["rank"].as_u64().expect("a rank"), name(it), it["facts"].as_u64().expect("facts")))
        .collect()
}

fn named(places: &[(u64, &str, u64)]) -> Vec<(u64, String, u64)> {
    places.iter().map(|(rank, name, facts)| (*rank, (*name).to_owned(), *facts)).collect()
}

#[test]
fn what_happened_is_counted_and_equals_have_one_rank() {
    assert_eq!(places(&on(&["top", "from"])), named(&[(1, "a", 3), (2, "b", 1), (2, "e", 1), (2, "hub", 1)]));
    assert_eq!(places(&on(&["top", "what"])), named(&[(1, "gun", 5), (2, "oil", 2)]));
    assert_eq!(places(&on(&["top", "to", "--during", "2024", "--certainly"])), named(&[(1, "b", 1), (1, "c", 1)]));
    assert_eq!(places(&on(&["top", "pairs", "--limit", "1"])), named(&[(1, "a>b", 2)]));
    assert_eq!(places(&on(&["top", "to", "--from", "a"])), named(&[(1, "b", 2), (2, "hub", 1)]));
    let answer = on(&["top", "from"]);
    assert!(answer["remarks"].to_string().contains("1 fact counts for nobody"), "{answer}");
    // Each place is cited by one of its facts.
    assert_eq!(answer["rows"].as_array().map(Vec::len), Some(4));
    assert_eq!(answer["notes"].as_array().map(Vec::len), Some(1));
}

#[test]
fn sums_are_ranked_by_what_there_must_have_been() {
    let answer = on(&["top", "from", "--by", "quantity"]);
    let ranked = answer["ranking"]["ranked"].as_array().expect("places");
    let told: Vec<_> = ranked
        .iter()
        .map(|it| (it["from"]["id"].clone(), it["total"]["unit"].clone(), it["total"]["low"].clone()))
        .collect();
    assert_eq!(json!(told), json!([["b", "barrel", 500], ["a", "piece", 130], ["e", "piece", 7]]));
    let barrels = on(&["top", "from", "--unit", "barrels"]);
    assert_eq!(places(&barrels), named(&[(1, "b", 1)]));
    let unknown = purvey_on(&[("x.ron", FACTS)], &["top", "from", "--unit", "parsecs"]);
    assert_eq!(unknown.code, Some(1), "{}", unknown.stderr);
}

#[test]
fn who_is_central_is_measured_in_three_ways() {
    let degree = on(&["top", "central"]);
    assert_eq!(places(&degree)[0], (1, "hub".to_owned(), 3));
    let between = on(&["top", "central", "--measure", "betweenness"]);
    // a and e reach c through the hub, a also through b: 1/2 + 1.
    assert_eq!(between["ranking"]["ranked"][0]["score"], 1.5);
    assert_eq!(between["ranking"]["ranked"][1]["score"], 0.5);
    let rank = on(&["top", "central", "--measure", "pagerank"]);
    assert_eq!(rank["ranking"]["ranked"][0]["entity"]["id"], "c");
    assert_ne!(on(&["top", "central", "--measure", "pagerank", "--any-direction"])["ranking"], rank["ranking"]);
}

#[test]
fn a_ranking_is_shown_in_every_format() {
    insta::assert_snapshot!("top_table", shown(&["top", "pairs"]));
    insta::assert_snapshot!("top_quantity_table", shown(&["top", "from", "--by", "quantity"]));
    insta::assert_snapshot!("top_csv", shown(&["top", "from", "--format", "csv"]));
    insta::assert_snapshot!("top_markdown", shown(&["top", "central", "--measure", "betweenness", "--format", "md"]));
    let lines = shown(&["top", "from", "--format", "jsonl"]);
    assert_eq!(lines.matches("\"type\":\"ranked\"").count(), 4, "{lines}");
    let schema: Value = serde_json::from_str(include_str!("../docs/answer.schema.json")).expect("a schema");
    let schema = jsonschema::validator_for(&schema).expect("a sound schema");
    for arguments in
        [&["top", "from"][..], &["top", "pairs", "--by", "quantity"], &["top", "central", "--measure", "pagerank"]]
    {
        let answer = on(arguments);
        assert!(schema.is_valid(&answer), "{answer:#}");
        // The question is the command.
        let again = answer["question"].as_str().expect("a question").to_owned();
        assert_eq!(on(&again.split(' ').collect::<Vec<_>>()), answer);
    }
}

#[test]
fn what_finds_nothing_says_why() {
    let run = purvey_on(&[("x.ron", FACTS)], &["top", "from", "--to", "e"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("nothing found"), "{}", run.stdout);
    let run = purvey_on(&[("x.ron", FACTS)], &["top", "from", "--to", "Atlantis"]);
    assert!(run.code == Some(1) && run.stdout.contains("Atlantis"), "{}", run.stdout);
}

#[test]
fn rankings_are_those_of_plain_counting() {
    for seed in 1..4 {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("facts.ron");
        std::fs::write(&path, generate::ron(600, seed)).expect("a file");
        let dataset = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default()).dataset.expect("sound facts");
        for (of, end) in [("from", FlowEnd::Source), ("what", FlowEnd::Object), ("to", FlowEnd::Target)] {
            let mut counts: BTreeMap<&str, (u64, &str)> = BTreeMap::new();
            for fact in &dataset.facts {
                let record = &dataset.records[fact.record.index()];
                // Claims of one claimant about one fact do not differ here, so whoever denies it says nothing else.
                let said = record.claim_ixs().any(|it| dataset.claims[it.index()].stance != Stance::Denies);
                if !dataset.vocabulary.kinds[fact.kind.index()].flow || record.outcome != Outcome::Happened || !said {
                    continue;
                }
                if let Some(entity) = fact.ends.get(end).and_then(|it| dataset.entity_of(it.node)) {
                    // Facts come in the order of their ids.
                    counts.entry(entity.id.as_str()).or_insert((0, fact.id.as_str())).0 += 1;
                }
            }
            let mut plain: Vec<(&str, (u64, &str))> = counts.into_iter().collect();
            plain.sort_by_key(|(id, (count, _))| (std::cmp::Reverse(*count), *id));
            plain.truncate(20);
            let run = command(folder.path())
                .args(["top", of, "--limit", "20", "--format", "json", "--data"])
                .arg(&path)
                .output();
            let answer: Value = serde_json::from_slice(&run.expect("the binary runs").stdout).expect("JSON");
            let ours: Vec<(String, u64)> = places(&answer).into_iter().map(|(_, id, count)| (id, count)).collect();
            let examples: Vec<&str> = plain.iter().map(|(_, (_, first))| *first).collect();
            let plain: Vec<(String, u64)> = plain.iter().map(|(id, (count, _))| ((*id).to_owned(), *count)).collect();
            assert_eq!(ours, plain, "{of}, seed {seed}");
            let ranked = answer["ranking"]["ranked"].as_array().expect("a list");
            let given: Vec<&str> = ranked.iter().filter_map(|it| it["example"].as_str()).collect();
            assert_eq!(given, examples, "{of}, seed {seed}");
        }
    }
}

#[test]
fn a_path_goes_round_whom_it_may_not_pass() {
    let nodes = |arguments: &[&str]| {
        let answer = on(arguments);
        let chains = answer["chains"].as_array().expect("chains").clone();
        chains.iter().map(|it| it["steps"][0]["to"]["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(nodes(&["path", "a", "c", "--all"]), ["b", "hub"]);
    assert_eq!(nodes(&["path", "a", "c", "--all", "--avoid", "hub"]), ["b"]);
    assert_eq!(nodes(&["path", "e", "c", "--max-degree", "3"]), ["hub"]);
    let run = purvey_on(&[("x.ron", FACTS)], &["path", "e", "c", "--max-degree", "2"]);
    assert!(run.code == Some(1) && run.stdout.contains("no --max-degree"), "{}", run.stdout);
    let limited = on(&["path", "a", "c", "--all", "--limit", "1"]);
    assert!(limited["remarks"].to_string().contains("the first 1 paths are shown"), "{limited}");
}

#[test]
fn chains_in_time_are_counted_without_being_listed() {
    let answer = on(&["path", "a", "c", "--in-time", "--count"]);
    // x1 and x2 with x3, x4 with x5; only x2 and x3, of one year, may come in either order.
    assert_eq!(
        answer["counts"],
        json!({"chains of 1 step": 0, "chains of 2 steps": 3, "chains of 3 steps": 0, "chains": 3})
    );
    assert!(answer["remarks"].to_string().contains("more than 3 steps are not counted"), "{answer}");
    let none = on(&["path", "c", "a", "--in-time", "--count", "--max-hops", "2"]);
    assert_eq!(none["counts"], json!({"chains of 1 step": 0, "chains of 2 steps": 0, "chains": 0}));
    let alone = purvey_on(&[("x.ron", FACTS)], &["path", "a", "c", "--count"]);
    assert_eq!(alone.code, Some(2));
}
