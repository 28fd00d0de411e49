//! What claims are worth and what follows from them: the one place for rules (`docs/claims.md`).
//!
//! A rule reads the graph and judges; it knows no table and no format.

pub(crate) mod measures;
pub(crate) mod origins;
pub(crate) mod status;
pub(crate) mod tally;
pub(crate) mod totals;

pub use measures::MeasureVerdict;
pub use status::{Judgement, Status};
