//! Where things stand: nothing covers anything, no line runs through others, all of it is on the page; and how good
//! the layout is.

use super::geometry::{crossing, distance, length_inside, length_of, pairs};
use super::read::{Arrow, Kind, Page, Thing};
use super::report::Check;
use crate::draw::picture::Rect;

/// What is no more than rounding, in px.
const SLACK: f64 = 0.75;
/// How far a line may end from its box, in px: the head is drawn in between.
const REACH: f64 = 13.0;
/// How far a label may stand from its line, in px.
const BESIDE: f64 = 12.0;

/// 1: no two boxes, labels or texts intersect, and no text leaves its own box.
pub(super) fn apart(page: &Page<'_>) -> Check {
    let mut check = Check::new(1, "boxes, labels and texts keep apart");
    for (at, one) in page.things.iter().enumerate() {
        for two in page.things.iter().skip(at + 1) {
            check.look();
            if let Some(common) = common(&one.bounds.grown(-SLACK / 2.0), &two.bounds.grown(-SLACK / 2.0)) {
                let (width, height) = (common.width, common.height);
                check.error(format!("{} and {} overlap by {width:.0} x {height:.0} px", one.name, two.name));
            }
        }
        let Some(frame) = one.frame.map(|it| it.grown(SLACK)) else { continue };
        for text in page.texts.iter().filter(|it| within(it.element, one)) {
            let fits = text.bounds.x >= frame.x && text.bounds.right() <= frame.right();
            let fits = fits && text.bounds.y >= frame.y - 3.0 && text.bounds.bottom() <= frame.bottom() + 3.0;
            check.expect(fits, || format!("“{}” does not fit into {}", text.text, one.name));
        }
    }
    // Lines of one text over each other.
    for (at, one) in page.texts.iter().enumerate() {
        let rest = page.texts.iter().skip(at + 1).filter(|it| it.element.parent() == one.element.parent());
        for two in rest {
            // Letters of neighbouring lines may touch; half of them must be clear.
            let overlap = common(&one.bounds, &two.bounds).map_or(0.0, |it| it.height);
            check.expect(overlap < one.bounds.height / 2.0 || one.element == two.element, || {
                format!("“{}” and “{}” stand over each other", one.text, two.text)
            });
        }
    }
    check
}

/// 2: lines reach their boxes and labels, and enter no others.
pub(super) fn lines(page: &Page<'_>) -> Check {
    let mut check = Check::new(2, "lines join their boxes and enter no others");
    for arrow in &page.arrows {
        check.expect(arrow.path.len() > 1, || format!("{} has no line", arrow.id));
        for (end, point, name) in [(arrow.from, arrow.path.first(), "begins"), (arrow.to, arrow.path.last(), "ends")] {
            match (end.and_then(|it| page.things.get(it)), point) {
                (Some(thing), Some(point)) => {
                    let far = distance(*point, &thing.frame.unwrap_or(thing.bounds));
                    check.expect(far <= REACH, || format!("{} {name} {far:.0} px from {}", arrow.id, thing.name));
                }
                (None, _) => check.error(format!("{} {name} at no box of the picture", arrow.id)),
                (_, None) => {}
            }
        }
        for (at, thing) in page.things.iter().enumerate() {
            check.look();
            let room = match thing.kind {
                // Through the middle of its own box a line would cross its name.
                Kind::Node if Some(at) == arrow.from || Some(at) == arrow.to => middle(&thing.bounds),
                // Its own label lies on its line, on a ground that hides it.
                Kind::Label if is_of(thing, arrow) && thing.frame.is_some() => continue,
                _ => thing.frame.unwrap_or(thing.bounds).grown(-1.0),
            };
            let inside = length_inside(&arrow.path, &room);
            if inside > SLACK {
                check.error(format!("{} runs {inside:.0} px through {}", arrow.id, thing.name));
            }
        }
    }
    for label in page.things.iter().filter(|it| it.kind == Kind::Label) {
        let Some(arrow) = page.arrows.iter().find(|it| is_of(label, it)) else {
            check.error(format!("{} belongs to no arrow of the picture", label.name));
            continue;
        };
        let room = label.frame.unwrap_or(label.bounds).grown(BESIDE);
        check.expect(length_inside(&arrow.path, &room) > 0.0, || {
            format!("{} stands more than {BESIDE} px from its line", label.name)
        });
    }
    check
}

/// 3: everything is on the page.
pub(super) fn on_the_page(page: &Page<'_>) -> Check {
    let mut check = Check::new(3, "everything lies on the page");
    let room = page.view.grown(SLACK);
    let outside = |it: &Rect| {
        let sides = [room.x - it.x, it.right() - room.right(), room.y - it.y, it.bottom() - room.bottom()];
        sides.into_iter().fold(0.0, f64::max)
    };
    for text in &page.texts {
        let by = outside(&text.bounds);
        check.expect(by <= 0.0, || format!("“{}” leaves the page by {by:.0} px", text.text));
    }
    for shape in &page.shapes {
        let by = outside(&shape.bounds);
        let name = || super::name_of(shape.element);
        check.expect(by <= 0.0, || format!("{} leaves the page by {by:.0} px", name()));
    }
    check
}

/// How good the layout is: numbers to compare two layouts of one answer by.
pub(super) fn scores(page: &Page<'_>) -> Vec<(&'static str, f64)> {
    let mut crossings = 0_u32;
    let mut hidden = 0.0_f64;
    for (at, one) in page.arrows.iter().enumerate() {
        for two in page.arrows.iter().skip(at + 1) {
            let labels: Vec<&Thing<'_>> = page.things.iter().filter(|it| it.kind == Kind::Label).collect();
            for (a, b) in pairs(&one.path) {
                for (c, d) in pairs(&two.path) {
                    // Under a label nobody sees lines cross.
                    let seen =
                        crossing(a, b, c, d).filter(|it| labels.iter().all(|label| distance(*it, &label.bounds) > 0.0));
                    crossings += u32::from(seen.is_some());
                }
            }
        }
        let own = page.things.iter().filter(|it| is_of(it, one)).filter_map(|it| it.frame);
        let covered: f64 = own.map(|it| length_inside(&one.path, &it)).sum();
        hidden = hidden.max(covered / length_of(&one.path).max(1.0));
    }
    #[expect(clippy::cast_precision_loss, reason = "a picture has no 2^52 parts")]
    let count = |it: usize| it as f64;
    vec![
        ("boxes", count(page.things.iter().filter(|it| it.kind == Kind::Node).count())),
        ("arrows", count(page.arrows.len())),
        ("facts", count(page.entries.len())),
        ("crossings", f64::from(crossings)),
        ("width", page.view.width),
        ("height", page.view.height),
        ("line hidden by its label, at most", hidden),
    ]
}

fn is_of(label: &Thing<'_>, arrow: &Arrow<'_>) -> bool {
    label.kind == Kind::Label && label.element.attribute("data-arrow") == Some(arrow.id)
}

fn within(element: super::read::Element<'_>, thing: &Thing<'_>) -> bool {
    element.ancestors().any(|it| it == thing.element)
}

/// What two rectangles have in common.
fn common(one: &Rect, two: &Rect) -> Option<Rect> {
    let (x, y) = (one.x.max(two.x), one.y.max(two.y));
    let (width, height) = (one.right().min(two.right()) - x, one.bottom().min(two.bottom()) - y);
    (width > 0.0 && height > 0.0).then_some(Rect { x, y, width, height })
}

/// The middle half of a rectangle.
fn middle(it: &Rect) -> Rect {
    Rect { x: it.x + it.width / 4.0, y: it.y + it.height / 4.0, width: it.width / 2.0, height: it.height / 2.0 }
}
