//! Questions that are given as one text each: in a diagram spec, to be compared, to be watched.

use crate::graph::GraphView;
use crate::query::{self, Answer, AskOptions, Evidence, Question, read_question};

/// The answer to a question that is given as one text: as a command if it is one, else in plain English.
///
/// # Errors
///
/// Why there is none, and what to do about it.
pub(crate) fn answer_text<G: GraphView>(
    graph: &G,
    text: &str,
    evidence: &Evidence,
) -> Result<Answer, (String, Option<String>)> {
    let answered = |question: &Question, own: &Evidence| {
        query::answer_on(graph, question, &own.and(evidence)).map_err(|it| (it.to_string(), it.help()))
    };
    let words = shlex::split(text).filter(|it| it.first().is_some_and(|it| super::is_command(it)));
    let command = words.ok_or_else(|| "this is no command".to_owned());
    let command =
        command.and_then(|it| super::parse_question(it.iter().map(String::as_str)).map_err(|it| first_line(&it)));
    let as_command = match &command {
        Ok((question, own)) => answered(question, own),
        Err(error) => Err((error.clone(), None)),
    };
    if as_command.is_ok() {
        return as_command;
    }
    match read_question(graph, text, AskOptions::default()) {
        Ok(reading) => answered(&reading.question, &reading.evidence),
        // A question that is plainly a command is told as one.
        Err(_) if command.is_ok() || text.contains(" --") => as_command,
        Err(error) => Err((error.to_string(), error.help.clone().or_else(|| example(&error.examples)))),
    }
}

fn example(examples: &[String]) -> Option<String> {
    examples.first().map(|it| format!("ask for instance “{it}”, or with a command: `who --to Russia`"))
}

fn first_line(error: &str) -> String {
    let line = error.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
