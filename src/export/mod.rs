//! A graph, or the facts of an answer, in the formats of other programs: one file a format.
//!
//! A [`Selection`] goes in, fact by fact, and bytes come out; only ids are held for all facts at once. Each export gives a
//! [`Report`] of what it wrote and of what the format has no place for. Absent: opening files, printing, choosing a format.

mod bundle;
mod carried;
mod csv_files;
mod ftm;
mod gexf;
mod graphml;
mod ladybug;
mod neo4j;
mod net;
#[cfg(feature = "parquet")]
mod parquet;
mod parties;
mod rdf;
mod report;
#[cfg(feature = "parquet")]
mod tables;
mod xml;

pub use report::{LeftOut, Report, write_report_json};

use std::io::{self, Write};

use crate::graph::GraphView;
use crate::plan;
use crate::query::Selection;

/// A format to export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// RDF: Turtle or N-Quads.
    Rdf,
    /// GraphML, for yEd, Gephi, networkx, igraph.
    Graphml,
    /// GEXF 1.3, for Gephi.
    Gexf,
    /// FollowTheMoney as JSON lines, for Aleph and OpenSanctions.
    Ftm,
    /// A folder of CSV files with the statements that load them into Neo4j.
    Neo4j,
    /// A folder of CSV files with the statements that load them into Ladybug (or Kuzu).
    Ladybug,
    /// A folder of Parquet files.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl ExportFormat {
    /// All formats of this build.
    pub const ALL: &'static [ExportFormat] = &[
        ExportFormat::Rdf,
        ExportFormat::Graphml,
        ExportFormat::Gexf,
        ExportFormat::Ftm,
        ExportFormat::Neo4j,
        ExportFormat::Ladybug,
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            ExportFormat::Rdf => "rdf",
            ExportFormat::Graphml => "graphml",
            ExportFormat::Gexf => "gexf",
            ExportFormat::Ftm => "ftm",
            ExportFormat::Neo4j => "neo4j",
            ExportFormat::Ladybug => "ladybug",
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => "parquet",
        }
    }

    /// Whether it is a folder of several files.
    pub fn is_folder(self) -> bool {
        match self {
            ExportFormat::Rdf | ExportFormat::Graphml | ExportFormat::Gexf | ExportFormat::Ftm => false,
            ExportFormat::Neo4j | ExportFormat::Ladybug => true,
            #[cfg(feature = "parquet")]
            ExportFormat::Parquet => true,
        }
    }
}

/// How facts stand in GraphML and GEXF.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A fact is an edge from its source to its target; a fact that lacks one of them is left out.
    #[default]
    Edges,
    /// A fact is a node, with an edge to each that takes part in it.
    Nodes,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 2] = [Shape::Edges, Shape::Nodes];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Shape::Edges => "edges",
            Shape::Nodes => "nodes",
        }
    }
}

/// How RDF is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Syntax {
    /// Turtle of RDF 1.1, which every reader takes; what a fact states is reified by the fact.
    #[default]
    Turtle,
    /// Turtle of RDF 1.2, with triple terms.
    TurtleStar,
    /// N-Quads; what a fact states stands in a graph named by the fact.
    Nquads,
}

impl Syntax {
    /// All of them.
    pub const ALL: [Syntax; 3] = [Syntax::Turtle, Syntax::TurtleStar, Syntax::Nquads];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Syntax::Turtle => "turtle",
            Syntax::TurtleStar => "turtle-star",
            Syntax::Nquads => "nquads",
        }
    }
}

/// Choices that only some formats have.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Of GraphML and GEXF.
    pub shape: Shape,
    /// Of RDF.
    pub syntax: Syntax,
    /// Of RDF: what the addresses of entities and facts begin with.
    pub base: String,
    /// Of bundles: texts that a spreadsheet would take for formulas stand as they are.
    pub exact: bool,
    /// Of Parquet: the tables for engines of SQL (`docs/tables.md`), in so many parts, instead of those for databases.
    pub parts: Option<usize>,
}

impl Default for ExportOptions {
    fn default() -> ExportOptions {
        ExportOptions {
            shape: Shape::default(),
            syntax: Syntax::default(),
            base: rdf::BASE.to_owned(),
            exact: false,
            parts: None,
        }
    }
}

/// Where the files of a folder go.
pub trait Folder {
    /// A new file of that name.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>>;
}

/// Writes a file to its end: one that is dropped with bytes in it loses them without a word on a full disk.
fn write_whole(
    folder: &mut dyn Folder,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut file = folder.create(name)?;
    write(&mut *file)?;
    file.flush()
}

/// Whether a folder that an export wrote may hold a file of that name: what else it holds is somebody's own.
///
/// ```
/// use purvey::export::is_exported_file;
///
/// assert!(is_exported_file("Entity.csv") && is_exported_file("Entity.header.csv") && is_exported_file("load.cypher"));
/// assert!(!is_exported_file("thesis.csv") && !is_exported_file("sub/Entity.csv"));
/// ```
pub fn is_exported_file(name: &str) -> bool {
    let is_table = |suffix: &str| {
        name.strip_suffix(suffix).is_some_and(|stem| bundle::TABLES.iter().any(|table| table.name == stem))
    };
    // Parts have four digits or more.
    let is_part = || {
        let (stem, part) = name.strip_suffix(".parquet").and_then(|it| it.rsplit_once('-'))?;
        let is_number = part.len() >= 4 && part.bytes().all(|it| it.is_ascii_digit());
        Some(is_number && plan::table(stem).is_some())
    };
    [".csv", ".header.csv", ".parquet"].into_iter().any(is_table)
        || is_part() == Some(true)
        || [plan::MANIFEST, plan::NODES].contains(&name)
        || neo4j::FILES.contains(&name)
        || ladybug::FILES.contains(&name)
}

/// Writes a format that is one file.
///
/// # Errors
///
/// Those of `out`; a format that is a folder.
///
/// # Example
///
/// ```
/// use purvey::export::{ExportFormat, ExportOptions, write_export};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Evidence, Selection};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let graph = KnowledgeGraph::new(&dataset);
/// let all = Selection::all(&graph, &Evidence::default())?;
/// let mut out = Vec::new();
/// let report = write_export(ExportFormat::Gexf, &all, &ExportOptions::default(), &mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("<gexf ") && !report.left_out.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_export<G: GraphView>(
    format: ExportFormat,
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    out: &mut dyn Write,
) -> io::Result<Report> {
    match format {
        ExportFormat::Rdf => rdf::write(selection, options, out),
        ExportFormat::Graphml => graphml::write(selection, options, out),
        ExportFormat::Gexf => gexf::write(selection, options, out),
        ExportFormat::Ftm => ftm::write(selection, options, out),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "this format is a folder of several files")),
    }
}

/// Writes a format that is a folder of several files.
///
/// # Errors
///
/// Those of the files; a format that is one file.
pub fn write_export_folder<G: GraphView>(
    format: ExportFormat,
    selection: &Selection<'_, G>,
    options: &ExportOptions,
    folder: &mut dyn Folder,
) -> io::Result<Report> {
    match format {
        ExportFormat::Neo4j => neo4j::write(selection, options, folder),
        ExportFormat::Ladybug => ladybug::write(selection, options, folder),
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => match options.parts {
            Some(parts) => tables::write(selection.graph(), parts, folder),
            None => parquet::write(selection, folder),
        },
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "this format is one file")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::KnowledgeGraph;
    use crate::load::{LoadOptions, Sources, load};
    use crate::query::Evidence;
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    /// How many bytes each file has.
    type Sizes = Arc<Mutex<BTreeMap<String, usize>>>;

    /// A disk on which there is no space for one of the files.
    struct Disk<'n> {
        full_for: &'n str,
        sizes: Sizes,
    }

    struct File {
        name: String,
        is_full: bool,
        sizes: Sizes,
    }

    impl Folder for Disk<'_> {
        fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
            self.sizes.lock().expect("one thread").insert(name.to_owned(), 0);
            let file = File { name: name.to_owned(), is_full: name == self.full_for, sizes: Arc::clone(&self.sizes) };
            Ok(Box::new(io::BufWriter::new(file)))
        }
    }

    impl Write for File {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.is_full {
                return Err(io::Error::other("no space left"));
            }
            *self.sizes.lock().expect("one thread").get_mut(&self.name).expect("a file") += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_file_that_does_not_get_on_the_disk_is_an_error_and_each_is_known_as_one_of_an_export() {
        let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.expect("data");
        let graph = KnowledgeGraph::new(&dataset);
        let all = Selection::all(&graph, &Evidence::default()).expect("all");
        for format in ExportFormat::ALL.iter().copied().filter(|it| it.is_folder()) {
            let write = |full_for: &str| {
                let mut disk = Disk { full_for, sizes: Sizes::default() };
                let done = write_export_folder(format, &all, &ExportOptions::default(), &mut disk);
                let sizes = disk.sizes.lock().expect("one thread").clone();
                (done, sizes)
            };
            let (done, sizes) = write("");
            assert!(done.is_ok() && sizes.values().filter(|it| **it > 0).count() > 5);
            for (name, size) in &sizes {
                assert!(is_exported_file(name), "{name}");
                assert_eq!(write(name).0.is_err(), *size > 0, "{name} of {format:?}");
            }
        }
    }
}
