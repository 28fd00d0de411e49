//! Boxes at places that somebody chose: all others make room, and lines are led around what stands in their way.

use super::route::extent;
use super::score::{crossings, enters};
use super::{Boxes, Placed};
use crate::draw::picture::{Path, Piece, Point, Rect};

/// A node and where its middle shall stand, as shares of the area.
pub(crate) type Pinned = (usize, Point);

/// Space that boxes keep between each other.
const APART: f64 = 22.0;
/// Space that a line keeps from boxes.
const CLEAR: f64 = 7.0;
/// Rounds of making room; each moves every box that stands in the way of another.
const ROUNDS: usize = 400;

/// Moves nodes to their places in an area of that width and at least that height.
///
/// # Errors
///
/// What cannot be done, with the positions of the nodes that it is about: two pins at one place, or no room between
/// them for the others.
pub(crate) fn pin(placed: &mut Placed, boxes: &Boxes, pins: &[Pinned], width: f64, height: f64) -> Result<(), Stuck> {
    let height = placed.height.max(height);
    let sideways = (width - placed.width) / 2.0;
    placed.shift(sideways, 0.0);
    let mut is_fixed = vec![false; placed.nodes.len()];
    for (at, share) in pins {
        let (Some(node), Some(fixed)) = (placed.nodes.get_mut(*at), is_fixed.get_mut(*at)) else { continue };
        let inside = |share: f64, size: f64, room: f64| (share * room - size / 2.0).min(room - size).max(0.0);
        node.x = inside(share.x, node.width, width);
        node.y = inside(share.y, node.height, height);
        *fixed = true;
    }
    for (at, (a, _)) in pins.iter().enumerate() {
        for (b, _) in pins.iter().skip(at + 1) {
            let both = placed.nodes.get(*a).zip(placed.nodes.get(*b));
            if both.is_some_and(|(one, other)| a != b && one.overlaps(other)) {
                return Err(Stuck::Overlap(*a, *b));
            }
        }
    }
    for (label, edge) in placed.labels.iter_mut().zip(&boxes.edges) {
        let ends = (placed.nodes.get(edge.from), placed.nodes.get(edge.to));
        if let (Some(label), (Some(from), Some(to))) = (label, ends) {
            let (from, to) = (from.middle(), to.middle());
            label.x = f64::midpoint(from.x, to.x) - label.width / 2.0;
            label.y = f64::midpoint(from.y, to.y) - label.height / 2.0;
        }
    }
    make_room(placed, &is_fixed, width)?;
    lead(placed, boxes);
    let own = |at: usize, rect: &Rect| {
        let edge = boxes.edges.get(at);
        let label = placed.labels.get(at).copied().flatten();
        edge.is_some_and(|it| [it.from, it.to].iter().any(|it| placed.nodes.get(*it) == Some(rect)))
            || label.as_ref() == Some(rect)
    };
    for (at, path) in placed.paths.iter().enumerate() {
        let points: Vec<Point> = path.points().collect();
        let hit = rects(placed)
            .any(|rect| !own(at, &rect) && points.windows(2).any(|it| matches!(it, [a, b] if enters(*a, *b, &rect))));
        if hit {
            return Err(Stuck::NoRoom);
        }
    }
    placed.crossings = crossings(&placed.paths);
    extent(placed);
    Ok(())
}

/// Why pins cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stuck {
    /// Two of them lie on each other.
    Overlap(usize, usize),
    /// There is no room left for the others.
    NoRoom,
}

fn rects(placed: &Placed) -> impl Iterator<Item = Rect> {
    placed.nodes.iter().copied().chain(placed.labels.iter().flatten().copied())
}

/// Pushes boxes out of each other, along the shorter way, until none stands in another; pinned ones stay.
fn make_room(placed: &mut Placed, is_fixed: &[bool], width: f64) -> Result<(), Stuck> {
    let mut all: Vec<(Rect, bool)> = placed.nodes.iter().copied().zip(is_fixed.iter().copied()).collect();
    all.extend(placed.labels.iter().flatten().map(|it| (*it, false)));
    let mut is_free = false;
    for _ in 0..ROUNDS {
        is_free = true;
        for at in 0..all.len() {
            for other in at + 1..all.len() {
                let (Some((a, a_fixed)), Some((b, b_fixed))) = (all.get(at).copied(), all.get(other).copied()) else {
                    continue;
                };
                if (a_fixed && b_fixed) || !a.grown(APART / 2.0).overlaps(&b.grown(APART / 2.0)) {
                    continue;
                }
                is_free = false;
                let (am, bm) = (a.middle(), b.middle());
                // A little more than needed, or rounding would find them too near each other for ever.
                let over_x = (a.width + b.width) / 2.0 + APART + 0.5 - (am.x - bm.x).abs();
                let over_y = (a.height + b.height) / 2.0 + APART + 0.5 - (am.y - bm.y).abs();
                let sign = |d: f64| if d < 0.0 { -1.0 } else { 1.0 };
                let (dx, dy) =
                    if over_x < over_y { (over_x * sign(bm.x - am.x), 0.0) } else { (0.0, over_y * sign(bm.y - am.y)) };
                let share = if a_fixed || b_fixed { 1.0 } else { 0.5 };
                let mut push = |at: usize, is_fixed: bool, by: f64| {
                    if let Some((rect, _)) = all.get_mut(at).filter(|_| !is_fixed) {
                        rect.x = (rect.x + dx * by).min(width - rect.width).max(0.0);
                        rect.y = (rect.y + dy * by).max(0.0);
                        // Against the edge of the page only the way down is open.
                        if dx != 0.0 && (rect.x == 0.0 || rect.x == width - rect.width) {
                            rect.y += over_y.min(40.0) / 2.0;
                        }
                        if dy < 0.0 && by > 0.0 && rect.y == 0.0 {
                            rect.x = (rect.x + over_x / 2.0).min(width - rect.width).max(0.0);
                        }
                    }
                };
                push(at, a_fixed, -share);
                push(other, b_fixed, share);
            }
        }
        if is_free {
            break;
        }
    }
    if !is_free {
        return Err(Stuck::NoRoom);
    }
    let nodes = placed.nodes.len();
    for (node, (rect, _)) in placed.nodes.iter_mut().zip(&all) {
        *node = *rect;
    }
    for (label, (rect, _)) in placed.labels.iter_mut().flatten().zip(all.iter().skip(nodes)) {
        *label = *rect;
    }
    Ok(())
}

/// Leads every line from its source over its label to its target, around all other boxes.
fn lead(placed: &mut Placed, boxes: &Boxes) {
    let mut paths = Vec::new();
    for (edge, label) in boxes.edges.iter().zip(&placed.labels) {
        let (Some(from), Some(to)) = (placed.nodes.get(edge.from), placed.nodes.get(edge.to)) else {
            paths.push(Path::default());
            continue;
        };
        let others: Vec<Rect> =
            rects(placed).filter(|it| it != from && it != to && Some(it) != label.as_ref()).collect();
        let mut points = match label {
            Some(label) => {
                let mut points = around(from, label, &[others.as_slice(), &[*to]].concat());
                points.extend(around(label, to, &[others.as_slice(), &[*from]].concat()));
                points
            }
            None => around(from, to, &others),
        };
        points.dedup_by(|a, b| (a.x - b.x).abs() + (a.y - b.y).abs() < 0.01);
        let start = points.first().copied().unwrap_or_default();
        paths.push(Path { start, pieces: points.iter().skip(1).map(|it| Piece::Line(*it)).collect() });
    }
    placed.paths = paths;
}

/// The shortest way from one box to another around obstacles, from outline to outline; straight if there is none.
fn around(from: &Rect, to: &Rect, obstacles: &[Rect]) -> Vec<Point> {
    let mut places = vec![from.middle(), to.middle()];
    for rect in obstacles {
        let it = rect.grown(CLEAR);
        for (x, y) in [(it.x, it.y), (it.right(), it.y), (it.x, it.bottom()), (it.right(), it.bottom())] {
            places.push(Point { x, y });
        }
    }
    let is_open = |a: Point, b: Point| !obstacles.iter().any(|it| enters(a, b, &it.grown(CLEAR - 1.0)));
    // Dijkstra over at most a few hundred corners: the next best is found by looking at all.
    let mut least: Vec<(f64, usize, bool)> = vec![(f64::INFINITY, 0, false); places.len()];
    if let Some(first) = least.first_mut() {
        first.0 = 0.0;
    }
    loop {
        let next = least.iter().enumerate().filter(|(_, it)| !it.2 && it.0.is_finite());
        let Some((at, so_far)) = next.min_by(|a, b| a.1.0.total_cmp(&b.1.0)).map(|(at, it)| (at, it.0)) else { break };
        if at == 1 {
            break;
        }
        let Some(here) = places.get(at).copied() else { break };
        for (place, entry) in places.iter().zip(least.iter_mut()) {
            let distance = so_far + (place.x - here.x).hypot(place.y - here.y);
            if !entry.2 && distance < entry.0 && is_open(here, *place) {
                (entry.0, entry.1) = (distance, at);
            }
        }
        if let Some(entry) = least.get_mut(at) {
            entry.2 = true;
        }
    }
    let mut way = vec![to.middle()];
    let mut at = 1;
    while let Some((distance, before, _)) = least.get(at).copied().filter(|_| at != 0) {
        at = if distance.is_finite() { before } else { 0 };
        way.extend(places.get(at));
    }
    way.reverse();
    clip(&mut way, from);
    way.reverse();
    clip(&mut way, to);
    way.reverse();
    way
}

/// Lets a way begin at the outline of the box in whose middle it begins.
fn clip(way: &mut [Point], rect: &Rect) {
    let [first, second, ..] = way else { return };
    let (dx, dy) = (second.x - first.x, second.y - first.y);
    let share = |half: f64, d: f64| if d == 0.0 { f64::INFINITY } else { half / d.abs() };
    let t = share(rect.width / 2.0, dx).min(share(rect.height / 2.0, dy)).min(1.0);
    *first = Point { x: first.x + dx * t, y: first.y + dy * t };
}

#[cfg(test)]
mod tests {
    use super::super::Edge;
    use super::*;

    #[test]
    fn a_line_is_led_around_a_box() {
        let rect = |x, y| Rect { x, y, width: 40.0, height: 20.0 };
        let way = around(&rect(0.0, 0.0), &rect(200.0, 0.0), &[rect(100.0, -5.0)]);
        assert!(way.len() > 2, "{way:?}");
        assert!(way.windows(2).all(|it| !enters(it[0], it[1], &rect(100.0, -5.0))));
        assert_eq!((way[0].x, way[way.len() - 1].x), (40.0, 200.0));
    }

    #[test]
    fn pinned_boxes_stand_where_they_shall_and_the_others_make_room() {
        let edge = |from, to| Edge { from, to, label: Some((60.0, 20.0)) };
        let boxes = Boxes { nodes: vec![(80.0, 30.0); 4], edges: vec![edge(0, 1), edge(1, 2), edge(2, 3), edge(3, 0)] };
        let rect = |x, y| Rect { x, y, width: 80.0, height: 30.0 };
        let label = Some(Rect { x: 0.0, y: 0.0, width: 60.0, height: 20.0 });
        let mut placed = Placed {
            nodes: vec![rect(0.0, 0.0), rect(100.0, 0.0), rect(0.0, 200.0), rect(100.0, 200.0)],
            labels: vec![label; 4],
            paths: vec![Path::default(); 4],
            width: 180.0,
            height: 230.0,
            crossings: 0,
        };
        pin(&mut placed, &boxes, &[(0, Point { x: 0.5, y: 0.5 })], 600.0, 400.0).unwrap();
        let all: Vec<Rect> = rects(&placed).collect();
        for (at, a) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|b| !a.overlaps(b)));
        }
        let both = [(0, Point { x: 0.5, y: 0.5 }), (1, Point { x: 0.5, y: 0.51 })];
        assert_eq!(pin(&mut placed, &boxes, &both, 600.0, 400.0), Err(Stuck::Overlap(0, 1)));
    }
}
