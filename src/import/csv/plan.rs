//! A mapping bound to the columns of a table.

use std::collections::{HashMap, HashSet};

use super::number;
use crate::model::{
    FlowEnd, MappedChoice, MappedFigure, MappedPeriod, MappedRole, Outcome, Stance, TableMapping, Vocabulary,
};

/// Which column is what.
pub(super) struct Plan<'m> {
    pub(super) mapping: &'m TableMapping,
    pub(super) header: Vec<String>,
    pub(super) kind: Option<usize>,
    pub(super) id: Vec<usize>,
    pub(super) roles: Vec<RolePlan<'m>>,
    pub(super) direction: Option<usize>,
    pub(super) period: Option<PeriodPlan<'m>>,
    pub(super) made: Option<PeriodPlan<'m>>,
    pub(super) figures: Vec<FigurePlan>,
    pub(super) outcome: Option<usize>,
    pub(super) stance: Option<usize>,
    pub(super) scope: Option<usize>,
    pub(super) by: Option<usize>,
    /// Columns that are kept as they are.
    pub(super) extra: Vec<usize>,
    /// By the id of a kind: the positions among the mapped roles of its source and its target.
    pub(super) ends: HashMap<String, (Option<usize>, Option<usize>)>,
    /// By the id of a kind: the roles that must be filled, with their positions among the mapped ones.
    pub(super) required: HashMap<String, Vec<(String, Option<usize>)>>,
    /// By the id of a kind: the positions of mapped roles that it lacks, whose columns fill another role of it.
    pub(super) passed_over: HashMap<String, Vec<usize>>,
    /// To read what rows say before anything is made of it.
    pub(super) vocabulary: &'m Vocabulary,
}

pub(super) struct RolePlan<'m> {
    pub(super) mapped: &'m MappedRole,
    pub(super) column: Option<usize>,
    pub(super) id_column: Option<usize>,
}

pub(super) struct PeriodPlan<'m> {
    pub(super) mapped: &'m MappedPeriod,
    pub(super) column: usize,
    pub(super) to: Option<usize>,
}

pub(super) struct FigurePlan {
    pub(super) column: usize,
    /// That of the upper end of a range.
    pub(super) to: Option<usize>,
    pub(super) unit_column: Option<usize>,
    pub(super) hedge_column: Option<usize>,
    /// Behind a number of the constant unit.
    pub(super) unit: Option<String>,
    /// Whether it is money: then a unit must be said.
    pub(super) is_money: bool,
    /// Whether a mark before three digits is a decimal mark or groups digits, nothing tells.
    pub(super) is_ambiguous: bool,
    /// By the lower-case text of the column of units.
    pub(super) units: Vec<(String, String)>,
}

impl<'m> Plan<'m> {
    /// Finds the columns of a mapping in a header.
    ///
    /// # Errors
    ///
    /// The columns that it does not have.
    pub(super) fn new(
        mapping: &'m TableMapping,
        header: Vec<String>,
        vocabulary: &'m Vocabulary,
    ) -> Result<Plan<'m>, Vec<String>> {
        let mut finder = Finder { header: &header, missing: Vec::new(), used: Vec::new() };
        let period = |it: &'m MappedPeriod, finder: &mut Finder<'_>| {
            let (column, to) = (finder.find(&it.column), finder.option(it.to.as_ref()));
            PeriodPlan { mapped: it, column, to }
        };
        let kind = finder.option(mapping.kind.column.as_ref());
        let direction = mapping.direction.as_ref().map(|it| finder.find(&it.column));
        let scope = finder.option(mapping.scope.as_ref());
        let by = finder.option(mapping.source.by_column.as_ref());
        let outcome = finder.option(mapping.outcome.as_ref().and_then(|it: &MappedChoice<Outcome>| it.column.as_ref()));
        let stance = finder.option(mapping.stance.as_ref().and_then(|it: &MappedChoice<Stance>| it.column.as_ref()));
        let roles = mapping.roles.iter().map(|it| {
            let (column, id_column) = (finder.option(it.column.as_ref()), finder.option(it.id_column.as_ref()));
            RolePlan { mapped: it, column, id_column }
        });
        let roles: Vec<RolePlan<'m>> = roles.collect();
        let figures = mapping.figures.iter().map(|it| FigurePlan {
            column: finder.find(&it.column),
            to: finder.option(it.to.as_ref()),
            unit_column: finder.option(it.unit_column.as_ref()),
            hedge_column: finder.option(it.hedge_column.as_ref()),
            is_money: is_money(it, mapping, vocabulary),
            is_ambiguous: false,
            unit: it.unit.as_ref().map(|it| unit_words(it, vocabulary)),
            units: it.units.iter().map(|(text, unit)| (text.to_lowercase(), unit_words(unit, vocabulary))).collect(),
        });
        let figures: Vec<FigurePlan> = figures.collect();
        let when = mapping.period.as_ref().map(|it| period(it, &mut finder));
        let made = mapping.made.as_ref().map(|it| period(it, &mut finder));
        // What tells rows apart, and what is not kept, may be used elsewhere too.
        let mut used = std::mem::take(&mut finder.used);
        let id: Vec<usize> = mapping.id.columns.iter().map(|it| finder.find(it)).collect();
        mapping.ignore.iter().for_each(|it| {
            finder.find(it);
        });
        used.append(&mut finder.used);
        let missing = finder.missing;
        if !missing.is_empty() {
            return Err(missing);
        }
        let extra = (0..header.len()).filter(|it| !used.contains(it)).collect();
        let ends = kinds(mapping).map(|id| (id.to_owned(), ends_of(id, mapping, vocabulary))).collect();
        let required = kinds(mapping).map(|id| (id.to_owned(), required_of(id, mapping, vocabulary))).collect();
        let passed_over = kinds(mapping).map(|id| (id.to_owned(), passed_over_by(id, mapping, vocabulary))).collect();
        Ok(Plan {
            mapping,
            header,
            kind,
            id,
            roles,
            direction,
            period: when,
            made,
            figures,
            outcome,
            stance,
            scope,
            by,
            extra,
            ends,
            required,
            passed_over,
            vocabulary,
        })
    }

    /// Looks at the first rows of a table: where the mapping does not say what the marks of numbers are, and no number of a
    /// column does, none in it may be guessed.
    pub(super) fn look(&mut self, rows: &[Vec<Vec<u8>>]) {
        let layout = &self.mapping.layout;
        if layout.decimal.is_some() || layout.thousands.is_some() {
            return;
        }
        for figure in &mut self.figures {
            let columns = || std::iter::once(figure.column).chain(figure.to);
            let cells = || rows.iter().flat_map(|row| columns().filter_map(|it| row.get(it)));
            let texts = || cells().filter_map(|it| str::from_utf8(it).ok());
            figure.is_ambiguous = !texts().any(number::decides);
        }
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> &str {
        self.header.get(column).map_or("", |it| it)
    }
}

/// Finds columns by their names, and notes those that are not there.
pub(super) struct Finder<'h> {
    pub(super) header: &'h [String],
    pub(super) missing: Vec<String>,
    pub(super) used: Vec<usize>,
}

impl Finder<'_> {
    pub(super) fn find(&mut self, name: &str) -> usize {
        match self.header.iter().position(|it| it == name) {
            Some(at) => {
                self.used.push(at);
                at
            }
            None => {
                self.missing.push(name.to_owned());
                0
            }
        }
    }

    pub(super) fn option(&mut self, name: Option<&String>) -> Option<usize> {
        name.map(|it| self.find(it))
    }
}

/// The kinds that rows may be of.
fn kinds(mapping: &TableMapping) -> impl Iterator<Item = &str> {
    mapping.kind.constant.iter().chain(mapping.kind.values.iter().map(|(_, kind)| kind)).map(String::as_str)
}

/// Whether a figure without a unit would be money, of some currency that nobody named.
fn is_money(figure: &MappedFigure, mapping: &TableMapping, vocabulary: &Vocabulary) -> bool {
    kinds(mapping).filter_map(|it| vocabulary.kind(vocabulary.kind_ix(it)?)).any(|kind| {
        let spec = kind.figures.iter().find(|it| figure.figure.is_empty() || *it.name == *figure.figure);
        let unit = spec.and_then(|it| it.unit).and_then(|it| vocabulary.terms.unit(it));
        unit.is_some_and(|it| &*it.dimension == "money")
    })
}

fn ends_of(kind: &str, mapping: &TableMapping, vocabulary: &Vocabulary) -> (Option<usize>, Option<usize>) {
    let kind = vocabulary.kind_ix(kind).and_then(|it| vocabulary.kind(it));
    let end = |end: FlowEnd| {
        mapping.roles.iter().position(|role| {
            let spec = vocabulary.role_ix(&role.role).and_then(|it| kind.and_then(|kind| kind.role(it)));
            spec.is_some_and(|it| it.flow == Some(end))
        })
    };
    (end(FlowEnd::Source), end(FlowEnd::Target))
}

fn required_of(kind: &str, mapping: &TableMapping, vocabulary: &Vocabulary) -> Vec<(String, Option<usize>)> {
    let kind = vocabulary.kind_ix(kind).and_then(|it| vocabulary.kind(it));
    let specs = kind.iter().flat_map(|it| &it.roles).filter(|it| it.required);
    let position = |name: &str| mapping.roles.iter().position(|it| it.role == name);
    specs.map(|it| vocabulary.role_name(it.role)).map(|it| (it.to_owned(), position(it))).collect()
}

/// A table of facts of several kinds has one column for the suppliers and for the imposers of its rows.
fn passed_over_by(kind: &str, mapping: &TableMapping, vocabulary: &Vocabulary) -> Vec<usize> {
    let kind = vocabulary.kind_ix(kind).and_then(|it| vocabulary.kind(it));
    let has =
        |role: &MappedRole| vocabulary.role_ix(&role.role).and_then(|it| kind.and_then(|kind| kind.role(it))).is_some();
    let columns = |role: &MappedRole| (role.column.clone(), role.id_column.clone());
    let filled: Vec<_> = mapping.roles.iter().filter(|it| has(it)).map(columns).collect();
    let lacking = mapping.roles.iter().enumerate().filter(|(_, it)| !has(it) && filled.contains(&columns(it)));
    lacking.map(|(at, _)| at).collect()
}

/// Names of columns with which each can be named: those without one by their number, those that come again with a number behind.
pub(super) fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let names: Vec<String> = names.collect();
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut seen: HashSet<String> = HashSet::new();
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::with_capacity(names.len());
    for (at, name) in (1..).zip(names) {
        if !name.is_empty() && seen.insert(name.clone()) {
            found.push(name);
            continue;
        }
        let stem = if name.is_empty() { format!("column {at}") } else { name };
        let mut free = stem.clone();
        while !taken.insert(free.clone()) {
            let number = next.entry(stem.clone()).or_insert(2);
            free = format!("{stem} ({number})");
            *number += 1;
        }
        found.push(free);
    }
    found
}

/// How a unit is written behind a number.
fn unit_words(unit: &str, vocabulary: &Vocabulary) -> String {
    let terms = &vocabulary.terms;
    terms.unit_ix(unit).and_then(|it| terms.unit(it)).map_or_else(|| unit.to_owned(), |it| it.plural.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names = |all: &[&str]| distinct(all.iter().map(|it| (*it).to_owned())).join("|");
        assert_eq!(names(&["a", "", "b", "a", "a", ""]), "a|column 2|b|a (2)|a (3)|column 6");
        assert_eq!(names(&["a (2)", "a", "a", "", "column 4"]), "a (2)|a|a (3)|column 4 (2)|column 4");
    }
}
