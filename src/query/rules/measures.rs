//! Caps and bans against the transfers that they cover.
//!
//! A measure covers a transfer if it constrains where the transfer goes to (or, by the role `from`, where it comes from),
//! counting parts of the target; if the item is its item or below it; and if it was in force. What is said of an item
//! above its own may be of its item, so it counts for the upper bound alone, and so does a transfer that only possibly
//! falls into the period. A yearly cap is held against each calendar year that the transfers touch.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::tally::{Counted, UnitSum, add_up};
use crate::graph::{GraphView, entity_of};
use crate::model::period::End;
use crate::model::period::ImpreciseDate;
use crate::model::{
    Amount, Aspect, Certainty, EntityIx, FactIx, FlowEnd, Interval, Meaning, Per, Period, UnitIx, Verdict, during,
};
use crate::query::lens::Lens;

/// What a measure says of the transfers that it covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeasureVerdict {
    /// The transfers are above the cap for certain.
    Exceeds,
    /// They may be.
    MayExceed,
    /// They are not, as far as the data go.
    Within,
    /// There is no figure, no unit or no transfer to compare.
    Unknown,
    /// There was a transfer that is banned.
    Breached,
}

impl MeasureVerdict {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            MeasureVerdict::Exceeds => "exceeds",
            MeasureVerdict::MayExceed => "may-exceed",
            MeasureVerdict::Within => "within",
            MeasureVerdict::Unknown => "unknown",
            MeasureVerdict::Breached => "breached",
        }
    }
}

/// A measure in one period.
#[derive(Clone, Debug)]
pub(crate) struct Evaluated {
    pub(crate) verdict: MeasureVerdict,
    pub(crate) window: Option<Period>,
    /// What is allowed in the window, in the unit of the sum.
    pub(crate) allowed: Option<Interval>,
    pub(crate) sum: Option<UnitSum>,
    pub(crate) counted: Vec<FactIx>,
    pub(crate) may_count: Vec<FactIx>,
    pub(crate) why: Why,
}

/// Why the verdict is what it is, where figures do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The figures say it.
    Figures,
    /// The cap holds for each of several years together.
    Together(u32),
    /// No transfer is covered.
    NoTransfer,
    /// None of the transfers has a figure in a unit that compares with the cap's.
    NoFigure,
    /// The cap does not say for how long it counts.
    NoPer,
    /// A transfer is covered for certain.
    Covered,
    /// Transfers may be covered: by their item, their time, or the time of the measure.
    MayBeCovered,
}

/// Whom and what a measure constrains.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    pub(crate) target: Option<EntityIx>,
    pub(crate) item: Option<EntityIx>,
    pub(crate) outward: bool,
}

/// Facts that are measures, that happened and of which somebody says so.
pub(crate) fn all<G: GraphView>(lens: &Lens<'_, G>) -> Vec<FactIx> {
    let graph = lens.graph;
    let kinds = graph.vocabulary().kinds.iter().enumerate();
    let kinds = kinds.filter(|(_, it)| it.meaning == Some(Meaning::Measure));
    let facts = kinds.flat_map(|(at, _)| graph.facts_of_kind(crate::model::KindIx::from_usize(at))).copied();
    facts.filter(|it| lens.happened(*it) && lens.keeps(*it)).collect()
}

/// What the fact of a measure reaches.
pub(crate) fn reach<G: GraphView>(graph: &G, measure: FactIx) -> Reach {
    let view = graph.fact(measure);
    let entity = |end: FlowEnd| view.ends.get(end).and_then(|it| entity_of(graph, it.node));
    let target = view.ends.get(FlowEnd::Target);
    let from = graph.vocabulary().role_ix("from");
    let outward = graph.roles(measure).any(|it| Some(it.role) == from && Some(it.participant) == target);
    Reach { target: entity(FlowEnd::Target), item: entity(FlowEnd::Object), outward }
}

/// Holds a measure against its transfers: one result a period, at least one.
pub(crate) fn evaluate<G: GraphView>(lens: &Lens<'_, G>, measure: FactIx) -> Vec<Evaluated> {
    let graph = lens.graph;
    let view = graph.fact(measure);
    let reach = reach(graph, measure);
    let covered = transfers(lens, &reach, lens.period(view.record).as_ref());
    let plain = |verdict, why, covered: &[Counted]| Evaluated {
        verdict,
        window: None,
        allowed: None,
        sum: None,
        counted: covered.iter().filter(|it| it.certain).map(|it| it.fact).collect(),
        may_count: covered.iter().filter(|it| !it.certain).map(|it| it.fact).collect(),
        why,
    };
    let Some((limit, unit)) = limit(lens, measure) else {
        return vec![match covered.iter().any(|it| it.certain) {
            true => plain(MeasureVerdict::Breached, Why::Covered, &covered),
            false if covered.is_empty() => plain(MeasureVerdict::Unknown, Why::NoTransfer, &covered),
            false => plain(MeasureVerdict::Unknown, Why::MayBeCovered, &covered),
        }];
    };
    if covered.is_empty() {
        return vec![plain(MeasureVerdict::Unknown, Why::NoTransfer, &covered)];
    }
    let Some(per) = graph.record(view.record).per else {
        return vec![Evaluated { counted: Vec::new(), ..plain(MeasureVerdict::Unknown, Why::NoPer, &covered) }];
    };
    let windows = windows(lens, &covered, per, lens.period(view.record));
    let mut found: Vec<Evaluated> = Vec::new();
    for window in &windows {
        let mut inside = within(lens, &covered, window.as_ref());
        if window.is_none() && per != Per::Total {
            // Without dates nobody knows whether it all fell into one year.
            inside.iter_mut().for_each(|it| it.certain = false);
        }
        if !inside.is_empty() {
            found.push(compare(lens, &inside, &limit, unit, 1, *window));
        }
    }
    // A transfer over parts of several years may be within the cap of each, and yet above that of all of them together.
    let exceeded = found.iter().any(|it| it.verdict == MeasureVerdict::Exceeds);
    if per == Per::Year && !exceeded {
        let mut together: Vec<(i16, i16)> =
            spans(lens, &covered).into_iter().map(|(first, last)| (first.year(), last.year())).collect();
        together.sort_unstable();
        together.dedup();
        for (first, last) in together.into_iter().take(MOST_WINDOWS) {
            let Some((window, years)) = years(first, last) else { continue };
            let inside = within(lens, &covered, Some(&window));
            let together = compare(lens, &inside, &limit, unit, years, Some(window));
            if together.verdict == MeasureVerdict::Exceeds {
                found.push(Evaluated { why: Why::Together(years), ..together });
            }
        }
    }
    found
}

/// The cap of a measure with its unit: the hull of what its claims say.
pub(crate) fn limit<G: GraphView>(lens: &Lens<'_, G>, measure: FactIx) -> Option<(Interval, UnitIx)> {
    let graph = lens.graph;
    let vocabulary = graph.vocabulary();
    let mut found: Option<(Interval, UnitIx)> = None;
    for claim in lens.current(graph.fact(measure).record) {
        for figure in graph.figures(claim).filter(|it| it.at == 0) {
            found = match found {
                None => Some((figure.interval, figure.unit)),
                Some((limit, unit)) => {
                    let Some(common) = vocabulary.common_unit(&[unit, figure.unit]) else { continue };
                    let a = vocabulary.convert(&limit, unit, common)?;
                    let b = vocabulary.convert(&figure.interval, figure.unit, common)?;
                    Some((a.hull(&b), common))
                }
            };
        }
    }
    found
}

/// Transfers that a measure covers, each with whether it does so for certain.
fn transfers<G: GraphView>(lens: &Lens<'_, G>, reach: &Reach, force: Option<&Period>) -> Vec<Counted> {
    let graph = lens.graph;
    let Some(target) = reach.target else { return Vec::new() };
    let (end, other) =
        if reach.outward { (FlowEnd::Source, FlowEnd::Target) } else { (FlowEnd::Target, FlowEnd::Source) };
    let mut facts: Vec<FactIx> = graph
        .parts(target)
        .iter()
        .flat_map(|it| if reach.outward { graph.facts_from((*it).into()) } else { graph.facts_to((*it).into()) })
        .copied()
        .collect();
    facts.sort_unstable();
    facts.dedup();
    let inside = |fact: FactIx, end: FlowEnd| {
        let node = graph.fact(fact).ends.get(end).and_then(|it| entity_of(graph, it.node));
        node.is_some_and(|it| graph.is_part(it, target))
    };
    let mut found = Vec::new();
    for fact in facts {
        let view = graph.fact(fact);
        let flows = graph.vocabulary().kind(view.kind).is_some_and(|it| it.flow);
        // What stays inside the target neither goes to it nor comes from it.
        if !flows || !inside(fact, end) || inside(fact, other) || !lens.happened(fact) || !lens.keeps(fact) {
            continue;
        }
        let item = view.ends.get(FlowEnd::Object).and_then(|it| entity_of(graph, it.node));
        let is_item = match (reach.item, item) {
            (None, _) => Certainty::Certain,
            (Some(class), Some(item)) if graph.is_within(item, class) => Certainty::Certain,
            (Some(class), Some(item)) if graph.is_within(class, item) => Certainty::Possible,
            (Some(_), _) => Certainty::Impossible,
        };
        // A measure without a period counts as in force throughout.
        let in_force =
            force.map_or(Certainty::Certain, |force| during(lens.period(view.record).as_ref(), force, Aspect::Event));
        if is_item != Certainty::Impossible && in_force != Certainty::Impossible {
            found.push(Counted { fact, certain: is_item == Certainty::Certain && in_force == Certainty::Certain });
        }
    }
    found
}

/// The transfers that may fall into a window, none being all time.
fn within<G: GraphView>(lens: &Lens<'_, G>, covered: &[Counted], window: Option<&Period>) -> Vec<Counted> {
    let mut found = Vec::new();
    for it in covered {
        let period = lens.period(lens.graph.fact(it.fact).record);
        let falls = window.map_or(Certainty::Certain, |window| during(period.as_ref(), window, Aspect::Event));
        if falls != Certainty::Impossible {
            found.push(Counted { certain: it.certain && falls == Certainty::Certain, ..*it });
        }
    }
    found
}

/// So many windows at most are held against one measure: those that transfers touch first.
const MOST_WINDOWS: usize = 1_000;

/// The calendar years or months that dated transfers touch; one window without dates if none is dated. Of a transfer with
/// an open end the known one counts.
fn windows<G: GraphView>(
    lens: &Lens<'_, G>,
    covered: &[Counted],
    per: Per,
    force: Option<Period>,
) -> Vec<Option<Period>> {
    if per == Per::Total {
        return vec![force];
    }
    let mut found: BTreeSet<(i16, i8)> = BTreeSet::new();
    for (first, last) in spans(lens, covered) {
        let (mut year, mut month) = (first.year(), if per == Per::Month { first.month() } else { 1 });
        while (year, month) <= (last.year(), last.month()) && found.len() < MOST_WINDOWS {
            found.insert((year, month));
            (year, month) = match per {
                Per::Month if month < 12 => (year, month + 1),
                _ => (year + 1, 1),
            };
        }
    }
    if found.is_empty() {
        return vec![None];
    }
    let date = |(year, month): (i16, i8)| match per {
        Per::Month => ImpreciseDate::month(year, month).ok(),
        Per::Year | Per::Total => ImpreciseDate::year(year).ok(),
    };
    found.into_iter().filter_map(date).map(|it| Period::new(End::Date(it), End::Date(it)).ok()).collect()
}

/// First and last possible day of each dated transfer, each span once.
fn spans<G: GraphView>(lens: &Lens<'_, G>, covered: &[Counted]) -> Vec<(Date, Date)> {
    let mut found: Vec<(Date, Date)> = covered
        .iter()
        .filter_map(|it| lens.period(lens.graph.fact(it.fact).record))
        .filter_map(|it| match (it.earliest(), it.latest()) {
            (Some(first), Some(last)) => Some((first, last)),
            (Some(known), None) | (None, Some(known)) => Some((known, known)),
            (None, None) => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The years from one to another as a period, if they are several, and their number.
fn years(first: i16, last: i16) -> Option<(Period, u32)> {
    let count = u32::try_from(i32::from(last) - i32::from(first) + 1).ok().filter(|it| *it > 1)?;
    let year = |year: i16| ImpreciseDate::year(year).ok().map(End::Date);
    Some((Period::new(year(first)?, year(last)?).ok()?, count))
}

/// The transfers in a window against so many times the cap.
fn compare<G: GraphView>(
    lens: &Lens<'_, G>,
    inside: &[Counted],
    limit: &Interval,
    unit: UnitIx,
    times: u32,
    window: Option<Period>,
) -> Evaluated {
    let vocabulary = lens.graph.vocabulary();
    let (sums, without_figure) = add_up(lens, inside, None);
    let comparable = |it: &UnitSum| vocabulary.common_unit(&[it.unit, unit]).is_some();
    let sum = sums.iter().find(|it| comparable(it)).cloned();
    // What has no figure, or one that does not compare, may be any amount.
    let open = !without_figure.is_empty() || sums.iter().any(|it| !comparable(it));
    let multiply = |bound: Option<Amount>| bound.and_then(|it| it.checked_mul(Amount::from(u64::from(times))));
    let allowed = Interval { low: multiply(limit.low), high: multiply(limit.high), ..*limit };
    let all_may_count = |except: &[FactIx]| {
        let except: BTreeSet<FactIx> = except.iter().copied().collect();
        inside.iter().map(|it| it.fact).filter(|it| !except.contains(it)).collect::<Vec<FactIx>>()
    };
    let unknown = || Evaluated {
        verdict: MeasureVerdict::Unknown,
        window,
        allowed: Some(allowed),
        sum: None,
        counted: Vec::new(),
        may_count: all_may_count(&[]),
        why: Why::NoFigure,
    };
    let Some(mut sum) = sum else { return unknown() };
    let in_common = |it: &Interval, from: UnitIx, to: UnitIx| vocabulary.convert(it, from, to);
    let Some(common) = vocabulary.common_unit(&[sum.unit, unit]) else { return unknown() };
    let (Some(reported), Some(allowed)) =
        (in_common(&sum.interval, sum.unit, common), in_common(&allowed, unit, common))
    else {
        return unknown();
    };
    sum.interval = if open { Interval { high: None, high_open: false, ..reported } } else { reported };
    sum.unit = common;
    let verdict = match sum.interval.against_cap(&allowed, vocabulary.terms.margin()) {
        Verdict::Exceeds => MeasureVerdict::Exceeds,
        Verdict::MayExceed => MeasureVerdict::MayExceed,
        Verdict::Within => MeasureVerdict::Within,
        Verdict::Unknown => MeasureVerdict::Unknown,
    };
    let counted = sum.low_from.clone();
    let may_count = all_may_count(&counted);
    let why = if verdict == MeasureVerdict::Unknown { Why::NoFigure } else { Why::Figures };
    Evaluated { verdict, window, allowed: Some(allowed), sum: Some(sum), counted, may_count, why }
}
