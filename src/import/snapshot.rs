//! The sink that writes a snapshot: facts are kept as columns of small rows until all have come, then brought into the order of
//! their ids.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use hashbrown::HashTable;

use super::compile::{Compiled, Filled, Problem, compile, default_unit};
use super::entities::{EntityTable, Place, tidy_extra};
use super::findings::{ImportCode, ImportFindings};
use super::record::{Entity, Extra, Fact};
use super::sink::{Sink, Summary, Taken};
use crate::graph::{
    ClaimView, DocumentView, EntityView, ExtraView, FactView, FigureView, NameView, RecordView, RelationView, RoleFill,
    SnapshotBuilder, WriteError,
};
use crate::model::{
    Ends, EntityIx, EntityKind, KindIx, NodeIx, Outcome, Participant, Period, Quantity, RecordIx, RelationKind,
    RelationTarget, RoleIx, Stance, UnitIx, Vocabulary,
};

/// Gathers facts for a snapshot, which holds the same graph as the folder that [`FolderSink`](super::FolderSink) writes of them.
///
/// # Example
///
/// ```
/// use purvey::graph::{AlignedBytes, GraphView, Snapshot};
/// use purvey::import::{Entity, ImportFindings, Sink, SnapshotSink};
///
/// let mut sink = SnapshotSink::new(purvey::load::load_vocabulary(&[]).0);
/// sink.entity(Entity { id: "acme".to_owned(), name: "ACME".to_owned(), ..Entity::default() })?;
/// let mut bytes = Vec::new();
/// sink.finish(&mut ImportFindings::default(), &mut bytes)?;
/// assert!(Snapshot::new(AlignedBytes::copy(&bytes))?.entity_by_id("acme").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SnapshotSink {
    vocabulary: Vocabulary,
    entities: EntityTable,
    place: Place,
    findings: ImportFindings,
    rows: Rows,
    waiting: Vec<(Fact, Place)>,
    summary: Summary,
}

/// Number of a text.
pub(super) type TextIx = u32;

/// Texts end to end, and the numbers of those that may come again.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
    known: HashTable<TextIx>,
    hasher: RandomState,
}

impl Texts {
    fn get(&self, at: TextIx) -> &str {
        text_of(&self.text, &self.ends, at)
    }

    fn push(&mut self, text: &str) -> TextIx {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// The number of a text, the same for equal ones.
    fn intern(&mut self, text: &str) -> TextIx {
        let hash = self.hasher.hash_one(text);
        if let Some(known) = self.known.find(hash, |it| text_of(&self.text, &self.ends, *it) == text) {
            return *known;
        }
        let at = self.push(text);
        let Texts { text, ends, known, hasher } = self;
        known.insert_unique(hash, at, |it| hasher.hash_one(text_of(text, ends, *it)));
        at
    }
}

fn text_of<'t>(text: &'t str, ends: &[usize], at: TextIx) -> &'t str {
    let at = at as usize;
    let start = at.checked_sub(1).and_then(|it| ends.get(it)).copied().unwrap_or(0);
    text.get(start..ends.get(at).copied().unwrap_or(start)).unwrap_or_default()
}

/// Who fills a role or speaks: positions in the table of entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Entity(u32),
    PeopleOf(u32, u32),
    Unnamed(u32, Option<TextIx>),
}

impl Who {
    /// The position of an entity, if it is one.
    pub(super) fn entity(self) -> Option<u32> {
        match self {
            Who::Entity(at) | Who::PeopleOf(at, _) => Some(at),
            Who::Unnamed(..) => None,
        }
    }
}

#[derive(Clone, Copy)]
struct FactRow {
    id: TextIx,
    kind: KindIx,
    outcome: Outcome,
    period: Option<Period>,
    /// The object of the flow, which decides about units.
    object: Option<u32>,
    /// Where the lists end: roles, claims, relations, inferred, extra.
    ends: [u32; 5],
}

#[derive(Clone, Copy)]
struct ClaimRow {
    by: Who,
    document: u32,
    stance: Stance,
    made: Option<Period>,
    period: Option<Period>,
    withdrawn: Option<Period>,
    scope: Option<TextIx>,
    /// Where the lists end: relays, figures, inferred.
    ends: [u32; 3],
}

/// Facts as columns.
#[derive(Default)]
struct Rows {
    texts: Texts,
    /// Numbers of the facts by their ids, once these do not come in their order.
    by_id: Option<HashTable<u32>>,
    facts: Vec<FactRow>,
    roles: Vec<(RoleIx, u32, Who)>,
    claims: Vec<ClaimRow>,
    relations: Vec<(RelationKind, TextIx)>,
    inferred: Vec<TextIx>,
    extra: Vec<(TextIx, TextIx)>,
    via: Vec<u32>,
    figures: Vec<(u8, u32)>,
    inferred_in_claims: Vec<TextIx>,
    /// Figures of one wording stand once; whether a unit is named tells if it is still open.
    quantities: Vec<Quantity>,
    quantity_of: HashMap<Box<str>, u32>,
}

fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The list at a position, by the ends of all.
fn list<T>(items: &[T], before: u32, end: u32) -> &[T] {
    items.get(before as usize..end as usize).unwrap_or_default()
}

impl Rows {
    /// Whether a fact has that id. Ids that come in their order need no index.
    fn contains(&self, id: &str) -> bool {
        let Rows { texts, by_id, facts, .. } = self;
        match by_id {
            Some(by_id) => {
                let of = |it: &u32| facts.get(*it as usize).map_or("", |it| texts.get(it.id));
                by_id.find(texts.hasher.hash_one(id), |it| of(it) == id).is_some()
            }
            None if facts.last().is_none_or(|it| texts.get(it.id) < id) => false,
            None => facts.binary_search_by(|it| texts.get(it.id).cmp(id)).is_ok(),
        }
    }

    /// Puts an id into the index, which is made when the first id comes that is not in order.
    fn index(&mut self, id: &str, at: u32) {
        let Rows { texts, by_id, facts, .. } = self;
        let of = |it: &u32| facts.get(*it as usize).map_or("", |it| texts.get(it.id));
        let hash = |it: &u32| texts.hasher.hash_one(of(it));
        if by_id.is_none() {
            if at.checked_sub(1).is_none_or(|before| of(&before) < id) {
                return;
            }
            let mut all = HashTable::with_capacity(facts.len());
            (0..at).for_each(|it| {
                all.insert_unique(hash(&it), it, hash);
            });
            *by_id = Some(all);
        }
        if let Some(by_id) = by_id {
            by_id.insert_unique(texts.hasher.hash_one(id), at, hash);
        }
    }

    fn who(&mut self, it: Filled<'_>) -> Who {
        match it {
            Filled::Entity(at) => Who::Entity(at),
            Filled::PeopleOf { id, of } => Who::PeopleOf(id, of),
            Filled::Unnamed { of, label } => Who::Unnamed(of, label.map(|it| self.texts.intern(it))),
        }
    }

    fn quantity(&mut self, quantity: Quantity) -> u32 {
        if let Some(known) = self.quantity_of.get(&*quantity.text) {
            return *known;
        }
        let at = end(self.quantities.len());
        self.quantity_of.insert(quantity.text.clone(), at);
        self.quantities.push(quantity);
        at
    }

    fn push_line(&mut self, line: &Line) {
        self.roles.extend_from_slice(&line.roles);
        self.figures.extend_from_slice(&line.figures);
        self.extra.extend_from_slice(&line.extra);
        if line.works_out_period {
            let name = self.texts.intern("period");
            self.inferred.push(name);
        }
        self.claims.push(ClaimRow {
            by: line.by,
            document: line.document,
            stance: line.stance,
            made: line.made,
            period: None,
            scope: line.scope,
            withdrawn: None,
            ends: [end(self.via.len()), end(self.figures.len()), end(self.inferred_in_claims.len())],
        });
        self.add_row(&line.id, line.kind, line.outcome, line.period, line.object);
    }

    /// Adds the row of a fact whose lists are there.
    fn add_row(&mut self, id: &str, kind: KindIx, outcome: Outcome, period: Option<Period>, object: Option<u32>) {
        let text = self.texts.push(id);
        let at = end(self.facts.len());
        let ends = [
            end(self.roles.len()),
            end(self.claims.len()),
            end(self.relations.len()),
            end(self.inferred.len()),
            end(self.extra.len()),
        ];
        self.facts.push(FactRow { id: text, kind, outcome, period, object, ends });
        self.index(id, at);
    }

    fn push(&mut self, fact: &Fact, compiled: Compiled<'_>) {
        for (role, number, who) in compiled.roles {
            let who = self.who(who);
            self.roles.push((role, end(number), who));
        }
        for (claim, said) in compiled.claims.into_iter().zip(&fact.claims) {
            let by = self.who(claim.by);
            self.via.extend(claim.via);
            for (at, quantity) in claim.figures {
                let quantity = self.quantity(quantity);
                self.figures.push((at, quantity));
            }
            for name in &said.inferred {
                let name = self.texts.intern(name);
                self.inferred_in_claims.push(name);
            }
            let row = ClaimRow {
                by,
                document: claim.document,
                stance: said.stance,
                made: claim.made,
                period: claim.period,
                withdrawn: claim.withdrawn,
                scope: said.scope.as_deref().filter(|it| !it.trim().is_empty()).map(|it| self.texts.intern(it)),
                ends: [end(self.via.len()), end(self.figures.len()), end(self.inferred_in_claims.len())],
            };
            self.claims.push(row);
        }
        for (kind, ids) in &fact.relations {
            for id in ids {
                let id = self.texts.intern(id);
                self.relations.push((*kind, id));
            }
        }
        for name in &fact.inferred {
            let name = self.texts.intern(name);
            self.inferred.push(name);
        }
        for (name, values) in &fact.extra {
            let name = self.texts.intern(name);
            for value in values {
                let value = self.texts.intern(value);
                self.extra.push((name, value));
            }
        }
        self.add_row(&fact.id, compiled.kind, fact.outcome, compiled.period, compiled.object);
    }
}

impl SnapshotSink {
    /// An empty one.
    pub fn new(vocabulary: Vocabulary) -> SnapshotSink {
        SnapshotSink {
            vocabulary,
            entities: EntityTable::default(),
            place: Place::default(),
            findings: ImportFindings::default(),
            rows: Rows::default(),
            waiting: Vec::new(),
            summary: Summary::default(),
        }
    }

    fn take(&mut self, fact: &Fact, last: bool) -> Taken {
        let problem = match compile(fact, &self.vocabulary, &self.entities) {
            Ok(_) if self.entities.position(&fact.id).is_some() || self.rows.contains(&fact.id) => {
                Problem::taken(&fact.id)
            }
            Ok(compiled) => {
                self.rows.push(fact, compiled);
                self.summary.facts += 1;
                self.summary.claims += fact.claims.len() as u64;
                return Taken::Kept;
            }
            Err(Problem::Unknown { .. }) if !last => return Taken::Waits,
            Err(problem) => problem,
        };
        self.summary.refused += 1;
        let (code, message, help) = problem.into_parts(&fact.id);
        self.findings.add(self.place.finding(code, message, help));
        Taken::Refused
    }

    /// Writes the snapshot. Time n log n.
    ///
    /// # Errors
    ///
    /// [`WriteError`]: a column that is too large, an output that fails.
    pub fn finish(mut self, findings: &mut ImportFindings, out: &mut dyn Write) -> Result<Summary, WriteError> {
        for (fact, place) in std::mem::take(&mut self.waiting) {
            self.place = place;
            self.take(&fact, true);
        }
        self.entities.settle(&mut self.findings);
        self.summary.entities = self.entities.len() as u64;
        let SnapshotSink { vocabulary, entities, rows, findings: own, summary, place, .. } = self;
        findings.append(own);
        let mut writer = Writer::new(&vocabulary, &entities, &rows);
        let mut builder = SnapshotBuilder::new(vocabulary.clone());
        writer.entities(&mut builder);
        writer.records(&mut builder, &place, findings);
        drop(writer);
        drop(rows);
        drop(entities);
        builder.write(out)?;
        Ok(summary)
    }
}

impl Sink for SnapshotSink {
    fn entity(&mut self, entity: Entity) -> io::Result<()> {
        if self.rows.contains(&entity.id) {
            let (code, message, help) = Problem::taken(&entity.id).into_parts(&entity.id);
            self.findings.add(self.place.finding(code, message, help));
        } else {
            self.entities.add(entity, &self.vocabulary.terms, &self.place, &mut self.findings);
        }
        Ok(())
    }

    fn fact(&mut self, mut fact: Fact) -> io::Result<Taken> {
        tidy_extra(&mut fact.extra);
        let taken = self.take(&fact, false);
        if taken == Taken::Waits {
            self.waiting.push((fact, self.place.clone()));
        }
        Ok(taken)
    }

    fn place(&mut self, file: &str, line: Option<u64>) {
        self.place.set(file, line);
    }

    fn snapshot(&mut self) -> Option<&mut SnapshotSink> {
        Some(self)
    }
}

/// A fact with one claim whose every value was read and checked, for tables.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) kind: KindIx,
    /// In the order of the kind, each with its number within the role.
    pub(super) roles: Vec<(RoleIx, u32, Who)>,
    /// The object of the flow.
    pub(super) object: Option<u32>,
    pub(super) period: Option<Period>,
    pub(super) made: Option<Period>,
    /// Whether the period is worked out.
    pub(super) works_out_period: bool,
    pub(super) outcome: Outcome,
    pub(super) stance: Stance,
    pub(super) by: Who,
    pub(super) document: u32,
    pub(super) scope: Option<TextIx>,
    /// In the order of the kind.
    pub(super) figures: Vec<(u8, u32)>,
    /// Names and values.
    pub(super) extra: Vec<(TextIx, TextIx)>,
}

impl Default for Line {
    fn default() -> Self {
        Line {
            id: String::new(),
            kind: KindIx(u16::MAX),
            roles: Vec::new(),
            object: None,
            period: None,
            made: None,
            works_out_period: false,
            outcome: Outcome::default(),
            stance: Stance::default(),
            by: Who::Entity(u32::MAX),
            document: u32::MAX,
            scope: None,
            figures: Vec::new(),
            extra: Vec::new(),
        }
    }
}

impl SnapshotSink {
    /// The position of an entity, and its kind.
    pub(super) fn entity_at(&self, id: &str) -> Option<(u32, EntityKind)> {
        let at = self.entities.position(id)?;
        Some((at, self.entities.get(at)?.kind))
    }

    /// The number of a text.
    pub(super) fn text(&mut self, text: &str) -> TextIx {
        self.rows.texts.intern(text)
    }

    /// The number of a figure, and the unit that its words name; nothing if it cannot be read.
    pub(super) fn quantity(&mut self, text: &str) -> Option<(u32, Option<UnitIx>)> {
        let quantity = Quantity::parse(text, &self.vocabulary.terms, UnitIx::default()).ok()?;
        let unit = quantity.unit_named.then_some(quantity.unit);
        Some((self.rows.quantity(quantity), unit))
    }

    /// Takes a fact, unless its id is taken.
    pub(super) fn push_line(&mut self, line: &Line) -> bool {
        if self.rows.contains(&line.id) || self.entities.position(&line.id).is_some() {
            return false;
        }
        self.rows.push_line(line);
        self.summary.facts += 1;
        self.summary.claims += 1;
        true
    }
}

/// Parts in the order in which a snapshot wants them.
struct Writer<'r> {
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
    fn new(vocabulary: &'r Vocabulary, entities: &'r EntityTable, rows: &'r Rows) -> Writer<'r> {
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

    fn entities(&mut self, builder: &mut SnapshotBuilder) {
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

    fn records(&mut self, builder: &mut SnapshotBuilder, place: &Place, findings: &mut ImportFindings) {
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
                        findings.add(place.finding(ImportCode::UnknownReference, message, help));
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
