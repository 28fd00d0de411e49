//! The vocabulary of quantities: units and hedges, and their index by words.

use std::collections::HashMap;

use super::error::quoted;
use super::lex::Lexed;
use super::{Amount, TermsError, UnitIx};

/// A unit of the vocabulary.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::Unit;
///
/// let barrel =
///     Unit { id: "barrel".into(), plural: "barrels".into(), names: vec!["bbl".into()], dimension: "volume-of-oil".into() };
/// assert_eq!(&*barrel.id, "barrel");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// A slug in the singular; with spaces for hyphens it is also a name.
    pub id: Box<str>,
    /// The name for more than one; also a name that texts use.
    pub plural: Box<str>,
    /// Other names, and signs such as `$`. A name with a currency sign, or of three capital letters, may stand before the number.
    pub names: Vec<Box<str>>,
    /// What is measured; units of one dimension are of one kind.
    pub dimension: Box<str>,
}

impl Unit {
    /// Whether a text is one of its names, whatever the case: `Rounds`.
    ///
    /// ```
    /// use purvey::model::quantity::Unit;
    ///
    /// let barrel =
    ///     Unit { id: "barrel".into(), plural: "barrels".into(), names: vec!["bbl".into()], dimension: "volume".into() };
    /// assert!(barrel.is_called("Barrels") && !barrel.is_called("litres"));
    /// ```
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let names = [&self.id, &self.plural].into_iter().chain(&self.names);
        names.into_iter().any(|it| it.to_lowercase() == text || it.replace('-', " ").to_lowercase() == text)
    }
}

/// What a hedge makes of the number beside it.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Bound};
///
/// let a_few_hundred = Bound::Vague { low: Some(Amount::from(200)), high: None };
/// assert_ne!(a_few_hundred, Bound::Low);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// At least it.
    Low,
    /// More than it.
    LowOpen,
    /// At most it.
    High,
    /// Fewer than it.
    HighOpen,
    /// About it.
    Approximate,
    /// Stands for a number itself.
    Vague {
        /// The least it can mean.
        low: Option<Amount>,
        /// The most it can mean.
        high: Option<Amount>,
    },
}

/// Words that hedge a number.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Bound, Hedge};
///
/// let hedge = Hedge { words: vec!["at least".into(), "no fewer than".into()], bound: Bound::Low };
/// assert_eq!(hedge.words.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hedge {
    /// Phrases of one meaning. One that begins with "or", "and", "plus" or "+" stands only after the number.
    pub words: Vec<Box<str>>,
    /// The meaning.
    pub bound: Bound,
}

/// The vocabulary that quantities are read with, indexed by its words.
///
/// Case and white space don't count. Of two definitions of one word the later one wins, and of several phrases that fit the
/// longest. "or more", "or fewer", "or less" and "+" after a number are known from the start.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Bound, Hedge, Terms, Unit, UnitIx};
///
/// let round = Unit { id: "round".into(), plural: "rounds".into(), names: vec![], dimension: "rounds".into() };
/// let up_to = Hedge { words: vec!["as many as".into()], bound: Bound::High };
/// let terms = Terms::new(vec![round], vec![up_to], Amount::parse("0.1")?)?;
/// assert_eq!(terms.unit_ix("round"), Some(UnitIx(0)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Terms {
    units: Vec<Unit>,
    hedges: Vec<Hedge>,
    margin: Amount,
    /// Phrases as [`Lexed::normal`] has them. Only ever looked up, so its order reaches nothing.
    index: HashMap<Box<str>, Entry>,
    /// What a misspelt word is compared with.
    words: Vec<Word>,
}

/// A name or phrase, with what comparing needs of it: a file of a hundred thousand misspelt words compares them all.
#[derive(Clone, Debug)]
struct Word {
    /// As the vocabulary has it.
    name: Box<str>,
    /// As [`Lexed::normal`] has it.
    normal: Box<str>,
    tokens: usize,
    letters: usize,
}

/// Of longer words nothing is near; this bounds the work on hostile text.
const LONGEST: usize = 40;

impl PartialEq for Terms {
    /// The index follows from the rest.
    fn eq(&self, other: &Terms) -> bool {
        (&self.units, &self.hedges, self.margin) == (&other.units, &other.hedges, other.margin)
    }
}

impl Eq for Terms {}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    meanings: Meanings,
    /// The number of tokens of the longest phrase that begins with this one; set where this is a single token.
    longest: usize,
}

/// What a phrase means; it may be both, such as "m".
#[derive(Clone, Copy, Debug, Default)]
struct Meanings {
    unit: Option<Named>,
    hedge: Option<Hedged>,
}

/// A unit, by one of its names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    pub(super) unit: UnitIx,
    /// The name may stand before the number.
    pub(super) prefix: bool,
}

/// A hedge, by one of its phrases.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hedged {
    pub(super) bound: Bound,
    /// The phrase stands only after the number.
    pub(super) only_after: bool,
}

impl Word {
    fn new(name: &str) -> Word {
        let lexed = Lexed::new(name);
        let normal: Box<str> = lexed.normal().into();
        Word { name: name.into(), letters: normal.chars().count(), normal, tokens: lexed.tokens.len() }
    }
}

impl Terms {
    /// Indexes a vocabulary. `margin` is how far off an approximate figure may be, as a share of it.
    ///
    /// # Errors
    ///
    /// [`TermsError`] for more than 65,536 units, an empty name, or a vague hedge whose bounds are reversed.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms};
    ///
    /// let terms = Terms::new(vec![], vec![], Amount::parse("0.1")?)?;
    /// assert!(terms.units().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(units: Vec<Unit>, hedges: Vec<Hedge>, margin: Amount) -> Result<Terms, TermsError> {
        let mut terms = Terms { units: vec![], hedges: vec![], margin, index: HashMap::new(), words: vec![] };
        for (words, bound) in
            [("or more", Bound::Low), ("or fewer", Bound::High), ("or less", Bound::High), ("+", Bound::Low)]
        {
            terms.add_hedge(words, words, bound)?;
        }
        for (index, unit) in units.iter().enumerate() {
            let ix = UnitIx(u16::try_from(index).map_err(|_| TermsError::TooManyUnits { count: units.len() })?);
            terms.add_unit(unit, &unit.id, ix)?;
            terms.add_unit(unit, &unit.id.replace('-', " "), ix)?;
            for name in std::iter::once(&unit.plural).chain(&unit.names) {
                terms.add_unit(unit, name, ix)?;
            }
        }
        for hedge in &hedges {
            let first = hedge.words.first().map_or("", |words| words);
            if let Bound::Vague { low: Some(low), high: Some(high) } = hedge.bound
                && high < low
            {
                return Err(TermsError::Reversed { words: quoted(first) });
            }
            for words in &hedge.words {
                terms.add_hedge(first, words, hedge.bound)?;
            }
        }
        let names = units.iter().flat_map(|unit| [&unit.id, &unit.plural].into_iter().chain(&unit.names));
        let phrases = hedges.iter().flat_map(|hedge| &hedge.words);
        terms.words = names.chain(phrases).filter(|name| name.len() <= LONGEST).map(|name| Word::new(name)).collect();
        Ok(Terms { units, hedges, ..terms })
    }

    fn add_unit(&mut self, unit: &Unit, name: &str, ix: UnitIx) -> Result<(), TermsError> {
        let code = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_uppercase());
        let prefix = code || name.contains(is_currency_sign);
        self.entry(&unit.id, name)?.unit = Some(Named { unit: ix, prefix });
        Ok(())
    }

    fn add_hedge(&mut self, first: &str, words: &str, bound: Bound) -> Result<(), TermsError> {
        let only_after = matches!(Lexed::new(words).phrase(0, 1), Some("or" | "and" | "plus" | "+"));
        self.entry(first, words)?.hedge = Some(Hedged { bound, only_after });
        Ok(())
    }

    /// The meanings of a phrase, to be added to.
    fn entry(&mut self, of: &str, phrase: &str) -> Result<&mut Meanings, TermsError> {
        let lexed = Lexed::new(phrase);
        let Some(first) = lexed.phrase(0, 1) else {
            return Err(TermsError::EmptyName { of: quoted(of) });
        };
        let longest = &mut self.index.entry(first.into()).or_default().longest;
        *longest = lexed.tokens.len().max(*longest);
        Ok(&mut self.index.entry(lexed.normal().into()).or_default().meanings)
    }

    /// The longest unit name that stands at a token, and its number of tokens.
    pub(super) fn unit_at(&self, lexed: &Lexed, at: usize) -> Option<(Named, usize)> {
        self.longest_at(lexed, at, |meanings| meanings.unit)
    }

    /// The longest hedge that stands at a token, and its number of tokens.
    pub(super) fn hedge_at(&self, lexed: &Lexed, at: usize) -> Option<(Hedged, usize)> {
        self.longest_at(lexed, at, |meanings| meanings.hedge)
    }

    fn longest_at<T>(&self, lexed: &Lexed, at: usize, of: impl Fn(Meanings) -> Option<T>) -> Option<(T, usize)> {
        let first = self.index.get(lexed.phrase(at, 1)?)?;
        let left = lexed.tokens.len().saturating_sub(at);
        let longer = (2..=first.longest.min(left)).rev().find_map(|count| {
            let entry = self.index.get(lexed.phrase(at, count)?)?;
            Some((of(entry.meanings)?, count))
        });
        longer.or_else(|| Some((of(first.meanings)?, 1)))
    }

    /// The names of units and hedges that are closest to the words at a token, closest first, at most five.
    pub(super) fn near(&self, lexed: &Lexed, at: usize) -> Vec<String> {
        let mut near: Vec<(usize, &str)> = vec![];
        for word in &self.words {
            // As many words as the name has, or one in which they are run together.
            for count in [word.tokens, 1] {
                let Some(found) = lexed.phrase(at, count).filter(|found| found.len() <= LONGEST) else {
                    continue;
                };
                // A third of the letters may be wrong: one of two, two of five.
                let letters = found.chars().count();
                let allowed = letters.saturating_add(1).checked_div(3).unwrap_or_default();
                if letters.abs_diff(word.letters) > allowed {
                    continue;
                }
                let distance = edit_distance(found, &word.normal);
                if distance <= allowed {
                    near.push((distance, &word.name));
                }
            }
        }
        near.sort_unstable();
        near.dedup();
        near.into_iter().take(5).map(|(_, name)| name.to_string()).collect()
    }

    /// All units, in the order of their [`UnitIx`].
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms};
    ///
    /// assert_eq!(Terms::new(vec![], vec![], Amount::ZERO)?.units(), []);
    /// # Ok::<(), purvey::model::quantity::TermsError>(())
    /// ```
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// All hedges that were given.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms};
    ///
    /// assert_eq!(Terms::new(vec![], vec![], Amount::ZERO)?.hedges(), []);
    /// # Ok::<(), purvey::model::quantity::TermsError>(())
    /// ```
    pub fn hedges(&self) -> &[Hedge] {
        &self.hedges
    }

    /// How far off an approximate figure may be, as a share of it.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms};
    ///
    /// let tenth = Amount::parse("0.1")?;
    /// assert_eq!(Terms::new(vec![], vec![], tenth)?.margin(), tenth);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn margin(&self) -> Amount {
        self.margin
    }

    /// A unit by its index; none for an index of another vocabulary.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms, UnitIx};
    ///
    /// assert_eq!(Terms::new(vec![], vec![], Amount::ZERO)?.unit(UnitIx(7)), None);
    /// # Ok::<(), purvey::model::quantity::TermsError>(())
    /// ```
    pub fn unit(&self, ix: UnitIx) -> Option<&Unit> {
        self.units.get(usize::from(ix.0))
    }

    /// The index of a unit by its id; the last one, if several share it.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Terms};
    ///
    /// assert_eq!(Terms::new(vec![], vec![], Amount::ZERO)?.unit_ix("parsec"), None);
    /// # Ok::<(), purvey::model::quantity::TermsError>(())
    /// ```
    pub fn unit_ix(&self, id: &str) -> Option<UnitIx> {
        let index = self.units.iter().rposition(|unit| &*unit.id == id)?;
        u16::try_from(index).ok().map(UnitIx)
    }
}

/// The signs of Unicode's category Sc up to U+20CF, where all that are in use stand.
fn is_currency_sign(c: char) -> bool {
    matches!(c, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}')
}

/// How many letters must be changed, added or left out to make one text of the other (Levenshtein distance).
fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i.saturating_add(1);
        for (other, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            let changed = diagonal.saturating_add(usize::from(letter != other));
            diagonal = *cell;
            *cell = changed.min(cell.saturating_add(1)).min(left.saturating_add(1));
            left = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = i.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_words_is_counted() {
        for (a, b, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("barel", "barrel", 1),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
        ] {
            assert_eq!(edit_distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn the_later_definition_and_the_longer_phrase_win() {
        let unit = |id: &str, name: &str| Unit {
            id: id.into(),
            plural: format!("{id}s").into(),
            names: vec![name.into()],
            dimension: "x".into(),
        };
        let hedge = |words: &str, bound| Hedge { words: vec![words.into()], bound };
        let terms = Terms::new(
            vec![unit("ton", "t"), unit("tonne", "t"), unit("tonne-of-oil", "t of oil")],
            vec![hedge("at", Bound::Approximate), hedge("at least", Bound::High), hedge("at  LEAST", Bound::Low)],
            Amount::ZERO,
        )
        .unwrap();
        let unit_at = |text: &str| terms.unit_at(&Lexed::new(text), 0).map(|(named, count)| (named.unit.0, count));
        assert_eq!(unit_at("T"), Some((1, 1)));
        assert_eq!(unit_at("t of oil"), Some((2, 3)));
        assert_eq!(unit_at("t of gold"), Some((1, 1)));
        assert_eq!(unit_at("tonne-of-oil"), Some((2, 5)));
        assert_eq!(unit_at("tonne of oils"), Some((1, 1)));
        assert_eq!(unit_at("of"), None);
        let hedge_at = |text: &str| terms.hedge_at(&Lexed::new(text), 0).map(|(hedged, count)| (hedged.bound, count));
        assert_eq!(hedge_at("at least"), Some((Bound::Low, 2)));
        assert_eq!(hedge_at("at most"), Some((Bound::Approximate, 1)));
    }

    #[test]
    fn a_vocabulary_that_cannot_work_is_refused() {
        let unit = |name: &str| Unit { id: "x".into(), plural: name.into(), names: vec![], dimension: "x".into() };
        assert_eq!(
            Terms::new(vec![unit(" ")], vec![], Amount::ZERO).unwrap_err(),
            TermsError::EmptyName { of: "x".into() }
        );
        let many = vec![unit("xs"); 65_537];
        assert_eq!(Terms::new(many, vec![], Amount::ZERO).unwrap_err(), TermsError::TooManyUnits { count: 65_537 });
    }
}
