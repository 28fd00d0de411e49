//! Questions in rounds: ask over what is at hand, fetch what was missing, ask again.

use std::fmt;

use super::places::{Places, Tree};
use super::sql::Words;
use crate::graph::{GraphView, PackError, Partial, Reduced, Totals, Want};
use crate::model::KindIx;
use crate::query::{self, Answer, Evidence, QueryError, Question, Reduction};

/// What is to be fetched in one go.
#[derive(Clone, Debug)]
pub enum Need<'a> {
    /// What alone can matter for the question.
    Reduction(&'a Reduction),
    /// What was asked for and was not at hand.
    Wants(&'a [Want]),
}

/// What it is, in a few words without names.
impl fmt::Display for Need<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wants = match self {
            Need::Reduction(Reduction::Facts(_)) => return out.write_str("all that can fit the question"),
            Need::Reduction(Reduction::Chains(_)) => return out.write_str("all that can stand in a chain"),
            Need::Wants(wants) => wants,
        };
        let word = |want: &Want| match want {
            Want::All => "everything",
            Want::Record(_) => "records",
            Want::Fact(_) => "facts",
            Want::Claim(_) => "claims",
            Want::Id(_) => "ids",
            Want::From(_) => "facts from nodes",
            Want::To(_) => "facts to nodes",
            Want::With(_) => "facts about nodes",
            Want::Of(_) => "facts in which nodes take part",
            Want::Out(_) => "steps out of nodes",
            Want::In(_) => "steps into nodes",
            Want::Pair(..) => "steps between two nodes",
            Want::Kind(_) => "kinds of fact",
            Want::By(_) => "claims of nodes",
            Want::Carried(_) => "claims in documents",
        };
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for want in *wants {
            match counts.iter_mut().find(|(it, _)| *it == word(want)) {
                Some((_, count)) => *count += 1,
                None => counts.push((word(want), 1)),
            }
        }
        let counts: Vec<String> = counts.into_iter().map(|(word, count)| format!("{word} ({count})")).collect();
        write!(out, "what was asked for next: {}", counts.join(", "))
    }
}

/// Whatever runs statements.
pub trait Store {
    /// What can go wrong.
    type Error: fmt::Display;

    /// Hands over the bytes of all records that are needed, in any order, once or more often; further records do no harm.
    /// `statements` say the same in SQL. It ends early if `take` says so.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from giving all of them.
    fn fetch(
        &mut self,
        need: &Need<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), Self::Error>;
}

/// What a question may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many records at most are in memory.
    pub records: usize,
    /// So many times at most it is fetched.
    pub rounds: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { records: 5_000_000, rounds: 200 }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError<E: fmt::Display> {
    /// The engine gave none.
    #[error("{0}")]
    Store(E),
    /// What came is no record of these tables.
    #[error("a record of the table `records` cannot be used: {0}; export the tables again")]
    Record(PackError),
    /// The question needs more of the graph than may be in memory.
    #[error(
        "this question needs more than {most} records in memory; narrow it by its ends, a period or a kind, or allow more \
         (--most-records)"
    )]
    TooMany {
        /// How many may be.
        most: usize,
    },
    /// The tables do not hold what they say they do.
    #[error("after {rounds} rounds something was still missing: {what}; export the tables again")]
    Missing {
        /// How often it was fetched.
        rounds: usize,
        /// The first of what is missing.
        what: String,
    },
}

/// Tables, and the nodes beside them.
///
/// # Example
///
/// ```
/// use purvey::graph::{GraphView, KnowledgeGraph, Totals, pack_record};
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::model::RecordIx;
/// use purvey::plan::{Limits, Need, Store, Tables};
/// use purvey::query::{Evidence, Question, Who, answer};
///
/// /// Gives everything, whatever is needed.
/// struct All<'g>(&'g KnowledgeGraph);
///
/// impl Store for All<'_> {
///     type Error = std::convert::Infallible;
///
///     fn fetch(&mut self, _: &Need<'_>, _: &[String], take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Self::Error> {
///         for record in (0..self.0.record_count()).map(RecordIx::from_usize) {
///             if !take(&pack_record(self.0, record, 0)) {
///                 break;
///             }
///         }
///         Ok(())
///     }
/// }
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let mut tables = Tables::new(&graph, Totals::of(&graph), 0, Limits::default());
/// let question = Question::Who(Who { to: vec!["Russia".to_owned()], ..Who::default() });
/// let answered = tables.answer(&mut All(&graph), &question, &Evidence::default())??;
/// assert_eq!(answered.rows, answer(&graph, &question)?.rows);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Tables<'n, N> {
    partial: Partial<'n, N>,
    classes: Places,
    wholes: Places,
    symmetric: Vec<KindIx>,
    totals: Totals,
    limits: Limits,
    rounds: usize,
}

impl<'n, N: GraphView> Tables<'n, N> {
    /// Tables whose nodes are those of `nodes`. `tag` is that of their records.
    pub fn new(nodes: &'n N, totals: Totals, tag: u64, limits: Limits) -> Self {
        let kinds = nodes.vocabulary().kinds.iter().enumerate();
        Tables {
            partial: Partial::new(nodes, totals, tag),
            classes: Places::new(nodes, Tree::Classes),
            wholes: Places::new(nodes, Tree::Wholes),
            symmetric: kinds.filter(|(_, it)| it.symmetric).map(|(at, _)| KindIx::from_usize(at)).collect(),
            totals,
            limits,
            rounds: 0,
        }
    }

    /// How often something was fetched, and how many records are at hand.
    pub fn cost(&self) -> (usize, usize) {
        (self.rounds, self.partial.held_count())
    }

    /// The answer to a question: that of the whole graph, or an error.
    ///
    /// # Errors
    ///
    /// [`AskError`]; inside, what [`query::answer_on`] would have said.
    pub fn answer<S: Store>(
        &mut self,
        store: &mut S,
        question: &Question,
        evidence: &Evidence,
    ) -> Result<Result<Answer, QueryError>, AskError<S::Error>> {
        let ask = |graph: &Partial<'n, N>| query::answer_on(graph, question, evidence);
        if let Some(reduction) = query::reduction(self.partial.nodes(), question, evidence) {
            let statements = vec![self.words().reduction(&reduction)];
            self.fetch(store, &Need::Reduction(&reduction), &statements)?;
            self.partial.set_reduced(match reduction {
                Reduction::Facts(_) => Reduced::Facts,
                Reduction::Chains(_) => Reduced::Steps,
            });
            let reduced = self.ask(store, ask);
            self.partial.set_reduced(Reduced::No);
            // What is said where nothing is found looks beyond the facts that would be.
            match reduced? {
                Ok(answer) if !answer.rows.is_empty() || answer.counts.is_some() => return Ok(Ok(answer)),
                _ => {}
            }
        }
        self.ask(store, ask)
    }

    /// Whatever is to be found out from the graph: `run` sees what is at hand, and runs again until nothing was missing.
    ///
    /// # Errors
    ///
    /// [`AskError`].
    pub fn ask<S: Store, T>(
        &mut self,
        store: &mut S,
        run: impl Fn(&Partial<'n, N>) -> T,
    ) -> Result<T, AskError<S::Error>> {
        let mut before: Vec<Want> = Vec::new();
        for _ in 0..self.limits.rounds {
            let found = run(&self.partial);
            let mut wants = self.partial.take_wanted();
            if wants.is_empty() {
                return Ok(found);
            }
            // What comes up again although it was fetched is in no table.
            if wants == before {
                return Err(self.missing(&wants));
            }
            before.clone_from(&wants);
            if self.is_most(&wants) {
                wants = vec![Want::All];
            }
            let statements = self.words().wants(&wants);
            self.fetch(store, &Need::Wants(&wants), &statements)?;
            self.partial.cover(wants);
        }
        Err(self.missing(&before))
    }

    fn missing<E: fmt::Display>(&self, wants: &[Want]) -> AskError<E> {
        let what = wants.first().map_or(String::new(), |it| format!("{it:?}"));
        AskError::Missing { rounds: self.rounds, what }
    }

    /// Whether one record after the other is asked for, until it would be most of them.
    fn is_most(&self, wants: &[Want]) -> bool {
        let single = wants.iter().filter(|it| matches!(it, Want::Record(_) | Want::Fact(_) | Want::Claim(_))).count();
        single > 1_000 && single > self.totals.records / 4 || single > 50_000
    }

    fn words(&self) -> Words<'_> {
        Words { classes: &self.classes, wholes: &self.wholes, symmetric: &self.symmetric }
    }

    fn fetch<S: Store>(
        &mut self,
        store: &mut S,
        need: &Need<'_>,
        statements: &[String],
    ) -> Result<(), AskError<S::Error>> {
        self.rounds += 1;
        let most = self.limits.records;
        if matches!(need, Need::Wants([Want::All])) && self.totals.records > most {
            return Err(AskError::TooMany { most });
        }
        let mut refused = None;
        let partial = &mut self.partial;
        let mut take = |bytes: &[u8]| {
            refused = match partial.add(bytes) {
                Err(error) => Some(AskError::Record(error)),
                Ok(()) if partial.held_count() > most => Some(AskError::TooMany { most }),
                Ok(()) => None,
            };
            refused.is_none()
        };
        let fetched = store.fetch(need, statements, &mut take);
        refused.map_or(fetched.map_err(AskError::Store), Err)
    }
}
