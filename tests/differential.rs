//! Over generated graphs: memory and snapshot give the same answers, and a slow, obvious version of the question agrees.
//! (`tests/oracle.rs` and `tests/in_time.rs` ask both graphs too, over facts made for hard cases.)

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use purvey::graph::{AlignedBytes, GraphView, KnowledgeGraph, Snapshot};
use purvey::load::{LoadOptions, Sources, load};
use purvey::model::{
    Certainty, Claim, Dataset, EntityIx, EntityKind, Fact, FlowEnd, NodeIx, Outcome, Period, Stance, during,
};
use purvey::query::{Evidence, PathQuestion, Question, Who, answer};

use crate::generated::{generate, transfers};
use crate::snapshot::{evidence, question};
use crate::support::loading::{answer_of_both, graph_of, mapped, told};

/// Generated facts in both graphs.
struct World {
    what: String,
    dataset: Dataset,
    graph: KnowledgeGraph,
    snapshot: Snapshot<AlignedBytes>,
}

fn world(text: &str, what: String) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("facts.ron");
    std::fs::write(&path, text).expect("a file");
    let dataset = load(&Sources::Paths(vec![path]), LoadOptions::default()).dataset.expect("sound facts");
    let graph = KnowledgeGraph::new(&dataset);
    let snapshot = mapped(&graph);
    World { what, dataset, graph, snapshot }
}

fn facts(count: usize, seed: u64) -> World {
    world(&generate::ron(count, seed), format!("{count} facts of seed {seed}"))
}

fn transfers(count: usize, seed: u64) -> World {
    world(&transfers::ron(count, seed), format!("{count} transfers of seed {seed}"))
}

/// Values of a strategy, the same for the same seed.
fn some<T>(strategy: &impl Strategy<Value = T>, seed: u8, count: usize) -> Vec<T> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

/// Names that the graph has, written in some ways, and some that it does not have.
fn names(dataset: &Dataset) -> Vec<String> {
    let mut names: Vec<String> = ["no such thing", "Contry 1", "organization"].map(str::to_owned).to_vec();
    for (at, entity) in dataset.entities.iter().enumerate() {
        names.push(if at % 2 == 0 { entity.id.as_str().to_owned() } else { entity.name.to_string() });
        names.extend(entity.names.first().filter(|_| at % 5 == 0).map(|it| it.text.to_string()));
    }
    names.extend(dataset.records.iter().step_by(7).map(|it| it.id.as_str().to_owned()));
    names
}

fn ask(world: &World, seed: u8, count: usize) {
    let questions = (question(names(&world.dataset)), prop_oneof![Just(Evidence::default()), evidence()]);
    for (question, evidence) in some(&questions, seed, count) {
        let (read, mapped) = (told(&world.graph, &question, &evidence), told(&world.snapshot, &question, &evidence));
        assert_eq!(read, mapped, "{}: {question}{evidence}", world.what);
    }
}

#[test]
fn thousands_of_questions_have_the_same_answer_in_memory_and_in_a_snapshot() {
    for seed in 0..24 {
        ask(&facts(10 + 3 * usize::from(seed), seed.into()), seed, 120);
        ask(&transfers(10 + 3 * usize::from(seed), seed.into()), seed, 120);
    }
    ask(&facts(1500, 99), 99, 150);
    ask(&transfers(1000, 98), 98, 60);
}

/// The slow version: every fact is looked at, and everything about it is read off the data set.
struct Slow<'d>(&'d Dataset);

impl Slow<'_> {
    fn entity(&self, node: NodeIx) -> Option<EntityIx> {
        (node.index() < self.0.entities.len()).then_some(EntityIx(node.0))
    }

    fn is_a(&self, node: NodeIx, class: EntityIx) -> bool {
        let mut at = self.entity(node);
        while let Some(entity) = at {
            if entity == class {
                return true;
            }
            at = self.0.entities[entity.index()].is_a;
        }
        false
    }

    /// Somebody says so and has not said otherwise later: a later claim of the same claimant takes the place of an earlier
    /// one if it leaves out none of its figures.
    fn is_claimed(&self, fact: &Fact) -> bool {
        let record = &self.0.records[fact.record.index()];
        let claims = &self.0.claims[record.claims.start as usize..record.claims.end as usize];
        let is_later = |a: &Claim, b: &Claim| {
            let days = a.made.and_then(|it| it.latest()).zip(b.made.and_then(|it| it.earliest()));
            days.is_some_and(|(a, b)| a < b)
        };
        let replaces = |later: &Claim, claim: &Claim| {
            let figures = claim.figures.iter().all(|(at, _)| later.figures.iter().any(|(it, _)| it == at));
            later.by == claim.by && is_later(claim, later) && figures
        };
        claims.iter().any(|it| it.stance != Stance::Denies && !claims.iter().any(|later| replaces(later, it)))
    }

    fn end(&self, fact: &Fact, end: FlowEnd) -> Option<NodeIx> {
        fact.ends.get(end).map(|it| it.node)
    }

    fn who(
        &self,
        from: Option<EntityIx>,
        what: Option<EntityIx>,
        to: Option<EntityIx>,
        window: Option<Period>,
    ) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for fact in &self.0.facts {
            let kind = self.0.vocabulary.kind(fact.kind).expect("a kind");
            let is = |end: FlowEnd, who: Option<EntityIx>| who.is_none_or(|it| self.end(fact, end) == Some(it.into()));
            let ends = (is(FlowEnd::Source, from) && is(FlowEnd::Target, to))
                || (kind.symmetric && is(FlowEnd::Source, to) && is(FlowEnd::Target, from));
            let item = what.is_none_or(|it| self.end(fact, FlowEnd::Object).is_some_and(|node| self.is_a(node, it)));
            let period = self.0.records[fact.record.index()].period;
            let time = window.is_none_or(|it| during(period.as_ref(), &it, kind.aspect) != Certainty::Impossible);
            if kind.flow && ends && item && time {
                found.insert(fact.id.as_str().to_owned());
            }
        }
        found
    }

    /// All ways without a circle, through what may be passed.
    fn ways(&self, way: &mut Vec<NodeIx>, to: NodeIx, hops: usize, found: &mut BTreeSet<Vec<String>>) {
        let here = *way.last().expect("a way begins somewhere");
        if way.len() > 1 && here == to {
            let id = |it: &NodeIx| self.0.entities[it.index()].id.as_str().to_owned();
            found.insert(way.iter().map(id).collect());
            return;
        }
        if way.len() > hops {
            return;
        }
        let mut next = BTreeSet::new();
        for fact in &self.0.facts {
            let kind = self.0.vocabulary.kind(fact.kind).expect("a kind");
            let happened = self.0.records[fact.record.index()].outcome == Outcome::Happened && self.is_claimed(fact);
            let (Some(a), Some(b)) = (self.end(fact, FlowEnd::Source), self.end(fact, FlowEnd::Target)) else {
                continue;
            };
            if kind.walk && happened {
                next.extend((a == here).then_some(b));
                next.extend((kind.symmetric && b == here).then_some(a));
            }
        }
        for step in next {
            let passable = self
                .entity(step)
                .is_some_and(|it| step == to || self.0.entities[it.index()].kind != EntityKind::Document);
            if passable && !way.contains(&step) {
                way.push(step);
                self.ways(way, to, hops, found);
                way.pop();
            }
        }
    }
}

/// Entities that take part in something, the busiest first.
fn busy(world: &World, accept: impl Fn(EntityKind) -> bool) -> Vec<EntityIx> {
    let entities = (0_u32..).zip(&world.dataset.entities).filter(|(_, it)| accept(it.kind));
    let mut found: Vec<EntityIx> = entities.map(|(at, _)| EntityIx(at)).collect();
    found.sort_by_key(|it| std::cmp::Reverse(world.graph.facts_of((*it).into()).len()));
    found.truncate(6);
    found
}

#[test]
fn who_finds_what_looking_at_every_fact_finds() {
    let id = |world: &World, it: Option<EntityIx>| -> Vec<String> {
        it.map(|it| world.dataset.entities[it.index()].id.as_str().to_owned()).into_iter().collect()
    };
    let windows = [None, Some("2016"), Some("2019-03/2020-02"), Some("2024-11-05")];
    let mut asked = 0;
    for seed in 0..6 {
        let world = if seed % 2 == 0 { facts(300, seed) } else { transfers(300, seed) };
        let slow = Slow(&world.dataset);
        let actors = || {
            let found = busy(&world, |it| matches!(it, EntityKind::Country | EntityKind::Organization));
            std::iter::once(None).chain(found.into_iter().take(3).map(Some))
        };
        let items = busy(&world, EntityKind::is_class);
        for from in actors() {
            for to in actors() {
                for what in std::iter::once(None).chain(items.iter().copied().map(Some)).take(4) {
                    for window in windows {
                        let during = window.map(|it| Period::parse(it).expect("a period"));
                        let (from_id, what_id, to_id) = (id(&world, from), id(&world, what), id(&world, to));
                        let question =
                            Question::Who(Who { from: from_id, what: what_id, to: to_id, during, ..Who::default() });
                        let given = answer(&world.graph, &question).expect("an answer");
                        let rows: BTreeSet<String> = given.rows.iter().map(|it| it.fact.clone()).collect();
                        assert_eq!(rows, slow.who(from, what, to, during), "{}: {question}", world.what);
                        let all = Evidence::default();
                        assert_eq!(
                            told(&world.graph, &question, &all),
                            told(&world.snapshot, &question, &all),
                            "{}: {question}",
                            world.what
                        );
                        asked += 1;
                    }
                }
            }
        }
    }
    assert!(asked > 1000, "{asked}");
}

#[test]
fn paths_are_those_that_trying_every_way_finds() {
    let mut found = 0;
    for seed in 20..32 {
        let world = facts(100 + usize::try_from(seed).expect("small"), seed);
        let slow = Slow(&world.dataset);
        let busy =
            busy(&world, |it| !matches!(it, EntityKind::Document | EntityKind::Materiel | EntityKind::Population));
        for (from, to) in busy.iter().flat_map(|a| busy.iter().map(move |b| (*a, *b))).filter(|(a, b)| a != b) {
            let name = |it: EntityIx| world.dataset.entities[it.index()].id.as_str();
            let question = PathQuestion { max_hops: 4, all: true, ..PathQuestion::new(name(from), name(to)) };
            let mut expected = BTreeSet::new();
            slow.ways(&mut vec![from.into()], to.into(), 4, &mut expected);
            let all = Evidence::default();
            let question = Question::Path(question);
            assert_eq!(
                told(&world.graph, &question, &all),
                told(&world.snapshot, &question, &all),
                "{}: {question}",
                world.what
            );
            let chains = match answer(&world.graph, &question) {
                Ok(answer) => answer.chains.unwrap_or_default(),
                Err(_) => Vec::new(),
            };
            let ids = |it: &purvey::query::Chain| -> Vec<String> {
                let id = |it: &purvey::query::Ref| it.id.clone().unwrap_or_default();
                let first = it.steps.first().map(|it| id(&it.from));
                first.into_iter().chain(it.steps.iter().map(|it| id(&it.to))).collect()
            };
            found += expected.len();
            assert_eq!(chains.iter().map(ids).collect::<BTreeSet<_>>(), expected, "{}: {question}", world.what);
        }
    }
    assert!(found > 50, "{found}");
}

/// A transfer of the test of sums: ends, item, figure and period, each by number.
type Transfer = (usize, usize, usize, usize);

/// In words; then least and most.
const FIGURES: [(&str, u64, Option<u64>); 5] =
    [("5", 5, Some(5)), ("at least 7", 7, None), ("up to 9", 0, Some(9)), ("3 to 4", 3, Some(4)), ("12", 12, Some(12))];
/// Days, if they are known.
const PERIODS: [(Option<&str>, u32, u32); 5] = [
    (None, 0, 99),
    (Some("2024-01-02"), 2, 2),
    (Some("2024-01-02/2024-01-05"), 2, 5),
    (Some("2024-01-05/2024-01-06"), 5, 6),
    (Some("2024-01-08"), 8, 8),
];

fn surely_distinct(a: &Transfer, b: &Transfer) -> bool {
    let ((_, first_a, last_a), (_, first_b, last_b)) = (PERIODS[a.3], PERIODS[b.3]);
    (a.0, a.1) != (b.0, b.1) || last_a < first_b || last_b < first_a
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_are_those_of_trying_all_that_may_coincide(
        transfers in prop::collection::vec((0_usize..2, 0_usize..3, 0..FIGURES.len(), 0..PERIODS.len()), 1..9)
    ) {
        let mut text = String::from(
            r#"(entities: [Country(id: "a", name: "A"), Country(id: "b", name: "B"), Country(id: "c", name: "C"), Document(id: "d", name: "D"),
            Materiel(id: "i0", name: "i0"), Materiel(id: "i1", name: "i1"), Materiel(id: "i2", name: "i2")],
            document: "d", defaults: (by: "a"), facts: ["#,
        );
        for (at, (ends, item, figure, period)) in transfers.iter().enumerate() {
            let period = PERIODS[*period].0.map_or(String::new(), |it| format!(r#", period: "{it}""#));
            text += &format!(
                r#"Supply(id: "f{at}", supplier: "a", recipient: "{}", item: "i{item}", quantity: "{}"{period}),"#,
                ["b", "c"][*ends],
                FIGURES[*figure].0,
            );
        }
        text += "])";
        let question = Question::Who(Who { total: Some(purvey::query::TotalBy::Unit), ..Who::default() });
        let answer = answer_of_both(&graph_of(&text), &question).expect("an answer");
        // Least: the most of any choice of which no two may be the same goods.
        let chosen = |set: usize| transfers.iter().enumerate().filter(move |(at, _)| set >> at & 1 == 1).map(|(_, it)| it);
        let fits = |set: &usize| {
            let all: Vec<&Transfer> = chosen(*set).collect();
            all.iter().enumerate().all(|(at, a)| all[at + 1..].iter().all(|b| surely_distinct(a, b)))
        };
        let low = (0..1_usize << transfers.len()).filter(fits).map(|it| chosen(it).map(|it| FIGURES[it.2].1).sum::<u64>()).max();
        let high = transfers.iter().map(|it| FIGURES[it.2].2).sum::<Option<u64>>();
        let totals: BTreeMap<String, _> = answer.totals.iter().flatten().map(|it| (it.unit.clone(), it)).collect();
        let total = totals.get("piece").expect("a sum of pieces");
        let number = |it: Option<purvey::model::Amount>| it.map(|it| it.to_string());
        prop_assert_eq!(number(total.interval.low), low.filter(|it| *it > 0).map(|it| it.to_string()), "{}", text);
        prop_assert_eq!(number(total.interval.high), high.map(|it| it.to_string()), "{}", text);
    }
}
