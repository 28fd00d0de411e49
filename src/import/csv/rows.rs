//! A row of a table as a fact.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use super::batch::Row;
use super::names::Names;
use super::plan::{FigurePlan, PeriodPlan, Plan, RolePlan};
use super::{date, number};
use crate::import::compile::Problem;
use crate::import::findings::ImportCode;
use crate::import::record::{Claim, End, Fact};
use crate::import::sink::Sink;
use crate::model::{
    EntityKind, MappedChoice, Outcome, Period, PeriodErrorKind, Quantity, Stance, TableLayout, UnitIx, is_slug, slug,
};

/// Why a row does not go in: what, where in it, and a way out.
#[derive(Debug)]
pub(super) struct RowProblem {
    pub(super) column: Option<usize>,
    pub(super) code: ImportCode,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl RowProblem {
    pub(super) fn new(column: usize, code: ImportCode, message: String) -> RowProblem {
        RowProblem { column: Some(column), code, message, help: None }
    }

    fn taken(id: &str) -> RowProblem {
        let (code, message, help) = Problem::taken(id).into_parts(id);
        RowProblem { column: None, code, message, help }
    }
}

/// A row that could not be used, or an output that fails.
pub(super) enum Failure {
    Row(RowProblem),
    Output(io::Error),
}

impl Failure {
    /// The same, of a column.
    fn in_column(self, column: Option<usize>) -> Failure {
        match self {
            Failure::Row(problem) => Failure::Row(RowProblem { column, ..problem }),
            output @ Failure::Output(_) => output,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<RowProblem> for Failure {
    fn from(problem: RowProblem) -> Failure {
        Failure::Row(problem)
    }
}

/// At most so many texts of a column are remembered, so that memory does not grow with the rows.
const REMEMBERED: usize = 1 << 16;

/// What the texts of one column were read as. Tables repeat themselves.
#[derive(Default)]
struct Memory {
    known: HashMap<Box<str>, Result<String, String>>,
}

impl Memory {
    fn get(&mut self, text: &str, read: impl FnOnce() -> Result<String, String>) -> Result<String, String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let value = read();
        self.known.insert(text.into(), value.clone());
        value
    }
}

/// Turns rows into facts.
pub(super) struct Mapper<'m> {
    pub(super) plan: Plan<'m>,
    document: String,
    by: Option<End>,
    periods: [Memory; 2],
    figures: Vec<Memory>,
    ends: Vec<HashMap<Box<str>, Vec<End>>>,
    claimants: HashMap<Box<str>, String>,
    /// What ids that are made of lines begin with.
    line_prefix: String,
    /// Whether a row was found that is not UTF-8; told by whoever reads.
    pub(super) not_utf8: bool,
    /// A date of a column that could mean another day, once a column; told by whoever reads.
    pub(super) ambiguous: Option<RowProblem>,
    ambiguous_columns: Vec<usize>,
}

impl<'m> Mapper<'m> {
    /// `file`: the number of the file, from 1.
    pub(super) fn new(plan: Plan<'m>, document: String, by: Option<String>, file: usize) -> Mapper<'m> {
        let figures = plan.figures.iter().map(|_| Memory::default()).collect();
        let ends = plan.roles.iter().map(|_| HashMap::new()).collect();
        let by = by.map(End::Entity);
        let periods = Default::default();
        let prefix = plan.mapping.id.prefix.as_ref().unwrap_or(&document);
        // Lines are those of a file, so files after the first are told apart.
        let line_prefix = if file > 1 { format!("{prefix}-{file}") } else { prefix.clone() };
        Mapper {
            plan,
            document,
            by,
            periods,
            figures,
            ends,
            claimants: HashMap::new(),
            line_prefix,
            not_utf8: false,
            ambiguous: None,
            ambiguous_columns: Vec::new(),
        }
    }

    /// The fact of a row, with its id made of its line where no column tells it. Entities are made last, so that a row that
    /// cannot be used leaves none behind.
    pub(super) fn fact(&mut self, row: &Row<'_>, names: &mut Names, sink: &mut dyn Sink) -> Result<Fact, Failure> {
        self.not_utf8 = false;
        let kind = self.kind(row)?;
        let backward = self.backward(row)?;
        let mut figures = Vec::with_capacity(self.plan.figures.len());
        for at in 0..self.plan.figures.len() {
            figures.extend(self.figure(at, row)?);
        }
        let mut inferred = Vec::new();
        let period = self.period(0, row)?;
        if period.is_some() && self.plan.period.as_ref().is_some_and(|it| it.mapped.inferred) {
            inferred.push("period".to_owned());
        }
        let made = self.period(1, row)?;
        let outcome = self.choice(row, self.plan.outcome, self.plan.mapping.outcome.as_ref())?;
        let stance = self.choice(row, self.plan.stance, self.plan.mapping.stance.as_ref())?;
        let mut id = String::new();
        self.write_id(row, &mut id)?;
        if sink.has(&id) {
            return Err(RowProblem::taken(&id).into());
        }
        if let Some(problem) = self.lacking(&kind, backward, row) {
            return Err(problem.into());
        }
        let by = self.claimant(row, names, sink)?;
        let mut roles: Vec<(String, Vec<End>)> = Vec::with_capacity(self.plan.roles.len());
        let passed_over = self.plan.passed_over.get(&kind).cloned().unwrap_or_default();
        for at in (0..self.plan.roles.len()).filter(|it| !passed_over.contains(it)) {
            let ends = self.role(at, row, names, sink)?;
            roles.push((self.plan.mapping.roles.get(at).map_or(String::new(), |it| it.role.clone()), ends));
        }
        if backward && let Some((Some(source), Some(target))) = self.plan.ends.get(&kind) {
            let place = |at: &usize| at - passed_over.iter().filter(|it| *it < at).count();
            let (source, target) = (place(source), place(target));
            let from = roles.get_mut(source).map(|it| std::mem::take(&mut it.1)).unwrap_or_default();
            let to = roles.get_mut(target).map(|it| std::mem::replace(&mut it.1, from)).unwrap_or_default();
            roles.get_mut(source).into_iter().for_each(|it| it.1.clone_from(&to));
        }
        roles.retain(|(_, ends)| !ends.is_empty());
        if roles.is_empty() && figures.is_empty() {
            return Err(nothing().into());
        }
        let scope = self.plan.scope.and_then(|it| self.cell(row, it)).map(Cow::into_owned);
        let claim = Claim {
            stance: stance.unwrap_or(Stance::States),
            made,
            figures,
            scope,
            ..Claim::new(by, self.document.clone())
        };
        let mut extra = Vec::new();
        for column in self.plan.extra.clone() {
            if let Some(value) = self.cell(row, column) {
                extra.push((self.plan.name(column).to_owned(), vec![value.into_owned()]));
            }
        }
        Ok(Fact {
            id,
            kind,
            roles,
            period,
            outcome: outcome.unwrap_or(Outcome::Happened),
            relations: Vec::new(),
            claims: vec![claim],
            inferred,
            extra,
        })
    }

    fn cell<'r>(&mut self, row: &Row<'r>, column: usize) -> Option<Cow<'r, str>> {
        cell(row, column, &self.plan.mapping.layout, &mut self.not_utf8)
    }

    /// What is wrong with a row in which a role is blank that must be filled, or whose ends cannot change places.
    pub(super) fn lacking(&mut self, kind: &str, backward: bool, row: &Row<'_>) -> Option<RowProblem> {
        let (source, target) = self.plan.ends.get(kind).copied().unwrap_or_default();
        if backward && (source.is_none() || target.is_none()) {
            let message = "source and target change places here, and not both have a role in the mapping".to_owned();
            return Some(RowProblem { column: self.plan.direction, code: ImportCode::BadRole, message, help: None });
        }
        let required = self.plan.required.get(kind).cloned().unwrap_or_default();
        required.into_iter().find_map(|(name, mapped)| {
            let mapped = match mapped {
                it if backward && it == source => target,
                it if backward && it == target => source,
                it => it,
            };
            let role = mapped.and_then(|it| self.plan.roles.get(it));
            let columns = role.map_or([None; 2], |it| [it.column, it.id_column]);
            let filled = role.is_some_and(|it| it.mapped.constant.is_some())
                || columns.into_iter().flatten().any(|it| self.cell(row, it).is_some());
            let message = format!("a {kind} needs its {name}, and nothing fills it");
            let column = columns.into_iter().flatten().next();
            (!filled).then_some(RowProblem { column, code: ImportCode::MissingValue, message, help: None })
        })
    }

    pub(super) fn kind(&mut self, row: &Row<'_>) -> Result<String, RowProblem> {
        let constant = self.plan.mapping.kind.constant.clone();
        let Some(column) = self.plan.kind else { return Ok(constant.unwrap_or_default()) };
        let text = self.cell(row, column);
        let found = text.as_ref().and_then(|text| {
            let values = &self.plan.mapping.kind.values;
            values.iter().find(|(it, _)| same(it, text)).map(|(_, kind)| kind.clone())
        });
        found.or(constant).ok_or_else(|| unmapped(column, text.as_deref(), "values"))
    }

    pub(super) fn backward(&mut self, row: &Row<'_>) -> Result<bool, RowProblem> {
        let (Some(column), Some(direction)) = (self.plan.direction, &self.plan.mapping.direction) else {
            return Ok(false);
        };
        let text = self.cell(row, column);
        let is = |words: &[String]| text.as_ref().is_some_and(|text| words.iter().any(|it| same(it, text)));
        match (is(&direction.forward), is(&direction.backward)) {
            (true, _) => Ok(false),
            (_, true) => Ok(true),
            _ => Err(unmapped(column, text.as_deref(), "forward` or `backward")),
        }
    }

    pub(super) fn role(
        &mut self,
        at: usize,
        row: &Row<'_>,
        names: &mut Names,
        sink: &mut dyn Sink,
    ) -> Result<Vec<End>, Failure> {
        let Some(&RolePlan { mapped, column, id_column }) = self.plan.roles.get(at) else { return Ok(Vec::new()) };
        let text = column.and_then(|it| self.cell(row, it));
        let own = id_column.and_then(|it| self.cell(row, it));
        let Some(key) = key(text.as_deref(), own.as_deref()) else {
            return match &mapped.constant {
                Some(it) => Ok(vec![End::Entity(names.defined(it, mapped.kind, None, sink)?)]),
                None => Ok(Vec::new()),
            };
        };
        if let Some(known) = self.ends.get(at).and_then(|it| it.get(&*key)) {
            return Ok(known.clone());
        }
        let text = text.as_deref().unwrap_or_default();
        let parts: Vec<&str> = match mapped.separator.as_deref().filter(|it| !it.is_empty()) {
            Some(separator) => text.split(separator).map(str::trim).filter(|it| !it.is_empty()).collect(),
            None => vec![text],
        };
        let mut ends = Vec::with_capacity(parts.len());
        for part in parts {
            let end = if let Some((_, entity)) = mapped.values.iter().find(|(it, _)| same(it, part)) {
                End::Entity(names.defined(entity, mapped.kind, Some(part), sink)?)
            } else if let Some(of) =
                mapped.unnamed_of.as_ref().filter(|_| mapped.unnamed.iter().any(|it| same(it, part)))
            {
                End::Unnamed { of: names.defined(of, EntityKind::Organization, None, sink)?, label: None }
            } else {
                let found = names.named(part, own.as_deref(), mapped, sink);
                End::Entity(found.map_err(|it| it.in_column(if own.is_some() { id_column } else { column }))?)
            };
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        if let Some(known) = self.ends.get_mut(at) {
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(key.into(), ends.clone());
        }
        Ok(ends)
    }

    pub(super) fn claimant(&mut self, row: &Row<'_>, names: &mut Names, sink: &mut dyn Sink) -> Result<End, Failure> {
        let text = self.plan.by.and_then(|it| self.cell(row, it));
        let Some(text) = text else {
            let problem = || RowProblem {
                column: self.plan.by,
                code: ImportCode::MissingValue,
                message: "nobody is named who says so".to_owned(),
                help: Some("add `by` to the `source` of the mapping, for rows that name nobody".to_owned()),
            };
            return Ok(self.by.clone().ok_or_else(problem)?);
        };
        if let Some(known) = self.claimants.get(&*text) {
            return Ok(End::Entity(known.clone()));
        }
        let kind = self.plan.mapping.source.by_kind.unwrap_or(EntityKind::Organization);
        let role = crate::model::MappedRole { kind, ..Default::default() };
        let id = names.named(&text, None, &role, sink).map_err(|it| it.in_column(self.plan.by))?;
        self.claimants.insert((*text).into(), id.clone());
        Ok(End::Entity(id))
    }

    /// A date of a column of a period, as EDTF.
    pub(super) fn date(&mut self, which: usize, column: usize, row: &Row<'_>) -> Result<Option<String>, RowProblem> {
        let plan = if which == 0 { &self.plan.period } else { &self.plan.made };
        let Some(&PeriodPlan { mapped, .. }) = plan.as_ref() else { return Ok(None) };
        let Some(text) = self.cell(row, column) else { return Ok(None) };
        let Some(memory) = self.periods.get_mut(which) else { return Ok(None) };
        let found = memory.get(&text, || date::read(&text, mapped));
        if let (Ok(read), false) = (&found, self.ambiguous_columns.contains(&column))
            && let Some(other) = date::other_reading(&text, mapped)
        {
            self.ambiguous_columns.push(column);
            self.ambiguous = Some(RowProblem {
                column: Some(column),
                code: ImportCode::Guessed,
                message: format!("`{text}` could be {read} or {other}; it is read as {read}"),
                help: Some("keep only the format that is meant in `formats` of the mapping".to_owned()),
            });
        }
        found.map(Some).map_err(|message| RowProblem::new(column, ImportCode::BadPeriod, message))
    }

    fn period(&mut self, which: usize, row: &Row<'_>) -> Result<Option<String>, RowProblem> {
        let plan = if which == 0 { &self.plan.period } else { &self.plan.made };
        let Some(&PeriodPlan { column, to, .. }) = plan.as_ref() else { return Ok(None) };
        let start = self.date(which, column, row)?;
        let Some(to) = to else { return Ok(start) };
        let end = self.date(which, to, row)?;
        // A blank is unknown: an empty end in EDTF, never an open one.
        Ok(match (start, end) {
            (None, None) => None,
            (Some(start), Some(end)) if start == end => Some(start),
            // A quarter begins with its first month, and ends with its last.
            (start, end) => {
                let first = start.as_deref().map_or("", |it| it.split('/').next().unwrap_or(it));
                let last = end.as_deref().map_or("", |it| it.rsplit('/').next().unwrap_or(it));
                let text = format!("{first}/{last}");
                if let Err(error) = Period::parse(&text) {
                    let message = match error.kind {
                        PeriodErrorKind::Reversed { .. } => format!("`{text}` ends before it begins"),
                        _ => error.kind.problem(),
                    };
                    return Err(RowProblem::new(to, ImportCode::BadPeriod, message));
                }
                Some(text)
            }
        })
    }

    pub(super) fn figure(&mut self, at: usize, row: &Row<'_>) -> Result<Option<(String, String)>, RowProblem> {
        let Some(&FigurePlan { column, to, unit_column, hedge_column, .. }) = self.plan.figures.get(at) else {
            return Ok(None);
        };
        let upper = to.and_then(|it| self.cell(row, it));
        // An end of a range that is blank is unknown, and no second number like the first.
        let is_open = to.is_some() && upper.is_none();
        let (text, upper) = match (self.cell(row, column), upper) {
            (Some(text), upper) => {
                let upper = upper.filter(|it| *it != text);
                (text, upper)
            }
            (None, Some(upper)) => (Cow::Borrowed(""), Some(upper)),
            (None, None) => return Ok(None),
        };
        let unit = unit_column.and_then(|it| self.cell(row, it));
        let hedge = hedge_column.and_then(|it| self.cell(row, it));
        let (Some(plan), Some(mapped)) = (self.plan.figures.get(at), self.plan.mapping.figures.get(at)) else {
            return Ok(None);
        };
        let name = if mapped.figure.is_empty() { "quantity" } else { &mapped.figure };
        let read = || {
            let ends = [Some(&text), upper.as_ref()];
            if let Some(text) = ends.into_iter().flatten().find(|it| plan.is_ambiguous && number::is_ambiguous(it)) {
                return Err(format!(
                    "`{text}` could be a thousand times as much or as little; say `decimal: \",\"` (and `thousands: \".\"`) or \
                     `decimal: \".\"` (and `thousands: \",\"`) in the `table` of the mapping"
                ));
            }
            let plain = |words: &str| {
                number::plain(words, &self.plan.mapping.layout).ok_or_else(|| {
                    format!("`{words}` has marks that the mapping does not tell: say `decimal` and `thousands`")
                })
            };
            let number = match (&*text, &upper) {
                (text, None) if is_open => format!("at least {}", plain(text)?),
                (text, None) => {
                    let (words, template) = hedged(text, hedge.as_deref(), &mapped.hedges)?;
                    let plain = plain(words)?;
                    template.map_or_else(|| plain.clone(), |it| it.replace("{}", &plain))
                }
                ("", Some(upper)) => format!("no more than {}", plain(upper)?),
                (text, Some(upper)) => format!("{} to {}", plain(text)?, plain(upper)?),
            };
            let unit = unit_words(plan, unit.as_deref());
            let figure = unit.map_or_else(|| number.clone(), |unit| format!("{number} {unit}"));
            match Quantity::parse(&figure, &self.plan.vocabulary.terms, UnitIx::default()) {
                Ok(it) if plan.is_money && !it.unit_named => Err(format!(
                    "nobody says in which currency `{text}` is; add `unit: \"us-dollar\"`, or another, or a `unit_column` to the figure in the mapping"
                )),
                Ok(_) => Ok(figure),
                Err(error) => Err(format!("{}; {}", error.kind.problem(), error.kind.help())),
            }
        };
        let or_nothing = |it: &Option<Cow<'_, str>>| it.as_deref().unwrap_or_default().to_owned();
        let key = [text.to_string(), or_nothing(&upper), or_nothing(&unit), or_nothing(&hedge)].join("\u{0}");
        let Some(memory) = self.figures.get_mut(at) else { return Ok(None) };
        let found = memory.get(&key, read);
        let found = found.map_err(|message| RowProblem::new(column, ImportCode::BadQuantity, message))?;
        Ok(Some((name.to_owned(), found)))
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        row: &Row<'_>,
        column: Option<usize>,
        choice: Option<&'m MappedChoice<T>>,
    ) -> Result<Option<T>, RowProblem> {
        let Some(choice) = choice else { return Ok(None) };
        let Some((column, text)) = column.and_then(|it| Some((it, self.cell(row, it)?))) else {
            return Ok(choice.constant);
        };
        match choice.values.iter().find(|(it, _)| same(it, &text)) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(unmapped(column, Some(&text), "values")),
        }
    }

    /// Writes the id of a row over a text.
    pub(super) fn write_id(&mut self, row: &Row<'_>, id: &mut String) -> Result<(), RowProblem> {
        id.clear();
        if self.plan.id.is_empty() {
            // By the line and not by counting, so that a row that is mended leaves the others as they are. Padded, so that ids come
            // in their order.
            let _ = write!(id, "{}-{:07}", self.line_prefix, row.line());
            return Ok(());
        }
        id.push_str(self.plan.mapping.id.prefix.as_ref().unwrap_or(&self.document));
        for at in 0..self.plan.id.len() {
            let Some(column) = self.plan.id.get(at).copied() else { continue };
            let Some(text) = self.cell(row, column) else {
                let message = "this column tells rows apart, and it is blank".to_owned();
                return Err(RowProblem::new(column, ImportCode::MissingValue, message));
            };
            id.push('-');
            // Most of them are slugs already.
            if is_slug(&text) { id.push_str(&text) } else { id.push_str(&slug(&text)) }
        }
        Ok(())
    }
}

/// The words for the unit of a figure, whose column says that.
pub(super) fn unit_words(plan: &FigurePlan, text: Option<&str>) -> Option<String> {
    let Some(text) = text else { return plan.unit.clone() };
    let lower = text.to_lowercase();
    let known = plan.units.iter().find(|(it, _)| *it == lower).map(|(_, unit)| unit.clone());
    Some(known.unwrap_or_else(|| text.to_owned()))
}

/// The problem of a row that would be a fact out of nothing.
fn nothing() -> RowProblem {
    RowProblem {
        column: None,
        code: ImportCode::MissingValue,
        message: "this row names nobody and nothing that took part, and no figure".to_owned(),
        help: Some("fill one of the columns of `roles` or `figures`".to_owned()),
    }
}

/// The text of a field, unless it stands for nothing. Tells if it is not UTF-8.
pub(super) fn cell<'r>(
    row: &Row<'r>,
    column: usize,
    layout: &TableLayout,
    not_utf8: &mut bool,
) -> Option<Cow<'r, str>> {
    let text = super::text_of(row.field(column));
    *not_utf8 |= matches!(text, Cow::Owned(_));
    let blank = text.is_empty() || layout.blanks.iter().any(|it| *it == *text);
    (!blank).then_some(text)
}

/// Whether two texts are the same but for case.
pub(super) fn same(a: &str, b: &str) -> bool {
    a == b || a.trim().to_lowercase() == b.trim().to_lowercase()
}

pub(super) fn unmapped(column: usize, text: Option<&str>, field: &str) -> RowProblem {
    let message = match text {
        Some(text) => format!("the mapping does not say what `{text}` means"),
        None => "this column decides, and it is blank".to_owned(),
    };
    let help = Some(format!("add it to `{field}`"));
    RowProblem { column: Some(column), code: ImportCode::UnmappedValue, message, help }
}

fn key<'t>(text: Option<&'t str>, own: Option<&str>) -> Option<Cow<'t, str>> {
    match (text, own) {
        (None, None) => None,
        (Some(text), None) => Some(Cow::Borrowed(text)),
        (text, Some(own)) => Some(Cow::Owned(format!("{}\u{0}{own}", text.unwrap_or_default()))),
    }
}

/// A number without the mark of a hedge, and the words for it.
fn hedged<'t, 'h>(
    text: &'t str,
    column: Option<&str>,
    hedges: &'h [(String, String)],
) -> Result<(&'t str, Option<&'h str>), String> {
    if let Some(column) = column {
        return match hedges.iter().find(|(mark, _)| same(mark, column)) {
            Some((_, words)) => Ok((text, Some(words))),
            None => Err(format!("the mapping does not say what the hedge `{column}` means")),
        };
    }
    for (mark, words) in hedges {
        let rest = text.strip_prefix(mark.as_str()).or_else(|| text.strip_suffix(mark.as_str()));
        if let Some(rest) = rest.map(str::trim).filter(|it| !it.is_empty()) {
            return Ok((rest, Some(words)));
        }
    }
    Ok((text, None))
}
