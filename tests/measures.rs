//! Caps and bans against transfers: `purvey measures`.

use serde_json::{Value, json as value};

use crate::support::{json, json_on, purvey};

const WORLD: &str = r#"(
    entities: [
        Country(id: "north", name: "North"), Country(id: "south", name: "South"),
        Organization(id: "army", name: "Army of South", part_of: "south"),
        Organization(id: "council", name: "Council"), Organization(id: "paper", name: "Paper"),
        Materiel(id: "fuel", name: "fuel"), Materiel(id: "diesel", name: "diesel", is_a: "fuel"),
        Materiel(id: "guns", name: "guns"),
        Document(id: "paper-1", name: "Paper 1", publisher: "paper", date: "2026"),
    ],
)"#;

const CAP: &str = r#"Measure(id: "cap", imposer: "council", to: "south", item: "fuel", limit: "no more than 100 barrels", per: "year"),"#;

fn answer(facts: &str) -> Value {
    let facts = format!(r#"(document: "paper-1", defaults: (by: "paper"), facts: [{facts}])"#);
    json_on(&[("world.ron", WORLD), ("facts.ron", &facts)], &["measures"], 0)
}

/// A supply of fuel from North to South.
fn fuel(id: &str, quantity: &str, period: &str) -> String {
    let period = if period.is_empty() { String::new() } else { format!(r#", period: "{period}""#) };
    format!(
        r#"Supply(id: "{id}", supplier: "north", item: "diesel", recipient: "south", quantity: "{quantity}"{period}),"#
    )
}

/// Period, verdict and sum of each result.
fn results(answer: &Value) -> Vec<(String, String, Value, Value)> {
    let list = answer["measures"].as_array().expect("measures");
    list.iter()
        .map(|it| {
            let period = it["period"]["edtf"].as_str().unwrap_or("-").to_owned();
            (period, it["verdict"].as_str().expect("a verdict").to_owned(), it["low"].clone(), it["high"].clone())
        })
        .collect()
}

fn line(period: &str, verdict: &str, low: Value, high: Value) -> (String, String, Value, Value) {
    (period.to_owned(), verdict.to_owned(), low, high)
}

#[test]
fn the_petroleum_cap_is_exceeded_for_certain() {
    let answer = json(&["measures"], 0);
    let found = &answer["measures"][0];
    assert_eq!(answer["measures"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&found["measure"], &found["verdict"], &found["per"]),
        (&value!("a17"), &value!("exceeds"), &value!("year"))
    );
    assert_eq!((&found["what"]["id"], &found["target"]["id"]), (&value!("refined-petroleum"), &value!("north-korea")));
    assert_eq!((&found["limit"], &found["low"], &found["high"]), (&value!(500_000), &value!(1_000_000), &Value::Null));
    assert_eq!(
        (&found["low_open"], &found["unit"], &found["counted"]),
        (&value!(true), &value!("barrel"), &value!(["a18"]))
    );
    assert_eq!(
        (&found["period"]["edtf"], &found["instruments"][0]["id"]),
        (&value!("2024"), &value!("un-sanctions-on-north-korea"))
    );
    // On the estimate of the MSMT: the claims stand in the row.
    let row = crate::support::row(&answer, "a18");
    assert_eq!((&row["claims"][1]["by"]["id"], &row["claims"][1]["stance"]), (&value!("msmt"), &value!("estimates")));
    let shown = purvey(&["measures"]).stdout;
    assert!(shown.contains("a18: more than 1,000,000 > 500,000 barrels"), "{shown}");
}

#[test]
fn what_sources_call_violations_is_listed_with_them() {
    let answer = json(&["measures"], 0);
    let called = |fact: &str| {
        let list = answer["violations"].as_array().into_iter().flatten();
        list.filter(|it| it["fact"] == fact)
            .map(|it| (it["rule"].clone(), it["by"][0]["id"].clone()))
            .collect::<Vec<_>>()
    };
    // Workers, banking and arms, by the MSMT.
    assert_eq!(called("a19"), [(value!("un-sanctions-on-north-korea"), value!("msmt"))]);
    assert_eq!(called("a20"), [(value!("un-sanctions-on-north-korea"), value!("msmt"))]);
    for fact in ["a6/artillery", "a6/missile", "a6/combat-vehicle"] {
        assert_eq!(called(fact), [(value!("un-resolutions-on-north-korea"), value!("msmt"))], "{fact}");
    }
    assert_eq!(called("a21"), [(value!("un-sanctions-on-north-korea"), value!("panel-of-experts"))]);
    let oil = answer["violations"].as_array().into_iter().flatten().find(|it| it["fact"] == "a18").expect("a18");
    assert_eq!((&oil["rule"], &oil["covered_by"]), (&value!("a17"), &value!(["a17"])));
}

#[test]
fn a_yearly_cap_is_held_against_each_calendar_year() {
    for (facts, expected) in [
        (fuel("f1", "101 barrels", "2024"), vec![line("2024", "exceeds", value!(101), value!(101))]),
        (fuel("f1", "100 barrels", "2024"), vec![line("2024", "within", value!(100), value!(100))]),
        (fuel("f1", "up to 150 barrels", "2024"), vec![line("2024", "may-exceed", Value::Null, value!(150))]),
        (fuel("f1", "about 100 barrels", "2024"), vec![line("2024", "may-exceed", value!(100), value!(100))]),
        (fuel("f1", "at least 50 barrels", "2024"), vec![line("2024", "may-exceed", value!(50), Value::Null)]),
        (
            fuel("f1", "80 barrels", "2023") + &fuel("f2", "70 barrels", "2024"),
            vec![line("2023", "within", value!(80), value!(80)), line("2024", "within", value!(70), value!(70))],
        ),
        (
            fuel("f1", "80 barrels", "2024-01") + &fuel("f2", "70 barrels", "2024-03"),
            vec![line("2024", "exceeds", value!(150), value!(150))],
        ),
        // Of parts of two years, each may have had all or nothing.
        (
            fuel("f1", "150 barrels", "2023-11/2024-02"),
            vec![
                line("2023", "may-exceed", Value::Null, value!(150)),
                line("2024", "may-exceed", Value::Null, value!(150)),
            ],
        ),
        // Too much for both years together is too much for one of them.
        (
            fuel("f1", "201 barrels", "2023-11/2024-02"),
            vec![
                line("2023", "may-exceed", Value::Null, value!(201)),
                line("2024", "may-exceed", Value::Null, value!(201)),
                line("2023/2024", "exceeds", value!(201), value!(201)),
            ],
        ),
        // Nobody says when: it may have been over many years.
        (fuel("f1", "500 barrels", ""), vec![line("-", "may-exceed", Value::Null, value!(500))]),
        (fuel("f1", "at least 500 barrels", ""), vec![line("-", "unknown", Value::Null, Value::Null)]),
    ] {
        assert_eq!(results(&answer(&(CAP.to_owned() + &facts))), expected, "{facts}");
    }
}

#[test]
fn a_cap_counts_what_it_covers() {
    let cap = |facts: &str| results(&answer(&(CAP.to_owned() + facts)));
    let supply = |supplier: &str, item: &str, recipient: &str, rest: &str| {
        format!(
            r#"Supply(id: "f1", supplier: "{supplier}", item: "{item}", recipient: "{recipient}", quantity: "200 barrels", period: "2024"{rest}),"#
        )
    };
    let nothing = vec![line("-", "unknown", Value::Null, Value::Null)];
    assert_eq!(cap(&supply("north", "fuel", "army", "")), [line("2024", "exceeds", value!(200), value!(200))]);
    assert_eq!(cap(&supply("south", "fuel", "north", "")), nothing);
    assert_eq!(cap(&supply("north", "guns", "south", "")), nothing);
    assert_eq!(cap(&supply("south", "fuel", "army", "")), nothing);
    assert_eq!(cap(&supply("north", "fuel", "south", ", outcome: planned")), nothing);
    assert_eq!(cap(&supply("north", "fuel", "south", ", stance: denies")), nothing);
    assert_eq!(cap(""), nothing);
}

#[test]
fn units_are_converted_or_the_verdict_is_unknown() {
    let cap = |facts: &str| results(&answer(&(CAP.to_owned() + facts)));
    // 100 barrels are 15,898.7294928 litres.
    assert_eq!(cap(&fuel("f1", "15,899 litres", "2024")), [line("2024", "exceeds", value!(15_899), value!(15_899))]);
    assert_eq!(cap(&fuel("f1", "15,898 litres", "2024")), [line("2024", "within", value!(15_898), value!(15_898))]);
    assert_eq!(cap(&fuel("f1", "900 tonnes", "2024")), [line("2024", "unknown", Value::Null, Value::Null)]);
    // What does not compare may be any amount.
    let both = fuel("f1", "50 barrels", "2024-01") + &fuel("f2", "900 tonnes", "2024-02");
    assert_eq!(cap(&both), [line("2024", "may-exceed", value!(50), Value::Null)]);
}

#[test]
fn a_cap_without_per_gives_no_verdict() {
    let cap = CAP.replace(r#", per: "year""#, "");
    let found = answer(&(cap + &fuel("f1", "500 barrels", "2024")));
    assert_eq!((&found["measures"][0]["verdict"], &found["measures"][0]["counted"]), (&value!("unknown"), &value!([])));
    assert!(found["measures"][0]["why"].as_str().is_some_and(|it| it.contains("per")));
}

#[test]
fn monthly_and_total_caps_have_their_own_periods() {
    let facts = fuel("f1", "80 barrels", "2024-01") + &fuel("f2", "70 barrels", "2024-03");
    let of = |per: &str| results(&answer(&(CAP.replace("year", per) + &facts)));
    assert_eq!(
        of("month"),
        [line("2024-01", "within", value!(80), value!(80)), line("2024-03", "within", value!(70), value!(70))]
    );
    assert_eq!(of("total"), [line("-", "exceeds", value!(150), value!(150))]);
}

#[test]
fn a_ban_is_breached_by_any_transfer_that_it_covers() {
    let ban = r#"Measure(id: "ban", imposer: "council", to: "south", item: "diesel", period: "2024/.."),"#;
    let verdict = |facts: &str| {
        let found = answer(&(ban.to_owned() + facts));
        (found["measures"][0]["verdict"].clone(), found["measures"][0]["counted"].clone())
    };
    assert_eq!(verdict(&fuel("f1", "1 barrel", "2024-05")), (value!("breached"), value!(["f1"])));
    assert_eq!(verdict(&fuel("f1", "1 barrel", "2023-05")), (value!("unknown"), value!([])));
    // It may have been before the ban, or another fuel.
    assert_eq!(verdict(&fuel("f1", "1 barrel", "2023/2024")), (value!("unknown"), value!([])));
    assert_eq!(verdict(&fuel("f1", "1 barrel", "2024-05").replace("diesel", "fuel")), (value!("unknown"), value!([])));
    // What comes from it can be banned too.
    let outward = ban.replace("to:", "from:");
    let found = answer(
        &(outward + &fuel("f1", "1 barrel", "2024-05").replace("north", "army").replace(r#""south""#, r#""north""#)),
    );
    assert_eq!(found["measures"][0]["verdict"], "breached");
}

#[test]
fn measures_can_be_asked_for_by_what_they_concern() {
    for name in ["a17", "refined petroleum", "North Korea", "UN Security Council", "un-sanctions-on-north-korea"] {
        assert_eq!(json(&["measures", name], 0)["measures"][0]["measure"], "a17", "{name}");
    }
    let none = json(&["measures", "Slovakia"], 1);
    assert_eq!((&none["measures"], &none["violations"]), (&value!([]), &value!([])));
    assert_eq!(json(&["measures", "no such thing"], 1)["findings"][0]["code"], "unknown-name");
}
