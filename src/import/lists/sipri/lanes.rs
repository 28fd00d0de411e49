//! Rows of several editions that are about the same thing, side by side.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::cells::Years;
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

/// So many pairs of rows of one key are compared. The fullest registers have a dozen rows of a key; no real one comes near.
const MOST_PAIRS: usize = 1 << 18;

fn paired<'r>(editions: &[Vec<&'r Row>]) -> Vec<Lane<'r>> {
    let mut lanes: Vec<Lane<'r>> = Vec::new();
    for (at, rows) in editions.iter().enumerate() {
        let old = lanes.len();
        let mut used = vec![false; rows.len()];
        let mut taken = vec![false; old];
        let mut join = |lane_at: usize, row_at: usize, likeness: usize, lanes: &mut [Lane<'r>]| {
            let (Some(lane_taken), Some(row_used), Some(lane), Some(row)) =
                (taken.get_mut(lane_at), used.get_mut(row_at), lanes.get_mut(lane_at), rows.get(row_at))
            else {
                return;
            };
            if !*lane_taken && !*row_used {
                (*lane_taken, *row_used) = (true, true);
                lane.guessed |= (old > 1 || rows.len() > 1) && likeness < 3;
                lane.rows.push((at, row));
            }
        };
        // The most alike first, of equally alike ones the first in order. Those that are alike in everything find each other at once.
        let mut by_traits: HashMap<Traits<'r>, VecDeque<usize>> = HashMap::new();
        for (row_at, row) in rows.iter().enumerate() {
            by_traits.entry(Traits::of(row)).or_default().push_back(row_at);
        }
        let mut left = Vec::new();
        let mut found = vec![false; rows.len()];
        for lane_at in 0..old {
            let last = lanes.get(lane_at).and_then(|it| it.rows.last()).map(|(_, row)| Traits::of(row));
            match last.as_ref().and_then(|it| by_traits.get_mut(it)?.pop_front()) {
                Some(row_at) => {
                    found.get_mut(row_at).into_iter().for_each(|it| *it = true);
                    join(lane_at, row_at, usize::MAX, &mut lanes);
                }
                None => left.extend(last.map(|it| (lane_at, it))),
            }
        }
        let rest: Vec<(usize, Traits<'_>)> = rows
            .iter()
            .zip(&found)
            .enumerate()
            .filter(|(_, (_, found))| !**found)
            .map(|(row_at, (row, _))| (row_at, Traits::of(row)))
            .collect();
        if left.len().saturating_mul(rest.len()) <= MOST_PAIRS {
            let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
            for (lane_at, last) in &left {
                pairs.extend(rest.iter().map(|(row_at, row)| (usize::MAX - last.alike(row), *lane_at, *row_at)));
            }
            pairs.sort_unstable();
            for (unlike, lane_at, row_at) in pairs {
                join(lane_at, row_at, usize::MAX - unlike, &mut lanes);
            }
        } else {
            for ((lane_at, _), (row_at, _)) in left.iter().zip(&rest) {
                join(*lane_at, *row_at, 0, &mut lanes);
            }
        }
        for (row, _) in rows.iter().zip(&used).filter(|(_, used)| !**used) {
            lanes.push(Lane { rows: vec![(at, row)], guessed: false });
        }
    }
    lanes
}

/// What may change of a row from edition to edition.
#[derive(PartialEq, Eq, Hash)]
struct Traits<'r> {
    ordered: Option<&'r str>,
    delivered: Option<&'r str>,
    deliveries: Option<&'r Years>,
    comments: Option<&'r [String]>,
    status: Option<&'r [String]>,
}

impl<'r> Traits<'r> {
    fn of(row: &'r Row) -> Traits<'r> {
        let extra = |name: &str| row.extra.iter().find(|(it, _)| it == name).map(|(_, values)| values.as_slice());
        Traits {
            ordered: row.ordered.as_deref(),
            delivered: row.delivered.as_deref(),
            deliveries: row.deliveries.as_ref(),
            comments: extra("comments"),
            status: extra("status"),
        }
    }

    /// In how many things two rows agree.
    fn alike(&self, other: &Traits<'_>) -> usize {
        usize::from(self.ordered == other.ordered)
            + usize::from(self.delivered == other.delivered)
            + usize::from(self.deliveries == other.deliveries)
            + 2 * usize::from(self.comments == other.comments)
            + usize::from(self.status == other.status)
    }
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
            let order = Some(Years { edtf: year.to_owned(), gaps: false });
            Row { order, ..row(line, "5", "a") }
        };
        let key = |row: &Row| Some(format!("a|b|c|{}", row.order.as_ref().map_or("", |it| &it.edtf)));
        let count = |years: [&str; 2]| lanes(&[vec![dated(1, years[0])], vec![dated(2, years[1])]], key).len();
        assert_eq!((count(["2020", "2021"]), count(["2010", "2021"])), (1, 2));
        // Where the first one is still there, the other is another deal.
        let editions = [vec![dated(1, "2020")], vec![dated(2, "2020"), dated(3, "2021")]];
        assert_eq!(lanes(&editions, key).len(), 2);
    }

    #[test]
    fn many_rows_of_one_key_are_still_paired_one_by_one() {
        let rows = |from: u64, word: &str| -> Vec<Row> {
            let count = 20_000;
            (0..count).map(|it| row(from + it, &it.to_string(), if it % 2 == 0 { "same" } else { word })).collect()
        };
        let editions = [rows(1, "before"), rows(100_001, "after")];
        let lanes = lanes(&editions, |_| Some("key".to_owned()));
        assert_eq!(lanes["key"].len(), 20_000);
        assert!(lanes["key"].iter().all(|it| it.rows.len() == 2));
        // Those alike in everything found each other, the others are told.
        assert_eq!(lanes["key"].iter().filter(|it| it.guessed).count(), 10_000);
        let even = lanes["key"].iter().filter(|it| !it.guessed);
        assert!(even.into_iter().all(|it| it.rows[0].1.line + 100_000 == it.rows[1].1.line));
    }
}
