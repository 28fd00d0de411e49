//! Words, nouns and the parts of clauses.

use winnow::Parser;
use winnow::combinator::{alt, opt, peek, preceded, repeat, terminated};
use winnow::error::EmptyError;
use winnow::token::any;

use super::{Core, Head, Input, NounPhrase, Parsed, Part, Tagged};
use crate::model::{FlowEnd, KindIx, WordMeaning};
use crate::query::ask::link::{Name, Tag};

pub(super) fn is<'s, 't: 's>(meaning: WordMeaning) -> impl Parser<Input<'s, 't>, (), EmptyError> {
    any.verify(move |it: &Tagged<'t>| *it.tag == Tag::Meaning(meaning)).void()
}

pub(super) fn before<'s, 't: 's>(meaning: WordMeaning) -> impl Parser<Input<'s, 't>, (), EmptyError> {
    any.verify(move |it: &Tagged<'t>| matches!(it.tag, Tag::Before(Some(it), _) if *it == meaning)).void()
}

pub(super) fn name<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t Name> {
    any.verify_map(|it: Tagged<'t>| if let Tag::Name(name) = it.tag { Some(name) } else { None }).parse_next(input)
}

pub(super) fn names<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Vec<&'t Name>> {
    let first = name(input)?;
    let more: Vec<&Name> = repeat(0.., preceded(joint, name)).parse_next(input)?;
    Ok(std::iter::once(first).chain(more).collect())
}

/// Between members of a list: a word, a comma, or both.
pub(super) fn joint<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((
        (alt((is(WordMeaning::And), is(WordMeaning::Or))), opt(is(WordMeaning::Or))).void(),
        peek(any.verify(|it: &Tagged<'t>| it.token.after_break)).void(),
    ))
    .parse_next(input)
}

/// Whether a word means anything or anybody of a sort: "countries", "everything".
pub(in crate::query::ask) fn is_anybody(meaning: WordMeaning) -> bool {
    use WordMeaning as W;
    [W::Thing, W::Flow, W::Fact, W::Country, W::Organization, W::Person, W::Place, W::Document, W::Vessel]
        .contains(&meaning)
}

pub(super) fn core<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Core<'t>> {
    any.verify_map(|it: Tagged<'t>| match it.tag {
        Tag::Name(name) => Some(Core::Name(name)),
        Tag::KindNoun(kinds) => Some(Core::KindNoun(kinds)),
        Tag::RoleNoun(roles) => Some(Core::RoleNoun(roles)),
        Tag::Unit(unit) => Some(Core::Unit(*unit)),
        Tag::Meaning(meaning) if is_anybody(*meaning) => Some(Core::Any(*meaning)),
        _ => None,
    })
    .parse_next(input)
}

pub(super) fn qualifier<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t Name> {
    // "artillery shells": one noun before another, unless a comma parts them.
    let thing = any.verify(|it: &Tagged<'t>| {
        !it.token.after_break
            && match it.tag {
                Tag::Name(name) => name.is_thing,
                tag => matches!(tag, Tag::KindNoun(_) | Tag::RoleNoun(_)),
            }
    });
    alt((
        terminated(name.verify(|it: &&Name| it.qualifies), peek(core)),
        terminated(name.verify(|it: &&Name| it.is_thing), peek(thing)),
    ))
    .parse_next(input)
}

pub(super) fn figure<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t str> {
    any.verify_map(|it: Tagged<'t>| if let Tag::Figure(text) = it.tag { Some(text.as_str()) } else { None })
        .parse_next(input)
}

pub(super) fn head<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Head<'t>> {
    let with_core =
        (opt(figure), repeat(0.., qualifier), core).map(|(figure, qualifiers, core)| Head { figure, qualifiers, core });
    // Four digits alone are rather a year.
    let is_year = |it: &str| it.len() == 4 && it.bytes().all(|it| it.is_ascii_digit());
    let bare = figure.verify(move |it: &&str| !is_year(it)).map(|it| Head {
        figure: Some(it),
        qualifiers: Vec::new(),
        core: Core::Any(WordMeaning::Thing),
    });
    alt((with_core, bare)).parse_next(input)
}

pub(super) fn nouns<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<NounPhrase<'t>> {
    let first = head(input)?;
    let more: Vec<Head<'t>> = repeat(0.., preceded(joint, head)).parse_next(input)?;
    Ok(std::iter::once(first).chain(more).collect())
}

/// What a verb may mean, and its form.
type Sensed<'t> = (&'t [(KindIx, FlowEnd)], &'t str);

pub(super) fn part<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Part<'t>> {
    use WordMeaning::{Be, Between, Do, Happen, Have, How, HowMany, Not, What, When, Where, Which, Who, Whom};
    let meaning = |wanted: &'static [WordMeaning]| {
        any.verify_map(move |it: Tagged<'t>| match it.tag {
            Tag::Meaning(meaning) if wanted.contains(meaning) => Some(*meaning),
            _ => None,
        })
    };
    let preposition =
        || {
            any.verify_map(|it: Tagged<'t>| {
                if let Tag::Before(meaning, roles) = it.tag { Some((*meaning, roles.as_slice())) } else { None }
            })
        };
    let one_verb = || {
        any.verify_map(|it: Tagged<'t>| match it.tag {
            Tag::Verb(senses) => Some((senses.as_slice(), it.token.form.as_str())),
            Tag::Meaning(WordMeaning::Make) => Some((&[][..], it.token.form.as_str())),
            _ => None,
        })
    };
    // "killed and wounded"
    let verb = (one_verb(), repeat(0.., preceded(alt((is(WordMeaning::And), is(WordMeaning::Or))), one_verb()))).map(
        |(first, others): (Sensed<'t>, Vec<Sensed<'t>>)| {
            let mut senses = first.0.to_vec();
            for (more, _) in &others {
                senses.extend(more.iter().filter(|it| !first.0.contains(it)));
            }
            Part::Verb { senses, form: first.1, several: !others.is_empty() }
        },
    );
    alt((
        preceded(is(Between), nouns).map(Part::Between),
        (meaning(&[Which, HowMany, What]), opt(before(WordMeaning::Of)), nouns)
            .map(|(asks, _, nouns)| Part::AsksFor(asks, nouns)),
        meaning(&[Who, Whom, What, Which, When, Where, HowMany, How]).map(Part::Asks),
        meaning(&[Be, Do, Have, Happen]).map(Part::Auxiliary),
        preceded(is(Not), (preposition(), nouns)).map(|((meaning, roles), nouns)| Part::Before {
            meaning,
            roles,
            nouns: Some(nouns),
            not: true,
        }),
        is(Not).map(|()| Part::Not),
        verb,
        (preposition(), opt(nouns)).map(|((meaning, roles), nouns)| Part::Before { meaning, roles, nouns, not: false }),
        nouns.map(Part::Noun),
    ))
    .parse_next(input)
}

pub(super) fn clause<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Vec<Part<'t>>> {
    // "what did they get, and from whom"
    let joined = preceded(is(WordMeaning::And), part).verify(|it| matches!(it, Part::Before { .. } | Part::Asks(_)));
    (part, repeat(0.., alt((part, joined))))
        .map(|(first, later): (Part<'t>, Vec<Part<'t>>)| std::iter::once(first).chain(later).collect())
        .parse_next(input)
}

pub(super) fn asks_for_what<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((is(WordMeaning::Which), is(WordMeaning::What), is(WordMeaning::List), is(WordMeaning::Who))).parse_next(input)
}

pub(super) fn be<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    is(WordMeaning::Be).parse_next(input)
}

pub(super) fn auxiliary<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((is(WordMeaning::Be), is(WordMeaning::Do), is(WordMeaning::Have))).parse_next(input)
}
