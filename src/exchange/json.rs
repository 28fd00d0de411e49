//! An answer as one JSON document, or as JSON lines. `docs/answer.schema.json` describes the document.

mod ranking;
mod row;
mod rules;

use std::io::{self, Write as _};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::Context;
use crate::query::{
    Answer, AnswerFinding, Chain, ChainStep, ChainTime, Entry, MergedValue, NameRead, Note, Reading, Row, Subject,
};
use ranking::{RankedJson, RankingJson};
use row::{PeriodJson, RefJson, RowJson};
use rules::{DisputeJson, ExchangeJson, MeasureJson, SourceJson, SupportJson, TotalJson, ViolationJson};

/// The version of the document. Fields are added without a new version; one that changes its meaning asks for it.
pub const JSON_VERSION: u32 = 1;

/// Writes an answer as one JSON document, indented, with a line break at its end.
///
/// The order of fields is fixed and amounts stand as the source gives them: `9000000`, never `9e6`. An answer without
/// rows is a complete document too, with `rows: []` and the reasons in `findings`.
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::{Context, write_json};
/// use purvey::query::{Answer, AnswerFinding};
///
/// let finding = AnswerFinding { code: "unknown-name", message: "nothing is called `x`".to_owned(), help: None };
/// let mut out = Vec::new();
/// write_json(&Answer::refused("show x".to_owned(), finding), &Context::default(), &mut out)?;
/// let document: serde_json::Value = serde_json::from_slice(&out)?;
/// assert_eq!(document["rows"], serde_json::json!([]));
/// assert_eq!(document["findings"][0]["code"], "unknown-name");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_json(answer: &Answer, context: &Context, out: &mut dyn io::Write) -> io::Result<()> {
    // The document comes in pieces of a few bytes, each of which would be a call of `out`.
    let mut out = io::BufWriter::with_capacity(PIECE, out);
    serde_json::to_writer_pretty(&mut out, &DocumentJson::new(answer, context))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// So many bytes of a document go out at once.
const PIECE: usize = 1 << 16;

/// Writes an answer as JSON lines: one object a line, each with a field `type`.
///
/// The order of types: `question` (with version, data and subject), `row`, `claimed`, `chain`, `total`, `ranked`,
/// `measure`, `violation`, `support`, `dispute`, `exchange`, `source`, `entry`, `count`, `note`,
/// `remark`, `finding`. The other fields of a line are those that the object has in the document of [`write_json`].
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::{Context, write_jsonl};
/// use purvey::query::Answer;
///
/// let mut out = Vec::new();
/// write_jsonl(&Answer { question: "stats".to_owned(), ..Answer::default() }, &Context::built_in(), &mut out)?;
/// let line = r#"{"type":"question","version":1,"question":"stats","data":"built-in example"}"#;
/// assert_eq!(String::from_utf8_lossy(&out), format!("{line}\n"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_jsonl(answer: &Answer, context: &Context, out: &mut dyn io::Write) -> io::Result<()> {
    let mut lines = Lines { out };
    lines.put("question", HeadJson::new(answer, context))?;
    for row in &answer.rows {
        lines.put("row", RowJson::new(row))?;
    }
    for row in &answer.claimed {
        lines.put("claimed", RowJson::new(row))?;
    }
    for chain in answer.chains.iter().flatten() {
        lines.put("chain", ChainJson::new(chain, &answer.rows))?;
    }
    for total in answer.totals.iter().flatten() {
        lines.put("total", TotalJson::new(total))?;
    }
    for ranked in answer.ranking.iter().flat_map(|it| &it.ranked) {
        lines.put("ranked", RankedJson::new(ranked))?;
    }
    for measure in answer.measures.iter().flatten() {
        lines.put("measure", MeasureJson::new(measure))?;
    }
    for violation in answer.called.iter().flatten() {
        lines.put("violation", ViolationJson::new(violation))?;
    }
    if let Some(support) = &answer.support {
        lines.put("support", SupportJson::new(support))?;
    }
    for dispute in answer.disputes.iter().flatten() {
        lines.put("dispute", DisputeJson::new(dispute))?;
    }
    for exchange in answer.exchanges.iter().flatten() {
        lines.put("exchange", ExchangeJson::new(exchange))?;
    }
    for source in answer.sources.iter().flatten() {
        lines.put("source", SourceJson::new(source))?;
    }
    for entry in answer.entries.iter().flatten() {
        lines.put("entry", EntryJson::new(entry))?;
    }
    for (name, count) in answer.counts.iter().flatten() {
        lines.put("count", CountJson { name, count: *count })?;
    }
    for note in &answer.notes {
        lines.put("note", NoteJson::new(note))?;
    }
    for text in &answer.remarks {
        lines.put("remark", RemarkJson { text })?;
    }
    for finding in &answer.findings {
        lines.put("finding", FindingJson::new(finding))?;
    }
    Ok(())
}

struct Lines<'o> {
    out: &'o mut dyn io::Write,
}

impl Lines<'_> {
    fn put<T: Serialize>(&mut self, sort: &'static str, value: T) -> io::Result<()> {
        serde_json::to_writer(&mut *self.out, &LineJson { sort, value })?;
        self.out.write_all(b"\n")
    }
}

#[derive(Serialize)]
struct LineJson<T> {
    #[serde(rename = "type")]
    sort: &'static str,
    #[serde(flatten)]
    value: T,
}

#[derive(Serialize)]
struct HeadJson<'a> {
    version: u32,
    question: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<ReadingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<VerdictJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<SubjectJson<'a>>,
}

/// How a question in plain English was read.
#[derive(Serialize)]
struct ReadingJson<'a> {
    command: String,
    names: Vec<NameReadJson<'a>>,
    corrections: Vec<CorrectionJson<'a>>,
    unused: &'a [String],
}

#[derive(Serialize)]
struct NameReadJson<'a> {
    typed: &'a str,
    id: &'a str,
    name: &'a str,
    rank: &'static str,
}

#[derive(Serialize)]
struct CorrectionJson<'a> {
    typed: &'a str,
    read: &'a str,
}

impl<'a> ReadingJson<'a> {
    fn new(value: &'a Reading) -> Self {
        let name =
            |it: &'a NameRead| NameReadJson { typed: &it.typed, id: &it.id, name: &it.name, rank: it.rank.as_str() };
        ReadingJson {
            command: value.command(),
            names: value.names.iter().map(name).collect(),
            corrections: value.corrections.iter().map(|(typed, read)| CorrectionJson { typed, read }).collect(),
            unused: &value.unused,
        }
    }
}

#[derive(Serialize)]
struct VerdictJson<'a> {
    word: &'static str,
    text: &'a str,
}

impl<'a> HeadJson<'a> {
    fn new(answer: &'a Answer, context: &'a Context) -> Self {
        HeadJson {
            version: JSON_VERSION,
            question: &answer.question,
            data: context.data.as_deref(),
            reading: answer.reading.as_ref().map(ReadingJson::new),
            verdict: answer.verdict.as_ref().map(|it| VerdictJson { word: it.word.as_str(), text: &it.text }),
            subject: answer.subject.as_ref().map(SubjectJson::new),
        }
    }
}

#[derive(Serialize)]
struct DocumentJson<'a> {
    #[serde(flatten)]
    head: HeadJson<'a>,
    rows: Vec<RowJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed: Option<Vec<RowJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chains: Option<Vec<ChainJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<Vec<TotalJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ranking: Option<RankingJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    measures: Option<Vec<MeasureJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    violations: Option<Vec<ViolationJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support: Option<SupportJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disputes: Option<Vec<DisputeJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchanges: Option<Vec<ExchangeJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sources: Option<Vec<SourceJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<EntryJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<ByName<'a, usize>>,
    notes: Vec<NoteJson<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remarks: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<FindingJson<'a>>,
}

impl<'a> DocumentJson<'a> {
    fn new(answer: &'a Answer, context: &'a Context) -> Self {
        let chains = answer.chains.as_ref();
        DocumentJson {
            head: HeadJson::new(answer, context),
            rows: all(&answer.rows, RowJson::new),
            // `show NAME` tells what the entity claims, also when that is nothing.
            claimed: answer.subject.as_ref().map(|_| all(&answer.claimed, RowJson::new)),
            chains: chains.map(|chains| chains.iter().map(|it| ChainJson::new(it, &answer.rows)).collect()),
            totals: answer.totals.as_ref().map(|it| all(it, TotalJson::new)),
            ranking: answer.ranking.as_ref().map(RankingJson::new),
            measures: answer.measures.as_ref().map(|it| all(it, MeasureJson::new)),
            violations: answer.called.as_ref().map(|it| all(it, ViolationJson::new)),
            support: answer.support.as_ref().map(SupportJson::new),
            disputes: answer.disputes.as_ref().map(|it| all(it, DisputeJson::new)),
            exchanges: answer.exchanges.as_ref().map(|it| all(it, ExchangeJson::new)),
            sources: answer.sources.as_ref().map(|it| all(it, SourceJson::new)),
            entries: answer.entries.as_ref().map(|it| all(it, EntryJson::new)),
            counts: answer.counts.as_ref().map(|it| by_name(it, |count| *count)),
            notes: all(&answer.notes, NoteJson::new),
            remarks: &answer.remarks,
            findings: all(&answer.findings, FindingJson::new),
        }
    }
}

#[derive(Serialize)]
struct NoteJson<'a> {
    number: usize,
    document: RefJson<'a>,
    title: Option<&'a str>,
    publisher: Option<RefJson<'a>>,
    date: Option<PeriodJson>,
    address: Option<&'a str>,
    citing: Vec<RefJson<'a>>,
}

impl<'a> NoteJson<'a> {
    fn new(value: &'a Note) -> Self {
        NoteJson {
            number: value.number,
            document: RefJson::new(&value.document),
            title: value.title.as_deref(),
            publisher: value.publisher.as_ref().map(RefJson::new),
            date: value.date.as_ref().map(PeriodJson::new),
            address: value.address.as_deref(),
            citing: all(&value.citing, RefJson::new),
        }
    }
}

#[derive(Serialize)]
struct ChainJson<'a> {
    steps: Vec<StepJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<ChainTimeJson<'a>>,
}

#[derive(Serialize)]
struct ChainTimeJson<'a> {
    certainty: &'static str,
    window: Option<PeriodJson>,
    why: String,
    after: Vec<[&'a str; 2]>,
}

impl<'a> ChainTimeJson<'a> {
    fn new(value: &'a ChainTime) -> Self {
        ChainTimeJson {
            certainty: super::match_word(value.certainty),
            window: value.window.map(PeriodJson::of_value),
            why: value.why(),
            after: value.after.iter().map(|it| [it.later.as_str(), it.earlier.as_str()]).collect(),
        }
    }
}

#[derive(Serialize)]
struct StepJson<'a> {
    from: RefJson<'a>,
    to: RefJson<'a>,
    facts: Vec<&'a str>,
    reversed: bool,
}

impl<'a> ChainJson<'a> {
    fn new(chain: &'a Chain, rows: &'a [Row]) -> Self {
        let step = |it: &'a ChainStep| StepJson {
            from: RefJson::new(&it.from),
            to: RefJson::new(&it.to),
            facts: it.rows.iter().filter_map(|at| rows.get(*at)).map(|row| row.fact.as_str()).collect(),
            reversed: it.reversed,
        };
        ChainJson { steps: chain.steps.iter().map(step).collect(), time: chain.time.as_ref().map(ChainTimeJson::new) }
    }
}

/// A ref with what else is known of it.
#[derive(Serialize)]
struct SubjectJson<'a> {
    #[serde(flatten)]
    entity: RefJson<'a>,
    names: Vec<NameJson<'a>>,
    part_of: Option<RefJson<'a>>,
    is_a: Option<RefJson<'a>>,
    below: Vec<RefJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bibliography: Option<BibliographyJson<'a>>,
    #[serde(skip_serializing_if = "ByName::is_empty")]
    extra: ByName<'a, &'a [String]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<MergedJson<'a>>,
}

#[derive(Serialize)]
struct MergedJson<'a> {
    id: &'a str,
    name: &'a str,
    names: Vec<NameJson<'a>>,
    #[serde(skip_serializing_if = "ByName::is_empty")]
    extra: ByName<'a, &'a [String]>,
    records: &'a [String],
    decided: &'a [String; 2],
    reason: Option<&'a str>,
    by: Option<&'a str>,
    made: Option<&'a str>,
}

impl<'a> MergedJson<'a> {
    fn new(value: &'a MergedValue) -> Self {
        MergedJson {
            id: &value.id,
            name: &value.name,
            names: value.names.iter().map(|(name, kind)| NameJson { name, kind }).collect(),
            extra: by_name(&value.extra, Vec::as_slice),
            records: &value.records,
            decided: &value.decided,
            reason: value.reason.as_deref(),
            by: value.by.as_deref(),
            made: value.made.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct NameJson<'a> {
    name: &'a str,
    kind: &'static str,
}

#[derive(Serialize)]
struct BibliographyJson<'a> {
    title: Option<&'a str>,
    publisher: Option<RefJson<'a>>,
    date: Option<PeriodJson>,
    address: Option<&'a str>,
}

impl<'a> SubjectJson<'a> {
    fn new(value: &'a Subject) -> Self {
        SubjectJson {
            entity: RefJson::new(&value.entity),
            names: value.names.iter().map(|(name, kind)| NameJson { name, kind }).collect(),
            part_of: value.part_of.as_ref().map(RefJson::new),
            is_a: value.is_a.as_ref().map(RefJson::new),
            below: all(&value.below, RefJson::new),
            bibliography: value.note.as_ref().map(|note| BibliographyJson {
                title: note.title.as_deref(),
                publisher: note.publisher.as_ref().map(RefJson::new),
                date: note.date.as_ref().map(PeriodJson::new),
                address: note.address.as_deref(),
            }),
            extra: by_name(&value.extra, Vec::as_slice),
            merged: all(&value.merged, MergedJson::new),
        }
    }
}

#[derive(Serialize)]
struct EntryJson<'a> {
    kind: &'a str,
    id: &'a str,
    name: &'a str,
    detail: Option<&'a str>,
    facts: usize,
}

impl<'a> EntryJson<'a> {
    fn new(value: &'a Entry) -> Self {
        let detail = Some(value.detail.as_str()).filter(|it| !it.is_empty());
        EntryJson { kind: &value.sort, id: &value.id, name: &value.name, detail, facts: value.facts }
    }
}

#[derive(Serialize)]
struct CountJson<'a> {
    name: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct RemarkJson<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    code: &'a str,
    message: &'a str,
    help: Option<&'a str>,
}

impl<'a> FindingJson<'a> {
    fn new(value: &'a AnswerFinding) -> Self {
        FindingJson { code: value.code, message: &value.message, help: value.help.as_deref() }
    }
}

/// Pairs as an object, in their order.
struct ByName<'a, T>(Vec<(&'a str, T)>);

impl<T> ByName<'_, T> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for ByName<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn by_name<'a, V, T>(pairs: &'a [(String, V)], value: impl Fn(&'a V) -> T) -> ByName<'a, T> {
    ByName(pairs.iter().map(|(name, it)| (name.as_str(), value(it))).collect())
}

fn all<'a, V, T>(values: &'a [V], value: impl Fn(&'a V) -> T) -> Vec<T> {
    values.iter().map(value).collect()
}
