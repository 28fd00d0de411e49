//! One entity, fact or document with all that belongs to it.

use std::collections::HashSet;
use std::ops::Range;

use super::answer::{Answer, MergedValue, Subject};
use super::build::{Builder, extra, node_ref, own_note, time_key};
use super::error::QueryError;
use super::lens::Lens;
use super::question::Question;
use super::resolve;
use super::who::hidden_remark;
use super::wording::{capital, join};
use crate::graph::{Closeness, GraphView, NameRank};
use crate::model::{ClaimIx, EntityIx, EntityKind, FactIx, NameKind, RecordIx, printable};

/// By id first: a fact, a record, then an entity by its names.
pub(crate) fn show<G: GraphView>(lens: &Lens<'_, G>, name: &str) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let question = Question::Show { name: name.to_owned() }.to_string();
    let facts = match (graph.fact_by_id(name), graph.record_by_id(name)) {
        (Some(fact), _) => vec![fact],
        (None, Some(record)) => graph.record(record).facts.map(FactIx).collect(),
        (None, None) => return show_entity(lens, name, question),
    };
    let kind = facts.first().and_then(|it| graph.vocabulary().kind(graph.fact(*it).kind));
    let title = kind.map_or(String::new(), |it| format!("{} ({name})", capital(&it.noun)));
    // By its id a fact is shown also if no claim counts any more, unless less evidence is asked for.
    let facts: Vec<FactIx> = facts.into_iter().filter(|it| lens.words().is_empty() || lens.keeps(*it)).collect();
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&facts.into_iter().map(|it| (it, None)).collect::<Vec<_>>());
    let answer = builder.finish(question, rows, Vec::new());
    Ok(Answer { title, ..answer })
}

fn show_entity<G: GraphView>(lens: &Lens<'_, G>, name: &str, question: String) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let found = resolve::entity(graph, name, "entity, fact or document", |_| true);
    let (by_part, (entity, rank, others)) = match found {
        Err(unknown @ QueryError::UnknownName { .. }) => (true, by_part(graph, name, unknown)?),
        found => (false, found?),
    };
    let view = graph.entity(entity);
    let part: Vec<FactIx> = graph.facts_of(entity.into()).to_vec();
    let mut claimed = facts_of_claims(graph, graph.claims_by(entity.into()));
    let mut rows = part;
    if view.kind == EntityKind::Document {
        // A document is shown with what it carries.
        rows.extend(facts_of_claims(graph, graph.claims_in(entity)));
        rows.sort_unstable();
        rows.dedup();
    }
    let before = rows.len();
    rows.retain(|it| lens.keeps(*it));
    let hidden = before - rows.len();
    claimed.retain(|it| lens.keeps(*it));
    let in_time = |facts: &mut Vec<FactIx>| facts.sort_by_cached_key(|it| time_key(lens, *it));
    in_time(&mut rows);
    in_time(&mut claimed);
    let mut builder = Builder::new(lens);
    let plain = |facts: Vec<FactIx>| facts.into_iter().map(|it| (it, None)).collect::<Vec<_>>();
    let rows = builder.rows(&plain(rows));
    let claimed = builder.rows(&plain(claimed));
    let mut answer = builder.finish(question, rows, claimed);
    answer.subject = Some(subject(graph, entity));
    answer.remarks.extend(revisions(graph, entity));
    if by_part || rank == NameRank::Typo {
        answer.remarks.push(resolve::read_as(graph, name, entity));
    }
    answer.remarks.extend(hidden_remark(lens, hidden));
    for (other, _) in others {
        let id = graph.entity(other).id;
        answer.remarks.push(format!("“{}” may also mean {} (`{id}`)", printable(name), resolve::prose(graph, other)));
    }
    Ok(answer)
}

/// The one entity whose name has what was typed as its words: "Kadyrov". Of several none is picked.
fn by_part<G: GraphView>(graph: &G, name: &str, unknown: QueryError) -> Result<resolve::Named, QueryError> {
    let mut found = graph.name_index().search(name);
    let has_words = name.split_whitespace().count() > 1;
    found.retain(|it| match it.closeness {
        Closeness::Exact | Closeness::Prefix | Closeness::WordPrefix => true,
        Closeness::Substring | Closeness::Typo => has_words,
    });
    match found.as_slice() {
        [only] if name.trim().chars().count() >= LEAST_OF_PART => Ok((EntityIx(only.node), only.rank, Vec::new())),
        [_, _, ..] if found.len() <= MOST_MEANT => {
            let ids = found.iter().map(|it| resolve::suggestion(graph, EntityIx(it.node))).collect();
            Err(QueryError::AmbiguousName { name: name.to_owned(), candidates: ids })
        }
        _ => Err(unknown),
    }
}

/// Letters of a part of a name by which somebody is found.
const LEAST_OF_PART: usize = 3;
/// So many that may be meant are listed.
const MOST_MEANT: usize = 10;

/// What became of a document: withdrawn, corrected by others, or itself a correction.
fn revisions<G: GraphView>(graph: &G, document: EntityIx) -> Vec<String> {
    let withdrawn = graph.document(document).withdrawn;
    let name = |it: EntityIx| format!("{} (`{}`)", resolve::prose(graph, it), graph.entity(it).id);
    let corrects: Vec<String> = graph.corrects(document).iter().map(|it| name(*it)).collect();
    let all = (0..u32::try_from(graph.entity_count()).unwrap_or(u32::MAX)).map(EntityIx);
    let is_document = graph.entity(document).kind == EntityKind::Document;
    let by = all.filter(|it| is_document && graph.corrects(*it).contains(&document)).map(name);
    let mut found: Vec<String> = withdrawn.map(|it| format!("withdrawn {}", it.to_phrase())).into_iter().collect();
    if !corrects.is_empty() {
        found.push(format!("corrects {}", join(corrects.into_iter(), "and")));
    }
    found.extend(by.map(|it| format!("corrected by {it}")));
    found
}

/// Facts of the records to which claims belong, each once.
fn facts_of_claims<G: GraphView>(graph: &G, claims: &[ClaimIx]) -> Vec<FactIx> {
    let mut records: Vec<RecordIx> = claims.iter().map(|it| graph.claim(*it).record).collect();
    records.sort_unstable();
    records.dedup();
    records.into_iter().flat_map(|it| graph.record(it).facts).map(FactIx).collect()
}

fn subject<G: GraphView>(graph: &G, entity: EntityIx) -> Subject {
    let view = graph.entity(entity);
    let reference = |it: EntityIx| node_ref(graph, it.into());
    let plural = view.plural.filter(|it| *it != view.name).map(|it| (it.to_owned(), "plural"));
    let names = graph.names(entity).map(|name| (name.text.to_owned(), sort_of(name.kind)));
    // Entities that are one may have a name in common; below it is told which has which.
    let mut known = HashSet::from([(view.name.to_owned(), "alias")]);
    let once = move |it: &(String, &'static str)| known.insert(it.clone());
    let below: &[EntityIx] = if view.kind.is_class() { graph.subtree(entity) } else { graph.parts(entity) };
    let is_child = |it: &EntityIx| {
        let child = graph.entity(*it);
        child.is_a == Some(entity) || child.part_of == Some(entity)
    };
    Subject {
        entity: reference(entity),
        names: match graph.merged_count() {
            0 => plural.into_iter().chain(names).collect(),
            _ => plural.into_iter().chain(names).filter(once).collect(),
        },
        part_of: view.part_of.map(reference),
        is_a: view.is_a.map(reference),
        below: below.iter().copied().filter(is_child).map(reference).collect(),
        note: own_note(graph, entity),
        extra: extra(graph.extra(entity)),
        merged: merged(graph, entity),
    }
}

fn sort_of(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Primary | NameKind::Alias => "alias",
        NameKind::Code => "code",
        NameKind::Demonym => "demonym",
        NameKind::Metonym => "metonym",
        NameKind::Weak => "weak alias",
    }
}

/// The entities that stand as one with this one. They are in the order of what stands for them.
fn merged<G: GraphView>(graph: &G, entity: EntityIx) -> Vec<MergedValue> {
    let count = u32::try_from(graph.merged_count()).unwrap_or(u32::MAX);
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        match graph.merged(middle).into < entity {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let of = |range: &Range<u32>| (range.start as usize, range.len());
    (low..count)
        .map(|it| graph.merged(it))
        .take_while(|it| it.into == entity)
        .map(|it| {
            let decision = graph.decision(it.decision);
            let (first, count) = of(&it.names);
            let names = graph.names(entity).skip(first).take(count);
            let (from, values) = of(&it.extra);
            MergedValue {
                id: it.id.to_owned(),
                name: it.name.to_owned(),
                names: names
                    .map(|name| (name.text.to_owned(), sort_of(name.kind)))
                    .filter(|(name, _)| name != it.name)
                    .collect(),
                extra: extra(graph.extra(entity).skip(from).take(values)),
                records: it.records.iter().map(|it| graph.record(*it).id.to_owned()).collect(),
                decided: [decision.a.to_owned(), decision.b.to_owned()],
                reason: decision.reason.map(str::to_owned),
                by: decision.by.map(str::to_owned),
                made: decision.made.map(str::to_owned),
            }
        })
        .collect()
}
