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
mod reading;
mod refusal;
mod time;

pub use naming::NameRead;
pub use reading::{NotUnderstood, Reading};

use jiff::civil::Date;

use frame::{Framed, NoFrame};
use grammar::{Extras, Saying, Sentence, Stop, Tagged};
use lexicon::Lexicon;
use link::{Linked, Name, Tag, Token};
use naming::{Misfit, pick};
use refusal::Refusal;

use super::answer_on;
use super::evidence::{Evidence, UNNAMED};
use super::question::{PathQuestion, Question, Who};
use super::rules::Status;
use crate::graph::GraphView;
use crate::model::{EntityKind, Stance, WordMeaning};

/// What a reading depends on besides the graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskOptions {
    /// The day that "yesterday" and "last year" are reckoned from; without it they are not understood.
    pub today: Option<Date>,
}

/// How many further ways to take the words are looked at once a question is read as one about claims.
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
    let mut readings = readings(graph, &linked, options).map_err(refuse)?;
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

/// Of several readings those that differ: of those with the same answer the first; and those that find nothing only if none
/// finds anything.
fn telling<G: GraphView>(graph: &G, readings: Vec<Reading>) -> Vec<Reading> {
    let facts = |it: &Reading| -> Vec<String> {
        let found = answer_on(graph, &it.question, &it.evidence).map(|it| it.rows).unwrap_or_default();
        let mut ids: Vec<String> = found.into_iter().map(|it| it.fact).collect();
        ids.sort_unstable();
        ids
    };
    let mut found: Vec<(Vec<String>, Reading)> = Vec::new();
    for reading in readings {
        let facts = facts(&reading);
        if !found.iter().any(|(known, _)| *known == facts) {
            found.push((facts, reading));
        }
    }
    if found.iter().any(|(facts, _)| !facts.is_empty()) {
        found.retain(|(facts, _)| !facts.is_empty());
    }
    // What passes a word over counts only where nothing else is left.
    if found.iter().any(|(_, it)| !it.is_looser) {
        found.retain(|(_, it)| !it.is_looser);
    }
    found.into_iter().map(|(_, reading)| reading).collect()
}

/// The readings of the likeliest way to take the words, or why there is none.
fn readings<G: GraphView>(graph: &G, linked: &Linked, options: AskOptions) -> Result<Vec<Reading>, Refusal> {
    let mut why: Option<Refusal> = None;
    let mut held: Vec<Reading> = Vec::new();
    let mut held_back = 0;
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
                return Ok(held);
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
    if held.is_empty() { Err(why.unwrap_or(Refusal::Order)) } else { Ok(held) }
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

fn read_sentence<G: GraphView>(
    graph: &G,
    sentence: &Sentence<'_>,
    extras: &Extras<'_>,
) -> Result<Vec<Reading>, NoFrame> {
    let mut reader = Reader { graph, names: Vec::new(), evidence: Evidence::default(), extras };
    reader.evidence()?;
    let questions = reader.questions(sentence)?;
    let Reader { names, evidence, .. } = reader;
    let finish = |asked: Asked| {
        let mut reading = Reading::new(asked.question, evidence.clone());
        reading.evidence.figures.extend(asked.figures);
        reading.evidence.stances.extend(asked.stance);
        reading.names = asked.names.into_iter().chain(names.iter().cloned()).collect();
        reading.names.dedup();
        reading.is_looser = asked.is_looser;
        let unused = extras.unused.iter().map(|it| (*it).to_owned());
        reading.unused = asked.unused.into_iter().chain(unused).collect();
        reading
    };
    Ok(questions.into_iter().map(finish).collect())
}

/// A question with what goes with it.
struct Asked {
    question: Question,
    names: Vec<NameRead>,
    figures: Vec<String>,
    stance: Option<Stance>,
    unused: Vec<String>,
    is_looser: bool,
}

impl Asked {
    fn new(question: Question) -> Asked {
        Asked { question, names: Vec::new(), figures: Vec::new(), stance: None, unused: Vec::new(), is_looser: false }
    }
}

struct Reader<'r, 't, G> {
    graph: &'r G,
    names: Vec<NameRead>,
    evidence: Evidence,
    extras: &'r Extras<'t>,
}

impl<G: GraphView> Reader<'_, '_, G> {
    /// The word of a command for anybody or anything.
    fn anything(&mut self, name: &Name) -> Result<String, NoFrame> {
        let found = pick(self.graph, name, |kind| kind != EntityKind::Document);
        let picked = found.or_else(|_| pick(self.graph, name, |_| true))?;
        self.names.push(picked.read);
        Ok(picked.word)
    }

    /// The word of a command for somebody who makes claims, or a document that carries them.
    fn claimant(&mut self, name: &Name) -> Result<String, NoFrame> {
        let speaks = |kind| {
            matches!(kind, EntityKind::Organization | EntityKind::Person | EntityKind::Country | EntityKind::Population)
        };
        let found = pick(self.graph, name, speaks);
        let picked = match found {
            Err(Misfit::Unfit { .. }) => pick(self.graph, name, |kind| kind == EntityKind::Document)?,
            found => found?,
        };
        self.names.push(picked.read);
        Ok(picked.word)
    }

    /// What was taken out of the question, as evidence.
    fn evidence(&mut self) -> Result<(), NoFrame> {
        let extras = self.extras;
        self.evidence.as_of = extras.as_of;
        for name in &extras.according_to {
            let word = self.claimant(name)?;
            self.evidence.according_to.push(word);
        }
        if extras.without_unnamed {
            self.evidence.without.push(UNNAMED.to_owned());
        }
        for name in &extras.without {
            // An item is left out of the facts, not of the evidence.
            if pick(self.graph, name, EntityKind::is_class).is_err() {
                let word = self.claimant(name)?;
                self.evidence.without.push(word);
            }
        }
        for meaning in &extras.support {
            match meaning {
                WordMeaning::Corroborated => self.evidence.statuses.push(Status::Corroborated),
                WordMeaning::Disputed => self.evidence.statuses.push(Status::Disputed),
                WordMeaning::Admitted => self.evidence.statuses.push(Status::Admitted),
                WordMeaning::SingleSource => self.evidence.statuses.push(Status::SingleSource),
                WordMeaning::Unnamed => self.evidence.statuses.push(Status::Unnamed),
                WordMeaning::Alleged => self.evidence.stances.push(Stance::Alleges),
                WordMeaning::Estimated => self.evidence.stances.push(Stance::Estimates),
                _ => {}
            }
        }
        Ok(())
    }

    /// The period of the question: all its times must hold, which one period tells only if there is one.
    fn period(&self) -> Result<Option<crate::model::Period>, NoFrame> {
        match self.extras.times.as_slice() {
            [] => Ok(None),
            [period] => Ok(Some(*period)),
            [first, second] => time::both(first, second).map(Some).ok_or(NoFrame::Order),
            _ => Err(NoFrame::Order),
        }
    }

    /// The words of this sentence have no place for a time or for words about support.
    fn nothing_else(&self) -> Result<(), NoFrame> {
        let extras = self.extras;
        if extras.times.is_empty() && extras.except.is_empty() && !extras.total { Ok(()) } else { Err(NoFrame::Order) }
    }

    fn path(&mut self, a: &Name, b: &Name) -> Result<PathQuestion, NoFrame> {
        let (from, to) = (self.anything(a)?, self.anything(b)?);
        Ok(PathQuestion { during: self.period()?, ..PathQuestion::new(&from, &to) })
    }

    fn questions(&mut self, sentence: &Sentence<'_>) -> Result<Vec<Asked>, NoFrame> {
        let one = |question| Ok(vec![Asked::new(question)]);
        let optional = |reader: &mut Self, name: &Option<&Name>| name.map(|it| reader.anything(it)).transpose();
        match sentence {
            Sentence::Define(name) => {
                self.nothing_else()?;
                let name = self.anything(name)?;
                one(Question::Show { name })
            }
            Sentence::Connected(a, b) => {
                let path = self.path(a, b)?;
                one(Question::Path(PathQuestion { any_direction: true, ..path }))
            }
            Sentence::Path(a, b) => {
                let path = self.path(a, b)?;
                one(Question::Path(path))
            }
            Sentence::Journey { item, from, to } => self.journey(item, *from, to),
            Sentence::List(meaning) => {
                self.nothing_else()?;
                one(match meaning {
                    WordMeaning::Source => Question::Sources { name: None },
                    WordMeaning::Fact => Question::List { what: "facts".to_owned() },
                    WordMeaning::Kind => Question::List { what: "kinds".to_owned() },
                    WordMeaning::Country => Question::List { what: "countries".to_owned() },
                    WordMeaning::Organization => Question::List { what: "organizations".to_owned() },
                    WordMeaning::Person => Question::List { what: "people".to_owned() },
                    WordMeaning::Place => Question::List { what: "places".to_owned() },
                    WordMeaning::Document => Question::List { what: "documents".to_owned() },
                    _ => Question::List { what: "vessels".to_owned() },
                })
            }
            Sentence::Count => {
                self.nothing_else()?;
                one(Question::Stats)
            }
            Sentence::Disputes(name) => {
                self.nothing_else()?;
                // "disputed" is what is asked for, not what narrows it.
                self.evidence.statuses.clear();
                let name = optional(self, name)?;
                one(Question::Disputes { name })
            }
            Sentence::Measures(name) => {
                self.nothing_else()?;
                let name = optional(self, name)?;
                one(Question::Measures { name })
            }
            Sentence::Returns(names) => {
                self.nothing_else()?;
                // What is given is no party to an exchange.
                if names.iter().any(|it| pick(self.graph, it, EntityKind::is_class).is_ok()) {
                    return Err(NoFrame::Order);
                }
                let names = names.iter().map(|it| self.anything(it)).collect::<Result<_, _>>()?;
                one(Question::Returns { names })
            }
            Sentence::Timeline(name) => {
                let name = self.anything(name)?;
                let show = match self.period()? {
                    None => Question::Show { name },
                    during => Question::Who(Who { about: vec![name], during, ..Who::default() }),
                };
                one(Question::Timeline(Box::new(show)))
            }
            Sentence::Happened(name) => {
                let about = optional(self, name)?;
                let mut who = frame::any_kind();
                who.about.extend(about);
                who.during = self.period()?;
                one(Question::Timeline(Box::new(Question::Who(who))))
            }
            Sentence::InTime(clause) => {
                let asked = self.clause(clause)?.into_iter();
                Ok(asked.map(|it| Asked { question: Question::Timeline(Box::new(it.question)), ..it }).collect())
            }
            Sentence::SaidAbout(about) => {
                let names: Vec<String> = about.iter().map(|it| self.anything(it)).collect::<Result<_, _>>()?;
                let who = Who { about: names, during: self.period()?, ..Who::default() };
                one(Question::Support(Box::new(Question::Who(who))))
            }
            Sentence::Claims { by, saying, about, whether } => {
                for name in by {
                    let word = self.claimant(name)?;
                    self.evidence.according_to.push(word);
                }
                let mut who = Who { during: self.period()?, whether: *whether, ..Who::default() };
                for name in about {
                    let word = self.anything(name)?;
                    who.about.push(word);
                }
                if about.is_empty() {
                    who.kinds = frame::any_kind().kinds;
                }
                self.evidence.stances.extend(stance(*saying));
                one(Question::Who(who))
            }
            Sentence::Says { saying, clause } => {
                let framed = self.clause(clause)?;
                let wrap = |it: Asked| Asked {
                    question: Question::Support(Box::new(it.question)),
                    stance: stance(*saying),
                    ..it
                };
                Ok(framed.into_iter().map(wrap).collect())
            }
            Sentence::Evidence(clause) => {
                let mut asked = self.clause(clause)?;
                for it in &mut asked {
                    if let Question::Who(who) = &mut it.question {
                        who.whether = true;
                    }
                }
                Ok(asked)
            }
            Sentence::Clause(parts) => self.clause(parts),
        }
    }

    /// How an item came to a place: from where it is said to come, or from whoever it qualifies.
    fn journey(&mut self, item: &grammar::Head<'_>, from: Option<&Name>, to: &Name) -> Result<Vec<Asked>, NoFrame> {
        let grammar::Core::Name(name) = item.core else { return Err(NoFrame::Order) };
        let start = match (from, item.qualifiers.as_slice()) {
            (Some(from), _) => from,
            (None, [whose]) => *whose,
            _ => return Err(NoFrame::Order),
        };
        let mut path = self.path(start, to)?;
        let picked = pick(self.graph, name, EntityKind::is_class)?;
        path.what.push(picked.word);
        self.names.insert(0, picked.read);
        path.same_item = true;
        Ok(vec![Asked::new(Question::Path(path))])
    }

    fn clause(&mut self, parts: &[grammar::Part<'_>]) -> Result<Vec<Asked>, NoFrame> {
        let during = self.period()?;
        let framed = frame::frames(self.graph, parts, self.extras)?;
        let asked = |framed: Framed| {
            let Framed { mut who, figures, names, unused, when, is_looser, .. } = framed;
            who.during = during;
            let question = Question::Who(who);
            let question = if when { Question::Timeline(Box::new(question)) } else { question };
            Asked { question, names, figures, stance: None, unused, is_looser }
        };
        Ok(framed.into_iter().map(asked).collect())
    }
}

fn stance(saying: Saying) -> Option<Stance> {
    match saying {
        Saying::Says => None,
        Saying::Admits => Some(Stance::Admits),
        Saying::Denies => Some(Stance::Denies),
    }
}
