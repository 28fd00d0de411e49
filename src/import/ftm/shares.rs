//! Shares of one thing that cannot all hold at the same time.

use std::collections::HashMap;

use jiff::civil::Date;

use super::record::Record;
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::record::{End, Fact};
use crate::model::{Amount, Period, Quantity, Vocabulary};

/// Of a thing with more shares than that, the first ones are looked at.
const MOST: usize = 2000;
/// A message names so many of them.
const NAMED: usize = 6;

/// Shares as they come, by what they are shares of.
#[derive(Debug, Default)]
pub(super) struct Shares {
    positions: HashMap<String, usize>,
    assets: Vec<(String, Vec<Share>)>,
}

#[derive(Debug)]
struct Share {
    owner: String,
    fact: String,
    text: String,
    /// The least that it is.
    low: Option<Amount>,
    earliest: Option<Date>,
    latest: Option<Date>,
    line: u64,
}

impl Share {
    fn holds_on(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.earliest.is_none_or(|it| it <= day) && self.latest.is_none_or(|it| day <= it),
            None => self.earliest.is_none(),
        }
    }

    fn overlaps(&self, other: &Share) -> bool {
        self.holds_on(other.earliest) || other.holds_on(self.earliest)
    }
}

impl Shares {
    /// Takes note of an ownership that gives a share.
    pub(super) fn add(&mut self, fact: &Fact, record: &Record<'_>, vocabulary: &Vocabulary) {
        let role = |name: &str| match fact.roles.iter().find(|it| it.0 == name).map(|it| &it.1[..]) {
            Some([End::Entity(id)]) => Some(id.clone()),
            _ => None,
        };
        let figures = fact.claims.first().map_or(&[][..], |it| &it.figures);
        let text = figures.iter().find(|it| it.0 == "share").map(|it| it.1.clone());
        let (Some(owner), Some(asset), Some(text)) = (role("owner"), role("asset"), text) else { return };
        let percent = vocabulary.terms.unit_ix("percent").unwrap_or_default();
        let Ok(quantity) = Quantity::parse(&text, &vocabulary.terms, percent) else { return };
        let period = fact.period.as_deref().and_then(|it| Period::parse(it).ok());
        let share = Share {
            owner,
            fact: fact.id.clone(),
            text,
            low: quantity.interval.low,
            earliest: period.and_then(|it| it.earliest()),
            latest: period.and_then(|it| it.latest()),
            line: record.origin.line,
        };
        let at = *self.positions.entry(asset.clone()).or_insert(self.assets.len());
        match self.assets.get_mut(at) {
            Some((_, shares)) => shares.push(share),
            None => self.assets.push((asset, vec![share])),
        }
    }

    /// Reports what does not go together, in the order in which the things came.
    pub(super) fn report(self, findings: &mut ImportFindings) {
        for (asset, mut shares) in self.assets {
            shares.truncate(MOST);
            differing(&asset, &shares, findings);
            too_much(&asset, &shares, findings);
        }
    }
}

/// One owner with several shares of one thing at the same time.
fn differing(asset: &str, shares: &[Share], findings: &mut ImportFindings) {
    let mut by_owner: Vec<&Share> = shares.iter().collect();
    by_owner.sort_by(|a, b| a.owner.cmp(&b.owner));
    for group in by_owner.chunk_by(|a, b| a.owner == b.owner) {
        let pairs =
            group.iter().zip(1_usize..).flat_map(|(one, next)| group.iter().skip(next).map(move |it| (one, it)));
        let found = pairs.clone().find(|(one, other)| one.text != other.text && one.overlaps(other));
        if let Some((one, other)) = found {
            let message = format!(
                "`{}` has two shares of `{asset}` that may hold at the same time: {} in `{}`, {} in `{}`",
                one.owner, one.text, one.fact, other.text, other.fact
            );
            let help = "both are kept; if one took the place of the other, give the dates".to_owned();
            findings.at(Some(other.line)).report(ImportCode::Shares, message, Some(help));
        }
    }
}

/// Shares of several owners that come to more than the whole.
fn too_much(asset: &str, shares: &[Share], findings: &mut ImportFindings) {
    let whole = Amount::from(100);
    // The most stand together on a day on which one of them begins.
    let mut days: Vec<Option<Date>> = shares.iter().map(|it| it.earliest).collect();
    days.sort_unstable();
    days.dedup();
    for day in days {
        let mut held: Vec<&Share> = shares.iter().filter(|it| it.low.is_some() && it.holds_on(day)).collect();
        // Of one owner the largest counts.
        held.sort_by(|a, b| a.owner.cmp(&b.owner).then(b.low.cmp(&a.low)));
        held.dedup_by(|later, first| later.owner == first.owner);
        let sum = held.iter().filter_map(|it| it.low).try_fold(Amount::from(0), Amount::checked_add);
        let Some(sum) = sum.filter(|it| *it > whole) else { continue };
        held.sort_by_key(|it| it.line);
        let named: Vec<String> = held.iter().take(NAMED).map(|it| format!("{} in `{}`", it.text, it.fact)).collect();
        let more = held.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let message = format!(
            "shares of `{asset}` that may hold at the same time come to {} percent: {}{more}",
            sum.value(),
            named.join(", ")
        );
        let line = held.last().map(|it| it.line);
        let help = "all are kept; direct and indirect shares may be mixed, or dates be missing".to_owned();
        findings.at(line).report(ImportCode::Shares, message, Some(help));
        return;
    }
}
