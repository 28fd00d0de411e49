//! A prompt for questions in plain English, with history, and with completion of names and words.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use etcetera::BaseStrategy;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{Config, Context, Editor, Helper};

use super::Outcome;
use super::output::complain;
use crate::graph::GraphView;

/// Most names that are offered.
const MOST: usize = 20;

/// Most words at the end of a line that are taken for the beginning of a name.
const MOST_WORDS: usize = 10;

/// Most questions that are remembered.
const MOST_REMEMBERED: usize = 1_000;

/// Asks for questions until there are no more, and answers each. A line that is no question is told, and the next one is read.
pub(crate) fn run<G: GraphView>(graph: &G, mut answer: impl FnMut(&str) -> Outcome) -> Outcome {
    let failed = |error: &dyn std::fmt::Display| {
        complain(&error.to_string());
        Outcome::Unusable
    };
    let config = Config::builder().max_history_size(MOST_REMEMBERED).map(|it| it.history_ignore_dups(true));
    let config = match config {
        Ok(config) => config.map(|it| it.auto_add_history(true).build()),
        Err(error) => Err(error),
    };
    let editor = config.and_then(Editor::<Names<'_, G>, FileHistory>::with_config);
    let mut editor = match editor {
        Ok(editor) => editor,
        Err(error) => return failed(&error),
    };
    editor.set_helper(Some(Names { graph }));
    let history = history_file();
    if let Some(file) = &history {
        // The first time there is none.
        let _ = editor.load_history(file);
    }
    let mut outcome = Outcome::Answered;
    loop {
        match editor.readline("purvey> ") {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) if matches!(line.trim(), "exit" | "quit") => break,
            Ok(line) if matches!(line.trim(), "help" | "?") => help(graph),
            Ok(line) => outcome = answer(line.trim()),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
            Err(error) => return failed(&error),
        }
    }
    // Questions from a pipe are nobody's history.
    if let Some(file) = history.filter(|_| io::stdin().is_terminal())
        && let Err(error) = keep(&mut editor, &file)
    {
        complain(&format!("the history was not kept: {error}"));
    }
    outcome
}

/// Says what can be asked.
fn help<G: GraphView>(graph: &G) {
    complain("ask a question in plain English; “quit” ends. For instance:");
    for example in graph.vocabulary().examples.iter().take(5) {
        complain(&format!("  {example}"));
    }
}

/// The file of the questions asked before, in the folder for what programs remember.
fn history_file() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let folder = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(folder.join("purvey").join("history.txt"))
}

/// Keeps the history, whole or as it was, readable by the user alone.
fn keep<G: GraphView>(editor: &mut Editor<Names<'_, G>, FileHistory>, file: &std::path::Path) -> io::Result<()> {
    let folder = file.parent().unwrap_or(std::path::Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut text = String::new();
    for line in editor.history() {
        text.push_str(line);
        text.push('\n');
    }
    super::output::write_private_file(file, |out| out.write_all(text.as_bytes()))
}

/// Completes names of the data and words of questions.
struct Names<'g, G> {
    graph: &'g G,
}

impl<G: GraphView> Completer for Names<'_, G> {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or_default();
        let mut starts: Vec<usize> = typed.rmatch_indices(' ').map(|(at, _)| at + 1).take(MOST_WORDS).collect();
        if starts.len() < MOST_WORDS {
            starts.push(0);
        }
        // The longest end of the line that is the beginning of a name: "North Ko".
        for start in starts.into_iter().rev() {
            let begun = typed.get(start..).unwrap_or_default();
            if begun.chars().nth(1).is_none() {
                continue;
            }
            let mut found: Vec<String> = self
                .graph
                .name_index()
                .beginning_with(begun, MOST)
                .into_iter()
                .map(|(_, name)| name.to_owned())
                .collect();
            if !begun.contains(' ') {
                found.extend(self.words(begun));
            }
            found.dedup();
            if !found.is_empty() {
                let pair = |it: String| Pair { display: crate::model::printable(&it).into_owned(), replacement: it };
                return Ok((start, found.into_iter().map(pair).collect()));
            }
        }
        Ok((at, Vec::new()))
    }
}

impl<G: GraphView> Names<'_, G> {
    /// Verbs and nouns of facts, and small words.
    fn words(&self, begun: &str) -> Vec<String> {
        let vocabulary = self.graph.vocabulary();
        let of_kinds = vocabulary.kinds.iter().flat_map(|it| it.verbs.iter().chain(&it.target_verbs).chain(&it.nouns));
        let all = of_kinds.chain(vocabulary.words.iter().flat_map(|it| &it.words));
        let begun = begun.to_lowercase();
        let mut found: Vec<String> = all.filter(|it| it.starts_with(&begun)).map(|it| it.to_string()).collect();
        found.sort_unstable();
        found.dedup();
        found.truncate(MOST);
        found
    }
}

impl<G> Hinter for Names<'_, G> {
    type Hint = String;
}

impl<G> Highlighter for Names<'_, G> {}

impl<G> Validator for Names<'_, G> {}

impl<G: GraphView> Helper for Names<'_, G> {}
