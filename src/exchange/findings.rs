//! Findings for editors and scripts.

use std::io;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, SourceMap};

/// A finding for an editor: lines and columns from 1, columns in characters, the end not included.
#[derive(Serialize)]
struct FindingOut<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct FindingsOut<'a> {
    version: u32,
    findings: Vec<FindingOut<'a>>,
}

fn finding_out<'a>(finding: &'a Diagnostic, sources: &'a SourceMap) -> FindingOut<'a> {
    let file = sources.file(finding.span.file);
    let place = |byte| file.map_or((1, 1), |it| it.line_column(byte));
    let ((line, column), (end_line, end_column)) = (place(finding.span.start), place(finding.span.end));
    FindingOut {
        code: finding.code.as_str(),
        severity: finding.code.severity().as_str(),
        message: &finding.message,
        help: finding.help.as_deref(),
        file: file.map_or("", |it| it.name()),
        line,
        column,
        end_line,
        end_column,
    }
}

/// All findings as one JSON document: `{version, findings: [{code, severity, message, help, file, line, column, end_line,
/// end_column}]}`.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use purvey::diagnostic::SourceMap;
///
/// let mut out = Vec::new();
/// purvey::exchange::write_findings_json(&[], &SourceMap::default(), &mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("\"findings\": []"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_findings_json(findings: &[Diagnostic], sources: &SourceMap, out: &mut dyn io::Write) -> io::Result<()> {
    let findings = findings.iter().map(|it| finding_out(it, sources)).collect();
    serde_json::to_writer_pretty(&mut *out, &FindingsOut { version: 1, findings })?;
    writeln!(out)
}

/// The same, one finding a line.
///
/// # Errors
///
/// Those of `out`.
pub fn write_findings_jsonl(findings: &[Diagnostic], sources: &SourceMap, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in findings {
        serde_json::to_writer(&mut *out, &finding_out(finding, sources))?;
        writeln!(out)?;
    }
    Ok(())
}
