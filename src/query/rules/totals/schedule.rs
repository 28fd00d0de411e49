//! Weighted interval scheduling: the heaviest sequence of spans of which none meets another.

use jiff::civil::Date;

use super::{Low, Span};

/// A candidate: its days, its weight, and what it stands for.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) span: Span,
    pub(super) low: Low,
    /// Positions of the groups in it.
    pub(super) groups: Vec<usize>,
}

/// A day, or before or after all days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Day {
    Before,
    On(Date),
    After,
}

/// The heaviest sequence, as positions of jobs in the order of time, and whether a sum was too large to be made.
///
/// By the last day of each job; the best sequence up to a job is that before it, or the job with the best sequence that
/// ends before it begins. n log n.
pub(super) fn heaviest(jobs: &[Job]) -> (Option<Low>, Vec<usize>, bool) {
    let first = |it: &Job| it.span.first.map_or(Day::Before, Day::On);
    let last = |it: &Job| it.span.last.map_or(Day::After, Day::On);
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|at| jobs.get(*at).map(|it| (last(it), *at)));
    let sorted: Vec<&Job> = order.iter().filter_map(|at| jobs.get(*at)).collect();
    let ends: Vec<Day> = sorted.iter().map(|it| last(it)).collect();
    // best[n]: of the first n jobs; taken[n]: whether the last of them is in it, and how many stand before it then.
    let mut best: Vec<Option<Low>> = vec![None];
    let mut taken: Vec<Option<usize>> = vec![None];
    let mut too_large = false;
    for (at, job) in sorted.iter().enumerate() {
        let before = ends.get(..at).unwrap_or_default().partition_point(|it| *it < first(job));
        let with = match best.get(before).copied().flatten() {
            None => Some(job.low),
            Some(rest) => {
                let sum = rest.plus(job.low);
                too_large |= sum.is_none();
                sum
            }
        };
        let without = best.last().copied().flatten();
        if with > without {
            best.push(with);
            taken.push(Some(before));
        } else {
            best.push(without);
            taken.push(None);
        }
    }
    let mut chosen = Vec::new();
    let mut at = sorted.len();
    while at > 0 {
        match taken.get(at).copied().flatten() {
            Some(before) => {
                chosen.extend(order.get(at - 1));
                at = before;
            }
            None => at -= 1,
        }
    }
    chosen.reverse();
    (best.last().copied().flatten(), chosen, too_large)
}
