//! Quantities and periods out of texts, with findings that point into the text.

use std::ops::Range;

use crate::diagnostic::{Code, Span};
use crate::load::fields::Spanned;
use crate::load::findings::Findings;
use crate::model::{Period, PeriodErrorKind, Quantity, QuantityErrorKind, Terms, UnitIx};

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
