//! Who supplied what to whom.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::build::{Builder, time_key};
use super::error::QueryError;
use super::filter::Filters;
use super::lens::Lens;
use super::nothing::why_nothing;
use super::question::{Question, Sort, Who};
use super::resolve;
use super::totals::{Summed, totals};
use super::whether::verdict;
use super::wording::{capital, join};
use crate::graph::{Glance, GraphView, Window};
use crate::model::period::End as PeriodEnd;
use crate::model::{Aspect, Certainty, FactIx, FlowEnd, Kind, KindIx, Period, Piece, during};

/// Facts that fit all that is given, in the order asked for. By index: time is that of the facts of the scarcest
/// field, never of the whole graph unless only a kind is given.
pub(crate) fn who<G: GraphView>(lens: &Lens<'_, G>, question: &Who) -> Result<Answer, QueryError> {
    let graph = lens.graph;
    let filters = Filters::new(graph, question)?;
    let vocabulary = graph.vocabulary();
    let summed = Summed::new(vocabulary, question)?;

    let Matching { found, others, hidden } = matching(lens, question, &filters);
    let total = found.len();
    // A sum is over all that fits, whatever is shown.
    let sums = summed.map(|it| totals(lens, &found, &it));
    let found = first(lens, &found, question.sort, question.limit);

    let mut builder = Builder::new(lens);
    let rows = builder.rows(&found);
    let mut answer = builder.finish(Question::Who(question.clone()).to_string(), rows, Vec::new());
    answer.title = title(graph, question, &filters);
    answer.verdict = question.whether.then(|| verdict(&answer.rows, total));
    answer.remarks.extend(filters.ends().filter_map(|it| it.remark.clone()));
    if found.is_empty() {
        answer.remarks.extend(filters.ends().filter_map(|it| it.otherwise.clone()));
        if !others.is_empty() {
            let flags = others.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| format!("--kind {}", it.id));
            let flags: Vec<String> = flags.collect();
            answer.remarks.push(format!("facts of other kinds fit: {}", flags.join(" ")));
        }
        if hidden == 0 {
            answer.remarks.extend(why_nothing(lens, question, &filters));
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

/// A fact that fits, and whether it surely lies in the period asked for.
type Matched = (FactIx, Option<Certainty>);

/// What fits a question.
#[derive(Default)]
pub(crate) struct Matching {
    /// Facts that do.
    pub(crate) found: Vec<Matched>,
    /// Kinds that were not asked for, of facts that fit otherwise.
    others: BTreeSet<KindIx>,
    /// How many facts fit, but not on the evidence asked for.
    hidden: usize,
}

impl Matching {
    /// How many facts fit, but not on the evidence asked for.
    pub(crate) fn hidden(&self) -> usize {
        self.hidden
    }
}

/// The facts that fit a question, in no order.
pub(crate) fn matching<G: GraphView>(lens: &Lens<'_, G>, question: &Who, filters: &Filters) -> Matching {
    let mut found = Vec::new();
    let matching = each_match(lens, question, filters, None, |fact, _, matched| found.push((fact, matched)));
    Matching { found, ..matching }
}

/// Hands over each fact that fits a question, in no order, with what is to be seen of it and whether it surely lies in the
/// period asked for; tells all else of what fits. Only some facts are looked at, if they are given.
pub(crate) fn each_match<G: GraphView>(
    lens: &Lens<'_, G>,
    question: &Who,
    filters: &Filters,
    only: Option<&[FactIx]>,
    mut take: impl FnMut(FactIx, Glance, Option<Certainty>),
) -> Matching {
    let graph = lens.graph;
    let vocabulary = graph.vocabulary();
    let mut matching = Matching::default();
    // An outcome alone is looked for in every kind, to tell of facts that the choice of kinds leaves out.
    let allowed = &filters.allowed;
    let looked_at = if question.outcomes.is_empty() { allowed.clone() } else { vec![true; allowed.len()] };
    let window = question.during.as_ref().map(Window::new);
    let is_open = filters.are_open();
    let mut look_at = |fact: FactIx, glance: Glance| {
        let Some(kind) = vocabulary.kind(glance.kind) else { return };
        let quickly = window.and_then(|it| it.certainty(glance, kind.aspect));
        if quickly == Some(Certainty::Impossible) {
            return;
        }
        let view = || graph.fact_ends(fact);
        let outcome = || graph.record_state(view().record).outcome;
        if !(is_open || filters.fits(graph, fact, &view()))
            || !(question.outcomes.is_empty() || question.outcomes.contains(&outcome()))
        {
            return;
        }
        let matched = question.during.map(|window| match kind.aspect {
            Aspect::State if question.began => began(lens.period(view().record).as_ref(), &window),
            aspect => quickly.unwrap_or_else(|| during(lens.period(view().record).as_ref(), &window, aspect)),
        });
        if matched == Some(Certainty::Impossible) || (question.certainly && matched != Some(Certainty::Certain)) {
            return;
        }
        let is_asked_for = allowed.get(glance.kind.index()) == Some(&true);
        if !lens.keeps_at(fact, glance) {
            matching.hidden += usize::from(is_asked_for);
            return;
        }
        if is_asked_for {
            take(fact, glance, matched);
        } else {
            matching.others.insert(glance.kind);
        }
    };
    if let Some(only) = only {
        only.iter().for_each(|it| look_at(*it, graph.glance(*it)));
        return matching;
    }
    // Without a name, nothing narrows the facts down but their days, which lie side by side.
    if let (true, Some(window)) = (is_open, window)
        && let Some(glances) = graph.glances()
    {
        let first_kinds = looked_at.iter().take(64).rev().fold(0_u64, |bits, it| bits << 1 | u64::from(*it));
        for (start, some) in (0_u32..).step_by(64).zip(glances.chunks(64)) {
            // Which may fit is worked out without a branch, since nobody could foretell it.
            let mut bits = 0_u64;
            for (at, glance) in some.iter().enumerate() {
                let kind = glance.kind.index();
                let is_looked_at = (first_kinds >> (kind & 63) & 1 == 1) | (kind >= 64);
                bits |= u64::from(window.allows(*glance) & is_looked_at) << at;
            }
            while bits != 0 {
                let at = bits.trailing_zeros();
                bits &= bits - 1;
                if let Some(glance) = some.get(at as usize)
                    && looked_at.get(glance.kind.index()) == Some(&true)
                {
                    look_at(FactIx(start + at), *glance);
                }
            }
        }
        return matching;
    }
    for fact in filters.candidates(graph, &looked_at) {
        look_at(fact, graph.glance(fact));
    }
    matching
}

/// Whether a state began within a window. When one began that has no beginning, nobody knows.
fn began(period: Option<&Period>, window: &Period) -> Certainty {
    let Some(period) = period else { return Certainty::Possible };
    match period.start() {
        start @ PeriodEnd::Date(_) => {
            let first = Period::new(start, start).ok();
            during(first.as_ref(), window, Aspect::Event)
        }
        // Somewhen before it ended.
        _ if period.latest().zip(window.earliest()).is_some_and(|(latest, earliest)| latest < earliest) => {
            Certainty::Impossible
        }
        _ => Certainty::Possible,
    }
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
    possible.then(possible_words)
}

pub(crate) fn possible_words() -> String {
    "facts marked “possible” may lie outside the period asked for".to_owned()
}

/// "Transfers of weapons from North Korea to Russia, 2024", "Sanctions by the European Union on Russia".
fn title<G: GraphView>(graph: &G, question: &Who, filters: &Filters) -> String {
    let vocabulary = graph.vocabulary();
    let kinds: Vec<&Kind> = filters.kinds.iter().filter_map(|it| vocabulary.kind(*it)).collect();
    let mut text = match kinds.as_slice() {
        [] if filters.allowed.iter().all(|it| *it) => "facts".to_owned(),
        [] => "transfers".to_owned(),
        kinds => join(kinds.iter().map(|it| it.plural.to_string()), "and"),
    };
    let (by, to) = match kinds.as_slice() {
        [only] if !only.flow => (" by", before_target(only).unwrap_or_else(|| ":".to_owned())),
        _ => (" from", " to".to_owned()),
    };
    for (word, field) in [(" of", &filters.what), (by, &filters.from), (&to, &filters.to), (" about", &filters.about)] {
        let names = field.ends.iter().filter_map(|it| it.named).map(|entity| {
            let view = graph.entity(entity);
            view.plural.map_or_else(|| resolve::prose(graph, entity), str::to_owned)
        });
        let names = join(names, "or");
        if !names.is_empty() {
            text.push_str(&format!("{word} {names}"));
        }
    }
    if let Some(window) = question.during {
        text.push_str(&format!(", {}", window.to_words()));
    }
    capital(&text)
}

/// The word before the target in the sentences of a kind, with a space before it: " on" of "imposed sanctions on Russia".
fn before_target(kind: &Kind) -> Option<String> {
    const WORDS: [&str; 9] = ["to", "on", "in", "of", "for", "at", "against", "from", "into"];
    let pieces = kind.sentences.iter().flat_map(|it| &it.pieces).flat_map(|it| match it {
        Piece::Optional(inner) => inner.as_slice(),
        other => std::slice::from_ref(other),
    });
    let pieces: Vec<&Piece> = pieces.collect();
    pieces.windows(2).find_map(|pair| match pair {
        [Piece::Text(text), Piece::Field(field)] if &**field == "to" => {
            let last = text.split_whitespace().next_back()?;
            WORDS.contains(&last).then(|| format!(" {last}"))
        }
        _ => None,
    })
}

/// The first facts in the order asked for, `limit` of them or all.
fn first<G: GraphView>(lens: &Lens<'_, G>, facts: &[Matched], sort: Sort, limit: Option<usize>) -> Vec<Matched> {
    // None last, as in time.
    let end = |fact: FactIx, end: FlowEnd| lens.graph.end(fact, end).map_or(u32::MAX, |it| it.node.0);
    let group = |fact: FactIx| match sort {
        Sort::From => end(fact, FlowEnd::Source),
        Sort::What => end(fact, FlowEnd::Object),
        Sort::To => end(fact, FlowEnd::Target),
        Sort::Kind => u32::from(lens.graph.glance(fact).kind.0),
        Sort::Time | Sort::Id => 0,
    };
    let key = |fact: FactIx| (sort != Sort::Id).then(|| (group(fact), time_key(lens, fact)));
    let mut keyed: Vec<_> = facts.iter().map(|it| (key(it.0), *it)).collect();
    // No two facts are equal, whatever the order.
    let order = |a: &(_, Matched), b: &(_, Matched)| (a.0, a.1.0).cmp(&(b.0, b.1.0));
    if let Some(limit) = limit {
        if let Some(last) = limit.checked_sub(1).filter(|it| *it < keyed.len()) {
            keyed.select_nth_unstable_by(last, order);
        }
        keyed.truncate(limit);
    }
    keyed.sort_unstable_by(order);
    keyed.into_iter().map(|(_, it)| it).collect()
}
