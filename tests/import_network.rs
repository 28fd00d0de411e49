//! GraphML and GEXF as plain relationships.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::generated::generate;
use crate::support::{Run, command};
use purvey::import::{ImportFindings, ImportOptions, Kept, NetworkOptions, read_gexf, read_graphml};
use purvey::model::EntityKind;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import").join(name)
}

/// Reads a file by its extension.
fn read(path: &Path, options: &ImportOptions) -> (Kept, ImportFindings) {
    let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
    let is_gexf = path.extension().is_some_and(|it| it == "gexf");
    let read = if is_gexf { read_gexf } else { read_graphml };
    read(&[path.to_owned()], options, &mut kept, &mut findings).expect("nothing fails to be kept");
    (kept, findings)
}

fn read_bytes(name: &str, bytes: &[u8], options: &ImportOptions) -> (Kept, ImportFindings) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a new file");
    read(&path, options)
}

/// What came of it, in lines.
fn told((kept, findings): &(Kept, ImportFindings)) -> String {
    let mut lines: Vec<String> = Vec::new();
    for it in &kept.entities {
        lines.push(format!("{} {} {:?} {:?}", it.kind.as_str(), it.id, it.name, it.extra));
    }
    for it in &kept.facts {
        let roles: Vec<_> = it.roles.iter().map(|(role, ends)| format!("{role} {ends:?}")).collect();
        let by = &it.claims[0];
        lines.push(format!(
            "{} {} {} {:?} {:?} by {:?} in {}",
            it.kind,
            it.id,
            roles.join(" "),
            it.period,
            it.extra,
            by.by,
            by.document
        ));
    }
    for it in findings.kept() {
        let line = it.to_string();
        let (_, rest) = line.split_once("network.").unwrap_or(("", &line));
        lines.push(rest.to_owned());
    }
    lines.join("\n")
}

#[test]
fn graphml_with_all_its_oddities() {
    insta::assert_snapshot!("network-graphml", told(&read(&fixture("network.graphml"), &ImportOptions::default())));
}

#[test]
fn gexf_with_all_its_oddities() {
    let network = NetworkOptions {
        by: Some("The Registry".to_owned()),
        document_title: Some("Register of 2024".to_owned()),
        document_date: Some("2024".to_owned()),
        node_kind: Some(EntityKind::Person),
        kind_attribute: Some("kind".to_owned()),
        ..NetworkOptions::default()
    };
    let options = ImportOptions { network, ..ImportOptions::default() };
    insta::assert_snapshot!("network-gexf", told(&read(&fixture("network.gexf"), &options)));
}

const SMALL: &str = r#"<graphml><graph edgedefault="directed"><node id="a"/><node id="b"/><edge source="a" target="b"/></graph></graphml>"#;

/// Options that say of what kind nodes are.
fn of_people() -> ImportOptions {
    let network = NetworkOptions { node_kind: Some(EntityKind::Person), ..NetworkOptions::default() };
    ImportOptions { network, ..ImportOptions::default() }
}

#[test]
fn encodings_are_told_apart_and_mixed_ones_reported() {
    let text = |declared: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{declared}\"?>{}",
            SMALL
                .replace("id=\"a\"/>", "id=\"a\"><data key=\"name\">Söhne</data></node>")
                .replace("<graph ", "<key id=\"name\"/><graph ")
        )
    };
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(text("UTF-16").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let latin: Vec<u8> = text("ISO-8859-1").chars().map(|c| c as u8).collect();
    let mixed: Vec<u8> = text("UTF-8").chars().map(|c| c as u8).collect();
    let marked = [&b"\xef\xbb\xbf"[..], text("utf-8").as_bytes()].concat();
    for (name, bytes, findings) in [
        ("plain", text("UTF-8").into_bytes(), 0),
        ("marked", marked, 0),
        ("utf16", utf16, 0),
        ("latin", latin, 0),
        ("mixed", mixed, 1),
    ] {
        let (kept, found) = read_bytes("x.graphml", &bytes, &of_people());
        assert_eq!(kept.entities[1].name, "Söhne", "{name}");
        assert_eq!(found.count(), findings, "{name}: {:?}", found.kept());
    }
}

#[test]
fn bad_input_is_reported_with_its_place_and_the_rest_read() {
    let cut = &SMALL[..SMALL.len() - 20];
    let deep = format!("<graphml>{}", "<graph><node id=\"x\">".repeat(100));
    let dtd = format!(
        "<!DOCTYPE graphml [<!ENTITY a \"aaaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]>{}",
        SMALL.replace("id=\"a\"/>", "id=\"a\"><data key=\"x\">&a;&b;</data></node>")
    );
    let long = SMALL.replace("id=\"b\"", &format!("id=\"b\" x=\"{}\"", "y".repeat(2_000)));
    for (name, text, entities, codes) in [
        ("cut short", cut, 3, &[("I0004", 1)][..]),
        ("no end", SMALL.trim_end_matches("</graphml>"), 3, &[("I0001", 1)]),
        ("too deep", &deep, 1, &[("I0002", 1), ("I0014", 31)]),
        ("a document type", &dtd, 3, &[("I0014", 4)]),
        ("a long attribute", &long, 3, &[("I0002", 1)]),
        ("nothing", "", 1, &[("I0004", 1)]),
        ("another format", "<html></html>", 1, &[("I0004", 1)]),
        ("no XML", "{\"nodes\": []}", 1, &[("I0004", 1)]),
    ] {
        let options = ImportOptions { max_line: 1_000, ..of_people() };
        let (kept, findings) = read_bytes("x.graphml", text.as_bytes(), &options);
        let found: Vec<(&str, u64)> = findings.counts().map(|(code, count)| (code.as_str(), count)).collect();
        assert_eq!(found, codes, "{name}: {:?}", findings.kept());
        assert_eq!(kept.entities.len(), entities, "{name}: {:?}", findings.kept());
        assert!(kept.entities.iter().all(|it| !format!("{it:?}").contains("root:")), "{name}");
    }
    let (_, findings) = read_bytes("x.graphml", b"", &ImportOptions { max_size: 0, ..of_people() });
    assert_eq!(findings.count(), 1);
    let (kept, findings) = read_bytes("x.graphml", SMALL.as_bytes(), &ImportOptions { max_size: 10, ..of_people() });
    assert!(kept.facts.is_empty() && findings.kept()[0].code.as_str() == "I0002", "{:?}", findings.kept());
}

#[test]
fn what_a_graph_does_not_say_is_unknown() {
    let silent = SMALL
        .replace(" edgedefault=\"directed\"", "")
        .replace("</graph>", "<edge source=\"b\" target=\"a\"><data key=\"start\">2020-01-01</data></edge></graph>");
    let silent = silent.replace("<graph>", "<key id=\"start\" for=\"edge\" attr.name=\"start\"/><graph>");
    let (kept, findings) = read_bytes("x.graphml", silent.as_bytes(), &ImportOptions::default());
    let periods: Vec<Option<&str>> = kept.facts.iter().map(|it| it.period.as_deref()).collect();
    assert_eq!(periods, [None, Some("2020-01-01/")]);
    assert!(kept.facts.iter().all(|it| it.kind == "relationship"));
    let told: Vec<(&str, Option<u64>)> = findings.kept().iter().map(|it| (it.code.as_str(), it.line)).collect();
    // The second is of the nodes, which say no kind.
    assert_eq!(told, [("I0042", Some(1)), ("I0042", None)], "{:?}", findings.kept());
    // An edge that tells needs no word of the graph.
    let tells = SMALL.replace(" edgedefault=\"directed\"", "").replace("<edge ", "<edge directed=\"false\" ");
    let (kept, findings) = read_bytes("x.graphml", tells.as_bytes(), &ImportOptions::default());
    assert_eq!((kept.facts[0].kind.as_str(), findings.count()), ("link", 1));
}

#[test]
fn many_ids_of_one_slug_take_no_longer_than_they_should() {
    use std::fmt::Write;
    let mut nodes = String::new();
    for at in 0..30_000_u32 {
        // No two are the same, and what ids keep of them is.
        let dots: String = (0..15).map(|it| if at >> it & 1 == 1 { '.' } else { ',' }).collect();
        writeln!(nodes, "<node id=\"a{dots}b\"/>").expect("memory");
    }
    let text = format!("<graphml><graph edgedefault=\"directed\">{nodes}</graph></graphml>");
    let (kept, findings) = read_bytes("x.graphml", text.as_bytes(), &ImportOptions::default());
    assert_eq!((kept.entities.len(), findings.count()), (30_001, 1));
    let last = kept.entities.last().expect("entities");
    assert_eq!(last.id, "a-b-30000");
}

#[test]
fn what_networkx_refuses_is_told() {
    // It takes no edges of both sorts in one graph; here each is what it says.
    let mixed = SMALL.replace("</graph>", "<edge source=\"b\" target=\"a\" directed=\"false\"/></graph>");
    let (kept, findings) = read_bytes("x.graphml", mixed.as_bytes(), &ImportOptions::default());
    let kinds: Vec<&str> = kept.facts.iter().map(|it| it.kind.as_str()).collect();
    assert_eq!(kinds, ["relationship", "link"]);
    assert!(
        findings.kept().iter().any(|it| it.message.contains("with and without direction")),
        "{:?}",
        findings.kept()
    );
}

#[test]
fn an_edge_may_name_its_own_source() {
    let network = NetworkOptions { source_attribute: Some("source".to_owned()), ..NetworkOptions::default() };
    let options = ImportOptions { network, ..ImportOptions::default() };
    let (kept, _) = read(&fixture("network.gexf"), &options);
    let documents: Vec<&str> =
        kept.entities.iter().filter(|it| it.kind == EntityKind::Document).map(|it| it.name.as_str()).collect();
    assert_eq!(documents, ["network.gexf", "press", "registry"]);
    let claim = &kept.facts[0].claims[0];
    assert_eq!(
        (claim.via.as_slice(), claim.document.as_str()),
        (&["network-gexf-source-press".to_owned()][..], "network-gexf")
    );
    assert!(kept.facts.iter().all(|it| it.extra.iter().all(|(name, _)| name != "source")));
}

/// Runs in a folder of its own.
fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

#[test]
fn what_is_imported_passes_the_check_and_answers() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = fixture("network.graphml");
    let file = file.to_str().expect("a path of letters");
    let imported = run(
        folder.path(),
        &["import", "graphml", file, "--out", "net", "--by", "The Registry", "--document-date", "2024", "--quiet"],
    );
    assert_eq!(imported.code, Some(1), "parts were left out: {}", imported.stderr);
    let checked = run(folder.path(), &["check", "--data", "net"]);
    assert!(checked.code == Some(0) && checked.stdout.contains("no errors"), "{}", checked.stdout);
    let answer =
        run(folder.path(), &["who", "--data", "net", "--kind", "relationship", "--during", "2021", "--format", "json"]);
    let answer: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let row = crate::support::row(&answer, "network-graphml-p");
    assert_eq!((row["from"]["name"].as_str(), row["to"]["name"].as_str()), (Some("Alpha & Söhne"), Some("Beta")));
    assert_eq!(row["claims"][0]["by"]["name"], "The Registry");
    assert_eq!(row["match"], "certain");
    let snapshot = run(folder.path(), &["import", "graphml", file, "--out", "net.purvey", "--quiet"]);
    assert_eq!(snapshot.code, Some(1), "{}", snapshot.stderr);
    assert_eq!(run(folder.path(), &["verify", "net.purvey"]).code, Some(0));
}

/// All that a graph says, by facts and by entities, in lines without an order: each fact as a record of its own, as it is once it
/// came back. Left out is what networks lack: places in documents, words for prose, and what only the evidence makes of it.
fn said(folder: &Path, data: &[&str]) -> BTreeMap<String, [String; 2]> {
    let json = |arguments: &[&str]| -> Value {
        let run = run(folder, &[arguments, &["--format", "json"], data].concat());
        serde_json::from_str(&run.stdout).unwrap_or_else(|it| panic!("{arguments:?}: {it}: {}", run.stderr))
    };
    let answer = json(&["who", "--kind", "any"]);
    let rows = answer["rows"].as_array().expect("rows");
    let own_id = |id: &str| id.replace('/', "-");
    // What names a record names all its facts.
    let mut members: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in rows {
        let fact = row["fact"].as_str().expect("an id");
        for name in BTreeSet::from([fact, fact.split('/').next().unwrap_or(fact)]) {
            members.entry(name).or_default().push(own_id(fact));
        }
    }
    let end = |it: &Value| ["id", "kind", "of", "unnamed_of"].map(|field| it[field].to_string()).join(" ");
    let claim = |it: &Value| {
        let via: Vec<String> = it["via"].as_array().into_iter().flatten().map(end).collect();
        let rest = ["stance", "made", "quantities", "period", "scope", "standing"].map(|field| it[field].to_string());
        format!("{} {} {via:?} {rest:?}", end(&it["by"]), end(&it["document"]))
    };
    let mut said = BTreeMap::new();
    for row in rows {
        let relations: BTreeSet<String> = row["relations"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|it| {
                let to = it["to"].as_str().or(it["to"]["id"].as_str()).unwrap_or_default();
                let all = members.get(to).cloned().unwrap_or_else(|| vec![to.to_owned()]);
                all.into_iter().map(|to| format!("{} {to}", it["kind"])).collect::<Vec<_>>()
            })
            .collect();
        let roles: Vec<(&String, Vec<String>)> = row["roles"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(role, list)| (role, list.as_array().into_iter().flatten().map(end).collect()))
            .collect();
        let claims: Vec<String> = row["claims"].as_array().into_iter().flatten().map(claim).collect();
        // What a network keeps as text is told.
        let mut extra = row["extra"].clone();
        if let Some(extra) = extra.as_object_mut() {
            extra.retain(|name, _| !matches!(name.as_str(), "per" | "draft" | "relations"));
        }
        let extra = if extra == serde_json::json!({}) { Value::Null } else { extra };
        let rest = ["kind", "quantities", "differs", "period", "outcome", "status"].map(|it| row[it].to_string());
        let ends = ["from", "what", "to"].map(|it| end(&row[it]));
        let all = [format!("{relations:?}"), format!("{ends:?} {roles:?} {claims:?} {rest:?} {extra}")];
        said.insert(own_id(row["fact"].as_str().expect("an id")), all);
    }
    let stats = json(&["stats"]);
    said.insert("unnamed".to_owned(), [String::new(), stats["counts"]["unnamed participants"].to_string()]);
    said
}

/// What an entity is called, and what is kept of it.
fn shown(folder: &Path, data: &[&str], id: &str) -> String {
    let run = run(folder, &[&["show", id, "--format", "json"], data].concat());
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let names: BTreeSet<String> =
        answer["subject"]["names"].as_array().into_iter().flatten().map(Value::to_string).collect();
    format!("{names:?} {}", answer["subject"]["extra"])
}

/// Exports, imports, and compares; what facts say must be the same, their records and claims too.
fn comes_back(folder: &Path, data: &[&str], format: &str, shape: &str) {
    let before = said(folder, data);
    let (file, out) = (format!("all.{format}"), format!("{format}-{shape}.purvey"));
    let export = [&["export", format, "--shape", shape, "--out", &file, "--format", "json"], data].concat();
    let written: Value = serde_json::from_str(&run(folder, &export).stdout).expect("JSON");
    let imported = run(folder, &["import", format, &file, "--out", &out, "--force", "--quiet"]);
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    assert!(imported.stderr.contains("purvey wrote this network"), "{}", imported.stderr);
    let after = said(folder, &["--data", &out]);
    if shape == "nodes" {
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{format}");
    } else {
        // Without an edge there is no fact, and nothing can be related to it.
        assert_eq!(written["written"]["edges"].as_u64(), Some(after.len() as u64 - 1), "{format}");
    }
    for (id, [relations, rest]) in &after {
        let expected = &before[id];
        // Who is unnamed in facts without edges is not there.
        assert!(
            rest == &expected[1] || shape == "edges" && id == "unnamed",
            "{format} {shape} {id}: {rest}, not {}",
            expected[1]
        );
        assert!(relations == &expected[0] || shape == "edges", "{format} {id}: {relations}, not {}", expected[0]);
    }
}

#[test]
fn our_own_networks_come_back_as_the_facts_that_they_were() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (format, shape) in [("gexf", "nodes"), ("graphml", "nodes"), ("gexf", "edges"), ("graphml", "edges")] {
        comes_back(folder.path(), &[], format, shape);
    }
    for id in ["north-korea", "government-of-russia", "upi-2025-05-30"] {
        let after = shown(folder.path(), &["--data", "gexf-nodes.purvey"], id);
        assert_eq!(after, shown(folder.path(), &[], id));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 4, failure_persistence: None, ..Default::default() })]
    /// Whatever kinds of facts there are, and whoever claims them.
    #[test]
    fn any_network_of_ours_comes_back(seed in 0_u64..1_000_000, is_gexf in proptest::bool::ANY) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("made-up.ron"), generate::ron(120, seed)).expect("a new file");
        comes_back(folder.path(), &["--data", "made-up.ron"], if is_gexf { "gexf" } else { "graphml" }, "nodes");
    }
}

#[test]
fn what_an_answer_left_out_is_told_when_its_network_comes_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    run(folder.path(), &["export", "gexf", "who", "--to", "russia", "--out", "some.gexf"]);
    let imported = run(folder.path(), &["import", "gexf", "some.gexf", "--out", "some", "--quiet"]);
    assert_eq!(imported.code, Some(0), "{}", imported.stderr);
    for told in
        ["relations lead to facts that are not in the file", "have no node here", "written in one record with others"]
    {
        assert!(imported.stderr.contains(told), "{told}: {}", imported.stderr);
    }
    // Who is unnamed stays so.
    let before = run(folder.path(), &["who", "--to", "russia", "--status", "unnamed", "--format", "json"]);
    let after = run(folder.path(), &["who", "--data", "some", "--status", "unnamed", "--format", "json"]);
    let count = |run: &Run| serde_json::from_str::<Value>(&run.stdout).expect("JSON")["rows"].as_array().map(Vec::len);
    assert_eq!(count(&before), count(&after));
    assert!(count(&before) > Some(0));
}

#[test]
fn a_network_whose_data_somebody_took_out_says_so() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let exported = run(folder.path(), &["export", "gexf", "a11"]).stdout;
    let start = exported.find("<attvalue for=\"purvey_data\" value=\"{&quot;claims").expect("data of the edge");
    let end = start + exported[start..].find("/>").expect("its end") + 2;
    std::fs::write(folder.path().join("cut.gexf"), exported[..start].to_owned() + &exported[end..])
        .expect("a new file");
    let imported = run(folder.path(), &["import", "gexf", "cut.gexf", "--out", "cut", "--quiet"]);
    assert!(
        imported.code == Some(0) && imported.stderr.contains("1 facts have no `purvey_data` any more (a11)"),
        "{}",
        imported.stderr
    );
    let shown = run(folder.path(), &["show", "a11", "--data", "cut"]);
    assert!(shown.stdout.contains("Multilateral Sanctions Monitoring Team"), "{}", shown.stdout);
}

#[test]
fn wrong_options_are_told_with_a_way_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = fixture("network.gexf");
    let file = file.to_str().expect("a path of letters");
    for (more, told) in [
        (&["--edge-kind", "ownrship"][..], "did you mean `ownership`?"),
        (&["--edge-kind", "supply"], "more than an edge between two"),
        (&["--document-date", "soon"], "soon"),
        (&["--node-kind", "ship"], "vessel"),
    ] {
        let arguments = [&["import", "gexf", file, "--out", "x"], more].concat();
        let run = run(folder.path(), &arguments);
        assert_eq!(run.code, Some(2), "{more:?}: {}", run.stderr);
        assert!(run.stderr.contains(told), "{more:?}: {}", run.stderr);
    }
    let run = run(folder.path(), &["import", "csv", file, "--out", "x", "--by", "Me", "--mapping", "m.ron"]);
    assert!(run.code == Some(2) && run.stderr.contains("--by is for graphml, gexf and ftm"), "{}", run.stderr);
    assert!(!folder.path().join("x").exists());
}
