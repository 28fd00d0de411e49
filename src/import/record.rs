//! Import records: what an importer found, in the terms of the data format and in the source's own words. Ids stand as
//! text, since an importer has read only a part of its input when it gives a record away.

use crate::model::{EntityKind, NameKind, Outcome, RelationKind, Stance};

/// What the model has no field for: names, each with its values, in the order of the source.
pub type Extra = Vec<(String, Vec<String>)>;

/// A further name of an entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name as the source writes it.
    pub text: String,
    /// What kind of name: an alias, a code, a demonym …
    pub kind: NameKind,
    /// Language (BCP 47), or of a code its scheme, a word of letters, digits and underscores.
    pub lang: Option<String>,
    /// Script (ISO 15924).
    pub script: Option<String>,
}

impl Name {
    /// Another name, of which nothing more is known.
    pub fn alias(text: impl Into<String>) -> Name {
        Name { text: text.into(), kind: NameKind::Alias, lang: None, script: None }
    }

    /// A name by which others may be called as well.
    pub fn weak(text: impl Into<String>) -> Name {
        Name { kind: NameKind::Weak, ..Name::alias(text) }
    }

    /// An identifier of a scheme.
    ///
    /// ```
    /// use purvey::import::Name;
    /// use purvey::model::NameKind;
    ///
    /// let imo = Name::code("imo", "9187629");
    /// assert_eq!((imo.kind, imo.lang.as_deref()), (NameKind::Code, Some("imo")));
    /// ```
    pub fn code(scheme: impl Into<String>, text: impl Into<String>) -> Name {
        Name { text: text.into(), kind: NameKind::Code, lang: Some(scheme.into()), script: None }
    }
}

/// What a bibliography says of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bibliography {
    /// The title.
    pub title: Option<String>,
    /// Id of the entity that published it.
    pub publisher: Option<String>,
    /// The day, month or year of publication, in EDTF.
    pub date: Option<String>,
    /// A URL.
    pub address: Option<String>,
}

/// An entity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// Its slug.
    pub id: String,
    /// Its kind.
    pub kind: EntityKind,
    /// The name that people read.
    pub name: String,
    /// The name for more than one, of materiel and populations.
    pub plural: Option<String>,
    /// All other names.
    pub names: Vec<Name>,
    /// Id of the whole that it is part of.
    pub part_of: Option<String>,
    /// Id of the class above it, of materiel and populations.
    pub is_a: Option<String>,
    /// Id of the unit of a figure that names none, of materiel.
    pub unit: Option<String>,
    /// Of a document: the bibliography.
    pub document: Option<Bibliography>,
    /// What the model has no field for.
    pub extra: Extra,
}

/// Who or what fills a role, or speaks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// An entity by its id.
    Entity(String),
    /// People of somebody: a population, and whose it is.
    PeopleOf {
        /// Id of the population.
        id: String,
        /// Id of the entity whose people they are.
        of: String,
    },
    /// Somebody whom the source does not name.
    Unnamed {
        /// Id of the group that it is one of.
        of: String,
        /// The same label in one document means the same one.
        label: Option<String>,
    },
}

impl End {
    /// An entity.
    pub fn entity(id: impl Into<String>) -> End {
        End::Entity(id.into())
    }
}

/// A claim of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who says it.
    pub by: End,
    /// Id of the document in which it was read.
    pub document: String,
    /// Ids of the documents that relayed it before, origin first.
    pub via: Vec<String>,
    /// How the claimant stands to it.
    pub stance: Stance,
    /// When it was said, in EDTF; without it the date of the first document of the chain.
    pub made: Option<String>,
    /// Figures: the name of each (the kind's, or `quantity` for its first) and the quantity in the source's own words.
    pub figures: Vec<(String, String)>,
    /// Its own period in EDTF, if not that of the fact.
    pub period: Option<String>,
    /// What it covers, where that differs from its neighbours.
    pub scope: Option<String>,
    /// When the claimant took it back, in EDTF.
    pub withdrawn: Option<String>,
    /// Names of its fields that are worked out, not said.
    pub inferred: Vec<String>,
}

impl Claim {
    /// A plain statement, without figures.
    pub fn new(by: End, document: impl Into<String>) -> Claim {
        Claim {
            by,
            document: document.into(),
            via: Vec::new(),
            stance: Stance::States,
            made: None,
            figures: Vec::new(),
            period: None,
            scope: None,
            withdrawn: None,
            inferred: Vec::new(),
        }
    }
}

/// A fact: one record. An importer gives one fact a record; lists in roles of the flow are not for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// Its slug.
    pub id: String,
    /// Id of its kind in the vocabulary, in kebab-case: `forced-transfer`.
    pub kind: String,
    /// Roles by their ids, each with all that take part in it.
    pub roles: Vec<(String, Vec<End>)>,
    /// When, in EDTF.
    pub period: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Relations to earlier records, by their ids (some kinds of relation take entities too).
    pub relations: Vec<(RelationKind, Vec<String>)>,
    /// Its claims, at least one.
    pub claims: Vec<Claim>,
    /// Names of its fields that are worked out, not said.
    pub inferred: Vec<String>,
    /// What the model has no field for.
    pub extra: Extra,
}
