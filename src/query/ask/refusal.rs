//! What to say of a question that is not understood: which part had no match, and what there is instead.

use super::frame::NoFrame;
use super::grammar::Stop;
use super::lexicon::Lexicon;
use super::naming::Misfit;
use super::reading::NotUnderstood;
use crate::graph::GraphView;
use crate::model::{EntityIx, normal_form, printable};

/// Most suggestions.
const MOST_SUGGESTED: usize = 4;

/// For how many unknown words something is suggested.
const MOST_SUGGESTED_FOR: usize = 3;

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The text is no question.
    Text(String),
    /// Words that are nothing that is known.
    Unknown(Vec<String>),
    /// A name that may be several.
    Ambiguous {
        typed: String,
        ids: Vec<String>,
    },
    /// A name that does not go with its neighbours.
    Unfit(String),
    /// It can be read in several ways.
    Several(Vec<String>),
    Negation,
    Stop(Stop),
    /// The words are known, but not in this order.
    Order,
}

impl Refusal {
    pub(super) fn from_stop(stop: Stop) -> Refusal {
        Refusal::Stop(stop)
    }

    pub(super) fn from_frame(error: NoFrame) -> Refusal {
        match error {
            NoFrame::Name(Misfit::Ambiguous { typed, ids }) => Refusal::Ambiguous { typed, ids },
            NoFrame::Name(Misfit::Unfit { typed }) => Refusal::Unfit(typed),
            NoFrame::Negation => Refusal::Negation,
            NoFrame::Order => Refusal::Order,
        }
    }

    /// Of several refusals the one that tells most is shown.
    pub(super) fn worth(&self) -> u8 {
        match self {
            Refusal::Ambiguous { .. } => 6,
            Refusal::Stop(Stop::Dangling(_)) => 1,
            Refusal::Stop(Stop::Pronoun(_)) => 2,
            Refusal::Stop(_) => 5,
            Refusal::Negation => 4,
            Refusal::Unfit(_) => 3,
            _ => 0,
        }
    }

    pub(super) fn tell<G: GraphView>(self, graph: &G, lexicon: &Lexicon, text: &str) -> NotUnderstood {
        let quoted = |it: &str| format!("“{}”", printable(it));
        let (what, help) = match self {
            Refusal::Text(what) => (what, None),
            Refusal::Unknown(words) => unknown(graph, lexicon, &words),
            Refusal::Ambiguous { typed, ids } => {
                let ids: Vec<String> = ids.iter().map(|it| format!("`{it}`")).collect();
                (
                    format!("{} may be {}", quoted(&typed), ids.join(" or ")),
                    Some("write the one that you mean".to_owned()),
                )
            }
            Refusal::Unfit(typed) => (format!("{} does not fit where it stands", quoted(&typed)), None),
            Refusal::Several(commands) => {
                let commands: Vec<String> = commands.iter().map(|it| format!("`purvey {it}`")).collect();
                (
                    "this can be read in several ways, which give different answers".to_owned(),
                    Some(format!("run {}", commands.join(", or "))),
                )
            }
            Refusal::Negation => (
                "this asks for what did not happen, and no fact tells that".to_owned(),
                Some("ask for what did happen; “except” and “but not by” leave facts out".to_owned()),
            ),
            Refusal::Stop(Stop::Reason(word)) => (
                format!("{} asks for reasons, and facts have none", quoted(&word)),
                Some("ask who, what, when or how many".to_owned()),
            ),
            Refusal::Stop(Stop::Modal(word)) => (
                format!("{} asks for what may, will or should be, and facts tell what was", quoted(&word)),
                Some("ask what happened, or what was planned: --outcome".to_owned()),
            ),
            Refusal::Stop(Stop::Relative(words)) => (
                format!("{} depends on the day on which it is asked", quoted(&words)),
                Some("name the time (“in 2024”), or the day to reckon from: --today 2025-06-28".to_owned()),
            ),
            Refusal::Stop(Stop::Pronoun(word)) => (
                format!("{} speaks of somebody or something that this question does not name", quoted(&word)),
                Some("each question stands for itself: write the name".to_owned()),
            ),
            Refusal::Stop(Stop::Dangling(words)) => {
                (format!("what follows {} is not understood", quoted(&words)), None)
            }
            Refusal::Order => ("the words are known, but not in this order".to_owned(), None),
        };
        NotUnderstood { what, help, examples: examples(graph, text) }
    }
}

/// Words that are nothing known: names and verbs like them, or that questions are in English.
fn unknown<G: GraphView>(graph: &G, lexicon: &Lexicon, words: &[String]) -> (String, Option<String>) {
    let listed: Vec<String> = words.iter().map(|it| format!("“{}”", printable(it))).collect();
    let is_foreign = |word: &String| {
        word.chars().any(|it| it.is_alphabetic() && deunicode::deunicode_char(it).is_none_or(|_| !is_latin(it)))
    };
    if words.iter().any(is_foreign) {
        let what = format!("questions are read in English alone; {} is nothing that is known here", listed.join(", "));
        return (what, Some("names may stand in any language: “what did Северная Корея send to Russia?”".to_owned()));
    }
    let verb = if words.len() == 1 { "is" } else { "are" };
    let what = format!("{} {verb} no name, verb or word that is known here", listed.join(", "));
    let mut near: Vec<String> = Vec::new();
    for word in words.iter().take(MOST_SUGGESTED_FOR) {
        if near.len() >= MOST_SUGGESTED {
            break;
        }
        let form = normal_form(word);
        near.extend(lexicon.near(&form).map(|it| format!("“{it}”")));
        let names = graph.name_index().suggestions(word);
        near.extend(names.into_iter().take(2).map(|it| graph.entity(EntityIx(it)).name.to_owned()));
    }
    near.dedup();
    near.truncate(MOST_SUGGESTED);
    let help = match near.is_empty() {
        false => format!("did you mean {}?", near.join(" or ")),
        true => "`purvey list` shows what there is: entities, kinds of fact".to_owned(),
    };
    (what, Some(help))
}

fn is_latin(c: char) -> bool {
    c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c) || ('\u{1e00}'..='\u{1eff}').contains(&c)
}

/// Questions that are understood, those with most words in common first.
fn examples<G: GraphView>(graph: &G, text: &str) -> Vec<String> {
    let text = text.get(..text.len().min(400)).unwrap_or_default();
    let form = normal_form(text);
    let words: Vec<&str> = form.split(' ').collect();
    let common = |example: &str| normal_form(example).split(' ').filter(|it| words.contains(it)).count();
    let mut examples: Vec<(usize, String)> =
        graph.vocabulary().examples.iter().map(|it| (common(it), it.to_string())).collect();
    examples.sort_by_key(|(common, _)| std::cmp::Reverse(*common));
    examples.into_iter().map(|(_, it)| it).collect()
}
