//! A snapshot as a graph: what its rows say, through the interface that every query uses.

use std::borrow::Cow;

use super::Snapshot;
use super::layout::{
    ClaimPartRow, ClaimRow, DecisionRow, DocumentRow, EntityRow, ExtraRow, FactRow, FigureRow, LocatorRow, MergedRow,
    NONE, NameRow, RangeRow, RecordPartRow, RecordRow, RelationRow, RoleRow, Section, UnnamedRow,
};
use super::pack::NAMES_UNIT;
use crate::graph::glance::Glance;
use crate::graph::names::{NameColumns, NameIndex};
use crate::graph::view::{
    AmountView, ClaimState, ClaimView, DecisionView, DocumentView, EntityView, ExtraView, FactEnds, FactView, Fault,
    FigureView, GraphView, LocatorView, MergedView, NameView, RecordState, RecordView, RelationView, RoleFill, Step,
};
use crate::model::{
    ClaimIx, DecisionKind, Ends, EntityIx, EntityKind, FactIx, FlowEnd, KindIx, NameKind, NodeIx, Outcome, Participant,
    Per, RecordIx, RelationKind, RelationTarget, Stance, UnitIx, Vocabulary,
};

impl<D: AsRef<[u8]>> GraphView for Snapshot<D> {
    fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    fn name_index(&self) -> NameIndex<'_> {
        let columns = NameColumns {
            forms: self.rows(Section::NameForms),
            text: self.rows(Section::NameText),
            entries: self.rows(Section::NameIndex),
            by_end: self.rows(Section::NamesByEnd),
        };
        NameIndex::of_columns(&columns, self.guard())
    }

    fn fault(&self) -> Option<Fault> {
        self.fault.get().cloned()
    }

    #[inline]
    fn entity_count(&self) -> usize {
        self.counts.entities
    }

    #[inline]
    fn node_count(&self) -> usize {
        self.counts.nodes
    }

    fn record_count(&self) -> usize {
        self.rows::<RecordRow>(Section::Records).len()
    }

    fn fact_count(&self) -> usize {
        self.rows::<FactRow>(Section::Facts).len()
    }

    #[inline]
    fn claim_count(&self) -> usize {
        self.counts.claims
    }

    fn entity(&self, entity: EntityIx) -> EntityView<'_> {
        const AT: Section = Section::Entities;
        let Some(row) = self.row::<EntityRow>(AT, entity.index()) else { return EntityView::default() };
        EntityView {
            id: self.string(row.id),
            kind: self.one_of(AT, &EntityKind::ALL, row.kind, EntityKind::Organization),
            name: self.string(row.name),
            the: row.the != 0,
            plural: self.option(row.plural),
            short: self.option(row.short),
            part_of: self.entity_ix(AT, row.part_of),
            is_a: self.entity_ix(AT, row.is_a),
            member: self.option(row.member),
            says: self.option(row.says),
        }
    }

    fn entity_kind(&self, entity: EntityIx) -> EntityKind {
        let kind = self.row::<EntityRow>(Section::Entities, entity.index()).map_or(u8::MAX, |it| it.kind);
        self.one_of(Section::Entities, &EntityKind::ALL, kind, EntityKind::Organization)
    }

    fn above(&self, entity: EntityIx) -> [Option<EntityIx>; 2] {
        const AT: Section = Section::Entities;
        let row = self.row::<EntityRow>(AT, entity.index());
        row.map_or([None; 2], |row| [row.part_of, row.is_a].map(|it| self.entity_ix(AT, it)))
    }

    fn names(&self, entity: EntityIx) -> impl Iterator<Item = NameView<'_>> {
        self.list::<NameRow>(Section::NameEnds, Section::Names, entity.index()).iter().map(|row| NameView {
            text: self.string(row.text),
            kind: self.one_of(Section::Names, &NameKind::ALL, row.kind, NameKind::Alias),
            lang: self.option(row.lang),
        })
    }

    fn extra(&self, entity: EntityIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.extras(Section::ExtraEnds, Section::Extra, entity.index())
    }

    fn document(&self, entity: EntityIx) -> DocumentView<'_> {
        const AT: Section = Section::Documents;
        let rows = self.rows::<DocumentRow>(AT);
        let entity_of = |row: &DocumentRow| {
            self.guard().check(std::slice::from_ref(row));
            row.entity
        };
        let found = rows.binary_search_by_key(&entity.0, entity_of).ok();
        let Some(row) = found.and_then(|at| rows.get(at)) else { return DocumentView::default() };
        let [low, high, known] = row.pages;
        DocumentView {
            title: self.option(row.title),
            publisher: self.entity_ix(AT, row.publisher),
            date: self.period(AT, row.date),
            address: self.option(row.address),
            pages: (known != 0).then_some(u64::from(high) << 32 | u64::from(low)),
            withdrawn: self.period(AT, row.withdrawn),
        }
    }

    fn corrects(&self, document: EntityIx) -> &[EntityIx] {
        self.list(Section::CorrectsEnds, Section::Corrects, document.index())
    }

    fn decision_count(&self) -> usize {
        self.rows::<DecisionRow>(Section::Decisions).len()
    }

    fn decision(&self, at: u32) -> DecisionView<'_> {
        const AT: Section = Section::Decisions;
        let Some(row) = self.row::<DecisionRow>(AT, at as usize) else { return DecisionView::default() };
        DecisionView {
            kind: self.one_of(AT, &DecisionKind::ALL, row.kind, DecisionKind::Undecided),
            a: self.string(row.a),
            b: self.string(row.b),
            keep: self.string(row.keep),
            reason: self.option(row.reason),
            by: self.option(row.by),
            made: self.option(row.made),
        }
    }

    fn merged_count(&self) -> usize {
        self.rows::<MergedRow>(Section::Merged).len()
    }

    fn merged(&self, at: u32) -> MergedView<'_> {
        const AT: Section = Section::Merged;
        let Some(row) = self.row::<MergedRow>(AT, at as usize) else { return MergedView::default() };
        let into = self.entity_ix(AT, row.into).unwrap_or_default();
        let names = self.list::<NameRow>(Section::NameEnds, Section::Names, into.index()).len();
        let extra = self.list::<ExtraRow>(Section::ExtraEnds, Section::Extra, into.index()).len();
        MergedView {
            id: self.string(row.id),
            name: self.string(row.name),
            into,
            decision: row.decision,
            names: self.range(AT, row.names, names),
            extra: self.range(AT, row.extra, extra),
            records: self.list(Section::MergedRecordEnds, Section::MergedRecords, at as usize),
        }
    }

    fn unnamed_of(&self, node: NodeIx) -> Option<EntityIx> {
        let at = node.index().checked_sub(self.entity_count())?;
        self.entity_ix(Section::Unnamed, self.row::<UnnamedRow>(Section::Unnamed, at)?.of)
    }

    fn is_several(&self, node: NodeIx) -> bool {
        let at = node.index().checked_sub(self.entity_count());
        at.and_then(|it| self.row::<UnnamedRow>(Section::Unnamed, it)).is_some_and(|it| it.several != 0)
    }

    fn is_within(&self, entity: EntityIx, class: EntityIx) -> bool {
        self.is_below(Section::ClassRanges, entity.index(), class.index())
    }

    fn is_part(&self, entity: EntityIx, whole: EntityIx) -> bool {
        self.is_below(Section::WholeRanges, entity.index(), whole.index())
    }

    fn subtree(&self, class: EntityIx) -> &[EntityIx] {
        self.below(Section::ClassOrder, Section::ClassRanges, class.index())
    }

    fn parts(&self, whole: EntityIx) -> &[EntityIx] {
        self.below(Section::WholeOrder, Section::WholeRanges, whole.index())
    }

    fn fact(&self, fact: FactIx) -> FactView<'_> {
        const AT: Section = Section::Facts;
        let Some(row) = self.row::<FactRow>(AT, fact.index()) else { return FactView::NONE };
        let [source, object, target] = row.ends.map(|it| self.participant(AT, it));
        FactView {
            id: self.string(row.id),
            kind: self.glance(fact).kind,
            record: RecordIx(row.record),
            ends: Ends { source, object, target },
        }
    }

    #[inline]
    fn fact_ends(&self, fact: FactIx) -> FactEnds {
        const AT: Section = Section::Facts;
        let Some(row) = self.row::<FactRow>(AT, fact.index()) else {
            return FactEnds::NONE;
        };
        let [source, object, target] = row.ends.map(|it| self.participant(AT, it));
        FactEnds { kind: self.glance(fact).kind, record: RecordIx(row.record), ends: Ends { source, object, target } }
    }

    #[inline]
    fn end(&self, fact: FactIx, end: FlowEnd) -> Option<Participant> {
        const AT: Section = Section::Facts;
        let [source, object, target] = self.row::<FactRow>(AT, fact.index())?.ends;
        match end {
            FlowEnd::Source => self.participant(AT, source),
            FlowEnd::Object => self.participant(AT, object),
            FlowEnd::Target => self.participant(AT, target),
        }
    }

    #[inline]
    fn glance(&self, fact: FactIx) -> Glance {
        self.row(Section::Glances, fact.index()).copied().unwrap_or(Glance::NONE)
    }

    fn glances(&self) -> Option<&[Glance]> {
        let glances = self.rows(Section::Glances);
        self.guard().check(glances);
        Some(glances)
    }

    fn roles(&self, fact: FactIx) -> impl Iterator<Item = RoleFill> {
        let others = self.list::<RoleRow>(Section::RoleEnds, Section::Roles, fact.index());
        let FactEnds { kind, ends, .. } = self.fact_ends(fact);
        let roles = self.vocabulary.kind(kind).map_or(&[][..], |it| it.roles.as_slice());
        // In the order in which the kind has them.
        roles.iter().enumerate().flat_map(move |(at, spec)| {
            let is_first = |end| roles.iter().position(|it| it.flow == Some(end)) == Some(at);
            let end = spec.flow.filter(|it| is_first(*it)).and_then(|it| ends.get(it));
            let others = others.iter().filter(|it| it.role == spec.role.0);
            let others = others.filter_map(|row| self.participant(Section::Roles, row.who));
            end.into_iter().chain(others).map(|participant| RoleFill { role: spec.role, participant })
        })
    }

    fn record(&self, record: RecordIx) -> RecordView<'_> {
        const AT: Section = Section::Records;
        let Some(row) = self.row::<RecordRow>(AT, record.index()) else { return RecordView::default() };
        let Some(part) = self.row::<RecordPartRow>(Section::RecordParts, row.part as usize) else {
            return RecordView::default();
        };
        let from = |start: u32, count: u32| RangeRow { start, end: start.saturating_add(count) };
        RecordView {
            id: self.string(row.id),
            facts: self.range(AT, from(row.facts, part.facts), self.fact_count()),
            claims: self.range(AT, from(row.claims, part.claims), self.claim_count()),
            outcome: self.one_of(AT, &Outcome::ALL, part.outcome, Outcome::Happened),
            per: (part.per != u8::MAX).then(|| self.one_of(AT, &Per::ALL, part.per, Per::Total)),
            period: self.period(AT, row.period),
            draft: part.draft != 0,
        }
    }

    #[inline]
    fn record_state(&self, record: RecordIx) -> RecordState {
        const AT: Section = Section::Records;
        let Some(row) = self.row::<RecordRow>(AT, record.index()) else { return RecordState::default() };
        let Some(part) = self.row::<RecordPartRow>(Section::RecordParts, row.part as usize) else {
            return RecordState::default();
        };
        let claims = RangeRow { start: row.claims, end: row.claims.saturating_add(part.claims) };
        RecordState {
            claims: self.range(AT, claims, self.claim_count()),
            outcome: self.one_of(AT, &Outcome::ALL, part.outcome, Outcome::Happened),
            period: self.period(AT, row.period),
        }
    }

    fn has_relations(&self) -> bool {
        !self.is_left_out(Section::Relations)
    }

    fn relations(&self, record: RecordIx) -> impl Iterator<Item = RelationView> {
        const AT: Section = Section::Relations;
        self.list::<RelationRow>(Section::RelationEnds, AT, record.index()).iter().map(|row| RelationView {
            kind: self.one_of(AT, &RelationKind::ALL, row.kind, RelationKind::About),
            target: match row.target_kind {
                0 => RelationTarget::Record(RecordIx(row.target)),
                1 => RelationTarget::Fact(FactIx(row.target)),
                2 => RelationTarget::Entity(EntityIx(row.target)),
                _ => {
                    self.damaged(AT, "a value that does not exist");
                    RelationTarget::Record(RecordIx(row.target))
                }
            },
            claims: self.range(AT, row.claims, self.claim_count()),
        })
    }

    fn related_from(&self, record: RecordIx) -> &[RecordIx] {
        self.list(Section::RelatedEnds, Section::Related, record.index())
    }

    fn inferred(&self, record: RecordIx) -> impl Iterator<Item = &str> {
        self.list::<u32>(Section::InferredEnds, Section::Inferred, record.index()).iter().map(|it| self.string(*it))
    }

    fn extra_of_record(&self, record: RecordIx) -> impl Iterator<Item = ExtraView<'_>> {
        self.extras(Section::RecordExtraEnds, Section::RecordExtra, record.index())
    }

    fn inferred_in_claim(&self, claim: ClaimIx) -> impl Iterator<Item = &str> {
        let list = self.list::<u32>(Section::ClaimInferredEnds, Section::ClaimInferred, claim.index());
        list.iter().map(|it| self.string(*it))
    }

    fn record_by_id(&self, id: &str) -> Option<RecordIx> {
        let number = |at: usize| self.row::<RecordRow>(Section::Records, at).map_or(NONE, |it| it.id);
        self.by_id(self.record_count(), number, id).map(RecordIx::from_usize)
    }

    fn fact_by_id(&self, id: &str) -> Option<FactIx> {
        let number = |at: usize| self.row::<FactRow>(Section::Facts, at).map_or(NONE, |it| it.id);
        self.by_id(self.fact_count(), number, id).map(FactIx::from_usize)
    }

    fn entity_by_id(&self, id: &str) -> Option<EntityIx> {
        let number = |at: usize| self.row::<EntityRow>(Section::Entities, at).map_or(NONE, |it| it.id);
        self.by_id(self.entity_count(), number, id).map(EntityIx::from_usize)
    }

    fn claim(&self, claim: ClaimIx) -> ClaimView<'_> {
        const AT: Section = Section::Claims;
        let nobody = ClaimView::NONE;
        let Some(row) = self.row::<ClaimRow>(AT, claim.index()) else { return nobody };
        let Some(part) = self.row::<ClaimPartRow>(Section::ClaimParts, row.part as usize) else { return nobody };
        let locator = || {
            let row = self.row::<LocatorRow>(Section::Locators, part.locator as usize)?;
            Some(LocatorView { paragraph: row.paragraph, length: row.length, sha256: row.sha256 })
        };
        ClaimView {
            record: RecordIx(row.record),
            by: self.node_ix(AT, part.by).unwrap_or(nobody.by),
            stance: self.one_of(AT, &Stance::ALL, part.stance, Stance::States),
            via: self.list(Section::ViaEnds, Section::Via, claim.index()),
            document: self.entity_ix(AT, part.document).unwrap_or(nobody.document),
            made: self.period(AT, part.made),
            period: self.period(AT, part.period),
            scope: self.option(part.scope),
            withdrawn: self.period(AT, part.withdrawn),
            at: if part.locator == NONE { None } else { locator() },
        }
    }

    fn claim_state(&self, claim: ClaimIx) -> ClaimState<'_> {
        const AT: Section = Section::Claims;
        let none = ClaimState::NONE;
        let Some(row) = self.row::<ClaimRow>(AT, claim.index()) else { return none };
        let Some(part) = self.row::<ClaimPartRow>(Section::ClaimParts, row.part as usize) else { return none };
        ClaimState {
            stance: self.one_of(AT, &Stance::ALL, part.stance, Stance::States),
            via: self.list(Section::ViaEnds, Section::Via, claim.index()),
            document: self.entity_ix(AT, part.document).unwrap_or(none.document),
            period: self.period(AT, part.period),
            withdrawn: self.period(AT, part.withdrawn),
        }
    }

    #[inline]
    fn amounts(&self, claim: ClaimIx) -> impl Iterator<Item = AmountView> {
        let rows = self.list::<FigureRow>(Section::FigureEnds, Section::Figures, claim.index());
        rows.iter().map(|row| AmountView { at: row.at, interval: self.interval(row), unit: UnitIx(row.unit) })
    }

    fn figures(&self, claim: ClaimIx) -> impl Iterator<Item = FigureView<'_>> {
        let rows = self.list::<FigureRow>(Section::FigureEnds, Section::Figures, claim.index());
        rows.iter().map(|row| FigureView {
            at: row.at,
            interval: self.interval(row),
            unit: UnitIx(row.unit),
            unit_named: row.flags & NAMES_UNIT != 0,
            text: self.string(row.text),
        })
    }

    fn steps_out(&self, node: NodeIx) -> &[Step] {
        self.list(Section::StepsOutEnds, Section::StepsOut, node.index())
    }

    fn steps_in(&self, node: NodeIx) -> &[Step] {
        self.list(Section::StepsInEnds, Section::StepsIn, node.index())
    }

    fn facts_of(&self, node: NodeIx) -> Cow<'_, [FactIx]> {
        let in_roles = self.list(Section::FactsInRolesEnds, Section::FactsInRoles, node.index());
        let lists = [self.facts_from(node), self.facts_with(node), self.facts_to(node), in_roles];
        let mut lists = lists.into_iter().filter(|it| !it.is_empty());
        let first = lists.next().unwrap_or_default();
        let Some(second) = lists.next() else { return Cow::Borrowed(first) };
        let mut all = [first, second].concat();
        lists.for_each(|it| all.extend_from_slice(it));
        all.sort_unstable();
        all.dedup();
        Cow::Owned(all)
    }

    fn facts_from(&self, node: NodeIx) -> &[FactIx] {
        self.list(Section::FactsFromEnds, Section::FactsFrom, node.index())
    }

    fn facts_to(&self, node: NodeIx) -> &[FactIx] {
        self.list(Section::FactsToEnds, Section::FactsTo, node.index())
    }

    fn facts_with(&self, node: NodeIx) -> &[FactIx] {
        self.list(Section::FactsWithEnds, Section::FactsWith, node.index())
    }

    fn facts_of_kind(&self, kind: KindIx) -> &[FactIx] {
        self.list(Section::ByKindEnds, Section::ByKind, kind.index())
    }

    fn claims_by(&self, node: NodeIx) -> &[ClaimIx] {
        self.list(Section::ClaimsByEnds, Section::ClaimsBy, node.index())
    }

    fn claims_in(&self, document: EntityIx) -> &[ClaimIx] {
        self.list(Section::ClaimsInEnds, Section::ClaimsIn, document.index())
    }
}
