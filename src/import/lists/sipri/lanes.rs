//! Rows of several editions that are about the same thing, side by side.

use std::collections::BTreeMap;

use super::row::Row;

/// What one record is made of: a row of each edition that has it, by the position of the edition, the earliest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Lane<'r> {
    pub(super) rows: Vec<(usize, &'r Row)>,
    /// Whether another row might have been meant: several rows of an edition are alike in all that names a deal.
    pub(super) guessed: bool,
}

/// Rows by their keys; those of one key and edition are kept apart.
pub(super) fn lanes<'r>(
    editions: &'r [Vec<Row>],
    key: impl Fn(&Row) -> Option<String>,
) -> BTreeMap<String, Vec<Lane<'r>>> {
    let mut by_key: BTreeMap<String, Vec<Vec<&'r Row>>> = BTreeMap::new();
    for (at, rows) in editions.iter().enumerate() {
        for row in rows {
            let Some(key) = key(row) else { continue };
            let of_key = by_key.entry(key).or_default();
            of_key.resize_with(editions.len(), Vec::new);
            if let Some(list) = of_key.get_mut(at) {
                list.push(row);
            }
        }
    }
    let mut lanes = by_key.into_iter().map(|(key, editions)| (key, paired(&editions))).collect();
    join_moved(&mut lanes);
    lanes
}

/// Joins what two editions have under keys that differ in the year of the order alone: the end of the one lane is the beginning
/// of the other, nobody else could be meant, and the years are close. SIPRI often learns the year later.
fn join_moved(lanes: &mut BTreeMap<String, Vec<Lane<'_>>>) {
    let mut alike: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (key, of_key) in lanes.iter() {
        let deal = of_key.iter().flat_map(|it| &it.rows).any(|(_, row)| row.deal.is_some());
        if let Some((rest, _)) = key.rsplit_once('|').filter(|_| !deal && of_key.len() == 1) {
            alike.entry(rest.to_owned()).or_default().push(key.clone());
        }
    }
    for keys in alike.into_values() {
        let [a, b] = keys.as_slice() else { continue };
        let span = |key: &String| {
            let rows = &lanes.get(key)?.first()?.rows;
            let (first, last) = (rows.first()?, rows.last()?);
            let year = last.1.order.as_ref().and_then(|it| it.edtf.get(..4)?.parse::<i32>().ok());
            Some((first.0, last.0, year))
        };
        let (Some(of_a), Some(of_b)) = (span(a), span(b)) else { continue };
        let (earlier, later) = if of_a.1 < of_b.0 {
            (a, b)
        } else if of_b.1 < of_a.0 {
            (b, a)
        } else {
            continue;
        };
        if of_a.2.zip(of_b.2).is_some_and(|(a, b)| (a - b).abs() > 3) {
            continue;
        }
        let Some(before) = lanes.remove(earlier).and_then(|it| it.into_iter().next()) else { continue };
        if let Some(lane) = lanes.get_mut(later).and_then(|it| it.first_mut()) {
            lane.rows.splice(0..0, before.rows);
            lane.guessed = true;
        }
    }
}

fn paired<'r>(editions: &[Vec<&'r Row>]) -> Vec<Lane<'r>> {
    let mut lanes: Vec<Lane<'r>> = Vec::new();
    for (at, rows) in editions.iter().enumerate() {
        let old = lanes.len();
        // All pairs, the most alike first; of equally alike ones the first in order.
        let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
        for (lane_at, lane) in lanes.iter().enumerate() {
            for (row_at, row) in rows.iter().enumerate() {
                let likeness = lane.rows.last().map_or(0, |(_, last)| alike(last, row));
                pairs.push((usize::MAX - likeness, lane_at, row_at));
            }
        }
        pairs.sort_unstable();
        let mut used = vec![false; rows.len()];
        let mut taken = vec![false; old];
        for (unlike, lane_at, row_at) in pairs {
            let (Some(lane_taken), Some(row_used), Some(lane), Some(row)) =
                (taken.get_mut(lane_at), used.get_mut(row_at), lanes.get_mut(lane_at), rows.get(row_at))
            else {
                continue;
            };
            if !*lane_taken && !*row_used {
                (*lane_taken, *row_used) = (true, true);
                let likeness = usize::MAX - unlike;
                lane.guessed |= (old > 1 || rows.len() > 1) && likeness < 3;
                lane.rows.push((at, row));
            }
        }
        for (row, _) in rows.iter().zip(&used).filter(|(_, used)| !**used) {
            lanes.push(Lane { rows: vec![(at, row)], guessed: false });
        }
    }
    lanes
}

/// In how many things that may change from edition to edition two rows agree.
fn alike(a: &Row, b: &Row) -> usize {
    let extra = |row: &Row, name: &str| row.extra.iter().find(|(it, _)| it == name).map(|(_, values)| values.clone());
    usize::from(a.ordered == b.ordered)
        + usize::from(a.delivered == b.delivered)
        + usize::from(a.deliveries == b.deliveries)
        + 2 * usize::from(extra(a, "comments") == extra(b, "comments"))
        + usize::from(extra(a, "status") == extra(b, "status"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, ordered: &str, comments: &str) -> Row {
        let extra = vec![("comments".to_owned(), vec![comments.to_owned()])];
        Row { line, ordered: Some(ordered.to_owned()), extra, ..Row::default() }
    }

    #[test]
    fn rows_of_one_key_find_their_like_in_the_next_edition() {
        let editions = vec![
            vec![row(1, "5", "a"), row(2, "8", "b")],
            vec![row(11, "8", "b"), row(12, "6", "a"), row(13, "9", "c")],
        ];
        let lanes = lanes(&editions, |_| Some("key".to_owned()));
        let lines: Vec<Vec<u64>> =
            lanes["key"].iter().map(|it| it.rows.iter().map(|(_, row)| row.line).collect()).collect();
        assert_eq!(lines, [vec![1, 12], vec![2, 11], vec![13]]);
        assert!(lanes["key"].iter().all(|it| !it.guessed));
    }

    #[test]
    fn a_year_of_order_that_moves_a_little_does_not_make_another_deal() {
        let dated = |line: u64, year: &str| {
            let order = Some(super::super::cells::Years { edtf: year.to_owned(), gaps: false });
            Row { order, ..row(line, "5", "a") }
        };
        let key = |row: &Row| Some(format!("a|b|c|{}", row.order.as_ref().map_or("", |it| &it.edtf)));
        let count = |years: [&str; 2]| lanes(&[vec![dated(1, years[0])], vec![dated(2, years[1])]], key).len();
        assert_eq!((count(["2020", "2021"]), count(["2010", "2021"])), (1, 2));
        // Where the first one is still there, the other is another deal.
        let editions = [vec![dated(1, "2020")], vec![dated(2, "2020"), dated(3, "2021")]];
        assert_eq!(lanes(&editions, key).len(), 2);
    }
}
