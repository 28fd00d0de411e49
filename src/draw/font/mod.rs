//! The letters of pictures: how wide a text is, which characters can be drawn, and the fonts that go into a picture.
//!
//! Noto Sans in two weights is part of the program (`noto/README.md`); other scripts come from files that a reader
//! names. The fonts of the machine are never asked, so a picture is the same everywhere. Texts are measured and drawn
//! without kerning: a subset in a picture carries none, and then every reader of the picture agrees with the layout.

mod embed;
mod error;
mod legible;

use std::fmt;
use std::sync::Arc;

use ttf_parser::{GlyphId, Permissions, name_id};

pub use embed::Embedded;
pub use error::FontError;
pub use legible::{Legible, Replaced};

/// The weight of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// Weight 400.
    #[default]
    Regular,
    /// Weight 700; of a script of which only a regular font is at hand, that one.
    Bold,
}

impl Face {
    /// Both weights.
    pub const ALL: [Face; 2] = [Face::Regular, Face::Bold];

    /// The number that CSS and SVG know it by.
    pub fn weight(self) -> u16 {
        match self {
            Face::Regular => 400,
            Face::Bold => 700,
        }
    }
}

/// The fonts that a picture may use: Noto Sans first, then those that were added, in that order.
///
/// ```
/// use purvey::draw::font::{Face, FontSet};
///
/// let fonts = FontSet::bundled();
/// assert!(fonts.measure("Київ", Face::Bold, 12.0) > fonts.measure("Київ", Face::Regular, 12.0));
/// assert_eq!(fonts.missing("Seoul (서울)"), ['서', '울']);
/// ```
#[derive(Clone, Debug)]
pub struct FontSet {
    sources: Vec<Source>,
}

/// The bytes of a font file, which several faces may share.
pub(crate) type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// One face of one file.
#[derive(Clone)]
struct Source {
    data: Bytes,
    /// Its place in a collection, else 0.
    index: u32,
    /// The family that it calls itself.
    family: String,
    bold: bool,
}

impl Source {
    /// The face; it could be read when it was added.
    fn read(&self) -> Option<ttf_parser::Face<'_>> {
        ttf_parser::Face::parse(self.bytes(), self.index).ok()
    }

    fn bytes(&self) -> &[u8] {
        (*self.data).as_ref()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.family, if self.bold { "bold" } else { "regular" }, self.bytes().len())
    }
}

/// The family of the letters that are part of the program.
const FAMILY: &str = "Noto Sans";

impl FontSet {
    /// The fonts that are part of the program: Latin, Greek, Cyrillic.
    pub fn bundled() -> FontSet {
        let source =
            |data: &'static [u8], bold| Source { data: Arc::new(data), index: 0, family: FAMILY.to_owned(), bold };
        FontSet {
            sources: vec![
                source(include_bytes!("noto/NotoSans-Regular.ttf"), false),
                source(include_bytes!("noto/NotoSans-Bold.ttf"), true),
            ],
        }
    }

    /// The same with the fonts of a file, TrueType or OpenType, alone or a collection; they are asked for what the
    /// earlier ones lack. `name` is what the reader called the file.
    ///
    /// ```
    /// use purvey::draw::font::FontSet;
    ///
    /// let refused = FontSet::bundled().with_file("notes.txt", b"no font".to_vec()).unwrap_err();
    /// assert_eq!(refused.to_string(), "`notes.txt` is not a font; TrueType (.ttf), OpenType (.otf) or a collection (.ttc) is needed");
    /// ```
    ///
    /// # Errors
    ///
    /// [`FontError`], with the name, if it is no font, has no outlines, or may not be embedded in a document.
    pub fn with_file(mut self, name: &str, bytes: Vec<u8>) -> Result<FontSet, FontError> {
        let name = name.to_owned();
        let count = ttf_parser::fonts_in_collection(&bytes).unwrap_or(1);
        if count == 0 {
            return Err(FontError::NoFont { name });
        }
        let bytes = Arc::new(bytes);
        for index in 0..count {
            let Ok(face) = ttf_parser::Face::parse(&bytes, index) else { return Err(FontError::NoFont { name }) };
            let tables = face.tables();
            if tables.cmap.is_none() || (tables.glyf.is_none() && tables.cff.is_none()) {
                return Err(FontError::NoOutlines { name });
            }
            if face.permissions() == Some(Permissions::Restricted) || !face.is_outline_embedding_allowed() {
                return Err(FontError::MayNotBeEmbedded { name });
            }
            let (family, bold) = (family(&face).unwrap_or_else(|| name.clone()), face.weight().to_number() >= 600);
            self.sources.push(Source { data: bytes.clone(), index, family, bold });
        }
        Ok(self)
    }

    /// The families in the order in which they are asked, each once.
    pub fn families(&self) -> Vec<&str> {
        let mut found = Vec::new();
        for source in &self.sources {
            if !found.contains(&source.family.as_str()) {
                found.push(&source.family);
            }
        }
        found
    }

    /// The width of a line of text set in `face`, `px` high: the sum of its advances, in the unit of `px`. What no font
    /// has counts as an empty box.
    pub fn measure(&self, text: &str, face: Face, px: f64) -> f64 {
        let faces: Vec<_> = self.sources.iter().map(Source::read).collect();
        let mut ems = 0.0;
        for c in text.chars().filter(|c| !is_silent(*c)) {
            let at = self.source_of(c, face, &faces).unwrap_or(0);
            let Some(Some(font)) = faces.get(at) else { continue };
            let glyph = font.glyph_index(c).unwrap_or(GlyphId(0));
            let advance = font.glyph_hor_advance(glyph).unwrap_or(0);
            ems += f64::from(advance) / f64::from(font.units_per_em());
        }
        ems * px
    }

    /// How far letters reach above the base line and below it, in the unit of `px`, both positive; of Noto Sans.
    pub fn heights(&self, px: f64) -> (f64, f64) {
        let Some(font) = self.sources.first().and_then(Source::read) else { return (px, 0.0) };
        let em = f64::from(font.units_per_em());
        (f64::from(font.ascender()) / em * px, -f64::from(font.descender()) / em * px)
    }

    /// The characters that cannot be drawn, each once, in the order of the text: those that no font has, and those of
    /// scripts whose letters join or change their order, for which a subset has no rules.
    pub fn missing(&self, text: &str) -> Vec<char> {
        let faces: Vec<_> = self.sources.iter().map(Source::read).collect();
        let mut found = Vec::new();
        for c in text.chars() {
            if !is_silent(c) && self.source_of(c, Face::Regular, &faces).is_none() && !found.contains(&c) {
                found.push(c);
            }
        }
        found
    }

    /// The files in the order in which they are asked, each with the place of its face in a collection.
    #[cfg(any(feature = "png", feature = "pdf"))]
    pub(crate) fn files(&self) -> impl Iterator<Item = (Bytes, u32)> {
        self.sources.iter().map(|it| (it.data.clone(), it.index))
    }

    /// The position among [`FontSet::files`] of the font that draws a character.
    #[cfg(any(feature = "png", feature = "pdf"))]
    pub(crate) fn font_of(&self, c: char, face: Face) -> Option<usize> {
        let faces: Vec<_> = self.sources.iter().map(Source::read).collect();
        self.source_of(c, face, &faces)
    }

    /// The source that draws a character: the first of the weight, else the first of any.
    fn source_of(&self, c: char, face: Face, faces: &[Option<ttf_parser::Face<'_>>]) -> Option<usize> {
        if needs_shaping(c) {
            return None;
        }
        let has = |at: usize| matches!(faces.get(at), Some(Some(it)) if it.glyph_index(c).is_some());
        let bold = face == Face::Bold;
        let of_weight = self.sources.iter().enumerate().filter(|(_, it)| it.bold == bold).map(|(at, _)| at);
        let others = self.sources.iter().enumerate().filter(|(_, it)| it.bold != bold).map(|(at, _)| at);
        of_weight.chain(others).find(|at| has(*at))
    }
}

impl Default for FontSet {
    fn default() -> FontSet {
        FontSet::bundled()
    }
}

/// Characters that steer what is around them and have no picture of their own.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether a character is of a script whose letters join, stack or change their order. Without the rules of the font,
/// which a subset does not keep, they would be drawn as nobody writes them; so they count as missing.
fn needs_shaping(c: char) -> bool {
    matches!(c,
        // Arabic, Syriac, Thaana, N'Ko and their kin; the scripts of India and Sri Lanka.
        '\u{600}'..='\u{dff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        // Thai, Lao, Tibetan, Burmese; single letters of Hangul; Khmer, Mongolian and others of South East Asia.
        | '\u{e00}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1700}'..='\u{1cff}' | '\u{a800}'..='\u{aaff}'
        | '\u{abc0}'..='\u{abff}' | '\u{10a00}'..='\u{11fff}')
}

/// The family that a face calls itself, in the words that programs for design list it by.
fn family(face: &ttf_parser::Face<'_>) -> Option<String> {
    let names = || face.names().into_iter();
    let named = |id| names().find(|it| it.name_id == id && it.is_unicode()).and_then(|it| it.to_string());
    let name = named(name_id::TYPOGRAPHIC_FAMILY).or_else(|| named(name_id::FAMILY))?;
    // It goes into CSS: what could end a string there is no part of any font's name.
    let plain: String = name.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.')).collect();
    let plain = plain.trim().to_owned();
    (!plain.is_empty()).then_some(plain)
}

#[cfg(test)]
mod tests;
