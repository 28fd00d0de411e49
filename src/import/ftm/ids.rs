//! Who is who: ids of FollowTheMoney, the slugs that stand for them, and things that have no id there.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::reading::Head;
use crate::model::ftm::{Made, entity_kind};
use crate::model::ftm::{SchemaIx, model};
use crate::model::{EntityKind, is_slug, slug};

/// A hash that is the same in every run.
type Fixed = BuildHasherDefault<DefaultHasher>;

/// A slug is cut to so many bytes.
const LONGEST: usize = 96;

/// What is known of an id before anything is made of its record.
#[derive(Debug)]
struct Known {
    schema: Option<SchemaIx>,
    /// How many records there are of it.
    parts: u32,
    /// Its slug, where that is not the id itself.
    slug: Option<Box<str>>,
}

/// All ids.
#[derive(Debug, Default)]
pub(super) struct Ids {
    known: HashMap<Box<str>, Known>,
    /// Former ids of entities that were put together, and the id that stands for them now.
    former: HashMap<Box<str>, Box<str>>,
    /// Hashes of slugs: of two that share one, the second gets a number, which does no harm.
    taken: HashSet<u64, Fixed>,
    made: HashMap<Made, HashMap<Box<str>, Box<str>>>,
}

/// An entity that a property names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) slug: String,
    pub(super) kind: EntityKind,
    /// Whether the id was one of before.
    pub(super) is_former: bool,
}

/// A slug for something made, and whether it is new.
pub(super) struct MadeId {
    pub(super) slug: String,
    pub(super) is_new: bool,
}

impl Ids {
    /// Takes note of a record.
    pub(super) fn add(&mut self, head: &Head<'_>) {
        let (id, schema) = (&*head.id, head.schema);
        match self.known.get_mut(id) {
            Some(known) => {
                known.parts += 1;
                known.schema = match (known.schema, schema) {
                    (Some(one), Some(other)) => model().narrower(one, other).or(Some(one)),
                    (one, other) => one.or(other),
                };
            }
            None => {
                let own = self.take(id, id);
                let own = (own != id).then(|| own.into_boxed_str());
                self.known.insert(id.into(), Known { schema, parts: 1, slug: own });
            }
        }
        for former in head.referents.iter().filter(|it| **it != id) {
            if !self.former.contains_key(&**former) {
                self.former.insert(former.as_ref().into(), id.into());
            }
        }
    }

    /// A free slug for a text; `id` tells two apart that have the same.
    fn take(&mut self, text: &str, id: &str) -> String {
        let mut own = if is_slug(text) { text.to_owned() } else { slug(text) };
        if own.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|it| own.is_char_boundary(*it)).unwrap_or_default();
            own = format!("{}-{:x}", own.get(..end).unwrap_or("x").trim_end_matches('-'), hash(id));
        }
        if self.taken.insert(hash(&own)) {
            return own;
        }
        // The hash of the id, so that it depends little on what else there is.
        let base = format!("{own}-{:08x}", hash(id) & 0xffff_ffff);
        let mut own = base.clone();
        let mut number = 1_u32;
        while !self.taken.insert(hash(&own)) {
            number += 1;
            own = format!("{base}-{number}");
        }
        own
    }

    /// How many records there are of an id.
    pub(super) fn parts(&self, id: &str) -> u32 {
        self.known.get(id).map_or(1, |it| it.parts)
    }

    /// The slug of a record that was noted.
    pub(super) fn slug<'s>(&'s self, id: &'s str) -> &'s str {
        self.known.get(id).and_then(|it| it.slug.as_deref()).unwrap_or(id)
    }

    /// The entity that an id means; `None` where none has it, or a fact.
    pub(super) fn entity(&self, id: &str) -> Option<Target> {
        let find = |id: &str, is_former| {
            let known = self.known.get(id)?;
            let kind = entity_kind(known.schema)?;
            Some(Target { slug: self.slug(id).to_owned(), kind, is_former })
        };
        find(id, false).or_else(|| find(self.former.get(id)?, true))
    }

    /// The slug of something that has no record.
    pub(super) fn made(&mut self, made: Made, text: &str) -> MadeId {
        // Scheme and slashes of an address are no part of its name.
        let bare = text.split_once("://").map_or(text, |it| it.1);
        self.made_as(made, text, || format!("{}-{}", made.as_str(), slug(bare)))
    }

    /// The same, with the slug that is wanted if it gets one now.
    pub(super) fn made_as(&mut self, made: Made, text: &str, wanted: impl FnOnce() -> String) -> MadeId {
        if let Some(slug) = self.made.get(&made).and_then(|it| it.get(text)) {
            return MadeId { slug: slug.to_string(), is_new: false };
        }
        let slug = self.take(&wanted(), text);
        self.made.entry(made).or_default().insert(text.into(), slug.as_str().into());
        MadeId { slug, is_new: true }
    }

    /// A further slug that begins with another one.
    pub(super) fn further(&mut self, slug: &str, word: &str) -> String {
        let text = format!("{slug}-{word}");
        self.take(&text, &text)
    }
}

fn hash(text: &str) -> u64 {
    Fixed::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(all: &[(&str, &str)]) -> Ids {
        let mut ids = Ids::default();
        for (id, schema) in all {
            ids.add(&Head { id: (*id).into(), schema: model().position(schema), referents: vec!["old".into()] });
        }
        ids
    }

    #[test]
    fn slugs_are_the_ids_where_those_are_slugs_and_no_two_are_the_same() {
        let mut ids =
            ids(&[("NK-1", "Person"), ("nk-1", "Person"), ("nK-1", "Company"), ("ä ö", "Person"), ("…", "Person")]);
        assert_eq!((ids.slug("NK-1"), ids.slug("ä ö"), ids.slug("…")), ("nk-1", "a-o", "x"));
        let others = [ids.slug("nk-1").to_owned(), ids.slug("nK-1").to_owned()];
        assert!(others.iter().all(|it| it.starts_with("nk-1-") && is_slug(it)) && others[0] != others[1], "{others:?}");
        assert_eq!(ids.made(Made::Country, "ru").slug, "country-ru");
        assert!(!ids.made(Made::Country, "ru").is_new);
        let long = "x".repeat(1000);
        assert!(ids.made(Made::Address, &long).slug.len() < 130);
    }

    #[test]
    fn an_id_of_before_means_the_one_of_today() {
        let ids = ids(&[("a", "LegalEntity"), ("a", "Person"), ("o", "Ownership")]);
        assert_eq!(ids.entity("old"), Some(Target { slug: "a".to_owned(), kind: EntityKind::Person, is_former: true }));
        assert_eq!((ids.entity("o"), ids.entity("nobody")), (None, None));
        assert_eq!(ids.parts("a"), 2);
    }
}
