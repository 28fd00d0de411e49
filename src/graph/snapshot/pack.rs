//! Values of the model as numbers of a row, and back. What cannot be a value comes back as an error, never as another one.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::layout::{NONE, PeriodRow, QuantityRow};
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

/// The mantissa in 12 bytes, the number of decimals in the next.
pub(super) fn pack_amount(amount: Amount) -> [u8; 16] {
    // An amount is never negative, and its mantissa has 96 bits.
    let mut bytes = amount.value().mantissa().unsigned_abs().to_le_bytes();
    bytes[12] = u8::try_from(amount.value().scale()).unwrap_or(u8::MAX);
    bytes
}

pub(super) fn unpack_amount(mut bytes: [u8; 16]) -> Option<Amount> {
    let scale = std::mem::take(&mut bytes[12]);
    let mantissa = i128::try_from(u128::from_le_bytes(bytes)).ok()?;
    Amount::new(Decimal::try_from_i128_with_scale(mantissa, u32::from(scale)).ok()?)
}

/// Bounds and hedges of an interval, as they stand in a quantity.
pub(super) fn pack_interval(interval: &Interval) -> ([u8; 16], [u8; 16], u8) {
    let bytes = |amount: Option<Amount>| amount.map_or([0; 16], pack_amount);
    let flag = |on: bool, bit: u8| if on { bit } else { 0 };
    let flags = flag(interval.low.is_some(), HAS_LOW)
        | flag(interval.high.is_some(), HAS_HIGH)
        | flag(interval.low_open, LOW_OPEN)
        | flag(interval.high_open, HIGH_OPEN)
        | flag(interval.approximate, APPROXIMATE)
        | flag(interval.vague, VAGUE);
    (bytes(interval.low), bytes(interval.high), flags)
}

/// The interval of a quantity; none if its bytes are no amounts.
pub(super) fn unpack_interval(row: &QuantityRow) -> Option<Interval> {
    let has = |bit: u8| row.flags & bit != 0;
    let amount = |bytes: [u8; 16], is_there: bool| match is_there {
        true => unpack_amount(bytes).map(Some),
        false => Some(None),
    };
    Some(Interval {
        low: amount(row.low, has(HAS_LOW))?,
        high: amount(row.high, has(HAS_HIGH))?,
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
            let (low, high, flags) = pack_interval(&interval);
            let row = QuantityRow { low, high, text: 0, flags, unused: [0; 3] };
            prop_assert_eq!(unpack_interval(&row), Some(interval));
        }

        #[test]
        fn any_bytes_are_an_amount_or_none(low: [u8; 16], flags: u8) {
            let row = QuantityRow { low, high: [0; 16], text: 0, flags, unused: [0; 3] };
            let _ = unpack_interval(&row);
        }
    }
}
