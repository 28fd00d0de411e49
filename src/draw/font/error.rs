//! What can be wrong with fonts and with text that they are to draw.

use thiserror::Error;

/// A font or a text that cannot be used in a picture.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FontError {
    /// The file is not a font, or is damaged.
    #[error("`{name}` is not a font; TrueType (.ttf), OpenType (.otf) or a collection (.ttc) is needed")]
    NoFont {
        /// As the reader called it.
        name: String,
    },
    /// The font has pictures in place of outlines, or no table of characters.
    #[error("the font `{name}` has no outlines that a picture could use (TrueType or CFF)")]
    NoOutlines {
        /// As the reader called it.
        name: String,
    },
    /// Its makers do not allow that it goes into documents.
    #[error("the font `{name}` says that it may not be embedded in documents; take another, such as one under the OFL")]
    MayNotBeEmbedded {
        /// As the reader called it.
        name: String,
    },
    /// No subset could be made of a font.
    #[error("the font `{family}` is damaged: {reason}")]
    Damaged {
        /// The family that it calls itself.
        family: String,
        /// What could not be read.
        reason: String,
    },
    /// No font has a character, and there is no way to write it in Latin letters.
    #[error("no font has the character {character:?} (U+{:04X}) of `{text}`; add one that has it with --font", u32::from(*.character))]
    NoGlyph {
        /// The character.
        character: char,
        /// The word with it, as far as it can be shown.
        text: String,
    },
}
