//! Forms in which names are compared: what two spellings of one name may have in common.

use crate::model::{EntityKind, normal_form, romanised};

/// Legal forms of companies, romanised; they tell nothing about who it is.
const LEGAL: [&str; 58] = [
    "ab",
    "ag",
    "ao",
    "aps",
    "as",
    "asa",
    "bv",
    "cjsc",
    "co",
    "company",
    "corp",
    "corporation",
    "doo",
    "eood",
    "fzc",
    "fzco",
    "fze",
    "gmbh",
    "inc",
    "incorporated",
    "joint",
    "jsc",
    "kft",
    "kg",
    "kk",
    "liability",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "nv",
    "oao",
    "ojsc",
    "ood",
    "ooo",
    "oy",
    "oyj",
    "pao",
    "pjsc",
    "plc",
    "private",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sl",
    "spa",
    "srl",
    "sro",
    "stock",
    "too",
    "tov",
    "zao",
    "zrt",
    "pat",
];

/// Words before people's names.
const TITLES: [&str; 8] = ["dr", "mr", "mrs", "ms", "prof", "sir", "hajji", "sheikh"];

/// A name in the forms in which it is compared.
#[derive(Clone, Debug)]
pub(super) struct NameForm {
    /// As written.
    pub(super) text: String,
    /// The form that readers' words are compared in.
    pub(super) normal: String,
    /// That in Latin letters.
    pub(super) roman: String,
    /// Its words in the order of the alphabet, without legal forms and titles.
    pub(super) words: Vec<String>,
    /// These words, joined as they were written.
    pub(super) core: String,
    /// How it sounds, roughly: consonants that are written for one another made one, vowels left out.
    pub(super) sound: String,
}

impl NameForm {
    /// `None` for a name without a letter or digit.
    pub(super) fn new(text: &str, kind: EntityKind) -> Option<NameForm> {
        let normal = normal_form(text);
        let roman = romanised(text).unwrap_or_else(|| normal.clone());
        if roman.is_empty() {
            return None;
        }
        let told = |word: &&str| match kind {
            EntityKind::Organization => !LEGAL.contains(word),
            EntityKind::Person => !TITLES.contains(word),
            _ => true,
        };
        let mut words: Vec<&str> = roman.split(' ').filter(told).collect();
        if words.is_empty() {
            words = roman.split(' ').collect();
        }
        let core = words.join(" ");
        words.sort_unstable();
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let mut sounds: Vec<String> = words.iter().map(|it| sound(it)).collect();
        // Other spellings stand elsewhere in the alphabet.
        sounds.sort_unstable();
        let sound = sounds.join(" ");
        Some(NameForm { text: text.to_owned(), normal, roman, words, core, sound })
    }

    /// Its words without their order.
    pub(super) fn sorted(&self) -> String {
        self.words.join(" ")
    }

    /// Words with a digit, which no slip may change.
    pub(super) fn numbers(&self) -> impl Iterator<Item = &String> {
        self.words.iter().filter(|it| it.bytes().any(|it| it.is_ascii_digit()))
    }
}

/// A word without its vowels, with consonants that romanisations write for one another made one: `zelenskyy`, `selenskyj` and
/// `zelenskii` sound alike. The first letter stays if it is a vowel, so that no word is empty.
fn sound(word: &str) -> String {
    let mut sound = String::with_capacity(word.len());
    let mut rest = word;
    let mut first = true;
    while let Some(c) = rest.chars().next() {
        let mut own = [0; 4];
        let own: &str = c.encode_utf8(&mut own);
        let (letters, length) = match rest.as_bytes() {
            [b's', b'h', b'c', b'h', ..] => ("s", 4),
            [b't', b's', b'c', b'h', ..] => ("c", 4),
            [b's', b'c', b'h', ..] => ("s", 3),
            [b'p', b'h', ..] => ("f", 2),
            [b'k', b'h', ..] => ("h", 2),
            [b'c', b'h', ..] => ("c", 2),
            [b's' | b'z', b'h', ..] | [b't', b's' | b'z', ..] => ("s", 2),
            [b'c' | b'q', ..] => ("k", 1),
            [b'z', ..] => ("s", 1),
            [b'w', ..] => ("v", 1),
            [b'x', ..] => ("ks", 1),
            [b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j', ..] => (if first { own } else { "" }, 1),
            _ => (own, own.len()),
        };
        // Doubled letters are one, digits are not.
        for letter in letters.chars() {
            if !sound.ends_with(letter) || letter.is_ascii_digit() {
                sound.push(letter);
            }
        }
        first = false;
        rest = rest.get(length..).unwrap_or("");
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for (one, other) in [
            ("Zelenskyy", "Selenskyj"),
            ("Zelenskyy", "Зеленський"),
            ("Chekhov", "Чехов"),
            ("Alexander", "Aleksandr"),
            ("Tchaikovsky", "Tchaikovskii"),
        ] {
            let sound = |it| NameForm::new(it, EntityKind::Person).map(|it| it.sound);
            assert_eq!(sound(one), sound(other), "{one} {other}");
        }
    }

    #[test]
    fn legal_forms_and_titles_go_where_something_remains() {
        let core = |it, kind| NameForm::new(it, kind).unwrap().core;
        assert_eq!(core("ACME Trading Co., Ltd.", EntityKind::Organization), "acme trading");
        assert_eq!(core("ООО «Ромашка»", EntityKind::Organization), "romashka");
        assert_eq!(core("Co Ltd", EntityKind::Organization), "co ltd");
        assert_eq!(core("Dr. Ana Co", EntityKind::Person), "ana co");
    }
}
