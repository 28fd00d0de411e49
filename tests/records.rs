//! What records mean, as `docs/data-format.md` has it: defaults, claims, lists, unnamed participants, drafts; and that
//! it depends on nothing else.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::support::loading::{BASE, built_in_files, findings, folder, load_files, load_path, rendered};
use proptest::prelude::*;
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{Dataset, NodeIx, Record, Stance};

fn dataset(text: &str) -> Dataset {
    let found = findings(text);
    load_files([("base.ron", BASE.as_bytes()), ("x.ron", text.as_bytes())]).dataset.unwrap_or_else(|| panic!("{found}"))
}

/// Records of facts in the document "report", by the claimant "msmt".
fn facts(records: &str) -> Dataset {
    dataset(&format!(
        "(document: \"report\", defaults: (by: \"msmt\", via: [\"article\"], stance: alleges), facts: [{records}])"
    ))
}

fn record<'d>(data: &'d Dataset, id: &str) -> &'d Record {
    data.records.iter().find(|it| it.id.as_str() == id).expect("the record is there")
}

/// Claims of a record: claimant, stance, chain, document.
fn claims(data: &Dataset, id: &str) -> Vec<String> {
    let name = |ix: usize| data.entities.get(ix).map_or("unnamed", |it| it.id.as_str());
    let claims = &data.claims[record(data, id).claims.start as usize..record(data, id).claims.end as usize];
    let line = |it: &purvey::model::Claim| {
        let via: Vec<&str> = it.via.iter().map(|it| name(it.index())).collect();
        format!("{} {} [{}] {}", name(it.by.index()), it.stance.as_str(), via.join(" "), name(it.document.index()))
    };
    claims.iter().map(line).collect()
}

#[test]
fn a_claim_overrides_the_defaults_field_by_field() {
    for (fields, expected) in [
        ("", vec!["msmt alleges [article] report"]),
        ("by: \"russia\"", vec!["russia alleges [article] report"]),
        ("via: []", vec!["msmt alleges [] report"]),
        ("via: \"report\"", vec!["msmt alleges [report] report"]),
        ("stance: states", vec!["msmt states [article] report"]),
        ("stance: \"denies\"", vec!["msmt denies [article] report"]),
        ("document: \"article\"", vec!["msmt alleges [article] article"]),
        ("claims: [()]", vec!["msmt alleges [article] report"]),
        (
            "by: \"russia\", claims: [(via: []), (by: \"ukraine\", stance: denies), (quantity: \"3\")]",
            vec!["russia alleges [] report", "ukraine denies [article] report", "russia alleges [article] report"],
        ),
    ] {
        let data = facts(&format!("Supply(id: \"x1\", item: \"shell\", {fields})"));
        assert_eq!(claims(&data, "x1"), expected, "{fields}");
    }
    assert_eq!(Stance::default(), Stance::States);
}

#[test]
fn defaults_may_name_another_document_than_the_file() {
    let data = dataset(
        "(document: \"report\", defaults: (by: \"msmt\", document: \"article\"), facts: [Supply(id: \"x1\", item: \"shell\"),
            Supply(id: \"x2\", item: \"shell\", document: \"report\")])",
    );
    assert_eq!(claims(&data, "x1"), ["msmt states [] article"]);
    assert_eq!(claims(&data, "x2"), ["msmt states [] report"]);
}

#[test]
fn the_period_of_a_record_is_its_own_or_that_on_which_its_claims_agree() {
    for (fields, expected) in [
        ("", None),
        ("period: \"2024\"", Some("2024")),
        ("period: \"2024\", claims: [(period: \"2025\")]", Some("2024")),
        ("claims: [(period: \"2025\"), ()]", Some("2025")),
        ("claims: [(period: \"2025\"), (period: \"2025\")]", Some("2025")),
        ("claims: [(period: \"2025\"), (period: \"2024\")]", None),
    ] {
        let data = facts(&format!("Supply(id: \"x1\", item: \"shell\", {fields})"));
        let expected = expected.map(|it| purvey::model::Period::parse(it).expect("a period"));
        assert_eq!(record(&data, "x1").period, expected, "{fields}");
    }
}

#[test]
fn a_claim_is_made_when_the_first_document_of_its_chain_appeared() {
    let data = facts(
        "Supply(id: \"x1\", item: \"shell\", claims: [(), (via: []), (made: \"2024\"), (via: [\"report\", \"article\"])])",
    );
    let claims = &data.claims[record(&data, "x1").claims.start as usize..record(&data, "x1").claims.end as usize];
    let made: Vec<String> = claims.iter().map(|it| it.made.expect("a date").edtf().to_string()).collect();
    assert_eq!(made, ["2025-06-01", "2025-05-30", "2024", "2025-05-30"]);
}

/// The unnamed participants of records, in the order written: recipient, then claimants.
fn unnamed(records: &str) -> Vec<NodeIx> {
    let data = facts(records);
    let first = data.entities.len();
    let mut found = Vec::new();
    for record in data.records.iter().filter(|it| !it.id.as_str().starts_with("base")) {
        let of_facts = data.facts[record.facts.start as usize..record.facts.end as usize].iter();
        found.extend(of_facts.flat_map(|it| it.roles.iter().map(|(_, it)| it.node)));
        let related = record.relations.iter().flat_map(|it| it.claims.clone());
        found.extend(record.claims.clone().chain(related).map(|it| data.claims[it as usize].by));
    }
    found.retain(|it| it.index() >= first);
    found
}

#[test]
fn an_unnamed_participant_is_equal_to_no_other() {
    for records in [
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\"), by: Unnamed(of: \"msmt\"))",
        "Supply(id: \"x1\", item: \"shell\", recipient: [Unnamed(of: \"msmt\"), Unnamed(of: \"msmt\")])",
        "Supply(id: \"x1\", item: \"shell\", claims: [(by: Unnamed(of: \"msmt\")), (by: Unnamed(of: \"msmt\"))])",
        "Supply(id: \"x1\", item: \"shell\", violates: [(id: \"base-1\", by: Unnamed(of: \"msmt\")), (id: \"base-1\", by: Unnamed(of: \"msmt\"))])",
        "Supply(id: \"x1\", item: \"shell\", by: Unnamed(of: \"msmt\")), Supply(id: \"x2\", item: \"shell\", by: Unnamed(of: \"msmt\"))",
        // Labels of one document differ from those of another, and for another group.
        "Supply(id: \"x1\", item: \"shell\", by: Unnamed(of: \"msmt\", label: \"1\")), Supply(id: \"x2\", item: \"shell\", by: Unnamed(of: \"msmt\", label: \"2\"))",
        "Supply(id: \"x1\", item: \"shell\", by: Unnamed(of: \"msmt\", label: \"1\")), Supply(id: \"x2\", item: \"shell\", by: Unnamed(of: \"russia\", label: \"1\"))",
        "Supply(id: \"x1\", item: \"shell\", by: Unnamed(of: \"msmt\", label: \"1\")), Supply(id: \"x2\", item: \"shell\", document: \"article\", by: Unnamed(of: \"msmt\", label: \"1\"))",
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\")), Supply(id: \"x2\", item: \"shell\", document: \"article\", recipient: Unnamed(of: \"msmt\", label: \"1\"))",
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\"), claims: [(document: \"article\", by: Unnamed(of: \"msmt\", label: \"1\")), ()])",
    ] {
        let found = unnamed(records);
        assert_eq!(found.len(), 2, "{records}");
        assert_ne!(found[0], found[1], "{records}");
    }
}

#[test]
fn one_label_in_one_document_is_one_participant() {
    for records in [
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\"), by: Unnamed(of: \"msmt\", label: \"1\"))",
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\")), Supply(id: \"x2\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\"))",
        "Supply(id: \"x1\", item: \"shell\", claims: [(by: Unnamed(of: \"msmt\", label: \"1\")), (by: Unnamed(of: \"msmt\", label: \"1\"))])",
        "Supply(id: \"x1\", item: \"shell\", document: \"article\", recipient: Unnamed(of: \"msmt\", label: \"1\"), by: Unnamed(of: \"msmt\", label: \"1\"))",
        // The record's participants are read where its claims are, whatever document the file is about.
        "Supply(id: \"x1\", item: \"shell\", recipient: Unnamed(of: \"msmt\", label: \"1\"), claims: [(document: \"article\", by: Unnamed(of: \"msmt\", label: \"1\"))])",
        "Supply(id: \"x1\", item: \"shell\", violates: [(id: \"base-1\", by: Unnamed(of: \"msmt\", label: \"1\"))], by: Unnamed(of: \"msmt\", label: \"1\"))",
    ] {
        let found = unnamed(records);
        assert_eq!(found.len(), 2, "{records}");
        assert_eq!(found[0], found[1], "{records}");
    }
}

#[test]
fn a_list_in_the_flow_is_one_fact_a_member_and_elsewhere_one_fact() {
    let data = facts(
        "Supply(id: \"x1\", item: [\"shell\", \"missile\"], supplier: \"russia\", purpose: [\"ukraine\", \"russia\"]),
         Supply(id: \"x2\", item: [\"shell\"], purpose: [\"ukraine\", \"russia\"], quantity: \"3\")",
    );
    let ids: Vec<&str> = data.facts.iter().map(|it| it.id.as_str()).filter(|it| it.starts_with('x')).collect();
    assert_eq!(ids, ["x1/missile", "x1/shell", "x2"]);
    assert_eq!(record(&data, "x1").facts.len(), 2);
    assert_eq!(record(&data, "x1").claims.len(), 1);
    assert!(data.facts.iter().filter(|it| it.id.as_str() == "x2").all(|it| it.roles.len() == 3));
}

#[test]
fn a_claim_may_say_what_of_it_is_worked_out() {
    let data = facts(
        "Supply(id: \"x1\", item: \"shell\", claims: [(made: \"2024\", inferred: [\"made\"]), (period: \"2024\", inferred: [\"period\"])])",
    );
    let claims = &data.claims[record(&data, "x1").claims.start as usize..record(&data, "x1").claims.end as usize];
    let inferred: Vec<Vec<&str>> = claims.iter().map(|it| it.inferred.iter().map(|it| &**it).collect()).collect();
    assert_eq!(inferred, [["made"], ["period"]]);
    // The record has its period from that claim alone.
    assert_eq!(record(&data, "x1").inferred, ["period".into()]);
    let found = findings(
        "(document: \"report\", defaults: (by: \"msmt\"), facts: [Supply(id: \"x1\", item: \"shell\", claims: [(inferred: \"made\")])])",
    );
    assert!(found.starts_with("error[K0005]: `inferred` names `made`, which this claim does not have"), "{found}");
}

#[test]
fn drafts_are_left_out_unless_asked_for() {
    let text =
        "(document: \"report\", defaults: (by: \"msmt\"), facts: [Supply(id: \"x1\", draft: true, item: \"shell\")])";
    let folder = folder([("base.ron", BASE.as_bytes()), ("x.ron", text.as_bytes())]);
    for (drafts, expected) in [(false, 0), (true, 1)] {
        let loaded = load(&Sources::Paths(vec![folder.path().to_owned()]), LoadOptions { drafts });
        let data = loaded.dataset.expect("it is sound");
        assert_eq!(data.records.iter().filter(|it| it.id.as_str() == "x1").count(), expected);
    }
}

/// The built-in data as headers and records, so that they can be dealt out among files anew.
fn built_in_records() -> Vec<(String, &'static str, String)> {
    let mut found = Vec::new();
    for (_, bytes) in built_in_files() {
        let text = String::from_utf8(bytes).expect("UTF-8").leak();
        let (list, header) =
            if text.contains("entities: [") { ("entities", String::new()) } else { ("facts", text[1..].to_owned()) };
        let Some((before, records)) = text.split_once(&format!("{list}: [")) else { continue };
        let header =
            if header.is_empty() { String::new() } else { before.split_once('(').map_or("", |it| it.1).to_owned() };
        let (records, _) = records.rsplit_once(']').expect("a list ends");
        // Each record begins at the indent of the first.
        let indent =
            records.lines().find(|it| it.trim_start().starts_with(|c: char| c.is_ascii_uppercase())).expect("a record");
        let indent = &indent[..indent.len() - indent.trim_start().len()];
        let begins =
            |line: &str| line.strip_prefix(indent).is_some_and(|it| it.starts_with(|c: char| c.is_ascii_uppercase()));
        let mut current = String::new();
        for line in records.lines() {
            if begins(line) && !current.is_empty() {
                found.push((header.clone(), list, std::mem::take(&mut current)));
            }
            if begins(line) || !current.is_empty() {
                current += line;
                current.push('\n');
            }
        }
        found.push((header, list, current));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// What the data mean depends neither on the names of files nor on what stands in which.
    #[test]
    fn records_dealt_out_anew_are_the_same_data(seed in any::<u64>(), count in 1_u64..12) {
        let whole = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("the example is sound");
        let mut dice = seed;
        let mut roll = |below: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % below
        };
        let mut files: BTreeMap<_, Vec<(u64, String)>> = BTreeMap::new();
        for (header, list, record) in built_in_records() {
            files.entry((roll(count), header, list)).or_default().push((roll(u64::MAX >> 33), record));
        }
        let texts: Vec<(String, String)> = files.into_iter().map(|((_, header, list), mut records)| {
            records.sort();
            let records: String = records.into_iter().map(|it| it.1).collect();
            (format!("{}/{}.ron", roll(3), roll(1 << 30)), format!("({header} {list}: [\n{records}])"))
        }).collect();
        let folder = folder(texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
        let loaded = load_path(folder.path());
        prop_assert!(loaded.findings.is_empty(), "{}", rendered(&loaded, folder.path()));
        prop_assert!(loaded.dataset.as_ref() == Some(&whole));
    }
}

#[test]
fn findings_do_not_depend_on_the_order_of_folders() {
    let bad = "(facts: [Supply(id: \"x1\", item: \"one\"), Supply(id: \"x1\", item: \"shell\")])";
    let folders =
        [folder([("a.ron", BASE.as_bytes()), ("b.ron", bad.as_bytes())]), folder([("c.ron", bad.as_bytes())])];
    let paths: Vec<PathBuf> = folders.iter().map(|it| it.path().to_owned()).collect();
    let found = |paths: Vec<PathBuf>| {
        let loaded = load(&Sources::Paths(paths), LoadOptions::default());
        let mut found: Vec<String> = loaded.findings.iter().map(|it| it.message.clone()).collect();
        found.sort();
        found
    };
    let turned = paths.iter().rev().cloned().collect();
    assert_eq!(found(paths), found(turned));
}
