//! Records read once more, in the order of their ids, and handed on.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use super::BulkSink;
use super::index::{Place, number};
use super::part::{Found, Said, Setting};
use super::whole::Target;
use crate::load::check::assemble::{date_claim, dates_of_documents};
use crate::load::{side_by_side, thread_count};
use crate::model::{Fact, NodeIx, Period, RecordIx, Relation};

/// So many records are read at once at most.
const MOST: usize = 8192;

/// Records in their order, and what they refer to.
pub(super) struct Ordered<'o> {
    pub(super) found: &'o Found,
    /// By record.
    pub(super) targets: &'o [Target],
    pub(super) nodes: &'o Arc<HashMap<String, NodeIx>>,
}

impl Ordered<'_> {
    /// Hands everything on, reading about `size` bytes of records at once on each thread. `done` hears how many bytes
    /// are.
    ///
    /// # Errors
    ///
    /// A record that was read cannot be read again.
    pub(super) fn hand_on(
        &self,
        setting: &Setting<'_, '_>,
        size: usize,
        sink: &mut dyn BulkSink,
        done: &mut dyn FnMut(u64),
    ) -> io::Result<()> {
        sink.begin(setting.dataset);
        let dates = dates_of_documents(setting.dataset);
        let mut teller = Teller {
            ordered: self,
            setting,
            dates: &dates,
            by_fact: Box::new(self.found.index.by_fact()),
            next: None,
            claims: 0,
            of_relations: number(self.found.claims),
            targets: self.targets,
            with_claims: Vec::new(),
        };
        let mut bytes = 0;
        let mut from = 0;
        while from < self.found.index.len() {
            let mut batches: Vec<(usize, Vec<Place>)> = Vec::new();
            while batches.len() < thread_count() && from < self.found.index.len() {
                let places = self.places(from, size);
                let next = from + places.len().max(1);
                batches.push((std::mem::replace(&mut from, next), places));
            }
            let said = side_by_side(&batches, |(_, places)| setting.say(places, self.nodes));
            for ((first, places), said) in batches.iter().zip(said) {
                for (position, said) in (*first..).zip(said?) {
                    teller.tell(position, said, sink)?;
                }
                bytes += places.iter().map(|it| u64::from(it.length)).sum::<u64>();
            }
            done(bytes);
        }
        teller.tell_rest(size, sink)
    }

    /// Places of records from a position on, of about so many bytes.
    fn places(&self, from: usize, size: usize) -> Vec<Place> {
        let index = &self.found.index;
        let mut bytes = 0;
        (from..index.len())
            .take(MOST)
            .filter_map(|it| index.place(index.at(it)?))
            .take_while(|it| {
                let fits = bytes < size;
                bytes += it.length as usize;
                fits
            })
            .collect()
    }
}

struct Teller<'t> {
    ordered: &'t Ordered<'t>,
    setting: &'t Setting<'t, 't>,
    dates: &'t [Option<Period>],
    /// Positions of records in the order of their facts; the next of them stands beside.
    by_fact: Box<dyn Iterator<Item = usize> + 't>,
    next: Option<usize>,
    /// Claims so far, and where the next of relations goes.
    claims: u32,
    of_relations: u32,
    /// Relations of records that are still to come.
    targets: &'t [Target],
    /// Records whose relations have claims of their own.
    with_claims: Vec<u32>,
}

impl Teller<'_> {
    fn tell(&mut self, position: usize, said: Said, sink: &mut dyn BulkSink) -> io::Result<()> {
        let index = &self.ordered.found.index;
        let Said { mut record, facts, claims, relations } = said;
        let first = index.first_fact(position);
        record.facts = first..first.saturating_add(number(facts.len()));
        // The facts of others may come before those of this.
        let mut own = Some(facts);
        while let Some(next) = self.next.take().or_else(|| self.by_fact.next()) {
            if index.first_fact(next) >= record.facts.end {
                self.next = Some(next);
                break;
            }
            let facts = match own.take_if(|_| next == position) {
                Some(facts) => facts,
                None => self.facts_of(next)?,
            };
            for mut fact in facts {
                fact.record = RecordIx::from_usize(next);
                sink.fact(&fact);
            }
        }
        record.claims = self.claims..self.claims.saturating_add(number(claims.len()));
        self.claims = record.claims.end;
        let own = self.targets.partition_point(|it| it.record as usize <= position);
        let (own, later) = self.targets.split_at(own);
        self.targets = later;
        for it in own {
            let start = self.of_relations;
            self.of_relations = start.saturating_add(it.claims);
            record.relations.push(Relation { kind: it.kind, target: it.target, claims: start..self.of_relations });
        }
        if relations.iter().any(|it| !it.is_empty()) {
            self.with_claims.push(number(position));
        }
        sink.record(&record);
        for mut claim in claims {
            date_claim(&mut claim, self.dates);
            sink.claim(RecordIx::from_usize(position), &claim);
        }
        Ok(())
    }

    fn facts_of(&self, position: usize) -> io::Result<Vec<Fact>> {
        let index = &self.ordered.found.index;
        let places: Vec<Place> = index.at(position).and_then(|it| index.place(it)).into_iter().collect();
        let said = self.setting.say(&places, self.ordered.nodes)?;
        Ok(said.into_iter().flat_map(|it| it.facts).collect())
    }

    /// Claims of relations stand behind all others.
    fn tell_rest(self, size: usize, sink: &mut dyn BulkSink) -> io::Result<()> {
        let index = &self.ordered.found.index;
        let records: Vec<(u32, Place)> =
            self.with_claims.iter().filter_map(|it| Some((*it, index.place(index.at(*it as usize)?)?))).collect();
        for some in records.chunks((size / 256).max(1)) {
            let places: Vec<Place> = some.iter().map(|it| it.1).collect();
            for ((position, _), said) in some.iter().zip(self.setting.say(&places, self.ordered.nodes)?) {
                for mut claim in said.relations.into_iter().flatten() {
                    date_claim(&mut claim, self.dates);
                    sink.claim(RecordIx(*position), &claim);
                }
            }
        }
        Ok(())
    }
}
