//! The kinds of fact that are made up: the frequent ones, and all others of the built-in vocabulary now and then.

use super::super::dice::Dice;

/// What fills a role.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    Actor,
    People,
    Items,
    Item,
    Country,
    Organization,
    Person,
    Place,
    Vessel,
    Instrument,
    Document,
}

/// A kind: its roles in their order, each with how often in a hundred it is filled, and one of its figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) roles: &'static [(&'static str, usize, Who)],
    pub(super) figure: &'static str,
}

use Who::{Actor, Country, Document, Instrument, Item, Items, Organization, People, Person, Place, Vessel};

const fn kind(name: &'static str, roles: &'static [(&'static str, usize, Who)], figure: &'static str) -> Kind {
    Kind { name, roles, figure }
}

/// How often in a hundred, and what.
const FREQUENT: [(usize, Kind); 6] = [
    (
        45,
        kind(
            "Supply",
            &[
                ("supplier", 100, Actor),
                ("item", 100, Items),
                ("recipient", 100, Actor),
                ("carrier", 20, Vessel),
                ("destination", 10, Place),
            ],
            "quantity",
        ),
    ),
    (10, kind("Dispatch", &[("sender", 100, Actor), ("people", 100, People), ("recipient", 100, Actor)], "quantity")),
    (
        8,
        kind(
            "Sanction",
            &[("imposer", 100, Actor), ("target", 100, Actor), ("instrument", 50, Instrument)],
            "duration",
        ),
    ),
    (10, kind("Membership", &[("member", 100, Actor), ("group", 100, Organization)], "")),
    (8, kind("Payment", &[("payer", 100, Actor), ("recipient", 100, Actor)], "quantity")),
    (12, kind("Attack", &[("attacker", 100, Actor), ("weapon", 50, Item), ("target", 100, Place)], "killed")),
];

const OTHERS: [Kind; 47] = [
    kind("Provision", &[("provider", 100, Actor), ("item", 100, Item), ("recipient", 100, Actor)], "amount"),
    kind("FinancialChannel", &[("party", 100, Actor), ("counterparty", 100, Actor), ("medium", 50, Item)], ""),
    kind(
        "Measure",
        &[("imposer", 100, Actor), ("to", 100, Country), ("item", 100, Item), ("instrument", 80, Instrument)],
        "",
    ),
    kind("Veto", &[("vetoer", 100, Country), ("against", 100, Instrument), ("forum", 50, Organization)], ""),
    kind("Mandate", &[("holder", 100, Actor), ("over", 100, Actor), ("mandator", 50, Actor)], ""),
    kind("Founding", &[("founder", 100, Actor), ("founded", 100, Organization)], ""),
    kind("Monitoring", &[("monitor", 100, Actor), ("subject", 100, Actor), ("item", 30, Item)], ""),
    kind(
        "ForcedTransfer",
        &[("taker", 100, Actor), ("people", 100, People), ("to", 80, Place), ("origin", 50, Country)],
        "amount",
    ),
    kind("Camp", &[("operator", 80, Actor), ("people", 80, People), ("place", 100, Place)], "count"),
    kind("Seizure", &[("seizer", 100, Actor), ("seized", 100, Vessel), ("from_whom", 50, Actor)], ""),
    kind("Retaking", &[("force", 100, Actor), ("place", 100, Place), ("helped", 40, Actor)], ""),
    kind("Theft", &[("thief", 100, Actor), ("item", 80, Item), ("victim", 100, Actor)], "amount"),
    kind("Office", &[("holder", 100, Person), ("body", 100, Organization)], ""),
    kind("Publication", &[("publisher", 100, Actor), ("work", 100, Document), ("covers", 40, Actor)], ""),
    kind("Statement", &[("speaker", 100, Actor), ("addressee", 70, Actor), ("topic", 50, Place)], ""),
    kind("Demand", &[("demander", 100, Actor), ("addressee", 100, Actor), ("demanded", 50, Item)], ""),
    kind("Refusal", &[("refuser", 100, Actor), ("refused_to", 70, Actor), ("item", 50, Item)], ""),
    kind("Opposition", &[("opponent", 100, Actor), ("against", 100, Actor), ("issue", 30, Instrument)], ""),
    kind("Consent", &[("consenter", 100, Actor), ("to", 100, Instrument)], ""),
    kind("Cooperation", &[("party", 100, Actor), ("counterparty", 100, Actor), ("field", 50, Item)], ""),
    kind("Contribution", &[("contributor", 100, Actor), ("beneficiary", 100, Actor), ("to_what", 50, Item)], ""),
    kind("Violation", &[("violator", 100, Actor), ("rule", 100, Instrument)], ""),
    kind("Dependence", &[("dependent", 100, Actor), ("on", 100, Actor), ("item", 50, Item)], ""),
    kind("Return", &[("helper", 80, Actor), ("people", 100, People), ("to", 100, Place)], "amount"),
    kind("Adoption", &[("adopter", 100, Actor), ("people", 100, People), ("origin", 50, Country)], "amount"),
    kind("Visit", &[("visitor", 100, Person), ("place", 100, Place), ("met", 50, Actor)], ""),
    kind("Award", &[("giver", 100, Actor), ("recipient", 100, Actor), ("honour", 60, Instrument)], ""),
    kind("Hosting", &[("host", 100, Actor), ("people", 100, People), ("origin", 50, Country)], "amount"),
    kind("Invitation", &[("inviter", 100, Actor), ("invited", 100, Actor), ("place", 50, Place)], ""),
    kind("Display", &[("shower", 100, Actor), ("people", 50, People), ("audience", 50, Actor), ("item", 60, Item)], ""),
    kind("Training", &[("trainer", 80, Actor), ("people", 100, People), ("place", 60, Place)], ""),
    kind("Observance", &[("observer", 100, Actor), ("occasion", 100, Instrument)], ""),
    kind("Order", &[("supplier", 100, Actor), ("item", 100, Item), ("recipient", 100, Actor)], "quantity"),
    kind("Relationship", &[("subject", 100, Actor), ("object", 100, Actor)], ""),
    kind("Ownership", &[("owner", 100, Actor), ("asset", 100, Organization)], ""),
    kind("Control", &[("controller", 100, Actor), ("controlled", 100, Organization)], ""),
    kind("Directorship", &[("director", 100, Actor), ("organization", 100, Organization)], ""),
    kind("Employment", &[("employee", 100, Person), ("employer", 100, Actor)], ""),
    kind("Representation", &[("agent", 100, Actor), ("client", 100, Actor)], ""),
    kind("Succession", &[("predecessor", 100, Actor), ("successor", 100, Actor)], ""),
    kind("Family", &[("person", 100, Person), ("relative", 100, Person)], ""),
    kind("Association", &[("person", 100, Person), ("associate", 100, Person)], ""),
    kind("Link", &[("subject", 100, Actor), ("object", 100, Actor)], ""),
    kind("Location", &[("thing", 100, Actor), ("address", 100, Place)], ""),
    kind("Occupancy", &[("holder", 100, Person), ("post", 100, Organization)], ""),
    kind("Identification", &[("holder", 100, Actor), ("issuer", 60, Country)], ""),
    kind("Debt", &[("debtor", 100, Actor), ("creditor", 80, Actor)], ""),
];

/// One by chance.
pub(super) fn one(dice: &mut Dice) -> Kind {
    let mut left = dice.below(100);
    for (share, kind) in FREQUENT {
        if left < share {
            return kind;
        }
        left -= share;
    }
    dice.one(&OTHERS)
}
