//! The vocabulary: kinds of fact, units, and the other words that data may use.

use std::collections::BTreeMap;

use super::pair::Pair;
use super::{Change, Comparison, Item};
use crate::graph::GraphView;
use crate::model::{Kind, RoleIx, UnitIx, Vocabulary};

pub(super) fn compare<A: GraphView, B: GraphView>(pair: &Pair<'_, A, B>, found: &mut Comparison) {
    let (old, new) = (pair.old.vocabulary(), pair.new.vocabulary());
    if old == new {
        return;
    }
    let (before, now) = (described(old), described(new));
    let mut keys: Vec<_> = before.keys().chain(now.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let change = match (before.get(key), now.get(key)) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(before), Some(now)) if before == now => continue,
            _ => Change::Changed,
        };
        let (sort, id) = key.clone();
        found.vocabulary.push(Item { change, name: id.clone(), id, sort, facts: Vec::new(), changes: Vec::new() });
    }
}

/// Everything by its sort and id, as text that names roles and units instead of numbering them: one role more moves the
/// numbers of all that follow.
fn described(vocabulary: &Vocabulary) -> BTreeMap<(String, String), String> {
    let unit = |it: UnitIx| vocabulary.terms.unit(it).map_or("", |it| &it.id);
    let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut put = |sort: &str, id: &str, text: String| {
        let all = found.entry((sort.to_owned(), id.to_owned())).or_default();
        all.push_str(&text);
        all.push('\n');
    };
    for kind in &vocabulary.kinds {
        put("kind", &kind.id, described_kind(vocabulary, kind));
    }
    for it in vocabulary.terms.units() {
        put("unit", &it.id, format!("{it:?}"));
    }
    for it in &vocabulary.conversions {
        let (from, to) = (unit(it.from), unit(it.to));
        put("conversion", from, format!("{to} {:?} {}", it.factor, it.source));
    }
    for hedge in vocabulary.terms.hedges() {
        for word in &hedge.words {
            put("hedge", word, format!("{:?}", hedge.bound));
        }
    }
    put("margin", "margin", format!("{:?}", vocabulary.terms.margin()));
    for words in &vocabulary.words {
        put("words of questions", &format!("{:?}", words.means), format!("{:?}", words.words));
    }
    for example in &vocabulary.examples {
        put("example", example, String::new());
    }
    for stranger in &vocabulary.strangers {
        put("name", stranger, String::new());
    }
    found
}

fn described_kind(vocabulary: &Vocabulary, kind: &Kind) -> String {
    let mut kind = kind.clone();
    let roles: Vec<&str> = kind.roles.iter().map(|it| vocabulary.role_name(it.role)).collect();
    let units: Vec<Option<Box<str>>> = kind
        .figures
        .iter()
        .map(|it| it.unit.and_then(|it| vocabulary.terms.unit(it)).map(|it| it.id.clone()))
        .collect();
    let names = format!("{roles:?} {units:?}");
    kind.roles.iter_mut().for_each(|it| it.role = RoleIx(0));
    kind.figures.iter_mut().for_each(|it| it.unit = None);
    format!("{names} {kind:?}")
}
