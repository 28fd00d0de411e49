//! Which row each box stands in, and in which order: by dugong, the layout of dagre.
//!
//! dugong is made for another project, which is why it stands behind a trait. Of what it gives only rows and orders are
//! used: its lines cut through boxes that are lower than their row, and it knows no width of a page.

use dugong::graphlib::{Graph, GraphOptions};
use dugong::{EdgeLabel, GraphLabel, NodeLabel, WorkControl, WorkError, layout_controlled};

use super::Boxes;

/// Gives boxes rows and orders.
pub(crate) trait Ranking {
    /// The rows of one attempt; `None` when the work that is left did not suffice.
    fn rows(&self, boxes: &Boxes, attempt: &Attempt, work_left: &mut usize) -> Option<Rows>;
}

/// One of many beginnings, which end in different orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// The nodes in the order in which they are given to the layout.
    pub(crate) order: Vec<usize>,
    /// Whether each edge is laid against its direction, so that its source stands below its target.
    pub(crate) against: Vec<bool>,
    /// How many rows each edge passes at least.
    pub(crate) length: Vec<usize>,
}

/// Rows of boxes and of the places where lines pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    /// The row of each node and where its middle stood.
    pub(crate) nodes: Vec<(usize, f64)>,
    /// What each edge passes between its ends.
    pub(crate) edges: Vec<Passed>,
    /// Number of rows.
    pub(crate) count: usize,
}

/// The places that an edge passes, from its source to its target.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Passed {
    /// Row and middle of each.
    pub(crate) places: Vec<(usize, f64)>,
    /// Which of them has its label.
    pub(crate) label: Option<usize>,
}

/// dugong.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Dugong;

/// Counts work down, so that the number of attempts depends on nothing but the boxes.
struct Budget<'a>(&'a mut usize);

impl WorkControl for Budget<'_> {
    fn charge(&mut self, units: usize) -> Result<(), WorkError> {
        match self.0.checked_sub(units) {
            Some(left) => {
                *self.0 = left;
                Ok(())
            }
            None => {
                *self.0 = 0;
                Err(WorkError::Interrupted)
            }
        }
    }
}

impl Ranking for Dugong {
    fn rows(&self, boxes: &Boxes, attempt: &Attempt, work_left: &mut usize) -> Option<Rows> {
        let mut graph: Graph<NodeLabel, EdgeLabel, GraphLabel> =
            Graph::new(GraphOptions { multigraph: true, compound: false, directed: true });
        graph.set_graph(GraphLabel { nodesep: 24.0, edgesep: 16.0, ranksep: 40.0, ..GraphLabel::default() });
        let names: Vec<String> = (0..boxes.nodes.len()).map(|it| format!("n{it}")).collect();
        for at in &attempt.order {
            let (name, (width, height)) = (names.get(*at)?, boxes.nodes.get(*at)?);
            graph.set_node(name.as_str(), NodeLabel { width: *width, height: *height, ..NodeLabel::default() });
        }
        let mut edges: Vec<usize> = (0..boxes.edges.len()).collect();
        let place = |node: usize| attempt.order.iter().position(|it| *it == node);
        edges.sort_by_key(|at| boxes.edges.get(*at).map(|it| (place(it.from), place(it.to))));
        for at in edges {
            let (edge, against) = (boxes.edges.get(at)?, *attempt.against.get(at)?);
            let (tail, head) = if against { (edge.to, edge.from) } else { (edge.from, edge.to) };
            let (width, height) = edge.label.unwrap_or_default();
            let minlen = *attempt.length.get(at)?;
            let label = EdgeLabel { width, height, weight: 1.0, minlen, ..EdgeLabel::default() };
            graph.set_edge_named(
                names.get(tail)?.as_str(),
                names.get(head)?.as_str(),
                Some(format!("e{at}").as_str()),
                Some(label),
            );
        }
        layout_controlled(&mut graph, &mut Budget(work_left)).ok()?;
        read(&graph, boxes, attempt, &names)
    }
}

/// Heights at which the middles of a row stand; they differ by far more than this.
const SAME: f64 = 0.5;

fn read(
    graph: &Graph<NodeLabel, EdgeLabel, GraphLabel>,
    boxes: &Boxes,
    attempt: &Attempt,
    names: &[String],
) -> Option<Rows> {
    let nodes: Vec<(f64, f64)> =
        names.iter().map(|it| graph.node(it).and_then(|it| Some((it.x?, it.y?)))).collect::<Option<Vec<_>>>()?;
    let mut edges = Vec::new();
    for (at, edge) in boxes.edges.iter().enumerate() {
        let against = *attempt.against.get(at)?;
        let (tail, head) = if against { (edge.to, edge.from) } else { (edge.from, edge.to) };
        let name = format!("e{at}");
        let found = graph.edge(names.get(tail)?.as_str(), names.get(head)?.as_str(), Some(name.as_str()))?;
        // The first and the last point lie on the outlines of the nodes.
        let inner = found.points.get(1..found.points.len().saturating_sub(1)).unwrap_or_default();
        let mut points: Vec<(f64, f64)> = inner.iter().map(|it| (it.x, it.y)).collect();
        if against {
            points.reverse();
        }
        edges.push((points, found.y.filter(|_| edge.label.is_some())));
    }
    let mut heights: Vec<f64> =
        nodes.iter().map(|it| it.1).chain(edges.iter().flat_map(|it| it.0.iter().map(|it| it.1))).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup_by(|a, b| (*a - *b).abs() < SAME);
    let row = |y: f64| heights.iter().position(|it| (*it - y).abs() < SAME);
    let mut rows = Rows { count: heights.len(), ..Rows::default() };
    for (x, y) in &nodes {
        rows.nodes.push((row(*y)?, *x));
    }
    for (points, label) in &edges {
        let places: Vec<(usize, f64)> = points.iter().map(|(x, y)| Some((row(*y)?, *x))).collect::<Option<_>>()?;
        let label = match label {
            Some(y) => {
                let label_row = row(*y)?;
                Some(places.iter().position(|it| it.0 == label_row)?)
            }
            None => None,
        };
        rows.edges.push(Passed { places, label });
    }
    Some(rows)
}
