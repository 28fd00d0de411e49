//! What a partial graph shows of what is at hand; it writes down what is not.

use std::borrow::Cow;

use super::index::numbered;
use super::{Partial, Reduced, Want};
use crate::graph::glance::Glance;
use crate::graph::names::NameIndex;
use crate::graph::plain::{GroupKey, PlainCounts, PlainFact, PlainGroup};
use crate::graph::snapshot::HeldRelation;
use crate::graph::view::{
    ClaimView, DecisionView, DocumentView, EntityView, ExtraView, FactView, Fault, FigureView, GraphView, MergedView,
    NameView, RecordView, RelationView, RoleFill, Step,
};
use crate::model::{ClaimIx, EntityIx, FactIx, FlowEnd, KindIx, NodeIx, RecordIx, Vocabulary};

impl<N: GraphView> GraphView for Partial<'_, N> {
    fn vocabulary(&self) -> &Vocabulary {
        self.nodes.vocabulary()
    }

    fn name_index(&self) -> NameIndex<'_> {
        self.nodes.name_index()
    }

    fn fault(&self) -> Option<Fault> {
        let missing = || Fault { what: "some of its records are not at hand".to_owned() };
        self.nodes.fault().or_else(|| (!self.wanted.borrow().is_empty()).then(missing))
    }

    fn entity_count(&self) -> usize {
        self.nodes.entity_count()
    }

    fn node_count(&self) -> usize {
        self.nodes.node_count()
    }

    fn record_count(&self) -> usize {
        self.totals.records
    }

    fn fact_count(&self) -> usize {
        self.totals.facts
    }

    fn claim_count(&self) -> usize {
        self.totals.claims
    }

    fn entity(&self, entity: EntityIx) -> EntityView<'_> {
        self.nodes.entity(entity)
    }

    fn above(&self, entity: EntityIx) -> [Option<EntityIx>; 2] {
        self.nodes.above(entity)
    }

    fn names(&self, entity: EntityIx) -> impl Iterator<Item = NameView<'_>> {
        self.nodes.names(entity)
    }

    fn extra(&self, entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.nodes.extra(entity)
    }

    fn document(&self, entity: EntityIx) -> DocumentView<'_> {
        self.nodes.document(entity)
    }

    fn corrects(&self, document: EntityIx) -> &[EntityIx] {
        self.nodes.corrects(document)
    }

    fn decision_count(&self) -> usize {
        self.nodes.decision_count()
    }

    fn decision(&self, at: u32) -> DecisionView<'_> {
        self.nodes.decision(at)
    }

    fn merged_count(&self) -> usize {
        self.nodes.merged_count()
    }

    fn merged(&self, at: u32) -> MergedView<'_> {
        self.nodes.merged(at)
    }

    fn unnamed_of(&self, node: NodeIx) -> Option<EntityIx> {
        self.nodes.unnamed_of(node)
    }

    fn is_several(&self, node: NodeIx) -> bool {
        self.nodes.is_several(node)
    }

    fn is_within(&self, entity: EntityIx, class: EntityIx) -> bool {
        self.nodes.is_within(entity, class)
    }

    fn is_part(&self, entity: EntityIx, whole: EntityIx) -> bool {
        self.nodes.is_part(entity, whole)
    }

    fn subtree(&self, class: EntityIx) -> &[EntityIx] {
        self.nodes.subtree(class)
    }

    fn parts(&self, whole: EntityIx) -> &[EntityIx] {
        self.nodes.parts(whole)
    }

    fn fact(&self, fact: FactIx) -> FactView<'_> {
        self.held_fact(fact).map_or(FactView::NONE, |(record, it)| FactView {
            id: it.id.as_deref().unwrap_or(&record.id),
            kind: it.kind,
            record: record.at,
            ends: it.ends,
        })
    }

    fn end_node(&self, fact: FactIx, end: FlowEnd) -> Option<NodeIx> {
        match self.held_plain(fact) {
            Some(it) => it.end(end),
            None => self.end(fact, end).map(|it| it.node),
        }
    }

    fn glance(&self, fact: FactIx) -> Glance {
        self.held_plain(fact).map_or_else(|| Glance::of(self, fact), PlainFact::glance)
    }

    fn is_related(&self, fact: FactIx) -> bool {
        match self.held_plain(fact) {
            Some(it) => it.is_related,
            None => self.relations(self.fact_ends(fact).record).next().is_some(),
        }
    }

    fn has_steps_at_hand(&self) -> bool {
        false
    }

    fn plain_counts(&self) -> Option<&PlainCounts> {
        self.counts.as_ref()
    }

    fn plain_group(&self, key: GroupKey) -> Option<PlainGroup> {
        let counts = self.counts.as_ref()?;
        let found = self.groups.get(&key).copied();
        // Fewer than were asked for are all that there are.
        if found.is_none() && counts.largest.len() < counts.groups {
            self.miss(Want::Group(key));
        }
        found
    }

    fn roles(&self, fact: FactIx) -> impl Iterator<Item = RoleFill> {
        self.held_fact(fact).into_iter().flat_map(|(_, it)| it.roles.iter().copied())
    }

    fn record(&self, record: RecordIx) -> RecordView<'_> {
        self.held(record).map_or_else(RecordView::default, |it| RecordView {
            id: &it.id,
            facts: numbered(it.first_fact, it.facts.len()),
            claims: numbered(it.first_claim, it.claims.len()),
            outcome: it.outcome,
            per: it.per,
            period: it.period,
            draft: it.draft,
        })
    }

    fn relations(&self, record: RecordIx) -> impl Iterator<Item = RelationView> {
        let view = |it: &HeldRelation| RelationView {
            kind: it.kind,
            target: it.target,
            claims: numbered(it.first_claim, it.claims.len()),
        };
        self.held(record).into_iter().flat_map(|it| &it.relations).map(view)
    }

    fn related_from(&self, record: RecordIx) -> &[RecordIx] {
        self.held(record).map_or(&[], |it| &it.related_from)
    }

    fn inferred(&self, record: RecordIx) -> impl Iterator<Item = &str> {
        self.held(record).into_iter().flat_map(|it| &it.inferred).map(String::as_str)
    }

    fn extra_of_record(&self, record: RecordIx) -> impl Iterator<Item = ExtraView<'_>> {
        let all = self.held(record).into_iter().flat_map(|it| &it.extra);
        all.map(|(name, value)| ExtraView { name, value })
    }

    fn inferred_in_claim(&self, claim: ClaimIx) -> impl Iterator<Item = &str> {
        self.held_claim(claim).into_iter().flat_map(|(_, it)| &it.inferred).map(String::as_str)
    }

    fn record_by_id(&self, id: &str) -> Option<RecordIx> {
        self.named(id).record
    }

    fn fact_by_id(&self, id: &str) -> Option<FactIx> {
        self.named(id).fact
    }

    fn entity_by_id(&self, id: &str) -> Option<EntityIx> {
        self.nodes.entity_by_id(id)
    }

    fn claim(&self, claim: ClaimIx) -> ClaimView<'_> {
        self.held_claim(claim).map_or(ClaimView::NONE, |(record, it)| ClaimView {
            record: record.at,
            by: it.by,
            stance: it.stance,
            via: &it.via,
            document: it.document,
            made: it.made,
            period: it.period,
            scope: it.scope.as_deref(),
            withdrawn: it.withdrawn,
            at: it.locator,
        })
    }

    fn figures(&self, claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>> {
        let figures = self.held_claim(claim).into_iter().flat_map(|(_, it)| &it.figures);
        figures.map(|it| FigureView {
            at: it.at,
            interval: it.interval,
            unit: it.unit,
            unit_named: it.unit_named,
            text: &it.text,
        })
    }

    fn steps_out(&self, node: NodeIx) -> &[Step] {
        self.steps(&self.index.out, node, Want::Out(node), Want::WalkOut(node))
    }

    fn steps_to(&self, node: NodeIx, to: NodeIx) -> &[Step] {
        if !self.is_covered(&Want::Out(node)) {
            self.miss(Want::Pair(node, to));
        }
        let steps = self.index.out.get(&node).map_or(&[][..], Vec::as_slice);
        let first = steps.partition_point(|it| it.to < to);
        let end = steps.partition_point(|it| it.to <= to);
        steps.get(first..end).unwrap_or_default()
    }

    fn steps_in(&self, node: NodeIx) -> &[Step] {
        self.steps(&self.index.into, node, Want::In(node), Want::WalkIn(node))
    }

    fn facts_of(&self, node: NodeIx) -> Cow<'_, [FactIx]> {
        Cow::Borrowed(self.list(&self.index.of, &node, Want::Of(node), Reduced::Facts))
    }

    fn facts_from(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.from, &node, Want::From(node), Reduced::Facts)
    }

    fn facts_to(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.to, &node, Want::To(node), Reduced::Facts)
    }

    fn facts_with(&self, node: NodeIx) -> &[FactIx] {
        self.list(&self.index.with, &node, Want::With(node), Reduced::Facts)
    }

    fn facts_of_kind(&self, kind: KindIx) -> &[FactIx] {
        self.list(&self.index.kinds, &kind, Want::Kind(kind), Reduced::Facts)
    }

    fn claims_by(&self, node: NodeIx) -> &[ClaimIx] {
        self.list(&self.index.by, &node, Want::By(node), Reduced::No)
    }

    fn claims_in(&self, document: EntityIx) -> &[ClaimIx] {
        self.list(&self.index.carried, &document, Want::Carried(document), Reduced::No)
    }
}
