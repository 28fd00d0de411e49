//! The list in OFAC's advanced XML: what a party is called, and where, stands in sets of values apart, to which everything else
//! refers by numbers. They come first in the file, then places and documents, then parties, and last what links them and under
//! which programmes they are listed.

use std::collections::{BTreeMap, HashMap};

use super::super::super::findings::{ImportCode, ImportFindings};
use super::super::xml::Node;
use super::entry::{Aka, Entry, Identifier, Relation};

/// The elements that are read one by one.
pub(super) const RECORDS: [&str; 7] = [
    "DateOfIssue",
    "ReferenceValueSets",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "ProfileRelationship",
    "SanctionsEntry",
];

/// The elements around them.
pub(super) const FRAME: [&str; 7] = [
    "Sanctions",
    "Locations",
    "IDRegDocuments",
    "DistinctParties",
    "ProfileRelationships",
    "SanctionsEntries",
    "SanctionsEntryLinks",
];

/// Features with a name of their own; the others are kept by what the list calls them.
const FEATURES: [(&str, &str); 15] = [
    ("birthdate", "birthDate"),
    ("place of birth", "birthPlace"),
    ("nationality country", "nationality"),
    ("nationality", "nationality"),
    ("citizenship country", "citizenship"),
    ("citizenship", "citizenship"),
    ("location", "address"),
    ("title", "position"),
    ("vessel call sign", "callSign"),
    ("call sign", "callSign"),
    ("vessel owner", "owner"),
    ("vessel tonnage", "tonnage"),
    ("tonnage", "tonnage"),
    ("vessel gross registered tonnage", "grossRegisteredTonnage"),
    ("gross registered tonnage", "grossRegisteredTonnage"),
];

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Advanced {
    pub(super) published: Option<String>,
    pub(super) entries: Vec<Entry>,
    /// Values by the name of their element and their number.
    values: HashMap<(String, String), Node>,
    /// Places by their numbers, in words.
    places: HashMap<String, String>,
    /// Documents by the numbers of the identities that have them.
    documents: HashMap<String, Vec<Identifier>>,
    /// By the number of a party: where its entry is.
    positions: BTreeMap<String, usize>,
}

impl Advanced {
    /// Takes an element of [`RECORDS`].
    pub(super) fn add(&mut self, node: Node, line: u64, findings: &mut ImportFindings) {
        match node.name.as_str() {
            "DateOfIssue" => self.published = day(&node),
            "ReferenceValueSets" => {
                for value in node.children.into_iter().flat_map(|it| it.children) {
                    let id = value.attribute("ID").unwrap_or_default().to_owned();
                    self.values.insert((value.name.clone(), id), value);
                }
            }
            "Location" => {
                let place = self.place(&node);
                self.places.insert(id_of(&node, "ID"), place);
            }
            "IDRegDocument" => {
                let document = self.document(&node);
                self.documents.entry(id_of(&node, "IdentityID")).or_default().push(document);
            }
            "DistinctParty" => self.party(&node, line),
            "ProfileRelationship" => self.relation(&node, line, findings),
            _ => self.listing(&node, line, findings),
        }
    }

    /// The value that an attribute refers to.
    fn value(&self, element: &str, id: Option<&str>) -> Option<&Node> {
        self.values.get(&(element.to_owned(), id?.to_owned()))
    }

    /// Its text; of one that says it in parts, the first.
    fn text(&self, element: &str, id: Option<&str>) -> String {
        let Some(value) = self.value(element, id) else { return String::new() };
        let own = Some(&value.text).filter(|it| !it.is_empty());
        own.or_else(|| value.children.iter().map(|it| &it.text).find(|it| !it.is_empty())).cloned().unwrap_or_default()
    }

    fn place(&self, node: &Node) -> String {
        let part = |wanted: &str| {
            let parts = node.all("LocationPart");
            let found =
                parts.filter(|it| self.text("LocPartType", it.attribute("LocPartTypeID")).eq_ignore_ascii_case(wanted));
            found
                .flat_map(|it| it.all("LocationPartValue"))
                .filter_map(|it| it.value("Value"))
                .map(str::to_owned)
                .next()
        };
        let names = ["Unknown", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION"];
        let mut all: Vec<String> = names.iter().filter_map(|it| part(it)).collect();
        let country = node.all("LocationCountry").map(|it| self.text("Country", it.attribute("CountryID")));
        all.extend(country.filter(|it| !it.is_empty()).take(1));
        if all.is_empty() {
            let area = node.all("LocationAreaCode").map(|it| self.text("AreaCode", it.attribute("AreaCodeID")));
            all.extend(area.filter(|it| !it.is_empty()));
        }
        all.join(", ")
    }

    fn document(&self, node: &Node) -> Identifier {
        let mut rest: Vec<String> = Vec::new();
        for date in node.all("DocumentDate") {
            let kind = self.text("IDRegDocDateType", date.attribute("IDRegDocDateTypeID")).to_lowercase();
            let word = if kind.starts_with("issue") {
                "issued"
            } else if kind.starts_with("expir") {
                "expires"
            } else {
                kind.as_str()
            };
            rest.extend(date.all("DatePeriod").filter_map(period).map(|it| format!("{word} {it}")));
        }
        rest.extend(node.value("IssuingAuthority").map(|it| format!("by {it}")));
        let validity = self.text("Validity", node.attribute("ValidityID"));
        rest.extend(Some(validity.to_lowercase()).filter(|it| it.starts_with("fraud") || it.starts_with("false")));
        let number = node.value("IDRegistrationNo").unwrap_or_default().to_owned();
        rest.extend(node.value("Comment").filter(|it| *it != number).map(str::to_owned));
        Identifier {
            kind: self.text("IDRegDocType", node.attribute("IDRegDocTypeID")),
            number,
            country: self.text("Country", node.attribute("IssuedBy-CountryID")),
            rest,
        }
    }

    fn party(&mut self, node: &Node, line: u64) {
        for profile in node.all("Profile") {
            let sub_type = self.value("PartySubType", profile.attribute("PartySubTypeID"));
            let of = self.text("PartyType", sub_type.and_then(|it| it.attribute("PartyTypeID")));
            // Ships and aircraft are told by the second, everybody else by the first.
            let kind = match sub_type.map(|it| it.text.to_lowercase()).unwrap_or_default() {
                it if ["vessel", "aircraft", "individual", "entity"].contains(&it.as_str()) => it,
                _ => of.to_lowercase(),
            };
            let mut entry = Entry { uid: id_of(profile, "ID"), kind, line, ..Entry::default() };
            for identity in profile.all("Identity") {
                self.identity(identity, &mut entry);
                entry.ids.extend(self.documents.remove(&id_of(identity, "ID")).unwrap_or_default());
            }
            for feature in profile.all("Feature") {
                self.feature(feature, &mut entry);
            }
            let comments = [node.value("Comment"), profile.value("Comment")];
            entry.remarks.extend(comments.into_iter().flatten().map(str::to_owned));
            self.positions.insert(entry.uid.clone(), self.entries.len());
            self.entries.push(entry);
        }
    }

    fn identity(&self, node: &Node, entry: &mut Entry) {
        let groups = node.all("NamePartGroups").flat_map(|it| it.all("MasterNamePartGroup"));
        let groups: HashMap<String, String> = groups
            .flat_map(|it| it.all("NamePartGroup"))
            .map(|it| (id_of(it, "ID"), self.text("NamePartType", it.attribute("NamePartTypeID")).to_lowercase()))
            .collect();
        let is_false = node.attribute("False") == Some("true");
        for alias in node.all("Alias") {
            let kind = self.text("AliasType", alias.attribute("AliasTypeID"));
            let is_primary = alias.attribute("Primary") == Some("true");
            for name in alias.all("DocumentedName") {
                let aka = self.name(name, alias.attribute("LowQuality") == Some("true"), &kind, &groups);
                if aka.name.is_empty() {
                    continue;
                }
                if is_false {
                    entry.others.push(("falseName".to_owned(), aka.name));
                } else if is_primary && entry.name.is_empty() {
                    (entry.name, entry.written) = (aka.name, aka.written);
                } else {
                    entry.akas.push(aka);
                }
            }
        }
    }

    /// A name as people say it and as the list writes it, in one script.
    fn name(&self, node: &Node, is_weak: bool, kind: &str, groups: &HashMap<String, String>) -> Aka {
        let (mut last, mut others, mut script) = (Vec::new(), Vec::new(), None);
        for part in node.all("DocumentedNamePart").flat_map(|it| it.all("NamePartValue")) {
            let group = groups.get(&id_of(part, "NamePartGroupID")).map_or("", String::as_str);
            if part.text.is_empty() {
                continue;
            }
            if matches!(group, "last name" | "maiden name") { &mut last } else { &mut others }.push(part.text.as_str());
            let of_part = self.value("Script", part.attribute("ScriptID"));
            script = script.or_else(|| of_part.and_then(|it| it.attribute("ScriptCode")).map(str::to_owned));
        }
        let (last, others) = (last.join(" "), others.join(" "));
        let (name, written) = match (last.is_empty(), others.is_empty()) {
            (false, false) => (format!("{others} {last}"), format!("{last}, {others}")),
            (true, _) => (others.clone(), others),
            (_, true) => (last.clone(), last),
        };
        let category = if is_weak { "weak" } else { "strong" }.to_owned();
        Aka { kind: kind.to_owned(), category, name, written, script, ..Aka::default() }
    }

    fn feature(&self, node: &Node, entry: &mut Entry) {
        let kind = self.text("FeatureType", node.attribute("FeatureTypeID"));
        let form = kind.to_lowercase();
        let known = FEATURES.iter().find(|it| it.0 == form).map(|it| it.1);
        for version in node.all("FeatureVersion") {
            let dates = version.all("DatePeriod").filter_map(period);
            let places =
                version.all("VersionLocation").filter_map(|it| self.places.get(it.attribute("LocationID")?).cloned());
            let details = version.all("VersionDetail").map(|it| {
                let reference = it.attribute("DetailReferenceID");
                if it.text.is_empty() { self.text("DetailReference", reference) } else { it.text.clone() }
            });
            let mut all: Vec<String> = dates.chain(places).chain(details).filter(|it| !it.is_empty()).collect();
            let comment = version.value("Comment").map(str::to_owned);
            if all.is_empty() {
                all.extend(comment.clone());
            }
            match known {
                Some(name) => entry.values.extend(all.into_iter().map(|it| (name, it))),
                None => {
                    let rest: Vec<String> = comment.into_iter().filter(|it| !all.contains(it)).collect();
                    let of =
                        |number| Identifier { kind: kind.clone(), number, country: String::new(), rest: rest.clone() };
                    entry.ids.extend(all.into_iter().map(of));
                }
            }
        }
    }

    /// The entry of a party that something refers to; one that is not there is told.
    fn entry(&mut self, id: &str, what: &Node, line: u64, findings: &mut ImportFindings) -> Option<&mut Entry> {
        let found = self.positions.get(id).copied().and_then(|at| self.entries.get_mut(at));
        if found.is_none() {
            let message = format!("a `{}` speaks of the party {id}, which the list does not have", what.name);
            findings.at(Some(line)).report(ImportCode::UnknownReference, message, Some("it is left out".to_owned()));
        }
        found
    }

    fn relation(&mut self, node: &Node, line: u64, findings: &mut ImportFindings) {
        let (from, to) = (id_of(node, "From-ProfileID"), id_of(node, "To-ProfileID"));
        let mut words = vec![self.text("RelationType", node.attribute("RelationTypeID"))];
        words.extend(Some("former".to_owned()).filter(|_| node.attribute("Former") == Some("true")));
        words.extend(node.value("Comment").map(str::to_owned));
        words.retain(|it| !it.is_empty());
        if self.entry(&to, node, line, findings).is_none() {
            return;
        }
        let Some(entry) = self.entry(&from, node, line, findings) else { return };
        entry.relations.push(Relation { to, words });
    }

    fn listing(&mut self, node: &Node, line: u64, findings: &mut ImportFindings) {
        let list = self.text("List", node.attribute("ListID"));
        let mut programs: Vec<String> = Vec::new();
        for measure in node.all("SanctionsMeasure") {
            let kind = self.text("SanctionsType", measure.attribute("SanctionsTypeID"));
            let comment = measure.value("Comment").unwrap_or_default();
            // Where a measure is a programme, the comment is its name; the others say what is done.
            if kind.eq_ignore_ascii_case("program") || (kind.is_empty() && !comment.is_empty()) {
                programs.push(comment.to_owned());
            }
        }
        let events = || node.all("EntryEvent");
        let listed = events().flat_map(|it| it.all("Date")).filter_map(day).min();
        let bases: Vec<String> = events().map(|it| self.text("LegalBasis", it.attribute("LegalBasisID"))).collect();
        let Some(entry) = self.entry(&id_of(node, "ProfileID"), node, line, findings) else { return };
        entry.programs.extend(programs.into_iter().filter(|it| !it.is_empty()));
        entry.listed = entry.listed.take().into_iter().chain(listed).min();
        let unknown = |it: &String| it.is_empty() || it.eq_ignore_ascii_case("unknown");
        entry.legal_bases.extend(bases.into_iter().filter(|it| !unknown(it)));
        if !list.is_empty() && !list.eq_ignore_ascii_case("SDN List") {
            entry.others.push(("list".to_owned(), list));
        }
    }
}

fn id_of(node: &Node, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

/// A date of elements `Year`, `Month`, `Day`, as precise as it is.
fn day(node: &Node) -> Option<String> {
    let number = |name: &str| node.value(name).and_then(|it| it.parse::<u16>().ok()).filter(|it| *it > 0);
    let year = number("Year")?;
    Some(match (number("Month"), number("Day")) {
        (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}"),
    })
}

/// A period in words that dates of lists are read from: "1958", "circa 1960-06", "1958 to 1960". The list writes a year as its first
/// and its last day.
fn period(node: &Node) -> Option<String> {
    let sides = |name: &'static str| node.all("Start").chain(node.all("End")).flat_map(move |it| it.all(name));
    let days: Vec<String> = sides("From").chain(sides("To")).filter_map(day).collect();
    let (first, last) = (days.iter().min()?, days.iter().max()?);
    let about = node.all("Start").chain(node.all("End")).any(|it| it.attribute("Approximate") == Some("true"));
    let about = if about { "circa " } else { "" };
    let year = |it: &str| it.get(..4).unwrap_or_default().to_owned();
    let month = |it: &str| it.get(..7).unwrap_or_default().to_owned();
    let ends_month = last.len() == 10 && Some(last.as_str()) == last_of_month(last).as_deref();
    Some(if first == last {
        format!("{about}{first}")
    } else if first.ends_with("-01-01") && last.ends_with("-12-31") {
        let (from, to) = (year(first), year(last));
        if from == to { format!("{about}{from}") } else { format!("{about}{from} to {about}{to}") }
    } else if first.ends_with("-01") && ends_month && month(first) == month(last) {
        format!("{about}{}", month(first))
    } else {
        format!("{about}{first} to {about}{last}")
    })
}

fn last_of_month(day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    Some(day.last_of_month().to_string())
}
