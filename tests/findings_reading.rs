//! Findings about files and their syntax: what cannot be read, fields that are missing, doubled or of the wrong type.
//!
//! Records stand beside those of `support::loading::BASE`; their first line is line 2 of `x.ron`.

use crate::support::loading::{findings, findings_of, folder, of_entities, of_facts, rendered};
use insta::assert_snapshot;
use purvey::load::{LoadOptions, Sources, load};

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
