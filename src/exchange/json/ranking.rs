//! Rankings as JSON.

use serde::Serialize;

use super::all;
use super::row::RefJson;
use super::rules::TotalJson;
use crate::query::{Ranked, Ranking};

#[derive(Serialize)]
pub(super) struct RankingJson<'a> {
    of: &'a str,
    by: &'a str,
    count: usize,
    ranked: Vec<RankedJson<'a>>,
}

#[derive(Serialize)]
pub(super) struct RankedJson<'a> {
    rank: usize,
    from: Option<RefJson<'a>>,
    what: Option<RefJson<'a>>,
    to: Option<RefJson<'a>>,
    entity: Option<RefJson<'a>>,
    facts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<TotalJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    example: Option<&'a str>,
}

impl<'a> RankingJson<'a> {
    pub(super) fn new(value: &'a Ranking) -> Self {
        let Ranking { of, by, count, ranked } = value;
        RankingJson { of, by, count: *count, ranked: all(ranked, RankedJson::new) }
    }
}

impl<'a> RankedJson<'a> {
    pub(super) fn new(value: &'a Ranked) -> Self {
        RankedJson {
            rank: value.rank,
            from: value.from.as_ref().map(RefJson::new),
            what: value.what.as_ref().map(RefJson::new),
            to: value.to.as_ref().map(RefJson::new),
            entity: value.entity.as_ref().map(RefJson::new),
            facts: value.facts,
            total: value.total.as_ref().map(TotalJson::new),
            score: value.score,
            example: value.example.as_deref(),
        }
    }
}
