//! Where things stand among the records that are at hand.

use std::collections::BTreeMap;
use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::graph::plain::PlainFact;
use crate::graph::snapshot::{HeldClaim, HeldFact, HeldRecord};
use crate::graph::view::Step;
use crate::model::{ClaimIx, Ends, EntityIx, FactIx, KindIx, NodeIx, Participant, RecordIx, Vocabulary};

pub(super) type Map<K, V> = HashMap<K, V, FixedState>;

/// Where things stand among the records at hand, and lists of facts by what they have in common.
#[derive(Default)]
pub(super) struct Index {
    /// The record and the place in it.
    pub(super) facts: Map<u32, (usize, usize)>,
    /// The record, the relation if it is one's claim, and the place in it.
    pub(super) claims: Map<u32, (usize, Option<usize>, usize)>,
    pub(super) ids: BTreeMap<String, Named>,
    pub(super) from: Map<NodeIx, Vec<FactIx>>,
    pub(super) to: Map<NodeIx, Vec<FactIx>>,
    pub(super) with: Map<NodeIx, Vec<FactIx>>,
    pub(super) of: Map<NodeIx, Vec<FactIx>>,
    pub(super) kinds: Map<KindIx, Vec<FactIx>>,
    pub(super) out: Map<NodeIx, Vec<Step>>,
    pub(super) into: Map<NodeIx, Vec<Step>>,
    pub(super) by: Map<NodeIx, Vec<ClaimIx>>,
    pub(super) carried: Map<EntityIx, Vec<ClaimIx>>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Named {
    pub(super) record: Option<RecordIx>,
    pub(super) fact: Option<FactIx>,
}

/// `count` numbers from the first one.
pub(super) fn numbered(first: u32, count: usize) -> Range<u32> {
    first..first.saturating_add(u32::try_from(count).unwrap_or(u32::MAX))
}

impl Index {
    /// Of records, and of plain facts without theirs, of which only the steps are told.
    pub(super) fn new(records: &[HeldRecord], plain: &[PlainFact], vocabulary: &Vocabulary) -> Index {
        let mut index = Index::default();
        let is_symmetric = |kind: KindIx| vocabulary.kind(kind).is_some_and(|it| it.symmetric);
        for (at, record) in records.iter().enumerate() {
            index.ids.entry(record.id.clone()).or_default().record = Some(record.at);
            for (fact, (place, held)) in
                numbered(record.first_fact, record.facts.len()).zip(record.facts.iter().enumerate())
            {
                index.facts.insert(fact, (at, place));
                index.ids.entry(held.id.as_ref().unwrap_or(&record.id).clone()).or_default().fact = Some(FactIx(fact));
                index.add_fact(FactIx(fact), held, is_symmetric(held.kind));
            }
            index.add_claims(record.first_claim, &record.claims, at, None);
            for (place, relation) in record.relations.iter().enumerate() {
                index.add_claims(relation.first_claim, &relation.claims, at, Some(place));
            }
        }
        for it in plain {
            if index.facts.contains_key(&it.fact.0) {
                continue;
            }
            index.add_steps(it.fact, it.source, it.target, is_symmetric(it.kind));
        }
        index.in_order();
        index
    }

    fn add_fact(&mut self, fact: FactIx, held: &HeldFact, is_symmetric: bool) {
        self.kinds.entry(held.kind).or_default().push(fact);
        let Ends { source, object, target } = held.ends;
        let node = |it: Option<Participant>| it.map(|it| it.node);
        for (lists, end) in [(&mut self.from, source), (&mut self.with, object), (&mut self.to, target)] {
            node(end).into_iter().for_each(|it| lists.entry(it).or_default().push(fact));
        }
        held.roles.iter().for_each(|it| self.of.entry(it.participant.node).or_default().push(fact));
        self.add_steps(fact, node(source), node(target), is_symmetric);
    }

    fn add_steps(&mut self, fact: FactIx, source: Option<NodeIx>, target: Option<NodeIx>, is_symmetric: bool) {
        if let (Some(source), Some(target)) = (source, target) {
            let mut step = |from: NodeIx, to: NodeIx| {
                self.out.entry(from).or_default().push(Step { to, fact });
                self.into.entry(to).or_default().push(Step { to: from, fact });
            };
            step(source, target);
            if is_symmetric {
                step(target, source);
            }
        }
    }

    fn add_claims(&mut self, first: u32, claims: &[HeldClaim], record: usize, relation: Option<usize>) {
        for (claim, (place, held)) in numbered(first, claims.len()).zip(claims.iter().enumerate()) {
            self.claims.insert(claim, (record, relation, place));
            self.by.entry(held.by).or_default().push(ClaimIx(claim));
            for document in held.via.iter().chain([&held.document]) {
                self.carried.entry(*document).or_default().push(ClaimIx(claim));
            }
        }
    }

    fn in_order(&mut self) {
        fn each<K, T: Ord>(lists: &mut Map<K, Vec<T>>) {
            for list in lists.values_mut() {
                list.sort_unstable();
                list.dedup();
            }
        }
        for lists in [&mut self.from, &mut self.to, &mut self.with, &mut self.of] {
            each(lists);
        }
        each(&mut self.kinds);
        each(&mut self.out);
        each(&mut self.into);
        each(&mut self.by);
        each(&mut self.carried);
    }
}
