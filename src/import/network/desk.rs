//! Nodes and edges as entities and facts.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::gaps::Gaps;
use super::own::{self, Own};
use super::time::{Absent, Bounds, TimeFormat, spell};
use super::{NetworkOptions, RawEdge, RawNode};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::record::{Bibliography, Claim, End, Entity, Extra, Fact};
use crate::import::sink::Sink;
use crate::model::{EntityKind, FlowEnd, Period, Vocabulary, is_web_address, slug};

/// What directed edges are, unless somebody says otherwise.
const RELATIONSHIP: &str = "relationship";
/// What edges without a direction are.
const LINK: &str = "link";

/// Makes records of one file.
pub(super) struct Desk<'d> {
    options: &'d NetworkOptions,
    pub(super) vocabulary: Option<&'d Vocabulary>,
    pub(super) sink: &'d mut dyn Sink,
    file: String,
    /// The id of the document that the file is, and its entity until a claim names it.
    document: String,
    unused: Option<Entity>,
    pub(super) by: End,
    /// Ids that were given, by the ids of nodes.
    ids: BTreeMap<String, String>,
    taken: BTreeSet<String>,
    /// By the stem of ids: the number behind the one that was given last.
    numbers: BTreeMap<String, u64>,
    edge_ids: BTreeSet<String>,
    /// Ids of the documents that edges name, by what they call them.
    sources: BTreeMap<String, String>,
    /// Edges whose nodes have not come yet.
    waiting: Vec<RawEdge>,
    edges: u64,
    /// The first line of an edge with a direction, and of one without.
    directed: Option<u64>,
    undirected: Option<u64>,
    /// If purvey wrote the network.
    own: Option<Own>,
    gaps: Gaps,
}

impl<'d> Desk<'d> {
    pub(super) fn new(
        options: &'d NetworkOptions,
        vocabulary: Option<&'d Vocabulary>,
        file: &Path,
        sink: &'d mut dyn Sink,
    ) -> io::Result<Desk<'d>> {
        let name = file.file_name().map_or_else(|| "network".to_owned(), |it| it.to_string_lossy().into_owned());
        let title = options.document_title.clone().unwrap_or_else(|| name.clone());
        let document = slug(&title);
        let file = file.display().to_string();
        let mut taken = BTreeSet::from([document.clone()]);
        sink.place(&file, None);
        let claimant = match &options.by {
            Some(by) => {
                let id = slug(by);
                let kind = EntityKind::Organization;
                sink.entity(Entity { id: id.clone(), kind, name: by.clone(), ..Entity::default() })?;
                taken.insert(id.clone());
                Some(id)
            }
            None => None,
        };
        let unused = Some(Entity {
            id: document.clone(),
            kind: EntityKind::Document,
            name: title.clone(),
            document: Some(Bibliography {
                title: Some(title),
                publisher: claimant.clone(),
                date: options.document_date.clone(),
                address: options.document_address.clone(),
            }),
            ..Entity::default()
        });
        let by = End::entity(claimant.unwrap_or_else(|| document.clone()));
        Ok(Desk {
            options,
            vocabulary,
            sink,
            file,
            document,
            unused,
            by,
            ids: BTreeMap::new(),
            taken,
            numbers: BTreeMap::new(),
            edge_ids: BTreeSet::new(),
            sources: BTreeMap::new(),
            waiting: Vec::new(),
            edges: 0,
            directed: None,
            undirected: None,
            own: None,
            gaps: Gaps::default(),
        })
    }

    /// The id of the document that the file is. It is an entity once it is named.
    pub(super) fn document(&mut self) -> io::Result<String> {
        self.unused.take().map_or(Ok(()), |it| self.sink.entity(it))?;
        Ok(self.document.clone())
    }

    /// A node as an entity.
    pub(super) fn node(&mut self, node: RawNode, findings: &mut ImportFindings) -> io::Result<()> {
        if self.ids.contains_key(&node.id) {
            let message = format!("a second node has the id `{}` and is left out", node.id);
            findings.at(Some(node.line)).report(ImportCode::DuplicateId, message, None);
            return Ok(());
        }
        if let Some(mut own) = self.own.take() {
            let otherwise = self.options.node_kind.unwrap_or_default();
            let (id, line) = (node.id.clone(), node.line);
            let entity = own.node(node, |id| self.free(&slug(id)), otherwise);
            self.own = Some(own);
            self.ids.insert(id, entity.as_ref().map_or(String::new(), |it| it.id.clone()));
            self.sink.place(&self.file, Some(line));
            return entity.map_or(Ok(()), |it| self.sink.entity(it));
        }
        let kind = self.kind_of(&node);
        // Two ids of nodes may have one slug, and a document or claimant may have it.
        let id = self.free(&slug(&node.id));
        let named = |wanted: &str| node.attributes.iter().find(|(name, _)| name == wanted).map(|(_, it)| it.clone());
        let name = node.label.clone().or_else(|| named("label")).or_else(|| named("name"));
        let name = name.unwrap_or_else(|| node.id.clone());
        let mut extra = Extra::new();
        if id != node.id {
            keep(&mut extra, "id", &node.id);
        }
        if let Some(inside) = &node.inside {
            keep(&mut extra, "inside", inside);
        }
        for (attribute, value) in &node.attributes {
            let is_name = matches!(attribute.as_str(), "label" | "name") && *value == name;
            let is_kind = EntityKind::from_word(value) == Some(kind) && self.says_kind(attribute);
            if !is_name && !is_kind {
                keep(&mut extra, attribute, value);
            }
        }
        self.ids.insert(node.id.clone(), id.clone());
        self.sink.place(&self.file, Some(node.line));
        self.sink.entity(Entity { id, kind, name, extra, ..Entity::default() })
    }

    /// The network was written by purvey; somebody who says what edges are, or who claims them, reads it like any other.
    pub(super) fn is_ours(&mut self) -> io::Result<()> {
        let is_plain = self.options.by.is_some() || self.options.edge_kind.is_some();
        self.own = (!is_plain && self.vocabulary.is_some()).then(Own::default);
        if self.own.is_none() { self.document().map(|_| ()) } else { Ok(()) }
    }

    /// What comes next stands there.
    pub(super) fn place(&mut self, line: u64) {
        self.sink.place(&self.file, Some(line));
    }

    /// A free id: the stem, or that with a number behind it. Any number may want one stem, so each goes on where the last one was.
    pub(super) fn free(&mut self, stem: &str) -> String {
        let mut id = stem.to_owned();
        if !self.taken.insert(id.clone()) {
            let number = self.numbers.entry(stem.to_owned()).or_insert(1);
            while !self.taken.insert(id.clone()) {
                *number += 1;
                id = format!("{stem}-{number}");
            }
        }
        id
    }

    fn says_kind(&self, attribute: &str) -> bool {
        match &self.options.kind_attribute {
            Some(wanted) => attribute == wanted,
            None => matches!(attribute, "kind" | "type"),
        }
    }

    fn kind_of(&mut self, node: &RawNode) -> EntityKind {
        let values = || node.attributes.iter().filter(|(name, _)| self.says_kind(name));
        let found = values().find_map(|(_, value)| EntityKind::from_word(&value.trim().to_lowercase()));
        if found.is_none() {
            let said = values().next().map(|(name, value)| (name.clone(), value.clone()));
            self.gaps.kindless(said);
        }
        found.or(self.options.node_kind).unwrap_or_default()
    }

    /// An edge as a fact; it waits if its nodes have not come yet.
    pub(super) fn edge(&mut self, edge: RawEdge, findings: &mut ImportFindings) -> io::Result<()> {
        self.gaps.edge(&edge, self.options);
        if edge.source.is_empty() || edge.target.is_empty() {
            let which = if edge.source.is_empty() { "source" } else { "target" };
            findings.at(Some(edge.line)).report(
                ImportCode::MissingValue,
                format!("an edge has no {which} and is left out"),
                None,
            );
            return Ok(());
        }
        if let Some(own) = &mut self.own {
            own.edge(edge);
            return Ok(());
        }
        if self.ids.contains_key(&edge.source) && self.ids.contains_key(&edge.target) {
            return self.fact(edge, findings);
        }
        self.waiting.push(edge);
        Ok(())
    }

    /// Makes facts of the edges that came before their nodes, and reports those whose nodes never came.
    pub(super) fn finish(mut self, findings: &mut ImportFindings) -> io::Result<()> {
        std::mem::take(&mut self.gaps).report(self.options, findings);
        if let Some(own) = self.own.take() {
            return own::finish(own, &mut self, findings);
        }
        for edge in std::mem::take(&mut self.waiting) {
            let missing = [&edge.source, &edge.target].into_iter().find(|it| !self.ids.contains_key(*it)).cloned();
            match missing {
                None => self.fact(edge, findings)?,
                Some(missing) => {
                    let message =
                        format!("an edge leads to the node `{missing}`, which is not in the file, and is left out");
                    findings.at(Some(edge.line)).report(ImportCode::UnknownReference, message, None);
                }
            }
        }
        if let (Some(with), Some(without)) = (self.directed, self.undirected) {
            let message = format!(
                "edges with and without direction stand in one file (lines {with} and {without}): each is read as it says"
            );
            let help = "many programs refuse such a file, or read all edges as one sort".to_owned();
            findings.at(None).report(ImportCode::Kept, message, Some(help));
        }
        Ok(())
    }

    fn fact(&mut self, edge: RawEdge, findings: &mut ImportFindings) -> io::Result<()> {
        self.edges += 1;
        let first = if edge.undirected { &mut self.undirected } else { &mut self.directed };
        first.get_or_insert(edge.line);
        let ends = [self.ids.get(&edge.source).cloned(), self.ids.get(&edge.target).cloned()];
        let [Some(source), Some(target)] = ends else { return Ok(()) };
        let ends = [End::entity(source), End::entity(target)];
        let kind = match &self.options.edge_kind {
            Some(kind) => kind.clone(),
            None if edge.undirected => LINK.to_owned(),
            None => RELATIONSHIP.to_owned(),
        };
        if edge.undirected && self.options.edge_kind.is_some() && !self.is_symmetric(&kind) {
            let message = format!("an edge without direction is taken for a fact of the kind `{kind}`, which has one");
            findings.at(Some(edge.line)).report(ImportCode::Kept, message, None);
        }
        let Some([from, to]) = self.roles(&kind) else {
            let message = format!("the kind `{kind}` has no source and target, which edges need");
            findings.at(Some(edge.line)).report(ImportCode::BadVocabulary, message, None);
            return Ok(());
        };
        let mut extra = Extra::new();
        if let Some(label) = &edge.label {
            keep(&mut extra, "label", label);
        }
        if let Some(id) = &edge.id {
            keep(&mut extra, "id", id);
            if !self.edge_ids.insert(id.clone()) {
                let message = format!("a second edge has the id `{id}`: it is read with another");
                findings.at(Some(edge.line)).report(ImportCode::Kept, message, None);
            }
        }
        let wanted = self.options.source_attribute.as_deref();
        for (attribute, value) in edge.attributes.iter().filter(|(name, _)| wanted != Some(name)) {
            keep(&mut extra, attribute, value);
        }
        let claims: Vec<Claim> = edge
            .attributes
            .iter()
            .filter(|(name, value)| wanted == Some(name) && !value.trim().is_empty())
            .map(|(_, source)| self.claim_in(source.trim()))
            .collect::<io::Result<_>>()?;
        let claims = match claims.as_slice() {
            [] => vec![Claim::new(self.by.clone(), self.document.clone())],
            _ => claims,
        };
        let spells = self.spells(&edge, findings);
        let spells: Vec<Option<String>> =
            if spells.is_empty() { vec![None] } else { spells.into_iter().map(Some).collect() };
        let named = edge.id.as_deref().map_or_else(|| format!("e{}", self.edges), slug);
        let stem = format!("{}-{named}", self.document);
        for period in spells {
            // Each spell is a fact of its own: it held, and held again.
            let id = self.free(&stem);
            let [source, target] = ends.clone();
            self.sink.place(&self.file, Some(edge.line));
            self.sink.fact(Fact {
                id,
                kind: kind.clone(),
                roles: vec![(from.clone(), vec![source]), (to.clone(), vec![target])],
                period,
                claims: claims.clone(),
                extra: extra.clone(),
                ..Fact::default()
            })?;
        }
        Ok(())
    }

    /// A claim in the document that an edge names, which came to us in the file.
    fn claim_in(&mut self, source: &str) -> io::Result<Claim> {
        let id = match self.sources.get(source) {
            Some(id) => id.clone(),
            None => {
                let stem = format!("{}-source-{}", self.document, slug(source));
                let id = self.free(&stem);
                self.sources.insert(source.to_owned(), id.clone());
                let address = is_web_address(source).then(|| source.to_owned());
                self.sink.entity(Entity {
                    id: id.clone(),
                    kind: EntityKind::Document,
                    name: source.to_owned(),
                    document: Some(Bibliography { title: Some(source.to_owned()), address, ..Bibliography::default() }),
                    ..Entity::default()
                })?;
                id
            }
        };
        let by = if self.options.by.is_some() { self.by.clone() } else { End::entity(id.clone()) };
        Ok(Claim { via: vec![id], ..Claim::new(by, self.document.clone()) })
    }

    /// When an edge is there: as it says itself, else as its attributes do: `period` as EDTF, `start` and `end`, or `earliest`
    /// and `latest`, as days. A `period` of the same first and last day says more than those.
    fn spells(&self, edge: &RawEdge, findings: &mut ImportFindings) -> Vec<String> {
        let named = |wanted: &str| edge.attributes.iter().find(|(name, _)| name == wanted).map(|(_, it)| it.clone());
        let period = named("period").and_then(|it| Period::parse(&it).ok());
        if let [spell] = edge.spells.as_slice()
            && let (Some(period), Ok(spell)) = (period, Period::parse(spell))
            && (period.earliest(), period.latest()) == (spell.earliest(), spell.latest())
        {
            return vec![period.edtf()];
        }
        if !edge.spells.is_empty() || edge.unread_time {
            return edge.spells.clone();
        }
        if let Some(period) = period {
            return vec![period.edtf()];
        }
        for (start, end) in [("start", "end"), ("earliest", "latest")] {
            let bound = |name: &str| named(name).map(|it| (it, false));
            let bounds = Bounds { start: bound(start), end: bound(end) };
            if bounds != Bounds::default() {
                return spell(&bounds, Absent::Unknown, TimeFormat::Date, edge.line, findings).into_iter().collect();
            }
        }
        Vec::new()
    }

    fn is_symmetric(&self, kind: &str) -> bool {
        let vocabulary = self.vocabulary;
        vocabulary.and_then(|it| it.kind(it.kind_ix(kind)?)).is_some_and(|it| it.symmetric)
    }

    /// The roles at the ends of a kind; those of the kinds built in are known without a vocabulary.
    fn roles(&self, kind: &str) -> Option<[String; 2]> {
        let Some(vocabulary) = self.vocabulary else { return Some(["subject".to_owned(), "object".to_owned()]) };
        let roles = &vocabulary.kind(vocabulary.kind_ix(kind)?)?.roles;
        let role = |end: FlowEnd| {
            let role = roles.iter().find(|it| it.flow == Some(end))?.role;
            Some(vocabulary.role_name(role).to_owned())
        };
        Some([role(FlowEnd::Source)?, role(FlowEnd::Target)?])
    }
}

/// Adds a value, unless it is blank.
pub(super) fn keep(extra: &mut Extra, name: &str, value: &str) {
    if value.trim().is_empty() {
        return;
    }
    match extra.iter_mut().find(|(it, _)| it == name) {
        Some((_, values)) => values.push(value.to_owned()),
        None => extra.push((name.to_owned(), vec![value.to_owned()])),
    }
}
