//! What may stand anywhere in a question: times, whose word counts, what is left out.

use jiff::civil::Date;
use winnow::Parser;
use winnow::combinator::{alt, opt, preceded, repeat};
use winnow::token::any;

use super::phrases::{before, is, names};
use super::{Extras, Input, Tagged};
use crate::model::{Outcome, WordMeaning};
use crate::query::ask::link::{Tag, Token};
use crate::query::ask::time::{self, Unit};
use crate::query::question::TotalBy;

/// Why a question is read no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::query::ask) enum Stop {
    /// It asks for reasons.
    Reason(String),
    /// It asks for what will or should be.
    Modal(String),
    /// Its time is relative to a day that is not given.
    Relative(String),
    /// What should follow these words does not.
    Dangling(String),
    /// It speaks of somebody named before.
    Pronoun(String),
}

/// Takes out what may stand anywhere in a question.
pub(in crate::query::ask) fn extras<'t>(
    tagged: &[Tagged<'t>],
    today: Option<Date>,
) -> Result<(Vec<Tagged<'t>>, Extras<'t>), Stop> {
    use WordMeaning as W;
    let mut extras = Extras::default();
    let mut rest: Vec<Tagged<'t>> = Vec::new();
    let mut input: Input<'_, 't> = tagged;
    let time = || any.verify_map(|it: Tagged<'t>| if let Tag::Time(period) = it.tag { Some(*period) } else { None });
    // "before the veto of March 2024" is before March 2024.
    let noun = || any.verify(|it: &Tagged<'t>| matches!(it.tag, Tag::KindNoun(_) | Tag::Name(_))).void();
    let event = || (repeat::<_, _, (), _, _>(0..=2, noun()), opt(before(W::Of)), opt(before(W::In))).void();
    let edge = || opt(is(W::Edge));
    let one_time = || {
        alt((
            preceded((is(W::Before), event(), edge()), time()).verify_map(|it| time::before(&it)),
            preceded((is(W::After), event(), edge()), time()).verify_map(|it| time::after(&it)),
            preceded((is(W::Since), edge()), time()).verify_map(|it| time::since(&it)),
            preceded((alt((is(W::Until), before(W::By))), edge()), time()).verify_map(|it| time::until(&it)),
            preceded(opt(alt((is(W::During), before(W::In), before(W::From), before(W::Of), before(W::To)))), time()),
        ))
    };
    while !input.is_empty() {
        if let Ok(Some(period)) = opt(preceded(is(W::AsOf), time())).parse_next(&mut input) {
            extras.as_of = Some(period);
        } else if let Ok(Some(period)) = opt(one_time()).parse_next(&mut input) {
            extras.times.push(period);
        } else if let Ok(Some(found)) = opt(preceded(is(W::AccordingTo), names)).parse_next(&mut input) {
            extras.according_to.extend(found);
        } else if let Ok(Some(())) =
            opt(preceded(alt((is(W::Without), is(W::Except))), is(W::Unnamed))).parse_next(&mut input)
        {
            extras.without_unnamed = true;
        } else if let Ok(Some(found)) = opt(preceded(is(W::Without), names)).parse_next(&mut input) {
            extras.without.extend(found);
        } else if let Ok(Some(found)) = opt(preceded(is(W::Except), names)).parse_next(&mut input) {
            extras.except.extend(found);
        } else if matches!(rest.last(), Some(Tagged { tag: Tag::Name(_) | Tag::Verb(_), .. }))
            && let Ok(Some(found)) = opt(preceded(is(W::Not), names)).parse_next(&mut input)
        {
            // "to Russia, but not troops"; "did not Russia …" is another thing.
            extras.except.extend(found);
        } else if let Ok(Some(found)) = opt(preceded(is(W::Avoid), names)).parse_next(&mut input) {
            extras.avoid.extend(found);
        } else if let Some((words, count, unit)) = relative(&mut input) {
            let period = today.and_then(|today| time::units_before(today, count, unit));
            extras.times.push(period.ok_or(Stop::Relative(words))?);
        } else if let Some((first, after)) = input.split_first() {
            match first.tag {
                Tag::Meaning(W::Article) => {}
                Tag::Meaning(W::Unused) => extras.unused.push(&first.token.typed),
                Tag::Meaning(
                    it @ (W::Confirmed
                    | W::Corroborated
                    | W::Admitted
                    | W::SingleSource
                    | W::Unnamed
                    | W::Alleged
                    | W::Estimated),
                ) => extras.support.push(*it),
                Tag::Meaning(W::Disputed) => {
                    extras.support.push(W::Disputed);
                    rest.push(*first);
                }
                Tag::Meaning(W::InReturn) => extras.in_return = true,
                Tag::Meaning(W::Planned) => extras.outcomes.push(Outcome::Planned),
                Tag::Meaning(W::NotAdopted) => extras.outcomes.push(Outcome::NotAdopted),
                Tag::Meaning(W::Intended) => extras.outcomes.push(Outcome::Intended),
                Tag::Meaning(W::CalledFor) => extras.outcomes.push(Outcome::CalledFor),
                Tag::Meaning(W::Expected) => extras.outcomes.push(Outcome::Expected),
                Tag::Meaning(W::BySource) => extras.by = Some(TotalBy::From),
                Tag::Meaning(W::ByTarget) => extras.by = Some(TotalBy::To),
                Tag::Meaning(W::ByObject) => extras.by = Some(TotalBy::What),
                Tag::Meaning(W::ByYear) => extras.by = Some(TotalBy::Year),
                Tag::Meaning(W::Total) => extras.total = true,
                Tag::Meaning(W::Modal) => return Err(Stop::Modal(first.token.typed.clone())),
                Tag::Meaning(W::Why) => return Err(Stop::Reason(first.token.typed.clone())),
                // What these begin was not found behind them.
                Tag::Meaning(
                    W::AccordingTo
                    | W::Avoid
                    | W::Without
                    | W::Except
                    | W::AsOf
                    | W::Before
                    | W::After
                    | W::Since
                    | W::Until
                    | W::During
                    | W::Edge
                    | W::Last
                    | W::Ago,
                ) => return Err(Stop::Dangling(first.token.typed.clone())),
                _ => rest.push(*first),
            }
            input = after;
        }
    }
    Ok((rest, extras))
}

/// A time relative to the day of reference: its words, how many units it lies before that day, and the unit.
fn relative(input: &mut Input<'_, '_>) -> Option<(String, i64, Unit)> {
    use WordMeaning as W;
    let word = |at: usize| input.get(at).map(|it| it.token);
    let means = |at: usize, wanted: W| input.get(at).is_some_and(|it| *it.tag == Tag::Meaning(wanted));
    let unit = |at: usize| word(at).and_then(|it| Unit::of_word(it.form.rsplit(' ').next().unwrap_or_default()));
    let (used, count, unit) = if means(0, W::Today) {
        (1, 0, Unit::Day)
    } else if means(0, W::Yesterday) {
        (1, 1, Unit::Day)
    } else if let (true, Some(unit)) = (means(0, W::Last), unit(1)) {
        (2, 1, unit)
    } else if let (true, Some(unit)) = (means(0, W::Current), unit(1)) {
        (2, 0, unit)
    } else if let (true, Some(unit)) = (means(1, W::Ago), unit(0)) {
        (2, count(word(0)?), unit)
    } else if let (true, Some(unit)) = (means(2, W::Ago), unit(1)) {
        (3, count(word(0)?), unit)
    } else {
        return None;
    };
    let words: Vec<&str> = input.iter().take(used).map(|it| it.token.typed.as_str()).collect();
    *input = input.get(used..)?;
    Some((words.join(" "), count, unit))
}

/// The number that a token begins with; none is one: "a week ago".
fn count(token: &Token) -> i64 {
    const WORDS: [&str; 11] = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let first = token.form.split(' ').next().unwrap_or_default();
    let word = WORDS.iter().position(|it| *it == first).and_then(|it| i64::try_from(it.max(1)).ok());
    first.parse().ok().or(word).unwrap_or(1)
}
