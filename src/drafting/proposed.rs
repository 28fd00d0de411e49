//! What drafting gives: drafts, and the document and entities that they would need.

use jiff::civil::Date;

use crate::model::{EntityKind, Locator, Outcome, Stance};

/// What is known of an article besides its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftOptions {
    /// The document's id: one of the graph, or of a new one. Without it, it is made of `name`.
    pub document: Option<String>,
    /// When the article was published. Without it, the document's date counts, then the article's own.
    pub date: Option<Date>,
    /// Who published it: an id or a name.
    pub by: Option<String>,
    /// What the article is called: the name of its file.
    pub name: String,
}

/// What an article gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts {
    /// The document that the records would stand in.
    pub document: ProposedDocument,
    /// The day that times were reckoned from.
    pub date: Option<Date>,
    /// Entities that the graph does not hold, in the order of their ids.
    pub entities: Vec<ProposedEntity>,
    /// The drafts, in the order of the text.
    pub drafts: Vec<Draft>,
}

/// The document of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposedDocument {
    /// Its id.
    pub id: String,
    /// Whether the graph holds it.
    pub known: bool,
    /// Its headline.
    pub title: String,
    /// The id of its publisher.
    pub publisher: String,
    /// Its address on the web.
    pub address: Option<String>,
}

/// An entity that the graph does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedEntity {
    /// Its id.
    pub id: String,
    /// Its kind: told by the list of countries or by the role, else a guess.
    pub kind: EntityKind,
    /// Its name as the article has it.
    pub name: String,
    /// The name for more than one.
    pub plural: Option<String>,
    /// What is uncertain about it.
    pub remark: &'static str,
}

/// Who or what takes part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Participant {
    /// The entity's id.
    pub id: String,
    /// Whose people they are.
    pub of: Option<String>,
}

/// Who makes a claim.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// An entity, by its id.
    Entity(String),
    /// A member of a group, or several, whom the article does not name.
    Unnamed {
        /// The group's id.
        of: String,
        /// Whether there are several.
        several: bool,
    },
}

/// A record that an article may give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// The kind of fact, in kebab-case.
    pub kind: String,
    /// Who fills which role, in the order of the kind.
    pub roles: Vec<(String, Vec<Participant>)>,
    /// The ends of the flow: source, object, target.
    pub ends: [Vec<Participant>; 3],
    /// The first figure, in the words of the article.
    pub quantity: Option<String>,
    /// Others, by their names.
    pub figures: Vec<(String, String)>,
    /// When, in EDTF.
    pub period: Option<String>,
    /// Fields that were worked out.
    pub inferred: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Who says so.
    pub by: Speaker,
    /// How.
    pub stance: Stance,
    /// The documents through which it came.
    pub via: Vec<String>,
    /// Where it stands.
    pub at: Locator,
    /// The sentence. It is the publisher's: for the eyes of whoever drafts, never for a file that is passed on.
    pub passage: String,
    /// The parts that were found, of those that a fact of this kind may have.
    pub found: Vec<&'static str>,
    /// Those that were not.
    pub missing: Vec<&'static str>,
    /// What a reader should look at.
    pub remarks: Vec<String>,
    /// Ids of proposed entities that it names.
    pub entities: Vec<String>,
}
