//! Checksums made to fit bytes that were changed: so that tests and fuzzing reach what lies behind them.

use zerocopy::{FromBytes, IntoBytes};

use super::layout::{Entry, Header, PAGE, Section};
use super::{header_checksum, range_of};

/// Makes all checksums of a snapshot fit its bytes, as far as its table can be read. Linear.
///
/// # Example
///
/// ```
/// use purvey::graph::{AlignedBytes, Snapshot, SnapshotBuilder, reseal_snapshot};
///
/// let mut bytes = Vec::new();
/// SnapshotBuilder::new(Default::default()).write(&mut bytes)?;
/// let last = bytes.len() - 1;
/// bytes[last] ^= 1;
/// assert_eq!(Snapshot::new(AlignedBytes::copy(&bytes)).map_or(1, |it| it.verify().len()), 1);
/// reseal_snapshot(&mut bytes);
/// assert!(Snapshot::new(AlignedBytes::copy(&bytes))?.verify().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(hidden)]
pub fn reseal_snapshot(bytes: &mut [u8]) {
    let length = bytes.len();
    let Ok((header, rest)) = Header::read_from_prefix(bytes) else { return };
    let (entries, _) = rest.as_chunks::<{ size_of::<Entry>() }>();
    let entries = entries.get(..Section::ALL.len()).unwrap_or_default();
    let mut table: Vec<Entry> = entries.iter().filter_map(|it| Entry::read_from_bytes(it).ok()).collect();
    let Some(pages) = table.last().and_then(|it| range_of(it, length)) else { return };
    let sections = table.len().saturating_sub(1);
    for entry in table.iter_mut().take(sections) {
        let section = range_of(entry, length).and_then(|it| bytes.get(it));
        entry.checksum = crc32fast::hash(section.unwrap_or_default());
    }
    let checksum = header_checksum(&Header { checksum: 0, ..header }, &table);
    let sealed = Header { checksum, ..header };
    let head = sealed.as_bytes().iter().chain(table.as_bytes());
    bytes.iter_mut().zip(head).for_each(|(to, from)| *to = *from);
    let (covered, stored) = bytes.split_at_mut(pages.start);
    let checksums = covered.chunks(PAGE).map(crc32fast::hash).flat_map(u32::to_le_bytes);
    stored.iter_mut().zip(checksums).for_each(|(to, from)| *to = from);
}
