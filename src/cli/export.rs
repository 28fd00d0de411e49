//! `purvey export`: the graph, or the facts of an answer, in a format of other programs.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};

use super::args::{AboutQuestion, Format, Global};
use super::data::{Data, Graph};
use super::output::{complain, tell, write_file};
use super::question::QuestionCommand;
use super::{Outcome, answer_over};
use crate::export::{
    ExportFormat, ExportOptions, Folder, Report, Shape, Syntax, is_exported_file, write_export, write_export_folder,
};
use crate::graph::GraphView;
use crate::import::{NewFolder, OwnFiles};
use crate::query::{Answer, Evidence, Selection};

/// Options of `export`.
#[derive(Args, Debug)]
#[command(subcommand_value_name = "QUESTION", subcommand_help_heading = "Questions")]
pub(crate) struct ExportArgs {
    /// The format
    #[arg(id = "export-format", value_name = "FORMAT", value_parser = formats())]
    to: String,
    /// Of rdf; by default what the extension of --out says (.nq), else turtle
    #[arg(long, value_parser = PossibleValuesParser::new(Syntax::ALL.map(Syntax::as_str)), global = true, help_heading = EXPORT)]
    syntax: Option<String>,
    /// Of rdf: what the addresses of entities and facts begin with
    #[arg(long, value_name = "IRI", value_parser = parse_base, global = true, help_heading = EXPORT)]
    base: Option<String>,
    /// Of graphml and gexf: whether facts are edges from their source to their target, or nodes with all that take part
    #[arg(long, value_parser = PossibleValuesParser::new(Shape::ALL.map(Shape::as_str)), global = true, help_heading = EXPORT)]
    shape: Option<String>,
    /// Of neo4j and ladybug: put no apostrophe before texts that a spreadsheet would take for formulas
    #[arg(long, global = true, help_heading = EXPORT)]
    exact: bool,
    /// Of parquet: everything as tables for engines of SQL, in so many parts (docs/tables.md)
    #[arg(long, hide = !cfg!(feature = "parquet"), value_name = "PARTS", value_parser = clap::value_parser!(u16).range(1..), global = true, help_heading = EXPORT)]
    partition: Option<u16>,
    /// Write into a folder that has files already, in place of them
    #[arg(long, global = true, help_heading = EXPORT)]
    force: bool,
    #[command(subcommand)]
    pub(crate) question: Option<AboutQuestion>,
}

const EXPORT: &str = "Export";

/// A format that only some builds have.
const PARQUET: &str = "parquet";

/// The formats of this build; one that it lacks is known too, so that it can be told why.
fn formats() -> PossibleValuesParser {
    let has_parquet = ExportFormat::ALL.iter().any(|it| it.as_str() == PARQUET);
    let lacking = (!has_parquet).then(|| PossibleValue::new(PARQUET).hide(true));
    ExportFormat::ALL.iter().map(|it| PossibleValue::new(it.as_str())).chain(lacking).collect::<Vec<_>>().into()
}

fn parse_base(text: &str) -> Result<String, String> {
    let is_absolute = ["http://", "https://", "urn:"].iter().any(|it| text.len() > it.len() && text.starts_with(it));
    let holds_none = text.chars().all(|c| c.is_ascii_graphic() && !"<>\"{}|^`\\#?".contains(c));
    if is_absolute && holds_none && text.ends_with(['/', ':']) {
        Ok(text.to_owned())
    } else {
        Err("write an address that ends with `/`: https://example.org/id/".to_owned())
    }
}

/// Where it goes and how.
struct Plan<'a> {
    format: ExportFormat,
    options: ExportOptions,
    out: Option<&'a Path>,
    force: bool,
}

/// Asks, if there is a question, and writes.
pub(crate) fn run(export: ExportArgs, evidence: &Evidence, global: &Global, meant: Option<&str>) -> Outcome {
    let Some(plan) = Plan::new(&export, global) else { return Outcome::Unusable };
    if plan.options.parts.is_some() && !evidence.is_all() {
        complain(
            "--partition writes everything, so that each question can be asked of it: leave evidence to the question",
        );
        return Outcome::Unusable;
    }
    let question = export.question.map(AboutQuestion::into_command);
    let Some(mut data) = Data::load(global) else { return Outcome::Unusable };
    let mut done = plan.run(&data, question.as_ref(), evidence, meant);
    if let Some(instead) = data.instead(global) {
        data = instead;
        done = plan.run(&data, question.as_ref(), evidence, meant);
    }
    let report = match done {
        Ok(Done { answer, report }) => {
            match &answer {
                Some(answer) => tell(answer, data.is_built_in, false),
                None if data.is_built_in => complain(&format!("data: {}", super::table::BUILT_IN)),
                None => {}
            }
            let Some(report) = report else { return Outcome::Nothing };
            report
        }
        Err(Failure::Closed) => return Outcome::Answered,
        Err(Failure::Message(message)) => {
            complain(&message);
            return Outcome::Unusable;
        }
    };
    plan.tell(&report, global)
}

/// Why there is no export.
enum Failure {
    /// Nobody reads on: `purvey export … | head`.
    Closed,
    Message(String),
}

/// What was done.
struct Done {
    /// The answer, if a question was asked.
    answer: Option<Answer>,
    /// What was written; nothing where nothing was found.
    report: Option<Report>,
}

impl<'a> Plan<'a> {
    fn new(export: &ExportArgs, global: &'a Global) -> Option<Plan<'a>> {
        let Some(format) = ExportFormat::ALL.iter().copied().find(|it| it.as_str() == export.to) else {
            complain(&format!(
                "this build cannot write {0}: build it with `cargo install --features {0}`, or take ladybug, whose CSV files have \
                 the same tables",
                export.to
            ));
            return None;
        };
        let out = global.out.as_deref();
        let is_rdf = format == ExportFormat::Rdf;
        let is_net = matches!(format, ExportFormat::Graphml | ExportFormat::Gexf);
        let is_bundle = matches!(format, ExportFormat::Neo4j | ExportFormat::Ladybug);
        let misplaced = [
            ("--syntax", export.syntax.is_some() && !is_rdf),
            ("--base", export.base.is_some() && !is_rdf),
            ("--shape", export.shape.is_some() && !is_net),
            ("--exact", export.exact && !is_bundle),
            ("--partition", export.partition.is_some() && format.as_str() != PARQUET),
            ("--force", export.force && !format.is_folder()),
        ];
        if let Some((option, _)) = misplaced.iter().find(|(_, is)| *is) {
            complain(&format!("{option} is not for {}: leave it out", export.to));
            return None;
        }
        if export.partition.is_some() && export.question.is_some() {
            complain("--partition writes everything, so that each question can be asked of it: leave the question out");
            return None;
        }
        if format.is_folder() && out.is_none() {
            complain(&format!("{} is a folder of several files: say which, --out FOLDER", export.to));
            return None;
        }
        match global.format {
            None => {}
            Some(Format::Json) if out.is_some() => {}
            Some(Format::Json) => {
                complain("--format json tells on standard output what was exported: use --out for the export itself");
                return None;
            }
            Some(_) => {
                complain("an export has the format that is named first; --format json tells what was left out");
                return None;
            }
        }
        let extension = out.and_then(Path::extension).map(|it| it.to_string_lossy().to_ascii_lowercase());
        let by_extension = match extension.as_deref() {
            Some("nq") => Syntax::Nquads,
            _ => Syntax::Turtle,
        };
        let syntax = Syntax::ALL.into_iter().find(|it| export.syntax.as_deref() == Some(it.as_str()));
        let shape = Shape::ALL.into_iter().find(|it| export.shape.as_deref() == Some(it.as_str()));
        let plain = ExportOptions::default();
        let options = ExportOptions {
            shape: shape.unwrap_or(plain.shape),
            syntax: syntax.unwrap_or(by_extension),
            base: export.base.clone().unwrap_or(plain.base),
            exact: export.exact,
            parts: export.partition.map(usize::from),
        };
        Some(Plan { format, options, out, force: export.force })
    }

    fn run(
        &self,
        data: &Data,
        question: Option<&QuestionCommand>,
        evidence: &Evidence,
        meant: Option<&str>,
    ) -> Result<Done, Failure> {
        match &data.graph {
            Graph::Read(graph) => self.over(graph.as_ref(), question, evidence, meant),
            Graph::Mapped(graph) => self.over(graph.as_ref(), question, evidence, meant),
        }
    }

    fn over<G: GraphView>(
        &self,
        graph: &G,
        question: Option<&QuestionCommand>,
        evidence: &Evidence,
        meant: Option<&str>,
    ) -> Result<Done, Failure> {
        let answer = question.map(|it| answer_over(graph, it, |it| it, evidence, meant));
        if let Some(answer) = answer.as_ref().filter(|it| it.is_empty() || !it.findings.is_empty()) {
            return Ok(Done { answer: Some(answer.clone()), report: None });
        }
        let selection = match &answer {
            // What was asked in words may leave out claims too.
            Some(answer) => {
                let asked = answer.reading.as_ref().map_or(evidence, |it| &it.evidence);
                Selection::of(graph, answer, asked)
            }
            None => Selection::all(graph, evidence),
        };
        let selection = selection.map_err(|error| Failure::Message(error.to_string()))?;
        let report = self.write(&selection).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => {
                let place = self.out.map_or("standard output".to_owned(), |it| it.display().to_string());
                Failure::Message(format!("{place} cannot be written: {error}"))
            }
        })?;
        // What met damage may have written too little.
        Ok(Done { answer, report: Some(report) })
    }

    fn write<G: GraphView>(&self, selection: &Selection<'_, G>) -> io::Result<Report> {
        let whole = |report: io::Result<Report>| {
            let fault = selection.graph().fault().map(|it| io::Error::other(it.to_string()));
            fault.map_or(report, Err)
        };
        match self.out {
            Some(folder) if self.format.is_folder() => {
                let new = NewFolder::new(folder, self.force, EXPORTED)?;
                let mut files = Files(new.path());
                let report = whole(write_export_folder(self.format, selection, &self.options, &mut files))?;
                new.publish()?;
                Ok(report)
            }
            Some(path) => {
                let mut report = Report::default();
                write_file(path, |out| -> io::Result<()> {
                    let mut out = BufWriter::new(out);
                    report = whole(write_export(self.format, selection, &self.options, &mut out))?;
                    out.flush()
                })?;
                Ok(report)
            }
            None => {
                let mut out = BufWriter::new(io::stdout().lock());
                let report = whole(write_export(self.format, selection, &self.options, &mut out))?;
                out.flush()?;
                Ok(report)
            }
        }
    }

    /// Says what was written and what was not.
    fn tell(&self, report: &Report, global: &Global) -> Outcome {
        if global.format == Some(Format::Json) {
            let mut bytes = Vec::new();
            let written =
                crate::export::write_report_json(report, &mut bytes).and_then(|()| io::stdout().write_all(&bytes));
            return match written {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Outcome::Unusable,
                _ => Outcome::Answered,
            };
        }
        // On a terminal it would stand in the middle of the export.
        if self.out.is_some() || !io::stdout().is_terminal() {
            report.lines().iter().for_each(|it| complain(it));
        }
        Outcome::Answered
    }
}

/// What `--force` may take away.
const EXPORTED: OwnFiles = OwnFiles {
    is_own: |path, is_folder| !is_folder && path.to_str().is_some_and(is_exported_file),
    name: "files of an export",
};

/// The files of a folder that nobody sees yet.
struct Files<'a>(&'a Path);

impl Folder for Files<'_> {
    fn create(&mut self, name: &str) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(BufWriter::new(fs::File::create_new(self.0.join(name))?)))
    }
}
