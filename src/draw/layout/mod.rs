//! Where boxes, labels and lines stand. Nothing here knows what they mean.
//!
//! The layout of the program is in layers: a crate gives every box and label a row and an order in it
//! ([`rows`]), many times over from different beginnings; [`across`] sets each attempt into the width of the page,
//! [`route`] leads the lines, and [`choose`] keeps the best. [`graphviz`] asks Graphviz instead. [`free`] moves
//! boxes to places that somebody chose.

mod across;
mod choose;
mod free;
mod graphviz;
mod rows;
mod route;
mod score;
mod straighten;

pub(crate) use choose::{Attempts, Candidate, Wishes};
pub(crate) use free::{Pinned, Stuck, pin};
pub(crate) use graphviz::Graphviz;
pub(crate) use rows::Dugong;

use super::picture::{Path, Rect};

/// Gives boxes their places.
pub(crate) trait Layout {
    /// The best of several ways to set the texts, by its position, with everything in its place.
    ///
    /// # Errors
    ///
    /// None fits, or there is no layout.
    fn place(&self, candidates: &[Candidate], wishes: &Wishes) -> Result<(usize, Placed), Misfit>;
}

/// Why there is no layout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Misfit {
    /// It needs at least that width; infinite if not even that is known.
    TooWide(f64),
    /// What to tell whoever asked for this layout.
    Failed(String),
}

/// What is to be placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Boxes {
    /// Sizes of the nodes, width and height.
    pub(crate) nodes: Vec<(f64, f64)>,
    /// What connects them.
    pub(crate) edges: Vec<Edge>,
}

/// A line from one node to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Edge {
    /// Position of a node.
    pub(crate) from: usize,
    /// Position of another.
    pub(crate) to: usize,
    /// Width and height of the label on it.
    pub(crate) label: Option<(f64, f64)>,
}

/// Boxes in their place; the top left corner of all is at 0, 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Placed {
    /// The nodes.
    pub(crate) nodes: Vec<Rect>,
    /// The labels of the edges.
    pub(crate) labels: Vec<Option<Rect>>,
    /// The edges, from the outline of one node to that of the other.
    pub(crate) paths: Vec<Path>,
    /// Width of all.
    pub(crate) width: f64,
    /// Height of all.
    pub(crate) height: f64,
    /// How often lines cross.
    pub(crate) crossings: usize,
}

/// Which way the rows follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// From top to bottom.
    Down,
    /// From left to right.
    Right,
}
