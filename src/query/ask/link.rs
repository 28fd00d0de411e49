//! From the words of a question to names of the graph and phrases of the vocabulary: every way to read each stretch of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::lexer::Word;
use super::lexicon::{Lexicon, Sense};
use crate::graph::{GraphView, NameRank};
use crate::model::period::PeriodErrorKind;
use crate::model::quantity::Quantity;
use crate::model::{EntityIx, EntityKind, FlowEnd, KindIx, NameKind, Period, RoleIx, UnitIx, WordMeaning, normal_form};

/// Most words of a name.
const LONGEST_NAME: usize = 10;

/// Most words that are nothing known exactly and are taken for misspelt ones. With more of them a text is no question in English, and what is near
/// to each would not help.
const MOST_MISSPELT: usize = 12;

/// Most ways to cut a question into stretches that are tried.
const MOST_CUTS: usize = 24;

/// A name: whom it may stand for, and how it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// As typed.
    pub(super) typed: String,
    /// Nodes that it may stand for, each with its rank.
    pub(super) nodes: Vec<(u32, NameRank)>,
    /// Whether it qualifies what follows: "North Korean", "Russia's".
    pub(super) qualifies: bool,
    /// Whether it is a class of things, which may stand before another noun: "artillery shells".
    pub(super) is_thing: bool,
}

/// What a stretch may be.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tag {
    /// A small word.
    Meaning(WordMeaning),
    /// A word before a participant: its general meaning, and the roles for which kinds declare it.
    Before(Option<WordMeaning>, Vec<(KindIx, RoleIx)>),
    /// A verb, with the ends that its subject may be.
    Verb(Vec<(KindIx, FlowEnd)>),
    /// A noun for facts of kinds.
    KindNoun(Vec<KindIx>),
    /// A noun for whoever fills roles.
    RoleNoun(Vec<(KindIx, RoleIx)>),
    /// A unit.
    Unit(UnitIx),
    /// A name.
    Name(Name),
    /// The id of a fact or of a record.
    Fact(String),
    /// A time, with the words before it.
    Time(Period),
    /// A figure.
    Figure(String),
}

/// A stretch of words with all that it may be, the likeliest first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Positions of its words.
    pub(super) first: usize,
    pub(super) after: usize,
    /// As typed.
    pub(super) typed: String,
    /// Its normal form, corrected.
    pub(super) form: String,
    pub(super) tags: Vec<Tag>,
    pub(super) after_break: bool,
}

/// A word that was read as another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Correction {
    pub(super) typed: String,
    pub(super) read: String,
}

/// A question as words with all that they may be.
pub(super) struct Linked {
    /// By first word: tokens, the longest first.
    edges: Vec<Vec<Token>>,
    /// Words that are nothing that is known.
    pub(super) unknown: Vec<String>,
    /// What is wrong with a time that the calendar does not have.
    pub(super) bad_time: Option<String>,
    pub(super) corrections: Vec<Correction>,
}

/// Small words that may stand before a participant.
const BEFORE: [WordMeaning; 7] = [
    WordMeaning::To,
    WordMeaning::In,
    WordMeaning::From,
    WordMeaning::By,
    WordMeaning::Of,
    WordMeaning::With,
    WordMeaning::About,
];

/// Links the words of a question. Once a misspelt word of the vocabulary is read as the one that was meant, all are linked again, since
/// phrases may begin with it.
pub(super) fn link<G: GraphView>(graph: &G, lexicon: &Lexicon, text: &str, words: &[Word]) -> Linked {
    let shouts = !text.chars().any(char::is_lowercase);
    let mut words = words.to_vec();
    let mut corrections = Vec::new();
    let mut closest = BTreeMap::new();
    loop {
        let linker = Linker { graph, lexicon, text, words: &words, shouts, closest: RefCell::new(closest) };
        match linker.link() {
            Ok((edges, unknown, bad_time)) => return Linked { edges, unknown, bad_time, corrections },
            Err((at, read)) => {
                closest = linker.closest.take();
                let typed = linker.raw(at, at + 1).to_owned();
                corrections.push(Correction { typed, read: read.clone() });
                if let Some(word) = words.get_mut(at) {
                    word.form = read;
                }
            }
        }
    }
}

/// What links give: tokens by first word, words that are unknown, a time that there is not.
type Links = (Vec<Vec<Token>>, Vec<String>, Option<String>);

/// A misspelt word by its position, and the word that was meant.
type Meant = (usize, String);

struct Linker<'l, G> {
    graph: &'l G,
    lexicon: &'l Lexicon,
    text: &'l str,
    words: &'l [Word],
    /// Whether all letters are capitals, so that they tell nothing.
    shouts: bool,
    /// Misspelt names that were looked for, by what was typed.
    closest: RefCell<BTreeMap<String, Option<Closest>>>,
}

/// The least distance of names, and whom they may stand for.
type Closest = (usize, Vec<(u32, NameRank)>);

impl<G: GraphView> Linker<'_, G> {
    /// # Errors
    ///
    /// A word that is to be read as another.
    fn link(&self) -> Result<Links, Meant> {
        let words = self.words;
        let mut edges: Vec<Vec<Token>> = (0..words.len()).map(|at| self.edges(at)).collect();
        let mut covered = vec![false; words.len()];
        for token in edges.iter().flatten() {
            covered.iter_mut().take(token.after).skip(token.first).for_each(|it| *it = true);
        }
        let mut unknown = Vec::new();
        let mut at = 0;
        let strange = || covered.iter().enumerate().filter(|(_, it)| !**it).map(|(at, _)| at);
        if strange().count() > MOST_MISSPELT {
            unknown.extend(strange().map(|it| self.raw(it, it + 1).to_owned()));
            at = words.len();
        }
        while at < words.len() {
            if covered.get(at) == Some(&true) {
                at += 1;
                continue;
            }
            let after = covered.iter().skip(at).position(|it| *it).map_or(words.len(), |it| at + it);
            self.unknown_run(at, after, &covered, &mut edges, &mut unknown)?;
            // What a misspelt name takes in is no longer unknown. It may begin with the words before.
            for token in edges.iter().take(after).skip(at.saturating_sub(2)).flatten() {
                covered.iter_mut().take(token.after).skip(token.first).for_each(|it| *it = true);
            }
            at = after;
        }
        for tokens in &mut edges {
            tokens.sort_by_key(|it| std::cmp::Reverse(it.after));
        }
        Ok((edges, unknown, self.bad_time()))
    }

    /// What is wrong with a time that the calendar does not have: "31 February 2025".
    fn bad_time(&self) -> Option<String> {
        let stretches =
            (0..self.words.len()).flat_map(|first| (first + 1..=self.time_reach(first)).map(move |it| (first, it)));
        let mut errors = stretches.filter_map(|(first, after)| Period::parse(self.raw(first, after)).err());
        errors
            .find(|it| matches!(it.kind, PeriodErrorKind::NoSuchDay { .. } | PeriodErrorKind::NoSuchMonth { .. }))
            .map(|it| it.to_string())
    }

    fn raw(&self, first: usize, after: usize) -> &str {
        let start = self.words.get(first).map_or(0, |it| it.at.start);
        let end = after.checked_sub(1).and_then(|it| self.words.get(it)).map_or(0, |it| it.at.end);
        self.text.get(start..end).unwrap_or_default()
    }

    fn joined(&self, first: usize, after: usize) -> String {
        let forms: Vec<&str> = self.words.iter().take(after).skip(first).map(|it| it.form.as_str()).collect();
        forms.join(" ")
    }

    /// Where the stretch of words from one on ends at the latest: before the next comma, or at the end of a quotation.
    fn reach(&self, first: usize, most: usize) -> usize {
        let later = self.words.iter().enumerate().skip(first + 1).take(most.saturating_sub(1));
        let quotation = self.words.get(first).and_then(|it| it.quotation);
        let stop = later.into_iter().find(|(_, it)| it.after_break || it.quotation != quotation);
        stop.map_or((first + most).min(self.words.len()), |(at, _)| at)
    }

    /// Tokens that begin with a word.
    fn edges(&self, first: usize) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::new();
        let quoted = self.words.get(first).is_some_and(|it| it.quotation.is_some());
        for after in first + 1..=self.reach(first, self.lexicon.longest) {
            // What stands in quotation marks is a name.
            if quoted {
                break;
            }
            let form = self.joined(first, after);
            let form = if form == "the" { form } else { form.strip_prefix("the ").map(str::to_owned).unwrap_or(form) };
            let tags = tags_of(self.lexicon.senses(&form));
            self.put(first, after, form, tags, &mut tokens);
        }
        for after in first + 1..=self.reach(first, LONGEST_NAME) {
            if let Some(name) = self.name(first, after) {
                self.put(first, after, self.joined(first, after), vec![Tag::Name(name)], &mut tokens);
            }
        }
        if let Some((id, after)) = self.fact(first) {
            self.put(first, after, self.joined(first, after), vec![Tag::Fact(id)], &mut tokens);
        }
        for after in first + 1..=self.time_reach(first) {
            let has_digit =
                |it: &Word| self.text.get(it.at.clone()).is_some_and(|it| it.bytes().any(|b| b.is_ascii_digit()));
            if self.words.iter().take(after).skip(first).any(has_digit)
                && let Ok(period) = Period::parse(self.raw(first, after))
            {
                self.put(first, after, self.joined(first, after), vec![Tag::Time(period)], &mut tokens);
            }
        }
        for after in first + 1..=self.reach(first, 6) {
            if self.holds_number(first, after)
                && Quantity::parse(self.raw(first, after), &self.graph.vocabulary().terms, UnitIx(0)).is_ok()
            {
                let figure = Tag::Figure(self.raw(first, after).to_owned());
                self.put(first, after, self.joined(first, after), vec![figure], &mut tokens);
            }
        }
        tokens
    }

    /// A time may hold a comma: "June 28, 2025".
    fn time_reach(&self, first: usize) -> usize {
        (first + 9).min(self.words.len())
    }

    /// Whether a figure stands there: a number in digits, or a number word that is no small word besides.
    fn holds_number(&self, first: usize, after: usize) -> bool {
        const NUMBERS: [&str; 17] = [
            "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "dozen",
            "dozens", "hundred", "thousand", "million", "billion",
        ];
        self.words.iter().take(after).skip(first).any(|it| {
            let raw = self.text.get(it.at.clone()).unwrap_or_default().trim_start_matches(['$', '€', '£']);
            raw.starts_with(|c: char| c.is_ascii_digit()) && !raw.ends_with("th") || NUMBERS.contains(&it.form.as_str())
        })
    }

    fn put(&self, first: usize, after: usize, form: String, tags: Vec<Tag>, tokens: &mut Vec<Token>) {
        if tags.is_empty() {
            return;
        }
        match tokens.iter_mut().find(|it| it.after == after) {
            Some(token) => token.tags.extend(tags),
            None => {
                let after_break = self.words.get(first).is_some_and(|it| it.after_break);
                let typed = self.raw(first, after).to_owned();
                tokens.push(Token { first, after, typed, form, tags, after_break });
            }
        }
    }

    /// The id of a fact or of a record that begins with a word, "a6/artillery", and the word after it.
    fn fact(&self, first: usize) -> Option<(String, usize)> {
        let start = self.words.get(first)?.at.start;
        let rest = self.text.get(start..)?;
        let ends = |it: char| it.is_whitespace() || matches!(it, '?' | '!' | ',' | ';' | '"' | '”');
        let id = rest.split(ends).next()?.trim_end_matches('.');
        let is_fact = self.graph.fact_by_id(id).is_some() || self.graph.record_by_id(id).is_some();
        let after = self.words.iter().skip(first).take_while(|it| it.at.end <= start + id.len()).count();
        (is_fact && after > 0).then(|| (id.to_owned(), first + after))
    }

    /// The name that a stretch is, exactly.
    fn name(&self, first: usize, after: usize) -> Option<Name> {
        let raw = self.raw(first, after);
        let mut nodes = self.graph.name_index().matches(raw);
        if nodes.is_empty() && raw.contains('.') {
            // "M.S.M.T."
            nodes = self.graph.name_index().matches(&raw.replace('.', ""));
        }
        if after == first + 1 {
            // "it" is no code of Italy, and "us" means the United States in capitals alone.
            let is_small_word =
                self.lexicon.senses(&self.joined(first, after)).iter().any(|it| matches!(it, Sense::Meaning(_)));
            let in_capitals = !(raw.chars().any(char::is_lowercase) || (self.shouts && is_small_word));
            nodes.retain(|(_, rank)| in_capitals || raw.chars().count() > 3 || *rank != NameRank::Code);
            if is_small_word && !in_capitals && raw.chars().count() <= 3 {
                nodes.clear();
            }
        }
        self.named(first, after, nodes)
    }

    fn named(&self, first: usize, after: usize, nodes: Vec<(u32, NameRank)>) -> Option<Name> {
        let best = nodes.iter().map(|(_, rank)| *rank).min()?;
        let possessive = after.checked_sub(1).and_then(|it| self.words.get(it)).is_some_and(|it| it.possessive);
        let is_demonym = || {
            let form = self.joined(first, after);
            let mut nodes = nodes.iter().flat_map(|(node, _)| self.graph.names(EntityIx(*node)));
            nodes.any(|it| it.kind == NameKind::Demonym && strsim::osa_distance(&normal_form(it.text), &form) <= 1)
        };
        let qualifies = possessive || best == NameRank::Demonym || (best == NameRank::Typo && is_demonym());
        let is_thing = nodes
            .iter()
            .filter(|(_, rank)| *rank == best)
            .all(|(node, _)| self.graph.entity(EntityIx(*node)).kind == EntityKind::Materiel);
        Some(Name { typed: self.raw(first, after).to_owned(), nodes, qualifies, is_thing })
    }

    /// Words that are nothing exactly: a name in another order of its words, a word of the vocabulary or a name misspelt.
    fn unknown_run(
        &self,
        first: usize,
        after: usize,
        covered: &[bool],
        edges: &mut [Vec<Token>],
        unknown: &mut Vec<String>,
    ) -> Result<(), Meant> {
        let add = |first: usize, token: Token, edges: &mut [Vec<Token>]| {
            if let Some(tokens) = edges.get_mut(first) {
                tokens.push(token);
            }
            Ok(())
        };
        // With the neighbours, which may belong to the name: "Vladimr Putin", "18th sanctions pakage".
        let may_belong = |at: usize| {
            covered.get(at) == Some(&false)
                || edges.get(at).is_some_and(|it| {
                    it.iter().any(|it| {
                        it.after == at + 1
                            && it.tags.iter().any(|it| matches!(it, Tag::Name(_) | Tag::KindNoun(_) | Tag::RoleNoun(_)))
                    })
                })
        };
        let is_before = |at: usize| {
            let is_before = |it: &Token| it.after == at + 1 && it.tags.iter().any(|it| matches!(it, Tag::Before(..)));
            edges.get(at).is_some_and(|it| it.iter().any(is_before))
        };
        let wide_first = match first {
            // "order of librety", where an order is a fact too.
            2.. if is_before(first - 1)
                && may_belong(first - 2)
                && !self.breaks_at(first)
                && !self.breaks_at(first - 1) =>
            {
                first - 2
            }
            1.. if may_belong(first - 1) && !self.breaks_at(first) => first - 1,
            _ => first,
        };
        // "ordr of librety"
        let is_joint = |at: usize| covered.get(at + 1) == Some(&false) && is_before(at);
        let mut wide_after = after;
        while wide_after < self.words.len() && wide_after - first < 4 && !self.breaks_at(wide_after) {
            match (may_belong(wide_after), is_joint(wide_after)) {
                (true, _) => wide_after += 1,
                (_, true) => wide_after += 2,
                _ => break,
            }
        }
        let mut stretches: Vec<(usize, usize)> = Vec::new();
        for to in (after..=wide_after).rev() {
            stretches.extend([(wide_first, to), (first, to)]);
        }
        stretches.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
        stretches.dedup();
        for (from, to) in stretches.iter().copied() {
            if (from, to) != (first, after) || to - from > 1 {
                for order in orders(from, to) {
                    let words: Vec<&str> =
                        order.iter().filter_map(|it| self.words.get(*it)).map(|it| it.form.as_str()).collect();
                    let nodes = self.graph.name_index().matches(&words.join(" "));
                    if let Some(name) = self.named(from, to, nodes) {
                        return add(from, self.token(from, to, Tag::Name(name)), edges);
                    }
                }
            }
        }
        // A word of a question or a verb.
        if after == first + 1
            && let Some(word) = self.words.get(first).filter(|it| it.quotation.is_none())
            && !self.is_stranger(&word.form)
            && let Some(read) = self.lexicon.corrected(&word.form, first == 0)
            && self
                .closest_name(first, after)
                .is_none_or(|(distance, _)| distance > strsim::osa_distance(&word.form, read))
        {
            return Err((first, read.to_owned()));
        }
        for (from, to) in stretches.iter().copied() {
            if let Some((_, nodes)) = self.closest_name(from, to)
                && let Some(name) = self.named(from, to, nodes)
            {
                return add(from, self.token(from, to, Tag::Name(name)), edges);
            }
        }
        // A longer run may be several names, or begin or end with a word that is none.
        if after - first > 1 {
            for at in first..after {
                self.unknown_run(at, at + 1, covered, edges, unknown)?;
            }
            return Ok(());
        }
        unknown.push(self.raw(first, after).to_owned());
        Ok(())
    }

    fn breaks_at(&self, at: usize) -> bool {
        self.words.get(at).is_none_or(|it| it.after_break)
    }

    fn token(&self, first: usize, after: usize, tag: Tag) -> Token {
        Token {
            first,
            after,
            typed: self.raw(first, after).to_owned(),
            form: self.joined(first, after),
            tags: vec![tag],
            after_break: self.breaks_at(first),
        }
    }

    /// The least distance of a misspelt name, and whom it may stand for.
    fn closest_name(&self, first: usize, after: usize) -> Option<Closest> {
        let form = self.joined(first, after);
        if self.is_stranger(&form) || after - first > 5 {
            return None;
        }
        let known = self.closest.borrow().get(&form).cloned();
        known.unwrap_or_else(|| {
            let closest = self.graph.name_index().closest(&form);
            self.closest.borrow_mut().insert(form, closest.clone());
            closest
        })
    }

    /// Whether a text is a name of its own that nobody has misspelt.
    fn is_stranger(&self, form: &str) -> bool {
        self.graph.vocabulary().strangers.iter().any(|it| normal_form(it) == form)
    }
}

/// All orders of a few words but the one they stand in.
fn orders(first: usize, after: usize) -> Vec<Vec<usize>> {
    match (first..after).collect::<Vec<_>>().as_slice() {
        [a, b] => vec![vec![*b, *a]],
        [a, b, c] => vec![vec![*c, *a, *b], vec![*b, *c, *a], vec![*a, *c, *b], vec![*b, *a, *c], vec![*c, *b, *a]],
        _ => Vec::new(),
    }
}

/// What senses make of a stretch, each sort once.
fn tags_of(senses: &[Sense]) -> Vec<Tag> {
    let mut tags = Vec::new();
    let meanings: Vec<WordMeaning> =
        senses.iter().filter_map(|it| if let Sense::Meaning(it) = it { Some(*it) } else { None }).collect();
    let roles: Vec<_> = senses
        .iter()
        .filter_map(|it| if let Sense::RoleAfter(kind, role) = it { Some((*kind, *role)) } else { None })
        .collect();
    let before: Vec<WordMeaning> = meanings.iter().copied().filter(|it| BEFORE.contains(it)).collect();
    for meaning in &before {
        tags.push(Tag::Before(Some(*meaning), roles.clone()));
    }
    if before.is_empty() && !roles.is_empty() {
        tags.push(Tag::Before(None, roles));
    }
    tags.extend(meanings.into_iter().filter(|it| !BEFORE.contains(it)).map(Tag::Meaning));
    let verbs: Vec<_> = senses
        .iter()
        .filter_map(|it| if let Sense::Verb(kind, end) = it { Some((*kind, *end)) } else { None })
        .collect();
    let nouns: Vec<_> =
        senses.iter().filter_map(|it| if let Sense::KindNoun(kind) = it { Some(*kind) } else { None }).collect();
    let fillers: Vec<_> = senses
        .iter()
        .filter_map(|it| if let Sense::RoleNoun(kind, role) = it { Some((*kind, *role)) } else { None })
        .collect();
    if !verbs.is_empty() {
        tags.push(Tag::Verb(verbs));
    }
    if !nouns.is_empty() {
        tags.push(Tag::KindNoun(nouns));
    }
    if !fillers.is_empty() {
        tags.push(Tag::RoleNoun(fillers));
    }
    tags.extend(senses.iter().filter_map(|it| if let Sense::Unit(unit) = it { Some(Tag::Unit(*unit)) } else { None }));
    tags
}

impl Linked {
    /// Ways to cut the question into tokens, those with long tokens at the beginning first.
    pub(super) fn cuts(&self) -> Vec<Vec<&Token>> {
        let mut cuts = Vec::new();
        let mut open: Vec<(usize, Vec<&Token>)> = vec![(0, Vec::new())];
        // Each step of the search goes one token further; so many steps reach enough ends.
        let mut steps = 0;
        while let Some((at, tokens)) = open.pop() {
            steps += 1;
            if at >= self.edges.len() {
                cuts.push(tokens);
            } else {
                for token in self.edges.get(at).into_iter().flatten().rev() {
                    let mut longer = tokens.clone();
                    longer.push(token);
                    open.push((token.after, longer));
                }
            }
            if cuts.len() >= MOST_CUTS || steps > 20_000 {
                break;
            }
        }
        cuts.sort_by_key(Vec::len);
        cuts
    }
}
