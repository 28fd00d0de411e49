//! Relations that cannot all hold: what comes on top of a thing is no part of it, and nothing is after what it precedes.

use super::facts::Places;
use crate::diagnostic::Code;
use crate::load::findings::Findings;
use crate::model::{Certainty, Dataset, FactIx, RecordIx, RelationKind, RelationTarget};

/// Relations of two records of which only one kind can hold, with what the other kinds are.
const EXCLUSIVE: [(RelationKind, &[RelationKind]); 2] = [
    (RelationKind::InAdditionTo, &[RelationKind::PartOf, RelationKind::SameAs, RelationKind::Overlaps]),
    (RelationKind::SameAs, &[RelationKind::PartOf]),
];

/// A relation of one record to another, or to one fact of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    /// The two records, the smaller position first.
    pair: (RecordIx, RecordIx),
    kind: RelationKind,
    /// The one fact of `to` that it is about.
    fact: Option<FactIx>,
    from: RecordIx,
    to: RecordIx,
}

/// Reports one contradiction of each pair of records. Time n log n in the number of relations.
pub(super) fn check(dataset: &Dataset, places: &Places, findings: &mut Findings) {
    let mut links = links(dataset);
    links.sort_unstable();
    links.dedup();
    for group in links.chunk_by(|a, b| a.pair == b.pair) {
        let of = |kind: RelationKind| -> Vec<Link> { group.iter().filter(|it| it.kind == kind).copied().collect() };
        let found = EXCLUSIVE.iter().find_map(|(kind, others)| {
            let these = of(*kind);
            others.iter().find_map(|other| contradiction(&these, &of(*other)))
        });
        if let Some((a, b)) = found {
            let message = format!("{}, and {}: both cannot hold", said(a, dataset), said(b, dataset));
            report(a.from, message, "keep one of the two", places, findings);
        }
        group.iter().filter(|it| it.kind == RelationKind::After).for_each(|it| after(*it, dataset, places, findings));
    }
}

fn links(dataset: &Dataset) -> Vec<Link> {
    let mut links = Vec::new();
    for (at, record) in dataset.records.iter().enumerate() {
        let from = RecordIx::from_usize(at);
        for relation in &record.relations {
            let (to, fact) = match relation.target {
                RelationTarget::Record(to) => (to, None),
                RelationTarget::Fact(fact) => match dataset.facts.get(fact.index()) {
                    Some(it) => (it.record, Some(fact)),
                    None => continue,
                },
                RelationTarget::Entity(_) => continue,
            };
            // What names itself is reported as a circle.
            if from != to {
                links.push(Link { pair: (from.min(to), from.max(to)), kind: relation.kind, fact, from, to });
            }
        }
    }
    links
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
fn said(link: Link, dataset: &Dataset) -> String {
    let to = match link.fact {
        Some(fact) => dataset.facts.get(fact.index()).map_or("", |it| it.id.as_str()),
        None => id_of(link.to, dataset),
    };
    format!("`{}` has `{}: \"{to}\"`", id_of(link.from, dataset), link.kind.field())
}

fn id_of(record: RecordIx, dataset: &Dataset) -> &str {
    dataset.records.get(record.index()).map_or("", |it| it.id.as_str())
}

/// A record that is said to be after another, which its period says that it precedes.
fn after(link: Link, dataset: &Dataset, places: &Places, findings: &mut Findings) {
    let period = |record: RecordIx| dataset.records.get(record.index()).and_then(|it| it.period);
    let (Some(this), Some(that)) = (period(link.from), period(link.to)) else { return };
    if this.before(&that) == Certainty::Certain {
        let (from, to) = (id_of(link.from, dataset), id_of(link.to, dataset));
        let message = format!(
            "{}, and the period of `{from}`, {}, is before that of `{to}`, {}",
            said(link, dataset),
            this.edtf(),
            that.edtf()
        );
        report(link.from, message, "is a date mistyped, or the relation turned round?", places, findings);
    }
}

fn report(record: RecordIx, message: String, help: &str, places: &Places, findings: &mut Findings) {
    let span = places.records.get(record.index()).copied().unwrap_or_default();
    findings.report(span, Code::Contradiction, message, Some(help.to_owned()));
}
