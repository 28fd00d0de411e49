//! Dates that cannot be right: a mistyped year is the likeliest slip of all.

use super::EntityTable;
use super::facts::Places;
use crate::diagnostic::Code;
use crate::load::findings::Findings;
use crate::model::{Dataset, EntityIx, Outcome, Period};

/// Warns of what is said to have happened, or to have been said, after the document that tells of it, and of what was
/// withdrawn before it was said.
pub(crate) fn check(dataset: &Dataset, table: &EntityTable<'_>, places: &Places, findings: &mut Findings) {
    withdrawn_documents(dataset, table, findings);
    let dates: Vec<Option<Period>> =
        dataset.entities.iter().map(|it| it.bibliography.as_ref().and_then(|it| it.date)).collect();
    let published = |document: EntityIx| dates.get(document.index()).copied().flatten().and_then(|it| it.latest());
    for (at, record) in dataset.records.iter().enumerate() {
        let Some(claims) = dataset.claims.get(record.claims.start as usize..record.claims.end as usize) else {
            continue;
        };
        let span = places.records.get(at).copied().unwrap_or_default();
        if let Some((withdrawn, made)) = claims.iter().find_map(|it| too_soon(it.withdrawn, it.made)) {
            let message = format!(
                "a claim of `{}` was withdrawn in {}, before it was made in {}",
                record.id,
                withdrawn.edtf(),
                made.edtf()
            );
            findings.report(span, Code::WithdrawnTooSoon, message, Some("is a date mistyped?".to_owned()));
        }
        let mut warn = |what: &str, when: Period, document: EntityIx| {
            let Some((day, entity)) = published(document).zip(dataset.entities.get(document.index())) else { return };
            if when.earliest().is_some_and(|it| it > day) {
                let message = format!(
                    "`{}` {what} {}, after the date of `{}`, which tells of it",
                    record.id,
                    when.edtf(),
                    entity.id
                );
                let help = Some("is a date mistyped, or the outcome another one?".to_owned());
                findings.report(span, Code::AfterItsDocument, message, help);
            }
        };
        for claim in claims {
            let period = claim.period.or(record.period);
            if let Some(period) = period.filter(|_| record.outcome == Outcome::Happened) {
                warn("happened in", period, claim.document);
            }
            // A date that follows from the chain of documents is none that anybody typed.
            let first = claim.via.first().copied().unwrap_or(claim.document);
            let of_chain = dates.get(first.index()).copied().flatten();
            if let Some(made) = claim.made.filter(|it| Some(*it) != of_chain) {
                warn("was claimed in", made, claim.document);
            }
        }
    }
}

fn withdrawn_documents(dataset: &Dataset, table: &EntityTable<'_>, findings: &mut Findings) {
    for ((id, span), entity) in table.ids.iter().zip(&dataset.entities) {
        let Some(bibliography) = &entity.bibliography else { continue };
        let Some((withdrawn, date)) = too_soon(bibliography.withdrawn, bibliography.date) else { continue };
        let message = format!("`{id}` was withdrawn in {}, before its date, {}", withdrawn.edtf(), date.edtf());
        findings.report(*span, Code::WithdrawnTooSoon, message, Some("is a date mistyped?".to_owned()));
    }
}

/// Both periods, if the first is over before the second can have begun.
fn too_soon(withdrawn: Option<Period>, from: Option<Period>) -> Option<(Period, Period)> {
    let (withdrawn, from) = (withdrawn?, from?);
    (withdrawn.latest()? < from.earliest()?).then_some((withdrawn, from))
}
