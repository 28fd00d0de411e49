//! Names as people type them, among many others: from memory and from a snapshot the same.

use crate::generated::dice::Dice;
use crate::generated::people;
use crate::support::loading::{built_in, mapped};
use crate::support::{folder_of, purvey_on};
use purvey::graph::{GraphView, KnowledgeGraph, NameIndex, NameMatch, NameRank};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{EntityIx, normal_form, romanised};
use purvey::query::{AskOptions, read_question};

/// Far more than are compared one by one.
const MANY: usize = 6_000;

fn many() -> KnowledgeGraph {
    KnowledgeGraph::new(&people::enlarged(built_in(), MANY).expect("ids that are slugs"))
}

/// The id of the one entity that a name means, and how.
fn one<G: GraphView>(graph: &G, typed: &str) -> Option<(String, NameRank)> {
    match graph.name_index().lookup(typed, |_| true) {
        NameMatch::One { node, rank, .. } => Some((graph.entity(EntityIx(node)).id.to_owned(), rank)),
        _ => None,
    }
}

/// Others may be called so too: it is found where nothing else is called so, as it is spelt, and makes nobody a match.
#[test]
fn a_weak_alias_stands_behind_every_other_name() {
    let text = r#"(entities: [
        Person(id: "ana", name: "Ana Example", aliases: [(name: "The Accountant", weak: true), (name: "Ана", script: "Cyrl", weak: true)]),
        Person(id: "bo", name: "Bo Sample", aliases: [(name: "The Accountant", weak: true), (name: "The Tailor", weak: true)]),
        Organization(id: "tailor", name: "The Tailor"),
    ])"#;
    let folder = folder_of(&[("a.ron", text)]);
    let loaded = load(&Sources::Paths(vec![folder.path().join("graph-data")]), LoadOptions::default());
    let codes: Vec<&str> = loaded.findings.iter().map(|it| it.code.as_str()).collect();
    // Nobody uses them, and that they share a weak alias is no finding.
    assert_eq!(codes, ["K0043"; 3]);
    let graph = KnowledgeGraph::new(&loaded.dataset.expect("data without errors"));
    let snapshot = mapped(&graph);
    for index in [graph.name_index(), snapshot.name_index()] {
        assert!(matches!(index.lookup("the tailor", |_| true), NameMatch::One { rank: NameRank::Primary, .. }));
        assert!(matches!(index.lookup("the accountant", |_| true), NameMatch::Many { rank: NameRank::Weak, .. }));
        assert!(matches!(index.lookup("the acountant", |_| true), NameMatch::None { .. }));
        assert!(matches!(index.lookup("ана", |_| true), NameMatch::One { rank: NameRank::Weak, .. }));
    }
    let run = purvey_on(&[("a.ron", text)], &["show", "ana"]);
    assert!(run.stdout.contains("weak alias"), "{}", run.stdout);
    let run = purvey_on(&[("a.ron", text)], &["match"]);
    assert!(!run.stdout.contains("ana"), "{}", run.stdout);
}

#[test]
fn names_are_found_in_every_form_among_many() {
    let graph = many();
    let snapshot = mapped(&graph);
    for (typed, id, rank) in [
        ("north korea", "north-korea", NameRank::Primary),
        ("NORTH-KOREA", "north-korea", NameRank::Primary),
        ("the  Nörth Koréa", "north-korea", NameRank::Primary),
        ("prk", "north-korea", NameRank::Code),
        ("DPRK", "north-korea", NameRank::Alias),
        ("북한", "north-korea", NameRank::Alias),
        ("Северная Корея", "north-korea", NameRank::Alias),
        ("СЕВЕРНАЯ КОРЕЯ", "north-korea", NameRank::Alias),
        ("Северная Коря", "north-korea", NameRank::Typo),
        ("Владимр Путин", "vladimir-putin", NameRank::Typo),
        ("North Korean", "north-korea", NameRank::Demonym),
        ("Nroth Kroea", "north-korea", NameRank::Typo),
        ("Rusia", "russia", NameRank::Typo),
        ("Russa", "russia", NameRank::Typo),
        ("missiles", "missile", NameRank::Primary),
        ("misiles", "missile", NameRank::Typo),
        ("Владимир Путин", "vladimir-putin", NameRank::Alias),
        ("Зеленський", "volodymyr-zelenskyy", NameRank::Typo),
        ("Зеленский", "volodymyr-zelenskyy", NameRank::Typo),
        ("Selenskyj", "volodymyr-zelenskyy", NameRank::Typo),
        ("Zelenskiy", "volodymyr-zelenskyy", NameRank::Alias),
    ] {
        assert_eq!(one(&graph, typed), Some((id.to_owned(), rank)), "{typed}");
        assert_eq!(one(&snapshot, typed), Some((id.to_owned(), rank)), "{typed}, mapped");
    }
    assert_eq!(snapshot.fault(), None);
}

#[test]
fn questions_read_the_same_among_many() {
    let (few, graph) = (KnowledgeGraph::new(&built_in()), many());
    let snapshot = mapped(&graph);
    for text in [
        "what did Korea North send to Russia",
        "who is Putin Vladimir",
        "did nort korea send troops to rusia",
        "tell me about Selenskyj",
        "what did Северная Корея send to Russia",
        "What did 북한 send to Russia?",
        "who attacked Ódesa?",
        "Who is Vladimr Putin?",
    ] {
        let read = read_question(&few, text, AskOptions::default()).expect(text);
        assert_eq!(read_question(&graph, text, AskOptions::default()).expect(text).command(), read.command(), "{text}");
        assert_eq!(read_question(&snapshot, text, AskOptions::default()).expect(text).command(), read.command());
    }
}

/// The nodes at the least distance, by a look at every name.
fn closest_of_all<G: GraphView>(graph: &G, typed: &str) -> Option<(usize, Vec<u32>)> {
    closest_to(graph, normal_form(typed)).or_else(|| closest_to(graph, romanised(typed)?))
}

fn closest_to<G: GraphView>(graph: &G, form: String) -> Option<(usize, Vec<u32>)> {
    let allowed = match form.chars().count() {
        0..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let digits = |it: &str| it.chars().filter(|it| it.is_numeric()).collect::<String>();
    let mut near: Vec<(usize, u32)> = Vec::new();
    for entity in (0..u32::try_from(graph.entity_count()).unwrap_or(0)).map(EntityIx) {
        let view = graph.entity(entity);
        let own = [Some(view.name), view.plural, view.short, Some(view.id)].into_iter().flatten();
        let aliases = graph.names(entity).filter(|it| it.kind == purvey::model::NameKind::Alias).map(|it| it.text);
        for name in own.chain(aliases).map(normal_form).filter(|it| !it.is_empty() && digits(it) == digits(&form)) {
            let distance = strsim::osa_distance(&form, &name);
            if distance <= allowed {
                near.push((distance, entity.0));
            }
        }
    }
    let least = near.iter().map(|(distance, _)| *distance).min()?;
    let mut nodes: Vec<u32> = near.into_iter().filter(|it| it.0 == least).map(|it| it.1).collect();
    nodes.dedup();
    Some((least, nodes))
}

#[test]
fn misspelt_names_are_those_that_a_look_at_every_name_finds() {
    let graph = many();
    let snapshot = mapped(&graph);
    let mut dice = Dice(3);
    let own = ["North Korea", "Russian Federation", "Volodymyr Zelenskyy", "18th sanctions package", "Северная Корея"];
    let made_up: Vec<String> = people::names(MANY).step_by(MANY / 40).collect();
    let cyrillic: Vec<String> = made_up.iter().step_by(4).map(|it| people::cyrillic(it)).collect();
    let names =
        own.iter().copied().chain(made_up.iter().map(String::as_str)).chain(cyrillic.iter().map(String::as_str));
    let nodes = |index: NameIndex<'_>, typed: &str| {
        index.closest(typed).map(|(distance, found)| (distance, found.into_iter().map(|it| it.0).collect::<Vec<_>>()))
    };
    for name in names {
        let once = people::misspelt(name, &mut dice);
        let twice = people::misspelt(&once, &mut dice);
        for typed in [once, twice] {
            let expected = closest_of_all(&graph, &typed);
            assert_eq!(nodes(graph.name_index(), &typed), expected, "{typed}");
            assert_eq!(nodes(snapshot.name_index(), &typed), expected, "{typed}, mapped");
        }
    }
}

#[test]
fn suggestions_among_many_are_sensible_and_the_same_from_a_snapshot() {
    let graph = many();
    let snapshot = mapped(&graph);
    let names = |typed: &str| -> Vec<String> {
        let near = graph.name_index().suggestions(typed);
        assert_eq!(snapshot.name_index().suggestions(typed), near, "{typed}");
        near.into_iter().map(|it| graph.entity(EntityIx(it)).id.to_owned()).collect()
    };
    for (typed, expected) in [
        ("korea", "north-korea"),
        ("Kremlim", "government-of-russia"),
        ("Ruzzzia", "russia"),
        ("Kyv", "kyiv"),
        ("ballistic missiles of North Korea", "north-korea"),
        ("Зеленськи", "volodymyr-zelenskyy"),
    ] {
        assert!(names(typed).iter().any(|it| it == expected), "{typed}: {:?}", names(typed));
    }
    assert_eq!(names("\u{1f680}"), Vec::<String>::new());
}
