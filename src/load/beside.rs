//! Doing several things at the same time, with results in the order of the things.

use std::thread;

/// More threads would wait for what is done with the records.
const MOST_THREADS: usize = 8;

/// How many things are done side by side.
pub(crate) fn thread_count() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// Does the same with each of several things, all but the last on threads of their own. What comes of them stands in their order.
pub(crate) fn side_by_side<'t, T: Sync, R: Send>(items: &'t [T], work: impl Fn(&'t T) -> R + Sync) -> Vec<R> {
    let Some((last, others)) = items.split_last() else { return Vec::new() };
    let work = &work;
    thread::scope(|scope| {
        let begin =
            |item: &'t T| thread::Builder::new().spawn_scoped(scope, move || work(item)).map_err(|_| work(item));
        let begun: Vec<_> = others.iter().map(begin).collect();
        let own = work(last);
        let done = begun.into_iter().map(|it| match it {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // The system gave no thread.
            Err(done) => done,
        });
        done.chain([own]).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_side_by_side_stands_in_order() {
        let numbers: Vec<u32> = (0..20).collect();
        assert_eq!(side_by_side(&numbers, |it| it * 2), numbers.iter().map(|it| it * 2).collect::<Vec<_>>());
        assert!(side_by_side(&numbers[..0], |it| it * 2).is_empty());
    }
}
