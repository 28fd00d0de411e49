//! What attributes in words cannot carry of entities and facts: JSON in the one attribute `purvey_data`, of which purvey's own
//! import makes the same facts again. Other programs keep it as a text.

use serde_json::{Map, Value, json};

use super::Report;
use super::parties::{extra_of, party_id};
use crate::graph::{ClaimView, GraphView};
use crate::model::{EntityIx, FlowEnd};
use crate::query::{ClaimValue, OutFact, Ref, Selection};

/// The names of an entity with their kinds and languages, and what the model has no field for; nothing if there is neither.
pub(super) fn of_entity<G: GraphView>(graph: &G, entity: EntityIx) -> Option<String> {
    let names: Vec<Value> =
        graph.names(entity).map(|it| json!({"text": it.text, "kind": it.kind.as_str(), "lang": it.lang})).collect();
    let mut data = Map::new();
    if !names.is_empty() {
        data.insert("names".to_owned(), names.into());
    }
    extra(extra_of(graph, entity), &mut data);
    (!data.is_empty()).then(|| Value::Object(data).to_string())
}

/// A fact but for what its edge says itself: its ends, period and outcome. What does not fit is told.
pub(super) fn of_fact<G: GraphView>(selection: &Selection<'_, G>, it: &OutFact, report: &mut Report) -> String {
    let (row, graph) = (&it.row, selection.graph());
    let mut data = Map::new();
    let object = super::parties::role_of(graph, it.kind, FlowEnd::Object).zip(row.what.as_ref());
    let object = object.map(|(role, it)| (role, std::slice::from_ref(it)));
    let roles: Vec<Value> = object
        .into_iter()
        .chain(row.roles.iter().map(|(role, list)| (role.as_str(), list.as_slice())))
        .map(|(role, list)| json!([role, list.iter().map(|it| reference(selection, it)).collect::<Vec<_>>()]))
        .collect();
    if !roles.is_empty() {
        data.insert("roles".to_owned(), roles.into());
    }
    let relations: Vec<Value> = row.relations.iter().map(|it| json!([it.kind, it.to])).collect();
    if !relations.is_empty() {
        data.insert("relations".to_owned(), relations.into());
    }
    if row.relations.iter().any(|it| !it.claims.is_empty()) {
        report.leave_out("claims that a relation has of its own", &row.fact);
    }
    if !row.inferred.is_empty() {
        data.insert("inferred".to_owned(), row.inferred.clone().into());
    }
    if let Some(per) = row.per {
        data.insert("per".to_owned(), per.as_str().into());
    }
    extra(row.extra.clone(), &mut data);
    let claims = it.claims.iter().zip(&row.claims).map(|(ix, value)| claim(selection, &graph.claim(*ix), value));
    data.insert("claims".to_owned(), claims.collect::<Vec<_>>().into());
    Value::Object(data).to_string()
}

fn extra(extra: Vec<(String, Vec<String>)>, data: &mut Map<String, Value>) {
    if !extra.is_empty() {
        let extra: Vec<Value> = extra.into_iter().map(|(name, values)| json!([name, values])).collect();
        data.insert("extra".to_owned(), extra.into());
    }
}

/// Who or what is meant, with as much as is needed where the network has no node for it.
fn reference<G: GraphView>(selection: &Selection<'_, G>, it: &Ref) -> Value {
    let mut data = Map::new();
    data.insert("id".to_owned(), party_id(selection, it).into());
    data.insert("name".to_owned(), it.name.clone().into());
    if let Some(kind) = it.kind {
        data.insert("kind".to_owned(), kind.as_str().into());
    }
    for (field, id) in [("unnamed_of", &it.unnamed_of), ("people_of", &it.of)] {
        if let Some(entity) = id.as_deref().and_then(|it| selection.graph().entity_by_id(it)) {
            data.insert(field.to_owned(), reference(selection, &selection.reference(entity.into())));
        }
    }
    Value::Object(data)
}

fn claim<G: GraphView>(selection: &Selection<'_, G>, view: &ClaimView<'_>, value: &ClaimValue) -> Value {
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| {
        data.insert(name.to_owned(), value);
    };
    put("by", reference(selection, &value.by));
    put("stance", value.stance.as_str().into());
    put("document", reference(selection, &value.document));
    if !value.via.is_empty() {
        put("via", value.via.iter().map(|it| reference(selection, it)).collect::<Vec<_>>().into());
    }
    for (name, period) in [("made", view.made), ("period", view.period), ("withdrawn", view.withdrawn)] {
        if let Some(period) = period {
            put(name, period.edtf().into());
        }
    }
    if !value.quantities.is_empty() {
        let figures = value.quantities.iter().map(|(name, it)| {
            let unit = (!it.names_unit).then_some(it.unit.as_str());
            json!({"name": name, "text": it.text, "unit": unit})
        });
        put("figures", figures.collect::<Vec<_>>().into());
    }
    if let Some(scope) = &value.scope {
        put("scope", scope.clone().into());
    }
    if !value.inferred.is_empty() {
        put("inferred", value.inferred.clone().into());
    }
    Value::Object(data)
}
