//! Dates and figures among the columns of a table.

use std::fmt::Write as _;

use super::words::scale;
use super::{Guess, HEDGES};
use crate::import::csv::{decides, guess_date_formats, is_ambiguous};
use crate::import::text::quoted;
use crate::model::{Kind, Quantity, UnitIx};

/// Words for how many or how much.
const AMOUNTS: [&str; 21] = [
    "amount",
    "number",
    "quantity",
    "qty",
    "count",
    "value",
    "sum",
    "total",
    "ordered",
    "delivered",
    "tonnes",
    "barrels",
    "betrag",
    "summe",
    "menge",
    "anzahl",
    "wert",
    "payment",
    "price",
    "units",
    "volume",
];

/// Words for when.
const DATES: [&str; 24] = [
    "date",
    "year",
    "month",
    "day",
    "period",
    "when",
    "from",
    "since",
    "start",
    "begin",
    "until",
    "to",
    "end",
    "time",
    "quarter",
    "appointed",
    "resigned",
    "datum",
    "jahr",
    "von",
    "bis",
    "seit",
    "zeitraum",
    "valuta",
];

const ENDS: [&str; 8] = ["until", "to", "end", "finish", "resigned", "ceased", "bis", "ende"];

/// When somebody was born says nothing of when a fact was so.
const BIRTHS: [&str; 6] = ["birth", "born", "dob", "death", "died", "geburtsdatum"];

/// What the figures say of how numbers are written.
#[derive(Default)]
pub(super) struct Figures {
    pub(super) text: String,
    /// The decimal mark and what groups digits, where the numbers tell.
    pub(super) marks: Option<(char, char)>,
    /// A number that could be a thousand times as much.
    pub(super) ambiguous: Option<String>,
}

impl Guess<'_> {
    pub(super) fn dates(&mut self) -> String {
        let mut found: Vec<(usize, Vec<&str>, Vec<&str>, usize)> = Vec::new();
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| !self.used.contains(at)) {
            if !column.has(&DATES) || column.has(&BIRTHS) {
                continue;
            }
            let marks: Vec<&str> =
                ["?", "(?)"].into_iter().filter(|mark| column.values.iter().any(|it| it.ends_with(mark))).collect();
            let bare: Vec<String> = column
                .values
                .iter()
                .map(|it| marks.iter().fold(it.as_str(), |it, mark| it.trim_end_matches(mark)).trim().to_owned())
                .collect();
            if let Some((formats, unread)) = guess_date_formats(&bare) {
                found.push((at, formats, marks, unread));
            }
        }
        let is_end = |at: usize| self.columns.get(at).is_some_and(|it| it.has(&ENDS));
        found.sort_by_key(|it| is_end(it.0));
        let Some((first, formats, marks, unread)) = found.first().cloned() else { return String::new() };
        let to = found.iter().skip(1).map(|(at, ..)| *at).find(|at| is_end(*at));
        self.used.insert(first);
        self.used.extend(to);
        let mut out = String::new();
        if formats.contains(&"%d/%m/%Y") && formats.contains(&"%m/%d/%Y") {
            out.push_str("    // Days first and months first both fit these dates: keep the one that is meant.\n");
        }
        if unread > 0 {
            let _ = writeln!(out, "    // Cannot be read: {unread} of the first dates. Such rows are left out.");
        }
        let _ = write!(out, "    period: (column: {}", self.quoted_name(first));
        if let Some(to) = to {
            let _ = write!(out, ", to: {}", self.quoted_name(to));
        }
        if !formats.is_empty() {
            let all: Vec<String> = formats.iter().map(|it| quoted(it)).collect();
            let _ = write!(out, ", formats: [{}]", all.join(", "));
        }
        if !marks.is_empty() {
            let all: Vec<String> = marks.iter().map(|it| quoted(it)).collect();
            let _ = write!(out, ", uncertain: [{}]", all.join(", "));
        }
        out.push_str("),\n");
        let rest: Vec<String> = found
            .iter()
            .map(|(at, ..)| *at)
            .filter(|at| !self.used.contains(at))
            .map(|at| self.quoted_name(at))
            .collect();
        if !rest.is_empty() {
            let _ = writeln!(out, "    // Dates too: {}. `made` is when it was said.", rest.join(", "));
        }
        out
    }

    /// The column that names units or currencies, and its texts that the vocabulary lacks.
    pub(super) fn unit_column(&self) -> Option<usize> {
        let words = ["currency", "currencies", "ccy", "unit", "units", "währung", "waehrung", "einheit"];
        (0..self.columns.len()).filter(|it| !self.used.contains(it)).find(|at| {
            self.columns.get(*at).is_some_and(|it| {
                it.has(&words)
                    && it.values.iter().all(|text| !text.bytes().any(|it| it.is_ascii_digit()))
                    && !it.values.is_empty()
            })
        })
    }

    /// Whether the table has amounts of money.
    pub(super) fn has_money(&self) -> bool {
        let terms = &self.vocabulary.terms;
        let money = |word: &str| terms.units().iter().any(|it| &*it.dimension == "money" && it.is_called(word));
        let texts = self.unit_column().and_then(|it| self.columns.get(it));
        texts.is_some_and(|it| it.has(&["currency", "ccy", "währung"]) || it.values.iter().any(|text| money(text)))
            || self.columns.iter().any(|it| {
                it.words().any(money)
                    || it.values.first().is_some_and(|text| {
                        let found = Quantity::parse(text, terms, UnitIx::default()).ok().filter(|it| it.unit_named);
                        let unit = found.and_then(|it| terms.unit(it.unit));
                        unit.is_some_and(|it| &*it.dimension == "money")
                    })
            })
    }

    /// The columns of numbers that are figures of the kind, with their hedges, and the marks that all numbers have.
    pub(super) fn figures(&mut self, kind: Option<&Kind>) -> Figures {
        let mut found = Figures::default();
        let mut proposed: Vec<String> = Vec::new();
        let mut taken: Vec<&str> = Vec::new();
        let mut notes = String::new();
        let mut others = Vec::new();
        for (at, column) in self.columns.iter().enumerate() {
            if self.used.contains(&at) {
                continue;
            }
            let marks: Vec<&(&str, &str)> = HEDGES
                .iter()
                .filter(|(mark, _)| {
                    column.values.iter().any(|it| {
                        let rest = it.strip_prefix(mark).or_else(|| it.strip_suffix(mark));
                        rest.is_some_and(|it| it.trim().starts_with(|c: char| c.is_ascii_digit()))
                    })
                })
                .collect();
            let bare = |text: &str| {
                let rest =
                    marks.iter().find_map(|(mark, _)| text.strip_prefix(mark).or_else(|| text.strip_suffix(mark)));
                rest.unwrap_or(text).trim().to_owned()
            };
            let comma = column.values.iter().any(|it| super::is_comma_decimal(&bare(it)));
            let read = |text: &str| {
                let text = bare(text);
                let text = if comma { text.replace('.', "").replace(',', ".") } else { text };
                Quantity::parse(&text, &self.vocabulary.terms, UnitIx::default()).is_ok()
            };
            if !column.half(read) || !column.values.iter().any(|it| it.bytes().any(|it| it.is_ascii_digit())) {
                continue;
            }
            let name = kind.and_then(|kind| {
                let all = &kind.figures;
                let named = all.iter().find(|it| column.words().any(|word| word == &*it.name));
                // A number of something is not a number of dead, or a duration.
                let first = all.first().filter(|it| matches!(&*it.name, "amount" | "count") && column.has(&AMOUNTS));
                let first = first.filter(|it| !taken.contains(&&*it.name));
                named.filter(|it| !taken.contains(&&*it.name)).or(first)
            });
            let Some(spec) = name else {
                others.push(quoted(&column.name));
                continue;
            };
            if let Some(scale) = scale(column) {
                let _ = writeln!(
                    notes,
                    "    // {} seems to be in {scale}, and a mapping has no factor: it is kept as it is. Write out the numbers to have figures.",
                    quoted(&column.name)
                );
                continue;
            }
            if comma {
                found.marks = Some((',', '.'));
            } else if !column.values.iter().any(|it| decides(it))
                && let Some(text) = column.values.iter().find(|it| is_ambiguous(it))
            {
                found.ambiguous.get_or_insert_with(|| text.clone());
            }
            let unread = column.values.iter().filter(|it| !read(it)).count();
            if unread > 0 {
                let _ = writeln!(
                    notes,
                    "    // Cannot be read: {unread} of the first numbers in {}. Such rows are left out.",
                    quoted(&column.name)
                );
            }
            self.used.insert(at);
            let mut out = String::from("Figure(");
            if kind.and_then(|it| it.figures.first()).is_some_and(|it| it.name != spec.name) {
                let _ = write!(out, "figure: {}, ", quoted(&spec.name));
            }
            let _ = write!(out, "column: {}", quoted(&column.name));
            let units = self.vocabulary.terms.units();
            let unit = units.iter().find(|unit| column.words().any(|it| unit.is_called(it)));
            let by_column = if unit.is_none() && taken.is_empty() { self.unit_column() } else { None };
            taken.push(&spec.name);
            if let Some(unit) = unit {
                let _ = write!(out, ", unit: {}", quoted(&unit.id));
            }
            if let Some(unit) = by_column.and_then(|it| self.columns.get(it)) {
                let _ = write!(out, ", unit_column: {}", quoted(&unit.name));
                let known = |text: &str| units.iter().any(|it| it.is_called(text));
                let unknown: std::collections::BTreeSet<&str> =
                    unit.values.iter().map(String::as_str).filter(|it| !known(it)).collect();
                if !unknown.is_empty() {
                    let all: Vec<String> = unknown.into_iter().map(quoted).collect();
                    let _ = writeln!(
                        notes,
                        "    // No units that are known: {}. Say what they mean: `units: [Unit(text: \"…\", is: \"…\")]`.",
                        all.join(", ")
                    );
                }
                self.used.extend(by_column);
            }
            if !marks.is_empty() {
                let all: Vec<String> = marks
                    .iter()
                    .map(|(mark, words)| format!("Hedge(mark: {}, words: {})", quoted(mark), quoted(words)))
                    .collect();
                let _ = write!(out, ", hedges: [{}]", all.join(", "));
            }
            out.push(')');
            proposed.push(out);
            let default = spec.unit.and_then(|it| self.vocabulary.terms.unit(it));
            if unit.is_none() && by_column.is_none() {
                notes.push_str(match default {
                    Some(it) if &*it.dimension == "money" => {
                        "    // Nothing tells the currency: say it, as in `unit: \"us-dollar\"`. Numbers without one are refused.\n"
                    }
                    _ => "    // Say the `unit` of the figures if it is not that of the item.\n",
                });
            }
        }
        if !proposed.is_empty() {
            found.text = format!("    figures: [{}],\n", proposed.join(", "));
        }
        found.text.push_str(&notes);
        if !others.is_empty() {
            let _ = writeln!(found.text, "    // Numbers too: {}.", others.join(", "));
        }
        found
    }
}
