//! The texts of boxes and labels in lines.

use super::{inner, padding};
use crate::draw::font::Face;
use crate::draw::layout::Flow;
use crate::draw::picture::{PlacedEntry, Point, Rect, TextLine};
use crate::draw::ruler::{Ruler, Type, height};
use crate::draw::scene::{Line, SceneNode, Shape, Text};

/// Sizes of the letters in the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    name: Type,
    entry: Type,
    badge: Type,
}

impl Setting {
    /// Where there is room.
    pub(crate) const USUAL: Setting = Setting {
        name: Type { px: 14.0, face: Face::Bold, leading: 18.0 },
        entry: Type { px: 12.0, face: Face::Regular, leading: 15.5 },
        badge: Type { px: 11.0, face: Face::Regular, leading: 14.0 },
    };
    /// As small as a page on a screen may have them.
    pub(crate) const SMALL: Setting = Setting {
        name: Type { px: 12.5, face: Face::Bold, leading: 16.0 },
        entry: Type { px: 11.0, face: Face::Regular, leading: 14.0 },
        badge: Type { px: 11.0, face: Face::Regular, leading: 14.0 },
    };
}

/// How wide labels and names may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LabelShape {
    /// Width to height that a label should have.
    ratio: f64,
    /// Its greatest width.
    most: f64,
    /// The greatest width of a name.
    name: f64,
    /// What nothing may exceed.
    page: f64,
}

/// Ways to set the labels for a page, with the way in which rows follow each other.
pub(crate) fn shapes(page: f64) -> Vec<(Flow, LabelShape)> {
    let down = [(1.1, 0.30, 110.0), (1.8, 0.42, 120.0), (3.0, 0.55, 150.0), (5.0, 0.92, 150.0)];
    let mut found: Vec<(Flow, LabelShape)> = down
        .into_iter()
        .map(|(ratio, share, name)| {
            let most = (share * page).clamp(120.0, 420.0).min(page);
            (Flow::Down, LabelShape { ratio, most, name: f64::min(name, page / 2.5), page })
        })
        .collect();
    // Beside each other rows need a page that is wider than a phone.
    if page >= 480.0 {
        let right = [(2.0, 170.0), (3.5, 240.0), (6.0, 320.0)];
        found.extend(right.map(|(ratio, most)| (Flow::Right, LabelShape { ratio, most, name: 120.0, page })));
    }
    found
}

/// Lines of a name that are shown; the whole stands in its title.
const NAME_LINES: usize = 4;
/// The mark of a status and the space after it.
pub(crate) const MARK: f64 = 15.0;
/// Space around a list.
const BESIDE: f64 = 6.0;
const ABOVE: f64 = 4.0;
/// Between two entries.
const BETWEEN: f64 = 3.0;

/// The entries of a list in lines.
pub(crate) struct Entries {
    lines: Vec<(Line, Vec<String>)>,
    width: f64,
    height: f64,
}

impl Entries {
    /// `None` for no lines at all.
    pub(crate) fn new(lines: &[Line], setting: Setting, shape: LabelShape, ruler: &Ruler<'_>) -> Option<Entries> {
        if lines.is_empty() {
            return None;
        }
        let kind = setting.entry;
        let texts: Vec<String> = lines.iter().map(|it| format!("{}{}", it.text, it.note_text())).collect();
        let whole: f64 = texts.iter().map(|it| ruler.width(it, kind)).sum();
        let widest = texts.iter().map(|it| ruler.widest_word(it, kind)).fold(0.0, f64::max);
        let frame = MARK + 2.0 * BESIDE;
        let most = (shape.page - frame).max(60.0);
        let width = (whole * kind.leading * shape.ratio).sqrt().min(shape.most - frame).max(widest).max(70.0).min(most);
        let wrapped: Vec<(Line, Vec<String>)> =
            lines.iter().zip(&texts).map(|(line, text)| (line.clone(), ruler.wrap(text, width, kind))).collect();
        let used = wrapped.iter().flat_map(|it| &it.1).map(|it| ruler.width(it, kind)).fold(0.0, f64::max);
        let rows: f64 = wrapped.iter().map(|it| height(it.1.len(), kind)).sum();
        let gaps = BETWEEN * f64::from(u32::try_from(wrapped.len() - 1).unwrap_or(u32::MAX));
        Some(Entries { lines: wrapped, width: used + frame, height: rows + gaps + 2.0 * ABOVE })
    }

    /// Width and height with the space around.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// In the middle of a rectangle.
    pub(crate) fn placed(&self, rect: Rect, setting: Setting, ruler: &Ruler<'_>) -> Vec<PlacedEntry> {
        let kind = setting.entry;
        let left = rect.x + (rect.width - self.width) / 2.0 + BESIDE;
        let mut top = rect.y + (rect.height - self.height) / 2.0 + ABOVE;
        let mut found = Vec::new();
        for (line, wrapped) in &self.lines {
            let mark = Point { x: left, y: top + (kind.leading - 10.0) / 2.0 };
            found.push(PlacedEntry::new(line, mark, ruler.set(wrapped, left + MARK, top, kind)));
            top += height(wrapped.len(), kind) + BETWEEN;
        }
        found
    }
}

/// The text of a box in lines.
pub(crate) struct NodeText {
    shape: Shape,
    name: Vec<String>,
    badge: Vec<String>,
    entries: Option<Entries>,
    width: f64,
    height: f64,
}

impl NodeText {
    pub(crate) fn new(node: &SceneNode, setting: Setting, shape: LabelShape, ruler: &Ruler<'_>) -> NodeText {
        let (beside, above) = padding(node.shape);
        let mut text =
            NodeText { shape: node.shape, name: Vec::new(), badge: Vec::new(), entries: None, width: 0.0, height: 0.0 };
        match &node.text {
            Text::Name(name) => {
                let most = ruler.widest_word(name, setting.name).max(shape.name).min(shape.page - 2.0 * beside);
                text.name = ruler.wrap_at_most(name, most.min(2.0 * shape.name), setting.name, NAME_LINES);
                let badge = node.badge.as_deref().unwrap_or_default();
                text.badge = ruler.wrap_at_most(badge, shape.name, setting.badge, 2);
                let widths = text.name.iter().map(|it| ruler.width(it, setting.name));
                let badges = text.badge.iter().map(|it| ruler.width(it, setting.badge));
                text.width = widths.chain(badges).fold(36.0, f64::max);
                text.height = height(text.name.len(), setting.name) + height(text.badge.len(), setting.badge);
            }
            Text::Facts(lines) => {
                let page = LabelShape { page: shape.page - 2.0 * beside, ..shape };
                text.entries = Entries::new(lines, setting, page, ruler);
                (text.width, text.height) = text.entries.as_ref().map_or((0.0, 0.0), Entries::size);
            }
        }
        text.width += 2.0 * beside;
        text.height += 2.0 * above;
        text
    }

    /// Width and height of the box.
    pub(crate) fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    pub(crate) fn name_lines(&self, rect: Rect, setting: Setting, ruler: &Ruler<'_>) -> Vec<TextLine> {
        let free = inner(rect, self.shape);
        let text = height(self.name.len(), setting.name) + height(self.badge.len(), setting.badge);
        ruler.set_centred(&self.name, free.x, free.width, free.y + (free.height - text) / 2.0, setting.name)
    }

    pub(crate) fn badge_lines(&self, rect: Rect, setting: Setting, ruler: &Ruler<'_>) -> Vec<TextLine> {
        let free = inner(rect, self.shape);
        let text = height(self.name.len(), setting.name) + height(self.badge.len(), setting.badge);
        let top = free.y + (free.height - text) / 2.0 + height(self.name.len(), setting.name);
        ruler.set_centred(&self.badge, free.x, free.width, top, setting.badge)
    }

    pub(crate) fn entries(&self, rect: Rect, setting: Setting, ruler: &Ruler<'_>) -> Vec<PlacedEntry> {
        self.entries.as_ref().map_or(Vec::new(), |it| it.placed(inner(rect, self.shape), setting, ruler))
    }
}
