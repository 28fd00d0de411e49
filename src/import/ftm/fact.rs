//! From a record to facts: its ends, its time, its figures.

use std::collections::HashSet;
use std::io;

use super::claims::Claims;
use super::record::Record;
use super::thing::{date, is_name};
use super::writer::Writer;
use crate::import::findings::ImportCode;
use crate::import::record::End;
use crate::model::ftm::{FactPlan, FigureProperty, FigureUnit, Made, dates_of, model};
use crate::model::{EntityKind, Kind, Period, PeriodErrorKind, Quantity, Vocabulary};

/// A record has at most so many pairs of ends.
const MOST_PAIRS: usize = 1000;

/// Roles with those that fill them.
type Roles = Vec<(String, Vec<End>)>;

/// A fact before it has an id.
pub(super) struct MadeFact {
    pub(super) kind: &'static str,
    /// The ends of each fact that the record is.
    pub(super) pairs: Vec<Roles>,
    /// Roles that all of them have.
    pub(super) joint: Roles,
    pub(super) period: Option<String>,
    pub(super) is_inferred: bool,
    pub(super) figures: Vec<(String, String)>,
    /// Properties that the fact tells in full.
    pub(super) used: Vec<&'static str>,
    pub(super) claims: Claims,
}

/// An end of the facts: a role, and all that stand there.
struct EndRole {
    role: &'static str,
    property: &'static str,
    all: Vec<(String, EntityKind)>,
    /// Whether the ids or names are those of the property.
    is_exact: bool,
}

/// Whether a role accepts a kind of entity.
pub(super) fn accepts(vocabulary: &Vocabulary, kind: &str, role: &str, entity: EntityKind) -> bool {
    let kind = vocabulary.kind_ix(kind).and_then(|it| vocabulary.kind(it));
    let role = vocabulary.role_ix(role);
    kind.zip(role).and_then(|(kind, role)| kind.role(role)).is_some_and(|it| it.accepts.contains(entity))
}

/// Makes a fact of a record; or says what it lacks.
pub(super) fn make(
    writer: &mut Writer<'_>,
    record: &Record<'_>,
    plan: &FactPlan,
) -> io::Result<Result<MadeFact, String>> {
    let vocabulary = writer.vocabulary;
    let Some(kind) = vocabulary.kind_ix(plan.kind).and_then(|it| vocabulary.kind(it)) else {
        return Ok(Err(format!("needs the kind `{}`, which the vocabulary lacks", plan.kind)));
    };
    let spec = |role: &str| vocabulary.role_ix(role).and_then(|it| kind.role(it));
    let is_required = |role: &str| spec(role).is_some_and(|it| it.required);
    let made = plan.made.iter().map(|it| (it.property, it.role));
    let mut needed = plan.roles.iter().copied().chain(made).filter(|it| is_required(it.1));
    if let Some((property, _)) = needed.find(|it| record.get(it.0).is_empty()) {
        return Ok(Err(format!("lacks its `{property}`")));
    }
    let (mut ends, mut joint, mut used) = (Vec::new(), Roles::new(), Vec::new());
    for (property, role) in &plan.roles {
        let end = end_of(writer, record, property, role)?;
        match spec(role).and_then(|it| it.flow) {
            Some(_) => ends.extend(Some(end).filter(|it| !it.all.is_empty())),
            None => {
                let fits: Vec<End> = end
                    .all
                    .iter()
                    .filter(|it| accepts(vocabulary, plan.kind, role, it.1))
                    .map(|it| End::entity(it.0.clone()))
                    .collect();
                if !fits.is_empty() {
                    joint.push(((*role).to_owned(), fits));
                }
            }
        }
    }
    for made in plan.made {
        let values = record.get(made.property);
        if values.is_empty() || !values.iter().all(|it| is_name(it)) {
            continue;
        }
        let mut all = Vec::new();
        for value in values {
            all.push((writer.made(made.made, value)?, made.made.kind()));
        }
        let is_exact = made.made != Made::Country;
        if made.is_end {
            ends.push(EndRole { role: made.role, property: made.property, all, is_exact });
        } else {
            used.extend((is_exact && all.len() == 1).then_some(made.property));
            joint.push((made.role.to_owned(), all.into_iter().map(|it| End::entity(it.0)).collect()));
        }
    }
    // A required role whose text names nobody.
    let is_filled = |role: &str| ends.iter().any(|it| it.role == role);
    if let Some(made) = plan.made.iter().find(|it| is_required(it.role) && !is_filled(it.role)) {
        return Ok(Err(format!("has no name in its `{}`", made.property)));
    }
    let Some(kind_id) = fitting_kind(writer, record, plan, &mut ends) else {
        return Ok(Err("has an end of a kind that its kind of fact does not take".to_owned()));
    };
    let pair_count = ends.iter().map(|it| it.all.len()).product::<usize>();
    if pair_count > MOST_PAIRS {
        return Ok(Err(format!("has {pair_count} pairs of ends, of which at most {MOST_PAIRS} are read")));
    }
    if pair_count == 1 {
        used.extend(ends.iter().filter(|it| it.is_exact).map(|it| it.property));
    }
    let figures = if pair_count == 1 && kind_id == plan.kind {
        figures(writer, record, plan, kind, &mut used)
    } else {
        let figure = plan.figures.iter().find(|it| !record.get(it.property).is_empty());
        if let Some(figure) = figure.filter(|_| pair_count > 1) {
            let message = format!(
                "`{}` names {pair_count} pairs of ends, and its `{}` need not be that of each",
                record.id, figure.property
            );
            writer.report(record, ImportCode::Kept, message, "it is kept as it is, and no figure is made of it");
        }
        Vec::new()
    };
    let When { period, is_inferred } = when(writer, record, &mut used);
    let claims = writer.claims(record)?;
    Ok(Ok(MadeFact { kind: kind_id, pairs: pairs(&ends), joint, period, is_inferred, figures, used, claims }))
}

fn end_of(
    writer: &mut Writer<'_>,
    record: &Record<'_>,
    property: &'static str,
    role: &'static str,
) -> io::Result<EndRole> {
    let mut end = EndRole { role, property, all: Vec::new(), is_exact: true };
    let mut seen = HashSet::new();
    for id in record.get(property) {
        let target = writer.target(record, record.schema_ix(), property, id)?;
        end.is_exact &= !target.is_former && is_name(id);
        if seen.insert(target.slug.clone()) {
            end.all.push((target.slug, target.kind));
        }
    }
    Ok(end)
}

/// The kind, if its roles accept the ends; a plain link where they do not and there are two.
fn fitting_kind(
    writer: &mut Writer<'_>,
    record: &Record<'_>,
    plan: &FactPlan,
    ends: &mut [EndRole],
) -> Option<&'static str> {
    let vocabulary = writer.vocabulary;
    let refused = ends.iter().flat_map(|end| end.all.iter().map(move |it| (end.role, end.property, it)));
    let mut refused = refused.filter(|(role, _, it)| !accepts(vocabulary, plan.kind, role, it.1));
    let Some((_, property, (slug, kind))) = refused.next() else { return Some(plan.kind) };
    let message = format!(
        "`{slug}`, the `{property}` of `{}`, is a {}, which `{}` does not take there",
        record.id,
        kind.as_str(),
        plan.kind
    );
    let [source, target] = ends else { return None };
    if plan.made.iter().any(|it| it.is_end) {
        return None;
    }
    (source.role, target.role) = ("subject", "object");
    writer.report(record, ImportCode::WrongKind, message, "it is kept as a plain link");
    Some("link")
}

/// Each of the sources with each of the targets.
fn pairs(ends: &[EndRole]) -> Vec<Roles> {
    let mut pairs: Vec<Roles> = vec![Vec::new()];
    for end in ends {
        let longer = pairs.iter().flat_map(|pair| {
            end.all.iter().map(move |(slug, _)| {
                let mut pair = pair.clone();
                pair.push((end.role.to_owned(), vec![End::entity(slug.clone())]));
                pair
            })
        });
        pairs = longer.collect();
    }
    pairs
}

/// The figures that can be read as such; of several for one figure, the first.
fn figures(
    writer: &mut Writer<'_>,
    record: &Record<'_>,
    plan: &FactPlan,
    kind: &Kind,
    used: &mut Vec<&'static str>,
) -> Vec<(String, String)> {
    let mut figures: Vec<(String, String)> = Vec::new();
    for figure in plan.figures {
        let values = record.get(figure.property);
        let ([value], false) = (values, figures.iter().any(|it| it.0 == figure.name)) else { continue };
        match quantity(writer.vocabulary, record, figure, value, kind) {
            Some((text, currency)) => {
                figures.push((figure.name.to_owned(), text));
                used.push(figure.property);
                used.extend(currency);
            }
            None => {
                let message = format!("`{value}`, the `{}` of `{}`, is no quantity", figure.property, record.id);
                writer.report(record, ImportCode::Kept, message, "it is kept as it is, and no figure is made of it");
            }
        }
    }
    figures
}

/// The words of a figure, and the property of its currency.
fn quantity(
    vocabulary: &Vocabulary,
    record: &Record<'_>,
    figure: &FigureProperty,
    value: &str,
    kind: &Kind,
) -> Option<(String, Option<&'static str>)> {
    let terms = &vocabulary.terms;
    let spec = kind.figures.get(usize::from(kind.figure(figure.name)?))?;
    let own = spec.unit?;
    if value.trim() != value {
        return None;
    }
    let (text, unit, currency): (String, _, _) = match figure.unit {
        FigureUnit::Own => (value.to_owned(), own, None),
        FigureUnit::Fixed(unit) => {
            let unit = terms.unit_ix(unit)?;
            (format!("{value} {}", terms.unit(unit)?.plural), unit, None)
        }
        FigureUnit::Currency(property) => {
            let [currency] = record.get(property) else { return None };
            let unit = terms.units().iter().find(|it| it.names.iter().any(|name| **name == **currency))?;
            (format!("{value} {currency}"), terms.unit_ix(&unit.id)?, Some(property))
        }
    };
    let read = Quantity::parse(&text, terms, own).ok()?;
    (read.unit == unit).then_some((text, currency))
}

struct When {
    period: Option<String>,
    is_inferred: bool,
}

/// When the record holds: the surest properties of its schema that say so.
fn when(writer: &mut Writer<'_>, record: &Record<'_>, used: &mut Vec<&'static str>) -> When {
    let nothing = When { period: None, is_inferred: false };
    let Some(schema) = record.schema_ix().and_then(|it| model().at(it)) else { return nothing };
    // The earliest beginning and the latest end, as FollowTheMoney has it.
    let side = |names: &[&'static str], latest: bool| {
        let name = names.iter().copied().find(|it| !record.get(it).is_empty())?;
        let mut dates: Vec<String> = record.get(name).iter().filter_map(|it| date(it)).collect();
        dates.sort_unstable();
        let date = if latest { dates.pop() } else { dates.into_iter().next() };
        Some((name, date))
    };
    let mut start = side(&schema.start, false);
    let end = side(&schema.end, true);
    // A day on which a designation was published is not the day from which it holds.
    let listed = (start.is_none() && schema.property("listingDate").is_some()).then(|| side(&["listingDate"], false));
    start = start.or(listed.flatten());
    for (name, _) in [&start, &end].into_iter().flatten().filter(|it| it.1.is_none()) {
        let value = record.get(name).first().map_or("", |it| it);
        let message = format!("`{value}`, the `{name}` of `{}`, is no date", record.id);
        writer.report(record, ImportCode::Kept, message, "it is kept as it is; write 2021, 2021-03 or 2021-03-04");
    }
    let of = |side: &Option<(&'static str, Option<String>)>| side.as_ref().and_then(|it| it.1.clone());
    let period = match (of(&start), of(&end)) {
        (Some(date), None) if start.as_ref().is_some_and(|it| it.0 == "date") => date,
        (Some(start), Some(end)) => format!("{start}/{end}"),
        (Some(start), None) => format!("{start}/"),
        (None, Some(end)) => format!("/{end}"),
        (None, None) => return nothing,
    };
    let read = match Period::parse(&period) {
        Ok(read) => read,
        Err(error) => {
            if matches!(error.kind, PeriodErrorKind::Reversed { .. }) {
                let message = format!("`{}` ends before it begins: {period}", record.id);
                writer.report(record, ImportCode::Kept, message, "the dates are kept as they are");
            }
            return nothing;
        }
    };
    let dated: Vec<&'static str> =
        schema.start.iter().chain(&schema.end).copied().filter(|it| !record.get(it).is_empty()).collect();
    let exact =
        |name: &str, date: Option<String>| matches!(record.get(name), [value] if Some(&**value) == date.as_deref());
    // The period tells the dates in full if it can be taken apart into them again.
    let apart = dates_of(&read);
    let is_told = dated.iter().all(|name| apart.iter().any(|(it, date)| it == name && exact(name, Some(date.clone()))));
    if is_told && dated.len() == apart.len() {
        used.extend(dated);
    }
    let plain = ["startDate", "endDate", "date"];
    let dating = [&start, &end].into_iter().flatten().filter(|it| it.1.is_some());
    let is_plain = dating.into_iter().all(|it| plain.contains(&it.0) && record.get(it.0).len() == 1);
    When { period: Some(period), is_inferred: !is_plain }
}
