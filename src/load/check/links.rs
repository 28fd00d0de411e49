//! Relations between records as pairs of them, and what a finding about one needs to know of records.

use super::facts::Places;
use crate::diagnostic::Span;
use crate::model::{Dataset, FactIx, Period, RecordIx, RelationKind, RelationTarget};

/// A relation of one record to another, or to one fact of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::load) struct Link {
    /// The two records, the smaller position first.
    pub(in crate::load) pair: (RecordIx, RecordIx),
    pub(in crate::load) kind: RelationKind,
    /// The one fact of `to` that it is about.
    pub(in crate::load) fact: Option<FactIx>,
    pub(in crate::load) from: RecordIx,
    pub(in crate::load) to: RecordIx,
}

impl Link {
    pub(in crate::load) fn new(from: RecordIx, to: RecordIx, kind: RelationKind, fact: Option<FactIx>) -> Link {
        Link { pair: (from.min(to), from.max(to)), kind, fact, from, to }
    }
}

/// Records, wherever they stand.
pub(in crate::load) trait Records {
    fn id(&self, record: RecordIx) -> String;
    /// The id of a fact of a record.
    fn fact_id(&self, record: RecordIx, fact: FactIx) -> String;
    fn period(&self, record: RecordIx) -> Option<Period>;
    /// Where its id stands.
    fn span(&self, record: RecordIx) -> Span;
}

/// Those of a data set.
pub(super) struct AtHand<'d> {
    pub(super) dataset: &'d Dataset,
    pub(super) places: &'d Places,
}

impl Records for AtHand<'_> {
    fn id(&self, record: RecordIx) -> String {
        self.dataset.records.get(record.index()).map_or(String::new(), |it| it.id.as_str().to_owned())
    }

    fn fact_id(&self, _: RecordIx, fact: FactIx) -> String {
        self.dataset.facts.get(fact.index()).map_or(String::new(), |it| it.id.as_str().to_owned())
    }

    fn period(&self, record: RecordIx) -> Option<Period> {
        self.dataset.records.get(record.index())?.period
    }

    fn span(&self, record: RecordIx) -> Span {
        self.places.records.get(record.index()).copied().unwrap_or_default()
    }
}

/// All relations of a data set that lead to records.
pub(super) fn of_dataset(dataset: &Dataset) -> Vec<Link> {
    let mut links = Vec::new();
    for (at, record) in dataset.records.iter().enumerate() {
        for relation in &record.relations {
            let (to, fact) = match relation.target {
                RelationTarget::Record(to) => (to, None),
                RelationTarget::Fact(fact) => match dataset.facts.get(fact.index()) {
                    Some(it) => (it.record, Some(fact)),
                    None => continue,
                },
                RelationTarget::Entity(_) => continue,
            };
            links.push(Link::new(RecordIx::from_usize(at), to, relation.kind, fact));
        }
    }
    links
}
