//! What a hedged figure allows: an interval, and how two of them compare.

use super::{Amount, IntervalError};

/// The amounts that a figure allows. Sources hedge ("at least", "up to"), so a figure is an interval, and no figure is made up.
///
/// | said | interval |
/// | --- | --- |
/// | "N" | low = high = N |
/// | "at least N" | low N |
/// | "more than N" | low N, open |
/// | "as many as N", "no more than N" | high N |
/// | "about N" | low = high = N, approximate |
/// | "a few hundred" | low 200, vague |
///
/// A bound that is none is not known; amounts are never negative. An approximate interval means more than its bounds say:
/// [`widened`](Self::widened) gives what it allows.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Interval};
///
/// let troops = Interval::more_than(Amount::from(11_000));
/// let more_troops = Interval::exact(Amount::from(3_000));
/// assert_eq!(troops.plus(&more_troops), Ok(Interval::more_than(Amount::from(14_000))));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The lower bound, if one is known.
    pub low: Option<Amount>,
    /// The upper bound, if one is known; not below the lower one.
    pub high: Option<Amount>,
    /// The lower bound itself is left out: "more than".
    pub low_open: bool,
    /// The upper bound itself is left out: "fewer than".
    pub high_open: bool,
    /// The bounds are approximate: "about".
    pub approximate: bool,
    /// The bounds stand for words, not for a figure: "a few hundred".
    pub vague: bool,
}

/// A quantity against a cap.
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, Interval, Verdict};
///
/// let cap = Interval::at_most(Amount::from(500_000));
/// let margin = Amount::parse("0.1")?;
/// assert_eq!(Interval::exact(Amount::from(4)).against_cap(&cap, margin), Verdict::Within);
/// # Ok::<(), purvey::model::quantity::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every amount it allows is above the cap.
    Exceeds,
    /// Some are above the cap and some are not.
    MayExceed,
    /// None is above the cap.
    Within,
    /// There is no figure, or no cap, to compare.
    Unknown,
}

impl Interval {
    /// "N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(Interval::exact(Amount::from(43)).is_exact());
    /// ```
    pub fn exact(amount: Amount) -> Interval {
        Interval { low: Some(amount), high: Some(amount), ..Interval::default() }
    }

    /// "at least N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert_eq!(Interval::at_least(Amount::from(100)).high, None);
    /// ```
    pub fn at_least(amount: Amount) -> Interval {
        Interval { low: Some(amount), ..Interval::default() }
    }

    /// "more than N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(Interval::more_than(Amount::from(11_000)).low_open);
    /// ```
    pub fn more_than(amount: Amount) -> Interval {
        Interval { low_open: true, ..Interval::at_least(amount) }
    }

    /// "up to N", "no more than N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert_eq!(Interval::at_most(Amount::from(100)).low, None);
    /// ```
    pub fn at_most(amount: Amount) -> Interval {
        Interval { high: Some(amount), ..Interval::default() }
    }

    /// "fewer than N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(Interval::less_than(Amount::from(100)).high_open);
    /// ```
    pub fn less_than(amount: Amount) -> Interval {
        Interval { high_open: true, ..Interval::at_most(amount) }
    }

    /// "about N"
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(Interval::about(Amount::from(8_000)).approximate);
    /// ```
    pub fn about(amount: Amount) -> Interval {
        Interval { approximate: true, ..Interval::exact(amount) }
    }

    /// "from N to M", both included; none if N is above M.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(Interval::between(Amount::from(10), Amount::from(20)).is_some());
    /// assert!(Interval::between(Amount::from(20), Amount::from(10)).is_none());
    /// ```
    pub fn between(low: Amount, high: Amount) -> Option<Interval> {
        (low <= high).then(|| Interval { low: Some(low), high: Some(high), ..Interval::default() })
    }

    /// Whether it is one figure without a hedge.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// assert!(!Interval::about(Amount::from(43)).is_exact());
    /// ```
    pub fn is_exact(&self) -> bool {
        self.low.is_some() && *self == Interval { low: self.low, high: self.low, ..Interval::default() }
    }

    /// All that it allows: an approximate interval with each bound moved outwards by `margin`, a share of it, and no longer marked
    /// approximate. A bound that can't be moved exactly is given up, which allows more, never less.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// let margin = Amount::parse("0.1")?;
    /// let workers = Interval::about(Amount::from(8_000)).widened(margin);
    /// assert_eq!(Some(workers), Interval::between(Amount::from(7_200), Amount::from(8_800)));
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    #[must_use]
    pub fn widened(&self, margin: Amount) -> Interval {
        if !self.approximate {
            return *self;
        }
        let one = Amount::from(1);
        // A margin of more than the whole leaves nothing above zero below the bound.
        let less = one.checked_sub(margin).unwrap_or(Amount::ZERO);
        let low = self.low.and_then(|low| low.checked_mul(less));
        let high = self.high.and_then(|high| high.checked_mul(one.checked_add(margin)?));
        Interval { low, high, approximate: false, ..*self }
    }

    /// Whether no amount can be both, so that two figures for one thing contradict each other. Approximate ones count with
    /// `margin`, as a share. Both sides carry the same unit; nothing is converted here.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// let margin = Amount::parse("0.1")?;
    /// let about = Interval::about(Amount::from(100));
    /// assert!(!about.disjoint_from(&Interval::exact(Amount::from(110)), margin));
    /// assert!(about.disjoint_from(&Interval::exact(Amount::from(111)), margin));
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    pub fn disjoint_from(&self, other: &Interval, margin: Amount) -> bool {
        let (a, b) = (self.widened(margin), other.widened(margin));
        a.lies_below(&b) || b.lies_below(&a)
    }

    /// Whether every amount it allows is below every amount that the other does.
    fn lies_below(&self, other: &Interval) -> bool {
        match (self.high, other.low) {
            (Some(high), Some(low)) => high < low || (high == low && (self.high_open || other.low_open)),
            (None, _) | (_, None) => false,
        }
    }

    /// Whether both say the same: equal bounds and equal hedges. Figures that merely don't contradict each other, such as "at
    /// least 35,000" and "700,000", don't agree.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// let at_least = Interval::at_least(Amount::from(35_000));
    /// assert!(at_least.agrees(&Interval::at_least(Amount::from(35_000))));
    /// assert!(!at_least.agrees(&Interval::exact(Amount::from(700_000))));
    /// ```
    pub fn agrees(&self, other: &Interval) -> bool {
        self == other
    }

    /// The sum: each bound is the sum of both bounds. A lower bound that is not known counts as zero, since no amount is negative (none if neither is known);
    /// an upper bound is known only if both are. The sum is approximate or vague if either is, and the margin of an
    /// approximate sum covers those of its parts.
    ///
    /// Both sides carry the same unit; nothing is converted here.
    ///
    /// # Errors
    ///
    /// [`IntervalError::TooLarge`] if a bound needs more digits than an [`Amount`] holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// let (some, more) = (Interval::at_least(Amount::from(10)), Interval::at_most(Amount::from(5)));
    /// assert_eq!(some.plus(&more), Ok(Interval::at_least(Amount::from(10))));
    /// ```
    pub fn plus(&self, other: &Interval) -> Result<Interval, IntervalError> {
        let sum = |a: Amount, b: Amount| a.checked_add(b).ok_or(IntervalError::TooLarge { bounds: [a, b] });
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(sum(a, b)?),
            (known, None) | (None, known) => known,
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(sum(a, b)?),
            (None, _) | (_, None) => None,
        };
        Ok(Interval {
            low,
            high,
            low_open: (self.low.is_some() && self.low_open) || (other.low.is_some() && other.low_open),
            high_open: high.is_some() && (self.high_open || other.high_open),
            approximate: self.approximate || other.approximate,
            vague: self.vague || other.vague,
        })
    }

    /// All that either allows: the lower of the low bounds and the higher of the high ones, neither if one is not known.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval};
    ///
    /// let (some, exact) = (Interval::at_least(Amount::from(35_000)), Interval::exact(Amount::from(700_000)));
    /// assert_eq!(some.hull(&exact), Interval::at_least(Amount::from(35_000)));
    /// ```
    #[must_use]
    pub fn hull(&self, other: &Interval) -> Interval {
        let bound = |a: Option<Amount>, b: Option<Amount>, pick: fn(Amount, Amount) -> Amount| Some(pick(a?, b?));
        let low = bound(self.low, other.low, Ord::min);
        let high = bound(self.high, other.high, Ord::max);
        // A bound is left out only if all that give it leave it out.
        let is_open = |of: fn(&Interval) -> (Option<Amount>, bool), bound: Option<Amount>| {
            bound.is_some() && [self, other].into_iter().map(of).filter(|it| it.0 == bound).all(|it| it.1)
        };
        Interval {
            low,
            high,
            low_open: is_open(|it| (it.low, it.low_open), low),
            high_open: is_open(|it| (it.high, it.high_open), high),
            approximate: self.approximate || other.approximate,
            vague: self.vague || other.vague,
        }
    }

    /// Judges a reported quantity against a cap, which is the cap's upper bound.
    ///
    /// The verdict keeps the doubt: [`Exceeds`](Verdict::Exceeds) if the cap is below the lower bound, or equal to it and either
    /// bound is open; [`Within`](Verdict::Within) if the upper bound is not above the cap; else [`MayExceed`](Verdict::MayExceed).
    /// [`Unknown`](Verdict::Unknown) if the quantity has no bound at all or the cap no upper one. What is approximate counts with `margin`, a
    /// share of it. Both sides carry the same unit; nothing is converted here.
    ///
    /// # Example
    ///
    /// The cap: UN Security Council resolution 2397 (2017), paragraph 5, refined petroleum per year.
    ///
    /// ```
    /// use purvey::model::quantity::{Amount, Interval, Verdict};
    ///
    /// let margin = Amount::parse("0.1")?;
    /// let cap = Interval::at_most(Amount::from(500_000));
    /// let judge = |reported: Interval| reported.against_cap(&cap, margin);
    /// assert_eq!(judge(Interval::more_than(Amount::from(1_000_000))), Verdict::Exceeds);
    /// assert_eq!(judge(Interval::at_most(Amount::from(600_000))), Verdict::MayExceed);
    /// assert_eq!(judge(Interval::about(Amount::from(500_000))), Verdict::MayExceed);
    /// assert_eq!(judge(Interval::at_most(Amount::from(500_000))), Verdict::Within);
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    pub fn against_cap(&self, cap: &Interval, margin: Amount) -> Verdict {
        let reported = self.widened(margin);
        let Some(stated_cap) = cap.high else {
            return Verdict::Unknown;
        };
        if reported.low.is_none() && reported.high.is_none() {
            return Verdict::Unknown;
        }
        // An approximate cap may be meant as low or as high as its margin.
        let bare = Interval { approximate: cap.approximate, ..Interval::exact(stated_cap) }.widened(margin);
        let low = reported.low.unwrap_or(Amount::ZERO);
        let low_open = reported.low.is_some() && reported.low_open;
        let exceeds =
            bare.high.is_some_and(|cap_high| cap_high < low || (cap_high == low && (low_open || cap.high_open)));
        let within = match (reported.high, bare.low) {
            (Some(high), Some(cap_low)) => {
                high < cap_low || (high == cap_low && (reported.high_open || !cap.high_open))
            }
            (None, _) | (_, None) => false,
        };
        match (exceeds, within) {
            (true, _) => Verdict::Exceeds,
            (false, true) => Verdict::Within,
            (false, false) => Verdict::MayExceed,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::amount::tests::any_amount;
    use super::*;

    fn tenth() -> Amount {
        Amount::parse("0.1").unwrap()
    }

    fn n(value: u64) -> Amount {
        Amount::from(value)
    }

    #[test]
    fn figures_contradict_each_other_or_not() {
        let about = Interval::about;
        for (a, b, expected) in [
            (Interval::exact(n(5)), Interval::exact(n(5)), false),
            (Interval::exact(n(5)), Interval::exact(n(6)), true),
            (Interval::at_least(n(5)), Interval::exact(n(5)), false),
            (Interval::more_than(n(5)), Interval::exact(n(5)), true),
            (Interval::at_least(n(5)), Interval::at_most(n(4)), true),
            (Interval::more_than(n(5)), Interval::at_most(n(5)), true),
            (Interval::at_least(n(5)), Interval::less_than(n(5)), true),
            (Interval::at_least(n(35_000)), Interval::exact(n(700_000)), false),
            (about(n(100)), Interval::exact(n(90)), false),
            (about(n(100)), Interval::exact(n(89)), true),
            (about(n(100)), about(n(120)), false),
            (about(n(100)), about(n(150)), true),
            (Interval::default(), Interval::exact(n(5)), false),
        ] {
            assert_eq!(a.disjoint_from(&b, tenth()), expected, "{a:?} {b:?}");
            assert_eq!(b.disjoint_from(&a, tenth()), expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn agreeing_takes_the_same_hedge() {
        let five = Interval::exact(n(5));
        assert!(five.agrees(&Interval::exact(Amount::parse("5.0").unwrap())));
        for other in [Interval::about(n(5)), Interval::at_least(n(5)), Interval::at_most(n(5)), Interval::exact(n(6))] {
            assert!(!five.agrees(&other), "{other:?}");
        }
    }

    #[test]
    fn a_quantity_is_judged_against_a_cap() {
        let cap = Interval::at_most(n(500));
        for (reported, expected) in [
            (Interval::at_least(n(600)), Verdict::Exceeds),
            (Interval::at_least(n(500)), Verdict::MayExceed),
            (Interval::more_than(n(500)), Verdict::Exceeds),
            (Interval::exact(n(500)), Verdict::Within),
            (Interval::exact(n(501)), Verdict::Exceeds),
            (Interval::at_most(n(501)), Verdict::MayExceed),
            (Interval::less_than(n(500)), Verdict::Within),
            (Interval::at_least(n(1)), Verdict::MayExceed),
            (Interval::about(n(1000)), Verdict::Exceeds),
            (Interval::about(n(540)), Verdict::MayExceed),
            (Interval::about(n(460)), Verdict::MayExceed),
            (Interval::about(n(454)), Verdict::Within),
            (Interval::default(), Verdict::Unknown),
            (Interval { vague: true, ..Interval::at_least(n(200)) }, Verdict::MayExceed),
        ] {
            assert_eq!(reported.against_cap(&cap, tenth()), expected, "{reported:?}");
        }
        assert_eq!(Interval::exact(n(5)).against_cap(&Interval::at_least(n(4)), tenth()), Verdict::Unknown);
        assert_eq!(Interval::exact(n(500)).against_cap(&Interval::less_than(n(500)), tenth()), Verdict::Exceeds);
        assert_eq!(Interval::exact(n(500)).against_cap(&Interval::about(n(480)), tenth()), Verdict::MayExceed);
        assert_eq!(Interval::exact(n(500)).against_cap(&Interval::about(n(400)), tenth()), Verdict::Exceeds);
    }

    #[test]
    fn a_bound_too_large_is_an_error() {
        let largest = Amount::parse("79228162514264337593543950335").unwrap();
        assert!(Interval::exact(largest).plus(&Interval::exact(n(1))).is_err());
        // The margin of the largest amount doesn't fit: that bound is given up, and nothing is judged too sharply.
        assert_eq!(Interval::about(largest).widened(tenth()).high, None);
    }

    /// Bounds in steps of 1 and members in steps of 1/4, so that an open interval has members too. No member is above 40.
    const QUARTERS: u64 = 160;

    fn small_interval() -> impl Strategy<Value = Interval> {
        let bound = || prop::option::of(0u64..8);
        (bound(), bound(), any::<bool>(), any::<bool>(), any::<bool>()).prop_filter_map(
            "empty",
            |(a, b, low_open, high_open, approximate)| {
                let (low, high) = if a.is_some() && b.is_some() { (a.min(b), a.max(b)) } else { (a, b) };
                let interval =
                    Interval { low: low.map(n), high: high.map(n), low_open, high_open, approximate, vague: false };
                (!members(&interval).is_empty()).then_some(interval)
            },
        )
    }

    fn members(interval: &Interval) -> Vec<Amount> {
        let wide = interval.widened(tenth());
        let quarter = Amount::parse("0.25").unwrap();
        let above = |it: Amount| wide.low.is_none_or(|low| if wide.low_open { it > low } else { it >= low });
        let below = |it: Amount| wide.high.is_none_or(|high| if wide.high_open { it < high } else { it <= high });
        (0..QUARTERS).filter_map(|it| n(it).checked_mul(quarter)).filter(|it| above(*it) && below(*it)).collect()
    }

    proptest! {
        #[test]
        fn a_sum_holds_every_sum_of_members(a in small_interval(), b in small_interval()) {
            let sum = a.plus(&b).unwrap().widened(tenth());
            for x in members(&a) {
                for y in members(&b) {
                    let both = Interval::exact(x.checked_add(y).unwrap());
                    prop_assert!(!sum.disjoint_from(&both, tenth()), "{:?} + {:?} not in {:?}", x, y, sum);
                }
            }
        }

        #[test]
        fn a_verdict_equals_its_brute_force(reported in small_interval(), cap in 0u64..8, cap_open: bool) {
            let cap = Interval { high_open: cap_open, ..Interval::at_most(n(cap)) };
            // The members of an approximate interval are too coarse a grid for "every".
            let reported = Interval { approximate: false, ..reported };
            prop_assume!(!members(&reported).is_empty());
            let limit = cap.high.unwrap();
            let above = |it: &Amount| if cap_open { *it >= limit } else { *it > limit };
            let members = members(&reported);
            let expected = if reported.low.is_none() && reported.high.is_none() {
                Verdict::Unknown
            } else if members.iter().all(above) {
                Verdict::Exceeds
            } else if members.iter().any(above) {
                Verdict::MayExceed
            } else {
                Verdict::Within
            };
            prop_assert_eq!(reported.against_cap(&cap, tenth()), expected);
        }

        #[test]
        fn disjoint_intervals_share_no_member(a in small_interval(), b in small_interval()) {
            let theirs = members(&b);
            let shared = members(&a).iter().any(|it| theirs.contains(it));
            prop_assert!(!(shared && a.disjoint_from(&b, tenth())));
            let (a, b) = (Interval { approximate: false, ..a }, Interval { approximate: false, ..b });
            prop_assume!(!members(&a).is_empty() && !members(&b).is_empty());
            let theirs = members(&b);
            prop_assert_eq!(a.disjoint_from(&b, tenth()), !members(&a).iter().any(|it| theirs.contains(it)));
        }

        #[test]
        fn no_amounts_panic(a in any_amount(), b in any_amount(), margin in any_amount()) {
            for interval in [Interval::about(a), Interval::at_least(a), Interval::less_than(a)] {
                let _ = (interval.plus(&Interval::about(b)), interval.against_cap(&Interval::about(b), margin));
                let _ = interval.disjoint_from(&Interval::about(b), margin);
            }
        }
    }
}
