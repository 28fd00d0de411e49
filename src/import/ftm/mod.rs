//! [FollowTheMoney](https://followthemoney.tech): JSON lines, one entity a line, as Aleph and OpenSanctions have them; and OpenSanctions' nested
//! JSON, where entities stand inside each other.
//!
//! A line may speak of another one that comes later, and may be a part of one that came before. So all lines are read first, side
//! by side, and their records put aside in a file without a name; then entities are written, and at the end the facts. Memory holds
//! the ids and whatever has several parts, and no more. What becomes of which schema stands in `model/ftm/plan.rs`.

mod claims;
mod fact;
mod ids;
mod json;
mod packed;
mod parts;
mod reading;
mod record;
mod shares;
mod spool;
mod thing;
mod writer;

use std::io;
use std::path::PathBuf;

use ids::Ids;
use parts::Parts;
use reading::Lines;
use record::Record;
use spool::{Spool, SpoolReader};
use writer::Writer;

use super::findings::ImportFindings;
use super::input::ImportOptions;
use super::sink::Sink;
use crate::load::{load_vocabulary, side_by_side, thread_count};
use crate::model::ftm::{Plan, SchemaIx, plan};

/// Reads files of FollowTheMoney.
///
/// # Errors
///
/// The sink's. What is wrong with the input is a finding.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, ImportOptions, Kept, import_ftm};
///
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), r#"{"id": "a", "schema": "Person", "properties": {"name": ["Ann Example"]}}"#)?;
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// import_ftm(&[file.path().to_owned()], &ImportOptions::default(), &mut kept, &mut findings)?;
/// assert_eq!((kept.entities[0].name.as_str(), findings.count()), ("Ann Example", 0));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn import_ftm(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let built_in;
    let vocabulary = match &options.vocabulary {
        Some(vocabulary) => vocabulary,
        None => {
            (built_in, _, _) = load_vocabulary(&[]);
            &built_in
        }
    };
    let (mut things, mut facts, mut references) = (Spool::new()?, Spool::new()?, Spool::new()?);
    let mut ids = Ids::default();
    let none = findings.none();
    let mut lines = Lines::new(files, options);
    loop {
        let batches = lines.round();
        if batches.is_empty() {
            break;
        }
        for (batch, parsed) in batches.iter().zip(side_by_side(&batches, |it| it.parse(files, &none))) {
            parsed.heads.iter().for_each(|it| ids.add(it));
            things.push_frames(&parsed.things)?;
            facts.push_frames(&parsed.facts)?;
            findings.append(parsed.findings);
            batch.report(files, findings);
        }
    }
    let mut writer = Writer::new(ids, sink, findings, vocabulary, files, &options.network);
    write_things(&mut writer, things.rewind()?, &mut references)?;
    let mut parts = Parts::default();
    for mut reader in [facts.rewind()?, references.rewind()?] {
        while let Some(batch) = reader.next()? {
            for record in batch.records() {
                writer.stand_at(record.origin);
                let is_part = record.schema() != writer::REFERENCE;
                let whole = if is_part { parts.add(record, &mut writer) } else { Some(record) };
                whole.map_or(Ok(()), |it| writer.fact(&it))?;
            }
        }
        for record in std::mem::take(&mut parts).rest(&mut writer) {
            writer.fact(&record)?;
        }
    }
    writer.finish();
    Ok(())
}

fn is_fact(schema: Option<SchemaIx>) -> bool {
    matches!(plan(schema), Plan::Fact(_))
}

/// Writes entities; what they say of others waits for the facts.
fn write_things(writer: &mut Writer<'_>, mut things: SpoolReader, references: &mut Spool) -> io::Result<()> {
    let mut parts = Parts::default();
    loop {
        let mut batches = Vec::new();
        for _ in 0..thread_count() {
            batches.extend(things.next()?);
        }
        if batches.is_empty() {
            break;
        }
        let ids = &writer.ids;
        // What has one part is made of it at once.
        let made = side_by_side(&batches, |batch| {
            let made = batch.records().map(|record| {
                let is_whole = ids.parts(&record.id) <= 1;
                let entity = is_whole.then(|| thing::entity(&record, ids.slug(&record.id), plan(record.schema_ix())));
                (record, entity)
            });
            made.collect::<Vec<_>>()
        });
        for (record, entity) in made.into_iter().flatten() {
            writer.stand_at(record.origin);
            match entity {
                Some(entity) => writer.thing(&record, entity, references)?,
                None => {
                    let whole = parts.add(record, writer);
                    write_whole(writer, whole, references)?;
                }
            }
        }
    }
    for record in parts.rest(writer) {
        write_whole(writer, Some(record), references)?;
    }
    Ok(())
}

fn write_whole(writer: &mut Writer<'_>, record: Option<Record<'_>>, references: &mut Spool) -> io::Result<()> {
    let Some(record) = record else { return Ok(()) };
    writer.stand_at(record.origin);
    let entity = thing::entity(&record, writer.ids.slug(&record.id), plan(record.schema_ix()));
    writer.thing(&record, entity, references)
}

#[cfg(test)]
mod plans {
    use crate::load::{LoadOptions, Sources, load};
    use crate::model::EntityKind;
    use crate::model::ftm::{Plan, model, plan};

    fn of(name: &str) -> &'static Plan {
        plan(model().position(name))
    }

    #[test]
    fn what_inherits_becomes_what_its_parent_becomes() {
        assert_eq!(of("PublicBody"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Company"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Airplane"), &Plan::Entity(EntityKind::Materiel));
        assert_eq!(of("License"), &Plan::Entity(EntityKind::Instrument));
        assert_eq!(of("Passport"), of("Identification"));
        assert_eq!((of("Call"), of("Nonsense")), (&Plan::Kept, &Plan::Kept));
        let Plan::Fact(award) = of("ContractAward") else { panic!() };
        assert_eq!((award.kind, award.roles[0]), ("link", ("contract", "subject")));
    }

    #[test]
    fn kinds_and_roles_are_in_the_vocabulary_and_properties_in_the_model() {
        let vocabulary = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("data").vocabulary;
        for schema in model().schemata() {
            let Plan::Fact(plan) = of(schema.name) else { continue };
            let kind = vocabulary.kind(vocabulary.kind_ix(plan.kind).expect(plan.kind)).expect(plan.kind);
            let made = plan.made.iter().map(|it| (it.property, it.role));
            for (property, role) in plan.roles.iter().copied().chain(made) {
                assert!(schema.property(property).is_some(), "{}:{property}", schema.name);
                let role = vocabulary.role_ix(role).and_then(|it| kind.role(it));
                assert!(role.is_some(), "{property} in {}", plan.kind);
            }
            for figure in plan.figures {
                assert!(schema.property(figure.property).is_some() && kind.figure(figure.name).is_some());
            }
        }
    }

    #[test]
    fn every_schema_that_is_a_thing_is_an_entity() {
        for schema in model().schemata().iter().filter(|it| !it.is_abstract && it.is_a("Thing")) {
            assert!(matches!(of(schema.name), Plan::Entity(_)), "{}", schema.name);
        }
    }
}
