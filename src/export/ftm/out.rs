//! An entity of FollowTheMoney on its way out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value};

use crate::model::ftm::{self, Schema, model};

/// What `extra` holds: names, each with its values.
pub(super) type Extra = [(String, Vec<String>)];

/// An entity: one line.
#[derive(Debug, Default)]
pub(super) struct Entity {
    pub(super) id: String,
    /// Empty where none is known.
    pub(super) schema: String,
    properties: BTreeMap<String, Vec<String>>,
    fields: Map<String, Value>,
}

impl Entity {
    pub(super) fn new(id: String, schema: &str) -> Entity {
        Entity { id, schema: schema.to_owned(), ..Entity::default() }
    }

    /// What came from FollowTheMoney, as far as `extra` kept it; `None` for anything else.
    pub(super) fn kept(id: &str, extra: &Extra) -> Option<Entity> {
        let find = |name: &str| extra.iter().find(|it| it.0 == name).and_then(|it| it.1.first());
        let schema = find(ftm::SCHEMA)?;
        let id = find(ftm::ID).map_or(id, |it| it.as_str());
        let mut entity = Entity::new(id.to_owned(), if schema == "none" { "" } else { schema });
        for (name, values) in extra {
            if let Some(property) = name.strip_prefix(ftm::PROPERTY) {
                entity.properties.insert(property.to_owned(), values.clone());
            } else if let Some(field) = name.strip_prefix(ftm::JSON) {
                let value = values.first().and_then(|it| serde_json::from_str(it).ok());
                entity.fields.extend(value.map(|it: Value| (field.to_owned(), it)));
            } else if let Some(field) = name.strip_prefix(ftm::FIELD)
                && !ftm::MARKS.contains(&name.as_str())
            {
                let value = match &values[..] {
                    [text] if ftm::TEXTS.contains(&field) => Value::from(text.as_str()),
                    _ => Value::from(values.clone()),
                };
                entity.fields.insert(field.to_owned(), value);
            }
        }
        Some(entity)
    }

    pub(super) fn model(&self) -> Option<&'static Schema> {
        model().schema(&self.schema)
    }

    pub(super) fn has(&self, property: &str) -> bool {
        self.properties.contains_key(property)
    }

    pub(super) fn get(&self, property: &str) -> &[String] {
        self.properties.get(property).map_or(&[], |it| it)
    }

    /// Whether its schema has the property; where nothing is known of the schema, it has none but those that came with it.
    pub(super) fn takes(&self, property: &str) -> bool {
        self.model().is_some_and(|it| it.property(property).is_some())
    }

    /// Adds values, each once, if the schema has the property.
    pub(super) fn add(&mut self, property: &str, values: impl IntoIterator<Item = String>) {
        if !self.takes(property) {
            return;
        }
        for value in values.into_iter().filter(|it| !it.trim().is_empty()) {
            let known = self.properties.entry(property.to_owned()).or_default();
            if !known.contains(&value) {
                known.push(value);
            }
        }
    }

    /// Adds a value to a property, whatever the schema: what came with it goes back.
    pub(super) fn keep(&mut self, property: &str, value: &str) {
        let known = self.properties.entry(property.to_owned()).or_default();
        if !known.iter().any(|it| it == value) {
            known.push(value.to_owned());
        }
    }

    /// Sets a field beside the properties that is a list.
    pub(super) fn set_list(&mut self, field: &str, values: Vec<String>) {
        if !values.is_empty() {
            self.fields.insert(field.to_owned(), Value::from(values));
        }
    }

    pub(super) fn has_field(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// Writes it as a line.
    pub(super) fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let mut line = self.fields;
        line.insert("id".to_owned(), Value::from(self.id));
        if !self.schema.is_empty() {
            line.insert("schema".to_owned(), Value::from(self.schema));
        }
        let properties = self.properties.into_iter().map(|(name, values)| (name, Value::from(values)));
        line.insert("properties".to_owned(), Value::Object(properties.collect()));
        serde_json::to_writer(&mut *out, &Value::Object(line))?;
        out.write_all(b"\n")
    }
}
