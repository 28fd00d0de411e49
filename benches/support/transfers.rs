//! Makes up transfers with all that the rules read, as RON: figures and periods, relations between transfers, caps and
//! bans, claims of several claimants and denials. The records stand in the order of time, so that whatever is said to be
//! after another is; and a record that refers to another is of the same ends and item, so that the relation matters.
//!
//! Nothing of what a rule looks at grows faster than the data: countries are limited in number and so are the measures
//! against them; the other measures are as many as one record in 500, each against an organization of those that there
//! are, most of which have few transfers.

use std::fmt::Write as _;

use super::dice::{Dice, Pool};

/// One file of RON with so many records, and the entities and documents that they name.
pub(crate) fn ron(facts: usize, seed: u64) -> String {
    let mut maker = Maker::new(seed, facts);
    let mut records = String::with_capacity(facts * 300);
    for number in 0..facts {
        maker.record(number, &mut records);
    }
    let mut text = String::with_capacity(records.len() + 1024);
    let _ = writeln!(
        text,
        "// {facts} generated transfers, seed {seed}: `cargo run --example generate -- --shape transfers`."
    );
    text.push_str("(\n    entities: [\n");
    maker.entities(&mut text);
    text.push_str("    ],\n    document: \"document-0\",\n    defaults: (by: \"organization-0\", stance: states),\n");
    text.push_str("    facts: [\n");
    text.push_str(&records);
    text.push_str("    ],\n)\n");
    text
}

/// A transfer that a later record may refer to.
struct Transfer {
    number: usize,
    ends: String,
    unit: &'static str,
}

struct Maker {
    dice: Dice,
    facts: usize,
    countries: Pool,
    organizations: Pool,
    materiel: Pool,
    documents: Pool,
    instruments: usize,
    measures: usize,
    transfers: Vec<Transfer>,
}

/// So many measures against countries at most.
const MEASURES: usize = 100;
const YEARS: usize = 11;
const FIRST_YEAR: usize = 2014;

impl Maker {
    fn new(seed: u64, facts: usize) -> Self {
        let mut maker = Maker {
            dice: Dice(seed),
            facts,
            countries: Pool::new("country", 190, 20),
            organizations: Pool::new("organization", usize::MAX, 40),
            materiel: Pool::new("materiel", 2000, 20),
            documents: Pool::new("document", usize::MAX, 100),
            instruments: 0,
            measures: 0,
            transfers: Vec::new(),
        };
        // Those that the file's head names, and what the first measures and transfers may refer to.
        for pool in [&mut maker.documents, &mut maker.organizations, &mut maker.countries, &mut maker.materiel] {
            pool.pick(&mut maker.dice);
        }
        maker
    }

    fn entities(&self, out: &mut String) {
        for number in 0..self.countries.count {
            let _ = writeln!(out, "        Country(id: \"country-{number}\", name: \"Country {number}\"),");
        }
        for number in 0..self.organizations.count {
            // Every third one is part of a country.
            let whole = match number % 3 {
                0 => format!(", part_of: \"country-{}\"", number / 3 % self.countries.count),
                _ => String::new(),
            };
            let _ = writeln!(
                out,
                "        Organization(id: \"organization-{number}\", name: \"Organization {number}\"{whole}),"
            );
        }
        for number in 0..self.materiel.count {
            // A forest: each class stands below an earlier one.
            let above = if number < 5 { String::new() } else { format!(", is_a: \"materiel-{}\"", number / 5) };
            let _ = writeln!(
                out,
                "        Materiel(id: \"materiel-{number}\", name: \"Materiel {number}\", plural: \"Materiel {number}s\"{above}),"
            );
        }
        for number in 0..self.instruments {
            let _ = writeln!(out, "        Instrument(id: \"instrument-{number}\", name: \"Instrument {number}\"),");
        }
        for number in 0..self.documents.count {
            let _ = writeln!(
                out,
                "        Document(id: \"document-{number}\", name: \"Document {number}\", date: \"{}-{:02}-{:02}\"),",
                FIRST_YEAR + number % YEARS,
                number % 12 + 1,
                number % 28 + 1,
            );
        }
    }

    fn record(&mut self, number: usize, out: &mut String) {
        let every = (self.facts / MEASURES).max(50);
        let (name, mut fields) = if number % every == every / 2 {
            ("Measure", self.measure(|maker| maker.countries.pick(&mut maker.dice)))
        } else if number % 500 == 499 {
            ("Measure", self.measure(|maker| format!("organization-{}", maker.dice.below(maker.organizations.count))))
        } else {
            self.transfer(number)
        };
        fields.insert(0, format!("id: \"f{number}\""));
        let _ = writeln!(out, "        {name}({}),", fields.join(", "));
    }

    /// A cap by year or month, or a ban.
    fn measure(&mut self, target: impl Fn(&mut Maker) -> String) -> Vec<String> {
        let target = target(self);
        // A class near the root, which has much below it.
        let item = self.dice.below(self.materiel.count.min(30));
        let mut fields = vec![
            "imposer: \"organization-0\"".to_owned(),
            format!("to: \"{target}\", item: \"materiel-{item}\", instrument: \"instrument-{}\"", self.instruments),
            self.claimant(),
        ];
        self.instruments += 1;
        self.measures += 1;
        if !self.dice.percent(10) {
            let per = if self.dice.percent(10) { "month" } else { "year" };
            let unit = self.unit();
            let limit = self.dice.below(5_000_000) + 1;
            fields.push(format!("limit: \"no more than {limit}{unit}\", per: \"{per}\""));
        }
        fields
    }

    fn transfer(&mut self, number: usize) -> (&'static str, Vec<String>) {
        // One that comes on top of another, is part of it, overlaps it or is after it is of the same ends.
        let of = match self.transfers.len() {
            some if some > 0 && self.dice.percent(10) => Some(self.dice.below(some)),
            _ => None,
        };
        let earlier = of.and_then(|it| self.transfers.get(it));
        let (ends, unit, relation) = match earlier.map(|it| (it.number, it.ends.clone(), it.unit)) {
            Some((other, ends, unit)) => {
                let relation = self.dice.one(&["part_of", "in_addition_to", "overlaps", "after"]);
                (ends, unit, Some(format!("{relation}: \"f{other}\"")))
            }
            None => (self.ends(), self.unit(), None),
        };
        let mut fields = vec![ends.clone()];
        if relation.is_none() {
            self.transfers.push(Transfer { number, ends, unit });
        }
        fields.extend(relation);
        if self.dice.percent(90) {
            fields.push(format!("period: \"{}\"", self.period(number)));
        }
        if self.measures > 0 && self.dice.percent(2) {
            fields.push(format!("violates: \"instrument-{}\"", self.dice.below(self.instruments)));
        }
        if self.dice.percent(25) {
            let (figure, other) = (self.figure(), self.figure());
            let first = self.claim(&figure, unit, "estimates");
            let second = match self.dice.below(6) {
                0 => format!("{}, stance: denies", self.source()),
                1 => self.claim(&other, unit, "alleges"),
                _ => self.claim(&figure, unit, "states"),
            };
            fields.push(format!("claims: [({first}), ({second})]"));
        } else {
            if self.dice.percent(85) {
                fields.push(format!("quantity: \"{}{unit}\"", self.figure()));
            }
            fields.push(self.source());
        }
        ("Supply", fields)
    }

    fn ends(&mut self) -> String {
        let (supplier, recipient) = (self.actor(), self.actor());
        let item = self.materiel.pick(&mut self.dice);
        format!("supplier: {supplier}, item: \"{item}\", recipient: {recipient}")
    }

    fn actor(&mut self) -> String {
        match self.dice.below(100) {
            0..60 => format!("\"{}\"", self.countries.pick(&mut self.dice)),
            60..98 => format!("\"{}\"", self.organizations.pick(&mut self.dice)),
            _ => format!("Unnamed(of: \"{}\")", self.organizations.pick(&mut self.dice)),
        }
    }

    /// Pieces, or what converts.
    fn unit(&mut self) -> &'static str {
        self.dice.one(&["", "", "", "", " tonnes", " kilograms", " barrels", " litres"])
    }

    fn figure(&mut self) -> String {
        let hedge = self.dice.one(&["", "", "", "at least ", "up to ", "more than ", "about "]);
        format!("{hedge}{}", self.dice.below(10_000) + 1)
    }

    fn claim(&mut self, figure: &str, unit: &str, stance: &str) -> String {
        format!("{}, quantity: \"{figure}{unit}\", stance: {stance}", self.source())
    }

    fn source(&mut self) -> String {
        format!("{}, document: \"{}\"", self.claimant(), self.documents.pick(&mut self.dice))
    }

    fn claimant(&mut self) -> String {
        let organization = self.organizations.pick(&mut self.dice);
        match self.dice.percent(5) {
            true => format!("by: Unnamed(of: \"{organization}\")"),
            false => format!("by: \"{organization}\""),
        }
    }

    /// A day, or a month or year that begins with it or before it, as far along as the record is among all.
    fn period(&mut self, number: usize) -> String {
        let day = number * YEARS * 12 * 28 / self.facts.max(1);
        let (year, month, day) = (FIRST_YEAR + day / (12 * 28), day / 28 % 12 + 1, day % 28 + 1);
        let date = format!("{year}-{month:02}-{day:02}");
        match self.dice.below(12) {
            0 => format!("{year}"),
            1 | 2 => format!("{year}-{month:02}"),
            3 => format!("{year}-{month:02}~"),
            4 => format!("{date}/{}-{month:02}", year + 1),
            5 => format!("{date}/.."),
            _ => date,
        }
    }
}
