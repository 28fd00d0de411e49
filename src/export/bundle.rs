//! The tables that databases load: nodes (entities, names, records, facts, claims, figures) and edges between them. Bundles of CSV
//! and Parquet differ in how they are written, not in what stands in them.

use std::io;

use jiff::civil::Date;

use super::Report;
use super::parties::{Party, extra_of, parties, party_id, role_of};
use crate::graph::GraphView;
use crate::model::{Amount, FlowEnd, NodeIx};
use crate::query::{OutFact, PeriodValue, QuantityValue, Selection};

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Decimal,
    Integer,
    Boolean,
    Day,
}

/// A cell; what is not known is nothing, never 0.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Nothing,
    Text(String),
    Decimal(Amount),
    Integer(u64),
    Boolean(bool),
    Day(Date),
}

impl Cell {
    fn text(it: impl Into<String>) -> Cell {
        Cell::Text(it.into())
    }

    fn maybe(it: Option<&str>) -> Cell {
        it.map_or(Cell::Nothing, Cell::text)
    }
}

/// A table. The first column of nodes is the id, the first two of edges are the ids of their ends.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Type)],
    /// Of edges: the tables of their ends.
    pub(super) ends: Option<(&'static str, &'static str)>,
}

/// Where rows go.
pub(super) trait Sink {
    /// A row of the table of that name.
    fn row(&mut self, table: &'static str, cells: &[Cell]) -> io::Result<()>;
}

const T: Type = Type::Text;

/// Columns of a table in which `PERIOD` and `QUANTITY` stand for the columns of those.
macro_rules! columns {
    (@ [$($done:tt)*]) => { &[$($done)*] };
    (@ [$($done:tt)*] PERIOD, $($rest:tt)*) => {
        columns!(@ [$($done)*
            ("period", T), ("earliest", Type::Day), ("latest", Type::Day), ("period_inferred", Type::Boolean),
        ] $($rest)*)
    };
    (@ [$($done:tt)*] QUANTITY, $($rest:tt)*) => {
        columns!(@ [$($done)*
            ("quantity", T), ("low", Type::Decimal), ("high", Type::Decimal), ("low_open", Type::Boolean),
            ("high_open", Type::Boolean), ("approximate", Type::Boolean), ("vague", Type::Boolean), ("unit", T),
        ] $($rest)*)
    };
    (@ [$($done:tt)*] $column:expr, $($rest:tt)*) => { columns!(@ [$($done)* $column,] $($rest)*) };
    ($($all:tt)*) => { columns!(@ [] $($all)*) };
}

/// All tables: nodes first.
pub(super) const TABLES: [Table; 23] = [
    nodes(
        "Entity",
        &[
            ("id", T),
            ("name", T),
            ("kind", T),
            ("short", T),
            ("title", T),
            ("published", T),
            ("address", T),
            ("withdrawn", T),
            ("several", Type::Boolean),
            ("extra", T),
        ],
    ),
    nodes("Name", &[("id", T), ("text", T), ("kind", T), ("language", T)]),
    nodes(
        "Record",
        columns![
            ("id", T),
            ("outcome", T),
            ("per", T),
            PERIOD,
            ("inferred", T),
            ("draft", Type::Boolean),
            ("extra", T),
        ],
    ),
    nodes(
        "Fact",
        columns![
            ("id", T),
            ("kind", T),
            ("label", T),
            ("outcome", T),
            ("status", T),
            PERIOD,
            QUANTITY,
            ("differs", Type::Boolean),
            ("claims", Type::Integer),
            ("origins", Type::Integer),
            ("independent", Type::Integer),
        ],
    ),
    nodes(
        "Claim",
        columns![
            ("id", T),
            ("stance", T),
            ("standing", T),
            ("made", T),
            PERIOD,
            QUANTITY,
            ("scope", T),
            ("paragraph", Type::Integer),
            ("passage_length", Type::Integer),
            ("passage_sha256", T),
            ("inferred", T),
        ],
    ),
    nodes("Figure", columns![("id", T), ("name", T), QUANTITY,]),
    edges("NAMED", "Entity", "Name", &[("entity", T), ("name", T)]),
    edges("PART_OF", "Entity", "Entity", &[("part", T), ("whole", T)]),
    edges("IS_A", "Entity", "Entity", &[("entity", T), ("class", T)]),
    edges("ONE_OF", "Entity", "Entity", &[("unnamed", T), ("group", T)]),
    edges("PEOPLE_OF", "Entity", "Entity", &[("people", T), ("of", T)]),
    edges("PUBLISHED_BY", "Entity", "Entity", &[("document", T), ("publisher", T)]),
    edges("CORRECTS", "Entity", "Entity", &[("document", T), ("corrected", T)]),
    edges(
        "FLOW",
        "Entity",
        "Entity",
        columns![
            ("source", T),
            ("target", T),
            ("fact", T),
            ("kind", T),
            ("what", T),
            ("label", T),
            ("outcome", T),
            ("status", T),
            PERIOD,
            QUANTITY,
            ("differs", Type::Boolean),
            ("claims", Type::Integer),
            ("independent", Type::Integer),
        ],
    ),
    edges("TAKES_PART", "Entity", "Fact", &[("entity", T), ("fact", T), ("role", T), ("flow", T)]),
    edges("IN_RECORD", "Fact", "Record", &[("fact", T), ("record", T)]),
    edges("ABOUT", "Claim", "Record", &[("claim", T), ("record", T)]),
    edges("CLAIMED_BY", "Claim", "Entity", &[("claim", T), ("claimant", T)]),
    edges("READ_IN", "Claim", "Entity", &[("claim", T), ("document", T)]),
    edges("RELAYED_BY", "Claim", "Entity", &[("claim", T), ("document", T), ("position", Type::Integer)]),
    edges("GIVES", "Claim", "Figure", &[("claim", T), ("figure", T)]),
    edges("RELATED", "Record", "Record", &[("record", T), ("other", T), ("relation", T), ("fact", T)]),
    edges("RELATED_TO", "Record", "Entity", &[("record", T), ("entity", T), ("relation", T)]),
];

const fn nodes(name: &'static str, columns: &'static [(&'static str, Type)]) -> Table {
    Table { name, columns, ends: None }
}

const fn edges(
    name: &'static str,
    from: &'static str,
    to: &'static str,
    columns: &'static [(&'static str, Type)],
) -> Table {
    Table { name, columns, ends: Some((from, to)) }
}

/// Gives all rows to a sink.
pub(super) fn write<G: GraphView>(selection: &Selection<'_, G>, sink: &mut dyn Sink) -> io::Result<Report> {
    let mut report = Report::default();
    for party in parties(selection) {
        report.wrote("entities", 1);
        self::party(selection, &party, sink)?;
    }
    for it in selection.rows() {
        report.wrote("facts", 1);
        if it.first_of_record {
            record(selection, &it, sink, &mut report)?;
        }
        fact(selection, &it, sink)?;
    }
    for fact in selection.uncounted() {
        report.leave_out(
            "facts of which no claim counts: withdrawn, or not of the evidence asked for",
            selection.graph().fact(fact).id,
        );
    }
    Ok(report)
}

fn party<G: GraphView>(selection: &Selection<'_, G>, party: &Party, sink: &mut dyn Sink) -> io::Result<()> {
    let graph = selection.graph();
    let id = || Cell::text(party.id.clone());
    let shown = &party.shown;
    let document = party.entity.map(|it| graph.document(it)).unwrap_or_default();
    let several = party.entity.is_none() && shown.id.is_none() && graph.is_several(NodeIx(shown.key));
    sink.row(
        "Entity",
        &[
            id(),
            Cell::text(shown.name.clone()),
            Cell::text(party.kind),
            Cell::maybe(shown.short.as_deref()),
            Cell::maybe(document.title),
            document.date.map_or(Cell::Nothing, |it| Cell::text(it.edtf())),
            Cell::maybe(document.address),
            document.withdrawn.map_or(Cell::Nothing, |it| Cell::text(it.edtf())),
            Cell::Boolean(several),
            party.entity.map_or(Cell::Nothing, |it| extra_cell(&extra_of(graph, it))),
        ],
    )?;
    if let Some(group) = &shown.unnamed_of {
        sink.row("ONE_OF", &[id(), Cell::text(group.clone())])?;
    }
    if let (Some(population), Some(of)) = (&shown.id, &shown.of) {
        sink.row("IS_A", &[id(), Cell::text(population.clone())])?;
        sink.row("PEOPLE_OF", &[id(), Cell::text(of.clone())])?;
    }
    let Some(entity) = party.entity else { return Ok(()) };
    let view = graph.entity(entity);
    for (name, number) in graph.names(entity).zip(1_usize..) {
        let key = format!("{}~{number}", party.id);
        let kind = Cell::text(name.kind.as_str());
        let cells = [Cell::text(key.clone()), Cell::text(name.text), kind, Cell::maybe(name.lang)];
        sink.row("Name", &cells)?;
        sink.row("NAMED", &[id(), Cell::text(key)])?;
    }
    let corrected = graph.corrects(entity).iter().map(|it| ("CORRECTS", Some(*it)));
    let above = [("PART_OF", view.part_of), ("IS_A", view.is_a), ("PUBLISHED_BY", document.publisher)];
    for (table, above) in above.into_iter().chain(corrected) {
        if let Some(above) = above.filter(|it| selection.has((*it).into())) {
            sink.row(table, &[id(), Cell::text(graph.entity(above).id)])?;
        }
    }
    Ok(())
}

/// What a record has, whatever its facts: claims, relations.
fn record<G: GraphView>(
    selection: &Selection<'_, G>,
    it: &OutFact,
    sink: &mut dyn Sink,
    report: &mut Report,
) -> io::Result<()> {
    let graph = selection.graph();
    let row = &it.row;
    let record = || Cell::text(row.record.clone());
    let [period, earliest, latest, inferred] = period_cells(row.period);
    let words = |list: &[String]| if list.is_empty() { Cell::Nothing } else { Cell::text(list.join(" | ")) };
    sink.row(
        "Record",
        &[
            record(),
            Cell::text(row.outcome.as_str()),
            Cell::maybe(row.per.map(|it| it.as_str())),
            period,
            earliest,
            latest,
            inferred,
            words(&row.inferred),
            Cell::Boolean(row.draft),
            extra_cell(&row.extra),
        ],
    )?;
    let first = graph.record(it.record).claims.start;
    for (claim, ix) in row.claims.iter().zip(&it.claims) {
        report.wrote("claims", 1);
        let key = format!("{}~{}", row.record, ix.0.saturating_sub(first) + 1);
        let id = || Cell::text(key.clone());
        let main = claim.quantities.iter().find(|(name, _)| row.first_figure.as_ref() == Some(name));
        let [period, earliest, latest, inferred] = period_cells(claim.period);
        let mut cells = vec![
            id(),
            Cell::text(claim.stance.as_str()),
            Cell::text(claim.standing.as_str()),
            claim.made.map_or(Cell::Nothing, |it| Cell::text(it.edtf())),
            period,
            earliest,
            latest,
            inferred,
        ];
        cells.extend(figure_cells(main.map(|(_, it)| it)));
        let hash = claim.locator.map(|it| it.sha256.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        cells.extend([
            Cell::maybe(claim.scope.as_deref()),
            claim.locator.map_or(Cell::Nothing, |it| Cell::Integer(u64::from(it.paragraph))),
            claim.locator.map_or(Cell::Nothing, |it| Cell::Integer(u64::from(it.length))),
            Cell::maybe(hash.as_deref()),
            words(&claim.inferred),
        ]);
        sink.row("Claim", &cells)?;
        sink.row("ABOUT", &[id(), record()])?;
        sink.row("CLAIMED_BY", &[id(), Cell::text(party_id(selection, &claim.by))])?;
        sink.row("READ_IN", &[id(), Cell::text(party_id(selection, &claim.document))])?;
        for (document, at) in claim.via.iter().zip(1..) {
            sink.row("RELAYED_BY", &[id(), Cell::text(party_id(selection, document)), Cell::Integer(at)])?;
        }
        for (name, quantity) in &claim.quantities {
            let figure = || Cell::text(format!("{key}~{name}"));
            let mut cells = vec![figure(), Cell::text(name.clone())];
            cells.extend(figure_cells(Some(quantity)));
            sink.row("Figure", &cells)?;
            sink.row("GIVES", &[id(), figure()])?;
        }
    }
    for it in &row.relations {
        let example = || format!("{} {} {}", row.record, it.kind, it.to);
        if !it.claims.is_empty() {
            report.leave_out("who says that two facts are related, where that is not who says the fact", &example());
        }
        if !it.is_record {
            sink.row("RELATED_TO", &[record(), Cell::text(it.to.clone()), Cell::text(it.kind)])?;
            continue;
        }
        let fact = graph.record_by_id(&it.to).is_none().then(|| graph.fact_by_id(&it.to)).flatten();
        let other = graph.record_by_id(&it.to).or_else(|| fact.map(|it| graph.fact(it).record));
        match other.filter(|it| selection.has_record(*it)) {
            Some(other) => {
                let fact = fact.map(|it| graph.fact(it).id);
                let other = Cell::text(graph.record(other).id);
                sink.row("RELATED", &[record(), other, Cell::text(it.kind), Cell::maybe(fact)])?;
            }
            None => report.leave_out("relations to facts that are not in this export", &example()),
        }
    }
    Ok(())
}

fn fact<G: GraphView>(selection: &Selection<'_, G>, it: &OutFact, sink: &mut dyn Sink) -> io::Result<()> {
    let row = &it.row;
    let id = || Cell::text(row.fact.clone());
    let label = selection.label(row);
    let shared = || {
        let mut cells = vec![
            Cell::text(label.clone()),
            Cell::text(row.outcome.as_str()),
            Cell::maybe(row.status.map(|it| it.as_str())),
        ];
        cells.extend(period_cells(row.period));
        cells.extend(figure_cells(row.quantity()));
        cells.extend([Cell::Boolean(row.differs), Cell::Integer(row.current_claims().count() as u64)]);
        cells
    };
    let mut cells = vec![id(), Cell::text(row.kind.clone())];
    cells.extend(shared());
    cells.extend([Cell::Integer(it.origins as u64), Cell::Integer(it.independent as u64)]);
    sink.row("Fact", &cells)?;
    sink.row("IN_RECORD", &[id(), Cell::text(row.record.clone())])?;
    for (end, party) in [(FlowEnd::Source, &row.from), (FlowEnd::Object, &row.what), (FlowEnd::Target, &row.to)] {
        let role = role_of(selection.graph(), it.kind, end);
        if let (Some(role), Some(party)) = (role, party) {
            let party = Cell::text(party_id(selection, party));
            sink.row("TAKES_PART", &[party, id(), Cell::text(role), Cell::text(end.as_str())])?;
        }
    }
    for (role, list) in &row.roles {
        for party in list {
            let party = Cell::text(party_id(selection, party));
            sink.row("TAKES_PART", &[party, id(), Cell::text(role.clone()), Cell::Nothing])?;
        }
    }
    if let (Some(from), Some(to)) = (&row.from, &row.to) {
        let mut cells = vec![
            Cell::text(party_id(selection, from)),
            Cell::text(party_id(selection, to)),
            id(),
            Cell::text(row.kind.clone()),
            row.what.as_ref().map_or(Cell::Nothing, |it| Cell::text(party_id(selection, it))),
        ];
        cells.extend(shared());
        cells.push(Cell::Integer(it.independent as u64));
        sink.row("FLOW", &cells)?;
    }
    Ok(())
}

/// What the model has no field for, as JSON: `{"topics":["sanction"]}`.
fn extra_cell(extra: &[(String, Vec<String>)]) -> Cell {
    if extra.is_empty() {
        return Cell::Nothing;
    }
    let mut names: serde_json::Map<String, serde_json::Value> = serde_json::Map::new();
    for (name, values) in extra {
        let all = names.entry(name.clone()).or_insert_with(|| Vec::<String>::new().into());
        if let Some(all) = all.as_array_mut() {
            all.extend(values.iter().map(|it| it.as_str().into()));
        }
    }
    Cell::text(serde_json::Value::from(names).to_string())
}

/// Period, earliest and latest day, whether it is worked out.
fn period_cells(period: Option<PeriodValue>) -> [Cell; 4] {
    let Some(it) = period else { return [Cell::Nothing, Cell::Nothing, Cell::Nothing, Cell::Nothing] };
    let day = |it: Option<Date>| it.map_or(Cell::Nothing, Cell::Day);
    [Cell::text(it.period.edtf()), day(it.period.earliest()), day(it.period.latest()), Cell::Boolean(it.inferred)]
}

/// The words of a figure, its bounds with what they leave open, its unit.
fn figure_cells(figure: Option<&QuantityValue>) -> [Cell; 8] {
    let Some(it) = figure else { return std::array::from_fn(|_| Cell::Nothing) };
    let bound = |it: Option<Amount>| it.map_or(Cell::Nothing, Cell::Decimal);
    [
        Cell::text(it.text.clone()),
        bound(it.interval.low),
        bound(it.interval.high),
        Cell::Boolean(it.interval.low_open),
        Cell::Boolean(it.interval.high_open),
        Cell::Boolean(it.interval.approximate),
        Cell::Boolean(it.interval.vague),
        Cell::text(it.unit.clone()),
    ]
}

/// The table of that name.
pub(super) fn position(name: &str) -> Option<usize> {
    TABLES.iter().position(|it| it.name == name)
}
