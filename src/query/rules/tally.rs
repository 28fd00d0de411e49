//! Adding up facts of a graph: their figures by unit, and who and what they are about.

mod plain;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use super::status::whole;
use super::totals::{Classes, Item, Relations, Span, Sum, Why, sum};
use crate::graph::{GraphView, entity_of};
use crate::model::{
    Aspect, ClaimIx, EntityIx, FactIx, FlowEnd, Interval, NodeIx, RelationKind, RelationTarget, Stance, UnitIx,
};
use crate::query::lens::Lens;

/// A fact that is to be added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) fact: FactIx,
    /// Whether it counts for certain; else for the upper bound alone.
    pub(crate) certain: bool,
}

/// The sum of one figure in one unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct UnitSum {
    /// The name of the figure.
    pub(crate) figure: String,
    pub(crate) unit: UnitIx,
    pub(crate) interval: Interval,
    pub(crate) bound: bool,
    pub(crate) low_from: Vec<FactIx>,
    pub(crate) high_from: Vec<FactIx>,
    pub(crate) left_out: Vec<(FactIx, WhyOut)>,
    /// Facts whose claims give different figures.
    pub(crate) differs: Vec<FactIx>,
    /// Units that were converted.
    pub(crate) converted: Vec<UnitIx>,
}

/// [`Why`] with facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhyOut {
    PartOf(FactIx),
    SameAs(FactIx),
    MayCoincide(Option<FactIx>),
    NoLow,
    NoFigure,
    OnlyPossible,
}

/// What claims that count say of one figure of a fact.
#[derive(Clone, Debug)]
struct Said {
    figures: Vec<(UnitIx, Interval)>,
}

/// Adds up each figure by its unit, units that convert into each other together. Gives also the facts that are in no sum
/// since they have no figure. Only figures of that name, if one is given.
pub(crate) fn add_up<G: GraphView>(
    lens: &Lens<'_, G>,
    facts: &[Counted],
    only: Option<&str>,
) -> (Vec<UnitSum>, Vec<FactIx>) {
    let mut facts = facts.to_vec();
    facts.sort_unstable_by_key(|it| it.fact);
    facts.dedup_by_key(|it| it.fact);
    match plain::add_up(lens, &facts, only) {
        Some(sums) => (sums, Vec::new()),
        None => generally(lens, &facts, only),
    }
}

/// The same of any facts, which come in their order and each once.
fn generally<G: GraphView>(lens: &Lens<'_, G>, facts: &[Counted], only: Option<&str>) -> (Vec<UnitSum>, Vec<FactIx>) {
    let graph = lens.graph;
    let vocabulary = graph.vocabulary();
    // By the name of the figure: what each fact says.
    let mut said: BTreeMap<String, BTreeMap<FactIx, Said>> = BTreeMap::new();
    for it in facts {
        let view = graph.fact_ends(it.fact);
        let names = vocabulary.kind(view.kind).map_or(&[][..], |it| it.figures.as_slice());
        for claim in saying(lens, it.fact) {
            for figure in graph.amounts(claim) {
                let Some(name) = names.get(usize::from(figure.at)).map(|it| &*it.name) else { continue };
                if only.is_none_or(|only| only == name) {
                    let of_name = said.entry(name.to_owned()).or_default();
                    let list = of_name.entry(it.fact).or_insert_with(|| Said { figures: Vec::new() });
                    list.figures.push((figure.unit, figure.interval));
                }
            }
        }
    }
    let mut sums = Vec::new();
    let mut unused: BTreeSet<FactIx> = facts.iter().map(|it| it.fact).collect();
    for (name, by_fact) in &said {
        for (unit, units) in families_of_units(graph, by_fact) {
            let of_unit = UnitFigures { name, by_fact, unit, units: &units };
            let (sum, used) = of_unit.add_up(lens, facts);
            for fact in used {
                unused.remove(&fact);
            }
            sums.push(sum);
        }
    }
    (sums, unused.into_iter().collect())
}

/// Claims of a fact that count and do not deny it.
pub(crate) fn saying<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> Vec<ClaimIx> {
    let mut claims = lens.current(lens.graph.fact_ends(fact).record);
    claims.retain(|it| lens.graph.claim_state(*it).stance != Stance::Denies);
    claims
}

/// Units that convert into each other, each family with the unit in which it is added up.
fn families_of_units<G: GraphView>(graph: &G, by_fact: &BTreeMap<FactIx, Said>) -> Vec<(UnitIx, Vec<UnitIx>)> {
    let units: BTreeSet<UnitIx> = by_fact.values().flat_map(|it| &it.figures).map(|(unit, _)| *unit).collect();
    let mut families: Vec<(UnitIx, Vec<UnitIx>)> = Vec::new();
    for unit in units {
        let joined = families.iter_mut().find_map(|(common, units)| {
            let with: Vec<UnitIx> = units.iter().copied().chain([unit]).collect();
            graph.vocabulary().common_unit(&with).map(|it| (it, common, units))
        });
        match joined {
            Some((new, common, units)) => {
                *common = new;
                units.push(unit);
            }
            None => families.push((unit, vec![unit])),
        }
    }
    families
}

/// The figures of one name in one family of units.
struct UnitFigures<'s> {
    name: &'s str,
    by_fact: &'s BTreeMap<FactIx, Said>,
    unit: UnitIx,
    units: &'s [UnitIx],
}

impl UnitFigures<'_> {
    /// The hull of what claims say of a fact; none if they say nothing in these units.
    fn hull<G: GraphView>(&self, graph: &G, fact: FactIx) -> Option<Interval> {
        let mut found: Option<Interval> = None;
        for (unit, interval) in &self.by_fact.get(&fact)?.figures {
            if self.units.contains(unit) {
                let converted = graph.vocabulary().convert(interval, *unit, self.unit);
                // What is too large to convert may be anything.
                let interval = converted.unwrap_or_default();
                found = Some(found.map_or(interval, |it| it.hull(&interval)));
            }
        }
        found
    }

    fn add_up<G: GraphView>(&self, lens: &Lens<'_, G>, facts: &[Counted]) -> (UnitSum, Vec<FactIx>) {
        let graph = lens.graph;
        let hulls: BTreeMap<FactIx, Interval> =
            facts.iter().filter_map(|it| Some((it.fact, self.hull(graph, it.fact)?))).collect();
        let about = About::new(graph, facts);
        // What has no figure of this name may be some of what others tell of, or contain it.
        let figured = Figured::new(&about, hulls.keys());
        let mut open: BTreeMap<usize, bool> = BTreeMap::new();
        let mut takes_part = |fact: FactIx| {
            if hulls.contains_key(&fact) || self.by_fact.contains_key(&fact) {
                return hulls.contains_key(&fact);
            }
            let class = about.class(fact);
            *open.entry(class).or_insert_with(|| figured.has_one_that_may_coincide(graph, &about, class))
        };
        let kept: Vec<Counted> = facts.iter().copied().filter(|it| takes_part(it.fact)).collect();
        let items: Vec<Item> = kept
            .iter()
            .map(|it| Item {
                figure: hulls.get(&it.fact).copied(),
                span: span(lens, it.fact),
                class: about.class(it.fact),
                certain: it.certain,
            })
            .collect();
        let relations = relations(graph, &kept);
        let classes = Classes { may_coincide: &|a, b| about.may_coincide(graph, a, b), families: &about.families };
        let Sum { interval, bound, low_from, high_from, left_out } = sum(&items, &relations, &classes);
        let fact = |at: usize| kept.get(at).map(|it| it.fact);
        let facts_of = |list: Vec<usize>| list.into_iter().filter_map(fact).collect();
        let reason = |why: Why| match why {
            Why::PartOf(it) => fact(it).map_or(WhyOut::MayCoincide(None), WhyOut::PartOf),
            Why::SameAs(it) => fact(it).map_or(WhyOut::MayCoincide(None), WhyOut::SameAs),
            Why::MayCoincide(it) => WhyOut::MayCoincide(it.and_then(fact)),
            Why::NoLow => WhyOut::NoLow,
            Why::NoFigure => WhyOut::NoFigure,
            Why::OnlyPossible => WhyOut::OnlyPossible,
        };
        let differs = |it: &Counted| {
            let said = self.by_fact.get(&it.fact)?;
            let mut figures = said.figures.iter().filter(|(unit, _)| self.units.contains(unit));
            let first = figures.next()?;
            figures.any(|it| it != first).then_some(it.fact)
        };
        let sum = UnitSum {
            figure: self.name.to_owned(),
            unit: self.unit,
            interval,
            bound,
            low_from: facts_of(low_from),
            high_from: facts_of(high_from),
            left_out: left_out.into_iter().filter_map(|(at, why)| Some((fact(at)?, reason(why)))).collect(),
            differs: kept.iter().filter_map(differs).collect(),
            converted: self.units.iter().copied().filter(|it| *it != self.unit).collect(),
        };
        (sum, kept.into_iter().map(|it| it.fact).collect())
    }
}

/// The possible days of a fact. Those of a state tell nothing apart: it may hold at other times as well.
fn span<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> Span {
    let view = lens.graph.fact_ends(fact);
    let is_event = lens.graph.vocabulary().kind(view.kind).is_some_and(|it| it.aspect == Aspect::Event);
    let own = |it: ClaimIx| lens.graph.claim_state(it).period;
    let periods = lens.current(view.record).into_iter().filter_map(own).chain(lens.period(view.record));
    let spans = periods.map(|it| Span { first: it.earliest(), last: it.latest() });
    if is_event { spans.reduce(Span::hull).unwrap_or_default() } else { Span::default() }
}

/// Relations between facts that are added up, by their positions.
fn relations<G: GraphView>(graph: &G, kept: &[Counted]) -> Relations {
    let at = |fact: FactIx| kept.binary_search_by_key(&fact, |it| it.fact).ok();
    let mut found = Relations::default();
    for (from, it) in kept.iter().enumerate() {
        for relation in graph.relations(graph.fact_ends(it.fact).record) {
            let list = match relation.kind {
                RelationKind::InAdditionTo => &mut found.in_addition_to,
                RelationKind::Overlaps => &mut found.overlaps,
                RelationKind::PartOf => &mut found.part_of,
                RelationKind::SameAs => &mut found.same_as,
                _ => continue,
            };
            let targets = match relation.target {
                RelationTarget::Record(record) => graph.record(record).facts,
                RelationTarget::Fact(fact) => fact.0..fact.0.saturating_add(1),
                RelationTarget::Entity(_) => continue,
            };
            list.extend(targets.filter_map(|it| at(FactIx(it))).filter(|to| *to != from).map(|to| (from, to)));
        }
    }
    found
}

/// Who and what a fact is about, as far as it tells facts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Class {
    source: Option<NodeIx>,
    target: Option<NodeIx>,
    item: Option<NodeIx>,
}

/// The classes of facts, and families of those that may coincide.
struct About {
    of_fact: BTreeMap<FactIx, usize>,
    classes: Vec<Class>,
    /// The outermost wholes of each class.
    keys: Vec<Key>,
    families: Vec<usize>,
}

impl About {
    fn new<G: GraphView>(graph: &G, facts: &[Counted]) -> About {
        let class = |fact: FactIx| {
            let ends = graph.fact_ends(fact).ends;
            let node = |end: FlowEnd| ends.get(end).map(|it| it.node);
            // Whoever is not named may be anybody.
            let named = |end: FlowEnd| node(end).filter(|it| entity_of(graph, *it).is_some());
            Class { source: named(FlowEnd::Source), target: named(FlowEnd::Target), item: node(FlowEnd::Object) }
        };
        let mut position: BTreeMap<Class, usize> = BTreeMap::new();
        let mut classes = Vec::new();
        let mut of_fact = BTreeMap::new();
        for it in facts {
            let class = class(it.fact);
            let at = *position.entry(class).or_insert_with(|| {
                classes.push(class);
                classes.len() - 1
            });
            of_fact.insert(it.fact, at);
        }
        // One class coincides with itself, whatever it is about.
        let keys = if classes.len() == 1 { vec![[None; 3]] } else { keys(graph, &classes) };
        let families = families(&keys);
        About { of_fact, classes, keys, families }
    }

    fn class(&self, fact: FactIx) -> usize {
        self.of_fact.get(&fact).copied().unwrap_or_default()
    }

    fn may_coincide<G: GraphView>(&self, graph: &G, a: usize, b: usize) -> bool {
        let (Some(a), Some(b)) = (self.classes.get(a), self.classes.get(b)) else { return true };
        ends_may_coincide(graph, (a.source, b.source), (a.target, b.target), (a.item, b.item))
    }
}

/// Whether two facts with these sources, targets and items may speak of the same, as far as these go.
fn ends_may_coincide<G: GraphView>(
    graph: &G,
    source: (Option<NodeIx>, Option<NodeIx>),
    target: (Option<NodeIx>, Option<NodeIx>),
    item: (Option<NodeIx>, Option<NodeIx>),
) -> bool {
    let whole = |(a, b)| related(graph, a, b, |a, b| graph.is_part(a, b));
    whole(source) && whole(target) && related(graph, item.0, item.1, |a, b| graph.is_within(a, b))
}

/// Classes of facts that have figures, by their outermost wholes: whoever asks which of them may coincide with a class
/// need not look at all of them.
struct Figured {
    by_key: BTreeSet<(Key, usize)>,
}

impl Figured {
    fn new<'f>(about: &About, facts: impl Iterator<Item = &'f FactIx>) -> Figured {
        let of_fact = |it: &FactIx| {
            let class = *about.of_fact.get(it)?;
            Some((*about.keys.get(class)?, class))
        };
        Figured { by_key: facts.filter_map(of_fact).collect() }
    }

    fn has_one_that_may_coincide<G: GraphView>(&self, graph: &G, about: &About, class: usize) -> bool {
        let Some(key) = about.keys.get(class) else { return false };
        let fits = |it: usize| it == class || about.may_coincide(graph, it, class);
        if key.contains(&None) {
            return self.by_key.iter().any(|(_, it)| fits(*it));
        }
        // Each of the three is the same or not known.
        (0..8_u8).any(|unknown| {
            let [source, target, item] = *key;
            let part = |bit: u8, it: Option<EntityIx>| it.filter(|_| unknown & bit == 0);
            let key = [part(1, source), part(2, target), part(4, item)];
            self.by_key.range((key, 0)..=(key, usize::MAX)).any(|(_, it)| fits(*it))
        })
    }
}

/// The outermost whole of the source and of the target and the outermost class of the item, where they are known.
type Key = [Option<EntityIx>; 3];

fn keys<G: GraphView>(graph: &G, classes: &[Class]) -> Vec<Key> {
    let root = |node: Option<NodeIx>| node.and_then(|it| entity_of(graph, it)).map(|it| whole(graph, it));
    let top = |node: Option<NodeIx>| node.and_then(|it| entity_of(graph, it)).map(|it| top_class(graph, it));
    classes.iter().map(|it| [root(it.source), root(it.target), top(it.item)]).collect()
}

/// So many comparisons of roots at most; beyond, everything counts as one family, which is slower and never wrong.
const MOST_COMPARISONS: usize = 1 << 22;

/// The family of each class: classes whose ends have other wholes, or whose items stand in other trees, never coincide.
fn families(keys: &[Key]) -> Vec<usize> {
    let distinct: Vec<Key> = keys.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let mut union = UnionFind::<usize>::new(distinct.len());
    let open: Vec<usize> =
        distinct.iter().enumerate().filter(|(_, key)| key.contains(&None)).map(|(at, _)| at).collect();
    if open.len().saturating_mul(distinct.len()) > MOST_COMPARISONS {
        return vec![0; keys.len()];
    }
    for at in open {
        for (other, key) in distinct.iter().enumerate() {
            let fits = distinct
                .get(at)
                .is_some_and(|it| it.iter().zip(key).all(|(a, b)| a.is_none() || b.is_none() || a == b));
            if fits {
                union.try_union(at, other).unwrap_or_default();
            }
        }
    }
    let family = |key: &Key| {
        let at = distinct.binary_search(key).unwrap_or_default();
        union.try_find(at).unwrap_or(at)
    };
    keys.iter().map(family).collect()
}

/// The outermost class above one.
fn top_class<G: GraphView>(graph: &G, entity: EntityIx) -> EntityIx {
    let mut top = entity;
    for _ in 0..graph.entity_count() {
        match graph.above(top) {
            [_, Some(above)] => top = above,
            [_, None] => break,
        }
    }
    top
}

/// Whether two are one, one is in the other, or one is not known.
fn related<G: GraphView>(
    graph: &G,
    a: Option<NodeIx>,
    b: Option<NodeIx>,
    inside: impl Fn(EntityIx, EntityIx) -> bool,
) -> bool {
    match (a, b) {
        (Some(a), Some(b)) if a == b => true,
        (Some(a), Some(b)) => match (entity_of(graph, a), entity_of(graph, b)) {
            (Some(a), Some(b)) => inside(a, b) || inside(b, a),
            _ => true,
        },
        _ => true,
    }
}
