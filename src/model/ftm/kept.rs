//! Under which names `extra` keeps what FollowTheMoney has and purvey has no field for: written on import, read on export.

use super::Schema;

/// Before a property: `ftm:topics`.
pub const PROPERTY: &str = "ftm:";
/// Before a field of the record beside its properties: `ftm.datasets`.
pub const FIELD: &str = "ftm.";
/// Before a field that is neither a text nor a list of texts; its value is JSON.
pub const JSON: &str = "ftm.json.";
/// The id, where the slug is another.
pub const ID: &str = "ftm.id";
/// The schema.
pub const SCHEMA: &str = "ftm.schema";
/// Which property the name was taken from, where that is not `name`.
pub const NAMED_BY: &str = "ftm.named-by";
/// What something stands for that has no record of its own in FollowTheMoney: a country, a dataset, a publisher.
pub const MADE: &str = "ftm.made";
/// The record that a fact is a further pair of, where a property names several.
pub const PAIR_OF: &str = "ftm.pair-of";

/// Names with a meaning of their own, which begin like fields.
pub const MARKS: [&str; 5] = [ID, SCHEMA, NAMED_BY, MADE, PAIR_OF];

/// Fields beside the properties that are texts.
pub const TEXTS: [&str; 4] = ["caption", "first_seen", "last_seen", "last_change"];

/// Properties that are names of whoever has them.
pub const NAMES: [&str; 5] = ["name", "alias", "weakAlias", "previousName", "abbreviation"];

/// Properties whose codes have a name of their own among codes.
const SCHEMES: [(&str, &str); 2] = [("imoNumber", "imo"), ("wikidataId", "wikidata")];

/// The scheme of codes that stands for a property, if its values are identifiers.
///
/// ```
/// use purvey::model::ftm::{model, scheme};
///
/// let company = model().schema("Company").ok_or("Company")?;
/// assert_eq!(scheme(company, "innCode").as_deref(), Some("inn_code"));
/// assert_eq!(scheme(company, "imoNumber").as_deref(), Some("imo"));
/// assert_eq!(scheme(company, "topics"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn scheme(schema: &Schema, property: &str) -> Option<String> {
    // What somebody is listed under is no number of his own.
    schema.property(property).filter(|it| it.value == "identifier" && it.name != "programId")?;
    let own = SCHEMES.iter().find(|it| it.0 == property);
    Some(own.map_or_else(|| snake(property), |it| it.1.to_owned()))
}

/// The property that a scheme of codes stands for.
///
/// ```
/// use purvey::model::ftm::{model, property_of};
///
/// let company = model().schema("Company").ok_or("Company")?;
/// assert_eq!(property_of(company, "inn_code"), Some("innCode"));
/// assert_eq!(property_of(company, "iso3166"), None);
/// # Ok::<(), &str>(())
/// ```
pub fn property_of(schema: &Schema, code: &str) -> Option<&'static str> {
    let own = SCHEMES.iter().find(|it| it.1 == code);
    let name = own.map_or_else(|| camel(code), |it| it.0.to_owned());
    let property = schema.property(&name).filter(|it| it.value == "identifier")?;
    Some(property.name)
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|it| it.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::model;
    use super::*;

    #[test]
    fn every_identifier_comes_back_from_its_scheme() {
        for schema in model().schemata() {
            for property in schema.properties() {
                if let Some(code) = scheme(schema, property.name) {
                    assert_eq!(property_of(schema, &code), Some(property.name), "{}", schema.name);
                }
            }
        }
    }
}
