//! Entities and documents from flags.

use clap::ArgMatches;

use super::names::NewEntity;
use crate::edit::Ron;
use crate::model::EntityKind;

/// The entity that the options of a command describe.
pub(super) fn of_flags(kind: EntityKind, matches: &ArgMatches) -> NewEntity {
    let one = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
    let many = |name: &str| -> Vec<String> {
        matches.try_get_many::<String>(name).ok().flatten().into_iter().flatten().cloned().collect()
    };
    let mut fields: Vec<(String, Ron)> = Vec::new();
    let text = |name: &str, fields: &mut Vec<(String, Ron)>| {
        fields.extend(one(name).map(|it| (name.to_owned(), Ron::Text(it))));
    };
    if matches.get_flag("the") {
        fields.push(("the".to_owned(), Ron::Word("true".to_owned())));
    }
    for name in ["short", "plural", "part_of", "is_a", "unit", "title", "publisher", "date", "address"] {
        text(name, &mut fields);
    }
    for (option, field) in [("alias", "aliases"), ("demonym", "demonyms")] {
        let all = many(option);
        if !all.is_empty() {
            fields.push((field.to_owned(), Ron::List(all.into_iter().map(Ron::Text).collect())));
        }
    }
    let mut codes: Vec<(String, Ron)> = Vec::new();
    for code in many("code") {
        let (scheme, code) = code.split_once(':').unwrap_or(("id", &code));
        codes.push((scheme.to_owned(), Ron::text(code)));
    }
    if !codes.is_empty() {
        fields.push(("codes".to_owned(), Ron::Group(String::new(), codes)));
    }
    text("note", &mut fields);
    NewEntity { kind, name: one("name").unwrap_or_default(), id: one("id"), fields }
}
