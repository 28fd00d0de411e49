//! Quantities and periods out of texts, with findings that point into the text.

use std::ops::Range;

use crate::diagnostic::{Code, Span};
use crate::load::draft::Shape;
use crate::load::fields::{Fields, Spanned};
use crate::load::findings::Findings;
use crate::model::{Extra, Period, PeriodErrorKind, Quantity, QuantityErrorKind, Terms, UnitIx};

/// A period; what cannot be read as one is a finding.
pub(crate) fn period(text: Spanned<'_>, findings: &mut Findings) -> Option<Period> {
    match Period::parse(text.text) {
        Ok(period) => Some(period),
        Err(error) => {
            let code = match error.kind {
                PeriodErrorKind::Reversed { .. } => Code::PeriodReversed,
                _ => Code::PeriodUnclear,
            };
            findings.report(within(text, error.range.clone()), code, error.kind.problem(), Some(error.kind.help()));
            None
        }
    }
}

/// A quantity in the unit named, else in `unit`; `expected`, if given, is the dimension it must have.
pub(crate) fn quantity(
    text: Spanned<'_>,
    terms: &Terms,
    unit: UnitIx,
    expected: Option<&str>,
    findings: &mut Findings,
) -> Option<Quantity> {
    let quantity = match Quantity::parse(text.text, terms, unit) {
        Ok(quantity) => quantity,
        Err(error) => {
            let code = match error.kind {
                QuantityErrorKind::Reversed { .. } => Code::QuantityReversed,
                _ => Code::QuantityUnclear,
            };
            findings.report(within(text, error.range.clone()), code, error.kind.problem(), Some(error.kind.help()));
            return None;
        }
    };
    let named = terms.unit(quantity.unit);
    if let (Some(expected), Some(named)) = (expected, named)
        && &*named.dimension != expected
    {
        findings.report(
            text.span,
            Code::WrongDimension,
            format!("`{}` counts {}, and this figure counts {expected}", named.id, named.dimension),
            Some("give the figure in a unit of that dimension, or put it where it belongs".to_owned()),
        );
        return None;
    }
    Some(quantity)
}

/// A range of bytes of a text, as a place in its file. A text with escapes stands at its field's name,
/// whose length says nothing about the text's.
fn within(text: Spanned<'_>, range: Range<usize>) -> Span {
    let length = (text.span.end - text.span.start) as usize;
    if length != text.text.len() || range.end > length {
        return text.span;
    }
    let at = |offset: usize| text.span.start + u32::try_from(offset).unwrap_or(0);
    Span { start: at(range.start), end: at(range.end), ..text.span }
}

/// `extra: [(name: "topics", values: ["sanction"])]`: what the model has no field for.
pub(crate) fn extra(fields: &mut Fields<'_, '_>, findings: &mut Findings) -> Vec<Extra> {
    let mut found: Vec<Extra> = Vec::new();
    for value in fields.list("extra") {
        let Shape::Struct(record) = &value.shape else {
            findings.wrong_type(
                value,
                "extra",
                "names with values, as in `(name: \"topics\", values: [\"sanction\"])`",
            );
            continue;
        };
        let mut inner = Fields::new(record, findings);
        let name = inner.required("name", "`extra`", findings);
        let values: Vec<Box<str>> = inner.texts("values", findings).into_iter().map(|it| it.text.into()).collect();
        inner.finish("`extra`", findings);
        let Some(name) = name else { continue };
        if found.iter().any(|it| *it.name == *name.text) {
            let help = Some("put its values into one list".to_owned());
            findings.report(name.span, Code::DuplicateField, format!("`{}` stands twice in `extra`", name.text), help);
        } else if values.is_empty() {
            let message = format!("`{}` in `extra` has no value", name.text);
            findings.report(name.span, Code::MissingField, message, Some("add `values: [\"…\"]`".to_owned()));
        } else {
            found.push(Extra { name: name.text.into(), values });
        }
    }
    found
}
