//! What the words of a question may be besides names: the vocabulary, by what people type.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FlowEnd, KindIx, RoleIx, UnitIx, Vocabulary, WordMeaning, normal_form};

/// Least letters of a word that is corrected because it stands in a phrase.
const LEAST_OF_PHRASE: usize = 6;

/// What a phrase of the vocabulary may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sense {
    /// A small word.
    Meaning(WordMeaning),
    /// A verb of a kind, whose subject is that end.
    Verb(KindIx, FlowEnd),
    /// A noun for facts of a kind.
    KindNoun(KindIx),
    /// A noun for whoever fills a role.
    RoleNoun(KindIx, RoleIx),
    /// Words before whoever fills a role.
    RoleAfter(KindIx, RoleIx),
    /// A unit.
    Unit(UnitIx),
}

/// All phrases of a vocabulary by their normal form.
pub(crate) struct Lexicon {
    senses: BTreeMap<String, Vec<Sense>>,
    /// Longer words that stand only in phrases: "according".
    of_phrases: BTreeSet<String>,
    /// Words of the longest phrase.
    pub(crate) longest: usize,
}

impl Lexicon {
    /// Linear in the vocabulary.
    pub(crate) fn new(vocabulary: &Vocabulary) -> Lexicon {
        let mut lexicon = Lexicon { senses: BTreeMap::new(), of_phrases: BTreeSet::new(), longest: 0 };
        // A verb that begins something is a verb.
        for set in vocabulary.words.iter().filter(|it| it.means != WordMeaning::Begin) {
            set.words.iter().for_each(|it| lexicon.add(it, Sense::Meaning(set.means)));
        }
        for (at, kind) in vocabulary.kinds.iter().enumerate() {
            let ix = KindIx::from_usize(at);
            let verbs = [
                (&kind.verbs, FlowEnd::Source),
                (&kind.target_verbs, FlowEnd::Target),
                (&kind.object_verbs, FlowEnd::Object),
            ];
            for (verbs, end) in verbs {
                verbs.iter().for_each(|it| lexicon.add(it, Sense::Verb(ix, end)));
            }
            for noun in [&kind.noun, &kind.plural].into_iter().chain(&kind.nouns) {
                lexicon.add(noun, Sense::KindNoun(ix));
            }
            for role in &kind.roles {
                role.nouns.iter().for_each(|it| lexicon.add(it, Sense::RoleNoun(ix, role.role)));
                role.after.iter().for_each(|it| lexicon.add(it, Sense::RoleAfter(ix, role.role)));
            }
        }
        for unit in vocabulary.terms.units() {
            let Some(ix) = vocabulary.terms.unit_ix(&unit.id) else { continue };
            for name in [&unit.id, &unit.plural].into_iter().chain(&unit.names) {
                lexicon.add(name, Sense::Unit(ix));
            }
        }
        let phrases: Vec<&String> = lexicon.senses.keys().filter(|it| it.contains(' ')).collect();
        let words = phrases.into_iter().flat_map(|it| it.split(' ')).filter(|it| it.len() >= LEAST_OF_PHRASE);
        lexicon.of_phrases = words.filter(|it| !lexicon.senses.contains_key(*it)).map(str::to_owned).collect();
        lexicon
    }

    fn add(&mut self, phrase: &str, sense: Sense) {
        let form = normal_form(phrase);
        if form.is_empty() {
            return;
        }
        self.longest = self.longest.max(form.split(' ').count());
        let senses = self.senses.entry(form).or_default();
        if !senses.contains(&sense) {
            senses.push(sense);
        }
    }

    /// What a normal form may be.
    pub(crate) fn senses(&self, form: &str) -> &[Sense] {
        self.senses.get(form).map_or(&[], Vec::as_slice)
    }

    /// The word that was meant by one that is misspelt, if only one is so near: the same first letter and one slip, two from
    /// nine letters on. A short word is taken for a word of questions alone.
    pub(super) fn corrected(&self, form: &str, opens_the_question: bool) -> Option<&str> {
        let letters = form.chars().count();
        let allowed = match letters {
            0..=1 => return None,
            2..=3 => 1,
            4..=8 => 1,
            9..=40 => 2,
            _ => return None,
        };
        let is_question_word = |senses: &[Sense]| {
            use WordMeaning::{Do, How, HowMany, What, When, Where, Which, Who, Whom};
            let asks = [Who, Whom, What, Which, When, Where, How, HowMany, Do];
            senses.iter().any(|it| matches!(it, Sense::Meaning(it) if asks.contains(it)))
        };
        let first = form.chars().next();
        let mut best: Option<(usize, &str)> = None;
        let mut tied = false;
        let of_phrases = self.of_phrases.iter().map(|it| (it, &[][..]));
        for (phrase, senses) in self.senses.iter().map(|(it, senses)| (it, senses.as_slice())).chain(of_phrases) {
            if phrase.len().abs_diff(form.len()) > 2 * allowed || phrase.chars().next() != first {
                continue;
            }
            if letters <= 4 && !(opens_the_question && is_question_word(senses) && !phrase.contains(' ')) {
                continue;
            }
            // Nobody misspells a word that is passed over.
            let is_filler = |it: &Sense| matches!(it, Sense::Meaning(WordMeaning::Article | WordMeaning::Unused));
            if !senses.is_empty() && senses.iter().all(is_filler) {
                continue;
            }
            let distance = strsim::osa_distance(form, phrase);
            if distance == 0 || distance > allowed {
                continue;
            }
            match best {
                Some((least, _)) if distance > least => {}
                Some((least, before)) if distance == least && distance == 1 && self.senses(before) != senses => {
                    // Of "sanction" and "sanctioned" for "sanctiond" the one that ends alike.
                    let ends_alike = |it: &str| it.chars().next_back() == form.chars().next_back();
                    match (ends_alike(before), ends_alike(phrase)) {
                        (true, false) => {}
                        (false, true) => {
                            best = Some((distance, phrase));
                            tied = false;
                        }
                        _ => tied = true,
                    }
                }
                Some((least, before)) if distance == least => tied = tied || self.senses(before) != senses,
                _ => {
                    best = Some((distance, phrase));
                    tied = false;
                }
            }
        }
        best.filter(|_| !tied).map(|(_, phrase)| phrase)
    }

    /// The verbs and nouns most like a word that is unknown.
    pub(super) fn near(&self, form: &str) -> Option<&str> {
        let known = self.senses.iter().filter(|(_, senses)| !matches!(senses.as_slice(), [Sense::Meaning(_)]));
        crate::model::nearest(form, known.map(|(phrase, _)| phrase.as_str()))
    }
}
