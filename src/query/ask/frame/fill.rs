//! One kind of fact, as its ends and roles are filled by the nouns of a clause.

use super::shape::{Before, Shape};
use super::{Framed, NoFrame};
use crate::graph::GraphView;
use crate::model::{EntityIx, EntityKind, EntityKinds, FlowEnd, Kind, KindIx, RoleIx, WordMeaning};
use crate::query::ask::grammar::{Core, Extras, Head, NounPhrase};
use crate::query::ask::link::Name;
use crate::query::ask::naming::{Misfit, NameRead, Picked, pick};
use crate::query::question::{TotalBy, Who};

/// One kind of fact, as its ends and roles are filled.
pub(super) struct Fill<'g, G> {
    pub(super) graph: &'g G,
    pub(super) ix: KindIx,
    pub(super) kind: &'g Kind,
    pub(super) who: Who,
    pub(super) figures: Vec<String>,
    pub(super) names: Vec<NameRead>,
    pub(super) unused: Vec<String>,
    /// What may be the object of any flow that is meant.
    pub(super) objects: EntityKinds,
    /// Whether somebody's things are taken whoever used them.
    pub(super) passes_over: bool,
    pub(super) qualified: bool,
    /// Ends that are filled: source, object, target.
    pub(super) taken: [bool; 3],
    pub(super) places: Places,
}

/// Most combinations of places that are tried for one kind.
const MOST_TRIED: usize = 12;

/// Which of its places each noun takes, where it has a choice.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The choices to make, by the order in which nouns are put; what is beyond takes the first.
    chosen: Vec<usize>,
    /// How many places each noun had.
    offered: Vec<usize>,
    tried: usize,
}

impl Places {
    /// The place that the next noun takes of so many.
    fn take(&mut self, count: usize) -> usize {
        let at = self.offered.len();
        self.offered.push(count);
        self.chosen.get(at).copied().unwrap_or(0)
    }

    /// How far the choices are from the likeliest.
    fn looseness(&self) -> u8 {
        self.chosen.iter().fold(0, |sum: u8, it| sum.saturating_add(u8::try_from(*it).unwrap_or(u8::MAX)))
    }

    /// The next choices, counted like the wheels of a meter.
    pub(super) fn next(mut self) -> Option<Places> {
        self.chosen.resize(self.offered.len(), 0);
        let wheel = self.chosen.iter().zip(&self.offered).rposition(|(at, count)| at + 1 < *count)?;
        for (place, at) in self.chosen.iter_mut().enumerate().skip(wheel) {
            *at = if place == wheel { *at + 1 } else { 0 };
        }
        self.tried += 1;
        (self.tried < MOST_TRIED).then(|| Places { offered: Vec::new(), ..self })
    }
}

/// How far a reading is that passes a word over.
const PASSES_OVER: u8 = 100;

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
    /// The question, if all parts of the clause have a place in it; and the places tried.
    pub(super) fn fill(
        mut self,
        shape: &Shape<'_, '_>,
        subject: FlowEnd,
        extras: &Extras<'_>,
    ) -> (Result<Framed, NoFrame>, Places) {
        let filled = self.parts(shape, subject);
        let places = std::mem::take(&mut self.places);
        let framed = filled.and_then(|()| self.finish(shape, extras, places.looseness()));
        (framed, places)
    }

    fn parts(&mut self, shape: &Shape<'_, '_>, subject: FlowEnd) -> Result<(), NoFrame> {
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
                    let mut places = ends(if subject == Target { &[Object] } else { &[Object, Target] });
                    places.extend(self.roles_with_nouns());
                    places
                } else if may_be_object {
                    ends(&[Object, Source])
                } else if subject == Source && nouns.iter().all(|it| self.is_class_for(it, Object)) {
                    // "did soldiers retake Kursk"
                    ends(&[Source, Object])
                } else if subject == Object {
                    // "how many children died"
                    let mut places = ends(&[subject]);
                    places.extend(self.roles_with_nouns());
                    places
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
                    let mut places = match (subject, wants_target) {
                        (Source, true) => ends(&[Target, Object]),
                        (Source, false) => ends(&[Object, Target]),
                        (Target, _) => ends(&[Object, Source]),
                        (Object, _) => ends(&[Target]),
                    };
                    places.extend(self.roles_with_nouns());
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
        // "which transfers did not go to Russia" leaves those out; whoever did nothing is in no fact.
        let flips = shape.negated && subject == Object && shape.befores.len() == 1;
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
        Ok(())
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
        let is_something =
            |it: &Head<'_>| it.figure.is_some() || !matches!(it.core, Core::Any(it) if it != WordMeaning::Flow);
        let has_content = !shape.befores.is_empty() || shape.between.is_some() || heads().any(is_something);
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

    /// Roles besides the ends whose fillers have a name of their own: the victims of an attack.
    fn roles_with_nouns(&self) -> Vec<Place> {
        let roles = self.kind.roles.iter().filter(|it| it.flow.is_none() && !it.nouns.is_empty());
        roles.map(|it| Place::Role(it.role)).collect()
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
        let mut fitting: Vec<(Place, Vec<(Picked, &Head<'_>)>)> = Vec::new();
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
                Ok(picked) => fitting.push((*place, picked)),
                // A name that may be several where it belongs is not moved to where it is one.
                Err(ambiguous @ Misfit::Ambiguous { .. }) if fitting.is_empty() => return Err(ambiguous.into()),
                Err(unfit) => failure = failure.or(Some(unfit)),
            }
        }
        let chosen = match fitting.len() {
            0 => None,
            count => Some(fitting.swap_remove(self.places.take(count).min(count - 1))),
        };
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

    /// Whether some class in the data is called by a word for anybody: "people".
    fn has_class_of_people(&self) -> bool {
        let words = self.graph.vocabulary().words.iter().filter(|it| it.means == WordMeaning::Person);
        let mut nodes = words.flat_map(|it| &it.words).flat_map(|it| self.graph.name_index().matches(it));
        nodes.any(|(node, _)| self.graph.entity(EntityIx(node)).kind == EntityKind::Population)
    }

    /// What a noun says besides its name: a figure, the kind of fact, a unit.
    fn other(&mut self, head: &Head<'_>, shape: &Shape<'_, '_>, asked: bool) -> Result<(), NoFrame> {
        self.figures.extend(head.figure.map(str::to_owned));
        match head.core {
            Core::Name(_) => return Ok(()),
            Core::KindNoun(kinds) if !kinds.contains(&self.ix) => return Err(NoFrame::Order),
            Core::RoleNoun(roles) if !roles.iter().any(|(kind, _)| *kind == self.ix) => return Err(NoFrame::Order),
            Core::Any(WordMeaning::Flow) if !self.kind.flow => return Err(NoFrame::Order),
            // Nobody counts people where a fact has no figure.
            Core::Any(WordMeaning::Person) if asked && shape.how_many && self.kind.figures.is_empty() => {
                return Err(NoFrame::Order);
            }
            // Who is sanctioned need not be people: the answer says that it did not look.
            Core::Any(WordMeaning::Person) if asked && !shape.how_many && shape.asks_for_subject => {
                self.unused.push("people".to_owned());
            }
            // People are a class of what is sent, where the data have such a class.
            Core::Any(WordMeaning::Person)
                if self.kind.flow && asked && shape.fronted.is_some() && self.has_class_of_people() =>
            {
                return Err(NoFrame::Order);
            }
            // "a country" that is not asked for is nobody in particular; as a name it may be a class.
            Core::Any(meaning) if meaning != WordMeaning::Thing && meaning != WordMeaning::Flow && !asked => {
                return Err(NoFrame::Order);
            }
            Core::Unit(unit) => {
                if head.figure.is_some() {
                    // "the 9,000,000 rounds": the figure is what claims must give.
                    return Ok(());
                }
                // "how many barrels"; "were taken to camps" counts no camps.
                if !shape.how_many || !asked {
                    return Err(NoFrame::Order);
                }
                let id = self.graph.vocabulary().terms.unit(unit).map(|it| it.id.to_string());
                self.who.unit = id;
            }
            _ => {}
        }
        // "North Korean supplies" come from there; "oil deliveries" are about it.
        for name in &head.qualifiers {
            if name.is_thing && !name.qualifies {
                let place = Place::End(FlowEnd::Object);
                let picked = pick(self.graph, name, |kind| self.accepts(place, kind))?;
                self.take(place, &picked.word, false)?;
                self.names.push(picked.read);
            } else {
                self.from(name)?;
            }
        }
        Ok(())
    }

    /// Whose a thing or a person is: people stay who they are, things come from there.
    fn qualify(&mut self, head: &Head<'_>, kind: EntityKind) -> Result<(), NoFrame> {
        for name in &head.qualifiers {
            if name.is_thing && !name.qualifies {
                // "artillery shells" are shells.
                self.unused.push(name.typed.clone());
                continue;
            }
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

    fn finish(mut self, shape: &Shape<'_, '_>, extras: &Extras<'_>, looseness: u8) -> Result<Framed, NoFrame> {
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
        if extras.by.is_some() {
            self.who.total = extras.by;
        }
        // "which places in Ukraine were attacked"
        let asks_for_places =
            shape.asked.is_some_and(|it| it.iter().any(|it| it.core == Core::Any(WordMeaning::Place)));
        self.who.include_parts = asks_for_places
            && shape.befores.iter().any(|it| it.meaning == Some(WordMeaning::In))
            && !self.who.to.is_empty();
        self.who.whether = shape.whether && !shape.how_many && !shape.when;
        Ok(Framed {
            who: self.who,
            kinds: vec![self.ix],
            figures: self.figures,
            names: self.names,
            unused: self.unused,
            when: shape.when,
            qualified: self.qualified,
            looseness: if self.passes_over { PASSES_OVER } else { looseness },
        })
    }

    /// "how many": the figure that the verb names, or the first one. How many countries there are, the rows tell.
    fn add_up(&mut self, shape: &Shape<'_, '_>) {
        let form = shape.verb.map(|(_, form)| form);
        let asks_for = |form: &str| {
            self.kind.figures.iter().find(|it| *it.name == *form || it.verbs.iter().any(|verb| **verb == *form))
        };
        let figure = form.filter(|_| !shape.several_verbs).and_then(asks_for);
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
