//! Matching and merging through the real binary: proposals, decisions, their undo, and answers over what is one.

use std::collections::BTreeMap;
use std::path::Path;

use insta::assert_snapshot;
use proptest::prelude::*;
use purvey::query::Evidence;
use serde_json::Value;

use crate::support::loading::{findings, graph_of, mapped, told};
use crate::support::{Run, command, folder_of, purvey, purvey_on};

const LISTS: &str = include_str!("../docs/matching/lists.ron");

fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", run.stdout, run.stderr))
}

/// "level a b" of each pair.
fn pairs(entities: &str) -> Vec<String> {
    let text = format!("(entities: [{entities}])");
    let found = json(&purvey_on(&[("x.ron", &text)], &["match", "--format", "json"]));
    let list = found["pairs"].as_array().expect("a list");
    list.iter()
        .map(|it| {
            let words = [&it["level"], &it["a"]["id"], &it["b"]["id"]];
            words.map(|it| it.as_str().expect("a text")).join(" ")
        })
        .collect()
}

/// All files of the data and their bytes.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder.join("graph-data")).expect("a folder").map(|it| it.expect("a file"));
    files.map(|it| (it.file_name().to_string_lossy().into_owned(), std::fs::read(it.path()).expect("bytes"))).collect()
}

#[test]
fn pairs_are_as_likely_as_what_they_share() {
    let born = |day: &str| format!("extra: [(name: \"birthDate\", values: [\"{day}\"])]");
    let (first, second) = (born("1970-01-02"), born("1990"));
    for (entities, expected) in [
        // The same identifier of the same scheme, however it is written and whatever the name.
        (r#"Vessel(id: "a", name: "Zarya", codes: (imo: "9187629")), Vessel(id: "b", name: "Sunrise", codes: (imo_number: "IMO9187629"))"#.to_owned(), vec!["sure a b"]),
        // Another identifier of the scheme.
        (r#"Vessel(id: "a", name: "Zarya", codes: (imo: "1")), Vessel(id: "b", name: "Zarya", codes: (imo: "2"))"#.to_owned(), vec![]),
        (r#"Person(id: "a", name: "Ivan Petrov"), Person(id: "b", name: "IVAN  PETROV")"#.to_owned(), vec!["possible a b"]),
        (format!(r#"Person(id: "a", name: "Ivan Petrov", {first}), Person(id: "b", name: "Ivan Petrov", {first})"#), vec!["likely a b"]),
        // Two people of one name.
        (format!(r#"Person(id: "a", name: "Ivan Petrov", {first}), Person(id: "b", name: "Ivan Petrov", {second})"#), vec![]),
        // An identifier does not make sure where something speaks against it.
        (format!(r#"Person(id: "a", name: "Ivan Petrov", codes: (passport: "AB 1"), {first}), Person(id: "b", name: "Ivan Petrov", codes: (passport: "ab1"), {second})"#), vec!["likely a b"]),
        (r#"Person(id: "a", name: "Ivan Petrov"), Person(id: "b", name: "Иван Петров")"#.to_owned(), vec!["possible a b"]),
        (r#"Person(id: "a", name: "Volodymyr Zelenskyy"), Person(id: "b", name: "Selenskyj, Wolodymyr")"#.to_owned(), vec!["possible a b"]),
        (r#"Person(id: "a", name: "Petrov, Ivan"), Person(id: "b", name: "Ivan Petrov")"#.to_owned(), vec!["possible a b"]),
        (r#"Person(id: "a", name: "Ivan Petrov"), Person(id: "b", name: "Ivan Petrow")"#.to_owned(), vec!["possible a b"]),
        (r#"Organization(id: "a", name: "Volna Shipping Ltd"), Organization(id: "b", name: "VOLNA SHIPPING LIMITED")"#.to_owned(), vec!["possible a b"]),
        (r#"Organization(id: "a", name: "ООО Ромашка"), Organization(id: "b", name: "Romashka LLC")"#.to_owned(), vec!["possible a b"]),
        // Numbers and letters that mark one of several.
        (r#"Vessel(id: "a", name: "Baltic Trader 12"), Vessel(id: "b", name: "Baltic Trader 13")"#.to_owned(), vec![]),
        (r#"Document(id: "a", name: "The list A"), Document(id: "b", name: "The list B")"#.to_owned(), vec![]),
        // Another kind.
        (r#"Person(id: "a", name: "Petrov"), Organization(id: "b", name: "Petrov")"#.to_owned(), vec![]),
        (r#"Organization(id: "a", name: "Volna", part_of: "x"), Organization(id: "b", name: "Volna", part_of: "x"), Organization(id: "c", name: "Volna", part_of: "y"), Country(id: "x", name: "Cyprus"), Country(id: "y", name: "Malta")"#.to_owned(), vec!["likely a b", "possible a c", "possible b c"]),
    ] {
        assert_eq!(pairs(&entities), expected, "{entities}");
    }
}

/// How many pairs of so many people are compared: all are of a few families, and half have one of ten names.
fn compared(people: usize) -> u64 {
    use std::fmt::Write;
    let mut text = String::from("(entities: [");
    for at in 0..people {
        let (given, family) = (["Ivan", "Anna", "Oleg", "Maria", "Pavel"][at % 5], ["Petrov", "Kim"][at / 5 % 2]);
        let own = if at % 2 == 0 { String::new() } else { format!("{}-{} ", at * 7919 % 1000, at * 104_729 % 1000) };
        let year = 1950 + at * 31 % 50;
        let born = format!("extra: [(name: \"birthDate\", values: [\"{year}\"])]");
        writeln!(text, "Person(id: \"p{at}\", name: \"{given} {own}{family}\", {born}),").expect("memory");
    }
    text += "])";
    let found = json(&purvey_on(&[("x.ron", &text)], &["match", "--format", "json"]));
    found["compared"].as_u64().expect("a count")
}

#[test]
fn pairs_grow_with_the_names_and_not_with_their_square() {
    let (some, many) = (compared(500), compared(2_000));
    // All pairs would be 125,000 and 2 million: 16 times as many.
    assert!(some > 0 && many < 100 * 2_000 && many < 8 * some.max(1), "{some}, then {many}");
}

#[test]
fn a_score_is_the_sum_of_its_reasons() {
    let found = json(&purvey_on(&[("x.ron", LISTS)], &["match", "--format", "json"]));
    let pairs = found["pairs"].as_array().expect("a list");
    assert_eq!(pairs.len(), 3);
    for pair in pairs {
        let points = pair["reasons"].as_array().expect("a list").iter().filter_map(|it| it["points"].as_i64());
        assert_eq!(Some(points.sum::<i64>()), pair["score"].as_i64(), "{pair}");
    }
}

#[test]
fn what_is_decided_is_not_proposed_again() {
    let folder = folder_of(&[("lists.ron", LISTS)]);
    let at = folder.path();
    let level = || json(&run_in(at, &["match", "--format", "json"]))["pairs"].as_array().map(Vec::len);
    assert_eq!(level(), Some(3));
    let run = run_in(at, &["match", "--not", "a-zarya", "b-sunrise", "--reason", "a \"reused\" number"]);
    assert_eq!((run.code, level()), (Some(0), Some(2)), "{}", run.stderr);
    assert_eq!(run_in(at, &["merge", "--undecided", "a-volna", "b-volna"]).code, Some(0));
    assert_eq!(level(), Some(1));
    let all = json(&run_in(at, &["match", "--all", "--format", "json"]));
    let undecided = all["pairs"].as_array().expect("a list").iter().filter(|it| it["decided"] == "undecided").count();
    assert_eq!((all["pairs"].as_array().map(Vec::len), undecided), (Some(2), 1));
    assert_eq!(run_in(at, &["merge", "a-petrov", "b-petrov"]).code, Some(0));
    assert_eq!(level(), Some(0));
    // A snapshot knows the decisions too.
    assert_eq!(run_in(at, &["build", "graph-data", "--out", "x.purvey"]).code, Some(0));
    let of_snapshot = run_in(at, &["match", "--data", "x.purvey"]);
    assert_eq!((of_snapshot.code, of_snapshot.stdout.contains("3 left out: decided before")), (Some(1), false));
    assert!(of_snapshot.stdout.contains("2 left out: decided before"), "{}", of_snapshot.stdout);
}

#[test]
fn proposals_as_decisions_can_be_read() {
    let folder = folder_of(&[("lists.ron", LISTS)]);
    let at = folder.path();
    assert_eq!(run_in(at, &["match", "--out", "graph-data/decisions.ron"]).code, Some(0));
    let check = run_in(at, &["check"]);
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    assert_eq!(run_in(at, &["match"]).code, Some(1));
    assert_eq!(run_in(at, &["match", "--all"]).code, Some(0));
}

#[test]
fn what_is_one_stands_as_one_and_shows_what_said_what() {
    let folder = folder_of(&[("lists.ron", LISTS)]);
    let at = folder.path();
    let run = run_in(
        at,
        &["merge", "a-petrov", "b-petrov", "--reason", "same day", "--by", "A. Name", "--made", "2025-06-01"],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for data in [vec![], vec!["--data", "x.purvey"]] {
        if !data.is_empty() {
            assert_eq!(run_in(at, &["build", "graph-data", "--out", "x.purvey"]).code, Some(0));
        }
        for name in ["a-petrov", "b-petrov", "Сергей Петров"] {
            let arguments = [&["show", name, "--format", "json"][..], &data].concat();
            let shown = json(&run_in(at, &arguments));
            let merged = &shown["subject"]["merged"][0];
            assert_eq!(shown["subject"]["id"], "a-petrov", "{name}");
            assert_eq!(merged["id"], "b-petrov");
            assert_eq!(merged["records"], serde_json::json!(["b1", "b4"]));
            assert_eq!((&merged["reason"], &merged["by"]), (&Value::from("same day"), &Value::from("A. Name")));
            let rows = shown["rows"].as_array().expect("rows");
            let mut facts: Vec<&str> = rows.iter().filter_map(|it| it["fact"].as_str()).collect();
            facts.sort_unstable();
            assert_eq!(facts, ["a1", "b1", "b2", "b4"]);
            let b1 = rows.iter().find(|it| it["fact"] == "b1").expect("the row");
            assert_eq!(b1["claims"][0]["document"]["id"], "list-b");
        }
    }
    // A way that leads over both.
    let path = run_in(at, &["path", "b-petrov", "b-volna", "--format", "json"]);
    assert_eq!(json(&path)["chains"][0]["steps"][0]["facts"], serde_json::json!(["b1", "b2"]));
}

#[test]
fn a_merged_claimant_is_one_origin() {
    let entities = r#"Person(id: "p", name: "Ann Lee"), Person(id: "q", name: "A. Lee"), Organization(id: "a", name: "Acme"),
        Organization(id: "b", name: "Bolt"), Document(id: "d", name: "Doc"), Document(id: "e", name: "Paper")"#;
    let facts =
        r#"Payment(id: "x", payer: "a", recipient: "b", claims: [(by: "p", document: "d"), (by: "q", document: "e")])"#;
    let status = |decisions: &str| {
        let text = format!("(entities: [{entities}], facts: [{facts}], decisions: [{decisions}])");
        json(&purvey_on(&[("x.ron", &text)], &["who", "--format", "json"]))["rows"][0]["status"].clone()
    };
    assert_eq!(status(""), "corroborated");
    assert_eq!(status(r#"Same(a: "p", b: "q")"#), "single-source");
    assert_eq!(status(r#"NotSame(a: "p", b: "q")"#), "corroborated");
}

#[test]
fn nonsense_is_refused_and_nothing_written() {
    let folder = folder_of(&[("lists.ron", LISTS)]);
    let at = folder.path();
    assert_eq!(run_in(at, &["match", "--not", "a-petrov", "b-petrov-son"]).code, Some(0));
    assert_eq!(run_in(at, &["merge", "a-petrov", "b-petrov"]).code, Some(0));
    let before = bytes(at);
    for (arguments, told) in [
        (vec!["merge", "a-petrov", "a-petrov"], "are the same id"),
        (vec!["merge", "b-petrov", "a-petrov"], "are one already"),
        (vec!["merge", "a-petrov", "russia"], "cannot be one"),
        (vec!["merge", "a-petrov", "b-petrov-son"], "decided already"),
        (vec!["merge", "b-petrov-son", "b-petrov"], "decided already"),
        (vec!["merge", "Sergei Petrov", "b-petrov"], "give the id"),
        (vec!["merge", "nobody", "b-petrov"], "nothing is called"),
        (vec!["merge", "a-volna", "b-volna", "--keep", "russia"], "neither"),
        (vec!["merge", "a-volna", "b-volna", "--made", "yesterday-ish"], "--made"),
        (vec!["merge", "a-volna", "b-volna", "--in", "elsewhere.ron"], "no file of the data"),
        (vec!["merge", "a-volna", "b-volna", "--in", "graph-data/lists.ron"], "no list `decisions`"),
        (vec!["merge", "--undo", "a-volna", "b-volna"], "no decision about"),
    ] {
        let run = run_in(at, &arguments);
        assert_eq!(run.code, Some(2), "{arguments:?} {}", run.stdout);
        assert!(run.stderr.contains(told), "{arguments:?}: {}", run.stderr);
    }
    assert_eq!(bytes(at), before);
    assert!(purvey(&["merge", "russia", "ukraine"]).stderr.contains("built-in"));
}

#[test]
fn decisions_that_cannot_be_are_findings() {
    let people = r#"Person(id: "p1", name: "One"), Person(id: "p2", name: "Two"), Person(id: "p3", name: "Three"),
        Place(id: "c1", name: "City", part_of: "ukraine"), Place(id: "c2", name: "Town", part_of: "c1"), Place(id: "c3", name: "Village", part_of: "c2"),"#;
    for (decisions, code, told) in [
        (r#"Same(a: "p1", b: "nobody")"#, "K0012", "unknown entity `nobody`"),
        (r#"Sam(a: "p1", b: "p2")"#, "K0013", "did you mean `Same`"),
        (r#"Same(a: "p1", b: "p1")"#, "K0081", "one with itself"),
        (r#"Same(a: "p1", b: "russia")"#, "K0081", "cannot be one"),
        (r#"Same(a: "p1", b: "p2", keep: "p3")"#, "K0081", "is neither"),
        (r#"Same(a: "p1", b: "p2"), NotSame(a: "p2", b: "p1")"#, "K0080", "the same, says another"),
        (r#"Same(a: "p1", b: "p2"), Same(a: "p2", b: "p3"), NotSame(a: "p1", b: "p3")"#, "K0080", "`p1` = `p2` = `p3`"),
        (r#"Same(a: "p1", b: "p2"), Same(a: "p3", b: "p2")"#, "K0080", "`p1` and `p3` are all to stay"),
        (r#"Same(a: "p1", b: "p2"), Same(a: "p2", b: "p3"), Same(a: "p3", b: "p1")"#, "K0080", "circle"),
        (r#"Same(a: "c1", b: "c2")"#, "K0040", "one is above the other"),
        (r#"Same(a: "c1", b: "c3")"#, "K0040", "round in a circle"),
        (r#"Same(a: "p1", b: "p2", made: "someday")"#, "K0026", "someday"),
        (r#"NotSame(a: "p1", b: "p2", keep: "p1")"#, "K0005", "unknown field `keep`"),
    ] {
        let found = findings(&format!("(entities: [{people}], decisions: [{decisions}])"));
        assert!(found.contains(&format!("error[{code}]")) && found.contains(told), "{decisions}: {found}");
    }
    let differ = r#"Place(id: "c4", name: "Burg", part_of: "russia"),"#;
    let found = findings(&format!(r#"(entities: [{people}{differ}], decisions: [Same(a: "c1", b: "c4")])"#));
    assert!(found.contains("warning[K0082]") && found.contains("differ in part_of"), "{found}");
}

#[test]
fn findings_about_decisions_name_the_way() {
    let people = r#"Person(id: "p1", name: "One"), Person(id: "p2", name: "Two"), Place(id: "c1", name: "City", part_of: "ukraine"),
Place(id: "c2", name: "Town", part_of: "russia"), Place(id: "c3", name: "Burg", part_of: "c1")"#;
    let decisions = r#"Same(a: "p1", b: "p2"),
NotSame(a: "p2", b: "p1"),
Same(a: "c1", b: "p1"),
Same(a: "c1", b: "c2")"#;
    let facts = r#"Visit(id: "v", visitor: "p1", place: "c3"), Visit(id: "w", visitor: "p2", place: "c2")"#;
    let text = format!(
        "(entities: [{people}], document: \"report\", defaults: (by: \"msmt\"), facts: [{facts}], decisions: [\n{decisions}\n])"
    );
    assert_snapshot!(findings(&text), @r#"
error[K0080]: `p2` and `p1` are also the same, says another decision
 --> x.ron:4:1
  |
4 | NotSame(a: "p2", b: "p1"),
  | ^^^^^^^ keep one of them
error[K0081]: `c1` is of the kind place and `p1` of the kind person: they cannot be one
 --> x.ron:5:1
  |
5 | Same(a: "c1", b: "p1"),
  | ^^^^ mend the kind of one of them, or write `NotSame(…)`
warning[K0082]: `c1` and `c2` are one, and differ in part_of
 --> x.ron:6:1
  |
6 | Same(a: "c1", b: "c2")
  | ^^^^ what `c1` says is used: write the same into both, or take the decision back
"#);
}

#[test]
fn facts_that_may_be_one_are_told_and_stay_two() {
    let text = LISTS
        .replace("document: \"list-a\",", "decisions: [Same(a: \"a-petrov\", b: \"b-petrov\")], document: \"list-a\",");
    let run = purvey_on(&[("x.ron", &text)], &["match", "--facts"]);
    assert!(run.stdout.contains("b1, b2"), "{}", run.stdout);
    let rows = json(&purvey_on(&[("x.ron", &text)], &["who", "--from", "a-petrov", "--format", "json"]));
    assert_eq!(rows["rows"].as_array().map(Vec::len), Some(2));
    assert_eq!(purvey_on(&[("x.ron", LISTS)], &["match", "--facts"]).code, Some(1));
}

#[test]
fn answers_over_what_is_one_are_those_over_data_written_by_hand() {
    let decided = LISTS.replace(
        "document: \"list-a\",",
        "decisions: [Same(a: \"b-petrov\", b: \"a-petrov\", keep: \"a-petrov\")], document: \"list-a\",",
    );
    // Each reference by the id that stays, and the names with it.
    let by_hand = LISTS
        .replace("        Person(id: \"b-petrov\", name: \"Сергей Петров\", extra: [(name: \"birthDate\", values: [\"1970-01-02\"])]),\n", "")
        .replace("name: \"Sergei Petrov\", extra: [(name: \"birthDate\", values: [\"1970-01-02\"])]", "name: \"Sergei Petrov\", aliases: [\"Сергей Петров\"], extra: [(name: \"birthDate\", values: [\"1970-01-02\"])]")
        .replace("\"b-petrov\"", "\"a-petrov\"");
    let (one, other) = (graph_of(&decided), graph_of(&by_hand));
    for words in [
        "who",
        "who --from a-petrov",
        "path a-petrov b-volna --all",
        "timeline who",
        "support who --from a-petrov",
        "sources",
        "list people",
        "measures",
    ] {
        let (question, evidence) = purvey::cli::parse_question(words.split(' ')).expect("a question");
        let evidence: Evidence = evidence;
        let answer = told(&one, &question, &evidence);
        assert_eq!(answer, told(&other, &question, &evidence), "{words}");
        assert_eq!(answer, told(&mapped(&one), &question, &evidence), "{words}");
    }
}

/// Files with decisions in several shapes.
const SHAPES: [&str; 4] = [
    "(decisions: [])",
    "// ours\n(\n  decisions: [\n    NotSame(a: \"list-a\", b: \"list-b\"), // two lists\n  ],\n)\n",
    "(decisions: [\r\n\tNotSame(a: \"list-a\", b: \"list-b\")\r\n])\r\n",
    "(entities: [], decisions: [NotSame(a: \"list-a\", b: \"list-b\") /* ] */, ])",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Whatever is merged in whatever order, taking it back leaves the bytes of before.
    #[test]
    fn merging_and_undoing_restores_the_bytes(shape in 0..5_usize, swap in any::<bool>(), keep in any::<bool>(), last_first in any::<bool>()) {
        let mut files = vec![("lists.ron", LISTS)];
        files.extend(SHAPES.get(shape).map(|it| ("ours.ron", *it)));
        let folder = folder_of(&files);
        let at = folder.path();
        let before = bytes(at);
        let shown = run_in(at, &["show", "b-petrov", "--format", "json"]).stdout;
        let (a, b) = if swap { ("b-petrov", "a-petrov") } else { ("a-petrov", "b-petrov") };
        let kept = if keep { a } else { b };
        let run = run_in(at, &["merge", a, b, "--keep", kept, "--reason", "“quoted” \"and\" \\ more"]);
        prop_assert_eq!(run.code, Some(0), "{}", run.stderr);
        prop_assert_eq!(run_in(at, &["merge", "a-volna", "b-volna"]).code, Some(0));
        prop_assert_eq!(run_in(at, &["check"]).code, Some(0));
        let undos = [["merge", "--undo", "a-petrov", "b-petrov"], ["merge", "--undo", "b-volna", "a-volna"]];
        let (first, second) = if last_first { (undos[1], undos[0]) } else { (undos[0], undos[1]) };
        prop_assert_eq!(run_in(at, &first).code, Some(0));
        prop_assert_eq!(run_in(at, &second).code, Some(0));
        prop_assert_eq!(bytes(at), before);
        prop_assert_eq!(run_in(at, &["show", "b-petrov", "--format", "json"]).stdout, shown);
    }
}

#[test]
fn merging_in_any_order_is_the_same_in_effect() {
    let entities = r#"Person(id: "p1", name: "One Man"), Person(id: "p2", name: "Two Man"), Person(id: "p3", name: "Three Man"), Person(id: "p4", name: "Four Man"),
        Organization(id: "o", name: "Acme"), Document(id: "d", name: "Doc")"#;
    let facts = r#"Payment(id: "x1", payer: "p1", recipient: "o"), Payment(id: "x2", payer: "p2", recipient: "o"),
        Payment(id: "x3", payer: "p3", recipient: "o"), Payment(id: "x4", payer: "p4", recipient: "o")"#;
    let shown = |decisions: &str| {
        let text = format!(
            "(entities: [{entities}], document: \"d\", defaults: (by: \"d\"), facts: [{facts}], decisions: [{decisions}])"
        );
        let mut shown = json(&purvey_on(&[("x.ron", &text)], &["show", "p3", "--format", "json"]));
        // Which decision led there is told, and differs.
        for it in shown["subject"]["merged"].as_array_mut().expect("a list") {
            it.as_object_mut().expect("an object").remove("decided");
        }
        shown
    };
    let star = shown(r#"Same(a: "p1", b: "p2"), Same(a: "p1", b: "p3"), Same(a: "p1", b: "p4")"#);
    assert_eq!(star["subject"]["merged"].as_array().map(Vec::len), Some(3));
    for other in [
        r#"Same(a: "p3", b: "p4"), Same(a: "p2", b: "p3"), Same(a: "p1", b: "p2")"#,
        r#"Same(a: "p1", b: "p2"), Same(a: "p3", b: "p4"), Same(a: "p3", b: "p1", keep: "p1")"#,
        r#"Same(a: "p4", b: "p2", keep: "p2"), Same(a: "p3", b: "p1", keep: "p1"), Same(a: "p1", b: "p2")"#,
    ] {
        assert_eq!(shown(other), star, "{other}");
    }
}
