//! What was looked at in a picture, and what was found.

/// A picture, property by property.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The twelve properties, in order.
    pub checks: Vec<Check>,
    /// Numbers without a limit: name and value.
    pub scores: Vec<(&'static str, f64)>,
}

/// One property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Its number, from 1.
    pub number: usize,
    /// What should hold.
    pub property: &'static str,
    /// How many things were looked at.
    pub looked_at: usize,
    /// What does not hold.
    pub findings: Vec<Finding>,
}

/// Something that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad.
    pub severity: Severity,
    /// What, where and how far off.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The picture can be printed, but is not as good as it could be.
    Warning,
    /// Something is lost, covered, illegible or wrong.
    Error,
}

impl Severity {
    /// "error" or "warning".
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl Report {
    /// All findings of a severity.
    pub fn findings(&self, severity: Severity) -> impl Iterator<Item = (&Check, &Finding)> {
        let all = self.checks.iter().flat_map(|check| check.findings.iter().map(move |it| (check, it)));
        all.filter(move |(_, it)| it.severity == severity)
    }

    /// Whether the picture must not go to print.
    pub fn has_errors(&self) -> bool {
        self.findings(Severity::Error).next().is_some()
    }
}

impl Check {
    pub(super) fn new(number: usize, property: &'static str) -> Check {
        Check { number, property, looked_at: 0, findings: Vec::new() }
    }

    /// Looks at one more thing.
    pub(super) fn look(&mut self) {
        self.looked_at += 1;
    }

    pub(super) fn error(&mut self, message: String) {
        self.findings.push(Finding { severity: Severity::Error, message });
    }

    pub(super) fn warn(&mut self, message: String) {
        self.findings.push(Finding { severity: Severity::Warning, message });
    }

    /// Looks at a thing, and says what is the matter unless it holds.
    pub(super) fn expect(&mut self, holds: bool, message: impl FnOnce() -> String) {
        self.look();
        if !holds {
            self.error(message());
        }
    }

    /// "ok", "warning" or "error".
    pub fn verdict(&self) -> &'static str {
        self.findings.iter().map(|it| it.severity).max().map_or("ok", Severity::as_str)
    }
}
