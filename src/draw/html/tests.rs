//! Pages: what they hold, that hostile names stay text, and how a browser sees them.

use super::*;
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::query::{Question, Who, answer};

fn to_russia() -> Answer {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    let who = Who { to: vec!["Russia".to_owned()], ..Who::default() };
    answer(&KnowledgeGraph::new(&dataset), &Question::Who(who)).unwrap()
}

/// A picture with an entry for each row, one below the other.
fn picture(answer: &Answer) -> String {
    let entries: Vec<String> = answer
        .rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let text = markup(&label(answer, row));
            format!(
                "<g class=\"entry\" data-fact=\"{}\"><text><tspan x=\"5\" y=\"{}\">{text}</tspan></text></g>",
                markup(&row.fact),
                20 + 20 * at
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" lang=\"en\" width=\"600\" height=\"400\"><title id=\"title\">To Russia</title><desc id=\"desc\">x</desc>{}</svg>",
        entries.concat()
    )
}

fn page(answer: &Answer) -> String {
    let mut out = Vec::new();
    html(answer, picture(answer).as_bytes(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn each_entry_can_have_the_focus_and_has_its_note() {
    let answer = to_russia();
    let page = page(&answer);
    assert_eq!(page.matches("data-fact=").count(), answer.rows.len());
    for tip in 1..=answer.rows.len() {
        assert_eq!(page.matches(&format!("aria-describedby=\"purvey-note-{tip}\"")).count(), 1);
        assert_eq!(page.matches(&format!("<div id=\"purvey-note-{tip}\"><p>")).count(), 1);
    }
    assert!(page.contains("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"group\" aria-labelledby"));
    assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">") && !page.contains("<?xml"));
}

#[test]
fn the_table_holds_every_claim_and_the_list_every_source() {
    let answer = to_russia();
    let page = page(&answer);
    let table = &page[page.find("<tbody>").unwrap()..page.find("</tbody>").unwrap()];
    assert_eq!(table.matches("<tr>").count(), answer.rows.len());
    for row in &answer.rows {
        for claim in row.current_claims() {
            assert!(table.contains(&markup(&sentence(&answer, row, claim))), "{}", row.fact);
        }
    }
    for note in &answer.notes {
        assert!(page.contains(&format!("<li id=\"purvey-source-{0}\">[{0}]", note.number)));
    }
}

#[test]
fn what_is_not_drawn_stands_in_the_table_as_such() {
    let answer = to_russia();
    let mut out = Vec::new();
    let mut fewer = answer.clone();
    fewer.rows.truncate(1);
    html(&answer, picture(&fewer).as_bytes(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().matches("(not drawn)").count(), answer.rows.len() - 1);
}

#[test]
fn hostile_names_stay_text() {
    let mut answer = to_russia();
    let hostile = "<script>alert(1)</script>\"'>]]>&lt;\u{1}";
    for row in &mut answer.rows {
        row.from.as_mut().unwrap().name = hostile.to_owned();
        row.claims[0].by.prose = hostile.to_owned();
    }
    answer.notes[0].title = Some(hostile.to_owned());
    answer.notes[0].address = Some("javascript:alert(1)".to_owned());
    let page = page(&answer);
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"));
    assert!(page.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn what_is_no_picture_is_refused() {
    for svg in [&b"<svg"[..], b"", b"<html></html>", b"\xff"] {
        let refused = html(&to_russia(), svg, &mut Vec::new()).unwrap_err();
        assert!(matches!(refused, HtmlError::Unreadable { .. }));
    }
}
