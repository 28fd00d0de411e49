//! The list of Specially Designated Nationals (SDN) of the Office of Foreign Assets Control (OFAC) of the US Treasury, as XML (the
//! plain and the advanced) or as the tables SDN.CSV, ADD.CSV, ALT.CSV and SDN_COMMENTS.CSV.

mod advanced;
mod csv;
mod entry;
mod remarks;
mod xml;

use std::io;

use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Entity, Name};
use super::super::sink::Sink;
use super::decode::{Damage, decode};
use super::party::{List, ListEdition, Parties};
use super::{Desk, Edition, ListInput, ListOptions, whole};
use entry::Entry;

/// Reads editions of OFAC's SDN list.
///
/// Each file of XML is an edition. Tables belong together by the numbers of their entries: those given together are one
/// edition. People, organisations, vessels and aircraft come with their names, identifiers, birth dates as periods and
/// addresses; each is the target of a sanction of OFAC under every programme that it is listed under.
///
/// # Errors
///
/// The sink or an input fails.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, Kept, ListInput, ListOptions, read_ofac};
///
/// let text = "99901,\"EXAMPLE, Ana\",\"individual\",\"DPRK3\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB circa 1960.\"\r\n\u{1a}";
/// let input = ListInput { name: "sdn-2025-06-03.csv".to_owned(), bytes: Box::new(text.as_bytes()), edition: None };
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// read_ofac(vec![input], &ListOptions::default(), &mut kept, &mut findings)?;
/// let ana = kept.entities.iter().find(|it| it.id == "ofac-99901").ok_or("nobody")?;
/// assert_eq!(ana.name, "Ana EXAMPLE");
/// assert!(ana.extra.contains(&("birthDate".to_owned(), vec!["1960~".to_owned()])));
/// assert_eq!(kept.facts[0].id, "ofac-99901-dprk3");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_ofac(
    inputs: Vec<ListInput<'_>>,
    options: &ListOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut editions = Vec::new();
    let mut tables = Vec::new();
    for mut input in inputs {
        findings.set_file(&input.name);
        // The first character tells XML from a table.
        let is_xml = match input.bytes.fill_buf() {
            Ok(bytes) => {
                bytes.iter().find(|it| !it.is_ascii_whitespace() && !matches!(it, 0xef | 0xbb | 0xbf)) == Some(&b'<')
            }
            Err(_) => false,
        };
        if is_xml {
            let Some(read) = xml::read(&mut input, options, findings)? else { continue };
            let edition = Edition::of("ofac-sdn", read.published, input.edition.as_deref(), findings);
            editions.push(edition_of(edition, input.name, read.entries, findings));
            continue;
        }
        let Some(bytes) = whole(&mut *input.bytes, options, findings)? else { continue };
        let mut damage = Damage::default();
        let text = decode(&bytes, 1, &mut damage);
        damage.report(findings);
        match csv::read(&text, &input.name, findings) {
            Some(mut read) => {
                read.edition = input.edition;
                tables.push(read);
            }
            None => {
                let message = "this is none of the tables of the SDN list".to_owned();
                let help = "those are SDN.CSV, ADD.CSV, ALT.CSV and SDN_COMMENTS.CSV".to_owned();
                findings.at(None).report(ImportCode::Syntax, message, Some(help));
            }
        }
    }
    if !tables.is_empty() && tables.iter().all(|it| it.table != csv::Table::Entries) {
        findings.set_file(&tables.first().map(|it| it.file.clone()).unwrap_or_default());
        let help = "the other tables only add to its entries".to_owned();
        findings.at(None).report(ImportCode::MissingValue, "SDN.CSV itself is missing".to_owned(), Some(help));
    }
    for (file, given, entries) in csv::entries(tables, findings) {
        findings.set_file(&file);
        let edition = Edition::of("ofac-sdn", None, given.as_deref(), findings);
        editions.push(edition_of(edition, file, entries, findings));
    }
    let mut desk = Desk::new(sink, findings);
    let imposer = ofac(&mut desk)?;
    for it in &editions {
        let title = "Specially Designated Nationals and Blocked Persons List";
        desk.once(it.edition.entity("OFAC SDN list", title, &imposer, "https://sanctionslist.ofac.treas.gov/"))?;
    }
    List { imposer, editions }.send(&mut desk)
}

fn edition_of(edition: Edition, file: String, entries: Vec<Entry>, findings: &mut ImportFindings) -> ListEdition {
    let mut parties = Parties::default();
    for entry in entries {
        if let Some(party) = entry.party(findings) {
            parties.add(party, findings);
        }
    }
    ListEdition { edition, file, parties: parties.all }
}

/// OFAC and what it is part of.
fn ofac(desk: &mut Desk<'_>) -> io::Result<String> {
    let country = desk.built_in("united-states")?;
    let treasury = Entity {
        id: "us-department-of-the-treasury".to_owned(),
        name: "US Department of the Treasury".to_owned(),
        names: vec![Name::alias("US Treasury"), Name::alias("Department of the Treasury")],
        part_of: Some(country),
        ..Entity::default()
    };
    let ofac = Entity {
        id: "ofac".to_owned(),
        name: "OFAC".to_owned(),
        names: vec![Name::alias("Office of Foreign Assets Control")],
        part_of: Some(treasury.id.clone()),
        ..Entity::default()
    };
    desk.once(treasury)?;
    desk.once(ofac)?;
    Ok("ofac".to_owned())
}
