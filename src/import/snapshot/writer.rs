//! Parts in the order in which a snapshot wants them.

use std::collections::BTreeMap;

use super::super::compile::default_unit;
use super::super::entities::{EntityTable, Place};
use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Entity, Extra};
use super::rows::{ClaimRow, FactRow, Rows, TextIx, Who, end, list};
use crate::graph::{
    ClaimView, DocumentView, EntityView, ExtraView, FactView, FigureView, NameView, RecordView, RelationView, RoleFill,
    SnapshotBuilder,
};
use crate::model::{
    Ends, EntityIx, NodeIx, Participant, Period, Quantity, RecordIx, RelationKind, RelationTarget, RoleIx, UnitIx,
    Vocabulary,
};

/// Parts in the order in which a snapshot wants them.
pub(super) struct Writer<'r> {
    vocabulary: &'r Vocabulary,
    entities: &'r EntityTable,
    rows: &'r Rows,
    /// Of each entity of the table its place among the sorted ones, and the other way round.
    ranks: Vec<EntityIx>,
    sorted_entities: Vec<u32>,
    /// Facts in the order of their ids.
    order: Vec<u32>,
    /// Date of each entity of the table that is a document.
    dates: Vec<Option<Period>>,
    unnamed: BTreeMap<String, (EntityIx, u32)>,
}

impl<'r> Writer<'r> {
    pub(super) fn new(vocabulary: &'r Vocabulary, entities: &'r EntityTable, rows: &'r Rows) -> Writer<'r> {
        let mut sorted_entities: Vec<u32> = (0..end(entities.len())).collect();
        let id = |at: &u32| entities.get(*at).map_or("", |it| it.id.as_str());
        sorted_entities.sort_unstable_by(|a, b| id(a).cmp(id(b)));
        let mut ranks = vec![EntityIx(0); entities.len()];
        for (rank, at) in sorted_entities.iter().enumerate() {
            ranks.get_mut(*at as usize).into_iter().for_each(|it| *it = EntityIx::from_usize(rank));
        }
        let mut order: Vec<u32> = (0..end(rows.facts.len())).collect();
        let id = |at: &u32| rows.facts.get(*at as usize).map_or("", |it| rows.texts.get(it.id));
        if !order.is_sorted_by(|a, b| id(a) < id(b)) {
            order.sort_unstable_by(|a, b| id(a).cmp(id(b)));
        }
        let date = |it: &Entity| it.document.as_ref()?.date.as_deref().and_then(|it| Period::parse(it).ok());
        let dates = entities.iter().map(date).collect();
        let mut writer =
            Writer { vocabulary, entities, rows, ranks, sorted_entities, order, dates, unnamed: BTreeMap::new() };
        writer.number_unnamed();
        writer
    }

    fn rank(&self, at: u32) -> EntityIx {
        self.ranks.get(at as usize).copied().unwrap_or(EntityIx(u32::MAX))
    }

    fn fact(&self, at: u32) -> (Option<&'r FactRow>, [u32; 5]) {
        let before = at.checked_sub(1).and_then(|it| self.rows.facts.get(it as usize));
        (self.rows.facts.get(at as usize), before.map_or([0; 5], |it| it.ends))
    }

    fn claim(&self, at: u32) -> (Option<&'r ClaimRow>, [u32; 3]) {
        let before = at.checked_sub(1).and_then(|it| self.rows.claims.get(it as usize));
        (self.rows.claims.get(at as usize), before.map_or([0; 3], |it| it.ends))
    }

    /// What tells an unnamed participant from all others: the place where it stands, or its label in a document.
    fn key(&self, of: u32, label: Option<TextIx>, document: u32, place: impl FnOnce() -> String) -> String {
        match label {
            Some(label) => {
                format!("{}/{}/label/{}", self.rank(document).0, self.rank(of).0, self.rows.texts.get(label))
            }
            None => place(),
        }
    }

    fn role_key(
        &self,
        fact: &FactRow,
        role: RoleIx,
        number: u32,
        (of, label): (u32, Option<TextIx>),
        document: u32,
    ) -> String {
        let place = || format!("{}/{}/{number}", self.rows.texts.get(fact.id), self.vocabulary.role_name(role));
        self.key(of, label, document, place)
    }

    fn claim_key(&self, fact: &FactRow, number: usize, (of, label): (u32, Option<TextIx>), document: u32) -> String {
        self.key(of, label, document, || format!("{}/claim/{}/by", self.rows.texts.get(fact.id), number + 1))
    }

    fn number_unnamed(&mut self) {
        let mut found: BTreeMap<String, (EntityIx, u32)> = BTreeMap::new();
        for at in 0..end(self.rows.facts.len()) {
            let (Some(fact), [roles, claims, ..]) = self.fact(at) else { continue };
            let document = self.claim(claims).0.map_or(0, |it| it.document);
            for (role, number, who) in list(&self.rows.roles, roles, fact.ends[0]) {
                if let Who::Unnamed(of, label) = who {
                    found.insert(self.role_key(fact, *role, *number, (*of, *label), document), (self.rank(*of), 0));
                }
            }
            for (number, claim) in list(&self.rows.claims, claims, fact.ends[1]).iter().enumerate() {
                if let Who::Unnamed(of, label) = claim.by {
                    found.insert(self.claim_key(fact, number, (of, label), claim.document), (self.rank(of), 0));
                }
            }
        }
        for (node, (_, place)) in (end(self.entities.len())..).zip(found.values_mut()) {
            *place = node;
        }
        self.unnamed = found;
    }

    fn participant(&self, who: Who, key: impl FnOnce((u32, Option<TextIx>)) -> String) -> Participant {
        match who {
            Who::Entity(at) => Participant { node: self.rank(at).into(), of: None },
            Who::PeopleOf(at, of) => Participant { node: self.rank(at).into(), of: Some(self.rank(of)) },
            Who::Unnamed(of, label) => {
                let node = self.unnamed.get(&key((of, label))).map_or(u32::MAX, |(_, node)| *node);
                Participant { node: NodeIx(node), of: None }
            }
        }
    }

    pub(super) fn entities(&mut self, builder: &mut SnapshotBuilder) {
        for at in &self.sorted_entities {
            let Some(entity) = self.entities.get(*at) else { continue };
            let position =
                |id: &Option<String>| id.as_deref().and_then(|it| self.entities.position(it)).map(|it| self.rank(it));
            let view = EntityView {
                id: &entity.id,
                kind: entity.kind,
                name: &entity.name,
                plural: entity.plural.as_deref(),
                part_of: position(&entity.part_of),
                is_a: position(&entity.is_a),
                ..EntityView::default()
            };
            let names =
                entity.names.iter().map(|it| NameView { text: &it.text, kind: it.kind, lang: it.lang.as_deref() });
            let document = entity.document.as_ref().map(|it| DocumentView {
                title: it.title.as_deref(),
                publisher: position(&it.publisher),
                date: self.dates.get(*at as usize).copied().flatten(),
                address: it.address.as_deref(),
                pages: None,
                withdrawn: None,
            });
            builder.add_entity(&view, names, document.as_ref(), &[]);
            builder.add_extra(extra_views(&entity.extra));
        }
        for (of, _) in self.unnamed.values() {
            builder.add_unnamed(*of, false);
        }
    }

    /// Adds the records. What is wrong with relations is told in the order of the input; `related` has the places.
    pub(super) fn records(
        &mut self,
        builder: &mut SnapshotBuilder,
        related: &[(u32, Place)],
        findings: &mut ImportFindings,
    ) {
        let mut lost = Vec::new();
        let mut claim_count = 0;
        let all_claims = end(self.rows.claims.len());
        for (record, at) in (0_u32..).zip(&self.order) {
            let (Some(fact), before) = self.fact(*at) else { continue };
            let id = self.rows.texts.get(fact.id);
            let [roles, claims, relations, inferred, extra] = before;
            let [.., inferred_end, extra_end] = fact.ends;
            let claim_rows = list(&self.rows.claims, claims, fact.ends[1]);
            let document = claim_rows.first().map_or(0, |it| it.document);
            self.add_fact(builder, fact, roles, record, document);

            let mut of_claims = claim_rows.iter().filter_map(|it| it.period);
            let agreed = of_claims.next().filter(|first| of_claims.all(|it| it == *first));
            let own_end = claim_count + end(claim_rows.len());
            let view = RecordView {
                id,
                facts: record..record + 1,
                claims: claim_count..own_end,
                outcome: fact.outcome,
                per: None,
                period: fact.period.or(agreed),
                draft: false,
            };
            let text = |it: &TextIx| self.rows.texts.get(*it);
            let mut names: Vec<&str> = list(&self.rows.inferred, inferred, inferred_end).iter().map(text).collect();
            // What all claims that give the period worked out, nobody said.
            let worked_out = (claims..).zip(claim_rows).filter(|(_, it)| it.period.is_some());
            if fact.period.is_none()
                && agreed.is_some()
                && worked_out.map(|(at, _)| at).all(|it| self.works_out_period(it))
            {
                names.push("period");
            }
            builder.add_record(&view, names);
            let pairs = list(&self.rows.extra, extra, extra_end).iter();
            builder.add_record_extra(pairs.map(|(name, value)| ExtraView { name: text(name), value: text(value) }));
            let found = list(&self.rows.relations, relations, fact.ends[2]);
            let found: Vec<RelationView> = found
                .iter()
                .filter_map(|(kind, target)| {
                    let target = self.target(*kind, text(target)).or_else(|| {
                        let message =
                            format!("`{}` of `{id}` names `{}`, which is not in the input", kind.field(), text(target));
                        let help = Some("the relation is left out".to_owned());
                        let place = related.binary_search_by_key(at, |it| it.0).ok().and_then(|it| related.get(it));
                        let place = place.map(|it| it.1.clone()).unwrap_or_default();
                        lost.push((*at, place.finding(ImportCode::UnknownReference, message, help)));
                        None
                    })?;
                    // Without claims of its own, as it comes out of reading records.
                    Some(RelationView { kind: *kind, target, claims: all_claims..all_claims })
                })
                .collect();
            // Relations stand in the order of their kinds, whatever the order in which they came.
            let mut found = found;
            found.sort_by_key(|it| it.kind);
            builder.add_relations(found);
            for (number, at) in (claims..fact.ends[1]).enumerate() {
                self.add_claim(builder, fact, (number, at), record);
            }
            claim_count = own_end;
        }
        lost.sort_by_key(|it| it.0);
        lost.into_iter().for_each(|(_, it)| findings.add(it));
    }

    fn target(&self, kind: RelationKind, id: &str) -> Option<RelationTarget> {
        let of = |at: &u32| self.rows.facts.get(*at as usize).map_or("", |it| self.rows.texts.get(it.id));
        if let Ok(record) = self.order.binary_search_by(|it| of(it).cmp(id)) {
            return Some(RelationTarget::Record(RecordIx::from_usize(record)));
        }
        let entity = self.entities.position(id).filter(|_| kind.accepts_entities())?;
        Some(RelationTarget::Entity(self.rank(entity)))
    }

    fn works_out_period(&self, claim: u32) -> bool {
        let (Some(row), [.., before]) = self.claim(claim) else { return false };
        list(&self.rows.inferred_in_claims, before, row.ends[2]).iter().any(|it| self.rows.texts.get(*it) == "period")
    }

    fn add_fact(&self, builder: &mut SnapshotBuilder, fact: &FactRow, roles: u32, record: u32, document: u32) {
        let mut ends = Ends::default();
        let kind = self.vocabulary.kind(fact.kind);
        let mut fills = Vec::with_capacity((fact.ends[0] - roles) as usize);
        for (role, number, who) in list(&self.rows.roles, roles, fact.ends[0]) {
            let participant = self.participant(*who, |it| self.role_key(fact, *role, *number, it, document));
            if let Some(flow) = kind.and_then(|it| it.role(*role)).and_then(|it| it.flow) {
                *ends.get_mut(flow) = Some(participant);
            }
            fills.push(RoleFill { role: *role, participant });
        }
        let view = FactView { id: self.rows.texts.get(fact.id), kind: fact.kind, record: RecordIx(record), ends };
        builder.add_fact(&view, fills);
    }

    fn add_claim(&self, builder: &mut SnapshotBuilder, fact: &FactRow, (number, at): (usize, u32), record: u32) {
        let (Some(row), [via, figures, inferred]) = self.claim(at) else { return };
        let relays: Vec<EntityIx> = list(&self.rows.via, via, row.ends[0]).iter().map(|it| self.rank(*it)).collect();
        let first = list(&self.rows.via, via, row.ends[0]).first().copied().unwrap_or(row.document);
        let text = |it: TextIx| self.rows.texts.get(it);
        let view = ClaimView {
            record: RecordIx(record),
            by: self.participant(row.by, |it| self.claim_key(fact, number, it, row.document)).node,
            stance: row.stance,
            via: &relays,
            document: self.rank(row.document),
            // A claim that gives no date was made when the first document of its chain appeared.
            made: row.made.or_else(|| self.dates.get(first as usize).copied().flatten()),
            period: row.period,
            scope: row.scope.map(text),
            withdrawn: row.withdrawn,
            at: None,
        };
        let figures = list(&self.rows.figures, figures, row.ends[1]).iter().filter_map(|(at, quantity)| {
            let quantity = self.rows.quantities.get(*quantity as usize)?;
            let unit = if quantity.unit_named { quantity.unit } else { self.unit(fact, *at) };
            let Quantity { interval, unit_named, ref text, .. } = *quantity;
            Some(FigureView { at: *at, interval, unit, unit_named, text })
        });
        let inferred = list(&self.rows.inferred_in_claims, inferred, row.ends[2]).iter().map(|it| text(*it));
        builder.add_claim(&view, figures, inferred);
    }

    fn unit(&self, fact: &FactRow, at: u8) -> UnitIx {
        let object = fact.object.and_then(|it| self.entities.get(it));
        self.vocabulary
            .kind(fact.kind)
            .map_or(UnitIx::default(), |kind| default_unit(self.vocabulary, kind, at, object))
    }
}

fn extra_views(extra: &Extra) -> impl Iterator<Item = ExtraView<'_>> {
    extra.iter().flat_map(|(name, values)| values.iter().map(move |value| ExtraView { name, value }))
}
