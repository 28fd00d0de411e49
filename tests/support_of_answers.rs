//! What an answer stands on, and where claims meet: `support`, `disputes`, `returns`, `sources`.

use proptest::prelude::*;
use purvey::query::{PathQuestion, Question, answer};
use serde_json::{Value, json as value};

use crate::support::{ids, json, json_on, purvey};

fn names(list: &Value) -> Vec<String> {
    let name = |it: &Value| match (it["id"].as_str(), it["unnamed_of"].as_str()) {
        (Some(id), _) => id.to_owned(),
        (None, group) => format!("unnamed of {}", group.unwrap_or("nobody")),
    };
    list.as_array().into_iter().flatten().map(name).collect()
}

#[test]
fn nine_million_rounds_rest_on_one_unnamed_state() {
    let answer = json(&["support", "a10"], 0);
    let support = &answer["support"];
    assert_eq!(support["about"], value!(["a10"]));
    assert_eq!(support["origins"][0]["origin"]["unnamed_of"], "msmt");
    assert_eq!(
        (&support["independent"], names(&support["smallest"])),
        (&value!(1), vec!["unnamed of msmt".to_owned()])
    );
    assert_eq!(support["bound"], false);
    // Without it artillery stands, by the MSMT.
    assert!(support["left"].as_array().is_some_and(|it| it.contains(&value!("a6/artillery"))), "{}", support["left"]);
    assert_eq!(crate::support::row(&answer, "a6/artillery")["claims"][0]["by"]["id"], "msmt");
    let without = json(&["support", "a10", "--without", "unnamed"], 0);
    assert_eq!((&without["support"]["falls"], &without["support"]["independent"]), (&value!(["a10"]), &value!(0)));
    assert_eq!(without["support"]["left"], support["left"]);
    let shown = purvey(&["support", "a10"]).stdout;
    assert!(shown.contains("the answer falls without an unnamed participating state"), "{shown}");
}

#[test]
fn a_question_falls_with_all_who_say_it() {
    let support = json(&["support", "who", "--to", "Russia", "--what", "troops"], 0)["support"].clone();
    assert_eq!(support["about"], value!(["a7", "a8"]));
    assert_eq!(names(&support["smallest"]), ["government-of-north-korea", "msmt"]);
    assert_eq!(support["independent"], 2);
    let origins = support["origins"].as_array().expect("origins");
    assert!(origins.iter().all(|it| it["facts"] == value!(["a7", "a8"]) && it["alone"] == value!([])), "{origins:#?}");
}

#[test]
fn a_path_falls_with_the_fewest_who_carry_it() {
    let answer = json(&["support", "path", "North Korea", "Kyiv", "--same-item"], 0);
    assert_eq!(names(&answer["support"]["smallest"]), ["msmt"]);
    assert_eq!(
        (&answer["support"]["weakest"]["step"], &answer["support"]["weakest"]["status"]),
        (&value!(1), &value!("single-source"))
    );
    assert_eq!(answer["chains"].as_array().map(Vec::len), Some(1));
    let without = json(&["support", "path", "North Korea", "Kyiv", "--same-item", "--without", "MSMT"], 0);
    assert_eq!(without["remarks"], value!(["no path is left on the evidence asked for"]));
    assert_eq!(without["support"]["falls"], value!(["a11", "a12/kyiv"]));
}

/// Two ways from A to D: over B on the word of one and two, over C on the word of two and three.
const TWO_WAYS: &str = r#"(
    entities: [
        Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"), Country(id: "c", name: "Cland"), Country(id: "d", name: "Dland"),
        Organization(id: "one", name: "One"), Organization(id: "two", name: "Two"), Organization(id: "three", name: "Three"),
        Materiel(id: "guns", name: "guns"),
        Document(id: "doc", name: "Doc", publisher: "one", date: "2025"),
    ],
    document: "doc",
    facts: [
        Supply(id: "ab", supplier: "a", item: "guns", recipient: "b", by: "one"),
        Supply(id: "bd", supplier: "b", item: "guns", recipient: "d", by: "two"),
        Supply(id: "ac", supplier: "a", item: "guns", recipient: "c", by: "three"),
        Supply(id: "cd", supplier: "c", item: "guns", recipient: "d", by: "two"),
        Supply(id: "cd2", supplier: "c", item: "guns", recipient: "d", by: "one"),
    ],
)"#;

#[test]
fn the_smallest_set_is_the_smallest_over_all_ways() {
    let files = [("all.ron", TWO_WAYS)];
    let of = |args: &[&str]| names(&json_on(&files, args, 0)["support"]["smallest"]);
    // No single one carries both ways: two is on both, but from C to D one says the same.
    assert_eq!(of(&["support", "path", "Aland", "Dland"]).len(), 2);
    assert_eq!(of(&["support", "path", "Aland", "Dland", "--without", "one"]), ["two"]);
    assert_eq!(of(&["support", "path", "Aland", "Dland", "--without", "three"]).len(), 1);
}

#[test]
fn the_children_of_ukraine_are_in_dispute_with_both_scopes() {
    let answer = json(&["disputes"], 0);
    assert_eq!(ids(&answer), ["b1"]);
    let pair = &answer["disputes"][0]["figures"][0];
    assert_eq!(
        (&pair["lower"]["quantity"]["low"], &pair["higher"]["quantity"]["low"]),
        (&value!(35_000), &value!(700_000))
    );
    assert_eq!((&pair["ratio"], &pair["ratio_exact"]), (&value!(20), &value!(true)));
    assert_eq!(
        (&pair["lower"]["scope"], &pair["higher"]["scope"]),
        (&Value::Null, &value!("the occupied territories"))
    );
    assert_eq!(
        (&pair["disjoint"], &pair["twofold"], &pair["scopes_differ"]),
        (&value!(false), &value!(true), &value!(true))
    );
    let shown = purvey(&["disputes"]).stdout;
    assert!(shown.contains("20 times") && shown.contains("occupied") && !shown.contains("735"), "{shown}");
}

#[test]
fn denials_and_figures_that_cannot_both_hold_are_disputes() {
    let claims = |claims: &str| TWO_WAYS.replace(r#"by: "three")"#, &format!("claims: [{claims}])"));
    let denied = claims(r#"(by: "three"), (by: "one", stance: denies)"#);
    let found = json_on(&[("all.ron", &denied)], &["disputes"], 0);
    assert_eq!((ids(&found), names(&found["disputes"][0]["denied_by"])), (vec!["ac"], vec!["one".to_owned()]));
    let disjoint = claims(r#"(by: "three", quantity: "10"), (by: "one", quantity: "12")"#);
    let pair = json_on(&[("all.ron", &disjoint)], &["disputes"], 0)["disputes"][0]["figures"][0].clone();
    assert_eq!((&pair["disjoint"], &pair["twofold"], &pair["ratio"]), (&value!(true), &value!(false), &value!(1.2)));
    assert!(ids(&json_on(&[("all.ron", TWO_WAYS)], &["disputes"], 1)).is_empty());
    assert_eq!(ids(&json_on(&[("all.ron", &denied)], &["disputes", "Cland"], 0)), ["ac"]);
    assert!(ids(&json_on(&[("all.ron", &denied)], &["disputes", "Bland"], 1)).is_empty());
}

#[test]
fn what_was_given_in_return_is_what_sources_say() {
    let answer = json(&["returns", "North Korea", "Russia"], 0);
    assert_eq!(answer["exchanges"], json(&["returns", "Russia", "North Korea"], 0)["exchanges"]);
    let returned: Vec<&Value> =
        answer["exchanges"].as_array().into_iter().flatten().map(|it| &it["returned"][0]).collect();
    assert_eq!(returned, ["a13", "a16"]);
    assert_eq!(answer["exchanges"][0]["given"], value!(["a6/artillery", "a6/combat-vehicle", "a6/missile"]));
    assert_eq!(names(&answer["exchanges"][1]["by"]), ["msmt"]);
    // Oil went to North Korea too, and nobody says that it was in return.
    assert!(!ids(&answer).contains(&"a18"));
    assert!(json(&["returns", "Russia", "Belarus"], 1)["exchanges"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(json(&["returns", "Russia", "Russia"], 1)["findings"][0]["code"], "same-ends");
}

#[test]
fn sources_tell_what_they_carry_relay_and_alone_support() {
    let answer = json(&["sources"], 0);
    let of = |id: &str| {
        let list = answer["sources"].as_array().into_iter().flatten();
        list.clone().find(|it| it["document"]["id"] == id).cloned().unwrap_or_else(|| panic!("no {id}"))
    };
    let report = of("msmt-report-2025");
    assert_eq!(report["carries"], value!([]));
    assert!(report["relays"].as_array().is_some_and(|it| it.contains(&value!("a7"))));
    // North Korea's own acknowledgement did not come through the report.
    assert!(
        report["alone"].as_array().is_some_and(|it| it.contains(&value!("a6/missile")) && !it.contains(&value!("a7")))
    );
    let reuters = of("reuters-2025-06-28");
    assert!(reuters["carries"].as_array().is_some_and(|it| it.contains(&value!("c10"))));
    assert!(reuters["alone"].as_array().is_some_and(|it| !it.contains(&value!("c10"))));
    let one = json(&["sources", "UPI"], 0);
    assert_eq!(one["sources"].as_array().map(Vec::len), Some(1));
    let note = answer["notes"].as_array().into_iter().flatten().find(|it| it["number"] == report["note"]).cloned();
    assert_eq!(note.expect("a note")["document"]["id"], "msmt-report-2025");
}

/// Facts of a small world: from, to, and who says so, by number.
type Told = Vec<(usize, usize, Vec<usize>)>;

fn world(told: &Told) -> String {
    let mut text = String::from(r#"(entities: [Document(id: "d", name: "D"), Materiel(id: "arms", name: "arms"),"#);
    for at in 0..5 {
        text.push_str(&format!(
            r#"Country(id: "c{at}", name: "Land {at}"), Organization(id: "o{at}", name: "Org {at}"),"#
        ));
    }
    text.push_str(r#"], document: "d", facts: ["#);
    for (at, (from, to, by)) in told.iter().enumerate() {
        let claims: String = by.iter().map(|it| format!(r#"(by: "o{it}"),"#)).collect();
        text.push_str(&format!(
            r#"Supply(id: "f{at}", supplier: "c{from}", recipient: "c{to}", item: "arms", claims: [{claims}]),"#
        ));
    }
    text.push_str("])");
    text
}

/// Whether a way leads from 0 to 1 over facts that somebody else says.
fn is_connected(told: &Told, without: u32) -> bool {
    let mut reached = vec![0];
    let mut at = 0;
    while let Some(here) = reached.get(at).copied() {
        at += 1;
        for (from, to, by) in told {
            if *from == here && !reached.contains(to) && by.iter().any(|it| without & (1 << it) == 0) {
                reached.push(*to);
            }
        }
    }
    reached.contains(&1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_smallest_set_is_that_of_trying_all_sets(
        told in prop::collection::vec((0_usize..5, 0_usize..5, prop::collection::btree_set(0_usize..5, 1..3)), 1..9)
    ) {
        let told: Told = told.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, by)| (a, b, by.into_iter().collect())).collect();
        prop_assume!(is_connected(&told, 0));
        let least = (0..1_u32 << 5).filter(|it| !is_connected(&told, *it)).map(u32::count_ones).min();
        let graph = crate::support::loading::graph_of(&world(&told));
        let path = PathQuestion { max_hops: 5, ..PathQuestion::new("c0", "c1") };
        let found = answer(&graph, &Question::Support(Box::new(Question::Path(path)))).expect("an answer");
        let support = found.support.expect("support");
        let set = support.smallest.iter().filter_map(|it| it.id.as_deref()?.strip_prefix('o')?.parse::<u32>().ok());
        let set = set.fold(0_u32, |set, it| set | 1 << it);
        prop_assert!(!is_connected(&told, set));
        prop_assert_eq!(Some(set.count_ones()), least);
        prop_assert!(!support.bound);
    }
}
