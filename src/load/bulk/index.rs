//! Which records there are and where each stands: some fifty bytes a record, whatever it says.

/// Where a record stands, and how many facts it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) file: u32,
    pub(super) start: u32,
    /// Up to the next record; 0 where the file was read whole.
    pub(super) length: u32,
    pub(super) checksum: u32,
    pub(super) facts: u32,
}

/// All records, numbered as they came; once they are sorted, also by their position in the order of their ids.
#[derive(Default)]
pub(super) struct Index {
    ids: String,
    ends: Vec<usize>,
    places: Vec<Place>,
    /// Numbers by position.
    order: Vec<u32>,
    /// By position, the first fact of each.
    facts: Vec<u32>,
}

impl Index {
    pub(super) fn push(&mut self, id: &str, place: Place) -> u32 {
        self.ids.push_str(id);
        self.ends.push(self.ids.len());
        self.places.push(place);
        number(self.ends.len() - 1)
    }

    pub(super) fn id(&self, record: u32) -> &str {
        let at = record as usize;
        let start = at.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
        self.ids.get(start..self.ends.get(at).copied().unwrap_or(start)).unwrap_or_default()
    }

    pub(super) fn place(&self, record: u32) -> Option<Place> {
        self.places.get(record as usize).copied()
    }

    /// How many there are in the order of their ids.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// How many there are, those with taken ids too.
    pub(super) fn count(&self) -> usize {
        self.places.len()
    }

    /// The number of a record by its position.
    pub(super) fn at(&self, position: usize) -> Option<u32> {
        self.order.get(position).copied()
    }

    /// The first fact of a record by its position.
    pub(super) fn first_fact(&self, position: usize) -> u32 {
        self.facts.get(position).copied().unwrap_or(u32::MAX)
    }

    /// How many facts a record is, by its position.
    pub(super) fn fact_count(&self, position: usize) -> u32 {
        self.at(position).and_then(|it| self.place(it)).map_or(0, |it| it.facts)
    }

    /// Brings the records into the order of their ids, and gives those whose ids are taken, which are left out of it.
    pub(super) fn sort(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..number(self.places.len())).collect();
        let key = |it: u32| (self.id(it), self.place(it).map(|it| (it.file, it.start)));
        if !order.is_sorted_by(|a, b| key(*a) <= key(*b)) {
            order.sort_unstable_by(|a, b| key(*a).cmp(&key(*b)));
        }
        let mut twice = Vec::new();
        order.dedup_by(|later, first| {
            let same = self.id(*later) == self.id(*first);
            if same {
                twice.push(*later);
            }
            same
        });
        self.order = order;
        self.number_facts();
        twice
    }

    /// Numbers the facts. Those of a record with several are called after it and a member, `a6/shell`, and so come behind
    /// the record `a6-b`.
    fn number_facts(&mut self) {
        let mut facts = vec![0; self.order.len()];
        let mut next = 0_u32;
        for position in self.by_fact() {
            facts.get_mut(position).into_iter().for_each(|it| *it = next);
            next = next.saturating_add(self.fact_count(position));
        }
        self.facts = facts;
    }

    /// Positions in the order of the facts.
    pub(super) fn by_fact(&self) -> impl Iterator<Item = usize> + '_ {
        // Records that wait for those which begin as they do and go on by a hyphen.
        let mut waiting: Vec<usize> = Vec::new();
        let mut next = 0;
        std::iter::from_fn(move || {
            loop {
                let last = waiting.last().copied();
                let upcoming = self.at(next).map(|it| self.id(it));
                if let Some(last) = last
                    && let Some(id) = self.at(last).map(|it| self.id(it))
                    && !upcoming.and_then(|it| it.strip_prefix(id)).is_some_and(|it| it.starts_with('-'))
                {
                    return waiting.pop();
                }
                upcoming?;
                next += 1;
                if self.fact_count(next - 1) < 2 {
                    return Some(next - 1);
                }
                waiting.push(next - 1);
            }
        })
    }

    /// The position of the record with an id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.order.binary_search_by(|it| self.id(*it).cmp(id)).ok()
    }

    /// All ids in their order.
    pub(super) fn sorted_ids(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|it| self.id(*it))
    }

    /// Positions by number.
    pub(super) fn positions(&self) -> Vec<u32> {
        let mut positions = vec![u32::MAX; self.places.len()];
        for (position, record) in self.order.iter().enumerate() {
            positions.get_mut(*record as usize).into_iter().for_each(|it| *it = number(position));
        }
        positions
    }
}

pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn facts_come_in_the_order_of_their_ids(records: Vec<(bool, u8, u8)>) {
            let mut index = Index::default();
            for (several, a, b) in &records {
                let id: String = ["a", "-", "a-", "b"].iter().enumerate().filter(|(at, _)| (a | b) >> at & 1 == 1).map(|it| *it.1).collect();
                let place = Place { file: 0, start: index.count() as u32, length: 1, checksum: 0, facts: 1 + u32::from(*several) };
                index.push(&format!("x{id}"), place);
            }
            index.sort();
            let mut facts: Vec<(String, u32)> = Vec::new();
            for position in 0..index.len() {
                let (id, first) = (index.id(index.at(position).unwrap()), index.first_fact(position));
                match index.fact_count(position) {
                    1 => facts.push((id.to_owned(), first)),
                    _ => facts.extend([(format!("{id}/a"), first), (format!("{id}/b"), first + 1)]),
                }
            }
            facts.sort();
            for (at, (id, number)) in facts.iter().enumerate() {
                prop_assert_eq!(at as u32, *number, "{}", id);
            }
        }
    }
}
