//! Diagrams of answers.
//!
//! An answer becomes a scene (`scene`: who stands in it, which arrows with which lines of text, what stands below),
//! and a writer puts the scene into a format: [`dot()`] for Graphviz. What a picture says is decided in the scene; a
//! writer decides only what it looks like. Nothing here reads a graph, and nothing prints.

mod options;
mod picture;
mod reduce;
mod scene;
mod status_style;

pub mod font;

mod dot;
mod escape;
mod html;
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
pub use escape::escape;
pub use html::{HtmlError, html};
pub use mermaid::mermaid;
pub use options::{DrawOptions, Engine, Group, Items, PaletteName, Pin, Size};
#[cfg(feature = "pdf")]
pub use pdf::{PdfError, pdf};
#[cfg(feature = "png")]
pub use png::{PngError, png};
pub use reduce::{LeftOut, Member, Reduced, Reduction, Together, reduce, split};
