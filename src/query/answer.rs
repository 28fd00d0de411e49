//! The answer: what every table, file and diagram is a view of.

use std::collections::BTreeMap;

use petgraph::graph::DiGraph;

use super::ask::Reading;
use super::judged::{Called, Dispute, Exchange, MeasureResult, SourceUse, Support, Total, Verdict};
use super::lens::Standing;
use super::rules::Status;
use crate::model::{
    Aspect, Certainty, EntityKind, FlowEnd, Interval, LineStyle, Meaning, Outcome, Per, Period, Stance, Template,
};

/// Somebody or something in an answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref {
    /// The id; `None` for an unnamed participant.
    pub id: Option<String>,
    /// The name that people read.
    pub name: String,
    /// The kind; `None` for an unnamed participant.
    pub kind: Option<EntityKind>,
    /// The id of the group that an unnamed participant is one of.
    pub unnamed_of: Option<String>,
    /// Of a population: the id of the entity whose people they are.
    pub of: Option<String>,
    /// The name with its article, for the middle of a sentence.
    pub prose: String,
    /// The name for several, of classes.
    pub plural: Option<String>,
    /// A shorter name, for tables and diagrams.
    pub short: Option<String>,
    /// Tells unnamed participants of one group apart inside this answer; not shown.
    pub key: u32,
}

impl Ref {
    /// The shorter name, if there is one.
    pub fn short_name(&self) -> &str {
        self.short.as_deref().unwrap_or(&self.name)
    }
}

/// A figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuantityValue {
    /// The number as an interval.
    pub interval: Interval,
    /// The unit's id, in the singular.
    pub unit: String,
    /// As the source words it, hedge included.
    pub text: String,
    /// Whether the words name the unit.
    pub names_unit: bool,
}

/// A period of a row or claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodValue {
    /// When.
    pub period: Period,
    /// Worked out, not said.
    pub inferred: bool,
}

/// Where in a document a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocatorValue {
    /// Non-empty line from the headline, which is 1.
    pub paragraph: u32,
    /// Characters of the normalised passage.
    pub length: u32,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// A claim of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimValue {
    /// Who says it.
    pub by: Ref,
    /// The verb that reports it, for the stance `states`.
    pub says: Option<String>,
    /// Documents that relayed it before `document`, origin first.
    pub via: Vec<Ref>,
    /// How.
    pub stance: Stance,
    /// When it was said.
    pub made: Option<Period>,
    /// The document in which it was read.
    pub document: Ref,
    /// The number of that document in the answer's notes.
    pub note: usize,
    /// Where in it.
    pub locator: Option<LocatorValue>,
    /// Figures by name, in the order of the kind.
    pub quantities: Vec<(String, QuantityValue)>,
    /// Its period: its own, or that of the record.
    pub period: Option<PeriodValue>,
    /// What it covers, where that differs from its neighbours.
    pub scope: Option<String>,
    /// Names of its own fields that are worked out; those of the record stand in [`Row::inferred`].
    pub inferred: Vec<String>,
    /// Whether it counts, or another took its place.
    pub standing: Standing,
}

/// A relation of a row's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationValue {
    /// What kind, in kebab-case.
    pub kind: &'static str,
    /// The id of the record, fact or entity at the other end.
    pub to: String,
    /// Whether that is a record or fact; else it is an entity.
    pub is_record: bool,
    /// That, in words.
    pub name: String,
    /// Claims of its own; empty: those of the record.
    pub claims: Vec<ClaimValue>,
}

/// A fact as a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its id.
    pub fact: String,
    /// The id of its record.
    pub record: String,
    /// Its kind, in kebab-case.
    pub kind: String,
    /// The source.
    pub from: Option<Ref>,
    /// The object.
    pub what: Option<Ref>,
    /// The target.
    pub to: Option<Ref>,
    /// All other roles by name, in the order of the kind.
    pub roles: Vec<(String, Vec<Ref>)>,
    /// What became of it.
    pub outcome: Outcome,
    /// How well it is supported; none if no claim counts.
    pub status: Option<Status>,
    /// All rules that fit, the first of which is the status.
    pub reasons: Vec<Status>,
    /// Whether its figures are far apart: they cannot both hold, or one is at least twice another.
    pub diverging: bool,
    /// How long a cap counts.
    pub per: Option<Per>,
    /// Whether its record is only a draft.
    pub draft: bool,
    /// Figures on which all claims that give one agree, by name.
    pub quantities: Vec<(String, QuantityValue)>,
    /// The name of the kind's first figure, if it has one.
    pub first_figure: Option<String>,
    /// Whether claims give different figures.
    pub differs: bool,
    /// When.
    pub period: Option<PeriodValue>,
    /// Whether it falls certainly or possibly into the period asked for.
    pub matched: Option<Certainty>,
    /// Names of fields that are worked out.
    pub inferred: Vec<String>,
    /// Relations of its record.
    pub relations: Vec<RelationValue>,
    /// What its record has no field for: names, each with its values, in the order written.
    pub extra: Vec<(String, Vec<String>)>,
    /// Its claims, in the order written.
    pub claims: Vec<ClaimValue>,
}

impl Row {
    /// The first figure of the kind, if all claims that give one agree.
    pub fn quantity(&self) -> Option<&QuantityValue> {
        self.figure(self.first_figure.as_deref()?)
    }

    /// A figure by its name.
    pub fn figure(&self, name: &str) -> Option<&QuantityValue> {
        self.quantities.iter().find(|(it, _)| it == name).map(|(_, quantity)| quantity)
    }

    /// Its claims that count.
    pub fn current_claims(&self) -> impl Iterator<Item = &ClaimValue> {
        self.claims.iter().filter(|it| it.standing == Standing::Current)
    }

    /// Its support in words: "admitted", "single source, figures far apart".
    pub fn support_in_words(&self) -> String {
        let far_apart = self.diverging.then_some("figures far apart");
        let words: Vec<&str> = self.status.map(Status::in_words).into_iter().chain(far_apart).collect();
        words.join(", ")
    }

    /// Numbers of the notes that its claims cite, ascending.
    pub fn note_numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.claims.iter().map(|it| it.note).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// A numbered source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its number, from 1.
    pub number: usize,
    /// The document.
    pub document: Ref,
    /// Its title.
    pub title: Option<String>,
    /// Who published it.
    pub publisher: Option<Ref>,
    /// When.
    pub date: Option<Period>,
    /// A URL.
    pub address: Option<String>,
    /// Number of pages.
    pub pages: Option<u64>,
    /// The documents that relayed the claims to it, origin first.
    pub citing: Vec<Ref>,
}

/// A step of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainStep {
    /// Where it begins.
    pub from: Ref,
    /// Where it ends.
    pub to: Ref,
    /// The facts that carry it, as positions of rows.
    pub rows: Vec<usize>,
    /// Whether the facts run against the direction of the chain.
    pub reversed: bool,
}

/// A path, step by step.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Its steps.
    pub steps: Vec<ChainStep>,
    /// Its place in time, if that was asked for.
    pub time: Option<ChainTime>,
}

/// Whether a chain is in the order of time, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainTime {
    /// Certain or possible.
    pub certainty: Certainty,
    /// When it holds: from its first step to its last, never more precisely than the claims that bound it.
    pub window: Option<PeriodValue>,
    /// What makes it certain, or keeps it from being so: "a12 has no date".
    pub reason: String,
    /// Facts that are said to come after the one of the step before.
    pub after: Vec<AfterLink>,
}

/// That one fact comes after another, as somebody says.
#[derive(Clone, Debug, PartialEq)]
pub struct AfterLink {
    /// The id of the later fact.
    pub later: String,
    /// The id of the earlier fact.
    pub earlier: String,
    /// Who says so.
    pub by: Vec<Ref>,
}

impl ChainTime {
    /// "certain" or "possible".
    pub fn word(&self) -> &'static str {
        if self.certainty == Certainty::Certain { "certain" } else { "possible" }
    }

    /// "certain: a12 comes after a11, says the MSMT".
    pub fn why(&self) -> String {
        format!("{}: {}", self.word(), self.reason)
    }
}

impl ChainStep {
    /// The arrow of the step; it points back where the facts run against the walk.
    pub fn arrow(&self) -> &'static str {
        if self.reversed { "←" } else { "→" }
    }
}

impl Chain {
    /// "North Korea → Russia → Kyiv".
    pub fn in_words(&self) -> String {
        let mut text = self.steps.first().map_or(String::new(), |it| it.from.name.clone());
        for step in &self.steps {
            text.push_str(&format!(" {} {}", step.arrow(), step.to.name));
        }
        text
    }
}

/// What is asked about, and what else is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The entity.
    pub entity: Ref,
    /// Other names, with their kind.
    pub names: Vec<(String, &'static str)>,
    /// The whole that it is part of.
    pub part_of: Option<Ref>,
    /// The class above it.
    pub is_a: Option<Ref>,
    /// What is directly below it or part of it.
    pub below: Vec<Ref>,
    /// Of a document: what a bibliography says.
    pub note: Option<Note>,
    /// What it has no field for: names, each with its values, in the order written.
    pub extra: Vec<(String, Vec<String>)>,
    /// Entities that stand as one with it, in the order of their ids.
    pub merged: Vec<MergedValue>,
}

/// An entity that stands as one with the subject of an answer, and the decision about it.
#[derive(Clone, Debug, PartialEq)]
pub struct MergedValue {
    /// Its own id.
    pub id: String,
    /// Its own name.
    pub name: String,
    /// Its other names, with their kind.
    pub names: Vec<(String, &'static str)>,
    /// What its record has no field for.
    pub extra: Vec<(String, Vec<String>)>,
    /// Ids of the records that name it by its own id, in their order.
    pub records: Vec<String>,
    /// The two ids that the decision is about.
    pub decided: [String; 2],
    /// Why they are one.
    pub reason: Option<String>,
    /// Who decided.
    pub by: Option<String>,
    /// When, in EDTF.
    pub made: Option<String>,
}

/// An entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is: `country`, `kind`, `unit`, `supply` …
    pub sort: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// More about it: the name that matched, the roles of a kind.
    pub detail: String,
    /// Number of facts.
    pub facts: usize,
}

/// Places in an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// What is ranked: `from`, `what`, `to`, `pairs`, `central`.
    pub of: &'static str,
    /// By what: `facts`, `quantity`, or the centrality.
    pub by: &'static str,
    /// How many there are, whatever is shown.
    pub count: usize,
    /// The places; by quantity, those of each figure and unit together.
    pub ranked: Vec<Ranked>,
}

/// A place in a ranking.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranked {
    /// From 1; who stands equal has the same.
    pub rank: usize,
    /// The source.
    pub from: Option<Ref>,
    /// The object.
    pub what: Option<Ref>,
    /// The target.
    pub to: Option<Ref>,
    /// Who is central.
    pub entity: Option<Ref>,
    /// Number of facts.
    pub facts: usize,
    /// The sum of their figures, if ranked by that.
    pub total: Option<Total>,
    /// The centrality, rounded to six decimals.
    pub score: Option<f64>,
    /// The id of one of the facts, which stands in the rows.
    pub example: Option<String>,
}

/// How a kind is put into words and drawn; a copy of what the vocabulary says.
#[derive(Clone, Debug, PartialEq)]
pub struct KindWords {
    /// What people call one fact of it.
    pub noun: String,
    /// Template of a label.
    pub label: Template,
    /// Templates of a sentence.
    pub sentences: Vec<Template>,
    /// Templates of the act as something that need not have happened.
    pub infinitives: Vec<Template>,
    /// Its roles, each with the end of the flow that it stands for.
    pub roles: Vec<(String, Option<FlowEnd>)>,
    /// How its period is meant.
    pub aspect: Aspect,
    /// Its line in a diagram.
    pub style: LineStyle,
    /// Whether it has no direction.
    pub symmetric: bool,
    /// What rules take its facts for.
    pub meaning: Option<Meaning>,
}

/// Why an answer is empty, for a reader or an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerFinding {
    /// A stable word.
    pub code: &'static str,
    /// What is the matter.
    pub message: String,
    /// The next step.
    pub help: Option<String>,
}

/// Somebody in the answer's graph.
pub type AnswerNode = Ref;

/// The answer to a question.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The question in words of the command line.
    pub question: String,
    /// What the answer is about, as a title; empty where the question says it.
    pub title: String,
    /// How the question was read, if it was asked in plain English.
    pub reading: Option<Reading>,
    /// Whether it is so, if that was asked.
    pub verdict: Option<Verdict>,
    /// Facts, in order.
    pub rows: Vec<Row>,
    /// Of `show NAME`: facts that the entity claims, apart from those in which it takes part.
    pub claimed: Vec<Row>,
    /// Numbered sources of all rows.
    pub notes: Vec<Note>,
    /// Paths, if paths were asked for.
    pub chains: Option<Vec<Chain>>,
    /// Whether the rows are asked for as a timeline, in the order of their time.
    pub timeline: bool,
    /// The entity asked about.
    pub subject: Option<Subject>,
    /// Entries of a list.
    pub entries: Option<Vec<Entry>>,
    /// Sums over the rows.
    pub totals: Option<Vec<Total>>,
    /// Who or what has most.
    pub ranking: Option<Ranking>,
    /// Measures against the transfers that they cover.
    pub measures: Option<Vec<MeasureResult>>,
    /// What sources call violations.
    pub called: Option<Vec<Called>>,
    /// What the rows stand on.
    pub support: Option<Support>,
    /// What is in dispute about the rows, one a row.
    pub disputes: Option<Vec<Dispute>>,
    /// What was given in return for what.
    pub exchanges: Option<Vec<Exchange>>,
    /// What each document is used for.
    pub sources: Option<Vec<SourceUse>>,
    /// Numbers by name, in order.
    pub counts: Option<Vec<(String, usize)>>,
    /// How names were understood and what else there is, in sentences.
    pub remarks: Vec<String>,
    /// Why there is no answer.
    pub findings: Vec<AnswerFinding>,
    /// By the id of who stands at an end of a row: the outermost whole that it is part of.
    pub wholes: BTreeMap<String, Ref>,
    /// Kinds of the rows, in words.
    pub kinds: BTreeMap<String, KindWords>,
    /// Singular and plural of the rows' units.
    pub units: BTreeMap<String, (String, String)>,
    /// Who and what is connected: an edge a fact, its weight the position of the row. Facts that lack an end are none.
    pub graph: DiGraph<AnswerNode, usize>,
}

impl Answer {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.claimed.is_empty()
            && self.subject.is_none()
            && self.counts.is_none()
            && self.entries.as_ref().is_none_or(Vec::is_empty)
            && self.sources.as_ref().is_none_or(Vec::is_empty)
    }

    /// An answer that says why there is none.
    pub fn refused(question: String, finding: AnswerFinding) -> Answer {
        Answer { question, findings: vec![finding], ..Answer::default() }
    }
}
