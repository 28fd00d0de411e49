//! A proposal for a mapping, from the header of a table and its first rows. It is a beginning for people: what it cannot know it
//! says so in comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::csv::{guess_date_formats, lossless, sample};
use super::input::ImportOptions;
use super::text::quoted;
use crate::model::{EntityKind, FlowEnd, Kind, Quantity, RoleSpec, TableLayout, UnitIx, Vocabulary, normal_form, slug};

/// How many rows are looked at.
const ROWS: usize = 500;

/// Words with which a column tells the direction: forward, then backward.
const FORWARD: [&str; 10] =
    ["paid to", "payment to", "sent to", "sold to", "exported to", "supplied to", "to", "out", "outgoing", "debit"];
const BACKWARD: [&str; 10] = [
    "received from",
    "payment from",
    "bought from",
    "imported from",
    "supplied by",
    "from",
    "in",
    "incoming",
    "credit",
    "received",
];

/// Marks at numbers, and the words for each.
const HEDGES: [(&str, &str); 8] = [
    ("c.", "about {}"),
    ("ca.", "about {}"),
    ("ca", "about {}"),
    ("~", "about {}"),
    (">", "more than {}"),
    ("<", "fewer than {}"),
    ("+", "at least {}"),
    ("?", "about {}"),
];

/// Texts that stand for nothing in many tables. "NA" is not among them: it is Namibia too.
const BLANKS: [&str; 7] = ["n/a", "N/A", "-", "–", "..", "null", "NULL"];

/// Words over a column of what is handed over, besides those of the vocabulary.
const OBJECTS: [&str; 13] = [
    "what",
    "item",
    "goods",
    "product",
    "weapon",
    "arms",
    "designation",
    "commodity",
    "munition",
    "equipment",
    "cargo",
    "material",
    "article",
];

struct Column {
    name: String,
    form: String,
    values: Vec<String>,
}

impl Column {
    fn has(&self, words: &[&str]) -> bool {
        self.form.split(' ').any(|it| words.contains(&it))
    }

    /// Whether four of five texts are so: a bad row must not hide what a column is.
    fn mostly(&self, test: impl Fn(&str) -> bool) -> bool {
        let found = self.values.iter().filter(|it| test(it)).count();
        found > 0 && found * 5 >= self.values.len() * 4
    }
}

/// Proposes a mapping as RON, with comments.
///
/// # Errors
///
/// The file cannot be read, or holds no table.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportOptions, guess_mapping};
///
/// let file = tempfile::Builder::new().suffix(".csv").tempfile()?;
/// std::fs::write(file.path(), "Supplier;Recipient;Item;Year\nA;B;rifles;2024\n")?;
/// let vocabulary = purvey::load::load_vocabulary(&[]).0;
/// let text = guess_mapping(file.path(), &ImportOptions::default(), &vocabulary)?;
/// assert!(text.contains("kind: \"supply\"") && text.contains("delimiter: \";\""));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn guess_mapping(path: &Path, options: &ImportOptions, vocabulary: &Vocabulary) -> io::Result<String> {
    let sample = sample(path, &TableLayout::default(), options, ROWS)?;
    let mut blanks: BTreeSet<&str> = BTreeSet::new();
    let mut columns: Vec<Column> = Vec::new();
    for (at, name) in sample.header.iter().enumerate() {
        let mut values = Vec::new();
        for value in sample.rows.iter().filter_map(|row| row.get(at)).map(|it| lossless(it)) {
            match BLANKS.iter().find(|it| **it == value) {
                Some(blank) => {
                    blanks.insert(blank);
                }
                None if value.is_empty() => {}
                None => values.push(value),
            }
        }
        columns.push(Column { name: name.clone(), form: normal_form(name), values });
    }
    let stem = path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    let stem = stem.split('.').next().unwrap_or_default().to_owned();
    let guess = Guess { vocabulary, columns: &columns, used: BTreeSet::new(), blanks, countries: countries() };
    let no_kinds = || io::Error::new(io::ErrorKind::InvalidInput, "the vocabulary has no kinds of fact");
    guess.write(&stem, sample.delimiter, sample.rows.len(), sample.not_utf8).ok_or_else(no_kinds)
}

/// Names and codes of the countries that are built in, lower-case.
fn countries() -> BTreeSet<String> {
    let loaded = crate::load::load(&crate::load::Sources::BuiltIn, crate::load::LoadOptions::default());
    let all = loaded.dataset.into_iter().flat_map(|it| it.entities).filter(|it| it.kind == EntityKind::Country);
    all.flat_map(|it| it.names.into_iter().map(|it| it.text).chain([it.name])).map(|it| it.to_lowercase()).collect()
}

/// A word without the ending of more than one, so that "Weapons" is like "weapon".
fn singular(word: &str) -> &str {
    word.strip_suffix('s').filter(|it| it.len() > 2 && !it.ends_with('s')).unwrap_or(word)
}

/// Columns, each with the role that it seems to hold.
type Fits<'v> = Vec<(usize, &'v RoleSpec)>;

struct Guess<'g> {
    vocabulary: &'g Vocabulary,
    columns: &'g [Column],
    used: BTreeSet<usize>,
    blanks: BTreeSet<&'static str>,
    /// Names and codes of countries, lower-case.
    countries: BTreeSet<String>,
}

impl<'g> Guess<'g> {
    /// `None` over a vocabulary without kinds.
    fn write(mut self, stem: &str, delimiter: u8, rows: usize, not_utf8: bool) -> Option<String> {
        let id = slug(stem);
        let told = self.told(stem);
        let (kind, roles) = self.kind(&told)?;
        self.used.extend(roles.iter().map(|(at, _)| *at));
        let key = self.key(rows);
        let direction = self.direction();
        let dates = self.dates();
        let (figures, decimal, thousands) = self.figures();
        let mut out = format!(
            "// Proposed from the header and the first {rows} rows. Read it through: what a table means, only people know.\n(\n"
        );
        let delimiter = quoted(&char::from(delimiter).to_string());
        let _ = write!(out, "    table: (delimiter: {delimiter}");
        if not_utf8 {
            out.push_str(", encoding: \"windows-1252\"");
        }
        if !self.blanks.is_empty() {
            let blanks: Vec<String> = self.blanks.iter().map(|it| quoted(it)).collect();
            let _ = write!(out, ", blanks: [{}]", blanks.join(", "));
        }
        if decimal != '.' {
            let _ = write!(out, ", decimal: {}", quoted(&decimal.to_string()));
        }
        if let Some(mark) = thousands {
            let _ = write!(out, ", thousands: {}", quoted(&mark.to_string()));
        }
        out.push_str("),\n    // Say what the table is, who published it and when.\n    source: (\n");
        let _ = writeln!(out, "        document: (id: {}, name: {}),", quoted(&id), quoted(stem));
        let _ = writeln!(
            out,
            "        by: (id: {}, name: {}, kind: organization),",
            quoted(&format!("publisher-of-{id}")),
            quoted(&format!("the publisher of {stem}"))
        );
        out.push_str("        // title: \"…\", publisher: (id: \"…\", name: \"…\"), date: \"2025-01-31\", address: \"https://…\",\n    ),\n");
        let _ = writeln!(out, "    kind: {},", quoted(&kind.id));
        match key {
            Some(at) => {
                let _ = writeln!(out, "    id: (prefix: {}, columns: [{}]),", quoted(&id), self.quoted_name(at));
            }
            None => {
                out.push_str("    // No column tells rows apart, so ids are numbers of rows: another edition numbers them anew.\n");
                let _ = writeln!(out, "    id: (prefix: {}),", quoted(&id));
            }
        }
        out.push_str("    roles: [\n");
        for (at, spec) in &roles {
            out.push_str(&self.role(*at, spec));
        }
        for spec in kind.roles.iter().filter(|it| it.required && !roles.iter().any(|(_, other)| other.role == it.role))
        {
            let _ = writeln!(
                out,
                "        // `{}` needs the role {}: name its column.\n        // Role(role: {}, column: \"…\", kind: {}),",
                kind.id,
                self.vocabulary.role_name(spec.role),
                quoted(self.vocabulary.role_name(spec.role)),
                spec.accepts.iter().next().unwrap_or_default().as_str()
            );
        }
        out.push_str("    ],\n");
        out.push_str(&direction);
        out.push_str(&dates);
        out.push_str(&figures);
        let rest: Vec<String> =
            (0..self.columns.len()).filter(|it| !self.used.contains(it)).map(|it| self.quoted_name(it)).collect();
        if !rest.is_empty() {
            let _ = writeln!(
                out,
                "    // Kept as they are, in `extra`: {}. `ignore: [\"…\"]` drops columns.",
                rest.join(", ")
            );
        }
        out.push_str(")\n");
        Some(out)
    }

    fn quoted_name(&self, at: usize) -> String {
        quoted(self.columns.get(at).map_or("", |it| &it.name))
    }

    /// Words that tell the kind, apart from the names of roles: of the file, and of a column that tells a direction.
    fn told(&self, stem: &str) -> BTreeSet<String> {
        let directions = self.direction_column().and_then(|it| self.columns.get(it));
        let texts = directions.iter().flat_map(|it| it.values.iter().map(String::as_str)).chain([stem]);
        texts.flat_map(|it| normal_form(it).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// The kind whose roles fit most columns, with the column of each role.
    fn kind(&self, told: &BTreeSet<String>) -> Option<(&'g Kind, Fits<'g>)> {
        let mut best: Option<(usize, &Kind, Fits<'g>)> = None;
        for kind in &self.vocabulary.kinds {
            let mut found: Vec<(usize, &RoleSpec)> = Vec::new();
            for spec in &kind.roles {
                let at = (0..self.columns.len()).find(|at| {
                    !found.iter().any(|(it, _)| it == at)
                        && self.columns.get(*at).is_some_and(|it| self.names_role(it, spec))
                });
                found.extend(at.map(|at| (at, spec)));
            }
            let words: Vec<String> = [&kind.id, &kind.noun, &kind.plural].iter().map(|it| normal_form(it)).collect();
            let named = self.columns.iter().any(|it| it.form.split(' ').any(|word| words.iter().any(|it| it == word)));
            let names =
                kind.verbs.iter().chain(&kind.target_verbs).chain(&kind.nouns).chain([&kind.noun, &kind.plural]);
            let told = names.filter(|it| told.contains(&***it)).count().min(3);
            // With a direction, two parties are the ends, whatever their columns are called.
            if told > 0 && self.direction_column().is_some() && !found.iter().any(|(_, it)| it.flow.is_some()) {
                found = self.parties(kind);
            }
            let ends = found.iter().filter(|(_, it)| it.flow.is_some()).count();
            // Ends count most; a kind whose required roles are all there comes before one that lacks some.
            let whole = kind
                .roles
                .iter()
                .filter(|it| it.required)
                .all(|it| found.iter().any(|(_, other)| other.role == it.role));
            let score = 4 * ends
                + 2 * told
                + found.len()
                + usize::from(named)
                + 2 * usize::from(whole && ends > 0)
                + usize::from(kind.flow);
            if best.as_ref().is_none_or(|(other, ..)| score > *other) {
                best = Some((score, kind, found));
            }
        }
        best.map(|(_, kind, found)| (kind, found))
    }

    /// The two columns of parties, as source and target.
    fn parties(&self, kind: &'g Kind) -> Fits<'g> {
        let end = |end: FlowEnd| kind.roles.iter().find(|it| it.flow == Some(end));
        let words =
            ["party", "counterparty", "company", "name", "partner", "account", "client", "customer", "bank", "country"];
        let columns = (0..self.columns.len()).filter(|at| self.columns.get(*at).is_some_and(|it| it.has(&words)));
        let ends = [end(FlowEnd::Source), end(FlowEnd::Target)];
        columns.zip(ends).filter_map(|(at, spec)| Some((at, spec?))).collect()
    }

    fn names_role(&self, column: &Column, spec: &RoleSpec) -> bool {
        let role = normal_form(self.vocabulary.role_name(spec.role));
        let words: Vec<&str> = column.form.split(' ').map(singular).collect();
        let nouns = spec.nouns.iter().map(|it| normal_form(it));
        let usual: &[&str] = match spec.flow {
            Some(FlowEnd::Source) => &["from", "sender", "source"],
            Some(FlowEnd::Target) => &["to", "receiver", "target"],
            Some(FlowEnd::Object) => &OBJECTS,
            None => &[],
        };
        std::iter::once(role).chain(nouns).any(|it| words.contains(&singular(&it)) || column.form == it)
            || usual.iter().any(|it| words.contains(&singular(it)))
    }

    fn role(&self, at: usize, spec: &RoleSpec) -> String {
        let Some(column) = self.columns.get(at) else { return String::new() };
        let by_word = [
            (EntityKind::Country, &["country", "countries", "nation", "state"][..]),
            (EntityKind::Person, &["person", "people", "name", "individual"]),
            (EntityKind::Vessel, &["vessel", "ship"]),
            (EntityKind::Place, &["place", "port", "city"]),
        ];
        // A few countries that are not built in must not hide the others.
        let known = column.values.iter().filter(|it| self.countries.contains(&it.to_lowercase())).count();
        let countries = known > 0 && known * 2 >= column.values.len() && spec.accepts.contains(EntityKind::Country);
        let named = by_word.iter().find(|(kind, words)| spec.accepts.contains(*kind) && column.has(words));
        let likely = [EntityKind::Materiel, EntityKind::Organization];
        let kind = Some(EntityKind::Country)
            .filter(|_| countries)
            .or_else(|| named.map(|(kind, _)| *kind))
            .or_else(|| likely.into_iter().find(|it| spec.accepts.contains(*it)))
            .or_else(|| spec.accepts.iter().next())
            .unwrap_or_default();
        let choices: Vec<&str> = spec.accepts.iter().map(EntityKind::as_str).collect();
        let comment = if choices.len() > 1 {
            format!(" // or {}", choices.into_iter().filter(|it| *it != kind.as_str()).collect::<Vec<_>>().join(", "))
        } else {
            String::new()
        };
        let unnamed: BTreeSet<&str> =
            column.values.iter().map(String::as_str).filter(|it| it.to_lowercase().starts_with("unknown")).collect();
        let unnamed = if unnamed.is_empty() {
            String::new()
        } else {
            let texts: Vec<String> = unnamed.into_iter().map(quoted).collect();
            format!(", unnamed: [{}], unnamed_of: (id: \"unknown\", name: \"those who are unknown\")", texts.join(", "))
        };
        format!(
            "        Role(role: {}, column: {}, kind: {}{unnamed}),{comment}\n",
            quoted(self.vocabulary.role_name(spec.role)),
            quoted(&column.name),
            kind.as_str()
        )
    }

    /// A column that has another text in every row and is called as if it told them apart.
    fn key(&mut self, rows: usize) -> Option<usize> {
        let words = ["id", "no", "nr", "number", "ref", "reference", "key", "code", "transaction"];
        let found = (0..self.columns.len()).filter(|it| !self.used.contains(it)).find(|at| {
            self.columns.get(*at).is_some_and(|it| {
                let different: BTreeSet<&String> = it.values.iter().collect();
                it.has(&words) && rows > 0 && different.len() == rows
            })
        });
        self.used.extend(found);
        found
    }

    fn direction_column(&self) -> Option<usize> {
        (0..self.columns.len()).filter(|it| !self.used.contains(it)).find(|at| {
            self.columns.get(*at).is_some_and(|it| {
                it.mostly(|text| is(&FORWARD, text) || is(&BACKWARD, text))
                    && it.values.iter().any(|text| is(&BACKWARD, text))
            })
        })
    }

    fn direction(&mut self) -> String {
        let found = self.direction_column();
        let Some(at) = found else { return String::new() };
        self.used.insert(at);
        let Some(column) = self.columns.get(at) else { return String::new() };
        let list = |words: &[&str]| {
            let texts: BTreeSet<&str> = column.values.iter().map(String::as_str).filter(|it| is(words, it)).collect();
            texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
        };
        format!(
            "    // With a word of `backward`, source and target change places.\n    direction: (column: {}, forward: [{}], backward: [{}]),\n",
            quoted(&column.name),
            list(&FORWARD),
            list(&BACKWARD)
        )
    }

    fn dates(&mut self) -> String {
        let words =
            ["date", "year", "month", "day", "period", "when", "from", "since", "start", "begin", "until", "to", "end"];
        let mut found: Vec<(usize, Vec<&str>, Vec<&str>)> = Vec::new();
        for (at, column) in self.columns.iter().enumerate().filter(|(at, _)| !self.used.contains(at)) {
            if !column.has(&words) {
                continue;
            }
            let marks: Vec<&str> =
                ["?", "(?)"].into_iter().filter(|mark| column.values.iter().any(|it| it.ends_with(mark))).collect();
            let bare: Vec<String> = column
                .values
                .iter()
                .map(|it| marks.iter().fold(it.as_str(), |it, mark| it.trim_end_matches(mark)).trim().to_owned())
                .collect();
            if let Some(formats) = guess_date_formats(&bare) {
                found.push((at, formats, marks));
            }
        }
        let Some((first, formats, marks)) = found.first().cloned() else { return String::new() };
        self.used.insert(first);
        let is_end = |at: usize| self.columns.get(at).is_some_and(|it| it.has(&["until", "to", "end", "finish"]));
        let to = found.iter().skip(1).map(|(at, ..)| *at).find(|at| is_end(*at));
        self.used.extend(to);
        let mut out = String::new();
        if formats.contains(&"%d/%m/%Y") && formats.contains(&"%m/%d/%Y") {
            out.push_str("    // Days first and months first both fit these dates: keep the one that is meant.\n");
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

    /// The first column of numbers, with its hedges, and the marks that all numbers have.
    fn figures(&mut self) -> (String, char, Option<char>) {
        let words = [
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
        ];
        let (mut decimal, mut thousands) = ('.', None);
        let mut out = String::new();
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
            let comma = column.values.iter().any(|it| is_comma_decimal(&bare(it)));
            let read = |text: &str| {
                let text = bare(text);
                let text = if comma { text.replace('.', "").replace(',', ".") } else { text };
                Quantity::parse(&text, &self.vocabulary.terms, UnitIx::default()).is_ok()
            };
            if !column.mostly(read) || !column.values.iter().any(|it| it.bytes().any(|it| it.is_ascii_digit())) {
                continue;
            }
            if !column.has(&words) || !out.is_empty() {
                others.push(quoted(&column.name));
                continue;
            }
            if comma {
                (decimal, thousands) = (',', Some('.'));
            }
            self.used.insert(at);
            let _ = write!(out, "    figures: [Figure(column: {}", quoted(&column.name));
            let unit =
                self.vocabulary.terms.units().iter().find(|unit| column.form.split(' ').any(|it| unit.is_called(it)));
            if let Some(unit) = unit {
                let _ = write!(out, ", unit: {}", quoted(&unit.id));
            }
            if !marks.is_empty() {
                let all: Vec<String> = marks
                    .iter()
                    .map(|(mark, words)| format!("Hedge(mark: {}, words: {})", quoted(mark), quoted(words)))
                    .collect();
                let _ = write!(out, ", hedges: [{}]", all.join(", "));
            }
            out.push_str(")],\n");
            if unit.is_none() {
                out.push_str("    // Say the `unit` of the figures if it is not that of the item.\n");
            }
        }
        if !others.is_empty() {
            let _ = writeln!(out, "    // Numbers too: {}.", others.join(", "));
        }
        (out, decimal, thousands)
    }
}

/// Whether a text is one of these words, but for case.
fn is(words: &[&str], text: &str) -> bool {
    words.contains(&text.to_lowercase().as_str())
}

/// `1.234,5`, `12,50`: a comma before one or two last digits, or points before groups and a comma.
fn is_comma_decimal(text: &str) -> bool {
    text.rsplit_once(',').is_some_and(|(before, after)| {
        after.bytes().all(|it| it.is_ascii_digit())
            && !before.contains(',')
            && (before.contains('.') || matches!(after.len(), 1 | 2))
    })
}
