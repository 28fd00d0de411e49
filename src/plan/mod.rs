//! The same questions over tables of SQL: a question becomes statements, what they give becomes a part of the graph, and the
//! question is answered over that part by the same code as always.
//!
//! [`Tables`] holds what is known of the tables beside them, and asks. Absent: an engine, files, names in statements.

mod numbers;
mod places;
mod rounds;
mod sql;
mod tables;
#[cfg(test)]
mod tests;
mod whole;

pub use numbers::Rows;
pub use places::{Places, Tree};
pub use rounds::{AskError, Cost, Limits, Need, Store, Tables};
pub use sql::{Words, days};
pub use tables::{
    CheckSums, ColumnType, MANIFEST, NODES, NODES_ORIGIN, TABLES, TABLES_VERSION, Table, check_sql, id_hash, table,
};
pub use whole::Whole;
