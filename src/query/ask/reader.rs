//! From a sentence to the questions that it may ask.

use super::frame::{self, Framed, NoFrame};
use super::grammar::{self, Extras, Saying, Sentence};
use super::link::Name;
use super::naming::{Misfit, NameRead, pick};
use super::reading::Reading;
use super::time;
use crate::graph::GraphView;
use crate::model::{EntityKind, FlowEnd, Meaning, Stance, WordMeaning};
use crate::query::evidence::{Evidence, UNNAMED};
use crate::query::question::{PathQuestion, Question, Who};
use crate::query::rules::Status;

pub(super) fn read_sentence<G: GraphView>(
    graph: &G,
    sentence: &Sentence<'_>,
    extras: &Extras<'_>,
) -> Result<Vec<Reading>, NoFrame> {
    let mut reader = Reader { graph, names: Vec::new(), evidence: Evidence::default(), extras };
    reader.evidence()?;
    let questions = reader.questions(sentence)?;
    let Reader { names, evidence, .. } = reader;
    let finish = |asked: Asked| {
        let mut reading = Reading::new(asked.question, evidence.clone());
        reading.evidence.figures.extend(asked.figures);
        reading.evidence.stances.extend(asked.stance);
        reading.names = asked.names.into_iter().chain(names.iter().cloned()).collect();
        reading.names.dedup();
        reading.looseness = asked.looseness;
        let unused = extras.unused.iter().map(|it| (*it).to_owned());
        reading.unused = asked.unused.into_iter().chain(unused).collect();
        reading
    };
    Ok(questions.into_iter().map(finish).collect())
}

/// A question with what goes with it.
struct Asked {
    question: Question,
    names: Vec<NameRead>,
    figures: Vec<String>,
    stance: Option<Stance>,
    unused: Vec<String>,
    looseness: u8,
}

impl Asked {
    fn new(question: Question) -> Asked {
        Asked { question, names: Vec::new(), figures: Vec::new(), stance: None, unused: Vec::new(), looseness: 0 }
    }
}

struct Reader<'r, 't, G> {
    graph: &'r G,
    names: Vec<NameRead>,
    evidence: Evidence,
    extras: &'r Extras<'t>,
}

impl<G: GraphView> Reader<'_, '_, G> {
    /// The word of a command for anybody or anything.
    fn anything(&mut self, name: &Name) -> Result<String, NoFrame> {
        let found = pick(self.graph, name, |kind| kind != EntityKind::Document);
        let picked = found.or_else(|_| pick(self.graph, name, |_| true))?;
        self.names.push(picked.read);
        Ok(picked.word)
    }

    /// The word of a command for somebody who makes claims, or a document that carries them.
    fn claimant(&mut self, name: &Name) -> Result<String, NoFrame> {
        let speaks = |kind| {
            matches!(kind, EntityKind::Organization | EntityKind::Person | EntityKind::Country | EntityKind::Population)
        };
        let found = pick(self.graph, name, speaks);
        let picked = match found {
            Err(Misfit::Unfit { .. }) => pick(self.graph, name, |kind| kind == EntityKind::Document)?,
            found => found?,
        };
        self.names.push(picked.read);
        Ok(picked.word)
    }

    /// What was taken out of the question, as evidence.
    fn evidence(&mut self) -> Result<(), NoFrame> {
        let extras = self.extras;
        self.evidence.as_of = extras.as_of;
        for name in &extras.according_to {
            let word = self.claimant(name)?;
            self.evidence.according_to.push(word);
        }
        if extras.without_unnamed {
            self.evidence.without.push(UNNAMED.to_owned());
        }
        for name in &extras.without {
            // An item is left out of the facts, not of the evidence.
            if pick(self.graph, name, EntityKind::is_class).is_err() {
                let word = self.claimant(name)?;
                self.evidence.without.push(word);
            }
        }
        for meaning in &extras.support {
            match meaning {
                WordMeaning::Confirmed => self.evidence.statuses.extend([Status::Corroborated, Status::Admitted]),
                WordMeaning::Corroborated => self.evidence.statuses.push(Status::Corroborated),
                WordMeaning::Disputed => self.evidence.statuses.push(Status::Disputed),
                WordMeaning::Admitted => self.evidence.statuses.push(Status::Admitted),
                WordMeaning::SingleSource => self.evidence.statuses.push(Status::SingleSource),
                WordMeaning::Unnamed => self.evidence.statuses.push(Status::Unnamed),
                WordMeaning::Alleged => self.evidence.stances.push(Stance::Alleges),
                WordMeaning::Estimated => self.evidence.stances.push(Stance::Estimates),
                _ => {}
            }
        }
        Ok(())
    }

    /// The period of the question: all its times must hold, which one period tells only if there is one.
    fn period(&self) -> Result<Option<crate::model::Period>, NoFrame> {
        match self.extras.times.as_slice() {
            [] => Ok(None),
            [period] => Ok(Some(*period)),
            [first, second] => time::both(first, second).map(Some).ok_or(NoFrame::Order),
            _ => Err(NoFrame::Order),
        }
    }

    /// The words of this sentence have no place for a time or for words about support.
    fn nothing_else(&self) -> Result<(), NoFrame> {
        let extras = self.extras;
        let is_bare = extras.times.is_empty()
            && extras.except.is_empty()
            && extras.outcomes.is_empty()
            && extras.avoid.is_empty()
            && extras.by.is_none()
            && !extras.total;
        if is_bare { Ok(()) } else { Err(NoFrame::Order) }
    }

    fn path(&mut self, a: &Name, b: &Name) -> Result<PathQuestion, NoFrame> {
        let (from, to) = (self.anything(a)?, self.anything(b)?);
        let avoid = self.extras.avoid.iter().map(|it| self.anything(it)).collect::<Result<_, _>>()?;
        Ok(PathQuestion { during: self.period()?, avoid, ..PathQuestion::new(&from, &to) })
    }

    fn questions(&mut self, sentence: &Sentence<'_>) -> Result<Vec<Asked>, NoFrame> {
        let one = |question| Ok(vec![Asked::new(question)]);
        let optional = |reader: &mut Self, name: &Option<&Name>| name.map(|it| reader.anything(it)).transpose();
        match sentence {
            Sentence::Define(name) => {
                self.nothing_else()?;
                let name = self.anything(name)?;
                one(Question::Show { name })
            }
            Sentence::Fact { id, support } => {
                self.nothing_else()?;
                let show = Question::Show { name: (*id).to_owned() };
                one(if *support { Question::Support(Box::new(show)) } else { show })
            }
            Sentence::WhoIs(name) => match self.holders(name)? {
                Some(who) => one(Question::Who(who)),
                None => {
                    self.nothing_else()?;
                    let name = self.anything(name)?;
                    one(Question::Show { name })
                }
            },
            Sentence::Within(member, group) => {
                let who = self.members(*member, group)?;
                one(Question::Who(who))
            }
            Sentence::Holds(somebody, office) => {
                let mut who = self.holders(office)?.ok_or(NoFrame::Order)?;
                let picked = pick(self.graph, somebody, |kind| kind == EntityKind::Person)?;
                self.names.insert(0, picked.read);
                who.from.push(picked.word);
                who.whether = true;
                one(Question::Who(who))
            }
            Sentence::Connected(a, b) => {
                let path = self.path(a, b)?;
                one(Question::Path(PathQuestion { any_direction: true, ..path }))
            }
            Sentence::Path(a, b) => {
                let path = self.path(a, b)?;
                one(Question::Path(path))
            }
            Sentence::Journey { item, from, to } => self.journey(item, *from, to),
            Sentence::List(meaning) => {
                self.nothing_else()?;
                one(match meaning {
                    WordMeaning::Source => Question::Sources { name: None },
                    WordMeaning::Fact => Question::List { what: "facts".to_owned() },
                    WordMeaning::Kind => Question::List { what: "kinds".to_owned() },
                    WordMeaning::Country => Question::List { what: "countries".to_owned() },
                    WordMeaning::Organization => Question::List { what: "organizations".to_owned() },
                    WordMeaning::Person => Question::List { what: "people".to_owned() },
                    WordMeaning::Place => Question::List { what: "places".to_owned() },
                    WordMeaning::Document => Question::List { what: "documents".to_owned() },
                    _ => Question::List { what: "vessels".to_owned() },
                })
            }
            Sentence::Count => {
                self.nothing_else()?;
                one(Question::Stats)
            }
            Sentence::Disputes(name) => {
                self.nothing_else()?;
                // "disputed" is what is asked for, not what narrows it.
                self.evidence.statuses.clear();
                let name = optional(self, name)?;
                one(Question::Disputes { name })
            }
            Sentence::Measures(name) => {
                self.nothing_else()?;
                let name = optional(self, name)?;
                one(Question::Measures { name })
            }
            Sentence::Returns(names) => {
                self.nothing_else()?;
                // What is given is no party to an exchange.
                let is_class = |it: &&&Name| pick(self.graph, it, EntityKind::is_class).is_ok();
                if names.iter().any(|it| is_class(&it)) || names.len() > 2 {
                    return Err(NoFrame::Order);
                }
                let names: Vec<String> = names.iter().map(|it| self.anything(it)).collect::<Result<_, _>>()?;
                let mut asked = vec![Asked::new(Question::Returns { names: names.clone() })];
                // What one offers may be meant for something of the other.
                if let [first, _] = names.as_slice() {
                    let question = Question::Returns { names: vec![first.clone()] };
                    asked.push(Asked { looseness: 1, ..Asked::new(question) });
                }
                Ok(asked)
            }
            Sentence::Timeline(name) => {
                let name = self.anything(name)?;
                let show = match self.period()? {
                    None => Question::Show { name },
                    during => Question::Who(Who { about: vec![name], during, ..Who::default() }),
                };
                one(Question::Timeline(Box::new(show)))
            }
            Sentence::Happened(head) => {
                let mut who = frame::any_kind();
                if let Some(head) = head {
                    let grammar::Core::Name(name) = head.core else { return Err(NoFrame::Order) };
                    let word = self.anything(name)?;
                    who.about.push(word);
                    for name in &head.qualifiers {
                        let word = self.anything(name)?;
                        who.of.push(word);
                    }
                }
                who.during = self.period()?;
                one(Question::Timeline(Box::new(Question::Who(who))))
            }
            Sentence::InTime(clause) => {
                let asked = self.clause(clause)?.into_iter();
                Ok(asked.map(|it| Asked { question: Question::Timeline(Box::new(it.question)), ..it }).collect())
            }
            Sentence::SaidAbout(about) => {
                let names: Vec<String> = about.iter().map(|it| self.anything(it)).collect::<Result<_, _>>()?;
                let who = Who { about: names, during: self.period()?, ..Who::default() };
                one(Question::Support(Box::new(Question::Who(who))))
            }
            Sentence::Claims { by, saying, about, whether } => {
                self.spoken_by(by)?;
                let mut who = Who { during: self.period()?, whether: *whether, ..Who::default() };
                for name in about {
                    let word = self.anything(name)?;
                    who.about.push(word);
                }
                if about.is_empty() {
                    who.kinds = frame::any_kind().kinds;
                }
                self.evidence.stances.extend(stance(*saying));
                one(Question::Who(who))
            }
            Sentence::Says { saying, clause } => {
                let framed = self.clause(clause)?;
                let wrap = |it: Asked| Asked {
                    question: Question::Support(Box::new(it.question)),
                    stance: stance(*saying),
                    ..it
                };
                Ok(framed.into_iter().map(wrap).collect())
            }
            Sentence::SaidBy { by, saying, clause } => {
                self.spoken_by(by)?;
                self.evidence.stances.extend(stance(*saying));
                self.clause(clause)
            }
            Sentence::Stance(saying) => {
                self.nothing_else()?;
                self.evidence.stances.extend(stance(*saying));
                one(Question::Who(frame::any_kind()))
            }
            Sentence::Evidence(clause) => {
                let mut asked = self.clause(clause)?;
                for it in &mut asked {
                    if let Question::Who(who) = &mut it.question {
                        who.whether = true;
                    }
                }
                Ok(asked)
            }
            Sentence::Clause(parts) => self.clause(parts),
        }
    }

    /// Whose claims are asked for: at least somebody without a name.
    fn spoken_by(&mut self, by: &[&Name]) -> Result<(), NoFrame> {
        if by.is_empty() {
            if !self.extras.support.contains(&WordMeaning::Unnamed) {
                return Err(NoFrame::Order);
            }
            self.evidence.statuses.retain(|it| *it != Status::Unnamed);
            self.evidence.according_to.push(UNNAMED.to_owned());
        }
        for name in by {
            let word = self.claimant(name)?;
            self.evidence.according_to.push(word);
        }
        Ok(())
    }

    /// Who is a member of a group, if there is a kind of fact that says so.
    fn members(&mut self, member: Option<&Name>, group: &Name) -> Result<Who, NoFrame> {
        let kinds = &self.graph.vocabulary().kinds;
        let kind = kinds.iter().find(|it| it.meaning == Some(Meaning::Membership)).ok_or(NoFrame::Order)?;
        let picked = pick(self.graph, group, |kind| kind == EntityKind::Organization)?;
        let mut who = Who { kinds: vec![kind.id.to_string()], to: vec![picked.word], ..Who::default() };
        self.names.push(picked.read);
        if let Some(member) = member {
            let speaks = |kind| matches!(kind, EntityKind::Country | EntityKind::Organization | EntityKind::Person);
            let picked = pick(self.graph, member, speaks)?;
            self.names.insert(0, picked.read);
            who.from.push(picked.word);
            who.whether = true;
        }
        who.during = self.period()?;
        Ok(who)
    }

    /// Who holds an office, if a name is one: what fills a role of a kind of fact whose source can be a person alone.
    fn holders(&mut self, office: &Name) -> Result<Option<Who>, NoFrame> {
        let vocabulary = self.graph.vocabulary();
        let Ok(picked) = pick(self.graph, office, |kind| kind == EntityKind::Organization) else { return Ok(None) };
        let Some(entity) = self.graph.entity_by_id(&picked.read.id) else { return Ok(None) };
        for fact in self.graph.facts_of(entity.into()).iter() {
            let Some(kind) = vocabulary.kind(self.graph.fact(*fact).kind) else { continue };
            let source = kind.roles.iter().find(|it| it.flow == Some(FlowEnd::Source));
            if source.is_none_or(|it| it.accepts.iter().collect::<Vec<_>>() != [EntityKind::Person]) {
                continue;
            }
            let role = self.graph.roles(*fact).find(|it| it.participant.node == entity.into()).map(|it| it.role);
            let role = role.filter(|role| kind.role(*role).is_some_and(|it| it.flow.is_none()));
            if let Some(role) = role {
                self.names.push(picked.read);
                return Ok(Some(Who {
                    kinds: vec![kind.id.to_string()],
                    roles: vec![(vocabulary.role_name(role).to_owned(), picked.word)],
                    during: self.period()?,
                    outcomes: self.extras.outcomes.clone(),
                    ..Who::default()
                }));
            }
        }
        Ok(None)
    }

    /// How an item came to a place: from where it is said to come, or from whoever it qualifies.
    fn journey(&mut self, item: &grammar::Head<'_>, from: Option<&Name>, to: &Name) -> Result<Vec<Asked>, NoFrame> {
        let grammar::Core::Name(name) = item.core else { return Err(NoFrame::Order) };
        let start = match (from, item.qualifiers.as_slice()) {
            (Some(from), _) => from,
            (None, [whose]) => *whose,
            _ => return Err(NoFrame::Order),
        };
        let mut path = self.path(start, to)?;
        let picked = pick(self.graph, name, EntityKind::is_class)?;
        path.what.push(picked.word);
        self.names.insert(0, picked.read);
        path.same_item = true;
        Ok(vec![Asked::new(Question::Path(path))])
    }

    fn clause(&mut self, parts: &[grammar::Part<'_>]) -> Result<Vec<Asked>, NoFrame> {
        let during = self.period()?;
        // A path alone has whom to avoid.
        if !self.extras.avoid.is_empty() {
            return Err(NoFrame::Order);
        }
        let outcomes = self.extras.outcomes.clone();
        let framed = frame::frames(self.graph, parts, self.extras)?;
        let asked = |framed: Framed| {
            let Framed { mut who, figures, names, unused, when, looseness, .. } = framed;
            who.during = during;
            who.began &= during.is_some();
            who.outcomes.clone_from(&outcomes);
            let question = Question::Who(who);
            let question = if when { Question::Timeline(Box::new(question)) } else { question };
            Asked { question, names, figures, stance: None, unused, looseness }
        };
        Ok(framed.into_iter().map(asked).collect())
    }
}

fn stance(saying: Saying) -> Option<Stance> {
    match saying {
        Saying::Says => None,
        Saying::Admits => Some(Stance::Admits),
        Saying::Denies => Some(Stance::Denies),
    }
}
