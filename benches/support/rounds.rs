//! Interleaved timing: every round runs each candidate once, so that whatever slows the machine down for a while
//! hits all of them. The minimum is what counts, since nothing makes a program run faster than it can.

use std::time::{Duration, Instant};

/// Something to time. It times itself, so that what is not of interest (dropping, say) stays out.
pub(crate) struct Candidate<'a> {
    pub(crate) name: String,
    pub(crate) run: Box<dyn FnMut() -> Duration + 'a>,
}

impl<'a> Candidate<'a> {
    pub(crate) fn new(name: impl Into<String>, run: impl FnMut() -> Duration + 'a) -> Self {
        Candidate { name: name.into(), run: Box::new(run) }
    }
}

/// How long `work` takes. Its result is dropped outside the measured time.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = std::hint::black_box(work());
    let elapsed = start.elapsed();
    drop(result);
    elapsed
}

/// Runs the rounds and prints minimum, median and the minimum as a multiple of the first candidate's. Gives the minima.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub(crate) fn compare(rounds: usize, candidates: &mut [Candidate<'_>]) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); candidates.len()];
    for _ in 0..rounds {
        for (candidate, times) in candidates.iter_mut().zip(&mut times) {
            times.push((candidate.run)());
        }
    }
    println!("{:<44} {:>12} {:>12} {:>8}", format!("{rounds} interleaved rounds"), "minimum ms", "median ms", "ratio");
    let mut minima = Vec::with_capacity(candidates.len());
    let mut first = None;
    for (candidate, mut times) in candidates.iter().zip(times) {
        times.sort_unstable();
        let (Some(least), Some(median)) = (times.first(), times.get(times.len() / 2)) else { continue };
        minima.push(*least);
        let base = *first.get_or_insert(*least);
        println!(
            "{:<44} {:>12.4} {:>12.4} {:>8.2}",
            candidate.name,
            least.as_secs_f64() * 1e3,
            median.as_secs_f64() * 1e3,
            least.as_secs_f64() / base.as_secs_f64()
        );
    }
    minima
}
