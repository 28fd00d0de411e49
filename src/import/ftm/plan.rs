//! What becomes of each schema: a kind of entity, a kind of fact with its roles, or a record that is only kept.

use std::sync::LazyLock;

use crate::model::EntityKind;
use crate::model::ftm::{Schema, SchemaIx, model};

/// What a schema becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Entity(EntityKind),
    Fact(FactPlan),
    /// It has no place here and is kept as the record that it is.
    Kept,
}

/// How a schema becomes a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FactPlan {
    /// The kind's id.
    pub(super) kind: &'static str,
    /// Properties that hold ids of entities, and their roles. The first two are the ends.
    pub(super) roles: Vec<(&'static str, &'static str)>,
    /// Properties whose text names somebody or something, and their roles.
    pub(super) made: &'static [MadeRole],
    /// Properties that are figures.
    pub(super) figures: &'static [Figure],
}

/// A role that is filled by something that has only a name in FollowTheMoney.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MadeRole {
    pub(super) property: &'static str,
    pub(super) role: &'static str,
    pub(super) made: Made,
    /// Whether it is an end, which one participant fills.
    pub(super) is_end: bool,
}

/// A property that is a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) property: &'static str,
    /// The figure's name in the vocabulary.
    pub(super) name: &'static str,
    pub(super) unit: FigureUnit,
}

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FigureUnit {
    /// The unit that the kind gives it; another one is none of it.
    Own,
    /// The currency that this property names.
    Currency(&'static str),
    /// This unit, by its id.
    Fixed(&'static str),
}

/// Something that has no record of its own in FollowTheMoney, only a name in the records of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Made {
    Country,
    Dataset,
    /// The input itself, where a record names no dataset.
    Input,
    Publisher,
    PublisherOf,
    Authority,
    Program,
    Goods,
    Address,
    /// It should have a record, and has none.
    Missing,
}

impl Made {
    /// The word that marks it, which also begins its id.
    pub(super) fn as_str(self) -> &'static str {
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

    pub(super) fn kind(self) -> EntityKind {
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
const SHARES: [Figure; 2] = [
    Figure { property: "percentage", name: "share", unit: FigureUnit::Own },
    Figure { property: "sharesCount", name: "shares", unit: FigureUnit::Own },
];
/// The sum in the currency of the contract comes first; the others are somebody's conversions of it.
const MONEY: [Figure; 3] = [
    Figure { property: "amount", name: "amount", unit: FigureUnit::Currency("currency") },
    Figure { property: "amountUsd", name: "amount", unit: FigureUnit::Fixed("us-dollar") },
    Figure { property: "amountEur", name: "amount", unit: FigureUnit::Fixed("euro") },
];

/// The plan of a schema; without a schema that the model knows, it is only kept.
pub(super) fn plan(schema: Option<SchemaIx>) -> &'static Plan {
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
        let figures: &[Figure] = match *name {
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
pub(super) fn entity_kind(schema: Option<SchemaIx>) -> Option<EntityKind> {
    match plan(schema) {
        Plan::Entity(kind) => Some(*kind),
        Plan::Kept => Some(EntityKind::Document),
        Plan::Fact(_) => None,
    }
}

/// The kind of entity that somebody unknown in a property is likely to be.
pub(super) fn kind_in(schema: Option<SchemaIx>, property: &str) -> EntityKind {
    let range = schema.and_then(|it| model().at(it)).and_then(|it| it.property(property)).and_then(|it| it.range);
    let kind = range.map(|it| entity_kind(model().position(it)));
    match range {
        // What can be owned is mostly a company.
        Some("Asset" | "Thing") | None => EntityKind::Organization,
        _ => kind.flatten().unwrap_or(EntityKind::Organization),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{LoadOptions, Sources, load};

    fn of(name: &str) -> &'static Plan {
        plan(model().position(name))
    }

    #[test]
    fn what_inherits_becomes_what_its_parent_becomes() {
        assert_eq!(of("PublicBody"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Company"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Airplane"), &Plan::Entity(EntityKind::Materiel));
        assert_eq!(of("License"), &Plan::Entity(EntityKind::Instrument));
        assert_eq!(of("Passport"), of("Identification"));
        assert_eq!((of("Call"), of("Nonsense")), (&Plan::Kept, &Plan::Kept));
        let Plan::Fact(award) = of("ContractAward") else { panic!() };
        assert_eq!((award.kind, award.roles[0]), ("link", ("contract", "subject")));
    }

    #[test]
    fn kinds_and_roles_are_in_the_vocabulary_and_properties_in_the_model() {
        let vocabulary = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("data").vocabulary;
        for schema in model().schemata() {
            let Plan::Fact(plan) = of(schema.name) else { continue };
            let kind = vocabulary.kind(vocabulary.kind_ix(plan.kind).expect(plan.kind)).expect(plan.kind);
            let made = plan.made.iter().map(|it| (it.property, it.role));
            for (property, role) in plan.roles.iter().copied().chain(made) {
                assert!(schema.property(property).is_some(), "{}:{property}", schema.name);
                let role = vocabulary.role_ix(role).and_then(|it| kind.role(it));
                assert!(role.is_some(), "{property} in {}", plan.kind);
            }
            for figure in plan.figures {
                assert!(schema.property(figure.property).is_some() && kind.figure(figure.name).is_some());
            }
        }
    }

    #[test]
    fn every_schema_that_is_a_thing_is_an_entity() {
        for schema in model().schemata().iter().filter(|it| !it.is_abstract && it.is_a("Thing")) {
            assert!(matches!(of(schema.name), Plan::Entity(_)), "{}", schema.name);
        }
    }
}
