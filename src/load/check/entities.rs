//! Entities: ids first, so that each may refer to any other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::vocabulary::unit_of;
use super::{EntityTable, KnownEntities, Words, decisions, records, slug_of, values};
use crate::diagnostic::Code;
use crate::load::draft::{DraftFile, Record, Shape};
use crate::load::fields::{Fields, Spanned, as_list};
use crate::load::findings::Findings;
use crate::model::{
    Bibliography, Decision, Entity, EntityId, EntityIx, EntityKind, Merged, Name, NameKind, camel_case, normal_form,
};

/// All entities, those that are one by a decision as one.
pub(crate) struct Entities<'a> {
    pub(crate) table: EntityTable<'a>,
    /// In the order of their ids.
    pub(crate) entities: Vec<Entity>,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) merged: Vec<Merged>,
}

/// Reads all entities and the decisions about them.
pub(crate) fn read<'a>(files: &'a [DraftFile<'_>], vocabulary: &Words, findings: &mut Findings) -> Entities<'a> {
    let mut found: Vec<(Spanned<'a>, EntityKind, &'a Record<'_>)> = Vec::new();
    let mut lost: HashSet<&'a str> = HashSet::new();
    let kinds = EntityKind::ALL.map(|it| (camel_case(it.as_str()), it));
    for file in files {
        lost.extend(&file.lost);
        for record in records(file, "entities", findings) {
            let kind = entity_kind(record, &kinds, findings);
            // Duplicate fields are reported below, once.
            let id = Fields::new(record, &mut Findings::default()).required("id", "an entity", findings);
            match (kind, id.and_then(|it| slug_of(it, findings))) {
                (Some(kind), Some(id)) => found.push((id, kind, record)),
                (None, Some(id)) => lost.extend([id.text]),
                // The id as written, since others refer to it so.
                (_, None) => lost.extend(id.map(|it| it.text)),
            }
        }
    }
    found.sort_by_key(|(id, ..)| (id.text, id.span));
    found.dedup_by(|later, first| {
        let twice = later.0.text == first.0.text;
        if twice {
            duplicate_id(later.0, findings);
        }
        twice
    });
    let ids: Vec<(Spanned<'_>, EntityKind)> = found.iter().map(|(id, kind, _)| (*id, *kind)).collect();
    let decided = decisions::read(files, &ids, &lost, findings);
    // Positions among those that stand for themselves.
    let mut stay = 0;
    let positions: Vec<usize> = decided
        .stands_for
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let position = stay;
            stay += usize::from(at == *one);
            position
        })
        .collect();
    let ix = |one: usize| EntityIx::from_usize(positions.get(one).copied().unwrap_or(usize::MAX));
    let mut others: Vec<(EntityIx, usize)> =
        decided.by.keys().map(|at| (ix(decided.stands_for.get(*at).copied().unwrap_or(*at)), *at)).collect();
    others.sort_unstable();
    let stands = || found.iter().zip(&decided.stands_for).enumerate();
    let table = EntityTable::new(Arc::new(KnownEntities {
        by_id: stands().map(|(_, ((id, kind, _), one))| (id.text, (ix(*one), *kind))).collect::<HashMap<_, _>>(),
        ids: stands().filter(|(at, (_, one))| at == *one).map(|(_, ((id, ..), _))| (id.text, id.span)).collect(),
        lost,
        merged: (0..).zip(&others).filter_map(|(nth, (_, at))| Some((found.get(*at)?.0.text, nth))).collect(),
    }));
    let mut entities = Vec::with_capacity(stay);
    let mut folded: HashMap<usize, Entity> = HashMap::new();
    for (at, ((id, kind, record), one)) in stands() {
        let Some(entity) = read_entity(*id, *kind, record, vocabulary, &table, findings) else { continue };
        if at == *one {
            entities.push(entity);
        } else {
            folded.insert(at, entity);
        }
    }
    // What reading them referred to is no record.
    table.take_named();
    let mut merged = Vec::with_capacity(others.len());
    let mut lost_wholes = Vec::new();
    for (into, at) in others {
        let decision = decided.by.get(&at).copied().unwrap_or_default();
        let span = decided.spans.get(decision as usize).copied().unwrap_or_default();
        if let (Some(kept), Some(other)) = (entities.get_mut(into.index()), folded.remove(&at)) {
            let (one, whole) = decisions::fold((kept, into), other, (decision, span), findings);
            merged.push(one);
            lost_wholes.extend(whole.map(|it| (into, it, span)));
        }
    }
    for (into, whole, span) in lost_wholes {
        decisions::check_lost(&entities, into, whole, span, findings);
    }
    Entities { table, entities, decisions: decided.list, merged }
}

/// Reports an id that is taken.
pub(crate) fn duplicate_id(id: Spanned<'_>, findings: &mut Findings) {
    findings.report(
        id.span,
        Code::DuplicateId,
        format!("the id `{}` is taken", id.text),
        Some("ids are unique among all entities, facts and documents: choose another".to_owned()),
    );
}

fn entity_kind(record: &Record<'_>, kinds: &[(String, EntityKind)], findings: &mut Findings) -> Option<EntityKind> {
    let found = kinds.iter().find(|(name, _)| name == record.name).map(|(_, kind)| *kind);
    if found.is_none() {
        let names: Vec<&str> = kinds.iter().map(|(name, _)| name.as_str()).collect();
        let help = findings
            .nearest(record.name, names.iter().copied())
            .unwrap_or_else(|| format!("one of {}", names.join(", ")));
        findings.report(
            record.span,
            Code::UnknownKind,
            format!("unknown kind of entity `{}`", record.name),
            Some(help),
        );
    }
    found
}

fn read_entity(
    id: Spanned<'_>,
    kind: EntityKind,
    record: &Record<'_>,
    vocabulary: &Words,
    table: &EntityTable<'_>,
    findings: &mut Findings,
) -> Option<Entity> {
    let mut fields = Fields::new(record, findings);
    let _id = fields.take("id");
    let name = fields.required("name", "an entity", findings);
    let the = fields.boolean("the", findings).unwrap_or(false);
    let short = fields.text("short", findings).map(|it| it.text.into());
    let mut names = Vec::new();
    read_aliases(&mut fields, &mut names, findings);
    if matches!(kind, EntityKind::Country | EntityKind::Place) {
        names.extend(fields.texts("demonyms", findings).into_iter().map(|it| further(it, NameKind::Demonym, findings)));
    }
    if kind == EntityKind::Organization {
        names.extend(fields.texts("metonyms", findings).into_iter().map(|it| further(it, NameKind::Metonym, findings)));
    }
    read_codes(&mut fields, &mut names, findings);
    let (mut plural, mut is_a, mut part_of) = (None, None, None);
    if kind.is_class() {
        plural = fields.text("plural", findings).map(|it| it.text.into());
        is_a = fields.text("is_a", findings).and_then(|it| table.resolve_kind(it, "is_a", &[kind], findings));
    } else {
        part_of =
            fields.text("part_of", findings).and_then(|it| table.resolve_kind(it, "part_of", kind.wholes(), findings));
    }
    let unit = match kind {
        EntityKind::Materiel => fields.text("unit", findings).and_then(|it| unit_of(it, &vocabulary.terms, findings)),
        _ => None,
    };
    let member = match kind {
        EntityKind::Organization | EntityKind::Country => fields.text("member", findings).map(|it| it.text.into()),
        _ => None,
    };
    let says = fields.text("says", findings).map(|it| it.text.into());
    let bibliography = (kind == EntityKind::Document).then(|| read_bibliography(&mut fields, table, findings));
    let extra = values::extra(&mut fields, findings);
    let _note = fields.text("note", findings);
    fields.finish(format_args!("an entity of the kind {}", kind.as_str()), findings);
    // A finding says that the name is missing; positions must stay those of the table.
    let name = name.unwrap_or(id);
    check_name(name, findings);
    let id = EntityId::new(id.text).ok()?;
    Some(Entity {
        id,
        kind,
        name: name.text.into(),
        the,
        plural,
        short,
        names,
        part_of,
        is_a,
        unit,
        member,
        says,
        bibliography,
        extra,
    })
}

/// Reports a name that nobody could ask for.
fn check_name(name: Spanned<'_>, findings: &mut Findings) {
    // An ASCII letter or digit stays in the normal form, which costs more to make.
    if !name.text.bytes().any(|it| it.is_ascii_alphanumeric()) && normal_form(name.text).is_empty() {
        let message = format!("the name `{}` has no letter or digit", name.text);
        findings.report(name.span, Code::EmptyName, message, Some("nobody could ask for it".to_owned()));
    }
}

fn further(text: Spanned<'_>, kind: NameKind, findings: &mut Findings) -> Name {
    check_name(text, findings);
    Name { text: text.text.into(), kind, lang: None, script: None }
}

fn read_aliases(fields: &mut Fields<'_, '_>, names: &mut Vec<Name>, findings: &mut Findings) {
    for value in fields.list("aliases") {
        let Shape::Struct(record) = &value.shape else {
            names.extend(findings.text(value, "aliases").map(|it| further(it, NameKind::Alias, findings)));
            continue;
        };
        let mut inner = Fields::new(record, findings);
        let name = inner.required("name", "an alias", findings);
        let lang = inner.text("lang", findings).map(|it| it.text.into());
        let script = inner.text("script", findings).map(|it| it.text.into());
        let kind = if inner.boolean("weak", findings) == Some(true) { NameKind::Weak } else { NameKind::Alias };
        inner.finish("an alias", findings);
        names.extend(name.map(|it| Name { lang, script, ..further(it, kind, findings) }));
    }
}

/// `codes: (iso3166: ["KP", "PRK"], wikidata: "Q423")`: schemes are open.
fn read_codes(fields: &mut Fields<'_, '_>, names: &mut Vec<Name>, findings: &mut Findings) {
    let Some(record) = fields.record("codes", findings) else { return };
    for scheme in Fields::new(record, findings).rest() {
        for value in as_list(&scheme.value) {
            names.extend(
                findings
                    .text(value, scheme.name)
                    .map(|it| Name { lang: Some(scheme.name.into()), ..further(it, NameKind::Code, findings) }),
            );
        }
    }
}

fn read_bibliography(fields: &mut Fields<'_, '_>, table: &EntityTable<'_>, findings: &mut Findings) -> Bibliography {
    let title = fields.text("title", findings).map(|it| it.text.into());
    let publisher = fields
        .text("publisher", findings)
        .and_then(|it| table.resolve_kind(it, "publisher", &EntityKind::PUBLISHERS, findings));
    let date = fields.text("date", findings).and_then(|it| values::period(it, findings));
    let address = fields.text("address", findings).map(|it| it.text.into());
    let pages = fields.number("pages", findings);
    let corrects = fields.texts("corrects", findings).into_iter();
    let mut corrects: Vec<EntityIx> =
        corrects.filter_map(|it| table.resolve_kind(it, "corrects", &[EntityKind::Document], findings)).collect();
    corrects.sort_unstable();
    corrects.dedup();
    let withdrawn = fields.text("withdrawn", findings).and_then(|it| values::period(it, findings));
    Bibliography { title, publisher, date, address, pages, corrects, withdrawn }
}
