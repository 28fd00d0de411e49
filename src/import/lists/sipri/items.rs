//! Weapons of the register as materiel: a designation is a kind of what its description says, which belongs to an armament
//! category, which is a kind of arms.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::super::findings::ImportCode;
use super::super::super::record::{Entity, Name};
use super::super::Desk;
use super::row::Row;
use crate::model::{EntityKind, normal_form, slug};

/// Armament categories of the register, with the class that has the same things. Those of the built-in data come first.
const CATEGORIES: [(&str, &str, &str, &str); 11] = [
    ("missiles", "missile", "missile", "missiles"),
    ("artillery", "artillery", "artillery", "artillery"),
    ("air defence systems", "air-defence-system", "air defence system", "air defence systems"),
    ("aircraft", "aircraft", "aircraft", "aircraft"),
    ("armoured vehicles", "armoured-vehicle", "armoured vehicle", "armoured vehicles"),
    ("ships", "warship", "ship for armed forces", "ships for armed forces"),
    ("sensors", "military-sensor", "military sensor", "military sensors"),
    ("engines", "military-engine", "military engine", "military engines"),
    ("satellites", "military-satellite", "military satellite", "military satellites"),
    ("naval weapons", "naval-weapon", "naval weapon", "naval weapons"),
    ("other", "other-arms", "other arms", "other arms"),
];

/// Last words of descriptions that leave no doubt about the category, for editions that name none.
const LAST_WORDS: [(&str, &[&str]); 8] = [
    ("air defence systems", &["missile system", "defence system"]),
    ("missiles", &["missile"]),
    ("aircraft", &["aircraft", "helicopter", "unmanned aerial vehicle", "drone", "aeroplane", "glider"]),
    (
        "armoured vehicles",
        &[
            "tank",
            "armoured personnel carrier",
            "infantry fighting vehicle",
            "armoured vehicle",
            "armoured reconnaissance vehicle",
            "armoured patrol vehicle",
            "armoured recovery vehicle",
        ],
    ),
    ("artillery", &["howitzer", "mortar", "towed gun", "self propelled gun", "multiple rocket launcher"]),
    (
        "ships",
        &[
            "frigate",
            "corvette",
            "destroyer",
            "submarine",
            "patrol boat",
            "patrol craft",
            "patrol vessel",
            "minehunter",
            "minesweeper",
            "landing ship",
            "landing craft",
            "aircraft carrier",
            "cruiser",
            "fast attack craft",
        ],
    ),
    ("sensors", &["radar", "sonar"]),
    ("engines", &["engine", "turbofan", "turboprop", "turboshaft", "turbojet", "gas turbine"]),
];

/// Abbreviations that descriptions of one edition have and those of another write out.
const ABBREVIATIONS: [(&str, &str); 20] = [
    ("AA", "anti-aircraft"),
    ("AEV", "armoured engineer vehicle"),
    ("AFSV", "armoured fire support vehicle"),
    ("APC", "armoured personnel carrier"),
    ("APV", "armoured patrol vehicle"),
    ("ARV", "armoured recovery vehicle"),
    ("ASM", "air-to-surface missile"),
    ("AV", "armoured vehicle"),
    ("ASW", "anti-submarine"),
    ("BVRAAM", "beyond-visual-range air-to-air missile"),
    ("FAC", "fast attack craft"),
    ("IFV", "infantry fighting vehicle"),
    ("MCM", "mine countermeasures"),
    ("MP", "maritime patrol"),
    ("MRL", "multiple rocket launcher"),
    ("OPV", "offshore patrol vessel"),
    ("SAM", "surface-to-air missile"),
    ("SRAAM", "short-range air-to-air missile"),
    ("SSM", "surface-to-surface missile"),
    ("UAV", "unmanned aerial vehicle"),
];

/// What all editions together say of weapons.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The category of a description, by the form of its expansion.
    categories: BTreeMap<String, String>,
    /// The description of a designation: that of the latest edition.
    latest: BTreeMap<String, String>,
    /// Designations that are used for several things in one edition.
    several: BTreeSet<String>,
}

impl Items {
    /// Keeps the ids of categories from anything else of their names.
    pub(super) fn reserve(desk: &mut Desk<'_>) {
        for (_, id, name, _) in CATEGORIES {
            desk.ids.entry(id.to_owned()).or_insert_with(|| format!("class {name}"));
        }
    }

    /// Looks at an edition; the latest comes last.
    pub(super) fn add(&mut self, rows: &[Row]) {
        let mut here: BTreeMap<String, String> = BTreeMap::new();
        for row in rows {
            let description = normal_form(&expanded(&row.description));
            if let Some(category) = &row.category {
                self.categories.insert(description.clone(), category.clone());
            }
            let designation = normal_form(&row.designation);
            if description.is_empty() || designation.is_empty() {
                continue;
            }
            self.latest.insert(designation.clone(), row.description.clone());
            if here.insert(designation.clone(), description.clone()).is_some_and(|before| before != description) {
                self.several.insert(designation);
            }
        }
    }

    /// The item of a row, sent with the classes above it. Gives its id.
    pub(super) fn item(&self, row: &Row, desk: &mut Desk<'_>) -> io::Result<String> {
        let form = normal_form(&row.designation);
        let several = self.several.contains(&form);
        let description = match self.latest.get(&form).filter(|_| !several) {
            Some(latest) => latest,
            None => &row.description,
        };
        let class = self.class(description, desk)?;
        if form.is_empty() || form == normal_form(description) || form == normal_form(&expanded(description)) {
            return Ok(class);
        }
        // A designation that two things share needs its description to tell them apart.
        let wanted = if several { format!("{} {description}", row.designation) } else { row.designation.clone() };
        let id = desk.id(&wanted, &format!("item {}", normal_form(&wanted)));
        let name = if several { format!("{} ({description})", row.designation) } else { row.designation.clone() };
        let mut item = materiel(&id, &name, &name, Some(&class));
        if several {
            item.names.push(Name::alias(&row.designation));
        }
        desk.once(item)?;
        let told = format!("{id} is no {}", row.description);
        if !several
            && normal_form(&expanded(&row.description)) != normal_form(&expanded(description))
            && desk.told.insert(told)
        {
            let message = format!(
                "`{}` is a `{}` here and a `{description}` in a later edition, which stands",
                row.designation, row.description
            );
            desk.findings.at(Some(row.line)).report(ImportCode::EntityDiffers, message, None);
        }
        Ok(id)
    }

    /// The class of a description.
    fn class(&self, description: &str, desk: &mut Desk<'_>) -> io::Result<String> {
        if description.is_empty() {
            return desk.built_in("arms");
        }
        let name = expanded(description);
        let form = normal_form(&name);
        let category = self.categories.get(&form).map(|it| normal_form(it)).or_else(|| by_last_words(&form));
        let parent = match category {
            Some(category) => category_class(&category, desk)?,
            None => desk.built_in("arms")?,
        };
        if let Some((_, id, ..)) = CATEGORIES.iter().find(|(_, _, name, plural)| form == *name || form == *plural) {
            return category_class_of(id, desk);
        }
        let id = desk.id(&name, &format!("class {form}"));
        let mut class = materiel(&id, &name, &plural(&name), Some(&parent));
        if name != description {
            class.names.push(Name::alias(description));
        }
        desk.once(class)?;
        Ok(id)
    }
}

fn materiel(id: &str, name: &str, plural: &str, is_a: Option<&str>) -> Entity {
    Entity {
        id: id.to_owned(),
        kind: EntityKind::Materiel,
        name: name.to_owned(),
        plural: Some(plural.to_owned()),
        is_a: is_a.map(str::to_owned),
        ..Entity::default()
    }
}

/// The class of a category of the register, in its form.
fn category_class(category: &str, desk: &mut Desk<'_>) -> io::Result<String> {
    match CATEGORIES.iter().find(|(name, ..)| *name == category) {
        Some((_, id, ..)) => category_class_of(id, desk),
        None => {
            let arms = desk.built_in("arms")?;
            let id = desk.id(category, &format!("class {category}"));
            desk.once(materiel(&id, category, category, Some(&arms)))?;
            Ok(id)
        }
    }
}

fn category_class_of(id: &str, desk: &mut Desk<'_>) -> io::Result<String> {
    if desk.built_in.entity(id).is_some() {
        return desk.built_in(id);
    }
    let arms = desk.built_in("arms")?;
    let Some((category, id, name, plural)) = CATEGORIES.iter().find(|(_, it, ..)| *it == id) else { return Ok(arms) };
    let mut class = materiel(id, name, plural, Some(&arms));
    if *category != *plural && *category != "other" {
        class.names.push(Name::alias(format!("SIPRI category {category}")));
    }
    desk.once(class)?;
    Ok((*id).to_owned())
}

fn by_last_words(form: &str) -> Option<String> {
    let ends = |word: &str| form == word || form.ends_with(&format!(" {word}"));
    LAST_WORDS.iter().find(|(_, words)| words.iter().any(|it| ends(it))).map(|(category, _)| (*category).to_owned())
}

/// A description without abbreviations.
fn expanded(description: &str) -> String {
    let words: Vec<&str> = description
        .split(' ')
        .map(|word| ABBREVIATIONS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| *long))
        .collect();
    words.join(" ")
}

fn plural(name: &str) -> String {
    let same = ["aircraft", "craft", "artillery"];
    if name.ends_with('s') || name.ends_with(')') || same.iter().any(|it| name.ends_with(it)) || slug(name).is_empty() {
        name.to_owned()
    } else if name.ends_with('o') {
        format!("{name}es")
    } else {
        format!("{name}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_several_editions_are_one_class() {
        assert_eq!(expanded("APC"), "armoured personnel carrier");
        assert_eq!(expanded("mobile SAM system"), "mobile surface-to-air missile system");
        assert_eq!(by_last_words(&normal_form(&expanded("mobile SAM system"))).as_deref(), Some("air defence systems"));
        assert_eq!(by_last_words(&normal_form(&expanded("portable SAM"))).as_deref(), Some("missiles"));
        assert_eq!(by_last_words("anti ship land attack missile").as_deref(), Some("missiles"));
        assert_eq!(by_last_words("surface to surface missile launcher"), None);
        assert_eq!(plural("transport aircraft"), "transport aircraft");
        assert_eq!(plural("light tank"), "light tanks");
        assert_eq!(plural("torpedo"), "torpedoes");
    }
}
