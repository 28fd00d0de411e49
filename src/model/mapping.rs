//! What the columns of a table mean, for an import.

use super::{EntityKind, NameKind, Outcome, Stance};

/// What the columns of a table mean. Names of columns, kinds, roles and units are as written: whoever reads the table looks
/// them up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableMapping {
    /// How the table is written.
    pub layout: TableLayout,
    /// Document and claimant of every row.
    pub source: MappedSource,
    /// The kind of fact.
    pub kind: MappedWord,
    /// How the id of a fact is made.
    pub id: MappedId,
    /// Who or what takes part, in the order written.
    pub roles: Vec<MappedRole>,
    /// How the words of a column turn a row round.
    pub direction: Option<MappedDirection>,
    /// When.
    pub period: Option<MappedPeriod>,
    /// How many or how much.
    pub figures: Vec<MappedFigure>,
    /// What became of it.
    pub outcome: Option<MappedChoice<Outcome>>,
    /// How the claimant stands to it.
    pub stance: Option<MappedChoice<Stance>>,
    /// When it was said.
    pub made: Option<MappedPeriod>,
    /// The column that says what a claim covers.
    pub scope: Option<String>,
    /// Columns that are not kept.
    pub ignore: Vec<String>,
    /// Of a table whose rows are entities and no facts: which columns say what of them. Then all fields above but `layout` and
    /// `ignore` are empty.
    pub entities: Option<MappedEntities>,
}

/// What the columns of a table of entities mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedEntities {
    /// The kind of entity.
    pub kind: MappedChoice<EntityKind>,
    /// The column with the source's id, and the scheme of that id; without it rows of one kind and name are one entity.
    pub id: Option<MappedCode>,
    /// The column of the name that people read.
    pub name: String,
    /// Further names.
    pub names: Vec<MappedName>,
    /// The whole that it is part of.
    pub part_of: Option<MappedParent>,
    /// The class above it.
    pub is_a: Option<MappedParent>,
    /// Ids of other schemes.
    pub codes: Vec<MappedCode>,
}

/// A column with ids of a scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedCode {
    /// The column.
    pub column: String,
    /// The scheme.
    pub scheme: String,
}

/// A column with further names of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedName {
    /// The column.
    pub column: String,
    /// An alias, a demonym or a metonym.
    pub kind: NameKind,
    /// Their language (BCP 47).
    pub lang: Option<String>,
    /// Their script (ISO 15924).
    pub script: Option<String>,
    /// Between several in one cell.
    pub separator: Option<String>,
}

/// A column that names what stands above an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedParent {
    /// The column.
    pub column: String,
    /// The scheme of the ids in it; without one it has names.
    pub scheme: Option<String>,
    /// Texts of the column that stand for certain entities.
    pub values: Vec<(String, MappedEntity)>,
}

/// How a table is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLayout {
    /// Between fields; found out if it is not said.
    pub delimiter: Option<u8>,
    /// The label of the encoding (WHATWG); UTF-8 if it is not said, and windows-1252 where that fails.
    pub encoding: Option<String>,
    /// Lines before the header that are no part of the table.
    pub skip: u64,
    /// Whether the first row has the names of the columns; without it columns are called by their numbers from 1.
    pub header: bool,
    /// Texts that stand for nothing, besides an empty one.
    pub blanks: Vec<String>,
    /// The decimal mark of figures, if it is said; else a point, and a number that could as well be a group of digits is refused.
    pub decimal: Option<char>,
    /// What groups the digits of figures.
    pub thousands: Option<char>,
}

impl Default for TableLayout {
    fn default() -> Self {
        TableLayout {
            delimiter: None,
            encoding: None,
            skip: 0,
            header: true,
            blanks: Vec::new(),
            decimal: None,
            thousands: None,
        }
    }
}

/// An entity that the mapping itself defines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedEntity {
    /// Its slug.
    pub id: String,
    /// Its name; without it the text in the table, or the id.
    pub name: Option<String>,
    /// Its kind; without it that of the column, or `organization`.
    pub kind: Option<EntityKind>,
}

/// Who says so, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedSource {
    /// The document that the table is.
    pub document: MappedEntity,
    /// Its title.
    pub title: Option<String>,
    /// Its publisher.
    pub publisher: Option<MappedEntity>,
    /// Its date, in EDTF.
    pub date: Option<String>,
    /// A URL.
    pub address: Option<String>,
    /// Who says so; without it the publisher.
    pub by: Option<MappedEntity>,
    /// The column that names who says so, instead of `by` where it is not blank.
    pub by_column: Option<String>,
    /// The kind of the claimants in that column.
    pub by_kind: Option<EntityKind>,
}

/// A word that is always the same, or that a column decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedWord {
    /// Where no column says otherwise.
    pub constant: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// Texts of the column and the word that each stands for.
    pub values: Vec<(String, String)>,
}

/// One of a few values, by the texts of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedChoice<T> {
    /// Where the column is blank, or there is none.
    pub constant: Option<T>,
    /// The column.
    pub column: Option<String>,
    /// Texts of the column and the value that each stands for.
    pub values: Vec<(String, T)>,
}

/// How ids of facts are made: a prefix, and the texts of columns or else the number of the row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedId {
    /// What every id begins with.
    pub prefix: Option<String>,
    /// The columns that tell rows apart.
    pub columns: Vec<String>,
}

/// Who or what fills a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedRole {
    /// The role of the kind.
    pub role: String,
    /// The column that names it; without it, `id_column` or `constant`.
    pub column: Option<String>,
    /// The kind of entity in the column.
    pub kind: EntityKind,
    /// Somebody who fills the role in every row, or where the column is blank.
    pub constant: Option<MappedEntity>,
    /// Texts of the column that stand for certain entities.
    pub values: Vec<(String, MappedEntity)>,
    /// The column that has an id for the entity.
    pub id_column: Option<String>,
    /// The scheme of that id, as a code.
    pub scheme: Option<String>,
    /// The class above what the column names, of materiel and populations.
    pub is_a: Option<MappedEntity>,
    /// Texts that name nobody, and the group that an unnamed participant is one of.
    pub unnamed: Vec<String>,
    /// That group.
    pub unnamed_of: Option<MappedEntity>,
    /// Between several in one cell.
    pub separator: Option<String>,
}

/// Words of a column that tell the direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedDirection {
    /// The column.
    pub column: String,
    /// Words with which the roles stand as mapped: "paid to".
    pub forward: Vec<String>,
    /// Words with which source and target change places: "received from".
    pub backward: Vec<String>,
}

/// When: one column, or two for beginning and end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedPeriod {
    /// The column of the date or the beginning.
    pub column: String,
    /// The column of the end.
    pub to: Option<String>,
    /// How dates are written, tried in this order: `%Y`, `%m`, `%d`, `%B` (a month by its English name), `%y`. Without any, EDTF and
    /// plain English.
    pub formats: Vec<String>,
    /// Marks around a date that make it uncertain.
    pub uncertain: Vec<String>,
    /// Marks around a date that make it approximate.
    pub approximate: Vec<String>,
    /// Whether it is worked out and not said.
    pub inferred: bool,
}

/// A figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappedFigure {
    /// The figure of the kind; empty: its first.
    pub figure: String,
    /// The column, or that of the lower end of a range.
    pub column: String,
    /// The column of the upper end of a range.
    pub to: Option<String>,
    /// The unit of the numbers.
    pub unit: Option<String>,
    /// The column that names the unit.
    pub unit_column: Option<String>,
    /// Texts of that column and the unit that each stands for.
    pub units: Vec<(String, String)>,
    /// Marks at a number and the words that each stands for, with `{}` for the number: `("c.", "about {}")`.
    pub hedges: Vec<(String, String)>,
    /// The column that has a hedge for the number.
    pub hedge_column: Option<String>,
}
