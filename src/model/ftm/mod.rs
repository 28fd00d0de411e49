//! The schemata of [FollowTheMoney], as their own model files have them: what inherits from what, which properties there are,
//! which schemata are edges. `schemata.txt` is pinned; `schemata.py` beside it says how it was made.
//!
//! [FollowTheMoney]: https://followthemoney.tech

use std::collections::BTreeMap;
use std::sync::LazyLock;

mod dates;
mod kept;
mod plan;

pub use dates::{dates_of, day_of};
pub use kept::*;
pub use plan::*;

/// A schema by its position in [`Model::schemata`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaIx(u8);

impl SchemaIx {
    /// The position as a number.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A property, own or inherited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// The type of its values: `name`, `date`, `identifier`, `entity` …
    pub value: &'static str,
    /// Of an entity type: the schema that its values have.
    pub range: Option<&'static str>,
    /// The name under which the entities that it points to show those that point to them.
    pub reverse: Option<&'static str>,
}

/// The properties at the two ends of a schema that is an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it comes from.
    pub source: &'static str,
    /// Where it goes to.
    pub target: &'static str,
    /// Whether the two differ in what they are.
    pub is_directed: bool,
}

/// A schema with all that it inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Its name.
    pub name: &'static str,
    /// Whether no entity can have it.
    pub is_abstract: bool,
    /// Its edge, if it is one.
    pub edge: Option<Edge>,
    /// Properties of which the first that has a value names an entity.
    pub caption: Vec<&'static str>,
    /// Properties that say when it began, the surest first.
    pub start: Vec<&'static str>,
    /// Properties that say when it ended.
    pub end: Vec<&'static str>,
    /// Properties that an entity should have.
    pub required: Vec<&'static str>,
    /// Properties in alphabetical order.
    properties: Vec<Property>,
    /// Names of itself and of all that it inherits from.
    names: Vec<&'static str>,
}

impl Schema {
    /// Whether it is `name` or inherits from it.
    pub fn is_a(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// All properties, own and inherited, in alphabetical order.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// The position of a property. Logarithmic.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.properties.binary_search_by(|it| it.name.cmp(name)).ok()
    }

    /// A property.
    pub fn property(&self, name: &str) -> Option<&Property> {
        self.properties.get(self.position(name)?)
    }

    /// The property of another schema that this one shows under `name`, as `Company` shows `Ownership:asset` under `ownershipAsset`.
    pub fn stub(&self, name: &str) -> Option<&'static Property> {
        let mut all = model().stubs.get(name)?.iter();
        all.find(|it| it.range.is_some_and(|range| self.is_a(range)))
    }
}

/// All schemata.
#[derive(Clone, Debug, Default)]
pub struct Model {
    schemata: Vec<Schema>,
    countries: Vec<(&'static str, &'static str)>,
    /// Properties that show under another name at the other end, by that name.
    stubs: BTreeMap<&'static str, Vec<Property>>,
}

impl Model {
    /// Schemata in alphabetical order.
    pub fn schemata(&self) -> &[Schema] {
        &self.schemata
    }

    /// The position of a schema. Logarithmic.
    pub fn position(&self, name: &str) -> Option<SchemaIx> {
        let at = self.schemata.binary_search_by(|it| it.name.cmp(name)).ok()?;
        u8::try_from(at).ok().map(SchemaIx)
    }

    /// The schema at a position.
    pub fn at(&self, schema: SchemaIx) -> Option<&Schema> {
        self.schemata.get(usize::from(schema.0))
    }

    /// A schema.
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.at(self.position(name)?)
    }

    /// The narrower of two schemata; `None` if neither inherits from the other.
    ///
    /// ```
    /// let model = purvey::model::ftm::model();
    /// let [person, company] = ["Person", "Company"].map(|it| model.position(it));
    /// let any = model.position("LegalEntity");
    /// assert_eq!(model.narrower(person.ok_or("Person")?, any.ok_or("LegalEntity")?), person);
    /// assert_eq!(model.narrower(person.ok_or("Person")?, company.ok_or("Company")?), None);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn narrower(&self, one: SchemaIx, other: SchemaIx) -> Option<SchemaIx> {
        let (a, b) = (self.at(one)?, self.at(other)?);
        if a.is_a(b.name) { Some(one) } else { b.is_a(a.name).then_some(other) }
    }

    /// The name of a country or territory by its code.
    pub fn country(&self, code: &str) -> Option<&'static str> {
        let at = self.countries.binary_search_by(|it| it.0.cmp(code)).ok()?;
        self.countries.get(at).map(|it| it.1)
    }
}

impl Model {
    /// The code of a country or territory by its name or code, also as lists write it: "Korea, North".
    ///
    /// ```
    /// let model = purvey::model::ftm::model();
    /// assert_eq!(["Korea, North", "north korea", "KP", "Utopia"].map(|it| model.country_code(it)), [Some("kp"), Some("kp"), Some("kp"), None]);
    /// ```
    pub fn country_code(&self, name: &str) -> Option<&'static str> {
        let turned = name.split_once(", ").map(|(last, first)| format!("{first} {last}"));
        let is = |text: &str| {
            name.eq_ignore_ascii_case(text) || turned.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(text))
        };
        self.countries.iter().find(|(code, name)| is(name) || is(code)).map(|it| it.0)
    }
}

/// The model, read once.
///
/// ```
/// let model = purvey::model::ftm::model();
/// let company = model.schema("Company").ok_or("Company")?;
/// assert!(company.is_a("LegalEntity") && company.is_a("Asset"));
/// assert_eq!(company.property("innCode").map(|it| it.value), Some("identifier"));
/// assert_eq!(company.stub("ownershipAsset").map(|it| it.name), Some("asset"));
/// assert_eq!(model.schema("Ownership").and_then(|it| it.edge).map(|it| it.target), Some("asset"));
/// assert_eq!(model.country("kp"), Some("North Korea"));
/// # Ok::<(), &str>(())
/// ```
pub fn model() -> &'static Model {
    static MODEL: LazyLock<Model> = LazyLock::new(|| read(include_str!("schemata.txt")));
    &MODEL
}

/// What a schema says before its parents are known.
#[derive(Default)]
struct Draft {
    schema: Schema,
    parents: Vec<&'static str>,
}

fn read(text: &'static str) -> Model {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut countries = Vec::new();
    for line in text.lines().filter(|it| !it.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if word == "schema" {
            let mut names = rest.split(' ');
            let name = names.next().unwrap_or_default();
            let bare = name.trim_end_matches('!');
            let schema = Schema { name: bare, is_abstract: bare != name, names: vec![bare], ..Schema::default() };
            drafts.push(Draft { schema, parents: names.collect() });
            continue;
        }
        if word == "country" {
            countries.extend(rest.split_once(' '));
            continue;
        }
        let Some(Draft { schema, .. }) = drafts.last_mut() else { continue };
        let words = || rest.split(' ').collect();
        match word {
            "caption" => schema.caption = words(),
            "start" => schema.start = words(),
            "end" => schema.end = words(),
            "required" => schema.required = words(),
            "edge" | "edge-undirected" => {
                let ends = rest.split_once(' ');
                schema.edge = ends.map(|(source, target)| Edge { source, target, is_directed: word == "edge" });
            }
            _ => schema.properties.extend(property(word, rest)),
        }
    }
    let mut schemata: Vec<Schema> = drafts.iter().map(|it| inherited(&drafts, it)).collect();
    schemata.sort_by_key(|it| it.name);
    countries.sort_unstable();
    let mut stubs: BTreeMap<&'static str, Vec<Property>> = BTreeMap::new();
    for property in schemata.iter().flat_map(|it| &it.properties) {
        let known = property.reverse.map(|it| stubs.entry(it).or_default());
        known.into_iter().filter(|it| !it.contains(property)).for_each(|it| it.push(*property));
    }
    Model { schemata, countries, stubs }
}

fn property(word: &'static str, rest: &'static str) -> Option<Property> {
    let mut property = Property { name: word.strip_prefix('.')?, value: "string", range: None, reverse: None };
    for it in rest.split(' ').filter(|it| !it.is_empty()) {
        match (it.strip_prefix('>'), it.strip_prefix('<')) {
            (Some(range), _) => property.range = Some(range),
            (_, Some(reverse)) => property.reverse = Some(reverse),
            _ => property.value = it,
        }
    }
    Some(property)
}

/// A schema with what its parents have. What it says itself comes first.
fn inherited(drafts: &[Draft], draft: &Draft) -> Schema {
    let mut schema = draft.schema.clone();
    for parent in &draft.parents {
        let Some(parent) = drafts.iter().find(|it| it.schema.name == *parent) else { continue };
        let parent = inherited(drafts, parent);
        schema.edge = schema.edge.or(parent.edge);
        schema.names.extend(parent.names.iter().filter(|it| !draft.schema.names.contains(it)));
        for property in parent.properties {
            if !schema.properties.iter().any(|it| it.name == property.name) {
                schema.properties.push(property);
            }
        }
    }
    schema.properties.sort_by_key(|it| it.name);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parent_range_and_listed_property_is_there() {
        assert!(model().schemata.len() > 70 && model().countries.len() > 200);
        for schema in &model().schemata {
            let name = schema.name;
            for parent in &schema.names {
                assert!(model().schema(parent).is_some(), "{name} inherits from {parent}");
            }
            for property in &schema.properties {
                let range = property.range.is_none_or(|it| model().schema(it).is_some());
                assert!(range, "{name}:{}", property.name);
                assert_eq!(schema.property(property.name), Some(property));
            }
            let ends = schema.edge.iter().flat_map(|it| [it.source, it.target]);
            let listed = [&schema.caption, &schema.start, &schema.end, &schema.required];
            for it in listed.into_iter().flatten().copied().chain(ends) {
                assert!(schema.property(it).is_some(), "{name}:{it}");
            }
        }
    }

    #[test]
    fn inheritance_has_several_steps_and_parents() {
        let model = model();
        let vessel = model.schema("Vessel").expect("Vessel");
        assert!(vessel.is_a("Thing") && vessel.is_a("Value") && !vessel.is_a("LegalEntity"));
        assert_eq!(vessel.property("addressEntity").and_then(|it| it.range), Some("Address"));
        assert_eq!(vessel.start, ["buildDate", "registrationDate"]);
        assert!(!model.schema("Membership").expect("Membership").is_abstract);
        assert!(!model.schema("Family").and_then(|it| it.edge).expect("an edge").is_directed);
    }
}
