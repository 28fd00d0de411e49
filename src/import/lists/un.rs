//! The consolidated list of the United Nations Security Council, as XML.

use std::io;

use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Entity, Name};
use super::super::sink::Sink;
use super::dates::{self, Slashes};
use super::party::{List, ListEdition, Measure, Parties, Party};
use super::script::script_of;
use super::xml::{Node, Part, Records};
use super::{Desk, Edition, ListInput, ListOptions};
use crate::model::{EntityKind, NameKind, slug};

/// Elements that wrap records, and those of the root.
const FRAME: [&str; 3] = ["CONSOLIDATED_LIST", "INDIVIDUALS", "ENTITIES"];

/// Reads editions of the Security Council's consolidated list.
///
/// People and organisations come with their names in every script, the quality of aliases, birth dates as periods, documents
/// and addresses; each is the target of a sanction of the Security Council, under the list that it stands on, from the day on
/// which it was listed.
///
/// # Errors
///
/// The sink or an input fails.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, Kept, ListInput, ListOptions, read_un_list};
///
/// let text = r#"<CONSOLIDATED_LIST dateGenerated="2025-06-03T00:00:00Z"><INDIVIDUALS><INDIVIDUAL>
///     <FIRST_NAME>ANA</FIRST_NAME><SECOND_NAME>EXAMPLE</SECOND_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
///     <REFERENCE_NUMBER>KPi.999</REFERENCE_NUMBER><LISTED_ON>2017-06-02</LISTED_ON>
///     <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1960</TO_YEAR>
///     </INDIVIDUAL_DATE_OF_BIRTH></INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>"#;
/// let input = ListInput { name: "un.xml".to_owned(), bytes: Box::new(text.as_bytes()), edition: None };
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// read_un_list(vec![input], &ListOptions::default(), &mut kept, &mut findings)?;
/// let ana = kept.entities.iter().find(|it| it.id == "un-kpi-999").ok_or("nobody")?;
/// assert!(ana.extra.contains(&("birthDate".to_owned(), vec!["1958/1960".to_owned()])));
/// assert_eq!(kept.facts[0].period.as_deref(), Some("2017-06-02/.."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_un_list(
    inputs: Vec<ListInput<'_>>,
    options: &ListOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut editions = Vec::new();
    for mut input in inputs {
        findings.set_file(&input.name);
        let mut told = None;
        let mut parties = Parties::default();
        let mut known_frame = false;
        let records = Records::new(&mut *input.bytes, &["INDIVIDUAL", "ENTITY"], options);
        records.read(findings, &mut |part, findings| {
            match part {
                Part::Record(node, line) => {
                    if let Some(party) = party(&node, line, findings) {
                        parties.add(party, findings);
                    }
                }
                Part::Frame(node, line) => {
                    known_frame |= node.name == "CONSOLIDATED_LIST";
                    if let (None, Some(text)) = (&told, node.attribute("dateGenerated")) {
                        told = date(text, "dateGenerated", line, findings);
                    }
                    unknown_frame(&node, line, &FRAME, findings);
                }
            }
            Ok(())
        })?;
        if parties.all.is_empty() && !known_frame {
            let message = "this is no consolidated list: it has neither individuals nor entities".to_owned();
            findings.at(None).report(ImportCode::Syntax, message, None);
            continue;
        }
        let edition = Edition::of("un-consolidated-list", told, input.edition.as_deref(), findings);
        editions.push(ListEdition { edition, file: input.name, parties: parties.all });
    }
    let mut desk = Desk::new(sink, findings);
    let imposer = desk.built_in("un-security-council")?;
    for it in &editions {
        let name = "United Nations Security Council Consolidated List";
        desk.once(it.edition.entity(
            "UN consolidated list",
            name,
            &imposer,
            "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
        ))?;
    }
    List { imposer, editions }.send(&mut desk)
}

/// Reports an element around records that the format does not have.
pub(super) fn unknown_frame(node: &Node, line: u64, known: &[&str], findings: &mut ImportFindings) {
    if !known.contains(&node.name.as_str()) {
        let said = if node.text.is_empty() { String::new() } else { format!(" (`{}`)", node.text) };
        let message = format!("the element `{}`{said} is not part of a record and is left out", node.name);
        findings.at(Some(line)).report(ImportCode::UnknownType, message, None);
    }
}

fn party(node: &Node, line: u64, findings: &mut ImportFindings) -> Option<Party> {
    let person = node.name == "INDIVIDUAL";
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
    let parts: Vec<&str> = parts.iter().filter_map(|it| node.value(it)).collect();
    let original = node.value("NAME_ORIGINAL_SCRIPT");
    let name = if parts.is_empty() { original.unwrap_or_default().to_owned() } else { parts.join(" ") };
    let reference = node.value("REFERENCE_NUMBER").map(|it| it.trim_end_matches('.'));
    let own = reference.map_or_else(|| node.value("DATAID").map(|it| format!("dataid-{it}")), |it| Some(it.to_owned()));
    let (Some(own), false) = (own, name.is_empty()) else {
        let message = format!("a record of the kind `{}` without a name or without any number", node.name);
        findings.at(Some(line)).report(ImportCode::MissingValue, message, Some("it is left out".to_owned()));
        return None;
    };
    let kind = if person { EntityKind::Person } else { EntityKind::Organization };
    let mut party = Party { id: slug(&format!("un-{own}")), kind, name, line, ..Party::default() };
    let mut reader = Reader { party: &mut party, line, findings };
    for child in &node.children {
        reader.child(child);
    }
    party.alias_of_script(original);
    party.measures = vec![measure(node, &party.id, line, findings)];
    Some(party)
}

impl Party {
    fn alias_of_script(&mut self, original: Option<&str>) {
        if let Some(text) = original {
            let script = script_of(text).map(str::to_owned);
            self.alias(Name { script, ..Name::alias(text) });
        }
    }
}

/// A date or a range of dates in EDTF; one that may be read two ways is read with the day first, and reported.
fn date(text: &str, column: &str, line: u64, findings: &mut ImportFindings) -> Option<String> {
    let date = dates::edtf(text, Slashes::DayFirst);
    if date.is_some() && dates::is_ambiguous(text) {
        let message = format!("`{text}` may be read two ways; its first number is taken for the day");
        findings.at(Some(line)).column(column).report(ImportCode::Guessed, message, None);
    }
    date
}

fn measure(node: &Node, id: &str, line: u64, findings: &mut ImportFindings) -> Measure {
    let mut measure = Measure { id: format!("{id}-listing"), ..Measure::default() };
    measure.instrument = node.value("UN_LIST_TYPE").map(|list| Entity {
        id: slug(&format!("un-sanctions-list-{list}")),
        kind: EntityKind::Instrument,
        name: format!("UN sanctions list: {list}"),
        ..Entity::default()
    });
    let mut keep = |name: &str, value: Option<&str>| {
        measure.extra.extend(value.map(|it| (name.to_owned(), vec![it.to_owned()])));
    };
    keep("referenceNumber", node.value("REFERENCE_NUMBER"));
    keep("submittedBy", node.value("SUBMITTED_BY"));
    keep("submittedOn", node.value("SUBMITTED_ON"));
    let mut day = |element: &'static str, help: &str| {
        let text = node.value(element)?;
        let day = date(text, element, line, findings);
        if day.is_none() {
            let message = format!("`{text}` is no date");
            findings.at(Some(line)).column(element).report(ImportCode::BadPeriod, message, Some(help.to_owned()));
        }
        day
    };
    let listed = day("LISTED_ON", "the period is left out, and the text kept");
    let delisted = day("DELISTED_ON", "the end counts as unknown, and the text is kept");
    if listed.is_none() {
        keep("listedOn", node.value("LISTED_ON"));
    }
    keep("delistedOn", node.value("DELISTED_ON"));
    // What was taken off the list on a day that cannot be read is not on it any more.
    let end = match node.value("DELISTED_ON") {
        Some(_) => delisted.unwrap_or_default(),
        None => "..".to_owned(),
    };
    measure.period = listed.map(|it| format!("{it}/{end}"));
    measure
}

struct Reader<'r> {
    party: &'r mut Party,
    line: u64,
    findings: &'r mut ImportFindings,
}

impl Reader<'_> {
    fn child(&mut self, node: &Node) {
        let values = |name: &'static str| {
            let own = std::iter::once(node.text.as_str());
            own.chain(node.all(name).map(|it| it.text.as_str())).filter(|it| !it.is_empty()).map(str::to_owned)
        };
        match node.name.as_str() {
            _ if node.is_blank() => {}
            "FIRST_NAME"
            | "SECOND_NAME"
            | "THIRD_NAME"
            | "FOURTH_NAME"
            | "NAME_ORIGINAL_SCRIPT"
            | "UN_LIST_TYPE"
            | "LISTED_ON"
            | "DELISTED_ON"
            | "SUBMITTED_BY"
            | "SUBMITTED_ON" => {}
            "REFERENCE_NUMBER" => self.party.alias(Name::code("un_reference", node.text.trim_end_matches('.'))),
            "DATAID" => self.party.alias(Name::code("un_dataid", &node.text)),
            "GENDER" => self.party.keep("gender", node.text.to_lowercase()),
            "COMMENTS1" => self.party.keep("notes", &node.text),
            "NATIONALITY" | "NATIONALITY2" => values("VALUE").for_each(|it| self.party.keep("nationality", it)),
            "TITLE" => values("VALUE").for_each(|it| self.party.keep("title", it)),
            "DESIGNATION" => values("VALUE").for_each(|it| self.party.keep("position", it)),
            "LIST_TYPE" => values("VALUE").for_each(|it| self.party.keep("listType", it)),
            "LAST_DAY_UPDATED" => values("VALUE").for_each(|it| {
                let day = date(&it, "LAST_DAY_UPDATED", self.line, self.findings).unwrap_or(it);
                self.party.keep("lastUpdated", day);
            }),
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => self.alias(node),
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => self.party.keep("address", place(node)),
            "INDIVIDUAL_PLACE_OF_BIRTH" => self.party.keep("birthPlace", place(node)),
            "INDIVIDUAL_DATE_OF_BIRTH" => self.birth(node),
            "INDIVIDUAL_DOCUMENT" => self.document(node),
            "VERSIONNUM" => self.party.keep("version", &node.text),
            other => {
                for (path, text) in node.texts() {
                    let name = if path.is_empty() { other.to_owned() } else { format!("{other}/{path}") };
                    let message = format!("the element `{name}` has no field of its own and is kept as it is");
                    self.findings.at(Some(self.line)).report(ImportCode::Kept, message, None);
                    self.party.keep(&name, text);
                }
            }
        }
    }

    /// An alias with its quality.
    fn alias(&mut self, node: &Node) {
        let details = node.texts();
        let details: Vec<String> = details
            .into_iter()
            .filter(|(name, _)| name != "ALIAS_NAME" && name != "QUALITY")
            .map(|(name, text)| format!("{}: {text}", words(&name)))
            .collect();
        let Some(name) = node.value("ALIAS_NAME") else {
            self.party.keep("aliasNote", details.join(", "));
            return;
        };
        let quality = node.value("QUALITY").unwrap_or_default();
        let mut kind = NameKind::Alias;
        match quality.to_lowercase().as_str() {
            "low" => kind = NameKind::Weak,
            "f.k.a." | "fka" => self.party.keep("previousName", name),
            "good" | "a.k.a." | "aka" | "" => {}
            other => self.party.keep("aliasQuality", format!("{name}: {other}")),
        }
        if !details.is_empty() {
            self.party.keep("aliasNote", format!("{name} ({})", details.join(", ")));
        }
        let script = script_of(name).filter(|it| *it != "Latn").map(str::to_owned);
        self.party.alias(Name { script, kind, ..Name::alias(name) });
    }

    fn birth(&mut self, node: &Node) {
        let note = node.value("NOTE");
        let kind = node.value("TYPE_OF_DATE").unwrap_or_default().to_lowercase();
        let about = kind.starts_with("approx") || note.is_some_and(|it| it.to_lowercase().starts_with("approx"));
        let range = node.value("FROM_YEAR").zip(node.value("TO_YEAR")).map(|(from, to)| format!("{from} to {to}"));
        let text = node.value("DATE").map(str::to_owned).or(range).or_else(|| node.value("YEAR").map(str::to_owned));
        let text = text.or_else(|| node.value("FROM_YEAR").or(node.value("TO_YEAR")).map(str::to_owned));
        if let Some(text) = text.clone() {
            let (bare, rest) = dates::before_note(&text);
            let marked = if about { format!("circa {bare}") } else { bare.to_owned() };
            match date(&marked, "DATE", self.line, self.findings) {
                Some(date) => {
                    self.party.keep("birthDate", date);
                    self.party.keep("birthDateNote", rest);
                }
                None => {
                    let message = format!("`{text}` is no date of birth");
                    let help = "it is kept as it is".to_owned();
                    self.findings.at(Some(self.line)).report(ImportCode::BadPeriod, message, Some(help));
                    self.party.keep("birthDate", text);
                }
            }
        }
        // Some records have the date in the note alone.
        let (bare, rest) = dates::before_note(note.filter(|_| text.is_none()).unwrap_or_default());
        let noted = date(bare, "NOTE", self.line, self.findings);
        if let Some(date) = &noted {
            self.party.keep("birthDate", date);
            self.party.keep("birthDateNote", rest);
        }
        let read = ["DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "TYPE_OF_DATE"];
        for (name, text) in node.texts().into_iter().filter(|(name, _)| !read.contains(&name.as_str())) {
            if name == "NOTE" && noted.is_some() {
                continue;
            }
            self.party.keep("birthDateNote", if name == "NOTE" { text } else { format!("{}: {text}", words(&name)) });
        }
    }

    fn document(&mut self, node: &Node) {
        let kind = node.value("TYPE_OF_DOCUMENT").or_else(|| node.value("TYPE_OF_DOCUMENT2")).unwrap_or("document");
        let form = slug(kind);
        let passport = ["passport", "passeport", "pasaporte"].iter().any(|it| form.contains(it));
        let field = if passport { "passportNumber" } else { "idNumber" };
        if let Some(number) = node.value("NUMBER") {
            let scheme = if passport { "passport_number" } else { "id_number" };
            self.party.alias(Name::code(scheme, number));
        }
        let details: Vec<String> = node
            .texts()
            .into_iter()
            .filter(|(name, text)| {
                name != "NUMBER" && !(passport && name == "TYPE_OF_DOCUMENT" && slug(text) == "passport")
            })
            .map(|(name, text)| format!("{}: {text}", words(&name)))
            .collect();
        let number = node.value("NUMBER").unwrap_or("no number given");
        let text = if details.is_empty() { number.to_owned() } else { format!("{number} ({})", details.join(", ")) };
        self.party.keep(field, text);
    }
}

/// `CITY_OF_ISSUE` as words.
fn words(name: &str) -> String {
    name.trim_matches('/').replace(['_', '/'], " ").to_lowercase()
}

/// An address or place in one line, from the street to the country, with its note behind it.
fn place(node: &Node) -> String {
    let order = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY"];
    let texts = node.texts();
    let known = order.iter().filter_map(|name| texts.iter().find(|(it, _)| it == name)).map(|(_, text)| text.as_str());
    let mut out = known.collect::<Vec<_>>().join(", ");
    for (name, text) in texts.iter().filter(|(name, _)| !order.contains(&name.as_str())) {
        let note = if name == "NOTE" { format!("({text})") } else { format!("({}: {text})", words(name)) };
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&note);
    }
    out
}
