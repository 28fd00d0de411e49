//! A fact as somebody said it, and the record that it becomes.

use std::path::PathBuf;

use clap::ArgMatches;

use super::names::{Names, Problem, free};
use crate::edit::{Folder, Place, Ron};
use crate::graph::{GraphView, KnowledgeGraph};
use crate::load::find_passage;
use crate::model::{EntityKind, FlowEnd, Kind, RelationKind, Vocabulary, slug};
use crate::query::read_statement;

/// Where a record goes, its name and its fields.
pub(super) type Recorded = (Place, String, Vec<(String, Ron)>);

/// A fact in names as typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// The kind of fact; without one it is in the statement.
    pub(super) kind: Option<String>,
    /// A statement in plain words.
    pub(super) statement: Option<String>,
    /// Who fills each role.
    pub(super) roles: Vec<(String, Vec<String>)>,
    /// Who is at each end.
    pub(super) ends: Vec<(FlowEnd, Vec<String>)>,
    pub(super) figures: Vec<(String, String)>,
    pub(super) relations: Vec<(RelationKind, Vec<String>)>,
    pub(super) during: Option<String>,
    pub(super) outcome: Option<String>,
    pub(super) per: Option<String>,
    pub(super) inferred: Vec<String>,
    pub(super) document: Option<String>,
    pub(super) by: Option<String>,
    pub(super) via: Vec<String>,
    pub(super) stance: Option<String>,
    pub(super) made: Option<String>,
    pub(super) scope: Option<String>,
    /// The article's file and the passage.
    pub(super) passage: Option<(PathBuf, String)>,
    pub(super) note: Option<String>,
    pub(super) draft: bool,
    pub(super) id: Option<String>,
    /// What somebody said that a name means.
    pub(super) instead: Vec<(String, String)>,
    /// Ids that are taken stand in these files.
    pub(super) taken: Folder,
}

impl Said {
    /// Reads the options of a kind, or of a statement.
    pub(super) fn of_flags(kind: Option<&str>, matches: &ArgMatches, vocabulary: &Vocabulary) -> Result<Said, String> {
        let one = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
        let many = |name: &str| -> Vec<String> {
            matches.try_get_many::<String>(name).ok().flatten().into_iter().flatten().cloned().collect()
        };
        let mut said = Said { kind: kind.map(str::to_owned), ..Said::default() };
        said.statement = kind.is_none().then(|| many("text").join(" "));
        if let Some(spec) = kind.and_then(|it| vocabulary.kind(vocabulary.kind_ix(it)?)) {
            let roles: Vec<&str> = spec.roles.iter().map(|it| vocabulary.role_name(it.role)).collect();
            said.roles.extend(roles.iter().map(|it| ((*it).to_owned(), many(it))).filter(|(_, all)| !all.is_empty()));
            for pair in many("role") {
                let (name, value) = pair.split_once('=').ok_or_else(|| format!("--role {pair}: write ROLE=NAME"))?;
                said.roles.push((name.replace('-', "_"), vec![value.to_owned()]));
            }
            for (name, end) in [("from", FlowEnd::Source), ("what", FlowEnd::Object), ("to", FlowEnd::Target)] {
                // A role of that name is meant by it.
                if !roles.contains(&name) && !many(name).is_empty() {
                    said.ends.push((end, many(name)));
                }
            }
            let figures = spec.figures.iter().map(|it| it.name.to_string());
            said.figures.extend(figures.filter_map(|it| Some((it.clone(), one(&it)?))));
            said.figures.extend(one("quantity").map(|it| ("quantity".to_owned(), it)));
            for pair in many("figure") {
                let (name, value) =
                    pair.split_once('=').ok_or_else(|| format!("--figure {pair}: write FIGURE=TEXT"))?;
                said.figures.push((name.replace('-', "_"), value.to_owned()));
            }
            let relations = RelationKind::ALL.into_iter().map(|it| (it, many(it.field())));
            said.relations.extend(relations.filter(|(_, all)| !all.is_empty()));
            said.per = one("per");
        }
        said.during = one("during");
        said.outcome = one("outcome");
        said.inferred = many("inferred").into_iter().map(|it| it.replace('-', "_")).collect();
        said.document = one("in");
        said.by = one("by");
        said.via = many("via");
        said.stance = one("stance");
        said.made = one("made");
        said.scope = one("scope");
        said.passage = matches.get_one::<PathBuf>("article").cloned().zip(one("quote"));
        said.note = one("note");
        said.draft = matches.get_flag("draft");
        said.id = one("id");
        Ok(said)
    }

    /// Where the record goes, its name and its fields.
    pub(super) fn record(&self, graph: &KnowledgeGraph) -> Result<Recorded, Problem> {
        let read;
        let said = match &self.statement {
            Some(text) => {
                read = self.with_statement(graph, text)?;
                &read
            }
            None => self,
        };
        let vocabulary = graph.vocabulary();
        let told = |text: String| Problem::Told(text);
        let kind = said.kind.as_deref().and_then(|it| vocabulary.kind(vocabulary.kind_ix(it)?));
        let kind = kind.ok_or_else(|| told("say what kind of fact it is".to_owned()))?;
        let names = Names { graph, instead: &self.instead };
        let document = said.document.as_ref().ok_or_else(|| {
            told("name the document that says so with --in; `purvey add document` makes one".to_owned())
        })?;
        let document = names.id(document, "in", |it| it == EntityKind::Document)?;
        let roles = said.filled(kind, vocabulary, &names)?;
        let mut fields: Vec<(String, Ron)> = Vec::new();
        for (name, all) in roles {
            fields.push((name, Ron::one_or_list(all)));
        }
        fields.extend(said.figures.iter().map(|(name, text)| (name.clone(), Ron::text(text))));
        let mut text = |name: &str, value: &Option<String>| {
            fields.extend(value.as_ref().map(|it| (name.to_owned(), Ron::text(it))));
        };
        text("period", &said.during);
        text("per", &said.per);
        if !said.inferred.is_empty() {
            fields.push(("inferred".to_owned(), Ron::List(said.inferred.iter().map(Ron::text).collect())));
        }
        let outcome = said.outcome.as_deref().filter(|it| *it != "happened");
        fields.extend(outcome.map(|it| ("outcome".to_owned(), Ron::Word(it.replace('-', "_")))));
        for (relation, ids) in &said.relations {
            fields.push((relation.field().to_owned(), Ron::List(ids.iter().map(Ron::text).collect())));
        }
        fields.push(("document".to_owned(), Ron::text(&document)));
        let by = match said.by.as_deref() {
            None => return Err(told("say who says so with --by, or “…, says the MSMT”".to_owned())),
            Some(by) => match by.strip_prefix("unnamed:") {
                Some(group) => names.unnamed(group, "by")?,
                None => Ron::Text(names.id(by, "by", |it| EntityKind::CLAIMANTS.contains(&it))?),
            },
        };
        fields.push(("by".to_owned(), by));
        if !said.via.is_empty() {
            let ids = said.via.iter().map(|it| names.id(it, "via", |it| it == EntityKind::Document));
            fields.push(("via".to_owned(), Ron::List(ids.map(|it| it.map(Ron::Text)).collect::<Result<_, _>>()?)));
        }
        fields.extend(said.stance.as_ref().map(|it| ("stance".to_owned(), Ron::Word(it.clone()))));
        let mut text = |name: &str, value: &Option<String>| {
            fields.extend(value.as_ref().map(|it| (name.to_owned(), Ron::text(it))));
        };
        text("made", &said.made);
        text("scope", &said.scope);
        if let Some((file, quote)) = &said.passage {
            let (at, _) = find_passage(file, quote).map_err(told)?;
            let number = |it: u32| Ron::Word(it.to_string());
            let at = vec![
                ("paragraph".to_owned(), number(at.paragraph)),
                ("length".to_owned(), number(at.length)),
                ("sha256".to_owned(), Ron::Text(at.hex())),
            ];
            fields.push(("at".to_owned(), Ron::Group(String::new(), at)));
        }
        fields.extend(said.note.as_ref().map(|it| ("note".to_owned(), Ron::text(it))));
        if said.draft {
            fields.push(("draft".to_owned(), Ron::Word("true".to_owned())));
        }
        let id = said.id.clone().unwrap_or_else(|| said.id_of(kind, &fields));
        fields.insert(0, ("id".to_owned(), Ron::Text(id)));
        Ok((Place::Facts { document }, kind.camel_case(), fields))
    }

    /// Roles with their participants, in the order of the kind.
    fn filled(
        &self,
        kind: &Kind,
        vocabulary: &Vocabulary,
        names: &Names<'_>,
    ) -> Result<Vec<(String, Vec<Ron>)>, Problem> {
        let mut found: Vec<(usize, String, Vec<Ron>)> = Vec::new();
        let mut put = |at: usize, typed: &[String]| -> Result<(), Problem> {
            let Some(spec) = kind.roles.get(at) else { return Ok(()) };
            let name = vocabulary.role_name(spec.role);
            let all =
                typed.iter().map(|it| names.participant(it, name, spec.accepts)).collect::<Result<Vec<_>, _>>()?;
            match found.iter_mut().find(|(it, ..)| *it == at) {
                Some((_, _, old)) => old.extend(all),
                None => found.push((at, name.to_owned(), all)),
            }
            Ok(())
        };
        for (name, typed) in &self.roles {
            let at = kind.roles.iter().position(|it| vocabulary.role_name(it.role) == name);
            let at = at.ok_or_else(|| {
                let roles: Vec<&str> = kind.roles.iter().map(|it| vocabulary.role_name(it.role)).collect();
                Problem::Told(format!("{} has no role `{name}`: it has {}", kind.id, roles.join(", ")))
            })?;
            put(at, typed)?;
        }
        for (end, typed) in &self.ends {
            // Of several roles of an end the first that takes them.
            let of_end = kind.roles.iter().enumerate().filter(|(_, it)| it.flow == Some(*end));
            let fits = |accepts| typed.iter().all(|it| names.participant(it, "", accepts).is_ok());
            let at = of_end.clone().find(|(_, it)| fits(it.accepts)).or_else(|| of_end.clone().next());
            let (at, _) = at.ok_or_else(|| {
                let option = match end {
                    FlowEnd::Source => "from",
                    FlowEnd::Object => "what",
                    FlowEnd::Target => "to",
                };
                Problem::Told(format!("a fact of the kind {} has no end for --{option}", kind.id))
            })?;
            put(at, typed)?;
        }
        found.sort_by_key(|(at, ..)| *at);
        Ok(found.into_iter().map(|(_, name, all)| (name, all)).collect())
    }

    /// An id of what stands at the ends and of the year.
    fn id_of(&self, kind: &Kind, fields: &[(String, Ron)]) -> String {
        let mut parts: Vec<String> = Vec::new();
        for (_, value) in fields.iter().take(3) {
            match value {
                Ron::Text(id) if crate::model::is_slug(id) => parts.push(id.clone()),
                Ron::Group(_, inner) => parts.extend(inner.iter().take(1).filter_map(|(_, it)| match it {
                    Ron::Text(id) => Some(id.clone()),
                    _ => None,
                })),
                _ => {}
            }
        }
        if parts.is_empty() {
            parts.push(kind.id.to_string());
        }
        let year = self.during.as_ref().map(|it| it.chars().take_while(char::is_ascii_digit).collect::<String>());
        parts.extend(year.filter(|it| it.len() == 4));
        free(&self.taken, &slug(&parts.join("-")))
    }

    /// What a statement says, with what the options say besides.
    fn with_statement(&self, graph: &KnowledgeGraph, text: &str) -> Result<Said, Problem> {
        let read = read_statement(graph, text).map_err(|error| {
            let help = error.help.as_ref().map_or(String::new(), |it| format!("; {it}"));
            Problem::NotUnderstood(format!("{error}{help}"))
        })?;
        let mut said = self.clone();
        said.statement = None;
        said.kind = Some(read.kind);
        let whose = |it: crate::query::StatedEnd| match it.of {
            Some(of) => format!("{} of {of}", it.id),
            None => it.id,
        };
        said.roles = read.roles.into_iter().map(|(role, all)| (role, all.into_iter().map(whose).collect())).collect();
        said.figures = read.figure.into_iter().map(|it| ("quantity".to_owned(), it)).collect();
        let twice = |what: &str| Problem::Told(format!("the statement says {what} already: leave out the option"));
        for (ours, theirs, what) in [(&mut said.during, read.period, "when"), (&mut said.by, read.by, "who says so")] {
            match (&ours, theirs) {
                (Some(_), Some(_)) => return Err(twice(what)),
                (None, theirs) => *ours = theirs,
                _ => {}
            }
        }
        if read.stance != crate::model::Stance::States {
            said.stance = said.stance.or(Some(read.stance.as_str().to_owned()));
        }
        if read.outcome != crate::model::Outcome::Happened {
            said.outcome = said.outcome.or(Some(read.outcome.as_str().to_owned()));
        }
        Ok(said)
    }
}
