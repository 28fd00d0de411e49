//! `purvey match`: pairs of entities that may be one.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::Outcome;
use super::args::{Format, Global};
use super::data::{Data, Graph};
use super::merge::{Decide, Details, decide};
use super::output::{complain, write_file};
use crate::exchange::{write_matches_json, write_same_facts_json};
use crate::graph::{GraphView, NameMatch};
use crate::load::decision_in_ron;
use crate::model::{Decision, DecisionKind, EntityId, EntityIx, EntityKind, printable};
use crate::query::{MatchLevel, MatchOptions, MatchPair, Matches, Ref, SameFacts, matches, same_facts};

/// Options of `match`.
#[derive(Args, Debug)]
#[command(
    about = "Propose entities that may be the same, each with what speaks for it",
    after_help = "Nothing is merged: `purvey merge A B` decides that two are one, `--not A B` that they are two.\n\
                  Examples: purvey match --level likely\n          \
                  purvey match --out decisions.ron\n          \
                  purvey match --not ivan-ivanov ivan-ivanov-2 --reason \"born 20 years apart\""
)]
pub(crate) struct MatchArgs {
    /// Only pairs of this entity
    name: Option<String>,
    /// The least level
    #[arg(long, value_enum, default_value_t = Level::Possible)]
    level: Level,
    /// Only entities of this kind
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<EntityKind>,
    /// Also pairs that are left undecided
    #[arg(long)]
    all: bool,
    /// Facts that may be one instead: of one kind, with the same ends, at the same time
    #[arg(long, conflicts_with_all = ["name", "kind", "all", "not", "undecided"])]
    facts: bool,
    /// Decide that two entities are not the same
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["name", "kind", "all", "undecided"])]
    not: Vec<String>,
    /// Write down that it cannot be told
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with_all = ["name", "kind", "all"])]
    undecided: Vec<String>,
    #[command(flatten)]
    details: Details,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    /// They share an identifier, and nothing speaks against it
    Sure,
    /// They share a name and more
    Likely,
    /// Their names are alike
    Possible,
}

fn kind(word: &str) -> Result<EntityKind, String> {
    EntityKind::from_word(word).ok_or_else(|| {
        let kinds: Vec<&str> = EntityKind::ALL.iter().map(|it| it.as_str()).collect();
        format!("one of {}", kinds.join(", "))
    })
}

/// Proposes pairs, or writes a decision that two are not one.
pub(crate) fn run(args: &MatchArgs, global: &Global) -> Outcome {
    for (pair, kind) in [(&args.not, DecisionKind::NotSame), (&args.undecided, DecisionKind::Undecided)] {
        if let [a, b] = pair.as_slice() {
            return decide(&Decide { kind, a, b, keep: None, details: &args.details }, global);
        }
    }
    if !args.details.is_empty() {
        complain("--reason, --by, --made and --in go with --not and --undecided");
        return Outcome::Unusable;
    }
    let format = global.format_or(Format::Table);
    let Some(format) = format.filter(|it| matches!(it, Format::Table | Format::Json | Format::Ron)) else {
        complain("`match` writes a table (txt), json, or decisions to go through (ron)");
        return Outcome::Unusable;
    };
    let Some(data) = Data::load(global) else { return Outcome::Unusable };
    let found = match &data.graph {
        Graph::Read(graph) => find(graph.as_ref(), args),
        Graph::Mapped(graph) => find(graph.as_ref(), args),
    };
    let found = match found {
        Ok(found) => found,
        Err(message) => {
            complain(&message);
            return Outcome::Nothing;
        }
    };
    if data.is_damaged() {
        complain("the snapshot is damaged: `purvey verify` tells where; build it again");
        return Outcome::Unusable;
    }
    let mut bytes = Vec::new();
    let written = match (&found, format) {
        (Found::Pairs(found), Format::Json) => write_matches_json(found, &mut bytes),
        (Found::Facts(found), Format::Json) => write_same_facts_json(found, &mut bytes),
        (Found::Pairs(found), Format::Ron) => write_ron(found, &mut bytes),
        (Found::Facts(_), Format::Ron) => {
            complain("facts are never merged, so there are no decisions about them: leave out --format ron");
            return Outcome::Unusable;
        }
        (Found::Pairs(found), _) => write_pairs(found, &mut bytes),
        (Found::Facts(found), _) => write_facts(found, &mut bytes),
    };
    let written = written.and_then(|()| match &global.out {
        Some(path) => write_file(path, |out| out.write_all(&bytes)),
        None => io::stdout().write_all(&bytes).and_then(|()| io::stdout().flush()),
    });
    let nothing = match &found {
        Found::Pairs(found) => found.pairs.is_empty(),
        Found::Facts(found) => found.is_empty(),
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&error.to_string());
            Outcome::Unusable
        }
        _ if nothing => Outcome::Nothing,
        _ => Outcome::Answered,
    }
}

enum Found {
    Pairs(Matches),
    Facts(Vec<SameFacts>),
}

fn find<G: GraphView>(graph: &G, args: &MatchArgs) -> Result<Found, String> {
    if args.facts {
        return Ok(Found::Facts(same_facts(graph)));
    }
    let level = match args.level {
        Level::Sure => MatchLevel::Sure,
        Level::Likely => MatchLevel::Likely,
        Level::Possible => MatchLevel::Possible,
    };
    let about = args.name.as_deref().map(|it| entity(graph, it)).transpose()?;
    Ok(Found::Pairs(matches(graph, &MatchOptions { level, kind: args.kind, about, undecided: args.all })))
}

/// The entity of an id or a name; several of one name are told, never chosen from.
pub(super) fn entity<G: GraphView>(graph: &G, name: &str) -> Result<EntityIx, String> {
    if let Some(found) = graph.entity_by_id(name) {
        return Ok(found);
    }
    let id = |it: &u32| format!("`{}`", graph.entity(EntityIx(*it)).id);
    match graph.name_index().lookup(name, |_| true) {
        NameMatch::One { node, .. } => Ok(EntityIx(node)),
        NameMatch::Many { nodes, .. } => {
            let ids: Vec<String> = nodes.iter().map(id).collect();
            Err(format!("“{}” may be {}: give the id", printable(name), ids.join(" or ")))
        }
        NameMatch::None { near } => {
            let near: Vec<String> = near.iter().map(id).collect();
            let help = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
            Err(format!("nothing is called “{}”{help}", printable(name)))
        }
    }
}

fn id(it: &Ref) -> &str {
    it.id.as_deref().unwrap_or_default()
}

fn write_pairs(found: &Matches, out: &mut dyn Write) -> io::Result<()> {
    for pair in &found.pairs {
        let decided = pair.decided.map_or(String::new(), |it| format!(", {}", it.as_word()));
        let kind = pair.a.kind.map_or("", |it| it.as_str());
        writeln!(out, "{} ({} points, {kind}{decided})", pair.level.as_str(), pair.score)?;
        for it in [&pair.a, &pair.b] {
            writeln!(out, "  {} ({})", printable(&it.name), id(it))?;
        }
        for reason in &pair.reasons {
            writeln!(out, "  {:>+5}  {}", reason.points, printable(&reason.text))?;
        }
        writeln!(out, "  purvey merge {} {}\n", id(&pair.a), id(&pair.b))?;
    }
    let count = |level| found.pairs.iter().filter(|it| it.level == level).count();
    let [sure, likely, possible] = MatchLevel::ALL.map(count);
    writeln!(
        out,
        "{sure} sure, {likely} likely, {possible} possible, of {} pairs compared among {} entities",
        found.compared, found.entities
    )?;
    if found.decided > 0 {
        writeln!(out, "{} left out: decided before", found.decided)?;
    }
    if found.crowded > 0 {
        writeln!(
            out,
            "{} names or identifiers are those of more than 100 entities, which were compared only where more agrees",
            found.crowded
        )?;
    }
    Ok(())
}

/// A file of decisions, all undecided, to go through by hand.
fn write_ron(found: &Matches, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "// Proposals: make `Same` (with `keep`) or `NotSame` of what you can tell; the rest stays undecided."
    )?;
    writeln!(out, "(\n    decisions: [")?;
    for pair in &found.pairs {
        let MatchPair { a, b, level, score, reasons, .. } = pair;
        let said: Vec<String> = reasons.iter().map(|it| format!("{} ({:+})", printable(&it.text), it.points)).collect();
        if let (Ok(a), Ok(b)) = (EntityId::new(id(a)), EntityId::new(id(b))) {
            let reason = Some(format!("{}, {score}: {}", level.as_str(), said.join("; ")).into());
            let kind = DecisionKind::Undecided;
            let decision = Decision { kind, keep: a.clone(), a, b, reason, by: None, made: None };
            writeln!(out, "        {},", decision_in_ron(&decision))?;
        }
    }
    writeln!(out, "    ],\n)")
}

fn write_facts(found: &[SameFacts], out: &mut dyn Write) -> io::Result<()> {
    for it in found {
        let [from, what, to] = it.ends.each_ref().map(|it| it.as_ref().map_or("–", |it| it.name.as_str()));
        let period = it.period.as_deref().unwrap_or("no period");
        writeln!(out, "{} {} → {} → {} ({period})", it.kind, printable(from), printable(what), printable(to))?;
        writeln!(out, "  {}", it.facts.join(", "))?;
    }
    let groups = if found.len() == 1 { "1 group" } else { &format!("{} groups", found.len()) };
    writeln!(out, "{groups} of facts that may be one; `same_as` or `part_of` in one of the records tells")
}
