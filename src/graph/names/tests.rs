//! Names are found by rank, typos and scripts.

use proptest::prelude::*;

use super::NameRank::{Alias, Code, Demonym, Metonym, Primary, Typo};
use super::*;

const NAMES: &[(u32, NameRank, &str)] = &[
    (0, Primary, "government of russia"),
    (0, Primary, "Government of Russia"),
    (0, Metonym, "Moscow"),
    (0, Metonym, "the Kremlin"),
    (1, Primary, "North Korea"),
    (1, Primary, "north-korea"),
    (1, Code, "KP"),
    (1, Code, "PRK"),
    (1, Alias, "북한"),
    (1, Alias, "DPRK"),
    (1, Demonym, "North Korean"),
    (2, Primary, "Kyiv"),
    (2, Alias, "Kiev"),
    (3, Primary, "Russia"),
    (3, Alias, "Russian Federation"),
    (3, Code, "RU"),
    (3, Demonym, "Russian"),
    (4, Primary, "South Korea"),
    (4, Code, "Q884"),
    (5, Primary, "Resolution 2397"),
    (6, Primary, "Georgia"),
    (7, Primary, "Georgia"),
    (8, Alias, "Georgia"),
    (9, Primary, "Iran"),
    (10, Primary, "missiles"),
    (10, Primary, "missile"),
    (11, Primary, "🚀"),
    (12, Primary, "Moscow Metro"),
    (13, Primary, "Ru"),
];

fn index() -> NameIndexBuf {
    NameIndexBuf::new(NAMES.iter().copied())
}

fn one(node: u32, rank: NameRank) -> NameMatch {
    NameMatch::One { node, rank, others: vec![] }
}

fn none(near: &[u32]) -> NameMatch {
    NameMatch::None { near: near.to_vec() }
}

#[test]
fn the_best_rank_decides() {
    let index = index();
    for (typed, expected) in [
        ("north korea", one(1, Primary)),
        ("NORTH-KOREA", one(1, Primary)),
        ("the North Korea", one(1, Primary)),
        ("kp", one(1, Code)),
        (" Kp ", one(1, Code)),
        ("q884", one(4, Code)),
        ("Q-884", none(&[])),
        ("dprk", one(1, Alias)),
        ("북한", one(1, Alias)),
        ("north korean", one(1, Demonym)),
        ("Kremlin", one(0, Metonym)),
        ("ru", NameMatch::One { node: 13, rank: Primary, others: vec![(3, Code)] }),
        ("georgia", NameMatch::Many { rank: Primary, nodes: vec![6, 7] }),
        ("Киев", one(2, Alias)),
        ("Кyiv", one(2, Alias)),
        ("", none(&[])),
        ("?", none(&[])),
        ("🚀", none(&[])),
    ] {
        assert_eq!(index.view().lookup(typed, |_| true), expected, "{typed:?}");
    }
}

#[test]
fn typos_are_few_and_leave_digits_alone() {
    let index = index();
    for (typed, expected) in [
        ("North Kroea", one(1, Typo)),
        ("Nrth Korea", one(1, Typo)),
        ("Suoth Koraa", one(4, Typo)),
        ("Rusia", one(3, Typo)),
        ("rusian federaton", one(3, Typo)),
        ("misile", one(10, Typo)),
        ("Irak", one(9, Typo)),
        ("DPRKK", one(1, Typo)),
        ("PRKK", none(&[1])),
        ("Kyv", none(&[2])),
        ("Ruzzzia", none(&[3])),
        ("Resolution 2379", none(&[5])),
        ("Q885", none(&[])),
        ("Kremlim", none(&[0])),
    ] {
        assert_eq!(index.view().lookup(typed, |_| true), expected, "{typed:?}");
    }
}

#[test]
fn only_accepted_nodes_are_seen() {
    let index = index();
    assert_eq!(
        index.view().lookup("georgia", |node| node != 6),
        NameMatch::One { node: 7, rank: Primary, others: vec![(8, Alias)] }
    );
    assert_eq!(index.view().lookup("georgia", |node| node > 7), one(8, Alias));
    assert_eq!(index.view().lookup("Rusia", |node| node != 3), none(&[]));
    assert_eq!(index.view().lookup("korea", |node| node != 1), none(&[4]));
    assert_eq!(index.view().lookup("korea", |_| false), none(&[]));
}

#[test]
fn suggestions_are_the_closest_first_and_at_most_five() {
    assert_eq!(index().view().lookup("korea", |_| true), none(&[1, 4]));
    let many = NameIndexBuf::new((0..20).map(|node| (node, Primary, "Korea Institute")));
    assert_eq!(many.view().lookup("korea", |_| true), none(&[0, 1, 2, 3, 4]));
    assert_eq!(index().view().lookup(&"north korea ".repeat(20), |_| true), none(&[]));
}

#[test]
fn search_ranks_by_place_then_node() {
    let index = index();
    for (text, expected) in [
        ("moscow", vec![(0, Closeness::Exact, "Moscow"), (12, Closeness::Prefix, "Moscow Metro")]),
        ("korea", vec![(1, Closeness::WordPrefix, "North Korea"), (4, Closeness::WordPrefix, "South Korea")]),
        ("orth", vec![(1, Closeness::Substring, "North Korea")]),
        ("n k", vec![]),
        ("h korea", vec![(1, Closeness::Substring, "North Korea"), (4, Closeness::Substring, "South Korea")]),
        (
            "ru",
            vec![
                (3, Closeness::Exact, "RU"),
                (13, Closeness::Exact, "Ru"),
                (0, Closeness::WordPrefix, "government of russia"),
            ],
        ),
        ("korean north", vec![(1, Closeness::Substring, "North Korean")]),
        ("rusia", vec![(3, Closeness::Typo, "Russia")]),
        ("Q88", vec![]),
        ("q884", vec![(4, Closeness::Exact, "Q884")]),
        ("Киев", vec![(2, Closeness::Exact, "Kiev")]),
        ("북", vec![(1, Closeness::Prefix, "북한")]),
        ("!", vec![]),
    ] {
        let found = index.view().search(text);
        let found: Vec<_> =
            found.iter().map(|it| (it.node, it.closeness, index.view().name(it.name).unwrap())).collect();
        assert_eq!(found, expected, "{text:?}");
    }
    assert_eq!(index.view().name(u32::MAX), None);
}

#[test]
fn an_empty_index_knows_nothing() {
    let index = NameIndexBuf::new([]);
    assert_eq!(index.view().lookup("a", |_| true), none(&[]));
    assert_eq!(index.view().search("a"), vec![]);
}

fn same_digits(a: &str, b: &str) -> bool {
    a.chars().filter(|c| c.is_numeric()).eq(b.chars().filter(|c| c.is_numeric()))
}

/// `lookup` without sorting, filters or romanised forms.
fn slow_lookup(names: &[(u32, NameRank, String)], typed: &str) -> Option<(NameRank, BTreeSet<u32>)> {
    let form = normal_form(typed);
    for rank in [Primary, Code, Alias, Demonym, Metonym] {
        let same = |it: &&(u32, NameRank, String)| {
            it.1 == rank
                && !normal_form(&it.2).is_empty()
                && if rank == Code { code_form(&it.2) == code_form(typed) } else { normal_form(&it.2) == form }
        };
        let nodes: BTreeSet<u32> = names.iter().filter(same).map(|it| it.0).collect();
        if !nodes.is_empty() && !form.is_empty() {
            return Some((rank, nodes));
        }
    }
    for distance in 1..=2 {
        let length = form.chars().count();
        if length < 4 || (distance == 2 && length < 8) {
            break;
        }
        let close = |it: &&(u32, NameRank, String)| {
            let name = normal_form(&it.2);
            matches!(it.1, Primary | Alias)
                && strsim::osa_distance(&name, &form) == distance
                && same_digits(&name, &form)
                && !name.is_empty()
        };
        let nodes: BTreeSet<u32> = names.iter().filter(close).map(|it| it.0).collect();
        if !nodes.is_empty() {
            return Some((Typo, nodes));
        }
    }
    None
}

fn rank() -> impl Strategy<Value = NameRank> {
    prop::sample::select(vec![Primary, Code, Alias, Demonym, Metonym])
}

proptest! {
    #[test]
    fn lookup_equals_a_slow_version_of_itself(
        names in prop::collection::vec((0..6_u32, rank(), "[ab1 -]{0,2}[abcd]{2,7}"), 0..12),
        typed in "[ab1 -]{0,2}[abcd]{2,7}",
    ) {
        let index = NameIndexBuf::new(names.iter().map(|(node, rank, name)| (*node, *rank, name.as_str())));
        let found = match index.view().lookup(&typed, |_| true) {
            NameMatch::None { .. } => None,
            NameMatch::One { node, rank, .. } => Some((rank, BTreeSet::from([node]))),
            NameMatch::Many { rank, nodes } => Some((rank, nodes.into_iter().collect())),
        };
        prop_assert_eq!(found, slow_lookup(&names, &typed));
    }

    #[test]
    fn order_of_names_does_not_matter_and_nothing_panics(
        names in prop::collection::vec((any::<u32>(), rank(), any::<String>()), 0..12),
        typed in any::<String>(),
    ) {
        let forward = NameIndexBuf::new(names.iter().map(|(node, rank, name)| (*node, *rank, name.as_str())));
        let backward = NameIndexBuf::new(names.iter().rev().map(|(node, rank, name)| (*node, *rank, name.as_str())));
        for typed in names.iter().map(|it| it.2.as_str()).chain([typed.as_str()]) {
            prop_assert_eq!(forward.view().lookup(typed, |_| true), backward.view().lookup(typed, |_| true));
            prop_assert_eq!(forward.view().search(typed), backward.view().search(typed));
            for found in forward.view().search(typed) {
                let name = forward.view().name(found.name);
                prop_assert!(names.iter().any(|it| it.0 == found.node && Some(it.2.as_str()) == name));
            }
        }
    }
}
