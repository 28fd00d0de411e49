//! `draft`: records proposed from articles, through the real binary.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use purvey::drafting::{Article, Draft, DraftOptions, FIELDS, Measured, draft, measure};
use purvey::graph::KnowledgeGraph;
use purvey::load::{LoadOptions, Sources, load};

use crate::support::{Run, command};

fn texts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of texts")
        .map(|it| it.expect("an entry").path())
        .filter(|it| it.extension().is_some_and(|it| it == "txt"))
        .collect();
    found.sort();
    assert!(found.len() >= 13);
    found
}

/// The built-in example.
static GRAPH: LazyLock<KnowledgeGraph> = LazyLock::new(|| {
    KnowledgeGraph::new(&load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("the built-in example"))
});

/// Runs in a folder of its own, which holds the article.
fn run(article: &[u8], name: &str, arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join(name), article).expect("a new file");
    let run = command(folder.path()).arg("draft").arg(name).args(arguments).output().expect("the binary runs").into();
    (run, folder)
}

/// A file of drafts with every record accepted.
fn all_accepted(drafts: &str) -> String {
    drafts.lines().map(|it| it.replacen("//| ", "", 1)).collect::<Vec<_>>().join("\n")
}

/// The numbers of a text, by their digits alone.
fn numbers(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '.')))
        .map(|it| it.trim_matches([',', '.']).to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

fn figures(draft: &Draft) -> impl Iterator<Item = &str> {
    draft.quantity.iter().map(String::as_str).chain(draft.figures.iter().map(|(_, it)| it.as_str()))
}

#[test]
fn drafts_are_records_to_be_accepted_edited_or_dropped() {
    let text =
        std::fs::read(texts().iter().find(|it| it.ends_with("agency-shells.txt")).expect("the text")).expect("a file");
    let (run, _folder) = run(&text, "agency-shells.txt", &[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!("drafts", format!("{}\n---\n{}", run.stdout, run.stderr));
}

#[test]
fn what_is_accepted_passes_check() {
    for text in texts() {
        let bytes = std::fs::read(&text).expect("a text");
        let (run, folder) =
            run(&bytes, "a.txt", &["--out", "drafts.ron", "--document", "a-doc", "--date", "2025-06-01"]);
        assert_eq!(run.code, Some(0), "{}: {}", text.display(), run.stderr);
        let drafts = std::fs::read_to_string(folder.path().join("drafts.ron")).expect("the drafts");
        let data = folder.path().join("data");
        std::fs::create_dir(&data).expect("a new folder");
        for part in ["entities", "items", "documents.ron", "documents-europe.ron"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data").join(part);
            let to = data.join(part);
            if from.is_dir() {
                std::fs::create_dir(&to).expect("a new folder");
                for file in std::fs::read_dir(&from).expect("a folder").map(|it| it.expect("an entry").path()) {
                    std::fs::copy(&file, to.join(file.file_name().expect("a name"))).expect("a copy");
                }
            } else {
                std::fs::copy(from, to).expect("a copy");
            }
        }
        for content in [drafts.clone(), all_accepted(&drafts)] {
            std::fs::write(data.join("drafts.ron"), &content).expect("a file");
            let check: Run = command(folder.path())
                .args(["check", "data", "--article", "a-doc=a.txt"])
                .output()
                .expect("the binary runs")
                .into();
            // The file as it came holds no document yet.
            if content == drafts {
                assert!(!check.stdout.contains("drafts.ron"), "{}\n{}", text.display(), check.stdout);
                continue;
            }
            assert_eq!(check.code, Some(0), "{}\n{}", text.display(), check.stdout);
            // Each passage is where its locator says.
            assert!(!check.stdout.contains("K0034") && !check.stdout.contains("K0035"), "{}", check.stdout);
        }
    }
}

#[test]
fn precision_and_recall_stay_where_they_are() {
    let mut tuned = Measured::default();
    let mut held_out = Measured::default();
    for text in texts() {
        let name = text.file_stem().expect("a name").to_string_lossy().into_owned();
        let article = Article::read(&std::fs::read(&text).expect("a text")).expect("an article");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graph-data");
        let gold = load(&Sources::Paths(vec![folder, text.with_extension("ron")]), LoadOptions::default());
        let gold = KnowledgeGraph::new(&gold.dataset.expect("records without errors"));
        let date = match name.as_str() {
            "agency-sanctions" => Some(jiff::civil::date(2024, 9, 14)),
            _ => article.date,
        };
        let drafts = draft(&*GRAPH, &article, &DraftOptions { date, name: name.clone(), ..DraftOptions::default() });
        let measured = measure(&drafts, &gold, &name);
        if name.starts_with("held-out") { held_out.add(measured) } else { tuned.add(measured) }
    }
    assert_eq!(FIELDS[0], "record");
    let shares =
        |it: &Measured| (it.supplies[0].precision().expect("drafts"), it.supplies[0].recall().expect("records"));
    let ((precision, recall), (held_precision, held_recall)) = (shares(&tuned), shares(&held_out));
    assert!(precision >= 80 && recall >= 50, "{precision} {recall} {:#?}", tuned.differences);
    assert!(held_precision >= 80 && held_recall >= 50, "{held_precision} {held_recall}");
    // A figure is right, or there is none.
    let figures = FIELDS.iter().position(|it| *it == "quantity").expect("a field");
    assert_eq!(tuned.all[figures].precision(), Some(100), "{:#?}", tuned.differences);
    assert_eq!(held_out.all[figures].precision(), Some(100));
}

#[test]
fn what_was_not_so_or_need_not_have_been_is_no_plain_draft() {
    for text in [
        "Ukraine was not sent any ballistic missiles by France.",
        "No missiles reached Ukraine from Japan.",
        "Moscow would not supply missiles to North Korea, Japan said.",
        "North Korea may have sent missiles to Russia.",
        "If Russia sent drones to Belarus, Poland would react.",
        "Did North Korea send missiles to Russia?",
        "Transfers of missiles to Belarus by North Korea remain unproven.",
        "Australia imposed no sanctions on Italy.",
        "Russia was able to send drones to Belarus.",
        "The Russia of 1974 had 260 drones.",
        "Nobody said how 12 drones of Russia came to be in a field of 40 hectares.",
    ] {
        let (run, _folder) = run(format!("Headline\n{text}\n").as_bytes(), "a.txt", &[]);
        assert_eq!(run.code, Some(1), "{text}\n{}", run.stdout);
        assert!(run.stdout.starts_with("// No record was found in: Headline"), "{}", run.stdout);
    }
}

#[test]
fn a_denial_by_a_party_is_a_claim() {
    let text = "Head\nThe Kremlin denied that Russia had supplied 12 air defence systems to North Korea.\n";
    let (run, _folder) = run(text.as_bytes(), "a.txt", &[]);
    assert!(run.stdout.contains("by: \"government-of-russia\", stance: denies"), "{}", run.stdout);
    assert!(!run.stdout.contains("quantity:"), "{}", run.stdout);
}

#[test]
fn somebody_who_is_not_recognised_is_not_taken_for_whoever_spoke_before() {
    let text = "A strange title\n\nRussia sold 300 barrels of brine to North Korea in 2024, according to the Coast Monitor.\nAn officer, who asked not to be named, said that Russia had also sent 12 mortars to North Korea.\n";
    let (run, _folder) = run(text.as_bytes(), "a.txt", &["--by", "Example Wire", "--date", "2025-03-12"]);
    let (first, second) = run.stdout.split_once("Paragraph 3").expect("two drafts");
    // A measure counts what has no plural.
    assert!(first.contains(r#"quantity: "300 barrels""#) && first.contains(r#"by: "coast-monitor""#), "{first}");
    assert!(second.contains(r#"by: "example-wire""#) && !second.contains("coast-monitor"), "{second}");
}

#[test]
fn times_are_reckoned_from_the_day_of_the_article() {
    let text = "Head\nNorth Korea sent 5 missiles to Russia last October.\n";
    let (with, _folder) = run(text.as_bytes(), "a.txt", &["--date", "2025-05-30"]);
    assert!(with.stdout.contains("period: \"2024-10\", inferred: [\"period\"]"), "{}", with.stdout);
    let (without, _folder) = run(text.as_bytes(), "a.txt", &[]);
    assert!(!without.stdout.contains("period: \""), "{}", without.stdout);
    assert!(without.stderr.contains("give --date"), "{}", without.stderr);
    let (year, _folder) = run(text.as_bytes(), "a.txt", &["--date", "2025"]);
    assert_eq!((year.code, year.stderr.contains("--date is a day")), (Some(2), true), "{}", year.stderr);
}

#[test]
fn html_is_read_as_its_text() {
    let html = "<!doctype html><html><head><title>Head</title><meta property=\"og:site_name\" content=\"Tide\">\
        <meta name=\"date\" content=\"2025-03-04\"></head><body><h1>Head</h1><script>Russia sent 9 drones to Belarus.</script>\
        <p>North Korea sent <b>5 missiles</b> to Russia last month.<p>Unclosed &amp; odd <";
    let (run, folder) = run(html.as_bytes(), "a.html", &["--save-text", "a.txt", "--out", "d.ron"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let drafts = std::fs::read_to_string(folder.path().join("d.ron")).expect("the drafts");
    assert!(
        drafts.contains("quantity: \"5\"") && drafts.contains("period: \"2025-02\"") && drafts.contains("by: \"tide\""),
        "{drafts}"
    );
    assert!(!drafts.contains("drones"), "{drafts}");
    let text = std::fs::read_to_string(folder.path().join("a.txt")).expect("the text");
    assert_eq!(text, "Head\nNorth Korea sent 5 missiles to Russia last month.\nUnclosed & odd <\n");
}

#[test]
fn what_is_no_article_is_refused() {
    for (bytes, expected) in [
        (&b""[..], "a.txt: this article is empty"),
        (b" \r\n ", "a.txt: this article is empty"),
        (
            b"\x7fELF\x00\x01",
            "a.txt: this is no text: it holds a byte of value 0, at byte 4; save the article as text or HTML",
        ),
        (b"<html><body></body></html>", "a.txt: this article is empty"),
    ] {
        let (run, _folder) = run(bytes, "a.txt", &[]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    for (arguments, expected) in [
        (&["--interactive", "--out", "x.ron"][..], "--interactive asks in a terminal, and there is none"),
        (&["--document", "No Id"], "`No Id` is no id"),
        (&["--format", "json"], "drafts are records of RON"),
        (&["--out", "a.txt"], "a.txt is there already"),
        (&["--without", "UPI"], "leave out the options of evidence"),
    ] {
        let (run, _folder) = run(b"Head\nRussia sent 5 drones to Belarus.", "a.txt", arguments);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{arguments:?} {}", run.stderr);
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn old_encodings_and_hidden_characters_do_no_harm() {
    let old = b"Caf\xe9\nRussia sent 5 drones to Belarus \x96 so Japan said.";
    let (windows, _folder) = run(old, "a.txt", &[]);
    assert!(windows.stdout.contains("Café") && windows.stderr.contains("read as windows-1252"), "{}", windows.stderr);
    let hostile = "Head\u{1b}]0;x\u{7}\u{202e}\nRussia sent 5\u{200b} drones to Belarus\u{2028}//| Supply(evil) \u{1b}[31m, the \u{202e}Evil\u{1b}[1m Group said.\r\rX";
    let (run, _folder) = run(hostile.as_bytes(), "a.txt", &[]);
    assert!(
        !run.stdout.chars().chain(run.stderr.chars()).any(|it| it != '\n' && purvey::model::is_hidden(it)),
        "{:?}",
        run.stdout
    );
    assert!(run.stdout.lines().all(|it| !it.trim_start().starts_with("//| Supply(evil)")), "{}", run.stdout);
}

#[test]
fn long_texts_take_linear_time() {
    let text = std::fs::read_to_string(&texts()[0]).expect("a text");
    let time = |times: usize| {
        let article = Article::read(text.repeat(times).as_bytes()).expect("an article");
        let start = std::time::Instant::now();
        let drafts = draft(&*GRAPH, &article, &DraftOptions { name: "x".to_owned(), ..DraftOptions::default() });
        (start.elapsed().as_secs_f64(), drafts.drafts.len())
    };
    let (short, few) = time(25);
    let (long, many) = time(200);
    // Eight times the text; what repeats is no new draft.
    assert!(long < 24.0 * short.max(0.05), "{short} {long}");
    assert_eq!(few, many);
    let endless = "Russia sent 5 drones and ".repeat(2_000);
    let article = Article::read(format!("Head\n{endless}.").as_bytes()).expect("an article");
    let _ = draft(&*GRAPH, &article, &DraftOptions::default());
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let text = std::fs::read(&texts()[4]).expect("a text");
    let outputs: BTreeSet<String> = (0..3).map(|_| run(&text, "a.txt", &[]).0.stdout).collect();
    assert_eq!(outputs.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Words of all texts in any order: whatever comes of it, every number stands in the text, and it can be written.
    #[test]
    fn every_number_of_a_draft_is_in_the_text(seed in proptest::collection::vec((0_usize..5000, 0_usize..12), 5..120)) {
        let all: Vec<String> = texts().iter().map(|it| std::fs::read_to_string(it).expect("a text")).collect();
        let words: Vec<&str> = all.iter().flat_map(|it| it.split_whitespace()).collect();
        let mut text = String::from("Head\n");
        for (at, length) in seed {
            let from = at % words.len();
            text.push_str(&words[from..(from + length).min(words.len())].join(" "));
            text.push(if length % 5 == 0 { '\n' } else { ' ' });
        }
        let article = Article::read(text.as_bytes()).expect("an article");
        let options = DraftOptions { date: Some(jiff::civil::date(2025, 6, 1)), name: "x".to_owned(), ..DraftOptions::default() };
        let drafts = draft(&*GRAPH, &article, &options);
        for draft in &drafts.drafts {
            prop_assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&draft.passage));
            for figure in figures(draft) {
                prop_assert!(draft.passage.contains(figure), "{figure} in {}", draft.passage);
                prop_assert!(numbers(figure).is_subset(&numbers(&text)));
            }
        }
        let ron = purvey::drafting::commented(&drafts);
        prop_assert!(purvey::load::count_records(&all_accepted(&ron)).is_ok(), "{ron}");
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400), html in any::<bool>()) {
        let bytes = if html { [b"<html><p>".as_slice(), &bytes].concat() } else { bytes };
        if let Ok(article) = Article::read(&bytes) {
            prop_assert!(article.paragraphs.iter().all(|it| !it.is_empty()));
        }
    }
}
