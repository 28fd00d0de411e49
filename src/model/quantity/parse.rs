//! Reads a quantity: hedges, a number or a range, a unit.

use std::ops::Range;

use super::error::quoted;
use super::lex::{Kind, Lexed, Token};
use super::terms::{Hedged, Named};
use super::{Amount, Bound, Interval, QuantityError, QuantityErrorKind, Terms, UnitIx, numeral};

/// What a text says.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) interval: Interval,
    /// The unit that it names.
    pub(super) unit: Option<UnitIx>,
    /// Where it names it, in order.
    pub(super) unit_ranges: Vec<Range<usize>>,
}

/// Reads the whole text.
pub(super) fn parts(text: &str, terms: &Terms) -> Result<Parts, QuantityError> {
    let mut reader = Reader {
        text,
        terms,
        lexed: Lexed::new(text),
        at: 0,
        unit: None,
        unit_ranges: vec![],
        hedges: Hedges::default(),
    };
    if reader.lexed.tokens.is_empty() {
        return Err(QuantityErrorKind::Empty.at(0..text.len()));
    }
    let interval = reader.quantity()?;
    Ok(Parts { interval, unit: reader.unit, unit_ranges: reader.unit_ranges })
}

struct Reader<'t> {
    text: &'t str,
    terms: &'t Terms,
    lexed: Lexed,
    at: usize,
    unit: Option<UnitIx>,
    unit_ranges: Vec<Range<usize>>,
    hedges: Hedges,
}

/// All hedges of a quantity: at most one bound, and "about".
#[derive(Debug, Default)]
struct Hedges {
    approximate: bool,
    bound: Option<(Bound, Range<usize>)>,
    vague: Option<Vague>,
}

#[derive(Clone, Copy, Debug)]
struct Vague {
    low: Option<Amount>,
    high: Option<Amount>,
}

/// A number, with and without its scale.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: Amount,
    bare: Amount,
    scale: Option<Amount>,
}

impl Reader<'_> {
    fn quantity(&mut self) -> Result<Interval, QuantityError> {
        self.hedges_and_unit(true)?;
        let from = self.at;
        let (low, high) = match self.hedges.vague {
            Some(vague) => self.scaled(vague)?,
            None => self.amounts()?,
        };
        let range = self.range(from, self.at.saturating_sub(1));
        self.hedges_and_unit(false)?;
        if self.at < self.lexed.tokens.len() {
            return Err(self.unexpected());
        }
        self.interval(low, high).map_err(|kind| match (&kind, &self.hedges.bound) {
            (QuantityErrorKind::HedgeAndRange { .. }, Some((_, hedge))) => kind.at(hedge.clone()),
            _ => kind.at(range),
        })
    }

    /// Any hedges and at most one unit, in any order, before the number or after it.
    fn hedges_and_unit(&mut self, before: bool) -> Result<(), QuantityError> {
        let mut unit = false;
        loop {
            if !unit && self.unit(before)? {
                unit = true;
            } else if !self.hedge(!before)? {
                return Ok(());
            }
        }
    }

    /// The bounds and the hedges together.
    fn interval(&self, low: Option<Amount>, high: Option<Amount>) -> Result<Interval, QuantityErrorKind> {
        let vague = self.hedges.vague.is_some();
        if let (Some(low), Some(high)) = (low, high)
            && high < low
        {
            return Err(QuantityErrorKind::Reversed { low, high });
        }
        let stated = Interval { low, high, approximate: self.hedges.approximate, vague, ..Interval::default() };
        let Some((bound, range)) = &self.hedges.bound else {
            return Ok(stated);
        };
        if !vague && low != high {
            return Err(QuantityErrorKind::HedgeAndRange { found: self.quoted(range.clone()) });
        }
        Ok(match bound {
            Bound::Low => Interval { high: None, ..stated },
            Bound::LowOpen => Interval { high: None, low_open: low.is_some(), ..stated },
            Bound::High => Interval { low: None, ..stated },
            Bound::HighOpen => Interval { low: None, high_open: high.is_some(), ..stated },
            Bound::Approximate | Bound::Vague { .. } => stated,
        })
    }

    /// One number, or a range.
    fn amounts(&mut self) -> Result<(Option<Amount>, Option<Amount>), QuantityError> {
        let opening = if self.word("between") {
            Some("and")
        } else if self.word("from") {
            Some("to")
        } else {
            None
        };
        if opening.is_some() {
            self.unit(true)?;
        }
        let Some(first) = self.number()? else {
            return Err(self.no_number());
        };
        let after_first = (self.at, self.unit, self.unit_ranges.len());
        self.unit(false)?;
        let is_range = match opening {
            Some(joint) => {
                if !self.word(joint) {
                    return Err(self.unexpected());
                }
                true
            }
            None => self.word("to") || self.dash(),
        };
        if !is_range {
            // Not a range: the unit is read again where hedges may stand beside it.
            self.at = after_first.0;
            self.unit = after_first.1;
            self.unit_ranges.truncate(after_first.2);
            return Ok((Some(first.value), Some(first.value)));
        }
        self.unit(true)?;
        let Some(second) = self.number()? else {
            return Err(self.no_number());
        };
        Ok((Some(first.sharing(second)), Some(second.value)))
    }

    fn number(&mut self) -> Result<Option<Number>, QuantityError> {
        let Some(token) = self.peek() else {
            return Ok(None);
        };
        let from = self.at;
        let bare = match token.kind {
            Kind::BadNumber => {
                let range = token.start..token.end;
                return Err(QuantityErrorKind::Number { found: self.quoted(range.clone()) }.at(range));
            }
            Kind::Number => {
                let range = token.start..token.end;
                self.at = self.at.saturating_add(1);
                let digits = self.text.get(range.clone()).unwrap_or_default();
                let too_large = || QuantityErrorKind::TooLarge { found: self.quoted(range.clone()) }.at(range.clone());
                Amount::from_digits(digits).ok_or_else(too_large)?
            }
            Kind::Word => match self.number_word() {
                Some(amount) => amount,
                None => return Ok(None),
            },
            Kind::Sign => {
                let next = self.lexed.tokens.get(from.saturating_add(1));
                let is_negative =
                    next.is_some_and(|it| it.attached && matches!(it.kind, Kind::Number | Kind::BadNumber));
                if is_negative && self.dash() {
                    let range = self.range(from, self.at);
                    return Err(QuantityErrorKind::Negative { found: self.quoted(range.clone()) }.at(range));
                }
                return Ok(None);
            }
        };
        let mut scale = None::<Amount>;
        while let Some(factor) = self.scale() {
            let too_large = || {
                let range = self.range(from, self.at.saturating_sub(1));
                QuantityErrorKind::TooLarge { found: self.quoted(range.clone()) }.at(range)
            };
            let product = scale.unwrap_or(Amount::from(1)).checked_mul(factor).ok_or_else(too_large)?;
            // Checked at each step: a long row of scales is refused at once.
            bare.checked_mul(product).ok_or_else(too_large)?;
            scale = Some(product);
        }
        let value = scale.map_or(Some(bare), |scale| bare.checked_mul(scale)).unwrap_or(bare);
        Ok(Some(Number { value, bare, scale }))
    }

    /// "three", "twenty-five", "half a", or the "a" of "a million".
    fn number_word(&mut self) -> Option<Amount> {
        let word = self.lexed.phrase(self.at, 1)?;
        let next = |ahead: usize| self.lexed.phrase(self.at.saturating_add(ahead), 1);
        let is_scale = |word: Option<&str>| word.and_then(numeral::scale).is_some();
        if let Some(value) = numeral::small(word) {
            let ones = |word: Option<&str>| word.and_then(numeral::small).filter(|value| (1..10).contains(value));
            let (taken, value) = match (ones(next(1)), next(1), ones(next(2))) {
                (Some(ones), _, _) if value >= 20 => (2, value.saturating_add(ones)),
                (None, Some("-" | "\u{2010}" | "\u{2011}"), Some(ones)) if value >= 20 => {
                    (3, value.saturating_add(ones))
                }
                _ => (1, value),
            };
            self.at = self.at.saturating_add(taken);
            return Some(Amount::from(value));
        }
        match word {
            "a" | "an" if is_scale(next(1)) => {
                self.at = self.at.saturating_add(1);
                Some(Amount::from(1))
            }
            "half" => {
                let taken = if is_scale(next(1)) {
                    1
                } else if matches!(next(1), Some("a" | "an")) && is_scale(next(2)) {
                    2
                } else {
                    return None;
                };
                self.at = self.at.saturating_add(taken);
                Amount::parse("0.5").ok()
            }
            _ => None,
        }
    }

    fn scale(&mut self) -> Option<Amount> {
        let token = self.peek().filter(|token| token.kind == Kind::Word)?;
        let word = self.lexed.phrase(self.at, 1)?;
        let scale = match numeral::scale(word) {
            Some(scale) => scale,
            None => {
                let suffix = numeral::suffix(word)?;
                // "9m" is nine million, "9 m" is nine of a unit called "m", if there is one.
                if !token.attached && self.terms.unit_at(&self.lexed, self.at).is_some() {
                    return None;
                }
                suffix
            }
        };
        self.at = self.at.saturating_add(1);
        Some(scale)
    }

    /// A vague hedge times the scales behind it: "a few hundred thousand".
    fn scaled(&mut self, vague: Vague) -> Result<(Option<Amount>, Option<Amount>), QuantityError> {
        let Vague { mut low, mut high } = vague;
        while let Some(factor) = self.scale() {
            let last = self.at.saturating_sub(1);
            for bound in [&mut low, &mut high].into_iter().flatten() {
                let range = self.range(last, last);
                let too_large = || QuantityErrorKind::TooLarge { found: self.quoted(range.clone()) }.at(range.clone());
                *bound = bound.checked_mul(factor).ok_or_else(too_large)?;
            }
        }
        Ok((low, high))
    }

    /// Reads a hedge, if one is next.
    fn hedge(&mut self, after: bool) -> Result<bool, QuantityError> {
        let Some((Hedged { bound, only_after }, count)) = self.terms.hedge_at(&self.lexed, self.at) else {
            return Ok(false);
        };
        let is_vague = matches!(bound, Bound::Vague { .. });
        let known = &self.hedges;
        // A vague hedge stands for a number, so nothing hedges behind it, and it stands behind none.
        let fits = if after { !is_vague && known.vague.is_none() } else { !only_after };
        if !fits {
            return Ok(false);
        }
        let range = self.range(self.at, self.at.saturating_add(count).saturating_sub(1));
        let clashes = match &known.bound {
            _ if is_vague => known.vague.is_some(),
            Some((other, _)) => bound != Bound::Approximate && *other != bound,
            None => false,
        };
        if clashes {
            return Err(QuantityErrorKind::HedgeTwice { found: self.quoted(range.clone()) }.at(range));
        }
        match bound {
            Bound::Approximate => self.hedges.approximate = true,
            Bound::Vague { low, high } => self.hedges.vague = Some(Vague { low, high }),
            Bound::Low | Bound::LowOpen | Bound::High | Bound::HighOpen => self.hedges.bound = Some((bound, range)),
        }
        self.at = self.at.saturating_add(count);
        Ok(true)
    }

    /// Reads a unit, if one is next; before a number only by a name that may stand there.
    fn unit(&mut self, before: bool) -> Result<bool, QuantityError> {
        let Some((Named { unit, prefix }, count)) = self.terms.unit_at(&self.lexed, self.at) else {
            return Ok(false);
        };
        if before && !prefix {
            return Ok(false);
        }
        let range = self.range(self.at, self.at.saturating_add(count).saturating_sub(1));
        if let Some(first) = self.unit.filter(|first| *first != unit) {
            let id = |ix| self.terms.unit(ix).map_or_else(String::new, |unit| unit.id.to_string());
            return Err(QuantityErrorKind::UnitTwice { first: id(first), second: id(unit) }.at(range));
        }
        self.unit = Some(unit);
        self.unit_ranges.push(range);
        self.at = self.at.saturating_add(count);
        Ok(true)
    }

    /// A dash between two numbers.
    fn dash(&mut self) -> bool {
        let is_dash = self
            .lexed
            .phrase(self.at, 1)
            .is_some_and(|sign| matches!(sign.chars().next(), Some('-' | '\u{2010}'..='\u{2015}' | '\u{2212}')));
        if is_dash {
            self.at = self.at.saturating_add(1);
        }
        is_dash
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.lexed.phrase(self.at, 1) == Some(word);
        if found {
            self.at = self.at.saturating_add(1);
        }
        found
    }

    fn peek(&self) -> Option<Token> {
        self.lexed.tokens.get(self.at).copied()
    }

    /// The bytes from one token to another, both included; empty at the end if there is no such token.
    fn range(&self, first: usize, last: usize) -> Range<usize> {
        let end = self.text.trim_end().len();
        let token = |at: usize| self.lexed.tokens.get(at);
        token(first).map_or(end, |token| token.start)..token(last).map_or(end, |token| token.end)
    }

    fn quoted(&self, range: Range<usize>) -> String {
        quoted(self.text.get(range).unwrap_or_default())
    }

    /// The error of a number that is not there: about the word in its place, if that is the trouble.
    fn no_number(&self) -> QuantityError {
        match self.peek() {
            Some(_) if self.terms.unit_at(&self.lexed, self.at).is_none() => self.unexpected(),
            Some(token) => QuantityErrorKind::NoNumber.at(token.start..token.end),
            None => QuantityErrorKind::NoNumber.at(self.range(self.at, self.at)),
        }
    }

    /// The error that the next token is.
    fn unexpected(&self) -> QuantityError {
        let Some(token) = self.peek() else {
            return QuantityErrorKind::NoNumber.at(self.range(self.at, self.at));
        };
        let range = token.start..token.end;
        let word = self.lexed.phrase(self.at, 1).unwrap_or_default();
        let known = numeral::small(word).is_some()
            || numeral::scale(word).is_some()
            || matches!(word, "a" | "an" | "half" | "between" | "from" | "to" | "and")
            || self.terms.unit_at(&self.lexed, self.at).is_some()
            || self.terms.hedge_at(&self.lexed, self.at).is_some();
        let kind = if token.kind == Kind::Word && !known {
            QuantityErrorKind::UnknownWord {
                word: self.quoted(range.clone()),
                near: self.terms.near(&self.lexed, self.at),
            }
        } else {
            QuantityErrorKind::Unexpected { found: self.quoted(range.clone()) }
        };
        kind.at(range)
    }
}

impl Number {
    /// The beginning of a range that ends with `end`: in "1 to 2 million" the scale of the end holds for both, but not if
    /// that would reverse the range, as in "800,000 to 1 million".
    fn sharing(self, end: Number) -> Amount {
        match (self.scale, end.scale) {
            (None, Some(scale)) => {
                let scaled = self.bare.checked_mul(scale).filter(|scaled| *scaled <= end.value);
                scaled.unwrap_or(self.value)
            }
            _ => self.value,
        }
    }
}

#[cfg(test)]
mod tests;
