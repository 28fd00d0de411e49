//! Networks that purvey wrote itself: their edges say which facts they were, and become those again.

use std::collections::BTreeMap;
use std::io;

use super::desk::{Desk, keep};
use super::{RawEdge, RawNode};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::record::{Bibliography, Claim, End, Entity, Extra, Fact, Name};
use crate::model::{EntityKind, FlowEnd, Kind, Outcome, Period, Quantity, Stance, UnitIx, Vocabulary, slug};

/// Attributes that are declared at the top of a network of ours, also once another program has written it again.
const DECLARED: [&str; 5] = ["\"fact_kind\"", "\"claimed_by\"", "\"what_id\"", "\"people_of\"", "\"period_inferred\""];

/// What stands between several values of an attribute.
const BETWEEN: &str = " | ";

/// Attributes of edges that say again what other fields of the fact have.
const SAID: [&str; 18] = [
    "fact",
    "fact_kind",
    "role",
    "what",
    "what_id",
    "low",
    "high",
    "low_open",
    "high_open",
    "approximate",
    "vague",
    "unit",
    "status",
    "period",
    "earliest",
    "latest",
    "period_inferred",
    "symmetric",
];
/// Likewise; what is left of these is kept where it could not be used.
const USED: [&str; 9] =
    ["quantity", "outcome", "differs", "claims", "origins", "claimed_by", "denied_by", "record", "weight"];

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
    /// By name: the one node that is called so, or none where several are.
    names: BTreeMap<String, Option<String>>,
    /// Likewise the ids of entities that may be claimants, and of documents.
    claimants: BTreeMap<String, Option<String>>,
    documents: BTreeMap<String, Option<String>>,
    edges: Vec<RawEdge>,
    /// Facts of which the file does not say who of several gives a figure, or in which of several documents.
    open: u64,
}

fn value<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(it, _)| it == name).map(|(_, it)| it.as_str()).filter(|it| !it.trim().is_empty())
}

fn several<'a>(attributes: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    value(attributes, name).map(|it| it.split(BETWEEN).collect()).unwrap_or_default()
}

fn add_name(names: &mut BTreeMap<String, Option<String>>, name: &str, id: &str) {
    let known = names.entry(name.to_owned()).or_insert_with(|| Some(id.to_owned()));
    if known.as_deref() != Some(id) {
        *known = None;
    }
}

impl Own {
    /// Takes a node; an entity comes back for those that are one. `id` gives the id that it may have, `otherwise` is its kind if it does
    /// not say one.
    pub(super) fn node(
        &mut self,
        node: &RawNode,
        id: impl FnOnce(&str) -> String,
        otherwise: EntityKind,
    ) -> Option<Entity> {
        let get = |name: &str| value(&node.attributes, name);
        let name = node.label.as_deref().or(get("label")).unwrap_or(&node.id).to_owned();
        let kind = get("kind").unwrap_or_default();
        if kind == "fact" {
            return None;
        }
        add_name(&mut self.names, &name, &node.id);
        if let Some(of) = get("unnamed_of") {
            let end = End::Unnamed { of: slug(of), label: Some(node.id.replace('~', " ")) };
            self.ends.insert(node.id.clone(), end);
            return None;
        }
        if let (Some(of), Some((population, _))) = (get("people_of"), node.id.split_once('~')) {
            self.ends.insert(node.id.clone(), End::PeopleOf { id: slug(population), of: slug(of) });
            return None;
        }
        let kind = EntityKind::from_word(kind).unwrap_or(otherwise);
        let id = id(&node.id);
        self.ends.insert(node.id.clone(), End::entity(id.clone()));
        if EntityKind::CLAIMANTS.contains(&kind) {
            add_name(&mut self.claimants, &name, &id);
        }
        if kind == EntityKind::Document {
            add_name(&mut self.documents, &name, &id);
        }
        let mut names: Vec<Name> = get("short").into_iter().map(Name::alias).collect();
        for alias in several(&node.attributes, "aliases").into_iter().filter(|it| get("short") != Some(it)) {
            names.push(Name::alias(alias));
        }
        for code in several(&node.attributes, "codes") {
            names.push(match code.split_once(':') {
                Some((scheme, text)) => Name::code(scheme, text),
                None => Name::alias(code),
            });
        }
        let document = (kind == EntityKind::Document).then(|| Bibliography {
            title: get("title").map(str::to_owned),
            publisher: get("publisher").map(slug),
            date: get("published").map(str::to_owned),
            address: get("address").map(str::to_owned),
        });
        let mut extra = Extra::new();
        keep_parts(&mut extra, get("extra"));
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
        self.edges.push(edge);
    }
}

/// "topics: sanction | weight: 5", as the attribute `extra` has it.
fn keep_parts(extra: &mut Extra, text: Option<&str>) {
    for part in text.into_iter().flat_map(|it| it.split(BETWEEN)) {
        match part.split_once(": ") {
            Some((name, text)) => keep(extra, name, text),
            None => keep(extra, "extra", part),
        }
    }
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
        let mut reader = Reader { own: &mut own, vocabulary, kind, extra: Extra::new(), open: false };
        let roles = reader.roles(&edges);
        let missing = edges.iter().flat_map(|it| [&it.source, &it.target]);
        let missing = missing.into_iter().find(|it| !it.starts_with("fact~") && !reader.own.ends.contains_key(*it));
        if let Some(missing) = missing {
            let message = format!("an edge leads to the node `{missing}`, which is not in the file, and is left out");
            findings.at(Some(first.line)).report(ImportCode::UnknownReference, message, None);
            continue;
        }
        let attributes = &first.attributes;
        let claims = reader.claims(attributes, desk)?;
        let period = value(attributes, "period").filter(|it| Period::parse(it).is_ok()).map(str::to_owned);
        for (name, text) in attributes.iter().filter(|(it, _)| !SAID.contains(&it.as_str())) {
            match name.as_str() {
                "extra" => keep_parts(&mut reader.extra, Some(text)),
                // Those that the claims have not taken are kept by who reads them.
                "figures" | "roles" | "sources" | "stances" | "label" | "kind" => {}
                name if USED.contains(&name) => {}
                name => keep(&mut reader.extra, name, text),
            }
        }
        let (extra, open) = (reader.extra, reader.open);
        own.open += u64::from(open);
        let is_inferred = period.is_some() && value(attributes, "period_inferred") == Some("true");
        let outcome = value(attributes, "outcome").and_then(Outcome::from_word).unwrap_or_default();
        count += 1;
        desk.place(first.line);
        let id = desk.free(&slug(&fact));
        desk.sink.fact(Fact {
            id,
            kind: kind.id.to_string(),
            roles,
            period,
            outcome,
            claims,
            inferred: is_inferred.then(|| "period".to_owned()).into_iter().collect(),
            extra,
            ..Fact::default()
        })?;
    }
    let message = format!(
        "purvey wrote this network: its edges are {count} facts of their own kinds again; relations between facts, \
         places in documents, days of claims and languages of names are not in it"
    );
    let help = "--by or --edge-kind read it like any other network".to_owned();
    findings.at(None).report(ImportCode::Kept, message, Some(help));
    if own.open > 0 {
        let message = format!(
            "of {} facts the network does not say who of several gives a figure, or in which of several documents",
            own.open
        );
        let help = "figures stand with each of them, marked as inferred; the file stands for several documents";
        findings.at(None).report(ImportCode::Guessed, message, Some(help.to_owned()));
    }
    Ok(())
}

/// Reads one fact.
struct Reader<'r> {
    own: &'r mut Own,
    vocabulary: &'r Vocabulary,
    kind: &'r Kind,
    extra: Extra,
    open: bool,
}

impl Reader<'_> {
    fn flow_role(&self, end: FlowEnd) -> Option<String> {
        let spec = self.kind.roles.iter().find(|it| it.flow == Some(end))?;
        Some(self.vocabulary.role_name(spec.role).to_owned())
    }

    fn has_role(&self, name: &str) -> bool {
        self.vocabulary.role_ix(name).is_some_and(|it| self.kind.role(it).is_some())
    }

    fn roles(&mut self, edges: &[RawEdge]) -> Vec<(String, Vec<End>)> {
        let mut roles: Vec<(String, Vec<End>)> = Vec::new();
        let mut put = |role: String, end: Option<&End>| {
            let Some(end) = end.cloned() else { return };
            match roles.iter_mut().find(|it| it.0 == role) {
                Some((_, ends)) => ends.push(end),
                None => roles.push((role, vec![end])),
            }
        };
        let mut others = None;
        for edge in edges {
            if let Some(role) = value(&edge.attributes, "role").filter(|it| self.has_role(it)) {
                let party = if edge.source.starts_with("fact~") { &edge.target } else { &edge.source };
                put(role.to_owned(), self.own.ends.get(party));
                continue;
            }
            let what = value(&edge.attributes, "what_id");
            let ends = [
                (FlowEnd::Source, Some(edge.source.as_str())),
                (FlowEnd::Object, what),
                (FlowEnd::Target, Some(edge.target.as_str())),
            ];
            for (end, id) in ends {
                if let (Some(role), Some(id)) = (self.flow_role(end), id) {
                    put(role, self.own.ends.get(id));
                }
            }
            others = value(&edge.attributes, "roles");
        }
        // "carrier: Lady R | Rasul", by name only.
        let mut role: Option<String> = None;
        for part in others.into_iter().flat_map(|it| it.split(BETWEEN)) {
            let name = match part.split_once(": ").filter(|(it, _)| self.has_role(it)) {
                Some((it, name)) => {
                    role = Some(it.to_owned());
                    name
                }
                None => part,
            };
            let Some(role) = &role else { continue };
            match self.named(name) {
                Some(end) => put(role.clone(), Some(&end)),
                None => keep(&mut self.extra, role, name),
            }
        }
        roles
    }

    /// The one node that is called so.
    fn named(&self, name: &str) -> Option<End> {
        self.own.ends.get(self.own.names.get(name)?.as_deref()?).cloned()
    }

    fn claims(&mut self, attributes: &[(String, String)], desk: &mut Desk<'_>) -> io::Result<Vec<Claim>> {
        let saying = several(attributes, "claimed_by");
        let denying = several(attributes, "denied_by");
        let sources = several(attributes, "sources");
        let is_single = saying.len() + denying.len() <= 1;
        let documents = if is_single || sources.len() == 1 {
            sources.iter().map(|it| self.document(it, desk)).collect::<io::Result<Vec<_>>>()?
        } else {
            self.open |= !sources.is_empty();
            sources.iter().for_each(|it| keep(&mut self.extra, "sources", it));
            Vec::new()
        };
        let documents = if documents.is_empty() { vec![desk.document.clone()] } else { documents };
        let stances: Vec<Stance> = several(attributes, "stances")
            .into_iter()
            .filter_map(Stance::from_word)
            .filter(|it| *it != Stance::Denies)
            .collect();
        let stance = match stances[..] {
            [stance] => stance,
            [] => Stance::States,
            _ => {
                keep(&mut self.extra, "stances", value(attributes, "stances").unwrap_or_default());
                Stance::States
            }
        };
        let mut claims = Vec::new();
        for (name, stance) in saying.iter().map(|it| (it, stance)).chain(denying.iter().map(|it| (it, Stance::Denies)))
        {
            let by = self.claimant(name, desk)?;
            let (all, own) = self.figures(attributes, name);
            for document in &documents {
                let mut claim = Claim { stance, ..Claim::new(by.clone(), document.clone()) };
                if stance != Stance::Denies {
                    claim.figures.clone_from(&all);
                    if !(all.is_empty() || is_single && documents.len() == 1) {
                        self.open = true;
                        claim.inferred = all.iter().map(|it| it.0.clone()).collect();
                    }
                }
                claim.figures.extend(own.iter().filter(|it| all.iter().all(|known| known.0 != it.0)).cloned());
                claims.push(claim);
            }
        }
        if claims.is_empty() {
            let (all, _) = self.figures(attributes, "");
            claims.push(Claim { figures: all, ..Claim::new(desk.by.clone(), desk.document.clone()) });
        }
        Ok(claims)
    }

    /// Figures that all give, and those that only the claimant gives.
    fn figures(&mut self, attributes: &[(String, String)], claimant: &str) -> (Figures, Figures) {
        let (mut all, mut own) = (Figures::new(), Figures::new());
        if let Some(text) = value(attributes, "quantity") {
            let first = self.kind.figures.first().map_or("quantity", |it| &it.name).to_owned();
            self.figure(first, text, &mut all);
        }
        for part in several(attributes, "figures") {
            let (part, says) = match part.rsplit_once(", says ") {
                Some((part, who)) => (part, Some(who)),
                None => (part, None),
            };
            let Some((name, text)) = part.split_once(": ") else { continue };
            // "4 (million)": the unit in brackets is that of a figure that names none.
            let unit = |it: &str| self.vocabulary.terms.unit_ix(it).is_some();
            let bare = text.strip_suffix(')').and_then(|it| it.rsplit_once(" (")).filter(|it| unit(it.1));
            let text = bare.map_or(text, |it| it.0);
            match says {
                None => self.figure(name.to_owned(), text, &mut all),
                Some(who) if who == claimant => self.figure(name.to_owned(), text, &mut own),
                Some(_) => {}
            }
        }
        (all, own)
    }

    fn figure(&mut self, name: String, text: &str, figures: &mut Figures) {
        let known = self.kind.figures.iter().any(|it| *it.name == *name);
        let reads = Quantity::parse(text, &self.vocabulary.terms, UnitIx::default()).is_ok();
        if !known || !reads {
            if !self.extra.iter().any(|it| it.0 == name) {
                keep(&mut self.extra, &name, text);
            }
        } else if figures.iter().all(|it| it.0 != name) {
            figures.push((name, text.to_owned()));
        }
    }

    fn claimant(&mut self, name: &str, desk: &mut Desk<'_>) -> io::Result<End> {
        if let Some(Some(id)) = self.own.claimants.get(name) {
            return Ok(End::entity(id.clone()));
        }
        // Who is unnamed goes by the words of the group.
        let kind = EntityKind::Organization;
        let id = desk.free(&slug(name));
        self.own.claimants.insert(name.to_owned(), Some(id.clone()));
        desk.sink.entity(Entity { id: id.clone(), kind, name: name.to_owned(), ..Entity::default() })?;
        Ok(End::entity(id))
    }

    fn document(&mut self, name: &str, desk: &mut Desk<'_>) -> io::Result<String> {
        if let Some(Some(id)) = self.own.documents.get(name) {
            return Ok(id.clone());
        }
        let id = desk.free(&slug(name));
        self.own.documents.insert(name.to_owned(), Some(id.clone()));
        let document = Some(Bibliography { title: Some(name.to_owned()), ..Bibliography::default() });
        let kind = EntityKind::Document;
        desk.sink.entity(Entity { id: id.clone(), kind, name: name.to_owned(), document, ..Entity::default() })?;
        Ok(id)
    }
}

/// Names of figures, and the quantities in words.
type Figures = Vec<(String, String)>;
