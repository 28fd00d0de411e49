//! Questions and answers.
//!
//! A [`Question`] is what somebody asks, in names as typed; [`answer`] looks the names up in a graph and gives an
//! [`Answer`], which stands for itself: rows, the facts' claims, numbered sources and a small graph. Everything
//! that is shown or drawn later is a view of it.

mod answer;
mod ask;
mod build;
mod central;
mod chain_time;
mod compare;
mod count;
mod diagram;
mod disputes;
mod error;
mod evidence;
mod filter;
mod in_time;
mod joined;
mod judged;
mod lens;
mod listing;
mod matching;
mod measures;
mod nothing;
mod path;
mod question;
mod reduced;
mod resolve;
mod returns;
mod reworded;
mod rules;
mod selected;
mod show;
mod sources;
mod support;
mod timeline;
mod top;
mod totals;
mod ways;
mod whether;
mod who;
mod wording;

pub use answer::*;
pub use ask::{AskOptions, NameRead, NotUnderstood, Reading, StatedEnd, Statement, read_question, read_statement};
pub(crate) use ask::{Lexicon, Sense, TimeUnit, units_before};
pub use judged::*;
pub use matching::{MatchLevel, MatchOptions, MatchPair, MatchReason, Matches, SameFacts, matches, same_facts};

pub use central::Centrality;
pub use compare::{AnswerChange, AnswerPart, Change, Comparison, Counts, FieldChange, Item, compare, compare_answers};
pub use diagram::{SpecNames, SpecProblem, spec_names};
pub use error::{QueryError, Suggestion};
pub use evidence::{Evidence, UNNAMED};
pub use joined::{DifferentEvidence, join_answers};
pub use lens::Standing;
pub use question::*;
pub use reduced::{
    ReducedCertainty, ReducedChains, ReducedCounts, ReducedFacts, ReducedPlain, ReducedWalk, Reduction, has_path,
    reduction,
};
pub use rules::{Judgement, MeasureVerdict, Status};
pub use selected::{OutFact, Selection};
pub use wording::*;

use lens::Lens;

use crate::graph::GraphView;

/// Answers a question over a graph, on all its claims.
///
/// # Errors
///
/// [`QueryError`]: a name unknown or ambiguous, a kind that does not exist, no path, a damaged graph. A question that
/// merely finds nothing gives an answer without rows.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, Who, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let question = Question::Who(Who { what: vec!["ballistic missiles".to_owned()], ..Who::default() });
/// let answer = answer(&graph, &question)?;
/// assert_eq!(answer.rows.iter().map(|row| row.fact.as_str()).collect::<Vec<_>>(), ["a11"]);
/// # Ok::<(), purvey::query::QueryError>(())
/// ```
pub fn answer<G: GraphView>(graph: &G, question: &Question) -> Result<Answer, QueryError> {
    answer_on(graph, question, &Evidence::default())
}

/// Answers a question over a graph on less evidence: what had been published by a day, without somebody's claims, of a
/// certain support. Facts of which no claim is left are not in the answer.
///
/// # Errors
///
/// Those of [`answer`], and a name of [`Evidence::without`] that is unknown or ambiguous.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Evidence, Question, Who, answer_on};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let question = Question::Who(Who { what: vec!["ammunition".to_owned()], ..Who::default() });
/// let evidence = Evidence { without: vec!["unnamed".to_owned()], ..Evidence::default() };
/// assert!(answer_on(&graph, &question, &evidence)?.rows.is_empty());
/// # Ok::<(), purvey::query::QueryError>(())
/// ```
pub fn answer_on<G: GraphView>(graph: &G, question: &Question, evidence: &Evidence) -> Result<Answer, QueryError> {
    let answer = match question {
        Question::Support(question) => support::support(graph, question, evidence),
        _ => Lens::new(graph, evidence).and_then(|lens| answer_through(&lens, question)),
    };
    // What met damage may have seen too little, also where it found nothing.
    graph.fault().map_or(answer, |it| Err(it.into()))
}

/// Answers a question on the evidence of a lens.
fn answer_through<G: GraphView>(lens: &Lens<'_, G>, question: &Question) -> Result<Answer, QueryError> {
    match question {
        Question::Who(who) => who::who(lens, who),
        Question::Path(path) => path::path(lens, path),
        Question::Show { name } => show::show(lens, name),
        Question::Find { text } => listing::find(lens, text),
        Question::List { what } => listing::list(lens, what),
        // What the support of an answer stands on is that of the answer.
        Question::Support(question) => answer_through(lens, question),
        Question::Timeline(question) => timeline::timeline(lens, question),
        Question::Disputes { name } => disputes::disputes(lens, name.as_deref()),
        Question::Returns { names } => returns::returns(lens, names),
        Question::Measures { name } => measures::measures(lens, name.as_deref()),
        Question::Sources { name } => sources::sources(lens, name.as_deref()),
        Question::Stats => listing::stats(lens),
        Question::Top(question) => top::top(lens, question),
    }
}
