//! A scene in its place: every box, path and line of text with its coordinates. Every format but DOT and Mermaid is a
//! writer of this.
//!
//! Lengths are CSS pixels, from the left and the top of the page.

use super::font::Face;
use super::scene::{Line, Shape};
use crate::model::Outcome;
use crate::query::Status;

/// A page with everything that stands on it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// Width of the page.
    pub(crate) width: f64,
    /// Height of the page.
    pub(crate) height: f64,
    /// The title in one piece.
    pub(crate) title: String,
    /// The picture in sentences, for whoever does not see it.
    pub(crate) description: Vec<String>,
    /// Title and subtitle.
    pub(crate) head: Vec<Block>,
    /// Who and what is drawn.
    pub(crate) nodes: Vec<PlacedNode>,
    /// What leads from one to another.
    pub(crate) arrows: Vec<PlacedArrow>,
    /// Facts along an axis of time, in place of boxes and arrows.
    pub(crate) chart: Option<Chart>,
    /// What lines, marks and shapes mean.
    pub(crate) legend: Vec<LegendItem>,
    /// Sources and what else stands below.
    pub(crate) foot: Vec<Block>,
}

impl Picture {
    /// All lines of text, as they are drawn.
    pub(crate) fn text_lines(&self) -> impl Iterator<Item = &TextLine> {
        let blocks = self.head.iter().chain(&self.foot).flat_map(|it| &it.lines);
        let legend = self.legend.iter().flat_map(|it| &it.lines);
        let nodes = self.nodes.iter().flat_map(|it| it.lines.iter().chain(&it.badge));
        let entries = self.nodes.iter().flat_map(|it| &it.entries);
        let labels = self.arrows.iter().filter_map(|it| it.label.as_ref()).flat_map(|it| &it.entries);
        let chart = self.chart.iter().flat_map(|it| {
            let dates = it.ticks.iter().flat_map(|it| &it.date);
            let words = it.rows.iter().flat_map(|it| &it.entry.lines);
            dates.chain(&it.heading).chain(words)
        });
        blocks.chain(legend).chain(nodes).chain(entries.chain(labels).flat_map(|it| &it.lines)).chain(chart)
    }
}

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    /// From the left.
    pub(crate) x: f64,
    /// From the top.
    pub(crate) y: f64,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    /// Its left side.
    pub(crate) x: f64,
    /// Its top.
    pub(crate) y: f64,
    /// Its width.
    pub(crate) width: f64,
    /// Its height.
    pub(crate) height: f64,
}

impl Rect {
    /// Its right side.
    pub(crate) fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Its lower side.
    pub(crate) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Its middle.
    pub(crate) fn middle(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// Whether the two have more than an edge in common.
    pub(crate) fn overlaps(&self, other: &Rect) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Larger by so much on each side.
    pub(crate) fn grown(&self, by: f64) -> Rect {
        Rect { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }
}

/// A line of text where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TextLine {
    /// Its left end.
    pub(crate) x: f64,
    /// Its baseline.
    pub(crate) y: f64,
    /// Its width as measured.
    pub(crate) width: f64,
    /// Size of its letters.
    pub(crate) px: f64,
    /// Its face.
    pub(crate) face: Face,
    /// What it says; no-break spaces as in the scene.
    pub(crate) text: String,
}

/// A paragraph beside the drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    /// What it is.
    pub(crate) kind: BlockKind,
    /// Its lines.
    pub(crate) lines: Vec<TextLine>,
}

/// What a paragraph is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// The title.
    Title,
    /// What stands below it.
    Subtitle,
    /// The source of that number.
    Source(usize),
    /// A sentence that a reader must know.
    Remark,
    /// What is not drawn, with the ids of the facts.
    LeftOut(Vec<String>),
    /// Until when sources were read.
    DataDate,
    /// Who made the picture.
    Credit,
}

/// A box with its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedNode {
    /// As in the scene.
    pub(crate) id: String,
    /// As in the scene.
    pub(crate) entity: Option<String>,
    /// As in the scene.
    pub(crate) shape: Shape,
    /// As in the scene.
    pub(crate) focus: bool,
    /// As in the scene.
    pub(crate) facts: Vec<String>,
    /// Its whole name, also where the box shows only its beginning.
    pub(crate) name: String,
    /// Where its outline stands.
    pub(crate) rect: Rect,
    /// Its name in lines; none if it lists items.
    pub(crate) lines: Vec<TextLine>,
    /// What it belongs to.
    pub(crate) badge: Vec<TextLine>,
    /// The facts whose items it lists.
    pub(crate) entries: Vec<PlacedEntry>,
}

/// An arrow with its label.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedArrow {
    /// As in the scene.
    pub(crate) id: String,
    /// Position of the node where it begins.
    pub(crate) from: usize,
    /// Position of the node where it ends.
    pub(crate) to: usize,
    /// Whether it has a head.
    pub(crate) directed: bool,
    /// The weakest support that a fact of it has.
    pub(crate) status: Option<Status>,
    /// Whether it stands for what happened.
    pub(crate) happened: bool,
    /// The outcome of its facts, if they have the same.
    pub(crate) outcome: Option<Outcome>,
    /// Whether its line is heavier than others.
    pub(crate) heavy: bool,
    /// As in the scene.
    pub(crate) facts: Vec<String>,
    /// Its line, from the edge of one box to the edge of the other.
    pub(crate) path: Path,
    /// The label, if it has one.
    pub(crate) label: Option<Label>,
}

/// A line of straight pieces and curves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Path {
    /// Where it begins.
    pub(crate) start: Point,
    /// Its pieces.
    pub(crate) pieces: Vec<Piece>,
}

/// A piece of a path, from where the one before ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece {
    /// A straight line to that point.
    Line(Point),
    /// A cubic Bézier curve: two control points, and its end.
    Curve(Point, Point, Point),
}

/// The list on an arrow.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Label {
    /// Its place.
    pub(crate) rect: Rect,
    /// One entry a fact.
    pub(crate) entries: Vec<PlacedEntry>,
}

/// A fact in a list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlacedEntry {
    /// The id of the fact.
    pub(crate) fact: String,
    /// Ids of further facts that it tells: the same of others who stand in the same box.
    pub(crate) also: Vec<String>,
    /// How well it is supported.
    pub(crate) status: Option<Status>,
    /// What became of it.
    pub(crate) outcome: Outcome,
    /// Its figures in words.
    pub(crate) quantities: Vec<String>,
    /// Its periods in words.
    pub(crate) periods: Vec<String>,
    /// What else must stand in its words: that it is alleged, who says it, what is inferred.
    pub(crate) says: Vec<String>,
    /// Numbers of its sources.
    pub(crate) notes: Vec<usize>,
    /// The top left corner of its mark, a square of 10 px.
    pub(crate) mark: Point,
    /// Its words and the numbers of its sources.
    pub(crate) lines: Vec<TextLine>,
}

impl PlacedEntry {
    /// A fact in words that were set in lines, behind its mark.
    pub(crate) fn new(line: &Line, mark: Point, lines: Vec<TextLine>) -> PlacedEntry {
        PlacedEntry {
            fact: line.fact.clone(),
            also: line.also.clone(),
            status: line.status,
            outcome: line.outcome,
            quantities: line.quantities.clone(),
            periods: line.periods.clone(),
            says: line.says.clone(),
            notes: line.notes.clone(),
            mark,
            lines,
        }
    }
}

/// Facts along an axis of time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// Lines of dates, from left to right.
    pub(crate) ticks: Vec<Tick>,
    /// Facts from top to bottom; those without a date have no bars and stand last.
    pub(crate) rows: Vec<ChartRow>,
    /// What stands above the facts without a date.
    pub(crate) heading: Vec<TextLine>,
    /// From where to where lines of dates are drawn: not through words.
    pub(crate) bands: Vec<(f64, f64)>,
}

/// A line of a date.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// From the left.
    pub(crate) x: f64,
    /// The date.
    pub(crate) date: Vec<TextLine>,
}

/// A fact with its place in time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartRow {
    /// What it says.
    pub(crate) entry: PlacedEntry,
    /// When; several where claims give different periods.
    pub(crate) bars: Vec<Bar>,
}

/// A stretch of time, or a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// How it is drawn.
    pub(crate) sign: TimeSign,
    /// Whether it stands for what happened.
    pub(crate) happened: bool,
    /// Its top.
    pub(crate) y: f64,
    /// Where it begins.
    pub(crate) from: f64,
    /// Where it ends.
    pub(crate) to: f64,
    /// How far before that it may have begun.
    pub(crate) before: Option<f64>,
    /// How long after that it may have ended.
    pub(crate) after: Option<f64>,
    /// Whether it has no end.
    pub(crate) goes_on: bool,
    /// Whether it has no beginning.
    pub(crate) always_was: bool,
}

impl Bar {
    /// All signs by which it is drawn.
    pub(crate) fn signs(&self) -> impl Iterator<Item = TimeSign> {
        let not_certain = self.before.is_some() || self.after.is_some();
        let more = [
            (not_certain, TimeSign::NotCertain),
            (self.goes_on || self.always_was, TimeSign::GoesOn),
            (!self.happened, TimeSign::NotHappened),
        ];
        std::iter::once(self.sign).chain(more.into_iter().filter(|(used, _)| *used).map(|(_, sign)| sign))
    }
}

/// A way to draw time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimeSign {
    /// It lasted all the time.
    Lasted,
    /// It happened on that day.
    Moment,
    /// It happened at some time in between.
    Within,
    /// It may have been then.
    NotCertain,
    /// It has no end, or no beginning.
    GoesOn,
    /// It has not happened.
    NotHappened,
}

impl TimeSign {
    /// The word in attributes.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            TimeSign::Lasted => "lasted",
            TimeSign::Moment => "moment",
            TimeSign::Within => "within",
            TimeSign::NotCertain => "not-certain",
            TimeSign::GoesOn => "goes-on",
            TimeSign::NotHappened => "not-happened",
        }
    }

    /// What it means.
    pub(crate) fn in_words(self) -> &'static str {
        match self {
            TimeSign::Lasted => "lasted all the time",
            TimeSign::Moment => "on that day",
            TimeSign::Within => "at some time in between",
            TimeSign::NotCertain => "end or beginning not certain",
            TimeSign::GoesOn => "no end or beginning given",
            TimeSign::NotHappened => "has not happened, or is denied",
        }
    }
}

/// What something in the picture means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LegendItem {
    /// What it explains.
    pub(crate) sign: Sign,
    /// Where its sample stands.
    pub(crate) sample: Rect,
    /// The explanation.
    pub(crate) lines: Vec<TextLine>,
}

/// A sign that a legend explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sign {
    /// The dashes and the mark of a status, as its position in the table of statuses.
    Status(usize),
    /// The hollow head of what did not happen.
    NotHappened,
    /// The star of what is inferred.
    Inferred,
    /// The shape of a kind.
    Shape(Shape),
    /// A way to draw time.
    Time(TimeSign),
}

impl Path {
    /// All its points, control points too.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        let pieces = self.pieces.iter().flat_map(|it| match it {
            Piece::Line(end) => vec![*end],
            Piece::Curve(one, other, end) => vec![*one, *other, *end],
        });
        std::iter::once(self.start).chain(pieces)
    }

    /// Points on it, `steps` for each curve.
    pub(crate) fn flattened(&self, steps: u32) -> Vec<Point> {
        let mut points = vec![self.start];
        let mut last = self.start;
        for piece in &self.pieces {
            match *piece {
                Piece::Line(end) => points.push(end),
                Piece::Curve(one, other, end) => points.extend((1..=steps.max(1)).map(|it| {
                    let t = f64::from(it) / f64::from(steps.max(1));
                    let (a, b, c, d) =
                        ((1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3));
                    let mixed = |of: fn(Point) -> f64| a * of(last) + b * of(one) + c * of(other) + d * of(end);
                    Point { x: mixed(|it| it.x), y: mixed(|it| it.y) }
                })),
            }
            last = points.last().copied().unwrap_or(last);
        }
        points
    }

    /// Moves it.
    pub(crate) fn shift(&mut self, x: f64, y: f64) {
        let moved = |it: Point| Point { x: it.x + x, y: it.y + y };
        self.start = moved(self.start);
        for piece in &mut self.pieces {
            *piece = match *piece {
                Piece::Line(end) => Piece::Line(moved(end)),
                Piece::Curve(one, other, end) => Piece::Curve(moved(one), moved(other), moved(end)),
            };
        }
    }
}
