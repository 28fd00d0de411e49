//! The command line: arguments, colour, tables, exit codes. The only layer that prints.
//!
//! Exit codes: 0 answered; 1 nothing found, no path, a name unknown or ambiguous, a question not understood, errors
//! from `check`; 2 wrong usage, or a question put to data with errors.

mod add;
mod args;
mod asked;
mod build;
mod cache;
mod check;
mod complete;
mod data;
mod draft;
mod diff;
mod draw;
mod evidence;
mod export;
mod fmt;
mod grid;
mod import;
mod init;
mod judgements;
mod manual;
mod matching;
mod merge;
mod network;
mod output;
mod plan;
mod progress;
mod prompt;
mod question;
mod remove;
mod rename;
mod size;
mod table;
mod tables;
mod write;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;

use args::{Cli, Command, Global};
use data::{Data, Graph};
use output::Output;
use question::{Asked, QuestionCommand};

pub use tables::answer_from_tables;

use crate::graph::GraphView;
use crate::model::{Period, nearest};
use crate::query::{self, Answer, AnswerFinding, Evidence, Question};

/// What a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Answered,
    Nothing,
    Unusable,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Answered => 0,
            Outcome::Nothing => 1,
            Outcome::Unusable => 2,
        })
    }
}

/// The question and the evidence that words of the command line stand for: `who --to Russia --without MSMT`, without the name
/// of the program.
///
/// # Errors
///
/// What is wrong with the words; also where they are no question, or one in plain English.
///
/// ```
/// use purvey::cli::parse_question;
///
/// let (question, evidence) = parse_question(["timeline", "who", "--to", "Russia", "--without", "MSMT"])?;
/// assert_eq!(format!("{question}{evidence}"), "timeline who --to Russia --without MSMT");
/// # Ok::<(), String>(())
/// ```
pub fn parse_question<'w>(words: impl IntoIterator<Item = &'w str>) -> Result<(Question, Evidence), String> {
    let arguments: Vec<OsString> = std::iter::once("purvey").chain(words).map(OsString::from).collect();
    let (cli, _) = parse(&arguments).map_err(|error| error.to_string())?;
    let evidence = cli.evidence.read();
    let question = match cli.command {
        Command::Question(question) => question::plain(&question),
        Command::Support(about) => Question::Support(Box::new(question::plain(&about.question.into_command()))),
        Command::Timeline(about) => Question::Timeline(Box::new(question::plain(&about.question.into_command()))),
        _ => return Err("this is no question".to_owned()),
    };
    Ok((question, evidence))
}

/// Runs the program with its arguments, the first of which is its name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // A shell that asks what could come next says so in the environment.
    match CompleteEnv::with_factory(Cli::command).try_complete(arguments.iter().cloned(), None) {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => {}
        Err(error) => {
            let _ = error.print();
            return Outcome::Unusable.into();
        }
    }
    match parse(&arguments) {
        Ok((cli, meant)) => dispatch(cli, meant).into(),
        Err(error) => {
            // Help and version go to standard output and are no failure.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            ExitCode::from(code)
        }
    }
}

/// A bare id or name stands for `show NAME`, also behind `draw`, `support` and `timeline`; if it nearly is a command, that
/// is told where nothing has the name.
fn parse(arguments: &[OsString]) -> Result<(Cli, Option<String>), clap::Error> {
    let cli = Cli::try_parse_from(arguments)?;
    let Some(words) = cli.command.bare_words() else { return Ok((cli, None)) };
    let meant = nearest_command(words);
    let before = arguments.len().saturating_sub(words.len());
    let (head, tail) = arguments.split_at(before);
    let first = words.first().map(|it| it.to_string_lossy()).unwrap_or_default();
    let is_drawn = matches!(cli.command, Command::Draw(_));
    let show = OsString::from(if is_drawn { draw::meant_by(&first) } else { "show" });
    // A leading hyphen would be an option again.
    Ok((Cli::try_parse_from(head.iter().chain([&show]).chain(tail))?, meant))
}

/// Whether a word is a command.
fn is_command(word: &str) -> bool {
    Cli::command().get_subcommands().any(|it| it.get_name() == word)
}

/// The command that was perhaps meant.
fn nearest_command(words: &[OsString]) -> Option<String> {
    let commands: Vec<String> = Cli::command().get_subcommands().map(|it| it.get_name().to_owned()).collect();
    let first = words.first().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    nearest(&first, commands.iter().map(String::as_str)).map(str::to_owned)
}

fn dispatch(cli: Cli, meant: Option<String>) -> Outcome {
    let Cli { global, evidence, command } = cli;
    let evidence = evidence.read();
    match command {
        Command::Question(QuestionCommand::Ask { text, today }) if text.is_empty() => {
            prompt_for_questions(today, &evidence, &global)
        }
        Command::Question(question) => answer(&question, |it| it, &evidence, &global, meant.as_deref()),
        Command::Support(about) => {
            let question = about.question.into_command();
            let support = |it| Question::Support(Box::new(it));
            answer(&question, support, &evidence, &global, meant.as_deref())
        }
        Command::Timeline(about) => {
            let question = about.question.into_command();
            let timeline = |it| Question::Timeline(Box::new(it));
            answer(&question, timeline, &evidence, &global, meant.as_deref())
        }
        Command::Draw(draw) => draw::run(*draw, &evidence, &global, meant.as_deref()),
        Command::Export(export) => export::run(*export, &evidence, &global, meant.as_deref()),
        Command::Check(_) if !evidence.is_all() => {
            output::complain("`check` looks at all claims: leave out the options of evidence");
            Outcome::Unusable
        }
        Command::Check(check) => check::run(&check, &global),
        Command::Plan(about) => plan::run(about.question.into_command(), &evidence, &global),
        Command::Build(_) | Command::Import(_) if !evidence.is_all() => {
            output::complain("a snapshot and an import hold all that is said: leave out the options of evidence");
            Outcome::Unusable
        }
        Command::Build(args) => build::run(args, global),
        Command::Add(_) | Command::Remove(_) | Command::Rename(_) | Command::Fmt(_) | Command::Init(_)
            if !evidence.is_all() =>
        {
            output::complain("what is written has nothing to do with evidence: leave out its options");
            Outcome::Unusable
        }
        Command::Match(_) | Command::Merge(_) if !evidence.is_all() => {
            output::complain("entities are matched by all that is known of them: leave out the options of evidence");
            Outcome::Unusable
        }
        Command::Match(args) => matching::run(&args, &global),
        Command::Merge(args) => merge::run(&args, &global),
        Command::Add(args) => add::run(args, &global),
        Command::Remove(args) => remove::run(&args, &global),
        Command::Rename(args) => rename::run(&args, &global),
        Command::Fmt(args) => fmt::run(&args, &global),
        Command::Init(args) => init::run(&args),
        Command::Import(args) => import::run(*args, &global),
        Command::Draft(_) if !evidence.is_all() => {
            output::complain("an article is read without regard to claims: leave out the options of evidence");
            Outcome::Unusable
        }
        Command::Draft(args) => draft::run(&args, &global),
        Command::Watch(args) => watch::run(&args, &evidence, &global),
        Command::Diff(args) => diff::run(&args, &evidence, &global),
        Command::Verify { file } => build::verify(&file),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { out } => manual::pages(out.as_deref()),
        // `parse` has turned it into `show`.
        Command::Bare(_) => Outcome::Unusable,
    }
}

/// Answers questions in plain English, one a line, over data that are read once.
fn prompt_for_questions(today: Option<Period>, evidence: &Evidence, global: &Global) -> Outcome {
    if global.out.is_some() {
        output::complain("several answers go into no one file: leave out --out, or give the question");
        return Outcome::Unusable;
    }
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    let output = match Output::new(global) {
        Ok(output) => output,
        Err(message) => {
            output::complain(&message);
            return Outcome::Unusable;
        }
    };
    fn ask<G: GraphView>(
        graph: &G,
        line: &str,
        today: Option<Period>,
        evidence: &Evidence,
        output: &Output,
        is_built_in: bool,
    ) -> Outcome {
        let question = QuestionCommand::Ask { text: vec![line.to_owned()], today };
        output.write(&answer_over(graph, &question, |it| it, evidence, None), is_built_in)
    }
    let built_in = data.is_built_in;
    match &data.graph {
        Graph::Read(graph) => {
            prompt::run(graph.as_ref(), |line| ask(graph.as_ref(), line, today, evidence, &output, built_in))
        }
        Graph::Mapped(graph) => {
            prompt::run(graph.as_ref(), |line| ask(graph.as_ref(), line, today, evidence, &output, built_in))
        }
    }
}

/// Loads the data, answers and prints. `about` is what is asked about the question of the command.
fn answer(
    command: &QuestionCommand,
    about: impl Fn(Question) -> Question,
    evidence: &Evidence,
    global: &Global,
    meant: Option<&str>,
) -> Outcome {
    let output = match Output::new(global) {
        Ok(output) => output,
        Err(message) => {
            output::complain(&message);
            return Outcome::Unusable;
        }
    };
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    let ask = |data: &Data| match &data.graph {
        Graph::Read(graph) => answer_over(graph.as_ref(), command, &about, evidence, meant),
        Graph::Mapped(graph) => answer_over(graph.as_ref(), command, &about, evidence, meant),
    };
    let mut answer = ask(&data);
    if let Some(data) = data.instead(global) {
        answer = ask(&data);
    } else if data.is_damaged() {
        let _ = output.write(&answer, data.is_built_in);
        return Outcome::Unusable;
    }
    output.write(&answer, data.is_built_in)
}

/// The answer, or why there is none.
fn answer_over<G: GraphView>(
    graph: &G,
    command: &QuestionCommand,
    about: impl Fn(Question) -> Question,
    evidence: &Evidence,
    meant: Option<&str>,
) -> Answer {
    match question::read(command, graph) {
        Ok(Asked { question, reading }) => {
            let question = about(question);
            let evidence = &reading.as_ref().map_or_else(|| evidence.clone(), |it| it.evidence.and(evidence));
            let answer = query::answer_on(graph, &question, evidence).unwrap_or_else(|error| {
                let help = meant.map(|it| format!("did you mean the command `{it}`?")).or_else(|| error.help());
                let finding = AnswerFinding { code: error.code(), message: error.to_string(), help };
                Answer::refused(format!("{question}{evidence}"), finding)
            });
            // What is asked about the question, and the options of evidence, are part of the equivalent command.
            let reading = reading.map(|it| it.about(question, evidence.clone()));
            Answer { reading, ..answer }
        }
        // A name that damage hides is not unknown.
        Err(refused) => match graph.fault().map(query::QueryError::from) {
            Some(error) => {
                let finding = AnswerFinding { code: error.code(), message: error.to_string(), help: error.help() };
                Answer::refused(refused.question, finding)
            }
            None => *refused,
        },
    }
}
