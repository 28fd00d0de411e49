//! Findings about facts: ids, kinds, roles, references, quantities and periods.

use crate::support::loading::{findings, of_entities, of_facts};
use insta::assert_snapshot;

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
