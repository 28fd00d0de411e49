//! A clause, sorted into what asks, its verb and its nouns.

use super::{NoFrame, kinds_named};
use crate::model::{FlowEnd, KindIx, RoleIx, WordMeaning};
use crate::query::ask::grammar::{Core, NounPhrase, Part};

/// A clause, sorted into its parts.
#[derive(Default)]
pub(super) struct Shape<'p, 't> {
    pub(super) whether: bool,
    pub(super) when: bool,
    pub(super) how_many: bool,
    /// Whether it asks for something with "who", "what", "which".
    pub(super) asks: bool,
    pub(super) has_auxiliary: bool,
    pub(super) has_be: bool,
    pub(super) verb: Option<(&'p [(KindIx, FlowEnd)], &'t str)>,
    /// Whether several verbs are joined.
    pub(super) several_verbs: bool,
    /// What is asked for: "which weapons".
    pub(super) asked: Option<&'p NounPhrase<'t>>,
    /// Whether it asks for the subject: "which country sent".
    pub(super) asks_for_subject: bool,
    /// "which weapons", before another subject.
    pub(super) fronted: Option<&'p NounPhrase<'t>>,
    pub(super) subject: Option<&'p NounPhrase<'t>>,
    /// Behind the verb, without a word before them.
    pub(super) bare: Vec<&'p NounPhrase<'t>>,
    pub(super) befores: Vec<Before<'p, 't>>,
    pub(super) between: Option<&'p NounPhrase<'t>>,
    pub(super) negated: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Before<'p, 't> {
    pub(super) meaning: Option<WordMeaning>,
    pub(super) roles: &'t [(KindIx, RoleIx)],
    pub(super) nouns: &'p NounPhrase<'t>,
    pub(super) not: bool,
    /// Whether a clause without a verb names a kind of fact, which may be about something: "facts about children".
    pub(super) has_topic: bool,
}

pub(super) fn shape<'p, 't>(parts: &'p [Part<'t>]) -> Result<Shape<'p, 't>, NoFrame> {
    let mut shape = Shape { whether: matches!(parts.first(), Some(Part::Auxiliary(_))), ..Shape::default() };
    let mut asked: Option<&'p NounPhrase<'t>> = None;
    let mut early: Vec<&'p NounPhrase<'t>> = Vec::new();
    in_english_order(parts)?;
    for (at, part) in parts.iter().enumerate() {
        match part {
            Part::Asks(WordMeaning::When) => shape.when = true,
            Part::Asks(WordMeaning::How) => return Err(NoFrame::Order),
            Part::Asks(meaning) => {
                shape.how_many |= *meaning == WordMeaning::HowMany;
                shape.asks = true;
            }
            Part::AsksFor(meaning, nouns) => {
                if asked.is_some() {
                    return Err(NoFrame::Order);
                }
                shape.how_many |= *meaning == WordMeaning::HowMany;
                shape.asks = true;
                asked = Some(nouns);
            }
            Part::Auxiliary(meaning) => {
                shape.has_auxiliary = true;
                shape.has_be |= *meaning == WordMeaning::Be;
            }
            // "didn't North Korea send" asks the same as "did North Korea send".
            Part::Not if at == 1 && shape.whether => {}
            Part::Not => shape.negated = true,
            Part::Verb { senses, form, several } => {
                shape.several_verbs = *several;
                if shape.verb.replace((senses, form)).is_some() {
                    return Err(NoFrame::Order);
                }
            }
            // "everything that Russia gave"
            Part::Noun(nouns) if is_anything(nouns) => shape.asks = true,
            Part::Noun(nouns) if shape.verb.is_none() => early.push(nouns),
            Part::Noun(nouns) => shape.bare.push(nouns),
            Part::Before { meaning, roles, nouns: Some(nouns), not } => {
                shape.befores.push(Before { meaning: *meaning, roles, nouns, not: *not, has_topic: false });
            }
            // "whom did they give it to?"
            Part::Before { nouns: None, .. } => {}
            Part::Between(nouns) => shape.between = Some(nouns),
        }
    }
    shape.asked = asked;
    if shape.verb.is_none() {
        // A clause without a verb: all nouns are what it is about.
        shape.bare = asked.into_iter().chain(early).collect();
        let names_kinds = shape.bare.iter().any(|it| it.iter().any(|it| !kinds_named(it).is_empty()));
        // What happened to somebody is no transfer.
        if !names_kinds && parts.iter().any(|it| matches!(it, Part::Auxiliary(WordMeaning::Happen))) {
            return Err(NoFrame::Order);
        }
        shape.befores.iter_mut().for_each(|it| it.has_topic = names_kinds);
        return Ok(shape);
    }
    match early.as_slice() {
        [] => {
            shape.subject = asked;
            shape.asks_for_subject = true;
        }
        [subject] => (shape.subject, shape.fronted) = (Some(*subject), asked),
        // "did Russia North Korea …" means nothing.
        _ => return Err(NoFrame::Order),
    }
    Ok(shape)
}

/// Whether nouns name nothing in particular.
pub(super) fn is_anything(nouns: &NounPhrase<'_>) -> bool {
    nouns.iter().all(|it| it.core == Core::Any(WordMeaning::Thing) && it.figure.is_none() && it.qualifiers.is_empty())
}

/// The parts of a clause in an order that English has: words of asking and auxiliaries at the beginning, further words of asking
/// behind the verb, a word without its noun at the very end.
fn in_english_order(parts: &[Part<'_>]) -> Result<(), NoFrame> {
    let verb = parts.iter().position(|it| matches!(it, Part::Verb { .. }));
    let mut asked = 0;
    for (at, part) in parts.iter().enumerate() {
        let is_fine = match part {
            Part::Asks(_) | Part::AsksFor(..) => {
                asked += 1;
                // "who supplied what to whom"
                let mut before = parts.iter().take(at);
                let begins = (at == 1 && matches!(parts.first(), Some(Part::Before { nouns: None, .. })))
                    || before.all(|it| matches!(it, Part::Before { nouns: Some(_), .. }));
                (begins || verb.is_some_and(|verb| verb < at)) && asked <= 3
            }
            Part::Auxiliary(WordMeaning::Do) => verb.is_some_and(|verb| at + 1 < verb),
            // "which transfers are": a noun.
            Part::Auxiliary(_) => verb.is_none_or(|verb| at != verb + 1),
            Part::Before { nouns: None, .. } => {
                // "whom did they give it to", and "to whom" behind a verb.
                // "to which countries did they send them"
                let before_asking = matches!(parts.get(1), Some(Part::Asks(_) | Part::AsksFor(..)));
                (at == 0 && before_asking)
                    || at > 0
                        && (at + 1 == parts.len()
                            || matches!(parts.get(at + 1), Some(Part::Asks(WordMeaning::Whom | WordMeaning::What))))
            }
            Part::Verb { .. } => at > 0,
            _ => true,
        };
        if !is_fine {
            return Err(NoFrame::Order);
        }
    }
    Ok(())
}
