//! Records one by one: their fields, figures, claims and relations. Roles stand in `roles`.

use std::collections::{BTreeSet, HashMap};

use super::assemble::{Built, Known, Pending, assemble};
use super::claims::{self, ClaimPlace, Partial};
use super::nodes::Nodes;
use super::roles::{RoleSetting, expand, read_roles};
use super::{EntityTable, Words, field, records, slug_of, values};
use crate::diagnostic::{Code, Span};
use crate::load::LoadOptions;
use crate::load::articles::Passage;
use crate::load::draft::{DraftFile, Record as Draft, Shape, Value};
use crate::load::fields::{Fields, Spanned, as_list};
use crate::load::findings::Findings;
use crate::model::{
    Claim, Dataset, EntityIx, EntityKind, Fact, FactId, FlowEnd, Kind, KindIx, Merged, Outcome, Participant, Per,
    Record, RelationKind, RelationTarget, UnitIx,
};

/// What all records of a file share.
pub(crate) struct FileContext<'c, 'a> {
    pub(crate) table: &'c EntityTable<'a>,
    pub(crate) vocabulary: &'c Words,
    entities: &'c [crate::model::Entity],
    merged: &'c [Merged],
    kinds: &'c HashMap<String, KindIx>,
    defaults: Partial,
}

/// What the checks of the whole need to know besides the data set.
pub(crate) struct Places {
    /// For each entity, whether a fact or claim uses it.
    pub(crate) used: Vec<bool>,
    /// For each record, where its id stands.
    pub(crate) records: Vec<Span>,
    /// The passages that claims name.
    pub(crate) passages: Vec<Passage>,
}

/// Reads all records into `dataset`.
pub(crate) fn read(
    files: &[DraftFile<'_>],
    options: LoadOptions,
    table: &EntityTable<'_>,
    dataset: &mut Dataset,
    findings: &mut Findings,
) -> Places {
    let mut used = vec![false; dataset.entities.len()];
    let mut nodes = Nodes::behind(dataset.entities.len());
    let mut built = Vec::new();
    let mut known = Known { drafts: BTreeSet::new(), lost: BTreeSet::new() };
    {
        let kinds = kinds_by_name(&dataset.vocabulary);
        for file in files {
            let mut context = FileContext::new(table, dataset, &kinds);
            let head = context.read_head(file, findings);
            if let Some(document) = head.document {
                mark(&mut used, document);
            }
            for record in records(file, "facts", findings) {
                match read_one(record, options, &context, &head, &mut nodes, findings) {
                    Outcomes::Draft(id) => {
                        known.drafts.insert(id.to_owned());
                        record.fields.iter().for_each(|it| mark_texts(&it.value, table, &mut used));
                    }
                    Outcomes::Built(record) => built.push(*record),
                    Outcomes::Lost(ids) => known.lost.extend(ids),
                }
            }
        }
    }
    let (records, passages) = assemble(built, known, nodes, table, dataset, findings);
    mark_used(dataset, &mut used);
    Places { used, records, passages }
}

/// The kinds of fact as records name them.
pub(in crate::load) fn kinds_by_name(vocabulary: &Words) -> HashMap<String, KindIx> {
    vocabulary.kinds.iter().enumerate().map(|(at, kind)| (kind.camel_case(), KindIx::from_usize(at))).collect()
}

/// What a file says for all its records.
#[derive(Default)]
pub(in crate::load) struct Head {
    pub(in crate::load) document: Option<EntityIx>,
    defaults: Partial,
    /// Entities that it names and that do not stand for themselves.
    named: BTreeSet<u32>,
}

impl<'c, 'a> FileContext<'c, 'a> {
    pub(in crate::load) fn new(
        table: &'c EntityTable<'a>,
        dataset: &'c Dataset,
        kinds: &'c HashMap<String, KindIx>,
    ) -> FileContext<'c, 'a> {
        let Dataset { vocabulary, entities, merged, .. } = dataset;
        FileContext { table, vocabulary, entities, merged, kinds, defaults: Partial::default() }
    }

    /// Reads what a file says for all its records, and takes it for those that are read from now on.
    pub(in crate::load) fn read_head(&mut self, file: &DraftFile<'_>, findings: &mut Findings) -> Head {
        let document =
            field(file, "document").and_then(|it| claims::read_document(&it.value, "document", self, findings));
        self.defaults = read_defaults(file, document, self, findings);
        Head { document, defaults: self.defaults.clone(), named: self.table.take_named() }
    }

    /// Takes what a file says for all its records.
    pub(in crate::load) fn set_head(&mut self, head: &Head) {
        self.defaults = head.defaults.clone();
    }
}

/// Reads a record, and all that is known of one that cannot be read.
pub(in crate::load) fn read_one<'a>(
    draft: &'a Draft<'_>,
    options: LoadOptions,
    file: &FileContext<'_, '_>,
    head: &Head,
    nodes: &mut Nodes,
    findings: &mut Findings,
) -> Outcomes<'a> {
    match read_record(draft, options, file, nodes, findings) {
        Some(Outcomes::Built(mut record)) => {
            record.named = file.table.take_named();
            record.named.extend(head.named.iter().filter(|it| stands_in(&record.claims, **it, file.merged)));
            Outcomes::Built(record)
        }
        Some(other) => other,
        None => Outcomes::Lost(
            draft
                .fields
                .iter()
                .filter(|it| it.name == "id")
                .filter_map(|it| match &it.value.shape {
                    Shape::Text(text) => Some(text.to_string()),
                    _ => None,
                })
                .collect(),
        ),
    }
}

/// Whether a claim took over from its file what the file says by that id.
fn stands_in(claims: &[Claim], merged: u32, all: &[Merged]) -> bool {
    let Some(entity) = all.get(merged as usize).map(|it| it.into) else { return false };
    claims.iter().any(|it| it.by == entity.into() || it.document == entity || it.via.contains(&entity))
}

fn mark(used: &mut [bool], entity: EntityIx) {
    if let Some(slot) = used.get_mut(entity.index()) {
        *slot = true;
    }
}

/// Marks whatever a draft may refer to. Values are as deep as `ron` lets them be.
fn mark_texts(value: &Value<'_>, table: &EntityTable<'_>, used: &mut [bool]) {
    match &value.shape {
        Shape::Text(text) => {
            if let Some((entity, _)) = table.by_id.get(text.as_ref()) {
                mark(used, *entity);
            }
        }
        Shape::List(list) => list.iter().for_each(|it| mark_texts(it, table, used)),
        Shape::Struct(record) => record.fields.iter().for_each(|it| mark_texts(&it.value, table, used)),
        _ => {}
    }
}

fn mark_used(dataset: &Dataset, used: &mut [bool]) {
    let roles = dataset.facts.iter().flat_map(|fact| fact.roles.iter().map(|(_, it)| it));
    let nodes = roles.clone().map(|it| EntityIx(it.node.0));
    let groups = dataset.unnamed.iter().map(|it| it.of);
    let claims = dataset.claims.iter();
    let claimants = claims.clone().map(|it| EntityIx(it.by.0));
    let documents = claims.flat_map(|it| it.via.iter().copied().chain([it.document]));
    let relations = dataset.records.iter().flat_map(|it| &it.relations).filter_map(|it| match it.target {
        RelationTarget::Entity(entity) => Some(entity),
        _ => None,
    });
    let all =
        nodes.chain(roles.filter_map(|it| it.of)).chain(groups).chain(claimants).chain(documents).chain(relations);
    for entity in all.collect::<Vec<_>>() {
        mark(used, entity);
    }
}

fn read_defaults(
    file: &DraftFile<'_>,
    document: Option<EntityIx>,
    context: &FileContext<'_, '_>,
    findings: &mut Findings,
) -> Partial {
    let base = Partial::of_document(document);
    let Some(found) = field(file, "defaults") else { return base };
    let Shape::Struct(record) = &found.value.shape else {
        findings.wrong_type(&found.value, "defaults", "`(by: \"…\", via: […], stance: …)`");
        return base;
    };
    let mut fields = Fields::new(record, findings);
    let defaults = Partial::read(&mut fields, &base, context, findings);
    fields.finish("`defaults`", findings);
    defaults
}

/// What became of a record.
pub(in crate::load) enum Outcomes<'a> {
    /// Left out, since it is a draft.
    Draft(&'a str),
    Built(Box<Built<'a>>),
    /// Something is wrong with it: the ids that it would have had.
    Lost(Vec<String>),
}

fn read_record<'a>(
    draft: &'a Draft<'_>,
    options: LoadOptions,
    file: &FileContext<'_, '_>,
    nodes: &mut Nodes,
    findings: &mut Findings,
) -> Option<Outcomes<'a>> {
    let kind = find_kind(draft, file, findings);
    let mut fields = Fields::new(draft, findings);
    let id = fields.required("id", "a record", findings).and_then(|it| slug_of(it, findings));
    let is_draft = fields.boolean("draft", findings).unwrap_or(false);
    let (id, (kind_ix, kind)) = (id?, kind?);
    if is_draft && !options.drafts {
        return Some(Outcomes::Draft(id.text));
    }
    let outcome = fields.word("outcome", &Outcome::ALL, |it| it.as_str(), findings);
    let per = fields.word("per", &Per::ALL, |it| it.as_str(), findings);
    let period = fields.text("period", findings).and_then(|it| values::period(it, findings));
    let inferred = fields.texts("inferred", findings);
    let extra = values::extra(&mut fields, findings);
    let _note = fields.text("note", findings);
    check_inferred(&inferred, draft, "record", findings);

    let own = Partial::read(&mut fields, &file.defaults, file, findings);
    let document = claims::document_of(draft, &own, file);
    let roles = read_roles(draft, kind, id, RoleSetting { file, document }, nodes, findings);
    let facts = expand(id, kind_ix, kind, &roles, file, findings);
    let object = facts.first().and_then(|it: &Fact| it.ends.get(FlowEnd::Object));
    let units = |at: u8| default_unit(kind, at, object, file);

    let figures = claims::read_figures(draft, kind, &units, file, findings);
    let several = facts.len() > 1;
    let mut passages = Vec::new();
    let claims = read_claims(
        draft,
        &mut fields,
        ClaimSetting { id, kind, own: &own, figures: &figures, units: &units, several },
        file,
        Kept { nodes, passages: &mut passages },
        findings,
    );
    if several && let Some((at, _)) = figures.first() {
        quantity_beside_list(draft, figure_name(kind, *at), findings);
    }
    let relations = read_relations(&mut fields, id, &own, file, Kept { nodes, passages: &mut passages }, findings);
    // The period of the record, or the one that all claims agree on.
    let mut of_claims = claims.iter().filter_map(|it| it.period);
    let agreed = of_claims.next().filter(|first| of_claims.all(|it| it == *first));
    let mut inferred: Vec<Box<str>> = inferred.iter().map(|it| it.text.into()).collect();
    // What all claims that give the period worked out, nobody said.
    let worked_out = |it: &Claim| it.inferred.iter().any(|it| &**it == "period");
    if period.is_none() && agreed.is_some() && claims.iter().filter(|it| it.period.is_some()).all(worked_out) {
        inferred.push("period".into());
    }
    let record = Record {
        id: FactId::new(id.text).ok()?,
        facts: 0..0,
        claims: 0..0,
        relations: Vec::new(),
        outcome: outcome.unwrap_or_default(),
        per,
        period: period.or(agreed),
        draft: is_draft,
        inferred,
        extra,
    };
    Some(Outcomes::Built(Box::new(Built { id, facts, claims, relations, passages, record, named: BTreeSet::new() })))
}

/// `ForcedTransfer` as an id: `forced-transfer`.
fn slug_of_camel_case(name: &str) -> String {
    let mut slug = String::with_capacity(name.len() + 4);
    for (at, c) in name.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            slug.push('-');
        }
        slug.push(c.to_ascii_lowercase());
    }
    slug
}

fn find_kind<'v>(draft: &Draft<'_>, file: &FileContext<'v, '_>, findings: &mut Findings) -> Option<(KindIx, &'v Kind)> {
    let found = file.kinds.get(draft.name).copied();
    match found {
        Some(ix) => file.vocabulary.kind(ix).map(|kind| (ix, kind)),
        // Perhaps it is defined by a record that could not be read.
        None if file.table.lost.contains(slug_of_camel_case(draft.name).as_str()) => None,
        None => {
            let names: Vec<String> = file.vocabulary.kinds.iter().map(Kind::camel_case).collect();
            let help = findings.nearest(draft.name, names.iter().map(String::as_str)).unwrap_or_else(|| {
                "define it with `kinds: [Kind(id: …)]`, or use one that exists: `purvey list kinds`".to_owned()
            });
            findings.report(
                draft.span,
                Code::UnknownKind,
                format!("unknown kind of fact `{}`", draft.name),
                Some(help),
            );
            None
        }
    }
}

fn check_inferred(inferred: &[Spanned<'_>], draft: &Draft<'_>, of: &str, findings: &mut Findings) {
    for name in inferred {
        if !draft.fields.iter().any(|it| it.name == name.text) {
            findings.report(
                name.span,
                Code::UnknownField,
                format!("`inferred` names `{}`, which this {of} does not have", name.text),
                findings_help(draft),
            );
        }
    }
}

fn findings_help(draft: &Draft<'_>) -> Option<String> {
    let names: Vec<&str> =
        draft.fields.iter().map(|it| it.name).filter(|it| !matches!(*it, "id" | "inferred")).collect();
    Some(format!("it has {}", names.join(", ")))
}

/// The unit of a figure that names none, and the dimension that a named one must have.
fn default_unit<'c>(
    kind: &Kind,
    at: u8,
    object: Option<Participant>,
    file: &FileContext<'c, '_>,
) -> (UnitIx, Option<&'c str>) {
    let terms = &file.vocabulary.terms;
    let dimension = |unit: UnitIx| terms.unit(unit).map(|it| &*it.dimension);
    let declared = kind.figures.get(usize::from(at)).and_then(|it| it.unit);
    if let Some(unit) = declared {
        return (unit, dimension(unit));
    }
    let entity = object.and_then(|it| file.entities.get(it.node.index()));
    let person = terms.unit_ix("person").unwrap_or_default();
    let piece = terms.unit_ix("piece").unwrap_or_default();
    match entity {
        Some(entity) if entity.kind == EntityKind::Population => (person, dimension(person)),
        Some(entity) => (entity.unit.unwrap_or(piece), None),
        None => (piece, None),
    }
}

fn figure_name(kind: &Kind, at: u8) -> &str {
    kind.figures.get(usize::from(at)).map_or("", |it| &it.name)
}

fn quantity_beside_list(draft: &Draft<'_>, name: &str, findings: &mut Findings) {
    let span =
        draft.fields.iter().find(|it| it.name == "quantity" || it.name == name).map_or(draft.span, |it| it.name_span);
    findings.report(
        span,
        Code::QuantityBesideList,
        "a quantity beside a list: it is not said which member it is of".to_owned(),
        Some("write one record for each member".to_owned()),
    );
}

/// What is gathered from claims on the way.
struct Kept<'k> {
    nodes: &'k mut Nodes,
    passages: &'k mut Vec<Passage>,
}

/// What the claims of a record have in common.
struct ClaimSetting<'c, 'a> {
    id: Spanned<'a>,
    kind: &'c Kind,
    own: &'c Partial,
    figures: &'c [crate::model::Figure],
    units: &'c claims::Units<'c>,
    several: bool,
}

fn read_claims(
    draft: &Draft<'_>,
    fields: &mut Fields<'_, '_>,
    setting: ClaimSetting<'_, '_>,
    file: &FileContext<'_, '_>,
    kept: Kept<'_>,
    findings: &mut Findings,
) -> Vec<Claim> {
    let id = setting.id.text;
    let scope = fields.text("scope", findings);
    let withdrawn = fields.text("withdrawn", findings).and_then(|it| values::period(it, findings));
    let at = claims::read_locator(fields, findings);
    let Some(list) = fields.take("claims") else {
        let place = ClaimPlace { span: draft.span, key: &format_args!("{id}/claim/1"), record_id: id };
        let mut claim = claims::finish(setting.own, &place, kept.nodes, findings);
        if let Some(claim) = claim.as_mut() {
            claim.figures = setting.figures.to_vec();
            claim.scope = scope.map(|it| it.text.into());
            claim.withdrawn = withdrawn;
            claims::locate(claim, at, kept.passages);
        }
        return claim.into_iter().collect();
    };
    for name in ["at", "scope", "withdrawn"] {
        if let Some(field) = draft.fields.iter().find(|it| it.name == name) {
            let message = format!("`{name}` beside `claims`: it is not said which claim it is of");
            findings.report(field.name_span, Code::BesideClaims, message, Some("move it into the claim".to_owned()));
        }
    }
    let Shape::List(list_of_claims) = &list.value.shape else {
        findings.wrong_type(&list.value, "claims", "a list, as in `claims: [(by: \"…\"), (by: \"…\")]`");
        return Vec::new();
    };
    if list_of_claims.is_empty() {
        let message = format!("`{id}` has no claim: `claims` is empty");
        findings.report(list.name_span, Code::NoClaim, message, None);
    }
    let mut found = Vec::new();
    for (number, value) in list_of_claims.iter().enumerate() {
        let Shape::Struct(record) = &value.shape else {
            findings.wrong_type(value, "claims", "claims, as in `(by: \"…\", quantity: \"…\")`");
            continue;
        };
        let mut inner = Fields::new(record, findings);
        let partial = Partial::read(&mut inner, setting.own, file, findings);
        let period = inner.text("period", findings).and_then(|it| values::period(it, findings));
        let scope = inner.text("scope", findings);
        let withdrawn = inner.text("withdrawn", findings).and_then(|it| values::period(it, findings));
        let at = claims::read_locator(&mut inner, findings);
        let _note = inner.text("note", findings);
        let inferred = inner.texts("inferred", findings);
        check_inferred(&inferred, record, "claim", findings);
        let mut figures = claims::read_figures(record, setting.kind, setting.units, file, findings);
        for field in inner.rest() {
            let is_quantity = field.name == "quantity" && !setting.kind.figures.is_empty();
            if !is_quantity && setting.kind.figure(field.name).is_none() {
                let help = "a claim has by, via, document, stance, made, withdrawn, period, scope, inferred, at, note and figures"
                    .to_owned();
                findings.report(
                    field.name_span,
                    Code::UnknownField,
                    format!("unknown field `{}`", field.name),
                    Some(help),
                );
            }
        }
        if setting.several
            && let Some((at, _)) = figures.first()
        {
            quantity_beside_list(record, figure_name(setting.kind, *at), findings);
        }
        for (at, quantity) in setting.figures {
            if !figures.iter().any(|(own, _)| own == at) {
                figures.push((*at, quantity.clone()));
            }
        }
        figures.sort_by_key(|(at, _)| *at);
        let number = number + 1;
        let place = ClaimPlace { span: record.span, key: &format_args!("{id}/claim/{number}"), record_id: id };
        if let Some(mut claim) = claims::finish(&partial, &place, kept.nodes, findings) {
            claims::locate(&mut claim, at, kept.passages);
            let scope = scope.map(|it| it.text.into());
            let inferred = inferred.iter().map(|it| it.text.into()).collect();
            found.push(Claim { figures, period, scope, inferred, withdrawn, ..claim });
        }
    }
    found
}

fn read_relations<'a>(
    fields: &mut Fields<'a, '_>,
    id: Spanned<'a>,
    own: &Partial,
    file: &FileContext<'_, '_>,
    kept: Kept<'_>,
    findings: &mut Findings,
) -> Vec<Pending<'a>> {
    let mut found = Vec::new();
    for kind in RelationKind::ALL {
        let Some(field) = fields.take(kind.field()) else { continue };
        for (number, value) in as_list(&field.value).iter().enumerate() {
            let Shape::Struct(record) = &value.shape else {
                let target = findings.text(value, kind.field());
                found.extend(target.map(|target| Pending { kind, target, claims: Vec::new() }));
                continue;
            };
            let mut inner = Fields::new(record, findings);
            let target = inner.required("id", "a relation", findings);
            let partial = Partial::read(&mut inner, own, file, findings);
            let at = claims::read_locator(&mut inner, findings);
            let _note = inner.text("note", findings);
            inner.finish("a relation", findings);
            let Some(target) = target else { continue };
            let place = ClaimPlace {
                span: record.span,
                key: &format_args!("{}/{}/{number}", id.text, kind.field()),
                record_id: id.text,
            };
            let mut claim = claims::finish(&partial, &place, kept.nodes, findings);
            if let Some(claim) = claim.as_mut() {
                claims::locate(claim, at, kept.passages);
            }
            found.push(Pending { kind, target, claims: claim.into_iter().collect() });
        }
    }
    found
}
