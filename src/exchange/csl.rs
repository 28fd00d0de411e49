//! The sources of an answer as CSL-JSON, which Zotero, pandoc and citeproc read.
//!
//! The format: `csl-data.json` of <https://github.com/citation-style-language/schema>, version 1.0.2.

use std::io;

use serde::Serialize;

use crate::model::period::{End, ImpreciseDate, Precision};
use crate::model::{Period, is_web_address};
use crate::query::{Answer, Note, Ref};

/// Writes the documents of an answer's sources as one CSL-JSON array, an item a document, in the order of the numbers.
///
/// Every item is of the type `document`, since an answer does not say what sort of document it is. A document without a
/// title has its name in square brackets, as bibliographies describe what has none. A date has the precision that the
/// data have and no more; `~` and `?` make it `circa`; a period with an open or unknown end, for which the format has no
/// dates, stands in words. An address that is none of the web is no `URL` but stands in `note`, as do the documents that
/// were read through this one. An answer without sources is an empty array.
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::write_csl;
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a4".to_owned() })?;
/// let mut out = Vec::new();
/// write_csl(&answer, &mut out)?;
/// let items: serde_json::Value = serde_json::from_slice(&out)?;
/// assert_eq!(items[0]["id"], "upi-2025-05-30");
/// assert_eq!(items[0]["issued"], serde_json::json!({"date-parts": [[2025, 5, 30]]}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_csl(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    let mut items: Vec<Item<'_>> = Vec::new();
    for note in super::uncited_subject(answer).into_iter().chain(&answer.notes) {
        let citing = citing(&note.citing);
        match items.iter_mut().find(|it| it.key == note.document.key) {
            Some(item) => item.note.extend(citing),
            None => items.push(Item::new(note, citing)),
        }
    }
    serde_json::to_writer_pretty(&mut *out, &items)?;
    out.write_all(b"\n")
}

fn citing(documents: &[Ref]) -> Option<String> {
    let names: Vec<&str> = documents.iter().map(|it| it.prose.as_str()).collect();
    (!names.is_empty()).then(|| format!("citing {}", names.join("; ")))
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(skip)]
    key: u32,
    id: &'a str,
    #[serde(rename = "type")]
    sort: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<Issued>,
    #[serde(rename = "URL", skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(rename = "number-of-pages", skip_serializing_if = "Option::is_none")]
    pages: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "joined")]
    note: Vec<String>,
}

fn joined<S: serde::Serializer>(parts: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&parts.join("; "))
}

impl<'a> Item<'a> {
    fn new(note: &'a Note, citing: Option<String>) -> Self {
        let address = note.address.as_deref();
        let url = address.filter(|it| is_web_address(it));
        let other = address.filter(|it| !is_web_address(it)).map(str::to_owned);
        Item {
            key: note.document.key,
            id: note.document.id.as_deref().unwrap_or(""),
            sort: "document",
            title: note.title.clone().unwrap_or_else(|| format!("[{}]", note.document.name)),
            publisher: note.publisher.as_ref().map(|it| it.name.as_str()),
            issued: note.date.map(Issued::new),
            url,
            pages: note.pages,
            note: other.into_iter().chain(citing).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Issued {
    Dates {
        #[serde(rename = "date-parts")]
        parts: Vec<Vec<i16>>,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        circa: bool,
    },
    Words {
        literal: String,
    },
}

impl Issued {
    fn new(period: Period) -> Issued {
        let dates = match (period.start(), period.end()) {
            (End::Date(start), End::Date(end)) if start == end => vec![start],
            (End::Date(start), End::Date(end)) => vec![start, end],
            _ => return Issued::Words { literal: period.to_words() },
        };
        Issued::Dates {
            parts: dates.iter().map(|it| parts(*it)).collect(),
            circa: dates.iter().any(|it| it.is_approximate() || it.is_uncertain()),
        }
    }
}

/// Year, month and day, as far as they are known.
fn parts(date: ImpreciseDate) -> Vec<i16> {
    let day = date.first_day();
    let mut parts = vec![day.year()];
    if date.precision() >= Precision::Month {
        parts.push(day.month().into());
    }
    if date.precision() >= Precision::Day {
        parts.push(day.day().into());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_precise_as_its_document_says() {
        for (edtf, expected) in [
            ("2025", r#"{"date-parts":[[2025]]}"#),
            ("2025-05", r#"{"date-parts":[[2025,5]]}"#),
            ("2025-05-30", r#"{"date-parts":[[2025,5,30]]}"#),
            ("2025-06-28~", r#"{"date-parts":[[2025,6,28]],"circa":true}"#),
            ("2025?", r#"{"date-parts":[[2025]],"circa":true}"#),
            ("2025-06-26/2025-06-28~", r#"{"date-parts":[[2025,6,26],[2025,6,28]],"circa":true}"#),
            ("2024/2025-04", r#"{"date-parts":[[2024],[2025,4]]}"#),
            ("2022/..", r#"{"literal":"since 2022"}"#),
        ] {
            let issued = Issued::new(edtf.parse().unwrap());
            assert_eq!(serde_json::to_string(&issued).unwrap(), expected, "{edtf}");
        }
    }
}
