//! Questions in rounds: ask over what is at hand, fetch what was missing, ask again.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use super::numbers::Rows;
use super::places::{Places, Tree};
use super::sql::{MOST_VALUES, Words, date};
use crate::graph::{
    GraphView, GroupKey, PackError, Partial, PlainCounts, PlainFact, PlainGroup, Reduced, Totals, Want,
};
use crate::model::{FactIx, KindIx, NodeIx, RecordIx};
use crate::query::{self, Answer, Evidence, QueryError, Question, ReducedCounts, Reduction};

/// What is to be fetched in one go.
#[derive(Clone, Debug)]
pub enum Need<'a> {
    /// What alone can matter for the question.
    Reduction(&'a Reduction),
    /// What was asked for and was not at hand; of the steps of a walk, those that are told by no row of numbers.
    Wants(&'a [Want], Option<&'a Reduction>),
}

/// What it is, in a few words without names.
impl fmt::Display for Need<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wants = match self {
            Need::Reduction(Reduction::Facts(_)) => return out.write_str("all that can fit the question"),
            Need::Reduction(Reduction::Chains(_)) => return out.write_str("all that can stand in a chain"),
            Need::Reduction(Reduction::Counts(_)) => {
                return out.write_str("all that fits and cannot be counted in SQL");
            }
            Need::Reduction(Reduction::Walk(_)) => return out.write_str("nothing before somebody walks"),
            Need::Wants(wants, _) => wants,
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
            Want::WalkOut(_) => "a walk out of nodes",
            Want::WalkIn(_) => "a walk into nodes",
            Want::Group(_) => "counts",
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

    /// Hands over all rows of numbers that are asked for, with so many columns as they have; a value may be missing. In any
    /// order, but for those of which only the first are asked for: these and no others. `statements` say the same in SQL.
    /// It ends early if `take` says so.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from giving all of them.
    fn rows(
        &mut self,
        rows: &Rows<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), Self::Error>;
}

/// What answers have cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How often something was fetched.
    pub rounds: usize,
    /// How many records are at hand.
    pub records: usize,
    /// How many rows of numbers came.
    pub rows: usize,
}

/// What a question may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// So many records at most are in memory, plain facts without theirs counted too.
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
    /// A row of numbers is none that these tables could give.
    #[error("what the tables give in numbers cannot be: {0}; export the tables again")]
    Row(&'static str),
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
/// use purvey::plan::{Limits, Need, Rows, Store, Tables};
/// use purvey::query::{Evidence, Question, Who, answer};
///
/// /// Gives everything, whatever is needed; this question needs no numbers.
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
///
///     fn rows(&mut self, _: &Rows<'_>, _: &[String], _: &mut dyn FnMut(&[Option<i64>]) -> bool) -> Result<(), Self::Error> {
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
    rows: usize,
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
            rows: 0,
        }
    }

    /// What answers have cost so far.
    pub fn cost(&self) -> Cost {
        Cost { rounds: self.rounds, records: self.partial.held_count(), rows: self.rows }
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
        let Some(reduction) = query::reduction(self.partial.nodes(), question, evidence) else {
            return self.ask(store, ask);
        };
        let reduced = self.reduced(store, &reduction, question, evidence);
        self.partial.set_reduced(Reduced::No);
        self.partial.set_counts(None);
        // What is said where nothing is found looks beyond the facts that would be; a walk has looked at all that there are.
        match reduced? {
            found if matches!(reduction, Reduction::Walk(_)) => Ok(found),
            Ok(answer) if !answer.rows.is_empty() || answer.counts.is_some() => Ok(Ok(answer)),
            _ => self.ask(store, ask),
        }
    }

    /// The answer over no more than a reduction has.
    fn reduced<S: Store>(
        &mut self,
        store: &mut S,
        reduction: &Reduction,
        question: &Question,
        evidence: &Evidence,
    ) -> Result<Result<Answer, QueryError>, AskError<S::Error>> {
        let mut counts = None;
        let others = match reduction {
            Reduction::Chains(chains) if chains.plain.is_some() => self.plain_facts(store, &Rows::Chains(chains))?,
            Reduction::Counts(it) => {
                let (counted, others) = self.counts(store, it)?;
                counts = Some(counted);
                others
            }
            Reduction::Walk(_) => Others::None,
            Reduction::Facts(_) | Reduction::Chains(_) => Others::Many,
        };
        match others {
            Others::None => {}
            Others::Few(wants) => {
                let statements = self.words().wants(&wants, None);
                self.fetch(store, &Need::Wants(&wants, None), &statements)?;
            }
            Others::Many => {
                let statements: Vec<String> = self.words().reduction(reduction).into_iter().collect();
                self.fetch(store, &Need::Reduction(reduction), &statements)?;
            }
        }
        self.partial.set_reduced(match reduction {
            Reduction::Facts(_) | Reduction::Counts(_) => Reduced::Facts,
            Reduction::Chains(_) => Reduced::Steps,
            Reduction::Walk(_) => Reduced::Walk,
        });
        self.partial.set_counts(counts);
        // Before a path was looked for as far as it goes, nobody should look for what there is instead.
        if matches!(reduction, Reduction::Walk(_)) {
            self.ask_within(store, Some(reduction), |graph| query::has_path(graph, question, evidence))?;
        }
        self.ask_within(store, Some(reduction), |graph| query::answer_on(graph, question, evidence))
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
        self.ask_within(store, None, run)
    }

    fn ask_within<S: Store, T>(
        &mut self,
        store: &mut S,
        reduction: Option<&Reduction>,
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
            let mut records = wants.clone();
            match self.numbers(store, &wants, reduction)? {
                Others::Many => {}
                others => {
                    records.retain(|it| !matches!(it, Want::WalkOut(_) | Want::WalkIn(_)));
                    records.extend(if let Others::Few(it) = others { it } else { Vec::new() });
                }
            }
            let statements = self.words().wants(&records, reduction);
            if !statements.is_empty() {
                self.fetch(store, &Need::Wants(&records, reduction), &statements)?;
            }
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
        let entities = self.partial.nodes().entity_count();
        Words {
            classes: &self.classes,
            wholes: &self.wholes,
            symmetric: &self.symmetric,
            entities,
            most: self.limits.records,
        }
    }

    fn fetch<S: Store>(
        &mut self,
        store: &mut S,
        need: &Need<'_>,
        statements: &[String],
    ) -> Result<(), AskError<S::Error>> {
        self.rounds += 1;
        let most = self.limits.records;
        if matches!(need, Need::Wants([Want::All], _)) && self.totals.records > most {
            return Err(AskError::TooMany { most });
        }
        let mut refused = None;
        let partial = &mut self.partial;
        let mut take = |bytes: &[u8]| {
            refused = match partial.add(bytes) {
                Err(error) => Some(AskError::Record(error)),
                Ok(()) if partial.held_count() + partial.plain_count() > most => Some(AskError::TooMany { most }),
                Ok(()) => None,
            };
            refused.is_none()
        };
        let fetched = store.fetch(need, statements, &mut take);
        refused.map_or(fetched.map_err(AskError::Store), Err)?;
        // A step that is told of by a row alone would be missed by nobody.
        let Need::Wants(wants, _) = need else { return Ok(()) };
        let lost = wants.iter().find(|it| matches!(it, Want::Record(it) if !self.partial.has_record(*it)));
        lost.map_or(Ok(()), |it| Err(self.missing(std::slice::from_ref(it))))
    }

    /// Fetches what of these wants is to be had in numbers, and tells which records are wanted beside.
    fn numbers<S: Store>(
        &mut self,
        store: &mut S,
        wants: &[Want],
        reduction: Option<&Reduction>,
    ) -> Result<Others, AskError<S::Error>> {
        match reduction {
            Some(Reduction::Walk(walk)) if wants.iter().any(|it| matches!(it, Want::WalkOut(_) | Want::WalkIn(_))) => {
                return self.plain_facts(store, &Rows::Steps(walk, wants));
            }
            Some(Reduction::Counts(counts)) if wants.iter().any(|it| matches!(it, Want::Group(_))) => {
                let mut groups = Vec::new();
                self.rows(store, &Rows::Groups(counts, wants), |row| {
                    groups.push(plain_group(row)?);
                    Some(groups.len())
                })?;
                groups.into_iter().for_each(|it| self.partial.add_group(it));
            }
            _ => {}
        }
        Ok(Others::None)
    }

    /// Facts without their records, which are seen once something is covered; and the records of those that need them.
    fn plain_facts<S: Store>(&mut self, store: &mut S, rows: &Rows<'_>) -> Result<Others, AskError<S::Error>> {
        let (mut facts, mut others, mut taken) = (Vec::new(), BTreeSet::new(), 0);
        self.rows(store, rows, |row| {
            if number::<i64>(row, 6)? == 1 {
                facts.push(plain_fact(row)?);
            } else {
                others.insert(RecordIx(number(row, 1)?));
            }
            // Statements give one row more than may be, of whatever kind.
            taken += 1;
            Some(taken)
        })?;
        facts.into_iter().try_for_each(|it| self.partial.add_plain(it)).map_err(AskError::Record)?;
        Ok(match others.len() {
            0 => Others::None,
            some if some <= MOST_VALUES => Others::Few(others.into_iter().map(Want::Record).collect()),
            _ => Others::Many,
        })
    }

    /// What plain facts add up to, and whether there are others.
    fn counts<S: Store>(
        &mut self,
        store: &mut S,
        counts: &ReducedCounts,
    ) -> Result<(PlainCounts, Others), AskError<S::Error>> {
        let (mut sums, mut largest) = (None, Vec::new());
        self.rows(store, &Rows::Counts(counts), |row| {
            if number::<i64>(row, 0)? == 1 {
                let sum = |at: usize| number::<usize>(row, at);
                // There is one row of them.
                let only = sums.replace([sum(1)?, sum(2)?, sum(3)?, sum(4)?, sum(5)?]).is_none();
                return only.then_some(1);
            }
            largest.push(plain_group(row)?);
            Some(largest.len())
        })?;
        let [groups, facts, left_out, possible, others] = sums.ok_or(AskError::Row("the sums are missing"))?;
        // A union is in no order.
        largest.sort_by_key(|it| (std::cmp::Reverse(it.facts), it.key));
        let shown: usize = largest.iter().map(|it| it.facts).sum();
        if largest.len() != groups.min(counts.limit) || shown > facts.saturating_sub(left_out) {
            return Err(AskError::Row("the groups do not add up to their sums"));
        }
        let counted = PlainCounts { largest, groups, facts, left_out, possible, only_stated: counts.certain.is_some() };
        Ok((counted, if others > 0 { Others::Many } else { Others::None }))
    }

    /// Rows of numbers, as a round of its own. `take` tells how many are at hand now; none if it can make nothing of one.
    fn rows<S: Store>(
        &mut self,
        store: &mut S,
        rows: &Rows<'_>,
        mut take: impl FnMut(&[Option<i64>]) -> Option<usize>,
    ) -> Result<(), AskError<S::Error>> {
        let statements = self.words().rows(rows);
        self.rounds += 1;
        let (most, columns) = (self.limits.records, rows.columns());
        let held = self.partial.held_count() + self.partial.plain_count();
        let mut refused = None;
        let mut count = 0;
        let given = store.rows(rows, &statements, &mut |row| {
            count += 1;
            refused = match take(row).filter(|_| row.len() == columns) {
                None => Some(AskError::Row("a number is missing or too large")),
                Some(taken) if held + taken > most => Some(AskError::TooMany { most }),
                Some(_) => None,
            };
            refused.is_none()
        });
        self.rows += count;
        refused.map_or(given.map_err(AskError::Store), Err)
    }
}

/// A number of a row; none if it is missing or cannot be one.
fn number<T: TryFrom<i64>>(row: &[Option<i64>], at: usize) -> Option<T> {
    row.get(at).copied().flatten().and_then(|it| T::try_from(it).ok())
}

/// The same where it may be missing: none only if it cannot be one.
fn maybe<T: TryFrom<i64>>(row: &[Option<i64>], at: usize) -> Option<Option<T>> {
    row.get(at)?.map_or(Some(None), |it| T::try_from(it).ok().map(Some))
}

/// Records that are wanted beside rows of numbers.
enum Others {
    None,
    /// These.
    Few(Vec<Want>),
    /// More than are listed: those that a statement tells.
    Many,
}

fn plain_fact(row: &[Option<i64>]) -> Option<PlainFact> {
    let node = |at: usize| maybe(row, at).map(|it| it.map(NodeIx));
    let day =
        |at: usize| -> Option<Option<Date>> { maybe::<i32>(row, at)?.map_or(Some(None), |it| Some(Some(date(it)?))) };
    Some(PlainFact {
        fact: FactIx(number(row, 0)?),
        kind: KindIx(number(row, 2)?),
        source: node(3)?,
        object: node(4)?,
        target: node(5)?,
        is_stated: number::<i64>(row, 7)? == 1,
        is_related: number::<i64>(row, 8)? > 0,
        days: [day(9)?, day(10)?],
    })
}

fn plain_group(row: &[Option<i64>]) -> Option<PlainGroup> {
    let key: GroupKey = (NodeIx(number(row, 1)?), maybe(row, 2)?.map(NodeIx));
    Some(PlainGroup { key, facts: number(row, 3)?, first: FactIx(number(row, 4)?) })
}
