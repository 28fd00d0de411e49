//! Who stands on a list of sanctions, and the measures against them: what the lists of the United Nations and of the United
//! States have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::findings::{ImportCode, ImportFindings};
use super::super::record::{Claim, End, Entity, Extra, Fact, Name};
use super::{Desk, Edition};
use crate::model::{EntityKind, NameKind, Period, normal_form};

/// Somebody on a list, in one edition of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Party {
    pub(super) id: String,
    pub(super) kind: EntityKind,
    pub(super) name: String,
    pub(super) names: Vec<Name>,
    pub(super) extra: Extra,
    pub(super) measures: Vec<Measure>,
    /// Names of others on the list to which the list says that it is linked.
    pub(super) links: Vec<String>,
    /// Ids of others on the list, and how they are linked.
    pub(super) relations: Vec<(String, Vec<String>)>,
    /// Where it stands in its file.
    pub(super) line: u64,
}

/// A measure against a party.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Measure {
    pub(super) id: String,
    /// The instrument under which it is imposed, as an entity.
    pub(super) instrument: Option<Entity>,
    pub(super) period: Option<String>,
    pub(super) extra: Extra,
}

impl Party {
    /// Adds a name, unless it is known or has no letter or digit.
    pub(super) fn alias(&mut self, name: Name) {
        let same = |it: &Name| it.text == name.text && it.kind == name.kind && it.lang == name.lang;
        let known = matches!(name.kind, NameKind::Alias | NameKind::Weak) && name.text == self.name;
        if !known && !normal_form(&name.text).is_empty() && !self.names.iter().any(same) {
            self.names.push(name);
        }
    }

    /// Keeps a value under a name.
    pub(super) fn keep(&mut self, name: &str, value: impl Into<String>) {
        keep(&mut self.extra, name, value.into());
    }
}

/// The parties of one file. A second one of one id is left out and reported: who it is, nobody can tell.
#[derive(Debug, Default)]
pub(super) struct Parties {
    pub(super) all: Vec<Party>,
    ids: BTreeSet<String>,
}

impl Parties {
    pub(super) fn add(&mut self, party: Party, findings: &mut ImportFindings) {
        if self.ids.insert(party.id.clone()) {
            self.all.push(party);
        } else {
            let message = format!("the number of the entry `{}` is taken in this file", party.id);
            let help = "the first one stands".to_owned();
            findings.at(Some(party.line)).report(ImportCode::DuplicateId, message, Some(help));
        }
    }
}

/// Keeps a value under a name, once.
pub(super) fn keep(extra: &mut Extra, name: &str, value: String) {
    if value.trim().is_empty() {
        return;
    }
    match extra.iter_mut().find(|(it, _)| it == name) {
        Some((_, values)) if values.contains(&value) => {}
        Some((_, values)) => values.push(value),
        None => extra.push((name.to_owned(), vec![value])),
    }
}

/// All editions of a list.
pub(super) struct List {
    /// Id of who imposes the measures and publishes the list.
    pub(super) imposer: String,
    pub(super) editions: Vec<ListEdition>,
}

/// One edition of a list.
pub(super) struct ListEdition {
    pub(super) edition: Edition,
    pub(super) file: String,
    pub(super) parties: Vec<Party>,
}

impl List {
    /// Sends everybody on the list and the measures, of all editions as one: what the latest edition says stands, and what only
    /// earlier ones say is kept under their date.
    pub(super) fn send(mut self, desk: &mut Desk<'_>) -> io::Result<()> {
        let day = |it: &ListEdition| it.edition.date.as_deref().and_then(|date| Period::parse(date).ok()?.latest());
        self.editions.sort_by_key(day);
        let mut parties: BTreeMap<String, (usize, u64, Entity)> = BTreeMap::new();
        let files: Vec<String> = self.editions.iter().map(|it| it.file.clone()).collect();
        let mut facts: BTreeMap<String, (usize, u64, Fact)> = BTreeMap::new();
        // The date of the edition after the one that is read.
        let mut later: Option<Option<String>> = None;
        for (at, edition) in self.editions.into_iter().enumerate().rev() {
            desk.findings.set_file(&edition.file);
            let date = edition.edition.date.as_deref().unwrap_or("no date");
            // Whether a later edition has any of it.
            let mut goes_on = false;
            let names = Names::of(&edition.parties);
            for mut party in edition.parties {
                let mut said: Vec<Fact> = Vec::new();
                for measure in std::mem::take(&mut party.measures) {
                    if let Some(instrument) = measure.instrument.clone() {
                        desk.once(instrument)?;
                    }
                    said.push(sanction(&self.imposer, &party.id, measure));
                }
                for name in std::mem::take(&mut party.links) {
                    match names.only(&name).filter(|it| *it != party.id) {
                        Some(other) => said.push(link(&party.id, other)),
                        None => party.keep("linkedTo", name),
                    }
                }
                for (other, words) in std::mem::take(&mut party.relations) {
                    let mut fact = link(&party.id, &other);
                    if !words.is_empty() {
                        fact.extra.push(("relation".to_owned(), words));
                    }
                    match said.iter_mut().find(|it| it.id == fact.id) {
                        Some(known) => fact.extra.into_iter().for_each(|(name, values)| {
                            values.into_iter().for_each(|it| keep(&mut known.extra, &name, it));
                        }),
                        None => said.push(fact),
                    }
                }
                for fact in said {
                    let claim = Claim::new(End::entity(&self.imposer), &edition.edition.document);
                    match facts.get_mut(&fact.id) {
                        None => {
                            let claims = vec![claim];
                            facts.insert(fact.id.clone(), (at, party.line, Fact { claims, ..fact }));
                        }
                        Some((latest, _, known)) => {
                            goes_on |= *latest != at;
                            let claim =
                                Claim { period: fact.period.filter(|it| known.period.as_ref() != Some(it)), ..claim };
                            if !known.claims.contains(&claim) {
                                known.claims.insert(0, claim);
                            }
                            for (name, values) in fact.extra {
                                earlier(&mut known.extra, &name, values, date);
                            }
                        }
                    }
                }
                let entity = Entity {
                    id: party.id.clone(),
                    kind: party.kind,
                    name: party.name,
                    names: party.names,
                    extra: party.extra,
                    ..Entity::default()
                };
                match parties.get_mut(&party.id) {
                    None => {
                        parties.insert(party.id, (at, party.line, entity));
                    }
                    Some((_, _, known)) => merge(known, entity, date),
                }
            }
            let Some(later) = later.replace(edition.edition.date.clone()) else { continue };
            let later = later.unwrap_or_else(|| "without a date".to_owned());
            let own = facts.values().filter(|(latest, ..)| *latest == at).count();
            if !goes_on && own > 0 {
                let message = format!(
                    "nothing of its {own} facts is in the other file, {later}: these are two lists, not editions of one"
                );
                let help =
                    Some("nothing counts as taken off; import them one at a time, and ask both together".to_owned());
                desk.findings.at(None).report(ImportCode::EditionDiffers, message, help);
                continue;
            }
            for (id, (latest, line, fact)) in &mut facts {
                if *latest == at {
                    let message =
                        format!("`{id}` is not in the later list, {later}; when it was taken off is not said");
                    desk.findings.at(Some(*line)).report(ImportCode::Dropped, message, None);
                    off(fact, &later);
                }
            }
        }
        let file = |at: usize| files.get(at).map_or("", String::as_str);
        for (at, line, entity) in parties.into_values() {
            desk.sink.place(file(at), Some(line));
            desk.sink.entity(entity)?;
        }
        for (at, line, fact) in facts.into_values() {
            desk.sink.place(file(at), Some(line));
            desk.sink.fact(fact)?;
        }
        Ok(())
    }
}

fn sanction(imposer: &str, target: &str, measure: Measure) -> Fact {
    let mut roles =
        vec![("imposer".to_owned(), vec![End::entity(imposer)]), ("target".to_owned(), vec![End::entity(target)])];
    roles.extend(measure.instrument.map(|it| ("instrument".to_owned(), vec![End::Entity(it.id)])));
    let kind = "sanction".to_owned();
    Fact { id: measure.id, kind, roles, period: measure.period, extra: measure.extra, ..Fact::default() }
}

/// What the list calls a link, and says no more of.
fn link(subject: &str, object: &str) -> Fact {
    let roles =
        vec![("subject".to_owned(), vec![End::entity(subject)]), ("object".to_owned(), vec![End::entity(object)])];
    Fact { id: format!("{subject}-linked-to-{object}"), kind: "link".to_owned(), roles, ..Fact::default() }
}

/// Who is called what in one edition, by the form of the name: an id, or none where several are called so.
struct Names(BTreeMap<String, Option<String>>);

impl Names {
    fn of(parties: &[Party]) -> Names {
        let mut by_form: BTreeMap<String, Option<String>> = BTreeMap::new();
        // Links are rare enough that most lists need no names at all.
        if parties.iter().all(|it| it.links.is_empty()) {
            return Names(by_form);
        }
        let add = |name: &str, id: &str, by_form: &mut BTreeMap<String, Option<String>>| {
            let of_form = by_form.entry(normal_form(name)).or_insert_with(|| Some(id.to_owned()));
            if of_form.as_ref().is_some_and(|it| *it != id) {
                *of_form = None;
            }
        };
        for party in parties {
            add(&party.name, &party.id, &mut by_form);
        }
        // Whoever is called so is meant before those who are called so too.
        let mut others = BTreeMap::new();
        for party in parties {
            for alias in party.names.iter().filter(|it| it.kind == NameKind::Alias) {
                add(&alias.text, &party.id, &mut others);
            }
        }
        for (form, id) in others {
            by_form.entry(form).or_insert(id);
        }
        Names(by_form)
    }

    fn only(&self, name: &str) -> Option<&str> {
        self.0.get(&normal_form(name))?.as_deref()
    }
}

/// A measure of which a later list has nothing any more: it ended, and the lists do not say when.
fn off(fact: &mut Fact, later: &str) {
    keep(&mut fact.extra, "notListedOn", later.to_owned());
    let Some(period) = fact.period.as_deref().and_then(|it| it.strip_suffix("..")) else { return };
    let ended = period.to_owned();
    for claim in &mut fact.claims {
        claim.period.get_or_insert_with(|| format!("{ended}.."));
    }
    fact.period = Some(ended);
    fact.inferred.push("period".to_owned());
}

/// Adds what an earlier edition says of a party.
fn merge(known: &mut Entity, earlier_one: Entity, date: &str) {
    let former = Name::alias(&earlier_one.name);
    for name in std::iter::once(former).chain(earlier_one.names) {
        let same = |it: &Name| it.text == name.text && it.kind == name.kind && it.lang == name.lang;
        if name.text != known.name && !known.names.iter().any(same) {
            known.names.push(name);
        }
    }
    for (name, values) in earlier_one.extra {
        earlier(&mut known.extra, &name, values, date);
    }
}

/// Keeps what only an earlier edition says.
fn earlier(extra: &mut Extra, name: &str, values: Vec<String>, date: &str) {
    let known: Vec<String> = extra.iter().filter(|(it, _)| it == name).flat_map(|(_, values)| values.clone()).collect();
    for value in values.into_iter().filter(|it| !known.contains(it)) {
        keep(extra, &format!("{name} ({date})"), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_called_so_comes_before_those_who_are_called_so_too() {
        let party = |id: &str, name: &str, alias: &str| Party {
            id: id.to_owned(),
            name: name.to_owned(),
            names: vec![Name::alias(alias)],
            links: vec!["TANKER COMPANY".to_owned()],
            ..Party::default()
        };
        let parties =
            [party("a", "TANKER COMPANY", "TC"), party("b", "SHIPPING", "Tanker Company"), party("c", "ARCO", "TC")];
        let names = Names::of(&parties);
        assert_eq!(names.only("Tanker company"), Some("a"));
        // Two are called so too.
        assert_eq!((names.only("TC"), names.only("shipping")), (None, Some("b")));
    }
}
