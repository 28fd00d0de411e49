//! GraphML and GEXF as plain relationships.

use std::path::{Path, PathBuf};

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
    let answer: serde_json::Value = serde_json::from_str(&answer.stdout).expect("JSON");
    let row = crate::support::row(&answer, "network-graphml-p");
    assert_eq!((row["from"]["name"].as_str(), row["to"]["name"].as_str()), (Some("Alpha & Söhne"), Some("Beta")));
    assert_eq!(row["claims"][0]["by"]["name"], "The Registry");
    assert_eq!(row["match"], "certain");
    let snapshot = run(folder.path(), &["import", "graphml", file, "--out", "net.purvey", "--quiet"]);
    assert_eq!(snapshot.code, Some(1), "{}", snapshot.stderr);
    assert_eq!(run(folder.path(), &["verify", "net.purvey"]).code, Some(0));
}

/// Facts by their ids: kind, ends, figures in words, period, outcome.
fn said(folder: &Path, data: &[&str]) -> std::collections::BTreeMap<String, String> {
    let arguments = [&["who", "--kind", "any", "--format", "json"], data].concat();
    let answer: serde_json::Value = serde_json::from_str(&run(folder, &arguments).stdout).expect("JSON");
    let rows = answer["rows"].as_array().expect("rows");
    let one = |row: &serde_json::Value| {
        // Ids, and of whom the unnamed are: names of people of a country hang on its demonym, which a network lacks.
        let end = |name: &str| ["id", "kind", "unnamed_of"].map(|it| row[name][it].to_string());
        format!(
            "{} {:?} {} {} {}",
            row["kind"],
            ["from", "what", "to"].map(end),
            row["quantity"]["text"],
            row["period"]["edtf"],
            row["outcome"],
        )
    };
    rows.iter().map(|row| (row["fact"].as_str().unwrap_or_default().replace('/', "-"), one(row))).collect()
}

#[test]
fn our_own_networks_come_back_as_the_facts_that_they_were() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let before = said(folder.path(), &[]);
    for (format, shape) in [("gexf", "edges"), ("graphml", "edges"), ("gexf", "nodes")] {
        let file = format!("all.{format}");
        let written = run(folder.path(), &["export", format, "--shape", shape, "--out", &file, "--format", "json"]);
        let written: serde_json::Value = serde_json::from_str(&written.stdout).expect("JSON");
        let out = format!("{format}-{shape}.purvey");
        let imported = run(folder.path(), &["import", format, &file, "--out", &out, "--quiet"]);
        assert_eq!(imported.code, Some(0), "{}", imported.stderr);
        assert!(imported.stderr.contains("purvey wrote this network"), "{}", imported.stderr);
        let after = said(folder.path(), &["--data", &out]);
        // Without an edge there is no fact: those that lack an end are in networks whose facts are nodes.
        let expected = if shape == "edges" { written["written"]["edges"].as_u64() } else { Some(before.len() as u64) };
        assert_eq!(Some(after.len() as u64), expected, "{format} {shape}");
        for (id, it) in &after {
            assert_eq!(Some(it), before.get(id), "{format} {shape} {id}");
        }
    }
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
