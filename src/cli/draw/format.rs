//! Formats of pictures.

use crate::cli::args::{Format, Global};

/// What a picture is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DrawFormat {
    Svg,
    Png,
    Pdf,
    Html,
    Mermaid,
    Dot,
    Json,
}

impl DrawFormat {
    const NAMES: &'static str = "svg, png, pdf, html, mmd, dot, json";

    /// The format of `--format`, else of the file's extension, else DOT.
    ///
    /// # Errors
    ///
    /// What to tell a user whose choice does not fit.
    pub(super) fn new(global: &Global) -> Result<DrawFormat, String> {
        let found = global.format_or(Format::Dot).and_then(DrawFormat::of);
        found.ok_or_else(|| match (global.format, &global.out) {
            (None, Some(path)) => {
                let path = path.display();
                format!("`{path}` does not tell a format: use one of {}, or --format", DrawFormat::NAMES)
            }
            _ => format!("`draw` writes {}: leave out `draw` for the other formats", DrawFormat::NAMES),
        })
    }

    fn of(format: Format) -> Option<DrawFormat> {
        match format {
            Format::Svg => Some(DrawFormat::Svg),
            Format::Png => Some(DrawFormat::Png),
            Format::Pdf => Some(DrawFormat::Pdf),
            Format::Html => Some(DrawFormat::Html),
            Format::Mmd => Some(DrawFormat::Mermaid),
            Format::Dot => Some(DrawFormat::Dot),
            Format::Json => Some(DrawFormat::Json),
            Format::Table | Format::Jsonl | Format::Csv | Format::Md | Format::Csl | Format::Bib | Format::Ron => None,
        }
    }

    /// Whether it is no text.
    pub(super) fn is_binary(self) -> bool {
        matches!(self, DrawFormat::Png | DrawFormat::Pdf)
    }
}
