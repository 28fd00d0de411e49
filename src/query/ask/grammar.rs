//! The grammar: which orders of words make a question.
//!
//! What may stand anywhere (times, whose word counts, what is left out) is taken out first; what remains is one of a few
//! fixed sentences, or a clause of parts, whose roles are found afterwards by their kinds.

use winnow::Parser;
use winnow::combinator::{alt, eof, opt, peek, preceded, repeat, terminated};
use winnow::error::EmptyError;
use winnow::token::any;

use jiff::civil::Date;

use super::link::{Name, Tag, Token};
use super::time::Unit;
use crate::model::{FlowEnd, KindIx, Period, RoleIx, UnitIx, WordMeaning};

/// A token read as one of the things that it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tagged<'t> {
    pub(super) token: &'t Token,
    pub(super) tag: &'t Tag,
}

/// What a noun phrase is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Core<'t> {
    Name(&'t Name),
    KindNoun(&'t [KindIx]),
    RoleNoun(&'t [(KindIx, RoleIx)]),
    Unit(UnitIx),
    /// Anything, anybody, any country.
    Any(WordMeaning),
}

/// A noun with what qualifies it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Head<'t> {
    pub(super) figure: Option<&'t str>,
    pub(super) qualifiers: Vec<&'t Name>,
    pub(super) core: Core<'t>,
}

/// Nouns joined by "and", "or" or commas.
pub(super) type NounPhrase<'t> = Vec<Head<'t>>;

/// A part of a clause.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part<'t> {
    /// "who", "what", "when".
    Asks(WordMeaning),
    /// "which weapons", "how many troops".
    AsksFor(WordMeaning, NounPhrase<'t>),
    Auxiliary(WordMeaning),
    Not,
    Verb {
        senses: &'t [(KindIx, FlowEnd)],
        form: &'t str,
    },
    Noun(NounPhrase<'t>),
    /// "to Russia"; without a noun phrase: "whom did they give it to?"
    Before {
        meaning: Option<WordMeaning>,
        roles: &'t [(KindIx, RoleIx)],
        nouns: Option<NounPhrase<'t>>,
        not: bool,
    },
    /// "between Russia and North Korea".
    Between(NounPhrase<'t>),
}

/// What a claimant does with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Saying {
    Says,
    Admits,
    Denies,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Sentence<'t> {
    Define(&'t Name),
    Connected(&'t Name, &'t Name),
    Path(&'t Name, &'t Name),
    Journey {
        item: Head<'t>,
        from: Option<&'t Name>,
        to: &'t Name,
    },
    List(WordMeaning),
    Count,
    Disputes(Option<&'t Name>),
    Measures(Option<&'t Name>),
    Returns(Vec<&'t Name>),
    /// What happened, to or in something.
    Happened(Option<&'t Name>),
    /// The facts of a name in the order of time.
    Timeline(&'t Name),
    /// Facts in the order of time.
    InTime(Vec<Part<'t>>),
    Claims {
        by: Vec<&'t Name>,
        saying: Saying,
        about: Vec<&'t Name>,
        whether: bool,
    },
    Says {
        saying: Saying,
        clause: Vec<Part<'t>>,
    },
    /// "who said what about children".
    SaidAbout(Vec<&'t Name>),
    /// "is there evidence that".
    Evidence(Vec<Part<'t>>),
    Clause(Vec<Part<'t>>),
}

/// What was taken out of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Extras<'t> {
    pub(super) times: Vec<Period>,
    pub(super) as_of: Option<Period>,
    pub(super) according_to: Vec<&'t Name>,
    pub(super) without: Vec<&'t Name>,
    pub(super) without_unnamed: bool,
    pub(super) except: Vec<&'t Name>,
    /// Words about support.
    pub(super) support: Vec<WordMeaning>,
    pub(super) in_return: bool,
    pub(super) total: bool,
    pub(super) unused: Vec<&'t str>,
}

type Input<'s, 't> = &'s [Tagged<'t>];
type Parsed<T> = Result<T, EmptyError>;

fn is<'s, 't: 's>(meaning: WordMeaning) -> impl Parser<Input<'s, 't>, (), EmptyError> {
    any.verify(move |it: &Tagged<'t>| *it.tag == Tag::Meaning(meaning)).void()
}

fn before<'s, 't: 's>(meaning: WordMeaning) -> impl Parser<Input<'s, 't>, (), EmptyError> {
    any.verify(move |it: &Tagged<'t>| matches!(it.tag, Tag::Before(Some(it), _) if *it == meaning)).void()
}

fn name<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t Name> {
    any.verify_map(|it: Tagged<'t>| if let Tag::Name(name) = it.tag { Some(name) } else { None }).parse_next(input)
}

fn names<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Vec<&'t Name>> {
    let first = name(input)?;
    let more: Vec<&Name> = repeat(0.., preceded(joint, name)).parse_next(input)?;
    Ok(std::iter::once(first).chain(more).collect())
}

/// Between members of a list: a word, a comma, or both.
fn joint<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((
        (alt((is(WordMeaning::And), is(WordMeaning::Or))), opt(is(WordMeaning::Or))).void(),
        peek(any.verify(|it: &Tagged<'t>| it.token.after_break)).void(),
    ))
    .parse_next(input)
}

/// Whether a word means anything or anybody of a sort: "countries", "everything".
pub(super) fn is_anybody(meaning: WordMeaning) -> bool {
    use WordMeaning as W;
    [W::Thing, W::Flow, W::Fact, W::Country, W::Organization, W::Person, W::Place, W::Document, W::Vessel]
        .contains(&meaning)
}

fn core<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Core<'t>> {
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

fn qualifier<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t Name> {
    terminated(name.verify(|it: &&Name| it.qualifies), peek(core)).parse_next(input)
}

fn figure<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<&'t str> {
    any.verify_map(|it: Tagged<'t>| if let Tag::Figure(text) = it.tag { Some(text.as_str()) } else { None })
        .parse_next(input)
}

fn head<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Head<'t>> {
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

fn nouns<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<NounPhrase<'t>> {
    let first = head(input)?;
    let more: Vec<Head<'t>> = repeat(0.., preceded(joint, head)).parse_next(input)?;
    Ok(std::iter::once(first).chain(more).collect())
}

fn part<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Part<'t>> {
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
    let verb = any.verify_map(|it: Tagged<'t>| match it.tag {
        Tag::Verb(senses) => Some(Part::Verb { senses, form: it.token.form.as_str() }),
        _ => None,
    });
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

fn clause<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Vec<Part<'t>>> {
    repeat(1.., part).parse_next(input)
}

fn asks_for_what<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((is(WordMeaning::Which), is(WordMeaning::What), is(WordMeaning::List), is(WordMeaning::Who))).parse_next(input)
}

fn be<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    is(WordMeaning::Be).parse_next(input)
}

fn auxiliary<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<()> {
    alt((is(WordMeaning::Be), is(WordMeaning::Do), is(WordMeaning::Have))).parse_next(input)
}

/// "what is X", "tell me about X", "show X".
fn define<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    let asks = alt((
        is(WordMeaning::Define),
        is(WordMeaning::List),
        (alt((is(WordMeaning::What), is(WordMeaning::Who))), be).void(),
        (asks_for_what, auxiliary, opt(is(WordMeaning::Pronoun)), is(WordMeaning::Define)).void(),
    ));
    (asks, name).map(|(_, name)| Sentence::Define(name)).parse_next(input)
}

fn connected<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
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
fn journey<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
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

fn about_the_data<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
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

fn disputes<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about = || opt(preceded(alt((before(W::About), before(W::In), before(W::Of))), name));
    alt((
        (asks_for_what, opt(alt((is(W::Fact), is(W::Say), is(W::Source)))), is(W::Contradict), about())
            .map(|(_, _, _, it)| it),
        (asks_for_what, be, is(W::Disputed), about()).map(|(_, _, _, it)| it),
        (opt(asks_for_what), opt(be), is(W::Contradict), opt(be), about()).map(|(_, _, _, _, it)| it),
    ))
    .map(Sentence::Disputes)
    .parse_next(input)
}

/// "which supplies break a cap", "was the cap on refined petroleum exceeded".
fn measures<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let noun = || any.verify(|it: &Tagged<'t>| matches!(it.tag, Tag::KindNoun(_) | Tag::Meaning(W::Flow))).void();
    let of = || opt(preceded(alt((before(W::To), before(W::In), before(W::Of))), name));
    alt((
        (asks_for_what, opt(noun()), opt(auxiliary), is(W::Exceed), opt(name), is(W::Limit), of())
            .map(|(_, _, _, _, a, _, b)| a.or(b)),
        (opt(alt((asks_for_what, is(W::How)))), auxiliary, opt(name), is(W::Limit), of(), opt(be), is(W::Exceed))
            .map(|(_, _, a, _, b, _, _)| a.or(b)),
        (auxiliary, name, is(W::Exceed), opt(name), is(W::Limit), of()).map(|(_, a, _, b, _, c)| c.or(b).or(Some(a))),
    ))
    .map(Sentence::Measures)
    .parse_next(input)
}

fn happened<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about =
        || opt(preceded(alt((before(W::To), before(W::In), before(W::About), before(W::With), before(W::Of))), name));
    alt((
        (is(W::What), opt(auxiliary), is(W::Happen), about()).map(|(_, _, _, it)| Sentence::Happened(it)),
        (opt(is(W::List)), is(W::Timeline), before(W::Of), name).map(|(_, _, _, it)| Sentence::Timeline(it)),
        (opt(is(W::List)), is(W::Timeline), before(W::Of), clause).map(|(_, _, _, it)| Sentence::InTime(it)),
        (opt(is(W::List)), is(W::Timeline)).map(|_| Sentence::Happened(None)),
    ))
    .parse_next(input)
}

fn saying<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Saying> {
    any.verify_map(|it: Tagged<'t>| match it.tag {
        Tag::Meaning(WordMeaning::Say) => Some(Saying::Says),
        Tag::Meaning(WordMeaning::Admit) => Some(Saying::Admits),
        Tag::Meaning(WordMeaning::Deny) => Some(Saying::Denies),
        _ => None,
    })
    .parse_next(input)
}

/// "what did the Kremlin claim about children".
fn claims<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let about = || {
        opt(preceded((opt(is(W::That)), alt((before(W::About), before(W::To), before(W::Of), before(W::In)))), names))
            .map(Option::unwrap_or_default)
    };
    let told = alt((
        (is(W::What), opt(auxiliary), names, saying, about()).map(|(_, _, by, saying, about)| (by, saying, about)),
        (is(W::What), auxiliary, saying, before(W::By), names, about())
            .map(|(_, _, saying, _, by, about)| (by, saying, about)),
    ))
    .map(|(by, saying, about)| Sentence::Claims { by, saying, about, whether: false });
    let whether = (auxiliary, names, saying, opt(is(W::Thing)), about())
        .map(|(_, by, saying, _, about)| Sentence::Claims { by, saying, about, whether: true });
    let by_all = (is(W::Who), opt(auxiliary), saying, is(W::What), before(W::About), names)
        .map(|(_, _, _, _, _, about)| Sentence::SaidAbout(about));
    alt((told, whether, by_all)).parse_next(input)
}

/// "who says that …", "what is the source for …", "is there evidence that …".
fn says<'s, 't: 's>(input: &mut Input<'s, 't>) -> Parsed<Sentence<'t>> {
    use WordMeaning as W;
    let source = || (alt((is(W::Which), is(W::What))), is(W::Source)).void();
    alt((
        (alt((is(W::Who), source())), opt(auxiliary), saying, opt(is(W::That)), clause)
            .map(|(_, _, saying, _, clause)| Sentence::Says { saying, clause }),
        (
            opt((alt((is(W::What), is(W::Who), is(W::Which))), be)),
            is(W::Source),
            alt((before(W::To), before(W::Of))),
            opt(is(W::That)),
            clause,
        )
            .map(|(_, _, _, _, clause)| Sentence::Says { saying: Saying::Says, clause }),
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
    ))
    .parse_next(input)
}

/// All sentences that a tagging can be.
pub(super) fn sentences<'t>(tagged: &[Tagged<'t>], extras: &Extras<'t>) -> Vec<Sentence<'t>> {
    let mut found = Vec::new();
    let whole = |parsed: Parsed<Sentence<'t>>, found: &mut Vec<Sentence<'t>>| found.extend(parsed.ok());
    macro_rules! forms {
        ($($form:path),+) => {
            $(whole(terminated($form, eof).parse(tagged).map_err(|_| EmptyError), &mut found);)+
        };
    }
    if extras.in_return {
        use WordMeaning as W;
        let names: Vec<&Name> =
            tagged.iter().filter_map(|it| if let Tag::Name(name) = it.tag { Some(name) } else { None }).collect();
        let rest = tagged.iter().all(|it| match it.tag {
            Tag::Name(_) | Tag::Verb(_) | Tag::Before(..) => true,
            Tag::Meaning(it) => {
                [W::What, W::Be, W::Do, W::Have, W::Reach, W::Thing, W::Pronoun, W::Who, W::And, W::List].contains(it)
            }
            _ => false,
        });
        let asked = tagged.iter().filter(|it| matches!(it.tag, Tag::Meaning(W::What | W::Who | W::Which))).count();
        return if rest && names.len() <= 2 && asked <= 1 { vec![Sentence::Returns(names)] } else { Vec::new() };
    }
    forms!(define, connected, journey, about_the_data, disputes, measures, happened, claims, says);
    if found.is_empty() {
        let tagged: Vec<Tagged<'t>> =
            tagged.iter().copied().filter(|it| *it.tag != Tag::Meaning(WordMeaning::Disputed)).collect();
        let tagged = tagged.as_slice();
        let shown = if matches!(tagged.first().map(|it| it.tag), Some(Tag::Meaning(WordMeaning::List))) {
            tagged.get(1..)
        } else {
            Some(tagged)
        };
        if let Some(Ok(parts)) = shown.map(|it| terminated(clause, eof).parse(it)) {
            found.push(Sentence::Clause(parts));
        }
    }
    found
}

/// Why a question is read no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// It asks for reasons.
    Reason(String),
    /// It asks for what will or should be.
    Modal(String),
    /// Its time is relative to a day that is not given.
    Relative(String),
    /// What should follow these words does not.
    Dangling(String),
    /// It speaks of somebody named before.
    Pronoun(String),
}

/// Takes out what may stand anywhere in a question.
pub(super) fn extras<'t>(tagged: &[Tagged<'t>], today: Option<Date>) -> Result<(Vec<Tagged<'t>>, Extras<'t>), Stop> {
    use WordMeaning as W;
    let mut extras = Extras::default();
    let mut rest: Vec<Tagged<'t>> = Vec::new();
    let mut input: Input<'_, 't> = tagged;
    let time = || any.verify_map(|it: Tagged<'t>| if let Tag::Time(period) = it.tag { Some(*period) } else { None });
    // "before the veto of March 2024" is before March 2024.
    let noun = || any.verify(|it: &Tagged<'t>| matches!(it.tag, Tag::KindNoun(_) | Tag::Name(_))).void();
    let event = || (repeat::<_, _, (), _, _>(0..=2, noun()), opt(before(W::Of)), opt(before(W::In))).void();
    let edge = || opt(is(W::Edge));
    let one_time = || {
        alt((
            preceded((is(W::Before), event(), edge()), time()).verify_map(|it| super::time::before(&it)),
            preceded((is(W::After), event(), edge()), time()).verify_map(|it| super::time::after(&it)),
            preceded((is(W::Since), edge()), time()).verify_map(|it| super::time::since(&it)),
            preceded((is(W::Until), edge()), time()).verify_map(|it| super::time::until(&it)),
            preceded(opt(alt((is(W::During), before(W::In), before(W::From), before(W::Of), before(W::To)))), time()),
        ))
    };
    while !input.is_empty() {
        if let Ok(Some(period)) = opt(preceded(is(W::AsOf), time())).parse_next(&mut input) {
            extras.as_of = Some(period);
        } else if let Ok(Some(period)) = opt(one_time()).parse_next(&mut input) {
            extras.times.push(period);
        } else if let Ok(Some(found)) = opt(preceded(is(W::AccordingTo), names)).parse_next(&mut input) {
            extras.according_to.extend(found);
        } else if let Ok(Some(())) =
            opt(preceded(alt((is(W::Without), is(W::Except))), is(W::Unnamed))).parse_next(&mut input)
        {
            extras.without_unnamed = true;
        } else if let Ok(Some(found)) = opt(preceded(is(W::Without), names)).parse_next(&mut input) {
            extras.without.extend(found);
        } else if let Ok(Some(found)) = opt(preceded(is(W::Except), names)).parse_next(&mut input) {
            extras.except.extend(found);
        } else if let Some((words, count, unit)) = relative(&mut input) {
            let period = today.and_then(|today| super::time::units_before(today, count, unit));
            extras.times.push(period.ok_or(Stop::Relative(words))?);
        } else if let Some((first, after)) = input.split_first() {
            match first.tag {
                Tag::Meaning(W::Article) => {}
                Tag::Meaning(W::Unused) => extras.unused.push(&first.token.typed),
                Tag::Meaning(
                    it @ (W::Corroborated | W::Admitted | W::SingleSource | W::Unnamed | W::Alleged | W::Estimated),
                ) => extras.support.push(*it),
                Tag::Meaning(W::Disputed) => {
                    extras.support.push(W::Disputed);
                    rest.push(*first);
                }
                Tag::Meaning(W::InReturn) => extras.in_return = true,
                Tag::Meaning(W::Total) => extras.total = true,
                Tag::Meaning(W::Modal) => return Err(Stop::Modal(first.token.typed.clone())),
                Tag::Meaning(W::Why) => return Err(Stop::Reason(first.token.typed.clone())),
                // What these begin was not found behind them.
                Tag::Meaning(
                    W::AccordingTo
                    | W::Without
                    | W::Except
                    | W::AsOf
                    | W::Before
                    | W::After
                    | W::Since
                    | W::Until
                    | W::During
                    | W::Edge
                    | W::Last
                    | W::Ago,
                ) => return Err(Stop::Dangling(first.token.typed.clone())),
                _ => rest.push(*first),
            }
            input = after;
        }
    }
    Ok((rest, extras))
}

/// A time relative to the day of reference: its words, how many units it lies before that day, and the unit.
fn relative(input: &mut Input<'_, '_>) -> Option<(String, i64, Unit)> {
    use WordMeaning as W;
    let word = |at: usize| input.get(at).map(|it| it.token);
    let means = |at: usize, wanted: W| input.get(at).is_some_and(|it| *it.tag == Tag::Meaning(wanted));
    let unit = |at: usize| word(at).and_then(|it| Unit::of_word(it.form.rsplit(' ').next().unwrap_or_default()));
    let (used, count, unit) = if means(0, W::Today) {
        (1, 0, Unit::Day)
    } else if means(0, W::Yesterday) {
        (1, 1, Unit::Day)
    } else if let (true, Some(unit)) = (means(0, W::Last), unit(1)) {
        (2, 1, unit)
    } else if let (true, Some(unit)) = (means(0, W::Current), unit(1)) {
        (2, 0, unit)
    } else if let (true, Some(unit)) = (means(1, W::Ago), unit(0)) {
        (2, count(word(0)?), unit)
    } else if let (true, Some(unit)) = (means(2, W::Ago), unit(1)) {
        (3, count(word(0)?), unit)
    } else {
        return None;
    };
    let words: Vec<&str> = input.iter().take(used).map(|it| it.token.typed.as_str()).collect();
    *input = input.get(used..)?;
    Some((words.join(" "), count, unit))
}

/// The number that a token begins with; none is one: "a week ago".
fn count(token: &Token) -> i64 {
    const WORDS: [&str; 11] = ["a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let first = token.form.split(' ').next().unwrap_or_default();
    let word = WORDS.iter().position(|it| *it == first).and_then(|it| i64::try_from(it.max(1)).ok());
    first.parse().ok().or(word).unwrap_or(1)
}
