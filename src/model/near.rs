//! The name that somebody probably meant.

/// The known name that differs least from `name`, if it differs little; of equals the first.
///
/// ```
/// assert_eq!(purvey::model::nearest("nkorea", ["south-korea", "north-korea"].into_iter()), Some("north-korea"));
/// assert_eq!(purvey::model::nearest("france", ["russia"].into_iter()), None);
/// ```
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let allowed = match name.chars().count() {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len().abs_diff(name.len()) > allowed * 4 {
            continue;
        }
        let distance = if squeezed(candidate).eq(squeezed(name)) || is_initial_form(name, candidate) {
            1
        } else {
            strsim::osa_distance(name, candidate)
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The letters of a name, without case and without what joins its words.
fn squeezed(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|it| !matches!(it, '-' | '_' | ' ')).flat_map(char::to_lowercase)
}

/// Whether `name` is `candidate` with its first word cut to a letter: `nkorea` for `north-korea`.
fn is_initial_form(name: &str, candidate: &str) -> bool {
    candidate.split_once('-').is_some_and(|(first, rest)| {
        let letter = first.get(..1).unwrap_or("");
        name.strip_prefix(letter).is_some_and(|it| it.trim_start_matches('-') == rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_close_or_there_is_none() {
        let known = ["north-korea", "south-korea", "russia", "supplier", "item"];
        for (name, expected) in [
            ("nkorea", Some("north-korea")),
            ("north_korea", Some("north-korea")),
            ("Russia", Some("russia")),
            ("suplier", Some("supplier")),
            ("france", None),
            ("victim", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }
}
