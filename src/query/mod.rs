//! Questions and answers.
//!
//! A [`Question`] is what somebody asks, in names as typed; [`answer`] looks the names up in a graph and gives an
//! [`Answer`], which stands for itself: rows, the facts' claims, numbered sources and a small graph. Everything
//! that is shown or drawn later is a view of it.

mod answer;
mod ask;

mod build;
mod chain_time;
mod error;
mod in_time;
mod listing;
mod path;
mod question;
mod resolve;
mod show;
mod timeline;
mod who;
mod wording;

pub use answer::*;
pub use ask::{NotUnderstood, Reading, read_question};

pub use error::QueryError;
pub use question::*;
pub use wording::*;

use crate::graph::GraphView;

/// Answers a question over a graph.
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
    match question {
        Question::Who(who) => who::who(graph, who),
        Question::Path(path) => path::path(graph, path),
        Question::Show { name } => show::show(graph, name),
        Question::Find { text } => listing::find(graph, text),
        Question::List { what } => listing::list(graph, what),
        Question::Stats => listing::stats(graph),
        Question::Timeline(question) => timeline::timeline(graph, question),
    }
}
