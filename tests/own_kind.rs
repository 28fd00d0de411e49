//! A kind of fact that only a data folder knows needs no Rust: record, question, label, sentence.

use crate::support::{folder_of, purvey_on};

const VOCABULARY: &str = r#"(
    units: [Unit(id: "seat", plural: "seats", dimension: "seats")],
    hedges: [Hedge(words: ["a good"], bound: low)],
    kinds: [
        Kind(id: "ship-visit", noun: "port call", aspect: event, style: dotted,
            roles: [
                (id: "ship", flow: source, accepts: [vessel], required: true),
                (id: "port", flow: target, accepts: [place], required: true),
                (id: "agent", accepts: [organization]),
            ],
            figures: [(id: "berths", unit: "seat")],
            nouns: ["berthing", "berthings"],
            verbs: ["moored at", "call at", "called at"],
            label: "called[ with {berths}]",
            sentences: ["{from} called at {to}[ through {agent}][ with {berths}][ {when}]"]),
    ],
    question_words: [Words(means: "vessel", words: ["boat", "boats"])],
    examples: ["which boat called at Wonsan?"],
)"#;

const FACTS: &str = r#"(
    entities: [
        Vessel(id: "sea-star", name: "Sea Star", the: true),
        Place(id: "wonsan", name: "Wonsan"),
        Organization(id: "gazette", name: "Gazette", the: true, says: "reported"),
        Document(id: "gazette-1", name: "Gazette 1", publisher: "gazette", date: "2024-05-06"),
    ],
    document: "gazette-1",
    defaults: (by: "gazette"),
    facts: [
        ShipVisit(id: "v1", ship: "sea-star", port: "wonsan", agent: "gazette", berths: "a good 20", period: "2024-05"),
    ],
)"#;

#[test]
fn it_is_asked_for_drawn_and_told() {
    let files = [("vocabulary.ron", VOCABULARY), ("facts.ron", FACTS)];
    let run = purvey_on(&files, &["check"]);
    assert_eq!(run.code, Some(0), "{}", run.stdout);
    let table = purvey_on(&files, &["who", "--kind", "ship-visit"]);
    assert!(table.stdout.contains("called with a good 20 seats"), "{}", table.stdout);
    let plural = purvey_on(&files, &["who", "--kind", "port calls"]);
    assert_eq!(plural.stdout, table.stdout);
    let dot = purvey_on(&files, &["draw", "who", "--kind", "ship-visit"]);
    // Dashes tell the support: it rests on a single source.
    assert!(
        dot.stdout.contains("style=\"dashed\"")
            && dot.stdout.replace('\u{a0}', " ").contains("called with a good 20 seats"),
        "{}",
        dot.stdout
    );
    let words = purvey_on(&files, &["show", "v1", "--format", "md"]);
    assert!(
        words.stdout.contains("The Sea Star called at Wonsan through the Gazette with a good 20 seats in May 2024, the Gazette reported.[1]"),
        "{}",
        words.stdout
    );
    for question in ["which boat moored at Wonsan?", "who called at Wonsan", "berthings in Wonsan"] {
        let asked = purvey_on(&files, &["ask", question]);
        assert!(
            asked.stdout.starts_with("read as: purvey who --to Wonsan --kind ship-visit"),
            "{question}: {}",
            asked.stdout
        );
    }
    // It is no flow, so a question without a kind does not list it.
    assert_eq!(purvey_on(&files, &["who"]).code, Some(1));
}

#[test]
fn several_folders_are_joined() {
    let (a, b) = (folder_of(&[("v.ron", VOCABULARY)]), folder_of(&[("f.ron", FACTS)]));
    let run: crate::support::Run = crate::support::command(a.path())
        .args(["who", "--kind", "ship-visit", "--data"])
        .arg(a.path().join("graph-data"))
        .arg("--data")
        .arg(b.path().join("graph-data"))
        .output()
        .expect("it runs")
        .into();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
}
