//! Where things stand along their row: near to what they are connected with, apart from their neighbours, inside the
//! page.
//!
//! Sweeps over the rows pull each thing to the mean of its neighbours. In a row, the order is kept and distances are
//! least; the places that are nearest to the wanted ones under these conditions are found exactly, by pooling (isotonic
//! regression), in linear time.

/// A thing in a row: a node, a label, or a place where a line passes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Item {
    /// Its size along the row.
    pub(crate) size: f64,
    /// Where its middle stands.
    pub(crate) at: f64,
    /// How firmly it follows its neighbours.
    pub(crate) weight: f64,
    /// Items before, by position in the row before.
    pub(crate) before: Vec<usize>,
    /// Items after, by position in the row after.
    pub(crate) after: Vec<usize>,
}

/// The least distance between two things in a row.
pub(crate) fn gap(a: &Item, b: &Item) -> f64 {
    if a.size > 0.0 && b.size > 0.0 { 18.0 } else { 12.0 }
}

/// What a row takes at least.
pub(crate) fn least(row: &[Item]) -> f64 {
    let gaps: f64 = row.windows(2).map(|it| if let [a, b] = it { gap(a, b) } else { 0.0 }).sum();
    row.iter().map(|it| it.size).sum::<f64>() + gaps
}

/// Sets all rows into `width`; rows are in their order, and each fits.
pub(crate) fn settle(rows: &mut [Vec<Item>], width: f64) {
    // Without a beginning inside the page, things far out would pull all after them.
    for row in rows.iter_mut() {
        let wanted: Vec<f64> = row.iter().map(|it| it.at).collect();
        place(row, &wanted, width);
    }
    for sweep in 0..SWEEPS {
        let both = sweep + 2 >= SWEEPS;
        let order: Vec<usize> =
            if sweep % 2 == 0 { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        for at in order {
            let wanted = wanted(rows, at, sweep % 2 == 0, both);
            if let Some(row) = rows.get_mut(at) {
                place(row, &wanted, width);
            }
        }
    }
}

/// Enough for lines to become straight; more changes nothing that one sees.
const SWEEPS: usize = 10;

/// The mean of the neighbours of each thing: those before, those after, or both.
fn wanted(rows: &[Vec<Item>], at: usize, from_before: bool, both: bool) -> Vec<f64> {
    let empty: &[Item] = &[];
    let row = rows.get(at).map_or(empty, Vec::as_slice);
    let before = at.checked_sub(1).and_then(|it| rows.get(it)).map_or(empty, Vec::as_slice);
    let after = rows.get(at + 1).map_or(empty, Vec::as_slice);
    let mean = |item: &Item| {
        let mut sum = 0.0;
        let mut weight = 0.0;
        let mut add = |row: &[Item], list: &[usize]| {
            for other in list.iter().filter_map(|it| row.get(*it)) {
                sum += other.at * other.weight;
                weight += other.weight;
            }
        };
        if both || from_before || item.after.is_empty() {
            add(before, &item.before);
        }
        if both || !from_before || item.before.is_empty() {
            add(after, &item.after);
        }
        if weight > 0.0 { sum / weight } else { item.at }
    };
    row.iter().map(mean).collect()
}

/// The places nearest to the wanted ones, by weighted squares, that keep order, distances and both margins.
fn place(row: &mut [Item], wanted: &[f64], width: f64) {
    // With the sizes and distances before each thing taken off, order is all that is left to keep.
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (at, item) in row.iter().enumerate() {
        if let Some(last) = at.checked_sub(1).and_then(|it| row.get(it)) {
            offset += last.size / 2.0 + gap(last, item) + item.size / 2.0;
        }
        offsets.push(offset);
    }
    let targets: Vec<(f64, f64)> =
        row.iter().zip(wanted).zip(&offsets).map(|((item, wanted), offset)| (wanted - offset, item.weight)).collect();
    let first = row.first().map_or(0.0, |it| it.size / 2.0);
    let last = width - offsets.last().copied().unwrap_or(0.0) - row.last().map_or(0.0, |it| it.size / 2.0);
    let levels = pooled(&targets);
    for ((item, level), offset) in row.iter_mut().zip(levels).zip(&offsets) {
        item.at = level.min(last).max(first) + offset;
    }
}

/// The rising sequence nearest to the targets: neighbours out of order are pooled to their mean.
pub(crate) fn pooled(targets: &[(f64, f64)]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in targets {
        let mut pool = (*value, *weight, 1);
        while let Some(last) = pools.last().copied().filter(|it| it.0 > pool.0) {
            pools.pop();
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(value, _, count)| std::iter::repeat_n(value, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_out_of_order_meets_in_the_middle() {
        assert_eq!(pooled(&[(1.0, 1.0), (5.0, 1.0), (3.0, 1.0), (9.0, 1.0)]), [1.0, 4.0, 4.0, 9.0]);
        assert_eq!(pooled(&[(6.0, 1.0), (0.0, 2.0)]), [2.0, 2.0]);
    }

    proptest! {
        #[test]
        fn nothing_overlaps_or_leaves_the_page(
            sizes in prop::collection::vec((0.0_f64..80.0, -500.0_f64..500.0), 1..12),
        ) {
            let mut row: Vec<Item> =
                sizes.iter().map(|(size, at)| Item { size: *size, at: *at, weight: 1.0, ..Item::default() }).collect();
            let width = least(&row) + 40.0;
            let wanted: Vec<f64> = row.iter().map(|it| it.at).collect();
            place(&mut row, &wanted, width);
            for pair in row.windows(2) {
                let free = pair[1].at - pair[1].size / 2.0 - pair[0].at - pair[0].size / 2.0;
                prop_assert!(free >= gap(&pair[0], &pair[1]) - 1e-9);
            }
            let (first, last) = (&row[0], &row[row.len() - 1]);
            prop_assert!(first.at - first.size / 2.0 >= -1e-9 && last.at + last.size / 2.0 <= width + 1e-9);
        }
    }
}
