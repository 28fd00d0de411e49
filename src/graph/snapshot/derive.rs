//! The indexes of a snapshot, from its columns.

use super::layout::{ClaimRow, EntityRow, FactRow, NONE, RangeRow, RecordRow, RelationRow, RoleRow, Section};
use super::pack::unpack_period;
use super::store::Columns;
use crate::graph::columns::Forest;
use crate::graph::indexes;
use crate::graph::spans::{Span, spans};
use crate::model::{
    ClaimIx, Ends, EntityIx, FactIx, FlowEnd, KindIx, NodeIx, Participant, Period, RecordIx, RelationTarget, Vocabulary,
};

/// Adds all of them.
pub(super) fn indexes(columns: &mut Columns, vocabulary: &Vocabulary) {
    forest(columns, Section::ClassOrder, Section::ClassRanges, |it| it.is_a);
    forest(columns, Section::WholeOrder, Section::WholeRanges, |it| it.part_of);

    let node_count = columns.count(Section::Entities) + columns.count(Section::Unnamed);
    let steps = |columns: &Columns, from, to| indexes::steps(facts(columns), vocabulary, node_count, from, to);
    let out = steps(columns, FlowEnd::Source, FlowEnd::Target);
    columns.lists(Section::StepsOutEnds, Section::StepsOut, &out);
    drop(out);
    let into = steps(columns, FlowEnd::Target, FlowEnd::Source);
    columns.lists(Section::StepsInEnds, Section::StepsIn, &into);
    drop(into);

    let roles = listed::<RoleRow>(columns, Section::RoleEnds, Section::Roles);
    let of = indexes::facts_with_role(roles.map(|(at, it)| (FactIx(at), NodeIx(it.node))), node_count);
    columns.lists(Section::FactsOfEnds, Section::FactsOf, &of);
    drop(of);
    for (ends, items, end) in [
        (Section::FactsFromEnds, Section::FactsFrom, FlowEnd::Source),
        (Section::FactsWithEnds, Section::FactsWith, FlowEnd::Object),
        (Section::FactsToEnds, Section::FactsTo, FlowEnd::Target),
    ] {
        let lists = indexes::facts_at(facts(columns), node_count, end);
        columns.lists(ends, items, &lists);
    }
    let by_kind = indexes::facts_of_kind(facts(columns), vocabulary);
    columns.lists(Section::ByKindEnds, Section::ByKind, &by_kind);
    drop(by_kind);

    let claimants = columns.read::<ClaimRow>(Section::Claims).map(|it| NodeIx(it.by));
    let by = indexes::claims_by(claimants, node_count);
    columns.lists(Section::ClaimsByEnds, Section::ClaimsBy, &by);
    drop(by);
    let via = listed::<u32>(columns, Section::ViaEnds, Section::Via).map(|(at, it)| (ClaimIx(at), EntityIx(it)));
    let own =
        (0_u32..).zip(columns.read::<ClaimRow>(Section::Claims)).map(|(at, it)| (ClaimIx(at), EntityIx(it.document)));
    let carried = indexes::claims_in(via.chain(own), columns.count(Section::Entities));
    columns.lists(Section::ClaimsInEnds, Section::ClaimsIn, &carried);
    drop(carried);

    let related =
        indexes::related_from(relations(columns), |it| record_of(columns, it), columns.count(Section::Records));
    columns.lists(Section::RelatedEnds, Section::Related, &related);
    drop(related);
    let by_time = by_time(columns);
    columns.rows(Section::Spans, &by_time);
}

/// The items of all lists, each with the number of its list.
fn listed<T: zerocopy::FromBytes>(columns: &Columns, ends: Section, items: Section) -> impl Iterator<Item = (u32, T)> {
    let mut lists = (0_u32..).zip(columns.read::<u32>(ends)).peekable();
    (0_u32..).zip(columns.read::<T>(items)).map_while(move |(at, item)| {
        while lists.next_if(|(_, end)| *end <= at).is_some() {}
        lists.peek().map(|(list, _)| (*list, item))
    })
}

fn facts(columns: &Columns) -> impl Iterator<Item = (KindIx, Ends)> {
    columns.read::<FactRow>(Section::Facts).map(|row| {
        let end = |[node, of]: [u32; 2]| {
            let of = (of != NONE).then_some(EntityIx(of));
            (node != NONE).then_some(Participant { node: NodeIx(node), of })
        };
        let [source, object, target] = row.ends.map(end);
        (KindIx(u16::try_from(row.kind).unwrap_or(u16::MAX)), Ends { source, object, target })
    })
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
    for claim in columns.read::<ClaimRow>(Section::Claims) {
        if claim.period != super::pack::NO_PERIOD {
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
