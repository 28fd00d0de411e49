//! Facts as columns of small rows, until all have come.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::super::compile::{Compiled, Filled};
use super::super::record::Fact;
use crate::model::{KindIx, Outcome, Period, Quantity, RelationKind, RoleIx, Stance};

/// Number of a text.
pub(in crate::import) type TextIx = u32;

/// Texts end to end, and the numbers of those that may come again.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
    known: HashTable<TextIx>,
    hasher: RandomState,
}

impl Texts {
    pub(super) fn get(&self, at: TextIx) -> &str {
        text_of(&self.text, &self.ends, at)
    }

    pub(super) fn push(&mut self, text: &str) -> TextIx {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// The number of a text, the same for equal ones.
    pub(super) fn intern(&mut self, text: &str) -> TextIx {
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
pub(in crate::import) enum Who {
    Entity(u32),
    PeopleOf(u32, u32),
    Unnamed(u32, Option<TextIx>),
}

impl Who {
    /// The position of an entity, if it is one.
    pub(in crate::import) fn entity(self) -> Option<u32> {
        match self {
            Who::Entity(at) | Who::PeopleOf(at, _) => Some(at),
            Who::Unnamed(..) => None,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct FactRow {
    pub(super) id: TextIx,
    pub(super) kind: KindIx,
    pub(super) outcome: Outcome,
    pub(super) period: Option<Period>,
    /// The object of the flow, which decides about units.
    pub(super) object: Option<u32>,
    /// Where the lists end: roles, claims, relations, inferred, extra.
    pub(super) ends: [u32; 5],
}

#[derive(Clone, Copy)]
pub(super) struct ClaimRow {
    pub(super) by: Who,
    pub(super) document: u32,
    pub(super) stance: Stance,
    pub(super) made: Option<Period>,
    pub(super) period: Option<Period>,
    pub(super) withdrawn: Option<Period>,
    pub(super) scope: Option<TextIx>,
    /// Where the lists end: relays, figures, inferred.
    pub(super) ends: [u32; 3],
}

/// Facts as columns.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) texts: Texts,
    /// Numbers of the facts by their ids, once these do not come in their order.
    pub(super) by_id: Option<HashTable<u32>>,
    pub(super) facts: Vec<FactRow>,
    pub(super) roles: Vec<(RoleIx, u32, Who)>,
    pub(super) claims: Vec<ClaimRow>,
    pub(super) relations: Vec<(RelationKind, TextIx)>,
    pub(super) inferred: Vec<TextIx>,
    pub(super) extra: Vec<(TextIx, TextIx)>,
    pub(super) via: Vec<u32>,
    pub(super) figures: Vec<(u8, u32)>,
    pub(super) inferred_in_claims: Vec<TextIx>,
    /// Figures of one wording stand once; whether a unit is named tells if it is still open.
    pub(super) quantities: Vec<Quantity>,
    pub(super) quantity_of: HashMap<Box<str>, u32>,
}

pub(super) fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The list at a position, by the ends of all.
pub(super) fn list<T>(items: &[T], before: u32, end: u32) -> &[T] {
    items.get(before as usize..end as usize).unwrap_or_default()
}

impl Rows {
    /// Whether a fact has that id. Ids that come in their order need no index.
    pub(super) fn contains(&self, id: &str) -> bool {
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

    pub(super) fn quantity(&mut self, quantity: Quantity) -> u32 {
        if let Some(known) = self.quantity_of.get(&*quantity.text) {
            return *known;
        }
        let at = end(self.quantities.len());
        self.quantity_of.insert(quantity.text.clone(), at);
        self.quantities.push(quantity);
        at
    }

    pub(super) fn push_line(&mut self, line: &Line) {
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

    pub(super) fn push(&mut self, fact: &Fact, compiled: Compiled<'_>) {
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

/// A fact with one claim whose every value was read and checked, for tables.
pub(in crate::import) struct Line {
    pub(in crate::import) id: String,
    pub(in crate::import) kind: KindIx,
    /// In the order of the kind, each with its number within the role.
    pub(in crate::import) roles: Vec<(RoleIx, u32, Who)>,
    /// The object of the flow.
    pub(in crate::import) object: Option<u32>,
    pub(in crate::import) period: Option<Period>,
    pub(in crate::import) made: Option<Period>,
    /// Whether the period is worked out.
    pub(in crate::import) works_out_period: bool,
    pub(in crate::import) outcome: Outcome,
    pub(in crate::import) stance: Stance,
    pub(in crate::import) by: Who,
    pub(in crate::import) document: u32,
    pub(in crate::import) scope: Option<TextIx>,
    /// In the order of the kind.
    pub(in crate::import) figures: Vec<(u8, u32)>,
    /// Names and values.
    pub(in crate::import) extra: Vec<(TextIx, TextIx)>,
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
