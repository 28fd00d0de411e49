//! Reads a period from plain English: "March to October 2024", "since 2022", "about 28 June 2025".

use std::ops::Range;

use super::error::quoted;
use super::phrase::MONTHS;
use super::said::{Marks, Said, Third};
use super::token::{Kind, Token, tokens};
use super::{End, Period, PeriodError, PeriodErrorKind, edtf};

/// Reads the whole text. `offset` is where it begins in what the caller was given.
pub(super) fn period(text: &str, offset: usize) -> Result<Period, PeriodError> {
    let mut reader = Reader { text, offset, tokens: tokens(text), at: 0 };
    let period = reader.period()?;
    match reader.peek() {
        Some(_) => Err(reader.unexpected()),
        None => Ok(period),
    }
}

/// Words that need the day of writing. A second word is quoted with them: "last year".
const RELATIVE: &str = "yesterday today tomorrow tonight now present last next this past previous coming ago \
    earlier later recently recent currently current ongoing week weeks month months year years \
    day days monday tuesday wednesday thursday friday saturday sunday";

/// Words that a writer may well use, with what to write for them.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("after", "`since` with the first day, month or year that counts"),
    ("before", "`until` with the last day, month or year that counts"),
    ("by", "`until` with the last day, month or year that counts"),
    ("spring", "the months, such as `March to May 2024`"),
    ("summer", "the months, such as `June to August 2024`"),
    ("autumn", "the months, such as `September to November 2024`"),
    ("fall", "the months, such as `September to November 2024`"),
    ("winter", "the months, such as `December 2024 to February 2025`"),
    ("quarter", "the months, such as `January to March 2024`"),
    ("half", "the months, such as `January to June 2024`"),
    ("start", "`early 2024`, or the months or days"),
    ("beginning", "`early 2024`, or the months or days"),
    ("middle", "`mid 2024`, or the months or days"),
    ("end", "`late 2024`, or the months or days"),
    ("or", "one of the dates, or an interval from the first to the last"),
];

struct Reader<'t> {
    text: &'t str,
    offset: usize,
    tokens: Vec<Token<'t>>,
    at: usize,
}

impl<'t> Reader<'t> {
    fn period(&mut self) -> Result<Period, PeriodError> {
        let mut marks = self.marks();
        if self.word(&["since"]) {
            let (start, _) = self.date()?.marked(marks).ends()?;
            return self.joined(End::Date(start), End::Open);
        }
        if self.word(&["until", "till"]) || self.words(&["up", "to"]) {
            let (_, end) = self.date()?.marked(marks).ends()?;
            let start = if self.end_unknown(&["beginning", "start"]) { End::Unknown } else { End::Open };
            return self.joined(start, End::Date(end));
        }
        if self.word(&["between"]) {
            let start = self.date()?.marked(marks);
            if !self.word(&["and"]) {
                return Err(self.unexpected());
            }
            let end = self.date()?.marked(marks);
            return self.interval(start, end);
        }
        if self.word(&["from"]) {
            let start = self.date()?.marked(marks);
            if self.to() {
                let end = self.date()?.marked(marks);
                return self.interval(start, end);
            }
            let end = if self.end_unknown(&["end"]) { End::Unknown } else { End::Open };
            self.word(&["on", "onward", "onwards"]);
            return self.joined(End::Date(start.ends()?.0), end);
        }
        self.word(&["in", "during", "on"]);
        // Whatever stands in front of an interval holds for both its ends, so that nothing is more certain than it was said.
        marks = marks.and(self.marks());
        let start = self.date()?.marked(marks);
        if self.to() {
            let end = self.date()?.marked(marks);
            return self.interval(start, end);
        }
        let (first, last) = start.ends()?;
        if self.word(&["onward", "onwards"]) {
            return self.joined(End::Date(first), End::Open);
        }
        self.joined(End::Date(first), End::Date(last))
    }

    fn joined(&self, start: End, end: End) -> Result<Period, PeriodError> {
        Period::new(start, end).map_err(|kind| kind.at(self.whole()))
    }

    /// Joins two dates; a year is taken over from the other side if that names a month, a month if it names a day.
    fn interval(&self, mut start: Said, mut end: Said) -> Result<Period, PeriodError> {
        start.take_over_month(&end);
        end.take_over_month(&start);
        start.take_over_year(&end);
        end.take_over_year(&start);
        self.joined(End::Date(start.ends()?.0), End::Date(end.ends()?.1))
    }

    fn date(&mut self) -> Result<Said, PeriodError> {
        self.word(&["the"]);
        let mut marks = self.marks();
        let from = self.here();
        let third = self.third();
        let mut said = Said { year: None, month: None, day: None, marks, third, range: 0..0 };
        match self.peek().map(|token| token.kind) {
            None => return Err(PeriodErrorKind::MissingDate.at(self.here()..self.here())),
            Some(Kind::Iso) => {
                let token = self.take();
                let date = edtf::date(token.text, self.offset.saturating_add(token.start))?;
                said.year = Some(date.first_day().year());
                said.month = Some(date.first_day().month());
                said.day = (date.precision() == super::Precision::Day).then(|| date.first_day().day());
            }
            Some(Kind::Number) if self.is_day() => {
                said.day = Some(self.day()?);
                self.word(&["of"]);
                said.month = self.month();
                said.year = self.year()?;
            }
            Some(Kind::Number) => said.year = self.year()?,
            Some(_) => {
                said.month = self.month();
                if said.month.is_none() {
                    return Err(self.unexpected());
                }
                self.word(&["of"]);
                if self.is_day() {
                    said.day = Some(self.day()?);
                }
                said.year = self.year()?;
            }
        }
        while let Some(mark) = self.peek().filter(|token| token.kind == Kind::Mark) {
            marks.approximate |= mark.text != "?";
            marks.uncertain |= mark.text != "~";
            self.take();
        }
        said.marks = marks;
        // Where nothing was read, the last token ends before the next one begins.
        said.range = from..self.behind().max(from);
        Ok(said)
    }

    /// "About", "perhaps", any number of them.
    fn marks(&mut self) -> Marks {
        let mut marks = Marks::default();
        loop {
            if self.word(&["about", "around", "approximately", "roughly", "circa", "c", "ca"]) {
                marks.approximate = true;
            } else if self.word(&["perhaps", "possibly", "maybe"]) {
                marks.uncertain = true;
            } else {
                return marks;
            }
        }
    }

    fn third(&mut self) -> Option<Third> {
        let third = if self.word(&["early"]) {
            Third::Early
        } else if self.word(&["mid"]) {
            Third::Mid
        } else if self.word(&["late"]) {
            Third::Late
        } else {
            return None;
        };
        if self.peek().is_some_and(|token| token.kind == Kind::Dash) {
            self.take();
        }
        Some(third)
    }

    fn to(&mut self) -> bool {
        if self.peek().is_some_and(|token| token.kind == Kind::Dash) {
            self.take();
            return true;
        }
        self.word(&["to", "until", "till", "through"])
    }

    /// "(end unknown)"
    fn end_unknown(&mut self, end: &[&str]) -> bool {
        let before = self.at;
        if self.sign("(") && self.word(end) && self.word(&["unknown"]) && self.sign(")") {
            return true;
        }
        self.at = before;
        false
    }

    fn month(&mut self) -> Option<i8> {
        let token = self.peek().filter(|token| token.kind == Kind::Word)?;
        let month = month_number(token.text)?;
        self.take();
        Some(month)
    }

    /// Whether a day of a month is next: a number of one or two digits.
    fn is_day(&self) -> bool {
        self.peek().is_some_and(|token| token.kind == Kind::Number && token.digits().len() <= 2)
    }

    fn day(&mut self) -> Result<i8, PeriodError> {
        let token = self.take();
        // At most two digits, so it always fits; the month's length is checked where the date is made.
        token.digits().parse().map_err(|_| self.not_understood(token))
    }

    /// A year, if one is next, with a comma before it or not. Four digits: `28 June 25` is not guessed at.
    fn year(&mut self) -> Result<Option<i16>, PeriodError> {
        let before = self.at;
        self.sign(",");
        match self.peek() {
            Some(token) if token.kind == Kind::Number && token.text == token.digits() => {
                self.take();
                edtf::four_digit_year(token.text).map(Some).map_err(|kind| kind.at(self.range(token)))
            }
            _ => {
                self.at = before;
                Ok(None)
            }
        }
    }

    fn word(&mut self, any_of: &[&str]) -> bool {
        let found = self.peek().is_some_and(|token| {
            token.kind == Kind::Word && any_of.iter().any(|word| token.text.eq_ignore_ascii_case(word))
        });
        if found {
            self.take();
        }
        found
    }

    fn words(&mut self, all_of: &[&str]) -> bool {
        let before = self.at;
        let found = all_of.iter().all(|word| self.word(&[word]));
        if !found {
            self.at = before;
        }
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == Kind::Sign && token.text == sign);
        if found {
            self.take();
        }
        found
    }

    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    /// The next token; callers have peeked at it.
    fn take(&mut self) -> Token<'t> {
        let token = self.peek().unwrap_or(Token { text: "", start: self.text.len(), kind: Kind::Sign });
        self.at = self.at.saturating_add(1);
        token
    }

    fn whole(&self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.text.len())
    }

    fn range(&self, token: Token<'_>) -> Range<usize> {
        let start = self.offset.saturating_add(token.start);
        start..start.saturating_add(token.text.len())
    }

    /// Where the next token begins, or the text ends.
    fn here(&self) -> usize {
        self.peek().map_or(self.whole().end, |token| self.range(token).start)
    }

    /// Where the last token ends.
    fn behind(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.map_or(self.offset, |token| self.range(*token).end)
    }

    fn not_understood(&self, token: Token<'_>) -> PeriodError {
        PeriodErrorKind::NotUnderstood { found: quoted(token.text) }.at(self.range(token))
    }

    /// The error that the next token is.
    fn unexpected(&self) -> PeriodError {
        let Some(token) = self.peek() else {
            return PeriodErrorKind::MissingDate.at(self.here()..self.here());
        };
        let is = |word: &str| token.text.eq_ignore_ascii_case(word);
        if let Some((_, instead)) = UNSUPPORTED.iter().find(|(word, _)| is(word)) {
            return PeriodErrorKind::Unsupported { found: quoted(token.text), instead }.at(self.range(token));
        }
        if RELATIVE.split(' ').any(is) {
            let mut range = self.range(token);
            if let Some(next) = self.tokens.get(self.at.saturating_add(1)).filter(|next| next.kind == Kind::Word) {
                range.end = self.range(*next).end;
            }
            let inside = range.start.saturating_sub(self.offset)..range.end.saturating_sub(self.offset);
            return PeriodErrorKind::Relative { found: quoted(self.text.get(inside).unwrap_or(token.text)) }.at(range);
        }
        self.not_understood(token)
    }
}

/// The month of a name, of its first three letters, or of "Sept".
fn month_number(word: &str) -> Option<i8> {
    let matches = |name: &str| {
        word.eq_ignore_ascii_case(name) || name.get(..3).is_some_and(|short| word.eq_ignore_ascii_case(short))
    };
    if word.eq_ignore_ascii_case("sept") {
        return Some(9);
    }
    (1i8..).zip(MONTHS).find(|(_, name)| matches(name)).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::super::tests::period;
    use super::*;

    #[test]
    fn plain_english_is_read() {
        for (text, edtf) in [
            ("March 2024", "2024-03"),
            ("Mar 2024", "2024-03"),
            ("mar. 2024", "2024-03"),
            ("SEPT. 2024", "2024-09"),
            ("March, 2024", "2024-03"),
            ("March of 2024", "2024-03"),
            ("in March 2024", "2024-03"),
            ("during 2024", "2024"),
            ("28 June 2025", "2025-06-28"),
            ("28th of June 2025", "2025-06-28"),
            ("on the 28th of June, 2025", "2025-06-28"),
            ("June 28, 2025", "2025-06-28"),
            ("June 28 2025", "2025-06-28"),
            ("on June 1st, 2025", "2025-06-01"),
            ("March to October 2024", "2024-03/2024-10"),
            ("March 2024 to October", "2024-03/2024-10"),
            ("March–October 2024", "2024-03/2024-10"),
            ("from March to October 2024", "2024-03/2024-10"),
            ("between March and October 2024", "2024-03/2024-10"),
            ("January through April 2025", "2025-01/2025-04"),
            ("October 2023 to March 2024", "2023-10/2024-03"),
            ("27 to 28 June 2025", "2025-06-27/2025-06-28"),
            ("27-28 June 2025", "2025-06-27/2025-06-28"),
            ("June 27 to 28, 2025", "2025-06-27/2025-06-28"),
            ("June 27-28, 2025", "2025-06-27/2025-06-28"),
            ("27 June to 3 July 2025", "2025-06-27/2025-07-03"),
            ("28 December 2024 to 3 January 2025", "2024-12-28/2025-01-03"),
            ("March to 3 October 2024", "2024-03/2024-10-03"),
            ("2022 to 2024", "2022/2024"),
            ("2022 – 2024", "2022/2024"),
            ("2022 - 2024", "2022/2024"),
            ("2024-03 to 2024-10-03", "2024-03/2024-10-03"),
            ("since 2022", "2022/.."),
            ("since February 2022", "2022-02/.."),
            ("since 2022-02-24", "2022-02-24/.."),
            ("from 2022", "2022/.."),
            ("from 2022 on", "2022/.."),
            ("2022 onwards", "2022/.."),
            ("until August 2025", "../2025-08"),
            ("till August 2025", "../2025-08"),
            ("up to August 2025", "../2025-08"),
            ("about October 2024", "2024-10~"),
            ("around October 2024", "2024-10~"),
            ("c. 2024", "2024~"),
            ("circa 2024", "2024~"),
            ("in about October 2024", "2024-10~"),
            ("since about 2022", "2022~/.."),
            ("about March to October 2024", "2024-03~/2024-10~"),
            ("from about March to October 2024", "2024-03~/2024-10"),
            ("between March and about October 2024", "2024-03/2024-10~"),
            ("perhaps 2024", "2024?"),
            ("perhaps in about 2024", "2024%"),
            ("since 2024~", "2024~/.."),
            ("early 2024", "2024-01/2024-04~"),
            ("in mid-2024", "2024-05~/2024-08~"),
            ("Mid 2024", "2024-05~/2024-08~"),
            ("late 2024", "2024-09~/2024-12"),
            ("late 2023 to early 2024", "2023-09~/2024-04~"),
            ("since late 2024", "2024-09~/.."),
            ("until early 2025", "../2025-04~"),
            ("from 2022 (end unknown)", "2022/"),
            ("until 2022 (beginning unknown)", "/2022"),
            ("\u{a0}March\u{a0}2024\n", "2024-03"),
        ] {
            assert_eq!(period(text).edtf(), edtf, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_shown() {
        // The second column marks the bytes at fault.
        for (text, marks, message) in [
            ("31 February 2025", "^^^^^^^^^^^^^^^^", "there is no 31 February 2025; that month has 28 days"),
            ("since 31 June 2025", "      ^^^^^^^^^^^^", "there is no 31 June 2025; that month has 30 days"),
            ("0 June 2025", "^^^^^^^^^^^", "there is no 0 June 2025; that month has 30 days"),
            ("99 June 2025", "^^^^^^^^^^^^", "there is no 99 June 2025; that month has 30 days"),
            ("March", "^^^^^", "`March` has no year; write it, as in `March 2024`"),
            ("in Mar 24", "   ^^^^^^", "`24 March` has no year; write it, as in `24 March 2024`"),
            ("March to 2025", "^^^^^", "`March` has no year; write it, as in `March 2024`"),
            ("27 to 2025", "^^", "`27` has no month; write it, as in `28 June 2025`"),
            ("28 2025", "^^^^^^^", "`28 2025` has no month; write it, as in `28 June 2025`"),
            ("June 2025 to", "            ", "a date is missing here; write one, such as `2024` or `March 2024`"),
            ("since", "     ", "a date is missing here; write one, such as `2024` or `March 2024`"),
            (
                "March 20245",
                "      ^^^^^",
                "`20245` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`",
            ),
            (
                "March 0000",
                "      ^^^^",
                "`0000` is no year from 0001 to 9999; write four digits, as in `2024` or `0987`",
            ),
            (
                "last year",
                "^^^^^^^^^",
                "`last year` depends on the day of writing; a date is needed, such as `2024` or `27 June 2025`, or `since 2022` for what goes on",
            ),
            (
                "on Thursday",
                "   ^^^^^^^^",
                "`Thursday` depends on the day of writing; a date is needed, such as `2024` or `27 June 2025`, or `since 2022` for what goes on",
            ),
            (
                "from 2022 to now",
                "             ^^^",
                "`now` depends on the day of writing; a date is needed, such as `2024` or `27 June 2025`, or `since 2022` for what goes on",
            ),
            (
                "October to March 2024",
                "^^^^^^^^^^^^^^^^^^^^^",
                "the period ends (March 2024) before it begins (October 2024); swap the two, or name the year of both",
            ),
            (
                "after 2022",
                "^^^^^",
                "`after` is not understood here; write `since` with the first day, month or year that counts",
            ),
            (
                "summer 2024",
                "^^^^^^",
                "`summer` is not understood here; write the months, such as `June to August 2024`",
            ),
            (
                "early October 2024",
                "^^^^^^^^^^^^^^^^^^",
                "`early` is not understood here; write the days or the whole month, such as `1 to 10 October 2024`",
            ),
        ] {
            let error = Period::parse(text).unwrap_err();
            assert_eq!(error.to_string(), message, "{text}");
            let start = if marks.trim().is_empty() { marks.len() } else { marks.len() - marks.trim_start().len() };
            assert_eq!(error.range, start..marks.len(), "{text}");
        }
    }

    #[test]
    fn no_word_is_ignored() {
        let texts = "2024 or so | exactly 2024 | March 2024 maybe | 2024 2025 | March April 2024 | between \
            2022 | 2024T12:00 | 202X | 1990s | March 2024/October 2024 | since until 2024 | from \
            | the | about | 2024 (end unknown) | Märch 2024 | 28st | ſept 2024 | ١٢ June 2025 | \
            since 2022 to 2024";
        for text in texts.split(" | ") {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
