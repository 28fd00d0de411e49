//! The grammar: which orders of words make a question.
//!
//! What may stand anywhere (times, whose word counts, what is left out) is taken out first (`extras`); what remains is one of a
//! few fixed sentences (`forms`), or a clause of parts (`phrases`), whose roles are found afterwards by their kinds.

mod extras;
mod forms;
mod phrases;

pub(super) use extras::{Stop, extras};
pub(super) use phrases::is_anybody;

use winnow::Parser;
use winnow::combinator::{eof, terminated};
use winnow::error::EmptyError;

use super::link::{Name, Tag, Token};
use crate::model::{FlowEnd, KindIx, Outcome, Period, RoleIx, UnitIx, WordMeaning};
use crate::query::question::TotalBy;
use forms::{about_the_data, claims, connected, define, disputes, happened, journey, measures, says, who_is};
use phrases::clause;

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
        /// None for a verb that says only what its noun says.
        senses: Vec<(KindIx, FlowEnd)>,
        form: &'t str,
        /// Whether several are joined: "killed and wounded".
        several: bool,
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
    /// "show a10", "who says a10".
    Fact {
        id: &'t str,
        support: bool,
    },
    /// "who is the president of Poland": whoever holds an office, or somebody to be told about.
    WhoIs(&'t Name),
    /// "is Japan in the MSMT", "who is in the MSMT".
    Within(Option<&'t Name>, &'t Name),
    /// "is Zelenskyy the president of Ukraine".
    Holds(&'t Name, &'t Name),
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
    Happened(Option<Head<'t>>),
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
    /// "which weapons did the MSMT say North Korea supplied".
    SaidBy {
        by: Vec<&'t Name>,
        saying: Saying,
        clause: Vec<Part<'t>>,
    },
    /// "who admitted what".
    Stance(Saying),
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
    pub(super) outcomes: Vec<Outcome>,
    /// Before whom a path must not pass.
    pub(super) avoid: Vec<&'t Name>,
    /// What sums are told apart by.
    pub(super) by: Option<TotalBy>,
    pub(super) in_return: bool,
    pub(super) total: bool,
    pub(super) unused: Vec<&'t str>,
}

type Input<'s, 't> = &'s [Tagged<'t>];
type Parsed<T> = Result<T, EmptyError>;

/// The parts of a clause that states something.
pub(super) fn statement<'t>(tagged: &[Tagged<'t>]) -> Option<Vec<Part<'t>>> {
    terminated(clause, eof).parse(tagged).ok()
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
                [W::What, W::Be, W::Do, W::Have, W::Reach, W::Thing, W::Pronoun, W::Who, W::And, W::List, W::Between]
                    .contains(it)
            }
            _ => false,
        });
        let asked = tagged.iter().filter(|it| matches!(it.tag, Tag::Meaning(W::What | W::Who | W::Which))).count();
        // "and in return?" speaks of something said before.
        let is_whole = asked == 1 || !names.is_empty();
        return if rest && is_whole && names.len() <= 3 && asked <= 1 {
            vec![Sentence::Returns(names)]
        } else {
            Vec::new()
        };
    }
    forms!(define, who_is, connected, journey, about_the_data, disputes, measures, happened, claims, says);
    if found.is_empty() {
        // What stands here is asked, whether or not somebody says "in the data".
        let says_nothing = |it: &Tagged<'t>| matches!(it.tag, Tag::Meaning(WordMeaning::Disputed | WordMeaning::Data));
        let (first, later) = tagged.split_at(tagged.len().min(1));
        let later = later.iter().filter(|it| !says_nothing(it));
        let first = first.iter().filter(|it| *it.tag != Tag::Meaning(WordMeaning::Disputed));
        let tagged: Vec<Tagged<'t>> = first.chain(later).copied().collect();
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
