//! The SDN list as XML: one element an entry; or the advanced XML.

use std::io;

use super::super::super::findings::{ImportCode, ImportFindings};
use super::super::dates::{self, Slashes};
use super::super::un::unknown_frame;
use super::super::xml::{Node, Part, Records};
use super::super::{ListInput, ListOptions};
use super::advanced::{self, Advanced};
use super::entry::{Aka, Entry, Identifier};
use super::remarks;

const FRAME: [&str; 4] = ["sdnList", "publshInformation", "Publish_Date", "Record_Count"];
/// An entry, and the records of the advanced XML.
const RECORDS: [&str; 8] = {
    let [a, b, c, d, e, f, g] = advanced::RECORDS;
    ["sdnEntry", a, b, c, d, e, f, g]
};

/// What a file holds.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) published: Option<String>,
    pub(super) entries: Vec<Entry>,
}

/// Reads a file; `None` if it is another format of XML.
pub(super) fn read(
    input: &mut ListInput<'_>,
    options: &ListOptions,
    findings: &mut ImportFindings,
) -> io::Result<Option<Read>> {
    let mut read = Read::default();
    let mut advanced = Advanced::default();
    let (mut is_list, mut is_advanced, mut said) = (false, false, None);
    let records = Records::new(&mut *input.bytes, &RECORDS, options);
    records.read(findings, &mut |part, findings| {
        match part {
            Part::Record(node, line) if node.name == "sdnEntry" => read.entries.push(entry(&node, line, findings)),
            Part::Record(node, line) => advanced.add(node, line, findings),
            Part::Frame(node, line) => {
                is_list |= node.name == "sdnList";
                is_advanced |= node.name == "Sanctions";
                match node.name.as_str() {
                    "Publish_Date" => read.published = dates::edtf(&node.text, Slashes::MonthFirst),
                    "Record_Count" => said = node.text.parse::<usize>().ok(),
                    name if is_advanced && advanced::FRAME.contains(&name) => {}
                    _ => unknown_frame(&node, line, &FRAME, findings),
                }
            }
        }
        Ok(())
    })?;
    if is_advanced {
        (read.published, read.entries) = (advanced.published, advanced.entries);
    }
    if !is_list && !is_advanced && read.entries.is_empty() {
        findings.at(None).report(ImportCode::Syntax, "this is no SDN list: it has no entries".to_owned(), None);
        return Ok(None);
    }
    if let Some(said) = said.filter(|it| *it != read.entries.len()) {
        let message = format!("the file says that it has {said} records, and {} were read", read.entries.len());
        findings.at(None).report(ImportCode::MissingValue, message, Some("is it a part of the list?".to_owned()));
    }
    Ok(Some(read))
}

fn entry(node: &Node, line: u64, findings: &mut ImportFindings) -> Entry {
    let text = |name: &str| node.value(name).unwrap_or_default().to_owned();
    let mut entry = Entry { uid: text("uid"), kind: text("sdnType"), line, ..Entry::default() };
    (entry.name, entry.written) = names(node);
    for child in &node.children {
        match child.name.as_str() {
            _ if child.is_blank() => {}
            "uid" | "sdnType" | "firstName" | "lastName" => {}
            "title" => entry.values.push(("position", child.text.clone())),
            "remarks" => remarks::add(&child.text, &mut entry),
            "programList" => {
                for program in &child.children {
                    entry.programs.push(program.text.clone());
                }
            }
            "akaList" => entry.akas.extend(child.children.iter().map(aka)),
            "addressList" => entry.values.extend(child.children.iter().map(|it| ("address", address(it)))),
            "idList" => entry.ids.extend(child.children.iter().map(identifier)),
            "nationalityList" => list(child, "country", "nationality", &mut entry),
            "citizenshipList" => list(child, "country", "citizenship", &mut entry),
            "dateOfBirthList" => list(child, "dateOfBirth", "birthDate", &mut entry),
            "placeOfBirthList" => list(child, "placeOfBirth", "birthPlace", &mut entry),
            "vesselInfo" => vessel(child, &mut entry, line, findings),
            _ => keep(child, "", &mut entry, line, findings),
        }
    }
    entry
}

/// A name in the order in which people say it, and as the list sorts it.
fn names(node: &Node) -> (String, String) {
    let last = node.value("lastName").unwrap_or_default();
    match node.value("firstName") {
        Some(first) if last.is_empty() => (first.to_owned(), first.to_owned()),
        Some(first) => (format!("{first} {last}"), format!("{last}, {first}")),
        None => (last.to_owned(), last.to_owned()),
    }
}

fn aka(node: &Node) -> Aka {
    let (name, written) = names(node);
    let text = |name: &str| node.value(name).unwrap_or_default().to_owned();
    Aka { kind: text("type"), category: text("category"), name, written, remarks: text("remarks"), script: None }
}

fn address(node: &Node) -> String {
    let parts = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
    parts.iter().filter_map(|it| node.value(it)).collect::<Vec<_>>().join(", ")
}

fn identifier(node: &Node) -> Identifier {
    let text = |name: &str| node.value(name).unwrap_or_default().to_owned();
    let dates = [("issueDate", "issued"), ("expirationDate", "expires")];
    let rest = dates.iter().filter_map(|(name, word)| Some(format!("{word} {}", node.value(name)?))).collect();
    Identifier { kind: text("idType"), number: text("idNumber"), country: text("idCountry"), rest }
}

/// The values of a list, the main one first.
fn list(node: &Node, element: &str, name: &'static str, entry: &mut Entry) {
    let main = |it: &&Node| it.value("mainEntry") == Some("true");
    let (first, others): (Vec<&Node>, Vec<&Node>) = node.children.iter().partition(main);
    let values = first.into_iter().chain(others).filter_map(|it| it.value(element));
    entry.values.extend(values.map(|it| (name, it.to_owned())));
}

fn vessel(node: &Node, entry: &mut Entry, line: u64, findings: &mut ImportFindings) {
    for child in &node.children {
        let name = match child.name.as_str() {
            _ if child.is_blank() => continue,
            "callSign" => "callSign",
            "vesselType" => "type",
            "vesselFlag" => "flag",
            "vesselOwner" => "owner",
            "tonnage" => "tonnage",
            "grossRegisteredTonnage" => "grossRegisteredTonnage",
            _ => {
                keep(child, "vesselInfo/", entry, line, findings);
                continue;
            }
        };
        entry.values.push((name, child.text.clone()));
    }
}

/// Keeps an element that has no field of its own.
fn keep(node: &Node, before: &str, entry: &mut Entry, line: u64, findings: &mut ImportFindings) {
    for (path, text) in node.texts() {
        let joint = if path.is_empty() { "" } else { "/" };
        let name = format!("{before}{}{joint}{path}", node.name);
        let message = format!("the element `{name}` has no field of its own and is kept as it is");
        findings.at(Some(line)).report(ImportCode::Kept, message, None);
        entry.others.push((name, text));
    }
}
