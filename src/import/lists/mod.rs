//! Registers and lists of public bodies: the SIPRI trade register, the consolidated list of the UN Security Council, the SDN
//! list of the US Treasury's OFAC.
//!
//! Each is published again and again. One publication is an edition, a document of its own date, and what stands in it is a
//! claim of the body that publishes it. Editions that are given together become one set of records, each with a claim for
//! every edition that has it, so that an answer as of an earlier day is what that edition said.

mod countries;
mod dates;
mod decode;
mod ofac;
mod party;
mod script;
mod sipri;
mod un;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use super::findings::{ImportCode, ImportFindings};
use super::input::{ImportOptions, LimitError, open};
use super::record::{Bibliography, Entity, Name};
use super::sink::Sink;
use crate::model::{EntityKind, Period, slug};
use countries::BuiltIn;

pub use ofac::read_ofac;
pub use sipri::read_sipri;
pub use un::read_un_list;

/// A file of a register or list: its bytes, already uncompressed.
pub struct ListInput<'i> {
    /// As the user named it.
    pub name: String,
    /// What is in it.
    pub bytes: Box<dyn BufRead + 'i>,
    /// The date of its edition in EDTF, for a file that does not tell its own.
    pub edition: Option<String>,
}

/// How registers and lists are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListOptions {
    /// A file of a table may be so many bytes long.
    pub max_size: u64,
    /// A record of XML may be so many bytes long.
    pub max_record: usize,
    /// Elements of XML may stand so deep in each other. The published lists need four.
    pub max_depth: usize,
}

impl Default for ListOptions {
    fn default() -> Self {
        ListOptions { max_size: 1 << 30, max_record: 16 << 20, max_depth: 64 }
    }
}

/// A reader of registers or lists.
type Reader = fn(Vec<ListInput<'_>>, &ListOptions, &mut dyn Sink, &mut ImportFindings) -> io::Result<()>;

/// Opens the files and reads them. One that cannot be opened is a finding.
fn files(
    read: Reader,
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut inputs = Vec::new();
    let earlier = options.earlier.iter().cloned().map(|it| (it.name, it.path, it.edition));
    let given = files.iter().map(|it| (it.display().to_string(), it.clone(), options.edition.clone()));
    for (name, path, edition) in earlier.chain(given) {
        match open(&path, options) {
            Ok(bytes) => inputs.push(ListInput { name, bytes, edition }),
            Err(error) => {
                findings.set_file(&name);
                findings.at(None).report(ImportCode::Unreadable, format!("the file cannot be read: {error}"), None);
            }
        }
    }
    // A table is held whole while it is read, so it has a bound of its own.
    let own = ListOptions::default();
    let options = ListOptions {
        max_size: options.max_size.min(own.max_size),
        max_record: options.max_line,
        max_depth: options.max_depth,
    };
    read(inputs, &options, sink, findings)
}

/// Reads files of the SIPRI trade register.
///
/// # Errors
///
/// The sink fails.
pub(super) fn sipri_files(
    paths: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    files(read_sipri, paths, options, sink, findings)
}

/// Reads files of the Security Council's list.
///
/// # Errors
///
/// The sink fails.
pub(super) fn un_files(
    paths: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    files(read_un_list, paths, options, sink, findings)
}

/// Reads files of OFAC's list.
///
/// # Errors
///
/// The sink fails.
pub(super) fn ofac_files(
    paths: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    files(read_ofac, paths, options, sink, findings)
}

/// What all these importers share: the sink, the findings, and what was sent already.
struct Desk<'d> {
    sink: &'d mut dyn Sink,
    findings: &'d mut ImportFindings,
    built_in: BuiltIn,
    sent: BTreeSet<String>,
    /// What is told once.
    told: BTreeSet<String>,
    /// Ids that are taken, and for what.
    ids: BTreeMap<String, String>,
    /// By what was wanted: the number behind the id that was given last.
    numbers: BTreeMap<String, u32>,
    /// By what was wanted, and for what: the id that was given.
    given: BTreeMap<(String, String), String>,
}

impl<'d> Desk<'d> {
    fn new(sink: &'d mut dyn Sink, findings: &'d mut ImportFindings) -> Desk<'d> {
        let built_in = BuiltIn::new();
        // A ship called "Nigeria" is not the country: what is known by its name has its id before anything else.
        let ids = built_in.ids().map(|it| (it.to_owned(), format!("built-in {it}"))).collect();
        Desk {
            sink,
            findings,
            built_in,
            sent: BTreeSet::new(),
            told: BTreeSet::new(),
            ids,
            numbers: BTreeMap::new(),
            given: BTreeMap::new(),
        }
    }

    /// Sends an entity, unless one of its id was sent.
    fn once(&mut self, entity: Entity) -> io::Result<()> {
        if self.sent.insert(entity.id.clone()) { self.sink.entity(entity) } else { Ok(()) }
    }

    /// Sends an entity of the built-in data with all that it is part of. Gives its id.
    fn built_in(&mut self, id: &str) -> io::Result<String> {
        let mut next = self.built_in.entity(id);
        while let Some(entity) = next {
            next = entity.part_of.as_ref().or(entity.is_a.as_ref()).and_then(|it| self.built_in.entity(it));
            self.once(entity)?;
        }
        Ok(id.to_owned())
    }

    /// Sends the country that is called so; its spelling here is kept where it is another. Gives its id.
    fn country(&mut self, name: &str) -> io::Result<Option<String>> {
        let Some(country) = self.built_in.country(name) else { return Ok(None) };
        let id = country.id.clone();
        let mut country = country.clone();
        if country.name != name && country.names.iter().all(|it| it.text != name) {
            country.names.push(Name::alias(name));
            // Merged with what is known of the country.
            if !self.sent.contains(&id) {
                return self.once(country).map(|()| Some(id));
            }
            if self.ids.insert(format!("{id}\u{1f}{name}"), String::new()).is_none() {
                self.sink.entity(country)?;
            }
            return Ok(Some(id));
        }
        self.once(country)?;
        Ok(Some(id))
    }

    /// An id for what `key` names: `wanted`, or with a number behind it where something else has that.
    fn id(&mut self, wanted: &str, key: &str) -> String {
        let asked = (slug(wanted), key.to_owned());
        if let Some(id) = self.given.get(&asked) {
            return id.clone();
        }
        let wanted = &asked.0;
        let mut id = wanted.clone();
        // Thousands may want the same: each goes on where the last one found a free number.
        let number = self.numbers.entry(wanted.clone()).or_insert(1);
        while self.ids.get(&id).is_some_and(|it| it != key) {
            *number = number.saturating_add(1);
            id = format!("{wanted}-{number}");
        }
        self.ids.insert(id.clone(), key.to_owned());
        self.given.insert(asked, id.clone());
        id
    }
}

/// An edition of a register or list, as a document.
struct Edition {
    /// Its id.
    document: String,
    /// Its date in EDTF, if it is known.
    date: Option<String>,
}

impl Edition {
    /// The document of an edition: `name` is that of the list, `prefix` what its id begins with.
    fn entity(&self, name: &str, title: &str, publisher: &str, address: &str) -> Entity {
        let name = match &self.date {
            Some(date) => format!("{name}, {}", dates::in_words(date)),
            None => format!("{name}, no date"),
        };
        Entity {
            id: self.document.clone(),
            kind: EntityKind::Document,
            name,
            document: Some(Bibliography {
                title: Some(title.to_owned()),
                publisher: Some(publisher.to_owned()),
                date: self.date.clone(),
                address: Some(address.to_owned()),
            }),
            ..Entity::default()
        }
    }

    /// The edition of a file: of the date that it tells, else of that given, else of one in the name of the file.
    fn of(prefix: &str, told: Option<String>, given: Option<&str>, findings: &mut ImportFindings) -> Edition {
        if let (Some(told), Some(given)) = (told.as_deref(), given)
            && told != given
        {
            let message = format!("the file tells its own date, {told}, which stands; {given} was given");
            let help = "--edition is for files that do not tell theirs".to_owned();
            findings.at(None).report(ImportCode::EditionDiffers, message, Some(help));
        }
        let date = told.or_else(|| given.map(str::to_owned)).or_else(|| {
            let date = date_in_name(findings.file());
            let (message, help) = match &date {
                Some(date) => (format!("the file does not tell its date; {date} is taken from its name"), None),
                None => (
                    "the file does not tell its date: no later edition can supersede it".to_owned(),
                    Some("name it with `--edition 2024-03-11`".to_owned()),
                ),
            };
            findings.at(None).report(ImportCode::NoDate, message, help);
            date
        });
        let document = match &date {
            Some(date) => format!("{prefix}-{}", slug(date)),
            None => {
                let stem = findings.file().rsplit(['/', '\\']).next().unwrap_or_default();
                format!("{prefix}-{}", slug(stem.split('.').next().unwrap_or_default()))
            }
        };
        Edition { document, date }
    }
}

/// A date in the name of a file, else in that of its folder: `register-2024-03-11.csv`, `sdn_20240311.csv`, `2024/sdn.csv`. Of
/// several years that stand alone the last one: the others are those that the file is about.
fn date_in_name(name: &str) -> Option<String> {
    name.rsplit(['/', '\\']).take(2).find_map(date_in_part)
}

fn date_in_part(part: &str) -> Option<String> {
    let runs: Vec<&str> = part.split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let real =
        |date: &String| date.get(..4).is_some_and(|it| ("1900".."2200").contains(&it)) && Period::parse(date).is_ok();
    let two = |at: usize| runs.get(at).filter(|it| it.len() == 2);
    let full = runs.iter().enumerate().find_map(|(at, run)| match (run.len(), two(at + 1), two(at + 2)) {
        (8, ..) => Some(format!("{}-{}-{}", run.get(..4)?, run.get(4..6)?, run.get(6..)?)).filter(real),
        (4, Some(month), Some(day)) => Some(format!("{run}-{month}-{day}")).filter(real),
        (4, Some(month), None) => Some(format!("{run}-{month}")).filter(real),
        _ => None,
    });
    full.or_else(|| runs.iter().rev().filter(|it| it.len() == 4).map(|it| (*it).to_owned()).find(real))
}

/// The bytes of an input, unless they are too many. What cannot be read to its end is read as far as it goes.
fn whole(input: &mut dyn BufRead, options: &ListOptions, findings: &mut ImportFindings) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = input.take(options.max_size.saturating_add(1)).read_to_end(&mut bytes);
    if let Err(error) = read {
        unreadable(&error, None, findings);
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > options.max_size {
        let message = format!("the file is longer than {} bytes", options.max_size);
        findings.at(None).report(ImportCode::TooLarge, message, None);
        return Ok(None);
    }
    Ok(Some(bytes))
}

/// Reports that the rest of a file cannot be read.
fn unreadable(error: &io::Error, line: Option<u64>, findings: &mut ImportFindings) {
    let code = if LimitError::of(error).is_some() { ImportCode::TooLarge } else { ImportCode::Unreadable };
    let help = "what stands before is read".to_owned();
    findings.at(line).report(code, format!("the file cannot be read to its end: {error}"), Some(help));
}

#[cfg(test)]
mod tests {
    use super::super::sink::Kept;
    use super::*;

    #[test]
    fn what_wants_one_id_gets_numbers_and_keeps_them() {
        let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
        let mut desk = Desk::new(&mut kept, &mut findings);
        assert_eq!(desk.id("Conch 2", "x"), "conch-2");
        let ids: Vec<String> = (0..4).map(|it| desk.id("Conch", &format!("key {it}"))).collect();
        assert_eq!(ids, ["conch", "conch-3", "conch-4", "conch-5"]);
        assert_eq!(desk.id("conch", "key 2"), "conch-4");
        // Tens of thousands take no longer than they should.
        for it in 0..50_000 {
            desk.id("Conch", &format!("key {it}"));
        }
        assert_eq!(desk.id("Conch", "another"), "conch-50002");
    }

    #[test]
    fn dates_in_names_of_files() {
        for (name, date) in [
            ("/data/2019/trade-register-2024-03-11.csv", Some("2024-03-11")),
            ("sdn_20240311.csv", Some("2024-03-11")),
            ("trade-register-2024.csv", Some("2024")),
            ("TradeRegister-1950-2025.csv", Some("2025")),
            ("trade-register.csv", None),
            ("lists/2024-03-11/sdn.csv", Some("2024-03-11")),
            ("list-99999999.csv", None),
        ] {
            assert_eq!(date_in_name(name).as_deref(), date, "{name}");
        }
    }
}
