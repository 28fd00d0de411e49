//! What a written picture holds, read again as XML.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use crate::draw::font::FontSet;
use crate::draw::{DrawError, DrawOptions, Engine, Items, PaletteName, Pin, Size, scene_json, svg};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::model::EntityKind;
use crate::query::{Answer, PathQuestion, Question, Ref, Row, Who, answer};

fn ask(questions: &[Question]) -> Vec<Answer> {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    let graph = KnowledgeGraph::new(&dataset);
    questions.iter().map(|it| answer(&graph, it).unwrap()).collect()
}

fn to_russia(kinds: &[&str]) -> Question {
    let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    Question::Who(Who { kinds: owned(kinds), to: owned(&["Russia"]), ..Who::default() })
}

fn answers() -> Vec<Answer> {
    ask(&[
        to_russia(&[]),
        to_russia(&["sanction"]),
        to_russia(&["any"]),
        Question::Returns { names: Vec::new() },
        Question::Show { name: "msmt".to_owned() },
        Question::Show { name: "yale-hrl".to_owned() },
        Question::Path(PathQuestion::new("North Korea", "Kyiv")),
    ])
}

fn drawn(answer: &Answer, options: &DrawOptions) -> Result<String, DrawError> {
    let mut out = Vec::new();
    svg(answer, options, &FontSet::bundled(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

fn of_size(size: Size) -> DrawOptions {
    DrawOptions { size, ..DrawOptions::default() }
}

fn classes<'a>(node: &Node<'a, '_>) -> Vec<&'a str> {
    node.attribute("class").unwrap_or("").split(' ').collect()
}

fn all<'a, 'd>(document: &'a Document<'d>, class: &str) -> Vec<Node<'a, 'd>> {
    document.descendants().filter(|it| classes(it).contains(&class)).collect()
}

fn text(node: &Node<'_, '_>) -> String {
    node.descendants().filter(|it| it.has_tag_name("tspan")).filter_map(|it| it.text()).collect()
}

#[test]
fn each_fact_stands_once_with_its_words_status_and_sources() {
    let mut pictures = 0;
    for answer in answers() {
        for size in [Size::Phone, Size::Column, Size::Wide] {
            for items in [Items::Labels, Items::Nodes] {
                let options = DrawOptions { items, ..of_size(size) };
                let Ok(picture) = drawn(&answer, &options) else { continue };
                pictures += 1;
                let document = Document::parse(&picture).unwrap();
                let facts: Vec<&str> =
                    all(&document, "entry").iter().map(|it| it.attribute("data-fact").unwrap()).collect();
                // Where all is too much, those with both ends are drawn, and the others counted.
                let ends = |it: &Row| usize::from(it.from.is_some()) + usize::from(it.to.is_some());
                let with = |least: usize| -> BTreeSet<&str> {
                    answer.rows.iter().filter(|it| ends(it) >= least).map(|it| it.fact.as_str()).collect()
                };
                let facts_drawn: BTreeSet<&str> = facts.iter().copied().collect();
                let counted = all(&document, "left-out")
                    .iter()
                    .map(|it| it.attribute("data-count").unwrap().parse::<usize>().unwrap())
                    .sum::<usize>();
                assert!(facts_drawn == with(1) || (facts_drawn == with(2) && counted > 0), "{facts_drawn:?}");
                assert_eq!(facts.len(), facts.iter().collect::<BTreeSet<_>>().len());
                for entry in all(&document, "entry") {
                    let words = text(&entry);
                    for part in ["data-quantity", "data-period"].map(|it| entry.attribute(it).unwrap()) {
                        for one in part.split('|') {
                            let plain = |it: &str| it.replace('\u{a0}', " ");
                            assert!(plain(&words).contains(&plain(one)), "{one} in {words}");
                        }
                    }
                    for note in entry.attribute("data-notes").unwrap().split(' ') {
                        let cited = |it: &Node<'_, '_>| it.attribute("data-note") == Some(note);
                        assert!(all(&document, "source").iter().any(cited), "{note}");
                    }
                }
            }
        }
    }
    assert!(pictures > 30, "{pictures}");
}

#[test]
fn ids_are_unique_and_connectors_name_boxes_that_are_there() {
    for answer in answers() {
        let picture = drawn(&answer, &of_size(Size::Wide)).unwrap();
        let document = Document::parse(&picture).unwrap();
        let ids: Vec<&str> = document.descendants().filter_map(|it| it.attribute("id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len());
        let inkscape = "http://www.inkscape.org/namespaces/inkscape";
        let lines = all(&document, "line");
        assert!(!lines.is_empty());
        for line in lines {
            for end in ["connection-start", "connection-end"] {
                let target = line.attribute((inkscape, end)).unwrap();
                assert!(unique.contains(target.trim_start_matches('#')), "{target}");
            }
        }
        for arrow in all(&document, "arrow") {
            for end in ["data-from", "data-to"] {
                assert!(unique.contains(arrow.attribute(end).unwrap()));
            }
        }
    }
}

#[test]
fn the_legend_explains_what_is_used_and_nothing_else() {
    for answer in answers() {
        let picture = drawn(&answer, &of_size(Size::Wide)).unwrap();
        let document = Document::parse(&picture).unwrap();
        let explained: BTreeSet<String> =
            all(&document, "legend-item").iter().map(|it| it.attribute("data-legend").unwrap().to_owned()).collect();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for entry in all(&document, "entry") {
            used.insert(format!("status-{}", entry.attribute("data-status").unwrap()));
            if text(&entry).contains('*') {
                used.insert("inferred".to_owned());
            }
        }
        for node in all(&document, "node") {
            used.insert(format!("kind-{}", node.attribute("data-kind").unwrap()));
        }
        used.remove("kind-plain");
        if all(&document, "line").iter().any(|it| classes(it).contains(&"apart")) {
            used.insert("not-happened".to_owned());
        }
        assert_eq!(explained, used, "{}", answer.question);
    }
}

#[test]
fn nothing_refers_outside_and_all_text_is_on_the_page() {
    for answer in answers() {
        for size in [Size::Phone, Size::Column, Size::Wide] {
            let Ok(picture) = drawn(&answer, &of_size(size)) else { continue };
            assert!(!picture.contains("<script") && !picture.contains("href") && !picture.contains("http://fonts"));
            let document = Document::parse(&picture).unwrap();
            let root = document.root_element();
            assert_eq!((root.attribute("role"), root.attribute("aria-labelledby")), (Some("img"), Some("title desc")));
            let number = |it: &Node<'_, '_>, name: &str| it.attribute(name).unwrap().parse::<f64>().unwrap();
            let (width, height) = (number(&root, "width"), number(&root, "height"));
            assert_eq!(width, f64::from(size.width()));
            for line in document.descendants().filter(|it| it.has_tag_name("tspan")) {
                let px = number(&line.parent().unwrap(), "font-size");
                assert!(px >= 11.0);
                let (x, y) = (number(&line, "x"), number(&line, "y"));
                assert!(x >= 0.0 && x < width && y > 0.0 && y < height, "{:?}", line.text());
            }
        }
    }
}

#[test]
fn the_same_answer_gives_the_same_bytes() {
    for (one, other) in answers().iter().zip(&answers()) {
        for palette in PaletteName::ALL {
            let options = DrawOptions { palette, ..of_size(Size::Wide) };
            assert_eq!(drawn(one, &options).unwrap(), drawn(other, &options).unwrap());
        }
    }
}

/// Two who are connected, with that name.
fn named(name: &str) -> Answer {
    let mut answer = ask(&[Question::Show { name: "a11".to_owned() }]).remove(0);
    let rename = |it: &mut Option<Ref>| {
        if let Some(it) = it {
            (it.name, it.prose) = (name.to_owned(), name.to_owned());
        }
    };
    for row in &mut answer.rows {
        rename(&mut row.from);
        rename(&mut row.what);
    }
    answer.title = name.to_owned();
    answer.subject = None;
    answer
}

#[test]
fn hostile_names_are_text() {
    for name in [
        "<script>alert(1)</script>",
        "]]> <![CDATA[ <svg onload=\"x\">",
        "\" onclick=\"alert(1)",
        "&lt;b&gt; &#0; &nope;",
        "nul\0 bell\u{7} \u{1b}[31m",
        "two\nlines\r\n\tand a tab",
        "override\u{202e}gnp",
        "</text></svg>",
        "{}",
    ] {
        let picture = drawn(&named(name), &of_size(Size::Column)).unwrap_or_else(|it| panic!("{name:?}: {it}"));
        let document = Document::parse(&picture).unwrap_or_else(|it| panic!("{name:?}: {it}"));
        let known = ["svg", "g", "title", "desc", "style", "rect", "path", "text", "tspan"];
        assert!(document.descendants().filter(Node::is_element).all(|it| known.contains(&it.tag_name().name())));
        assert!(document.descendants().all(|it| it.attributes().all(|it| !it.name().starts_with("on"))));
    }
}

#[test]
fn a_very_long_name_is_cut_in_the_box_and_whole_in_its_title() {
    for name in ["x".repeat(10_000), "very long name ".repeat(700)] {
        let picture = drawn(&named(&name), &of_size(Size::Column)).unwrap();
        let document = Document::parse(&picture).unwrap();
        let node = all(&document, "node").into_iter().find(|it| text(it).contains('…')).unwrap();
        let title = node.children().find(|it| it.has_tag_name("title")).unwrap();
        assert_eq!(title.text().unwrap().len(), name.len());
        assert!(text(&node).len() < 400);
        assert!(picture.len() < 400_000, "{}", picture.len());
    }
}

#[test]
fn a_letter_without_a_glyph_is_romanised_or_refused_by_name() {
    let picture = drawn(&named("북한"), &of_size(Size::Column)).unwrap();
    assert!(picture.contains(">bughan<") && picture.contains("In Latin letters here"));
    let error = drawn(&named("\u{f8ff}"), &of_size(Size::Column)).unwrap_err();
    assert!(error.to_string().contains("U+F8FF"), "{error}");
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let [all, empty] = ask(&[Question::List { what: "facts".to_owned() }, Question::Stats]).try_into().unwrap();
    let error = drawn(&all, &of_size(Size::Phone)).unwrap_err().to_string();
    assert!(error.contains("do not fit a width of 360 px"), "{error}");
    assert!(matches!(drawn(&empty, &of_size(Size::Phone)), Err(DrawError::Empty)));
    let one = &ask(&[to_russia(&[])])[0];
    let low = of_size(Size::Exact { width: 600, height: 200 });
    assert!(matches!(drawn(one, &low), Err(DrawError::TooHigh { height: 200, .. })));
    let high = drawn(one, &of_size(Size::Exact { width: 600, height: 900 })).unwrap();
    assert!(high.contains("width=\"600\" height=\"900\""));
    let pin = |entity: &str, x| Pin { entity: entity.to_owned(), x, y: 0.1 };
    let pinned = |pins| DrawOptions { pins, ..of_size(Size::Column) };
    let outside = drawn(one, &pinned(vec![pin("russia", 1.5)])).unwrap_err().to_string();
    assert!(outside.contains("`russia` lies outside the page"), "{outside}");
    let absent = drawn(one, &pinned(vec![pin("kyiv", 0.5)])).unwrap_err().to_string();
    assert!(absent.contains("not in the picture"), "{absent}");
    assert!(drawn(one, &pinned(vec![pin("russia", 0.9)])).is_ok());
}

#[test]
fn graphviz_gives_positions_only() {
    for engine in [Engine::Dot, Engine::Neato, Engine::Fdp] {
        let options = DrawOptions { engine, ..of_size(Size::Wide) };
        let one = &ask(&[to_russia(&["any"])])[0];
        match drawn(one, &options) {
            Ok(picture) => {
                assert_eq!(picture, drawn(one, &options).unwrap());
                assert!(picture.contains("data-fact=\"a11\"") && !picture.contains("Graphviz"));
            }
            Err(DrawError::Graphviz(said)) => assert!(said.contains("is not found"), "{said}"),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn the_scene_as_json_has_places_and_facts() {
    let mut out = Vec::new();
    scene_json(&ask(&[to_russia(&[])])[0], &of_size(Size::Column), &FontSet::bundled(), &mut out).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["nodes"].as_array().unwrap().len(), 2);
    let label = &json["arrows"][0]["label"];
    assert_eq!(label["entries"].as_array().unwrap().len(), 8);
    assert!(label["rect"]["width"].as_f64().unwrap() > 50.0);
    assert_eq!(json["arrows"][0]["status"], "unnamed");
}

#[test]
fn people_never_have_the_outline_of_things() {
    let rect = crate::draw::picture::Rect { x: 0.0, y: 0.0, width: 90.0, height: 40.0 };
    let of = |kind| super::outline(super::Shape::Entity(kind), rect);
    let (people, things) = (of(EntityKind::Population), of(EntityKind::Materiel));
    assert!(people.path != things.path && people.inner != things.inner && people.inner.is_some());
}
