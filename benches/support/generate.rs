//! Makes up facts as RON: as many as asked for, the same for the same seed, and shaped like the ones that people
//! write. Used by the benchmarks, by `tests/generated.rs` and by `cargo run --example generate`.
//!
//! Whom a fact is about follows Simon's model: with a small probability somebody new, else whoever took part in an
//! earlier fact, chosen among all mentions. So a few entities have very many facts and most have few, and every
//! entity is used. (H. A. Simon, "On a class of skew distribution functions", Biometrika 42, 1955.)

use std::fmt::Write as _;

use super::dice::{Dice, Pool};

/// One file of RON with `facts` records, and the entities and documents that they name.
pub(crate) fn ron(facts: usize, seed: u64) -> String {
    let mut maker = Maker::new(seed);
    let mut records = String::with_capacity(facts * 320);
    for number in 0..facts {
        maker.record(number, &mut records);
    }
    let mut text = String::with_capacity(records.len() + 1024);
    let _ = writeln!(text, "// {facts} generated facts, seed {seed}: `cargo run --example generate`.");
    text.push_str("(\n    entities: [\n");
    maker.entities(&mut text);
    text.push_str("    ],\n    document: \"document-0\",\n    defaults: (by: \"organization-0\", stance: states),\n");
    text.push_str("    facts: [\n");
    text.push_str(&records);
    text.push_str("    ],\n)\n");
    text
}

struct Maker {
    dice: Dice,
    countries: Pool,
    organizations: Pool,
    persons: Pool,
    populations: Pool,
    materiel: Pool,
    vessels: Pool,
    places: Pool,
    instruments: Pool,
    documents: Pool,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut maker = Maker {
            dice: Dice(seed),
            countries: Pool::new("country", 190, 20),
            organizations: Pool::new("organization", usize::MAX, 40),
            persons: Pool::new("person", usize::MAX, 100),
            populations: Pool::new("population", 60, 20),
            materiel: Pool::new("materiel", 2000, 20),
            vessels: Pool::new("vessel", usize::MAX, 100),
            places: Pool::new("place", usize::MAX, 50),
            instruments: Pool::new("instrument", usize::MAX, 50),
            documents: Pool::new("document", usize::MAX, 100),
        };
        // Those that the file's head names, and one to begin with.
        maker.documents.pick(&mut maker.dice);
        maker.organizations.pick(&mut maker.dice);
        maker
    }

    fn entities(&self, out: &mut String) {
        for number in 0..self.countries.count {
            let _ = writeln!(
                out,
                "        Country(id: \"country-{number}\", name: \"Country {number}\", demonyms: [\"Country-{number}ese\"], \
                 codes: (iso3166: [\"X{number}\"])),"
            );
        }
        for number in 0..self.organizations.count {
            let _ = writeln!(
                out,
                "        Organization(id: \"organization-{number}\", name: \"Organization {number}\", the: true, \
                 aliases: [\"Org. {number}\", (name: \"Организация {number}\", lang: \"ru\", script: \"Cyrl\")]),"
            );
        }
        for pool in [&self.persons, &self.vessels, &self.places, &self.instruments] {
            let kind = capital(pool.stem);
            for number in 0..pool.count {
                let _ = writeln!(out, "        {kind}(id: \"{}-{number}\", name: \"{kind} {number}\"),", pool.stem);
            }
        }
        for pool in [&self.populations, &self.materiel] {
            let kind = capital(pool.stem);
            for number in 0..pool.count {
                // A forest: each class stands below an earlier one.
                let above =
                    if number < 5 { String::new() } else { format!(", is_a: \"{}-{}\"", pool.stem, number / 5) };
                let _ = writeln!(
                    out,
                    "        {kind}(id: \"{}-{number}\", name: \"{kind} {number}\", plural: \"{kind} {number}s\"{above}),",
                    pool.stem
                );
            }
        }
        for number in 0..self.documents.count {
            let _ = writeln!(
                out,
                "        Document(id: \"document-{number}\", name: \"Document {number}\", title: \"A title, number {number}\", \
                 date: \"20{:02}-{:02}-{:02}\", address: \"https://example.org/{number}\", pages: {}),",
                number % 26 + 26,
                number % 12 + 1,
                number % 28 + 1,
                number % 40 + 1
            );
        }
    }

    fn record(&mut self, number: usize, out: &mut String) {
        let kind = self.dice.below(100);
        let mut fields = Vec::with_capacity(12);
        fields.push(format!("id: \"f{number}\""));
        let (name, figure) = match kind {
            0..45 => {
                fields.push(self.actor("supplier"));
                let list = self.dice.percent(4);
                fields.push(if list { self.items() } else { self.some("item", |it| &mut it.materiel) });
                fields.push(self.actor("recipient"));
                if self.dice.percent(20) {
                    fields.push(self.some("carrier", |it| &mut it.vessels));
                }
                if self.dice.percent(10) {
                    fields.push(self.some("destination", |it| &mut it.places));
                }
                ("Supply", if list { "" } else { "quantity" })
            }
            45..55 => {
                fields.push(self.actor("sender"));
                let people = self.populations.pick(&mut self.dice);
                fields.push(if self.dice.percent(50) {
                    format!("people: (id: \"{people}\", of: \"{}\")", self.countries.pick(&mut self.dice))
                } else {
                    format!("people: \"{people}\"")
                });
                fields.push(self.actor("recipient"));
                ("Dispatch", "quantity")
            }
            55..65 => {
                fields.push(self.actor("imposer"));
                fields.push(self.actor("target"));
                if self.dice.percent(50) {
                    fields.push(self.some("instrument", |it| &mut it.instruments));
                }
                ("Sanction", if self.dice.percent(20) { "duration" } else { "" })
            }
            65..75 => {
                fields.push(self.actor("member"));
                fields.push(self.some("group", |it| &mut it.organizations));
                ("Membership", "")
            }
            75..85 => {
                fields.push(self.actor("payer"));
                fields.push(self.actor("recipient"));
                ("Payment", "quantity")
            }
            _ => {
                fields.push(self.actor("attacker"));
                fields.push(self.some("target", |it| &mut it.places));
                if self.dice.percent(50) {
                    fields.push(self.some("weapon", |it| &mut it.materiel));
                }
                ("Attack", if self.dice.percent(60) { "killed" } else { "" })
            }
        };
        let two_claims = self.dice.percent(20);
        if !figure.is_empty() && self.dice.percent(70) && !two_claims {
            fields.push(format!("{figure}: \"{}\"", self.quantity(figure)));
        }
        let dated = self.dice.percent(85);
        if dated {
            fields.push(format!("period: \"{}\"", self.period()));
            if self.dice.percent(10) {
                fields.push("inferred: [\"period\"]".to_owned());
            }
        }
        if self.dice.percent(5) {
            fields.push(format!("outcome: {}", self.dice.one(&["planned", "not_adopted", "intended", "expected"])));
        }
        if number > 0 && self.dice.percent(8) {
            let relation = self.dice.one(&["part_of", "after", "in_return_for", "contributes_to", "overlaps"]);
            // Its period may be before the other's, which would be a contradiction.
            let relation = if dated && relation == "after" { "overlaps" } else { relation };
            fields.push(format!("{relation}: \"f{}\"", self.dice.below(number)));
        }
        if self.dice.percent(3) {
            fields.push(self.some("violates", |it| &mut it.instruments));
        }
        if self.dice.percent(1) {
            fields.push("note: \"the \\\"escape\\\" is on purpose\"".to_owned());
        }
        if two_claims {
            let claims = [self.claim(figure), self.claim(figure)];
            fields.push(format!("claims: [({}), ({})]", claims[0].join(", "), claims[1].join(", ")));
        } else {
            // By and document of the file's head are enough for some.
            if self.dice.percent(60) {
                fields.push(self.claimant());
            }
            if self.dice.percent(60) {
                fields.push(self.some("document", |it| &mut it.documents));
            }
            fields.push(self.locator());
        }
        let _ = writeln!(out, "        {name}({}),", fields.join(", "));
    }

    /// A role with an entity of that pool.
    fn some(&mut self, role: &str, pool: fn(&mut Maker) -> &mut Pool) -> String {
        let mut dice = Dice(self.dice.next());
        format!("{role}: \"{}\"", pool(self).pick(&mut dice))
    }

    /// A role that any actor may fill, also one whom the source does not name.
    fn actor(&mut self, role: &str) -> String {
        match self.dice.below(100) {
            0..60 => self.some(role, |it| &mut it.countries),
            60..88 => self.some(role, |it| &mut it.organizations),
            88..97 => self.some(role, |it| &mut it.persons),
            // Suppliers and recipients are sometimes known as "a member of" something only.
            _ => format!("{role}: Unnamed(of: \"{}\")", self.organizations.pick(&mut self.dice)),
        }
    }

    /// A list in a role of the flow: as many facts.
    fn items(&mut self) -> String {
        let mut items: Vec<String> = (0..3).map(|_| self.materiel.pick(&mut self.dice)).collect();
        items.sort();
        items.dedup();
        format!("item: [\"{}\"]", items.join("\", \""))
    }

    fn claimant(&mut self) -> String {
        if self.dice.percent(5) {
            let label = self.dice.below(50);
            return format!("by: Unnamed(of: \"{}\", label: \"{label}\")", self.organizations.pick(&mut self.dice));
        }
        self.some("by", |it| &mut it.organizations)
    }

    fn claim(&mut self, figure: &str) -> Vec<String> {
        let mut fields = vec![self.claimant(), self.some("document", |it| &mut it.documents)];
        if self.dice.percent(30) {
            let via = self.documents.pick(&mut self.dice);
            fields.push(format!("via: [\"{via}\"]"));
        }
        if self.dice.percent(40) {
            fields.push(format!("stance: {}", self.dice.one(&["estimates", "alleges", "believes", "denies"])));
        }
        if !figure.is_empty() {
            fields.push(format!("{figure}: \"{}\"", self.quantity(figure)));
        }
        if self.dice.percent(20) {
            fields.push(format!("made: \"{}\"", self.day()));
        }
        fields.push(self.locator());
        fields
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

    fn locator(&mut self) -> String {
        let mut at =
            format!("at: (paragraph: {}, length: {}, sha256: \"", self.dice.below(40) + 1, self.dice.below(400) + 30);
        for _ in 0..4 {
            let _ = write!(at, "{:016x}", self.dice.next());
        }
        at.push_str("\")");
        at
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
