//! Rows straight into the columns of a snapshot. Tables repeat themselves, so each text of a column is read once; a row in which
//! anything is out of the ordinary goes the usual way, which tells what it is.

mod figures;
mod kinds;
mod periods;

use std::io;

use super::batch::Row;
use super::codes::Groups;
use super::contradictions::{Contradictions, Key};
use super::names::Names;
use super::rows::{Failure, Mapper};
use crate::import::record::{End, Fact};
use crate::import::sink::Sink;
use crate::import::snapshot::{Line, SnapshotSink, Who};
use crate::model::{EntityKind, FlowEnd, MappedRole, Outcome, Period, Stance, UnitIx, Vocabulary};
use figures::Figures;
use kinds::{KindPlan, kind_plan, plan_figure, plan_of};
use periods::Periods;

/// What the texts of a column mean, by their numbers; nothing for what the usual way must look at.
struct Meanings<T>(Vec<Option<Option<T>>>);

impl<T> Default for Meanings<T> {
    fn default() -> Self {
        Meanings(Vec::new())
    }
}

impl<T> Meanings<T> {
    fn forget(&mut self) {
        self.0.clear();
    }

    /// The meaning of a text, found out if it is new.
    fn of(&mut self, code: u32, read: impl FnOnce() -> Result<Option<T>, Stop>) -> Result<&T, Stop> {
        let at = code as usize;
        if self.0.len() <= at {
            self.0.resize_with(at + 1, || None);
        }
        let Some(place) = self.0.get_mut(at) else { return Err(Stop::Odd) };
        if place.is_none() {
            *place = Some(read()?);
        }
        place.as_ref().and_then(Option::as_ref).ok_or(Stop::Odd)
    }
}

/// Who fills a role in a row: mostly one.
enum Ends {
    One((Who, EntityKind)),
    Several(Box<[(Who, EntityKind)]>),
}

impl Ends {
    fn as_slice(&self) -> &[(Who, EntityKind)] {
        match self {
            Ends::One(it) => std::slice::from_ref(it),
            Ends::Several(all) => all,
        }
    }
}

impl From<Vec<(Who, EntityKind)>> for Ends {
    fn from(all: Vec<(Who, EntityKind)>) -> Ends {
        if let [only] = all.as_slice() { Ends::One(*only) } else { Ends::Several(all.into()) }
    }
}

/// The first role that reads the same as another.
fn first_alike(role: &MappedRole, all: &[MappedRole]) -> usize {
    let unnamed = |it: &MappedRole| MappedRole { role: String::new(), ..it.clone() };
    all.iter().position(|it| unnamed(it) == unnamed(role)).unwrap_or_default()
}

/// What was learned of a table so far.
pub(super) struct Fast {
    groups: Groups,
    kinds: Vec<(String, Option<KindPlan>)>,
    kind_of: Meanings<usize>,
    directions: Meanings<bool>,
    roles: Vec<Meanings<Ends>>,
    /// Of each mapped role, which of those it is: roles that read the same of the same columns have one.
    role_of: Vec<usize>,
    periods: Periods,
    figures: Figures,
    outcomes: Meanings<Option<Outcome>>,
    stances: Meanings<Option<Stance>>,
    claimants: Meanings<Who>,
    /// Of each column that is kept: its name.
    extra: Vec<(usize, u32)>,
    document: u32,
    person: Option<UnitIx>,
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
        let groups = Groups::of(&mapper.plan).0;
        Some(Fast {
            groups,
            kinds,
            kind_of: Meanings::default(),
            directions: Meanings::default(),
            roles: mapping.roles.iter().map(|_| Meanings::default()).collect(),
            role_of: mapping.roles.iter().map(|it| first_alike(it, &mapping.roles)).collect(),
            periods: Periods::default(),
            figures: Figures::new(mapping.figures.len(), groups),
            outcomes: Meanings::default(),
            stances: Meanings::default(),
            claimants: Meanings::default(),
            extra,
            document,
            person: vocabulary.terms.unit_ix("person"),
            line: Line::default(),
            filled: mapping.roles.iter().map(|_| Vec::new()).collect(),
            units: Vec::new(),
        })
    }

    /// The texts of a group of columns are numbered anew.
    pub(super) fn forget(&mut self, group: usize) {
        match group {
            Groups::KIND => self.kind_of.0.clear(),
            Groups::DIRECTION => self.directions.0.clear(),
            Groups::OUTCOME => self.outcomes.0.clear(),
            Groups::STANCE => self.stances.0.clear(),
            Groups::CLAIMANT => self.claimants.0.clear(),
            _ => {}
        }
        let all = |at: usize| group.checked_sub(at);
        all(self.groups.role(0)).and_then(|at| self.roles.get_mut(at)).into_iter().for_each(|it| it.0.clear());
        self.periods.forget(group);
        self.figures.forget(group);
    }

    /// Puts a row in, if nothing about it is out of the ordinary: whether it went in.
    pub(super) fn row(
        &mut self,
        row: &Row<'_>,
        with: With<'_, '_>,
        contradictions: &mut Contradictions,
    ) -> io::Result<bool> {
        match self.read(row, with, contradictions) {
            Ok(()) => Ok(true),
            Err(Stop::Odd) => Ok(false),
            Err(Stop::Output(error)) => Err(error),
        }
    }

    fn read(
        &mut self,
        row: &Row<'_>,
        With { mapper, names, sink, vocabulary }: With<'_, '_>,
        contradictions: &mut Contradictions,
    ) -> Result<(), Stop> {
        let kind = self.kind(row, mapper)?;
        let backward = self.backward(row, mapper)?;
        // Entities are made last, so that a row that cannot be used leaves none behind.
        self.line.figures.clear();
        self.units.clear();
        for at in 0..mapper.plan.figures.len() {
            let Some((figure, it)) =
                self.figures.read(at, row, mapper, sink)?.map(|it| (plan_figure(plan_of(&self.kinds, kind), at), it))
            else {
                continue;
            };
            let Some((place, declared)) = figure else { return Err(Stop::Odd) };
            self.line.figures.push((place, it.0));
            self.units.push((it.1, declared));
        }
        self.line.period = self.periods.read(0, row, mapper)?;
        self.line.made = self.periods.read(1, row, mapper)?;
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
        if !sink.push_line(&self.line)? {
            return Err(Stop::Odd);
        }
        let ends = plan_of(&self.kinds, kind).and_then(|it| Some((it.ends.0?, it.ends.1?)));
        let Some((source, target)) = ends else { return Ok(()) };
        match contradictions.key_of_line(&self.line, &self.filled, [source, target]) {
            Some(key) => Ok(contradictions.note(key, row.line())?),
            None => Ok(()),
        }
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
                line.figures.push((*place, sink.figure(text)?.0));
            }
        }
        line.figures.sort_unstable_by_key(|it| it.0);
        contradictions.key_of_line(&line, &filled, [plan.ends.0?, plan.ends.1?])
    }

    fn kind(&mut self, row: &Row<'_>, mapper: &mut Mapper<'_>) -> Result<usize, Stop> {
        if mapper.plan.kind.is_none() {
            return Ok(0);
        }
        let kinds = &self.kinds;
        let found = self.kind_of.of(row.code(Groups::KIND), || {
            let kind = usual(mapper.kind(row).map_err(Failure::Row), false)?;
            Ok(kind.and_then(|kind| kinds.iter().position(|(it, _)| *it == kind)))
        });
        found.copied()
    }

    fn backward(&mut self, row: &Row<'_>, mapper: &mut Mapper<'_>) -> Result<bool, Stop> {
        if mapper.plan.direction.is_none() {
            return Ok(false);
        }
        let found = self
            .directions
            .of(row.code(Groups::DIRECTION), || usual(mapper.backward(row).map_err(Failure::Row), false));
        found.copied()
    }

    fn fill(
        &mut self,
        at: usize,
        row: &Row<'_>,
        (kind, backward): (usize, bool),
        mapper: &mut Mapper<'_>,
        names: &mut Names,
        sink: &mut SnapshotSink,
    ) -> Result<(), Stop> {
        let kind = self.kinds.get(kind).map_or("", |(id, _)| id);
        let known = self.role_of.get(at).and_then(|it| self.roles.get_mut(*it));
        let (Some(known), Some(filled)) = (known, self.filled.get_mut(at)) else {
            return Err(Stop::Odd);
        };
        let found = known.of(row.code(self.groups.role(at)), || {
            // Nobody is made of a row that another column spoils.
            if mapper.lacking(kind, backward, row).is_some() {
                return Err(Stop::Odd);
            }
            mapper.not_utf8 = false;
            let ends = mapper.role(at, row, names, sink);
            let Some(ends) = usual(ends, mapper.not_utf8)? else { return Ok(None) };
            let all: Option<Vec<_>> = ends.iter().map(|it| who(it, sink)).collect();
            Ok(all.map(Ends::from))
        })?;
        filled.clear();
        filled.extend_from_slice(found.as_slice());
        Ok(())
    }

    fn choices(&mut self, row: &Row<'_>, mapper: &mut Mapper<'_>) -> Result<(), Stop> {
        let outcome = match (mapper.plan.outcome, &mapper.plan.mapping.outcome) {
            (Some(column), Some(choice)) => *self.outcomes.of(row.code(Groups::OUTCOME), || {
                usual(mapper.choice(row, Some(column), Some(choice)).map_err(Failure::Row), false)
            })?,
            (_, choice) => choice.as_ref().and_then(|it| it.constant),
        };
        let stance = match (mapper.plan.stance, &mapper.plan.mapping.stance) {
            (Some(column), Some(choice)) => *self.stances.of(row.code(Groups::STANCE), || {
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
        row: &Row<'_>,
        (kind, backward): (usize, bool),
        mapper: &mut Mapper<'_>,
        names: &mut Names,
        sink: &mut SnapshotSink,
    ) -> Result<Who, Stop> {
        let kind = self.kinds.get(kind).map_or("", |(id, _)| id);
        let found = self.claimants.of(row.code(Groups::CLAIMANT), || {
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
    fn kept(&mut self, row: &Row<'_>, mapper: &mut Mapper<'_>, sink: &mut SnapshotSink) -> Result<(), Stop> {
        self.line.extra.clear();
        for (column, name) in &self.extra {
            if let Some(text) = plain(row.field(*column), mapper)? {
                self.line.extra.push((*name, sink.text(text)));
            }
        }
        self.line.scope = match mapper.plan.scope {
            Some(column) => plain(row.field(column), mapper)?.map(|it| sink.text(it)),
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
fn plain<'r>(bytes: &'r [u8], mapper: &Mapper<'_>) -> Result<Option<&'r str>, Stop> {
    let text = std::str::from_utf8(bytes).map_err(|_| Stop::Odd)?.trim();
    let is_blank = text.is_empty() || mapper.plan.mapping.layout.blanks.iter().any(|it| it == text);
    Ok((!is_blank).then_some(text))
}

fn who(end: &End, sink: &mut SnapshotSink) -> Option<(Who, EntityKind)> {
    match end {
        End::Entity(id) => sink.entity_at(id).map(|(at, kind)| (Who::Entity(at), kind)),
        End::Unnamed { of, label: None } => sink.entity_at(of).map(|(at, kind)| (Who::Unnamed(at, None), kind)),
        _ => None,
    }
}
