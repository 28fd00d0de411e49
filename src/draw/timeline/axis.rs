//! The axis of time: from days to pixels, with a date at each line.

use jiff::ToSpan;
use jiff::civil::Date;

use super::span::{Span, day_number, first_of};
use crate::draw::picture::{Bar, Tick, TimeSign};
use crate::draw::ruler::{Ruler, Type};

/// From days to pixels.
pub(super) struct Axis {
    first: f64,
    last: f64,
    left: f64,
    right: f64,
}

/// Room for an arrow or dots beyond the last date.
const BEYOND: f64 = 26.0;
/// The least width of a bar, so that it is seen.
const LEAST: f64 = 3.0;
/// Between two dates.
const APART: f64 = 66.0;

/// Months between two lines.
const MONTHS: [i32; 13] = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 6_000, 24_000];
/// Days between two lines.
const DAYS: [i32; 4] = [1, 2, 7, 14];

impl Axis {
    /// An axis that holds all days of these; `None` if there are none.
    pub(super) fn new<'s>(spans: impl Iterator<Item = &'s Span>, left: f64, right: f64) -> Option<Axis> {
        let (mut first, mut last) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut before, mut after) = (false, false);
        for span in spans {
            for day in [span.start, span.end, span.earliest, span.latest].into_iter().flatten() {
                first = first.min(day);
                last = last.max(day);
            }
            before |= span.start.is_none();
            after |= span.end.is_none();
        }
        if first > last {
            return None;
        }
        let margin = |open: bool| if open { BEYOND } else { 8.0 };
        // A single day has something beside it.
        let spread = ((2.0 - (last - first)) / 2.0).max(0.0);
        Some(Axis {
            first: first - spread,
            last: last + spread,
            left: left + margin(before),
            right: right - margin(after),
        })
    }

    fn x(&self, day: f64) -> f64 {
        self.left + (day - self.first) / (self.last - self.first) * (self.right - self.left)
    }

    /// Where a stretch stands.
    pub(super) fn bar(&self, span: &Span, happened: bool, y: f64) -> Bar {
        let from = span.start.map_or(self.left, |it| self.x(it));
        let to = span.end.map_or(self.right, |it| self.x(it)).max(from + LEAST);
        let (from, to) = match span.sign {
            TimeSign::Moment => (f64::midpoint(from, to), f64::midpoint(from, to)),
            _ => (from, to),
        };
        // What has an end that nobody knows goes on for a while, dotted.
        let before = match (span.start, span.always_was) {
            (None, false) => Some(self.left - BEYOND + 4.0),
            _ => span.earliest.map(|it| self.x(it)),
        };
        let after = match (span.end, span.goes_on) {
            (None, false) => Some(self.right + BEYOND - 4.0),
            _ => span.latest.map(|it| self.x(it)),
        };
        let (from, always_was) = match span.always_was {
            true => (self.left - BEYOND + 6.0, true),
            false => (from, false),
        };
        let to = if span.goes_on { self.right + BEYOND - 6.0 } else { to };
        Bar { sign: span.sign, happened, y, from, to, before, after, goes_on: span.goes_on, always_was }
    }

    /// Lines with their dates, as many as have room.
    pub(super) fn ticks(&self, ruler: &Ruler<'_>, letters: Type) -> Vec<Tick> {
        let most = ((self.right - self.left) / APART).floor().max(1.0);
        let days = self.last - self.first;
        let by_days = DAYS.into_iter().find(|it| days < 62.0 && days / f64::from(*it) <= most);
        let dates = match by_days {
            Some(step) => self.days(step),
            None => {
                let months = days / 30.44;
                let step = MONTHS.into_iter().find(|it| months / f64::from(*it) <= most);
                self.months(step.unwrap_or(24_000))
            }
        };
        let mut ticks: Vec<Tick> = Vec::new();
        for (day, text) in dates {
            let x = self.x(day);
            let lines = [text];
            let width = ruler.width(&lines[0], letters);
            // A date stands to the right of its line, and inside the axis.
            let left = (x + 3.0).min(self.right + BEYOND - width);
            let free = ticks.last().and_then(|it| it.date.last()).is_none_or(|it| it.x + it.width + 6.0 <= left);
            if free && left >= self.left - BEYOND {
                ticks.push(Tick { x, date: ruler.set(&lines, left, 0.0, letters) });
            }
        }
        ticks
    }

    fn days(&self, step: i32) -> Vec<(f64, String)> {
        let mut found = Vec::new();
        let mut date = Date::constant(1970, 1, 1);
        #[expect(clippy::cast_possible_truncation, reason = "a day between the years -9999 and 9999")]
        if let Ok(first) = date.checked_add((self.first.ceil() as i64).days()) {
            date = first;
        }
        while day_number(date) <= self.last && found.len() < 100 {
            let text = date.strftime("%-d %b %Y").to_string();
            found.push((day_number(date), text));
            match date.checked_add(i64::from(step).days()) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        found
    }

    fn months(&self, step: i32) -> Vec<(f64, String)> {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        #[expect(clippy::cast_possible_truncation, reason = "months between the years -9999 and 9999")]
        let about = ((self.first / 365.2425 + 1970.0) * 12.0).floor() as i32 - 2;
        let mut month = about.div_euclid(step) * step;
        let mut found = Vec::new();
        while found.len() < 100 {
            let (year, of_year) = (month.div_euclid(12), month.rem_euclid(12));
            let numbers = i16::try_from(year).ok().zip(i8::try_from(of_year + 1).ok());
            let day = numbers.and_then(|(year, month)| first_of(year, month));
            if let Some(day) = day {
                if day > self.last {
                    break;
                }
                if day >= self.first {
                    let name = usize::try_from(of_year).ok().and_then(|it| names.get(it)).copied().unwrap_or_default();
                    found.push((day, if step % 12 == 0 { year.to_string() } else { format!("{name} {year}") }));
                }
            } else if year > 9_999 {
                break;
            }
            month += step;
        }
        found
    }
}
