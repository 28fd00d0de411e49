//! Networks that purvey wrote itself: their edges say which facts they were, and become those again.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;

use super::desk::{Desk, keep};
use super::{RawEdge, RawNode};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::record::{Bibliography, Claim, End, Entity, Extra, Fact, Name};
use crate::model::{EntityKind, FlowEnd, Kind, NameKind, Outcome, Period, RelationKind, Stance, Vocabulary, slug};

/// Attributes that are declared at the top of a network of ours, also once another program has written it again.
const DECLARED: [&str; 5] = ["\"fact_kind\"", "\"claimed_by\"", "\"what_id\"", "\"people_of\"", "\"period_inferred\""];

/// What other attributes cannot carry, as JSON.
const DATA: &str = "purvey_data";

/// Attributes of edges that say again, for people and other programs, what the fact or its data have.
const SAID: [&str; 36] = [
    "fact",
    "record",
    "fact_kind",
    "role",
    "what",
    "what_id",
    "quantity",
    "low",
    "high",
    "low_open",
    "high_open",
    "approximate",
    "vague",
    "unit",
    "figures",
    "differs",
    "outcome",
    "status",
    "period",
    "earliest",
    "latest",
    "period_inferred",
    "roles",
    "relations",
    "symmetric",
    "claims",
    "origins",
    "claimed_by",
    "denied_by",
    "stances",
    "sources",
    "extra",
    "weight",
    "label",
    "kind",
    DATA,
];

/// Whether a network is one of ours.
pub(super) fn is_ours(text: &str) -> bool {
    let mut end = text.len().min(32 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    DECLARED.iter().all(|it| head.contains(it))
}

/// What is known of such a network.
#[derive(Default)]
pub(super) struct Own {
    /// Who or what nodes stand for, by their ids.
    ends: BTreeMap<String, End>,
    /// Kinds and names of entities, by their ids.
    known: BTreeMap<String, (EntityKind, String)>,
    edges: Vec<RawEdge>,
    /// Who or what facts name that has no node.
    made: u64,
    /// Facts whose data are missing or damaged.
    bare: Vec<String>,
    /// Relations to facts that are not in the file.
    loose: u64,
    /// Facts that come in a record of their own, and were written in one with others.
    split: u64,
    /// Facts that keep as a text for how long a limit counts, or that they are a draft.
    texts: u64,
}

fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str()).filter(|it| !it.trim().is_empty())
}

impl Own {
    /// Takes a node; an entity comes back for those that are one. `id` gives the id that it may have, `otherwise` is its kind if it does
    /// not say one.
    pub(super) fn node(
        &mut self,
        node: RawNode,
        id: impl FnOnce(&str) -> String,
        otherwise: EntityKind,
    ) -> Option<Entity> {
        let node = RawNode { id: own_id(&node.id), ..node };
        let get = |name: &str| value(&node.attributes, name);
        let name = node.label.as_deref().or(get("label")).unwrap_or(&node.id).to_owned();
        let kind = get("kind").unwrap_or_default();
        if kind == "fact" {
            return None;
        }
        if let Some(of) = get("unnamed_of") {
            self.ends.insert(node.id.clone(), unnamed(slug(of), &node.id));
            return None;
        }
        if let (Some(of), Some((population, _))) = (get("people_of"), node.id.split_once('~')) {
            self.ends.insert(node.id.clone(), End::PeopleOf { id: slug(population), of: slug(of) });
            return None;
        }
        let kind = EntityKind::from_word(kind).unwrap_or(otherwise);
        let id = id(&node.id);
        self.ends.insert(node.id.clone(), End::entity(id.clone()));
        self.known.insert(id.clone(), (kind, name.clone()));
        let data = get(DATA).and_then(|it| serde_json::from_str::<Value>(it).ok()).unwrap_or_default();
        let mut names: Vec<Name> = get("short").into_iter().map(Name::alias).collect();
        names.extend(list(&data, "names").iter().filter_map(|it| {
            let kind = text(it, "kind").and_then(NameKind::from_word).filter(|it| *it != NameKind::Primary)?;
            Some(Name {
                text: text(it, "text")?.to_owned(),
                kind,
                lang: text(it, "lang").map(str::to_owned),
                script: None,
            })
        }));
        let document = (kind == EntityKind::Document).then(|| Bibliography {
            title: get("title").map(str::to_owned),
            publisher: get("publisher").map(slug),
            date: get("published").map(str::to_owned),
            address: get("address").map(str::to_owned),
        });
        let extra = extra(&data);
        let is_class = kind.is_class();
        Some(Entity {
            id,
            kind,
            name,
            names,
            part_of: get("part_of").map(slug),
            is_a: get("is_a").filter(|_| is_class).map(slug),
            document,
            extra,
            ..Entity::default()
        })
    }

    /// Takes an edge: all nodes must be known before it means anything.
    pub(super) fn edge(&mut self, edge: RawEdge) {
        let (source, target) = (own_id(&edge.source), own_id(&edge.target));
        self.edges.push(RawEdge { source, target, ..edge });
    }
}

/// In GraphML `fact~a6` is `fact.a6`: ids there have fewer marks.
fn own_id(id: &str) -> String {
    id.replace('.', "~")
}

/// Somebody unnamed, by the number that the export gave.
fn unnamed(of: String, id: &str) -> End {
    End::Unnamed { of, label: Some(id.replace('~', " ")) }
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    list(value, name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// `[["topics", ["sanction"]]]`, as the data have it.
fn extra(data: &Value) -> Extra {
    let mut extra = Extra::new();
    for it in list(data, "extra") {
        let Some((name, values)) = it.get(0).and_then(Value::as_str).zip(it.get(1).and_then(Value::as_array)) else {
            continue;
        };
        values.iter().filter_map(Value::as_str).for_each(|it| keep(&mut extra, name, it));
    }
    extra
}

/// Makes facts of all edges.
pub(super) fn finish(mut own: Own, desk: &mut Desk<'_>, findings: &mut ImportFindings) -> io::Result<()> {
    let Some(vocabulary) = desk.vocabulary else { return Ok(()) };
    // Where facts are nodes, all edges of one are its roles.
    let mut by_fact: BTreeMap<String, Vec<RawEdge>> = BTreeMap::new();
    let mut order = Vec::new();
    for edge in std::mem::take(&mut own.edges) {
        let fact = value(&edge.attributes, "fact").or(edge.id.as_deref()).unwrap_or_default().to_owned();
        let edges = by_fact.entry(fact.clone()).or_insert_with(|| {
            order.push(fact);
            Vec::new()
        });
        edges.push(edge);
    }
    // A record with several facts comes as a record for each: what names it means them all.
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fact in &order {
        let id = desk.free(&slug(fact));
        let edges = by_fact.get(fact).into_iter().flatten();
        let record = edges.filter_map(|it| value(&it.attributes, "record")).next().filter(|it| *it != fact);
        if let Some(record) = record {
            own.split += 1;
            ids.entry(record.to_owned()).or_default().push(id.clone());
        }
        ids.insert(fact.clone(), vec![id]);
    }
    let mut count = 0_u64;
    for fact in order {
        let edges = by_fact.remove(&fact).unwrap_or_default();
        let Some(first) = edges.first() else { continue };
        let id = value(&first.attributes, "fact_kind").unwrap_or_default();
        let Some(kind) = vocabulary.kind_ix(id).and_then(|it| vocabulary.kind(it)) else {
            let message = format!("the kind `{id}` of `{fact}` is not in the vocabulary: the fact is left out");
            let help = "name the file that defines it with --vocabulary".to_owned();
            findings.at(Some(first.line)).report(ImportCode::BadVocabulary, message, Some(help));
            continue;
        };
        let missing = edges.iter().flat_map(|it| [&it.source, &it.target]);
        let missing = missing.into_iter().find(|it| !it.starts_with("fact~") && !own.ends.contains_key(*it));
        if let Some(missing) = missing {
            let message = format!("an edge leads to the node `{missing}`, which is not in the file, and is left out");
            findings.at(Some(first.line)).report(ImportCode::UnknownReference, message, None);
            continue;
        }
        count += 1;
        desk.place(first.line);
        let id = ids.get(&fact).and_then(|it| it.first()).cloned().unwrap_or_default();
        let fact = Reader { own: &mut own, desk: &mut *desk, vocabulary, kind, ids: &ids }.fact(id, &edges)?;
        desk.sink.fact(fact)?;
    }
    own.tell(count, findings);
    Ok(())
}

impl Own {
    /// What came back, and what did not.
    fn tell(&self, count: u64, findings: &mut ImportFindings) {
        let mut report = |code, message: String, help: Option<&str>| {
            findings.at(None).report(code, message, help.map(str::to_owned));
        };
        let message = format!(
            "purvey wrote this network: its edges are {count} facts of their own kinds again; places in documents, \
             claims that relations have of their own, and words for prose (articles, short names, verbs) are not in it"
        );
        let help = "--by or --edge-kind read it like any other network";
        report(ImportCode::Kept, message, Some(help));
        if self.split > 0 {
            let message = format!(
                "{} facts that were written in one record with others have a record each, with the claims of all",
                self.split
            );
            report(ImportCode::Kept, message, None);
        }
        if self.loose > 0 {
            let message =
                format!("{} relations lead to facts that are not in the file: they are kept as text", self.loose);
            report(ImportCode::Kept, message, Some("`--shape nodes` exports facts without two ends too"));
        }
        if self.texts > 0 {
            let message = format!(
                "of {} facts it is kept as a text that they are drafts, or for how long their limit counts",
                self.texts
            );
            report(ImportCode::Kept, message, Some("write `draft` and `per` into the records"));
        }
        if self.made > 0 {
            let message = format!(
                "{} claimants, documents and others have no node here: of them the network knows name and kind alone",
                self.made
            );
            report(ImportCode::Kept, message, Some("an export of all data has nodes for them"));
        }
        if !self.bare.is_empty() {
            let named: Vec<&str> = self.bare.iter().take(3).map(String::as_str).collect();
            let more = if self.bare.len() > named.len() { " …" } else { "" };
            let message = format!(
                "{} facts have no `{DATA}` any more ({}{more}): the file claims them, and attributes say what they said",
                self.bare.len(),
                named.join(", ")
            );
            report(ImportCode::Guessed, message, None);
        }
    }
}

/// Reads one fact.
struct Reader<'r, 'd> {
    own: &'r mut Own,
    desk: &'r mut Desk<'d>,
    vocabulary: &'r Vocabulary,
    kind: &'r Kind,
    /// By the ids of records and facts in the file: those of the facts that they are now.
    ids: &'r BTreeMap<String, Vec<String>>,
}

impl Reader<'_, '_> {
    fn fact(&mut self, id: String, edges: &[RawEdge]) -> io::Result<Fact> {
        let attributes = edges.iter().find(|it| value(&it.attributes, DATA).is_some()).or(edges.first());
        let attributes = attributes.map(|it| it.attributes.as_slice()).unwrap_or_default();
        let data = value(attributes, DATA).and_then(|it| serde_json::from_str::<Value>(it).ok());
        let is_bare = data.is_none();
        let data = data.unwrap_or_default();
        let mut extra = extra(&data);
        for (name, text) in attributes {
            let is_said = SAID.contains(&name.as_str());
            // Without data, what attributes say in words is all there is.
            let words = ["claimed_by", "denied_by", "stances", "sources", "quantity", "figures", "roles", "extra"];
            if !is_said || is_bare && words.contains(&name.as_str()) {
                keep(&mut extra, name, text);
            }
            self.own.texts += u64::from(name == "per" || name == "draft");
        }
        let roles = self.roles(edges, &data)?;
        let mut claims = Vec::new();
        for it in list(&data, "claims") {
            claims.extend(self.claim(it, &roles)?);
        }
        if claims.is_empty() {
            self.own.bare.push(id.clone());
            let document = self.desk.document()?;
            claims.push(Claim::new(self.desk.by.clone(), document));
        }
        let period = value(attributes, "period").filter(|it| Period::parse(it).is_ok()).map(str::to_owned);
        let outcome = value(attributes, "outcome").and_then(Outcome::from_word).unwrap_or_default();
        let relations = self.relations(&data, &mut extra);
        let inferred = if is_bare {
            let is_inferred = period.is_some() && value(attributes, "period_inferred") == Some("true");
            is_inferred.then(|| "period".to_owned()).into_iter().collect()
        } else {
            let mut inferred = texts(&data, "inferred");
            inferred.retain(|name| match name.as_str() {
                "period" => period.is_some(),
                "outcome" => outcome != Outcome::Happened,
                _ => true,
            });
            // What a record says of all its claims, each says for itself here.
            inferred.retain(|name| {
                let is_of_record =
                    matches!(name.as_str(), "period" | "outcome") || roles.iter().any(|it| it.0 == *name);
                for claim in claims.iter_mut().filter(|_| !is_of_record) {
                    let has = match name.as_str() {
                        "made" => claim.made.is_some(),
                        "scope" => claim.scope.is_some(),
                        "withdrawn" => claim.withdrawn.is_some(),
                        figure => claim.figures.iter().any(|it| it.0 == figure),
                    };
                    if has && !claim.inferred.contains(name) {
                        claim.inferred.push(name.clone());
                    }
                }
                is_of_record
            });
            inferred
        };
        let kind = self.kind.id.to_string();
        Ok(Fact { id, kind, roles, period, outcome, relations, claims, inferred, extra })
    }

    fn flow_role(&self, end: FlowEnd) -> Option<String> {
        let spec = self.kind.roles.iter().find(|it| it.flow == Some(end))?;
        Some(self.vocabulary.role_name(spec.role).to_owned())
    }

    fn has_role(&self, name: &str) -> bool {
        self.vocabulary.role_ix(name).is_some_and(|it| self.kind.role(it).is_some())
    }

    /// Those at the ends as the edges have them now; all others as the data do.
    fn roles(&mut self, edges: &[RawEdge], data: &Value) -> io::Result<Vec<(String, Vec<End>)>> {
        let mut roles: Vec<(String, Vec<End>)> = Vec::new();
        let mut put = |role: String, end: End| match roles.iter_mut().find(|it| it.0 == role) {
            Some((_, ends)) => ends.push(end),
            None => roles.push((role, vec![end])),
        };
        let mut is_edge = false;
        for edge in edges {
            if let Some(role) = value(&edge.attributes, "role").filter(|it| self.has_role(it)) {
                let party = if edge.source.starts_with("fact~") { &edge.target } else { &edge.source };
                self.own.ends.get(party).cloned().into_iter().for_each(|it| put(role.to_owned(), it));
                continue;
            }
            is_edge = true;
            for (end, id) in [(FlowEnd::Source, &edge.source), (FlowEnd::Target, &edge.target)] {
                if let Some((role, it)) = self.flow_role(end).zip(self.own.ends.get(id).cloned()) {
                    put(role, it);
                }
            }
            if data.is_null()
                && let Some(id) = value(&edge.attributes, "what_id")
                && let Some(spec) = self.kind.roles.iter().find(|it| it.flow == Some(FlowEnd::Object))
            {
                // Without data nobody says of which kind it is, where it is no node.
                let kind = spec.accepts.iter().next().unwrap_or_default();
                let name = value(&edge.attributes, "what").unwrap_or(id);
                let what = serde_json::json!({"id": id, "name": name, "kind": kind.as_str()});
                let role = self.vocabulary.role_name(spec.role).to_owned();
                self.end(&what)?.into_iter().for_each(|it| put(role.clone(), it));
            }
        }
        // Where facts are nodes, each role has an edge.
        for it in list(data, "roles").iter().filter(|_| is_edge) {
            let Some((role, refs)) = it.get(0).and_then(Value::as_str).zip(it.get(1).and_then(Value::as_array)) else {
                continue;
            };
            if !self.has_role(role) {
                continue;
            }
            for it in refs {
                if let Some(end) = self.end(it)? {
                    put(role.to_owned(), end);
                }
            }
        }
        Ok(roles)
    }

    /// Who or what is meant; it is made if the network has no node for it.
    fn end(&mut self, reference: &Value) -> io::Result<Option<End>> {
        let Some(id) = text(reference, "id") else { return Ok(None) };
        if let Some(known) = self.own.ends.get(id) {
            return Ok(Some(known.clone()));
        }
        let group = |reader: &mut Self, name: &str| match reference.get(name) {
            Some(it) => Ok(reader.end(it)?.and_then(|it| match it {
                End::Entity(id) => Some(id),
                _ => None,
            })),
            None => io::Result::Ok(None),
        };
        let name = text(reference, "name").unwrap_or(id).to_owned();
        let end = if let Some(of) = group(self, "unnamed_of")? {
            unnamed(of, id)
        } else if let (Some(of), Some((population, _))) = (group(self, "people_of")?, id.split_once('~')) {
            let class = match self.own.ends.get(population) {
                Some(End::Entity(id)) => id.clone(),
                _ => self.make(population, EntityKind::Population, population.replace('-', " "))?,
            };
            End::PeopleOf { id: class, of }
        } else {
            let kind = text(reference, "kind").and_then(EntityKind::from_word).unwrap_or_default();
            return Ok(Some(End::Entity(self.make(id, kind, name)?)));
        };
        self.own.ends.insert(id.to_owned(), end.clone());
        Ok(Some(end))
    }

    fn make(&mut self, id: &str, kind: EntityKind, name: String) -> io::Result<String> {
        self.own.made += 1;
        let free = self.desk.free(&slug(id));
        self.own.ends.insert(id.to_owned(), End::entity(free.clone()));
        self.own.known.insert(free.clone(), (kind, name.clone()));
        let is_document = kind == EntityKind::Document;
        let document = is_document.then(|| Bibliography { title: Some(name.clone()), ..Bibliography::default() });
        self.desk.sink.entity(Entity { id: free.clone(), kind, name, document, ..Entity::default() })?;
        Ok(free)
    }

    fn document(&mut self, reference: &Value) -> io::Result<Option<String>> {
        Ok(self.end(reference)?.and_then(|it| match it {
            End::Entity(id) => Some(id),
            _ => None,
        }))
    }

    fn claim(&mut self, data: &Value, roles: &[(String, Vec<End>)]) -> io::Result<Option<Claim>> {
        let by = data.get("by").map(|it| self.end(it)).transpose()?.flatten();
        let document = data.get("document").map(|it| self.document(it)).transpose()?.flatten();
        let (Some(by), Some(document)) = (by, document) else { return Ok(None) };
        let mut via = Vec::new();
        for it in list(data, "via") {
            via.extend(self.document(it)?);
        }
        let owned = |name: &str| text(data, name).map(str::to_owned);
        let mut figures = Vec::new();
        for it in list(data, "figures") {
            let (Some(name), Some(words)) = (text(it, "name"), text(it, "text")) else { continue };
            figures.push((name.to_owned(), words.to_owned()));
            if let Some(unit) = text(it, "unit") {
                self.unit(name, unit, roles)?;
            }
        }
        Ok(Some(Claim {
            stance: text(data, "stance").and_then(Stance::from_word).unwrap_or_default(),
            via,
            made: owned("made"),
            figures,
            period: owned("period"),
            scope: owned("scope"),
            withdrawn: owned("withdrawn"),
            inferred: texts(data, "inferred"),
            ..Claim::new(by, document)
        }))
    }

    /// A figure whose words name no unit has that of its materiel, where the kind does not say one.
    fn unit(&mut self, figure: &str, unit: &str, roles: &[(String, Vec<End>)]) -> io::Result<()> {
        let declared = self.kind.figures.iter().find(|it| *it.name == *figure).and_then(|it| it.unit);
        let object = self.flow_role(FlowEnd::Object).and_then(|role| roles.iter().find(|it| it.0 == role));
        let (None, Some([End::Entity(id)])) = (declared, object.map(|(_, ends)| ends.as_slice())) else {
            return Ok(());
        };
        if let Some((EntityKind::Materiel, name)) = self.own.known.get(id).filter(|_| unit != "piece") {
            let (id, name, unit) = (id.clone(), name.clone(), Some(unit.to_owned()));
            self.desk.sink.entity(Entity { id, kind: EntityKind::Materiel, name, unit, ..Entity::default() })?;
        }
        Ok(())
    }

    /// Relations to what the file has; the rest is kept as text.
    fn relations(&mut self, data: &Value, extra: &mut Extra) -> Vec<(RelationKind, Vec<String>)> {
        let mut relations: Vec<(RelationKind, Vec<String>)> = Vec::new();
        for it in list(data, "relations") {
            let Some((name, to)) = it.get(0).and_then(Value::as_str).zip(it.get(1).and_then(Value::as_str)) else {
                continue;
            };
            let entity = match self.own.ends.get(to) {
                Some(End::Entity(id)) => vec![id.clone()],
                _ => Vec::new(),
            };
            let targets = self.ids.get(to).unwrap_or(&entity);
            let Some(kind) =
                RelationKind::ALL.into_iter().find(|it| it.as_str() == name).filter(|_| !targets.is_empty())
            else {
                self.own.loose += 1;
                keep(extra, "relations", &format!("{name}: {to}"));
                continue;
            };
            match relations.iter_mut().find(|(it, _)| *it == kind) {
                Some((_, all)) => all.extend(targets.iter().cloned()),
                None => relations.push((kind, targets.clone())),
            }
        }
        relations
    }
}
