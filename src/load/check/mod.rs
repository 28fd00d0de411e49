//! From drafts to a checked [`Dataset`], gathering every finding on the way.
//!
//! `vocabulary` comes first, since it says what a record may hold; then `entities`, since facts refer to them;
//! then `facts` with their `claims`; `trees`, `contradictions`, `dates` and `caps` look at the whole.

pub(in crate::load) mod assemble;
mod caps;
mod claims;
pub(in crate::load) mod contradictions;
mod conversions;
mod dates;
mod decisions;
pub(in crate::load) mod entities;
pub(in crate::load) mod facts;
pub(in crate::load) mod links;
pub(in crate::load) mod nodes;
mod questions;
mod roles;
pub(in crate::load) mod trees;
mod values;
mod vocabulary;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::LoadOptions;
use super::articles::Passage;
use super::draft::{DraftFile, Field, Shape, Value};
use super::fields::Spanned;
use super::findings::Findings;
use crate::diagnostic::{Code, Span};
use crate::model::{Dataset, EntityIx, EntityKind, Vocabulary};

/// Fields that a file may have.
const FILE_FIELDS: [&str; 13] = [
    "document",
    "defaults",
    "facts",
    "entities",
    "decisions",
    "kinds",
    "units",
    "hedges",
    "question_words",
    "examples",
    "strangers",
    "conversions",
    "margin",
];

/// Checks all files together. The data set holds what could be made of them; it is whole only if no finding is an error.
/// With it come the passages that claims name, in the order of the records.
pub(crate) fn check(files: &[DraftFile<'_>], options: LoadOptions, findings: &mut Findings) -> (Dataset, Vec<Passage>) {
    let (mut dataset, table) = begin(files, findings);
    let places = facts::read(files, options, &table, &mut dataset, findings);
    let links = links::of_dataset(&dataset);
    let at_hand = links::AtHand { dataset: &dataset, places: &places };
    trees::check(&dataset, &table, findings);
    trees::relations(&links, &at_hand, findings);
    // A record that could not be read may be the one that refers to it.
    if !findings.has_errors() {
        trees::unused(&dataset, &table, &places.used, findings);
    }
    trees::same_names(&dataset, &table, findings);
    contradictions::check(links, &at_hand, findings);
    dates::check(&dataset, &table, &places, findings);
    caps::check(&dataset, &places, findings);
    (dataset, places.passages)
}

/// The vocabulary and the entities: what records are read with.
pub(in crate::load) fn begin<'a>(files: &'a [DraftFile<'_>], findings: &mut Findings) -> (Dataset, EntityTable<'a>) {
    for file in files {
        check_fields(file, findings);
    }
    let vocabulary = vocabulary::read(files, findings);
    let entities::Entities { table, entities, decisions, merged } = entities::read(files, &vocabulary, findings);
    (Dataset { vocabulary, entities, decisions, merged, ..Dataset::default() }, table)
}

/// The vocabulary alone.
pub(crate) fn vocabulary(files: &[DraftFile<'_>], findings: &mut Findings) -> Vocabulary {
    vocabulary::read(files, findings)
}

fn check_fields(file: &DraftFile<'_>, findings: &mut Findings) {
    let mut seen: Vec<&str> = Vec::new();
    for field in &file.fields {
        if !FILE_FIELDS.contains(&field.name) {
            let help = findings
                .nearest(field.name, FILE_FIELDS.into_iter())
                .unwrap_or_else(|| format!("a file has the fields {}", FILE_FIELDS.join(", ")));
            findings.report(field.name_span, Code::UnknownField, format!("unknown field `{}`", field.name), Some(help));
        } else if seen.contains(&field.name) {
            let message = format!("the field `{}` stands twice", field.name);
            findings.report(field.name_span, Code::DuplicateField, message, Some("join the two".to_owned()));
        } else {
            seen.push(field.name);
        }
    }
}

/// The records of all fields of that name in a file.
pub(in crate::load) fn records<'a, 's>(
    file: &'a DraftFile<'s>,
    name: &str,
    findings: &mut Findings,
) -> Vec<&'a super::draft::Record<'s>> {
    let mut found: Vec<&super::draft::Record<'_>> = Vec::new();
    for field in file.fields.iter().filter(|it| it.name == name) {
        let Shape::List(list) = &field.value.shape else {
            findings.wrong_type(&field.value, name, "a list of records");
            continue;
        };
        for value in list {
            match &value.shape {
                Shape::Struct(record) => found.push(record),
                _ => findings.wrong_type(value, name, "records, as in `Name(id: \"…\", …)`"),
            }
        }
    }
    found
}

/// The first field of that name.
fn field<'a, 's>(file: &'a DraftFile<'s>, name: &str) -> Option<&'a Field<'s>> {
    file.fields.iter().find(|it| it.name == name)
}

/// Entities by id, for references, with the place where each is defined. Whoever looks them up on a thread of its own has a
/// table of its own over the same entities.
pub(crate) struct EntityTable<'a> {
    known: Arc<KnownEntities<'a>>,
    /// Which of those that do not stand for themselves were referred to since that was last asked.
    named: RefCell<BTreeSet<u32>>,
}

/// What all tables of entities have in common.
pub(crate) struct KnownEntities<'a> {
    pub(in crate::load) by_id: HashMap<&'a str, (EntityIx, EntityKind)>,
    /// In the order of the ids.
    ids: Vec<(&'a str, Span)>,
    /// Ids in records that could not be read. What they define and use is not known, so that nothing is said about it.
    pub(in crate::load) lost: HashSet<&'a str>,
    /// Ids of entities that stand as one with another, by their place among those.
    merged: HashMap<&'a str, u32>,
}

impl<'a> std::ops::Deref for EntityTable<'a> {
    type Target = KnownEntities<'a>;

    fn deref(&self) -> &KnownEntities<'a> {
        &self.known
    }
}

impl<'a> EntityTable<'a> {
    pub(in crate::load) fn new(known: Arc<KnownEntities<'a>>) -> EntityTable<'a> {
        EntityTable { known, named: RefCell::default() }
    }

    /// What it looks up in.
    pub(in crate::load) fn known(&self) -> &Arc<KnownEntities<'a>> {
        &self.known
    }

    /// The entity that a text refers to; an unknown one is a finding.
    fn resolve(&self, id: Spanned<'_>, findings: &mut Findings) -> Option<(EntityIx, EntityKind)> {
        let found = self.by_id.get(id.text).copied();
        if !self.merged.is_empty()
            && let Some(merged) = self.merged.get(id.text)
        {
            self.named.borrow_mut().insert(*merged);
        }
        if found.is_none() && !self.lost.contains(id.text) {
            let help = findings.nearest(id.text, self.ids.iter().map(|(id, _)| *id));
            findings.report(id.span, Code::UnknownEntity, format!("unknown entity `{}`", id.text), help);
        }
        found
    }

    /// The same for a field that takes certain kinds of entity only.
    fn resolve_kind(
        &self,
        id: Spanned<'_>,
        field: &str,
        accepts: &[EntityKind],
        findings: &mut Findings,
    ) -> Option<EntityIx> {
        let (entity, kind) = self.resolve(id, findings)?;
        if accepts.is_empty() || accepts.contains(&kind) {
            return Some(entity);
        }
        wrong_kind(id, field, kind, accepts.iter().copied(), findings);
        None
    }

    /// Entities that do not stand for themselves and were referred to since this was last asked.
    pub(in crate::load) fn take_named(&self) -> BTreeSet<u32> {
        std::mem::take(&mut *self.named.borrow_mut())
    }
}

/// Reports an entity of a kind that does not belong here.
fn wrong_kind(
    id: Spanned<'_>,
    field: &str,
    kind: EntityKind,
    accepts: impl Iterator<Item = EntityKind>,
    findings: &mut Findings,
) {
    let accepts: Vec<&str> = accepts.map(EntityKind::as_str).collect();
    findings.report(
        id.span,
        Code::WrongKind,
        format!("`{}` is of the kind {}, which `{field}` does not take", id.text, kind.as_str()),
        Some(format!("`{field}` takes {}", accepts.join(", "))),
    );
}

/// The text of a document's or record's id field, if it is a slug.
fn slug_of<'a>(id: Spanned<'a>, findings: &mut Findings) -> Option<Spanned<'a>> {
    if crate::model::is_slug(id.text) {
        return Some(id);
    }
    let suggestion = crate::model::slug(id.text);
    findings.report(
        id.span,
        Code::NotASlug,
        format!("`{}` is no id", id.text),
        Some(format!("ids are lower-case letters, digits and hyphens: `{suggestion}`")),
    );
    None
}

/// A text out of a value of a list.
fn text_of<'a>(value: &'a Value<'_>, field: &str, findings: &mut Findings) -> Option<Spanned<'a>> {
    findings.text(value, field)
}

/// The vocabulary is needed by most checks; this says so in one name.
type Words = Vocabulary;
