//! Writes a period in English, never more precisely than it is, and so that it can be read back.

use super::{End, ImpreciseDate, Period, Precision};

/// The English names, January first.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Period {
    /// English for people, without a preposition. [`Period::parse`] reads it back as an equal period.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// let words = |edtf| Period::parse(edtf).map(|period| period.to_words());
    /// assert_eq!(words("2024-10")?, "October 2024");
    /// assert_eq!(words("2025-06-27/2025-06-28")?, "27 to 28 June 2025");
    /// assert_eq!(words("2024-10~")?, "about October 2024");
    /// assert_eq!(words("2024?")?, "perhaps 2024");
    /// assert_eq!(words("2022/..")?, "since 2022");
    /// assert_eq!(words("2022/")?, "from 2022 (end unknown)");
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn to_words(&self) -> String {
        if let Some(date) = self.single() {
            return date.words();
        }
        match (self.start, self.end) {
            (End::Date(start), End::Date(end)) => {
                let (bare_start, bare_end) = shortened(start, end);
                let (first, last) = (qualifier(start), qualifier(end));
                if first == last {
                    // In front of an interval a qualifier holds for both ends.
                    return format!("{first}{bare_start} to {bare_end}");
                }
                let from = if first.is_empty() { "" } else { "from " };
                format!("{from}{first}{bare_start} to {last}{bare_end}")
            }
            (start, end) => one_ended(start, end),
        }
    }

    /// English for people with its preposition, to stand in a sentence. [`Period::parse`] reads it back as an equal period.
    ///
    /// # Example
    ///
    /// ```
    /// use purvey::model::period::Period;
    ///
    /// let phrase = |edtf| Period::parse(edtf).map(|period| period.to_phrase());
    /// assert_eq!(phrase("2024")?, "in 2024");
    /// assert_eq!(phrase("2025-06-28")?, "on 28 June 2025");
    /// assert_eq!(phrase("2024-03/2024-10")?, "between March and October 2024");
    /// assert_eq!(phrase("2025-06-27/2025-06-28")?, "from 27 to 28 June 2025");
    /// assert_eq!(phrase("2024-10~")?, "in about October 2024");
    /// assert_eq!(phrase("../2025-08")?, "until August 2025");
    /// # Ok::<(), purvey::model::period::PeriodError>(())
    /// ```
    pub fn to_phrase(&self) -> String {
        if let Some(date) = self.single() {
            let perhaps = if date.is_uncertain() { "perhaps " } else { "" };
            let about = if date.is_approximate() { "about " } else { "" };
            let preposition = if date.precision() == Precision::Day { "on" } else { "in" };
            return format!("{perhaps}{preposition} {about}{}", date.bare());
        }
        match (self.start, self.end) {
            (End::Date(start), End::Date(end)) => {
                let (bare_start, bare_end) = shortened(start, end);
                let days = start.precision() == Precision::Day || end.precision() == Precision::Day;
                let (from, to) = if days { ("from", "to") } else { ("between", "and") };
                format!("{from} {}{bare_start} {to} {}{bare_end}", qualifier(start), qualifier(end))
            }
            (start, end) => one_ended(start, end),
        }
    }
}

impl ImpreciseDate {
    pub(super) fn words(self) -> String {
        format!("{}{}", qualifier(self), self.bare())
    }

    /// Without "about" and "perhaps".
    fn bare(self) -> String {
        let year = self.first.year();
        match self.precision {
            // Four digits also for early years: `33` would be read as a day.
            Precision::Year => format!("{year:04}"),
            Precision::Month => format!("{} {year:04}", self.month_name()),
            Precision::Day => format!("{} {} {year:04}", self.first.day(), self.month_name()),
        }
    }

    fn month_name(self) -> &'static str {
        let index = usize::try_from(self.first.month()).ok().and_then(|month| month.checked_sub(1));
        // A month of a date is 1 to 12, so there always is a name.
        index.and_then(|index| MONTHS.get(index)).copied().unwrap_or_default()
    }
}

fn qualifier(date: ImpreciseDate) -> &'static str {
    match (date.is_uncertain(), date.is_approximate()) {
        (false, false) => "",
        (false, true) => "about ",
        (true, false) => "perhaps ",
        (true, true) => "perhaps about ",
    }
}

/// Both dates; the first without the year and the month that it shares with the second.
fn shortened(start: ImpreciseDate, end: ImpreciseDate) -> (String, String) {
    let same_year = start.first.year() == end.first.year();
    let same_month = same_year && start.first.month() == end.first.month();
    let first = match (start.precision, end.precision) {
        (Precision::Month, Precision::Month) if same_year => start.month_name().to_string(),
        (Precision::Day, Precision::Day) if same_month => start.first.day().to_string(),
        (Precision::Day, Precision::Day) if same_year => {
            format!("{} {}", start.first.day(), start.month_name())
        }
        _ => start.bare(),
    };
    (first, end.bare())
}

/// A period with one date.
fn one_ended(start: End, end: End) -> String {
    match (start, end) {
        (End::Date(start), End::Unknown) => format!("from {} (end unknown)", start.words()),
        (End::Date(start), _) => format!("since {}", start.words()),
        (End::Unknown, End::Date(end)) => format!("until {} (beginning unknown)", end.words()),
        (_, End::Date(end)) => format!("until {}", end.words()),
        // `Period::new` refuses a period without a date.
        (End::Open | End::Unknown, End::Open | End::Unknown) => "at a time unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{any_period, period};
    use super::*;

    #[test]
    fn a_period_is_written_in_english() {
        for (edtf, words, phrase) in [
            ("2024", "2024", "in 2024"),
            ("0033", "0033", "in 0033"),
            ("2024-10", "October 2024", "in October 2024"),
            ("2025-06-28", "28 June 2025", "on 28 June 2025"),
            ("2024-10~", "about October 2024", "in about October 2024"),
            ("2025-06-28~", "about 28 June 2025", "on about 28 June 2025"),
            ("2024?", "perhaps 2024", "perhaps in 2024"),
            ("2024%", "perhaps about 2024", "perhaps in about 2024"),
            ("2022/2024", "2022 to 2024", "between 2022 and 2024"),
            ("2024-03/2024-10", "March to October 2024", "between March and October 2024"),
            ("2023-10/2024-03", "October 2023 to March 2024", "between October 2023 and March 2024"),
            ("2025-06-27/2025-06-28", "27 to 28 June 2025", "from 27 to 28 June 2025"),
            ("2025-06-27/2025-07-03", "27 June to 3 July 2025", "from 27 June to 3 July 2025"),
            ("2024-12-28/2025-01-03", "28 December 2024 to 3 January 2025", "from 28 December 2024 to 3 January 2025"),
            ("2024-03/2024-10-03", "March 2024 to 3 October 2024", "from March 2024 to 3 October 2024"),
            ("2024/2025-04", "2024 to April 2025", "between 2024 and April 2025"),
            ("2025-01/2025-04~", "January to about April 2025", "between January and about April 2025"),
            ("2025-01~/2025-04", "from about January to April 2025", "between about January and April 2025"),
            ("2025-01~/2025-04~", "about January to April 2025", "between about January and about April 2025"),
            (
                "2025-01?/2025-04~",
                "from perhaps January to about April 2025",
                "between perhaps January and about April 2025",
            ),
            ("2024~/2024", "from about 2024 to 2024", "between about 2024 and 2024"),
            ("2022/..", "since 2022", "since 2022"),
            ("2022~/..", "since about 2022", "since about 2022"),
            ("../2025-08", "until August 2025", "until August 2025"),
            ("2022/", "from 2022 (end unknown)", "from 2022 (end unknown)"),
            ("/2022", "until 2022 (beginning unknown)", "until 2022 (beginning unknown)"),
        ] {
            assert_eq!(period(edtf).to_words(), words, "{edtf}");
            assert_eq!(period(edtf).to_phrase(), phrase, "{edtf}");
        }
    }

    proptest! {
        #[test]
        fn words_and_phrases_read_back(period in any_period()) {
            prop_assert_eq!(Period::parse(&period.to_words()), Ok(period));
            prop_assert_eq!(Period::parse(&period.to_phrase()), Ok(period));
        }
    }
}
