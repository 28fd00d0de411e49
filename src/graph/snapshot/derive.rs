//! The indexes of a snapshot, from its columns.

use super::layout::{
    ClaimPartRow, ClaimRow, DocumentRow, EntityRow, FactRow, NONE, PEOPLE, PeopleRow, RangeRow, RecordPartRow,
    RecordRow, RelationRow, RoleRow, Section,
};
use super::pack::{NO_PERIOD, unpack_period};
use super::store::Columns;
use zerocopy::{FromBytes, IntoBytes};

use crate::graph::columns::Forest;
use crate::graph::glance::{Glance, Marks};
use crate::graph::indexes;
use crate::model::{
    ClaimIx, EntityIx, FactIx, FlowEnd, KindIx, NodeIx, Outcome, Participant, RecordIx, RelationTarget, Stance,
    Vocabulary,
};

/// Adds all of them. `kinds` are those of the facts.
pub(super) fn indexes(columns: &mut Columns, vocabulary: &Vocabulary, kinds: &[KindIx]) {
    forest(columns, Section::ClassOrder, Section::ClassRanges, |it| it.is_a);
    forest(columns, Section::WholeOrder, Section::WholeRanges, |it| it.part_of);

    let node_count = columns.count(Section::Entities) + columns.count(Section::Unnamed);
    let entity_count = columns.count(Section::Entities);
    let made = &*columns;
    let people: Vec<PeopleRow> = made.read(Section::People).collect();
    let node = |it: u32| participant(&people, it).map(|it| it.node);
    let rows = || made.read::<FactRow>(Section::Facts);
    let steps = |from: FlowEnd, to: FlowEnd| {
        let both = |(row, kind): (FactRow, &KindIx)| (*kind, node(at(&row, from)).zip(node(at(&row, to))));
        indexes::steps(|| rows().zip(kinds).map(both), vocabulary, node_count)
    };
    let (out, into) = both(|| steps(FlowEnd::Source, FlowEnd::Target), || steps(FlowEnd::Target, FlowEnd::Source));
    columns.lists(Section::StepsOutEnds, Section::StepsOut, &out);
    columns.lists(Section::StepsInEnds, Section::StepsIn, &into);
    drop((out, into));

    let made = &*columns;
    let rows = || made.read::<FactRow>(Section::Facts);
    let roles = || {
        let roles = listed::<RoleRow>(made, Section::RoleEnds, Section::Roles);
        roles.map(|(at, it)| (FactIx(at), node(it.who).unwrap_or(NodeIx(NONE))))
    };
    let by_end = |end| indexes::facts_at(|| rows().map(|row| node(at(&row, end))), node_count);
    let (of, [from, with, to]) = both(
        || indexes::facts_with_role(roles, node_count),
        || [FlowEnd::Source, FlowEnd::Object, FlowEnd::Target].map(by_end),
    );
    columns.lists(Section::FactsInRolesEnds, Section::FactsInRoles, &of);
    columns.lists(Section::FactsFromEnds, Section::FactsFrom, &from);
    columns.lists(Section::FactsWithEnds, Section::FactsWith, &with);
    columns.lists(Section::FactsToEnds, Section::FactsTo, &to);
    drop((of, from, with, to));

    let made = &*columns;
    let parts: Vec<ClaimPartRow> = made.read(Section::ClaimParts).collect();
    let part = |it: ClaimRow| parts.get(it.part as usize).copied();
    let claims = || made.read::<ClaimRow>(Section::Claims).map(part);
    let carried = || {
        let via = listed::<u32>(made, Section::ViaEnds, Section::Via).map(|(at, it)| (ClaimIx(at), EntityIx(it)));
        via.chain((0_u32..).zip(claims()).filter_map(|(at, it)| Some((ClaimIx(at), EntityIx(it?.document)))))
    };
    let of_claims = || {
        let by = indexes::claims_by(|| claims().map(|it| NodeIx(it.map_or(NONE, |it| it.by))), node_count);
        let carried = indexes::claims_in(carried, entity_count);
        let record_of = |it| record_of(made, it);
        (by, carried, indexes::related_from(|| relations(made), record_of, made.count(Section::Records)))
    };
    let of_facts = || {
        let by_kind = indexes::facts_of_kind(|| kinds.iter().copied(), vocabulary);
        (by_kind, glances(made, &parts, &people, kinds))
    };
    let ((by_kind, glances), (by, carried, related)) = both(of_facts, of_claims);
    columns.lists(Section::ByKindEnds, Section::ByKind, &by_kind);
    columns.lists(Section::ClaimsByEnds, Section::ClaimsBy, &by);
    columns.lists(Section::ClaimsInEnds, Section::ClaimsIn, &carried);
    columns.lists(Section::RelatedEnds, Section::Related, &related);
    columns.rows(Section::Glances, &glances);
}

/// Two results, worked out at the same time.
fn both<A, B: Send>(a: impl FnOnce() -> A, b: impl FnOnce() -> B + Send) -> (A, B) {
    std::thread::scope(|scope| {
        let other = scope.spawn(b);
        let a = a();
        (a, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// The items of all lists, each with the number of its list.
fn listed<T: FromBytes + IntoBytes + Copy>(
    columns: &Columns,
    ends: Section,
    items: Section,
) -> impl Iterator<Item = (u32, T)> {
    let mut lists = (0_u32..).zip(columns.read::<u32>(ends)).peekable();
    (0_u32..).zip(columns.read::<T>(items)).map_while(move |(at, item)| {
        while lists.next_if(|(_, end)| *end <= at).is_some() {}
        lists.peek().map(|(list, _)| (*list, item))
    })
}

/// Who stands at an end, or NONE.
fn at(row: &FactRow, end: FlowEnd) -> u32 {
    let [source, object, target] = row.ends;
    match end {
        FlowEnd::Source => source,
        FlowEnd::Object => object,
        FlowEnd::Target => target,
    }
}

fn participant(people: &[PeopleRow], who: u32) -> Option<Participant> {
    if who == NONE {
        return None;
    }
    if who & PEOPLE == 0 {
        return Some(Participant { node: NodeIx(who), of: None });
    }
    let row = people.get((who & !PEOPLE) as usize)?;
    Some(Participant { node: NodeIx(row.population), of: Some(EntityIx(row.of)) })
}

fn record_of(columns: &Columns, fact: FactIx) -> Option<RecordIx> {
    columns.read_one::<FactRow>(Section::Facts, fact.index()).map(|it| RecordIx(it.record))
}

fn relations(columns: &Columns) -> impl Iterator<Item = (RecordIx, RelationTarget)> {
    listed::<RelationRow>(columns, Section::RelationEnds, Section::Relations).map(|(record, it)| {
        let target = match it.target_kind {
            0 => RelationTarget::Record(RecordIx(it.target)),
            1 => RelationTarget::Fact(FactIx(it.target)),
            _ => RelationTarget::Entity(EntityIx(it.target)),
        };
        (RecordIx(record), target)
    })
}

/// What is to be seen of each fact without its record and claims.
fn glances(columns: &Columns, parts: &[ClaimPartRow], people: &[PeopleRow], kinds: &[KindIx]) -> Vec<Glance> {
    let of_records: Vec<RecordPartRow> = columns.read(Section::RecordParts).collect();
    let of_record = |it: &RecordRow| {
        let part = of_records.get(it.part as usize)?;
        Some(Marks::new(*Outcome::ALL.get(usize::from(part.outcome))?, part.claims as usize))
    };
    let records = || columns.read::<RecordRow>(Section::Records);
    // A record whose parts do not exist is found damaged when it is read.
    let doubtful = Marks::new(Outcome::Happened, 0);
    let mut marks: Vec<Marks> = records().map(|it| of_record(&it).unwrap_or(doubtful)).collect();
    let documents = columns.read::<DocumentRow>(Section::Documents);
    let withdrawn: Vec<u32> = documents.filter(|it| it.withdrawn != NO_PERIOD).map(|it| it.entity).collect();
    let is_withdrawn = |document: u32| withdrawn.binary_search(&document).is_ok();
    let mut via = listed::<u32>(columns, Section::ViaEnds, Section::Via).peekable();
    for (at, claim) in (0_u32..).zip(columns.read::<ClaimRow>(Section::Claims)) {
        let Some(part) = parts.get(claim.part as usize) else { continue };
        let mut is_out = part.withdrawn != NO_PERIOD || is_withdrawn(part.document);
        while let Some((_, document)) = via.next_if(|(it, _)| *it <= at) {
            is_out |= is_withdrawn(document);
        }
        let stance = Stance::ALL.get(usize::from(part.stance)).copied().unwrap_or(Stance::Denies);
        let marks = marks.get_mut(claim.record as usize).into_iter();
        marks.for_each(|it| it.add(stance, part.period != NO_PERIOD, is_out));
    }
    let periods: Vec<_> = records().map(|it| it.period).collect();
    let facts = columns.read::<FactRow>(Section::Facts).zip(kinds).map(|(fact, kind)| {
        let period = periods.get(fact.record as usize).and_then(|it| unpack_period(*it).ok().flatten());
        let source = participant(people, at(&fact, FlowEnd::Source)).map(|it| it.node);
        Glance::new(*kind, source, period, marks.get(fact.record as usize).copied().unwrap_or(doubtful))
    });
    facts.collect()
}

/// Trees in pre-order, one root after the other.
fn forest(columns: &mut Columns, order: Section, ranges: Section, above: impl Fn(EntityRow) -> u32) {
    let parents: Vec<Option<usize>> = columns
        .read::<EntityRow>(Section::Entities)
        .map(|row| Some(above(row)).filter(|it| *it != NONE).map(|it| it as usize))
        .collect();
    let forest = Forest::new(&parents, EntityIx::from_usize);
    let (all, places) = forest.columns();
    columns.rows(order, all);
    for (start, end) in places {
        columns.row(ranges, &RangeRow { start: *start, end: *end });
    }
}
