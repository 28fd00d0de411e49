//! The arguments.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::build::BuildArgs;
use super::check::CheckArgs;
use super::draw::{DrawArgs, DrawQuestion};
use super::evidence::EvidenceArgs;
use super::export::ExportArgs;
use super::question::QuestionCommand;

/// Who supplied what to whom: sourced facts, answers with citations, diagrams.
#[derive(Debug, Parser)]
#[command(
    name = "purvey",
    version,
    max_term_width = 100,
    after_help = "Facts are read from --data, else from the folder `graph-data` here, else from the built-in example.\n\
                  Exit codes: 0 answered; 1 nothing found or not understood; 2 wrong usage or unusable data.\n\
                  Try: purvey ask \"who supplied what to whom?\""
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(flatten)]
    pub(crate) evidence: EvidenceArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Global {
    /// A folder of facts, one file of them, or a snapshot; several folders and files are joined
    #[arg(long, value_name = "PATH", global = true, help_heading = "Data and output")]
    pub(crate) data: Vec<PathBuf>,
    /// Read records marked as drafts too
    #[arg(long, global = true, help_heading = "Data and output")]
    pub(crate) drafts: bool,
    /// Read the facts, even if a snapshot of them is kept in the cache, and keep none
    #[arg(long, global = true, help_heading = "Data and output")]
    pub(crate) no_cache: bool,
    /// How to print the answer
    #[arg(long, value_enum, global = true, value_name = "FORMAT", help_heading = "Data and output")]
    pub(crate) format: Option<Format>,
    /// Write to a file, whose extension tells the format (--format overrules)
    #[arg(short, long, value_name = "FILE", global = true, help_heading = "Data and output")]
    pub(crate) out: Option<PathBuf>,
}

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[value(alias = "text")]
    Table,
    /// One document, described by docs/answer.schema.json
    Json,
    /// The same, one object a line
    Jsonl,
    /// One line a claim
    Csv,
    /// Attributed sentences with footnotes
    #[value(alias = "markdown")]
    Md,
    /// A diagram for Graphviz
    Dot,
    /// A picture that a browser shows and a designer goes on with
    Svg,
    /// A picture in dots
    Png,
    /// A picture for print
    Pdf,
    /// A page with the picture, its sources and a table
    Html,
    /// A diagram for Mermaid
    #[value(alias = "mermaid")]
    Mmd,
    /// The documents cited, as CSL-JSON
    #[value(alias = "csl-json")]
    Csl,
    /// The numbered sources as text
    Bib,
    /// Decisions to go through, of `match`
    Ron,
}

impl Global {
    /// The format of `--format`, else of the extension of `--out`, which may tell none; without both `otherwise`.
    pub(crate) fn format_or(&self, otherwise: Format) -> Option<Format> {
        match (self.format, &self.out) {
            (Some(format), _) => Some(format),
            (None, Some(path)) => Format::of_extension(&path.extension().unwrap_or_default().to_string_lossy()),
            (None, None) => Some(otherwise),
        }
    }
}

impl Format {
    /// The format of a file's extension.
    fn of_extension(extension: &str) -> Option<Format> {
        match extension.to_ascii_lowercase().as_str() {
            "txt" => Some(Format::Table),
            "json" => Some(Format::Json),
            "jsonl" | "ndjson" => Some(Format::Jsonl),
            "csv" => Some(Format::Csv),
            "md" | "markdown" => Some(Format::Md),
            "dot" | "gv" => Some(Format::Dot),
            "svg" => Some(Format::Svg),
            "png" => Some(Format::Png),
            "pdf" => Some(Format::Pdf),
            "html" | "htm" => Some(Format::Html),
            "ron" => Some(Format::Ron),
            "mmd" | "mermaid" => Some(Format::Mmd),
            _ => None,
        }
    }

    /// Whether only `draw` writes it.
    pub(crate) fn is_picture(self) -> bool {
        matches!(self, Format::Svg | Format::Png | Format::Pdf | Format::Html | Format::Mmd)
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Question(QuestionCommand),
    /// Draw the answer to a question, or what a diagram spec says, as a picture
    #[command(after_help = "Example: purvey draw who --to Russia --out russia.svg\n         \
                            purvey draw russia.ron --size phone --out russia.png")]
    Draw(Box<DrawArgs>),
    /// Write the data, or the facts of an answer, in a format of other programs
    #[command(after_help = "Example: purvey export gexf --out all.gexf\n         \
                      purvey export rdf who --to Russia --out russia.ttl\n         \
                      purvey export neo4j --out bundle")]
    Export(Box<ExportArgs>),
    /// What an answer stands on: who says so, how many independently, and what is left without them
    #[command(
        after_help = "Example: purvey support a10\n         purvey support path \"North Korea\" Kyiv --same-item"
    )]
    Support(AboutArgs),
    /// Put the facts of a name or of any question in the order of their time
    #[command(after_help = "Example: purvey timeline who --to Russia")]
    Timeline(AboutArgs),
    /// Print the statements of SQL that fetch what a question needs, for the tables of `export parquet --partition`
    #[command(after_help = "Example: purvey plan who --to Russia --during 2024\n         \
                            purvey plan ask \"what did North Korea supply?\"")]
    Plan(AboutArgs),
    /// Write the data as a snapshot, a file that answers the same questions without being read first
    #[command(after_help = "Example: purvey build graph-data --out facts.purvey\n         \
                            purvey who --data facts.purvey")]
    Build(BuildArgs),
    /// Read a whole snapshot and compare it with its checksums
    Verify {
        /// The snapshot
        file: PathBuf,
    },
    Init(super::init::InitArgs),
    Add(super::add::AddArgs),
    Remove(super::remove::RemoveArgs),
    Rename(super::rename::RenameArgs),
    Fmt(super::fmt::FmtArgs),
    Watch(super::watch::WatchArgs),
    Diff(super::diff::DiffArgs),
    Import(Box<super::import::ImportArgs>),
    Draft(super::draft::DraftArgs),
    Match(Box<super::matching::MatchArgs>),
    Merge(Box<super::merge::MergeArgs>),
    /// Check the data and report every finding
    Check(CheckArgs),
    /// Print a script that completes commands in a shell
    #[command(hide = true)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page a command into a folder
    #[command(hide = true)]
    Man {
        /// The folder
        out: Option<PathBuf>,
    },
    /// A bare id or name: `show`.
    #[command(external_subcommand)]
    Bare(Vec<OsString>),
}

impl Command {
    /// The words of a bare id or name, with all that follows: options among them are not yet read.
    pub(crate) fn bare_words(&self) -> Option<&[OsString]> {
        match self {
            Command::Bare(words)
            | Command::Support(AboutArgs { question: AboutQuestion::Bare(words) })
            | Command::Plan(AboutArgs { question: AboutQuestion::Bare(words) })
            | Command::Timeline(AboutArgs { question: AboutQuestion::Bare(words) }) => Some(words),
            Command::Draw(draw) => match &draw.question {
                Some(DrawQuestion::Bare(words)) => Some(words),
                _ => None,
            },
            Command::Export(export) => match &export.question {
                Some(AboutQuestion::Bare(words)) => Some(words),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A question about the answer to another one.
#[derive(Args, Debug)]
#[command(subcommand_value_name = "QUESTION", subcommand_help_heading = "Questions")]
pub(crate) struct AboutArgs {
    #[command(subcommand)]
    pub(crate) question: AboutQuestion,
}

/// A question behind another command.
#[derive(Debug, Subcommand)]
pub(crate) enum AboutQuestion {
    #[command(flatten)]
    Question(QuestionCommand),
    /// A bare id or name: `show`.
    #[command(external_subcommand)]
    Bare(Vec<OsString>),
}

impl AboutQuestion {
    pub(crate) fn into_command(self) -> QuestionCommand {
        match self {
            AboutQuestion::Question(question) => question,
            AboutQuestion::Bare(words) => {
                let words: Vec<String> = words.iter().map(|it| it.to_string_lossy().into_owned()).collect();
                QuestionCommand::Show { name: words }
            }
        }
    }
}
