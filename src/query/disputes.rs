//! Where claims contradict each other: denials, figures that cannot both hold or lie far apart, and different scopes.

use super::answer::Answer;
use super::build::{Builder, node_ref, quantity, time_key};
use super::error::QueryError;
use super::judged::{Dispute, FiguresApart, StatedFigure};
use super::lens::Lens;
use super::question::Question;
use super::resolve;
use super::rules::status::{Pair, pairs_apart, stated_high, stated_low};
use crate::graph::{FigureView, GraphView};
use crate::model::{Amount, ClaimIx, FactIx, Stance};

/// Facts in dispute, of the whole graph or of one entity, in the order of time.
pub(crate) fn disputes<G: GraphView>(lens: &Lens<'_, G>, name: Option<&str>) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let mut remark = None;
    let mut facts: Vec<FactIx> = match name {
        None => (0..u32::try_from(graph.fact_count()).unwrap_or(u32::MAX)).map(FactIx).collect(),
        Some(name) => {
            let end = resolve::end(graph, name, false)?;
            remark = end.remark;
            end.nodes.iter().flat_map(|it| graph.facts_of(*it).into_owned()).collect()
        }
    };
    facts.sort_unstable();
    facts.dedup();
    let mut found: Vec<(FactIx, Dispute)> =
        facts.into_iter().filter(|it| lens.keeps(*it)).filter_map(|it| Some((it, dispute(lens, it)?))).collect();
    found.sort_by_cached_key(|(fact, _)| time_key(lens, *fact));
    let mut builder = Builder::new(lens);
    let rows = builder.rows(&found.iter().map(|(fact, _)| (*fact, None)).collect::<Vec<_>>());
    let question = Question::Disputes { name: name.map(str::to_owned) };
    let mut answer = builder.finish(question.to_string(), rows, Vec::new());
    "Disputes".clone_into(&mut answer.title);
    answer.disputes = Some(found.into_iter().map(|(_, it)| it).collect());
    answer.remarks.extend(remark);
    Ok(answer)
}

/// What is in dispute about a fact, if anything is.
fn dispute<G: GraphView>(lens: &Lens<'_, G>, fact: FactIx) -> Option<Dispute> {
    let graph = lens.graph;
    let view = graph.fact(fact);
    let current = lens.current(view.record);
    let (denying, saying): (Vec<ClaimIx>, Vec<ClaimIx>) =
        current.into_iter().partition(|it| graph.claim(*it).stance == Stance::Denies);
    let apart = pairs_apart(graph, &saying);
    if denying.is_empty() && apart.is_empty() {
        return None;
    }
    let names = graph.vocabulary().kind(view.kind).map_or(&[][..], |it| it.figures.as_slice());
    let figure = |it: &FigureView<'_>| names.get(usize::from(it.at)).map_or(String::new(), |it| it.name.to_string());
    let stated = |(claim, figure): &(ClaimIx, FigureView<'_>)| {
        let view = graph.claim(*claim);
        StatedFigure {
            by: node_ref(graph, view.by),
            quantity: quantity(graph, figure),
            scope: view.scope.map(str::to_owned),
        }
    };
    let figures = apart.iter().map(|pair| {
        let (ratio, ratio_exact) = ratio(graph, pair);
        FiguresApart {
            figure: figure(&pair.lower.1),
            lower: stated(&pair.lower),
            higher: stated(&pair.higher),
            disjoint: pair.disjoint,
            twofold: pair.twofold,
            scopes_differ: pair.scopes_differ,
            ratio,
            ratio_exact,
        }
    });
    Some(Dispute {
        fact: view.id.to_owned(),
        denied_by: denying.iter().map(|it| node_ref(graph, graph.claim(*it).by)).collect(),
        figures: figures.collect(),
    })
}

/// How many times the lower figure the higher one is, and whether that is exact; cut after two decimals, never rounded up.
fn ratio<G: GraphView>(graph: &G, pair: &Pair<'_>) -> (Option<Amount>, bool) {
    let vocabulary = graph.vocabulary();
    let (low, high) = (&pair.lower.1, &pair.higher.1);
    let times = || {
        let unit = vocabulary.common_unit(&[low.unit, high.unit])?;
        let low = stated_high(&vocabulary.convert(&low.interval, low.unit, unit)?)?;
        let high = stated_low(&vocabulary.convert(&high.interval, high.unit, unit)?)?;
        high.ratio_to(low, 2)
    };
    times().map_or((None, false), |(ratio, exact)| (Some(ratio), exact))
}
