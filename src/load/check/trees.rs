//! What shows only in the whole: circles in trees and relations, entities that nobody uses, names of two.

use std::collections::{BTreeSet, HashSet};

use super::EntityTable;
use super::links::{Link, Records};
use crate::diagnostic::{Code, Span};
use crate::load::findings::Findings;
use crate::model::{Dataset, DecisionKind, Entity, EntityIx, NameKind, RecordIx, RelationKind, normal_form};

/// Checks the trees of entities, and the corrections of documents.
pub(in crate::load) fn check(dataset: &Dataset, table: &EntityTable<'_>, findings: &mut Findings) {
    let parent = |above: fn(&Entity) -> Option<EntityIx>| -> Vec<Option<usize>> {
        dataset.entities.iter().map(|it| above(it).map(EntityIx::index)).collect()
    };
    for (field, parents) in [("part_of", parent(|it| it.part_of)), ("is_a", parent(|it| it.is_a))] {
        for at in circles(&parents) {
            let (id, span) = place(table, at);
            let message = format!("`{id}` is above itself: following `{field}` leads round in a circle");
            findings.report(span, Code::CircleInTree, message, Some("take out one of the links".to_owned()));
        }
    }
    corrections(dataset, table, findings);
}

fn place<'a>(table: &EntityTable<'a>, at: usize) -> (&'a str, Span) {
    table.ids.get(at).copied().unwrap_or(("", Span::default()))
}

/// The smallest position of each circle in a forest that should have none. Linear.
pub(super) fn circles(parents: &[Option<usize>]) -> Vec<usize> {
    let mut walk = vec![0_usize; parents.len()];
    let mut found = Vec::new();
    for start in 0..parents.len() {
        let mut at = Some(start);
        // Each node is entered once: the number of the walk that first came by is written on it.
        while let Some(node) = at {
            match walk.get(node).copied() {
                Some(0) => {
                    if let Some(mark) = walk.get_mut(node) {
                        *mark = start + 1;
                    }
                    at = parents.get(node).copied().flatten();
                }
                Some(mark) if mark == start + 1 => {
                    found.push(smallest_of_circle(parents, node));
                    break;
                }
                _ => break,
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn smallest_of_circle(parents: &[Option<usize>], start: usize) -> usize {
    let mut least = start;
    let mut at = parents.get(start).copied().flatten();
    while let Some(node) = at.filter(|it| *it != start) {
        least = least.min(node);
        at = parents.get(node).copied().flatten();
    }
    least
}

/// A circle of relations of one kind: each says that the other is earlier, or contains it. No record is related to
/// itself by any kind.
pub(in crate::load) fn relations(links: &[Link], records: &dyn Records, findings: &mut Findings) {
    for kind in RelationKind::ALL {
        let of_kind = links.iter().filter(|it| it.kind == kind);
        let links: Vec<(usize, usize)> = of_kind.map(|it| (it.from.index(), it.to.index())).collect();
        for first in first_of_circles(&links, kind.is_acyclic()) {
            let record = RecordIx::from_usize(first);
            let (span, id) = (records.span(record), records.id(record));
            let (message, help) = if kind.is_acyclic() {
                let message = format!("following `{}` from `{id}` leads back to it", kind.field());
                (message, "a relation goes from the later record to the earlier one".to_owned())
            } else {
                let message = format!("`{id}` names itself in `{}`", kind.field());
                (message, "name another record, or take it out".to_owned())
            };
            findings.report(span, Code::CircleInRelations, message, Some(help));
        }
    }
}

/// Documents that correct themselves, each other, or one another round in a circle.
fn corrections(dataset: &Dataset, table: &EntityTable<'_>, findings: &mut Findings) {
    let mut links = Vec::new();
    for (from, entity) in dataset.entities.iter().enumerate() {
        let corrected = entity.bibliography.iter().flat_map(|it| &it.corrects);
        links.extend(corrected.map(|it| (from, it.index())));
    }
    for first in first_of_circles(&links, true) {
        let (id, span) = place(table, first);
        let message = format!("following `corrects` from `{id}` leads back to it");
        let help = "a correction names the document that it corrects, which was there before it".to_owned();
        findings.report(span, Code::CircleInRelations, message, Some(help));
    }
}

/// The smallest position of each circle that links make; unless `longer` is asked for, only what is linked to itself.
fn first_of_circles(links: &[(usize, usize)], longer: bool) -> Vec<usize> {
    // Few are linked, so the graph is of those alone.
    let mut linked: Vec<usize> = links.iter().flat_map(|(from, to)| [*from, *to]).collect();
    linked.sort_unstable();
    linked.dedup();
    let node = |at: usize| linked.binary_search(&at).unwrap_or_default();
    let graph =
        petgraph::graph::DiGraph::<(), (), usize>::from_edges(links.iter().map(|(from, to)| (node(*from), node(*to))));
    let mut found = Vec::new();
    // Not `tarjan_scc`, which calls itself for each step of a chain: data must not decide how deep the stack gets.
    for component in petgraph::algo::kosaraju_scc(&graph) {
        let circle = component.len() > 1 && longer || component.iter().any(|it| graph.contains_edge(*it, *it));
        let first = component.iter().filter(|it| longer || graph.contains_edge(**it, **it)).min();
        found.extend(first.filter(|_| circle).and_then(|it| linked.get(it.index())));
    }
    found
}

/// Two entities that one name asks for: the same name, but for case, accents and punctuation, in the same rank. An id
/// ranks with the name and its plural. A message names at most one other entity, so the time is n log n.
pub(super) fn same_names(dataset: &Dataset, table: &EntityTable<'_>, findings: &mut Findings) {
    let mut names: Vec<(String, NameKind, usize, &str)> = Vec::new();
    for (at, entity) in dataset.entities.iter().enumerate() {
        let primary = [Some(entity.id.as_str()), Some(&*entity.name), entity.plural.as_deref()];
        let primary = primary.into_iter().flatten().map(|it| (NameKind::Primary, it));
        let others = entity.names.iter().map(|it| (it.kind, &*it.text));
        names.extend(primary.chain(others).map(|(kind, text)| (normal_form(text), kind, at, text)));
    }
    names.retain(|(form, ..)| !form.is_empty());
    // Of two that are known to be two nobody need be told.
    let decisions = dataset.decisions.iter().filter(|it| it.kind == DecisionKind::NotSame);
    let two: HashSet<[&str; 2]> = decisions
        .map(|it| {
            let (a, b) = (it.a.as_str(), it.b.as_str());
            [a.min(b), a.max(b)]
        })
        .collect();
    names.sort_unstable();
    names.dedup_by(|later, first| (&later.0, later.1, later.2) == (&first.0, first.1, first.2));
    let mut reported = BTreeSet::new();
    for pair in names.windows(2) {
        let [(form, kind, first, _), (other_form, other_kind, second, name)] = pair else { continue };
        if (form, kind) != (other_form, other_kind) || !reported.insert((*first, *second)) {
            continue;
        }
        // It stands where the second of the two was written.
        let ((a, a_span), (b, b_span)) = (place(table, *first), place(table, *second));
        if two.contains(&[a.min(b), a.max(b)]) {
            continue;
        }
        let (here, other) = if a_span < b_span { ((b, b_span), a) } else { ((a, a_span), b) };
        let (what, help) = match kind {
            NameKind::Primary => ("name", "write more into one of the names, or join the two entities"),
            NameKind::Code => ("code", "codes are one entity's own: take it out of one, or join the two"),
            NameKind::Alias => ("alias", "whoever asks by it must choose: take it out of one, or join the two"),
            NameKind::Demonym => ("demonym", "whoever asks by it must choose: take it out of one, or join the two"),
            NameKind::Metonym => ("metonym", "whoever asks by it must choose: take it out of one, or join the two"),
            // That is what makes it weak.
            NameKind::Weak => continue,
        };
        let message = format!("`{}` and `{other}` share the {what} `{name}`", here.0);
        findings.report(here.1, Code::SameName, message, Some(help.to_owned()));
    }
}

/// Of a file with more unused entities than that one finding tells.
const MOST_UNUSED: usize = 20;

pub(super) fn unused(dataset: &Dataset, table: &EntityTable<'_>, used: &[bool], findings: &mut Findings) {
    let mut above = vec![false; dataset.entities.len()];
    let publishers = dataset.entities.iter().filter_map(|it| it.bibliography.as_ref()?.publisher);
    let parents = dataset.entities.iter().flat_map(|it| [it.part_of, it.is_a]).flatten();
    let bibliographies =
        dataset.entities.iter().enumerate().filter_map(|(at, it)| Some((at, it.bibliography.as_ref()?)));
    // A correction says something by itself.
    let corrections = bibliographies
        .filter(|(_, it)| !it.corrects.is_empty())
        .flat_map(|(at, it)| it.corrects.iter().copied().chain([EntityIx::from_usize(at)]));
    for entity in publishers.chain(parents).chain(corrections) {
        if let Some(slot) = above.get_mut(entity.index()) {
            *slot = true;
        }
    }
    let unused = used.iter().zip(above).enumerate().filter(|(_, (used, above))| !**used && !above);
    let mut all: Vec<(Span, &str)> = unused.map(|(at, _)| place(table, at)).map(|(id, span)| (span, id)).collect();
    all.sort_unstable();
    // A list that was imported has thousands: one finding for each file says as much.
    for of_file in all.chunk_by(|a, b| a.0.file == b.0.file) {
        if let [(span, first), .., (_, last)] = of_file
            && of_file.len() > MOST_UNUSED
        {
            let message =
                format!("nothing refers to {} entities of this file, from `{first}` to `{last}`", of_file.len());
            let help = "they can be found and shown; record facts that they take part in, or take them out".to_owned();
            findings.report(*span, Code::Unused, message, Some(help));
            continue;
        }
        for (span, id) in of_file {
            let help = "record a fact that it takes part in, or take it out".to_owned();
            findings.report(*span, Code::Unused, format!("nothing refers to the entity `{id}`"), Some(help));
        }
    }
}
