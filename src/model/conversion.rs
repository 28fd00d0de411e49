//! Conversions between units: exact, each with its source, never across dimensions.

use std::collections::BTreeSet;

use super::{Amount, Interval, UnitIx, Vocabulary};

/// What one unit makes of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The unit of which one is `factor` times the other.
    pub from: UnitIx,
    /// How many of `to` it makes, exactly; not zero.
    pub factor: Amount,
    /// The other unit, of the same dimension.
    pub to: UnitIx,
    /// Who says so.
    pub source: Box<str>,
}

impl Vocabulary {
    /// The unit into which all convert by multiplying alone, through chains of conversions; of several the one that
    /// takes the fewest steps. Units that are all the same need none. `None` if there is no such unit, or no unit given.
    ///
    /// Time n log n in the length of the chains, which are a few steps long.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::load::{LoadOptions, Sources, load};
    /// use purvey::model::UnitIx;
    ///
    /// let vocabulary = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default().vocabulary;
    /// let common = |ids: &[&str]| -> Option<&str> {
    ///     let units: Option<Vec<UnitIx>> = ids.iter().map(|id| vocabulary.terms.unit_ix(id)).collect();
    ///     let unit = vocabulary.common_unit(&units?)?;
    ///     vocabulary.terms.unit(unit).map(|it| &*it.id)
    /// };
    /// assert_eq!(common(&["barrel", "barrel"]), Some("barrel"));
    /// assert_eq!(common(&["barrel", "litre"]), Some("litre"));
    /// assert_eq!(common(&["barrel", "tonne"]), None);
    /// ```
    pub fn common_unit(&self, units: &[UnitIx]) -> Option<UnitIx> {
        let (first, rest) = units.split_first()?;
        // A unit converts to one other at most, so what all lead to is the rest of one chain.
        let mut common = *first;
        for unit in rest.iter().filter(|it| *it != first) {
            let reached: BTreeSet<UnitIx> = self.chain(*unit).map(|(unit, _)| unit).collect();
            common = self.chain(common).map(|(unit, _)| unit).find(|it| reached.contains(it))?;
        }
        Some(common)
    }

    /// The same amounts in another unit, exactly. `None` if no chain of conversions leads there by multiplying alone, or
    /// an amount would need more digits than an [`Amount`] holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::load::{LoadOptions, Sources, load};
    /// use purvey::model::{Amount, Interval};
    ///
    /// let vocabulary = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default().vocabulary;
    /// let unit = |id: &str| vocabulary.terms.unit_ix(id).unwrap_or_default();
    /// let tonnes = Interval::more_than(Amount::from(2));
    /// let kilograms = vocabulary.convert(&tonnes, unit("tonne"), unit("kilogram"));
    /// assert_eq!(kilograms, Some(Interval::more_than(Amount::from(2_000))));
    /// assert_eq!(vocabulary.convert(&tonnes, unit("kilogram"), unit("tonne")), None);
    /// ```
    pub fn convert(&self, interval: &Interval, from: UnitIx, to: UnitIx) -> Option<Interval> {
        let mut converted = *interval;
        for (unit, factor) in self.chain(from) {
            if let Some(factor) = factor {
                let times = |bound: Option<Amount>| match bound {
                    Some(amount) => amount.checked_mul(factor).map(Some),
                    None => Some(None),
                };
                converted = Interval { low: times(converted.low)?, high: times(converted.high)?, ..converted };
            }
            if unit == to {
                return Some(converted);
            }
        }
        None
    }

    /// The unit, and those it converts to one after the other, each with the factor from the one before it.
    fn chain(&self, unit: UnitIx) -> impl Iterator<Item = (UnitIx, Option<Amount>)> {
        let next = |(unit, _): &(UnitIx, Option<Amount>)| {
            let at = self.conversions.binary_search_by_key(unit, |it| it.from).ok()?;
            self.conversions.get(at).map(|it| (it.to, Some(it.factor)))
        };
        // A vocabulary made by hand may hold a circle; none is walked twice.
        std::iter::successors(Some((unit, None)), next).take(self.conversions.len().saturating_add(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units 0 to 5: 0 is 2 of 1, 1 is 3 of 2, 3 is 5 of 2; 4 and 5 lead round in a circle.
    fn vocabulary() -> Vocabulary {
        let conversion = |from: u16, factor: u64, to: u16| Conversion {
            from: UnitIx(from),
            factor: Amount::from(factor),
            to: UnitIx(to),
            source: "test".into(),
        };
        let conversions = vec![
            conversion(0, 2, 1),
            conversion(1, 3, 2),
            conversion(3, 5, 2),
            conversion(4, 1, 5),
            conversion(5, 1, 4),
        ];
        Vocabulary { conversions, ..Vocabulary::default() }
    }

    #[test]
    fn units_meet_where_their_chains_do() {
        let vocabulary = vocabulary();
        for (units, expected) in [
            (&[0][..], Some(0)),
            (&[0, 0], Some(0)),
            (&[0, 1], Some(1)),
            (&[1, 0], Some(1)),
            (&[0, 1, 2], Some(2)),
            (&[0, 3], Some(2)),
            (&[0, 1, 0, 3], Some(2)),
            (&[0, 4], None),
            (&[9, 9], Some(9)),
            (&[9, 0], None),
            (&[], None),
        ] {
            let units: Vec<UnitIx> = units.iter().map(|it| UnitIx(*it)).collect();
            assert_eq!(vocabulary.common_unit(&units), expected.map(UnitIx), "{units:?}");
        }
    }

    #[test]
    fn an_interval_is_multiplied_along_its_chain() {
        let vocabulary = vocabulary();
        let convert = |interval: Interval, from, to| vocabulary.convert(&interval, UnitIx(from), UnitIx(to));
        let n = |value: u64| Amount::from(value);
        assert_eq!(convert(Interval::more_than(n(7)), 0, 2), Some(Interval::more_than(n(42))));
        assert_eq!(convert(Interval::about(n(7)), 3, 2), Some(Interval::about(n(35))));
        assert_eq!(convert(Interval::less_than(n(7)), 1, 1), Some(Interval::less_than(n(7))));
        assert_eq!(convert(Interval::default(), 0, 1), Some(Interval::default()));
        assert_eq!(convert(Interval::exact(n(7)), 2, 0), None);
        assert_eq!(convert(Interval::exact(n(7)), 4, 0), None);
        let largest = Amount::parse("79228162514264337593543950335").unwrap();
        assert_eq!(convert(Interval::at_most(largest), 0, 1), None);
    }
}
