//! Why there is no picture.

use std::io;

use thiserror::Error;

use super::font::FontError;

/// Why an answer was not drawn.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DrawError {
    /// No fact connects anything.
    #[error("nothing in this answer can be drawn: it has no facts that connect two")]
    Empty,
    /// The boxes and labels do not fit beside each other, even with the smallest letters that are legible.
    #[error("{boxes} boxes with {labels} labels do not fit a width of {width} px with letters of 11 px")]
    TooNarrow {
        /// The width asked for, in px.
        width: u32,
        /// The least width at which a layout was found, in px.
        needed: Option<u32>,
        /// How many boxes there are.
        boxes: usize,
        /// How many of their connections have a label.
        labels: usize,
    },
    /// It would fit the width, but so high that nobody could follow its lines.
    #[error(
        "{boxes} boxes with {labels} labels are too much for a width of {width} px: the drawing would be {needed} px high, \
         and {most} px can be followed"
    )]
    TooMuch {
        /// The width asked for, in px.
        width: u32,
        /// The height of the drawing, in px.
        needed: u32,
        /// The height that a drawing of that width may have, in px.
        most: u32,
        /// How many boxes there are.
        boxes: usize,
        /// How many of their connections have a label.
        labels: usize,
    },
    /// The page is not high enough.
    #[error("the picture needs a height of {needed} px, and {height} px are given")]
    TooHigh {
        /// The height asked for, in px.
        height: u32,
        /// The height that it takes, in px.
        needed: u32,
    },
    /// A place that somebody chose cannot be kept.
    #[error("{0}")]
    Pin(String),
    /// A font or a character.
    #[error(transparent)]
    Font(#[from] FontError),
    /// Graphviz was asked for and did not help.
    #[error("{0}")]
    Graphviz(String),
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

impl DrawError {
    /// Whether less to draw would help.
    pub fn is_too_much(&self) -> bool {
        matches!(self, DrawError::TooNarrow { .. } | DrawError::TooMuch { .. } | DrawError::TooHigh { .. })
    }
}
