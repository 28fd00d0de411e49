//! Diagrams of answers.
//!
//! An answer becomes a scene (`scene`: who stands in it, which arrows with which lines of text, what stands below),
//! and a writer puts the scene into a format: [`dot()`] for Graphviz. What a picture says is decided in the scene; a
//! writer decides only what it looks like. Nothing here reads a graph, and nothing prints.

mod scene;

pub mod font;

mod dot;
mod escape;
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
#[cfg(feature = "pdf")]
pub use pdf::{PdfError, pdf};
#[cfg(feature = "png")]
pub use png::{PngError, png};

/// Where the things stand that went from one to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Items {
    /// On the arrows.
    #[default]
    Labels,
    /// In boxes of their own, one for each bundle: a box that two bundles shared would show links nobody claimed.
    Nodes,
}

/// How to draw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawOptions {
    /// Where the things stand that went from one to another.
    pub items: Items,
    /// One arrow a fact, instead of one arrow with a list for all facts between two.
    pub separate: bool,
    /// The title; none: the question.
    pub title: Option<String>,
}
