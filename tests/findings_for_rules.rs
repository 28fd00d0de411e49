//! What is found in data that rules could not judge: contradictions, caps, units, withdrawals. Beside `findings`.

use crate::support::loading::{findings, graph_of, of_entities, of_facts};
use insta::assert_snapshot;
use purvey::graph::GraphView;
use purvey::model::ClaimIx;

#[test]
fn a_conversion_that_cannot_be_used() {
    assert_snapshot!(findings(r#"
(conversions: [
    Conversion(unit: "tonne", factor: "1000", to: "litre", source: "x"),
    Conversion(unit: "parsec", factor: "0", to: "litre", source: "x"),
    Conversion(unit: "kilogram", factor: "0", to: "tonne", source: "x"),
    Conversion(unit: "kilogram", factor: "1", to: "kilogram", source: "x"),
    Conversion(unit: "day", factor: "a few", to: "month"),
])"#), @r#"
error[K0024]: `tonne` measures mass, and `litre` volume
 --> x.ron:2:52
  |
2 |     Conversion(unit: "tonne", factor: "1000", to: "litre", source: "x"),
  |                                                    ^^^^^ nothing converts across dimensions
error[K0025]: unknown unit `parsec`
 --> x.ron:3:23
  |
3 |     Conversion(unit: "parsec", factor: "0", to: "litre", source: "x"),
  |                       ^^^^^^
error[K0051]: the factor is zero
 --> x.ron:4:43
  |
4 |     Conversion(unit: "kilogram", factor: "0", to: "tonne", source: "x"),
  |                                           ^ one of the unit is the factor times the other
error[K0051]: `kilogram` converts to itself
 --> x.ron:5:52
  |
5 |     Conversion(unit: "kilogram", factor: "1", to: "kilogram", source: "x"),
  |                                                    ^^^^^^^^ name another unit
error[K0008]: a conversion lacks the field `source`
 --> x.ron:6:5
  |
6 |     Conversion(unit: "day", factor: "a few", to: "month"),
  |     ^^^^^^^^^^ add `source: …`
error[K0022]: `a few` is no number
 --> x.ron:6:38
  |
6 |     Conversion(unit: "day", factor: "a few", to: "month"),
  |                                      ^^^^^
"#);
}

#[test]
fn conversions_lead_one_way() {
    assert_snapshot!(findings(r#"
(units: [Unit(id: "gallon", dimension: "volume")], conversions: [
    Conversion(unit: "gallon", factor: "3.785411784", to: "litre", source: "x"),
    Conversion(unit: "gallon", factor: "0.02", to: "barrel", source: "x"),
    Conversion(unit: "kilogram", factor: "2", to: "tonne", source: "x"),
])"#), @r#"
error[K0051]: `gallon` has two conversions
 --> x.ron:3:5
  |
3 |     Conversion(unit: "gallon", factor: "0.02", to: "barrel", source: "x"),
  |     ^^^^^^^^^^ a unit converts to one other; what that converts to is reached through it
error[K0051]: converting `kilogram` leads back to it
 --> x.ron:4:5
  |
4 |     Conversion(unit: "kilogram", factor: "2", to: "tonne", source: "x"),
  |     ^^^^^^^^^^ take out one of the conversions
"#);
    // One that replaces a built-in one is no second one.
    assert_eq!(
        findings(r#"(conversions: [Conversion(unit: "tonne", factor: "1000", to: "kilogram", source: "x")])"#),
        ""
    );
}

#[test]
fn a_withdrawal_before_what_it_withdraws() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", made: "2024-03", withdrawn: "2024-02"),
Supply(id: "x2", item: "shell", made: "2024-03", withdrawn: "2024"),
Supply(id: "x3", item: "shell", claims: [(withdrawn: "2025-06"), (withdrawn: "2025-05-29")]),
Supply(id: "x4", item: "shell", withdrawn: "2026", claims: [(quantity: "3")]),
Supply(id: "x5", item: "shell", withdrawn: "later"),
"#), @r#"
warning[K0029]: a claim of `x1` was withdrawn in 2024-02, before it was made in 2024-03
 --> x.ron:2:13
  |
2 | Supply(id: "x1", item: "shell", made: "2024-03", withdrawn: "2024-02"),
  |             ^^ is a date mistyped?
warning[K0029]: a claim of `x3` was withdrawn in 2025-05-29, before it was made in 2025-05-30
 --> x.ron:4:13
  |
4 | Supply(id: "x3", item: "shell", claims: [(withdrawn: "2025-06"), (withdrawn: "2025-05-29")]),
  |             ^^ is a date mistyped?
error[K0033]: `withdrawn` beside `claims`: it is not said which claim it is of
 --> x.ron:5:33
  |
5 | Supply(id: "x4", item: "shell", withdrawn: "2026", claims: [(quantity: "3")]),
  |                                 ^^^^^^^^^ move it into the claim
error[K0026]: `later` depends on the day of writing
 --> x.ron:6:45
  |
6 | Supply(id: "x5", item: "shell", withdrawn: "later"),
  |                                             ^^^^^ a date is needed, such as `2024` or `27 June 2025`, or `since 2022` for what goes on
"#);
    assert_snapshot!(of_entities(r#"
Document(id: "note", name: "Note", date: "2025-06-02", corrects: ["report", "article"], withdrawn: "2025-06-01"),
"#), @r#"
warning[K0029]: `note` was withdrawn in 2025-06-01, before its date, 2025-06-02
 --> x.ron:2:15
  |
2 | Document(id: "note", name: "Note", date: "2025-06-02", corrects: ["report", "article"], withdrawn: "2025-06-01"),
  |               ^^^^ is a date mistyped?
"#);
    // A default would take back every claim of a file at once.
    assert_snapshot!(findings(r#"(defaults: (withdrawn: "2025"))"#), @r#"
error[K0005]: unknown field `withdrawn`
 --> x.ron:1:13
  |
1 | (defaults: (withdrawn: "2025"))
  |             ^^^^^^^^^ `defaults` has the fields by, via, document, stance, made
"#);
}

#[test]
fn a_correction_of_nothing_or_of_itself() {
    assert_snapshot!(of_entities(r#"
Document(id: "a", name: "A", corrects: "b"),
Document(id: "b", name: "B", corrects: ["a", "report"]),
Document(id: "c", name: "C", corrects: "c"),
Document(id: "d", name: "D", corrects: ["nowhere", "msmt"]),
"#), @r#"
error[K0041]: following `corrects` from `a` leads back to it
 --> x.ron:2:15
  |
2 | Document(id: "a", name: "A", corrects: "b"),
  |               ^ a correction names the document that it corrects, which was there before it
error[K0041]: following `corrects` from `c` leads back to it
 --> x.ron:4:15
  |
4 | Document(id: "c", name: "C", corrects: "c"),
  |               ^ a correction names the document that it corrects, which was there before it
error[K0012]: unknown entity `nowhere`
 --> x.ron:5:42
  |
5 | Document(id: "d", name: "D", corrects: ["nowhere", "msmt"]),
  |                                          ^^^^^^^
error[K0014]: `msmt` is of the kind organization, which `corrects` does not take
 --> x.ron:5:53
  |
5 | Document(id: "d", name: "D", corrects: ["nowhere", "msmt"]),
  |                                                     ^^^^ `corrects` takes document
"#);
}

#[test]
fn withdrawals_and_corrections_are_in_the_graph() {
    let graph = graph_of(
        r#"(
    entities: [
        Materiel(id: "shell", name: "shell"),
        Organization(id: "msmt", name: "MSMT"),
        Document(id: "first", name: "First"),
        Document(id: "second", name: "Second", corrects: "first", withdrawn: "2025-07"),
        Document(id: "third", name: "Third", corrects: ["second", "first", "second"]),
    ],
    document: "first",
    defaults: (by: "msmt"),
    facts: [Supply(id: "x1", item: "shell", claims: [(quantity: "3", withdrawn: "May 2025"), (quantity: "2")])],
)"#,
    );
    let entity = |id: &str| graph.entity_by_id(id).unwrap();
    let corrected = |id: &str| graph.corrects(entity(id)).iter().map(|it| graph.entity(*it).id).collect::<Vec<_>>();
    assert_eq!(corrected("third"), ["first", "second"]);
    assert_eq!(corrected("second"), ["first"]);
    assert!(corrected("first").is_empty() && corrected("msmt").is_empty());
    let withdrawn = |id: &str| graph.document(entity(id)).withdrawn.map(|it| it.edtf());
    assert_eq!((withdrawn("second").as_deref(), withdrawn("first")), (Some("2025-07"), None));
    let claims = [0, 1].map(|it| graph.claim(ClaimIx(it)).withdrawn.map(|it| it.edtf()));
    assert_eq!(claims, [Some("2025-05".to_owned()), None]);
}

#[test]
fn relations_that_contradict_each_other() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", in_addition_to: "base-1", part_of: "base-1"),
Supply(id: "x2", item: "shell", in_addition_to: "x3"),
Supply(id: "x3", item: "shell", overlaps: "x2"),
Supply(id: "x4", item: "shell", same_as: "x5"),
Supply(id: "x5", item: "shell", part_of: "x4"),
Supply(id: "x6", item: "shell", in_addition_to: "base-1/missile", part_of: "base-1/shell"),
Supply(id: "x7", item: "shell", in_addition_to: "base-1/shell", part_of: "base-1/shell"),
Supply(id: "x8", item: "shell", in_addition_to: "base-1/shell", same_as: "base-1"),
Supply(id: "x9", item: ["shell", "missile"], in_addition_to: "y1/missile"),
Supply(id: "y1", item: ["shell", "missile"], part_of: "x9/shell"),
Supply(id: "y2", item: "shell", in_addition_to: "y1", after: "y1", overlaps: "x1"),
"#), @r#"
error[K0045]: `x1` has `in_addition_to: "base-1"`, and `x1` has `part_of: "base-1"`: both cannot hold
 --> x.ron:2:13
  |
2 | Supply(id: "x1", item: "shell", in_addition_to: "base-1", part_of: "base-1"),
  |             ^^ keep one of the two
error[K0045]: `x2` has `in_addition_to: "x3"`, and `x3` has `overlaps: "x2"`: both cannot hold
 --> x.ron:3:13
  |
3 | Supply(id: "x2", item: "shell", in_addition_to: "x3"),
  |             ^^ keep one of the two
error[K0045]: `x4` has `same_as: "x5"`, and `x5` has `part_of: "x4"`: both cannot hold
 --> x.ron:5:13
  |
5 | Supply(id: "x4", item: "shell", same_as: "x5"),
  |             ^^ keep one of the two
error[K0045]: `x7` has `in_addition_to: "base-1/shell"`, and `x7` has `part_of: "base-1/shell"`: both cannot hold
 --> x.ron:8:13
  |
8 | Supply(id: "x7", item: "shell", in_addition_to: "base-1/shell", part_of: "base-1/shell"),
  |             ^^ keep one of the two
error[K0045]: `x8` has `in_addition_to: "base-1/shell"`, and `x8` has `same_as: "base-1"`: both cannot hold
 --> x.ron:9:13
  |
9 | Supply(id: "x8", item: "shell", in_addition_to: "base-1/shell", same_as: "base-1"),
  |             ^^ keep one of the two
error[K0045]: `x9` has `in_addition_to: "y1/missile"`, and `y1` has `part_of: "x9/shell"`: both cannot hold
  --> x.ron:10:13
   |
10 | Supply(id: "x9", item: ["shell", "missile"], in_addition_to: "y1/missile"),
   |             ^^ keep one of the two
"#);
}

#[test]
fn a_relation_that_contradicts_the_periods() {
    assert_snapshot!(of_facts(r#"
Supply(id: "x1", item: "shell", period: "2023", after: "x2"),
Supply(id: "x2", item: "shell", period: "2024", after: ["x3", "x4"]),
Supply(id: "x3", item: "shell", period: "2024-05"),
Supply(id: "x4", item: "shell", period: "2025-02~"),
"#), @r#"
error[K0045]: `x1` has `after: "x2"`, and the period of `x1`, 2023, is before that of `x2`, 2024
 --> x.ron:2:13
  |
2 | Supply(id: "x1", item: "shell", period: "2023", after: "x2"),
  |             ^^ is a date mistyped, or the relation turned round?
"#);
}

#[test]
fn a_cap_that_does_not_say_over_what_it_counts() {
    assert_snapshot!(of_facts(r#"
Measure(id: "x1", to: "russia", item: "shell", limit: "no more than 5"),
Measure(id: "x2", to: "russia", item: "shell", per: "year"),
Measure(id: "x3", to: "russia", item: ["shell", "missile"], per: "total"),
Measure(id: "x4", to: "russia", item: "shell"),
Measure(id: "x5", to: "russia", item: "shell", limit: "no more than 5", per: "month"),
"#), @r#"
warning[K0046]: the cap `x1` has no `per`
 --> x.ron:2:14
  |
2 | Measure(id: "x1", to: "russia", item: "shell", limit: "no more than 5"),
  |              ^^ say what the limit is for: `per: "year"`, `"month"` or `"total"`
warning[K0046]: `x2` has `per: "year"` and no limit
 --> x.ron:3:14
  |
3 | Measure(id: "x2", to: "russia", item: "shell", per: "year"),
  |              ^^ give the limit, or take `per` out: a measure without a limit is a ban
warning[K0046]: `x3` has `per: "total"` and no limit
 --> x.ron:4:14
  |
4 | Measure(id: "x3", to: "russia", item: ["shell", "missile"], per: "total"),
  |              ^^ give the limit, or take `per` out: a measure without a limit is a ban
"#);
}

#[test]
fn a_cap_in_a_unit_that_does_not_convert() {
    assert_snapshot!(findings(r#"
(units: [Unit(id: "pood", dimension: "mass")],
entities: [
    Materiel(id: "fuel", name: "fuel", unit: "barrel"),
    Materiel(id: "diesel", name: "diesel", is_a: "fuel", unit: "litre"),
],
document: "report", defaults: (by: "msmt"), facts: [
Measure(id: "to-ukraine", to: "ukraine", item: "fuel", limit: "5 barrels", per: "year"),
Measure(id: "from-russia", from: "russia", item: "fuel", limit: "5 kg", per: "year"),
Supply(id: "x1", supplier: "russia", item: "diesel", recipient: "north-korea", quantity: "5"),
Supply(id: "x2", supplier: "north-korea", item: "fuel", recipient: "russia", quantity: "5"),
Supply(id: "x3", item: "diesel", recipient: (id: "troops", of: "ukraine"), quantity: "5 tonnes"),
Supply(id: "x4", item: "diesel", recipient: Unnamed(of: "ukraine"), quantity: "5 litres"),
Supply(id: "x5", item: "diesel", recipient: "ukraine", quantity: "5 kg", outcome: planned),
Supply(id: "x6", supplier: Unnamed(of: "russia"), item: "fuel", quantity: "5 poods"),
Supply(id: "x7", supplier: "russia", item: "fuel", quantity: "5 tonnes"),
Supply(id: "x8", supplier: "russia", item: "shell", recipient: "ukraine", quantity: "5 poods"),
])"#), @r#"
warning[K0047]: the limit of `to-ukraine` is in the unit `barrel`, and `x3`, which it covers, in `tonne`: nothing converts the one to the other
 --> x.ron:7:14
  |
7 | Measure(id: "to-ukraine", to: "ukraine", item: "fuel", limit: "5 barrels", per: "year"),
  |              ^^^^^^^^^^ `barrel` measures volume, `tonne` mass: a `Conversion(…)` joins units of one dimension only, so give one figure in the other's
warning[K0047]: the limit of `from-russia` is in the unit `kilogram`, and `x1`, which it covers, in `litre`: nothing converts the one to the other
 --> x.ron:8:14
  |
8 | Measure(id: "from-russia", from: "russia", item: "fuel", limit: "5 kg", per: "year"),
  |              ^^^^^^^^^^^ `kilogram` measures mass, `litre` volume: a `Conversion(…)` joins units of one dimension only, so give one figure in the other's
warning[K0047]: the limit of `from-russia` is in the unit `kilogram`, and `x6`, which it covers, in `pood`: nothing converts the one to the other
 --> x.ron:8:14
  |
8 | Measure(id: "from-russia", from: "russia", item: "fuel", limit: "5 kg", per: "year"),
  |              ^^^^^^^^^^^ add `conversions: [Conversion(unit: "pood", factor: "…", to: "kilogram", source: "…")]`, or the other way round
"#);
}
