//! Which pairs are compared at all: those that share an identifier, a form of a name, a rare word, or a name with one letter
//! left out. Nothing compares all with all.

use super::profile::Profile;

/// So many entities with one key are compared with each other; what more share tells little.
const CROWD: usize = 100;
/// A word is rare if no more entities have it.
const RARE: usize = 40;
/// Longest name of which a letter is left out.
const LONGEST: usize = 32;

/// Pairs of positions to compare, each once, ascending, and how many keys were shared by too many.
pub(super) struct Candidates {
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) crowded: usize,
}

/// What a key stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Identifier,
    Name,
    Sound,
    Slip,
    Word,
}

/// The pairs to compare. n log n in the names, and at most [`CROWD`] pairs a key and entity.
pub(super) fn candidates(profiles: &[Profile]) -> Candidates {
    let mut keys: Vec<(Sort, u64, u32)> = Vec::new();
    for (at, profile) in (0_u32..).zip(profiles) {
        let kind = profile.kind as u64;
        let mut add = |sort: Sort, parts: &[&str]| keys.push((sort, hash(kind, parts), at));
        for it in &profile.identifiers {
            add(Sort::Identifier, &[&it.scheme, &it.value]);
        }
        for name in &profile.names {
            let sorted = name.sorted();
            add(Sort::Name, &[&sorted]);
            // A name that a crowd has is compared only within its countries and years.
            for country in &profile.countries {
                add(Sort::Name, &[&sorted, "country", country]);
            }
            for day in profile.beginnings.iter().filter_map(|it| it.earliest()) {
                add(Sort::Name, &[&sorted, "year", &day.to_string().chars().take(4).collect::<String>()]);
            }
            if name.sound.len() >= 4 {
                add(Sort::Sound, &[&name.sound]);
            }
            for word in name.words.iter().filter(|it| it.len() >= 4) {
                add(Sort::Word, &[word]);
            }
            if name.core.len() >= 4 && name.core.len() <= LONGEST {
                add(Sort::Slip, &[&name.core]);
                for (at, c) in name.core.char_indices() {
                    let (before, after) = (name.core.get(..at), name.core.get(at + c.len_utf8()..));
                    let shorter = [before.unwrap_or(""), after.unwrap_or("")].concat();
                    add(Sort::Slip, &[&shorter]);
                }
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    let mut found = Candidates { pairs: Vec::new(), crowded: 0 };
    for group in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let sort = group.first().map(|it| it.0);
        let most = if sort == Some(Sort::Word) { RARE } else { CROWD };
        if group.len() > most {
            found.crowded += usize::from(matches!(sort, Some(Sort::Identifier | Sort::Name)));
            continue;
        }
        for (nth, (_, _, one)) in group.iter().enumerate() {
            found.pairs.extend(group.iter().skip(nth + 1).map(|(_, _, other)| (*one, *other)));
        }
    }
    drop(keys);
    found.pairs.sort_unstable();
    found.pairs.dedup();
    found
}

/// FNV-1a, the same everywhere; two texts with one hash only make a pair more to compare.
fn hash(kind: u64, parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ kind;
    for byte in parts.iter().flat_map(|it| it.bytes().chain([0xff])) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
