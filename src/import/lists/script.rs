//! The script of a name, by its letters.

/// The ISO 15924 code of the script of most letters of a text, if there are letters of a script that is told apart here.
pub(super) fn script_of(text: &str) -> Option<&'static str> {
    let mut counts: [(&'static str, u32); 12] = [
        ("Latn", 0),
        ("Cyrl", 0),
        ("Arab", 0),
        ("Hang", 0),
        ("Jpan", 0),
        ("Hani", 0),
        ("Hebr", 0),
        ("Grek", 0),
        ("Deva", 0),
        ("Thai", 0),
        ("Armn", 0),
        ("Geor", 0),
    ];
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        let script = match u32::from(c) {
            0x41..=0x24f | 0x1e00..=0x1eff => "Latn",
            0x370..=0x3ff | 0x1f00..=0x1fff => "Grek",
            0x400..=0x52f => "Cyrl",
            0x530..=0x58f => "Armn",
            0x590..=0x5ff => "Hebr",
            0x600..=0x77f | 0x8a0..=0x8ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff => "Arab",
            0x900..=0x97f => "Deva",
            0xe00..=0xe7f => "Thai",
            0x10a0..=0x10ff => "Geor",
            0x1100..=0x11ff | 0x3130..=0x318f | 0xac00..=0xd7af => "Hang",
            0x3040..=0x30ff => "Jpan",
            0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3134f => "Hani",
            _ => continue,
        };
        if let Some((_, count)) = counts.iter_mut().find(|(name, _)| *name == script) {
            *count += 1;
        }
    }
    // Japanese is written with Chinese characters too; one kana settles it.
    let kana = counts.iter().any(|(name, count)| *name == "Jpan" && *count > 0);
    // `max_by_key` takes the last of equals, so the order above goes from the back.
    let (script, most) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
    (most > 0).then_some(if kana && script == "Hani" { "Jpan" } else { script })
}

#[cfg(test)]
mod tests {
    use super::script_of;

    #[test]
    fn scripts_are_told_by_letters() {
        for (text, script) in [
            ("Анна Петровна", Some("Cyrl")),
            ("محمد رضا", Some("Arab")),
            ("북한", Some("Hang")),
            ("北朝鮮", Some("Hani")),
            ("きたちょうせん 北", Some("Jpan")),
            ("Jérôme (Жером)", Some("Latn")),
            ("1234 -", None),
        ] {
            assert_eq!(script_of(text), script, "{text}");
        }
    }
}
