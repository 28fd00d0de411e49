//! From a record to an entity: which properties have a field in the data format, and which are kept as `extra`.

use std::borrow::Cow;
use std::collections::HashSet;

use super::record::{Field, Record};
use crate::import::record::{Bibliography, Entity, Extra, Name};
use crate::model::ftm::Plan;
use crate::model::ftm::{self, Schema, model};
use crate::model::{EntityKind, Period, normal_form};

/// Makes an entity of a record, without what it says of others.
pub(super) fn entity(record: &Record<'_>, slug: &str, plan: &Plan) -> Entity {
    let schema = record.schema_ix().and_then(|it| model().at(it));
    let kind = match plan {
        Plan::Entity(kind) => *kind,
        Plan::Fact(_) | Plan::Kept => EntityKind::Document,
    };
    let mut extra = head(record, slug);
    let names = record.get("name");
    let caption = record.field("caption").filter(|it| names.iter().any(|name| name == it) && is_name(it));
    let first = || names.iter().map(|it| &**it).find(|it| is_name(it));
    let (name, named_by) = match caption.or_else(first) {
        Some(name) => (name.to_owned(), None),
        None => other_name(record, schema),
    };
    extra.extend(named_by.map(|it| (ftm::NAMED_BY.to_owned(), vec![it])));
    let mut entity = Entity { id: slug.to_owned(), kind, name, ..Entity::default() };
    let mut aliases: HashSet<&str> = HashSet::new();
    for (property, values) in &record.properties {
        let is_field = match &**property {
            "name" => matches!(&values[..], [value] if **value == *entity.name),
            "alias" => is_plain(values, &entity.name, record),
            _ => false,
        };
        if *property != "name" && ftm::NAMES.contains(&&**property) || values.len() > 1 && property == "name" {
            for value in values.iter().filter(|it| **it != *entity.name && is_name(it)) {
                if aliases.insert(value) {
                    let is_weak = property == "weakAlias";
                    entity.names.push(if is_weak { Name::weak(&**value) } else { Name::alias(&**value) });
                }
            }
        }
        let scheme = schema.and_then(|it| ftm::scheme(it, property)).filter(|_| values.iter().all(|it| is_name(it)));
        if let Some(scheme) = &scheme {
            entity.names.extend(values.iter().map(|it| Name::code(scheme.clone(), &**it)));
        }
        if !is_field && scheme.is_none() {
            extra.push(property_extra(property, values));
        }
    }
    if kind == EntityKind::Document {
        entity.document = matches!(plan, Plan::Entity(_)).then(|| bibliography(record));
    }
    entity.extra = extra;
    entity
}

/// Whether aliases can be told from other names by their field alone.
fn is_plain(values: &[Cow<'_, str>], name: &str, record: &Record<'_>) -> bool {
    let others = ftm::NAMES.iter().filter(|it| **it != "alias").flat_map(|it| record.get(it));
    let others: HashSet<&str> = others.map(|it| &**it).collect();
    values.iter().all(|value| is_name(value) && *value != name && !others.contains(&**value))
}

/// A property as it is.
pub(super) fn property_extra(property: &str, values: &[Cow<'_, str>]) -> (String, Vec<String>) {
    (format!("{}{property}", ftm::PROPERTY), values.iter().map(|it| it.clone().into_owned()).collect())
}

/// What is kept of the record itself: its id, its schema, its fields.
pub(super) fn head(record: &Record<'_>, slug: &str) -> Extra {
    let mut extra = Extra::new();
    if record.id != slug {
        extra.push((ftm::ID.to_owned(), vec![record.id.clone().into_owned()]));
    }
    extra.push((ftm::SCHEMA.to_owned(), vec![schema_name(record)]));
    for (name, field) in &record.fields {
        extra.push(match field {
            Field::Text(it) if ftm::TEXTS.contains(&&**name) => {
                (format!("{}{name}", ftm::FIELD), vec![it.clone().into_owned()])
            }
            Field::Text(it) => (format!("{}{name}", ftm::JSON), vec![serde_json::Value::from(&**it).to_string()]),
            Field::List(list) if !list.is_empty() => {
                (format!("{}{name}", ftm::FIELD), list.iter().map(|it| it.clone().into_owned()).collect())
            }
            Field::List(_) => (format!("{}{name}", ftm::JSON), vec!["[]".to_owned()]),
            Field::Other(json) => (format!("{}{name}", ftm::JSON), vec![json.clone()]),
        });
    }
    extra
}

/// The schema as written; a record without one is of none.
fn schema_name(record: &Record<'_>) -> String {
    if record.schema().is_empty() { "none".to_owned() } else { record.schema().to_owned() }
}

/// A name for an entity that has none: what its schema captions it by, or its id. The second is what it is.
fn other_name(record: &Record<'_>, schema: Option<&Schema>) -> (String, Option<String>) {
    let captions = schema.map_or(&[][..], |it| &it.caption);
    for property in captions.iter().filter(|it| **it != "name") {
        if let Some(name) = record.get(property).iter().find(|it| is_name(it)) {
            return (name.clone().into_owned(), Some((*property).to_owned()));
        }
    }
    let id = if is_name(&record.id) { record.id.clone().into_owned() } else { format!("record {}", record.id) };
    (id, Some("id".to_owned()))
}

fn bibliography(record: &Record<'_>) -> Bibliography {
    let first = |names: &[&str]| names.iter().find_map(|it| record.get(it).first()).map(|it| it.clone().into_owned());
    Bibliography {
        title: first(&["title"]),
        publisher: None,
        date: first(&["publishedAt", "date", "authoredAt"]).and_then(|it| date(&it)),
        address: first(&["sourceUrl"]),
    }
}

/// Whether somebody could ask by it, and it stays as it is.
pub(super) fn is_name(text: &str) -> bool {
    text.trim() == text && (text.bytes().any(|it| it.is_ascii_alphanumeric()) || !normal_form(text).is_empty())
}

/// A date of FollowTheMoney as a year, a month or a day; the time of day is cut off. `None` if there is no such day.
pub(super) fn date(text: &str) -> Option<String> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let looks_right = match day.len() {
        4 | 7 | 10 => {
            day.bytes().enumerate().all(|(at, it)| if at == 4 || at == 7 { it == b'-' } else { it.is_ascii_digit() })
        }
        _ => false,
    };
    (looks_right && Period::parse(day).is_ok()).then(|| day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::json::Json;
    use super::super::record::{Found, Origin};
    use super::*;
    use crate::model::ftm::plan;

    fn made(line: &str) -> Entity {
        let found = Found::read(Json::read(line.as_bytes()).expect("JSON"), Origin::default()).expect("an object");
        let record = &found.records[0];
        entity(record, &record.id, plan(record.schema_ix()))
    }

    fn extra<'e>(entity: &'e Entity, name: &str) -> Option<&'e [String]> {
        entity.extra.iter().find(|it| it.0 == name).map(|it| &it.1[..])
    }

    #[test]
    fn names_codes_and_the_rest() {
        let entity = made(
            r#"{"id":"a","schema":"Company","caption":"Acme Ltd","datasets":["x"],"properties":{
                "name":["ACME","Acme Ltd"],"alias":["AL"],"weakAlias":["A."],"innCode":["77"],"imoNumber":["IMO1"],
                "topics":["sanction"],"registrationNumber":["?"]}}"#,
        );
        assert_eq!((entity.kind, &*entity.name), (EntityKind::Organization, "Acme Ltd"));
        let names: Vec<_> = entity.names.iter().map(|it| (it.lang.as_deref().unwrap_or(""), &*it.text)).collect();
        assert_eq!(names, [("", "ACME"), ("", "AL"), ("", "A."), ("inn_code", "77"), ("imo", "IMO1")]);
        assert_eq!(extra(&entity, "ftm:name"), Some(&["ACME".to_owned(), "Acme Ltd".to_owned()][..]));
        assert_eq!((extra(&entity, "ftm:alias"), extra(&entity, "ftm:innCode")), (None, None));
        assert!(extra(&entity, "ftm:topics").is_some() && extra(&entity, "ftm.datasets").is_some());
        // Nobody could ask for it.
        assert!(extra(&entity, "ftm:registrationNumber").is_some());
    }

    #[test]
    fn without_a_name_the_caption_or_the_id_stands_for_it() {
        let person = made(r#"{"id":"a","schema":"Person","properties":{"lastName":["Kim"]}}"#);
        assert_eq!((&*person.name, extra(&person, ftm::NAMED_BY)), ("Kim", Some(&["lastName".to_owned()][..])));
        let nothing = made(r#"{"id":"a-1","schema":"Blob"}"#);
        assert_eq!((nothing.kind, &*nothing.name), (EntityKind::Document, "a-1"));
    }

    #[test]
    fn dates_are_cut_to_days_and_days_that_do_not_exist_are_none() {
        let all = ["2021", "2021-03", "2021-03-04", "2021-03-04T10:11", "2021-02-30", "2021-3", "21", "c. 1950"];
        let dates: Vec<_> = all.iter().map(|it| date(it)).collect();
        let day = |it: &str| Some(it.to_owned());
        assert_eq!(dates, [day("2021"), day("2021-03"), day("2021-03-04"), day("2021-03-04"), None, None, None, None]);
    }
}
