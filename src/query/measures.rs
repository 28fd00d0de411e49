//! Caps and bans against the transfers that they cover, and what sources call violations.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, QuantityValue};
use super::build::{Builder, node_ref, participant, time_key};
use super::error::QueryError;
use super::judged::{Called, MeasureResult};
use super::lens::Lens;
use super::question::Question;
use super::resolve;
use super::rules::measures::{Evaluated, Reach, Why, all, evaluate, limit, reach};
use super::rules::tally::saying;
use super::wording::{amount_in_words, interval_in_words, join};
use crate::graph::{GraphView, entity_of};
use crate::model::{
    ClaimIx, EntityIx, EntityKind, FactIx, FlowEnd, Meaning, NodeIx, RecordIx, RelationKind, RelationTarget, UnitIx,
};

/// All measures and violations, or those that concern a measure, an instrument, an item or somebody.
pub(crate) fn measures<G: GraphView>(lens: &Lens<'_, G>, name: Option<&str>) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let wanted = name.map(|it| Wanted::new(graph, it)).transpose()?;
    let concerns = |fact: FactIx| wanted.as_ref().is_none_or(|it| it.concerns(graph, fact));
    let mut results: Vec<(FactIx, Evaluated)> = Vec::new();
    let mut measures: Vec<FactIx> = all(lens).into_iter().filter(|it| concerns(*it)).collect();
    measures.sort_by_cached_key(|it| time_key(lens, *it));
    for measure in &measures {
        results.extend(evaluate(lens, *measure).into_iter().map(|it| (*measure, it)));
    }
    let mut called = called(lens);
    let rules: BTreeSet<Rule> = measures.iter().map(|it| Rule::Record(graph.fact(*it).record)).collect();
    called.retain(|it| concerns(it.fact) || it.rule_concerns(&wanted) || rules.contains(&it.rule));

    let mut facts: Vec<FactIx> = measures.clone();
    let mut others: Vec<FactIx> =
        results.iter().flat_map(|(_, it)| it.counted.iter().chain(&it.may_count)).copied().collect();
    others.extend(called.iter().map(|it| it.fact));
    others.sort_by_cached_key(|it| time_key(lens, *it));
    others.dedup();
    let mut seen: BTreeSet<FactIx> = facts.iter().copied().collect();
    facts.extend(others.into_iter().filter(|it| seen.insert(*it)));

    let mut builder = Builder::new(lens);
    let rows = builder.rows(&facts.iter().map(|it| (*it, None)).collect::<Vec<_>>());
    let covering = covering(&results);
    let called: Vec<Called> = called.into_iter().map(|it| it.finish(lens, &mut builder, &covering)).collect();
    let question = Question::Measures { name: name.map(str::to_owned) };
    let mut answer = builder.finish(question.to_string(), rows, Vec::new());
    "Measures".clone_into(&mut answer.title);
    answer.remarks.extend(wanted.and_then(|it| it.remark));
    answer.measures = Some(results.iter().map(|(measure, it)| result(lens, *measure, it)).collect());
    answer.called = Some(called);
    Ok(answer)
}

/// What a name asks for.
struct Wanted {
    fact: Option<RecordIx>,
    nodes: BTreeSet<NodeIx>,
    remark: Option<String>,
}

impl Wanted {
    fn new<G: GraphView>(graph: &G, name: &str) -> Result<Wanted, QueryError> {
        let fact = graph.record_by_id(name).or_else(|| graph.fact_by_id(name).map(|it| graph.fact(it).record));
        if fact.is_some() {
            return Ok(Wanted { fact, nodes: BTreeSet::new(), remark: None });
        }
        let (entity, rank, _) =
            resolve::entity(graph, name, "measure, instrument, item or party", |kind| kind != EntityKind::Document)?;
        // What is below an item or part of somebody is concerned too, and so is a class above the item.
        let below = if graph.entity(entity).kind.is_class() { graph.subtree(entity) } else { graph.parts(entity) };
        let nodes = below.iter().map(|it| NodeIx::from(*it)).collect();
        let remark = (rank == crate::graph::NameRank::Typo).then(|| resolve::read_as(graph, name, entity));
        Ok(Wanted { fact: None, nodes, remark })
    }

    fn concerns<G: GraphView>(&self, graph: &G, fact: FactIx) -> bool {
        self.fact == Some(graph.fact(fact).record)
            || graph.roles(fact).any(|it| self.nodes.contains(&it.participant.node))
    }
}

/// A measure in one period as it stands in an answer.
fn result<G: GraphView>(lens: &Lens<'_, G>, measure: FactIx, found: &Evaluated) -> MeasureResult {
    let graph = lens.graph;
    let view = graph.fact(measure);
    let Reach { outward, .. } = reach(graph, measure);
    let end = |end: FlowEnd| view.ends.get(end).map(|it| participant(graph, it));
    let instruments = graph.roles(measure).map(|it| it.participant.node);
    let instruments = instruments.filter(|it| is_instrument(graph, *it)).map(|it| node_ref(graph, it));
    let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id.to_owned()).collect();
    let limit = limit(lens, measure);
    let unit = found.sum.as_ref().map(|it| it.unit).or(limit.map(|(_, unit)| unit));
    let unit_id = |unit: UnitIx| graph.vocabulary().terms.unit(unit).map_or(String::new(), |it| it.id.to_string());
    let limit_value = limit.map(|(interval, unit)| {
        let said = lens
            .current(view.record)
            .into_iter()
            .find_map(|it| graph.figures(it).find(|it| it.at == 0).map(|it| it.text.to_owned()));
        QuantityValue { interval, unit: unit_id(unit), text: said.unwrap_or_default(), names_unit: true }
    });
    MeasureResult {
        measure: view.id.to_owned(),
        what: end(FlowEnd::Object),
        target: end(FlowEnd::Target),
        outward,
        instruments: instruments.collect(),
        verdict: found.verdict,
        period: found.window,
        per: graph.record(view.record).per,
        limit: limit_value,
        allowed: found.allowed,
        sum: found.sum.as_ref().map(|it| it.interval),
        unit: unit.map(unit_id),
        bound: found.sum.as_ref().is_some_and(|it| it.bound),
        counted: ids(&found.counted),
        may_count: ids(&found.may_count),
        why: why(lens, found, unit),
    }
}

fn is_instrument<G: GraphView>(graph: &G, node: NodeIx) -> bool {
    entity_of(graph, node).is_some_and(|it| graph.entity(it).kind == EntityKind::Instrument)
}

/// The arithmetic in words.
fn why<G: GraphView>(lens: &Lens<'_, G>, found: &Evaluated, unit: Option<UnitIx>) -> String {
    let graph = lens.graph;
    let ids = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id).collect::<Vec<_>>().join(" + ");
    let facts = |facts: &[FactIx]| facts.iter().map(|it| graph.fact(*it).id).collect::<Vec<_>>().join(", ");
    match found.why {
        Why::NoTransfer => "the data hold no transfer that it covers".to_owned(),
        Why::NoPer => "the cap does not say for how long it counts (`per`)".to_owned(),
        Why::NoFigure => "no transfer has a figure that compares with the cap".to_owned(),
        Why::Covered => format!("{} is banned", facts(&found.counted)),
        Why::MayBeCovered => format!("{} may be covered", facts(&found.may_count)),
        Why::Figures | Why::Together(_) => {
            let unit = unit.and_then(|it| graph.vocabulary().terms.unit(it));
            let unit = unit.map_or("", |it| &*it.plural);
            let sum = found.sum.as_ref().map_or(String::new(), |it| interval_in_words(&it.interval));
            let cap = found.allowed.and_then(|it| it.high).map_or(String::new(), amount_in_words);
            let from = if found.counted.is_empty() { facts(&found.may_count) } else { ids(&found.counted) };
            let sign = match found.verdict {
                super::rules::MeasureVerdict::Exceeds => ">",
                super::rules::MeasureVerdict::Within => "≤",
                _ => "against",
            };
            let together = match found.why {
                Why::Together(years) => format!(" for {years} years together"),
                _ => String::new(),
            };
            format!("{from}: {sum} {sign} {cap} {unit}{together}{}", on_whose_word(lens, &found.counted))
        }
    }
}

/// "; MSMT estimates it": who gives the figures of the transfers that are counted.
fn on_whose_word<G: GraphView>(lens: &Lens<'_, G>, counted: &[FactIx]) -> String {
    let graph = lens.graph;
    let mut found: Vec<String> = Vec::new();
    for fact in counted {
        for claim in saying(lens, *fact).into_iter().filter(|it| graph.figures(*it).next().is_some()) {
            let view = graph.claim(claim);
            let words = format!("{} {} it", node_ref(graph, view.by).short_name(), view.stance.as_str());
            if !found.contains(&words) {
                found.push(words);
            }
        }
    }
    if found.is_empty() { String::new() } else { format!("; {}", join(found.into_iter(), "and")) }
}

/// A violation that a source speaks of, before its notes are numbered.
struct Calling {
    fact: FactIx,
    rule: Rule,
    claims: Vec<ClaimIx>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Record(RecordIx),
    Entity(EntityIx),
}

impl Calling {
    fn rule_concerns(&self, wanted: &Option<Wanted>) -> bool {
        match (wanted, self.rule) {
            (Some(wanted), Rule::Entity(entity)) => wanted.nodes.contains(&entity.into()),
            (Some(wanted), Rule::Record(record)) => wanted.fact == Some(record),
            (None, _) => true,
        }
    }

    fn finish<G: GraphView>(
        self,
        lens: &Lens<'_, G>,
        builder: &mut Builder<'_, '_, G>,
        covering: &BTreeMap<FactIx, Vec<FactIx>>,
    ) -> Called {
        let graph = lens.graph;
        let (rule, rule_name) = match self.rule {
            Rule::Record(record) => {
                let id = graph.record(record).id.to_owned();
                (id, super::build::record_in_words(graph, record))
            }
            Rule::Entity(entity) => (graph.entity(entity).id.to_owned(), resolve::prose(graph, entity)),
        };
        let mut by: Vec<NodeIx> = self.claims.iter().map(|it| graph.claim(*it).by).collect();
        by.sort_unstable();
        by.dedup();
        let mut notes: Vec<usize> = self.claims.iter().map(|it| builder.note_of(*it)).collect();
        notes.sort_unstable();
        notes.dedup();
        let covered_by = covering.get(&self.fact).into_iter().flatten();
        Called {
            fact: graph.fact(self.fact).id.to_owned(),
            rule,
            rule_name,
            by: by.iter().map(|it| node_ref(graph, *it)).collect(),
            notes,
            covered_by: covered_by.map(|it| graph.fact(*it).id.to_owned()).collect(),
        }
    }
}

/// The measures that may cover each transfer, in the order of the results.
fn covering(results: &[(FactIx, Evaluated)]) -> BTreeMap<FactIx, Vec<FactIx>> {
    let mut found: BTreeMap<FactIx, Vec<FactIx>> = BTreeMap::new();
    for (measure, it) in results {
        for fact in it.counted.iter().chain(&it.may_count) {
            let measures = found.entry(*fact).or_default();
            // The periods of one measure stand together.
            if measures.last() != Some(measure) {
                measures.push(*measure);
            }
        }
    }
    found
}

/// What sources call violations: facts that are said to break a rule, and facts that say that a rule was broken.
fn called<G: GraphView>(lens: &Lens<'_, G>) -> Vec<Calling> {
    let graph = lens.graph;
    let mut found = Vec::new();
    for record in (0..u32::try_from(graph.record_count()).unwrap_or(u32::MAX)).map(RecordIx) {
        let facts = || graph.record(record).facts.map(FactIx);
        for relation in graph.relations(record).filter(|it| it.kind == RelationKind::Violates) {
            let rule = match relation.target {
                RelationTarget::Record(record) => Rule::Record(record),
                RelationTarget::Fact(fact) => Rule::Record(graph.fact(fact).record),
                RelationTarget::Entity(entity) => Rule::Entity(entity),
            };
            let claims: Vec<ClaimIx> = if relation.claims.is_empty() {
                lens.current(record)
            } else {
                relation.claims.clone().map(ClaimIx).filter(|it| lens.sees(*it)).collect()
            };
            let facts = facts().filter(|it| lens.keeps(*it) && !claims.is_empty());
            found.extend(facts.map(|fact| Calling { fact, rule, claims: claims.clone() }));
        }
    }
    let kinds = graph.vocabulary().kinds.iter().enumerate();
    for (at, _) in kinds.filter(|(_, it)| it.meaning == Some(Meaning::Violation)) {
        for fact in graph.facts_of_kind(crate::model::KindIx::from_usize(at)) {
            let rule = graph.fact(*fact).ends.get(FlowEnd::Target).and_then(|it| entity_of(graph, it.node));
            if let Some(rule) = rule.filter(|_| lens.keeps(*fact)) {
                let claims = lens.current(graph.fact(*fact).record);
                found.push(Calling { fact: *fact, rule: Rule::Entity(rule), claims });
            }
        }
    }
    found.sort_by_cached_key(|it| (time_key(lens, it.fact), it.rule));
    found
}
