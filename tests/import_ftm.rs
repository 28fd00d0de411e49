//! FollowTheMoney through the program: fixtures in, questions, and out again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::ftm_round_trip::{by_id, there_and_back};
use crate::support::{Run, command, purvey};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/ftm").join(name)
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// A folder in which the file is imported as `data`.
fn imported(file: &Path) -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = file.to_str().expect("UTF-8");
    let run = run(folder.path(), &["import", "ftm", file, "--out", "data", "--quiet"]);
    (folder, run)
}

/// What was told, without the folder of the fixtures.
fn told(run: &Run) -> String {
    let folder = format!("{}/", fixture("").display()).replace("//", "/");
    run.stderr.replace(&folder, "").replace("purvey: ", "")
}

#[test]
fn oddities_are_told_with_their_lines_and_the_rest_goes_in() {
    let (folder, it) = imported(&fixture("entities.jsonl"));
    assert_eq!(it.code, Some(1), "{}", it.stderr);
    insta::assert_snapshot!("ftm-findings", told(&it));
    let check = run(folder.path(), &["check", "--data", "data"]);
    assert_eq!(check.code, Some(0), "{}", check.stdout);
    assert!(check.stdout.contains("no errors"), "{}", check.stdout);
}

#[test]
fn damaged_lines_are_told_and_the_others_go_in() {
    let (folder, it) = imported(&fixture("damaged.jsonl"));
    assert_eq!(it.code, Some(1), "{}", it.stderr);
    insta::assert_snapshot!("ftm-damaged", told(&it));
    let list = run(folder.path(), &["list", "person", "--data", "data"]);
    assert!(list.stdout.contains("Ann") && list.stdout.contains("Cid"), "{}", list.stdout);
}

#[test]
fn questions_about_owners_directors_and_sanctions_are_answered() {
    let (folder, _) = imported(&fixture("entities.jsonl"));
    let ask = |question: &str| run(folder.path(), &["ask", question, "--data", "data"]).stdout;
    for (question, command, fact) in [
        ("who owned Grey Star?", "who --to \"Grey Star\" --kind ownership", "own-3-2"),
        ("who owns Northern Holding Ltd?", "who --to \"Northern Holding Ltd\" --kind ownership", "own-1"),
        ("what does Ivan Orlov own?", "who --from \"Ivan Orlov\" --kind ownership", "own-1"),
        (
            "what did Northern Holding Ltd own in 2016?",
            "who --from \"Northern Holding Ltd\" --during 2016 --kind ownership",
            "own-3",
        ),
        ("who is a director of Grey Sea Shipping?", "who --to \"Grey Sea Shipping\" --kind directorship", "dir-1"),
        ("who sanctioned Ivan Orlov?", "who --to \"Ivan Orlov\" --kind sanction", "sanction-1"),
        ("who is a member of Club of Exporters?", "who --to \"Club of Exporters\" --kind membership", "mem-1"),
    ] {
        let answer = ask(question);
        assert!(answer.starts_with(&format!("read as: purvey {command}\n")), "{question}\n{answer}");
        assert!(answer.contains(fact), "{question}\n{answer}");
    }
    let share = run(folder.path(), &["show", "own-1", "--data", "data", "--format", "md"]).stdout;
    assert!(
        share.contains("owned more than 75% of") && share.contains("between 20 May 2014 and February 2022"),
        "{share}"
    );
    // Numbers of register and passport find their holders.
    for (code, name) in [("HE 400000", "Northern Holding Ltd"), ("9876543", "Grey Star"), ("Иван Орлов", "Ivan Orlov")]
    {
        let show = run(folder.path(), &["show", code, "--data", "data"]).stdout;
        assert!(show.starts_with(name), "{code}: {show}");
    }
}

/// Without facts of that kind a question about them finds nothing, and is not taken for another one.
#[test]
fn who_owns_is_no_question_about_supplies() {
    for question in ["who owns Wagner?", "who controls Russia?", "who holds shares in North Korea?"] {
        let run = purvey(&["ask", question]);
        assert_eq!(run.code, Some(1), "{question}: {}", run.stdout);
        assert!(!run.stdout.contains("--kind supply") && !run.stdout.contains("--kind camp"), "{}", run.stdout);
    }
}

#[test]
fn the_same_fixtures_go_out_again() {
    let text = std::fs::read_to_string(fixture("entities.jsonl")).expect("the fixture");
    let (back, findings) = there_and_back(&text);
    assert!(findings.count() > 0);
    let mut wanted: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    // Two lines are parts of one entity, which takes the narrower schema.
    let part = wanted.pop().expect("the second part");
    let whole = wanted.iter_mut().find(|it| it["id"] == part["id"]).expect("the first part");
    whole["schema"] = part["schema"].clone();
    whole["datasets"] = part["datasets"].clone();
    whole["properties"]["shoeSize"] = part["properties"]["shoeSize"].clone();
    let (wanted, got) = (by_id(wanted), by_id(back));
    assert_eq!(wanted.keys().collect::<Vec<_>>(), got.keys().collect::<Vec<_>>());
    for (id, entity) in wanted {
        assert_eq!(got[&id], entity);
    }
}

#[test]
fn what_was_changed_goes_out_changed_and_an_answer_with_its_own_facts_alone() {
    let (folder, _) = imported(&fixture("entities.jsonl"));
    for (file, old, new) in [
        ("entities/vessels-001.ron", "name: \"Grey Star\"", "name: \"Grey Star II\""),
        ("facts/ownership-001.ron", "more than 75%", "about 80%"),
        ("facts/ownership-001.ron", "2014-05-20/2022-02", "2014-05-20/2023"),
    ] {
        let path = folder.path().join("data").join(file);
        let text = std::fs::read_to_string(&path).expect(file);
        assert!(text.contains(old), "{file}: {text}");
        std::fs::write(&path, text.replace(old, new)).expect(file);
    }
    let lines = |arguments: &[&str]| {
        let run = run(folder.path(), &[&["export", "ftm", "--data", "data"], arguments].concat());
        by_id(run.stdout.lines().map(|it| serde_json::from_str(it).expect("JSON")))
    };
    let all = lines(&[]);
    assert_eq!(all["ex-vessel"]["properties"]["name"][0], "Grey Star II");
    assert_eq!(all["own-1"]["properties"]["percentage"][0], "about 80%");
    assert_eq!(all["own-1"]["properties"]["endDate"][0], "2023");
    // The pair alone is in the answer, not the record with both.
    let some = lines(&["who", "--to", "Grey Star II", "--kind", "ownership"]);
    assert_eq!(some.keys().collect::<Vec<_>>(), ["ex-holding", "ex-vessel", "own-3-2"]);
    assert_eq!(some["own-3-2"]["schema"], "Ownership");
    assert_eq!(some["own-3-2"]["properties"]["owner"][0], "ex-holding");
}

#[test]
fn nested_entities_come_out_flat() {
    let (back, findings) = there_and_back(&std::fs::read_to_string(fixture("nested.json")).expect("the fixture"));
    assert_eq!(findings.count(), 0, "{:?}", findings.kept());
    let got = by_id(back);
    assert_eq!(got.keys().collect::<Vec<_>>(), ["NK-1", "NK-2", "addr-1", "o-1", "s-1"]);
    // What stands inside points back, and two parts are one entity.
    assert_eq!(got["s-1"]["properties"]["entity"][0], "NK-1");
    assert_eq!(got["o-1"]["properties"]["owner"][0], "NK-2");
    assert_eq!(got["NK-1"]["properties"]["addressEntity"][0], "addr-1");
    assert_eq!(got["NK-2"]["properties"]["birthDate"][0], "1970-01");
    assert!(got["NK-1"]["properties"].get("sanctions").is_none());
}

#[test]
fn gzip_is_told_by_its_bytes_and_a_part_of_it_is_no_failure() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&std::fs::read(fixture("entities.jsonl")).expect("the fixture")).expect("memory takes all");
    let packed = packed.finish().expect("memory takes all");
    let whole = folder.path().join("whole.json");
    std::fs::write(&whole, &packed).expect("it is written");
    let (_, it) = imported(&whole);
    assert!(
        it.stdout.contains("29 entities, 18 facts") || it.stderr.contains("29 entities, 18 facts"),
        "{}{}",
        it.stdout,
        it.stderr
    );
    let cut = folder.path().join("cut.json");
    std::fs::write(&cut, &packed[..packed.len() / 2]).expect("it is written");
    let (data, it) = imported(&cut);
    assert_eq!(it.code, Some(1), "{}", it.stderr);
    assert!(it.stderr.contains("I0001"), "{}", it.stderr);
    assert_eq!(run(data.path(), &["check", "--data", "data"]).code, Some(0));
}

#[test]
fn a_line_that_is_too_long_and_one_too_deep_are_left_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("in.json");
    let line =
        |id: &str, name: &str| format!(r#"{{"id":"{id}","schema":"Person","properties":{{"name":["{name}"]}}}}"#);
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    let lines = [line("a", "Ann"), line("b", &"x".repeat(50_000)), deep, line("c", "Cid")].join("\n");
    std::fs::write(&file, lines).expect("it is written");
    let it = run(folder.path(), &["import", "ftm", "in.json", "--out", "data", "--quiet", "--max-line", "20K"]);
    assert_eq!(it.code, Some(1), "{}", it.stderr);
    assert!(
        it.stderr.contains("in.json:2: error[I0002]") && it.stderr.contains("in.json:3:128: error[I0004]"),
        "{}",
        it.stderr
    );
    assert!(it.stderr.contains("2 entities") || it.stdout.contains("2 entities"), "{}{}", it.stdout, it.stderr);
}

/// Who owns more than there is, and who owns the same thing twice.
#[test]
fn shares_that_cannot_all_hold_are_told() {
    let own = |id: &str, owner: &str, share: &str, dates: &str| {
        format!(
            r#"{{"id":"{id}","schema":"Ownership","properties":{{"owner":["{owner}"],"asset":["c"],"percentage":["{share}"]{dates}}}}}"#
        )
    };
    let told = |facts: &[String]| {
        let people =
            ["p", "q", "c"].map(|it| format!(r#"{{"id":"{it}","schema":"Company","properties":{{"name":["{it}"]}}}}"#));
        let (_, findings) = there_and_back(&[&people[..], facts].concat().join("\n"));
        findings.kept().iter().map(|it| format!("{}: {}", it.code.as_str(), it.message)).collect::<Vec<_>>()
    };
    let (old, new) = (r#","endDate":["2019"]"#, r#","startDate":["2020"]"#);
    assert_eq!(told(&[own("a", "p", "60", ""), own("b", "q", "40", "")]), Vec::<String>::new());
    assert_eq!(told(&[own("a", "p", "60", old), own("b", "q", "60", new)]), Vec::<String>::new());
    assert_eq!(told(&[own("a", "p", "60", ""), own("b", "q", "up to 60", "")]), Vec::<String>::new());
    assert_eq!(
        told(&[own("a", "p", "60", ""), own("b", "q", "60", new)]),
        ["I0031: shares of `c` that may hold at the same time come to 120 percent: 60 in `a`, 60 in `b`"]
    );
    assert_eq!(
        told(&[own("a", "p", "60", ""), own("b", "p", "40", "")]),
        ["I0031: `p` has two shares of `c` that may hold at the same time: 60 in `a`, 40 in `b`"]
    );
}

/// Somebody has a file, and knows where it is from, which its records do not say.
#[test]
fn records_without_datasets_are_said_by_whoever_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = [
        r#"{"id":"p","schema":"Person","properties":{"name":["Ann"]}}"#,
        r#"{"id":"c","schema":"Company","properties":{"name":["Acme"]}}"#,
        r#"{"id":"o-1","schema":"Ownership","properties":{"owner":["p"],"asset":["c"]}}"#,
        r#"{"id":"o-2","schema":"Ownership","datasets":["register"],"properties":{"owner":["p"],"asset":["c"]}}"#,
    ];
    std::fs::write(folder.path().join("in.json"), lines.join("\n")).expect("it is written");
    let import = ["import", "ftm", "in.json", "--out", "data", "--quiet", "--by", "The Registry"];
    let more =
        ["--document-title", "Extract", "--document-date", "2024-05", "--document-address", "https://r.example/"];
    let it = run(folder.path(), &[&import[..], &more].concat());
    assert_eq!((it.code, &*it.stderr), (Some(0), ""));
    let show = run(folder.path(), &["show", "o-1", "--data", "data", "--format", "json"]).stdout;
    let show: Value = serde_json::from_str(&show).expect("JSON");
    assert_eq!(show["rows"][0]["claims"][0]["by"]["name"], "The Registry");
    let note = &show["notes"][0];
    let said = ["title", "address"].map(|it| note[it].as_str().unwrap_or(""));
    assert_eq!(said, ["Extract", "https://r.example/"]);
    assert!(note["date"].to_string().contains("2024-05"), "{note}");
    assert_eq!(note["publisher"]["name"], "The Registry");
    let show = run(folder.path(), &["show", "o-2", "--data", "data"]).stdout;
    assert!(show.contains("publisher of register") && !show.contains("The Registry"), "{show}");
    // Neither is a publisher that the records would name.
    let back = run(folder.path(), &["export", "ftm", "--data", "data"]).stdout;
    assert!(!back.contains("The Registry"), "{back}");
    // Where every record says it itself, that nobody needs it is told.
    std::fs::write(folder.path().join("in.json"), [lines[0], lines[1], lines[3]].join("\n")).expect("it is written");
    let it = run(folder.path(), &[&import[..], &["--force"]].concat());
    assert!(it.stderr.contains("I0045") && it.stderr.contains("--by"), "{}", it.stderr);
}

#[test]
fn a_payment_to_two_is_told_and_roles_in_words_are_shown_and_exported() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = [
        r#"{"id":"a","schema":"Company","properties":{"name":["Aco"]}}"#,
        r#"{"id":"b","schema":"Company","properties":{"name":["Bco"]}}"#,
        r#"{"id":"c","schema":"Person","properties":{"name":["Cid"]}}"#,
        r#"{"id":"pay","schema":"Payment","properties":{"payer":["a"],"beneficiary":["b","c"],"amount":["100"],"currency":["EUR"]}}"#,
        r#"{"id":"dir","schema":"Directorship","properties":{"director":["c"],"organization":["a"],"role":["deputy chair"],"secretary":["no"]}}"#,
    ];
    std::fs::write(folder.path().join("in.json"), lines.join("\n")).expect("it is written");
    let it = run(folder.path(), &["import", "ftm", "in.json", "--out", "data", "--quiet"]);
    assert_eq!(it.code, Some(0), "{}", it.stderr);
    let told = "in.json:4: warning[I0014]: `pay` names 2 pairs of ends, and its `amount` need not be that of each";
    assert!(it.stderr.contains(told), "{}", it.stderr);
    let show = run(folder.path(), &["show", "dir", "--data", "data"]).stdout;
    assert!(show.contains("role") && show.contains("deputy chair"), "{show}");
    let back = run(folder.path(), &["export", "ftm", "--data", "data"]).stdout;
    let back = by_id(back.lines().map(|it| serde_json::from_str(it).expect("JSON")));
    assert_eq!(back["dir"]["properties"]["role"][0], "deputy chair");
    assert_eq!(back["pay"]["properties"]["amount"][0], "100");
    assert_eq!(back["pay"]["properties"]["beneficiary"].as_array().map(Vec::len), Some(2));
}

/// Looked through one by one it would take minutes.
#[test]
fn one_entity_in_thirty_thousand_lines_is_put_together_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines: Vec<String> = (0..30_000)
        .map(|it| format!(r#"{{"id":"a","schema":"Person","datasets":["d{it}"],"properties":{{"name":["Ann {it}"],"p{it}":["x"]}}}}"#))
        .collect();
    std::fs::write(folder.path().join("in.json"), lines.join("\n")).expect("it is written");
    let start = std::time::Instant::now();
    let it = run(folder.path(), &["import", "ftm", "in.json", "--out", "data", "--quiet"]);
    assert_eq!((it.code, &*it.stderr), (Some(0), ""));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    let text = std::fs::read_to_string(folder.path().join("data/entities/people-001.ron")).expect("people");
    assert!(text.contains("\"Ann 29999\"") && text.contains("ftm:p29999"));
}

#[test]
fn followthemoney_takes_what_goes_out() {
    let Some(python) = std::env::var_os("PURVEY_PYTHON") else {
        // Past the capture of a test that passes, so that it is seen.
        let _ =
            writeln!(std::io::stderr(), "SKIPPED followthemoney validates our export: PURVEY_PYTHON names no Python");
        return;
    };
    let (folder, _) = imported(&fixture("entities.jsonl"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export/ftm_validates.py");
    let validate = |file: &str, more: &[&str]| {
        let path = folder.path().join(file);
        let output = Command::new(&python).arg(&script).arg(path).args(more).output().expect("PURVEY_PYTHON runs");
        assert!(output.status.success(), "{file}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let out = |arguments: &[&str]| {
        let run = run(folder.path(), &[&["export", "ftm"], arguments].concat());
        assert_eq!(run.code, Some(0), "{}", run.stderr);
    };
    out(&["--out", "example.json"]);
    validate("example.json", &[]);
    out(&["who", "--to", "Russia", "--out", "answer.json"]);
    validate("answer.json", &[]);
    out(&["--data", "data", "--out", "back.json"]);
    validate("back.json", &["--as-it-came"]);
}

#[test]
fn what_is_left_out_of_facts_of_our_own_is_told() {
    let run = purvey(&["export", "ftm", "a11"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!("ftm-export", format!("{}{}", run.stdout, run.stderr));
}
