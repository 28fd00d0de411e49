//! A page from top to bottom: title, drawing, legend, small print. The timeline uses the same.

use std::collections::BTreeSet;

use crate::draw::font::Face;
use crate::draw::options::Size;
use crate::draw::picture::{Block, BlockKind, LegendItem, Picture, PlacedArrow, PlacedNode, Rect, Sign};
use crate::draw::ruler::{Ruler, Type, height};
use crate::draw::scene::{Print, PrintKind, Scene, Shape, Text};
use crate::draw::status_style::{STATUS_STYLES, weakness};

/// A page that is filled from the top.
#[derive(Clone)]
pub(crate) struct Page<'r, 'f> {
    ruler: &'r Ruler<'f>,
    size: Size,
    /// Where the next thing stands.
    top: f64,
    head: Vec<Block>,
    legend: Vec<LegendItem>,
    foot: Vec<Block>,
}

/// Lines of small print are no longer than this, however wide the page: the eye loses longer ones.
const LONGEST_LINE: f64 = 760.0;

impl<'r, 'f> Page<'r, 'f> {
    /// An empty page.
    pub(crate) fn new(size: Size, ruler: &'r Ruler<'f>) -> Self {
        let mut page = Page { ruler, size, top: 0.0, head: Vec::new(), legend: Vec::new(), foot: Vec::new() };
        page.top = page.margin();
        page
    }

    fn width(&self) -> f64 {
        f64::from(self.size.width())
    }

    /// What is left free on each side.
    pub(crate) fn margin(&self) -> f64 {
        match self.size.width() {
            0..480 => 12.0,
            480..900 => 18.0,
            _ => 24.0,
        }
    }

    /// The width between the margins.
    pub(crate) fn inner_width(&self) -> f64 {
        self.width() - 2.0 * self.margin()
    }

    /// How high the page is with what stands on it so far.
    pub(crate) fn height(&self) -> f64 {
        self.top + self.margin()
    }

    /// Title and subtitle.
    pub(crate) fn head(&mut self, title: &str, subtitle: Option<&str>) {
        let (title_px, leading) = if self.width() < 480.0 { (17.0, 22.0) } else { (20.0, 26.0) };
        let title_type = Type { px: title_px, face: Face::Bold, leading };
        let subtitle_type = Type { px: 13.0, face: Face::Regular, leading: 17.0 };
        let width = self.inner_width();
        for (kind, text, letters, lines) in
            [(BlockKind::Title, Some(title), title_type, 6), (BlockKind::Subtitle, subtitle, subtitle_type, 8)]
        {
            let Some(text) = text.filter(|it| !it.trim().is_empty()) else { continue };
            let wrapped = self.ruler.wrap_at_most(text, width, letters, lines);
            let set = self.ruler.set(&wrapped, self.margin(), self.top, letters);
            self.top += height(wrapped.len(), letters) + 2.0;
            self.head.push(Block { kind, lines: set });
        }
        self.top += 14.0;
    }

    /// Room for a drawing of that size, in the middle; `room`: the height that is free, if that is given.
    pub(crate) fn body(&mut self, width: f64, height: f64, room: Option<f64>) -> Rect {
        let free = room.map_or(0.0, |it| (it - height).max(0.0));
        let rect =
            Rect { x: self.margin() + (self.inner_width() - width) / 2.0, y: self.top + free / 2.0, width, height };
        self.top += height + free;
        rect
    }

    /// What signs mean, in lines as many fit beside each other.
    pub(crate) fn legend(&mut self, signs: &[Sign]) {
        let letters = Type { px: 11.0, face: Face::Regular, leading: 16.0 };
        let (margin, width) = (self.margin(), self.inner_width());
        if signs.is_empty() {
            return;
        }
        self.top += 20.0;
        let (mut x, mut row) = (margin, 1);
        for sign in signs {
            let sample = sample_width(*sign);
            let text = explanation(*sign);
            let most = width - sample - 6.0;
            let lines = self.ruler.wrap(text, most, letters);
            let text_width = lines.iter().map(|it| self.ruler.width(it, letters)).fold(0.0, f64::max);
            if x > margin && x + sample + 6.0 + text_width > margin + width {
                x = margin;
                self.top += height(row, letters) + 4.0;
                row = 1;
            }
            self.legend.push(LegendItem {
                sign: *sign,
                sample: Rect { x, y: self.top, width: sample, height: letters.leading },
                lines: self.ruler.set(&lines, x + sample + 6.0, self.top, letters),
            });
            row = row.max(lines.len());
            x += sample + 6.0 + text_width + 18.0;
        }
        self.top += height(row, letters);
    }

    /// Sources, remarks, and who made it.
    pub(crate) fn foot(&mut self, prints: &[Print]) {
        let letters = Type { px: 11.0, face: Face::Regular, leading: 14.5 };
        let width = self.inner_width().min(LONGEST_LINE);
        self.top += 12.0;
        for print in prints {
            let kind = match &print.kind {
                // The legend says it.
                PrintKind::Inferred => continue,
                PrintKind::Source(number) => BlockKind::Source(*number),
                PrintKind::Remark => BlockKind::Remark,
                PrintKind::LeftOut(facts) => BlockKind::LeftOut(facts.clone()),
                PrintKind::DataDate => BlockKind::DataDate,
                PrintKind::Credit => BlockKind::Credit,
            };
            let wrapped = self.ruler.wrap_at_most(&print.text, width, letters, 12);
            let set = self.ruler.set(&wrapped, self.margin(), self.top, letters);
            self.top += height(wrapped.len(), letters) + 3.0;
            self.foot.push(Block { kind, lines: set });
        }
    }

    /// The finished page.
    pub(crate) fn finish(self, scene: &Scene, nodes: Vec<PlacedNode>, arrows: Vec<PlacedArrow>) -> Picture {
        let height = self.size.height().map_or(self.height().ceil(), f64::from);
        Picture {
            width: self.width(),
            height,
            title: scene.title.clone(),
            description: scene.sentences.iter().map(|it| it.text.clone()).collect(),
            head: self.head,
            nodes,
            arrows,
            chart: None,
            legend: self.legend,
            foot: self.foot,
        }
    }
}

/// All signs that a scene uses, and no other.
pub(crate) fn signs(scene: &Scene) -> Vec<Sign> {
    let in_nodes = scene.nodes.iter().filter_map(|it| match &it.text {
        Text::Facts(lines) => Some(lines),
        Text::Name(_) => None,
    });
    let lines = || in_nodes.clone().chain(scene.arrows.iter().map(|it| &it.lines)).flatten();
    let mut found: BTreeSet<Sign> = lines().map(|it| Sign::Status(weakness(it.status))).collect();
    if scene.arrows.iter().any(|it| !it.happened) {
        found.insert(Sign::NotHappened);
    }
    if scene.small_print.iter().any(|it| it.kind == PrintKind::Inferred) {
        found.insert(Sign::Inferred);
    }
    let shapes = scene.nodes.iter().map(|it| it.shape).filter(|it| *it != Shape::Plain);
    found.extend(shapes.map(Sign::Shape));
    found.into_iter().collect()
}

fn sample_width(sign: Sign) -> f64 {
    match sign {
        Sign::Status(_) => 48.0,
        Sign::NotHappened => 30.0,
        Sign::Inferred => 7.0,
        Sign::Shape(_) => 24.0,
        Sign::Time(_) => 26.0,
    }
}

/// What a sign means.
pub(crate) fn explanation(sign: Sign) -> &'static str {
    match sign {
        Sign::Status(at) => STATUS_STYLES.get(at).map_or("", |it| it.legend),
        Sign::NotHappened => "has not happened, or is denied",
        Sign::Inferred => "inferred, not said by the source",
        Sign::Shape(shape) => match shape {
            Shape::Unnamed => "somebody whom the source does not name",
            shape => shape.as_str(),
        },
        Sign::Time(sign) => sign.in_words(),
    }
}
