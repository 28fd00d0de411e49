//! Pages of HTML as a browser sees them, where one is installed.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::command;

/// What went to Russia, as a page.
fn page() -> Option<(tempfile::TempDir, Browser)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("page.html");
    let run =
        command(folder.path()).args(["draw", "who", "--to", "Russia", "--out", "page.html"]).output().expect("it runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let browser = Browser::open(&file);
    if browser.is_none() {
        let _ = writeln!(std::io::stderr(), "SKIPPED: no Chromium");
    }
    Some((folder, browser?))
}

fn named<'a>(events: &'a [Value], method: &str) -> Vec<&'a Value> {
    events.iter().filter(|it| it["method"] == method).collect()
}

#[test]
fn a_page_asks_for_nothing_and_the_console_stays_empty() {
    let Some((_folder, mut browser)) = page() else { return };
    // The fonts are in use once they are loaded.
    browser.ask("Runtime.evaluate", json!({"expression": "document.fonts.ready.then(()=>1)", "awaitPromise": true}));
    assert_eq!(browser.evaluate("[...document.fonts].filter(it=>it.status=='loaded').length>0"), true);
    for event in named(&browser.events, "Network.requestWillBeSent") {
        let address = event["params"]["request"]["url"].as_str().expect("a request has an address");
        assert!(address.ends_with("/page.html") || address.starts_with("data:font/"), "{address}");
    }
    for method in ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"] {
        assert!(named(&browser.events, method).is_empty(), "{method}: {:?}", named(&browser.events, method));
    }
}

#[test]
fn the_accessibility_tree_holds_every_fact_and_the_table() {
    let Some((_folder, mut browser)) = page() else { return };
    let tree = browser.ask("Accessibility.getFullAXTree", json!({}));
    let nodes = tree["nodes"].as_array().expect("a tree has nodes");
    let with_role = |roles: &[&str]| -> Vec<&Value> {
        nodes
            .iter()
            .filter(|it| it["ignored"] == false && roles.iter().any(|role| it["role"]["value"] == *role))
            .collect()
    };
    let entries =
        browser.evaluate("[...document.querySelectorAll('[data-fact]')].map(it=>it.getAttribute('aria-label'))");
    let entries: Vec<&str> = entries.as_array().expect("entries").iter().filter_map(Value::as_str).collect();
    assert!(entries.len() >= 5, "{entries:?}");
    let images = with_role(&["image", "img"]);
    for entry in &entries {
        let found = images.iter().find(|it| it["name"]["value"] == *entry);
        let found = found.unwrap_or_else(|| panic!("no image is named {entry:?}"));
        // What its claims say is its description.
        assert!(found["description"]["value"].as_str().is_some_and(|it| it.contains("[")), "{found}");
    }
    assert!(with_role(&["table"]).len() == 1);
    let rows = with_role(&["row"]).len();
    assert!(rows > entries.len(), "{rows} rows for {} facts", entries.len());
    let group = with_role(&["group", "graphics-document", "SvgRoot"]);
    assert!(group.iter().any(|it| it["name"]["value"].as_str().is_some_and(|it| it.contains("Russia"))), "{group:?}");
    assert_eq!(browser.evaluate("document.documentElement.lang"), "en");
}

#[test]
fn the_tab_key_reaches_each_fact_in_order_and_shows_its_note() {
    let Some((_folder, mut browser)) = page() else { return };
    let facts = browser.evaluate("[...document.querySelectorAll('[data-fact]')].map(it=>it.dataset.fact)");
    let facts: Vec<String> =
        facts.as_array().expect("facts").iter().filter_map(|it| it.as_str().map(str::to_owned)).collect();
    let shown = "[...document.querySelectorAll('.purvey-notes>div')].filter(it=>getComputedStyle(it).display!='none').map(it=>it.textContent)";
    assert_eq!(browser.evaluate(shown), json!([]));
    let mut notes = BTreeSet::new();
    for fact in &facts {
        browser.tab();
        assert_eq!(browser.evaluate("document.activeElement.dataset.fact"), json!(fact));
        let shown = browser.evaluate(shown);
        let shown = shown.as_array().expect("notes");
        assert_eq!(shown.len(), 1, "{fact}");
        notes.insert(shown[0].to_string());
    }
    assert_eq!(notes.len(), facts.len(), "each fact has a note of its own");
}
