//! Lists: names that contain a text, all of a kind, and numbers about the whole.

use super::answer::{Answer, Entry};
use super::build::{Builder, time_key};
use super::error::QueryError;
use super::lens::Lens;
use super::question::Question;
use super::resolve;
use super::wording::capital;
use crate::graph::GraphView;
use crate::model::{EntityIx, EntityKind, FactIx, KindIx};

/// Entities with a name that contains the text, best fit first.
pub(crate) fn find<G: GraphView>(lens: &Lens<'_, G>, text: &str) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let entries = graph
        .name_index()
        .search(text)
        .into_iter()
        .map(|found| {
            let entity = EntityIx(found.node);
            let mut entry = entity_entry(graph, entity);
            let name = graph.name_index().name(found.name).unwrap_or_default();
            if name != entry.name && name != entry.id {
                entry.detail = name.to_owned();
            }
            entry
        })
        .collect();
    finish(lens, Question::Find { text: text.to_owned() }, entries)
}

fn entity_entry<G: GraphView>(graph: &G, entity: EntityIx) -> Entry {
    let view = graph.entity(entity);
    let facts = match view.kind {
        EntityKind::Document => graph.claims_in(entity).len(),
        _ => graph.facts_of(entity.into()).len(),
    };
    Entry {
        sort: view.kind.as_str().to_owned(),
        id: view.id.to_owned(),
        name: view.name.to_owned(),
        detail: String::new(),
        facts,
    }
}

fn finish<G: GraphView>(lens: &Lens<'_, G>, question: Question, entries: Vec<Entry>) -> Result<Answer, QueryError> {
    let mut answer = Builder::new(lens).finish(question.to_string(), Vec::new(), Vec::new());
    answer.entries = Some(entries);
    Ok(answer)
}

/// All entities of a kind, the facts of a kind, or what the vocabulary holds.
pub(crate) fn list<G: GraphView>(lens: &Lens<'_, G>, what: &str) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let question = Question::List { what: what.to_owned() };
    let word = what.to_lowercase();
    let entities = (0..u32::try_from(graph.entity_count()).unwrap_or(u32::MAX)).map(EntityIx);
    if let Some(kind) = EntityKind::from_word(&word) {
        let entries = entities.filter(|it| graph.entity(*it).kind == kind).map(|it| entity_entry(graph, it)).collect();
        return finish(lens, question, entries);
    }
    let all_facts = || (0..u32::try_from(graph.fact_count()).unwrap_or(u32::MAX)).map(FactIx).collect::<Vec<_>>();
    let facts = match word.as_str() {
        "entities" => return finish(lens, question, entities.map(|it| entity_entry(graph, it)).collect()),
        "kinds" => return finish(lens, question, kinds(graph)),
        "units" => return finish(lens, question, units(graph)),
        "facts" => all_facts(),
        _ => match resolve::kind(graph, what) {
            Ok(kind) => graph.facts_of_kind(kind).to_vec(),
            Err(_) => {
                let words = EntityKind::ALL.map(|it| it.plural().to_owned()).into_iter();
                let more = ["entities", "kinds", "units", "facts"].map(str::to_owned);
                let kinds = graph.vocabulary().kinds.iter().map(|it| it.id.to_string());
                return Err(resolve::unknown_kind(what, words.chain(more).chain(kinds).collect()));
            }
        },
    };
    let mut facts = facts;
    facts.retain(|it| lens.keeps(*it));
    facts.sort_by_cached_key(|it| time_key(lens, *it));
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&facts.into_iter().map(|it| (it, None)).collect::<Vec<_>>());
    let answer = builder.finish(question.to_string(), rows, Vec::new());
    Ok(Answer { title: capital(&word), ..answer })
}

fn kinds<G: GraphView>(graph: &G) -> Vec<Entry> {
    let vocabulary = graph.vocabulary();
    let entry = |(at, kind): (usize, &crate::model::Kind)| {
        let roles: Vec<&str> = kind.roles.iter().map(|it| vocabulary.role_name(it.role)).collect();
        Entry {
            sort: if kind.flow { "flow" } else { "kind" }.to_owned(),
            id: kind.id.to_string(),
            name: kind.camel_case(),
            detail: roles.join(", "),
            facts: graph.facts_of_kind(KindIx::from_usize(at)).len(),
        }
    };
    vocabulary.kinds.iter().enumerate().map(entry).collect()
}

fn units<G: GraphView>(graph: &G) -> Vec<Entry> {
    let units = graph.vocabulary().terms.units().iter();
    units
        .map(|unit| Entry {
            sort: "unit".to_owned(),
            id: unit.id.to_string(),
            name: unit.plural.to_string(),
            detail: unit.dimension.to_string(),
            facts: 0,
        })
        .collect()
}

/// What the graph holds, in numbers.
pub(crate) fn stats<G: GraphView>(lens: &Lens<'_, G>) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let mut answer = Builder::new(lens).finish(Question::Stats.to_string(), Vec::new(), Vec::new());
    let mut counts = vec![
        ("entities".to_owned(), graph.entity_count()),
        ("unnamed participants".to_owned(), graph.node_count().saturating_sub(graph.entity_count())),
        ("records".to_owned(), graph.record_count()),
        ("facts".to_owned(), graph.fact_count()),
        ("claims".to_owned(), graph.claim_count()),
    ];
    let entities = (0..u32::try_from(graph.entity_count()).unwrap_or(u32::MAX)).map(EntityIx);
    let mut by_kind = [0_usize; EntityKind::ALL.len()];
    for entity in entities {
        if let Some(count) = by_kind.get_mut(graph.entity(entity).kind as usize) {
            *count += 1;
        }
    }
    counts.extend(EntityKind::ALL.iter().zip(by_kind).map(|(kind, count)| (kind.plural().to_owned(), count)));
    for (at, kind) in graph.vocabulary().kinds.iter().enumerate() {
        let facts = graph.facts_of_kind(KindIx::from_usize(at)).len();
        if facts > 0 {
            counts.push((format!("facts of kind {}", kind.id), facts));
        }
    }
    answer.counts = Some(counts);
    Ok(answer)
}
