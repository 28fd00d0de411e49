//! One kind of fact and who fills its roles, told by the places of the nouns and by what each role accepts.

use super::phrases::{Head, Phrase, Thing, accepts};
use super::tags::{Named, Tagger, Whom};
use crate::graph::GraphView;
use crate::model::{EntityKind, FlowEnd, Kind, KindIx, Quantity, RoleIx, RoleSpec, UnitIx};

/// A kind with its roles filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filling {
    pub(super) kind: KindIx,
    pub(super) roles: Vec<(RoleIx, Vec<Filler>)>,
    /// The first figure, in the words of the source.
    pub(super) quantity: Option<String>,
    /// Others, by their place in the kind's list.
    pub(super) figures: Vec<(usize, String)>,
    pub(super) score: u32,
    /// How well each thing that is the object goes with this kind.
    pub(super) affinities: Vec<u32>,
    /// The role of the object.
    object: Option<RoleIx>,
}

impl Filling {
    /// The same with some of the things that are its object.
    pub(super) fn with_objects(&self, keep: impl Fn(usize) -> bool) -> Filling {
        let mut filling = self.clone();
        for (role, fillers) in &mut filling.roles {
            if Some(*role) == self.object {
                let kept = fillers.iter().enumerate().filter(|(at, _)| keep(*at)).map(|(_, it)| it.clone());
                *fillers = kept.collect();
            }
        }
        filling
    }
}

/// Who or what fills a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filler {
    pub(super) named: Named,
    /// Whose people they are.
    pub(super) of: Option<Named>,
    pub(super) figure: Option<String>,
}

/// The roles of a kind while they are filled.
pub(super) struct Slots<'s, 'g, G> {
    tagger: &'s Tagger<'g, G>,
    ix: KindIx,
    kind: &'g Kind,
    /// All kinds that the word may mean.
    rivals: Vec<KindIx>,
    roles: Vec<(RoleIx, Vec<Filler>)>,
    bare_figure: Option<String>,
}

impl<'s, 'g, G: GraphView> Slots<'s, 'g, G> {
    pub(super) fn new(tagger: &'s Tagger<'g, G>, ix: KindIx, rivals: Vec<KindIx>) -> Option<Self> {
        let kind = tagger.graph.vocabulary().kind(ix)?;
        Some(Slots { tagger, ix, kind, rivals, roles: Vec::new(), bare_figure: None })
    }

    /// Fills the roles around a verb; tells whether all that must have a place has one.
    pub(super) fn verbal(
        &mut self,
        end: FlowEnd,
        passive: bool,
        subject: &Phrase,
        bare: &[Phrase],
        before: &[(String, Phrase)],
        modifiers: &[(String, Phrase)],
    ) -> bool {
        use FlowEnd::{Object, Source, Target};
        let placed = if passive {
            let other = if end == Target { Source } else { Target };
            self.put(Object, subject) || self.put(other, subject)
        } else {
            self.put(end, subject)
        };
        if !placed {
            return false;
        }
        let fits = match (bare, end) {
            ([], _) => true,
            ([it], Source) if !passive => self.put(Object, it) || self.put(Target, it),
            ([it], Target) if !passive => self.put(Object, it) || self.put(Source, it),
            ([it], Object) => self.put(Target, it),
            ([it], _) => self.put(Object, it),
            ([a, b, ..], Source) if !passive => {
                // "gave Ukraine rifles"; a second noun without a place is a time or the like ("a day later").
                let is_target = a.things.iter().all(|it| it.sort() == 2) && self.put(Target, a);
                is_target && (self.put(Object, b) || b.things.iter().all(|it| it.sort() > 2)) || self.put(Object, a)
            }
            ([a, ..], _) => self.put(Object, a),
        };
        if !fits {
            return false;
        }
        for (word, phrase) in before {
            self.put_before(word, phrase, passive.then_some(end), end);
        }
        for (word, phrase) in modifiers {
            self.put_before(word, phrase, None, end);
        }
        true
    }

    /// Fills the roles around a noun for the fact.
    pub(super) fn nominal(&mut self, owner: Option<&Phrase>, before: &[(String, Phrase)]) -> bool {
        use FlowEnd::{Object, Source, Target};
        if let Some(owner) = owner
            && !self.put(Source, owner)
        {
            let _ = self.put(Object, owner);
        }
        for (word, phrase) in before {
            match word.as_str() {
                "of" => {
                    let _ = self.put(Object, phrase) || self.put(Source, phrase) || self.put(Target, phrase);
                }
                "from" | "by" => {
                    let _ = self.put(Source, phrase);
                }
                "between" => return false,
                _ => self.put_before(word, phrase, None, Target),
            }
        }
        true
    }

    fn put_before(&mut self, word: &str, phrase: &Phrase, passive: Option<FlowEnd>, end: FlowEnd) {
        use FlowEnd::{Source, Target};
        if word == "by" {
            if let Some(end) = passive {
                let _ = self.put(end, phrase);
            }
            return;
        }
        // What a role says of the words before it comes first.
        let own = self.kind.roles.iter().find(|it| it.after.iter().any(|it| **it == *word) && self.is_free(it));
        if let Some(role) = own
            && self.fill(role, phrase)
        {
            return;
        }
        let _ = match word {
            "to" | "into" | "onto" | "toward" | "towards" => self.put(Target, phrase),
            "for" if self.kind.flow => self.put(Target, phrase),
            "from" if end != Source || passive.is_some() => self.put(Source, phrase),
            "against" | "on" | "at" | "in" if !self.kind.flow => self.put(Target, phrase),
            // "arrived in Ukraine"
            "in" | "at" if end == FlowEnd::Object => self.put(Target, phrase),
            _ => false,
        };
    }

    /// Whether nobody fills a role, nor another of the same end.
    fn is_free(&self, role: &RoleSpec) -> bool {
        self.kind.roles.iter().all(|it| {
            let same = it.role == role.role || role.flow.is_some() && it.flow == role.flow;
            !same || !self.roles.iter().any(|(filled, _)| *filled == it.role)
        })
    }

    /// Puts a phrase to an end, if a role of that end is free and accepts it.
    fn put(&mut self, end: FlowEnd, phrase: &Phrase) -> bool {
        if end == FlowEnd::Object
            && let [Thing { head: Head::Bare, figure: Some(figure), .. }] = phrase.things.as_slice()
            && self.is_money(figure)
        {
            self.bare_figure = Some(figure.clone());
            return true;
        }
        let roles = &self.kind.roles;
        roles.iter().filter(|it| it.flow == Some(end)).any(|it| self.is_free(it) && self.fill(it, phrase))
    }

    /// Whether a figure alone says how much was paid.
    fn is_money(&self, figure: &str) -> bool {
        let terms = &self.tagger.graph.vocabulary().terms;
        let Some(unit) = self.kind.figures.first().and_then(|it| it.unit).and_then(|it| terms.unit(it)) else {
            return false;
        };
        let read = Quantity::parse(figure, terms, UnitIx(0)).ok().filter(|it| it.unit_named);
        unit.dimension.as_ref() == "money"
            && read.and_then(|it| terms.unit(it.unit).map(|it| it.dimension.clone())).as_deref() == Some("money")
    }

    fn fill(&mut self, role: &RoleSpec, phrase: &Phrase) -> bool {
        let fillers: Option<Vec<Filler>> = phrase.things.iter().map(|it| self.filler(role, it)).collect();
        match fillers {
            Some(fillers) if !fillers.is_empty() => {
                self.roles.push((role.role, fillers));
                true
            }
            _ => false,
        }
    }

    fn filler(&self, role: &RoleSpec, thing: &Thing) -> Option<Filler> {
        let figure = thing.figure.clone();
        let of = thing.of.clone();
        match &thing.head {
            Head::Named(named) if accepts(named, role.accepts) => {
                // "Moscow sent": the country, where the role takes one.
                let named = self.country_of(named, role).unwrap_or_else(|| named.clone());
                if figure.is_some() && !named.kind.is_class() {
                    return None;
                }
                Some(Filler { named, of, figure })
            }
            Head::Common(words) => {
                let kind = self.guessed(role, words, thing)?;
                let name = if kind == EntityKind::Materiel { words.to_lowercase() } else { words.clone() };
                let named = Named { whom: Whom::New(name, kind), kind, demonym: false, metonym: false };
                Some(Filler { named, of: None, figure })
            }
            _ => None,
        }
    }

    /// The country for which a government's place stands.
    fn country_of(&self, named: &Named, role: &RoleSpec) -> Option<Named> {
        let Whom::Known(entity) = &named.whom else { return None };
        if !named.metonym || !role.accepts.contains(EntityKind::Country) {
            return None;
        }
        let country = self.tagger.graph.entity(*entity).part_of?;
        let kind = self.tagger.graph.entity(country).kind;
        (kind == EntityKind::Country).then_some(Named {
            whom: Whom::Known(country),
            kind,
            demonym: false,
            metonym: false,
        })
    }

    /// What kind something new is that has no name: an item, where the verb speaks of items alone or a figure counts it; firms
    /// of a country, and people, at the ends.
    fn guessed(&self, role: &RoleSpec, words: &str, thing: &Thing) -> Option<EntityKind> {
        let only_supply = self
            .rivals
            .iter()
            .all(|it| *it == self.ix || self.tagger.graph.vocabulary().kind(*it).is_some_and(|it| !it.flow));
        let last = words.rsplit(' ').next().unwrap_or_default();
        let plural = last.ends_with('s') && !last.ends_with("ss");
        if words.split(' ').count() > 4 {
            return None;
        }
        match role.flow {
            Some(FlowEnd::Object) if self.kind.flow && role.accepts.contains(EntityKind::Materiel) => {
                // "60 mortars", and "500 barrels of diesel", of which there is no plural.
                let counted = thing.figure.as_ref().is_some_and(|it| plural || self.is_measure(it));
                (counted || plural && only_supply && !thing.definite).then_some(EntityKind::Materiel)
            }
            Some(_) if self.kind.flow && thing.of.is_some() && role.accepts.contains(EntityKind::Organization) => {
                Some(EntityKind::Organization)
            }
            Some(_)
                if self.kind.flow
                    && plural
                    && !thing.definite
                    && role.accepts.contains(EntityKind::Population)
                    && !words.contains(' ') =>
            {
                Some(EntityKind::Population)
            }
            _ => None,
        }
    }

    /// Whether a figure names a unit.
    fn is_measure(&self, figure: &str) -> bool {
        Quantity::parse(figure, &self.tagger.graph.vocabulary().terms, UnitIx(0)).is_ok_and(|it| it.unit_named)
    }

    fn end(&self, end: FlowEnd) -> Option<&Vec<Filler>> {
        let is_end = |role: RoleIx| self.kind.role(role).is_some_and(|it| it.flow == Some(end));
        self.roles.iter().find(|(role, _)| is_end(*role)).map(|(_, it)| it)
    }

    /// The filling, if it says enough to be a record that `check` accepts.
    pub(super) fn finish(self) -> Option<Filling> {
        use FlowEnd::{Object, Source, Target};
        let ends = [self.end(Source), self.end(Object), self.end(Target)];
        let filled = ends.iter().flatten().count();
        let has_required = self
            .kind
            .roles
            .iter()
            .filter(|it| it.required)
            .all(|it| self.roles.iter().any(|(role, _)| *role == it.role));
        let is_name = |it: &Filler| match &it.named.whom {
            Whom::Known(_) => !it.named.kind.is_class(),
            Whom::New(name, _) => name.starts_with(char::is_uppercase),
        };
        let named = [ends[0], ends[2]].into_iter().flatten().any(|it| it.iter().all(is_name));
        let has_object = self.kind.roles.iter().any(|it| it.flow == Some(Object) && it.required);
        let enough = if has_object { filled >= 2 } else { ends[0].is_some() && ends[2].is_some() };
        if !(has_required && named && enough) {
            return None;
        }
        // Nobody supplies themselves.
        if let (Some(source), Some(target)) = (ends[0], ends[2])
            && source.iter().any(|it| target.iter().any(|other| other.named.whom == it.named.whom && it.of == other.of))
        {
            return None;
        }
        let extra = self.roles.len() - filled;
        let affinities: Vec<u32> = ends[1].into_iter().flatten().map(|it| self.affinity(it)).collect();
        let affinity = affinities.first().copied().unwrap_or(0);
        let object = self
            .roles
            .iter()
            .map(|(role, _)| *role)
            .find(|role| self.kind.role(*role).is_some_and(|it| it.flow == Some(Object)));
        let score = u32::try_from(filled * 20 + extra * 3).unwrap_or(0) + u32::from(self.kind.flow) * 5 + affinity;
        let figures: Vec<&String> = ends[1].into_iter().flatten().filter_map(|it| it.figure.as_ref()).collect();
        let single = ends.iter().flatten().all(|it| it.len() == 1);
        let quantity = match figures.as_slice() {
            [figure] if single && !self.kind.figures.is_empty() => Some((*figure).clone()),
            _ => self.bare_figure.clone(),
        };
        Some(Filling { kind: self.ix, roles: self.roles, quantity, figures: Vec::new(), score, affinities, object })
    }

    /// How often the graph has facts of this kind with things of the same sort: know-how is provided, arms are supplied.
    fn affinity(&self, filler: &Filler) -> u32 {
        let Whom::Known(entity) = filler.named.whom else { return 0 };
        let graph = self.tagger.graph;
        let mut top = entity;
        while let Some(above) = graph.entity(top).is_a {
            top = above;
        }
        let facts = graph
            .subtree(top)
            .iter()
            .take(200)
            .flat_map(|it| graph.facts_with(crate::model::NodeIx(it.0)).iter().take(20));
        let count = facts.filter(|it| graph.fact(**it).kind == self.ix).count();
        u32::try_from(count.min(4)).unwrap_or(4)
    }
}
