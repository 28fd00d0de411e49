//! Parts in the order in which a snapshot wants them.

use std::collections::BTreeMap;
use std::io;

use super::super::compile::default_unit;
use super::super::entities::{EntityTable, Place};
use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Entity, Extra};
use super::figures::{FigureIx, Read};
use super::rows::{ClaimRow, FactRow, Rows, TextIx, Texts, Who, end, id_of};
use super::spool::Reader;
use crate::graph::{
    ClaimView, DocumentView, EntityView, ExtraView, FactView, FigureView, NameView, RecordView, RelationView, RoleFill,
    SnapshotBuilder,
};
use crate::model::{
    Ends, EntityIx, NodeIx, Participant, Period, RecordIx, RelationKind, RelationTarget, RoleIx, UnitIx, Vocabulary,
};

/// Parts in the order in which a snapshot wants them.
pub(super) struct Writer<'r> {
    vocabulary: &'r Vocabulary,
    entities: &'r EntityTable,
    rows: &'r Rows,
    /// Of each entity of the table its place among the sorted ones, and the other way round.
    ranks: Vec<EntityIx>,
    sorted_entities: Vec<u32>,
    /// Facts in the order of their ids, unless they came so.
    order: Option<Vec<u32>>,
    /// Date of each entity of the table that is a document.
    dates: Vec<Option<Period>>,
    unnamed: BTreeMap<String, (EntityIx, u32)>,
}

impl<'r> Writer<'r> {
    /// # Errors
    ///
    /// A temporary file cannot be read.
    pub(super) fn new(vocabulary: &'r Vocabulary, entities: &'r EntityTable, rows: &'r Rows) -> io::Result<Writer<'r>> {
        let mut sorted_entities: Vec<u32> = (0..end(entities.len())).collect();
        let id = |at: &u32| entities.get(*at).map_or("", |it| it.id.as_str());
        sorted_entities.sort_unstable_by(|a, b| id(a).cmp(id(b)));
        let mut ranks = vec![EntityIx(0); entities.len()];
        for (rank, at) in sorted_entities.iter().enumerate() {
            ranks.get_mut(*at as usize).into_iter().for_each(|it| *it = EntityIx::from_usize(rank));
        }
        let order = if rows.is_sorted { None } else { Some(by_id(rows)?) };
        let date = |it: &Entity| it.document.as_ref()?.date.as_deref().and_then(|it| Period::parse(it).ok());
        let dates = entities.iter().map(date).collect();
        let mut writer =
            Writer { vocabulary, entities, rows, ranks, sorted_entities, order, dates, unnamed: BTreeMap::new() };
        if rows.has_unnamed {
            writer.number_unnamed()?;
        }
        Ok(writer)
    }

    fn rank(&self, at: u32) -> EntityIx {
        self.ranks.get(at as usize).copied().unwrap_or(EntityIx(u32::MAX))
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
        fact: &FactRow<'_>,
        role: RoleIx,
        number: u32,
        (of, label): (u32, Option<TextIx>),
        document: u32,
    ) -> String {
        let place = || format!("{}/{}/{number}", fact.id, self.vocabulary.role_name(role));
        self.key(of, label, document, place)
    }

    fn claim_key(
        &self,
        fact: &FactRow<'_>,
        number: usize,
        (of, label): (u32, Option<TextIx>),
        document: u32,
    ) -> String {
        self.key(of, label, document, || format!("{}/claim/{}/by", fact.id, number + 1))
    }

    fn number_unnamed(&mut self) -> io::Result<()> {
        let mut found: BTreeMap<String, (EntityIx, u32)> = BTreeMap::new();
        let mut reader = self.rows.reader()?;
        for at in 0..self.rows.len() {
            let fact = self.rows.fact(reader.get(at)?);
            let document = document_of(&fact);
            for (role, number, who) in &fact.roles {
                if let Who::Unnamed(of, label) = who {
                    found.insert(self.role_key(&fact, *role, *number, (*of, *label), document), (self.rank(*of), 0));
                }
            }
            for (number, claim) in fact.claims.iter().enumerate() {
                if let Who::Unnamed(of, label) = claim.by {
                    found.insert(self.claim_key(&fact, number, (of, label), claim.document), (self.rank(of), 0));
                }
            }
        }
        for (node, (_, place)) in (end(self.entities.len())..).zip(found.values_mut()) {
            *place = node;
        }
        self.unnamed = found;
        Ok(())
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
    ///
    /// # Errors
    ///
    /// A temporary file cannot be read.
    pub(super) fn records(
        &mut self,
        builder: &mut SnapshotBuilder,
        related: &[(u32, Place)],
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let mut lost = Vec::new();
        let mut claim_count = 0;
        // Those of relations would come behind all others.
        let none = self.rows.claim_count();
        let (mut reader, mut targets) = (self.rows.reader()?, self.rows.reader()?);
        let mut numbers = Numbers::default();
        for record in 0..end(self.rows.len()) {
            let at = self.place(record);
            let fact = self.rows.fact(reader.get(at as usize)?);
            self.add_fact(builder, &fact, record);

            let mut of_claims = fact.claims.iter().filter_map(|it| it.part.period);
            let agreed = of_claims.next().filter(|first| of_claims.all(|it| it == *first));
            let own_end = claim_count + end(fact.claims.len());
            let view = RecordView {
                id: fact.id,
                facts: record..record + 1,
                claims: claim_count..own_end,
                outcome: fact.outcome,
                per: None,
                period: fact.period.or(agreed),
                draft: false,
            };
            let text = |it: &TextIx| self.rows.texts.get(*it);
            let mut names: Vec<&str> = fact.inferred.iter().map(text).collect();
            // What all claims that give the period worked out, nobody said.
            let mut worked_out = fact.claims.iter().filter(|it| it.part.period.is_some());
            if fact.period.is_none()
                && agreed.is_some()
                && worked_out.all(|it| it.inferred.iter().any(|it| text(it) == "period"))
            {
                names.push("period");
            }
            builder.add_record(&view, names);
            let mut extra = Vec::with_capacity(fact.extra.len());
            for pair in fact.extra {
                extra.push(pair.map(|it| numbers.of(it, &self.rows.texts, builder)));
            }
            builder.add_record_extra_by_number(extra);
            let mut found = Vec::with_capacity(fact.relations.len());
            for (kind, target) in &fact.relations {
                match self.target(*kind, text(target), &mut targets)? {
                    // Without claims of its own, as it comes out of reading records.
                    Some(target) => found.push((*kind, target)),
                    None => {
                        let message = format!(
                            "`{}` of `{}` names `{}`, which is not in the input",
                            kind.field(),
                            fact.id,
                            text(target)
                        );
                        let help = Some("the relation is left out".to_owned());
                        let place = related.binary_search_by_key(&at, |it| it.0).ok().and_then(|it| related.get(it));
                        let place = place.map(|it| it.1.clone()).unwrap_or_default();
                        lost.push((at, place.finding(ImportCode::UnknownReference, message, help)));
                    }
                }
            }
            // Relations stand in the order of their kinds, whatever the order in which they came.
            found.sort_by_key(|it| it.0);
            builder.add_relations(found.into_iter().map(|(kind, target)| RelationView {
                kind,
                target,
                claims: none..none,
            }));
            for (number, claim) in fact.claims.iter().enumerate() {
                self.add_claim(builder, &fact, (number, claim), record);
            }
            claim_count = own_end;
        }
        lost.sort_by_key(|it| it.0);
        lost.into_iter().for_each(|(_, it)| findings.add(it));
        Ok(())
    }

    /// Where the fact of a record came among all.
    fn place(&self, record: u32) -> u32 {
        self.order.as_ref().map_or(record, |it| it.get(record as usize).copied().unwrap_or(u32::MAX))
    }

    fn target(&self, kind: RelationKind, id: &str, reader: &mut Reader<'_>) -> io::Result<Option<RelationTarget>> {
        let (mut low, mut high) = (0, if self.rows.ids.contains(id) { end(self.rows.len()) } else { 0 });
        while low < high {
            let middle = low + (high - low) / 2;
            match id_of(reader.get(self.place(middle) as usize)?).cmp(id) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(Some(RelationTarget::Record(RecordIx(middle)))),
            }
        }
        let entity = self.entities.position(id).filter(|_| kind.accepts_entities());
        Ok(entity.map(|it| RelationTarget::Entity(self.rank(it))))
    }

    fn add_fact(&self, builder: &mut SnapshotBuilder, fact: &FactRow<'_>, record: u32) {
        let mut ends = Ends::default();
        let kind = self.vocabulary.kind(fact.kind);
        let document = document_of(fact);
        let mut fills = Vec::with_capacity(fact.roles.len());
        for (role, number, who) in &fact.roles {
            let participant = self.participant(*who, |it| self.role_key(fact, *role, *number, it, document));
            if let Some(flow) = kind.and_then(|it| it.role(*role)).and_then(|it| it.flow) {
                *ends.get_mut(flow) = Some(participant);
            }
            fills.push(RoleFill { role: *role, participant });
        }
        let view = FactView { id: fact.id, kind: fact.kind, record: RecordIx(record), ends };
        builder.add_fact(&view, fills);
    }

    fn add_claim(
        &self,
        builder: &mut SnapshotBuilder,
        fact: &FactRow<'_>,
        (number, row): (usize, &ClaimRow<'_>),
        record: u32,
    ) {
        let relays: Vec<EntityIx> = row.via.iter().map(|it| self.rank(*it)).collect();
        let first = row.via.first().copied().unwrap_or(row.document);
        let text = |it: TextIx| self.rows.texts.get(it);
        let view = ClaimView {
            record: RecordIx(record),
            by: self.participant(row.by, |it| self.claim_key(fact, number, it, row.document)).node,
            stance: row.part.stance,
            via: &relays,
            document: self.rank(row.document),
            // A claim that gives no date was made when the first document of its chain appeared.
            made: row.part.made.or_else(|| self.dates.get(first as usize).copied().flatten()),
            period: row.part.period,
            scope: row.part.scope.map(text),
            withdrawn: row.part.withdrawn,
            at: None,
        };
        // The texts stand one after the other, each up to its end.
        let mut texts = String::new();
        let figures: Vec<(u8, Read, usize)> = row
            .figures
            .iter()
            .filter_map(|[at, words, low, high]| {
                let figure = FigureIx::of_numbers([*words, *low, *high]);
                let read = self.rows.figures.read(figure, &mut texts)?;
                Some((u8::try_from(*at).ok()?, read, texts.len()))
            })
            .collect();
        let mut start = 0;
        let figures = figures.into_iter().map(|(at, Read { interval, unit, .. }, end)| {
            let text = texts.get(std::mem::replace(&mut start, end)..end).unwrap_or_default();
            let (unit_named, unit) = (unit.is_some(), unit.unwrap_or_else(|| self.unit(fact, at)));
            FigureView { at, interval, unit, unit_named, text }
        });
        builder.add_claim(&view, figures, row.inferred.iter().map(|it| text(*it)));
    }

    fn unit(&self, fact: &FactRow<'_>, at: u8) -> UnitIx {
        let object = fact.object.and_then(|it| self.entities.get(it));
        self.vocabulary
            .kind(fact.kind)
            .map_or(UnitIx::default(), |kind| default_unit(self.vocabulary, kind, at, object))
    }
}

/// The document in which labels of unnamed participants are told apart.
fn document_of(fact: &FactRow<'_>) -> u32 {
    fact.claims.first().map_or(0, |it| it.document)
}

/// The numbers that texts have in the snapshot, as far as they are known.
#[derive(Default)]
struct Numbers(Vec<Option<u32>>);

impl Numbers {
    fn of(&mut self, text: TextIx, texts: &Texts, builder: &mut SnapshotBuilder) -> u32 {
        let at = text as usize;
        if self.0.len() <= at {
            self.0.resize(texts.len().max(at + 1), None);
        }
        let known = self.0.get(at).copied().flatten();
        let number = known.unwrap_or_else(|| builder.text(texts.get(text)));
        self.0.get_mut(at).into_iter().for_each(|it| *it = Some(number));
        number
    }
}

/// Facts in the order of their ids. Takes memory for all ids.
fn by_id(rows: &Rows) -> io::Result<Vec<u32>> {
    let (mut text, mut ends) = (String::new(), Vec::with_capacity(rows.len()));
    let mut reader = rows.reader()?;
    // So many bytes all of them have in common.
    let mut common = usize::MAX;
    for at in 0..rows.len() {
        let id = id_of(reader.get(at)?);
        text.push_str(id);
        ends.push(text.len());
        let first = text.get(..ends.first().copied().unwrap_or(0)).unwrap_or_default();
        common = id.bytes().zip(first.bytes()).take(common).take_while(|(a, b)| a == b).count();
    }
    let id = |at: u32| {
        let at = at as usize;
        let start = at.checked_sub(1).and_then(|it| ends.get(it)).copied().unwrap_or(0);
        text.get(start..ends.get(at).copied().unwrap_or(start)).unwrap_or_default()
    };
    // The next bytes as a number mostly tell which of two comes first.
    let key = |at: u32| {
        let mut bytes = [0; 8];
        let rest = id(at).bytes().skip(common);
        bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = from);
        u64::from_be_bytes(bytes)
    };
    let mut order: Vec<(u64, u32)> = (0..end(rows.len())).map(|at| (key(at), at)).collect();
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
    Ok(order.into_iter().map(|(_, at)| at).collect())
}

fn extra_views(extra: &Extra) -> impl Iterator<Item = ExtraView<'_>> {
    extra.iter().flat_map(|(name, values)| values.iter().map(move |value| ExtraView { name, value }))
}
