//! [FollowTheMoney](https://followthemoney.tech), as JSON lines: what came from there goes back as it came, with what was changed; anything else
//! goes into the schema that says the same, or into a plain link that says it in words.

mod entities;
mod extra;
mod facts;
mod ids;
mod native;
mod out;

use std::io::{self, Write};

use ids::Ids;

use super::{ExportOptions, Report};
use crate::graph::GraphView;
use crate::query::Selection;

pub(super) fn write<G: GraphView>(
    selection: &Selection<'_, G>,
    _: &ExportOptions,
    out: &mut dyn Write,
) -> io::Result<Report> {
    let mut report = Report::default();
    let ids = Ids::new(selection);
    entities::write(selection, &ids, &mut report, out)?;
    let mut has_own = false;
    for fact in selection.rows() {
        if ids.is_further(fact.record) {
            continue;
        }
        let entity = match facts::kept(selection, &ids, &fact) {
            Some(entity) => entity,
            None => {
                has_own = true;
                native::fact(selection, &ids, &fact, &mut report)
            }
        };
        report.wrote("facts", 1);
        entity.write(out)?;
    }
    for fact in selection.uncounted() {
        report.leave_out(
            "facts of which no claim counts: withdrawn, or not of the evidence asked for",
            selection.graph().fact(fact).id,
        );
    }
    if has_own {
        for what in NEVER {
            report.never(what);
        }
    }
    Ok(report)
}

/// What FollowTheMoney has no place for, whatever the graph.
const NEVER: [&str; 5] = [
    "each claim as a thing of its own: claimants are publishers, what each says stands in words in `description`",
    "stances, support, relay chains and places in documents: `description` has the stance in words",
    "relations between facts (part of, in return for, after, violates)",
    "classes of materiel and of people, and wholes that are no country",
    "what is approximate or uncertain about a date, and whether an end is open or unknown",
];
