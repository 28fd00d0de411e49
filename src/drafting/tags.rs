//! What each stretch of words is: a name, a figure, a time, a word of the vocabulary.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::sentence::{Gap, Sentence};
use super::when::{When, time_at};
use crate::graph::{GraphView, NameRank};
use crate::model::{EntityIx, EntityKind, Quantity, UnitIx, normal_form};
use crate::query::{Lexicon, Sense};

/// Most words of a name.
const LONGEST_NAME: usize = 8;

/// Most words of a figure.
const LONGEST_FIGURE: usize = 8;

/// Endings of names of bodies: with a capital behind the name of a country they make it the name of another body.
const BODIES: [&str; 26] = [
    "agency",
    "army",
    "association",
    "bank",
    "brigade",
    "bureau",
    "company",
    "corporation",
    "council",
    "exchange",
    "fleet",
    "front",
    "group",
    "holding",
    "industries",
    "institute",
    "line",
    "lines",
    "ltd",
    "ministry",
    "navy",
    "office",
    "shipping",
    "trading",
    "university",
    "works",
];

/// Who or what a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whom {
    /// An entity of the graph.
    Known(EntityIx),
    /// A name that the graph does not hold, with the kind that it probably is.
    New(String, EntityKind),
}

/// A name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) whom: Whom,
    pub(super) kind: EntityKind,
    /// "North Korean": it says whose somebody or something is.
    pub(super) demonym: bool,
    /// "Moscow": the government that the place stands for.
    pub(super) metonym: bool,
}

/// What a token is, besides the senses of its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Name(Named),
    /// A figure in the words of the source.
    Figure(String),
    Time(When),
    Word,
}

/// A stretch of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) first: usize,
    pub(super) after: usize,
    pub(super) tag: Tag,
    pub(super) senses: Vec<Sense>,
}

impl Token {
    pub(super) fn means(&self, meaning: crate::model::WordMeaning) -> bool {
        self.senses.contains(&Sense::Meaning(meaning))
    }
}

/// Tags the sentences of one article.
pub(super) struct Tagger<'g, G> {
    pub(super) graph: &'g G,
    pub(super) lexicon: Lexicon,
    today: Option<Date>,
    /// Words with a capital that stand within a sentence: names, wherever else they stand.
    proper: BTreeSet<String>,
    /// Whether a name begins with this word.
    begins: RefCell<HashMap<String, bool>>,
    countries: BTreeMap<String, String>,
    /// Words with which a figure may begin, besides numbers.
    openings: BTreeSet<String>,
}

impl<'g, G: GraphView> Tagger<'g, G> {
    pub(super) fn new(graph: &'g G, today: Option<Date>, sentences: &[Sentence<'_>]) -> Self {
        let mut proper = BTreeSet::new();
        for sentence in sentences {
            // A line all in capitals tells nothing.
            if sentence.words.iter().filter(|it| it.capital).count() * 3 > sentence.words.len() * 2 {
                continue;
            }
            for word in sentence.words.iter().skip(1).filter(|it| it.capital && !it.quoted) {
                proper.insert(word.form.clone());
            }
        }
        let countries = graph.vocabulary().strangers.iter().map(|it| (normal_form(it), it.to_string())).collect();
        let lexicon = Lexicon::new(graph.vocabulary());
        let hedges = graph.vocabulary().terms.hedges().iter().flat_map(|it| &it.words);
        let first = |it: &str| normal_form(it.split(' ').next().unwrap_or_default());
        let openings =
            hedges.map(|it| first(it)).chain(["between", "from", "a", "an", "half"].map(str::to_owned)).collect();
        Tagger { graph, lexicon, today, proper, begins: RefCell::default(), countries, openings }
    }

    /// The tokens of a sentence, from left to right, the longest at each place.
    pub(super) fn tokens(&self, sentence: &Sentence<'_>) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut at = 0;
        while at < sentence.words.len() {
            let token = self.token(sentence, at);
            at = token.after.max(at + 1);
            tokens.push(token);
        }
        tokens
    }

    fn token(&self, sentence: &Sentence<'_>, first: usize) -> Token {
        if let Some((when, after)) = time_at(sentence, first, self.today) {
            return Token { first, after, tag: Tag::Time(when), senses: Vec::new() };
        }
        if let Some((text, after)) = self.figure(sentence, first) {
            return Token { first, after, tag: Tag::Figure(text), senses: Vec::new() };
        }
        let (senses, words_after) = self.senses(sentence, first);
        let name = self.name(sentence, first);
        let capital = sentence.words.get(first).is_some_and(|it| it.capital);
        match name {
            Some((named, after))
                if after > words_after || after == words_after && (capital || named.kind.is_class()) =>
            {
                let senses = if after == words_after { senses } else { Vec::new() };
                Token { first, after, tag: Tag::Name(named), senses }
            }
            _ => {
                match self.unknown_name(sentence, first).filter(|(_, after)| *after > words_after || senses.is_empty())
                {
                    Some((named, after)) => Token { first, after, tag: Tag::Name(named), senses: Vec::new() },
                    None => Token { first, after: words_after.max(first + 1), tag: Tag::Word, senses },
                }
            }
        }
    }

    /// How many words on nothing parts the words.
    fn reach(&self, sentence: &Sentence<'_>, first: usize, most: usize) -> usize {
        let end = (first + most).min(sentence.words.len());
        (first + 1..end).find(|at| sentence.gap(*at) != Gap::None).unwrap_or(end)
    }

    /// The longest phrase of the vocabulary.
    fn senses(&self, sentence: &Sentence<'_>, first: usize) -> (Vec<Sense>, usize) {
        for after in (first + 1..=self.reach(sentence, first, self.lexicon.longest)).rev() {
            let form = sentence.joined(first, after);
            let senses = self.lexicon.senses(&form);
            if !senses.is_empty() {
                return (senses.to_vec(), after);
            }
        }
        (Vec::new(), first + 1)
    }

    fn figure(&self, sentence: &Sentence<'_>, first: usize) -> Option<(String, usize)> {
        let reach = (first + LONGEST_FIGURE).min(sentence.words.len());
        let terms = &self.graph.vocabulary().terms;
        let is_number = |at: usize| {
            sentence.slice(at, at + 1).bytes().any(|it| it.is_ascii_digit()) || is_number_word(sentence.form(at))
        };
        let opens = is_number(first) || self.openings.contains(sentence.form(first));
        if !opens || !(first..reach.min(first + 5)).any(is_number) {
            return None;
        }
        for after in (first + 1..=reach).rev() {
            // A comma inside a number is part of its word.
            if (first + 1..after).any(|it| sentence.gap(it) != Gap::None) {
                continue;
            }
            let text = sentence.slice(first, after);
            if !(first..after).any(is_number) || Quantity::parse(text, terms, UnitIx(0)).is_err() {
                continue;
            }
            // "one" is mostly a pronoun, and an ordinal counts nothing.
            if after == first + 1 && matches!(sentence.form(first), "one" | "minimum" | "maximum") {
                return None;
            }
            let text = text.strip_suffix(" of").unwrap_or(text);
            return Some((text.to_owned(), after));
        }
        None
    }

    /// The longest name of the graph, or the name of a country.
    fn name(&self, sentence: &Sentence<'_>, first: usize) -> Option<(Named, usize)> {
        let word = sentence.words.get(first)?;
        if !self.begins(&word.form) {
            return None;
        }
        for after in (first + 1..=self.reach(sentence, first, LONGEST_NAME)).rev() {
            // A possessive ends a name, or stands within one that has it.
            let text = sentence.slice(first, after);
            if let Some(named) =
                self.known(sentence, text, first, after).or_else(|| self.country(sentence, first, after))
            {
                return Some((named, after));
            }
        }
        None
    }

    /// Whether any name begins with this word.
    fn begins(&self, form: &str) -> bool {
        if let Some(known) = self.begins.borrow().get(form) {
            return *known;
        }
        let found = !self.graph.name_index().beginning_with(form, 1).is_empty()
            || self.countries.keys().any(|it| it.starts_with(form))
            || self.derived(form).is_some();
        self.begins.borrow_mut().insert(form.to_owned(), found);
        found
    }

    fn known(&self, sentence: &Sentence<'_>, text: &str, first: usize, after: usize) -> Option<Named> {
        let mut nodes = self.graph.name_index().matches(text);
        if nodes.is_empty() && text.contains('.') {
            nodes = self.graph.name_index().matches(&text.replace('.', ""));
        }
        let word = sentence.words.get(first)?;
        let in_capitals = !text.chars().any(char::is_lowercase);
        let shouts = sentence.words.iter().filter(|it| it.capital).count() * 3 > sentence.words.len() * 2;
        let is_small =
            after == first + 1 && self.lexicon.senses(&word.form).iter().any(|it| matches!(it, Sense::Meaning(_)));
        // "it" is no code of Italy, and "us" is nobody.
        nodes.retain(|(_, rank)| *rank != NameRank::Code || in_capitals && !shouts && !is_small && text.len() > 2);
        let kind_of = |node: u32| self.graph.entity(EntityIx(node)).kind;
        // "It" is no work in IT.
        if is_small && !in_capitals {
            nodes.retain(|(node, _)| word.capital && !kind_of(*node).is_class());
        }
        // Short names of somebody are in capitals; short names of things, such as "oil", are not.
        if text.chars().count() <= 3 && (!in_capitals || shouts) {
            nodes.retain(|(node, _)| kind_of(*node).is_class());
        }
        // A proper name has a capital; a document is told by its title alone, which nobody cites in a sentence.
        nodes.retain(|(node, _)| (word.capital || kind_of(*node).is_class()) && kind_of(*node) != EntityKind::Document);
        let best = nodes.iter().map(|(_, rank)| *rank).min()?;
        let mut leading = nodes.iter().filter(|(_, rank)| *rank == best).map(|(node, _)| EntityIx(*node));
        let (Some(entity), None) = (leading.next(), leading.next()) else { return None };
        let demonym = best == NameRank::Demonym;
        Some(Named { whom: Whom::Known(entity), kind: kind_of(entity.0), demonym, metonym: best == NameRank::Metonym })
    }

    /// A country that the graph does not hold, by its name or by the usual endings of what is made of it.
    fn country(&self, sentence: &Sentence<'_>, first: usize, after: usize) -> Option<Named> {
        if !sentence.words.get(first)?.capital {
            return None;
        }
        let form = sentence.joined(first, after);
        let form = form.strip_prefix("the ").unwrap_or(&form);
        let named = |name: &str, demonym| {
            let name = name.to_owned();
            Named { whom: Whom::New(name, EntityKind::Country), kind: EntityKind::Country, demonym, metonym: false }
        };
        if let Some(name) = self.countries.get(form) {
            return Some(named(name, false));
        }
        self.derived(form).map(|it| named(it, true))
    }

    /// The country of "Iranian", "Turkish", "Chinese": the one whose name has the same stem.
    fn derived(&self, form: &str) -> Option<&str> {
        if form.contains(' ') || form.len() < 5 {
            return None;
        }
        let stems = ["ians", "ian", "ans", "an", "ns", "n", "ese", "ish", "is", "i"]
            .iter()
            .filter_map(|it| form.strip_suffix(it));
        for stem in stems.filter(|it| it.len() >= 4) {
            let mut fitting: Vec<&String> = ["", "a", "ia", "y", "ey"]
                .iter()
                .filter_map(|ending| self.countries.get(&format!("{stem}{ending}")))
                .collect();
            fitting.sort();
            if let [country] = fitting.as_slice() {
                return Some(country);
            }
        }
        None
    }

    /// Words with capitals that are nothing known: the name of somebody new.
    fn unknown_name(&self, sentence: &Sentence<'_>, first: usize) -> Option<(Named, usize)> {
        let is_capital = |at: usize| sentence.words.get(at).is_some_and(|it| it.capital);
        let word = sentence.words.get(first)?;
        let is_small =
            |at: usize| self.lexicon.senses(sentence.form(at)).iter().any(|it| matches!(it, Sense::Meaning(_)));
        if !word.capital || word.form.chars().count() < 2 || is_small(first) {
            return None;
        }
        let mut after = first + 1;
        while after < first + LONGEST_NAME && is_capital(after) && sentence.gap(after) == Gap::None
            && !sentence.words.get(after - 1).is_some_and(|it| it.possessive)
            && !is_month_or_day(sentence.form(after))
            // "President Andrzej Duda": a title before a name that is known.
            && self.name(sentence, after).is_none_or(|(named, _)| named.kind != EntityKind::Person)
        {
            after += 1;
        }
        if is_month_or_day(&word.form) {
            return None;
        }
        // The first word of a sentence has its capital anyway.
        let opens = first == 0;
        if opens && after == first + 1 && !self.proper.contains(&word.form) {
            return None;
        }
        if opens
            && after > first + 1
            && !self.lexicon.senses(&word.form).is_empty()
            && !self.proper.contains(&word.form)
        {
            return None;
        }
        let name = sentence.slice(first, after).to_owned();
        let last = sentence.form(after - 1);
        let kind = if (2..=3).contains(&(after - first))
            && !BODIES.contains(&last)
            && !name.chars().any(|it| it.is_ascii_digit())
            && !name.chars().all(|it| !it.is_lowercase())
        {
            // Two or three words with capitals are as often a person; what the role accepts decides.
            EntityKind::Person
        } else {
            EntityKind::Organization
        };
        let kind = if BODIES.contains(&last) { EntityKind::Organization } else { kind };
        Some((Named { whom: Whom::New(name, kind), kind, demonym: false, metonym: false }, after))
    }

    /// Whether the name of a body goes on behind the name of a country: "Belarus Steel Works".
    pub(super) fn is_body(&self, form: &str) -> bool {
        BODIES.contains(&form)
    }
}

fn is_month_or_day(form: &str) -> bool {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.contains(&form) || crate::model::period::MONTHS.iter().any(|it| it.to_lowercase() == form)
}

fn is_number_word(form: &str) -> bool {
    const WORDS: [&str; 26] = [
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fifteen",
        "sixteen",
        "eighteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "dozen",
        "dozens",
        "hundred",
        "hundreds",
        "thousands",
        "million",
    ];
    WORDS.contains(&form) || matches!(form, "thousand" | "billion" | "one")
}
