//! Entities of all kinds.

use std::io::{self, Write};

use super::ids::Ids;
use super::out::Entity;
use crate::export::Report;
use crate::export::parties::extra_of;
use crate::graph::{EntityView, GraphView};
use crate::model::ftm::{self, Made, property_of};
use crate::model::{EntityIx, EntityKind, NameKind};
use crate::query::{Ref, Selection};

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    ids: &Ids,
    report: &mut Report,
    out: &mut dyn Write,
) -> io::Result<()> {
    let graph = selection.graph();
    for entity in selection.entities() {
        let view = graph.entity(entity);
        let extra = extra_of(graph, entity);
        let made = extra.iter().find(|it| it.0 == ftm::MADE).and_then(|it| it.1.first());
        let line = match Entity::kept(view.id, &extra) {
            Some(kept) => finish(graph, entity, kept, &extra),
            None if made.is_some()
                && (!ids.is_needed(entity) || made.is_some_and(|it| it == Made::Missing.as_str())) =>
            {
                continue;
            }
            None if view.kind == EntityKind::Materiel && !is_thing(ids, entity) => {
                report.leave_out("classes of materiel: facts name them in words", view.id);
                continue;
            }
            None => {
                let mut line = own(selection, ids, entity, report);
                super::extra::add(&mut line, view.id, &extra, report);
                line
            }
        };
        report.wrote("entities", 1);
        line.write(out)?;
    }
    let unnamed = ids.nameless().map(|it| selection.reference(it));
    for it in unnamed.chain(selection.people().map(|it| selection.participant(it))) {
        let mut line = Entity::new(ids.of(selection, &it), "LegalEntity");
        line.add("name", [it.name.clone()]);
        report.wrote("entities", 1);
        line.write(out)?;
    }
    Ok(())
}

/// Materiel that facts name as a thing and not as goods.
fn is_thing(ids: &Ids, entity: EntityIx) -> bool {
    ids.schema(entity).is_some()
}

/// What came from FollowTheMoney, with what stands in fields of ours.
fn finish<G: GraphView>(graph: &G, entity: EntityIx, mut line: Entity, extra: &[(String, Vec<String>)]) -> Entity {
    let view = graph.entity(entity);
    let is_named = !extra.iter().any(|it| it.0 == ftm::NAMED_BY);
    let known = |line: &Entity, name: &str| ftm::NAMES.iter().any(|it| line.get(it).iter().any(|it| it == name));
    if is_named && !line.has("name") {
        line.keep("name", view.name);
    } else if is_named && !known(&line, view.name) {
        // The name was changed.
        line.keep("name", view.name);
    }
    for name in graph.names(entity) {
        match (name.kind, name.lang) {
            (NameKind::Code, Some(scheme)) => {
                if let Some(property) = line.model().and_then(|it| property_of(it, scheme)) {
                    line.keep(property, name.text);
                }
            }
            (NameKind::Alias, _) if !known(&line, name.text) => line.keep("alias", name.text),
            (NameKind::Weak, _) if !known(&line, name.text) => line.keep("weakAlias", name.text),
            _ => {}
        }
    }
    line
}

/// An entity of our own.
fn own<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, entity: EntityIx, report: &mut Report) -> Entity {
    let graph = selection.graph();
    let view = graph.entity(entity);
    let mut line = Entity::new(ids.entity(graph, entity), schema(&view, ids.schema(entity)));
    line.add("name", [view.name.to_owned()]);
    if line.schema == "Address" {
        line.add("full", [view.name.to_owned()]);
    }
    let abbreviation = if line.takes("abbreviation") { "abbreviation" } else { "alias" };
    line.add(abbreviation, view.short.map(str::to_owned));
    let (mut codes, mut peoples) = (false, false);
    for name in graph.names(entity) {
        let text = || [name.text.to_owned()];
        match (name.kind, name.lang) {
            (NameKind::Code, Some("iso3166")) if name.text.len() == 2 => {
                line.add("country", [name.text.to_ascii_lowercase()]);
            }
            // The long code of a country says nothing that the short one does not.
            (NameKind::Code, Some("iso3166")) => {}
            (NameKind::Code, Some(scheme)) => match line.model().and_then(|it| property_of(it, scheme)) {
                // FollowTheMoney writes these with their letters.
                Some("imoNumber") if name.text.bytes().all(|it| it.is_ascii_digit()) => {
                    line.add("imoNumber", [format!("IMO{}", name.text)]);
                }
                Some(property) => line.add(property, text()),
                None => codes = true,
            },
            // It may stand for others too.
            (NameKind::Metonym | NameKind::Weak, _) => line.add("weakAlias", text()),
            (NameKind::Demonym, _) => peoples = true,
            _ => line.add("alias", text()),
        }
    }
    if codes {
        report.leave_out("entities with codes for which their schema has no property", view.id);
    }
    if peoples {
        report.leave_out("names of the people of a country or place", view.id);
    }
    let mut whole = view.part_of;
    while let Some(it) = whole {
        let above = graph.entity(it);
        if above.kind == EntityKind::Country {
            let codes = graph.names(it).filter(|it| it.lang == Some("iso3166") && it.text.len() == 2);
            line.add("country", codes.map(|it| it.text.to_ascii_lowercase()).take(1));
            break;
        }
        whole = above.part_of;
    }
    if view.kind == EntityKind::Document {
        let document = graph.document(entity);
        line.add("title", document.title.map(str::to_owned));
        line.add("sourceUrl", document.address.map(str::to_owned));
        line.add("publisher", document.publisher.map(|it| graph.entity(it).name.to_owned()));
        let date = document.date.and_then(|it| ftm::day_of(it.start()));
        line.add("publishedAt", date);
    }
    line
}

/// The schema as which somebody or something is written.
pub(super) fn schema_of<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, it: &Ref) -> Option<String> {
    let graph = selection.graph();
    let (Some(id), None) = (&it.id, &it.of) else { return Some("LegalEntity".to_owned()) };
    let entity = graph.entity_by_id(id)?;
    let kept = graph.extra(entity).find(|it| it.name == ftm::SCHEMA).map(|it| it.value.to_owned());
    Some(kept.unwrap_or_else(|| schema(&graph.entity(entity), ids.schema(entity)).to_owned()))
}

/// The schema for an entity of our own.
fn schema(view: &EntityView<'_>, asked: Option<&'static str>) -> &'static str {
    match (view.kind, asked) {
        (EntityKind::Organization, Some("Asset")) => "Company",
        (EntityKind::Organization, Some("Position")) => "Position",
        (EntityKind::Country, _) => "PublicBody",
        (EntityKind::Organization, _) => "Organization",
        (EntityKind::Person, _) => "Person",
        (EntityKind::Population, _) => "LegalEntity",
        (EntityKind::Materiel, Some("Airplane")) => "Airplane",
        (EntityKind::Materiel, _) => "Asset",
        (EntityKind::Vessel, _) => "Vessel",
        (EntityKind::Place, Some("Asset")) => "RealEstate",
        (EntityKind::Place, _) => "Address",
        (EntityKind::Instrument | EntityKind::Document, _) => "Document",
    }
}
