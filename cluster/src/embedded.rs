//! DataFusion in this process, over Parquet files of this machine or in object storage.

use std::sync::Arc;
use std::time::Duration;

use datafusion::arrow::array::{Array, ArrayRef, BinaryArray, BinaryViewArray, Int64Array, LargeBinaryArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::StreamExt;
use purvey::plan::{ColumnType, Table};
use tokio::runtime::Runtime;

use crate::engine::{Deadline, Engine, EngineError};
use crate::interrupt;
use crate::manifest::FileSum;
use crate::storage::Storage;

/// How long looking at a file may take.
const LOOK: Duration = Duration::from_secs(60);

/// See the module's page.
pub struct Embedded {
    runtime: Runtime,
    context: SessionContext,
    storage: Storage,
    verify: bool,
}

impl Embedded {
    /// An engine that holds so many bytes at most for sorting and joining. With `verify` each byte of the files is compared
    /// with the manifest.
    pub fn new(memory: usize, storage: Storage, verify: bool) -> Result<Embedded, EngineError> {
        let failed = |it: &dyn std::fmt::Display| EngineError::Connect(format!("DataFusion cannot start: {it}"));
        let runtime = Runtime::new().map_err(|it| failed(&it))?;
        let mut config = SessionConfig::new();
        config.options_mut().execution.parquet.schema_force_view_types = false;
        config.options_mut().execution.parquet.pushdown_filters = true;
        let environment =
            RuntimeEnvBuilder::new().with_memory_limit(memory, 1.0).build_arc().map_err(|it| failed(&it))?;
        let context = SessionContext::new_with_config_rt(config, environment);
        #[cfg(feature = "object-storage")]
        storage.register(&context);
        Ok(Embedded { runtime, context, storage, verify })
    }

    /// The columns of a file that is what was exported.
    async fn look(
        &self,
        file: &FileSum,
        url: &ListingTableUrl,
        options: &ListingOptions,
        deadline: Deadline,
    ) -> Result<SchemaRef, EngineError> {
        // Comparing every byte takes as long as it takes.
        let deadline = if self.verify { deadline } else { deadline.within(LOOK) };
        let shown = self.storage.shown(file);
        bounded(deadline, async {
            self.storage.check(file, self.verify).await?;
            options.infer_schema(&self.context.state(), url).await.map_err(|it| {
                EngineError::Query(format!("`{shown}` is no whole Parquet file: {}", it.strip_backtrace()))
            })
        })
        .await
        .map_err(|it| match it {
            EngineError::Time(_) => EngineError::Connect(format!(
                "`{shown}` did not come within {} s: is the storage there, and are its address and credentials in the environment?",
                deadline.limit.as_secs()
            )),
            other => other,
        })?
    }

    /// Runs a statement, batch by batch.
    fn run(
        &self,
        sql: &str,
        deadline: Deadline,
        mut take: impl FnMut(&RecordBatch) -> Result<bool, EngineError>,
    ) -> Result<(), EngineError> {
        // A statement only reads.
        let options = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        self.runtime.block_on(async {
            let stream = async {
                let frame = self.context.sql_with_options(sql, options).await?;
                frame.execute_stream().await
            };
            let mut stream = bounded(deadline, stream).await?.map_err(|it| failed(&it))?;
            while let Some(batch) = bounded(deadline, stream.next()).await? {
                if interrupt::pressed() {
                    return Err(EngineError::Interrupted);
                }
                if !take(&batch.map_err(|it| failed(&it))?)? {
                    break;
                }
            }
            Ok(())
        })
    }
}

/// What comes first: the result, the end of the time, Ctrl-C. What is dropped runs no further.
async fn bounded<T>(deadline: Deadline, work: impl Future<Output = T>) -> Result<T, EngineError> {
    tokio::select! {
        done = work => Ok(done),
        () = tokio::time::sleep(deadline.left()) => Err(EngineError::Time(deadline.limit)),
        () = interrupted() => Err(EngineError::Interrupted),
    }
}

/// Ends when Ctrl-C was pressed, also if that was before.
async fn interrupted() {
    while !interrupt::pressed() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn failed(error: &DataFusionError) -> EngineError {
    let why = error.strip_backtrace();
    let help = match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => "; allow more (--memory), or ask for less",
        DataFusionError::ArrowError(..) | DataFusionError::ParquetError(_) => "; --verify tells which file is damaged",
        _ => "",
    };
    EngineError::Query(format!("{}{help}", why.lines().next().unwrap_or_default()))
}

fn schema(table: &Table) -> Schema {
    let field = |(name, kind): &(&str, ColumnType)| Field::new(*name, data_type(*kind), true);
    Schema::new(table.columns.iter().map(field).collect::<Vec<_>>())
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Number => DataType::Int64,
        ColumnType::Text => DataType::Utf8,
        ColumnType::Bytes => DataType::Binary,
    }
}

impl Engine for Embedded {
    fn name(&self) -> &str {
        "DataFusion"
    }

    fn register(&mut self, table: &'static Table, files: &[FileSum], deadline: Deadline) -> Result<(), EngineError> {
        let wrong = |why: String| EngineError::Table { table: table.name.to_owned(), why };
        let expected = schema(table);
        let options = ListingOptions::new(Arc::new(ParquetFormat::default().with_force_view_types(false)))
            .with_file_extension(".parquet");
        let mut urls = Vec::new();
        for file in files {
            let url = self.storage.url(file).map_err(wrong)?;
            let url = ListingTableUrl::parse(url).map_err(|it| wrong(it.to_string()))?;
            let found = self.runtime.block_on(self.look(file, &url, &options, deadline)).map_err(|it| match it {
                EngineError::Query(why) => wrong(why),
                other => other,
            })?;
            let shown = self.storage.shown(file);
            for field in expected.fields() {
                let Ok(it) = found.field_with_name(field.name()) else {
                    return Err(wrong(format!("`{shown}` has no column `{}`", field.name())));
                };
                if it.data_type() != field.data_type() {
                    let (name, is, should) = (field.name(), it.data_type(), field.data_type());
                    return Err(wrong(format!("column `{name}` of `{shown}` has the type {is} and not {should}")));
                }
            }
            urls.push(url);
        }
        let config = ListingTableConfig::new_with_multi_paths(urls)
            .with_listing_options(options)
            .with_schema(Arc::new(expected));
        let listing = ListingTable::try_new(config).map_err(|it| wrong(it.strip_backtrace()))?;
        self.context.register_table(table.name, Arc::new(listing)).map_err(|it| wrong(it.strip_backtrace()))?;
        Ok(())
    }

    fn bytes(&mut self, sql: &str, deadline: Deadline, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), EngineError> {
        self.run(sql, deadline, |batch| {
            for row in 0..batch.num_rows() {
                let column = batch.column(0);
                let any = column.as_any();
                let value = if let Some(it) = any.downcast_ref::<BinaryArray>() {
                    it.value(row)
                } else if let Some(it) = any.downcast_ref::<BinaryViewArray>() {
                    it.value(row)
                } else if let Some(it) = any.downcast_ref::<LargeBinaryArray>() {
                    it.value(row)
                } else {
                    return Err(EngineError::Query(format!("a column of bytes came as {}", column.data_type())));
                };
                if !take(value) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    fn rows(
        &mut self,
        sql: &str,
        deadline: Deadline,
        take: &mut dyn FnMut(&[Option<i64>]) -> bool,
    ) -> Result<(), EngineError> {
        self.run(sql, deadline, |batch| {
            let number = |column: &ArrayRef| column.as_any().downcast_ref::<Int64Array>().cloned();
            let columns: Option<Vec<Int64Array>> = batch.columns().iter().map(number).collect();
            let wrong = || EngineError::Query("a number came as something else".to_owned());
            let columns = columns.ok_or_else(wrong)?;
            let mut values = vec![None; columns.len()];
            for row in 0..batch.num_rows() {
                for (value, column) in values.iter_mut().zip(&columns) {
                    *value = column.is_valid(row).then(|| column.value(row));
                }
                if !take(&values) {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// What is dropped has ended.
    fn cancel(&mut self) {}
}
