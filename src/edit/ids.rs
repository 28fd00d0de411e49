//! Where the ids of entities and records stand in a file.

use super::tree::{Bytes, Group, Tree, Value};
use crate::load::string_of;
use crate::model::Vocabulary;

/// Fields that hold no id: texts, numbers and words of the program.
const NO_IDS: [&str; 16] = [
    "quantity",
    "period",
    "inferred",
    "outcome",
    "per",
    "made",
    "stance",
    "withdrawn",
    "scope",
    "at",
    "extra",
    "note",
    "draft",
    "label",
    "several",
    "quote",
];

/// Fields of an entity that name other entities.
const OF_ENTITIES: [&str; 4] = ["part_of", "is_a", "publisher", "corrects"];

/// One place where an id stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IdPlace {
    /// The string with its quotes.
    pub(crate) at: Bytes,
    /// The id.
    pub(crate) id: String,
    /// Whether it is the id of the record itself.
    pub(crate) defines: bool,
    /// The id of the record it stands in; empty outside of records.
    pub(crate) record: String,
}

/// All places of a file, in the order of the text.
pub(crate) fn id_places(text: &str, tree: &Tree, vocabulary: &Vocabulary) -> Vec<IdPlace> {
    let mut finder = Finder { text, found: Vec::new(), record: String::new(), figures: Vec::new() };
    for field in &tree.root.items {
        let name = field.key.clone().and_then(|it| text.get(it)).unwrap_or("");
        match (name, field.value.as_group()) {
            ("document" | "defaults", _) => finder.value(&field.value),
            ("entities", Some(list)) => finder.records(list, |finder, record| finder.some(record, &OF_ENTITIES)),
            ("decisions", Some(list)) => {
                finder.records(list, |finder, record| finder.some(record, &["a", "b", "keep"]))
            }
            ("facts", Some(list)) => finder.records(list, |finder, record| {
                let name = record.name_in(text);
                let kind = vocabulary.kinds.iter().find(|it| it.camel_case() == name);
                finder.figures =
                    kind.map_or_else(Vec::new, |it| it.figures.iter().map(|it| it.name.to_string()).collect());
                finder.all(record, true);
                finder.figures.clear();
            }),
            _ => {}
        }
    }
    finder.found
}

/// The records of a file: list, position in it, id.
pub(crate) fn records<'t>(text: &'t str, tree: &'t Tree) -> impl Iterator<Item = (&'t Group, usize, String)> {
    let lists = tree
        .root
        .items
        .iter()
        .filter(move |it| matches!(it.key.clone().and_then(|key| text.get(key)), Some("entities" | "facts")));
    let lists = lists.filter_map(|it| it.value.as_group());
    lists.flat_map(move |list| {
        list.items.iter().enumerate().filter_map(move |(at, item)| {
            let id = item.value.as_group()?.field(text, "id")?;
            Some((list, at, string_of(text.get(id.value.bytes())?)?.into_owned()))
        })
    })
}

struct Finder<'t> {
    text: &'t str,
    found: Vec<IdPlace>,
    record: String,
    figures: Vec<String>,
}

impl Finder<'_> {
    fn records(&mut self, list: &Group, mut each: impl FnMut(&mut Self, &Group)) {
        for record in list.items.iter().filter_map(|it| it.value.as_group()) {
            let id = record.field(self.text, "id").and_then(|it| self.string(&it.value));
            self.record = id.unwrap_or_default();
            each(self, record);
            self.record.clear();
        }
    }

    fn string(&self, value: &Value) -> Option<String> {
        let Value::Atom(at) = value else { return None };
        string_of(self.text.get(at.clone())?).map(|it| it.into_owned())
    }

    /// The id of a record and the fields named.
    fn some(&mut self, record: &Group, names: &[&str]) {
        for item in &record.items {
            let name = item.key.clone().and_then(|it| self.text.get(it)).unwrap_or("");
            if name == "id" {
                self.place(&item.value, true);
            } else if names.contains(&name) {
                self.value(&item.value);
            }
        }
    }

    /// All fields but those that hold no id.
    fn all(&mut self, group: &Group, is_record: bool) {
        for item in &group.items {
            let name = item.key.clone().and_then(|it| self.text.get(it)).unwrap_or("");
            match name {
                "id" => self.place(&item.value, is_record),
                _ if NO_IDS.contains(&name) || self.figures.iter().any(|it| it == name) => {}
                _ => self.value(&item.value),
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Atom(_) => self.place(value, false),
            Value::Group(group) if group.bracket == b'[' => {
                group.items.iter().for_each(|it| self.value(&it.value));
            }
            Value::Group(group) => self.all(group, false),
        }
    }

    fn place(&mut self, value: &Value, defines: bool) {
        if let Some(id) = self.string(value) {
            self.found.push(IdPlace { at: value.bytes(), id, defines, record: self.record.clone() });
        }
    }
}
