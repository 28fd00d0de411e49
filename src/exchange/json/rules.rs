//! What rules say of an answer, as JSON: totals, measures, support, disputes, exchanges, the use of sources.

use serde::Serialize;

use super::{AmountJson, PeriodJson, QuantityJson, RefJson, all};
use crate::query::{
    Called, Dispute, Exchange, FiguresApart, MeasureResult, OriginSupport, SourceUse, StatedFigure, Status, Support,
    Total, WeakestStep,
};

#[derive(Serialize)]
pub(super) struct TotalJson<'a> {
    group: Option<&'a str>,
    group_name: Option<&'a str>,
    figure: &'a str,
    unit: &'a str,
    low: Option<AmountJson>,
    high: Option<AmountJson>,
    low_open: bool,
    high_open: bool,
    approximate: bool,
    vague: bool,
    bound: bool,
    counted: Vec<&'a str>,
    counted_low: &'a [String],
    because: &'a [String],
    counted_high: &'a [String],
    left_out: Vec<LeftOutJson<'a>>,
    differs: &'a [String],
    conversions: &'a [String],
}

#[derive(Serialize)]
struct LeftOutJson<'a> {
    fact: &'a str,
    why: &'a str,
}

impl<'a> TotalJson<'a> {
    pub(super) fn new(value: &'a Total) -> Self {
        let interval = &value.interval;
        TotalJson {
            group: value.group.as_deref(),
            group_name: value.group_name.as_deref(),
            figure: &value.figure,
            unit: &value.unit,
            low: interval.low.map(AmountJson),
            high: interval.high.map(AmountJson),
            low_open: interval.low_open,
            high_open: interval.high_open,
            approximate: interval.approximate,
            vague: interval.vague,
            bound: value.bound,
            counted: value.counted(),
            counted_low: &value.counted_low,
            because: &value.because,
            counted_high: &value.counted_high,
            left_out: value.left_out.iter().map(|(fact, why)| LeftOutJson { fact, why }).collect(),
            differs: &value.differs,
            conversions: &value.conversions,
        }
    }
}

#[derive(Serialize)]
pub(super) struct MeasureJson<'a> {
    measure: &'a str,
    what: Option<RefJson<'a>>,
    target: Option<RefJson<'a>>,
    direction: &'static str,
    instruments: Vec<RefJson<'a>>,
    verdict: &'static str,
    period: Option<PeriodJson>,
    per: Option<&'static str>,
    limit: Option<AmountJson>,
    limit_open: bool,
    limit_text: Option<&'a str>,
    limit_unit: Option<&'a str>,
    allowed: Option<AmountJson>,
    low: Option<AmountJson>,
    high: Option<AmountJson>,
    low_open: bool,
    high_open: bool,
    approximate: bool,
    bound: bool,
    unit: Option<&'a str>,
    counted: &'a [String],
    may_count: &'a [String],
    why: &'a str,
}

impl<'a> MeasureJson<'a> {
    pub(super) fn new(value: &'a MeasureResult) -> Self {
        let sum = value.sum.unwrap_or_default();
        let limit = value.limit.as_ref();
        MeasureJson {
            measure: &value.measure,
            what: value.what.as_ref().map(RefJson::new),
            target: value.target.as_ref().map(RefJson::new),
            direction: if value.outward { "from" } else { "to" },
            instruments: all(&value.instruments, RefJson::new),
            verdict: value.verdict.as_str(),
            period: value.period.as_ref().map(PeriodJson::new),
            per: value.per.map(|it| it.as_str()),
            limit: limit.and_then(|it| it.interval.high).map(AmountJson),
            limit_open: limit.is_some_and(|it| it.interval.high_open),
            limit_text: limit.map(|it| it.text.as_str()),
            limit_unit: limit.map(|it| it.unit.as_str()),
            allowed: value.allowed.and_then(|it| it.high).map(AmountJson),
            low: sum.low.map(AmountJson),
            high: sum.high.map(AmountJson),
            low_open: sum.low_open,
            high_open: sum.high_open,
            approximate: sum.approximate,
            bound: value.bound,
            unit: value.unit.as_deref(),
            counted: &value.counted,
            may_count: &value.may_count,
            why: &value.why,
        }
    }
}

#[derive(Serialize)]
pub(super) struct ViolationJson<'a> {
    fact: &'a str,
    rule: &'a str,
    rule_name: &'a str,
    by: Vec<RefJson<'a>>,
    notes: &'a [usize],
    covered_by: &'a [String],
}

impl<'a> ViolationJson<'a> {
    pub(super) fn new(value: &'a Called) -> Self {
        ViolationJson {
            fact: &value.fact,
            rule: &value.rule,
            rule_name: &value.rule_name,
            by: all(&value.by, RefJson::new),
            notes: &value.notes,
            covered_by: &value.covered_by,
        }
    }
}

#[derive(Serialize)]
pub(super) struct SupportJson<'a> {
    about: &'a [String],
    origins: Vec<OriginJson<'a>>,
    independent: usize,
    independent_bound: bool,
    smallest: Vec<RefJson<'a>>,
    bound: bool,
    falls: &'a [String],
    left: &'a [String],
    weakest: Option<WeakestJson<'a>>,
}

impl<'a> SupportJson<'a> {
    pub(super) fn new(value: &'a Support) -> Self {
        SupportJson {
            about: &value.about,
            origins: all(&value.origins, OriginJson::new),
            independent: value.independent,
            independent_bound: value.independent_bound,
            smallest: all(&value.smallest, RefJson::new),
            bound: value.bound,
            falls: &value.falls,
            left: &value.left,
            weakest: value.weakest.as_ref().map(WeakestJson::new),
        }
    }
}

#[derive(Serialize)]
struct OriginJson<'a> {
    origin: RefJson<'a>,
    claims: usize,
    facts: &'a [String],
    alone: &'a [String],
    notes: &'a [usize],
}

impl<'a> OriginJson<'a> {
    fn new(value: &'a OriginSupport) -> Self {
        OriginJson {
            origin: RefJson::new(&value.origin),
            claims: value.claims,
            facts: &value.facts,
            alone: &value.alone,
            notes: &value.notes,
        }
    }
}

#[derive(Serialize)]
struct WeakestJson<'a> {
    chain: usize,
    step: usize,
    from: RefJson<'a>,
    to: RefJson<'a>,
    fact: &'a str,
    status: Option<&'static str>,
    independent: usize,
}

impl<'a> WeakestJson<'a> {
    fn new(value: &'a WeakestStep) -> Self {
        WeakestJson {
            chain: value.chain,
            step: value.step,
            from: RefJson::new(&value.from),
            to: RefJson::new(&value.to),
            fact: &value.fact,
            status: value.status.map(Status::as_str),
            independent: value.independent,
        }
    }
}

#[derive(Serialize)]
pub(super) struct DisputeJson<'a> {
    fact: &'a str,
    denied_by: Vec<RefJson<'a>>,
    figures: Vec<ApartJson<'a>>,
}

impl<'a> DisputeJson<'a> {
    pub(super) fn new(value: &'a Dispute) -> Self {
        DisputeJson {
            fact: &value.fact,
            denied_by: all(&value.denied_by, RefJson::new),
            figures: all(&value.figures, ApartJson::new),
        }
    }
}

#[derive(Serialize)]
struct ApartJson<'a> {
    figure: &'a str,
    lower: StatedJson<'a>,
    higher: StatedJson<'a>,
    disjoint: bool,
    twofold: bool,
    scopes_differ: bool,
    ratio: Option<AmountJson>,
    ratio_exact: bool,
}

impl<'a> ApartJson<'a> {
    fn new(value: &'a FiguresApart) -> Self {
        ApartJson {
            figure: &value.figure,
            lower: StatedJson::new(&value.lower),
            higher: StatedJson::new(&value.higher),
            disjoint: value.disjoint,
            twofold: value.twofold,
            scopes_differ: value.scopes_differ,
            ratio: value.ratio.map(AmountJson),
            ratio_exact: value.ratio_exact,
        }
    }
}

#[derive(Serialize)]
struct StatedJson<'a> {
    by: RefJson<'a>,
    quantity: QuantityJson<'a>,
    scope: Option<&'a str>,
}

impl<'a> StatedJson<'a> {
    fn new(value: &'a StatedFigure) -> Self {
        let scope = value.scope.as_deref();
        StatedJson { by: RefJson::new(&value.by), quantity: QuantityJson::new(&value.quantity), scope }
    }
}

#[derive(Serialize)]
pub(super) struct ExchangeJson<'a> {
    given: &'a [String],
    returned: &'a [String],
    by: Vec<RefJson<'a>>,
    notes: &'a [usize],
}

impl<'a> ExchangeJson<'a> {
    pub(super) fn new(value: &'a Exchange) -> Self {
        let by = all(&value.by, RefJson::new);
        ExchangeJson { given: &value.given, returned: &value.returned, by, notes: &value.notes }
    }
}

#[derive(Serialize)]
pub(super) struct SourceJson<'a> {
    document: RefJson<'a>,
    note: usize,
    carries: &'a [String],
    relays: &'a [String],
    alone: &'a [String],
    origins: Vec<RefJson<'a>>,
}

impl<'a> SourceJson<'a> {
    pub(super) fn new(value: &'a SourceUse) -> Self {
        SourceJson {
            document: RefJson::new(&value.document),
            note: value.note,
            carries: &value.carries,
            relays: &value.relays,
            alone: &value.alone,
            origins: all(&value.origins, RefJson::new),
        }
    }
}
