//! Support, supersession and withdrawal: the rules of `docs/claims.md`, row by row, through the program.

use serde_json::Value;

use crate::support::{ids, json, json_on, purvey_on, row};

/// Who speaks, and where: two newspapers, a group with a member and a report, two countries, one with a government.
const WORLD: &str = r#"(
    entities: [
        Country(id: "north", name: "North"), Country(id: "south", name: "South"), Country(id: "third", name: "Third"),
        Organization(id: "government-of-north", name: "Government of North", part_of: "north"),
        Organization(id: "group", name: "Group"),
        Organization(id: "paper", name: "Paper"), Organization(id: "gazette", name: "Gazette"),
        Materiel(id: "shells", name: "shells"),
        Document(id: "paper-1", name: "Paper 1", publisher: "paper", date: "2025-01-10"),
        Document(id: "paper-2", name: "Paper 2", publisher: "paper", date: "2025-02-10"),
        Document(id: "gazette-1", name: "Gazette 1", publisher: "gazette", date: "2025-01"),
        Document(id: "report", name: "Report", publisher: "group", date: "2025-01-05"),
    ],
)"#;

fn facts(claims: &str) -> String {
    format!(
        r#"(
    document: "paper-1",
    facts: [
        Membership(id: "m1", member: "third", group: "group", by: "paper"),
        Supply(id: "f1", supplier: "north", item: "shells", recipient: "south", period: "2024", claims: [{claims}]),
    ],
)"#
    )
}

fn fact(claims: &str, options: &[&str]) -> Value {
    let facts = facts(claims);
    let args: Vec<&str> = ["show", "f1"].iter().chain(options).copied().collect();
    json_on(&[("world.ron", WORLD), ("facts.ron", &facts)], &args, 0)["rows"][0].clone()
}

const PAPER: &str = r#"(by: "paper")"#;
const GAZETTE: &str = r#"(by: "gazette", document: "gazette-1")"#;
const GROUP: &str = r#"(by: "group")"#;

#[test]
fn each_rule_gives_its_status() {
    let two = |a: &str, b: &str| format!("{a}, {b}");
    let said = |by: &str, rest: &str| format!(r#"(by: "{by}", {rest})"#);
    let unnamed = |label: &str| format!(r#"(by: Unnamed(of: "group", label: "{label}"))"#);
    for (rule, claims, reasons) in [
        ("a denial", two(PAPER, &said("gazette", "stance: denies")), "disputed single-source"),
        ("only a denial", said("gazette", "stance: denies"), "disputed"),
        (
            "disjoint figures",
            two(&said("paper", r#"quantity: "10""#), &said("gazette", r#"quantity: "at least 12""#)),
            "disputed corroborated",
        ),
        (
            "disjoint figures of different scopes",
            two(&said("paper", r#"quantity: "10""#), &said("gazette", r#"quantity: "12", scope: "the coast""#)),
            "corroborated",
        ),
        (
            "about 10 and 11 may both hold",
            two(&said("paper", r#"quantity: "about 10""#), &said("gazette", r#"quantity: "11""#)),
            "corroborated",
        ),
        ("the stance admits", said("south", "stance: admits"), "admitted single-source"),
        ("the source says so", said("north", ""), "admitted single-source"),
        ("a part of the source says so", said("government-of-north", ""), "admitted single-source"),
        ("the source denies", two(PAPER, &said("north", "stance: denies")), "disputed single-source"),
        ("the recipient says so", said("south", ""), "single-source"),
        ("two independent origins", two(PAPER, GAZETTE), "corroborated"),
        ("two independent, one the source", two(PAPER, &said("north", "")), "admitted corroborated"),
        ("one origin in two documents", two(PAPER, &said("paper", r#"document: "gazette-1""#)), "single-source"),
        ("one origin, relayed", said("group", r#"via: ["report"]"#), "single-source"),
        ("only an unnamed one", unnamed("1"), "unnamed single-source"),
        ("two unnamed of one group", two(&unnamed("1"), &unnamed("2")), "unnamed single-source"),
        ("an unnamed one and a paper", two(PAPER, &unnamed("1")), "corroborated"),
        ("an unnamed one and its group", two(GROUP, &unnamed("1")), "single-source"),
        ("an unnamed one and the group's report", two(&said("report", ""), &unnamed("1")), "single-source"),
        ("an unnamed one and a member of its group", two(&said("third", ""), &unnamed("1")), "single-source"),
        ("a group and its member", two(GROUP, &said("third", "")), "single-source"),
        ("one source", PAPER.to_owned(), "single-source"),
    ] {
        let found = fact(&claims, &[]);
        let words: Vec<&str> = reasons.split(' ').collect();
        assert_eq!(found["reasons"], serde_json::json!(words), "{rule}");
        assert_eq!(found["status"], words[0], "{rule}");
    }
}

#[test]
fn whoever_imposes_a_sanction_admits_nothing_by_saying_so() {
    let text = r#"(
        entities: [Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"), Document(id: "d", name: "D")],
        document: "d",
        facts: [
            Sanction(id: "s1", imposer: "a", target: "b", by: "a"),
            Sanction(id: "s2", imposer: "a", target: "b", by: "a", stance: admits),
            Attack(id: "s3", attacker: "a", target: "b", by: "a"),
        ],
    )"#;
    for (fact, status) in [("s1", "single-source"), ("s2", "admitted"), ("s3", "admitted")] {
        let run = purvey_on(&[("x.ron", text)], &["show", fact, "--format", "json"]);
        let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(row(&answer, fact)["status"], status, "{fact}");
    }
}

#[test]
fn the_page_of_rules_names_every_status_in_order() {
    let page = include_str!("../docs/claims.md");
    let rows: Vec<&str> =
        page.lines().filter_map(|it| it.strip_prefix("| `")).filter_map(|it| it.split('`').next()).collect();
    assert_eq!(rows, ["disputed", "admitted", "corroborated", "unnamed", "single-source"]);
}

#[test]
fn figures_diverge_if_disjoint_or_twofold() {
    for (one, other, diverging) in [
        ("at least 35,000", "700,000", true),
        ("10", "20", true),
        ("10", "19", true),
        ("at least 10", "19", false),
        ("at least 10", "20", true),
        ("as many as 20", "10", true),
        ("as many as 19", "10", false),
        ("dozens", "1,000", false),
        ("10", "10", false),
    ] {
        let claims = format!(r#"(by: "paper", quantity: "{one}"), (by: "gazette", quantity: "{other}")"#);
        assert_eq!(fact(&claims, &[])["diverging"], diverging, "{one} and {other}");
    }
}

#[test]
fn a_later_claim_of_one_claimant_supersedes_the_earlier() {
    let claims = r#"(by: "paper", quantity: "10"), (by: "paper", document: "paper-2", quantity: "at least 30")"#;
    let now = fact(claims, &[]);
    assert_eq!((&now["quantity"]["low"], &now["differs"]), (&30.into(), &false.into()));
    assert_eq!([&now["claims"][0]["standing"], &now["claims"][1]["standing"]], ["superseded", "current"]);
    assert_eq!((&now["status"], &now["diverging"]), (&"single-source".into(), &false.into()));
    let then = fact(claims, &["--as-of", "2025-01-31"]);
    assert_eq!((&then["quantity"]["high"], &then["claims"][0]["standing"]), (&10.into(), &"current".into()));
    assert_eq!(then["claims"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_later_claim_without_the_figure_leaves_it_standing() {
    let claims = r#"(by: "paper", quantity: "10"), (by: "paper", document: "paper-2")"#;
    assert_eq!(fact(claims, &[])["quantity"]["high"], 10);
    // Another scope is another matter, and a denial takes everything back.
    let claims =
        r#"(by: "paper", quantity: "10"), (by: "paper", document: "paper-2", quantity: "9", scope: "the coast")"#;
    assert_eq!(fact(claims, &[])["claims"][0]["standing"], "current");
    let claims = r#"(by: "paper", quantity: "10"), (by: "paper", document: "paper-2", stance: denies)"#;
    let denied = fact(claims, &[]);
    assert_eq!((&denied["claims"][0]["standing"], &denied["status"]), (&"superseded".into(), &"disputed".into()));
}

#[test]
fn a_claim_or_a_document_can_be_withdrawn() {
    let claims = r#"(by: "paper", quantity: "10", withdrawn: "2025-03"), (by: "gazette", document: "gazette-1")"#;
    let now = fact(claims, &[]);
    assert_eq!((&now["claims"][0]["standing"], &now["status"]), (&"withdrawn".into(), &"single-source".into()));
    assert_eq!(fact(claims, &["--as-of", "2025-02"])["status"], "corroborated");
    assert_eq!(fact(claims, &["--as-of", "2025-03"])["status"], "single-source");
    // A fact of which no claim counts is found by its id alone.
    let facts = facts(r#"(by: "paper", withdrawn: "2025-03")"#);
    let files = [("world.ron", WORLD), ("facts.ron", facts.as_str())];
    let by_id = json_on(&files, &["show", "f1"], 0);
    assert_eq!((&by_id["rows"][0]["status"], &by_id["rows"][0]["reasons"]), (&Value::Null, &serde_json::json!([])));
    assert!(json_on(&files, &["who", "--to", "South"], 1)["rows"].as_array().is_some_and(Vec::is_empty));
    let told = purvey_on(&files, &["who", "--to", "South"]);
    assert!(told.stdout.contains("every claim"), "{}", told.stdout);
}

#[test]
fn a_correction_supersedes_whatever_the_dates() {
    let world = WORLD.replace(r#"date: "2025-02-10")"#, r#"corrects: "paper-1")"#);
    let facts = facts(r#"(by: "paper", quantity: "10"), (by: "paper", document: "paper-2", quantity: "4")"#);
    let found = json_on(&[("world.ron", &world), ("facts.ron", &facts)], &["show", "f1"], 0);
    assert_eq!(found["rows"][0]["quantity"]["high"], 4);
    // Both documents say so.
    let files = [("world.ron", world.as_str()), ("facts.ron", facts.as_str())];
    assert_eq!(
        json_on(&files, &["show", "paper-1"], 0)["remarks"],
        serde_json::json!(["corrected by Paper 2 (`paper-2`)"])
    );
    assert_eq!(
        json_on(&files, &["show", "paper-2"], 0)["remarks"],
        serde_json::json!(["corrects Paper 1 (`paper-1`)"])
    );
}

#[test]
fn a_claimant_or_document_can_be_left_out() {
    let claims = format!("{PAPER}, {GAZETTE}");
    assert_eq!(fact(&claims, &["--without", "Paper"])["claims"][0]["by"]["id"], "gazette");
    assert_eq!(fact(&claims, &["--without", "paper-1"])["claims"][0]["by"]["id"], "gazette");
    let facts = facts(&claims);
    let files = [("world.ron", WORLD), ("facts.ron", facts.as_str())];
    let none = json_on(&files, &["who", "--to", "South", "--without", "Paper", "--without", "Gazette"], 1);
    assert_eq!(none["question"], "who --to South --without Paper --without Gazette");
    let guessed = json_on(&files, &["who", "--without", "Papper"], 0);
    assert_eq!(guessed["remarks"], serde_json::json!(["“Papper” is read as Paper"]));
    assert_eq!(json_on(&files, &["who", "--without", "nobody at all"], 1)["findings"][0]["code"], "unknown-name");
}

#[test]
fn a_fact_is_asked_for_by_its_support_and_stance() {
    let all = json(&["list", "facts"], 0);
    for status in ["disputed", "admitted", "corroborated", "unnamed", "single-source"] {
        let expected: Vec<&str> = all["rows"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|it| it["status"] == status)
            .filter_map(|it| it["fact"].as_str())
            .collect();
        let code = i32::from(expected.is_empty());
        assert_eq!(ids(&json(&["list", "facts", "--status", status], code)), expected, "{status}");
    }
    assert_eq!(ids(&json(&["who", "--stance", "admits"], 0)), ["a7", "a8"]);
    assert_eq!(ids(&json(&["who", "--status", "unnamed"], 0)), ["a10", "a14"]);
}

#[test]
fn the_built_in_facts_are_judged_as_their_sources_say() {
    let all = json(&["list", "facts"], 0);
    for (fact, status, reasons) in [
        ("a7", "admitted", "admitted corroborated"),
        ("a10", "unnamed", "unnamed single-source"),
        ("a13", "single-source", "single-source"),
        ("a14", "unnamed", "unnamed single-source"),
        ("b1", "admitted", "admitted corroborated"),
    ] {
        let row = row(&all, fact);
        assert_eq!(row["status"], status, "{fact}");
        assert_eq!(row["reasons"], serde_json::json!(reasons.split(' ').collect::<Vec<_>>()), "{fact}");
    }
    let diverging: Vec<&str> = all["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|it| it["diverging"] == true)
        .filter_map(|it| it["fact"].as_str())
        .collect();
    assert_eq!(diverging, ["b1"]);
    // No figure comes from an acknowledgement that gives none.
    assert_eq!(row(&all, "a7")["quantity"]["text"], "more than 11,000");
}

#[test]
fn before_the_report_nothing_of_it_is_known() {
    let question = ["who", "--to", "Russia", "--what", "troops", "--as-of", "2025-03-01"];
    assert!(ids(&json(&question, 1)).is_empty());
    assert_eq!(ids(&json(&["who", "--to", "Russia", "--what", "troops", "--as-of", "2025-06"], 0)), ["a7", "a8"]);
}
