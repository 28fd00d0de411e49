//! `tables.json`: what the tables must hold.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use purvey::graph::Totals;
use purvey::plan::{CheckSums, MANIFEST, NODES, TABLES, TABLES_VERSION, Table};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Why the tables cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    #[error("`{path}` cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error(
        "`{path}` cannot be read: {error}; --tables is a folder that `purvey export parquet --partition` wrote, or a copy of its tables.json and nodes.purvey"
    )]
    NoFolder { path: String, error: std::io::Error },
    #[error("`{path}` is no manifest of tables: {why}; write them with `purvey export parquet --partition`")]
    NoManifest { path: String, why: String },
    #[error(
        "the tables have format {found}, and this program reads {TABLES_VERSION}: export them again with the same version of purvey"
    )]
    Version { found: String },
    #[error("`{path}` has {found} bytes and not {expected}: it is cut off or of another export")]
    Size { path: String, found: u64, expected: u64 },
    #[error("`{path}` is not the file that was exported: its SHA-256 is another")]
    Hash { path: String },
    #[error("`{path}` is no snapshot of nodes: {why}")]
    Nodes { path: String, why: String },
}

/// A file and what it is known by.
#[derive(Clone, Debug)]
pub struct FileSum {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

/// What one table must hold.
#[derive(Clone, Debug)]
pub struct TableSum {
    pub table: &'static Table,
    pub sums: CheckSums,
    pub files: Vec<FileSum>,
}

/// All that the manifest says.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub folder: PathBuf,
    pub tag: u64,
    pub totals: Totals,
    pub nodes: FileSum,
    pub tables: Vec<TableSum>,
}

impl Manifest {
    /// Reads the manifest of a folder.
    pub fn read(folder: &Path) -> Result<Manifest, TablesError> {
        let path = folder.join(MANIFEST);
        let shown = path.display().to_string();
        let bytes = std::fs::read(&path).map_err(|error| TablesError::NoFolder { path: shown.clone(), error })?;
        let wrong = |why: &str| TablesError::NoManifest { path: shown.clone(), why: why.to_owned() };
        let json: Value = serde_json::from_slice(&bytes).map_err(|it| wrong(&it.to_string()))?;
        if json.get("format").and_then(Value::as_str) != Some("purvey tables") {
            return Err(wrong("it has no field `format` that says so"));
        }
        let version = json.get("version").cloned().unwrap_or_default();
        if version.as_u64() != Some(u64::from(TABLES_VERSION)) {
            return Err(TablesError::Version { found: version.to_string() });
        }
        let lacks = |what: &str| wrong(&format!("it lacks `{what}`"));
        let count = |name: &str| {
            let count = json.get(name).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
            count.ok_or_else(|| lacks(name))
        };
        let tag = json.get("tag").and_then(Value::as_str).and_then(|it| u64::from_str_radix(it, 16).ok());
        let listed = json.get("tables").and_then(Value::as_array).ok_or_else(|| lacks("tables"))?;
        let mut tables = Vec::new();
        for table in &TABLES {
            let entry = listed.iter().find(|it| it.get("name").and_then(Value::as_str) == Some(table.name));
            tables.push(entry.and_then(|it| table_sum(table, it)).ok_or_else(|| lacks(table.name))?);
        }
        let totals = Totals { records: count("records")?, facts: count("facts")?, claims: count("claims")? };
        for (name, total) in [("records", totals.records), ("facts", totals.facts), ("claims", totals.claims)] {
            let of_table = tables.iter().find(|it: &&TableSum| it.table.name == name);
            if of_table.is_none_or(|it| usize::try_from(it.sums.rows) != Ok(total)) {
                return Err(wrong(&format!("its `{name}` are not as many as the rows of the table")));
            }
        }
        Ok(Manifest {
            folder: folder.to_owned(),
            tag: tag.ok_or_else(|| lacks("tag"))?,
            totals,
            nodes: json.get("nodes").and_then(file_sum).ok_or_else(|| lacks(NODES))?,
            tables,
        })
    }

    /// The path of a file of the folder.
    pub fn path(&self, file: &FileSum) -> PathBuf {
        self.folder.join(&file.name)
    }
}

/// Compares a file with what is known of it: its size, and with `whole` its bytes.
pub fn check_file(path: &Path, file: &FileSum, whole: bool) -> Result<(), TablesError> {
    let shown = path.display().to_string();
    let unreadable = |error| TablesError::Unreadable { path: shown.clone(), error };
    let found = std::fs::metadata(path).map_err(unreadable)?.len();
    if found != file.bytes {
        return Err(TablesError::Size { path: shown, found, expected: file.bytes });
    }
    if whole && sha256(path).map_err(unreadable)? != file.sha256 {
        return Err(TablesError::Hash { path: shown });
    }
    Ok(())
}

fn table_sum(table: &'static Table, json: &Value) -> Option<TableSum> {
    let files = json.get("files")?.as_array()?.iter().map(file_sum).collect::<Option<Vec<_>>>()?;
    let sums = json.get("sums")?.as_array()?.iter().map(Value::as_i64).collect::<Option<Vec<_>>>()?;
    Some(TableSum { table, sums: CheckSums { rows: json.get("rows")?.as_i64()?, sums }, files })
}

fn file_sum(json: &Value) -> Option<FileSum> {
    let name = json.get("file")?.as_str()?;
    // A manifest names files of its own folder and no others.
    let is_plain = name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it)) && !name.starts_with('.');
    is_plain.then_some(())?;
    Some(FileSum {
        name: name.to_owned(),
        bytes: json.get("bytes")?.as_u64()?,
        sha256: json.get("sha256")?.as_str()?.to_owned(),
    })
}

fn sha256(path: &Path) -> std::io::Result<String> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let mut hash = Sha256::new();
    let mut bytes = vec![0; 1 << 20];
    loop {
        match file.read(&mut bytes)? {
            0 => break,
            count => hash.update(bytes.get(..count).unwrap_or_default()),
        }
    }
    Ok(hexadecimal(&hash.finalize()))
}

/// Bytes as the manifest writes them.
pub fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|it| format!("{it:02x}")).collect()
}
