//! The vocabulary: the built-in one and what data folders add. A kind or unit that is defined again
//! replaces the earlier one if that was built in, and is a finding if not.

use std::collections::{BTreeMap, BTreeSet};

use super::questions::Questions;
use super::{Words, conversions, field, questions, records, slug_of};
use crate::diagnostic::{Code, FileId, Span};
use crate::load::draft::{DraftFile, Record, Shape};
use crate::load::fields::{Fields, Spanned};
use crate::load::files::VOCABULARY;
use crate::load::findings::Findings;
use crate::model::{
    Amount, Aspect, Bound, EntityKind, EntityKinds, FigureSpec, FlowEnd, Hedge, Kind, LineStyle, Meaning, RelationKind,
    RoleIx, RoleSpec, Template, Terms, Unit, UnitIx, camel_case,
};

/// Names of fields that no role or figure may have (`limit` is the figure of a measure, `to` and `from` its roles).
pub(crate) const RESERVED: [&str; 18] = [
    "id",
    "extra",
    "by",
    "via",
    "document",
    "made",
    "at",
    "stance",
    "claims",
    "period",
    "outcome",
    "note",
    "draft",
    "of",
    "per",
    "inferred",
    "scope",
    "withdrawn",
];

/// Fields that templates know besides roles and figures.
const TEMPLATE_FIELDS: [&str; 7] = ["from", "what", "to", "object", "quantity", "when", "per"];

/// Whether a role or figure may have that name.
pub(crate) fn is_free(name: &str) -> bool {
    !RESERVED.contains(&name) && RelationKind::from_field(name).is_none()
}

/// Definitions by id. The built-in vocabulary is the first files.
struct Defined<T> {
    by_id: BTreeMap<String, (bool, T)>,
}

impl<T> Defined<T> {
    fn new() -> Self {
        Defined { by_id: BTreeMap::new() }
    }

    fn add(&mut self, id: Spanned<'_>, built_in: bool, value: T, findings: &mut Findings) {
        let old = self.by_id.insert(id.text.to_owned(), (built_in, value));
        if old.is_some_and(|(was_built_in, _)| was_built_in == built_in) {
            findings.report(
                id.span,
                Code::DuplicateId,
                format!("`{}` is defined twice", id.text),
                Some("keep one of them".to_owned()),
            );
        }
    }

    fn into_values(self) -> impl Iterator<Item = T> {
        self.by_id.into_values().map(|(_, value)| value)
    }
}

/// Reads the vocabulary of all files.
pub(crate) fn read(files: &[DraftFile<'_>], findings: &mut Findings) -> Words {
    let terms = read_terms(files, findings);
    let conversions = conversions::read(files, &terms, findings);
    let role_names = role_names(files);
    let mut kinds = Defined::new();
    for (file, built_in) in with_origin(files) {
        for record in records(file, "kinds", findings) {
            expect_name(record, "Kind", findings);
            if let Some((id, kind)) = read_kind(record, &terms, &role_names, findings) {
                kinds.add(id, built_in, kind, findings);
            }
        }
    }
    let mut kinds: Vec<Kind> = kinds.into_values().collect();
    too_many(kinds.len().max(role_names.len()), findings);
    kinds.truncate(MOST);
    let Questions { words, examples, strangers } = questions::read(files, findings);
    let roles = role_names.into_iter().map(Into::into).collect();
    Words { kinds, roles, terms, conversions, words, examples, strangers }
}

/// Kinds and roles are counted with 16 bits.
const MOST: usize = u16::MAX as usize;

fn too_many(count: usize, findings: &mut Findings) {
    if count > MOST {
        let message = format!("{count} kinds or roles are too many; a vocabulary holds {MOST}");
        findings.report(Span::default(), Code::BadVocabulary, message, None);
    }
}

pub(super) fn with_origin<'a, 's>(files: &'a [DraftFile<'s>]) -> impl Iterator<Item = (&'a DraftFile<'s>, bool)> {
    files.iter().enumerate().map(|(at, file)| (file, at < VOCABULARY.len()))
}

pub(super) fn expect_name(record: &Record<'_>, name: &str, findings: &mut Findings) {
    if record.name != name {
        let message = format!("expected `{name}(…)`, not `{}(…)`", record.name);
        findings.report(record.span, Code::WrongType, message, None);
    }
}

/// Names of all roles that any kind declares, in alphabetical order.
fn role_names(files: &[DraftFile<'_>]) -> Vec<String> {
    let mut names = Vec::new();
    // Findings about these fields are made when the kind itself is read.
    let mut unheard = Findings::default();
    for file in files {
        for record in records(file, "kinds", &mut unheard) {
            for value in Fields::new(record, &mut unheard).list("roles") {
                if let Shape::Struct(role) = &value.shape
                    && let Some(id) = Fields::new(role, &mut unheard).text("id", &mut unheard)
                {
                    names.push(id.text.to_owned());
                }
            }
        }
    }
    names.sort();
    names.dedup();
    names
}

fn read_terms(files: &[DraftFile<'_>], findings: &mut Findings) -> Terms {
    let mut units = Defined::new();
    let mut hedges = Vec::new();
    let mut margin = None;
    for (file, built_in) in with_origin(files) {
        for record in records(file, "units", findings) {
            expect_name(record, "Unit", findings);
            if let Some((id, unit)) = read_unit(record, findings)
                && usable(record.span, vec![unit.clone()], Vec::new(), findings)
            {
                units.add(id, built_in, unit, findings);
            }
        }
        for record in records(file, "hedges", findings) {
            expect_name(record, "Hedge", findings);
            let hedge = read_hedge(record, findings);
            hedges.extend(hedge.filter(|it| usable(record.span, Vec::new(), vec![it.clone()], findings)));
        }
        if let Some(found) = field(file, "margin")
            && let Some(text) = findings.text(&found.value, "margin")
        {
            margin = amount(text, findings).or(margin);
        }
    }
    let units: Vec<Unit> = units.into_values().collect();
    for needed in ["piece", "person"] {
        if !units.iter().any(|it| &*it.id == needed) {
            let nowhere = Span { file: FileId(0), start: 0, end: 0 };
            findings.report(nowhere, Code::MissingField, format!("the vocabulary lacks the unit `{needed}`"), None);
        }
    }
    Terms::new(units, hedges, margin.unwrap_or(Amount::ZERO)).unwrap_or_else(|error| {
        // Each entry is usable by itself, so there are too many.
        findings.report(Span::default(), Code::BadVocabulary, error.to_string(), None);
        Terms::default()
    })
}

/// Whether the terms can be used, each by itself, so that the finding stands where the slip is.
fn usable(span: Span, units: Vec<Unit>, hedges: Vec<Hedge>, findings: &mut Findings) -> bool {
    let error = Terms::new(units, hedges, Amount::ZERO).err();
    if let Some(error) = &error {
        findings.report(span, Code::BadVocabulary, error.to_string(), None);
    }
    error.is_none()
}

pub(super) fn amount(text: Spanned<'_>, findings: &mut Findings) -> Option<Amount> {
    let amount = Amount::parse(text.text).ok();
    if amount.is_none() {
        findings.report(text.span, Code::QuantityUnclear, format!("`{}` is no number", text.text), None);
    }
    amount
}

fn read_unit<'a>(record: &'a Record<'_>, findings: &mut Findings) -> Option<(Spanned<'a>, Unit)> {
    let mut fields = Fields::new(record, findings);
    let id = fields.required("id", "a unit", findings);
    let dimension = fields.required("dimension", "a unit", findings);
    let plural = fields.text("plural", findings);
    let names = fields.texts("names", findings).into_iter().map(|it| it.text.into()).collect();
    fields.finish("a unit", findings);
    let id = slug_of(id?, findings)?;
    let plural = plural.map_or_else(|| format!("{}s", id.text.replace('-', " ")), |it| it.text.to_owned());
    Some((id, Unit { id: id.text.into(), plural: plural.into(), names, dimension: dimension?.text.into() }))
}

fn read_hedge(record: &Record<'_>, findings: &mut Findings) -> Option<Hedge> {
    #[derive(Clone, Copy)]
    enum Word {
        Plain(Bound),
        Vague,
    }
    let known = [
        ("low", Word::Plain(Bound::Low)),
        ("low_open", Word::Plain(Bound::LowOpen)),
        ("high", Word::Plain(Bound::High)),
        ("high_open", Word::Plain(Bound::HighOpen)),
        ("approximate", Word::Plain(Bound::Approximate)),
        ("vague", Word::Vague),
    ];
    let mut fields = Fields::new(record, findings);
    let words = fields.texts("words", findings).into_iter().map(|it| it.text.into()).collect();
    let bound = fields.word("bound", &known, |it| it.0, findings);
    let low = fields.text("low", findings).and_then(|it| amount(it, findings));
    let high = fields.text("high", findings).and_then(|it| amount(it, findings));
    fields.finish("a hedge", findings);
    let bound = match bound?.1 {
        Word::Plain(bound) => bound,
        Word::Vague => Bound::Vague { low, high },
    };
    Some(Hedge { words, bound })
}

fn template(text: Spanned<'_>, findings: &mut Findings) -> Option<Template> {
    match Template::parse(text.text) {
        Ok(template) => Some(template),
        Err(error) => {
            findings.report(text.span, Code::BadTemplate, error.to_string(), None);
            None
        }
    }
}

fn read_kind<'a>(
    record: &'a Record<'_>,
    terms: &Terms,
    role_names: &[String],
    findings: &mut Findings,
) -> Option<(Spanned<'a>, Kind)> {
    const OF: &str = "a kind";
    let mut fields = Fields::new(record, findings);
    let id = fields.required("id", OF, findings).and_then(|it| slug_of(it, findings));
    let noun = fields.text("noun", findings);
    let plural = fields.text("plural", findings);
    let meaning = fields.word("meaning", &Meaning::ALL, |it| it.as_str(), findings);
    let aspect = fields.word("aspect", &[Aspect::Event, Aspect::State], aspect_word, findings);
    let flow = fields.boolean("flow", findings);
    let walk = fields.boolean("walk", findings);
    let symmetric = fields.boolean("symmetric", findings);
    let roles: Vec<RoleSpec> =
        fields.list("roles").iter().filter_map(|value| read_role(value, role_names, findings)).collect();
    let figures: Vec<FigureSpec> =
        fields.list("figures").iter().filter_map(|value| read_figure(value, terms, findings)).collect();
    let mut texts = |name: &'static str, findings: &mut Findings| -> Vec<Box<str>> {
        fields.texts(name, findings).into_iter().map(|it| it.text.into()).collect()
    };
    let nouns = texts("nouns", findings);
    let verbs = texts("verbs", findings);
    let target_verbs = texts("target_verbs", findings);
    let object_verbs = texts("object_verbs", findings);
    let label = fields.text("label", findings);
    let sentences = fields.texts("sentences", findings);
    let infinitives = fields.texts("infinitives", findings);
    let style = fields.word("style", &LineStyle::ALL, |it| it.as_str(), findings);
    fields.finish(OF, findings);
    let id = id?;
    let role_name = |it: &RoleSpec| role_names.get(it.role.index()).map_or("", String::as_str);
    let mut taken = BTreeSet::new();
    for name in roles.iter().map(role_name).chain(figures.iter().map(|it| &*it.name)) {
        if !taken.insert(name) {
            let message = format!("`{}` has two roles or figures called `{name}`", id.text);
            findings.report(id.span, Code::BadVocabulary, message, Some("give each a name of its own".to_owned()));
        }
    }
    let names = |field: &str| {
        TEMPLATE_FIELDS.contains(&field)
            || figures.iter().any(|it| &*it.name == field)
            || roles.iter().any(|it| role_names.get(it.role.index()).is_some_and(|name| name == field))
    };
    let checked = |text: Spanned<'_>, findings: &mut Findings| {
        let template = template(text, findings)?;
        for name in template.fields() {
            if !names(name) {
                let message = format!("the template's field `{{{name}}}` is no role or figure of `{}`", id.text);
                let help = format!(
                    "besides roles and figures there are {}",
                    TEMPLATE_FIELDS.map(|it| format!("{{{it}}}")).join(", ")
                );
                findings.report(text.span, Code::BadTemplate, message, Some(help));
            }
        }
        Some(template)
    };
    let label = label.and_then(|it| checked(it, findings));
    let sentences = sentences.into_iter().filter_map(|it| checked(it, findings)).collect();
    let infinitives = infinitives.into_iter().filter_map(|it| checked(it, findings)).collect();
    let noun: Box<str> = noun.map_or_else(|| id.text.replace('-', " ").into(), |it| it.text.into());
    let plural = plural.map_or_else(|| format!("{noun}s").into(), |it| it.text.into());
    let kind = Kind {
        id: id.text.into(),
        noun,
        plural,
        meaning,
        aspect: aspect.unwrap_or(Aspect::Event),
        flow: flow.unwrap_or(false),
        walk: walk.unwrap_or(true),
        symmetric: symmetric.unwrap_or(false),
        roles,
        figures,
        nouns,
        verbs,
        target_verbs,
        object_verbs,
        label: label.unwrap_or_default(),
        sentences,
        infinitives,
        style: style.unwrap_or_default(),
    };
    if kind.figures.len() > usize::from(u8::MAX) {
        findings.report(id.span, Code::BadVocabulary, format!("`{}` has more than 255 figures", id.text), None);
        return None;
    }
    debug_assert!(!camel_case(&kind.id).is_empty(), "a slug has letters or digits");
    Some((id, kind))
}

fn aspect_word(aspect: &Aspect) -> &str {
    match aspect {
        Aspect::Event => "event",
        Aspect::State => "state",
    }
}

fn read_role(
    value: &crate::load::draft::Value<'_>,
    role_names: &[String],
    findings: &mut Findings,
) -> Option<RoleSpec> {
    const OF: &str = "a role";
    let Shape::Struct(record) = &value.shape else {
        findings.wrong_type(value, "roles", "`(id: \"…\", accepts: […])`");
        return None;
    };
    let mut fields = Fields::new(record, findings);
    let id = fields.required("id", OF, findings);
    let flow = fields.word("flow", &FlowEnd::ALL, |it| it.as_str(), findings);
    let mut accepts = EntityKinds::default();
    for value in fields.list("accepts") {
        if let Some(kind) = findings.word(value, "accepts", &EntityKind::ALL, |it| it.as_str()) {
            accepts = accepts.with(kind);
        }
    }
    let required = fields.boolean("required", findings).unwrap_or(false);
    let nouns = fields.texts("nouns", findings).into_iter().map(|it| it.text.into()).collect();
    let after = fields.texts("after", findings).into_iter().map(|it| it.text.into()).collect();
    fields.finish(OF, findings);
    let id = free_name(id?, findings)?;
    let role = role_names.binary_search_by(|it| it.as_str().cmp(id.text)).ok()?;
    Some(RoleSpec { role: RoleIx::from_usize(role), flow, accepts, required, nouns, after })
}

/// A name of a role or figure: snake_case and not taken.
fn free_name<'a>(id: Spanned<'a>, findings: &mut Findings) -> Option<Spanned<'a>> {
    let sound = id.text.starts_with(|c: char| c.is_ascii_lowercase())
        && id.text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !sound {
        let help = "lower-case letters, digits and `_`, as in `military_aid`".to_owned();
        findings.report(
            id.span,
            Code::BadVocabulary,
            format!("`{}` is no name of a role or figure", id.text),
            Some(help),
        );
        return None;
    }
    if !is_free(id.text) || id.text == "quantity" {
        findings.report(
            id.span,
            Code::BadVocabulary,
            format!("`{}` is a field of every record", id.text),
            Some("choose another name".to_owned()),
        );
        return None;
    }
    Some(id)
}

fn read_figure(value: &crate::load::draft::Value<'_>, terms: &Terms, findings: &mut Findings) -> Option<FigureSpec> {
    let Shape::Struct(record) = &value.shape else {
        findings.wrong_type(value, "figures", "`(id: \"…\", unit: \"…\")`");
        return None;
    };
    let mut fields = Fields::new(record, findings);
    let id = fields.required("id", "a figure", findings);
    let unit = fields.text("unit", findings);
    let verbs = fields.texts("verbs", findings).into_iter().map(|it| it.text.into()).collect();
    fields.finish("a figure", findings);
    let id = free_name(id?, findings)?;
    Some(FigureSpec { name: id.text.into(), unit: unit.and_then(|it| unit_of(it, terms, findings)), verbs })
}

/// A unit by its id.
pub(crate) fn unit_of(id: Spanned<'_>, terms: &Terms, findings: &mut Findings) -> Option<UnitIx> {
    let found = terms.unit_ix(id.text);
    if found.is_none() {
        let help = findings.nearest(id.text, terms.units().iter().map(|it| &*it.id));
        findings.report(id.span, Code::UnknownUnit, format!("unknown unit `{}`", id.text), help);
    }
    found
}
