//! `path --in-time`: against a slow, obvious version of itself on small generated graphs, and through the binary.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::loading::{answer_of_both as answer, graph_of};
use crate::support::{json, purvey, purvey_on};
use proptest::prelude::*;
use purvey::graph::KnowledgeGraph;
use purvey::model::Certainty;
use purvey::query::{Answer, Chain, PathQuestion, QueryError, Question};
use serde_json::{Value, json as value};

/// A fact of the test: from, to (countries by number), a period by number, whether it is a state, and the number of an
/// earlier fact that it is said to come after.
#[derive(Clone, Debug)]
struct Fact {
    from: usize,
    to: usize,
    period: usize,
    state: bool,
    after: Option<usize>,
}

const COUNTRIES: usize = 4;

/// Days are 0 to 9, so that an open end goes beyond all dates, which are 2 to 7.
const DAYS: std::ops::RangeInclusive<u32> = 0..=9;

/// Periods, with their first and last possible day, and whether anything about them is certain.
const PERIODS: [(Option<&str>, u32, u32, bool); 9] = [
    (None, 0, 9, false),
    (Some("2024-01-02"), 2, 2, true),
    (Some("2024-01-04"), 4, 4, true),
    (Some("2024-01-02/2024-01-05"), 2, 5, true),
    (Some("2024-01-04/2024-01-07"), 4, 7, true),
    (Some("2024-01-06"), 6, 6, true),
    (Some("../2024-01-03"), 0, 3, true),
    (Some("2024-01-05/.."), 5, 9, true),
    (Some("2024-01-04~"), 3, 5, false),
];

fn graph(facts: &[Fact]) -> KnowledgeGraph {
    let mut text =
        String::from("(entities: [Document(id: \"d\", name: \"D\"), Materiel(id: \"arms\", name: \"arms\"),");
    for at in 0..COUNTRIES {
        text.push_str(&format!("Country(id: \"c{at}\", name: \"Land {at}\"),"));
    }
    text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
    for (at, fact) in facts.iter().enumerate() {
        let Fact { from, to, period, state, after } = fact;
        let period = PERIODS[*period].0.map_or(String::new(), |it| format!(", period: \"{it}\""));
        let after = after.map_or(String::new(), |it| format!(", after: \"f{it}\""));
        text.push_str(&match state {
            true => format!("Sanction(id: \"f{at}\", imposer: \"c{from}\", target: \"c{to}\"{period}{after}),"),
            false => format!(
                "Supply(id: \"f{at}\", supplier: \"c{from}\", recipient: \"c{to}\", item: \"arms\"{period}{after}),"
            ),
        });
    }
    text.push_str("])");
    graph_of(&text)
}

/// All ways from 0 to 1 without a circle.
fn ways(facts: &[Fact], way: &mut Vec<usize>, hops: usize, found: &mut BTreeSet<Vec<usize>>) {
    let here = *way.last().expect("a way begins somewhere");
    if here == 1 {
        found.insert(way.clone());
    } else if way.len() <= hops {
        for to in 0..COUNTRIES {
            if !way.contains(&to) && facts.iter().any(|it| (it.from, it.to) == (here, to)) {
                way.push(to);
                ways(facts, way, hops, found);
                way.pop();
            }
        }
    }
}

/// All choices of one element a list.
fn choices<T: Copy>(lists: &[Vec<T>]) -> Vec<Vec<T>> {
    lists.iter().fold(vec![Vec::new()], |begun, list| {
        begun.iter().flat_map(|it| list.iter().map(move |last| it.iter().copied().chain([*last]).collect())).collect()
    })
}

fn days(fact: &Fact) -> Vec<u32> {
    let (_, first, last, _) = PERIODS[fact.period];
    DAYS.filter(|it| (first..=last).contains(it)).collect()
}

/// The last day of each possible run of moments.
fn arrivals(facts: &[Fact], chain: &[usize]) -> Vec<u32> {
    let contradicted =
        chain.iter().enumerate().any(|(at, it)| facts[*it].after.is_some_and(|before| chain[at..].contains(&before)));
    if contradicted {
        return Vec::new();
    }
    let all = choices(&chain.iter().map(|it| days(&facts[*it])).collect::<Vec<_>>());
    all.iter().filter(|it| it.is_sorted()).filter_map(|it| it.last().copied()).collect()
}

/// Whether the order is certain: for some way to cut the chain at its links, each piece is in order whatever the moments
/// of its events were, if those of its states may be chosen.
fn is_certain(facts: &[Fact], chain: &[usize]) -> bool {
    let links: Vec<usize> = (1..chain.len()).filter(|at| facts[chain[*at]].after == Some(chain[*at - 1])).collect();
    (0..1_usize << links.len()).any(|chosen| {
        let cuts: Vec<usize> =
            links.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1).map(|(_, it)| *it).collect();
        let bounds: Vec<usize> = [0].into_iter().chain(cuts.clone()).chain([chain.len()]).collect();
        bounds.windows(2).all(|ends| {
            let piece: Vec<usize> = (ends[0]..ends[1]).collect();
            if piece.len() < 2 {
                return true;
            }
            if piece.iter().any(|at| !PERIODS[facts[chain[*at]].period].3) {
                return false;
            }
            let is_event = |at: usize| !facts[chain[at]].state || cuts.contains(&at) || cuts.contains(&(at + 1));
            let given = |at: &usize| if is_event(*at) { days(&facts[chain[*at]]) } else { vec![u32::MAX] };
            choices(&piece.iter().map(given).collect::<Vec<_>>()).iter().all(|moments| {
                let open =
                    |(at, day): (&usize, &u32)| if is_event(*at) { vec![*day] } else { days(&facts[chain[*at]]) };
                let free: Vec<Vec<u32>> = piece.iter().zip(moments).map(open).collect();
                choices(&free).iter().any(|it| it.is_sorted())
            })
        })
    })
}

/// What is known of a way by trying everything.
struct Known {
    /// Of each step the facts that can take part in a chain.
    facts: Vec<BTreeSet<usize>>,
    arrival: u32,
    /// Whether some choice is certain, and whether every choice is possible.
    certain: bool,
    all_possible: bool,
}

fn known(facts: &[Fact], hops: usize) -> BTreeMap<Vec<usize>, Known> {
    let mut all = BTreeSet::new();
    ways(facts, &mut vec![0], hops, &mut all);
    let mut found = BTreeMap::new();
    for way in all {
        let between = |ends: &[usize]| -> Vec<usize> {
            (0..facts.len()).filter(|it| (facts[*it].from, facts[*it].to) == (ends[0], ends[1])).collect()
        };
        let choices = choices(&way.windows(2).map(between).collect::<Vec<_>>());
        let possible: Vec<&Vec<usize>> = choices.iter().filter(|it| !arrivals(facts, it).is_empty()).collect();
        let Some(arrival) = possible.iter().flat_map(|it| arrivals(facts, it)).min() else { continue };
        let step = |at: usize| possible.iter().map(|it| it[at]).collect::<BTreeSet<_>>();
        let certain = possible.iter().any(|it| is_certain(facts, it));
        let all_possible = possible.len() == choices.len();
        let steps = (0..way.len() - 1).map(step).collect();
        found.insert(way, Known { facts: steps, arrival, certain, all_possible });
    }
    found
}

fn number(id: &str) -> usize {
    id[1..].parse().expect("a number")
}

fn nodes(chain: &Chain) -> Vec<usize> {
    let id = |it: &purvey::query::Ref| number(it.id.as_deref().expect("an id"));
    chain.steps.first().map(|it| id(&it.from)).into_iter().chain(chain.steps.iter().map(|it| id(&it.to))).collect()
}

fn check(answer: &Answer, chain: &Chain, known: &BTreeMap<Vec<usize>, Known>) -> Result<(), TestCaseError> {
    let way = nodes(chain);
    let Some(known) = known.get(&way) else { return Err(TestCaseError::fail(format!("{way:?} is impossible"))) };
    let step = |it: &purvey::query::ChainStep| it.rows.iter().map(|at| number(&answer.rows[*at].fact)).collect();
    let facts: Vec<BTreeSet<usize>> = chain.steps.iter().map(step).collect();
    prop_assert_eq!(&facts, &known.facts);
    let time = chain.time.as_ref().expect("the chain has a time");
    if time.certainty == Certainty::Certain {
        prop_assert!(known.certain, "{:?} is only possible, not {}", way, time.why());
    } else {
        prop_assert_eq!(time.certainty, Certainty::Possible);
        prop_assert!(!known.certain || !known.all_possible, "{:?} is certain, not {}", way, time.why());
    }
    Ok(())
}

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    // Half of the graphs are a short way and a detour to the last step but one, so that time decides.
    let detour = [(0, 2), (0, 3), (3, 2), (2, 1)];
    let ends = prop_oneof![
        Just((0..COUNTRIES).flat_map(|from| (0..COUNTRIES).map(move |to| (from, to))).collect::<Vec<_>>()),
        Just(detour.to_vec()),
    ];
    ends.prop_flat_map(|ends| facts_between(ends.into_iter().filter(|(from, to)| from != to).collect()))
}

fn facts_between(ends: Vec<(usize, usize)>) -> impl Strategy<Value = Vec<Fact>> {
    let after = proptest::option::weighted(0.3, any::<proptest::sample::Index>());
    let fact = (proptest::sample::select(ends), 0..PERIODS.len(), any::<bool>(), after);
    proptest::collection::vec(fact, 3..13).prop_map(|facts| {
        let numbered = facts.into_iter().enumerate();
        let fact = numbered.map(|(at, ((from, to), period, state, after))| {
            let after = after.filter(|_| at > 0).map(|it| it.index(at));
            Fact { from, to, period, state, after }
        });
        let facts: Vec<Fact> = fact.collect();
        // A fact after one that its period says it precedes is refused before any question.
        let precedes = |it: &Fact, other: &Fact| {
            let ((_, _, last, sure), (_, first, _, other_sure)) = (PERIODS[it.period], PERIODS[other.period]);
            sure && other_sure && last < first
        };
        let sound = |it: &Fact| Fact { after: it.after.filter(|at| !precedes(it, &facts[*at])), ..it.clone() };
        facts.iter().map(sound).collect::<Vec<Fact>>()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chains_are_those_that_trying_everything_finds(facts in facts(), hops in 1_usize..5) {
        let graph = graph(&facts);
        let known = known(&facts, hops);
        let question = PathQuestion { in_time: true, max_hops: hops, ..PathQuestion::new("c0", "c1") };
        let all = answer(&graph, &Question::Path(PathQuestion { all: true, ..question.clone() }));
        let one = answer(&graph, &Question::Path(question));
        if known.is_empty() {
            prop_assert!(is_no_path(&all));
            prop_assert!(is_no_path(&one));
            return Ok(());
        }
        let all = all.expect("chains");
        let chains = all.chains.as_deref().unwrap_or_default();
        let ways: Vec<Vec<usize>> = chains.iter().map(nodes).collect();
        prop_assert_eq!(ways.len(), known.len(), "no chain twice");
        prop_assert_eq!(&ways.iter().cloned().collect::<BTreeSet<_>>(), &known.keys().cloned().collect::<BTreeSet<_>>());
        prop_assert!(ways.is_sorted_by_key(|way| (way.len(), known[way].arrival)), "shortest first: {:?}", ways);
        for chain in chains {
            check(&all, chain, &known)?;
        }
        let one = one.expect("a chain");
        let [chain] = one.chains.as_deref().unwrap_or_default() else { panic!("one chain") };
        check(&one, chain, &known)?;
        let best = known.iter().map(|(way, it)| (way.len(), it.arrival)).min();
        let way = nodes(chain);
        prop_assert_eq!(Some((way.len(), known[&way].arrival)), best);
    }
}

fn is_no_path(answer: &Result<Answer, QueryError>) -> bool {
    matches!(answer, Err(QueryError::NoPath { in_time: true, .. }))
}

const LANDS: &str = r#"entities: [
    Country(id: "a", name: "Aland"), Country(id: "b", name: "Bland"), Country(id: "c", name: "Cland"), Country(id: "e", name: "Eland"),
    Materiel(id: "arms", name: "arms"), Document(id: "d", name: "D", date: "2025"),
], document: "d", defaults: (by: "a"),"#;

/// The answer over supplies from a to b (f1) and from b to c (f2), whose last fields are given.
fn over(first: &str, second: &str, arguments: &[&str]) -> String {
    let facts = format!(
        r#"({LANDS} facts: [
            Supply(id: "f1", supplier: "a", recipient: "b", item: "arms", {first}),
            Supply(id: "f2", supplier: "b", recipient: "c", item: "arms", {second}),
        ])"#
    );
    let run = purvey_on(&[("x.ron", &facts)], &[&["path", "a", "c"], arguments].concat());
    assert!(run.code.is_some_and(|it| it < 2), "{}", run.stderr);
    run.stdout
}

/// The time of the one chain.
fn time(first: &str, second: &str) -> Value {
    let text = over(first, second, &["--in-time", "--format", "json"]);
    let answer: Value = serde_json::from_str(&text).expect("one JSON document");
    answer["chains"][0]["time"].clone()
}

#[test]
fn north_korea_to_kyiv_is_certain_since_the_attack_came_after_the_supply() {
    let answer = json(&["path", "North Korea", "Kyiv", "--in-time", "--same-item"], 0);
    assert_eq!(answer["question"], "path \"North Korea\" Kyiv --in-time --same-item");
    let chains = answer["chains"].as_array().expect("chains");
    assert_eq!(chains.len(), 1);
    let facts: Vec<&Value> = chains[0]["steps"].as_array().expect("steps").iter().map(|it| &it["facts"]).collect();
    assert_eq!(facts, [&value!(["a11"]), &value!(["a12/kyiv"])]);
    let time = &chains[0]["time"];
    assert_eq!(time["certainty"], "certain");
    let why = "certain: a12/kyiv comes after a11, says the Multilateral Sanctions Monitoring Team";
    assert_eq!(time["why"], why);
    assert_eq!(time["after"], value!([["a12/kyiv", "a11"]]));
    assert_eq!(time["window"]["edtf"], "2024-01-01/");
    assert_eq!(time["window"]["inferred"], true);
    let plain = json(&["path", "North Korea", "Kyiv", "--same-item"], 0);
    assert!(plain["chains"][0].get("time").is_none(), "nobody asked");
}

#[test]
fn tables_and_sentences_tell_whether_a_chain_is_certain_and_why() {
    let question = ["path", "North Korea", "Kyiv", "--in-time", "--same-item"];
    let table = purvey(&question).stdout;
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[1], "Certain: a12/kyiv comes after a11, says the Multilateral Sanctions Monitoring Team");
    assert_eq!(lines[2], "Window: from 1 January 2024 (end unknown) *");
    let text = purvey(&[&question[..], &["--format", "md"]].concat()).stdout;
    assert!(text.contains("In time this is certain: a12/kyiv comes after a11, says the Multilateral"), "{text}");
    assert!(text.contains("window: from 1 January 2024 (end unknown) (inferred)."), "{text}");
}

#[test]
fn each_reason_is_told_in_words() {
    for (first, second, why) in [
        (r#"period: "2023""#, r#"period: "2024""#, "certain: f1 and f2 are in order by their dates"),
        (r#"period: "2024""#, r#"period: "2024-06/2025""#, "possible: the periods of f1 and f2 overlap"),
        (r#"period: "2024""#, "", "possible: f2 has no date"),
        (r#"period: "2020~""#, r#"period: "2024""#, "possible: the date of f1 is approximate"),
        (r#"period: "2020""#, r#"period: "2024?""#, "possible: the date of f2 is uncertain"),
        ("", r#"after: "f1""#, "certain: f2 comes after f1, says Aland"),
        (
            r#"period: "2024""#,
            r#"period: "2024", after: "f1", by: "b", stance: alleges"#,
            "certain: f2 comes after f1, alleges Bland",
        ),
        (r#"period: "2024""#, r#"after: [(id: "f1", by: "c", stance: denies)]"#, "possible: f2 has no date"),
    ] {
        assert_eq!(time(first, second)["why"], why, "{first} {second}");
    }
}

#[test]
fn a_window_is_never_more_precise_than_its_claims() {
    for (first, second, window) in [
        (r#"period: "2023""#, r#"period: "2024-05/2024-06""#, Some("2023/2024-06")),
        (r#"period: "2023~""#, r#"period: "2024-05-06""#, Some("2023~/2024-05-06")),
        ("", r#"period: "2024""#, Some("/2024")),
        (r#"period: "../2022""#, r#"period: "2024/..""#, None),
        ("", "", None),
        // January and February of 2024, which neither claim says.
        (r#"period: "2024-03~""#, r#"period: "2024-01~""#, None),
    ] {
        assert_eq!(time(first, second)["window"]["edtf"].as_str(), window, "{first} {second}");
    }
}

#[test]
fn a_detour_is_taken_where_the_short_way_comes_too_late() {
    let facts = format!(
        r#"({LANDS} facts: [
            Supply(id: "late", supplier: "a", recipient: "b", item: "arms", period: "2025"),
            Supply(id: "early-1", supplier: "a", recipient: "e", item: "arms", period: "2021"),
            Supply(id: "early-2", supplier: "e", recipient: "b", item: "arms", period: "2022"),
            Supply(id: "on", supplier: "b", recipient: "c", item: "arms", period: "2023"),
            Supply(id: "on-again", supplier: "b", recipient: "c", item: "arms", period: "2020"),
        ])"#
    );
    let run = purvey_on(&[("x.ron", &facts)], &["path", "a", "c", "--in-time", "--format", "json"]);
    let answer: Value = serde_json::from_str(&run.stdout).expect("one JSON document");
    let steps: Vec<&Value> =
        answer["chains"][0]["steps"].as_array().expect("steps").iter().map(|it| &it["facts"]).collect();
    assert_eq!(steps, [&value!(["early-1"]), &value!(["early-2"]), &value!(["on"])]);
    assert_eq!(answer["chains"][0]["time"]["why"], "certain: early-1, early-2 and on are in order by their dates");
}

#[test]
fn one_chain_in_time_is_found_among_more_paths_than_can_be_tried() {
    // Seven layers of nine, each joined to all of the next: more than four million paths. All end too early but those
    // through the last country.
    let (layers, width) = (7, 9);
    let mut text =
        String::from("(entities: [Document(id: \"d\", name: \"D\"), Materiel(id: \"arms\", name: \"arms\"),");
    let mut facts = String::new();
    let mut supply = |from: &str, to: &str, period: &str| {
        let id = format!("{from}-{to}");
        facts.push_str(&format!(
            "Supply(id: \"{id}\", supplier: \"{from}\", recipient: \"{to}\", item: \"arms\", period: \"{period}\"),"
        ));
    };
    for at in 0..width {
        supply("start", &format!("l0-{at}"), "2022");
        supply(&format!("l{}-{at}", layers - 1), "goal", if at + 1 == width { "2023" } else { "2021" });
        for (layer, to) in (1..layers).flat_map(|layer| (0..width).map(move |to| (layer, to))) {
            supply(&format!("l{}-{at}", layer - 1), &format!("l{layer}-{to}"), "2022");
        }
    }
    let between = (0..layers).flat_map(|layer| (0..width).map(move |at| format!("l{layer}-{at}")));
    for id in between.chain(["start".to_owned(), "goal".to_owned()]) {
        text.push_str(&format!("Country(id: \"{id}\", name: \"{id}\"),"));
    }
    let graph = graph_of(&format!("{text}], document: \"d\", defaults: (by: \"start\"), facts: [{facts}])"));
    let question = PathQuestion { in_time: true, max_hops: 8, ..PathQuestion::new("start", "goal") };
    let found = answer(&graph, &Question::Path(question)).expect("a chain");
    let [chain] = found.chains.as_deref().unwrap_or_default() else { panic!("one chain") };
    let last = chain.steps.last().and_then(|it| it.from.id.as_deref());
    assert_eq!((chain.steps.len(), last), (8, Some("l6-8")));
    assert_eq!(chain.time.as_ref().map(|it| it.certainty), Some(Certainty::Possible));
}

#[test]
fn where_only_the_time_is_wrong_the_finding_says_why() {
    let told = over(r#"period: "2025""#, r#"period: "2024""#, &["--in-time"]);
    assert!(told.contains("no path in the order of time from Aland to Cland within 6 steps"), "{told}");
    assert!(
        told.contains("without `--in-time` there is one of 2 steps: f2 (2024) is over before f1 (2025) begins"),
        "{told}"
    );
    let told = over(r#"after: "f2""#, "", &["--in-time", "--all"]);
    assert!(told.contains("without `--in-time` there is one of 2 steps: f1 is said to come after f2"), "{told}");
}
