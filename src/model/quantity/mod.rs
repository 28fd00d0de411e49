//! How many or how much, as the source hedges it.
//!
//! A [`Quantity`] is read from text with a vocabulary, [`Terms`]. It holds an [`Interval`] of exact [`Amount`]s, which adds up and
//! compares, a unit, and the text as written.
//!
//! `mod.rs` holds the quantity, `parse.rs` reads it (with `lex.rs` and `numeral.rs`), `terms.rs` is the vocabulary, `interval.rs` and
//! `amount.rs` compute.

mod amount;
mod error;
mod interval;
mod lex;
mod numeral;
mod parse;
mod terms;

pub use amount::{Amount, AmountError};
pub use error::{IntervalError, QuantityError, QuantityErrorKind, TermsError};
pub use interval::{Interval, Verdict};
pub use terms::{Bound, Hedge, Terms, Unit};

/// The index of a unit in [`Terms::units`].
///
/// # Example
///
/// ```
/// use purvey::model::quantity::UnitIx;
///
/// assert!(UnitIx(0) < UnitIx(1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIx(pub u16);

impl UnitIx {
    /// The index as a position in a slice.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A hedged figure with its unit.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Bound, Hedge, Interval, Quantity, Terms, Unit, UnitIx};
///
/// let unit = |id: &str, plural: &str| Unit { id: id.into(), plural: plural.into(), names: vec![], dimension: id.into() };
/// let hedge = |words: &str, bound| Hedge { words: vec![words.into()], bound };
/// let terms = Terms::new(
///     vec![unit("piece", "pieces"), unit("round", "rounds")],
///     vec![hedge("as many as", Bound::High)],
///     Amount::parse("0.1")?,
/// )?;
///
/// let shells = Quantity::parse("as many as 9 million rounds", &terms, UnitIx(0))?;
/// assert_eq!(shells.interval, Interval::at_most(Amount::from(9_000_000)));
/// assert_eq!((shells.unit, shells.unit_named), (UnitIx(1), true));
/// assert_eq!(shells.number_words(&terms), "as many as 9 million");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    /// The amounts that it allows.
    pub interval: Interval,
    /// What is counted or measured.
    pub unit: UnitIx,
    /// Whether the text names the unit; if not, it is the default one.
    pub unit_named: bool,
    /// The text as written, without white space around it.
    pub text: Box<str>,
}

impl Quantity {
    /// Reads `[hedge] number [scale] [unit]`, or a vague hedge alone. A text that names no unit gets `default_unit`; whether
    /// a named unit fits is the caller's to check.
    ///
    /// | text | meaning |
    /// | --- | --- |
    /// | `9,000,000`, `9000000`, `9 000 000`, `1.5` | digits; no-break spaces too |
    /// | `9 million`, `9m`, `3bn`, `35k`, `3 hundred thousand` | hundred, thousand (k), million (m, mn), billion (b, bn), trillion (tn), dozen |
    /// | `twelve`, `twenty-five`, `a dozen`, `a million`, `half a million` | words below a hundred |
    /// | `at least 100`, `100 or more`, `100+`, `about at least 100` | hedges of the vocabulary, before the number or after it |
    /// | `10 to 20`, `10–20`, `between 10 and 20`, `from 10 to 20` | both ends included |
    /// | `1 to 2 million` | the scale holds for both, unless the range would be reversed by it (`800,000 to 1 million`) |
    /// | `a few hundred`, `a few hundred thousand` | vague hedges of the vocabulary, which a scale may follow |
    /// | `9 million rounds`, `18 %`, `$3 billion` | units of the vocabulary |
    ///
    /// A suffix right behind the digits is a scale (`9m` is nine million); after a space, a unit of that name comes first.
    ///
    /// # Errors
    ///
    /// [`QuantityError`], with the bytes at fault. A word that is neither a number, a hedge nor a unit is never ignored.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval, Quantity, Terms, UnitIx};
    ///
    /// let terms = Terms::new(vec![], vec![], Amount::parse("0.1")?)?;
    /// let quantity = Quantity::parse("half a million", &terms, UnitIx(0))?;
    /// assert_eq!(quantity.interval, Interval::exact(Amount::from(500_000)));
    ///
    /// let error = Quantity::parse("20 to 10", &terms, UnitIx(0)).unwrap_err();
    /// assert_eq!(error.to_string(), "the range ends at 10, below its beginning 20; swap the two");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str, terms: &Terms, default_unit: UnitIx) -> Result<Quantity, QuantityError> {
        let parts = parse::parts(text, terms)?;
        Ok(Quantity {
            interval: parts.interval,
            unit: parts.unit.unwrap_or(default_unit),
            unit_named: parts.unit.is_some(),
            text: text.trim().into(),
        })
    }

    /// The figure as written, with its hedge and without its unit: "at least 100". If the text can't be read with these terms,
    /// all of it.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Quantity, Terms, Unit, UnitIx};
    ///
    /// let dollar = Unit {
    ///     id: "us-dollar".into(),
    ///     plural: "US dollars".into(),
    ///     names: vec!["$".into()],
    ///     dimension: "money".into(),
    /// };
    /// let terms = Terms::new(vec![dollar], vec![], Amount::parse("0.1")?)?;
    /// let quantity = Quantity::parse("$3 billion", &terms, UnitIx(0))?;
    /// assert_eq!(quantity.number_words(&terms), "3 billion");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn number_words(&self, terms: &Terms) -> String {
        if !self.unit_named {
            return self.text.to_string();
        }
        let Ok(parts) = parse::parts(&self.text, terms) else {
            return self.text.to_string();
        };
        let mut words = String::with_capacity(self.text.len());
        let mut from = 0;
        for range in parts.unit_ranges.iter().chain([&(self.text.len()..self.text.len())]) {
            let piece = self.text.get(from..range.start).unwrap_or_default();
            let gap = words.ends_with(char::is_whitespace) || piece.starts_with(char::is_whitespace);
            words.truncate(words.trim_end().len());
            let piece = piece.trim_start();
            if gap && !words.is_empty() && !piece.is_empty() {
                words.push(' ');
            }
            words.push_str(piece);
            from = range.end;
        }
        words.truncate(words.trim_end().len());
        words
    }

    /// The figure with its unit, for people: the text as written if it names the unit, else with the unit added.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Quantity, Terms, Unit, UnitIx};
    ///
    /// let barrel =
    ///     Unit { id: "barrel".into(), plural: "barrels".into(), names: vec!["bbl".into()], dimension: "volume".into() };
    /// let terms = Terms::new(vec![barrel], vec![], Amount::parse("0.1")?)?;
    /// let words = |text| Quantity::parse(text, &terms, UnitIx(0)).map(|it| it.to_words(&terms));
    /// assert_eq!(words("500,000 or more")?, "500,000 or more barrels");
    /// assert_eq!(words("one")?, "one barrel");
    /// assert_eq!(words("500,000 bbl")?, "500,000 bbl");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_words(&self, terms: &Terms) -> String {
        match terms.unit(self.unit) {
            Some(unit) if !self.unit_named => {
                format!("{} {}", self.text, unit.name_for(&self.interval))
            }
            _ => self.text.to_string(),
        }
    }
}

impl Unit {
    /// Its name in the singular: the id without hyphens, in the spelling of a name that is the same but for case.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Unit;
    ///
    /// let names = vec!["$".into(), "US dollar".into()];
    /// let dollar = Unit { id: "us-dollar".into(), plural: "US dollars".into(), names, dimension: "money".into() };
    /// assert_eq!(dollar.singular(), "US dollar");
    /// ```
    pub fn singular(&self) -> String {
        let plain = self.id.replace('-', " ");
        let spelled = self.names.iter().find(|name| name.to_lowercase() == plain);
        spelled.map_or(plain, |name| name.to_string())
    }

    /// The singular for one, else the plural.
    fn name_for(&self, interval: &Interval) -> String {
        let is_one = |bound: Option<Amount>| bound.is_none_or(|bound| bound == Amount::from(1));
        let bounded = interval.low.is_some() || interval.high.is_some();
        if bounded && is_one(interval.low) && is_one(interval.high) && !interval.vague {
            self.singular()
        } else {
            self.plural.to_string()
        }
    }
}
