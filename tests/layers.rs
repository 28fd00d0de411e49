//! A layer names only what is below it (docs/architecture.md).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What each layer may name.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("diagnostic", &["model"]),
    ("load", &["model", "diagnostic"]),
    ("edit", &["model", "load"]),
    ("graph", &["model", "diagnostic"]),
    ("import", &["model", "diagnostic", "graph", "load"]),
    ("build", &["model", "load", "graph"]),
    ("query", &["model", "diagnostic", "graph"]),
    ("drafting", &["model", "diagnostic", "load", "graph", "query"]),
    ("exchange", &["model", "diagnostic", "query"]),
    ("draw", &["model", "diagnostic", "query"]),
    ("plan", &["model", "graph", "query"]),
    ("export", &["model", "diagnostic", "graph", "query", "plan", "exchange"]),
    (
        "cli",
        &[
            "model",
            "diagnostic",
            "load",
            "edit",
            "graph",
            "import",
            "build",
            "query",
            "plan",
            "drafting",
            "exchange",
            "export",
            "draw",
        ],
    ),
];

/// Crates that stand in certain layers only.
const CRATES: [(&str, &[&str]); 21] = [
    ("quick_xml", &["import"]),
    ("serde", &["load", "import", "exchange"]),
    ("serde_json", &["import", "exchange", "draw", "export"]),
    ("dugong", &["draw"]),
    ("ron", &["load"]),
    ("sha2", &["load", "export"]),
    ("clap", &["cli"]),
    ("comfy_table", &["cli"]),
    ("graphviz_rust", &["draw"]),
    ("ttf_parser", &["draw"]),
    ("roxmltree", &["draw"]),
    ("resvg", &["draw"]),
    ("krilla", &["draw"]),
    ("krilla_svg", &["draw"]),
    ("csv_core", &["import"]),
    ("encoding_rs", &["import", "drafting"]),
    ("html5gum", &["drafting"]),
    ("flate2", &["import"]),
    ("indicatif", &["cli"]),
    ("rustyline", &["cli"]),
    ("similar", &["cli"]),
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of src") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

/// The code without comments and without its tests, which stand at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or("");
    text.lines().map(|it| it.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The first name after each `crate::`, also inside `crate::{a, b::c}`.
fn crate_names(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.trim().chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect::<String>();
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 1;
                let mut item = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 1 => {
                            names.insert(word(&std::mem::take(&mut item)));
                            continue;
                        }
                        _ => {}
                    }
                    if depth == 0 {
                        break;
                    }
                    item.push(c);
                }
                names.insert(word(&item));
            }
            None => {
                names.insert(word(rest));
            }
        }
    }
    names.remove("");
    names
}

#[test]
fn a_layer_names_only_what_is_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (layer, allowed) in ALLOWED {
        let mut files = Vec::new();
        rust_files(&src.join(layer), &mut files);
        assert!(!files.is_empty(), "{layer}");
        for file in files {
            if file.ends_with("tests.rs") {
                continue;
            }
            let code = code(&std::fs::read_to_string(&file).expect("a file of src"));
            for name in crate_names(&code) {
                assert!(name == layer || allowed.contains(&&*name), "{} names `{name}`", file.display());
            }
            for (name, layers) in CRATES {
                let used = code.contains(&format!("use {name}::")) || code.contains(&format!(" {name}::"));
                assert!(!used || layers.contains(&layer), "{} uses the crate {name}", file.display());
            }
        }
    }
}

#[test]
fn grouped_imports_are_seen() {
    let names = crate_names("use crate::{graph::{A, B}, load::c}; crate::model::X");
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["graph", "load", "model"]);
}
