//! Sums over the facts of a question, as intervals, with what each bound counts and why.

use std::collections::BTreeMap;

use super::build::node_ref;
use super::error::QueryError;
use super::judged::Total;
use super::lens::Lens;
use super::question::{TotalBy, Who};
use super::rules::tally::{Counted, UnitSum, WhyOut, add_up};
use crate::graph::{GraphView, entity_of};
use crate::model::period::{End, ImpreciseDate};
use crate::model::{
    Aspect, Certainty, FactIx, FlowEnd, NodeIx, Period, RelationKind, RelationTarget, UnitIx, Vocabulary, during,
};

/// What is to be added up.
pub(crate) struct Summed {
    by: TotalBy,
    /// Only the figure of that name.
    figure: Option<String>,
    /// Only in that unit.
    unit: Option<UnitIx>,
}

impl Summed {
    /// What a question wants added up, if anything.
    ///
    /// # Errors
    ///
    /// A figure or a unit that does not exist.
    pub(crate) fn new(vocabulary: &Vocabulary, question: &Who) -> Result<Option<Summed>, QueryError> {
        let Some(by) = question.total else { return Ok(None) };
        let unknown = |what, name: &str, known| QueryError::UnknownWord { what, name: name.to_owned(), known };
        if let Some(figure) = &question.total_of {
            let mut known: Vec<String> =
                vocabulary.kinds.iter().flat_map(|it| &it.figures).map(|it| it.name.to_string()).collect();
            known.sort_unstable();
            known.dedup();
            if !known.contains(figure) {
                return Err(unknown("figure", figure, known));
            }
        }
        let unit = question.unit.as_ref().map(|unit| {
            let units = vocabulary.terms.units().iter();
            let found = units.clone().find(|it| it.is_called(unit)).and_then(|it| vocabulary.terms.unit_ix(&it.id));
            found.ok_or_else(|| unknown("unit", unit, units.map(|it| it.id.to_string()).collect()))
        });
        Ok(Some(Summed { by, figure: question.total_of.clone(), unit: unit.transpose()? }))
    }
}

/// Sums of what happened among these facts, and remarks about what is in none.
pub(crate) fn totals<G: GraphView>(
    lens: &Lens<'_, G>,
    facts: &[(FactIx, Option<Certainty>)],
    summed: &Summed,
) -> (Vec<Total>, Vec<String>) {
    let graph = lens.graph;
    let by = summed.by;
    let (happened, others): (Vec<_>, Vec<_>) = facts.iter().partition(|(fact, _)| lens.happened(*fact));
    let counted: Vec<Counted> = happened
        .iter()
        .map(|(fact, matched)| Counted { fact: *fact, certain: *matched != Some(Certainty::Possible) })
        .collect();
    let mut totals = Vec::new();
    let mut without = Vec::new();
    let mut other_units: Vec<String> = Vec::new();
    for ((_, id, name), facts) in groups(lens, &counted, by) {
        let (mut sums, unused) = add_up(lens, &facts, summed.figure.as_deref());
        if let Some(unit) = summed.unit {
            let vocabulary = graph.vocabulary();
            let (asked, others): (Vec<_>, Vec<_>) =
                sums.into_iter().partition(|it| vocabulary.common_unit(&[it.unit, unit]).is_some());
            for it in &others {
                let plural = vocabulary.terms.unit(it.unit).map_or(String::new(), |it| it.plural.to_string());
                if !other_units.contains(&plural) {
                    other_units.push(plural);
                }
            }
            sums = asked;
        }
        totals.extend(sums.into_iter().map(|it| total(lens, it, id.clone(), name.clone())));
        without.extend(unused);
    }
    without.sort_unstable();
    without.dedup();
    let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id).collect::<Vec<_>>().join(", ");
    let mut remarks = Vec::new();
    if !without.is_empty() {
        remarks.push(format!("no sum holds what has no figure: {}", ids(&without)));
    }
    if !other_units.is_empty() {
        remarks.push(format!("there are sums in other units: {}", other_units.join(", ")));
    }
    let others: Vec<FactIx> = others.iter().map(|(fact, _)| *fact).collect();
    if !others.is_empty() {
        remarks.push(format!("no sum holds what did not happen, or is only denied: {}", ids(&others)));
    }
    if by == TotalBy::Year && totals.len() > 1 {
        remarks.push("what may fall into several years counts for the upper bound of each".to_owned());
    }
    (totals, remarks)
}

/// A group by its order, id and name.
type Key = (u8, Option<String>, Option<String>);

fn groups<G: GraphView>(lens: &Lens<'_, G>, counted: &[Counted], by: TotalBy) -> BTreeMap<Key, Vec<Counted>> {
    let graph = lens.graph;
    let mut groups: BTreeMap<Key, Vec<Counted>> = BTreeMap::new();
    let mut put = |key: Key, facts: &[Counted]| groups.entry(key).or_default().extend_from_slice(facts);
    match by {
        TotalBy::Unit => put((0, None, None), counted),
        TotalBy::From => by_end(graph, counted, FlowEnd::Source, &mut put),
        TotalBy::What => by_end(graph, counted, FlowEnd::Object, &mut put),
        TotalBy::To => by_end(graph, counted, FlowEnd::Target, &mut put),
        TotalBy::Kind => {
            for it in counted {
                let kind = graph.vocabulary().kind(graph.fact_ends(it.fact).kind);
                let key = kind.map_or(NOBODY, |it| (0, Some(it.id.to_string()), Some(it.plural.to_string())));
                put(key, &[*it]);
            }
        }
        TotalBy::Year => by_year(lens, counted, &mut |key, it| put(key, &[it])),
    }
    // Without facts there is no sum, and not one of nothing.
    groups.retain(|_, facts| !facts.is_empty());
    groups
}

const NOBODY: Key = (1, None, None);

/// By who or what stands at an end; each of them is named once, however many facts it has.
fn by_end<G: GraphView>(graph: &G, counted: &[Counted], end: FlowEnd, put: &mut impl FnMut(Key, &[Counted])) {
    let node = |it: &Counted| graph.fact_ends(it.fact).ends.get(end).map(|it| it.node);
    let mut all: Vec<(Option<NodeIx>, Counted)> = counted.iter().map(|it| (node(it), *it)).collect();
    all.sort_by_key(|(node, _)| *node);
    for group in all.chunk_by(|(a, _), (b, _)| a == b) {
        let facts: Vec<Counted> = group.iter().map(|(_, it)| *it).collect();
        put(group.first().and_then(|(node, _)| *node).map_or(NOBODY, |it| key_of(graph, it)), &facts);
    }
}

fn key_of<G: GraphView>(graph: &G, node: NodeIx) -> Key {
    match entity_of(graph, node).map(|it| graph.entity(it)) {
        Some(view) => (0, Some(view.id.to_owned()), Some(view.name.to_owned())),
        None => (0, None, Some(node_ref(graph, node).name)),
    }
}

/// So many years at most: those of the facts that come first.
const MOST_YEARS: usize = 1_000;

/// Each fact in every year into which it may fall; without a date, apart.
fn by_year<G: GraphView>(lens: &Lens<'_, G>, counted: &[Counted], put: &mut impl FnMut(Key, Counted)) {
    let graph = lens.graph;
    let period = |it: &Counted| lens.period(graph.fact_ends(it.fact).record);
    let mut years: Vec<i16> = Vec::new();
    for period in counted.iter().filter_map(period) {
        let (first, last) = match (period.earliest(), period.latest()) {
            (Some(first), Some(last)) => (first.year(), last.year()),
            (Some(known), None) | (None, Some(known)) => (known.year(), known.year()),
            (None, None) => continue,
        };
        years.extend((first..=last).take(MOST_YEARS));
    }
    years.sort_unstable();
    years.dedup();
    years.truncate(MOST_YEARS);
    for it in counted {
        let Some(period) = period(it) else {
            put((1, None, Some("no date".to_owned())), *it);
            continue;
        };
        let view = graph.fact_ends(it.fact);
        let aspect = graph.vocabulary().kind(view.kind).map_or(Aspect::Event, |it| it.aspect);
        let first = period.earliest().map_or(0, |day| years.partition_point(|it| *it < day.year()));
        for year in years.get(first..).unwrap_or_default() {
            let window = ImpreciseDate::year(*year).ok().and_then(|it| Period::new(End::Date(it), End::Date(it)).ok());
            let Some(window) = window else { continue };
            match during(Some(&period), &window, aspect) {
                Certainty::Impossible => break,
                falls => put(
                    (0, Some(year.to_string()), Some(year.to_string())),
                    Counted { certain: it.certain && falls == Certainty::Certain, ..*it },
                ),
            }
        }
    }
}

/// So many reasons at most are told one by one.
const MOST_REASONS: usize = 20;

/// Why facts that are added up, ascending, cannot speak of the same things.
fn because<G: GraphView>(lens: &Lens<'_, G>, facts: &[FactIx]) -> Vec<String> {
    let graph = lens.graph;
    let mut found = Vec::new();
    let mut told = vec![false; facts.len()];
    let related = if graph.has_relations() { facts } else { &[] };
    for (at, fact) in related.iter().enumerate() {
        let record = graph.fact_ends(*fact).record;
        for relation in graph.relations(record).filter(|it| it.kind == RelationKind::InAdditionTo) {
            let targets = match relation.target {
                RelationTarget::Record(record) => graph.record(record).facts,
                RelationTarget::Fact(fact) => fact.0..fact.0.saturating_add(1),
                RelationTarget::Entity(_) => continue,
            };
            let first = facts.partition_point(|it| it.0 < targets.start);
            let others = facts.iter().enumerate().skip(first);
            for (to, other) in others.take_while(|(_, it)| it.0 < targets.end) {
                if found.len() < MOST_REASONS {
                    found.push(format!("{} is in addition to {}", graph.fact(*fact).id, graph.fact(*other).id));
                }
                for it in [at, to] {
                    told.get_mut(it).into_iter().for_each(|it| *it = true);
                }
            }
        }
    }
    if facts.len() > 1 && told.contains(&false) {
        found.push("what is added up is of other things, of others or of other times".to_owned());
    }
    found
}

pub(super) fn total<G: GraphView>(
    lens: &Lens<'_, G>,
    sum: UnitSum,
    group: Option<String>,
    group_name: Option<String>,
) -> Total {
    let graph = lens.graph;
    let vocabulary = graph.vocabulary();
    let id = |fact: FactIx| graph.fact(fact).id.to_owned();
    let ids = |facts: &[FactIx]| facts.iter().map(|it| id(*it)).collect::<Vec<_>>();
    let counted_low = ids(&sum.low_from);
    // Mostly the same.
    let counted_high = if sum.high_from == sum.low_from { counted_low.clone() } else { ids(&sum.high_from) };
    let unit = |unit| vocabulary.terms.unit(unit);
    let conversions = vocabulary.conversions.iter().filter(|it| sum.converted.contains(&it.from));
    let conversions = conversions.filter_map(|it| {
        let (from, to) = (unit(it.from)?, unit(it.to)?);
        Some(format!("1 {} = {} {} ({})", from.id.replace('-', " "), it.factor, to.plural, it.source))
    });
    let why = |why: WhyOut| match why {
        WhyOut::PartOf(it) => format!("part of {}", id(it)),
        WhyOut::SameAs(it) => format!("the same as {}", id(it)),
        WhyOut::MayCoincide(Some(it)) => format!("may be some of {}", id(it)),
        WhyOut::MayCoincide(None) => "may be some of what is counted".to_owned(),
        WhyOut::NoLow => "has no lower bound".to_owned(),
        WhyOut::NoFigure => "has no figure".to_owned(),
        WhyOut::OnlyPossible => "may lie outside".to_owned(),
    };
    Total {
        group,
        group_name,
        unit: unit(sum.unit).map_or(String::new(), |it| it.id.to_string()),
        interval: sum.interval,
        bound: sum.bound,
        because: because(lens, &sum.low_from),
        counted_low,
        counted_high,
        left_out: sum.left_out.iter().map(|(fact, it)| (id(*fact), why(*it))).collect(),
        differs: ids(&sum.differs),
        conversions: conversions.collect(),
        figure: sum.figure,
    }
}
