//! Which claims an answer may stand on: published by a day, without somebody's word, of a certain support.

use std::fmt;

use super::question::Words;
use super::rules::Status;
use crate::model::{Period, Stance};

/// What narrows the claims and facts of any question. By default every claim counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// Only claims that had been published by the end of that period.
    pub as_of: Option<Period>,
    /// Only the claims that these claimants make, that these documents carry, or that documents of these publishers carry;
    /// [`UNNAMED`] and `unnamed:GROUP` as in `without`; none: all.
    pub according_to: Vec<String>,
    /// Without the claims of these claimants, or those that these documents carry; [`UNNAMED`] stands for all claimants
    /// who are not named, `unnamed:GROUP` for those of one group.
    pub without: Vec<String>,
    /// Only claims that give one of these figures: "35,000", "at least 35,000 people"; a number without a hedge is found in
    /// every figure that it bounds; none: all.
    pub figures: Vec<String>,
    /// Only facts of these statuses; none: all.
    pub statuses: Vec<Status>,
    /// Only facts with a claim of one of these stances; none: all.
    pub stances: Vec<Stance>,
}

/// All claimants whom the sources do not name.
pub const UNNAMED: &str = "unnamed";

impl Evidence {
    /// What this and another evidence ask for: the earlier day, and all that either names.
    #[must_use]
    pub fn and(&self, other: &Evidence) -> Evidence {
        let earlier = |a: Period, b: Period| if b.latest() < a.latest() { b } else { a };
        let mut both = self.clone();
        both.as_of = match (self.as_of, other.as_of) {
            (Some(a), Some(b)) => Some(earlier(a, b)),
            (a, b) => a.or(b),
        };
        both.according_to.extend_from_slice(&other.according_to);
        both.without.extend_from_slice(&other.without);
        both.figures.extend_from_slice(&other.figures);
        both.statuses.extend_from_slice(&other.statuses);
        both.stances.extend_from_slice(&other.stances);
        both
    }

    /// Whether every claim counts.
    pub fn is_all(&self) -> bool {
        *self == Evidence::default()
    }
}

/// The options of the command line, with a space before each.
///
/// ```
/// use purvey::query::{Evidence, Status};
///
/// let evidence = Evidence { without: vec!["New York Post".to_owned()], statuses: vec![Status::Admitted], ..Evidence::default() };
/// assert_eq!(evidence.to_string(), " --without \"New York Post\" --status admitted");
/// ```
impl fmt::Display for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Words::default();
        words.options("--as-of", self.as_of.iter().map(Period::edtf));
        words.options("--according-to", &self.according_to);
        words.options("--without", &self.without);
        words.options("--figure", &self.figures);
        words.options("--status", self.statuses.iter().map(|it| it.as_str()));
        words.options("--stance", self.stances.iter().map(|it| it.as_str()));
        for word in words.0 {
            write!(out, " {word}")?;
        }
        Ok(())
    }
}
