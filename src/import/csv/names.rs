//! Entities out of the texts of a table: each name once, with an id made from it.

use std::collections::{HashMap, HashSet};
use std::io;

use crate::import::record::{Entity, Name};
use crate::import::sink::Sink;
use crate::model::{EntityKind, MappedEntity, MappedRole, slug};

/// Entities so far. Two that are written differently are two: names are never merged here.
#[derive(Default)]
pub(super) struct Names {
    /// By kind and name, or by scheme and id of the source.
    known: HashMap<(EntityKind, String), String>,
    taken: HashSet<String>,
    /// The number to try next behind a stem that many names share.
    next: HashMap<String, u64>,
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
    ) -> io::Result<String> {
        let kind = role.kind;
        let scheme = role.scheme.as_deref().or(role.id_column.as_deref());
        let key = (kind, own.map_or_else(|| text.to_owned(), |it| format!("{}\u{0}{it}", scheme.unwrap_or_default())));
        if let Some(id) = self.known.get(&key) {
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
