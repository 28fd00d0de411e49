//! The tables for engines of SQL (`docs/tables.md`): numbers in the order of ids, a folder of Parquet files in parts, the nodes
//! as a snapshot beside them, and a manifest that says what all of them must hold.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::civil::Date;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{Type as Schema, TypePtr};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Folder, Report};
use crate::graph::{FactView, GraphView, RecordView, entity_of, pack_record, write_nodes};
use crate::model::{
    Amount, ClaimIx, EntityKind, FactIx, FlowEnd, Interval, NodeIx, Outcome, Period, RecordIx, RelationKind,
    RelationTarget, Stance,
};
use crate::plan::{
    CheckSums, ColumnType, MANIFEST, NODES, NODES_ORIGIN, Places, TABLES, TABLES_VERSION, Table, Tree, check_sql, days,
    id_hash, table,
};

/// Rows that are held before they are written as one group.
const GROUP: usize = 1 << 16;

/// Writes everything, the tables of records in so many parts.
pub(super) fn write<G: GraphView>(graph: &G, parts: usize, folder: &mut dyn Folder) -> io::Result<Report> {
    let mut report = Report::default();
    let mut nodes = Hashed::new(folder.create(NODES)?);
    write_nodes(graph, NODES_ORIGIN, &mut nodes).map_err(io::Error::other)?;
    let nodes = nodes.finish()?;
    let tag = tag(graph, &nodes);
    let mut tables: Vec<Written> = TABLES.iter().map(Written::new).collect();
    let rows =
        Rows { graph, tag, classes: Places::new(graph, Tree::Classes), wholes: Places::new(graph, Tree::Wholes) };
    // A part without records would be eight files of nothing.
    let parts = parts.clamp(1, graph.record_count().max(1));
    let first = |part: usize| {
        RecordIx::from_usize(graph.record_count() / parts * part + part.min(graph.record_count() % parts))
    };
    for part in 0..parts {
        let mut files = Files::new(folder, part, &["nodes", "documents", "words"], false)?;
        for record in (first(part).0..first(part + 1).0).map(RecordIx) {
            rows.record(record, &mut files)?;
        }
        files.finish(&mut tables)?;
    }
    let mut files = Files::new(folder, 0, &["nodes", "documents", "words"], true)?;
    rows.nodes(&mut files)?;
    files.finish(&mut tables)?;
    for it in &tables {
        report.wrote(it.table.name, u64::try_from(it.sums.rows).unwrap_or_default());
    }
    let manifest = json!({
        "format": "purvey tables",
        "version": TABLES_VERSION,
        "tag": format!("{tag:016x}"),
        "records": graph.record_count(),
        "facts": graph.fact_count(),
        "claims": graph.claim_count(),
        "nodes": nodes.json(NODES, None),
        "tables": tables.iter().map(Written::json).collect::<Vec<_>>(),
    });
    let mut out = folder.create(MANIFEST)?;
    serde_json::to_writer_pretty(&mut out, &manifest)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(report)
}

/// What tells these tables from all others: of the nodes and of every record.
fn tag<G: GraphView>(graph: &G, nodes: &Sum) -> u64 {
    let mut hash = Sha256::new();
    hash.update(nodes.sha256);
    for record in (0..graph.record_count()).map(RecordIx::from_usize) {
        hash.update(pack_record(graph, record, 0));
    }
    let digest: [u8; 32] = hash.finalize().into();
    digest.first_chunk::<8>().map_or(0, |it| u64::from_le_bytes(*it))
}

/// A table as far as it was written.
struct Written {
    table: &'static Table,
    sums: CheckSums,
    files: Vec<(String, i64, Sum)>,
}

impl Written {
    fn new(table: &'static Table) -> Written {
        Written { table, sums: CheckSums::default(), files: Vec::new() }
    }

    fn json(&self) -> serde_json::Value {
        let columns = self.table.columns.iter().map(|(name, kind)| json!({"name": name, "type": kind.as_str()}));
        json!({
            "name": self.table.name,
            "rows": self.sums.rows,
            "check": check_sql(self.table),
            "sums": self.sums.sums,
            "columns": columns.collect::<Vec<_>>(),
            "files": self.files.iter().map(|(name, rows, sum)| sum.json(name, Some(*rows))).collect::<Vec<_>>(),
        })
    }
}

/// What a file is known by.
struct Sum {
    bytes: u64,
    sha256: [u8; 32],
}

impl Sum {
    fn json(&self, name: &str, rows: Option<i64>) -> serde_json::Value {
        let sha256: String = self.sha256.iter().map(|it| format!("{it:02x}")).collect();
        match rows {
            Some(rows) => json!({"file": name, "rows": rows, "bytes": self.bytes, "sha256": sha256}),
            None => json!({"file": name, "bytes": self.bytes, "sha256": sha256}),
        }
    }
}

/// A file whose bytes are added up while they are written.
struct Hashed {
    out: Box<dyn Write + Send>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(out: Box<dyn Write + Send>) -> Hashed {
        Hashed { out, hash: Sha256::new(), bytes: 0 }
    }

    fn finish(mut self) -> io::Result<Sum> {
        self.out.flush()?;
        Ok(Sum { bytes: self.bytes, sha256: self.hash.finalize().into() })
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.hash.update(bytes.get(..count).unwrap_or_default());
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One file of each table.
struct Files(Vec<File>);

impl Files {
    /// Of the tables that are named, or of the others.
    fn new(folder: &mut dyn Folder, part: usize, names: &[&str], named: bool) -> io::Result<Files> {
        let chosen = TABLES.iter().filter(|it| names.contains(&it.name) == named);
        chosen.map(|it| File::new(it, part, folder)).collect::<io::Result<_>>().map(Files)
    }

    fn row(&mut self, table: &str, cells: &[Cell<'_>]) -> io::Result<()> {
        let file = self.0.iter_mut().find(|it| it.table.name == table);
        file.map_or(Ok(()), |it| it.row(cells))
    }

    fn finish(self, tables: &mut [Written]) -> io::Result<()> {
        for file in self.0 {
            file.finish(tables)?;
        }
        Ok(())
    }
}

/// A value of a row.
#[derive(Clone, Copy, Debug)]
enum Cell<'v> {
    Nothing,
    Number(i64),
    Text(&'v str),
    Bytes(&'v [u8]),
}

impl From<u32> for Cell<'_> {
    fn from(it: u32) -> Self {
        Cell::Number(i64::from(it))
    }
}

impl From<Option<u32>> for Cell<'_> {
    fn from(it: Option<u32>) -> Self {
        it.map_or(Cell::Nothing, Cell::from)
    }
}

impl<'v> From<Option<&'v str>> for Cell<'v> {
    fn from(it: Option<&'v str>) -> Self {
        it.map_or(Cell::Nothing, Cell::Text)
    }
}

struct File {
    table: &'static Table,
    name: String,
    writer: SerializedFileWriter<Hashed>,
    columns: Vec<(Values, Vec<i16>)>,
    held: usize,
    sums: CheckSums,
}

enum Values {
    Number(Vec<i64>),
    Bytes(Vec<ByteArray>),
}

impl File {
    fn new(table: &'static Table, part: usize, folder: &mut dyn Folder) -> io::Result<File> {
        let fields = table.columns.iter().map(|(name, kind)| field(name, *kind)).collect::<io::Result<Vec<_>>>()?;
        let schema = Schema::group_type_builder(table.name).with_fields(fields).build().map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let name = format!("{}-{part:04}.parquet", table.name);
        let out = Hashed::new(folder.create(&name)?);
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        let values = |kind: &ColumnType| match kind {
            ColumnType::Number => Values::Number(Vec::new()),
            ColumnType::Text | ColumnType::Bytes => Values::Bytes(Vec::new()),
        };
        let columns = table.columns.iter().map(|(_, kind)| (values(kind), Vec::new())).collect();
        Ok(File { table, name, writer, columns, held: 0, sums: CheckSums::default() })
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let mut numbers: Vec<Option<i64>> = Vec::with_capacity(cells.len());
        for ((values, present), cell) in self.columns.iter_mut().zip(cells) {
            present.push(i16::from(!matches!(cell, Cell::Nothing)));
            match (values, cell) {
                (Values::Number(list), Cell::Number(it)) => {
                    list.push(*it);
                    numbers.push(Some(*it));
                }
                (Values::Number(_), _) => numbers.push(None),
                (Values::Bytes(list), Cell::Text(it)) => list.push((*it).into()),
                (Values::Bytes(list), Cell::Bytes(it)) => list.push(it.to_vec().into()),
                (Values::Bytes(_), _) => {}
            }
        }
        self.sums.add(&numbers);
        self.held += 1;
        if self.held >= GROUP { self.flush().map_err(failed) } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if std::mem::take(&mut self.held) == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (values, present) in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { continue };
            let present = std::mem::take(present);
            match (values, writer.untyped()) {
                (Values::Number(it), ColumnWriter::Int64ColumnWriter(to)) => {
                    to.write_batch(&std::mem::take(it), Some(&present), None)?
                }
                (Values::Bytes(it), ColumnWriter::ByteArrayColumnWriter(to)) => {
                    to.write_batch(&std::mem::take(it), Some(&present), None)?
                }
                _ => return Err(ParquetError::General("a column has another type than its schema says".to_owned())),
            };
            writer.close()?;
        }
        group.close()?;
        Ok(())
    }

    fn finish(mut self, tables: &mut [Written]) -> io::Result<()> {
        self.flush().map_err(failed)?;
        let sum = self.writer.into_inner().map_err(failed)?.finish()?;
        if let Some(written) = tables.iter_mut().find(|it| it.table == self.table) {
            written.sums.add_all(&self.sums);
            written.files.push((self.name, self.sums.rows, sum));
        }
        Ok(())
    }
}

fn field(name: &str, kind: ColumnType) -> io::Result<TypePtr> {
    let (physical, logical) = match kind {
        ColumnType::Number => (Physical::INT64, None),
        ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnType::Bytes => (Physical::BYTE_ARRAY, None),
    };
    let field = Schema::primitive_type_builder(name, physical);
    let field = field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    field.build().map(Arc::new).map_err(failed)
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}

/// Makes rows of a graph.
struct Rows<'g, G> {
    graph: &'g G,
    tag: u64,
    classes: Places,
    wholes: Places,
}

fn day<'v>(day: Option<Date>) -> Cell<'v> {
    day.map_or(Cell::Nothing, |it| Cell::Number(i64::from(days(it))))
}

fn first_day<'v>(period: Option<Period>) -> Cell<'v> {
    day(period.and_then(|it| it.earliest()))
}

fn last_day<'v>(period: Option<Period>) -> Cell<'v> {
    day(period.and_then(|it| it.latest()))
}

impl<G: GraphView> Rows<'_, G> {
    /// All that belongs to a record.
    fn record(&self, record: RecordIx, files: &mut Files) -> io::Result<()> {
        let graph = self.graph;
        let view = graph.record(record);
        let number = Cell::from(record.0);
        let body = pack_record(graph, record, self.tag);
        let id = Cell::Number(id_hash(view.id));
        let facts = u32::try_from(view.facts.len()).unwrap_or(u32::MAX);
        files.row("records", &[number, id, view.facts.start.into(), facts.into(), Cell::Bytes(&body)])?;
        files.row("ids", &[number, Cell::Nothing, id, Cell::Text(view.id)])?;
        for fact in view.facts.clone().map(FactIx) {
            self.fact(fact, &view, files)?;
        }
        for claim in view.claims.clone().map(ClaimIx) {
            self.claim(claim, number, None, files)?;
        }
        for relation in graph.relations(record) {
            let kind = Cell::from(relation.kind as u32);
            let target = match relation.target {
                RelationTarget::Record(it) => [it.0.into(), Cell::Nothing, Cell::Nothing],
                RelationTarget::Fact(it) => [Cell::Nothing, it.0.into(), Cell::Nothing],
                RelationTarget::Entity(it) => [Cell::Nothing, Cell::Nothing, it.0.into()],
            };
            let [to_record, to_fact, to_entity] = target;
            files.row("relations", &[number, kind, to_record, to_fact, to_entity])?;
            for claim in relation.claims.map(ClaimIx) {
                self.claim(claim, number, Some(relation.kind), files)?;
            }
        }
        Ok(())
    }

    fn fact(&self, fact: FactIx, record: &RecordView<'_>, files: &mut Files) -> io::Result<()> {
        let graph = self.graph;
        let FactView { id, kind, record: at, ends } = graph.fact(fact);
        let node = |end: FlowEnd| ends.get(end).map(|it| it.node);
        let place = |end: FlowEnd, places: &Places| Cell::from(node(end).and_then(|it| places.at(it)));
        let number = |end: FlowEnd| Cell::from(node(end).map(|it| it.0));
        // What a claim says of the time may count or not, so such a fact may lie anywhere.
        let mut claims = record.claims.clone().map(ClaimIx);
        let period = record.period.filter(|_| claims.all(|it| graph.claim_state(it).period.is_none()));
        // It counts, happened, and lies where its record says, without anything to be weighed.
        let glance = graph.glance(fact);
        let is_plain = Cell::from(u32::from(glance.is_plain() && glance.days().is_some()));
        let is_stated = Cell::from(u32::from(glance.is_stated()));
        let numbers: [Cell<'_>; 2] = [fact.0.into(), at.0.into()];
        files.row(
            "facts",
            &[
                fact.0.into(),
                at.0.into(),
                u32::from(kind.0).into(),
                number(FlowEnd::Source),
                place(FlowEnd::Source, &self.wholes),
                number(FlowEnd::Object),
                place(FlowEnd::Object, &self.classes),
                number(FlowEnd::Target),
                place(FlowEnd::Target, &self.wholes),
                (record.outcome as u32).into(),
                is_plain,
                is_stated,
                u32::try_from(graph.relations(at).count()).unwrap_or(u32::MAX).into(),
                first_day(period),
                last_day(period),
            ],
        )?;
        if id != record.id {
            let [fact, at] = numbers;
            files.row("ids", &[at, fact, Cell::Number(id_hash(id)), Cell::Text(id)])?;
        }
        for it in graph.roles(fact) {
            let [fact, at] = numbers;
            let who = it.participant;
            let role = Cell::from(u32::from(it.role.0));
            files.row("roles", &[fact, at, role, who.node.0.into(), who.of.map(|it| it.0).into()])?;
        }
        Ok(())
    }

    fn claim(
        &self,
        claim: ClaimIx,
        record: Cell<'_>,
        relation: Option<RelationKind>,
        files: &mut Files,
    ) -> io::Result<()> {
        let graph = self.graph;
        let view = graph.claim(claim);
        let number = Cell::from(claim.0);
        let locator = view.at;
        let sha256: Option<String> = locator.map(|it| it.sha256.iter().map(|byte| format!("{byte:02x}")).collect());
        files.row(
            "claims",
            &[
                number,
                record,
                relation.map(|it| it as u32).into(),
                view.by.0.into(),
                (view.stance as u32).into(),
                view.document.0.into(),
                first_day(view.made),
                last_day(view.made),
                first_day(view.period),
                last_day(view.period),
                view.scope.into(),
                locator.map(|it| it.paragraph).into(),
                locator.map(|it| it.length).into(),
                sha256.as_deref().into(),
            ],
        )?;
        for (document, place) in view.via.iter().chain([&view.document]).zip(0_u32..) {
            files.row("carried", &[number, record, document.0.into(), place.into()])?;
        }
        for figure in graph.figures(claim) {
            let text = |it: Option<Amount>| it.map(|it| it.to_string());
            let (low, high) = (text(figure.interval.low), text(figure.interval.high));
            let (at, unit) = (u32::from(figure.at).into(), u32::from(figure.unit.0).into());
            let Interval { low_open, high_open, approximate, vague, .. } = figure.interval;
            let [low_open, high_open, approximate, vague] =
                [low_open, high_open, approximate, vague].map(|it| Cell::from(u32::from(it)));
            files.row(
                "figures",
                &[
                    number,
                    record,
                    at,
                    unit,
                    low.as_deref().into(),
                    high.as_deref().into(),
                    low_open,
                    high_open,
                    approximate,
                    vague,
                    Cell::Text(figure.text),
                ],
            )?;
        }
        Ok(())
    }

    /// Entities, unnamed participants, documents and words.
    fn nodes(&self, files: &mut Files) -> io::Result<()> {
        let graph = self.graph;
        for node in (0..graph.node_count()).map(NodeIx::from_usize) {
            let number = Cell::from(node.0);
            let Some(entity) = entity_of(graph, node) else {
                let mut row = vec![Cell::Nothing; table("nodes").map_or(0, |it| it.columns.len())];
                row.iter_mut().next().into_iter().for_each(|it| *it = number);
                row.iter_mut()
                    .next_back()
                    .into_iter()
                    .for_each(|it| *it = graph.unnamed_of(node).map(|it| it.0).into());
                files.row("nodes", &row)?;
                continue;
            };
            let view = graph.entity(entity);
            let ((class_lo, class_hi), (whole_lo, whole_hi)) = (self.classes.range(entity), self.wholes.range(entity));
            files.row(
                "nodes",
                &[
                    number,
                    Cell::Text(view.id),
                    Cell::Text(view.name),
                    Cell::Text(view.kind.as_str()),
                    view.part_of.map(|it| it.0).into(),
                    view.is_a.map(|it| it.0).into(),
                    class_lo.into(),
                    class_hi.into(),
                    whole_lo.into(),
                    whole_hi.into(),
                    Cell::Nothing,
                ],
            )?;
            if view.kind == EntityKind::Document {
                let it = graph.document(entity);
                let publisher = it.publisher.map(|it| it.0).into();
                let row =
                    [number, it.title.into(), publisher, first_day(it.date), last_day(it.date), it.address.into()];
                files.row("documents", &row)?;
            }
        }
        self.words(files)
    }

    /// What numbers of kinds, roles and so on mean.
    fn words(&self, files: &mut Files) -> io::Result<()> {
        let vocabulary = self.graph.vocabulary();
        let kinds = vocabulary.kinds.iter().map(|it| it.id.to_string());
        let roles = vocabulary.roles.iter().map(|it| it.to_string());
        let units = vocabulary.terms.units().iter().map(|it| it.id.to_string());
        let figures = vocabulary.kinds.iter().enumerate().flat_map(|(kind, it)| {
            it.figures.iter().enumerate().map(move |(at, it)| (kind << 8 | at, it.name.to_string()))
        });
        let lists: [(&str, Vec<(usize, String)>); 7] = [
            ("kind", kinds.enumerate().collect()),
            ("role", roles.enumerate().collect()),
            ("unit", units.enumerate().collect()),
            ("figure", figures.collect()),
            ("outcome", Outcome::ALL.iter().map(|it| (*it as usize, it.as_str().to_owned())).collect()),
            ("stance", Stance::ALL.iter().map(|it| (*it as usize, it.as_str().to_owned())).collect()),
            ("relation", RelationKind::ALL.iter().map(|it| (*it as usize, it.as_str().to_owned())).collect()),
        ];
        for (list, words) in lists {
            for (number, word) in words {
                let number = Cell::Number(i64::try_from(number).unwrap_or(i64::MAX));
                files.row("words", &[number, Cell::Text(list), Cell::Text(&word)])?;
            }
        }
        Ok(())
    }
}
