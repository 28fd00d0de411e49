//! Facts as a network of nodes and edges with attributes, as GraphML and GEXF have it.

use std::collections::BTreeSet;
use std::io;

use super::carried;
use super::parties::{Party, extra_of, parties, party_id, role_of};
use super::xml::loses;
use super::{ExportOptions, Report, Shape};
use crate::graph::GraphView;
use crate::model::{FlowEnd, LineStyle, NameKind, Participant, Period, Stance};
use crate::query::{OutFact, QuantityValue, Ref, Row, Selection, Standing};

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Number,
    Integer,
    Boolean,
}

/// An attribute: its name, its type.
pub(super) type Column = (&'static str, Type);

/// Attributes of nodes. `label` is written by each format in its own way.
pub(super) const NODE_COLUMNS: [Column; 19] = [
    ("kind", Type::Text),
    ("short", Type::Text),
    ("aliases", Type::Text),
    ("codes", Type::Text),
    ("part_of", Type::Text),
    ("is_a", Type::Text),
    ("unnamed_of", Type::Text),
    ("people_of", Type::Text),
    ("title", Type::Text),
    ("publisher", Type::Text),
    ("published", Type::Text),
    ("address", Type::Text),
    ("extra", Type::Text),
    (DATA, Type::Text),
    // Of facts that are nodes; edges have the same.
    ("fact_kind", Type::Text),
    ("outcome", Type::Text),
    ("status", Type::Text),
    ("quantity", Type::Text),
    ("period", Type::Text),
];

/// Attributes of edges.
pub(super) const EDGE_COLUMNS: [Column; 35] = [
    ("fact", Type::Text),
    ("record", Type::Text),
    ("fact_kind", Type::Text),
    ("role", Type::Text),
    ("what", Type::Text),
    ("what_id", Type::Text),
    ("quantity", Type::Text),
    ("low", Type::Number),
    ("high", Type::Number),
    ("low_open", Type::Boolean),
    ("high_open", Type::Boolean),
    ("approximate", Type::Boolean),
    ("vague", Type::Boolean),
    ("unit", Type::Text),
    ("figures", Type::Text),
    ("differs", Type::Boolean),
    ("outcome", Type::Text),
    ("status", Type::Text),
    ("period", Type::Text),
    ("earliest", Type::Text),
    ("latest", Type::Text),
    ("period_inferred", Type::Boolean),
    ("per", Type::Text),
    ("roles", Type::Text),
    ("relations", Type::Text),
    ("symmetric", Type::Boolean),
    ("claims", Type::Integer),
    ("origins", Type::Integer),
    ("claimed_by", Type::Text),
    ("denied_by", Type::Text),
    ("stances", Type::Text),
    ("sources", Type::Text),
    ("draft", Type::Boolean),
    ("extra", Type::Text),
    (DATA, Type::Text),
];

/// For purvey itself: what the other attributes cannot carry.
const DATA: &str = "purvey_data";

/// Values of attributes by the names of their columns; what is not known is not there.
pub(super) type Values = Vec<(&'static str, String)>;

/// A node.
pub(super) struct Node<'a> {
    pub(super) id: &'a str,
    pub(super) label: &'a str,
    pub(super) is_fact: bool,
    /// A fact holds or happened then.
    pub(super) period: Option<Period>,
    pub(super) values: Values,
}

/// An edge.
pub(super) struct Edge<'a> {
    pub(super) id: &'a str,
    pub(super) source: &'a str,
    pub(super) target: &'a str,
    pub(super) label: &'a str,
    /// Its kind of fact, or the role of who takes part.
    pub(super) kind: &'a str,
    /// How many independent origins say so, at least 1.
    pub(super) weight: usize,
    pub(super) style: LineStyle,
    pub(super) period: Option<Period>,
    pub(super) values: Values,
}

/// What writes a network; all nodes come before all edges.
pub(super) trait Writer {
    fn node(&mut self, node: &Node<'_>) -> io::Result<()>;
    fn edges_begin(&mut self) -> io::Result<()>;
    fn edge(&mut self, edge: &Edge<'_>) -> io::Result<()>;
}

/// Gives a network to a writer.
pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    writer: &mut dyn Writer,
) -> io::Result<Report> {
    let mut report = Report::default();
    let shown = shown(selection, options.shape);
    for party in parties(selection).filter(|it| shown.as_ref().is_none_or(|shown| shown.contains(&it.id))) {
        let values = party_values(selection, &party);
        tell_losses(&party.id, &party.shown.name, &values, &mut report);
        writer.node(&Node { id: &party.id, label: &party.shown.name, is_fact: false, period: None, values })?;
        report.wrote("nodes", 1);
    }
    if options.shape == Shape::Nodes {
        for it in selection.rows() {
            let id = fact_id(&it.row);
            let mut values: Values = vec![("kind", "fact".to_owned())];
            let shared = ["fact_kind", "outcome", "status", "quantity", "period"];
            values.extend(fact_values(selection, &it).into_iter().filter(|(name, _)| shared.contains(name)));
            let label = selection.label(&it.row);
            let period = it.row.period.map(|it| it.period);
            writer.node(&Node { id: &id, label: &label, is_fact: true, period, values })?;
            report.wrote("nodes", 1);
        }
    }
    writer.edges_begin()?;
    for it in selection.rows() {
        match options.shape {
            Shape::Edges => fact_edge(selection, &it, writer, &mut report)?,
            Shape::Nodes => role_edges(selection, &it, writer, &mut report)?,
        }
    }
    for fact in selection.uncounted() {
        report.leave_out(
            "facts of which no claim counts: withdrawn, or not of the evidence asked for",
            selection.graph().fact(fact).id,
        );
    }
    report.never("what each claim says for itself (figures, passage, relay): edges have what the claims agree on and who says it; `rdf`, `neo4j` and `ladybug` have claims");
    report.never("names' languages and scripts");
    Ok(report)
}

/// Reports an element of which XML loses a character.
fn tell_losses(id: &str, label: &str, values: &Values, report: &mut Report) {
    if loses(label) || values.iter().any(|(_, it)| loses(it)) {
        report.leave_out("nodes and edges with control characters, which XML cannot write: U+FFFD stands for them", id);
    }
}

/// Ids of whom and what the edges of an answer lead to; all nodes of a whole graph stay, those without an edge too.
fn shown<G: GraphView>(selection: &Selection<'_, G>, shape: Shape) -> Option<BTreeSet<String>> {
    let graph = selection.graph();
    let id = |it: Participant| party_id(selection, &selection.participant(it));
    selection.is_part().then(|| {
        let facts = selection.facts();
        match shape {
            Shape::Nodes => facts.flat_map(|it| graph.roles(it).map(|it| id(it.participant))).collect(),
            Shape::Edges => {
                let ends = facts.map(|it| graph.fact(it).ends).filter_map(|it| it.source.zip(it.target));
                ends.flat_map(|(source, target)| [id(source), id(target)]).collect()
            }
        }
    })
}

/// A fact as an edge from its source to its target.
fn fact_edge<G: GraphView>(
    selection: &Selection<'_, G>,
    it: &OutFact,
    writer: &mut dyn Writer,
    report: &mut Report,
) -> io::Result<()> {
    let row = &it.row;
    let (Some(from), Some(to)) = (&row.from, &row.to) else {
        report
            .leave_out("facts that lack a source or a target, which an edge needs: --shape nodes has them", &row.fact);
        return Ok(());
    };
    let kind = selection.graph().vocabulary().kind(it.kind);
    if kind.is_some_and(|it| it.symmetric) {
        report.leave_out("edges that have no direction: written as arrows with the attribute `symmetric`, since most readers take no mixed graphs", &row.fact);
    }
    let (source, target) = (party_id(selection, from), party_id(selection, to));
    let label = selection.label(row);
    let mut values = fact_values(selection, it);
    values.push((DATA, carried::of_fact(selection, it, report)));
    tell_losses(&row.fact, &label, &values, report);
    report.wrote("edges", 1);
    writer.edge(&Edge {
        id: &row.fact,
        source: &source,
        target: &target,
        label: &label,
        kind: &row.kind,
        weight: it.independent.max(1),
        style: kind.map_or(LineStyle::Solid, |it| it.style),
        period: row.period.map(|it| it.period),
        values,
    })
}

/// An edge from a fact to each that takes part in it.
fn role_edges<G: GraphView>(
    selection: &Selection<'_, G>,
    it: &OutFact,
    writer: &mut dyn Writer,
    report: &mut Report,
) -> io::Result<()> {
    let row = &it.row;
    let fact = fact_id(row);
    let ends = [(FlowEnd::Source, &row.from), (FlowEnd::Object, &row.what), (FlowEnd::Target, &row.to)];
    let ends = ends.iter().filter_map(|(end, it_)| {
        let role = role_of(selection.graph(), it.kind, *end)?;
        Some((role, Some(*end), it_.as_ref()?))
    });
    let others = row.roles.iter().flat_map(|(role, list)| list.iter().map(|it| (role.as_str(), None, it)));
    for ((role, end, party), number) in ends.chain(others).zip(1_usize..) {
        let party = party_id(selection, party);
        // Arrows follow the flow: from the source into the fact, from the fact to all else.
        let (source, target) = if end == Some(FlowEnd::Source) {
            (party.as_str(), fact.as_str())
        } else {
            (fact.as_str(), party.as_str())
        };
        report.wrote("edges", 1);
        writer.edge(&Edge {
            id: &format!("{}~{number}", row.fact),
            source,
            target,
            label: role,
            kind: role,
            weight: it.independent.max(1),
            style: LineStyle::Solid,
            period: row.period.map(|it| it.period),
            values: if number == 1 {
                let data = carried::of_fact(selection, it, report);
                fact_values(selection, it).into_iter().chain([("role", role.to_owned()), (DATA, data)]).collect()
            } else {
                vec![("fact", row.fact.clone()), ("fact_kind", row.kind.clone()), ("role", role.to_owned())]
            },
        })?;
    }
    Ok(())
}

/// The id of a fact among nodes: an entity may have the same id.
fn fact_id(row: &Row) -> String {
    format!("fact~{}", row.fact)
}

fn party_values<G: GraphView>(selection: &Selection<'_, G>, party: &Party) -> Values {
    let graph = selection.graph();
    let mut values: Values = vec![("kind", party.kind.to_owned())];
    let mut put = |name: &'static str, value: Option<String>| values.extend(value.map(|it| (name, it)));
    put("unnamed_of", party.shown.unnamed_of.clone());
    put("people_of", party.shown.of.clone());
    let Some(entity) = party.entity else { return values };
    let view = graph.entity(entity);
    let id = |it| graph.entity(it).id.to_owned();
    put("short", view.short.map(str::to_owned));
    let names = |wanted: &dyn Fn(NameKind) -> bool, scheme: bool| {
        let names = graph.names(entity).filter(|it| wanted(it.kind)).map(|it| match it.lang.filter(|_| scheme) {
            Some(scheme) => format!("{scheme}:{}", it.text),
            None => it.text.to_owned(),
        });
        let names: Vec<String> = names.collect();
        (!names.is_empty()).then(|| names.join(" | "))
    };
    put("aliases", names(&|it| it != NameKind::Code, false));
    put("codes", names(&|it| it == NameKind::Code, true));
    put("part_of", view.part_of.map(id));
    put("is_a", view.is_a.map(id));
    let document = graph.document(entity);
    put("title", document.title.map(str::to_owned));
    put("publisher", document.publisher.map(id));
    put("published", document.date.map(|it| it.edtf()));
    put("address", document.address.map(str::to_owned));
    put("extra", Some(extra_in_words(&extra_of(graph, entity))).filter(|it| !it.is_empty()));
    put(DATA, carried::of_entity(graph, entity));
    values
}

/// What an edge, or a node that is a fact, tells of it.
fn fact_values<G: GraphView>(selection: &Selection<'_, G>, it: &OutFact) -> Values {
    let row = &it.row;
    let mut values: Values = Vec::new();
    let mut put = |name: &'static str, value: String| {
        if !value.is_empty() {
            values.push((name, value));
        }
    };
    let flag = |it: bool| if it { "true".to_owned() } else { String::new() };
    put("fact", row.fact.clone());
    put("record", row.record.clone());
    put("fact_kind", row.kind.clone());
    if let Some(what) = &row.what {
        put("what", what.name.clone());
        put("what_id", party_id(selection, what));
    }
    if let Some(quantity) = row.quantity() {
        put("quantity", quantity.text.clone());
        let bound = |it: Option<crate::model::Amount>| it.map_or(String::new(), |it| it.to_string());
        put("low", bound(quantity.interval.low));
        put("high", bound(quantity.interval.high));
        put("low_open", flag(quantity.interval.low_open));
        put("high_open", flag(quantity.interval.high_open));
        put("approximate", flag(quantity.interval.approximate));
        put("vague", flag(quantity.interval.vague));
        put("unit", quantity.unit.clone());
    }
    put("figures", figures(row));
    put("differs", flag(row.differs));
    put("outcome", row.outcome.as_str().to_owned());
    put("status", row.status.map_or(String::new(), |it| it.as_str().to_owned()));
    if let Some(period) = row.period {
        put("period", period.period.edtf());
        put("earliest", period.period.earliest().map_or(String::new(), |it| it.to_string()));
        put("latest", period.period.latest().map_or(String::new(), |it| it.to_string()));
        put("period_inferred", flag(period.inferred));
    }
    put("per", row.per.map_or(String::new(), |it| it.as_str().to_owned()));
    let roles = row.roles.iter().map(|(role, list)| format!("{role}: {}", names(list.iter())));
    put("roles", roles.collect::<Vec<_>>().join(" | "));
    let relations = row.relations.iter().map(|it| format!("{}: {}", it.kind, it.to));
    put("relations", relations.collect::<Vec<_>>().join(" | "));
    let symmetric = selection.graph().vocabulary().kind(it.kind).is_some_and(|it| it.symmetric);
    put("symmetric", flag(symmetric));
    let current = || row.claims.iter().filter(|it| it.standing == Standing::Current);
    put("claims", current().count().to_string());
    put("origins", it.origins.to_string());
    put("claimed_by", names(current().filter(|it| it.stance != Stance::Denies).map(|it| &it.by)));
    put("denied_by", names(current().filter(|it| it.stance == Stance::Denies).map(|it| &it.by)));
    put("stances", unique(current().map(|it| it.stance.as_str().to_owned())));
    put("sources", unique(current().map(|it| it.document.name.clone())));
    put("draft", flag(row.draft));
    put("extra", extra_in_words(&row.extra));
    values
}

/// Figures beside the first, and those on which claims differ, each with who gives it.
fn figures(row: &Row) -> String {
    let one = |name: &str, it: &QuantityValue| {
        if it.names_unit { format!("{name}: {}", it.text) } else { format!("{name}: {} ({})", it.text, it.unit) }
    };
    let first = row.quantity().and(row.first_figure.as_deref());
    let agreed = row.quantities.iter().filter(|(name, _)| first != Some(name)).map(|(name, it)| one(name, it));
    let is_agreed = |name: &str| row.quantities.iter().any(|(it, _)| it == name);
    let differing = row.current_claims().flat_map(|claim| {
        let own = claim.quantities.iter().filter(|(name, _)| !is_agreed(name));
        own.map(|(name, it)| format!("{}, says {}", one(name, it), claim.by.name))
    });
    agreed.chain(differing).collect::<Vec<_>>().join(" | ")
}

/// "topics: sanction, crime | weight: 5".
fn extra_in_words(extra: &[(String, Vec<String>)]) -> String {
    let one = |(name, values): &(String, Vec<String>)| format!("{name}: {}", values.join(", "));
    extra.iter().map(one).collect::<Vec<_>>().join(" | ")
}

fn names<'r>(refs: impl Iterator<Item = &'r Ref>) -> String {
    unique(refs.map(|it| it.name.clone()))
}

/// Texts, each once, in their order.
fn unique(texts: impl Iterator<Item = String>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen.join(" | ")
}
