//! The snapshot: the same answers as from memory, and a clear error for any damage.

use proptest::prelude::*;
use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, OpenError, Snapshot, reseal_snapshot, write_snapshot};
use purvey::query::{Evidence, PathQuestion, Question, Status, TotalBy, Who};

use crate::support::loading::{built_in, told};

fn names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

fn bytes_of(graph: &KnowledgeGraph) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_snapshot(graph, b"", &mut bytes).expect("a snapshot");
    bytes
}

const NAMES: [&str; 14] = [
    "North Korea",
    "Russia",
    "Kyiv",
    "msmt",
    "the Kremlin",
    "Ukraine",
    "weapons",
    "troops",
    "oil",
    "Slovakia",
    "Nroth Korea",
    "no such thing",
    "a11",
    "upi-2025-05-30",
];

/// A question about some of these names.
pub(crate) fn question(all: Vec<String>) -> impl Strategy<Value = Question> {
    let name = || prop::sample::select(all.clone());
    let names = || prop::collection::vec(name(), 0..2);
    let by = prop::option::of(prop::sample::select(vec![TotalBy::Unit, TotalBy::Year, TotalBy::From, TotalBy::What]));
    let during = prop::option::of(prop::sample::select(vec!["2024", "2024-03/2024-10", "2025-06"]));
    let period = |it: Option<&str>| it.map(|it| purvey::model::Period::parse(it).expect("a period"));
    let kind =
        prop::collection::vec(prop::sample::select(vec!["attack", "supply", "sanction"]).prop_map(str::to_owned), 0..2);
    let who = (names(), names(), names(), during, any::<bool>(), by, kind).prop_map(
        move |(from, what, to, during, include_parts, total, kinds)| {
            Question::Who(Who { from, what, to, during: period(during), include_parts, total, kinds, ..Who::default() })
        },
    );
    let path = (name(), name(), any::<[bool; 4]>(), 1_usize..5).prop_map(
        |(from, to, [all, any_direction, same_item, in_time], max_hops)| {
            Question::Path(PathQuestion {
                all,
                any_direction,
                same_item,
                in_time,
                max_hops,
                ..PathQuestion::new(&from, &to)
            })
        },
    );
    let simple = prop_oneof![
        name().prop_map(|name| Question::Show { name }),
        name().prop_map(|text| Question::Find { text }),
        prop::sample::select(vec!["facts", "kinds", "units", "entities", "documents", "attack"])
            .prop_map(|it| Question::List { what: it.to_owned() }),
        Just(Question::Stats),
        prop::option::of(name()).prop_map(|name| Question::Measures { name }),
        prop::option::of(name()).prop_map(|name| Question::Disputes { name }),
        prop::option::of(name()).prop_map(|name| Question::Sources { name }),
        prop::collection::vec(name(), 0..3).prop_map(|names| Question::Returns { names }),
    ];
    let plain = prop_oneof![4 => who, 3 => path, 3 => simple];
    (plain, 0..6).prop_map(|(question, about)| match about {
        0 => Question::Support(Box::new(question)),
        1 => Question::Timeline(Box::new(question)),
        _ => question,
    })
}

pub(crate) fn evidence() -> impl Strategy<Value = Evidence> {
    let without = prop::collection::vec(prop::sample::select(vec!["unnamed", "msmt", "upi-2025-05-30"]), 0..2);
    let status = prop::option::of(prop::sample::select(Status::ALL.to_vec()));
    (any::<bool>(), without, status).prop_map(|(early, without, status)| Evidence {
        as_of: early.then(|| purvey::model::Period::parse("2025-06-01").expect("a day")),
        without: without.into_iter().map(str::to_owned).collect(),
        statuses: status.into_iter().collect(),
        ..Evidence::default()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_question_has_the_same_answer(question in question(names()), evidence in prop_oneof![Just(Evidence::default()), evidence()]) {
        thread_local! {
            static BOTH: (KnowledgeGraph, Snapshot<Vec<u8>>) = {
                let graph = KnowledgeGraph::new(&built_in());
                let snapshot = Snapshot::new(bytes_of(&graph)).expect("a snapshot");
                (graph, snapshot)
            };
        }
        BOTH.with(|(graph, snapshot)| {
            prop_assert_eq!(told(graph, &question, &evidence), told(snapshot, &question, &evidence));
            Ok(())
        })?;
    }

    #[test]
    fn damage_is_an_error_and_never_a_smaller_answer(
        at in any::<prop::sample::Index>(), bits in 1_u8.., question in question(names())
    ) {
        thread_local! {
            static WHOLE: (KnowledgeGraph, Vec<u8>) = {
                let graph = KnowledgeGraph::new(&built_in());
                let bytes = bytes_of(&graph);
                (graph, bytes)
            };
        }
        WHOLE.with(|(graph, whole)| {
            let mut bytes = whole.clone();
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
            match Snapshot::new(AlignedBytes::copy(&bytes)) {
                Err(_) => {}
                Ok(snapshot) => {
                    prop_assert!(!snapshot.verify().is_empty());
                    let now = told(&snapshot, &question, &Evidence::default());
                    // Whatever was read is as it was written, or no answer is made.
                    prop_assert!(
                        now.starts_with("the graph is damaged") || now == told(graph, &question, &Evidence::default()),
                        "{now}"
                    );
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn what_passes_the_checksums_gives_an_answer_or_an_error_and_no_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), question in question(names())
    ) {
        thread_local! {
            static WHOLE: Vec<u8> = bytes_of(&KnowledgeGraph::new(&built_in()));
        }
        WHOLE.with(|whole| {
            let mut bytes = whole.clone();
            for (at, value) in edits {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            reseal_snapshot(&mut bytes);
            if let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(&bytes)) {
                prop_assert!(snapshot.verify().is_empty());
                let _ = told(&snapshot, &question, &Evidence::default());
            }
            Ok(())
        })?;
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Snapshot::new(AlignedBytes::copy(&bytes)).is_err());
        let begun: Vec<u8> = b"purvey\r\n".iter().copied().chain(bytes).collect();
        prop_assert!(Snapshot::new(AlignedBytes::copy(&begun)).is_err());
    }
}

#[test]
fn the_same_graph_gives_the_same_bytes_also_from_a_snapshot() {
    let graph = KnowledgeGraph::new(&built_in());
    let bytes = bytes_of(&graph);
    assert_eq!(bytes, bytes_of(&graph));
    let mut again = Vec::new();
    write_snapshot(&Snapshot::new(bytes.clone()).expect("a snapshot"), b"", &mut again).expect("a snapshot");
    assert!(bytes == again, "a snapshot of a snapshot is another one");
    assert!(Snapshot::new(bytes).expect("a snapshot").verify().is_empty());
}

#[test]
fn what_is_cut_short_zeroed_newer_or_of_the_other_byte_order_is_told() {
    let bytes = bytes_of(&KnowledgeGraph::new(&built_in()));
    let open = |bytes: &[u8]| Snapshot::new(AlignedBytes::copy(bytes)).err();
    for cut in [0, 7, 8, 20, 31, 32, 100, 2_000, bytes.len() - 1] {
        assert!(open(&bytes[..cut]).is_some(), "{cut}");
    }
    let expected = bytes.len() as u64;
    assert_eq!(open(&bytes[..bytes.len() - 1]), Some(OpenError::Length { expected, found: expected - 1 }));
    assert_eq!(open(&vec![0; bytes.len()]), Some(OpenError::NotASnapshot));
    let with = |at: usize, new: &[u8]| {
        let mut changed = bytes.clone();
        changed[at..at + new.len()].copy_from_slice(new);
        open(&changed)
    };
    assert_eq!(with(8, &999_u32.to_le_bytes()), Some(OpenError::Version { found: 999 }));
    assert_eq!(with(8, &0_u32.to_le_bytes()), Some(OpenError::Version { found: 0 }));
    assert_eq!(with(12, &0x0102_0304_u32.to_be_bytes()), Some(OpenError::ByteOrder));
    let whole = Snapshot::new(AlignedBytes::copy(&bytes)).expect("a snapshot");
    drop(whole);
    // Sections that are all zeros or all ones, one after the other.
    for fill in [0_u8, 0xff] {
        for part in 1..16 {
            let mut changed = bytes.clone();
            let (from, to) = (bytes.len() * part / 16, bytes.len() * (part + 1) / 16);
            changed[from..to].fill(fill);
            if let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(&changed)) {
                assert!(!snapshot.verify().is_empty(), "{part}");
                for question in
                    [Question::Stats, Question::Measures { name: None }, Question::List { what: "facts".to_owned() }]
                {
                    let _ = told(&snapshot, &question, &Evidence::default());
                }
            }
        }
    }
}

/// Runs in a folder with the built-in data as `graph-data`.
fn run(folder: &std::path::Path, arguments: &[&str]) -> crate::support::Run {
    crate::support::command(folder).args(arguments).output().expect("the binary runs").into()
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in crate::support::loading::built_in_files() {
        let path = folder.path().join("graph-data").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    folder
}

#[test]
fn a_snapshot_is_built_verified_and_asked() {
    let folder = folder();
    let built = run(folder.path(), &["build", "--data", "graph-data", "--out", "facts.purvey"]);
    assert_eq!((built.code, built.stderr.as_str()), (Some(0), ""));
    assert!(built.stdout.starts_with("facts.purvey: 111 facts, "), "{}", built.stdout);
    let sound = run(folder.path(), &["verify", "facts.purvey"]);
    assert_eq!(sound.code, Some(0));
    assert!(sound.stdout.starts_with("facts.purvey: sound, 111 facts"), "{}", sound.stdout);
    for arguments in [
        &["who", "--to", "Russia", "--total"][..],
        &["path", "North Korea", "Kyiv", "--in-time", "--format", "json"],
        &["ask", "who supplied ballistic missiles to Russia?"],
        &["draw", "show", "b1"],
        &["a11"],
        &["no such thing"],
    ] {
        let read = run(folder.path(), &[arguments, &["--data", "graph-data"]].concat());
        let mapped = run(folder.path(), &[arguments, &["--data", "facts.purvey"]].concat());
        assert_eq!((read.stdout, read.stderr, read.code), (mapped.stdout, mapped.stderr, mapped.code), "{arguments:?}");
    }
    // A snapshot of a snapshot is the same file.
    assert_eq!(run(folder.path(), &["build", "--data", "facts.purvey", "--out", "again.purvey"]).code, Some(0));
    let bytes = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    assert!(bytes("facts.purvey") == bytes("again.purvey"));
}

#[test]
fn what_is_no_snapshot_is_told_and_not_read_as_facts() {
    let folder = folder();
    let path = folder.path().join("facts.purvey");
    run(folder.path(), &["build", "--out", "facts.purvey"]);
    let whole = std::fs::read(&path).expect("a file");
    let told = |bytes: &[u8], arguments: &[&str], code: i32| {
        std::fs::write(&path, bytes).expect("a file");
        let run = run(folder.path(), arguments);
        assert_eq!(run.code, Some(code), "{}{}", run.stdout, run.stderr);
        run.stderr
    };
    let run_on = |bytes: &[u8], arguments: &[&str]| {
        std::fs::write(&path, bytes).expect("a file");
        run(folder.path(), arguments)
    };
    let ask = ["who", "--data", "facts.purvey"];
    assert!(told(b"", &ask, 2).contains("facts.purvey: this is no snapshot"));
    assert!(told(b"(facts: [])", &ask, 2).contains("this is no snapshot"));
    assert!(told(&whole[..whole.len() / 2], &ask, 2).contains("it was cut short"));
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    assert!(told(&flipped, &["verify", "facts.purvey"], 1).contains("is damaged in Pages: build it again"));
    // A question that meets damage is as unusable as data with errors.
    let mut damaged = whole.clone();
    damaged[whole.len() / 2..whole.len() / 2 + 4096].fill(0x55);
    let refused = run_on(&damaged, &["who", "--data", "facts.purvey", "--total"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stdout.contains("the graph is damaged"), "{}", refused.stdout);
    assert_eq!(run(folder.path(), &["who", "--data", "none.purvey"]).code, Some(2));
    // A folder is one of facts, whatever it is called; the extension may be in capitals.
    std::fs::create_dir(folder.path().join("d.purvey")).expect("a folder");
    std::fs::write(folder.path().join("d.purvey/x.ron"), "(entities: [Country(id: \"x\", name: \"X\")])")
        .expect("a file");
    assert_eq!(run(folder.path(), &["list", "entities", "--data", "d.purvey"]).code, Some(0));
    let verified = run(folder.path(), &["verify", "d.purvey"]);
    assert!(verified.stderr.contains("this is no file"), "{}", verified.stderr);
    assert_eq!(run(folder.path(), &["build", "graph-data", "--out", "F.PURVEY"]).code, Some(0));
    assert_eq!(run(folder.path(), &["who", "--data", "F.PURVEY"]).code, Some(0));
    assert_eq!(run(folder.path(), &["verify", "none.purvey"]).code, Some(2));
    for (arguments, word) in [
        (&["build"][..], "say where to"),
        (&["build", "--out", "facts.json"], "end it with .purvey"),
        (&["build", "--out", "x.purvey", "--format", "json"], "leave out --format"),
        (&["who", "--data", "facts.purvey", "--data", "graph-data"], "stands for itself"),
        (&["who", "--data", "facts.purvey", "--drafts"], "built with --drafts"),
    ] {
        std::fs::write(&path, &whole).expect("a file");
        let run = run(folder.path(), arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}");
        assert!(run.stderr.contains(word), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_mapped_file_may_be_replaced() {
    let folder = folder();
    run(folder.path(), &["build", "--out", "facts.purvey"]);
    let path = folder.path().join("facts.purvey");
    let mapped = Snapshot::map(&path).expect("a snapshot");
    // Built from other data under the same name, while the first is mapped.
    std::fs::write(folder.path().join("one.ron"), "(entities: [Country(id: \"x\", name: \"X\")])").expect("a file");
    assert_eq!(run(folder.path(), &["build", "--data", "one.ron", "--out", "facts.purvey"]).code, Some(0));
    assert_eq!((mapped.fact_count(), mapped.verify()), (111, vec![]));
    assert_eq!(Snapshot::map(&path).expect("a snapshot").fact_count(), 0);
}
