//! The sink that writes a folder of RON files: facts as they come, a file for each kind and so many bytes, entities at the end.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::compile::{Problem, compile};
use super::editions::Editions;
use super::entities::{EntityTable, Place, tidy_extra};
use super::findings::{ImportCode, ImportFindings};
use super::ids::IdSet;
use super::new_folder::{NewFolder, OwnFiles};
use super::record::{Entity, Fact};
use super::sink::{Sink, Summary, Taken};
use super::text::{self, Shared};
use crate::model::{EntityKind, Vocabulary};

/// A file of more bytes is closed and the next one begun: small enough for an editor and for `git diff`.
const FILE_BYTES: usize = 4 << 20;

/// Writes RON files into a temporary folder beside the one that is meant, which takes its name at the end: nothing half
/// written is ever seen. What is written passes `purvey check`.
///
/// Facts stand in the order in which they came, so that memory grows with the entities and not with the facts (but for 16 bytes
/// for each id that is no number in its order, which tell a repeated one).
///
/// # Example
///
/// ```
/// use purvey::import::{Entity, FolderSink, ImportFindings, Sink};
///
/// let place = tempfile::tempdir()?;
/// let mut sink = FolderSink::new(&place.path().join("data"), false, purvey::load::load_vocabulary(&[]).0)?;
/// sink.entity(Entity { id: "acme".to_owned(), name: "ACME".to_owned(), ..Entity::default() })?;
/// let summary = sink.finish(&mut ImportFindings::default())?;
/// assert_eq!((summary.entities, summary.facts), (1, 0));
/// assert!(place.path().join("data/entities/organizations-001.ron").exists());
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct FolderSink {
    folder: NewFolder,
    vocabulary: Vocabulary,
    entities: EntityTable,
    place: Place,
    findings: ImportFindings,
    /// Files of facts that are open, by the kind of fact.
    open: BTreeMap<String, OpenFile>,
    /// How many files of each kind there are.
    files: BTreeMap<String, usize>,
    ids: IdSet,
    waiting: Vec<Waiting>,
    summary: Summary,
    editions: Option<Editions>,
}

/// A fact that is written at the end.
struct Waiting {
    fact: Fact,
    place: Place,
    /// Whether it goes in, and has its id: it waits only for those that its relations name. Else it waits for an entity.
    is_taken: bool,
}

struct OpenFile {
    out: BufWriter<File>,
    shared: Shared,
    bytes: usize,
}

impl FolderSink {
    /// Begins a folder. With `replace`, one that holds nothing but RON files gives way to it at the end.
    ///
    /// # Errors
    ///
    /// The folder exists and may not be replaced; its parent cannot be written.
    pub fn new(target: &Path, replace: bool, vocabulary: Vocabulary) -> io::Result<FolderSink> {
        Ok(FolderSink {
            folder: NewFolder::new(target, replace, OwnFiles::RON)?,
            vocabulary,
            entities: EntityTable::default(),
            place: Place::default(),
            findings: ImportFindings::default(),
            open: BTreeMap::new(),
            files: BTreeMap::new(),
            ids: IdSet::new(),
            waiting: Vec::new(),
            summary: Summary::default(),
            editions: None,
        })
    }

    /// Keeps the files of which the records are made in the folder.
    pub fn keep(&mut self, editions: Editions) {
        self.editions = Some(editions);
    }

    /// Writes what is left, and gives the folder its name.
    ///
    /// # Errors
    ///
    /// The output fails; nothing is left behind then.
    pub fn finish(mut self, findings: &mut ImportFindings) -> io::Result<Summary> {
        let waiting = std::mem::take(&mut self.waiting);
        // Those that wait for each other have to know each other's ids.
        let mut ready = Vec::with_capacity(waiting.len());
        for Waiting { fact, place, is_taken } in waiting {
            self.place = place;
            if is_taken || self.check(&fact, true) == Taken::Kept {
                ready.push((fact, self.place.clone()));
            }
        }
        for (mut fact, place) in ready {
            self.place = place;
            self.settle_relations(&mut fact);
            self.write_fact(&fact)?;
        }
        for (_, file) in std::mem::take(&mut self.open) {
            close(file)?;
        }
        self.entities.settle(&mut self.findings);
        self.write_entities()?;
        self.summary.entities = self.entities.len() as u64;
        let FolderSink { folder, summary, findings: own, editions, .. } = self;
        findings.append(own);
        editions.map_or(Ok(()), |it| it.write(folder.path()))?;
        folder.publish()?;
        Ok(summary)
    }

    /// What it holds so far, with the facts that wait for entities to come.
    pub fn so_far(&self) -> Summary {
        Summary {
            entities: self.entities.len() as u64,
            facts: self.summary.facts + self.waiting.len() as u64,
            ..self.summary
        }
    }

    fn check(&mut self, fact: &Fact, last: bool) -> Taken {
        let problem = match compile(fact, &self.vocabulary, &self.entities) {
            Ok(_) if self.entities.position(&fact.id).is_some() || !self.ids.insert(&fact.id) => {
                Problem::taken(&fact.id)
            }
            Ok(_) => return Taken::Kept,
            Err(Problem::Unknown { .. }) if !last => return Taken::Waits,
            Err(problem) => problem,
        };
        self.summary.refused += 1;
        let (code, message, help) = problem.into_parts(&fact.id);
        self.findings.add(self.place.finding(code, message, help));
        Taken::Refused
    }

    /// Takes out relations to what is not there.
    fn settle_relations(&mut self, fact: &mut Fact) {
        let id = &fact.id;
        for (kind, targets) in &mut fact.relations {
            targets.retain(|target| {
                let known =
                    self.ids.contains(target) || (kind.accepts_entities() && self.entities.position(target).is_some());
                if !known {
                    let message = format!("`{}` of `{id}` names `{target}`, which is not in the input", kind.field());
                    let help = Some("the relation is left out".to_owned());
                    self.findings.add(self.place.finding(ImportCode::UnknownReference, message, help));
                }
                known
            });
        }
        fact.relations.retain(|(_, targets)| !targets.is_empty());
    }

    fn write_fact(&mut self, fact: &Fact) -> io::Result<()> {
        let Some(first) = fact.claims.first() else { return Ok(()) };
        if self.open.get(&fact.kind).is_some_and(|it| it.bytes >= FILE_BYTES)
            && let Some(file) = self.open.remove(&fact.kind)
        {
            close(file)?;
        }
        if !self.open.contains_key(&fact.kind) {
            let shared = Shared { document: first.document.clone(), by: first.by.clone() };
            let file =
                self.create("facts", text::file_stem(&fact.kind), &format!("{}    facts: [\n", shared.head()))?;
            self.open.insert(fact.kind.clone(), OpenFile { out: file, shared, bytes: 0 });
        }
        let Some(file) = self.open.get_mut(&fact.kind) else { return Ok(()) };
        let text = text::fact(fact, &file.shared);
        file.bytes += text.len();
        file.out.write_all(text.as_bytes())?;
        self.summary.facts += 1;
        self.summary.claims += fact.claims.len() as u64;
        Ok(())
    }

    fn create(&mut self, folder: &str, stem: &str, head: &str) -> io::Result<BufWriter<File>> {
        let count = self.files.entry(format!("{folder}/{stem}")).or_default();
        *count += 1;
        let folder = self.folder.path().join(folder);
        fs::create_dir_all(&folder)?;
        let mut out = BufWriter::new(File::create_new(folder.join(format!("{stem}-{count:03}.ron")))?);
        out.write_all(head.as_bytes())?;
        Ok(out)
    }

    fn write_entities(&mut self) -> io::Result<()> {
        let by_kind = |it: &u32| self.entities.get(*it).map(|it| (it.kind, &it.id));
        let mut order: Vec<u32> = (0..u32::try_from(self.entities.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|a, b| by_kind(a).cmp(&by_kind(b)));
        let mut file: Option<(EntityKind, BufWriter<File>, usize)> = None;
        for at in order {
            let Some((kind, text)) = self.entities.get(at).map(|it| (it.kind, text::entity(it))) else { continue };
            if file.as_ref().is_none_or(|(it, _, bytes)| *it != kind || *bytes >= FILE_BYTES)
                && let Some((_, out, _)) =
                    file.replace((kind, self.create("entities", &text::entity_stem(kind), "(\n    entities: [\n")?, 0))
            {
                finish_file(out)?;
            }
            if let Some((_, out, bytes)) = &mut file {
                out.write_all(text.as_bytes())?;
                *bytes += text.len();
            }
        }
        file.map_or(Ok(()), |(_, out, _)| finish_file(out))
    }
}

impl Sink for FolderSink {
    fn entity(&mut self, entity: Entity) -> io::Result<()> {
        if self.ids.contains(&entity.id) {
            let (code, message, help) = Problem::taken(&entity.id).into_parts(&entity.id);
            self.findings.add(self.place.finding(code, message, help));
        } else {
            self.entities.add(entity, &self.vocabulary.terms, &self.place, &mut self.findings);
        }
        Ok(())
    }

    fn fact(&mut self, mut fact: Fact) -> io::Result<Taken> {
        tidy_extra(&mut fact.extra);
        let taken = self.check(&fact, false);
        match taken {
            Taken::Kept if fact.relations.is_empty() => self.write_fact(&fact)?,
            Taken::Kept | Taken::Waits => {
                let is_taken = taken == Taken::Kept;
                self.waiting.push(Waiting { fact, place: self.place.clone(), is_taken });
            }
            Taken::Refused => {}
        }
        Ok(taken)
    }

    fn has(&self, id: &str) -> bool {
        self.ids.contains(id) || self.entities.position(id).is_some()
    }

    fn place(&mut self, file: &str, line: Option<u64>) {
        self.place.set(file, line);
    }
}

fn close(file: OpenFile) -> io::Result<()> {
    finish_file(file.out)
}

/// The end of a list in a file.
fn finish_file(mut out: BufWriter<File>) -> io::Result<()> {
    out.write_all(b"    ],\n)\n")?;
    out.flush()
}
