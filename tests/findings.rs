//! What is found in broken data, as a reader sees it: at least one case for each code.
//!
//! Records stand beside those of `support::loading::BASE`; their first line is line 2 of `x.ron`.

use crate::support::loading::{BASE, findings, findings_of, folder, of_entities, of_facts, rendered};
use insta::assert_snapshot;
use purvey::diagnostic::Code;
use purvey::load::{Article, LoadOptions, Sources, load, load_with_articles};
use sha2::{Digest, Sha256};

#[test]
fn every_code_has_a_case_here_and_a_line_in_the_documentation() {
    let cases = [
        include_str!("findings.rs"),
        include_str!("findings_for_rules.rs"),
        include_str!("draw_specs.rs"),
        include_str!("import_csv.rs"),
        include_str!("matching.rs"),
    ]
    .concat();
    let documented = include_str!("../docs/data-format.md");
    for code in Code::ALL {
        let severity = code.severity().as_str();
        assert!(cases.contains(&format!("\n{severity}[{}]: ", code.as_str())), "{} has no case", code.as_str());
        let line = format!("| `{}` | {severity} | {} |", code.as_str(), code.title());
        assert!(documented.contains(&line), "docs/data-format.md lacks the line\n{line}");
    }
    let listed = documented.lines().filter(|it| it.starts_with("| `K0")).count();
    assert_eq!(listed, Code::ALL.len(), "docs/data-format.md lists codes that do not exist");
}

#[test]
fn the_base_of_all_cases_is_sound() {
    assert_eq!(findings("(entities: [])"), "");
}

#[test]
fn a_path_that_is_not_there_is_unreadable() {
    let folder = folder([]);
    let loaded = load(&Sources::Paths(vec![folder.path().join("nowhere")]), LoadOptions::default());
    assert!(loaded.dataset.is_none());
    assert_snapshot!(rendered(&loaded, folder.path()), @r#"
error[K0001]: this cannot be read: no such file or directory (os error 2)
--> nowhere
"#);
}

#[test]
fn a_folder_without_data_is_unreadable() {
    let folder = folder([("in/notes.txt", b"x".as_slice())]);
    let loaded = crate::support::loading::load_path(&folder.path().join("in"));
    assert_snapshot!(rendered(&loaded, folder.path()), @r#"
error[K0001]: no `.ron` file is in this folder
--> in
"#);
}

#[test]
fn bytes_that_are_no_utf8_are_shown_where_they_stand() {
    assert_snapshot!(findings_of([("x.ron", b"(entities: [ // caf\xe9\n])".as_slice())]), @r#"
error[K0002]: this is not UTF-8
 --> x.ron:1:20
  |
1 | (entities: [ // caf�
  |                    ^ save the file as UTF-8
"#);
    assert_snapshot!(findings_of([("x.ron", b"\xef\xbb\xbf(entities: [ // caf\xe9\n])".as_slice())]), @r#"
error[K0002]: this is not UTF-8
 --> x.ron:1:20
  |
1 | (entities: [ // caf�
  |                    ^ save the file as UTF-8
"#);
}

#[test]
fn a_value_that_is_no_ron_is_a_slip_of_its_record_alone() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", supplier: "russia" item: "shell"),
Supply(id: "x2", supplier: north korea, item: "shell"),
Supply(id: "x3", supplier: "nkorea", item: "shell"),
"#), @r#"
error[K0003]: expected `,` or a closing bracket
 --> x.ron:2:37
  |
2 | Supply(id: "x1", supplier: "russia" item: "shell"),
  |                                     ^
error[K0003]: expected `,` or a closing bracket
 --> x.ron:3:34
  |
3 | Supply(id: "x2", supplier: north korea, item: "shell"),
  |                                  ^
error[K0012]: unknown entity `nkorea`
 --> x.ron:4:29
  |
4 | Supply(id: "x3", supplier: "nkorea", item: "shell"),
  |                             ^^^^^^ did you mean `north-korea`?
"#);
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", quantity: "\q"),
Supply(id: "x2", item: "shell", quantity: @),
Supply(id: "x3", item: "shell", at: (paragraph: 99999999999999999999999999999999999999999)),
(id: "x4", item: "shell"),
"x5",
"#), @r#"
error[K0003]: unknown escape in a string: `\` is written `\\`
 --> x.ron:2:44
  |
2 | Supply(id: "x1", item: "shell", quantity: "\q"),
  |                                            ^
error[K0003]: `@` does not belong here
 --> x.ron:3:42
  |
3 | Supply(id: "x2", item: "shell", quantity: @),
  |                                          ^
error[K0007]: `paragraph` takes a whole number, not a value of another type
 --> x.ron:4:38
  |
4 | Supply(id: "x3", item: "shell", at: (paragraph: 99999999999999999999999999999999999999999)),
  |                                      ^^^^^^^^^
error[K0008]: a locator lacks the field `sha256`
 --> x.ron:4:38
  |
4 | Supply(id: "x3", item: "shell", at: (paragraph: 99999999999999999999999999999999999999999)),
  |                                      ^^^^^^^^^ add `sha256: …`
error[K0032]: a locator lacks `length`
 --> x.ron:4:38
  |
4 | Supply(id: "x3", item: "shell", at: (paragraph: 99999999999999999999999999999999999999999)),
  |                                      ^^^^^^^^^ as in `at: (paragraph: 3, length: 120, sha256: "…")`
error[K0003]: a record begins with what it is, as in `Supply(id: "…", …)`
 --> x.ron:5:1
  |
5 | (id: "x4", item: "shell"),
  | ^
error[K0003]: a record begins with what it is, as in `Supply(id: "…", …)`
 --> x.ron:6:1
  |
6 | "x5",
  | ^
"#);
}

#[test]
fn a_bracket_that_is_not_closed() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell",
Supply(id: "x2", item: "shel"),
"#), @r#"
error[K0004]: this bracket is not closed
 --> x.ron:2:7
  |
2 | Supply(id: "x1", item: "shell",
  |       ^ its `)` is missing before the next record
error[K0012]: unknown entity `shel`
 --> x.ron:3:25
  |
3 | Supply(id: "x2", item: "shel"),
  |                         ^^^^ did you mean `shell`?
"#);
}

#[test]
fn a_field_that_has_no_meaning() {
    assert_snapshot!(findings("(entitys: [])"), @r#"
error[K0005]: unknown field `entitys`
 --> x.ron:1:2
  |
1 | (entitys: [])
  |  ^^^^^^^ did you mean `entities`?
"#);
    assert_snapshot!(findings("(persons: [])"), @r#"
error[K0005]: unknown field `persons`
 --> x.ron:1:2
  |
1 | (persons: [])
  |  ^^^^^^^ a file has the fields document, defaults, facts, entities, decisions, kinds, units, hedges, question_words, examples, strangers, conversions, margin
"#);
    assert_snapshot!(of_entities(r#"
Country(id: "france", name: "France", alias: "x", partof: "ukraine"),
"#), @r#"
error[K0005]: unknown field `alias`
 --> x.ron:2:39
  |
2 | Country(id: "france", name: "France", alias: "x", partof: "ukraine"),
  |                                       ^^^^^ did you mean `aliases`?
error[K0005]: unknown field `partof`
 --> x.ron:2:51
  |
2 | Country(id: "france", name: "France", alias: "x", partof: "ukraine"),
  |                                                   ^^^^^^ did you mean `part_of`?
"#);
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", claims: [(by: "msmt", wounded: "3", quality: "3")]),
Supply(id: "x2", item: "shell", inferred: ["period"]),
Supply(id: "x3", item: (id: "shell", off: "russia")),
"#), @r#"
error[K0005]: unknown field `wounded`
 --> x.ron:2:55
  |
2 | Supply(id: "x1", item: "shell", claims: [(by: "msmt", wounded: "3", quality: "3")]),
  |                                                       ^^^^^^^ a claim has by, via, document, stance, made, withdrawn, period, scope, inferred, at, note and figures
error[K0005]: unknown field `quality`
 --> x.ron:2:69
  |
2 | Supply(id: "x1", item: "shell", claims: [(by: "msmt", wounded: "3", quality: "3")]),
  |                                                                     ^^^^^^^ a claim has by, via, document, stance, made, withdrawn, period, scope, inferred, at, note and figures
error[K0005]: `inferred` names `period`, which this record does not have
 --> x.ron:3:45
  |
3 | Supply(id: "x2", item: "shell", inferred: ["period"]),
  |                                             ^^^^^^ it has item
error[K0008]: a participant lacks the field `of`
 --> x.ron:4:25
  |
4 | Supply(id: "x3", item: (id: "shell", off: "russia")),
  |                         ^^ add `of: …`
error[K0014]: `shell` is of the kind materiel, which `of` does not take
 --> x.ron:4:30
  |
4 | Supply(id: "x3", item: (id: "shell", off: "russia")),
  |                              ^^^^^ `of` takes population
error[K0005]: unknown field `off`
 --> x.ron:4:38
  |
4 | Supply(id: "x3", item: (id: "shell", off: "russia")),
  |                                      ^^^ did you mean `of`?
"#);
}

#[test]
fn a_field_that_stands_twice() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", period: "2024", period: "2025"),
Supply(id: "x2", item: "shell", quantity: "1", amount: "2"),
Supply(id: "x3", item: "shell", quantity: "1", quantity: "2"),
Supply(id: "x4", item: "shell", item: "missile"),
"#), @r#"
error[K0006]: the field `period` stands twice
 --> x.ron:2:49
  |
2 | Supply(id: "x1", item: "shell", period: "2024", period: "2025"),
  |                                                 ^^^^^^ keep one of them
error[K0006]: `amount` and `quantity` are the same figure
 --> x.ron:3:48
  |
3 | Supply(id: "x2", item: "shell", quantity: "1", amount: "2"),
  |                                                ^^^^^^ keep one of them
error[K0006]: the field `quantity` stands twice
 --> x.ron:4:48
  |
4 | Supply(id: "x3", item: "shell", quantity: "1", quantity: "2"),
  |                                                ^^^^^^^^ keep one of them
error[K0006]: the field `item` stands twice
 --> x.ron:5:33
  |
5 | Supply(id: "x4", item: "shell", item: "missile"),
  |                                 ^^^^ keep one of them
"#);
    assert_snapshot!(findings("(facts: [],\n facts: [])"), @r#"
error[K0006]: the field `facts` stands twice
 --> x.ron:2:2
  |
2 |  facts: [])
  |  ^^^^^ join the two
"#);
}

#[test]
fn a_value_of_the_wrong_type() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", quantity: 100),
Supply(id: "x2", item: "shell", period: true),
Supply(id: "x3", item: shell, supplier: []),
Supply(id: "x4", item: "shell", at: "paragraph 3"),
Supply(id: "x5", item: "shell", draft: "yes"),
Supply(id: "x6", item: "shell", note: ""),
Supply(id: "x7", item: "shell", recipient: Named(of: "msmt")),
Supply(id: "x8", item: "shell", quantity: ("1", "2")),
Supply(id: "x9", item: "shell", quantity: {"a": 1}),
Supply(id: "x10", item: "shell", quantity: 1.5, period: ()),
Supply(id: "x11", item: "shell", claims: (by: "msmt")),
"#), @r#"
error[K0007]: `quantity` takes a text, not the number 100
 --> x.ron:2:33
  |
2 | Supply(id: "x1", item: "shell", quantity: 100),
  |                                 ^^^^^^^^ put it in quotes: "100"
error[K0007]: `period` takes a text in double quotes, not `true`
 --> x.ron:3:33
  |
3 | Supply(id: "x2", item: "shell", period: true),
  |                                 ^^^^^^
error[K0007]: `item` takes a text, not the word `shell`
 --> x.ron:4:24
  |
4 | Supply(id: "x3", item: shell, supplier: []),
  |                        ^^^^^ put it in quotes: "shell"
error[K0007]: `supplier` is an empty list
 --> x.ron:4:31
  |
4 | Supply(id: "x3", item: shell, supplier: []),
  |                               ^^^^^^^^ leave the role out, or name somebody
error[K0007]: `at` takes `(field: value, …)`, not the text `paragraph 3`
 --> x.ron:5:38
  |
5 | Supply(id: "x4", item: "shell", at: "paragraph 3"),
  |                                      ^^^^^^^^^^^
error[K0007]: `draft` takes `true` or `false`, not the text `yes`
 --> x.ron:6:41
  |
6 | Supply(id: "x5", item: "shell", draft: "yes"),
  |                                         ^^^
error[K0007]: `note` is empty
 --> x.ron:7:40
  |
7 | Supply(id: "x6", item: "shell", note: ""),
  |                                        ^ leave it out, or fill it in
error[K0007]: expected `Unnamed(of: "…")`, not `Named(…)`
 --> x.ron:8:44
  |
8 | Supply(id: "x7", item: "shell", recipient: Named(of: "msmt")),
  |                                            ^^^^^
error[K0003]: expected a field's name
 --> x.ron:9:44
  |
9 | Supply(id: "x8", item: "shell", quantity: ("1", "2")),
  |                                            ^
error[K0003]: expected a field's name
  --> x.ron:10:44
   |
10 | Supply(id: "x9", item: "shell", quantity: {"a": 1}),
   |                                            ^
error[K0007]: `quantity` takes a text in double quotes, not a value of another type
  --> x.ron:11:34
   |
11 | Supply(id: "x10", item: "shell", quantity: 1.5, period: ()),
   |                                  ^^^^^^^^
error[K0007]: `period` takes a text in double quotes, not a struct
  --> x.ron:11:57
   |
11 | Supply(id: "x10", item: "shell", quantity: 1.5, period: ()),
   |                                                         ^
error[K0007]: `claims` takes a list, as in `claims: [(by: "…"), (by: "…")]`, not a struct
  --> x.ron:12:42
   |
12 | Supply(id: "x11", item: "shell", claims: (by: "msmt")),
   |                                          ^
"#);
    assert_snapshot!(findings("(entities: \"all\", facts: [\n])"), @r#"
error[K0007]: `entities` takes a list of records, not the text `all`
 --> x.ron:1:13
  |
1 | (entities: "all", facts: [
  |             ^^^
"#);
    assert_snapshot!(findings("(defaults: [\"msmt\"])"), @r#"
error[K0007]: `defaults` takes `(by: "…", via: […], stance: …)`, not a list
 --> x.ron:1:2
  |
1 | (defaults: ["msmt"])
  |  ^^^^^^^^
"#);
    assert_snapshot!(findings("(kinds: [Sort(id: \"loan\")])"), @r#"
error[K0007]: expected `Kind(…)`, not `Sort(…)`
 --> x.ron:1:10
  |
1 | (kinds: [Sort(id: "loan")])
  |          ^^^^
"#);
}

#[test]
fn a_field_that_is_missing() {
    assert_snapshot!(of_facts(r#"
Supply(item: "shell"),
Dispatch(id: "x2", people: (id: "troops")),
Supply(id: "x3", item: "shell", recipient: Unnamed(label: "1")),
"#), @r#"
error[K0008]: a record lacks the field `id`
 --> x.ron:2:1
  |
2 | Supply(item: "shell"),
  | ^^^^^^ add `id: …`
error[K0008]: a participant lacks the field `of`
 --> x.ron:3:29
  |
3 | Dispatch(id: "x2", people: (id: "troops")),
  |                             ^^ add `of: …`
error[K0008]: an unnamed participant lacks the field `of`
 --> x.ron:4:44
  |
4 | Supply(id: "x3", item: "shell", recipient: Unnamed(label: "1")),
  |                                            ^^^^^^^ add `of: …`
"#);
    assert_snapshot!(of_entities("Country(id: \"france\"),"), @r#"
error[K0008]: an entity lacks the field `name`
 --> x.ron:2:1
  |
2 | Country(id: "france"),
  | ^^^^^^^ add `name: …`
"#);
}

#[test]
fn an_id_that_is_no_slug() {
    assert_snapshot!(of_facts(r#"Supply(id: "Row 11", item: "shell"),"#), @r#"
error[K0010]: `Row 11` is no id
 --> x.ron:2:13
  |
2 | Supply(id: "Row 11", item: "shell"),
  |             ^^^^^^ ids are lower-case letters, digits and hyphens: `row-11`
"#);
    assert_snapshot!(of_entities("Country(id: \"cote_d'ivoire\", name: \"Côte d'Ivoire\"),"), @r#"
error[K0010]: `cote_d'ivoire` is no id
 --> x.ron:2:14
  |
2 | Country(id: "cote_d'ivoire", name: "Côte d'Ivoire"),
  |              ^^^^^^^^^^^^^ ids are lower-case letters, digits and hyphens: `cote-d-ivoire`
"#);
}

#[test]
fn an_id_that_is_taken() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell"),
Supply(id: "x1", item: "missile"),
Supply(id: "russia", item: "missile"),
Supply(id: "x3", item: ["missile", "missile"]),
"#), @r#"
error[K0011]: the id `x1` is taken
 --> x.ron:3:13
  |
3 | Supply(id: "x1", item: "missile"),
  |             ^^ ids are unique among all entities, facts and documents: choose another
error[K0011]: the id `russia` is taken
 --> x.ron:4:13
  |
4 | Supply(id: "russia", item: "missile"),
  |             ^^^^^^ ids are unique among all entities, facts and documents: choose another
error[K0011]: `missile` stands twice in a list of `x3`
 --> x.ron:5:13
  |
5 | Supply(id: "x3", item: ["missile", "missile"]),
  |             ^^
"#);
    assert_snapshot!(of_entities("Country(id: \"russia\", name: \"Rossiya\"),"), @r#"
error[K0011]: the id `russia` is taken
 --> x.ron:2:14
  |
2 | Country(id: "russia", name: "Rossiya"),
  |              ^^^^^^ ids are unique among all entities, facts and documents: choose another
"#);
    assert_snapshot!(findings("(units: [Unit(id: \"box\", dimension: \"boxes\"), Unit(id: \"box\", dimension: \"boxes\")])"), @r#"
error[K0011]: `box` is defined twice
 --> x.ron:1:57
  |
1 | (units: [Unit(id: "box", dimension: "boxes"), Unit(id: "box", dimension: "boxes")])
  |                                                         ^^^ keep one of them
"#);
}

#[test]
fn an_entity_that_does_not_exist() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", supplier: "nkorea", item: "shell"),
Supply(id: "x2", supplier: "atlantis", item: "shell", by: "mmst"),
Supply(id: "x3", item: "shell", recipient: Unnamed(of: "mmst")),
"#), @r#"
error[K0012]: unknown entity `nkorea`
 --> x.ron:2:29
  |
2 | Supply(id: "x1", supplier: "nkorea", item: "shell"),
  |                             ^^^^^^ did you mean `north-korea`?
error[K0012]: unknown entity `atlantis`
 --> x.ron:3:29
  |
3 | Supply(id: "x2", supplier: "atlantis", item: "shell", by: "mmst"),
  |                             ^^^^^^^^
error[K0012]: unknown entity `mmst`
 --> x.ron:3:60
  |
3 | Supply(id: "x2", supplier: "atlantis", item: "shell", by: "mmst"),
  |                                                            ^^^^ did you mean `msmt`?
error[K0012]: unknown entity `mmst`
 --> x.ron:4:57
  |
4 | Supply(id: "x3", item: "shell", recipient: Unnamed(of: "mmst")),
  |                                                         ^^^^ did you mean `msmt`?
"#);
}

#[test]
fn a_kind_that_does_not_exist() {
    assert_snapshot!(of_facts(r#"Suply(id: "x1", item: "shell"),"#), @r#"
error[K0013]: unknown kind of fact `Suply`
 --> x.ron:2:1
  |
2 | Suply(id: "x1", item: "shell"),
  | ^^^^^ did you mean `Supply`?
"#);
    assert_snapshot!(of_facts(r#"Transmogrification(id: "x1", item: "shell"),"#), @r#"
error[K0013]: unknown kind of fact `Transmogrification`
 --> x.ron:2:1
  |
2 | Transmogrification(id: "x1", item: "shell"),
  | ^^^^^^^^^^^^^^^^^^ define it with `kinds: [Kind(id: …)]`, or use one that exists: `purvey list kinds`
"#);
    assert_snapshot!(of_entities("Contry(id: \"france\", name: \"France\"),"), @r#"
error[K0013]: unknown kind of entity `Contry`
 --> x.ron:2:1
  |
2 | Contry(id: "france", name: "France"),
  | ^^^^^^ did you mean `Country`?
"#);
}

#[test]
fn an_entity_of_a_kind_that_does_not_belong_there() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "russia"),
Supply(id: "x2", item: "shell", by: "kyiv"),
Supply(id: "x3", item: "shell", via: "msmt"),
Supply(id: "x4", item: "shell", recipient: (id: "russia", of: "ukraine")),
"#), @r#"
error[K0014]: `russia` is of the kind country, which `item` does not take
 --> x.ron:2:25
  |
2 | Supply(id: "x1", item: "russia"),
  |                         ^^^^^^ `item` takes materiel
error[K0014]: `kyiv` is of the kind place, which `by` does not take
 --> x.ron:3:38
  |
3 | Supply(id: "x2", item: "shell", by: "kyiv"),
  |                                      ^^^^ `by` takes country, organization, person, population, document
error[K0014]: `msmt` is of the kind organization, which `via` does not take
 --> x.ron:4:39
  |
4 | Supply(id: "x3", item: "shell", via: "msmt"),
  |                                       ^^^^ `via` takes document
error[K0014]: `russia` is of the kind country, which `of` does not take
 --> x.ron:5:50
  |
5 | Supply(id: "x4", item: "shell", recipient: (id: "russia", of: "ukraine")),
  |                                                  ^^^^^^ `of` takes population
"#);
}

#[test]
fn a_role_or_figure_that_the_kind_lacks() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", suplier: "russia", item: "shell"),
Supply(id: "x2", victim: "russia", item: "shell", wounded: "3"),
Publication(id: "x3", quantity: "3"),
"#), @r#"
error[K0015]: `supply` has no role or figure `suplier`
 --> x.ron:2:18
  |
2 | Supply(id: "x1", suplier: "russia", item: "shell"),
  |                  ^^^^^^^ did you mean `supplier`?
error[K0015]: `supply` has no role or figure `victim`
 --> x.ron:3:18
  |
3 | Supply(id: "x2", victim: "russia", item: "shell", wounded: "3"),
  |                  ^^^^^^ `supply` has the roles supplier, item, recipient, carrier, origin, destination, purpose and the figures amount
error[K0015]: `supply` has no role or figure `wounded`
 --> x.ron:3:51
  |
3 | Supply(id: "x2", victim: "russia", item: "shell", wounded: "3"),
  |                                                   ^^^^^^^ `supply` has the roles supplier, item, recipient, carrier, origin, destination, purpose and the figures amount
error[K0018]: `x3` lacks the role `publisher`
 --> x.ron:4:1
  |
4 | Publication(id: "x3", quantity: "3"),
  | ^^^^^^^^^^^ add `publisher: "…"`
error[K0018]: `x3` lacks the role `work`
 --> x.ron:4:1
  |
4 | Publication(id: "x3", quantity: "3"),
  | ^^^^^^^^^^^ add `work: "…"`
"#);
}

#[test]
fn a_reference_to_a_record_that_does_not_exist() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", after: "base-9"),
Supply(id: "x2", item: "shell", part_of: ["base-1/gun", "russia"]),
Supply(id: "x3", item: "shell", draft: true),
Supply(id: "x4", item: "shell", after: "x3"),
"#), @r#"
error[K0016]: `x1` refers to `base-9`, which is no record
 --> x.ron:2:41
  |
2 | Supply(id: "x1", item: "shell", after: "base-9"),
  |                                         ^^^^^^ did you mean `base-1`?
error[K0016]: `x2` refers to `base-1/gun`, which is no record
 --> x.ron:3:44
  |
3 | Supply(id: "x2", item: "shell", part_of: ["base-1/gun", "russia"]),
  |                                            ^^^^^^^^^^
error[K0016]: `x2` refers to `russia`, which is no record
 --> x.ron:3:58
  |
3 | Supply(id: "x2", item: "shell", part_of: ["base-1/gun", "russia"]),
  |                                                          ^^^^^^ it is an entity; `part_of` takes records
error[K0016]: `x4` refers to `x3`, which is no record
 --> x.ron:5:41
  |
5 | Supply(id: "x4", item: "shell", after: "x3"),
  |                                         ^^ it is a draft: ask with `--drafts`, or take the relation out for now
"#);
}

#[test]
fn a_word_that_is_not_one_of_the_known_ones() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", stance: says),
Supply(id: "x2", item: "shell", outcome: "maybe"),
"#), @r#"
error[K0017]: `stance` has no value `says`
 --> x.ron:2:41
  |
2 | Supply(id: "x1", item: "shell", stance: says),
  |                                         ^^^^ one of states, estimates, alleges, believes, admits, denies
error[K0017]: `outcome` has no value `maybe`
 --> x.ron:3:43
  |
3 | Supply(id: "x2", item: "shell", outcome: "maybe"),
  |                                           ^^^^^ one of happened, planned, not_adopted, intended, called_for, expected
"#);
}

#[test]
fn a_required_role_that_is_missing() {
    assert_snapshot!(of_facts(r#"Supply(id: "x1", supplier: "russia"),"#), @r#"
error[K0018]: `x1` lacks the role `item`
 --> x.ron:2:1
  |
2 | Supply(id: "x1", supplier: "russia"),
  | ^^^^^^ add `item: "…"`
"#);
}

#[test]
fn two_roles_for_one_end() {
    assert_snapshot!(findings(r#"(
    kinds: [Kind(id: "loan", roles: [
        (id: "lender", flow: source, accepts: [country]),
        (id: "bank", flow: source, accepts: [country]),
    ])],
    document: "report", defaults: (by: "msmt"),
    facts: [Loan(id: "x1", lender: "russia", bank: "ukraine")],
)"#), @r#"
error[K0019]: `bank` and `lender` are both the source of a `loan`
 --> x.ron:7:46
  |
7 |     facts: [Loan(id: "x1", lender: "russia", bank: "ukraine")],
  |                                              ^^^^ give one of them
"#);
}

#[test]
fn lists_in_two_roles_of_the_flow() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: ["shell", "missile"], recipient: ["russia", "ukraine"]),
"#), @r#"
error[K0020]: `item` and `recipient` both hold a list
 --> x.ron:2:46
  |
2 | Supply(id: "x1", item: ["shell", "missile"], recipient: ["russia", "ukraine"]),
  |                                              ^^^^^^^^^ only one of source, object and target may; write several records
"#);
}

#[test]
fn a_quantity_beside_a_list() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: ["shell", "missile"], quantity: "3"),
Supply(id: "x2", item: ["shell", "missile"], claims: [(amount: "3"), (by: "russia")]),
"#), @r#"
error[K0021]: a quantity beside a list: it is not said which member it is of
 --> x.ron:2:46
  |
2 | Supply(id: "x1", item: ["shell", "missile"], quantity: "3"),
  |                                              ^^^^^^^^ write one record for each member
error[K0021]: a quantity beside a list: it is not said which member it is of
 --> x.ron:3:56
  |
3 | Supply(id: "x2", item: ["shell", "missile"], claims: [(amount: "3"), (by: "russia")]),
  |                                                        ^^^^^^ write one record for each member
"#);
}

#[test]
fn a_quantity_that_cannot_be_read() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", quantity: "at leest 100 rounds"),
Supply(id: "x2", item: "shell", quantity: "lots"),
"#), @r#"
error[K0022]: unknown word `at`
 --> x.ron:2:44
  |
2 | Supply(id: "x1", item: "shell", quantity: "at leest 100 rounds"),
  |                                            ^^ did you mean `at least` or `t` or `at most`?
error[K0022]: unknown word `lots`
 --> x.ron:3:44
  |
3 | Supply(id: "x2", item: "shell", quantity: "lots"),
  |                                            ^^^^ write a number, with a hedge or a unit of the vocabulary, or add the word to the vocabulary
"#);
}

#[test]
fn an_interval_that_is_turned_round() {
    assert_snapshot!(of_facts(r#"Supply(id: "x1", item: "shell", quantity: "between 9 and 7 rounds"),"#), @r#"
error[K0023]: the range ends at 7, below its beginning 9
 --> x.ron:2:44
  |
2 | Supply(id: "x1", item: "shell", quantity: "between 9 and 7 rounds"),
  |                                            ^^^^^^^^^^^^^^^ swap the two
"#);
}

#[test]
fn a_unit_of_the_wrong_dimension() {
    assert_snapshot!(of_facts(r#"
Dispatch(id: "x1", people: "troops", quantity: "3 barrels"),
"#), @r#"
error[K0024]: `barrel` counts volume, and this figure counts people
 --> x.ron:2:49
  |
2 | Dispatch(id: "x1", people: "troops", quantity: "3 barrels"),
  |                                                 ^^^^^^^^^ give the figure in a unit of that dimension, or put it where it belongs
"#);
}

#[test]
fn a_unit_that_does_not_exist() {
    assert_snapshot!(of_entities("Materiel(id: \"oil\", name: \"oil\", unit: \"barel\"),"), @r#"
error[K0025]: unknown unit `barel`
 --> x.ron:2:41
  |
2 | Materiel(id: "oil", name: "oil", unit: "barel"),
  |                                         ^^^^^ did you mean `barrel`?
"#);
}

#[test]
fn a_period_that_cannot_be_read() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", period: "2024-13"),
Supply(id: "x2", item: "shell", made: "Febuary 2024"),
Supply(id: "x3", item: "shell", period: "2024\u{2d}99"),
"#), @r#"
error[K0026]: there is no month 13
 --> x.ron:2:47
  |
2 | Supply(id: "x1", item: "shell", period: "2024-13"),
  |                                               ^^ months run from 01 to 12
error[K0026]: `Febuary` is not understood here
 --> x.ron:3:40
  |
3 | Supply(id: "x2", item: "shell", made: "Febuary 2024"),
  |                                        ^^^^^^^ write a date such as `2024-10` or `3 October 2024`, an interval such as `March to October 2024`, `since 2022` or `until August 2025`
error[K0026]: there is no month 99
 --> x.ron:4:33
  |
4 | Supply(id: "x3", item: "shell", period: "2024\u{2d}99"),
  |                                 ^^^^^^ months run from 01 to 12
"#);
}

#[test]
fn a_period_that_ends_before_it_begins() {
    assert_snapshot!(of_facts(r#"Supply(id: "x1", item: "shell", period: "2025/2024"),"#), @r#"
error[K0027]: the period ends (2024) before it begins (2025)
 --> x.ron:2:42
  |
2 | Supply(id: "x1", item: "shell", period: "2025/2024"),
  |                                          ^^^^^^^^^ swap the two, or name the year of both
"#);
}

#[test]
fn a_date_after_the_document_that_tells_of_it() {
    assert_snapshot!(of_facts(r#"Supply(id: "x1", item: "shell", period: "2052-11"),
Supply(id: "x2", item: "shell", period: "2052-11", outcome: planned),
Supply(id: "x3", item: "shell", made: "2052"),"#), @r#"
warning[K0028]: `x1` happened in 2052-11, after the date of `report`, which tells of it
 --> x.ron:2:13
  |
2 | Supply(id: "x1", item: "shell", period: "2052-11"),
  |             ^^ is a date mistyped, or the outcome another one?
warning[K0028]: `x3` was claimed in 2052, after the date of `report`, which tells of it
 --> x.ron:4:13
  |
4 | Supply(id: "x3", item: "shell", made: "2052"),
  |             ^^ is a date mistyped, or the outcome another one?
"#);
}

#[test]
fn a_fact_without_a_claim() {
    assert_snapshot!(findings(r#"(document: "report", facts: [
Supply(id: "x1", item: "shell"),
Supply(id: "x2", item: "shell", by: "msmt"),
Supply(id: "x3", item: "shell", by: "msmt", claims: []),
])"#), @r#"
error[K0030]: `x1` has no claim: nobody is named who says so
 --> x.ron:2:1
  |
2 | Supply(id: "x1", item: "shell"),
  | ^^^^^^ add `by: "…"` here or in the file's `defaults`
error[K0030]: `x3` has no claim: `claims` is empty
 --> x.ron:4:45
  |
4 | Supply(id: "x3", item: "shell", by: "msmt", claims: []),
  |                                             ^^^^^^
"#);
}

#[test]
fn a_claim_without_a_document() {
    assert_snapshot!(findings(r#"(defaults: (by: "msmt"), facts: [
Supply(id: "x1", item: "shell"),
Supply(id: "x2", item: "shell", claims: [(document: "report"), (by: "russia")]),
])"#), @r#"
error[K0031]: the claim of `x1` has no document
 --> x.ron:2:1
  |
2 | Supply(id: "x1", item: "shell"),
  | ^^^^^^ add `document: "…"` to the file, the record or the claim
error[K0031]: the claim of `x2` has no document
 --> x.ron:3:65
  |
3 | Supply(id: "x2", item: "shell", claims: [(document: "report"), (by: "russia")]),
  |                                                                 ^ add `document: "…"` to the file, the record or the claim
"#);
}

#[test]
fn a_locator_that_cannot_be_right() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", at: (paragraph: 0, length: 3, sha256: "ab")),
Supply(id: "x2", item: "shell", at: (paragraph: "3")),
"#), @r#"
error[K0032]: `paragraph` is a whole number from 1
 --> x.ron:2:38
  |
2 | Supply(id: "x1", item: "shell", at: (paragraph: 0, length: 3, sha256: "ab")),
  |                                      ^^^^^^^^^ as in `at: (paragraph: 3, length: 120, sha256: "…")`
error[K0032]: `sha256` is 64 hexadecimal digits, in lower case
 --> x.ron:2:72
  |
2 | Supply(id: "x1", item: "shell", at: (paragraph: 0, length: 3, sha256: "ab")),
  |                                                                        ^^ as in `at: (paragraph: 3, length: 120, sha256: "…")`
error[K0008]: a locator lacks the field `sha256`
 --> x.ron:3:38
  |
3 | Supply(id: "x2", item: "shell", at: (paragraph: "3")),
  |                                      ^^^^^^^^^ add `sha256: …`
error[K0032]: a locator lacks `length`
 --> x.ron:3:38
  |
3 | Supply(id: "x2", item: "shell", at: (paragraph: "3")),
  |                                      ^^^^^^^^^ as in `at: (paragraph: 3, length: 120, sha256: "…")`
error[K0007]: `paragraph` takes a whole number, not the text `3`
 --> x.ron:3:50
  |
3 | Supply(id: "x2", item: "shell", at: (paragraph: "3")),
  |                                                  ^
"#);
}

#[test]
fn a_field_of_one_claim_beside_several() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", scope: "the east", claims: [(quantity: "3")]),
"#), @r#"
error[K0033]: `scope` beside `claims`: it is not said which claim it is of
 --> x.ron:2:33
  |
2 | Supply(id: "x1", item: "shell", scope: "the east", claims: [(quantity: "3")]),
  |                                 ^^^^^ move it into the claim
"#);
}

#[test]
fn a_tree_that_leads_round_in_a_circle() {
    assert_snapshot!(of_entities(r#"
Place(id: "a", name: "Avdiivka", part_of: "b"),
Place(id: "b", name: "Bakhmut", part_of: "a"),
Materiel(id: "c", name: "Cartridge", is_a: "c"),
"#), @r#"
error[K0040]: `a` is above itself: following `part_of` leads round in a circle
 --> x.ron:2:12
  |
2 | Place(id: "a", name: "Avdiivka", part_of: "b"),
  |            ^ take out one of the links
error[K0040]: `c` is above itself: following `is_a` leads round in a circle
 --> x.ron:4:15
  |
4 | Materiel(id: "c", name: "Cartridge", is_a: "c"),
  |               ^ take out one of the links
"#);
}

#[test]
fn relations_that_lead_round_in_a_circle() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", after: "x2"),
Supply(id: "x2", item: "shell", after: "x1"),
Supply(id: "x3", item: "shell", same_as: "x3"),
"#), @r#"
error[K0041]: following `after` from `x1` leads back to it
 --> x.ron:2:13
  |
2 | Supply(id: "x1", item: "shell", after: "x2"),
  |             ^^ a relation goes from the later record to the earlier one
error[K0041]: `x3` names itself in `same_as`
 --> x.ron:4:13
  |
4 | Supply(id: "x3", item: "shell", same_as: "x3"),
  |             ^^ name another record, or take it out
"#);
}

#[test]
fn a_name_without_a_letter() {
    assert_snapshot!(of_entities(r#"
Country(id: "france", name: "…", aliases: ["!"]),
"#), @r#"
error[K0042]: the name `…` has no letter or digit
 --> x.ron:2:30
  |
2 | Country(id: "france", name: "…", aliases: ["!"]),
  |                              ^ nobody could ask for it
error[K0042]: the name `!` has no letter or digit
 --> x.ron:2:45
  |
2 | Country(id: "france", name: "…", aliases: ["!"]),
  |                                             ^ nobody could ask for it
"#);
}

#[test]
fn an_entity_that_nobody_uses() {
    assert_snapshot!(of_entities("Country(id: \"france\", name: \"France\"),"), @r#"
warning[K0043]: nothing refers to the entity `france`
 --> x.ron:2:14
  |
2 | Country(id: "france", name: "France"),
  |              ^^^^^^ record a fact that it takes part in, or take it out
"#);
}

#[test]
fn a_draft_uses_its_entities() {
    assert_snapshot!(findings(r#"(
    entities: [Country(id: "france", name: "France"), Country(id: "spain", name: "Spain")],
    document: "report", defaults: (by: "msmt"),
    facts: [Supply(id: "x1", draft: true, item: "shell", supplier: ["france"], by: Unnamed(of: "spain"))],
)"#), @"");
}

#[test]
fn two_entities_with_one_name() {
    assert_snapshot!(findings(r#"(
    entities: [
        Country(id: "dprk", name: "The North-Korea", aliases: ["Rossiya"], codes: (iso3166: "RU")),
        Country(id: "russian-federation", name: "Russian Federation", aliases: ["Rossiya"], codes: (iso3166: "RU")),
        Organization(id: "shells", name: "Kyiv", metonyms: ["Moscow"], aliases: ["Moscow"]),
    ],
    document: "report", defaults: (by: "msmt"),
    facts: [Supply(id: "x1", item: "shell", supplier: "dprk", recipient: ["russian-federation", "shells"])],
)"#), @r#"
warning[K0044]: `dprk` and `north-korea` share the name `North Korea`
 --> x.ron:3:22
  |
3 |         Country(id: "dprk", name: "The North-Korea", aliases: ["Rossiya"], codes: (iso3166: "RU")),
  |                      ^^^^ write more into one of the names, or join the two entities
warning[K0044]: `russian-federation` and `dprk` share the alias `Rossiya`
 --> x.ron:4:22
  |
4 |         Country(id: "russian-federation", name: "Russian Federation", aliases: ["Rossiya"], codes: (iso3166: "RU")),
  |                      ^^^^^^^^^^^^^^^^^^ whoever asks by it must choose: take it out of one, or join the two
warning[K0044]: `shells` and `kyiv` share the name `Kyiv`
 --> x.ron:5:27
  |
5 |         Organization(id: "shells", name: "Kyiv", metonyms: ["Moscow"], aliases: ["Moscow"]),
  |                           ^^^^^^ write more into one of the names, or join the two entities
"#);
}

#[test]
fn a_passage_that_is_not_where_its_locator_says() {
    let [right, moved, absent] =
        [(3, "two ships left"), (2, "two ships left"), (3, "no ship left")].map(|(paragraph, words)| {
            let hash: String = Sha256::digest(words).iter().map(|it| format!("{it:02x}")).collect();
            format!("(paragraph: {paragraph}, length: {}, sha256: \"{hash}\")", words.chars().count())
        });
    let records = format!(
        r#"(document: "report", defaults: (by: "msmt"), facts: [
Supply(id: "x1", supplier: "russia", item: "shell", at: {right}),
Supply(id: "x2", supplier: "russia", item: "shell",
    at: {moved}),
Supply(id: "x3", supplier: "russia", item: "shell", claims: [(
    at: {absent})]),
])"#
    );
    let files =
        [("data/base.ron", BASE), ("data/x.ron", &records), ("text.txt", "Head\n\nBy us\nIn May two  ships left.")];
    let folder = folder(files.map(|(name, text)| (name, text.as_bytes())));
    let article = Article { document: "report".to_owned(), file: folder.path().join("text.txt") };
    let sources = Sources::Paths(vec![folder.path().join("data")]);
    let loaded = load_with_articles(&sources, LoadOptions::default(), &[article]);
    // A hash says nothing to a reader.
    let shown: String = rendered(&loaded, folder.path())
        .lines()
        .map(|it| match it.split_once("length:") {
            Some((before, _)) => format!("{}…\n", before.trim_end()),
            None => format!("{it}\n"),
        })
        .collect();
    assert_snapshot!(shown, @r#"
warning[K0035]: this passage begins in paragraph 3, not 2
 --> data/x.ron:4:10
  |
4 |     at: (paragraph: 2,…
  |          ^^^^^^^^^ write `paragraph: 3`
error[K0034]: this passage is not in the text given for `report`
 --> data/x.ron:6:10
  |
6 |     at: (paragraph: 3,…
  |          ^^^^^^^^^ the length, the hash or the text is another one
"#);
}

#[test]
fn a_template_that_cannot_be_filled() {
    assert_snapshot!(findings(r#"(kinds: [Kind(id: "loan", roles: [(id: "lender", accepts: [country])], label: "{lend}",
    sentences: ["{lender lent"])])"#), @r#"
error[K0050]: the template's field `{lend}` is no role or figure of `loan`
 --> x.ron:1:80
  |
1 | (kinds: [Kind(id: "loan", roles: [(id: "lender", accepts: [country])], label: "{lend}",
  |                                                                                ^^^^^^ besides roles and figures there are {from}, {what}, {to}, {object}, {quantity}, {when}, {per}
error[K0050]: `{` is not closed
 --> x.ron:2:18
  |
2 |     sentences: ["{lender lent"])])
  |                  ^^^^^^^^^^^^
"#);
}

#[test]
fn an_entry_of_the_vocabulary_that_cannot_be_used() {
    assert_snapshot!(findings(r#"(kinds: [Kind(id: "loan", roles: [
    (id: "Lender", accepts: [country]),
    (id: "period", accepts: [country]),
    (id: "quantity", accepts: [country]),
    (id: "bank", accepts: [country]),
    (id: "bank", accepts: [country]),
    (id: "of_nobody"),
], figures: [(id: "bank"), (id: "sum"), (id: "sum")])])"#), @r#"
error[K0051]: `loan` has two roles or figures called `bank`
 --> x.ron:1:20
  |
1 | (kinds: [Kind(id: "loan", roles: [
  |                    ^^^^ give each a name of its own
error[K0051]: `loan` has two roles or figures called `sum`
 --> x.ron:1:20
  |
1 | (kinds: [Kind(id: "loan", roles: [
  |                    ^^^^ give each a name of its own
error[K0051]: `Lender` is no name of a role or figure
 --> x.ron:2:11
  |
2 |     (id: "Lender", accepts: [country]),
  |           ^^^^^^ lower-case letters, digits and `_`, as in `military_aid`
error[K0051]: `period` is a field of every record
 --> x.ron:3:11
  |
3 |     (id: "period", accepts: [country]),
  |           ^^^^^^ choose another name
error[K0051]: `quantity` is a field of every record
 --> x.ron:4:11
  |
4 |     (id: "quantity", accepts: [country]),
  |           ^^^^^^^^ choose another name
"#);
    assert_snapshot!(findings(r#"(
    units: [Unit(id: "box", plural: "-", dimension: "boxes")],
    hedges: [Hedge(words: ["some few"], bound: vague, low: "9", high: "3")],
)"#), @r#"
error[K0051]: the hedge `some few` ends below its beginning; swap `low` and `high`
 --> x.ron:3:14
  |
3 |     hedges: [Hedge(words: ["some few"], bound: vague, low: "9", high: "3")],
  |              ^^^^^
"#);
}
