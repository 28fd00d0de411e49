//! Periods as dates of FollowTheMoney, which are years, months or days and nothing else.

use crate::model::Period;
use crate::model::period::End;

/// The dates of FollowTheMoney that say a period: a single one is a `date`, else there are a `startDate` and an `endDate`, as far as
/// they are known. What makes a date uncertain has no place there.
///
/// ```
/// use purvey::model::{Period, ftm::dates_of};
///
/// let dates = |text| Period::parse(text).map(|it| dates_of(&it));
/// assert_eq!(dates("2021/2022-01-02~")?, [("startDate", "2021".to_owned()), ("endDate", "2022-01-02".to_owned())]);
/// assert_eq!(dates("2021?")?, [("date", "2021".to_owned())]);
/// assert_eq!(dates("/2021-03")?, [("endDate", "2021-03".to_owned())]);
/// # Ok::<(), purvey::model::PeriodError>(())
/// ```
pub fn dates_of(period: &Period) -> Vec<(&'static str, String)> {
    let (start, end) = (period.start(), period.end());
    let sides = if start == end { vec![("date", start)] } else { vec![("startDate", start), ("endDate", end)] };
    sides.into_iter().filter_map(|(name, side)| Some((name, day_of(side)?))).collect()
}

/// An end of a period as a date of FollowTheMoney, without what makes it uncertain; `None` for one that is open or unknown.
///
/// ```
/// use purvey::model::{Period, ftm::day_of};
///
/// assert_eq!(day_of(Period::parse("2021-03~/")?.start()).as_deref(), Some("2021-03"));
/// # Ok::<(), purvey::model::PeriodError>(())
/// ```
pub fn day_of(side: End) -> Option<String> {
    side.date().map(|it| it.to_string().trim_end_matches(['~', '?', '%']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_comes_apart_into_dates() {
        let of = |text: &str| dates_of(&Period::parse(text).expect("a period"));
        let date = |name, text: &str| (name, text.to_owned());
        assert_eq!(of("2021/"), [date("startDate", "2021")]);
        assert_eq!(of("/2021-03"), [date("endDate", "2021-03")]);
        assert_eq!(of("2021~/2022-01-02%"), [date("startDate", "2021"), date("endDate", "2022-01-02")]);
        assert_eq!(of("2021?"), [date("date", "2021")]);
    }
}
