//! What stands in `extra` of entities that did not come from FollowTheMoney: lists give much of it under the same names.

use super::out::{Entity, Extra};
use crate::export::Report;
use crate::model::ftm::{self, Property, day_of, model};
use crate::model::{Period, is_web_address};

/// Adds what the schema has a property for. A property that points to an entity takes its id, and `extra` has words only.
pub(super) fn add(line: &mut Entity, id: &str, extra: &Extra, report: &mut Report) {
    let mut is_lost = false;
    for (name, values) in extra.iter().filter(|it| !it.0.starts_with(ftm::FIELD)) {
        let bare = name.strip_prefix(ftm::PROPERTY).unwrap_or(name);
        let property = line.model().and_then(|it| it.property(bare));
        match property.filter(|it| it.value != "entity") {
            Some(property) => {
                let fitting: Vec<String> = values.iter().filter_map(|it| fitting(property, it)).collect();
                // What lists write behind a number, in brackets, has no place beside it.
                let is_cut = property.value == "identifier" && values.iter().any(|it| it.contains(" ("));
                is_lost |= is_cut || fitting.len() < values.len();
                line.add(property.name, fitting);
            }
            None => is_lost = true,
        }
    }
    if is_lost {
        report.leave_out(
            "entities with values in `extra` for which their schema has no property, or not of that form",
            id,
        );
    }
}

/// A value as the property takes it: countries by their codes, dates that are one.
fn fitting(property: &Property, value: &str) -> Option<String> {
    match property.value {
        "country" => model().country_code(value).map(str::to_owned),
        "date" => {
            let period = Period::parse(value).ok()?;
            // "Between 1958 and 1960" is neither.
            day_of(period.start()).filter(|_| period.start() == period.end())
        }
        "url" => {
            let address = if value.starts_with("www.") { format!("http://{value}") } else { value.to_owned() };
            let has_path = address.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
            is_web_address(&address).then(|| if has_path { address } else { address + "/" })
        }
        "identifier" => {
            let number = value.split(" (").next().unwrap_or(value).trim();
            number.bytes().any(|it| it.is_ascii_digit()).then(|| number.to_owned())
        }
        _ => Some(value.to_owned()),
    }
}
