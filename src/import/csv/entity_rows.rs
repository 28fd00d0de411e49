//! Rows of a table as entities. What stands above an entity is looked up when all tables of entities are read, since it may
//! come in a later row.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use super::batch::Row;
use super::names::{Names, no_such_id};
use super::plan::Finder;
use super::rows::{RowProblem, cell, same, unmapped};
use super::{Import, tell, tell_encoding};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::record::{Entity, Name};
use crate::import::sink::Sink;
use crate::model::{EntityKind, MappedEntities, MappedEntity, MappedParent, TableMapping};

/// A mapping of entities bound to the columns of a table.
pub(super) struct EntityMapper<'m> {
    mapped: &'m MappedEntities,
    mapping: &'m TableMapping,
    header: Vec<String>,
    kind: Option<usize>,
    id: Option<usize>,
    name: usize,
    names: Vec<usize>,
    part_of: Option<usize>,
    is_a: Option<usize>,
    codes: Vec<usize>,
    /// Columns that are kept as they are.
    extra: Vec<usize>,
    /// Once for each column: its values have no field in entities of some kind.
    told: Vec<usize>,
}

/// Which tree a parent belongs to.
#[derive(Clone, Copy)]
enum Above {
    Whole,
    Class,
}

/// What a row says that stands above its entity.
pub(super) struct Parent {
    id: String,
    kind: EntityKind,
    above: Above,
    text: String,
    mapped: ParentKey,
    file: Arc<str>,
    line: u64,
    column: String,
}

/// What the text of a parent is.
enum ParentKey {
    Name,
    IdOf(String),
    Defined(MappedEntity),
}

/// What a row comes to.
struct Found {
    entity: Entity,
    parents: Vec<(Above, usize, String)>,
    /// Columns of which the value is only kept.
    only_kept: Vec<usize>,
    not_utf8: bool,
}

impl<'m> EntityMapper<'m> {
    /// Finds the columns of a mapping in a header.
    ///
    /// # Errors
    ///
    /// The columns that it does not have.
    pub(super) fn new(
        mapped: &'m MappedEntities,
        mapping: &'m TableMapping,
        header: Vec<String>,
    ) -> Result<EntityMapper<'m>, Vec<String>> {
        let mut finder = Finder { header: &header, missing: Vec::new(), used: Vec::new() };
        let kind = finder.option(mapped.kind.column.as_ref());
        let id = finder.option(mapped.id.as_ref().map(|it| &it.column));
        let name = finder.find(&mapped.name);
        let names = mapped.names.iter().map(|it| finder.find(&it.column)).collect();
        let part_of = finder.option(mapped.part_of.as_ref().map(|it| &it.column));
        let is_a = finder.option(mapped.is_a.as_ref().map(|it| &it.column));
        let codes = mapped.codes.iter().map(|it| finder.find(&it.column)).collect();
        mapping.ignore.iter().for_each(|it| {
            finder.find(it);
        });
        let Finder { missing, used, .. } = finder;
        if !missing.is_empty() {
            return Err(missing);
        }
        let extra = (0..header.len()).filter(|it| !used.contains(it)).collect();
        let told = Vec::new();
        Ok(EntityMapper { mapped, mapping, header, kind, id, name, names, part_of, is_a, codes, extra, told })
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.header.len()
    }

    fn kind(&self, row: &Row<'_>, not_utf8: &mut bool) -> Result<EntityKind, RowProblem> {
        let choice = &self.mapped.kind;
        let Some(column) = self.kind else { return Ok(choice.constant.unwrap_or_default()) };
        let text = cell(row, column, &self.mapping.layout, not_utf8);
        let listed = text.as_ref().and_then(|text| choice.values.iter().find(|(it, _)| same(it, text)));
        let found = listed.map(|(_, kind)| *kind).or(choice.constant);
        found.ok_or_else(|| unmapped(column, text.as_deref(), "values"))
    }

    fn read(&self, row: &Row<'_>, names: &mut Names) -> Result<Found, RowProblem> {
        let mut not_utf8 = false;
        let mut text = |column: usize| cell(row, column, &self.mapping.layout, &mut not_utf8);
        let own = match (self.id, &self.mapped.id) {
            (Some(column), Some(code)) => match text(column) {
                Some(id) => Some((code.scheme.as_str(), id)),
                None => return Err(blank(column, "this column tells the entities apart, and it is blank")),
            },
            _ => None,
        };
        let Some(name) = text(self.name) else {
            return Err(blank(self.name, "this entity has no name, and its id is none"));
        };
        let mut others: Vec<Name> = Vec::new();
        for (column, mapped) in self.names.iter().zip(&self.mapped.names) {
            let Some(cell) = text(*column) else { continue };
            let parts: Vec<&str> = match mapped.separator.as_deref().filter(|it| !it.is_empty()) {
                Some(separator) => cell.split(separator).map(str::trim).filter(|it| !it.is_empty()).collect(),
                None => vec![&*cell],
            };
            others.extend(parts.into_iter().map(|it| Name {
                text: it.to_owned(),
                kind: mapped.kind,
                lang: mapped.lang.clone(),
                script: mapped.script.clone(),
            }));
        }
        for (column, code) in self.codes.iter().zip(&self.mapped.codes) {
            others.extend(text(*column).map(|it| Name::code(&*code.scheme, it)));
        }
        let columns = [(Above::Whole, self.part_of), (Above::Class, self.is_a)];
        let above: Vec<(Above, usize, Cow<'_, str>)> = columns
            .into_iter()
            .filter_map(|(above, column)| column.and_then(|it| Some((above, it, text(it)?))))
            .collect();
        let kept = |column: usize, it: Cow<'_, str>| (self.header.get(column).cloned(), it.into_owned());
        let extra: Vec<_> = self.extra.iter().filter_map(|it| Some(kept(*it, text(*it)?))).collect();
        let kind = self.kind(row, &mut not_utf8)?;
        // Last, so that a row that cannot be used leaves nobody behind.
        let (place, id) = names.give(kind, &name, own.as_ref().map(|(scheme, id)| (*scheme, &**id)))?;
        names.also(place, &others);
        if let Some((scheme, own)) = own {
            others.push(Name::code(scheme, own));
        }
        let mut extra: Vec<(String, Vec<String>)> =
            extra.into_iter().filter_map(|(name, value)| Some((name?, vec![value]))).collect();
        let (mut parents, mut only_kept) = (Vec::new(), Vec::new());
        for (above, column, text) in above {
            // Classes are parts of nothing, and nothing but classes has one above it.
            if kind.is_class() == matches!(above, Above::Class) {
                parents.push((above, column, text.into_owned()));
            } else {
                only_kept.push(column);
                extra.extend(self.header.get(column).map(|it| (it.clone(), vec![text.into_owned()])));
            }
        }
        let entity = Entity { id, kind, name: name.into_owned(), names: others, extra, ..Entity::default() };
        Ok(Found { entity, parents, only_kept, not_utf8 })
    }

    fn parent(&self, above: Above, text: &str) -> ParentKey {
        let mapped: Option<&MappedParent> = match above {
            Above::Whole => self.mapped.part_of.as_ref(),
            Above::Class => self.mapped.is_a.as_ref(),
        };
        let Some(mapped) = mapped else { return ParentKey::Name };
        match (mapped.values.iter().find(|(it, _)| same(it, text)), &mapped.scheme) {
            (Some((_, entity)), _) => ParentKey::Defined(entity.clone()),
            (None, Some(scheme)) => ParentKey::IdOf(scheme.clone()),
            (None, None) => ParentKey::Name,
        }
    }
}

impl Import<'_> {
    /// Takes a row of a table of entities in.
    pub(super) fn entity_row(
        &mut self,
        row: &Row<'_>,
        mapper: &mut EntityMapper<'_>,
        sink: &mut dyn Sink,
        findings: &mut ImportFindings,
    ) -> io::Result<()> {
        let line = row.line();
        let Found { mut entity, parents, only_kept, not_utf8 } = match mapper.read(row, &mut self.names) {
            Ok(found) => found,
            Err(problem) => {
                tell(problem, line, &mapper.header, findings);
                return self.rejects.add(row.raw());
            }
        };
        if not_utf8 {
            tell_encoding(line, findings);
        }
        for column in only_kept {
            if mapper.told.contains(&column) {
                continue;
            }
            mapper.told.push(column);
            let (a, kind) = (article(entity.kind), entity.kind.as_str());
            let message = format!("{a} {kind} has no field for this; it is kept as it is");
            tell(RowProblem::new(column, ImportCode::Kept, message), line, &mapper.header, findings);
        }
        for (above, column, text) in parents {
            let key = mapper.parent(above, &text);
            // Mostly the parent stands above; then nothing is left to be looked up.
            if let ParentKey::IdOf(scheme) = &key
                && let Ok(Some((parent, _))) = self.names.by_code(scheme, &text)
                && parent != entity.id
            {
                *above.field(&mut entity) = Some(parent.to_owned());
                continue;
            }
            self.parents.push(Parent {
                id: entity.id.clone(),
                kind: entity.kind,
                above,
                text,
                mapped: key,
                file: findings.file().into(),
                line,
                column: mapper.header.get(column).cloned().unwrap_or_default(),
            });
        }
        sink.entity(entity)
    }

    /// Looks up what stands above entities, now that all of them are known.
    pub(super) fn settle_parents(&mut self, sink: &mut dyn Sink, findings: &mut ImportFindings) -> io::Result<()> {
        for it in std::mem::take(&mut self.parents) {
            let found = match &it.mapped {
                ParentKey::Defined(entity) => {
                    let kind = if it.kind.is_class() { it.kind } else { EntityKind::Organization };
                    Ok(self.names.defined(entity, kind, Some(&it.text), sink)?)
                }
                ParentKey::IdOf(scheme) => match self.names.by_code(scheme, &it.text) {
                    Ok(found) => found.map(|(id, _)| id.to_owned()).ok_or_else(|| RowProblem {
                        help: Some("it is kept as it is".to_owned()),
                        ..no_such_id(&it.text, scheme)
                    }),
                    Err(problem) => Err(problem),
                },
                ParentKey::Name => match self.names.by_name(&it.text, None) {
                    Ok(found) => found.map(|(id, _)| id.to_owned()).ok_or_else(|| no_such_name(&it.text)),
                    Err(problem) => Err(problem),
                },
            };
            let found = match found {
                // Some tables say so of what has nothing above it.
                Ok(parent) if parent == it.id => Err(RowProblem {
                    column: None,
                    code: ImportCode::Guessed,
                    message: format!("`{}` names itself here, which is taken for nothing above it", it.id),
                    help: None,
                }),
                found => found,
            };
            // The name is that of the row before; an entity without one of its own only adds to it.
            let mut entity = Entity { id: it.id.clone(), kind: it.kind, name: it.id.clone(), ..Entity::default() };
            match found {
                Ok(parent) => *it.above.field(&mut entity) = Some(parent),
                Err(problem) => {
                    let is_lost = problem.code != ImportCode::Guessed;
                    findings.set_file(&it.file);
                    findings.at(Some(it.line)).column(&it.column).report(problem.code, problem.message, problem.help);
                    if !is_lost {
                        continue;
                    }
                    entity.extra.push((it.column.clone(), vec![it.text.clone()]));
                }
            }
            sink.place(&it.file, Some(it.line));
            sink.entity(entity)?;
        }
        Ok(())
    }
}

impl Above {
    fn field(self, entity: &mut Entity) -> &mut Option<String> {
        match self {
            Above::Whole => &mut entity.part_of,
            Above::Class => &mut entity.is_a,
        }
    }
}

fn blank(column: usize, message: &str) -> RowProblem {
    RowProblem::new(column, ImportCode::MissingValue, message.to_owned())
}

fn no_such_name(name: &str) -> RowProblem {
    RowProblem {
        column: None,
        code: ImportCode::UnknownReference,
        message: format!("no table of entities has the name `{name}`"),
        help: Some(
            "it is kept as it is; `values` can say whom it means, and `scheme` that the column has ids".to_owned(),
        ),
    }
}

fn article(kind: EntityKind) -> &'static str {
    if kind.as_str().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
