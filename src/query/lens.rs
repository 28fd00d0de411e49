//! A graph as it looks on the evidence that a question allows: which claims are seen, which of those count, and what
//! period and support they leave to a fact.

use std::cell::Cell;

use jiff::civil::Date;

use super::error::QueryError;
use super::evidence::{Evidence, UNNAMED};
use super::resolve;
use super::rules::status::judge;
use super::rules::{Judgement, Status};
use crate::graph::{Glance, GraphView, NameRank, day_numbers, entity_of};
use crate::model::quantity::Quantity;
use crate::model::{
    Certainty, ClaimIx, EntityIx, EntityKind, FactIx, Interval, NameKind, NodeIx, Outcome, Period, RecordIx, Stance,
    UnitIx, Vocabulary,
};

/// Whether a claim counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It counts.
    Current,
    /// A later claim of the same claimant, or the correction of its document, took its place.
    Superseded,
    /// It, or its document, was withdrawn.
    Withdrawn,
}

impl Standing {
    /// All, in their order.
    pub const ALL: [Standing; 3] = [Standing::Current, Standing::Superseded, Standing::Withdrawn];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Current => "current",
            Standing::Superseded => "superseded",
            Standing::Withdrawn => "withdrawn",
        }
    }
}

/// See the module's page.
pub(crate) struct Lens<'g, G> {
    pub(crate) graph: &'g G,
    as_of: Option<Date>,
    /// The only ones whose word counts, if any are given.
    only: Voices,
    /// Whose word does not count.
    without: Voices,
    figures: Vec<WantedFigure>,
    statuses: Vec<Status>,
    stances: Vec<Stance>,
    /// How the names were understood.
    pub(crate) remarks: Vec<String>,
    words: String,
    /// The document that was looked at last, and when it was withdrawn: claims of one document stand together mostly.
    last_document: Cell<(EntityIx, Option<Period>)>,
}

/// No document.
const NONE: (EntityIx, Option<Period>) = (EntityIx(u32::MAX), None);

/// Claimants and documents that are named in the evidence.
#[derive(Clone, Default)]
struct Voices {
    claimants: Vec<NodeIx>,
    documents: Vec<EntityIx>,
    publishers: Vec<EntityIx>,
    all_unnamed: bool,
    unnamed_of: Vec<EntityIx>,
}

/// A figure that a claim must give.
#[derive(Clone)]
struct WantedFigure {
    interval: Interval,
    unit: Option<UnitIx>,
}

impl<'g, G: GraphView> Lens<'g, G> {
    /// The graph with every claim.
    pub(crate) fn all(graph: &'g G) -> Self {
        Lens {
            graph,
            as_of: None,
            only: Voices::default(),
            without: Voices::default(),
            figures: Vec::new(),
            statuses: Vec::new(),
            stances: Vec::new(),
            remarks: Vec::new(),
            words: String::new(),
            last_document: Cell::new(NONE),
        }
    }

    /// The graph on that evidence.
    ///
    /// # Errors
    ///
    /// A name of `without` that is unknown or ambiguous.
    pub(crate) fn new(graph: &'g G, evidence: &Evidence) -> Result<Self, QueryError> {
        let mut lens = Lens {
            as_of: evidence.as_of.and_then(|it| it.latest()),
            statuses: evidence.statuses.clone(),
            stances: evidence.stances.clone(),
            words: evidence.to_string(),
            ..Lens::all(graph)
        };
        for name in &evidence.without {
            lens.without.add(graph, name, false, &mut lens.remarks)?;
        }
        for name in &evidence.according_to {
            lens.only.add(graph, name, true, &mut lens.remarks)?;
        }
        for figure in &evidence.figures {
            lens.figures.push(WantedFigure::parse(graph.vocabulary(), figure)?);
        }
        Ok(lens)
    }

    /// The same lens without the claims of some origins, whose answer would then be another.
    pub(crate) fn without(&self, origins: &[NodeIx]) -> Self {
        let mut without = self.without.clone();
        without.claimants.extend(origins);
        Lens {
            graph: self.graph,
            as_of: self.as_of,
            only: self.only.clone(),
            without,
            figures: self.figures.clone(),
            statuses: self.statuses.clone(),
            stances: self.stances.clone(),
            remarks: Vec::new(),
            words: self.words.clone(),
            last_document: Cell::new(NONE),
        }
    }

    /// The options that say the same, for the question that an answer repeats.
    pub(crate) fn words(&self) -> &str {
        &self.words
    }

    /// Whether every claim may be looked at, and whatever was withdrawn by now is withdrawn.
    pub(crate) fn sees_all(&self) -> bool {
        self.as_of.is_none() && self.only.is_empty() && self.without.is_empty() && self.figures.is_empty()
    }

    /// Whether a claim may be looked at.
    pub(crate) fn sees(&self, claim: ClaimIx) -> bool {
        (self.without.is_empty() || !self.without.include(self.graph, claim))
            && (self.only.is_empty() || self.only.include(self.graph, claim))
            && (self.figures.is_empty() || self.figures.iter().any(|it| it.is_given(self.graph, claim)))
            && self.as_of.is_none_or(|day| self.published(claim).is_some_and(|it| it <= day))
    }

    /// The day on which a claim had surely been published: of the documents that carry it, the first. An imprecise date
    /// counts from its latest possible day.
    pub(crate) fn published(&self, claim: ClaimIx) -> Option<Date> {
        let view = self.graph.claim(claim);
        let documents = view.via.iter().chain(std::iter::once(&view.document));
        documents.filter_map(|it| self.graph.document(*it).date?.latest()).min()
    }

    /// The claims of a record that may be looked at, in the order written, and whether each counts.
    pub(crate) fn claims(&self, record: RecordIx) -> Vec<(ClaimIx, Standing)> {
        let seen: Vec<ClaimIx> =
            self.graph.record_state(record).claims.map(ClaimIx).filter(|it| self.sees(*it)).collect();
        seen.iter().map(|it| (*it, self.standing(*it, &seen))).collect()
    }

    /// The only claim of a record, which most have, and whether it counts: no list need be made of it.
    fn only_claim(&self, record: RecordIx) -> Option<(ClaimIx, bool)> {
        let claims = self.graph.record_state(record).claims;
        let claim = ClaimIx(claims.start);
        (claims.len() == 1).then(|| (claim, self.sees(claim) && self.standing(claim, &[]) == Standing::Current))
    }

    /// The claims of a record that count.
    pub(crate) fn current(&self, record: RecordIx) -> Vec<ClaimIx> {
        let claims = self.claims(record).into_iter();
        claims.filter(|(_, it)| *it == Standing::Current).map(|(claim, _)| claim).collect()
    }

    fn standing(&self, claim: ClaimIx, seen: &[ClaimIx]) -> Standing {
        let graph = self.graph;
        let view = graph.claim_state(claim);
        let counts = |since: Option<Period>| {
            since.is_some_and(|since| self.as_of.is_none_or(|day| since.latest().is_some_and(|it| it <= day)))
        };
        let chain = std::iter::once(&view.document).chain(view.via);
        if counts(view.withdrawn) || chain.into_iter().any(|it| counts(self.withdrawn(*it))) {
            Standing::Withdrawn
        } else if seen.iter().any(|later| *later != claim && self.supersedes(*later, claim)) {
            Standing::Superseded
        } else {
            Standing::Current
        }
    }

    fn withdrawn(&self, document: EntityIx) -> Option<Period> {
        if self.last_document.get().0 != document {
            self.last_document.set((document, self.graph.document(document).withdrawn));
        }
        self.last_document.get().1
    }

    /// Whether one claim of a record takes the place of another: the same claimant says it later, or in a document that
    /// corrects the other's, of the same scope, and leaves out no figure that the earlier one gave. A denial leaves
    /// nothing standing.
    fn supersedes(&self, later: ClaimIx, earlier: ClaimIx) -> bool {
        let graph = self.graph;
        let (new, old) = (graph.claim(later), graph.claim(earlier));
        if new.by != old.by || new.scope != old.scope {
            return false;
        }
        let corrected = graph.corrects(new.document).contains(&old.document);
        let is_later = match (new.made, old.made) {
            (Some(new), Some(old)) => old.before(&new) == Certainty::Certain,
            _ => false,
        };
        let says_again = |at: u8| graph.amounts(later).any(|it| it.at == at);
        (corrected || is_later) && (new.stance == Stance::Denies || graph.amounts(earlier).all(|it| says_again(it.at)))
    }

    /// When a record's facts happened, as far as claims say so that count: the record's own period, never one that it has
    /// only from claims that do not.
    pub(crate) fn period(&self, record: RecordIx) -> Option<Period> {
        let view = self.graph.record_state(record);
        let own = |claim: u32| self.graph.claim_state(ClaimIx(claim)).period;
        if view.claims.clone().all(|it| own(it).is_none()) {
            return view.period;
        }
        let mut counting = self.current(record).into_iter().filter_map(|it| own(it.0));
        let first = counting.next();
        let agreed = first.filter(|first| counting.all(|it| it == *first));
        match (view.period, first) {
            // The record speaks for itself.
            (Some(period), _) if view.claims.clone().all(|it| own(it) != Some(period)) => Some(period),
            (_, None) => None,
            (Some(period), Some(_)) if self.current(record).iter().any(|it| own(it.0) == Some(period)) => Some(period),
            _ => agreed,
        }
    }

    /// The first and the last day on which a fact may lie, as numbers that grow with the date.
    pub(crate) fn days(&self, fact: FactIx) -> (i32, i32) {
        self.graph
            .glance(fact)
            .days()
            .unwrap_or_else(|| day_numbers(self.period(self.graph.fact_ends(fact).record).as_ref()))
    }

    /// What the rules say of a fact.
    pub(crate) fn judge(&self, fact: FactIx) -> Judgement {
        judge(self.graph, fact, &self.current(self.graph.fact_ends(fact).record))
    }

    /// Whether a fact is to be shown: some claim of it counts, of a stance and with a support that was asked for.
    pub(crate) fn keeps(&self, fact: FactIx) -> bool {
        self.keeps_at(fact, self.graph.glance(fact))
    }

    /// The same of a fact at a glance.
    #[inline]
    pub(crate) fn keeps_at(&self, fact: FactIx, glance: Glance) -> bool {
        if self.keeps_what_happened() && self.sees_all() && glance.is_plain() {
            return true;
        }
        let record = self.graph.fact_ends(fact).record;
        if self.keeps_what_happened()
            && let Some((_, counts)) = self.only_claim(record)
        {
            return counts;
        }
        let current = self.current(record);
        !current.is_empty()
            && (self.stances.is_empty()
                || current.iter().any(|it| self.stances.contains(&self.graph.claim_state(*it).stance)))
            && (self.statuses.is_empty()
                || judge(self.graph, fact, &current).status.is_some_and(|it| self.statuses.contains(&it)))
    }

    /// Whether no stance and no support is asked for, so that what happened is shown.
    pub(crate) fn keeps_what_happened(&self) -> bool {
        self.stances.is_empty() && self.statuses.is_empty()
    }

    /// Whether somebody says that it happened: the outcome says so, and some claim that counts is no denial.
    pub(crate) fn happened(&self, fact: FactIx) -> bool {
        self.happened_at(fact, self.graph.glance(fact))
    }

    /// The same of a fact at a glance.
    #[inline]
    pub(crate) fn happened_at(&self, fact: FactIx, glance: Glance) -> bool {
        if self.sees_all() && glance.is_plain() {
            return true;
        }
        let record = self.graph.fact_ends(fact).record;
        if self.graph.record_state(record).outcome != Outcome::Happened {
            return false;
        }
        let affirms = |it: &ClaimIx| self.graph.claim_state(*it).stance != Stance::Denies;
        match self.only_claim(record) {
            Some((claim, counts)) => counts && affirms(&claim),
            None => self.current(record).iter().any(affirms),
        }
    }
}

impl Voices {
    /// A name of the evidence. With `publishers`, a name stands for the documents that it publishes too.
    fn add<G: GraphView>(
        &mut self,
        graph: &G,
        name: &str,
        publishers: bool,
        remarks: &mut Vec<String>,
    ) -> Result<(), QueryError> {
        if name.eq_ignore_ascii_case(UNNAMED) {
            self.all_unnamed = true;
            return Ok(());
        }
        let (group, name) = match name.split_once(':') {
            Some((head, group)) if head.eq_ignore_ascii_case(UNNAMED) => (true, group.trim()),
            _ => (false, name),
        };
        let (entity, rank, _) = resolve::entity(graph, name, "claimant or document", |_| true)?;
        if rank == NameRank::Typo {
            remarks.push(resolve::read_as(graph, name, entity));
        }
        if group {
            self.unnamed_of.push(entity);
            return Ok(());
        }
        // A document can be named as the claimant too.
        self.claimants.push(entity.into());
        if graph.entity(entity).kind == EntityKind::Document {
            self.documents.push(entity);
        } else if publishers {
            self.publishers.push(entity);
        }
        // A country speaks through its government, which the names of its capital stand for.
        if graph.entity(entity).kind == EntityKind::Country {
            let speaks = |it: &EntityIx| {
                graph.entity(*it).part_of == Some(entity) && graph.names(*it).any(|it| it.kind == NameKind::Metonym)
            };
            self.claimants.extend(graph.parts(entity).iter().filter(|it| speaks(it)).map(|it| NodeIx::from(*it)));
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.claimants.is_empty() && self.documents.is_empty() && !self.all_unnamed && self.unnamed_of.is_empty()
    }

    /// Whether a claim is by one of them, comes from one of them, or is carried by one of their documents.
    fn include<G: GraphView>(&self, graph: &G, claim: ClaimIx) -> bool {
        let view = graph.claim(claim);
        let is_unnamed = match entity_of(graph, view.by) {
            Some(_) => false,
            None => self.all_unnamed || graph.unnamed_of(view.by).is_some_and(|group| self.unnamed_of.contains(&group)),
        };
        is_unnamed
            || self.claimants.contains(&view.by)
            || (!self.claimants.is_empty() && self.claimants.contains(&super::rules::origins::origin(graph, claim)))
            || std::iter::once(&view.document).chain(view.via).any(|it| {
                self.documents.contains(it)
                    || (!self.publishers.is_empty()
                        && graph.document(*it).publisher.is_some_and(|it| self.publishers.contains(&it)))
            })
    }
}

impl WantedFigure {
    fn parse(vocabulary: &Vocabulary, text: &str) -> Result<WantedFigure, QueryError> {
        let quantity = Quantity::parse(text, &vocabulary.terms, UnitIx(0))
            .map_err(|error| QueryError::BadFigure { figure: text.to_owned(), why: error.to_string() })?;
        Ok(WantedFigure { interval: quantity.interval, unit: quantity.unit_named.then_some(quantity.unit) })
    }

    /// Whether a claim gives it: the same interval, or, of a plain number, a figure that it bounds.
    fn is_given<G: GraphView>(&self, graph: &G, claim: ClaimIx) -> bool {
        let exact = self.interval.low.filter(|_| {
            self.interval == Interval { low: self.interval.low, high: self.interval.low, ..Interval::default() }
        });
        graph.figures(claim).any(|it| {
            let bounds = match exact {
                Some(number) => it.interval.low == Some(number) || it.interval.high == Some(number),
                None => it.interval == self.interval,
            };
            bounds && self.unit.is_none_or(|unit| it.unit == unit)
        })
    }
}
