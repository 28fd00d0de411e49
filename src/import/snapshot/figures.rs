//! Figures until all facts have come: whole numbers before words that name a unit stand as numbers, as tables have them by the
//! million; all others stand once each.

use std::collections::HashMap;
use std::fmt::Write as _;

use foldhash::quality::RandomState;

use crate::model::quantity::{Amount, Interval, Terms};
use crate::model::{Quantity, UnitIx};

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::import) enum FigureIx {
    /// `46 to 52 containers`, or one number if both are equal. The words are a number of [`UnitWords`].
    Plain {
        /// The lower end.
        low: u32,
        /// The upper end, not below the lower one.
        high: u32,
        /// What stands behind the numbers.
        words: u32,
    },
    /// Any other, by its number.
    Other(u32),
}

/// Words behind a number that do nothing but name a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::import) struct UnitWords {
    /// Their number.
    pub(in crate::import) words: u32,
    /// The unit that they name; none if there are no words.
    pub(in crate::import) unit: Option<UnitIx>,
}

/// Stands where the words of a plain figure would, in the numbers of any other.
const OTHER: u32 = u32::MAX;

impl FigureIx {
    /// As numbers.
    pub(super) fn numbers(self) -> [u32; 3] {
        match self {
            FigureIx::Plain { low, high, words } => [words, low, high],
            FigureIx::Other(at) => [OTHER, at, 0],
        }
    }

    pub(super) fn of_numbers([words, low, high]: [u32; 3]) -> FigureIx {
        if words == OTHER { FigureIx::Other(low) } else { FigureIx::Plain { low, high, words } }
    }
}

/// A figure as a snapshot wants it; its text stands elsewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) interval: Interval,
    /// The unit that its words name.
    pub(super) unit: Option<UnitIx>,
}

/// All figures so far.
#[derive(Default)]
pub(super) struct Figures {
    words: Vec<(Box<str>, Option<UnitIx>)>,
    known_words: HashMap<Box<str>, Option<UnitWords>, RandomState>,
    others: Vec<Quantity>,
    known_others: HashMap<Box<str>, u32, RandomState>,
}

impl Figures {
    /// The number of a figure; equal ones have one.
    pub(super) fn add(&mut self, quantity: Quantity, terms: &Terms) -> FigureIx {
        if let Some((low, high, words)) = plain(&quantity.text)
            && let Some(UnitWords { words, .. }) = self.words(words, terms)
        {
            return FigureIx::Plain { low, high, words };
        }
        if let Some(known) = self.known_others.get(&*quantity.text) {
            return FigureIx::Other(*known);
        }
        let at = super::rows::end(self.others.len());
        self.known_others.insert(quantity.text.clone(), at);
        self.others.push(quantity);
        FigureIx::Other(at)
    }

    /// What words do behind a number; nothing if it is more than to name a unit.
    pub(super) fn words(&mut self, words: &str, terms: &Terms) -> Option<UnitWords> {
        if let Some(known) = self.known_words.get(words) {
            return *known;
        }
        let found = unit_of(words, terms).map(|unit| {
            self.words.push((words.into(), unit));
            UnitWords { words: super::rows::end(self.words.len() - 1), unit }
        });
        self.known_words.insert(words.into(), found);
        found
    }

    /// A figure, whose text is added to one.
    pub(super) fn read(&self, figure: FigureIx, text: &mut String) -> Option<Read> {
        let (low, high, words) = match figure {
            FigureIx::Plain { low, high, words } => (low, high, words),
            FigureIx::Other(at) => {
                let it = self.others.get(at as usize)?;
                text.push_str(&it.text);
                return Some(Read { interval: it.interval, unit: it.unit_named.then_some(it.unit) });
            }
        };
        let (words, unit) = self.words.get(words as usize)?;
        let _ = if low == high { write!(text, "{low}") } else { write!(text, "{low} to {high}") };
        if !words.is_empty() {
            text.push(' ');
            text.push_str(words);
        }
        let amount = |it: u32| Some(Amount::from(u64::from(it)));
        Some(Read { interval: Interval { low: amount(low), high: amount(high), ..Interval::default() }, unit: *unit })
    }
}

/// The unit that words behind any number name; nothing if they say more or are none.
fn unit_of(words: &str, terms: &Terms) -> Option<Option<UnitIx>> {
    if words.trim() != words || words.starts_with(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let mut units = [(1, 1), (2, 30), (4_000, 4_000_000)].into_iter().map(|(low, high)| {
        let number = if low == high { low.to_string() } else { format!("{low} to {high}") };
        let text = if words.is_empty() { number } else { format!("{number} {words}") };
        let it = Quantity::parse(&text, terms, UnitIx::default()).ok()?;
        let [low, high] = [low, high].map(|it| Some(Amount::from(it)));
        let is_plain = it.interval == Interval { low, high, ..Interval::default() };
        is_plain.then(|| it.unit_named.then_some(it.unit))
    });
    let first = units.next()??;
    units.all(|it| it == Some(first)).then_some(first)
}

/// The numbers and the words of `46 to 52 containers`, if it is written in exactly this way.
fn plain(text: &str) -> Option<(u32, u32, &str)> {
    let (low, rest) = whole(text)?;
    let (high, rest) = match rest.strip_prefix(" to ").and_then(whole) {
        Some((high, rest)) if low < high => (high, rest),
        Some(_) => return None,
        None => (low, rest),
    };
    let words = if rest.is_empty() { rest } else { rest.strip_prefix(' ').filter(|it| !it.is_empty())? };
    Some((low, high, words))
}

/// The whole number that a text begins with, if it is written without zeros before it, and the rest.
pub(in crate::import) fn whole(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    let is_usual = (1..=9).contains(&digits) && (digits == 1 || !number.starts_with('0'));
    Some((number.parse().ok().filter(|_| is_usual)?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes back of a text, and whether it stood as numbers.
    fn back(text: &str, figures: &mut Figures, terms: &Terms) -> Option<bool> {
        let quantity = Quantity::parse(text, terms, UnitIx::default()).ok()?;
        let figure = figures.add(quantity.clone(), terms);
        assert_eq!(FigureIx::of_numbers(figure.numbers()), figure);
        let mut written = String::new();
        let read = figures.read(figure, &mut written).unwrap();
        let unit = quantity.unit_named.then_some(quantity.unit);
        assert_eq!((written.as_str(), read.interval, read.unit), (&*quantity.text, quantity.interval, unit), "{text}");
        Some(matches!(figure, FigureIx::Plain { .. }))
    }

    #[test]
    fn whole_numbers_before_a_unit_stand_as_numbers() {
        let terms = crate::load::load_vocabulary(&[]).0.terms;
        let mut figures = Figures::default();
        for text in ["46 to 52 containers", "1 round", "0", "7 to 9", "12 tonnes", "3 %"] {
            assert_eq!(back(text, &mut figures, &terms), Some(true), "{text}");
        }
        for text in ["at least 5 rounds", "5 million", "2 to 3 dozen", "007 rounds", "1,500", "5 or more", "1.5 tonnes"]
        {
            assert_eq!(back(text, &mut figures, &terms), Some(false), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_figure_comes_back(
            low in 0_u32..2_000_000, high in 0_u32..2_000_000, range: bool, hedge in "(about |at least |more than )?",
            words in "( rounds| containers| dozen| million| %| k| million rounds| or more| to 5| tonnes| m| US dollars)?",
        ) {
            let terms = crate::load::load_vocabulary(&[]).0.terms;
            let text = if range { format!("{hedge}{low} to {high}{words}") } else { format!("{hedge}{low}{words}") };
            back(&text, &mut Figures::default(), &terms);
        }
    }
}
