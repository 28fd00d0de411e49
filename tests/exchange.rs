//! Answers of the built-in example in every outside format, as a reader gets them.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail by panicking")]

use purvey::exchange::{Context, write_csv, write_json, write_jsonl, write_markdown};
use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, load};
use purvey::query::{Answer, AnswerFinding, PathQuestion, Question, TotalBy, Who, answer};

fn ask(questions: &[Question]) -> Vec<Answer> {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    let graph = KnowledgeGraph::new(&dataset);
    questions.iter().map(|it| answer(&graph, it).unwrap()).collect()
}

fn show(name: &str) -> Question {
    Question::Show { name: name.to_owned() }
}

fn shown() -> Vec<(&'static str, Answer)> {
    let names = ["a11", "b1", "c6", "a13"];
    let path = Question::Path(PathQuestion::new("north-korea", "kyiv"));
    let questions: Vec<Question> = names.into_iter().map(show).chain([path]).collect();
    names.into_iter().chain(["path"]).zip(ask(&questions)).collect()
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn answers_as_json() {
    for (name, answer) in shown() {
        insta::assert_snapshot!(format!("json-{name}"), text(|out| write_json(&answer, &Context::built_in(), out)));
    }
}

#[test]
fn answers_as_json_lines() {
    for (name, answer) in shown() {
        insta::assert_snapshot!(format!("jsonl-{name}"), text(|out| write_jsonl(&answer, &Context::built_in(), out)));
    }
}

#[test]
fn answers_as_csv() {
    for (name, answer) in shown() {
        insta::assert_snapshot!(format!("csv-{name}"), text(|out| write_csv(&answer, out)));
    }
}

#[test]
fn answers_as_markdown() {
    for (name, answer) in shown() {
        insta::assert_snapshot!(format!("md-{name}"), text(|out| write_markdown(&answer, &Context::built_in(), out)));
    }
}

/// The page that an editor reads when a template or a sentence changes.
#[test]
fn every_fact_in_words() {
    for answer in ask(&[Question::List { what: "facts".to_owned() }]) {
        insta::assert_snapshot!("md-all-facts", text(|out| write_markdown(&answer, &Context::default(), out)));
    }
}

#[test]
fn what_did_not_happen_is_never_told_as_done() {
    for answer in ask(&[Question::List { what: "facts".to_owned() }]) {
        for row in answer.rows.iter().filter(|it| it.outcome.as_str() != "happened") {
            for claim in &row.claims {
                let sentence = purvey::query::sentence(&answer, row, claim);
                let marks =
                    ["A proposal for ", "The intention was for ", "The expectation was for ", "There was a call for "];
                assert!(marks.iter().any(|it| sentence.starts_with(it)), "{sentence}");
            }
        }
    }
}

#[test]
fn documents_fit_the_schema() {
    let schema = include_str!("../docs/answer.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let finding = AnswerFinding { code: "unknown-name", message: "nothing".to_owned(), help: Some("x".to_owned()) };
    let during = "2024".parse().unwrap();
    let list = |what: &str| Question::List { what: what.to_owned() };
    let mut answers = ask(&[
        list("facts"),
        list("documents"),
        list("kinds"),
        list("units"),
        show("russia"),
        show("upi-2025-05-30"),
        show("msmt"),
        show("troops"),
        Question::Find { text: "missile".to_owned() },
        Question::Stats,
        Question::Who(Who { during: Some(during), ..Who::default() }),
        Question::Who(Who { from: vec!["poland".to_owned()], to: vec!["russia".to_owned()], ..Who::default() }),
        Question::Path(PathQuestion { all: true, ..PathQuestion::new("north-korea", "kyiv") }),
        Question::Path(PathQuestion { all: true, in_time: true, ..PathQuestion::new("north-korea", "kyiv") }),
        Question::Timeline(Box::new(show("russia"))),
        Question::Who(Who { total: Some(TotalBy::Unit), ..Who::default() }),
        Question::Who(Who { total: Some(TotalBy::Year), kinds: vec!["attack".to_owned()], ..Who::default() }),
        Question::Measures { name: None },
        Question::Support(Box::new(show("a10"))),
        Question::Support(Box::new(Question::Path(PathQuestion::new("north-korea", "kyiv")))),
        Question::Disputes { name: None },
        Question::Returns { names: Vec::new() },
        Question::Sources { name: None },
    ]);
    answers.push(Answer::refused("show nobody".to_owned(), finding));
    answers.extend(shown().into_iter().map(|(_, answer)| answer));
    for answer in answers {
        let document = text(|out| write_json(&answer, &Context::built_in(), out));
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", answer.question);
    }
}

#[test]
fn a_broken_document_does_not_fit_the_schema() {
    let schema = include_str!("../docs/answer.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let (_, answer) = shown().remove(0);
    let document: serde_json::Value =
        serde_json::from_str(&text(|out| write_json(&answer, &Context::default(), out))).unwrap();
    assert!(validator.is_valid(&document));
    for (pointer, key) in [
        ("", "rows"),
        ("/rows/0", "fact"),
        ("/rows/0/claims/0", "stance"),
        ("/rows/0/quantity", "low_open"),
        ("/notes/0", "number"),
        ("/rows/0", "status"),
        ("/rows/0", "reasons"),
        ("/rows/0", "diverging"),
    ] {
        let mut broken = document.clone();
        broken.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(key);
        assert!(!validator.is_valid(&broken), "without {pointer}/{key}");
        let mut broken = document.clone();
        broken
            .pointer_mut(pointer)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert(key.to_owned(), serde_json::json!({"a": 1}));
        assert!(!validator.is_valid(&broken), "another type for {pointer}/{key}");
        let mut wider = document.clone();
        wider.pointer_mut(pointer).unwrap().as_object_mut().unwrap().insert("new".to_owned(), serde_json::json!(1));
        assert!(validator.is_valid(&wider), "a field more in {pointer}");
    }
}

/// The first claim of a built-in fact in words, after a change.
fn reworded(fact: &str, change: impl FnOnce(&mut purvey::query::Row)) -> String {
    let mut answer = ask(&[show(fact)]).remove(0);
    let mut row = answer.rows.remove(0);
    change(&mut row);
    purvey::query::sentence(&answer, &row, &row.claims[0])
}

#[test]
fn a_sentence_is_never_more_certain_than_its_claim() {
    use purvey::model::{Outcome, Stance};

    let stance = |stance: Stance| reworded("a14", |row| row.claims[0].stance = stance);
    insta::assert_snapshot!(stance(Stance::Denies), @"Unnamed participating states of the Multilateral Sanctions Monitoring Team denied that Russia supplied at least 1 Pantsir-class combat vehicle to North Korea");
    insta::assert_snapshot!(stance(Stance::Alleges), @"Unnamed participating states of the Multilateral Sanctions Monitoring Team alleged that Russia supplied at least 1 Pantsir-class combat vehicle to North Korea");
    insta::assert_snapshot!(stance(Stance::Believes), @"Unnamed participating states of the Multilateral Sanctions Monitoring Team expressed the belief that Russia supplied at least 1 Pantsir-class combat vehicle to North Korea");
    insta::assert_snapshot!(stance(Stance::Estimates), @"Russia supplied at least 1 Pantsir-class combat vehicle to North Korea, unnamed participating states of the Multilateral Sanctions Monitoring Team estimated");
    insta::assert_snapshot!(stance(Stance::Admits), @"Russia supplied at least 1 Pantsir-class combat vehicle to North Korea, unnamed participating states of the Multilateral Sanctions Monitoring Team acknowledged");
    let outcome = |outcome: Outcome| reworded("a10", |row| row.outcome = outcome);
    insta::assert_snapshot!(outcome(Outcome::Planned), @"The plan was for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels in 2024, an unnamed participating state of the Multilateral Sanctions Monitoring Team said");
    insta::assert_snapshot!(outcome(Outcome::NotAdopted), @"A proposal for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels was not adopted in 2024, an unnamed participating state of the Multilateral Sanctions Monitoring Team said");
    insta::assert_snapshot!(outcome(Outcome::Intended), @"The intention was for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels in 2024, an unnamed participating state of the Multilateral Sanctions Monitoring Team said");
    insta::assert_snapshot!(outcome(Outcome::CalledFor), @"There was a call for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels in 2024, an unnamed participating state of the Multilateral Sanctions Monitoring Team said");
    insta::assert_snapshot!(outcome(Outcome::Expected), @"The expectation was for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels in 2024, an unnamed participating state of the Multilateral Sanctions Monitoring Team said");
    let denied_plan = reworded("a10", |row| {
        row.outcome = Outcome::Planned;
        row.claims[0].stance = Stance::Denies;
    });
    insta::assert_snapshot!(denied_plan, @"An unnamed participating state of the Multilateral Sanctions Monitoring Team denied that the plan was for North Korea to supply as many as 9,000,000 rounds of artillery and multiple-rocket-launcher ammunition to Russia aboard Russian-flagged cargo vessels in 2024");
}

#[test]
fn a_sentence_without_a_template_still_tells_all() {
    let mut answer = ask(&[show("c3")]).remove(0);
    answer.kinds.clear();
    let row = &answer.rows[0];
    insta::assert_snapshot!(purvey::query::sentence(&answer, row, &row.claims[0]), @"There was this: attack of missiles from Russia to Samar on 27 June 2025 (inferred); killed: at least 5 people; wounded: 25 people, the New York Post reported");
}

/// Names and titles come from whoever wrote the data: none of them is markup, a formula or a line of its own.
#[test]
fn hostile_data_stay_text() {
    let mut answer = ask(&[show("a11")]).remove(0);
    let evil = "=1+1</p><script>x</script>\n\n# [a](http://b) *c* \u{202e}";
    for row in &mut answer.rows {
        for end in [&mut row.from, &mut row.to].into_iter().flatten() {
            end.name = evil.to_owned();
            end.prose = evil.to_owned();
        }
        row.fact = evil.to_owned();
    }
    for note in &mut answer.notes {
        note.title = Some(evil.to_owned());
        note.address = Some(format!("http://x/{evil}"));
    }
    insta::assert_snapshot!("md-hostile", text(|out| write_markdown(&answer, &Context::default(), out)));
    insta::assert_snapshot!("csv-hostile", text(|out| write_csv(&answer, out)));
    let document = text(|out| write_json(&answer, &Context::default(), out));
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["rows"][0]["from"]["name"], evil);
    for line in text(|out| write_jsonl(&answer, &Context::default(), out)).lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).unwrap()["type"].is_string());
    }
}
