//! What the columns in memory say, through the interface that every query uses.

use std::borrow::Cow;

use super::KnowledgeGraph;
use crate::graph::glance::Glance;
use crate::graph::names::NameIndex;
use crate::graph::view::{
    ClaimView, DecisionView, DocumentView, EntityView, ExtraView, FactView, FigureView, GraphView, MergedView,
    NameView, RecordView, RelationView, RoleFill, Step,
};
use crate::model::{ClaimIx, EntityIx, FactIx, KindIx, NodeIx, RecordIx, Vocabulary};

impl GraphView for KnowledgeGraph {
    fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn name_index(&self) -> NameIndex<'_> {
        self.name_index.view()
    }

    fn entity_count(&self) -> usize {
        self.entities.len()
    }

    fn node_count(&self) -> usize {
        self.entities.len() + self.unnamed.len()
    }

    fn record_count(&self) -> usize {
        self.records.len()
    }

    fn fact_count(&self) -> usize {
        self.facts.len()
    }

    fn claim_count(&self) -> usize {
        self.claims.len()
    }

    fn entity(&self, entity: EntityIx) -> EntityView<'_> {
        let Some(row) = self.entities.get(entity.index()) else {
            return EntityView::default();
        };
        EntityView {
            id: self.strings.get(row.id),
            kind: row.kind,
            name: self.strings.get(row.name),
            the: row.the,
            plural: self.strings.option(row.plural),
            short: self.strings.option(row.short),
            part_of: row.part_of,
            is_a: row.is_a,
            member: self.strings.option(row.member),
            says: self.strings.option(row.says),
        }
    }

    fn names(&self, entity: EntityIx) -> impl Iterator<Item = NameView<'_>> {
        self.names.get(entity.index()).iter().map(|row| NameView {
            text: self.strings.get(row.text),
            kind: row.kind,
            lang: self.strings.option(row.lang),
        })
    }

    fn extra(&self, entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.extra.get(entity.index()).iter().map(|it| self.extra_view(it))
    }

    fn document(&self, entity: EntityIx) -> DocumentView<'_> {
        let found = self.documents.binary_search_by_key(&entity, |(it, _)| *it).ok();
        let Some((_, row)) = found.and_then(|at| self.documents.get(at)) else { return DocumentView::default() };
        DocumentView {
            title: self.strings.option(row.title),
            publisher: row.publisher,
            date: row.date,
            address: self.strings.option(row.address),
            pages: row.pages,
            withdrawn: row.withdrawn,
        }
    }

    fn corrects(&self, document: EntityIx) -> &[EntityIx] {
        self.corrects.get(document.index())
    }

    fn decision_count(&self) -> usize {
        self.decisions.len()
    }

    fn decision(&self, at: u32) -> DecisionView<'_> {
        self.decisions.get(at as usize).map(DecisionView::from).unwrap_or_default()
    }

    fn merged_count(&self) -> usize {
        self.merged.len()
    }

    fn merged(&self, at: u32) -> MergedView<'_> {
        self.merged.get(at as usize).map(MergedView::from).unwrap_or_default()
    }

    fn unnamed_of(&self, node: NodeIx) -> Option<EntityIx> {
        self.unnamed.get(node.index().checked_sub(self.entities.len())?).map(|(of, _)| *of)
    }

    fn is_several(&self, node: NodeIx) -> bool {
        let at = node.index().checked_sub(self.entities.len());
        at.and_then(|it| self.unnamed.get(it)).is_some_and(|(_, several)| *several)
    }

    fn is_within(&self, entity: EntityIx, class: EntityIx) -> bool {
        self.classes.is_below(entity.index(), class.index())
    }

    fn is_part(&self, entity: EntityIx, whole: EntityIx) -> bool {
        self.wholes.is_below(entity.index(), whole.index())
    }

    fn subtree(&self, class: EntityIx) -> &[EntityIx] {
        self.classes.below(class.index())
    }

    fn parts(&self, whole: EntityIx) -> &[EntityIx] {
        self.wholes.below(whole.index())
    }

    fn fact(&self, fact: FactIx) -> FactView<'_> {
        match self.facts.get(fact.index()) {
            Some(row) => FactView { id: self.strings.get(row.id), kind: row.kind, record: row.record, ends: row.ends },
            None => FactView::NONE,
        }
    }

    fn glance(&self, fact: FactIx) -> Glance {
        self.glances.get(fact.index()).copied().unwrap_or(Glance::NONE)
    }

    fn glances(&self) -> Option<&[Glance]> {
        Some(&self.glances)
    }

    fn roles(&self, fact: FactIx) -> impl Iterator<Item = RoleFill> {
        self.roles.get(fact.index()).iter().copied()
    }

    fn record(&self, record: RecordIx) -> RecordView<'_> {
        match self.records.get(record.index()) {
            Some(row) => RecordView {
                id: self.strings.get(row.id),
                facts: row.facts.clone(),
                claims: row.claims.clone(),
                outcome: row.outcome,
                per: row.per,
                period: row.period,
                draft: row.draft,
            },
            None => RecordView::default(),
        }
    }

    fn relations(&self, record: RecordIx) -> impl Iterator<Item = RelationView> {
        let rows = self.relations.get(record.index()).iter();
        rows.map(|row| RelationView { kind: row.kind, target: row.target, claims: row.claims.clone() })
    }

    fn related_from(&self, record: RecordIx) -> &[RecordIx] {
        self.related_from.get(record.index())
    }

    fn extra_of_record(&self, record: RecordIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.extra_of_records.get(record.index()).iter().map(|it| self.extra_view(it))
    }

    fn inferred_in_claim(&self, claim: ClaimIx) -> impl Iterator<Item = &str> {
        self.inferred_in_claims.get(claim.index()).iter().map(|it| self.strings.get(*it))
    }

    fn inferred(&self, record: RecordIx) -> impl Iterator<Item = &str> {
        self.inferred.get(record.index()).iter().map(|it| self.strings.get(*it))
    }

    fn record_by_id(&self, id: &str) -> Option<RecordIx> {
        self.records.binary_search_by(|row| self.strings.get(row.id).cmp(id)).ok().map(RecordIx::from_usize)
    }

    fn fact_by_id(&self, id: &str) -> Option<FactIx> {
        self.facts.binary_search_by(|row| self.strings.get(row.id).cmp(id)).ok().map(FactIx::from_usize)
    }

    fn entity_by_id(&self, id: &str) -> Option<EntityIx> {
        self.entities.binary_search_by(|row| self.strings.get(row.id).cmp(id)).ok().map(EntityIx::from_usize)
    }

    fn claim(&self, claim: ClaimIx) -> ClaimView<'_> {
        match self.claims.get(claim.index()) {
            Some(row) => ClaimView {
                record: row.record,
                by: row.by,
                stance: row.stance,
                via: self.via.get(claim.index()),
                document: row.document,
                made: row.made,
                period: row.period,
                scope: self.strings.option(row.scope),
                withdrawn: row.withdrawn,
                at: row.at,
            },
            None => ClaimView::NONE,
        }
    }

    fn figures(&self, claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>> {
        self.figures.get(claim.index()).iter().map(|row| FigureView {
            at: row.at,
            interval: row.interval,
            unit: row.unit,
            unit_named: row.unit_named,
            text: self.strings.get(row.text),
        })
    }

    fn steps_out(&self, node: NodeIx) -> &[Step] {
        self.steps_out.get(node.index())
    }

    fn steps_in(&self, node: NodeIx) -> &[Step] {
        self.steps_in.get(node.index())
    }

    fn facts_of(&self, node: NodeIx) -> Cow<'_, [FactIx]> {
        Cow::Borrowed(self.facts_of.get(node.index()))
    }

    fn facts_from(&self, node: NodeIx) -> &[FactIx] {
        self.facts_from.get(node.index())
    }

    fn facts_to(&self, node: NodeIx) -> &[FactIx] {
        self.facts_to.get(node.index())
    }

    fn facts_with(&self, node: NodeIx) -> &[FactIx] {
        self.facts_with.get(node.index())
    }

    fn facts_of_kind(&self, kind: KindIx) -> &[FactIx] {
        self.by_kind.get(usize::from(kind.0))
    }

    fn claims_by(&self, node: NodeIx) -> &[ClaimIx] {
        self.claims_by.get(node.index())
    }

    fn claims_in(&self, document: EntityIx) -> &[ClaimIx] {
        self.claims_in.get(document.index())
    }
}
