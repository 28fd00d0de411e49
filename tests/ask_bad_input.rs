//! Questions that are none: they are refused, and the work for them grows with their length and no faster.

use std::borrow::Cow;
use std::cell::Cell;

use crate::support::loading::built_in;
use crate::support::{Run, command, purvey};
use purvey::graph::{
    ClaimView, DocumentView, EntityView, ExtraView, FactView, FigureView, Glance, GraphView, KnowledgeGraph, NameIndex,
    NameView, RecordView, RelationView, RoleFill, Step,
};
use purvey::model::{ClaimIx, EntityIx, FactIx, KindIx, NodeIx, RecordIx, Vocabulary};
use purvey::query::{AskOptions, NotUnderstood, Reading, read_question};

/// A graph that counts how often it is asked for something.
struct Counting<'g> {
    graph: &'g KnowledgeGraph,
    steps: Cell<usize>,
}

macro_rules! counted {
    ($($name:ident($($argument:ident: $of:ty),*) -> $gives:ty;)*) => {
        impl GraphView for Counting<'_> {
            $(fn $name(&self, $($argument: $of),*) -> $gives {
                self.steps.set(self.steps.get() + 1);
                self.graph.$name($($argument),*)
            })*
        }
    };
}

counted! {
    vocabulary() -> &Vocabulary;
    name_index() -> NameIndex<'_>;
    entity_count() -> usize;
    node_count() -> usize;
    record_count() -> usize;
    fact_count() -> usize;
    claim_count() -> usize;
    entity(entity: EntityIx) -> EntityView<'_>;
    names(entity: EntityIx) -> impl Iterator<Item = NameView<'_>>;
    extra(entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>>;
    document(entity: EntityIx) -> DocumentView<'_>;
    corrects(document: EntityIx) -> &[EntityIx];
    unnamed_of(node: NodeIx) -> Option<EntityIx>;
    is_several(node: NodeIx) -> bool;
    is_within(entity: EntityIx, class: EntityIx) -> bool;
    is_part(entity: EntityIx, whole: EntityIx) -> bool;
    subtree(class: EntityIx) -> &[EntityIx];
    parts(whole: EntityIx) -> &[EntityIx];
    fact(fact: FactIx) -> FactView<'_>;
    roles(fact: FactIx) -> impl Iterator<Item = RoleFill>;
    record(record: RecordIx) -> RecordView<'_>;
    relations(record: RecordIx) -> impl Iterator<Item = RelationView>;
    related_from(record: RecordIx) -> &[RecordIx];
    inferred(record: RecordIx) -> impl Iterator<Item = &str>;
    extra_of_record(record: RecordIx) -> impl Iterator<Item = ExtraView<'_>>;
    inferred_in_claim(claim: ClaimIx) -> impl Iterator<Item = &str>;
    record_by_id(id: &str) -> Option<RecordIx>;
    fact_by_id(id: &str) -> Option<FactIx>;
    entity_by_id(id: &str) -> Option<EntityIx>;
    claim(claim: ClaimIx) -> ClaimView<'_>;
    figures(claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>>;
    steps_out(node: NodeIx) -> &[Step];
    steps_in(node: NodeIx) -> &[Step];
    facts_of(node: NodeIx) -> Cow<'_, [FactIx]>;
    glance(fact: FactIx) -> Glance;
    glances() -> Option<&[Glance]>;
    facts_from(node: NodeIx) -> &[FactIx];
    facts_to(node: NodeIx) -> &[FactIx];
    facts_with(node: NodeIx) -> &[FactIx];
    facts_of_kind(kind: KindIx) -> &[FactIx];
    claims_by(node: NodeIx) -> &[ClaimIx];
    claims_in(document: EntityIx) -> &[ClaimIx];
}

/// The reading, and how often the graph was asked on the way to it.
fn counted(graph: &KnowledgeGraph, text: &str) -> (Result<Reading, NotUnderstood>, usize) {
    let counting = Counting { graph, steps: Cell::new(0) };
    let reading = read_question(&counting, text, AskOptions::default());
    (reading, counting.steps.get())
}

/// What is no text of a question, whatever is around it, with a part of the message.
fn broken() -> Vec<(String, &'static str)> {
    let long = |part: &str, bytes: usize| part.repeat(bytes / part.len() + 1);
    vec![
        (String::new(), "empty"),
        (" \t\n ".to_owned(), "empty"),
        ("?!…".to_owned(), "empty"),
        (long("who supplied what to whom ", 1 << 20), "too long"),
        (long("a", 1 << 20), "too long"),
        (long("\u{301}", 1 << 20), "too long"),
        (long("“", 1 << 20), "too long"),
        (long("北", 1 << 20), "too long"),
        (long("a ", 1_900), "more than 80 words"),
        (long("北 ", 1_900), "more than 80 words"),
        ("who supplied \u{7}missiles".to_owned(), "U+0007"),
        ("who supplied\u{0}".to_owned(), "U+0000"),
        ("\u{1b}[31mwho supplied missiles".to_owned(), "U+001B"),
        ("who supplied \u{202e}selissim".to_owned(), "U+202E"),
        ("who supplied \u{200f}missiles".to_owned(), "U+200F"),
        ("who supplied \u{2066}missiles\u{2069}".to_owned(), "U+2066"),
        ("who \u{feff}supplied missiles".to_owned(), "U+FEFF"),
        ("who is \"Putin".to_owned(), "not closed"),
        ("who is “Putin".to_owned(), "not closed"),
        ("\"".to_owned(), "not closed"),
        ("who supplied \u{378}".to_owned(), "belongs into no question"),
        ("who supplied \u{e0080}".to_owned(), "belongs into no question"),
        ("who supplied \u{e000}".to_owned(), "belongs into no question"),
        ("who supplied \u{ffff}".to_owned(), "belongs into no question"),
        ("who supplied \u{fffd}".to_owned(), "belongs into no question"),
    ]
}

#[test]
fn what_is_no_text_is_refused_before_a_name_is_looked_up() {
    let graph = KnowledgeGraph::new(&built_in());
    let (_, least) = counted(&graph, "");
    for (text, expected) in broken() {
        let shown: String = text.chars().take(40).collect();
        let (reading, steps) = counted(&graph, &text);
        let refused = reading.expect_err(&shown).to_string();
        assert!(refused.contains(expected), "{shown:?}: {refused}");
        assert!(refused.len() < 400, "{shown:?}: {refused}");
        assert_eq!(steps, least, "{shown:?}");
    }
}

#[test]
fn the_program_refuses_them_in_a_line_that_a_terminal_can_show() {
    for (text, expected) in broken() {
        // No system passes these on as an argument.
        if text.contains('\0') || text.len() > 100_000 {
            continue;
        }
        let run = purvey(&["ask", &format!("{text} ")]);
        assert_eq!(run.code, Some(1), "{text:?}: {}", run.stderr);
        let first = run.stdout.lines().next().unwrap_or_default();
        assert!(first.contains(expected), "{text:?}: {}", run.stdout);
        let unseen = ['\u{7}', '\u{1b}', '\u{200f}', '\u{202e}', '\u{2066}', '\u{feff}'];
        assert!(!format!("{}{}", run.stdout, run.stderr).contains(unseen), "{text:?}");
    }
}

/// The steps for so many repetitions of some words with others before and after.
fn steps_of(graph: &KnowledgeGraph, part: &str, times: usize) -> usize {
    counted(graph, &format!("who supplied {}to Russia", format!("{part} ").repeat(times))).1
}

#[test]
fn work_grows_with_the_words_and_no_faster() {
    let graph = KnowledgeGraph::new(&built_in());
    for part in [
        "zyxwvutsia",
        "Nroth Kroea",
        "North Korea",
        "Moscow",
        "Korea North",
        "and",
        "to",
        "missiles and",
        "from Russia",
        "Москва",
        "the",
        "2024",
        "35,000",
        "not",
        "who",
        "a b",
    ] {
        let words = part.split(' ').count();
        let steps = |count: usize| steps_of(&graph, part, count / words);
        let (few, some, most) = (steps(18), steps(36), steps(72));
        // Twice the words, twice the steps; so many of them at most for a word.
        assert!(most <= 2 * some + 200 && some <= 2 * few + 200, "{part}: {few} {some} {most}");
        assert!(most <= 72 * 100, "{part}: {few} {some} {most}");
    }
}

#[test]
fn a_text_in_another_language_is_told_by_its_words() {
    let run = purvey(&["ask", "Кто поставлял ракеты России"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("English"), "{}", run.stdout);
    let strange = "quis quid cui quando ubi cur quomodo quibus auxiliis dedit illa arma magna periculosa";
    let run = purvey(&["ask", strange]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("“auxiliis”"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_refused() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = std::ffi::OsStr::from_bytes(b"who supplied \xff\xfe");
    let run: Run = command(folder.path()).arg("ask").arg(bytes).output().expect("it runs").into();
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}
