//! Findings about the data: what, where, and what to do about it.
//!
//! People see "finding"; [`Diagnostic`] is its type. The codes stand in `code`, the way a finding is
//! printed in `render`.

mod code;
mod render;
mod source;

pub use code::{Code, Severity};
pub use render::{RenderOptions, render};
pub use source::{FileId, SourceFile, SourceMap, Span};

/// How many passages of a document are named in claims, and how many were found in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageCount {
    /// The document's id.
    pub document: String,
    /// How many locators claims give.
    pub passages: usize,
    /// How many of them were found, be it in another paragraph; `None` if no text was at hand.
    pub found: Option<usize>,
    /// The name of the file that holds the text.
    pub file: Option<String>,
}

/// One finding about the data. `span` comes first so that the derived order is file order.
///
/// # Example
///
/// ```
/// use purvey::diagnostic::{Code, Diagnostic, Span};
///
/// let finding = Diagnostic {
///     span: Span::default(),
///     code: Code::UnknownEntity,
///     message: "unknown entity `nkorea`".to_owned(),
///     help: Some("did you mean `north-korea`?".to_owned()),
/// };
/// assert_eq!(finding.code.as_str(), "K0012");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The bytes at fault: file and byte range. Line and column are computed when it is rendered.
    pub span: Span,
    /// Stable and documented in `docs/data-format.md`.
    pub code: Code,
    /// Names the value found: "unknown entity `nkorea`".
    pub message: String,
    /// The next step, if one is known: "did you mean `north-korea`?".
    pub help: Option<String>,
}
