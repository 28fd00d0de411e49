//! The tables: which there are, and what stands in their columns (`docs/tables.md`).

/// A table of an export with partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name; its files are called `NAME-0000.parquet` and so on.
    pub name: &'static str,
    /// Its columns. The first is a number.
    pub columns: &'static [(&'static str, ColumnType)],
}

/// What a column holds. Any but the first of a table may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// An integer of 64 bits.
    Number,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

impl ColumnType {
    /// The word in the manifest.
    pub fn as_str(self) -> &'static str {
        match self {
            ColumnType::Number => "number",
            ColumnType::Text => "text",
            ColumnType::Bytes => "bytes",
        }
    }
}

/// Version of the format: of the tables, of the manifest, of the bytes of a record.
pub const TABLES_VERSION: u32 = 3;

/// The name of the manifest, which says what the other files of the folder must hold.
pub const MANIFEST: &str = "tables.json";

/// The name of the snapshot without facts.
pub const NODES: &str = "nodes.purvey";

/// What such a snapshot says of itself, so that nobody takes it for data in which there are no facts.
pub const NODES_ORIGIN: &[u8] = b"purvey nodes of tables";

const N: ColumnType = ColumnType::Number;
const T: ColumnType = ColumnType::Text;

/// All tables, in the order of the documentation.
pub const TABLES: [Table; 11] = [
    Table {
        name: "facts",
        columns: &[
            ("fact", N),
            ("record", N),
            ("kind", N),
            ("source", N),
            ("source_at", N),
            ("object", N),
            ("object_at", N),
            ("target", N),
            ("target_at", N),
            ("outcome", N),
            ("is_plain", N),
            ("is_stated", N),
            ("relations", N),
            ("first_day", N),
            ("last_day", N),
        ],
    },
    Table {
        name: "records",
        columns: &[("record", N), ("id_hash", N), ("first_fact", N), ("facts", N), ("body", ColumnType::Bytes)],
    },
    Table { name: "ids", columns: &[("record", N), ("fact", N), ("id_hash", N), ("id", T)] },
    Table { name: "roles", columns: &[("fact", N), ("record", N), ("role", N), ("node", N), ("people_of", N)] },
    Table {
        name: "claims",
        columns: &[
            ("claim", N),
            ("record", N),
            ("of_relation", N),
            ("claimant", N),
            ("stance", N),
            ("document", N),
            ("made_first_day", N),
            ("made_last_day", N),
            ("first_day", N),
            ("last_day", N),
            ("scope", T),
            ("paragraph", N),
            ("length", N),
            ("sha256", T),
        ],
    },
    Table { name: "carried", columns: &[("claim", N), ("record", N), ("document", N), ("place", N)] },
    Table {
        name: "figures",
        columns: &[
            ("claim", N),
            ("record", N),
            ("figure", N),
            ("unit", N),
            ("low", T),
            ("high", T),
            ("low_open", N),
            ("high_open", N),
            ("approximate", N),
            ("vague", N),
            ("words", T),
        ],
    },
    Table {
        name: "relations",
        columns: &[("record", N), ("relation", N), ("to_record", N), ("to_fact", N), ("to_entity", N)],
    },
    Table {
        name: "nodes",
        columns: &[
            ("node", N),
            ("id", T),
            ("name", T),
            ("kind", T),
            ("part_of", N),
            ("is_a", N),
            ("class_lo", N),
            ("class_hi", N),
            ("whole_lo", N),
            ("whole_hi", N),
            ("unnamed_of", N),
        ],
    },
    Table {
        name: "documents",
        columns: &[("node", N), ("title", T), ("publisher", N), ("first_day", N), ("last_day", N), ("address", T)],
    },
    Table { name: "words", columns: &[("number", N), ("list", T), ("word", T)] },
];

/// A table by its name.
///
/// ```
/// assert_eq!(purvey::plan::table("facts").map(|it| it.columns.len()), Some(15));
/// ```
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|it| it.name == name)
}

/// The number that stands for an id in SQL, into which no text goes: the first six bytes of its checksums, one after the
/// other. Two ids may have the same; whoever looks one up compares the ids themselves.
///
/// ```
/// assert_ne!(purvey::plan::id_hash("a11"), purvey::plan::id_hash("a12"));
/// ```
pub fn id_hash(id: &str) -> i64 {
    let high = crc32fast::hash(id.as_bytes());
    let mut again = crc32fast::Hasher::new_with_initial(high);
    again.update(id.as_bytes());
    again.update(b"/");
    i64::from(high) << 16 | i64::from(again.finalize() & 0xffff)
}

/// The statement that tells how many rows a table has and what its numbers add up to, in the order of its columns: first the
/// count, then for each column of numbers a sum that changes with every value and with every value's row.
///
/// It runs unchanged on DuckDB, DataFusion and Spark; [`CheckSums`] adds up the same.
///
/// ```
/// let sql = purvey::plan::check_sql(&purvey::plan::TABLES[0]);
/// assert!(sql.starts_with("SELECT CAST(COUNT(*) AS BIGINT)"));
/// ```
pub fn check_sql(table: &Table) -> String {
    let key = table.columns.first().map_or("", |(name, _)| name);
    let numbers = table.columns.iter().filter(|(_, kind)| *kind == N);
    let sums = numbers.map(|(name, _)| {
        format!("CAST(COALESCE(SUM(({name} % {BY_VALUE} + {BY_VALUE}) * ({key} % {BY_ROW} + 1)), 0) AS BIGINT)")
    });
    let all: Vec<String> = std::iter::once("CAST(COUNT(*) AS BIGINT)".to_owned()).chain(sums).collect();
    format!("SELECT {} FROM {}", all.join(", "), table.name)
}

/// A prime by which values are divided, so that sums of billions of rows fit into 64 bits.
const BY_VALUE: i64 = 1_000_003;
/// The same for the number of the row.
const BY_ROW: i64 = 97;

/// What [`check_sql`] must give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSums {
    /// Number of rows.
    pub rows: i64,
    /// The sums by column of numbers.
    pub sums: Vec<i64>,
}

impl CheckSums {
    /// Adds a row by its numbers, of which the first is the row's own.
    pub fn add(&mut self, numbers: &[Option<i64>]) {
        let key = numbers.first().copied().flatten().unwrap_or_default();
        self.rows += 1;
        self.sums.resize(numbers.len(), 0);
        for (sum, it) in self.sums.iter_mut().zip(numbers) {
            if let Some(it) = it {
                *sum = sum.wrapping_add((it % BY_VALUE + BY_VALUE) * (key % BY_ROW + 1));
            }
        }
    }

    /// Adds what the rows of another part add up to.
    pub fn add_all(&mut self, part: &CheckSums) {
        self.rows += part.rows;
        self.sums.resize(self.sums.len().max(part.sums.len()), 0);
        for (sum, it) in self.sums.iter_mut().zip(&part.sums) {
            *sum = sum.wrapping_add(*it);
        }
    }
}
