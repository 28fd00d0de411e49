//! Findings about claims, trees, names and the vocabulary.

use crate::support::loading::{BASE, findings, folder, of_entities, of_facts, rendered};
use insta::assert_snapshot;
use purvey::load::{Article, LoadOptions, Sources, load_with_articles};
use sha2::{Digest, Sha256};

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
fn a_file_of_entities_that_nobody_uses_is_one_finding() {
    let many: String = (10..40).map(|it| format!("Country(id: \"c-{it}\", name: \"C {it}\"),\n")).collect();
    assert_snapshot!(of_entities(&many), @r#"
warning[K0043]: nothing refers to 30 entities of this file, from `c-10` to `c-39`
 --> x.ron:2:14
  |
2 | Country(id: "c-10", name: "C 10"),
  |              ^^^^ they can be found and shown; record facts that they take part in, or take them out
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
