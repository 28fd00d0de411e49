//! Facts of our own: the schema that says the same, or a plain link that says it in words.

use super::facts::fills;
use super::ids::Ids;
use super::out::Entity;
use crate::export::Report;
use crate::graph::GraphView;
use crate::model::ftm::{dates_of, model};
use crate::model::{Outcome, Stance};
use crate::query::{OutFact, Ref, Row, Selection};

/// Kinds that have a schema: kind, schema, and the properties of source and target.
const SCHEMATA: [(&str, &str, &str, &str); 15] = [
    ("ownership", "Ownership", "owner", "asset"),
    ("control", "Control", "controller", "controlled"),
    ("directorship", "Directorship", "director", "organization"),
    ("membership", "Membership", "member", "organization"),
    ("employment", "Employment", "employee", "employer"),
    ("representation", "Representation", "agent", "client"),
    ("succession", "Succession", "predecessor", "successor"),
    ("family", "Family", "person", "relative"),
    ("association", "Associate", "person", "associate"),
    ("occupancy", "Occupancy", "holder", "post"),
    ("payment", "Payment", "payer", "beneficiary"),
    ("debt", "Debt", "debtor", "creditor"),
    ("supply", "EconomicActivity", "sender", "receiver"),
    ("provision", "EconomicActivity", "sender", "receiver"),
    ("link", "UnknownLink", "subject", "object"),
];

/// Writes a fact of our own.
pub(super) fn fact<G: GraphView>(
    selection: &Selection<'_, G>,
    ids: &Ids,
    fact: &OutFact,
    report: &mut Report,
) -> Entity {
    let row = &fact.row;
    let id = row.fact.replace('/', ".");
    let mut line = ends(selection, ids, fact, id, report);
    let vocabulary = selection.graph().vocabulary();
    let noun = vocabulary.kind(fact.kind).map_or("", |it| &it.noun);
    if matches!(line.schema.as_str(), "UnknownLink" | "Event") {
        line.add("role", [noun.to_owned()]);
        line.add("keywords", [noun.to_owned()]);
    }
    if row.outcome != Outcome::Happened {
        let outcome = row.outcome.as_str().replace('-', " ");
        line.add("role", [format!("{noun} ({outcome})")]);
        line.add("status", [outcome]);
        report.leave_out("facts that did not happen as plain links or events that say so", &row.fact);
    }
    line.add("summary", [selection.label(row)]);
    let current = || row.current_claims();
    let mut sentences = Vec::new();
    for claim in current() {
        let sentence = selection.sentence(row, claim);
        if !sentences.contains(&sentence) {
            sentences.push(sentence);
        }
    }
    line.add("description", sentences);
    let saying = || current().filter(|it| it.stance != Stance::Denies);
    line.add("publisher", saying().map(|it| it.by.name.clone()));
    if current().any(|it| it.stance == Stance::Denies) {
        line.add("status", ["disputed".to_owned()]);
        report.leave_out(
            "denials as claims: they stand in `description`, and `status` says disputed where there is one",
            &row.fact,
        );
    }
    let graph = selection.graph();
    let documents = current().flat_map(|it| it.via.iter().chain([&it.document]));
    let documents: Vec<_> = documents.filter_map(|it| graph.entity_by_id(it.id.as_deref()?)).collect();
    line.add("sourceUrl", documents.iter().filter_map(|it| graph.document(*it).address).map(str::to_owned));
    line.add("proof", documents.iter().map(|it| ids.entity(graph, *it)));
    line.add("recordId", [row.record.clone()]);
    match &row.period {
        // A date of FollowTheMoney reads as said.
        Some(it) if it.inferred => {
            report.leave_out("periods that were worked out and that no source says", &row.fact);
        }
        Some(it) => dates_of(&it.period).into_iter().for_each(|(property, date)| line.add(property, [date])),
        None => {}
    }
    line
}

/// The schema and the ends.
fn ends<G: GraphView>(
    selection: &Selection<'_, G>,
    ids: &Ids,
    fact: &OutFact,
    id: String,
    report: &mut Report,
) -> Entity {
    let row = &fact.row;
    let happened = row.outcome == Outcome::Happened;
    let of = |it: &Ref| ids.of(selection, it);
    if happened && let Some(line) = special(selection, ids, fact, &id) {
        return line;
    }
    let known = SCHEMATA.iter().find(|it| it.0 == row.kind).filter(|_| happened);
    if let Some((_, schema, source, target)) = known {
        let is_supply = *schema == "EconomicActivity";
        let (from, to) = (row.from.as_ref(), row.to.as_ref());
        let fits = |end: Option<&Ref>, property| end.is_none_or(|it| is_within(selection, ids, it, schema, property));
        let has_ends = is_supply || (from.is_some() && (to.is_some() || row.kind == "debt"));
        if has_ends && fits(from, source) && fits(to, target) {
            let mut line = Entity::new(id, schema);
            line.add(source, from.map(of));
            line.add(target, to.map(of));
            if is_supply {
                goods(selection, ids, fact, &mut line);
                report.leave_out("supplies as such: they are customs declarations (EconomicActivity), with goods and amounts in words", &row.fact);
            }
            figures(row, &mut line, report);
            return line;
        }
    }
    if let (Some(from), Some(to)) = (&row.from, &row.to)
        && ![from, to].iter().any(|it| is_class(selection, ids, it))
    {
        let mut line = Entity::new(id, "UnknownLink");
        line.add("subject", [of(from)]);
        line.add("object", [of(to)]);
        if row.kind != "link" {
            report.leave_out(
                "kinds of fact without a schema of theirs: they are plain links whose `role` says what",
                &row.fact,
            );
        }
        return line;
    }
    let mut line = Entity::new(id, "Event");
    let sentence = row.current_claims().next().map(|it| selection.sentence(row, it));
    line.add("name", [sentence.unwrap_or_else(|| selection.label(row))]);
    let all = row.from.iter().chain(&row.what).chain(&row.to).chain(row.roles.iter().flat_map(|it| &it.1));
    let acting = all.filter(|it| is_within(selection, ids, it, "Event", "involved"));
    line.add("involved", acting.map(of).collect::<Vec<_>>());
    report.leave_out(
        "facts without two ends that FollowTheMoney can name: they are events with all who are involved",
        &row.fact,
    );
    line
}

/// A class of materiel, which has no record.
fn is_class<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, it: &Ref) -> bool {
    let entity = it.id.as_deref().and_then(|it| selection.graph().entity_by_id(it));
    it.kind == Some(crate::model::EntityKind::Materiel) && entity.is_some_and(|it| ids.schema(it).is_none())
}

/// Whether a property takes somebody or something, by what it is written as.
fn is_within<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, it: &Ref, schema: &str, property: &str) -> bool {
    let range = model().schema(schema).and_then(|it| it.property(property)).and_then(|it| it.range);
    let written = super::entities::schema_of(selection, ids, it).and_then(|it| model().schema(&it));
    match (range, written) {
        (Some(range), Some(written)) => written.is_a(range),
        _ => false,
    }
}

/// Kinds whose roles are spread over other properties than two ends.
fn special<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, fact: &OutFact, id: &str) -> Option<Entity> {
    let row = &fact.row;
    let names = |role: &str| fills(selection, fact, role).into_iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    match row.kind.as_str() {
        "sanction" => {
            let target = row.to.as_ref().filter(|it| !is_class(selection, ids, it))?;
            let mut line = Entity::new(id.to_owned(), "Sanction");
            line.add("entity", [ids.of(selection, target)]);
            line.add("authority", names("imposer"));
            line.add("program", names("instrument"));
            line.add("provisions", names("sector"));
            Some(line)
        }
        "identification" => {
            let mut line = Entity::new(id.to_owned(), "Identification");
            line.add("holder", row.from.iter().map(|it| ids.of(selection, it)));
            line.add("authority", names("issuer"));
            Some(line)
        }
        "office" => {
            let posts = fills(selection, fact, "post");
            let [post] = posts[..] else { return None };
            let mut line = Entity::new(id.to_owned(), "Occupancy");
            line.add("holder", row.from.iter().map(|it| ids.of(selection, it)));
            line.add("post", [ids.of(selection, post)]);
            line.add("constituency", row.to.iter().map(|it| it.name.clone()));
            Some(line)
        }
        _ => None,
    }
}

/// What was sent, on what, from where to where.
fn goods<G: GraphView>(selection: &Selection<'_, G>, ids: &Ids, fact: &OutFact, line: &mut Entity) {
    line.add("goodsDescription", fact.row.what.iter().map(|it| it.name.clone()));
    let carriers = fills(selection, fact, "carrier").into_iter();
    let vessels = carriers.filter(|it| is_within(selection, ids, it, "EconomicActivity", "transport"));
    line.add("transport", vessels.map(|it| ids.of(selection, it)).collect::<Vec<_>>());
    for (role, property) in [("origin", "departureCountry"), ("destination", "destinationCountry")] {
        for it in fills(selection, fact, role) {
            let entity = it.id.as_deref().and_then(|it| selection.graph().entity_by_id(it));
            let codes = entity.into_iter().flat_map(|it| selection.graph().names(it));
            let codes = codes.filter(|it| it.lang == Some("iso3166") && it.text.len() == 2);
            line.add(property, codes.map(|it| it.text.to_ascii_lowercase()).take(1).collect::<Vec<_>>());
        }
    }
}

/// Figures that are plain numbers; hedged ones stand in `summary` alone, since a number of FollowTheMoney has no hedge.
fn figures(row: &Row, line: &mut Entity, report: &mut Report) {
    for (name, quantity) in &row.quantities {
        let exact = quantity.interval.low.filter(|_| quantity.interval.is_exact()).map(|it| it.value().to_string());
        let number = match (line.schema.as_str(), name.as_str(), exact) {
            ("EconomicActivity", ..) => continue,
            ("Ownership", "share", _) => Some(("percentage", quantity.text.to_string())),
            ("Ownership", "shares", Some(number)) => Some(("sharesCount", number)),
            ("Payment" | "Debt", "amount", Some(number)) => Some(("amount", number)),
            _ => None,
        };
        match number {
            Some((property, number)) => {
                line.add(property, [number]);
                if property == "amount" {
                    line.add("currency", [currency(&quantity.unit)]);
                }
            }
            None => report.leave_out("figures with a hedge as numbers: they stand in `summary`", &row.fact),
        }
    }
}

/// The code of a currency where it has one, else its name.
fn currency(unit: &str) -> String {
    match unit {
        "us-dollar" => "USD",
        "euro" => "EUR",
        "pound-sterling" => "GBP",
        other => other,
    }
    .to_owned()
}
