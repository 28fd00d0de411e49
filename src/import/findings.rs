//! What an importer could not use, or somebody should look at.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $severity:ident $title:literal;)*) => {
        /// What a finding of an import is about. The code is stable: scripts may rely on it.
        ///
        /// An error means that a part of the input was left out; a warning asks somebody to look.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ImportCode {
            $($(#[$doc])* #[doc = $title] $name,)*
        }

        impl ImportCode {
            /// All codes, in their order.
            pub const ALL: &'static [ImportCode] = &[$(ImportCode::$name),*];

            /// The code as printed.
            pub fn as_str(self) -> &'static str {
                match self { $(ImportCode::$name => $code,)* }
            }

            /// Whether something was left out.
            pub fn severity(self) -> Severity {
                match self { $(ImportCode::$name => Severity::$severity,)* }
            }

            /// What it is about, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(ImportCode::$name => $title,)* }
            }
        }
    };
}

// The table in docs/import.md lists the same. Codes of one kind of input stand together, in tens.
codes! {
    Unreadable = "I0001" Error "a file cannot be read, or ends too early";
    TooLarge = "I0002" Error "a limit on size, length of a line or depth is passed";
    Encoding = "I0003" Warning "text in another encoding than UTF-8, or damaged characters";
    Syntax = "I0004" Error "a part that is not written in the format";
    MissingValue = "I0005" Error "something that must be there is missing or empty";
    UnknownReference = "I0006" Error "a reference to something that is not in the input";
    DuplicateId = "I0007" Error "a record whose id is taken";
    EntityDiffers = "I0008" Warning "an entity that comes twice and is not the same";
    UnknownType = "I0009" Error "a type of record that has no place here";
    BadQuantity = "I0010" Error "a quantity that cannot be read";
    BadPeriod = "I0011" Error "a date or period that cannot be read";
    BadRole = "I0012" Error "a participant that the role does not accept";
    BadVocabulary = "I0013" Error "a kind, role, figure or unit that the vocabulary lacks";
    Kept = "I0014" Warning "a value without a field of its own, kept as it is";
    BadRow = "I0020" Error "a row with more or fewer fields than the header";
    UnknownColumn = "I0021" Error "a column that the file does not have";
    UnmappedValue = "I0022" Error "a value that the mapping does not list";
    Contradiction = "I0023" Warning "two rows that contradict each other";
    Repeated = "I0024" Warning "a row that says the same as another";
    WrongKind = "I0030" Warning "an end of another kind than its kind of fact takes, kept as a plain link";
    Shares = "I0031" Warning "shares of one thing that cannot all hold at the same time";
    Mended = "I0040" Warning "a part that was broken, put together again";
    NoDate = "I0041" Warning "an edition that does not tell its date";
    Guessed = "I0042" Warning "something that the source does not say, worked out";
    Dropped = "I0043" Warning "what an earlier edition has and a later one has not";
    EditionDiffers = "I0044" Warning "an edition that tells another date than the one given for it";
    Needless = "I0045" Warning "an option that nothing in the input needs";
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFinding {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column: its name, or its number from 1.
    pub column: Option<String>,
    /// What it is about.
    pub code: ImportCode,
    /// Names the value found.
    pub message: String,
    /// The next step, if one is known.
    pub help: Option<String>,
}

impl fmt::Display for ImportFinding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(out, ":{column}")?;
        }
        write!(out, ": {}[{}]: {}", self.code.severity().as_str(), self.code.as_str(), self.message)?;
        match &self.help {
            Some(help) => write!(out, "; {help}"),
            None => Ok(()),
        }
    }
}

/// Findings as they come. The first ones of each code are kept and all are counted, so that an input in which every row is
/// bad takes no more memory than one with a few.
///
/// # Example
///
/// ```
/// use purvey::import::{ImportCode, ImportFindings};
///
/// let mut findings = ImportFindings::default();
/// findings.set_file("register.csv");
/// findings.at(Some(7)).column("year").report(ImportCode::BadPeriod, "`next year` is no date", None);
/// assert_eq!(findings.kept()[0].to_string(), "register.csv:7:year: error[I0011]: `next year` is no date");
/// ```
#[derive(Clone, Debug)]
pub struct ImportFindings {
    file: Arc<str>,
    kept: Vec<ImportFinding>,
    counts: BTreeMap<ImportCode, u64>,
    keep: u64,
}

impl Default for ImportFindings {
    fn default() -> Self {
        ImportFindings::keeping(100)
    }
}

impl ImportFindings {
    /// Keeps so many of each code.
    pub fn keeping(keep: u64) -> ImportFindings {
        ImportFindings { file: "".into(), kept: Vec::new(), counts: BTreeMap::new(), keep }
    }

    /// As many of each code will be kept, and there are none yet: for a part of an input that is read beside others.
    pub(super) fn none(&self) -> ImportFindings {
        ImportFindings { file: Arc::clone(&self.file), ..ImportFindings::keeping(self.keep) }
    }

    /// The file that is read from here on.
    pub fn set_file(&mut self, name: &str) {
        self.file = name.into();
    }

    /// The file that is being read.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// A place in the file that is being read, for a finding.
    pub fn at(&mut self, line: Option<u64>) -> ImportPlace<'_> {
        ImportPlace { findings: self, line, column: None }
    }

    /// Adds a finding, unless enough of its code are kept; it is counted then.
    pub fn add(&mut self, finding: ImportFinding) {
        let count = self.counts.entry(finding.code).or_default();
        *count += 1;
        if *count <= self.keep {
            self.kept.push(finding);
        }
    }

    /// Adds those of another.
    pub fn append(&mut self, other: ImportFindings) {
        for (code, count) in other.counts {
            let kept = other.kept.iter().filter(|it| it.code == code).count() as u64;
            // Those that are counted and not kept.
            *self.counts.entry(code).or_default() += count.saturating_sub(kept);
        }
        other.kept.into_iter().for_each(|it| self.add(it));
    }

    /// Those that were kept, in the order in which they came.
    pub fn kept(&self) -> &[ImportFinding] {
        &self.kept
    }

    /// How many there are of each code, kept or not.
    pub fn counts(&self) -> impl Iterator<Item = (ImportCode, u64)> {
        self.counts.iter().map(|(code, count)| (*code, *count))
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.counts.values().sum()
    }

    /// How many of them are errors: parts of the input that were left out.
    pub fn error_count(&self) -> u64 {
        self.counts().filter(|(code, _)| code.severity() == Severity::Error).map(|(_, count)| count).sum()
    }
}

/// A place for a finding.
pub struct ImportPlace<'f> {
    findings: &'f mut ImportFindings,
    line: Option<u64>,
    column: Option<String>,
}

impl ImportPlace<'_> {
    /// The column too.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Reports a finding here.
    pub fn report(self, code: ImportCode, message: impl Into<String>, help: Option<String>) {
        let ImportPlace { findings, line, column } = self;
        let file = Arc::clone(&findings.file);
        findings.add(ImportFinding { file, line, column, code, message: message.into(), help });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_in_order() {
        let codes: Vec<&str> = ImportCode::ALL.iter().map(|it| it.as_str()).collect();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    }

    #[test]
    fn many_findings_of_a_code_are_counted_and_the_first_kept() {
        let mut findings = ImportFindings::keeping(2);
        for line in 1..=5 {
            findings.at(Some(line)).report(ImportCode::BadRow, "too short", None);
        }
        findings.at(None).report(ImportCode::EntityDiffers, "two names", None);
        assert_eq!(findings.kept().len(), 3);
        assert_eq!(findings.counts().collect::<Vec<_>>(), [(ImportCode::EntityDiffers, 1), (ImportCode::BadRow, 5)]);
        assert_eq!((findings.count(), findings.error_count()), (6, 5));
    }
}
