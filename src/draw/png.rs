//! A picture in dots.

use std::io;

use resvg::tiny_skia::{Pixmap, Transform};
use thiserror::Error;

use super::font::FontSet;
use super::tree::tree;

/// Why no PNG could be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PngError {
    /// The picture is no SVG.
    #[error("the picture cannot be read as SVG: {reason}")]
    Unreadable {
        /// What the reader of SVG says.
        reason: String,
    },
    /// The scale is no positive number.
    #[error("a picture cannot be drawn at scale {scale}; 1 is one dot a pixel, 2 is usual for print and fine screens")]
    Scale {
        /// As given.
        scale: f64,
    },
    /// More dots than a picture for print has.
    #[error(
        "at scale {scale} the picture would have {width} x {height} dots; the most is {MOST_DOTS} in all: take a smaller --scale"
    )]
    TooLarge {
        /// As given.
        scale: f64,
        /// Dots from left to right.
        width: u64,
        /// Dots from top to bottom.
        height: u64,
    },
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// A sheet of A2 at 300 dots an inch has 35 million; four bytes each.
const MOST_DOTS: u64 = 64_000_000;

/// Draws a written SVG as PNG, `scale` dots for each of its pixels, with the fonts of the set and no others.
///
/// ```
/// use purvey::draw::{font::FontSet, png};
///
/// let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><rect width="30" height="20" fill="#fff"/></svg>"##;
/// let mut out = Vec::new();
/// png(svg, 2.0, &FontSet::bundled(), &mut out)?;
/// assert_eq!(&out[1..4], b"PNG");
/// # Ok::<(), purvey::draw::PngError>(())
/// ```
///
/// # Errors
///
/// [`PngError`]: it is no SVG, the scale is none, there would be too many dots, or writing fails.
pub fn png(svg: &[u8], scale: f64, fonts: &FontSet, out: &mut dyn io::Write) -> Result<(), PngError> {
    if !scale.is_finite() || scale <= 0.0 {
        return Err(PngError::Scale { scale });
    }
    let tree = tree(svg, fonts).map_err(|reason| PngError::Unreadable { reason })?;
    let dots = |pixels: f32| (f64::from(pixels) * scale).ceil().clamp(1.0, 1e9);
    let (width, height) = (dots(tree.size().width()), dots(tree.size().height()));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 1..=1e9 just above")]
    let (columns, rows) = (width as u32, height as u32);
    let too_large = || PngError::TooLarge { scale, width: u64::from(columns), height: u64::from(rows) };
    if u64::from(columns) * u64::from(rows) > MOST_DOTS {
        return Err(too_large());
    }
    let mut dots = Pixmap::new(columns, rows).ok_or_else(too_large)?;
    #[expect(clippy::cast_possible_truncation, reason = "a scale of a picture needs no more digits")]
    let scale = scale as f32;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut dots.as_mut());
    let bytes = dots.encode_png().map_err(|it| PngError::Write(io::Error::other(it.to_string())))?;
    Ok(out.write_all(&bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(inside: &str) -> Vec<u8> {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60" height="20" viewBox="0 0 60 20">{inside}</svg>"#).into_bytes()
    }

    fn drawn(inside: &str) -> Pixmap {
        let mut out = Vec::new();
        png(&picture(inside), 1.0, &FontSet::bundled(), &mut out).unwrap();
        Pixmap::decode_png(&out).unwrap()
    }

    fn is_empty(it: &Pixmap) -> bool {
        it.pixels().iter().all(|it| it.alpha() == 0)
    }

    #[test]
    fn text_is_drawn_with_the_bundled_letters_whatever_the_family() {
        let plain = drawn(r#"<text x="2" y="15" font-size="12">Київ</text>"#);
        assert!(!is_empty(&plain));
        let other = drawn(r#"<text x="2" y="15" font-size="12" font-family="Comic Sans MS">Київ</text>"#);
        assert!(plain == other);
        assert!(plain != drawn(r#"<text x="2" y="15" font-size="12" font-weight="bold">Київ</text>"#));
    }

    #[test]
    fn nothing_is_fetched_and_rules_for_dark_screens_do_not_apply() {
        assert!(is_empty(&drawn(
            r#"<image href="/etc/hostname.png" width="9" height="9"/><image width="9" height="9" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="/>"#
        )));
        let plain = drawn(r##"<rect class="a" width="9" height="9" fill="#fff"/>"##);
        let css = "@font-face{font-family:\"X\";src:url(data:font/ttf;base64,AAAA)} @media (prefers-color-scheme: dark) { .a { fill: #000 } }";
        assert!(
            plain == drawn(&format!(r##"<style>{css}</style><rect class="a" width="9" height="9" fill="#fff"/>"##))
        );
    }

    #[test]
    fn the_same_bytes_each_time() {
        let once = || {
            let mut out = Vec::new();
            png(&picture("<text y='15'>a</text>"), 2.5, &FontSet::bundled(), &mut out).unwrap();
            out
        };
        assert_eq!(once(), once());
        let size = Pixmap::decode_png(&once()).unwrap();
        assert_eq!((size.width(), size.height()), (150, 50));
    }

    #[test]
    fn scales_and_files_that_make_no_picture_are_refused() {
        let error = |svg: &[u8], scale| png(svg, scale, &FontSet::bundled(), &mut Vec::new()).unwrap_err();
        for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(error(&picture(""), scale), PngError::Scale { .. }), "{scale}");
        }
        assert!(matches!(error(&picture(""), 1e6), PngError::TooLarge { width: 60_000_000, .. }));
        assert!(matches!(error(b"<svg", 1.0), PngError::Unreadable { .. }));
        assert!(matches!(error(b"", 1.0), PngError::Unreadable { .. }));
    }
}
