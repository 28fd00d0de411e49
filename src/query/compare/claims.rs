//! Claims of a record, which have no id: those that say the same are one, then those by whom and where they are said.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use super::cells::{Cell, changes};
use super::pair::Pair;
use super::records::{Told, first_few, period_in_words};
use super::{Counts, FieldChange};
use crate::graph::{GraphView, RecordView};
use crate::model::{ClaimIx, Locator, Period};
use crate::query::build::quantity;
use crate::query::wording::{amount_of, quantity_in_words, quantity_with_unit, sentence};

/// What changed about the claims of a record.
#[derive(Default)]
pub(super) struct ClaimChanges {
    pub(super) changes: Vec<FieldChange>,
    pub(super) counts: Counts,
}

/// Whether claims are the same, in the order written.
pub(super) fn same_claims<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, old: Range<u32>, new: Range<u32>) -> bool {
    old.len() == new.len() && old.zip(new).all(|(old, new)| is_same(pair, ClaimIx(old), ClaimIx(new)))
}

fn is_same<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, before: ClaimIx, now: ClaimIx) -> bool {
    let (old, new) = (pair.old.claim(before), pair.new.claim(now));
    (old.stance, old.period, old.scope, old.withdrawn, old.at)
        == (new.stance, new.period, new.scope, new.withdrawn, new.at)
        && own_date(pair.old, before) == own_date(pair.new, now)
        && pair.same_node(old.by, new.by)
        && pair.same_entity(old.document, new.document)
        && pair.same_entities(old.via, new.via)
        && pair.old.inferred_in_claim(before).eq(pair.new.inferred_in_claim(now))
        && pair.old.figures(before).count() == pair.new.figures(now).count()
        && pair.old.figures(before).zip(pair.new.figures(now)).all(|(a, b)| {
            (a.interval, a.unit_named, a.text) == (b.interval, b.unit_named, b.text)
                && pair.same_unit(a.unit, b.unit)
                && figure_name(pair.old, before, a.at) == figure_name(pair.new, now, b.at)
        })
}

/// When a claim was said, if that is not the date of the first document of its chain: then a change of that date is no
/// change of the claim.
fn own_date<G: GraphView>(graph: &G, claim: ClaimIx) -> Option<Period> {
    let view = graph.claim(claim);
    let first = view.via.first().copied().unwrap_or(view.document);
    view.made.filter(|it| Some(*it) != graph.document(first).date)
}

fn figure_name<G: GraphView>(graph: &G, claim: ClaimIx, at: u8) -> Option<&str> {
    let record = graph.record(graph.claim(claim).record);
    let fact = crate::model::FactIx(record.facts.start);
    let kind = graph.vocabulary().kind(graph.fact(fact).kind)?;
    kind.figures.get(usize::from(at)).map(|it| &*it.name)
}

/// Who makes a claim, and what it says in a sentence, with the document.
pub(super) fn claim_words<G: GraphView>(
    told: &Told<'_, '_, G>,
    record: &RecordView<'_>,
    claim: u32,
) -> (String, String) {
    let view = told.graph.claim(ClaimIx(claim));
    // Claims that a relation has of its own are no claims of the record: they have no sentence.
    let at = record.claims.contains(&claim).then(|| claim.saturating_sub(record.claims.start) as usize);
    let document = format!("[{}]", told.graph.entity(view.document).id);
    let words = at.map_or(document.clone(), |at| {
        let claims = told.rows(record).filter_map(|row| Some((row, row.claims.get(at)?)));
        let sentences = claims.map(|(row, it)| sentence(&told.answer, row, it));
        format!("{} {document}", first_few(record.facts.len(), sentences))
    });
    (told.node_name(view.by), words)
}

/// What changed between two lists of claims. `several`: whether there are other claims or facts to be told apart.
pub(super) fn claim_changes<A: GraphView, B: GraphView>(
    old: &Told<'_, '_, A>,
    before: Range<u32>,
    new: &Told<'_, '_, B>,
    now: Range<u32>,
    several: bool,
) -> ClaimChanges {
    let several = several || before.len() > 1 || now.len() > 1;
    let (mut from, mut to): (Vec<u32>, Vec<u32>) = (before.collect(), now.collect());
    // What says the same is not told, whatever its place.
    match_up(old, &mut from, new, &mut to, &|cells| values(cells, &[]));
    let mut found = ClaimChanges::default();
    // At last those that differ only in who says so.
    for by in [&[0, 1, 2, 3, 4][..], &[0, 1, 3], &[0, 3], &[0], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] {
        let pairs = match_up(old, &mut from, new, &mut to, &|cells| values(cells, by));
        for (before, now) in pairs {
            let has_figures = old.graph.figures(ClaimIx(before)).next().is_some();
            let of = several.then(|| old.node_name(old.graph.claim(ClaimIx(before)).by));
            let told = changes(claim_cells(old, before, true), claim_cells(new, now, !has_figures));
            found.counts.changed += 1;
            found.changes.extend(told.into_iter().map(|it| FieldChange { of: it.of.or_else(|| of.clone()), ..it }));
        }
    }
    found.counts.removed += from.len();
    found.counts.added += to.len();
    let field = FieldChange::CLAIM;
    for claim in to {
        let record = new.graph.record(new.graph.claim(ClaimIx(claim)).record);
        let (of, words) = claim_words(new, &record, claim);
        found.changes.push(FieldChange { field: field.to_owned(), of: Some(of), old: None, new: Some(words) });
    }
    for claim in from {
        let record = old.graph.record(old.graph.claim(ClaimIx(claim)).record);
        let (of, words) = claim_words(old, &record, claim);
        found.changes.push(FieldChange { field: field.to_owned(), of: Some(of), old: Some(words), new: None });
    }
    found
}

/// Takes pairs with the same key out of both lists, in the order written.
fn match_up<A: GraphView, B: GraphView>(
    old: &Told<'_, '_, A>,
    from: &mut Vec<u32>,
    new: &Told<'_, '_, B>,
    to: &mut Vec<u32>,
    key: &dyn Fn(&[Cell]) -> String,
) -> Vec<(u32, u32)> {
    let mut waiting: BTreeMap<String, VecDeque<u32>> = BTreeMap::new();
    for claim in from.iter() {
        waiting.entry(key(&claim_cells(old, *claim, true))).or_default().push_back(*claim);
    }
    let mut pairs = Vec::new();
    to.retain(|now| match waiting.get_mut(&key(&claim_cells(new, *now, true))).and_then(VecDeque::pop_front) {
        Some(before) => {
            pairs.push((before, *now));
            false
        }
        None => true,
    });
    let taken: std::collections::BTreeSet<u32> = pairs.iter().map(|it| it.0).collect();
    from.retain(|it| !taken.contains(it));
    pairs
}

/// The values of some properties, or of all, as one key.
fn values(cells: &[Cell], orders: &[u8]) -> String {
    let kept = cells.iter().filter(|it| orders.is_empty() || orders.contains(&it.order()));
    kept.map(Cell::key).collect()
}

/// What a claim says. `full`: with the thing that its figure counts.
fn claim_cells<G: GraphView>(told: &Told<'_, '_, G>, claim: u32, full: bool) -> Vec<Cell> {
    let graph = told.graph;
    let at = ClaimIx(claim);
    let view = graph.claim(at);
    let record = graph.record(view.record);
    let row = told.rows(&record).next();
    let mut cells = vec![
        Cell::new(0, "claimant", told.node(view.by), told.node_name(view.by)),
        Cell::plain(1, "stance", view.stance.as_str()),
        Cell::new(3, "document", (told.id)(view.document), graph.entity(view.document).id),
    ];
    if !view.via.is_empty() {
        let ids: Vec<&str> = view.via.iter().map(|it| (told.id)(*it)).collect();
        cells.push(Cell::plain(2, "by way of", ids.join(", ")));
    }
    cells.extend(view.scope.map(|it| Cell::plain(4, "scope", it)));
    cells.extend(own_date(graph, at).map(|it| Cell::new(5, "said", it.edtf(), period_in_words(it))));
    for figure in graph.figures(at) {
        let value = quantity(graph, &figure);
        let name = figure_name(graph, at, figure.at).unwrap_or_default();
        let is_first = row.is_some_and(|it| it.first_figure.as_deref() == Some(name));
        let words = match row.filter(|_| is_first) {
            Some(row) if full => amount_of(&told.answer, row.what.as_ref(), Some(&value)).unwrap_or_default(),
            Some(_) => quantity_in_words(&told.answer, &value),
            None => quantity_with_unit(&told.answer, &value),
        };
        let key = format!("{} {} {:?} {}", value.text, value.unit, value.interval, value.names_unit);
        cells.push(Cell::new(6, &name.replace('_', " "), key, words));
    }
    cells.extend(view.period.map(|it| Cell::new(7, "period", it.edtf(), period_in_words(it))));
    cells.extend(view.withdrawn.map(|it| Cell::new(8, "taken back", it.edtf(), period_in_words(it))));
    cells.extend(view.at.map(|it| {
        let locator = Locator { paragraph: it.paragraph, length: it.length, sha256: it.sha256 };
        let words = format!("paragraph {}, {} characters", it.paragraph, it.length);
        Cell::new(9, "passage", format!("{words}, {}", locator.hex()), words)
    }));
    cells.extend(graph.inferred_in_claim(at).map(|it| Cell::plain(10, "worked out", it)));
    cells
}
