//! Records, with their facts and claims.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::cells::{Cell, changes};
use super::claims::{claim_changes, claim_words, same_claims};
use super::pair::{Along, Pair, along, first_place};
use super::{Change, Comparison, FieldChange, Item};
use crate::graph::{GraphView, RecordView, entity_of};
use crate::model::{EntityIx, FactIx, NodeIx, Participant, Period, RecordIx, RelationTarget};
use crate::query::answer::{Answer, Row};
use crate::query::build::{Builder, node_ref, participant};
use crate::query::lens::Lens;
use crate::query::wording::label;

/// So many records are put into words at a time, so that the rows of a large difference need not stand in memory at once.
const AT_A_TIME: usize = 1024;

/// Facts of a record that are named one by one.
const NAMED: usize = 3;

/// One graph, and some of its records in words.
pub(super) struct Told<'g, 'f, G> {
    pub(super) graph: &'g G,
    pub(super) answer: Answer,
    facts: Vec<FactIx>,
    /// The id by which an entity is compared.
    pub(super) id: &'f dyn Fn(EntityIx) -> &'g str,
}

pub(super) fn compare<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, found: &mut Comparison) {
    let (old, new) = (pair.old, pair.new);
    let counts = (old.record_count(), new.record_count());
    let steps = along(counts, |it| old.record(RecordIx(it)).id, |it| new.record(RecordIx(it)).id);
    let mut open = Vec::new();
    for step in steps {
        match step {
            Along::Old(at) => open.push((Some(RecordIx(at)), None)),
            Along::New(at) => open.push((None, Some(RecordIx(at)))),
            Along::Both(before, now) if is_same(pair, RecordIx(before), RecordIx(now)) => {}
            Along::Both(before, now) => open.push((Some(RecordIx(before)), Some(RecordIx(now)))),
        }
        if open.len() == AT_A_TIME {
            tell(pair, &open, found);
            open.clear();
        }
    }
    tell(pair, &open, found);
}

/// Whether nothing changed, in the order written. What is not the same here may still say the same.
fn is_same<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, before: RecordIx, now: RecordIx) -> bool {
    let (old, new) = (pair.old, pair.new);
    let (from, to) = (old.record(before), new.record(now));
    (from.outcome, from.per, from.period, from.draft) == (to.outcome, to.per, to.period, to.draft)
        && from.facts.len() == to.facts.len()
        && from.facts.clone().zip(to.facts.clone()).all(|(a, b)| is_same_fact(pair, FactIx(a), FactIx(b)))
        && same_claims(pair, from.claims, to.claims)
        && old.inferred(before).eq(new.inferred(now))
        && old.extra_of_record(before).eq(new.extra_of_record(now))
        && old.relations(before).count() == new.relations(now).count()
        && old.relations(before).zip(new.relations(now)).all(|(a, b)| {
            a.kind == b.kind
                && match (a.target, b.target) {
                    (RelationTarget::Entity(a), RelationTarget::Entity(b)) => pair.same_entity(a, b),
                    (RelationTarget::Record(a), RelationTarget::Record(b)) => old.record(a).id == new.record(b).id,
                    (RelationTarget::Fact(a), RelationTarget::Fact(b)) => old.fact(a).id == new.fact(b).id,
                    _ => false,
                }
                && same_claims(pair, a.claims, b.claims)
        })
}

fn is_same_fact<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, before: FactIx, now: FactIx) -> bool {
    let (old, new) = (pair.old, pair.new);
    let (from, to) = (old.fact(before), new.fact(now));
    let kind = |graph: Option<&crate::model::Kind>| graph.map(|it| it.id.clone());
    from.id == to.id
        && kind(old.vocabulary().kind(from.kind)) == kind(new.vocabulary().kind(to.kind))
        && old.roles(before).count() == new.roles(now).count()
        && old
            .roles(before)
            .zip(new.roles(now))
            .all(|(a, b)| pair.same_role(a.role, b.role) && pair.same_participant(a.participant, b.participant))
}

/// Puts records into words that may have changed.
fn tell<A: GraphView, B: GraphView>(
    pair: &Pair<'_, A, B>,
    open: &[(Option<RecordIx>, Option<RecordIx>)],
    found: &mut Comparison,
) {
    let (old_id, new_id) = (|it| pair.old_id(it), |it| pair.new_id(it));
    let old = Told::new(pair.old, open.iter().filter_map(|it| it.0), &old_id);
    let new = Told::new(pair.new, open.iter().filter_map(|it| it.1), &new_id);
    for step in open {
        match *step {
            (Some(before), None) => {
                let item = old.whole(before, Change::Removed);
                found.facts.add(Change::Removed, item.facts.len());
                found.claims.add(Change::Removed, item.changes.len());
                found.records.push(item);
            }
            (None, Some(now)) => {
                let item = new.whole(now, Change::Added);
                found.facts.add(Change::Added, item.facts.len());
                found.claims.add(Change::Added, item.changes.len());
                found.records.push(item);
            }
            (Some(before), Some(now)) => changed(&old, before, &new, now, found),
            (None, None) => {}
        }
    }
}

fn changed<A: GraphView, B: GraphView>(
    old: &Told<'_, '_, A>,
    before: RecordIx,
    new: &Told<'_, '_, B>,
    now: RecordIx,
    found: &mut Comparison,
) {
    let (from, to) = (old.graph.record(before), new.graph.record(now));
    let of_claims =
        claim_changes(old, from.claims.clone(), new, to.claims.clone(), from.facts.len().max(to.facts.len()) > 1);
    let several = from.facts.len() > 1 || to.facts.len() > 1;
    let mut told = changes(old.cells(before, several), new.cells(now, several));
    // A record has its period from a claim that has one: told once.
    told.retain(|it| {
        it.field != PERIOD
            || of_claims.changes.iter().all(|of| (&of.field, &of.old, &of.new) != (&it.field, &it.old, &it.new))
    });
    told.extend(of_claims.changes);
    told.extend(relation_claims(old, before, new, now));
    if told.is_empty() {
        return;
    }
    let (old_facts, new_facts) = (old.fact_ids(&from), new.fact_ids(&to));
    // Both are in the order of their ids.
    let kept = new_facts.iter().filter(|it| old_facts.binary_search(it).is_ok()).count();
    found.facts.changed += kept;
    found.facts.added += new_facts.len() - kept;
    found.facts.removed += old_facts.len() - kept;
    found.claims.added += of_claims.counts.added;
    found.claims.changed += of_claims.counts.changed;
    found.claims.removed += of_claims.counts.removed;
    found.records.push(Item {
        change: Change::Changed,
        id: to.id.to_owned(),
        sort: new.sort(&to),
        name: old.name(&from),
        facts: new_facts.into_iter().map(str::to_owned).collect(),
        changes: told,
    });
}

/// Claims that relations have of their own.
fn relation_claims<A: GraphView, B: GraphView>(
    old: &Told<'_, '_, A>,
    before: RecordIx,
    new: &Told<'_, '_, B>,
    now: RecordIx,
) -> Vec<FieldChange> {
    let mut waiting: BTreeMap<_, VecDeque<Range<u32>>> = BTreeMap::new();
    for relation in old.graph.relations(before) {
        let key = (relation.kind, old.target(relation.target));
        waiting.entry(key).or_default().push_back(relation.claims);
    }
    let mut found = Vec::new();
    for relation in new.graph.relations(now) {
        let target = new.target(relation.target);
        let same = waiting.get_mut(&(relation.kind, target)).and_then(VecDeque::pop_front);
        let Some(claims) = same else { continue };
        let name = format!("{} {}", relation.kind.as_str(), target.1);
        let of_claims = claim_changes(old, claims, new, relation.claims, true);
        found.extend(of_claims.changes.into_iter().map(|it| {
            let of = it.of.map_or_else(|| name.clone(), |of| format!("{name}, {of}"));
            FieldChange { of: Some(of), ..it }
        }));
    }
    found
}

const PERIOD: &str = "period";

/// A period in words: what it says, not how it is written.
pub(super) fn period_in_words(period: Period) -> String {
    period.to_phrase()
}

impl<'g, 'f, G: GraphView> Told<'g, 'f, G> {
    fn new(graph: &'g G, records: impl Iterator<Item = RecordIx>, id: &'f dyn Fn(EntityIx) -> &'g str) -> Self {
        let lens = Lens::all(graph);
        let facts: Vec<FactIx> = records.flat_map(|it| graph.record(it).facts).map(FactIx).collect();
        let mut builder = Builder::new(&lens);
        let rows = facts.iter().map(|it| builder.row(*it, None)).collect();
        let answer = builder.finish(String::new(), rows, Vec::new());
        Told { graph, answer, facts, id }
    }

    fn row(&self, fact: FactIx) -> Option<&Row> {
        // Records and their facts are in order.
        self.facts.binary_search(&fact).ok().and_then(|at| self.answer.rows.get(at))
    }

    /// Rows of a record.
    pub(super) fn rows(&self, record: &RecordView<'_>) -> impl Iterator<Item = &Row> {
        record.facts.clone().filter_map(|it| self.row(FactIx(it)))
    }

    fn fact_ids(&self, record: &RecordView<'_>) -> Vec<&'g str> {
        record.facts.clone().map(|it| self.graph.fact(FactIx(it)).id).collect()
    }

    fn sort(&self, record: &RecordView<'_>) -> String {
        self.rows(record).next().map_or(String::new(), |it| it.kind.clone())
    }

    fn name(&self, record: &RecordView<'_>) -> String {
        first_few(record.facts.len(), self.rows(record).map(|it| headline(&self.answer, it)))
    }

    /// A record with its claims.
    fn whole(&self, record: RecordIx, change: Change) -> Item {
        let view = self.graph.record(record);
        let claims = view.claims.clone().map(|claim| {
            let (of, words) = claim_words(self, &view, claim);
            let (old, new) = if change == Change::Added { (None, Some(words)) } else { (Some(words), None) };
            FieldChange { field: FieldChange::CLAIM.to_owned(), of: Some(of), old, new }
        });
        Item {
            change,
            id: view.id.to_owned(),
            sort: self.sort(&view),
            name: self.name(&view),
            facts: self.fact_ids(&view).into_iter().map(str::to_owned).collect(),
            changes: claims.collect(),
        }
    }

    /// What a record says apart from its claims.
    fn cells(&self, record: RecordIx, several: bool) -> Vec<Cell> {
        let graph = self.graph;
        let view = graph.record(record);
        let mut cells = Vec::new();
        for fact in view.facts.clone().map(FactIx) {
            let row = self.row(fact);
            let id = graph.fact(fact).id;
            let of = several.then_some(id);
            if several {
                let words = row.map_or(String::new(), |it| headline(&self.answer, it));
                cells.push(Cell::new(0, "fact", id, format!("{id}, {words}")));
            }
            let kind = row.map_or("", |it| it.kind.as_str());
            cells.push(Cell::plain(1, "kind", kind).of(of));
            for fill in graph.roles(fact) {
                let role = graph.vocabulary().role_name(fill.role).replace('_', " ");
                let words = self.participant_in_words(fact, fill.participant);
                cells.push(Cell::new(2, &role, self.participant(fill.participant), words).of(of));
            }
        }
        cells.push(Cell::plain(3, "outcome", view.outcome.as_str().replace('-', " ")));
        cells.extend(view.per.map(|it| Cell::plain(4, "per", it.as_str())));
        cells.extend(view.period.map(|it| Cell::new(5, PERIOD, it.edtf(), period_in_words(it))));
        cells.extend(view.draft.then(|| Cell::plain(6, "draft", "yes")));
        for relation in graph.relations(record) {
            let (sort, id) = self.target(relation.target);
            cells.push(Cell::new(7, &relation.kind.as_str().replace('-', " "), format!("{sort} {id}"), id));
        }
        cells.extend(graph.extra_of_record(record).map(|it| Cell::plain(8, &format!("extra {}", it.name), it.value)));
        cells.extend(graph.inferred(record).map(|it| Cell::plain(9, "worked out", it)));
        cells
    }

    fn target(&self, target: RelationTarget) -> (&'static str, &'g str) {
        match target {
            RelationTarget::Record(it) => ("record", self.graph.record(it).id),
            RelationTarget::Fact(it) => ("fact", self.graph.fact(it).id),
            RelationTarget::Entity(it) => ("entity", (self.id)(it)),
        }
    }

    /// What a node is compared by.
    pub(super) fn node(&self, node: NodeIx) -> String {
        if let Some(entity) = entity_of(self.graph, node) {
            return (self.id)(entity).to_owned();
        }
        let group = self.graph.unnamed_of(node).map_or("", |it| (self.id)(it));
        let (fact, claim) = first_place(self.graph, node);
        let several = if self.graph.is_several(node) { "several" } else { "one" };
        format!("unnamed, {several} of {group}, as in {} {}", fact.unwrap_or_default(), claim.unwrap_or_default())
    }

    fn participant(&self, it: Participant) -> String {
        let of = it.of.map_or(String::new(), |of| format!(" of {}", (self.id)(of)));
        format!("{}{of}", self.node(it.node))
    }

    /// A participant, and where else it stands if only that tells who it is.
    fn participant_in_words(&self, fact: FactIx, it: Participant) -> String {
        let name = participant(self.graph, it).name;
        let first = self.graph.facts_of(it.node).first().copied();
        match first.filter(|first| entity_of(self.graph, it.node).is_none() && *first != fact) {
            Some(first) => format!("{name}, the same as in {}", self.graph.fact(first).id),
            None => name,
        }
    }

    /// The name of a node.
    pub(super) fn node_name(&self, node: NodeIx) -> String {
        node_ref(self.graph, node).name
    }
}

/// A fact as an arrow: "North Korea → Russia: ballistic missiles, at least 100".
pub(super) fn headline(answer: &Answer, row: &Row) -> String {
    let label = label(answer, row);
    match (&row.from, &row.to) {
        (Some(from), Some(to)) => format!("{} → {}: {label}", from.name, to.name),
        (Some(from), None) => format!("{}: {label}", from.name),
        (None, Some(to)) => format!("→ {}: {label}", to.name),
        (None, None) => label,
    }
}

/// The first few of many, and how many more there are.
pub(super) fn first_few(all: usize, words: impl Iterator<Item = String>) -> String {
    let named: Vec<String> = words.take(NAMED).collect();
    let more = all.saturating_sub(NAMED);
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", named.join("; "))
}
