//! A scene as DOT, the language of Graphviz.

use std::io;

use graphviz_rust::dot_structures::{
    Attribute, Edge, EdgeTy, Graph, GraphAttributes, Id, Node, NodeId, Stmt, Subgraph, Vertex,
};
use graphviz_rust::printer::{DotPrinter, PrinterContext};

use super::DrawOptions;
use super::escape::escape;
use super::scene::{Arrow, Line, Scene, SceneNode, Shape, Text};
use super::wrap::wrap;
use crate::model::{EntityKind, LineStyle};
use crate::query::{Answer, Status};

/// Writes an answer as DOT.
///
/// Ids are made here (`n0`, `n1` … in the order of first appearance) and every value is quoted; names stand only in
/// labels, through [`escape()`](super::escape()). No attribute makes Graphviz read a file or follow an address. The same
/// answer gives the same bytes.
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::draw::{DrawOptions, dot};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a11".to_owned() })?;
/// let mut out = Vec::new();
/// dot(&answer, &DrawOptions::default(), &mut out)?;
/// assert!(String::from_utf8(out)?.contains("n0 -> n1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dot(answer: &Answer, options: &DrawOptions, out: &mut dyn io::Write) -> io::Result<()> {
    let graph = graph(&Scene::new(answer, options));
    out.write_all(graph.print(&mut PrinterContext::default()).as_bytes())?;
    out.write_all(b"\n")
}

/// Columns of a name in a node.
const NAME_COLUMNS: usize = 20;
/// Columns of a line on an arrow or in a box of items.
const LINE_COLUMNS: usize = 38;
/// Columns of the title, which is larger than the rest.
const TITLE_COLUMNS: usize = 50;
/// Columns of the small print.
const SMALL_PRINT_COLUMNS: usize = 84;

/// Text and lines of what happened: 15:1 on white.
const DARK: &str = "#222222";
/// Text and lines of what did not: 5.7:1 on white.
const GREY: &str = "#666666";

/// Small print below, and inside it a frame without a line whose label is the title: a graph has only one label, and
/// a node that is none would be counted and laid out as one.
fn graph(scene: &Scene) -> Graph {
    let small_print = scene
        .small_print
        .iter()
        .map(|it| it.text.as_str())
        .chain(single_sources(scene))
        .flat_map(|it| wrap(it, SMALL_PRINT_COLUMNS));
    let root = vec![
        set("rankdir", rankdir(scene)),
        set("fontname", "Helvetica"),
        set("fontsize", "10"),
        set("fontcolor", DARK),
        set("labelloc", "b"),
        set("labeljust", "l"),
        set("nodesep", "0.35"),
        set("ranksep", "0.5"),
        set("label", &lines(small_print, "\\l")),
    ];
    let nodes = vec![
        set("fontname", "Helvetica"),
        set("fontsize", "13"),
        set("fontcolor", DARK),
        set("color", DARK),
        set("fillcolor", "#ffffff"),
        set("style", "filled"),
        set("margin", "0.15,0.08"),
    ];
    let edges = vec![set("fontname", "Helvetica"), set("fontsize", "11"), set("fontcolor", DARK), set("color", DARK)];
    let mut inner = vec![
        Stmt::Attribute(set("label", &lines(wrap(&scene.title, TITLE_COLUMNS).into_iter(), "\\l"))),
        Stmt::Attribute(set("labelloc", "t")),
        Stmt::Attribute(set("labeljust", "l")),
        Stmt::Attribute(set("fontsize", "16")),
        Stmt::Attribute(set("peripheries", "0")),
        Stmt::Attribute(set("margin", "14")),
    ];
    inner.extend(scene.nodes.iter().enumerate().map(|(at, it)| Stmt::Node(node(at, it))));
    let labelled = scene.arrows.iter().any(|it| !it.lines.is_empty());
    inner.extend(scene.arrows.iter().map(|it| Stmt::Edge(edge(it, labelled))));
    Graph::DiGraph {
        id: plain("purvey"),
        strict: false,
        stmts: vec![
            Stmt::GAttribute(GraphAttributes::Graph(root)),
            Stmt::GAttribute(GraphAttributes::Node(nodes)),
            Stmt::GAttribute(GraphAttributes::Edge(edges)),
            Stmt::Subgraph(Subgraph { id: plain("cluster_picture"), stmts: inner }),
        ],
    }
}

/// What no mark tells: DOT has none, and to write "single source" on most lines would hide the others.
fn single_sources(scene: &Scene) -> Option<&'static str> {
    let in_nodes = scene.nodes.iter().filter_map(|it| match &it.text {
        Text::Facts(lines) => Some(lines),
        Text::Name(_) => None,
    });
    let lines: Vec<&Line> = in_nodes.chain(scene.arrows.iter().map(|it| &it.lines)).flatten().collect();
    let single = lines.iter().filter(|it| it.status == Some(Status::SingleSource)).count();
    match (single, lines.len()) {
        (0, _) => None,
        (1, 1) => Some("It rests on a single source."),
        (some, all) if some == all => Some("Each fact rests on a single source."),
        _ => Some("Facts without a mark of support rest on a single source each."),
    }
}

fn node(at: usize, node: &SceneNode) -> Node {
    let (shape, style) = outline(node.shape);
    let mut attributes = vec![match &node.text {
        Text::Name(name) => set("label", &lines(wrap(name, NAME_COLUMNS).into_iter(), "\\n")),
        Text::Facts(facts) => set("label", &list(facts)),
    }];
    attributes.push(set("shape", shape));
    if let Some(style) = style {
        attributes.push(set("style", style));
    }
    if node.shape == Shape::Entity(EntityKind::Population) {
        attributes.push(set("peripheries", "2"));
    }
    if let Text::Facts(facts) = &node.text {
        attributes.push(set("fontsize", "11"));
        attributes.push(set("comment", &fact_ids(facts)));
    }
    Node { id: node_id(at), attributes }
}

/// Shape and style of a node. People as a group have a double outline and never the box of things.
fn outline(shape: Shape) -> (&'static str, Option<&'static str>) {
    match shape {
        Shape::Entity(EntityKind::Country) => ("box", None),
        Shape::Entity(EntityKind::Organization) => ("box", Some("filled,rounded")),
        Shape::Entity(EntityKind::Person) => ("ellipse", None),
        Shape::Entity(EntityKind::Population) => ("box", Some("filled,rounded")),
        Shape::Entity(EntityKind::Materiel) => ("box3d", None),
        Shape::Entity(EntityKind::Vessel) => ("invtrapezium", None),
        Shape::Entity(EntityKind::Place) => ("octagon", None),
        Shape::Entity(EntityKind::Instrument) => ("tab", None),
        Shape::Entity(EntityKind::Document) => ("note", None),
        Shape::Unnamed => ("box", Some("filled,rounded,dashed")),
        Shape::Plain => ("plain", None),
    }
}

/// `labelled`: whether some edge of the picture has a label.
fn edge(arrow: &Arrow, labelled: bool) -> Edge {
    let mut attributes = Vec::new();
    if !arrow.lines.is_empty() {
        attributes.push(set("label", &list(&arrow.lines)));
    } else if labelled {
        // Graphviz leads edges without a label through the labels of their neighbours.
        attributes.push(set("label", " "));
    }
    attributes.push(set("style", line_style(arrow.status)));
    if arrow.style == LineStyle::Bold {
        attributes.push(set("penwidth", "2"));
    }
    // What did not happen is told from what did without colour too: by its head, and its lines say so in words.
    if !arrow.happened {
        attributes.extend([set("color", GREY), set("fontcolor", GREY), set("arrowhead", "empty")]);
    }
    if !arrow.directed {
        attributes.push(set("dir", "none"));
    }
    if !arrow.lines.is_empty() {
        attributes.push(set("comment", &fact_ids(&arrow.lines)));
    }
    let end = |at| Vertex::N(node_id(at));
    Edge { ty: EdgeTy::Pair(end(arrow.from), end(arrow.to)), attributes }
}

/// The line that tells how well a bundle is supported. Graphviz has four; the words of the lines tell the rest.
fn line_style(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Corroborated | Status::Admitted) => "solid",
        Some(Status::SingleSource) => "dashed",
        Some(Status::Unnamed | Status::Disputed) | None => "dotted",
    }
}

/// Facts as a list: one in the middle of its place, several flush left with a dash each.
fn list(facts: &[Line]) -> String {
    match facts {
        [only] => lines(wrap(&only.whole(), LINE_COLUMNS).into_iter(), "\\n"),
        several => several
            .iter()
            .flat_map(|it| {
                let bullet = |at| if at == 0 { "–\u{a0}" } else { "\u{a0}\u{a0}" };
                let wrapped = wrap(&it.whole(), LINE_COLUMNS);
                wrapped.into_iter().enumerate().map(move |(at, line)| format!("{}{line}", bullet(at)))
            })
            .map(|it| escape(&it) + "\\l")
            .collect(),
    }
}

/// Lines of a label; `end` centres (`\n`) or sets flush left (`\l`) what stands before it.
fn lines(lines: impl Iterator<Item = String>, end: &str) -> String {
    let lines: Vec<String> = lines.map(|it| escape(&it)).collect();
    match end {
        // After the last line, `\n` would add an empty one.
        "\\n" => lines.join(end),
        _ => lines.into_iter().map(|it| it + end).collect(),
    }
}

fn fact_ids(facts: &[Line]) -> String {
    let ids = facts.iter().flat_map(|it| std::iter::once(&it.fact).chain(&it.also));
    escape(&ids.map(String::as_str).collect::<Vec<_>>().join(" "))
}

/// From left to right lines of text lie along their arrows; with more than three ranks that grows too wide.
fn rankdir(scene: &Scene) -> &'static str {
    let mut rank = vec![0_usize; scene.nodes.len()];
    // As often as there may be ranks from left to right, and once more to see whether that is enough.
    for _ in 0..3 {
        for arrow in scene.arrows.iter().filter(|it| it.from < it.to) {
            let least = rank.get(arrow.from).map_or(0, |it| it + 1);
            if let Some(to) = rank.get_mut(arrow.to) {
                *to = least.max(*to);
            }
        }
    }
    if rank.iter().any(|it| *it > 2) { "TB" } else { "LR" }
}

/// An attribute; `value` is quoted here and must be escaped where it comes from outside.
fn set(name: &str, value: &str) -> Attribute {
    Attribute(plain(name), Id::Escaped(format!("\"{value}\"")))
}

fn node_id(at: usize) -> NodeId {
    NodeId(plain(&format!("n{at}")), None)
}

fn plain(id: &str) -> Id {
    Id::Plain(id.to_owned())
}
