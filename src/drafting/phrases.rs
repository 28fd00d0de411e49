//! From the tokens of a sentence to its parts: noun phrases, verbs, the words that join them.

use super::lists::joined;
use super::sentence::{Gap, Sentence};
use super::tags::{Named, Tag, Tagger, Token, Whom};
use super::when::When;
use super::words::{BEFORE, DETERMINERS, DOCUMENTS, IRREGULAR, OTHER_CLAUSE, outcome_of, stance_of};
use crate::graph::GraphView;
use crate::model::{EntityKind, FlowEnd, KindIx, Outcome, Stance, WordMeaning};
use crate::query::Sense;

/// A part of a sentence, with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) first: usize,
    pub(super) after: usize,
    pub(super) part: Part,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Noun(Phrase),
    Verb(Verb),
    /// A noun for facts of kinds: "deliveries".
    Fact(Vec<KindIx>),
    /// A word before a noun: "to", "aboard".
    Before(String),
    When(When),
    And,
    Comma,
    Strong,
    Not,
    Be,
    Have,
    Modal,
    /// "to" before a verb.
    To,
    Which,
    /// Begins another clause: "but".
    But,
    /// Makes a claim, with that stance: "said".
    Say(Stance),
    According,
    Citing,
    Pronoun,
    /// What only will or should be so.
    Outcome(Outcome),
    /// A report, a paper, a note.
    Document,
    Other,
}

/// A verb of the vocabulary, and whether it has the form of a participle or of "-ing".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verb {
    pub(super) senses: Vec<(KindIx, FlowEnd)>,
    pub(super) past: bool,
    pub(super) ing: bool,
    pub(super) form: String,
}

/// A noun phrase; several things if they are joined by "and".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) things: Vec<Thing>,
    /// "no missiles".
    pub(super) negated: bool,
}

/// Who or what a noun phrase names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) head: Head,
    pub(super) figure: Option<String>,
    /// "North Korean workers", "Canada's supply".
    pub(super) of: Option<Named>,
    pub(super) definite: bool,
}

/// The last and weightiest word of a noun phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Head {
    Named(Named),
    /// Words that are no name.
    Common(String),
    /// A figure alone.
    Bare,
}

impl Thing {
    /// A class of things or people, somebody, or neither.
    pub(super) fn sort(&self) -> u8 {
        match &self.head {
            Head::Named(it) if it.kind.is_class() => 1,
            Head::Named(_) => 2,
            Head::Common(_) => 3,
            Head::Bare => 4,
        }
    }
}

/// The parts of a sentence.
pub(super) fn items<G: GraphView>(tagger: &Tagger<'_, G>, sentence: &Sentence<'_>, tokens: &[Token]) -> Vec<Item> {
    let reader = Reader { tagger, sentence, tokens };
    let mut items: Vec<Item> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match sentence.gap(token.first) {
            Gap::Comma if at > 0 => items.push(Item { first: token.first, after: token.first, part: Part::Comma }),
            Gap::Strong if at > 0 => items.push(Item { first: token.first, after: token.first, part: Part::Strong }),
            _ => {}
        }
        let (part, next) = reader.part(at, items.last());
        // "the report": an article before what is no noun phrase stands for nothing.
        if part == Part::Other && DETERMINERS.contains(&reader.form(at).as_str()) {
            at += 1;
            continue;
        }
        let after = next.checked_sub(1).and_then(|it| tokens.get(it)).map_or(token.after, |it| it.after);
        items.push(Item { first: token.first, after, part });
        at = next.max(at + 1);
    }
    joined(items)
}

struct Reader<'r, 't, 'g, G> {
    tagger: &'r Tagger<'g, G>,
    sentence: &'r Sentence<'t>,
    tokens: &'r [Token],
}

impl<G: GraphView> Reader<'_, '_, '_, G> {
    fn form(&self, at: usize) -> String {
        self.tokens.get(at).map_or(String::new(), |it| self.sentence.joined(it.first, it.after))
    }

    /// Whether nothing parts a token from the one before.
    fn follows(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|it| self.sentence.gap(it.first) == Gap::None)
    }

    /// The part that begins with a token, and the token after it.
    fn part(&self, at: usize, before: Option<&Item>) -> (Part, usize) {
        let Some(token) = self.tokens.get(at) else { return (Part::Other, at + 1) };
        let one = |part| (part, at + 1);
        match &token.tag {
            Tag::Time(when) => return one(Part::When(when.clone())),
            Tag::Figure(_) | Tag::Name(_) => {}
            Tag::Word => {
                let form = self.form(at);
                if let Some(part) = self.small(at, &form, token, before) {
                    return one(part);
                }
            }
        }
        match self.phrase(at) {
            Some((phrase, next)) => (Part::Noun(phrase), next),
            None => one(Part::Other),
        }
    }

    fn small(&self, at: usize, form: &str, token: &Token, before: Option<&Item>) -> Option<Part> {
        let after_noun =
            matches!(before.map(|it| &it.part), Some(Part::Noun(_) | Part::Pronoun | Part::Comma | Part::Document));
        let after_help =
            matches!(before.map(|it| &it.part), Some(Part::Be | Part::Have | Part::Modal | Part::Not | Part::To));
        match form {
            "which" | "who" | "that" | "whom" | "whose" => return Some(Part::Which),
            "and" | "or" | "as well as" => return Some(Part::And),
            "not" | "never" | "nor" | "neither" | "none" | "nobody" | "hardly" | "no longer" => return Some(Part::Not),
            "is" | "are" | "was" | "were" | "be" | "been" | "being" => return Some(Part::Be),
            "has" | "have" | "had" | "having" | "have been" | "has been" | "had been" => {
                return Some(if form.ends_with("been") { Part::Be } else { Part::Have });
            }
            "do" | "does" | "did" => return Some(Part::Have),
            "will" | "would" | "may" | "might" | "could" | "can" | "must" | "should" | "shall" => {
                return Some(Part::Modal);
            }
            "it" | "he" | "she" | "they" | "we" | "i" | "you" | "them" | "him" | "us" => return Some(Part::Pronoun),
            "citing" | "quoting" => return Some(Part::Citing),
            _ => {}
        }
        if token.means(WordMeaning::AccordingTo) {
            return Some(Part::According);
        }
        if let Some(stance) = stance_of(form)
            && (after_noun || after_help || matches!(before.map(|it| &it.part), None | Some(Part::Other)))
        {
            return Some(Part::Say(stance));
        }
        if let Some(outcome) = outcome_of(form)
            && (after_noun || after_help)
        {
            return Some(Part::Outcome(outcome));
        }
        if form == "to" {
            let next_is_verb = self.tokens.get(at + 1).is_some_and(|it| {
                it.senses.iter().any(|it| matches!(it, Sense::Verb(..)))
                    && !matches!(it.tag, Tag::Name(_))
                    && !self.form(at + 1).ends_with('s')
                    || matches!(self.form(at + 1).as_str(), "be" | "have")
            });
            return Some(if next_is_verb { Part::To } else { Part::Before(form.to_owned()) });
        }
        if OTHER_CLAUSE.contains(&form) {
            return Some(Part::But);
        }
        if BEFORE.contains(&form) {
            return Some(Part::Before(form.to_owned()));
        }
        let verb = self.verb(at, form, token, before);
        if let Some(verb) = verb {
            return Some(Part::Verb(verb));
        }
        // "a report" is a phrase of questions too.
        if DOCUMENTS.contains(&form.strip_prefix("a ").unwrap_or(form)) {
            return Some(Part::Document);
        }
        if let Some(kinds) = fact_kinds(self.tagger, token) {
            return Some(Part::Fact(kinds));
        }
        if token.senses.iter().any(|it| matches!(it, Sense::RoleAfter(..))) && form.contains(' ') {
            return Some(Part::Before(form.to_owned()));
        }
        // Adverbs.
        if form.ends_with("ly")
            || matches!(
                form,
                "also"
                    | "so"
                    | "far"
                    | "then"
                    | "now"
                    | "already"
                    | "only"
                    | "just"
                    | "still"
                    | "ever"
                    | "later"
                    | "earlier"
                    | "once"
                    | "there"
                    | "here"
                    | "again"
            )
        {
            return Some(Part::Other);
        }
        None
    }

    /// A word of the vocabulary, if it is used as a verb here.
    fn verb(&self, at: usize, form: &str, token: &Token, before: Option<&Item>) -> Option<Verb> {
        let senses: Vec<(KindIx, FlowEnd)> = token
            .senses
            .iter()
            .filter_map(|it| if let Sense::Verb(kind, end) = it { Some((*kind, *end)) } else { None })
            .collect();
        if senses.is_empty() {
            return None;
        }
        let first = form.split(' ').next().unwrap_or_default();
        let past = first.ends_with("ed") || IRREGULAR.contains(&first);
        let ing = first.ends_with("ing");
        let before = before.map(|it| &it.part);
        let helped = matches!(
            before,
            Some(
                Part::Be
                    | Part::Have
                    | Part::Modal
                    | Part::Not
                    | Part::To
                    | Part::Pronoun
                    | Part::Which
                    | Part::Outcome(_)
            )
        );
        let is_verb = if past {
            // "the attacked town": a participle before a noun says nothing.
            !matches!(before, Some(Part::Before(it)) if it != "by" && it != "in") || helped
        } else if ing {
            matches!(before, Some(Part::Be | Part::Before(_) | Part::Say(_) | Part::Have | Part::Comma))
        } else {
            let is_actor = matches!(before, Some(Part::Noun(it)) if it.things.iter().all(|it| it.sort() != 1 && !matches!(it.head, Head::Bare)));
            let has_object = self.follows(at + 1)
                && self.tokens.get(at + 1).is_some_and(|it| {
                    !matches!(it.tag, Tag::Word) || DETERMINERS.contains(&self.form(at + 1).as_str())
                });
            helped || is_actor && has_object
        };
        is_verb.then(|| Verb { senses, past, ing, form: form.to_owned() })
    }

    /// A noun phrase.
    fn phrase(&self, from: usize) -> Option<(Phrase, usize)> {
        let mut phrase = Phrase::default();
        let (mut figure, mut of, mut head, mut definite) = (None, None, None, false);
        let mut commons: Vec<usize> = Vec::new();
        let (mut at, mut head_at) = (from, from);
        while let Some(token) = self.tokens.get(at) {
            if at > from && !self.follows(at) {
                break;
            }
            let form = self.form(at);
            match &token.tag {
                Tag::Time(_) => break,
                Tag::Figure(text) => {
                    if head.is_some() || !commons.is_empty() {
                        break;
                    }
                    figure.get_or_insert_with(|| text.clone());
                    at += 1;
                    if self.form(at) == "of" && self.follows(at) {
                        at += 1;
                    }
                    continue;
                }
                Tag::Name(named) => {
                    if head.is_some() {
                        break;
                    }
                    head_at = at;
                    let word = token.after.checked_sub(1).and_then(|it| self.sentence.words.get(it));
                    let possessive = word.is_some_and(|it| it.possessive);
                    if (named.demonym || possessive) && self.continues(at + 1) && of.is_none() && commons.is_empty() {
                        of = Some(named.clone());
                    } else if !commons.is_empty() && !named.kind.is_class() {
                        // "a former clerk Ayla Demir": the name is whom the words describe.
                        commons.clear();
                        head = Some(Head::Named(named.clone()));
                    } else {
                        head = Some(Head::Named(named.clone()));
                    }
                }
                Tag::Word => {
                    if form == "no" && head.is_none() {
                        phrase.negated = true;
                    } else if DETERMINERS.contains(&form.as_str()) && head.is_none() && commons.is_empty() {
                        definite |= matches!(form.as_str(), "the" | "its" | "their" | "this" | "these");
                    } else if self.is_common(at, &form, token) {
                        match &head {
                            Some(Head::Named(named)) if self.is_compound(at, named) => {
                                commons.extend(head_at..=at);
                                head = None;
                            }
                            Some(Head::Named(named)) if named.kind.is_class() && is_unit(token) => {}
                            Some(_) => break,
                            None => commons.push(at),
                        }
                    } else {
                        break;
                    }
                }
            }
            at += 1;
        }
        let head = match head {
            Some(head) => head,
            None if !commons.is_empty() => {
                let words = self.words(&commons, of.as_ref(), from);
                let is_noun = !words.split(' ').next_back().is_some_and(|it| it.ends_with("ly") || it.ends_with("ed"));
                if !is_noun && figure.is_none() {
                    return None;
                }
                Head::Common(words)
            }
            // "Russian strikes": whose they are.
            None if of.is_some() => Head::Named(of.take()?),
            None if figure.is_some() => Head::Bare,
            None => return None,
        };
        phrase.things.push(Thing { head, figure, of, definite });
        Some((phrase, at.max(from + 1)))
    }

    /// Whether a noun goes on there.
    fn continues(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at).filter(|_| self.follows(at)) else { return false };
        match token.tag {
            Tag::Name(_) => true,
            Tag::Word => self.is_common(at, &self.form(at), token),
            _ => false,
        }
    }

    /// A word that is nothing else, or a noun of the vocabulary's that stands among such words.
    fn is_common(&self, at: usize, form: &str, token: &Token) -> bool {
        let small = |it: &Sense| {
            matches!(it, Sense::Meaning(it) if !matches!(form, "former" | "latter") && !matches!(it, WordMeaning::Person | WordMeaning::Country | WordMeaning::Organization
                | WordMeaning::Place | WordMeaning::Vessel | WordMeaning::Source | WordMeaning::Unused | WordMeaning::Data | WordMeaning::Unnamed))
        };
        let is_verb = token.senses.iter().any(|it| matches!(it, Sense::Verb(..)));
        let is_fact = fact_kinds(self.tagger, token).is_some();
        let listed = BEFORE.contains(&form)
            || OTHER_CLAUSE.contains(&form)
            || DETERMINERS.contains(&form)
            || DOCUMENTS.contains(&form);
        let adverb = form.ends_with("ly")
            || matches!(
                form,
                "also"
                    | "so"
                    | "far"
                    | "then"
                    | "now"
                    | "already"
                    | "which"
                    | "who"
                    | "that"
                    | "and"
                    | "or"
                    | "not"
                    | "never"
            );
        !token.senses.iter().any(small)
            && !is_verb
            && !is_fact
            && !listed
            && !adverb
            && stance_of(form).is_none()
            && at < self.tokens.len()
    }

    /// Whether the word makes something else of the class before it: "fuel depots" are no fuel.
    fn is_compound(&self, at: usize, named: &Named) -> bool {
        let Some(token) = self.tokens.get(at) else { return false };
        let form = self.form(at);
        // "Belarus Steel Works", "defence ministry"
        if self.tagger.is_body(&form) {
            return true;
        }
        if !named.kind.is_class() || is_unit(token) {
            return false;
        }
        let last = self.form(at - 1);
        let singular = !last.ends_with('s') || matches!(last.as_str(), "arms" | "weapons");
        singular && form.ends_with('s') && !form.ends_with("ss")
    }

    /// The words of a noun that is no name, with the name of whose it is before them.
    fn words(&self, commons: &[usize], of: Option<&Named>, from: usize) -> String {
        let word = |at: &usize| self.tokens.get(*at).map(|it| self.sentence.slice(it.first, it.after));
        let words: Vec<&str> = commons.iter().filter_map(word).collect();
        match of {
            Some(_) => {
                let first =
                    self.tokens.get(from..).unwrap_or_default().iter().find(|it| matches!(it.tag, Tag::Name(_)));
                let last = commons.last().and_then(|it| self.tokens.get(*it));
                match (first, last) {
                    (Some(first), Some(last)) => self.sentence.slice(first.first, last.after).to_owned(),
                    _ => words.join(" "),
                }
            }
            None => words.join(" "),
        }
    }
}

fn is_unit(token: &Token) -> bool {
    token.senses.iter().any(|it| matches!(it, Sense::Unit(_)))
}

/// The kinds of which a word is a noun.
fn fact_kinds<G: GraphView>(tagger: &Tagger<'_, G>, token: &Token) -> Option<Vec<KindIx>> {
    let mut kinds: Vec<KindIx> =
        token.senses.iter().filter_map(|it| if let Sense::KindNoun(kind) = it { Some(*kind) } else { None }).collect();
    if token.means(WordMeaning::Flow) {
        let vocabulary = tagger.graph.vocabulary();
        let flows = vocabulary.kinds.iter().filter(|it| it.flow).filter_map(|it| vocabulary.kind_ix(&it.id));
        kinds.extend(flows);
    }
    (!kinds.is_empty()).then_some(kinds)
}

/// Whether somebody may be what a role accepts.
pub(super) fn accepts(named: &Named, kinds: crate::model::EntityKinds) -> bool {
    match &named.whom {
        Whom::Known(_) => kinds.contains(named.kind),
        Whom::New(_, EntityKind::Country) => kinds.contains(EntityKind::Country),
        // What kind a new name is of is a guess.
        Whom::New(..) => kinds.contains(EntityKind::Organization) || kinds.contains(EntityKind::Person),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};

    fn parts(text: &str) -> String {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap();
        let graph = KnowledgeGraph::new(&dataset);
        let all = sentences(1, text);
        let tagger = Tagger::new(&graph, None, &all);
        let tokens = tagger.tokens(&all[0]);
        let name = |it: &Named| match &it.whom {
            Whom::Known(entity) => graph.entity(*entity).id.to_owned(),
            Whom::New(name, _) => format!("new {name}"),
        };
        let thing = |it: &Thing| {
            let head = match &it.head {
                Head::Named(it) => name(it),
                Head::Common(it) => format!("({it})"),
                Head::Bare => "#".to_owned(),
            };
            let figure = it.figure.as_ref().map_or(String::new(), |it| format!("<{it}>"));
            let of = it.of.as_ref().map_or(String::new(), |it| format!("{}'s ", name(it)));
            format!("{figure}{of}{head}")
        };
        let part = |it: Item| match it.part {
            Part::Noun(it) => format!(
                "{}{}",
                if it.negated { "no " } else { "" },
                it.things.iter().map(thing).collect::<Vec<_>>().join("+")
            ),
            Part::Verb(it) => format!("*{}", it.form),
            Part::Fact(_) => "fact".to_owned(),
            Part::Before(it) => it,
            other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
        };
        items(&tagger, &all[0], &tokens).into_iter().map(part).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn sentences_are_cut_into_parts() {
        for (text, expected) in [
            (
                "North Korea sent at least 100 ballistic missiles to Russia.",
                "north-korea *sent <at least 100>ballistic-missile to russia",
            ),
            (
                "Shipments of fuel from Russia to North Korea grew.",
                "fact of refined-petroleum from russia to north-korea",
            ),
            ("About 600 North Korean workers were sent.", "<About 600>north-korea's workers Be *sent"),
            ("It sent artillery, missiles and combat vehicles.", "Pronoun *sent artillery+missile+combat-vehicle"),
            (
                "Up to 2 million rounds of artillery ammunition",
                "<Up to 2 million rounds>artillery-and-rocket-ammunition",
            ),
            ("No missiles reached Ukraine.", "no missile *reached ukraine"),
            (
                "Iran sold 120 mortars to Brasko Trading Company.",
                "new Iran *sold <120>(mortars) to new Brasko Trading Company",
            ),
            ("The fuel depots of Japan", "(fuel depots) of japan"),
        ] {
            let found = parts(text);
            assert!(found.starts_with(expected), "{text}\n{found}");
        }
    }
}
