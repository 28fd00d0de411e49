//! Looks at a finished picture and measures what an art editor would: nothing covered, lost, overstated or illegible.
//!
//! What is read is the written SVG, not the scene that it came from, so that a mistake of the writer or a designer's
//! later change is seen. `docs/finished-diagrams.md` lists the properties.

mod colour;
mod facts;
mod geometry;
mod json;
mod look;
mod place;
mod read;
mod report;
mod style;
mod whole;

use thiserror::Error;

pub use json::lint_json;
pub use report::{Check, Finding, Report, Severity};

use super::font::FontSet;
use super::status_style::{STATUS_STYLES, StatusStyle, status_style};
use crate::query::{Answer, Status};
use facts::Known;
use read::{Element, Page};

/// Why a picture could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LintError {
    /// It is no XML.
    #[error("this is no SVG: {reason}")]
    NotXml {
        /// What the reader of XML says, with line and column.
        reason: String,
    },
    /// It is XML, but no picture that could be measured.
    #[error("this is no picture that could be measured: {reason}")]
    NoPicture {
        /// Why not.
        reason: String,
    },
}

/// Looks at a written SVG. With `known`, an answer that holds the facts of the picture, figures, periods, statuses and
/// sentences are compared with the data too; without, the picture is only compared with itself.
///
/// ```
/// use purvey::draw::{font::FontSet, lint};
///
/// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text x="80" y="15">shells</text></svg>"#;
/// let report = lint(svg, &FontSet::bundled(), None)?;
/// assert_eq!(report.checks[2].findings[0].message, "“shells” leaves the page by 32 px");
/// assert!(report.has_errors());
/// # Ok::<(), purvey::draw::LintError>(())
/// ```
///
/// # Errors
///
/// [`LintError`] if it is no SVG, or has no size.
pub fn lint(svg: &str, fonts: &FontSet, known: Option<&Answer>) -> Result<Report, LintError> {
    if svg.trim_start().get(..9).is_some_and(|it| it.eq_ignore_ascii_case("<!doctype")) {
        let reason = "it is a page with a document type, and the picture in it is not read by itself; draw it with --out FILE.svg";
        return Err(LintError::NotXml { reason: reason.to_owned() });
    }
    let document = roxmltree::Document::parse(svg).map_err(|it| LintError::NotXml { reason: it.to_string() })?;
    let css: String = document
        .descendants()
        .filter(|it| it.is_text() && it.parent_element().is_some_and(|it| it.tag_name().name() == "style"))
        .filter_map(|it| it.text())
        .collect();
    let page = Page::read(&document, &css, fonts).map_err(|reason| LintError::NoPicture { reason })?;
    let known = known.map(Known::new);
    let known = known.as_ref();
    let checks = vec![
        place::apart(&page),
        place::lines(&page),
        place::on_the_page(&page),
        look::letters(&page),
        look::contrast(&page),
        facts::once(&page, known),
        facts::hedges(&page, known),
        look::statuses(&page),
        facts::notes(&page),
        whole::alone(&page, &css, fonts),
        whole::readable(&page, known),
        whole::file(&page, svg.len()),
    ];
    Ok(Report { checks, scores: place::scores(&page) })
}

/// The look of a status, by its word in attributes.
fn status_of(word: &str) -> Option<&'static StatusStyle> {
    STATUS_STYLES.iter().find(|it| it.word == word)
}

fn word_of(status: Option<Status>) -> &'static str {
    status_style(status).word
}

/// The weakest of some statuses; the table goes from the strongest to the weakest.
fn weakest(of: &[&'static StatusStyle]) -> Option<&'static StatusStyle> {
    let place = |it: &StatusStyle| STATUS_STYLES.iter().position(|other| other.word == it.word);
    of.iter().copied().max_by_key(|it| place(it))
}

/// What an element is called in messages: its own id or that of what it stands in.
fn name_of(element: Element<'_>) -> String {
    let class = element.attribute("class").and_then(|it| it.split(' ').next()).unwrap_or(element.tag_name().name());
    match element.ancestors().find_map(|it| it.attribute("id")) {
        Some(id) if element.attribute("id").is_none() => format!("the {class} of {}", read::shortened(id)),
        Some(id) => read::shortened(id),
        None => format!("a {class}"),
    }
}

#[cfg(test)]
mod tests;
