//! Fonts: widths, missing characters, subsets that stand on their own, files that are no fonts.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use proptest::prelude::*;

#[test]
fn widths_are_sums_of_advances() {
    let fonts = FontSet::bundled();
    // Noto Sans: A has 639 units of 1000 (bold 690), no-break space and space 260.
    assert!((fonts.measure("A", Face::Regular, 10.0) - 6.39).abs() < 1e-9);
    assert!((fonts.measure("A", Face::Bold, 10.0) - 6.90).abs() < 1e-9);
    assert!((fonts.measure("AA", Face::Regular, 10.0) - 12.78).abs() < 1e-9);
    assert_eq!(fonts.measure("a\u{a0}b", Face::Regular, 11.0), fonts.measure("a b", Face::Regular, 11.0));
    assert_eq!(fonts.measure("", Face::Regular, 11.0), 0.0);
    let (above, below) = fonts.heights(10.0);
    assert!((above - 10.69).abs() < 1e-9 && (below - 2.93).abs() < 1e-9);
}

#[test]
fn latin_greek_cyrillic_and_signs_have_glyphs_in_both_weights() {
    let fonts = FontSet::bundled();
    let text = "Ærøskøbing Łódź İstanbul Việt Nam Ἀθῆναι Київ Ђорђе ‘“”’ – — … • · † § № ½ ² ₂ € ₽ ₴ ₩ → ← ↔ ≥ ≤ ≈ − ∞ \u{202f}\u{a0}\u{2011}";
    for at in [0, 1] {
        let face = fonts.sources[at].read().unwrap();
        let lacking: Vec<char> = text.chars().filter(|c| face.glyph_index(*c).is_none()).collect();
        assert!(lacking.is_empty(), "{at}: {lacking:?}");
    }
}

#[test]
fn a_subset_has_the_characters_with_their_widths_and_no_others() {
    let fonts = FontSet::bundled();
    let used: BTreeSet<char> = "Zürich, Їжак 1,000 → é".chars().collect();
    for face in Face::ALL {
        let subset = fonts.subset(face, &used).unwrap();
        assert_eq!(subset.len(), 1);
        let font = ttf_parser::Face::parse(&subset[0].data, 0).unwrap();
        let whole = fonts.sources[usize::from(face == Face::Bold)].read().unwrap();
        for c in &used {
            let (small, large) = (font.glyph_index(*c).unwrap(), whole.glyph_index(*c).unwrap());
            assert_eq!(font.glyph_hor_advance(small), whole.glyph_hor_advance(large), "{c}");
            assert_eq!(font.glyph_bounding_box(small), whole.glyph_bounding_box(large), "{c}");
        }
        assert_eq!(font.glyph_index('Q'), None);
        assert_eq!(font.weight(), whole.weight());
        assert!(subset[0].data.len() < 20_000, "{}", subset[0].data.len());
        assert_eq!(sum_of(&subset[0].data), 0xB1B0_AFBA);
    }
}

/// The sum over a whole font file, which its maker brings to one value.
fn sum_of(font: &[u8]) -> u32 {
    font.as_chunks::<4>().0.iter().fold(0, |sum: u32, it| sum.wrapping_add(u32::from_be_bytes(*it)))
}

#[test]
fn rules_of_css_name_each_weight_and_are_the_same_each_time() {
    let fonts = FontSet::bundled();
    let used = BTreeMap::from([(Face::Regular, BTreeSet::from(['b', 'a'])), (Face::Bold, BTreeSet::from(['c']))]);
    let css = fonts.font_faces(&used).unwrap();
    assert_eq!(css, fonts.font_faces(&used).unwrap());
    assert_eq!(css.matches("@font-face{font-family:\"Noto Sans\";font-weight:").count(), 2);
    assert!(css.contains("unicode-range:U+61,U+62}") && css.contains("unicode-range:U+63}"), "{css}");
}

#[test]
fn a_file_adds_what_is_missing_and_draws_it_in_both_weights() {
    // The bold letters as a file of their own stand in for a font of another script.
    let letters = include_bytes!("noto/NotoSans-Bold.ttf").to_vec();
    let mut fonts = FontSet::bundled().with_file("bold.ttf", letters).unwrap();
    assert_eq!(fonts.families(), ["Noto Sans"]);
    fonts.sources.drain(..2);
    assert!(fonts.missing("ab").is_empty());
    assert!((fonts.measure("A", Face::Regular, 10.0) - 6.90).abs() < 1e-9);
    assert_eq!(fonts.subset(Face::Regular, &BTreeSet::from(['a'])).unwrap()[0].face, Face::Regular);
}

#[test]
fn files_that_are_no_fonts_are_refused_by_name() {
    let font = include_bytes!("noto/NotoSans-Bold.ttf");
    for bytes in [&b""[..], b"no font", b"wOFF", b"wOF2aaaaaaaa", b"ttcf\0\0\0\0\0\0\0\0", &font[..300]] {
        let refused = FontSet::bundled().with_file("x.ttf", bytes.to_vec()).unwrap_err();
        assert_eq!(refused, FontError::NoFont { name: "x.ttf".to_owned() }, "{bytes:?}");
    }
    let mut restricted = font.to_vec();
    let at = ttf_parser::Face::parse(font, 0).unwrap().raw_face().table(ttf_parser::Tag::from_bytes(b"OS/2")).unwrap();
    let at = at.as_ptr() as usize - font.as_ptr() as usize;
    restricted[at + 8..at + 10].copy_from_slice(&[0, 2]);
    let refused = FontSet::bundled().with_file("x.ttf", restricted).unwrap_err();
    assert_eq!(refused, FontError::MayNotBeEmbedded { name: "x.ttf".to_owned() });
}

#[test]
fn words_without_glyphs_are_romanised_or_refused_by_name() {
    let fonts = FontSet::bundled();
    let plain = fonts.legible("Київ, Kyiv").unwrap();
    assert_eq!((plain.text.as_str(), plain.replaced.len()), ("Київ, Kyiv", 0));
    assert_eq!(fonts.legible("東京 (Tokyo)").unwrap().text, "Dong Jing (Tokyo)");
    assert_eq!(fonts.legible("KN-23 (화성-11가)").unwrap().text, "KN-23 (hwaseong-11ga)");
    let refused = fonts.legible("ab\u{e000}").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "no font has the character '\\u{e000}' (U+E000) of `ab\u{e000}`; add one that has it with --font"
    );
}

#[test]
fn scripts_that_need_shaping_are_romanised_whatever_the_font() {
    for text in ["سلاح", "हथियार", "อาวุธ", "អាវុធ", "လက်နက်"] {
        assert!(text.chars().all(needs_shaping), "{text}");
        assert!(FontSet::bundled().legible(text).is_ok_and(|it| it.text.is_ascii()), "{text}");
    }
    assert!(!"Київ Ἀθῆναι שלום 북한 東京 カタカナ Łódź →".chars().any(needs_shaping));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Damaged fonts are refused or used, and never end the program.
    #[test]
    fn damaged_fonts_are_refused_or_used(at in 0..140_000_usize, byte in any::<u8>(), end in 0..140_000_usize) {
        let mut font = include_bytes!("noto/NotoSans-Regular.ttf").to_vec();
        if let Some(it) = font.get_mut(at % 2000) { *it = byte; }
        if at % 2 == 0 { font.truncate(end); }
        if let Ok(mut fonts) = FontSet::bundled().with_file("x.ttf", font) {
            fonts.sources.drain(..2);
            fonts.measure("Größe Київ", Face::Bold, 12.0);
            let _ = fonts.subset(Face::Bold, &"Größe Київ".chars().collect());
        }
    }

    /// What was made legible can be drawn.
    #[test]
    fn legible_text_has_every_glyph(text in "(?s).{0,30}") {
        let fonts = FontSet::bundled();
        if let Ok(legible) = fonts.legible(&text) {
            prop_assert!(fonts.missing(&legible.text).is_empty());
        }
    }
}
