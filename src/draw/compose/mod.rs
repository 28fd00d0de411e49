//! A scene on a page: texts are set, boxes laid out, and head, legend and small print put around them.

mod label;
pub(crate) mod page;

use label::{Entries, NodeText, Setting};
use page::Page;

use super::error::DrawError;
use super::font::FontSet;
use super::layout::{
    Attempts, Boxes, Candidate, Dugong, Edge, Graphviz, Layout, Misfit, Pinned, Placed, Stuck, Wishes, pin,
};
use super::picture::{Label, Picture, PlacedArrow, PlacedNode, Point, Rect};
use super::ruler::Ruler;
use super::scene::{Scene, Shape, Text};
use super::{DrawOptions, Engine};
use crate::model::LineStyle;

/// Puts a scene on a page of the size asked for.
///
/// # Errors
///
/// [`DrawError`] if there is nothing to draw, or if it does not fit.
pub(crate) fn compose(scene: &Scene, options: &DrawOptions, fonts: &FontSet) -> Result<Picture, DrawError> {
    if scene.nodes.is_empty() {
        return Err(DrawError::Empty);
    }
    let ruler = Ruler::new(fonts);
    let mut page = Page::new(options.size, &ruler);
    page.head(&scene.title, scene.subtitle.as_deref());
    let legend_and_foot = |page: &mut Page<'_, '_>| {
        page.legend(&page::signs(scene));
        page.foot(&scene.small_print);
    };
    let room = match options.size.height() {
        Some(height) => {
            let mut around = page.clone();
            legend_and_foot(&mut around);
            Some((f64::from(height) - around.height()).max(0.0))
        }
        None => None,
    };
    // A page that is not given a height may scroll, but nobody follows a line over several screens.
    let most = LONGEST.max(f64::from(options.size.width()) * STEEPEST);
    let (setting, candidate, placed) = lay_out(scene, options, &ruler, page.inner_width(), room.unwrap_or(most))?;
    let mut placed = placed;
    let pins = pins(scene, options)?;
    if !pins.is_empty() {
        let boxes = boxes(scene, &candidate);
        let height = room.unwrap_or(0.0);
        pin(&mut placed, &boxes, &pins, page.inner_width(), height).map_err(|it| stuck(scene, it))?;
    }
    if room.is_none() && placed.height > most {
        return Err(DrawError::TooMuch {
            width: options.size.width(),
            needed: whole(placed.height),
            most: whole(most),
            boxes: scene.nodes.len(),
            labels: labels(scene),
        });
    }
    let body = page.body(placed.width, placed.height, room);
    placed.shift(body.x, body.y);
    let nodes = nodes(scene, &candidate.nodes, &placed, setting, &ruler);
    let arrows = arrows(scene, &candidate.labels, &placed, setting, &ruler);
    legend_and_foot(&mut page);
    let needed = page.height();
    if let Some(height) = options.size.height().filter(|it| needed > f64::from(*it) + 0.5) {
        return Err(DrawError::TooHigh { height, needed: whole(needed) });
    }
    Ok(page.finish(scene, nodes, arrows))
}

/// How high a drawing may be that is not given a height: about two screens of a phone.
const LONGEST: f64 = 1300.0;
/// And in relation to its width.
const STEEPEST: f64 = 2.1;

fn labels(scene: &Scene) -> usize {
    scene.arrows.iter().filter(|it| !it.lines.is_empty()).count()
}

/// Texts in lines, for one way to set them.
struct Texts {
    nodes: Vec<NodeText>,
    labels: Vec<Option<Entries>>,
}

/// Tries ways to set the texts and keeps the best: letters of the usual size first, then the smallest that are legible.
fn lay_out(
    scene: &Scene,
    options: &DrawOptions,
    ruler: &Ruler<'_>,
    width: f64,
    height: f64,
) -> Result<(Setting, Texts, Placed), DrawError> {
    let mut needed = f64::INFINITY;
    let layout: &dyn Layout = match options.engine {
        Engine::BuiltIn => &Attempts(Dugong),
        engine => &Graphviz(engine),
    };
    let mut best: Option<(Setting, Texts, Placed)> = None;
    for setting in [Setting::USUAL, Setting::SMALL] {
        let mut texts = Vec::new();
        let mut candidates = Vec::new();
        for (flow, shape) in label::shapes(width) {
            let set = Texts {
                nodes: scene.nodes.iter().map(|it| NodeText::new(it, setting, shape, ruler)).collect(),
                labels: scene.arrows.iter().map(|it| Entries::new(&it.lines, setting, shape, ruler)).collect(),
            };
            candidates.push(Candidate { flow, boxes: boxes(scene, &set) });
            texts.push(set);
        }
        let wishes = Wishes { width, height, order: wished(scene, options), path: scene.path.clone() };
        match layout.place(&candidates, &wishes) {
            Ok((at, placed)) if at < texts.len() => {
                let found = (setting, texts.swap_remove(at), placed);
                // Smaller letters are for what is too high with the usual ones.
                if found.2.height <= height || best.as_ref().is_none_or(|it| found.2.height < it.2.height) {
                    best = Some(found);
                }
                if best.as_ref().is_some_and(|it| it.2.height <= height) {
                    break;
                }
            }
            Ok(_) => {}
            Err(Misfit::TooWide(it)) => needed = needed.min(it),
            Err(Misfit::Failed(said)) => return Err(DrawError::Graphviz(said)),
        }
    }
    let margins = f64::from(options.size.width()) - width;
    best.ok_or(DrawError::TooNarrow {
        width: options.size.width(),
        needed: needed.is_finite().then(|| whole(needed + margins)),
        boxes: scene.nodes.len(),
        labels: labels(scene),
    })
}

fn whole(px: f64) -> u32 {
    // Pages are far smaller than the largest number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of the type")]
    let whole = px.ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}

fn boxes(scene: &Scene, texts: &Texts) -> Boxes {
    let edges = scene.arrows.iter().zip(&texts.labels).map(|(arrow, label)| Edge {
        from: arrow.from,
        to: arrow.to,
        label: label.as_ref().map(Entries::size),
    });
    Boxes { nodes: texts.nodes.iter().map(NodeText::size).collect(), edges: edges.collect() }
}

/// The nodes of pins.
fn pins(scene: &Scene, options: &DrawOptions) -> Result<Vec<Pinned>, DrawError> {
    let mut found = Vec::new();
    for it in &options.pins {
        if !((0.0..=1.0).contains(&it.x) && (0.0..=1.0).contains(&it.y)) {
            return Err(DrawError::Pin(format!(
                "the pin of `{}` lies outside the page: {}, {} (both are shares from 0 to 1)",
                it.entity, it.x, it.y
            )));
        }
        let node = scene.nodes.iter().position(|node| node.entity.as_ref() == Some(&it.entity));
        let node =
            node.ok_or_else(|| DrawError::Pin(format!("`{}` has a pin, and is not in the picture", it.entity)))?;
        found.push((node, Point { x: it.x, y: it.y }));
    }
    Ok(found)
}

fn stuck(scene: &Scene, it: Stuck) -> DrawError {
    let name = |at: usize| scene.nodes.get(at).and_then(|it| it.entity.as_deref()).unwrap_or_default();
    DrawError::Pin(match it {
        Stuck::Overlap(a, b) => format!("the pins of `{}` and `{}` lie on each other", name(a), name(b)),
        Stuck::NoRoom => {
            "the pins leave no room for the other boxes and labels: move them apart, or leave some out".to_owned()
        }
    })
}

/// Nodes of the entities whose order somebody wishes.
fn wished(scene: &Scene, options: &DrawOptions) -> Vec<usize> {
    let position = |id: &String| scene.nodes.iter().position(|it| it.entity.as_ref() == Some(id));
    options.order.iter().filter_map(position).collect()
}

fn nodes(scene: &Scene, texts: &[NodeText], placed: &Placed, setting: Setting, ruler: &Ruler<'_>) -> Vec<PlacedNode> {
    let nodes = scene.nodes.iter().zip(texts).zip(&placed.nodes).map(|((node, text), rect)| PlacedNode {
        id: node.id.clone(),
        entity: node.entity.clone(),
        shape: node.shape,
        focus: node.focus,
        facts: node.facts.clone(),
        name: match &node.text {
            Text::Name(name) => name.clone(),
            Text::Facts(_) => String::new(),
        },
        rect: *rect,
        lines: text.name_lines(*rect, setting, ruler),
        badge: text.badge_lines(*rect, setting, ruler),
        entries: text.entries(*rect, setting, ruler),
    });
    nodes.collect()
}

fn arrows(
    scene: &Scene,
    labels: &[Option<Entries>],
    placed: &Placed,
    setting: Setting,
    ruler: &Ruler<'_>,
) -> Vec<PlacedArrow> {
    let arrows = scene.arrows.iter().zip(labels).zip(placed.paths.iter().zip(&placed.labels));
    let arrows = arrows.map(|((arrow, entries), (path, rect))| PlacedArrow {
        id: arrow.id.clone(),
        from: arrow.from,
        to: arrow.to,
        directed: arrow.directed,
        status: arrow.status,
        happened: arrow.happened,
        outcome: arrow.outcome,
        heavy: arrow.style == LineStyle::Bold,
        facts: arrow.facts.clone(),
        path: path.clone(),
        label: entries
            .as_ref()
            .zip(*rect)
            .map(|(entries, rect)| Label { rect, entries: entries.placed(rect, setting, ruler) }),
    });
    arrows.collect()
}

/// Space between the outline of a box and its text, beside it and above it.
fn padding(shape: Shape) -> (f64, f64) {
    use crate::model::EntityKind;
    match shape {
        Shape::Entity(EntityKind::Person | EntityKind::Vessel) => (16.0, 8.0),
        Shape::Entity(EntityKind::Place | EntityKind::Materiel | EntityKind::Document) => (14.0, 8.0),
        Shape::Entity(EntityKind::Population) => (14.0, 10.0),
        Shape::Plain => (4.0, 3.0),
        _ => (12.0, 8.0),
    }
}

/// The part of a box that is free for text.
fn inner(rect: Rect, shape: Shape) -> Rect {
    let (beside, above) = padding(shape);
    Rect { x: rect.x + beside, y: rect.y + above, width: rect.width - 2.0 * beside, height: rect.height - 2.0 * above }
}
