//! From what sentences say to drafts: ids for everybody and everything, what was found and what was not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::article::Article;
use super::claimant::{By, Claimant, Speakers};
use super::clause::{Said, said};
use super::fill::Filler;
use super::phrases::{Item, Part, items};
use super::proposed::{Draft, DraftOptions, Drafts, Participant, ProposedDocument, ProposedEntity, Speaker};
use super::sentence::{Sentence, sentences};
use super::tags::{Named, Tagger, Whom};
use crate::graph::{GraphView, NameMatch};
use crate::load::locator;
use crate::model::{
    EntityIx, EntityKind, EntityKinds, FlowEnd, Kind, Quantity, RoleIx, Stance, UnitIx, normal_form, slug,
};

/// Proposes records from an article.
///
/// Every figure is in the words of its sentence, and every draft that is proposed passes the checks of the data format, together
/// with the entities proposed. Work is linear in the length of the text: sentences are bounded, and each is read by itself.
///
/// # Example
///
/// ```
/// use purvey::drafting::{Article, DraftOptions, draft};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let article = Article::read(b"Shells\nNorth Korea sent up to 40 missiles to Russia in 2024, Japan said.")?;
/// let drafts = draft(&graph, &article, &DraftOptions { name: "shells".to_owned(), ..DraftOptions::default() });
/// assert_eq!(drafts.drafts.len(), 1);
/// assert_eq!(drafts.drafts[0].quantity.as_deref(), Some("up to 40"));
/// assert_eq!(drafts.drafts[0].period.as_deref(), Some("2024"));
/// # Ok::<(), purvey::drafting::ArticleError>(())
/// ```
pub fn draft<G: GraphView>(graph: &G, article: &Article, options: &DraftOptions) -> Drafts {
    let mut making = Making::new(graph, article, options);
    let all: Vec<Sentence<'_>> =
        (1..).zip(&article.paragraphs).flat_map(|(number, it)| sentences(number, it)).collect();
    let tagger = Tagger::new(graph, making.date, &all);
    let mut speakers = Speakers::default();
    let headline = article.paragraphs.first().map_or("", String::as_str);
    for sentence in &all {
        let line = usize::try_from(sentence.paragraph).ok().and_then(|it| article.paragraphs.get(it.checked_sub(1)?));
        if line.is_none_or(|it| is_heading(it, headline)) {
            continue;
        }
        let tokens = tagger.tokens(sentence);
        let items = items(&tagger, sentence, &tokens);
        speakers.listen(&tagger, sentence, &items);
        let overturned = is_overturned(sentence);
        let mut spoke = overturned;
        let found = if overturned { Vec::new() } else { said(&tagger, sentence, &items) };
        for said in found {
            let claimant = speakers.claimant(&tagger, sentence, &items, said.at, said.avowed);
            spoke = true;
            making.add(sentence, said, claimant);
        }
        if let Some(say) = denial(sentence, &items).filter(|_| !spoke) {
            let claimant = speakers.claimant(&tagger, sentence, &items, say, Some((Stance::Denies, say)));
            making.deny(sentence, &claimant);
            continue;
        }
        // Who speaks is remembered also where nothing is drafted.
        if !spoke && let Some(say) = items.iter().position(|it| matches!(it.part, Part::Say(_) | Part::According)) {
            let _ = speakers.claimant(&tagger, sentence, &items, say, None);
        }
    }
    making.finish()
}

/// Whether a sentence says of something that it is not so, in words around the verb: "it is not true that", "neither A nor B sent",
/// "reports that … are false". What of it holds is for people to say.
fn is_overturned(sentence: &Sentence<'_>) -> bool {
    const WORDS: [&str; 9] =
        ["neither", "untrue", "false", "falsely", "wrongly", "mistakenly", "erroneously", "hoax", "fabricated"];
    const PHRASES: [&str; 5] = ["not true", "no truth", "nobody believes", "no one believes", "no evidence"];
    let all = sentence.joined(0, sentence.words.len()).to_lowercase();
    let has = |wanted: &str| all.split(|it: char| !it.is_alphanumeric()).any(|it| it == wanted);
    WORDS.iter().any(|it| has(it)) || PHRASES.iter().any(|it| all.contains(it))
}

/// A headline, a caption without an end, an entry of a menu.
fn is_heading(line: &str, headline: &str) -> bool {
    let ends = line.trim_end_matches(['"', '”', '’', '\'', ')', ']']).ends_with(['.', '!', '?', ':', ';', '…']);
    line == headline || !ends && line.split(' ').count() < 15
}

/// "Iranian officials deny that.": the place of the verb, if it denies what was said before.
fn denial(sentence: &Sentence<'_>, items: &[Item]) -> Option<usize> {
    let say = items.iter().position(|it| it.part == Part::Say(Stance::Denies))?;
    let after = items.get(say)?.after;
    let rest = sentence.joined(after, sentence.words.len());
    matches!(
        rest.as_str(),
        "that"
            | "it"
            | "this"
            | "the claim"
            | "the claims"
            | "the charge"
            | "the accusation"
            | "claim"
            | "charge"
            | "accusation"
    )
    .then_some(say)
}

struct Making<'m, G> {
    graph: &'m G,
    document: ProposedDocument,
    date: Option<Date>,
    entities: BTreeMap<String, ProposedEntity>,
    drafts: Vec<Draft>,
    seen: BTreeSet<String>,
    next: usize,
}

impl<'m, G: GraphView> Making<'m, G> {
    fn new(graph: &'m G, article: &Article, options: &DraftOptions) -> Self {
        let id = options.document.clone().unwrap_or_else(|| slug(&options.name));
        let known = graph.entity_by_id(&id).filter(|it| graph.entity(*it).kind == EntityKind::Document);
        // A new document needs an id that nobody has.
        let id = if known.is_none() && is_taken(graph, &id) { format!("{id}-article") } else { id };
        let view = known.map(|it| graph.document(it)).unwrap_or_default();
        let own = view.date.and_then(|it| it.latest());
        let date = options.date.or(own).or(article.date);
        let mut making = Making {
            graph,
            document: ProposedDocument {
                id: id.clone(),
                known: known.is_some(),
                title: article.paragraphs.first().cloned().unwrap_or_default(),
                publisher: String::new(),
                address: article.address.clone(),
            },
            date,
            entities: BTreeMap::new(),
            drafts: Vec::new(),
            seen: BTreeSet::new(),
            next: 1,
        };
        // A dateline says whose the words are, also in another's paper.
        let name = options.by.clone().or_else(|| article.publisher.clone());
        let publisher = match (name, view.publisher) {
            (Some(name), publisher) => {
                let known = making.known_body(&name);
                match (known, publisher) {
                    (Some(it), _) => graph.entity(it).id.to_owned(),
                    (None, Some(it)) => graph.entity(it).id.to_owned(),
                    (None, None) => making.new_id(&name, EntityKind::Organization, "named as the publisher"),
                }
            }
            (None, Some(it)) => graph.entity(it).id.to_owned(),
            (None, None) => {
                let name = format!("publisher of {id}");
                making.new_id(
                    &name,
                    EntityKind::Organization,
                    "the article does not say who published it: put the name here",
                )
            }
        };
        making.document.publisher = publisher;
        making
    }

    fn known_body(&self, name: &str) -> Option<EntityIx> {
        if let Some(entity) = self.graph.entity_by_id(name) {
            return Some(entity);
        }
        let is_body =
            |it: u32| matches!(self.graph.entity(EntityIx(it)).kind, EntityKind::Organization | EntityKind::Person);
        match self.graph.name_index().lookup(name, is_body) {
            NameMatch::One { node, rank, .. } if rank <= crate::graph::NameRank::Alias => Some(EntityIx(node)),
            _ => None,
        }
    }

    /// The id of a new entity, which is proposed with it.
    fn new_id(&mut self, name: &str, kind: EntityKind, remark: &'static str) -> String {
        let name = name.strip_prefix("the ").unwrap_or(name);
        let (name, plural) = match kind {
            EntityKind::Materiel => (singular(name), Some(name.to_owned())),
            EntityKind::Population => (name.to_owned(), Some(name.to_owned())),
            _ => (name.to_owned(), None),
        };
        let mut id = slug(&name);
        while is_taken(self.graph, &id)
            || self.entities.get(&id).is_some_and(|it| normal_form(&it.name) != normal_form(&name))
        {
            id.push_str("-new");
        }
        let entity = ProposedEntity { id: id.clone(), kind, name, plural, remark };
        self.entities.entry(id.clone()).or_insert(entity);
        id
    }

    /// The id of whoever a role accepts; of a new one with a kind that the role accepts.
    fn id_of(&mut self, named: &Named, accepts: Option<EntityKinds>, used: &mut Vec<String>) -> Option<String> {
        match &named.whom {
            Whom::Known(entity) => Some(self.graph.entity(*entity).id.to_owned()),
            Whom::New(name, guess) => {
                let known = self.entities.get(&slug(name.strip_prefix("the ").unwrap_or(name))).map(|it| it.kind);
                let fits = |kind: &EntityKind| accepts.is_none_or(|it| it.contains(*kind));
                let guesses = [known.unwrap_or(*guess), *guess, EntityKind::Organization, EntityKind::Person];
                let kind = match known {
                    Some(known) => fits(&known).then_some(known)?,
                    None => guesses.into_iter().find(fits)?,
                };
                let remark = match kind {
                    EntityKind::Country => "a country that the data do not hold yet",
                    EntityKind::Materiel => "not in the data: is it below another class (`is_a`)?",
                    EntityKind::Population => "not in the data; that these are people is a guess",
                    _ => "a name that the data do not hold; its kind is a guess",
                };
                let id = self.new_id(name, kind, remark);
                used.push(id.clone());
                Some(id)
            }
        }
    }

    fn add(&mut self, sentence: &Sentence<'_>, said: Said, claimant: Claimant) {
        let Some(kind) = self.graph.vocabulary().kind(said.filling.kind) else { return };
        let end_of = |role| end_of(kind, role);
        let lists: Vec<FlowEnd> =
            said.filling.roles.iter().filter(|(_, it)| it.len() > 1).filter_map(|(role, _)| end_of(*role)).collect();
        let counted = said.filling.roles.iter().any(|(role, it)| {
            end_of(*role) == Some(FlowEnd::Object) && it.len() > 1 && it.iter().any(|it| it.figure.is_some())
        });
        // A record holds one list and no figure beside it, so the rest becomes records of their own.
        let split = match lists.as_slice() {
            [FlowEnd::Object] if counted => Some(FlowEnd::Object),
            [] | [_] => None,
            [first, ..] => Some(if lists.contains(&FlowEnd::Object) { FlowEnd::Object } else { *first }),
        };
        let Some(split) = split else {
            self.add_one(sentence, kind, &said, &claimant);
            return;
        };
        let members = said.filling.roles.iter().find(|(role, _)| end_of(*role) == Some(split));
        let Some((role, members)) = members.cloned() else { return };
        for member in members {
            let mut one = said.clone();
            let others_listed = lists.iter().any(|it| *it != split);
            one.filling.quantity = member.figure.clone().filter(|_| !others_listed);
            for (filled, fillers) in &mut one.filling.roles {
                if *filled == role {
                    *fillers = vec![member.clone()];
                }
            }
            self.add_one(sentence, kind, &one, &claimant);
        }
    }

    fn add_one(&mut self, sentence: &Sentence<'_>, kind: &Kind, said: &Said, claimant: &Claimant) {
        let mut used = Vec::new();
        let mut remarks = Vec::new();
        let mut roles: Vec<(String, Vec<Participant>)> = Vec::new();
        let mut ends: [Vec<Participant>; 3] = [const { Vec::new() }; 3];
        // Nothing of a draft that comes to nothing is kept.
        let before = self.entities.clone();
        for spec in &kind.roles {
            let Some((_, fillers)) = said.filling.roles.iter().find(|(role, _)| *role == spec.role) else { continue };
            let mut participants = Vec::new();
            for Filler { named, of, .. } in fillers {
                let Some(id) = self.id_of(named, Some(spec.accepts), &mut used) else {
                    self.entities = before;
                    return;
                };
                let of = of.as_ref().filter(|_| named.kind == EntityKind::Population);
                let of = of.and_then(|it| self.id_of(it, None, &mut used));
                participants.push(Participant { id, of });
            }
            let end = match spec.flow {
                Some(FlowEnd::Source) => Some(0),
                Some(FlowEnd::Object) => Some(1),
                Some(FlowEnd::Target) => Some(2),
                None => None,
            };
            if let Some(list) = end.and_then(|it| ends.get_mut(it)) {
                list.clone_from(&participants);
            }
            roles.push((self.graph.vocabulary().role_name(spec.role).to_owned(), participants));
        }
        let mut inferred = Vec::new();
        // "North Korean workers were sent": by whom, unless somebody else is named.
        let source = kind.roles.iter().find(|it| it.flow == Some(FlowEnd::Source));
        if let ([], [Participant { of: Some(of), .. }], Some(source)) = (ends[0].as_slice(), ends[1].as_slice(), source)
            && kind.flow
            && !ends[2].iter().any(|it| it.id == *of)
        {
            let country = Participant { id: of.clone(), of: None };
            let name = self.graph.vocabulary().role_name(source.role).to_owned();
            inferred.push(name.clone());
            ends[0] = vec![country.clone()];
            roles.insert(0, (name, vec![country]));
        }
        // "In return, Russia sent": to whoever had given to it, right before.
        let target = kind.roles.iter().find(|it| it.flow == Some(FlowEnd::Target));
        let opening = sentence.joined(0, 2.min(sentence.words.len()));
        if let ([source], [], Some(target), Some(last)) =
            (ends[0].as_slice(), ends[2].as_slice(), target, self.drafts.last())
            && kind.flow
            && matches!(opening.as_str(), "in return" | "in exchange")
            && let ([giver], [taker]) = (last.ends[0].as_slice(), last.ends[2].as_slice())
            && taker == source
        {
            let name = self.graph.vocabulary().role_name(target.role).to_owned();
            remarks.push(format!("to whom is taken from {}, right before", last.id));
            used.extend(last.entities.iter().filter(|it| **it == giver.id).cloned());
            inferred.push(name.clone());
            ends[2] = vec![giver.clone()];
            roles.push((name, ends[2].clone()));
        }
        // A denial by a party is a claim of its own; what somebody else says was not so is nobody's fact.
        let mut stance = claimant.stance;
        if said.negated || stance == Stance::Denies {
            let is_party = self.is_party(&claimant.by, &ends);
            if said.negated == (stance == Stance::Denies) || said.negated && !is_party {
                self.entities = before;
                return;
            }
            stance = Stance::Denies;
        }
        let by = match &claimant.by {
            By::Publisher => Speaker::Entity(self.document.publisher.clone()),
            By::Named(named) => match self.id_of(named, Some(speakers()), &mut used) {
                Some(id) => Speaker::Entity(id),
                None => Speaker::Entity(self.document.publisher.clone()),
            },
            By::Unnamed { of, several } => {
                Speaker::Unnamed { of: self.graph.entity(*of).id.to_owned(), several: *several }
            }
        };
        let is_listed = ends.iter().any(|it| it.len() > 1);
        let stated = said.filling.quantity.as_ref().filter(|it| self.fits(it, kind));
        let counts_people = said.filling.roles.iter().any(|(role, it)| {
            end_of(kind, *role) == Some(FlowEnd::Object) && it.iter().any(|it| it.named.kind == EntityKind::Population)
        });
        let quantity = stated
            .filter(|it| !is_listed && stance != Stance::Denies && (!counts_people || self.counts_people(it)))
            .cloned();
        if stated.is_some() && is_listed {
            remarks
                .push("the figure is for all of the list together, which a list cannot say: it is left out".to_owned());
        }
        let figures: Vec<(String, String)> = said
            .filling
            .figures
            .iter()
            .filter_map(|(at, text)| kind.figures.get(*at).map(|it| (it.name.to_string(), text.clone())))
            .collect();
        if said.when.as_ref().is_some_and(|it| it.inferred) {
            inferred.push("period".to_owned());
        }
        let parts = [
            (
                "from",
                kind.roles.iter().any(|it| it.flow == Some(FlowEnd::Source)),
                ends.first().is_some_and(|it| !it.is_empty()),
            ),
            (
                "what",
                kind.roles.iter().any(|it| it.flow == Some(FlowEnd::Object)),
                ends.get(1).is_some_and(|it| !it.is_empty()),
            ),
            (
                "to",
                kind.roles.iter().any(|it| it.flow == Some(FlowEnd::Target)),
                ends.get(2).is_some_and(|it| !it.is_empty()),
            ),
            ("quantity", !kind.figures.is_empty(), quantity.is_some() || !figures.is_empty()),
            ("period", true, said.when.is_some()),
            ("claimant", true, claimant.explicit),
        ];
        let pick = |wanted: bool| {
            parts.iter().filter(move |(_, may, has)| *may && *has == wanted).map(|(name, ..)| *name).collect::<Vec<_>>()
        };
        if !claimant.explicit {
            remarks.push("nobody is named as saying so here: look at the sentences around it".to_owned());
        }
        let via = if claimant.report { self.report_of(&claimant.by) } else { Vec::new() };
        if let [report] = via.as_slice() {
            remarks.push(format!("that the report is {report} is a guess: the data hold no other one"));
        }
        let at = locator(sentence.paragraph, sentence.text);
        let draft = Draft {
            id: String::new(),
            kind: kind.id.to_string(),
            roles,
            ends,
            quantity,
            figures,
            period: said.when.as_ref().map(|it| it.period.edtf()),
            inferred,
            outcome: said.outcome,
            by,
            stance,
            via,
            at,
            passage: sentence.text.to_owned(),
            found: pick(true),
            missing: pick(false),
            remarks,
            entities: used,
        };
        let key = format!(
            "{:?}",
            (&draft.kind, &draft.roles, &draft.quantity, &draft.period, &draft.by, draft.stance, draft.outcome)
        );
        if !self.seen.insert(key) {
            self.entities = before;
            return;
        }
        let id = self.next_id();
        self.drafts.push(Draft { id, ..draft });
    }

    /// A party's denial of the last draft, if that stands right before.
    fn deny(&mut self, sentence: &Sentence<'_>, claimant: &Claimant) {
        let Some(last) = self.drafts.last().cloned() else { return };
        let is_near = last.at.paragraph == sentence.paragraph || last.at.paragraph + 1 == sentence.paragraph;
        if !is_near || !claimant.explicit || !self.is_party(&claimant.by, &last.ends) {
            return;
        }
        let mut used = last.entities.clone();
        let By::Named(named) = &claimant.by else { return };
        let Some(id) = self.id_of(named, Some(speakers()), &mut used) else { return };
        let draft = Draft {
            id: self.next_id(),
            quantity: None,
            figures: Vec::new(),
            by: Speaker::Entity(id),
            stance: Stance::Denies,
            via: Vec::new(),
            at: locator(sentence.paragraph, sentence.text),
            passage: sentence.text.to_owned(),
            remarks: vec![format!("what is denied is taken from {}, right before: is it that?", last.id)],
            entities: used,
            ..last
        };
        self.drafts.push(draft);
    }

    /// An id that neither the graph nor another draft has.
    fn next_id(&mut self) -> String {
        loop {
            let id = format!("{}-{}", self.document.id, self.next);
            self.next += 1;
            if !is_taken(self.graph, &id) {
                return id;
            }
        }
    }

    /// Whether whoever speaks is at one of the ends, or is the government of it.
    fn is_party(&self, by: &By, ends: &[Vec<Participant>; 3]) -> bool {
        let By::Named(Named { whom, .. }) = by else { return false };
        let is = |id: &str| ends.iter().flatten().any(|it| it.id == id);
        match whom {
            Whom::Known(entity) => {
                let view = self.graph.entity(*entity);
                is(view.id) || view.part_of.is_some_and(|it| is(self.graph.entity(it).id))
            }
            // "Iranian officials"
            Whom::New(name, _) => {
                is(&slug(name))
                    || ends.iter().flatten().any(|it| {
                        let stem: String = it.id.chars().take(4).collect();
                        slug(name).starts_with(&stem)
                    })
            }
        }
    }

    /// Whether a figure can be that of the kind: people are counted in people, and nothing is counted in days.
    fn fits(&self, text: &str, kind: &Kind) -> bool {
        let terms = &self.graph.vocabulary().terms;
        let Ok(quantity) = Quantity::parse(text, terms, UnitIx(0)) else { return false };
        let dimension = |unit| terms.unit(unit).map(|it| it.dimension.to_string());
        let own = kind.figures.first().and_then(|it| it.unit).and_then(dimension);
        let named = dimension(quantity.unit);
        match (quantity.unit_named, own) {
            (false, _) => true,
            (true, Some(own)) => named == Some(own),
            (true, None) => !named.is_some_and(|it| {
                matches!(it.as_str(), "days" | "weeks" | "months" | "years" | "share" | "pages" | "cases")
            }),
        }
    }

    /// Whether a figure may count people: it names no unit, or people.
    fn counts_people(&self, text: &str) -> bool {
        let terms = &self.graph.vocabulary().terms;
        Quantity::parse(text, terms, UnitIx(0))
            .is_ok_and(|it| !it.unit_named || terms.unit(it.unit).is_some_and(|it| &*it.dimension == "people"))
    }

    /// The one report of the graph that a speaker has published by the day of the article, if there is only one.
    fn report_of(&self, by: &By) -> Vec<String> {
        let (By::Named(Named { whom: Whom::Known(entity), .. }), Some(today)) = (by, self.date) else {
            return Vec::new();
        };
        let is_out =
            |it: &EntityIx| self.graph.document(*it).date.and_then(|it| it.earliest()).is_some_and(|it| it <= today);
        let mut all = (0..self.graph.entity_count()).map(EntityIx::from_usize).filter(|it| {
            self.graph.entity(*it).kind == EntityKind::Document
                && self.graph.document(*it).publisher == Some(*entity)
                && self.graph.entity(*it).name.contains("report")
                && is_out(it)
        });
        match (all.next(), all.next()) {
            (Some(one), None) => vec![self.graph.entity(one).id.to_owned()],
            _ => Vec::new(),
        }
    }

    fn finish(self) -> Drafts {
        let Making { document, date, entities, drafts, .. } = self;
        let used: BTreeSet<&String> = drafts.iter().flat_map(|it| &it.entities).chain([&document.publisher]).collect();
        let entities = entities.into_values().filter(|it| used.contains(&it.id)).collect();
        Drafts { document, date, entities, drafts }
    }
}

fn end_of(kind: &Kind, role: RoleIx) -> Option<FlowEnd> {
    kind.role(role).and_then(|it| it.flow)
}

/// The kinds of whoever may make a claim.
fn speakers() -> EntityKinds {
    [EntityKind::Country, EntityKind::Organization, EntityKind::Person, EntityKind::Population]
        .into_iter()
        .fold(EntityKinds::default(), EntityKinds::with)
}

fn is_taken(graph: &impl GraphView, id: &str) -> bool {
    graph.entity_by_id(id).is_some() || graph.record_by_id(id).is_some() || graph.fact_by_id(id).is_some()
}

/// The name for one of "mortars", by the usual endings.
fn singular(name: &str) -> String {
    let cut = |ending: &str, instead: &str| name.strip_suffix(ending).map(|it| format!("{it}{instead}"));
    cut("ies", "y")
        .or_else(|| ["ches", "shes", "xes", "sses"].iter().any(|it| name.ends_with(it)).then(|| cut("es", ""))?)
        .or_else(|| (!name.ends_with("ss")).then(|| cut("s", ""))?)
        .unwrap_or_else(|| name.to_owned())
}
