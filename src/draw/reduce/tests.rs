use std::collections::BTreeMap;

use super::*;
use crate::draw::DrawOptions;
use crate::draw::scene::{Scene, Text};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::query::{Question, Who, answer};

fn ask(question: &Question) -> Answer {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    answer(&KnowledgeGraph::new(&dataset), question).unwrap()
}

fn show(name: &str) -> Answer {
    ask(&Question::Show { name: name.to_owned() })
}

fn everything() -> Answer {
    ask(&Question::Who(Who { kinds: vec!["any".to_owned()], ..Who::default() }))
}

fn scene(reduced: &Reduced) -> Scene {
    let options = DrawOptions {
        together: reduced.together.clone(),
        left_out: reduced.left_out.clone(),
        ..DrawOptions::default()
    };
    Scene::new(&reduced.answer, &options)
}

fn names(scene: &Scene) -> Vec<&str> {
    let name = |it: &'_ Text| if let Text::Name(name) = it { Some(name.clone()) } else { None };
    scene
        .nodes
        .iter()
        .filter(|it| name(&it.text).is_some())
        .map(|it| if let Text::Name(name) = &it.text { name.as_str() } else { "" })
        .collect()
}

/// How often each fact is told, with the text.
fn told(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let in_boxes =
        scene.nodes.iter().filter_map(|it| if let Text::Facts(lines) = &it.text { Some(lines) } else { None });
    for line in scene.arrows.iter().map(|it| &it.lines).chain(in_boxes).flatten() {
        for fact in std::iter::once(&line.fact).chain(&line.also) {
            told.entry(fact.clone()).or_default().push(line.text.clone());
        }
    }
    told
}

fn collapsed(answer: &Answer, how: Collapse) -> Reduced {
    reduce(answer, &Reduction { collapse: vec![how], ..Reduction::default() })
}

#[test]
fn members_of_a_group_stand_in_one_box_and_each_fact_is_told_once() {
    let answer = show("msmt");
    let reduced = collapsed(&answer, Collapse::Members);
    let scene = scene(&reduced);
    assert!(names(&scene).contains(&"11 members of the MSMT"), "{:?}", names(&scene));
    assert!(!names(&scene).contains(&"Canada"));
    let told = told(&scene);
    assert_eq!(told["a1/canada"], ["member"]);
    assert!(told.values().all(|it| it.len() == 1));
    let with_ends: Vec<&Row> = answer.rows.iter().filter(|it| all_ends(it).next().is_some()).collect();
    assert_eq!(told.len(), with_ends.len());
    assert!(scene.small_print.iter().any(|it| it.text.starts_with("11 members of the MSMT: Australia, Canada")));
    let sentences = scene.sentences.iter().filter(|it| it.fact.starts_with("a1/")).count();
    assert_eq!(sentences, 11, "each fact keeps its own sentence");
}

#[test]
fn a_fact_of_one_member_is_not_told_as_one_of_all() {
    let answer = everything();
    let scene = scene(&collapsed(&answer, Collapse::Members));
    let told = told(&scene);
    let members: Vec<&str> = answer
        .rows
        .iter()
        .filter(|it| it.kind == "membership")
        .filter_map(|it| it.from.as_ref())
        .map(|it| it.name.as_str())
        .collect();
    let mut seen = 0;
    for row in answer.rows.iter().filter(|it| it.kind != "membership") {
        for end in ends(row).filter(|it| members.contains(&it.name.as_str())) {
            let text = &told[&row.fact][0];
            assert!(text.contains(&end.name) || text.contains("of them: "), "{}: {text}", row.fact);
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[test]
fn small_ones_of_a_kind_are_counted_and_named() {
    let answer = everything();
    let reduced = collapsed(&answer, Collapse::Small);
    assert!(!reduced.together.is_empty());
    for it in &reduced.together {
        assert!(it.members.len() >= 2 && it.name.starts_with(&it.members.len().to_string()), "{it:?}");
        assert!(it.kind.is_some());
    }
    let told_here = told(&scene(&reduced));
    assert!(told_here.values().all(|it| it.len() == 1));
    assert_eq!(told_here.len(), told(&scene(&Reduced { answer, ..Reduced::default() })).len());
}

#[test]
fn organisations_stand_with_their_country() {
    let reduced = collapsed(&everything(), Collapse::Organisations);
    assert!(reduced.together.iter().all(|it| it.name.contains(" organisations of ")), "{:?}", reduced.together);
    assert!(!reduced.together.is_empty());
}

#[test]
fn who_is_kept_stays_apart() {
    let keep = vec!["canada".to_owned()];
    let answer = show("msmt");
    let reduced = reduce(&answer, &Reduction { collapse: vec![Collapse::Members], keep, top: None });
    assert_eq!(reduced.together[0].name, "10 members of the MSMT");
    assert!(names(&scene(&reduced)).contains(&"Canada"));
}

#[test]
fn the_best_connected_are_kept_and_the_rest_is_counted_and_named() {
    let answer = everything();
    for top in [1, 2, 5, 9, 10_000] {
        let reduced = reduce(&answer, &Reduction { top: Some(top), ..Reduction::default() });
        let scene = scene(&reduced);
        assert!(names(&scene).len() <= top, "{top}: {:?}", names(&scene));
        assert_eq!(reduced.answer.rows.len() + reduced.left_out.facts.len(), answer.rows.len());
        assert_eq!(reduced.left_out.in_words().is_none(), top == 10_000);
    }
    let five = reduce(&answer, &Reduction { top: Some(5), keep: vec!["yale-hrl".to_owned()], ..Reduction::default() });
    assert!(names(&scene(&five)).contains(&"North Korea"));
    let words = five.left_out.in_words().unwrap();
    assert!(words.contains(&format!("{} facts are left out, with ", five.left_out.facts.len())), "{words}");
}

#[test]
fn figures_of_a_split_hold_each_fact_once() {
    for answer in [everything(), show("msmt"), show("russia")] {
        for most in [0, 2, 6, 14, 1_000] {
            let reduced = Reduced { answer: answer.clone(), ..Reduced::default() };
            let figures = split(&reduced, most);
            let mut facts: Vec<&str> = figures.iter().flat_map(|it| &it.rows).map(|it| it.fact.as_str()).collect();
            let mut all: Vec<&str> = answer.rows.iter().map(|it| it.fact.as_str()).collect();
            facts.sort_unstable();
            all.sort_unstable();
            assert_eq!(facts, all);
            for figure in &figures {
                let boxes: BTreeSet<NodeKey> = figure.rows.iter().flat_map(ends).map(node_key).collect();
                assert!(boxes.len() <= most.max(2), "{} in a figure for {most}", boxes.len());
            }
        }
    }
}

#[test]
fn nothing_becomes_nothing() {
    let reduced =
        reduce(&Answer::default(), &Reduction { top: Some(3), collapse: vec![Collapse::Small], keep: Vec::new() });
    assert!(reduced.answer.rows.is_empty() && reduced.left_out.in_words().is_none());
    assert_eq!(split(&reduced, 6).len(), 1);
}
