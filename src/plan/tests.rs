//! Questions over tables give the answers of the whole graph.

use std::convert::Infallible;

use super::*;
use crate::graph::{GraphView, KnowledgeGraph, PackError, Totals};
use crate::load::{LoadOptions, Sources, load};
use crate::model::RecordIx;
use crate::query::{Evidence, PathQuestion, Question, Sort, Status, Top, TopOf, TotalBy, Who, answer_on};

fn graph() -> KnowledgeGraph {
    KnowledgeGraph::new(&load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap())
}

/// Asks both ways and tells how many records were given.
#[track_caller]
pub(super) fn same(graph: &KnowledgeGraph, question: &Question, evidence: &Evidence) -> usize {
    let mut store = Whole::new(graph, 7);
    let mut tables = Tables::new(graph, Totals::of(graph), 7, Limits::default());
    let part = tables.answer(&mut store, question, evidence).unwrap();
    let whole = answer_on(graph, question, evidence);
    match (part, whole) {
        (Ok(part), Ok(whole)) => {
            let [part, whole] = [part, whole].map(|it| format!("{it:#?}"));
            let differs: Vec<_> = part.lines().zip(whole.lines()).filter(|(a, b)| a != b).take(4).collect();
            assert!(part == whole, "{question} {evidence}: {differs:?}");
        }
        (part, whole) => assert_eq!(part.map(|_| ()), whole.map(|_| ()), "{question}"),
    }
    tables.cost().records
}

#[test]
fn every_question_is_answered_as_over_the_whole_graph() {
    let graph = graph();
    let mut names: Vec<String> = Vec::new();
    for entity in (0..graph.entity_count()).map(crate::model::EntityIx::from_usize) {
        names.push(graph.entity(entity).id.to_owned());
    }
    names.extend(["a11", "c4", "nobody at all", "'; DROP TABLE facts; --", "\"", "a\u{0}b\n"].map(str::to_owned));
    let periods = ["2024", "2024-03/2024-10", "1999", "../2024"].map(|it| crate::model::Period::parse(it).unwrap());
    let mut questions: Vec<Question> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let other = names[(at * 7 + 3) % names.len()].clone();
        let one = || vec![name.clone()];
        let during = Some(periods[at % 4]);
        questions.push(Question::Show { name: name.clone() });
        questions.push(Question::Who(Who { from: one(), during, ..Who::default() }));
        questions.push(Question::Who(Who { to: one(), total: Some(TotalBy::Unit), ..Who::default() }));
        questions.push(Question::Who(Who { what: one(), to: vec![other.clone()], ..Who::default() }));
        questions.push(Question::Who(Who { about: one(), sort: Sort::From, ..Who::default() }));
        questions.push(Question::Who(Who { of: one(), whether: true, ..Who::default() }));
        questions.push(Question::Disputes { name: Some(name.clone()) });
        questions.push(Question::Measures { name: Some(name.clone()) });
        questions.push(Question::Returns { names: one() });
        questions.push(Question::Sources { name: Some(name.clone()) });
        questions.push(Question::Path(PathQuestion::new(name, &other)));
        questions.push(Question::Path(PathQuestion { in_time: true, count: true, ..PathQuestion::new(name, &other) }));
        questions.push(Question::Top(Top { to: one(), ..Top::new(TopOf::ALL[at % 5]) }));
    }
    for of in TopOf::ALL {
        questions.push(Question::Top(Top { by_quantity: of != TopOf::Central, ..Top::new(of) }));
    }
    for question in [Question::Stats, Question::Disputes { name: None }, Question::Measures { name: None }] {
        questions.push(question);
    }
    let all = Evidence::default();
    let asked = questions.len();
    for question in &questions {
        same(&graph, question, &all);
    }
    assert!(asked > 1_000, "{asked}");
}

#[test]
fn paths_support_and_less_evidence_are_the_same_too() {
    let graph = graph();
    let ends = ["north-korea", "russia", "iran", "kyiv", "china", "msmt", "ukraine", "united-nations"];
    let less = Evidence { without: vec!["unnamed".to_owned()], ..Evidence::default() };
    let admitted = Evidence { statuses: vec![Status::SingleSource], ..Evidence::default() };
    for (from, to) in ends.iter().flat_map(|a| ends.iter().map(move |b| (a, b))).filter(|(a, b)| a != b) {
        let plain = || PathQuestion::new(from, to);
        for path in [
            PathQuestion { any_direction: true, ..plain() },
            PathQuestion { in_time: true, ..plain() },
            PathQuestion { all: true, max_hops: 3, ..plain() },
            PathQuestion { same_item: true, ..plain() },
            PathQuestion { max_degree: Some(5), ..plain() },
            PathQuestion { in_time: true, count: true, same_item: true, ..plain() },
        ] {
            let question = Question::Path(path);
            for evidence in [&Evidence::default(), &less, &admitted] {
                same(&graph, &question, evidence);
            }
        }
        let who = Question::Who(Who { from: vec![(*from).to_owned()], to: vec![(*to).to_owned()], ..Who::default() });
        same(&graph, &who, &less);
        same(&graph, &Question::Support(Box::new(who.clone())), &Evidence::default());
        same(&graph, &Question::Timeline(Box::new(who)), &admitted);
    }
}

#[test]
fn a_question_by_its_ends_fetches_little() {
    let graph = graph();
    let question = Question::Who(Who { what: vec!["ballistic missiles".to_owned()], ..Who::default() });
    let given = same(&graph, &question, &Evidence::default());
    assert!(given < 8, "{given} of {}", graph.record_count());
}

#[test]
fn what_cannot_be_had_is_an_error_and_no_smaller_answer() {
    let graph = graph();
    let totals = Totals::of(&graph);
    let question = Question::Disputes { name: None };
    let few = Limits { records: 10, ..Limits::default() };
    let mut store = Whole::new(&graph, 7);
    let refused = Tables::new(&graph, totals, 7, few).answer(&mut store, &question, &Evidence::default());
    assert!(matches!(refused, Err(AskError::TooMany { most: 10 })));
    // Records of another export.
    let refused = Tables::new(&graph, totals, 8, Limits::default()).answer(&mut store, &question, &Evidence::default());
    assert!(matches!(refused, Err(AskError::Record(PackError::Foreign))));
    /// Loses every record.
    struct Empty;
    impl Store for Empty {
        type Error = Infallible;
        fn fetch(&mut self, _: &Need<'_>, _: &[String], _: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Infallible> {
            Ok(())
        }
        fn rows(
            &mut self,
            _: &Rows<'_>,
            _: &[String],
            _: &mut dyn FnMut(&[Option<i64>]) -> bool,
        ) -> Result<(), Infallible> {
            Ok(())
        }
    }
    let mut tables = Tables::new(&graph, totals, 7, Limits::default());
    let lost = tables.ask(&mut Empty, |it| it.record(RecordIx(3)).id.to_owned());
    assert!(matches!(lost, Err(AskError::Missing { .. })));
}
