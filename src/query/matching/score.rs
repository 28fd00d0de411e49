//! What speaks for and against two entities being one, in points. `docs/matching.md` says where the points come from.

use std::collections::HashMap;

use jiff::civil::Date;
use strsim::osa_distance;

use super::MatchReason;
use super::forms::NameForm;
use super::profile::{Profile, Scheme};
use crate::model::EntityKind;

/// Points for an identifier that both have.
pub(super) const SAME_IDENTIFIER: i32 = 100;
const SHARED_IDENTIFIER: i32 = 20;
const OTHER_IDENTIFIER: i32 = -60;
const SAME_NAME: i32 = 50;
const ACROSS_SCRIPTS: i32 = 45;
const LEGAL_FORM: i32 = 42;
const WORD_ORDER: i32 = 40;
const ONE_SLIP: i32 = 35;
const SOUND: i32 = 32;
const WITHIN: i32 = 30;
const TWO_SLIPS: i32 = 28;
const INITIALS: i32 = 22;
const SAME_DAY: i32 = 30;
const SAME_YEAR: i32 = 15;
const OTHER_BIRTH: i32 = -60;
const OTHER_BEGINNING: i32 = -20;
const SAME_COUNTRY: i32 = 15;
const OTHER_COUNTRY: i32 = -20;
const SAME_WHOLE: i32 = 10;
const OTHER_SEX: i32 = -40;
const ONE_WORD: i32 = -10;
const COMMON_NAME: i32 = -10;
/// A name that more entities have is common.
const COMMON: u32 = 3;

/// How many entities of the data have a name, by kind and sorted words.
pub(super) type Common = HashMap<(EntityKind, String), u32>;

/// All reasons that fit, those of most weight first, then as they are found; nothing if the two cannot be one.
pub(super) fn reasons(a: &Profile, b: &Profile, common: &Common) -> Vec<MatchReason> {
    if a.kind != b.kind {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut add = |points: i32, text: String| found.push(MatchReason { points, text });
    identifiers(a, b, &mut add);
    if let Some((points, text, form)) = name(a, b) {
        add(points, text);
        if a.kind == EntityKind::Person && form.words.len() == 1 {
            add(ONE_WORD, "the name is a single word".to_owned());
        }
        let count = common.get(&(a.kind, form.sorted())).copied().unwrap_or(0);
        if count > COMMON {
            add(COMMON_NAME, format!("{count} entities have this name"));
        }
    }
    beginnings(a, b, &mut add);
    if !a.countries.is_empty() && !b.countries.is_empty() {
        match a.countries.intersection(&b.countries).next() {
            Some(country) => add(SAME_COUNTRY, format!("the same country: {country}")),
            None => {
                let list = |it: &Profile| it.countries.iter().cloned().collect::<Vec<_>>().join(", ");
                add(OTHER_COUNTRY, format!("other countries: {} and {}", list(a), list(b)));
            }
        }
    }
    if a.kind != EntityKind::Person && a.part_of.is_some() && a.part_of == b.part_of {
        add(SAME_WHOLE, "parts of the same whole".to_owned());
    }
    if let (Some(one), Some(other)) = (&a.sex, &b.sex)
        && one != other
    {
        add(OTHER_SEX, format!("{one} and {other}"));
    }
    found.sort_by_key(|it| std::cmp::Reverse(it.points));
    found
}

/// Whether a reason is that both have an identifier which tells who it is.
pub(super) fn identifies(reason: &MatchReason) -> bool {
    reason.points == SAME_IDENTIFIER
}

fn identifiers(a: &Profile, b: &Profile, add: &mut impl FnMut(i32, String)) {
    let mut schemes: Vec<(&str, Scheme)> = a.identifiers.iter().map(|it| (it.scheme.as_str(), it.tells)).collect();
    schemes.dedup();
    for (scheme, tells) in schemes {
        let of = |it: &'_ Profile| -> Vec<String> {
            it.identifiers.iter().filter(|it| it.scheme == scheme).map(|it| it.value.clone()).collect()
        };
        let (one, other) = (of(a), of(b));
        match (one.iter().find(|it| other.contains(it)), tells) {
            (Some(value), Scheme::Shared) => add(SHARED_IDENTIFIER, format!("the same {scheme}: {value}")),
            (Some(value), _) => add(SAME_IDENTIFIER, format!("the same identifier: {scheme} {value}")),
            (None, Scheme::One) if !other.is_empty() => {
                let message = format!("other identifiers: {scheme} {} and {}", one.join(", "), other.join(", "));
                add(OTHER_IDENTIFIER, message);
            }
            _ => {}
        }
    }
}

/// The most that two names have in common, and one of the two.
fn name<'p>(a: &'p Profile, b: &Profile) -> Option<(i32, String, &'p NameForm)> {
    let mut best: Option<(i32, String, &NameForm)> = None;
    for one in &a.names {
        for other in &b.names {
            if let Some((points, text)) = alike(one, other, a.kind)
                && best.as_ref().is_none_or(|(most, ..)| points > *most)
            {
                best = Some((points, text, one));
            }
        }
    }
    best
}

fn alike(a: &NameForm, b: &NameForm, kind: EntityKind) -> Option<(i32, String)> {
    let both = || format!("“{}” and “{}”", a.text, b.text);
    if a.normal == b.normal && !a.normal.is_empty() {
        return Some((SAME_NAME, format!("the same name: “{}”", a.text)));
    }
    if a.roman == b.roman {
        return Some((ACROSS_SCRIPTS, format!("the same name in Latin letters: {}", both())));
    }
    if a.core == b.core {
        let what = if kind == EntityKind::Organization { "legal form" } else { "title" };
        return Some((LEGAL_FORM, format!("the same name but for the {what}: {}", both())));
    }
    if a.words == b.words {
        return Some((WORD_ORDER, format!("the same words in another order: {}", both())));
    }
    if !a.numbers().eq(b.numbers()) {
        return None;
    }
    let (one, other) = (a.sorted(), b.sorted());
    let letters = one.chars().count().min(other.chars().count());
    let most = match letters {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    };
    // List A is not List B.
    let letters_of = |it: &NameForm| it.words.iter().filter(|it| it.len() == 1).cloned().collect::<Vec<_>>();
    let is_marked_alike = letters_of(a) == letters_of(b);
    let slips = [(&a.core, &b.core), (&one, &other)]
        .into_iter()
        .filter(|(one, other)| is_marked_alike && most > 0 && one.len().abs_diff(other.len()) <= most)
        .map(|(one, other)| osa_distance(one, other))
        .min();
    if slips == Some(1) {
        return Some((ONE_SLIP, format!("names that differ by one letter: {}", both())));
    }
    // A sound of a consonant or two is that of too many names.
    if a.sound == b.sound && a.sound.len() >= 4 {
        return Some((SOUND, format!("names that sound alike: {}", both())));
    }
    let (few, many) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    // A class is called by more words than the one above it, an amendment by more than what it amends.
    let grows = kind.is_class() || matches!(kind, EntityKind::Instrument | EntityKind::Document);
    if !grows && few.words.len() >= 2 && few.words.iter().all(|it| many.words.contains(it)) {
        return Some((WITHIN, format!("one name within the other: {}", both())));
    }
    if slips.is_some_and(|it| it <= most) {
        return Some((TWO_SLIPS, format!("names that differ by two letters: {}", both())));
    }
    if kind == EntityKind::Person && initials(few, many) {
        return Some((INITIALS, format!("one name with initials of the other: {}", both())));
    }
    None
}

/// Whether each word of the one is a word of the other or the first letter of one, and one at least is a whole word.
fn initials(few: &NameForm, many: &NameForm) -> bool {
    let mut rest: Vec<&String> = many.words.iter().collect();
    let mut whole = false;
    // Whole words first, since an initial may be that of several.
    let mut words: Vec<&String> = few.words.iter().collect();
    words.sort_by_key(|it| it.len() == 1);
    words.len() >= 2
        && words.into_iter().all(|word| {
            let fits = |it: &&&String| **it == word || word.len() == 1 && it.starts_with(word.as_str());
            let found = rest.iter().position(|it| fits(&it));
            whole |= word.len() > 1;
            found.map(|at| rest.remove(at)).is_some()
        })
        && whole
}

/// Birth of people; of others when they came to be.
fn beginnings(a: &Profile, b: &Profile, add: &mut impl FnMut(i32, String)) {
    let days = |it: &Profile| -> Vec<(Date, Date)> {
        it.beginnings.iter().filter_map(|it| Some((it.earliest()?, it.latest()?))).collect()
    };
    let (one, other) = (days(a), days(b));
    if one.is_empty() || other.is_empty() {
        return;
    }
    let is_person = a.kind == EntityKind::Person;
    let what = if is_person { "birth date" } else { "beginning" };
    let pairs = || one.iter().flat_map(|one| other.iter().map(move |other| (*one, *other)));
    let text = |it: &Profile| it.beginnings.iter().map(|it| it.edtf()).collect::<Vec<_>>().join(", ");
    if pairs().any(|(one, other)| one == other && one.0 == one.1) {
        add(SAME_DAY, format!("the same {what}: {}", text(if one.len() <= other.len() { a } else { b })));
    } else if pairs().any(|((from, to), (other_from, other_to))| from <= other_to && other_from <= to) {
        add(SAME_YEAR, format!("{what}s that may be the same: {} and {}", text(a), text(b)));
    } else {
        let points = if is_person { OTHER_BIRTH } else { OTHER_BEGINNING };
        add(points, format!("other {what}s: {} and {}", text(a), text(b)));
    }
}
