//! The sums of a few plain facts, as most groups of a large sum are: one claim each, one figure each, no relations, and all
//! of them distinct. What is not so plain is left to the general way, which comes to the same.

use super::{Counted, UnitSum};
use crate::graph::{Glance, GraphView, day_of};
use crate::model::{Aspect, ClaimIx, Ends, FactIx, FlowEnd, Interval, NodeIx, UnitIx};
use crate::query::lens::Lens;
use crate::query::rules::totals::{Classes, FEW, Item, Relations, Span, Sum, sum_of_distinct};

/// A fact with its only figure.
struct Line {
    fact: FactIx,
    certain: bool,
    ends: Ends,
    span: Span,
    /// The position of the figure in the list of its kind, and the kind.
    figure: (u8, crate::model::KindIx),
    unit: UnitIx,
    interval: Interval,
}

/// The sums of these facts, in their order and each once; none if they are not plain enough.
pub(super) fn add_up<G: GraphView>(lens: &Lens<'_, G>, facts: &[Counted], only: Option<&str>) -> Option<Vec<UnitSum>> {
    if facts.is_empty() || facts.len() > FEW || !lens.sees_all() {
        return None;
    }
    let graph = lens.graph;
    let mut lines = Vec::with_capacity(facts.len());
    for it in facts {
        lines.push(line(graph, *it)?);
    }
    let name_of = |line: &Line| {
        let (at, kind) = line.figure;
        graph.vocabulary().kind(kind)?.figures.get(usize::from(at)).map(|it| &*it.name)
    };
    let name = name_of(lines.first()?)?;
    if only.is_some_and(|it| it != name) || lines.iter().any(|it| name_of(it) != Some(name)) {
        return None;
    }
    lines.sort_by_key(|it| it.unit);
    // Units that convert into each other are added up together, which is not so plain.
    let units: Vec<&[Line]> = lines.chunk_by(|a, b| a.unit == b.unit).collect();
    let unit_of = |it: &&[Line]| it.first().map(|it| it.unit);
    let convertible = units.iter().enumerate().any(|(at, a)| {
        let others = units.get(at + 1..).unwrap_or_default().iter();
        let pairs = others.filter_map(|b| Some([unit_of(a)?, unit_of(b)?]));
        pairs.into_iter().any(|pair| graph.vocabulary().common_unit(&pair).is_some())
    });
    if convertible {
        return None;
    }
    units.into_iter().map(|lines| of_unit(graph, name, lines)).collect()
}

fn line<G: GraphView>(graph: &G, counted: Counted) -> Option<Line> {
    let glance = graph.glance(counted.fact);
    if !glance.is_plain() {
        return None;
    }
    let view = graph.fact_ends(counted.fact);
    if graph.has_relations() && graph.relations(view.record).next().is_some() {
        return None;
    }
    // A plain fact has one claim.
    let claim = ClaimIx(graph.record_state(view.record).claims.start);
    let mut amounts = graph.amounts(claim);
    let (amount, None) = (amounts.next()?, amounts.next()) else { return None };
    Some(Line {
        fact: counted.fact,
        certain: counted.certain,
        ends: view.ends,
        span: span(graph, glance)?,
        figure: (amount.at, glance.kind),
        unit: amount.unit,
        interval: amount.interval,
    })
}

/// The possible days. Those of a state tell nothing apart.
fn span<G: GraphView>(graph: &G, glance: Glance) -> Option<Span> {
    let (first, last) = glance.days()?;
    let is_event = graph.vocabulary().kind(glance.kind).is_some_and(|it| it.aspect == Aspect::Event);
    Some(if is_event { Span { first: day_of(first), last: day_of(last) } } else { Span::default() })
}

fn of_unit<G: GraphView>(graph: &G, name: &str, lines: &[Line]) -> Option<UnitSum> {
    let items: Vec<Item> = lines
        .iter()
        .enumerate()
        .map(|(class, it)| Item { figure: Some(it.interval), span: it.span, class, certain: it.certain })
        .collect();
    let node = |line: &Line, end: FlowEnd| -> Option<NodeIx> { line.ends.get(end).map(|it| it.node) };
    let may_coincide = |a: usize, b: usize| match (lines.get(a), lines.get(b)) {
        (Some(a), Some(b)) => {
            let pair = |end| (node(a, end), node(b, end));
            super::ends_may_coincide(graph, pair(FlowEnd::Source), pair(FlowEnd::Target), pair(FlowEnd::Object))
        }
        _ => true,
    };
    let classes = Classes { may_coincide: &may_coincide, families: &[] };
    let Sum { interval, bound, low_from, high_from, .. } = sum_of_distinct(&items, &Relations::default(), &classes)?;
    let facts = |list: Vec<usize>| list.into_iter().filter_map(|at| Some(lines.get(at)?.fact)).collect();
    Some(UnitSum {
        figure: name.to_owned(),
        unit: lines.first()?.unit,
        interval,
        bound,
        low_from: facts(low_from),
        high_from: facts(high_from),
        left_out: Vec::new(),
        differs: Vec::new(),
        converted: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};

    /// A supply: item, figure, period, whether it has a second claim.
    type Made = (usize, usize, usize, bool);

    const ITEMS: [&str; 4] = ["weapons", "missiles", "shells", "oil"];
    const FIGURES: [&str; 6] = ["5 pieces", "at least 100", "3 tonnes", "2000 kilograms", "up to 7 pieces", ""];
    const PERIODS: [&str; 5] = ["2024-01", "2024", "2025-03/2025-04", "", "2023-06-01"];

    fn graph(made: &[Made]) -> KnowledgeGraph {
        let mut text = String::from(
            "(entities: [Document(id: \"d\", name: \"D\"), Country(id: \"a\", name: \"A\"), Country(id: \"b\", name: \"B\"),",
        );
        text.push_str("Materiel(id: \"weapons\", name: \"weapons\"), Materiel(id: \"oil\", name: \"oil\"),");
        for item in ["missiles", "shells"] {
            text.push_str(&format!("Materiel(id: \"{item}\", name: \"{item}\", is_a: \"weapons\"),"));
        }
        text.push_str("], document: \"d\", defaults: (by: \"a\"), facts: [");
        for (at, (item, figure, period, twice)) in made.iter().enumerate() {
            let given = |name: &str, all: &[&str], at: usize| match all[at] {
                "" => String::new(),
                it => format!(", {name}: \"{it}\""),
            };
            let (item, quantity, period) =
                (ITEMS[*item], given("quantity", &FIGURES, *figure), given("period", &PERIODS, *period));
            let claims = if *twice { ", claims: [(), (by: \"b\")]" } else { "" };
            text.push_str(&format!(
                "Supply(id: \"f{at}\", supplier: \"a\", recipient: \"b\", item: \"{item}\"{quantity}{period}{claims}),"
            ));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.ron");
        std::fs::write(&path, text + "])").unwrap();
        let loaded = load(&Sources::Paths(vec![path]), LoadOptions::default());
        KnowledgeGraph::new(&loaded.dataset.unwrap_or_else(|| panic!("{:?}", loaded.findings)))
    }

    proptest! {
        #[test]
        fn plain_sums_are_those_of_the_general_way(
            made in prop::collection::vec((0_usize..4, 0_usize..6, 0_usize..5, prop::bool::weighted(0.1)), 1..6),
            possible in prop::bool::weighted(0.1),
        ) {
            let graph = graph(&made);
            let lens = Lens::all(&graph);
            let facts: Vec<Counted> = (0..graph.fact_count())
                .map(|at| Counted { fact: FactIx::from_usize(at), certain: !possible || at > 0 })
                .collect();
            if let Some(sums) = add_up(&lens, &facts, None) {
                prop_assert_eq!((sums, Vec::new()), super::super::generally(&lens, &facts, None));
            }
        }
    }

    #[test]
    fn supplies_at_different_times_are_plain() {
        let graph = graph(&[(1, 0, 0, false), (1, 0, 2, false), (3, 2, 1, false)]);
        let facts: Vec<Counted> = (0..3).map(|at| Counted { fact: FactIx(at), certain: true }).collect();
        let sums = add_up(&Lens::all(&graph), &facts, None).unwrap();
        assert_eq!(sums.iter().map(|it| it.low_from.len()).collect::<Vec<_>>(), [2, 1]);
    }
}
