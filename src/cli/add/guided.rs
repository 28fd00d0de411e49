//! Questions at a terminal: what is to be added, and who is meant by a name that nothing has.

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};

use super::super::Outcome;
use super::super::output::say;
use super::super::write::{Session, WriteArgs};
use super::fact::Said;
use super::names::{NewEntity, Unknown};
use super::{Wanted, put};
use crate::graph::{GraphView, KnowledgeGraph};
use crate::model::{EntityIx, EntityKind, FlowEnd, printable};

/// Whom somebody means.
pub(super) enum Meant {
    Known(String),
    New(NewEntity),
}

/// Somebody who answers.
pub(super) trait Asker {
    /// The answer to a question; `None` if there is no more. `offered` are completions.
    fn ask(&mut self, question: &str, offered: Vec<String>) -> Option<String>;
}

/// Whoever sits at the terminal.
struct Terminal(Editor<Offered, DefaultHistory>);

impl Terminal {
    fn new() -> Result<Terminal, String> {
        Editor::new().map(Terminal).map_err(|error| error.to_string())
    }
}

impl Asker for Terminal {
    fn ask(&mut self, question: &str, offered: Vec<String>) -> Option<String> {
        self.0.set_helper(Some(Offered(offered)));
        match self.0.readline(question) {
            Ok(line) => Some(line.trim().to_owned()),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => None,
            Err(error) => {
                say(&error.to_string());
                None
            }
        }
    }
}

/// Asks who is meant by a name that nothing has: one of the closest, another one, or somebody new.
pub(super) fn who_is_meant(unknown: &Unknown) -> Result<Option<Meant>, String> {
    Ok(who(unknown, &mut Terminal::new()?))
}

fn who(unknown: &Unknown, asker: &mut dyn Asker) -> Option<Meant> {
    say(&format!("{}: nothing is called “{}”", unknown.field, printable(&unknown.typed)));
    for (at, (id, name)) in unknown.near.iter().enumerate() {
        say(&format!("  {}  {} (`{id}`)", at + 1, printable(name)));
    }
    let kinds: Vec<&str> = unknown.kinds.iter().map(|it| it.as_str()).collect();
    say(&format!(
        "a number takes that one, an id another one; a kind makes it anew ({}); nothing stops",
        kinds.join(", ")
    ));
    let mut offered: Vec<String> = kinds.iter().map(|it| (*it).to_owned()).collect();
    offered.extend(unknown.near.iter().map(|(id, _)| id.clone()));
    let answer = asker.ask("which? ", offered)?;
    if answer.is_empty() {
        return None;
    }
    if let Some((id, _)) = answer.parse::<usize>().ok().and_then(|it| unknown.near.get(it.checked_sub(1)?)) {
        return Some(Meant::Known(id.clone()));
    }
    match EntityKind::from_word(&answer) {
        Some(kind) => Some(Meant::New(NewEntity { kind, name: unknown.typed.clone(), id: None, fields: Vec::new() })),
        None => Some(Meant::Known(answer)),
    }
}

/// Asks for a fact field by field, then shows and writes it.
pub(super) fn run(session: Session) -> Result<Outcome, String> {
    let Some(dataset) = &session.loaded.dataset else { return Ok(Outcome::Unusable) };
    let graph = KnowledgeGraph::new(dataset);
    let said = ask_all(&graph, &mut Terminal::new()?);
    let Some(mut said) = said else {
        say("nothing was written");
        return Ok(Outcome::Nothing);
    };
    said.taken = session.folder.clone();
    put(&session, Wanted::Fact(Box::new(said)), Vec::new(), None, WriteArgs::default())
}

/// All that a fact needs; an empty answer leaves a field out, the end of input stops.
fn ask_all(graph: &KnowledgeGraph, asker: &mut dyn Asker) -> Option<Said> {
    let vocabulary = graph.vocabulary();
    let named = |accept: &dyn Fn(EntityKind) -> bool| -> Vec<String> {
        let all =
            (0..graph.entity_count()).filter_map(|it| u32::try_from(it).ok()).map(|it| graph.entity(EntityIx(it)));
        all.filter(|it| accept(it.kind)).flat_map(|it| [it.name.to_owned(), it.id.to_owned()]).collect()
    };
    let mut said = Said::default();
    let document = asker.ask("document that says so: ", named(&|it| it == EntityKind::Document))?;
    said.document = Some(document).filter(|it| !it.is_empty());
    let kinds: Vec<String> = vocabulary.kinds.iter().map(|it| it.id.to_string()).collect();
    let kind = loop {
        let answer = asker.ask("kind of fact, or a statement in plain words: ", kinds.clone())?;
        if answer.contains(' ') {
            said.statement = Some(answer);
            return Some(said);
        }
        match vocabulary.kind_ix(&answer).and_then(|it| vocabulary.kind(it)) {
            Some(kind) => break kind,
            None if answer.is_empty() => return None,
            None => say(&format!("no kind is called “{}”; Tab shows them", printable(&answer))),
        }
    };
    said.kind = Some(kind.id.to_string());
    for role in &kind.roles {
        let name = vocabulary.role_name(role.role);
        let end = match role.flow {
            Some(FlowEnd::Source) => " (from)",
            Some(FlowEnd::Object) => " (what)",
            Some(FlowEnd::Target) => " (to)",
            None => "",
        };
        let answer = asker.ask(&format!("{name}{end}: "), named(&|it| role.accepts.contains(it)))?;
        if !answer.is_empty() {
            said.roles.push((name.to_owned(), vec![answer]));
        }
    }
    for figure in &kind.figures {
        // The only figure is the quantity, as people write it.
        let name = if kind.figures.len() == 1 { "quantity" } else { &*figure.name };
        let answer = asker.ask(&format!("{}, in the source's own words: ", figure.name), Vec::new())?;
        if !answer.is_empty() {
            said.figures.push((name.to_owned(), answer));
        }
    }
    let optional = |it: String| Some(it).filter(|it| !it.is_empty());
    said.during = optional(asker.ask("when (2024, 2024-03/2024-10, March 2024): ", Vec::new())?);
    said.by = optional(asker.ask("who says so: ", named(&|it| EntityKind::CLAIMANTS.contains(&it)))?);
    Some(said)
}

/// Completions of one question.
#[derive(Default)]
struct Offered(Vec<String>);

impl Completer for Offered {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or_default().to_lowercase();
        let fits = self.0.iter().filter(|it| it.to_lowercase().starts_with(&typed));
        let pair = |it: &String| Pair { display: printable(it).into_owned(), replacement: it.clone() };
        Ok((0, fits.take(20).map(pair).collect()))
    }
}

impl Hinter for Offered {
    type Hint = String;
}

impl Highlighter for Offered {}

impl Validator for Offered {}

impl Helper for Offered {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{LoadOptions, Sources, load};

    struct Script(Vec<&'static str>, Vec<String>);

    impl Asker for Script {
        fn ask(&mut self, question: &str, offered: Vec<String>) -> Option<String> {
            self.1.push(format!("{question}{}", offered.len()));
            (!self.0.is_empty()).then(|| self.0.remove(0).to_owned())
        }
    }

    #[test]
    fn a_fact_is_asked_for_field_by_field() {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let graph = KnowledgeGraph::new(&dataset);
        let answers = vec![
            "upi-2025-05-30",
            "suply",
            "supply",
            "DPRK",
            "missiles",
            "Russia",
            "",
            "",
            "",
            "",
            "at least 3",
            "2024",
            "MSMT",
        ];
        let mut script = Script(answers, Vec::new());
        let said = ask_all(&graph, &mut script).unwrap();
        let (_, name, fields) = said.record(&graph).ok().unwrap();
        insta::assert_snapshot!(crate::edit::Ron::Group(name, fields), @r#"Supply(id: "north-korea-missile-russia-2024", supplier: "north-korea", item: "missile", recipient: "russia", quantity: "at least 3", period: "2024", document: "upi-2025-05-30", by: "msmt")"#);
        assert!(ask_all(&graph, &mut Script(vec!["upi-2025-05-30"], Vec::new())).is_none(), "the end of input stops");
    }

    #[test]
    fn a_name_that_nothing_has_is_one_of_the_closest_or_new() {
        let unknown = || Unknown {
            typed: "Rusia".to_owned(),
            field: "recipient".to_owned(),
            kinds: vec![EntityKind::Country],
            near: vec![("russia".to_owned(), "Russia".to_owned())],
        };
        let answer = |it| who(&unknown(), &mut Script(vec![it], Vec::new()));
        assert!(matches!(answer("1"), Some(Meant::Known(id)) if id == "russia"));
        assert!(matches!(answer("belarus"), Some(Meant::Known(id)) if id == "belarus"));
        assert!(matches!(answer("country"), Some(Meant::New(it)) if it.name == "Rusia"));
        assert!(answer("").is_none());
    }
}
