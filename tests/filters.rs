//! What narrows `who` beyond its ends: what is left out, who takes part in any role, whose word counts; and yes or no.

use proptest::prelude::*;
use purvey::graph::{GraphView, KnowledgeGraph};
use purvey::model::{EntityIx, FactIx, FlowEnd, NodeIx};
use purvey::query::{ANY_KIND, Question, VerdictWord, Who, answer};
use serde_json::json as value;

use crate::support::loading::{answer_of_both, built_in};
use crate::support::{claimants, ids, json, purvey, row};

fn verdict(arguments: &[&str], code: i32) -> (String, String) {
    let answer = json(arguments, code);
    let text = |field: &str| answer["verdict"][field].as_str().unwrap_or_default().to_owned();
    (text("word"), text("text"))
}

#[test]
fn yes_is_always_by_the_word_of_somebody() {
    let (word, text) = verdict(&["who", "--from", "Russia", "--what", "air defence", "--to", "DPRK", "--whether"], 0);
    assert_eq!(word, "said");
    assert!(
        text.starts_with("Yes, by the word of the Multilateral Sanctions Monitoring Team (states it: a13)"),
        "{text}"
    );
    assert!(text.ends_with("Nobody in the data denies it."), "{text}");
    assert!(purvey(&["who", "--to", "Russia", "--whether"]).stdout.starts_with("Yes, by the word of "));
}

#[test]
fn what_nobody_says_is_no_no() {
    let (word, text) = verdict(&["who", "--from", "Poland", "--to", "Russia", "--whether"], 1);
    assert_eq!((word.as_str(), text.as_str()), ("nothing", "Nothing in the data says so, which does not mean no."));
}

#[test]
fn what_was_not_adopted_did_not_happen() {
    let question = ["who", "--kind", "sanction", "--from", "EU", "--outcome", "not-adopted", "--whether"];
    let (word, text) = verdict(&question, 0);
    assert_eq!(word, "not-happened");
    assert!(text.contains("it was not adopted, by the word of unnamed sources of the Kyiv Independent"), "{text}");
}

#[test]
fn what_is_denied_is_no_yes() {
    let claims = |second: &str| {
        format!(
            "(document: \"d\", facts: [Supply(id: \"s\", supplier: \"x\", recipient: \"y\", item: \"arms-z\", claims: [\
             (by: \"x\", stance: denies), {second}])])"
        )
    };
    let entities = "(entities: [Country(id: \"x\", name: \"X\"), Country(id: \"y\", name: \"Y\"), \
                    Materiel(id: \"arms-z\", name: \"Z\"), Document(id: \"d\", name: \"D\", publisher: \"y\")])";
    for (second, word) in [("", "denied"), ("(by: \"y\"),", "disputed")] {
        let facts = claims(second);
        let files = [("e.ron", entities), ("f.ron", facts.as_str())];
        let answer = crate::support::json_on(&files, &["who", "--whether"], 0);
        assert_eq!(answer["verdict"]["word"], word, "{answer:#}");
    }
}

#[test]
fn somebody_takes_part_in_whatever_role() {
    let answer = json(&["who", "--about", "Crimea", "--according-to", "New York Post"], 0);
    assert!(ids(&answer).contains(&"b23") && ids(&answer).contains(&"b5b"), "{:?}", ids(&answer));
    assert_eq!(ids(&json(&["who", "--kind", "forced-transfer", "--role", "origin=Mariupol"], 0)), ["b16"]);
    assert_eq!(ids(&json(&["who", "--role", "carrier=Russian-flagged cargo vessels"], 0)), ["a10"]);
    let unknown = json(&["who", "--role", "carier=x"], 1);
    assert_eq!(unknown["findings"][0]["help"], "did you mean `carrier`?");
}

#[test]
fn whose_people_they_are() {
    let answer = json(&["who", "--kind", "forced-transfer", "--of", "Ukraine"], 0);
    assert!(ids(&answer).contains(&"b1"), "{:?}", ids(&answer));
    assert_eq!(ids(&json(&["who", "--what", "troops", "--of", "North Korea"], 0)), ["a7", "a8"]);
    assert_eq!(ids(&json(&["who", "--what", "troops", "--of", "Ukraine"], 1)), Vec::<&str>::new());
}

#[test]
fn only_the_word_of_some() {
    let answer = json(&["who", "--about", "children", "--according-to", "Kremlin"], 0);
    assert_eq!(ids(&answer), ["b1"]);
    assert_eq!(claimants(row(&answer, "b1")), ["government-of-russia"]);
    // A publisher stands for its documents, `unnamed` for all who are not named.
    let carried = json(&["who", "--according-to", "UPI"], 0);
    assert!(ids(&carried).contains(&"a10"), "{:?}", ids(&carried));
    let unnamed = json(&["who", "--according-to", "unnamed"], 0);
    assert_eq!(ids(&unnamed), ["a10", "a13", "a14"]);
}

#[test]
fn only_claims_with_a_figure() {
    let whose = |figure: &str| {
        let answer = json(&["who", "--kind", "forced-transfer", "--figure", figure], 0);
        (ids(&answer).join(" "), claimants(&answer["rows"][0]))
    };
    let post = ("b1".to_owned(), vec!["new-york-post".to_owned()]);
    assert_eq!((whose("35,000"), whose("at least 35,000 people")), (post.clone(), post));
    assert_eq!(whose("700,000").1, ["government-of-russia"]);
    let refused = json(&["who", "--figure", "bananas"], 1);
    assert_eq!(refused["findings"][0]["code"], "bad-figure");
}

#[test]
fn sums_of_another_figure_and_in_a_unit() {
    let sums = |arguments: &[&str]| json(arguments, 0)["totals"].clone();
    let injured = sums(&["who", "--kind", "attack", "--to", "Odesa", "--total-of", "injured"]);
    assert_eq!((&injured[0]["figure"], &injured[0]["low"]), (&value!("injured"), &value!(17)), "{injured:#}");
    let rounds = sums(&["who", "--what", "ammunition", "--total", "--unit", "rounds"]);
    assert_eq!((rounds.as_array().map(Vec::len), &rounds[0]["high"]), (Some(1), &value!(9_000_000)), "{rounds:#}");
    let litres = json(&["who", "--what", "ammunition", "--total", "--unit", "litres"], 0);
    assert_eq!(
        (&litres["totals"], &litres["remarks"][0]),
        (&value!([]), &value!("there are sums in other units: rounds"))
    );
    assert_eq!(json(&["who", "--total-of", "wounds"], 1)["findings"][0]["help"], "did you mean `wounded`?");
}

#[test]
fn a_path_about_one_item() {
    let missiles = json(&["path", "North Korea", "Kyiv", "--what", "missiles", "--same-item"], 0);
    assert_eq!(ids(&missiles), ["a11", "a12/kyiv"]);
    let troops = json(&["path", "North Korea", "Kyiv", "--what", "troops"], 1);
    assert_eq!(troops["findings"][0]["code"], "no-path");
}

/// Names that a question may hold: one of each sort.
const NAMES: [&str; 7] = ["north-korea", "russia", "ukraine", "children", "missile", "crimea", "msmt"];

/// Whether an entity is `class`, or below it or a part of nothing: by the graph's own tree, walked step by step.
fn is_or_below(graph: &KnowledgeGraph, node: NodeIx, class: EntityIx) -> bool {
    let mut at = (node.index() < graph.entity_count()).then_some(EntityIx(node.0));
    while let Some(entity) = at {
        if entity == class {
            return true;
        }
        at = graph.entity(entity).is_a;
    }
    false
}

proptest! {
    #[test]
    fn left_out_and_taking_part_agree_with_a_look_at_every_fact(
        about in proptest::option::of(0..NAMES.len()),
        not_from in proptest::option::of(0..NAMES.len()),
        not_to in proptest::option::of(0..NAMES.len()),
        from in proptest::option::of(0..NAMES.len()),
    ) {
        let graph = KnowledgeGraph::new(&built_in());
        let name = |it: Option<usize>| it.map(|it| NAMES[it].to_owned()).into_iter().collect::<Vec<_>>();
        let question = Question::Who(Who {
            from: name(from),
            not_from: name(not_from),
            not_to: name(not_to),
            about: name(about),
            kinds: vec![ANY_KIND.to_owned()],
            whether: true,
            ..Who::default()
        });
        let answer = answer_of_both(&graph, &question).expect("names that are known");
        let entity = |it: usize| graph.entity_by_id(NAMES[it]).expect("known");
        let mut expected: Vec<&str> = Vec::new();
        for fact in (0..graph.fact_count()).map(|it| FactIx(it as u32)) {
            let view = graph.fact(fact);
            let symmetric = graph.vocabulary().kind(view.kind).is_some_and(|it| it.symmetric);
            let at = |end: FlowEnd, name: usize| view.ends.get(end).is_some_and(|it| it.node == entity(name).into());
            let is_from = |it: usize| at(FlowEnd::Source, it) || (symmetric && at(FlowEnd::Target, it));
            let is_to = |it: usize| at(FlowEnd::Target, it) || (symmetric && at(FlowEnd::Source, it));
            let takes_part = |it: usize| {
                graph.roles(fact).any(|fill| is_or_below(&graph, fill.participant.node, entity(it)))
            };
            if from.is_none_or(is_from)
                && !not_from.is_some_and(is_from)
                && !not_to.is_some_and(is_to)
                && about.is_none_or(takes_part)
            {
                expected.push(view.id);
            }
        }
        let mut found: Vec<&str> = answer.rows.iter().map(|it| it.fact.as_str()).collect();
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(&found, &expected);
        let nothing = answer.verdict.map(|it| it.word) == Some(VerdictWord::Nothing);
        prop_assert_eq!(nothing, found.is_empty());
    }
}

#[test]
fn an_unknown_name_left_out_is_told() {
    let graph = KnowledgeGraph::new(&built_in());
    let question = Question::Who(Who { not_to: vec!["Atlantis".to_owned()], ..Who::default() });
    assert!(answer(&graph, &question).is_err());
}

#[test]
fn what_was_imposed_in_a_year_began_then_and_what_held_may_have_begun_before() {
    let text = r#"(
        entities: [
            Country(id: "aland", name: "Aland"), Country(id: "bland", name: "Bland"), Document(id: "d", name: "D"),
            Organization(id: "club", name: "The Club"),
        ],
        document: "d", defaults: (by: "d"),
        facts: [
            Sanction(id: "old", imposer: "aland", target: "bland", period: "2022-03/.."),
            Sanction(id: "new", imposer: "aland", target: "bland", period: "2024-05/.."),
            Sanction(id: "about-then", imposer: "aland", target: "bland", period: "2023~/.."),
            Sanction(id: "unknown", imposer: "aland", target: "bland", period: "/2025"),
            Sanction(id: "over", imposer: "aland", target: "bland", period: "../2023"),
            Membership(id: "m", member: "aland", group: "club", period: "2020/.."),
        ],
    )"#;
    let found = |arguments: &[&str]| -> Vec<String> {
        let run = crate::support::purvey_on(&[("x.ron", text)], &[arguments, &["--format", "json"]].concat());
        let answer: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
        let rows = answer["rows"].as_array().expect("rows").iter();
        let mut rows: Vec<String> = rows
            .map(|it| {
                format!("{} {}", it["fact"].as_str().unwrap_or_default(), it["match"].as_str().unwrap_or_default())
            })
            .collect();
        rows.sort();
        rows
    };
    let began = ["about-then possible", "new certain", "unknown possible"];
    for question in
        ["which sanctions were imposed in 2024?", "who sanctioned Bland in 2024?", "whom did Aland sanction in 2024?"]
    {
        let expected = if question.starts_with("whom") {
            found(&["who", "--during", "2024", "--kind", "sanction"])
        } else {
            began.map(str::to_owned).to_vec()
        };
        assert_eq!(found(&["ask", question]), expected, "{question}");
    }
    assert_eq!(found(&["who", "--kind", "sanction", "--during", "2024", "--began"]), began);
    // What held then is another question.
    for question in ["sanctions on Bland in 2024", "list sanctions in 2024"] {
        assert!(found(&["ask", question]).contains(&"old certain".to_owned()), "{question}");
    }
    let run = crate::support::purvey_on(&[("x.ron", text)], &["ask", "who was a member of The Club in 2024?"]);
    assert!(run.stdout.contains("Aland"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn who_donated_may_have_given_money() {
    let text = r#"(
        entities: [Organization(id: "cdu", name: "CDU"), Person(id: "ann", name: "Ann Bly"), Document(id: "d", name: "D")],
        document: "d", defaults: (by: "d"),
        facts: [Payment(id: "p", payer: "ann", recipient: "cdu", quantity: "5,000 euros", period: "2024")],
    )"#;
    for question in ["who donated to CDU?", "who donated to the CDU in 2024?", "who are the donors of CDU?"] {
        let run = crate::support::purvey_on(&[("x.ron", text)], &["ask", question]);
        assert!(run.code == Some(0) && run.stdout.contains("Ann Bly"), "{question}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn parts_of_names_and_misspelt_words_find_whom_they_mean() {
    let text = r#"(entities: [
        Person(id: "p-1", name: "Ramzan Akhmatovich Kadyrov"), Organization(id: "o-1", name: "Volna Shipping Limited"),
        Organization(id: "o-2", name: "Volna Trading House"), Organization(id: "msmt", name: "Multilateral Sanctions Monitoring Team"),
    ])"#;
    let run = |arguments: &[&str]| crate::support::purvey_on(&[("x.ron", text)], arguments);
    for typed in ["kadirov ramzan", "ramzan kadyrof", "Volna Shiping", "volna limted shipping"] {
        let found = run(&["find", typed]);
        assert!(
            found.code == Some(0) && (found.stdout.contains("p-1") || found.stdout.contains("o-1")),
            "{typed}: {}",
            found.stderr
        );
        assert!(!found.stdout.contains("o-2"), "{typed}");
    }
    assert_eq!(run(&["find", "kadirof ramsin"]).code, Some(1));
    for typed in ["Kadyrov", "akhmatovich kadyrov", "Kadyrov Ramzan"] {
        let shown = run(&["show", typed]);
        assert!(
            shown.stdout.contains("is read as Ramzan Akhmatovich Kadyrov"),
            "{typed}: {}{}",
            shown.stdout,
            shown.stderr
        );
    }
    // Of several none is picked, and each has its name.
    let shown = run(&["show", "Volna"]);
    assert_eq!(shown.code, Some(1));
    assert!(shown.stdout.contains("`o-1` (Volna Shipping Limited) or `o-2` (Volna Trading House)"), "{}", shown.stdout);
}
