//! The rules one by one: a sentence and what is drafted of it.

use jiff::civil::Date;

use super::*;
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::model::{Outcome, Stance};

/// Each draft as `kind from > what [figure] > to @period by claimant`, with stance and outcome where they are not the usual ones.
fn drafted(graph: &KnowledgeGraph, text: &str) -> Vec<String> {
    let article = Article::read(format!("Headline\n{text}").as_bytes()).unwrap();
    let options = DraftOptions {
        date: Some(Date::constant(2025, 5, 30)),
        by: Some("reuters".to_owned()),
        name: "x".to_owned(),
        ..DraftOptions::default()
    };
    let ids = |all: &[Participant]| match all {
        [] => "?".to_owned(),
        _ => all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join("+"),
    };
    let line = |it: &Draft| {
        let by = match &it.by {
            Speaker::Entity(id) => id.clone(),
            Speaker::Unnamed { of, several } => format!("unnamed{} of {of}", if *several { "s" } else { "" }),
        };
        let mut line = format!("{} {} > {}", it.kind, ids(&it.ends[0]), ids(&it.ends[1]));
        for figure in it.quantity.iter().chain(it.figures.iter().map(|(_, it)| it)) {
            line += &format!(" [{figure}]");
        }
        line += &format!(" > {}", ids(&it.ends[2]));
        line += &it.period.as_ref().map_or(String::new(), |it| format!(" @{it}"));
        if by != "reuters" {
            line += &format!(" by {by}");
        }
        if it.stance != Stance::States {
            line += &format!(" {}", it.stance.as_str());
        }
        if it.outcome != Outcome::Happened {
            line += &format!(" {}", it.outcome.as_str());
        }
        line
    };
    draft(graph, &article, &options).drafts.iter().map(line).collect()
}

#[test]
fn what_sentences_give() {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    let graph = KnowledgeGraph::new(&dataset);
    let mut wrong = Vec::new();
    for (text, expected) in [
        // Active, with two objects, shared subjects, relative clauses.
        ("Russia sent 5 drones to Belarus in 2023.", &["supply russia > drone [5] > belarus @2023"][..]),
        ("Poland gave Ukraine rifles.", &["supply poland > rifle > ukraine"]),
        ("Ukraine received 6 drones from Japan last month.", &["supply japan > drone [6] > ukraine @2025-04"]),
        ("Japan, which sold 4 drones to Ukraine, will stop.", &["supply japan > drone [4] > ukraine"]),
        ("Japan, for its part, sold 4 drones to Ukraine.", &["supply japan > drone [4] > ukraine"]),
        (
            "Russia sent rifles to Belarus and received drones from Japan.",
            &["supply russia > rifle > belarus", "supply japan > drone > russia"],
        ),
        // Passive, reduced, with the amount in another unit.
        ("Some 40 rifles were handed over to Ukraine by Italy.", &["supply italy > rifle [Some 40] > ukraine"]),
        ("Rifles bought by Poland from Italy arrived late.", &["supply italy > rifle > poland"]),
        ("Dozens of drones arrived in Ukraine from Japan.", &["supply japan > drone [Dozens] > ukraine"]),
        (
            "Russia supplied 250,000 barrels of oil to Belarus.",
            &["supply russia > refined-petroleum [250,000 barrels] > belarus"],
        ),
        // Nouns.
        (
            "Shipments of fuel from Russia to Belarus reached over 800 barrels in 2024.",
            &["supply russia > refined-petroleum [over 800 barrels] > belarus @2024"],
        ),
        ("Canada's supply of drones to Ukraine goes on.", &["supply canada > drone > ukraine"]),
        // Lists.
        (
            "Russia sent 5 drones and 7 rifles to Belarus.",
            &["supply russia > drone [5] > belarus", "supply russia > rifle [7] > belarus"],
        ),
        ("Italy and Japan gave Ukraine 9 drones.", &["supply italy+japan > drone > ukraine"]),
        // What moves tells the kind.
        (
            "Russia sent drones and data feedback to Belarus.",
            &["supply russia > drone > belarus", "provision russia > missile-data-feedback > belarus"],
        ),
        (
            "Nearly 600 North Korean workers were sent to Russia.",
            &["dispatch north-korea > workers [Nearly 600] > russia"],
        ),
        ("Italy paid $3 million to Poland.", &["payment italy > ? [$3 million] > poland"]),
        (
            "Russia attacked Odesa with drones on Monday, killing 4 people and injuring 19.",
            &["attack russia > drone [4 people] [19] > odesa @2025-05-26"],
        ),
        // Outcomes.
        (
            "Japan is expected to impose sanctions on Belarus next month.",
            &["sanction japan > ? > belarus @2025-06 expected"],
        ),
        // Whose word it is.
        ("Russia sent drones to Belarus, according to the UN.", &["supply russia > drone > belarus by united-nations"]),
        ("Russia sent drones to Belarus, Ukraine said.", &["supply russia > drone > belarus by government-of-ukraine"]),
        (
            "Ukraine said it had received drones from Italy.",
            &["supply italy > drone > ukraine by government-of-ukraine"],
        ),
        (
            "Ukraine estimates that Russia sent 9 drones to Belarus.",
            &["supply russia > drone [9] > belarus by government-of-ukraine estimates"],
        ),
        (
            "Citing an unnamed MSMT participating state, the report said that Russia sent drones to Belarus.",
            &["supply russia > drone > belarus by unnamed of msmt"],
        ),
        (
            "Russia sent drones to Belarus, said a lawyer, Ayla Demir.",
            &["supply russia > drone > belarus by ayla-demir"],
        ),
        (
            "A report by the MSMT came out. Russia sent drones to Belarus, the report said.",
            &["supply russia > drone > belarus by msmt"],
        ),
        ("Russia allegedly sent drones to Belarus.", &["supply russia > drone > belarus alleges"]),
        // Denials and admissions.
        (
            "Pyongyang acknowledged sending troops to Russia.",
            &["dispatch north-korea > troops > russia by government-of-north-korea admits"],
        ),
        (
            "The Kremlin said Russia had not sent drones to Belarus.",
            &["supply russia > drone > belarus by government-of-russia denies"],
        ),
        (
            "Russia sent 9 drones to Belarus, Japan said. Russia denied it.",
            &[
                "supply russia > drone [9] > belarus by japan",
                "supply russia > drone > belarus by government-of-russia denies",
            ],
        ),
        // New names.
        ("Iran sold 120 mortars to Brasko Trading Company.", &["supply iran > mortar [120] > brasko-trading-company"]),
        // Figures that belong to something else.
        ("Russia, with 140 million people, sent drones to Belarus 3 times.", &["supply russia > drone > belarus"]),
        ("Russia sent drones worth $5 million to Belarus.", &["supply russia > drone > belarus"]),
    ] {
        let found = drafted(&graph, text);
        if found != expected {
            wrong.push((text, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
