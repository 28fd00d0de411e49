//! `purvey draw --lint`, and what PNG and PDF show of a picture.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, command};

fn run(folder: &Path, arguments: &[&str]) -> Run {
    command(folder).args(arguments).output().expect("the binary runs").into()
}

/// A folder with a picture of what went to Russia.
fn drawn(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = run(folder.path(), &["draw", "who", "--to", "Russia", "--out", name]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    folder
}

#[test]
fn a_picture_that_was_just_drawn_passes() {
    let folder = drawn("a.svg");
    let run = run(folder.path(), &["draw", "--lint", "a.svg"]);
    assert_eq!(run.code, Some(0), "{}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout.lines().filter(|it| it.trim_end().ends_with(" ok")).count(), 12, "{}", run.stdout);
    assert!(run.stdout.contains("\nscores: boxes 2, arrows 1, "), "{}", run.stdout);
}

#[test]
fn a_hedge_that_was_cut_fails_with_its_place_as_table_and_as_json() {
    let folder = drawn("a.svg");
    let file = folder.path().join("a.svg");
    let svg = std::fs::read_to_string(&file).expect("a picture");
    let cut = svg.replace(">at\u{a0}least\u{a0}100", ">100");
    assert_ne!(cut, svg);
    std::fs::write(&file, cut).expect("a picture");
    let table = run(folder.path(), &["draw", "--lint", "a.svg"]);
    assert_eq!(table.code, Some(1));
    assert!(table.stdout.contains("error[7]: a11: the figure “at least 100"), "{}", table.stdout);
    let json = run(folder.path(), &["draw", "--lint", "a.svg", "--format", "json"]);
    assert_eq!(json.code, Some(1));
    let report: Value = serde_json::from_str(&json.stdout).expect("JSON");
    assert_eq!(report["checks"].as_array().map(Vec::len), Some(12));
    assert_eq!(report["checks"][6]["verdict"], "error");
    assert!(report["errors"].as_u64().is_some_and(|it| it > 0));
}

#[test]
fn files_that_are_no_pictures_are_refused_with_a_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("text.svg"), "no picture").expect("a file");
    std::fs::write(folder.path().join("bytes.svg"), b"\xff\xfe").expect("a file");
    std::fs::write(folder.path().join("page.svg"), "<html/>").expect("a file");
    std::fs::write(folder.path().join("page.html"), "<!doctype html><html/>").expect("a file");
    for (name, reason) in [
        ("none.svg", "none.svg cannot be read"),
        ("text.svg", "text.svg: this is no SVG: "),
        ("bytes.svg", "bytes.svg: this is no SVG: it is no text in UTF-8"),
        ("page.svg", "page.svg: this is no picture that could be measured: its first element is <html>"),
        ("page.html", "page.html: this is no SVG: it is a page with a document type"),
    ] {
        let run = run(folder.path(), &["draw", "--lint", name]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(run.stderr.contains(reason), "{}", run.stderr);
    }
    let both = run(folder.path(), &["draw", "--lint", "text.svg", "who"]);
    assert_eq!(both.code, Some(2));
}

#[cfg(feature = "png")]
#[test]
fn a_png_has_the_size_times_the_scale() {
    let size = |scale: &str| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let run = run(folder.path(), &["draw", "who", "--to", "Russia", "--scale", scale, "--out", "a.png"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let bytes = std::fs::read(folder.path().join("a.png")).expect("a picture");
        assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
        u32::from_be_bytes([bytes[16], bytes[17], bytes[18], bytes[19]])
    };
    assert_eq!((size("1"), size("2")), (600, 1200));
}

/// The text of every label can be copied out of the PDF.
#[cfg(feature = "pdf")]
#[test]
fn a_pdf_holds_the_text_of_every_label() {
    let folder = drawn("a.pdf");
    if Command::new("pdftotext").arg("-v").output().is_err() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: no pdftotext");
        return;
    }
    let text = |name: &str| {
        let output =
            Command::new("pdftotext").args(["-raw", name, "-"]).current_dir(folder.path()).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = text("a.pdf");
    run(folder.path(), &["draw", "who", "--to", "Russia", "--out", "a.svg"]);
    let svg = std::fs::read_to_string(folder.path().join("a.svg")).expect("a picture");
    let mut seen = 0;
    for line in svg.split("<tspan").skip(1) {
        let words = line.split('>').nth(1).and_then(|it| it.split('<').next()).unwrap_or("");
        let words = words.replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&words), "{words:?} is not in {text}");
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
