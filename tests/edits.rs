//! Many random edits, one after the other, leave sound data.

use std::path::{Path, PathBuf};

use purvey::edit::{EditError, Folder, Place, Ron, add, lay_out, remove, rename};
use purvey::load::{EMPTY_DECISIONS, LoadOptions, decision_in_ron, with_decision, without_decision};
use purvey::model::{Decision, DecisionKind, EntityId, EntityKind};

use crate::generated::dice::Dice;

/// How many edits are made; the data are checked after each.
const STEPS: usize = 1000;

const START: &str = "// A folder to edit.\n(\n    document: \"d\",\n    defaults: (by: \"m\"),\n    entities: [\n        Document(id: \"d\", name: \"D\"),\n        // Who says so.\n        Organization(id: \"m\", name: \"M\"),\n        Materiel(id: \"arms\", name: \"arms\", plural: \"arms\"),\n        Country(id: \"c0\", name: \"Country 0\"),\n        Country(id: \"c1\", name: \"Country 1\"),\n    ],\n    facts: [\n        Supply(id: \"f0\", supplier: \"c0\", item: \"arms\", recipient: \"c1\"), // the first\n    ],\n)\n";

fn text(value: &str) -> Ron {
    Ron::text(value)
}

#[test]
fn a_thousand_random_edits_leave_sound_data() {
    let mut folder = Folder::of_texts([(PathBuf::from("start.ron"), START.to_owned())]);
    let decisions = PathBuf::from("decisions.ron");
    let mut dice = Dice(7);
    let mut countries = vec!["c0".to_owned(), "c1".to_owned()];
    let mut facts = vec!["f0".to_owned()];
    let mut merged: Vec<(String, String)> = Vec::new();
    let vocabulary = folder.load(LoadOptions::default()).dataset.expect("sound data").vocabulary;
    let mut done = [0_usize; 8];
    for step in 0..STEPS {
        let before = folder.clone();
        let kind = dice.below(8);
        let pick = |dice: &mut Dice, of: &[String]| -> String { of[dice.below(of.len())].clone() };
        let is_done = match kind {
            0 | 1 => {
                let id = format!("c{}", step + 2);
                let fields = [("id".to_owned(), text(&id)), ("name".to_owned(), text(&format!("Country {step}x")))];
                add(&mut folder, &Place::Entities(EntityKind::Country), "Country", &fields, None).expect("a free id");
                countries.push(id);
                true
            }
            2..=4 if countries.len() > 1 => {
                let (a, b, id) = (pick(&mut dice, &countries), pick(&mut dice, &countries), format!("f{}", step + 1));
                let place = Place::Facts { document: "d".to_owned() };
                let mut fields = vec![
                    ("id".to_owned(), text(&id)),
                    ("supplier".to_owned(), text(&a)),
                    ("item".to_owned(), text("arms")),
                    ("recipient".to_owned(), text(&b)),
                ];
                if dice.below(2) == 0 && !facts.is_empty() {
                    fields.push(("after".to_owned(), Ron::List(vec![text(&pick(&mut dice, &facts))])));
                }
                fields.extend([
                    ("document".to_owned(), text("d")),
                    ("by".to_owned(), text(if dice.below(3) == 0 { &a } else { "m" })),
                ]);
                add(&mut folder, &place, "Supply", &fields, None).expect("a free id");
                facts.push(id);
                a != b
            }
            5 => {
                let of_facts = dice.below(2) == 0;
                let list = if of_facts { &mut facts } else { &mut countries };
                if list.is_empty() {
                    continue;
                }
                let at = dice.below(list.len());
                match remove(&mut folder, &list[at], None, &vocabulary) {
                    Ok(_) => {
                        list.remove(at);
                        true
                    }
                    Err(EditError::Used { .. }) => false,
                    Err(error) => panic!("{error}"),
                }
            }
            6 if !countries.is_empty() => {
                let of_facts = dice.below(2) == 0 && !facts.is_empty();
                let list = if of_facts { &mut facts } else { &mut countries };
                let at = dice.below(list.len());
                let new = format!("{}-r{step}", list[at].split('-').next().expect("a part"));
                rename(&mut folder, &list[at], &new, &vocabulary).expect("it is there, and the new id is free");
                for (a, b) in &mut merged {
                    for it in [a, b] {
                        if *it == list[at] {
                            it.clone_from(&new);
                        }
                    }
                }
                list[at] = new;
                true
            }
            _ if dice.below(2) == 0 && countries.len() > 1 => {
                let (a, b) = (pick(&mut dice, &countries), pick(&mut dice, &countries));
                let id = |it: &str| EntityId::new(it).expect("a slug");
                let decision = Decision {
                    kind: DecisionKind::Same,
                    a: id(&a),
                    b: id(&b),
                    keep: id(&a),
                    reason: None,
                    by: None,
                    made: None,
                };
                let old = folder.text(&decisions).unwrap_or(EMPTY_DECISIONS).to_owned();
                folder.set(&decisions, with_decision(&old, &decision_in_ron(&decision)).expect("a list"));
                merged.push((a.clone(), b.clone()));
                a != b
            }
            _ if !merged.is_empty() => {
                let (a, b) = merged.remove(dice.below(merged.len()));
                let new = without_decision(folder.text(&decisions).expect("there are decisions"), &a, &b)
                    .expect("it is there");
                if new == EMPTY_DECISIONS {
                    folder.remove(&decisions)
                } else {
                    folder.set(&decisions, new)
                }
                true
            }
            _ => continue,
        };
        // As the program does: what has errors is not written.
        let loaded = folder.load(LoadOptions::default());
        if loaded.dataset.is_none() {
            assert!(!is_done || kind >= 2, "step {step}: {:?}", loaded.findings);
            folder = before;
            let ids = ids(&folder);
            countries.retain(|it| ids.contains(it));
            facts.retain(|it| ids.contains(it));
            merged.retain(|(a, b)| folder.text(&decisions).is_some_and(|it| without_decision(it, a, b).is_some()));
            continue;
        }
        done[kind] += usize::from(is_done);
    }
    assert!(done.iter().all(|it| *it > 0), "{done:?}");
    let loaded = folder.load(LoadOptions::default());
    assert!(loaded.dataset.is_some(), "{:?}", loaded.findings);
    let start = folder.text(Path::new("start.ron")).expect("the file");
    assert!(start.contains("// A folder to edit.") && start.contains("// Who says so."), "comments stay");
    assert!(lay_out(&mut folder).is_empty());
}

/// All strings of the files, ids among them.
fn ids(folder: &Folder) -> std::collections::BTreeSet<String> {
    folder.texts().flat_map(|(_, text)| text.split('"').map(str::to_owned).collect::<Vec<_>>()).collect()
}
