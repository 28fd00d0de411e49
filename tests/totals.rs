//! Honest sums through the program: `who … --total`.

use serde_json::{Value, json as value};

use crate::support::{json, json_on, purvey, purvey_on};

/// The totals of an answer with that unit.
fn total<'v>(answer: &'v Value, unit: &str) -> &'v Value {
    let totals = answer["totals"].as_array().expect("totals");
    totals.iter().find(|it| it["unit"] == unit).unwrap_or_else(|| panic!("no total in {unit}: {totals:#?}"))
}

const WORLD: &str = r#"(
    entities: [
        Country(id: "north", name: "North"), Country(id: "south", name: "South"), Country(id: "east", name: "East"),
        Organization(id: "army", name: "Army of South", part_of: "south"),
        Organization(id: "paper", name: "Paper"),
        Materiel(id: "guns", name: "guns"), Materiel(id: "howitzers", name: "howitzers", is_a: "guns"),
        Materiel(id: "oil", name: "oil"),
        Document(id: "paper-1", name: "Paper 1", publisher: "paper", date: "2025-01-10"),
    ],
)"#;

/// Totals of a question over facts of the paper.
fn sums(facts: &str, options: &[&str]) -> Value {
    let facts = format!(r#"(document: "paper-1", defaults: (by: "paper"), facts: [{facts}])"#);
    let args: Vec<&str> = ["who", "--total"].iter().chain(options).copied().collect();
    json_on(&[("world.ron", WORLD), ("facts.ron", &facts)], &args, 0)
}

/// Supplies of North to South: id, item, quantity, and what else stands in the record.
fn supplies(list: &[(&str, &str, &str, &str)]) -> String {
    let record = |(id, item, quantity, rest): &(&str, &str, &str, &str)| {
        let quantity = if quantity.is_empty() { String::new() } else { format!(r#"quantity: "{quantity}","#) };
        format!(r#"Supply(id: "{id}", supplier: "north", item: "{item}", recipient: "south", {quantity} {rest}),"#)
    };
    list.iter().map(record).collect()
}

#[test]
fn troops_sent_to_russia_add_up() {
    let answer = json(&["who", "--to", "Russia", "--what", "troops", "--total"], 0);
    let found = total(&answer, "person");
    assert_eq!((&found["low"], &found["low_open"], &found["high"]), (&value!(14_000), &value!(true), &Value::Null));
    assert_eq!((&found["counted"], &found["bound"]), (&value!(["a7", "a8"]), &value!(false)));
    assert_eq!(found["because"], value!(["a8 is in addition to a7"]));
    let shown = purvey(&["who", "--to", "Russia", "--what", "troops", "--total"]).stdout;
    assert!(shown.contains("more than 14,000 people") && shown.contains("a8 is in addition to a7"), "{shown}");
}

#[test]
fn air_defence_systems_and_the_vehicle_among_them_are_not_two() {
    let found = json(&["who", "--what", "air defence systems", "--total"], 0);
    let found = total(&found, "piece");
    assert_eq!((&found["low"], &found["high"], &found["counted"]), (&value!(1), &Value::Null, &value!(["a14"])));
}

#[test]
fn the_strikes_of_a_day_are_in_its_sum() {
    let answer =
        json(&["who", "--kind", "attack", "--from", "Russia", "--to", "Ukraine", "--include-parts", "--total"], 0);
    let killed = answer["totals"].as_array().into_iter().flatten().find(|it| it["figure"] == "killed").expect("killed");
    assert_eq!((&killed["low"], &killed["counted_low"]), (&value!(10), &value!(["c1"])));
    let left_out: Vec<&str> = killed["left_out"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|it| it["why"] == "part of c1")
        .filter_map(|it| it["fact"].as_str())
        .collect();
    assert_eq!(left_out, ["c2", "c3", "c4a", "c4b"]);
}

#[test]
fn no_total_holds_claims_of_one_fact_added() {
    let answer = json(&["who", "--kind", "forced-transfer", "--total"], 0);
    let found = total(&answer, "person");
    assert_eq!((&found["low"], &found["high"], &found["differs"]), (&value!(35_000), &Value::Null, &value!(["b1"])));
    let everything = purvey(&["who", "--kind", "forced-transfer", "--total", "--format", "json"]).stdout;
    assert!(!everything.contains("735"), "{everything}");
}

#[test]
fn what_may_be_the_same_is_counted_once() {
    // No dates: it may be the same guns, or howitzers among them.
    let answer = sums(&supplies(&[("f1", "guns", "10", ""), ("f2", "howitzers", "7", "")]), &[]);
    let found = total(&answer, "piece");
    assert_eq!((&found["low"], &found["high"], &found["counted_low"]), (&value!(10), &value!(17), &value!(["f1"])));
    assert_eq!(found["left_out"], value!([{"fact": "f2", "why": "may be some of f1"}]));
    // Disjoint periods tell them apart, and so do other items and other ends.
    let dated = supplies(&[("f1", "guns", "10", r#"period: "2023""#), ("f2", "howitzers", "7", r#"period: "2024""#)]);
    assert_eq!(total(&sums(&dated, &[]), "piece")["low"], 17);
    let elsewhere = r#"Supply(id: "f3", supplier: "north", item: "guns", recipient: "east", quantity: "5"),"#;
    assert_eq!(total(&sums(&(supplies(&[("f1", "guns", "10", "")]) + elsewhere), &[]), "piece")["low"], 15);
    let of_a_part = r#"Supply(id: "f3", supplier: "north", item: "guns", recipient: "army", quantity: "5"),"#;
    assert_eq!(total(&sums(&(supplies(&[("f1", "guns", "10", "")]) + of_a_part), &[]), "piece")["low"], 10);
    let of_nobody = r#"Supply(id: "f3", item: "guns", recipient: "south", quantity: "5"),"#;
    assert_eq!(total(&sums(&(supplies(&[("f1", "guns", "10", "")]) + of_nobody), &[]), "piece")["low"], 10);
}

#[test]
fn one_unknown_upper_bound_leaves_the_sum_without_one() {
    for (quantity, high) in [("up to 5", value!(15)), ("at least 5", Value::Null), ("", Value::Null)] {
        let answer = sums(&supplies(&[("f1", "guns", "10", ""), ("f2", "guns", quantity, "")]), &[]);
        assert_eq!(total(&answer, "piece")["high"], high, "{quantity}");
    }
    // What has no figure and cannot be the same goods is told apart.
    let answer = sums(&supplies(&[("f1", "guns", "10", ""), ("f2", "oil", "", "")]), &[]);
    assert_eq!((&total(&answer, "piece")["high"], answer["remarks"].to_string().contains("f2")), (&value!(10), true));
}

#[test]
fn units_convert_by_a_given_conversion_and_never_across_dimensions() {
    let oil = supplies(&[
        ("f1", "oil", "2 tonnes", r#"period: "2023""#),
        ("f2", "oil", "500 kilograms", r#"period: "2024""#),
        ("f3", "oil", "3 barrels", r#"period: "2024""#),
    ]);
    let answer = sums(&oil, &[]);
    let mass = total(&answer, "kilogram");
    assert_eq!((&mass["low"], &mass["high"]), (&value!(2_500), &value!(2_500)));
    assert!(mass["conversions"][0].as_str().is_some_and(|it| it.starts_with("1 tonne = 1000 kilograms (")), "{mass}");
    assert_eq!(total(&answer, "barrel")["low"], 3);
    assert_eq!(answer["totals"].as_array().map(Vec::len), Some(2));
}

#[test]
fn sums_can_be_asked_for_by_group() {
    let facts =
        supplies(&[("f1", "guns", "10", r#"period: "2023""#), ("f2", "howitzers", "7", r#"period: "2023/2024""#)]);
    let low_high = |by: &str| -> Vec<(String, Value, Value)> {
        let answer = sums(&facts, &["--by", by]);
        let totals = answer["totals"].as_array().cloned().unwrap_or_default();
        totals
            .iter()
            .map(|it| (it["group"].as_str().unwrap_or("-").to_owned(), it["low"].clone(), it["high"].clone()))
            .collect()
    };
    let row = |group: &str, low: Value, high: Value| (group.to_owned(), low, high);
    assert_eq!(low_high("what"), [row("guns", value!(10), value!(10)), row("howitzers", value!(7), value!(7))]);
    assert_eq!(low_high("from"), [row("north", value!(10), value!(17))]);
    assert_eq!(low_high("to"), [row("south", value!(10), value!(17))]);
    assert_eq!(low_high("kind"), [row("supply", value!(10), value!(17))]);
    // What may fall into either year counts for the upper bound of each.
    assert_eq!(low_high("year"), [row("2023", value!(10), value!(17)), row("2024", Value::Null, value!(7))]);
}

#[test]
fn what_only_may_fall_into_the_period_counts_for_the_upper_bound() {
    let facts =
        supplies(&[("f1", "guns", "10", r#"period: "2024-02""#), ("f2", "guns", "7", r#"period: "2023/2024""#)]);
    let found = sums(&facts, &["--during", "2024"]);
    assert_eq!((&found["totals"][0]["low"], &found["totals"][0]["high"]), (&value!(10), &value!(17)));
    let certain = sums(&facts, &["--during", "2024", "--certainly"]);
    assert_eq!((&certain["totals"][0]["low"], &certain["totals"][0]["high"]), (&value!(10), &value!(10)));
}

#[test]
fn what_did_not_happen_is_in_no_sum() {
    let facts = supplies(&[
        ("f1", "guns", "10", ""),
        ("f2", "guns", "7", r#"period: "2030", outcome: planned"#),
        ("f3", "guns", "5", r#"stance: denies"#),
    ]);
    let answer = sums(&facts, &[]);
    assert_eq!((&answer["totals"][0]["low"], &answer["totals"][0]["high"]), (&value!(10), &value!(10)));
    assert!(
        answer["remarks"].to_string().contains("did not happen, or is only denied: f2, f3"),
        "{}",
        answer["remarks"]
    );
}

#[test]
fn a_sum_is_over_all_facts_whatever_is_shown() {
    let facts = supplies(&[("f1", "guns", "10", r#"period: "2023""#), ("f2", "guns", "7", r#"period: "2024""#)]);
    let answer = sums(&facts, &["--limit", "1"]);
    assert_eq!((answer["rows"].as_array().map(Vec::len), &answer["totals"][0]["low"]), (Some(1), &value!(17)));
}

#[test]
fn by_needs_total() {
    let facts =
        format!(r#"(document: "paper-1", defaults: (by: "paper"), facts: [{}])"#, supplies(&[("f1", "guns", "1", "")]));
    let run = purvey_on(&[("world.ron", WORLD), ("facts.ron", &facts)], &["who", "--by", "to"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--total"), "{}", run.stderr);
}
