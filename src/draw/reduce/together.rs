//! Who is drawn as one box.

use std::collections::{BTreeMap, BTreeSet};

use super::{NodeKey, ends, list, node_key};
use crate::model::{Collapse, EntityKind, Meaning};
use crate::query::{Answer, Ref};

/// Several that are drawn as one box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// What stands in the box: "11 members of the MSMT".
    pub name: String,
    /// What they all are, if they are of one kind.
    pub kind: Option<EntityKind>,
    /// Who they are, in the order in which the answer names them.
    pub members: Vec<Member>,
}

/// One of several in a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Who it is in the answer.
    pub(crate) key: NodeKey,
}

impl Together {
    /// Who they are, in a sentence: "11 members of the MSMT: Australia, Canada …".
    pub fn in_words(&self) -> String {
        let names: Vec<String> = self.members.iter().map(|it| it.name.clone()).collect();
        format!("{}: {}", self.name, list(&names))
    }
}

/// The box of each member.
#[derive(Default)]
pub(crate) struct Members {
    position: BTreeMap<NodeKey, usize>,
}

/// A box: of several, by their position, or of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BoxKey {
    Several(usize),
    One(NodeKey),
}

impl Members {
    pub(crate) fn of(together: &[Together]) -> Members {
        let all = together.iter().enumerate();
        let position = all.flat_map(|(at, it)| it.members.iter().map(move |it| (it.key.clone(), at))).collect();
        Members { position }
    }

    /// The position of those with whom somebody stands together.
    pub(crate) fn position(&self, it: &Ref) -> Option<usize> {
        self.position.get(&node_key(it)).copied()
    }

    pub(crate) fn box_of(&self, it: &Ref) -> BoxKey {
        self.box_of_key(&node_key(it))
    }

    pub(crate) fn box_of_key(&self, key: &NodeKey) -> BoxKey {
        self.position.get(key).map_or_else(|| BoxKey::One(key.clone()), |at| BoxKey::Several(*at))
    }
}

/// Fewer than so many are never drawn as one.
const FEWEST: usize = 2;

/// Who is drawn as one, without those whose ids are in `keep`. Nobody whom a source does not name is counted as one of
/// several: two of them may be the same.
pub(super) fn collapse(answer: &Answer, how: Collapse, keep: &BTreeSet<&str>, before: &Members) -> Vec<Together> {
    let mut nodes: Vec<&Ref> = Vec::new();
    let mut seen = BTreeSet::new();
    for end in answer.rows.iter().flat_map(ends) {
        let stands_alone = before.position(end).is_none();
        if seen.insert(node_key(end)) && stands_alone && end.id.as_deref().is_some_and(|it| !keep.contains(it)) {
            nodes.push(end);
        }
    }
    let groups = match how {
        Collapse::Members => members(answer),
        Collapse::Organisations => organisations(answer, &nodes),
        Collapse::Small => small(answer, &nodes, before),
    };
    let mut together = Vec::new();
    for (keys, name) in groups {
        let members: Vec<&&Ref> = nodes.iter().filter(|it| keys.contains(&node_key(it))).collect();
        let Some((first, rest)) = members.split_first().filter(|_| members.len() >= FEWEST) else { continue };
        together.push(Together {
            name: format!("{} {name}", members.len()),
            kind: first.kind.filter(|kind| rest.iter().all(|it| it.kind == Some(*kind))),
            members: members
                .iter()
                .map(|it| Member { id: it.id.clone().unwrap_or_default(), name: it.name.clone(), key: node_key(it) })
                .collect(),
        });
        // Nobody stands in two boxes.
        nodes.retain(|it| !keys.contains(&node_key(it)));
    }
    together
}

type Group = (BTreeSet<NodeKey>, String);

/// Members of one group, as facts of the answer say; the largest groups first.
fn members(answer: &Answer) -> Vec<Group> {
    let mut groups: BTreeMap<NodeKey, (usize, &Ref, BTreeSet<NodeKey>)> = BTreeMap::new();
    for (at, row) in answer.rows.iter().enumerate() {
        let is_membership = answer.kinds.get(&row.kind).is_some_and(|it| it.meaning == Some(Meaning::Membership));
        if let (true, Some(member), Some(group)) = (is_membership, &row.from, &row.to) {
            groups.entry(node_key(group)).or_insert((at, group, BTreeSet::new())).2.insert(node_key(member));
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|(at, _, members)| (std::cmp::Reverse(members.len()), *at));
    let name = |group: &Ref| match (&group.short, group.prose.strip_prefix("the ")) {
        (Some(short), Some(_)) => format!("members of the {short}"),
        (Some(short), None) => format!("members of {short}"),
        (None, _) => format!("members of {}", group.prose),
    };
    groups.into_iter().map(|(_, group, members)| (members, name(group))).collect()
}

/// Organisations that are part of one country.
fn organisations(answer: &Answer, nodes: &[&Ref]) -> Vec<Group> {
    let mut groups: Vec<(&Ref, BTreeSet<NodeKey>)> = Vec::new();
    for node in nodes.iter().filter(|it| it.kind == Some(EntityKind::Organization)) {
        let Some(country) = node.id.as_ref().and_then(|it| answer.wholes.get(it)) else { continue };
        match groups.iter_mut().find(|(it, _)| it.key == country.key) {
            Some((_, keys)) => {
                keys.insert(node_key(node));
            }
            None => groups.push((country, BTreeSet::from([node_key(node)]))),
        }
    }
    groups.into_iter().map(|(country, keys)| (keys, format!("organisations of {}", country.prose))).collect()
}

/// Boxes with which somebody has facts, and whether these lead to them.
type Neighbours = BTreeSet<(BoxKey, bool)>;

/// Those of one kind whose facts are all with the same other one, and lead the same way.
fn small(answer: &Answer, nodes: &[&Ref], before: &Members) -> Vec<Group> {
    let mut others: BTreeMap<NodeKey, Neighbours> = BTreeMap::new();
    for row in &answer.rows {
        if let (Some(from), Some(to)) = (&row.from, &row.to) {
            others.entry(node_key(from)).or_default().insert((before.box_of(to), true));
            others.entry(node_key(to)).or_default().insert((before.box_of(from), false));
        }
    }
    let mut groups: Vec<(EntityKind, &Neighbours, BTreeSet<NodeKey>)> = Vec::new();
    for node in nodes {
        let (Some(kind), Some(theirs)) = (node.kind, others.get(&node_key(node))) else { continue };
        let one = theirs.iter().map(|(it, _)| it).collect::<BTreeSet<_>>().len() == 1;
        if !one {
            continue;
        }
        match groups.iter_mut().find(|(it, with, _)| *it == kind && *with == theirs) {
            Some((_, _, keys)) => {
                keys.insert(node_key(node));
            }
            None => groups.push((kind, theirs, BTreeSet::from([node_key(node)]))),
        }
    }
    groups.into_iter().map(|(kind, _, keys)| (keys, plural(kind).to_owned())).collect()
}

fn plural(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Country => "countries",
        EntityKind::Organization => "organisations",
        EntityKind::Person => "people",
        EntityKind::Population => "groups of people",
        EntityKind::Materiel => "items",
        EntityKind::Vessel => "vessels",
        EntityKind::Place => "places",
        EntityKind::Instrument => "instruments",
        EntityKind::Document => "documents",
    }
}
