//! Claims: the file's defaults, the record's own fields, and the claims written one by one.

use std::fmt::Display;

use super::facts::FileContext;
use super::nodes::{Anonymous, Nodes};
use super::{text_of, values};
use crate::diagnostic::{Code, Span};
use crate::load::articles::Passage;
use crate::load::draft::{Record, Shape, Value};
use crate::load::fields::{Fields, Spanned, as_list};
use crate::load::findings::Findings;
use crate::model::{Claim, EntityIx, EntityKind, Figure, Kind, Locator, NodeIx, Period, Stance, UnitIx};

/// Fields of a claim as far as they are given; what is not falls back to the level above.
#[derive(Clone, Debug, Default)]
pub(crate) struct Partial {
    by: Option<By>,
    via: Option<Vec<EntityIx>>,
    document: Option<EntityIx>,
    stance: Option<Stance>,
    made: Option<Period>,
}

/// A claimant, before an unnamed one becomes a node of its own.
#[derive(Clone, Debug)]
enum By {
    Entity(EntityIx),
    Unnamed(Anonymous),
}

impl Partial {
    /// Reads `by`, `via`, `document`, `stance` and `made`; what is missing comes from `above`.
    pub(crate) fn read(
        fields: &mut Fields<'_, '_>,
        above: &Partial,
        file: &FileContext<'_, '_>,
        findings: &mut Findings,
    ) -> Partial {
        let by = fields.take("by").and_then(|it| read_by(&it.value, file, findings));
        let via = fields.take("via").map(|field| {
            let documents = as_list(&field.value).iter();
            documents.filter_map(|it| read_document(it, "via", file, findings)).collect()
        });
        let document = fields.take("document").and_then(|it| read_document(&it.value, "document", file, findings));
        let stance = fields.word("stance", &Stance::ALL, |it| it.as_str(), findings);
        let made = fields.text("made", findings).and_then(|it| values::period(it, findings));
        Partial {
            by: by.or_else(|| above.by.clone()),
            via: via.or_else(|| above.via.clone()),
            document: document.or(above.document),
            stance: stance.or(above.stance),
            made: made.or(above.made),
        }
    }

    /// The defaults of a file.
    pub(crate) fn of_document(document: Option<EntityIx>) -> Partial {
        Partial { document, ..Partial::default() }
    }
}

/// The document in which a record's participants are read: that of all its claims if they have one in common, else the
/// record's own. What is wrong with the documents is reported when the claims are read.
pub(crate) fn document_of(draft: &Record<'_>, own: &Partial, file: &FileContext<'_, '_>) -> Option<EntityIx> {
    let claims = draft.fields.iter().find(|it| it.name == "claims").map_or(&[][..], |it| as_list(&it.value));
    let mut documents = claims.iter().map(|claim| {
        let Shape::Struct(record) = &claim.shape else { return own.document };
        let field = record.fields.iter().find(|it| it.name == "document");
        match field.map(|it| &it.value.shape) {
            Some(Shape::Text(id)) => file.table.by_id.get(id.as_ref()).map(|(entity, _)| *entity),
            _ => own.document,
        }
    });
    let first = documents.next().flatten();
    match first {
        Some(first) if documents.all(|it| it == Some(first)) => Some(first),
        _ => own.document.or(first),
    }
}

/// A document by its id.
pub(crate) fn read_document(
    value: &Value<'_>,
    field: &str,
    file: &FileContext<'_, '_>,
    findings: &mut Findings,
) -> Option<EntityIx> {
    let id = text_of(value, field, findings)?;
    file.table.resolve_kind(id, field, &[EntityKind::Document], findings)
}

fn read_by(value: &Value<'_>, file: &FileContext<'_, '_>, findings: &mut Findings) -> Option<By> {
    match &value.shape {
        Shape::Struct(record) => read_unnamed(record, file, findings).map(By::Unnamed),
        _ => {
            let id = text_of(value, "by", findings)?;
            file.table.resolve_kind(id, "by", &EntityKind::CLAIMANTS, findings).map(By::Entity)
        }
    }
}

/// `Unnamed(of: "msmt", label: "1", several: true)`.
pub(crate) fn read_unnamed(
    record: &Record<'_>,
    file: &FileContext<'_, '_>,
    findings: &mut Findings,
) -> Option<Anonymous> {
    if record.name != "Unnamed" {
        let message = format!("expected `Unnamed(of: \"…\")`, not `{}(…)`", record.name);
        findings.report(record.span, Code::WrongType, message, None);
        return None;
    }
    let mut fields = Fields::new(record, findings);
    let of = fields.required("of", "an unnamed participant", findings);
    let label = fields.text("label", findings).map(|it| it.text.to_owned());
    let several = fields.boolean("several", findings).unwrap_or(false);
    fields.finish("an unnamed participant", findings);
    let (of, _) = file.table.resolve(of?, findings)?;
    Some(Anonymous { of, label, several })
}

/// Where a claim stands, for what is missing in it and for the keys of unnamed claimants.
pub(crate) struct ClaimPlace<'a> {
    /// The record's name, where a missing field is reported.
    pub(crate) span: Span,
    /// Key of the claim: record and number, or relation. Written out only for an unnamed claimant.
    pub(crate) key: &'a dyn Display,
    pub(crate) record_id: &'a str,
}

/// Makes a claim of what is given; reports what is missing.
pub(crate) fn finish(
    partial: &Partial,
    place: &ClaimPlace<'_>,
    nodes: &mut Nodes,
    findings: &mut Findings,
) -> Option<Claim> {
    if partial.by.is_none() {
        findings.report(
            place.span,
            Code::NoClaim,
            format!("`{}` has no claim: nobody is named who says so", place.record_id),
            Some("add `by: \"…\"` here or in the file's `defaults`".to_owned()),
        );
    }
    if partial.document.is_none() {
        findings.report(
            place.span,
            Code::NoDocument,
            format!("the claim of `{}` has no document", place.record_id),
            Some("add `document: \"…\"` to the file, the record or the claim".to_owned()),
        );
    }
    let document = partial.document?;
    let by = match partial.by.as_ref()? {
        By::Entity(entity) => NodeIx::from(*entity),
        By::Unnamed(who) => nodes.unnamed(who, document, &format!("{}/by", place.key)),
    };
    Some(Claim {
        by,
        stance: partial.stance.unwrap_or_default(),
        via: partial.via.clone().unwrap_or_default(),
        document,
        made: partial.made,
        figures: Vec::new(),
        period: None,
        scope: None,
        inferred: Vec::new(),
        withdrawn: None,
        at: None,
    })
}

/// The unit of a figure that names none, and the dimension that a named one must have, by the figure's position.
pub(crate) type Units<'u> = dyn Fn(u8) -> (UnitIx, Option<&'u str>) + 'u;

/// Reads the figures of a record or claim: `quantity` and those that the kind names.
pub(crate) fn read_figures(
    record: &Record<'_>,
    kind: &Kind,
    units: &Units<'_>,
    file: &FileContext<'_, '_>,
    findings: &mut Findings,
) -> Vec<Figure> {
    let mut figures: Vec<Figure> = Vec::new();
    let mut seen: Vec<(u8, &str)> = Vec::new();
    for field in &record.fields {
        let at =
            if field.name == "quantity" { (!kind.figures.is_empty()).then_some(0) } else { kind.figure(field.name) };
        let Some(at) = at else { continue };
        match seen.iter().find(|(other, _)| *other == at) {
            // The same name twice is reported for every field.
            Some((_, name)) if *name == field.name => continue,
            Some((_, name)) => {
                let message = format!("`{}` and `{name}` are the same figure", field.name);
                findings.report(field.name_span, Code::DuplicateField, message, Some("keep one of them".to_owned()));
                continue;
            }
            None => seen.push((at, field.name)),
        }
        let Some(text) = findings.text(&field.value, field.name) else { continue };
        let (unit, dimension) = units(at);
        let quantity = values::quantity(text, &file.vocabulary.terms, unit, dimension, findings);
        figures.extend(quantity.map(|it| (at, it)));
    }
    figures.sort_by_key(|(at, _)| *at);
    figures
}

/// A locator, and where it stands.
pub(crate) struct Located {
    locator: Locator,
    span: Span,
}

/// Gives a claim its locator, and keeps the place for whoever has the text at hand.
pub(crate) fn locate(claim: &mut Claim, at: Option<Located>, passages: &mut Vec<Passage>) {
    if let Some(Located { locator, span }) = at {
        passages.push(Passage { document: claim.document, at: locator.clone(), span });
        claim.at = Some(locator);
    }
}

/// `at: (paragraph: 3, length: 120, sha256: "…")`.
pub(crate) fn read_locator(fields: &mut Fields<'_, '_>, findings: &mut Findings) -> Option<Located> {
    let record = fields.record("at", findings)?;
    let mut inner = Fields::new(record, findings);
    let mut number = |name: &'static str, findings: &mut Findings| {
        let Some(field) = record.fields.iter().find(|it| it.name == name) else {
            bad_locator(record.span, &format!("a locator lacks `{name}`"), findings);
            return None;
        };
        // A value that is no number is reported by `number`.
        let number = inner.number(name, findings)?;
        let number = u32::try_from(number).ok().filter(|it| *it > 0);
        if number.is_none() {
            bad_locator(field.name_span, &format!("`{name}` is a whole number from 1"), findings);
        }
        number
    };
    let paragraph = number("paragraph", findings);
    let length = number("length", findings);
    let hash = inner.required("sha256", "a locator", findings);
    inner.finish("a locator", findings);
    let sha256 = hash.and_then(|text: Spanned<'_>| {
        let hash = Locator::parse_hex(text.text);
        if hash.is_none() {
            bad_locator(text.span, "`sha256` is 64 hexadecimal digits, in lower case", findings);
        }
        hash
    });
    let locator = Locator { paragraph: paragraph?, length: length?, sha256: sha256? };
    Some(Located { locator, span: record.span })
}

fn bad_locator(span: Span, message: &str, findings: &mut Findings) {
    let help = Some("as in `at: (paragraph: 3, length: 120, sha256: \"…\")`".to_owned());
    findings.report(span, Code::BadLocator, message.to_owned(), help);
}
