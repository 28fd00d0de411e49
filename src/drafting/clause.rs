//! From the parts of a sentence to what it says happened: a verb or a noun of the vocabulary with its roles filled.

use super::fill::{Filling, Slots};
use super::phrases::{Head, Item, Part, Phrase, Thing, Verb};
use super::sentence::Sentence;
use super::tags::Tagger;
use super::when::When;
use crate::graph::GraphView;
use crate::model::{FlowEnd, KindIx, Outcome, Stance};

/// What a clause says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) filling: Filling,
    pub(super) when: Option<When>,
    pub(super) outcome: Outcome,
    /// Whether it says that it was not so.
    pub(super) negated: bool,
    /// "denies having sold": who says so and how, if the verb itself stands behind such a word.
    pub(super) avowed: Option<(Stance, usize)>,
    /// The place of the verb or the noun among the parts.
    pub(super) at: usize,
}

/// Words that say that shipments of something are not, or are not known to be.
const UNDONE: [&str; 30] = [
    "unproven",
    "halted",
    "halt",
    "stopped",
    "stop",
    "ended",
    "banned",
    "ban",
    "bans",
    "prevented",
    "prevent",
    "blocked",
    "block",
    "seized",
    "cancelled",
    "canceled",
    "suspended",
    "refused",
    "planned",
    "expected",
    "proposed",
    "agreed",
    "promised",
    "delayed",
    "monitor",
    "oversee",
    "urged",
    "alleged",
    "unconfirmed",
    "prohibited",
];

/// Verbs after which the amount of what was shipped stands.
const AMOUNTED: [&str; 6] = ["reached", "totalled", "totaled", "stood", "amounted", "hit"];

/// Everything that a sentence says.
pub(super) fn said<G: GraphView>(tagger: &Tagger<'_, G>, sentence: &Sentence<'_>, items: &[Item]) -> Vec<Said> {
    // A question says nothing.
    if sentence.text.trim_end_matches(['"', '”', '\'', '’']).ends_with('?') {
        return Vec::new();
    }
    let reader = Clauses { tagger, sentence, items };
    let mut found: Vec<Said> = Vec::new();
    let mut subject: Option<Subject> = None;
    for (at, item) in items.iter().enumerate() {
        match &item.part {
            Part::Verb(verb) => {
                let group = reader.group(at);
                let own = reader.subject(&group, subject.as_ref());
                if let Some(own) = own {
                    found.extend(reader.verbal(at, verb, &group, &own));
                    subject = Some(own);
                }
            }
            Part::Fact(kinds) => found.extend(reader.nominal(at, kinds)),
            _ => {}
        }
    }
    found
}

struct Clauses<'c, 't, 'g, G> {
    tagger: &'c Tagger<'g, G>,
    sentence: &'c Sentence<'t>,
    items: &'c [Item],
}

/// A verb with the small words before it.
#[derive(Clone, Debug, Default)]
struct Group {
    /// The first part of it.
    first: usize,
    be: bool,
    have: bool,
    modal: bool,
    not: bool,
    to: bool,
    outcome: Option<Outcome>,
    avowed: Option<(Stance, usize)>,
}

/// Who or what a clause is about, with what stands behind it: "missiles from Belarus".
#[derive(Clone, Debug, PartialEq, Eq)]
struct Subject {
    phrase: Phrase,
    modifiers: Vec<(String, Phrase)>,
}

/// What stands behind a verb.
#[derive(Clone, Debug, Default)]
struct Tail {
    bare: Vec<Phrase>,
    before: Vec<(String, Phrase)>,
    when: Option<When>,
    /// "imposed no sanctions"
    negated: bool,
    end: usize,
}

impl<G: GraphView> Clauses<'_, '_, '_, G> {
    fn part(&self, at: usize) -> Option<&Part> {
        self.items.get(at).map(|it| &it.part)
    }

    fn before(&self, at: usize) -> Option<&Part> {
        at.checked_sub(1).and_then(|it| self.part(it))
    }

    /// The form of the first word of a part.
    fn form(&self, at: usize) -> &str {
        self.items.get(at).map_or("", |it| self.sentence.form(it.first))
    }

    fn group(&self, verb: usize) -> Group {
        let mut group = Group { first: verb, ..Group::default() };
        while let Some(part) = self.before(group.first) {
            match part {
                Part::Be => group.be = true,
                Part::Have => group.have = true,
                Part::Modal => group.modal = true,
                Part::Not => group.not = true,
                Part::To => group.to = true,
                Part::Outcome(it) => group.outcome = Some(*it),
                Part::Say(stance) if group.avowed.is_none() && self.is_gerund(verb, &group) => {
                    group.avowed = Some((*stance, group.first - 1));
                }
                Part::Other => {}
                Part::When(_) if group.first > 1 => {}
                _ => break,
            }
            group.first -= 1;
        }
        group
    }

    /// "sending", "having sold".
    fn is_gerund(&self, verb: usize, group: &Group) -> bool {
        let ing = matches!(self.part(verb), Some(Part::Verb(it)) if it.ing);
        ing || group.have && self.form(group.first) == "having"
    }

    fn subject(&self, group: &Group, shared: Option<&Subject>) -> Option<Subject> {
        let mut at = group.first;
        loop {
            match self.before(at)? {
                Part::Noun(_) => return self.noun_before(at),
                Part::Which => {
                    at -= 1;
                    if matches!(self.before(at), Some(Part::Comma)) {
                        at -= 1;
                    }
                    return match self.before(at) {
                        Some(Part::Noun(_)) => self.noun_before(at),
                        _ => None,
                    };
                }
                Part::And | Part::Comma if self.is_shared(at) => return shared.cloned(),
                Part::Comma => {
                    // "Tarvania, for its part, passed on": over what stands between two commas.
                    let comma = at - 1;
                    let opening = (comma.saturating_sub(16)..comma)
                        .rev()
                        .find(|it| matches!(self.part(*it), Some(Part::Comma | Part::Strong)))?;
                    let inner = self.part(opening + 1)?;
                    let is_aside = matches!(inner, Part::Before(_) | Part::Which | Part::When(_) | Part::Other)
                        || matches!(inner, Part::Noun(_)) && !self.has_verb(opening + 1, comma);
                    if !is_aside {
                        return None;
                    }
                    at = opening;
                }
                // "which the report said were": nobody is known.
                Part::Pronoun => return self.speaker_before(at),
                _ => return None,
            }
        }
    }

    fn has_verb(&self, from: usize, to: usize) -> bool {
        (from..to).any(|it| matches!(self.part(it), Some(Part::Verb(_) | Part::Say(_) | Part::Be)))
    }

    /// Whether a verb goes on from the one before: "sent shells and received oil".
    fn is_shared(&self, at: usize) -> bool {
        matches!(self.before(at), Some(Part::And))
    }

    /// The noun before a place, with all that hangs on it: "missiles from Belarus".
    fn noun_before(&self, at: usize) -> Option<Subject> {
        let mut first = at.checked_sub(1)?;
        let mut modifiers = Vec::new();
        while let Some(Part::Before(word)) = self.before(first)
            && let Some(Part::Noun(phrase)) = self.part(first)
        {
            match first.checked_sub(2).and_then(|it| self.part(it)) {
                Some(Part::Noun(_)) => modifiers.push((word.clone(), phrase.clone())),
                // A noun for a fact has roles of its own.
                Some(Part::Fact(_) | Part::Document) => return None,
                // "In March Russia sent": the word belongs to something else.
                _ => return None,
            }
            first -= 2;
        }
        match self.part(first) {
            Some(Part::Noun(phrase)) => Some(Subject { phrase: phrase.clone(), modifiers }),
            _ => None,
        }
    }

    /// Whom "it" means in "Ukraine said it had received": whoever speaks.
    fn speaker_before(&self, at: usize) -> Option<Subject> {
        let say = (0..at).rev().find(|it| matches!(self.part(*it), Some(Part::Say(_))))?;
        if at - say > 4 {
            return None;
        }
        let subject = match self.before(say)? {
            Part::Noun(_) => self.noun_before(say)?,
            _ => return None,
        };
        subject.phrase.things.iter().all(|it| it.sort() == 2).then_some(subject)
    }

    /// What stands behind a verb of some kinds, as far as the clause goes. A noun for a fact of the same kind is passed over:
    /// "supplied shipments of oil", "extended existing sanctions against Russia".
    fn tail(&self, from: usize, kinds: &[(KindIx, FlowEnd)]) -> Tail {
        let mut tail = Tail { end: from, ..Tail::default() };
        let mut at = from;
        let mut after_comma = false;
        while let Some(part) = self.part(at) {
            match part {
                Part::Noun(phrase) => {
                    if after_comma {
                        break;
                    }
                    tail.bare.push(phrase.clone());
                }
                Part::Before(word) => match self.part(at + 1) {
                    Some(Part::Noun(phrase)) if word == "of" && !after_comma => {
                        match tail.bare.last_mut() {
                            Some(last) => belongs(last, phrase),
                            None => tail.bare.push(phrase.clone()),
                        }
                        at += 1;
                    }
                    Some(Part::Noun(phrase)) => {
                        tail.before.push((word.clone(), phrase.clone()));
                        at += 1;
                    }
                    Some(Part::When(_)) => {}
                    // "by selling", "in shipments of": something else begins.
                    Some(Part::Verb(_) | Part::Fact(_)) => break,
                    _ => {}
                },
                Part::When(when) => tail.when = tail.when.take().or_else(|| Some(when.clone())),
                Part::Comma => {
                    after_comma = true;
                    at += 1;
                    continue;
                }
                Part::Other | Part::Document => tail.negated |= self.form(at) == "no",
                Part::Fact(own) if own.iter().any(|it| kinds.iter().any(|(kind, _)| kind == it)) => {
                    if tail.bare.iter().any(|it| it.things.iter().any(|it| it.sort() < 3)) {
                        break;
                    }
                    tail.bare.clear();
                }
                _ => break,
            }
            // What stands between commas ends with the next one.
            after_comma = after_comma && matches!(part, Part::Other);
            at += 1;
            tail.end = at;
        }
        tail
    }

    fn verbal(&self, at: usize, verb: &Verb, group: &Group, subject: &Subject) -> Vec<Said> {
        // What is used says too little of what for.
        if matches!(verb.form.as_str(), "use" | "uses" | "used" | "using") {
            return Vec::new();
        }
        if group.to && group.outcome.is_none() || group.modal && group.outcome.is_none() {
            return Vec::new();
        }
        // "if North Korea sent", "whether it sent"
        if (0..at)
            .rev()
            .take(8)
            .any(|it| matches!(self.part(it), Some(Part::But)) && matches!(self.form(it), "if" | "unless" | "whether"))
        {
            return Vec::new();
        }
        let tail = self.tail(at + 1, &verb.senses);
        let is_class = subject.phrase.things.iter().all(|it| it.sort() != 2);
        let next_before = matches!(self.part(at + 1), Some(Part::Before(_) | Part::When(_)));
        let reduced = !group.be && !group.have && is_class && next_before && tail.bare.is_empty();
        let mut kinds: Vec<(KindIx, FlowEnd)> = verb.senses.clone();
        kinds.sort_unstable();
        kinds.dedup();
        let tries = kinds.into_iter().filter_map(|(kind, end)| {
            let passive = verb.past && end != FlowEnd::Object && (group.be || reduced);
            let mut slots = Slots::new(self.tagger, kind, verb.senses.iter().map(|it| it.0).collect())?;
            slots
                .verbal(end, passive, &subject.phrase, &tail.bare, &tail.before, &subject.modifiers)
                .then(|| slots.finish())?
        });
        let fillings = best(tries.collect());
        let negated = group.not || tail.negated || subject.phrase.negated || tail.bare.iter().any(|it| it.negated);
        let when =
            if group.avowed.is_some() { None } else { tail.when.clone().or_else(|| self.when_before(group.first)) };
        let said = |mut filling: Filling| {
            self.casualties(tail.end, &mut filling);
            let (when, outcome) = (when.clone(), group.outcome.unwrap_or_default());
            Said { filling, when, outcome, negated, avowed: group.avowed, at }
        };
        fillings.into_iter().map(said).collect()
    }

    /// A time before a clause that nothing else claims: "In March, Russia sent".
    fn when_before(&self, at: usize) -> Option<When> {
        for it in (0..at).rev() {
            match self.part(it)? {
                Part::When(when) => {
                    let told = (0..it).rev().take(4).any(|it| matches!(self.part(it), Some(Part::Say(_))));
                    return (!told).then(|| when.clone());
                }
                Part::Verb(_) | Part::Say(_) | Part::Strong | Part::But | Part::And => return None,
                _ => {}
            }
        }
        None
    }

    /// "killing at least 4 people and injuring 19": figures of the kind that have verbs of their own.
    fn casualties(&self, from: usize, filling: &mut Filling) {
        let vocabulary = self.tagger.graph.vocabulary();
        let Some(kind) = vocabulary.kind(filling.kind) else { return };
        let mut at = from;
        while let Some(part) = self.part(at) {
            let form = self.form(at);
            let figure = kind.figures.iter().position(|it| {
                it.verbs.iter().any(|verb| form.len() > 4 && form.ends_with("ing") && verb.get(..4) == form.get(..4))
            });
            if let Some(figure) = figure
                && let Some(Part::Noun(phrase)) = self.part(at + 1)
                && let [Thing { figure: Some(text), .. }] = phrase.things.as_slice()
            {
                filling.figures.push((figure, text.clone()));
                at += 2;
                continue;
            }
            if !matches!(part, Part::Comma | Part::And) {
                return;
            }
            at += 1;
        }
    }

    fn nominal(&self, at: usize, kinds: &[KindIx]) -> Vec<Said> {
        let item_first = self.items.get(at).map_or(0, |it| it.first);
        let negated = item_first.checked_sub(1).is_some_and(|it| matches!(self.sentence.form(it), "no" | "without"));
        let mut before: Vec<(String, Phrase)> = Vec::new();
        let mut end = at + 1;
        while let Some(Part::Before(word)) = self.part(end)
            && let Some(Part::Noun(phrase)) = self.part(end + 1)
        {
            before.push((word.clone(), phrase.clone()));
            end += 2;
        }
        // What is said of it: halted, planned, unproven.
        let around = self.items.get(end.min(self.items.len().saturating_sub(1))).map_or(0, |it| it.after);
        let undone = (item_first.saturating_sub(4)..(around + 5).min(self.sentence.words.len()))
            .any(|it| UNDONE.contains(&self.sentence.form(it)));
        let hedged = matches!(self.part(end), Some(Part::Modal | Part::Not | Part::Outcome(_)))
            || matches!(
                (self.part(end), self.part(end + 1)),
                (Some(Part::Have | Part::Be), Some(Part::Not | Part::Outcome(_)))
            );
        if negated || undone || hedged {
            return Vec::new();
        }
        let owner = match self.before(at) {
            Some(Part::Noun(phrase)) if self.sentence.gap(item_first) == super::sentence::Gap::None => {
                Some(phrase.clone())
            }
            _ => None,
        };
        let tries = kinds.iter().filter_map(|kind| {
            let mut slots = Slots::new(self.tagger, *kind, kinds.to_vec())?;
            slots.nominal(owner.as_ref(), &before).then(|| slots.finish())?
        });
        let fillings = best(tries.collect());
        let amount = self.amount(end).filter(|_| fillings.len() == 1);
        let tail = self.tail(end, &[]);
        let when = tail.when.or_else(|| self.when_after(end)).or_else(|| self.when_before(at));
        let said = |mut filling: Filling| {
            filling.quantity = filling.quantity.take().or_else(|| amount.clone());
            Said { filling, when: when.clone(), outcome: Outcome::Happened, negated: false, avowed: None, at }
        };
        fillings.into_iter().map(said).collect()
    }

    /// "reached more than 800,000 barrels", "stood at about 3,500": the figure behind such a verb.
    fn amount(&self, at: usize) -> Option<String> {
        if !AMOUNTED.contains(&self.form(at)) {
            return None;
        }
        let next = if matches!(self.part(at + 1), Some(Part::Before(_))) { at + 2 } else { at + 1 };
        match self.part(next) {
            Some(Part::Noun(phrase)) => match phrase.things.as_slice() {
                [Thing { figure: Some(text), head: Head::Bare, .. }] => Some(text.clone()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The first time behind a place, in the same clause.
    fn when_after(&self, at: usize) -> Option<When> {
        for part in self.items.get(at..)?.iter().map(|it| &it.part) {
            match part {
                Part::When(when) => return Some(when.clone()),
                Part::Say(_) | Part::Strong | Part::But | Part::According | Part::Citing | Part::Which => return None,
                _ => {}
            }
        }
        None
    }
}

/// "a batch of missiles": what it consists of, without a figure that counts batches.
fn belongs(last: &mut Phrase, phrase: &Phrase) {
    if let ([thing], [inner]) = (last.things.as_mut_slice(), phrase.things.as_slice())
        && matches!(thing.head, Head::Common(_))
        && inner.sort() == 1
    {
        *thing = inner.clone();
    }
}

/// The filling with the most in it; of equals the first. Things of a list that go better with another kind become a filling of
/// that: "air defence systems and expertise" are a supply and a provision.
fn best(tries: Vec<Filling>) -> Vec<Filling> {
    let mut best: Option<&Filling> = None;
    for it in &tries {
        if best.is_none_or(|known| it.score > known.score) {
            best = Some(it);
        }
    }
    let Some(best) = best else { return Vec::new() };
    let count = best.affinities.len();
    if count < 2 {
        return vec![best.clone()];
    }
    // For each thing the kind that it goes with best.
    let better = |at: usize| {
        let own = best.affinities.get(at).copied().unwrap_or(0);
        let others = tries.iter().filter(|it| it.affinities.len() == count);
        let top =
            others.max_by_key(|it| (it.affinities.get(at).copied().unwrap_or(0), it.score, std::cmp::Reverse(it.kind)));
        top.filter(|it| it.affinities.get(at).copied().unwrap_or(0) > own).unwrap_or(best)
    };
    let chosen: Vec<&Filling> = (0..count).map(better).collect();
    let mut kinds: Vec<&Filling> = Vec::new();
    for it in &chosen {
        if !kinds.iter().any(|known| known.kind == it.kind) {
            kinds.push(it);
        }
    }
    let part = |filling: &&Filling| filling.with_objects(|at| chosen.get(at).is_some_and(|it| it.kind == filling.kind));
    kinds.iter().map(part).collect()
}
