//! The one parser from words to a [`Question`], for commands, for `draw`, and for what `ask` reads.

use clap::builder::{PossibleValuesParser, RangedU64ValueParser};
use clap::{Args, Subcommand};
use clap_complete::engine::ArgValueCompleter;

use super::complete;

use crate::graph::GraphView;
use crate::model::{Outcome, Period};
use crate::query::{
    Answer, AnswerFinding, AskOptions, Centrality, PathQuestion, Question, Reading, Sort, Top, TopOf, TotalBy, Who,
    quoted, read_question,
};

/// A question, as commands.
#[derive(Debug, Subcommand)]
pub(crate) enum QuestionCommand {
    /// Who supplied what to whom
    #[command(after_help = "Example: purvey who --from \"North Korea\" --to Russia --during 2024")]
    Who(Box<WhoArgs>),
    /// How one is connected to another: chains of facts, shortest first
    #[command(after_help = "Example: purvey path \"North Korea\" Kyiv --same-item")]
    Path(Box<PathArgs>),
    /// Show an entity with all that it takes part in, a fact with all its claims, or a document with all that it carries
    #[command(after_help = "Example: purvey show MSMT")]
    Show {
        /// A name or an id
        #[arg(required = true, value_name = "NAME", add = ArgValueCompleter::new(complete::anything))]
        name: Vec<String>,
    },
    /// Find names that contain a text
    Find {
        /// The text
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// List all entities or facts of a kind; also `entities`, `facts`, `kinds`, `units`
    List {
        /// The kind
        kind: String,
    },
    /// Where claims contradict each other: denials, figures that cannot both hold or lie far apart, different scopes
    #[command(after_help = "Example: purvey disputes")]
    Disputes {
        /// Only facts in which it takes part
        name: Option<String>,
    },
    /// What was given in return for what, both ways, as the sources say it
    #[command(after_help = "Example: purvey returns \"North Korea\" Russia")]
    Returns {
        /// One, or two between whom
        #[arg(value_name = "NAME", num_args = 0..=2)]
        names: Vec<String>,
    },
    /// Hold caps and bans against the transfers that they cover, and list what sources call violations
    #[command(after_help = "Example: purvey measures\n         purvey measures \"refined petroleum\"")]
    Measures {
        /// Only those that concern it: a measure, an instrument, an item, who imposed it or whom it constrains
        name: Option<String>,
    },
    /// What each document carries, relays and alone supports
    #[command(after_help = "Example: purvey sources\n         purvey sources --format bib")]
    Sources {
        /// Only that document, or those of that publisher
        name: Option<String>,
    },
    /// Rank who supplied, what was supplied, who received, pairs of them, or who is central
    #[command(
        after_help = "Example: purvey top from --to Russia\n         purvey top pairs --during 2024 --by quantity\n         \
                            purvey top central --measure betweenness"
    )]
    Top(Box<TopArgs>),
    /// Count what the data hold
    Stats,
    /// Ask in plain English; without a question, at a prompt
    #[command(after_help = "Example: purvey ask \"what did North Korea supply to Russia in 2024?\"")]
    Ask {
        /// The question
        #[arg(value_name = "QUESTION")]
        text: Vec<String>,
        /// The day from which “yesterday” and “last year” are reckoned
        #[arg(long, value_name = "DATE", value_parser = parse_period)]
        today: Option<Period>,
    },
}

/// Options of `who`. Options that may be repeated mean any of their values.
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("adds_up").args(["total", "total_of"]).multiple(true))]
pub(crate) struct WhoArgs {
    /// Who supplied it; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    from: Vec<String>,
    /// What was supplied, with everything below it; may be repeated
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::items))]
    what: Vec<String>,
    /// Who received it; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    to: Vec<String>,
    /// Not supplied by them; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    not_from: Vec<String>,
    /// Not that item, nor anything below it; may be repeated
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::items))]
    not_what: Vec<String>,
    /// Not received by them; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    not_to: Vec<String>,
    /// Facts of any kind in which it takes part, in whatever role; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::anything))]
    about: Vec<String>,
    /// Whose people or things: those of a country; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    of: Vec<String>,
    /// Who or what fills a role of the fact: carrier="Russian-flagged cargo vessels"; may be repeated
    #[arg(long, value_name = "ROLE=NAME", value_parser = parse_role)]
    role: Vec<(String, String)>,
    /// When: 2024, 2024-03/2024-10, "March to October 2024", "since 2022"
    #[arg(long, value_name = "PERIOD", value_parser = parse_period)]
    during: Option<Period>,
    /// Only facts that certainly fall into it
    #[arg(long, requires = "during")]
    certainly: bool,
    /// Of what lasts, as a sanction or an office, only what began in it
    #[arg(long, requires = "during")]
    began: bool,
    /// The kind of fact (`purvey list kinds`) or `any`; without it, every flow; may be repeated
    #[arg(long, value_name = "KIND", add = ArgValueCompleter::new(complete::kinds))]
    kind: Vec<String>,
    /// What became of it; may be repeated
    #[arg(long, value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::as_str)))]
    outcome: Vec<String>,
    /// Count parts of a country or organisation as it
    #[arg(long)]
    include_parts: bool,
    /// At most so many facts
    #[arg(long, value_name = "N", value_parser = at_least_one())]
    limit: Option<usize>,
    /// The order
    #[arg(long, default_value = "time", value_parser = PossibleValuesParser::new(Sort::ALL.map(Sort::as_str)))]
    sort: String,
    /// Add up what is found, as intervals
    #[arg(long)]
    total: bool,
    /// Add up only the figure of this name: wounded
    #[arg(long, value_name = "FIGURE")]
    total_of: Option<String>,
    /// Only sums in this unit
    #[arg(long, value_name = "UNIT", requires = "adds_up")]
    unit: Option<String>,
    /// Say whether it is so, and by the word of whom
    #[arg(long)]
    whether: bool,
    /// One sum for each
    #[arg(long, requires = "adds_up", value_parser = PossibleValuesParser::new(TotalBy::ALL.map(TotalBy::as_str)))]
    by: Option<String>,
}

/// Options of `path`.
#[derive(Args, Debug)]
pub(crate) struct PathArgs {
    /// Where it begins
    #[arg(add = ArgValueCompleter::new(complete::entities))]
    from: String,
    /// Where it ends
    #[arg(add = ArgValueCompleter::new(complete::entities))]
    to: String,
    /// Walk only facts about this item or anything below it; may be repeated
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::items))]
    what: Vec<String>,
    /// All paths, not only a shortest one
    #[arg(long)]
    all: bool,
    /// Only chains in the order of time, and whether each is certain or possible
    #[arg(long)]
    in_time: bool,
    /// The longest path, in steps
    #[arg(long, value_name = "N", default_value_t = PathQuestion::MAX_HOPS, value_parser = at_least_one())]
    max_hops: usize,
    /// Walk only facts that may fall into this period
    #[arg(long, value_name = "PERIOD", value_parser = parse_period)]
    during: Option<Period>,
    /// Walk only facts that certainly fall into it
    #[arg(long, requires = "during")]
    certainly: bool,
    /// Walk only facts of this kind; may be repeated
    #[arg(long, value_name = "KIND", add = ArgValueCompleter::new(complete::kinds))]
    kind: Vec<String>,
    /// Walk facts against their direction too
    #[arg(long)]
    any_direction: bool,
    /// The same item at each step
    #[arg(long)]
    same_item: bool,
    /// Do not pass this entity; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    avoid: Vec<String>,
    /// Do not pass anybody with more than so many facts to and from others
    #[arg(long, value_name = "N")]
    max_degree: Option<usize>,
    /// An end may be a part of the country or organisation named
    #[arg(long)]
    include_parts: bool,
    /// At most so many paths
    #[arg(long, value_name = "N", default_value_t = PathQuestion::LIMIT, value_parser = at_least_one())]
    limit: usize,
    /// Only how many chains of up to three steps there are, one fact a step
    #[arg(long, requires = "in_time", conflicts_with = "all")]
    count: bool,
}

/// Options of `top`.
#[derive(Args, Debug)]
pub(crate) struct TopArgs {
    /// What is ranked
    #[arg(value_name = "WHAT", value_parser = PossibleValuesParser::new(TopOf::ALL.map(TopOf::as_str)))]
    of: String,
    /// Only what they supplied; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    from: Vec<String>,
    /// Only this item, with everything below it; may be repeated
    #[arg(long, value_name = "ITEM", add = ArgValueCompleter::new(complete::items))]
    what: Vec<String>,
    /// Only what they received; may be repeated
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::entities))]
    to: Vec<String>,
    /// When: 2024, 2024-03/2024-10, "since 2022"
    #[arg(long, value_name = "PERIOD", value_parser = parse_period)]
    during: Option<Period>,
    /// Only facts that certainly fall into it
    #[arg(long, requires = "during")]
    certainly: bool,
    /// The kind of fact (`purvey list kinds`) or `any`; may be repeated
    #[arg(long, value_name = "KIND", add = ArgValueCompleter::new(complete::kinds))]
    kind: Vec<String>,
    /// By number of facts, or by the least sum of their figures
    #[arg(long, default_value = "facts", value_parser = PossibleValuesParser::new(["facts", "quantity"]))]
    by: String,
    /// By quantity: only sums in this unit
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,
    /// Of `central`: what makes central
    #[arg(long, default_value = "degree", value_parser = PossibleValuesParser::new(Centrality::ALL.map(Centrality::as_str)))]
    measure: String,
    /// Of `central`: facts connect both ways
    #[arg(long)]
    any_direction: bool,
    /// At most so many places
    #[arg(long, value_name = "N", default_value_t = Top::LIMIT, value_parser = at_least_one())]
    limit: usize,
}

fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

fn parse_period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|error| error.to_string())
}

/// `carrier=NAME`.
fn parse_role(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((role, name)) if !role.trim().is_empty() && !name.trim().is_empty() => {
            Ok((role.trim().to_owned(), name.trim().to_owned()))
        }
        _ => Err("write ROLE=NAME, for instance carrier=\"cargo vessels\"".to_owned()),
    }
}

/// A question with the reading of it, if it was asked in plain English.
pub(crate) struct Asked {
    pub(crate) question: Question,
    pub(crate) reading: Option<Reading>,
}

/// The question that a command asks.
///
/// # Errors
///
/// The answer that says what was not understood.
pub(crate) fn read(command: &QuestionCommand, graph: &impl GraphView) -> Result<Asked, Box<Answer>> {
    let QuestionCommand::Ask { text, today } = command else {
        return Ok(Asked { question: plain(command), reading: None });
    };
    let text = text.join(" ");
    let options = AskOptions { today: today.as_ref().and_then(Period::latest) };
    match read_question(graph, &text, options) {
        Ok(reading) => Ok(Asked { question: reading.question.clone(), reading: Some(reading) }),
        Err(error) => {
            let examples: Vec<String> = error.examples.iter().take(2).map(|it| format!("“{it}”")).collect();
            let examples = format!("ask for instance {}", examples.join(", or "));
            let help = error.help.clone().map_or_else(|| examples.clone(), |it| format!("{it}; {examples}"));
            let finding = AnswerFinding { code: "not-understood", message: error.to_string(), help: Some(help) };
            Err(Box::new(Answer::refused(format!("ask {}", quoted(&text)), finding)))
        }
    }
}

/// The question of a command other than `ask`; an `ask` within an `ask` is text to look for.
pub(crate) fn plain(command: &QuestionCommand) -> Question {
    match command {
        QuestionCommand::Who(who) => Question::Who(Who {
            from: who.from.clone(),
            what: who.what.clone(),
            to: who.to.clone(),
            not_from: who.not_from.clone(),
            not_what: who.not_what.clone(),
            not_to: who.not_to.clone(),
            about: who.about.clone(),
            of: who.of.clone(),
            roles: who.role.clone(),
            during: who.during,
            certainly: who.certainly,
            began: who.began,
            kinds: who.kind.clone(),
            outcomes: who.outcome.iter().filter_map(|it| Outcome::from_word(it)).collect(),
            include_parts: who.include_parts,
            limit: who.limit,
            sort: Sort::ALL.into_iter().find(|it| it.as_str() == who.sort).unwrap_or_default(),
            total_of: who.total_of.clone(),
            unit: who.unit.clone(),
            whether: who.whether,
            total: (who.total || who.total_of.is_some()).then(|| {
                let by = TotalBy::ALL.into_iter().find(|it| who.by.as_deref() == Some(it.as_str()));
                by.unwrap_or_default()
            }),
        }),
        QuestionCommand::Path(path) => Question::Path(PathQuestion {
            from: path.from.clone(),
            to: path.to.clone(),
            what: path.what.clone(),
            all: path.all,
            in_time: path.in_time,
            max_hops: path.max_hops,
            during: path.during,
            certainly: path.certainly,
            kinds: path.kind.clone(),
            any_direction: path.any_direction,
            same_item: path.same_item,
            avoid: path.avoid.clone(),
            max_degree: path.max_degree,
            include_parts: path.include_parts,
            limit: path.limit,
            count: path.count,
        }),
        QuestionCommand::Show { name } => Question::Show { name: name.join(" ") },
        QuestionCommand::Find { text } | QuestionCommand::Ask { text, .. } => Question::Find { text: text.join(" ") },
        QuestionCommand::List { kind } => Question::List { what: kind.clone() },
        QuestionCommand::Disputes { name } => Question::Disputes { name: name.clone() },
        QuestionCommand::Returns { names } => Question::Returns { names: names.clone() },
        QuestionCommand::Measures { name } => Question::Measures { name: name.clone() },
        QuestionCommand::Sources { name } => Question::Sources { name: name.clone() },
        QuestionCommand::Stats => Question::Stats,
        QuestionCommand::Top(top) => Question::Top(Top {
            of: TopOf::ALL.into_iter().find(|it| it.as_str() == top.of).unwrap_or_default(),
            from: top.from.clone(),
            what: top.what.clone(),
            to: top.to.clone(),
            during: top.during,
            certainly: top.certainly,
            kinds: top.kind.clone(),
            by_quantity: top.by == "quantity" || top.unit.is_some(),
            unit: top.unit.clone(),
            measure: Centrality::ALL.into_iter().find(|it| it.as_str() == top.measure).unwrap_or_default(),
            any_direction: top.any_direction,
            limit: top.limit,
        }),
    }
}
