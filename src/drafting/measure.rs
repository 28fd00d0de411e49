//! How good drafts are: compared with the records that somebody wrote of the same article by hand.

use super::proposed::{Drafts, Speaker};
use crate::graph::{GraphView, entity_of};
use crate::model::{EntityIx, FlowEnd, Interval, NodeIx, Period, Quantity, UnitIx, Vocabulary};

/// What is compared. `record` is right if kind, from, what and to all are.
pub const FIELDS: [&str; 8] = ["record", "kind", "from", "what", "to", "quantity", "period", "claimant"];

/// How often drafts had something, records had it, and both had the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The same in a draft and in its record.
    pub right: u32,
    /// In drafts.
    pub drafted: u32,
    /// In records.
    pub recorded: u32,
}

impl Counts {
    /// The share of what was drafted that is right, and of what was recorded that was found, in whole percent, rounded down;
    /// `None` of nothing.
    ///
    /// ```
    /// use purvey::drafting::Counts;
    ///
    /// let counts = Counts { right: 2, drafted: 3, recorded: 8 };
    /// assert_eq!((counts.precision(), counts.recall()), (Some(66), Some(25)));
    /// ```
    pub fn precision(self) -> Option<u32> {
        (self.right * 100).checked_div(self.drafted)
    }

    /// See [`precision`](Counts::precision).
    pub fn recall(self) -> Option<u32> {
        (self.right * 100).checked_div(self.recorded)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Counts) -> Counts {
        Counts {
            right: self.right + other.right,
            drafted: self.drafted + other.drafted,
            recorded: self.recorded + other.recorded,
        }
    }
}

/// What a comparison gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// By [`FIELDS`], over all kinds of fact.
    pub all: [Counts; 8],
    /// The same of supplies alone.
    pub supplies: [Counts; 8],
    /// A line for each record that was missed, each draft that is none, and each field that differs.
    pub differences: Vec<String>,
}

/// One fact by one claim.
#[derive(Clone, Debug)]
struct Row {
    id: String,
    kind: String,
    ends: [Option<String>; 3],
    quantity: Option<Interval>,
    period: Option<String>,
    by: String,
}

/// Compares drafts with the facts that the claims of a document make in a graph. A list counts as a fact a member, and a fact with
/// two claims as two. Each draft is put to one record of its kind with which it shares two ends or more, the most alike first.
///
/// ```
/// use purvey::drafting::{Drafts, measure};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let measured = measure(&Drafts::default(), &KnowledgeGraph::new(&dataset), "upi-2025-05-30");
/// assert!(measured.all[0].recorded > 30 && measured.all[0].right == 0);
/// ```
pub fn measure<G: GraphView>(drafts: &Drafts, gold: &G, document: &str) -> Measured {
    let drafted = drafted(drafts, gold.vocabulary());
    let recorded = gold.entity_by_id(document).map_or(Vec::new(), |it| recorded(gold, it));
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for (a, draft) in drafted.iter().enumerate() {
        for (b, record) in recorded.iter().enumerate() {
            let ends = draft.ends.iter().zip(&record.ends).filter(|(a, b)| a.is_some() && a == b).count();
            if draft.kind == record.kind && ends >= 2 {
                let others = [
                    same(&draft.quantity, &record.quantity),
                    same(&draft.period, &record.period),
                    draft.by == record.by,
                ];
                let alike = others.iter().filter(|it| **it).count();
                pairs.push((u32::try_from(ends * 4 + alike).unwrap_or(0), a, b));
            }
        }
    }
    pairs.sort_by_key(|(alike, a, b)| (std::cmp::Reverse(*alike), *a, *b));
    let mut of_draft: Vec<Option<usize>> = vec![None; drafted.len()];
    let mut taken = vec![false; recorded.len()];
    for (_, a, b) in pairs {
        if let (Some(own @ None), Some(free @ false)) = (of_draft.get_mut(a), taken.get_mut(b)) {
            *own = Some(b);
            *free = true;
        }
    }
    let mut measured = Measured::default();
    for (draft, record) in drafted.iter().zip(&of_draft) {
        measured.count(Some(draft), record.and_then(|it| recorded.get(it)));
    }
    for (record, _) in recorded.iter().zip(&taken).filter(|(_, taken)| !**taken) {
        measured.count(None, Some(record));
    }
    measured
}

fn same<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
    a.is_some() && a == b
}

impl Measured {
    /// Both together.
    pub fn add(&mut self, other: Measured) {
        for (own, other) in self.all.iter_mut().zip(other.all).chain(self.supplies.iter_mut().zip(other.supplies)) {
            *own = own.and(other);
        }
        self.differences.extend(other.differences);
    }

    fn count(&mut self, draft: Option<&Row>, record: Option<&Row>) {
        let words = |row: Option<&Row>| row.map(Row::words).unwrap_or_default();
        let (a, b) = (words(draft), words(record));
        let is_record = draft.is_some() && record.is_some() && (1..=4).all(|at| a.get(at) == b.get(at));
        let is_supply = draft.or(record).is_some_and(|it| it.kind == "supply");
        for (at, (name, (a, b))) in FIELDS.iter().zip(a.iter().zip(&b)).enumerate() {
            let right = if at == 0 { is_record } else { a.is_some() && a == b };
            let one = Counts { right: right.into(), drafted: a.is_some().into(), recorded: b.is_some().into() };
            for counts in [Some(&mut self.all), is_supply.then_some(&mut self.supplies)].into_iter().flatten() {
                if let Some(own) = counts.get_mut(at) {
                    *own = own.and(one);
                }
            }
            if let (Some(draft), Some(record)) = (draft, record)
                && at > 0
                && a != b
            {
                let text = |it: &Option<String>| it.clone().unwrap_or_else(|| "nothing".to_owned());
                self.differences.push(format!("{} for {}: {name} {} for {}", draft.id, record.id, text(a), text(b)));
            }
        }
        match (draft, record) {
            (Some(draft), None) => self.differences.push(format!("no record: {draft:?}")),
            (None, Some(record)) => self.differences.push(format!("missed: {record:?}")),
            _ => {}
        }
    }
}

impl Row {
    /// What is compared, in the order of the fields.
    fn words(&self) -> [Option<String>; 8] {
        let [from, what, to] = self.ends.clone();
        let quantity = self.quantity.map(|it| format!("{it:?}"));
        [
            Some(String::new()),
            Some(self.kind.clone()),
            from,
            what,
            to,
            quantity,
            self.period.clone(),
            Some(self.by.clone()),
        ]
    }
}

fn interval(text: &str, vocabulary: &Vocabulary) -> Option<Interval> {
    Quantity::parse(text, &vocabulary.terms, UnitIx(0)).ok().map(|it| it.interval)
}

fn drafted(drafts: &Drafts, vocabulary: &Vocabulary) -> Vec<Row> {
    let mut rows = Vec::new();
    for draft in &drafts.drafts {
        let by = match &draft.by {
            Speaker::Entity(id) => id.clone(),
            Speaker::Unnamed { of, .. } => format!("unnamed of {of}"),
        };
        let figure = draft.quantity.as_ref().or_else(|| {
            let first =
                vocabulary.kind_ix(&draft.kind).and_then(|it| vocabulary.kind(it)).and_then(|it| it.figures.first());
            draft.figures.iter().find(|(name, _)| first.is_some_and(|it| *it.name == **name)).map(|(_, it)| it)
        });
        let quantity = figure.and_then(|it| interval(it, vocabulary));
        let ids = |at: usize| -> Vec<Option<String>> {
            let all = draft.ends.get(at).map_or(&[][..], Vec::as_slice);
            if all.is_empty() { vec![None] } else { all.iter().map(|it| Some(it.id.clone())).collect() }
        };
        for from in ids(0) {
            for what in ids(1) {
                for to in ids(2) {
                    rows.push(Row {
                        id: draft.id.clone(),
                        kind: draft.kind.clone(),
                        ends: [from.clone(), what.clone(), to],
                        quantity,
                        period: draft.period.clone(),
                        by: by.clone(),
                    });
                }
            }
        }
    }
    rows
}

fn recorded<G: GraphView>(graph: &G, document: EntityIx) -> Vec<Row> {
    let name = |node: NodeIx| match (entity_of(graph, node), graph.unnamed_of(node)) {
        (Some(entity), _) => graph.entity(entity).id.to_owned(),
        (None, Some(of)) => format!("unnamed of {}", graph.entity(of).id),
        (None, None) => "unnamed".to_owned(),
    };
    let mut rows = Vec::new();
    for claim in graph.claims_in(document) {
        let view = graph.claim(*claim);
        if view.document != document {
            continue;
        }
        let record = graph.record(view.record);
        let period: Option<Period> = view.period.or(record.period);
        let quantity = graph.figures(*claim).find(|it| it.at == 0).map(|it| it.interval);
        for fact in record.facts.clone().map(crate::model::FactIx) {
            let fact = graph.fact(fact);
            let end = |end| fact.ends.get(end).map(|it| name(it.node));
            rows.push(Row {
                id: fact.id.to_owned(),
                kind: graph.vocabulary().kind(fact.kind).map_or(String::new(), |it| it.id.to_string()),
                ends: [end(FlowEnd::Source), end(FlowEnd::Object), end(FlowEnd::Target)],
                quantity,
                period: period.map(|it| it.edtf()),
                by: name(view.by),
            });
        }
    }
    rows
}
