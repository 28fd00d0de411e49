//! Facts as numbers, until all have come.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::io;
use std::path::PathBuf;

use foldhash::quality::RandomState;
use hashbrown::HashTable;
use zerocopy::IntoBytes;

use super::super::compile::{Compiled, Filled};
use super::super::ids::IdSet;
use super::super::record::Fact;
use super::super::short::Short;
use super::figures::{FigureIx, Figures};
use super::spool::{Reader, Spool};
use crate::model::period::End;
use crate::model::quantity::Terms;
use crate::model::{KindIx, Outcome, Period, RelationKind, RoleIx, Stance};

/// Number of a text.
pub(in crate::import) type TextIx = u32;

/// Texts end to end, and the numbers of those that may come again.
#[derive(Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<usize>,
    short: HashTable<(Short, TextIx)>,
    long: HashTable<TextIx>,
    hasher: RandomState,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn get(&self, at: TextIx) -> &str {
        text_of(&self.text, &self.ends, at)
    }

    pub(super) fn push(&mut self, text: &str) -> TextIx {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        u32::try_from(self.ends.len() - 1).unwrap_or(u32::MAX)
    }

    /// No more texts come; those that there are keep their numbers.
    fn close(&mut self) {
        (self.short, self.long) = (HashTable::new(), HashTable::new());
    }

    /// The number of a text, the same for equal ones.
    pub(super) fn intern(&mut self, text: &str) -> TextIx {
        if let Some(short) = Short::of(text.as_bytes()) {
            let hash = self.hasher.hash_one(short);
            if let Some((_, known)) = self.short.find(hash, |(it, _)| *it == short) {
                return *known;
            }
            let at = self.push(text);
            let Texts { short: known, hasher, .. } = self;
            known.insert_unique(hash, (short, at), |(it, _)| hasher.hash_one(it));
            return at;
        }
        let hash = self.hasher.hash_one(text);
        if let Some(known) = self.long.find(hash, |it| text_of(&self.text, &self.ends, *it) == text) {
            return *known;
        }
        let at = self.push(text);
        let Texts { text, ends, long, hasher, .. } = self;
        long.insert_unique(hash, at, |it| hasher.hash_one(text_of(text, ends, *it)));
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

/// Values of which each stands once, by number.
struct Distinct<T> {
    list: Vec<T>,
    numbers: HashMap<T, u32, RandomState>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Self {
        Distinct { list: Vec::new(), numbers: HashMap::default() }
    }
}

impl<T: Copy + Eq + Hash> Distinct<T> {
    fn number(&mut self, value: T) -> u32 {
        *self.numbers.entry(value).or_insert_with(|| {
            self.list.push(value);
            end(self.list.len() - 1)
        })
    }

    fn get(&self, number: u32) -> Option<T> {
        self.list.get(number as usize).copied()
    }
}

/// Stands for nothing.
const NONE: u32 = u32::MAX;
/// Marks the number of somebody who is no plain entity.
const OTHERS: u32 = 1 << 31;

/// What claims mostly have in common.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ClaimPart {
    pub(super) stance: Stance,
    pub(super) made: Option<Period>,
    pub(super) period: Option<Period>,
    pub(super) withdrawn: Option<Period>,
    pub(super) scope: Option<TextIx>,
}

/// A claim.
pub(super) struct ClaimRow<'w> {
    pub(super) by: Who,
    pub(super) document: u32,
    pub(super) part: ClaimPart,
    pub(super) via: &'w [u32],
    /// Positions in the kind, and figures as numbers.
    pub(super) figures: &'w [[u32; 4]],
    pub(super) inferred: &'w [TextIx],
}

/// A fact.
pub(super) struct FactRow<'w> {
    pub(super) id: &'w str,
    pub(super) kind: KindIx,
    pub(super) outcome: Outcome,
    pub(super) period: Option<Period>,
    /// The object of the flow, which decides about units.
    pub(super) object: Option<u32>,
    pub(super) roles: Vec<(RoleIx, u32, Who)>,
    pub(super) claims: Vec<ClaimRow<'w>>,
    pub(super) relations: Vec<(RelationKind, TextIx)>,
    pub(super) inferred: &'w [TextIx],
    /// Names and values.
    pub(super) extra: &'w [[TextIx; 2]],
}

/// Facts so far, and what their numbers stand for.
pub(super) struct Rows {
    pub(super) texts: Texts,
    pub(super) ids: IdSet,
    spool: Spool,
    claims: usize,
    last: String,
    /// Whether all ids came in their order.
    pub(super) is_sorted: bool,
    /// Whether somebody unnamed takes part or speaks.
    pub(super) has_unnamed: bool,
    /// Sides of periods: their days come again, and the periods hardly ever.
    sides: Distinct<End>,
    others: Distinct<Who>,
    parts: Distinct<ClaimPart>,
    pub(super) figures: Figures,
}

pub(super) fn end(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Rows {
    /// `memory`: bytes of facts that may stay in memory; the others go into a file in the folder.
    pub(super) fn new(folder: PathBuf, memory: usize) -> Rows {
        Rows {
            texts: Texts::default(),
            ids: IdSet::new(),
            spool: Spool::new(folder, memory),
            claims: 0,
            last: String::new(),
            is_sorted: true,
            has_unnamed: false,
            sides: Distinct::default(),
            others: Distinct::default(),
            parts: Distinct::default(),
            figures: Figures::default(),
        }
    }

    /// How many facts there are.
    pub(super) fn len(&self) -> usize {
        self.spool.len()
    }

    /// How many claims they have.
    pub(super) fn claim_count(&self) -> u32 {
        end(self.claims)
    }

    /// No more facts come.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be written.
    pub(super) fn close(&mut self) -> io::Result<()> {
        self.texts.close();
        self.spool.close()
    }

    pub(super) fn reader(&self) -> io::Result<Reader<'_>> {
        self.spool.reader()
    }

    fn who(&mut self, it: Filled<'_>) -> Who {
        match it {
            Filled::Entity(at) => Who::Entity(at),
            Filled::PeopleOf { id, of } => Who::PeopleOf(id, of),
            Filled::Unnamed { of, label } => Who::Unnamed(of, label.map(|it| self.texts.intern(it))),
        }
    }

    fn number_of(&mut self, who: Who) -> u32 {
        match who {
            Who::Entity(at) => at,
            _ => {
                self.has_unnamed |= matches!(who, Who::Unnamed(..));
                self.others.number(who) | OTHERS
            }
        }
    }

    fn who_of(&self, number: u32) -> Who {
        let other = (number & OTHERS != 0).then(|| self.others.get(number & !OTHERS)).flatten();
        other.unwrap_or(Who::Entity(number))
    }

    /// The beginning of a fact: up to its roles.
    fn begin(&mut self, id: &str, (kind, outcome): (KindIx, Outcome), period: Option<Period>, object: Option<u32>) {
        self.is_sorted &= self.last.as_str() < id;
        self.last.clear();
        self.last.push_str(id);
        let sides = period.map_or([NONE; 2], |it| [it.start(), it.end()].map(|it| self.sides.number(it)));
        let words = self.spool.open();
        words.push(end(id.len()));
        let (whole, rest) = id.as_bytes().as_chunks::<4>();
        words.extend(whole.iter().map(|it| u32::from_ne_bytes(*it)));
        if !rest.is_empty() {
            let mut last = [0; 4];
            last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            words.push(u32::from_ne_bytes(last));
        }
        let [start, end] = sides;
        words.extend([u32::from(kind.0) | (outcome as u32) << 16, start, end, object.unwrap_or(NONE)]);
    }

    /// Takes a fact whose id is not taken.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be written.
    pub(super) fn push_line(&mut self, line: &Line) -> io::Result<()> {
        self.begin(&line.id, (line.kind, line.outcome), line.period, line.object);
        self.spool.open().push(end(line.roles.len()));
        for (role, number, who) in &line.roles {
            let who = self.number_of(*who);
            self.spool.open().extend([u32::from(role.0), *number, who]);
        }
        let by = self.number_of(line.by);
        self.claims += 1;
        let part = ClaimPart { stance: line.stance, made: line.made, period: None, withdrawn: None, scope: line.scope };
        let part = self.parts.number(part);
        let inferred = line.works_out_period.then(|| self.texts.intern("period"));
        let words = self.spool.open();
        words.extend([1, by, line.document, part, 0, end(line.figures.len())]);
        line.figures.iter().for_each(|it| words.extend(figure_numbers(*it)));
        // Nothing of the claim is worked out, and there are no relations.
        words.extend([0, 0, u32::from(inferred.is_some())]);
        words.extend(inferred);
        words.push(end(line.extra.len()));
        words.extend(line.extra.iter().flat_map(|(name, value)| [*name, *value]));
        self.spool.end()
    }

    /// Takes a fact whose id is not taken.
    ///
    /// # Errors
    ///
    /// A temporary file cannot be written.
    pub(super) fn push(&mut self, fact: &Fact, compiled: Compiled<'_>, terms: &Terms) -> io::Result<()> {
        self.begin(&fact.id, (compiled.kind, fact.outcome), compiled.period, compiled.object);
        self.spool.open().push(end(compiled.roles.len()));
        for (role, number, who) in compiled.roles {
            let who = self.who(who);
            let who = self.number_of(who);
            self.spool.open().extend([u32::from(role.0), end(number), who]);
        }
        self.claims += fact.claims.len();
        self.spool.open().push(end(fact.claims.len()));
        for (claim, said) in compiled.claims.into_iter().zip(&fact.claims) {
            let by = self.who(claim.by);
            let by = self.number_of(by);
            let scope = said.scope.as_deref().filter(|it| !it.trim().is_empty()).map(|it| self.texts.intern(it));
            let (made, period, withdrawn) = (claim.made, claim.period, claim.withdrawn);
            let part = self.parts.number(ClaimPart { stance: said.stance, made, period, withdrawn, scope });
            let words = self.spool.open();
            words.extend([by, claim.document, part, end(claim.via.len())]);
            words.extend(claim.via);
            words.push(end(claim.figures.len()));
            for (at, quantity) in claim.figures {
                let figure = self.figures.add(quantity, terms);
                self.spool.open().extend(figure_numbers((at, figure)));
            }
            self.push_texts(&said.inferred);
        }
        let relations: Vec<(RelationKind, &String)> =
            fact.relations.iter().flat_map(|(kind, ids)| ids.iter().map(|id| (*kind, id))).collect();
        self.spool.open().push(end(relations.len()));
        for (kind, id) in relations {
            let id = self.texts.intern(id);
            self.spool.open().extend([kind as u32, id]);
        }
        self.push_texts(&fact.inferred);
        self.spool.open().push(end(fact.extra.iter().map(|(_, values)| values.len()).sum()));
        for (name, values) in &fact.extra {
            for value in values {
                let pair = [self.texts.intern(name), self.texts.intern(value)];
                self.spool.open().extend(pair);
            }
        }
        self.spool.end()
    }

    fn push_texts(&mut self, texts: &[String]) {
        self.spool.open().push(end(texts.len()));
        for text in texts {
            let text = self.texts.intern(text);
            self.spool.open().push(text);
        }
    }

    /// A fact out of its numbers.
    pub(super) fn fact<'w>(&self, words: &'w [u32]) -> FactRow<'w> {
        let mut words = Words(words);
        let id = words.id();
        let head = words.next();
        let sides = [words.next(), words.next()].map(|it| self.sides.get(it));
        // They were those of a period.
        let period = if let [Some(start), Some(end)] = sides { Period::new(start, end).ok() } else { None };
        let object = words.next();
        let roles = words.lists::<3>();
        let roles =
            roles.iter().map(|[role, number, who]| (RoleIx((*role & 0xffff) as u16), *number, self.who_of(*who)));
        let roles = roles.collect();
        let claims = (0..words.next()).map_while(|_| {
            let (by, document, part) = (words.next(), words.next(), self.parts.get(words.next())?);
            let (via, figures, inferred) = (words.list(), words.lists::<4>(), words.list());
            Some(ClaimRow { by: self.who_of(by), document, part, via, figures, inferred })
        });
        let claims = claims.collect();
        let relations = words
            .lists::<2>()
            .iter()
            .filter_map(|[kind, id]| Some((RelationKind::ALL.get(*kind as usize).copied()?, *id)));
        FactRow {
            id,
            kind: KindIx((head & 0xffff) as u16),
            outcome: Outcome::ALL.get((head >> 16) as usize).copied().unwrap_or_default(),
            period,
            object: (object != NONE).then_some(object),
            roles,
            claims,
            relations: relations.collect(),
            inferred: words.list(),
            extra: words.lists::<2>(),
        }
    }
}

fn figure_numbers((at, figure): (u8, FigureIx)) -> [u32; 4] {
    let [words, low, high] = figure.numbers();
    [u32::from(at), words, low, high]
}

/// The id of a fact out of its numbers.
pub(super) fn id_of(words: &[u32]) -> &str {
    Words(words).id()
}

/// Numbers one after the other; zeros beyond the last, for they were written here.
struct Words<'w>(&'w [u32]);

impl<'w> Words<'w> {
    fn take(&mut self, count: usize) -> &'w [u32] {
        let (taken, rest) = self.0.split_at(count.min(self.0.len()));
        self.0 = rest;
        taken
    }

    fn next(&mut self) -> u32 {
        self.take(1).first().copied().unwrap_or(0)
    }

    fn list(&mut self) -> &'w [u32] {
        let count = self.next() as usize;
        self.take(count)
    }

    fn lists<const N: usize>(&mut self) -> &'w [[u32; N]] {
        let count = self.next() as usize;
        self.take(count * N).as_chunks::<N>().0
    }

    fn id(&mut self) -> &'w str {
        let length = self.next() as usize;
        let bytes = self.take(length.div_ceil(4)).as_bytes();
        std::str::from_utf8(bytes.get(..length).unwrap_or_default()).unwrap_or_default()
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
    pub(in crate::import) figures: Vec<(u8, FigureIx)>,
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
