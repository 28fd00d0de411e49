//! Tables of entities, through the binary: several tables in one import, whose rows name each other.

use std::fs;
use std::path::PathBuf;

use crate::support::{Run, command};

const ENTITIES: &str = "\
id,kind,name,short,country,lei,note
1,country,Ruritania,,,,
2,organisation,Acme Works,Acme,1,LEI-2,seen twice
3,person,Jane Doe,,1,,
";

/// A child stands above its parent.
const ITEMS: &str = "\
id,parent,name
12,11,Long rockets
11,10,Rockets
10,,Arms
";

const FACTS: &str = "\
id,kind,src,dst,item,low,high,unit,start
100,supply,2,3,12,5,7,pieces,2024-01-05
101,supply,2,1,11,4,4,pieces,2024-02-05
102,sanction,1,2,,,,,2024-03-01
";

const ENTITY_MAPPING: &str = r#"(
    entities: (
        kind: (column: "kind", values: [(text: "organisation", is: organization), (text: "country", is: country), (text: "person", is: person)]),
        id: (column: "id", scheme: "register"),
        name: "name",
        names: [Name(column: "short")],
        part_of: (column: "country", scheme: "register"),
        codes: [Code(column: "lei", scheme: "lei")],
    ),
)"#;

const ITEM_MAPPING: &str = r#"(
    entities: (
        kind: materiel,
        id: (column: "id", scheme: "item"),
        name: "name",
        is_a: (column: "parent", scheme: "item"),
    ),
)"#;

const FACT_MAPPING: &str = r#"(
    source: (document: (id: "register-2024"), by: (id: "registrar")),
    kind: (column: "kind", values: [(text: "supply", is: "supply"), (text: "sanction", is: "sanction")]),
    id: (prefix: "f", columns: ["id"]),
    roles: [
        Role(role: "supplier", id_column: "src", scheme: "register"),
        Role(role: "imposer", id_column: "src", scheme: "register"),
        Role(role: "recipient", id_column: "dst", scheme: "register"),
        Role(role: "target", id_column: "dst", scheme: "register"),
        Role(role: "item", id_column: "item", scheme: "item"),
    ],
    figures: [Figure(column: "low", to: "high", unit_column: "unit")],
    period: (column: "start"),
)"#;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Place {
        let place = Place { folder: tempfile::tempdir().expect("a temporary folder") };
        for (name, text) in files {
            place.write(name, text);
        }
        place
    }

    /// The three tables with their mappings.
    fn full() -> Place {
        Place::new(&[
            ("entities.csv", ENTITIES),
            ("items.csv", ITEMS),
            ("facts.csv", FACTS),
            ("entities.ron", ENTITY_MAPPING),
            ("items.ron", ITEM_MAPPING),
            ("facts.ron", FACT_MAPPING),
        ])
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        command(self.folder.path()).args(arguments).output().expect("the binary runs").into()
    }

    /// Imports tables by the mappings of their names, in the order given.
    fn import(&self, stems: &[&str], more: &[&str]) -> Run {
        let files: Vec<String> = stems.iter().map(|it| format!("{it}.csv")).collect();
        let mappings: Vec<String> = stems.iter().map(|it| format!("{it}.ron")).collect();
        let mut arguments = vec!["import", "csv"];
        arguments.extend(files.iter().map(String::as_str));
        for mapping in &mappings {
            arguments.extend(["--mapping", mapping]);
        }
        self.run(&[&arguments, more].concat())
    }

    fn all_facts(&self) -> String {
        self.all("data/facts")
    }

    fn all(&self, folder: &str) -> String {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.path(folder)).expect("a folder").map(|it| it.expect("an entry").path()).collect();
        files.sort();
        files.iter().map(|it| fs::read_to_string(it).expect("a file")).collect()
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a snapshot")
    }
}

#[test]
fn rows_of_a_fact_table_find_entities_by_the_ids_of_their_tables() {
    let place = Place::full();
    let run = place.import(&["entities", "items", "facts"], &["--out", "data"]);
    assert_eq!((run.code, &*run.stderr), (Some(0), ""), "{}", run.stdout);
    let facts = place.all_facts();
    assert!(
        facts.contains("id: \"f-100\", supplier: \"acme-works\", recipient: \"jane-doe\", item: \"long-rockets\""),
        "{facts}"
    );
    assert!(facts.contains("quantity: \"5 to 7 pieces\""), "{facts}");
    assert!(facts.contains("quantity: \"4 pieces\""), "{facts}");
    assert!(facts.contains("imposer: \"ruritania\", target: \"acme-works\""), "{facts}");
    let entities = place.all("data/entities");
    assert!(entities.contains("part_of: \"ruritania\""), "{entities}");
    assert!(entities.contains("is_a: \"rockets\"") && entities.contains("is_a: \"arms\""), "{entities}");
    assert!(entities.contains("register: \"2\"") && entities.contains("lei: \"LEI-2\""), "{entities}");
    assert!(entities.contains("\"Acme\""), "{entities}");
    assert!(entities.contains("(name: \"note\", values: [\"seen twice\"])"), "{entities}");
    assert_eq!(place.run(&["check", "--data", "data", "--strict"]).code, Some(0));

    let who = place.run(&["who", "--to", "Ruritania", "--include-parts", "--what", "arms", "--data", "data"]);
    assert!(who.stdout.contains("f-100") && who.stdout.contains("f-101"), "{}", who.stdout);
}

#[test]
fn a_snapshot_of_several_tables_holds_the_same_graph_as_the_folder_in_any_order_of_the_tables() {
    let place = Place::full();
    place.import(&["entities", "items", "facts"], &["--out", "data"]);
    assert_eq!(place.run(&["build", "data", "--out", "built.purvey", "--no-cache"]).code, Some(0));
    for (out, stems) in [("a.purvey", ["entities", "items", "facts"]), ("b.purvey", ["facts", "items", "entities"])] {
        let run = place.import(&stems, &["--out", out]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert!(place.bytes(out) == place.bytes("built.purvey"), "{out}");
    }
}

#[test]
fn an_id_that_no_table_gave_is_a_finding_and_makes_no_entity_of_that_name() {
    let place = Place::full();
    place.write("facts.csv", &FACTS.replace("100,supply,2,3", "100,supply,2,33"));
    for out in ["data", "data.purvey"] {
        let run = place.import(&["entities", "items", "facts"], &["--out", out, "--force"]);
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                run.stderr,
                @"purvey: facts.csv:2:dst: error[I0006]: no table of entities has the id `33` of `register`"
            );
        }
        let rejects = fs::read_to_string(place.path("data.rejects.csv")).expect("rejects");
        assert_eq!(rejects.lines().nth(1), Some("100,supply,2,33,12,5,7,pieces,2024-01-05"));
    }
    assert!(!place.all("data/entities").contains("\"33\""));
}

#[test]
fn a_name_finds_the_entity_that_a_table_gave_it_and_two_of_one_name_are_a_finding() {
    let place = Place::full();
    let facts = "from,to,what,day\nAcme,Jane Doe,Rockets,2024\nacme works,Nobody Else,Rockets,2024\nTwin,Jane Doe,Rockets,2024\n";
    place.write("facts.csv", facts);
    place.write("entities.csv", &format!("{ENTITIES}4,organisation,Twin,,,,\n5,organisation,Twin,,,,\n"));
    let mapping = r#"(
        source: (document: (id: "register-2024"), by: (id: "registrar")),
        kind: "supply",
        roles: [
            Role(role: "supplier", column: "from", kind: organization),
            Role(role: "recipient", column: "to", kind: organization),
            Role(role: "item", column: "what", kind: materiel),
        ],
        period: (column: "day"),
    )"#;
    place.write("facts.ron", mapping);
    for out in ["data", "data.purvey"] {
        let run = place.import(&["entities", "items", "facts"], &["--out", out, "--force"]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                run.stderr,
                @"purvey: facts.csv:4:from: error[I0006]: `Twin` is the name of several: twin, twin-organization; say which by an id of its own"
            );
        }
    }
    let facts = place.all_facts();
    // By a further name, and whatever its kind; what no table gave is an entity of its own, as before.
    assert!(facts.contains("supplier: \"acme-works\", recipient: \"jane-doe\", item: \"rockets\""), "{facts}");
    assert!(facts.contains("supplier: \"acme-works-organization\", recipient: \"nobody-else\""), "{facts}");
}

#[test]
fn bad_rows_of_a_table_of_entities_are_told_and_put_aside() {
    let place = Place::full();
    place.write(
        "entities.csv",
        "id,kind,name,short,country,lei,note\n1,country,Ruritania,,1,,\n2,organisation,,,1,,\n3,ship,Swan,,,,\n,person,Jane Doe,,,,\n\
         5,organisation,Borealis,,77,,\n6,organisation,Left,,7,,\n7,organisation,Right,,6,,\n8,organisation,Twice,,,,\n\
         8,organisation,Thrice,,,,\n9,organisation\n",
    );
    for out in ["data", "data.purvey"] {
        let run = place.import(&["entities", "items"], &["--out", out, "--force"]);
        assert_eq!(run.code, Some(1), "{}", run.stdout);
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.stderr, @r"
            purvey: entities.csv:3:name: error[I0005]: this entity has no name, and its id is none
            purvey: entities.csv:4:kind: error[I0022]: the mapping does not say what `ship` means; add it to `values`
            purvey: entities.csv:5:id: error[I0005]: this column tells the entities apart, and it is blank
            purvey: entities.csv:11: error[I0020]: this row has 2 fields, and the header has 7
            purvey: entities.csv:2:country: warning[I0042]: `ruritania` names itself here, which is taken for nothing above it
            purvey: entities.csv:6:country: error[I0006]: no table of entities has the id `77` of `register`; it is kept as it is
            purvey: entities.csv:10: warning[I0008]: the entity `twice` comes again with another name; the first one stands, and the other name beside it
            purvey: entities.csv:7: error[I0006]: following `part_of` from `left` leads back to it; it is left out
            ");
        }
        let rejects = fs::read_to_string(place.path("data.rejects.csv")).expect("rejects");
        let ids: Vec<&str> = rejects.lines().map(|it| it.split(',').next().unwrap_or_default()).collect();
        assert_eq!(ids, ["id", "2", "3", "", "9"]);
    }
    assert_eq!(place.run(&["check", "--data", "data"]).code, Some(0));
    assert_eq!(place.run(&["build", "data", "--out", "built.purvey", "--no-cache"]).code, Some(0));
    assert!(place.bytes("data.purvey") == place.bytes("built.purvey"));
}

#[test]
fn parents_are_found_by_name_and_by_texts_that_the_mapping_explains() {
    let place = Place::new(&[(
        "bodies.csv",
        "name,within,year\nBureau 4,Ministry,1990\nMinistry,RUR,\nTwo; Second Office,Somewhere,\n",
    )]);
    let mapping = r#"(
        entities: (
            kind: organization,
            name: "name",
            part_of: (column: "within", values: [(text: "rur", id: "ruritania", name: "Ruritania", kind: country)]),
        ),
        ignore: ["year"],
    )"#;
    place.write("bodies.ron", mapping);
    let run = place.import(&["bodies"], &["--out", "data"]);
    assert_eq!(run.code, Some(1), "{}", run.stdout);
    insta::assert_snapshot!(run.stderr, @"purvey: bodies.csv:4:within: error[I0006]: no table of entities has the name `Somewhere`; it is kept as it is; `values` can say whom it means, and `scheme` that the column has ids");
    let entities = place.all("data/entities");
    assert!(entities.contains("part_of: \"ministry\"") && entities.contains("part_of: \"ruritania\""), "{entities}");
    assert!(!entities.contains("1990"), "{entities}");
}

#[test]
fn what_stands_in_no_field_of_its_kind_is_kept_and_told() {
    let place = Place::new(&[("things.csv", "name,sort,whole,class\nArms,thing,Acme,\nAcme,body,,Arms\n")]);
    let mapping = r#"(
        entities: (
            kind: (column: "sort", values: [(text: "thing", is: materiel)], otherwise: organization),
            name: "name",
            part_of: (column: "whole"),
            is_a: (column: "class"),
        ),
    )"#;
    place.write("things.ron", mapping);
    let run = place.import(&["things"], &["--out", "data"]);
    insta::assert_snapshot!(run.stderr, @r"
    purvey: things.csv:2:whole: warning[I0014]: a materiel has no field for this; it is kept as it is
    purvey: things.csv:3:class: warning[I0014]: an organization has no field for this; it is kept as it is
    ");
    let entities = place.all("data/entities");
    assert!(entities.contains("(name: \"whole\", values: [\"Acme\"])"), "{entities}");
    assert!(entities.contains("(name: \"class\", values: [\"Arms\"])"), "{entities}");
}

#[test]
fn mappings_are_one_for_all_files_or_as_many_as_files() {
    let place = Place::full();
    let two = ["--mapping", "entities.ron", "--mapping", "items.ron"];
    let run =
        place.run(&[&["import", "csv", "entities.csv", "items.csv", "facts.csv", "--out", "data"][..], &two].concat());
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.stderr, @"purvey: there are 3 files and 2 mappings: give one --mapping for all files, or one for each, in their order");
    assert!(!place.path("data").exists());

    place.write("more.csv", "id,kind,name,short,country,lei,note\n7,person,John Doe,,1,,\n");
    let run = place.run(&["import", "csv", "entities.csv", "more.csv", "--mapping", "entities.ron", "--out", "data"]);
    assert_eq!((run.code, &*run.stderr), (Some(0), ""));
    assert!(run.stdout.starts_with("data: 4 entities, 0 facts"), "{}", run.stdout);
    assert!(place.all("data/entities").contains("part_of: \"ruritania\""));
}

#[test]
fn mistakes_in_a_mapping_of_entities_are_told_with_their_places() {
    let place = Place::full();
    place.write(
        "entities.ron",
        r#"(
    kind: "supply",
    entities: (
        kind: organisation,
        id: (column: "number"),
        names: [Name(column: "short", kind: nickname)],
        part_of: (column: "country", schem: "register"),
    ),
)"#,
    );
    let run = place.import(&["entities", "items", "facts"], &["--out", "data"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.stderr, @r#"
    error[K0005]: unknown field `kind`
     --> entities.ron:2:5
      |
    2 |     kind: "supply",
      |     ^^^^ a mapping of entities has the fields table, entities, ignore

    error[K0008]: a table of entities lacks the field `name`
     --> entities.ron:4:9
      |
    4 |         kind: organisation,
      |         ^^^^ add `name: …`

    error[K0017]: `kind` has no value `organisation`
     --> entities.ron:4:15
      |
    4 |         kind: organisation,
      |               ^^^^^^^^^^^^ one of country, organization, person, population, materiel, vessel, place, instrument, document

    error[K0008]: an id lacks the field `scheme`
     --> entities.ron:5:14
      |
    5 |         id: (column: "number"),
      |              ^^^^^^ add `scheme: …`

    error[K0017]: `kind` has no value `nickname`
     --> entities.ron:6:45
      |
    6 |         names: [Name(column: "short", kind: nickname)],
      |                                             ^^^^^^^^ one of alias, weak, demonym, metonym

    error[K0005]: unknown field `schem`
     --> entities.ron:7:38
      |
    7 |         part_of: (column: "country", schem: "register"),
      |                                      ^^^^^ did you mean `scheme`?
    "#);

    place.write("entities.ron", &ENTITY_MAPPING.replace("\"short\"", "\"shrt\""));
    let run = place.import(&["entities", "items", "facts"], &["--out", "data"]);
    assert_eq!(run.code, Some(2));
    insta::assert_snapshot!(run.stderr, @r#"
    error[K0070]: the table has no column `shrt`
     --> entities.ron:6:31
      |
    6 |         names: [Name(column: "shrt")],
      |                               ^^^^ did you mean `short`?
    "#);
}

#[cfg(feature = "parquet")]
#[test]
fn tables_of_entities_are_read_from_parquet_too() {
    let place = Place::full();
    // What the program writes itself: a bundle of tables.
    place.import(&["entities", "items", "facts"], &["--out", "data"]);
    assert_eq!(place.run(&["export", "parquet", "--data", "data", "--out", "out"]).code, Some(0));
    let mapping = r#"(
        entities: (
            kind: (column: "kind", values: [(text: "country", is: country), (text: "person", is: person), (text: "materiel", is: materiel)], otherwise: organization),
            id: (column: "id", scheme: "own"),
            name: "name",
        ),
    )"#;
    place.write("m.ron", mapping);
    for out in ["again", "again.purvey"] {
        let run = place.run(&["import", "parquet", "out/Entity.parquet", "--mapping", "m.ron", "--out", out]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    }
    let entities = place.all("again/entities");
    assert!(entities.contains("own: \"acme-works\"") && entities.contains("\"Jane Doe\""), "{entities}");
    assert_eq!(place.run(&["build", "again", "--out", "built.purvey", "--no-cache"]).code, Some(0));
    assert!(place.bytes("again.purvey") == place.bytes("built.purvey"));
}
