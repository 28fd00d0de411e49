//! A proposal for a mapping, from the header of a table and its first rows. It is a beginning for people: what it cannot know it
//! says so in comments.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

mod columns;
mod layout;
mod words;

use super::csv::{guess_date_formats, lossless, sample};
use super::input::ImportOptions;
use super::text::quoted;
use crate::model::{EntityKind, FlowEnd, Kind, RoleSpec, Vocabulary, normal_form, slug};
use columns::Figures;
use words::{CLAIMS, Fit, fit};

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

struct Column {
    name: String,
    form: String,
    values: Vec<String>,
}

impl Column {
    fn has(&self, words: &[&str]) -> bool {
        self.words().any(|it| words.contains(&it))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.form.split(' ').chain(['€', '$', '£'].into_iter().filter_map(|it| {
            let at = self.name.find(it)?;
            self.name.get(at..at + it.len_utf8())
        }))
    }

    /// Whether half of the texts are so: odd ones must not hide what a column is.
    fn half(&self, test: impl Fn(&str) -> bool) -> bool {
        let found = self.values.iter().filter(|it| test(it)).count();
        found > 0 && found * 2 >= self.values.len()
    }

    /// Whether the texts could be names of somebody or something.
    fn may_be_names(&self) -> bool {
        !self.mostly(|it| it.bytes().all(|it| it.is_ascii_digit() || b".,-/: ".contains(&it)))
            && guess_date_formats(&self.values).is_none_or(|(_, unread)| unread > 0)
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
    let layout = layout::layout(path, options)?;
    let sample = sample(path, &layout, options, ROWS)?;
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
    let table =
        Table { delimiter: sample.delimiter, skip: layout.skip, rows: sample.rows.len(), not_utf8: sample.not_utf8 };
    guess.write(&stem, &table).ok_or_else(no_kinds)
}

/// Names and codes of the countries that are built in, lower-case.
fn countries() -> BTreeSet<String> {
    let loaded = crate::load::load(&crate::load::Sources::BuiltIn, crate::load::LoadOptions::default());
    let all = loaded.dataset.into_iter().flat_map(|it| it.entities).filter(|it| it.kind == EntityKind::Country);
    all.flat_map(|it| it.names.into_iter().map(|it| it.text).chain([it.name])).map(|it| it.to_lowercase()).collect()
}

/// Columns, each with the role that it seems to hold.
type Fits<'v> = Vec<(usize, &'v RoleSpec)>;

/// How a table is written.
struct Table {
    delimiter: u8,
    skip: u64,
    rows: usize,
    not_utf8: bool,
}

/// What kind of fact the rows seem to be.
struct Choice<'v> {
    /// One of those that fit best.
    kind: &'v Kind,
    roles: Fits<'v>,
    /// Others that fit as well.
    others: Vec<&'v str>,
    /// Whether it is clear enough to propose.
    is_clear: bool,
}

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
    fn write(mut self, stem: &str, &Table { delimiter, skip, rows, not_utf8 }: &Table) -> Option<String> {
        let id = slug(stem);
        let told = self.told(stem);
        let Choice { kind, mut roles, others, is_clear } = self.edges().or_else(|| self.kind(&told))?;
        let has_roles = !roles.is_empty();
        if !is_clear {
            roles.clear();
        }
        self.used.extend(roles.iter().map(|(at, _)| *at));
        let key = self.key(rows);
        let direction = if is_clear { self.direction() } else { String::new() };
        let dates = self.dates();
        let Figures { text: figures, marks, ambiguous } = self.figures(is_clear.then_some(kind));
        let claimant = self.claimant();
        let mut out = format!(
            "// Proposed from the header and the first {rows} rows. Read it through: what a table means, only people know.\n(\n"
        );
        if let Some(text) = ambiguous {
            let _ = writeln!(
                out,
                "    // Is {text} {} or {}? No number tells. Say it in `table`, else such numbers are refused:\n    // `decimal: \",\", thousands: \".\"` or `decimal: \".\", thousands: \",\"`.",
                text.replace(['.', ','], ""),
                text.replace(',', ".").trim_end_matches('0').trim_end_matches('.')
            );
        }
        let delimiter = quoted(&char::from(delimiter).to_string());
        let _ = write!(out, "    table: (delimiter: {delimiter}");
        if skip > 0 {
            let _ = write!(out, ", skip: {skip}");
        }
        if not_utf8 {
            out.push_str(", encoding: \"windows-1252\"");
        }
        if !self.blanks.is_empty() {
            let blanks: Vec<String> = self.blanks.iter().map(|it| quoted(it)).collect();
            let _ = write!(out, ", blanks: [{}]", blanks.join(", "));
        }
        if let Some((decimal, thousands)) = marks {
            let mark = |it: char| quoted(&it.to_string());
            let _ = write!(out, ", decimal: {}, thousands: {}", mark(decimal), mark(thousands));
        }
        out.push_str("),\n    // Say what the table is, who published it and when.\n    source: (\n");
        let _ = writeln!(out, "        document: (id: {}, name: {}),", quoted(&id), quoted(stem));
        let _ = writeln!(
            out,
            "        by: (id: {}, name: {}, kind: organization),",
            quoted(&format!("publisher-of-{id}")),
            quoted(&format!("the publisher of {stem}"))
        );
        if let Some(at) = claimant {
            let _ = writeln!(
                out,
                "        // Who says so, row by row. Leave it out if the column names documents.\n        by_column: {}, by_kind: organization,",
                self.quoted_name(at)
            );
        }
        out.push_str("        // title: \"…\", publisher: (id: \"…\", name: \"…\"), date: \"2025-01-31\", address: \"https://…\",\n    ),\n");
        if is_clear {
            let _ = writeln!(out, "    kind: {},", quoted(&kind.id));
        } else {
            out.push_str("    // The columns do not tell what kind of fact a row is. Name one of `purvey list kinds`, and the columns of its roles.\n");
            if has_roles {
                let near = [&[&*kind.id], &*others].concat();
                let _ = writeln!(out, "    // Near: {}.", near.join(", "));
            }
            out.push_str("    // kind: \"…\",\n");
        }
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
        if !is_clear {
            out.push_str("        // Role(role: \"…\", column: \"…\", kind: organization),\n");
        }
        let lacking = kind.roles.iter().filter(|it| is_clear && it.required);
        for spec in lacking.filter(|it| !roles.iter().any(|(_, other)| other.role == it.role)) {
            let _ = writeln!(
                out,
                "        // `{}` needs the role {}: name its column, or a `constant`.\n        // Role(role: {}, column: \"…\", kind: {}),",
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

    /// A list of edges: a source, a target, and nothing that names another role.
    fn edges(&self) -> Option<Choice<'g>> {
        let called = |word: &str| self.columns.iter().position(|it| it.form == word && it.may_be_names());
        let ends = [called("source")?, called("target")?];
        let taken = |at: &usize| {
            self.columns.get(*at).is_some_and(|column| {
                let roles = self.vocabulary.kinds.iter().flat_map(|it| &it.roles);
                column.may_be_names()
                    && roles
                        .filter(|it| it.flow.is_some())
                        .any(|it| fit(column, it, self.vocabulary, false) == Some(Fit::Exact))
            })
        };
        if (0..self.columns.len()).filter(|it| !ends.contains(it)).any(|it| taken(&it)) {
            return None;
        }
        let kind = self.vocabulary.kind(self.vocabulary.kind_ix("relationship")?)?;
        let role = |end: FlowEnd| kind.roles.iter().find(|it| it.flow == Some(end));
        let roles = ends.into_iter().zip([role(FlowEnd::Source)?, role(FlowEnd::Target)?]).collect();
        Some(Choice { kind, roles, others: Vec::new(), is_clear: true })
    }

    /// The kind whose roles fit most columns, with the column of each role.
    fn kind(&self, told: &BTreeSet<String>) -> Option<Choice<'g>> {
        let money = self.has_money();
        let has_money = |kind: &Kind| {
            let unit = kind.figures.first().and_then(|it| it.unit).and_then(|it| self.vocabulary.terms.unit(it));
            money && unit.is_some_and(|it| &*it.dimension == "money")
        };
        let mut best: Option<(usize, Choice<'g>)> = None;
        for kind in &self.vocabulary.kinds {
            let (mut found, mut fits) = self.roles(kind, money);
            let words: Vec<String> = [&kind.id, &kind.noun, &kind.plural].iter().map(|it| normal_form(it)).collect();
            let named = self.columns.iter().any(|it| it.words().any(|word| words.iter().any(|it| it == word)));
            let names =
                kind.verbs.iter().chain(&kind.target_verbs).chain(&kind.nouns).chain([&kind.noun, &kind.plural]);
            let told = names.filter(|it| told.contains(&***it)).count().min(3);
            // With a direction, two parties are the ends, whatever their columns are called.
            if told > 0 && self.direction_column().is_some() && !found.iter().any(|(_, it)| it.flow.is_some()) {
                found = self.parties(kind);
                fits = found.iter().map(|_| Fit::Named).collect();
            }
            let ends = || found.iter().zip(&fits).filter(|((_, it), _)| it.flow.is_some());
            let sure = ends().filter(|(_, fit)| **fit > Fit::Loose).count();
            let all = ends().count();
            // Ends count most; a kind whose required roles are all there comes before one that lacks some.
            let required = kind.roles.iter().filter(|it| it.required);
            let whole = required.filter(|it| !found.iter().any(|(_, other)| other.role == it.role)).count() == 0;
            let has_item = found.iter().any(|(_, it)| it.flow == Some(FlowEnd::Object) && it.required);
            let score = 4 * sure
                + usize::from(has_item)
                + 2 * (all - sure)
                + 2 * told
                + found.len()
                + usize::from(named)
                + 2 * usize::from(whole && all > 0)
                + 2 * usize::from(has_money(kind))
                + usize::from(kind.flow);
            let hinted = told > 0 || has_money(kind);
            let is_clear =
                sure >= 2 || (whole && (all >= 3 || (all >= 2 && (hinted || sure > 0)) || (all >= 1 && hinted)));
            match &mut best {
                // Of kinds about things that pass from one to another the one with more words is the usual one.
                Some((other, choice)) if score == *other && has_item => {
                    if nouns(kind) > nouns(choice.kind) {
                        *choice = Choice { kind, roles: found, others: Vec::new(), is_clear };
                    }
                }
                Some((other, choice)) if score == *other => choice.others.push(&kind.id),
                Some((other, _)) if score < *other => {}
                _ => best = Some((score, Choice { kind, roles: found, others: Vec::new(), is_clear })),
            }
        }
        let (_, mut choice) = best?;
        if choice.roles.is_empty() {
            choice.others.clear();
        }
        // Where several fit as well, none is clear.
        choice.is_clear &= choice.others.is_empty();
        Some(choice)
    }

    /// The columns of the roles of a kind, and how sure each is.
    fn roles(&self, kind: &'g Kind, money: bool) -> (Fits<'g>, Vec<Fit>) {
        let mut found: Fits<'g> = Vec::new();
        let mut fits = Vec::new();
        for spec in &kind.roles {
            let columns = self.columns.iter().enumerate();
            let free = columns.filter(|(at, it)| !found.iter().any(|(other, _)| other == at) && it.may_be_names());
            let all = free.filter_map(|(at, it)| Some((at, fit(it, spec, self.vocabulary, money)?)));
            // The first of those that fit best.
            let best = all.fold(None, |best: Option<(usize, Fit)>, it| best.filter(|best| best.1 >= it.1).or(Some(it)));
            if let Some((at, fit)) = best {
                found.push((at, spec));
                fits.push(fit);
            }
        }
        (found, fits)
    }

    /// A column that names who says so. Addresses and lists of several are kept as they are.
    fn claimant(&mut self) -> Option<usize> {
        let found = (0..self.columns.len()).filter(|it| !self.used.contains(it)).find(|at| {
            self.columns.get(*at).is_some_and(|it| {
                CLAIMS.contains(&it.form.as_str())
                    && !it.values.is_empty()
                    && it.may_be_names()
                    && !it.values.iter().any(|text| text.contains("://") || text.contains(';') || text.len() > 60)
                    && !it.has(&["citation", "citations", "reference", "references", "beleg"])
            })
        });
        self.used.extend(found);
        found
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
        let words = ["id", "no", "nr", "ref", "reference", "key", "code", "transaction"];
        let found = (0..self.columns.len()).filter(|it| !self.used.contains(it)).find(|at| {
            self.columns.get(*at).is_some_and(|it| {
                let different: BTreeSet<&String> = it.values.iter().collect();
                let is_code = it.values.iter().all(|it| !it.contains("://") && !it.contains(char::is_whitespace));
                it.has(&words) && is_code && rows > 0 && different.len() == rows
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
}

/// How many words people have for facts of a kind and for those in it.
fn nouns(kind: &Kind) -> usize {
    kind.nouns.len() + kind.roles.iter().map(|it| it.nouns.len()).sum::<usize>()
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
