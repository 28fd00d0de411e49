//! Proposed pairs as JSON.

use std::io;

use serde::Serialize;

use crate::query::{Matches, SameFacts};

#[derive(Serialize)]
struct MatchesJson<'a> {
    version: u32,
    entities: usize,
    compared: usize,
    crowded: usize,
    decided: usize,
    pairs: Vec<PairJson<'a>>,
}

#[derive(Serialize)]
struct PairJson<'a> {
    level: &'static str,
    score: i32,
    a: EndJson<'a>,
    b: EndJson<'a>,
    reasons: Vec<ReasonJson<'a>>,
    decided: Option<&'static str>,
}

#[derive(Serialize)]
struct EndJson<'a> {
    id: Option<&'a str>,
    name: &'a str,
    kind: Option<&'static str>,
}

#[derive(Serialize)]
struct ReasonJson<'a> {
    points: i32,
    text: &'a str,
}

#[derive(Serialize)]
struct FactsJson<'a> {
    version: u32,
    groups: Vec<GroupJson<'a>>,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    kind: &'a str,
    from: Option<EndJson<'a>>,
    what: Option<EndJson<'a>>,
    to: Option<EndJson<'a>>,
    period: Option<&'a str>,
    facts: &'a [String],
}

impl<'a> EndJson<'a> {
    fn new(it: &'a crate::query::Ref) -> Self {
        EndJson { id: it.id.as_deref(), name: &it.name, kind: it.kind.map(|it| it.as_str()) }
    }
}

/// Writes proposed pairs as one JSON document, the surest first, each with its reasons and their points.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use purvey::exchange::write_matches_json;
/// use purvey::query::Matches;
///
/// let mut out = Vec::new();
/// write_matches_json(&Matches::default(), &mut out)?;
/// let document: serde_json::Value = serde_json::from_slice(&out)?;
/// assert_eq!(document["pairs"], serde_json::json!([]));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_matches_json(matches: &Matches, out: &mut dyn io::Write) -> io::Result<()> {
    let pairs = matches.pairs.iter().map(|it| PairJson {
        level: it.level.as_str(),
        score: it.score,
        a: EndJson::new(&it.a),
        b: EndJson::new(&it.b),
        reasons: it.reasons.iter().map(|it| ReasonJson { points: it.points, text: &it.text }).collect(),
        decided: it.decided.map(|it| it.as_word()),
    });
    let document = MatchesJson {
        version: super::JSON_VERSION,
        entities: matches.entities,
        compared: matches.compared,
        crowded: matches.crowded,
        decided: matches.decided,
        pairs: pairs.collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// Writes groups of facts that may be one as one JSON document.
///
/// # Errors
///
/// Those of `out`.
pub fn write_same_facts_json(groups: &[SameFacts], out: &mut dyn io::Write) -> io::Result<()> {
    let groups = groups.iter().map(|it| {
        let [from, what, to] = it.ends.each_ref().map(|it| it.as_ref().map(EndJson::new));
        GroupJson { kind: &it.kind, from, what, to, period: it.period.as_deref(), facts: &it.facts }
    });
    serde_json::to_writer_pretty(&mut *out, &FactsJson { version: super::JSON_VERSION, groups: groups.collect() })?;
    out.write_all(b"\n")
}
