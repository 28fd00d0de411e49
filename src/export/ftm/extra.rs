//! What stands in `extra` of entities that did not come from FollowTheMoney: lists give much of it under the same names.

use super::out::{Entity, Extra};
use crate::export::Report;
use crate::model::ftm;

/// Adds what the schema has a property for. A property that points to an entity takes its id, and `extra` has words only.
pub(super) fn add(line: &mut Entity, id: &str, extra: &Extra, report: &mut Report) {
    let mut is_lost = false;
    for (name, values) in extra.iter().filter(|it| !it.0.starts_with(ftm::FIELD)) {
        let bare = name.strip_prefix(ftm::PROPERTY).unwrap_or(name);
        let property = line.model().and_then(|it| it.property(bare));
        match property.filter(|it| it.value != "entity") {
            Some(property) => line.add(property.name, values.iter().cloned()),
            None => is_lost = true,
        }
    }
    if is_lost {
        report.leave_out("entities with values in `extra` for which their schema has no property", id);
    }
}
