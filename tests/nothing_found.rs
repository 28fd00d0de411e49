//! What a question says that finds nothing: which part has no match, and what there is instead.

use crate::support::{json, purvey};

fn remarks(arguments: &[&str]) -> String {
    let run = purvey(arguments);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    run.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_country_that_supplied_nothing_is_told_with_what_it_takes_part_in() {
    let told = remarks(&["ask", "what did France supply to Russia?"]);
    assert!(
        told.contains("No transfer comes from France; facts with France in some role are of these kinds: membership"),
        "{told}"
    );
    assert!(told.contains("without --from France, 8 facts fit: a10, a11, a19 …"), "{told}");
}

#[test]
fn a_time_without_facts_is_told_with_the_facts_of_other_times() {
    let told = remarks(&["ask", "who sent ballistic missiles to Russia in 2019?"]);
    assert!(told.contains("without --during 2019, 1 fact fits: a11"), "{told}");
}

#[test]
fn an_item_that_went_elsewhere_is_told_with_where_it_went() {
    let told = remarks(&["who", "--what", "missile", "--to", "Ukraine"]);
    assert!(told.contains("facts of other kinds fit: --kind attack"), "{told}");
    assert!(told.contains("without --to Ukraine, 2 facts fit: a11, a6/missile"), "{told}");
}

#[test]
fn a_verb_that_is_none_is_named_with_one_like_it() {
    let told = remarks(&["ask", "who tickled Russia?"]);
    assert!(told.contains("“tickled” is no name, verb or word that is known here"), "{told}");
    let told = remarks(&["ask", "Кто поставлял ракеты России"]);
    assert!(told.contains("questions are read in English alone"), "{told}");
    assert!(told.contains("names may stand in any language"), "{told}");
}

#[test]
fn a_day_that_the_calendar_does_not_have_is_told() {
    let told = remarks(&["ask", "What happened on 31 February 2025?"]);
    assert!(told.contains("February 2025"), "{told}");
}

#[test]
fn the_explanation_stands_in_json_too() {
    let answer = json(&["who", "--from", "France", "--to", "Russia"], 1);
    assert!(answer["remarks"].to_string().contains("No transfer comes from France"), "{answer:#}");
}
