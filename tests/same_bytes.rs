//! The same data give the same bytes: however the files are called, split and ordered, and whatever the locale, the time
//! zone and the width of the screen.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Run, command};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const QUESTIONS: [&[&str]; 9] = [
    &["who"],
    &["list", "facts", "--format", "json"],
    &["list", "facts", "--format", "csv"],
    &["path", "North Korea", "Kyiv", "--all", "--format", "md"],
    &["path", "North Korea", "Kyiv", "--all", "--in-time", "--format", "json"],
    &["timeline", "list", "facts", "--format", "md"],
    &["show", "msmt"],
    &["draw", "who", "--to", "Russia"],
    &["stats"],
];

fn ron_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of graph-data") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { ron_files(&path, found) } else { found.push(path) }
    }
}

/// What stands before the records of a file, each record, and what stands after them. Records begin at the eighth
/// column in `graph-data`.
fn split(text: &str) -> (String, Vec<String>, String) {
    let mut parts: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let record = line.strip_prefix("        ").is_some_and(|it| it.starts_with(|c: char| c.is_ascii_uppercase()));
        if record {
            parts.push(String::new());
        }
        let last = parts.last_mut().expect("there is one");
        last.push_str(line);
        last.push('\n');
    }
    let head = parts.remove(0);
    let last = parts.pop().expect("a file has records");
    let end = last.rfind("\n    ],").expect("the list ends");
    let (record, foot) = last.split_at(end + 1);
    parts.push(record.to_owned());
    (head, parts, foot.to_owned())
}

fn answers(data: &Path, environment: &[(&str, &str)]) -> Vec<String> {
    QUESTIONS
        .iter()
        .map(|question| {
            let mut command = command(data.parent().expect("a folder"));
            command.arg("--data").arg(data).args(*question).envs(environment.iter().copied());
            let run: Run = command.output().expect("the binary runs").into();
            assert_eq!(run.code, Some(0), "{question:?}\n{}", run.stderr);
            run.stdout
        })
        .collect()
}

#[test]
fn files_renamed_split_and_shuffled_give_the_same_bytes() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data");
    let mut files = Vec::new();
    ron_files(&data, &mut files);
    let texts: Vec<_> = files.iter().map(|it| split(&fs::read_to_string(it).expect("a file"))).collect();
    let expected = answers(&data, &[]);

    let mut runner = TestRunner::new(Config { cases: 8, failure_persistence: None, ..Config::default() });
    let order = |records: usize| (Just((0..records).collect::<Vec<_>>()).prop_shuffle(), 1_usize..4);
    let orders: Vec<_> = texts.iter().map(|(_, records, _)| order(records.len())).collect();
    let strategy = (orders, any::<[u8; 4]>());
    runner
        .run(&strategy, |(orders, names)| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let shuffled = folder.path().join("shuffled");
            for (at, ((head, records, foot), (order, pieces))) in texts.iter().zip(orders).enumerate() {
                for (piece, chunk) in order.chunks(order.len().div_ceil(pieces)).enumerate() {
                    let body: String = chunk.iter().map(|it| records[*it].as_str()).collect();
                    let name = format!("{:02x}/{}-{piece}.ron", names[at % 4], (at * 37 + 11) % 101);
                    let path = shuffled.join(name);
                    fs::create_dir_all(path.parent().expect("a folder")).expect("a new folder");
                    fs::write(path, format!("{head}{body}{foot}")).expect("a new file");
                }
            }
            prop_assert_eq!(answers(&shuffled, &[]), expected.clone());
            Ok(())
        })
        .expect("the same bytes");
}

#[test]
fn the_environment_does_not_matter() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data");
    let plain = answers(&data, &[]);
    let other = [
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("TZ", "Pacific/Kiritimati"),
        ("COLUMNS", "33"),
        ("RAYON_NUM_THREADS", "7"),
        ("TERM", "dumb"),
        ("CLICOLOR_FORCE", "1"),
    ];
    assert_eq!(answers(&data, &other), plain);
    assert_eq!(answers(&data, &[]), plain);
}
