//! What things look like: size of letters, contrast, and that lines and marks tell the status of their facts.

use super::colour::{Rgb, WHITE};
use super::geometry::{contains, distance, pairs};
use super::read::{Element, Page, Shape, has_class};
use super::report::Check;
use super::style::Screen;
use super::{name_of, status_of, weakest};
use crate::draw::picture::Point;
use crate::draw::status_style::{Mark, STATUS_STYLES, StatusStyle};

/// Smallest letters at the final size, in px.
const LEAST_PX: f64 = 11.0;
/// Least contrast of text, <https://www.w3.org/TR/WCAG21/#contrast-minimum>.
const TEXT_CONTRAST: f64 = 4.5;
/// Least contrast of lines, <https://www.w3.org/TR/WCAG21/#non-text-contrast>.
const LINE_CONTRAST: f64 = 3.0;

/// 4: no letters are too small at the final width.
pub(super) fn letters(page: &Page<'_>) -> Check {
    let mut check = Check::new(4, "letters are at least 11 px high");
    for text in &page.texts {
        check.expect(text.px >= LEAST_PX - 0.01, || format!("“{}” is {:.1} px high", text.text, text.px));
    }
    check
}

/// 5: text and lines stand out from what is behind them, on light and on dark screens.
pub(super) fn contrast(page: &Page<'_>) -> Check {
    let mut check = Check::new(5, "text has a contrast of 4.5:1, lines of 3:1");
    for screen in page.styles.screens() {
        let on = if *screen == Screen::Dark { " on a dark screen" } else { "" };
        for text in &page.texts {
            let ground = ground(page, text.bounds.middle(), text.order, *screen);
            let ratio = seen(page, text.element, "fill", ground, *screen).map_or(1.0, |it| it.contrast(ground));
            check.expect(ratio >= TEXT_CONTRAST, || {
                format!("“{}” has a contrast of {:.1}:1{on}", text.text, floor(ratio))
            });
        }
        for shape in page.shapes.iter().filter(|it| SIGNS.iter().any(|class| has_class(it.element, class))) {
            check.look();
            let Some(ratio) = shape_contrast(page, shape, *screen) else { continue };
            if ratio < LINE_CONTRAST {
                check.error(format!("{} has a contrast of {:.1}:1{on}", name_of(shape.element), floor(ratio)));
            }
        }
    }
    check
}

/// Classes of shapes that say something.
const SIGNS: [&str; 5] = ["line", "head", "mark", "sample", "box"];

/// The contrast of a shape with what is behind it, where it is least; none for a ground without an outline.
fn shape_contrast(page: &Page<'_>, shape: &Shape<'_>, screen: Screen) -> Option<f64> {
    let is_ground = has_class(shape.element, "box");
    let has_stroke = page.colour(shape.element, "stroke", screen).is_some();
    let property = if has_stroke { "stroke" } else { "fill" };
    if is_ground && !has_stroke {
        return None;
    }
    let is_line = has_class(shape.element, "line");
    let points: Vec<Point> = if is_line {
        shape
            .lines
            .iter()
            .flat_map(|it| pairs(it))
            .map(|(a, b)| Point { x: (a.x + b.x) / 2.0, y: (a.y + b.y) / 2.0 })
            .collect()
    } else {
        vec![shape.bounds.middle()]
    };
    let ratios = points.iter().map(|it| {
        let ground = ground(page, *it, shape.order, screen);
        seen(page, shape.element, property, ground, screen).map_or(1.0, |it| it.contrast(ground))
    });
    Some(ratios.fold(21.0, f64::min))
}

/// What is painted before `order` at a point.
fn ground(page: &Page<'_>, point: Point, order: usize, screen: Screen) -> Rgb {
    let mut colour = WHITE;
    for shape in page.shapes.iter().filter(|it| it.order < order) {
        let [light, dark] = shape.fill;
        let Some((fill, opacity)) = (if screen == Screen::Dark { dark } else { light }) else { continue };
        if distance(point, &shape.bounds) <= 0.0 && contains(&shape.lines, point) {
            colour = fill.over(colour, opacity);
        }
    }
    colour
}

/// The colour that is seen; none if it is not painted.
fn seen<'a>(page: &Page<'a>, element: Element<'a>, property: &str, ground: Rgb, screen: Screen) -> Option<Rgb> {
    page.colour(element, property, screen).map(|(colour, opacity)| colour.over(ground, opacity))
}

/// One decimal, never rounded up to a limit.
fn floor(ratio: f64) -> f64 {
    (ratio * 10.0).floor() / 10.0
}

/// 8: dashes and marks are those of the status, an arrow looks like the weakest of its facts, and what did not happen
/// has a hollow head.
pub(super) fn statuses(page: &Page<'_>) -> Check {
    let mut check = Check::new(8, "lines and marks tell the status, a bundle that of its weakest fact");
    for entry in &page.entries {
        let word = entry.element.attribute("data-status").unwrap_or("");
        let Some(style) = status_of(word) else {
            check.error(format!("{} has the unknown status `{word}`", entry.fact));
            continue;
        };
        check_mark(&mut check, page, entry.element, style, entry.fact);
    }
    for arrow in &page.arrows {
        let word = arrow.element.attribute("data-status").unwrap_or("");
        let of_facts = page.entries.iter().filter(|it| arrow.facts.contains(&it.fact));
        let of_facts: Vec<_> = of_facts.filter_map(|it| status_of(it.element.attribute("data-status")?)).collect();
        let Some(weakest) = weakest(&of_facts) else { continue };
        check.expect(word == weakest.word, || {
            format!("{} says `{word}`, its weakest fact is `{}`", arrow.id, weakest.word)
        });
        let line = page
            .shapes
            .iter()
            .find(|it| has_class(it.element, "line") && it.element.ancestors().any(|it| it == arrow.element));
        if let Some(line) = line {
            check_dashes(&mut check, page, line.element, weakest, arrow.id);
        }
        // A bundle holds what happened or what did not, never both; several outcomes are several of what did not.
        let mut outcomes = page.entries.iter().filter(|it| arrow.facts.contains(&it.fact));
        let other = outcomes.find_map(|it| it.element.attribute("data-outcome").filter(|it| *it != "happened"));
        if let Some(outcome) = other {
            check.expect(arrow.filled_head != Some(true), || {
                format!("{} is `{outcome}` and has the filled head of what happened", arrow.id)
            });
        }
    }
    for span in page.root.descendants().filter(|it| has_class(*it, "span")) {
        let fact = span.attribute("data-of").unwrap_or("");
        let entry = page.entries.iter().find(|it| it.fact == fact).map(|it| it.element);
        let (told, own) = (entry.and_then(|it| it.attribute("data-status")), span.attribute("data-status"));
        check.expect(told == own, || format!("the bar of {fact} has another status than its words"));
    }
    for style in &STATUS_STYLES {
        let sign = format!("status-{}", style.word);
        let item = page.root.descendants().find(|it| it.attribute("data-legend") == Some(sign.as_str()));
        let Some(item) = item else { continue };
        let sample = item.descendants().find(|it| has_class(*it, "sample"));
        match sample {
            Some(sample) => check_dashes(&mut check, page, sample, style, &sign),
            None => check.error(format!("the legend shows no line for `{}`", style.word)),
        }
        check_mark(&mut check, page, item, style, &sign);
    }
    check
}

fn check_dashes<'a>(check: &mut Check, page: &Page<'a>, line: Element<'a>, style: &StatusStyle, name: &str) {
    for screen in page.styles.screens() {
        let dashes = page.styles.inherited(line, "stroke-dasharray", *screen).unwrap_or("none");
        check.expect(numbers(dashes) == numbers(style.dashes), || {
            let wanted = if style.dashes.is_empty() { "none" } else { style.dashes };
            format!("{name}: the line has the dashes `{dashes}`, those of `{}` are `{wanted}`", style.word)
        });
    }
}

fn check_mark<'a>(check: &mut Check, page: &Page<'a>, holder: Element<'a>, style: &StatusStyle, name: &str) {
    let mark =
        page.shapes.iter().find(|it| has_class(it.element, "mark") && it.element.ancestors().any(|it| it == holder));
    let Some(mark) = mark else {
        check.error(format!("{name} has no mark of its status"));
        return;
    };
    let Mark { path, filled } = style.mark;
    check.expect(mark.element.attribute("d") == Some(path), || {
        format!("{name} has another mark than that of `{}`", style.word)
    });
    let fill = page.colour(mark.element, "fill", Screen::Light).is_some();
    check.expect(fill == filled, || {
        let (is, wanted) = if fill { ("filled", "hollow") } else { ("hollow", "filled") };
        format!("the mark of {name} is {is}, that of `{}` is {wanted}", style.word)
    });
}

/// Dashes as numbers, for comparison: `7,4` and `7 4px` are the same.
fn numbers(dashes: &str) -> Vec<String> {
    let parts = dashes.split([' ', ',']).filter(|it| !it.is_empty() && *it != "none");
    parts.map(|it| it.trim_end_matches("px").to_owned()).collect()
}
