//! Names of things: the slugs that people write, and the dense indices that the program counts with.

use std::fmt;

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// Why a text is no slug.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no id: use lower-case letters, digits and single hyphens, as in `{suggestion}`")]
pub struct SlugError {
    /// The text as given.
    pub text: String,
    /// A slug made from it.
    pub suggestion: String,
}

/// Whether `text` is a slug: lower-case ASCII letters and digits, joined by single hyphens.
///
/// ```
/// use purvey::model::is_slug;
///
/// assert!(is_slug("north-korea") && is_slug("a11"));
/// assert!(!is_slug("North Korea") && !is_slug("a--b") && !is_slug("-a") && !is_slug(""));
/// ```
pub fn is_slug(text: &str) -> bool {
    // One pass: every id of every file comes by here. A hyphen stands neither first nor last nor beside another.
    let mut before = b'-';
    for byte in text.bytes() {
        if !(byte.is_ascii_lowercase() || byte.is_ascii_digit() || (byte == b'-' && before != b'-')) {
            return false;
        }
        before = byte;
    }
    before != b'-'
}

/// The slug nearest to `text`: romanised, lower case, other characters as hyphens; `x` if nothing is left.
///
/// ```
/// assert_eq!(purvey::model::slug("Côte d'Ivoire (2024)"), "cote-d-ivoire-2024");
/// ```
pub fn slug(text: &str) -> String {
    let ascii = deunicode::deunicode(text).to_ascii_lowercase();
    let parts: Vec<&str> = ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    if parts.is_empty() { "x".to_owned() } else { parts.join("-") }
}

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks and keeps `text`.
            ///
            /// # Errors
            ///
            /// [`SlugError`] if it is no slug (the id of a list's member has a slash between two slugs).
            pub fn new(text: &str) -> Result<Self, SlugError> {
                // Nearly all ids are plain slugs.
                if is_slug(text)
                    || (text.split('/').all(is_slug) && text.matches('/').count() <= $name::SLASHES)
                {
                    Ok(Self(text.into()))
                } else {
                    Err(SlugError { text: text.to_owned(), suggestion: slug(text) })
                }
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

slug_id! {
    /// The id of an entity: `north-korea`.
    ///
    /// ```
    /// use purvey::model::EntityId;
    ///
    /// assert_eq!(EntityId::new("north-korea")?.as_str(), "north-korea");
    /// assert!(EntityId::new("North Korea").is_err());
    /// # Ok::<(), purvey::model::SlugError>(())
    /// ```
    EntityId
}
slug_id! {
    /// The id of a fact or of a record: `a11`; `a6/missile` is a member of the record `a6`.
    ///
    /// ```
    /// use purvey::model::FactId;
    ///
    /// assert_eq!(FactId::new("a6/missile")?.record(), "a6");
    /// # Ok::<(), purvey::model::SlugError>(())
    /// ```
    FactId
}

impl EntityId {
    const SLASHES: usize = 0;
}

impl FactId {
    const SLASHES: usize = 1;

    /// The id of the record that the fact was written in.
    pub fn record(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }
}

macro_rules! index {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, FromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(transparent)]
        pub struct $name(pub $int);

        impl $name {
            /// The index as a position in a slice.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The index of a position. Data sets are refused long before a position does not fit.
            pub fn from_usize(position: usize) -> Self {
                Self(<$int>::try_from(position).unwrap_or(<$int>::MAX))
            }
        }
    };
}

index! {
    /// Position of an entity among the entities, which are in the order of their ids.
    EntityIx(u32)
}
index! {
    /// Position of a node: the entities first, then the unnamed participants.
    NodeIx(u32)
}
index! {
    /// Position of a fact among the facts, which are in the order of their ids.
    FactIx(u32)
}
index! {
    /// Position of a record (what one writes) among the records, which are in the order of their ids.
    RecordIx(u32)
}
index! {
    /// Position of a claim; the claims of one record stand together, in the order in which they are written.
    ClaimIx(u32)
}
index! {
    /// Position of a kind of fact in the vocabulary.
    KindIx(u16)
}
index! {
    /// Position of a role's name in the vocabulary.
    RoleIx(u16)
}

impl From<EntityIx> for NodeIx {
    fn from(entity: EntityIx) -> Self {
        Self(entity.0)
    }
}
