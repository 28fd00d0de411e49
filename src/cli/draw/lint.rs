//! `purvey draw --lint FILE.svg`: what an art editor would find in a finished picture.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::spec::fonts;
use crate::cli::args::{Format, Global};
use crate::cli::data::{Data, Graph};
use crate::cli::grid::{Grid, Page};
use crate::cli::output::{complain, write_file};
use crate::cli::question::QuestionCommand;
use crate::cli::{Outcome, answer_over};
use crate::draw::{Report, Severity, lint, lint_json};
use crate::query::{Answer, Evidence};

/// Looks at a picture. With `--data`, its facts are compared with those of the data.
pub(super) fn run(file: &Path, font: &[PathBuf], evidence: &Evidence, global: &Global) -> Outcome {
    let as_json = match global.format {
        None | Some(Format::Table) => {
            global.out.as_ref().is_some_and(|it| it.extension().is_some_and(|it| it == "json"))
        }
        Some(Format::Json) => true,
        Some(_) => {
            complain("what was found in a picture is written as table or json");
            return Outcome::Unusable;
        }
    };
    let Some(fonts) = fonts(font) else { return Outcome::Unusable };
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            complain(&format!("{} cannot be read: {error}", file.display()));
            return Outcome::Unusable;
        }
    };
    let Ok(svg) = String::from_utf8(bytes) else {
        complain(&format!("{}: this is no SVG: it is no text in UTF-8", file.display()));
        return Outcome::Unusable;
    };
    let known = if global.data.is_empty() {
        None
    } else {
        let Some(data) = Data::load(global) else { return Outcome::Unusable };
        Some(facts(data.instead(global).as_ref().unwrap_or(&data), evidence))
    };
    let report = match lint(&svg, &fonts, known.as_ref()) {
        Ok(report) => report,
        Err(error) => {
            complain(&format!("{}: {error}", file.display()));
            return Outcome::Unusable;
        }
    };
    let mut out = Vec::new();
    let written = if as_json { lint_json(&report, &mut out) } else { table(&report, &mut out) };
    let written = written.and_then(|()| match &global.out {
        Some(path) => write_file(path, |it| it.write_all(&out)),
        None => io::stdout().write_all(&out).and_then(|()| io::stdout().flush()),
    });
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&error.to_string());
            Outcome::Unusable
        }
        _ if report.has_errors() => Outcome::Nothing,
        _ => Outcome::Answered,
    }
}

/// All facts of the data.
fn facts(data: &Data, evidence: &Evidence) -> Answer {
    let all = QuestionCommand::List { kind: "facts".to_owned() };
    match &data.graph {
        Graph::Read(graph) => answer_over(graph.as_ref(), &all, |it| it, evidence, None),
        Graph::Mapped(graph) => answer_over(graph.as_ref(), &all, |it| it, evidence, None),
    }
}

/// One line a property, then what was found, then the scores.
fn table(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut grid = Grid::new(Page { width: 100, colour: false }, &["", "Property", "Looked at", "Found"]);
    grid.dense = true;
    for check in &report.checks {
        let found = match check.findings.len() {
            0 => "ok".to_owned(),
            several => format!("{several} {}{}", check.verdict(), if several == 1 { "" } else { "s" }),
        };
        grid.add(&[&check.number.to_string(), check.property, &check.looked_at.to_string(), &found]);
    }
    grid.write(out)?;
    for severity in [Severity::Error, Severity::Warning] {
        for (check, finding) in report.findings(severity) {
            let message = crate::model::printable(&finding.message);
            writeln!(out, "{}[{}]: {message}", severity.as_str(), check.number)?;
        }
    }
    let scores = report.scores.iter().map(|(name, value)| format!("{name} {}", (value * 100.0).round() / 100.0));
    writeln!(out, "scores: {}", scores.collect::<Vec<_>>().join(", "))
}
