//! GEXF (<https://gexf.net>), versions 1.1 to 1.3, with its times.

use std::collections::BTreeMap;
use std::io;

use super::desk::Desk;
use super::time::{Bounds, TimeFormat, spell, spells_of_text};
use super::xml::{Attributes, Elements, walk};
use super::{RawEdge, RawNode};
use crate::import::findings::{ImportCode, ImportFindings};
use crate::import::input::ImportOptions;

pub(super) fn read(
    text: &str,
    options: &ImportOptions,
    desk: &mut Desk<'_>,
    findings: &mut ImportFindings,
) -> io::Result<()> {
    let mut reader = Gexf {
        desk,
        columns: BTreeMap::new(),
        column: None,
        class: String::new(),
        undirected: false,
        time: TimeFormat::Other,
        nodes: Vec::new(),
        edge: None,
        is_gexf: false,
    };
    walk(text, options, findings, &mut reader)?;
    if !reader.is_gexf {
        let help = "is it GraphML, or another format?".to_owned();
        findings.at(Some(1)).report(ImportCode::Syntax, "there is no element `gexf`", Some(help));
    }
    Ok(())
}

/// A declared attribute.
struct Column {
    title: String,
    default: Option<String>,
}

struct Gexf<'r, 'd> {
    desk: &'r mut Desk<'d>,
    /// By class and id.
    columns: BTreeMap<(String, String), Column>,
    column: Option<(String, Column)>,
    class: String,
    undirected: bool,
    time: TimeFormat,
    nodes: Vec<RawNode>,
    edge: Option<RawEdge>,
    is_gexf: bool,
}

impl Elements for Gexf<'_, '_> {
    fn open(&mut self, name: &str, attributes: Attributes, line: u64, findings: &mut ImportFindings) -> io::Result<()> {
        let get = |name: &str| attributes.get(name).map(str::to_owned);
        match name {
            "gexf" => self.is_gexf = true,
            "graph" => {
                self.undirected = matches!(get("defaultedgetype").as_deref(), None | Some("undirected" | "mutual"));
                let format = get("timeformat").or_else(|| get("timetype"));
                self.time = format.map_or(TimeFormat::Other, |it| TimeFormat::of(&it));
            }
            "attributes" => self.class = get("class").unwrap_or_default(),
            "attribute" => {
                let id = get("id").unwrap_or_default();
                let title = get("title").unwrap_or_else(|| id.clone());
                self.column = Some((id, Column { title, default: None }));
            }
            "node" => {
                let inside = self.nodes.last().map(|it| it.id.clone()).or_else(|| get("pid"));
                if let Some(inside) = &inside {
                    let message = format!("a node stands in the node `{inside}`: that is kept in `extra`");
                    findings.at(Some(line)).report(ImportCode::Kept, message, None);
                }
                if get("id").is_none() {
                    findings.at(Some(line)).report(ImportCode::MissingValue, "a node has no id and is left out", None);
                }
                let id = get("id").unwrap_or_default();
                let mut node = RawNode { id, label: get("label"), inside, line, ..RawNode::default() };
                // The model has no place for when somebody exists.
                for name in ["start", "end", "timestamp", "startopen", "endopen"] {
                    node.attributes.extend(get(name).map(|it| (name.to_owned(), it)));
                }
                self.nodes.push(node);
            }
            "edge" => {
                let undirected = match get("type").as_deref() {
                    Some("directed") => false,
                    Some("undirected" | "mutual") => true,
                    _ => self.undirected,
                };
                let (source, target) = (get("source").unwrap_or_default(), get("target").unwrap_or_default());
                let mut edge = RawEdge {
                    id: get("id"),
                    source,
                    target,
                    undirected,
                    label: get("label"),
                    line,
                    ..RawEdge::default()
                };
                for name in ["weight", "kind"] {
                    edge.attributes.extend(get(name).map(|it| (name.to_owned(), it)));
                }
                add_spell(&mut edge, &bounds(&attributes), self.time, line, findings);
                for name in ["intervals", "timestamps"] {
                    if let Some(text) = get(name) {
                        edge.spells.extend(spells_of_text(&text, self.time, line, findings));
                    }
                }
                self.edge = Some(edge);
            }
            "spell" => {
                if let Some(edge) = &mut self.edge {
                    add_spell(edge, &bounds(&attributes), self.time, line, findings);
                } else if let Some(node) = self.nodes.last_mut() {
                    let ends = [get("start").or_else(|| get("timestamp")), get("end")];
                    let [start, end] = ends.map(Option::unwrap_or_default);
                    node.attributes.push(("spell".to_owned(), format!("{start}/{end}")));
                }
            }
            "attvalue" => {
                let id = get("for").or_else(|| get("id")).unwrap_or_default();
                let class = if self.edge.is_some() { "edge" } else { "node" };
                let title = match self.columns.get(&(class.to_owned(), id.clone())) {
                    Some(column) => column.title.clone(),
                    None => {
                        let message =
                            format!("the attribute `{id}` is not declared: its value is kept under that name");
                        findings.at(Some(line)).report(ImportCode::Kept, message, None);
                        id
                    }
                };
                let Some(value) = get("value") else { return Ok(()) };
                let value = match (get("start"), get("end")) {
                    (None, None) => value,
                    (start, end) => format!("{value} ({}/{})", start.unwrap_or_default(), end.unwrap_or_default()),
                };
                match (&mut self.edge, self.nodes.last_mut()) {
                    (Some(edge), _) => edge.attributes.push((title, value)),
                    (None, Some(node)) => node.attributes.push((title, value)),
                    (None, None) => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str, text: &str, _: u64, findings: &mut ImportFindings) -> io::Result<()> {
        match name {
            "default" => {
                if let Some((_, column)) = self.column.as_mut().filter(|_| !text.is_empty()) {
                    column.default = Some(text.to_owned());
                }
            }
            "attribute" => {
                if let Some((id, column)) = self.column.take() {
                    self.columns.insert((self.class.clone(), id), column);
                }
            }
            "node" => {
                if let Some(mut node) = self.nodes.pop().filter(|it| !it.id.is_empty()) {
                    self.defaults("node", &mut node.attributes);
                    self.desk.node(node, findings)?;
                }
            }
            "edge" => {
                if let Some(mut edge) = self.edge.take() {
                    self.defaults("edge", &mut edge.attributes);
                    self.desk.edge(edge, findings)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

impl Gexf<'_, '_> {
    fn defaults(&self, class: &str, attributes: &mut Vec<(String, String)>) {
        for ((of, _), column) in &self.columns {
            if let Some(value) = column.default.as_ref().filter(|_| of == class)
                && attributes.iter().all(|(name, _)| *name != column.title)
            {
                attributes.push((column.title.clone(), value.clone()));
            }
        }
    }
}

/// A spell of an edge; what cannot be read as one is kept as it is written.
fn add_spell(edge: &mut RawEdge, bounds: &Bounds, format: TimeFormat, line: u64, findings: &mut ImportFindings) {
    let before = findings.count();
    match spell(bounds, format, line, findings) {
        Some(period) => edge.spells.push(period),
        None if findings.count() > before => {
            edge.unread_time = true;
            for (name, bound) in [("start", &bounds.start), ("end", &bounds.end)] {
                edge.attributes.extend(bound.as_ref().map(|(text, _)| (name.to_owned(), text.clone())));
            }
        }
        None => {}
    }
}

/// The times of an edge or a spell; up to 1.2 a bound may itself be left out.
fn bounds(attributes: &Attributes) -> Bounds {
    let get = |name: &str| attributes.get(name).map(str::to_owned);
    if let Some(moment) = get("timestamp") {
        return Bounds { start: Some((moment.clone(), false)), end: Some((moment, false)) };
    }
    let bound = |plain: &str, open: &str| get(plain).map(|it| (it, false)).or_else(|| get(open).map(|it| (it, true)));
    Bounds { start: bound("start", "startopen"), end: bound("end", "endopen") }
}
