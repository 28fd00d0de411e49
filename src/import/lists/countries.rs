//! The countries that registers and lists name, by whatever they call them.

use std::collections::HashMap;

use super::super::record::{Entity, Name};
use crate::load::{LoadOptions, Sources, load};
use crate::model::{Dataset, EntityKind, NameKind, normal_form, slug};

/// Codes and spellings; the first lines of the file say how it is written.
const TABLE: &str = include_str!("countries.txt");

/// What the built-in data know of entities that lists name too, so that each has one id everywhere.
pub(super) struct BuiltIn {
    dataset: Dataset,
    /// Countries, and the position of each by the forms of its names.
    countries: Vec<Entity>,
    by_form: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
}

impl BuiltIn {
    pub(super) fn new() -> BuiltIn {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
        let mut it = BuiltIn { dataset, countries: Vec::new(), by_form: HashMap::new(), by_code: HashMap::new() };
        let known: Vec<Entity> = it
            .dataset
            .entities
            .iter()
            .filter(|entity| entity.kind == EntityKind::Country)
            .filter_map(|entity| it.entity(entity.id.as_str()))
            .collect();
        known.into_iter().for_each(|country| it.add(country));
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut names = line.split(" = ");
            let Some([alpha_2, alpha_3, name]) = names.next().and_then(|first| fields(first)) else { continue };
            let codes: Vec<&str> = [alpha_2, alpha_3].into_iter().filter(|code| *code != "-").collect();
            let position = codes.iter().find_map(|code| it.by_code.get(*code).copied());
            let position = position.unwrap_or_else(|| {
                let mut country = Entity { id: slug(name), kind: EntityKind::Country, ..Entity::default() };
                country.name = name.to_owned();
                country.names = codes.iter().map(|code| Name::code("iso3166", *code)).collect();
                it.add(country);
                it.countries.len().saturating_sub(1)
            });
            // The spellings are for reading only: an entity need not be burdened with all of them.
            for name in [name].into_iter().chain(names) {
                it.by_form.entry(normal_form(name)).or_insert(position);
            }
        }
        it
    }

    fn add(&mut self, country: Entity) {
        let position = self.countries.len();
        let forms = [country.name.as_str()].into_iter();
        let names = country.names.iter().filter(|it| it.kind == NameKind::Alias).map(|it| it.text.as_str());
        for name in forms.chain(names) {
            self.by_form.entry(normal_form(name)).or_insert(position);
        }
        for code in country.names.iter().filter(|it| it.kind == NameKind::Code) {
            self.by_code.entry(code.text.clone()).or_insert(position);
        }
        self.countries.push(country);
    }

    /// All ids, of countries and of the built-in data.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let countries = self.countries.iter().map(|it| it.id.as_str());
        countries.chain(self.dataset.entities.iter().map(|it| it.id.as_str()))
    }

    /// The country that is called so, or has that code.
    pub(super) fn country(&self, name: &str) -> Option<&Entity> {
        let name = name.trim();
        let by_name = || self.by_form.get(&normal_form(name));
        let position = self.by_code.get(name).filter(|_| matches!(name.len(), 2 | 3)).or_else(by_name)?;
        self.countries.get(*position)
    }

    /// An entity of the built-in data, as a record.
    pub(super) fn entity(&self, id: &str) -> Option<Entity> {
        let entity = self.dataset.entities.get(self.dataset.entity_ix(id)?.index())?;
        let id_of =
            |ix: Option<crate::model::EntityIx>| Some(self.dataset.entities.get(ix?.index())?.id.as_str().to_owned());
        let names = entity.names.iter().map(|name| Name {
            text: name.text.to_string(),
            kind: name.kind,
            lang: name.lang.as_deref().map(str::to_owned),
            script: name.script.as_deref().map(str::to_owned),
        });
        Some(Entity {
            id: id.to_owned(),
            kind: entity.kind,
            name: entity.name.to_string(),
            plural: entity.plural.as_deref().map(str::to_owned),
            names: names.collect(),
            part_of: id_of(entity.part_of),
            is_a: id_of(entity.is_a),
            unit: entity.unit.and_then(|unit| Some(self.dataset.vocabulary.terms.unit(unit)?.id.to_string())),
            ..Entity::default()
        })
    }
}

/// Two codes and a name, which may have blanks.
fn fields(line: &str) -> Option<[&str; 3]> {
    let (alpha_2, rest) = line.split_once(' ')?;
    let (alpha_3, name) = rest.split_once(' ')?;
    Some([alpha_2, alpha_3, name.trim()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_country() {
        let built_in = BuiltIn::new();
        for (name, id) in [
            ("North Korea", "north-korea"),
            ("Korea, North", "north-korea"),
            ("Democratic People's Republic of Korea", "north-korea"),
            ("KP", "north-korea"),
            ("PRK", "north-korea"),
            ("USA", "united-states"),
            ("Russian Federation", "russia"),
            ("Soviet Union", "soviet-union"),
            ("UAE", "united-arab-emirates"),
            ("Turkiye", "turkiye"),
            ("Turkey", "turkiye"),
            ("Cote d'Ivoire", "cote-d-ivoire"),
            ("Congo, Democratic Republic of the", "democratic-republic-of-the-congo"),
            ("Congo", "republic-of-the-congo"),
            ("South Sudan", "south-sudan"),
            ("Sudan", "sudan"),
            ("Niger", "niger"),
        ] {
            assert_eq!(built_in.country(name).map(|it| it.id.as_str()), Some(id), "{name}");
        }
        for name in ["", "Atlantis", "unknown supplier(s)", "NATO**"] {
            assert_eq!(built_in.country(name), None, "{name}");
        }
    }

    #[test]
    fn the_table_names_each_code_and_each_spelling_once() {
        let mut seen = std::collections::BTreeSet::new();
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let mut names = line.split(" = ");
            let [alpha_2, alpha_3, name] = fields(names.next().unwrap()).unwrap();
            assert!(alpha_2 == "-" || alpha_2.len() == 2, "{line}");
            assert!(alpha_3 == "-" || alpha_3.len() == 3, "{line}");
            let codes = [alpha_2, alpha_3].into_iter().filter(|it| *it != "-").map(|it| format!("code {it}"));
            let forms = std::iter::once(name).chain(names).map(normal_form).collect::<std::collections::BTreeSet<_>>();
            for key in codes.chain(forms) {
                assert!(seen.insert(key.clone()), "{key} stands twice");
            }
        }
    }
}
