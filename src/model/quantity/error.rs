//! What can be wrong with a quantity, its vocabulary or its arithmetic.

use std::fmt;
use std::ops::Range;

use super::Amount;

/// A quantity that can't be read, with the bytes at fault.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Quantity, QuantityErrorKind, Terms, UnitIx};
///
/// let terms = Terms::new(vec![], vec![], Amount::parse("0.1")?)?;
/// let error = Quantity::parse("100 parsecs", &terms, UnitIx(0)).unwrap_err();
/// assert_eq!(error.range, 4..11);
/// assert!(matches!(error.kind, QuantityErrorKind::UnknownWord { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct QuantityError {
    /// The bytes at fault, within the text that was parsed; empty where something is missing.
    pub range: Range<usize>,
    /// What is wrong with them.
    pub kind: QuantityErrorKind,
}

/// What is wrong with a quantity. It displays as the problem and the way out; [`problem`](Self::problem) and
/// [`help`](Self::help) give the two apart.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::QuantityErrorKind;
///
/// let kind = QuantityErrorKind::UnknownWord { word: "barels".into(), near: vec!["barrels".into()] };
/// assert_eq!(kind.to_string(), "unknown word `barels`; did you mean `barrels`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuantityErrorKind {
    /// Nothing but white space.
    Empty,
    /// A word that is neither a number nor a hedge nor a unit.
    UnknownWord {
        /// As written.
        word: String,
        /// The closest names of units and hedges, closest first, at most five.
        near: Vec<String>,
    },
    /// A number is missing.
    NoNumber,
    /// Digits that are no number: `1,00`, `1.000.000`.
    Number {
        /// As written.
        found: String,
    },
    /// A number below zero.
    Negative {
        /// As written.
        found: String,
    },
    /// More digits than an amount holds.
    TooLarge {
        /// As written.
        found: String,
    },
    /// A range from more to less.
    Reversed {
        /// What the range begins with.
        low: Amount,
        /// What it ends with.
        high: Amount,
    },
    /// Two different units.
    UnitTwice {
        /// The id of the first.
        first: String,
        /// The id of the second.
        second: String,
    },
    /// Two hedges that don't go together: "at least up to".
    HedgeTwice {
        /// The second hedge as written.
        found: String,
    },
    /// A bound beside a range: "at least 10 to 20".
    HedgeAndRange {
        /// The hedge as written.
        found: String,
    },
    /// A word or sign that is known, but has no meaning where it stands.
    Unexpected {
        /// As written.
        found: String,
    },
}

impl QuantityErrorKind {
    pub(super) fn at(self, range: Range<usize>) -> QuantityError {
        QuantityError { range, kind: self }
    }

    /// What is wrong, without the way out.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::QuantityErrorKind;
    ///
    /// assert_eq!(QuantityErrorKind::Empty.problem(), "the quantity is empty");
    /// ```
    pub fn problem(&self) -> String {
        match self {
            Self::Empty => "the quantity is empty".into(),
            Self::UnknownWord { word, .. } => format!("unknown word `{word}`"),
            Self::NoNumber => "a number is missing here".into(),
            Self::Number { found } => format!("`{found}` is not a number"),
            Self::Negative { found } => format!("`{found}` is below zero, and a quantity counts what there is"),
            Self::TooLarge { found } => format!("`{found}` has too many digits"),
            Self::Reversed { low, high } => {
                format!("the range ends at {high}, below its beginning {low}")
            }
            Self::UnitTwice { first, second } => format!("two units, `{first}` and `{second}`"),
            Self::HedgeTwice { found } => format!("`{found}` doesn't go with the hedge before it"),
            Self::HedgeAndRange { found } => format!("`{found}` doesn't go with a range"),
            Self::Unexpected { found } => format!("`{found}` is not understood here"),
        }
    }

    /// The next step.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::QuantityErrorKind;
    ///
    /// assert_eq!(QuantityErrorKind::NoNumber.help(), "write one, as in `at least 100` or `9 million rounds`");
    /// ```
    pub fn help(&self) -> String {
        match self {
            Self::Empty => "write a figure, or leave the field out if none is given".into(),
            Self::UnknownWord { near, .. } if near.is_empty() => {
                "write a number, with a hedge or a unit of the vocabulary, or add the word to the vocabulary".into()
            }
            Self::UnknownWord { near, .. } => {
                let near: Vec<_> = near.iter().map(|name| format!("`{name}`")).collect();
                format!("did you mean {}?", near.join(" or "))
            }
            Self::NoNumber => "write one, as in `at least 100` or `9 million rounds`".into(),
            Self::Number { .. } => "write `1500000`, `1,500,000`, `1 500 000` or `1.5 million`".into(),
            Self::Negative { .. } => "write it without the sign: what went back is a fact of its own".into(),
            Self::TooLarge { .. } => "an amount holds 28 of them exactly".into(),
            Self::Reversed { .. } => "swap the two".into(),
            Self::UnitTwice { .. } => "name one".into(),
            Self::HedgeTwice { .. } => "leave one out, or write a range such as `10 to 20`".into(),
            Self::HedgeAndRange { .. } => "leave it out, or write one number".into(),
            Self::Unexpected { .. } => "write a hedge, a number and a unit, as in `at least 100 rounds`".into(),
        }
    }
}

impl fmt::Display for QuantityErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.problem(), self.help())
    }
}

/// Arithmetic that can't be done exactly.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Interval, IntervalError};
///
/// let largest = Interval::exact(Amount::parse("79228162514264337593543950335")?);
/// assert!(matches!(largest.plus(&largest), Err(IntervalError::TooLarge { .. })));
/// # Ok::<(), purvey::model::quantity::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IntervalError {
    /// The sum of two bounds has more digits than an amount holds.
    #[error("the sum of {} and {} has too many digits; an amount holds 28 of them exactly", .bounds[0], .bounds[1])]
    TooLarge {
        /// The two bounds.
        bounds: [Amount; 2],
    },
}

/// A vocabulary that can't be used.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Bound, Hedge, Terms, TermsError};
///
/// let bound = Bound::Vague { low: Some(Amount::from(9)), high: Some(Amount::from(2)) };
/// let hedge = Hedge { words: vec!["a few".into()], bound };
/// let error = Terms::new(vec![], vec![hedge], Amount::ZERO).unwrap_err();
/// assert!(matches!(error, TermsError::Reversed { .. }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TermsError {
    /// More units than a `UnitIx` can name.
    #[error("{count} units are too many; a vocabulary holds 65,536")]
    TooManyUnits {
        /// How many there are.
        count: usize,
    },
    /// A vague hedge from more to less.
    #[error("the hedge `{words}` ends below its beginning; swap `low` and `high`")]
    Reversed {
        /// The first words of the hedge.
        words: String,
    },
    /// A unit or a hedge has an empty name, or one of white space.
    #[error("a name of `{of}` is empty; leave it out")]
    EmptyName {
        /// The id of the unit, or the first words of the hedge.
        of: String,
    },
}

/// A piece of the text for a message: one that is long is cut, since the text may be a whole page.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut quoted: String = text.chars().take(LONGEST).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    quoted
}
