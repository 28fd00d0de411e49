//! What somebody asks, in names as typed.

use std::fmt;

use super::central::Centrality;
use crate::model::{Outcome, Period};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Who supplied what to whom.
    Who(Who),
    /// How one is connected to another.
    Path(PathQuestion),
    /// An entity, a fact or a document with all that belongs to it.
    Show {
        /// A name or an id.
        name: String,
    },
    /// Names that contain a text.
    Find {
        /// The text.
        text: String,
    },
    /// All entities of a kind, all kinds, all facts.
    List {
        /// A kind of entity or fact, `kinds`, `facts`, `units`.
        what: String,
    },
    /// What an answer stands on.
    Support(Box<Question>),
    /// Where claims contradict each other.
    Disputes {
        /// Only of facts in which that entity takes part.
        name: Option<String>,
    },
    /// What was given in return for what.
    Returns {
        /// Between the first two; of one, with everybody; none: all.
        names: Vec<String>,
    },
    /// Caps and bans against the transfers that they cover, and what sources call violations.
    Measures {
        /// Only those that concern it: a measure, an instrument, an item, who imposed it or whom it constrains.
        name: Option<String>,
    },
    /// What each document carries, relays and alone supports.
    Sources {
        /// Only that document, or those of that publisher.
        name: Option<String>,
    },
    /// What the graph holds, in numbers.
    Stats,
    /// Who or what has most.
    Top(Top),
    /// The facts of another question in the order of their time.
    Timeline(Box<Question>),
}

/// The order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// By time: earliest possible day, latest possible day, then from, what, to, id.
    #[default]
    Time,
    /// By source, then by time.
    From,
    /// By object, then by time.
    What,
    /// By target, then by time.
    To,
    /// By kind, then by time.
    Kind,
    /// By id.
    Id,
}

impl Sort {
    /// All, in their order.
    pub const ALL: [Sort; 6] = [Sort::Time, Sort::From, Sort::What, Sort::To, Sort::Kind, Sort::Id];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Time => "time",
            Sort::From => "from",
            Sort::What => "what",
            Sort::To => "to",
            Sort::Kind => "kind",
            Sort::Id => "id",
        }
    }
}

/// Who supplied what to whom: facts by their ends, item, time and kind. Several names in one field mean any of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Who {
    /// Sources.
    pub from: Vec<String>,
    /// Items, each with everything below it.
    pub what: Vec<String>,
    /// Targets.
    pub to: Vec<String>,
    /// Sources that are left out.
    pub not_from: Vec<String>,
    /// Items that are left out, each with everything below it.
    pub not_what: Vec<String>,
    /// Targets that are left out.
    pub not_to: Vec<String>,
    /// Who or what takes part, in any role; then facts of every kind are meant, unless kinds are given.
    pub about: Vec<String>,
    /// Whose people: populations of them; where nobody says whose people or things they are, what comes from them.
    pub of: Vec<String>,
    /// Who or what fills a role, by the name of the role: `("carrier", "Russian-flagged cargo vessels")`. Of several for
    /// one role any may fill it; different roles must all be filled so.
    pub roles: Vec<(String, String)>,
    /// When: facts that certainly or possibly fall into it.
    pub during: Option<Period>,
    /// Only facts that certainly fall into it.
    pub certainly: bool,
    /// Of states only those that began in it.
    pub began: bool,
    /// Kinds of fact; none: every kind that is a flow; [`ANY_KIND`]: every kind.
    pub kinds: Vec<String>,
    /// Outcomes; none: all.
    pub outcomes: Vec<Outcome>,
    /// Count parts of a country or organisation as it.
    pub include_parts: bool,
    /// At most so many rows.
    pub limit: Option<usize>,
    /// The order of rows.
    pub sort: Sort,
    /// Add up what is found.
    pub total: Option<TotalBy>,
    /// Add up only the figure of that name: `wounded`.
    pub total_of: Option<String>,
    /// Show only sums in that unit, or in one that it converts into.
    pub unit: Option<String>,
    /// Say whether it is so, by the word of whom.
    pub whether: bool,
}

/// Every kind of fact, in place of a kind.
pub const ANY_KIND: &str = "any";

/// What the facts of one sum have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TotalBy {
    /// Only the unit.
    #[default]
    Unit,
    /// The source.
    From,
    /// The object.
    What,
    /// The target.
    To,
    /// The calendar year.
    Year,
    /// The kind.
    Kind,
}

impl TotalBy {
    /// Those that can be asked for by a word, in their order.
    pub const ALL: [TotalBy; 5] = [TotalBy::From, TotalBy::What, TotalBy::To, TotalBy::Year, TotalBy::Kind];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            TotalBy::Unit => "unit",
            TotalBy::From => "from",
            TotalBy::What => "what",
            TotalBy::To => "to",
            TotalBy::Year => "year",
            TotalBy::Kind => "kind",
        }
    }
}

/// How one is connected to another.
#[derive(Clone, Debug, PartialEq)]
pub struct PathQuestion {
    /// Where the path begins.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// Items, each with everything below it: only facts about one of them are walked.
    pub what: Vec<String>,
    /// All paths, not only a shortest one.
    pub all: bool,
    /// Only chains that are possible in the order of time.
    pub in_time: bool,
    /// Longest path in steps.
    pub max_hops: usize,
    /// When: facts that cannot fall into it are not walked.
    pub during: Option<Period>,
    /// Walk only facts that certainly fall into it.
    pub certainly: bool,
    /// Kinds of fact to walk; none: every kind that can be walked.
    pub kinds: Vec<String>,
    /// Walk facts against their direction too.
    pub any_direction: bool,
    /// The same item at each step.
    pub same_item: bool,
    /// Entities that the path must not pass.
    pub avoid: Vec<String>,
    /// Nobody that has more facts with others than that is passed.
    pub max_degree: Option<usize>,
    /// An end may be a part of what is named.
    pub include_parts: bool,
    /// At most so many paths.
    pub limit: usize,
    /// Only how many chains in the order of time there are.
    pub count: bool,
}

impl PathQuestion {
    /// Longest path if none is given.
    pub const MAX_HOPS: usize = 6;
    /// Number of paths if none is given.
    pub const LIMIT: usize = 100;

    /// A shortest path from one to another.
    pub fn new(from: &str, to: &str) -> Self {
        PathQuestion {
            from: from.to_owned(),
            to: to.to_owned(),
            what: Vec::new(),
            all: false,
            in_time: false,
            max_hops: Self::MAX_HOPS,
            during: None,
            certainly: false,
            kinds: Vec::new(),
            any_direction: false,
            same_item: false,
            avoid: Vec::new(),
            max_degree: None,
            include_parts: false,
            limit: Self::LIMIT,
            count: false,
        }
    }
}

/// What a ranking is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TopOf {
    /// Sources.
    #[default]
    From,
    /// Objects.
    What,
    /// Targets.
    To,
    /// Sources with targets.
    Pairs,
    /// Entities, by how central they are.
    Central,
}

impl TopOf {
    /// All, in their order.
    pub const ALL: [TopOf; 5] = [TopOf::From, TopOf::What, TopOf::To, TopOf::Pairs, TopOf::Central];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            TopOf::From => "from",
            TopOf::What => "what",
            TopOf::To => "to",
            TopOf::Pairs => "pairs",
            TopOf::Central => "central",
        }
    }
}

/// Who or what has most of the facts that fit and happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    /// What is ranked.
    pub of: TopOf,
    /// Only these sources.
    pub from: Vec<String>,
    /// Only these items, each with everything below it.
    pub what: Vec<String>,
    /// Only these targets.
    pub to: Vec<String>,
    /// When: facts that certainly or possibly fall into it.
    pub during: Option<Period>,
    /// Only facts that certainly fall into it.
    pub certainly: bool,
    /// Kinds of fact; none: every kind that is a flow, and for [`TopOf::Central`] every kind that `path` walks.
    pub kinds: Vec<String>,
    /// By the sum of their figures instead of the number of facts.
    pub by_quantity: bool,
    /// Only sums in that unit, or in one that it converts into.
    pub unit: Option<String>,
    /// Of [`TopOf::Central`]: what makes central.
    pub measure: Centrality,
    /// Of [`TopOf::Central`]: facts connect both ways.
    pub any_direction: bool,
    /// At most so many places, of each figure and unit.
    pub limit: usize,
}

impl Top {
    /// Number of places if none is given.
    pub const LIMIT: usize = 10;

    /// A ranking of all flows.
    pub fn new(of: TopOf) -> Self {
        Top {
            of,
            from: Vec::new(),
            what: Vec::new(),
            to: Vec::new(),
            during: None,
            certainly: false,
            kinds: Vec::new(),
            by_quantity: false,
            unit: None,
            measure: Centrality::default(),
            any_direction: false,
            limit: Self::LIMIT,
        }
    }
}

/// The words of the command line that ask the same question.
impl fmt::Display for Question {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Words(Vec::new());
        match self {
            Question::Who(who) => {
                words.plain("who");
                words.options("--from", &who.from);
                words.options("--what", &who.what);
                words.options("--to", &who.to);
                words.options("--not-from", &who.not_from);
                words.options("--not-what", &who.not_what);
                words.options("--not-to", &who.not_to);
                words.options("--about", &who.about);
                words.options("--of", &who.of);
                words.options("--role", who.roles.iter().map(|(role, name)| format!("{role}={name}")));
                words.options("--during", who.during.iter().map(Period::edtf));
                words.flag("--certainly", who.certainly);
                words.flag("--began", who.began);
                words.options("--kind", &who.kinds);
                words.options("--outcome", who.outcomes.iter().map(|it| it.as_str()));
                words.flag("--include-parts", who.include_parts);
                words.options("--limit", who.limit.iter().map(usize::to_string));
                words.options("--sort", (who.sort != Sort::default()).then_some(who.sort.as_str()));
                words.flag("--total", who.total.is_some());
                words.options("--by", who.total.filter(|it| *it != TotalBy::Unit).map(TotalBy::as_str));
                words.options("--total-of", &who.total_of);
                words.options("--unit", &who.unit);
                words.flag("--whether", who.whether);
            }
            Question::Path(path) => {
                words.plain("path");
                words.value(&path.from);
                words.value(&path.to);
                words.options("--what", &path.what);
                words.flag("--all", path.all);
                words.flag("--in-time", path.in_time);
                words.options(
                    "--max-hops",
                    (path.max_hops != PathQuestion::MAX_HOPS).then(|| path.max_hops.to_string()),
                );
                words.options("--during", path.during.iter().map(Period::edtf));
                words.flag("--certainly", path.certainly);
                words.options("--kind", &path.kinds);
                words.flag("--any-direction", path.any_direction);
                words.flag("--same-item", path.same_item);
                words.options("--avoid", &path.avoid);
                words.options("--max-degree", path.max_degree.iter().map(usize::to_string));
                words.flag("--include-parts", path.include_parts);
                words.options("--limit", (path.limit != PathQuestion::LIMIT).then(|| path.limit.to_string()));
                words.flag("--count", path.count);
            }
            Question::Show { name } => words.command("show", name),
            Question::Find { text } => words.command("find", text),
            Question::List { what } => words.command("list", what),
            Question::Support(question) => {
                words.plain("support");
                words.0.push(question.to_string());
            }
            Question::Disputes { name } => words.command_with("disputes", name),
            Question::Returns { names } => words.command_with("returns", names),
            Question::Measures { name } => words.command_with("measures", name),
            Question::Sources { name } => words.command_with("sources", name),
            Question::Stats => words.plain("stats"),
            Question::Top(top) => {
                words.plain("top");
                words.plain(top.of.as_str());
                words.options("--from", &top.from);
                words.options("--what", &top.what);
                words.options("--to", &top.to);
                words.options("--during", top.during.iter().map(Period::edtf));
                words.flag("--certainly", top.certainly);
                words.options("--kind", &top.kinds);
                words.options("--by", top.by_quantity.then_some("quantity"));
                words.options("--unit", &top.unit);
                words.options("--measure", (top.measure != Centrality::default()).then_some(top.measure.as_str()));
                words.flag("--any-direction", top.any_direction);
                words.options("--limit", (top.limit != Top::LIMIT).then(|| top.limit.to_string()));
            }
            Question::Timeline(question) => {
                words.plain("timeline");
                words.plain(&question.to_string());
            }
        }
        out.write_str(&words.0.join(" "))
    }
}

#[derive(Default)]
pub(crate) struct Words(pub(crate) Vec<String>);

impl Words {
    fn plain(&mut self, word: &str) {
        self.0.push(word.to_owned());
    }

    fn command(&mut self, command: &str, value: &str) {
        self.plain(command);
        self.value(value);
    }

    fn command_with<'v>(&mut self, command: &str, values: impl IntoIterator<Item = &'v String>) {
        self.plain(command);
        values.into_iter().for_each(|it| self.value(it));
    }

    fn value(&mut self, value: &str) {
        self.0.push(quoted(value));
    }

    pub(crate) fn options<T: AsRef<str>>(&mut self, name: &str, values: impl IntoIterator<Item = T>) {
        for value in values {
            self.plain(name);
            self.value(value.as_ref());
        }
    }

    fn flag(&mut self, name: &str, on: bool) {
        if on {
            self.plain(name);
        }
    }
}

/// A word as one types it in a shell.
///
/// ```
/// use purvey::query::quoted;
///
/// assert_eq!((quoted("Russia").as_str(), quoted("North Korea").as_str()), ("Russia", "\"North Korea\""));
/// ```
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ',' | '/' | ':' | '+' | '%');
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    let mut text = String::from('"');
    for c in word.chars() {
        if matches!(c, '"' | '\\' | '$' | '`') {
            text.push('\\');
        }
        text.push(c);
    }
    text.push('"');
    text
}
