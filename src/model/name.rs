//! Forms of names that are compared: what two spellings of one name have in common.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which names are compared: two names are the same for a reader if their normal forms are equal.
///
/// Compatibility forms are undone (NFKD), letters are in lower case, diacritics of Latin and Greek letters and the stress marks and points
/// of Cyrillic, Hebrew and Arabic are dropped, and Latin letters that Unicode does not decompose become plain ones (`ø` is `o`,
/// `ß` is `ss`). Apostrophes vanish; other punctuation and white space, however much, is one space between words. A leading "the" goes,
/// unless nothing would remain. Every script stays itself, in composed form (NFC): `й` and `が` are letters, not `и` and `か` with a mark.
///
/// The result of a normal form is itself. It is empty if the name holds no letter and no digit; such a name matches nothing.
/// Linear in the length of the name, with a short way for ASCII.
///
/// # Example
///
/// ```
/// use purvey::model::normal_form;
///
/// assert_eq!(normal_form("Côte d’Ivoire"), "cote divoire");
/// assert_eq!(normal_form("  The U.S.-ROK   alliance "), "u s rok alliance");
/// assert_eq!(normal_form("Łódź"), "lodz");
/// assert_eq!(normal_form("북한"), "북한");
/// assert_eq!(normal_form("КИЇВ"), "київ");
/// assert_eq!(normal_form("The"), "the");
/// assert_eq!(normal_form("?!"), "");
/// ```
pub fn normal_form(name: &str) -> String {
    let form = if name.is_ascii() { ascii_form(name) } else { unicode_form(name) };
    let mut rest = form.as_str();
    // "The The Band" too: the form of a form must be itself.
    while let Some(shorter) = rest.strip_prefix("the ") {
        rest = shorter;
    }
    if rest.len() < form.len() { rest.to_owned() } else { form }
}

/// The normal form of a name in Latin letters, if it has letters beyond ASCII: what a reader without that keyboard might type.
///
/// Letter by letter, without regard to the language ([`deunicode`] describes the limits): good enough for a last attempt and for
/// suggestions, not as a name to print. `None` if all letters are ASCII, or if none of them has a Latin counterpart.
///
/// # Example
///
/// ```
/// use purvey::model::romanised;
///
/// assert_eq!(romanised("Киев").as_deref(), Some("kiev"));
/// assert_eq!(romanised("北京").as_deref(), Some("bei jing"));
/// assert_eq!(romanised("Kyiv"), None);
/// ```
pub fn romanised(name: &str) -> Option<String> {
    if !name.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
        return None;
    }
    Some(normal_form(&deunicode::deunicode_with_tofu(name, ""))).filter(|form| !form.is_empty())
}

fn ascii_form(name: &str) -> String {
    let mut words = Words::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            words.push(c.to_ascii_lowercase());
        } else if !is_apostrophe(c) {
            words.gap();
        }
    }
    words.text
}

fn unicode_form(name: &str) -> String {
    // Apostrophes go before NFKD too, which turns `´` into a space with a mark.
    let decomposed = name.chars().filter(|&c| !is_apostrophe(c)).nfkd();
    let mut bare = String::with_capacity(name.len());
    let mut base_takes_marks = false;
    for c in decomposed {
        if is_apostrophe(c) || is_ignorable(c) {
            continue;
        }
        if is_diacritic(c) {
            if base_takes_marks {
                bare.push(c);
            }
            continue;
        }
        // A mark on a Latin or Greek letter is dropped; elsewhere it may be part of a letter (`й`), which NFC below will tell.
        base_takes_marks = !is_latin(c) && !is_greek(c);
        for c in c.to_lowercase() {
            match plain_latin(c) {
                Some(plain) => bare.extend(plain.chars().map(|it| it.to_ascii_lowercase())),
                None => bare.push(if c == 'ς' { 'σ' } else { c }),
            }
        }
    }
    let mut words = Words::with_capacity(bare.len());
    // Twice: a mark that is dropped may have stood between two letters that compose.
    for c in bare.nfc().filter(|&c| !is_diacritic(c)).nfc() {
        if c == 'ё' {
            // Russian prints `ё` and `е` alike.
            words.push('е');
        } else if c.is_alphanumeric() || is_combining_mark(c) {
            words.push(c);
        } else {
            words.gap();
        }
    }
    words.text
}

/// Words with one space between them.
struct Words {
    text: String,
    gap: bool,
}

impl Words {
    fn with_capacity(bytes: usize) -> Words {
        Words { text: String::with_capacity(bytes), gap: false }
    }

    fn push(&mut self, c: char) {
        if self.gap && !self.text.is_empty() {
            self.text.push(' ');
        }
        self.gap = false;
        self.text.push(c);
    }

    fn gap(&mut self) {
        self.gap = true;
    }
}

/// Apostrophes, single quotes and primes, also those that romanisations use as letters (`ʼ`, `ʿ`, `ʹ`).
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '`' | '´' | '‘' | '’' | '‛' | '′' | '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '׳' | '＇')
}

/// Marks that no letter needs: points of Hebrew and Arabic, the Arabic stretch, soft hyphens, joiners, directions, variation selectors.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{670}' | '\u{180b}'..='\u{180f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{64b}'..='\u{65f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The blocks of combining marks that serve many scripts.
fn is_diacritic(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || c.is_alphabetic()
            && matches!(c,
                '\u{aa}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}'
                | '\u{a722}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab64}')
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}')
}

/// The ASCII letters for a Latin letter that has no decomposition: `ł`, `ø`, `æ`, `ß`, `ı`.
fn plain_latin(c: char) -> Option<&'static str> {
    if c.is_ascii() || !is_latin(c) {
        return None;
    }
    deunicode::deunicode_char(c).filter(|plain| !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_have_one_form() {
        for (name, form) in [
            ("", ""),
            ("North Korea", "north korea"),
            ("north-korea", "north korea"),
            ("NORTH_KOREA", "north korea"),
            ("\tNorth\n\u{a0}Korea\u{3000}", "north korea"),
            ("Ｎｏｒｔｈ　Ｋｏｒｅａ", "north korea"),
            ("Democratic People's Republic", "democratic peoples republic"),
            ("Democratic People’s Republic", "democratic peoples republic"),
            ("cote d´ivoire", "cote divoire"),
            ("São Tomé & Príncipe", "sao tome principe"),
            ("Türkiye", "turkiye"),
            ("TÜRKİYE", "turkiye"),
            ("Aydın", "aydin"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"),
            ("STRAẞE", "strasse"),
            ("Đorđe Ærø", "dorde aero"),
            ("ﬁnancial №5", "financial no5"),
            ("Ὀδυσσεύς", "οδυσσευσ"),
            ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
            ("Росси\u{301}я", "россия"),
            ("Андрей", "андрей"),
            ("Андре\u{438}\u{306}", "андрей"),
            ("Королёв", "королев"),
            ("북한", "북한"),
            ("\u{1107}\u{116e}\u{11a8}\u{1112}\u{1161}\u{11ab}", "북한"),
            ("조선민주주의인민공화국", "조선민주주의인민공화국"),
            ("ﾊﾟﾅﾏ", "パナマ"),
            ("हिन्दी", "हिन्दी"),
            ("مُحَمَّد", "محمد"),
            ("中国", "中国"),
            ("soft\u{ad}ware", "software"),
            ("zero\u{200b}width", "zerowidth"),
            ("the Kremlin", "kremlin"),
            ("The  the Kremlin", "kremlin"),
            ("The", "the"),
            ("the the", "the"),
            ("theatre", "theatre"),
            ("the (…)", "the"),
            ("’the’ Hague", "hague"),
            ("Pantsir-S1", "pantsir s1"),
            ("🚀", ""),
            ("---", ""),
            ("'", ""),
            ("\u{301}", ""),
        ] {
            assert_eq!(normal_form(name), form, "{name:?}");
        }
    }

    #[test]
    fn romanised_forms_are_for_other_scripts() {
        for (name, form) in [
            ("Россия", Some("rossiia")),
            ("Сталь", Some("stal")),
            ("Côte", Some("cote")),
            ("Ελλάδα", Some("ellada")),
            ("plain", None),
            ("4 €", None),
            ("", None),
        ] {
            assert_eq!(romanised(name).as_deref(), form, "{name:?}");
        }
    }

    #[test]
    fn every_character_has_a_stable_form() {
        // All scripts; beyond stand unassigned planes.
        for c in '\0'..='\u{33fff}' {
            let text = format!("a{c}b {c}");
            let form = normal_form(&text);
            assert_eq!(normal_form(&form), form, "{c:?} U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn long_runs_of_marks_take_no_longer_than_text() {
        let text: String = std::iter::once('и').chain("\u{323}\u{301}".chars().cycle().take(200_000)).collect();
        assert_eq!(normal_form(&text), "и");
    }

    proptest! {
        #[test]
        fn a_form_is_its_own_form(name in any::<String>()) {
            let form = normal_form(&name);
            prop_assert_eq!(normal_form(&form), form);
        }

        #[test]
        fn letters_and_marks_in_any_order_have_a_stable_form(
            name in "[a-eёйĳßæ ивАΣςά\u{300}\u{301}\u{306}\u{308}\u{323}\u{345}\u{3099}かアᄒ\u{1161}\u{11ab}ن\u{653}'’ -]{0,12}",
        ) {
            let form = normal_form(&name);
            prop_assert_eq!(normal_form(&form), form.clone());
            prop_assert!(!form.starts_with(' ') && !form.ends_with(' ') && !form.contains("  "));
        }

        #[test]
        fn the_short_way_agrees_with_the_long_one(name in "[ -~\t\n]{0,20}") {
            prop_assert_eq!(ascii_form(&name), unicode_form(&name));
        }

        #[test]
        fn a_romanised_form_is_a_form_in_ascii(name in any::<String>()) {
            if let Some(form) = romanised(&name) {
                prop_assert!(form.is_ascii());
                prop_assert_eq!(normal_form(&form), form);
            }
        }
    }
}
