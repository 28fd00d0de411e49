//! Fonts inside pictures: a subset with the characters that a picture uses, as a browser reads it.
//!
//! `subsetter` cuts fonts for PDF, which needs no table of characters. For a browser that table (`cmap`) and the one
//! with the font's measures (`OS/2`) go back in. <https://learn.microsoft.com/typography/opentype/spec/otff>

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subsetter::GlyphRemapper;
use ttf_parser::Tag;

use super::{Face, FontError, FontSet, Source, is_silent};

/// Some characters of one font, as a font of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Embedded {
    /// The family that it calls itself.
    pub family: String,
    /// The weight for which it is used; a font without a bold face is used for both.
    pub face: Face,
    /// The characters that it is there for.
    pub characters: BTreeSet<char>,
    /// A TrueType or OpenType font.
    pub data: Vec<u8>,
}

impl FontSet {
    /// The fonts that draw `characters` in a weight, each cut down to those that it draws; silent about what is
    /// missing.
    ///
    /// # Errors
    ///
    /// [`FontError::Damaged`] if a font that a reader added cannot be cut.
    pub fn subset(&self, face: Face, characters: &BTreeSet<char>) -> Result<Vec<Embedded>, FontError> {
        let faces: Vec<_> = self.sources.iter().map(Source::read).collect();
        let mut used: BTreeMap<usize, BTreeSet<char>> = BTreeMap::new();
        for c in characters.iter().filter(|c| !is_silent(**c)) {
            if let Some(at) = self.source_of(*c, face, &faces) {
                used.entry(at).or_default().insert(*c);
            }
        }
        let mut found = Vec::new();
        for (at, characters) in used {
            let (Some(source), Some(Some(font))) = (self.sources.get(at), faces.get(at)) else { continue };
            let data = cut(source, font, &characters)?;
            found.push(Embedded { family: source.family.clone(), face, characters, data });
        }
        Ok(found)
    }

    /// The rules of CSS that give a picture its fonts: `@font-face` with the characters of both weights in it.
    ///
    /// # Errors
    ///
    /// As [`FontSet::subset`].
    pub fn font_faces(&self, used: &BTreeMap<Face, BTreeSet<char>>) -> Result<String, FontError> {
        let mut out = String::new();
        for (face, characters) in used {
            for it in self.subset(*face, characters)? {
                // The range keeps fonts of one family name apart, should a reader have added such.
                let range: Vec<String> = it.characters.iter().map(|c| format!("U+{:X}", u32::from(*c))).collect();
                let mime = if it.data.starts_with(b"OTTO") { "font/otf" } else { "font/ttf" };
                out.push_str(&format!(
                    "@font-face{{font-family:\"{}\";font-weight:{};src:url(data:{mime};base64,{});unicode-range:{}}}\n",
                    it.family,
                    face.weight(),
                    STANDARD.encode(&it.data),
                    range.join(","),
                ));
            }
        }
        Ok(out)
    }
}

/// A font with the glyphs of some characters.
fn cut(source: &Source, font: &ttf_parser::Face<'_>, characters: &BTreeSet<char>) -> Result<Vec<u8>, FontError> {
    let damaged = |reason: &str| FontError::Damaged { family: source.family.clone(), reason: reason.to_owned() };
    let mut glyphs = GlyphRemapper::new();
    let pairs: Vec<(u32, u16)> =
        characters.iter().filter_map(|c| font.glyph_index(*c).map(|it| (u32::from(*c), glyphs.remap(it.0)))).collect();
    let small = subsetter::subset(source.bytes(), source.index, &glyphs).map_err(|it| damaged(&it.to_string()))?;
    let kept = ttf_parser::RawFace::parse(&small, 0).map_err(|it| damaged(&it.to_string()))?;
    let mut tables: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    for record in kept.table_records {
        let data = kept.table(record.tag).ok_or_else(|| damaged("a table ends too early"))?;
        tables.insert(record.tag.to_bytes(), data.to_vec());
    }
    let measures = font.raw_face().table(Tag::from_bytes(b"OS/2")).ok_or_else(|| damaged("it lacks the table OS/2"))?;
    tables.insert(*b"OS/2", measures.to_vec());
    tables.insert(*b"cmap", cmap(&pairs));
    let flavor = small.get(..4).ok_or_else(|| damaged("it is empty"))?;
    Ok(sfnt(flavor, &tables))
}

/// A table of characters in format 12: runs of characters with consecutive glyphs, in the order of characters.
fn cmap(pairs: &[(u32, u16)]) -> Vec<u8> {
    // First and last character, first glyph.
    let mut runs: Vec<(u32, u32, u32)> = Vec::new();
    for (c, glyph) in pairs.iter().map(|it| (it.0, u32::from(it.1))) {
        match runs.last_mut() {
            Some((first, last, start)) if *last + 1 == c && *start + (c - *first) == glyph => *last = c,
            _ => runs.push((c, c, glyph)),
        }
    }
    let count = u32::try_from(runs.len()).unwrap_or(u32::MAX);
    let mut out = Vec::new();
    // Version 0, one subtable: platform 3 (Windows), encoding 10 (all of Unicode), at byte 12.
    for half in [0_u16, 1, 3, 10, 0, 12] {
        out.extend(half.to_be_bytes());
    }
    // Format 12 and a half left empty, then length in bytes, language, count of runs.
    for half in [12_u16, 0] {
        out.extend(half.to_be_bytes());
    }
    for word in [16 + 12 * count, 0, count].into_iter().chain(runs.into_iter().flat_map(|it| [it.0, it.1, it.2])) {
        out.extend(word.to_be_bytes());
    }
    out
}

/// A font file of tables: directory with check sums, then each table on a multiple of four bytes.
fn sfnt(flavor: &[u8], tables: &BTreeMap<[u8; 4], Vec<u8>>) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap_or(u16::MAX);
    let selector = u16::try_from(count.max(1).ilog2()).unwrap_or(0);
    let range = (1 << selector) * 16;
    let mut out = flavor.to_vec();
    for half in [count, range, selector, (count * 16).saturating_sub(range)] {
        out.extend(half.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    let mut body = Vec::new();
    let mut adjustment = None;
    for (tag, data) in tables {
        let mut data = data.clone();
        let length = data.len();
        if tag == b"head" {
            // The sum over the whole file goes here, and counts as zero until then.
            if let Some(place) = data.get_mut(8..12) {
                place.fill(0);
                adjustment = Some(offset + 8);
            }
        }
        data.resize(length.next_multiple_of(4), 0);
        out.extend(tag);
        for word in [sum(&data), as_u32(offset), as_u32(length)] {
            out.extend(word.to_be_bytes());
        }
        offset += data.len();
        body.extend(data);
    }
    out.extend(body);
    let whole = 0xB1B0_AFBA_u32.wrapping_sub(sum(&out));
    if let Some(place) = adjustment.and_then(|at| out.get_mut(at..at + 4)) {
        place.copy_from_slice(&whole.to_be_bytes());
    }
    out
}

/// The sum of big-endian words; the length is a multiple of four.
fn sum(data: &[u8]) -> u32 {
    let words = data.as_chunks::<4>().0;
    words.iter().fold(0, |sum: u32, it| sum.wrapping_add(u32::from_be_bytes(*it)))
}

fn as_u32(it: usize) -> u32 {
    u32::try_from(it).unwrap_or(u32::MAX)
}
