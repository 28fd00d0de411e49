//! Questions in plain English.
//!
//! No language model: a grammar over the graph's own names and the vocabulary's words, so that each reading can be shown,
//! explained and repeated. `lexer` makes words of a text, `link` finds what each stretch of words may be (by `lexicon` and the
//! graph's index of names), `grammar` finds sentences, `frame` the roles of their parts. What is left over is told, never
//! passed over: a word that is nothing known refuses the question.

mod frame;
mod grammar;
mod lexer;
mod lexicon;
mod link;
mod naming;
mod reader;
mod reading;
mod refusal;
mod statement;
mod time;

pub use naming::NameRead;
pub use reading::{NotUnderstood, Reading};
pub use statement::{StatedEnd, Statement, read_statement};

pub(crate) use lexicon::{Lexicon, Sense};
pub(crate) use time::{Unit as TimeUnit, units_before};

use jiff::civil::Date;

use grammar::{Sentence, Stop, Tagged};
use link::{Linked, Tag, Token};
use reader::read_sentence;
use refusal::Refusal;

use super::answer_on;
use crate::graph::GraphView;
use crate::model::WordMeaning;

/// What a reading depends on besides the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskOptions {
    /// The day that "yesterday" and "last year" are reckoned from; without it they are not understood.
    pub today: Option<Date>,
}

/// How many further ways to take the words are looked at once a question is read as one about claims, or finds nothing.
const MOST_HELD_BACK: usize = 40;

/// Most readings of the words of one cut that are tried.
const MOST_TAGGINGS: usize = 400;

/// Reads a question in plain English.
///
/// Work is linear in the length of the text, and bounded, since long texts are refused, as are texts with more than a dozen
/// words that are unknown. Names, misspelt ones too, are looked up in the graph's index.
///
/// # Errors
///
/// [`NotUnderstood`], with the words that are unclear and what there is instead; also where a question can be read in two ways
/// that give different answers.
///
/// # Example
///
/// ```
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{AskOptions, read_question};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let reading = read_question(&graph, "What did North Korea supply to Rusia in 2024?", AskOptions::default())?;
/// assert_eq!(reading.command(), "who --from \"North Korea\" --to Russia --during 2024");
/// assert_eq!(reading.remarks(), ["“Rusia” is read as Russia"]);
/// # Ok::<(), purvey::query::NotUnderstood>(())
/// ```
pub fn read_question<G: GraphView>(graph: &G, text: &str, options: AskOptions) -> Result<Reading, NotUnderstood> {
    let lexicon = Lexicon::new(graph.vocabulary());
    let refuse = |refusal: Refusal| refusal.tell(graph, &lexicon, text);
    let words = lexer::words(text).map_err(|error| refuse(Refusal::Text(error.to_string())))?;
    let linked = link::link(graph, &lexicon, text, &words);
    if !linked.unknown.is_empty() {
        return Err(refuse(Refusal::Unknown(linked.unknown)));
    }
    let read = readings(graph, &linked, options);
    let mut readings = match (read, &linked.bad_time) {
        (Err(Refusal::Order), Some(why)) => return Err(refuse(Refusal::Text(why.clone()))),
        (read, _) => read.map_err(refuse)?,
    };
    if let (Some(_), Some(_)) = (readings.first(), readings.get(1)) {
        readings = telling(graph, readings);
    }
    match <[Reading; 1]>::try_from(readings) {
        Ok([mut reading]) => {
            reading.correct(&linked.corrections);
            Ok(reading)
        }
        Err(several) => Err(refuse(Refusal::Several(several.iter().map(Reading::command).collect()))),
    }
}

/// Of several readings those that differ: the likeliest that find anything, and of those with the same answer the first. If none
/// finds anything, the first of all.
fn telling<G: GraphView>(graph: &G, mut readings: Vec<Reading>) -> Vec<Reading> {
    // Stable: what is equally likely stays in the order in which it was found.
    readings.sort_by_key(|it| it.looseness);
    let facts = |it: &Reading| -> Vec<String> {
        let found = answer_on(graph, &it.question, &it.evidence).map(|it| it.rows).unwrap_or_default();
        let mut ids: Vec<String> = found.into_iter().map(|it| it.fact).collect();
        ids.sort_unstable();
        ids
    };
    for alike in readings.chunk_by(|a, b| a.looseness == b.looseness) {
        let mut found: Vec<(Vec<String>, &Reading)> = Vec::new();
        for reading in alike {
            let facts = facts(reading);
            if !facts.is_empty() && !found.iter().any(|(known, _)| *known == facts) {
                found.push((facts, reading));
            }
        }
        if !found.is_empty() {
            return found.into_iter().map(|(_, reading)| reading.clone()).collect();
        }
    }
    readings.truncate(1);
    readings
}

/// The readings of the likeliest way to take the words, or why there is none.
fn readings<G: GraphView>(graph: &G, linked: &Linked, options: AskOptions) -> Result<Vec<Reading>, Refusal> {
    let mut why: Option<Refusal> = None;
    let mut held: Vec<Reading> = Vec::new();
    let mut held_back = 0;
    // Readings that find nothing, and how many more ways to take the words are tried after them.
    let mut empty: Vec<Reading> = Vec::new();
    let mut tries = MOST_HELD_BACK;
    for cut in linked.cuts() {
        for tagged in taggings(&cut) {
            let (rest, extras) = match grammar::extras(&tagged, options.today) {
                Ok(found) => found,
                Err(stop) => {
                    keep_worthier(&mut why, Refusal::from_stop(stop));
                    continue;
                }
            };
            let mut found: Vec<Reading> = Vec::new();
            let sentences = grammar::sentences(&rest, &extras);
            for sentence in &sentences {
                match read_sentence(graph, sentence, &extras) {
                    Ok(readings) => found.extend(readings),
                    Err(error) => keep_worthier(&mut why, Refusal::from_frame(error)),
                }
            }
            found.dedup();
            // "what did Trump say about Putin" may ask for claims and for a statement that is a fact itself.
            let mere_claims = sentences.iter().all(|it| matches!(it, Sentence::Claims { .. }));
            held.append(&mut found);
            let may_be_more = mere_claims && held_back < MOST_HELD_BACK;
            if !held.is_empty() && !may_be_more {
                held.retain(|it| empty.is_empty() || it.is_about_the_same_as(&empty));
                if held.iter().any(|it| finds_something(graph, it)) {
                    return Ok(held);
                }
                if empty.is_empty() {
                    empty.append(&mut held);
                }
                held.clear();
                held_back = 0;
            }
            if !empty.is_empty() {
                tries -= 1;
                if tries == 0 {
                    return Ok(empty);
                }
            }
            held_back += usize::from(!held.is_empty());
            let pronoun = rest.iter().find(|it| *it.tag == Tag::Meaning(WordMeaning::Pronoun));
            if let Some(pronoun) = pronoun {
                keep_worthier(&mut why, Refusal::Stop(Stop::Pronoun(pronoun.token.typed.clone())));
            }
        }
        if !held.is_empty() {
            break;
        }
    }
    match (held.is_empty(), empty.is_empty()) {
        (false, _) => Ok(held),
        (true, false) => Ok(empty),
        (true, true) => Err(why.unwrap_or(Refusal::Order)),
    }
}

/// Whether a reading finds any fact; what only fails to be answered is not looked for elsewhere.
fn finds_something<G: GraphView>(graph: &G, reading: &Reading) -> bool {
    answer_on(graph, &reading.question, &reading.evidence)
        .is_ok_and(|it| !it.rows.is_empty() || it.entries.is_some_and(|it| !it.is_empty()))
}

fn keep_worthier(why: &mut Option<Refusal>, new: Refusal) {
    if why.as_ref().is_none_or(|it| it.worth() < new.worth()) {
        *why = Some(new);
    }
}

/// Ways to take the tokens of a cut, the likeliest first.
fn taggings<'t>(cut: &[&'t Token]) -> Vec<Vec<Tagged<'t>>> {
    let mut found: Vec<Vec<Tagged<'t>>> = Vec::new();
    let mut choice = vec![0_usize; cut.len()];
    let orders: Vec<Vec<&Tag>> = cut
        .iter()
        .enumerate()
        .map(|(at, token)| {
            let before = at.checked_sub(1).and_then(|it| cut.get(it));
            in_order(before.copied(), token)
        })
        .collect();
    while found.len() < MOST_TAGGINGS {
        let tagged = cut.iter().zip(&orders).zip(&choice);
        found.push(tagged.filter_map(|((token, tags), at)| tags.get(*at).map(|tag| Tagged { token, tag })).collect());
        // The next choice, counted like the wheels of a meter.
        let Some(wheel) = choice.iter().zip(cut).rposition(|(at, token)| at + 1 < token.tags.len()) else { break };
        for (place, at) in choice.iter_mut().enumerate().skip(wheel) {
            *at = if place == wheel { *at + 1 } else { 0 };
        }
    }
    found
}

/// What a token may be, the likeliest first: behind "which", "the" or "of" a noun, elsewhere a verb.
fn in_order<'t>(before: Option<&Token>, token: &'t Token) -> Vec<&'t Tag> {
    use WordMeaning::{Article, HowMany, Which};
    let wants_noun = before.is_some_and(|it| {
        it.tags.iter().any(|it| match it {
            Tag::Before(..) | Tag::Meaning(Article | Which | HowMany) => true,
            Tag::Name(name) => name.qualifies,
            _ => false,
        })
    });
    let mut tags: Vec<&Tag> = token.tags.iter().collect();
    // "who confirmed the deployment"
    let says = |it: &Tag| matches!(it, Tag::Meaning(WordMeaning::Say | WordMeaning::Admit | WordMeaning::Deny));
    let asks_who = |it: &Tag| matches!(it, Tag::Meaning(WordMeaning::Who | WordMeaning::Source));
    if before.is_some_and(|it| it.tags.iter().any(asks_who)) {
        tags.sort_by_key(|it| !says(it));
    }
    if wants_noun {
        tags.sort_by_key(|it| match it {
            Tag::Name(_) | Tag::Time(_) | Tag::Figure(_) => 0,
            // "how many people"
            Tag::Meaning(it) if grammar::is_anybody(*it) => 0,
            Tag::KindNoun(_) | Tag::RoleNoun(_) | Tag::Unit(_) => 1,
            _ => 2,
        });
    }
    tags
}
