//! A picture as a page of PDF: its text stays text, its fonts are embedded as subsets.

use std::io;

use krilla::Document;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, SpanTag, Tag, TagGroup, TagTree};
use krilla_svg::{SurfaceExt, SvgSettings};
use thiserror::Error;

use super::font::FontSet;
use super::tree::tree;

/// Why no PDF could be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PdfError {
    /// The picture is no SVG.
    #[error("the picture cannot be read as SVG: {reason}")]
    Unreadable {
        /// What the reader of SVG says.
        reason: String,
    },
    /// The writer of PDF refuses it.
    #[error("the picture cannot be put into a PDF: {reason}")]
    Refused {
        /// What the writer says.
        reason: String,
    },
    /// It could not be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// Points of a pixel: 72 and 96 of them make an inch.
const POINTS: f32 = 0.75;

/// Draws a written SVG as a PDF of one page in its size (a pixel is 1/96 inch), with the fonts of the set and no others.
///
/// The page is tagged as a figure whose alternative text is the `<desc>` of the SVG; its title is the `<title>`. No date
/// goes in, so that the same picture gives the same bytes.
///
/// ```
/// use purvey::draw::{font::FontSet, pdf};
///
/// let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">shells</text></svg>"#;
/// let mut out = Vec::new();
/// pdf(svg, &FontSet::bundled(), &mut out)?;
/// assert!(out.starts_with(b"%PDF-1."));
/// # Ok::<(), purvey::draw::PdfError>(())
/// ```
///
/// # Errors
///
/// [`PdfError`]: it is no SVG, a font cannot be embedded, or writing fails.
pub fn pdf(svg: &[u8], fonts: &FontSet, out: &mut dyn io::Write) -> Result<(), PdfError> {
    let tree = tree(svg, fonts).map_err(|reason| PdfError::Unreadable { reason })?;
    let about = about(svg);
    let refused = |reason: &str| PdfError::Refused { reason: reason.to_owned() };
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let size = Size::from_wh(width, height).ok_or_else(|| refused("it has no size"))?;
    let mut document = Document::new();
    let mut page = document.start_page_with(PageSettings::new(size));
    let mut surface = page.surface();
    let content = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.end_tagged();
    surface.finish();
    page.finish();
    drawn.ok_or_else(|| refused("it cannot be drawn"))?;
    let mut tags = TagTree::new().with_lang(Some(about.language.clone()));
    tags.push(TagGroup::with_children(Tag::Figure(Some(about.description.clone())), vec![content.into()]));
    document.set_tag_tree(tags);
    document.set_metadata(
        Metadata::new()
            .title(about.title)
            .description(about.description)
            .language(about.language)
            .creator("purvey".to_owned()),
    );
    let bytes = document.finish().map_err(|it| refused(&it.to_string()))?;
    Ok(out.write_all(&bytes)?)
}

/// What a picture says of itself in words.
struct About {
    title: String,
    description: String,
    language: String,
}

fn about(svg: &[u8]) -> About {
    let text = String::from_utf8_lossy(svg);
    let document = roxmltree::Document::parse(&text).ok();
    let root = document.as_ref().map(roxmltree::Document::root_element);
    let words = |name| {
        let found = root
            .and_then(|it| it.children().find(|it| it.has_tag_name((it.tag_name().namespace().unwrap_or(""), name))));
        found.and_then(|it| it.text()).unwrap_or("").to_owned()
    };
    let language = root.and_then(|it| it.attribute("lang")).unwrap_or("en").to_owned();
    About { title: words("title"), description: words("desc"), language }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100" lang="en"><title>Who gave what</title><desc>North Korea supplied shells.</desc><text x="5" y="30" font-family="Noto Sans">more than 11,000 Київ</text></svg>"#;

    fn written(svg: &str) -> Vec<u8> {
        let mut out = Vec::new();
        pdf(svg.as_bytes(), &FontSet::bundled(), &mut out).unwrap();
        out
    }

    fn holds(bytes: &[u8], what: &str) -> bool {
        bytes.windows(what.len()).any(|it| it == what.as_bytes())
    }

    #[test]
    fn fonts_are_embedded_as_subsets_and_no_date_goes_in() {
        let bytes = written(SVG);
        assert!(holds(&bytes, "+NotoSans-Regular") && holds(&bytes, "/ToUnicode"));
        assert!(!holds(&bytes, "/CreationDate") && !holds(&bytes, "ModDate"));
        assert!(bytes.len() < 25_000, "{}", bytes.len());
        assert_eq!(bytes, written(SVG));
    }

    #[test]
    fn the_page_has_the_size_title_and_words_of_the_picture() {
        let bytes = written(SVG);
        assert!(holds(&bytes, "/MediaBox[0 0 150 75]"));
        assert!(holds(&bytes, "/Figure") && holds(&bytes, "North Korea supplied shells."));
        assert!(holds(&bytes, "Who gave what") && holds(&bytes, "/Lang"));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let refused = pdf(b"<svg", &FontSet::bundled(), &mut Vec::new()).unwrap_err();
        assert!(matches!(refused, PdfError::Unreadable { .. }));
    }
}
