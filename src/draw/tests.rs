//! What every picture must keep: who is drawn, in which shape, with which words.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use graphviz_rust::dot_structures::{Attribute, Edge, Graph, Id, Node, Stmt};
use proptest::prelude::*;

use super::scene::{Line, Scene, Shape, Text};
use super::{DrawOptions, Items, dot};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, Sources, load};
use crate::model::{Aspect, EntityKind, LineStyle, Outcome, Stance, Template, printable};
use crate::query::{
    Answer, ClaimValue, KindWords, PathQuestion, Question, Ref, Row, Status, Who, answer, quantity_in_words,
};

static BOXES: LazyLock<DrawOptions> = LazyLock::new(|| DrawOptions { items: Items::Nodes, ..DrawOptions::default() });
static APART: LazyLock<DrawOptions> = LazyLock::new(|| DrawOptions { separate: true, ..DrawOptions::default() });
static PLAIN: LazyLock<DrawOptions> = LazyLock::new(DrawOptions::default);

fn ask(questions: &[Question]) -> Vec<Answer> {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
    let graph = KnowledgeGraph::new(&dataset);
    questions.iter().map(|it| answer(&graph, it).unwrap()).collect()
}

fn show(name: &str) -> Question {
    Question::Show { name: name.to_owned() }
}

fn who(kinds: &[&str], to: &[&str]) -> Question {
    let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect();
    Question::Who(Who { kinds: owned(kinds), to: owned(to), ..Who::default() })
}

/// Everything in the built-in data, and pictures of parts of it.
fn answers() -> Vec<Answer> {
    ask(&[
        Question::List { what: "facts".to_owned() },
        who(&[], &["Russia"]),
        who(&["sanction"], &[]),
        who(&["measure"], &[]),
        who(&["forced-transfer"], &[]),
        who(&["camp"], &[]),
        Question::Path(PathQuestion::new("North Korea", "Kyiv")),
        show("b1"),
        show("Russia"),
    ])
}

fn written(answer: &Answer, options: &DrawOptions) -> String {
    let mut out = Vec::new();
    dot(answer, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn statements(text: &str) -> (Vec<Node>, Vec<Edge>) {
    fn walk(stmts: Vec<Stmt>, nodes: &mut Vec<Node>, edges: &mut Vec<Edge>) {
        for stmt in stmts {
            match stmt {
                Stmt::Node(node) => nodes.push(node),
                Stmt::Edge(edge) => edges.push(edge),
                Stmt::Subgraph(inner) => walk(inner.stmts, nodes, edges),
                Stmt::Attribute(_) | Stmt::GAttribute(_) => {}
            }
        }
    }
    let (Graph::DiGraph { stmts, .. } | Graph::Graph { stmts, .. }) = graphviz_rust::parse(text).unwrap();
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    walk(stmts, &mut nodes, &mut edges);
    (nodes, edges)
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let Attribute(_, Id::Escaped(value)) = attributes.iter().find(|it| it.0 == Id::Plain(name.to_owned()))? else {
        panic!("every value is quoted: {attributes:?}")
    };
    Some(value.trim_matches('"'))
}

/// All that is written in a picture, a text for each node and arrow, with plain spaces.
fn texts(scene: &Scene) -> Vec<String> {
    let facts = |it: &[Line]| it.iter().map(|it| it.whole()).collect::<Vec<_>>();
    let nodes = scene.nodes.iter().flat_map(|it| match &it.text {
        Text::Name(name) => vec![name.clone()],
        Text::Facts(lines) => facts(lines),
    });
    let arrows = scene.arrows.iter().flat_map(|it| facts(&it.lines));
    nodes.chain(arrows).map(|it| it.replace('\u{a0}', " ")).collect()
}

fn lines_of(scene: &Scene) -> Vec<&Line> {
    let in_nodes = scene.nodes.iter().flat_map(|it| match &it.text {
        Text::Name(_) => &[][..],
        Text::Facts(lines) => lines.as_slice(),
    });
    in_nodes.chain(scene.arrows.iter().flat_map(|it| &it.lines)).collect()
}

#[test]
fn a_path_is_drawn() {
    let answers = ask(&[Question::Path(PathQuestion::new("North Korea", "Kyiv"))]);
    insta::assert_snapshot!("path", written(&answers[0], &PLAIN));
    insta::assert_snapshot!("path_with_boxes", written(&answers[0], &BOXES));
}

#[test]
fn figures_that_differ_stand_side_by_side() {
    let answers = ask(&[show("b1")]);
    insta::assert_snapshot!("show_b1", written(&answers[0], &PLAIN));
}

#[test]
fn the_same_answer_gives_the_same_bytes() {
    for (first, second) in answers().iter().zip(&answers()) {
        for options in [&PLAIN, &BOXES, &APART] {
            assert_eq!(written(first, options), written(second, options));
        }
    }
}

#[test]
fn each_fact_is_drawn_once_or_counted_as_left_out() {
    for answer in answers() {
        for options in [&PLAIN, &BOXES, &APART] {
            let scene = Scene::new(&answer, options);
            let mut drawn: Vec<&str> = lines_of(&scene).iter().map(|it| it.fact.as_str()).collect();
            drawn.sort_unstable();
            let any = |it: &&Row| it.from.is_some() || it.to.is_some();
            let mut expected: Vec<&str> = answer.rows.iter().filter(any).map(|it| it.fact.as_str()).collect();
            expected.sort_unstable();
            assert_eq!(drawn, expected, "{}", answer.question);
            let left_out = answer.rows.len() - drawn.len();
            let says_so = scene.small_print.iter().any(|it| {
                it.text == format!("{left_out} facts without a beginning or an end are not drawn")
                    || (left_out == 1 && it.text == "1 fact without a beginning or an end is not drawn")
            });
            assert_eq!(says_so, left_out > 0, "{:?}", scene.small_print);
        }
    }
}

#[test]
fn no_label_drops_a_hedge() {
    let mut figures = 0;
    for answer in answers() {
        for options in [&PLAIN, &BOXES, &APART] {
            let scene = Scene::new(&answer, options);
            let lines = lines_of(&scene);
            let text = written(&answer, options).replace('\u{a0}', " ");
            for line in lines {
                let row = answer.rows.iter().find(|it| it.fact == line.fact).unwrap();
                for (name, quantity) in row.claims.iter().flat_map(|it| &it.quantities) {
                    // Claims that agree may differ in words: "over 100" and "more than 100" are said once.
                    let words = row.figure(name).unwrap_or(quantity);
                    let words = quantity_in_words(&answer, words);
                    assert!(line.text.replace('\u{a0}', " ").contains(&words), "`{words}` in {line:?}");
                    // The same unbroken in the file.
                    assert!(text.contains(&super::escape(&words)), "`{words}` in {text}");
                    figures += 1;
                }
            }
        }
    }
    assert!(figures > 50, "{figures}");
}

#[test]
fn figures_that_differ_name_their_claimants() {
    let answers = ask(&[show("b1")]);
    let texts = texts(&Scene::new(&answers[0], &PLAIN));
    let text = texts.iter().find(|it| it.contains("35,000")).unwrap();
    assert!(text.contains("at least 35,000 (believed by New York Post"), "{text}");
    assert!(text.contains("700,000 (Government of Russia"), "{text}");
    assert!(!text.contains("735,000"), "{text}");
}

#[test]
fn a_line_says_all_that_a_reader_must_know() {
    let answers = ask(&["a17", "a11", "a19"].map(show));
    let lines: Vec<String> = answers.iter().filter_map(|it| texts(&Scene::new(it, &PLAIN)).pop()).collect();
    assert_eq!(
        lines,
        [
            "cap: no more than 500,000 barrels of refined petroleum a year [1]",
            "at least 100 ballistic missiles, 1 January 2024 to 30 April 2025* [1]",
            "about 8,000 North Korean workers (sender inferred) [1]",
        ]
    );
}

/// Three of the seventeen are no three more.
#[test]
fn a_part_names_the_fact_that_takes_it_in() {
    let attacks = Who { kinds: vec!["attack".to_owned()], to: vec!["Odesa".to_owned()], ..Who::default() };
    let texts: Vec<String> = texts(&Scene::new(&ask(&[Question::Who(attacks)])[0], &PLAIN))
        .iter()
        .map(|it| it.replace('\u{a0}', " "))
        .collect();
    let part = texts.iter().find(|it| it.contains("injured: 3")).unwrap();
    assert!(part.contains("(part of “attack: drones, injured: 17”)"), "{part}");
    let alone = self::texts(&Scene::new(&ask(&[show("c2b")])[0], &PLAIN));
    assert!(alone.iter().all(|it| !it.contains("part of")), "{alone:?}");
}

#[test]
fn a_title_has_the_word_of_its_kind_before_whom_it_concerns() {
    for (kind, to, title) in [
        ("sanction", "Russia", "Sanctions on Russia"),
        ("membership", "MSMT", "Memberships of the Multilateral Sanctions Monitoring Team"),
        ("attack", "Odesa", "Attacks: Odesa"),
        ("supply", "Russia", "Supplies to Russia"),
    ] {
        let who = Who { kinds: vec![kind.to_owned()], to: vec![to.to_owned()], ..Who::default() };
        assert_eq!(ask(&[Question::Who(who)])[0].title, title);
    }
}

/// Children, troops and workers are people.
#[test]
fn people_never_have_the_shape_of_things() {
    let materiel = Shape::Entity(EntityKind::Materiel);
    let mut people_in_boxes = 0;
    for answer in answers() {
        for options in [&PLAIN, &BOXES, &APART] {
            let scene = Scene::new(&answer, options);
            let (nodes, _) = statements(&written(&answer, options));
            assert_eq!(nodes.len(), scene.nodes.len());
            for (node, drawn) in scene.nodes.iter().zip(&nodes) {
                assert_eq!(node.shape == materiel, value(&drawn.attributes, "shape") == Some("box3d"));
                let Text::Facts(lines) = &node.text else { continue };
                for line in lines {
                    let what = answer.rows.iter().find(|it| it.fact == line.fact).unwrap().what.as_ref();
                    if what.is_some_and(|it| it.kind == Some(EntityKind::Population)) {
                        assert_ne!(node.shape, materiel, "{line:?}");
                        people_in_boxes += 1;
                    }
                }
            }
        }
    }
    assert!(people_in_boxes >= 4, "{people_in_boxes}");
}

#[test]
fn what_did_not_happen_is_drawn_apart_and_says_so() {
    let mut seen = 0;
    for answer in answers() {
        let scene = Scene::new(&answer, &PLAIN);
        for (arrow, line) in scene.arrows.iter().flat_map(|arrow| arrow.lines.iter().map(move |it| (arrow, it))) {
            let row = answer.rows.iter().find(|it| it.fact == line.fact).unwrap();
            assert_eq!(arrow.happened, row.outcome == Outcome::Happened, "{line:?}");
            if !arrow.happened {
                let words = row.outcome.as_str().replace('-', "\u{a0}");
                assert!(line.text.contains(&format!("({words})")), "{line:?}");
                seen += 1;
            }
        }
        let (_, edges) = statements(&written(&answer, &PLAIN));
        for (arrow, edge) in scene.arrows.iter().zip(&edges) {
            assert_eq!(!arrow.happened, value(&edge.attributes, "color").is_some());
            assert!(arrow.happened || value(&edge.attributes, "arrowhead") == Some("empty"));
        }
    }
    assert!(seen > 2, "{seen}");
}

fn somebody(key: u32, name: &str, kind: EntityKind) -> Ref {
    Ref {
        id: Some(format!("e{key}")),
        name: name.to_owned(),
        kind: Some(kind),
        unnamed_of: None,
        of: None,
        prose: name.to_owned(),
        plural: None,
        short: None,
        key,
    }
}

fn fact(id: &str, kind: &str, from: &Ref, what: Option<&Ref>, to: &Ref) -> Row {
    Row {
        fact: id.to_owned(),
        record: id.to_owned(),
        kind: kind.to_owned(),
        from: Some(from.clone()),
        what: what.cloned(),
        to: Some(to.clone()),
        roles: Vec::new(),
        outcome: Outcome::Happened,
        status: None,
        reasons: Vec::new(),
        diverging: false,
        per: None,
        draft: false,
        quantities: Vec::new(),
        first_figure: None,
        differs: false,
        period: None,
        matched: None,
        inferred: Vec::new(),
        relations: Vec::new(),
        claims: Vec::new(),
        extra: Vec::new(),
    }
}

fn kind(style: LineStyle, symmetric: bool) -> KindWords {
    KindWords {
        noun: "link".to_owned(),
        label: Template::parse("{what}").unwrap(),
        sentences: Vec::new(),
        infinitives: Vec::new(),
        roles: Vec::new(),
        aspect: Aspect::Event,
        style,
        symmetric,
        meaning: None,
    }
}

fn of_rows(rows: Vec<Row>) -> Answer {
    let kinds = [
        ("supply", kind(LineStyle::Solid, false)),
        ("dispatch", kind(LineStyle::Bold, false)),
        ("sanction", kind(LineStyle::Dotted, false)),
        ("banking", kind(LineStyle::Dashed, true)),
    ];
    let kinds = kinds.into_iter().map(|(id, words)| (id.to_owned(), words)).collect();
    Answer { question: "who".to_owned(), rows, kinds, ..Answer::default() }
}

fn denial(by: &Ref) -> ClaimValue {
    ClaimValue {
        by: by.clone(),
        says: None,
        via: Vec::new(),
        stance: Stance::Denies,
        made: None,
        document: by.clone(),
        note: 1,
        locator: None,
        quantities: Vec::new(),
        period: None,
        scope: None,
        standing: crate::query::Standing::Current,
        inferred: Vec::new(),
    }
}

#[test]
fn a_bundle_never_looks_stronger_than_its_weakest_member() {
    let (a, b) = (somebody(0, "A", EntityKind::Country), somebody(1, "B", EntityKind::Country));
    for (statuses, weakest) in [
        (&[Status::Corroborated, Status::Admitted][..], Status::Admitted),
        (&[Status::Unnamed, Status::Corroborated, Status::SingleSource], Status::Unnamed),
        (&[Status::Disputed, Status::Unnamed], Status::Disputed),
        (&[Status::Corroborated], Status::Corroborated),
    ] {
        let rows = statuses.iter().map(|it| Row { status: Some(*it), ..fact(it.as_str(), "supply", &a, None, &b) });
        let scene = Scene::new(&of_rows(rows.collect()), &PLAIN);
        assert_eq!(scene.arrows.iter().map(|it| it.status).collect::<Vec<_>>(), [Some(weakest)], "{statuses:?}");
        let own: Vec<_> = scene.arrows[0].lines.iter().map(|it| it.status.unwrap()).collect();
        assert_eq!(own, statuses, "each line keeps its own");
    }
}

#[test]
fn a_kind_without_direction_is_drawn_once_and_without_a_head() {
    let (a, b) = (somebody(0, "A", EntityKind::Country), somebody(1, "B", EntityKind::Country));
    let answer = of_rows(vec![
        fact("x1", "banking", &b, None, &a),
        fact("x2", "banking", &a, None, &b),
        fact("x3", "supply", &a, None, &b),
    ]);
    let (_, edges) = statements(&written(&answer, &PLAIN));
    let directions: Vec<_> = edges.iter().map(|it| value(&it.attributes, "dir")).collect();
    assert_eq!(directions, [Some("none"), None]);
}

#[test]
fn what_all_deny_is_not_drawn_as_if_it_had_happened() {
    let (a, b) = (somebody(0, "A", EntityKind::Country), somebody(1, "B", EntityKind::Country));
    let answer = of_rows(vec![Row { claims: vec![denial(&b)], ..fact("x1", "supply", &a, None, &b) }]);
    let scene = Scene::new(&answer, &PLAIN);
    assert!(!scene.arrows[0].happened);
    assert_eq!(texts(&scene).last().map(String::as_str), Some("link (denied by B) [1]"));
}

#[test]
fn people_and_things_between_the_same_two_have_a_box_each() {
    let (a, b) = (somebody(0, "A", EntityKind::Country), somebody(1, "B", EntityKind::Country));
    let (troops, shells) = (somebody(2, "troops", EntityKind::Population), somebody(3, "shells", EntityKind::Materiel));
    let answer = of_rows(vec![
        fact("x1", "dispatch", &a, Some(&troops), &b),
        fact("x2", "supply", &a, Some(&shells), &b),
        fact("x3", "sanction", &a, None, &b),
    ]);
    let scene = Scene::new(&answer, &BOXES);
    let shapes: Vec<Shape> = scene.nodes.iter().map(|it| it.shape).collect();
    let [country, population, materiel] =
        [EntityKind::Country, EntityKind::Population, EntityKind::Materiel].map(Shape::Entity);
    assert_eq!(shapes, [country, population, country, materiel]);
    let ends: Vec<(usize, usize)> = scene.arrows.iter().map(|it| (it.from, it.to)).collect();
    assert_eq!(ends, [(0, 1), (1, 2), (0, 3), (3, 2), (0, 2)]);
}

/// Names that would break a careless writer, and any others.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(r#"a"; evil [label="x"]; "b"#.to_owned()),
        Just("<b>x</b>".to_owned()),
        Just("<<b>x</b>>".to_owned()),
        Just(r"\N \G \E \T \H \L \l \r".to_owned()),
        Just("two\nlines".to_owned()),
        Just("nul\0".to_owned()),
        Just("🚀 북한".to_owned()),
        Just("&amp; &#34; &lt;".to_owned()),
        Just("trailing\\".to_owned()),
        Just("// # /* -> -- } {".to_owned()),
        "[ -~]{0,30}",
        "(?s).{0,30}",
    ]
}

/// Countries with hostile names, each joined to the next by a supply of a hostile thing.
fn ring(names: &[String]) -> Answer {
    let entities: Vec<Ref> = (0..).zip(names).map(|(at, it)| somebody(at, it, EntityKind::Country)).collect();
    let rows = entities.iter().zip(entities.iter().cycle().skip(1)).map(|(from, to)| {
        let what = somebody(1000 + from.key, &to.name, EntityKind::Materiel);
        fact(&format!("f{}", from.key), "supply", from, Some(&what), to)
    });
    Answer { question: names.concat(), ..of_rows(rows.collect()) }
}

/// A name as a label shows it: wrapped at spaces, so runs of them are one.
fn shown(name: &str) -> String {
    printable(name).split(' ').filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

proptest! {
    #[test]
    fn any_names_give_exactly_the_nodes_and_edges_meant(names in prop::collection::vec(hostile(), 2..6)) {
        let answer = ring(&names);
        for (options, nodes, edges) in [(&PLAIN, 1, 1), (&APART, 1, 1), (&BOXES, 2, 2)] {
            let found = statements(&written(&answer, options));
            prop_assert_eq!(found.0.len(), nodes * names.len());
            prop_assert_eq!(found.1.len(), edges * names.len());
        }
    }
}

/// What real Graphviz reads: nodes, edges, and the text that it would draw for each of them.
fn read_by_graphviz(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let mut dot = Command::new("dot")
        .arg("-Tjson")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    dot.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = dot.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let drawn = |list: &serde_json::Value, key: &str| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        let texts = list.iter().filter(|it| it.get("nodes").is_none()).map(|it| {
            let operations = it.get(key).and_then(|it| it.as_array()).cloned().unwrap_or_default();
            let lines = operations.iter().filter(|it| it["op"] == "T").map(|it| it["text"].as_str().unwrap());
            lines.collect::<Vec<_>>().join(" ")
        });
        texts.collect()
    };
    Some((drawn(&json["objects"], "_ldraw_"), drawn(&json["edges"], "_ldraw_")))
}

#[test]
fn graphviz_reads_hostile_names_as_literal_labels() {
    let names = [
        r#"a"; evil [label="x"]; "b"#,
        "<b>x</b>",
        "<<b>x</b>>",
        r"\N",
        r"\G\E\T\H\L",
        r"left\l right\r",
        "two\nlines",
        "nul\0",
        "🚀",
        "북한 Северная Корея",
        "&amp;",
        "&#34; &lt;",
        "trailing\\",
        r#"trailing\""#,
        "-> { } // # /* */",
    ]
    .map(str::to_owned);
    let answer = ring(&names);
    for options in [&PLAIN, &APART] {
        let Some((nodes, edges)) = read_by_graphviz(&written(&answer, options)) else {
            let _ = writeln!(std::io::stderr(), "SKIPPED: Graphviz (`dot`) is not installed");
            return;
        };
        // Nodes stand in the order of first appearance, which is that of the ring; each thing is named like its target.
        let mut expected: Vec<String> = names.iter().map(|it| shown(it)).collect();
        assert_eq!(nodes, expected);
        expected.rotate_left(1);
        assert_eq!(edges, expected);
    }
    for answer in answers() {
        for options in [&PLAIN, &BOXES, &APART] {
            let scene = Scene::new(&answer, options);
            let (nodes, edges) = read_by_graphviz(&written(&answer, options)).unwrap();
            assert_eq!((nodes.len(), edges.len()), (scene.nodes.len(), scene.arrows.len()), "{}", answer.question);
        }
    }
}
