//! A written SVG as things that can be measured: shapes and lines of text where they are seen, and which fact, box or
//! arrow they belong to.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use svgtypes::{Transform, TransformListParser, TransformListToken};

use super::colour::Rgb;
use super::geometry::{Line, bounds, combined, corners, length, moved, outline, union};
use super::style::{Screen, Styles};
use crate::draw::font::{Face, FontSet};
use crate::draw::picture::{Point, Rect};

/// An element of the picture.
pub(super) type Element<'a> = Node<'a, 'a>;

/// The picture.
pub(super) struct Page<'a> {
    /// Its first element.
    pub(super) root: Element<'a>,
    /// Its rules.
    pub(super) styles: Styles<'a>,
    /// What is seen of it.
    pub(super) view: Rect,
    /// Pixels at its final size for each of its own.
    pub(super) scale: f64,
    /// Shapes, in the order in which they are painted.
    pub(super) shapes: Vec<Shape<'a>>,
    /// Lines of text, in that order.
    pub(super) texts: Vec<Text<'a>>,
    /// Boxes, labels, and blocks of text.
    pub(super) things: Vec<Thing<'a>>,
    /// Lines from box to box.
    pub(super) arrows: Vec<Arrow<'a>>,
    /// Facts in words.
    pub(super) entries: Vec<Entry<'a>>,
}

/// A shape.
pub(super) struct Shape<'a> {
    pub(super) element: Element<'a>,
    /// Its place in the order of painting.
    pub(super) order: usize,
    pub(super) lines: Vec<Line>,
    pub(super) bounds: Rect,
    /// Its fill on light and on dark screens, with its opacity.
    pub(super) fill: [Option<(Rgb, f64)>; 2],
}

/// A line of text.
pub(super) struct Text<'a> {
    /// The element that holds it.
    pub(super) element: Element<'a>,
    pub(super) order: usize,
    pub(super) text: String,
    /// Size of its letters at the final size.
    pub(super) px: f64,
    pub(super) face: Face,
    pub(super) bounds: Rect,
}

/// What a thing on the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Who or what is drawn.
    Node,
    /// The list on an arrow.
    Label,
    /// Title, item of the legend, source, remark.
    Block,
}

/// Something that takes room.
pub(super) struct Thing<'a> {
    pub(super) element: Element<'a>,
    pub(super) kind: Kind,
    /// For messages.
    pub(super) name: String,
    /// All of it: outline, ground, text, marks.
    pub(super) bounds: Rect,
    /// Its outline or ground alone.
    pub(super) frame: Option<Rect>,
}

/// A line from box to box.
pub(super) struct Arrow<'a> {
    pub(super) element: Element<'a>,
    pub(super) id: &'a str,
    pub(super) facts: Vec<&'a str>,
    /// Its line.
    pub(super) path: Line,
    /// Whether its head is filled with the colour of its line; none without a head.
    pub(super) filled_head: Option<bool>,
    /// Positions of the boxes that it joins.
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
}

/// A fact in words.
pub(super) struct Entry<'a> {
    pub(super) element: Element<'a>,
    pub(super) fact: &'a str,
    /// Its visible text, lines joined by a space, no-break spaces as spaces.
    pub(super) text: String,
}

/// Groups in groups; pictures of ours have five.
const DEEPEST: usize = 100;

/// Classes of blocks of text.
const BLOCKS: [&str; 10] =
    ["title", "subtitle", "legend-item", "source", "remark", "left-out", "data-date", "credit", "date", "heading"];

impl<'a> Page<'a> {
    /// Reads a picture.
    ///
    /// # Errors
    ///
    /// What keeps it from being one: another first element, no size.
    pub(super) fn read(document: &'a Document<'a>, css: &'a str, fonts: &FontSet) -> Result<Page<'a>, String> {
        let root = document.root_element();
        if root.tag_name().name() != "svg" {
            return Err(format!("its first element is <{}>, not <svg>", root.tag_name().name()));
        }
        let width = root.attribute("width").and_then(length);
        let view = match root.attribute("viewBox") {
            Some(text) => {
                let it: svgtypes::ViewBox = text.parse().map_err(|_| format!("its viewBox `{text}` cannot be read"))?;
                Rect { x: it.x, y: it.y, width: it.w, height: it.h }
            }
            None => {
                let height = root.attribute("height").and_then(length);
                let (width, height) =
                    width.zip(height).ok_or("it has neither a viewBox nor a width and height in px")?;
                Rect { x: 0.0, y: 0.0, width, height }
            }
        };
        let scale = width.map_or(1.0, |it| it / view.width);
        let mut page = Page {
            root,
            styles: Styles::new(css),
            view,
            scale,
            shapes: Vec::new(),
            texts: Vec::new(),
            things: Vec::new(),
            arrows: Vec::new(),
            entries: Vec::new(),
        };
        page.paint(root, Transform::default(), fonts, &mut 0, 0)?;
        page.find_things();
        page.find_arrows();
        page.find_entries();
        Ok(page)
    }

    /// Whether an element is, or stands in, one of that class.
    pub(super) fn is_in(element: Element<'_>, class: &str) -> bool {
        element.ancestors().any(|it| has_class(it, class))
    }

    /// The colour of `property` on a shape or text, with its opacity; none if it is not painted.
    pub(super) fn colour(&self, element: Element<'a>, property: &str, screen: Screen) -> Option<(Rgb, f64)> {
        let default = if property == "fill" { "#000" } else { "none" };
        let (colour, own) = Rgb::read(self.styles.inherited(element, property, screen).unwrap_or(default))?;
        let share = self.styles.inherited(element, &format!("{property}-opacity"), screen);
        let share = share.and_then(|it| it.parse::<f64>().ok()).unwrap_or(1.0).clamp(0.0, 1.0);
        Some((colour, own * share * self.styles.opacity(element, screen)))
    }

    /// The visible text inside an element, no-break spaces as spaces. Lines are joined by a space, but not a word that was broken at its hyphen.
    pub(super) fn text_of(&self, element: Element<'a>) -> String {
        let inside = element.range();
        let lines = self
            .texts
            .iter()
            .filter(|it| inside.start <= it.element.range().start && it.element.range().end <= inside.end);
        let mut text = String::new();
        for line in lines {
            if !text.is_empty() && !text.ends_with('-') {
                text.push(' ');
            }
            text.push_str(line.text.trim_end());
        }
        plain(&text)
    }

    fn paint(
        &mut self,
        element: Element<'a>,
        outer: Transform,
        fonts: &FontSet,
        order: &mut usize,
        depth: usize,
    ) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("its groups stand more than {DEEPEST} deep in each other"));
        }
        let place = match element.attribute("transform").and_then(transform) {
            Some(own) => combined(outer, own),
            None => outer,
        };
        *order += 1;
        match element.tag_name().name() {
            "text" => {
                self.read_text(element, place, fonts, *order);
                return Ok(());
            }
            // What is kept for later use is not seen.
            "defs" | "metadata" | "title" | "desc" | "style" | "symbol" | "clipPath" | "mask" => return Ok(()),
            _ => {}
        }
        if let Some(lines) = outline(element, place).filter(|_| self.styles.is_shown(element, Screen::Light))
            && let Some(bounds) = bounds(lines.iter().flatten())
        {
            let fill = [Screen::Light, Screen::Dark].map(|it| self.colour(element, "fill", it));
            self.shapes.push(Shape { element, order: *order, lines, bounds, fill });
        }
        for child in element.children().filter(|it| it.is_element()) {
            self.paint(child, place, fonts, order, depth + 1)?;
        }
        Ok(())
    }

    fn read_text(&mut self, text: Element<'a>, place: Transform, fonts: &FontSet, order: usize) {
        let start =
            |it: Element<'a>, name: &str| it.attribute(name).and_then(|it| length(it.split([' ', ',']).next()?));
        let mut pen = Point { x: start(text, "x").unwrap_or(0.0), y: start(text, "y").unwrap_or(0.0) };
        for node in text.descendants() {
            if node.is_element() && node.tag_name().name() == "tspan" {
                pen = Point { x: start(node, "x").unwrap_or(pen.x), y: start(node, "y").unwrap_or(pen.y) };
            }
            let Some(holder) = node.parent_element().filter(|_| node.is_text()) else { continue };
            let words = collapsed(node.text().unwrap_or(""));
            if words.is_empty() || !self.styles.is_shown(holder, Screen::Light) {
                continue;
            }
            let size = self.styles.inherited(holder, "font-size", Screen::Light).and_then(length).unwrap_or(16.0);
            let weight = self.styles.inherited(holder, "font-weight", Screen::Light);
            let bold = weight.is_some_and(|it| it == "bold" || it.parse::<u16>().is_ok_and(|it| it >= 600));
            let face = if bold { Face::Bold } else { Face::Regular };
            let width = fonts.measure(&words, face, size);
            let x = match self.styles.inherited(holder, "text-anchor", Screen::Light) {
                Some("middle") => pen.x - width / 2.0,
                Some("end") => pen.x - width,
                _ => pen.x,
            };
            // Capitals reach up 0.71 of the size, marks and descenders a little more than a quarter of it down.
            let rect = Rect { x, y: pen.y - 0.76 * size, width, height: size };
            let corners: Line = corners(&rect).into_iter().map(|it| moved(it, place)).collect();
            let enlarged = (place.a * place.d - place.b * place.c).abs().sqrt();
            if let Some(bounds) = bounds(&corners) {
                let px = size * enlarged * self.scale;
                self.texts.push(Text { element: holder, order, text: words, px, face, bounds });
            }
            pen.x = x + width;
        }
    }

    fn find_things(&mut self) {
        for element in self.root.descendants() {
            let kind = if has_class(element, "node") {
                Kind::Node
            } else if has_class(element, "label") {
                Kind::Label
            } else if has_class(element, "entry") && !Page::is_in(element, "node") && !Page::is_in(element, "label") {
                // In a timeline the words of a fact stand for themselves.
                Kind::Block
            } else if BLOCKS.iter().any(|it| has_class(element, it)) && element.tag_name().name() == "g" {
                Kind::Block
            } else {
                continue;
            };
            let inside =
                |it: Element<'_>| element.range().start <= it.range().start && it.range().end <= element.range().end;
            let shapes: Vec<&Shape<'_>> = self.shapes.iter().filter(|it| inside(it.element)).collect();
            let texts = self.texts.iter().filter(|it| inside(it.element)).map(|it| it.bounds);
            let frame = shapes
                .iter()
                .filter(|_| kind != Kind::Block)
                .find(|it| has_class(it.element, "box") || has_class(it.element, "backing"));
            let Some(bounds) = shapes.iter().map(|it| it.bounds).chain(texts).reduce(union) else { continue };
            let name = match kind {
                Kind::Node => shortened(element.attribute("id").unwrap_or("a box")),
                Kind::Label => {
                    format!("the label of {}", shortened(element.attribute("data-arrow").unwrap_or("no arrow")))
                }
                Kind::Block => format!("“{}”", shortened(&self.text_of(element))),
            };
            self.things.push(Thing { element, kind, name, bounds, frame: frame.map(|it| it.bounds) });
        }
    }

    fn find_arrows(&mut self) {
        for element in self.root.descendants().filter(|it| has_class(*it, "arrow")) {
            let part = |class: &str| {
                let is_part =
                    |it: &&Shape<'a>| has_class(it.element, class) && it.element.ancestors().any(|it| it == element);
                self.shapes.iter().find(is_part)
            };
            let head = part("head").map(|it| it.element);
            let filled_head = head.map(|it| {
                let (fill, stroke) = (self.colour(it, "fill", Screen::Light), self.colour(it, "stroke", Screen::Light));
                fill.is_some() && (stroke.is_none() || fill == stroke)
            });
            let end = |name: &str| {
                let id = element.attribute(name)?;
                self.things.iter().position(|it| it.kind == Kind::Node && it.element.attribute("id") == Some(id))
            };
            let arrow = Arrow {
                element,
                id: element.attribute("id").unwrap_or("an arrow"),
                facts: list(element, "data-facts"),
                path: part("line").map_or(Vec::new(), |it| it.lines.concat()),
                filled_head,
                from: end("data-from"),
                to: end("data-to"),
            };
            self.arrows.push(arrow);
        }
    }

    fn find_entries(&mut self) {
        for element in self.root.descendants().filter(|it| has_class(*it, "entry")) {
            // Words may tell the same of several who stand in one box.
            let facts = list(element, "data-fact");
            let facts = if facts.is_empty() { vec![""] } else { facts };
            let text = self.text_of(element);
            self.entries.extend(facts.into_iter().map(|fact| Entry { element, fact, text: text.clone() }));
        }
    }
}

/// Whether an element has a class.
pub(super) fn has_class(element: Element<'_>, class: &str) -> bool {
    element.attribute("class").is_some_and(|it| it.split_ascii_whitespace().any(|it| it == class))
}

/// The words of an attribute.
pub(super) fn list<'a>(element: Element<'a>, name: &str) -> Vec<&'a str> {
    element.attribute(name).unwrap_or("").split_ascii_whitespace().collect()
}

/// The parts of an attribute between bars, as plain text.
pub(super) fn parts(element: Element<'_>, name: &str) -> BTreeSet<String> {
    element.attribute(name).unwrap_or("").split('|').map(plain).filter(|it| !it.is_empty()).collect()
}

/// A text with one plain space for any space.
pub(super) fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, for messages.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("").trim_end()),
        None => text.to_owned(),
    }
}

/// White space as SVG shows it; no-break spaces stay.
fn collapsed(text: &str) -> String {
    let words = text.split([' ', '\n', '\t', '\r']).filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The value of an attribute `transform`; none if it cannot be read.
fn transform(text: &str) -> Option<Transform> {
    let mut whole = Transform::default();
    for token in TransformListParser::from(text) {
        let turned = |angle: f64| (angle.to_radians().sin(), angle.to_radians().cos());
        let next = match token.ok()? {
            TransformListToken::Matrix { a, b, c, d, e, f } => Transform::new(a, b, c, d, e, f),
            TransformListToken::Translate { tx, ty } => Transform::new(1.0, 0.0, 0.0, 1.0, tx, ty),
            TransformListToken::Scale { sx, sy } => Transform::new(sx, 0.0, 0.0, sy, 0.0, 0.0),
            TransformListToken::Rotate { angle } => {
                let (sin, cos) = turned(angle);
                Transform::new(cos, sin, -sin, cos, 0.0, 0.0)
            }
            TransformListToken::SkewX { angle } => Transform::new(1.0, 0.0, angle.to_radians().tan(), 1.0, 0.0, 0.0),
            TransformListToken::SkewY { angle } => Transform::new(1.0, angle.to_radians().tan(), 0.0, 1.0, 0.0, 0.0),
        };
        whole = combined(whole, next);
    }
    Some(whole)
}
