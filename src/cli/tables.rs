//! Questions over tables, for programs that have an engine of SQL: the same arguments, the same output.

use std::ffi::OsString;
use std::process::ExitCode;

use super::args::{Cli, Command};
use super::output::{Output, complain};
use super::question::{self, Asked, QuestionCommand};
use super::{Outcome, parse};
use crate::graph::GraphView;
use crate::plan::{AskError, Store, Tables};
use crate::query::{Answer, AnswerFinding, Evidence, Question};

/// Reads a question from arguments, the first of which is the name of the program, answers it over tables and writes the
/// answer as the main program does. Gives the exit code.
///
/// # Errors
///
/// Why there is no answer, and nothing was written.
pub fn answer_from_tables<N: GraphView, S: Store>(
    arguments: &[OsString],
    tables: &mut Tables<'_, N>,
    store: &mut S,
) -> Result<ExitCode, AskError<S::Error>> {
    let (Cli { global, evidence, command }, meant) = match parse(arguments) {
        Ok(parsed) => parsed,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return Ok(ExitCode::from(code));
        }
    };
    let unusable = |message: &str| {
        complain(message);
        Ok(Outcome::Unusable.into())
    };
    if !global.data.is_empty() || global.drafts {
        return unusable("the tables are the data: leave out --data and --drafts");
    }
    let (command, about): (QuestionCommand, fn(Question) -> Question) = match command {
        Command::Question(question) => (question, |it| it),
        Command::Support(about) => (about.question.into_command(), |it| Question::Support(Box::new(it))),
        Command::Timeline(about) => (about.question.into_command(), |it| Question::Timeline(Box::new(it))),
        _ => return unusable("only questions are asked of tables: who, path, top, show, ask and so on"),
    };
    let output = match Output::new(&global) {
        Ok(output) => output,
        Err(message) => return unusable(&message),
    };
    let answer = answered(&command, about, &evidence.read(), meant.as_deref(), tables, store)?;
    Ok(output.write(&answer, false).into())
}

/// The answer, or why the question has none.
pub(super) fn answered<N: GraphView, S: Store>(
    command: &QuestionCommand,
    about: fn(Question) -> Question,
    evidence: &Evidence,
    meant: Option<&str>,
    tables: &mut Tables<'_, N>,
    store: &mut S,
) -> Result<Answer, AskError<S::Error>> {
    let Asked { question, reading } = match tables.ask(store, |graph| question::read(command, graph))? {
        Ok(asked) => asked,
        Err(refused) => return Ok(*refused),
    };
    let question = about(question);
    let evidence = reading.as_ref().map_or_else(|| evidence.clone(), |it| it.evidence.and(evidence));
    let answer = tables.answer(store, &question, &evidence)?.unwrap_or_else(|error| {
        let help = meant.map(|it| format!("did you mean the command `{it}`?")).or_else(|| error.help());
        let finding = AnswerFinding { code: error.code(), message: error.to_string(), help };
        Answer::refused(format!("{question}{evidence}"), finding)
    });
    let reading = reading.map(|it| it.about(question, evidence));
    Ok(Answer { reading, ..answer })
}
