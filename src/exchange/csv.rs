//! An answer as CSV (RFC 4180): one line a claim, or one line an entry of a list.

use std::borrow::Cow;
use std::io;

use unicode_normalization::char::decompose_compatible;

use super::match_word;
use crate::model::{Amount, Period};
use crate::query::{Answer, ClaimValue, QuantityValue, Ref, Row, Status};

/// The columns of facts and claims, in their order.
const CLAIM_COLUMNS: [&str; 51] = [
    "fact",
    "record",
    "kind",
    "from",
    "from_id",
    "what",
    "what_id",
    "to",
    "to_id",
    "outcome",
    "status",
    "reasons",
    "diverging",
    "per",
    "quantity",
    "low",
    "high",
    "low_open",
    "high_open",
    "approximate",
    "vague",
    "unit",
    "other_quantities",
    "differs",
    "period",
    "edtf",
    "earliest",
    "latest",
    "period_inferred",
    "inferred",
    "match",
    "roles",
    "relations",
    "by",
    "by_id",
    "unnamed_of",
    "stance",
    "via",
    "made",
    "document_id",
    "document",
    "title",
    "publisher",
    "published",
    "address",
    "paragraph",
    "passage_sha256",
    "scope",
    "standing",
    "step",
    "part",
];

/// Writes an answer as CSV, with a header even when nothing was found.
///
/// Facts take one line a claim, so quantity and period are those of that claim. `step` tells where in which chain a fact
/// stands (`2.1` is the first step of the second), `part` is `row`, or `claimed` for what the entity shown merely says.
/// Lists (`list`, `find`) have the columns kind, id, name, detail and facts; `stats` has name and count, `top` one line a place. Several values in
/// one cell stand between ` | `. Every cell goes through [`csv_cell`].
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::write_csv;
/// use purvey::query::Answer;
///
/// let counts = vec![("facts".to_owned(), 3)];
/// let mut out = Vec::new();
/// write_csv(&Answer { counts: Some(counts), ..Answer::default() }, &mut out)?;
/// assert_eq!(String::from_utf8_lossy(&out), "name,count\nfacts,3\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_csv(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = Table(csv::Writer::from_writer(out));
    if let Some(counts) = &answer.counts {
        table.line(["name", "count"])?;
        for (name, count) in counts {
            table.line([name.as_str(), &count.to_string()])?;
        }
    } else if let Some(ranking) = &answer.ranking {
        table.line([
            "rank",
            "from",
            "from_id",
            "what",
            "what_id",
            "to",
            "to_id",
            "entity",
            "entity_id",
            "facts",
            "figure",
            "unit",
            "low",
            "high",
            "score",
            "example",
        ])?;
        for it in &ranking.ranked {
            let names = [&it.from, &it.what, &it.to, &it.entity].map(|it| {
                let id = it.as_ref().and_then(|it| it.id.clone()).unwrap_or_default();
                [it.as_ref().map_or(String::new(), |it| it.name.clone()), id]
            });
            let total = it.total.as_ref();
            let amount = |it: Option<Amount>| it.map_or(String::new(), |it| it.to_string());
            let mut cells = vec![it.rank.to_string()];
            cells.extend(names.into_iter().flatten());
            cells.push(it.facts.to_string());
            cells.push(total.map_or(String::new(), |it| it.figure.clone()));
            cells.push(total.map_or(String::new(), |it| it.unit.clone()));
            cells.push(amount(total.and_then(|it| it.interval.low)));
            cells.push(amount(total.and_then(|it| it.interval.high)));
            cells.push(it.score.map_or(String::new(), |it| it.to_string()));
            cells.push(it.example.clone().unwrap_or_default());
            table.line(&cells)?;
        }
    } else if let Some(entries) = &answer.entries {
        table.line(["kind", "id", "name", "detail", "facts"])?;
        for it in entries {
            table.line([&it.sort, &it.id, &it.name, &it.detail, &it.facts.to_string()])?;
        }
    } else {
        table.line(CLAIM_COLUMNS)?;
        for (at, row) in answer.rows.iter().enumerate() {
            for claim in &row.claims {
                table.line(claim_cells(answer, row, claim, &steps_of(answer, at), "row"))?;
            }
        }
        for row in &answer.claimed {
            for claim in &row.claims {
                table.line(claim_cells(answer, row, claim, "", "claimed"))?;
            }
        }
    }
    table.0.flush()
}

/// A cell that a spreadsheet takes for text, whatever it holds.
///
/// Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula, some of them also
/// behind white space or invisible characters, or in full width. Such a cell gets an apostrophe in front; a plain number
/// stays as it is. See OWASP, “CSV Injection”.
///
/// ```
/// use purvey::exchange::csv_cell;
///
/// assert_eq!(csv_cell("=1+1"), "'=1+1");
/// assert_eq!(csv_cell(" ＝cmd|'/C calc'!A0"), "' ＝cmd|'/C calc'!A0");
/// assert_eq!((csv_cell("-5.2").as_ref(), csv_cell("North Korea").as_ref()), ("-5.2", "North Korea"));
/// ```
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    if is_plain_number(text) || !may_be_formula(text) { Cow::Borrowed(text) } else { Cow::Owned(format!("'{text}")) }
}

fn may_be_formula(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_control()) {
        return true;
    }
    // Zero-width characters and marks of direction have no width to be seen by; a spreadsheet may drop them.
    let skipped = |c: char| c.is_whitespace() || c.is_control() || crate::model::width(c.encode_utf8(&mut [0; 4])) == 0;
    let first = text.chars().find(|c| !skipped(*c));
    first.is_some_and(|c| {
        // Full-width, small and raised forms decompose to the sign that a spreadsheet may make of them.
        let mut found = false;
        decompose_compatible(c, |plain| found |= matches!(plain, '=' | '+' | '-' | '@' | '\u{2212}'));
        found
    })
}

/// Digits with at most one sign in front and one decimal point inside.
fn is_plain_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match unsigned.split_once('.') {
        Some((whole, decimals)) => digits(whole) && digits(decimals),
        None => digits(unsigned),
    }
}

struct Table<'o>(csv::Writer<&'o mut dyn io::Write>);

impl Table<'_> {
    fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> io::Result<()> {
        for cell in cells {
            self.0.write_field(csv_cell(cell.as_ref()).as_bytes())?;
        }
        // The end of a record is written as an empty one.
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

fn claim_cells(
    answer: &Answer,
    row: &Row,
    claim: &ClaimValue,
    step: &str,
    part: &str,
) -> [String; CLAIM_COLUMNS.len()] {
    let is_first = |name: &str| row.first_figure.as_deref() == Some(name);
    let first = claim.quantities.iter().find(|(name, _)| is_first(name)).map(|(_, it)| it);
    let others = claim.quantities.iter().filter(|(name, _)| !is_first(name));
    let others = others.map(|(name, it)| format!("{name}: {}", quantity_cell(it)));
    let roles =
        row.roles.iter().map(|(name, refs)| format!("{name}: {}", joined(refs.iter().map(|it| it.name.clone()))));
    let relations = row.relations.iter().map(|it| format!("{}: {}", it.kind, it.to));
    let bound = |pick: fn(&QuantityValue) -> Option<Amount>| text(first.and_then(pick));
    let flag = |pick: fn(&QuantityValue) -> bool| text(first.map(pick));
    let period = claim.period.map(|it| it.period);
    let note = answer.notes.iter().find(|it| it.number == claim.note);
    [
        row.fact.clone(),
        row.record.clone(),
        row.kind.clone(),
        name(row.from.as_ref()),
        id(row.from.as_ref()),
        name(row.what.as_ref()),
        id(row.what.as_ref()),
        name(row.to.as_ref()),
        id(row.to.as_ref()),
        row.outcome.as_str().to_owned(),
        text(row.status.map(Status::as_str)),
        joined(row.reasons.iter().map(|it| it.as_str().to_owned())),
        row.diverging.to_string(),
        text(row.per.map(|it| it.as_str())),
        text(first.map(|it| &it.text)),
        bound(|it| it.interval.low),
        bound(|it| it.interval.high),
        flag(|it| it.interval.low_open),
        flag(|it| it.interval.high_open),
        flag(|it| it.interval.approximate),
        flag(|it| it.interval.vague),
        text(first.map(|it| &it.unit)),
        joined(others),
        row.differs.to_string(),
        text(period.as_ref().map(Period::to_words)),
        text(period.as_ref().map(Period::edtf)),
        text(period.as_ref().and_then(Period::earliest)),
        text(period.as_ref().and_then(Period::latest)),
        text(claim.period.map(|it| it.inferred)),
        joined(row.inferred.iter().cloned()),
        text(row.matched.map(match_word)),
        joined(roles),
        joined(relations),
        claim.by.name.clone(),
        id(Some(&claim.by)),
        text(claim.by.unnamed_of.as_ref()),
        claim.stance.as_str().to_owned(),
        joined(claim.via.iter().map(|it| it.name.clone())),
        text(claim.made.as_ref().map(Period::edtf)),
        id(Some(&claim.document)),
        claim.document.name.clone(),
        text(note.and_then(|it| it.title.as_ref())),
        name(note.and_then(|it| it.publisher.as_ref())),
        text(note.and_then(|it| it.date.as_ref()).map(Period::edtf)),
        text(note.and_then(|it| it.address.as_ref())),
        text(claim.locator.map(|it| it.paragraph)),
        text(claim.locator.map(|it| it.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>())),
        text(claim.scope.as_ref()),
        claim.standing.as_str().to_owned(),
        step.to_owned(),
        part.to_owned(),
    ]
}

/// A figure in the source's words, with its unit where the words lack it.
fn quantity_cell(quantity: &QuantityValue) -> String {
    if quantity.names_unit { quantity.text.clone() } else { format!("{} ({})", quantity.text, quantity.unit) }
}

/// Where in which chains a row stands.
fn steps_of(answer: &Answer, row: usize) -> String {
    let chains = answer.chains.iter().flatten().zip(1_usize..);
    let steps = chains.flat_map(|(chain, number)| chain.steps.iter().zip(1_usize..).map(move |it| (number, it)));
    joined(steps.filter(|(_, (step, _))| step.rows.contains(&row)).map(|(chain, (_, at))| format!("{chain}.{at}")))
}

fn name(value: Option<&Ref>) -> String {
    value.map_or(String::new(), |it| it.name.clone())
}

fn id(value: Option<&Ref>) -> String {
    value.and_then(|it| it.id.clone()).unwrap_or_default()
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or(String::new(), |it| it.to_string())
}

fn joined(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_formula_becomes_text() {
        for cell in [
            "=1",
            "+1+1",
            "-1-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{a0}=1",
            "\u{200b}=1",
            "\u{feff}=1",
            "＝1",
            "＋1 ",
            "－x",
            "＠x",
            "﹦1",
            "\u{2212}1",
            "-",
            "- 5",
            "+1.",
            "-1e5",
        ] {
            assert_eq!(csv_cell(cell), format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn ordinary_text_stays() {
        for cell in ["", "5", "-5", "+5.25", "Kyiv", "a=b", "2024/..", "'=1", "Zaporizhzhia – city", "..", "…"] {
            assert_eq!(csv_cell(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula(text in "(?s)[ \t\r\n\u{a0}\u{200b}]{0,3}[=+\\-@＝＋－＠a1.]{0,3}.{0,8}") {
            let cell = csv_cell(&text);
            let trimmed = cell.trim_start();
            let formula = trimmed.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
            prop_assert!(!formula || is_plain_number(&cell), "{cell:?}");
            prop_assert!(!cell.starts_with(['\t', '\r', '\n']));
            prop_assert!(cell.ends_with(text.as_str()));
            prop_assert!(csv_cell(&cell) == cell);
        }

        #[test]
        fn what_is_written_reads_back(cells in prop::collection::vec(("(?s).{0,12}", 0_usize..9), 0..6)) {
            let answer = Answer { counts: Some(cells), ..Answer::default() };
            let mut out = Vec::new();
            write_csv(&answer, &mut out).unwrap();
            let read: Vec<(String, usize)> = csv::Reader::from_reader(out.as_slice()).into_deserialize().map(Result::unwrap).collect();
            let expected: Vec<_> = answer.counts.unwrap().into_iter().map(|(name, n)| (csv_cell(&name).into_owned(), n)).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
