//! Caps that cannot be judged: without a stretch of time to count over, or in a unit that what they cover is not given in.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::Places;
use crate::diagnostic::{Code, Span};
use crate::load::findings::Findings;
use crate::model::{
    Dataset, Entity, EntityIx, Fact, FlowEnd, Meaning, NodeIx, Outcome, Participant, Record, RecordIx, UnitIx,
};

/// Warns of what would make the verdict on a measure unknown.
pub(super) fn check(dataset: &Dataset, places: &Places, findings: &mut Findings) {
    let mut caps = Caps::new();
    for fact in &dataset.facts {
        let kind = dataset.vocabulary.kind(fact.kind);
        let Some(record) = dataset.records.get(fact.record.index()) else { continue };
        if kind.is_none_or(|it| it.meaning != Some(Meaning::Measure)) {
            continue;
        }
        let limits = units(record, dataset);
        // Of a record with several facts the same finding is kept once.
        let span = places.records.get(fact.record.index()).copied().unwrap_or_default();
        without_the_other(record, !limits.is_empty(), span, findings);
        if let Some(scope) = scope(fact, dataset) {
            for unit in limits {
                caps.entry(scope).or_default().entry(unit).or_default().insert(fact.record);
            }
        }
    }
    if !caps.is_empty() {
        without_conversion(&caps, dataset, places, findings);
    }
}

fn without_the_other(record: &Record, limited: bool, span: Span, findings: &mut Findings) {
    let (message, help) = match (limited, record.per) {
        (true, None) => (
            format!("the cap `{}` has no `per`", record.id),
            "say what the limit is for: `per: \"year\"`, `\"month\"` or `\"total\"`".to_owned(),
        ),
        (false, Some(per)) => (
            format!("`{}` has `per: \"{}\"` and no limit", record.id, per.as_str()),
            "give the limit, or take `per` out: a measure without a limit is a ban".to_owned(),
        ),
        _ => return,
    };
    findings.report(span, Code::LimitOrPer, message, Some(help));
}

/// The units in which the claims of a record give its first figure.
fn units(record: &Record, dataset: &Dataset) -> BTreeSet<UnitIx> {
    let claims = dataset.claims.get(record.claims.start as usize..record.claims.end as usize).unwrap_or(&[]);
    let figures = claims.iter().flat_map(|it| &it.figures);
    figures.filter(|(at, _)| *at == 0).map(|(_, quantity)| quantity.unit).collect()
}

/// What a cap is on: transfers from or to somebody, of an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Scope {
    end: FlowEnd,
    who: NodeIx,
    item: NodeIx,
}

/// How many units that do not meet are reported: all that people write, and no more of what a program wrote.
const MOST: usize = 1000;

/// Caps by what they are on and their unit.
type Caps = BTreeMap<Scope, BTreeMap<UnitIx, BTreeSet<RecordIx>>>;

/// What a measure is on, if it names an end and an item. The role `from` of a measure constrains the source.
fn scope(fact: &Fact, dataset: &Dataset) -> Option<Scope> {
    let (who, item) = (fact.ends.target?, fact.ends.object?);
    let from = dataset.vocabulary.role_ix("from");
    let is_from = fact.roles.iter().any(|(role, it)| Some(*role) == from && *it == who);
    let end = if is_from { FlowEnd::Source } else { FlowEnd::Target };
    Some(Scope { end, who: who.node, item: item.node })
}

/// Warns of each pair of a cap and a unit of transfers that it covers, where nothing brings the two units together.
fn without_conversion(caps: &Caps, dataset: &Dataset, places: &Places, findings: &mut Findings) {
    let ends: BTreeSet<NodeIx> = caps.keys().map(|it| it.who).collect();
    let items: BTreeSet<NodeIx> = caps.keys().map(|it| it.item).collect();
    // One transfer of each combination stands for all.
    let mut seen = BTreeSet::new();
    let mut found: BTreeMap<(Scope, UnitIx, UnitIx), &Fact> = BTreeMap::new();
    for fact in &dataset.facts {
        let Some(record) = dataset.records.get(fact.record.index()) else { continue };
        let flow = dataset.vocabulary.kind(fact.kind).is_some_and(|it| it.flow);
        if !flow || record.outcome != Outcome::Happened {
            continue;
        }
        let given = units(record, dataset);
        let Some(object) = fact.ends.object.filter(|_| !given.is_empty()) else { continue };
        for end in [FlowEnd::Source, FlowEnd::Target] {
            let Some(who) = fact.ends.get(end) else { continue };
            let fresh: Vec<UnitIx> = given.iter().copied().filter(|it| seen.insert((end, who, object, *it))).collect();
            if fresh.is_empty() {
                continue;
            }
            let wholes = above(who, &ends, |it| it.part_of, dataset);
            let classes = above(object, &items, |it| it.is_a, dataset);
            let scopes = wholes.iter().flat_map(|who| classes.iter().map(|item| Scope { end, who: *who, item: *item }));
            for (scope, limit) in scopes.flat_map(|it| caps.get(&it).into_iter().flatten().map(move |cap| (it, *cap.0)))
            {
                for unit in &fresh {
                    if found.len() < MOST && dataset.vocabulary.common_unit(&[limit, *unit]).is_none() {
                        found.entry((scope, limit, *unit)).or_insert(fact);
                    }
                }
            }
        }
    }
    let of_measures = found.into_iter().flat_map(|((scope, limit, unit), fact)| {
        let measures = caps.get(&scope).and_then(|it| it.get(&limit)).into_iter().flatten();
        measures.map(move |it| (*it, limit, unit, fact))
    });
    for (measure, limit, unit, fact) in of_measures.take(MOST) {
        report(measure, limit, unit, fact, dataset, places, findings);
    }
}

/// Who or what a participant is, and what is above it, as far as a cap names it.
fn above(
    of: Participant,
    named: &BTreeSet<NodeIx>,
    up: fn(&Entity) -> Option<EntityIx>,
    dataset: &Dataset,
) -> BTreeSet<NodeIx> {
    let mut found = BTreeSet::new();
    let group = dataset.unnamed_of(of.node).map(|it| NodeIx::from(it.of));
    for start in [Some(of.node), of.of.map(NodeIx::from), group].into_iter().flatten() {
        // Where a tree leads round in a circle, which is reported, it ends after as many steps as there are entities.
        let chain = std::iter::successors(Some(start), |it| dataset.entity_of(*it).and_then(up).map(NodeIx::from));
        found.extend(chain.take(dataset.entities.len().saturating_add(1)).filter(|it| named.contains(it)));
    }
    found
}

fn report(
    measure: RecordIx,
    limit: UnitIx,
    unit: UnitIx,
    fact: &Fact,
    dataset: &Dataset,
    places: &Places,
    findings: &mut Findings,
) {
    let terms = &dataset.vocabulary.terms;
    let (Some(limit), Some(unit), Some(record)) =
        (terms.unit(limit), terms.unit(unit), dataset.records.get(measure.index()))
    else {
        return;
    };
    let message = format!(
        "the limit of `{}` is in the unit `{}`, and `{}`, which it covers, in `{}`: nothing converts the one to the other",
        record.id, limit.id, fact.id, unit.id
    );
    let help = if limit.dimension == unit.dimension {
        format!(
            "add `conversions: [Conversion(unit: \"{}\", factor: \"…\", to: \"{}\", source: \"…\")]`, or the other way round",
            unit.id, limit.id
        )
    } else {
        format!(
            "`{}` measures {}, `{}` {}: a `Conversion(…)` joins units of one dimension only, so give one figure in the other's",
            limit.id, limit.dimension, unit.id, unit.dimension
        )
    };
    let span = places.records.get(measure.index()).copied().unwrap_or_default();
    findings.report(span, Code::NoConversion, message, Some(help));
}
