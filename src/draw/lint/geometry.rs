//! Shapes of SVG as points, and where they meet.

use svgtypes::{SimplePathSegment, SimplifyingPathParser, Transform};

use super::read::Element;
use crate::draw::picture::{Point, Rect};

/// Steps into which a curve is cut: at 1200 px the error stays far below a pixel.
const STEPS: u32 = 16;

/// A line through points; closed ones end where they begin.
pub(super) type Line = Vec<Point>;

/// The outline of a basic shape or path in the coordinates of the page; none for other elements, and for a path whose
/// data cannot be read.
pub(super) fn outline(element: Element<'_>, place: Transform) -> Option<Vec<Line>> {
    let number = |name: &str| length(element.attribute(name).unwrap_or("0"));
    let lines = match element.tag_name().name() {
        "rect" => {
            let (x, y, width, height) = (number("x")?, number("y")?, number("width")?, number("height")?);
            vec![corners(&Rect { x, y, width, height })]
        }
        "circle" => {
            let r = number("r")?;
            vec![ellipse(number("cx")?, number("cy")?, r, r)]
        }
        "ellipse" => vec![ellipse(number("cx")?, number("cy")?, number("rx")?, number("ry")?)],
        "line" => {
            vec![vec![Point { x: number("x1")?, y: number("y1")? }, Point { x: number("x2")?, y: number("y2")? }]]
        }
        "polyline" | "polygon" => {
            let points = svgtypes::PointsParser::from(element.attribute("points").unwrap_or(""));
            let mut line: Line = points.map(|(x, y)| Point { x, y }).collect();
            if element.tag_name().name() == "polygon" {
                line.extend(line.first().copied());
            }
            vec![line]
        }
        "path" => path(element.attribute("d").unwrap_or(""))?,
        _ => return None,
    };
    Some(lines.into_iter().map(|line| line.into_iter().map(|it| moved(it, place)).collect()).collect())
}

/// A length in pixels; other units than `px` have no place in a picture of ours.
pub(super) fn length(text: &str) -> Option<f64> {
    text.trim().trim_end_matches("px").parse().ok().filter(|it: &f64| it.is_finite())
}

/// The rectangle as a closed line.
pub(super) fn corners(rect: &Rect) -> Line {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)].map(|(x, y)| Point { x, y }).to_vec()
}

pub(super) fn moved(it: Point, place: Transform) -> Point {
    Point { x: place.a * it.x + place.c * it.y + place.e, y: place.b * it.x + place.d * it.y + place.f }
}

/// `outer` after `inner`: what is inside a moved group.
pub(super) fn combined(outer: Transform, inner: Transform) -> Transform {
    Transform::new(
        outer.a * inner.a + outer.c * inner.b,
        outer.b * inner.a + outer.d * inner.b,
        outer.a * inner.c + outer.c * inner.d,
        outer.b * inner.c + outer.d * inner.d,
        outer.a * inner.e + outer.c * inner.f + outer.e,
        outer.b * inner.e + outer.d * inner.f + outer.f,
    )
}

fn ellipse(x: f64, y: f64, rx: f64, ry: f64) -> Line {
    let count = 4 * STEPS;
    let at = |it: u32| f64::from(it) / f64::from(count) * std::f64::consts::TAU;
    (0..=count).map(|it| Point { x: x + rx * at(it).cos(), y: y + ry * at(it).sin() }).collect()
}

fn path(data: &str) -> Option<Vec<Line>> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut start, mut last) = (Point::default(), Point::default());
    for piece in SimplifyingPathParser::from(data) {
        match piece.ok()? {
            SimplePathSegment::MoveTo { x, y } => {
                start = Point { x, y };
                lines.push(vec![start]);
                last = start;
            }
            SimplePathSegment::LineTo { x, y } => {
                last = Point { x, y };
                lines.last_mut()?.push(last);
            }
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => {
                let line = lines.last_mut()?;
                for step in 1..=STEPS {
                    let t = f64::from(step) / f64::from(STEPS);
                    let s = 1.0 - t;
                    let mix = |a: f64, b: f64, c: f64, d: f64| {
                        s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
                    };
                    line.push(Point { x: mix(last.x, x1, x2, x), y: mix(last.y, y1, y2, y) });
                }
                last = Point { x, y };
            }
            SimplePathSegment::Quadratic { x1, y1, x, y } => {
                let line = lines.last_mut()?;
                for step in 1..=STEPS {
                    let t = f64::from(step) / f64::from(STEPS);
                    let s = 1.0 - t;
                    let mix = |a: f64, b: f64, c: f64| s * s * a + 2.0 * s * t * b + t * t * c;
                    line.push(Point { x: mix(last.x, x1, x), y: mix(last.y, y1, y) });
                }
                last = Point { x, y };
            }
            SimplePathSegment::ClosePath => {
                lines.last_mut()?.push(start);
                last = start;
            }
        }
    }
    Some(lines)
}

/// The least rectangle around points; none without points.
pub(super) fn bounds<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Rect> {
    let mut points = points.into_iter();
    let first = *points.next()?;
    let (mut least, mut most) = (first, first);
    for it in points {
        least = Point { x: least.x.min(it.x), y: least.y.min(it.y) };
        most = Point { x: most.x.max(it.x), y: most.y.max(it.y) };
    }
    Some(Rect { x: least.x, y: least.y, width: most.x - least.x, height: most.y - least.y })
}

/// The least rectangle around both.
pub(super) fn union(one: Rect, two: Rect) -> Rect {
    let (x, y) = (one.x.min(two.x), one.y.min(two.y));
    Rect { x, y, width: one.right().max(two.right()) - x, height: one.bottom().max(two.bottom()) - y }
}

/// Whether a point lies inside closed lines (even-odd).
pub(super) fn contains(lines: &[Line], point: Point) -> bool {
    let mut inside = false;
    for (a, b) in lines.iter().flat_map(|it| it.windows(2)).filter_map(|it| Some((it.first()?, it.last()?))) {
        if (a.y > point.y) != (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
    }
    inside
}

/// The part of a straight line inside a rectangle, as shares of its length (Liang and Barsky 1984).
pub(super) fn inside(a: Point, b: Point, rect: &Rect) -> Option<(f64, f64)> {
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    for (step, room) in [(-dx, a.x - rect.x), (dx, rect.right() - a.x), (-dy, a.y - rect.y), (dy, rect.bottom() - a.y)]
    {
        if step == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enters = enters.max(room / step);
        } else {
            leaves = leaves.min(room / step);
        }
    }
    (enters < leaves).then_some((enters, leaves))
}

/// How many pixels of a line lie inside a rectangle.
pub(super) fn length_inside(line: &[Point], rect: &Rect) -> f64 {
    let pieces = pairs(line);
    pieces.filter_map(|(a, b)| inside(a, b, rect).map(|(from, to)| (to - from) * (b.x - a.x).hypot(b.y - a.y))).sum()
}

/// The length of a line.
pub(super) fn length_of(line: &[Point]) -> f64 {
    pairs(line).map(|(a, b)| (b.x - a.x).hypot(b.y - a.y)).sum()
}

/// The straight pieces of a line.
pub(super) fn pairs(line: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    line.windows(2).filter_map(|it| Some((*it.first()?, *it.last()?)))
}

/// How far a point is from a rectangle; 0 inside.
pub(super) fn distance(point: Point, rect: &Rect) -> f64 {
    let x = (rect.x - point.x).max(point.x - rect.right()).max(0.0);
    let y = (rect.y - point.y).max(point.y - rect.bottom()).max(0.0);
    x.hypot(y)
}

/// Where two straight pieces cross, ends not counted.
pub(super) fn crossing(a: Point, b: Point, c: Point, d: Point) -> Option<Point> {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    let (one, two, three, four) = (side(c, d, a), side(c, d, b), side(a, b, c), side(a, b, d));
    let crossed = one * two < 0.0 && three * four < 0.0;
    let share = one / (one - two);
    crossed.then_some(Point { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect { x: 10.0, y: 10.0, width: 20.0, height: 10.0 };

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    #[test]
    fn lines_are_measured_inside_boxes() {
        let through = [at(0.0, 15.0), at(40.0, 15.0)];
        assert!((length_inside(&through, &BOX) - 20.0).abs() < 1e-9);
        assert_eq!(length_inside(&[at(0.0, 0.0), at(40.0, 5.0)], &BOX), 0.0);
        assert_eq!(inside(at(0.0, 10.0), at(5.0, 10.0), &BOX), None);
        assert_eq!(distance(at(33.0, 24.0), &BOX), 5.0);
    }

    #[test]
    fn arcs_and_curves_become_points() {
        let circle = path("M0 5A5 5 0 0 1 10 5A5 5 0 0 1 0 5z").unwrap();
        let box_of = bounds(circle.iter().flatten()).unwrap();
        assert!((box_of.height - 10.0).abs() < 0.05 && (box_of.width - 10.0).abs() < 0.05);
        assert!(contains(&circle, at(5.0, 5.0)) && !contains(&circle, at(0.5, 0.5)));
        assert!(path("M0 0L").is_none() && path("L3 3").is_none());
    }

    #[test]
    fn crossings_count_without_ends() {
        assert!(crossing(at(0.0, 0.0), at(4.0, 4.0), at(0.0, 4.0), at(4.0, 0.0)).is_some());
        assert!(crossing(at(0.0, 0.0), at(4.0, 4.0), at(4.0, 4.0), at(8.0, 0.0)).is_none());
    }
}
