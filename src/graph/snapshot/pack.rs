//! Values of the model as numbers of a row, and back. What cannot be a value comes back as an error, never as another one.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::layout::{FigureRow, NONE, PeriodRow};
use crate::graph::view::FigureView;
use crate::model::period::{End, ImpreciseDate, Precision};
use crate::model::{Amount, Interval, Period};

/// No period.
pub(super) const NO_PERIOD: PeriodRow = PeriodRow { start: NONE, end: NONE };

/// An open end.
const OPEN: u32 = 0;
/// An end that nobody knows.
const UNKNOWN: u32 = 1;
/// A date: then year (14 bits), month (4), day (5), precision (2), `~`, `?`, from the highest bit downwards.
const DATE: u32 = 2;

fn pack_end(end: End) -> u32 {
    let End::Date(date) = end else { return if end == End::Open { OPEN } else { UNKNOWN } };
    let day = date.first_day();
    let precision = match date.precision() {
        Precision::Year => 0,
        Precision::Month => 1,
        Precision::Day => 2,
    };
    // Years run from 1 to 9999, months to 12, days to 31.
    let year = u32::from(day.year().unsigned_abs());
    let (month, of_month) = (u32::from(day.month().unsigned_abs()), u32::from(day.day().unsigned_abs()));
    year << 18
        | month << 14
        | of_month << 9
        | precision << 7
        | u32::from(date.is_approximate()) << 6
        | u32::from(date.is_uncertain()) << 5
        | DATE
}

fn unpack_end(packed: u32) -> Option<End> {
    match packed {
        OPEN => return Some(End::Open),
        UNKNOWN => return Some(End::Unknown),
        _ => {}
    }
    if packed & 0b1_1111 != DATE {
        return None;
    }
    let bits = |from: u32, count: u32| packed >> from & ((1 << count) - 1);
    let year = i16::try_from(bits(18, 14)).ok()?;
    let (month, day) = (i8::try_from(bits(14, 4)).ok()?, i8::try_from(bits(9, 5)).ok()?);
    let date = match bits(7, 2) {
        0 => ImpreciseDate::year(year).ok()?,
        1 => ImpreciseDate::month(year, month).ok()?,
        2 => ImpreciseDate::day(Date::new(year, month, day).ok()?).ok()?,
        _ => return None,
    };
    let date = if bits(6, 1) == 1 { date.approximate() } else { date };
    Some(End::Date(if bits(5, 1) == 1 { date.uncertain() } else { date }))
}

/// A period, or none.
pub(super) fn pack_period(period: Option<Period>) -> PeriodRow {
    period.map_or(NO_PERIOD, |it| PeriodRow { start: pack_end(it.start()), end: pack_end(it.end()) })
}

/// The period of a row; the error is that the row holds none that could be.
pub(super) fn unpack_period(row: PeriodRow) -> Result<Option<Period>, ()> {
    if row == NO_PERIOD {
        return Ok(None);
    }
    let ends = unpack_end(row.start).zip(unpack_end(row.end));
    let period = ends.and_then(|(start, end)| Period::new(start, end).ok());
    period.map(Some).ok_or(())
}

const HAS_LOW: u8 = 1;
const HAS_HIGH: u8 = 1 << 1;
const LOW_OPEN: u8 = 1 << 2;
const HIGH_OPEN: u8 = 1 << 3;
const APPROXIMATE: u8 = 1 << 4;
const VAGUE: u8 = 1 << 5;
/// Whether the words name the unit.
pub(super) const NAMES_UNIT: u8 = 1 << 6;

/// Stands for decimals where the number is a row of `Amounts`.
pub(super) const LARGE: u8 = u8::MAX;

/// The mantissa in 12 bytes, the number of decimals in the next.
pub(super) fn pack_amount(amount: Amount) -> [u8; 16] {
    // An amount is never negative, and its mantissa has 96 bits.
    let mut bytes = amount.value().mantissa().unsigned_abs().to_le_bytes();
    bytes[12] = decimals(amount);
    bytes
}

fn decimals(amount: Amount) -> u8 {
    u8::try_from(amount.value().scale()).unwrap_or(LARGE)
}

pub(super) fn unpack_amount(mut bytes: [u8; 16]) -> Option<Amount> {
    let scale = std::mem::take(&mut bytes[12]);
    let mantissa = i128::try_from(u128::from_le_bytes(bytes)).ok()?;
    Amount::new(Decimal::try_from_i128_with_scale(mantissa, u32::from(scale)).ok()?)
}

/// An amount as a number and its decimals, as far as it has room; else `large` keeps it and gives the number of its row.
fn pack_small(amount: Option<Amount>, large: &mut impl FnMut([u8; 16]) -> u32) -> (u32, u8) {
    let Some(amount) = amount else { return (0, 0) };
    match u32::try_from(amount.value().mantissa()) {
        Ok(number) => (number, decimals(amount)),
        Err(_) => (large(pack_amount(amount)), LARGE),
    }
}

fn unpack_small(number: u32, decimals: u8, large: &impl Fn(u32) -> Option<[u8; 16]>) -> Option<Amount> {
    match decimals {
        0 => Some(Amount::from(u64::from(number))),
        LARGE => unpack_amount(large(number)?),
        _ => Amount::new(Decimal::try_from_i128_with_scale(i128::from(number), u32::from(decimals)).ok()?),
    }
}

/// A figure whose words are the string of that number.
pub(super) fn pack_figure(it: &FigureView<'_>, text: u32, mut large: impl FnMut([u8; 16]) -> u32) -> FigureRow {
    let interval = &it.interval;
    let flag = |on: bool, bit: u8| if on { bit } else { 0 };
    let flags = flag(interval.low.is_some(), HAS_LOW)
        | flag(interval.high.is_some(), HAS_HIGH)
        | flag(interval.low_open, LOW_OPEN)
        | flag(interval.high_open, HIGH_OPEN)
        | flag(interval.approximate, APPROXIMATE)
        | flag(interval.vague, VAGUE)
        | flag(it.unit_named, NAMES_UNIT);
    let (low, low_decimals) = pack_small(interval.low, &mut large);
    let (high, high_decimals) = pack_small(interval.high, &mut large);
    FigureRow { low, high, text, unit: it.unit.0, at: it.at, flags, low_decimals, high_decimals, unused: [0; 2] }
}

/// The interval of a figure; none if it holds no amounts. `large` reads a row of `Amounts`.
pub(super) fn unpack_interval(row: &FigureRow, large: impl Fn(u32) -> Option<[u8; 16]>) -> Option<Interval> {
    let has = |bit: u8| row.flags & bit != 0;
    let amount = |number, decimals, is_there: bool| match is_there {
        true => unpack_small(number, decimals, &large).map(Some),
        false => Some(None),
    };
    Some(Interval {
        low: amount(row.low, row.low_decimals, has(HAS_LOW))?,
        high: amount(row.high, row.high_decimals, has(HAS_HIGH))?,
        low_open: has(LOW_OPEN),
        high_open: has(HIGH_OPEN),
        approximate: has(APPROXIMATE),
        vague: has(VAGUE),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::UnitIx;

    #[test]
    fn periods_come_back() {
        for text in
            ["2024", "2024-03/2024-10~", "2024-10-03?", "../2020", "2022/..", "2022/", "/2022", "0001", "9999-12-31%"]
        {
            let period = Period::parse(text).unwrap();
            assert_eq!(unpack_period(pack_period(Some(period))), Ok(Some(period)), "{text}");
        }
        assert_eq!(unpack_period(pack_period(None)), Ok(None));
    }

    /// An interval packed and unpacked, and how many of its amounts stood apart.
    fn back(interval: Interval) -> (Option<Interval>, usize) {
        let mut amounts = Vec::new();
        let figure = FigureView { at: 0, interval, unit: UnitIx(0), unit_named: false, text: "" };
        let row = pack_figure(&figure, 0, |it| {
            amounts.push(it);
            amounts.len() as u32 - 1
        });
        (unpack_interval(&row, |at| amounts.get(at as usize).copied()), amounts.len())
    }

    proptest! {
        #[test]
        fn any_numbers_are_a_period_or_an_error(start: u32, end: u32) {
            if let Ok(Some(period)) = unpack_period(PeriodRow { start, end }) {
                let again = pack_period(Some(period));
                prop_assert_eq!(unpack_period(again), Ok(Some(period)));
            }
        }

        #[test]
        fn intervals_come_back(low in prop::option::of(0_u64..), high in prop::option::of(0_u64..), flags in 0_u8..64) {
            let interval = Interval {
                low: low.map(Amount::from),
                high: high.map(Amount::from),
                low_open: flags & 1 != 0,
                high_open: flags & 2 != 0,
                approximate: flags & 4 != 0,
                vague: flags & 8 != 0,
            };
            prop_assert_eq!(back(interval).0, Some(interval));
        }

        #[test]
        fn any_bytes_are_an_amount_or_none(bytes: [u8; 16], low: u32, decimals: [u8; 2], flags: u8) {
            let [low_decimals, high_decimals] = decimals;
            let row = FigureRow { low, high: 1, text: 0, unit: 0, at: 0, flags, low_decimals, high_decimals, unused: [0; 2] };
            let _ = unpack_interval(&row, |_| Some(bytes));
        }

        #[test]
        fn decimals_come_back(mantissa: u64, scale in 0_u32..28) {
            let amount = Decimal::try_from_i128_with_scale(i128::from(mantissa), scale).ok().and_then(Amount::new);
            let interval = Interval { low: amount, ..Interval::default() };
            let (found, amounts) = back(interval);
            prop_assert_eq!(found, Some(interval));
            prop_assert_eq!(amounts == 0, amount.is_none_or(|it| u32::try_from(it.value().mantissa()).is_ok()));
        }
    }
}
