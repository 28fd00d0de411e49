//! The sources of an answer as plain text, for an article's foot.

use std::io;

use crate::model::printable;
use crate::query::{Answer, note_line};

/// Writes the numbered sources of an answer, one a line: "\[1\] UPI, “Title”, 30 May 2025".
///
/// Each line is the one that stands below a table, whatever its length; what could steer a terminal or break the line is
/// made visible. A document that is asked about and that no fact cites stands first, without a number. An answer without
/// sources is an empty text.
///
/// # Errors
///
/// Those of `out`.
///
/// # Example
///
/// ```
/// use purvey::exchange::write_bibliography;
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a4".to_owned() })?;
/// let mut out = Vec::new();
/// write_bibliography(&answer, &mut out)?;
/// assert!(String::from_utf8_lossy(&out).starts_with("[1] UPI, “North Korean aid"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_bibliography(answer: &Answer, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(own) = super::uncited_subject(answer) {
        writeln!(out, "{}", printable(&note_line(own)))?;
    }
    for note in &answer.notes {
        writeln!(out, "[{}] {}", note.number, printable(&note_line(note)))?;
    }
    Ok(())
}
