//! Answers for other programs and for people who write: one file a format, all of them to an `io::Write`.
//!
//! An [`Answer`] goes in and a complete document comes out, also when nothing was found. What a
//! format needs of serde stands here on private mirror structs, so that a rename in the model changes no format.
//! Absent: choosing a format, opening files, colour, and everything that prints.

mod bibliography;
mod comparison;
mod csl;
mod csv;
mod findings;
mod json;
mod markdown;
mod matches;

pub use bibliography::write_bibliography;
pub use comparison::{write_comparison_json, write_comparison_markdown, write_comparison_text};
pub use csl::write_csl;
pub use csv::{csv_cell, write_csv};
pub use findings::{write_findings_json, write_findings_jsonl};
pub use json::{JSON_VERSION, write_json, write_jsonl};
pub use markdown::{escape_markdown, write_markdown};
pub use matches::{write_matches_json, write_same_facts_json};

use crate::model::Certainty;
use crate::query::{Answer, Note};

/// What a document says about where its answer comes from.
///
/// ```
/// use purvey::exchange::Context;
///
/// assert_eq!(Context::built_in().data.as_deref(), Some("built-in example"));
/// assert_eq!(Context::default().data, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Which data answered, where a reader might take them for others. Never a path.
    pub data: Option<String>,
}

impl Context {
    /// The context of an answer that the built-in example gave.
    pub fn built_in() -> Context {
        Context { data: Some("built-in example".to_owned()) }
    }
}

/// How a row falls into the period asked for, in one word.
fn match_word(matched: Certainty) -> &'static str {
    match matched {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
        Certainty::Impossible => "impossible",
    }
}

/// What a bibliography says of the document that is asked about, if no fact of the answer cites it.
fn uncited_subject(answer: &Answer) -> Option<&Note> {
    let own = answer.subject.as_ref()?.note.as_ref()?;
    answer.notes.iter().all(|it| it.document.key != own.document.key).then_some(own)
}
