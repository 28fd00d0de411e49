//! From a clause to the question that it asks: which part fills which end or role of which kinds of fact.

use super::grammar::{Core, Extras, Head, NounPhrase, Part};
use super::link::Name;
use super::naming::{Misfit, NameRead, pick};
use crate::graph::GraphView;
use crate::model::{EntityKind, EntityKinds, FlowEnd, Kind, KindIx, RoleIx, Vocabulary, WordMeaning};
use crate::query::question::{ANY_KIND, TotalBy, Who};

/// A question about facts, with how it was understood.
#[derive(Clone, Debug)]
pub(super) struct Framed {
    pub(super) who: Who,
    /// Kinds that the words may mean.
    kinds: Vec<KindIx>,
    /// Figures that claims must give.
    pub(super) figures: Vec<String>,
    pub(super) names: Vec<NameRead>,
    pub(super) unused: Vec<String>,
    /// Whether it asks when.
    pub(super) when: bool,
    /// Whether things of somebody were taken for what comes from them.
    qualified: bool,
    /// Whether a word was passed over so that it finds something.
    pub(super) is_looser: bool,
}

impl Framed {
    /// Whether two kinds are asked for by one question: the same parts, and both transfers or both not.
    fn joins(&self, other: &Framed, vocabulary: &Vocabulary) -> bool {
        let is_flow = |it: &Framed| it.kinds.iter().any(|it| vocabulary.kind(*it).is_some_and(|it| it.flow));
        self.who == other.who
            && self.is_looser == other.is_looser
            && self.figures == other.figures
            && is_flow(self) == is_flow(other)
    }
}

/// Why a clause has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoFrame {
    Name(Misfit),
    /// It asks for what did not happen.
    Negation,
    /// Its words are in no order that means something.
    Order,
}

impl From<Misfit> for NoFrame {
    fn from(misfit: Misfit) -> Self {
        NoFrame::Name(misfit)
    }
}

/// A clause, sorted into its parts.
#[derive(Default)]
struct Shape<'p, 't> {
    whether: bool,
    when: bool,
    how_many: bool,
    /// Whether it asks for something with "who", "what", "which".
    asks: bool,
    has_auxiliary: bool,
    has_be: bool,
    verb: Option<(&'t [(KindIx, FlowEnd)], &'t str)>,
    /// What is asked for: "which weapons".
    asked: Option<&'p NounPhrase<'t>>,
    /// Whether it asks for the subject: "which country sent".
    asks_for_subject: bool,
    /// "which weapons", before another subject.
    fronted: Option<&'p NounPhrase<'t>>,
    subject: Option<&'p NounPhrase<'t>>,
    /// Behind the verb, without a word before them.
    bare: Vec<&'p NounPhrase<'t>>,
    befores: Vec<Before<'p, 't>>,
    between: Option<&'p NounPhrase<'t>>,
    negated: bool,
}

#[derive(Clone, Copy)]
struct Before<'p, 't> {
    meaning: Option<WordMeaning>,
    roles: &'t [(KindIx, RoleIx)],
    nouns: &'p NounPhrase<'t>,
    not: bool,
    /// Whether a clause without a verb names a kind of fact, which may be about something: "facts about children".
    has_topic: bool,
}

fn shape<'p, 't>(parts: &'p [Part<'t>]) -> Result<Shape<'p, 't>, NoFrame> {
    let mut shape = Shape { whether: matches!(parts.first(), Some(Part::Auxiliary(_))), ..Shape::default() };
    let mut asked: Option<&'p NounPhrase<'t>> = None;
    let mut early: Vec<&'p NounPhrase<'t>> = Vec::new();
    in_english_order(parts)?;
    for part in parts {
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
            Part::Not => shape.negated = true,
            Part::Verb { senses, form } => {
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
fn is_anything(nouns: &NounPhrase<'_>) -> bool {
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
                let begins = at == 0 || (at == 1 && matches!(parts.first(), Some(Part::Before { nouns: None, .. })));
                (begins || verb.is_some_and(|verb| verb < at)) && asked <= 3
            }
            Part::Auxiliary(WordMeaning::Do) => verb.is_some_and(|verb| at + 1 < verb),
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

/// The questions that a clause may ask: one for each way in which its parts fit, kinds with the same parts together.
pub(super) fn frames<G: GraphView>(graph: &G, parts: &[Part<'_>], extras: &Extras<'_>) -> Result<Vec<Framed>, NoFrame> {
    let shape = shape(parts)?;
    let vocabulary = graph.vocabulary();
    let flows = || {
        (0..vocabulary.kinds.len()).map(KindIx::from_usize).filter(|it| vocabulary.kind(*it).is_some_and(|it| it.flow))
    };
    let senses: Vec<(KindIx, FlowEnd)> = match shape.verb {
        Some((senses, _)) => senses.to_vec(),
        None => {
            let mut kinds: Vec<KindIx> = shape.bare.iter().flat_map(|it| it.iter()).flat_map(kinds_named).collect();
            kinds.sort_unstable();
            kinds.dedup();
            if kinds.is_empty() {
                flows().map(|it| (it, FlowEnd::Source)).collect()
            } else {
                kinds.into_iter().map(|it| (it, FlowEnd::Source)).collect()
            }
        }
    };
    let named_kinds =
        shape.verb.is_some() || shape.bare.iter().flat_map(|it| it.iter()).any(|it| !kinds_named(it).is_empty());
    let flow_objects =
        senses.iter().filter_map(|(ix, _)| vocabulary.kind(*ix)).filter(|it| it.flow).flat_map(|it| &it.roles);
    let flow_objects = flow_objects.filter(|it| it.flow == Some(FlowEnd::Object)).flat_map(|it| it.accepts.iter());
    let objects = flow_objects.fold(EntityKinds::default(), EntityKinds::with);
    let mut found: Vec<Framed> = Vec::new();
    let mut failure: Option<NoFrame> = None;
    for (ix, subject) in &senses {
        let Some(kind) = vocabulary.kind(*ix) else { continue };
        let make = |passes_over| Fill {
            graph,
            ix: *ix,
            kind,
            who: Who::default(),
            figures: Vec::new(),
            names: Vec::new(),
            unused: Vec::new(),
            objects,
            passes_over,
            qualified: false,
            taken: [false; 3],
        };
        let strict = make(false).fill(&shape, *subject, extras);
        // "North Korean missiles" that somebody else fired.
        if let Ok(Framed { qualified: true, .. }) = &strict
            && let Ok(framed) = make(true).fill(&shape, *subject, extras)
        {
            match found.iter_mut().find(|it| it.joins(&framed, vocabulary)) {
                Some(same) => same.kinds.push(*ix),
                None => found.push(framed),
            }
        }
        match strict {
            Ok(framed) => match found.iter_mut().find(|it| it.joins(&framed, vocabulary)) {
                Some(same) => same.kinds.push(*ix),
                None => found.push(framed),
            },
            // What is said of a tie, or of a name, is worth more than that words do not fit.
            Err(error) => {
                let worth = |it: &NoFrame| match it {
                    NoFrame::Name(Misfit::Ambiguous { .. }) => 3,
                    NoFrame::Negation => 2,
                    NoFrame::Name(_) => 1,
                    NoFrame::Order => 0,
                };
                if failure.as_ref().is_none_or(|it| worth(it) < worth(&error)) {
                    failure = Some(error);
                }
            }
        }
    }
    if found.is_empty() {
        return Err(failure.unwrap_or(NoFrame::Order));
    }
    let flows_meant = senses
        .iter()
        .map(|it| it.0)
        .filter(|it| flows().any(|flow| flow == *it))
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    for framed in &mut found {
        framed.kinds.sort_unstable();
        framed.kinds.dedup();
        let all_flows = framed.kinds.iter().all(|it| flows().any(|flow| flow == *it));
        // A verb that several flows share asks for all of them.
        let any_flow = all_flows && (flows_meant > 1 || !named_kinds);
        if !any_flow {
            framed.who.kinds =
                framed.kinds.iter().filter_map(|it| vocabulary.kind(*it)).map(|it| it.id.to_string()).collect();
        }
    }
    Ok(found)
}

/// Kinds of fact that a noun names.
fn kinds_named(head: &Head<'_>) -> Vec<KindIx> {
    match head.core {
        Core::KindNoun(kinds) => kinds.to_vec(),
        Core::RoleNoun(roles) => roles.iter().map(|(kind, _)| *kind).collect(),
        _ => Vec::new(),
    }
}

/// One kind of fact, as its ends and roles are filled.
struct Fill<'g, G> {
    graph: &'g G,
    ix: KindIx,
    kind: &'g Kind,
    who: Who,
    figures: Vec<String>,
    names: Vec<NameRead>,
    unused: Vec<String>,
    /// What may be the object of any flow that is meant.
    objects: EntityKinds,
    /// Whether somebody's things are taken whoever used them.
    passes_over: bool,
    qualified: bool,
    /// Ends that are filled: source, object, target.
    taken: [bool; 3],
}

/// Where a noun goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    End(FlowEnd),
    Role(RoleIx),
    /// Any role.
    About,
}

fn position(end: FlowEnd) -> usize {
    match end {
        FlowEnd::Source => 0,
        FlowEnd::Object => 1,
        FlowEnd::Target => 2,
    }
}

impl<G: GraphView> Fill<'_, G> {
    fn fill(mut self, shape: &Shape<'_, '_>, subject: FlowEnd, extras: &Extras<'_>) -> Result<Framed, NoFrame> {
        use FlowEnd::{Object, Source, Target};
        let ends = |list: &[FlowEnd]| list.iter().map(|it| Place::End(*it)).collect::<Vec<_>>();
        if let Some((_, form)) = shape.verb {
            let passive = shape.has_be && !form.ends_with("ing");
            let is_plain_passive = passive && subject != Object;
            if let Some(nouns) = shape.subject {
                let may_be_object = subject == Source
                    && shape.bare.is_empty()
                    && nouns.iter().all(|it| self.is_class_for(it, Object))
                    && !nouns.is_empty();
                let places = if is_plain_passive {
                    ends(if subject == Target { &[Object] } else { &[Object, Target] })
                } else if may_be_object {
                    ends(&[Object])
                } else {
                    ends(&[subject])
                };
                self.put(nouns, &places, false, shape)?;
            }
            if let Some(nouns) = shape.fronted {
                self.put(nouns, &ends(&[Object, Target, Source]), false, shape)?;
            }
            match shape.bare.as_slice() {
                [] => {}
                [nouns] => {
                    let wants_target = shape.asks && !shape.asks_for_subject && shape.fronted.is_none();
                    let places = match (subject, wants_target) {
                        (Source, true) => ends(&[Target, Object]),
                        (Source, false) => ends(&[Object, Target]),
                        (Target, _) => ends(&[Object, Source]),
                        (Object, _) => ends(&[Target]),
                    };
                    self.put(nouns, &places, false, shape)?;
                }
                [first, second] => {
                    self.put(first, &ends(&[Target, Object]), false, shape)?;
                    self.put(second, &ends(&[Object, Target]), false, shape)?;
                }
                _ => return Err(NoFrame::Order),
            }
        } else {
            self.nominal(shape)?;
        }
        let flips = shape.negated && shape.befores.len() == 1;
        if shape.negated && !flips {
            return Err(NoFrame::Negation);
        }
        for before in &shape.befores {
            let places = self.places(before, shape.verb.is_some_and(|_| subject == Target));
            self.put(before.nouns, &places, before.not || flips, shape)?;
        }
        if let Some(nouns) = shape.between {
            self.between(nouns)?;
        }
        self.finish(shape, extras)
    }

    /// A clause without a verb: "members of the MSMT", "deliveries of missiles to Russia".
    fn nominal(&mut self, shape: &Shape<'_, '_>) -> Result<(), NoFrame> {
        let heads = || shape.bare.iter().flat_map(|it| it.iter());
        let role = heads().find_map(|it| match it.core {
            Core::RoleNoun(roles) => roles.iter().find(|(kind, _)| *kind == self.ix).map(|(_, role)| *role),
            _ => None,
        });
        let has_kind =
            heads().any(|it| matches!(it.core, Core::KindNoun(_) | Core::RoleNoun(_) | Core::Any(WordMeaning::Flow)));
        // A bare name asks nothing.
        let asks_something = has_kind
            || shape.asks
            || shape.whether
            || shape.when
            || !shape.befores.is_empty()
            || heads().any(|it| !it.qualifiers.is_empty());
        let has_content =
            !shape.befores.is_empty() || shape.between.is_some() || heads().any(|it| !matches!(it.core, Core::Any(_)));
        if !asks_something || !has_content {
            return Err(NoFrame::Order);
        }
        // "who is in the MSMT?" asks for no transfer.
        let is_place_only = shape.befores.iter().all(|it| it.meaning == Some(WordMeaning::In));
        if !has_kind && is_place_only && !heads().any(|it| matches!(it.core, Core::Name(_))) {
            return Err(NoFrame::Order);
        }
        for nouns in &shape.bare {
            let places: Vec<Place> = match role {
                Some(role) => vec![self.place_of(role)],
                None => vec![Place::End(FlowEnd::Object)],
            };
            self.put(nouns, &places, false, shape)?;
        }
        Ok(())
    }

    /// Whether a noun is a class of things or people that the end accepts.
    fn is_class_for(&self, head: &Head<'_>, end: FlowEnd) -> bool {
        match head.core {
            Core::Name(name) => {
                let accepts = |kind: EntityKind| kind.is_class() && self.accepts(Place::End(end), kind);
                pick(self.graph, name, accepts).is_ok()
            }
            _ => false,
        }
    }

    /// The places that a word before a noun allows, the likeliest first. `turned`: the subject is who received.
    fn places(&self, before: &Before<'_, '_>, turned: bool) -> Vec<Place> {
        use FlowEnd::{Object, Source, Target};
        use WordMeaning as W;
        let declared = before.roles.iter().filter(|(kind, _)| *kind == self.ix).map(|(_, role)| self.place_of(*role));
        let mut places: Vec<Place> = declared.collect();
        let usual: &[FlowEnd] = match before.meaning {
            Some(W::To) => &[Target, Object],
            Some(W::In) => &[Target, Object],
            Some(W::From) => &[Source],
            Some(W::By) if turned => &[Target],
            Some(W::By) => &[Source, Object],
            Some(W::Of) => &[Object, Target, Source],
            Some(W::With) => &[Object, Target],
            _ => &[],
        };
        places.extend(usual.iter().map(|it| Place::End(*it)));
        // A place that is no end is one that takes part somehow: "injured in Odesa".
        if before.meaning == Some(W::In) || (before.meaning == Some(W::About) && before.has_topic) {
            places.push(Place::About);
        }
        places
    }

    fn place_of(&self, role: RoleIx) -> Place {
        match self.kind.role(role).and_then(|it| it.flow) {
            Some(end) => Place::End(end),
            None => Place::Role(role),
        }
    }

    fn accepts(&self, place: Place, kind: EntityKind) -> bool {
        match place {
            Place::About => kind != EntityKind::Document,
            Place::Role(role) => self.kind.role(role).is_some_and(|it| it.accepts.contains(kind)),
            // A verb that flows share takes what any of them takes: "sent troops and missiles".
            Place::End(FlowEnd::Object) if self.kind.flow => self.objects.contains(kind),
            Place::End(end) => self.kind.roles.iter().any(|it| it.flow == Some(end) && it.accepts.contains(kind)),
        }
    }

    /// Puts nouns into the first of the places that takes all of them.
    fn put(
        &mut self,
        nouns: &NounPhrase<'_>,
        places: &[Place],
        not: bool,
        shape: &Shape<'_, '_>,
    ) -> Result<(), NoFrame> {
        let mut failure: Option<Misfit> = None;
        let mut chosen: Option<(Place, Vec<(super::naming::Picked, &Head<'_>)>)> = None;
        let named: Vec<(&Head<'_>, &Name)> = nouns
            .iter()
            .filter_map(|it| if let Core::Name(name) = it.core { Some((it, name)) } else { None })
            .collect();
        for place in places {
            if named.is_empty()
                || matches!(place, Place::End(end) if !not && self.taken.get(position(*end)) == Some(&true))
            {
                continue;
            }
            let picked = named
                .iter()
                .map(|(head, name)| pick(self.graph, name, |kind| self.accepts(*place, kind)).map(|it| (it, *head)))
                .collect::<Result<Vec<_>, _>>();
            match picked {
                Ok(picked) => {
                    chosen = Some((*place, picked));
                    break;
                }
                Err(ambiguous @ Misfit::Ambiguous { .. }) => return Err(ambiguous.into()),
                Err(unfit) => failure = failure.or(Some(unfit)),
            }
        }
        if !named.is_empty() && chosen.is_none() {
            let typed = named.first().map(|(_, name)| name.typed.clone()).unwrap_or_default();
            return Err(failure.unwrap_or(Misfit::Unfit { typed }).into());
        }
        for head in nouns {
            self.other(head, shape, shape.asked.is_some_and(|it| std::ptr::eq(it, nouns)))?;
        }
        if let Some((place, picked)) = chosen {
            for (picked, head) in picked {
                self.take(place, &picked.word, not)?;
                self.names.push(picked.read);
                self.qualify(head, picked.kind)?;
            }
            if let (Place::End(end), false) = (place, not) {
                self.taken.get_mut(position(end)).into_iter().for_each(|it| *it = true);
            }
        }
        Ok(())
    }

    fn take(&mut self, place: Place, word: &str, not: bool) -> Result<(), NoFrame> {
        let word = word.to_owned();
        match (place, not) {
            (Place::End(FlowEnd::Source), false) => self.who.from.push(word),
            (Place::End(FlowEnd::Object), false) => self.who.what.push(word),
            (Place::End(FlowEnd::Target), false) => self.who.to.push(word),
            (Place::End(FlowEnd::Source), true) => self.who.not_from.push(word),
            (Place::End(FlowEnd::Object), true) => self.who.not_what.push(word),
            (Place::End(FlowEnd::Target), true) => self.who.not_to.push(word),
            (Place::About, false) => self.who.about.push(word),
            (Place::Role(role), false) => {
                let role = self.graph.vocabulary().role_name(role).to_owned();
                self.who.roles.push((role, word));
            }
            (Place::About | Place::Role(_), true) => return Err(NoFrame::Negation),
        }
        Ok(())
    }

    /// What a noun says besides its name: a figure, the kind of fact, a unit.
    fn other(&mut self, head: &Head<'_>, shape: &Shape<'_, '_>, asked: bool) -> Result<(), NoFrame> {
        self.figures.extend(head.figure.map(str::to_owned));
        match head.core {
            Core::Name(_) => return Ok(()),
            Core::KindNoun(kinds) if !kinds.contains(&self.ix) => return Err(NoFrame::Order),
            Core::RoleNoun(roles) if !roles.iter().any(|(kind, _)| *kind == self.ix) => return Err(NoFrame::Order),
            Core::Any(WordMeaning::Flow) if !self.kind.flow => return Err(NoFrame::Order),
            // "a country" that is not asked for is nobody in particular; as a name it may be a class.
            Core::Any(meaning) if meaning != WordMeaning::Thing && meaning != WordMeaning::Flow && !asked => {
                return Err(NoFrame::Order);
            }
            Core::Unit(unit) => {
                if !shape.how_many {
                    return Err(NoFrame::Order);
                }
                let id = self.graph.vocabulary().terms.unit(unit).map(|it| it.id.to_string());
                self.who.unit = id;
            }
            _ => {}
        }
        // "North Korean supplies" come from there.
        for name in &head.qualifiers {
            self.from(name)?;
        }
        Ok(())
    }

    /// Whose a thing or a person is: people stay who they are, things come from there.
    fn qualify(&mut self, head: &Head<'_>, kind: EntityKind) -> Result<(), NoFrame> {
        for name in &head.qualifiers {
            match kind {
                EntityKind::Population => {
                    let picked = pick(self.graph, name, |kind| kind != EntityKind::Document)?;
                    self.who.of.push(picked.word);
                    self.names.push(picked.read);
                }
                EntityKind::Materiel if self.passes_over => self.unused.push(name.typed.clone()),
                EntityKind::Materiel => {
                    self.qualified |= !self.kind.flow;
                    self.from(name)?;
                }
                // "the EU's 18th package", "Ukraine's Zelenskyy": the name says it.
                _ => self.unused.push(name.typed.clone()),
            }
        }
        Ok(())
    }

    /// Somebody as the source, unless that is somebody else.
    fn from(&mut self, name: &Name) -> Result<(), NoFrame> {
        let place = Place::End(FlowEnd::Source);
        match pick(self.graph, name, |kind| self.accepts(place, kind)) {
            Ok(picked) if self.who.from.is_empty() => {
                self.who.from.push(picked.word);
                self.names.push(picked.read);
                self.taken[0] = true;
            }
            Ok(picked) if self.who.from.contains(&picked.word) => {}
            Err(ambiguous @ Misfit::Ambiguous { .. }) => return Err(ambiguous.into()),
            _ => self.unused.push(name.typed.clone()),
        }
        Ok(())
    }

    /// Both ways between two.
    fn between(&mut self, nouns: &NounPhrase<'_>) -> Result<(), NoFrame> {
        if self.who
            != (Who {
                kinds: self.who.kinds.clone(),
                what: self.who.what.clone(),
                of: self.who.of.clone(),
                ..Who::default()
            })
            || nouns.len() != 2
        {
            return Err(NoFrame::Order);
        }
        for head in nouns {
            let Core::Name(name) = head.core else { return Err(NoFrame::Order) };
            let place = |kind| {
                self.accepts(Place::End(FlowEnd::Source), kind) && self.accepts(Place::End(FlowEnd::Target), kind)
            };
            let picked = pick(self.graph, name, place)?;
            self.who.from.push(picked.word.clone());
            self.who.to.push(picked.word);
            self.names.push(picked.read);
        }
        Ok(())
    }

    fn finish(mut self, shape: &Shape<'_, '_>, extras: &Extras<'_>) -> Result<Framed, NoFrame> {
        for name in extras.except.iter().chain(&extras.without) {
            let is_item = pick(self.graph, name, |kind| self.accepts(Place::End(FlowEnd::Object), kind));
            let (place, picked) = match is_item {
                Ok(picked) => (Place::End(FlowEnd::Object), picked),
                Err(_) if extras.without.contains(name) => continue,
                Err(_) => {
                    let end = if self.who.from.is_empty() { FlowEnd::Source } else { FlowEnd::Target };
                    (Place::End(end), pick(self.graph, name, |kind| self.accepts(Place::End(end), kind))?)
                }
            };
            self.take(place, &picked.word, true)?;
            self.names.push(picked.read);
        }
        if shape.how_many || extras.total {
            self.add_up(shape);
        }
        self.who.whether = shape.whether && !shape.how_many && !shape.when;
        Ok(Framed {
            who: self.who,
            kinds: vec![self.ix],
            figures: self.figures,
            names: self.names,
            unused: self.unused,
            when: shape.when,
            qualified: self.qualified,
            is_looser: self.passes_over,
        })
    }

    /// "how many": the figure that the verb names, or the first one. How many countries there are, the rows tell.
    fn add_up(&mut self, shape: &Shape<'_, '_>) {
        let form = shape.verb.map(|(_, form)| form);
        let figure = self.kind.figures.iter().find(|it| form == Some(&*it.name));
        let heads = || shape.subject.into_iter().chain(shape.fronted).chain(shape.bare.iter().copied()).flatten();
        let is_active = !shape.has_be && shape.asks_for_subject;
        let counts_people = shape.asked.is_some_and(|it| it.iter().any(|it| it.core == Core::Any(WordMeaning::Person)));
        let counts_somebody = figure.is_none()
            && is_active
            && heads().any(|it| {
                matches!(
                    it.core,
                    Core::Any(
                        WordMeaning::Country | WordMeaning::Organization | WordMeaning::Place | WordMeaning::Person
                    )
                )
            });
        // "how many camps" asks for the figure, "how many attacks" for the rows.
        let unit_is_kind = self
            .kind
            .figures
            .first()
            .and_then(|it| it.unit)
            .and_then(|it| self.graph.vocabulary().terms.unit(it))
            .is_some_and(|it| it.id == self.kind.id);
        let counts_facts = shape.verb.is_none()
            && !unit_is_kind
            && heads().any(|it| matches!(it.core, Core::KindNoun(_) | Core::RoleNoun(_)));
        if self.kind.figures.is_empty() || counts_somebody || counts_facts {
            return;
        }
        if counts_people && figure.is_none() && self.who.unit.is_none() {
            self.who.unit = Some("person".to_owned());
        }
        self.who.total = Some(TotalBy::Unit);
        self.who.total_of = figure.map(|it| it.name.to_string());
    }
}

/// All kinds of fact, with what was taken out of the question.
pub(super) fn any_kind() -> Who {
    Who { kinds: vec![ANY_KIND.to_owned()], ..Who::default() }
}
