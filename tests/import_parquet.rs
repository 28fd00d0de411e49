//! `purvey import parquet`: what the program itself writes as Parquet, through a mapping.

use std::fs;

use crate::support::command;

#[test]
fn values_become_the_texts_that_a_table_would_have() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = |arguments: &[&str]| command(folder.path()).args(arguments).output().expect("the binary runs");
    assert!(run(&["export", "parquet", "--out", "out"]).status.success());
    let mapping = r#"(
        source: (document: (id: "facts"), by: (id: "somebody")),
        kind: "supply",
        id: (prefix: "f", columns: ["id"]),
        roles: [Role(role: "item", column: "label", kind: materiel)],
        period: (column: "earliest", to: "latest"),
        figures: [Figure(column: "low")],
    )"#;
    fs::write(folder.path().join("m.ron"), mapping).expect("a file");
    for out in ["data", "data.purvey"] {
        let run = run(&["import", "parquet", "out/Fact.parquet", "--mapping", "m.ron", "--out", out]);
        assert!(run.status.code().is_some_and(|it| it < 2), "{}", String::from_utf8_lossy(&run.stderr));
    }
    let facts = fs::read_to_string(folder.path().join("data/facts/supply-001.ron")).expect("facts");
    let missiles = facts.split("Supply(").find(|it| it.starts_with("id: \"f-a11\"")).expect("the missiles");
    assert!(
        missiles.contains("quantity: \"100\"") && missiles.contains("period: \"2024-01-01/2025-04-30\""),
        "{missiles}"
    );
    assert!(run(&["check", "--data", "data"]).status.success());
    assert!(run(&["build", "data", "--out", "built.purvey", "--no-cache"]).status.success());
    let bytes = |name: &str| fs::read(folder.path().join(name)).expect("a snapshot");
    assert!(bytes("data.purvey") == bytes("built.purvey"));
    let lacks = mapping.replace("\"low\"", "\"lowest\"");
    fs::write(folder.path().join("m.ron"), lacks).expect("a file");
    let run = run(&["import", "parquet", "out/Fact.parquet", "--mapping", "m.ron", "--out", "none"]);
    assert!(String::from_utf8_lossy(&run.stderr).contains("the table has no column `lowest`"));
}
