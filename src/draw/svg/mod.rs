//! A picture as SVG that stands for itself: its fonts are in it, nothing outside is referred to, nothing runs.
//!
//! Every drawn thing is a group with an id that is the same each time, a `<title>`, and the ids of its facts. What a
//! reader without CSS needs stands in presentation attributes; the rules of CSS only add the dark colours.

mod chart;
mod outline;
mod style;
mod xml;

use std::collections::{BTreeMap, BTreeSet};

use super::font::{Face, FontError, FontSet};
use super::options::PaletteName;
use super::palette::{Palette, palette};
use super::picture::{
    Block, BlockKind, Label, LegendItem, Path, Picture, Piece, PlacedArrow, PlacedEntry, PlacedNode, Point, Rect, Sign,
    TextLine,
};
use super::scene::{INFERRED, Shape};
use super::seal::seal;
use super::status_style::{STATUS_STYLES, status_style, weakness};
use crate::query::Status;
use outline::outline;
use xml::{Xml, number};

/// The picture as SVG.
///
/// # Errors
///
/// Those of the fonts, which are cut to the characters used.
pub(crate) fn svg(picture: &Picture, name: PaletteName, fonts: &FontSet) -> Result<String, FontError> {
    let faces = fonts.font_faces(&used(picture))?;
    let mut families: Vec<String> = fonts.families().iter().map(|it| format!("'{}'", it.replace('\'', ""))).collect();
    families.push("sans-serif".to_owned());
    let mut writer = Writer { xml: Xml::default(), colours: palette(name) };
    writer.root(picture, name, &faces, &families.join(", "));
    Ok(writer.xml.finish())
}

/// The characters that each face is used for.
fn used(picture: &Picture) -> BTreeMap<Face, BTreeSet<char>> {
    let mut used: BTreeMap<Face, BTreeSet<char>> = BTreeMap::new();
    for line in picture.text_lines() {
        // A broken line ends in a space, for whoever copies the text.
        used.entry(line.face).or_default().extend(line.text.chars().chain([' ']));
    }
    if picture.legend.iter().any(|it| it.sign == Sign::Inferred) {
        used.entry(Face::Regular).or_default().extend(INFERRED.chars());
    }
    used
}

struct Writer {
    xml: Xml,
    colours: &'static Palette,
}

impl Writer {
    fn root(&mut self, picture: &Picture, name: PaletteName, faces: &str, families: &str) {
        let (width, height) = (number(picture.width), number(picture.height));
        let view_box = format!("0 0 {width} {height}");
        self.xml.open(
            "svg",
            &[
                ("xmlns", "http://www.w3.org/2000/svg"),
                ("xmlns:inkscape", "http://www.inkscape.org/namespaces/inkscape"),
                ("xmlns:sodipodi", "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"),
                ("width", &width),
                ("height", &height),
                ("viewBox", &view_box),
                ("role", "img"),
                ("aria-labelledby", "title desc"),
                ("lang", "en"),
                ("font-family", families),
                ("font-size", "12"),
            ],
        );
        self.xml.leaf("title", &[("id", "title")], &picture.title);
        let description = picture.description.join(" ");
        let sum = seal([description.as_str()]);
        self.xml.leaf("desc", &[("id", "desc"), ("data-sum", &sum)], &description);
        self.xml.raw("style", &style::rules(name, faces));
        self.layer("frames", |it| {
            let page = it.colours.page;
            let (x, y) = (number(0.0), number(0.0));
            it.xml.empty(
                "rect",
                &[("class", "page"), ("x", &x), ("y", &y), ("width", &width), ("height", &height), ("fill", page)],
            );
            picture.chart.iter().for_each(|chart| it.chart_frame(chart));
        });
        self.layer("lines", |it| {
            picture.arrows.iter().for_each(|arrow| it.arrow(picture, arrow));
            picture.chart.iter().for_each(|chart| it.chart_bars(chart));
        });
        self.layer("boxes", |it| {
            picture.nodes.iter().enumerate().for_each(|(at, node)| it.node(at, node));
        });
        self.layer("labels", |it| {
            for arrow in &picture.arrows {
                if let Some(label) = &arrow.label {
                    it.label(arrow, label);
                }
            }
            picture.chart.iter().for_each(|chart| it.chart_text(chart));
        });
        self.layer("text", |it| {
            picture.head.iter().for_each(|block| it.block(block));
            picture.legend.iter().for_each(|item| it.legend_item(item));
            picture.foot.iter().for_each(|block| it.block(block));
        });
        self.xml.close("svg");
    }

    fn layer(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        let (id, label) = (format!("layer-{name}"), name.to_owned());
        self.xml.open("g", &[("id", &id), ("inkscape:groupmode", "layer"), ("inkscape:label", &label)]);
        fill(self);
        self.xml.close("g");
    }

    fn arrow(&mut self, picture: &Picture, arrow: &PlacedArrow) {
        let end = |at: usize| picture.nodes.get(at).map_or("", |it| it.id.as_str());
        let (from, to) = (end(arrow.from), end(arrow.to));
        let name = |at: usize| picture.nodes.get(at).map_or(String::new(), described);
        let style = status_style(arrow.status);
        let facts = arrow.facts.join(" ");
        let mut attributes = vec![
            ("class", "arrow"),
            ("id", arrow.id.as_str()),
            ("data-from", from),
            ("data-to", to),
            ("data-facts", facts.as_str()),
            ("data-status", style.word),
        ];
        let outcome = match arrow.outcome {
            Some(outcome) => outcome.as_str(),
            None => "several",
        };
        attributes.push(("data-outcome", outcome));
        self.xml.open("g", &attributes);
        let word = if arrow.directed { "to" } else { "and" };
        let title = format!("{} {word} {}: {}", name(arrow.from), name(arrow.to), style.legend);
        self.xml.leaf("title", &[], &title);
        let apart = if arrow.happened { "" } else { " apart" };
        let class = format!("line status-{}{apart}", style.word);
        let colour = self.line_colour(arrow.status, arrow.happened);
        let (start, finish) = (format!("#box-{}", arrow.from), format!("#box-{}", arrow.to));
        let head = arrow.directed.then(|| head(&arrow.path)).flatten();
        let data = path_data(&arrow.path, if head.is_some() { HEAD } else { 0.0 });
        let mut line = vec![
            ("class", class.as_str()),
            ("d", data.as_str()),
            ("fill", "none"),
            ("stroke", colour),
            ("stroke-width", if arrow.heavy { "2.4" } else { "1.6" }),
            ("inkscape:connector-type", "polyline"),
            ("inkscape:connection-start", start.as_str()),
            ("inkscape:connection-end", finish.as_str()),
        ];
        if !style.dashes.is_empty() {
            line.push(("stroke-dasharray", style.dashes));
        }
        self.xml.empty("path", &line);
        if let Some(head) = head {
            let class = format!("head status-{}{apart}", style.word);
            let fill = if arrow.happened { colour } else { self.colours.page };
            self.xml.empty(
                "path",
                &[("class", &class), ("d", &head), ("fill", fill), ("stroke", colour), ("stroke-width", "1.4")],
            );
        }
        self.xml.close("g");
    }

    fn line_colour(&self, status: Option<Status>, happened: bool) -> &'static str {
        if happened { self.status_colour(status) } else { self.colours.apart }
    }

    fn status_colour(&self, status: Option<Status>) -> &'static str {
        self.colours.statuses.get(weakness(status)).copied().unwrap_or(self.colours.text)
    }

    fn node(&mut self, at: usize, node: &PlacedNode) {
        let facts = node.facts.join(" ");
        let class = format!(
            "node{}{}",
            if node.entries.is_empty() { "" } else { " items" },
            if node.focus { " focus" } else { "" }
        );
        let mut attributes = vec![("class", class.as_str()), ("id", node.id.as_str())];
        if let Some(entity) = &node.entity {
            attributes.push(("data-entity", entity));
        }
        attributes.extend([("data-kind", node.shape.as_str()), ("data-facts", facts.as_str())]);
        let names = [sealed(&node.lines), sealed(&node.badge)].join(" ");
        let sum = seal([names.as_str(), node.entity.as_deref().unwrap_or("")]);
        if node.entries.is_empty() {
            attributes.push(("data-sum", &sum));
        }
        self.xml.open("g", &attributes);
        self.xml.leaf("title", &[], &described(node));
        let id = format!("box-{at}");
        self.outline(Some(&id), node.shape, node.rect, node.focus);
        self.text(&node.lines, "name", self.colours.text);
        self.text(&node.badge, "badge", self.colours.quiet);
        node.entries.iter().for_each(|it| self.entry(it));
        self.xml.close("g");
    }

    fn outline(&mut self, id: Option<&str>, shape: Shape, rect: Rect, focus: bool) {
        let drawn = outline(shape, rect);
        let (fill, stroke) = (if focus { self.colours.focus } else { self.colours.fill }, self.colours.outline);
        let mut attributes: Vec<(&str, &str)> = id.iter().map(|it| ("id", *it)).collect();
        let class = if focus { "box focus" } else { "box" };
        attributes.extend([("class", class), ("d", drawn.path.as_str())]);
        if drawn.has_line {
            attributes.extend([
                ("fill", fill),
                ("stroke", stroke),
                ("stroke-width", if focus { "2.6" } else { "1.3" }),
            ]);
        } else {
            attributes.extend([("fill", self.colours.page), ("stroke", "none")]);
        }
        if drawn.dashed {
            attributes.push(("stroke-dasharray", "3 3"));
        }
        self.xml.empty("path", &attributes);
        if let Some(more) = &drawn.inner {
            let attributes =
                [("class", "inner"), ("d", more.as_str()), ("fill", "none"), ("stroke", stroke), ("stroke-width", "1")];
            self.xml.empty("path", &attributes);
        }
    }

    fn label(&mut self, arrow: &PlacedArrow, label: &Label) {
        self.xml.open("g", &[("class", "label"), ("data-arrow", &arrow.id)]);
        let Rect { x, y, width, height } = label.rect;
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        self.xml.empty(
            "rect",
            &[
                ("class", "backing"),
                ("x", &x),
                ("y", &y),
                ("width", &width),
                ("height", &height),
                ("rx", "3"),
                ("fill", self.colours.page),
            ],
        );
        label.entries.iter().for_each(|it| self.entry(it));
        self.xml.close("g");
    }

    fn entry(&mut self, entry: &PlacedEntry) {
        let style = status_style(entry.status);
        let id = format!("fact-{}", super::scene::id_part(&entry.fact));
        let facts: Vec<&str> = std::iter::once(&entry.fact).chain(&entry.also).map(String::as_str).collect();
        let facts = facts.join(" ");
        let notes: Vec<String> = entry.notes.iter().map(usize::to_string).collect();
        let (quantities, periods, notes) = (entry.quantities.join("|"), entry.periods.join("|"), notes.join(" "));
        let says = entry.says.join("|");
        let told = sealed(&entry.lines);
        let sum =
            seal([told.as_str(), &facts, style.word, entry.outcome.as_str(), &quantities, &periods, &says, &notes]);
        self.xml.open(
            "g",
            &[
                ("class", "entry"),
                ("id", &id),
                ("data-fact", &facts),
                ("data-status", style.word),
                ("data-outcome", entry.outcome.as_str()),
                ("data-quantity", &quantities),
                ("data-period", &periods),
                ("data-says", &says),
                ("data-notes", &notes),
                ("data-sum", &sum),
            ],
        );
        let words: Vec<&str> = entry.lines.iter().map(|it| it.text.as_str()).collect();
        self.xml.leaf("title", &[], &format!("{} ({})", words.join(" "), style.legend));
        self.mark(entry.status, entry.mark);
        self.text(&entry.lines, "words", self.colours.text);
        self.xml.close("g");
    }

    fn mark(&mut self, status: Option<Status>, at: Point) {
        let style = status_style(status);
        let colour = self.status_colour(status);
        let class = format!("mark status-{} {}", style.word, if style.mark.filled { "filled" } else { "hollow" });
        let transform = format!("translate({} {})", number(at.x), number(at.y));
        let fill = if style.mark.filled { colour } else { "none" };
        self.xml.empty(
            "path",
            &[
                ("class", &class),
                ("d", style.mark.path),
                ("transform", &transform),
                ("fill", fill),
                ("stroke", colour),
                ("stroke-width", "1.4"),
            ],
        );
    }

    fn block(&mut self, block: &Block) {
        let (class, colour) = match &block.kind {
            BlockKind::Title => ("title", self.colours.text),
            BlockKind::Subtitle => ("subtitle", self.colours.text),
            BlockKind::Source(_) => ("source", self.colours.quiet),
            BlockKind::Remark => ("remark", self.colours.quiet),
            BlockKind::LeftOut(_) => ("left-out", self.colours.quiet),
            BlockKind::DataDate => ("data-date", self.colours.quiet),
            BlockKind::Credit => ("credit", self.colours.quiet),
        };
        let mut attributes = vec![("class", class.to_owned())];
        match &block.kind {
            BlockKind::Source(number) => attributes.push(("data-note", number.to_string())),
            BlockKind::LeftOut(facts) => {
                attributes.extend([("data-count", facts.len().to_string()), ("data-facts", facts.join(" "))]);
            }
            _ => {}
        }
        // A headline and a credit line may be changed by hand; sources and remarks say what the facts rest on.
        if !matches!(block.kind, BlockKind::Title | BlockKind::Subtitle | BlockKind::Credit) {
            attributes.push(("data-sum", seal([sealed(&block.lines).as_str()])));
        }
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.xml.open("g", &attributes);
        self.text(&block.lines, "words", colour);
        self.xml.close("g");
    }

    fn legend_item(&mut self, item: &LegendItem) {
        let word = match item.sign {
            Sign::Status(at) => format!("status-{}", STATUS_STYLES.get(at).map_or("", |it| it.word)),
            Sign::NotHappened => "not-happened".to_owned(),
            Sign::Inferred => "inferred".to_owned(),
            Sign::Shape(shape) => format!("kind-{}", shape.as_str()),
            Sign::Time(sign) => format!("time-{}", sign.as_str()),
        };
        // The star is a letter too.
        let star = if item.sign == Sign::Inferred { INFERRED } else { "" };
        let sum = seal([format!("{star} {}", sealed(&item.lines)).as_str(), &word]);
        self.xml.open("g", &[("class", "legend-item"), ("data-legend", &word), ("data-sum", &sum)]);
        let Rect { x, y, width, height } = item.sample;
        let middle = y + height / 2.0;
        match item.sign {
            Sign::Status(at) => {
                if let Some(style) = STATUS_STYLES.get(at) {
                    let data = format!("M{} {}H{}", number(x), number(middle), number(x + 30.0));
                    let class = format!("sample status-{}", style.word);
                    let colour = self.status_colour(style.status);
                    let mut attributes = vec![
                        ("class", class.as_str()),
                        ("d", data.as_str()),
                        ("fill", "none"),
                        ("stroke", colour),
                        ("stroke-width", "1.6"),
                    ];
                    if !style.dashes.is_empty() {
                        attributes.push(("stroke-dasharray", style.dashes));
                    }
                    self.xml.empty("path", &attributes);
                    self.mark(style.status, Point { x: x + width - 11.0, y: middle - 5.0 });
                }
            }
            Sign::NotHappened => {
                let path = Path {
                    start: Point { x, y: middle },
                    pieces: vec![Piece::Line(Point { x: x + width, y: middle })],
                };
                let colour = self.colours.apart;
                let data = path_data(&path, HEAD);
                let class = "sample apart";
                self.xml.empty(
                    "path",
                    &[("class", class), ("d", &data), ("fill", "none"), ("stroke", colour), ("stroke-width", "1.6")],
                );
                let head = head(&path).unwrap_or_default();
                self.xml.empty(
                    "path",
                    &[
                        ("class", "head apart"),
                        ("d", &head),
                        ("fill", self.colours.page),
                        ("stroke", colour),
                        ("stroke-width", "1.4"),
                    ],
                );
            }
            Sign::Inferred => {
                let first = item.lines.first();
                let star = TextLine {
                    x,
                    y: first.map_or(middle, |it| it.y),
                    width,
                    px: first.map_or(11.0, |it| it.px),
                    face: Face::Regular,
                    text: INFERRED.to_owned(),
                };
                self.text(&[star], "words", self.colours.text);
            }
            Sign::Shape(shape) => {
                let rect = Rect { x, y: y + 1.5, width, height: height - 3.0 };
                self.outline(None, shape, rect, false);
            }
            Sign::Time(sign) => self.time_sample(sign, item),
        }
        self.text(&item.lines, "words", self.colours.quiet);
        self.xml.close("g");
    }

    /// Lines as one text, so that it is found and read as one.
    fn text(&mut self, lines: &[TextLine], class: &str, colour: &str) {
        let Some(first) = lines.first() else { return };
        let size = number(first.px);
        let mut attributes = vec![("class", class), ("font-size", size.as_str()), ("fill", colour)];
        if first.face == Face::Bold {
            attributes.push(("font-weight", "700"));
        }
        self.xml.open_inline("text", &attributes);
        for (at, line) in lines.iter().enumerate() {
            let (x, y) = (number(line.x), number(line.y));
            let space = if at + 1 < lines.len() { " " } else { "" };
            self.xml.inline("tspan", &[("x", &x), ("y", &y)], &format!("{}{space}", line.text));
        }
        self.xml.close_inline("text");
    }
}

/// All words of some lines.
fn sealed(lines: &[TextLine]) -> String {
    lines.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// What a node is called where its name does not stand.
fn described(node: &PlacedNode) -> String {
    if node.name.is_empty() {
        let words = node.entries.iter().map(|it| {
            let lines: Vec<&str> = it.lines.iter().map(|it| it.text.as_str()).collect();
            lines.join(" ")
        });
        return words.collect::<Vec<_>>().join("; ");
    }
    node.name.clone()
}

/// Length of a head.
const HEAD: f64 = 8.0;

/// A head at the end of a path.
fn head(path: &Path) -> Option<String> {
    let (tip, direction) = arrival(path)?;
    let base = Point { x: tip.x - direction.x * HEAD, y: tip.y - direction.y * HEAD };
    let side = Point { x: -direction.y * 3.8, y: direction.x * 3.8 };
    Some(format!(
        "M{} {}L{} {}L{} {}z",
        number(tip.x),
        number(tip.y),
        number(base.x + side.x),
        number(base.y + side.y),
        number(base.x - side.x),
        number(base.y - side.y)
    ))
}

/// Where a path ends, and in which direction.
fn arrival(path: &Path) -> Option<(Point, Point)> {
    let points: Vec<Point> = path.points().collect();
    let tip = *points.last()?;
    let before = points.iter().rev().find(|it| (it.x - tip.x).abs() + (it.y - tip.y).abs() > 0.01)?;
    let length = (tip.x - before.x).hypot(tip.y - before.y);
    Some((tip, Point { x: (tip.x - before.x) / length, y: (tip.y - before.y) / length }))
}

/// The path, ending `shorter` before its end.
fn path_data(path: &Path, shorter: f64) -> String {
    let mut data = format!("M{} {}", number(path.start.x), number(path.start.y));
    for (at, piece) in path.pieces.iter().enumerate() {
        let is_last = at + 1 == path.pieces.len();
        let back = |end: Point| match arrival(path).filter(|_| is_last) {
            Some((_, direction)) => Point { x: end.x - direction.x * shorter, y: end.y - direction.y * shorter },
            None => end,
        };
        match *piece {
            Piece::Line(end) => {
                let end = back(end);
                data.push_str(&format!("L{} {}", number(end.x), number(end.y)));
            }
            Piece::Curve(one, other, end) => {
                let end = back(end);
                for (letter, point) in [("C", one), (" ", other), (" ", end)] {
                    data.push_str(&format!("{letter}{} {}", number(point.x), number(point.y)));
                }
            }
        }
    }
    data
}

#[cfg(test)]
mod tests;
