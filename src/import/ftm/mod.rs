//! [FollowTheMoney](https://followthemoney.tech): JSON lines, one entity a line, as Aleph and OpenSanctions have them; and OpenSanctions' nested
//! JSON, where entities stand inside each other.
//!
//! The input is read twice: once for the ids and schemata alone, since a line may speak of another one that comes later, and
//! may be a part of one that came before; then entities are written, and at the end the facts, which a file without a name keeps meanwhile.
//! So memory holds the ids and whatever has several parts, and no more. What becomes of which schema stands in `model/ftm/plan.rs`.

mod claims;
mod fact;
mod ids;
mod json;
mod record;
mod shares;
mod spool;
mod thing;
mod writer;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use ids::Ids;
use json::{Heads, Json, problem};
use record::{Found, Record};
use shares::Shares;
use spool::{Origin, Spool};
use writer::Writer;

use super::findings::{ImportCode, ImportFindings};
use super::input::{ImportOptions, LimitError, open, read_line};
use super::sink::Sink;
use crate::load::load_vocabulary;
use crate::model::ftm::{Plan, model, plan};

/// Reads files of FollowTheMoney.
///
/// # Errors
///
/// The sink's. What is wrong with the input is a finding.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportFindings, ImportOptions, Kept, import_ftm};
///
/// let file = tempfile::NamedTempFile::new()?;
/// std::fs::write(file.path(), r#"{"id": "a", "schema": "Person", "properties": {"name": ["Ann Example"]}}"#)?;
/// let (mut kept, mut findings) = (Kept::default(), ImportFindings::default());
/// import_ftm(&[file.path().to_owned()], &ImportOptions::default(), &mut kept, &mut findings)?;
/// assert_eq!((kept.entities[0].name.as_str(), findings.count()), ("Ann Example", 0));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn import_ftm(
    files: &[PathBuf],
    options: &ImportOptions,
    sink: &mut dyn Sink,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let built_in;
    let vocabulary = match &options.vocabulary {
        Some(vocabulary) => vocabulary,
        None => {
            (built_in, _, _) = load_vocabulary(&[]);
            &built_in
        }
    };
    let mut facts = Spool::new()?;
    let mut ids = Ids::default();
    // For each line whether it holds a fact and nothing else, which waits in the spool.
    let mut waits: Vec<bool> = Vec::new();
    // What is wrong with a line is told when it is read for good, and bytes count for the progress once.
    let mut unheard = ImportFindings::keeping(0);
    let uncounted = ImportOptions { read: Arc::default(), ..options.clone() };
    let mut lines = Lines::new(files, &uncounted);
    while lines.next(&mut unheard) {
        let heads = Heads::read(&lines.text).unwrap_or_default().all;
        let is_fact = matches!(&heads[..], [head] if is_fact(head.schema.as_deref()));
        if is_fact {
            facts.push(lines.origin, &lines.text)?;
        }
        waits.push(is_fact);
        heads.into_iter().for_each(|it| ids.add(it));
    }
    let input = files.first().and_then(|it| it.file_name()).map(|it| it.to_string_lossy().into_owned());
    let input = input.filter(|it| thing::is_name(it)).unwrap_or_else(|| "input".to_owned());
    let mut writer =
        Writer { ids, sink, findings, vocabulary, input, shares: Shares::default(), missing: HashMap::new() };

    let mut parts = Parts::default();
    let mut waits = waits.into_iter();
    let mut lines = Lines::new(files, options);
    while lines.next(writer.findings) {
        if waits.next() == Some(true) {
            continue;
        }
        for record in read(&mut writer, lines.origin, &lines.text) {
            if is_fact(Some(&record.schema)) {
                facts.push(lines.origin, record.to_json().as_bytes())?;
            } else if let Some(record) = parts.add(record, &mut writer) {
                thing(&mut writer, &record, lines.origin, &mut facts)?;
            }
        }
    }
    let end = lines.origin;
    for record in parts.rest(&mut writer) {
        thing(&mut writer, &record, end, &mut facts)?;
    }

    let names: Vec<String> = files.iter().map(|it| it.display().to_string()).collect();
    let mut parts = Parts::default();
    facts.read(&mut |origin, line| {
        let file = names.get(origin.file as usize).map_or("", |it| it);
        if writer.findings.file() != file {
            writer.findings.set_file(file);
        }
        let Ok(found) = Json::read(line).and_then(|it| Found::read(it, origin.line)) else { return Ok(()) };
        writer.sink.place(file, Some(origin.line));
        for record in found.records {
            let is_part = record.schema != writer::REFERENCE;
            let whole = if is_part { parts.add(record, &mut writer) } else { Some(record) };
            whole.map_or(Ok(()), |it| writer.fact(&it))?;
        }
        Ok(())
    })?;
    for record in parts.rest(&mut writer) {
        writer.fact(&record)?;
    }
    let Writer { shares, findings, .. } = writer;
    shares.report(findings);
    Ok(())
}

fn is_fact(schema: Option<&str>) -> bool {
    matches!(plan(schema.and_then(|it| model().position(it))), Plan::Fact(_))
}

/// Writes an entity; what it says of others waits among the facts.
fn thing(writer: &mut Writer<'_>, record: &Record<'_>, origin: Origin, facts: &mut Spool) -> io::Result<()> {
    let file = writer.findings.file().to_owned();
    writer.sink.place(&file, Some(record.line));
    for reference in writer.thing(record)? {
        facts.push(Origin { line: record.line, ..origin }, reference.to_json().as_bytes())?;
    }
    Ok(())
}

/// The entities of a line; what is wrong with it is told.
fn read<'l>(writer: &mut Writer<'_>, origin: Origin, line: &'l [u8]) -> Vec<Record<'l>> {
    let found = match Json::read(line).and_then(|it| Found::read(it, origin.line)) {
        Ok(found) => found,
        Err(error) => {
            let (words, column) = problem(&error);
            let help = "each line is an entity as a JSON object; `jq -c '.[]'` makes such lines of a list".to_owned();
            let mut place = writer.findings.at(Some(origin.line));
            if column > 0 {
                place = place.column(column.to_string());
            }
            place.report(ImportCode::Syntax, format!("this is no entity of FollowTheMoney: {words}"), Some(help));
            return Vec::new();
        }
    };
    if found.nameless > 0 {
        let message = "an entity without an id".to_owned();
        writer.findings.at(Some(origin.line)).report(
            ImportCode::MissingValue,
            message,
            Some("it is left out".to_owned()),
        );
    }
    for (property, json) in found.strange {
        let short: String = json.chars().take(60).collect();
        let message = format!("`{property}` holds neither text nor an entity: {short}");
        writer.findings.at(Some(origin.line)).report(ImportCode::Kept, message, Some("it is kept as text".to_owned()));
    }
    found.records
}

/// Records of which there are several parts, until the last one has come.
#[derive(Default)]
struct Parts {
    by_id: HashMap<String, usize>,
    waiting: Vec<Option<(Record<'static>, u32)>>,
}

impl Parts {
    /// Takes a part and gives the whole, if this was the last one.
    fn add<'l>(&mut self, record: Record<'l>, writer: &mut Writer<'_>) -> Option<Record<'l>> {
        let count = writer.ids.get(&record.id).map_or(1, |it| it.parts);
        if count <= 1 {
            return Some(record);
        }
        let record = record.into_owned();
        let Some(at) = self.by_id.get(&*record.id) else {
            self.by_id.insert(record.id.to_string(), self.waiting.len());
            self.waiting.push(Some((record, count - 1)));
            return None;
        };
        let place = self.waiting.get_mut(*at)?;
        let (known, left) = place.as_mut()?;
        if let Some(other) = known.merge(record) {
            let message = format!("`{}` is `{}` here and `{other}` there", known.id, known.schema);
            let help = Some("the first schema stands, with all that both say".to_owned());
            writer.findings.at(Some(known.line)).report(ImportCode::EntityDiffers, message, help);
        }
        *left -= 1;
        if *left == 0 { place.take().map(|it| it.0) } else { None }
    }

    /// Those whose last part did not come as what it was taken for.
    fn rest(self, writer: &mut Writer<'_>) -> Vec<Record<'static>> {
        let rest: Vec<_> = self.waiting.into_iter().flatten().map(|it| it.0).collect();
        for record in &rest {
            let message = format!("`{}` stands for an entity and for a fact", record.id);
            let help = Some("give one of them another id".to_owned());
            writer.findings.at(Some(record.line)).report(ImportCode::EntityDiffers, message, help);
        }
        rest
    }
}

/// The lines of all files, without those that are blank.
struct Lines<'f> {
    files: std::iter::Zip<std::slice::Iter<'f, PathBuf>, std::ops::RangeFrom<u32>>,
    options: &'f ImportOptions,
    input: Option<Box<dyn io::BufRead + Send>>,
    origin: Origin,
    text: Vec<u8>,
}

impl<'f> Lines<'f> {
    fn new(files: &'f [PathBuf], options: &'f ImportOptions) -> Lines<'f> {
        let origin = Origin { file: 0, line: 0 };
        Lines { files: files.iter().zip(0..), options, input: None, origin, text: Vec::new() }
    }

    /// Goes on to the next line; false at the end.
    fn next(&mut self, findings: &mut ImportFindings) -> bool {
        loop {
            let Some(input) = &mut self.input else {
                let Some((path, number)) = self.files.next() else { return false };
                findings.set_file(&path.display().to_string());
                self.origin = Origin { file: number, line: 0 };
                match open(path, self.options) {
                    Ok(input) => self.input = Some(input),
                    Err(error) => unreadable(findings, None, &error),
                }
                continue;
            };
            self.origin.line += 1;
            match read_line(input, self.options.max_line, &mut self.text) {
                Ok(true) => {}
                Ok(false) => {
                    self.input = None;
                    continue;
                }
                Err(error) => {
                    let is_long = matches!(LimitError::of(&error), Some(LimitError::Line { .. }));
                    unreadable(findings, Some(self.origin.line), &error);
                    if !is_long {
                        self.input = None;
                    }
                    continue;
                }
            }
            if self.origin.line == 1 && self.text.starts_with(b"\xef\xbb\xbf") {
                self.text.drain(..3);
            }
            if !self.text.trim_ascii().is_empty() {
                return true;
            }
        }
    }
}

fn unreadable(findings: &mut ImportFindings, line: Option<u64>, error: &io::Error) {
    let code = if LimitError::of(error).is_some() { ImportCode::TooLarge } else { ImportCode::Unreadable };
    let help = match code {
        ImportCode::Unreadable => "what came before is imported; get the file again",
        _ => "what came before is imported",
    };
    findings.at(line).report(code, error.to_string(), Some(help.to_owned()));
}

#[cfg(test)]
mod plans {
    use crate::load::{LoadOptions, Sources, load};
    use crate::model::EntityKind;
    use crate::model::ftm::{Plan, model, plan};

    fn of(name: &str) -> &'static Plan {
        plan(model().position(name))
    }

    #[test]
    fn what_inherits_becomes_what_its_parent_becomes() {
        assert_eq!(of("PublicBody"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Company"), &Plan::Entity(EntityKind::Organization));
        assert_eq!(of("Airplane"), &Plan::Entity(EntityKind::Materiel));
        assert_eq!(of("License"), &Plan::Entity(EntityKind::Instrument));
        assert_eq!(of("Passport"), of("Identification"));
        assert_eq!((of("Call"), of("Nonsense")), (&Plan::Kept, &Plan::Kept));
        let Plan::Fact(award) = of("ContractAward") else { panic!() };
        assert_eq!((award.kind, award.roles[0]), ("link", ("contract", "subject")));
    }

    #[test]
    fn kinds_and_roles_are_in_the_vocabulary_and_properties_in_the_model() {
        let vocabulary = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("data").vocabulary;
        for schema in model().schemata() {
            let Plan::Fact(plan) = of(schema.name) else { continue };
            let kind = vocabulary.kind(vocabulary.kind_ix(plan.kind).expect(plan.kind)).expect(plan.kind);
            let made = plan.made.iter().map(|it| (it.property, it.role));
            for (property, role) in plan.roles.iter().copied().chain(made) {
                assert!(schema.property(property).is_some(), "{}:{property}", schema.name);
                let role = vocabulary.role_ix(role).and_then(|it| kind.role(it));
                assert!(role.is_some(), "{property} in {}", plan.kind);
            }
            for figure in plan.figures {
                assert!(schema.property(figure.property).is_some() && kind.figure(figure.name).is_some());
            }
        }
    }

    #[test]
    fn every_schema_that_is_a_thing_is_an_entity() {
        for schema in model().schemata().iter().filter(|it| !it.is_abstract && it.is_a("Thing")) {
            assert!(matches!(of(schema.name), Plan::Entity(_)), "{}", schema.name);
        }
    }
}
