//! Made-up records as RON.

use std::fmt::Write as _;

use super::{Claim, Locator, Maker, Name, Party, Record, Target, record_id};

/// One file of RON with `facts` records, and the entities and documents that they name.
pub(crate) fn ron(facts: usize, seed: u64) -> String {
    let mut maker = Maker::new(seed);
    let mut records = String::with_capacity(facts * 320);
    for number in 0..facts {
        record(&maker.record(number), number, facts, &mut records);
    }
    let mut text = String::with_capacity(records.len() + 1024);
    let _ = writeln!(text, "// {facts} generated facts, seed {seed}: `cargo run --example generate`.");
    text.push_str("(\n    entities: [\n");
    entities(&maker, &mut text);
    text.push_str("    ],\n    document: \"document-0\",\n    defaults: (by: \"organization-0\", stance: states),\n");
    text.push_str("    facts: [\n");
    text.push_str(&records);
    text.push_str("    ],\n)\n");
    text
}

pub(super) fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// What is said of an entity beside its id and name. `direct` says the same.
fn entities(maker: &Maker, out: &mut String) {
    for pool in &maker.pools {
        let (stem, kind) = (pool.stem, capital(pool.stem));
        for number in 0..pool.count {
            let more = match stem {
                "country" => format!(", demonyms: [\"Country-{number}ese\"], codes: (iso3166: [\"X{number}\"])"),
                "organization" => format!(
                    ", the: true, aliases: [\"Org. {number}\", (name: \"Организация {number}\", lang: \"ru\", script: \"Cyrl\")]"
                ),
                // A forest: each class stands below an earlier one.
                "population" | "materiel" => {
                    let above = if number < 5 { String::new() } else { format!(", is_a: \"{stem}-{}\"", number / 5) };
                    format!(", plural: \"{kind} {number}s\"{above}")
                }
                "document" => format!(
                    ", title: \"A title, number {number}\", date: \"{}\", address: \"https://example.org/{number}\", pages: {}",
                    document_date(number),
                    number % 40 + 1
                ),
                _ => String::new(),
            };
            let _ = writeln!(out, "        {kind}(id: \"{stem}-{number}\", name: \"{kind} {number}\"{more}),");
        }
    }
}

pub(super) fn document_date(number: usize) -> String {
    format!("20{:02}-{:02}-{:02}", number % 26 + 26, number % 12 + 1, number % 28 + 1)
}

fn id((stem, number): Name) -> String {
    format!("\"{stem}-{number}\"")
}

fn party(party: &Party) -> String {
    match party {
        Party::Named(name) => id(*name),
        Party::Of(people, of) => format!("(id: {}, of: {})", id(*people), id(*of)),
        Party::Unnamed(of, None) => format!("Unnamed(of: {})", id(*of)),
        Party::Unnamed(of, Some(label)) => format!("Unnamed(of: {}, label: \"{label}\")", id(*of)),
    }
}

fn record(made: &Record, number: usize, facts: usize, out: &mut String) {
    let mut fields = vec![format!("id: \"{}\"", record_id(number, facts))];
    for (role, parties) in &made.roles {
        let parties: Vec<String> = parties.iter().map(party).collect();
        fields.push(match &parties[..] {
            [one] => format!("{role}: {one}"),
            several => format!("{role}: [{}]", several.join(", ")),
        });
    }
    if let Some(period) = &made.period {
        fields.push(format!("period: \"{period}\""));
        if made.period_inferred {
            fields.push("inferred: [\"period\"]".to_owned());
        }
    }
    fields.extend(made.outcome.map(|it| format!("outcome: {it}")));
    for relation in &made.relations {
        let target = match relation.target {
            Target::Record(number) => format!("\"{}\"", record_id(number, facts)),
            Target::Entity(name) => id(name),
        };
        fields.push(match relation.by {
            None => format!("{}: {target}", relation.field),
            Some(by) => format!("{}: (id: {target}, by: {})", relation.field, id(by)),
        });
    }
    if made.note {
        fields.push("note: \"the \\\"escape\\\" is on purpose\"".to_owned());
    }
    match &made.claims[..] {
        [one] => fields.extend(claim(one, made.figure)),
        several => {
            let claims: Vec<String> =
                several.iter().map(|it| format!("({})", claim(it, made.figure).join(", "))).collect();
            fields.push(format!("claims: [{}]", claims.join(", ")));
        }
    }
    let _ = writeln!(out, "        {}({}),", made.kind, fields.join(", "));
}

fn claim(made: &Claim, figure: &str) -> Vec<String> {
    let mut fields = Vec::new();
    fields.extend(made.by.iter().map(|it| format!("by: {}", party(it))));
    fields.extend(made.document.map(|it| format!("document: {}", id(it))));
    fields.extend(made.via.map(|it| format!("via: [{}]", id(it))));
    fields.extend(made.stance.map(|it| format!("stance: {it}")));
    fields.extend(made.figure.iter().map(|it| format!("{figure}: \"{it}\"")));
    fields.extend(made.made.iter().map(|it| format!("made: \"{it}\"")));
    if let Some(Locator { paragraph, length, sha256 }) = &made.at {
        let hash: String = sha256.iter().map(|it| format!("{it:016x}")).collect();
        fields.push(format!("at: (paragraph: {paragraph}, length: {length}, sha256: \"{hash}\")"));
    }
    fields
}
