//! What is known of an entity that tells whether it is another one: names, identifiers, countries, dates, sex.

use std::collections::BTreeSet;

use super::forms::NameForm;
use crate::graph::GraphView;
use crate::model::{EntityIx, EntityKind, NameKind, Period};

/// How far an identifier tells entities apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scheme {
    /// One entity has one of it: two that differ are two.
    One,
    /// An entity may have several: passports, registrations in several countries.
    Several,
    /// Several entities may share it: an address, a telephone number.
    Shared,
}

/// Schemes of which an entity has several, without `number`, `code` and `id` at their end.
const SEVERAL: [&str; 10] =
    ["passport", "id", "national", "registration", "tax", "swift", "bic", "swiftbic", "ftm", "sourceid"];
/// Schemes whose identifiers several entities may have.
const SHARED: [&str; 11] = [
    "email",
    "phone",
    "website",
    "address",
    "mmsi",
    "callsign",
    "postal",
    "flag",
    "opensanctions",
    "license",
    "ticker",
];
/// Fields without a place in the model, as FollowTheMoney names them, that hold identifiers.
const IDENTIFIERS: [&str; 22] = [
    "imoNumber",
    "leiCode",
    "innCode",
    "ogrnCode",
    "wikidataId",
    "passportNumber",
    "idNumber",
    "registrationNumber",
    "taxNumber",
    "vatCode",
    "dunsCode",
    "uniqueEntityId",
    "cageCode",
    "isinCode",
    "swiftBic",
    "mmsi",
    "callSign",
    "email",
    "phone",
    "website",
    "address",
    "okpoCode",
];
/// Those that name countries.
const COUNTRIES: [&str; 8] =
    ["country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag", "birthCountry", "countries"];
/// Those that hold the day on which it came to be.
const BEGINNINGS: [&str; 4] = ["birthDate", "incorporationDate", "buildDate", "dateOfBirth"];

/// An identifier: the scheme, what it tells, and the identifier without spaces and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identifier {
    pub(super) scheme: String,
    pub(super) tells: Scheme,
    pub(super) value: String,
}

/// An entity as it is compared.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    pub(super) kind: EntityKind,
    pub(super) names: Vec<NameForm>,
    pub(super) identifiers: Vec<Identifier>,
    /// Ids of countries, else the words for them.
    pub(super) countries: BTreeSet<String>,
    pub(super) beginnings: Vec<Period>,
    pub(super) sex: Option<String>,
    pub(super) part_of: Option<EntityIx>,
}

/// Reads it out of the graph.
pub(super) fn profile<G: GraphView>(graph: &G, entity: EntityIx) -> Profile {
    let view = graph.entity(entity);
    let mut names = Vec::new();
    let mut identifiers = Vec::new();
    let own = [Some(view.name), view.plural, view.short];
    let mut written: Vec<&str> = own.into_iter().flatten().collect();
    for name in graph.names(entity) {
        match name.kind {
            NameKind::Code => identifiers.extend(identifier(name.lang.unwrap_or("code"), name.text)),
            NameKind::Primary | NameKind::Alias => written.push(name.text),
            // A country's people and a government's city are nobody's name.
            // Others may be called so too.
            NameKind::Demonym | NameKind::Metonym | NameKind::Weak => {}
        }
    }
    for text in written {
        names.extend(
            NameForm::new(text, view.kind).filter(|form| !names.iter().any(|it: &NameForm| it.text == form.text)),
        );
    }
    let mut countries = BTreeSet::new();
    let mut above = view.part_of;
    while let Some(whole) = above {
        let it = graph.entity(whole);
        if it.kind == EntityKind::Country {
            countries.insert(it.id.to_owned());
        }
        above = it.part_of.filter(|_| it.kind != EntityKind::Country);
    }
    let mut beginnings = Vec::new();
    let mut sex = None;
    for it in graph.extra(entity) {
        if COUNTRIES.contains(&it.name) && it.name != "birthCountry" {
            countries.insert(country(graph, it.value));
        } else if BEGINNINGS.contains(&it.name) {
            beginnings.extend(Period::parse(it.value));
        } else if it.name == "gender" {
            sex = Some(it.value.to_lowercase());
        } else if IDENTIFIERS.contains(&it.name) {
            identifiers.extend(identifier(it.name, it.value));
        }
    }
    if let Some(address) = (view.kind == EntityKind::Document).then(|| graph.document(entity).address).flatten() {
        identifiers.push(Identifier {
            scheme: "address".to_owned(),
            tells: Scheme::Several,
            value: address.to_owned(),
        });
    }
    identifiers.sort_unstable();
    identifiers.dedup();
    Profile { kind: view.kind, names, identifiers, countries, beginnings, sex, part_of: view.part_of }
}

/// The country of that name or code, else the words.
fn country<G: GraphView>(graph: &G, words: &str) -> String {
    let found = graph.name_index().matches(words);
    let countries = found.iter().map(|(node, _)| graph.entity(EntityIx(*node)));
    let mut countries = countries.filter(|it| it.kind == EntityKind::Country);
    countries.next().map_or_else(|| crate::model::normal_form(words), |it| it.id.to_owned())
}

/// `IMO 9187629` of the scheme `imo_number` is `9187629` of `imo`.
fn identifier(scheme: &str, value: &str) -> Option<Identifier> {
    let plain =
        |text: &str| text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let whole = plain(scheme);
    let short = ["number", "code", "id"].into_iter().find_map(|end| whole.strip_suffix(end).filter(|it| it.len() > 1));
    let scheme = short.unwrap_or(&whole).to_owned();
    let value = plain(value);
    let value = value.strip_prefix(scheme.as_str()).filter(|it| !it.is_empty()).unwrap_or(&value).to_owned();
    let tells = match scheme.as_str() {
        it if SEVERAL.contains(&it) => Scheme::Several,
        it if SHARED.contains(&it) => Scheme::Shared,
        _ => Scheme::One,
    };
    (!value.is_empty()).then_some(Identifier { scheme, tells, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_one_however_they_are_written() {
        for (scheme, value) in [("imo", "9187629"), ("imoNumber", "IMO 9187629"), ("imo_number", "IMO9187629")] {
            let found = identifier(scheme, value).unwrap();
            assert_eq!((&*found.scheme, &*found.value, found.tells), ("imo", "9187629", Scheme::One));
        }
        assert_eq!(identifier("passport_number", "AB 12-34").unwrap().value, "ab1234");
        assert_eq!(identifier("passportNumber", "ab1234").unwrap().tells, Scheme::Several);
        assert_eq!(identifier("iso3166", "--"), None);
    }
}
