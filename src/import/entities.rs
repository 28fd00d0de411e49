//! The entities of an import: each once, whatever comes of it later is merged, and at the end what they say of each other is
//! looked up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use foldhash::quality::RandomState;

use super::findings::{ImportCode, ImportFinding, ImportFindings};
use super::record::{Bibliography, Entity, Extra, Name};
use super::text::is_scheme;
use crate::model::{EntityKind, NameKind, Period, Terms, is_slug, normal_form, slug};

/// Where in the input something stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) file: Option<Arc<str>>,
    pub(super) line: Option<u64>,
}

impl Place {
    pub(super) fn set(&mut self, file: &str, line: Option<u64>) {
        if self.file.as_deref() != Some(file) {
            self.file = Some(file.into());
        }
        self.line = line;
    }

    pub(super) fn finding(&self, code: ImportCode, message: String, help: Option<String>) -> ImportFinding {
        let file = self.file.clone().unwrap_or_else(|| "".into());
        ImportFinding { file, line: self.line, column: None, code, message, help }
    }
}

/// Entities in the order in which they came first.
#[derive(Default)]
pub(super) struct EntityTable {
    by_id: HashMap<Box<str>, u32, RandomState>,
    list: Vec<Entity>,
    /// Lines of the first of each, for what is found at the end.
    lines: Vec<Place>,
}

impl EntityTable {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: u32) -> Option<&Entity> {
        self.list.get(at as usize)
    }

    pub(super) fn position(&self, id: &str) -> Option<u32> {
        self.by_id.get(id).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entity> {
        self.list.iter()
    }

    /// Adds an entity, or what it says more of one that is known. Gives its position.
    pub(super) fn add(
        &mut self,
        mut entity: Entity,
        terms: &Terms,
        place: &Place,
        findings: &mut ImportFindings,
    ) -> Option<u32> {
        let mut report = |code, message: String, help: Option<&str>| {
            findings.add(place.finding(code, message, help.map(str::to_owned)));
        };
        if !is_slug(&entity.id) {
            let help = format!("an importer makes ids such as `{}`", slug(&entity.id));
            report(ImportCode::MissingValue, format!("`{}` is no id of an entity", entity.id), Some(&help));
            return None;
        }
        tidy(&mut entity, terms, &mut report);
        let Some(at) = self.position(&entity.id) else {
            let at = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
            self.by_id.insert(entity.id.as_str().into(), at);
            self.list.push(entity);
            self.lines.push(place.clone());
            return Some(at);
        };
        if let Some(known) = self.list.get_mut(at as usize) {
            let differing = merge(known, entity);
            if !differing.is_empty() {
                let message = format!("the entity `{}` comes again with another {}", known.id, differing.join(", "));
                let help = if differing.contains(&"name") {
                    "the first one stands, and the other name beside it"
                } else {
                    "the first one stands"
                };
                report(ImportCode::EntityDiffers, message, Some(help));
            }
        }
        Some(at)
    }

    /// Nothing is added any more: takes out references that lead nowhere, to something that may not stand there, or round in a
    /// circle.
    pub(super) fn settle(&mut self, findings: &mut ImportFindings) {
        self.settle_field("part_of", |it| &mut it.part_of, |kind| kind.wholes().to_vec(), findings);
        self.settle_field("is_a", |it| &mut it.is_a, |kind| vec![kind], findings);
        for at in 0..self.list.len() {
            let Some(entity) = self.list.get(at) else { continue };
            let Some(publisher) = entity.document.as_ref().and_then(|it| it.publisher.as_ref()) else { continue };
            let problem = self.problem(publisher, &EntityKind::PUBLISHERS);
            if let Some((code, problem)) = problem {
                let message = format!("the publisher of `{}`, `{publisher}`, {problem}", entity.id);
                self.report(at, code, message, findings);
                if let Some(document) = self.list.get_mut(at).and_then(|it| it.document.as_mut()) {
                    document.publisher = None;
                }
            }
        }
        self.lines = Vec::new();
    }

    fn report(&self, at: usize, code: ImportCode, message: String, findings: &mut ImportFindings) {
        let place = self.lines.get(at).cloned().unwrap_or_default();
        findings.add(place.finding(code, message, Some("it is left out".to_owned())));
    }

    fn problem(&self, id: &str, accepts: &[EntityKind]) -> Option<(ImportCode, String)> {
        match self.position(id).and_then(|it| self.get(it)) {
            None => Some((ImportCode::UnknownReference, "is not in the input".to_owned())),
            Some(it) if !accepts.is_empty() && !accepts.contains(&it.kind) => {
                Some((ImportCode::BadRole, format!("is of the kind {}", it.kind.as_str())))
            }
            Some(_) => None,
        }
    }

    fn settle_field(
        &mut self,
        name: &str,
        field: impl Fn(&mut Entity) -> &mut Option<String>,
        accepts: impl Fn(EntityKind) -> Vec<EntityKind>,
        findings: &mut ImportFindings,
    ) {
        let mut parents: Vec<Option<usize>> = vec![None; self.list.len()];
        for at in 0..self.list.len() {
            let Some((id, kind, above)) =
                self.list.get_mut(at).and_then(|it| Some((it.id.clone(), it.kind, field(it).clone()?)))
            else {
                continue;
            };
            match self.problem(&above, &accepts(kind)) {
                Some((code, problem)) => {
                    self.report(at, code, format!("`{name}` of `{id}`: `{above}` {problem}"), findings);
                    self.list.get_mut(at).into_iter().for_each(|it| *field(it) = None);
                }
                None => {
                    let to = self.position(&above).map(|it| it as usize);
                    parents.get_mut(at).into_iter().for_each(|it| *it = to);
                }
            }
        }
        for at in circle_ends(&parents) {
            let id = self.list.get(at).map_or(String::new(), |it| it.id.clone());
            let message = format!("following `{name}` from `{id}` leads back to it");
            self.report(at, ImportCode::UnknownReference, message, findings);
            self.list.get_mut(at).into_iter().for_each(|it| *field(it) = None);
        }
    }
}

/// One position on each circle, the smallest. Linear.
fn circle_ends(parents: &[Option<usize>]) -> Vec<usize> {
    let mut walk = vec![0_usize; parents.len()];
    let mut found = Vec::new();
    for start in 0..parents.len() {
        let mut at = Some(start);
        while let Some(node) = at {
            let Some(mark) = walk.get_mut(node) else { break };
            if *mark == start + 1 {
                // The circle once more, for its smallest member.
                let mut least = node;
                let mut next = parents.get(node).copied().flatten();
                while let Some(other) = next.filter(|it| *it != node) {
                    least = least.min(other);
                    next = parents.get(other).copied().flatten();
                }
                found.push(least);
                break;
            }
            if *mark != 0 {
                break;
            }
            *mark = start + 1;
            at = parents.get(node).copied().flatten();
        }
    }
    found.sort_unstable();
    found
}

/// Brings an entity into the form that the data format can hold.
fn tidy(entity: &mut Entity, terms: &Terms, report: &mut dyn FnMut(ImportCode, String, Option<&str>)) {
    let kind = entity.kind;
    let mut is_damaged = false;
    for text in std::iter::once(&mut entity.name).chain(entity.names.iter_mut().map(|it| &mut it.text)) {
        is_damaged |= without_controls(text);
    }
    if is_damaged {
        let message = format!("a name of `{}` has control characters, which no name has", entity.id);
        report(ImportCode::Encoding, message, Some("they are left out"));
    }
    entity.name = entity.name.trim().to_owned();
    if !is_name(&entity.name) {
        let message = format!("the name of `{}`, `{}`, has no letter or digit", entity.id, entity.name);
        report(ImportCode::MissingValue, message, Some("its id stands for it"));
        entity.name.clone_from(&entity.id);
    }
    for name in &mut entity.names {
        let fits = match name.kind {
            NameKind::Demonym => matches!(kind, EntityKind::Country | EntityKind::Place),
            NameKind::Metonym => kind == EntityKind::Organization,
            NameKind::Primary => false,
            NameKind::Code | NameKind::Alias | NameKind::Weak => true,
        };
        if !fits {
            name.kind = NameKind::Alias;
        }
        if name.kind == NameKind::Code {
            name.script = None;
            let scheme = name.lang.take().unwrap_or_else(|| "id".to_owned());
            name.lang = Some(if is_scheme(&scheme) { scheme } else { scheme_of(&scheme) });
        }
        if matches!(name.kind, NameKind::Demonym | NameKind::Metonym) {
            (name.lang, name.script) = (None, None);
        }
        for mark in [&mut name.lang, &mut name.script] {
            *mark = mark.take().filter(|it| !it.trim().is_empty());
        }
        name.text = name.text.trim().to_owned();
    }
    let own = entity.name.clone();
    entity.names.retain(|it| is_name(&it.text) && !(it.kind == NameKind::Alias && it.lang.is_none() && it.text == own));
    order(&mut entity.names);
    let drop = |field: &mut Option<String>, allowed: bool| {
        *field = field.take().filter(|it| allowed && !it.trim().is_empty());
    };
    drop(&mut entity.plural, kind.is_class());
    drop(&mut entity.is_a, kind.is_class());
    drop(&mut entity.part_of, !kind.is_class());
    drop(&mut entity.unit, kind == EntityKind::Materiel);
    if let Some(unit) = entity.unit.take_if(|it| terms.unit_ix(it).is_none()) {
        let message = format!("`{unit}`, the unit of `{}`, is none", entity.id);
        report(ImportCode::BadVocabulary, message, Some("it is left out"));
    }
    if kind == EntityKind::Document {
        let document = entity.document.get_or_insert_default();
        for field in [&mut document.title, &mut document.publisher, &mut document.date, &mut document.address] {
            drop(field, true);
        }
        if let Some(date) = document.date.take_if(|it| Period::parse(it).is_err()) {
            let message = format!("`{date}`, the date of `{}`, is none", entity.id);
            report(ImportCode::BadPeriod, message, Some("it is left out"));
        }
    } else {
        entity.document = None;
    }
    tidy_extra(&mut entity.extra);
}

/// Takes out control characters, but not white space; tells whether there were any.
fn without_controls(text: &mut String) -> bool {
    let is_stray = |c: char| c.is_control() && !c.is_whitespace();
    let has = text.contains(is_stray);
    if has {
        text.retain(|c| !is_stray(c));
    }
    has
}

/// Names once each, values that are not blank.
pub(super) fn tidy_extra(extra: &mut Extra) {
    if extra.is_empty() {
        return;
    }
    let mut found: Extra = Vec::with_capacity(extra.len());
    let mut places = Places::of(&found);
    for (name, values) in std::mem::take(extra) {
        let values = values.into_iter().filter(|it| !it.trim().is_empty());
        match places.find(&mut found, &name) {
            Some((_, known)) => known.extend(values),
            None => found.push((name, values.collect())),
        }
    }
    found.retain(|(name, values)| !name.trim().is_empty() && !values.is_empty());
    *extra = found;
}

/// Whether somebody could ask by it.
fn is_name(text: &str) -> bool {
    text.bytes().any(|it| it.is_ascii_alphanumeric()) || !normal_form(text).is_empty()
}

fn scheme_of(text: &str) -> String {
    let scheme = slug(text).replace('-', "_");
    if is_scheme(&scheme) { scheme } else { format!("n{scheme}") }
}

/// In the order in which a file lists them, each once; codes of one scheme stand together.
fn order(names: &mut Vec<Name>) {
    if names.len() < 2 {
        return;
    }
    let mut schemes: HashMap<Option<String>, usize> = HashMap::new();
    for name in names.iter().filter(|it| it.kind == NameKind::Code) {
        if !schemes.contains_key(&name.lang) {
            schemes.insert(name.lang.clone(), schemes.len());
        }
    }
    let rank = |it: &Name| match it.kind {
        NameKind::Primary | NameKind::Alias => 0,
        NameKind::Weak => 1,
        NameKind::Demonym => 2,
        NameKind::Metonym => 3,
        NameKind::Code => 4 + schemes.get(&it.lang).copied().unwrap_or_default(),
    };
    names.sort_by_key(rank);
    if names.len() < FEW {
        let mut seen: Vec<Name> = Vec::with_capacity(names.len());
        for name in std::mem::take(names) {
            if !seen.contains(&name) {
                seen.push(name);
            }
        }
        *names = seen;
    } else {
        let mut seen = HashSet::with_capacity(names.len());
        names.retain(|it| seen.insert(it.clone()));
    }
}

/// Lists are short, so they are looked through; longer ones have a set beside them.
const FEW: usize = 24;

/// Where names stand in `extra`, while it grows.
struct Places {
    of: HashMap<String, usize>,
    /// How many of the list are among the places.
    known: usize,
}

impl Places {
    fn of(extra: &Extra) -> Places {
        let mut places = Places { of: HashMap::new(), known: 0 };
        places.take_in(extra);
        places
    }

    fn take_in(&mut self, extra: &Extra) {
        if extra.len() < FEW {
            return;
        }
        for (at, (name, _)) in extra.iter().enumerate().skip(self.known) {
            self.of.entry(name.clone()).or_insert(at);
        }
        self.known = extra.len();
    }

    fn find<'e>(&mut self, extra: &'e mut Extra, name: &str) -> Option<&'e mut (String, Vec<String>)> {
        self.take_in(extra);
        if extra.len() < FEW {
            return extra.iter_mut().find(|it| it.0 == name);
        }
        extra.get_mut(*self.of.get(name)?)
    }
}

/// Adds to an entity what another says of the same one; gives the names of fields in which they contradict each other.
fn merge(known: &mut Entity, other: Entity) -> Vec<&'static str> {
    let mut differing = Vec::new();
    if known.kind != other.kind {
        return vec!["kind"];
    }
    // Without a name the id stands for it.
    let is_known = |it: &Name| it.text == other.name && it.kind != NameKind::Code;
    if known.name != other.name && other.name != other.id && !known.names.iter().any(is_known) {
        differing.push("name");
        known.names.push(Name::alias(other.name));
        order(&mut known.names);
    }
    let mut field = |name: &'static str, known: &mut Option<String>, other: Option<String>| match (&known, other) {
        (None, other) => *known = other,
        (Some(mine), Some(other)) if *mine != other => differing.push(name),
        _ => {}
    };
    field("plural", &mut known.plural, other.plural);
    field("whole", &mut known.part_of, other.part_of);
    field("class", &mut known.is_a, other.is_a);
    field("unit", &mut known.unit, other.unit);
    if let (Some(mine), Some(other)) = (&mut known.document, other.document) {
        let Bibliography { title, publisher, date, address } = other;
        field("title", &mut mine.title, title);
        field("publisher", &mut mine.publisher, publisher);
        field("date", &mut mine.date, date);
        field("address", &mut mine.address, address);
    }
    if !other.names.is_empty() {
        known.names.extend(other.names);
        order(&mut known.names);
    }
    let mut places = Places::of(&known.extra);
    for (name, values) in other.extra {
        match places.find(&mut known.extra, &name) {
            Some((_, mine)) => {
                let is_known: HashSet<&str> = mine.iter().map(String::as_str).collect();
                let new: Vec<bool> = values.iter().map(|it| !is_known.contains(it.as_str())).collect();
                mine.extend(values.into_iter().zip(new).filter_map(|(it, is_new)| is_new.then_some(it)));
            }
            None => known.extra.push((name, values)),
        }
    }
    differing
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looked through one by one it would take minutes.
    #[test]
    fn an_entity_of_twenty_thousand_names_and_fields_is_taken_at_once() {
        let many = |from: u32| {
            let all = || from..from + 20_000;
            Entity {
                id: "a".to_owned(),
                name: "A".to_owned(),
                names: all()
                    .flat_map(|it| [Name::alias(format!("n {it}")), Name::code(format!("s{it}"), "1")])
                    .collect(),
                extra: all().map(|it| (format!("x{it}"), vec![it.to_string()])).collect(),
                ..Entity::default()
            }
        };
        let (mut table, mut findings) = (EntityTable::default(), ImportFindings::default());
        let start = std::time::Instant::now();
        for from in [0, 10_000] {
            table.add(many(from), &Terms::default(), &Place::default(), &mut findings);
        }
        let entity = table.get(0).expect("an entity");
        assert_eq!((entity.names.len(), entity.extra.len(), findings.count()), (60_000, 30_000, 0));
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }
}
