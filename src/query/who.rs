//! Who supplied what to whom.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::build::{Builder, time_key};
use super::error::QueryError;
use super::lens::Lens;
use super::question::{Question, Sort, Who};
use super::resolve::{self, End};
use super::totals::totals;
use super::wording::{capital, join};
use crate::graph::GraphView;
use crate::model::{Certainty, FactIx, FlowEnd, KindIx, NodeIx, Period, during};

/// A name typed for one field, with all the nodes that it and its neighbours allow.
#[derive(Default)]
struct Filter {
    ends: Vec<End>,
    nodes: Vec<NodeIx>,
}

impl Filter {
    fn new(names: &[String], resolve: impl Fn(&str) -> Result<End, QueryError>) -> Result<Filter, QueryError> {
        let ends = names.iter().map(|it| resolve(it)).collect::<Result<Vec<_>, _>>()?;
        let mut nodes: Vec<NodeIx> = ends.iter().flat_map(|it| it.nodes.iter().copied()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        Ok(Filter { ends, nodes })
    }

    fn is_open(&self) -> bool {
        self.ends.is_empty()
    }

    fn allows(&self, node: Option<NodeIx>) -> bool {
        self.is_open() || node.is_some_and(|it| self.nodes.binary_search(&it).is_ok())
    }
}

/// Facts that fit all that is given, in the order asked for. By index: time is that of the facts of the scarcest
/// field, never of the whole graph unless only a kind is given.
pub(crate) fn who<G: GraphView>(lens: &Lens<'_, G>, question: &Who) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let from = Filter::new(&question.from, |it| resolve::end(graph, it, question.include_parts))?;
    let to = Filter::new(&question.to, |it| resolve::end(graph, it, question.include_parts))?;
    let what = Filter::new(&question.what, |it| resolve::item(graph, it))?;
    let kinds = question.kinds.iter().map(|it| resolve::kind(graph, it)).collect::<Result<Vec<_>, _>>()?;
    let vocabulary = graph.vocabulary();
    let allowed: Vec<bool> = vocabulary
        .kinds
        .iter()
        .enumerate()
        .map(|(at, kind)| if kinds.is_empty() { kind.flow } else { kinds.contains(&KindIx::from_usize(at)) })
        .collect();

    let mut found: Vec<(FactIx, Option<Certainty>)> = Vec::new();
    let mut others: BTreeSet<KindIx> = BTreeSet::new();
    let mut hidden = 0_usize;
    // An outcome alone is looked for in every kind, to tell of facts that the choice of kinds leaves out.
    let looked_at = if question.outcomes.is_empty() { allowed.clone() } else { vec![true; allowed.len()] };
    for fact in candidates(graph, &from, &what, &to, question.during.as_ref(), &looked_at) {
        let view = graph.fact(fact);
        let Some(kind) = vocabulary.kind(view.kind) else { continue };
        let end = |end: FlowEnd| view.ends.get(end).map(|it| it.node);
        let (source, target) = (end(FlowEnd::Source), end(FlowEnd::Target));
        let fits =
            (from.allows(source) && to.allows(target)) || (kind.symmetric && from.allows(target) && to.allows(source));
        let record = graph.record(view.record);
        if !fits
            || !what.allows(end(FlowEnd::Object))
            || !(question.outcomes.is_empty() || question.outcomes.contains(&record.outcome))
        {
            continue;
        }
        let period = lens.period(view.record);
        let matched = question.during.map(|window| during(period.as_ref(), &window, kind.aspect));
        if matched == Some(Certainty::Impossible) || (question.certainly && matched != Some(Certainty::Certain)) {
            continue;
        }
        if !lens.keeps(fact) {
            hidden += 1;
            continue;
        }
        if allowed.get(view.kind.index()) == Some(&true) {
            found.push((fact, matched));
        } else {
            others.insert(view.kind);
        }
    }
    sort(lens, &mut found, question.sort);
    let total = found.len();
    // A sum is over all that fits, whatever is shown.
    let sums = question.total.map(|by| totals(lens, &found, by));
    if let Some(limit) = question.limit {
        found.truncate(limit);
    }

    let mut builder = Builder::new(lens);
    let rows = builder.rows(&found);
    let mut answer = builder.finish(Question::Who(question.clone()).to_string(), rows, Vec::new());
    answer.title = title(graph, question, &kinds, [&what, &from, &to]);
    let ends = from.ends.iter().chain(&what.ends).chain(&to.ends);
    answer.remarks.extend(ends.clone().filter_map(|it| it.remark.clone()));
    if found.is_empty() {
        answer.remarks.extend(ends.filter_map(|it| it.otherwise.clone()));
        if !others.is_empty() {
            let flags = others.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| format!("--kind {}", it.id));
            let flags: Vec<String> = flags.collect();
            answer.remarks.push(format!("facts of other kinds fit: {}", flags.join(" ")));
        }
    } else if found.len() < total {
        answer.remarks.push(format!("{} of {total} facts are shown: --limit", found.len()));
    }
    if let Some((totals, remarks)) = sums {
        answer.totals = Some(totals);
        answer.remarks.extend(remarks);
    }
    answer.remarks.extend(possible_remark(&found));
    answer.remarks.extend(hidden_remark(lens, hidden));
    Ok(answer)
}

/// How many facts the evidence asked for leaves out.
pub(crate) fn hidden_remark<G: GraphView>(lens: &Lens<'_, G>, hidden: usize) -> Option<String> {
    let (facts, of) = match hidden {
        1 => ("1 other fact fits".to_owned(), "it"),
        _ => (format!("{hidden} other facts fit"), "them"),
    };
    let words = lens.words();
    match (hidden, words) {
        (0, _) => None,
        (_, "") => Some(format!("{facts}, but every claim of {of} was withdrawn")),
        (_, words) => Some(format!("{facts}, but not on the evidence asked for:{words}")),
    }
}

/// What "possible" beside a fact means.
pub(crate) fn possible_remark(facts: &[(FactIx, Option<Certainty>)]) -> Option<String> {
    let possible = facts.iter().any(|(_, it)| *it == Some(Certainty::Possible));
    possible.then(|| "facts marked “possible” may lie outside the period asked for".to_owned())
}

/// "Transfers of weapons from North Korea to Russia, 2024".
fn title<G: GraphView>(graph: &G, question: &Who, kinds: &[KindIx], fields: [&Filter; 3]) -> String {
    let vocabulary = graph.vocabulary();
    let plurals = kinds.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| it.plural.to_string());
    let mut text = match kinds {
        [] => "transfers".to_owned(),
        _ => join(plurals, "and"),
    };
    for (word, field) in ["of", "from", "to"].into_iter().zip(fields) {
        let names = field.ends.iter().filter_map(|it| it.named).map(|entity| {
            let view = graph.entity(entity);
            view.plural.map_or_else(|| resolve::prose(graph, entity), str::to_owned)
        });
        let names = join(names, "or");
        if !names.is_empty() {
            text.push_str(&format!(" {word} {names}"));
        }
    }
    if let Some(window) = question.during {
        text.push_str(&format!(", {}", window.to_words()));
    }
    capital(&text)
}

/// Facts by the index of the field that has the fewest, each once. Without any, by the index of time or of kinds.
fn candidates<G: GraphView>(
    graph: &G,
    from: &Filter,
    what: &Filter,
    to: &Filter,
    during: Option<&Period>,
    allowed: &[bool],
) -> Vec<FactIx> {
    // A symmetric fact stands under both of its ends.
    let any_end = |filter: &Filter| -> Vec<FactIx> {
        filter.nodes.iter().flat_map(|it| graph.facts_from(*it).iter().chain(graph.facts_to(*it))).copied().collect()
    };
    let objects = || what.nodes.iter().flat_map(|it| graph.facts_with(*it)).copied().collect::<Vec<_>>();
    let mut lists = Vec::new();
    if !from.is_open() {
        lists.push(any_end(from));
    }
    if !to.is_open() {
        lists.push(any_end(to));
    }
    if !what.is_open() {
        lists.push(objects());
    }
    let mut facts = lists.into_iter().min_by_key(Vec::len).unwrap_or_else(|| {
        if let Some(window) = during {
            let mut facts = graph.facts_between(window);
            facts.retain(|it| allowed.get(graph.fact(*it).kind.index()) == Some(&true));
            return facts;
        }
        let kinds = allowed.iter().enumerate().filter(|(_, allowed)| **allowed);
        kinds.flat_map(|(at, _)| graph.facts_of_kind(KindIx::from_usize(at))).copied().collect()
    });
    facts.sort_unstable();
    facts.dedup();
    facts
}

fn sort<G: GraphView>(lens: &Lens<'_, G>, facts: &mut [(FactIx, Option<Certainty>)], sort: Sort) {
    let end = |fact: FactIx, end: FlowEnd| {
        // None last, as in time.
        lens.graph.fact(fact).ends.get(end).map_or(u32::MAX, |it| it.node.0)
    };
    match sort {
        Sort::Time => facts.sort_by_cached_key(|(fact, _)| time_key(lens, *fact)),
        Sort::From => facts.sort_by_cached_key(|(fact, _)| (end(*fact, FlowEnd::Source), time_key(lens, *fact))),
        Sort::What => facts.sort_by_cached_key(|(fact, _)| (end(*fact, FlowEnd::Object), time_key(lens, *fact))),
        Sort::To => facts.sort_by_cached_key(|(fact, _)| (end(*fact, FlowEnd::Target), time_key(lens, *fact))),
        Sort::Kind => facts.sort_by_cached_key(|(fact, _)| (lens.graph.fact(*fact).kind, time_key(lens, *fact))),
        Sort::Id => facts.sort_unstable_by_key(|(fact, _)| *fact),
    }
}
