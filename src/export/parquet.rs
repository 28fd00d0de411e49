//! The tables of bundles as Parquet files, one a table.

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

use super::bundle::{self, Cell, Sink, TABLES, Table, Type, position};
use super::{Folder, Report};
use crate::graph::GraphView;
use crate::query::Selection;

/// Rows that are held before they are written as one group.
const GROUP: usize = 1 << 16;

pub(super) fn write<G: GraphView>(selection: &Selection<'_, G>, folder: &mut dyn Folder) -> io::Result<Report> {
    let mut files = Files(TABLES.iter().map(|it| File::new(it, folder)).collect::<io::Result<_>>()?);
    let mut report = bundle::write(selection, &mut files)?;
    for file in files.0 {
        file.finish()?;
    }
    report.never("digits of figures beyond those of a double: `quantity` has the words of the source");
    Ok(report)
}

struct Files(Vec<File>);

impl Sink for Files {
    fn row(&mut self, table: &'static str, cells: &[Cell]) -> io::Result<()> {
        match position(table).and_then(|at| self.0.get_mut(at)) {
            Some(file) => file.row(cells),
            None => Ok(()),
        }
    }
}

/// A file, with the columns of the rows that are not yet written.
struct File {
    writer: SerializedFileWriter<Box<dyn Write + Send>>,
    columns: Vec<Column>,
    rows: usize,
}

/// The values of a column, and for each row whether it has one.
struct Column {
    values: Values,
    present: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Decimal(Vec<f64>),
    Integer(Vec<i64>),
    Boolean(Vec<bool>),
    Day(Vec<i32>),
}

impl File {
    fn new(table: &Table, folder: &mut dyn Folder) -> io::Result<File> {
        let fields = table.columns.iter().map(|(name, kind)| field(name, *kind)).collect::<io::Result<Vec<_>>>()?;
        let schema = Schema::group_type_builder(table.name).with_fields(fields).build().map_err(failed)?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let out = folder.create(&format!("{}.parquet", table.name))?;
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(failed)?;
        let columns = table.columns.iter().map(|(_, kind)| Column::new(*kind)).collect();
        Ok(File { writer, columns, rows: 0 })
    }

    fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.rows += 1;
        if self.rows >= GROUP { self.flush().map_err(failed) } else { Ok(()) }
    }

    /// Writes the rows that are held as a group.
    fn flush(&mut self) -> Result<(), ParquetError> {
        if std::mem::take(&mut self.rows) == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            if let Some(mut writer) = group.next_column()? {
                column.write(writer.untyped())?;
                writer.close()?;
            }
        }
        group.close()?;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.flush().map_err(failed)?;
        self.writer.close().map_err(failed)?;
        Ok(())
    }
}

fn field(name: &str, kind: Type) -> io::Result<TypePtr> {
    let (physical, logical) = match kind {
        Type::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Type::Decimal => (Physical::DOUBLE, None),
        Type::Integer => (Physical::INT64, None),
        Type::Boolean => (Physical::BOOLEAN, None),
        Type::Day => (Physical::INT32, Some(LogicalType::Date)),
    };
    let field = Schema::primitive_type_builder(name, physical);
    let field = field.with_repetition(Repetition::OPTIONAL).with_logical_type(logical);
    field.build().map(Arc::new).map_err(failed)
}

impl Column {
    fn new(kind: Type) -> Column {
        let values = match kind {
            Type::Text => Values::Text(Vec::new()),
            Type::Decimal => Values::Decimal(Vec::new()),
            Type::Integer => Values::Integer(Vec::new()),
            Type::Boolean => Values::Boolean(Vec::new()),
            Type::Day => Values::Day(Vec::new()),
        };
        Column { values, present: Vec::new() }
    }

    /// Adds a cell; one of another type than its column's would be nothing.
    fn push(&mut self, cell: &Cell) {
        let is_there = match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(it)) => {
                values.push(it.as_str().into());
                true
            }
            (Values::Decimal(values), Cell::Decimal(it)) => match it.to_string().parse() {
                Ok(it) => {
                    values.push(it);
                    true
                }
                Err(_) => false,
            },
            (Values::Integer(values), Cell::Integer(it)) => {
                values.push(i64::try_from(*it).unwrap_or(i64::MAX));
                true
            }
            (Values::Boolean(values), Cell::Boolean(it)) => {
                values.push(*it);
                true
            }
            (Values::Day(values), Cell::Day(it)) => {
                values.push(days(*it));
                true
            }
            _ => false,
        };
        self.present.push(i16::from(is_there));
    }

    fn write(&mut self, writer: &mut ColumnWriter<'_>) -> Result<(), ParquetError> {
        let present = std::mem::take(&mut self.present);
        let levels = Some(present.as_slice());
        match (&mut self.values, writer) {
            (Values::Text(it), ColumnWriter::ByteArrayColumnWriter(to)) => {
                to.write_batch(&std::mem::take(it), levels, None)?
            }
            (Values::Decimal(it), ColumnWriter::DoubleColumnWriter(to)) => {
                to.write_batch(&std::mem::take(it), levels, None)?
            }
            (Values::Integer(it), ColumnWriter::Int64ColumnWriter(to)) => {
                to.write_batch(&std::mem::take(it), levels, None)?
            }
            (Values::Boolean(it), ColumnWriter::BoolColumnWriter(to)) => {
                to.write_batch(&std::mem::take(it), levels, None)?
            }
            (Values::Day(it), ColumnWriter::Int32ColumnWriter(to)) => {
                to.write_batch(&std::mem::take(it), levels, None)?
            }
            _ => return Err(ParquetError::General("a column has another type than its schema says".to_owned())),
        };
        Ok(())
    }
}

/// Days since the beginning of 1970.
fn days(day: Date) -> i32 {
    let since = Date::constant(1970, 1, 1).until(day).map(|it| it.get_days());
    since.unwrap_or_default()
}

fn failed(error: ParquetError) -> io::Error {
    io::Error::other(error)
}
