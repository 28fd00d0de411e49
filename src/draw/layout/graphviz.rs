//! Positions from Graphviz, where it is installed. It is given sizes that we measured and ids that we made, and of its
//! answer only numbers are read: no name goes there, and no drawing of its own comes back.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::route::extent;
use super::score::crossings;
use super::{Boxes, Candidate, Flow, Layout, Misfit, Placed, Wishes};
use crate::draw::options::Engine;
use crate::draw::picture::{Path, Piece, Point, Rect};

/// Graphviz with one of its engines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Graphviz(pub(crate) Engine);

/// How long one layout may take. Graphviz takes a tenth of a second for what fits a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// What it may answer at most: far more than any picture needs.
const LONGEST_ANSWER: u64 = 32 << 20;

impl Layout for Graphviz {
    fn place(&self, candidates: &[Candidate], wishes: &Wishes) -> Result<(usize, Placed), Misfit> {
        let mut best: Option<(f64, usize, Placed)> = None;
        let mut needed = f64::INFINITY;
        for (at, candidate) in candidates.iter().enumerate() {
            // Springs and forces know no rows.
            if self.0 != Engine::Dot && candidate.flow == Flow::Right {
                continue;
            }
            let json = run(self.0, &question(&candidate.boxes, candidate.flow)).map_err(Misfit::Failed)?;
            let placed = read(&json, &candidate.boxes)
                .ok_or_else(|| Misfit::Failed("Graphviz answered with something that is no layout".to_owned()))?;
            if placed.width > wishes.width {
                needed = needed.min(placed.width);
                continue;
            }
            let crossings = f64::from(u32::try_from(placed.crossings).unwrap_or(u32::MAX));
            let cost = placed.height + 90.0 * crossings + 1000.0 * (placed.height - wishes.height).max(0.0);
            if best.as_ref().is_none_or(|it| cost < it.0) {
                best = Some((cost, at, placed));
            }
        }
        best.map(|(_, at, placed)| (at, placed)).ok_or(Misfit::TooWide(needed))
    }
}

/// Boxes and labels as nodes of given size: as nodes, labels are kept clear of lines.
fn question(boxes: &Boxes, flow: Flow) -> String {
    let inches = |px: f64| px / 72.0;
    let rankdir = if flow == Flow::Down { "TB" } else { "LR" };
    let mut text = format!(
        "digraph {{ graph [rankdir={rankdir} nodesep=0.22 ranksep=0.4 overlap=vpsc splines=true sep=\"+9\" start=1] \
         node [shape=box fixedsize=true label=\"\"] edge [dir=none]\n"
    );
    let mut node = |name: String, (width, height): (f64, f64)| {
        text.push_str(&format!("{name} [width={:.4} height={:.4}]\n", inches(width), inches(height)));
    };
    for (at, size) in boxes.nodes.iter().enumerate() {
        node(format!("n{at}"), *size);
    }
    for (at, edge) in boxes.edges.iter().enumerate() {
        if let Some(size) = edge.label {
            node(format!("l{at}"), size);
        }
    }
    for (at, edge) in boxes.edges.iter().enumerate() {
        let (from, to) = (edge.from, edge.to);
        text.push_str(&match edge.label {
            Some(_) => format!("n{from} -> l{at} [id=\"a{at}\"]\nl{at} -> n{to} [id=\"b{at}\"]\n"),
            None => format!("n{from} -> n{to} [id=\"a{at}\"]\n"),
        });
    }
    text.push_str("}\n");
    text
}

/// Runs `dot` on a graph.
fn run(engine: Engine, graph: &str) -> Result<Value, String> {
    let mut command = Command::new("dot");
    command.arg(format!("-K{}", engine.as_str())).arg("-Tjson");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let child = child.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "the layout {} needs Graphviz, and its program `dot` is not found: install Graphviz, or use the built-in layout",
            engine.as_str()
        ),
        _ => format!("Graphviz cannot be started: {error}"),
    })?;
    let (answer, complaint) = talk(child, graph.to_owned())?;
    let said = || {
        let text = String::from_utf8_lossy(&complaint);
        text.lines().next().map_or(String::new(), |it| format!(": {}", crate::model::printable(it)))
    };
    serde_json::from_slice(&answer).map_err(|_| format!("Graphviz gave no layout{}", said()))
}

/// Writes and reads at the same time, so that no full pipe can block, and ends what takes too long.
fn talk(mut child: Child, graph: String) -> Result<(Vec<u8>, Vec<u8>), String> {
    let (Some(mut input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err("Graphviz cannot be talked to".to_owned());
    };
    thread::spawn(move || {
        // If it does not listen to the end, its answer tells more than this error.
        let _ = input.write_all(graph.as_bytes());
    });
    let reader = |pipe: Box<dyn Read + Send>, most: u64| {
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = pipe.take(most).read_to_end(&mut bytes);
            let _ = send.send(read.map(|_| bytes));
        });
        receive
    };
    let output = reader(Box::new(output), LONGEST_ANSWER);
    let errors = reader(Box::new(errors), 4096);
    let begun = Instant::now();
    let answer = output.recv_timeout(PATIENCE);
    let complaint = errors.recv_timeout(PATIENCE.saturating_sub(begun.elapsed()).min(Duration::from_secs(1)));
    let _ = child.kill();
    let _ = child.wait();
    match answer {
        Ok(Ok(answer)) => Ok((answer, complaint.ok().and_then(Result::ok).unwrap_or_default())),
        Ok(Err(error)) => Err(format!("the answer of Graphviz cannot be read: {error}")),
        Err(_) => Err(format!("Graphviz did not answer within {} seconds", PATIENCE.as_secs())),
    }
}

/// The positions in an answer; `None` if something is missing.
fn read(json: &Value, boxes: &Boxes) -> Option<Placed> {
    let numbers = |text: &str| text.split(',').map(|it| it.parse::<f64>().ok()).collect::<Option<Vec<f64>>>();
    let page = numbers(json.get("bb")?.as_str()?)?;
    let [_, _, _, top] = page.as_slice() else { return None };
    // Graphviz counts upwards.
    let point = |text: &str| match numbers(text)?.as_slice() {
        [x, y, ..] if x.is_finite() && y.is_finite() => Some(Point { x: *x, y: top - y }),
        _ => None,
    };
    let objects = json.get("objects")?.as_array()?;
    let place = |name: String, (width, height): (f64, f64)| {
        let object = objects.iter().find(|it| it.get("name").and_then(Value::as_str) == Some(name.as_str()))?;
        let middle = point(object.get("pos")?.as_str()?)?;
        Some(Rect { x: middle.x - width / 2.0, y: middle.y - height / 2.0, width, height })
    };
    let empty = Vec::new();
    let edges = json.get("edges").and_then(Value::as_array).unwrap_or(&empty);
    let spline = |id: String| {
        let edge = edges.iter().find(|it| it.get("id").and_then(Value::as_str) == Some(id.as_str()))?;
        edge.get("pos")?.as_str()?.split_whitespace().map(point).collect::<Option<Vec<Point>>>()
    };
    let mut placed = Placed::default();
    for (at, size) in boxes.nodes.iter().enumerate() {
        placed.nodes.push(place(format!("n{at}"), *size)?);
    }
    for (at, edge) in boxes.edges.iter().enumerate() {
        let label = match edge.label {
            Some(size) => Some(place(format!("l{at}"), size)?),
            None => None,
        };
        let mut path = Path::default();
        append(&mut path, &spline(format!("a{at}"))?);
        if label.is_some() {
            append(&mut path, &spline(format!("b{at}"))?);
        }
        placed.labels.push(label);
        placed.paths.push(path);
    }
    placed.crossings = crossings(&placed.paths);
    extent(&mut placed);
    Some(placed)
}

/// Adds a spline of Graphviz, a point and three more for each curve; what lies between is behind a label.
fn append(path: &mut Path, points: &[Point]) {
    let Some((first, rest)) = points.split_first() else { return };
    if path.pieces.is_empty() {
        path.start = *first;
    } else {
        path.pieces.push(Piece::Line(*first));
    }
    for curve in rest.chunks_exact(3) {
        if let [one, other, end] = curve {
            path.pieces.push(Piece::Curve(*one, *other, *end));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Edge;
    use super::*;

    fn boxes() -> Boxes {
        let edge = |from, to, label| Edge { from, to, label };
        Boxes {
            nodes: vec![(90.0, 34.0); 4],
            edges: vec![
                edge(0, 1, Some((120.0, 40.0))),
                edge(1, 2, None),
                edge(0, 2, Some((60.0, 90.0))),
                edge(3, 1, None),
            ],
        }
    }

    #[test]
    fn sizes_are_ours_and_nothing_overlaps() {
        let wishes = Wishes { width: 900.0, height: 900.0, ..Wishes::default() };
        for engine in [Engine::Dot, Engine::Neato, Engine::Fdp] {
            let candidates = [Candidate { flow: Flow::Down, boxes: boxes() }];
            let (_, placed) = match Graphviz(engine).place(&candidates, &wishes) {
                Err(Misfit::Failed(said)) if said.contains("is not found") => {
                    let _ = writeln!(io::stderr(), "SKIPPED: Graphviz (`dot`) is not installed");
                    return;
                }
                other => other.unwrap(),
            };
            let rects: Vec<&Rect> = placed.nodes.iter().chain(placed.labels.iter().flatten()).collect();
            assert_eq!(rects.len(), 6);
            for (at, a) in rects.iter().enumerate() {
                assert!(rects.iter().skip(at + 1).all(|b| !a.overlaps(b)), "{engine:?}");
            }
            assert!((placed.nodes[0].width - 90.0).abs() < 0.01);
        }
    }

    #[test]
    fn an_answer_that_is_no_layout_is_refused() {
        for text in ["{}", r#"{"bb":"0,0,1,1","objects":[{"name":"n0","pos":"nan,1"}]}"#, r#"{"bb":"x"}"#] {
            assert_eq!(read(&serde_json::from_str(text).unwrap(), &boxes()), None);
        }
    }
}
