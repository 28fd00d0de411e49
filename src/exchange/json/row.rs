//! A fact as JSON: its row, its claims, and the values in them.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Number;

use super::{ByName, all, by_name};
use crate::model::{Amount, EntityKind, Locator, Period};
use crate::query::{ClaimValue, LocatorValue, PeriodValue, QuantityValue, Ref, RelationValue, Row, Status};

#[derive(Serialize)]
pub(super) struct RowJson<'a> {
    fact: &'a str,
    record: &'a str,
    kind: &'a str,
    from: Option<RefJson<'a>>,
    what: Option<RefJson<'a>>,
    to: Option<RefJson<'a>>,
    roles: ByName<'a, Vec<RefJson<'a>>>,
    outcome: &'static str,
    status: Option<&'static str>,
    reasons: Vec<&'static str>,
    diverging: bool,
    per: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    quantity: Option<QuantityJson<'a>>,
    quantities: ByName<'a, QuantityJson<'a>>,
    differs: bool,
    period: Option<PeriodJson>,
    #[serde(rename = "match")]
    matched: Option<&'static str>,
    inferred: &'a [String],
    relations: Vec<RelationJson<'a>>,
    #[serde(skip_serializing_if = "ByName::is_empty")]
    extra: ByName<'a, &'a [String]>,
    claims: Vec<ClaimJson<'a>>,
}

impl<'a> RowJson<'a> {
    pub(super) fn new(row: &'a Row) -> Self {
        let made_inferred = row.inferred.iter().any(|it| it == "made");
        let claim = |it: &'a ClaimValue| ClaimJson::new(it, row.first_figure.as_deref(), made_inferred);
        RowJson {
            fact: &row.fact,
            record: &row.record,
            kind: &row.kind,
            from: row.from.as_ref().map(RefJson::new),
            what: row.what.as_ref().map(RefJson::new),
            to: row.to.as_ref().map(RefJson::new),
            roles: by_name(&row.roles, |refs| all(refs, RefJson::new)),
            outcome: row.outcome.as_str(),
            status: row.status.map(Status::as_str),
            reasons: row.reasons.iter().map(|it| it.as_str()).collect(),
            diverging: row.diverging,
            per: row.per.map(|it| it.as_str()),
            draft: row.draft,
            quantity: row.quantity().map(QuantityJson::new),
            quantities: by_name(&row.quantities, QuantityJson::new),
            differs: row.differs,
            period: row.period.map(PeriodJson::of_value),
            matched: row.matched.map(crate::exchange::match_word),
            inferred: &row.inferred,
            relations: row.relations.iter().map(|it| RelationJson::new(it, claim)).collect(),
            extra: by_name(&row.extra, Vec::as_slice),
            claims: row.claims.iter().map(claim).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct RefJson<'a> {
    id: Option<&'a str>,
    name: &'a str,
    kind: Option<&'static str>,
    unnamed_of: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<&'a str>,
}

impl<'a> RefJson<'a> {
    pub(super) fn new(value: &'a Ref) -> Self {
        RefJson {
            id: value.id.as_deref(),
            name: &value.name,
            kind: value.kind.map(EntityKind::as_str),
            unnamed_of: value.unnamed_of.as_deref(),
            of: value.of.as_deref(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct QuantityJson<'a> {
    low: Option<AmountJson>,
    high: Option<AmountJson>,
    low_open: bool,
    high_open: bool,
    approximate: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    vague: bool,
    unit: &'a str,
    text: &'a str,
}

impl<'a> QuantityJson<'a> {
    pub(super) fn new(value: &'a QuantityValue) -> Self {
        let interval = &value.interval;
        QuantityJson {
            low: interval.low.map(AmountJson),
            high: interval.high.map(AmountJson),
            low_open: interval.low_open,
            high_open: interval.high_open,
            approximate: interval.approximate,
            vague: interval.vague,
            unit: &value.unit,
            text: &value.text,
        }
    }
}

/// A JSON number with the digits of the decimal, whatever their count: no float in between.
pub(super) struct AmountJson(pub(super) Amount);

impl Serialize for AmountJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Most are whole numbers, which need no text in between.
        let decimal = self.0.value();
        if let (0, Ok(whole)) = (decimal.scale(), i64::try_from(decimal.mantissa())) {
            return serializer.serialize_i64(whole);
        }
        self.0.to_string().parse::<Number>().map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[derive(Serialize)]
pub(super) struct PeriodJson {
    edtf: String,
    text: String,
    earliest: Option<String>,
    latest: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inferred: Option<bool>,
}

impl PeriodJson {
    pub(super) fn of_value(value: PeriodValue) -> Self {
        PeriodJson { inferred: Some(value.inferred), ..PeriodJson::new(&value.period) }
    }

    pub(super) fn new(period: &Period) -> Self {
        PeriodJson {
            edtf: period.edtf(),
            text: period.to_words(),
            earliest: period.earliest().map(|it| it.to_string()),
            latest: period.latest().map(|it| it.to_string()),
            inferred: None,
        }
    }
}

#[derive(Serialize)]
pub(super) struct RelationJson<'a> {
    kind: &'static str,
    to: &'a str,
    name: &'a str,
    claims: Vec<ClaimJson<'a>>,
}

impl<'a> RelationJson<'a> {
    pub(super) fn new(value: &'a RelationValue, claim: impl Fn(&'a ClaimValue) -> ClaimJson<'a>) -> Self {
        let claims = value.claims.iter().map(claim).collect();
        RelationJson { kind: value.kind, to: &value.to, name: &value.name, claims }
    }
}

#[derive(Serialize)]
pub(super) struct ClaimJson<'a> {
    by: RefJson<'a>,
    via: Vec<RefJson<'a>>,
    stance: &'static str,
    made: Option<PeriodJson>,
    document: RefJson<'a>,
    note: usize,
    locator: Option<LocatorJson>,
    quantity: Option<QuantityJson<'a>>,
    quantities: ByName<'a, QuantityJson<'a>>,
    period: Option<PeriodJson>,
    scope: Option<&'a str>,
    standing: &'static str,
}

impl<'a> ClaimJson<'a> {
    pub(super) fn new(value: &'a ClaimValue, first_figure: Option<&str>, made_inferred: bool) -> Self {
        let made_inferred = made_inferred || value.inferred.iter().any(|it| it == "made");
        let made = value.made.map(|period| PeriodJson::of_value(PeriodValue { period, inferred: made_inferred }));
        let quantity = value.quantities.iter().find(|(name, _)| Some(name.as_str()) == first_figure);
        ClaimJson {
            by: RefJson::new(&value.by),
            via: all(&value.via, RefJson::new),
            stance: value.stance.as_str(),
            made,
            document: RefJson::new(&value.document),
            note: value.note,
            locator: value.locator.map(LocatorJson::new),
            quantity: quantity.map(|(_, it)| QuantityJson::new(it)),
            quantities: by_name(&value.quantities, QuantityJson::new),
            period: value.period.map(PeriodJson::of_value),
            scope: value.scope.as_deref(),
            standing: value.standing.as_str(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct LocatorJson {
    paragraph: u32,
    length: u32,
    sha256: String,
}

impl LocatorJson {
    pub(super) fn new(value: LocatorValue) -> Self {
        let LocatorValue { paragraph, length, sha256 } = value;
        LocatorJson { paragraph, length, sha256: Locator { paragraph, length, sha256 }.hex() }
    }
}
