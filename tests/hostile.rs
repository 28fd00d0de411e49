//! Loading ends, soon and without panic, whatever the files hold.

use std::time::{Duration, Instant};

use crate::support::loading::{BASE, built_in_files, folder, load_files, load_path, rendered};
use proptest::prelude::*;
use purvey::diagnostic::{RenderOptions, Severity, render};
use purvey::load::Loaded;

/// Sizes are those of a release build, divided by this.
const SMALLER: usize = if cfg!(debug_assertions) { 10 } else { 1 };

/// Loads `text` beside [`BASE`], prints its findings and tells how many there are. The limit is for a busy
/// machine; what is quadratic takes minutes.
fn soon(what: &str, text: &str) -> usize {
    let start = Instant::now();
    let loaded = load_files([("base.ron", BASE.as_bytes()), ("x.ron", text.as_bytes())]);
    let options = RenderOptions { width: 100, colour: false };
    // Printing is not ours to bound: a sample from all over the file shows whether places are found quickly.
    let step = loaded.findings.len() / 2000 + 1;
    let shown: usize = loaded.findings.iter().step_by(step).map(|it| render(it, &loaded.sources, options).len()).sum();
    let all = start.elapsed();
    let bytes = text.len();
    assert!(all < Duration::from_secs(20), "{what}: {bytes} bytes, {shown} bytes shown, {all:?}");
    loaded.findings.len()
}

fn facts(records: &str) -> String {
    format!("(document: \"report\", defaults: (by: \"msmt\"), facts: [\n{records}\n])\n")
}

#[test]
fn brackets_without_end() {
    for open in ["[", "(", "{", "a(", "A(a:", "[[(", "(a:[", "Some(", "(facts:["] {
        soon(open, &open.repeat(5_000_000 / open.len() / SMALLER));
        soon(open, &format!("(facts: [{}", open.repeat(2_000_000 / open.len() / SMALLER)));
        soon(open, &format!("(facts: [\n{}", format!("{open}\n").repeat(2_000_000 / open.len() / SMALLER)));
    }
    for close in [")", "]", "}", "),", ",", ":"] {
        soon(close, &format!("(facts: [{}", close.repeat(500_000 / SMALLER)));
    }
}

#[test]
fn strings_and_comments_without_end() {
    for open in ["\"", "r#\"", "/*", "//", "b\"", "'", "r####", "\\\"", "\"\\"] {
        soon(open, &format!("(facts: [ {open}{}", "x ".repeat(2_500_000 / SMALLER)));
        soon(open, &format!("(facts: [ {open}{}", "\nSupply(id: ".repeat(200_000 / SMALLER)));
        soon(open, &format!("(facts: [\n{}", format!("Supply(id: {open}\n").repeat(100_000 / SMALLER)));
    }
    soon("nested comments", &format!("(facts: [\n{}", "Supply( /* /* */\n".repeat(100_000 / SMALLER)));
    soon("comments in one", &format!("(facts: [{}", "/*".repeat(1_000_000 / SMALLER)));
}

#[test]
fn a_million_broken_records() {
    soon("broken", &facts(&"A(\n".repeat(1_000_000 / SMALLER)));
    soon("broken in one line", &facts(&"A( ".repeat(1_000_000 / SMALLER)));
    soon("no comma", &facts(&"Supply(id: 1) ".repeat(300_000 / SMALLER)));
    soon("no colon", &facts(&"Supply(id \"x\"),\n".repeat(300_000 / SMALLER)));
    soon("no name", &facts(&"(id: \"x\"),\n".repeat(300_000 / SMALLER)));
}

#[test]
fn a_record_with_100_000_fields() {
    let fields: String = (0..100_000 / SMALLER).map(|it| format!("f{it}: \"x\", ")).collect();
    soon("fields", &facts(&format!("Supply(id: \"x1\", {fields})")));
    soon(
        "one field again and again",
        &facts(&format!("Supply(id: \"x1\", {})", "supplier: \"russia\", ".repeat(100_000 / SMALLER))),
    );
    soon(
        "one figure again and again",
        &facts(&format!("Supply(id: \"x1\", {})", "quantity: \"1\", ".repeat(100_000 / SMALLER))),
    );
    soon("fields of an entity", &format!("(entities: [Country(id: \"x1\", {fields})])"));
    soon("fields of the file", &format!("({fields})"));
    let members: String = (0..100_000 / SMALLER).map(|_| "Unnamed(of: \"msmt\"), ").collect();
    soon("members", &facts(&format!("Supply(id: \"x1\", item: \"missile\", supplier: [{members}])")));
    let claims: String = (0..100_000 / SMALLER).map(|_| "(quantity: \"1\"), ").collect();
    soon("claims", &facts(&format!("Supply(id: \"x1\", item: \"missile\", claims: [{claims}])")));
}

#[test]
fn a_hundred_thousand_records() {
    let few = |record: &dyn Fn(usize) -> String| (0..10_000 / SMALLER).map(|it| record(it) + "\n").collect::<String>();
    let each =
        |record: &dyn Fn(usize) -> String| (0..100_000 / SMALLER).map(|it| record(it) + "\n").collect::<String>();
    soon("unknown ids", &facts(&each(&|it| format!("Supply(id: \"x{it}\", supplier: \"y{it}\", item: \"missile\"),"))));
    soon("unknown kinds", &facts(&each(&|it| format!("Suply(id: \"x{it}\"),"))));
    soon(
        "unknown records",
        &facts(&each(&|it| format!("Supply(id: \"x{it}\", item: \"missile\", after: \"y{it}\"),"))),
    );
    // Each word is compared with the whole vocabulary: slow, but not slower the more there are.
    soon(
        "unclear figures",
        &facts(&few(&|it| format!("Supply(id: \"x{it}\", item: \"missile\", quantity: \"atleast {it}\"),"))),
    );
    soon(
        "unclear periods",
        &facts(&each(&|it| format!("Supply(id: \"x{it}\", item: \"missile\", period: \"Febuary {it}\"),"))),
    );
    soon("one id", &facts(&each(&|_| "Supply(id: \"x\", item: \"missile\"),".to_owned())));
    soon(
        "entities",
        &format!(
            "(entities: [{}])",
            each(&|it| format!("Country(id: \"entity-{it}\", name: \"Entity {it}\", part_of: \"entitty-{it}\"),"))
        ),
    );
    soon("one name", &format!("(entities: [{}])", each(&|it| format!("Country(id: \"e{it}\", name: \"E\"),"))));
    soon("a chain", &facts(&each(&|it| format!("Supply(id: \"x{it}\", item: \"missile\", after: \"x{}\"),", it + 1))));
    soon(
        "a circle",
        &facts(&each(&|it| {
            format!("Supply(id: \"x{it}\", item: \"missile\", after: \"x{}\"),", (it + 1) % (100_000 / SMALLER))
        })),
    );
    soon(
        "parents",
        &format!(
            "(entities: [{}])",
            each(&|it| format!(
                "Country(id: \"e{it}\", name: \"E {it}\", part_of: \"e{}\"),",
                (it + 1) % (100_000 / SMALLER)
            ))
        ),
    );
    soon(
        "unnamed structs",
        &facts(&format!(
            "Supply(id: \"x\", item: \"missile\", supplier: [{}])",
            each(&|it| format!("( /* {it} */ id: \"troops\", of: \"russia\"),"))
        )),
    );
    soon(
        "aliases",
        &format!(
            "(entities: [Country(id: \"x\", name: \"X\", aliases: [{}])])",
            each(&|it| format!("( // c\n name: \"alias {it}\"),"))
        ),
    );
}

/// Loads bytes beside [`BASE`] and prints what is found; whatever they are, there is data or an error, not both.
fn survives(bytes: &[u8]) -> Loaded {
    let loaded = load_files([("base.ron", BASE.as_bytes()), ("x.ron", bytes)]);
    let options = RenderOptions { width: 80, colour: true };
    loaded.findings.iter().take(50).for_each(|it| assert!(!render(it, &loaded.sources, options).is_empty()));
    let errors = loaded.findings.iter().any(|it| it.code.severity() == Severity::Error);
    assert_eq!(loaded.dataset.is_none(), errors);
    loaded
}

/// Whether the file is sound, apart from warnings.
fn is_sound(text: &str) -> bool {
    survives(text.as_bytes()).dataset.is_some()
}

#[test]
fn files_without_records_are_sound() {
    for text in [
        "",
        " \n\t",
        "()",
        "\u{feff}",
        "\u{feff}()",
        "// only this",
        "/* a /* b */ */",
        "(facts: [])",
        "#![enable(implicit_some)]\n()",
    ] {
        assert!(is_sound(text), "{text:?}");
    }
}

#[test]
fn line_ends_marks_and_ways_of_quoting_make_no_difference() {
    let plain = facts("Supply(id: \"x1\", item: \"shell\", // why\n    note: \"a \\\\ b\", recipient: [\"russia\"]),");
    let expected = survives(plain.as_bytes()).dataset.expect("it is sound");
    for (what, text) in [
        ("CRLF", plain.replace('\n', "\r\n")),
        ("a byte order mark", format!("\u{feff}{plain}")),
        ("tabs", plain.replace("    ", "\t")),
        ("escapes in an id", plain.replace("x1", "\\x78\\u{31}")),
        ("a raw string", plain.replace("\"russia\"", "r#\"russia\"#")),
        ("a raw identifier", plain.replace("item:", "r#item:")),
        ("an attribute", format!("#![enable(unwrap_newtypes)]\n{plain}")),
        ("comments", plain.replace(", ", " /* , ( \" */ , // ) \"\n ")),
        ("a comment before the first field", plain.replace("Supply(", "Supply( /* ( */ // (\n")),
        ("one line", plain.replace("// why\n", "").replace('\n', " ")),
    ] {
        let loaded = survives(text.as_bytes());
        assert_eq!(loaded.dataset.as_ref(), Some(&expected), "{what}: {:?}", loaded.findings);
    }
}

#[test]
fn odd_values_are_findings() {
    let nines = "9".repeat(1000);
    for value in [
        "99999999999999999999999999999999999999999999999999999999",
        "-1",
        "1.5",
        "1e999",
        "inf",
        "-inf",
        "NaN",
        "0x",
        "0xff",
        "1_000",
        "'a'",
        "b'a'",
        "b\"a\"",
        "()",
        "(1, 2)",
        "(\"a\",)",
        "{}",
        "{\"a\": \"b\"}",
        "{(): ()}",
        "Some(\"russia\")",
        "Some(Some(()))",
        "None",
        "true",
        "[[]]",
        "[[\"russia\"]]",
        "[Some(\"russia\")]",
        "A",
        "A()",
        "A(1)",
        "A(A(A()))",
        "r#type",
        "\"\\u{110000}\"",
        "\"\\xff\"",
        "Unnamed",
        "Unnamed()",
        "Unnamed(\"msmt\")",
        "(id: )",
        "(id: (id: (id: ())))",
        "\"\"",
        "\" \"",
        "[\"russia\", ]",
        "[,]",
        "[\"russia\" \"ukraine\"]",
        &nines,
        &format!("\"{nines}\""),
        &format!("\"{nines} {nines}\""),
        &format!("\"1{}\"", "0".repeat(40)),
        &format!("[{}", "(".repeat(10_000)),
        &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)),
        &format!("{}{}", "Some(".repeat(10_000), ")".repeat(10_000)),
        &format!("{}{}", "(a:".repeat(10_000), ")".repeat(10_000)),
        &format!("{}{}", "A(a:".repeat(127), ")".repeat(127)),
        &format!("{}\"x\"{}", "[".repeat(120), "]".repeat(120)),
    ] {
        for field in [
            "id", "supplier", "item", "quantity", "period", "made", "by", "via", "at", "claims", "after", "draft",
            "note", "outcome", "inferred",
        ] {
            let other = if field == "item" { "supplier: \"russia\"" } else { "item: \"shell\"" };
            let id = if field == "id" { "" } else { "id: \"x1\", " };
            survives(
                facts(&format!("Supply({id}{other}, {field}: {value}),\nSupply(id: \"x2\", item: \"shell\"),"))
                    .as_bytes(),
            );
        }
        for field in [
            "facts",
            "entities",
            "kinds",
            "units",
            "hedges",
            "question_words",
            "examples",
            "strangers",
            "margin",
            "document",
            "defaults",
            "conversions",
            "x",
        ] {
            survives(format!("({field}: {value})").as_bytes());
        }
    }
}

#[test]
fn folders_and_links_are_read_once() {
    let folder =
        folder([("a/one.ron", BASE.as_bytes()), ("dir.ron/two.ron", b"()".as_slice()), ("dir.ron/.hidden.ron", b"(")]);
    assert!(load_path(folder.path()).dataset.is_some());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).expect("a link");
        let found = rendered(&load_path(folder.path()), folder.path());
        assert!(found.starts_with("error[K0001]: a symbolic link leads back to "), "{found}");
        assert_eq!(found.matches("error").count(), 1, "{found}");
        std::fs::remove_file(folder.path().join("a/loop")).expect("the link");
        std::os::unix::fs::symlink("nowhere.ron", folder.path().join("a/dangling.ron")).expect("a link");
        let found = rendered(&load_path(folder.path()), folder.path());
        assert!(found.contains("error[K0001]: this cannot be read: no such file"), "{found}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(&bytes);
    }

    /// What looks like RON goes further into the program than any bytes do.
    #[test]
    fn anything_like_ron_is_read_or_refused(
        parts in prop::collection::vec(prop::sample::select(vec![
            "(", ")", "[", "]", "{", "}", ",", ":", "\n", " ", "\"", "\\", "//", "/*", "*/", "r#\"", "\"#", "#![enable(implicit_some)]",
            "facts", "entities", "Supply", "Country", "id", "item", "by", "claims", "\"x\"", "\"shell\"", "1", "-", ".", "'", "Some",
            "Unnamed", "é", "\u{feff}", "\r\n", "\0", "facts: [", "Supply(id: \"x\", ", "item: \"shell\"", "kinds: [Kind(id: \"y\", ",
        ]), 0..60)
    ) {
        survives(parts.concat().as_bytes());
    }

    /// The built-in data with a piece changed, lost, doubled or moved.
    #[test]
    fn damaged_data_is_read_or_refused(
        file in any::<prop::sample::Index>(), how in 0_u8..5, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
        c in any::<prop::sample::Index>(), bit in 0_u8..8,
    ) {
        let mut files = built_in_files();
        let other = c.get(&files).1.clone();
        let bytes = &mut file.get_mut(&mut files).1;
        let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
        let (from, to) = (a.min(b), a.max(b));
        match how {
            0 => bytes[a] ^= 1 << bit,
            1 => bytes.truncate(a),
            2 => { let piece = bytes[from..to].to_vec(); bytes.splice(to..to, piece); }
            3 => { bytes.drain(from..to); }
            _ => { let at = c.index(other.len()); bytes.splice(from..to, other[..at].iter().copied()); }
        }
        let files: Vec<_> = files.iter().map(|(name, bytes)| (name.to_str().unwrap(), bytes.as_slice())).collect();
        let loaded = load_files(files);
        prop_assert_eq!(loaded.dataset.is_none(), loaded.findings.iter().any(|it| it.code.severity() == Severity::Error));
    }
}
