//! Writing and reading over bytes in memory, small enough for Miri: `cargo miri test --lib graph::snapshot::tests`.

use super::*;
use crate::graph::Window;
use crate::graph::view::{ClaimView, EntityView, FactView, FigureView, GraphView, NameView, RecordView, RoleFill};
use crate::model::{
    Amount, ClaimIx, Ends, EntityIx, EntityKind, FactIx, Interval, KindIx, NameKind, NodeIx, Outcome, Participant,
    Period, RecordIx, RoleIx, Stance, UnitIx,
};

/// Two countries and a supply with one claim.
fn bytes() -> Vec<u8> {
    let mut builder = SnapshotBuilder::new(Vocabulary::default());
    let names = |text| [NameView { text, kind: NameKind::Alias, lang: None }];
    let country = |id, name| EntityView { id, name, kind: EntityKind::Country, ..EntityView::default() };
    builder.add_entity(&country("a", "Åland"), names("Ahvenanmaa"), None, &[]);
    builder.add_entity(&country("b", "Bland"), [], None, &[]);
    builder.add_unnamed(EntityIx(0), true);
    let at = |node: u32| Participant { node: NodeIx(node), of: None };
    let ends = Ends { source: Some(at(0)), object: None, target: Some(at(1)) };
    let fact = FactView { id: "f1", kind: KindIx(0), record: RecordIx(0), ends };
    builder.add_fact(&fact, [RoleFill { role: RoleIx(0), participant: at(0) }]);
    let period = Period::parse("2024-03").ok();
    let record = RecordView { id: "f1", facts: 0..1, claims: 0..1, period, ..RecordView::default() };
    builder.add_record(&record, ["period"]);
    builder.add_relations([]);
    let claim = ClaimView {
        record: RecordIx(0),
        by: NodeIx(2),
        stance: Stance::Estimates,
        via: &[EntityIx(1)],
        document: EntityIx(1),
        made: None,
        period: None,
        scope: Some("all of it"),
        withdrawn: None,
        at: None,
    };
    let interval = Interval::at_least(Amount::from(100));
    let figure = FigureView { at: 0, interval, unit: UnitIx(0), unit_named: false, text: "at least 100" };
    builder.add_claim(&claim, [figure], []);
    let mut bytes = Vec::new();
    builder.write(&mut bytes).unwrap();
    bytes
}

/// Reads all that there is.
fn read_all<D: AsRef<[u8]>>(snapshot: &Snapshot<D>) -> usize {
    let mut read = 0;
    for entity in (0..snapshot.entity_count()).map(EntityIx::from_usize) {
        read += snapshot.entity(entity).name.len() + snapshot.names(entity).count() + snapshot.subtree(entity).len();
        read += snapshot.parts(entity).len() + snapshot.claims_in(entity).len() + snapshot.corrects(entity).len();
    }
    for node in (0..snapshot.node_count()).map(NodeIx::from_usize) {
        read += snapshot.steps_out(node).len() + snapshot.steps_in(node).len() + snapshot.facts_of(node).len();
        read += snapshot.facts_from(node).len() + snapshot.facts_to(node).len() + snapshot.claims_by(node).len();
    }
    for fact in (0..snapshot.fact_count()).map(FactIx::from_usize) {
        read += snapshot.fact(fact).id.len() + snapshot.roles(fact).count();
    }
    for record in (0..snapshot.record_count()).map(RecordIx::from_usize) {
        read += snapshot.record(record).id.len() + snapshot.inferred(record).count();
        read += snapshot.relations(record).count() + snapshot.related_from(record).len();
    }
    for claim in (0..snapshot.claim_count()).map(ClaimIx::from_usize) {
        read += snapshot.claim(claim).via.len() + snapshot.figures(claim).count();
    }
    read + snapshot.name_index().search("aland").len() + snapshot.name_index().search("nothing like it").len()
}

#[test]
fn what_was_written_is_read() {
    let bytes = AlignedBytes::copy(&bytes());
    let snapshot = Snapshot::new(bytes.as_ref()).unwrap();
    assert!(read_all(&snapshot) > 0);
    assert_eq!((snapshot.fault(), snapshot.verify()), (None, vec![]));
    assert_eq!(snapshot.record(RecordIx(0)).outcome, Outcome::Happened);
    assert_eq!(snapshot.claim(ClaimIx(0)).scope, Some("all of it"));
    assert_eq!(snapshot.steps_out(NodeIx(0)).iter().map(|it| it.to).collect::<Vec<_>>(), [NodeIx(1)]);
    let seen = |window: &str| Window::new(&Period::parse(window).unwrap()).allows(snapshot.glance(FactIx(0)));
    assert_eq!((seen("2024"), seen("2025")), (true, false));
    assert_eq!(snapshot.glances(), Some(&[snapshot.glance(FactIx(0))][..]));
    assert_eq!(snapshot.entity_by_id("b"), Some(EntityIx(1)));
    assert_eq!(snapshot.entity_by_id("c"), None);
}

#[test]
fn every_changed_byte_is_found_where_it_is_read() {
    let whole = bytes();
    let expected = read_all(&Snapshot::new(AlignedBytes::copy(&whole)).unwrap());
    // Under Miri a few places are enough.
    for at in (0..whole.len()).step_by(if cfg!(miri) { 509 } else { 1 }) {
        let mut bytes = whole.clone();
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 0x41;
        }
        let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(&bytes)) else { continue };
        let read = read_all(&snapshot);
        assert!(snapshot.fault().is_some() || read == expected, "{at}");
        assert!(!snapshot.verify().is_empty(), "{at}");
    }
}

#[test]
fn what_passes_the_checksums_leads_nowhere_out_of_bounds() {
    let whole = bytes();
    for at in (0..whole.len()).step_by(if cfg!(miri) { 251 } else { 1 }) {
        for value in [0, 1, 0x7f, 0xff] {
            let mut bytes = whole.clone();
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
            reseal_snapshot(&mut bytes);
            let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(&bytes)) else { continue };
            read_all(&snapshot);
        }
    }
}

#[test]
fn parts_out_of_order_are_refused() {
    let mut builder = SnapshotBuilder::new(Vocabulary::default());
    for id in ["b", "a"] {
        builder.add_entity(&EntityView { id, name: id, ..EntityView::default() }, [], None, &[]);
    }
    let refused = builder.write(&mut Vec::new());
    assert!(matches!(refused, Err(WriteError::Order { id }) if id == "a"));
}

/// So many names that they are found by walking over their orders.
fn bytes_with_names() -> Vec<u8> {
    let mut builder = SnapshotBuilder::new(Vocabulary::default());
    for number in 0..if cfg!(miri) { 40_u32 } else { 400 } {
        let letters = ["ka", "lo", "né", "ри", "사", "tu"];
        let syllable = |it: u32| letters.iter().cycle().nth(it as usize % 6).copied().unwrap_or_default();
        let word = |it: u32| [syllable(it), syllable(it / 6), syllable(it / 36)].concat();
        let (id, name) = (format!("e{number:03}"), format!("{} {} ltd", word(number), word(number * 7 + 1)));
        let view = EntityView { id: &id, name: &name, kind: EntityKind::Organization, ..EntityView::default() };
        builder.add_entity(&view, [], None, &[]);
    }
    let mut bytes = Vec::new();
    builder.write(&mut bytes).unwrap();
    bytes
}

/// What is found of names that are misspelt, unknown, or stand within others.
fn looked_up<D: AsRef<[u8]>>(snapshot: &Snapshot<D>) -> Vec<u32> {
    let index = snapshot.name_index();
    let mut found = Vec::new();
    for typed in ["kakka lokaka ltd", "E 123", "lo", "риkaka", "nobody ltd", "사ka"] {
        found.extend(index.closest(typed).into_iter().flat_map(|it| it.1).map(|it| it.0));
        found.extend(index.suggestions(typed));
        found.extend(index.search(typed).into_iter().map(|it| it.node));
    }
    found
}

#[test]
fn a_changed_byte_never_makes_fewer_names_be_found() {
    let whole = bytes_with_names();
    let expected = looked_up(&Snapshot::new(AlignedBytes::copy(&whole)).unwrap());
    assert!(expected.len() > 20);
    for at in (0..whole.len()).step_by(if cfg!(miri) { 1_009 } else { 31 }) {
        for resealed in [false, true] {
            let mut bytes = whole.clone();
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 0x55;
            }
            if resealed {
                reseal_snapshot(&mut bytes);
            }
            let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(&bytes)) else { continue };
            let found = looked_up(&snapshot);
            assert!(resealed || snapshot.fault().is_some() || found == expected, "{at}");
        }
    }
}
