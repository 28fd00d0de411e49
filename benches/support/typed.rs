//! The generated file as typed structs, to measure reading against `ron::from_str`.
//!
//! What the format leaves open (a name or a struct, one or several) has a visitor here and no `#[serde(untagged)]`,
//! which would read everything twice and make the comparison too easy. A text that may be missing is an empty one,
//! because `ron` wants `Some(…)` for an `Option`. Unknown fields are refused, so nothing is skipped unread.

#![expect(dead_code, reason = "read and not used")]

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A text: owned, as one has it at first, or borrowed from the file where it can be.
pub(crate) trait Text<'de>: Deserialize<'de> + Default {}

impl<'de> Text<'de> for String {}
impl<'de> Text<'de> for Borrowed<'de> {}

/// A text borrowed from the file, unless it has escapes.
#[derive(Default)]
pub(crate) struct Borrowed<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Borrowed<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Borrowed<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Borrowed<'de>, E> {
                Ok(Borrowed(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Borrowed<'de>, E> {
                Ok(Borrowed(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct File<T> {
    pub(crate) entities: Vec<Entity<T>>,
    document: T,
    defaults: Claim<T>,
    pub(crate) facts: Vec<Fact<T>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) enum Entity<T> {
    Country {
        id: T,
        name: T,
        demonyms: Vec<T>,
        codes: Codes<T>,
    },
    Organization {
        id: T,
        name: T,
        the: bool,
        aliases: Vec<Alias<T>>,
    },
    Person {
        id: T,
        name: T,
    },
    Vessel {
        id: T,
        name: T,
    },
    Place {
        id: T,
        name: T,
    },
    Instrument {
        id: T,
        name: T,
    },
    Population {
        id: T,
        name: T,
        plural: T,
        #[serde(default)]
        is_a: T,
    },
    Materiel {
        id: T,
        name: T,
        plural: T,
        #[serde(default)]
        is_a: T,
    },
    Document {
        id: T,
        name: T,
        title: T,
        date: T,
        address: T,
        pages: u64,
    },
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct Codes<T> {
    iso3166: Vec<T>,
}

macro_rules! facts {
    ($($kind:ident { $($role:ident),* })*) => {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields, bound = "T: Text<'de>")]
        pub(crate) enum Fact<T> {
            $($kind {
                id: T,
                $(#[serde(default)] $role: Role<T>,)*
                #[serde(default)] quantity: T,
                #[serde(default)] killed: T,
                #[serde(default)] duration: T,
                #[serde(default)] period: T,
                #[serde(default)] inferred: Vec<T>,
                #[serde(default)] outcome: Outcome,
                #[serde(default)] part_of: T,
                #[serde(default)] after: T,
                #[serde(default)] in_return_for: T,
                #[serde(default)] contributes_to: T,
                #[serde(default)] overlaps: T,
                #[serde(default)] violates: T,
                #[serde(default)] note: T,
                #[serde(default)] claims: Vec<Claim<T>>,
                #[serde(default)] by: Role<T>,
                #[serde(default)] document: T,
                #[serde(default)] at: At<T>,
            },)*
        }
    };
}

facts! {
    Supply { supplier, item, recipient, carrier, destination }
    Dispatch { sender, people, recipient }
    Sanction { imposer, target, instrument }
    Membership { member, group }
    Payment { payer, recipient }
    Attack { attacker, target, weapon }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct Claim<T> {
    #[serde(default)]
    by: Role<T>,
    #[serde(default)]
    document: T,
    #[serde(default)]
    via: Vec<T>,
    #[serde(default)]
    stance: Stance,
    #[serde(default)]
    made: T,
    #[serde(default)]
    quantity: T,
    #[serde(default)]
    killed: T,
    #[serde(default)]
    duration: T,
    #[serde(default)]
    at: At<T>,
}

#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct At<T> {
    paragraph: u32,
    length: u32,
    sha256: T,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    #[default]
    Happened,
    Planned,
    NotAdopted,
    Intended,
    Expected,
}

#[derive(Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stance {
    #[default]
    States,
    Estimates,
    Alleges,
    Believes,
    Denies,
}

/// Who fills a role: an id, `(id: …, of: …)`, `Unnamed(of: …, label: …)`, or a list of ids.
pub(crate) enum Role<T> {
    One(T),
    Struct(Box<Participant<T>>),
    Several(Vec<T>),
}

impl<T: Default> Default for Role<T> {
    fn default() -> Self {
        Role::One(T::default())
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct Participant<T> {
    #[serde(default)]
    id: T,
    of: T,
    #[serde(default)]
    label: T,
}

/// A name, or `(name: …, lang: …, script: …)`.
pub(crate) enum Alias<T> {
    Plain(T),
    Struct(Name<T>),
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, bound = "T: Text<'de>")]
pub(crate) struct Name<T> {
    name: T,
    lang: T,
    script: T,
}

/// Asks `ron` what stands there.
struct Any<T>(PhantomData<T>);

macro_rules! any {
    ($type:ident, $plain:ident, |$map:ident| $struct:expr $(, $list:ident)?) => {
        impl<'de, T: Text<'de>> Deserialize<'de> for $type<T> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Any::<$type<T>>(PhantomData))
            }
        }

        impl<'de, T: Text<'de>> Visitor<'de> for Any<$type<T>> {
            type Value = $type<T>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a text or a struct")
            }

            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<$type<T>, E> {
                T::deserialize(serde::de::value::BorrowedStrDeserializer::new(text)).map($type::$plain)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type<T>, E> {
                T::deserialize(serde::de::value::StrDeserializer::new(text)).map($type::$plain)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$type<T>, A::Error> {
                let $map = MapAccessDeserializer::new(map);
                Ok($type::Struct($struct))
            }

            $(fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<$type<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(text) = seq.next_element()? {
                    list.push(text);
                }
                Ok($type::$list(list))
            })?
        }
    };
}

any!(Role, One, |map| Box::new(Participant::deserialize(map)?), Several);
any!(Alias, Plain, |map| Name::deserialize(map)?);
