//! Rows into places: how high each row is, where lines leave and enter boxes, and how they run.
//!
//! Lines bend only between rows; in a row they run straight across it, in a place of their own. So no line can touch a
//! box that is not its own, whatever its size, and two lines cross where their order differs between two rows, and
//! nowhere else.
//!
//! Here `along` is along a row and `down` from row to row; which of them is x is settled last.

use super::across::{Item, least, pooled, settle};
use super::rows::Rows;
use super::straighten::straighten;
use super::{Boxes, Flow, Placed};
use crate::draw::picture::{Path, Piece, Point, Rect};

/// What stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Node(usize),
    /// The place where an edge passes, by number of edge and of place.
    Pass(usize, usize),
}

/// A thing on its way into a row.
#[derive(Clone, Copy)]
struct Found {
    /// Where its middle stood.
    along: f64,
    thing: Thing,
    /// Along the row.
    size: f64,
    /// From row to row.
    depth: f64,
    /// How firmly it follows its neighbours.
    weight: f64,
}

/// Rows with all that stands in them.
pub(super) struct Grid {
    things: Vec<Vec<Thing>>,
    pub(super) items: Vec<Vec<Item>>,
    /// Sizes of all things from row to row.
    depths: Vec<Vec<f64>>,
    /// Row and position of each node.
    nodes: Vec<(usize, usize)>,
    /// Row and position of all places of each edge, its nodes included, from source to target.
    pub(super) chains: Vec<Vec<(usize, usize)>>,
}

/// What came of an attempt.
pub(crate) struct Routed {
    /// All in its place.
    pub(crate) placed: Placed,
    /// How far lines run aside, summed.
    pub(crate) aside: f64,
}

/// How far from the corner of a box a line may end.
const CORNER: f64 = 10.0;
/// Between two lines that end at one side of a box.
const PORT: f64 = 14.0;
/// What a straight piece at both ends of a bend takes, so that heads sit straight.
const STUB: f64 = 7.0;

/// Sets an attempt into the page.
///
/// # Errors
///
/// The width that it would need, if it needs more than `width`.
pub(crate) fn route(boxes: &Boxes, rows: &Rows, flow: Flow, width: f64) -> Result<Routed, f64> {
    let Some(mut grid) = Grid::new(boxes, rows, flow) else { return Err(f64::INFINITY) };
    if flow == Flow::Down {
        grid.relieve(width);
    }
    let needed = grid.items.iter().map(|it| least(it)).fold(0.0, f64::max);
    let room = match flow {
        Flow::Down if needed > width + 0.01 => return Err(needed),
        Flow::Down => width.min((needed * 1.25).max(needed + 60.0)),
        Flow::Right => needed + 12.0,
    };
    settle(&mut grid.items, room);
    let ports = straighten(&mut grid, room);
    let (tops, depth) = grid.depths(flow, &ports);
    if flow == Flow::Right && depth > width + 0.01 {
        return Err(depth);
    }
    Ok(grid.placed(boxes, flow, &ports, &tops))
}

/// Where an edge leaves its source and enters its target, along the rows.
pub(super) type Ports = Vec<(f64, f64)>;

impl Grid {
    fn new(boxes: &Boxes, rows: &Rows, flow: Flow) -> Option<Grid> {
        let turned = |size: (f64, f64)| if flow == Flow::Down { size } else { (size.1, size.0) };
        let mut found: Vec<Vec<Found>> = vec![Vec::new(); rows.count];
        let mut lines_at: Vec<(usize, usize)> = vec![(0, 0); boxes.nodes.len()];
        for (edge, passed) in boxes.edges.iter().zip(&rows.edges) {
            let (first, last) = (passed.places.first()?.0, passed.places.last()?.0);
            for (node, next) in [(edge.from, first), (edge.to, last)] {
                let lines = lines_at.get_mut(node)?;
                if next > rows.nodes.get(node)?.0 { lines.1 += 1 } else { lines.0 += 1 }
            }
        }
        for (at, ((row, along), size)) in rows.nodes.iter().zip(&boxes.nodes).enumerate() {
            let (size, depth) = turned(*size);
            let lines = lines_at.get(at).map_or(0, |it| it.0.max(it.1));
            // A box grows until the lines at one side of it can be told apart.
            let ports = 2.0 * CORNER + PORT * lines.saturating_sub(1) as f64;
            let thing = Thing::Node(at);
            found.get_mut(*row)?.push(Found { along: *along, thing, size: size.max(ports), depth, weight: 1.0 });
        }
        for (at, (passed, edge)) in rows.edges.iter().zip(&boxes.edges).enumerate() {
            for (place, (row, along)) in passed.places.iter().enumerate() {
                let size = edge.label.filter(|_| passed.label == Some(place)).map(turned);
                let (size, depth) = size.unwrap_or_default();
                let weight = if size > 0.0 { 2.0 } else { 4.0 };
                let thing = Thing::Pass(at, place);
                found.get_mut(*row)?.push(Found { along: *along, thing, size, depth, weight });
            }
        }
        let mut grid = Grid {
            things: Vec::new(),
            items: Vec::new(),
            depths: Vec::new(),
            nodes: vec![(0, 0); boxes.nodes.len()],
            chains: rows.edges.iter().map(|it| vec![(0, 0); it.places.len() + 2]).collect(),
        };
        for (row, list) in found.iter_mut().enumerate() {
            list.sort_by(|a, b| a.along.total_cmp(&b.along));
            for (place, it) in list.iter().enumerate() {
                match &it.thing {
                    Thing::Node(at) => *grid.nodes.get_mut(*at)? = (row, place),
                    Thing::Pass(edge, at) => *grid.chains.get_mut(*edge)?.get_mut(at + 1)? = (row, place),
                }
            }
            grid.things.push(list.iter().map(|it| it.thing).collect());
            grid.depths.push(list.iter().map(|it| it.depth).collect());
            let item = |it: &Found| Item { size: it.size, at: it.along, weight: it.weight, ..Item::default() };
            grid.items.push(list.iter().map(item).collect());
        }
        for (chain, edge) in grid.chains.iter_mut().zip(&boxes.edges) {
            *chain.first_mut()? = *grid.nodes.get(edge.from)?;
            *chain.last_mut()? = *grid.nodes.get(edge.to)?;
        }
        grid.connect()?;
        Some(grid)
    }

    /// Tells each item its neighbours; `None` if a line leaves out a row.
    fn connect(&mut self) -> Option<()> {
        for chain in &self.chains {
            for pair in chain.windows(2) {
                let [a, b] = pair else { continue };
                let (upper, lower) = if a.0 < b.0 { (a, b) } else { (b, a) };
                if upper.0 + 1 != lower.0 {
                    return None;
                }
                self.items.get_mut(upper.0)?.get_mut(upper.1)?.after.push(lower.1);
                self.items.get_mut(lower.0)?.get_mut(lower.1)?.before.push(upper.1);
            }
        }
        Some(())
    }

    /// Moves labels from rows that are too wide to others that their line passes.
    fn relieve(&mut self, width: f64) {
        for row in 0..self.items.len() {
            while self.items.get(row).is_some_and(|it| least(it) > width) {
                if self.relieve_row(row, width).is_none() {
                    break;
                }
            }
        }
    }

    /// Moves the widest label that finds a place elsewhere; `None` if none does.
    fn relieve_row(&mut self, row: usize, width: f64) -> Option<()> {
        let mut labels: Vec<(f64, usize)> = self
            .items
            .get(row)?
            .iter()
            .zip(self.things.get(row)?)
            .enumerate()
            .filter(|(_, (item, thing))| matches!(thing, Thing::Pass(..)) && item.size > 0.0)
            .map(|(at, (item, _))| (item.size, at))
            .collect();
        labels.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (size, at) in labels {
            let Some(Thing::Pass(edge, _)) = self.things.get(row)?.get(at) else { continue };
            let chain = self.chains.get(*edge)?;
            let others = chain.get(1..chain.len().saturating_sub(1)).unwrap_or_default();
            let roomy = others.iter().filter(|it| it.0 != row).filter_map(|place| {
                let items = self.items.get(place.0)?;
                let taken = least(items) + size + 12.0;
                (taken <= width).then_some((taken, *place))
            });
            let Some((_, to)) = roomy.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let moved = std::mem::take(&mut self.items.get_mut(row)?.get_mut(at)?.size);
            self.items.get_mut(to.0)?.get_mut(to.1)?.size = moved;
            let depth = std::mem::take(self.depths.get_mut(row)?.get_mut(at)?);
            *self.depths.get_mut(to.0)?.get_mut(to.1)? = depth;
            return Some(());
        }
        None
    }

    pub(super) fn at(&self, place: (usize, usize)) -> f64 {
        self.items.get(place.0).and_then(|it| it.get(place.1)).map_or(0.0, |it| it.at)
    }

    /// Spreads the lines at each side of a box, in the order in which they come, as near as can be to where they come
    /// from.
    pub(super) fn ports(&self) -> Ports {
        let mut ports = vec![(0.0, 0.0); self.chains.len()];
        for node in &self.nodes {
            let Some(item) = self.items.get(node.0).and_then(|it| it.get(node.1)) else { continue };
            for below in [false, true] {
                // Where the neighbour stands, the edge, and whether the node is its target.
                let mut lines: Vec<(f64, usize, bool)> = Vec::new();
                for (edge, chain) in self.chains.iter().enumerate() {
                    if let [first, second, .., before, last] = chain.as_slice() {
                        for (end, next, is_target) in [(first, second, false), (last, before, true)] {
                            if end == node && (next.0 > end.0) == below {
                                lines.push((self.at(*next), edge, is_target));
                            }
                        }
                    } else if let [first, middle, last] = chain.as_slice() {
                        for (end, is_target) in [(first, false), (last, true)] {
                            if end == node && (middle.0 > end.0) == below {
                                lines.push((self.at(*middle), edge, is_target));
                            }
                        }
                    }
                }
                lines.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let free = (item.size - 2.0 * CORNER).max(0.0);
                let step = match lines.len() {
                    0 | 1 => 0.0,
                    several => PORT.max(free / 6.0).min(free / (several - 1) as f64),
                };
                let low = item.at - free / 2.0;
                let high = item.at + free / 2.0 - step * lines.len().saturating_sub(1) as f64;
                let targets: Vec<(f64, f64)> =
                    lines.iter().zip(0_u32..).map(|(it, at)| (it.0 - step * f64::from(at), 1.0)).collect();
                for ((level, line), at) in pooled(&targets).into_iter().zip(&lines).zip(0_u32..) {
                    let port = level.min(high).max(low) + step * f64::from(at);
                    if let Some(ends) = ports.get_mut(line.1) {
                        if line.2 { ends.1 = port } else { ends.0 = port }
                    }
                }
            }
        }
        ports
    }

    /// Where a chain is at its `place`: at a port, or in the middle of what it passes.
    fn along(&self, edge: usize, place: usize, ports: &Ports) -> f64 {
        let chain = self.chains.get(edge).map_or(&[][..], Vec::as_slice);
        let ends = ports.get(edge).copied().unwrap_or_default();
        match place {
            0 => ends.0,
            _ if place + 1 == chain.len() => ends.1,
            _ => chain.get(place).map_or(0.0, |it| self.at(*it)),
        }
    }

    /// All lines between a row and the next: where they leave the one and enter the other.
    fn between(&self, ports: &Ports) -> Vec<Vec<(f64, f64)>> {
        let mut found = vec![Vec::new(); self.items.len()];
        for (edge, chain) in self.chains.iter().enumerate() {
            for (place, pair) in chain.windows(2).enumerate() {
                let [a, b] = pair else { continue };
                let (one, other) = (self.along(edge, place, ports), self.along(edge, place + 1, ports));
                if let Some(list) = found.get_mut(a.0.min(b.0)) {
                    list.push(if a.0 < b.0 { (one, other) } else { (other, one) });
                }
            }
        }
        found
    }

    /// Where each row begins and ends, and the whole depth. The further lines run aside between two rows, the further
    /// apart these stand.
    fn depths(&self, flow: Flow, ports: &Ports) -> (Vec<(f64, f64)>, f64) {
        let (least, most) = if flow == Flow::Down { (24.0, 56.0) } else { (28.0, 56.0) };
        let mut tops = Vec::new();
        let mut at = 0.0;
        for (depths, lines) in self.depths.iter().zip(self.between(ports)) {
            let depth = depths.iter().copied().fold(0.0, f64::max);
            tops.push((at, at + depth));
            let aside = lines.iter().map(|it| (it.0 - it.1).abs()).fold(0.0, f64::max);
            at += depth + (least + 0.12 * aside).min(most);
        }
        let depth = tops.last().map_or(0.0, |it| it.1);
        (tops, depth)
    }

    fn placed(&self, boxes: &Boxes, flow: Flow, ports: &Ports, tops: &[(f64, f64)]) -> Routed {
        let mut placed = Placed {
            nodes: vec![Rect::default(); boxes.nodes.len()],
            labels: vec![None; boxes.edges.len()],
            ..Placed::default()
        };
        for (row, (things, (top, bottom))) in self.things.iter().zip(tops).enumerate() {
            for (place, thing) in things.iter().enumerate() {
                let (Some(item), Some(depth)) = (
                    self.items.get(row).and_then(|it| it.get(place)),
                    self.depths.get(row).and_then(|it| it.get(place)),
                ) else {
                    continue;
                };
                let start = top + (bottom - top - depth) / 2.0;
                let rect = turned_rect(flow, item.at - item.size / 2.0, start, item.size, *depth);
                match thing {
                    Thing::Node(at) => {
                        if let Some(node) = placed.nodes.get_mut(*at) {
                            *node = rect;
                        }
                    }
                    Thing::Pass(edge, _) if item.size > 0.0 => {
                        if let Some(label) = placed.labels.get_mut(*edge) {
                            *label = Some(rect);
                        }
                    }
                    Thing::Pass(..) => {}
                }
            }
        }
        placed.paths = (0..self.chains.len()).map(|it| self.path(it, flow, ports, tops)).collect();
        let mut aside = 0.0;
        for lines in self.between(ports) {
            aside += lines.iter().map(|it| (it.0 - it.1).abs()).sum::<f64>();
            placed.crossings += inversions(&lines);
        }
        extent(&mut placed);
        Routed { placed, aside }
    }

    /// From the outline of the source to that of the target.
    fn path(&self, edge: usize, flow: Flow, ports: &Ports, tops: &[(f64, f64)]) -> Path {
        let chain = self.chains.get(edge).map_or(&[][..], Vec::as_slice);
        let band = |row: usize| tops.get(row).copied().unwrap_or_default();
        let point = |along: f64, down: f64| match flow {
            Flow::Down => Point { x: along, y: down },
            Flow::Right => Point { x: down, y: along },
        };
        // The side of a node lies inside its row, if others there are deeper.
        let outline = |place: (usize, usize), below: bool| {
            let depth = self.depths.get(place.0).and_then(|it| it.get(place.1)).copied().unwrap_or(0.0);
            let (top, bottom) = band(place.0);
            let middle = (top + bottom) / 2.0;
            if below { middle + depth / 2.0 } else { middle - depth / 2.0 }
        };
        let mut path = Path::default();
        for (place, pair) in chain.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            let is_down = b.0 > a.0;
            let (from, to) = (self.along(edge, place, ports), self.along(edge, place + 1, ports));
            let (leave, enter) = if is_down { (band(a.0).1, band(b.0).0) } else { (band(a.0).0, band(b.0).1) };
            if place == 0 {
                path.start = point(from, outline(*a, is_down));
            }
            let stub = if is_down { STUB } else { -STUB };
            let (bend, unbend) = (leave + stub, enter - stub);
            if (from - to).abs() > 0.5 {
                let middle = (bend + unbend) / 2.0;
                path.pieces.push(Piece::Line(point(from, bend)));
                path.pieces.push(Piece::Curve(point(from, middle), point(to, middle), point(to, unbend)));
            }
            if place + 2 == chain.len() {
                path.pieces.push(Piece::Line(point(to, outline(*b, !is_down))));
            } else {
                path.pieces.push(Piece::Line(point(to, enter)));
            }
        }
        path
    }
}

fn turned_rect(flow: Flow, along: f64, down: f64, size: f64, depth: f64) -> Rect {
    match flow {
        Flow::Down => Rect { x: along, y: down, width: size, height: depth },
        Flow::Right => Rect { x: down, y: along, width: depth, height: size },
    }
}

/// How many pairs of lines cross between two rows.
fn inversions(lines: &[(f64, f64)]) -> usize {
    let crosses = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0) * (a.1 - b.1) < 0.0;
    lines.iter().enumerate().map(|(at, a)| lines.iter().skip(at + 1).filter(|b| crosses(a, b)).count()).sum()
}

/// Moves all so that it begins at 0, 0, and measures it.
pub(crate) fn extent(placed: &mut Placed) {
    let rects = || placed.nodes.iter().chain(placed.labels.iter().flatten());
    let least = |side: fn(&Rect) -> f64| rects().map(side).fold(f64::INFINITY, f64::min);
    let most = |side: fn(&Rect) -> f64| rects().map(side).fold(0.0, f64::max);
    let (mut left, mut top) = (least(|it| it.x), least(|it| it.y));
    let (mut right, mut bottom) = (most(Rect::right), most(Rect::bottom));
    for point in placed.paths.iter().flat_map(Path::points) {
        (left, right) = (left.min(point.x), right.max(point.x));
        (top, bottom) = (top.min(point.y), bottom.max(point.y));
    }
    if !left.is_finite() {
        return;
    }
    placed.shift(-left, -top);
    (placed.width, placed.height) = (right - left, bottom - top);
}

impl Placed {
    /// Moves all of it.
    pub(crate) fn shift(&mut self, x: f64, y: f64) {
        for rect in self.nodes.iter_mut().chain(self.labels.iter_mut().flatten()) {
            (rect.x, rect.y) = (rect.x + x, rect.y + y);
        }
        for path in &mut self.paths {
            path.shift(x, y);
        }
    }
}
