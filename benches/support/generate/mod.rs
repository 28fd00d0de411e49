//! Makes up facts: as many as asked for, the same for the same seed, and shaped like the ones that people write: as RON, or
//! as a snapshot that never was text. Used by the benchmarks, by tests and by `cargo run --example generate`.
//!
//! Whom a fact is about follows Simon's model: with a small probability somebody new, else whoever took part in an
//! earlier fact, chosen among all mentions. So a few entities have very many facts and most have few, and every
//! entity is used. (H. A. Simon, "On a class of skew distribution functions", Biometrika 42, 1955.)

#![allow(clippy::allow_attributes, dead_code, unused_imports, unreachable_pub, reason = "each user needs some of this")]

mod direct;
mod kinds;
mod text;

use super::dice::{Dice, Pool};
use kinds::{Kind, Who};

pub(crate) use direct::snapshot;
pub(crate) use text::ron;

/// Somebody or something by pool and number.
pub(crate) type Name = (&'static str, usize);

/// What fills a role.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Party {
    Named(Name),
    /// People of a country.
    Of(Name, Name),
    /// A member of an organization whom the source does not name; with a label, the same one in a document.
    Unnamed(Name, Option<usize>),
}

/// What a relation leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Record(usize),
    Entity(Name),
}

pub(crate) struct Relation {
    pub(crate) field: &'static str,
    pub(crate) target: Target,
    /// Who says so, if not the claimant of the record.
    pub(crate) by: Option<Name>,
}

pub(crate) struct Locator {
    pub(crate) paragraph: u32,
    pub(crate) length: u32,
    pub(crate) sha256: [u64; 4],
}

#[derive(Default)]
pub(crate) struct Claim {
    pub(crate) by: Option<Party>,
    pub(crate) document: Option<Name>,
    pub(crate) via: Option<Name>,
    pub(crate) stance: Option<&'static str>,
    pub(crate) figure: Option<String>,
    pub(crate) made: Option<String>,
    pub(crate) at: Option<Locator>,
}

/// A record.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) kind: &'static str,
    /// In the order of the kind; a list of items is as many facts.
    pub(crate) roles: Vec<(&'static str, Vec<Party>)>,
    /// The name of its figure, and what all claims say of it.
    pub(crate) figure: &'static str,
    pub(crate) period: Option<String>,
    pub(crate) period_inferred: bool,
    pub(crate) outcome: Option<&'static str>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) note: bool,
    /// One is written into the record itself.
    pub(crate) claims: Vec<Claim>,
}

/// The document and claimant of a file, for claims that name none.
pub(crate) const DOCUMENT: Name = ("document", 0);
pub(crate) const CLAIMANT: Name = ("organization", 0);

/// An id whose order among others is that of the numbers.
pub(crate) fn record_id(number: usize, facts: usize) -> String {
    let width = facts.saturating_sub(1).to_string().len();
    format!("f{number:0width$}")
}

pub(crate) struct Maker {
    dice: Dice,
    /// In the order of their names.
    pub(crate) pools: [Pool; 9],
}

const COUNTRY: usize = 0;
const DOCUMENTS: usize = 1;
const INSTRUMENT: usize = 2;
const MATERIEL: usize = 3;
const ORGANIZATION: usize = 4;
const PERSON: usize = 5;
const PLACE: usize = 6;
const POPULATION: usize = 7;
const VESSEL: usize = 8;

impl Maker {
    pub(crate) fn new(seed: u64) -> Self {
        let pools = [
            Pool::new("country", 190, 20),
            Pool::new("document", usize::MAX, 100),
            Pool::new("instrument", usize::MAX, 50),
            Pool::new("materiel", 2000, 20),
            Pool::new("organization", usize::MAX, 40),
            Pool::new("person", usize::MAX, 100),
            Pool::new("place", usize::MAX, 50),
            Pool::new("population", 60, 20),
            Pool::new("vessel", usize::MAX, 100),
        ];
        let mut maker = Maker { dice: Dice(seed), pools };
        // Those that the file's head names, and one to begin with.
        maker.pick(DOCUMENTS);
        maker.pick(ORGANIZATION);
        maker
    }

    #[expect(clippy::indexing_slicing, reason = "the constants are positions of the pools")]
    fn pick(&mut self, pool: usize) -> Name {
        let pool = &mut self.pools[pool];
        (pool.stem, pool.pick_number(&mut self.dice))
    }

    pub(crate) fn record(&mut self, number: usize) -> Record {
        let Kind { name, roles, figure } = kinds::one(&mut self.dice);
        let mut record = Record { kind: name, ..Record::default() };
        let mut is_list = false;
        for (role, chance, who) in roles {
            if self.dice.percent(*chance) {
                let mut parties = self.parties(*who);
                // A document that it publishes is its own, and an item is sometimes a list.
                parties.truncate(3);
                is_list |= parties.len() > 1;
                record.roles.push((role, parties));
            }
        }
        record.figure = if is_list { "" } else { figure };
        let two_claims = self.dice.percent(20);
        let one_figure = !record.figure.is_empty() && self.dice.percent(70) && !two_claims;
        let dated = self.dice.percent(85);
        if dated {
            record.period = Some(self.period());
            record.period_inferred = self.dice.percent(10);
        }
        if self.dice.percent(5) {
            record.outcome = Some(self.dice.one(&["planned", "not_adopted", "intended", "expected"]));
        }
        if number > 0 && self.dice.percent(8) {
            let field = self.dice.one(&["part_of", "after", "in_return_for", "contributes_to", "overlaps"]);
            // Its period may be before the other's, which would be a contradiction.
            let field = if dated && field == "after" { "overlaps" } else { field };
            let by = if self.dice.percent(20) { Some(self.pick(ORGANIZATION)) } else { None };
            let target = Target::Record(self.dice.below(number));
            record.relations.push(Relation { field, target, by });
        }
        if self.dice.percent(3) {
            let target = Target::Entity(self.pick(INSTRUMENT));
            record.relations.push(Relation { field: "violates", target, by: None });
        }
        record.note = self.dice.percent(1);
        if two_claims {
            let figure = record.figure;
            record.claims = vec![self.claim(figure), self.claim(figure)];
        } else {
            let figure = one_figure.then(|| self.quantity(record.figure));
            // By and document of the file's head are enough for some.
            let by = if self.dice.percent(60) { Some(self.claimant()) } else { None };
            let document = if self.dice.percent(60) { Some(self.pick(DOCUMENTS)) } else { None };
            let at = Some(self.locator());
            record.claims = vec![Claim { by, document, figure, at, ..Claim::default() }];
        }
        record
    }

    fn parties(&mut self, who: Who) -> Vec<Party> {
        vec![match who {
            Who::Actor => self.actor(),
            Who::People => {
                let people = self.pick(POPULATION);
                if self.dice.percent(50) { Party::Of(people, self.pick(COUNTRY)) } else { Party::Named(people) }
            }
            // A list in a role of the flow: as many facts.
            Who::Items if self.dice.percent(4) => {
                let mut items: Vec<Name> = (0..3).map(|_| self.pick(MATERIEL)).collect();
                items.sort_by_key(|(_, number)| number.to_string());
                items.dedup();
                return items.into_iter().map(Party::Named).collect();
            }
            Who::Items | Who::Item => Party::Named(self.pick(MATERIEL)),
            Who::Country => Party::Named(self.pick(COUNTRY)),
            Who::Organization => Party::Named(self.pick(ORGANIZATION)),
            Who::Person => Party::Named(self.pick(PERSON)),
            Who::Place => Party::Named(self.pick(PLACE)),
            Who::Vessel => Party::Named(self.pick(VESSEL)),
            Who::Instrument => Party::Named(self.pick(INSTRUMENT)),
            Who::Document => Party::Named(self.pick(DOCUMENTS)),
        }]
    }

    /// A role that any actor may fill, also one whom the source does not name.
    fn actor(&mut self) -> Party {
        match self.dice.below(100) {
            0..60 => Party::Named(self.pick(COUNTRY)),
            60..88 => Party::Named(self.pick(ORGANIZATION)),
            88..97 => Party::Named(self.pick(PERSON)),
            // Suppliers and recipients are sometimes known as "a member of" something only.
            _ => Party::Unnamed(self.pick(ORGANIZATION), None),
        }
    }

    fn claimant(&mut self) -> Party {
        if self.dice.percent(5) {
            let label = self.dice.below(50);
            return Party::Unnamed(self.pick(ORGANIZATION), Some(label));
        }
        Party::Named(self.pick(ORGANIZATION))
    }

    fn claim(&mut self, figure: &str) -> Claim {
        let (by, document) = (Some(self.claimant()), Some(self.pick(DOCUMENTS)));
        let via = if self.dice.percent(30) { Some(self.pick(DOCUMENTS)) } else { None };
        let stance = self.dice.percent(40).then(|| self.dice.one(&["estimates", "alleges", "believes", "denies"]));
        let figure = (!figure.is_empty()).then(|| self.quantity(figure));
        let made = if self.dice.percent(20) { Some(self.day()) } else { None };
        let at = Some(self.locator());
        Claim { by, document, via, stance, figure, made, at }
    }

    fn quantity(&mut self, figure: &str) -> String {
        let hedge = self.dice.one(&[
            "",
            "",
            "",
            "at least ",
            "up to ",
            "as many as ",
            "more than ",
            "about ",
            "nearly ",
            "fewer than ",
        ]);
        let number = match self.dice.below(6) {
            0 => "a few hundred".to_owned(),
            1 => format!("{hedge}{} million", self.dice.below(20) + 1),
            2 => format!("{hedge}{},{:03}", self.dice.below(900) + 1, self.dice.below(1000)),
            3 => {
                let low = self.dice.below(500) + 1;
                format!("{low} to {}", low + self.dice.below(500))
            }
            4 => format!("{hedge}twelve"),
            _ => format!("{hedge}{}", self.dice.below(100_000) + 1),
        };
        match figure {
            "duration" => format!("{} months", self.dice.below(24) + 1),
            _ => number,
        }
    }

    fn period(&mut self) -> String {
        let year = 2014 + self.dice.below(11);
        let month = self.dice.below(12) + 1;
        match self.dice.below(12) {
            0 => format!("{year}"),
            1 | 2 => format!("{year}-{month:02}"),
            3 => format!("{year}-{month:02}~"),
            4 => format!("{year}-{:02}/{}-{month:02}", self.dice.below(12) + 1, year + 1),
            5 => format!("../{year}"),
            6 => format!("{year}/.."),
            7 => format!("March to October {year}"),
            8 => format!("since {year}"),
            9 => format!("{year}?"),
            _ => self.day(),
        }
    }

    fn day(&mut self) -> String {
        format!("{}-{:02}-{:02}", 2014 + self.dice.below(11), self.dice.below(12) + 1, self.dice.below(28) + 1)
    }

    fn locator(&mut self) -> Locator {
        let number = |it: usize| u32::try_from(it).unwrap_or(1);
        Locator {
            paragraph: number(self.dice.below(40) + 1),
            length: number(self.dice.below(400) + 30),
            sha256: [self.dice.next(), self.dice.next(), self.dice.next(), self.dice.next()],
        }
    }
}
