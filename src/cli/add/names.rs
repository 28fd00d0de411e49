//! From names as typed to ids, and entities that are not there yet. A misspelt name is a question, never an answer.

use crate::edit::{Folder, Place, Ron};
use crate::graph::{GraphView, KnowledgeGraph, NameMatch, NameRank};
use crate::model::{EntityIx, EntityKind, EntityKinds, camel_case, printable, slug};

/// Why no record can be made yet.
pub(super) enum Problem {
    /// A name that nothing has.
    Unknown(Unknown),
    /// A statement that is not understood, or a name that may be several.
    NotUnderstood(String),
    /// Anything else.
    Told(String),
}

/// A name that nothing has, and what is near to it.
pub(super) struct Unknown {
    pub(super) typed: String,
    /// The role or field.
    pub(super) field: String,
    /// Kinds that may be meant.
    pub(super) kinds: Vec<EntityKind>,
    /// The nearest: id and name.
    pub(super) near: Vec<(String, String)>,
}

impl Unknown {
    /// What is not known, what is near to it, and the way out: `--new` where the command has that option.
    pub(super) fn tell(&self, has_new: bool) -> String {
        let typed = printable(&self.typed);
        let near: Vec<String> = self.near.iter().map(|(id, name)| format!("{} (`{id}`)", printable(name))).collect();
        let near = if near.is_empty() { String::new() } else { format!("; the closest are {}", near.join(", ")) };
        // Whoever speaks or publishes is more often an organization than a country.
        let speaks = matches!(self.field.as_str(), "by" | "publisher");
        let usual = self.kinds.iter().find(|it| speaks && **it == EntityKind::Organization).or(self.kinds.first());
        let kind = usual.map_or("organization", |it| it.as_str());
        // A document has a publisher and a date, which `--new` doesn't take.
        let way_out = if has_new && kind != EntityKind::Document.as_str() {
            format!("to make it, add --new \"{kind}:{typed}\"")
        } else {
            format!("to make it, first `purvey add {kind} \"{typed}\"`")
        };
        format!("--{}: nothing is called “{typed}”{near}; {way_out}", self.field.replace('_', "-"))
    }
}

/// An entity that is to be made.
#[derive(Clone, Debug)]
pub(super) struct NewEntity {
    pub(super) kind: EntityKind,
    pub(super) name: String,
    pub(super) id: Option<String>,
    /// Further fields, in order.
    pub(super) fields: Vec<(String, Ron)>,
}

impl NewEntity {
    /// `country:Ruritania`, or `country:Ruritania=ruritania` with its id.
    pub(super) fn parse(text: &str) -> Result<NewEntity, String> {
        let kinds = || EntityKind::ALL.map(EntityKind::as_str).join(", ");
        let wrong =
            || format!("--new \"{text}\": write KIND:NAME, as in --new country:Ruritania; the kinds are {}", kinds());
        let (kind, name) = text.split_once(':').ok_or_else(wrong)?;
        let kind = EntityKind::from_word(kind.trim()).ok_or_else(wrong)?;
        let (name, id) = match name.rsplit_once('=') {
            Some((name, id)) => (name, Some(id.trim().to_owned())),
            None => (name, None),
        };
        if name.trim().is_empty() {
            return Err(wrong());
        }
        Ok(NewEntity { kind, name: name.trim().to_owned(), id, fields: Vec::new() })
    }

    pub(super) fn place(&self) -> Place {
        Place::Entities(self.kind)
    }

    /// The name of the record and its fields.
    pub(super) fn record(&self, folder: &Folder) -> Result<(String, Vec<(String, Ron)>), Problem> {
        let id = self.id.clone().unwrap_or_else(|| free(folder, &slug(&self.name)));
        let mut fields = vec![("id".to_owned(), Ron::text(id)), ("name".to_owned(), Ron::text(&self.name))];
        fields.extend(self.fields.iter().cloned());
        Ok((camel_case(self.kind.as_str()), fields))
    }

    /// The same with the ids of what it refers to.
    pub(super) fn resolved(&self, names: &Names<'_>) -> Result<NewEntity, Problem> {
        let mut new = self.clone();
        for (field, value) in &mut new.fields {
            let kinds: &[EntityKind] = match field.as_str() {
                "part_of" => self.kind.wholes(),
                "is_a" => &[self.kind],
                "publisher" => &EntityKind::PUBLISHERS,
                _ => continue,
            };
            if let Ron::Text(typed) = value {
                *value = Ron::Text(names.id(typed, field, |kind| kinds.is_empty() || kinds.contains(&kind))?);
            }
        }
        Ok(new)
    }

    /// Another name instead of one that nothing has.
    pub(super) fn replace(&mut self, typed: &str, id: &str) {
        for (_, value) in &mut self.fields {
            if *value == Ron::text(typed) {
                *value = Ron::text(id);
            }
        }
    }
}

/// An id that nothing has yet: the slug, or the slug with a number.
pub(super) fn free(folder: &Folder, slug: &str) -> String {
    let mut ids = (1_usize..).map(|it| if it == 1 { slug.to_owned() } else { format!("{slug}-{it}") });
    // As a string in a file it is taken, whatever it stands for there.
    let is_free = |id: &String| !folder.texts().any(|(_, text)| text.contains(&format!("\"{id}\"")));
    ids.find(is_free).unwrap_or_else(|| slug.to_owned())
}

/// Names of the data.
pub(super) struct Names<'n> {
    pub(super) graph: &'n KnowledgeGraph,
    /// What somebody said that a name means.
    pub(super) instead: &'n [(String, String)],
}

impl Names<'_> {
    /// The id of an entity.
    pub(super) fn id(&self, typed: &str, field: &str, accept: impl Fn(EntityKind) -> bool) -> Result<String, Problem> {
        let instead = self.instead.iter().find(|(it, _)| it == typed).map(|(_, id)| id.as_str());
        let typed = instead.unwrap_or(typed).trim();
        let graph = self.graph;
        if let Some(found) = graph.entity_by_id(typed)
            && accept(graph.entity(found).kind)
        {
            return Ok(graph.entity(found).id.to_owned());
        }
        let kind = |node: u32| graph.entity(EntityIx(node)).kind;
        let told = |node: &u32| {
            let it = graph.entity(EntityIx(*node));
            (it.id.to_owned(), it.name.to_owned())
        };
        let unknown = |near: Vec<u32>| {
            Err(Problem::Unknown(Unknown {
                typed: typed.to_owned(),
                field: field.to_owned(),
                kinds: EntityKind::ALL.into_iter().filter(|it| accept(*it)).collect(),
                near: near.iter().map(told).collect(),
            }))
        };
        match graph.name_index().lookup(typed, |node| accept(kind(node))) {
            NameMatch::One { node, rank, .. } if rank != NameRank::Typo => Ok(told(&node).0),
            NameMatch::One { node, .. } => unknown(vec![node]),
            NameMatch::Many { nodes, rank } if rank != NameRank::Typo => {
                let ids: Vec<String> = nodes.iter().map(|it| format!("`{}`", told(it).0)).collect();
                let field = field.replace('_', "-");
                Err(Problem::NotUnderstood(format!(
                    "--{field}: “{}” may be {}: write the one that you mean",
                    printable(typed),
                    ids.join(" or ")
                )))
            }
            NameMatch::Many { nodes, .. } => unknown(nodes),
            NameMatch::None { near } => unknown(near),
        }
    }

    /// Whoever fills a role: `Russia`, `unnamed:msmt`, `unnamed:msmt#1`, `children of Ukraine`.
    pub(super) fn participant(&self, typed: &str, field: &str, accepts: EntityKinds) -> Result<Ron, Problem> {
        if let Some(group) = typed.strip_prefix("unnamed:") {
            return self.unnamed(group, field);
        }
        let whole = self.id(typed, field, |kind| accepts.contains(kind));
        if let (Err(Problem::Unknown(_)), Some((people, whose))) = (&whole, typed.split_once(" of "))
            && accepts.contains(EntityKind::Population)
            && let Ok(id) = self.id(people, field, |kind| kind == EntityKind::Population)
        {
            let of = self.id(whose, field, |kind| kind != EntityKind::Document)?;
            let fields = vec![("id".to_owned(), Ron::Text(id)), ("of".to_owned(), Ron::Text(of))];
            return Ok(Ron::Group(String::new(), fields));
        }
        whole.map(Ron::Text)
    }

    /// Somebody without a name, one of a group.
    pub(super) fn unnamed(&self, group: &str, field: &str) -> Result<Ron, Problem> {
        let (group, label) = match group.split_once('#') {
            Some((group, label)) => (group, Some(label)),
            None => (group, None),
        };
        let of = self.id(group, field, |kind| kind != EntityKind::Document)?;
        let mut fields = vec![("of".to_owned(), Ron::Text(of))];
        fields.extend(label.map(|it| ("label".to_owned(), Ron::text(it))));
        Ok(Ron::Group("Unnamed".to_owned(), fields))
    }
}

/// Entities with names like one, as people read them.
pub(super) fn alike(graph: &KnowledgeGraph, name: &str, kind: EntityKind) -> Vec<String> {
    let mut nodes: Vec<u32> = graph.name_index().matches(name).into_iter().map(|(node, _)| node).collect();
    nodes.extend(graph.name_index().suggestions(name));
    let mut told = Vec::new();
    for node in nodes.into_iter().take(5) {
        let it = graph.entity(EntityIx(node));
        // A document is often called by its publisher's name and a date.
        if (kind == EntityKind::Document) != (it.kind == EntityKind::Document) {
            continue;
        }
        let text = format!("{} (`{}`, {})", printable(it.name), it.id, it.kind.as_str());
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}

/// The entity of that kind that has the name already.
pub(super) fn same(graph: &KnowledgeGraph, name: &str, kind: EntityKind) -> Option<String> {
    let found = graph.name_index().matches(name).into_iter().map(|(node, _)| graph.entity(EntityIx(node)));
    found.filter(|it| it.kind == kind).map(|it| it.id.to_owned()).next()
}
