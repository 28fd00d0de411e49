//! Rankings: who supplied, was supplied, what, between whom, most often or most; and who is central.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::answer::{Answer, Ranked, Ranking};
use super::build::{Builder, add_units, node_ref};
use super::central::{Centrality, Network};
use super::error::QueryError;
use super::filter::Filters;
use super::lens::Lens;
use super::nothing::why_nothing;
use super::question::{Question, Top, TopOf, Who};
use super::rules::tally::{Counted, UnitSum, add_up};
use super::totals::total;
use super::who::{each_match, hidden_remark, matching, possible_remark, possible_words};
use crate::graph::{Glance, GraphView, PlainCounts, entity_of};
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
    let mut remarks = Vec::new();
    let (ranking, hidden, is_empty, is_possible);
    if is_central || question.by_quantity {
        let matching = matching(lens, &who, &filters);
        hidden = matching.hidden();
        let mut found = matching.found;
        found.retain(|(fact, _)| lens.happened(*fact));
        found.sort_unstable_by_key(|(fact, _)| *fact);
        ranking = match is_central {
            true => central(lens, question, &found, &mut remarks),
            false => by_quantity(lens, question, unit, &found, &mut remarks),
        };
        (is_empty, is_possible) = (found.is_empty(), possible_remark(&found));
    } else {
        let counts = counts(lens, question.of, &who, &filters);
        hidden = counts.hidden;
        (is_empty, is_possible) = (counts.facts == 0, counts.is_possible.then(possible_words));
        ranking = by_facts(lens, question, (&who, &filters), counts, &mut remarks);
    }
    // One that is not at hand has no id.
    let examples = ranking.ranked.iter().filter_map(|it| it.example.as_deref()).filter(|it| !it.is_empty());
    let mut examples: Vec<FactIx> = examples.filter_map(|it| graph.fact_by_id(it)).collect();
    examples.sort_unstable();
    examples.dedup();
    let mut shown: Vec<(FactIx, Option<Certainty>)> = Vec::with_capacity(examples.len());
    each_match(lens, &who, &filters, Some(&examples), |fact, _, matched| shown.push((fact, matched)));
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&shown);
    let mut answer = builder.finish(Question::Top(question.clone()).to_string(), rows, Vec::new());
    answer.remarks.extend(filters.ends().filter_map(|it| it.remark.clone()));
    if is_empty {
        answer.remarks.extend(filters.ends().filter_map(|it| it.otherwise.clone()));
        if hidden == 0 {
            answer.remarks.extend(why_nothing(lens, &who, &filters));
        }
    }
    answer.remarks.append(&mut remarks);
    if ranking.ranked.len() < ranking.count {
        answer.remarks.push(format!("{} of {} are shown: --limit", ranking.ranked.len(), ranking.count));
    }
    answer.remarks.extend(is_possible);
    answer.remarks.extend(hidden_remark(lens, hidden));
    add_units(graph, &mut answer, ranking.ranked.iter().filter_map(|it| it.total.as_ref()));
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

/// Facts counted by key.
#[derive(Default)]
struct Counts {
    /// In no order. The first of the plain facts that somebody else has counted; where none is, it is still to be looked for.
    list: Vec<(Key, usize, Option<FactIx>)>,
    /// How many keys there are; those that cannot be shown may be left out of the list.
    keys: usize,
    /// How many were counted, and how many of them for nobody.
    facts: usize,
    left_out: usize,
    /// Whether one of them may lie outside of the period asked for.
    is_possible: bool,
    /// How many fit, but not on the evidence asked for.
    hidden: usize,
}

/// So many nodes are noted before their counts are looked for.
const NOTED: usize = 1 << 10;

/// Counts of nodes.
struct Cells {
    counts: Vec<u32>,
    /// The counts of nodes lie all over memory; of many at once they come at the same time.
    noted: Vec<NodeIx>,
}

impl Cells {
    fn note(&mut self, node: NodeIx) {
        self.noted.push(node);
        if self.noted.len() >= NOTED {
            self.count();
        }
    }

    fn count(&mut self) {
        for node in self.noted.drain(..) {
            self.counts.get_mut(node.index()).into_iter().for_each(|it| *it += 1);
        }
    }
}

/// Whether a fact that fits counts here: it happened, and nobody has counted it before.
#[inline]
fn is_counted<G: GraphView>(lens: &Lens<'_, G>, plain: Option<&PlainCounts>, fact: FactIx, glance: Glance) -> bool {
    lens.happened_at(fact, glance) && !plain.is_some_and(|it| it.include(glance))
}

/// Counts what happened among the facts that fit, by key; what somebody has counted before is added. Linear.
fn counts<G: GraphView>(lens: &Lens<'_, G>, of: TopOf, who: &Who, filters: &Filters) -> Counts {
    let graph = lens.graph;
    let entity_count = graph.entity_count();
    let mut found = Counts::default();
    let mut cells = Cells { counts: vec![0; if of == TopOf::Pairs { 0 } else { entity_count }], noted: Vec::new() };
    let mut of_pair: HashMap<Key, u32, foldhash::fast::FixedState> = HashMap::default();
    let plain = graph.plain_counts();
    let matching = each_match(lens, who, filters, None, |fact, glance, matched| {
        if !is_counted(lens, plain, fact, glance) {
            return;
        }
        found.facts += 1;
        found.is_possible |= matched == Some(Certainty::Possible);
        // Who supplies is seen at a glance, and mostly it is an entity.
        if let (TopOf::From, Some(source)) = (of, glance.source())
            && source.index() < entity_count
        {
            cells.note(source);
            return;
        }
        match key_of(graph, of, fact) {
            Some(key @ (_, Some(_))) => *of_pair.entry(key).or_default() += 1,
            Some((node, None)) => cells.note(node),
            None => found.left_out += 1,
        }
    });
    found.hidden = matching.hidden();
    cells.count();
    let nodes = cells.counts.into_iter().enumerate().filter(|(_, it)| *it > 0);
    let all = nodes.map(|(at, it)| ((NodeIx::from_usize(at), None), it)).chain(of_pair);
    found.list = all.map(|(key, facts)| (key, facts as usize, None)).collect();
    found.keys = found.list.len();
    if let Some(plain) = plain {
        found.add(graph, plain);
    }
    found
}

impl Counts {
    /// Adds the plain facts that somebody has counted.
    fn add<G: GraphView>(&mut self, graph: &G, plain: &PlainCounts) {
        self.facts += plain.facts;
        self.left_out += plain.left_out;
        self.is_possible |= plain.possible > 0;
        self.keys = plain.groups;
        for (key, facts, first) in &mut self.list {
            match graph.plain_group(*key) {
                Some(group) => {
                    *facts += group.facts;
                    *first = Some(group.first);
                }
                None => self.keys += 1,
            }
        }
        let known: BTreeSet<Key> = self.list.iter().map(|(key, _, _)| *key).collect();
        let others = plain.largest.iter().filter(|it| !known.contains(&it.key));
        self.list.extend(others.map(|it| (it.key, it.facts, Some(it.first))));
    }
}

/// The first of the facts at hand that are counted for a key.
fn first_of<G: GraphView>(lens: &Lens<'_, G>, of: TopOf, key: Key, who: &Who, filters: &Filters) -> Option<FactIx> {
    let graph = lens.graph;
    let facts = match of {
        TopOf::What => graph.facts_with(key.0),
        TopOf::To => graph.facts_to(key.0),
        TopOf::From | TopOf::Pairs | TopOf::Central => graph.facts_from(key.0),
    };
    // Where there is no direction, the other one may be the source.
    let others = match key.1 {
        Some(other) if of == TopOf::Pairs => graph.facts_from(other),
        _ => &[],
    };
    let plain = graph.plain_counts();
    let first = |mut facts: &[FactIx]| {
        let mut first: Option<FactIx> = None;
        let mut next = 16;
        while first.is_none() && !facts.is_empty() {
            let (part, rest) = facts.split_at(facts.len().min(next));
            each_match(lens, who, filters, Some(part), |fact, glance, _| {
                if is_counted(lens, plain, fact, glance) && key_of(graph, of, fact) == Some(key) {
                    first = first.into_iter().chain([fact]).min();
                }
            });
            (facts, next) = (rest, next * 2);
        }
        first
    };
    [first(facts), first(others)].into_iter().flatten().min()
}

/// Tells of facts that count for nobody.
fn tell_left_out(left_out: usize, remarks: &mut Vec<String>) {
    let facts = if left_out == 1 { "1 fact counts".to_owned() } else { format!("{left_out} facts count") };
    if left_out > 0 {
        remarks.push(format!("{facts} for nobody, since nobody is named there"));
    }
}

fn by_facts<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &Top,
    (who, filters): (&Who, &Filters),
    counts: Counts,
    remarks: &mut Vec<String>,
) -> Ranking {
    tell_left_out(counts.left_out, remarks);
    let Counts { mut list, keys, .. } = counts;
    let order = |(key, facts, _): &(Key, usize, Option<FactIx>)| (std::cmp::Reverse(*facts), *key);
    if let Some(last) = question.limit.checked_sub(1).filter(|it| *it < list.len()) {
        list.select_nth_unstable_by_key(last, order);
    }
    // One more than is shown would be of no use: equals beyond it have the same rank.
    list.truncate(question.limit);
    list.sort_unstable_by_key(order);
    let found = list.into_iter().filter_map(|(key, facts, first)| {
        let own = first_of(lens, question.of, key, who, filters);
        let first = own.into_iter().chain(first).min()?;
        Some(one(lens, question.of, Count { key, facts, first }))
    });
    let mut ranked: Vec<Ranked> = found.collect();
    number(&mut ranked, |a, b| a.facts == b.facts);
    Ranking { of: question.of.as_str(), by: "facts", count: keys, ranked }
}

fn by_quantity<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &Top,
    unit: Option<UnitIx>,
    found: &[(FactIx, Option<Certainty>)],
    remarks: &mut Vec<String>,
) -> Ranking {
    let vocabulary = lens.graph.vocabulary();
    let (groups, left_out) = groups(lens, question.of, found);
    tell_left_out(left_out, remarks);
    let mut without = 0;
    let mut all: Vec<(Key, &[Counted], UnitSum)> = Vec::new();
    for (key, facts) in &groups {
        let (sums, unused) = add_up(lens, facts, None);
        without += unused.len();
        let asked = |it: &UnitSum| unit.is_none_or(|unit| vocabulary.common_unit(&[it.unit, unit]).is_some());
        all.extend(sums.into_iter().filter(asked).map(|it| (*key, facts.as_slice(), it)));
    }
    // Sums in units that convert into each other are ranked beside each other, in one of these units.
    let mut units: Vec<UnitIx> = Vec::new();
    for (_, _, sum) in &all {
        let alike = units.iter_mut().find_map(|it| Some((vocabulary.common_unit(&[*it, sum.unit])?, it)));
        match alike {
            Some((common, it)) => *it = common,
            None => units.push(sum.unit),
        }
    }
    let mut lists: BTreeMap<(String, String), Vec<Ranked>> = BTreeMap::new();
    for (key, facts, mut sum) in all {
        for unit in units.iter().filter(|it| **it != sum.unit) {
            if let Some(converted) = vocabulary.convert(&sum.interval, sum.unit, *unit) {
                sum.converted.push(sum.unit);
                (sum.interval, sum.unit) = (converted, *unit);
                break;
            }
        }
        // A fact of the sum, not one in another unit.
        let of_sum = sum.low_from.iter().chain(&sum.high_from).min().copied();
        let Some(first) = of_sum.or(facts.first().map(|it| it.fact)) else { continue };
        let total = total(lens, sum, None, None);
        let list = lists.entry((total.figure.clone(), total.unit.clone())).or_default();
        list.push(Ranked { total: Some(total), ..one(lens, question.of, Count { key, facts: facts.len(), first }) });
    }
    if without > 0 {
        let facts = if without == 1 { "1 fact has".to_owned() } else { format!("{without} facts have") };
        remarks.push(format!("{facts} no figure"));
    }
    let count = lists.values().map(Vec::len).sum();
    let mut ranked: Vec<Ranked> = Vec::new();
    for mut list in lists.into_values() {
        let low = |it: &Ranked| it.total.as_ref().and_then(|it| it.interval.low).unwrap_or(Amount::from(0));
        // Groups are in the order of their ids, and stay so among equals.
        list.sort_by_key(|it| std::cmp::Reverse(low(it)));
        number(&mut list, |a, b| low(a) == low(b));
        list.truncate(question.limit);
        ranked.extend(list);
    }
    remarks.push("ranked by the least that there must have been".to_owned());
    Ranking { of: question.of.as_str(), by: "quantity", count, ranked }
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
