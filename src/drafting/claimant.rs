//! Whose word a sentence is: "according to", "the report said", "citing an unnamed official".

use super::phrases::{Head, Item, Part, Thing};
use super::sentence::{Gap, Sentence};
use super::tags::{Named, Tagger, Whom};
use crate::graph::GraphView;
use crate::model::{EntityIx, EntityKind, NameKind, Stance, normal_form};

/// Who makes a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// Whoever published the article.
    Publisher,
    Named(Named),
    /// A member of a group that the article does not name.
    Unnamed {
        of: EntityIx,
        several: bool,
    },
}

/// A claimant and how it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claimant {
    pub(super) by: By,
    pub(super) stance: Stance,
    /// Whether the sentence names who says it.
    pub(super) explicit: bool,
    /// Whether it is told through a report.
    pub(super) report: bool,
}

/// Who spoke before in the article.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    /// With the words by which the article spoke of them.
    known: Vec<(String, Named)>,
    /// Whose report it is that the article speaks of.
    report_of: Option<Named>,
    last: Option<(u32, By)>,
}

/// Most speakers that are remembered.
const MOST_KNOWN: usize = 200;

const UNNAMED: [&str; 5] = ["unnamed", "anonymous", "unidentified", "undisclosed", "unspecified"];

impl Speakers {
    /// Remembers whose report the article speaks of.
    pub(super) fn listen<G: GraphView>(&mut self, tagger: &Tagger<'_, G>, sentence: &Sentence<'_>, items: &[Item]) {
        for (at, item) in items.iter().enumerate().filter(|(_, it)| it.part == Part::Document) {
            // "a report by the panel", "the first report produced by the team"
            let behind = items.get(at + 1..).unwrap_or_default().iter().take(8);
            let mut by = false;
            for it in behind {
                match &it.part {
                    Part::Before(word) => by = matches!(word.as_str(), "by" | "of" | "from"),
                    Part::Noun(phrase) if by => {
                        if let Some(Thing { head: Head::Named(named), .. }) = phrase.things.first()
                            && matches!(named.kind, EntityKind::Organization | EntityKind::Person)
                        {
                            self.report_of = Some(named.clone());
                            return;
                        }
                        by = false;
                    }
                    Part::Strong | Part::But => break,
                    _ => {}
                }
            }
            // "the team said in a paper", "the MSMT report"
            let ahead = item.first.checked_sub(1).and_then(|word| items.iter().find(|it| it.after == word + 1));
            if let Some(Part::Noun(phrase)) = ahead.map(|it| &it.part)
                && let Some(Thing { head: Head::Named(named), .. }) = phrase.things.last()
                && named.kind == EntityKind::Organization
                && !named.demonym
            {
                self.report_of = Some(named.clone());
                return;
            }
            let said = (0..at).rev().take(4).find(|it| matches!(items.get(*it).map(|it| &it.part), Some(Part::Say(_))));
            if let Some(say) = said
                && let Some(By::Named(named)) = self.speaker(tagger, sentence, items, say).map(|(by, _)| by)
                && named.kind == EntityKind::Organization
            {
                self.report_of = Some(named);
                return;
            }
        }
    }

    /// Whose word the clause at a place is.
    pub(super) fn claimant<G: GraphView>(
        &mut self,
        tagger: &Tagger<'_, G>,
        sentence: &Sentence<'_>,
        items: &[Item],
        at: usize,
        avowed: Option<(Stance, usize)>,
    ) -> Claimant {
        let found = self.find(tagger, sentence, items, at, avowed);
        let alleged = sentence.words.iter().find_map(|it| match it.form.as_str() {
            "allegedly" | "alleged" | "purportedly" => Some(Stance::Alleges),
            "believed" => Some(Stance::Believes),
            _ => None,
        });
        let claimant = match found {
            Some((by, stance, report)) => {
                self.remember(sentence, &by);
                Claimant { by, stance, explicit: true, report }
            }
            None => {
                let by = self.goes_on(sentence, items).unwrap_or(By::Publisher);
                Claimant { by, stance: Stance::States, explicit: false, report: false }
            }
        };
        match alleged.filter(|_| claimant.stance == Stance::States) {
            Some(stance) => Claimant { stance, ..claimant },
            None => claimant,
        }
    }

    /// "Russia also …" right after a sentence that was somebody's word goes on with it.
    fn goes_on(&self, sentence: &Sentence<'_>, items: &[Item]) -> Option<By> {
        // Somebody else speaks, whom the rules don't recognise: "an officer, who asked not to be named, said".
        if items.iter().any(|it| matches!(it.part, Part::Say(_) | Part::According | Part::Citing)) {
            return None;
        }
        let (paragraph, by) = self.last.as_ref()?;
        let goes_on = sentence.words.iter().any(|it| it.form == "also")
            || matches!(
                sentence.joined(0, 2.min(sentence.words.len())).as_str(),
                "in return" | "in turn" | "in addition"
            )
            || matches!(sentence.form(0), "these" | "such") && sentence.paragraph == *paragraph;
        if !goes_on || sentence.paragraph > paragraph + 1 {
            return None;
        }
        // What one member said need not be that member's any more; it is told through the group.
        match by {
            By::Unnamed { .. } => Some(self.report()),
            by => Some(by.clone()),
        }
    }

    fn remember(&mut self, sentence: &Sentence<'_>, by: &By) {
        self.last = Some((sentence.paragraph, by.clone()));
        if let By::Named(named) = by
            && self.known.len() < MOST_KNOWN
            && !self.known.iter().any(|(_, it)| it.whom == named.whom)
        {
            let words = match &named.whom {
                Whom::New(name, _) => normal_form(name),
                Whom::Known(_) => String::new(),
            };
            self.known.push((words, named.clone()));
        }
    }

    fn find<G: GraphView>(
        &self,
        tagger: &Tagger<'_, G>,
        sentence: &Sentence<'_>,
        items: &[Item],
        at: usize,
        avowed: Option<(Stance, usize)>,
    ) -> Option<(By, Stance, bool)> {
        if let Some((stance, say)) = avowed {
            return self.speaker(tagger, sentence, items, say).map(|(by, report)| (by, stance, report));
        }
        let says: Vec<(usize, Stance)> = items
            .iter()
            .enumerate()
            .filter_map(|(at, it)| if let Part::Say(stance) = it.part { Some((at, stance)) } else { None })
            .collect();
        // Whoever is cited is the origin; what the report says of it is how it came here.
        for (place, item) in items.iter().enumerate() {
            if matches!(item.part, Part::According | Part::Citing) {
                let report =
                    !says.is_empty() || matches!(items.get(place + 1).map(|it| &it.part), Some(Part::Document));
                if let Some(by) = self.cited(tagger, sentence, items, place + 1) {
                    return Some((by, Stance::States, report));
                }
            }
        }
        let parted = |a: usize, b: usize| {
            items.get(a..b).unwrap_or_default().iter().any(|it| matches!(it.part, Part::Strong | Part::But))
        };
        let ahead = says.iter().rev().filter(|(it, _)| *it < at && !parted(*it, at));
        let behind = says.iter().filter(|(it, _)| *it > at && !parted(at, *it));
        ahead.chain(behind).find_map(|(say, stance)| {
            // A verb that the speaker's own doing stands before is no saying: "the found ships".
            self.speaker(tagger, sentence, items, *say).map(|(by, report)| (by, *stance, report))
        })
    }

    /// Who speaks by the verb at a place, and whether by a report.
    fn speaker<G: GraphView>(
        &self,
        tagger: &Tagger<'_, G>,
        sentence: &Sentence<'_>,
        items: &[Item],
        say: usize,
    ) -> Option<(By, bool)> {
        let part = |at: Option<usize>| at.and_then(|it| items.get(it)).map(|it| &it.part);
        let mut at = say.checked_sub(1);
        while matches!(part(at), Some(Part::Have | Part::Be | Part::Other | Part::Not)) {
            at = at?.checked_sub(1);
        }
        match part(at) {
            Some(Part::Noun(_)) => {
                let mut first = at?;
                // "a report by the panel", "a spokesman in Moscow"
                while let (Some(Part::Before(word)), Some(before)) = (part(first.checked_sub(1)), first.checked_sub(2))
                {
                    match part(Some(before)) {
                        Some(Part::Noun(_)) => first = before,
                        Some(Part::Document) if matches!(word.as_str(), "by" | "of" | "from") => {
                            return self.named(tagger, items, first).map(|it| (it, true));
                        }
                        Some(Part::Document) => return Some((self.report(), true)),
                        _ => break,
                    }
                }
                self.named(tagger, items, first).map(|it| (it, false))
            }
            Some(Part::Document) => Some((self.report(), true)),
            Some(Part::Pronoun) => self.last.as_ref().map(|(_, by)| (by.clone(), false)),
            // "the report, released on Thursday, said"
            Some(Part::Comma) => {
                let opening = at?.checked_sub(1)?;
                let opening = (opening.saturating_sub(10)..=opening)
                    .rev()
                    .find(|it| matches!(part(Some(*it)), Some(Part::Comma)));
                match (part(Some(say + 1)), opening.and_then(|it| it.checked_sub(1))) {
                    (Some(Part::Noun(_)), _) => self.named(tagger, items, say + 1).map(|it| (it, false)),
                    (Some(Part::Document), _) => Some((self.report(), true)),
                    (_, Some(before)) if matches!(part(Some(before)), Some(Part::Document)) => {
                        Some((self.report(), true))
                    }
                    _ => None,
                }
            }
            _ => match part(Some(say + 1)) {
                Some(Part::Noun(_)) if sentence.gap(items.get(say + 1)?.first) == Gap::None => {
                    self.named(tagger, items, say + 1).map(|it| (it, false))
                }
                _ => None,
            },
        }
    }

    fn report(&self) -> By {
        self.report_of.clone().map_or(By::Publisher, By::Named)
    }

    /// Who is cited from a place on.
    fn cited<G: GraphView>(
        &self,
        tagger: &Tagger<'_, G>,
        sentence: &Sentence<'_>,
        items: &[Item],
        at: usize,
    ) -> Option<By> {
        let first = items.get(at)?.first;
        let end = (first + 1..sentence.words.len().min(first + 12)).find(|it| sentence.gap(*it) != Gap::None);
        let end = end.unwrap_or(sentence.words.len().min(first + 12));
        let words = sentence.words.get(first..end)?;
        if words.iter().any(|it| UNNAMED.contains(&it.form.as_str())) {
            let of = items.iter().filter(|it| it.first >= first && it.after <= end).find_map(|it| match &it.part {
                Part::Noun(phrase) => phrase.things.iter().find_map(|it| {
                    let group = |it: &Named| match it.whom {
                        Whom::Known(entity) if it.kind == EntityKind::Organization => Some(entity),
                        _ => None,
                    };
                    let of = it.of.as_ref().and_then(group);
                    of.or_else(|| if let Head::Named(named) = &it.head { group(named) } else { None })
                }),
                _ => None,
            });
            let several = words.last().is_some_and(|it| it.form.ends_with('s'));
            return Some(of.map_or(By::Publisher, |of| By::Unnamed { of, several }));
        }
        match &items.get(at)?.part {
            Part::Noun(_) => {
                // "the 29-page report": the words before it are no name.
                match items.get(at + 1).map(|it| &it.part) {
                    Some(Part::Document) if sentence.gap(items.get(at + 1)?.first) == Gap::None => Some(self.report()),
                    _ => self.named(tagger, items, at),
                }
            }
            Part::Document => Some(self.report()),
            _ => None,
        }
    }

    /// Who the noun at a place is, as a speaker.
    fn named<G: GraphView>(&self, tagger: &Tagger<'_, G>, items: &[Item], at: usize) -> Option<By> {
        let Part::Noun(phrase) = &items.get(at)?.part else { return None };
        let [thing] = phrase.things.as_slice() else { return None };
        match &thing.head {
            Head::Named(named) if named.kind.is_class() && named.kind != EntityKind::Population => None,
            Head::Named(named) => Some(By::Named(government(tagger, named))),
            Head::Common(words) => {
                // "a lawyer, Ayla Demir"
                if let (Some(Part::Comma), Some(Part::Noun(next))) =
                    (items.get(at + 1).map(|it| &it.part), items.get(at + 2).map(|it| &it.part))
                    && let [Thing { head: Head::Named(named), .. }] = next.things.as_slice()
                    && named.kind == EntityKind::Person
                {
                    return Some(By::Named(named.clone()));
                }
                let last = normal_form(words.rsplit(' ').next().unwrap_or_default());
                if thing.definite
                    && let Some(named) = self.spoken_of(tagger, &last)
                {
                    return Some(By::Named(named));
                }
                let plural = last.ends_with('s') && !last.ends_with("ss");
                let kind = match (thing.of.is_some(), plural) {
                    (true, _) => EntityKind::Organization,
                    (false, true) => EntityKind::Population,
                    (false, false) => EntityKind::Person,
                };
                let name = words.split(' ').take(4).collect::<Vec<_>>().join(" ");
                Some(By::Named(Named { whom: Whom::New(name, kind), kind, demonym: false, metonym: false }))
            }
            Head::Bare => None,
        }
    }

    /// "The ministry", "the team": whoever spoke before and is called so, the last one first.
    fn spoken_of<G: GraphView>(&self, tagger: &Tagger<'_, G>, word: &str) -> Option<Named> {
        let has = |name: &str| name.split(' ').any(|it| it == word);
        let reports = self.report_of.iter().map(|it| (String::new(), it.clone()));
        let mut all = self.known.iter().cloned().chain(reports).collect::<Vec<_>>();
        all.reverse();
        all.into_iter()
            .find(|(words, named)| match named.whom {
                Whom::Known(entity) => {
                    let view = tagger.graph.entity(entity);
                    has(&normal_form(view.name))
                        || tagger.graph.names(entity).any(|it| it.kind == NameKind::Alias && has(&normal_form(it.text)))
                }
                Whom::New(..) => has(words),
            })
            .map(|(_, named)| named)
    }
}

/// As a speaker, a country is its government, if the graph has one that a place stands for.
fn government<G: GraphView>(tagger: &Tagger<'_, G>, named: &Named) -> Named {
    let Whom::Known(country) = named.whom else { return named.clone() };
    if named.kind != EntityKind::Country {
        return named.clone();
    }
    let graph = tagger.graph;
    let is_government = |it: &EntityIx| {
        graph.entity(*it).kind == EntityKind::Organization
            && graph.entity(*it).part_of == Some(country)
            && graph.names(*it).any(|it| it.kind == NameKind::Metonym)
    };
    match graph.parts(country).iter().find(|it| is_government(it)) {
        Some(it) => Named { whom: Whom::Known(*it), kind: EntityKind::Organization, demonym: false, metonym: true },
        None => named.clone(),
    }
}
