//! The options of `add`, which are those of the vocabulary: every role and figure of a kind is one.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, Command};

use super::super::args::Global;
use super::super::write::WriteArgs;
use crate::model::{EntityKind, Kind, Outcome, RelationKind, Stance, Vocabulary};

/// The values of `--data` among words, before they can be read as a whole.
pub(super) fn data_of(words: &[OsString]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let text = word.to_string_lossy();
        if let Some(path) = text.strip_prefix("--data=") {
            found.push(path.into());
        } else if text == "--data" {
            found.extend(words.get(at + 1).map(PathBuf::from));
        }
    }
    found
}

/// One command for each kind of fact and of entity.
pub(super) fn commands(vocabulary: &Vocabulary) -> Command {
    let mut all = Command::new("purvey add").subcommand_required(true).disable_help_subcommand(true);
    for kind in &vocabulary.kinds {
        all = all.subcommand(of_kind(kind, vocabulary));
    }
    for kind in EntityKind::ALL {
        // A kind of fact of that name comes first.
        if vocabulary.kind_ix(kind.as_str()).is_none() {
            all = all.subcommand(of_entity(Command::new(kind.as_str()).about("An entity of this kind"), Some(kind)));
        }
    }
    if vocabulary.kind_ix("entity").is_none() {
        all = all.subcommand(of_entity(Command::new("entity").about("An entity"), None));
    }
    all
}

/// The options behind a statement in plain words.
pub(super) fn statement() -> Command {
    let text = Arg::new("text")
        .value_name("STATEMENT")
        .required(true)
        .num_args(1..)
        .help("Who did what, when, and who says so");
    claim(Command::new("purvey add").arg(text).arg(one("id", "ID", "The id of the record")))
}

/// A name for the life of the program, as clap wants it; this runs once.
fn kept(name: &str) -> &'static str {
    name.to_owned().leak()
}

fn one(name: &str, value: &'static str, help: &str) -> Arg {
    Arg::new(kept(name)).long(kept(&name.replace('_', "-"))).value_name(value).help(help.to_owned())
}

fn many(name: &str, value: &'static str, help: &str) -> Arg {
    one(name, value, help).action(ArgAction::Append)
}

fn of_kind(kind: &Kind, vocabulary: &Vocabulary) -> Command {
    let mut command = Command::new(kept(&kind.id)).about(format!("A fact of the kind {}", kind.noun));
    let mut taken: Vec<String> = Vec::new();
    let put = |command: Command, arg: Arg, taken: &mut Vec<String>| {
        let long = arg.get_long().unwrap_or_default().to_owned();
        if OURS.contains(&long.as_str()) || taken.contains(&long) {
            return command;
        }
        taken.push(long);
        command.arg(arg)
    };
    for role in &kind.roles {
        let name = vocabulary.role_name(role.role);
        let kinds: Vec<&str> = role.accepts.iter().map(EntityKind::as_str).collect();
        let help = format!("{}: {}", if role.required { "Required" } else { "Who or what" }, kinds.join(", "));
        command = put(command, many(name, "NAME", &help), &mut taken);
    }
    for figure in &kind.figures {
        command = put(command, one(&figure.name, "FIGURE", "How much, in the source's own words"), &mut taken);
    }
    for (name, help) in [
        ("from", "Whom it comes from: the source of this kind"),
        ("what", "What it is about: the object of this kind"),
        ("to", "Whom it goes to: the target of this kind"),
    ] {
        command = put(command, many(name, "NAME", help), &mut taken);
    }
    if !kind.figures.is_empty() {
        command = put(command, one("quantity", "FIGURE", "The first figure, in the source's own words"), &mut taken);
    }
    command = put(command, one("per", "year|month|total", "Over what a limit counts"), &mut taken);
    for relation in RelationKind::ALL {
        command = put(command, many(relation.field(), "ID", "A record that this one refers to so"), &mut taken);
    }
    command = put(command, many("role", "ROLE=NAME", "Any role by its name"), &mut taken);
    command = put(command, many("figure", "FIGURE=TEXT", "Any figure by its name"), &mut taken);
    claim(command.arg(one("id", "ID", "The id of the record; without it one is made of the names")))
}

/// Options of every fact: a role of such a name is given with `--role`.
const OURS: [&str; 24] = [
    "in", "by", "via", "stance", "made", "scope", "during", "outcome", "inferred", "note", "draft", "article", "quote",
    "new", "into", "id", "yes", "dry-run", "data", "drafts", "no-cache", "format", "out", "help",
];

/// What is said of a claim, and how it is written.
fn claim(command: Command) -> Command {
    let words = |all: Vec<&'static str>| clap::builder::PossibleValuesParser::new(all);
    let stances = Stance::ALL.iter().map(|it| it.as_str()).collect();
    let outcomes = Outcome::ALL.iter().map(|it| it.as_str()).collect();
    let path = || clap::value_parser!(PathBuf);
    let command = command
        .arg(one("in", "DOC", "The document that says so").required(false))
        .arg(one("by", "NAME", "Who says so; `unnamed:NAME` for somebody of a group"))
        .arg(many("via", "DOC", "A document that relayed it, origin first; may be repeated"))
        .arg(one("stance", "STANCE", "How they say it").value_parser(words(stances)))
        .arg(one("made", "DATE", "When they said it, if not with the document"))
        .arg(one("scope", "TEXT", "What the figures cover, if not what their neighbours cover"))
        .arg(one("during", "PERIOD", "When it happened, as precisely as the source says"))
        .arg(one("outcome", "OUTCOME", "What became of it").value_parser(words(outcomes)))
        .arg(many("inferred", "FIELD", "A field that is worked out, not said; may be repeated"))
        .arg(one("note", "TEXT", "A note to self, never exported"))
        .arg(one("draft", "", "Leave it out of answers for now").action(ArgAction::SetTrue).num_args(0))
        .arg(
            one("article", "FILE", "The document's text, in which the quoted passage is looked for")
                .value_parser(path())
                .requires("quote"),
        )
        .arg(
            one("quote", "TEXT", "The passage that says so; only its place, length and hash are written")
                .requires("article"),
        )
        .arg(many("new", "KIND:NAME", "Make an entity that is not there yet; may be repeated"))
        .arg(one("into", "FILE", "The file, instead of the one with the document's facts").value_parser(path()));
    with_all(command)
}

/// With the options of every command, which have words about themselves that are not about this one.
fn with_all(command: Command) -> Command {
    let about = command.get_about().cloned().unwrap_or_default();
    Global::augment_args(WriteArgs::augment_args(command)).about(about)
}

fn of_entity(command: Command, kind: Option<EntityKind>) -> Command {
    let path = || clap::value_parser!(PathBuf);
    let mut command = command.arg(Arg::new("name").value_name("NAME").required(true).help("Its name")).arg(one(
        "id",
        "ID",
        "Its id; without it one is made of the name",
    ));
    if kind.is_none() {
        let kinds = EntityKind::ALL.map(EntityKind::as_str);
        command = command.arg(one("kind", "KIND", "Its kind").required(true).value_parser(kinds));
    }
    command = command
        .arg(many("alias", "NAME", "Another name; may be repeated"))
        .arg(one("short", "NAME", "A shorter name, for tables and diagrams"))
        .arg(one("the", "", "Prose puts “the” before the name").action(ArgAction::SetTrue).num_args(0))
        .arg(one("note", "TEXT", "A note to self, never exported"))
        .arg(many("code", "SCHEME:CODE", "An identifier, as in `wikidata:Q159`; may be repeated"));
    let is = |it: &dyn Fn(EntityKind) -> bool| kind.is_none_or(it);
    if is(&|it| it.is_class()) {
        command = command.arg(one("plural", "NAME", "The name for more than one")).arg(one(
            "is_a",
            "NAME",
            "The class above it",
        ));
    }
    if is(&|it| it == EntityKind::Materiel) {
        command = command.arg(one("unit", "UNIT", "The unit of a figure that names none"));
    }
    if is(&|it| !it.is_class()) {
        command = command.arg(one("part_of", "NAME", "The whole that it belongs to"));
    }
    if is(&|it| matches!(it, EntityKind::Country | EntityKind::Place)) {
        command = command.arg(many("demonym", "NAME", "As in “North Korean”; may be repeated"));
    }
    if is(&|it| it == EntityKind::Document) {
        command = command
            .arg(one("title", "TEXT", "Its title"))
            .arg(one("publisher", "NAME", "Who published it"))
            .arg(one("date", "DATE", "When it was published"))
            .arg(one("address", "URL", "Where it is on the web"));
    }
    command =
        command.arg(one("into", "FILE", "The file, instead of the one with entities of the kind").value_parser(path()));
    with_all(command)
}
