//! Takes small steps out of lines: an eye sees a step of a few pixels before it sees the line.

use super::across::gap;
use super::route::{Grid, Ports};

/// Steps that are larger look meant.
const SMALL: f64 = 30.0;
/// Steps that nobody sees.
const NONE: f64 = 0.5;

/// Moves places where lines pass, and labels, so that small steps go; gives the ports that belong to it.
pub(super) fn straighten(grid: &mut Grid, width: f64) -> Ports {
    for _ in 0..3 {
        for edge in 0..grid.chains.len() {
            join(grid, edge, width);
        }
        let ports = grid.ports();
        for (edge, ends) in ports.iter().enumerate() {
            let runs = runs(grid, edge);
            if let Some(first) = runs.first() {
                shift(grid, first, ends.0, width);
            }
            if let (Some(last), true) = (runs.last(), runs.len() > 1) {
                shift(grid, last, ends.1, width);
            }
        }
    }
    grid.ports()
}

/// Puts neighbouring stretches of an edge into one line where that is a small step.
fn join(grid: &mut Grid, edge: usize, width: f64) {
    let runs = runs(grid, edge);
    for pair in runs.windows(2) {
        let [a, b] = pair else { continue };
        // The one with less in it gives way.
        let (first, second) = if a.places.len() > b.places.len() { (b, a) } else { (a, b) };
        if !shift(grid, first, second.at, width) {
            shift(grid, second, first.at, width);
        }
    }
}

/// A straight stretch of an edge.
struct Run {
    places: Vec<(usize, usize)>,
    at: f64,
}

/// The straight stretches between the ends of an edge.
fn runs(grid: &Grid, edge: usize) -> Vec<Run> {
    let chain = grid.chains.get(edge).map_or(&[][..], Vec::as_slice);
    let mut runs: Vec<Run> = Vec::new();
    for place in chain.get(1..chain.len().saturating_sub(1)).unwrap_or_default() {
        let at = grid.at(*place);
        match runs.last_mut() {
            Some(run) if (run.at - at).abs() <= NONE => run.places.push(*place),
            _ => runs.push(Run { places: vec![*place], at }),
        }
    }
    runs
}

/// Moves a stretch to `at`, if that is a small step and nothing stands there.
fn shift(grid: &mut Grid, run: &Run, at: f64, width: f64) -> bool {
    let step = (at - run.at).abs();
    if step <= NONE || step > SMALL || !run.places.iter().all(|it| is_free(grid, *it, at, width)) {
        return false;
    }
    for place in &run.places {
        if let Some(item) = grid.items.get_mut(place.0).and_then(|it| it.get_mut(place.1)) {
            item.at = at;
        }
    }
    true
}

fn is_free(grid: &Grid, place: (usize, usize), at: f64, width: f64) -> bool {
    let Some(row) = grid.items.get(place.0) else { return false };
    let Some(item) = row.get(place.1) else { return false };
    let half = item.size / 2.0;
    let before = place.1.checked_sub(1).and_then(|it| row.get(it));
    let after = row.get(place.1 + 1);
    let low = before.map_or(0.0, |it| it.at + it.size / 2.0 + gap(it, item));
    let high = after.map_or(width, |it| it.at - it.size / 2.0 - gap(item, it));
    at - half >= low - 1e-9 && at + half <= high + 1e-9
}
