//! That each fact stands in the picture once, whole, and with its sources.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Element, Page, has_class, list, parts, plain, shortened};
use super::report::Check;
use crate::draw::scene::{INFERRED, Line, words};
use crate::draw::seal::seal;
use crate::query::{Answer, sentence};

/// What the data say of each fact, by id.
pub(super) struct Known<'a> {
    answer: &'a Answer,
    lines: BTreeMap<&'a str, Line>,
}

impl<'a> Known<'a> {
    pub(super) fn new(answer: &'a Answer) -> Known<'a> {
        let lines = answer.rows.iter().map(|row| (row.fact.as_str(), words::line(answer, row, None))).collect();
        Known { answer, lines }
    }
}

/// 6: each fact is drawn exactly once, or counted as left out.
pub(super) fn once(page: &Page<'_>, known: Option<&Known<'_>>) -> Check {
    let mut check = Check::new(6, "each fact is drawn once, or counted as left out");
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in &page.entries {
        check.expect(!entry.fact.is_empty(), || format!("“{}” names no fact", shortened(&entry.text)));
        *times.entry(entry.fact).or_default() += 1;
    }
    for (fact, count) in times.iter().filter(|(_, count)| **count > 1) {
        check.error(format!("{fact} is drawn {count} times"));
    }
    let elements = page.root.descendants();
    let promised: BTreeSet<&str> = elements
        .filter(|it| has_class(*it, "arrow") || has_class(*it, "node"))
        .flat_map(|it| list(it, "data-facts"))
        .chain(spans(page).filter_map(|it| it.attribute("data-of")))
        .collect();
    let is_timeline = spans(page).next().is_some();
    for fact in &promised {
        check.expect(times.contains_key(fact), || {
            format!("{fact} belongs to an arrow or a box, but stands nowhere in words")
        });
    }
    for fact in times.keys() {
        // In a timeline, what has no date has no bar.
        check.expect(is_timeline || promised.contains(fact), || {
            format!("{fact} stands in words, but no arrow and no box has it")
        });
        if let Some(known) = known {
            check.expect(known.lines.contains_key(fact), || format!("{fact} is no fact of the data"));
        }
    }
    for element in page.root.descendants().filter(|it| has_class(*it, "left-out")) {
        let facts = list(element, "data-facts");
        let count = element.attribute("data-count").unwrap_or("");
        check.expect(count == facts.len().to_string(), || {
            format!("{count} facts are said to be left out, {} are named", facts.len())
        });
        check.expect(page.text_of(element).contains(count) && !count.is_empty(), || {
            format!("“{}” does not say how many facts are left out", shortened(&page.text_of(element)))
        });
        for fact in facts.iter().filter(|it| times.contains_key(*it)) {
            check.error(format!("{fact} is drawn, and counted as left out"));
        }
    }
    check.expect(!page.entries.is_empty(), || "no fact is drawn".to_owned());
    check
}

/// 7: figures with their hedges, periods and outcomes stand in the visible text.
pub(super) fn hedges(page: &Page<'_>, known: Option<&Known<'_>>) -> Check {
    let mut check = Check::new(7, "figures keep their hedges, facts their periods and reservations");
    for element in page.root.descendants().filter(|it| has_class(*it, "entry")) {
        let parts = ENTRY.map(|it| element.attribute(it).unwrap_or(""));
        let text = page.text_of(element);
        unchanged(&mut check, element, &text, &parts);
    }
    let named = page.root.descendants().filter(|it| has_class(*it, "node") && !has_class(*it, "items"));
    for element in named {
        unchanged(&mut check, element, &page.text_of(element), &[element.attribute("data-entity").unwrap_or("")]);
    }
    for entry in &page.entries {
        for (attribute, what) in [("data-quantity", "figure"), ("data-period", "period"), ("data-says", "reservation")]
        {
            let told = parts(entry.element, attribute);
            for words in &told {
                check.expect(has_words(&entry.text, words), || {
                    format!("{}: the {what} “{words}” does not stand in “{}”", entry.fact, shortened(&entry.text))
                });
            }
            let Some(line) = known.and_then(|it| it.lines.get(entry.fact)) else { continue };
            let wanted = match attribute {
                "data-period" => &line.periods,
                "data-says" => &line.says,
                _ => &line.quantities,
            };
            let wanted: BTreeSet<String> = wanted.iter().map(|it| plain(it)).collect();
            for words in wanted.difference(&told) {
                check.error(format!("{}: the data have the {what} “{words}”, the picture does not", entry.fact));
            }
            for words in told.difference(&wanted) {
                check.error(format!("{}: the picture has the {what} “{words}”, the data do not", entry.fact));
            }
        }
        let outcome = entry.element.attribute("data-outcome").unwrap_or("");
        let Some(line) = known.and_then(|it| it.lines.get(entry.fact)) else { continue };
        check.expect(outcome == line.outcome.as_str(), || {
            format!("{} is `{outcome}` in the picture, `{}` in the data", entry.fact, line.outcome.as_str())
        });
        let (status, wanted) = (entry.element.attribute("data-status").unwrap_or(""), super::word_of(line.status));
        check.expect(status == wanted, || {
            format!("{} is `{status}` in the picture, `{wanted}` in the data", entry.fact)
        });
    }
    check
}

/// What the number of an entry covers, besides its words.
const ENTRY: [&str; 7] =
    ["data-fact", "data-status", "data-outcome", "data-quantity", "data-period", "data-says", "data-notes"];

/// Whether words and what stands with them are those that were drawn.
fn unchanged(check: &mut Check, element: Element<'_>, text: &str, more: &[&str]) {
    let Some(sum) = element.attribute("data-sum") else {
        check.warn(format!(
            "“{}” has no check number (data-sum): whether it was changed cannot be told",
            shortened(text)
        ));
        return;
    };
    let now = seal(std::iter::once(text).chain(more.iter().copied()));
    check.expect(sum == now, || {
        format!(
            "“{}” was changed after it was drawn; words are changed in the data or in a diagram spec",
            shortened(text)
        )
    });
}

/// The bars of a timeline.
fn spans<'a>(page: &Page<'a>) -> impl Iterator<Item = Element<'a>> + use<'a> {
    page.root.descendants().filter(|it| has_class(*it, "span"))
}

/// Whether words stand in a text as words: "100" is not in "1,100".
fn has_words(text: &str, words: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, _)| {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + words.len()..).unwrap_or(""));
        let inside_figure =
            before.ends_with([',', '.']) && before.trim_end_matches([',', '.']).ends_with(|c: char| c.is_ascii_digit());
        !is_part(before.chars().next_back()) && !inside_figure && !is_part(after.chars().next())
    })
}

/// 9: notes that are cited stand below, and the legend explains what is used and nothing else.
pub(super) fn notes(page: &Page<'_>) -> Check {
    let mut check = Check::new(9, "cited sources stand below, the legend covers what is used");
    let mut cited: BTreeSet<String> = BTreeSet::new();
    for entry in &page.entries {
        let notes = list(entry.element, "data-notes");
        check.expect(!notes.is_empty(), || format!("{} cites no source", entry.fact));
        let shown = shown_notes(&entry.text);
        check.expect(shown == notes, || format!("{} cites {notes:?}, its text says {shown:?}", entry.fact));
        cited.extend(notes.into_iter().map(str::to_owned));
    }
    let mut below: BTreeSet<String> = BTreeSet::new();
    for element in page.root.descendants().filter(|it| has_class(*it, "source")) {
        let number = element.attribute("data-note").unwrap_or("").to_owned();
        let text = page.text_of(element);
        let words = text.strip_prefix(&format!("[{number}]")).map(str::trim);
        check.expect(words.is_some_and(|it| it.len() > 3), || {
            format!("source {number} has no text of its own: “{}”", shortened(&text))
        });
        if !below.insert(number.clone()) {
            check.error(format!("source {number} stands below twice"));
        }
    }
    for number in cited.difference(&below) {
        check.error(format!("source {number} is cited and does not stand below"));
    }
    for number in below.difference(&cited) {
        check.error(format!("source {number} stands below and nothing cites it"));
    }
    for class in ["source", "remark", "left-out", "data-date", "legend-item"] {
        for element in page.root.descendants().filter(|it| has_class(*it, class)) {
            let sign: Vec<&str> = element.attribute("data-legend").into_iter().collect();
            unchanged(&mut check, element, &page.text_of(element), &sign);
        }
    }
    let (used, explained) = (used_signs(page), legend(page));
    for sign in used.difference(&explained) {
        check.error(format!("the legend does not explain `{sign}`"));
    }
    for sign in explained.difference(&used) {
        check.error(format!("the legend explains `{sign}`, which is not used"));
    }
    check.looked_at += used.len();
    check
}

/// The numbers in the last brackets of a text.
fn shown_notes(text: &str) -> Vec<&str> {
    let Some(inside) = text.strip_suffix(']').and_then(|it| it.rsplit_once('[')).map(|it| it.1) else {
        return Vec::new();
    };
    inside.split(',').map(str::trim).filter(|it| !it.is_empty()).collect()
}

/// Signs that need an explanation; kinds of boxes explain themselves by their names.
fn used_signs(page: &Page<'_>) -> BTreeSet<String> {
    let with_status = page.entries.iter().map(|it| it.element).chain(page.arrows.iter().map(|it| it.element));
    let mut used: BTreeSet<String> =
        with_status.filter_map(|it| it.attribute("data-status")).map(|it| format!("status-{it}")).collect();
    if page.shapes.iter().any(|it| {
        has_class(it.element, "apart") && !Page::is_in(it.element, "legend-item") && !Page::is_in(it.element, "span")
    }) {
        used.insert("not-happened".to_owned());
    }
    if page.entries.iter().any(|it| parts(it.element, "data-period").iter().any(|it| it.contains(INFERRED))) {
        used.insert("inferred".to_owned());
    }
    // What a timeline draws has a class for each sign.
    for span in spans(page) {
        used.extend(list(span, "class").into_iter().filter(|it| *it != "span").map(|it| format!("time-{it}")));
    }
    // Shapes are explained where the legend has room for them; then all of them, and no others.
    let kinds = page.root.descendants().filter(|it| has_class(*it, "node")).filter_map(|it| it.attribute("data-kind"));
    let kinds: BTreeSet<String> = kinds.filter(|it| *it != "plain").map(|it| format!("kind-{it}")).collect();
    if legend(page).iter().any(|it| it.starts_with("kind-")) {
        used.extend(kinds);
    }
    used
}

fn legend(page: &Page<'_>) -> BTreeSet<String> {
    let items = page.root.descendants().filter_map(|it| it.attribute("data-legend").map(|sign| (it, sign)));
    // An item without words explains nothing.
    items.filter(|(it, _)| !page.text_of(*it).is_empty()).map(|(_, sign)| sign.to_owned()).collect()
}

/// What the sentences in `<desc>` leave out.
pub(super) fn described(page: &Page<'_>, element: Element<'_>, known: Option<&Known<'_>>, check: &mut Check) {
    let desc = plain(element.text().unwrap_or(""));
    unchanged(check, element, &desc, &[]);
    for entry in &page.entries {
        for words in parts(entry.element, "data-quantity") {
            // A figure may begin its sentence: "Dozens of camps".
            check.expect(has_words(&desc.to_lowercase(), &words.to_lowercase()), || {
                format!("the description lacks the figure “{words}” of {}", entry.fact)
            });
        }
        let Some(known) = known else { continue };
        let Some(row) = known.answer.rows.iter().find(|it| it.fact == entry.fact) else { continue };
        for claim in row.current_claims() {
            let told = plain(&sentence(known.answer, row, claim));
            check.expect(desc.contains(&told), || {
                format!("the description lacks a sentence of {}: “{}”", entry.fact, shortened(&told))
            });
        }
    }
    // Each fact has a claim, and each claim a sentence with the number of its source.
    let sentences = desc.matches("].").count();
    check.expect(sentences >= page.entries.len(), || {
        format!("the description has {sentences} sentences with a source for {} facts", page.entries.len())
    });
}
