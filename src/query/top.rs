//! Rankings: who supplied, was supplied, what, between whom, most often or most; and who is central.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::answer::{Answer, Ranked, Ranking};
use super::build::{Builder, node_ref};
use super::central::{Centrality, Network};
use super::error::QueryError;
use super::filter::Filters;
use super::lens::Lens;
use super::nothing::why_nothing;
use super::question::{Question, Top, TopOf, Who};
use super::rules::tally::{Counted, add_up};
use super::totals::total;
use super::who::{hidden_remark, matching, possible_remark};
use crate::graph::{GraphView, entity_of};
use crate::model::{Amount, Certainty, FactIx, FlowEnd, NodeIx, UnitIx};

/// What facts are ranked by: one node, or two of a pair.
type Key = (NodeIx, Option<NodeIx>);

/// Facts by what they are ranked by.
type Groups = BTreeMap<Key, Vec<Counted>>;

/// So many steps are looked at for betweenness; of more connections only some starts are taken.
const MOST_STEPS: usize = 1_000_000_000;

/// Ranks what happened among the facts that fit. Counting takes n log n of them.
pub(crate) fn top<G: GraphView>(lens: &Lens<'_, G>, question: &Top) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let vocabulary = graph.vocabulary();
    let walked = || vocabulary.kinds.iter().filter(|it| it.walk).map(|it| it.id.to_string()).collect();
    let is_central = question.of == TopOf::Central;
    let who = Who {
        from: question.from.clone(),
        what: question.what.clone(),
        to: question.to.clone(),
        during: question.during,
        certainly: question.certainly,
        kinds: if is_central && question.kinds.is_empty() { walked() } else { question.kinds.clone() },
        ..Who::default()
    };
    let unit = question.unit.as_ref().map(|name| {
        let units = vocabulary.terms.units();
        let found = units.iter().find(|it| it.is_called(name)).and_then(|it| vocabulary.terms.unit_ix(&it.id));
        let known = || units.iter().map(|it| it.id.to_string()).collect();
        found.ok_or_else(|| QueryError::UnknownWord { what: "unit", name: name.clone(), known: known() })
    });
    let unit = unit.transpose()?;
    let filters = Filters::new(graph, &who)?;
    let matching = matching(lens, &who, &filters);
    let hidden = matching.hidden();
    let mut found = matching.found;
    found.retain(|(fact, _)| lens.happened(*fact));
    found.sort_unstable_by_key(|(fact, _)| *fact);
    let plain = graph.plain_counts();

    let mut remarks = Vec::new();
    let ranking = match question.of {
        TopOf::Central => central(lens, question, &found, &mut remarks),
        _ => ranked(lens, question, unit, &found, &mut remarks),
    };
    // One that is not at hand has no id.
    let examples = ranking.ranked.iter().filter_map(|it| it.example.as_deref()).filter(|it| !it.is_empty());
    let mut shown: Vec<FactIx> = examples.filter_map(|it| graph.fact_by_id(it)).collect();
    shown.sort_unstable();
    shown.dedup();
    let matched = |fact: &FactIx| {
        let at = found.binary_search_by_key(fact, |it| it.0).ok();
        at.and_then(|at| found.get(at)).and_then(|it| it.1)
    };
    let shown: Vec<(FactIx, Option<Certainty>)> = shown.iter().map(|it| (*it, matched(it))).collect();
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&shown);
    let mut answer = builder.finish(Question::Top(question.clone()).to_string(), rows, Vec::new());
    answer.remarks.extend(filters.ends().filter_map(|it| it.remark.clone()));
    if found.is_empty() && plain.is_none_or(|it| it.facts == 0) {
        answer.remarks.extend(filters.ends().filter_map(|it| it.otherwise.clone()));
        if hidden == 0 {
            answer.remarks.extend(why_nothing(lens, &who, &filters));
        }
    }
    answer.remarks.append(&mut remarks);
    if ranking.ranked.len() < ranking.count {
        answer.remarks.push(format!("{} of {} are shown: --limit", ranking.ranked.len(), ranking.count));
    }
    let possible = plain.is_some_and(|it| it.possible > 0).then_some((FactIx::default(), Some(Certainty::Possible)));
    answer.remarks.extend(possible.map_or_else(|| possible_remark(&found), |it| possible_remark(&[it])));
    answer.remarks.extend(hidden_remark(lens, hidden));
    if !ranking.ranked.is_empty() {
        answer.ranking = Some(ranking);
    }
    Ok(answer)
}

/// By what a fact is ranked; none if nobody is named there.
fn key_of<G: GraphView>(graph: &G, of: TopOf, fact: FactIx) -> Option<Key> {
    let end = |end| graph.end(fact, end).map(|it| it.node).filter(|it| entity_of(graph, *it).is_some());
    match of {
        TopOf::From => end(FlowEnd::Source).map(|it| (it, None)),
        TopOf::What => end(FlowEnd::Object).map(|it| (it, None)),
        TopOf::To => end(FlowEnd::Target).map(|it| (it, None)),
        TopOf::Pairs | TopOf::Central => end(FlowEnd::Source).zip(end(FlowEnd::Target)).map(|(source, target)| {
            // Where there is no direction, both ways are one.
            let symmetric = graph.vocabulary().kind(graph.glance(fact).kind).is_some_and(|it| it.symmetric);
            let (first, second) = if symmetric && target < source { (target, source) } else { (source, target) };
            (first, Some(second))
        }),
    }
}

/// The facts of each key, and how many have none.
fn groups<G: GraphView>(lens: &Lens<'_, G>, of: TopOf, found: &[(FactIx, Option<Certainty>)]) -> (Groups, usize) {
    let mut groups = Groups::new();
    let mut left_out = 0;
    for (fact, matched) in found {
        match key_of(lens.graph, of, *fact) {
            Some(key) => {
                let certain = *matched != Some(Certainty::Possible);
                groups.entry(key).or_default().push(Counted { fact: *fact, certain });
            }
            None => left_out += 1,
        }
    }
    (groups, left_out)
}

/// How many facts a key has, and the first of them.
#[derive(Clone, Copy, Debug)]
struct Count {
    key: Key,
    facts: usize,
    first: FactIx,
}

/// Counts facts, which are given in their order, by key; tells also how many have none. Linear. In no order. What
/// somebody has counted before is left to [`with_plain`].
fn counts<G: GraphView>(lens: &Lens<'_, G>, of: TopOf, found: &[(FactIx, Option<Certainty>)]) -> (Vec<Count>, usize) {
    let graph = lens.graph;
    let mut counts: Vec<Count> = Vec::new();
    let mut left_out = 0;
    // The place of the count of each node, from 1; of a pair that of both.
    let mut of_node: Vec<u32> = vec![0; if of == TopOf::Pairs { 0 } else { graph.entity_count() }];
    let mut of_pair: HashMap<Key, u32, foldhash::fast::FixedState> = HashMap::default();
    let plain = graph.plain_counts();
    for (fact, _) in found {
        if plain.is_some_and(|it| it.include(graph.glance(*fact))) {
            continue;
        }
        let Some(key) = key_of(graph, of, *fact) else {
            left_out += 1;
            continue;
        };
        let place = match key.1 {
            Some(_) => Some(of_pair.entry(key).or_default()),
            None => of_node.get_mut(key.0.index()),
        };
        let Some(place) = place else { continue };
        match (*place as usize).checked_sub(1).and_then(|it| counts.get_mut(it)) {
            Some(count) => count.facts += 1,
            None => {
                counts.push(Count { key, facts: 1, first: *fact });
                *place = u32::try_from(counts.len()).unwrap_or_default();
            }
        }
    }
    (counts, left_out)
}

/// Adds the plain facts that somebody has counted, and tells how many keys there are then. Keys that cannot be shown may
/// be left out.
fn with_plain<G: GraphView>(graph: &G, counts: &mut Vec<Count>, left_out: &mut usize) -> usize {
    let Some(plain) = graph.plain_counts() else { return counts.len() };
    *left_out += plain.left_out;
    let mut keys = plain.groups;
    for it in counts.iter_mut() {
        match graph.plain_group(it.key) {
            Some(group) => {
                it.facts += group.facts;
                it.first = it.first.min(group.first);
            }
            None => keys += 1,
        }
    }
    let known: BTreeSet<Key> = counts.iter().map(|it| it.key).collect();
    let others = plain.largest.iter().filter(|it| !known.contains(&it.key));
    counts.extend(others.map(|it| Count { key: it.key, facts: it.facts, first: it.first }));
    keys
}

fn ranked<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &Top,
    unit: Option<UnitIx>,
    found: &[(FactIx, Option<Certainty>)],
    remarks: &mut Vec<String>,
) -> Ranking {
    let mut tell = |left_out: usize| {
        let facts = if left_out == 1 { "1 fact counts".to_owned() } else { format!("{left_out} facts count") };
        (left_out > 0).then(|| remarks.push(format!("{facts} for nobody, since nobody is named there")));
    };
    let mut all: Vec<Ranked> = Vec::new();
    let count;
    if question.by_quantity {
        let (groups, left_out) = groups(lens, question.of, found);
        tell(left_out);
        let mut lists: BTreeMap<(String, String), Vec<Ranked>> = BTreeMap::new();
        let mut without = 0;
        for (key, facts) in &groups {
            let (sums, unused) = add_up(lens, facts, None);
            without += unused.len();
            for sum in sums {
                if unit.is_some_and(|it| lens.graph.vocabulary().common_unit(&[sum.unit, it]).is_none()) {
                    continue;
                }
                let total = total(lens, sum, None, None);
                let list = lists.entry((total.figure.clone(), total.unit.clone())).or_default();
                let Some(first) = facts.first().map(|it| it.fact) else { continue };
                let counted = Count { key: *key, facts: facts.len(), first };
                list.push(Ranked { total: Some(total), ..one(lens, question.of, counted) });
            }
        }
        if without > 0 {
            let facts = if without == 1 { "1 fact has".to_owned() } else { format!("{without} facts have") };
            remarks.push(format!("{facts} no figure"));
        }
        count = lists.values().map(Vec::len).sum();
        for mut list in lists.into_values() {
            let low = |it: &Ranked| it.total.as_ref().and_then(|it| it.interval.low).unwrap_or(Amount::from(0));
            // Groups are in the order of their ids, and stay so among equals.
            list.sort_by_key(|it| std::cmp::Reverse(low(it)));
            number(&mut list, |a, b| low(a) == low(b));
            list.truncate(question.limit);
            all.extend(list);
        }
        remarks.push("ranked by the least that there must have been".to_owned());
    } else {
        let (mut counts, mut left_out) = counts(lens, question.of, found);
        count = with_plain(lens.graph, &mut counts, &mut left_out);
        tell(left_out);
        let order = |it: &Count| (std::cmp::Reverse(it.facts), it.key);
        if let Some(last) = question.limit.checked_sub(1).filter(|it| *it < counts.len()) {
            counts.select_nth_unstable_by_key(last, order);
        }
        // One more than is shown would be of no use: equals beyond it have the same rank.
        counts.truncate(question.limit);
        counts.sort_unstable_by_key(order);
        all = counts.into_iter().map(|it| one(lens, question.of, it)).collect();
        number(&mut all, |a, b| a.facts == b.facts);
    }
    let by = if question.by_quantity { "quantity" } else { "facts" };
    Ranking { of: question.of.as_str(), by, count, ranked: all }
}

/// Who stands equal has the same rank.
fn number(list: &mut [Ranked], equal: impl Fn(&Ranked, &Ranked) -> bool) {
    let mut ranks: Vec<usize> = Vec::with_capacity(list.len());
    for (at, pair) in std::iter::once(None).chain(list.windows(2).map(Some)).enumerate() {
        let same = matches!(pair, Some([before, it]) if equal(before, it));
        ranks.push(if same { ranks.last().copied().unwrap_or(1) } else { at + 1 });
    }
    list.iter_mut().zip(ranks).for_each(|(it, rank)| it.rank = rank);
}

fn one<G: GraphView>(lens: &Lens<'_, G>, of: TopOf, Count { key, facts, first: example }: Count) -> Ranked {
    let graph = lens.graph;
    let first = Some(node_ref(graph, key.0));
    let mut one = Ranked { facts, ..Ranked::default() };
    match of {
        TopOf::From => one.from = first,
        TopOf::What => one.what = first,
        TopOf::To => one.to = first,
        TopOf::Central => one.entity = first,
        TopOf::Pairs => (one.from, one.to) = (first, key.1.map(|it| node_ref(graph, it))),
    }
    one.example = Some(graph.fact(example).id.to_owned());
    one
}

fn central<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &Top,
    found: &[(FactIx, Option<Certainty>)],
    remarks: &mut Vec<String>,
) -> Ranking {
    let graph = lens.graph;
    let mut pairs = Vec::new();
    let mut of_node: BTreeMap<NodeIx, (usize, FactIx)> = BTreeMap::new();
    for (fact, _) in found {
        let view = graph.fact_ends(*fact);
        let end = |end| view.ends.get(end).map(|it| it.node).filter(|it| entity_of(graph, *it).is_some());
        let (Some(source), Some(target)) = (end(FlowEnd::Source), end(FlowEnd::Target)) else { continue };
        pairs.push((source, target));
        if graph.vocabulary().kind(view.kind).is_some_and(|it| it.symmetric) {
            pairs.push((target, source));
        }
        for node in [source, target] {
            of_node.entry(node).or_insert((0, *fact)).0 += 1;
        }
    }
    let network = Network::new(pairs, question.any_direction);
    let scores = match question.measure {
        Centrality::Degree => network.degrees(),
        Centrality::PageRank => network.page_rank(),
        Centrality::Betweenness => {
            let starts = MOST_STEPS / network.connections().max(1);
            if starts < network.nodes.len() {
                remarks.push(format!("estimated from {starts} of {} starts", network.nodes.len()));
            }
            network.betweenness(starts)
        }
    };
    // So exact that equal shares are equal, whatever order they were added up in.
    let round = |it: f64| (it * 1e6).round() / 1e6;
    let mut scored: Vec<(NodeIx, f64)> = network.nodes.iter().copied().zip(scores.into_iter().map(round)).collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1));
    let count = scored.len();
    let one = |(node, score): (NodeIx, f64)| {
        let (facts, example) = of_node.get(&node).map_or((0, None), |it| (it.0, Some(graph.fact(it.1).id.to_owned())));
        Ranked { entity: Some(node_ref(graph, node)), facts, score: Some(score), example, ..Ranked::default() }
    };
    let mut ranked: Vec<Ranked> = scored.into_iter().take(question.limit).map(one).collect();
    number(&mut ranked, |a, b| a.score == b.score);
    Ranking { of: question.of.as_str(), by: question.measure.as_str(), count, ranked }
}
