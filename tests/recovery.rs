//! A broken record hides none of its neighbours, and one slip is one finding.

use crate::support::loading::{BASE, load_files};
use proptest::prelude::*;

/// What every case begins and ends with: the last record must still be read and checked.
const HEAD: &str =
    "(document: \"report\", defaults: (by: \"msmt\"), facts: [\n    Supply(id: \"x1\", item: \"one\"),\n";
const TAIL: &str = "    Supply(id: \"x3\", item: \"three\"),\n],\n)\n";

/// The findings, one a line, of a file whose middle is `broken`; first and last record refer to unknown entities.
fn with(broken: &str) -> String {
    of_file(&format!("{HEAD}{broken}\n{TAIL}"))
}

fn of_file(text: &str) -> String {
    let loaded = load_files([("base.ron", BASE.as_bytes()), ("x.ron", text.as_bytes())]);
    let lines = loaded.findings.iter().map(|it| {
        let (line, column) =
            loaded.sources.file(it.span.file).expect("a file that was read").line_column(it.span.start);
        format!("{line}:{column} {} {}\n", it.code.as_str(), it.message)
    });
    lines.collect()
}

#[test]
fn one_slip_is_one_finding_and_the_neighbours_are_read() {
    for (what, broken, expected) in [
        ("nothing", r#"    Supply(id: "x2", item: "shell"),"#, ""),
        ("missing )", r#"    Supply(id: "x2", item: "shell","#, "3:11 K0004 this bracket is not closed\n"),
        (
            "missing ) of a record of two lines",
            "    Supply(id: \"x2\", item: \"shell\",\n        recipient: \"russia\",",
            "3:11 K0004 this bracket is not closed\n",
        ),
        (
            "missing ) of a struct inside",
            "    Supply(id: \"x2\", item: \"shell\",\n        recipient: (id: \"troops\", of: \"russia\"),",
            "3:11 K0004 this bracket is not closed\n",
        ),
        ("missing ]", r#"    Supply(id: "x2", item: ["shell", "missile"),"#, "3:28 K0004 this bracket is not closed\n"),
        ("missing comma", r#"    Supply(id: "x2", item: "shell")"#, "3:36 K0004 `,` is missing after this\n"),
        (
            "missing comma inside",
            r#"    Supply(id: "x2" item: "shell"),"#,
            "3:21 K0003 expected `,` or a closing bracket\n",
        ),
        ("missing colon", r#"    Supply(id "x2", item: "shell"),"#, "3:14 K0003 expected `:` after the field's name\n"),
        ("missing (", r#"    Supply id: "x2", item: "shell"),"#, "3:12 K0004 `(` is missing before this\n"),
        ("extra )", r#"    Supply(id: "x2", item: "shell")),"#, "3:36 K0004 a closing bracket too many\n"),
        ("extra ] inside", r#"    Supply(id: "x2", item: "shell"]),"#, "3:35 K0004 this bracket closes nothing\n"),
        (
            "extra ]",
            r#"    Supply(id: "x2", item: "shell")],"#,
            "3:36 K0004 this bracket closes the list before its last record\n",
        ),
        ("extra [", r#"    Supply(id: "x2", item: ["shell"),"#, "3:28 K0004 this bracket is not closed\n"),
        ("extra (", r#"    Supply((id: "x2", item: "shell"),"#, "3:11 K0004 this bracket is not closed\n"),
        ("unclosed string", r#"    Supply(id: "x2", item: "shell),"#, "3:28 K0004 this string is not closed\n"),
        ("unclosed id", r#"    Supply(id: "x2, item: "shell"),"#, "3:16 K0004 this string is not closed\n"),
        ("unopened string", r#"    Supply(id: x2", item: "shell"),"#, "3:18 K0004 this string is not closed\n"),
        ("unclosed comment", r#"    /* Supply(id: "x2", item: "shell"),"#, "3:5 K0004 this comment is not closed\n"),
        (
            "stray word",
            "    oops\n    Supply(id: \"x2\", item: \"shell\"),",
            "3:5 K0004 this does not belong between two records\n",
        ),
        (
            "stray word and comma",
            "    oops,\n    Supply(id: \"x2\", item: \"shell\"),",
            "3:5 K0007 `facts` takes records, as in `Name(id: \"…\", …)`, not the word `oops`\n",
        ),
        (
            "stray word inside",
            r#"    Supply(id: "x2", oops, item: "shell"),"#,
            "3:26 K0003 expected `:` after the field's name\n",
        ),
        ("stray sign", r#"    Supply(id: "x2", item: "shell") ; "#, "3:37 K0004 this does not belong here\n"),
        ("missing value", r#"    Supply(id: "x2", item: ),"#, "3:27 K0003 `)` does not belong here\n"),
        ("two commas", r#"    Supply(id: "x2", item: "shell"),,"#, "3:37 K0004 a comma too many\n"),
        (
            "two slips",
            "    Supply(id: \"x2\" item: \"shell\"),\n    Supply(id: \"x4\", item: \"shell\",",
            "3:21 K0003 expected `,` or a closing bracket\n4:11 K0004 this bracket is not closed\n",
        ),
        ("an apostrophe", r#"    Supply(id: 'x2", item: "shell"),"#, "3:19 K0004 this string is not closed\n"),
        (
            "no name",
            r#"    (id: "x2", item: "shell"),"#,
            "3:5 K0003 a record begins with what it is, as in `Supply(id: \"…\", …)`\n",
        ),
    ] {
        let found = with(broken);
        let neighbours = ["one", "three"].map(|it| format!("unknown entity `{it}`\n"));
        let rest: String =
            found.split_inclusive('\n').filter(|it| !neighbours.iter().any(|end| it.ends_with(end))).collect();
        assert_eq!(rest, expected, "{what}");
        for neighbour in &neighbours {
            assert!(found.contains(neighbour.as_str()), "{what} hides a neighbour: {found}");
        }
    }
}

#[test]
fn the_end_of_a_file_may_be_missing() {
    let records = "(document: \"report\", defaults: (by: \"msmt\"), facts: [\n    Supply(id: \"x1\", item: \"one\"),\n";
    for (what, text, expected) in [
        ("last )", format!("{records}]\n"), "4:1 K0004 the file's last `)` is missing\n"),
        ("last ]", format!("{records})\n"), "3:1 K0004 a list is not closed: `]` is missing before this\n"),
        ("both", records.to_owned(), "3:1 K0004 the file ends within a list: `]` and `)` are missing\n"),
        ("first (", records.replacen('(', "", 1) + "])", "1:1 K0004 a file begins with `(`\n"),
        ("another )", format!("{records}]))\n"), "3:3 K0004 something stands after the file's last `)`\n"),
        ("half a record", format!("{records}    Supply(id: \"x"), "3:11 K0004 this bracket is not closed\n"),
        (
            "comma between fields",
            format!("{records}]\n entities: [Country(id: \"x\", nme: \"X\")])"),
            "4:2 K0003 expected `,` or a closing bracket\n4:13 K0008 an entity lacks the field `name`\n4:30 K0005 unknown field `nme`\n",
        ),
        (
            "list and field",
            format!("{records}\n entities: [Country(id: \"x\", name: \"X\")])"),
            "4:2 K0004 a list is not closed: `]` is missing before this field\n",
        ),
        ("stray word", format!("{records}], oops)"), "3:4 K0004 expected a field, as in `facts: [ … ]`\n"),
        ("after the end", format!("{records}]) oops"), "3:4 K0004 something stands after the file's last `)`\n"),
    ] {
        let found = of_file(&text);
        assert!(found.contains("unknown entity `one`"), "{what}: {found}");
        assert_eq!(found.replace("2:29 K0012 unknown entity `one`\n", ""), expected, "{what}");
    }
}

#[test]
fn what_a_broken_record_defines_or_uses_is_not_reported_again() {
    for (what, text) in [
        (
            "a fact, related to and alone in using an entity",
            "(entities: [\n Country(id: \"x1\", name: \"X\"),\n], document: \"report\", defaults: (by: \"msmt\"), facts: [
    Supply(id: \"y1\" item: \"shell\", supplier: \"x1\"),
    Supply(id: \"y2\", item: \"shell\", after: \"y1\"),\n])\n",
        ),
        (
            "an entity",
            "(entities: [\n Country(id: \"x1\" name: \"X\"),\n], document: \"report\", defaults: (by: \"msmt\"), facts: [
    Supply(id: \"y1\", item: \"shell\", supplier: \"x1\"),\n])\n",
        ),
        (
            "an entity of a kind that does not exist",
            "(entities: [\n Land(id: \"x1\", name: \"X\"),\n], document: \"report\", defaults: (by: \"msmt\"), facts: [
    Supply(id: \"y1\", item: \"shell\", supplier: \"x1\"),\n])\n",
        ),
        (
            "a fact of a kind that does not exist",
            "(entities: [\n Country(id: \"x1\", name: \"X\"),\n], document: \"report\", defaults: (by: \"msmt\"), facts: [
    Transport(id: \"y1\", supplier: \"x1\"),
    Supply(id: \"y2\", item: \"shell\", after: \"y1\"),\n])\n",
        ),
        (
            "a kind",
            "(kinds: [\n Kind(id: \"cash-loan\" roles: [(id: \"lender\")]),\n], document: \"report\", defaults: (by: \"msmt\"), facts: [
    CashLoan(id: \"y1\", lender: \"russia\"),\n])\n",
        ),
    ] {
        let found = of_file(text);
        assert_eq!(found.lines().count(), 1, "{what}: {found}");
    }
}

/// A record in one or in several lines, that refers to an unknown entity of its own number.
fn record(number: usize, several: bool) -> String {
    let (gap, last) = if several { ("\n        ", "\n    ") } else { (" ", "") };
    format!(
        "    Supply(id: \"r{number}\",{gap}item: [\"shell\", \"missile\"],{gap}recipient: \"unknown-{number}\",{gap}\
         claims: [{gap}(by: \"russia\", note: \"it's (so)\"), (by: Unnamed(of: \"msmt\"))]{last}),\n"
    )
}

fn file(records: &[String]) -> String {
    format!("(document: \"report\", defaults: (by: \"msmt\"), facts: [\n{}],\n)\n", records.concat())
}

/// Which of the unknown entities are reported.
fn seen(found: &str, count: usize) -> Vec<usize> {
    (0..count).filter(|it| found.contains(&format!("unknown entity `unknown-{it}`\n"))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// One character more or less in a record is found, or changes nothing; all other records are read.
    #[test]
    fn a_slip_in_one_record_hides_no_other(
        several in any::<bool>(), broken in 0_usize..4, at in any::<prop::sample::Index>(),
        insert in prop::option::of(prop::sample::select("()[]{}\"',:;#/\\ax_0rb-.".chars().collect::<Vec<_>>())),
    ) {
        let mut records: Vec<String> = (0..4).map(|it| record(it, several)).collect();
        let all = (0..4).collect::<Vec<_>>();
        prop_assert_eq!(seen(&of_file(&file(&records)), 4), all);
        // Not the line break that parts it from its neighbours.
        let text = &mut records[broken];
        let at = at.index(text.len() - 1);
        match insert {
            Some(c) => text.insert(at, c),
            None => { text.remove(at); }
        }
        let found = of_file(&file(&records));
        let seen = seen(&found, 4);
        for other in (0..4).filter(|it| *it != broken) {
            prop_assert!(seen.contains(&other), "record {other} is hidden by\n{}\n{found}", records[broken]);
        }
        // What is left is either the unknown entity, perhaps by another name, or what is wrong with the record.
        prop_assert!(found.lines().count() >= 4, "nothing is found in\n{}\n{found}", records[broken]);
    }
}
