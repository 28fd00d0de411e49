//! Entities whose lines are several.

use std::collections::HashMap;

use super::record::{Known, Record};
use super::writer::Writer;
use crate::import::findings::ImportCode;

/// Records of which there are several parts, until the last one has come.
#[derive(Default)]
pub(super) struct Parts {
    by_id: HashMap<String, usize>,
    waiting: Vec<Option<Waiting>>,
}

/// What came so far, and how many parts are still to come.
struct Waiting {
    record: Record<'static>,
    known: Known<'static>,
    left: u32,
}

impl Parts {
    /// Takes a part and gives the whole, if this was the last one.
    pub(super) fn add<'l>(&mut self, record: Record<'l>, writer: &mut Writer<'_>) -> Option<Record<'l>> {
        let count = writer.ids.parts(&record.id);
        if count <= 1 {
            return Some(record);
        }
        let record = record.into_owned();
        let Some(at) = self.by_id.get(&*record.id) else {
            self.by_id.insert(record.id.to_string(), self.waiting.len());
            self.waiting.push(Some(Waiting { record, known: Known::default(), left: count - 1 }));
            return None;
        };
        let place = self.waiting.get_mut(*at)?;
        let Waiting { record: whole, known, left } = place.as_mut()?;
        if let Some(other) = whole.merge(record, known) {
            let message = format!("`{}` is `{}` here and `{other}` there", whole.id, whole.schema());
            let help = "the first schema stands, with all that both say";
            writer.report(whole, ImportCode::EntityDiffers, message, help);
        }
        *left -= 1;
        if *left == 0 { place.take().map(|it| it.record) } else { None }
    }

    /// Those whose last part did not come as what it was taken for.
    pub(super) fn rest(self, writer: &mut Writer<'_>) -> Vec<Record<'static>> {
        let rest: Vec<_> = self.waiting.into_iter().flatten().map(|it| it.record).collect();
        for record in &rest {
            writer.stand_at(record.origin);
            let message = format!("`{}` stands for an entity and for a fact", record.id);
            writer.report(record, ImportCode::EntityDiffers, message, "give one of them another id");
        }
        rest
    }
}
