//! Facts that came from FollowTheMoney: what `extra` kept of them, and beside it what has a field of ours.

use super::ids::Ids;
use super::out::Entity;
use crate::graph::GraphView;
use crate::model::FlowEnd;
use crate::model::ftm::{self, FactPlan, FigureUnit, Made, Plan, dates_of, model, plan};
use crate::query::{OutFact, Ref, Row, Selection};

/// The fact as it came, with what was changed; `None` for a fact of our own.
pub(super) fn kept<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, fact: &OutFact) -> Option<Entity> {
    let row = &fact.row;
    let mut line = Entity::kept(&row.record, &row.extra)?;
    let Plan::Fact(plan) = plan(model().position(&line.schema)) else { return Some(line) };
    ends(selection, ids, fact, plan, &mut line);
    dates(row, &mut line);
    figures(selection, row, plan, &mut line);
    said(selection, row, &mut line);
    Some(line)
}

/// Those who fill a role of a row.
pub(super) fn fills<'r, G: GraphView>(selection: &Selection<'_, G>, fact: &'r OutFact, role: &str) -> Vec<&'r Ref> {
    let vocabulary = selection.graph().vocabulary();
    let spec = vocabulary.role_ix(role).and_then(|it| vocabulary.kind(fact.kind)?.role(it));
    let row = &fact.row;
    match spec.and_then(|it| it.flow) {
        Some(FlowEnd::Source) => row.from.iter().collect(),
        Some(FlowEnd::Object) => row.what.iter().collect(),
        Some(FlowEnd::Target) => row.to.iter().collect(),
        None => row.roles.iter().filter(|it| it.0 == role).flat_map(|it| &it.1).collect(),
    }
}

fn ends<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, fact: &OutFact, plan: &FactPlan, line: &mut Entity) {
    let is_link = fact.row.kind != plan.kind;
    for (at, (property, role)) in plan.roles.iter().enumerate() {
        let role = match (is_link, at) {
            (true, 0) => "subject",
            (true, 1) => "object",
            _ => role,
        };
        if !line.has(property) {
            for it in fills(selection, fact, role) {
                line.keep(property, &ids.of(selection, it));
            }
        }
    }
    let graph = selection.graph();
    for made in plan.made {
        if line.has(made.property) {
            continue;
        }
        for it in fills(selection, fact, made.role) {
            // A country goes by its code, which `extra` kept.
            if made.made != Made::Country || mark(graph, it).is_none() {
                line.keep(made.property, &it.name);
            }
        }
    }
}

/// What an entity stands for that has no record in FollowTheMoney.
fn mark<'g, G: GraphView>(graph: &'g G, it: &Ref) -> Option<&'g str> {
    let entity = graph.entity_by_id(it.id.as_deref()?)?;
    graph.extra(entity).find(|it| it.name == ftm::MADE).map(|it| it.value)
}

fn dates(row: &Row, line: &mut Entity) {
    let Some(schema) = line.model() else { return };
    if schema.start.iter().chain(&schema.end).any(|it| line.has(it)) {
        return;
    }
    let told = row.period.as_ref().filter(|it| !it.inferred);
    for (property, date) in told.map(|it| dates_of(&it.period)).unwrap_or_default() {
        line.add(property, [date]);
    }
}

fn figures<G: GraphView>(selection: &Selection<'_, G>, row: &Row, plan: &FactPlan, line: &mut Entity) {
    let terms = &selection.graph().vocabulary().terms;
    for figure in plan.figures {
        let Some(quantity) = row.figure(figure.name).filter(|_| !line.has(figure.property)) else { continue };
        let text = &*quantity.text;
        match figure.unit {
            FigureUnit::Own => line.keep(figure.property, text),
            FigureUnit::Fixed(unit) => {
                let plural = terms.unit_ix(unit).and_then(|it| terms.unit(it)).map_or("", |it| &it.plural);
                if let Some(number) = text.strip_suffix(plural).map(str::trim_end).filter(|it| !it.is_empty()) {
                    line.keep(figure.property, number);
                }
            }
            FigureUnit::Currency(property) => {
                if let Some((number, currency)) = text.rsplit_once(' ').filter(|it| is_currency(it.1)) {
                    line.keep(figure.property, number);
                    line.keep(property, currency);
                }
            }
        }
    }
}

fn is_currency(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_uppercase() || !it.is_ascii())
}

/// Datasets, publishers and links, from the claims.
fn said<G: GraphView>(selection: &Selection<'_, G>, row: &Row, line: &mut Entity) {
    let graph = selection.graph();
    let (mut datasets, mut publishers, mut links) = (Vec::new(), Vec::new(), Vec::new());
    let push = |list: &mut Vec<String>, it: &str| {
        if !list.iter().any(|known| known == it) {
            list.push(it.to_owned());
        }
    };
    for claim in &row.claims {
        let is_dataset = mark(graph, &claim.document) == Some(Made::Dataset.as_str());
        if is_dataset {
            push(&mut datasets, &claim.document.name);
        }
        if mark(graph, &claim.by) != Some(Made::PublisherOf.as_str()) {
            push(&mut publishers, &claim.by.name);
        }
        for document in claim.via.iter().chain([&claim.document]) {
            let entity = document.id.as_deref().and_then(|it| graph.entity_by_id(it));
            if let Some(address) = entity.and_then(|it| graph.document(it).address) {
                push(&mut links, address);
            }
        }
    }
    if !line.has_field("datasets") {
        line.set_list("datasets", datasets);
    }
    for (property, values) in [("publisher", publishers), ("sourceUrl", links)] {
        if !line.has(property) {
            line.add(property, values);
        }
    }
}
