//! Networks against what the published schemas of GEXF 1.3 and GraphML 1.0 ask for, rule by rule: the schemas themselves are not
//! part of the project. What they say was looked up once; a validator agreed with these checks.

use std::collections::BTreeSet;
use std::path::Path;

use roxmltree::{Document, Node};

use crate::support::{Run, command};

/// Exports everything: the built-in example, or data with hostile names.
fn exported(format: &str, shape: &str, hostile: bool) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = command(folder.path());
    if hostile {
        command.arg("--data").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export"));
    }
    let run: Run = command.args(["export", format, "--shape", shape]).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

/// Each export, of each shape and data.
fn each(format: &str, check: impl Fn(&Document<'_>)) {
    for shape in ["edges", "nodes"] {
        for hostile in [false, true] {
            let text = exported(format, shape, hostile);
            check(&Document::parse(&text).expect("XML"));
        }
    }
}

fn elements<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(Node::is_element)
}

fn names(node: Node<'_, '_>) -> Vec<String> {
    node.children().filter(Node::is_element).map(|it| it.tag_name().name().to_owned()).collect()
}

fn has_only(node: Node<'_, '_>, allowed: &[&str]) {
    for it in node.attributes() {
        assert!(allowed.contains(&it.name()), "{} has {}", node.tag_name().name(), it.name());
    }
}

fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || ".-_:".contains(c))
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// A value of an attribute, by its declared type.
fn fits(kind: &str, value: &str) -> bool {
    match kind {
        "string" => true,
        "boolean" => matches!(value, "true" | "false"),
        "integer" | "int" => value.parse::<i32>().is_ok(),
        "double" => value.parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    }
}

#[test]
fn gexf_has_what_its_schema_asks_for() {
    each("gexf", |document| {
        let root = document.root_element();
        assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("gexf", Some("http://gexf.net/1.3")));
        assert_eq!(
            (root.attribute("version"), names(root)),
            (Some("1.3"), vec!["meta".to_owned(), "graph".to_owned()])
        );
        let graph = elements(root).last().expect("a graph");
        has_only(graph, &["defaultedgetype", "mode", "timeformat", "timerepresentation"]);
        // In this order, and no other.
        assert_eq!(names(graph), ["attributes", "attributes", "nodes", "edges"]);
        let mut types = std::collections::BTreeMap::new();
        for class in elements(graph).take(2) {
            has_only(class, &["class", "mode"]);
            for it in elements(class) {
                has_only(it, &["id", "title", "type"]);
                let key = (class.attribute("class").expect("a class").to_owned(), it.attribute("id").expect("an id"));
                assert!(types.insert(key, it.attribute("type").expect("a type")).is_none(), "an id stands twice");
            }
        }
        let mut nodes = BTreeSet::new();
        for (list, class, allowed) in [
            ("nodes", "node", &["id", "label", "start", "end"][..]),
            ("edges", "edge", &["id", "source", "target", "label", "kind", "weight", "start", "end"]),
        ] {
            let list = elements(graph).find(|it| it.has_tag_name(("http://gexf.net/1.3", list))).expect("a list");
            let mut ids = BTreeSet::new();
            for it in elements(list) {
                assert_eq!(it.tag_name().name(), class);
                has_only(it, allowed);
                assert!(ids.insert(it.attribute("id").expect("an id")), "an id stands twice");
                // Open bounds are not written: in 1.3 nothing else says "without end".
                let days = ["start", "end"].map(|name| it.attribute(name).filter(|it| !it.is_empty()));
                assert!(days.into_iter().flatten().all(is_day), "{days:?}");
                assert!(days[0].zip(days[1]).is_none_or(|(start, end)| start <= end), "{days:?}");
                assert!(!it.attribute("label").expect("a label").is_empty());
                for value in elements(it).flat_map(elements) {
                    has_only(value, &["for", "value"]);
                    let key = (class.to_owned(), value.attribute("for").expect("an attribute"));
                    let kind = types.get(&key).unwrap_or_else(|| panic!("{key:?} is not declared"));
                    let value = value.attribute("value").expect("a value");
                    assert!(fits(kind, value), "{key:?}: {value} is no {kind}");
                }
                if class == "edge" {
                    let ends = ["source", "target"].map(|name| it.attribute(name).expect("an end"));
                    assert!(ends.iter().all(|it| nodes.contains(*it)), "{ends:?}");
                    assert!(it.attribute("weight").is_some_and(|it| it.parse::<f64>().is_ok_and(|it| it > 0.0)));
                }
            }
            if class == "node" {
                nodes = ids;
            }
        }
    });
}

#[test]
fn graphml_has_what_its_schema_asks_for_and_yed_beside_it() {
    const GRAPHML: &str = "http://graphml.graphdrawing.org/xmlns";
    const YED: &str = "http://www.yworks.com/xml/graphml";
    each("graphml", |document| {
        let root = document.root_element();
        assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("graphml", Some(GRAPHML)));
        // All keys before the graph.
        let tags = names(root);
        assert_eq!(tags.iter().position(|it| it == "graph"), Some(tags.len() - 1), "{tags:?}");
        let mut keys = std::collections::BTreeMap::new();
        for it in elements(root).filter(|it| it.has_tag_name((GRAPHML, "key"))) {
            let id = it.attribute("id").expect("an id");
            let of = it.attribute("for").expect("what it is for");
            assert!(is_nmtoken(id) && matches!(of, "node" | "edge"), "{id} {of}");
            // The one addition of yEd to the schema.
            let graphics = it.attribute("yfiles.type");
            let kind = it.attribute("attr.type").unwrap_or("graphics");
            assert!(matches!(kind, "boolean" | "int" | "long" | "float" | "double" | "string") || graphics.is_some());
            assert!(keys.insert(id, (of, kind)).is_none(), "{id} stands twice");
        }
        let graph = elements(root).last().expect("a graph");
        assert_eq!(graph.attribute("edgedefault"), Some("directed"));
        let mut nodes = BTreeSet::new();
        let mut edges = BTreeSet::new();
        for it in elements(graph) {
            let tag = it.tag_name().name();
            let id = it.attribute("id").expect("an id");
            assert!(is_nmtoken(id), "{id} is no NMTOKEN");
            let ids = if tag == "node" { &mut nodes } else { &mut edges };
            assert!(ids.insert(id), "{id} stands twice");
            if tag == "edge" {
                let ends = ["source", "target"].map(|name| it.attribute(name).expect("an end"));
                assert!(ends.iter().all(|it| nodes.contains(*it)), "{ends:?}");
            }
            let mut seen = BTreeSet::new();
            for data in elements(it) {
                assert!(data.has_tag_name((GRAPHML, "data")));
                let key = data.attribute("key").expect("a key");
                let (of, kind) = keys.get(key).unwrap_or_else(|| panic!("{key} is not declared"));
                assert_eq!((*of, seen.insert(key)), (tag, true), "{key}");
                if *kind != "graphics" {
                    assert!(elements(data).next().is_none() && fits(kind, data.text().unwrap_or("")), "{key}");
                    continue;
                }
                // What yEd draws: one picture, with a label.
                let [picture] = elements(data).collect::<Vec<_>>()[..] else { panic!("one picture") };
                let (shape, label) =
                    if tag == "node" { ("ShapeNode", "NodeLabel") } else { ("PolyLineEdge", "EdgeLabel") };
                assert!(picture.has_tag_name((YED, shape)));
                assert!(elements(picture).any(|it| it.has_tag_name((YED, label)) && it.text().is_some()));
            }
        }
    });
}
