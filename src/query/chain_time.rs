//! Whether a chain is certain or only possible, when it holds, and why.
//!
//! Certain is a chain if some choice of a fact a step is in order whatever the moments were: by the periods
//! ([`chain_order`]), or because a relation `after` says that the fact of a step comes
//! after that of the step before. Such a link cuts the chain in two, and each piece must be certain by itself: then its
//! last moment, that of the link, and the first one behind the link are in order, and so are all. Beside a link a fact counts
//! as an event, since nobody says which moment of a state the other came after.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::answer::{AfterLink, ChainTime, PeriodValue};
use super::build::node_ref;
use super::in_time::{Choice, Contradictions, Possible, Timed, timed};
use super::lens::Lens;
use super::wording::join;
use crate::graph::{GraphView, RelationView};
use crate::model::period::{ChainDays, Day, End, ImpreciseDate, chain_order};
use crate::model::{Aspect, Certainty, ClaimIx, FactIx, Period, RelationKind, RelationTarget, Stance};

/// The time of a chain, whose steps hold only facts that can take part in it.
pub(super) fn chain_time<G: GraphView>(lens: &Lens<'_, G>, steps: &[Vec<FactIx>]) -> ChainTime {
    let steps: Vec<Vec<Timed>> = steps.iter().map(|facts| facts.iter().map(|it| timed(lens, *it)).collect()).collect();
    let window = window(lens, &steps);
    let contradictions = said_after(lens, &steps);
    let several = steps.iter().any(|it| it.len() > 1);
    let chain = Possible::new(steps);
    let certain = certain_choice(lens, &chain.steps).filter(|it| is_possible(it, &contradictions));
    let (certainty, choice) = match certain {
        Some(choice) => (Certainty::Certain, choice),
        None => match chain.choose(&contradictions) {
            Choice::Found(choice) => (Certainty::Possible, choice),
            Choice::None | Choice::Unknown => {
                let reason = "too many relations contradict each other to tell more".to_owned();
                return ChainTime { certainty: Certainty::Possible, window, reason, after: Vec::new() };
            }
        },
    };
    let links: Vec<Option<Link>> = choice.windows(2).map(|pair| link_between(lens, pair)).collect();
    let reason = match certainty {
        Certainty::Certain => certain_reason(lens, &choice, &links),
        _ => possible_reason(lens, &choice, &links, several),
    };
    let after = links.into_iter().flatten().map(|it| it.link).collect();
    ChainTime { certainty, window, reason, after }
}

/// Pairs of facts of the steps, the earlier step's first, of which the first is said to come after the second.
pub(super) fn said_after<G: GraphView>(lens: &Lens<'_, G>, steps: &[Vec<Timed>]) -> Contradictions {
    let facts = steps.iter().enumerate().flat_map(|(at, facts)| facts.iter().map(move |it| (it.fact, at)));
    let step_of: BTreeMap<FactIx, usize> = facts.collect();
    let mut found = Contradictions::new();
    for (fact, step) in &step_of {
        for before in before(lens, *fact) {
            if step_of.get(&before).is_some_and(|it| it > step) {
                found.insert((*fact, before));
            }
        }
    }
    found
}

/// Facts that a fact is said to come after.
pub(super) fn before<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> Vec<FactIx> {
    let record = lens.graph.fact_ends(fact).record;
    let relations = lens.graph.relations(record).filter(|it| !claimants(lens, fact, it).is_empty());
    relations
        .flat_map(|it| match it.target {
            RelationTarget::Record(record) => lens.graph.record(record).facts.map(FactIx).collect(),
            RelationTarget::Fact(fact) => vec![fact],
            RelationTarget::Entity(_) => Vec::new(),
        })
        .collect()
}

/// The claims that say so, if the relation is an `after`. One that somebody denies decides nothing.
fn claimants<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx, relation: &RelationView) -> Vec<ClaimIx> {
    if relation.kind != RelationKind::After {
        return Vec::new();
    }
    let is_denial = |it: &ClaimIx| lens.graph.claim(*it).stance == Stance::Denies;
    let own: Vec<ClaimIx> = relation.claims.clone().map(ClaimIx).filter(|it| lens.sees(*it)).collect();
    if own.is_empty() && !relation.claims.is_empty() {
        return Vec::new();
    }
    if own.iter().any(is_denial) {
        return Vec::new();
    }
    if !own.is_empty() {
        return own;
    }
    // Who denies the fact itself says nothing about the order.
    let of_record = lens.current(lens.graph.fact_ends(fact).record).into_iter();
    of_record.filter(|it| !is_denial(it)).collect()
}

/// A link with who says so.
struct Link {
    link: AfterLink,
    says: String,
}

/// What says that the second of two facts comes after the first.
fn link_between<G: GraphView>(lens: &Lens<'_, G>, pair: &[Timed]) -> Option<Link> {
    let [earlier, later] = pair else { return None };
    let (earlier, later) = (earlier.fact, later.fact);
    let is_earlier = |it: &RelationView| match it.target {
        RelationTarget::Record(record) => lens.graph.fact_ends(earlier).record == record,
        RelationTarget::Fact(fact) => fact == earlier,
        RelationTarget::Entity(_) => false,
    };
    let claims: Vec<ClaimIx> = lens
        .graph
        .relations(lens.graph.fact_ends(later).record)
        .filter(is_earlier)
        .flat_map(|it| claimants(lens, later, &it))
        .collect();
    let mut by = Vec::new();
    let mut said: Vec<String> = Vec::new();
    for claim in claims.iter().map(|it| lens.graph.claim(*it)) {
        let who = node_ref(lens.graph, claim.by);
        let verb = if claim.stance == Stance::States { "says" } else { claim.stance.as_str() };
        let words = format!("{verb} {}", who.prose);
        if !said.contains(&words) {
            said.push(words);
            by.push(who);
        }
    }
    let id = |it: FactIx| lens.graph.fact(it).id.to_owned();
    (!by.is_empty()).then(|| {
        let link = AfterLink { later: id(later), earlier: id(earlier), by };
        let says = format!("{} comes after {}, {}", link.later, link.earlier, join(said.into_iter(), "and"));
        Link { link, says }
    })
}

/// A way to be at a step: by which fact, and whether that counts as an event because of a link.
#[derive(Clone, Copy)]
struct State {
    fact: usize,
    as_event: bool,
    /// Up to which day the piece of the chain may have lasted; none if nothing about this fact is certain, so that the
    /// piece must not go on.
    lasted: Option<Day>,
    /// The state of the step before.
    before: Option<usize>,
}

/// A fact a step whose order is certain, piece by piece, if there is a choice. Of the facts before it a step needs to know
/// only up to when they may have lasted, and less is better, so one pass finds it: in the order of facts and relations.
fn certain_choice<G: GraphView>(lens: &Lens<'_, G>, steps: &[Vec<Timed>]) -> Option<Vec<Timed>> {
    let mut table: Vec<Vec<State>> = Vec::new();
    for (at, facts) in steps.iter().enumerate() {
        let last = table.last().map_or(&[][..], Vec::as_slice);
        let enumerated = last.iter().enumerate();
        let best = enumerated.clone().filter_map(|(at, it)| Some((it.lasted?, at))).min();
        let events: BTreeMap<FactIx, usize> = enumerated
            .filter(|(_, it)| it.as_event)
            .filter_map(|(state, it)| Some((steps.get(at.checked_sub(1)?)?.get(it.fact)?.fact, state)))
            .collect();
        let mut states = Vec::new();
        for (fact, timed) in facts.iter().enumerate() {
            let linked = before(lens, timed.fact).iter().find_map(|it| events.get(it).copied());
            for as_event in [false, true] {
                let aspect = if as_event { Aspect::Event } else { timed.aspect };
                let sure = ChainDays::of(timed.period.as_ref(), aspect).sure;
                let fresh = sure.map(|it| it.as_earlier);
                if at == 0 {
                    states.push(State { fact, as_event, lasted: fresh, before: None });
                } else if let Some(linked) = linked.filter(|_| as_event) {
                    states.push(State { fact, as_event, lasted: fresh, before: Some(linked) });
                } else if let (Some((lasted, before)), Some(sure)) = (best, sure)
                    && lasted <= sure.as_later
                {
                    let lasted = Some(lasted.max(sure.as_earlier));
                    states.push(State { fact, as_event, lasted, before: Some(before) });
                }
            }
        }
        table.push(states);
    }
    let mut state = table.last()?.first().copied();
    let mut choice = Vec::new();
    for (at, facts) in steps.iter().enumerate().rev() {
        let here = state?;
        choice.push(*facts.get(here.fact)?);
        let earlier = at.checked_sub(1).and_then(|it| table.get(it));
        state = earlier.zip(here.before).and_then(|(states, it)| states.get(it)).copied();
    }
    choice.reverse();
    Some(choice)
}

/// Whether moments in order exist, and no relation says otherwise.
fn is_possible(choice: &[Timed], contradictions: &Contradictions) -> bool {
    let mut arrival = Day::Before;
    let in_order = choice.iter().all(|it| {
        arrival = arrival.max(it.days.first);
        arrival <= it.days.last
    });
    in_order && !pairs(choice).any(|(it, other)| contradictions.contains(&(it.fact, other.fact)))
}

/// "a12 comes after a11, says the MSMT".
fn certain_reason<G: GraphView>(lens: &Lens<'_, G>, choice: &[Timed], links: &[Option<Link>]) -> String {
    let mut clauses: Vec<String> = links.iter().flatten().map(|it| it.says.clone()).collect();
    for piece in pieces(choice, links).iter().filter(|it| it.len() > 1) {
        let ids = piece.iter().map(|it| id(lens, it));
        clauses.push(format!("{} are in order by their dates", join(ids, "and")));
    }
    if clauses.is_empty() {
        return "there is only one step".to_owned();
    }
    clauses.join("; ")
}

/// "a12 has no date".
fn possible_reason<G: GraphView>(
    lens: &Lens<'_, G>,
    choice: &[Timed],
    links: &[Option<Link>],
    several: bool,
) -> String {
    let mut clauses: Vec<String> = Vec::new();
    let mut say = |clause: String| {
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    };
    for piece in pieces(choice, links) {
        let mut open: Vec<(&Timed, &Timed)> = neighbours(&piece).filter(|it| !is_certain(*it)).collect();
        if open.is_empty() {
            // Neighbours in order need not put those in order that stand further apart.
            open = pairs(&piece).filter(|it| !is_certain(*it)).collect();
        }
        for (earlier, later) in open {
            let mut inexact = [earlier, later].into_iter().filter_map(|it| inexact(lens, it)).peekable();
            if inexact.peek().is_none() {
                say(format!("the periods of {} and {} overlap", id(lens, earlier), id(lens, later)));
            }
            inexact.for_each(&mut say);
        }
    }
    if clauses.is_empty() {
        clauses.push("the dates leave the order open".to_owned());
    }
    let reason = clauses.join("; ");
    if several { format!("no choice among the facts of the steps is sure; for one, {reason}") } else { reason }
}

/// What about the date of a fact forbids to be certain.
fn inexact<G: GraphView>(lens: &Lens<'_, G>, fact: &Timed) -> Option<String> {
    let Some(period) = fact.period else { return Some(format!("{} has no date", id(lens, fact))) };
    let dates: Vec<ImpreciseDate> = [period.start(), period.end()].into_iter().filter_map(End::date).collect();
    if dates.iter().any(|it| it.is_approximate()) {
        return Some(format!("the date of {} is approximate", id(lens, fact)));
    }
    dates.iter().any(|it| it.is_uncertain()).then(|| format!("the date of {} is uncertain", id(lens, fact)))
}

fn id<G: GraphView>(lens: &Lens<'_, G>, fact: &Timed) -> String {
    lens.graph.fact(fact.fact).id.to_owned()
}

/// The chain cut at its links.
fn pieces(choice: &[Timed], links: &[Option<Link>]) -> Vec<Vec<Timed>> {
    let mut pieces: Vec<Vec<Timed>> = Vec::new();
    for (at, fact) in choice.iter().enumerate() {
        let is_linked = at.checked_sub(1).is_none_or(|it| links.get(it).is_some_and(Option::is_some));
        match pieces.last_mut().filter(|_| !is_linked) {
            Some(piece) => piece.push(*fact),
            None => pieces.push(vec![*fact]),
        }
    }
    pieces
}

fn neighbours(piece: &[Timed]) -> impl Iterator<Item = (&Timed, &Timed)> {
    piece.iter().zip(piece.iter().skip(1))
}

fn pairs(piece: &[Timed]) -> impl Iterator<Item = (&Timed, &Timed)> {
    piece.iter().enumerate().flat_map(|(at, it)| piece.iter().skip(at + 1).map(move |other| (it, other)))
}

fn is_certain((earlier, later): (&Timed, &Timed)) -> bool {
    chain_order(&[(earlier.period, earlier.aspect), (later.period, later.aspect)]) == Certainty::Certain
}

/// When the chain holds: from the first possible day of its first step to the last possible day of its last, each in the
/// words of the claim that bounds it. None if neither has a date, or if what is left between two approximate dates could
/// be said only more precisely than they are.
fn window<G: GraphView>(lens: &Lens<'_, G>, steps: &[Vec<Timed>]) -> Option<PeriodValue> {
    let precision = |it: End| it.date().map(|it| it.precision());
    let starts = steps.first()?.iter().map(|it| (it, it.period.map_or(End::Unknown, |it| it.start())));
    let ends = steps.last()?.iter().map(|it| (it, it.period.map_or(End::Unknown, |it| it.end())));
    // Of two ends with the same day the coarser one says less.
    let (first, start) = starts.min_by_key(|(it, end)| (it.days.first, precision(*end)))?;
    let (last, end) = ends.max_by_key(|(it, end)| (it.days.last, Reverse(precision(*end))))?;
    let is_inferred = |fact: &Timed, end: End| {
        end.date().is_some() && lens.graph.inferred(lens.graph.fact(fact.fact).record).any(|it| it == "period")
    };
    let inferred = is_inferred(first, start) || is_inferred(last, end);
    Some(PeriodValue { period: Period::new(start, end).ok()?, inferred })
}
