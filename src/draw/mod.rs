//! Diagrams of answers.
//!
//! An answer becomes a scene (`scene`: who stands in it, which arrows with which lines of text, what stands below),
//! and a writer puts the scene into a format: [`dot()`] for Graphviz. What a picture says is decided in the scene; a
//! writer decides only what it looks like. Nothing here reads a graph, and nothing prints.

mod compose;
mod error;
mod json;
mod layout;
mod options;
mod palette;
mod picture;
mod reduce;
mod ruler;
mod scene;
mod seal;
mod status_style;
mod svg;
mod timeline;

pub mod font;

mod dot;
mod escape;
mod html;
mod lint;
mod markup;
mod mermaid;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
mod png;
#[cfg(any(feature = "png", feature = "pdf"))]
mod tree;
mod wrap;

#[cfg(test)]
mod tests;

pub use dot::dot;
pub use error::DrawError;
pub use escape::escape;
pub use html::{HtmlError, html};
pub use lint::{Check, Finding, LintError, Report, Severity, lint, lint_json};
pub use mermaid::mermaid;
pub use options::{DrawOptions, Engine, Group, Items, PaletteName, Pin, Size};
#[cfg(feature = "pdf")]
pub use pdf::{PdfError, pdf};
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use reduce::{LeftOut, Member, Reduced, Reduction, Together, reduce, split, stands_in};

use std::io;

use crate::query::Answer;
use font::FontSet;
use picture::Picture;
use scene::Scene;

/// Writes an answer as SVG that stands for itself: the glyphs that it uses are in it, its text is text, and nothing
/// outside is referred to.
///
/// Each fact is a group with the id `fact-…`, each entity one with the id `entity-…`; the same answer gives the same
/// bytes. Lengths are CSS pixels, no letter is smaller than 11 of them.
///
/// # Errors
///
/// [`DrawError`]: nothing to draw, no room for it, a character that no font has, and those of `out`.
///
/// # Example
///
/// ```
/// use purvey::draw::font::FontSet;
/// use purvey::draw::{DrawOptions, svg};
/// use purvey::graph::KnowledgeGraph;
/// use purvey::load::{LoadOptions, Sources, load};
/// use purvey::query::{Question, answer};
///
/// let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
/// let answer = answer(&KnowledgeGraph::new(&dataset), &Question::Show { name: "a11".to_owned() })?;
/// let mut out = Vec::new();
/// svg(&answer, &DrawOptions::default(), &FontSet::bundled(), &mut out)?;
/// assert!(String::from_utf8(out)?.contains("id=\"fact-a11\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn svg(answer: &Answer, options: &DrawOptions, fonts: &FontSet, out: &mut dyn io::Write) -> Result<(), DrawError> {
    let picture = picture(answer, options, fonts)?;
    out.write_all(svg::svg(&picture, options.palette, fonts)?.as_bytes())?;
    Ok(())
}

/// Writes an answer as JSON: the scene of the picture that [`svg()`] draws, with the place of everything in it.
///
/// # Errors
///
/// Those of [`svg()`].
pub fn scene_json(
    answer: &Answer,
    options: &DrawOptions,
    fonts: &FontSet,
    out: &mut dyn io::Write,
) -> Result<(), DrawError> {
    let picture = picture(answer, options, fonts)?;
    serde_json::to_writer_pretty(&mut *out, &json::json(&picture)).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Whether an answer fits the size asked for.
///
/// It is laid out for that, so it takes as long as drawing.
pub fn fits(answer: &Answer, options: &DrawOptions, fonts: &FontSet) -> bool {
    picture(answer, options, fonts).is_ok()
}

/// A larger size that an answer fits, as [`Size::from_word`] reads it: a named one, or else the narrowest of some widths with
/// the height that it takes there. `None` if there is none, or more would not help.
///
/// It is laid out for each size that is tried.
pub fn larger_size(answer: &Answer, options: &DrawOptions, fonts: &FontSet) -> Option<Size> {
    let of_size = |size| DrawOptions { size, ..options.clone() };
    let fits_in = |size: Size| fits(answer, &of_size(size), fonts);
    let is_larger = |it: &Size| it.width() > options.size.width();
    if let Some(size) = [Size::Column, Size::Wide].into_iter().filter(is_larger).find(|it| fits_in(*it)) {
        return Some(size);
    }
    let least = match picture(answer, options, fonts) {
        Err(DrawError::TooNarrow { needed, .. }) => needed.unwrap_or(0),
        _ => 0,
    };
    let widths = WIDTHS.into_iter().filter(|it| *it >= options.size.width().max(least));
    widths.into_iter().find_map(|width| {
        let low = Size::Exact { width, height: LOWEST };
        match picture(answer, &of_size(low), fonts) {
            Ok(_) => Some(low),
            Err(DrawError::TooHigh { needed, .. }) => {
                // A little more than it takes: a page with room may be laid out in another way.
                let height = needed.div_ceil(100) * 100;
                let size = Size::Exact { width, height };
                (height <= 2 * width && height <= HIGHEST && fits_in(size)).then_some(size)
            }
            Err(_) => None,
        }
    })
}

/// Widths that are tried for a page that is large enough, in px.
const WIDTHS: [u32; 8] = [600, 900, 1200, 1600, 2000, 2400, 3200, 4800];
/// Limits of a page that is given its height, in px.
const LOWEST: u32 = 200;
const HIGHEST: u32 = 10_000;

/// The title that a diagram has: the one asked for, or what the answer is about.
pub fn title(answer: &Answer, options: &DrawOptions) -> String {
    scene::title(answer, options)
}

/// An answer with everything in its place.
pub(crate) fn picture(answer: &Answer, options: &DrawOptions, fonts: &FontSet) -> Result<Picture, DrawError> {
    if options.timeline {
        return timeline::compose(answer, options, fonts);
    }
    let scene = Scene::new(answer, options).legible(fonts)?;
    match compose::compose(&scene, options, fonts) {
        Err(error) if error.is_too_much() => match Scene::of_links(answer, options) {
            Some(less) => compose::compose(&less.legible(fonts)?, options, fonts),
            None => Err(error),
        },
        done => done,
    }
}
