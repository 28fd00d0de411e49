//! Whether other words for a fact still say what it says: figures with their hedges, periods, who denies it, and whose
//! word it is where nobody else confirms it.

use super::answer::{Answer, PeriodValue, Ref, Row};
use super::rules::Status;
use super::wording::{doubts, label, outcome_in_words, quantity_in_words};
use crate::graph::GraphView;
use crate::model::{Bound, Outcome, Per, Stance};

/// Words that make a number, or change one.
const NUMBER_WORDS: [&str; 48] = [
    "zero",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "hundreds",
    "thousand",
    "thousands",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "dozen",
    "dozens",
    "half",
    "quarter",
    "third",
    "twice",
    "double",
    "triple",
    "percent",
    "tenfold",
    "scores",
    "myriad",
];

/// Signs that change a number.
const NUMBER_SIGNS: [char; 8] = ['%', '‰', '$', '€', '£', '½', '¼', '¾'];

/// What is wrong with other words for a fact, each with what to do about it.
///
/// Words that turn a sentence round ("not", "instead of") cannot be told by rule; whoever writes them is believed.
pub(crate) fn wording_problems<G: GraphView>(
    graph: &G,
    answer: &Answer,
    row: &Row,
    text: &str,
) -> Vec<(String, Option<String>)> {
    let text = plain(text);
    let mut problems = Vec::new();
    let mut rest = text.clone();
    for (what, words) in required(answer, row) {
        let fits = words.iter().find(|it| find(&text, &plain(it)).is_some());
        match fits {
            Some(words) => rest = without(&rest, &plain(words)),
            None => problems.push((
                format!("these words drop {what}"),
                words.first().map(|it| format!("“{it}” must stand in them")),
            )),
        }
    }
    let said = plain(&said(answer, row));
    for token in number_tokens(&rest) {
        if find(&said, &token).is_none() {
            let message = format!("`{token}` is no figure of this fact");
            problems.push((message, Some("figures stand as the source words them, once".to_owned())));
        }
    }
    let terms = &graph.vocabulary().terms;
    let vague = terms.hedges().iter().filter(|it| matches!(it.bound, Bound::Vague { .. })).flat_map(|it| &it.words);
    for hedge in vague {
        if find(&rest, hedge).is_some() && find(&said, hedge).is_none() {
            problems.push((format!("“{hedge}” is no figure of this fact"), None));
        }
    }
    for figure in figures(answer, row) {
        let figure = plain(&figure);
        for (before, after) in around(&text, &figure) {
            let hedges = terms.hedges().iter().filter(|it| !matches!(it.bound, Bound::Vague { .. }));
            let hedge = hedges.flat_map(|it| &it.words).find(|it| before.ends_with(&***it) && is_end(before, it));
            if let Some(hedge) = hedge {
                problems.push((format!("“{hedge} {figure}” says something else than “{figure}”"), None));
            }
            let after = after.trim_start();
            if ["or more", "or fewer", "or less", "or so", "and more", "+"].iter().any(|it| after.starts_with(it)) {
                problems.push((format!("what follows “{figure}” says something else than “{figure}”"), None));
            }
        }
    }
    for quantity in all_quantities(row) {
        let figure = plain(&quantity_in_words(answer, quantity));
        for (_, after) in around(&text, &figure) {
            let follows = |name: &str| find(after.trim_start(), &plain(name)) == Some(0);
            let unit = terms.units().iter().find(|unit| {
                let names = [&unit.id, &unit.plural].into_iter().chain(&unit.names);
                *unit.id != *quantity.unit && names.into_iter().any(|it| follows(&it.replace('-', " ")))
            });
            if let Some(unit) = unit.filter(|it| find(&said, &plain(&it.plural)).is_none()) {
                problems.push((format!("the source counts no {}", unit.plural), None));
            }
        }
    }
    problems.dedup();
    problems
}

/// What must stand in the words: a name of it, and the ways to write it, the usual one first.
fn required(answer: &Answer, row: &Row) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut need = |what: &str, words: Vec<String>| found.push((what.to_owned(), words));
    for (name, quantity) in &row.quantities {
        need("a figure or its hedge", vec![quantity_in_words(answer, quantity)]);
        let is_amount = row.first_figure.as_deref() == Some(name) || name == "amount";
        if !is_amount {
            need("what a figure counts", vec![name.replace('_', " ")]);
        }
    }
    for claim in row.current_claims() {
        let own: Vec<_> = claim.quantities.iter().filter(|(name, _)| row.figure(name).is_none()).collect();
        for (_, quantity) in &own {
            need("a figure or its hedge", vec![quantity_in_words(answer, quantity)]);
        }
        if !own.is_empty() {
            need("who gives a figure that others do not", names(&claim.by));
            if let Some(scope) = &claim.scope {
                need("what a figure covers", vec![scope.clone()]);
            }
        }
        if let Some(period) = claim.period.filter(|it| row.period.map(|it| it.period) != Some(it.period)) {
            need("a period", vec![period_words(period)]);
        }
        if claim.stance == Stance::Denies {
            need("who denies it", names(&claim.by));
            need("that it is denied", vec!["denied".to_owned(), "denies".to_owned(), "deny".to_owned()]);
        }
        if row.status == Some(Status::Unnamed) {
            need("whose word it is", names(&claim.by));
        }
    }
    for stance in doubts(row) {
        need("that nobody states it", doubt_words(stance).iter().map(|it| (*it).to_owned()).collect());
    }
    if let Some(period) = row.period {
        need("the period", vec![period_words(period)]);
    }
    if let Some(per) = row.per {
        let words = match per {
            Per::Year => "a year",
            Per::Month => "a month",
            Per::Total => "in total",
        };
        need("how long a cap counts", vec![words.to_owned()]);
    }
    if let Some(outcome) = outcome_in_words(row.outcome).filter(|_| row.outcome != Outcome::Happened) {
        need("what became of it", vec![outcome.to_owned()]);
    }
    let by_place = |field: &String| {
        !matches!(field.as_str(), "period" | "made" | "quantity")
            && !row.roles.iter().any(|(name, _)| name == field)
            && !row.quantities.iter().any(|(name, _)| name == field)
    };
    if row.inferred.iter().any(by_place) {
        need("what is worked out and not said", vec!["inferred".to_owned()]);
    }
    found
}

/// Ways to say that a fact is only alleged, believed or estimated.
fn doubt_words(stance: Stance) -> &'static [&'static str] {
    match stance {
        Stance::Alleges => &["alleged", "alleges", "allegedly", "accused", "accuses"],
        Stance::Believes => &["believed", "believes"],
        Stance::Estimates => &["estimated", "estimates", "an estimate"],
        Stance::States | Stance::Admits | Stance::Denies => &[],
    }
}

/// A period with the mark of what the source does not say itself.
fn period_words(it: PeriodValue) -> String {
    format!("{}{}", it.period.to_words(), if it.inferred { "*" } else { "" })
}

fn names(it: &Ref) -> Vec<String> {
    vec![it.name.clone(), it.short_name().to_owned(), it.prose.clone()]
}

fn all_quantities(row: &Row) -> impl Iterator<Item = &super::answer::QuantityValue> {
    row.quantities.iter().chain(row.current_claims().flat_map(|it| &it.quantities)).map(|(_, it)| it)
}

fn figures(answer: &Answer, row: &Row) -> Vec<String> {
    let mut found: Vec<String> = all_quantities(row).map(|it| quantity_in_words(answer, it)).collect();
    found.sort();
    found.dedup();
    found
}

/// What the program itself says of the fact, with all names: numbers in these are no figures.
fn said(answer: &Answer, row: &Row) -> String {
    let ends = [&row.from, &row.what, &row.to].into_iter().flatten();
    let roles = row.roles.iter().flat_map(|(_, list)| list);
    let by = row.claims.iter().map(|it| &it.by);
    let names = ends.chain(roles).chain(by).flat_map(names);
    std::iter::once(label(answer, &Row { quantities: Vec::new(), ..row.clone() }))
        .chain(names)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lower case, one space between words, no mark of a place where a line must not be broken.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Where a phrase stands in a text as words; "100" is not in "1,100".
fn find(text: &str, phrase: &str) -> Option<usize> {
    text.match_indices(phrase).map(|(at, _)| at).find(|at| !phrase.is_empty() && stands_alone(text, *at, phrase.len()))
}

fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + length..).unwrap_or(""));
    let joins = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    // A separator of thousands or decimals joins digits.
    let mut next = after.chars();
    let joined_after = match next.next() {
        Some(',' | '.') => next.next().is_some_and(|it| it.is_ascii_digit()),
        other => joins(other),
    };
    let mut last = before.chars().rev();
    let joined_before = match last.next() {
        Some(',' | '.') => last.next().is_some_and(|it| it.is_ascii_digit()),
        other => joins(other),
    };
    !joined_before && !joined_after
}

/// What stands before and after each place of a phrase.
fn around<'t>(text: &'t str, phrase: &str) -> Vec<(&'t str, &'t str)> {
    if phrase.is_empty() {
        return Vec::new();
    }
    let places = text.match_indices(phrase).map(|(at, _)| at).filter(|at| stands_alone(text, *at, phrase.len()));
    places.filter_map(|at| Some((text.get(..at)?.trim_end(), text.get(at + phrase.len()..)?))).collect()
}

/// Whether a word at the end of a text is one, not the end of another.
fn is_end(text: &str, word: &str) -> bool {
    let before = text.get(..text.len().saturating_sub(word.len())).unwrap_or("");
    !before.chars().next_back().is_some_and(char::is_alphanumeric)
}

/// The text without the first place of a phrase.
fn without(text: &str, phrase: &str) -> String {
    match find(text, phrase) {
        Some(at) => format!("{} {}", text.get(..at).unwrap_or(""), text.get(at + phrase.len()..).unwrap_or("")),
        None => text.to_owned(),
    }
}

/// Numbers, words for numbers and signs that change them.
fn number_tokens(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | ',' | '.' | '\'' | '’');
    let words = text.split(|c| !is_part(c)).map(|it| it.trim_matches(|c: char| !c.is_alphanumeric()));
    let mut found: Vec<String> = words
        .filter(|it| {
            let is_number = |word: &str| NUMBER_WORDS.contains(&word);
            it.chars().any(char::is_numeric) || it.split('-').any(is_number)
        })
        .map(str::to_owned)
        .collect();
    found.extend(text.chars().filter(|it| NUMBER_SIGNS.contains(it)).map(String::from));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};
    use crate::query::{Question, answer};

    fn problems(fact: &str, text: &str) -> Vec<String> {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let graph = KnowledgeGraph::new(&dataset);
        let answer = answer(&graph, &Question::Show { name: fact.to_owned() }).unwrap();
        let row = answer.rows.iter().find(|it| it.fact == fact).unwrap();
        wording_problems(&graph, &answer, row, text).into_iter().map(|(message, _)| message).collect()
    }

    #[test]
    fn words_that_keep_figure_hedge_and_period_are_fine() {
        for text in [
            "at least 100 ballistic missiles, 1 January 2024 to 30 April 2025*",
            "At\u{a0}least 100 missiles (1 January 2024  to 30 April 2025*)",
        ] {
            assert_eq!(problems("a11", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn words_that_drop_an_allegation_are_told() {
        let dropped = "these words drop that nobody states it";
        for (fact, text, is_dropped) in [
            ("b20", "re-education (trainer inferred)", true),
            ("b20", "re-education, Yale believes (trainer inferred)", false),
            ("b5b", "children (taker inferred)", true),
            ("b5b", "children, allegedly (taker inferred)", false),
        ] {
            assert_eq!(problems(fact, text).iter().any(|it| it == dropped), is_dropped, "{fact}: {text}");
        }
    }

    #[test]
    fn words_that_change_a_figure_or_drop_a_hedge_are_told() {
        for (text, says) in [
            ("100 ballistic missiles, 1 January 2024 to 30 April 2025*", "these words drop a figure or its hedge"),
            ("at least 1,100 missiles, 1 January 2024 to 30 April 2025*", "these words drop a figure or its hedge"),
            ("missiles, 1 January 2024 to 30 April 2025*", "these words drop a figure or its hedge"),
            ("at least 100 missiles", "these words drop the period"),
            ("at least 100 of 500 missiles, 1 January 2024 to 30 April 2025*", "`500` is no figure of this fact"),
            (
                "at least 100 and twenty missiles, 1 January 2024 to 30 April 2025*",
                "`twenty` is no figure of this fact",
            ),
            ("at least 100 million missiles, 1 January 2024 to 30 April 2025*", "`million` is no figure of this fact"),
            (
                "at least 100 missiles, or hundreds, 1 January 2024 to 30 April 2025*",
                "`hundreds` is no figure of this fact",
            ),
            (
                "more than at least 100 missiles, 1 January 2024 to 30 April 2025*",
                "“more than at least 100” says something else than “at least 100”",
            ),
            (
                "at least 100 or more missiles, 1 January 2024 to 30 April 2025*",
                "what follows “at least 100” says something else than “at least 100”",
            ),
            ("at least 100 tonnes of missiles, 1 January 2024 to 30 April 2025*", "the source counts no tonnes"),
            ("at least 100% of the missiles, 1 January 2024 to 30 April 2025*", "`%` is no figure of this fact"),
        ] {
            assert!(problems("a11", text).iter().any(|it| it == says), "{text}: {:?}", problems("a11", text));
        }
    }

    #[test]
    fn the_label_of_the_program_itself_passes_for_every_fact() {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let graph = KnowledgeGraph::new(&dataset);
        let facts = answer(&graph, &Question::List { what: "facts".to_owned() }).unwrap();
        let all: Vec<String> = facts.rows.into_iter().map(|it| it.fact).collect();
        assert!(all.len() > 50);
        for fact in all {
            let answer = answer(&graph, &Question::Show { name: fact.clone() }).unwrap();
            let Some(row) = answer.rows.iter().find(|it| it.fact == fact) else { continue };
            let own: Vec<String> =
                required(&answer, row).into_iter().filter_map(|(_, it)| it.into_iter().next()).collect();
            let text = format!("{}: {}", row.what.as_ref().map_or("it", |it| &it.name), own.join("; "));
            assert_eq!(wording_problems(&graph, &answer, row, &text), [], "{fact}: {text}");
            if !own.is_empty() {
                assert_ne!(wording_problems(&graph, &answer, row, "this happened"), [], "{fact}");
            }
        }
    }
}
