//! `timeline`: the facts of a name or of any question in the order of their time.

use crate::support::loading::graph_of;
use crate::support::{ids, json, purvey, purvey_on};
use purvey::query::{Question, Sort, Who, answer as answer_on};
use serde_json::Value;

const FACTS: &str = r#"(entities: [
    Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"),
    Materiel(id: "arms", name: "arms"), Document(id: "d", name: "D", date: "2025"),
], document: "d", defaults: (by: "a"), facts: [
    Supply(id: "f1", supplier: "a", recipient: "b", item: "arms"),
    Supply(id: "f2", supplier: "a", recipient: "b", item: "arms", period: "2024", outcome: not_adopted),
    Supply(id: "f3", supplier: "b", recipient: "a", item: "arms", period: "2024-01"),
    Supply(id: "f4", supplier: "a", recipient: "b", item: "arms", period: "../2020"),
    Supply(id: "f5", supplier: "a", recipient: "b", item: "arms", period: "2023~"),
    Supply(id: "f6", supplier: "a", recipient: "b", item: "arms", claims: [(period: "2021"), (by: "b", period: "2022")]),
])"#;

fn told(arguments: &[&str]) -> String {
    let run = purvey_on(&[("x.ron", FACTS)], &[&["timeline"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    run.stdout
}

fn answer(arguments: &[&str]) -> Value {
    serde_json::from_str(&told(&[arguments, &["--format", "json"]].concat())).expect("one JSON document")
}

#[test]
fn facts_stand_in_the_order_of_their_earliest_possible_day_and_undated_ones_last() {
    let answer = answer(&["a"]);
    assert_eq!(answer["question"], "timeline show a");
    assert_eq!(ids(&answer), ["f5", "f3", "f2", "f4", "f1", "f6"]);
    assert_eq!(answer["subject"]["id"], "a");
    assert_eq!(answer["claimed"].as_array().map(Vec::len), Some(6));
}

#[test]
fn any_question_may_follow_and_its_own_order_does_not_matter() {
    let answer = answer(&["who", "--from", "a", "--sort", "id"]);
    assert_eq!(answer["question"], "timeline who --from a --sort id");
    assert_eq!(ids(&answer), ["f5", "f2", "f4", "f1", "f6"]);
    let path = json(&["timeline", "path", "North Korea", "Kyiv", "--same-item"], 0);
    assert_eq!(ids(&path), ["a11", "a12/kyiv"]);
    assert!(path.get("chains").is_none());
    let bare = json(&["timeline", "North", "Korea"], 0);
    let shown = json(&["show", "North Korea"], 0);
    assert_eq!(bare["rows"], shown["rows"]);
}

#[test]
fn a_table_begins_with_the_time_and_has_a_part_for_what_has_none() {
    insta::assert_snapshot!(told(&["who"]), @r"
    ─────────────────────────────────────────────────────────────────────────────────────
     when           what happened                       who says so   support         id
    ═════════════════════════════════════════════════════════════════════════════════════
     about 2023     Aland → Bland: arms                 Aland [1]     admitted        f5
    ─────────────────────────────────────────────────────────────────────────────────────
     January 2024   Bland → Aland: arms                 Aland [1]     single source   f3
    ─────────────────────────────────────────────────────────────────────────────────────
     2024           Aland → Bland: arms (not adopted)   Aland [1]     admitted        f2
    ─────────────────────────────────────────────────────────────────────────────────────
     until 2020     Aland → Bland: arms                 Aland [1]     admitted        f4
    ─────────────────────────────────────────────────────────────────────────────────────
    No date, or dates that differ
    ────────────────────────────────────────────────────────────────────────
     what happened                              who says so   support    id
    ════════════════════════════════════════════════════════════════════════
     Aland → Bland: arms                        Aland [1]     admitted   f1
    ────────────────────────────────────────────────────────────────────────
     Aland → Bland: arms                        Aland [1]     admitted   f6
     dates differ: 2021 (Aland), 2022 (Bland)   Bland [1]
    ────────────────────────────────────────────────────────────────────────
    [1] D, 2025
    ");
}

#[test]
fn sentences_have_their_date_in_front() {
    insta::assert_snapshot!(told(&["who", "--format", "md"]), @r"
    **about 2023:** Aland supplied arms to Bland in about 2023, Aland said.[1] (Admitted.)

    **January 2024:** Bland supplied arms to Aland in January 2024, Aland said.[1] (Single source.)

    **2024:** A proposal for Aland to supply arms to Bland was not adopted in 2024, Aland said.[1] (Admitted.)

    **until 2020:** Aland supplied arms to Bland by 2020, Aland said.[1] (Admitted.)

    ### No date, or dates that differ

    Aland supplied arms to Bland, Aland said.[1] (Admitted.)

    Aland supplied arms to Bland in 2021, Aland said.[1] Aland supplied arms to Bland in 2022, Bland said.[1] (Admitted.)

    Sources:

    [1] D, 2025
    ");
}

#[test]
fn options_may_follow_a_bare_name() {
    let run = purvey(&["draw", "a11", "--title", "Missiles", "--format", "dot"]);
    assert!(run.code == Some(0) && run.stdout.contains("Missiles"), "{}", run.stderr);
}

#[test]
fn the_graph_of_a_timeline_is_that_of_its_rows() {
    let who = Question::Who(Who { sort: Sort::Id, ..Who::default() });
    let answer = answer_on(&graph_of(FACTS), &Question::Timeline(Box::new(who))).expect("an answer");
    let edges = answer.graph.edge_indices().filter_map(|it| Some((answer.graph.edge_endpoints(it)?, answer.graph[it])));
    let mut seen = 0;
    for ((from, to), row) in edges {
        let row = &answer.rows[row];
        assert_eq!((row.from.as_ref(), row.to.as_ref()), (Some(&answer.graph[from]), Some(&answer.graph[to])));
        seen += 1;
    }
    assert_eq!(seen, answer.rows.len());
}

#[test]
fn what_has_no_facts_is_no_timeline() {
    let run = purvey(&["timeline", "list", "countries"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("a timeline has only facts"), "{}", run.stdout);
    assert_eq!(purvey(&["timeline", "nobody of that name"]).code, Some(1));
    assert_eq!(purvey(&["timeline"]).code, Some(2));
}
