//! Why a `who` question finds nothing: which part has no match, and what there is instead.

use std::collections::BTreeSet;

use super::filter::{Filter, Filters};
use super::lens::Lens;
use super::question::Who;
use super::resolve::prose;
use super::who::matching;
use super::wording::{capital, join};
use crate::graph::GraphView;
use crate::model::{EntityIx, FactIx, NodeIx};

/// Most facts that are looked at for an explanation: a search that found nothing must not take long to say so.
const MOST_LOOKED_AT: usize = 50_000;

/// Most facts that are named.
const MOST_NAMED: usize = 3;

/// What to tell of a question that no fact fits.
///
/// A name that stands at its end in no fact is told first, with what it does take part in. Then come the options without each
/// of which alone some facts fit, with those facts. Work is bounded: a part that a great many facts fit is not looked into.
pub(crate) fn why_nothing<G: GraphView>(lens: &Lens<'_, G>, question: &Who, filters: &Filters) -> Vec<String> {
    let graph = lens.graph;
    let mut told: Vec<String> = Vec::new();
    let absent = |filter: &Filter, facts: &dyn Fn(NodeIx) -> Vec<FactIx>, ending: &str| -> Vec<String> {
        let names = filter.ends.iter().filter(|end| {
            let mut at_end = end.nodes.iter().flat_map(|it| facts(*it));
            !at_end.any(|it| filters.allowed.get(graph.fact(it).kind.index()) == Some(&true))
        });
        names.filter_map(|it| Some(absence(graph, it.named?, &it.nodes, filters, ending))).collect()
    };
    // A kind without direction has its facts under both ends.
    told.extend(absent(&filters.from, &|it| sides(graph.facts_from(it), graph.facts_to(it), graph), "comes from"));
    told.extend(absent(&filters.what, &|it| graph.facts_with(it).to_vec(), "is about"));
    told.extend(absent(&filters.to, &|it| sides(graph.facts_to(it), graph.facts_from(it), graph), "goes to"));
    told.extend(relaxed(lens, question));
    told
}

/// Facts of the one side, and those without direction of the other.
fn sides<G: GraphView>(one: &[FactIx], other: &[FactIx], graph: &G) -> Vec<FactIx> {
    let symmetric = |it: &&FactIx| graph.vocabulary().kind(graph.fact(**it).kind).is_some_and(|it| it.symmetric);
    one.iter().chain(other.iter().filter(symmetric)).copied().collect()
}

/// "No transfer comes from France; facts with France in some role are of these kinds: membership".
fn absence<G: GraphView>(graph: &G, named: EntityIx, nodes: &[NodeIx], filters: &Filters, ending: &str) -> String {
    let vocabulary = graph.vocabulary();
    let nouns = filters.kinds.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| it.noun.to_string());
    let what = match filters.kinds.is_empty() {
        true if filters.allowed.iter().all(|it| *it) => "fact".to_owned(),
        true => "transfer".to_owned(),
        false => join(nouns, "or"),
    };
    let facts: BTreeSet<FactIx> =
        nodes.iter().flat_map(|it| graph.facts_of(*it).into_owned()).take(MOST_LOOKED_AT).collect();
    let mut kinds: Vec<&str> = Vec::new();
    for kind in facts.iter().filter_map(|it| vocabulary.kind(graph.fact(*it).kind)) {
        if !kinds.contains(&&*kind.id) {
            kinds.push(&kind.id);
        }
    }
    kinds.sort_unstable();
    let name = prose(graph, named);
    let instead = match (kinds.as_slice(), graph.claims_by(named.into()).len()) {
        ([], 0) => format!("no fact is about {name}"),
        ([], _) => format!("no fact is about {name}, who only makes claims"),
        (kinds, _) => format!("facts with {name} in some role are of these kinds: {}", kinds.join(", ")),
    };
    capital(&format!("no {what} {ending} {name}; {instead}"))
}

/// "Without --during 1999, 2 facts fit: a7, a8". One option at a time.
fn relaxed<G: GraphView>(lens: &Lens<'_, G>, question: &Who) -> Vec<String> {
    let without = |change: &dyn Fn(&mut Who)| {
        let mut question = question.clone();
        change(&mut question);
        question
    };
    let all = |names: &[String]| names.join(", ");
    let mut tries: Vec<(String, Who)> = Vec::new();
    let mut add = |given: bool, option: String, change: &dyn Fn(&mut Who)| {
        if given {
            tries.push((option, without(change)));
        }
    };
    if let Some(period) = question.during {
        add(true, format!("--during {}", period.edtf()), &|it| {
            it.during = None;
            it.certainly = false;
            it.began = false;
        });
    }
    add(question.began, "--began".to_owned(), &|it| it.began = false);
    add(question.certainly, "--certainly".to_owned(), &|it| it.certainly = false);
    add(!question.outcomes.is_empty(), "--outcome".to_owned(), &|it| it.outcomes.clear());
    add(!question.from.is_empty(), format!("--from {}", all(&question.from)), &|it| it.from.clear());
    add(!question.what.is_empty(), format!("--what {}", all(&question.what)), &|it| it.what.clear());
    add(!question.to.is_empty(), format!("--to {}", all(&question.to)), &|it| it.to.clear());
    add(!question.about.is_empty(), format!("--about {}", all(&question.about)), &|it| {
        // Without kinds, `--about` alone makes every kind count.
        it.about.clear();
    });
    add(!question.of.is_empty(), format!("--of {}", all(&question.of)), &|it| it.of.clear());
    add(!question.roles.is_empty(), "--role".to_owned(), &|it| it.roles.clear());
    let graph = lens.graph;
    let mut told = Vec::new();
    for (option, question) in tries {
        let Ok(filters) = Filters::new(graph, &question) else { continue };
        if filters.least_count(graph) > MOST_LOOKED_AT {
            continue;
        }
        let found = matching(lens, &question, &filters).found;
        let mut ids: Vec<&str> = Vec::new();
        for (fact, _) in &found {
            ids.push(graph.fact(*fact).id);
        }
        ids.sort_unstable();
        let named = ids.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        match ids.len() {
            0 => {}
            1 => told.push(format!("without {option}, 1 fact fits: {named}")),
            some if some <= MOST_NAMED => told.push(format!("without {option}, {some} facts fit: {named}")),
            some => told.push(format!("without {option}, {some} facts fit: {named} …")),
        }
    }
    told
}
