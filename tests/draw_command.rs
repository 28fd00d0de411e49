//! The command `draw`: formats, files, less to draw, timelines.

use std::fs;

use crate::support::{Run, command, purvey, purvey_on};

/// Runs in a folder of its own, which then holds what was written.
fn draw(arguments: &[&str]) -> (Run, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let run = command(folder.path()).arg("draw").args(arguments).output().expect("the binary runs").into();
    (run, folder)
}

#[test]
fn the_extension_tells_the_format_and_format_overrules() {
    for (name, begins) in [
        ("x.svg", "<?xml "),
        ("x.png", "\u{89}PNG"),
        ("x.pdf", "%PDF-"),
        ("x.html", "<!DOCTYPE html>"),
        ("x.mmd", "---\ntitle: "),
        ("x.dot", "digraph "),
        ("x.json", "{"),
        ("X.SVG", "<?xml "),
    ] {
        let (run, folder) = draw(&["a11", "--out", name]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        assert!(run.stdout.is_empty());
        let bytes = fs::read(folder.path().join(name)).expect("a file that was written");
        let text: String = bytes.iter().take(40).map(|it| char::from(*it)).collect();
        assert!(text.contains(begins), "{name}: {text}");
    }
    let (run, folder) = draw(&["a11", "--format", "svg", "--out", "x.txt"]);
    assert_eq!(run.code, Some(0));
    assert!(fs::read_to_string(folder.path().join("x.txt")).expect("a file").contains("<svg "));
    assert!(draw(&["a11", "--format", "mermaid"]).0.stdout.contains("flowchart LR"));
    for wrong in [&["a11", "--out", "x.gif"][..], &["a11", "--format", "csv"], &["a11", "--out", "x"]] {
        let (run, folder) = draw(wrong);
        assert_eq!(run.code, Some(2), "{wrong:?}");
        assert!(run.stderr.contains("svg, png, pdf, html, mmd, dot"), "{}", run.stderr);
        assert_eq!(
            fs::read_dir(folder.path())
                .expect("a folder")
                .filter_map(Result::ok)
                .filter(|it| it.path().is_file())
                .count(),
            0
        );
    }
    let run = purvey(&["who", "--format", "svg"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("purvey draw who"), "{}", run.stderr);
}

#[test]
fn a_file_that_cannot_be_written_is_told_and_the_old_one_stays() {
    let (run, _folder) = draw(&["a11", "--out", "nowhere/x.svg"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("there is no folder nowhere"), "{}", run.stderr);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("x.svg"), "old").expect("a new file");
    let run: Run =
        command(folder.path()).args(["draw", "Atlantis", "--out", "x.svg"]).output().expect("the binary runs").into();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("x.svg")).expect("the old file"), "old");
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .filter_map(Result::ok)
        .filter(|it| it.path().is_file())
        .collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn too_much_to_draw_says_so_and_offers_what_fits() {
    let all = ["who", "--kind", "any", "--format", "svg"];
    let (run, _folder) = draw(&all);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.is_empty());
    assert!(run.stderr.contains("too much to draw: "), "{}", run.stderr);
    let offered = run.stderr.split("--top ").nth(1).and_then(|it| it.split(|c: char| !c.is_ascii_digit()).next());
    let offered = offered.expect("an offer of --top N");
    assert!(run.stderr.contains("--split"), "{}", run.stderr);
    let size =
        run.stderr.split("--size ").nth(1).and_then(|it| it.split_whitespace().next()).expect("an offer of a size");
    let (larger, _folder) = draw(&[&all[..], &["--size", size]].concat());
    assert_eq!(larger.code, Some(0), "{}", larger.stderr);
    let (run, _folder) = draw(&[&all[..], &["--top", offered]].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("class=\"left-out\"") && run.stdout.contains(" facts are left out, with "));
}

#[test]
fn several_figures_are_numbered_and_hold_each_fact_once() {
    let (run, folder) = draw(&["who", "--kind", "any", "--size", "wide", "--split", "--out", "all.svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let mut files: Vec<String> = fs::read_dir(folder.path())
        .expect("a folder")
        .filter_map(Result::ok)
        .filter(|it| it.path().is_file())
        .map(|it| it.file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert!(files.len() > 1 && files[0] == "all-1.svg" && files[1] == "all-2.svg", "{files:?}");
    let mut drawn: Vec<String> = Vec::new();
    for (file, number) in files.iter().zip(1..) {
        let svg = fs::read_to_string(folder.path().join(file)).expect("a file");
        assert!(svg.contains(&format!("({number} of {})", files.len())), "{file}");
        let parts = svg.split("data-fact=\"").skip(1);
        drawn.extend(parts.flat_map(|it| it.split('"').next().unwrap_or_default().split(' ')).map(str::to_owned));
    }
    let count = drawn.len();
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), count);
    let (run, _folder) = draw(&["who", "--kind", "any", "--size", "wide", "--split", "--format", "svg"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("use --out FILE"), "{}", run.stderr);
}

#[test]
fn a_collapsed_box_says_how_many_it_stands_for_and_the_facts_stay_cited() {
    let (run, _folder) = draw(&["show", "msmt", "--collapse", "members", "--format", "svg"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let text = run.stdout.replace('\u{a0}', " ");
    assert!(text.contains("11 members of the MSMT: Australia, Canada"), "{text}");
    assert!(text.contains("data-fact=\"a1/australia a1/canada "), "all eleven stand behind the words");
    let (run, _folder) = draw(&["a11", "--collapse", "members", "--format", "svg"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stderr.contains("nothing to collapse"), "{}", run.stderr);
}

#[test]
fn a_timeline_shows_the_same_facts() {
    for size in ["phone", "column", "wide"] {
        let (run, _folder) = draw(&["show", "north-korea", "--timeline", "--size", size, "--format", "svg"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        for part in
            ["class=\"span moment", "class=\"span within", "class=\"span lasted", "data-fact=\"a11\"", "No date"]
        {
            assert!(run.stdout.contains(part), "{size}: {part}");
        }
    }
    let (run, _folder) = draw(&["a11", "--timeline", "--format", "dot"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("svg, png, pdf or html"), "{}", run.stderr);
    assert_eq!(draw(&["a11", "--timeline", "--split", "--out", "x.svg"]).0.code, Some(2));
}

#[test]
fn arguments_that_do_not_fit_are_told() {
    for (arguments, says) in [
        (&["who", "--to", "Russia", "--size", "10x10"][..], "a size is phone, column, wide, or 900x600"),
        (&["a11", "--scale", "0", "--out", "x.png"], "a scale is a number above 0"),
        (&["a11", "--scale", "2", "--out", "x.svg"], "--scale is for PNG"),
        (&["a11", "--top", "0"], "at least 1 box"),
        (&["a11", "--palette", "pink"], "light, dark, print"),
        (&["a11", "--font", "nowhere.ttf", "--out", "x.svg"], "nowhere.ttf cannot be read"),
        (&["a11", "--highlight", "Rusia", "--out", "x.svg"], ""),
        (&["a11", "--highlight", "Atlantis", "--out", "x.svg"], "nothing is called `Atlantis`"),
        (&[], "say what to draw"),
    ] {
        let (run, _folder) = draw(arguments);
        if says.is_empty() {
            assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
            continue;
        }
        assert!(matches!(run.code, Some(1 | 2)), "{arguments:?}");
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn an_answer_without_facts_is_told_and_no_file_written() {
    let (run, folder) = draw(&["who", "--to", "Poland", "--what", "missiles", "--out", "x.svg"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("nothing in this answer can be drawn"), "{}", run.stderr);
    assert!(!folder.path().join("x.svg").exists());
}

#[test]
fn hostile_names_stay_text_in_every_format() {
    let name = "</text><script>alert(1)</script>\\\"]]>%%{init: {}}%% <!-- ` --- $$x$$";
    let data = format!(
        "(document: \"d\", defaults: (by: \"a\"), entities: [Country(id: \"a\", name: {name:?}), Country(id: \"b\", name: \"B\"), \
         Materiel(id: \"shell\", name: \"shell\", plural: \"shells\"), Document(id: \"d\", name: \"D\", date: \"2024\")], \
         facts: [Supply(id: \"x1\", supplier: \"a\", item: \"shell\", recipient: \"b\", quantity: \"at least 100\", period: \"2024\")])"
    );
    for format in ["svg", "html", "mmd", "dot"] {
        let run = purvey_on(&[("x.ron", &data)], &["draw", "x1", "--format", format]);
        assert_eq!(run.code, Some(0), "{format}: {}", run.stderr);
        // In DOT a tag is text like any other.
        assert!(format == "dot" || !run.stdout.contains("<script>alert"), "{format}");
        if format == "mmd" {
            let body = run.stdout.split("flowchart").nth(1).expect("a chart");
            assert!(!body.contains("%%") && !body.contains('`'), "{body}");
        }
    }
}

#[test]
fn the_same_command_gives_the_same_bytes() {
    for format in ["svg", "mmd", "dot", "html"] {
        let once = draw(&["who", "--to", "Russia", "--format", format]).0.stdout;
        assert_eq!(once, draw(&["who", "--to", "Russia", "--format", format]).0.stdout, "{format}");
        assert!(!once.is_empty());
    }
}
