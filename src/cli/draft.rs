//! `purvey draft`: records proposed from an article, for a person to accept, edit or drop.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

use super::Outcome;
use super::args::{Format, Global};
use super::data::{Data, Graph, sources};
use super::output::{complain, write_file};
use crate::diagnostic::Severity;
use crate::drafting::draft_in_ron;
use crate::drafting::{
    Article, ArticleError, DraftOptions, Drafts, LONGEST_ARTICLE, accepted, commented, draft, notes,
};
use crate::load::{LoadOptions, Sources, count_records, load_instead};
use crate::model::{Period, is_slug, printable};

/// Propose records from an article, as plain text or HTML, each to be accepted, edited or dropped
#[derive(Args, Debug)]
#[command(after_help = "Example: purvey draft report.txt --date 2025-05-30 --by Reuters --out drafts.ron\n         \
                        purvey draft report.html --interactive --out graph-data/facts/report.ron\n\
                        Exit codes: 0 drafts; 1 none found; 2 wrong usage, or an article that cannot be read.\n\
                        By rule alone (docs/drafting.md): every draft is to be held against the article.")]
pub(crate) struct DraftArgs {
    /// The article
    #[arg(value_name = "ARTICLE")]
    article: PathBuf,
    /// The day of the article, from which "last month" is reckoned; without it, that of the document, else the article's own
    #[arg(long, value_name = "DATE")]
    date: Option<Period>,
    /// The id of the article's document, which the data may hold; without it, made of the file's name
    #[arg(long, value_name = "ID")]
    document: Option<String>,
    /// Who published it, an id or a name: the claimant of whatever nobody else is named for
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Go through the drafts one by one and write those that you accept
    #[arg(long)]
    interactive: bool,
    /// Keep the text that was made of HTML, so that `check --article` can find the passages
    #[arg(long, value_name = "FILE")]
    save_text: Option<PathBuf>,
}

/// What ends a run early: a message, where one is needed.
type Refused = String;

/// Reads the article, drafts, and writes or asks.
pub(crate) fn run(args: &DraftArgs, global: &Global) -> Outcome {
    match try_run(args, global) {
        Ok(outcome) => outcome,
        Err(message) => {
            if !message.is_empty() {
                complain(&message);
            }
            Outcome::Unusable
        }
    }
}

fn try_run(args: &DraftArgs, global: &Global) -> Result<Outcome, Refused> {
    if global.format.is_some_and(|it| it != Format::Ron) {
        return Err("drafts are records of RON: leave out --format".to_owned());
    }
    if args.interactive && !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(
            "--interactive asks in a terminal, and there is none: leave it out, and every record comes commented out"
                .to_owned(),
        );
    }
    if args.interactive && global.out.is_none() {
        return Err("say where the accepted records go: --out FILE".to_owned());
    }
    for file in global.out.iter().chain(&args.save_text) {
        if file.exists() {
            return Err(format!("{} is there already, perhaps with your changes: choose another name", file.display()));
        }
    }
    let date = match args.date {
        None => None,
        Some(date) if date.earliest() == date.latest() => date.earliest(),
        Some(_) => return Err("--date is a day: `--date 2025-05-30`".to_owned()),
    };
    if let Some(id) = args.document.as_ref().filter(|it| !is_slug(it)) {
        return Err(format!("`{id}` is no id: lower-case letters and digits, joined by hyphens"));
    }
    let bytes = read(&args.article)?;
    let article =
        Article::read(&bytes).map_err(|error| format!("{}: {error}{}", args.article.display(), advice(&error)))?;
    let data = Data::load(global).ok_or_else(String::new)?;
    let name = args.article.file_stem().map_or("article".to_owned(), |it| it.to_string_lossy().into_owned());
    let options = DraftOptions { document: args.document.clone(), date, by: args.by.clone(), name };
    let drafts = match &data.graph {
        Graph::Read(graph) => draft(graph.as_ref(), &article, &options),
        Graph::Mapped(graph) => draft(graph.as_ref(), &article, &options),
    };
    if data.is_damaged() {
        return Err("the data are damaged: run `purvey verify`".to_owned());
    }
    tell(&article, &drafts, args);
    if let Some(file) = &args.save_text {
        let text = article.text();
        write_file(file, |out| out.write_all(text.as_bytes())).map_err(|error| unwritten(file, &error))?;
    }
    if args.interactive {
        return interactive(&drafts, global);
    }
    let text = commented(&drafts);
    match &global.out {
        Some(file) => {
            write_file(file, |out| out.write_all(text.as_bytes())).map_err(|error| unwritten(file, &error))?
        }
        None => match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
            // `purvey … | head` is no mistake.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                return Err(format!("standard output cannot be written: {error}"));
            }
            _ => {}
        },
    }
    Ok(if drafts.drafts.is_empty() { Outcome::Nothing } else { Outcome::Answered })
}

fn unwritten(file: &Path, error: &io::Error) -> String {
    format!("{} cannot be written: {error}", file.display())
}

/// One byte more than allowed is read, so that a pipe without end is refused too.
fn read(path: &Path) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let most = u64::try_from(LONGEST_ARTICLE).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)
        .and_then(|it| it.take(most).read_to_end(&mut bytes))
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    Ok(bytes)
}

fn advice(error: &ArticleError) -> &'static str {
    match error {
        ArticleError::Binary { .. } => "; save the article as text or HTML",
        ArticleError::TooLong => "; give the article alone",
        _ => "",
    }
}

/// What a user should know before reading the drafts.
fn tell(article: &Article, drafts: &Drafts, args: &DraftArgs) {
    let count = |count: usize, one: &str, several: &str| format!("{count} {}", if count == 1 { one } else { several });
    complain(&format!(
        "{}, {} proposed; to be held against the article",
        count(drafts.drafts.len(), "draft", "drafts"),
        count(drafts.entities.len(), "entity", "entities")
    ));
    match drafts.date {
        Some(date) => complain(&format!("times are reckoned from {date}")),
        None => complain("the article does not say its date: times such as \"last month\" are left out; give --date"),
    }
    if let Some(encoding) = article.encoding {
        complain(&format!("read as {encoding}; `check --article` takes UTF-8: --save-text FILE keeps it so"));
    } else if article.was_html && args.save_text.is_none() {
        complain("paragraphs are those of the text made of the HTML: --save-text FILE keeps it, for `check --article`");
    }
}

/// What somebody decides about a draft.
enum Choice {
    Accept,
    Edit,
    Skip,
    Quit,
}

fn interactive(drafts: &Drafts, global: &Global) -> Result<Outcome, Refused> {
    let Some(file) = &global.out else { return Ok(Outcome::Unusable) };
    let mut editor = DefaultEditor::new().map_err(|error| error.to_string())?;
    let mut ask = |prompt: &str, text: &str| match editor.readline_with_initial(prompt, (text, "")) {
        Ok(line) => Some(line),
        Err(ReadlineError::Eof | ReadlineError::Interrupted) => None,
        Err(error) => {
            complain(&error.to_string());
            None
        }
    };
    let records = go_through(drafts, &mut ask, &mut io::stdout());
    if records.is_empty() {
        complain("nothing was accepted, so nothing is written");
        return Ok(Outcome::Nothing);
    }
    let text = accepted(drafts, &records);
    write_file(file, |out| out.write_all(text.as_bytes())).map_err(|error| unwritten(file, &error))?;
    if let Sources::Paths(paths) = sources(global) {
        let loaded = load_instead(&paths, LoadOptions { drafts: true }, file, &text);
        let errors = loaded.findings.iter().filter(|it| it.code.severity() == Severity::Error).count();
        if errors > 0 {
            complain(&format!("what was written has findings: run `purvey check {}` with the data", file.display()));
        }
    }
    Ok(Outcome::Answered)
}

/// Asks about each draft; gives the records accepted. An end of input ends the questions and keeps what was accepted.
fn go_through(drafts: &Drafts, ask: &mut dyn FnMut(&str, &str) -> Option<String>, out: &mut dyn Write) -> Vec<String> {
    let mut records = Vec::new();
    for (number, draft) in (1..).zip(&drafts.drafts) {
        let record = draft_in_ron(draft);
        let _ = writeln!(out, "\n{number} of {}", drafts.drafts.len());
        for line in notes(draft).iter().map(String::as_str).chain(record.lines()) {
            let _ = writeln!(out, "  {}", printable(line));
        }
        match choose(ask) {
            Choice::Accept => records.push(record),
            Choice::Edit => records.extend(edit(&record, ask, out)),
            Choice::Skip => {}
            Choice::Quit => break,
        }
    }
    records
}

fn choose(ask: &mut dyn FnMut(&str, &str) -> Option<String>) -> Choice {
    loop {
        let Some(line) = ask("[a]ccept, [e]dit, [s]kip, [q]uit: ", "") else { return Choice::Quit };
        match line.trim().to_lowercase().as_str() {
            "a" | "accept" | "y" | "yes" => return Choice::Accept,
            "e" | "edit" => return Choice::Edit,
            "s" | "skip" | "n" | "no" => return Choice::Skip,
            "q" | "quit" => return Choice::Quit,
            _ => {}
        }
    }
}

/// A record on one line, to be changed until it can be read; empty drops it.
fn edit(record: &str, ask: &mut dyn FnMut(&str, &str) -> Option<String>, out: &mut dyn Write) -> Option<String> {
    let mut text = record.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    loop {
        let line = ask("> ", &text)?;
        if line.trim().is_empty() {
            return None;
        }
        let line = format!("{},", line.trim().trim_end_matches(','));
        match count_records(&format!("(facts: [{line}])")) {
            Ok(1) => return Some(line),
            _ => {
                let _ = writeln!(out, "  this is no record: change it, or leave the line empty to drop it");
                text = line;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::load;

    fn drafts() -> Drafts {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let text =
            b"Head\nRussia sent 5 drones to Belarus. Poland gave Ukraine rifles. Italy sold 7 missiles to Ukraine.";
        let article = Article::read(text).unwrap();
        draft(
            &KnowledgeGraph::new(&dataset),
            &article,
            &DraftOptions { name: "x".to_owned(), ..DraftOptions::default() },
        )
    }

    fn answered(lines: &[&str]) -> (Vec<String>, String) {
        let mut lines = lines.iter();
        let mut out = Vec::new();
        let mut ask = |_: &str, initial: &str| {
            lines.next().map(|it| if *it == "8 for 7" { initial.replace("\"7\"", "\"8\"") } else { (*it).to_owned() })
        };
        let records = go_through(&drafts(), &mut ask, &mut out);
        (records, String::from_utf8(out).unwrap())
    }

    #[test]
    fn each_draft_is_accepted_edited_or_skipped() {
        let (records, out) = answered(&["?", "a", "skip", "e", "8 for 7"]);
        assert_eq!(records.len(), 2, "{out}");
        assert!(records[0].starts_with("Supply(id: \"x-1\"") && records[0].contains("quantity: \"5\""), "{records:?}");
        assert!(records[1].contains("quantity: \"8\"") && out.contains("3 of 3"), "{records:?}\n{out}");
        let (records, out) = answered(&["skip", "skip", "e", "broken(", ""]);
        assert!(records.is_empty() && out.contains("this is no record"), "{out}");
    }

    #[test]
    fn the_end_of_input_keeps_what_was_accepted() {
        assert_eq!(answered(&["a"]).0.len(), 1);
        assert_eq!(answered(&["a", "q"]).0.len(), 1);
        assert!(answered(&[]).0.is_empty());
        assert!(answered(&["e", ""]).0.is_empty());
    }
}
