//! Rows straight into the columns of a snapshot. Tables repeat themselves, so each text of a column is read once; a row in which
//! anything is out of the ordinary goes the usual way, which tells what it is.

use std::collections::HashMap;
use std::io;

use super::contradictions::{Contradictions, Key, Told};
use super::names::Names;
use super::reader::TableReader;
use super::rows::{Failure, Mapper, REMEMBERED};
use crate::import::record::{End, Fact};
use crate::import::sink::Sink;
use crate::import::snapshot::{Line, SnapshotSink, Who};
use crate::model::{EntityKind, EntityKinds, FlowEnd, KindIx, Outcome, Period, RoleIx, Stance, UnitIx, Vocabulary};

/// What a text of a column means; nothing for what the usual way must look at.
type Meanings<T> = HashMap<Box<[u8]>, Option<T>>;

/// The number of a figure and the unit that it names, unless the field is blank.
type ReadFigure = Option<(u32, Option<UnitIx>)>;

/// A role of a kind that the mapping fills.
struct Slot {
    /// Its position among the mapped roles.
    mapped: usize,
    role: RoleIx,
    flow: Option<FlowEnd>,
    accepts: EntityKinds,
    required: bool,
}

struct KindPlan {
    kind: KindIx,
    /// In the order of the kind.
    slots: Vec<Slot>,
    /// The mapped positions of source and target.
    ends: (Option<usize>, Option<usize>),
    /// Mapped roles that it lacks, whose columns fill another of it.
    passed_over: Vec<usize>,
    /// Of each mapped figure: its position in the kind, and the unit whose dimension it must have.
    figures: Vec<Option<(u8, Option<UnitIx>)>>,
}

/// What was learned of a table so far.
pub(super) struct Fast {
    kinds: Vec<(String, Option<KindPlan>)>,
    kind_of: Meanings<usize>,
    directions: Meanings<bool>,
    roles: Vec<Meanings<Vec<(Who, EntityKind)>>>,
    periods: [Meanings<Option<Period>>; 2],
    figures: Vec<Meanings<ReadFigure>>,
    outcomes: Meanings<Option<Outcome>>,
    stances: Meanings<Option<Stance>>,
    claimants: Meanings<Who>,
    blanks: Meanings<bool>,
    /// Of each column that is kept: its name.
    extra: Vec<(usize, u32)>,
    document: u32,
    person: Option<UnitIx>,
    key: Vec<u8>,
    line: Line,
    filled: Vec<Vec<(Who, EntityKind)>>,
    /// Of each figure of a row: the unit that it names, and that which the kind wants.
    units: Vec<(Option<UnitIx>, Option<UnitIx>)>,
}

/// A row that must go the usual way.
enum Stop {
    Odd,
    Output(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Output(error)
    }
}

/// The meaning of a text, found out if it is new.
fn meaning<'c, T>(
    known: &'c mut Meanings<T>,
    key: &[u8],
    read: impl FnOnce() -> Result<Option<T>, Stop>,
) -> Result<&'c T, Stop> {
    if !known.contains_key(key) {
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let value = read()?;
        known.insert(key.into(), value);
    }
    known.get(key).and_then(Option::as_ref).ok_or(Stop::Odd)
}

/// What the usual way reads; nothing if it has something to tell.
fn usual<T>(found: Result<T, Failure>, told: bool) -> Result<Option<T>, Stop> {
    match found {
        Ok(value) => Ok(Some(value).filter(|_| !told)),
        Err(Failure::Row(_)) => Ok(None),
        Err(Failure::Output(error)) => Err(Stop::Output(error)),
    }
}

impl Fast {
    pub(super) fn new(mapper: &Mapper<'_>, vocabulary: &Vocabulary, sink: &mut SnapshotSink) -> Option<Fast> {
        let mapping = mapper.plan.mapping;
        let (document, _) = sink.entity_at(&mapping.source.document.id)?;
        let extra = mapper.plan.extra.iter().map(|it| (*it, sink.text(mapper.plan.name(*it)))).collect();
        let all = mapping.kind.constant.iter().chain(mapping.kind.values.iter().map(|(_, kind)| kind));
        let kinds = all.map(|it| (it.clone(), kind_plan(it, mapper, vocabulary))).collect();
        Some(Fast {
            kinds,
            kind_of: HashMap::new(),
            directions: HashMap::new(),
            roles: mapping.roles.iter().map(|_| HashMap::new()).collect(),
            periods: Default::default(),
            figures: mapping.figures.iter().map(|_| HashMap::new()).collect(),
            outcomes: HashMap::new(),
            stances: HashMap::new(),
            claimants: HashMap::new(),
            blanks: HashMap::new(),
            extra,
            document,
            person: vocabulary.terms.unit_ix("person"),
            key: Vec::new(),
            line: Line::default(),
            filled: mapping.roles.iter().map(|_| Vec::new()).collect(),
            units: Vec::new(),
        })
    }

    /// Puts a row in, if nothing about it is out of the ordinary: whether it went in, and what is to be told then.
    pub(super) fn row(
        &mut self,
        row: &TableReader,
        with: With<'_, '_>,
        contradictions: &mut Contradictions,
    ) -> io::Result<Option<Told>> {
        match self.read(row, with, contradictions) {
            Ok(told) => Ok(Some(told)),
            Err(Stop::Odd) => Ok(None),
            Err(Stop::Output(error)) => Err(error),
        }
    }

    fn read(
        &mut self,
        row: &TableReader,
        With { mapper, names, sink, vocabulary }: With<'_, '_>,
        contradictions: &mut Contradictions,
    ) -> Result<Told, Stop> {
        let kind = self.kind(row, mapper)?;
        let backward = self.backward(row, mapper)?;
        // Entities are made last, so that a row that cannot be used leaves none behind.
        self.line.figures.clear();
        self.units.clear();
        for at in 0..self.figures.len() {
            let Some((figure, it)) =
                self.figure(at, row, mapper, sink)?.map(|it| (plan_figure(plan_of(&self.kinds, kind), at), it))
            else {
                continue;
            };
            let Some((place, declared)) = figure else { return Err(Stop::Odd) };
            self.line.figures.push((place, it.0));
            self.units.push((it.1, declared));
        }
        self.line.period = self.period(0, row, mapper)?;
        self.line.made = self.period(1, row, mapper)?;
        self.line.works_out_period =
            self.line.period.is_some() && mapper.plan.period.as_ref().is_some_and(|it| it.mapped.inferred);
        self.choices(row, mapper)?;
        mapper.not_utf8 = false;
        mapper.write_id(row, &mut self.line.id).map_err(|_| Stop::Odd)?;
        if mapper.not_utf8 || sink.has(&self.line.id) {
            return Err(Stop::Odd);
        }
        self.line.by = self.claimant(row, (kind, backward), mapper, names, sink)?;
        for at in 0..self.filled.len() {
            if plan_of(&self.kinds, kind).is_some_and(|it| it.passed_over.contains(&at)) {
                self.filled.get_mut(at).into_iter().for_each(Vec::clear);
                continue;
            }
            self.fill(at, row, (kind, backward), mapper, names, sink)?;
        }
        let Some((_, Some(plan))) = self.kinds.get(kind) else { return Err(Stop::Odd) };
        if backward {
            let (Some(source), Some(target)) = plan.ends else { return Err(Stop::Odd) };
            self.filled.swap(source, target);
        }
        self.line.roles.clear();
        self.line.object = None;
        let mut is_people = false;
        let mut used = 0;
        for slot in &plan.slots {
            let Some(ends) = self.filled.get(slot.mapped) else { return Err(Stop::Odd) };
            if (ends.is_empty() && slot.required) || (slot.flow.is_some() && ends.len() > 1) {
                return Err(Stop::Odd);
            }
            used += ends.len();
            for (number, (who, kind)) in (0_u32..).zip(ends) {
                if !matches!(who, Who::Unnamed(..)) && !slot.accepts.contains(*kind) {
                    return Err(Stop::Odd);
                }
                if slot.flow == Some(FlowEnd::Object) {
                    self.line.object = who.entity();
                    is_people = self.line.object.is_some() && *kind == EntityKind::Population;
                }
                self.line.roles.push((slot.role, number, *who));
            }
        }
        // What the kind has no role for is told.
        if used != self.filled.iter().map(Vec::len).sum::<usize>() {
            return Err(Stop::Odd);
        }
        self.line.kind = plan.kind;
        let expected = if is_people { self.person } else { None };
        for (unit, declared) in self.units.drain(..) {
            if let (Some(unit), Some(expected)) = (unit, declared.or(expected)) {
                let dimension = |it| vocabulary.terms.unit(it).map(|it| &it.dimension);
                if dimension(unit) != dimension(expected) {
                    return Err(Stop::Odd);
                }
            }
        }
        if used == 0 && self.line.figures.is_empty() {
            return Err(Stop::Odd);
        }
        if self.line.figures.len() > 1 {
            self.line.figures.sort_unstable_by_key(|it| it.0);
            if self.line.figures.windows(2).any(|it| it.first().map(|it| it.0) == it.last().map(|it| it.0)) {
                return Err(Stop::Odd);
            }
        }
        self.line.document = self.document;
        self.kept(row, mapper, sink)?;
        if !sink.push_line(&self.line) {
            return Err(Stop::Odd);
        }
        let ends = plan_of(&self.kinds, kind).and_then(|it| Some((it.ends.0?, it.ends.1?)));
        let Some((source, target)) = ends else { return Ok(None) };
        let key = contradictions.key_of_line(&self.line, &self.filled, [source, target]);
        Ok(key.and_then(|it| contradictions.note(it, row.line())))
    }

    /// By what a fact is known that went the usual way, so that it is seen beside those that did not.
    pub(super) fn key_of(
        &self,
        fact: &Fact,
        mapper: &Mapper<'_>,
        sink: &mut SnapshotSink,
        contradictions: &Contradictions,
    ) -> Option<Key> {
        let plan = self.kinds.iter().find(|(it, _)| *it == fact.kind).and_then(|(_, it)| it.as_ref());
        let Some(plan) = plan else { return contradictions.key_of(fact, &mapper.plan) };
        let claim = fact.claims.first()?;
        let mut filled = Vec::with_capacity(self.filled.len());
        for role in &mapper.plan.mapping.roles {
            let ends = fact.roles.iter().find(|(it, _)| *it == role.role).map_or(&[][..], |it| &it.1);
            filled.push(ends.iter().map(|it| who(it, sink)).collect::<Option<Vec<_>>>()?);
        }
        let mut line = Line { kind: plan.kind, by: who(&claim.by, sink)?.0, ..Line::default() };
        line.period = fact.period.as_deref().and_then(|it| Period::parse(it).ok());
        line.scope = claim.scope.as_deref().map(|it| sink.text(it));
        let figures = mapper.plan.mapping.figures.iter().zip(&plan.figures);
        for (mapped, place) in figures {
            let name = if mapped.figure.is_empty() { "quantity" } else { &mapped.figure };
            if let (Some((_, text)), Some((place, _))) = (claim.figures.iter().find(|(it, _)| it == name), place) {
                line.figures.push((*place, sink.quantity(text)?.0));
            }
        }
        line.figures.sort_unstable_by_key(|it| it.0);
        contradictions.key_of_line(&line, &filled, [plan.ends.0?, plan.ends.1?])
    }

    fn kind(&mut self, row: &TableReader, mapper: &mut Mapper<'_>) -> Result<usize, Stop> {
        let Some(column) = mapper.plan.kind else { return Ok(0) };
        let kinds = &self.kinds;
        let found = meaning(&mut self.kind_of, row.field(column), || {
            let kind = usual(mapper.kind(row).map_err(Failure::Row), false)?;
            Ok(kind.and_then(|kind| kinds.iter().position(|(it, _)| *it == kind)))
        });
        found.copied()
    }

    fn backward(&mut self, row: &TableReader, mapper: &mut Mapper<'_>) -> Result<bool, Stop> {
        let Some(column) = mapper.plan.direction else { return Ok(false) };
        let found = meaning(&mut self.directions, row.field(column), || {
            usual(mapper.backward(row).map_err(Failure::Row), false)
        });
        found.copied()
    }

    fn fill(
        &mut self,
        at: usize,
        row: &TableReader,
        (kind, backward): (usize, bool),
        mapper: &mut Mapper<'_>,
        names: &mut Names,
        sink: &mut SnapshotSink,
    ) -> Result<(), Stop> {
        let kind = self.kinds.get(kind).map_or("", |(id, _)| id);
        let columns = mapper.plan.roles.get(at).map_or([None; 2], |it| [it.column, it.id_column]);
        let key = joined(&mut self.key, row, columns);
        let (Some(known), Some(filled)) = (self.roles.get_mut(at), self.filled.get_mut(at)) else {
            return Err(Stop::Odd);
        };
        let found = meaning(known, key, || {
            // Nobody is made of a row that another column spoils.
            if mapper.lacking(kind, backward, row).is_some() {
                return Err(Stop::Odd);
            }
            mapper.not_utf8 = false;
            let ends = mapper.role(at, row, names, sink);
            let Some(ends) = usual(ends, mapper.not_utf8)? else { return Ok(None) };
            Ok(ends.iter().map(|it| who(it, sink)).collect())
        })?;
        filled.clear();
        filled.extend_from_slice(found);
        Ok(())
    }

    fn figure(
        &mut self,
        at: usize,
        row: &TableReader,
        mapper: &mut Mapper<'_>,
        sink: &mut SnapshotSink,
    ) -> Result<ReadFigure, Stop> {
        let columns = mapper
            .plan
            .figures
            .get(at)
            .map_or([None; 4], |it| [Some(it.column), it.to, it.unit_column, it.hedge_column]);
        let key = joined(&mut self.key, row, columns);
        let Some(known) = self.figures.get_mut(at) else { return Err(Stop::Odd) };
        let found = meaning(known, key, || {
            mapper.not_utf8 = false;
            let figure = mapper.figure(at, row).map_err(Failure::Row);
            Ok(match usual(figure, mapper.not_utf8)? {
                Some(Some((_, text))) => sink.quantity(&text).map(Some),
                Some(None) => Some(None),
                None => None,
            })
        });
        found.copied()
    }

    fn period(&mut self, which: usize, row: &TableReader, mapper: &mut Mapper<'_>) -> Result<Option<Period>, Stop> {
        let plan = if which == 0 { &mapper.plan.period } else { &mapper.plan.made };
        let Some(plan) = plan else { return Ok(None) };
        let key = joined(&mut self.key, row, [Some(plan.column), plan.to]);
        let Some(known) = self.periods.get_mut(which) else { return Err(Stop::Odd) };
        let found = meaning(known, key, || {
            mapper.not_utf8 = false;
            let period = mapper.period(which, row).map_err(Failure::Row);
            Ok(match usual(period, mapper.not_utf8 || mapper.ambiguous.is_some())? {
                Some(Some(text)) => Period::parse(&text).ok().map(Some),
                Some(None) => Some(None),
                None => None,
            })
        });
        found.copied()
    }

    fn choices(&mut self, row: &TableReader, mapper: &mut Mapper<'_>) -> Result<(), Stop> {
        let outcome = match (mapper.plan.outcome, &mapper.plan.mapping.outcome) {
            (Some(column), Some(choice)) => *meaning(&mut self.outcomes, row.field(column), || {
                usual(mapper.choice(row, Some(column), Some(choice)).map_err(Failure::Row), false)
            })?,
            (_, choice) => choice.as_ref().and_then(|it| it.constant),
        };
        let stance = match (mapper.plan.stance, &mapper.plan.mapping.stance) {
            (Some(column), Some(choice)) => *meaning(&mut self.stances, row.field(column), || {
                usual(mapper.choice(row, Some(column), Some(choice)).map_err(Failure::Row), false)
            })?,
            (_, choice) => choice.as_ref().and_then(|it| it.constant),
        };
        self.line.outcome = outcome.unwrap_or_default();
        self.line.stance = stance.unwrap_or_default();
        Ok(())
    }

    fn claimant(
        &mut self,
        row: &TableReader,
        (kind, backward): (usize, bool),
        mapper: &mut Mapper<'_>,
        names: &mut Names,
        sink: &mut SnapshotSink,
    ) -> Result<Who, Stop> {
        let kind = self.kinds.get(kind).map_or("", |(id, _)| id);
        let key = mapper.plan.by.map_or(&[][..], |it| row.field(it));
        let found = meaning(&mut self.claimants, key, || {
            if mapper.lacking(kind, backward, row).is_some() {
                return Err(Stop::Odd);
            }
            mapper.not_utf8 = false;
            let Some(by) = usual(mapper.claimant(row, names, sink), mapper.not_utf8)? else { return Ok(None) };
            Ok(who(&by, sink).filter(|(_, kind)| EntityKind::CLAIMANTS.contains(kind)).map(|(who, _)| who))
        });
        found.copied()
    }

    /// What has no field, and the scope.
    fn kept(&mut self, row: &TableReader, mapper: &mut Mapper<'_>, sink: &mut SnapshotSink) -> Result<(), Stop> {
        self.line.extra.clear();
        for (column, name) in &self.extra {
            if let Some(text) = plain(row.field(*column), &mut self.blanks, mapper)? {
                self.line.extra.push((*name, sink.text(text)));
            }
        }
        self.line.scope = match mapper.plan.scope {
            Some(column) => plain(row.field(column), &mut self.blanks, mapper)?.map(|it| sink.text(it)),
            None => None,
        };
        Ok(())
    }
}

/// What a row is read with.
pub(super) struct With<'w, 'm> {
    pub(super) mapper: &'w mut Mapper<'m>,
    pub(super) names: &'w mut Names,
    pub(super) sink: &'w mut SnapshotSink,
    pub(super) vocabulary: &'w Vocabulary,
}

/// A text, unless it stands for nothing.
fn plain<'r>(bytes: &'r [u8], blanks: &mut Meanings<bool>, mapper: &Mapper<'_>) -> Result<Option<&'r str>, Stop> {
    let text = std::str::from_utf8(bytes).map_err(|_| Stop::Odd)?.trim();
    let listed = &mapper.plan.mapping.layout.blanks;
    if text.is_empty() {
        return Ok(None);
    }
    // Blanks are short, and texts that are kept are mostly long.
    if listed.iter().all(|it| it.len() != text.len()) {
        return Ok(Some(text));
    }
    let blank = *meaning(blanks, text.as_bytes(), || Ok(Some(listed.iter().any(|it| it == text))))?;
    Ok((!blank).then_some(text))
}

/// The fields of some columns as one key. A byte that stands in no field parts them.
fn joined<'k, const N: usize>(key: &'k mut Vec<u8>, row: &'k TableReader, columns: [Option<usize>; N]) -> &'k [u8] {
    let mut given = columns.iter().flatten();
    if let (Some(only), None) = (given.next(), given.next()) {
        return row.field(*only);
    }
    key.clear();
    for column in columns {
        key.extend_from_slice(column.map_or(&[][..], |it| row.field(it)));
        key.push(0xff);
    }
    key
}

fn plan_of(kinds: &[(String, Option<KindPlan>)], kind: usize) -> Option<&KindPlan> {
    kinds.get(kind).and_then(|(_, plan)| plan.as_ref())
}

fn plan_figure(plan: Option<&KindPlan>, at: usize) -> Option<(u8, Option<UnitIx>)> {
    plan.and_then(|it| it.figures.get(at).copied().flatten())
}

fn who(end: &End, sink: &mut SnapshotSink) -> Option<(Who, EntityKind)> {
    match end {
        End::Entity(id) => sink.entity_at(id).map(|(at, kind)| (Who::Entity(at), kind)),
        End::Unnamed { of, label: None } => sink.entity_at(of).map(|(at, kind)| (Who::Unnamed(at, None), kind)),
        _ => None,
    }
}

fn kind_plan(id: &str, mapper: &Mapper<'_>, vocabulary: &Vocabulary) -> Option<KindPlan> {
    let ix = vocabulary.kind_ix(id)?;
    let kind = vocabulary.kind(ix)?;
    let mapping = mapper.plan.mapping;
    let mut slots = Vec::new();
    let mut flows = Vec::new();
    for spec in &kind.roles {
        let mut mapped =
            mapping.roles.iter().enumerate().filter(|(_, it)| vocabulary.role_ix(&it.role) == Some(spec.role));
        match (mapped.next(), mapped.next()) {
            (Some((at, _)), None) => {
                slots.push(Slot {
                    mapped: at,
                    role: spec.role,
                    flow: spec.flow,
                    accepts: spec.accepts,
                    required: spec.required,
                });
                flows.extend(spec.flow);
            }
            (None, _) if !spec.required => {}
            // A role that stands twice or is missing is the usual way's to tell.
            _ => return None,
        }
    }
    // So are two roles for one end.
    let all = flows.len();
    flows.sort_unstable();
    flows.dedup();
    if flows.len() != all {
        return None;
    }
    let figures = mapping.figures.iter().map(|it| {
        let at = if it.figure.is_empty() { (!kind.figures.is_empty()).then_some(0) } else { kind.figure(&it.figure) };
        at.map(|at| (at, kind.figures.get(usize::from(at)).and_then(|it| it.unit)))
    });
    let ends = mapper.plan.ends.get(id).copied().unwrap_or_default();
    let passed_over = mapper.plan.passed_over.get(id).cloned().unwrap_or_default();
    Some(KindPlan { kind: ix, slots, ends, passed_over, figures: figures.collect() })
}
