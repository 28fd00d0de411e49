//! What becomes of each schema: a kind of entity, a kind of fact with its roles, or a record that is only kept. Import reads
//! this one way and export the other.

use std::sync::LazyLock;

use super::{Schema, SchemaIx, model};
use crate::model::EntityKind;

/// What a schema becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// An entity of this kind.
    Entity(EntityKind),
    /// A fact.
    Fact(FactPlan),
    /// It has no place here and is kept as the record that it is.
    Kept,
}

/// How a schema becomes a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactPlan {
    /// The kind's id.
    pub kind: &'static str,
    /// Properties that hold ids of entities, and their roles. The first two are the ends.
    pub roles: Vec<(&'static str, &'static str)>,
    /// Properties whose text names somebody or something, and their roles.
    pub made: &'static [MadeRole],
    /// Properties that are figures.
    pub figures: &'static [FigureProperty],
}

/// A role that is filled by something that has only a name in FollowTheMoney.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MadeRole {
    /// The property that names them.
    pub property: &'static str,
    /// The role of the kind of fact.
    pub role: &'static str,
    /// What they are.
    pub made: Made,
    /// Whether it is an end, which one participant fills.
    pub is_end: bool,
}

/// A property that is a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureProperty {
    /// The property.
    pub property: &'static str,
    /// The figure's name in the vocabulary.
    pub name: &'static str,
    /// What it counts.
    pub unit: FigureUnit,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureUnit {
    /// The unit that the kind gives it; another one is none of it.
    Own,
    /// The currency that this property names.
    Currency(&'static str),
    /// This unit, by its id.
    Fixed(&'static str),
}

/// Something that has no record of its own in FollowTheMoney, only a name in the records of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Made {
    /// A country, by its code.
    Country,
    /// A dataset, a document.
    Dataset,
    /// The input itself, where a record names no dataset.
    Input,
    /// Who published a record.
    Publisher,
    /// Whoever published a dataset, if no record says who.
    PublisherOf,
    /// Who imposed a sanction.
    Authority,
    /// What a sanction was imposed under.
    Program,
    /// What was sent.
    Goods,
    /// A link to a source.
    Address,
    /// It should have a record, and has none.
    Missing,
}

impl Made {
    /// The word that marks it, which also begins its id.
    pub fn as_str(self) -> &'static str {
        match self {
            Made::Country => "country",
            Made::Dataset => "dataset",
            Made::Input => "input",
            Made::Publisher => "publisher",
            Made::PublisherOf => "publisher-of",
            Made::Authority => "authority",
            Made::Program => "program",
            Made::Goods => "goods",
            Made::Address => "url",
            Made::Missing => "missing",
        }
    }

    /// The kind of entity that stands for it.
    pub fn kind(self) -> EntityKind {
        match self {
            Made::Country => EntityKind::Country,
            Made::Dataset | Made::Input | Made::Address => EntityKind::Document,
            Made::Publisher | Made::PublisherOf | Made::Authority | Made::Missing => EntityKind::Organization,
            Made::Program => EntityKind::Instrument,
            Made::Goods => EntityKind::Materiel,
        }
    }
}

/// The first that a schema is, or inherits from, counts.
const THINGS: [(&str, EntityKind); 17] = [
    ("Person", EntityKind::Person),
    ("LegalEntity", EntityKind::Organization),
    ("Position", EntityKind::Organization),
    ("Vessel", EntityKind::Vessel),
    ("Address", EntityKind::Place),
    ("RealEstate", EntityKind::Place),
    ("Territory", EntityKind::Place),
    ("Document", EntityKind::Document),
    ("Note", EntityKind::Document),
    ("Contract", EntityKind::Instrument),
    ("CourtCase", EntityKind::Instrument),
    ("CallForTenders", EntityKind::Instrument),
    ("Project", EntityKind::Instrument),
    ("Event", EntityKind::Instrument),
    ("Asset", EntityKind::Materiel),
    ("CryptoWallet", EntityKind::Materiel),
    ("UserAccount", EntityKind::Materiel),
];

/// Schema, kind, properties with their roles.
type FactRow = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const FACTS: [FactRow; 16] = [
    ("Ownership", "ownership", &[("owner", "owner"), ("asset", "asset")]),
    ("Control", "control", &[("controller", "controller"), ("controlled", "controlled")]),
    ("Directorship", "directorship", &[("director", "director"), ("organization", "organization")]),
    ("Membership", "membership", &[("member", "member"), ("organization", "group")]),
    ("Employment", "employment", &[("employee", "employee"), ("employer", "employer")]),
    ("Representation", "representation", &[("agent", "agent"), ("client", "client")]),
    ("Succession", "succession", &[("predecessor", "predecessor"), ("successor", "successor")]),
    ("Family", "family", &[("person", "person"), ("relative", "relative")]),
    ("Associate", "association", &[("person", "person"), ("associate", "associate")]),
    ("Occupancy", "occupancy", &[("holder", "holder"), ("post", "post")]),
    ("Payment", "payment", &[("payer", "payer"), ("beneficiary", "recipient")]),
    ("Debt", "debt", &[("debtor", "debtor"), ("creditor", "creditor")]),
    ("Sanction", "sanction", &[("entity", "target")]),
    ("Identification", "identification", &[("holder", "holder")]),
    ("EconomicActivity", "supply", &[("sender", "supplier"), ("receiver", "recipient"), ("transport", "carrier")]),
    ("UnknownLink", "link", &[("subject", "subject"), ("object", "object")]),
];

const SANCTION: [MadeRole; 2] = [
    MadeRole { property: "authority", role: "imposer", made: Made::Authority, is_end: true },
    MadeRole { property: "program", role: "instrument", made: Made::Program, is_end: false },
];
const IDENTIFICATION: [MadeRole; 1] =
    [MadeRole { property: "country", role: "issuer", made: Made::Country, is_end: true }];
const GOODS: [MadeRole; 1] = [MadeRole { property: "goodsDescription", role: "item", made: Made::Goods, is_end: true }];
const SHARES: [FigureProperty; 2] = [
    FigureProperty { property: "percentage", name: "share", unit: FigureUnit::Own },
    FigureProperty { property: "sharesCount", name: "shares", unit: FigureUnit::Own },
];
/// The sum in the currency of the contract comes first; the others are somebody's conversions of it.
const MONEY: [FigureProperty; 3] = [
    FigureProperty { property: "amount", name: "amount", unit: FigureUnit::Currency("currency") },
    FigureProperty { property: "amountUsd", name: "amount", unit: FigureUnit::Fixed("us-dollar") },
    FigureProperty { property: "amountEur", name: "amount", unit: FigureUnit::Fixed("euro") },
];

/// The plan of a schema; without a schema that the model knows, it is only kept.
pub fn plan(schema: Option<SchemaIx>) -> &'static Plan {
    static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| model().schemata().iter().map(make).collect());
    static KEPT: Plan = Plan::Kept;
    schema.and_then(|it| PLANS.get(it.index())).unwrap_or(&KEPT)
}

fn make(schema: &Schema) -> Plan {
    if let Some((_, kind)) = THINGS.iter().find(|it| schema.is_a(it.0)) {
        return Plan::Entity(*kind);
    }
    if let Some((name, kind, roles)) = FACTS.iter().find(|it| schema.is_a(it.0)) {
        let made: &[MadeRole] = match *name {
            "Sanction" => &SANCTION,
            "Identification" => &IDENTIFICATION,
            "EconomicActivity" => &GOODS,
            _ => &[],
        };
        let figures: &[FigureProperty] = match *name {
            "Ownership" => &SHARES,
            "Payment" | "Debt" => &MONEY,
            _ => &[],
        };
        return Plan::Fact(FactPlan { kind, roles: roles.to_vec(), made, figures });
    }
    match schema.edge {
        Some(edge) => {
            let roles = vec![(edge.source, "subject"), (edge.target, "object")];
            Plan::Fact(FactPlan { kind: "link", roles, made: &[], figures: &[] })
        }
        None => Plan::Kept,
    }
}

/// The kind of entity that a schema becomes; records that are only kept are documents.
pub fn entity_kind(schema: Option<SchemaIx>) -> Option<EntityKind> {
    match plan(schema) {
        Plan::Entity(kind) => Some(*kind),
        Plan::Kept => Some(EntityKind::Document),
        Plan::Fact(_) => None,
    }
}

/// The kind of entity that somebody unknown in a property is likely to be.
pub fn kind_in(schema: Option<SchemaIx>, property: &str) -> EntityKind {
    let range = schema.and_then(|it| model().at(it)).and_then(|it| it.property(property)).and_then(|it| it.range);
    let kind = range.map(|it| entity_kind(model().position(it)));
    match range {
        // What can be owned is mostly a company.
        Some("Asset" | "Thing") | None => EntityKind::Organization,
        _ => kind.flatten().unwrap_or(EntityKind::Organization),
    }
}
