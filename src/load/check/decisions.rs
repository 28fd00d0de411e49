//! Decisions on which entities are one: read, held against each other, and applied to the entities.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::records;
use crate::diagnostic::{Code, Span};
use crate::load::draft::{DraftFile, Record};
use crate::load::fields::{Fields, Spanned};
use crate::load::findings::Findings;
use crate::model::{
    Bibliography, Decision, DecisionKind, Entity, EntityId, EntityIx, EntityKind, Extra, Merged, Name, NameKind,
};

/// The decisions of all files, over entities by their position among all that were read.
#[derive(Default)]
pub(super) struct Decisions {
    /// Those that can be used, in the order of the files.
    pub(super) list: Vec<Decision>,
    /// Where each stands.
    pub(super) spans: Vec<Span>,
    /// Of each entity: the one that stands for it, itself for most.
    pub(super) stands_for: Vec<usize>,
    /// Of each entity that does not stand for itself: the decision by which its id does not stay.
    pub(super) by: BTreeMap<usize, u32>,
}

/// Reads all decisions about entities that are given in the order of their ids.
pub(super) fn read(
    files: &[DraftFile<'_>],
    entities: &[(Spanned<'_>, EntityKind)],
    lost: &HashSet<&str>,
    findings: &mut Findings,
) -> Decisions {
    let mut read = Decisions { stands_for: (0..entities.len()).collect(), ..Decisions::default() };
    let position = |id: Spanned<'_>, findings: &mut Findings| {
        let found = entities.binary_search_by(|(it, _)| it.text.cmp(id.text)).ok();
        if found.is_none() && !lost.contains(id.text) {
            let help = findings.nearest(id.text, entities.iter().map(|(it, _)| it.text));
            findings.report(id.span, Code::UnknownEntity, format!("unknown entity `{}`", id.text), help);
        }
        found
    };
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    let mut known: HashMap<[usize; 2], DecisionKind> = HashMap::new();
    for file in files {
        for record in records(file, "decisions", findings) {
            let Some((kind, [a, b, keep], rest)) = read_fields(record, findings) else { continue };
            let (Some(first), Some(second)) = (position(a, findings), position(b, findings)) else { continue };
            if first == second {
                let message = format!("`{}` is one with itself anyway", a.text);
                findings.report(b.span, Code::CannotBeOne, message, Some("name two entities".to_owned()));
                continue;
            }
            if keep.text != a.text && keep.text != b.text {
                let message = format!("`{}` is neither `{}` nor `{}`", keep.text, a.text, b.text);
                let help = "`keep` names the one of the two whose id stays".to_owned();
                findings.report(keep.span, Code::CannotBeOne, message, Some(help));
                continue;
            }
            let pair = [first.min(second), first.max(second)];
            if let Some(before) = known.insert(pair, kind) {
                let message = match before == kind {
                    true => format!("`{}` and `{}` are decided twice", a.text, b.text),
                    false => format!(
                        "`{}` and `{}` are also {}",
                        a.text,
                        b.text,
                        match before {
                            DecisionKind::Same => "the same, says another decision",
                            DecisionKind::NotSame => "not the same, says another decision",
                            DecisionKind::Undecided => "undecided, says another record",
                        }
                    ),
                };
                findings.report(record.span, Code::DecisionsClash, message, Some("keep one of them".to_owned()));
                continue;
            }
            let kinds = [first, second].map(|it| entities.get(it).map(|(_, kind)| *kind).unwrap_or_default());
            let [one, other] = kinds;
            if kind == DecisionKind::Same && one != other {
                let message = format!(
                    "`{}` is of the kind {} and `{}` of the kind {}: they cannot be one",
                    a.text,
                    one.as_str(),
                    b.text,
                    other.as_str()
                );
                let help = "mend the kind of one of them, or write `NotSame(…)`".to_owned();
                findings.report(record.span, Code::CannotBeOne, message, Some(help));
                continue;
            }
            let ids = [a, b, keep].map(|it| EntityId::new(it.text));
            if let [Ok(a), Ok(b), Ok(keep)] = ids {
                let [reason, by, made] = rest;
                read.list.push(Decision { kind, a, b, keep, reason, by, made });
                read.spans.push(record.span);
                pairs.push([first, second]);
            }
        }
    }
    join(&mut read, &pairs, entities, findings);
    read
}

type Rest = [Option<Box<str>>; 3];

fn read_fields<'a>(record: &'a Record<'_>, findings: &mut Findings) -> Option<(DecisionKind, [Spanned<'a>; 3], Rest)> {
    let kind = DecisionKind::ALL.into_iter().find(|it| it.as_str() == record.name);
    if kind.is_none() {
        let names = DecisionKind::ALL.map(DecisionKind::as_str);
        let help =
            findings.nearest(record.name, names.into_iter()).unwrap_or_else(|| format!("one of {}", names.join(", ")));
        let message = format!("unknown kind of decision `{}`", record.name);
        findings.report(record.span, Code::UnknownKind, message, Some(help));
    }
    let kind = kind?;
    let mut fields = Fields::new(record, findings);
    let a = fields.required("a", "a decision", findings);
    let b = fields.required("b", "a decision", findings);
    // Only where they are one does an id not stay.
    let keep = if kind == DecisionKind::Same { fields.text("keep", findings) } else { None };
    let reason = fields.text("reason", findings).map(|it| it.text.into());
    let by = fields.text("by", findings).map(|it| it.text.into());
    let made = fields.text("made", findings);
    let made = made.filter(|it| super::values::period(*it, findings).is_some()).map(|it| it.text.into());
    fields.finish("a decision", findings);
    let (a, b) = (a?, b?);
    Some((kind, [a, b, keep.unwrap_or(a)], [reason, by, made]))
}

/// Finds which entities are one, and by which id they go. Near linear in the decisions.
fn join(read: &mut Decisions, pairs: &[[usize; 2]], entities: &[(Spanned<'_>, EntityKind)], findings: &mut Findings) {
    let id = |at: usize| entities.get(at).map_or("", |(it, _)| it.text);
    let mut sets = petgraph::unionfind::UnionFind::new(entities.len());
    let mut loses: BTreeMap<usize, u32> = BTreeMap::new();
    let same: Vec<(u32, &Decision, [usize; 2])> = (0_u32..)
        .zip(read.list.iter().zip(pairs))
        .filter(|(_, (it, _))| it.kind == DecisionKind::Same)
        .map(|(at, (decision, pair))| (at, decision, *pair))
        .collect();
    if same.is_empty() {
        return;
    }
    for (at, decision, [a, b]) in &same {
        sets.union(*a, *b);
        loses.entry(if decision.keep == decision.a { *b } else { *a }).or_insert(*at);
    }
    // The groups, each with the ids that no decision gives up.
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut members: Vec<usize> = same.iter().flat_map(|(_, _, pair)| *pair).collect();
    members.sort_unstable();
    members.dedup();
    for member in &members {
        let stay = groups.entry(sets.find(*member)).or_default();
        if !loses.contains_key(member) {
            stay.push(*member);
        }
    }
    let mut stays: BTreeMap<usize, usize> = BTreeMap::new();
    for (group, stay) in &groups {
        if let [one] = stay.as_slice() {
            stays.insert(*group, *one);
            continue;
        }
        let last = same.iter().rfind(|(_, _, [a, _])| sets.find(*a) == *group);
        let span = last.and_then(|(at, ..)| read.spans.get(*at as usize)).copied().unwrap_or_default();
        let names: Vec<String> = stay.iter().map(|it| format!("`{}`", id(*it))).collect();
        let message = match names.is_empty() {
            true => "decisions in a circle leave no id of these that stays".to_owned(),
            false => format!("these are one, and the ids {} are all to stay", names.join(" and ")),
        };
        let help = "let `keep` of each decision lead to one id".to_owned();
        findings.report(span, Code::DecisionsClash, message, Some(help));
    }
    for (at, (decision, [a, b])) in read.list.iter().zip(pairs).enumerate() {
        if decision.kind == DecisionKind::NotSame && sets.equiv(*a, *b) {
            let span = read.spans.get(at).copied().unwrap_or_default();
            let message = format!("`{}` and `{}` are not the same, but other decisions make them one", id(*a), id(*b));
            let way = chain(*a, *b, &same, id);
            let help = format!("they are one by {way}: take one of these decisions back");
            findings.report(span, Code::DecisionsClash, message, Some(help));
        }
    }
    for member in members {
        let Some(one) = stays.get(&sets.find(member)).filter(|it| **it != member) else { continue };
        if let Some(slot) = read.stands_for.get_mut(member) {
            *slot = *one;
        }
        read.by.extend(loses.get(&member).map(|it| (member, *it)));
    }
}

/// "`a` = `b` = `c`": the fewest decisions that lead from one to the other.
fn chain<'n>(from: usize, to: usize, same: &[(u32, &Decision, [usize; 2])], id: impl Fn(usize) -> &'n str) -> String {
    let mut beside: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (_, _, [a, b]) in same {
        beside.entry(*a).or_default().push(*b);
        beside.entry(*b).or_default().push(*a);
    }
    let mut before: BTreeMap<usize, usize> = BTreeMap::from([(from, from)]);
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front().filter(|it| *it != to) {
        for next in beside.get(&at).into_iter().flatten() {
            if let std::collections::btree_map::Entry::Vacant(entry) = before.entry(*next) {
                entry.insert(at);
                queue.push_back(*next);
            }
        }
    }
    let mut way = vec![to];
    while let Some(at) = way.last().and_then(|it| before.get(it)).copied().filter(|it| Some(it) != way.last()) {
        way.push(at);
    }
    way.iter().rev().map(|it| format!("`{}`", id(*it))).collect::<Vec<_>>().join(" = ")
}

/// Puts an entity into the one that stands for it. What both have and differs is a finding. Gives also the whole that the
/// other was part of, where the first is part of another.
pub(super) fn fold(
    (kept, into): (&mut Entity, EntityIx),
    other: Entity,
    (decision, span): (u32, Span),
    findings: &mut Findings,
) -> (Merged, Option<EntityIx>) {
    let mut fold = Fold { kept: kept.id.as_str().to_owned(), other: other.id.as_str().to_owned(), differ: Vec::new() };
    if other.part_of == Some(into) || kept.part_of == Some(into) || other.is_a == Some(into) || kept.is_a == Some(into)
    {
        let message = format!("`{}` and `{}` cannot be one: one is above the other", fold.kept, fold.other);
        let help = "take the decision back, or take out `part_of` or `is_a`".to_owned();
        findings.report(span, Code::CircleInTree, message, Some(help));
        // That is told; it need not be told again as a circle.
        kept.part_of = kept.part_of.filter(|it| *it != into);
        kept.is_a = kept.is_a.filter(|it| *it != into);
    }
    let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
    let names = count(kept.names.len());
    let own = [Some(other.name.clone()), other.plural.clone(), other.short.clone()];
    let own = own.into_iter().flatten().map(|text| Name { text, kind: NameKind::Primary, lang: None, script: None });
    kept.names.extend(own.chain(other.names));
    let values = |extra: &[Extra]| count(extra.iter().map(|it| it.values.len()).sum());
    let extra = values(&kept.extra);
    kept.extra.extend(other.extra);
    kept.the |= other.the;
    // Words for it are those of the one whose id stays; only where it has none, the other's.
    kept.plural = kept.plural.take().or(other.plural);
    kept.member = kept.member.take().or(other.member);
    kept.says = kept.says.take().or(other.says);
    let above = |it: Option<EntityIx>| it.filter(|it| *it != into);
    let lost = above(other.part_of).filter(|it| kept.part_of.is_some_and(|kept| kept != *it));
    fold.take("part_of", &mut kept.part_of, above(other.part_of));
    fold.take("is_a", &mut kept.is_a, above(other.is_a));
    fold.take("unit", &mut kept.unit, other.unit);
    if let (Some(kept), Some(other)) = (&mut kept.bibliography, other.bibliography) {
        fold.bibliography(kept, other);
    }
    if !fold.differ.is_empty() {
        let fields = fold.differ.join(", ");
        let message = format!("`{}` and `{}` are one, and differ in {fields}", fold.kept, fold.other);
        let help = format!("what `{}` says is used: write the same into both, or take the decision back", fold.kept);
        findings.report(span, Code::MergedDiffer, message, Some(help));
    }
    let merged = Merged {
        id: other.id,
        name: other.name,
        into,
        decision,
        names: names..count(kept.names.len()),
        extra: extra..values(&kept.extra),
        records: Vec::new(),
    };
    (merged, lost)
}

/// Reports where the whole that an entity gave up, since the one that stands for it has another, is a part of that one.
pub(super) fn check_lost(entities: &[Entity], into: EntityIx, whole: EntityIx, span: Span, findings: &mut Findings) {
    let mut at = Some(whole);
    for _ in 0..entities.len() {
        let Some(entity) = at.and_then(|it| entities.get(it.index())) else { return };
        if at == Some(into) {
            let message = format!("`{}` would be above itself: following `part_of` leads round in a circle", entity.id);
            let help = "take the decision back, or one of the links".to_owned();
            findings.report(span, Code::CircleInTree, message, Some(help));
            return;
        }
        at = entity.part_of;
    }
}

/// Joining fields of two entities.
struct Fold {
    kept: String,
    other: String,
    differ: Vec<&'static str>,
}

impl Fold {
    fn take<T: PartialEq>(&mut self, field: &'static str, kept: &mut Option<T>, other: Option<T>) {
        match (&*kept, &other) {
            (None, _) => *kept = other,
            (Some(one), Some(other)) if one != other => self.differ.push(field),
            _ => {}
        }
    }

    fn bibliography(&mut self, kept: &mut Bibliography, other: Bibliography) {
        self.take("title", &mut kept.title, other.title);
        self.take("publisher", &mut kept.publisher, other.publisher);
        self.take("date", &mut kept.date, other.date);
        self.take("address", &mut kept.address, other.address);
        self.take("pages", &mut kept.pages, other.pages);
        self.take("withdrawn", &mut kept.withdrawn, other.withdrawn);
        kept.corrects.extend(other.corrects);
        kept.corrects.sort_unstable();
        kept.corrects.dedup();
    }
}
