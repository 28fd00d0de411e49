//! Entities, and decisions on who is the same.

use std::collections::BTreeMap;

use super::cells::{Cell, changes};
use super::pair::{Along, Pair, along};
use super::records::period_in_words;
use super::{Change, Comparison, FieldChange, Item};
use crate::graph::{DecisionView, GraphView};
use crate::model::{EntityIx, EntityKind, NameKind};

pub(super) fn compare<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, found: &mut Comparison) {
    let (old, new) = (pair.old, pair.new);
    let (old_id, new_id) = (|it| pair.old_id(it), |it| pair.new_id(it));
    let counts = (old.entity_count(), new.entity_count());
    for step in along(counts, |it| old.entity(EntityIx(it)).id, |it| new.entity(EntityIx(it)).id) {
        match step {
            Along::Old(at) => {
                let view = old.entity(EntityIx(at));
                let now = pair.now_one_with(view.id).map(|it| FieldChange {
                    field: "one entity".to_owned(),
                    of: None,
                    old: None,
                    new: Some(it),
                });
                found.entities.push(item(old, EntityIx(at), Change::Removed, now.into_iter().collect()));
            }
            Along::New(at) => found.entities.push(item(new, EntityIx(at), Change::Added, Vec::new())),
            Along::Both(before, now) => {
                let (before, now) = (EntityIx(before), EntityIx(now));
                if !is_same(pair, before, now) {
                    let told = changes(cells(old, before, &old_id), cells(new, now, &new_id));
                    if !told.is_empty() {
                        found.entities.push(item(new, now, Change::Changed, told));
                    }
                }
            }
        }
    }
    decisions(old, new, found);
}

fn item<G: GraphView>(graph: &G, entity: EntityIx, change: Change, changes: Vec<FieldChange>) -> Item {
    let view = graph.entity(entity);
    let (id, sort, name) = (view.id.to_owned(), view.kind.as_str().to_owned(), view.name.to_owned());
    Item { change, id, sort, name, facts: Vec::new(), changes }
}

/// Whether nothing changed, in the order written. What is not the same here may still say the same.
fn is_same<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, before: EntityIx, now: EntityIx) -> bool {
    let (old, new) = (pair.old, pair.new);
    let (a, b) = (old.entity(before), new.entity(now));
    let (c, d) = (old.document(before), new.document(now));
    (a.kind, a.name, a.the, a.plural, a.short, a.member, a.says)
        == (b.kind, b.name, b.the, b.plural, b.short, b.member, b.says)
        && pair.same_optional(a.part_of, b.part_of)
        && pair.same_optional(a.is_a, b.is_a)
        && old.names(before).eq(new.names(now))
        && old.extra(before).eq(new.extra(now))
        && (c.title, c.date, c.address, c.pages, c.withdrawn) == (d.title, d.date, d.address, d.pages, d.withdrawn)
        && pair.same_optional(c.publisher, d.publisher)
        && pair.same_entities(old.corrects(before), new.corrects(now))
}

/// What an entity says of itself.
fn cells<'g, G: GraphView>(graph: &'g G, entity: EntityIx, id: &dyn Fn(EntityIx) -> &'g str) -> Vec<Cell> {
    let view = graph.entity(entity);
    let named = |order, field, it: EntityIx| Cell::new(order, field, id(it), graph.entity(it).name);
    let mut cells = vec![Cell::plain(0, "kind", view.kind.as_str()), Cell::plain(1, "name", view.name)];
    cells.extend(view.the.then(|| Cell::plain(2, "article", "the")));
    let texts =
        [(3, "plural", view.plural), (4, "short name", view.short), (7, "member", view.member), (8, "verb", view.says)];
    cells.extend(texts.into_iter().filter_map(|(order, field, text)| Some(Cell::plain(order, field, text?))));
    cells.extend(view.part_of.map(|it| named(5, "part of", it)));
    cells.extend(view.is_a.map(|it| named(6, "class", it)));
    for name in graph.names(entity) {
        let sort = match name.kind {
            NameKind::Primary => "name",
            NameKind::Code => "code",
            NameKind::Alias => "alias",
            NameKind::Demonym => "demonym",
            NameKind::Metonym => "metonym",
            NameKind::Weak => "weak alias",
        };
        let lang = name.lang.map_or(String::new(), |it| format!(" ({it})"));
        cells.push(Cell::plain(9, sort, format!("{}{lang}", name.text)));
    }
    if view.kind == EntityKind::Document {
        let document = graph.document(entity);
        cells.extend(document.title.map(|it| Cell::plain(10, "title", it)));
        cells.extend(document.publisher.map(|it| named(11, "publisher", it)));
        cells.extend(document.date.map(|it| Cell::new(12, "date", it.edtf(), period_in_words(it))));
        cells.extend(document.address.map(|it| Cell::plain(13, "address", it)));
        cells.extend(document.pages.map(|it| Cell::plain(14, "pages", it.to_string())));
        cells.extend(document.withdrawn.map(|it| Cell::new(15, "withdrawn", it.edtf(), period_in_words(it))));
        cells.extend(graph.corrects(entity).iter().map(|it| named(16, "corrects", *it)));
    }
    cells.extend(graph.extra(entity).map(|it| Cell::plain(17, &format!("extra {}", it.name), it.value)));
    cells
}

/// Decisions have no id: one is known by the two that it is about, whichever stands first.
fn decisions<A: GraphView, B: GraphView>(old: &A, new: &B, found: &mut Comparison) {
    let (old, new) = (decisions_of(old), decisions_of(new));
    let mut keys: Vec<&(String, String)> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (from, to) = (old.get(key), new.get(key));
        let change = match (from, to) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            _ => Change::Changed,
        };
        let cells = |it: Option<&Vec<DecisionView<'_>>>| it.into_iter().flatten().flat_map(decision_cells).collect();
        let told = changes(cells(from), cells(to));
        let Some(view) = to.or(from).and_then(|it| it.first()) else { continue };
        if change != Change::Changed || !told.is_empty() {
            found.decisions.push(Item {
                change,
                id: format!("{} {}", key.0, key.1),
                sort: view.kind.as_word().to_owned(),
                name: match view.kind {
                    crate::model::DecisionKind::Same => format!("{} and {} are one: {}", key.0, key.1, view.keep),
                    crate::model::DecisionKind::NotSame => format!("{} and {} are two", key.0, key.1),
                    crate::model::DecisionKind::Undecided => format!("{} and {}: it cannot be told", key.0, key.1),
                },
                facts: Vec::new(),
                changes: if change == Change::Changed { told } else { Vec::new() },
            });
        }
    }
}

fn decisions_of<G: GraphView>(graph: &G) -> BTreeMap<(String, String), Vec<DecisionView<'_>>> {
    let count = u32::try_from(graph.decision_count()).unwrap_or(u32::MAX);
    let mut found: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for view in (0..count).map(|it| graph.decision(it)) {
        let (a, b) = if view.a <= view.b { (view.a, view.b) } else { (view.b, view.a) };
        found.entry((a.to_owned(), b.to_owned())).or_default().push(view);
    }
    found
}

fn decision_cells(view: &DecisionView<'_>) -> Vec<Cell> {
    let mut cells = vec![Cell::plain(0, "decision", view.kind.as_word()), Cell::plain(1, "kept id", view.keep)];
    let texts = [(2, "reason", view.reason), (3, "by", view.by), (4, "made", view.made)];
    cells.extend(texts.into_iter().filter_map(|(order, field, text)| Some(Cell::plain(order, field, text?))));
    cells
}
