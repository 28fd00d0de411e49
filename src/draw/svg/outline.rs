//! The outlines of boxes. People as a group have a double one and never that of things.

use super::xml::number;
use crate::draw::picture::Rect;
use crate::draw::scene::Shape;
use crate::model::EntityKind;

/// The outline of a box.
pub(super) struct Outline {
    /// The path around it.
    pub(super) path: String,
    /// More lines inside.
    pub(super) inner: Option<String>,
    /// Whether the path is a line, and not only a ground.
    pub(super) has_line: bool,
    /// Whether the line is dashed.
    pub(super) dashed: bool,
}

/// The outline that a shape has in a rectangle.
pub(super) fn outline(shape: Shape, rect: Rect) -> Outline {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    let least = rect.width.min(rect.height);
    let cut = (least / 4.0).min(9.0);
    let plain = |path: String| Outline { path, inner: None, has_line: true, dashed: false };
    match shape {
        Shape::Entity(EntityKind::Country) => plain(rounded(rect, 0.0)),
        Shape::Entity(EntityKind::Organization) => plain(rounded(rect, cut)),
        Shape::Entity(EntityKind::Person) => plain(rounded(rect, least / 2.0)),
        Shape::Entity(EntityKind::Population) => {
            Outline { inner: Some(rounded(rect.grown(-3.0), (cut - 2.0).max(0.0))), ..plain(rounded(rect, cut)) }
        }
        // The corner of a crate, seen from above.
        Shape::Entity(EntityKind::Materiel) => Outline {
            inner: Some(
                polygon(&[(left, top + cut), (right - cut, top + cut), (right - cut, bottom)], false)
                    + &polygon(&[(right - cut, top + cut), (right, top)], false),
            ),
            ..plain(polygon(
                &[
                    (left, top + cut),
                    (left + cut, top),
                    (right, top),
                    (right, bottom - cut),
                    (right - cut, bottom),
                    (left, bottom),
                ],
                true,
            ))
        },
        // A hull.
        Shape::Entity(EntityKind::Vessel) => {
            plain(polygon(&[(left, top), (right, top), (right - cut * 1.3, bottom), (left + cut * 1.3, bottom)], true))
        }
        Shape::Entity(EntityKind::Place) => plain(polygon(
            &[
                (left + cut, top),
                (right - cut, top),
                (right, top + cut),
                (right, bottom - cut),
                (right - cut, bottom),
                (left + cut, bottom),
                (left, bottom - cut),
                (left, top + cut),
            ],
            true,
        )),
        // A document with a seal line.
        Shape::Entity(EntityKind::Instrument) => Outline {
            inner: Some(polygon(&[(left + 4.0, top), (left + 4.0, bottom)], false)),
            ..plain(rounded(rect, 0.0))
        },
        // A sheet with a folded corner.
        Shape::Entity(EntityKind::Document) => Outline {
            inner: Some(polygon(&[(right - cut, top), (right - cut, top + cut), (right, top + cut)], false)),
            ..plain(polygon(
                &[(left, top), (right - cut, top), (right, top + cut), (right, bottom), (left, bottom)],
                true,
            ))
        },
        Shape::Unnamed => Outline { dashed: true, ..plain(rounded(rect, cut)) },
        Shape::Plain => Outline { has_line: false, ..plain(rounded(rect, 0.0)) },
    }
}

fn polygon(points: &[(f64, f64)], closed: bool) -> String {
    let steps: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
    format!("M{}{}", steps.join("L"), if closed { "z" } else { "" })
}

fn rounded(rect: Rect, radius: f64) -> String {
    let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    if radius <= 0.0 {
        return polygon(&[(left, top), (right, top), (right, bottom), (left, bottom)], true);
    }
    let r = number(radius);
    let arc = |x: f64, y: f64| format!("A{r} {r} 0 0 1 {} {}", number(x), number(y));
    format!(
        "M{} {}H{}{}V{}{}H{}{}V{}{}z",
        number(left + radius),
        number(top),
        number(right - radius),
        arc(right, top + radius),
        number(bottom - radius),
        arc(right - radius, bottom),
        number(left + radius),
        arc(left, bottom - radius),
        number(top + radius),
        arc(left + radius, top)
    )
}
