//! `purvey merge`: decides that two entities are one, and takes a decision back.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Outcome;
use super::args::Global;
use super::data::{is_snapshot, sources};
use super::matching::entity;
use super::output::complain;
use super::write::Session;
use crate::diagnostic::Severity;
use crate::graph::{GraphView, KnowledgeGraph};
use crate::load::{
    EMPTY_DECISIONS, LoadOptions, Loaded, Sources, decided_pairs, decision_in_ron, holds_decisions, load, load_instead,
    texts_of, with_decision, without_decision,
};
use crate::model::{Decision, DecisionKind, EntityId, EntityIx, Period, printable};

/// Options of `merge`.
#[derive(Args, Debug)]
#[command(
    about = "Decide that two entities are one, or take a decision back",
    after_help = "The decision is a record in a file of the data, for git to keep; no other record is changed.\n\
                  Examples: purvey merge ivan-ivanov ivanov-ivan --reason \"same passport\" --by \"A. Name\"\n          \
                  purvey merge --undo ivan-ivanov ivanov-ivan"
)]
pub(crate) struct MergeArgs {
    /// An entity, by id or name; its id stays unless --keep says otherwise
    a: String,
    /// The other
    b: String,
    /// The one of the two whose id stays
    #[arg(long, value_name = "A", conflicts_with_all = ["not", "undecided", "undo"])]
    keep: Option<String>,
    /// Decide that they are not the same
    #[arg(long, conflicts_with_all = ["undecided", "undo"])]
    not: bool,
    /// Write down that it cannot be told
    #[arg(long, conflicts_with = "undo")]
    undecided: bool,
    /// Take back the decision about these two ids, whatever it is
    #[arg(long, conflicts_with_all = ["reason", "by", "made", "into"])]
    undo: bool,
    #[command(flatten)]
    details: Details,
}

/// What a decision says besides.
#[derive(Args, Debug)]
pub(crate) struct Details {
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// Who decides
    #[arg(long)]
    by: Option<String>,
    /// When: a day, month or year
    #[arg(long, value_name = "DATE")]
    made: Option<String>,
    /// The file that the decision goes into; by default the one with decisions, else decisions.ron
    #[arg(long = "in", value_name = "FILE", id = "into")]
    into: Option<PathBuf>,
}

impl Details {
    pub(crate) fn is_empty(&self) -> bool {
        self.reason.is_none() && self.by.is_none() && self.made.is_none() && self.into.is_none()
    }
}

/// A decision to write.
pub(crate) struct Decide<'a> {
    pub(crate) kind: DecisionKind,
    pub(crate) a: &'a str,
    pub(crate) b: &'a str,
    pub(crate) keep: Option<&'a str>,
    pub(crate) details: &'a Details,
}

/// Writes a decision, or takes one out.
pub(crate) fn run(args: &MergeArgs, global: &Global) -> Outcome {
    if args.undo {
        return done(undo(&args.a, &args.b, global));
    }
    let kind = match (args.not, args.undecided) {
        (true, _) => DecisionKind::NotSame,
        (_, true) => DecisionKind::Undecided,
        _ => DecisionKind::Same,
    };
    decide(&Decide { kind, a: &args.a, b: &args.b, keep: args.keep.as_deref(), details: &args.details }, global)
}

/// Writes a decision.
pub(crate) fn decide(wanted: &Decide<'_>, global: &Global) -> Outcome {
    done(decided(wanted, global))
}

fn done(result: Result<String, String>) -> Outcome {
    match result {
        Ok(text) => {
            let mut out = io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
            Outcome::Answered
        }
        Err(message) => {
            complain(&message);
            Outcome::Unusable
        }
    }
}

/// The folders and files whose records may be changed.
fn paths(global: &Global) -> Result<Vec<PathBuf>, String> {
    if global.format.is_some() || global.out.is_some() {
        return Err("a decision goes into a file of the data: --in FILE, neither --out nor --format".to_owned());
    }
    match sources(global) {
        Sources::BuiltIn | Sources::Texts(_) => {
            Err("the built-in example cannot be changed: name your data with --data".to_owned())
        }
        Sources::Paths(paths) => match paths.iter().find(|it| is_snapshot(it)) {
            Some(_) => {
                Err("a snapshot is not changed: decide in the folder it was built of, and build it again".to_owned())
            }
            None => Ok(paths),
        },
    }
}

fn decided(wanted: &Decide<'_>, global: &Global) -> Result<String, String> {
    let paths = paths(global)?;
    let options = LoadOptions { drafts: global.drafts };
    let details = wanted.details;
    if let Some(made) = &details.made {
        Period::parse(made).map_err(|error| format!("--made {}: {error}", printable(made)))?;
    }
    let loaded = load(&Sources::Paths(paths.clone()), options);
    let Some(dataset) = &loaded.dataset else {
        return Err(format!(
            "the data have errors, so nothing is decided: {}; run `purvey check`",
            first_error(&loaded)
        ));
    };
    let graph = KnowledgeGraph::new(dataset);
    let (a, b) = (entity(&graph, wanted.a)?, entity(&graph, wanted.b)?);
    let (one, other) = (graph.entity(a), graph.entity(b));
    if a == b {
        let what = if wanted.a == wanted.b { "are the same id" } else { "are one already" };
        return Err(format!("`{}` and `{}` {what}: nothing is decided", printable(wanted.a), printable(wanted.b)));
    }
    if let Some(before) = dataset.decisions.iter().find(|it| it.is_about(one.id, other.id)) {
        let take_back = format!("purvey merge --undo {} {}", one.id, other.id);
        let before = decision_in_ron(before);
        return Err(format!("it is decided already, {before}: take that back first with `{take_back}`"));
    }
    if wanted.kind == DecisionKind::Same && one.kind != other.kind {
        let (first, second) = (one.kind.as_str(), other.kind.as_str());
        return Err(format!(
            "`{}` is of the kind {first}, `{}` of the kind {second}: they cannot be one",
            one.id, other.id
        ));
    }
    let keep = match wanted.keep.map(|it| entity(&graph, it)).transpose()? {
        None => a,
        Some(keep) if keep == a || keep == b => keep,
        Some(keep) => {
            let keep = graph.entity(keep).id;
            return Err(format!("--keep names one of the two; `{keep}` is neither `{}` nor `{}`", one.id, other.id));
        }
    };
    let id = |it: EntityIx| EntityId::new(graph.entity(it).id).map_err(|error| error.to_string());
    let text = |it: &Option<String>| it.as_deref().map(Into::into);
    let decision = Decision {
        kind: wanted.kind,
        a: id(a)?,
        b: id(b)?,
        keep: id(keep)?,
        reason: text(&details.reason),
        by: text(&details.by),
        made: text(&details.made),
    };
    let record = decision_in_ron(&decision);
    let (file, old) = file_for(&paths, details.into.as_deref())?;
    let Some(new) = with_decision(old.as_deref().unwrap_or(EMPTY_DECISIONS), &record) else {
        let file = file.display();
        return Err(format!(
            "{file} has no list `decisions`: write `decisions: [],` into it, or name another file with --in"
        ));
    };
    let then = load_instead(&paths, options, &file, &new);
    if then.dataset.is_none() {
        return Err(format!("that cannot be decided, and nothing was written: {}", first_error(&then)));
    }
    write(&paths, &file, Some(&new))?;
    let mut told = format!("{}: {record}\n", file.display());
    for (asked, found) in [(wanted.a, one.id), (wanted.b, other.id)] {
        if dataset.merged.iter().any(|it| it.id.as_str() == asked) {
            told.push_str(&format!("`{asked}` is one with `{found}`, so the decision names that one\n"));
        }
    }
    if wanted.kind == DecisionKind::Same {
        let gone = if keep == a { b } else { a };
        let (stays, goes) = (graph.entity(keep), graph.entity(gone));
        let count = graph.facts_of(gone.into()).len();
        let facts = if count == 1 { "1 fact".to_owned() } else { format!("{count} facts") };
        told.push_str(&format!(
            "{} (`{}`) now stands for {} (`{}`), with its names and {facts}; take it back with `purvey merge --undo {} {}`\n",
            stays.name, stays.id, goes.name, goes.id, one.id, other.id
        ));
        let warned = |it: &&crate::diagnostic::Diagnostic| !loaded.findings.iter().any(|old| old.message == it.message);
        for finding in then.findings.iter().filter(warned) {
            told.push_str(&format!(
                "{} [{}]: {}\n",
                finding.code.severity().as_str(),
                finding.code.as_str(),
                finding.message
            ));
        }
    }
    Ok(told)
}

/// The file that a decision goes into, with its text if it is there.
fn file_for(paths: &[PathBuf], wanted: Option<&Path>) -> Result<(PathBuf, Option<String>), String> {
    let texts = texts_of(paths);
    if let Some(wanted) = wanted {
        let same =
            |it: &Path| it.canonicalize().ok().is_some_and(|it| wanted.canonicalize().is_ok_and(|wanted| it == wanted));
        if let Some((path, text)) = texts.into_iter().find(|(it, _)| same(it)) {
            return Ok((path, Some(text)));
        }
        let folder = wanted.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
        let read = paths.iter().filter_map(|it| it.canonicalize().ok()).any(|it| it.is_dir() && folder.starts_with(it));
        let named = wanted.extension().is_some_and(|it| it == "ron");
        return match !wanted.exists() && read && named {
            true => Ok((wanted.to_owned(), None)),
            false => Err(format!("{} is no file of the data: name a `.ron` file in their folder", wanted.display())),
        };
    }
    if let Some((path, text)) = texts.iter().find(|(_, text)| holds_decisions(text)) {
        return Ok((path.clone(), Some(text.clone())));
    }
    let Some(folder) = paths.iter().find(|it| it.is_dir()) else {
        return Err(
            "no file has a list `decisions`: write `decisions: [],` into one, or name a folder with --data".to_owned()
        );
    };
    let path = folder.join("decisions.ron");
    Ok((path.clone(), texts.into_iter().find(|(it, _)| *it == path).map(|(_, text)| text)))
}

/// Gives a file another text, or takes it away, under the lock of its folder.
fn write(paths: &[PathBuf], file: &Path, text: Option<&str>) -> Result<(), String> {
    let session = Session::of(super::write::read_folder(paths)?, paths.to_vec());
    let mut folder = session.folder.clone();
    match text {
        Some(text) => folder.set(file, text.trim_start_matches('\u{feff}').to_owned()),
        None => folder.remove(file),
    }
    session.write(&folder, &folder.changes())
}

fn undo(a: &str, b: &str, global: &Global) -> Result<String, String> {
    let paths = paths(global)?;
    let texts = texts_of(&paths);
    for (file, text) in &texts {
        let Some(new) = without_decision(text, a, b) else { continue };
        // A file that `merge` made goes with its last decision.
        if new == EMPTY_DECISIONS {
            write(&paths, file, None)?;
            return Ok(format!("{}: taken away with its last decision, about `{a}` and `{b}`\n", file.display()));
        }
        write(&paths, file, Some(&new))?;
        return Ok(format!("{}: the decision about `{a}` and `{b}` is taken back\n", file.display()));
    }
    let all = texts.iter().flat_map(|(_, text)| decided_pairs(text));
    let near: Vec<String> = all
        .filter(|pair| pair.iter().any(|it| it == a || it == b))
        .map(|[one, other]| format!("`{one}` and `{other}`"))
        .collect();
    let help = match near.is_empty() {
        true => "give the ids as the decision has them".to_owned(),
        false => format!("there is one about {}", near.join(", about ")),
    };
    Err(format!("there is no decision about `{}` and `{}`: {help}", printable(a), printable(b)))
}

fn first_error(loaded: &Loaded) -> String {
    let error = loaded.findings.iter().find(|it| it.code.severity() == Severity::Error);
    error.map_or(String::new(), |it| {
        let help = it.help.as_ref().map_or(String::new(), |it| format!(" ({it})"));
        format!("[{}] {}{help}", it.code.as_str(), it.message)
    })
}
