//! Entities out of the texts of a table: each name once, with an id made from it; and those that tables of entities gave, by
//! their ids and names.

use std::collections::{HashMap, HashSet};
use std::io;

use super::rows::{Failure, RowProblem};
use crate::import::findings::ImportCode;
use crate::import::record::{Entity, Name};
use crate::import::sink::Sink;
use crate::model::{EntityKind, MappedEntity, MappedRole, NameKind, slug};

/// An id that is known stands beside a name: one that is new is told, and kept beside the first.
fn named_again(id: &str, kind: EntityKind, text: &str, own: Option<&str>, sink: &mut dyn Sink) -> io::Result<()> {
    if own.is_none() || text.is_empty() {
        return Ok(());
    }
    sink.entity(Entity { id: id.to_owned(), kind, name: text.to_owned(), ..Entity::default() })
}

/// Entities so far. Two that are written differently are two: names are never merged here.
#[derive(Default)]
pub(super) struct Names {
    /// By kind and name, or by scheme and id of the source.
    known: HashMap<(EntityKind, String), String>,
    taken: HashSet<String>,
    /// The number to try next behind a stem that many names share.
    next: HashMap<String, u64>,
    given: Given,
}

/// What tables of entities gave.
#[derive(Default)]
struct Given {
    list: Vec<(Box<str>, EntityKind)>,
    /// By scheme, then by id.
    codes: HashMap<Box<str>, HashMap<Box<str>, Bearers>>,
    names: HashMap<Box<str>, Bearers>,
}

/// Who has a name.
enum Bearers {
    One(u32),
    Several(Vec<u32>),
}

impl Bearers {
    fn all(&self) -> &[u32] {
        match self {
            Bearers::One(it) => std::slice::from_ref(it),
            Bearers::Several(all) => all,
        }
    }

    fn add(&mut self, entity: u32) {
        if !self.all().contains(&entity) {
            let mut all = self.all().to_vec();
            all.push(entity);
            *self = Bearers::Several(all);
        }
    }
}

impl Names {
    /// An entity that the mapping defines.
    pub(super) fn defined(
        &mut self,
        it: &MappedEntity,
        kind: EntityKind,
        text: Option<&str>,
        sink: &mut dyn Sink,
    ) -> io::Result<String> {
        if self.taken.insert(it.id.clone()) {
            let name = it.name.as_deref().or(text).unwrap_or(&it.id).to_owned();
            let kind = it.kind.unwrap_or(kind);
            self.known.entry((kind, name.clone())).or_insert_with(|| it.id.clone());
            sink.entity(Entity { id: it.id.clone(), kind, name, ..Entity::default() })?;
        }
        Ok(it.id.clone())
    }

    /// Keeps an id for what comes from elsewhere.
    pub(super) fn take(&mut self, id: &str) {
        self.taken.insert(id.to_owned());
    }

    /// The entity that a text of a column names. `own` is the id that the table has for it.
    pub(super) fn named(
        &mut self,
        text: &str,
        own: Option<&str>,
        role: &MappedRole,
        sink: &mut dyn Sink,
    ) -> Result<String, Failure> {
        let kind = role.kind;
        let scheme = role.scheme.as_deref().or(role.id_column.as_deref());
        let given = match (own, scheme) {
            (Some(own), Some(scheme)) => self.by_code(scheme, own)?,
            _ => self.by_name(text, Some(kind))?,
        };
        if let Some((id, kind)) = given {
            let id = id.to_owned();
            named_again(&id, kind, text, own, sink)?;
            return Ok(id);
        }
        // A number is nobody's name.
        if let (Some(own), Some(scheme), "") = (own, scheme, text)
            && (role.column.is_none() || self.given.codes.contains_key(scheme))
        {
            return Err(no_such_id(own, scheme).into());
        }
        let key = (kind, own.map_or_else(|| text.to_owned(), |it| format!("{}\u{0}{it}", scheme.unwrap_or_default())));
        if let Some(id) = self.known.get(&key) {
            named_again(id, kind, text, own, sink)?;
            return Ok(id.clone());
        }
        let stem = slug(own.filter(|_| text.is_empty()).unwrap_or(text));
        let id = self.free(&stem, kind);
        self.known.insert(key, id.clone());
        let is_a = match &role.is_a {
            Some(class) if kind.is_class() => Some(self.defined(class, kind, None, sink)?),
            _ => None,
        };
        let names = match (own, scheme) {
            (Some(own), Some(scheme)) => vec![Name::code(scheme, own)],
            _ => Vec::new(),
        };
        let name = if text.is_empty() { own.unwrap_or_default() } else { text }.to_owned();
        sink.entity(Entity { id: id.clone(), kind, name, names, is_a, ..Entity::default() })?;
        Ok(id)
    }

    /// Takes the entity of a row of a table in: gives its place for [`Names::also`], and its id, which is that of an earlier row of
    /// the same one.
    pub(super) fn give(
        &mut self,
        kind: EntityKind,
        name: &str,
        own: Option<(&str, &str)>,
    ) -> Result<(u32, String), RowProblem> {
        let before = match own {
            Some((scheme, id)) => {
                self.given.one(self.given.of_code(scheme, id), || format!("`{id}` of `{scheme}` is the id of"))?
            }
            None => {
                let found = self.given.names.get(name).map_or(&[][..], Bearers::all);
                found.iter().copied().find(|it| self.given.entity(*it).is_some_and(|(_, it)| it == kind))
            }
        };
        if let Some(at) = before {
            self.given.note_name(name, at);
            return Ok((at, self.given.entity(at).map_or(String::new(), |(id, _)| id.to_owned())));
        }
        // One that a mapping defined before.
        let defined = self.known.get(&(kind, name.to_owned())).cloned();
        let id = defined.unwrap_or_else(|| self.free(&slug(name), kind));
        let at = u32::try_from(self.given.list.len()).unwrap_or(u32::MAX);
        self.given.list.push((id.as_str().into(), kind));
        if let Some((scheme, own)) = own {
            self.given.note_code(scheme, own, at);
        }
        self.given.note_name(name, at);
        Ok((at, id))
    }

    /// Notes by what else an entity of a table is found.
    pub(super) fn also(&mut self, at: u32, names: &[Name]) {
        for name in names {
            match (name.kind, name.lang.as_deref()) {
                (NameKind::Code, Some(scheme)) => self.given.note_code(scheme, &name.text, at),
                // It may be somebody else's too.
                (NameKind::Weak, _) => {}
                _ => self.given.note_name(&name.text, at),
            }
        }
    }

    /// The entity of a table that has an id.
    pub(super) fn by_code(&self, scheme: &str, id: &str) -> Result<Option<(&str, EntityKind)>, RowProblem> {
        let found = self.given.one(self.given.of_code(scheme, id), || format!("`{id}` of `{scheme}` is the id of"))?;
        Ok(found.and_then(|it| self.given.entity(it)))
    }

    /// The entity of a table that has a name: of a kind, if one of that kind has it.
    pub(super) fn by_name(
        &self,
        name: &str,
        kind: Option<EntityKind>,
    ) -> Result<Option<(&str, EntityKind)>, RowProblem> {
        let Some(found) = self.given.names.get(name) else { return Ok(None) };
        let is_of = |it: &u32| kind.is_some() && self.given.entity(*it).map(|(_, it)| it) == kind;
        let preferred: Vec<u32> = found.all().iter().copied().filter(is_of).collect();
        let all = if preferred.is_empty() { found.all() } else { &preferred };
        Ok(self.given.one(all, || format!("`{name}` is the name of"))?.and_then(|it| self.given.entity(it)))
    }

    /// The id nearest to a stem that nobody has.
    fn free(&mut self, stem: &str, kind: EntityKind) -> String {
        for id in [stem.to_owned(), format!("{stem}-{}", kind.as_str())] {
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
        let number = self.next.entry(stem.to_owned()).or_insert(2);
        loop {
            let id = format!("{stem}-{number}");
            *number += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

impl Given {
    fn entity(&self, at: u32) -> Option<(&str, EntityKind)> {
        self.list.get(at as usize).map(|(id, kind)| (&**id, *kind))
    }

    fn note_code(&mut self, scheme: &str, id: &str, at: u32) {
        if !self.codes.contains_key(scheme) {
            self.codes.insert(scheme.into(), HashMap::new());
        }
        let Some(ids) = self.codes.get_mut(scheme) else { return };
        ids.entry(id.into()).and_modify(|it| it.add(at)).or_insert(Bearers::One(at));
    }

    fn note_name(&mut self, name: &str, at: u32) {
        self.names.entry(name.into()).and_modify(|it| it.add(at)).or_insert(Bearers::One(at));
    }

    fn of_code(&self, scheme: &str, id: &str) -> &[u32] {
        self.codes.get(scheme).and_then(|it| it.get(id)).map_or(&[], Bearers::all)
    }

    /// The only one of some, if there are any; which of several is meant, nobody may guess.
    fn one(&self, all: &[u32], what: impl FnOnce() -> String) -> Result<Option<u32>, RowProblem> {
        if let [] | [_] = all {
            return Ok(all.first().copied());
        }
        let ids: Vec<&str> = all.iter().take(4).filter_map(|it| self.entity(*it)).map(|(id, _)| id).collect();
        let more = if all.len() > ids.len() { " and others" } else { "" };
        Err(RowProblem {
            column: None,
            code: ImportCode::UnknownReference,
            message: format!("{} several: {}{more}", what(), ids.join(", ")),
            help: Some("say which by an id of its own".to_owned()),
        })
    }
}

/// What is wrong with an id that no table has.
pub(super) fn no_such_id(id: &str, scheme: &str) -> RowProblem {
    RowProblem {
        column: None,
        code: ImportCode::UnknownReference,
        message: format!("no table of entities has the id `{id}` of `{scheme}`"),
        help: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_slug_are_numbered_from_where_the_last_stopped() {
        let mut names = Names::default();
        names.take("acme-3");
        let ids: Vec<String> = (0..5).map(|_| names.free("acme", EntityKind::Organization)).collect();
        assert_eq!(ids, ["acme", "acme-organization", "acme-2", "acme-4", "acme-5"]);
        assert_eq!(names.free("acme", EntityKind::Vessel), "acme-vessel");
        // Not 30,000 times all numbers before.
        (0..30_000).for_each(|_| {
            names.free("acme", EntityKind::Organization);
        });
        assert_eq!(names.free("acme", EntityKind::Organization), "acme-30006");
    }
}
