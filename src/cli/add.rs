//! `purvey add`: a record from flags, from a line of plain words, or asked for at prompts.

mod entity;
mod fact;
mod flags;
mod guided;
mod names;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgMatches, Args, FromArgMatches};

use super::Outcome;
use super::args::Global;
use super::output::complain;
use super::write::{Session, WriteArgs, done, is_interactive};
use crate::diagnostic::Code;
use crate::edit::{Folder, add, as_text};
use crate::graph::KnowledgeGraph;
use crate::load::{LoadOptions, load_vocabulary};
use crate::model::{EntityKind, Vocabulary, nearest};
use fact::Said;
use names::{Names, NewEntity, Problem};

/// Options of `add`: its words are read once the vocabulary of the data is known.
#[derive(Args, Debug)]
#[command(
    about = "Write down a fact, a document or an entity",
    after_help = "A fact by its kind, with any of the roles and figures of the kind (`purvey add supply --help`):\n  \
                  purvey add supply --from \"North Korea\" --to Russia --what \"ballistic missiles\" --quantity \"at least 100\" \\\n    \
                  --during 2024 --in upi-2025-05-30 --by msmt\n\
                  in plain words:\n  \
                  purvey add \"North Korea sent at least 100 ballistic missiles to Russia in 2024, says the MSMT\" --in upi-2025-05-30\n\
                  asked for one by one, on a terminal:\n  \
                  purvey add\n\
                  a document or an entity:\n  \
                  purvey add document \"Weekly report\" --publisher msmt --date 2025-02-03\n  \
                  purvey add organization \"Harbour Office\" --part-of north-korea\n\
                  The record and the diff are shown before anything is written; --yes writes without asking, --dry-run not at all."
)]
pub(crate) struct AddArgs {
    /// A kind of fact or entity with its options, or a statement in plain words
    #[arg(value_name = "WORDS", trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

pub(crate) fn run(args: AddArgs, global: &Global) -> Outcome {
    done(start(&args.words, global))
}

/// What is to be added.
enum Wanted {
    Fact(Box<Said>),
    Entity(NewEntity),
}

fn start(words: &[OsString], global: &Global) -> Result<Outcome, String> {
    // The kinds of the data are their own, so the data are named before anything else is read.
    let data = flags::data_of(words);
    let at = Global { data: if data.is_empty() { global.data.clone() } else { data }, ..global.clone() };
    let Some(first) = words.first().map(|it| it.to_string_lossy().into_owned()) else {
        if !is_interactive() {
            return Err(
                "say what to add: `purvey add --help` shows how (without a terminal nothing is asked)".to_owned()
            );
        }
        let session = Session::open(&at)?;
        return guided::run(session);
    };
    let vocabulary = load_vocabulary(&super::write::paths(&at)?).0;
    let commands = flags::commands(&vocabulary);
    let is_command = commands.get_subcommands().any(|it| it.get_name() == first);
    // A single word is no statement.
    if !is_command && !first.starts_with('-') && !first.trim().contains(' ') {
        let kinds: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
        let near = nearest(&first, kinds.into_iter()).map(|it| format!("did you mean `{it}`?"));
        let help = near.unwrap_or_else(|| "`purvey list kinds` shows the kinds of fact".to_owned());
        return Err(format!("`{first}` is no kind of fact or entity: {help}"));
    }
    let name = OsString::from("purvey add");
    let command = if is_command { commands } else { flags::statement() };
    let matches = match command.try_get_matches_from(std::iter::once(&name).chain(words)) {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            let is_help = error.exit_code() == 0;
            return Ok(if is_help { Outcome::Answered } else { Outcome::Unusable });
        }
    };
    let (kind, matches) = match matches.subcommand() {
        Some((kind, inner)) => (Some(kind), inner),
        None => (None, &matches),
    };
    let (wanted, new) = read(kind, matches, &vocabulary)?;
    let write = WriteArgs::from_arg_matches(matches).map_err(|error| error.to_string())?;
    let into = matches.get_one::<PathBuf>("into").cloned();
    let mut session = Session::open(&at)?;
    // Nobody refers to an entity that was not there.
    session.expected = matches!(wanted, Wanted::Entity(_)).then_some(Code::Unused);
    let wanted = match wanted {
        Wanted::Fact(mut said) => {
            said.taken = session.folder.clone();
            Wanted::Fact(said)
        }
        entity => entity,
    };
    put(&session, wanted, new, into, write)
}

fn read(kind: Option<&str>, matches: &ArgMatches, vocabulary: &Vocabulary) -> Result<(Wanted, Vec<NewEntity>), String> {
    let entity_kind = kind.and_then(|it| match it {
        "entity" => matches.get_one::<String>("kind").and_then(|it| EntityKind::from_word(it)),
        kind => EntityKind::ALL.into_iter().find(|it| it.as_str() == kind),
    });
    if let Some(kind) = entity_kind {
        return Ok((Wanted::Entity(entity::of_flags(kind, matches)), Vec::new()));
    }
    let new = matches.get_many::<String>("new").into_iter().flatten();
    let new = new.map(|it| NewEntity::parse(it)).collect::<Result<Vec<_>, _>>()?;
    Ok((Wanted::Fact(Box::new(Said::of_flags(kind, matches, vocabulary)?)), new))
}

/// Finds the names, asking for those that are not known, then shows, asks and writes.
fn put(
    session: &Session,
    mut wanted: Wanted,
    mut new: Vec<NewEntity>,
    into: Option<PathBuf>,
    write: WriteArgs,
) -> Result<Outcome, String> {
    if let Wanted::Entity(entity) = &wanted {
        warn_of_namesakes(session, entity, write)?;
    }
    loop {
        match build(session, &wanted, &new, into.as_deref()) {
            Ok((folder, shown)) => return session.finish(&folder, &shown, write),
            Err(Problem::Told(message)) => return Err(message),
            Err(Problem::NotUnderstood(message)) => {
                complain(&message);
                return Ok(Outcome::Nothing);
            }
            Err(Problem::Unknown(unknown)) => {
                if !is_interactive() || write.yes {
                    complain(&unknown.tell(matches!(wanted, Wanted::Fact(_))));
                    return Ok(Outcome::Nothing);
                }
                match guided::who_is_meant(&unknown)? {
                    None => {
                        complain("nothing was written");
                        return Ok(Outcome::Nothing);
                    }
                    Some(guided::Meant::New(entity)) => new.push(entity),
                    Some(guided::Meant::Known(id)) => match &mut wanted {
                        Wanted::Fact(said) => said.instead.push((unknown.typed.clone(), id)),
                        Wanted::Entity(entity) => entity.replace(&unknown.typed, &id),
                    },
                }
            }
        }
    }
}

/// An entity with the name of another is rarely meant.
fn warn_of_namesakes(session: &Session, entity: &NewEntity, write: WriteArgs) -> Result<(), String> {
    let Some(dataset) = &session.loaded.dataset else { return Ok(()) };
    let graph = KnowledgeGraph::new(dataset);
    let alike = names::alike(&graph, &entity.name, entity.kind);
    if !alike.is_empty() {
        complain(&format!("names like “{}”: {}", entity.name, alike.join(", ")));
    }
    let same = names::same(&graph, &entity.name, entity.kind);
    match same {
        Some(id) if !write.yes && !write.dry_run && !is_interactive() => {
            Err(format!("`{id}` has that name already: add --yes if this is another one"))
        }
        _ => Ok(()),
    }
}

/// The folder with the new records in it, and the records as text.
fn build(
    session: &Session,
    wanted: &Wanted,
    new: &[NewEntity],
    into: Option<&std::path::Path>,
) -> Result<(Folder, String), Problem> {
    let mut folder = session.folder.clone();
    let mut shown = String::new();
    let told = |error: crate::edit::EditError| Problem::Told(error.to_string());
    for entity in new {
        let (name, fields) = entity.record(&folder)?;
        add(&mut folder, &entity.place(), &name, &fields, None).map_err(told)?;
        shown.push_str(&format!("new: {}\n", as_text(&name, &fields)));
    }
    let loaded = folder.load(LoadOptions { drafts: true });
    let dataset = loaded.dataset.as_ref().ok_or_else(|| {
        Problem::Told(format!("that cannot be written, and nothing was: {}", super::write::first_error(&loaded)))
    })?;
    let graph = KnowledgeGraph::new(dataset);
    let (place, name, fields) = match wanted {
        Wanted::Entity(entity) => {
            let entity = entity.resolved(&Names { graph: &graph, instead: &[] })?;
            let (name, fields) = entity.record(&folder)?;
            (entity.place(), name, fields)
        }
        Wanted::Fact(said) => said.record(&graph)?,
    };
    add(&mut folder, &place, &name, &fields, into).map_err(told)?;
    shown.push_str(&as_text(&name, &fields));
    shown.push('\n');
    Ok((folder, shown))
}
