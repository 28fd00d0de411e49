//! The set of questions in plain English, and how a reading of each is judged.

use std::fmt;

use purvey::cli::parse_question;
use purvey::exchange::{Context, write_json};
use purvey::graph::GraphView;
use purvey::query::{Answer, AskOptions, Evidence, Question, answer_on, read_question};
use serde::Deserialize;
use serde_json::Value;

/// A question of the set.
#[derive(Debug, Deserialize)]
pub(crate) enum Case {
    /// It reads as this command.
    Reads(String, String),
    /// It reads as one of these commands: editors may differ.
    Either(String, Vec<String>),
    /// So does this one, with misspelt or foreign names or words.
    Misspelt(String, String),
    /// It must be refused, with a message that holds this text.
    Refuse(String, String),
}

impl Case {
    /// The question.
    pub(crate) fn asked(&self) -> &str {
        match self {
            Case::Reads(asked, _) | Case::Either(asked, _) | Case::Misspelt(asked, _) | Case::Refuse(asked, _) => asked,
        }
    }
}

/// What came of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Right,
    RightlyRefused,
    WronglyRefused,
    Wrong,
}

/// What came of a question, with what was read.
pub(crate) struct Judged<'c> {
    pub(crate) case: &'c Case,
    pub(crate) verdict: Verdict,
    /// The command, or why it was refused.
    pub(crate) told: String,
}

impl fmt::Display for Judged<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (asked, wanted) = match self.case {
            Case::Reads(asked, wanted) | Case::Misspelt(asked, wanted) => (asked, wanted.clone()),
            Case::Either(asked, wanted) => (asked, wanted.join(", or ")),
            Case::Refuse(asked, _) => (asked, "(refused)".to_owned()),
        };
        write!(out, "{:?}: {asked}\n    wanted: {wanted}\n    got:    {}", self.verdict, self.told)
    }
}

/// The whole set, in the order of its files.
pub(crate) fn cases() -> Vec<Case> {
    let files = [
        include_str!("../questions/reads.ron"),
        include_str!("../questions/newsroom.ron"),
        include_str!("../questions/desk.ron"),
        include_str!("../questions/readers.ron"),
        include_str!("../questions/misspelt.ron"),
        include_str!("../questions/refused.ron"),
    ];
    files.into_iter().flat_map(read_cases).collect()
}

/// Questions as they stand in a file.
pub(crate) fn read_cases(text: &str) -> Vec<Case> {
    ron::from_str(text).expect("the set is RON")
}

/// Judges a reading by its answer: two commands are the same if they give the same facts in the same form.
pub(crate) fn judge<'c, G: GraphView>(graph: &G, case: &'c Case) -> Judged<'c> {
    let asked = case.asked();
    let wanted: &[String] = match case {
        Case::Reads(_, wanted) | Case::Misspelt(_, wanted) => std::slice::from_ref(wanted),
        Case::Either(_, wanted) => wanted,
        Case::Refuse(..) => &[],
    };
    let named = if let Case::Refuse(_, word) = case { word.as_str() } else { "" };
    let read = read_question(graph, asked, AskOptions::default());
    let told = match &read {
        Ok(reading) => reading.command(),
        Err(error) => format!("{error}; {}", error.help.as_deref().unwrap_or_default()),
    };
    let verdict = match (&read, wanted) {
        (Ok(_), []) => Verdict::Wrong,
        (Ok(reading), wanted) => {
            let got = answer(graph, &reading.question, &reading.evidence);
            let is_it = |wanted: &String| {
                let words = words(wanted);
                let (question, evidence) = parse_question(words.iter().map(String::as_str)).expect(wanted);
                got == answer(graph, &question, &evidence)
            };
            if wanted.iter().any(is_it) { Verdict::Right } else { Verdict::Wrong }
        }
        // A refusal that does not tell what was not understood helps nobody.
        (Err(_), []) if !told.to_lowercase().contains(named) => Verdict::WronglyRefused,
        (Err(_), []) => Verdict::RightlyRefused,
        (Err(_), _) => Verdict::WronglyRefused,
    };
    Judged { case, verdict, told }
}

/// An answer without the words that repeat the question.
pub(crate) fn answer<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> Value {
    let answer = answer_on(graph, question, evidence)
        .unwrap_or_else(|error| Answer { remarks: vec![error.to_string()], ..Answer::default() });
    let refused = if answer.question.is_empty() { answer.remarks.join(" ") } else { String::new() };
    let mut bytes = Vec::new();
    write_json(&answer, &Context::default(), &mut bytes).expect("memory takes all");
    let mut value: Value = serde_json::from_slice(&bytes).expect("JSON");
    if let Some(fields) = value.as_object_mut() {
        for words in ["question", "remarks"] {
            fields.remove(words);
        }
        fields.insert("refused".to_owned(), Value::String(refused));
    }
    value
}

/// The words of a command as a shell would cut them: blanks, and quotation marks around some.
pub(crate) fn words(command: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quoted = false;
    let mut open = false;
    for c in command.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                if !open {
                    words.push(String::new());
                    open = true;
                }
            }
            ' ' if !quoted => open = false,
            c => {
                if !open {
                    words.push(String::new());
                    open = true;
                }
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words
}
