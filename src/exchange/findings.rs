//! Findings for editors and scripts.

use std::io;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, PassageCount, SourceMap};

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
    articles: Vec<ArticleOut<'a>>,
}

/// A document and its passages; `found` is null if no text was at hand.
#[derive(Serialize)]
struct ArticleOut<'a> {
    document: &'a str,
    passages: usize,
    found: Option<usize>,
    verified: bool,
}

#[derive(Serialize)]
struct ArticleLineOut<'a> {
    article: ArticleOut<'a>,
}

fn article_out(count: &PassageCount) -> ArticleOut<'_> {
    ArticleOut {
        document: &count.document,
        passages: count.passages,
        found: count.found,
        verified: count.found.is_some(),
    }
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
/// end_column}], articles: [{document, passages, found, verified}]}`. `articles` has every document of which claims name
/// passages.
///
/// # Errors
///
/// Those of `out`.
///
/// ```
/// use purvey::diagnostic::SourceMap;
///
/// let mut out = Vec::new();
/// purvey::exchange::write_findings_json(&[], &[], &SourceMap::default(), &mut out)?;
/// assert!(String::from_utf8_lossy(&out).contains("\"findings\": []"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_findings_json(
    findings: &[Diagnostic],
    passages: &[PassageCount],
    sources: &SourceMap,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let articles = passages.iter().map(article_out).collect();
    let findings = findings.iter().map(|it| finding_out(it, sources)).collect();
    serde_json::to_writer_pretty(&mut *out, &FindingsOut { version: 1, findings, articles })?;
    writeln!(out)
}

/// The same, one finding a line. After them, if a text was at hand, one line a document: `{article: {document, passages,
/// found, verified}}`.
///
/// # Errors
///
/// Those of `out`.
pub fn write_findings_jsonl(
    findings: &[Diagnostic],
    passages: &[PassageCount],
    sources: &SourceMap,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for finding in findings {
        serde_json::to_writer(&mut *out, &finding_out(finding, sources))?;
        writeln!(out)?;
    }
    if passages.iter().any(|it| it.found.is_some()) {
        for count in passages {
            serde_json::to_writer(&mut *out, &ArticleLineOut { article: article_out(count) })?;
            writeln!(out)?;
        }
    }
    Ok(())
}
