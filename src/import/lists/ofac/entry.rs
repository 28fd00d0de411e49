//! An entry of the SDN list, from whichever of its files, as a party with measures.

use super::super::super::findings::{ImportCode, ImportFindings};
use super::super::super::record::{Entity, Name};
use super::super::dates::{Slashes, edtf};
use super::super::party::{Measure, Party, keep};
use super::super::script::script_of;
use crate::model::{EntityKind, NameKind, slug};

/// Another name of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Aka {
    /// `aka`, `fka` or `nka`, with or without dots.
    pub(super) kind: String,
    /// `strong` or `weak`; a table does not say.
    pub(super) category: String,
    /// In the order in which people say it, and as the list writes it.
    pub(super) name: String,
    pub(super) written: String,
    pub(super) remarks: String,
    /// The script that the list gives (ISO 15924); else its letters tell it.
    pub(super) script: Option<String>,
}

/// What the list says of an entry and another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Relation {
    /// The number of the other one.
    pub(super) to: String,
    /// "Owned or Controlled By", "former".
    pub(super) words: Vec<String>,
}

/// An entry, whichever file it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) uid: String,
    /// `individual`, `entity`, `vessel`, `aircraft`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) written: String,
    pub(super) programs: Vec<String>,
    pub(super) akas: Vec<Aka>,
    /// Values with names of their own.
    pub(super) values: Vec<(&'static str, String)>,
    /// What the type of an identifier calls by name: type, number, country, and the rest.
    pub(super) ids: Vec<Identifier>,
    /// What is left of the remarks.
    pub(super) remarks: Vec<String>,
    /// Values under the names of the source.
    pub(super) others: Vec<(String, String)>,
    pub(super) relations: Vec<Relation>,
    /// The day of listing in EDTF, and the laws named for it; only the advanced XML says so.
    pub(super) listed: Option<String>,
    pub(super) legal_bases: Vec<String>,
    pub(super) line: u64,
}

/// An identifier, or anything else that the list gives a type and a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Identifier {
    pub(super) kind: String,
    pub(super) number: String,
    pub(super) country: String,
    /// "issued 12 Jan 2015", "expires 24 Feb 2019".
    pub(super) rest: Vec<String>,
}

/// Types of identifiers that are codes: the beginning of the type, the scheme of the code, and the name of the details.
const CODES: [(&str, &str, &str); 25] = [
    ("passport", "passport_number", "passportNumber"),
    ("stateless person passport", "passport_number", "passportNumber"),
    ("national id", "id_number", "idNumber"),
    ("national foreign id", "id_number", "idNumber"),
    ("identification number", "id_number", "idNumber"),
    ("personal id", "id_number", "idNumber"),
    ("cedula", "id_number", "idNumber"),
    ("ssn", "id_number", "idNumber"),
    ("d n i", "id_number", "idNumber"),
    ("c u r p", "id_number", "idNumber"),
    ("tax id", "tax_number", "taxNumber"),
    ("nit", "tax_number", "taxNumber"),
    ("ruc", "tax_number", "taxNumber"),
    ("r f c", "tax_number", "taxNumber"),
    ("rif", "tax_number", "taxNumber"),
    ("us fein", "tax_number", "taxNumber"),
    ("registration", "registration_number", "registrationNumber"),
    ("company number", "registration_number", "registrationNumber"),
    ("uk company number", "registration_number", "registrationNumber"),
    ("business registration", "registration_number", "registrationNumber"),
    ("commercial registry", "registration_number", "registrationNumber"),
    ("swift bic", "swift_bic", "swiftBic"),
    ("mmsi", "mmsi", "mmsi"),
    ("d u n s", "duns_code", "dunsCode"),
    ("legal entity number", "lei_code", "leiCode"),
];

/// Types of what has a name of its own without being a code.
const NAMED: [(&str, &str); 14] = [
    ("gender", "gender"),
    ("website", "website"),
    ("email address", "email"),
    ("phone number", "phone"),
    ("telephone", "phone"),
    ("fax", "fax"),
    ("nationality of registration", "jurisdiction"),
    ("organization established date", "incorporationDate"),
    ("organization type", "organizationType"),
    ("former vessel flag", "pastFlags"),
    ("vessel flag", "flag"),
    ("vessel year of build", "buildDate"),
    ("vessel type", "type"),
    ("digital currency address", "digitalCurrencyAddress"),
];

impl Entry {
    /// The party that the entry tells of.
    pub(super) fn party(mut self, findings: &mut ImportFindings) -> Option<Party> {
        if self.uid.is_empty() || self.name.is_empty() {
            let message = "an entry without a number or without a name".to_owned();
            findings.at(Some(self.line)).report(ImportCode::MissingValue, message, Some("it is left out".to_owned()));
            return None;
        }
        let kind = match self.kind.to_lowercase().as_str() {
            "individual" => EntityKind::Person,
            "vessel" => EntityKind::Vessel,
            "aircraft" => EntityKind::Materiel,
            "entity" | "" => EntityKind::Organization,
            other => {
                let message = format!("`{other}` is no kind of entry that is known; it is taken for an organisation");
                findings.at(Some(self.line)).report(ImportCode::Guessed, message, None);
                self.others.push(("sdnType".to_owned(), other.to_owned()));
                EntityKind::Organization
            }
        };
        let id = slug(&format!("ofac-{}", self.uid));
        let mut party = Party { id, kind, name: self.name.clone(), line: self.line, ..Party::default() };
        party.alias(Name::code("ofac_uid", &self.uid));
        if kind == EntityKind::Materiel {
            party.keep("type", "aircraft");
        }
        party.alias(scripted(&self.written, None));
        for aka in &self.akas {
            aka.add(&mut party);
        }
        for (name, value) in &self.values {
            match *name {
                "birthDate" => self.date(name, value, &mut party, findings),
                "callSign" => {
                    party.alias(Name::code("call_sign", value));
                }
                "linkedTo" => party.links.push(value.clone()),
                _ => party.keep(name, value),
            }
        }
        for id in &self.ids {
            id.add(&mut party);
        }
        for remark in &self.remarks {
            party.keep("remarks", remark);
        }
        for (name, value) in &self.others {
            party.keep(name, value);
        }
        for Relation { to, words } in std::mem::take(&mut self.relations) {
            party.relations.push((slug(&format!("ofac-{to}")), words));
        }
        party.measures = self.measures(&party.id);
        if party.measures.is_empty() {
            let message = format!("the entry {} names no programme; its measure names no instrument", self.uid);
            findings.at(Some(self.line)).report(ImportCode::Guessed, message, None);
            party.measures.push(Measure { id: format!("{}-listing", party.id), ..Measure::default() });
        }
        Some(party)
    }

    fn date(&self, name: &str, value: &str, party: &mut Party, findings: &mut ImportFindings) {
        match edtf(value, Slashes::MonthFirst) {
            Some(date) => party.keep(name, date),
            None => {
                let message = format!("`{value}` is no date of birth");
                let help = "it is kept as it is".to_owned();
                findings.at(Some(self.line)).report(ImportCode::BadPeriod, message, Some(help));
                party.keep(name, value);
            }
        }
    }

    /// One measure for each programme. The files tell no day of listing but in remarks on some programmes:
    /// "Listing Date (EO 14024 Directive 1a): 22 Feb 2022".
    fn measures(&self, id: &str) -> Vec<Measure> {
        let mut measures: Vec<Measure> = Vec::new();
        for program in &self.programs {
            let mut measure = Measure { id: slug(&format!("{id}-{program}")), ..Measure::default() };
            if measures.iter().any(|it| it.id == measure.id) {
                continue;
            }
            measure.instrument = Some(Entity {
                id: slug(&format!("ofac-program-{program}")),
                kind: EntityKind::Instrument,
                name: format!("OFAC programme {program}"),
                names: vec![Name::code("ofac_program", program)],
                ..Entity::default()
            });
            let of_program = |remark: &&String| {
                let order: String = remark
                    .split_once("EO ")
                    .map_or("", |(_, it)| it)
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                let all = self.programs.len() == 1 && order.is_empty();
                all || (!order.is_empty() && program.contains(&order))
            };
            for remark in self.remarks.iter().filter(of_program) {
                let Some((what, date)) = remark.rsplit_once(':').filter(|(what, _)| what.contains(" Date")) else {
                    continue;
                };
                let Some(date) = edtf(date, Slashes::MonthFirst) else { continue };
                if what.starts_with("Listing Date") {
                    measure.period = Some(format!("{date}/.."));
                }
                keep(&mut measure.extra, what.trim(), date);
            }
            if let Some(listed) = &self.listed {
                // Of several programmes nobody says which one the day belongs to.
                match self.programs.as_slice() {
                    [_] if measure.period.is_none() => measure.period = Some(format!("{listed}/..")),
                    _ => keep(&mut measure.extra, "listedOn", listed.clone()),
                }
            }
            for basis in &self.legal_bases {
                keep(&mut measure.extra, "legalBasis", basis.clone());
            }
            measures.push(measure);
        }
        measures
    }
}

/// A name with its script, where that is not Latin.
fn scripted(text: &str, told: Option<&str>) -> Name {
    let script = told.or_else(|| script_of(text)).filter(|it| *it != "Latn").map(str::to_owned);
    Name { script, ..Name::alias(text) }
}

impl Aka {
    fn add(&self, party: &mut Party) {
        match self.kind.replace('.', "").to_lowercase().trim() {
            "fka" => party.keep("previousName", &self.name),
            "nka" => party.keep("nowKnownAs", &self.name),
            _ => {}
        }
        let mut kind = NameKind::Alias;
        match self.category.to_lowercase().as_str() {
            "weak" => kind = NameKind::Weak,
            "strong" | "" => {}
            other => party.keep("aliasQuality", format!("{}: {other}", self.name)),
        }
        if !self.remarks.is_empty() {
            party.keep("aliasNote", format!("{} ({})", self.name, self.remarks));
        }
        let script = self.script.as_deref();
        party.alias(Name { kind, ..scripted(&self.name, script) });
        party.alias(Name { kind, ..scripted(&self.written, script) });
    }
}

impl Identifier {
    fn add(&self, party: &mut Party) {
        let form = crate::model::normal_form(&self.kind);
        let number = self.number.trim();
        let begins = |it: &str| form == it || form.starts_with(&format!("{it} "));
        // "Vessel Registration Identification IMO 9187629", "Company Number IMO 1234567".
        if let Some(imo) = number.strip_prefix("IMO ").map(str::trim) {
            party.alias(Name::code("imo", imo));
            if begins("company number") {
                party.keep("registrationNumber", format!("IMO {imo}"));
            }
            return;
        }
        let mut details: Vec<&str> =
            [self.country.as_str()].into_iter().chain(self.rest.iter().map(String::as_str)).collect();
        details.retain(|it| !it.is_empty());
        let behind = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
        // That somebody has a passport is no number of one.
        if number.is_empty() {
            party.keep("identification", format!("{}{behind}", self.kind.trim_end_matches([':', '-', ' '])));
            return;
        }
        if let Some((_, scheme, name)) = CODES.iter().find(|(it, ..)| begins(it)) {
            party.alias(Name::code(*scheme, number));
            let plain = matches!(*scheme, "passport_number" | "swift_bic" | "mmsi");
            if !details.is_empty() || !plain {
                let details =
                    if plain { details } else { std::iter::once(self.kind.as_str()).chain(details).collect() };
                party.keep(name, format!("{number} ({})", details.join(", ")));
            }
            return;
        }
        match NAMED.iter().find(|(it, _)| begins(it)) {
            Some((_, "gender")) => party.keep("gender", number.to_lowercase()),
            Some((_, name @ ("incorporationDate" | "buildDate"))) => {
                party.keep(name, edtf(number, Slashes::MonthFirst).unwrap_or_else(|| number.to_owned()));
            }
            Some((_, "digitalCurrencyAddress")) => {
                // "Digital Currency Address - XBT": the currency stands in the type.
                let currency = self.kind.rsplit(['-', ' ']).next().unwrap_or_default();
                party.keep("digitalCurrencyAddress", format!("{currency} {number}{behind}"));
            }
            Some((_, name)) => party.keep(name, format!("{number}{behind}")),
            None => party
                .keep("identification", format!("{} {number}{behind}", self.kind.trim_end_matches([':', '-', ' ']))),
        }
    }
}

/// `LAST, First` in the order in which people say it; names of organisations keep their commas.
pub(super) fn spoken(written: &str) -> String {
    match written.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() && !first.contains(',') => {
            format!("{} {}", first.trim(), last.trim())
        }
        _ => written.to_owned(),
    }
}
