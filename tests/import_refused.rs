//! What `import` refuses before it writes anything: files that are missing or something else, options that do not fit, networks
//! that lack what they are asked for.

use std::path::Path;

use crate::support::{Run, command};

fn import(folder: &Path, arguments: &[&str]) -> Run {
    let all = [&["import"], arguments, &["--out", "out", "--quiet"]].concat();
    command(folder).args(all).output().expect("the binary runs").into()
}

#[test]
fn a_file_of_no_use_writes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("a new file");
    write("un.xml", b"<?xml version=\"1.0\"?><CONSOLIDATED_LIST/>");
    write("page.xml", b"<!DOCTYPE html><html><body>Not found</body></html>");
    write("list.json", b"[{\"id\": \"a\"}]");
    write("book.csv", b"PK\x03\x04....");
    write("rubbish.json", b"rubbish\n");
    write("a.graphml", b"<graphml><graph edgedefault=\"directed\"/></graphml>");
    for (arguments, told) in [
        (&["un", "missing.xml"][..], "cannot be read"),
        (&["ftm", "a.graphml", "missing.json"], "purvey import graphml"),
        (&["ofac", "un.xml"], "`un.xml` is the UN Security Council's list: `purvey import un …`"),
        (&["un", "page.xml"], "a web page (HTML)"),
        (&["ftm", "list.json"], "jq -c"),
        (&["sipri", "book.csv"], "xlsx"),
        (&["ftm", "rubbish.json"], "nothing in rubbish.json could be used"),
        (&["ftm", "rubbish.json", "--edition", "2024"], "--edition is for sipri, un and ofac"),
    ] {
        let run = import(folder.path(), arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(told), "{arguments:?}: {}", run.stderr);
        assert!(!folder.path().join("out").exists(), "{arguments:?}");
    }
}

#[test]
fn an_edition_that_tells_another_date_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/lists/un-2024.xml");
    let run = import(folder.path(), &["un", &list.display().to_string(), "--edition", "2019-01-01"]);
    assert!(run.stderr.contains("warning[I0044]") && run.stderr.contains("2019-01-01 was given"), "{}", run.stderr);
}

const NETWORK: &str = r#"<graphml><key id="t" for="node" attr.name="type"/><key id="w" for="edge" attr.name="weight"/>
<graph edgedefault="directed">
<node id="paul"/><node id="x"><data key="t">city</data></node><node id="y"><data key="t">person</data></node>
<edge source="paul" target="x"><data key="w">2</data></edge>
</graph></graphml>"#;

#[test]
fn nodes_without_a_kind_and_edges_without_a_source_are_told_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("a.graphml"), NETWORK).expect("a new file");
    let run = import(folder.path(), &["graphml", "a.graphml", "--source-attribute", "citations"]);
    let expected =
        "2 nodes say no kind of entity (1 of them say in `type`: city): taken for organizations; --node-kind";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
    let expected = "error[I0021]: no edge has the attribute `citations`, which should name its source; attributes of edges are `weight`";
    assert!(run.code == Some(1) && run.stderr.contains(expected), "{}", run.stderr);
    assert_eq!(run.stderr.lines().count(), 2, "{}", run.stderr);
}
