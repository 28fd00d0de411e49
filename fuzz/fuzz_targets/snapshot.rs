//! Any bytes as a snapshot: an error or an answer, never a panic, and no walk without end.
//!
//! The input is a list of edits to a sound snapshot of the built-in example: three bytes for the place, one for the new
//! value. The first byte tells whether the checksums are made to fit again, so that what lies behind them is reached too.
//! An input that begins as a snapshot does is taken as it is.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use purvey::exchange::{Context, write_json};
use purvey::graph::{AlignedBytes, KnowledgeGraph, Snapshot, reseal_snapshot, write_snapshot};
use purvey::load::{LoadOptions, Sources, load};
use purvey::query::{Evidence, PathQuestion, Question, TotalBy, Who, answer_on};

static SOUND: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let dataset = load(&Sources::BuiltIn, LoadOptions::default()).dataset.unwrap_or_default();
    let mut bytes = Vec::new();
    let _ = write_snapshot(&KnowledgeGraph::new(&dataset), b"", &mut bytes);
    bytes
});

fn ask(bytes: &[u8], which: u8) {
    let Ok(snapshot) = Snapshot::new(AlignedBytes::copy(bytes)) else { return };
    let path = PathQuestion { in_time: which & 64 != 0, all: which & 128 != 0, ..PathQuestion::new("North Korea", "Kyiv") };
    let question = match which % 12 {
        0 => Question::Stats,
        1 => Question::List { what: "facts".to_owned() },
        2 => Question::List { what: "entities".to_owned() },
        3 => Question::Who(Who { total: Some(TotalBy::Unit), ..Who::default() }),
        4 => Question::Show { name: "Russia".to_owned() },
        5 => Question::Find { text: "korea".to_owned() },
        6 | 7 => Question::Path(path),
        8 => Question::Measures { name: None },
        9 => Question::Disputes { name: None },
        10 => Question::Sources { name: None },
        _ => Question::Support(Box::new(Question::Show { name: "a10".to_owned() })),
    };
    if let Ok(answer) = answer_on(&snapshot, &question, &Evidence::default()) {
        let _ = write_json(&answer, &Context::default(), &mut std::io::sink());
    }
    let _ = snapshot.verify();
}

fuzz_target!(|input: &[u8]| {
    if input.starts_with(b"purvey") {
        return ask(input, 3);
    }
    let [seal, which, edits @ ..] = input else { return };
    let mut bytes = SOUND.clone();
    let (edits, _) = edits.as_chunks::<4>();
    for [a, b, c, value] in edits {
        let at = u32::from_le_bytes([*a, *b, *c, 0]) as usize % bytes.len().max(1);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *value;
        }
    }
    if seal % 8 != 0 {
        reseal_snapshot(&mut bytes);
    }
    ask(&bytes, *which);
});
