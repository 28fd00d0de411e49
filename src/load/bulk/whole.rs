//! What must be looked at over all records: ids that are taken, and where relations lead.

use std::cell::OnceCell;
use std::io;

use super::index::{Index, number};
use super::part::{Found, Setting, Told};
use crate::diagnostic::Span;
use crate::load::check::assemble::{Known, RecordIds, resolve_target};
use crate::load::check::entities::duplicate_id;
use crate::load::check::links::{Link, Records};
use crate::load::check::{EntityTable, contradictions, trees};
use crate::load::fields::Spanned;
use crate::load::findings::Findings;
use crate::model::{Dataset, FactIx, Period, RecordIx, RelationKind, RelationTarget};

/// Where a relation leads.
pub(super) struct Target {
    /// The position of the record that has it.
    pub(super) record: u32,
    pub(super) kind: RelationKind,
    pub(super) target: RelationTarget,
    /// How many claims of its own it has.
    pub(super) claims: u32,
}

/// Brings the records into their order and checks them as a whole. Gives all relations, by record.
///
/// # Errors
///
/// A record that was read cannot be read again.
pub(super) fn check(
    found: &mut Found,
    known: &Known,
    setting: &Setting<'_, '_>,
    table: &EntityTable<'_>,
    findings: &mut Findings,
) -> io::Result<Vec<Target>> {
    let twice = found.index.sort();
    let records = AtHand { index: &found.index, setting, failed: OnceCell::new() };
    for record in twice {
        let span = records.told(record).map(|it| it.span).unwrap_or_default();
        duplicate_id(Spanned { text: records.index.id(record), span }, findings);
    }
    for record in (0..found.index.len()).filter_map(|it| found.index.at(it)) {
        let id = records.index.id(record);
        if table.by_id.contains_key(id) {
            let span = records.told(record).map(|it| it.span).unwrap_or_default();
            duplicate_id(Spanned { text: id, span }, findings);
        }
    }
    let mut pending = std::mem::take(&mut found.relations);
    if !pending.is_empty() {
        let positions = found.index.positions();
        pending.iter_mut().for_each(|it| it.record = positions.get(it.record as usize).copied().unwrap_or(u32::MAX));
        pending.retain(|it| it.record != u32::MAX);
        pending.sort_by_key(|it| it.record);
    }
    let records = AtHand { index: &found.index, setting, failed: records.failed };
    let (mut targets, mut links) = (Vec::with_capacity(pending.len()), Vec::new());
    for it in pending {
        let from = RecordIx(it.record);
        let text = Spanned { text: &it.target, span: it.span };
        let id = records.id(from);
        let Some(target) = resolve_target(&id, (it.kind, text), known, table, &records, findings) else { continue };
        let (to, fact) = match target {
            RelationTarget::Record(to) => (Some(to), None),
            RelationTarget::Fact(fact) => (records.of_fact(&it.target), Some(fact)),
            RelationTarget::Entity(_) => (None, None),
        };
        links.extend(to.map(|to| Link::new(from, to, it.kind, fact)));
        targets.push(Target { record: it.record, kind: it.kind, target, claims: it.claims });
    }
    trees::check(setting.dataset, table, findings);
    trees::relations(&links, &records, findings);
    contradictions::check(links, &records, findings);
    match records.failed.into_inner() {
        Some(error) => Err(error),
        None => Ok(targets),
    }
}

/// Notes by which records those entities are named that do not stand for themselves.
pub(super) fn name_merged(found: &Found, dataset: &mut Dataset) {
    if found.named.is_empty() {
        return;
    }
    let positions = found.index.positions();
    let mut named: Vec<(u32, u32)> =
        found.named.iter().filter_map(|(record, merged)| Some((*positions.get(*record as usize)?, *merged))).collect();
    named.sort_unstable();
    for (position, merged) in named {
        let records = dataset.merged.get_mut(merged as usize).map(|it| &mut it.records);
        records.into_iter().for_each(|it| it.push(RecordIx(position)));
    }
}

/// Records that are read again when something is asked of them.
struct AtHand<'i> {
    index: &'i Index,
    setting: &'i Setting<'i, 'i>,
    /// Why one could not be read.
    failed: OnceCell<io::Error>,
}

impl AtHand<'_> {
    /// By number.
    fn told(&self, record: u32) -> Option<Told> {
        match self.setting.tell(self.index.place(record)?) {
            Ok(told) => told,
            Err(error) => {
                self.failed.get_or_init(|| error);
                None
            }
        }
    }

    fn at(&self, record: RecordIx) -> Option<Told> {
        self.told(self.index.at(record.index())?)
    }

    /// The record of a fact that is called after it and a member.
    fn of_fact(&self, id: &str) -> Option<RecordIx> {
        let position = self.index.find(id.split_once('/')?.0)?;
        (self.index.fact_count(position) > 1).then(|| RecordIx::from_usize(position))
    }
}

impl RecordIds for AtHand<'_> {
    fn record(&self, id: &str) -> Option<RecordIx> {
        self.index.find(id).map(RecordIx::from_usize)
    }

    fn fact(&self, id: &str) -> Option<FactIx> {
        let record = self.of_fact(id)?;
        let at = self.at(record)?.facts.iter().position(|it| it.as_str() == id)?;
        Some(FactIx(self.index.first_fact(record.index()) + number(at)))
    }

    fn nearest(&self, id: &str, findings: &mut Findings) -> Option<String> {
        findings.nearest(id, self.index.sorted_ids())
    }
}

impl Records for AtHand<'_> {
    fn id(&self, record: RecordIx) -> String {
        self.index.at(record.index()).map_or(String::new(), |it| self.index.id(it).to_owned())
    }

    fn fact_id(&self, record: RecordIx, fact: FactIx) -> String {
        let at = fact.0.saturating_sub(self.index.first_fact(record.index())) as usize;
        let told = self.at(record);
        told.and_then(|it| it.facts.get(at).map(|it| it.as_str().to_owned())).unwrap_or_default()
    }

    fn period(&self, record: RecordIx) -> Option<Period> {
        self.at(record)?.period
    }

    fn span(&self, record: RecordIx) -> Span {
        self.at(record).map(|it| it.span).unwrap_or_default()
    }
}
