//! Relations that cannot all hold: what comes on top of a thing is no part of it, and nothing is after what it precedes.

use super::links::{Link, Records};
use crate::diagnostic::Code;
use crate::load::findings::Findings;
use crate::model::{Certainty, RecordIx, RelationKind};

/// Relations of two records of which only one kind can hold, with what the other kinds are.
const EXCLUSIVE: [(RelationKind, &[RelationKind]); 2] = [
    (RelationKind::InAdditionTo, &[RelationKind::PartOf, RelationKind::SameAs, RelationKind::Overlaps]),
    (RelationKind::SameAs, &[RelationKind::PartOf]),
];

/// Reports one contradiction of each pair of records. Time n log n in the number of relations.
pub(in crate::load) fn check(mut links: Vec<Link>, records: &dyn Records, findings: &mut Findings) {
    // What names itself is reported as a circle.
    links.retain(|it| it.from != it.to);
    links.sort_unstable();
    links.dedup();
    for group in links.chunk_by(|a, b| a.pair == b.pair) {
        let of = |kind: RelationKind| -> Vec<Link> { group.iter().filter(|it| it.kind == kind).copied().collect() };
        let found = EXCLUSIVE.iter().find_map(|(kind, others)| {
            let these = of(*kind);
            others.iter().find_map(|other| contradiction(&these, &of(*other)))
        });
        if let Some((a, b)) = found {
            let message = format!("{}, and {}: both cannot hold", said(a, records), said(b, records));
            report(a.from, message, "keep one of the two", records, findings);
        }
        group.iter().filter(|it| it.kind == RelationKind::After).for_each(|it| after(*it, records, findings));
    }
}

/// The first two that are about the same facts. Both are of one pair of records, in their order.
fn contradiction(these: &[Link], others: &[Link]) -> Option<(Link, Link)> {
    let (first, other) = (*these.first()?, *others.first()?);
    // What is about whole records is about every fact of them; a link that is sorts first.
    if first.fact.is_none() || other.fact.is_none() {
        return Some((first, other));
    }
    // One is about a fact of the one record and all of the other, and the other the other way about.
    let crossed = |a: &[Link], b: &[Link], to: RecordIx, from: RecordIx| {
        Some((*a.iter().find(|it| it.to == to)?, *b.iter().find(|it| it.to == from)?))
    };
    let (a, b) = first.pair;
    crossed(these, others, a, b).or_else(|| crossed(these, others, b, a)).or_else(|| {
        these.iter().find_map(|it| {
            let at = others.binary_search_by_key(&it.fact, |other| other.fact).ok()?;
            Some((*it, *others.get(at)?))
        })
    })
}

/// "`x1` has `part_of: "x2"`"
fn said(link: Link, records: &dyn Records) -> String {
    let to = link.fact.map_or_else(|| records.id(link.to), |fact| records.fact_id(link.to, fact));
    format!("`{}` has `{}: \"{to}\"`", records.id(link.from), link.kind.field())
}

/// A record that is said to be after another, which its period says that it precedes.
fn after(link: Link, records: &dyn Records, findings: &mut Findings) {
    let (Some(this), Some(that)) = (records.period(link.from), records.period(link.to)) else { return };
    if this.before(&that) == Certainty::Certain {
        let (from, to) = (records.id(link.from), records.id(link.to));
        let message = format!(
            "{}, and the period of `{from}`, {}, is before that of `{to}`, {}",
            said(link, records),
            this.edtf(),
            that.edtf()
        );
        report(link.from, message, "is a date mistyped, or the relation turned round?", records, findings);
    }
}

fn report(record: RecordIx, message: String, help: &str, records: &dyn Records, findings: &mut Findings) {
    findings.report(records.span(record), Code::Contradiction, message, Some(help.to_owned()));
}
