//! The indexes of a snapshot, from its columns.

use super::layout::{
    ClaimPartRow, ClaimRow, EntityRow, FactRow, NONE, PEOPLE, PeopleRow, RangeRow, RecordRow, RelationRow, RoleRow,
    Section,
};
use super::pack::unpack_period;
use super::store::Columns;
use zerocopy::{FromBytes, IntoBytes};

use crate::graph::columns::Forest;
use crate::graph::indexes;
use crate::graph::spans::{Span, spans};
use crate::model::{
    ClaimIx, EntityIx, FactIx, FlowEnd, KindIx, NodeIx, Participant, Period, RecordIx, RelationTarget, Vocabulary,
};

/// Adds all of them.
pub(super) fn indexes(columns: &mut Columns, vocabulary: &Vocabulary) {
    forest(columns, Section::ClassOrder, Section::ClassRanges, |it| it.is_a);
    forest(columns, Section::WholeOrder, Section::WholeRanges, |it| it.part_of);

    let node_count = columns.count(Section::Entities) + columns.count(Section::Unnamed);
    let entity_count = columns.count(Section::Entities);
    let made = &*columns;
    let people: Vec<PeopleRow> = made.read(Section::People).collect();
    let node = |it: u32| participant(&people, it).map(|it| it.node);
    let rows = || made.read::<FactRow>(Section::Facts);
    let steps = |from: FlowEnd, to: FlowEnd| {
        let both = |row: FactRow| (KindIx(row.kind), node(at(&row, from)).zip(node(at(&row, to))));
        indexes::steps(|| rows().map(both), vocabulary, node_count)
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
    columns.lists(Section::FactsOfEnds, Section::FactsOf, &of);
    columns.lists(Section::FactsFromEnds, Section::FactsFrom, &from);
    columns.lists(Section::FactsWithEnds, Section::FactsWith, &with);
    columns.lists(Section::FactsToEnds, Section::FactsTo, &to);
    drop((of, from, with, to));

    let made = &*columns;
    let claims = || made.read::<ClaimRow>(Section::Claims);
    let carried = || {
        let via = listed::<u32>(made, Section::ViaEnds, Section::Via).map(|(at, it)| (ClaimIx(at), EntityIx(it)));
        via.chain((0_u32..).zip(claims()).map(|(at, it)| (ClaimIx(at), EntityIx(it.document))))
    };
    let of_claims = || {
        let by = indexes::claims_by(|| claims().map(|it| NodeIx(it.by)), node_count);
        let carried = indexes::claims_in(carried, entity_count);
        let record_of = |it| record_of(made, it);
        (by, carried, indexes::related_from(|| relations(made), record_of, made.count(Section::Records)))
    };
    let of_facts = || {
        (
            indexes::facts_of_kind(|| made.read::<FactRow>(Section::Facts).map(|it| KindIx(it.kind)), vocabulary),
            by_time(made),
        )
    };
    let ((by_kind, by_time), (by, carried, related)) = both(of_facts, of_claims);
    columns.lists(Section::ByKindEnds, Section::ByKind, &by_kind);
    columns.lists(Section::ClaimsByEnds, Section::ClaimsBy, &by);
    columns.lists(Section::ClaimsInEnds, Section::ClaimsIn, &carried);
    columns.lists(Section::RelatedEnds, Section::Related, &related);
    columns.rows(Section::Spans, &by_time);
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

/// What a claim says of the time may count or not, so such a fact may lie anywhere.
fn by_time(columns: &Columns) -> Vec<Span> {
    let period = |row: RecordRow| unpack_period(row.period).ok().flatten();
    let mut of_record: Vec<Option<Period>> = columns.read::<RecordRow>(Section::Records).map(period).collect();
    let parts: Vec<ClaimPartRow> = columns.read(Section::ClaimParts).collect();
    for claim in columns.read::<ClaimRow>(Section::Claims) {
        if parts.get(claim.part as usize).is_some_and(|it| it.period != super::pack::NO_PERIOD) {
            of_record.get_mut(claim.record as usize).into_iter().for_each(|it| *it = None);
        }
    }
    let facts = (0_u32..).zip(columns.read::<FactRow>(Section::Facts));
    spans(facts.map(|(at, row)| Span::new(FactIx(at), of_record.get(row.record as usize).copied().flatten())))
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
