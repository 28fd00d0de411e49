//! The main job on the built-in facts: each question of a reporter, through the real binary.

use crate::support::{claimants, ids, json, purvey, row};
use serde_json::{Value, json as value};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

#[test]
fn who_to_russia_lists_arms_and_people_with_their_claims() {
    let answer = json(&["who", "--to", "Russia"], 0);
    let all = ids(&answer);
    for id in ["a6/artillery", "a6/missile", "a6/combat-vehicle", "a7", "a8", "a10", "a11", "a19"] {
        assert!(all.contains(&id), "{id} in {all:?}");
    }
    let quantity = |id: &str| text(&row(&answer, id)["quantity"]["text"]).to_owned();
    assert_eq!(quantity("a11"), "at least 100");
    assert_eq!(row(&answer, "a11")["quantity"]["low"], value!(100));
    assert_eq!(row(&answer, "a10")["quantity"]["high"], value!(9000000));
    assert_eq!(row(&answer, "a10")["quantity"]["low"], Value::Null);
    assert_eq!(row(&answer, "a10")["quantity"]["unit"], "round");
    assert_eq!(claimants(row(&answer, "a10")), ["unnamed of msmt"]);
    assert_eq!(row(&answer, "a10")["roles"]["carrier"][0]["id"], "russian-flagged-cargo-vessels");
    assert_eq!(
        (quantity("a7"), quantity("a8"), quantity("a19")),
        ("more than 11,000".into(), "3,000".into(), "about 8,000".into())
    );
    assert_eq!(row(&answer, "a7")["quantity"]["low_open"], true);
    assert_eq!(row(&answer, "a19")["quantity"]["approximate"], true);
    assert_eq!(claimants(row(&answer, "a7")), ["msmt", "government-of-north-korea"]);
    assert_eq!(row(&answer, "a7")["claims"][1]["stance"], "admits");
    assert_eq!(row(&answer, "a7")["claims"][1]["quantity"], Value::Null);
}

#[test]
fn what_came_back_says_in_return_for_what() {
    let answer = json(&["who", "--from", "Russia", "--to", "North Korea"], 0);
    assert_eq!(ids(&answer), ["a18", "a13", "a15", "a14", "a16"]);
    let oil = row(&answer, "a18");
    assert_eq!(
        (text(&oil["quantity"]["text"]), text(&oil["period"]["edtf"])),
        ("more than 1,000,000 barrels", "2024-03/2024-10")
    );
    assert_eq!(oil["what"]["id"], "refined-petroleum");
    for id in ["a13", "a16"] {
        let relations = row(&answer, id)["relations"].as_array().expect("relations");
        assert!(relations.iter().any(|it| it["kind"] == "in-return-for" && it["to"] == "a6"), "{id}");
    }
    assert_eq!(text(&row(&answer, "a14")["quantity"]["text"]), "at least 1");
    assert_eq!(claimants(row(&answer, "a13")), ["msmt", "unnamed of msmt"]);
    assert_eq!(claimants(row(&answer, "a14")), ["unnamed of msmt"]);
}

#[test]
fn weapons_are_no_people() {
    let answer = json(&["who", "--what", "weapons", "--to", "Russia"], 0);
    assert_eq!(ids(&answer), ["a10", "a6/artillery", "a11", "a6/combat-vehicle", "a6/missile"]);
}

#[test]
fn people_are_populations_everywhere() {
    let answer = json(&["list", "facts"], 0);
    let mut seen = 0;
    for row in answer["rows"].as_array().expect("rows") {
        let roles = row["roles"].as_object().expect("roles").values().flat_map(|it| it.as_array().expect("a list"));
        for participant in [&row["from"], &row["what"], &row["to"]].into_iter().chain(roles) {
            if ["troops", "workers", "children"].contains(&text(&participant["id"])) {
                assert_eq!(participant["kind"], "population");
                seen += 1;
            }
        }
    }
    assert!(seen > 10);
    let flows = json(&["who"], 0);
    for row in flows["rows"].as_array().expect("rows") {
        assert!(!["sanction", "attack", "measure"].contains(&text(&row["kind"])), "{row}");
    }
}

#[test]
fn north_korea_to_kyiv_is_one_chain_of_two_steps() {
    let step_facts = |answer: &Value, step: usize| -> Vec<String> {
        let facts = answer["chains"][0]["steps"][step]["facts"].as_array().expect("facts");
        facts.iter().map(|it| text(it).to_owned()).collect()
    };
    let answer = json(&["path", "North Korea", "Kyiv"], 0);
    assert_eq!(answer["chains"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["chains"][0]["steps"].as_array().map(Vec::len), Some(2));
    assert!(step_facts(&answer, 0).len() > 5);
    assert!(step_facts(&answer, 1).contains(&"a12/kyiv".to_owned()));

    let same = json(&["path", "North Korea", "Kyiv", "--same-item"], 0);
    assert_eq!((step_facts(&same, 0), step_facts(&same, 1)), (vec!["a11".to_owned()], vec!["a12/kyiv".to_owned()]));

    let dprk = json(&["path", "DPRK", "Kyiv"], 0);
    assert_eq!(dprk["chains"], answer["chains"]);
}

#[test]
fn parts_are_reached_when_asked_for() {
    let answer = json(&["path", "North Korea", "Ukraine", "--include-parts", "--all", "--max-hops", "2"], 0);
    let ends: Vec<&str> =
        answer["chains"].as_array().expect("chains").iter().map(|it| text(&it["steps"][1]["to"]["id"])).collect();
    assert!(ends.contains(&"kyiv") && ends.contains(&"ukraine"), "{ends:?}");
}

#[test]
fn no_path_is_said_in_words_with_what_would_find_one() {
    let run = purvey(&["path", "Japan", "Kyiv"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("no path from Japan to Kyiv within 6 steps"), "{}", run.stdout);
    assert!(run.stdout.contains("`--any-direction` finds one"), "{}", run.stdout);
    let answer = json(&["path", "Japan", "Kyiv"], 1);
    assert_eq!(answer["findings"][0]["code"], "no-path");
    assert_eq!(answer["rows"], value!([]));
}

#[test]
fn two_figures_stand_side_by_side_and_are_never_added() {
    let answer = json(&["show", "b1"], 0);
    let fact = row(&answer, "b1");
    assert_eq!((&fact["quantity"], &fact["differs"]), (&Value::Null, &value!(true)));
    let claims: Vec<(String, &str)> = claimants(fact)
        .into_iter()
        .zip(fact["claims"].as_array().expect("claims"))
        .map(|(by, claim)| (by, text(&claim["quantity"]["text"])))
        .collect();
    let expected = [("new-york-post", "at least 35,000"), ("government-of-russia", "700,000")];
    assert_eq!(claims, expected.map(|(by, figure)| (by.to_owned(), figure)));
    for format in ["table", "json", "jsonl", "csv", "md", "dot"] {
        let run = purvey(&["show", "b1", "--format", format]);
        let told = run.stdout.replace('\u{a0}', " ");
        assert!(told.contains("at least 35,000") && told.contains("700,000"), "{format}\n{told}");
        assert!(!run.stdout.contains("735"), "{format}");
    }
}

#[test]
fn the_yale_lab_has_the_camps_and_the_tracking_but_not_the_35000() {
    let answer = json(&["show", "Yale Humanitarian Research Lab"], 0);
    let claimed: Vec<&str> =
        answer["claimed"].as_array().expect("claimed").iter().map(|it| text(&it["fact"])).collect();
    assert!(ids(&answer).contains(&"b11"));
    assert!(claimed.contains(&"b3") && claimed.contains(&"b4") && !claimed.contains(&"b1"), "{claimed:?}");
    assert!(!purvey(&["show", "Yale Humanitarian Research Lab"]).stdout.contains("35,000"));
}

#[test]
fn the_msmt_is_shown_with_its_members_and_apart_with_its_claims() {
    let answer = json(&["show", "MSMT"], 0);
    let members = ids(&answer).into_iter().filter(|it| it.starts_with("a1/")).count();
    assert_eq!(members, 11);
    assert!(ids(&answer).contains(&"a2") && ids(&answer).contains(&"a3"));
    let claimed: Vec<&str> =
        answer["claimed"].as_array().expect("claimed").iter().map(|it| text(&it["fact"])).collect();
    assert!(claimed.contains(&"a11") && !claimed.contains(&"a10") && !claimed.contains(&"a14"), "{claimed:?}");
}

#[test]
fn the_panel_has_its_mandate_the_veto_and_its_claim() {
    let answer = json(&["show", "Panel of Experts"], 0);
    assert!(text(&row(&answer, "a5")["period"]["edtf"]).starts_with("2009/"));
    assert_eq!(row(&answer, "a4")["period"]["edtf"], "2024-03");
    let claimed = answer["claimed"].as_array().expect("claimed");
    let theft = claimed.iter().find(|it| it["fact"] == "a21").expect("the theft");
    assert_eq!(theft["quantity"]["text"], "an estimated 3 billion US dollars");
    assert_eq!(theft["quantity"]["low"], value!(3000000000_u64));
}

#[test]
fn sanctions_and_measures_are_listed_by_kind() {
    let answer = json(&["who", "--kind", "sanction"], 0);
    let mut from: Vec<&str> =
        answer["rows"].as_array().expect("rows").iter().map(|it| text(&it["from"]["id"])).collect();
    from.sort_unstable();
    from.dedup();
    assert_eq!(from, ["canada", "european-union", "un-security-council", "united-kingdom"]);
    assert_eq!(row(&answer, "c6")["outcome"], "not-adopted");
    let cap = json(&["who", "--kind", "measure"], 0);
    let cap = row(&cap, "a17");
    assert_eq!(
        (&cap["quantity"]["high"], &cap["quantity"]["unit"], &cap["per"]),
        (&value!(500000), &value!("barrel"), &value!("year"))
    );
}

#[test]
fn a_metonym_matches_the_country_and_says_so() {
    let answer = json(&["who", "--from", "Moscow"], 0);
    assert!(ids(&answer).contains(&"a18"));
    assert!(
        text(&answer["remarks"][0]).contains("“Moscow” is read as the Government of Russia"),
        "{}",
        answer["remarks"]
    );
}

#[test]
fn names_are_forgiving() {
    for name in ["Zelensky", "Zelenskyy", "zelenskiy", "Zelenskyy "] {
        let answer = json(&["show", name], 0);
        assert_eq!(answer["subject"]["id"], "volodymyr-zelenskyy", "{name}");
    }
    for (name, id) in [
        ("Britain", "united-kingdom"),
        ("UK", "united-kingdom"),
        ("KP", "north-korea"),
        ("the North", "north-korea"),
        ("Россия", "russia"),
    ] {
        assert_eq!(json(&["show", name], 0)["subject"]["id"], id, "{name}");
    }
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let answer = json(&["who", "--to", "Russian Empire"], 1);
    assert_eq!(answer["findings"][0]["code"], "unknown-name");
    assert!(text(&answer["findings"][0]["help"]).contains("`russia`"), "{}", answer["findings"]);
    assert_eq!(answer["rows"], value!([]));
}

#[test]
fn questions_in_plain_english_print_their_reading() {
    for (question, reading) in [
        ("who supplied what to whom?", "who"),
        ("What did North Korea supply to Russia in 2024?", "who --from \"North Korea\" --to Russia --during 2024"),
        ("who supplied ballistic missiles to Russia", "who --what \"ballistic missile\" --to Russia"),
        (
            "to whom did North Korea supply weapons since 2022?",
            "who --from \"North Korea\" --what arms --during 2022/..",
        ),
        (
            "what did Russia supply to North Korea between March and October 2024?",
            "who --from Russia --to \"North Korea\" --during 2024-03/2024-10",
        ),
        (
            "how is the Yale lab connected to Lvova-Belova?",
            "path \"Yale Humanitarian Research Lab\" \"Maria Lvova-Belova\" --any-direction",
        ),
        ("In 2024, what did North Korea send to Russia?", "who --from \"North Korea\" --to Russia --during 2024"),
    ] {
        let run = purvey(&["ask", question]);
        assert_eq!(run.stdout.lines().next(), Some(&*format!("read as: purvey {reading}")), "{question}");
        assert_eq!(run.code, Some(0), "{question}");
    }
}

#[test]
fn a_question_that_is_not_understood_says_which_word_and_what_would_be() {
    let run = purvey(&["ask", "who frobbed what to whom?"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("“frobbed”") && run.stdout.contains("who supplied what to whom?"), "{}", run.stdout);
    let answer = json(&["ask", "is the moon made of cheese"], 1);
    assert_eq!(answer["findings"][0]["code"], "not-understood");
}

#[test]
fn a_bare_id_or_name_means_show() {
    assert_eq!(purvey(&["a11"]).stdout, purvey(&["show", "a11"]).stdout);
    assert_eq!(purvey(&["DPRK", "--format", "json"]).stdout, purvey(&["show", "DPRK", "--format", "json"]).stdout);
    assert_eq!(purvey(&["draw", "a11"]).stdout, purvey(&["draw", "show", "a11"]).stdout);
}

#[test]
fn sentences_are_attributed_and_numbered() {
    let run = purvey(&["show", "a11", "--format", "md"]);
    assert!(run.stdout.contains("at least 100 ballistic missiles to Russia"), "{}", run.stdout);
    assert!(run.stdout.contains("the Multilateral Sanctions Monitoring Team found.[1]"), "{}", run.stdout);
    assert!(run.stdout.contains("[1] UPI"), "{}", run.stdout);
}

#[test]
fn facts_that_only_the_choice_of_kinds_leaves_out_are_named() {
    let run = purvey(&["who", "--outcome", "intended"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("facts of other kinds fit: --kind consent"), "{}", run.stdout);
    let run = purvey(&["who", "--what", "children"]);
    assert!(run.stdout.contains("--kind forced-transfer"), "{}", run.stdout);
}

#[test]
fn every_answer_cites() {
    for question in [&["who"][..], &["list", "facts"], &["path", "North Korea", "Kyiv", "--all"], &["show", "msmt"]] {
        let answer = json(question, 0);
        let notes = answer["notes"].as_array().expect("notes").len();
        for row in answer["rows"].as_array().expect("rows") {
            let claims = row["claims"].as_array().expect("claims");
            assert!(!claims.is_empty(), "{}", row["fact"]);
            for claim in claims {
                let note = claim["note"].as_u64().expect("a number") as usize;
                assert!((1..=notes).contains(&note), "{}", row["fact"]);
                assert!(claim["locator"]["paragraph"].as_u64().is_some(), "{}", row["fact"]);
            }
        }
    }
}

#[test]
fn the_built_in_example_says_so_and_a_folder_does_not() {
    assert!(purvey(&["stats"]).stdout.contains("the built-in example"));
    assert!(text(&json(&["stats"], 0)["data"]).contains("built-in example"));
    let folder = crate::support::folder_of(&[(
        "x.ron",
        r#"(entities: [Country(id: "a", name: "A"), Country(id: "b", name: "B")])"#,
    )]);
    let run: crate::support::Run =
        crate::support::command(folder.path()).arg("stats").output().expect("the binary runs").into();
    assert!(!run.stdout.contains("built-in"), "{}", run.stdout);
}
