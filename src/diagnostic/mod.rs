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
