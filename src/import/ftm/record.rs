//! One entity of FollowTheMoney as text: a line, or an entity inside another one, or several lines of one id put together.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::json::{Json, text};
use crate::model::ftm::{Schema, SchemaIx, model};

/// Where something was: the number of the file, and the line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) file: u32,
    pub(super) line: u64,
}

/// A name with its values, in the order of the source and each once.
pub(super) type Values<'l> = (Cow<'l, str>, Vec<Cow<'l, str>>);

/// A field of the record itself, beside id, schema and properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field<'l> {
    Text(Cow<'l, str>),
    List(Vec<Cow<'l, str>>),
    Other(String),
}

/// An entity. Nothing in it is checked but its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record<'l> {
    /// The file and the line where it, or its last part, stands.
    pub(super) origin: Origin,
    pub(super) id: Cow<'l, str>,
    /// The name of its schema, which the model may lack.
    schema: Cow<'l, str>,
    /// The schema, looked up once.
    schema_ix: Option<SchemaIx>,
    pub(super) properties: Vec<Values<'l>>,
    pub(super) fields: Vec<(Cow<'l, str>, Field<'l>)>,
}

/// What a line holds, and what of it no entity could take.
#[derive(Debug, Default)]
pub(super) struct Found<'l> {
    /// Entities inside come before the one that holds them.
    pub(super) records: Vec<Record<'l>>,
    /// Values that are neither text nor an entity: the property and the JSON.
    pub(super) strange: Vec<(String, String)>,
    /// How many entities have no id.
    pub(super) nameless: usize,
}

/// Where an entity stands that stands inside another one.
#[derive(Clone, Copy)]
struct Inner<'i> {
    /// The id and the schema of the other one.
    holder: Option<(&'i str, &'i Schema)>,
    property: &'i str,
    /// Whether the property is only the other side of one of the inner entity.
    is_stub: bool,
}

/// The fields that are lists of text.
const LISTS: [&str; 2] = ["datasets", "referents"];

impl<'l> Record<'l> {
    /// A record that says nothing yet.
    pub(super) fn new(origin: Origin, id: Cow<'l, str>, schema: Cow<'l, str>) -> Record<'l> {
        let schema_ix = model().position(&schema);
        Record { origin, id, schema, schema_ix, properties: Vec::new(), fields: Vec::new() }
    }

    /// The name of its schema as written.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    pub(super) fn schema_ix(&self) -> Option<SchemaIx> {
        self.schema_ix
    }

    /// The values of a property.
    pub(super) fn get(&self, property: &str) -> &[Cow<'l, str>] {
        self.properties.iter().find(|it| it.0 == property).map_or(&[], |it| &it.1)
    }

    /// A field that is a list.
    pub(super) fn list(&self, name: &str) -> &[Cow<'l, str>] {
        match self.fields.iter().find(|it| it.0 == name) {
            Some((_, Field::List(list))) => list,
            _ => &[],
        }
    }

    /// A field that is a text.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        match self.fields.iter().find(|it| it.0 == name) {
            Some((_, Field::Text(it))) => Some(it),
            _ => None,
        }
    }

    /// Adds values to a property.
    pub(super) fn add(&mut self, property: Cow<'l, str>, values: impl IntoIterator<Item = Cow<'l, str>>) {
        self.add_at(property, values, &mut Index::default());
    }

    /// The same, for several properties one after the other: the index is theirs together.
    fn add_at(
        &mut self,
        property: Cow<'l, str>,
        values: impl IntoIterator<Item = Cow<'l, str>>,
        index: &mut Index<'l>,
    ) {
        let at = index.position(&self.properties, &property).unwrap_or(self.properties.len());
        if at == self.properties.len() {
            self.properties.push((property, Vec::new()));
        }
        let Some((_, known)) = self.properties.get_mut(at) else { return };
        index.extend(at, known, values);
    }

    /// The same without borrowing from a line.
    pub(super) fn into_owned(self) -> Record<'static> {
        let own = |it: Cow<'_, str>| Cow::Owned(it.into_owned());
        let all = |it: Vec<Cow<'_, str>>| it.into_iter().map(own).collect();
        let field = |it| match it {
            Field::Text(it) => Field::Text(own(it)),
            Field::List(it) => Field::List(all(it)),
            Field::Other(it) => Field::Other(it),
        };
        Record {
            origin: self.origin,
            id: own(self.id),
            schema: own(self.schema),
            schema_ix: self.schema_ix,
            properties: self.properties.into_iter().map(|(name, values)| (own(name), all(values))).collect(),
            fields: self.fields.into_iter().map(|(name, it)| (own(name), field(it))).collect(),
        }
    }

    /// Puts another part of the same entity into it. Gives the schema that does not go together with its own.
    pub(super) fn merge(&mut self, other: Record<'l>, known: &mut Known<'l>) -> Option<Cow<'l, str>> {
        self.origin = other.origin;
        for (name, values) in other.properties {
            self.add_at(name, values, &mut known.properties);
        }
        for (name, field) in other.fields {
            match known.fields.position(&self.fields, &name) {
                None => self.fields.push((name, field)),
                Some(at) => {
                    if let Some((_, first)) = self.fields.get_mut(at) {
                        merge_field(&name, at, first, field, &mut known.fields);
                    }
                }
            }
        }
        if self.schema == other.schema {
            return None;
        }
        match self.schema_ix.zip(other.schema_ix).and_then(|(known, new)| model().narrower(known, new)) {
            Some(narrower) if Some(narrower) == other.schema_ix => {
                (self.schema, self.schema_ix) = (other.schema, other.schema_ix);
                None
            }
            Some(_) => None,
            None => Some(other.schema),
        }
    }
}

/// Where names and values stand in a record that grows, part by part.
#[derive(Default)]
pub(super) struct Known<'l> {
    properties: Index<'l>,
    fields: Index<'l>,
}

/// Lists are short, so they are looked through; a longer one has a map or a set beside it, which grows with it.
const FEW: usize = 24;

/// Where names stand in a list that only grows, and which values stand under each.
#[derive(Default)]
struct Index<'l> {
    places: HashMap<Cow<'l, str>, usize>,
    /// How many of the list are among the places.
    known: usize,
    /// By the place of a name: the values there, of which the set knows so many.
    values: HashMap<usize, (HashSet<Cow<'l, str>>, usize)>,
}

impl<'l> Index<'l> {
    /// The first place of a name.
    fn position<T>(&mut self, list: &[(Cow<'l, str>, T)], name: &str) -> Option<usize> {
        if list.len() < FEW {
            return list.iter().position(|it| it.0 == name);
        }
        for (at, (name, _)) in list.iter().enumerate().skip(self.known) {
            self.places.entry(name.clone()).or_insert(at);
        }
        self.known = list.len();
        self.places.get(name).copied()
    }

    /// Adds values to the list at a place, unless they are there.
    fn extend(&mut self, at: usize, list: &mut Vec<Cow<'l, str>>, values: impl IntoIterator<Item = Cow<'l, str>>) {
        for value in values.into_iter().filter(|it| !it.is_empty()) {
            if list.len() < FEW {
                if !list.contains(&value) {
                    list.push(value);
                }
                continue;
            }
            let (seen, known) = self.values.entry(at).or_default();
            seen.extend(list.iter().skip(*known).cloned());
            if seen.insert(value.clone()) {
                list.push(value);
            }
            *known = list.len();
        }
    }
}

/// The earliest first sight, the latest last one, all datasets; of anything else the first word stands.
fn merge_field<'l>(name: &str, at: usize, known: &mut Field<'l>, new: Field<'l>, index: &mut Index<'l>) {
    match (known, new) {
        (Field::List(known), Field::List(new)) => index.extend(at, known, new),
        (Field::Text(known), Field::Text(new)) => match name {
            "first_seen" if new < *known => *known = new,
            "last_seen" | "last_change" if new > *known => *known = new,
            _ => {}
        },
        _ => {}
    }
}

impl<'l> Found<'l> {
    /// Takes a value of JSON apart into entities.
    ///
    /// # Errors
    ///
    /// It is no object.
    pub(super) fn read(value: Json<'l>, origin: Origin) -> Result<Found<'l>, serde_json::Error> {
        let Json::Object(fields) = value else { return Err(Json::expected("an object")) };
        let mut found = Found::default();
        found.entity(fields, origin, None);
        Ok(found)
    }

    /// Reads an entity, and where it stands in another one.
    fn entity(
        &mut self,
        fields: Vec<(Cow<'l, str>, Json<'l>)>,
        origin: Origin,
        within: Option<Inner<'_>>,
    ) -> Option<Cow<'l, str>> {
        let (mut id, mut schema) = (Cow::default(), Cow::default());
        let (mut properties, mut others) = (Vec::new(), Vec::with_capacity(fields.len().saturating_sub(3)));
        for (name, value) in fields {
            match (&*name, value) {
                ("id", value) => id = text(value).unwrap_or_default(),
                ("schema", value) => schema = text(value).unwrap_or_default(),
                ("properties", Json::Object(fields)) if properties.is_empty() => properties = fields,
                ("properties", Json::Object(fields)) => properties.extend(fields),
                (_, value) => {
                    let field = field(&name, value);
                    others.push((name, field));
                }
            }
        }
        if id.is_empty() {
            self.nameless += 1;
            return None;
        }
        let mut record = Record::new(origin, id.clone(), schema);
        record.fields = others;
        record.properties.reserve(properties.len());
        let schema = record.schema_ix.and_then(|it| model().at(it));
        let mut index = Index::default();
        for (name, value) in properties {
            let is_stub = schema.is_some_and(|it| it.position(&name).is_none() && it.stub(&name).is_some());
            let inner = Inner { holder: schema.map(|it| (&*id, it)), property: &name, is_stub };
            let mut values = Vec::new();
            self.values(value, origin, inner, &mut values);
            record.add_at(name, values, &mut index);
        }
        record.properties.retain(|it| !it.1.is_empty());
        if let Some(Inner { holder: Some((holder, schema)), property, is_stub: true }) = within
            && let Some(stub) = schema.stub(property)
            && record.get(stub.name).is_empty()
        {
            record.add(Cow::Borrowed(stub.name), [Cow::Owned(holder.to_owned())]);
        }
        self.records.push(record);
        Some(id)
    }

    fn values(&mut self, value: Json<'l>, origin: Origin, within: Inner<'_>, values: &mut Vec<Cow<'l, str>>) {
        match value {
            Json::Null => {}
            Json::List(list) => list.into_iter().for_each(|it| self.values(it, origin, within, values)),
            Json::Object(fields) if fields.iter().any(|it| it.0 == "id") => {
                // One that names no schema is only a reference.
                if fields.iter().any(|it| it.0 == "schema") {
                    // What points to the holder says so itself.
                    values.extend(self.entity(fields, origin, Some(within)).filter(|_| !within.is_stub));
                } else {
                    values.extend(fields.into_iter().find(|it| it.0 == "id").and_then(|it| text(it.1)));
                }
            }
            Json::Object(_) => {
                let json = value.to_string();
                self.strange.push((within.property.to_owned(), json.clone()));
                values.push(Cow::Owned(json));
            }
            scalar => values.extend(text(scalar)),
        }
    }
}

fn field<'l>(name: &str, value: Json<'l>) -> Field<'l> {
    match value {
        Json::Text(it) => Field::Text(it),
        Json::List(list) if LISTS.contains(&name) && list.iter().all(|it| matches!(it, Json::Text(_))) => {
            let mut all = Vec::new();
            Index::default().extend(0, &mut all, list.into_iter().filter_map(text));
            Field::List(all)
        }
        other => Field::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Found<'_> {
        Found::read(Json::read(line.as_bytes()).expect("JSON"), Origin::default()).expect("an object")
    }

    #[test]
    fn values_that_are_no_lists_or_text_are_taken_as_followthemoney_takes_them() {
        let found = read(
            r#"{"id":"a","schema":"Person","target":true,"properties":{"name":"N","height":[1.80,"1.80",null,""],"x":{"y":1}}}"#,
        );
        let record = &found.records[0];
        assert_eq!((record.get("name"), record.get("height")), (&["N".into()][..], &["1.80".into()][..]));
        assert_eq!(found.strange, [("x".to_owned(), r#"{"y":1}"#.to_owned())]);
        assert_eq!(record.fields, [("target".into(), Field::Other("true".to_owned()))]);
    }

    #[test]
    fn entities_inside_come_out_and_point_back() {
        let found = read(
            r#"{"id":"a","schema":"Company","properties":{"name":["A"],
                "addressEntity":[{"id":"b","schema":"Address","properties":{"full":["X"]}}],
                "sanctions":[{"id":"s","schema":"Sanction","properties":{"program":["P"]}}],
                "ownershipAsset":[{"id":"o","schema":"Ownership","properties":{"owner":[{"id":"p"}],"asset":["a"]}}]}}"#,
        );
        let ids: Vec<_> = found.records.iter().map(|it| &*it.id).collect();
        assert_eq!(ids, ["b", "s", "o", "a"]);
        let [_, sanction, ownership, company] = &found.records[..] else { panic!() };
        assert_eq!(sanction.get("entity"), ["a"]);
        assert_eq!((ownership.get("owner"), ownership.get("asset")), (&["p".into()][..], &["a".into()][..]));
        assert_eq!(company.properties.iter().map(|it| &*it.0).collect::<Vec<_>>(), ["name", "addressEntity"]);
    }

    /// Looked through one by one it would take minutes.
    #[test]
    fn twenty_thousand_properties_are_read_at_once() {
        let count = 20_000;
        let properties: Vec<String> = (0..count).map(|it| format!(r#""p{it}":["a"],"p{}":["b"]"#, it / 2)).collect();
        let line = format!(r#"{{"id":"a","schema":"Person","properties":{{{}}}}}"#, properties.join(","));
        let start = std::time::Instant::now();
        let (mut found, mut other) = (read(&line), read(&line));
        let mut record = found.records.remove(0);
        assert_eq!(record.merge(other.records.remove(0), &mut Known::default()), None);
        assert_eq!((record.properties.len(), record.get("p7").len()), (count, 2));
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }

    #[test]
    fn parts_of_one_entity_complete_each_other() {
        let mut known = read(
            r#"{"id":"a","schema":"LegalEntity","first_seen":"2023","datasets":["x"],"properties":{"name":["A"]}}"#,
        );
        let mut other = read(
            r#"{"id":"a","schema":"Person","first_seen":"2022","datasets":["x","y"],"properties":{"name":["A","B"]}}"#,
        );
        let mut record = known.records.remove(0);
        assert_eq!(record.merge(other.records.remove(0), &mut Known::default()), None);
        assert_eq!((&*record.schema, record.field("first_seen")), ("Person", Some("2022")));
        assert_eq!((record.get("name").len(), record.list("datasets").len()), (2, 2));
        let mut third = read(r#"{"id":"a","schema":"Company"}"#);
        assert_eq!(record.merge(third.records.remove(0), &mut Known::default()).as_deref(), Some("Company"));
    }
}
