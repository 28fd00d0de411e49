//! What was found in a picture, as JSON.

use std::io;

use serde_json::json;

use super::{Report, Severity};

/// Writes a report as JSON: `{"errors", "warnings", "checks": [{"number", "property", "verdict", "looked_at",
/// "findings": [{"severity", "message"}]}], "scores": {…}}`. Fields are added in later versions, never changed.
///
/// # Errors
///
/// Those of `out`.
pub fn lint_json(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let checks = report.checks.iter().map(|it| {
        let findings = it.findings.iter().map(|it| json!({"severity": it.severity.as_str(), "message": it.message}));
        json!({
            "number": it.number,
            "property": it.property,
            "verdict": it.verdict(),
            "looked_at": it.looked_at,
            "findings": findings.collect::<Vec<_>>(),
        })
    });
    let scores: serde_json::Map<String, serde_json::Value> =
        report.scores.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let document = json!({
        "errors": report.findings(Severity::Error).count(),
        "warnings": report.findings(Severity::Warning).count(),
        "checks": checks.collect::<Vec<_>>(),
        "scores": scores,
    });
    serde_json::to_writer_pretty(&mut *out, &document).map_err(io::Error::from)?;
    out.write_all(b"\n")
}
