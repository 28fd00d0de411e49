//! `who` and `path` against slow, obvious versions of themselves, on small generated graphs.

use std::collections::BTreeSet;

use crate::support::loading::{answer_of_both as answer, graph_of};
use proptest::prelude::*;
use purvey::graph::KnowledgeGraph;
use purvey::query::{Answer, PathQuestion, QueryError, Question, Who};

/// A fact of the test: supplier, recipient (countries by number), item, outcome planned or not.
type Fact = (usize, usize, usize, bool);

const ITEMS: [(&str, Option<usize>); 4] = [("arms", None), ("missile", Some(0)), ("shell", Some(0)), ("oil", None)];
const COUNTRIES: usize = 5;
/// Numbers from here on are no countries: an unnamed member of country 0, and a document.
const UNNAMED: usize = COUNTRIES;

fn participant(number: usize, fact: usize) -> String {
    if number == UNNAMED { format!("Unnamed(of: \"c0\", label: \"{fact}\")") } else { format!("\"c{number}\"") }
}

fn graph(facts: &[Fact]) -> KnowledgeGraph {
    let mut text = String::from("(entities: [Document(id: \"d\", name: \"D\"),");
    for (name, parent) in ITEMS {
        let parent = parent.map_or(String::new(), |it| format!(", is_a: \"{}\"", ITEMS[it].0));
        text.push_str(&format!("Materiel(id: \"{name}\", name: \"{name}\"{parent}),"));
    }
    for at in 0..COUNTRIES {
        text.push_str(&format!("Country(id: \"c{at}\", name: \"Land {at}\"),"));
    }
    text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
    for (at, (from, to, item, planned)) in facts.iter().enumerate() {
        let outcome = if *planned { ", outcome: planned" } else { "" };
        text.push_str(&format!(
            "Supply(id: \"f{at}\", supplier: {}, recipient: {}, item: \"{}\"{outcome}),",
            participant(*from, at),
            participant(*to, at),
            ITEMS[*item].0,
        ));
    }
    text.push_str("])");
    graph_of(&text)
}

fn is_below(mut item: usize, class: usize) -> bool {
    loop {
        match ITEMS[item].1 {
            _ if item == class => return true,
            Some(parent) => item = parent,
            None => return false,
        }
    }
}

/// All ways from one country to another along facts that happened, without a circle, through countries only, with at most
/// `hops` steps.
fn ways(facts: &[Fact], way: &mut Vec<usize>, to: usize, hops: usize, avoid: usize, found: &mut BTreeSet<Vec<usize>>) {
    let here = *way.last().expect("a way begins somewhere");
    if way.len() > 1 && here == to {
        found.insert(way.clone());
        return;
    }
    if way.len() > hops {
        return;
    }
    let next: BTreeSet<usize> =
        facts.iter().filter(|(from, _, _, planned)| *from == here && !planned).map(|(_, to, ..)| *to).collect();
    for step in next {
        if step != UNNAMED && step != avoid && !way.contains(&step) {
            way.push(step);
            ways(facts, way, to, hops, avoid, found);
            way.pop();
        }
    }
}

fn chains(answer: &Answer) -> Vec<Vec<usize>> {
    let number = |id: &Option<String>| -> usize {
        id.as_deref().and_then(|it| it.strip_prefix('c')).and_then(|it| it.parse().ok()).unwrap_or(UNNAMED)
    };
    let chain = |steps: &[purvey::query::ChainStep]| {
        let mut nodes: Vec<usize> = steps.first().map(|it| number(&it.from.id)).into_iter().collect();
        nodes.extend(steps.iter().map(|it| number(&it.to.id)));
        nodes
    };
    answer.chains.iter().flatten().map(|it| chain(&it.steps)).collect()
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    proptest::collection::vec((0..=UNNAMED, 0..=UNNAMED, 0..ITEMS.len(), proptest::bool::weighted(0.15)), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_lists_exactly_the_facts_that_fit(
        facts in facts(), from in 0..=COUNTRIES, to in 0..=COUNTRIES, what in 0..=ITEMS.len()
    ) {
        let named = |number: usize| if number < COUNTRIES { vec![format!("Land {number}")] } else { Vec::new() };
        let question = Who {
            from: named(from),
            to: named(to),
            what: ITEMS.get(what).map(|(name, _)| (*name).to_owned()).into_iter().collect(),
            ..Who::default()
        };
        let fits = |(a, b, item, _): &Fact| {
            (from == COUNTRIES || *a == from)
                && (to == COUNTRIES || *b == to)
                && (what == ITEMS.len() || is_below(*item, what))
        };
        let expected: BTreeSet<String> =
            facts.iter().enumerate().filter(|(_, it)| fits(it)).map(|(at, _)| format!("f{at}")).collect();
        let given = answer(&graph(&facts), &Question::Who(question)).expect("an answer");
        let rows: Vec<String> = given.rows.iter().map(|it| it.fact.clone()).collect();
        prop_assert_eq!(rows.iter().cloned().collect::<BTreeSet<_>>(), expected);
        prop_assert_eq!(rows.len(), given.rows.len(), "no fact twice");
    }

    #[test]
    fn paths_are_exactly_those_that_a_walk_finds(facts in facts(), hops in 1_usize..5, avoid in 2..=COUNTRIES) {
        let graph = graph(&facts);
        let mut expected = BTreeSet::new();
        ways(&facts, &mut vec![0], 1, hops, avoid, &mut expected);
        let names = if avoid < COUNTRIES { vec![format!("c{avoid}")] } else { Vec::new() };
        let question = PathQuestion { max_hops: hops, avoid: names, ..PathQuestion::new("c0", "c1") };
        let all = answer(&graph, &Question::Path(PathQuestion { all: true, ..question.clone() }));
        let shortest = answer(&graph, &Question::Path(question));
        if expected.is_empty() {
            prop_assert!(is_no_path(&all));
            prop_assert!(is_no_path(&shortest));
            return Ok(());
        }
        let (all, shortest) = (chains(&all.expect("paths")), chains(&shortest.expect("a path")));
        prop_assert_eq!(all.iter().cloned().collect::<BTreeSet<_>>(), expected.clone());
        prop_assert!(all.is_sorted_by_key(Vec::len), "shortest first: {:?}", all);
        prop_assert_eq!(all.len(), expected.len(), "no path twice");
        let least = expected.iter().map(Vec::len).min();
        prop_assert_eq!(shortest.first().map(Vec::len), least);
        prop_assert!(expected.contains(&shortest[0]));
    }
}

#[test]
fn nobody_unnamed_and_no_document_is_a_stepping_stone() {
    // c0 to an unnamed member, and from an unnamed member with the same label to c1: one node, but no way through.
    let through = graph(&[(0, UNNAMED, 0, false), (UNNAMED, 1, 0, false)]);
    let path = |graph: &KnowledgeGraph| answer(graph, &Question::Path(PathQuestion::new("c0", "c1")));
    assert!(matches!(path(&through), Err(QueryError::NoPath { .. })));
    let direct = graph(&[(0, 2, 0, false), (2, 1, 0, false)]);
    assert_eq!(chains(&path(&direct).expect("a path")), [[0, 2, 1]]);
}

fn is_no_path(answer: &Result<Answer, QueryError>) -> bool {
    matches!(answer, Err(QueryError::NoPath { .. }))
}
