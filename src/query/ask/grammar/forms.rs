//! Sentences with a fixed order of words.

use winnow::Parser;
use winnow::combinator::{alt, eof, opt, peek, preceded, repeat, terminated};
use winnow::token::any;

use super::phrases::{asks_for_what, auxiliary, be, before, clause, head, is, name, names, part};
use super::{Core, Head, Input, Parsed, Part, Saying, Sentence, Tagged};
use crate::model::WordMeaning;
use crate::query::ask::link::{Name, Tag};

/// "what is X", "tell me about X", "show X".
pub(super) fn define<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    let asks = alt((
        is(WordMeaning::Define),
        is(WordMeaning::List),
        (is(WordMeaning::What), be).void(),
        (asks_for_what, auxiliary, opt(is(WordMeaning::Pronoun)), is(WordMeaning::Define)).void(),
    ));
    let of_facts = preceded(is(WordMeaning::Define), clause).map(Sentence::Clause);
    let fact = || any.verify_map(|it: Tagged<'t>| if let Tag::Fact(id) = it.tag { Some(id.as_str()) } else { None });
    let one_fact =
        (opt(alt((is(WordMeaning::Define), is(WordMeaning::List), (is(WordMeaning::What), be).void()))), fact())
            .map(|(_, id)| Sentence::Fact { id, support: false });
    let its_support = (is(WordMeaning::Who), saying, fact()).map(|(_, _, id)| Sentence::Fact { id, support: true });
    alt((one_fact, its_support, (asks, terminated(name, peek(eof))).map(|(_, name)| Sentence::Define(name)), of_facts))
        .parse_next(input)
}

/// "who is X", "is X the president of Y".
pub(super) fn who_is<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    alt((
        (is(WordMeaning::Who), be, name).map(|(_, _, name)| Sentence::WhoIs(name)),
        (be, name, name).map(|(_, somebody, office)| Sentence::Holds(somebody, office)),
        (be, name, before(WordMeaning::In), name).map(|(_, member, _, group)| Sentence::Within(Some(member), group)),
        (is(WordMeaning::Who), be, before(WordMeaning::In), name).map(|(_, _, _, group)| Sentence::Within(None, group)),
    ))
    .parse_next(input)
}

pub(super) fn connected<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning::{And, Between, Connect, Connected, Connection, From, How, Of, Or, Path, To, What, With};
    let to = || alt((before(To), before(With), is(And)));
    let pair = || (name, alt((is(And), is(Or))), name).map(|(a, _, b)| (a, b));
    let how = || (opt(is(How)), be);
    alt((
        (how(), name, is(Connected), to(), name).map(|(_, a, _, _, b)| Sentence::Connected(a, b)),
        (how(), pair(), opt(is(Connected))).map(|(_, (a, b), _)| Sentence::Connected(a, b)),
        (is(What), is(Connect), name, alt((is(And), before(To), before(With))), name)
            .map(|(_, _, a, _, b)| Sentence::Connected(a, b)),
        preceded(
            (opt(asks_for_what), opt(be), is(Connection)),
            alt((
                preceded(alt((is(Between), before(Of))), pair()),
                (alt((before(Of), before(From))), name, to(), name).map(|(_, a, _, b)| (a, b)),
            )),
        )
        .map(|(a, b)| Sentence::Connected(a, b)),
        preceded((opt(asks_for_what), opt(be), is(Path), is(Between)), pair()).map(|(a, b)| Sentence::Connected(a, b)),
        (opt(asks_for_what), opt(be), is(Path), before(From), name, before(To), name)
            .map(|(_, _, _, _, a, _, b)| Sentence::Path(a, b)),
    ))
    .parse_next(input)
}

/// "how did missiles get from North Korea to Kyiv".
pub(super) fn journey<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning::{From, How, In, Reach, To};
    (is(How), opt(auxiliary)).parse_next(input)?;
    let item = head(input)?;
    is(Reach).parse_next(input)?;
    let from = || preceded(before(From), name);
    let to = || preceded(opt(alt((before(To), before(In)))), name);
    alt(((from(), to()).map(|(from, to)| (Some(from), to)), (to(), opt(from())).map(|(to, from)| (from, to))))
        .map(|(from, to)| Sentence::Journey { item: item.clone(), from, to })
        .parse_next(input)
}

pub(super) fn about_the_data<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let listed = || {
        any.verify_map(|it: Tagged<'t>| match it.tag {
            Tag::Meaning(
                meaning @ (W::Country
                | W::Organization
                | W::Person
                | W::Place
                | W::Document
                | W::Vessel
                | W::Kind
                | W::Source
                | W::Fact),
            ) => Some(*meaning),
            _ => None,
        })
    };
    let tail = || (opt(be), opt(is(W::Data)), opt(be), opt(is(W::Data))).void();
    alt((
        (is(W::HowMany), is(W::Fact), tail()).map(|_| Sentence::Count),
        (opt(asks_for_what), is(W::Kind), tail()).map(|_| Sentence::List(W::Kind)),
        (asks_for_what, opt(is(W::Kind)), opt(before(W::Of)), listed(), tail())
            .map(|(_, kind, _, it, ())| Sentence::List(if kind.is_some() { W::Kind } else { it })),
    ))
    .parse_next(input)
}

pub(super) fn disputes<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about = || opt(preceded(alt((before(W::About), before(W::In), before(W::Of))), name));
    alt((
        (asks_for_what, opt(alt((is(W::Fact), is(W::Say), is(W::Source)))), is(W::Contradict), about())
            .map(|(_, _, _, it)| it),
        (asks_for_what, opt(is(W::Fact)), be, is(W::Disputed), about()).map(|(_, _, _, _, it)| it),
        (opt(asks_for_what), opt(be), is(W::Contradict), opt(be), about()).map(|(_, _, _, _, it)| it),
    ))
    .map(Sentence::Disputes)
    .parse_next(input)
}

/// The name that a noun is about: oil of "oil deliveries".
fn topic<'t>(head: &Head<'t>) -> Option<&'t Name> {
    match head.core {
        Core::Name(name) => Some(name),
        _ => head.qualifiers.iter().rev().find(|it| it.is_thing).or(head.qualifiers.last()).copied(),
    }
}

/// "which supplies break a cap", "was the cap on refined petroleum exceeded".
pub(super) fn measures<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let noun = || any.verify(|it: &Tagged<'t>| matches!(it.tag, Tag::KindNoun(_) | Tag::Meaning(W::Flow))).void();
    let of = || opt(preceded(alt((before(W::To), before(W::In), before(W::Of), before(W::From), before(W::By))), name));
    let which = || alt((is(W::Which), is(W::What), is(W::List)));
    alt((
        (asks_for_what, opt(noun()), of(), opt(auxiliary), is(W::Exceed), opt(name), is(W::Limit), of())
            .map(|(_, _, c, _, _, a, _, b)| a.or(b).or(c)),
        (which(), is(W::Limit), of(), opt(auxiliary), is(W::Exceed)).map(|(_, _, a, _, _)| a),
        // "which transfers violate UN sanctions", "violations of UN sanctions"
        (opt(which()), opt(noun()), opt(auxiliary), is(W::Exceed), name, opt(be), opt(is(W::Data)))
            .map(|(_, _, _, _, name, _, _)| Some(name)),
        (opt(alt((asks_for_what, is(W::How)))), auxiliary, opt(name), is(W::Limit), of(), opt(be), is(W::Exceed))
            .map(|(_, _, a, _, b, _, _)| a.or(b)),
        (auxiliary, head, is(W::Exceed), opt(name), is(W::Limit), of()).map(|(_, a, _, b, _, c)| c.or(b).or(topic(&a))),
    ))
    .map(Sentence::Measures)
    .parse_next(input)
}

pub(super) fn happened<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about =
        || opt(preceded(alt((before(W::To), before(W::In), before(W::About), before(W::With), before(W::Of))), head));
    alt((
        (is(W::What), opt(auxiliary), is(W::Happen), about()).map(|(_, _, _, it)| Sentence::Happened(it)),
        (opt(is(W::List)), is(W::Timeline), before(W::Of), name).map(|(_, _, _, it)| Sentence::Timeline(it)),
        (opt(is(W::List)), is(W::Timeline), before(W::Of), clause).map(|(_, _, _, it)| Sentence::InTime(it)),
        (opt(is(W::List)), is(W::Timeline)).map(|_| Sentence::Happened(None)),
    ))
    .parse_next(input)
}

pub(super) fn saying<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Saying> {
    any.verify_map(|it: Tagged<'t>| match it.tag {
        Tag::Meaning(WordMeaning::Say) => Some(Saying::Says),
        Tag::Meaning(WordMeaning::Admit) => Some(Saying::Admits),
        Tag::Meaning(WordMeaning::Deny) => Some(Saying::Denies),
        _ => None,
    })
    .parse_next(input)
}

/// "what did the Kremlin claim about children".
pub(super) fn claims<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about = || {
        opt(preceded((opt(is(W::That)), alt((before(W::About), before(W::To), before(W::Of), before(W::In)))), names))
            .map(Option::unwrap_or_default)
    };
    let told = alt((
        (is(W::What), opt(auxiliary), names, saying, about()).map(|(_, _, by, saying, about)| (by, saying, about)),
        // "what did unnamed sources say"
        (is(W::What), opt(auxiliary), saying, about()).map(|(_, _, saying, about)| (Vec::new(), saying, about)),
        (is(W::What), auxiliary, saying, before(W::By), names, about())
            .map(|(_, _, saying, _, by, about)| (by, saying, about)),
    ))
    .map(|(by, saying, about)| Sentence::Claims { by, saying, about, whether: false });
    let whether = (auxiliary, names, saying, opt(is(W::Thing)), about())
        .map(|(_, by, saying, _, about)| Sentence::Claims { by, saying, about, whether: true });
    let any_stance = (is(W::Who), opt(auxiliary), saying.verify(|it| *it != Saying::Says), is(W::What))
        .map(|(_, _, saying, _)| Sentence::Stance(saying));
    let by_all = (is(W::Who), opt(auxiliary), saying, is(W::What), before(W::About), names)
        .map(|(_, _, _, _, _, about)| Sentence::SaidAbout(about));
    alt((told, whether, by_all, any_stance)).parse_next(input)
}

/// The parts of "which weapons did the MSMT say North Korea supplied".
type SaidBy<'t> = (Part<'t>, Vec<Part<'t>>, (), Option<Vec<&'t Name>>, Saying, Option<()>, Vec<Part<'t>>);

/// "who says that …", "what is the source for …", "is there evidence that …".
pub(super) fn says<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let source = || (alt((is(W::Which), is(W::What))), is(W::Source)).void();
    // "which weapons did the MSMT say North Korea supplied", "how many camps did the Yale lab find in Belarus"
    let asks_in = part.verify(|it| matches!(it, Part::AsksFor(..) | Part::Asks(W::What | W::Who | W::Whom | W::When)));
    let narrowed = repeat(0.., part.verify(|it| matches!(it, Part::Before { nouns: Some(_), .. })));
    let said_by = (asks_in, narrowed, auxiliary, opt(names), saying, opt(is(W::That)), repeat(0.., part)).verify_map(
        |(asked, narrowed, (), by, saying, _, rest): SaidBy<'t>| {
            // "what did Trump say about Putin" asks for claims.
            let has_verb = rest.iter().any(|it| matches!(it, Part::Verb { .. }));
            let asks_for_facts = has_verb || matches!(asked, Part::AsksFor(..));
            let clause = std::iter::once(asked).chain(narrowed).chain(rest).collect();
            asks_for_facts.then(|| Sentence::SaidBy { by: by.unwrap_or_default(), saying, clause })
        },
    );
    alt((
        (alt((is(W::Who), source())), opt(auxiliary), saying, opt(is(W::That)), clause)
            .map(|(_, _, saying, _, clause)| Sentence::Says { saying, clause }),
        // "does anybody deny that"
        (auxiliary, is(W::Thing), saying, opt(is(W::That)), clause)
            .map(|(_, _, saying, _, clause)| Sentence::Says { saying, clause }),
        (
            opt(alt((is(W::HowMany), (alt((is(W::What), is(W::Who), is(W::Which))), opt(be)).void()))),
            is(W::Source),
            opt(alt((is(W::Data), be))),
            alt((before(W::To), before(W::Of))),
            opt(saying),
            opt(is(W::That)),
            clause,
        )
            .map(|(_, _, _, _, _, _, clause)| Sentence::Says { saying: Saying::Says, clause }),
        (
            opt(be),
            opt(alt((is(W::What), is(W::Which)))),
            is(W::Evidence),
            opt(be),
            opt(alt((before(W::To), before(W::Of)))),
            opt(is(W::That)),
            clause,
        )
            .map(|(_, _, _, _, _, _, clause)| Sentence::Evidence(clause)),
        (be, is(W::Pronoun), opt(is(W::Corroborated)), is(W::That), clause)
            .map(|(_, _, _, _, clause)| Sentence::Evidence(clause)),
        // "I want to know whether"
        (is(W::That), clause).map(|(_, clause)| Sentence::Evidence(clause)),
        said_by,
    ))
    .parse_next(input)
}
