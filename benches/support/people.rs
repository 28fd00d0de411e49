//! Made-up names of people, firms and ships, and slips of whoever types them.

use purvey::model::{Dataset, Entity, EntityId, EntityKind, FlowEnd, Name, NameKind, NodeIx, SlugError};

use super::dice::Dice;

const GIVEN: [&str; 40] = [
    "Ali", "Anna", "Bao", "Carlos", "Chen", "Dmitri", "Elena", "Fatima", "Grigori", "Hassan", "Hiroshi", "Igor", "Jae",
    "Jing", "José", "Kemal", "Kim", "Leila", "Li", "Marija", "Mehmet", "Min", "Mohammed", "Natalia", "Nguyen", "Oleg",
    "Omar", "Park", "Pavel", "Qin", "Rashid", "Sergei", "Svetlana", "Tariq", "Vladimir", "Wang", "Xiao", "Yusuf",
    "Zhang", "Łukasz",
];

const SYLLABLES: [&str; 64] = [
    "ba", "bor", "che", "chin", "da", "dal", "do", "dra", "el", "er", "fa", "fen", "ga", "gor", "gu", "ha", "hen",
    "hu", "il", "in", "ja", "ji", "ka", "kas", "ki", "kov", "la", "len", "li", "lu", "ma", "mar", "men", "mi", "mo",
    "na", "nen", "ni", "no", "ol", "on", "pa", "pe", "pol", "ra", "ren", "ri", "ro", "sa", "shi", "so", "sta", "su",
    "ta", "ten", "ti", "to", "tur", "va", "vin", "wei", "ya", "yu", "za",
];

const ENDINGS: [&str; 12] = ["", "", "ov", "ova", "enko", "sky", "ić", "sson", "ez", "yan", "shvili", "ski"];

const TRADES: [&str; 16] = [
    "Trading",
    "Shipping",
    "Marine Services",
    "Petroleum",
    "Steel",
    "Electronics",
    "Logistics",
    "Aviation",
    "Machinery",
    "Export",
    "Chemical Works",
    "Energy",
    "Investment",
    "Research Institute",
    "Bank",
    "Holdings",
];

const FORMS: [&str; 10] = ["Ltd", "LLC", "Co Limited", "JSC", "GmbH", "S.A.", "Pte Ltd", "OOO", "FZE", "Group"];

fn word(dice: &mut Dice, syllables: usize) -> String {
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(dice.one(&SYLLABLES));
    }
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A name as lists of sanctions and registers of ships hold them; many begin, or end, alike.
pub(crate) fn name(dice: &mut Dice) -> String {
    let syllables = 2 + dice.below(2);
    let first = word(dice, syllables);
    match dice.below(10) {
        0..=4 => format!("{} {first}{}", dice.one(&GIVEN), dice.one(&ENDINGS)),
        5..=7 => format!("{first} {} {}", dice.one(&TRADES), dice.one(&FORMS)),
        8 => format!("{first} {} {}", dice.one(&GIVEN), dice.below(100)),
        _ => format!("{} {} {first}", dice.one(&GIVEN), dice.one(&GIVEN)),
    }
}

/// The name in Cyrillic letters, more or less.
pub(crate) fn cyrillic(name: &str) -> String {
    const LETTERS: [(char, &str); 26] = [
        ('a', "а"),
        ('b', "б"),
        ('c', "ц"),
        ('d', "д"),
        ('e', "е"),
        ('f', "ф"),
        ('g', "г"),
        ('h', "х"),
        ('i', "и"),
        ('j', "й"),
        ('k', "к"),
        ('l', "л"),
        ('m', "м"),
        ('n', "н"),
        ('o', "о"),
        ('p', "п"),
        ('q', "к"),
        ('r', "р"),
        ('s', "с"),
        ('t', "т"),
        ('u', "у"),
        ('v', "в"),
        ('w', "в"),
        ('x', "кс"),
        ('y', "ы"),
        ('z', "з"),
    ];
    let of = |c: char| LETTERS.iter().find(|(latin, _)| *latin == c.to_ascii_lowercase()).map(|it| it.1.to_owned());
    name.chars().map(|it| of(it).unwrap_or_else(|| it.to_string())).collect()
}

/// The name with one slip: a letter changed, left out, doubled, or swapped with the next.
#[expect(clippy::indexing_slicing, reason = "places are below the length")]
pub(crate) fn misspelt(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = 1 + dice.below(letters.len().saturating_sub(2).max(1));
    match dice.below(4) {
        0 => letters[at] = 'q',
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => letters.swap(at - 1, at),
    }
    letters.into_iter().collect()
}

/// So many made-up names, always the same.
pub(crate) fn names(count: usize) -> impl Iterator<Item = String> {
    let mut dice = Dice(1);
    (0..count).map(move |_| name(&mut dice))
}

/// Data with so many entities more, behind all others in the order of ids, each named by [`names`]; a quarter of them also in Cyrillic letters.
pub(crate) fn enlarged(mut dataset: Dataset, more: usize) -> Result<Dataset, SlugError> {
    let before = dataset.entities.len();
    for (number, name) in names(more).enumerate() {
        let alias = Name { text: cyrillic(&name).into(), kind: NameKind::Alias, lang: Some("ru".into()), script: None };
        dataset.entities.push(Entity {
            id: EntityId::new(&format!("zz-{number:07}"))?,
            kind: EntityKind::Organization,
            name: name.into(),
            the: false,
            plural: None,
            short: None,
            names: if number.is_multiple_of(4) { vec![alias] } else { Vec::new() },
            part_of: None,
            is_a: None,
            unit: None,
            member: None,
            says: None,
            bibliography: None,
            extra: Vec::new(),
        });
    }
    // Who is unnamed comes behind the entities.
    let moved = |node: &mut NodeIx| {
        if node.index() >= before {
            *node = NodeIx::from_usize(node.index() + more);
        }
    };
    for fact in &mut dataset.facts {
        fact.roles.iter_mut().for_each(|(_, it)| moved(&mut it.node));
        for end in FlowEnd::ALL {
            fact.ends.get_mut(end).iter_mut().for_each(|it| moved(&mut it.node));
        }
    }
    dataset.claims.iter_mut().for_each(|it| moved(&mut it.by));
    Ok(dataset)
}
