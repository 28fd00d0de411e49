//! Questions in plain English: the set in `tests/questions`, and what must hold for each reading.

use crate::support::loading::{built_in, mapped};
use crate::support::question_set::{Case, Verdict, answer, cases, judge, words};
use purvey::graph::KnowledgeGraph;
use purvey::query::{AskOptions, read_question};

#[test]
fn the_set_is_as_large_as_it_should_be() {
    let cases = cases();
    let count = |it: fn(&Case) -> bool| cases.iter().filter(|case| it(case)).count();
    assert!(cases.len() >= 300);
    assert!(count(|it| matches!(it, Case::Refuse(..))) >= 60);
    assert!(count(|it| matches!(it, Case::Misspelt(..))) >= 40);
}

#[test]
fn no_reading_is_wrong_and_few_questions_are_wrongly_refused() {
    let graph = KnowledgeGraph::new(&built_in());
    let cases = cases();
    let judged: Vec<_> = cases.iter().map(|it| judge(&graph, it)).collect();
    let of = |verdict: Verdict| {
        judged.iter().filter(|it| it.verdict == verdict).map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(of(Verdict::Wrong), Vec::<String>::new());
    let refused = of(Verdict::WronglyRefused);
    assert!(refused.len() * 20 <= cases.len(), "{}", refused.join("\n"));
}

#[test]
fn a_misspelt_name_may_begin_with_a_word_that_is_known() {
    let graph = KnowledgeGraph::new(&built_in());
    // An order is a fact too.
    for asked in ["who recieved the order of librety", "Did Zelenskyy award the Order of Libertry to Duda?"] {
        let reading = read_question(&graph, asked, AskOptions::default()).expect(asked);
        assert!(reading.command().contains("\"Order of Liberty\""), "{asked}: {}", reading.command());
    }
}

#[test]
fn the_command_shown_gives_the_same_answer() {
    let graph = KnowledgeGraph::new(&built_in());
    for case in cases() {
        let asked = case.asked();
        let Ok(reading) = read_question(&graph, asked, AskOptions::default()) else { continue };
        let command = words(&reading.command());
        let (question, evidence) = purvey::cli::parse_question(command.iter().map(String::as_str)).expect(asked);
        assert_eq!((&question, &evidence), (&reading.question, &reading.evidence), "{asked}: {}", reading.command());
        assert_eq!(
            answer(&graph, &question, &evidence),
            answer(&graph, &reading.question, &reading.evidence),
            "{asked}"
        );
    }
}

#[test]
fn a_snapshot_reads_questions_as_the_records_do() {
    let graph = KnowledgeGraph::new(&built_in());
    let snapshot = mapped(&graph);
    for case in cases() {
        let asked = case.asked();
        let read = (
            read_question(&graph, asked, AskOptions::default()),
            read_question(&snapshot, asked, AskOptions::default()),
        );
        assert_eq!(read.0, read.1, "{asked}");
    }
}
