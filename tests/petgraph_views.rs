//! petgraph's algorithms run on the graph's two views and give known answers.

use std::collections::BTreeMap;
use std::hash::RandomState;

use crate::support::loading::graph_of;
use petgraph::algo::{all_simple_paths, dijkstra, kosaraju_scc, page_rank};
use petgraph::visit::{EdgeRef, IntoEdgeReferences, IntoNeighborsDirected, NodeCount};
use proptest::prelude::*;
use purvey::graph::{GraphView, KnowledgeGraph, facts, pairs};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::NodeIx;

/// A graph of countries `c0`, `c1` … with one supply for each pair of numbers.
fn graph(countries: usize, supplies: &[(usize, usize)]) -> KnowledgeGraph {
    let mut text = String::from("(entities: [Document(id: \"d\", name: \"D\"), Materiel(id: \"m\", name: \"m\"),");
    for at in 0..countries {
        text.push_str(&format!("Country(id: \"c{at}\", name: \"C{at}\"),"));
    }
    text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
    for (at, (from, to)) in supplies.iter().enumerate() {
        text.push_str(&format!("Supply(id: \"f{at}\", supplier: \"c{from}\", recipient: \"c{to}\", item: \"m\"),"));
    }
    text.push_str("])");
    graph_of(&text)
}

fn node(graph: &KnowledgeGraph, id: &str) -> NodeIx {
    graph.entity_by_id(id).expect("a known id").into()
}

#[test]
fn dijkstra_counts_steps() {
    let graph = graph(4, &[(0, 1), (1, 2), (0, 1), (2, 3), (0, 3)]);
    let at = |id| node(&graph, id);
    let steps = dijkstra(pairs(&graph), at("c0"), None, |_| 1);
    assert_eq!((steps[&at("c2")], steps[&at("c3")]), (2, 1));
    let steps = dijkstra(facts(&graph), at("c0"), None, |_| 1);
    assert_eq!(steps[&at("c2")], 2);
}

#[test]
fn parallel_facts_are_one_pair_and_several_edges() {
    let graph = graph(3, &[(0, 1), (0, 1), (1, 2), (1, 2), (1, 2)]);
    assert_eq!(pairs(&graph).edge_references().count(), 2);
    assert_eq!(facts(&graph).edge_references().count(), 5);
    let paths = |all: usize| all;
    let (a, b) = (node(&graph, "c0"), node(&graph, "c2"));
    assert_eq!(paths(all_simple_paths::<Vec<_>, _, RandomState>(pairs(&graph), a, b, 0, None).count()), 1);
    assert_eq!(paths(all_simple_paths::<Vec<_>, _, RandomState>(facts(&graph), a, b, 0, None).count()), 6);
}

#[test]
fn a_circle_is_one_component() {
    let graph = graph(4, &[(0, 1), (1, 2), (2, 0), (2, 3)]);
    let mut sizes: Vec<usize> = kosaraju_scc(pairs(&graph)).iter().map(Vec::len).collect();
    sizes.sort_unstable();
    // The document and the item stand alone.
    assert_eq!(sizes, [1, 1, 1, 3]);
}

#[test]
fn ranks_sum_to_one_and_the_hub_leads() {
    let graph = graph(4, &[(0, 3), (1, 3), (2, 3)]);
    let ranks: Vec<f64> = page_rank(pairs(&graph), 0.85, 50);
    assert!((ranks.iter().sum::<f64>() - 1.0).abs() < 1e-6);
    let best = ranks.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(at, _)| at);
    assert_eq!(best, Some(node(&graph, "c3").index()));
}

#[test]
fn a_symmetric_fact_leads_both_ways() {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("the example");
    let graph = KnowledgeGraph::new(&dataset);
    let bank = graph.fact_by_id("a20").expect("the bank accounts");
    let (russia, korea) = (node(&graph, "russia"), node(&graph, "north-korea"));
    for (from, to) in [(russia, korea), (korea, russia)] {
        assert!(graph.steps_out(from).iter().any(|it| it.to == to && it.fact == bank));
    }
}

proptest! {
    /// The views agree with a petgraph graph that is built the plain way.
    #[test]
    fn the_views_equal_a_plain_graph(supplies in proptest::collection::vec((0_usize..6, 0_usize..6), 0..20)) {
        let graph = graph(6, &supplies);
        let mut plain = petgraph::graph::DiGraph::<(), ()>::new();
        let nodes: Vec<_> = (0..pairs(&graph).node_count()).map(|_| plain.add_node(())).collect();
        let at: Vec<usize> = (0..6).map(|it| node(&graph, &format!("c{it}")).index()).collect();
        for (from, to) in &supplies {
            plain.add_edge(nodes[at[*from]], nodes[at[*to]], ());
        }
        let sorted = |map: std::collections::HashMap<usize, i32>| map.into_iter().collect::<BTreeMap<_, _>>();
        for start in &at {
            let ours = dijkstra(pairs(&graph), NodeIx::from_usize(*start), None, |_| 1);
            let theirs = dijkstra(&plain, nodes[*start], None, |_| 1);
            prop_assert_eq!(
                sorted(ours.into_iter().map(|(node, steps)| (node.index(), steps)).collect()),
                sorted(theirs.into_iter().map(|(node, steps)| (node.index(), steps)).collect())
            );
        }
        let mut edges: Vec<(usize, usize)> =
            facts(&graph).edge_references().map(|it| (it.source().index(), it.target().index())).collect();
        edges.sort_unstable();
        let mut expected: Vec<(usize, usize)> = supplies.iter().map(|(a, b)| (at[*a], at[*b])).collect();
        expected.sort_unstable();
        prop_assert_eq!(edges, expected);
        for start in &at {
            let incoming = pairs(&graph).neighbors_directed(NodeIx::from_usize(*start), petgraph::Incoming).count();
            let mut theirs: Vec<_> = plain.neighbors_directed(nodes[*start], petgraph::Incoming).collect();
            theirs.sort_unstable();
            theirs.dedup();
            prop_assert_eq!(incoming, theirs.len());
        }
    }
}
