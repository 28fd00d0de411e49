//! Entities: who and what takes part in facts.

use super::{EntityId, EntityIx, Period, UnitIx};

/// The nine kinds of entity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EntityKind {
    /// A state.
    Country,
    /// A government, an agency, a company, a team, a newspaper.
    #[default]
    Organization,
    /// One human being.
    Person,
    /// People as a group: troops, workers, children. Never materiel.
    Population,
    /// A class of things: arms, commodities, know-how, funds.
    Materiel,
    /// A ship, or a described group of ships.
    Vessel,
    /// A city, a region, a building.
    Place,
    /// A resolution, a law, a package of sanctions.
    Instrument,
    /// A source: an article, a report, a statement.
    Document,
}

impl EntityKind {
    /// All kinds, in their order.
    pub const ALL: [EntityKind; 9] = [
        EntityKind::Country,
        EntityKind::Organization,
        EntityKind::Person,
        EntityKind::Population,
        EntityKind::Materiel,
        EntityKind::Vessel,
        EntityKind::Place,
        EntityKind::Instrument,
        EntityKind::Document,
    ];

    /// The word used on the command line, in vocabularies and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            EntityKind::Country => "country",
            EntityKind::Organization => "organization",
            EntityKind::Person => "person",
            EntityKind::Population => "population",
            EntityKind::Materiel => "materiel",
            EntityKind::Vessel => "vessel",
            EntityKind::Place => "place",
            EntityKind::Instrument => "instrument",
            EntityKind::Document => "document",
        }
    }

    /// The kind of that word, in lower case; the plural is understood too.
    ///
    /// ```
    /// use purvey::model::EntityKind;
    ///
    /// assert_eq!(EntityKind::from_word("countries"), Some(EntityKind::Country));
    /// assert_eq!(EntityKind::from_word("ship"), None);
    /// ```
    pub fn from_word(word: &str) -> Option<EntityKind> {
        EntityKind::ALL.into_iter().find(|kind| word == kind.as_str() || word == kind.plural())
    }

    /// The word for several.
    pub fn plural(self) -> &'static str {
        match self {
            EntityKind::Country => "countries",
            EntityKind::Organization => "organizations",
            EntityKind::Person => "people",
            EntityKind::Population => "populations",
            EntityKind::Materiel => "materiel",
            EntityKind::Vessel => "vessels",
            EntityKind::Place => "places",
            EntityKind::Instrument => "instruments",
            EntityKind::Document => "documents",
        }
    }

    /// Kinds of which something of this kind may be a part; empty: any kind.
    pub fn wholes(self) -> &'static [EntityKind] {
        use EntityKind::{Country, Document, Instrument, Organization, Place};
        match self {
            Place => &[Country, Place],
            Country => &[Country, Organization],
            Instrument => &[Instrument, Organization, Country],
            Document => &[Document],
            _ => &[Country, Organization, Place],
        }
    }

    /// Kinds that make claims.
    pub const CLAIMANTS: [EntityKind; 5] = [
        EntityKind::Country,
        EntityKind::Organization,
        EntityKind::Person,
        EntityKind::Population,
        EntityKind::Document,
    ];

    /// Kinds that publish documents.
    pub const PUBLISHERS: [EntityKind; 3] = [EntityKind::Organization, EntityKind::Country, EntityKind::Person];

    /// Whether entities of this kind stand in a tree of classes (`is_a`) instead of being parts of a whole.
    pub fn is_class(self) -> bool {
        matches!(self, EntityKind::Materiel | EntityKind::Population)
    }
}

/// What kind of name it is; the order is that in which a reader's word is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NameKind {
    /// The name or its plural.
    Primary,
    /// An identifier of some scheme: ISO 3166, Wikidata, IMO.
    Code,
    /// Another name.
    Alias,
    /// "North Korean".
    Demonym,
    /// The name of a place that stands for a body: "Moscow".
    Metonym,
    /// A name by which others may be called as well: a nickname, an alias of low quality.
    Weak,
}

impl NameKind {
    /// All kinds, in their order.
    pub const ALL: [NameKind; 6] =
        [NameKind::Primary, NameKind::Code, NameKind::Alias, NameKind::Demonym, NameKind::Metonym, NameKind::Weak];

    /// The word for it in what other programs read.
    pub fn as_str(self) -> &'static str {
        match self {
            NameKind::Primary => "primary",
            NameKind::Code => "code",
            NameKind::Alias => "alias",
            NameKind::Demonym => "demonym",
            NameKind::Metonym => "metonym",
            NameKind::Weak => "weak",
        }
    }

    /// The kind of that word.
    ///
    /// ```
    /// use purvey::model::NameKind;
    ///
    /// assert!(NameKind::ALL.iter().all(|it| NameKind::from_word(it.as_str()) == Some(*it)));
    /// ```
    pub fn from_word(word: &str) -> Option<NameKind> {
        NameKind::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// A further name of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name as written.
    pub text: Box<str>,
    /// What kind of name it is.
    pub kind: NameKind,
    /// Language (BCP 47), or of a code its scheme.
    pub lang: Option<Box<str>>,
    /// Script (ISO 15924).
    pub script: Option<Box<str>>,
}

/// What a bibliography says of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bibliography {
    /// The title.
    pub title: Option<Box<str>>,
    /// Who published it.
    pub publisher: Option<EntityIx>,
    /// The day, month or year of publication.
    pub date: Option<Period>,
    /// A URL.
    pub address: Option<Box<str>>,
    /// Number of pages.
    pub pages: Option<u64>,
    /// Documents that it corrects, ascending, each once.
    pub corrects: Vec<EntityIx>,
    /// When it was retracted.
    pub withdrawn: Option<Period>,
}

/// What the model has no field for, as an outside format gave it: a name and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extra {
    /// The name.
    pub name: Box<str>,
    /// The values, at least one.
    pub values: Vec<Box<str>>,
}

/// An entity, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// Its slug.
    pub id: EntityId,
    /// Its kind.
    pub kind: EntityKind,
    /// The name that people read.
    pub name: Box<str>,
    /// Whether prose puts "the" before the name.
    pub the: bool,
    /// The name for more than one, of materiel and populations.
    pub plural: Option<Box<str>>,
    /// A shorter name, for tables and diagrams.
    pub short: Option<Box<str>>,
    /// All other names, in the order written.
    pub names: Vec<Name>,
    /// The whole that it is part of.
    pub part_of: Option<EntityIx>,
    /// The class above it, of materiel and populations.
    pub is_a: Option<EntityIx>,
    /// The unit of a figure that names none.
    pub unit: Option<UnitIx>,
    /// What a member of it is called, where it is unnamed.
    pub member: Option<Box<str>>,
    /// The verb that reports what it states.
    pub says: Option<Box<str>>,
    /// Of a document: the bibliography.
    pub bibliography: Option<Bibliography>,
    /// What the model has no field for, in the order written.
    pub extra: Vec<Extra>,
}
