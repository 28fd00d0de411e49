//! `add`, `remove`, `rename`, `fmt` and `init`: what goes into files and out of them, and what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use purvey::edit::{Folder, Lock, RealDisk};
use purvey::load::{LoadOptions, Sources, load, load_texts};

use crate::generated::generate;
use crate::support::{Run, command, folder_of};

/// A copy of the built-in data.
fn built_in() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data"), &folder.path().join("graph-data"));
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("it has a name"));
        if path.is_dir() {
            copy(&path, &target)
        } else {
            fs::write(&target, fs::read(&path).expect("a file")).expect("a file")
        }
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// All files with their bytes.
fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.ends_with(".cache") {
            continue;
        }
        if path.is_dir() {
            all.extend(bytes(&path))
        } else {
            all.push((path.clone(), fs::read(&path).expect("a file")))
        }
    }
    all.sort();
    all
}

const MISSILES: [&str; 15] = [
    "add",
    "supply",
    "--from",
    "North Korea",
    "--to",
    "Russia",
    "--what",
    "ballistic missiles",
    "--quantity",
    "at least 100",
    "--during",
    "2024",
    "--in",
    "upi-2025-05-30",
    "--by",
];

#[test]
fn the_built_in_data_have_the_one_layout() {
    let run = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["fmt", "--check", "graph-data"]);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn a_fact_takes_few_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data/facts");
    let mut lines: Vec<usize> = Vec::new();
    for (_, text) in bytes(&folder) {
        let text = String::from_utf8(text).expect("UTF-8");
        for line in text.lines() {
            let first =
                line.strip_prefix("        ").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_uppercase()));
            let comment = line.trim_start().starts_with("//");
            match lines.last_mut() {
                _ if first => lines.push(1),
                Some(last) if !comment && line.starts_with("            ") => *last += 1,
                _ => {}
            }
        }
    }
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(lines.len() > 80 && median <= 8, "{median} lines at the median of {} records", lines.len());
}

#[test]
fn the_layout_changes_nothing_that_is_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (facts, seed) in [(40, 1), (200, 2), (700, 3)] {
        let text = generate::ron(facts, seed);
        let path = folder.path().join("facts.ron");
        fs::write(&path, &text).expect("a file");
        let before = load(&Sources::Paths(vec![path.clone()]), LoadOptions::default());
        assert_eq!(run(folder.path(), &["fmt", "facts.ron"]).code, Some(0));
        let laid = fs::read_to_string(&path).expect("a file");
        let after = load_texts([("facts.ron".to_owned(), laid.clone().into_bytes())], LoadOptions::default());
        assert_eq!(before.dataset, after.dataset, "{facts} facts, seed {seed}");
        assert_eq!(
            run(folder.path(), &["fmt", "--check", "facts.ron"]).code,
            Some(0),
            "laying out twice changes nothing"
        );
    }
}

#[test]
fn line_breaks_stay_a_byte_order_mark_goes_and_what_is_no_file_of_records_is_left_alone() {
    let crlf = "\u{feff}(entities: [\r\n Country(id: \"a\", name: \"A\") // one\r\n])";
    let folder = folder_of(&[
        ("crlf.ron", crlf),
        ("broken.ron", "(entities: [\n  Country(id: \"b\", name: \"B\"\n])"),
        ("blank.ron", "// to come\n"),
    ]);
    let data = folder.path().join("graph-data");
    fs::write(data.join("latin.ron"), b"// \xe9\n()").expect("a file");
    let before = fs::read(data.join("latin.ron")).expect("a file");
    let checked = run(folder.path(), &["fmt", "--check"]);
    assert_eq!(checked.code, Some(1));
    assert_eq!(checked.stdout, "graph-data/crlf.ron\n");
    let done = run(folder.path(), &["fmt"]);
    assert_eq!(done.code, Some(1), "two files are left alone");
    assert!(
        done.stderr.contains("graph-data/broken.ron:3:1: this bracket closes nothing, so the file is left as it is"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("graph-data/latin.ron: this is not UTF-8"), "{}", done.stderr);
    let text = fs::read_to_string(data.join("crlf.ron")).expect("a file");
    assert_eq!(text, "(\r\n    entities: [\r\n        Country(id: \"a\", name: \"A\"), // one\r\n    ],\r\n)\r\n");
    assert_eq!(fs::read(data.join("latin.ron")).expect("a file"), before);
}

#[test]
fn a_fact_goes_in_from_flags_and_comes_out_with_the_same_bytes() {
    let folder = built_in();
    let before = bytes(folder.path());
    let mut words = MISSILES.to_vec();
    words.push("msmt");
    let dry: Vec<&str> = words.iter().copied().chain(["--dry-run"]).collect();
    let shown = run(folder.path(), &dry);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    insta::assert_snapshot!(shown.stdout);
    // Without a terminal nobody is asked, and nothing is written.
    let unasked = run(folder.path(), &words);
    assert_eq!(unasked.code, Some(1));
    assert!(unasked.stderr.contains("nothing was written: add --yes"), "{}", unasked.stderr);
    assert_eq!(bytes(folder.path()), before);
    words.push("--yes");
    assert_eq!(run(folder.path(), &words).code, Some(0));
    assert_ne!(bytes(folder.path()), before);
    assert_eq!(run(folder.path(), &["check", "--strict"]).code, Some(0));
    let who = run(folder.path(), &["show", "north-korea-ballistic-missile-russia-2024"]);
    assert!(who.stdout.contains("at least 100"), "{}", who.stdout);
    assert_eq!(run(folder.path(), &["remove", "north-korea-ballistic-missile-russia-2024", "--yes"]).code, Some(0));
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn a_statement_in_plain_words_is_a_record() {
    let folder = built_in();
    for (statement, expected) in [
        (
            "North Korea sent at least 100 ballistic missiles to Russia in 2024, says the MSMT",
            "Supply(id: \"x\", supplier: \"north-korea\", item: \"ballistic-missile\", recipient: \"russia\", quantity: \"at least 100\",\n    period: \"2024\", document: \"upi-2025-05-30\", by: \"msmt\")",
        ),
        (
            "According to the MSMT, Russia received missiles from North Korea in March 2024",
            "Supply(id: \"x\", supplier: \"north-korea\", item: \"missile\", recipient: \"russia\", period: \"2024-03\",\n    document: \"upi-2025-05-30\", by: \"msmt\")",
        ),
        (
            "The MSMT says that North Korea sent about 8,000 troops to Russia",
            "Dispatch(id: \"x\", sender: \"north-korea\", people: \"troops\", recipient: \"russia\", quantity: \"about 8,000\",\n    document: \"upi-2025-05-30\", by: \"msmt\")",
        ),
    ] {
        let run = run(folder.path(), &["add", statement, "--in", "upi-2025-05-30", "--id", "x", "--dry-run"]);
        assert_eq!(run.code, Some(0), "{statement}\n{}", run.stderr);
        assert!(run.stdout.starts_with(expected), "{statement}\n{}", run.stdout);
    }
    for (statement, complaint) in [
        ("Ruritania sent missiles to Russia, says the MSMT", "“Ruritania” is no name"),
        ("Nroth Korea sent missiles to Russia, says the MSMT", "did you mean North Korea?"),
        ("what did North Korea send to Russia", "not in this order"),
        ("North Korea did not send missiles to Russia, says the MSMT", "not in this order"),
    ] {
        let run = run(folder.path(), &["add", statement, "--in", "upi-2025-05-30", "--dry-run"]);
        assert_eq!(run.code, Some(1), "{statement}");
        assert!(run.stderr.contains(complaint), "{statement}\n{}", run.stderr);
    }
}

#[test]
fn every_kind_takes_all_of_its_roles_and_figures() {
    let folder = built_in();
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("sound data");
    let vocabulary = &dataset.vocabulary;
    for kind in &vocabulary.kinds {
        let mut words: Vec<String> = vec!["add".to_owned(), kind.id.to_string()];
        let mut ends = Vec::new();
        for role in &kind.roles {
            // Of several roles for one end a record gives one.
            if role.flow.is_some_and(|it| ends.contains(&it)) {
                continue;
            }
            ends.extend(role.flow);
            let fits = dataset.entities.iter().filter(|it| role.accepts.contains(it.kind));
            let used: Vec<&String> = words.iter().collect();
            let entity = fits.map(|it| it.id.to_string()).find(|it| !used.contains(&it)).expect("some entity fits");
            words.extend([format!("--{}", vocabulary.role_name(role.role).replace('_', "-")), entity]);
        }
        for figure in &kind.figures {
            words.extend([format!("--{}", figure.name.replace('_', "-")), "at least 3".to_owned()]);
        }
        words.extend(
            ["--in", "upi-2025-05-30", "--by", "msmt", "--during", "2024", "--id", "x", "--dry-run"].map(str::to_owned),
        );
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = run(folder.path(), &arguments);
        assert!(
            run.stdout.starts_with(&format!("{}(id: \"x\"", kind.camel_case()))
                || run.stderr.contains("cannot be written"),
            "{words:?}\n{}{}",
            run.stdout,
            run.stderr
        );
        for pair in words[2..].chunks(2).take(kind.figures.len()) {
            assert!(run.code == Some(0) || run.stderr.contains("[K"), "{pair:?} {}", run.stderr);
        }
    }
}

#[test]
fn nobody_is_made_silently() {
    let folder = built_in();
    let before = bytes(folder.path());
    let words = [
        "add",
        "supply",
        "--from",
        "Ruritania",
        "--to",
        "Russia",
        "--what",
        "drones",
        "--in",
        "upi-2025-05-30",
        "--by",
        "upi",
        "--yes",
    ];
    let refused = run(folder.path(), &words);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("nothing is called “Ruritania”; the closest are"), "{}", refused.stderr);
    assert!(refused.stderr.contains("add --new \"country:Ruritania\""), "{}", refused.stderr);
    assert_eq!(bytes(folder.path()), before);
    let new: Vec<&str> = words.iter().copied().chain(["--new", "country:Ruritania"]).collect();
    let done = run(folder.path(), &new);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains("new: Country(id: \"ruritania\", name: \"Ruritania\")"), "{}", done.stdout);
    assert!(
        done.stdout.contains("written: graph-data/entities/countries.ron, graph-data/facts/upi.ron"),
        "{}",
        done.stdout
    );
    let used = run(folder.path(), &["remove", "ruritania", "--yes"]);
    assert_eq!(used.code, Some(2));
    assert!(
        used.stderr.contains("`ruritania` is used, so it stays: `ruritania-drone-russia` (graph-data/facts/upi.ron:"),
        "{}",
        used.stderr
    );
    assert_eq!(run(folder.path(), &["rename", "ruritania", "zenda", "--yes"]).code, Some(0));
    assert_eq!(run(folder.path(), &["remove", "ruritania-drone-russia", "--yes"]).code, Some(0));
    assert_eq!(run(folder.path(), &["remove", "zenda", "--yes"]).code, Some(0));
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn what_check_would_refuse_is_not_written() {
    let folder = built_in();
    let before = bytes(folder.path());
    let mut words = MISSILES.to_vec();
    words.extend(["msmt", "--yes"]);
    words[9] = "at least lots";
    let run = run(folder.path(), &words);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("that cannot be written, and nothing was"), "{}", run.stderr);
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn a_passage_is_found_and_never_written() {
    let folder = built_in();
    fs::write(folder.path().join("article.txt"), "A headline\n\nFirst words. Many trucks\twere   seen there.\n")
        .expect("a file");
    let mut words = MISSILES.to_vec();
    words.extend(["msmt", "--id", "x", "--yes", "--article", "article.txt", "--quote", "Many trucks were seen there."]);
    let done = run(folder.path(), &words);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let text = fs::read_to_string(folder.path().join("graph-data/facts/upi.ron")).expect("a file");
    assert!(text.contains("at: (paragraph: 2, length: 28, sha256: \"") && !text.contains("trucks"), "{}", done.stdout);
    words.truncate(words.len() - 1);
    words.extend(["Something else."]);
    let refused = run(folder.path(), &words);
    assert!(refused.stderr.contains("the quoted passage is not in article.txt"), "{}", refused.stderr);
}

#[test]
fn an_id_is_renamed_in_all_files_and_back() {
    let folder = built_in();
    let before = bytes(folder.path());
    let done = run(folder.path(), &["rename", "msmt", "team", "--yes"]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(done.stdout.contains(
        "written: graph-data/documents.ron, graph-data/entities/organizations.ron, graph-data/facts/upi.ron"
    ));
    assert_eq!(run(folder.path(), &["check", "--strict"]).code, Some(0));
    assert_eq!(run(folder.path(), &["fmt", "--check"]).code, Some(0));
    let taken = run(folder.path(), &["rename", "team", "russia", "--yes"]);
    assert!(taken.stderr.contains("the id `russia` is taken"), "{}", taken.stderr);
    assert_eq!(run(folder.path(), &["rename", "team", "msmt", "--yes"]).code, Some(0));
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn one_claim_of_several_comes_out() {
    let folder = built_in();
    let none = run(folder.path(), &["remove", "a7", "--claim", "3", "--yes"]);
    assert!(none.stderr.contains("`a7` has 2 claims, not a claim 3"), "{}", none.stderr);
    assert_eq!(run(folder.path(), &["remove", "a7", "--claim", "2", "--yes"]).code, Some(0));
    let only = run(folder.path(), &["remove", "a7", "--claim", "1", "--yes"]);
    assert!(only.stderr.contains("that is the only claim of `a7`"), "{}", only.stderr);
    assert_eq!(run(folder.path(), &["check"]).code, Some(0));
}

#[test]
fn two_writers_do_not_get_in_each_others_way() {
    let folder = built_in();
    let before = bytes(folder.path());
    let lock = Lock::take(&folder.path().join("graph-data"), &mut RealDisk).expect("a lock");
    let mut words = MISSILES.to_vec();
    words.extend(["msmt", "--yes"]);
    let refused = run(folder.path(), &words);
    assert_eq!(refused.code, Some(2));
    assert!(
        refused.stderr.contains("another purvey is writing to graph-data: wait until it is done"),
        "{}",
        refused.stderr
    );
    drop(lock);
    assert_eq!(bytes(folder.path()), before);
    assert_eq!(run(folder.path(), &words).code, Some(0));
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = built_in();
    let data = folder.path().join("graph-data");
    let before = bytes(folder.path());
    fs::set_permissions(&data, fs::Permissions::from_mode(0o555)).expect("a mode");
    // Whoever is root may write all the same, so there is nothing to see.
    if fs::write(data.join("probe"), "").is_ok() {
        fs::remove_file(data.join("probe")).expect("a file");
    } else {
        let mut words = MISSILES.to_vec();
        words.extend(["msmt", "--yes"]);
        let refused = run(folder.path(), &words);
        assert_eq!(refused.code, Some(2));
        assert!(
            refused.stderr.contains("graph-data cannot be written, and every file is as it was"),
            "{}",
            refused.stderr
        );
    }
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("a mode");
    assert_eq!(bytes(folder.path()), before);
}

#[test]
fn the_example_in_the_program_is_not_written_to() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for words in [&["fmt"][..], &["remove", "a7"], &["rename", "a7", "a8"], &["add", "theft", "--in", "x"]] {
        let run = run(folder.path(), words);
        assert_eq!(run.code, Some(2), "{words:?}");
        assert!(run.stderr.contains("the built-in example cannot be changed"), "{words:?}\n{}", run.stderr);
    }
}

#[test]
fn a_folder_to_start_from_is_sound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let begun = run(folder.path(), &["init", "facts"]);
    assert_eq!(begun.code, Some(0), "{}", begun.stderr);
    let facts = folder.path().join("facts");
    let checked = run(&facts, &["check", "--strict"]);
    assert_eq!(checked.code, Some(0), "{}", checked.stdout);
    assert_eq!(run(&facts, &["fmt", "--check"]).code, Some(0));
    // What it says to type next works as it stands.
    let next = begun.stdout.lines().filter_map(|it| it.trim().strip_prefix("purvey "));
    for line in next.collect::<Vec<_>>() {
        let mut words = shlex(line);
        if words[0] == "add" {
            words.push("--yes".to_owned());
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = run(&facts, &words);
        assert_eq!(run.code, Some(0), "{line}\n{}{}", run.stdout, run.stderr);
    }
    assert_eq!(run(&facts, &["fmt", "--check"]).code, Some(0));
    // Texts of articles are kept out of git, the rule itself is not.
    let ignore = fs::read_to_string(facts.join("articles/.gitignore")).expect("a folder for articles");
    assert!(ignore.ends_with("\n*\n!.gitignore\n"), "{ignore}");
    let again = run(folder.path(), &["init", "facts"]);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("facts is not empty"), "{}", again.stderr);
}

#[test]
fn what_goes_without_saying_is_not_said_of_a_new_entity() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(run(folder.path(), &["init", "facts"]).code, Some(0));
    let facts = folder.path().join("facts");
    let publisher = run(&facts, &["add", "organization", "Alma Courier", "--yes"]);
    assert!(!publisher.stdout.contains("nothing refers to"), "{}", publisher.stdout);
    let words = ["add", "document", "Alma Courier, 12 March 2025", "--publisher", "Alma Courier", "--yes"];
    let document = run(&facts, &words);
    assert_eq!((document.code, document.stderr.as_str()), (Some(0), ""), "its publisher is no namesake");
    let second = run(&facts, &["add", "organization", "Alma Couriers", "--dry-run"]);
    assert!(second.stderr.contains("`alma-courier`") && !second.stderr.contains("document"), "{}", second.stderr);
    // What is left alone by a removal is told.
    let removed = run(&facts, &["remove", "trucks-2024", "--dry-run"]);
    assert!(removed.stdout.contains("nothing refers to the entity `truck`"), "{}", removed.stdout);
}

#[test]
fn a_way_out_is_one_that_the_command_has() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert_eq!(run(folder.path(), &["init", "facts"]).code, Some(0));
    let facts = folder.path().join("facts");
    let fact = ["add", "supply", "--from", "Northland", "--to", "Southland", "--what", "truck"];
    for (words, told) in [
        (&["add", "document", "D", "--publisher", "Nobody"][..], "first `purvey add organization \"Nobody\"`"),
        (&[&fact[..], &["--in", "nope", "--by", "northland"]].concat(), "first `purvey add document \"nope\"`"),
        (&[&fact[..], &["--in", "harbour-report-2025", "--by", "Me"]].concat(), "add --new \"organization:Me\""),
        (&["add", "country", "C", "--data", "nowhere"], "nowhere: there is no such file or folder"),
    ] {
        let refused = run(&facts, words);
        assert_ne!(refused.code, Some(0), "{words:?}");
        assert!(refused.stderr.contains(told), "{words:?}\n{}", refused.stderr);
    }
}

/// Words with double quotes around some.
fn shlex(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    parts
        .flat_map(|(at, part)| {
            if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
        })
        .collect()
}

#[test]
fn a_file_that_changed_meanwhile_is_not_written_over() {
    let folder = built_in();
    let data = folder.path().join("graph-data");
    let mut read = Folder::read(std::slice::from_ref(&data)).expect("the files");
    let path = data.join("documents.ron");
    read.set(&path, "()".to_owned());
    fs::write(&path, "// by hand\n()").expect("a file");
    let mut lock = Lock::take(&data, &mut RealDisk).expect("a lock");
    let error = purvey::edit::write_all(&read.changes(), &mut lock, &mut RealDisk).expect_err("it changed");
    assert!(error.to_string().contains("was changed by somebody else meanwhile"), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "// by hand\n()");
}
