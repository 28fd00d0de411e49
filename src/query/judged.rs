//! What rules say of the facts of an answer: what they stand on, their sums, measures, disputes and exchanges, and what
//! their sources carry.

use super::answer::{QuantityValue, Ref};
use super::rules::{MeasureVerdict, Status};
use crate::model::{Amount, Interval, Per, Period};

/// Somebody on whose word facts of an answer rest.
#[derive(Clone, Debug, PartialEq)]
pub struct OriginSupport {
    /// The origin.
    pub origin: Ref,
    /// Ids of the facts that it says.
    pub facts: Vec<String>,
    /// Those of them that nobody else says.
    pub alone: Vec<String>,
    /// Number of its claims.
    pub claims: usize,
    /// Numbers of the notes that carry them.
    pub notes: Vec<usize>,
}

/// The step of a path that is supported least.
#[derive(Clone, Debug, PartialEq)]
pub struct WeakestStep {
    /// The chain, from 1.
    pub chain: usize,
    /// The step in it, from 1.
    pub step: usize,
    /// Where the step begins.
    pub from: Ref,
    /// Where it ends.
    pub to: Ref,
    /// The best supported fact that carries it.
    pub fact: String,
    /// The status of that fact.
    pub status: Option<Status>,
    /// Number of its independent origins.
    pub independent: usize,
}

/// What an answer stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// Ids of the facts asked about.
    pub about: Vec<String>,
    /// Who says them, those who say most of them first.
    pub origins: Vec<OriginSupport>,
    /// How many of the origins are independent of one another.
    pub independent: usize,
    /// Whether that is a lower bound: there were too many origins to be sure.
    pub independent_bound: bool,
    /// The fewest origins without which the answer falls: no fact asked about is left, of a path no way.
    pub smallest: Vec<Ref>,
    /// Whether there may be a smaller set: the search was cut short.
    pub bound: bool,
    /// Ids of the facts asked about that fall without the claimants and documents left out.
    pub falls: Vec<String>,
    /// Ids of facts like them that stand then.
    pub left: Vec<String>,
    /// Of a path: its weakest step.
    pub weakest: Option<WeakestStep>,
}

/// A figure with who gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedFigure {
    /// Who.
    pub by: Ref,
    /// The figure.
    pub quantity: QuantityValue,
    /// What it covers, if the claim says so.
    pub scope: Option<String>,
}

/// Two figures for one thing that are far apart.
#[derive(Clone, Debug, PartialEq)]
pub struct FiguresApart {
    /// The name of the figure.
    pub figure: String,
    /// The lower one.
    pub lower: StatedFigure,
    /// The higher one.
    pub higher: StatedFigure,
    /// Whether no amount can be both.
    pub disjoint: bool,
    /// Whether the higher is at least twice the lower.
    pub twofold: bool,
    /// Whether the two claims cover different things.
    pub scopes_differ: bool,
    /// How many times the lower the higher one is, cut after two decimals; none if the lower is zero.
    pub ratio: Option<Amount>,
    /// Whether nothing was cut.
    pub ratio_exact: bool,
}

/// What is in dispute about a fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Dispute {
    /// The id of the fact.
    pub fact: String,
    /// Who denies it.
    pub denied_by: Vec<Ref>,
    /// Figures that are far apart, in pairs.
    pub figures: Vec<FiguresApart>,
}

/// What was given in return for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// Ids of what was given first.
    pub given: Vec<String>,
    /// Ids of what was given in return.
    pub returned: Vec<String>,
    /// Who says that it was in return.
    pub by: Vec<Ref>,
    /// Numbers of the notes that carry that.
    pub notes: Vec<usize>,
}

/// What a document is used for.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceUse {
    /// The document.
    pub document: Ref,
    /// The number of its note.
    pub note: usize,
    /// Ids of the facts of which claims were read in it.
    pub carries: Vec<String>,
    /// Ids of the facts of which it relayed claims to another document.
    pub relays: Vec<String>,
    /// Ids of the facts that stand on it alone.
    pub alone: Vec<String>,
    /// Who speaks in it.
    pub origins: Vec<Ref>,
}

/// A sum over facts, as an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// What its facts have in common, if sums were asked for by that; an id, a kind or a year.
    pub group: Option<String>,
    /// The same in words.
    pub group_name: Option<String>,
    /// The name of the figure that is added up.
    pub figure: String,
    /// The id of the unit.
    pub unit: String,
    /// The sum.
    pub interval: Interval,
    /// Whether the lower bound could be higher: relations between the facts, or classes above one another, were too
    /// entangled to be sure. It is never too high.
    pub bound: bool,
    /// Ids of the facts that the lower bound adds up.
    pub counted_low: Vec<String>,
    /// Why what the lower bound adds up cannot be the same, in sentences.
    pub because: Vec<String>,
    /// Ids of the facts that the upper bound adds up, if there is one.
    pub counted_high: Vec<String>,
    /// Facts that a bound leaves out, each with the reason.
    pub left_out: Vec<(String, String)>,
    /// Ids of facts whose claims differ; they enter with all that their claims allow.
    pub differs: Vec<String>,
    /// Conversions that were used: "1 barrel = 158.987294928 litres (…)".
    pub conversions: Vec<String>,
}

impl Total {
    /// Ids of the facts that either bound adds up, in order.
    pub fn counted(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.counted_low.iter().chain(&self.counted_high).map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A measure in one period, against the transfers that it covers.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureResult {
    /// The id of the measure's fact.
    pub measure: String,
    /// What it limits.
    pub what: Option<Ref>,
    /// Whom it constrains.
    pub target: Option<Ref>,
    /// Whether it constrains what comes from the target, and not what goes to it.
    pub outward: bool,
    /// What it rests on.
    pub instruments: Vec<Ref>,
    /// How it stands.
    pub verdict: MeasureVerdict,
    /// The period in which transfers are counted; none: at any time.
    pub period: Option<Period>,
    /// How long the cap counts.
    pub per: Option<Per>,
    /// The cap; none: a ban.
    pub limit: Option<QuantityValue>,
    /// What is allowed in the period, in the unit of the sum.
    pub allowed: Option<Interval>,
    /// What was transferred, in that unit.
    pub sum: Option<Interval>,
    /// The id of the unit.
    pub unit: Option<String>,
    /// Whether the lower bound of the sum could be higher.
    pub bound: bool,
    /// Ids of the transfers counted for the lower bound; of a ban, those that break it.
    pub counted: Vec<String>,
    /// Ids of transfers that may count as well.
    pub may_count: Vec<String>,
    /// The arithmetic, or why there is none, in words.
    pub why: String,
}

/// What a source calls a violation.
#[derive(Clone, Debug, PartialEq)]
pub struct Called {
    /// The id of the fact.
    pub fact: String,
    /// The id of the rule: a measure, an instrument.
    pub rule: String,
    /// The rule in words.
    pub rule_name: String,
    /// Who calls it so.
    pub by: Vec<Ref>,
    /// Numbers of the notes that carry that.
    pub notes: Vec<usize>,
    /// Ids of measures in the data that cover the fact.
    pub covered_by: Vec<String>,
}

/// What the facts found say to a question of yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerdictWord {
    /// Somebody says so, nobody denies it.
    Said,
    /// Somebody says so, somebody denies it.
    Disputed,
    /// It is only denied.
    Denied,
    /// It was planned, asked for or expected, but nobody says that it happened.
    NotHappened,
    /// Nobody says anything of it.
    Nothing,
}

impl VerdictWord {
    /// All, in their order.
    pub const ALL: [VerdictWord; 5] =
        [VerdictWord::Said, VerdictWord::Disputed, VerdictWord::Denied, VerdictWord::NotHappened, VerdictWord::Nothing];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            VerdictWord::Said => "said",
            VerdictWord::Disputed => "disputed",
            VerdictWord::Denied => "denied",
            VerdictWord::NotHappened => "not-happened",
            VerdictWord::Nothing => "nothing",
        }
    }
}

/// The answer to a question of yes or no: by the word of whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it stands.
    pub word: VerdictWord,
    /// The same in sentences, with who says so and of which facts.
    pub text: String,
}
