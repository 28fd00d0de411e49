//! Gives entities and facts to the sink, and with them the entities that FollowTheMoney only names.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::path::PathBuf;

use super::claims::Claims;
use super::fact::{self, MadeFact};
use super::ids::{Ids, MadeId, Target};
use super::reading::name_of;
use super::record::{Field, Origin, Record};
use super::shares::Shares;
use super::spool::Spool;
use super::thing::{self, is_name};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::network::NetworkOptions;
use crate::import::record::{Bibliography, Entity, Extra, Fact, Name};
use crate::import::sink::Sink;
use crate::model::ftm::{self, model};
use crate::model::ftm::{FactPlan, Made, Plan, kind_in, plan};
use crate::model::{EntityKind, Vocabulary, slug};

/// The schema of records that are made of a property which names another entity. No schema of FollowTheMoney has such a name.
pub(super) const REFERENCE: &str = "ftm.reference";

/// Properties of things that become facts of a kind that says what they mean, and the roles of the thing and of the other.
const REFERENCES: [(&str, &str, &str, &str, &str); 3] = [
    ("Thing", "addressEntity", "location", "thing", "address"),
    ("LegalEntity", "parent", "ownership", "asset", "owner"),
    ("Vehicle", "owner", "ownership", "asset", "owner"),
];

/// Properties that name documents behind a record, not what the record is about.
const NO_REFERENCES: [&str; 4] = ["proof", "ancestors", "parent", "resolvedEntity"];

/// What writing needs to know.
pub(super) struct Writer<'w> {
    pub(super) ids: Ids,
    pub(super) sink: &'w mut dyn Sink,
    pub(super) findings: &'w mut ImportFindings,
    pub(super) vocabulary: &'w Vocabulary,
    /// What the input is called, for records that name no dataset.
    input: String,
    /// What the user says of it.
    source: &'w NetworkOptions,
    is_source_used: bool,
    shares: Shares,
    /// Ids that are named and not there, and what those who have them are taken for.
    missing: HashMap<String, EntityKind>,
    files: &'w [PathBuf],
    /// The file that is being read, by its name and its number.
    file: (String, Option<u32>),
}

impl<'w> Writer<'w> {
    pub(super) fn new(
        ids: Ids,
        sink: &'w mut dyn Sink,
        findings: &'w mut ImportFindings,
        vocabulary: &'w Vocabulary,
        files: &'w [PathBuf],
        source: &'w NetworkOptions,
    ) -> Writer<'w> {
        let input = files.first().and_then(|it| it.file_name()).map(|it| it.to_string_lossy().into_owned());
        let input = input.filter(|it| is_name(it)).unwrap_or_else(|| "input".to_owned());
        let (shares, missing, file) = (Shares::default(), HashMap::new(), (String::new(), None));
        Writer { ids, sink, findings, vocabulary, input, source, is_source_used: false, shares, missing, files, file }
    }

    /// Says where what comes next stands.
    pub(super) fn stand_at(&mut self, origin: Origin) {
        if self.file.1 != Some(origin.file) {
            self.file = (name_of(self.files, origin.file), Some(origin.file));
            self.findings.set_file(&self.file.0);
        }
        self.sink.place(&self.file.0, Some(origin.line));
    }

    /// Tells what can be told of all of it alone.
    pub(super) fn finish(self) {
        let NetworkOptions { by, document_title, document_date, document_address, .. } = self.source;
        let given = [
            ("--by", by),
            ("--document-title", document_title),
            ("--document-date", document_date),
            ("--document-address", document_address),
        ];
        if let Some((option, _)) = given.iter().find(|it| it.1.is_some()).filter(|_| !self.is_source_used) {
            let message = format!("{option} is for facts that name no dataset, and there is none");
            self.findings.at(None).report(ImportCode::Needless, message, None);
        }
        self.shares.report(self.findings);
    }
}

impl Writer<'_> {
    /// Writes what was made of a record that is no fact. What it says of others waits among the references.
    pub(super) fn thing(&mut self, record: &Record<'_>, mut entity: Entity, references: &mut Spool) -> io::Result<()> {
        let plan = plan(record.schema_ix());
        if matches!(plan, Plan::Kept) {
            let schema = if record.schema().is_empty() { "none" } else { record.schema() };
            let message = format!("`{}` is of the schema `{schema}`, for which there is no kind of fact", record.id);
            self.report(record, ImportCode::Kept, message, "it is kept as a document, with all that it says");
        }
        entity.part_of = self.country(record)?;
        if let Some(document) = &mut entity.document
            && let [publisher] = record.get("publisher")
            && is_name(publisher)
        {
            document.publisher = Some(self.made(Made::Publisher, publisher)?);
        }
        self.sink.entity(entity)?;
        if matches!(plan, Plan::Entity(_)) {
            push_references(record, references)?;
        }
        Ok(())
    }

    /// The country that a public body, a post or a place is part of. A company is not a part of the country where it is registered.
    fn country(&mut self, record: &Record<'_>) -> io::Result<Option<String>> {
        let names: &[&str] = match record.schema() {
            "PublicBody" => &["jurisdiction", "mainCountry", "country"],
            "Position" | "Address" | "RealEstate" => &["country"],
            _ => return Ok(None),
        };
        let mut codes: Vec<&Cow<'_, str>> = names.iter().flat_map(|it| record.get(it)).collect();
        codes.sort_unstable();
        codes.dedup();
        match codes[..] {
            [code] if model().country(code).is_some() => self.made(Made::Country, code).map(Some),
            _ => Ok(None),
        }
    }

    /// Writes a record that is a fact; one that lacks an end that it must have is kept as a document.
    pub(super) fn fact(&mut self, record: &Record<'_>) -> io::Result<()> {
        if record.schema() == REFERENCE {
            return self.reference(record);
        }
        let Plan::Fact(plan) = plan(record.schema_ix()) else { return Ok(()) };
        let slug = self.ids.slug(&record.id).to_owned();
        match fact::make(self, record, plan)? {
            Ok(made) => self.pairs(record, plan, &slug, made),
            Err(why) => {
                let message = format!("`{}`, of the schema `{}`, {why}", record.id, record.schema());
                self.report(record, ImportCode::Kept, message, "it is kept as a document, with all that it says");
                self.sink.entity(thing::entity(record, &slug, &Plan::Kept))
            }
        }
    }

    /// One fact for each pair of ends, the first with all that the record says.
    fn pairs(&mut self, record: &Record<'_>, plan: &FactPlan, slug: &str, made: MadeFact) -> io::Result<()> {
        let MadeFact { kind, pairs, joint, period, is_inferred, figures, mut used, claims } = made;
        let Claims { mut claims, used: used_by_claims, unclear } = claims;
        self.report_unclear(record, unclear);
        used.extend(used_by_claims);
        for claim in &mut claims {
            claim.figures.clone_from(&figures);
        }
        let mut extra = thing::head(record, slug);
        extra.retain(|(name, _)| !used.iter().any(|it| name.strip_prefix(ftm::FIELD) == Some(it)));
        let kept = record.properties.iter().filter(|(name, _)| !used.iter().any(|it| it == name));
        extra.extend(kept.map(|(name, values)| thing::property_extra(name, values)));
        let inferred = if is_inferred { vec!["period".to_owned()] } else { Vec::new() };
        for (at, mut roles) in pairs.into_iter().enumerate() {
            roles.extend(joint.iter().cloned());
            let (id, extra): (String, Extra) = match at {
                0 => (slug.to_owned(), std::mem::take(&mut extra)),
                _ => (
                    self.ids.further(slug, &(at + 1).to_string()),
                    vec![(ftm::PAIR_OF.to_owned(), vec![slug.to_owned()])],
                ),
            };
            let (period, inferred, claims) = (period.clone(), inferred.clone(), claims.clone());
            let fact = Fact { id, kind: kind.to_owned(), roles, period, claims, inferred, extra, ..Fact::default() };
            if plan.kind == "ownership" {
                self.shares.add(&fact, record, self.vocabulary);
            }
            self.sink.fact(fact)?;
        }
        Ok(())
    }

    /// A fact made of a property.
    fn reference(&mut self, record: &Record<'_>) -> io::Result<()> {
        let [property] = record.get("property") else { return Ok(()) };
        let [holder] = record.get("holder") else { return Ok(()) };
        let Some(thing) = self.ids.entity(holder) else { return Ok(()) };
        let schema = record.schema_ix();
        let Claims { claims, unclear, .. } = self.claims(record)?;
        self.report_unclear(record, unclear);
        for value in record.get("value") {
            let other = self.target(record, schema, property, value)?;
            let row = REFERENCES.iter().find(|it| {
                it.1 == *property
                    && model().schema(record.field("holder").unwrap_or_default()).is_some_and(|s| s.is_a(it.0))
            });
            let (kind, own, others) = row.map_or(("link", "subject", "object"), |it| (it.2, it.3, it.4));
            let ends = [(own, &thing), (others, &other)];
            let fits = ends.iter().all(|(role, it)| fact::accepts(self.vocabulary, kind, role, it.kind));
            let (kind, own, others) = if fits { (kind, own, others) } else { ("link", "subject", "object") };
            let claims = claims.clone();
            let id = self.ids.further(&thing.slug, &slug(property));
            let end = |it: &Target| vec![crate::import::record::End::entity(it.slug.clone())];
            let roles = vec![(own.to_owned(), end(&thing)), (others.to_owned(), end(&other))];
            let extra = vec![(ftm::MADE.to_owned(), vec![property.clone().into_owned()])];
            self.sink.fact(Fact { id, kind: kind.to_owned(), roles, claims, extra, ..Fact::default() })?;
        }
        Ok(())
    }

    /// The entity that a property of a record names; one that is not there is reported and stands for itself, by its id.
    pub(super) fn target(
        &mut self,
        record: &Record<'_>,
        schema: Option<ftm::SchemaIx>,
        property: &str,
        id: &str,
    ) -> io::Result<Target> {
        if let Some(target) = self.ids.entity(id) {
            return Ok(target);
        }
        // The first mention decides of what kind it is.
        let kind = *self.missing.entry(id.to_owned()).or_insert_with(|| kind_in(schema, property));
        let MadeId { slug, is_new } = self.made_with(Made::Missing, id, |entity| entity.kind = kind)?;
        let message = format!("`{id}`, the `{property}` of `{}`, is not in the input", record.id);
        let help =
            if is_new { "an entity with nothing but this id stands for it" } else { "see the first mention of it" };
        self.report(record, ImportCode::UnknownReference, message, help);
        Ok(Target { slug, kind, is_former: false })
    }

    /// Something that has no record, by its text. It is written when it is met first.
    pub(super) fn made(&mut self, made: Made, text: &str) -> io::Result<String> {
        Ok(self.made_with(made, text, |_| {})?.slug)
    }

    fn made_with(&mut self, made: Made, text: &str, finish: impl FnOnce(&mut Entity)) -> io::Result<MadeId> {
        let id = self.ids.made(made, text);
        if id.is_new {
            let mut entity = made_entity(made, text, &id.slug);
            finish(&mut entity);
            self.sink.entity(entity)?;
        }
        Ok(id)
    }

    /// The input as a document.
    pub(super) fn input(&mut self) -> io::Result<String> {
        self.is_source_used = true;
        let NetworkOptions { by, document_title: title, document_date, document_address, .. } = self.source;
        let input = self.input.clone();
        let id = match title {
            Some(title) => self.ids.made_as(Made::Input, &input, || slug(title)),
            None => self.ids.made(Made::Input, &input),
        };
        if id.is_new {
            let publisher = if by.is_some() { Some(self.publisher_of_input()?) } else { None };
            let mut entity = made_entity(Made::Input, title.as_ref().unwrap_or(&input), &id.slug);
            let (title, date, address) = (title.clone(), document_date.clone(), document_address.clone());
            entity.document = Some(Bibliography { title, publisher, date, address });
            self.sink.entity(entity)?;
        }
        Ok(id.slug)
    }

    /// Who says what stands in the input.
    pub(super) fn publisher_of_input(&mut self) -> io::Result<String> {
        let input = self.input.clone();
        let Some(by) = &self.source.by else { return self.made(Made::PublisherOf, &input) };
        let id = self.ids.made_as(Made::PublisherOf, &input, || slug(by));
        if id.is_new {
            let mut entity = made_entity(Made::PublisherOf, &input, &id.slug);
            entity.name.clone_from(by);
            self.sink.entity(entity)?;
        }
        Ok(id.slug)
    }

    pub(super) fn report(&mut self, record: &Record<'_>, code: ImportCode, message: String, help: &str) {
        self.findings.at(Some(record.origin.line)).report(code, message, Some(help.to_owned()));
    }
}

fn made_entity(made: Made, text: &str, slug: &str) -> Entity {
    let name = match made {
        Made::Country => model().country(text).unwrap_or(text).to_owned(),
        Made::PublisherOf => format!("publisher of {text}"),
        Made::Missing if !is_name(text) => format!("record {text}"),
        _ => text.to_owned(),
    };
    let mut entity = Entity { id: slug.to_owned(), kind: made.kind(), name, ..Entity::default() };
    entity.extra.push((ftm::MADE.to_owned(), vec![made.as_str().to_owned()]));
    match made {
        Made::Country if text.len() == 2 => entity.names.push(Name::code("iso3166", text.to_ascii_uppercase())),
        Made::Address => {
            entity.document = Some(Bibliography { address: Some(text.to_owned()), ..Bibliography::default() });
        }
        _ => {}
    }
    if entity.kind == EntityKind::Document {
        entity.document.get_or_insert_default();
    }
    entity
}

/// Puts aside the properties of a thing that name other things, as records of their own.
fn push_references(record: &Record<'_>, references: &mut Spool) -> io::Result<()> {
    let Some(schema) = record.schema_ix().and_then(|it| model().at(it)) else { return Ok(()) };
    for (name, values) in &record.properties {
        let is_one = schema.property(name).is_some_and(|it| it.value == "entity");
        let is_known = REFERENCES.iter().any(|it| it.1 == name && schema.is_a(it.0));
        if !is_one || (!is_known && NO_REFERENCES.contains(&&**name)) {
            continue;
        }
        let mut reference = Record::new(record.origin, record.id.clone(), REFERENCE.into());
        reference.add("property".into(), [name.clone()]);
        reference.add("holder".into(), [record.id.clone()]);
        reference.add("value".into(), values.iter().cloned());
        for said in ["publisher", "sourceUrl"] {
            reference.add(said.into(), record.get(said).iter().cloned());
        }
        reference.properties.retain(|it| !it.1.is_empty());
        reference.fields.push(("datasets".into(), Field::List(record.list("datasets").to_vec())));
        reference.fields.push(("holder".into(), Field::Text(record.schema().into())));
        references.push(&reference)?;
    }
    Ok(())
}
