//! FollowTheMoney in and out again: the same entities.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use purvey::diagnostic::Severity;
use purvey::export::{ExportFormat, ExportOptions, write_export};
use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, Snapshot};
use purvey::import::{FolderSink, ImportCode, ImportFindings, ImportOptions, SnapshotSink, import_ftm};
use purvey::load::{LoadOptions, Sources, load, load_vocabulary};
use purvey::model::ftm::{Property, model};
use purvey::query::{Evidence, Selection};
use serde_json::{Map, Value, json};

/// Imports lines into a folder, checks and loads that, and exports it.
pub(crate) fn there_and_back(lines: &str) -> (Vec<Value>, ImportFindings) {
    let place = tempfile::tempdir().expect("a folder");
    let file = place.path().join("in.json");
    std::fs::write(&file, lines).expect("it is written");
    let mut findings = ImportFindings::default();
    let mut sink = FolderSink::new(&place.path().join("data"), false, load_vocabulary(&[]).0).expect("a folder");
    import_ftm(&[file], &ImportOptions::default(), &mut sink, &mut findings).expect("the sink takes all");
    let summary = sink.finish(&mut findings).expect("it is written");
    let refused =
        findings.kept().iter().filter(|it| ![ImportCode::Kept, ImportCode::UnknownReference].contains(&it.code));
    assert_eq!(summary.refused, 0, "{}", refused.map(|it| format!("{it}\n")).collect::<String>());
    let back = exported(&place.path().join("data"));
    let (direct, told) = by_snapshot(&place.path().join("in.json"));
    assert_eq!(by_id(direct), by_id(back.clone()), "the snapshot holds something else than the folder");
    assert_eq!(told.counts().collect::<Vec<_>>(), findings.counts().collect::<Vec<_>>());
    (back, findings)
}

/// Imports a file into a snapshot and exports that.
fn by_snapshot(file: &Path) -> (Vec<Value>, ImportFindings) {
    let (mut findings, mut bytes) = (ImportFindings::default(), Vec::new());
    let mut sink = SnapshotSink::new(load_vocabulary(&[]).0);
    import_ftm(&[file.to_owned()], &ImportOptions::default(), &mut sink, &mut findings).expect("the sink takes all");
    let summary = sink.finish(&mut findings, &mut bytes).expect("memory takes all");
    assert_eq!(summary.refused, 0);
    (lines_of(&Snapshot::new(AlignedBytes::copy(&bytes)).expect("a snapshot")), findings)
}

/// What a folder of data is in FollowTheMoney.
pub(crate) fn exported(data: &Path) -> Vec<Value> {
    let loaded = load(&Sources::Paths(vec![data.to_owned()]), LoadOptions::default());
    let errors = loaded.findings.iter().filter(|it| it.code.severity() == Severity::Error);
    let errors: Vec<_> = errors.map(|it| format!("{}: {}", it.code.as_str(), it.message)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    lines_of(&KnowledgeGraph::new(&loaded.dataset.expect("data without errors")))
}

fn lines_of<G: GraphView>(graph: &G) -> Vec<Value> {
    let all = Selection::all(graph, &Evidence::default()).expect("all");
    let mut out = Vec::new();
    write_export(ExportFormat::Ftm, &all, &ExportOptions::default(), &mut out).expect("memory takes all");
    let text = String::from_utf8(out).expect("UTF-8");
    text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect()
}

/// Entities by their ids, without properties and lists that have no value, each value once.
pub(crate) fn by_id(entities: impl IntoIterator<Item = Value>) -> BTreeMap<String, Value> {
    let tidy = |mut entity: Value| {
        let id = entity["id"].as_str().expect("an id").to_owned();
        if let Some(properties) = entity.get_mut("properties").and_then(Value::as_object_mut) {
            for values in properties.values_mut() {
                let list = values.as_array_mut().expect("a list");
                let mut seen: Vec<Value> = Vec::new();
                list.retain(|it| {
                    it.as_str().is_some_and(|it| !it.is_empty()) && !seen.contains(it) && {
                        seen.push(it.clone());
                        true
                    }
                });
            }
            properties.retain(|_, it| it != &json!([]));
        }
        (id, entity)
    };
    entities.into_iter().map(tidy).collect()
}

/// Schemata with a kind of fact or entity of their own, and some without.
const SCHEMATA: [&str; 34] = [
    "Person",
    "Company",
    "Organization",
    "PublicBody",
    "LegalEntity",
    "Vessel",
    "Airplane",
    "Vehicle",
    "Asset",
    "Security",
    "RealEstate",
    "BankAccount",
    "CryptoWallet",
    "Address",
    "Position",
    "Document",
    "Article",
    "Contract",
    "Event",
    "Ownership",
    "Control",
    "Directorship",
    "Membership",
    "Employment",
    "Representation",
    "Family",
    "Associate",
    "UnknownLink",
    "Sanction",
    "Payment",
    "Identification",
    "Passport",
    "Occupancy",
    "EconomicActivity",
];

/// Words that have broken something somewhere.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?",
        Just("«Ромашка» \"ООО\"".to_owned()),
        Just("=SUM(A1)".to_owned()),
        Just("line\nbreak\ttab".to_owned()),
        Just("\u{202e}evil\u{200b}".to_owned()),
        Just("…".to_owned()),
        Just(" padded ".to_owned()),
        Just("北朝鮮".to_owned()),
    ]
}

fn value(property: &Property, at: usize) -> BoxedStrategy<String> {
    let one_of = |all: &'static [&'static str]| proptest::sample::select(all).prop_map(str::to_owned).boxed();
    match property.value {
        "date" => one_of(&[
            "2021",
            "2021-03",
            "2021-03-04",
            "2019-12-31",
            "2021-03-04T10:11:12",
            "2021-02-30",
            "around 1950",
            "0000",
            "2022-01",
        ]),
        "country" => one_of(&["ru", "kp", "us", "gb-sct", "suhh", "Narnia"]),
        "entity" => (0..26_usize)
            .prop_map(move |other| if other == at { "nobody".to_owned() } else { format!("e-{other}") })
            .boxed(),
        "number" => one_of(&["100", "1000000.50", "12,5", "many", "-3"]),
        "topic" => one_of(&["sanction", "role.pep", "crime"]),
        "url" => one_of(&["https://example.org/a", "https://example.org/b?c=d", "nonsense"]),
        _ if property.name == "percentage" => one_of(&["25", "50%", "75-100", "more than 25%", "half", "100", "a lot"]),
        _ if property.name == "currency" => one_of(&["USD", "EUR", "XYZ", "usd"]),
        _ if property.name == "sharesCount" => one_of(&["100", "1,000", "some shares"]),
        _ => word().boxed(),
    }
}

fn entity(at: usize) -> impl Strategy<Value = Value> {
    let schema = prop_oneof![12 => proptest::sample::select(&SCHEMATA[..]), 1 => Just("Call"), 1 => Just("Nonsense")];
    (schema, any::<u64>()).prop_flat_map(move |(name, seed)| {
        let none: &[Property] = &[];
        let schema = model().schema(name);
        let all = schema.map_or(none, |it| it.properties());
        // The ends, dates and names mostly; of the others a few.
        let weight = |it: &Property| {
            let is_end =
                schema.and_then(|it| it.edge).is_some_and(|edge| edge.source == it.name || edge.target == it.name);
            let often = [
                "name",
                "alias",
                "startDate",
                "endDate",
                "percentage",
                "amount",
                "currency",
                "publisher",
                "sourceUrl",
                "entity",
                "authority",
                "program",
                "holder",
                "goodsDescription",
                "sender",
                "receiver",
            ];
            if is_end {
                0.95
            } else if often.contains(&it.name) {
                0.6
            } else {
                0.04
            }
        };
        let chosen: Vec<_> = all
            .iter()
            .map(|it| {
                let values = proptest::collection::vec(value(it, at), 1..4).prop_map(move |mut values| {
                    if seed % 3 > 0 {
                        values.truncate(1);
                    }
                    values
                });
                (Just(it.name), proptest::option::weighted(weight(it), values))
            })
            .collect();
        let fields = (
            proptest::option::weighted(0.7, proptest::sample::subsequence(vec!["us_ofac", "eu_fsf", "Ünïcode"], 0..3)),
            proptest::option::weighted(0.3, word()),
            proptest::option::weighted(0.3, proptest::sample::subsequence(vec!["old-1", "old-2", "e-3"], 0..3)),
            proptest::option::weighted(0.2, proptest::collection::vec(word(), 1..3)),
            any::<bool>(),
        );
        (chosen, fields).prop_map(move |(properties, (datasets, caption, referents, unknown, target))| {
            let mut map = Map::new();
            for (name, values) in properties {
                map.extend(values.map(|it| (name.to_owned(), json!(it))));
            }
            map.extend(unknown.map(|it| ("notInTheModel".to_owned(), json!(it))));
            let mut line = json!({"id": format!("e-{at}"), "schema": name, "properties": map});
            let fields = line.as_object_mut().expect("an object");
            fields.extend(datasets.map(|it| ("datasets".to_owned(), json!(it))));
            fields.extend(referents.map(|it| ("referents".to_owned(), json!(it))));
            fields.extend(caption.map(|it| ("caption".to_owned(), json!(it))));
            fields.insert("first_seen".to_owned(), json!("2023-01-02T03:04:05"));
            if target {
                fields.insert("target".to_owned(), json!(true));
                fields.insert("score".to_owned(), json!({"x": [1, 2.50]}));
            }
            line
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is odd about them, the same entities come back.
    #[test]
    fn the_same_entities_come_back(entities in (0..24_usize).map(entity).collect::<Vec<_>>()) {
        let lines: String = entities.iter().map(|it| format!("{it}\n")).collect();
        let (back, findings) = there_and_back(&lines);
        // All that is wrong with them is that some name somebody who is not there.
        let errors = findings.counts().filter(|it| it.0.severity() == Severity::Error);
        prop_assert!(errors.into_iter().all(|it| it.0 == ImportCode::UnknownReference), "{:#?}", findings.kept());
        let (wanted, got) = (by_id(entities), by_id(back));
        prop_assert_eq!(wanted.keys().collect::<Vec<_>>(), got.keys().collect::<Vec<_>>());
        for (id, entity) in &wanted {
            prop_assert_eq!(entity, &got[id]);
        }
    }
}
