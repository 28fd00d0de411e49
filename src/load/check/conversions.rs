//! Conversions of the vocabulary: what one unit makes of another, exactly and with its source.

use std::collections::BTreeMap;

use super::records;
use super::trees::circles;
use super::vocabulary::{amount, expect_name, unit_of, with_origin};
use crate::diagnostic::{Code, Span};
use crate::load::draft::{DraftFile, Record};
use crate::load::fields::Fields;
use crate::load::findings::Findings;
use crate::model::{Amount, Conversion, Terms, UnitIx};

/// A conversion as read, and where it stands.
struct Found {
    conversion: Conversion,
    span: Span,
    built_in: bool,
}

/// Reads the conversions of all files, by the unit that they are of. A unit converts to one other only, so that there
/// is never a second way that gives another number; one that a data folder gives replaces the built-in one.
pub(super) fn read(files: &[DraftFile<'_>], terms: &Terms, findings: &mut Findings) -> Vec<Conversion> {
    let mut by_unit: BTreeMap<UnitIx, Found> = BTreeMap::new();
    for (file, built_in) in with_origin(files) {
        for record in records(file, "conversions", findings) {
            expect_name(record, "Conversion", findings);
            let Some(conversion) = read_conversion(record, terms, findings) else { continue };
            let from = conversion.from;
            let old = by_unit.insert(from, Found { conversion, span: record.span, built_in });
            if old.is_some_and(|it| it.built_in == built_in) {
                let message = format!("`{}` has two conversions", id_of(from, terms));
                let help = "a unit converts to one other; what that converts to is reached through it".to_owned();
                findings.report(record.span, Code::BadVocabulary, message, Some(help));
            }
        }
    }
    let mut next = vec![None; terms.units().len()];
    for found in by_unit.values() {
        if let Some(slot) = next.get_mut(found.conversion.from.index()) {
            *slot = Some(found.conversion.to.index());
        }
    }
    for unit in circles(&next) {
        // Positions of units are counted with 16 bits.
        let Some(unit) = u16::try_from(unit).ok().map(UnitIx) else { continue };
        let Some(found) = by_unit.get(&unit) else { continue };
        let message = format!("converting `{}` leads back to it", id_of(unit, terms));
        findings.report(found.span, Code::BadVocabulary, message, Some("take out one of the conversions".to_owned()));
    }
    by_unit.into_values().map(|it| it.conversion).collect()
}

fn id_of(unit: UnitIx, terms: &Terms) -> &str {
    terms.unit(unit).map_or("", |it| &it.id)
}

/// `Conversion(unit: "tonne", factor: "1000", to: "kilogram", source: "…")`.
fn read_conversion(record: &Record<'_>, terms: &Terms, findings: &mut Findings) -> Option<Conversion> {
    const OF: &str = "a conversion";
    let mut fields = Fields::new(record, findings);
    let unit = fields.required("unit", OF, findings);
    let factor = fields.required("factor", OF, findings);
    let to = fields.required("to", OF, findings);
    let source = fields.required("source", OF, findings);
    fields.finish(OF, findings);
    let from_ix = unit.and_then(|it| unit_of(it, terms, findings));
    let to_ix = to.and_then(|it| unit_of(it, terms, findings));
    let number = factor.and_then(|it| amount(it, findings));
    let (unit, factor, to) = (unit?, factor?, to?);
    let (from_ix, to_ix, number) = (from_ix?, to_ix?, number?);
    if from_ix == to_ix {
        let message = format!("`{}` converts to itself", unit.text);
        findings.report(to.span, Code::BadVocabulary, message, Some("name another unit".to_owned()));
        return None;
    }
    let dimension = |unit: UnitIx| terms.unit(unit).map_or("", |it| &*it.dimension);
    if dimension(from_ix) != dimension(to_ix) {
        findings.report(
            to.span,
            Code::WrongDimension,
            format!("`{}` measures {}, and `{}` {}", unit.text, dimension(from_ix), to.text, dimension(to_ix)),
            Some("nothing converts across dimensions".to_owned()),
        );
        return None;
    }
    if number == Amount::ZERO {
        let help = "one of the unit is the factor times the other".to_owned();
        findings.report(factor.span, Code::BadVocabulary, "the factor is zero".to_owned(), Some(help));
        return None;
    }
    Some(Conversion { from: from_ix, factor: number, to: to_ix, source: source?.text.into() })
}
