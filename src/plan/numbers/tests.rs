//! Rankings and paths over tables against those over the whole graph, on small generated graphs with every sort of fact that
//! can be counted by itself or not.

use std::convert::Infallible;

use proptest::prelude::*;

use super::Rows;
use crate::graph::{GraphView, KnowledgeGraph, Totals};
use crate::load::{LoadOptions, Sources, load};
use crate::model::Period;
use crate::plan::tests::same;
use crate::plan::{AskError, Limits, Need, Store, Tables, Whole};
use crate::query::{Evidence, PathQuestion, Question, Status, Top, TopOf};

/// Source and target (countries, then nobody, then somebody unnamed), item, period, and what is said of it.
type Made = (usize, usize, usize, usize, usize);

const COUNTRIES: usize = 7;
const ENDS: usize = COUNTRIES + 2;
const ITEMS: [&str; 4] = ["arms", "missile", "shell", "oil"];
const PERIODS: [&str; 9] =
    ["", "2024", "2024-03-01", "2023-12/2024-01", "2024~", "2022/..", "2022/", "../2023", "2025-01"];
/// Most facts are plain.
const SAID: [&str; 12] = [
    "",
    "",
    "",
    "",
    "",
    ", claims: [(), (by: \"c1\")]",
    ", claims: [(stance: denies)]",
    ", claims: [(by: \"c0\"), (by: \"c1\", stance: denies)]",
    ", claims: [(period: \"2024-02\")]",
    ", claims: [(withdrawn: \"2025\")]",
    ", outcome: planned",
    ", claims: [(document: \"gone\")]",
];

fn graph(made: &[Made]) -> KnowledgeGraph {
    let mut text = String::from(
        "(entities: [Document(id: \"d\", name: \"D\"), Document(id: \"gone\", name: \"Gone\", withdrawn: \"2024\"),\
         Materiel(id: \"arms\", name: \"arms\"), Materiel(id: \"oil\", name: \"oil\"),",
    );
    for item in ["missile", "shell"] {
        text.push_str(&format!("Materiel(id: \"{item}\", name: \"{item}\", is_a: \"arms\"),"));
    }
    (0..COUNTRIES).for_each(|at| text.push_str(&format!("Country(id: \"c{at}\", name: \"Land {at}\"),")));
    text.push_str("], document: \"d\", defaults: (by: \"c0\"), facts: [");
    for (at, (from, to, item, period, said)) in made.iter().enumerate() {
        let end = |role: &str, end: usize| match end {
            COUNTRIES => String::new(),
            it if it > COUNTRIES => format!("{role}: Unnamed(of: \"c0\", label: \"{at}\"), "),
            it => format!("{role}: \"c{it}\", "),
        };
        let when = match PERIODS[*period] {
            "" => String::new(),
            it => format!(", period: \"{it}\""),
        };
        // Some come after the one before, where no day speaks against it.
        let is_open = |it: Option<&Made>| it.is_some_and(|it| it.3 == 0 && it.4 < 5);
        let after = match at.checked_sub(1).filter(|it| at % 3 == 0 && is_open(made.get(*it)) && is_open(made.get(at)))
        {
            Some(it) => format!(", after: \"f{it}\""),
            None => String::new(),
        };
        let said = format!("{}{after}", SAID[*said]);
        // Every fifth has no direction, and every seventh is a record of two facts.
        if at % 5 == 4 && *from < COUNTRIES && *to < COUNTRIES {
            text.push_str(&format!(
                "FinancialChannel(id: \"f{at}\", party: \"c{from}\", counterparty: \"c{to}\"{when}{said}),"
            ));
        } else if at % 7 == 6 && *to + 1 < COUNTRIES {
            let to = format!("recipient: [\"c{to}\", \"c{}\"], ", to + 1);
            let from = end("supplier", *from);
            text.push_str(&format!("Supply(id: \"f{at}\", {from}{to}item: \"{}\"{when}{said}),", ITEMS[*item]));
        } else {
            let ends = end("supplier", *from) + &end("recipient", *to);
            text.push_str(&format!("Supply(id: \"f{at}\", {ends}item: \"{}\"{when}{said}),", ITEMS[*item]));
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.ron");
    std::fs::write(&path, text + "])").unwrap();
    let loaded = load(&Sources::Paths(vec![path]), LoadOptions::default());
    KnowledgeGraph::new(&loaded.dataset.unwrap_or_else(|| panic!("{:?}", loaded.findings)))
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let one = (0..ENDS, 0..ENDS, 0..ITEMS.len(), 0..PERIODS.len(), 0..SAID.len());
    prop::collection::vec(one.prop_filter("two ends", |it| it.0 != it.1), 0..40)
}

fn period() -> impl Strategy<Value = Option<Period>> {
    let windows = ["", "", "2024", "2024-02/2024-06", "2023/2025", "../2024", "2024/..", "2024~", "2030"];
    prop::sample::select(windows.to_vec()).prop_map(|it| Period::parse(it).ok())
}

fn kinds() -> impl Strategy<Value = Vec<String>> {
    let kinds = [vec![], vec!["supply"], vec!["financial-channel"], vec!["supply", "financial-channel"]];
    prop::sample::select(kinds.to_vec()).prop_map(|it| it.into_iter().map(str::to_owned).collect())
}

fn name(at: Option<usize>) -> Vec<String> {
    at.into_iter().map(|it| format!("Land {it}")).collect()
}

fn evidence() -> impl Strategy<Value = Evidence> {
    let some = [
        Evidence::default(),
        Evidence::default(),
        Evidence::default(),
        Evidence { without: vec!["Land 1".to_owned()], ..Evidence::default() },
        Evidence { statuses: vec![Status::SingleSource], ..Evidence::default() },
    ];
    prop::sample::select(some.to_vec())
}

fn top() -> impl Strategy<Value = Question> {
    let ends = (prop::option::of(0..COUNTRIES), prop::option::of(0..COUNTRIES), prop::option::of(0..ITEMS.len()));
    let of = prop::sample::select(TopOf::ALL.to_vec());
    (of, ends, period(), kinds(), any::<bool>(), 0_usize..6, prop::bool::weighted(0.1)).prop_map(
        |(of, (from, to, what), during, kinds, certainly, limit, by_quantity)| {
            let what = what.into_iter().map(|it| ITEMS[it].to_owned()).collect();
            let certainly = certainly && during.is_some();
            let (from, to, by_quantity) = (name(from), name(to), by_quantity && of != TopOf::Central);
            Question::Top(Top { from, what, to, during, certainly, kinds, by_quantity, limit, ..Top::new(of) })
        },
    )
}

fn path() -> impl Strategy<Value = Question> {
    let some = prop::bool::weighted;
    let flags = (any::<bool>(), some(0.3), some(0.3), some(0.2), some(0.5));
    let ends = (0..COUNTRIES, 1..COUNTRIES);
    let few = (prop::option::weighted(0.2, 1_usize..5), prop::option::weighted(0.3, 0..ITEMS.len()));
    (ends, period(), kinds(), flags, few, 1_usize..5).prop_map(
        |((from, by), during, kinds, (any_direction, all, in_time, same_item, count), (max_degree, what), max_hops)| {
            let (from, to) = (format!("Land {from}"), format!("Land {}", (from + by) % COUNTRIES));
            let what = what.into_iter().map(|it| ITEMS[it].to_owned()).collect();
            let one = PathQuestion::new(&from, &to);
            // Only chains in time are counted, one by one and in their direction.
            let (any_direction, count) = (any_direction && !in_time, count && in_time);
            let (all, max_hops) = if count { (false, max_hops.min(3)) } else { (all, max_hops) };
            let flags = PathQuestion { any_direction, all, in_time, same_item, count, ..one };
            Question::Path(PathQuestion { during, kinds, what, max_degree, max_hops, ..flags })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn rankings_are_those_of_the_whole_graph(
        made in made(), questions in prop::collection::vec((top(), evidence()), 6)
    ) {
        let graph = graph(&made);
        for (question, evidence) in &questions {
            same(&graph, question, evidence);
            same(&graph, &Question::Timeline(Box::new(question.clone())), evidence);
        }
    }

    #[test]
    fn paths_are_those_of_the_whole_graph(
        made in made(), questions in prop::collection::vec((path(), evidence()), 6)
    ) {
        let graph = graph(&made);
        for (question, evidence) in &questions {
            same(&graph, question, evidence);
        }
    }
}

/// Each country supplies the next one, 30 times; Land 0 also supplies all others.
fn plain() -> KnowledgeGraph {
    let ring = (0..180).map(|it| (it % 6, it % 6 + 1, 0, 1, 0));
    graph(&ring.filter(|it| it.0 != 2).chain((2..COUNTRIES).map(|it| (0, it, 1, 2, 0))).collect::<Vec<Made>>())
}

#[test]
fn a_ranking_of_plain_facts_fetches_the_facts_that_it_shows() {
    let graph = plain();
    for of in [TopOf::From, TopOf::What, TopOf::To, TopOf::Pairs] {
        for during in [None, Period::parse("2024").ok()] {
            let given = same(&graph, &Question::Top(Top { during, limit: 2, ..Top::new(of) }), &Evidence::default());
            assert!(given <= 2, "{given}");
        }
    }
}

#[test]
fn a_path_fetches_the_records_of_its_steps() {
    let graph = plain();
    let question =
        |from: &str, to: &str| PathQuestion { kinds: vec!["supply".to_owned()], ..PathQuestion::new(from, to) };
    let given = same(&graph, &Question::Path(question("Land 3", "Land 6")), &Evidence::default());
    assert!(given > 0 && given < graph.record_count() / 2, "{given}");
    // Where no way is, only those of what is told instead are needed: a way against the direction.
    let none = Question::Path(PathQuestion { max_hops: 2, ..question("Land 6", "Land 0") });
    assert!(same(&graph, &none, &Evidence::default()) <= 2);
}

/// Gives rows of numbers of which one was changed.
struct Changed<'g>(Whole<'g, KnowledgeGraph>, fn(&Rows<'_>, &mut Vec<Option<i64>>));

impl Store for Changed<'_> {
    type Error = Infallible;

    fn fetch(
        &mut self,
        need: &Need<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[u8]) -> bool,
    ) -> Result<(), Infallible> {
        self.0.fetch(need, statements, take)
    }

    fn rows(
        &mut self,
        rows: &Rows<'_>,
        statements: &[String],
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), Infallible> {
        let change = self.1;
        self.0.rows(rows, statements, &mut |row| {
            let mut row = row.to_vec();
            change(rows, &mut row);
            take(&row)
        })
    }
}

#[test]
fn a_step_whose_record_does_not_come_is_an_error() {
    /// Gives no records.
    struct Rowed<'g>(Whole<'g, KnowledgeGraph>);
    impl Store for Rowed<'_> {
        type Error = Infallible;
        fn fetch(&mut self, _: &Need<'_>, _: &[String], _: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Infallible> {
            Ok(())
        }
        fn rows(
            &mut self,
            rows: &Rows<'_>,
            statements: &[String],
            take: &mut dyn FnMut(&[Option<i64>]) -> bool,
        ) -> Result<(), Infallible> {
            self.0.rows(rows, statements, take)
        }
    }
    // Two claims: it is not plain. Beside it there is no way.
    let graph = graph(&[(0, 1, 0, 1, 5), (2, 3, 0, 1, 0)]);
    let question = Question::Path(PathQuestion::new("Land 0", "Land 1"));
    let mut tables = Tables::new(&graph, Totals::of(&graph), 7, Limits::default());
    let lost = tables.answer(&mut Rowed(Whole::new(&graph, 7)), &question, &Evidence::default());
    assert!(matches!(lost, Err(AskError::Missing { .. })));
}

#[test]
fn numbers_that_cannot_be_are_an_error_and_no_answer() {
    let graph = plain();
    let top = Question::Top(Top { limit: 2, ..Top::new(TopOf::From) });
    let path = Question::Path(PathQuestion { max_hops: 3, ..PathQuestion::new("Land 3", "Land 6") });
    let asked = |question: &Question, most: usize, change: fn(&Rows<'_>, &mut Vec<Option<i64>>)| {
        let limits = Limits { records: most, ..Limits::default() };
        let mut tables = Tables::new(&graph, Totals::of(&graph), 7, limits);
        tables.answer(&mut Changed(Whole::new(&graph, 7), change), question, &Evidence::default())
    };
    for question in [&top, &path] {
        assert!(matches!(asked(question, 1_000, |_, _| ()), Ok(Ok(_))));
        assert!(matches!(asked(question, 1, |_, _| ()), Err(AskError::TooMany { most: 1 })));
        assert!(matches!(asked(question, 1_000, |_, row| row[0] = None), Err(AskError::Row(_))));
        assert!(matches!(asked(question, 1_000, |_, row| row[0] = Some(-5)), Err(AskError::Row(_))));
        assert!(matches!(asked(question, 1_000, |_, row| row.truncate(2)), Err(AskError::Row(_))));
    }
    type Change = fn(&Rows<'_>, &mut Vec<Option<i64>>);
    let sums: [Change; 2] = [|_, row| row[1] = row[1].map(|it| it + row[0].unwrap()), |_, row| row[0] = Some(1)];
    for change in sums {
        let limited = Question::Top(Top { limit: 9, ..Top::new(TopOf::From) });
        assert!(matches!(asked(&limited, 1_000, change), Err(AskError::Row(_))));
    }
    let nowhere: Change = |rows, row| {
        if matches!(rows, Rows::Steps(..)) {
            row[4] = Some(1_000_000);
        }
    };
    assert!(matches!(asked(&path, 1_000, nowhere), Err(AskError::Record(_))));
}
