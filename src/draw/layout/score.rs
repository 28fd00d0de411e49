//! How good a layout is, measured on what is drawn.

use crate::draw::picture::{Path, Point, Rect};

/// How often lines cross each other. Lines that only touch at a common end do not.
pub(crate) fn crossings(paths: &[Path]) -> usize {
    let lines: Vec<Vec<Point>> = paths.iter().map(|it| it.flattened(12)).collect();
    let mut count = 0;
    for (at, a) in lines.iter().enumerate() {
        for b in lines.iter().skip(at + 1) {
            for pair in a.windows(2) {
                count += b.windows(2).filter(|other| cross(pair, other)).count();
            }
        }
    }
    count
}

/// Whether two straight pieces cross inside both.
fn cross(a: &[Point], b: &[Point]) -> bool {
    let ([a, b], [c, d]) = (a, b) else { return false };
    let side = |p: &Point, q: &Point, r: &Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

/// Whether a line from `a` to `b` enters a rectangle.
pub(crate) fn enters(a: Point, b: Point, rect: &Rect) -> bool {
    // The share of the line that lies inside, side by side (Liang and Barsky).
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (a.x - b.x, a.x - rect.x),
        (b.x - a.x, rect.right() - a.x),
        (a.y - b.y, a.y - rect.y),
        (b.y - a.y, rect.bottom() - a.y),
    ] {
        if step == 0.0 {
            if room <= 0.0 {
                return false;
            }
        } else if step < 0.0 {
            first = first.max(room / step);
        } else {
            last = last.min(room / step);
        }
    }
    first < last - 1e-9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::picture::Piece;

    fn line(from: (f64, f64), to: (f64, f64)) -> Path {
        let point = |(x, y)| Point { x, y };
        Path { start: point(from), pieces: vec![Piece::Line(point(to))] }
    }

    #[test]
    fn lines_cross_inside_and_not_at_their_ends() {
        let cross = line((0.0, 10.0), (10.0, 0.0));
        assert_eq!(crossings(&[line((0.0, 0.0), (10.0, 10.0)), cross.clone()]), 1);
        assert_eq!(crossings(&[line((0.0, 10.0), (0.0, 0.0)), cross]), 0);
    }

    #[test]
    fn a_line_enters_a_box_or_passes_it() {
        let rect = Rect { x: 10.0, y: 10.0, width: 10.0, height: 10.0 };
        let at = |x, y| Point { x, y };
        for (a, b, inside) in [
            (at(0.0, 0.0), at(30.0, 30.0), true),
            (at(0.0, 15.0), at(30.0, 15.0), true),
            (at(0.0, 10.0), at(30.0, 10.0), false),
            (at(0.0, 0.0), at(9.0, 30.0), false),
            (at(15.0, 15.0), at(16.0, 16.0), true),
        ] {
            assert_eq!(enters(a, b, &rect), inside, "{a:?} {b:?}");
        }
    }
}
