//! A snapshot made of data folders bit by bit is that of the graph in memory, and errors are those of `load`.

use std::path::PathBuf;

use proptest::prelude::*;
use purvey::build::{Built, build};
use purvey::diagnostic::{Diagnostic, Severity};
use purvey::graph::{KnowledgeGraph, SnapshotMemory, write_snapshot};
use purvey::load::{LoadOptions, Sources, load};

use crate::generated::generate;
use crate::support::loading::{BASE, folder};

/// A file with all that records can hold.
const MUCH: &str = r##"(
    /* ], */ facts: [
        Supply(id: "a6", supplier: "north-korea", item: ["shell", "missile"], recipient: "russia", period: "2024"),
        Supply(id: "a6-b", supplier: Unnamed(of: "msmt", label: "1"), item: "shell", quantity: "at least 100 rounds",
            in_addition_to: [(id: "a6/shell", by: "russia", document: "article"), "base-1"], after: "base-3",
            period: "2025-06"), // ), ],
        Supply(id: "a6-b-1", supplier: "north-korea", item: ["shell", "missile"], recipient: Unnamed(of: "msmt")),
        Attack(id: "z1", attacker: "russia", target: "kyiv", claims: [
            (by: "msmt", wounded: "17", at: (paragraph: 3, length: 120, sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
            (by: Unnamed(of: "msmt", several: true), wounded: "about 20", scope: r#"only "Kyiv")"#, made: "2025-05", period: "2025-04"),
        ], extra: [(name: "topics", values: ["a", "b"])], note: "öß ]"),
        Supply(id: "a1", supplier: "dprk", item: "missile", recipient: "russia", draft: true),
    ],
    document: "report",
    defaults: (by: "msmt", via: ["article"], made: "2025"),
    entities: [Country(id: "dprk", name: "DPRK"), Document(id: "late", name: "Late", date: "2026")],
    decisions: [Same(a: "dprk", b: "north-korea", keep: "north-korea")],
)
"##;

/// One that is read before the others, and refers to them.
const EARLY: &str = r##"(document: "report", defaults: (by: "dprk"),
    facts: [
        Dispatch(id: "a0", sender: "dprk", people: (id: "troops", of: "dprk"), recipient: "russia", part_of: "a6",
            document: "late", by: Unnamed(of: "msmt", label: "1")),
        Supply(id: "a0-z", supplier: "north-korea", item: "shell", recipient: "russia", same_as: "a0-y"),
        Supply(id: "a0-y", supplier: "north-korea", item: "shell", recipient: "russia", about: "msmt"),
    ],
)
"##;

const OPTIONS: [LoadOptions; 2] = [LoadOptions { drafts: false }, LoadOptions { drafts: true }];

/// The snapshot of the graph in memory, or the errors.
fn in_memory(paths: &[PathBuf], options: LoadOptions) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let mut loaded = load(&Sources::Paths(paths.to_vec()), options);
    loaded.findings.retain(|it| it.code.severity() == Severity::Error);
    let Some(dataset) = loaded.dataset else { return Err(loaded.findings) };
    let mut bytes = Vec::new();
    write_snapshot(&KnowledgeGraph::new(&dataset), b"", &mut bytes).expect("a snapshot");
    Ok(bytes)
}

/// The same bit by bit.
fn in_bulk(paths: &[PathBuf], options: LoadOptions, bytes: usize) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let scratch = tempfile::tempdir().expect("a folder");
    let memory = SnapshotMemory { bytes, folder: scratch.path().to_owned() };
    let (mut last, mut total) = (0, 0);
    let built = build(paths, options, memory, &mut |done, of| (last, total) = (done, of)).expect("no file changed");
    match built {
        Built::Snapshot(ready) => {
            assert_eq!(last, total, "all is done");
            let mut bytes = Vec::new();
            ready.write(&mut bytes).expect("a snapshot");
            Ok(bytes)
        }
        Built::Refused(loaded) => Err(loaded.errors),
    }
}

fn assert_same(paths: &[PathBuf], bytes: usize) -> bool {
    let mut sound = true;
    for options in OPTIONS {
        let (expected, found) = (in_memory(paths, options), in_bulk(paths, options, bytes));
        match (&expected, &found) {
            (Ok(expected), Ok(found)) => assert!(expected == found, "other bytes"),
            (Err(expected), Err(found)) => assert_eq!(expected, found),
            (Ok(_), Err(found)) => panic!("found {found:?}"),
            (Err(expected), Ok(_)) => panic!("did not find {expected:?}"),
        }
        sound &= expected.is_ok();
    }
    sound
}

#[test]
fn folders_with_all_that_records_hold_give_the_same_bytes() {
    let files = folder([
        ("base.ron", BASE.as_bytes()),
        ("much.ron", MUCH.as_bytes()),
        ("a/early.ron", EARLY.as_bytes()),
        ("empty.ron", b" // nothing\n"),
    ]);
    let marked = folder([("base.ron", format!("\u{feff}{BASE}").as_bytes()), ("much.ron", MUCH.as_bytes())]);
    let example = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("graph-data");
    for paths in [vec![files.path().to_owned()], vec![marked.path().to_owned()], vec![example]] {
        for bytes in [0, 100_000, usize::MAX] {
            assert!(assert_same(&paths, bytes), "{:?}", in_memory(&paths, OPTIONS[1]).err());
        }
    }
    let two = [marked.path().join("much.ron"), files.path().join("base.ron")];
    assert!(assert_same(&two, 0));
}

#[test]
fn generated_facts_give_the_same_bytes() {
    for (facts, seed, bytes) in [(1500, 3, 0), (1500, 4, usize::MAX)] {
        let text = generate::ron(facts, seed);
        let files = folder([("facts.ron", text.as_bytes())]);
        assert!(assert_same(&[files.path().to_owned()], bytes));
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let files = folder([("base.ron", BASE.as_bytes()), ("bad.ron", b"(facts: [\xff])"), ("x.txt", b"")]);
    for paths in [
        vec![files.path().to_owned()],
        vec![files.path().join("none.ron"), files.path().join("base.ron")],
        vec![files.path().join("x.txt")],
        vec![tempfile::tempdir().expect("a folder").path().to_owned()],
    ] {
        assert!(!assert_same(&paths, 0) || paths[0].ends_with("x.txt"));
    }
}

#[test]
fn no_more_is_read_at_once_than_memory_allows() {
    let text = generate::ron(3000, 5);
    let files = folder([("facts.ron", text.as_bytes())]);
    let paths = [files.path().to_owned()];
    let scratch = tempfile::tempdir().expect("a folder");
    let longest = |bytes: usize| {
        let memory = SnapshotMemory { bytes, folder: scratch.path().to_owned() };
        let (mut before, mut longest) = (0, 0);
        let built = build(&paths, LoadOptions::default(), memory, &mut |done, of| {
            // The last step is to the end, whatever is left.
            longest = longest.max(if done == of { 0 } else { done - before });
            before = done;
        });
        assert!(matches!(built.expect("no file changed"), Built::Snapshot(_)));
        longest
    };
    // One record of these has less than 2 KB.
    for bytes in [1 << 14, 1 << 17, 1 << 20] {
        assert!(longest(bytes) <= bytes as u64 / 16 + 8 * 2048, "{} of {bytes}", longest(bytes));
    }
    assert!(longest(usize::MAX) > 500_000);
}

#[test]
fn what_memory_has_no_room_for_waits_on_disk() {
    let files = folder([("facts.ron", generate::ron(300, 5).as_bytes())]);
    let paths = [files.path().to_owned()];
    let written = |bytes: usize| {
        let memory = SnapshotMemory { bytes, folder: "/nonexistent/folder".into() };
        match build(&paths, LoadOptions::default(), memory, &mut |_, _| {}).expect("no file changed") {
            Built::Snapshot(ready) => ready.write(&mut Vec::new()),
            Built::Refused(loaded) => panic!("{:?}", loaded.errors),
        }
    };
    assert!(written(usize::MAX).is_ok());
    assert!(written(1).is_err(), "there is no folder to wait in");
}

/// A build has room where checking in memory has none.
#[cfg(target_os = "linux")]
#[test]
fn a_build_takes_less_memory_than_the_facts() {
    let files = folder([("facts.ron", generate::ron(12_000, 6).as_bytes())]);
    let within = |arguments: &str| {
        // What a process may have of its own, in blocks of 1024 bytes.
        let script = format!("ulimit -d 49152; exec '{}' {arguments}", env!("CARGO_BIN_EXE_purvey"));
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", &script]).current_dir(files.path()).env_clear();
        command.output().expect("a shell").status.code()
    };
    assert_eq!(within("build facts.ron --no-cache --memory 4M --out facts.purvey"), Some(0));
    assert_ne!(within("check facts.ron"), Some(0), "the limit is no test");
}

/// What may go wrong in a text.
fn damage() -> impl Strategy<Value = (prop::sample::Index, u8, prop::sample::Index)> {
    (any::<prop::sample::Index>(), 0_u8..14, any::<prop::sample::Index>())
}

fn damaged(text: &str, (at, how, other): (prop::sample::Index, u8, prop::sample::Index)) -> String {
    let place = |it: prop::sample::Index| {
        let mut at = it.index(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (at, other) = (place(at), place(other));
    let words = ["\"", "(", ")", "]", "[", ",", "/*", "//", "x", "-"];
    match how {
        0..=9 => format!("{}{}{}", &text[..at], words[usize::from(how)], &text[at..]),
        // A piece that is missing, or stands twice.
        10 => format!("{}{}", &text[..at.min(other)], &text[at.max(other).min(at.min(other) + 9)..]),
        11 => format!("{}{}", &text[..at.max(other)], &text[at.min(other)..]),
        // A word for another: mostly ids.
        12 => text.replacen("\"shell\"", "\"shel\"", 1 + at % 3),
        _ => text.replacen("a6", "base-1", 1 + at % 7),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_folders_give_the_same_errors(damages in prop::collection::vec(damage(), 1..4), bytes in 0_usize..200_000) {
        let mut texts = [EARLY.to_owned(), MUCH.to_owned(), BASE.to_owned()];
        for (at, it) in damages.into_iter().enumerate() {
            let text = &mut texts[(at + 1) % 3];
            *text = damaged(text, it);
        }
        let files = folder(["early.ron", "much.ron", "x/base.ron"].into_iter().zip(texts.iter().map(|it| it.as_bytes())));
        assert_same(&[files.path().to_owned()], bytes);
    }
}
