//! What every engine can do: take tables, run a statement, stop.

use std::time::{Duration, Instant};

use purvey::plan::Table;

use crate::interrupt;
use crate::manifest::{FileSum, TablesError};

/// Why an engine gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// It cannot be reached, or is another than it should be.
    #[error("{0}")]
    Connect(String),
    /// A table is not what it should be.
    #[error("table `{table}`: {why}")]
    Table { table: String, why: String },
    /// A file of a table is not the one that was exported.
    #[error(transparent)]
    File(#[from] TablesError),
    /// A statement failed.
    #[error("the engine could not answer: {0}")]
    Query(String),
    /// It took too long.
    #[error("no answer within {} s: ask for less, or allow more time (--time-limit)", .0.as_secs())]
    Time(Duration),
    /// Somebody pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

/// Until when an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    pub limit: Duration,
    pub end: Instant,
}

impl Deadline {
    pub fn new(limit: Duration) -> Deadline {
        Deadline { limit, end: Instant::now() + limit }
    }

    pub fn left(self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    /// An error if the time is over, or somebody pressed Ctrl-C.
    pub fn check(self) -> Result<(), EngineError> {
        if interrupt::pressed() {
            return Err(EngineError::Interrupted);
        }
        if self.left().is_zero() { Err(EngineError::Time(self.limit)) } else { Ok(()) }
    }

    /// This one, or one that ends earlier.
    pub fn within(self, limit: Duration) -> Deadline {
        if self.left() <= limit { self } else { Deadline::new(limit) }
    }
}

/// An engine of SQL.
pub trait Engine {
    /// What it is, with its version.
    fn name(&self) -> &str;

    /// Makes a table known under its name.
    fn register(&mut self, table: &'static Table, files: &[FileSum], deadline: Deadline) -> Result<(), EngineError>;

    /// Runs a statement of one column of bytes, and hands over its values as they come; ends early if `take` says so.
    fn bytes(&mut self, sql: &str, deadline: Deadline, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), EngineError>;

    /// Runs a statement of columns of numbers, each of which may be null, and hands over its rows as they come; ends early
    /// if `take` says so.
    fn rows(
        &mut self,
        sql: &str,
        deadline: Deadline,
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), EngineError>;

    /// Runs a statement that gives one row of numbers.
    fn numbers(&mut self, sql: &str, deadline: Deadline) -> Result<Vec<i64>, EngineError> {
        let mut numbers = Some(Vec::new());
        self.rows(sql, deadline, &mut |row| {
            numbers = row.iter().copied().collect();
            false
        })?;
        numbers.ok_or_else(|| EngineError::Query("a number came as null".to_owned()))
    }

    /// Ends what is running.
    fn cancel(&mut self);
}
