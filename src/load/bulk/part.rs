//! Records of a part of a file, checked: what is kept of each while all are looked through, and what each says in the end.

use std::collections::{BTreeSet, HashMap};
use std::io;
use std::sync::Arc;

use super::index::{Index, Place, number};
use super::split::Chunk;
use super::texts::{Part, Texts};
use crate::diagnostic::{FileId, Span};
use crate::load::LoadOptions;
use crate::load::check::assemble::Built;
use crate::load::check::facts::{FileContext, Head, Outcomes, read_one};
use crate::load::check::nodes::Nodes;
use crate::load::check::{EntityTable, KnownEntities, records};
use crate::load::draft::{DraftFile, Record as Draft, Shape, Value};
use crate::load::findings::Findings;
use crate::load::read::read_part;
use crate::model::{Claim, Dataset, EntityIx, Fact, FactId, KindIx, NodeIx, Period, Record, RelationKind};

/// What findings about records need to know of one.
pub(super) struct Told {
    pub(super) span: Span,
    pub(super) facts: Vec<FactId>,
    pub(super) period: Option<Period>,
}

/// What records are read with besides entities.
pub(super) struct Base<'s, 'a> {
    pub(super) known: &'s Arc<KnownEntities<'a>>,
    pub(super) kinds: &'s HashMap<String, KindIx>,
    /// By file.
    pub(super) drafts: &'s [DraftFile<'s>],
    pub(super) heads: &'s [Head],
    pub(super) options: LoadOptions,
    pub(super) texts: &'s Texts,
}

impl<'s, 'a> Base<'s, 'a> {
    pub(super) fn over(&self, dataset: &'s Dataset) -> Setting<'s, 'a> {
        let Base { known, kinds, drafts, heads, options, texts } = *self;
        Setting { dataset, known, kinds, drafts, heads, options, texts }
    }
}

/// What records are read with, on any thread.
pub(super) struct Setting<'s, 'a> {
    pub(super) dataset: &'s Dataset,
    known: &'s Arc<KnownEntities<'a>>,
    pub(super) kinds: &'s HashMap<String, KindIx>,
    drafts: &'s [DraftFile<'s>],
    heads: &'s [Head],
    options: LoadOptions,
    texts: &'s Texts,
}

/// A relation whose target is not looked up yet.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) record: u32,
    pub(super) kind: RelationKind,
    pub(super) target: Box<str>,
    pub(super) span: Span,
    pub(super) claims: u32,
}

/// What is kept of records while all are looked through. Records are numbered from 0.
#[derive(Default)]
pub(super) struct Found {
    pub(super) index: Index,
    pub(super) claims: usize,
    pub(super) relations: Vec<Pending>,
    pub(super) nodes: Vec<(String, EntityIx, bool)>,
    pub(super) drafts: BTreeSet<String>,
    pub(super) lost: BTreeSet<String>,
    /// Records with the entities that they name and that do not stand for themselves.
    pub(super) named: Vec<(u32, u32)>,
}

impl Found {
    /// Takes what was found behind this.
    pub(super) fn append(&mut self, part: Found) {
        let before = number(self.index.count());
        for record in 0..number(part.index.count()) {
            if let Some(place) = part.index.place(record) {
                self.index.push(part.index.id(record), place);
            }
        }
        self.claims += part.claims;
        self.relations.extend(part.relations.into_iter().map(|it| Pending { record: before + it.record, ..it }));
        self.named.extend(part.named.into_iter().map(|(record, it)| (before + record, it)));
    }

    fn take(&mut self, outcome: Outcomes<'_>, place: Place) {
        let built = match outcome {
            Outcomes::Draft(id) => return self.drafts.extend([id.to_owned()]),
            Outcomes::Lost(ids) => return self.lost.extend(ids),
            Outcomes::Built(built) => built,
        };
        let Built { id, facts, claims, relations, named, .. } = *built;
        let record = self.index.push(id.text, Place { facts: number(facts.len()), ..place });
        self.claims += claims.len();
        self.relations.extend(relations.into_iter().map(|it| Pending {
            record,
            kind: it.kind,
            target: it.target.text.into(),
            span: it.target.span,
            claims: number(it.claims.len()),
        }));
        self.named.extend(named.into_iter().map(|it| (record, it)));
    }
}

/// What a record says.
pub(super) struct Said {
    pub(super) record: Record,
    pub(super) facts: Vec<Fact>,
    pub(super) claims: Vec<Claim>,
    /// Claims of each of its relations, whether or not that has any.
    pub(super) relations: Vec<Vec<Claim>>,
}

impl Setting<'_, '_> {
    fn head(&self, file: u32) -> Option<&Head> {
        self.heads.get(file as usize)
    }

    /// Looks through a part of a file. None if it cannot be read by itself.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub(super) fn look(
        &self,
        file: u32,
        Chunk { start, length, checksum }: Chunk,
        findings: &mut Findings,
    ) -> io::Result<Option<Found>> {
        let part = self.texts.part(file, start, length)?;
        if crc32fast::hash(part.between(start, start + length).as_bytes()) != checksum {
            return Err(self.texts.changed(file));
        }
        let Ok(draft) = read_part(&part.text, FileId(file), part.base) else { return Ok(None) };
        let Some(head) = self.head(file) else { return Ok(None) };
        let table = EntityTable::new(Arc::clone(self.known));
        let mut context = FileContext::new(&table, self.dataset, self.kinds);
        context.set_head(head);
        let mut found = Found::default();
        let mut nodes = Nodes::behind(self.dataset.entities.len());
        let all = elements(&draft);
        let ends = all.iter().skip(1).map(|it| it.span.start).chain([start + length]);
        for (value, end) in all.iter().zip(ends) {
            let Shape::Struct(record) = &value.shape else { continue };
            let place = place_of(file, &part, (value.span.start, end));
            let outcome = read_one(record, self.options, &context, head, &mut nodes, findings);
            found.take(outcome, place);
        }
        // Tells what is no record.
        records(&draft, "facts", findings);
        found.nodes = nodes.list;
        Ok(Some(found))
    }

    /// The same for the records of a file that was read whole.
    pub(super) fn look_at_whole(&self, file: u32, draft: &DraftFile<'_>, findings: &mut Findings) -> Found {
        let mut found = Found::default();
        let Some(head) = self.head(file) else { return found };
        let table = EntityTable::new(Arc::clone(self.known));
        let mut context = FileContext::new(&table, self.dataset, self.kinds);
        context.set_head(head);
        let mut nodes = Nodes::behind(self.dataset.entities.len());
        for record in records(draft, "facts", findings) {
            let place = Place { file, start: record.span.start, length: 0, checksum: 0, facts: 0 };
            let outcome = read_one(record, self.options, &context, head, &mut nodes, findings);
            found.take(outcome, place);
        }
        found.nodes = nodes.list;
        found
    }

    /// What records say, in the order in which they are given; unnamed participants have the nodes that are given.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is not what it was.
    pub(super) fn say(&self, places: &[Place], nodes: &Arc<HashMap<String, NodeIx>>) -> io::Result<Vec<Said>> {
        let mut said = Vec::with_capacity(places.len());
        self.read_again(places, nodes, &mut |built| {
            said.push(Said {
                record: built.record,
                facts: built.facts,
                claims: built.claims,
                relations: built.relations.into_iter().map(|it| it.claims).collect(),
            });
        })?;
        Ok(said)
    }

    /// What findings about a record need to know of it.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or is not what it was.
    pub(super) fn tell(&self, place: Place) -> io::Result<Option<Told>> {
        let mut told = None;
        self.read_again(&[place], &Arc::default(), &mut |built| {
            let facts = built.facts.into_iter().map(|it| it.id).collect();
            told = Some(Told { span: built.id.span, facts, period: built.record.period });
        })?;
        Ok(told)
    }

    fn read_again(
        &self,
        places: &[Place],
        nodes: &Arc<HashMap<String, NodeIx>>,
        take: &mut dyn FnMut(Built<'_>),
    ) -> io::Result<()> {
        // What stands together is read together.
        for run in places.chunk_by(|a, b| a.file == b.file && a.start.saturating_add(a.length) == b.start) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let changed = || self.texts.changed(first.file);
            let head = self.head(first.file).ok_or_else(changed)?;
            let table = EntityTable::new(Arc::clone(self.known));
            let mut context = FileContext::new(&table, self.dataset, self.kinds);
            context.set_head(head);
            let mut findings = Findings::default();
            let mut nodes = Nodes::with(self.dataset.entities.len(), Arc::clone(nodes));
            let mut read = |record| match read_one(record, self.options, &context, head, &mut nodes, &mut findings) {
                Outcomes::Built(built) => {
                    take(*built);
                    Ok(())
                }
                _ => Err(changed()),
            };
            if first.length == 0 {
                read(self.of_whole(*first).ok_or_else(changed)?)?;
                continue;
            }
            let end = last.start.saturating_add(last.length);
            let part = self.texts.part(first.file, first.start, end - first.start)?;
            if run.iter().any(|it| place_of(it.file, &part, (it.start, it.start + it.length)).checksum != it.checksum) {
                return Err(changed());
            }
            let draft = read_part(&part.text, FileId(first.file), part.base).map_err(|_| changed())?;
            let drafts: Vec<&Draft<'_>> = records(&draft, "facts", &mut Findings::default());
            if drafts.len() != run.len() {
                return Err(changed());
            }
            drafts.into_iter().try_for_each(&mut read)?;
        }
        Ok(())
    }

    /// A record of a file that was read whole.
    fn of_whole(&self, place: Place) -> Option<&Draft<'_>> {
        let start = |value: &Value<'_>| match &value.shape {
            Shape::Struct(record) => record.span.start,
            _ => value.span.start,
        };
        let fields = &self.drafts.get(place.file as usize)?.fields;
        fields.iter().filter(|it| it.name == "facts").find_map(|field| {
            let Shape::List(list) = &field.value.shape else { return None };
            let at = list.binary_search_by_key(&place.start, start).ok()?;
            let Shape::Struct(record) = &list.get(at)?.shape else { return None };
            Some(&**record)
        })
    }
}

fn elements<'d, 's>(draft: &'d DraftFile<'s>) -> &'d [Value<'s>] {
    match draft.fields.first().map(|it| &it.value.shape) {
        Some(Shape::List(list)) => list,
        _ => &[],
    }
}

fn place_of(file: u32, part: &Part, (start, end): (u32, u32)) -> Place {
    let checksum = crc32fast::hash(part.between(start, end).as_bytes());
    Place { file, start, length: end.saturating_sub(start), checksum, facts: 0 }
}
