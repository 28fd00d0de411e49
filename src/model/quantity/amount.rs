//! An exact number that is not negative.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

/// The largest mantissa of a [`Decimal`], 96 bits.
const LARGEST_MANTISSA: i128 = (1 << 96) - 1;
/// The most decimals of a [`Decimal`].
const MOST_DECIMALS: u32 = 28;

/// How many or how much: an exact decimal number, never negative, never rounded.
///
/// It holds up to 28 digits, and keeps the decimals it was written with; `1.5` and `1.50` are equal. It has no unit: that stands
/// beside it in a [`Quantity`](super::Quantity).
///
/// # Example
///
/// ```
/// use purvey::model::quantity::Amount;
///
/// let rounds = Amount::parse("9000000")?;
/// assert_eq!(rounds, Amount::from(9_000_000));
/// assert_eq!(rounds.to_string(), "9000000");
/// assert_eq!(rounds.with_separators(), "9,000,000");
/// # Ok::<(), purvey::model::quantity::AmountError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// A text or number that is no [`Amount`].
///
/// # Example
///
/// ```
/// use purvey::model::quantity::{Amount, AmountError};
///
/// assert_eq!(Amount::parse("-5"), Err(AmountError::Malformed { found: "-5".into() }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// Something else than digits with at most one decimal point between them.
    #[error("`{found}` is not a number; write digits and a decimal point, such as `1500000` or `0.1`")]
    Malformed {
        /// As written.
        found: String,
    },
    /// More digits than an amount holds exactly.
    #[error("`{found}` has too many digits; an amount holds 28 of them exactly")]
    TooLarge {
        /// As written.
        found: String,
    },
}

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(Decimal::ZERO);

    /// Takes over a decimal number; none if it is negative.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    /// use rust_decimal::Decimal;
    ///
    /// assert_eq!(Amount::new(Decimal::from(5)), Some(Amount::from(5)));
    /// assert_eq!(Amount::new(Decimal::from(-5)), None);
    /// ```
    pub fn new(value: Decimal) -> Option<Amount> {
        // A mantissa of zero is never negative here, so that `-0` can't appear.
        Amount::from_parts(value.mantissa(), value.scale())
    }

    /// Reads digits with at most one decimal point: the notation of data files, without separators, signs or exponents.
    ///
    /// # Errors
    ///
    /// [`AmountError`] for any other text, and for more digits than fit.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// assert_eq!(Amount::parse("0.10")?.to_string(), "0.10");
    /// assert!(Amount::parse("1e6").is_err());
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Amount, AmountError> {
        let found = || super::error::quoted(text);
        let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) {
            return Err(AmountError::Malformed { found: found() });
        }
        Amount::from_digits(text).ok_or_else(|| AmountError::TooLarge { found: found() })
    }

    /// Reads the digits of a text, whatever stands between them; the last `.` is the decimal point. None if they don't fit.
    pub(super) fn from_digits(text: &str) -> Option<Amount> {
        let (mut mantissa, mut scale) = (0i128, None::<u32>);
        for byte in text.bytes() {
            if byte.is_ascii_digit() {
                mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(byte.checked_sub(b'0')?))?;
                scale = scale.map(|scale| scale.saturating_add(1));
            } else if byte == b'.' {
                scale = Some(0);
            }
        }
        Amount::from_parts(mantissa, scale.unwrap_or(0))
    }

    /// The number as a decimal.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// assert_eq!(Amount::from(5).value(), rust_decimal::Decimal::from(5));
    /// ```
    pub fn value(self) -> Decimal {
        self.0
    }

    /// The exact sum; none if it needs more digits than an amount holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// assert_eq!(Amount::from(11_000).checked_add(Amount::from(3_000)), Some(Amount::from(14_000)));
    /// ```
    pub fn checked_add(self, other: Amount) -> Option<Amount> {
        let (a, b, scale) = aligned(self, other)?;
        Amount::from_parts(a.checked_add(b)?, scale)
    }

    /// The exact difference; none if it is negative, or needs more digits than an amount holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// assert_eq!(Amount::from(5).checked_sub(Amount::from(3)), Some(Amount::from(2)));
    /// assert_eq!(Amount::from(3).checked_sub(Amount::from(5)), None);
    /// ```
    pub fn checked_sub(self, other: Amount) -> Option<Amount> {
        let (a, b, scale) = aligned(self, other)?;
        Amount::from_parts(a.checked_sub(b)?, scale)
    }

    /// The exact product, without zeros at the end of its decimals; none if it needs more digits than an amount holds.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// let half_a_million = Amount::parse("0.5")?.checked_mul(Amount::from(1_000_000));
    /// assert_eq!(half_a_million.map(|it| it.to_string()).as_deref(), Some("500000"));
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    pub fn checked_mul(self, other: Amount) -> Option<Amount> {
        let (a, b) = (self.0.normalize(), other.0.normalize());
        let scale = a.scale().checked_add(b.scale())?;
        let product = Amount::from_parts(a.mantissa().checked_mul(b.mantissa())?, scale)?;
        Some(Amount(product.0.normalize()))
    }

    /// How many times `other` this is, cut after so many decimals, and whether nothing was cut. `None` if `other` is zero or
    /// the ratio needs too many digits.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// let times = |a: u64, b: u64| Amount::from(a).ratio_to(Amount::from(b), 2).map(|(it, exact)| (it.to_string(), exact));
    /// assert_eq!(times(700_000, 35_000), Some(("20".to_owned(), true)));
    /// assert_eq!(times(8, 3), Some(("2.66".to_owned(), false)));
    /// assert_eq!(times(8, 0), None);
    /// ```
    pub fn ratio_to(self, other: Amount, decimals: u32) -> Option<(Amount, bool)> {
        let ratio = self.0.checked_div(other.0)?;
        let cut = ratio.trunc_with_scale(decimals).normalize();
        let exact = cut.checked_mul(other.0) == Some(self.0);
        Some((Amount(cut), exact))
    }

    /// For people: with a comma between thousands.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::quantity::Amount;
    ///
    /// assert_eq!(Amount::parse("1234.5678")?.with_separators(), "1,234.5678");
    /// # Ok::<(), purvey::model::quantity::AmountError>(())
    /// ```
    pub fn with_separators(self) -> String {
        let plain = self.to_string();
        let (whole, decimals) = plain.split_once('.').map_or((plain.as_str(), None), |(a, b)| (a, Some(b)));
        let mut text = String::with_capacity(plain.len().saturating_mul(2));
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && whole.len().saturating_sub(index).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if let Some(decimals) = decimals {
            text.push('.');
            text.push_str(decimals);
        }
        text
    }

    /// `mantissa` / 10^`scale`, exactly; zeros at the end give way if it doesn't fit otherwise.
    fn from_parts(mut mantissa: i128, mut scale: u32) -> Option<Amount> {
        while scale > 0 && (scale > MOST_DECIMALS || mantissa > LARGEST_MANTISSA) {
            if mantissa.checked_rem(10)? != 0 {
                return None;
            }
            mantissa = mantissa.checked_div(10)?;
            scale = scale.checked_sub(1)?;
        }
        if mantissa < 0 {
            return None;
        }
        Decimal::try_from_i128_with_scale(mantissa, scale).ok().map(Amount)
    }
}

/// Both mantissas at one scale, exactly. `Decimal`'s own sum would round where the digits don't fit.
fn aligned(a: Amount, b: Amount) -> Option<(i128, i128, u32)> {
    let scaled = |a: Decimal, b: Decimal| {
        let scale = a.scale().max(b.scale());
        let at_scale = |it: Decimal| it.mantissa().checked_mul(10i128.checked_pow(scale.checked_sub(it.scale())?)?);
        Some((at_scale(a)?, at_scale(b)?, scale))
    };
    scaled(a.0, b.0).or_else(|| scaled(a.0.normalize(), b.0.normalize()))
}

impl From<u64> for Amount {
    fn from(value: u64) -> Amount {
        Amount(Decimal::from(value))
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    /// The same as [`Amount::parse`].
    fn from_str(text: &str) -> Result<Amount, AmountError> {
        Amount::parse(text)
    }
}

/// With the decimals it was written with, without exponent and separators: a JSON number.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(in super::super) fn any_amount() -> impl Strategy<Value = Amount> {
        prop_oneof![
            (0u64..2000).prop_map(Amount::from),
            (0..=LARGEST_MANTISSA, 0..=MOST_DECIMALS).prop_filter_map("fits", |(m, s)| Amount::from_parts(m, s)),
        ]
    }

    #[test]
    fn an_amount_is_written_as_it_was_read() {
        for text in ["0", "5", "100", "9000000", "1.50", "0.1", "0.10", "79228162514264337593543950335"] {
            assert_eq!(Amount::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Amount::parse("007").unwrap().to_string(), "7");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", ".", "5.", ".5", "-5", "+5", "1e6", "1,000", "1_000", " 1", "1.2.3", "٣", "NaN"] {
            assert!(matches!(Amount::parse(text), Err(AmountError::Malformed { .. })), "{text}");
        }
        let nines = "9".repeat(1000);
        for text in ["79228162514264337593543950336", "0.00000000000000000000000000001", nines.as_str()] {
            assert!(matches!(Amount::parse(text), Err(AmountError::TooLarge { .. })), "{text}");
        }
    }

    #[test]
    fn separators_stand_between_thousands() {
        for (text, expected) in [
            ("0", "0"),
            ("999", "999"),
            ("1000", "1,000"),
            ("500000", "500,000"),
            ("9000000", "9,000,000"),
            ("1234567.12345", "1,234,567.12345"),
        ] {
            assert_eq!(Amount::parse(text).unwrap().with_separators(), expected);
        }
    }

    #[test]
    fn arithmetic_is_exact_or_refused() {
        let amount = |text: &str| Amount::parse(text).unwrap();
        let largest = amount("79228162514264337593543950335");
        assert_eq!(largest.checked_add(Amount::from(1)), None);
        // `Decimal` would round this away.
        assert_eq!(largest.checked_add(amount("0.1")), None);
        assert_eq!(largest.checked_add(amount("0.0")), Some(largest));
        assert_eq!(largest.checked_mul(amount("10")), None);
        assert_eq!(amount("0.1").checked_add(amount("0.25")), Some(amount("0.35")));
        assert_eq!(Amount::new(Decimal::new(0, 0) * Decimal::from(-1)).map(|it| it.to_string()).as_deref(), Some("0"));
    }

    proptest! {
        #[test]
        fn a_displayed_amount_reads_back(amount in any_amount()) {
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Amount::parse(&amount.with_separators().replace(',', "")), Ok(amount));
        }

        #[test]
        fn a_sum_can_be_undone(a in any_amount(), b in any_amount()) {
            if let Some(sum) = a.checked_add(b) {
                prop_assert!(sum >= a && sum >= b);
                if let Some(back) = sum.checked_sub(b) {
                    prop_assert_eq!(back, a);
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[0-9.]{0,60}") {
            let _ = Amount::parse(&text);
        }
    }
}
