//! Rows of all editions as records.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::super::findings::ImportCode;
use super::super::super::record::{Claim, End, Entity, Extra, Fact};
use super::super::Desk;
use super::items::Items;
use super::lanes::{Lane, lanes};
use super::row::{Row, is_unnamed};
use super::{Read, years_of};
use crate::model::{EntityKind, RelationKind, normal_form, slug};

/// All editions, the earliest first.
pub(super) struct Register {
    read: Vec<Read>,
    /// The rows of each.
    rows: Vec<Vec<Row>>,
    /// What each has, to be asked for each row that it might lack.
    has: Vec<Has>,
}

/// What an edition has.
#[derive(Default)]
struct Has {
    /// SIPRI's ids of its deals.
    deals: BTreeSet<String>,
    /// Whether there are rows without such an id.
    plain: bool,
}

impl Has {
    fn of(rows: &[Row]) -> Has {
        let deals = rows.iter().filter_map(|it| it.deal.clone()).collect();
        Has { deals, plain: rows.iter().any(|it| it.deal.is_none()) }
    }
}

/// The position of an edition, and a line in its file.
type Spot = (usize, u64);
/// The record of an order, and where the latest row of it stands.
type Order = (Fact, Spot);

/// Who takes part in a deal, by its position.
struct Parties {
    supplier: End,
    recipient: End,
    /// What ids are made of.
    names: [String; 2],
}

impl Register {
    pub(super) fn new(mut read: Vec<Read>) -> Register {
        let rows: Vec<Vec<Row>> = read.iter_mut().map(|it| std::mem::take(&mut it.rows)).collect();
        let has = rows.iter().map(|it| Has::of(it)).collect();
        Register { read, rows, has }
    }

    /// Sends entities and facts.
    pub(super) fn send(self, desk: &mut Desk<'_>) -> io::Result<()> {
        Items::reserve(desk);
        let mut items = Items::default();
        self.rows.iter().for_each(|rows| items.add(rows));
        let orders = lanes(&self.rows, order_key);
        let mut placed: BTreeMap<String, Vec<Order>> = BTreeMap::new();
        for (key, of_key) in &orders {
            // All rows of one deal tell of one order.
            let of_key = if key.starts_with('#') { vec![joined(of_key)] } else { of_key.clone() };
            for (number, lane) in of_key.iter().enumerate() {
                let Some((edition, latest)) = lane.rows.last() else { continue };
                self.set_file(*edition, desk);
                if latest.order.is_none() && latest.ordered.is_none() {
                    placed.entry(key.clone()).or_default().push(Order::default());
                    continue;
                }
                let id = match &latest.deal {
                    Some(deal) => desk.id(&format!("sipri-{deal}"), &format!("order {key}")),
                    None => {
                        let base = self.base(latest, desk)?;
                        desk.id(&format!("{base}-order{}", suffix(number)), &format!("order {key} {number}"))
                    }
                };
                let mut fact = self.fact(id, "order", lane, &items, desk)?;
                self.withdraw(lane, &mut fact, desk);
                placed.entry(key.clone()).or_default().push((fact, (*edition, latest.line)));
            }
        }
        let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for deals in [false, true] {
            let supplies =
                lanes(&self.rows, |row| (row.deal.is_some() == deals && is_delivered(row)).then(|| supply_key(row)));
            for (key, of_key) in &supplies {
                for (number, lane) in of_key.iter().enumerate() {
                    self.supply(key, number, lane, &items, &mut placed, &mut alike, desk)?;
                }
            }
        }
        for order in placed.into_values().flatten().filter(|it| !it.0.id.is_empty()) {
            self.place(&order.1, desk);
            desk.sink.fact(order.0)?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "they are what all supplies share")]
    fn supply(
        &self,
        key: &str,
        number: usize,
        lane: &Lane<'_>,
        items: &Items,
        orders: &mut BTreeMap<String, Vec<Order>>,
        alike: &mut BTreeMap<String, Vec<String>>,
        desk: &mut Desk<'_>,
    ) -> io::Result<()> {
        let Some((edition, latest)) = lane.rows.last() else { return Ok(()) };
        self.set_file(*edition, desk);
        let wanted = match &latest.deal {
            Some(deal) => {
                let year = latest.deliveries.as_ref().map_or("undated", |it| it.edtf.get(..4).unwrap_or_default());
                format!("sipri-{deal}-{year}{}", suffix(number))
            }
            None => format!("{}{}", self.base(latest, desk)?, suffix(number)),
        };
        let id = desk.id(&wanted, &format!("supply {key} {number}"));
        let mut fact = self.fact(id, "supply", lane, items, desk)?;
        // The order tells what came of it. The other way about, each delivery would tell again where it belongs.
        let of_order = order_key(latest).and_then(|it| orders.get_mut(&it)).and_then(|of_key| {
            let at = if latest.deal.is_some() { 0 } else { number };
            of_key.get_mut(at).map(|it| &mut it.0).filter(|it| !it.id.is_empty())
        });
        if let Some(order) = of_order {
            match order.relations.first_mut() {
                Some((_, ids)) => ids.push(fact.id.clone()),
                None => order.relations.push((RelationKind::ContributesTo, vec![fact.id.clone()])),
            }
        }
        // Editions of two layouts count the same things by the deal and by the year, so neither may be added to the other.
        let plain = plain_key(latest);
        if latest.deal.is_none() {
            alike.entry(plain).or_default().push(fact.id.clone());
        } else if let Some(others) = alike.get(&plain) {
            fact.relations.push((RelationKind::Overlaps, others.clone()));
        }
        if lane.guessed {
            self.set_file(*edition, desk);
            let message = format!(
                "rows of several editions are taken for one, `{}`, although they differ, or others are alike",
                fact.id
            );
            let help = "compare the editions".to_owned();
            desk.findings.at(Some(latest.line)).report(ImportCode::Guessed, message, Some(help));
        }
        self.withdraw(lane, &mut fact, desk);
        self.place(&(*edition, latest.line), desk);
        desk.sink.fact(fact)?;
        Ok(())
    }

    /// Tells the sink where what comes next stands.
    fn place(&self, (edition, line): &Spot, desk: &mut Desk<'_>) {
        if let Some(read) = self.read.get(*edition) {
            desk.sink.place(&read.file, Some(*line));
        }
    }

    fn set_file(&self, edition: usize, desk: &mut Desk<'_>) {
        if let Some(read) = self.read.get(edition) {
            desk.findings.set_file(&read.file);
        }
    }

    /// A claim whose row a later edition has not, although it was asked for the same or for everything: SIPRI no longer says so.
    fn withdraw(&self, lane: &Lane<'_>, fact: &mut Fact, desk: &mut Desk<'_>) {
        let Some((edition, row)) = lane.rows.last() else { return };
        let Some(read) = self.read.get(*edition) else { return };
        let later = self.read.iter().enumerate().skip(edition + 1).find(|(at, it)| {
            let asked = it.selection.as_deref().is_some_and(|it| is_everything(it, row))
                || (it.selection.is_some() && it.selection == read.selection);
            let Some(has) = self.has.get(*at) else { return false };
            // Editions of another layout cannot be compared row by row.
            match &row.deal {
                Some(deal) => !has.deals.is_empty() && (asked || has.deals.contains(deal)),
                None => has.plain && asked,
            }
        });
        let Some((_, later)) = later else { return };
        let (claim, date) = (fact.claims.last_mut(), later.edition.date.as_deref());
        let done = match (claim, date) {
            (Some(claim), Some(date)) => {
                claim.withdrawn = Some(date.to_owned());
                claim.inferred.push("withdrawn".to_owned());
                "its claim counts as withdrawn from then on"
            }
            _ => "its claim stands, since that edition has no date",
        };
        // A row that tells of a delivery too is told of there.
        if fact.kind == "order" && is_delivered(row) {
            return;
        }
        let date = date.unwrap_or("without a date");
        let message = format!("the later edition {date} has no such row, `{}`; {done}", fact.id);
        let help = "did SIPRI take it out, or does it say something else of it now?".to_owned();
        desk.findings.set_file(&read.file);
        desk.findings.at(Some(row.line)).report(ImportCode::Dropped, message, Some(help));
    }

    /// What the id of a deal that has no id of SIPRI's is made of.
    fn base(&self, row: &Row, desk: &mut Desk<'_>) -> io::Result<String> {
        let [supplier, recipient] = self.parties(row, desk)?.names;
        let designation = if row.designation.is_empty() { &row.description } else { &row.designation };
        let year = row.order.as_ref().and_then(|it| it.edtf.get(..4)).unwrap_or("undated");
        Ok(slug(&format!("sipri {supplier} {recipient} {designation} {year}")))
    }

    fn parties(&self, row: &Row, desk: &mut Desk<'_>) -> io::Result<Parties> {
        let (supplier, supplier_name) = party(&row.supplier, "suppliers", row.line, desk)?;
        let (recipient, recipient_name) = party(&row.recipient, "recipients", row.line, desk)?;
        Ok(Parties { supplier, recipient, names: [supplier_name, recipient_name] })
    }

    /// A record of rows of one kind.
    fn fact(&self, id: String, kind: &str, lane: &Lane<'_>, items: &Items, desk: &mut Desk<'_>) -> io::Result<Fact> {
        let Some((last, latest)) = lane.rows.last().copied() else { return Ok(Fact::default()) };
        self.set_file(last, desk);
        let is_order = kind == "order";
        let period = |row: &Row| if is_order { row.order.clone() } else { row.deliveries.clone() }.map(|it| it.edtf);
        let parties = self.parties(latest, desk)?;
        let mut roles = vec![("supplier".to_owned(), vec![parties.supplier])];
        roles.push(("item".to_owned(), vec![End::Entity(items.item(latest, desk)?)]));
        roles.push(("recipient".to_owned(), vec![parties.recipient]));
        let mut fact = Fact { id, kind: kind.to_owned(), roles, period: period(latest), ..Fact::default() };
        for (edition, row) in &lane.rows {
            let Some(read) = self.read.get(*edition) else { continue };
            let mut claim = Claim::new(End::entity("sipri"), &read.edition.document);
            let figure = if is_order { &row.ordered } else { &row.delivered };
            claim.figures.extend(figure.iter().map(|it| ("quantity".to_owned(), it.clone())));
            claim.period = period(row);
            claim.scope =
                if is_order || row.deal.is_some() { None } else { read.selection.as_deref().and_then(years_asked) };
            fact.claims.push(claim);
        }
        // Where all editions agree, the record alone has the period.
        if fact.claims.iter().all(|it| it.period == fact.period) {
            fact.claims.iter_mut().for_each(|it| it.period = None);
        }
        fact.extra = extra(lane, is_order, &self.read);
        Ok(fact)
    }
}

/// Who a name is: an entity, or somebody whom SIPRI does not know. Gives a name for ids too.
fn party(name: &str, side: &str, line: u64, desk: &mut Desk<'_>) -> io::Result<(End, String)> {
    if is_unnamed(name) {
        let armed = name.to_lowercase().contains("rebel") || name.ends_with('*');
        let (id, group) = if armed {
            ("armed-groups".to_owned(), "armed groups".to_owned())
        } else {
            (format!("arms-{side}"), format!("arms {side}"))
        };
        desk.once(Entity { id: id.clone(), name: group, ..Entity::default() })?;
        return Ok((End::Unnamed { of: id, label: None }, "unknown".to_owned()));
    }
    let bare = name.trim_end_matches('*').trim();
    let stars = name.len() - name.trim_end_matches('*').len();
    if stars == 0
        && let Some(id) = desk.country(bare)?
    {
        return Ok((End::Entity(id.clone()), id));
    }
    let kind = if stars == 0 { EntityKind::Country } else { EntityKind::Organization };
    let id = desk.id(bare, &format!("party {}", normal_form(bare)));
    let mut extra = Extra::new();
    match stars {
        0 if !desk.sent.contains(&id) => {
            let message = format!("`{bare}` is not known as a country and is taken for one");
            desk.findings.at(Some(line)).report(ImportCode::Guessed, message, None);
        }
        0 => {}
        1 => extra.push(("sipriType".to_owned(), vec!["armed group or other party that is no state (*)".to_owned()])),
        _ => extra.push(("sipriType".to_owned(), vec!["international organization (**)".to_owned()])),
    }
    desk.once(Entity { id: id.clone(), kind, name: bare.to_owned(), extra, ..Entity::default() })?;
    Ok((End::Entity(id.clone()), id))
}

/// Whether a row tells of a delivery. One without any year or number tells of a transfer at least.
fn is_delivered(row: &Row) -> bool {
    let some = row.delivered.as_ref().is_some_and(|it| it != "0");
    some || row.deliveries.is_some() || (row.delivered.is_none() && row.order.is_none() && row.ordered.is_none())
}

/// What names an order: SIPRI's id of the deal, else who ordered what of whom, and when.
fn order_key(row: &Row) -> Option<String> {
    Some(match &row.deal {
        Some(deal) => format!("#{deal} {}", normal_form(&row.designation)),
        None => plain_key(row),
    })
}

fn supply_key(row: &Row) -> String {
    match &row.deal {
        Some(deal) => {
            let years: String =
                row.deliveries.iter().flat_map(|it| it.edtf.chars()).filter(|c| !"?~".contains(*c)).collect();
            format!("#{deal} {} {years}", normal_form(&row.designation))
        }
        None => plain_key(row),
    }
}

fn plain_key(row: &Row) -> String {
    let year = row.order.as_ref().and_then(|it| it.edtf.get(..4)).unwrap_or_default();
    let weapon = if row.designation.is_empty() { &row.description } else { &row.designation };
    [&row.supplier, &row.recipient, weapon].map(|it| normal_form(it)).join("|") + "|" + year
}

/// The lanes of one key as one: the first row of each edition.
fn joined<'r>(lanes: &[Lane<'r>]) -> Lane<'r> {
    let mut rows: Vec<(usize, &'r Row)> = lanes.iter().flat_map(|it| it.rows.iter().copied()).collect();
    rows.sort_by_key(|(edition, row)| (*edition, row.line));
    rows.dedup_by_key(|(edition, _)| *edition);
    Lane { rows, guessed: false }
}

fn suffix(number: usize) -> String {
    if number == 0 { String::new() } else { format!("-{}", number + 1) }
}

/// What the model has no field for: of the latest edition, and of earlier ones where it was another.
fn extra(lane: &Lane<'_>, is_order: bool, read: &[Read]) -> Extra {
    let mut out = Extra::new();
    let Some((_, latest)) = lane.rows.last() else { return out };
    out.extend(latest.deal.iter().map(|it| ("sipriId".to_owned(), vec![it.clone()])));
    // What a row says of a delivery stands with the delivery, if it tells of one.
    let has = |row: &Row| !is_order || !is_delivered(row);
    if has(latest) {
        out.extend(latest.extra.iter().cloned());
        out.extend(
            latest.delivered.iter().filter(|it| *it == "0").map(|it| ("numberDelivered".to_owned(), vec![it.clone()])),
        );
    }
    for (edition, row) in lane.rows.iter().rev().skip(1).filter(|(_, row)| has(row)) {
        let when = read.get(*edition).and_then(|it| it.edition.date.as_deref()).unwrap_or("no date");
        for (name, values) in &row.extra {
            if latest.extra.iter().all(|(it, of)| it != name || of != values) {
                out.push((format!("{name} ({when})"), values.clone()));
            }
        }
    }
    out
}

/// Whether all deals of all years were asked for, those without any delivery too if the row is one.
fn is_everything(selection: &str, row: &Row) -> bool {
    let selection = selection.to_lowercase();
    let all = selection.matches("all countries").count() >= 2 && !selection.contains(|c: char| c.is_ascii_digit());
    all && (is_delivered(row) || selection.contains("order"))
}

/// The years of delivery that were asked for, where an edition's numbers cover these alone.
fn years_asked(selection: &str) -> Option<String> {
    years_of(selection).map(|(from, to)| format!("deliveries from {from} to {to}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_of_years_is_the_scope_of_its_numbers() {
        let line = "Transfers of major conventional arms from All countries to Atlantis. Deals with deliveries made for the year range";
        assert_eq!(years_asked(&format!("{line} '2019' to '2024'")).as_deref(), Some("deliveries from 2019 to 2024"));
        assert_eq!(years_asked(&format!("{line} 'Not specified' to 'Not specified'")), None);
    }
}
